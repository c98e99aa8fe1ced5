"""明细: every spending entry of the period, where a reviewer may move it to another category or project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reconcile.entry_keys import entry_keys
from reconcile.finding import column_letter
from reconcile.result import Result
from reconcile.write.sheet_block import Live, write_block
from reconcile.write.sheet_data import Span, Term
from reconcile.write.sheet_lines import write_totals
from reconcile.write.sheet_options import CATEGORIES, CHOICES, NAMES, PROJECTS, Options
from reconcile.write.sheet_page import Column, Page, area
from reconcile.write.sheet_plan import Plan

ROWS_PER_SHEET = 1_000_000
"""Excel has 1,048,576 rows; what is more goes to another sheet."""

COLUMNS = (
    Column("date", "cell small date", 10, 11),
    Column("voucher", "cell small", 8, 12),
    Column("memo", "cell small wrap", 12, 26),
    Column("category", "cell small", 8, 15),
    Column("project", "cell small wrap", 10, 17),
    Column("class-code", "cell small", 8, 12),
    Column("class", "cell small wrap", 10, 15),
    Column("payee", "cell small wrap", 8, 18),
    Column("amount", "cell small money", 11, 19),
    Column("move-category", "cell small input", 9, 9),
    Column("move-project", "cell small input", 14, 14),
    Column("reply", "cell small input", 12, 12),
    Column("moved", "cell small moved", 5, 5),
    Column("entry-findings", "cell small center wrap", 6, 8),
    Column("row", "cell small plain", 5, 8),
    Column("account-code", "cell small", 9, 14),
    Column("account", "cell small", 10, 44),
    Column("debit", "cell small money", 13, 20),
    Column("credit", "cell small money", 13, 20),
    Column("sheet", "cell small", 8, 24),
    Column("file", "cell small", 10, 40),
    Column("evidence", "cell small", 12, 24),
    Column("key-month", "key", 8, 8),
    Column("key-category", "key", 8, 8),
    Column("key-project", "key", 8, 8),
    Column("key-class", "key", 8, 8),
    Column("key-contract", "key", 8, 8),
    Column("key-entry", "key", 14, 18),
)
OWN = (
    Column("key-own-category", "key", 8, 8),
    Column("key-own-project", "key", 8, 8),
    Column("key-own-class", "key", 8, 8),
)
AT = {column.title: position for position, column in enumerate((*COLUMNS, *OWN))}
AMOUNT, MOVED = AT["amount"], AT["moved"]
PRINTED = AT["row"] + 1
FIELDS = {
    "amount": AMOUNT,
    "debit": AT["debit"],
    "credit": AT["credit"],
    **{name: AT[f"key-{name}"] for name in ("month", "category", "project", "class")},
}
OWN_FIELDS = {**FIELDS, **{name: AT[f"key-own-{name}"] for name in ("category", "project", "class")}}


@dataclass(frozen=True)
class Listing:
    """What stands in 明细.

    rows: the entries, by position.  findings: numbers (from 1) of the findings that point at an entry.  contracts: the
    key of the contract that an entry pays, '' for none.  whole: whether every entry of the period is listed.
    """

    rows: np.ndarray
    findings: Mapping[int, Sequence[int]]
    contracts: Sequence[str]
    whole: bool = True


@dataclass(frozen=True)
class Entries:
    """The written sheets: what formulas add up, and the sheet and 0-based row of every listed entry by its position."""

    terms: tuple[Term, ...]
    places: Mapping[int, tuple[Page, int]]


def write_entries(
    pages: list[Page],
    result: Result,
    plan: Plan,
    options: Options,
    listing: Listing,
    meta: tuple[str, str],
    title: str,
    note: str,
) -> Entries:
    """Entries with three cells to move them, what came of it, and the keys that the move leaves them with."""
    columns = COLUMNS if listing.whole else (*COLUMNS, *OWN)
    keys = entry_keys(result.tie.entries, listing.rows)
    terms: list[Term] = []
    places: dict[int, tuple[Page, int]] = {}
    for number, page in enumerate(pages):
        part = slice(number * ROWS_PER_SHEET, (number + 1) * ROWS_PER_SHEET)
        rows = listing.rows[part]
        first = page.open(title, columns, PRINTED, *meta, note=note)
        values = _values(page, result, plan, options, listing, rows, keys.iloc[part], first)
        last = max(write_block(page, first, list(zip(columns, values, strict=True))) - 1, first)
        span = Span(page.name, first, last)
        terms += [Term(span, FIELDS)] if listing.whole else _moved(span)
        places |= dict(zip(rows.tolist(), ((page, first + n) for n in range(len(rows)))))
        _total(page, result.tie.entries.iloc[rows], first, last, columns, listing.whole)
        _choices(page, options, first, last)
        page.close(footer=meta[0], filter_rows=(first, last), freeze=(first, 3), max_lines=4)
    return Entries(tuple(terms), places)


def _moved(span: Span) -> list[Term]:
    """Where 明细 is not the whole, its moved rows are added where they go and taken out where they were."""
    moved = ((MOVED, '">0"'),)
    return [Term(span, FIELDS, "+", moved), Term(span, OWN_FIELDS, "-", moved)]


def _values(
    page: Page,
    result: Result,
    plan: Plan,
    options: Options,
    listing: Listing,
    rows: np.ndarray,
    keys: pd.Series,
    first: int,
) -> list[object]:
    say, frame = page.say, result.tie.entries.iloc[rows]
    names = {c: say.category(c) for c in frame["category"].unique()}
    evidence = {e: say(f"evidence-{e}") for e in frame["category_evidence"].unique()}
    own = plan.entry_keys.iloc[rows]
    told = [say("list-joint").join(map(str, listing.findings.get(i, ()))) for i in rows.tolist()]
    values: list[object] = [frame[c] for c in ("date", "voucher", "memo")]
    values += [frame["category"].map(names)]
    values += [frame[c] for c in ("project", "economic_code", "item", "payee", "amount")]
    values += [None, None, None, _result(options, first, len(rows)), told]
    values += [frame[c] for c in ("row", "account_code", "account", "debit", "credit", "sheet", "file")]
    values += [frame["category_evidence"].map(evidence), own["month"].to_numpy()]
    values += _keys(options, own, first)
    values += [[listing.contracts[i] for i in rows.tolist()], keys]
    return values if listing.whole else [*values, own["category"], own["project"], own["class"]]


def _result(options: Options, first: int, count: int) -> Live:
    """The place of what was chosen among the choices, −1 where there is no such choice, 0 where nothing was chosen or
    only the category that the entry has."""
    c, p, own = (column_letter(AT[name] + 1) for name in ("move-category", "move-project", "category"))
    choices = options.area(CHOICES)
    formulas = (
        f'IF(OR({c}{n}&{p}{n}="",AND({p}{n}="",{c}{n}={own}{n})),0,IFERROR(MATCH({c}{n}&"|"&{p}{n},{choices},0),-1))'
        for n in range(first + 1, first + count + 1)
    )
    return Live(formulas, [0] * count)


def _keys(options: Options, own: pd.DataFrame, first: int) -> list[Live]:
    """Category, project and class as the reviewer moves an entry, else as the engine placed it."""
    moved, category = column_letter(MOVED + 1), column_letter(AT["key-category"] + 1)
    found = []
    for name, column in (("category", CATEGORIES), ("project", PROJECTS)):
        keys, listed = own[name].tolist(), options.area(column)
        formulas = [f'IF({moved}{n}<1,"{key}",INDEX({listed},{moved}{n}))' for n, key in enumerate(keys, first + 1)]
        found.append(Live(formulas, keys))
    as_basic = own["as_basic"].tolist()
    formulas = [f'IF({category}{n}="B","{key}","")' for n, key in enumerate(as_basic, first + 1)]
    return [*found, Live(formulas, own["class"].tolist())]


def _total(page: Page, rows: pd.DataFrame, first: int, last: int, columns: tuple[Column, ...], whole: bool) -> None:
    sums = {
        FIELDS[name]: (f"ROUND(SUM({area(first, last, FIELDS[name])}),2)", int(rows[name].sum()))
        for name in ("amount", "debit", "credit")
    }
    write_totals(page, last + 1, columns, AT["credit"] + 1, sums, "row-total" if whole else "row-listed-entries")


def _choices(page: Page, options: Options, first: int, last: int) -> None:
    """Drop-down lists for the move, and a mark where it cannot be done."""
    say = page.say
    for name, source in (("category", list(options.categories)), ("project", f"={options.area(NAMES)}")):
        if source != "=":
            page.sheet.data_validation(
                first,
                AT[f"move-{name}"],
                last,
                AT[f"move-{name}"],
                {
                    "validate": "list",
                    "source": source,
                    "input_title": say("move-help-title"),
                    "input_message": say("move-help"),
                    "error_title": say("move-help-title"),
                    "error_message": say("approve-wrong"),
                },
            )
    page.sheet.conditional_format(
        first,
        MOVED,
        last,
        MOVED,
        {"type": "cell", "criteria": "<", "value": 0, "format": page.look.book.add_format({"bg_color": "F4B6B6"})},
    )

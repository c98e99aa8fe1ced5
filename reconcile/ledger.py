"""Tables become ledger entries."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from reconcile import books, codes, frames, overlap, settings, stated, wide
from reconcile.accounts import account_kind, accounts, kind_by_name, stated_category
from reconcile.balances import balance_breaks, beside_journals, leaves, not_counted_again, parent_names, with_parents
from reconcile.completeness import dates_two_ways, truncated, without_spending
from reconcile.finding import Finding
from reconcile.groups import Groups
from reconcile.hierarchy import statements
from reconcile.layout import Layout, given
from reconcile.posting import filled_dates, posted, posted_only, vouchers
from reconcile.read import columns as text
from reconcile.read import combined, outline, rows, words
from reconcile.read.auxiliary import unpack
from reconcile.read.columns import Texts
from reconcile.read.compact import Columns
from reconcile.read.load import load_tables
from reconcile.read.office import subject
from reconcile.read.reading import Reading, reading_of
from reconcile.read.table import Table
from reconcile.read.workbook import Cells
from reconcile.sides import are_classes, quota_increases, sides

ENTRY_COLUMNS = (
    "date",
    "voucher",
    "memo",
    "account_code",
    "account",
    "category",
    "project_code",
    "project",
    "economic_code",
    "item",
    "functional_code",
    "functional",
    "payee",
    "document",
    "quota",
    "debit",
    "credit",
    "role",
    "amount",
    "period",
    "category_evidence",
    "office",
    "file",
    "sheet",
    "row",
)
MONEY = ("debit", "credit", "amount")
_TITLED = re.compile(r"(?:会计)?科目\s*[:：]\s*(.+)$")
SPENDING, CLOSING, OTHER = "spending", "closing", "other"


@dataclass(frozen=True)
class Ledger:
    """Ledger entries and how they were read.

    fen: every data row, money in int64 分; `amount` is debit − credit on spending rows and 0 on others.  Of a long
    sheet or file its texts are categories until a column is taken (wide.Wide); those of `entries` are texts.
    stated: totals that the tables print, beside the sums of their rows.
    """

    fen: pd.DataFrame
    stated: pd.DataFrame
    tables: tuple[Table, ...]
    reading: Reading
    problems: tuple[Finding, ...]
    year: int | None

    @property
    def entries(self) -> pd.DataFrame:
        """Entries in yuan."""
        return frames.in_yuan(self.fen, MONEY)

    @cached_property
    def findings(self) -> pd.DataFrame:
        return frames.findings_frame(self.problems)

    def __repr__(self) -> str:
        return f"Ledger({len(self.fen)} entries, year {self.year})\n{self.entries.to_string(max_rows=10)}"

    def _repr_html_(self) -> str:
        return str(self.entries.to_html(max_rows=60, index=False))


def load_ledger(
    source: object,
    *,
    sheet: str | Sequence[str] | None = None,
    unit: str | None = None,
    columns: Mapping[str, str] | None = None,
    year: int | None = None,
    layout: Layout | str | Path | None = None,
) -> Ledger:
    """Read journals, detail ledgers or payment lists.

    Only 预算会计 spending accounts (7101, 7201, 7301 … of 财会〔2017〕25号) are `spending`; where a table has no
    such chart of accounts every row is.  Year-end closing lines are `closing`, all else `other`.
    Parameters and errors as in load_budget; `year` completes dates that have none.
    """
    chosen = given(sheet, unit, columns).everywhere(settings.layout_of(layout, "ledger"))
    tables = leaves(load_tables(source, "ledger", chosen, year or 0))
    tables, places = statements(tables)
    tables, posted_rows = posted_only(tables)
    names = parent_names(tables)
    parts = [
        _entries_of(t, year, names, place).assign(idle=~counted | quota_increases(t))
        for t, place, counted in zip(tables, places, posted_rows, strict=True)
    ]
    problems = [
        f
        for t, p in zip(tables, parts, strict=True)
        for f in (
            *t.findings,
            *balance_breaks(t.whole or t),
            *(() if t.given else (*truncated(t, p), *dates_two_ways(t))),
        )
    ]
    printed = [*(s for t in tables for s in stated.of_ledger(t)), *stated.of_trial_balances(tables)]
    tables, parts, found = _each_once(tables, parts)
    problems += found
    fen = wide.joined(parts)
    fen["voucher_id"] = books.voucher_ids(fen, [len(p) for p in parts], [t.part > 0 for t in tables])
    repeats = beside_journals(tables, parts)
    journal = next((t for t, again in zip(tables, repeats, strict=True) if not again), tables[0])
    problems += [not_counted_again(t, journal) for t, again in zip(tables, repeats, strict=True) if again]
    fen = _with_roles(fen, np.repeat(repeats, [len(p) for p in parts]) | fen.pop("idle").to_numpy())
    problems += without_spending(tables, fen)
    fen = _in_rows(fen, tables, [len(p) for p in parts])
    years = pd.Series(fen["date"]).dt.year.dropna()
    likely = int(years.mode().iloc[0]) if len(years) else None
    titles = [t.header.year for t in tables if t.header.year]
    return Ledger(
        fen=fen,
        stated=pd.DataFrame(printed, columns=list(stated.COLUMNS)),
        tables=tuple(tables),
        reading=reading_of(tables),
        problems=tuple(problems),
        year=year or (titles[0] if titles else likely),
    )


def _in_rows(fen: pd.DataFrame, tables: Sequence[Table], counts: Sequence[int]) -> pd.DataFrame:
    """Entries in the order of their rows, where a table is read as several that share its rows."""
    if all(t.whole is None for t in tables):
        return fen
    groups = np.cumsum([t.part == 0 for t in tables])
    sheet = pd.factorize(fen["file"] + "\0" + fen["sheet"])[0]
    return fen.iloc[np.lexsort((fen["row"], sheet, np.repeat(groups, counts)))].reset_index(drop=True)


def _each_once(tables: list[Table], parts: list[pd.DataFrame]) -> tuple[list[Table], list[pd.DataFrame], list[Finding]]:
    """Tables and entries without those that another table has already, and findings; such rows get a role of their
    own."""
    starts = np.flatnonzero([t.part == 0 for t in tables])
    spans = zip(starts, [*starts[1:], len(parts)], strict=True)
    wholes = [parts[a] if b - a == 1 else pd.concat(parts[a:b], ignore_index=True) for a, b in spans]
    masks, findings = overlap.repeated_entries(wholes, [subject(tables[i]) for i in starts])
    repeated = np.split(np.concatenate(masks), np.cumsum([len(p) for p in parts])[:-1])
    out = []
    for table, again in zip(tables, repeated, strict=True):
        roles = table.roles.copy()
        roles[np.flatnonzero(roles == rows.DATA)[again]] = rows.REPEATED
        out.append(table.with_roles(roles) if again.any() else table)
    return out, [p[~again] if again.any() else p for p, again in zip(parts, repeated, strict=True)], findings


def titled_account(table: Table) -> tuple[str, str]:
    """(code, path) of the account that a table's titles name: `科目：7201010101 事业支出/…`."""
    for title in reversed(table.header.titles):
        found = _TITLED.search(title)
        if found:
            return codes.split_code(found[1])
    return "", ""


def _entries_of(
    table: Table, year: int | None, names: Mapping[str, str], nodes: Sequence[outline.Node] = ()
) -> pd.DataFrame:
    keep = table.roles == rows.DATA
    n = int(keep.sum())

    def raw(name: str) -> Cells | None:
        values = table.raw(name)
        return values if values is None or n == len(keep) else values[keep]

    packed = unpack(table, keep)

    def dimension(name: str) -> Any:
        if name in table.given:
            return combined.filled(table.given[name], n)
        own = raw(name)
        return packed.get(name) if own is None else own

    def code(name: str) -> Texts:
        return text.clean(raw(name), n).map(lambda v: codes.split_code(v)[0])

    account_code, account_name = text.parted(raw("account"), n)
    account_code = text.clean(raw("account_code"), n).or_else(account_code)
    if "account" not in table.header.columns and "account_code" not in table.header.columns:
        account_code, account_name = (Texts.same(t, n) for t in titled_account(table))
    glued_code = account_code.map(lambda v: codes.split_code(v)[0] or v)
    account_name = account_name.or_else(account_code.map(lambda v: codes.split_code(v)[1]))
    if "account" in table.given:
        account_name = account_name.map(lambda v: "/".join(x for x in (v, table.given["account"]) if x))
    account_name = with_parents(glued_code, account_name, names)
    project_code, project = text.parted(dimension("project"), n, codes.split_project)
    economic_code, item = text.parted(dimension("economic"), n)
    functional_code, functional = text.parted(dimension("functional"), n)
    voucher = vouchers(raw("voucher"), raw("voucher_word"), n)
    debit, credit = sides(table, keep)
    date, period = posted(table, keep, year or table.header.year)
    missing = np.asarray(pd.isna(date))
    if missing.any():
        shown = raw("date")
        unread = missing & ~(np.ones(n, dtype=bool) if shown is None else rows.blank_mask(shown))
        same = missing & ~unread & voucher.blank
        if same.any():
            voucher = Texts.of(text.fill_down(voucher.cells, same))
        date = filled_dates(date, unread, voucher.cells)
    category, how = stated_category(text.clean(dimension("category"), n), glued_code, account_name)
    if nodes:
        sections = [node.category for node, kept in zip(nodes, keep, strict=True) if kept]
        by_section = Texts.of(np.array(sections, dtype=object))
        how = how.chosen(category.blank & ~by_section.blank, Texts.same("stated-type", n))
        category = category.or_else(by_section)
        project = project.map(words.without_ordinal)
    if "economic_code" not in table.header.columns and are_classes(glued_code):
        economic_code, item = glued_code, item.or_else(account_name)
        glued_code = account_name = Texts.same("", n)
    hold = wide.held if (long := isinstance(table.body, Columns)) else wide.texts
    columns = {
        "date": date,
        "row": table.numbers[keep],
        "debit": debit,
        "credit": credit,
        "amount": np.zeros(n, dtype=np.int64),
        "period": period,
        "voucher": hold(voucher),
        "memo": hold(text.clean(raw("memo"), n)),
        "account_code": hold(glued_code),
        "account": hold(account_name),
        "category": hold(category),
        "project_code": hold(
            text.clean(raw("project_code"), n).or_else(text.clean(packed.get("project_code"), n), project_code)
        ),
        "project": hold(project),
        "economic_code": hold(code("economic_code").or_else(economic_code)),
        "item": hold(item),
        "functional_code": hold(code("functional_code").or_else(functional_code)),
        "functional": hold(functional),
        **{f: hold(text.clean(dimension(f), n)) for f in ("payee", "document", "quota")},
        "role": hold(Texts.same(OTHER, n)),
        "category_evidence": hold(how),
        "office": hold(books.offices(table, keep)),
        "file": hold(Texts.same(table.file, n)),
        "sheet": hold(Texts.of(table.sheets[keep])),
    }
    return wide.frame({name: columns[name] for name in ENTRY_COLUMNS}, long=long)


def _with_roles(fen: pd.DataFrame, repeated: rows.Mask) -> pd.DataFrame:
    """Entries with their role and spending effect; `repeated` ones state others' sums again, or were
    never posted, and are not counted."""
    account = wide.cells(fen, "account_code")
    kinds = text.mapped(account, lambda v: account_kind(str(v or ""))[0])
    if not (account != "").any():
        kinds = text.mapped(wide.cells(fen, "account"), lambda v: kind_by_name(str(v or "")))
        if not (kinds == SPENDING).any():
            kinds = np.full(len(fen), "", dtype=object)
        kinds = np.where((kinds == "") & (kinds == SPENDING).any(), OTHER, kinds)
    spending = kinds == SPENDING
    if not spending.any() and not _is_government_chart(wide.distinct(fen, "account_code")):
        spending = np.ones(len(fen), dtype=bool)
    spending &= ~repeated
    closing = spending & closing_lines(fen, kinds)
    role = Texts(spending.astype(np.uint8) + closing, np.array([OTHER, SPENDING, CLOSING], dtype=object))
    fen = fen.assign(role=wide.column(role, fen), amount=np.where(spending & ~closing, fen["debit"] - fen["credit"], 0))
    idle = ~spending & ~Texts.of(wide.cells(fen, "category")).blank
    for name in ("category", "category_evidence") if idle.any() else ():
        fen[name] = wide.put(fen, name, idle, "")
    return fen


def _is_government_chart(account_codes: Cells) -> bool:
    """Whether codes are of the government accounting system though no spending account is among them."""
    first = {codes.segments(c)[:4] for c in account_codes if c}
    known = {"1001", "1002", "1011", "1218", "2211", "2307", "3001", "4001", "5001", "5101", *accounts()}
    return len(first) > 0 and sum(c in known for c in first) >= max(1, len(first) // 2)


def voucher_groups(fen: pd.DataFrame) -> np.ndarray:
    """An integer a voucher, from 0 without gaps: entries of one table, office, month and number share it."""
    return Groups.by(fen["voucher_id"].to_numpy()).of


def closing_lines(fen: pd.DataFrame, kinds: Cells) -> rows.Mask:
    """Lines of vouchers that close the year: counter-accounts 8101 … or, where those are not there, the memo."""
    n = len(fen)
    if n == 0:
        return np.zeros(0, dtype=bool)
    group = voucher_groups(fen)
    size = int(group.max()) + 1

    def anywhere(mask: np.ndarray) -> np.ndarray:
        hit = np.zeros(size, dtype=bool)
        hit[group[mask]] = True
        return np.asarray(hit[group] & wide.filled(fen, "voucher"))

    closes = anywhere(kinds == CLOSING)
    funded = anywhere(kinds == "fund")
    memo = Texts.of(wide.cells(fen, "memo"))
    prior = memo.where(lambda v: "上年" in v or "退" in v)
    said = memo.where(words.speaks_of_closing)
    credit = (fen["credit"] > fen["debit"]).to_numpy() & ~prior
    return np.asarray(closes | (said & credit & ~funded), dtype=bool)

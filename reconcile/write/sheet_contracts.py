"""合同: every contract of the register with what was paid on it, what is left, and what was found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import pandas as pd

from reconcile.check.agreement import Agreement
from reconcile.check.coverage import DAY, is_single, uncovered_parts, window
from reconcile.check.facts import Facts
from reconcile.check.payments import SEVERAL
from reconcile.result import Result
from reconcile.write import sheet_entries
from reconcile.write.sheet_data import Base, Span
from reconcile.write.sheet_lines import APART_AMOUNT, APART_CONTRACT, write_totals
from reconcile.write.sheet_page import Column, Page, area, cell, quoted

COLUMNS = (
    Column("contract-number", "cell small wrap", 10, 14),
    Column("contract-name", "cell small wrap", 14, 20),
    Column("project", "cell small wrap", 12, 18),
    Column("supplier", "cell small wrap", 12, 20),
    Column("start", "cell small date", 11, 11),
    Column("end", "cell small date", 11, 11),
    Column("price", "cell small money", 12, 18),
    Column("settled", "cell small money", 12, 18),
    Column("paid-before", "cell small money", 12, 18),
    Column("paid", "cell small money", 12, 18),
    Column("unpaid", "cell small money", 12, 18),
    Column("paid-rate", "cell small rate", 9, 11),
    Column("paid-shared", "cell small money", 12, 18),
    Column("uncovered", "cell small center", 8, 10),
    Column("entry-findings", "cell small center wrap", 6, 10),
    Column("key-contract", "key", 8, 8),
)
AT = {column.title: position for position, column in enumerate(COLUMNS)}
PRICE, SETTLED, BEFORE, PAID, UNPAID, RATE = (
    AT[name] for name in ("price", "settled", "paid-before", "paid", "unpaid", "paid-rate")
)


def contract_key(at: int) -> str:
    return f"K{at + 1:03d}"


def keys_of(result: Result) -> tuple[list[str], list[str]]:
    """The contract that every entry of the period, and every entry apart from it, surely pays: its key, '' for none."""
    found = [""] * len(result.tie.entries), [""] * len(result.tie.unassigned)
    if result.contracts is not None:
        lines = result.facts.payments.lines
        own = lines[lines["contract"] != SEVERAL]
        for at, contract in zip(own["at"].tolist(), own["contract"].tolist(), strict=True):
            inside = at >= 0
            found[0 if inside else 1][at if inside else -1 - at] = contract_key(contract)
    return found


def write_contracts(
    page: Page,
    result: Result,
    entries: Base,
    places: Mapping[int, tuple[Page, int]],
    apart: Span | None,
    findings: tuple[str, Sequence[str], Mapping[int, Sequence[int]]],
    meta: tuple[str, str],
    title: str,
) -> None:
    """One row a contract.  findings: their sheet, the cell of each, and the numbers of those of a contract's row."""
    say, facts = page.say, result.facts
    note = say("contracts-note") if entries.whole else say("contracts-note-short")
    first = row = page.open(title, COLUMNS, AT["key-contract"], *meta, note=note)
    lines = facts.payments.lines
    before = _paid(lines[lines["at"] < 0])
    now = _paid(lines[lines["at"] >= 0])
    firsts = lines[lines["at"] >= 0].drop_duplicates("contract").set_index("contract")["at"].to_dict()
    uncovered = _uncovered(facts)
    for one in facts.agreements:
        place = places.get(firsts.get(one.at, -1))
        _texts(page, row, one, (place[0].name, cell(place[1], 0)) if place else None)
        _money(page, row, one, (before.get(one.at, 0), now.get(one.at, 0)), entries, apart)
        shared = lines[(lines["contract"] == SEVERAL) & lines["candidates"].map(lambda c, at=one.at: at in c)]
        page.amount(row, AT["paid-shared"], int(shared["amount"].sum()), "cell small money")
        days = uncovered[one.at]
        if isinstance(days, int):
            page.number(row, AT["uncovered"], days, "cell small days warning" if days else "cell small days")
        else:
            page.text(row, AT["uncovered"], say(days), "cell small center")
        sheet, cells, numbers = findings
        told = numbers.get(one.at, ())
        shown = say("list-joint").join(map(str, told))
        page.led(
            row, AT["entry-findings"], (sheet, cells[told[0] - 1]) if told else None, shown, "cell small center wrap"
        )
        page.text(row, AT["key-contract"], contract_key(one.at), "key")
        row += 1
    last = max(row - 1, first)
    _total(page, first, last, facts.agreements, (before, now))
    for name, empty in (("paid-before", not before), ("paid-shared", not (lines["contract"] == SEVERAL).any())):
        if empty:
            page.hide(AT[name])
    page.close(footer=meta[0], filter_rows=(first, last), freeze=(first, 2))


def _paid(lines: pd.DataFrame) -> dict[int, int]:
    own = lines[lines["contract"] != SEVERAL]
    return {int(k): int(v) for k, v in own.groupby("contract")["amount"].sum().items()}


def _texts(page: Page, row: int, one: Agreement, payment: tuple[str, str] | None) -> None:
    """What the register says; the name leads to the first payment."""
    for col, text in enumerate((one.number, one.name, one.project, one.supplier)):
        page.led(row, col, payment if col == AT["contract-name"] else None, text, COLUMNS[col].style)
    for name, day in (("start", one.start or one.signed), ("end", one.end)):
        page.date(row, AT[name], dt.datetime.combine(day, dt.time()) if day else None, COLUMNS[AT[name]].style)


def _money(page: Page, row: int, one: Agreement, paid: tuple[int, int], entries: Base, apart: Span | None) -> None:
    """Price, paid and left; live where 明细 lists every entry."""
    style, unknown = "cell small money", page.say("not-stated")
    page.amount(row, PRICE, unknown if one.agreed is None else one.agreed, style)
    page.amount(row, SETTLED, one.settled, style)
    key = f"${cell(row, AT['key-contract'])}"
    if apart is None:
        page.amount(row, BEFORE, paid[0], style)
    else:
        amounts, keys = apart.column(APART_AMOUNT), apart.column(APART_CONTRACT)
        page.formula(row, BEFORE, f"ROUND(SUMIFS({amounts},{keys},{key}),2)", paid[0], style)
    if entries.whole:
        at = sheet_entries.AT
        sums = [
            f"SUMIFS({t.span.column(at['amount'])},{t.span.column(at['key-contract'])},{key})" for t in entries.terms
        ]
        page.formula(row, PAID, f"ROUND({'+'.join(sums)},2)", paid[1], style)
    else:
        page.amount(row, PAID, paid[1], style)
    price, settled = cell(row, PRICE), cell(row, SETTLED)
    due = f"IF(ISNUMBER({price}),{price},{settled})"
    none, both, owed = page.say("none"), sum(paid), _owed(one)
    spent = f"{cell(row, BEFORE)}+{cell(row, PAID)}"
    known = f"COUNT({price},{settled})>0"
    left = none if owed is None else owed - both
    page.formula(row, UNPAID, f"IF({known},ROUND({due}-({spent}),2),{quoted(none)})", left, style)
    rate = (both / 100) / (owed / 100) if owed else none
    page.formula(row, RATE, f"IF(N({due})=0,{quoted(none)},({spent})/{due})", rate, "cell small rate")


def _owed(one: Agreement) -> int | None:
    """The price, or where none is stated what was settled."""
    return one.settled if one.agreed is None else one.agreed


def _total(
    page: Page, first: int, last: int, agreements: Sequence[Agreement], paid: tuple[dict[int, int], dict[int, int]]
) -> None:
    values = {
        PRICE: sum(a.agreed or 0 for a in agreements),
        SETTLED: sum(a.settled or 0 for a in agreements),
        BEFORE: sum(paid[0].values()),
        PAID: sum(paid[1].values()),
        UNPAID: sum(
            (_owed(a) or 0) - paid[0].get(a.at, 0) - paid[1].get(a.at, 0) for a in agreements if _owed(a) is not None
        ),
    }
    sums = {col: (f"ROUND(SUM({area(first, last, col)}),2)", value) for col, value in values.items()}
    write_totals(page, last + 1, COLUMNS, AT["key-contract"], sums)


def _uncovered(facts: Facts) -> dict[int, int | str]:
    """Days of the period on which a contract's project had none; or a word where that cannot be told."""
    first, last = window(facts)
    found: dict[int, int | str] = {}
    for one in facts.agreements:
        key = facts.payments.projects[one.at]
        same = [a for a in facts.agreements if a is one or (key and facts.payments.projects[a.at] == key)]
        if is_single(facts, one):
            found[one.at] = "single-delivery"
        elif any(not (a.first_day and a.end) for a in same):
            found[one.at] = "none"
        else:
            terms = [(a.start or a.signed or first, a.end or last) for a in same]
            found[one.at] = sum((b - a + DAY).days for a, b in uncovered_parts(terms, first, last))
    return found

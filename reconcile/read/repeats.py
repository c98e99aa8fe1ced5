"""Tables of the same data: copies, summaries and earlier versions, which are left out and named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from reconcile.finding import Finding, Origin
from reconcile.read import rows, words
from reconcile.read.changes import name_of, sign_of
from reconcile.read.dates import parse_dates
from reconcile.read.left_out import LeftOut
from reconcile.read.office import named_apart, office, periods
from reconcile.read.table import Table

FEW, MOSTLY = 10, 0.8
STATES_BALANCES = {"opening", "opening_debit", "closing", "closing_debit", "total_debit", "balance"}
DATED = ("date", "month", "period", "voucher")
_COPY = re.compile(r"副本|打印|备份|重复|copy|\(\d+\)|（\d+）|[\W_]")


def without_summaries(tables: list[Table]) -> list[Table]:
    """In one workbook, tables that only sum up a detailed one beside them (pivots, yearly totals) are left out."""
    if len(tables) < 2:
        return tables
    kept = list(tables)
    for table in tables:
        others = [t for t in kept if t is not table]
        source = _summed_by(table, others)
        if source is not None:
            kept.remove(table)
            kept[kept.index(source)] = mentioning(source, table, "summary")
    return kept


def _summed_by(table: Table, others: Sequence[Table]) -> Table | None:
    """The table whose data `table` only sums up, None where it has data of its own."""
    if not (table.roles == rows.DATA).any():
        return None
    dated = [t for t in others if any(f in t.header.columns for f in DATED) and (t.roles == rows.DATA).any()]
    if table.kind == "ledger" and dated and not any(f in table.header.columns for f in DATED):
        if "account_code" not in table.header.columns and "account" not in table.header.columns:
            return dated[0]
        if STATES_BALANCES & set(table.header.columns):
            return None  # a trial balance is held against the journal beside it
        if _total(table) and any(_total(t) == _total(table) for t in dated):
            return dated[0]
    same = [t for t in others if set(t.header.columns) == set(table.header.columns)]
    if len(same) > 1 and table.sheet not in {t.sheet for t in same} and _total(table) == sum(map(_total, same)) != 0:
        return same[0]
    if table.kind == "budget":
        richer = [t for t in others if _total(t) == _total(table) != 0 and t.roles.size > table.roles.size]
        return next((t for t in richer if labels(table) <= labels(t)), None)
    return None


def labels(table: Table) -> set[str]:
    """The words of a table's rows, for telling a summary from a table of its own."""
    positions = [c.position for f, c in table.header.columns.items() if f not in table.money]
    return {
        words.normalise(words.without_ordinal(v))
        for p in positions
        for v in table.body[table.roles == rows.DATA, p]
        if isinstance(v, str) and v.strip()
    }


def _total(table: Table) -> int:
    return int(table.money[table.leading].fen[table.roles == rows.DATA].sum()) if table.leading else 0


def distinct(tables: list[Table]) -> list[Table]:
    """Drop a later table that repeats the data of an earlier one, and say so."""
    kept: list[Table] = []
    for table in tables:
        twin = next((t for t in kept if _same_data(t, table)), None)
        if twin is None:
            kept.append(table)
        else:
            kept[kept.index(twin)] = mentioning(twin, table, "copy")
    return kept


def mentioning(kept: Table, left_out: Table, reason: str) -> Table:
    """`kept` with the finding that `left_out` was not read beside it: `copy`, `summary`, `version`, `year`."""
    origin, other = Origin(left_out.file, left_out.sheet), Origin(kept.file, kept.sheet)
    finding = Finding(
        "repeated-table",
        left_out.sheet or left_out.file,
        origin,
        detail=left_out.file,
        params={"wording": "" if reason == "copy" else reason, "other": other},
    )
    left = LeftOut(left_out.file, left_out.sheet, reason, {"other": other})
    return replace(
        kept,
        findings=(*kept.findings, *left_out.findings, finding),
        left_out=(*kept.left_out, *left_out.left_out, left),
    )


def _same_data(one: Table, other: Table) -> bool:
    first, second = one.roles == rows.DATA, other.roles == rows.DATA
    if _mostly_same(one, other, first, second):
        return True
    if set(one.money) != set(other.money) or not first.any() or first.sum() != second.sum():
        return False
    if one.file != other.file and _apart(one, other):
        return False
    months = words.month_of_sheet(one.sheet), words.month_of_sheet(other.sheet)
    if all(months) and months[0] != months[1]:
        return False  # a month may repeat the one before: rent, wages
    if one.header.panel != other.header.panel or one.given != other.given or _two_batches(one, other):
        return False
    if (one.sheet, one.file) == (other.sheet, other.file) and one.header.titles != other.header.titles:
        return False
    return all(np.array_equal(one.money[f].fen[first], other.money[f].fen[second]) for f in one.money) and all(
        np.array_equal(one.body[first, c.position], other.body[second, other.header.columns[f].position])
        for f, c in one.header.columns.items()
        if f in other.header.columns and f not in one.money
    )


def _two_batches(one: Table, other: Table) -> bool:
    """Whether two tables change a budget under two names: two batches of 追加 may well be equal."""
    same_bytes = one.sha256 == other.sha256 != "" and one.file != other.file
    named_alike = _COPY.sub("", name_of(one)) == _COPY.sub("", name_of(other))
    return bool(sign_of(one) and sign_of(other)) and not same_bytes and not named_alike


def _mostly_same(one: Table, other: Table, first: rows.Mask, second: rows.Mask) -> bool:
    """Two sheets of one workbook that hold the same dated amounts but for a few: one is a worked-over copy."""
    if one.file != other.file or one.sheet == other.sheet or min(first.sum(), second.sum()) < FEW:
        return False
    pairs = []
    for table, mask in ((one, first), (other, second)):
        date = table.raw("date")
        if date is None or not table.leading:
            return False
        pairs.append(
            Counter(
                zip(
                    parse_dates(date[mask], table.header.year).tolist(),
                    table.money[table.leading].fen[mask].tolist(),
                    strict=True,
                )
            )
        )
    shared = sum((pairs[0] & pairs[1]).values())
    return bool(shared >= MOSTLY * max(first.sum(), second.sum()))


def _apart(one: Table, other: Table) -> bool:
    """Whether two files say that they are of two offices, or, where their rows have no dates, of two periods."""
    offices = office(one), office(other)
    if all(offices):
        return offices[0] != offices[1]
    if named_apart(one.file, other.file):
        return True
    spans = periods(one), periods(other)
    undated = one.kind == "ledger" and not set(DATED) & set(one.header.columns)
    return undated and all(spans) and spans[0] != spans[1]

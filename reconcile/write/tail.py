"""Rounding tails of the report section: amounts that tie to the 分 and miss each other as printed in 万元."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from reconcile import money
from reconcile.result import Result
from reconcile.write.figure import Figure
from reconcile.write.summary_facts import Group, Row

COLUMNS = ("carryover", "original", "increase", "decrease", "available", "actual", "remaining")
Sum = tuple[list[Decimal | int], Decimal | int]
"""Parts in 分, and what they add to."""


def has_tail(
    result: Result, total: Row, categories: Mapping[str, Row], groups: Sequence[Group], projects: Sequence[Row]
) -> bool:
    """Whether some printed total of the section misses its printed parts by rounding, or a finding tells of a tail."""
    if any(f.code == "rounding-tail" for f in result.problems):
        return True
    sums = [
        ([g.actual.exact for g in groups], categories["basic"].actual.exact),
        ([c.actual.exact for c in categories.values()], total.actual.exact),
        *_columns(projects, categories["project"]),
    ]
    for row in (total, *categories.values(), *projects):
        sums += _chain(row)
    return any(_misses([int(p) for p in parts], int(whole)) for parts, whole in sums)


def _amounts(row: Row) -> dict[str, Decimal | int]:
    """The amounts of a row that are known, in 分."""
    found = {name: getattr(row, name) for name in COLUMNS}
    return {name: fact.exact for name, fact in found.items() if isinstance(fact, Figure)}


def _columns(rows: Sequence[Row], whole: Row) -> Iterator[Sum]:
    parts = [_amounts(row) for row in rows]
    for name, amount in _amounts(whole).items():
        if all(name in part for part in parts):
            yield [part[name] for part in parts], amount


def _chain(row: Row) -> Iterator[Sum]:
    """available = carryover + original + increase − decrease, and remaining = available − actual."""
    held = _amounts(row)
    if row.state == "ok" and len(held) == len(COLUMNS):
        yield [held["carryover"], held["original"], held["increase"], -held["decrease"]], held["available"]
        yield [held["available"], -held["actual"]], held["remaining"]


def _misses(parts: list[int], whole: int) -> bool:
    printed = sum(money.in_unit(p, "万元") for p in parts)
    return bool(parts) and sum(parts) == whole and printed != money.in_unit(whole, "万元")

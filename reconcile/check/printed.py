"""What a budget-and-actual sheet prints beside its budget: spending, in transit, remaining and rate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pandas as pd

from reconcile.basis import line_name
from reconcile.check.facts import Facts
from reconcile.finding import Origin
from reconcile.match import line_projects
from reconcile.money import is_blank, parse_text

FIGURES = ("stated_actual", "in_transit", "stated_remaining")


@dataclass(frozen=True)
class Printed:
    """One line, or several lines of one project or class taken together; all amounts in 分, None where not printed.

    available, stated_available: by the chain, and as printed.  lines: how many lines.  unit_fen: what the last printed
    digit stands for.  ledger: what the ledger spent on it, None where the ledger cannot tell.
    """

    name: str
    scope: str
    at: int
    lines: int
    unit_fen: int
    available: int | None
    stated_available: int | None
    carryover: int
    stated_actual: int | None
    in_transit: int | None
    stated_remaining: int | None
    ledger: int | None = None

    @property
    def wholes(self) -> list[int]:
        """What the sheet may mean by the whole: the chain, its own 全年预算, the chain in the other reading."""
        if self.available is None:
            return []
        others = [self.available - self.carryover, self.available + self.carryover] if self.carryover else []
        return [self.available, *([] if self.stated_available is None else [self.stated_available]), *others]


def rows(facts: Facts) -> list[Printed]:
    """Every budget line that prints its spending, what is in transit or what remains."""
    fen = facts.budget.fen
    shown = fen[fen[list(FIGURES)].notna().any(axis=1)]
    return [_row(facts, line) for line in shown.itertuples()]


def _row(facts: Facts, line: Any) -> Printed:
    amounts = {f: _known(getattr(line, f)) for f in ("available", "stated_available", *FIGURES)}
    carryover = _known(line.carryover) or 0
    scope = facts.category_name(line.category)
    return Printed(line_name(line), scope, int(line.Index), 1, int(line.unit_fen), carryover=carryover, **amounts)


def against_ledger(facts: Facts) -> list[Printed]:
    """Lines that print their spending or what remains, taken together as the ledger tells spending apart: a project,
    a class where every entry has one, else the category."""
    fen = facts.budget.fen
    if not fen[list(FIGURES)].notna().any(axis=None):
        return []
    project = line_projects(facts.budget, facts.matched.projects)
    keys = [
        _key(facts, str(c), int(p), str(k), int(i))
        for i, c, p, k in zip(fen.index, fen["category"], project, facts.by_class.of_line, strict=True)
    ]
    found = []
    for key, lines in fen.groupby(pd.Series(keys, index=fen.index), sort=False):
        ledger, name = _spent(facts, key)
        if ledger is not None:
            found.append(replace(_together(facts, lines), ledger=ledger, name=name))
    return found


def _key(facts: Facts, category: str, project: int, key: str, at: int) -> tuple[str, int, str]:
    scope = (category, project)
    by_class = project < 0 and key and scope not in facts.by_class.open and facts.by_class.complete(scope)
    return category, project, key if by_class else ""


def _spent(facts: Facts, key: tuple[str, int, str]) -> tuple[int | None, str]:
    category, project, group = key
    if project >= 0:
        row = facts.tie.by_project.iloc[project]
        return (None if facts.unnamed and category == "project" else int(row["actual"])), str(row["project"])
    if group:
        line = next(x for x in facts.by_class.of((category, project)) if x.key == group)
        return line.actual, line.name
    own = facts.tie.by_category[facts.tie.by_category["category"] == category]["actual"]
    only = not ((facts.budget.fen["category"] == category) & (facts.budget.fen["project"] != "")).any()
    return (int(own.iloc[0]) if len(own) and only else None), facts.category_name(category)


def _together(facts: Facts, lines: pd.DataFrame) -> Printed:
    sums = {f: _sum(lines[f]) for f in ("available", "stated_available", *FIGURES)}
    first = lines.iloc[0]
    carryover = _sum(lines["carryover"]) or 0
    scope = facts.category_name(str(first["category"]))
    return Printed(
        "", scope, int(lines.index[0]), len(lines), int(lines["unit_fen"].max()), carryover=carryover, **sums
    )


def _known(value: object) -> int | None:
    return None if value is pd.NA else int(value)  # type: ignore[call-overload]


def _sum(values: pd.Series) -> int | None:
    return None if values.isna().any() else int(values.sum())


@dataclass(frozen=True)
class Rate:
    """A printed rate of a budget line, with its place and the decimals of a percentage that it shows."""

    row: Printed
    origin: Origin
    text: str
    readings: tuple[Decimal, ...]
    decimals: int


def rates(facts: Facts) -> Iterator[Rate]:
    """Every printed 执行率 of a line that prints its spending; a number may be a fraction or a percentage."""
    by_place = {(t.file, name): t for t in facts.budget.tables for _, name in t.places}
    fen = facts.budget.fen
    for line in fen[fen["stated_actual"].notna()].itertuples():
        table = by_place.get((line.file, line.sheet))
        cells = None if table is None else table.raw("rate")
        if table is None or cells is None:
            continue
        at = next(i for i, n in enumerate(table.numbers) if n == line.row and table.sheets[i] == line.sheet)
        read = _rate(cells[at])
        if read is not None:
            yield Rate(_row(facts, line), table.origin(at, "rate"), str(cells[at]), *read)


def _rate(value: object) -> tuple[tuple[Decimal, ...], int] | None:
    """(the percentages that a cell may mean, its decimals), None where it shows no number."""
    if is_blank(value) or isinstance(value, bool):
        return None
    if isinstance(value, str):
        text = value.strip().replace("％", "%")
        number = parse_text(text.removesuffix("%"))
        if number is None:
            return None
        if text.endswith("%"):
            return (number,), _places(number)
    elif isinstance(value, int | float):
        number = Decimal(repr(value))
    else:
        return None
    return (number, number * 100), max(0, min(_places(number), 4) - 2)


def _places(number: Decimal) -> int:
    return max(0, -int(number.as_tuple().exponent))

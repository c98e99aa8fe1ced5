"""Budget by economic class beside the spending on each: wherever lines carry a class, in basic spending or a project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from reconcile import codes, wide
from reconcile.budget import Budget
from reconcile.match import Matched, line_projects
from reconcile.read import words

Scope = tuple[str, int]
"""A category and a project (row of the budget's projects, −1 for lines and entries of none)."""


@dataclass(frozen=True)
class ClassLine:
    """One class of a scope.  key: class code of 5 or 3 digits, or a group.  name: as the budget writes it.

    planned: whether a line names it.  available: 分, None where a line cannot be read, 0 without a line.
    at: row of budget.fen where planned, else of the entries.
    """

    category: str
    project_id: int
    key: str
    name: str
    planned: bool
    available: int | None
    actual: int
    at: int

    @property
    def scope(self) -> Scope:
        return self.category, self.project_id


@dataclass(frozen=True)
class ByClass:
    """Scopes that budget by class: their lines, and the classes spent there without a line.

    of_line: for every budget line its key, '' where it names no class.  unclassed: spending of a scope that no class
    tells, gross in 分.  open: scopes that have lines without a class too.
    """

    lines: tuple[ClassLine, ...]
    of_line: pd.Series
    unclassed: Mapping[Scope, int]
    open: frozenset[Scope]

    def complete(self, scope: Scope) -> bool:
        """Whether every entry of a scope has a class, so that a class without spending has none."""
        return not self.unclassed.get(scope, 0)

    def of(self, scope: Scope) -> list[ClassLine]:
        return [line for line in self.lines if line.scope == scope]

    def scopes(self) -> Iterator[tuple[Scope, list[ClassLine]]]:
        """Scopes with more than one class: one alone is its project or category over again."""
        for scope in dict.fromkeys(line.scope for line in self.lines):
            lines = self.of(scope)
            if sum(line.planned for line in lines) > 1:
                yield scope, lines


@cache
def class_code(code: str, name: str) -> str:
    """The 部门 economic class of a code or else a name, to 5 digits (3 where there are no more); '' for none."""
    plain = codes.segments(code)
    for size in (5, 3):
        if plain[:size] in codes.economic_classes() and len(plain) >= size:
            return plain[:size]
    if plain:
        return ""
    key = words.normalise(name)
    return codes.economic_by_name().get(key, "") or _heads().get(key, "")


def class_names(*frames: pd.DataFrame) -> dict[str, str]:
    """The code that goes with each class name wherever both stand (columns `economic_code` and `item`)."""
    names = pd.concat([f[["economic_code", "item"]].drop_duplicates() for f in frames])
    return {i: codes.segments(c) for c, i in names.itertuples(index=False, name=None) if c and i}


def class_key(code: str, item: str, named: Mapping[str, str]) -> str:
    """What a class is known by: its code, else the code of its name in class_names() or in the national list, else the
    name."""
    return codes.segments(code) or named.get(item) or class_code("", item) or item


@cache
def _heads() -> dict[str, str]:
    return {words.normalise(name): code for code, (name, _) in codes.economic_classes().items() if len(code) == 3}


def by_class(budget: Budget, matched: Matched, entries: pd.DataFrame) -> ByClass:
    """Every scope that budgets by class; spending goes to the nearest line: its class, its head, its group."""
    plan = budget.fen.assign(project_id=line_projects(budget, matched.projects))
    pairs = zip(plan["economic_code"], plan["item"], strict=True)
    plan = plan.assign(key=pd.Series([_line_key(str(c), str(i)) for c, i in pairs], index=plan.index, dtype="str"))
    planned: dict[Scope, dict[str, ClassLine]] = {}
    bare = set()
    for row in plan.itertuples():
        scope = (str(row.category), int(row.project_id))
        if row.key:
            lines = planned.setdefault(scope, {})
            lines[row.key] = _with_line(lines.get(row.key), scope, row)
        else:
            bare.add(scope)
    unclassed: dict[Scope, int] = {}
    for scope, code, amount, gross, at in _spent(entries):
        lines = planned.get(scope, {})
        if not lines:
            continue
        if not code:
            unclassed[scope] = unclassed.get(scope, 0) + gross
            continue
        key = next((k for k in (code, code[:3], codes.group_of(code)) if k in lines), code)
        before = lines.get(key) or ClassLine(*scope, key, codes.economic_name(key) or key, False, 0, 0, at)
        lines[key] = replace(before, actual=before.actual + amount)
    found = tuple(line for lines in planned.values() for line in lines.values())
    return ByClass(found, plan["key"], unclassed, frozenset(bare & set(planned)))


def _line_key(code: str, item: str) -> str:
    """The class of a budget line, else the group that its words name (人员经费, 公用经费)."""
    named = words.section(item) if item else None
    return class_code(code, item) or (named[1] if named and named[0] == "basic" else "")


def _with_line(before: ClassLine | None, scope: Scope, row: Any) -> ClassLine:
    available = None if row.available is pd.NA else int(row.available)
    if before is None:
        return ClassLine(*scope, row.key, str(row.item) or codes.economic_name(row.key), True, available, 0, row.Index)
    unread = available is None or before.available is None
    return replace(before, available=None if unread else before.available + available)  # type: ignore[operator]


def _spent(entries: pd.DataFrame) -> Iterator[tuple[Scope, str, int, int, int]]:
    """(scope, class code, net amount, gross amount, first row) of every combination among the entries."""
    keys = ["category", "project_id", "economic_code", "item"]
    alike = wide.grouped(entries, keys)
    amount = entries["amount"].to_numpy()
    first = entries[keys].iloc[alike.first].itertuples(index=False, name=None)
    sums = (alike.sums(of).tolist() for of in (amount, np.abs(amount)))
    for (category, project, code, item), net, gross, at in zip(first, *sums, alike.first.tolist(), strict=True):
        yield (str(category), int(project)), class_code(str(code), str(item)), net, gross, at

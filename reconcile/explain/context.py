"""What the explanations look things up in: entries by project, positions of projects, vouchers that do not balance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from reconcile.check.facts import Facts
from reconcile.explain.parts import Parts, vouchers
from reconcile.finding import Finding
from reconcile.ledger import voucher_groups

LATER = ("after-year", "after-through")


@dataclass(frozen=True)
class Position:
    """A project, or a category without projects, in 分; available is None where it cannot be read."""

    name: str
    available: int | None
    actual: int
    in_budget: bool

    @property
    def remaining(self) -> int | None:
        return None if self.available is None else self.available - self.actual


@dataclass(frozen=True)
class Context:
    facts: Facts
    problems: Sequence[Finding]

    @cached_property
    def positions(self) -> tuple[Position, ...]:
        """Every project, in order of name."""
        rows = self.facts.tie.by_project.itertuples()
        found = [
            Position(
                str(r.project), None if r.available is pd.NA else int(r.available), int(r.actual), bool(r.in_budget)
            )
            for r in rows
            if r.actual is not pd.NA
        ]
        return tuple(sorted(found, key=lambda p: (p.name, p.in_budget, p.actual)))

    def position(self, name: str) -> Position | None:
        return next((p for p in self.positions if p.name == name), None)

    @cached_property
    def _of_project(self) -> Mapping[str, np.ndarray]:
        return {str(k): v for k, v in self.facts.tie.entries.groupby("project").indices.items()}

    @cached_property
    def _of_category(self) -> Mapping[str, np.ndarray]:
        return {str(k): v for k, v in self.facts.tie.entries.groupby("category").indices.items()}

    def spent_on(self, subject: str) -> Parts:
        """Vouchers of a project, else of the category whose name the subject is."""
        if subject not in self._spent:
            self._spent[subject] = self._spent_on(subject)
        return self._spent[subject]

    @cached_property
    def _spent(self) -> dict[str, Parts]:
        return {}

    def _spent_on(self, subject: str) -> Parts:
        entries = self.facts.tie.entries
        if subject not in self._of_project:
            named = {self.facts.category_name(c): c for c in self._of_category}
            at = self._of_category.get(named.get(subject, ""), np.empty(0, dtype=np.intp))
            return vouchers(self.facts, entries.iloc[at])
        return vouchers(self.facts, entries.iloc[self._of_project[subject]])

    def printed(self, project: str) -> tuple[int, int]:
        """(budget lines of a project, the 分 that their last printed digit stands for)."""
        own = self.facts.budget.fen[self.facts.budget.fen["project"] == project]
        return len(own), self.facts.printed_unit(self.facts.budget_origin(project), "budget")

    @cached_property
    def later(self) -> pd.DataFrame:
        """Spending after the period, which is not counted."""
        apart = self.facts.tie.unassigned
        return apart[apart["reason"].isin(LATER)].drop(columns="reason")

    @cached_property
    def groups(self) -> np.ndarray:
        """The voucher of every ledger row."""
        return voucher_groups(self.facts.ledger.fen)

    @cached_property
    def _rows(self) -> Mapping[tuple[str, str], np.ndarray]:
        places = self.facts.ledger.fen.groupby(["file", "sheet"], sort=False).indices
        return {(str(f), str(s)): v for (f, s), v in places.items()}

    def sheet_rows(self, file: str, sheet: str) -> np.ndarray:
        """Positions of a sheet's rows in the ledger's frame."""
        return self._rows.get((file, sheet), np.empty(0, dtype=np.intp))

    def entry_at(self, file: str, sheet: str, row: int) -> int | None:
        """Position in the ledger's frame of the entry that stands there."""
        rows = self.sheet_rows(file, sheet)
        found = rows[self.facts.ledger.fen["row"].to_numpy()[rows] == row]
        return int(found[0]) if len(found) else None

    @cached_property
    def unbalanced(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.problems if f.code == "unbalanced-voucher" and f.difference is not None)

"""Where every figure of the report section stands in the review workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconcile.write.figure import Key
from reconcile.write.sheet_chain import COLUMNS, Figures, Table
from reconcile.write.sheet_charts import Months
from reconcile.write.sheet_findings import AT
from reconcile.write.sheet_page import Page, cell, on
from reconcile.write.sheet_plan import Plan
from reconcile.write.sheet_projects import PROJECT_COLUMNS

_NAME = next(n for n, c in enumerate(PROJECT_COLUMNS) if c.title == "project")

Spot = tuple[Page, int, int]
"""A sheet, and a row and column of it from 0."""


@dataclass
class Places:
    """The sheets as they were laid out.  findings: the list, and its first row.  income: the row of 汇总, if there is one.

    own: figures that stand on 摘要 alone, once it is laid out.
    """

    plan: Plan
    projects: Table
    categories: Table
    months: Months
    findings: tuple[Page, int]
    overview: Page
    income: int | None
    own: Mapping[Key, Spot] = field(default_factory=dict)

    def spot(self, key: Key) -> Spot | None:
        """The cell of a figure; None where the workbook does not hold it."""
        return self.elsewhere(key) or self.own.get(key)

    def elsewhere(self, key: Key) -> Spot | None:
        """The cell of a figure on another sheet than 摘要."""
        kind, *rest = key
        if kind == "total":
            return self._chain(self.categories, self.categories.total, rest[0])
        if kind in ("category", "group", "class"):
            name = {"category": rest[0], "group": f"group-{rest[0]}", "class": self._class(rest[0])}[kind]
            return self._chain(self.categories, self.categories.rows.get(name), rest[1])
        if kind == "project":
            name = "NP" if rest[0] == "unnamed" else f"P{int(rest[0]) + 1:03d}"
            return self._chain(self.projects, self.projects.rows.get(name), rest[1])
        if kind == "finding":
            page, first = self.findings
            return page, first + int(rest[2]), AT[rest[1]]
        if kind == "schedule":
            return self.months.page, self.months.last, self.months.schedule
        if kind == "income" and self.income is not None:
            return self.overview, self.income, 1
        return None

    def _chain(self, table: Table, figures: Figures | None, column: str) -> Spot | None:
        if figures is None:
            return None
        at = _NAME if column == "name" else table.at + (*COLUMNS, "share").index(column)
        return table.page, figures.row, at

    def _class(self, code: str) -> str:
        return next((line.key for line in self.plan.classes if code in (line.code, line.name)), "")

    def of(self, key: Key) -> tuple[str, str]:
        """(sheet, cell), both '' where the workbook does not hold it."""
        spot = self.spot(key)
        return (spot[0].name, cell(spot[1], spot[2])) if spot else ("", "")

    def reference(self, key: Key) -> str:
        """The cell as a formula writes it."""
        spot = self.spot(key)
        if spot is None:
            raise KeyError(key)
        return on(spot[0].name, cell(spot[1], spot[2], fixed=True))

"""Test files: one invented department, printed in every layout, container and state of disorder."""

from __future__ import annotations

from .cases import Case, budget_cases, dirty_cases, draw_case, ledger_cases, make_case, write
from .containers import CONTAINERS, fits, write_grid
from .dirt import DIRT, Dirt, apply
from .drawing import draw
from .grid import Code, Day, ErrorCell, Formula, Grid, Merge, Money, Pair, Row, Sheet
from .layouts import LAYOUTS, Expected, Layout
from .truth import BudgetLine, Department, Line, Voucher, by_category, by_economic, by_month, by_project, spending

__all__ = [
    "CONTAINERS",
    "DIRT",
    "LAYOUTS",
    "BudgetLine",
    "Case",
    "Code",
    "Day",
    "Department",
    "Dirt",
    "ErrorCell",
    "Expected",
    "Formula",
    "Grid",
    "Layout",
    "Line",
    "Merge",
    "Money",
    "Pair",
    "Row",
    "Sheet",
    "Voucher",
    "apply",
    "budget_cases",
    "by_category",
    "by_economic",
    "by_month",
    "by_project",
    "dirty_cases",
    "draw",
    "draw_case",
    "fits",
    "ledger_cases",
    "make_case",
    "spending",
    "write",
    "write_grid",
]

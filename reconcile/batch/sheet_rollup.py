"""按上级汇总: a row for everything that departments belong to, live from the rows of the departments by their path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reconcile.batch.outcome import MEASURES, Outcome
from reconcile.batch.rollup import Sum, added, alone, held, nodes
from reconcile.write.sheet_page import Column, Page, cell, on, quoted

TITLE = {m: m for m in MEASURES} | {"project": "project-spending"}
"""The title of a measure's column."""
COUNTS = ("failed", "incomplete", "errors", "warnings")
ROLLUP = (
    Column("group-name", "cell", 14, 50),
    *(Column(k, "cell count", 6, 9) for k in ("departments", *COUNTS)),
    Column("available", "cell money", 12, 20),
    Column("actual", "cell money", 12, 20),
    Column("remaining", "cell money", 12, 20),
    Column("rate", "cell rate", 8, 10),
    *(Column(TITLE[m], "cell money", 12, 20) for m in MEASURES if m not in ("available", "actual")),
    Column("path", "key", 8, 8),
)
ON = {c.title: n for n, c in enumerate(ROLLUP)}
INDENT = ("", "in1", "in2")


@dataclass(frozen=True)
class Rows:
    """Where the departments stand: their sheet, first and last row, and the position of each column."""

    sheet: str
    first: int
    last: int
    at: Mapping[str, int]

    def column(self, title: str) -> str:
        col = self.at[title]
        return on(self.sheet, f"{cell(self.first, col, fixed=True)}:{cell(self.last, col, fixed=True)}")


def write_rollup(
    page: Page, outcomes: Sequence[Outcome], groups: Mapping[str, str], rows: Rows, meta: tuple[str, str], title: str
) -> None:
    """A row a parent, itself with all that belongs to it; departments without one; every department once, and the
    check that the outermost rows come to the same."""
    inside, found = held(outcomes, groups), nodes(outcomes, groups)
    first = page.open(title, ROLLUP, ON["path"], *meta, note=page.say("rollup-note"))
    outermost = []
    for row, node in enumerate(found, start=first):
        page.text(row, ON["group-name"], node.name, f"cell {INDENT[min(node.depth, len(INDENT) - 1)]}".strip())
        page.text(row, ON["path"], node.path, "key")
        under = f'{rows.column("path")},{cell(row, ON["path"])}&"*"'
        _sums(page, row, under, added(inside[node.path]), rows)
        outermost += [row] if node.depth == 0 else []
    row = first + len(found)
    if free := alone(outcomes, found):
        page.text(row, ON["group-name"], page.say("ungrouped"), "cell")
        _sums(page, row, f"{rows.column('alone')},1", added(free), rows)
        outermost.append(row)
        row += 1
    write_total(page, row, ON, added(outcomes), rows)
    page.text(row + 1, ON["group-name"], page.say("row-check"), "cell")
    for name in ("departments", "failed", "available", "actual"):
        parts = "+".join(cell(r, ON[name]) for r in outermost)
        page.formula(row + 1, ON[name], f"ROUND({parts}-{cell(row, ON[name])},2)", 0)
    page.close(footer=meta[0], freeze=(first, 1))


def _sums(page: Page, row: int, which: str, total: Sum, rows: Rows) -> None:
    """Counts and amounts of the departments that meet a condition; `which`: its range and criterion."""
    page.count(row, ON["departments"], f"COUNTIFS({which})", total.departments)
    for name in COUNTS:
        page.count(row, ON[name], f"SUMIFS({rows.column(name)},{which})", getattr(total, name))
    for measure, value in total.totals.items():
        page.formula(row, ON[TITLE[measure]], f"ROUND(SUMIFS({rows.column(TITLE[measure])},{which}),2)", value)
    pair = (total.totals["available"], total.totals["actual"])
    write_rest(page, row, ON, pair, bool(total.incomplete), f"{cell(row, ON['incomplete'])}>0")


def write_total(page: Page, row: int, at: Mapping[str, int], total: Sum, rows: Rows) -> None:
    """The total row of either sheet: every department once."""
    for col in range(page.printed):
        page.text(row, col, "", "cell total")
    page.text(row, at.get("group-name", at.get("department", 0)), page.say("row-all-departments"), "cell total")
    if "departments" in at:
        page.count(row, at["departments"], f"ROWS({rows.column('path')})", total.departments, "cell count total")
    for name in (n for n in (*COUNTS, "infos") if n in at and at[n] < page.printed):
        page.count(row, at[name], f"SUM({rows.column(name)})", getattr(total, name), "cell count total")
    for measure, value in total.totals.items():
        formula = f"ROUND(SUM({rows.column(TITLE[measure])}),2)"
        page.formula(row, at[TITLE[measure]], formula, value, "cell money total")
    pair = (total.totals["available"], total.totals["actual"])
    lacking = f"SUM({rows.column('incomplete')})>0"
    write_rest(page, row, at, pair, bool(total.incomplete), lacking, "total")


def write_rest(
    page: Page,
    row: int,
    at: Mapping[str, int],
    pair: tuple[int | None, int | None],
    lacks: bool = False,
    lacking: str = "",
    style: str = "",
) -> None:
    """Remaining and execution rate of a row, live, from (available, actual); words where one of them is missing.

    lacks: a part of the sum is missing.  lacking: the condition of it as a formula.
    """
    available, actual = pair
    budget, spent = cell(row, at["available"]), cell(row, at["actual"])
    none, broken = page.say("none"), page.say("not-whole")
    left: int | str = available - actual if available is not None and actual is not None else none
    rate: float | str = float(actual / available) if available and actual is not None else none
    formulas = (
        f"IF(COUNT({budget},{spent})<2,{quoted(none)},ROUND({budget}-{spent},2))",
        f"IF(COUNT({budget},{spent})<2,{quoted(none)},IF({budget}=0,{quoted(none)},{spent}/{budget}))",
    )
    if lacking:
        formulas = tuple(f"IF({lacking},{quoted(broken)},{f})" for f in formulas)  # type: ignore[assignment]
    page.formula(row, at["remaining"], formulas[0], broken if lacks else left, f"cell money {style}".strip())
    page.formula(row, at["rate"], formulas[1], broken if lacks else rate, f"cell rate {style}".strip())

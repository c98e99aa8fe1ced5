"""执行进度: where each category and project stands against the schedule, and where a straight line would lead."""

from __future__ import annotations

from fractions import Fraction

from reconcile.engine import Period
from reconcile.forecast import half_up
from reconcile.write.sheet_chain import Figures, Table, rate_formula, rate_of
from reconcile.write.sheet_page import Amount, Column, Page, cell, quoted
from reconcile.write.sheet_plan import Plan

COLUMNS = (
    Column("pace-name", "cell wrap", 20, 40),
    Column("available", "cell money", 14, 20),
    Column("actual", "cell money", 14, 20),
    Column("rate", "cell rate", 10, 12),
    Column("on-schedule", "cell money", 14, 20),
    Column("ahead", "cell money", 14, 20),
    Column("forecast", "cell money", 14, 20),
    Column("forecast-remaining", "cell money", 14, 20),
    Column("forecast-rate", "cell rate", 10, 12),
)


def write_pace(
    page: Page, plan: Plan, period: Period, projects: Table, categories: Table, meta: tuple[str, str], title: str
) -> None:
    """One row for the whole, each category and each project, live.

    on schedule = available × m ÷ 12; ahead = actual − on schedule; forecast = actual × 12 ÷ m, a straight line;
    remaining = available − forecast.
    """
    say = page.say
    note = say("pace-note", months=period.last_month)
    first = row = page.open(title, COLUMNS, len(COLUMNS), *meta, note=note)
    for name, style, table, figures in _rows(page, plan, projects, categories):
        page.led(row, 0, (table.page.name, cell(figures.row, 0)), name, f"cell wrap {style}")
        strong = style.replace("in1", "")
        for col, (formula, value) in enumerate(_figures(page, row, table, figures, period.last_month), 1):
            page.formula(row, col, formula, value, f"{COLUMNS[col].style} {strong}".strip())
        row += 1
    page.close(footer=meta[0], filter_rows=(first, row - 1), freeze=(first, 1))


def _rows(page: Page, plan: Plan, projects: Table, categories: Table) -> list[tuple[str, str, Table, Figures]]:
    say = page.say
    rows = [(say("row-total"), "total", categories, categories.total)]
    for category in plan.categories:
        rows.append((say.category(category), "section", categories, categories.rows[category]))
        own = [line for line in plan.projects if line.category == category]
        rows += [(say.project(line.name), "in1", projects, projects.rows[line.key]) for line in own]
    return rows


def _figures(page: Page, row: int, table: Table, figures: Figures, m: int) -> list[tuple[str, Amount | float]]:
    none, zero = page.say("none"), page.say("zero-budget")
    available, actual, due, line = (cell(row, n) for n in (1, 2, 4, 6))
    budget, spent = figures.available, figures.actual
    known = isinstance(budget, int)
    on_schedule = half_up(budget * Fraction(m, 12)) if isinstance(budget, int) else 0
    forecast = half_up(spent * Fraction(12, m))

    def told(formula: str, value: Amount | float) -> tuple[str, Amount | float]:
        return f"IF(ISNUMBER({available}),{formula},{quoted(none)})", value if known else none

    rate = (forecast / 100) / (budget / 100) if isinstance(budget, int) and budget else none
    return [
        (table.ref(figures, "available"), budget),
        (table.ref(figures, "actual"), spent),
        (rate_formula(available, actual, zero), rate_of(budget, spent, zero)),
        told(f"ROUND({available}*{m}/12,2)", on_schedule),
        told(f"ROUND({actual}-{due},2)", spent - on_schedule),
        (f"ROUND({actual}*12/{m},2)", forecast),
        told(f"ROUND({available}-{line},2)", budget - forecast if isinstance(budget, int) else none),
        told(f"IF({available}=0,{quoted(none)},{line}/{available})", rate),
    ]

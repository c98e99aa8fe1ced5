"""按月: spending by month, the running total and its rate against the schedule."""

from __future__ import annotations

from collections.abc import Mapping

from reconcile.engine import Period
from reconcile.write.sheet_chain import Table, rate_formula, rate_of
from reconcile.write.sheet_charts import Months, months_chart
from reconcile.write.sheet_data import Base
from reconcile.write.sheet_page import Column, Page, area, cell, quoted
from reconcile.write.sheet_plan import CATEGORY_KEYS, Plan


def write_months(
    page: Page,
    plan: Plan,
    period: Period,
    spent: Mapping[tuple[int, str], int],
    budget: Table,
    entries: Base,
    meta: tuple[str, str],
    title: str,
) -> Months:
    """Month by month with the running total, its rate of the available budget, and the schedule."""
    say = page.say
    categories = plan.categories
    columns = (
        Column("month", "cell center", 12, 14),
        *(Column("", "cell money", 14, 20) for _ in categories),
        Column("month-actual", "cell money", 14, 20),
        Column("cumulative", "cell money", 14, 20),
        Column("cumulative-rate", "cell rate", 12, 14),
        Column("schedule", "cell rate", 12, 14),
        Column("gap", "cell rate", 15, 16),
        Column("key-month", "key", 8, 8),
    )
    key_col = len(columns) - 1
    first = page.open(title, columns, key_col, *meta, note=say("months-note"))
    for n, category in enumerate(categories, 1):
        page.text(first - 1, n, say.category(category), "head")
    months = list(range(1, period.last_month + 1))
    if any(m == 0 for m, _ in spent):
        months.append(0)
    at = len(categories) + 1
    available, running, values = budget.total.available, 0, []
    whole = budget.ref(budget.total, "available")
    row = first
    for month in months:
        shown = f"{period.year}-{month:02d}" if month else say("no-date")
        page.led(row, 0, entries.anchors.get(("month", month)), shown, "cell center")
        page.number(row, key_col, month, "key")
        parts = [spent.get((month, c), 0) for c in categories]
        for n, (category, value) in enumerate(zip(categories, parts), 1):
            formula = entries.spent(month=f"${cell(row, key_col)}", category=quoted(CATEGORY_KEYS[category]))
            page.formula(row, n, formula, value)
        together = sum(parts)
        running += together
        page.formula(row, at, f"ROUND(SUM({cell(row, 1)}:{cell(row, at - 1)}),2)", together)
        before = f"{cell(row - 1, at + 1)}+" if row > first else ""
        page.formula(row, at + 1, f"ROUND({before}{cell(row, at)},2)", running)
        rate = rate_of(available, running, say("zero-budget"))
        page.formula(row, at + 2, rate_formula(whole, cell(row, at + 1), say("zero-budget")), rate, "cell rate")
        schedule = (month or period.last_month) / 12
        page.formula(
            row, at + 3, f"{cell(row, key_col)}/12" if month else f"{period.last_month}/12", schedule, "cell rate"
        )
        gap = say("none") if isinstance(rate, str) else rate - schedule
        page.formula(
            row,
            at + 4,
            f"IF(ISNUMBER({cell(row, at + 2)}),{cell(row, at + 2)}-{cell(row, at + 3)},{quoted(say('none'))})",
            gap,
            "cell rate",
        )
        values.append((rate, schedule))
        row += 1
    page.text(row, 0, say("row-total"), "cell center total")
    for n in range(1, at + 1):
        only = categories[n - 1] if n < at else None
        value = sum(v for (_, c), v in spent.items() if only in (None, c))
        page.formula(row, n, f"ROUND(SUM({area(first, row - 1, n)}),2)", value, "cell money total")
    for n in range(at + 1, key_col):
        page.text(row, n, "", "cell total")
    months_of = Months(
        page, first, first + period.last_month - 1, row, at + 1, at + 2, at + 3, sum(spent.values()), tuple(values)
    )
    page.last = months_chart(page, months_of, categories, row + 2)
    page.close(footer=meta[0], freeze=(first, 1), one_page=True)
    return months_of

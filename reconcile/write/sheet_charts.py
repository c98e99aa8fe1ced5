"""The charts of 汇总: budget against spending by project, and the pace by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reconcile import money
from reconcile.write.sheet_chain import Figures, Table
from reconcile.write.sheet_page import Amount, Page, Words
from reconcile.write.sheet_plan import Plan

PRINTED = 8
DATA = 9
TOP_PROJECTS = 15
BUDGET_COLOUR, SPENT_COLOUR = "9DB7D5", "1F4E79"
STACK = (SPENT_COLOUR, BUDGET_COLOUR, "C55A11", "A6A6A6")
WAN_AXIS = "0\\.0,"
"""Yuan in thousands with the point before the last figure: 万元 with one decimal."""
CHART_HEIGHT = 300


@dataclass(frozen=True)
class Months:
    """The written 按月 sheet: rows of its months, its columns, and its total row."""

    page: Page
    first: int
    last: int
    total_row: int
    cumulative: int
    rate: int
    schedule: int
    total: int
    values: tuple[tuple[Amount | float, float], ...]


def in_wan(value: Amount) -> float | str:
    """An exact amount as printed in 万元, half up."""
    return value if isinstance(value, str) else float(money.in_unit(value, "万元"))


def write_charts(page: Page, plan: Plan, projects: Table, months: Months, row: int) -> int:
    """Budget against spending by project, and the pace by month; their data stand beside the printed page."""
    count = _project_data(page, plan, projects)
    widths = [round(w * 7 + 5) for w in page.widths()]
    left, right = sum(widths[:4]) - 8, sum(widths[4:PRINTED]) - 4
    if count:
        _project_chart(page, plan, row, (left, chart_height(count)), count)
    paced = all(isinstance(rate, float) for rate, _ in months.values)
    if paced:
        _month_chart(page, months, row, (right, chart_height(count)))
    return row + (chart_height(count) // 20 + 1 if count or paced else 0)


def chart_height(count: int) -> int:
    return min(620, max(340, 90 + 36 * count))


def _chosen(table: Table, plan: Plan) -> list[tuple[str, Figures]]:
    """The projects of the chart: all, or the largest by budget or spending, in the table's order."""
    rows = [(line.name, table.rows[line.key]) for line in plan.projects]

    def size(figures: Figures) -> int:
        return max(figures.actual, figures.available if isinstance(figures.available, int) else 0)

    largest = sorted(range(len(rows)), key=lambda i: (-size(rows[i][1]), i))[:TOP_PROJECTS]
    return [rows[i] for i in sorted(largest)]


def _project_data(page: Page, plan: Plan, projects: Table) -> int:
    say: Words = page.say
    rows = _chosen(projects, plan)
    page.text(2, DATA, say("chart-data"), "key")
    for n, key in enumerate(("col-available-wan", "col-actual-wan"), 1):
        page.text(2, DATA + n, say(key), "key")
    for at, (name, figures) in enumerate(rows, 3):
        shown = say.project(name)
        state = f" ({figures.available})" if isinstance(figures.available, str) else ""
        page.text(at, DATA, (shown if len(shown) <= 16 else shown[:15] + "…") + state, "key")
        for n, column in enumerate(("available", "actual"), 1):
            value = figures.available if column == "available" else figures.actual
            reference = projects.ref(figures, column)
            wan = in_wan(value)
            page.formula(
                at, DATA + n, f"ROUND(N({reference})/10000,2)", 0.0 if isinstance(wan, str) else wan, "key money"
            )
    return len(rows)


def _axis(page: Page, number_format: str = "") -> dict[str, object]:
    axis: dict[str, object] = {"num_font": page.look.chart_font(9), "line": {"color": "#A6A6A6"}}
    if number_format:
        axis |= {"num_format": number_format, "major_gridlines": {"visible": True, "line": {"color": "#E3E3E3"}}}
    return axis


def _project_chart(page: Page, plan: Plan, row: int, size: tuple[int, int], count: int) -> None:
    say = page.say
    chart = page.look.book.add_chart({"type": "bar"})
    for n, colour, key in ((1, BUDGET_COLOUR, "col-available"), (2, SPENT_COLOUR, "col-actual")):
        chart.add_series(
            {
                "name": say(key),
                "categories": [page.name, 3, DATA, 2 + count, DATA],
                "values": [page.name, 3, DATA + n, 2 + count, DATA + n],
                "fill": {"color": f"#{colour}"},
                "border": {"color": f"#{SPENT_COLOUR}", "width": 0.5},
                "gap": 60,
                "data_labels": {"value": True, "num_format": "#,##0.00", "font": page.look.chart_font(8)},
            }
        )
    whole = len(plan.projects) <= TOP_PROJECTS
    title = say("chart-projects") if whole else say("chart-projects-top", count=count)
    _dress(page, chart, title)
    chart.set_y_axis({**_axis(page), "reverse": True})
    chart.set_x_axis({**_axis(page, "General"), "label_position": "none", "line": {"none": True}})
    chart.set_size({"width": size[0], "height": size[1]})
    page.sheet.insert_chart(row, 0, chart, {"x_offset": 2, "y_offset": 4, "description": title})


def _month_chart(page: Page, months: Months, row: int, size: tuple[int, int]) -> None:
    say = page.say
    chart = page.look.book.add_chart({"type": "line"})
    name = months.page.name
    for col, colour, key, dash in (
        (months.rate, SPENT_COLOUR, "col-cumulative-rate", "solid"),
        (months.schedule, "C55A11", "col-schedule", "dash"),
    ):
        chart.add_series(
            {
                "name": say(key),
                "categories": [name, months.first, 0, months.last, 0],
                "values": [name, months.first, col, months.last, col],
                "line": {"color": f"#{colour}", "width": 2, "dash_type": dash},
                "marker": {
                    "type": "circle" if dash == "solid" else "none",
                    "size": 5,
                    "fill": {"color": f"#{colour}"},
                    "border": {"color": f"#{colour}"},
                },
            }
        )
    _dress(page, chart, say("chart-months"))
    chart.set_x_axis({**_axis(page), "num_font": {**page.look.chart_font(8), "rotation": -45}})
    chart.set_y_axis({**_axis(page, "0%"), "min": 0})
    chart.set_size({"width": size[0], "height": size[1]})
    page.sheet.insert_chart(row, 4, chart, {"x_offset": 2, "y_offset": 4, "description": say("chart-months")})


def months_chart(page: Page, months: Months, categories: Sequence[str], row: int) -> int:
    """Spending of every month, its categories on each other; returns the last row that the chart covers."""
    say, name = page.say, months.page.name
    chart = page.look.book.add_chart({"type": "column", "subtype": "stacked"})
    for n, category in enumerate(categories, 1):
        colour = STACK[(n - 1) % len(STACK)]
        chart.add_series(
            {
                "name": say.category(category),
                "categories": [name, months.first, 0, months.last, 0],
                "values": [name, months.first, n, months.last, n],
                "fill": {"color": f"#{colour}"},
                "border": {"color": f"#{SPENT_COLOUR}", "width": 0.5},
                "gap": 60,
            }
        )
    _dress(page, chart, say("chart-by-month"))
    chart.set_x_axis(_axis(page))
    chart.set_y_axis(_axis(page, WAN_AXIS))
    width = sum(round(w * 7 + 5) for w in page.widths()[: page.printed])
    chart.set_size({"width": width - 8, "height": CHART_HEIGHT})
    page.sheet.insert_chart(row, 0, chart, {"x_offset": 4, "y_offset": 4, "description": say("chart-by-month")})
    return row + CHART_HEIGHT // 20 + 1


def _dress(page: Page, chart: object, title: str) -> None:
    chart.set_title({"name": title, "name_font": page.look.chart_font(11, bold=True), "overlay": False})  # type: ignore[attr-defined]
    chart.set_legend({"position": "bottom", "font": page.look.chart_font(9)})  # type: ignore[attr-defined]
    chart.set_chartarea({"border": {"color": "#BFBFBF"}})  # type: ignore[attr-defined]
    chart.show_hidden_data()  # type: ignore[attr-defined]

"""Dirt that is made of whole sheets: copies, pivots, tables split over sheets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

from .dirt_rows import header_runs
from .grid import Day, Grid, Money, Row, Sheet, Value, make_sheet


def copied(name: str, *, hidden: bool) -> Callable[[Grid], Grid]:
    """The same tables again in another sheet."""

    def change(grid: Grid) -> Grid:
        first = grid.sheets[0]
        return replace(grid, sheets=(*grid.sheets, replace(first, name=name, hidden=hidden)))

    return change


def pivot(grid: Grid, *, first: bool = False) -> Grid:
    """A pivot table of the data in a sheet of its own."""
    source = grid.sheets[0]
    data = [source.rows[r] for r in source.of_role("data")]
    column = next(c for c in source.find("amount") if any(isinstance(r.values[c], Money) for r in data))
    label = (source.find("account", "project", "functional", "memo") or [0])[0]
    sums: dict[str, int] = defaultdict(int)
    sample: Money | None = None
    for row in source.rows:
        value = row.values[column]
        if row.role == "data" and isinstance(value, Money):
            sample = sample or value
            shown = row.values[label]
            text = shown if isinstance(shown, str) else getattr(shown, "name", None)
            sums[text or "(空白)"] += value.fen
    assert sample is not None
    unit = replace(sample, form="number")
    rows = [Row("data", (name, replace(unit, fen=n))) for name, n in sorted(sums.items())]
    rows.append(Row("total", ("总计", replace(unit, fen=sum(sums.values())))))
    head = next(v for v in (source.rows[header_runs(source)[-1][0]].values[column], "金额") if v)
    made = make_sheet("Sheet2", [[]], ["行标签", f"求和项:{head}"], ["text", "text"], rows)
    return replace(grid, sheets=(made, *grid.sheets) if first else (*grid.sheets, made))


def pivot_first(grid: Grid) -> Grid:
    return pivot(grid, first=True)


def split_sheets(grid: Grid) -> Grid:
    """One table over three sheets, the header on the first alone."""
    sheet = grid.sheets[0]
    data = sheet.of_role("data")
    numbers = sheet.find("voucher")
    starts = [r for r in data if not numbers or sheet.rows[r].values[numbers[0]] is not None]
    cuts = [0, starts[len(starts) // 3], starts[2 * len(starts) // 3], len(sheet.rows)]
    parts = []
    for i in range(3):
        merges = sheet.merges if i == 0 else ()
        rows = sheet.rows[cuts[i] : cuts[i + 1]]
        parts.append(replace(sheet, name=f"{sheet.name}({i + 1})", rows=rows, merges=merges))
    return replace(grid, sheets=(*parts, *grid.sheets[1:]))


def month_sheets(grid: Grid) -> Grid:
    """A sheet a month, each with titles and header."""
    sheet = grid.sheets[0]
    column = sheet.find("date")[0]
    end = header_runs(sheet)[0][1]
    months: dict[int, list[Row]] = {}
    for row in sheet.rows[end:]:
        day: Value = row.values[column]
        if row.role == "data" and isinstance(day, Day):
            months.setdefault(day.date.month, []).append(row)
    made: list[Sheet] = [
        replace(sheet, name=f"{month}月", rows=(*sheet.rows[:end], *rows)) for month, rows in months.items()
    ]
    return replace(grid, sheets=(*made, *grid.sheets[1:]))


def cover_sheet(grid: Grid) -> Grid:
    """A cover and an empty sheet before the data."""
    cover = make_sheet("封面", [["部门预算及执行资料"], ["编制日期：2021年1月5日"]], ["目录"], ["text"], [])
    empty = Sheet("Sheet1", ("text",), ())
    return replace(grid, sheets=(cover, empty, *grid.sheets))


def epoch_1904(grid: Grid) -> Grid:
    return replace(grid, date1904=True)

"""A marked .xlsx with the values, merges and widths of a file that is no .xlsx, written row by row."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from reconcile.finding import LoadError
from reconcile.read.sheet import Place, Sheet
from reconcile.read.workbook import Book
from reconcile.write.mark.copy import Mark
from reconcile.write.mark.proof import check_values
from reconcile.write.mark.shape import Shape, Width

if TYPE_CHECKING:
    import xlsxwriter

WIDEST, NARROWEST, LOOKED_AT, MOST_WIDE = 60, 8, 500, 255
NO_SHAPE = Shape()
_FORMATS = {dt.datetime: "yyyy-mm-dd hh:mm:ss", dt.date: "yyyy-mm-dd", dt.time: "hh:mm:ss", dt.timedelta: "[h]:mm:ss"}
_EPOCH = dt.datetime(1980, 1, 1)


def plain_copy(
    book: Book,
    target: Path,
    marks: Mapping[str, Mapping[Place, Mark]],
    colours: Mapping[str, str],
    legend: tuple[str, Sequence[tuple[str, str]]],
    shape: Shape = NO_SHAPE,
) -> None:
    """Write every sheet of `book` with its marks, and the legend.  Parameters as in `mark_copy`; shape: of the source.

    Raises LoadError where the source is protected or signed, and where the copy does not hold what the source does.
    """
    if shape.guard:
        raise LoadError(f"{shape.guard}-source", book.file)
    _write_book(book, target, marks, colours, legend, shape)
    try:
        check_values(book.sheets, target)
    except ValueError as problem:
        raise LoadError("not-markable", book.file, problem=problem) from None


def _write_book(
    book: Book,
    target: Path,
    marks: Mapping[str, Mapping[Place, Mark]],
    colours: Mapping[str, str],
    legend: tuple[str, Sequence[tuple[str, str]]],
    shape: Shape,
) -> None:
    import xlsxwriter

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "nan_inf_to_errors": True,
    }
    with xlsxwriter.Workbook(target, options) as out:
        out.set_properties({"created": _EPOCH})
        formats: dict[tuple[str, str], Any] = {}
        names: set[str] = set()
        alone = len(shape.widths) == 1  # the columns of a page whose tables are sheets
        own: tuple[Sequence[Width], ...] = shape.widths * len(book.sheets) if alone else shape.widths
        for sheet, widths in zip(book.sheets, [*own, *[()] * len(book.sheets)]):
            title = _title(sheet.name or "Sheet1", names)
            _sheet(out, title, sheet, marks.get(sheet.name, {}), colours, formats, widths)
        page = out.add_worksheet(_title(legend[0], names))
        page.set_column(0, 0, 110)
        for i, (level, text) in enumerate(legend[1]):
            page.write_string(i, 0, text, _format(out, formats, level, "", colours))


def _title(name: str, taken: set[str]) -> str:
    """A sheet name that Excel takes, told apart from those that there are."""
    plain = "".join("_" if c in "[]:*?/\\" else c for c in name)[:31].strip("'") or "Sheet"
    title, number = plain, 1
    while title.lower() in taken:
        number += 1
        title = f"{plain[: 29 - len(str(number))]}({number})"
    taken.add(title.lower())
    return title


def _sheet(
    out: xlsxwriter.Workbook,
    title: str,
    sheet: Sheet,
    marks: Mapping[Place, Mark],
    colours: Mapping[str, str],
    formats: dict[tuple[str, str], Any],
    stated: Sequence[Width],
) -> None:
    page = out.add_worksheet(title)
    if sheet.hidden:
        page.hide()
    for column, wide in enumerate(_widths(sheet, stated)):
        hidden = {"hidden": True} if column + 1 in sheet.hidden_columns else {}
        page.set_column(column, column, wide, None, hidden)
    by_row: dict[int, dict[int, Mark]] = {}
    for (row, column), mark in marks.items():
        by_row.setdefault(row, {})[column] = mark
    for number, cells in enumerate(sheet.cells, 1):
        if number in sheet.hidden_rows:
            page.set_row(number - 1, None, None, {"hidden": True})
        marked = by_row.pop(number, {})
        for column, value in enumerate(cells, 1):
            found = marked.get(column)
            if (value is None or value == "") and found is None:
                continue
            number_format = _FORMATS.get(type(value), "")
            style = _format(out, formats, found.level if found else "", number_format, colours)
            _write(page, number - 1, column - 1, value, style)
            if found and found.note:
                page.write_comment(number - 1, column - 1, found.note, {"x_scale": 3, "y_scale": 2})
    for top, left, bottom, right in sheet.merges:
        if (top, left) != (bottom, right):  # their values are written already, which merge_range would do again
            page.merge.append([top - 1, left - 1, bottom - 1, right - 1])


def _write(page: Any, row: int, column: int, value: object, style: Any) -> None:
    if value is None or value == "":
        page.write_blank(row, column, None, style)
    elif isinstance(value, bool):
        page.write_boolean(row, column, value, style)
    elif isinstance(value, int | float | np.integer | np.floating):
        page.write_number(row, column, value, style)
    elif isinstance(value, dt.date | dt.time | dt.timedelta):
        page.write_datetime(row, column, value, style)
    else:
        page.write_string(row, column, str(value)[:32_767], style)


def _format(
    out: xlsxwriter.Workbook, formats: dict[tuple[str, str], Any], level: str, number: str, colours: Mapping[str, str]
) -> Any:
    if not level and not number:
        return None
    if (level, number) not in formats:
        fill = {"bg_color": f"#{colours[level][2:]}"} if level else {}
        formats[level, number] = out.add_format({**fill, **({"num_format": number} if number else {})})
    return formats[level, number]


def _widths(sheet: Sheet, stated: Sequence[Width]) -> list[float]:
    """Column widths as the source states them, else such as show the first rows' texts, an East Asian character counted
    as two."""
    widths: list[float] = [NARROWEST] * sheet.cells.shape[1] if len(sheet.cells) else []
    for cells in sheet.cells[:LOOKED_AT]:
        for column, value in enumerate(cells):
            if value is not None and value != "":
                width = sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in str(value)[:WIDEST])
                widths[column] = max(widths[column], min(width + 2, WIDEST))
    for first, last, own in stated:
        for column in range(first, min(last, len(widths)) + 1):
            widths[column - 1] = min(own, MOST_WIDE)
    return widths

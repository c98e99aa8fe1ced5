"""XML Spreadsheet 2003: what Excel 2003 and many web systems save as .xls."""

from __future__ import annotations

import re

from reconcile.read.sheet import ErrorCell, Sheet, Uncalculated, Value, moment, number, shown
from reconcile.read.streamed import Attributes, Page, Reader, chunks, count, time_of


def sheets(text: str) -> tuple[Sheet, ...]:
    """The sheets of an XML Spreadsheet 2003; its declared encoding does not count, the text is read already."""
    reader = Reader()
    reader.ignored = frozenset(["Comment", "Styles", "Names", "DocumentProperties", "PhoneticText"])
    kind = ""

    def start_sheet(given: Attributes) -> None:
        reader.pages.append(Page(given.get("Name", "")))

    def start_column(given: Attributes) -> None:
        page = reader.pages[-1]
        first = count(given, "Index", page.next_column)
        page.next_column = first + 1 + count(given, "Span", 0)
        if given.get("Hidden") == "1":
            page.hidden_columns.append((first, page.next_column - 1))

    def start_row(given: Attributes) -> None:
        page = reader.pages[-1]
        page.row = count(given, "Index", page.last_row + 1)
        page.last_row, page.column = page.row + count(given, "Span", 0), 0
        if given.get("Hidden") == "1":
            page.hidden_rows.append((page.row, page.last_row))

    def end_row() -> None:
        reader.pages[-1].end_row(reader.pages[-1].row)

    def start_cell(given: Attributes) -> None:
        page = reader.pages[-1]
        page.column = count(given, "Index", page.column + 1)
        reader.cell = given
        if "Formula" in given:
            page.put(Uncalculated(given["Formula"]))

    def end_cell() -> None:
        page, given = reader.pages[-1], reader.cell or {}
        down, across = count(given, "MergeDown", 0), count(given, "MergeAcross", 0)
        page.merge(down, across)
        page.column += across
        reader.cell = None

    def start_data(given: Attributes) -> None:
        nonlocal kind
        kind = given.get("Type", "String")
        reader.text = [] if reader.cell is not None else None

    def end_data() -> None:
        if reader.text is not None:
            content = "".join(reader.text)
            if content or kind == "String":
                reader.pages[-1].put(_value_2003(content, kind))
        reader.text = None

    def end_visible() -> None:
        if reader.pages and "Hidden" in "".join(reader.text or ()):
            reader.pages[-1].hidden = True
        reader.text = None

    def start_visible(_: Attributes) -> None:
        reader.text = []

    reader.starts = {
        "Worksheet": start_sheet,
        "Column": start_column,
        "Row": start_row,
        "Cell": start_cell,
        "Data": start_data,
        "Visible": start_visible,
    }
    reader.ends = {"Row": end_row, "Cell": end_cell, "Data": end_data, "Visible": end_visible}
    return reader.parse(chunks(text))


def _value_2003(text: str, kind: str) -> Value:
    if kind == "Number":
        return number(text)
    if kind == "DateTime":
        clock = re.fullmatch(r"1899-12-31T(\d\d):(\d\d):(\d\d)(?:\.\d+)?", text)
        return time_of(*(int(n) for n in clock.groups())) if clock else moment(text)
    if kind == "Boolean":
        return text.strip() == "1"
    return ErrorCell(text.strip()) if kind == "Error" else shown(text)

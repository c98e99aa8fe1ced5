"""OpenDocument spreadsheets (.ods), from the stream of their content."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reconcile.read.sheet import ErrorCell, Sheet, Uncalculated, Value, moment, number, shown
from reconcile.read.streamed import Attributes, Page, Reader, count, time_of

_TIME = re.compile(r"-?PT(\d+)H(\d+)M(\d+)(?:[.,](\d+))?S")
_ERROR = re.compile(r"Err:\d{3}|#[A-Z]+[!?/A-Z0]*")


def sheets(chunks: Iterator[bytes]) -> tuple[Sheet, ...]:
    """The sheets of an OpenDocument spreadsheet's content."""
    reader = Reader()
    reader.ignored = frozenset(
        [
            "annotation",
            "tracked-changes",
            "shapes",
            "forms",
            "dde-link",
            "ruby-text",
            "frame",
            "custom-shape",
            "rect",
            "line",
            "control",
        ]
    )
    hidden_styles: set[str] = set()
    style = ""
    lines: list[str] = []

    def start_style(given: Attributes) -> None:
        nonlocal style
        style = given.get("name", "") if given.get("family") == "table" else ""

    def table_properties(given: Attributes) -> None:
        if given.get("display") == "false":
            hidden_styles.add(style)

    def start_table(given: Attributes) -> None:
        hidden = given.get("style-name", "") in hidden_styles - {""} or given.get("display") == "false"
        reader.pages.append(Page(given.get("name", ""), hidden))

    def start_column(given: Attributes) -> None:
        page = reader.pages[-1]
        first, page.next_column = page.next_column, page.next_column + count(given, "number-columns-repeated")
        if given.get("visibility") in ("collapse", "filter"):
            page.hidden_columns.append((first, page.next_column - 1))

    def start_row(given: Attributes) -> None:
        page = reader.pages[-1]
        page.row, page.column = page.last_row + 1, 1
        page.last_row += count(given, "number-rows-repeated")
        if given.get("visibility") in ("collapse", "filter"):
            page.hidden_rows.append((page.row, page.last_row))

    def end_row() -> None:
        reader.pages[-1].end_row(reader.pages[-1].last_row)

    def start_cell(given: Attributes) -> None:
        reader.cell = given
        lines.clear()

    def end_cell() -> None:
        page, given = reader.pages[-1], reader.cell or {}
        across = count(given, "number-columns-repeated")
        value = _opendocument_value(given, "\n".join(lines))
        if value is not None and value != "":
            page.put(value, across)
        spans = count(given, "number-rows-spanned") - 1, count(given, "number-columns-spanned") - 1
        page.merge(max(spans[0], 0), max(spans[1], 0))
        page.column += across
        reader.cell = None

    def start_line(_: Attributes) -> None:
        reader.text = [] if reader.cell is not None else None

    def end_line() -> None:
        if reader.text is not None:
            lines.append("".join(reader.text))
        reader.text = None

    def write(text: str) -> None:
        if reader.text is not None:
            reader.text.append(text)

    reader.starts = {
        "style": start_style,
        "table-properties": table_properties,
        "table": start_table,
        "table-column": start_column,
        "table-row": start_row,
        "table-cell": start_cell,
        "covered-table-cell": start_cell,
        "p": start_line,
        "s": lambda given: write(" " * min(count(given, "c"), 1_000)),
        "tab": lambda _: write("\t"),
        "line-break": lambda _: write("\n"),
    }
    reader.ends = {"table-row": end_row, "table-cell": end_cell, "covered-table-cell": end_cell, "p": end_line}
    return reader.parse(chunks)


def _opendocument_value(given: Attributes, text: str) -> Value:
    kind = given.get("value-type", "")
    if "formula" in given:
        if (not kind or kind == "error") and not text:
            return Uncalculated(given["formula"].partition(":")[2] or given["formula"])
        if kind == "error" or _ERROR.fullmatch(text):
            return ErrorCell(text)
    if kind in ("float", "percentage", "currency"):
        return number(given.get("value", text))
    if kind == "boolean":
        return given.get("boolean-value") == "true"
    if kind == "date":
        return moment(given.get("date-value", text))
    if kind == "time" and (found := _TIME.fullmatch(given.get("time-value", ""))):
        hours, minutes, seconds = (int(n) for n in found.groups()[:3])
        return time_of(hours, minutes, seconds)
    return shown(text or given.get("string-value", ""))

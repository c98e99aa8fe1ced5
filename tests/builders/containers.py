"""Writes a grid as a file of one kind."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from .grid import ErrorCell, Formula, Grid, Plain
from .markup import html, spreadsheet_2003, text_of


@dataclass(frozen=True)
class Container:
    name: str
    suffix: str
    write: Callable[[Grid], bytes]
    holds: frozenset[str]  # of: sheets, merges, hidden, formulas, uncached, errors, epoch, serials
    encoding: str = ""


def _xlsx(grid: Grid) -> bytes:
    """With the library that can say what each grid needs: cached results, or formulas that have none."""
    uncached = any(isinstance(v, Formula) and v.cached is None for s in grid for v in s.cells.values())
    cached = any(isinstance(v, Formula) and v.cached is not None for s in grid for v in s.cells.values())
    if uncached and cached:
        raise ValueError("a workbook has either cached or uncached formulas here, not both")
    return _openpyxl(grid) if uncached else _xlsxwriter(grid)


def _xlsxwriter(grid: Grid) -> bytes:
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "date_1904": grid.date1904})
    book.set_properties({"created": datetime(2021, 1, 1)})
    amount, day = book.add_format({"num_format": "#,##0.00"}), book.add_format({"num_format": "yyyy-mm-dd"})
    centre = book.add_format({"align": "center"})
    for sheet in grid:
        page = book.add_worksheet(sheet.name)
        cells = sheet.cells
        if sheet.hidden:
            page.hide()
        for m in sheet.merges:
            page.merge_range(m.top - 1, m.left - 1, m.bottom - 1, m.right - 1, "", centre)
        for (r, c), value in cells.items():
            at = (r - 1, c - 1)
            money_format = amount if c in sheet.formats and sheet.formats[c].startswith("#") else None
            if isinstance(value, Formula):
                page.write_formula(*at, value.text, money_format, value.cached)
            elif isinstance(value, ErrorCell):
                page.write_formula(*at, "=" + value.code, None, value.code)
            elif isinstance(value, str):
                page.write_string(*at, value)
            elif isinstance(value, date):
                page.write_datetime(*at, datetime(value.year, value.month, value.day), day)
            else:
                page.write_number(*at, value, money_format)
        for i, row in enumerate(sheet.rows):
            if row.hidden:
                page.set_row(i, None, None, {"hidden": True})
    book.close()
    return buffer.getvalue()


def _openpyxl(grid: Grid) -> bytes:
    import openpyxl
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book = openpyxl.Workbook()
    if grid.date1904:
        book.epoch = CALENDAR_MAC_1904
    book.remove(book.worksheets[0])
    for sheet in grid:
        page = book.create_sheet(sheet.name)
        page.sheet_state = "hidden" if sheet.hidden else "visible"
        for (r, c), value in sheet.cells.items():
            cell = page.cell(r, c)
            if isinstance(value, Formula):
                cell.value = value.text
            elif isinstance(value, ErrorCell):
                cell.value = value.code
            elif isinstance(value, str):
                cell.value, cell.data_type = value, "s"
            else:
                cell.value = value
            if c in sheet.formats and not isinstance(value, str):
                cell.number_format = sheet.formats[c]
        for m in sheet.merges:
            page.merge_cells(start_row=m.top, start_column=m.left, end_row=m.bottom, end_column=m.right)
        for i, row in enumerate(sheet.rows, start=1):
            if row.hidden:
                page.row_dimensions[i].hidden = True
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _retyped(data: bytes, change: Callable[[str, str], str]) -> bytes:
    """A package with the text of its parts changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            body = old.read(part)
            if part.endswith((".xml", ".rels")):
                body = change(part, body.decode("utf-8")).encode("utf-8")
            new.writestr(part, body)
    return buffer.getvalue()


def _xlsm(grid: Grid) -> bytes:
    plain = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    macro = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    return _retyped(_xlsx(grid), lambda part, text: text.replace(plain, macro))


def _strict(grid: Grid) -> bytes:
    """Strict Open XML: the ISO namespaces."""
    old = "http://schemas.openxmlformats.org/"
    new = "http://purl.oclc.org/ooxml/"
    moves = (
        (old + "spreadsheetml/2006/main", new + "spreadsheetml/main"),
        (old + "officeDocument/2006/relationships", new + "officeDocument/relationships"),
        (old + "drawingml/2006/main", new + "drawingml/main"),
        (old + "officeDocument/2006/extended-properties", new + "officeDocument/extendedProperties"),
        (old + "officeDocument/2006/docPropsVTypes", new + "officeDocument/docPropsVTypes"),
        ("<workbook ", '<workbook conformance="strict" '),
    )

    def change(part: str, text: str) -> str:
        for before, after in moves:
            text = text.replace(before, after)
        return text

    return _retyped(_xlsx(grid), change)


def _xls(grid: Grid) -> bytes:
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    book.dates_1904 = grid.date1904
    plain, amount, day = xlwt.XFStyle(), xlwt.XFStyle(), xlwt.XFStyle()
    amount.num_format_str, day.num_format_str = "#,##0.00", "yyyy-mm-dd"
    for sheet in grid:
        page = book.add_sheet(sheet.name)
        page.visibility = 1 if sheet.hidden else 0
        for (r, c), value in sheet.cells.items():
            at = (r - 1, c - 1)
            if isinstance(value, ErrorCell):
                page.row(at[0]).set_cell_error(at[1], value.code)
            elif isinstance(value, Formula):
                page.write(*at, xlwt.Formula(value.text.removeprefix("=")))
            elif isinstance(value, date):
                page.write(*at, datetime(value.year, value.month, value.day), day)
            elif isinstance(value, (Decimal, float)) and c in sheet.formats:
                page.write(*at, value, amount)
            else:
                page.write(*at, value, plain)
        for m in sheet.merges:
            page.merge(m.top - 1, m.bottom - 1, m.left - 1, m.right - 1)
        for i, row in enumerate(sheet.rows):
            if row.hidden:
                page.row(i).hidden = True
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _ods(grid: Grid) -> bytes:
    from odf.number import DateStyle, Day, Month, Text, Year
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.style import Style, TableProperties
    from odf.table import CoveredTableCell, Table, TableCell, TableRow
    from odf.text import P

    book = OpenDocumentSpreadsheet()
    hide = Style(name="hidden", family="table")
    hide.addElement(TableProperties(display="false"))
    book.automaticstyles.addElement(hide)
    form = DateStyle(name="day")
    for piece in (Year(style="long"), Text(text="-"), Month(style="long"), Text(text="-"), Day(style="long")):
        form.addElement(piece)
    book.automaticstyles.addElement(form)
    day = Style(name="date", family="table-cell", datastylename="day")
    book.automaticstyles.addElement(day)

    def cell(value: Plain, spans: dict[str, int]) -> TableCell:
        shown = text_of(value)
        if isinstance(value, ErrorCell):
            made = TableCell(formula=f"of:={value.code}", valuetype="string", stringvalue="", **spans)
        elif isinstance(value, Formula):
            text = "of:=" + value.text.removeprefix("=")
            made = TableCell(formula=text, valuetype="float", value=shown, **spans)
        elif value is None:
            return TableCell(**spans)
        elif isinstance(value, str):
            made = TableCell(valuetype="string", **spans)
        elif isinstance(value, date):
            made = TableCell(valuetype="date", datevalue=f"{value:%Y-%m-%d}", stylename=day, **spans)
        else:
            made = TableCell(valuetype="float", value=shown, **spans)
        for piece in shown.replace("\r\n", "\n").split("\n"):
            made.addElement(P(text=piece))
        return made

    for sheet in grid:
        table = Table(name=sheet.name, **({"stylename": hide} if sheet.hidden else {}))
        cells = sheet.cells
        starts = {(m.top, m.left): m for m in sheet.merges}
        covered = sheet.covered
        for r, row in enumerate(sheet.rows, start=1):
            line = TableRow(**({"visibility": "collapse"} if row.hidden else {}))
            for c in range(1, len(sheet.kinds) + 1):
                if (r, c) in covered:
                    line.addElement(CoveredTableCell())
                    continue
                spans = {}
                if (r, c) in starts:
                    m = starts[(r, c)]
                    spans = {"numbercolumnsspanned": m.right - m.left + 1, "numberrowsspanned": m.bottom - m.top + 1}
                line.addElement(cell(cells.get((r, c)), spans))
            table.addElement(line)
        book.spreadsheet.addElement(table)
    buffer = io.BytesIO()
    book.write(buffer)
    return buffer.getvalue()


def _separated(encoding: str, mark: str = ",") -> Callable[[Grid], bytes]:
    def write(grid: Grid) -> bytes:
        (sheet,) = grid.sheets
        buffer = io.StringIO(newline="")
        writer = csv.writer(buffer, delimiter=mark, lineterminator="\r\n")
        cells = sheet.cells
        for r in range(1, len(sheet.rows) + 1):
            writer.writerow([text_of(cells.get((r, c))) for c in range(1, len(sheet.kinds) + 1)])
        return buffer.getvalue().encode(encoding)

    return write


BOOK = frozenset({"sheets", "merges", "hidden", "serials"})
XLSX = BOOK | {"hidden-rows", "formulas", "uncached", "errors", "epoch"}
LISTED = (
    Container("xlsx", ".xlsx", _xlsx, XLSX),
    Container("xlsm", ".xlsm", _xlsm, XLSX),
    Container("xlsx-strict", ".xlsx", _strict, XLSX),
    Container("xls", ".xls", _xls, BOOK | {"hidden-rows", "errors", "epoch"}),
    Container("ods", ".ods", _ods, BOOK | {"formulas"}),
    Container("html", ".xls", lambda g: html(g).encode("utf-8"), frozenset({"merges", "sheets"}), "utf-8"),
    Container("html-gb18030", ".xls", lambda g: html(g).encode("gb18030"), frozenset({"merges"}), "gb18030"),
    Container("xml-2003", ".xls", lambda g: spreadsheet_2003(g).encode("utf-8"), BOOK | {"errors", "formulas"}),
    Container("csv-utf-8", ".csv", _separated("utf-8"), frozenset(), "utf-8"),
    Container("csv-utf-8-sig", ".csv", _separated("utf-8-sig"), frozenset(), "utf-8"),
    Container("csv-gb18030", ".csv", _separated("gb18030"), frozenset(), "gb18030"),
    Container("csv-big5", ".csv", _separated("big5"), frozenset(), "big5"),
    Container("csv-utf-16", ".csv", _separated("utf-16"), frozenset(), "utf-16"),
    Container("txt-gb18030", ".txt", _separated("gb18030", "\t"), frozenset(), "gb18030"),
    Container("txt-utf-16", ".txt", _separated("utf-16", "\t"), frozenset(), "utf-16"),
)
CONTAINERS = {c.name: c for c in LISTED}


def needs(grid: Grid) -> frozenset[str]:
    """What a container must hold for this grid to survive in it."""
    found = set()
    if len(grid.sheets) > 1:
        found.add("sheets")
    if grid.date1904:
        found.add("epoch")
    for sheet in grid:
        body = {r + 1 for r, row in enumerate(sheet.rows) if row.role not in ("title", "header")}
        if any(m.top in body for m in sheet.merges):
            found.add("merges")
        if sheet.hidden:
            found.add("hidden")
        if any(row.hidden for row in sheet.rows):
            found.add("hidden-rows")
        for value in sheet.cells.values():
            if isinstance(value, Formula):
                found.add("uncached" if value.cached is None else "formulas")
            elif isinstance(value, ErrorCell):
                found.add("errors")
    return frozenset(found)


def fits(grid: Grid, container: str) -> bool:
    return needs(grid) <= CONTAINERS[container].holds and (container != "csv-big5" or _encodes(grid, "big5"))


def _encodes(grid: Grid, encoding: str) -> bool:
    try:
        "".join(v for s in grid for v in s.cells.values() if isinstance(v, str)).encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def write_grid(grid: Grid, container: str, folder: Path, stem: str) -> Path:
    kind = CONTAINERS[container]
    path = folder / f"{stem}{kind.suffix}"
    path.write_bytes(kind.write(grid))
    return path

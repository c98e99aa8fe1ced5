"""Spreadsheets that are markup: HTML saved as .xls, and XML Spreadsheet 2003."""

from __future__ import annotations

from datetime import date
from html import escape

from .grid import ErrorCell, Formula, Grid, Plain


def text_of(value: Plain) -> str:
    """A value as a text file shows it."""
    if isinstance(value, Formula):
        return text_of(value.cached)
    if isinstance(value, ErrorCell):
        return value.code
    return "" if value is None else str(value)


def html(grid: Grid) -> str:
    """As web systems export it: Office namespaces, no charset, merges as spans."""
    out = ['<html xmlns:o="urn:schemas-microsoft-com:office:office"']
    out.append(' xmlns:x="urn:schemas-microsoft-com:office:excel"><head></head><body>')
    for sheet in grid:
        cells, hidden = sheet.cells, sheet.covered
        spans = {(m.top, m.left): m for m in sheet.merges}
        out.append('<table border="1">')
        for r in range(1, len(sheet.rows) + 1):
            out.append("<tr>")
            tag = "th" if sheet.rows[r - 1].role == "header" else "td"
            for c in range(1, len(sheet.kinds) + 1):
                if (r, c) in hidden:
                    continue
                span = ""
                if (r, c) in spans:
                    m = spans[(r, c)]
                    if m.right > m.left:
                        span += f' colspan="{m.right - m.left + 1}"'
                    if m.bottom > m.top:
                        span += f' rowspan="{m.bottom - m.top + 1}"'
                text = escape(text_of(cells.get((r, c)))).replace("\r\n", "<br>").replace("\n", "<br>")
                out.append(f"<{tag}{span}>{text.replace(chr(160), '&nbsp;')}</{tag}>")
            out.append("</tr>\n")
        out.append("</table>")
    out.append("</body></html>")
    return "".join(out)


def spreadsheet_2003(grid: Grid) -> str:
    """XML Spreadsheet 2003, empty cells skipped with ss:Index."""
    out = ['<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n']
    out.append('<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"')
    out.append(' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">\n')
    out.append('<Styles><Style ss:ID="d"><NumberFormat ss:Format="yyyy\\-mm\\-dd"/></Style></Styles>\n')
    for sheet in grid:
        cells, hidden = sheet.cells, sheet.covered
        spans = {(m.top, m.left): m for m in sheet.merges}
        out.append(f'<Worksheet ss:Name="{escape(sheet.name)}"><Table>\n')
        for r in range(1, len(sheet.rows) + 1):
            out.append("<Row>")
            expected = 1
            for c in range(1, len(sheet.kinds) + 1):
                value = cells.get((r, c))
                if (r, c) in hidden or (value is None and (r, c) not in spans):
                    continue
                at = "" if c == expected else f' ss:Index="{c}"'
                expected = c + 1
                if (r, c) in spans:
                    m = spans[(r, c)]
                    if m.right > m.left:
                        at += f' ss:MergeAcross="{m.right - m.left}"'
                        expected = m.right + 1
                    if m.bottom > m.top:
                        at += f' ss:MergeDown="{m.bottom - m.top}"'
                out.append(f"<Cell{_style(value)}{at}{_formula(value)}>{_data(value)}</Cell>")
            out.append("</Row>\n")
        out.append("</Table>")
        if sheet.hidden:
            out.append('<WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel">')
            out.append("<Visible>SheetHidden</Visible></WorksheetOptions>")
        out.append("</Worksheet>\n")
    out.append("</Workbook>")
    return "".join(out)


def _style(value: Plain) -> str:
    return ' ss:StyleID="d"' if isinstance(value, date) else ""


def _formula(value: Plain) -> str:
    return f' ss:Formula="{escape(value.text)}"' if isinstance(value, Formula) else ""


def _data(value: Plain) -> str:
    if value is None:
        return ""
    if isinstance(value, ErrorCell):
        return f'<Data ss:Type="Error">{value.code}</Data>'
    if isinstance(value, date):
        return f'<Data ss:Type="DateTime">{value:%Y-%m-%dT00:00:00.000}</Data>'
    shown = value.cached if isinstance(value, Formula) else value
    kind = "String" if isinstance(shown, str) else "Number"
    text = escape(text_of(shown)).replace("\r\n", "&#10;").replace("\n", "&#10;")
    return f'<Data ss:Type="{kind}">{text}</Data>'

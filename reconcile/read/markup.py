"""HTML saved as a spreadsheet: its tables as a web page shows them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from reconcile.read.sheet import MAX_COLUMNS, MAX_ROWS, Area, ReadError, Sheet, Value, lay_out, shown
from reconcile.read.words import normalise, rows_of

_TOKEN = re.compile(
    r"<!--(?:.*?-->|.*)|<!\[(?:.*?\]>|.*)|<(script|style|template|noscript|title|xml)\b.*?(?:</\1\s*>|\Z)"
    r"|<(/?)([a-z][\w:.-]*)((?:[^<>\"']++|\"[^\"]{0,8192}\"|'[^']{0,8192}'){0,200}+|[^<>]*+)>|<[!?][^>]*>|[^<]+|<",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"([\w:.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_NAME = re.compile(r"<x:Name>([^<]{1,64})</x:Name>")
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_NOT_SHOWN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_AMOUNT = re.compile(r"-?[\d,]*\.?\d+")
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "dt",
        "dd",
        "pre",
        "center",
        "ul",
        "ol",
        "form",
        "hr",
        "body",
    ]
)
_BREAK, _BLOCK = "\0", "\1"  # a line's end, told apart from a break in the source
_BLOCK_RUN = re.compile(r"\s*\x01[\s\x01]*")
_DEEPEST = 64


@dataclass
class _Table:
    """A table being read."""

    hangs: dict[int, int] = field(default_factory=dict)  # column → rows that a span from above still covers
    row: dict[int, Value] | None = None
    column: int = 0
    span: tuple[int, int] = (1, 1)  # rows and columns of the cell being read
    text: list[str] | None = None
    number: str = ""
    hidden: bool = False
    holds_table: bool = False  # some cell of this row does
    row_areas: list[tuple[int, int, int]] = field(default_factory=list)  # column, rows, columns
    areas: list[tuple[int, int, int, int]] = field(default_factory=list)  # row, column, rows, columns


@dataclass
class _Page:
    rows: list[dict[int, Value]] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)  # how many rows stand above each outer table
    titles: set[int] = field(default_factory=set)  # rows, from 0, of text outside tables
    hidden: set[int] = field(default_factory=set)
    merges: list[Area] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)
    stack: list[_Table] = field(default_factory=list)


def sheets(text: str) -> tuple[Sheet, ...]:
    """The tables of a page, one below the other in one sheet, as a spreadsheet program opens them.

    Text outside tables is a row of its own: titles and units often stand there.  A table inside a cell stands
    before the row of that cell.  A table with a title and a header of its own starts a new sheet, in which the
    rows above it are blank: a row has one number, in every sheet and in the program that opens the page.
    """
    page = _Page()
    for found in _TOKEN.finditer(text):
        if found[3]:
            _tag(page, found[3].lower(), found[4], closing=bool(found[2]))
        elif found[0][0] != "<" or found[0] == "<":
            _write(page, found[0])
    if page.stack:
        raise ReadError("truncated", "<table>")
    _flush(page)
    if len(page.rows) > MAX_ROWS:
        raise ReadError("too-large", f"{len(page.rows):,}")
    name = _NAME.search(text)
    return tuple(_parted(page, html.unescape(name[1]) if name else "Sheet1"))


def _tag(page: _Page, tag: str, attributes: str, *, closing: bool) -> None:
    table = page.stack[-1] if page.stack else None
    if tag == "table":
        if not closing:
            _open_table(page, table)
        elif table:
            _end_row(page, table)
            _close_table(page)
    elif table and tag in ("tr", "caption"):
        _end_row(page, table)
        if not closing:
            table.row, table.column, table.holds_table = {}, 1, False
            table.hidden = bool(_NOT_SHOWN.search(attributes))
            if tag == "caption":
                table.text, table.span = [], (1, 1)
    elif table and tag in ("td", "th"):
        _end_cell(table)
        if not closing:
            if table.row is None:
                table.row, table.column, table.holds_table, table.hidden = {}, 1, False, False
            _open_cell(table, attributes)
    elif tag == "br":
        _write(page, _BREAK)
    elif tag in _BLOCKS:
        _write(page, _BLOCK)


def _open_table(page: _Page, outer: _Table | None) -> None:
    if len(page.stack) == _DEEPEST:
        raise ReadError("too-large", f"<table> × {_DEEPEST}")
    _flush(page)
    if outer:
        outer.holds_table = True
    else:
        page.starts.append(len(page.rows))
    page.stack.append(_Table())


def _close_table(page: _Page) -> None:
    last = len(page.rows)
    for row, column, down, across in page.stack.pop().areas:
        bottom = min(row + down - 1, last)
        if bottom > row or across > 1:
            page.merges.append((row, column, bottom, column + across - 1))


def _open_cell(table: _Table, attributes: str) -> None:
    while table.hangs.get(table.column, 0) > 0:
        table.column += 1
    given = {k.lower(): a or b or c for k, a, b, c in _ATTRIBUTE.findall(attributes)} if attributes else {}
    table.span = min(_span(given, "rowspan"), 65_534), min(_span(given, "colspan"), 1_000)
    table.text, table.number = [], given.get("x:num") or given.get("sdval", "")


def _span(given: dict[str, str], name: str) -> int:
    found = re.match(r"\s*(\d{1,6})", given.get(name, ""))
    return max(int(found[1]), 1) if found else 1


def _end_cell(table: _Table) -> None:
    if table.text is None or table.row is None:
        return
    value: Value = _lines("".join(table.text))
    if table.number and _AMOUNT.fullmatch(str(value)):
        value = table.number  # the number itself, of which the text is a rounding
    if value != "":
        table.row[table.column] = shown(str(value))
    down, across = table.span
    if down > 1 or across > 1:
        table.row_areas.append((table.column, down, across))
    for covered in range(table.column, table.column + across):
        table.hangs[covered] = max(table.hangs.get(covered, 0), down)
    table.column += across
    table.text, table.number = None, ""
    if table.column > MAX_COLUMNS:
        raise ReadError("too-large", f"{table.column:,}")


def _end_row(page: _Page, table: _Table) -> None:
    if table.row is None:
        return
    _end_cell(table)
    if table.row or not table.holds_table:
        page.rows.append(table.row)
        table.areas += [(len(page.rows), *area) for area in table.row_areas]
        table.hangs = {c: n - 1 for c, n in table.hangs.items() if n > 1}
        if table.hidden:
            page.hidden.add(len(page.rows))
    table.row = None
    table.row_areas.clear()


def _write(page: _Page, text: str) -> None:
    if not page.stack:
        if text in (_BREAK, _BLOCK):
            _flush(page)
        else:
            page.loose.append(text)
    elif (cell := page.stack[-1].text) is not None:
        cell.append(text)


def _flush(page: _Page) -> None:
    """Loose text becomes a row."""
    line = _lines("".join(page.loose))
    page.loose.clear()
    if line:
        page.titles.add(len(page.rows))
        page.rows.append({1: line})


def _lines(text: str) -> str:
    if _BLOCK in text:
        text = _BLOCK_RUN.sub(_BREAK, text)
    lines = [html.unescape(_BLANKS.sub(" ", line)).strip() for line in text.split(_BREAK)]
    return "\n".join(lines).strip()


def _parted(page: _Page, name: str) -> Iterator[Sheet]:
    """One sheet, or several where a table has a title and a header of its own."""
    bounds, header = [0], ""
    for start, end in zip(page.starts, [*page.starts[1:], len(page.rows)]):
        above = start
        while above - 1 in page.titles:
            above -= 1
        found, at = _header(page.rows[start:end])
        if header and found and (found != header or at > 0 or above < start):
            bounds.append(above)
        header = found or header
    for number, (start, end) in enumerate(zip(bounds, [*bounds[1:], len(page.rows)]), start=1):
        yield Sheet(
            name if len(bounds) == 1 else f"{name} ({number})",
            lay_out({r: row for r, row in enumerate(page.rows[start:end], start + 1) if row}, name),
            tuple(m for m in page.merges if start < m[0] <= end),
            hidden_rows=frozenset(r for r in page.hidden if start < r <= end),
        )


def _header(rows: list[dict[int, Value]]) -> tuple[str, int]:
    """The first row of a table that names columns, as one text, and how many rows stand above it."""
    for at, row in enumerate(rows[:12]):
        words = [normalise(str(v)) for v in row.values()]
        if len(words) > 2 and sum(1 for w in words if w in _known()) > 1:
            return "\n".join(words), at
    return "", 0


@cache
def _known() -> frozenset[str]:
    return frozenset(normalise(w) for record in rows_of("header_words") for w in record["words"].split("|"))

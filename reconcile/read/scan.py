"""The cells of a plainly written .xlsx package, a chunk of its XML at a time, in arrays.

Spreadsheet programs write a sheet in one narrow form of XML.  Only that form is read here, every byte of it held
against its grammar; anything else raises OddError, and the general reader takes the sheet.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile.read import ooxml, serials
from reconcile.read.elements import Elements, frame
from reconcile.read.grid import Grid
from reconcile.read.shared import Shared
from reconcile.read.sheet import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, ErrorCell, Place, Scanned, ranges
from reconcile.read.threads import in_threads
from reconcile.read.tokens import (
    Grammar,
    Index,
    Kind,
    OddError,
    Tokens,
    check_text_tags,
    masked,
    texts,
    tokens,
    whole_numbers,
)

_CELL_OR_END = ("c", "c/", "/row")
_SHEET = Grammar(
    {
        "row": Kind(b"row", _CELL_OR_END, attributes=True),
        "row/": Kind(b"row", ("row", "row/"), attributes=True),
        "/row": Kind(b"/row", ("row", "row/")),
        "c": Kind(b"c", ("v", "f", "f/", "is", "/c"), attributes=True),
        "c/": Kind(b"c", _CELL_OR_END, attributes=True),
        "/c": Kind(b"/c", _CELL_OR_END),
        "f": Kind(b"f", ("/f",), attributes=True, text=True),
        "f/": Kind(b"f", ("v",), attributes=True),
        "/f": Kind(b"/f", ("v",)),
        "v": Kind(b"v", ("/v",), text=True),
        "/v": Kind(b"/v", ("/c",)),
        "is": Kind(b"is", ("t",)),
        "t": Kind(b"t", ("/t",), attributes=True, text=True),
        "/t": Kind(b"/t", ("/is",)),
        "/is": Kind(b"/is", ("/c",)),
    },
    first=("row", "row/"),
    last=("/row", "row/"),
)
_ROW_HIDDEN = re.compile(rb"<row r=\"(\d+)\"[^>]*?\shidden=\"(?:1|true)\"")
_DIMENSION = re.compile(rb"<dimension ref=\"([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})\"")
_ATTRIBUTES = re.compile(rb"(?: s=\"(?P<style>\d{1,5})\"| t=\"(?P<type>\w{1,9})\")* ?")
_TYPES = {b"": "n", b"n": "n", b"s": "s", b"str": "str", b"inlineStr": "inlineStr", b"b": "b", b"e": "e"}
_CODES = {name: i for i, name in enumerate(("n", "s", "str", "inlineStr", "b", "e"))}
_NUMERIC = np.zeros(256, dtype=bool)
_NUMERIC[[0, *b"0123456789.eE+-"]] = True
_START_OF_CELL = np.uint64(int.from_bytes(b' r="', "little"))
_FOUR = np.uint64(0xFFFFFFFF)


def scan(shared: Shared, part: str) -> Scanned:
    """The sheet that a part holds.  Raises OddError where it is not plainly written."""
    units: dict[Place, str] = {}
    hidden: set[int] = set()
    grid = None
    with shared.package.open(part) as stream:
        elements = Elements(stream, b"<sheetData", b"</row>", b"</sheetData>")
        for piece in in_threads(partial(_piece, shared), elements):
            grid = grid or Grid(*_stated_size(elements.before))
            grid.put(piece.row, piece.column, piece.string, piece.value)
            units |= piece.units
            hidden.update(piece.hidden)
    root = frame(elements, "worksheet", b"</sheetData>")
    if sum(child.tag.endswith("}sheetData") for child in root) != 1:
        raise OddError("frame")
    areas = [ooxml.area(e.get("ref", "")) for e in root.iter() if e.tag.endswith("}mergeCell")]
    merges = tuple(area for area in areas if area)
    if len(merges) < len(areas):
        raise OddError("merge")
    hidden_columns = [e for e in root.iter() if e.tag.endswith("}col") and e.get("hidden") in ("1", "true")]
    try:
        columns = [(int(e.get("min", 0)), int(e.get("max", 0))) for e in hidden_columns]
    except ValueError:
        raise OddError("columns") from None
    cells = (grid or Grid(0, 0)).cells(shared.strings)
    return Scanned(cells, merges, frozenset(hidden), ranges(columns, MAX_COLUMNS), units)


@dataclass(frozen=True)
class _Piece:
    """The filled cells of one chunk, 1-based: which shared string each holds, and the values of the others (where
    that is −1), in their order.  Its hidden rows, and its cells that print a unit."""

    row: npt.NDArray[np.int32]
    column: npt.NDArray[np.int32]
    string: npt.NDArray[np.int32]
    value: npt.NDArray[np.object_]
    hidden: tuple[int, ...]
    units: Mapping[Place, str]


def _piece(shared: Shared, chunk: bytes) -> _Piece:
    tags = tokens(chunk, _SHEET)
    number = _SHEET.number
    kind = tags.kind
    is_row = (kind == number["row"]) | (kind == number["row/"])
    is_cell = (kind == number["c"]) | (kind == number["c/"])
    at_row, at_cell = np.flatnonzero(is_row), np.flatnonzero(is_cell)
    cells_in_row = np.diff(np.searchsorted(at_cell, at_row), append=len(at_cell))
    rows, row_words, digits = _rows(tags, at_row)
    row = np.repeat(rows, cells_in_row)
    column, rest = _places(tags, at_cell, np.repeat(row_words, cells_in_row), np.repeat(digits, cells_in_row))
    style, kinds = _attributes(tags, rest, tags.end[at_cell] - (kind[at_cell] == number["c/"]))
    if len(row) and (((np.diff(row) == 0) & (np.diff(column) <= 0)).any()):
        raise OddError("order of cells")
    hidden: tuple[int, ...] = ()
    if b"h" in tags.data and b' hidden="' in tags.data:
        hidden = tuple(map(int, _ROW_HIDDEN.findall(tags.data)))
    dates, unit_styles = shared.styles
    if len(style) and not shared.has_style(int(style.max())):
        raise OddError("style")
    printed = np.flatnonzero(np.isin(style, list(unit_styles))) if unit_styles else ()
    units = {(int(row[i]), int(column[i])): unit_styles[int(style[i])] for i in printed}
    at_value = np.flatnonzero((kind == number["v"]) | (kind == number["t"]))
    filled = len(at_value) == len(at_cell)
    cell: Any = slice(None) if filled else np.searchsorted(at_cell, at_value) - 1
    inline = kind[at_value] == number["t"]
    if ((kinds[cell] == _CODES["inlineStr"]) != inline).any():
        raise OddError("inline")
    check_text_tags(tags, at_value[inline])
    string, value = _values(shared, tags, at_value, kinds[cell], style[cell], dates)
    return _Piece(row[cell].astype(np.int32), column[cell].astype(np.int32), string, value, hidden, units)


def _rows(tags: Tokens, at: Index) -> tuple[Index, npt.NDArray[np.uint64], Index]:
    """Row numbers, the words that begin with their digits, and how many digits they have."""
    start = tags.start[at]
    if (tags.words(start + 4) & _FOUR != _START_OF_CELL).any():
        raise OddError("row")
    words = tags.words(start + 8)
    quotes = np.argmax((words[:, None].view(np.uint8) == 34), axis=1).astype(np.int64)
    numbers = whole_numbers(masked(words, quotes), quotes)
    if len(numbers) and (numbers[-1] > MAX_ROWS or numbers[0] < 1 or (np.diff(numbers) <= 0).any()):
        raise OddError("order of rows")
    return numbers, words, quotes


def _places(tags: Tokens, at: Index, row_words: npt.NDArray[np.uint64], digits: Index) -> tuple[Index, Index]:
    """Column numbers, and where each cell's attributes go on after its reference, which names its row."""
    start = tags.start[at]
    words = tags.words(start + 2)
    if (words & _FOUR != _START_OF_CELL).any():
        raise OddError("cell")
    letters = [(words >> np.uint64(shift)).astype(np.uint8) - np.uint8(64) for shift in (32, 40, 48)]
    is_letter = [letter - np.uint8(1) < 26 for letter in letters]
    second, third = is_letter[1], is_letter[1] & is_letter[2]
    column = letters[0].astype(np.int64)
    if second.any():
        column = np.where(second, column * 26 + letters[1], column)
        column = np.where(third, column * 26 + letters[2], column)
    after = start + 7 + second + third
    row_differs = masked(tags.words(after) ^ row_words, digits + 1)
    if not is_letter[0].all() or row_differs.any() or (len(column) and column.max() > MAX_COLUMNS):
        raise OddError("reference")
    return column, after + digits + 1


def _attributes(tags: Tokens, start: Index, end: Index) -> tuple[Index, npt.NDArray[np.uint8]]:
    """Style and type of every cell from the attributes behind its reference."""
    size = end - start
    style = np.zeros(len(start), dtype=np.int64)
    kind = np.zeros(len(start), dtype=np.uint8)
    if not len(size) or size.max() == 0:
        return style, kind
    if size.min() < 0 or size.max() > 32:
        raise OddError("attributes")
    steps = range(0, int(size.max()), 8)
    codes = np.zeros(len(start), dtype=np.int64)
    for step in steps:
        words = masked(tags.words(start + step), size - step)
        if (words != words[0]).any():
            part, distinct = pd.factorize(words)
            codes = pd.factorize(codes * len(distinct) + part)[0]
    first = np.flatnonzero(np.diff(np.maximum.accumulate(codes), prepend=-1)) if codes.any() else codes[:1]
    styles, kinds = np.zeros(len(first), dtype=np.int64), np.zeros(len(first), dtype=np.uint8)
    for i, where in enumerate(first):
        text = tags.data[start[where] : end[where]]
        found = _ATTRIBUTES.fullmatch(text)
        if (
            not found
            or (found["type"] or b"") not in _TYPES
            or text.count(b"=") > bool(found["style"]) + bool(found["type"])
        ):
            raise OddError("attributes")
        styles[i], kinds[i] = int(found["style"] or 0), _CODES[_TYPES[found["type"] or b""]]
    return styles[codes], kinds[codes]


def _values(
    shared: Shared,
    tags: Tokens,
    at: Index,
    kinds: npt.NDArray[np.uint8],
    style: Index,
    dates: Mapping[int, bool | None],
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.object_]]:
    """Which shared string each cell holds, −1 for none, and the values of those that hold none."""
    string = np.full(len(at), -1, dtype=np.int32)
    of_string = kinds == _CODES["s"]
    start, end = tags.text_after(at)
    size = (end - start)[of_string]
    string[of_string] = whole_numbers(masked(tags.words(start[of_string]), size), size)
    start, end, kinds, style = (values[~of_string] for values in (start, end, kinds, style))
    out = np.empty(len(kinds), dtype=object)
    of = {name: np.flatnonzero(kinds == code) for name, code in _CODES.items()}
    for name in ("str", "inlineStr"):
        if len(where := of[name]):
            codes, distinct = pd.factorize(texts(tags, start[where], end[where]))
            out[where] = distinct[codes]
    if len(where := of["n"]):
        numbers = _numbers(tags, start[where], end[where])
        out[where] = numbers
        shown = np.flatnonzero(np.isin(style[where], list(dates))) if dates else ()
        if len(shown):
            if any(dates[s] is None for s in np.unique(style[where][shown]).tolist()):
                raise OddError("length of time")
            out[where[shown]] = serials.moments(numbers[shown], shared.from_1904)
    for where, read in ((of["b"], _boolean), (of["e"], _error)):
        for i in where:
            out[i] = read(tags.data[start[i] : end[i]])
    return string, out


def _boolean(text: bytes) -> bool:
    if text not in (b"0", b"1"):
        raise OddError("boolean")
    return text == b"1"


def _error(text: bytes) -> ErrorCell:
    if not re.fullmatch(rb"#[A-Z/0!?_]{2,16}", text):
        raise OddError("error")
    return ErrorCell(text.decode())


def _numbers(tags: Tokens, start: Index, end: Index) -> npt.NDArray[np.float64]:
    size = end - start
    if size.min() < 1 or size.max() > 24:
        raise OddError("number")
    words = np.stack([masked(tags.words(start + step), size - step) for step in (0, 8, 16)], axis=1)
    if not _NUMERIC[words.view(np.uint8)].all():
        raise OddError("number")
    try:
        return np.asarray(np.ascontiguousarray(words).view("S24").ravel().astype(np.float64))
    except ValueError:
        raise OddError("number") from None


def _stated_size(head: bytes) -> tuple[int, int]:
    """Rows and columns that a sheet says it has; (1, 1) where it says none, or more than a table of modest size."""
    found = _DIMENSION.search(head)
    area = ooxml.area(found[1].decode()) if found else None
    return area[2:] if area and area[2] * area[3] <= MAX_CELLS // 2 else (1, 1)

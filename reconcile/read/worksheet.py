"""The cells of an .xlsx sheet in any well-formed XML, element by element: for sheets that are not plainly written."""

from __future__ import annotations

import re
from typing import NoReturn

import numpy as np

from reconcile.read import ooxml, serials
from reconcile.read.nested import Attributes, Node, walk
from reconcile.read.shared import Shared, string_node
from reconcile.read.sheet import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    Area,
    Cells,
    ErrorCell,
    Place,
    ReadError,
    Scanned,
    Uncalculated,
    Value,
    check_size,
    moment,
    number,
    ranges,
)

_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_WHOLE = re.compile(r"\s*([0-9]{1,9})\s*")
_TYPES = frozenset(["n", "s", "str", "inlineStr", "b", "e", "d"])
_TRUE = ("1", "true")
_ASIDE = frozenset(["extLst"])


def read(shared: Shared, part: str) -> Scanned:
    """The sheet that a part holds.

    Raises ReadError where its XML is not well-formed, where a cell names a place that is none or is another's, or
    where a value is of no known type.
    """
    reader = _Reader(shared, part)
    with shared.package.open(part) as stream:
        walk(stream, part, "worksheet", reader.grammar())
    return reader.sheet()


class _Reader:
    def __init__(self, shared: Shared, part: str) -> None:
        self.shared, self.part = shared, part
        self.dates, self.unit_styles = shared.styles
        self.tables = 0
        self.row = self.column = self.style = 0
        self.kind = ""
        self.formula: str | None = None
        self.stored: str | None = None  # what <v> holds
        self.inline: list[str] | None = None
        self.rows: list[int] = []
        self.columns: list[int] = []
        self.values: list[Value] = []
        self.seen: set[int] = set()
        self.hidden: set[int] = set()
        self.hidden_columns: list[tuple[int, int]] = []
        self.merges: list[Area] = []
        self.units: dict[Place, str] = {}

    def grammar(self) -> Node:
        inline = string_node(self._inline)
        cell = Node(
            {
                "f": Node(end=self._formula, text=True),
                "v": Node(end=self._stored, text=True),
                "is": Node(inline.children, self._start_inline, aside=inline.aside),
            },
            self._start_cell,
            self._end_cell,
            aside=_ASIDE,
        )
        row = Node({"c": cell}, self._start_row, aside=_ASIDE)
        return Node(
            {
                "sheetData": Node({"row": row}, self._start_table),
                "cols": Node({"col": Node(start=self._column, aside=None)}, aside=None),
                "mergeCells": Node({"mergeCell": Node(start=self._merge, aside=None)}, aside=None),
            },
            aside=None,
        )

    def sheet(self) -> Scanned:
        if self.tables != 1:
            self._refuse(f"<sheetData> × {self.tables}")
        rows, columns = np.array(self.rows, dtype=np.int64), np.array(self.columns, dtype=np.int64)
        height, width = int(rows.max(initial=0)), int(columns.max(initial=0))
        check_size(height, width, "")
        cells: Cells = np.full((width, height), "", dtype=object).T
        values = np.empty(len(rows), dtype=object)
        values[:] = self.values
        cells[rows - 1, columns - 1] = values
        hidden = ranges(self.hidden_columns, MAX_COLUMNS)
        return Scanned(cells, tuple(self.merges), frozenset(self.hidden), hidden, self.units)

    def _refuse(self, seen: str) -> NoReturn:
        raise ReadError("not-a-workbook", f"{self.part}: {seen}")

    def _start_table(self, _: Attributes) -> None:
        self.tables += 1

    def _column(self, given: Attributes) -> None:
        if given.get("hidden") in _TRUE:
            self.hidden_columns.append((self._whole(given, "min", 0), self._whole(given, "max", 0)))

    def _merge(self, given: Attributes) -> None:
        area = ooxml.area(given.get("ref", ""))
        if area is None:
            self._refuse(f"mergeCell {given}")
        self.merges.append(area)

    def _whole(self, given: Attributes, name: str, default: int) -> int:
        found = _WHOLE.fullmatch(given.get(name, str(default)))
        if not found:
            self._refuse(f"{name}={given[name]!r}")
        return int(found[1])

    def _start_row(self, given: Attributes) -> None:
        self.row, self.column = self._whole(given, "r", self.row + 1), 0
        if not 1 <= self.row <= MAX_ROWS or self.row in self.seen:
            self._refuse(f"row {self.row}")
        self.seen.add(self.row)
        self.places: set[int] = set()
        if given.get("hidden") in _TRUE:
            self.hidden.add(self.row)

    def _start_cell(self, given: Attributes) -> None:
        place = given.get("r")
        if place is None:
            self.column += 1
        else:
            found = _REFERENCE.fullmatch(place)
            if not found or int(found[2]) != self.row:
                self._refuse(f"r={place!r}, row {self.row}")
            self.column = ooxml.column_number(found[1].upper())
        if self.column > MAX_COLUMNS or self.column in self.places:
            self._refuse(f"{place or self.column}, row {self.row}")
        self.places.add(self.column)
        self.style, self.kind = self._whole(given, "s", 0), given.get("t", "n")
        if self.kind not in _TYPES or not self.shared.has_style(self.style):
            self._refuse(f"row {self.row}: s={self.style} t={self.kind}")
        self.formula = self.stored = self.inline = None

    def _formula(self, text: str) -> None:
        self.formula = text

    def _stored(self, text: str) -> None:
        if self.stored is not None:
            self._refuse(f"<v> × 2, row {self.row}")
        self.stored = text

    def _start_inline(self, _: Attributes) -> None:
        if self.inline is not None:
            self._refuse(f"<is> × 2, row {self.row}")
        self.inline = []

    def _inline(self, text: str) -> None:
        if self.inline is not None:
            self.inline.append(text)

    def _end_cell(self, _: str) -> None:
        if self.style in self.unit_styles:
            self.units[self.row, self.column] = self.unit_styles[self.style]
        value = self._value()
        if value is None or value == "":
            return
        self.rows.append(self.row)
        self.columns.append(self.column)
        self.values.append(value)
        if len(self.values) > MAX_CELLS:
            raise ReadError("too-large", f"{len(self.values):,}")

    def _value(self) -> Value:
        if self.inline is not None:
            if self.stored and self.kind != "inlineStr":
                self._refuse(f"<v> and <is>, row {self.row}")
            return ooxml.unescaped("".join(self.inline))
        text, kind = self.stored, self.kind
        if self.formula is not None and not text and not (kind == "str" and text is not None):
            return Uncalculated("=" + self.formula)
        if kind == "e":
            return ErrorCell((text or "").strip() or "#ERR")
        if not text:
            return None
        if kind == "s":
            return self._string(text)
        if kind == "inlineStr":
            self._refuse(f"<v>, row {self.row}")
        if kind == "n":
            value = number(text)
            if self.style in self.dates and isinstance(value, float):
                return serials.moment(value, self.shared.from_1904, length=self.dates[self.style] is None)
            return value
        if kind == "b":
            known = text.strip().lower()
            return known in _TRUE if known in (*_TRUE, "0", "false") else ErrorCell(text)
        return moment(text) if kind == "d" else ooxml.unescaped(text)

    def _string(self, text: str) -> Value:
        found = _WHOLE.fullmatch(text)
        if not found or int(found[1]) >= len(self.shared.strings):
            self._refuse(f"row {self.row}: string {text[:20]!r} of {len(self.shared.strings)}")
        value: str = self.shared.strings[int(text)]
        return value

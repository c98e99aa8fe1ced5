"""Tables of a workbook that was given back: found by the words of their headers, wherever these now stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import numpy.typing as npt

from reconcile.finding import Origin
from reconcile.read import words
from reconcile.read.sheet import Area, Book, Cells, Sheet

SCAN_ROWS = 500
MARKS: Mapping[str, tuple[int, tuple[str, ...]]] = {
    "findings": (3, ("decision", "key")),
    "entries": (2, ("category", "project")),
}
"""Of each table how many of its headers must be there, and of which fields one."""
Mask = npt.NDArray[np.bool_]


@cache
def known(table: str) -> Mapping[str, str]:
    """What each word of a table of data/reply_words.csv means, by its normalised writing."""
    own = [r for r in words.rows_of("reply_words") if r["table"] == table]
    return {words.normalise(word): r["field"] for r in own for word in r["word"].split("|")}


@dataclass(frozen=True)
class Returned:
    """One table: its sheet, the header's row (1-based), and where its fields stand (0-based columns)."""

    file: str
    sheet: Sheet
    header: int
    columns: Mapping[str, int]

    def has(self, field: str) -> bool:
        return field in self.columns

    @cached_property
    def _filled(self) -> dict[str, Cells]:
        return {}

    def column(self, field: str) -> Cells:
        """The cells below the header, blank ones None; a cell that was merged downwards counts for each of its rows."""
        if field not in self._filled:
            self._filled[field] = self._read(field)
        return self._filled[field]

    def _read(self, field: str) -> Cells:
        below = self.sheet.cells[self.header :]
        if field not in self.columns:
            return np.full(len(below), None, dtype=object)
        at = self.columns[field]
        out = np.array(below[:, at], dtype=object)
        for top, bottom in _merged(self.sheet.merges, at + 1, self.header):
            if top > len(self.sheet.cells):
                continue
            out[top - self.header - 1 : bottom - self.header] = self.sheet.cells[top - 1, at]
        out[[is_blank(v) for v in out]] = None
        return out

    def filled(self, fields: Sequence[str]) -> Mask:
        """Rows in which any of the fields has something."""
        masks = [np.asarray(self.column(f) != None, dtype=bool) for f in fields]  # noqa: E711
        return np.asarray(np.logical_or.reduce(masks))

    def origin(self, index: int, field: str = "") -> Origin:
        """Where a row, or its cell of a field, stands."""
        at = self.columns.get(field, -1) + 1
        return Origin(self.file, self.sheet.name, self.header + index + 1, at)

    def title(self, field: str) -> str:
        return text(self.sheet.cells[self.header - 1, self.columns[field]]) if self.has(field) else ""


def _merged(merges: Sequence[Area], column: int, header: int) -> Iterator[tuple[int, int]]:
    """First and last rows of the areas that begin in a column below the header."""
    for top, left, bottom, _ in merges:
        if left == column and top > header and bottom > top:
            yield top, bottom


def returned(book: Book, table: str) -> list[Returned]:
    """Every table of a kind in a workbook, hidden or not, one a sheet."""
    found = []
    for sheet in book.sheets:
        for row in range(min(len(sheet.cells), SCAN_ROWS)):
            columns = _columns(sheet.cells[row], table)
            if columns is not None:
                found.append(Returned(book.file, sheet, row + 1, columns))
                break
    return found


def _columns(cells: Cells, table: str) -> dict[str, int] | None:
    """Where the fields stand in a row that is a header, else None."""
    places: dict[str, list[int]] = {}
    for at, value in enumerate(cells):
        field = known(table).get(words.normalise(value)) if isinstance(value, str) and len(value) < 60 else None
        if field:
            places.setdefault(field, []).append(at)
    least, fields = MARKS[table]
    marks = [m for m in fields if m in places]
    if len(places) < least or not marks:
        return None
    near = places[marks[0]][0]
    return {field: min(own, key=lambda at: abs(at - near)) for field, own in places.items()}


def is_blank(value: object) -> bool:
    """Nothing, or nothing but white space."""
    return value is None or value != value or (isinstance(value, str) and not value.strip())


def text(value: object) -> str:
    """What a cell says: a whole number without its point, a date as ISO writes it."""
    if is_blank(value):
        return ""
    if isinstance(value, dt.datetime | np.datetime64):
        return str(value)[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()

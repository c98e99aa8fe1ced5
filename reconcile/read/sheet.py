"""What a file of any kind becomes: a Book of Sheets of raw cells."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Cells = npt.NDArray[np.object_]
Area = tuple[int, int, int, int]  # first row, first column, last row, last column; 1-based, inclusive
Place = tuple[int, int]  # row, column; 1-based
MAX_CELLS = 50_000_000
MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384
ERROR_CODES = ("#DIV/0!", "#REF!", "#N/A", "#VALUE!", "#NAME?", "#NULL!", "#NUM!", "#GETTING_DATA", "#SPILL!", "#CALC!")
_NUMBER = re.compile(r"[ \t\r\n]*[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,5})?[ \t\r\n]*")
_MOMENT = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,6})\d*)?)?Z?)?")


class ReadError(Exception):
    """A file that cannot be used: a code of data/errors.toml, what was seen, and the sheet where known."""

    def __init__(self, code: str, problem: object = "", sheet: str = "", **seen: object) -> None:
        self.code, self.sheet, self.seen = code, sheet, {"problem": problem, **seen}
        super().__init__(f"{code}: {problem}")


@dataclass(frozen=True, slots=True)
class ErrorCell:
    """A cell whose formula failed: it shows `code` and holds no amount."""

    code: str

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True, slots=True)
class Uncalculated:
    """A formula that the file stores without its result."""

    formula: str

    def __str__(self) -> str:
        return self.formula


Value: TypeAlias = (
    str | float | bool | datetime.date | datetime.time | datetime.timedelta | ErrorCell | Uncalculated | None
)


@dataclass(frozen=True)
class Sheet:
    """Raw cells as a (rows × columns) object array whose [0, 0] is Excel's A1.  Blank is None or ''.

    `unit_formats` holds the number formats that print a unit of money (`0.00"万元"`), by cell.
    """

    name: str
    cells: Cells
    merges: tuple[Area, ...] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    unit_formats: Mapping[Place, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Book:
    """A file's sheets in order, its name for messages, and the SHA-256 of its bytes ('' for a frame).

    `kind` is xlsx, xls, xlsb, ods, xml, html, csv or frame; `encoding` is that of a text file's characters.
    """

    file: str
    sheets: tuple[Sheet, ...]
    sha256: str = ""
    path: str = ""
    kind: str = "xlsx"
    encoding: str = ""


@dataclass(frozen=True)
class Scanned:
    """A sheet's values, and what its values do not tell."""

    cells: Cells
    merges: tuple[Area, ...]
    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]
    unit_formats: Mapping[Place, str]


@dataclass(frozen=True)
class Marks:
    """Facts about a sheet of a binary workbook that its values do not tell.

    `numbers` and `texts` are the places (row, column) of the cells that hold one; a text may be empty.
    """

    errors: Mapping[Place, str]
    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]
    merges: tuple[Area, ...]
    numbers: npt.NDArray[np.int64]
    texts: npt.NDArray[np.int64]


def check_size(height: int, width: int, sheet: str) -> None:
    """Refuse what no memory holds, before it is laid out."""
    if height * width > MAX_CELLS or height > 4 * MAX_ROWS or width > MAX_COLUMNS:
        raise ReadError("too-large", f"{height:,} × {width:,}", sheet)


def lay_out(rows: Mapping[int, Mapping[int, Value]], sheet: str) -> Cells:
    """Cells by row and column as an array."""
    height = max(rows, default=0)
    width = max((max(row) for row in rows.values()), default=0)
    check_size(height, width, sheet)
    cells: Cells = np.full((height, width), None, dtype=object)
    for number, row in rows.items():
        for column, value in row.items():
            cells[number - 1, column - 1] = value
    return cells


def ranges(spans: Iterable[tuple[int, int]], most: int) -> frozenset[int]:
    """The numbers in inclusive spans, none above `most`."""
    return frozenset(n for first, last in spans for n in range(first, min(last, most) + 1))


def number(text: str) -> float | ErrorCell:
    """The number that a file stores in digits; anything else that stands where one should is an error."""
    return float(text) if _NUMBER.fullmatch(text) else ErrorCell(text.strip()[:60] or "#ERR")


def shown(text: str) -> str | ErrorCell:
    """A text cell's value: an error code that stands alone is an error."""
    return ErrorCell(text.strip()) if text[:1] == "#" and text.strip() in ERROR_CODES else text


def moment(text: str) -> datetime.date | str:
    """An ISO date, or date with a time of day other than midnight; the text where it is neither."""
    found = _MOMENT.fullmatch(text.strip())
    if not found:
        return text
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    try:
        made = datetime.datetime(year, month, day, hour, minute, second, int((found[7] or "0").ljust(6, "0")))
    except ValueError:
        return text
    return made if made.time() != datetime.time() else made.date()

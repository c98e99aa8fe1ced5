"""What the records of binary workbooks (.xls, .xlsb) tell beyond their values: errors, merges, what is hidden."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from reconcile.read import ooxml
from reconcile.read.sheet import MAX_COLUMNS, MAX_ROWS, Area, Marks, Place, ReadError, check_size, ranges

ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
_BOF, _EOF, _BOUNDSHEET, _FILEPASS, _DIMENSIONS = (0x809, 0x409, 0x209, 0x9), 0x0A, 0x85, 0x2F, 0x200
_FORMULA, _BOOLERR, _ROW, _COLINFO, _MERGECELLS = 0x06, 0x205, 0x208, 0x7D, 0xE5
_MULRK, _VALUES = 0xBD, frozenset((0x06, 0x203, 0x204, 0x205, 0x27E, 0xFD, 0xD6))
_XLSB_ROW, _XLSB_ERRORS, _XLSB_COLUMN, _XLSB_MERGE, _XLSB_SHEET = 0, (3, 11), 60, 176, 156


@dataclass
class _Gathered:
    errors: dict[Place, str] = field(default_factory=dict)
    merges: list[Area] = field(default_factory=list)
    rows: list[tuple[int, int]] = field(default_factory=list)
    columns: list[tuple[int, int]] = field(default_factory=list)
    bottom: int = 0
    right: int = 0

    def marks(self) -> Marks:
        check_size(self.bottom, self.right, "")
        return Marks(
            self.errors,
            ranges(self.rows, MAX_ROWS),
            ranges(self.columns, MAX_COLUMNS),
            tuple(self.merges),
            filled=self.bottom > 0,
        )


def xls_marks(stream: bytes) -> list[Marks]:
    """The marks of each sheet of a workbook stream, in the order of its directory of sheets."""
    starts: list[int] = []
    for at, kind, body in _biff(stream, 0):
        if kind == _FILEPASS:
            raise ReadError("encrypted")
        if kind == _BOUNDSHEET and len(body) >= 4:
            starts.append(struct.unpack_from("<I", body)[0])
        elif kind == _EOF and at:
            break
    return [_xls_sheet(stream, start) for start in starts]


def _biff(stream: bytes, at: int) -> Iterator[tuple[int, int, bytes]]:
    end = len(stream) - 4
    while at <= end:
        kind, size = struct.unpack_from("<HH", stream, at)
        yield at, kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _xls_sheet(stream: bytes, start: int) -> Marks:
    found, depth = _Gathered(), 0
    for _, kind, body in _biff(stream, start):
        size = len(body)
        if kind in _VALUES and size >= 6:
            row, column = struct.unpack_from("<HH", body)
            found.bottom, found.right = max(found.bottom, row + 1), max(found.right, column + 1)
            if kind == _BOOLERR and size >= 8 and body[7]:
                found.errors[row + 1, column + 1] = ERRORS.get(body[6], "#ERR")
            elif kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
                found.errors[row + 1, column + 1] = ERRORS.get(body[8], "#ERR")
        elif kind == _MULRK and size >= 6:
            row, last = struct.unpack_from("<H", body)[0], struct.unpack_from("<H", body, size - 2)[0]
            found.bottom, found.right = max(found.bottom, row + 1), max(found.right, last + 1)
        elif kind == _ROW and size >= 14 and body[12] & 0x20:
            row = struct.unpack_from("<H", body)[0]
            found.rows.append((row + 1, row + 1))
        elif kind == _COLINFO and size >= 10 and body[8] & 1:
            first, last = struct.unpack_from("<HH", body)
            found.columns.append((first + 1, last + 1))
        elif kind == _MERGECELLS and size >= 2:
            for at in range(2, min(size - 7, 2 + 8 * struct.unpack_from("<H", body)[0]), 8):
                top, bottom, left, right = struct.unpack_from("<HHHH", body, at)
                found.merges.append((top + 1, left + 1, bottom + 1, right + 1))
        elif kind == _DIMENSIONS and size >= 12:
            first_row, last_row, first, last = struct.unpack_from("<IIHH", body)
            check_size(last_row - first_row, last - first, "")
        elif kind in _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                break
    return found.marks()


def xlsb_parts(package: zipfile.ZipFile, book: str) -> dict[str, str]:
    """Sheet name to the package part that holds it."""
    targets = {name: relation.part for name, relation in ooxml.relations(package, book).items()}
    parts = {}
    with package.open(book) as stream:
        for kind, body in _xlsb(stream.read(ooxml.MAX_PART)):
            if kind == _XLSB_SHEET and len(body) >= 12:
                relation, at = _wide(body, 8)
                name, _ = _wide(body, at)
                if relation in targets:
                    parts[name] = targets[relation]
    return parts


def _wide(body: bytes, at: int) -> tuple[str, int]:
    length = struct.unpack_from("<I", body, at)[0]
    end = at + 4 + 2 * length
    return body[at + 4 : end].decode("utf-16-le", "replace"), end


def _xlsb(data: bytes) -> Iterator[tuple[int, bytes]]:
    at, end = 0, len(data)
    while at < end:
        kind, at = data[at], at + 1
        if kind & 0x80 and at < end:
            kind, at = (kind & 0x7F) | (data[at] & 0x7F) << 7, at + 1
        size = shift = 0
        while at < end and shift < 28:
            byte, at = data[at], at + 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        yield kind, data[at : at + size]
        at += size


def xlsb_marks(package: zipfile.ZipFile, part: str) -> Marks:
    found, row = _Gathered(), 0
    with package.open(part) as stream:
        data = stream.read(ooxml.MAX_PART)
    for kind, body in _xlsb(data):
        size = len(body)
        if kind == _XLSB_ROW and size >= 12:
            row = struct.unpack_from("<I", body)[0] + 1
            if body[11] & 0x10:
                found.rows.append((row, row))
        elif 2 <= kind <= 11 and size >= 8:
            column = struct.unpack_from("<I", body)[0] + 1
            found.bottom, found.right = max(found.bottom, row), max(found.right, column)
            if kind in _XLSB_ERRORS and size >= 9:
                found.errors[row, column] = ERRORS.get(body[8], "#ERR")
        elif kind == _XLSB_COLUMN and size >= 18 and body[16] & 1:
            first, last = struct.unpack_from("<II", body)
            found.columns.append((first + 1, last + 1))
        elif kind == _XLSB_MERGE and size >= 16:
            top, bottom, left, right = struct.unpack_from("<IIII", body)
            found.merges.append((top + 1, left + 1, bottom + 1, right + 1))
    return found.marks()

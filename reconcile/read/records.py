"""What the records of binary workbooks (.xls, .xlsb) tell beyond their values: errors, merges, what is hidden."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

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
_FORMULA, _BOOLERR, _ROW, _COLINFO, _MERGECELLS, _MULRK = 0x06, 0x205, 0x208, 0x7D, 0xE5, 0xBD
_NUMBERS, _TEXTS = (0x203, 0x27E, _BOOLERR), (0x204, 0xFD, 0xD6)
_SIZES = {0x203: 14, 0x27E: 10, _BOOLERR: 8, 0xFD: 10, 0x201: 6, _ROW: 16, _EOF: 0}
_LONGEST = 8_224
_MAX_BLANKS, _SPARSE = 10_000_000, 100  # the reader of values lays out every cell between the last row and column
_KINDS = ((0x01, 0x1FF), (0x200, 0x4FF), (0x800, 0x8FF), (0x1000, 0x10FF))
_XLSB_ROW, _XLSB_ERRORS, _XLSB_COLUMN, _XLSB_MERGE, _XLSB_SHEET = 0, (3, 11), 60, 176, 156
_XLSB_CELLS, _XLSB_TEXTS = (*range(1, 12), 62), (6, 7, 8, 62)
_XLSB_SIZES = {1: 8, 2: 12, 3: 9, 4: 9, 5: 16, 7: 12, 49: 4, 50: 4}
_XLSB_FRAME = [129, 145, 146, 130]  # the sheet begins, its rows begin, they end, it ends
_XLSB_OPEN, _XLSB_CLOSE = (35, 37), (36, 38)  # around what later versions added
_XLSB_AMONG_CELLS = frozenset((_XLSB_ROW, *_XLSB_CELLS, 49, 50, 426, 427, 428))
_XLSB_LAST_KIND = 0x1500


@dataclass
class _Gathered:
    errors: dict[Place, str] = field(default_factory=dict)
    merges: list[Area] = field(default_factory=list)
    rows: list[tuple[int, int]] = field(default_factory=list)
    columns: list[tuple[int, int]] = field(default_factory=list)
    numbers: list[Place] = field(default_factory=list)
    texts: list[Place] = field(default_factory=list)

    def marks(self) -> Marks:
        numbers, texts = (np.array(ps, dtype=np.int64).reshape(-1, 2) for ps in (self.numbers, self.texts))
        bottom, right = np.concatenate([numbers, texts]).max(axis=0, initial=0).tolist()
        check_size(bottom, right, "")
        if bottom * right > _MAX_BLANKS and bottom * right > _SPARSE * (len(numbers) + len(texts)):
            raise ReadError("too-large", f"{bottom:,} × {right:,}")
        return Marks(
            self.errors,
            ranges(self.rows, MAX_ROWS),
            ranges(self.columns, MAX_COLUMNS),
            tuple(self.merges),
            numbers,
            texts,
        )


def xls_marks(stream: bytes) -> list[Marks]:
    """The marks of each sheet of a workbook stream, in the order of its directory of sheets."""
    starts: list[int] = []
    for at, kind, body in biff_records(stream, 0):
        if kind == _FILEPASS:
            raise ReadError("encrypted")
        if kind == _BOUNDSHEET and len(body) >= 4:
            starts.append(struct.unpack_from("<I", body)[0])
        elif kind == _EOF and at:
            break
    return [_xls_sheet(stream, start) for start in starts]


def biff_records(stream: bytes, at: int) -> Iterator[tuple[int, int, bytes]]:
    """Records from a place on.  Raises ReadError where no record can begin, and where the stream ends before they do."""
    end = len(stream) - 4
    while at <= end:
        kind, size = struct.unpack_from("<HH", stream, at)
        known = any(low <= kind <= high for low, high in _KINDS)
        if size > _LONGEST or not known or size != _SIZES.get(kind, size):
            raise ReadError("not-a-workbook", f"BIFF {kind:#x} × {size:,}")
        yield at, kind, stream[at + 4 : at + 4 + size]
        at += 4 + size
    raise ReadError("truncated", "BIFF")


def _xls_sheet(stream: bytes, start: int) -> Marks:
    found, depth = _Gathered(), 0
    for at, kind, body in biff_records(stream, start):
        size = len(body)
        if at == start and kind not in _BOF:
            raise ReadError("not-a-workbook", f"BIFF {kind:#x} × {size}")
        if kind in _NUMBERS or kind in _TEXTS or kind == _FORMULA:
            if size < (20 if kind == _FORMULA else 6):
                raise ReadError("not-a-workbook", f"BIFF {kind:#x} × {size}")
            row, column = struct.unpack_from("<HH", body)
            place = row + 1, column + 1
            special = kind == _FORMULA and body[12:14] == b"\xff\xff"
            (found.texts if kind in _TEXTS or (special and body[6] in (0, 3)) else found.numbers).append(place)
            if (kind == _BOOLERR and body[7]) or (special and body[6] == 2):
                found.errors[place] = ERRORS.get(body[6 if kind == _BOOLERR else 8], "#ERR")
        elif kind == _MULRK:
            row, first, last = *struct.unpack_from("<HH", body), struct.unpack_from("<H", body, size - 2)[0]
            if size != 6 + 6 * (last - first + 1):
                raise ReadError("not-a-workbook", f"BIFF {kind:#x} × {size}")
            found.numbers += [(row + 1, column + 1) for column in range(first, last + 1)]
        elif kind == _ROW and body[12] & 0x20:
            row = struct.unpack_from("<H", body)[0]
            found.rows.append((row + 1, row + 1))
        elif kind == _COLINFO and size >= 10 and body[8] & 1:
            first, last = struct.unpack_from("<HH", body)
            found.columns.append((first + 1, last + 1))
        elif kind == _MERGECELLS and size >= 2:
            for area in range(2, min(size - 7, 2 + 8 * struct.unpack_from("<H", body)[0]), 8):
                top, bottom, left, right = struct.unpack_from("<HHHH", body, area)
                found.merges.append((top + 1, left + 1, bottom + 1, right + 1))
        elif kind == _DIMENSIONS and size >= 12:
            first_row, last_row, first, last = struct.unpack_from("<IIHH", body)
            check_size(last_row - first_row, last - first, "")
        elif kind in _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                after = stream[at + 4 : at + 6]
                if any(after) and int.from_bytes(after, "little") not in _BOF:
                    raise ReadError("not-a-workbook", f"BIFF {after.hex()}")
                break
    return found.marks()


def xlsb_parts(package: zipfile.ZipFile, book: str) -> dict[str, str]:
    """Sheet name to the package part that holds it."""
    targets = {name: relation.part for name, relation in ooxml.relations(package, book).items()}
    parts = {}
    with package.open(book) as stream:
        for kind, body in xlsb_records(stream.read(ooxml.MAX_PART)):
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


def xlsb_records(data: bytes) -> Iterator[tuple[int, bytes]]:
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
        if at + size > end or kind > _XLSB_LAST_KIND or size != _XLSB_SIZES.get(kind, size):
            raise ReadError("not-a-workbook", f"BIFF12 {kind} × {size:,}")
        yield kind, data[at : at + size]
        at += size


def xlsb_marks(package: zipfile.ZipFile, part: str) -> Marks:
    found, row, last, frame, added = _Gathered(), 0, 0, list[int](), 0
    with package.open(part) as stream:
        data = stream.read(ooxml.MAX_PART)
    for kind, body in xlsb_records(data):
        size = len(body)
        added += (kind in _XLSB_OPEN) - (kind in _XLSB_CLOSE)
        if added:
            continue
        if kind in _XLSB_FRAME:
            frame.append(kind)
        elif frame == [129, 145] and kind not in _XLSB_AMONG_CELLS and kind not in _XLSB_CLOSE:
            raise ReadError("not-a-workbook", f"{part}: row {row}, BIFF12 {kind} × {size}")
        elif kind == _XLSB_ROW:
            before, row, last = row, struct.unpack_from("<I", body)[0] + 1, 0
            if row <= before or size < 12:
                raise ReadError("not-a-workbook", f"{part}: row {row}")
            if body[11] & 0x10:
                found.rows.append((row, row))
        elif kind in _XLSB_CELLS:
            before, last = last, struct.unpack_from("<I", body)[0] + 1
            text = 12 + 2 * struct.unpack_from("<I", body, 8)[0] if kind in (6, 8) else 0
            if not before < last <= MAX_COLUMNS or size < max(text, 8) or (kind == 6 and size != text):
                raise ReadError("not-a-workbook", f"{part}: row {row}, column {last}, {kind} × {size}")
            if kind > 1:
                (found.texts if kind in _XLSB_TEXTS else found.numbers).append((row, last))
            if kind in _XLSB_ERRORS:
                found.errors[row, last] = ERRORS.get(body[8], "#ERR")
        elif kind == _XLSB_COLUMN and size >= 18 and body[16] & 1:
            first, last_column = struct.unpack_from("<II", body)
            found.columns.append((first + 1, last_column + 1))
        elif kind == _XLSB_MERGE and size >= 16:
            top, bottom, left, right = struct.unpack_from("<IIII", body)
            found.merges.append((top + 1, left + 1, bottom + 1, right + 1))
    if frame != _XLSB_FRAME:
        raise ReadError("not-a-workbook", f"{part}: BIFF12 {frame[:9]}")
    return found.marks()

"""Whether a marked copy still holds what its source does: every value, and all of a sheet's XML but the marks."""

from __future__ import annotations

import datetime as dt
import math
import re
import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import IO

import numpy as np

from reconcile.read.sheet import Cells, Sheet
from reconcile.read.threads import in_threads
from reconcile.read.workbook import open_book
from reconcile.write.mark.cells import CELL, NUMBER, REFERENCE, ROW, last_number, openings, pieces

_TYPE = re.compile(rb"\bt\s*=\s*[\"'](\w+)[\"']")
_LEGACY = re.compile(rb"<(?:\w+:)?legacyDrawing\b[^>]*>")
_DATA = re.compile(rb"</(?:\w+:)?sheetData\s*>|<(?:\w+:)?sheetData\s*/?>")
BLOCK = 4_096
"""So many rows are compared at a time."""
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f]")


def check_sheet(source: zipfile.ZipFile, copy: zipfile.ZipFile, part: str, rows: Collection[int]) -> None:
    """Hold a sheet of the copy against the source's, as streams: marked `rows` by the values of their cells, everything
    else byte by byte, but for the element that names the drawing of notes.

    Raises ValueError where they differ.
    """
    with source.open(part) as before, copy.open(part) as after:
        one, other = in_threads(partial(_digest, marked=rows), (before, after))
        if one != other:
            raise ValueError(f"the copy differs from its source: {part}")


def _digest(stream: IO[bytes], marked: Collection[int]) -> tuple[int, int]:
    """How long the XML is without its marked rows, and a checksum of it and of those rows' values."""
    length = checksum = row = 0
    todo = sorted(marked)
    for piece, is_last in pieces(stream):
        last = None if is_last else last_number(piece)
        wanted = [number for number in todo if last is None or number <= last]
        if last is not None:
            todo = todo[len(wanted) :]
        for told in _unmarked(piece, wanted, row) if wanted else (piece,):
            told = _DATA.sub(b"", told) if b"sheetData" in told else told
            told = _LEGACY.sub(b"", told) if is_last else told
            length, checksum = length + len(told), zlib.crc32(told, checksum)
        row = last if last is not None else row + len(ROW.findall(piece))
    return length, checksum


def _unmarked(piece: bytes, wanted: Sequence[int], row: int) -> Iterator[bytes]:
    """A piece without its wanted rows, in whose places the values of their cells stand."""
    done, marked = 0, set(wanted)
    for opening in openings(piece, wanted):
        stated = NUMBER.search(opening[2])
        row = int(stated[1]) if stated else row + 1
        if row not in marked:
            continue
        yield piece[done : opening.start()]
        done = opening.end()
        if not opening[3]:
            closing = piece.index(b"</" + opening[1] + b"row", opening.end())
            done = piece.index(b">", closing) + 1
            yield from _values(piece[opening.end() : closing])
    yield piece[done:]


def _values(cells: bytes) -> Iterator[bytes]:
    for cell in CELL.finditer(cells):
        end = -1 if cell[3] else cells.find(b"</" + cell[1] + b"c>", cell.end())
        if end > cell.end():
            place, kind = REFERENCE.search(cell[2]), _TYPE.search(cell[2])
            yield b"\0".join((place[1] if place else b"", kind[1] if kind else b"", cells[cell.end() : end]))


def check_values(source: tuple[Sheet, ...], target: Path) -> None:
    """Hold a copy that was written anew against the sheets of its source: values, and areas of merged cells.

    Raises ValueError at the first difference.
    """
    for sheet, copy in zip(source, open_book(target).sheets, strict=False):
        wanted = {m for m in sheet.merges if m[:2] != m[2:]}
        if wanted != set(copy.merges):
            raise ValueError(f"the copy differs from its source: {sheet.name}, {sorted(wanted ^ set(copy.merges))[0]}")
        if place := _difference(sheet.cells, copy.cells):
            raise ValueError(f"the copy differs from its source: {sheet.name}, {place}")


def _difference(ours: Cells, theirs: Cells) -> tuple[int, int] | None:
    """The first place (1-based) with another value."""
    height = max(len(ours), len(theirs))
    width = max(cells.shape[1] if len(cells) else 0 for cells in (ours, theirs))
    for start in range(0, height, BLOCK):
        rows = slice(start, min(start + BLOCK, height))
        one, other = (_padded(cells[rows], (rows.stop - start, width)) for cells in (ours, theirs))
        for row, column in np.argwhere(np.asarray(one != other, dtype=bool)).tolist():
            if not _same(one[row, column], other[row, column]):
                return start + row + 1, column + 1
    return None


def _padded(cells: Cells, shape: tuple[int, int]) -> Cells:
    out: Cells = np.full(shape, "", dtype=object)
    if len(cells):
        out[: cells.shape[0], : cells.shape[1]] = cells
    out[out == None] = ""  # noqa: E711 - elementwise
    return out


def _same(one: object, other: object) -> bool:
    """Whether two cells hold the same: numbers to the digits that a file keeps, dates however they are typed."""
    if isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=1e-15) or (one != one and other != other)
    return _told(one) == _told(other)


def _told(value: object) -> str:
    if isinstance(value, dt.datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    return _UNSEEN.sub("", str(value))

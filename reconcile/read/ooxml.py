"""What the spreadsheet reader does not tell of an .xlsx sheet: error cells, formulas without a stored result,
hidden rows and columns.  Read from the package's own XML as a stream, with no entity ever expanded."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import IO
from xml.etree import ElementTree

CHUNK = 1 << 22
MAX_UNPACKED = 6 << 30
MAX_RATIO = 1_000
RATIO_FROM = 64 << 20


class PackageError(Exception):
    """The package is damaged or made to harm; the text says how."""


@dataclass(frozen=True)
class Marks:
    """Facts about cells, by (row, column), both 1-based."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncalculated: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


_ERROR = re.compile(rb"<(?:\w+:)?c\b[^>]*?\bt=[\"']e[\"'][^>]*>")
_EMPTY_FORMULA = re.compile(
    rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f(?:\s[^>]*)?/>)\s*(<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_CELL = re.compile(rb"<(?:\w+:)?c(?=[\s>/])[^>]*>")
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)<")
_FORMULA = re.compile(rb"<(?:\w+:)?f[^>]*>([^<]*)<")
_REF = re.compile(rb"\br=[\"']([A-Z]+)(\d+)[\"']")
_ROW = re.compile(rb"<(?:\w+:)?row(?=[\s>/])([^>]*)>")
_HIDDEN = re.compile(rb"\bhidden=[\"'](?:1|true)[\"']")
_COL = re.compile(rb"<(?:\w+:)?col(?=[\s>/])([^>]*)>")
_NUMBER = {name: re.compile(rb"\b" + name + rb"=[\"'](\d+)[\"']") for name in (b"r", b"min", b"max")}


def check_package(package: zipfile.ZipFile) -> None:
    """Raise PackageError for a package that unpacks to more than any spreadsheet does."""
    total = sum(info.file_size for info in package.infolist())
    packed = sum(info.compress_size for info in package.infolist())
    if total > MAX_UNPACKED or (total > RATIO_FROM and total > MAX_RATIO * max(packed, 1)):
        raise PackageError(f"{total / 2**20:,.0f} MB")


def sheet_parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name to the package part that holds it."""
    names = set(package.namelist())
    root = _xml(package, "_rels/.rels")
    book = next(
        (_resolve("", r.get("Target", "")) for r in root if r.get("Type", "").endswith("/officeDocument")),
        "xl/workbook.xml",
    )
    base = str(PurePosixPath(book).parent)
    rels = _xml(package, f"{base}/_rels/{PurePosixPath(book).name}.rels")
    targets = {r.get("Id"): _resolve(base, r.get("Target", "")) for r in rels}
    parts = {}
    for element in _xml(package, book).iter():
        if element.tag.rpartition("}")[2] == "sheet":
            ref = next((v for k, v in element.attrib.items() if k.endswith("}id")), None)
            if targets.get(ref) in names:
                parts[element.get("name", "")] = targets[ref]
    return parts


def _resolve(base: str, target: str) -> str:
    if target.startswith("/"):
        return target[1:]
    path: list[str] = [p for p in base.split("/") if p]
    for step in target.split("/"):
        if step == "..":
            path = path[:-1]
        elif step not in ("", "."):
            path.append(step)
    return "/".join(path)


def _xml(package: zipfile.ZipFile, part: str) -> ElementTree.Element:
    try:
        data = package.read(part)
    except KeyError:
        raise PackageError(f"no {part}") from None
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise PackageError(f"DTD in {part}")
    try:
        return ElementTree.fromstring(data)
    except ElementTree.ParseError as problem:
        raise PackageError(f"{part}: {problem}") from None


def marks(package: zipfile.ZipFile, part: str) -> Marks:
    """Scan one sheet part, in chunks that end at a row's end."""
    errors: dict[tuple[int, int], str] = {}
    uncalculated: dict[tuple[int, int], str] = {}
    hidden_rows: set[int] = set()
    hidden_columns: set[int] = set()
    row = 0
    with package.open(part) as stream:
        for first, chunk in _row_chunks(stream):
            if first:
                hidden_columns = _hidden_columns(chunk)
            if b"hidden" in chunk:
                hidden_rows |= _hidden_rows(chunk, row)
            if b't="e"' in chunk or b"t='e'" in chunk:
                for found in _ERROR.finditer(chunk):
                    value = _VALUE.search(chunk, found.end(), found.end() + 4096)
                    errors[_place(chunk, found.start(), row)] = value[1].decode() if value else "#ERR"
            if b"f>" in chunk or b"<f" in chunk:
                for found in _EMPTY_FORMULA.finditer(chunk):
                    start = _open_cell(chunk, found.start())
                    opening = _CELL.match(chunk, start)
                    if opening is None or (b't="str"' in opening[0] and found[1]):
                        continue
                    formula = _FORMULA.search(chunk, start, found.end())
                    uncalculated[_place(chunk, start, row)] = "=" + (formula[1].decode() if formula else "")
            row = _last_row(chunk, row)
    return Marks(errors, uncalculated, frozenset(hidden_rows), frozenset(hidden_columns))


def _row_chunks(stream: IO[bytes]) -> Iterator[tuple[bool, bytes]]:
    rest, first, size = b"", True, 0
    while data := stream.read(CHUNK):
        size += len(data)
        if size > MAX_UNPACKED:
            raise PackageError(f"{size / 2**20:,.0f} MB")
        data = rest + data
        cut = data.rfind(b"row>") + 4
        if cut < 4:
            if len(data) > 16 * CHUNK:
                raise PackageError("a row of more than 64 MB")
            rest = data
            continue
        yield first, data[:cut]
        rest, first = data[cut:], False
    yield first, rest


def _open_cell(chunk: bytes, before: int) -> int:
    at = before
    while at > 0:
        at = chunk.rfind(b"<", 0, at)
        if at < 0 or _CELL.match(chunk, at):
            return max(at, 0)
    return 0


def _place(chunk: bytes, start: int, row_before: int) -> tuple[int, int]:
    """Row and column of the cell that opens at `start`; counted where the cell does not say."""
    opening = _CELL.match(chunk, start)
    ref = _REF.search(opening[0]) if opening else None
    if ref:
        return int(ref[2]), column_number(ref[1].decode())
    rows = list(_ROW.finditer(chunk, 0, start))
    number = _NUMBER[b"r"].search(rows[-1][1]) if rows else None
    row = int(number[1]) if number else row_before + len(rows)
    inside = rows[-1].end() if rows else 0
    return row, 1 + sum(1 for _ in _CELL.finditer(chunk, inside, start))


def column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _hidden_rows(chunk: bytes, row_before: int) -> set[int]:
    hidden, row = set(), row_before
    for found in _ROW.finditer(chunk):
        number = _NUMBER[b"r"].search(found[1])
        row = int(number[1]) if number else row + 1
        if _HIDDEN.search(found[1]):
            hidden.add(row)
    return hidden


def _last_row(chunk: bytes, row_before: int) -> int:
    tail = chunk.rfind(b"row ")
    number = _NUMBER[b"r"].search(chunk, tail, tail + 200) if tail >= 0 else None
    return int(number[1]) if number else row_before + sum(1 for _ in _ROW.finditer(chunk))


def _hidden_columns(chunk: bytes) -> set[int]:
    hidden: set[int] = set()
    for found in _COL.finditer(chunk):
        low, high = _NUMBER[b"min"].search(found[1]), _NUMBER[b"max"].search(found[1])
        if low and high and _HIDDEN.search(found[1]):
            hidden.update(range(int(low[1]), min(int(high[1]), 16_384) + 1))
    return hidden

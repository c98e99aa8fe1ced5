"""What the spreadsheet reader does not tell of an .xlsx sheet: error cells, formulas without a stored result,
hidden rows and columns, units in number formats, and how far the cells reach.  Read from the package's own XML as a stream, with no entity ever expanded."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import IO
from xml.etree import ElementTree

from reconcile.read.sheet import MAX_COLUMNS, Marks, Place, ReadError, check_size

CHUNK = 1 << 22
MAX_UNPACKED = 2 << 30
MAX_PART = 1 << 30
MAX_XML = 64 << 20
MAX_RATIO = 400
RATIO_FROM = 64 << 20


_ERROR = re.compile(rb"<(?:\w+:)?c\b[^>]*?\bt=[\"']e[\"'][^>]*>")
_EMPTY_FORMULA = re.compile(
    rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f(?:\s[^>]*)?/>)\s*(<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_FILLED = re.compile(rb"<(?:\w+:)?(?:v>[^<]|v\s[^>]*>[^<]|is[\s>])")
_UNPLACED = re.compile(rb"<(?:\w+:)?c(?:>|\s(?![^>]*\br\s*=))")
_WIDE = re.compile(rb"r=\"(?:[A-Za-z]{3}|[B-Zb-z][A-Za-z]|[Aa][V-Zv-z])\d")  # from column AV, the 48th
_WIDE_OR_ODD = re.compile(rb"\br\s*=\s*[\"'](?:[A-Za-z]{3}|[B-Zb-z][A-Za-z]|[Aa][V-Zv-z])\d|" + _UNPLACED.pattern)
_FULL_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br\s*=\s*[\"']([A-Za-z]+)(\d+)[\"'][^>]*(?<!/)>(?!</)")
_CELL = re.compile(rb"<(?:\w+:)?c(?=[\s>/])[^>]*>")
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)<")
_FORMULA = re.compile(rb"<(?:\w+:)?f[^>]*>([^<]*)<")
_REF = re.compile(rb"\br=[\"']([A-Z]+)(\d+)[\"']")
_ROW = re.compile(rb"<(?:\w+:)?row(?=[\s>/])([^>]*)>")
_FAR_ROW = re.compile(rb"\br=[\"'][A-Za-z]*\d{8,}[\"']")
_COUNT = re.compile(rb"\b(?:uniqueC|c)ount=[\"'](\d+)[\"']")
_MARKUP = re.compile(rb"<(?:\w+:)?[vft](?:\s[^>]*)?>[^<]*<[!?]")
_TWICE = re.compile(rb"<(?:\w+:)?c(?=\s)[^>]*?\s(\w+)=[\"'][^>]*?\s\1=[\"']")
_REFERENCE = re.compile(rb"<(?:\w+:)?v>[^<]*&#[^<]*<")
_NOT_FINITE = re.compile(rb"<(?:\w+:)?v>\s*[+-]?(?:NaN|nan|NAN|INF|inf|Inf|infinity|Infinity)\s*<")
_HIDDEN = re.compile(rb"\bhidden=[\"'](?:1|true)[\"']")
_COL = re.compile(rb"<(?:\w+:)?col(?=[\s>/])([^>]*)>")
_NUMBER = {name: re.compile(rb"\b" + name + rb"=[\"'](\d+)[\"']") for name in (b"r", b"min", b"max")}


def check_package(package: zipfile.ZipFile) -> None:
    """Refuse a package that unpacks to more than any spreadsheet does, or that names a part twice."""
    total = sum(info.file_size for info in package.infolist())
    packed = sum(info.compress_size for info in package.infolist())
    if total > MAX_UNPACKED or (total > RATIO_FROM and total > MAX_RATIO * max(packed, 1)):
        raise ReadError("too-large", f"{total / 2**20:,.0f} MB")
    names = package.namelist()
    if len(set(names)) < len(names):
        raise ReadError("not-a-workbook", "ZIP")
    if any(info.flag_bits & 1 for info in package.infolist()):
        raise ReadError("encrypted")
    for name in names:
        if name.lower().endswith(("sharedstrings.xml", "sharedstrings.bin", "styles.xml")):
            with package.open(name) as stream:  # whole, so that its true size and checksum are known
                while stream.read(CHUNK):
                    pass
    for info in package.infolist():
        if info.filename.endswith(("sharedStrings.xml", "styles.xml")):
            with package.open(info) as stream:
                stated = max(map(int, _COUNT.findall(stream.read(1 << 16))), default=0)
            if stated > max(info.file_size, 1_000_000):
                raise ReadError("too-large", f"{info.filename}: count={stated}")


def book_part(package: zipfile.ZipFile) -> str:
    """The part that lists the sheets; '' where the package is no workbook."""
    if "_rels/.rels" not in package.namelist():
        return ""
    for relation in xml(package, "_rels/.rels"):
        if relation.get("Type", "").endswith("/officeDocument"):
            target = _part(package, "", relation.get("Target", ""))
            return target if ".bin" in target or b"sheets" in package.read(target)[:MAX_XML] else ""
    return ""


def targets(package: zipfile.ZipFile, book: str) -> dict[str, str]:
    """Relation id to part, of those that the package holds."""
    base = str(PurePosixPath(book).parent)
    relations = xml(package, f"{base}/_rels/{PurePosixPath(book).name}.rels".removeprefix("./"))
    return {
        relation.get("Id", ""): part
        for relation in relations
        if relation.get("TargetMode") != "External" and (part := _part(package, base, relation.get("Target", "")))
    }


def sheets_shown(package: zipfile.ZipFile, book: str) -> list[tuple[str, bool]]:
    """The name of every sheet, and whether the workbook shows it."""
    sheets = (e for e in xml(package, book).iter() if e.tag.rpartition("}")[2] == "sheet")
    return [(e.get("name", ""), e.get("state", "visible") == "visible") for e in sheets]


def sheet_parts(package: zipfile.ZipFile, book: str) -> dict[str, str]:
    """Sheet name to the package part that holds it."""
    known = targets(package, book)
    parts = {}
    for element in xml(package, book).iter():
        if element.tag.rpartition("}")[2] == "sheet":
            ref = next((v for k, v in element.attrib.items() if k.endswith("}id")), "")
            if ref in known:
                parts[element.get("name", "")] = known[ref]
    return parts


def _part(package: zipfile.ZipFile, base: str, target: str) -> str:
    """The part that a target names, whatever its case and slashes; '' where there is none."""
    wanted = _resolve(base, target.replace("\\", "/")).lower()
    return next((n for n in package.namelist() if n.replace("\\", "/").lower() == wanted), "")


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


def xml(package: zipfile.ZipFile, part: str) -> ElementTree.Element:
    """A small part, parsed; a document type is refused."""
    try:
        if package.getinfo(part).file_size > MAX_XML:
            raise ReadError("too-large", part)
        data = package.read(part)
    except KeyError:
        raise ReadError("not-a-workbook", f"no {part}") from None
    if b"\0" in data[:64]:
        data = data.decode("utf-16").encode("utf-8")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ReadError("not-a-workbook", f"DTD in {part}")
    try:
        return ElementTree.fromstring(data)
    except ElementTree.ParseError as problem:
        raise ReadError("not-a-workbook", f"{part}: {problem}") from None


def _check_worksheet(chunk: bytes, part: str) -> None:
    if chunk.strip() and not re.search(rb"<(?:\w+:)?(?:worksheet|chartsheet|dialogsheet|macrosheet)\b", chunk):
        raise ReadError("not-a-workbook", f"{part}: no worksheet")


def _odd_numbers(chunk: bytes, part: str, row: int) -> list[Place]:
    """Cells whose value is no number that a reader could misread; raises for markup inside values.

    Comments, CDATA, instructions, character references and repeated attributes are never written by a spreadsheet
    program, and readers differ over them: a value cut short would look right.
    """
    if b"<!DOCTYPE" in chunk or b"<!ENTITY" in chunk:
        raise ReadError("not-a-workbook", f"DTD in {part}")
    if (b"<!" in chunk or b"<?" in chunk) and (found := _MARKUP.search(chunk)):
        raise ReadError("not-a-workbook", f"{part}: {found[0][:60].decode('utf-8', 'replace')}")
    openings = sum(map(chunk.count, (b"<c ", b"<row ", b":c ", b":row ")))
    if chunk.count(b' r="') > openings and (found := _TWICE.search(chunk)):
        raise ReadError("not-a-workbook", f"{part}: {found[0][:60].decode('utf-8', 'replace')}")
    if b"&#" in chunk:
        for found in _REFERENCE.finditer(chunk):
            opening = _CELL.match(chunk, _open_cell(chunk, found.start()))
            if opening and b't="str"' not in opening[0]:
                raise ReadError("not-a-workbook", f"{part}: {found[0][:60].decode('utf-8', 'replace')}")
    return [_place(chunk, _open_cell(chunk, found.start()), row) for found in _NOT_FINITE.finditer(chunk)]


def marks(package: zipfile.ZipFile, part: str, units: Mapping[int, str]) -> Marks:
    """Scan one sheet part, in chunks that end at a row's end."""
    errors: dict[Place, str] = {}
    uncalculated: dict[Place, str] = {}
    unit_formats: dict[Place, str] = {}
    styled = re.compile(rb"<(?:\w+:)?c(?=[^>]*\bs=[\"'](%s)[\"'])[^>]*>" % b"|".join(b"%d" % u for u in units))
    filled = wide = False
    hidden_rows: set[int] = set()
    hidden_columns: set[int] = set()
    row = 0
    with package.open(part) as stream:
        for first, chunk in _row_chunks(stream):
            if first:
                hidden_columns = _hidden_columns(chunk)
                _check_worksheet(chunk, part)
            if found := _FAR_ROW.search(chunk):
                raise ReadError("too-large", found[0].decode())
            errors |= dict.fromkeys(_odd_numbers(chunk, part, row), "NaN")
            filled = filled or bool(_FILLED.search(chunk))
            wide = wide or _reaches_far(chunk)
            if units:
                for found in styled.finditer(chunk):
                    unit_formats[_place(chunk, found.start(), row)] = units[int(found[1])]
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
    if wide:
        check_size(*_extent(package, part), "")
    return Marks(
        errors,
        uncalculated,
        frozenset(hidden_rows),
        frozenset(hidden_columns),
        unit_formats=unit_formats,
        filled=filled,
    )


def _reaches_far(chunk: bytes) -> bool:
    """Whether some cell is so far right, or so oddly written, that the rows must be counted too."""
    usual = chunk.count(b'<c r="')
    if usual == chunk.count(b"<c") - chunk.count(b"<col") and b":c " not in chunk and b":c>" not in chunk:
        return bool(_WIDE.search(chunk))
    return bool(_WIDE_OR_ODD.search(chunk))


def _extent(package: zipfile.ZipFile, part: str) -> Place:
    """The last row and column with a value: asked only of wide sheets, or of cells that do not say where they are."""
    bottom = right = rows = 0
    with package.open(part) as stream:
        for _, chunk in _row_chunks(stream):
            refs = _FULL_CELL.findall(chunk)
            bottom = max(bottom, max((int(digits) for _, digits in refs), default=0))
            right = max(
                right, max((column_number(x.decode().upper()) for x in {letters for letters, _ in refs}), default=0)
            )
            if _UNPLACED.search(chunk):
                rows = max(rows + len(_ROW.findall(chunk)), _last_row(chunk, 0))
                bottom = max(bottom, rows)
                right = max(right, max(len(_CELL.findall(row)) for row in chunk.split(b"row>")))
    return bottom, right


def _row_chunks(stream: IO[bytes]) -> Iterator[tuple[bool, bytes]]:
    rest, first, size = b"", True, 0
    while data := stream.read(CHUNK):
        size += len(data)
        if size > MAX_UNPACKED:
            raise ReadError("too-large", f"{size / 2**20:,.0f} MB")
        data = rest + data
        cut = data.rfind(b"row>") + 4
        if cut < 4:
            if len(data) > 16 * CHUNK:
                raise ReadError("too-large", "1 row > 64 MB")
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


def _place(chunk: bytes, start: int, row_before: int) -> Place:
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
            hidden.update(range(int(low[1]), min(int(high[1]), MAX_COLUMNS) + 1))
    return hidden

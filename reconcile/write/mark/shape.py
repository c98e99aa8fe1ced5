"""What a copy takes from a source that is no .xlsx beside its values: how wide columns are, whether it is guarded."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from reconcile.read import compound, encoding, ooxml, streamed
from reconcile.read.records import biff_records, xlsb_parts, xlsb_records
from reconcile.read.streamed import Attributes, Reader, count

_BOF, _EOF, _BOUNDSHEET, _PROTECT, _COLINFO = (0x809, 0x409, 0x209, 0x9), 0x0A, 0x85, 0x12, 0x7D
_XLSB_COLUMN = 60
_XLSB_LOCKS = {534: ("<H", 4), 676: ("<H", 8), 535: ("<I", 2), 677: ("<I", 4)}
"""Records of protection, with where each says by its lowest bit whether structure or sheet is locked."""
_INCHES = {"cm": 1 / 2.54, "mm": 1 / 25.4, "in": 1.0, "pt": 1 / 72, "pc": 1 / 6, "px": 1 / 96, "": 1 / 96}
_LENGTH = re.compile(r"\s*([\d.]+)\s*(cm|mm|in|pt|pc|px|)\s*")
_COLUMNS = re.compile(r"<(?:col|colgroup)\b([^>]*)>", re.IGNORECASE)
_WIDTH = re.compile(r"(?<![\w-])width\s*[:=]\s*[\"']?\s*([\d.]+\s*(?:cm|mm|in|pt|pc|px)?)(?![\d.%])", re.IGNORECASE)
_SPAN = re.compile(r"\bspan\s*=\s*[\"']?(\d+)", re.IGNORECASE)
_PIXELS, _PADDING = 7, 5
"""Of a character of column width, and of the space around a column's text."""
Width = tuple[int, int, float]


@dataclass(frozen=True)
class Shape:
    """widths: of every worksheet in order, its columns that have a width of their own, as first, last (1-based) and
    characters.  guard: `protected`, `signed`, or '' for neither."""

    widths: tuple[tuple[Width, ...], ...] = ()
    guard: str = ""


def shape_of(data: bytes, kind: str) -> Shape:
    """The shape of a file that has been read, by its kind (see Book)."""
    if kind == "xls":
        return _xls(data)
    if kind == "xlsb":
        return _xlsb(data)
    if kind == "ods":
        return _opendocument(data)
    if kind == "xml":
        return _xml_2003(encoding.decode(data)[0])
    if kind == "html":
        return _html(encoding.decode(data)[0])
    return Shape()


def _guard(*, signed: bool, protected: bool) -> str:
    return "signed" if signed else "protected" if protected else ""


def _characters(length: str) -> float:
    """A width such as `2.26cm` in characters, 0 where it is none."""
    found = _LENGTH.fullmatch(length.lower())
    inches = float(found[1]) * _INCHES[found[2]] if found else 0.0
    return max(round((inches * 96 - _PADDING) / _PIXELS, 2), 0.0)


def _xls(data: bytes) -> Shape:
    file = compound.Compound(data)
    signed = any(name in file.streams for name in ("_signatures", "_xmlsignatures"))
    stream = file.stream(next(n for n in ("Workbook", "Book", "WORKBOOK", "BOOK") if n in file.streams))
    starts, protected = [], False
    for at, kind, body in biff_records(stream, 0):
        if kind == _BOUNDSHEET and len(body) >= 6 and body[5] == 0:
            starts.append(struct.unpack_from("<I", body)[0])
        protected |= kind == _PROTECT and any(body[:2])
        if kind == _EOF and at:
            break
    pages: list[tuple[Width, ...]] = []
    for start in starts:
        widths, depth = [], 0
        for _, kind, body in biff_records(stream, start):
            depth += (kind in _BOF) - (kind == _EOF)
            if depth == 0:
                break
            protected |= depth == 1 and kind == _PROTECT and any(body[:2])
            if depth == 1 and kind == _COLINFO and len(body) >= 10:
                first, last, width = struct.unpack_from("<HHH", body)
                widths.append((first + 1, last + 1, width / 256))
        pages.append(tuple(widths))
    return Shape(tuple(pages), _guard(signed=signed, protected=protected))


def _xlsb(data: bytes) -> Shape:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        signed = any(name.startswith("_xmlsignatures/") for name in package.namelist())
        book = ooxml.book_part(package)
        protected = any(locks(kind, body) for kind, body in xlsb_records(package.read(book)))
        pages: list[tuple[Width, ...]] = []
        for part in xlsb_parts(package, book).values():
            widths = []
            for kind, body in xlsb_records(package.read(part)):
                protected |= locks(kind, body)
                if kind == _XLSB_COLUMN and len(body) >= 12:
                    first, last, width = struct.unpack_from("<III", body)
                    widths.append((first + 1, last + 1, width / 256))
            pages.append(tuple(widths))
    return Shape(tuple(pages), _guard(signed=signed, protected=protected))


def locks(kind: int, body: bytes) -> bool:
    """Whether a record of an .xlsb locks the workbook's structure or a sheet."""
    if kind not in _XLSB_LOCKS:
        return False
    form, at = _XLSB_LOCKS[kind]
    return len(body) < at + struct.calcsize(form) or bool(struct.unpack_from(form, body, at)[0] & 1)


def _opendocument(data: bytes) -> Shape:
    styles: dict[str, float] = {}
    pages: list[list[Width]] = []
    style, column, protected = "", 1, False

    def start_style(given: Attributes) -> None:
        nonlocal style
        style = given.get("name", "") if given.get("family") == "table-column" else ""

    def properties(given: Attributes) -> None:
        if style:
            styles[style] = _characters(given.get("column-width", ""))

    def start_book(given: Attributes) -> None:
        nonlocal protected
        protected |= given.get("structure-protected") == "true"

    def start_table(given: Attributes) -> None:
        nonlocal column, protected
        column, protected = 1, protected or given.get("protected") == "true"
        pages.append([])

    def start_column(given: Attributes) -> None:
        nonlocal column
        first, column = column, column + count(given, "number-columns-repeated")
        if width := styles.get(given.get("style-name", ""), 0.0):
            pages[-1].append((first, column - 1, width))

    reader = Reader()
    reader.ignored = frozenset(["tracked-changes", "shapes", "forms", "table-row"])
    reader.starts = {
        "style": start_style,
        "table-column-properties": properties,
        "spreadsheet": start_book,
        "table": start_table,
        "table-column": start_column,
    }
    signed = False
    if data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            signed = "META-INF/documentsignatures.xml" in package.namelist()
            with package.open("content.xml") as stream:
                reader.parse(iter(partial(stream.read, ooxml.CHUNK), b""))
    else:
        reader.parse(streamed.chunks(encoding.decode(data)[0]))
    return Shape(tuple(map(tuple, pages)), _guard(signed=signed, protected=protected))


def _xml_2003(text: str) -> Shape:
    pages: list[list[Width]] = []
    column, protected = 1, False

    def start_sheet(given: Attributes) -> None:
        nonlocal column, protected
        column, protected = 1, protected or given.get("Protected") == "1"
        pages.append([])

    def start_column(given: Attributes) -> None:
        nonlocal column
        first = count(given, "Index", column)
        column = first + 1 + count(given, "Span", 0)
        if width := _characters(f"{given.get('Width', '')}pt"):
            pages[-1].append((first, column - 1, width))

    def locked() -> None:
        nonlocal protected
        protected |= "".join(reader.text or ()).strip().lower() in ("true", "1", "")
        reader.text = None

    def start_lock(_: Attributes) -> None:
        reader.text = []

    reader = Reader()
    reader.ignored = frozenset(["Row", "Styles", "Names", "DocumentProperties"])
    reader.starts = {"Worksheet": start_sheet, "Column": start_column, "ProtectStructure": start_lock}
    reader.ends = {"ProtectStructure": locked}
    reader.parse(streamed.chunks(text))
    return Shape(tuple(map(tuple, pages)), _guard(signed=False, protected=protected))


def _html(text: str) -> Shape:
    """The columns of the first table that states any."""
    for table in re.split(r"<table\b", text, flags=re.IGNORECASE)[1:]:
        head = table[: found.start()] if (found := re.search(r"<t[rdh]\b", table, re.IGNORECASE)) else table
        widths = tuple(_html_columns(_COLUMNS.findall(head)))
        if widths:
            return Shape((widths,))
    return Shape()


def _html_columns(columns: Sequence[str]) -> Iterator[Width]:
    at = 1
    for attributes in columns:
        width, span = _WIDTH.search(attributes), _SPAN.search(attributes)
        last = at + (min(int(span[1]), 1_000) if span else 1) - 1
        if width and (wide := _characters(width[1])):
            yield at, last, wide
            at = last + 1
        elif "width" not in attributes.lower() and span is None:
            continue  # a group whose columns follow
        else:
            at = last + 1

"""Any file to sheets of raw cells.  Sniffed by its bytes, never by its ending."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias, TypeVar

import numpy as np
import pandas as pd
import python_calamine as calamine

from reconcile.finding import LoadError, Origin
from reconcile.read import (
    compound,
    delimited,
    encoding,
    markup,
    ooxml,
    opendocument,
    parquet,
    records,
    spreadsheetml,
    streamed,
    worksheet,
)
from reconcile.read.grid import held
from reconcile.read.long import long_file
from reconcile.read.scan import scan
from reconcile.read.shared import Shared
from reconcile.read.sheet import (
    Area,
    Book,
    Cells,
    ErrorCell,
    Marks,
    ReadError,
    Scanned,
    Sheet,
    Uncalculated,
    check_size,
)
from reconcile.read.tokens import OddError

Source: TypeAlias = str | Path | BinaryIO | pd.DataFrame
Found = TypeVar("Found", Marks, Scanned)
Read = TypeVar("Read")
Opened: TypeAlias = tuple[str, tuple[Sheet, ...], str]  # kind, sheets, encoding
_SIGNATURES = (
    (b"%PDF", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"\x1f\x8b", "gzip"),
    (b"SQLite format 3", "SQLite"),
    (b"MIME-Version:", "MHTML"),
    (b"\x09\x08", "Excel 5.0 without OLE"),
    (b"\x09\x04", "Excel 4.0"),
    (b"\x09\x02", "Excel 3.0"),
    (b"\x09\x00", "Excel 2.0"),
)
_NO_TEXT = (b"PK\x03\x04", compound.SIGNATURE, parquet.ENCRYPTED, *(s for s, _ in _SIGNATURES))
_HALF = re.compile("[\ud800-\udfff]")
_OTHER_PACKAGES = {"word/document.xml": "Word", "ppt/presentation.xml": "PowerPoint", "Index/Document.iwa": "Numbers"}
_OTHER_STREAMS = {"WordDocument": "Word", "PowerPoint Document": "PowerPoint"}

__all__ = ["Area", "Book", "Cells", "ErrorCell", "Sheet", "Source", "Uncalculated", "open_book", "sources"]


def sources(source: object) -> tuple[Source, ...]:
    """A source or a list of them, as a tuple."""
    if isinstance(source, str | Path | pd.DataFrame) or hasattr(source, "read"):
        return (source,)
    if isinstance(source, Sequence) and source:
        return tuple(one for each in source for one in sources(each))
    raise LoadError("bad-source", "", value=repr(source)[:80])


def open_book(source: Source) -> Book:
    """Read a workbook whole: .xlsx, .xlsm, .xlsb, .xls, .ods, .parquet, HTML or XML saved as .xls, or a text file of rows.

    Raises LoadError for a missing, empty, encrypted, damaged, outsized or unknown file, naming it.
    """
    if isinstance(source, pd.DataFrame):
        return Book("<DataFrame>", (_frame_sheet(source),), kind="frame")
    name, path, file = _file(source)
    try:
        size = file.seek(0, io.SEEK_END)
        if not size:
            raise LoadError("empty-file", name)
        found = _guarded(lambda: long_file(file, Path(name).stem, size, _NO_TEXT))
        if found:
            kind, sheets, characters, sha256 = found
        else:
            file.seek(0)
            data = file.read()
            kind, sheets, characters = _open(data, Path(name).stem)
            sha256 = hashlib.sha256(data).hexdigest()
    except ReadError as problem:
        origin = Origin(name, problem.sheet) if problem.sheet else name
        raise LoadError(problem.code, origin, **problem.seen) from None
    finally:
        if file is not source:
            file.close()
    return Book(name, sheets, sha256, path, kind, characters)


def _open(data: bytes, stem: str) -> Opened:
    if data[:4] == b"PK\x03\x04":
        return _guarded(lambda: _package(data))
    if data[:8] == compound.SIGNATURE:
        return _guarded(lambda: _xls(data))
    if data[:4] in (parquet.MARK, parquet.ENCRYPTED):
        return _guarded(lambda: ("parquet", parquet.sheets(data, stem), ""))
    for signature, other in _SIGNATURES:
        if data.startswith(signature):
            raise ReadError("not-a-workbook", other)
    text, characters = encoding.decode(data)
    start = text.lstrip()[:2_000]
    if start[:1] == "<":
        if "urn:schemas-microsoft-com:office:spreadsheet" in start and re.search(r"<(\w+:)?Workbook\b", start):
            return "xml", tuple(map(_repaired, spreadsheetml.sheets(text))), characters
        if "urn:oasis:names:tc:opendocument:xmlns:office" in start:
            return "ods", opendocument.sheets(streamed.chunks(text)), characters
        if not re.search(r"<table[\s>]", text, re.IGNORECASE):
            raise ReadError("not-a-workbook", "<html>" if "<html" in start.lower() else start[:40])
        return "html", tuple(map(_repaired, markup.sheets(text))), characters
    return "csv", tuple(map(_repaired, delimited.sheets(text, stem))), characters


def _guarded(read: Callable[[], Read]) -> Read:
    """Damage deep in a file shows as any exception, a panic of the reader among them."""
    try:
        return read()
    except (ReadError, MemoryError):
        raise
    except calamine.PasswordError:
        raise ReadError("encrypted") from None
    except Exception as problem:
        raise ReadError("not-a-workbook", str(problem) or type(problem).__name__) from None
    except BaseException as problem:
        if type(problem).__name__ != "PanicException":
            raise
        raise ReadError("not-a-workbook", str(problem)[:200]) from None


def _file(source: str | Path | BinaryIO) -> tuple[str, str, BinaryIO]:
    """(name, path, the open file) of a source."""
    if isinstance(source, str | Path):
        path = Path(source)
        if path.is_dir():
            raise LoadError("is-folder", path.name or str(path))
        try:
            return path.name, str(path.resolve()), path.open("rb")
        except FileNotFoundError:
            raise LoadError("missing-file", str(path)) from None
        except OSError as problem:
            raise LoadError("not-a-workbook", str(path), problem=problem.strerror) from None
    name = Path(str(getattr(source, "name", "<stream>"))).name
    if not isinstance(source.read(0), bytes):
        raise LoadError("bad-source", "", value="文本文件 / a text file")
    whole = getattr(source, "seekable", bool)() and source.tell() == 0
    return name, "", source if whole else io.BytesIO(source.read())


def _package(data: bytes) -> Opened:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        ooxml.check_package(package)
        names = package.namelist()
        for part, other in _OTHER_PACKAGES.items():
            if part in names:
                raise ReadError("not-a-workbook", other)
        if "content.xml" in names:
            if "META-INF/manifest.xml" in names and b"encryption-data" in package.read("META-INF/manifest.xml"):
                raise ReadError("encrypted")
            with package.open("content.xml") as stream:
                return "ods", opendocument.sheets(iter(partial(stream.read, ooxml.CHUNK), b"")), ""
        if "encrypted-package" in names:
            raise ReadError("encrypted")
        book = ooxml.book_part(package)
        if not book:
            raise ReadError("not-a-workbook", "ZIP")
        if book.endswith(".bin"):
            ooxml.check_binary_parts(package)
            parts = records.xlsb_parts(package, book)
            marks = {name: _of(name, partial(records.xlsb_marks, package, part)) for name, part in parts.items()}
            return "xlsb", tuple(_calamine_sheets(data, marks)), ""
        return "xlsx", tuple(_xlsx_sheets(package, book)), ""


def _xlsx_sheets(package: zipfile.ZipFile, book: str) -> Iterator[Sheet]:
    """The sheets of cells: those in the plain form in arrays, all others element by element."""
    shared = Shared(package, book)
    for listed in ooxml.sheets(package, book, shared.relations):
        found = _of(listed.name, partial(_xlsx_sheet, shared, listed.part))
        yield Sheet(
            listed.name,
            found.cells,
            found.merges,
            not listed.shown,
            found.hidden_rows,
            found.hidden_columns,
            found.unit_formats,
        )


def _xlsx_sheet(shared: Shared, part: str) -> Scanned:
    try:
        return scan(shared, part)
    except OddError:
        found = worksheet.read(shared, part)
        return replace(found, cells=held(found.cells))


def _of(sheet: str, read: Callable[[], Found]) -> Found:
    """What is read of a sheet, its refusal naming the sheet."""
    try:
        return read()
    except ReadError as problem:
        problem.sheet = problem.sheet or sheet
        raise


def _xls(data: bytes) -> Opened:
    file = compound.Compound(data)
    if "EncryptedPackage" in file.streams:
        raise ReadError("encrypted")
    for stream, other in _OTHER_STREAMS.items():
        if stream in file.streams:
            raise ReadError("not-a-workbook", other)
    name = next((n for n in ("Workbook", "Book", "WORKBOOK", "BOOK") if n in file.streams), "")
    if not name:
        raise ReadError("not-a-workbook", "OLE")
    marks = records.xls_marks(file.stream(name))
    return "xls", tuple(map(_repaired, _calamine_sheets(data, marks))), ""


def _calamine_sheets(data: bytes, marks: Mapping[str, Marks] | list[Marks]) -> Iterator[Sheet]:
    """The worksheets of a binary workbook, each with its marks: by name, or in the file's order."""
    book = calamine.load_workbook(io.BytesIO(data))
    metadata = book.sheets_metadata
    if isinstance(marks, list):
        if len(marks) != len(metadata):
            raise ReadError("not-a-workbook", f"{len(marks)} ≠ {len(metadata)}")
        marks = {meta.name: mark for meta, mark in zip(metadata, marks)}
    for meta in metadata:
        if meta.typ is not calamine.SheetTypeEnum.WorkSheet:
            continue
        if meta.name not in marks:
            raise ReadError("not-a-workbook", "no part", meta.name)
        sheet, mark = book.get_sheet_by_name(meta.name), marks[meta.name]
        end = sheet.end
        if end is not None:
            check_size(end[0] + 1, end[1] + 1, meta.name)
        areas: tuple[Area, ...] = tuple(
            (top + 1, left + 1, bottom + 1, right + 1)
            for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
        )
        yield Sheet(
            meta.name,
            _array(sheet.to_python(skip_empty_area=False), mark, meta.name),
            areas or mark.merges,
            meta.visible is not calamine.SheetVisibleEnum.Visible,
            mark.hidden_rows,
            mark.hidden_columns,
        )


def _array(rows: list[list[Any]], marks: Marks, sheet: str) -> Cells:
    """Rows as an array; a number that is none is an error as those are that the file marks so.

    Raises ReadError where the cells that hold something are not those that the file's records name.
    """
    told = np.concatenate([marks.numbers, marks.texts])
    height, width = np.maximum(told.max(axis=0, initial=0), (len(rows), len(rows[0]) if rows else 0)).tolist()
    cells: Cells = np.full((height, width), None, dtype=object)
    if rows:
        cells[: len(rows), : len(rows[0])] = np.array(rows, dtype=object).reshape(len(rows), -1)
    cells[cells != cells] = ErrorCell("NaN")
    for (row, column), code in marks.errors.items():
        cells[row - 1, column - 1] = ErrorCell(code)
    shown = np.asarray((cells != None) & (cells != ""), dtype=bool)  # noqa: E711 - elementwise
    known = np.zeros_like(shown)
    known[told[:, 0] - 1, told[:, 1] - 1] = True
    missing = int((~shown[marks.numbers[:, 0] - 1, marks.numbers[:, 1] - 1]).sum())
    if missing or (shown & ~known).any() or int(known.sum()) < len(told):
        raise ReadError("not-a-workbook", f"{int(shown.sum()):,} / {len(told):,}", sheet)
    return cells


def _repaired(sheet: Sheet) -> Sheet:
    """The sheet, its text put right where Chinese bytes were taken for Western letters."""
    codec = encoding.repair(sheet.cells)
    return replace(sheet, name=encoding.restored(sheet.name, codec) or sheet.name) if codec else sheet


def _frame_sheet(frame: pd.DataFrame) -> Sheet:
    """A frame as a sheet: its column names are row 1, its first row is row 2 (one row more for each level of names).

    An index that has a name is a column of its own.
    """
    if any(name is not None for name in frame.index.names):
        frame = frame.reset_index()
    levels = frame.columns.nlevels
    cells: Cells = np.full((len(frame) + levels, frame.shape[1]), None, dtype=object)
    for position, column in enumerate(frame.columns):
        names = column if isinstance(column, tuple) else (column,)
        for level, name in enumerate(names):
            cells[level, position] = None if levels > 1 and str(name).startswith("Unnamed: ") else str(name)
        series = frame.iloc[:, position]
        cells[levels:, position] = _sound(series.astype(object).where(series.notna(), None).to_numpy(dtype=object))
    return Sheet("", cells)


def _sound(column: Cells) -> Cells:
    """A column of cells; half a surrogate pair, which no file can hold and Arrow refuses, shows as the mark for it."""
    broken = {v for v in {v for v in column if isinstance(v, str)} if _HALF.search(v)}
    if not broken:
        return column
    whole = (_HALF.sub("\ufffd", v) if isinstance(v, str) and v in broken else v for v in column)
    return np.fromiter(whole, dtype=object, count=len(column))

"""Any file to sheets of raw cells.  Sniffed by its bytes, never by its ending."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
import python_calamine as calamine

from reconcile.finding import LoadError, Origin
from reconcile.read import ooxml

Cells = npt.NDArray[np.object_]
Source: TypeAlias = str | Path | BinaryIO | pd.DataFrame
MAX_CELLS = 200_000_000


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


Area = tuple[int, int, int, int]  # first row, first column, last row, last column; 1-based, inclusive


@dataclass(frozen=True)
class Sheet:
    """Raw cells as a (rows × columns) object array whose [0, 0] is Excel's A1.  Blank is None or ''."""

    name: str
    cells: Cells
    merges: tuple[Area, ...] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Book:
    """A file's sheets in order, its name for messages, and the SHA-256 of its bytes ('' for a frame)."""

    file: str
    sheets: tuple[Sheet, ...]
    sha256: str = ""
    path: str = ""
    kind: str = field(default="xlsx")


def sources(source: object) -> tuple[Source, ...]:
    """A source or a list of them, as a tuple."""
    if isinstance(source, str | Path | pd.DataFrame) or hasattr(source, "read"):
        return (source,)
    if isinstance(source, Sequence) and source:
        return tuple(one for each in source for one in sources(each))
    raise LoadError("bad-source", "", value=repr(source)[:80])


def open_book(source: Source) -> Book:
    """Read a workbook whole.

    Raises LoadError for a missing, empty, encrypted, damaged or unknown file, naming it.
    """
    if isinstance(source, pd.DataFrame):
        return Book("<DataFrame>", (_frame_sheet(source),), kind="frame")
    name, path, data = _bytes(source)
    digest = hashlib.sha256(data).hexdigest()
    if data[:4] == b"PK\x03\x04":
        return Book(name, _zip_sheets(data, name), digest, path, "xlsx")
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return Book(name, _calamine_sheets(data, name, None), digest, path, "xls")
    raise LoadError("not-a-workbook", name, problem=_looks_like(data))


def _looks_like(data: bytes) -> str:
    if data[:1] == b"<" or data[:3] == b"\xef\xbb\xbf":
        return "文本、HTML 或 XML / text, HTML or XML"
    return "开头是 " + data[:8].hex(" ")


def _bytes(source: str | Path | BinaryIO) -> tuple[str, str, bytes]:
    if isinstance(source, str | Path):
        path = Path(source)
        if path.is_dir():
            raise LoadError("is-folder", path.name or str(path))
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise LoadError("missing-file", str(path)) from None
        except OSError as problem:
            raise LoadError("not-a-workbook", str(path), problem=problem.strerror) from None
        name, where = path.name, str(path.resolve())
    else:
        data = source.read()
        if not isinstance(data, bytes):
            raise LoadError("bad-source", "", value="文本文件 / a text file")
        name, where = Path(str(getattr(source, "name", "<stream>"))).name, ""
    if not data:
        raise LoadError("empty-file", name)
    return name, where, data


def _zip_sheets(data: bytes, name: str) -> tuple[Sheet, ...]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            ooxml.check_package(package)
            if "xl/workbook.bin" in package.namelist() or "content.xml" in package.namelist():
                return _calamine_sheets(data, name, None)
            return _calamine_sheets(data, name, package)
    except ooxml.PackageError as problem:
        raise LoadError("too-large" if "MB" in str(problem) else "not-a-workbook", name, problem=problem) from None
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as problem:
        if isinstance(problem, LoadError):
            raise
        raise LoadError("not-a-workbook", name, problem=problem) from None
    except Exception as problem:  # zlib.error and the like: damage deep in the package
        raise LoadError("not-a-workbook", name, problem=problem) from None


def _calamine_sheets(data: bytes, name: str, package: zipfile.ZipFile | None) -> tuple[Sheet, ...]:
    try:
        book = calamine.load_workbook(io.BytesIO(data))
    except calamine.PasswordError:
        raise LoadError("encrypted", name) from None
    except (calamine.CalamineError, OSError, ValueError) as problem:
        raise LoadError("not-a-workbook", name, problem=problem) from None
    parts = ooxml.sheet_parts(package) if package else {}
    sheets = []
    for meta in book.sheets_metadata:
        if meta.typ is not calamine.SheetTypeEnum.WorkSheet:
            continue
        try:
            sheet = book.get_sheet_by_name(meta.name)
        except calamine.CalamineError as problem:
            raise LoadError("not-a-workbook", Origin(name, meta.name), problem=problem) from None
        end = sheet.end or (0, 0)
        if (end[0] + 1) * (end[1] + 1) > MAX_CELLS:
            raise LoadError("too-large", Origin(name, meta.name), problem=f"{end[0] + 1:,} × {end[1] + 1:,}")
        marks = ooxml.marks(package, parts[meta.name]) if package and meta.name in parts else ooxml.Marks()
        merges = tuple(
            (top + 1, left + 1, bottom + 1, right + 1)
            for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
        )
        cells = _array(sheet.to_python(skip_empty_area=False), marks)
        hidden = meta.visible is not calamine.SheetVisibleEnum.Visible
        sheets.append(Sheet(meta.name, cells, merges, hidden, marks.hidden_rows, marks.hidden_columns))
    return tuple(sheets)


def _array(rows: list[list[Any]], marks: ooxml.Marks) -> Cells:
    marked = {**marks.errors, **marks.uncalculated}
    height = max([len(rows), *(r for r, _ in marked)])
    width = max([len(rows[0]) if rows else 0, *(c for _, c in marked)])
    cells: Cells = np.full((height, width), None, dtype=object)
    if rows:
        cells[: len(rows), : len(rows[0])] = np.array(rows, dtype=object).reshape(len(rows), -1)
    for (row, column), code in marks.errors.items():
        cells[row - 1, column - 1] = ErrorCell(code)
    for (row, column), formula in marks.uncalculated.items():
        cells[row - 1, column - 1] = Uncalculated(formula)
    return cells


def _frame_sheet(frame: pd.DataFrame) -> Sheet:
    """A frame as a sheet: its column names are row 1, its first row is row 2."""
    cells: Cells = np.full((len(frame) + 1, frame.shape[1]), None, dtype=object)
    for position, column in enumerate(frame.columns):
        series = frame.iloc[:, position]
        values = series.astype(object)
        cells[0, position] = " ".join(map(str, column)) if isinstance(column, tuple) else str(column)
        cells[1:, position] = values.where(series.notna(), None).to_numpy(dtype=object)
    return Sheet("", cells)

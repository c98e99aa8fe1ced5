"""Copies of the sources with a fill and a note at every cell that a finding names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reconcile import wording
from reconcile.finding import Finding, Severity
from reconcile.read.table import Table
from reconcile.read.workbook import Book, open_book
from reconcile.result import Result
from reconcile.write.output import check_no_input, whole_file

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

FILLS = {Severity.ERROR: "FFF4B6B6", Severity.WARNING: "FFFFE3A3", Severity.INFO: "FFCFE2F3"}
MARKS = {Severity.ERROR: "●", Severity.WARNING: "▲", Severity.INFO: "○"}
AUTHOR = "reconcile"


def write(result: Result, folder: Path) -> list[Path]:
    """One copy a source file, under its own name, in `folder`; sources without a path (frames) have none.

    Raises LoadError where a copy would replace a source.
    """
    tables: dict[str, Table] = {}
    for one in result.loaded:
        tables |= {t.path: t for t in one.tables if t.path}
    names: set[str] = set()
    written = []
    for path, table in tables.items():
        findings = [f for f in result.problems if f.origin.file == table.file and f.origin.row]
        target = folder / _free_name(Path(path), names)
        check_no_input(target, tables)
        with whole_file(target) as beside:
            _mark(Path(path), findings, beside, result.settings.language)
        written.append(target)
    return written


def _free_name(path: Path, taken: set[str]) -> str:
    stem, suffix, number = path.stem, path.suffix if path.suffix in (".xlsx", ".xlsm") else ".xlsx", 1
    name = stem + suffix
    while name in taken:
        number += 1
        name = f"{stem} ({number}){suffix}"
    taken.add(name)
    return name


def _mark(source: Path, findings: list[Finding], target: Path, language: str) -> None:
    import openpyxl
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    macros = source.suffix == ".xlsm"
    book = (
        openpyxl.load_workbook(source, keep_vba=macros)
        if source.suffix in (".xlsx", ".xlsm")
        else _plain(open_book(source))
    )
    cells: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        origin = finding.origin
        address = origin.cell if origin.column else f"A{origin.row}"
        cells.setdefault((origin.sheet, address), []).append(finding)
    for (sheet, address), found in cells.items():
        cell = book[sheet][address]
        if not hasattr(cell, "value") or cell.__class__.__name__ == "MergedCell":
            cell = _anchor(book, sheet, address)
        note = "\n".join(f"{MARKS[f.level]} {_title(f, language)}：{f.message(language)}" for f in found)
        if cell.comment is not None:
            note = f"{cell.comment.text}\n\n{note}"
        comment = Comment(note, AUTHOR, width=360, height=60 + 48 * len(found))
        cell.comment = comment
        cell.fill = PatternFill("solid", fgColor=FILLS[found[0].level])
    book.save(target)


def _title(finding: Finding, language: str) -> str:
    return wording.finding(finding.code)[f"title_{language}"]


def _anchor(book: Workbook, sheet: str, address: str) -> object:
    """The first cell of the merged area that covers an address."""
    area = next(r for r in book[sheet].merged_cells.ranges if address in r)
    return book[sheet].cell(area.min_row, area.min_col)


def _plain(source: Book) -> Workbook:
    """A workbook with the values of a file that is no .xlsx."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet in source.sheets:
        page = book.create_sheet(sheet.name or "Sheet1")
        for r, row in enumerate(sheet.cells, 1):
            for c, value in enumerate(row, 1):
                if value is not None and value != "":
                    cell = page.cell(r, c)
                    cell.value = value if not hasattr(value, "code") else str(value)
                    if isinstance(value, str):
                        cell.data_type = "s"
    return book

"""Copies of the sources with a fill and a note at every cell that a finding names."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

from reconcile import wording
from reconcile.finding import Finding, LoadError, Severity
from reconcile.read.sheet import MAX_ROWS, Area, Place
from reconcile.read.table import Table
from reconcile.read.workbook import open_book
from reconcile.result import Result
from reconcile.write.mark.copy import Mark, mark_copy
from reconcile.write.mark.plain import plain_copy
from reconcile.write.mark.shape import shape_of
from reconcile.write.output import check_no_input, whole_file

COLOURS = {Severity.ERROR: "FFF4B6B6", Severity.WARNING: "FFFFE3A3", Severity.INFO: "FFCFE2F3"}
SYMBOLS = {Severity.ERROR: "●", Severity.WARNING: "▲", Severity.INFO: "○"}
MOST_IN_A_NOTE = 8
UNMARKED = ("protected-source", "signed-source", "not-markable", "beyond-a-sheet")


def write(result: Result, folder: Path) -> list[Path]:
    """One copy a source file, under its own name, in `folder`; sources without a path (frames) have none.

    An .xlsx or .xlsm keeps every byte but those of the marks; other kinds become an .xlsx with their values.  A file
    that is protected or signed, or has more rows than a sheet, is left out, with a warning that says why.  Raises LoadError where a copy would replace
    a source.
    """
    tables = _sources(result)
    called = names(result)
    written = []
    for path, own in tables.items():
        marks = _marks(result.problems, own, result.settings.language)
        target = folder / called[own[0].file]
        check_no_input(target, tables)
        try:
            with whole_file(target) as beside:
                _check_fits(own)
                _copy(Path(path), beside, marks, _legend(result, marks))
        except LoadError as refusal:
            if refusal.code not in UNMARKED:
                raise
            warnings.warn(str(refusal), stacklevel=2)
            continue
        written.append(target)
    return written


def names(result: Result) -> dict[str, str]:
    """What the copy of every source with a path is called, by the name that findings have for the source."""
    taken: set[str] = set()
    return {own[0].file: _free_name(Path(path), taken) for path, own in _sources(result).items()}


def _sources(result: Result) -> dict[str, list[Table]]:
    """The tables of every source with a path, by its path."""
    found: dict[str, list[Table]] = {}
    for table in (t for one in result.loaded for t in one.tables if t.path):
        found.setdefault(table.path, []).append(table)
    return found


def _free_name(path: Path, taken: set[str]) -> str:
    stem, suffix, number = path.stem, path.suffix if path.suffix.lower() in (".xlsx", ".xlsm") else ".xlsx", 1
    name = stem + suffix
    while name.lower() in taken:
        number += 1
        name = f"{stem} ({number}){suffix}"
    taken.add(name.lower())
    return name


def _check_fits(tables: Sequence[Table]) -> None:
    """Refuse a copy of rows that no sheet holds."""
    last = max((int(t.numbers.max(initial=0)) for t in tables), default=0)
    if last > MAX_ROWS:
        raise LoadError("beyond-a-sheet", tables[0].file, rows=f"{last:,}", most=f"{MAX_ROWS:,}")


def _copy(
    source: Path, target: Path, marks: Mapping[str, Mapping[Place, Mark]], legend: tuple[str, Sequence[tuple[str, str]]]
) -> None:
    colours = {level.value: argb for level, argb in COLOURS.items()}
    with source.open("rb") as stream:
        package = stream.read(4) == b"PK\x03\x04"
    if package and source.suffix.lower() in (".xlsx", ".xlsm"):
        mark_copy(source, target, marks, colours, legend)
    else:
        book = open_book(source)
        plain_copy(book, target, marks, colours, legend, shape_of(source.read_bytes(), book.kind))


def _marks(findings: Sequence[Finding], tables: Sequence[Table], language: str) -> dict[str, dict[Place, Mark]]:
    """Marks by sheet and cell; a cell inside a merged area is marked at the area's first."""
    file = tables[0].file
    areas: dict[str, tuple[Area, ...]] = {sheet: t.merges for t in tables for _, sheet in t.places}
    at: dict[str, dict[Place, list[tuple[int, Finding]]]] = {}
    for number, finding in enumerate(findings, 1):
        origin = finding.origin
        if origin.file == file and origin.row and origin.sheet in areas:
            place = _anchor(origin.row, origin.column or 1, areas[origin.sheet])
            at.setdefault(origin.sheet, {}).setdefault(place, []).append((number, finding))
    return {sheet: {p: _mark(found, language) for p, found in places.items()} for sheet, places in at.items()}


def _mark(found: Sequence[tuple[int, Finding]], language: str) -> Mark:
    """What a cell's note says of its findings, each with its number in the list of findings."""
    lines = []
    for number, f in found[:MOST_IN_A_NOTE]:
        facts = {"title": wording.finding(f.code)[f"title_{language}"], "number": number}
        title = wording.fill(wording.text("note-title", language), facts)
        lines.append(f"{SYMBOLS[f.level]} {title}{'：' if language == 'zh' else ': '}{f.message(language)}")
    if len(found) > MOST_IN_A_NOTE:
        lines.append(wording.fill(wording.text("more-in-review", language), {"count": len(found) - MOST_IN_A_NOTE}))
    return Mark(found[0][1].level.value, "\n".join(lines))


def _anchor(row: int, column: int, areas: Sequence[Area]) -> Place:
    area = next((a for a in areas if a[0] <= row <= a[2] and a[1] <= column <= a[3]), None)
    return (area[0], area[1]) if area else (row, column)


def _legend(result: Result, marks: Mapping[str, Mapping[Place, Mark]]) -> tuple[str, Sequence[tuple[str, str]]]:
    language = result.settings.language
    count = sum(map(len, marks.values()))
    lines = [("", wording.fill(wording.text("legend-head", language), {"count": count}))]
    lines += [(level.value, f"{SYMBOLS[level]} {wording.text(f'legend-{level.value}', language)}") for level in COLOURS]
    return wording.text("legend-sheet", language), [*lines, ("", wording.text("legend-foot", language))]

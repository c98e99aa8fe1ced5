"""A marked copy of an .xlsx or .xlsm file: fills and notes at cells, and a sheet that says what they mean."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from reconcile.finding import LoadError
from reconcile.read import ooxml
from reconcile.read.sheet import Place, ReadError
from reconcile.write.mark import cells, notes
from reconcile.write.mark.package import (
    NAMESPACES,
    TYPES,
    Relations,
    before_end,
    check_copy,
    content_types,
    free_name,
    rewrite,
)
from reconcile.write.mark.proof import check_sheet
from reconcile.write.mark.styles import MINIMAL, Styles

_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_LOCKED = re.compile(rb"<(?:\w+:)?workbookProtection\b[^>]*\blockStructure\s*=\s*[\"'](?:1|true)")
_VML_FIRST = "xl/drawings/vmlDrawing{}.vml"


@dataclass(frozen=True)
class Mark:
    """What a marked cell shows: a level, which gives its fill, and a note ('' for none)."""

    level: str
    note: str = ""


@dataclass
class _Changes:
    """What differs in the copy: parts made anew, parts added, and the content types of those."""

    changed: dict[str, Iterable[bytes]] = field(default_factory=dict)
    added: dict[str, bytes] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)

    def put(self, package: zipfile.ZipFile, part: str, data: bytes) -> None:
        if part in package.namelist():
            self.changed[part] = [data]
        else:
            self.added[part] = data


def mark_copy(
    source: Path,
    target: Path,
    marks: Mapping[str, Mapping[Place, Mark]],
    colours: Mapping[str, str],
    legend: tuple[str, Sequence[tuple[str, str]]],
) -> None:
    """Write a copy of `source` with marks by sheet and cell.

    colours: level to ARGB.  legend: the name of the sheet that explains the marks, and its lines, each with a level
    ('' for none).  Raises LoadError for a signed or protected file and for one whose parts cannot be changed safely.
    """
    try:
        with zipfile.ZipFile(source) as package:
            _copy(package, target, marks, colours, legend, source.name)
    except cells.ProtectedError:
        raise LoadError("protected-source", source.name) from None
    except (ValueError, KeyError, ReadError, zipfile.BadZipFile) as problem:
        if isinstance(problem, LoadError):
            raise
        raise LoadError("not-markable", source.name, problem=problem) from None


def _copy(
    package: zipfile.ZipFile,
    target: Path,
    marks: Mapping[str, Mapping[Place, Mark]],
    colours: Mapping[str, str],
    legend: tuple[str, Sequence[tuple[str, str]]],
    name: str,
) -> None:
    if any(part.startswith("_xmlsignatures/") for part in package.namelist()):
        raise LoadError("signed-source", name)
    book = ooxml.book_part(package)
    whole = package.read(book)
    if _LOCKED.search(whole):
        raise LoadError("protected-source", name)
    listed = ooxml.sheets(package, book, ooxml.relations(package, book))
    parts = {one.name: one.part for one in listed}
    changes = _Changes()
    relations = Relations(package, book)
    strict = b"http://purl.oclc.org/ooxml/" in whole
    styles_part = next((part for _, part in relations.of_type("styles")), "")
    styles = Styles(package.read(styles_part) if styles_part else MINIMAL, colours)
    for sheet, places in marks.items():
        _mark_sheet(package, parts[sheet], places, styles, changes, strict)
    page = free_name(package.namelist(), "xl/worksheets/sheet{}.xml")
    taken = {one.name.lower() for one in listed}
    title = next(t for t in (legend[0], *(f"{legend[0]}{i}" for i in range(2, 99))) if t.lower() not in taken)
    changes.added[page] = _legend(legend[1], styles, strict)
    changes.types[page] = f"{_MAIN}worksheet+xml"
    relation = relations.add("worksheet", page, strict)
    changes.changed[book] = [_with_sheet(whole, title, relation, strict)]
    if not styles_part:
        styles_part = free_name(package.namelist(), "xl/styles{}.xml")
        relations.add("styles", styles_part, strict)
        changes.types[styles_part] = f"{_MAIN}styles+xml"
        changes.added[styles_part] = b""
    changes.put(package, relations.name, relations.after())
    vml = any(part.endswith(".vml") for part in changes.added)
    changes.changed[TYPES] = [content_types(package.read(TYPES), changes.types, vml)]
    if styles_part in changes.added:
        _force(changes)
        changes.added[styles_part] = styles.after()
    else:
        changes.changed[styles_part] = _late(styles)
    rewrite(package, target, changes.changed, changes.added, last=styles_part)
    check_copy(package, target, changes.changed, changes.added, {parts[sheet] for sheet in marks})
    with zipfile.ZipFile(target) as copy:
        for sheet, places in marks.items():
            check_sheet(package, copy, parts[sheet], {row for row, _ in places})


def _late(styles: Styles) -> Iterator[bytes]:
    """The styles as they are when all sheets are written."""
    yield styles.after()


def _force(changes: _Changes) -> None:
    """Make the changed parts now, so that all styles are known before a part for them is added."""
    for part, pieces in changes.changed.items():
        changes.changed[part] = list(pieces)


def _mark_sheet(
    package: zipfile.ZipFile, part: str, places: Mapping[Place, Mark], styles: Styles, changes: _Changes, strict: bool
) -> None:
    by_row: dict[int, dict[int, str]] = {}
    for (row, column), mark in places.items():
        by_row.setdefault(row, {})[column] = mark.level
    texts = {place: mark.note for place, mark in places.items() if mark.note}
    relations = Relations(package, part)
    drawing = ""
    if texts:
        drawing = _add_notes(package, part, texts, relations, changes, strict)
        if relations.added:
            changes.put(package, relations.name, relations.after())
    changes.changed[part] = _restyled(package, part, by_row, styles, drawing)


def _restyled(
    package: zipfile.ZipFile, part: str, marks: Mapping[int, Mapping[int, str]], styles: Styles, drawing: str
) -> Iterator[bytes]:
    with package.open(part) as stream:
        yield from cells.restyled(stream, marks, styles.filled, drawing)


def _add_notes(
    package: zipfile.ZipFile,
    part: str,
    texts: Mapping[Place, str],
    relations: Relations,
    changes: _Changes,
    strict: bool,
) -> str:
    """Add notes to a sheet; the id of the drawing that its XML must name, '' where it names one already."""
    names = [*package.namelist(), *changes.added]
    old = next((p for _, p in relations.of_type("comments")), "")
    before = package.read(old) if old else None
    comments = old or free_name(names, "xl/comments{}.xml")
    changes.put(package, comments, notes.comments(before, texts, strict))
    if not old:
        changes.types[comments] = f"{_MAIN}comments+xml"
        relations.add("comments", comments, strict)
    new = {place: text for place, text in texts.items() if place not in notes.noted(before)}
    there = _legacy_drawing(package, part, relations)
    if there:
        changes.put(package, there, notes.drawing(package.read(there), new))
        return ""
    there = free_name(names, _VML_FIRST)
    changes.added[there] = notes.drawing(None, texts)
    return relations.add("vmlDrawing", there, strict)


def _legacy_drawing(package: zipfile.ZipFile, part: str, relations: Relations) -> str:
    """The part of the drawing that a sheet names for its notes and controls, '' where it names none."""
    drawings = dict(relations.of_type("vmlDrawing"))
    if not drawings:
        return ""
    tail = b""
    with package.open(part) as stream:
        while data := stream.read(1 << 20):
            tail = (tail + data)[-(2 << 20) :]
    named = re.search(rb"<(?:\w+:)?legacyDrawing\s[^>]*?:id=[\"']([^\"']+)[\"']", tail)
    return drawings.get(named[1].decode(), "") if named else ""


def _with_sheet(book: bytes, title: str, relation: str, strict: bool) -> bytes:
    numbers = [int(n) for n in re.findall(rb"\bsheetId=[\"'](\d+)[\"']", book)]
    sheet = f'<sheet name={quoteattr(title)} sheetId="{max(numbers, default=0) + 1}" '
    return before_end(book, b"sheets", f'{sheet}xmlns:r="{NAMESPACES[strict]}" r:id="{relation}"/>'.encode())


def _legend(lines: Sequence[tuple[str, str]], styles: Styles, strict: bool) -> bytes:
    rows = []
    for i, (level, text) in enumerate(lines, 1):
        style = f' s="{styles.filled(0, level)}"' if level else ""
        inner = f'<is><t xml:space="preserve">{escape(text)}</t></is>'
        rows.append(f'<row r="{i}"><c r="A{i}" t="inlineStr"{style}>{inner}</c></row>')
    head = f'<worksheet xmlns="{notes.SPACES[strict]}"><cols><col min="1" max="1" width="110" customWidth="1"/></cols>'
    body = f"<sheetData>{''.join(rows)}</sheetData></worksheet>"
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{head}{body}'.encode()

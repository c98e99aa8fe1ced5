"""Columns that a person names, over what a header says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from reconcile.finding import LoadError, Origin, column_letter
from reconcile.read import header as headers
from reconcile.read import heading_rows, headings, words
from reconcile.read.header import Column, Header
from reconcile.read.sheet import Sheet


def overrule(
    header: Header | None, sheet: Sheet, kind: str, wanted: Mapping[str, str], origin: Origin
) -> Header | None:
    """Apply `columns={field: header or column letter}` to what was detected.

    Raises LoadError for a field or a column that does not exist.
    """
    known = set(headings.fields(kind))
    for name in wanted:
        if name not in known:
            from rapidfuzz import process

            raise LoadError("unknown-field", origin, field=name, nearest=process.extractOne(name, sorted(known))[0])
    if header is None:
        header = _header_naming(sheet, kind, wanted)
        if header is None:
            return None
    texts = heading_rows.stacked_texts(sheet, header.first, header.last)
    columns = {f: c for f, c in header.columns.items() if f not in wanted}
    for name, column in wanted.items():
        position = locate(texts, column)
        if position is None:
            seen = "、".join("/".join(p) for p in texts if p)
            raise LoadError("unknown-column", origin, column=column, columns=seen)
        parts = texts[position]
        meaning = headings.heading(parts, kind)
        columns = {f: c for f, c in columns.items() if c.position != position}
        columns[name] = Column(position, "/".join(parts), meaning.unit, meaning.year)
    taken = {c.position for c in columns.values()}
    also = {f: cs for f, cs in header.also.items() if f not in wanted and not taken & {c.position for c in cs}}
    taken |= {c.position for cs in also.values() for c in cs}
    return replace(
        header,
        columns=columns,
        also=also,
        unknown={i: "/".join(p) for i, p in enumerate(texts) if p and i not in taken},
        passed=tuple(c for c in header.passed if c.position not in taken),
        doubtful=header.doubtful if header.doubtful and header.doubtful.position not in taken else None,
    )


def overruled_again(header: Header, model: Header, sheet: Sheet, kind: str, wanted: Mapping[str, str]) -> Header:
    """A further header of a sheet: one that repeats the first is read as that one was, another by the texts that it
    has."""
    texts = heading_rows.stacked_texts(sheet, header.first, header.last)
    if texts == heading_rows.stacked_texts(sheet, model.first, model.last):
        return replace(
            header, columns=model.columns, also=model.also, unknown=model.unknown, passed=model.passed, doubtful=None
        )
    places = _places(texts)
    present = {f: c for f, c in wanted.items() if words.normalise(c) in places}
    return overrule(header, sheet, kind, present, Origin()) or header


def locate(texts: Sequence[tuple[str, ...]], column: str) -> int | None:
    """The position of the column that a header text, whole or its lowest part, or a letter names."""
    letters = {column_letter(i + 1): i for i in range(len(texts))}
    return _places(texts).get(words.normalise(column), letters.get(column.upper()))


def reference(texts: Sequence[tuple[str, ...]], position: int) -> str:
    """What names a column in `columns=`: its header text where that is its own, else its letter."""
    parts = texts[position]
    tries = ["/".join(parts), *parts[-1:], column_letter(position + 1)]
    return next((t for t in tries if t and locate(texts, t) == position), "")


def _places(texts: Sequence[tuple[str, ...]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for join in ("".join, "/".join, lambda parts: parts[-1]):
        found |= {words.normalise(join(p)): i for i, p in reversed(list(enumerate(texts))) if p}
    return found


def _header_naming(sheet: Sheet, kind: str, wanted: Mapping[str, str]) -> Header | None:
    names = {words.normalise(w) for w in wanted.values()}
    for row in range(1, min(len(sheet.cells), headers.SEARCH_ROWS) + 1):
        if names & {words.normalise(t) for t in headers.texts_in_row(sheet, row)}:
            return headers.read_header(sheet, kind, row, row)
    return None

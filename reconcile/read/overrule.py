"""What a user says of a table's columns, over what was detected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reconcile.finding import LoadError, Origin, column_letter
from reconcile.read import headings, words
from reconcile.read.header import SEARCH_ROWS, Column, Header, read_header, stacked_texts, texts_in_row
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
    stacked = stacked_texts(sheet, header.first, header.last)
    texts = {words.normalise("".join(p)): i for i, p in reversed(list(enumerate(stacked))) if p}
    texts |= {words.normalise(p[-1]): i for i, p in reversed(list(enumerate(stacked))) if p}
    letters = {column_letter(i + 1): i for i in range(len(stacked))}
    columns = {f: c for f, c in header.columns.items() if f not in wanted}
    for name, column in wanted.items():
        position = texts.get(words.normalise(column), letters.get(column.upper()))
        if position is None:
            seen = "、".join("/".join(p) for p in stacked if p)
            raise LoadError("unknown-column", origin, column=column, columns=seen)
        meaning = headings.heading(stacked[position], kind)
        columns = {f: c for f, c in columns.items() if c.position != position}
        columns[name] = Column(position, "/".join(stacked[position]), meaning.unit, meaning.year)
    taken = {c.position for c in columns.values()}
    also = {f: cs for f, cs in header.also.items() if f not in wanted and not taken & {c.position for c in cs}}
    return replace(header, columns=columns, also=also)


def _header_naming(sheet: Sheet, kind: str, wanted: Mapping[str, str]) -> Header | None:
    names = {words.normalise(w) for w in wanted.values()}
    for row in range(1, min(len(sheet.cells), SEARCH_ROWS) + 1):
        if names & {words.normalise(t) for t in texts_in_row(sheet, row)}:
            return read_header(sheet, kind, row, row)
    return None

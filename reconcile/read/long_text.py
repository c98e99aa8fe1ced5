"""A text file of many rows becomes a sheet whose cells are held by column; the rows are those of delimited.sheets."""

from __future__ import annotations

import csv
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice, zip_longest

from reconcile.read import encoding
from reconcile.read.compact import Columns
from reconcile.read.delimited import Lines, Watch, mark_of, watched
from reconcile.read.growing import Growing, check_held
from reconcile.read.sheet import ReadError, Sheet
from reconcile.read.stream import Text

ROWS = 1 << 16
"""So many lines are read at a time."""
MOST_OF_A_CELL = 1 << 26


def sheet(text: Text, name: str) -> Sheet:
    """The one sheet of a long text.  Raises ReadError for one without two columns, and for one that is too large."""
    with _no_collection():
        return _repaired(_sheet(text, name))


@contextmanager
def _no_collection() -> Iterator[None]:
    """Millions of rows come and go, none of them in a circle: looking for circles would take as long as reading."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _sheet(text: Text, name: str) -> Sheet:
    mark, start = mark_of(text.head)
    columns: list[Growing] = []
    height = filled = width = beyond = 0
    for rows in _records(text, mark, start):
        sizes = [len(row) for row in rows]
        last = next((i for i in range(len(rows) - 1, -1, -1) if any(rows[i])), -1)
        if last >= 0:
            width = max(width, beyond, *sizes[: last + 1])
            filled, beyond = height + last + 1, 0
        beyond = max(beyond, *sizes[last + 1 :], 0)
        cells = list(zip_longest(*rows, fillvalue="")) if max(sizes) else []
        while len(columns) < len(cells):
            columns.append(Growing(height))
        for position, column in enumerate(columns):
            column.add_texts(list(cells[position]) if position < len(cells) else [""] * len(rows))
        height += len(rows)
        check_held(height, width, columns)
    if filled and width < 2:
        raise ReadError("not-a-workbook", text.head.strip()[:40])
    made = tuple(c.made()[:filled] for c in columns[:width])
    return Sheet(name, Columns(made, filled))  # type: ignore[arg-type]


def _records(text: Text, mark: str, start: int) -> Iterator[list[list[str]]]:
    """The records of delimited.records, some at a time.

    Lines whose quotes all close on their own line are read at once; from one that does not on, record by record.
    """
    csv.field_size_limit(MOST_OF_A_CELL * 2)
    source = text.lines()
    if start:
        next(source)
    watch = Watch()
    while lines := list(islice(source, ROWS)):
        rows = _plain(lines, mark)
        if rows is None:
            quotes = text.seen.quotes
            held = Lines(_chained(lines, source), MOST_OF_A_CELL, quotes)
            yield from _batches(watched(held, mark, watch))
            return
        if rows:
            watch.width = len(rows[-1])
            yield rows


def _plain(lines: list[str], mark: str) -> list[list[str]] | None:
    """The rows of lines each of which is a record; None where one is not."""
    reader = csv.reader(lines, delimiter=mark, strict=True)
    try:
        rows = list(reader)
    except csv.Error:
        return None
    return rows if len(rows) == len(lines) else None


def _chained(lines: list[str], source: Iterator[str]) -> Iterator[str]:
    yield from lines
    lines.clear()
    yield from source


def _batches(rows: Iterator[list[str]]) -> Iterator[list[list[str]]]:
    while some := list(islice(rows, ROWS)):
        yield some


def _repaired(made: Sheet) -> Sheet:
    """The sheet, its text put right where Chinese bytes were taken for Western letters."""
    codec = encoding.damage(made.cells[:300])
    if not codec:
        return made
    columns = tuple(c.replaced(lambda v: encoding.whole(v, codec)) for c in made.cells.columns)  # type: ignore[attr-defined]
    name = encoding.restored(made.name, codec) or made.name
    return Sheet(name, Columns(columns, len(made.cells)))  # type: ignore[arg-type]

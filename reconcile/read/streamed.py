"""Sheets read from one XML stream, element by element; no entity is ever expanded."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from reconcile.read.sheet import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    Area,
    ReadError,
    Sheet,
    Value,
    check_size,
    lay_out,
    ranges,
)

Attributes = dict[str, str]
_DEEPEST = 200
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>\s*")


def _refuse(*_: object) -> NoReturn:
    raise ReadError("not-a-workbook", "DTD")


@dataclass
class Page:
    """A sheet being read."""

    name: str
    hidden: bool = False
    rows: dict[int, dict[int, Value]] = field(default_factory=dict)
    merges: list[Area] = field(default_factory=list)
    hidden_rows: list[tuple[int, int]] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    row: int = 0
    last_row: int = 0  # of the rows that the row element stands for
    column: int = 0
    next_column: int = 1
    line: dict[int, Value] = field(default_factory=dict)
    count: int = 0
    width: int = 0

    def put(self, value: Value, across: int = 1) -> None:
        """A cell of this row, repeated `across` columns."""
        last = self.column + across - 1
        self.count += across
        if last > MAX_COLUMNS or self.count > MAX_CELLS:
            raise ReadError("too-large", f"{self.row:,} × {last:,}", self.name)
        for column in range(self.column, last + 1):
            self.line[column] = value

    def end_row(self, last: int) -> None:
        """The row is whole; rows up to `last` are the same."""
        if self.line:
            self.width = max(self.width, *self.line)
            if last > MAX_ROWS:
                raise ReadError("too-large", f"{last:,}", self.name)
            check_size(last, self.width, self.name)
            self.rows.update(dict.fromkeys(range(self.row, last + 1), self.line))
            self.line = {}

    def merge(self, down: int, across: int) -> None:
        if down > 0 or across > 0:
            self.merges.append((self.row, self.column, self.row + down, self.column + across))

    def sheet(self) -> Sheet:
        return Sheet(
            self.name,
            lay_out(self.rows, self.name),
            tuple(self.merges),
            self.hidden,
            ranges(self.hidden_rows, MAX_ROWS),
            ranges(self.hidden_columns, MAX_COLUMNS),
        )


class Reader:
    """Walks elements by their local names; a handler a name, at its start or its end."""

    def __init__(self) -> None:
        self.pages: list[Page] = []
        self.depth = 0
        self.skipped = 0  # the depth of the element whose content is no cell's
        self.cell: Attributes | None = None
        self.text: list[str] | None = None
        self.starts: dict[str, Callable[[Attributes], None]] = {}
        self.ends: dict[str, Callable[[], None]] = {}
        self.ignored: frozenset[str] = frozenset()

    def parse(self, chunks: Iterator[bytes]) -> tuple[Sheet, ...]:
        parser = expat.ParserCreate("utf-8", " ")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse
        try:
            for chunk in chunks:
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except expat.ExpatError as problem:
            raise ReadError("truncated" if problem.code in (3, 13) else "not-a-workbook", str(problem)) from None
        return tuple(page.sheet() for page in self.pages)

    def _start(self, tag: str, given: Attributes) -> None:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise ReadError("too-large", f"XML × {_DEEPEST}")
        name = tag.rpartition(" ")[2]
        if self.skipped:
            return
        if name in self.ignored:
            self.skipped = self.depth
        elif name in self.starts:
            self.starts[name]({k.rpartition(" ")[2]: v for k, v in given.items()} if given else given)

    def _end(self, tag: str) -> None:
        if not self.skipped:
            name = tag.rpartition(" ")[2]
            if name in self.ends:
                self.ends[name]()
        elif self.skipped == self.depth:
            self.skipped = 0
        self.depth -= 1

    def _characters(self, text: str) -> None:
        if self.text is not None and not self.skipped:
            self.text.append(text)


def chunks(text: str) -> Iterator[bytes]:
    """A text as UTF-8 in pieces, without the declaration of what encoding it had."""
    start = found.end() if (found := _DECLARATION.match(text)) else 0
    for at in range(start, len(text), 1 << 20):
        yield text[at : at + (1 << 20)].encode("utf-8", "surrogatepass")


def count(given: Attributes, name: str, default: int = 1) -> int:
    """A whole number among an element's attributes."""
    try:
        return max(int(given.get(name, default)), 0)
    except ValueError:
        return default


def time_of(hours: int, minutes: int, seconds: int) -> datetime.time | datetime.timedelta:
    """A time of day, or a length of time where it is longer than one."""
    if hours < 24 and minutes < 60 and seconds < 60:
        return datetime.time(hours, minutes, seconds)
    return datetime.timedelta(hours=hours, minutes=minutes, seconds=seconds)

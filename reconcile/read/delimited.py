"""Text files of rows: the mark between cells is told by evidence, the cells stay texts."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from reconcile.read.sheet import ERROR_CODES, Cells, ErrorCell, ReadError, Sheet, check_size

MARKS = ("\t", ";", "|", ",", "，", "；", "\x1f", "¦")
SAMPLE = 400
LONGEST_CELL = 131_072
PATIENCE = 100
_STATED = re.compile(r'"?sep=(.)"?\r?\n', re.IGNORECASE)


def sheets(text: str, name: str) -> tuple[Sheet, ...]:
    """The one sheet of a delimited text, its rows numbered as a spreadsheet program shows them.

    A record is a row, whatever line breaks its quoted cells hold; an empty line is a row; ragged rows are padded.
    """
    text = text.rstrip("\x1a\0")
    mark, start = mark_of(text)
    rows = records(text[start:], mark)
    while rows and not any(rows[-1]):
        rows.pop()
    if rows and max(map(len, rows)) < 2:
        raise ReadError("not-a-workbook", text.strip()[:40])
    return (Sheet(name, _array(rows, text)),)


def mark_of(text: str) -> tuple[str, int]:
    """(the mark between cells, where the rows start): what a first line `sep=;` states, else what parts the most rows."""
    stated = _STATED.match(text)
    return (stated[1], stated.end()) if stated else (separator(text), 0)


def separator(text: str) -> str:
    """The mark that parts the most rows into the same number of cells."""
    lines: list[str] = []
    for line in io.StringIO(text, newline=""):
        lines.append(line[:LONGEST_CELL])
        if len(lines) == SAMPLE:
            break
    best, chosen = 0.0, ","
    for mark in MARKS:
        if not any(mark in line for line in lines):
            continue
        try:
            widths = Counter(len(row) for row in csv.reader(lines, delimiter=mark) if row)
        except csv.Error:
            widths = Counter(line.count(mark) + 1 for line in lines if line.strip())
        width, count = max(widths.items(), key=lambda w: (w[0] - 1) * w[1])
        score = (width - 1) * count / sum(widths.values())
        if score > best:
            best, chosen = score, mark
    return chosen


def records(text: str, mark: str) -> list[list[str]]:
    """Every record; a quote that never closes counts as a letter of its own line, and takes no others with it."""
    csv.field_size_limit(max(len(text), 131_072))  # a long cell is the reader's limit, not the file's fault
    if '"' not in text:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=mark, quoting=csv.QUOTE_NONE))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    with suppress(csv.Error):
        rows = list(reader)
        if reader.line_num == len(rows):
            return rows
    return list(watched(Lines(io.StringIO(text, newline="")), mark, Watch()))


class Lines:
    """Lines by their number, from 0; those of a stream are held only from the first that may be asked for again.

    most: how many characters are held at a time (0: any number).  quotes: how many quotes there are in all; where all
    have come, a quote that is still open never closes, and no more lines are given than are held.
    """

    def __init__(self, source: Iterable[str], most: int = 0, quotes: int = 0) -> None:
        self._source = iter(source)
        self._held: deque[str] = deque()
        self._first = self._characters = 0
        self._most, self._quotes = most, quotes
        self.cut = False

    def has(self, number: int) -> bool:
        """Whether a line of this number can be given.  Raises ReadError for a cell of more than `most` characters."""
        while number >= self._first + len(self._held):
            if self._most and self._characters > self._most:
                if self._quotes > 0:
                    raise ReadError("too-large", f"{self._characters:,} 个字符的一个单元格 / characters in one cell")
                self.cut = True
                return False
            line = next(self._source, None)
            if line is None:
                return False
            self._held.append(line)
            self._characters += len(line)
            self._quotes -= line.count('"')
        return True

    def __getitem__(self, number: int) -> str:
        return self._held[number - self._first]

    def forget(self, before: int) -> None:
        """Lines before this number will not be asked for any more."""
        while self._first < before and self._held:
            self._characters -= len(self._held.popleft())
            self._first += 1

    def rest(self, start: int) -> Iterator[str]:
        while self.has(start):
            self.forget(start)
            yield self[start]
            start += 1


@dataclass
class Watch:
    """How far a text has been read: the line that is next, how often a quote was a letter, the last record's cells."""

    at: int = 0
    failures: int = 0
    width: int = 0


def watched(lines: Lines, mark: str, watch: Watch, until: int = 0) -> Iterator[list[str]]:
    """Record by record, up to the first that ends at line `until` or beyond (0: to the end).

    Misplaced quotes are read as spreadsheet programs do (`"大"字` is 大字).  A record over several lines is only
    believed where these are no rows of their own.
    """

    def feed() -> Iterator[str]:
        while lines.has(watch.at):
            watch.at += 1
            yield lines[watch.at - 1]

    def alone(line: int) -> list[str]:
        return next(csv.reader([lines[line]], delimiter=mark, quoting=csv.QUOTE_NONE), [])

    def swallowed(start: int) -> bool:
        several = watch.at - start > 1 and watch.width > 2
        return several and all(len(alone(line)) == watch.width for line in range(start, watch.at))

    while lines.has(watch.at):
        start = watch.at
        try:
            for row in csv.reader(feed(), delimiter=mark, strict=True):
                if swallowed(start):
                    break
                start, watch.width = watch.at, len(row)
                lines.forget(start)
                yield row
                if until and start >= until:
                    return
            else:
                return
        except csv.Error as problem:
            if "expected after" in str(problem):
                watch.at = start
                with suppress(csv.Error, StopIteration):
                    lines.cut = False
                    row = next(csv.reader(feed(), delimiter=mark))
                    apart = len(row) == watch.width and not lines.cut and not swallowed(start)
                    if watch.at == start + 1 or apart:
                        yield row
                        continue
        watch.failures += 1
        if watch.failures > PATIENCE:
            yield from csv.reader(lines.rest(start), delimiter=mark, quoting=csv.QUOTE_NONE)
            return
        yield alone(start)
        watch.at = start + 1


def _array(rows: list[list[str]], text: str) -> Cells:
    width = max(map(len, rows), default=0)
    check_size(len(rows), width, "")
    cells: Cells = np.full((len(rows), width), "", dtype=object)
    filled = [i for i, row in enumerate(rows) if row]
    for i in filled:
        rows[i] += [""] * (width - len(rows[i]))
    if filled:
        cells[filled] = np.array([rows[i] for i in filled], dtype=object).reshape(len(filled), width)
    for code in ERROR_CODES:
        if code in text:
            cells[cells == code] = ErrorCell(code)
    return cells

"""Text files of rows: the mark between cells is told by evidence, the cells stay texts."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

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
    stated = _STATED.match(text)
    mark = stated[1] if stated else separator(text)
    rows = records(text[stated.end() :] if stated else text, mark)
    while rows and not any(rows[-1]):
        rows.pop()
    if rows and max(map(len, rows)) < 2:
        raise ReadError("not-a-workbook", text.strip()[:40])
    return (Sheet(name, _array(rows, text)),)


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
    return list(_watched(list(io.StringIO(text, newline="")), mark))


def _watched(lines: list[str], mark: str) -> Iterator[list[str]]:
    """Record by record.  Misplaced quotes are read as spreadsheet programs do (`"大"字` is 大字).

    A record over several lines is only believed where these are no rows of their own.
    """
    at, failures, width = 0, 0, 0

    def feed() -> Iterator[str]:
        nonlocal at
        while at < len(lines):
            at += 1
            yield lines[at - 1]

    def alone(line: int) -> list[str]:
        return next(csv.reader([lines[line]], delimiter=mark, quoting=csv.QUOTE_NONE), [])

    def swallowed(start: int) -> bool:
        return at - start > 1 and width > 2 and all(len(alone(line)) == width for line in range(start, at))

    while at < len(lines):
        start = at
        try:
            for row in csv.reader(feed(), delimiter=mark, strict=True):
                if swallowed(start):
                    break
                yield row
                start, width = at, len(row)
            else:
                return
        except csv.Error as problem:
            if "expected after" in str(problem):
                at = start
                with suppress(csv.Error, StopIteration):
                    row = next(csv.reader(feed(), delimiter=mark))
                    if at == start + 1 or (len(row) == width and not swallowed(start)):
                        yield row
                        continue
        failures += 1
        if failures > PATIENCE:
            yield from csv.reader(lines[start:], delimiter=mark, quoting=csv.QUOTE_NONE)
            return
        yield alone(start)
        at = start + 1


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

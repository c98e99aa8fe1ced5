"""The cells of a sheet while it is scanned: which shared string each holds, or which value of its own."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile.read.compact import Coded, Column, Columns
from reconcile.read.pieces import narrow
from reconcile.read.sheet import MAX_CELLS, MAX_ROWS, Cells
from reconcile.read.tokens import OddError

LONG = 100_000
"""The cells of a sheet of so many rows are held by column."""
Numbers = npt.NDArray[np.int32]


class Grid:
    """Cells by column, '' where one is blank; it grows with what is put into it.

    A number a cell: 0 where it is blank, that of its shared string counted from 1, or below 0 that of its own value.
    """

    def __init__(self, height: int, width: int) -> None:
        self._height = self._width = self._count = 0
        self._held: Numbers = np.zeros((width, height), dtype=np.int32)
        self._own: list[Cells] = []

    def put(self, row: Numbers, column: Numbers, string: Numbers, value: Cells) -> None:
        """Cells below all that are there, at 1-based places: their shared strings, and the values of those that have
        none (−1), in their order."""
        if not len(row):
            return
        if row[0] <= self._height:
            raise OddError("order of rows")
        self._grow(int(row[-1]), int(column.max()))
        held = string + np.int32(1)
        if len(value):
            held[held == 0] = np.arange(-self._count - 1, -self._count - 1 - len(value), -1, dtype=np.int32)
            self._own.append(value)
            self._count += len(value)
        self._held.reshape(-1)[(column - 1) * np.int64(self._held.shape[1]) + (row - 1)] = held

    def _grow(self, height: int, width: int) -> None:
        self._height, self._width = height, max(self._width, width)
        if self._height * self._width > MAX_CELLS:
            raise OddError("size")
        columns, rows = self._held.shape
        if height > rows or width > columns:
            taller = max(height, min(2 * rows, MAX_ROWS)) if height > rows else rows
            grown = np.zeros((max(columns, width), taller), dtype=np.int32)
            grown[:columns, :rows] = self._held
            self._held = grown

    def cells(self, strings: Cells) -> Cells:
        """What the sheet shows, the shared strings being these: an object array, or columns where it is long."""
        held = self._held[: self._width, : self._height]
        if held.max(initial=0) > len(strings):
            raise OddError("string")
        own = np.concatenate(self._own) if self._own else np.empty(0, dtype=object)
        self._own.clear()
        blank_first = np.concatenate([np.array([""], dtype=object), strings])
        if self._height < LONG:
            return _laid_out(held, blank_first, own).T
        distinct = len(set(blank_first.tolist())) == len(blank_first)
        columns = tuple(_column(c, blank_first, own, distinct) for c in held)
        return Columns(columns, self._height)  # type: ignore[return-value]


def held(cells: Cells) -> Cells:
    """Cells as they are, or by column where they are of a long sheet."""
    if len(cells) < LONG:
        return cells
    return Columns(tuple(_coded(column) for column in cells.T), len(cells))  # type: ignore[return-value]


def _coded(column: Cells) -> Column | Cells:
    if not all(type(v) is str for v in column):
        return np.ascontiguousarray(column)
    codes, distinct = pd.factorize(column)
    return Coded(narrow(codes, len(distinct)), distinct)


def _laid_out(held: Numbers, strings: Cells, own: Cells) -> Cells:
    cells: Cells = strings[np.maximum(held, 0)]
    of_own = held < 0
    cells[of_own] = own[-1 - held[of_own]]
    return cells


def _column(held: Numbers, strings: Cells, own: Cells, distinct: bool) -> Column | Cells:
    """A column by the codes of its texts; an object array where it holds other values too.

    distinct: whether no two of `strings` are equal.
    """
    written = own[-1 - held[held < 0]]
    if not all(type(v) is str for v in written):
        return _laid_out(held, strings, own)
    shared = Coded(narrow(np.maximum(held, 0), len(strings)), strings).used
    if not len(written):
        return shared if distinct else Coded.of(shared.codes, shared.values)
    own_codes, more = pd.factorize(written)
    codes = shared.codes.astype(np.int32)
    codes[held < 0] = own_codes + len(shared.values)
    values = np.concatenate([shared.values, more])
    return Coded.of(narrow(codes, len(values)), values)

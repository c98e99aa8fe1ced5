"""Cells of a sheet of many rows, held by column: few distinct cells as codes, many as the bytes of their texts.

Columns, Coded and Parted stand where an object array of cells is asked for: they are indexed, compared and mapped
alike, and give such an array (`np.asarray`) of what is picked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile.read.coded import Coded, Held
from reconcile.read.pieces import Objects, Part, Positions, Texts, narrow
from reconcile.read.sheet import Cells

__all__ = ["BLOCK", "MOST_FEW", "PICKED", "Coded", "Column", "Columns", "Parted"]
PICKED = 4_096
"""Up to so many rows are given as an object array when they are asked for."""
BLOCK = 1_024
MOST_FEW = 256


@dataclass(frozen=True, eq=False)
class Parted(Held):
    """A column in parts, each of which is laid out when it is asked for."""

    parts: tuple[Part, ...]

    @cached_property
    def starts(self) -> Positions:
        return np.cumsum([0, *(len(p) for p in self.parts)], dtype=np.int64)

    @cached_property
    def _last(self) -> dict[int, Cells]:
        return {}

    def __len__(self) -> int:
        return int(self.starts[-1])

    def __iter__(self) -> Iterator[Any]:
        for part in self.parts:
            yield from part.cells()

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, int | np.integer):
            return self._cell(int(key) if key >= 0 else len(self) + int(key))
        if isinstance(key, slice):
            at = range(len(self))[key]
            if at.step == 1:
                return self._run(at.start, max(at.start, at.stop))
            return self.cells()[key]
        key = np.asarray(key)
        if key.dtype == bool:
            return self if key.all() else self._chosen(key)
        if len(key) > PICKED:
            if (np.diff(key) > 0).all() and key[0] >= 0:
                mask = np.zeros(len(self), dtype=bool)
                mask[key] = True
                return self[mask]
            return self.cells()[key]
        picked: Cells = np.empty(len(key), dtype=object)
        for i, at in enumerate(key.tolist()):
            picked[i] = self[at]
        return picked

    def _cell(self, at: int) -> Any:
        if not 0 <= at < len(self):
            raise IndexError(at)
        number = int(np.searchsorted(self.starts, at, side="right")) - 1
        if number not in self._last:
            self._last.clear()
            self._last[number] = self.parts[number].cells()
        return self._last[number][at - int(self.starts[number])]

    def _run(self, first: int, end: int) -> Parted | Cells:
        found: list[Part] = []
        for part, start in zip(self.parts, self.starts.tolist(), strict=False):
            low, high = max(first - start, 0), min(end - start, len(part))
            if low < high:
                found.append(part if high - low == len(part) else part.take(np.arange(low, high)))
        run = Parted(tuple(found))
        return run.cells() if len(run) <= PICKED else run

    def _chosen(self, mask: npt.NDArray[np.bool_]) -> Parted:
        parts = zip(self.parts, pairwise(self.starts.tolist()), strict=True)
        chosen = [(p, np.flatnonzero(mask[a:b])) for p, (a, b) in parts]
        return Parted(tuple(p if len(at) == len(p) else p.take(at) for p, at in chosen if len(at)))

    def cells(self) -> Cells:
        found: Cells = np.empty(len(self), dtype=object)
        for part, start in zip(self.parts, self.starts.tolist(), strict=False):
            found[start : start + len(part)] = part.cells()
        return found

    def same(self, value: object) -> npt.NDArray[np.bool_]:
        hits = [_alike(part, value) for part in self.parts]
        return np.concatenate(hits) if hits else np.zeros(0, dtype=bool)

    def replaced(self, function: Callable[[object], object]) -> Parted:
        """`function` of every cell, part by part, errors staying errors."""
        parts = (Texts.of([str(function(v)) for v in part.cells()], errors=True) for part in self.parts)
        return Parted(tuple(parts))

    def mapped(self, function: Callable[[object], object]) -> Parted | Coded | Cells:
        """`function` of every cell, called once for each distinct one of a part."""
        made: list[Part] = []
        for part in self.parts:
            codes, distinct = pd.factorize(part.cells())
            lookup = [*map(function, distinct), function(None) if (codes < 0).any() else ""]
            made.append(_made([lookup[c] for c in codes.tolist()]))
        out = Parted(tuple(made))
        return out if all(isinstance(p, Texts) for p in made) else _few(out)

    def factorized(self) -> tuple[Positions, Cells]:
        codes, distinct = pd.factorize(self.cells())
        return np.asarray(codes, dtype=np.int64), np.asarray(distinct, dtype=object)


def _made(values: list[Any]) -> Part:
    if all(type(v) is str for v in values):
        return Texts.of(values)
    cells: Cells = np.empty(len(values), dtype=object)
    cells[:] = values
    return Objects(cells)


def _few(column: Parted) -> Coded | Cells:
    """A column by codes where it has few distinct cells."""
    cells = column.cells()
    codes, distinct = pd.factorize(cells, use_na_sentinel=False)
    few = len(distinct) <= MOST_FEW and all(v is not None and v == v for v in distinct)
    return Coded(narrow(codes, len(distinct)), np.asarray(distinct, dtype=object)) if few else cells


def _alike(part: Part, value: object) -> npt.NDArray[np.bool_]:
    if isinstance(part, Texts) and value == "":
        return np.asarray(part.lengths == 0, dtype=bool)
    return np.fromiter((v == value for v in part.cells()), dtype=bool, count=len(part))


Column: TypeAlias = Coded | Parted


@dataclass(frozen=True, eq=False)
class Columns:
    """The cells of a sheet by column; rows × columns as an object array has them."""

    columns: tuple[Column | Cells, ...]
    height: int

    @property
    def shape(self) -> tuple[int, int]:
        return self.height, len(self.columns)

    @property
    def T(self) -> tuple[Column | Cells, ...]:  # noqa: N802
        return self.columns

    def __len__(self) -> int:
        return self.height

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, tuple):
            rows, position = key
            if isinstance(position, int | np.integer):
                return self.columns[position][rows]
            return self[rows][:, position]
        if isinstance(key, int | np.integer):
            row: Cells = np.empty(len(self.columns), dtype=object)
            row[:] = [c[key] for c in self.columns]
            return row
        if isinstance(key, slice):
            at = range(self.height)[key]
            if len(at) <= PICKED:
                return self._laid_out(at)
            picked = Columns(tuple(c[key] for c in self.columns), len(at))
        else:
            key = np.asarray(key)
            count = int(key.sum()) if key.dtype == bool else len(key)
            if count <= PICKED:
                return self._laid_out(np.flatnonzero(key) if key.dtype == bool else key)
            picked = Columns(tuple(c[key] for c in self.columns), count)
        return picked

    def _laid_out(self, rows: range | Positions) -> Cells:
        found: Cells = np.empty((len(rows), len(self.columns)), dtype=object)
        run = (
            slice(rows.start, rows.stop) if isinstance(rows, range) and rows.step == 1 else np.asarray(rows, dtype=int)
        )
        for position, column in enumerate(self.columns):
            found[:, position] = np.asarray(column[run], dtype=object) if len(rows) else []
        return found

    def __iter__(self) -> Iterator[Cells]:
        for start in range(0, self.height, BLOCK):
            yield from self._laid_out(range(start, min(start + BLOCK, self.height)))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        found: Cells = np.empty(self.shape, dtype=object)
        for position, column in enumerate(self.columns):
            found[:, position] = np.asarray(column, dtype=object)
        return found

    def __eq__(self, other: object) -> Any:
        return np.asarray(self) == np.asarray(other, dtype=object)

    __hash__ = None  # type: ignore[assignment]

    def copy(self) -> Cells:
        return np.asarray(self)

    def beside(self, *more: Column | Cells) -> Columns:
        """With further columns on the right."""
        return Columns((*self.columns, *more), self.height)

"""A column of cells by codes: its distinct cells once, and which of them each row holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile.read.pieces import Positions, narrow
from reconcile.read.sheet import Cells, ErrorCell


class Held:
    """What Coded and Parted share: comparison, iteration, and the arrays that they stand for."""

    def cells(self) -> Cells:
        raise NotImplementedError

    def same(self, value: object) -> npt.NDArray[np.bool_]:
        raise NotImplementedError

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        made = self.cells()
        return made if dtype is None else made.astype(dtype, copy=False)

    def astype(self, dtype: Any) -> Any:
        return self.cells().astype(dtype)

    def __eq__(self, other: object) -> npt.NDArray[np.bool_]:  # type: ignore[override]
        if other is None or isinstance(other, str | int | float | ErrorCell):
            return self.same(other)
        return np.asarray(self.cells() == np.asarray(other, dtype=object), dtype=bool)

    def __ne__(self, other: object) -> npt.NDArray[np.bool_]:  # type: ignore[override]
        return ~self.__eq__(other)

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, eq=False)
class Coded(Held):
    """A column by codes: the cell of a row is `values[codes[row]]`.  No two values are equal."""

    codes: npt.NDArray[np.unsignedinteger[Any]]
    values: Cells

    @classmethod
    def of(cls, codes: npt.NDArray[Any], values: Cells) -> Coded:
        """Codes of values that may be equal to one another."""
        if len(set(values)) == len(values):
            return cls(codes, values)
        if all(type(v) is str for v in values):
            own, first = pd.factorize(values)
            return cls(narrow(own, len(first))[codes], first)
        known: dict[object, int] = {}
        own = np.array([known.setdefault((type(v), v), len(known)) for v in values])
        if len(known) == len(values):
            return cls(codes, values)
        first = np.empty(len(known), dtype=object)
        first[own] = values
        return cls(narrow(own, len(known))[codes], first)

    @classmethod
    def constant(cls, value: object, n: int) -> Coded:
        """One cell on every row."""
        values: Cells = np.empty(1, dtype=object)
        values[0] = value
        return cls(np.zeros(n, dtype=np.uint8), values)

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, slice) and key == slice(None):
            return self
        picked = self.codes[key]
        if not isinstance(picked, np.ndarray):
            return self.values[picked]
        made = Coded(picked, self.values)
        return made if len(picked) >= len(self.values) else made.used

    def __iter__(self) -> Iterator[Any]:
        return iter(self.cells())

    def cells(self) -> Cells:
        return self.values[self.codes] if len(self.values) else np.empty(0, dtype=object)

    def astype(self, dtype: Any) -> Any:
        return self.values.astype(dtype)[self.codes] if len(self.values) else np.empty(0, dtype=dtype)

    def same(self, value: object) -> npt.NDArray[np.bool_]:
        hit = np.fromiter((v == value for v in self.values), dtype=bool, count=len(self.values))
        return hit[self.codes] if len(hit) else np.zeros(0, dtype=bool)

    @cached_property
    def blank(self) -> npt.NDArray[np.bool_]:
        """Where a cell is empty, or spaces only."""
        empty = [(not v or v.isspace()) if type(v) is str else v is None for v in self.values]
        return np.asarray(np.array(empty, dtype=bool)[self.codes], dtype=bool)

    @cached_property
    def used(self) -> Coded:
        """The same column without the values that are on no row."""
        there = np.bincount(self.codes, minlength=len(self.values)) > 0
        if there.all():
            return self
        known = np.flatnonzero(there)
        return Coded(narrow(np.cumsum(there) - 1, len(known))[self.codes], self.values[known])

    def mapped(self, function: Callable[[object], object]) -> Coded:
        """`function` of every cell, called once for each distinct one."""
        made: Cells = np.empty(len(self.values), dtype=object)
        for i, value in enumerate(self.values):
            made[i] = function(value)
        return Coded.of(self.codes, made)

    replaced = mapped

    def factorized(self) -> tuple[Positions, Cells]:
        """As pandas.factorize: (codes, the distinct cells in the order of their first rows); −1 where missing."""
        codes, used = pd.factorize(self.codes)
        values = self.values[used]
        missing = np.fromiter((v is None or v != v for v in values), dtype=bool, count=len(values))
        if missing.any():
            place = np.where(missing, -1, np.cumsum(~missing) - 1)
            codes, values = place[codes], values[~missing]
        return np.asarray(codes, dtype=np.int64), values

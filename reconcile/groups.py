"""Rows that share their keys, told apart and added up without a loop over the rows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile.read.compact import Coded

Positions = npt.NDArray[np.int64]
Key: TypeAlias = pd.Series | Coded | pd.api.extensions.ExtensionArray | npt.NDArray[np.generic]


@dataclass(frozen=True)
class Groups:
    """Groups of rows, numbered from 0 in the order in which they first appear.

    of: the group of every row.  first: the position of every group's first row.
    """

    of: Positions
    first: Positions

    @classmethod
    def by(cls, *keys: Key) -> Groups:
        """Rows grouped by one or more keys of equal length; a missing value is a key like any other."""
        of = np.zeros(len(keys[0]), dtype=np.int64)
        several = False
        for key in keys:
            codes, count = _numbered(key)
            if count > 1:
                if several:
                    of = of * count
                    of += codes
                    del codes
                    codes = _numbered(of)[0]
                of = codes
                several = True
        return cls(of, np.flatnonzero(np.diff(np.maximum.accumulate(of), prepend=-1) > 0))

    def __len__(self) -> int:
        return len(self.first)

    @cached_property
    def counts(self) -> Positions:
        return np.asarray(np.bincount(self.of, minlength=len(self)), dtype=np.int64)

    def sums(self, values: pd.Series | npt.NDArray[np.generic]) -> Positions:
        """Exact sums of whole numbers (or counts of true ones) by group."""
        out = np.zeros(len(self), dtype=np.int64)
        np.add.at(out, self.of, np.asarray(values, dtype=np.int64))
        return out

    def any(self, mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Which groups have a row of `mask`."""
        out = np.zeros(len(self), dtype=bool)
        out[self.of[mask]] = True
        return out

    def rows(self, group: int) -> Positions:
        """Positions of a group's rows, in order."""
        return self._order[self._starts[group] : self._starts[group + 1]]

    @cached_property
    def _order(self) -> Positions:
        return np.argsort(self.of, kind="stable")

    @cached_property
    def _starts(self) -> Positions:
        return np.append(0, np.cumsum(self.counts))


def _numbered(key: Key) -> tuple[Positions, int]:
    """(the distinct value that each row holds, numbered in the order of their first rows; how many there are)."""
    if isinstance(key, Coded):
        codes, distinct = key.factorized()
        return codes, len(distinct)
    values = key.to_numpy() if isinstance(key, pd.Series) and isinstance(key.dtype, np.dtype) else key
    if isinstance(values, np.ndarray) and values.dtype.kind in "iuM" and _rising(values):
        steps = np.zeros(len(values), dtype=np.int64)
        np.cumsum(values[1:] != values[:-1], out=steps[1:])
        return steps, int(steps[-1]) + 1
    codes, distinct = pd.factorize(values, use_na_sentinel=False)
    return codes.astype(np.int64, copy=False), len(distinct)


def _rising(values: npt.NDArray[Any]) -> bool:
    """Whether no value is below the one before it; no missing date is above or below any."""
    return len(values) > 0 and bool((values[1:] >= values[:-1]).all())

"""What is done to columns of cells alike whether they are object arrays or held by codes or in parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile.read.compact import Coded, Columns, Parted
from reconcile.read.pieces import Part, Texts, narrow
from reconcile.read.sheet import Cells

LONG = 100_000
"""From so many rows on a column that is the same on every row is held by codes."""
PART = 1 << 16


def is_held(*columns: object) -> bool:
    """Whether one of some columns is held by codes or in parts."""
    return any(isinstance(c, Coded | Parted) for c in columns)


def filled(value: object, n: int) -> Any:
    """A column of one cell on every row."""
    return Coded.constant(value, n) if n >= LONG else np.full(n, value, dtype=object)


def in_parts(function: Callable[..., Cells], *columns: Any) -> Any:
    """A column of texts made from the object arrays of others, part by part where one of these is held."""
    if not is_held(*columns):
        return function(*columns)
    n = len(columns[0])
    slices = [slice(start, start + PART) for start in range(0, n, PART)]
    return Parted(tuple(Texts.of(function(*(np.asarray(c[s]) for c in columns)).tolist()) for s in slices))


def picked(values: Cells, codes: npt.NDArray[np.int64], like: Any) -> Any:
    """`values[codes]`, held by codes where `like` is held."""
    return Coded.of(narrow(codes, len(values)), values) if is_held(like) else values[codes]


def either(first: Any, other: Any, use: npt.NDArray[np.bool_]) -> Any:
    """The cells of `other` on rows of `use`, else those of `first`."""
    if not use.any():
        return first
    if use.all():
        return other
    if isinstance(first, Coded) or isinstance(other, Coded):
        first, other = _coded(first), _coded(other)
    if isinstance(first, Coded) and isinstance(other, Coded):
        values = np.concatenate([first.values, other.values])
        codes = np.where(use, other.codes.astype(np.int64) + len(first.values), first.codes)
        return Coded.of(narrow(codes, len(values)), values)
    if is_held(first, other):
        return in_parts(lambda u, a, b: np.asarray(np.where(u, b, a), dtype=object), use, first, other)
    return np.where(use, other, first)


def _coded(column: Any) -> Any:
    """An object array by codes."""
    if not isinstance(column, np.ndarray):
        return column
    codes, distinct = pd.factorize(column, use_na_sentinel=False)
    return Coded.of(narrow(codes, len(distinct)), np.asarray(distinct, dtype=object))


def like_above(values: Any) -> npt.NDArray[np.bool_]:
    """Whether a row's cell is that of the row above it."""
    if isinstance(values, Coded):
        same = values.codes[1:] == values.codes[:-1]
    elif isinstance(values, Parted):
        above: object = None
        same = np.zeros(max(len(values) - 1, 0), dtype=bool)
        for part, start in zip(values.parts, values.starts.tolist(), strict=False):
            cells = part.cells()
            same[start : start + len(cells) - 1] = cells[1:] == cells[:-1]
            if start:
                same[start - 1] = cells[0] == above
            above = cells[-1]
    else:
        same = np.asarray(values[1:] == values[:-1], dtype=bool)
    return np.append(False, same)[: len(values)]


def last_filled(values: Any) -> Any:
    """Every blank text replaced by the last text above it."""
    if isinstance(values, Coded):
        at = np.where(values == "", 0, np.arange(len(values)))
        return Coded(values.codes[np.maximum.accumulate(at)], values.values)
    above = ""
    parts: list[Part] = []
    for part in values.parts:
        column = pd.Series(part.cells(), dtype=object)
        cells = column.where(column != "").ffill().fillna(above).to_numpy(dtype=object)
        parts.append(Texts.of(cells.tolist()))
        above = cells[-1]
    return Parted(tuple(parts))


def beside(body: Any, *more: Any) -> Any:
    """A body with further columns on the right."""
    if isinstance(body, Columns):
        return body.beside(*more)
    return np.concatenate([body, *(np.asarray(m, dtype=object).reshape(-1, 1) for m in more)], axis=1)

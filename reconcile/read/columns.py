"""Text columns: each distinct cell is looked at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from reconcile.codes import clean_code, split_code
from reconcile.read.workbook import Cells


def mapped(values: Cells, function: Callable[[object], object]) -> Cells:
    """`function` of every cell, called once a distinct cell; '' stands for a missing one."""
    codes, distinct = pd.factorize(values)
    lookup = np.empty(len(distinct) + 1, dtype=object)
    lookup[0] = function(None)
    for i, value in enumerate(distinct):
        lookup[i + 1] = function(value)
    return np.asarray(lookup[codes + 1], dtype=object)


def texts(values: Cells | None, n: int) -> Cells:
    """Cells as stripped text; '' where blank or where there is no such column."""
    if values is None:
        return np.full(n, "", dtype=object)
    return mapped(values, lambda v: " ".join(clean_code(v).split()) if v is not None else "")


def glued(values: Cells | None, n: int, split: Callable[[object], tuple[str, str]] = split_code) -> tuple[Cells, Cells]:
    """(codes, names) of cells that may hold a code, a name or both."""
    if values is None:
        return np.full(n, "", dtype=object), np.full(n, "", dtype=object)
    return mapped(values, lambda v: split(v)[0]), mapped(values, lambda v: split(v)[1])


def first_of(*columns: Cells) -> Cells:
    """The first column that is not blank, row by row."""
    out = columns[0].copy()
    for column in columns[1:]:
        out = np.where(out == "", column, out)
    return np.asarray(out, dtype=object)


def fill_down(values: Cells, where: np.ndarray) -> Cells:
    """Blanks on rows of `where` take the last value above them."""
    series = pd.Series(values, dtype=object)
    filled = series.where(series != "").ffill().fillna("")
    return np.asarray(np.where(where & (values == ""), filled.to_numpy(dtype=object), values), dtype=object)

"""Frames of many rows: texts are held as categories and come out as the texts that a short frame holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import union_categoricals

from reconcile.groups import Groups
from reconcile.read.columns import LongTexts, Texts
from reconcile.read.compact import Coded
from reconcile.read.memory import give_back
from reconcile.read.pieces import narrow
from reconcile.read.sheet import Cells


class Wide(pd.DataFrame):  # type: ignore[misc]
    """A frame whose columns of texts may be held as categories.  Taken as a column, each is of texts (`str`)."""

    @property
    def _constructor(self) -> Callable[..., Wide]:
        return Wide

    def __getitem__(self, key: Any) -> Any:
        found = super().__getitem__(key)
        if isinstance(found, pd.Series) and isinstance(found.dtype, pd.CategoricalDtype):
            known, codes = found.cat.categories.array, found.cat.codes.to_numpy()
            whole = len(known) and not (codes < 0).any()
            texts = known.take(codes) if whole else found.to_numpy(dtype=object)
            return pd.Series(texts, index=found.index, name=found.name, dtype="str", copy=False)
        return found


def held(texts: Texts) -> Any:
    """A column of texts as a wide frame holds it."""
    if isinstance(texts, LongTexts):
        return texts.array
    coded = Coded.of(texts.codes, texts.distinct)
    return pd.Categorical.from_codes(coded.codes, pd.Index(coded.values, dtype="str"))


def texts(column: Texts) -> Any:
    """A column of texts as a short frame holds it."""
    return column.array


def frame(columns: Mapping[str, Any], *, long: bool) -> pd.DataFrame:
    """A frame of columns; a wide one where it is long."""
    return Wide(dict(columns), copy=False) if long else pd.DataFrame(dict(columns))


def column(texts: Texts, like: pd.DataFrame) -> Any:
    """A column of texts for the frame `like`."""
    return held(texts) if isinstance(like, Wide) else texts.array


def cells(frame: pd.DataFrame, name: str) -> Any:
    """A column's texts as columns.mapped takes them: by codes where they are held as categories."""
    column = as_held(frame, name)
    if isinstance(column.dtype, pd.CategoricalDtype) and not (column.cat.codes < 0).any():
        values = column.cat.categories.to_numpy(dtype=object)
        return Coded(narrow(column.cat.codes.to_numpy(), len(values)), values)
    return frame[name].to_numpy(dtype=object)


def distinct(frame: pd.DataFrame, name: str) -> Any:
    """The distinct texts of a column, in the order of their first rows."""
    found = cells(frame, name)
    return found.factorized()[1] if isinstance(found, Coded) else pd.unique(found)


def as_held(frame: pd.DataFrame, name: str) -> pd.Series:
    """A column as the frame holds it."""
    return pd.DataFrame(frame, copy=False)[name]


def codes(frame: pd.DataFrame, name: str, rows: Any = None) -> Any:
    """A column as some rows, all where none are given, are grouped by it: the codes of texts that are held as
    categories."""
    column = as_held(frame, name)
    whole = (column.cat.codes if isinstance(column.dtype, pd.CategoricalDtype) else column).array
    values = whole if rows is None else whole.take(rows)
    return values.to_numpy() if isinstance(values.dtype, np.dtype) else values


def grouped(frame: pd.DataFrame, names: Sequence[str], rows: Any = None) -> Groups:
    """Some rows, all where none are given, grouped by some columns."""
    return Groups.by(*(codes(frame, name, rows) for name in names))


def factorized(frame: pd.DataFrame, name: str, rows: Any = None) -> tuple[npt.NDArray[np.int64], Cells]:
    """(which distinct text each of some rows holds; the distinct texts in the order of their first rows)."""
    held = as_held(frame, name).array
    at, found = pd.factorize(held if rows is None else held.take(rows))
    return np.asarray(at, dtype=np.int64), found.to_numpy(dtype=object)


def each(frame: pd.DataFrame, name: str, function: Callable[[str], object]) -> npt.NDArray[np.object_]:
    """`function` of every text of a column, called once for each distinct one."""
    at, distinct = factorized(frame, name)
    made = np.empty(len(distinct), dtype=object)
    made[:] = [function(str(text or "")) for text in distinct]
    return np.asarray(made[at], dtype=object)


def where(frame: pd.DataFrame, name: str, test: Callable[[str], bool]) -> npt.NDArray[np.bool_]:
    """Which rows hold a text that passes a test."""
    at, distinct = factorized(frame, name)
    return np.array([bool(test(str(text or ""))) for text in distinct], dtype=bool)[at]


def texts_at(frame: pd.DataFrame, name: str, rows: Any) -> Cells:
    """The texts of some rows."""
    return np.asarray(as_held(frame, name).array.take(rows).to_numpy(dtype=object), dtype=object)


def equal(frame: pd.DataFrame, name: str, value: str) -> npt.NDArray[np.bool_]:
    """Which rows hold a text."""
    return np.asarray(as_held(frame, name) == value, dtype=bool)


def filled(frame: pd.DataFrame, name: str) -> npt.NDArray[np.bool_]:
    """Which rows hold any text."""
    return np.asarray(as_held(frame, name) != "", dtype=bool)


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame whose texts are texts."""
    if not isinstance(frame, Wide):
        return frame
    return pd.DataFrame({name: frame[name] for name in frame.columns}, index=frame.index, copy=False)


def joined(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Frames one below the other, numbered anew."""
    if len(parts) == 1:
        if isinstance(parts[0], Wide):
            give_back()
        return parts[0].reset_index(drop=True)
    if not any(isinstance(p, Wide) for p in parts):
        return pd.concat(parts, ignore_index=True)
    columns: dict[str, Any] = {}
    for name in parts[0]:
        own = [pd.DataFrame(p, copy=False)[name] for p in parts]
        if all(isinstance(c.dtype, pd.CategoricalDtype) for c in own):
            columns[name] = union_categoricals(own)
        else:
            columns[name] = pd.concat([p[name] for p in parts], ignore_index=True)
    return Wide(columns, copy=False)


def put(frame: pd.DataFrame, name: str, at: Any, value: object) -> Any:
    """A column with `value` on the rows of `at` (positions or a mask)."""
    column = as_held(frame, name).array.copy()
    if isinstance(column, pd.Categorical) and value not in column.categories:
        column = column.add_categories([value])
    column[at] = value
    return column

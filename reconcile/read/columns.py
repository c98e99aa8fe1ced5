"""Text columns: each distinct cell is looked at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile.codes import clean_code, split_code
from reconcile.read import combined
from reconcile.read.compact import Coded, Parted
from reconcile.read.pieces import narrow
from reconcile.read.sheet import Cells

_MAY_CHANGE = re.compile("[^0-9A-DF-Za-df-z\u4e00-\u9fff-]")
MANY_CHARACTERS = 1 << 16


@dataclass(frozen=True)
class Texts:
    """A column of texts: the distinct ones (some may be equal, some on no row), and which of them each row holds."""

    codes: npt.NDArray[np.integer[Any]]
    distinct: Cells

    @classmethod
    def of(cls, values: Cells | Coded | Parted) -> Texts:
        """Cells that are texts already."""
        return LongTexts(values) if isinstance(values, Parted) else cls(*factorized(values))

    @classmethod
    def made(cls, values: Cells | pd.Series, function: Callable[[object], object]) -> Texts:
        """`function` of every cell, called once a distinct cell; of None for a missing one."""
        if isinstance(values, Parted):
            return _long(values.mapped(function))
        codes, distinct = _looked_at(values)
        return cls(codes, _made(map(function, distinct), len(distinct)))

    @classmethod
    def same(cls, text: str, n: int) -> Texts:
        return cls(np.zeros(n, dtype=np.uint8), np.array([text], dtype=object))

    def map(self, function: Callable[[str], object]) -> Texts:
        return Texts(self.codes, _made(map(function, self.distinct), len(self.distinct)))

    def where(self, test: Callable[[str], object]) -> npt.NDArray[np.bool_]:
        """Rows whose text passes a test."""
        passed = np.fromiter(map(bool, map(test, self.distinct)), dtype=bool, count=len(self.distinct))
        return np.asarray(passed[self.codes])

    @property
    def blank(self) -> npt.NDArray[np.bool_]:
        return np.asarray((self.distinct == "")[self.codes], dtype=bool)

    def chosen(self, where: npt.NDArray[np.bool_], other: Texts) -> Texts:
        """The texts of `other` on the rows of `where`, else these."""
        if not where.any():
            return self
        if isinstance(other, LongTexts):
            return _long(combined.either(self.cells, other.column, where))
        codes = np.where(where, other.codes.astype(np.int64) + len(self.distinct), self.codes)
        distinct = np.concatenate([self.distinct, other.distinct])
        return Texts(narrow(codes, len(distinct)), distinct)

    def or_else(self, *others: Texts) -> Texts:
        """These, where one is blank the first of the others that is not."""
        out = self
        for other in others:
            out = out.chosen(out.blank, other)
        return out

    def pairs(self, other: Texts) -> Texts:
        """Every row's text and the other's, as a pair."""
        at, distinct = pd.factorize(self.codes.astype(np.int64) * len(other.distinct) + other.codes)
        first, second = np.divmod(distinct, max(len(other.distinct), 1))
        made = zip(self.distinct[first], other.distinct[second], strict=True)
        return Texts(at.astype(np.int32), _made(made, len(distinct)))

    @property
    def cells(self) -> Cells:
        return np.asarray(self.distinct[self.codes], dtype=object)

    @property
    def array(self) -> pd.api.extensions.ExtensionArray:
        return pd.array(self.distinct, dtype="str").take(self.codes)


class LongTexts(Texts):
    """Texts that are held in parts; `codes` and `distinct` are made when they are asked for."""

    def __init__(self, column: Parted) -> None:
        object.__setattr__(self, "column", column)

    column: Parted

    @cached_property
    def _coded(self) -> tuple[npt.NDArray[np.int64], Cells]:
        return self.column.factorized()

    @property
    def codes(self) -> npt.NDArray[np.int64]:
        return self._coded[0]

    @property
    def distinct(self) -> Cells:
        return self._coded[1]

    def map(self, function: Callable[[str], object]) -> Texts:
        return _long(self.column.mapped(function))  # type: ignore[arg-type]

    def where(self, test: Callable[[str], object]) -> npt.NDArray[np.bool_]:
        return np.asarray(self.column.mapped(lambda v: bool(test(str(v)))), dtype=bool)

    @property
    def blank(self) -> npt.NDArray[np.bool_]:
        return self.column == ""

    def chosen(self, where: npt.NDArray[np.bool_], other: Texts) -> Texts:
        if not where.any():
            return self
        return _long(combined.either(self.column, other.column if isinstance(other, LongTexts) else other.cells, where))

    @property
    def cells(self) -> Any:
        return self.column

    @property
    def array(self) -> pd.api.extensions.ExtensionArray:
        parts = [pd.Series(pd.array(p.cells(), dtype="str")) for p in self.column.parts]
        return pd.concat(parts, ignore_index=True).array if parts else pd.array([], dtype="str")


def _long(column: Any) -> Texts:
    """A column of texts that is held in some way."""
    if isinstance(column, Coded):
        return Texts(column.codes, column.values)
    return Texts.of(column)


def factorized(values: Cells | pd.Series | Coded | Parted) -> tuple[npt.NDArray[Any], Cells]:
    """(which distinct value each row holds, −1 for a missing one; the distinct values in the order of their first
    rows)."""
    if isinstance(values, Coded | Parted):
        return values.factorized()
    codes, distinct = pd.factorize(values)
    return codes.astype(np.int32), np.asarray(distinct, dtype=object)


def _looked_at(values: Cells | pd.Series | Coded) -> tuple[npt.NDArray[Any], list[Any]]:
    """(which value each row holds; the distinct values, and None for a missing one)."""
    if isinstance(values, Coded):
        return values.codes, [None if v != v else v for v in values.values]
    codes, distinct = factorized(values)
    return narrow(codes + 1, len(distinct) + 1), [None, *distinct]


def _made(values: Iterable[object], n: int) -> Cells:
    return np.fromiter(values, dtype=object, count=n)


def clean(values: Cells | None, n: int) -> Texts:
    """Cells as stripped text; '' where blank or where there is no such column."""
    if values is None:
        return Texts.same("", n)
    if isinstance(values, Parted):
        return _long(values.mapped(_clean))
    codes, distinct = _looked_at(values)
    out = _made(distinct, len(distinct))
    for i in _may_change(out):
        out[i] = " ".join(clean_code(out[i]).split())
    return Texts(codes, out)


def _clean(value: object) -> str:
    changes = not isinstance(value, str) or _MAY_CHANGE.search(value)
    return " ".join(clean_code(value).split()) if changes else str(value)


@cache
def _safe() -> npt.NDArray[np.bool_]:
    """Which characters leave a text as it is, by their number; half of a surrogate pair does not."""
    safe = np.zeros(1 << 16, dtype=bool)
    safe[_units(_MAY_CHANGE.sub("", "".join(map(chr, range(1 << 16)))))] = True
    return safe


def _units(text: str) -> npt.NDArray[np.uint16]:
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype="<u2")


def _may_change(values: Cells) -> npt.NDArray[np.int64]:
    """Positions of values that may be no clean text: all but those of digits, letters and Chinese characters."""
    texts = [v if type(v) is str else "\0" for v in values]
    whole = "".join(texts)
    if len(whole) > MANY_CHARACTERS and _safe().take(_units(whole)).all():
        return np.empty(0, dtype=np.int64)
    ends = np.cumsum(np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)))
    odd = [m.start() for m in _MAY_CHANGE.finditer(whole)]
    return np.unique(np.searchsorted(ends, odd, side="right"))


def parted(
    values: Cells | None, n: int, split: Callable[[object], tuple[str, str]] = split_code
) -> tuple[Texts, Texts]:
    """(codes, names) of cells that may hold a code, a name or both."""
    if values is None:
        return Texts.same("", n), Texts.same("", n)
    if isinstance(values, Parted):
        first, second = (_long(values.mapped(lambda v, i=i: split(v)[i])) for i in (0, 1))
        return first, second
    at, distinct = _looked_at(values)
    pairs = [*map(split, distinct)]
    return tuple(Texts(at, _made((p[i] for p in pairs), len(pairs))) for i in (0, 1))  # type: ignore[return-value]


def mapped(values: Cells | pd.Series, function: Callable[[object], object]) -> Cells:
    """`function` of every cell, called once a distinct cell; of None for a missing one."""
    if isinstance(values, Coded | Parted):
        held: Cells = values.mapped(function)  # type: ignore[assignment]
        return held
    return Texts.made(values, function).cells


def texts(values: Cells | None, n: int) -> Cells:
    """Cells as stripped text; '' where blank or where there is no such column."""
    return clean(values, n).cells


def first_of(*columns: Cells) -> Cells:
    """The first column that is not blank, row by row."""
    out = columns[0]
    for column in columns[1:]:
        out = np.where(out == "", column, out)
    return np.asarray(out, dtype=object)


def fill_down(values: Cells, where: np.ndarray) -> Cells:
    """Blanks on rows of `where` take the last value above them."""
    if combined.is_held(values):
        blank = where & (values == "")
        return combined.either(values, combined.last_filled(values), blank) if blank.any() else values
    series = pd.Series(values, dtype=object)
    filled = series.where(series != "").ffill().fillna("")
    return np.asarray(np.where(where & (values == ""), filled.to_numpy(dtype=object), values), dtype=object)

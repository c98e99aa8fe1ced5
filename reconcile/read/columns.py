"""Text columns: each distinct cell is looked at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile.codes import clean_code, split_code
from reconcile.read.workbook import Cells

_MAY_CHANGE = re.compile("[^0-9A-DF-Za-df-z\u4e00-\u9fff-]")


@dataclass(frozen=True)
class Texts:
    """A column of texts: the distinct ones (some may be equal, some on no row), and which of them each row holds."""

    codes: npt.NDArray[np.int32]
    distinct: Cells

    @classmethod
    def of(cls, values: Cells | pd.Series) -> Texts:
        """Cells that are texts already."""
        return cls(*_factorized(values))

    @classmethod
    def made(cls, values: Cells | pd.Series, function: Callable[[object], object]) -> Texts:
        """`function` of every cell, called once a distinct cell; of None for a missing one."""
        codes, distinct = _factorized(values)
        return cls(codes + 1, _made(map(function, [None, *distinct]), len(distinct) + 1))

    @classmethod
    def same(cls, text: str, n: int) -> Texts:
        return cls(np.zeros(n, dtype=np.int32), np.array([text], dtype=object))

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
        codes = np.where(where, other.codes + np.int32(len(self.distinct)), self.codes)
        return Texts(codes, np.concatenate([self.distinct, other.distinct]))

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


def _factorized(values: Cells | pd.Series) -> tuple[npt.NDArray[np.int32], Cells]:
    """(which distinct value each row holds, −1 for a missing one; the distinct values)."""
    codes, distinct = pd.factorize(values)
    return codes.astype(np.int32), np.asarray(distinct, dtype=object)


def _made(values: Iterable[object], n: int) -> Cells:
    return np.fromiter(values, dtype=object, count=n)


def clean(values: Cells | None, n: int) -> Texts:
    """Cells as stripped text; '' where blank or where there is no such column."""
    if values is None:
        return Texts.same("", n)
    codes, distinct = _factorized(values)
    out = _made(["", *distinct], len(distinct) + 1)
    for i in _may_change(out):
        out[i] = " ".join(clean_code(out[i]).split())
    return Texts(codes + 1, out)


def _may_change(values: Cells) -> npt.NDArray[np.int64]:
    """Positions of values that may be no clean text: all but those of digits, letters and Chinese characters."""
    texts = [v if isinstance(v, str) else "\0" for v in values]
    ends = np.cumsum(np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)))
    odd = [m.start() for m in _MAY_CHANGE.finditer("".join(texts))]
    return np.unique(np.searchsorted(ends, odd, side="right"))


def parted(
    values: Cells | None, n: int, split: Callable[[object], tuple[str, str]] = split_code
) -> tuple[Texts, Texts]:
    """(codes, names) of cells that may hold a code, a name or both."""
    if values is None:
        return Texts.same("", n), Texts.same("", n)
    codes, distinct = _factorized(values)
    pairs = [split(None), *map(split, distinct)]
    return tuple(Texts(codes + 1, _made((p[i] for p in pairs), len(pairs))) for i in (0, 1))  # type: ignore[return-value]


def mapped(values: Cells | pd.Series, function: Callable[[object], object]) -> Cells:
    """`function` of every cell, called once a distinct cell; of None for a missing one."""
    return Texts.made(values, function).cells


def texts(values: Cells | None, n: int) -> Cells:
    """Cells as stripped text; '' where blank or where there is no such column."""
    return clean(values, n).cells


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

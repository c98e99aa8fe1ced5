"""A column of a long file while it is read, some rows at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile.read.compact import Coded, Parted
from reconcile.read.pieces import Few, Part, Texts, narrow
from reconcile.read.sheet import ERROR_CODES, MAX_COLUMNS, Cells, ErrorCell, ReadError

FEW = 65_536
"""A column of more distinct cells than these, and than an eighth of its rows, is held in parts."""
MOST_ROWS = 50_000_000
MOST_HELD = 6 << 30
"""The bytes that the cells of a sheet may take."""
MOST_BYTES = 16 << 30
"""The bytes of a file of text."""


class Growing:
    """Cells by codes while few of them are distinct, then in parts as they come."""

    def __init__(self, blanks: int = 0) -> None:
        self._known: dict[object, int] = {"": 0} if blanks else {}
        self._codes: list[npt.NDArray[Any]] = [np.zeros(blanks, dtype=np.uint8)] if blanks else []
        self._parts: list[Part] | None = None
        self._shown: Callable[[Any], object] = lambda value: value
        self._rows = blanks
        self.held = blanks

    def add_texts(self, values: Sequence[str]) -> None:
        if self._parts is not None:
            self.add_part(Texts.of(values, errors=True))
            return
        cells: Cells = np.empty(len(values), dtype=object)
        cells[:] = values
        codes, distinct = pd.factorize(cells)
        self.add(codes, distinct, lambda v: ErrorCell(v) if v[:1] == "#" and v in ERROR_CODES else v)

    @property
    def in_parts(self) -> bool:
        return self._parts is not None

    def add_part(self, part: Part, size: int = 0) -> None:
        """Rows of a column that is held in parts; size: the bytes that they take, where they are no texts."""
        if self._parts is None:
            self._in_parts()
        self._parts.append(part)  # type: ignore[union-attr]
        self._rows += len(part)
        self.held += len(part.data) + part.lengths.nbytes if isinstance(part, Texts) else size

    def add(self, codes: npt.NDArray[Any], distinct: Sequence[Any], cell: Callable[[Any], object]) -> None:
        """Rows by their codes among some distinct values; cell: what a sheet shows of such a value."""
        known = self._known
        for value in distinct:
            if value not in known:
                known[value] = len(known)
        place = np.array([known[v] for v in distinct], dtype=np.uint32)
        self._shown = cell
        self._codes.append(narrow(place[codes], len(known)))
        self._rows += len(codes)
        self.held += self._codes[-1].nbytes
        if len(known) > FEW and len(known) > self._rows // 8:
            self._in_parts()

    def _in_parts(self) -> None:
        values = self._values()
        self._parts = [Few(codes, values) for codes in self._codes]
        self._codes, self._known = [], {}

    def _values(self) -> Cells:
        values: Cells = np.empty(len(self._known), dtype=object)
        for at, value in enumerate(self._known):
            values[at] = self._shown(value)
        return values

    def made(self) -> Coded | Parted:
        if self._parts is not None:
            return Parted(tuple(self._parts))
        values = self._values()
        codes = [narrow(c, len(values)) for c in self._codes]
        return Coded.of(np.concatenate(codes) if codes else np.zeros(0, dtype=np.uint8), values)


def check_held(height: int, width: int, columns: Sequence[Growing]) -> None:
    """Refuse what no memory holds."""
    if height > MOST_ROWS or width > MAX_COLUMNS or sum(c.held for c in columns) > MOST_HELD:
        raise ReadError("too-large", f"{height:,} × {width:,}")

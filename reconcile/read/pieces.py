"""Some rows of a column of cells, in the form that takes the least room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from reconcile.read.sheet import ERROR_CODES, Cells, ErrorCell

Positions = npt.NDArray[np.int64]
_ERRORS = frozenset(ERROR_CODES)


class Part(Protocol):
    """Some rows of a column."""

    def __len__(self) -> int: ...

    def cells(self) -> Cells: ...

    def take(self, positions: Positions) -> Part: ...


@dataclass(frozen=True)
class Texts:
    """Texts in one run of bytes; lengths are in characters, −1 for a cell without any.

    errors: whether the text of an error code stands for an error, as in a file that was read.
    """

    data: bytes
    lengths: npt.NDArray[np.int32]
    errors: bool = False

    @classmethod
    def of(cls, values: Sequence[Any], *, errors: bool = False) -> Texts:
        lengths = np.fromiter((-1 if v is None else len(v) for v in values), dtype=np.int32, count=len(values))
        texts = values if not (lengths < 0).any() else [v or "" for v in values]
        return cls("".join(texts).encode("utf-8", "surrogatepass"), lengths, errors)

    def __len__(self) -> int:
        return len(self.lengths)

    def cells(self) -> Cells:
        text = self.data.decode("utf-8", "surrogatepass")
        ends = accumulate(np.maximum(self.lengths, 0).tolist(), initial=0)
        found: Cells = np.empty(len(self), dtype=object)
        found[:] = [text[a:b] for a, b in pairwise(ends)]
        found[self.lengths < 0] = None
        if self.errors and b"#" in self.data:
            for i in [i for i, v in enumerate(found) if v and v[0] == "#" and v in _ERRORS]:
                found[i] = ErrorCell(found[i])
        return found

    def take(self, positions: Positions) -> Texts:
        picked = [str(v) if isinstance(v, ErrorCell) else v for v in self.cells()[positions]]
        return Texts.of(picked, errors=self.errors)


@dataclass(frozen=True)
class Few:
    """Cells by codes, as Coded has them."""

    codes: npt.NDArray[Any]
    values: Cells

    def __len__(self) -> int:
        return len(self.codes)

    def cells(self) -> Cells:
        return np.asarray(self.values[self.codes], dtype=object)

    def take(self, positions: Positions) -> Few:
        return Few(self.codes[positions], self.values)


@dataclass(frozen=True)
class Objects:
    """Cells that are no texts, as they are."""

    values: Cells

    def __len__(self) -> int:
        return len(self.values)

    def cells(self) -> Cells:
        return self.values

    def take(self, positions: Positions) -> Objects:
        return Objects(self.values[positions])


def narrow(codes: npt.NDArray[Any], count: int) -> npt.NDArray[Any]:
    """Codes of so many values in the smallest whole numbers that hold them."""
    return codes.astype(np.uint8 if count <= 1 << 8 else np.uint16 if count <= 1 << 16 else np.uint32, copy=False)

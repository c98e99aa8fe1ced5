"""Figures of the evaluation: what each is called, what it is, where it comes from, or why it is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from reconcile import wording
from reconcile.finding import Origin
from reconcile.money import FEN_PER_YUAN
from reconcile.read.words import normalise

MONEY = "money"
BOOKS, INPUT = "books", "input"
NOWHERE = Origin()


@dataclass(frozen=True)
class Kind:
    """A figure that the tables know: `kind` is money, count or area; `books` whether budget and ledger can give it."""

    key: str
    kind: str
    books: bool
    block: str
    names: tuple[str, ...]
    zh: str
    en: str
    note: str

    def title(self, language: str) -> str:
        return self.zh if language == "zh" else self.en

    @property
    def words(self) -> frozenset[str]:
        return frozenset(normalise(n) for n in (self.key, self.zh, self.en, *self.names))


@dataclass(frozen=True)
class Figure:
    """One figure.  value: 分 of money, exact otherwise; None where it is missing, and `reason` says why.

    source: `books` or `input`.  note: what else is to be known of it, such as an input that the books contradict.
    """

    kind: Kind
    value: Fraction | None
    source: str = ""
    reason: str = ""
    note: str = ""
    origin: Origin = NOWHERE

    @property
    def number(self) -> float:
        """Yuan of money, the number itself otherwise; NaN where it is missing."""
        if self.value is None:
            return float("nan")
        return float(self.value / FEN_PER_YUAN if self.kind.kind == MONEY else self.value)


Figures = Mapping[str, Figure]


@cache
def kinds() -> dict[str, Kind]:
    """Every figure of data/figures.toml, in its order."""
    found = {}
    for key in wording.keys("figures"):
        entry = wording.entry("figures", key)
        found[key] = Kind(
            key,
            entry["kind"],
            entry["from"] == BOOKS,
            entry["block"],
            tuple(entry.get("also", ())),
            entry["zh"],
            entry["en"],
            entry.get("note", ""),
        )
    return found


@cache
def by_word() -> dict[str, str]:
    """Normalised names to keys."""
    return {word: key for key, kind in kinds().items() for word in kind.words}

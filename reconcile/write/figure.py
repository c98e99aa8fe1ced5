"""The figures of the report section: each knows its exact value, how it prints, and the cell that it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from reconcile import money, wording

Key = tuple[str, ...]
"""What a figure is: `("total", "actual")`, `("project", "3", "rate")`; see places.Places for the cell of each."""


@dataclass(frozen=True)
class Figure:
    """A number that the text prints.

    exact: 分 of money, a count or quantity itself; of a rate the part, beside its `whole`.
    kind: `wan` (万元, two decimals; 元 where that would print 0 for what is not 0), `yuan` (元), `rate` (percent, two
    decimals), `count`.
    formula: of a figure that no other sheet shows, over `{0}`, `{1}` …, the cells of `parts`; '' where it is a constant.
    grouped: with thousands separators and no unit, as tables have it.
    """

    key: Key
    exact: int | Decimal
    kind: str = "wan"
    whole: int = 0
    formula: str = ""
    parts: tuple[Key, ...] = ()
    basis: str = ""
    grouped: bool = False
    unsigned: bool = False

    def __bool__(self) -> bool:
        return self.exact != 0

    def __abs__(self) -> Figure:
        return replace(self, unsigned=True)

    def __str__(self) -> str:
        """A figure joined to words would lose its cell; a template that tries is refused."""
        raise TypeError("数要单独打印，不要与文字相连 / print a number by itself, not joined to words")

    @property
    def is_negative(self) -> bool:
        return self.exact < 0

    @property
    def printed_as(self) -> str:
        """The kind, but `yuan` where 万元 would hide the amount in a sentence."""
        hidden = self.kind == "wan" and not self.grouped and self.exact and not money.in_unit(int(self.exact), "万元")
        return "yuan" if hidden else self.kind

    @property
    def value(self) -> Decimal:
        """The figure as printed, with its sign."""
        if self.kind == "rate":
            found = money.percent(int(self.exact), self.whole)
            if found is None:
                raise ZeroDivisionError(f"{self.key}: no rate of 0")
            return found + 0
        if self.kind == "count":
            return Decimal(self.exact)
        return money.in_unit(int(self.exact), self.unit) + 0

    @property
    def in_cell(self) -> float:
        """What the workbook's cell holds: yuan, a fraction, a number."""
        if self.kind == "rate":
            return (int(self.exact) / 100) / (self.whole / 100)
        return float(self.exact) if self.kind == "count" else int(self.exact) / money.FEN_PER_YUAN

    @property
    def unit(self) -> str:
        return {"wan": "万元", "yuan": "元", "rate": "%", "count": ""}[self.printed_as]

    def shown(self, language: str) -> str:
        value = abs(self.value) if self.unsigned else self.value
        kind = self.printed_as
        if kind in ("yuan", "count"):
            number = money.trimmed(value)
        else:
            number = f"{value:,.2f}" if self.grouped and kind == "wan" else f"{value:.2f}"
        if self.grouped:
            return number + ("%" if kind == "rate" else "")
        return number + wording.text(f"unit-{kind}", language, "summary")


@dataclass(frozen=True)
class Text:
    """Words that come from the files, the period, a finding or a person."""

    key: Key
    text: str
    basis: str = ""

    def __bool__(self) -> bool:
        return bool(self.text)

    def shown(self, language: str) -> str:
        return self.text


@dataclass(frozen=True)
class Missing:
    """A figure or reason that the books do not give; it prints 【待补】 and is listed with what it is."""

    what: str
    kind: str = ""
    grouped: bool = False

    def __bool__(self) -> bool:
        return False

    def __abs__(self) -> Missing:
        return self

    def shown(self, language: str) -> str:
        unit = "" if self.grouped or not self.kind else wording.text(f"unit-{self.kind}", language, "summary")
        return wording.text("to-supply", language, "summary") + unit


Fact = Figure | Text | Missing


def in_cell(fact: Fact | str) -> Fact | str:
    """The template filter `cell`: a number without its unit and with thousands separators, words without a bare bar."""
    if isinstance(fact, str):
        return fact.replace("|", "\\|")
    return replace(fact, text=fact.text.replace("|", "\\|")) if isinstance(fact, Text) else replace(fact, grouped=True)


def plain(text: object) -> str:
    """Text of a file inside a paragraph: one line, and none of the characters that mark facts."""
    return " ".join(str(text).translate(_UNMARK).split())


def said(key: Key, text: str, basis: str = "") -> Fact | str:
    """Words of a file: a fact where they hold a digit, so that every number of the text has its cell."""
    return Text(key, text, basis) if any(c.isdigit() for c in text) else text


class Phrases:
    """Phrases of data/summary.toml in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, key: str, **facts: object) -> str:
        return wording.fill(wording.text(key, self.language, "summary"), facts)


OPEN, MIDDLE, CLOSE = "\ufdd0", "\ufdd1", "\ufdd2"
_UNMARK: Mapping[int, str] = dict.fromkeys(map(ord, (OPEN, MIDDLE, CLOSE)), "\ufffd")

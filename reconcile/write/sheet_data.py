"""What the other sheets add up, and the formulas that do it: spans of rows, by the keys that stand beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reconcile import frames
from reconcile.write.sheet_page import Column, Words, cell, on, quoted
from reconcile.write.sheet_plan import Line

Place = tuple[str, str]
"""A sheet's name and a cell of it."""
KEYS = ["month", "category", "project", "class"]
LINE_COLUMNS = (
    Column("category", "cell", 9, 14),
    Column("group", "cell", 9, 14),
    Column("project-code", "cell", 8, 16),
    Column("project", "cell wrap", 10, 34),
    Column("class-code", "cell", 8, 14),
    Column("class", "cell wrap", 10, 32),
    *(Column(c, "cell money", 12, 22) for c in frames.CHAIN),
    Column("file", "cell small wrap", 8, 22),
    Column("sheet", "cell small wrap", 6, 16),
    Column("row", "cell small plain", 5, 9),
    Column("key-category", "key", 8, 8),
    Column("key-project", "key", 8, 8),
    Column("key-class", "key", 8, 8),
)
LINE_CODE = 2
LINE_PRINTED, LINE_CHAIN, LINE_CATEGORY, LINE_PROJECT, LINE_CLASS = 14, 6, 14, 15, 16


@dataclass(frozen=True)
class Span:
    """The data rows (0-based) of a sheet that others add up."""

    sheet: str
    first: int
    last: int

    def column(self, col: int) -> str:
        ends = (cell(self.first, col, fixed=True), cell(self.last, col, fixed=True))
        return on(self.sheet, ":".join(ends))


@dataclass(frozen=True)
class Term:
    """Rows that count towards spending: where each field and key stands, and what else must hold of a row.

    at: columns of `amount`, `debit`, `credit`, `month`, `category`, `project`, `class` and, where a row stands for
    several entries, `rows`.  sign: − for rows that are taken out again, as reclassified.
    """

    span: Span
    at: Mapping[str, int]
    sign: str = "+"
    also: tuple[tuple[int, str], ...] = ()


def anchors(keys: pd.DataFrame, places: Sequence[Place]) -> dict[tuple[str, object], Place]:
    """The first place of every key of every level, of rows that stand at `places`."""
    found: dict[tuple[str, object], Place] = {}
    for level in keys:
        firsts = np.flatnonzero(~keys[level].duplicated().to_numpy())
        found |= {(str(level), key): places[i] for key, i in zip(keys[level].iloc[firsts].tolist(), firsts.tolist())}
    return found


@dataclass(frozen=True)
class Base:
    """What all spending formulas stand on: 明细, or where that would be too long 月度汇总.

    anchors: where the first row of a key stands, by its level (`month`, `category`, `project`, `class`) and itself.
    """

    terms: tuple[Term, ...]
    anchors: Mapping[tuple[str, object], Place]
    whole: bool = True

    def spent(self, **keys: str) -> str:
        """The rounded sum of spending whose keys equal the criteria."""
        return f"ROUND({self._sum('amount', keys)},2)"

    def total(self, field: str) -> str:
        """The rounded sum of `amount`, `debit` or `credit` over every row."""
        return f"ROUND({self._sum(field, {})},2)"

    @property
    def count(self) -> str:
        """How many entries there are."""
        terms = [t for t in self.terms if not t.also]
        return "+".join(
            f"SUM({t.span.column(t.at['rows'])})" if "rows" in t.at else f"COUNT({t.span.column(t.at['amount'])})"
            for t in terms
        )

    def _sum(self, field: str, keys: Mapping[str, str]) -> str:
        parts = []
        for term in self.terms:
            if term.also and not keys:
                continue
            tests = [(term.at[name], criterion) for name, criterion in keys.items()] + list(term.also)
            amounts = term.span.column(term.at[field])
            told = "".join(f",{term.span.column(col)},{criterion}" for col, criterion in tests)
            parts.append(f"{term.sign}SUMIFS({amounts}{told})" if told else f"{term.sign}SUM({amounts})")
        return "".join(parts).removeprefix("+")


def planned(span: Span, key: str, column: int, name: str, say: Words) -> str:
    """One column of the budget chain for a key; the words for unreadable where one of its lines is."""
    col = LINE_CHAIN + frames.CHAIN.index(name)
    bad = quoted(say("unreadable"))
    keys, amounts = span.column(column), span.column(col)
    return f"IF(COUNTIFS({keys},{key},{amounts},{bad})>0,{bad},ROUND(SUMIFS({amounts},{keys},{key}),2))"


def available(span: Span, key: str, column: int, absent: str, say: Words, chain: list[str]) -> str:
    """Carryover + original + increase − decrease of a row; `absent` where no budget line has its key."""
    bad = quoted(say("unreadable"))
    first, *_, last = chain
    total = f"ROUND({chain[0]}+{chain[1]}+{chain[2]}-{chain[3]},2)"
    return f"IF(COUNTIF({span.column(column)},{key})=0,{quoted(absent)},IF(COUNT({first}:{last})<4,{bad},{total}))"


def budget_amount(line: Line, absent: str, say: Words) -> int | str:
    """What the available budget of a row shows."""
    if line.lines == 0:
        return absent
    value = line.chain["available"]
    return say("unreadable") if value is None else value

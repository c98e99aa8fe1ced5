"""What stands in which cell, before it is a file.

A sheet is a list of rows, each with a role; each column has a kind. Both are what the builders know, so that
one kind of dirt can be put on any layout; a file carries neither. Amounts, days and codes stay themselves
(`Money`, `Day`, `Code`, `Pair`) with a form, and become text or numbers in `Sheet.cells`.

Roles: title, header, data, section, opening, page, subtotal, total, footer, blank.
Kinds: amount, balance, date, year, month, day, voucher, memo, account_code, account, project_code, project,
economic_code, economic, functional_code, functional, category, direction, payee, ratio, text.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

UNITS = {"元": 0, "千元": 3, "万元": 4, "百万元": 6, "亿元": 8}
FULL_WIDTH = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")
SEGMENTS = (4, 2, 2, 2, 2, 2)


@dataclass(frozen=True)
class Formula:
    text: str  # with its leading =
    cached: int | float | Decimal | str | None = None


@dataclass(frozen=True)
class ErrorCell:
    code: str  # "#REF!"


@dataclass(frozen=True)
class Money:
    fen: int
    form: str = "number"
    unit: str = "元"

    @property
    def decimal(self) -> Decimal:
        """In the sheet's unit, to the 分."""
        return Decimal(self.fen).scaleb(-2 - UNITS[self.unit])

    def render(self) -> Decimal | float | str:
        if self.form == "number":
            return self.decimal
        if self.form == "dust":  # what is left after sums of binary fractions
            return math.nextafter(math.nextafter(float(self.decimal), math.inf), math.inf)
        plain = f"{abs(self.decimal):.{2 + UNITS[self.unit]}f}"
        comma = f"{abs(self.decimal):,.{2 + UNITS[self.unit]}f}"
        sign = "-" if self.fen < 0 else ""
        forms = {
            "plain": sign + plain,
            "comma": sign + comma,
            "full-width": (sign + comma).translate(FULL_WIDTH),
            "yen": f"{sign}￥{comma}",
            "yuan-word": f"{sign}{comma}元",
            "trailing-minus": comma + sign,
            "parentheses": f"({comma})" if sign else comma,
            "triangle": f"△{comma}" if sign else comma,
            "nbsp": f"\u00a0{sign}{comma} \u00a0",
            "indian": sign + _indian(plain),
            "european": sign + comma.replace(",", "\0").replace(".", ",").replace("\0", "."),
        }
        return forms[self.form]


def _indian(plain: str) -> str:
    whole, _, tail = plain.partition(".")
    head, last = whole[:-3], whole[-3:]
    groups: list[str] = []
    while head:
        groups.insert(0, head[-2:])
        head = head[:-2]
    return ",".join([*groups, last]) + "." + tail


@dataclass(frozen=True)
class Day:
    date: dt.date
    form: str = "date"

    def render(self) -> dt.date | int | str:
        d = self.date
        if self.form == "date":
            return d
        if self.form == "serial":
            return d.toordinal() - date(1899, 12, 30).toordinal()
        forms = {
            "iso": f"{d:%Y-%m-%d}",
            "iso-time": f"{d:%Y-%m-%d} 00:00:00",
            "dot": f"{d:%Y.%m.%d}",
            "dot-short": f"{d.year}.{d.month}.{d.day}",
            "compact": f"{d:%Y%m%d}",
            "slash": f"{d.year}/{d.month}/{d.day}",
            "words": f"{d.year}年{d.month}月{d.day}日",
            "words-no-year": f"{d.month}月{d.day}日",
        }
        return forms[self.form]


@dataclass(frozen=True)
class Code:
    text: str
    form: str = "text"

    def render(self) -> int | float | str | None:
        if not self.text:
            return None
        if self.form in ("dotted", "dashed", "backslash"):
            return {"dotted": ".", "dashed": "-", "backslash": "\\"}[self.form].join(segments(self.text))
        numeric = self.text.isdigit() and not self.text.startswith("0") and len(self.text) <= 15
        if self.form == "text" or not numeric:
            return self.text
        if self.form == "integer":
            return int(self.text)
        if self.form == "float":
            return float(self.text)
        if self.form == "float-text":
            return f"{self.text}.0"
        return f"{int(self.text):.2E}"  # scientific: what a narrow column leaves


def segments(code: str) -> list[str]:
    """7201010101 -> 7201, 01, 01, 01."""
    parts, rest = [], code
    for width in SEGMENTS:
        if rest:
            parts.append(rest[:width])
            rest = rest[width:]
    return parts


@dataclass(frozen=True)
class Pair:
    """A code and its name in one cell."""

    code: str
    name: str
    style: str = " "

    def render(self) -> str | None:
        if not self.code:
            return self.name or None
        if self.style == "[]":
            return f"[{self.code}]{self.name}"
        if self.style == "()":
            return f"{self.name}({self.code})"
        return f"{self.code}{self.style}{self.name}"


Plain = str | int | float | Decimal | date | datetime | None | Formula | ErrorCell
Value = Plain | Money | Day | Code | Pair


@dataclass(frozen=True)
class Row:
    role: str
    values: tuple[Value, ...]
    hidden: bool = False


@dataclass(frozen=True)
class Merge:
    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Sheet:
    name: str
    kinds: tuple[str, ...]  # one a column
    rows: tuple[Row, ...]
    merges: tuple[Merge, ...] = ()
    hidden: bool = False

    @property
    def cells(self) -> dict[tuple[int, int], Plain]:
        """{(row, column): value}, both from 1; an empty cell is absent."""
        found: dict[tuple[int, int], Plain] = {}
        for r, row in enumerate(self.rows, start=1):
            for c, value in enumerate(row.values, start=1):
                shown = value.render() if isinstance(value, (Money, Day, Code, Pair)) else value
                if shown is not None and shown != "":
                    found[(r, c)] = shown
        return found

    @property
    def formats(self) -> dict[int, str]:
        """The number format of each column that has one."""
        known = {"amount": "#,##0.00", "balance": "#,##0.00", "date": "yyyy-mm-dd"}
        return {c: known[kind] for c, kind in enumerate(self.kinds, start=1) if kind in known}

    @property
    def covered(self) -> set[tuple[int, int]]:
        """The cells below a merge, all but its first."""
        return {
            (r, c)
            for m in self.merges
            for r in range(m.top, m.bottom + 1)
            for c in range(m.left, m.right + 1)
            if (r, c) != (m.top, m.left)
        }

    def find(self, *kinds: str) -> list[int]:
        """The columns (from 0) of these kinds."""
        return [c for c, kind in enumerate(self.kinds) if kind in kinds]

    def of_role(self, *roles: str) -> list[int]:
        """The rows (from 0) of these roles."""
        return [r for r, row in enumerate(self.rows) if row.role in roles]

    def insert(self, at: int, rows: Sequence[Row]) -> Sheet:
        """Rows put in before row `at` (from 0); merges move.

        A merge that spans the place grows round data, and is parted by anything else, its value repeated.
        """
        n = len(rows)
        old = list(self.rows)
        merges: list[Merge] = []
        for m in self.merges:
            if m.bottom <= at:
                merges.append(m)
            elif m.top > at:
                merges.append(replace(m, top=m.top + n, bottom=m.bottom + n))
            elif all(r.role in ("data", "damaged") for r in rows):
                merges.append(replace(m, bottom=m.bottom + n))
                under = m.left - 1
                rows = [replace(r, values=(*r.values[:under], None, *r.values[m.left :])) for r in rows]
            else:
                values = list(old[at].values)
                values[m.left - 1] = old[m.top - 1].values[m.left - 1]
                old[at] = replace(old[at], values=tuple(values))
                halves = (replace(m, bottom=at), replace(m, top=at + 1 + n, bottom=m.bottom + n))
                merges += [h for h in halves if (h.bottom, h.right) != (h.top, h.left)]
        return replace(self, rows=(*old[:at], *rows, *old[at:]), merges=tuple(merges))


@dataclass(frozen=True)
class Grid:
    sheets: tuple[Sheet, ...]
    date1904: bool = False

    def map(self, change: Callable[[Sheet], Sheet]) -> Grid:
        """The same grid with each sheet changed by a function."""
        return replace(self, sheets=tuple(change(s) for s in self.sheets))

    def __iter__(self) -> Iterator[Sheet]:
        return iter(self.sheets)


def make_sheet(
    name: str,
    titles: Iterable[Sequence[Value]],
    header: Sequence[str | tuple[str, ...]],
    kinds: Sequence[str],
    body: Iterable[Row],
    *,
    hidden: bool = False,
) -> Sheet:
    """Titles, then a header of one or more rows (a tuple reads downwards), then the body.

    Neighbours with the same upper text are merged across, an empty lower text is merged down.
    """
    assert len(header) == len(kinds), (len(header), len(kinds))
    width = len(header)
    rows = [Row("title" if t else "blank", tuple(t) + (None,) * (width - len(t))) for t in titles]
    start = len(rows)
    stacks = [(h,) if isinstance(h, str) else h for h in header]
    depth = max(len(s) for s in stacks)
    stacks = [s + ("",) * (depth - len(s)) for s in stacks]
    merges: list[Merge] = []
    for level in range(depth):
        shown: list[Value] = [s[level] or None for s in stacks]
        c = 0
        while c < width and level < depth - 1:
            end = c
            while end + 1 < width and stacks[end + 1][: level + 1] == stacks[c][: level + 1] and stacks[c][level + 1]:
                end += 1
                shown[end] = None
            if end > c:
                merges.append(Merge(start + level + 1, c + 1, start + level + 1, end + 1))
            elif not any(stacks[c][level + 1 :]) and stacks[c][level]:
                merges.append(Merge(start + level + 1, c + 1, start + depth, c + 1))
            c = end + 1
        rows.append(Row("header", tuple(shown)))
    rows += list(body)
    return Sheet(name, tuple(kinds), tuple(rows), tuple(merges), hidden)


def money(fen: int, *, blank_zero: bool = True) -> Money | None:
    """A cell with an amount; ledgers leave nought blank."""
    return None if blank_zero and not fen else Money(fen)

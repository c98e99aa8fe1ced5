"""Figures of a report: what number, in what unit, known how exactly."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

Bounds = tuple[Fraction, Fraction]


COUNTABLE = ("money", "count", "area", "acres", "length", "weight", "volume", "energy", "hours", "days")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure and where it stands: `paragraph` 1-based, `start` and `end` offsets into it.

    `value` is in the base unit of its dimension (yuan, percent, days); `step` is what its last digit is worth there, 0
    where it is exact (counts, prices).  `unit` is as printed.  `approx` is '', `about`, `over` (at least), `near` (not
    quite) or `most` (at most); `upper` ends a range; `per` is what a price is for; `day` a date whose month or day may
    be 0.
    """

    paragraph: int
    start: int
    end: int
    text: str
    value: Fraction
    step: Fraction
    dimension: str
    unit: str
    factor: Fraction = Fraction(1)
    kin: str = ""
    approx: str = ""
    upper: Fraction | None = None
    per: tuple[str, ...] = ()
    spelled: bool = False
    day: tuple[int, int, int] = (0, 0, 0)

    @property
    def at(self) -> tuple[int, int]:
        return self.paragraph, self.start

    @property
    def bounds(self) -> Bounds:
        """The exact values that the figure may stand for: [x − ½ step, x + ½ step)."""
        return self.value - self.step / 2, self.value + self.step / 2

    @property
    def countable(self) -> bool:
        """Whether it may be a part or the whole of a share."""
        return self.dimension in COUNTABLE

    @property
    def plain(self) -> bool:
        """A single number that is meant as it is printed."""
        return not self.approx and self.upper is None

    def like(self, other: Figure) -> bool:
        """Whether the two may be added and compared."""
        return self.dimension == other.dimension and (self.dimension != "count" or self.kin == other.kin)


def spread(formula: Callable[..., Fraction], figures: Sequence[Figure]) -> Bounds | None:
    """The least and the greatest that a formula takes where each figure may be anything that it stands for.

    The formula rises or falls with each figure whatever the others are.  None where it divides by zero.
    """
    if formula is add:
        return add(*(f.bounds[0] for f in figures)), add(*(f.bounds[1] for f in figures))
    low, high = [f.value for f in figures], [f.value for f in figures]
    try:
        for i, figure in enumerate(figures):
            if figure.step:
                one, other = figure.bounds
                values = [f.value for f in figures]
                at_one, at_other = (formula(*values[:i], v, *values[i + 1 :]) for v in (one, other))
                low[i], high[i] = (one, other) if at_one <= at_other else (other, one)
        return formula(*low), formula(*high)
    except ZeroDivisionError:
        return None


def add(*values: Fraction) -> Fraction:
    return sum(values, Fraction(0))


def meet(one: Bounds, other: Bounds) -> bool:
    """Whether two spreads have a value in common; a spread's end is outside it unless it is a single value."""
    low, high = max(one[0], other[0]), min(one[1], other[1])
    if low < high:
        return True
    return low == high and (one[0] == one[1] == low or other[0] == other[1] == low) and low in (one[0], other[0])


def printed(value: Fraction, factor: Fraction = Fraction(1), places: int = 2) -> str:
    """A value in a unit as reports print it: rounded half up, without trailing zeros."""
    scaled = abs(value / factor) * 10**places
    whole = int(scaled + Fraction(1, 2))
    text = f"{whole // 10**places}.{whole % 10**places:0{places}d}" if places else str(whole)
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return ("-" if value < 0 and whole else "") + text


def date_of(day: tuple[int, int, int]) -> datetime.date | None:
    """A whole date, None where a part is missing or there is no such day."""
    try:
        return datetime.date(*day)
    except ValueError:
        return None


def show_sum(value: Fraction, like: Figure) -> str:
    """A value in the unit of a figure."""
    return printed(value, like.factor) + like.unit


def places(text: str) -> int:
    """The decimals of a printed figure."""
    found = re.search(r"\.(\d+)", text)
    return len(found[1]) if found else 0

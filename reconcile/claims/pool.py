"""The figures of a piece that a formula may take, by their kinds, and the pairs of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations

from reconcile.claims.claim import Trial
from reconcile.claims.moves import TIMES
from reconcile.claims.roles import Said

MAIN = ("money", "count", "area", "acres", "length", "weight", "volume", "energy", "density", "score", *TIMES)


def gap(one: Fraction, other: Fraction) -> Fraction:
    return abs(one - other)


def candidates(said: Sequence[Said], target: Said) -> list[Said]:
    """Figures that a formula may take: levels now and before, and averages and prices as levels of their own."""
    roles = ("level", "after", "prior", "average", "price")
    usable = [s for s in said if s.role in roles and s.figure.dimension in MAIN and s.figure.plain]
    return [s for s in usable if s.figure.at != target.figure.at]


def kinds_of(scope: Sequence[Said]) -> list[list[Said]]:
    """The figures of each kind, those that are said twice once."""
    out: list[list[Said]] = []
    for s in scope:
        group = next((g for g in out if g[0].figure.like(s.figure)), None)
        if group is None:
            out.append([s])
        elif all(s.figure.value != x.figure.value for x in group):
            group.append(s)
    return [g for g in out if len(g) > 1]


def closes(group: Sequence[Said]) -> bool:
    """Whether figures hang together: two, or three of which one is the sum of the others."""
    if len(group) == 2:
        return True
    values = sorted(s.figure.value for s in group)
    return len(values) == 3 and values[2] == values[0] + values[1]


def by_pairs(
    group: Sequence[Said], formulas: Sequence[Callable[..., Fraction]], how: str, strong: bool
) -> Iterator[Trial]:
    for one, other in combinations(sorted(group, key=lambda s: s.figure.value), 2):
        for formula in formulas:
            yield Trial(formula, (one.figure, other.figure), how, strong)

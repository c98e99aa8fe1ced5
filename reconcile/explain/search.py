"""Bounded searches among amounts in 分: what equals, doubles, swaps digits, slips a unit, or adds up to a gap."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Fen = npt.NDArray[np.int64]
Found = npt.NDArray[np.intp]

UNIT_SLIPS = (10, 100, 10_000)
DIGITS = 15
"""Places of an amount in 分 that are looked through for swapped digits."""
PAIRS_AMONG = 2_000
TRIPLES_AMONG = 200
"""Above so many parts no pairs, or triples, are sought: by chance there would be some."""
ENOUGH = 4
"""So many sets that fit are counted; more tell nothing."""


def swapped_digits(one: int, other: int) -> int:
    """How far apart two swapped digits stand that turn one amount into the other; 0 where no one swap does."""
    if one == other or (one < 0) != (other < 0) or (one - other) % 9:
        return 0
    left, right = str(abs(one)), str(abs(other))
    if len(left) != len(right):
        return 0
    places = [i for i in range(len(left)) if left[i] != right[i]]
    if len(places) != 2:
        return 0
    i, j = places
    return j - i if (left[i], left[j]) == (right[j], right[i]) else 0


def slip(one: int, other: int) -> int:
    """By which power of ten one amount is the other: 10, 100, 10,000; 0 for none."""
    small, large = sorted((abs(one), abs(other)))
    if small == 0 or (one < 0) != (other < 0):
        return 0
    return next((s for s in UNIT_SLIPS if small * s == large), 0)


def equal(amounts: Fen, value: int) -> Found:
    return np.flatnonzero(amounts == value) if value else np.empty(0, dtype=np.intp)


def with_wrong_sign(amounts: Fen, gap: int) -> Found:
    """Amounts that, with the other sign, would take the gap away (gap = 2 × amount)."""
    return equal(amounts, gap // 2) if gap % 2 == 0 else np.empty(0, dtype=np.intp)


def slipped(amounts: Fen, gap: int) -> Iterator[tuple[int, int, Found]]:
    """(times, sign, amounts): too large by `times` (sign 1) or too small by it (sign −1), each making the gap."""
    for times in UNIT_SLIPS:
        if gap * times % (times - 1) == 0:
            yield times, 1, equal(amounts, gap * times // (times - 1))
        if gap % (times - 1) == 0:
            yield times, -1, equal(amounts, -gap // (times - 1))


def transposed(amounts: Fen, gap: int) -> Found:
    """Amounts that a swap of two neighbouring digits would change by exactly the gap."""
    if gap == 0 or gap % 9:
        return np.empty(0, dtype=np.intp)
    hit = np.zeros(len(amounts), dtype=bool)
    size, sign = np.abs(amounts), np.sign(amounts)
    for place in range(DIGITS - 1):
        step, rest = divmod(abs(gap), 9 * 10**place)
        if rest or not 1 <= step <= 9:
            continue
        upper, lower = size // 10 ** (place + 1) % 10, size // 10**place % 10
        leads = size // 10 ** (place + 2) > 0
        change = (upper - lower) * sign * (1 if gap > 0 else -1)
        hit |= (change == step) & (leads | ((upper > 0) & (lower > 0)))
    return np.flatnonzero(hit)


def sets(amounts: Fen, target: int) -> list[tuple[int, ...]]:
    """Pairs, and where there is none triples, of parts that add up to a target; at most ENOUGH + 1 of them.

    Positions are of `amounts`; zero amounts are in no set.
    """
    order = np.argsort(amounts, kind="stable")
    order = order[amounts[order] != 0]
    values = amounts[order]
    if target == 0 or len(values) > PAIRS_AMONG:
        return []
    found = [tuple(sorted((int(order[i]), int(order[j])))) for i, j in _pairs(values, target)]
    if not found and len(values) <= TRIPLES_AMONG:
        for i in range(len(values) - 2):
            rest = values[i + 1 :]
            pairs = _pairs(rest, target - int(values[i]))
            found += [tuple(sorted((int(order[i]), int(order[i + 1 + j]), int(order[i + 1 + k])))) for j, k in pairs]
            if len(found) > ENOUGH:
                break
    return sorted(set(found))[: ENOUGH + 1]


def _pairs(values: Fen, target: int) -> list[tuple[int, int]]:
    """Pairs i < j of sorted values that add up to a target, at most ENOUGH + 1."""
    first = np.searchsorted(values, target - values, "left")
    last = np.searchsorted(values, target - values, "right")
    out = []
    for i in np.flatnonzero(last > first):
        for j in range(max(int(first[i]), int(i) + 1), int(last[i])):
            out.append((int(i), j))
            if len(out) > ENOUGH:
                return out
    return out

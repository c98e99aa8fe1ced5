"""Candidates for a gap: from the two figures themselves, and from the parts of one of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from reconcile import wording
from reconcile.explain import search
from reconcile.explain.candidate import Candidate, Strength
from reconcile.explain.parts import Parts
from reconcile.finding import Finding
from reconcile.wording import Amount

FEW = 3
"""So many parts that fit may each be named; where more fit, the fit says nothing."""
NEAR_DAYS = 31


def of_figures(finding: Finding, expected: int, actual: int) -> Iterator[Candidate]:
    """Swapped digits, a slipped unit or the wrong sign between two figures that should be one."""
    gap = actual - expected
    both = {"one": Amount(actual), "other": Amount(expected)}
    if apart := search.swapped_digits(expected, actual):
        strength = Strength.STRONG if apart == 1 else Strength.POSSIBLE
        yield Candidate(finding.key, "transposed", strength, gap, finding.origin, both)
    if times := search.slip(expected, actual):
        yield Candidate(finding.key, "unit", Strength.STRONG, gap, finding.origin, {**both, "times": f"{times:,}"})
    if expected == -actual != 0:
        yield Candidate(finding.key, "sign", Strength.STRONG, gap, finding.origin, both)


def of_tail(finding: Finding, gap: int, parts: int, unit_fen: int) -> Iterator[Candidate]:
    """A gap no larger than what rounding every printed part may make."""
    if unit_fen > 1 and gap and 2 * abs(gap) <= (parts + 1) * unit_fen:
        facts = {"count": parts, "unit": Amount(unit_fen)}
        yield Candidate(finding.key, "tail", Strength.STRONG, gap, finding.origin, facts)


def of_parts(
    finding: Finding, gap: int, parts: Parts, one: str = "part", several: str = "part-set"
) -> Iterator[Candidate]:
    """Parts that would account for a gap, of a figure that is too large by it (too small, where it is negative).

    one, several: the kinds of a single part and of a set that equal the gap.
    """
    key, amounts = finding.key, parts.amounts
    for at, strength in rated(search.equal(amounts, gap)):
        twin = parts.twin(at)
        if twin is not None and twin < at:
            near = parts.days_between(at, twin) <= NEAR_DAYS
            facts = {"part": parts.name(at), "other": parts.name(twin)}
            likely = Strength.STRONG if near else Strength.POSSIBLE
            yield Candidate(key, "duplicate", likely, gap, parts.origin(at), facts)
        elif twin is None:
            yield Candidate(key, one, strength, gap, parts.origin(at), {"part": parts.name(at)})
    for at, strength in rated(search.with_wrong_sign(amounts, gap)):
        yield _changed(finding, parts, at, "part-sign", strength, -int(amounts[at]))
    for times, sign, found in search.slipped(amounts, gap):
        for at, strength in rated(found):
            true = int(amounts[at]) - gap
            kind = "part-unit" if sign > 0 else "part-unit-small"
            yield _changed(finding, parts, at, kind, strength, true, times=f"{times:,}")
    for at, strength in rated(search.transposed(amounts, gap)):
        yield _changed(finding, parts, at, "part-transposed", strength, int(amounts[at]) - gap)
    found_sets = search.sets(amounts, gap)
    if found_sets:
        count = len(found_sets)
        strength = Strength.POSSIBLE if count == 1 and len(found_sets[0]) == 2 else Strength.WEAK
        together: dict[str, object] = {"parts": parts.named(found_sets[0]), "more": _more(count - 1)}
        yield Candidate(key, several, strength, gap, parts.origin(found_sets[0][0]), together)


def rated(found: Sequence[int] | np.ndarray) -> list[tuple[int, Strength]]:
    """Parts that fit: one alone is possible, a few are weak, many say nothing."""
    if len(found) > FEW:
        return []
    return [(int(i), Strength.POSSIBLE if len(found) == 1 else Strength.WEAK) for i in found]


def _changed(
    finding: Finding, parts: Parts, at: int, kind: str, strength: Strength, true: int, **facts: object
) -> Candidate:
    amount = int(parts.amounts[at])
    seen = {"part": parts.name(at), "seen": Amount(amount), "true": Amount(true), **facts}
    return Candidate(finding.key, kind, strength, amount - true, parts.origin(at), seen)


def _more(count: int) -> dict[str, str]:
    shown = f"{count}" if count < search.ENOUGH else f"{search.ENOUGH}+"
    key = "other-sets" if count else "nothing"
    return {lang: wording.fill(wording.text(key, lang), {"count": shown}) for lang in ("zh", "en")}

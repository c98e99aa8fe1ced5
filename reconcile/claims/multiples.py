"""Times: 是原来的2.5倍, 增长2倍, 放大5倍, 翻了一番."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from reconcile.claims.claim import FAILS, HOLDS, Claim, Trial
from reconcile.claims.moves import Move
from reconcile.claims.pool import by_pairs, candidates, kinds_of
from reconcile.claims.roles import Said
from reconcile.claims.text import Report, Sentence


def multiple(one: Fraction, other: Fraction) -> Fraction:
    return max(one, other) / min(one, other)


def more_times(one: Fraction, other: Fraction) -> Fraction:
    return multiple(one, other) - 1


def with_both(one: Fraction, other: Fraction) -> Fraction:
    return multiple(one, other) + 1


def of_times(sentence: Sentence, said: Said) -> Iterator[Trial]:
    growth = said.role == "rate"
    scope = candidates([s for s in sentence.beside(said) if s.part == said.part], said)
    kinds = kinds_of([s for s in scope if s.figure.end <= said.figure.start] or scope)
    wide = re.search("放大|撬动|带动|拉动", said.clause)
    formulas = [more_times] if growth else [multiple, with_both] if wide else [multiple]
    for group in kinds:
        sure = len(kinds) == 1 and len(group) == 2 and (growth or wide or _compares(said))
        yield from by_pairs(group, formulas, "how-multiple", bool(sure))


def _compares(said: Said) -> bool:
    return bool(re.search("(?:是|为|达到?|相当于)[^，]*(?:的)?$", said.clause))


_DOUBLED = re.compile("翻(?:了)?(?P<n>[一两二三]|[123])?[番倍](?P<more>多|有余|以上)?")


def doubled(report: Report, sentence: Sentence, move: Move) -> Iterator[Claim]:
    """`由500万元增至1000万元，翻了一番`: twice as much, within a tenth; with 多 up to the next doubling."""
    before, after = move.before.figure, move.after.figure
    said = _DOUBLED.search(sentence.text, after.end - sentence.start)
    if not said or not before.value or not before.like(after) or not (before.plain and after.plain):
        return
    n = {"一": 1, "两": 2, "二": 2, "三": 3}.get(said["n"] or "一") or int(said["n"])
    times = after.value / before.value
    low, high = Fraction(2**n * 19, 20), Fraction(2 ** (n + 1)) if said["more"] else Fraction(2**n * 11, 10)
    start = sentence.start + said.start()
    params = {"words": said[0], "one": before.text, "other": after.text, "stated": said[0]}
    yield Claim(
        "change", sentence.paragraph, *report.phrase(sentence.paragraph, move.before.figure.start, start + len(said[0])), Fraction(2**n), times,
        HOLDS if low <= times <= high else FAILS, "compared", "倍", move.before.subject, params, frozenset({before.at, after.at}), "claim-mismatch",
    )  # fmt: skip

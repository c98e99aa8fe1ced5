"""A claim that fails is read once more: where other signs, another base or a wider sum give what is stated, it holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, product

from reconcile.claims.balances import signed
from reconcile.claims.claim import FAILS, HOLDS, Claim, Trial, claim_of
from reconcile.claims.figure import add, meet
from reconcile.claims.plans import rate
from reconcile.claims.roles import Said
from reconcile.claims.text import Report, Sentence

SMALL = 200
"""Counts below this agree by chance with some sum of others: only the sum of all of a piece is asked of them."""
_READ = ("sum", "balance", "change", "change-rate", "rate", "share", "compression")
_ROLES = ("level", "change", "prior", "after", "average")


def reread(report: Report, claims: Sequence[Claim]) -> list[Claim]:
    """The claims, each that fails and has another reading which holds replaced by that reading."""
    sentences = {s.figure.at: sentence for sentence in report.sentences for s in sentence.said}
    out = []
    for claim in claims:
        sentence = sentences.get(claim.at) if claim.verdict == FAILS and claim.kind in _READ else None
        said = next((s for s in sentence.said if s.figure.at == claim.at), None) if sentence else None
        if sentence is None or said is None:
            out.append(claim)
            continue
        inputs = [s for s in sentence.said if s.figure.at in claim.used and s is not said]
        if claim.kind == "sum" and _parts_of_another(sentence, said, inputs):
            continue
        trials = (
            _bases(sentence, said, inputs, claim.kind)
            if said.figure.dimension == "percent"
            else _signs(sentence, said, inputs, claim.kind)
        )
        found = next((t for t in trials if t.verdict(said.figure) == HOLDS), None)
        phrase = (claim.start, claim.end, claim.phrase)
        out.append(claim if found is None else claim_of(claim.kind, phrase, said.figure, HOLDS, found, claim.subject))
    return out


def _parts_of_another(sentence: Sentence, said: Said, inputs: Sequence[Said]) -> bool:
    """Whether the parts make another figure before them: `在校学生34600人，专任教师2421人，其中小学生18600人 …`."""
    if len(inputs) < 2:
        return False
    bounds = add(*(s.figure.bounds[0] for s in inputs)), add(*(s.figure.bounds[1] for s in inputs))
    others = [s for s in sentence.levels if s not in inputs and s is not said and s.figure.like(said.figure)]
    last = max(s.figure.end for s in inputs)
    return any(
        (s.figure.end <= inputs[0].figure.start or (s.figure.start >= last and re.search("合计|共计|总计", s.label)))
        and (meet(s.figure.bounds, bounds) or bounds[0] == bounds[1] == s.figure.value)
        for s in others
    )


def _bases(sentence: Sentence, said: Said, inputs: Sequence[Said], kind: str) -> Iterator[Trial]:
    """One of the figures of a rate over another figure of its piece, or over what it was before.

    The same two the other way round are no other reading: a growth over the later figure is a mistake that people make.
    """
    if kind == "rate" and not re.search("年初|上年", said.clause):
        near = [s for s in sentence.said if s.role in _ROLES and s.part == said.part and s.figure.plain]
        yield from _joint_bases(said, [s for s in near if s.figure.end <= said.figure.start][-4:])
    named = re.search("年初|全年|调整|上年|去年|合同|概算", said.clause)
    for one in inputs:
        pool = [s for s in sentence.said if s.role in _ROLES and s.part == one.part and s.figure.plain]
        pool = sorted(
            (s for s in pool if s not in inputs and s.figure.like(one.figure)),
            key=lambda s: abs(s.figure.start - one.figure.start),
        )[:4]
        for other in pool:
            for a, b in ((one, other), (other, one)):
                if named and named[0] not in b.label:
                    continue
                if said.sign and (a.figure.value - b.figure.value) * said.sign < 0:
                    continue
                if kind in ("rate", "share"):
                    yield Trial(rate, (a.figure, b.figure), "how-rate")
                else:
                    yield Trial(lambda x, y: abs(x - y) / y * 100, (a.figure, b.figure), "how-change-rate")


def _joint_bases(said: Said, pool: Sequence[Said]) -> Iterator[Trial]:
    """One figure over several others together: `安排600万元，补助400万元，支出950万元，执行率95%`."""
    for one in pool:
        rest = [s.figure for s in pool if s is not one and s.figure.like(one.figure)]
        for n in range(2, len(rest) + 1):
            for several in combinations(rest[:4], n):
                yield Trial(lambda a, *b: rate(a, add(*b)), (one.figure, *several), "how-rate-joined")


def _signs(sentence: Sentence, said: Said, inputs: Sequence[Said], kind: str) -> Iterator[Trial]:
    """The same figures with other signs, and at most three more of the sentence with them.

    A change has its sign from its words: only more figures are another reading of it.
    """
    like = [s for s in sentence.said if s.role in _ROLES and s.figure.like(said.figure) and s.figure.plain]
    base = [s for s in like if s in inputs]
    if len(base) < 2 or len(base) > 5:
        return
    more = [s for s in like if s not in base and s is not said][:5]
    small = said.figure.dimension == "count" and said.figure.value < SMALL
    fewest = 0 if kind == "sum" and re.search("未|差|净|余|缺", said.label) else 1
    if small and (kind != "sum" or len(more) < fewest):
        return
    for extra in [tuple(more)] if small else [c for n in range(fewest, 4) for c in combinations(more, n)]:
        chosen = [*base, *extra]
        if len(chosen) > 7:
            continue
        for signs in product((1, -1), repeat=len(chosen)):
            if -1 in signs and 1 in signs:
                yield Trial(signed(signs), tuple(replace(s.figure, step=Fraction(0)) for s in chosen), "how-flow")

"""One amount in two units: 1.5万元（15000元）, 36公顷合540亩."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from reconcile.claims.claim import Claim, Trial, claim_of, judge
from reconcile.claims.text import Report, Sentence

_CONVERTED = ("money", "area", "acres", "length", "weight", "volume", "energy", "count")
_SAME = re.compile(
    r"^[，,]?\s*[(]?\s*(?:即|折合|约折合|合|约合|也即|换算为|折算为|折|也就是|等于|共计|人民币|[(]|折合人民币|合计)*\s*$"
)
_RATIOS = {("area", "acres"): Fraction(3, 2000), ("acres", "area"): Fraction(2000, 3)}
"""How many 亩 a square metre is, and the other way."""


def check(report: Report) -> Iterator[Claim]:
    for sentence in report.sentences:
        yield from _same(report, sentence)


def _same(report: Report, sentence: Sentence) -> Iterator[Claim]:
    """`1.5万元（15000元）`, `36公顷，合540亩`: one amount in two units."""
    plain = report.plain[sentence.paragraph - 1]
    for one, other in zip(sentence.said, sentence.said[1:]):
        a, b = one.figure, other.figure
        ratio = Fraction(1) if a.dimension == b.dimension else _RATIOS.get((a.dimension, b.dimension))
        if ratio is None or a.dimension not in _CONVERTED or (a.unit == b.unit and a.factor == b.factor):
            continue
        between, after = plain[a.end : b.start], plain[b.end : b.end + 1]
        if (
            re.search("合计|共计", between)
            or not between.strip("，, ")
            or not a.like(replace(b, dimension=a.dimension))
            or not _SAME.match(between)
        ):
            continue
        if after not in ("", ")", "，", "。", "；", "、") or (between.strip() == "(" and after != ")"):
            continue
        if ratio == 1:
            coarse, fine = (a, b) if a.step >= b.step else (b, a)
            found = judge(coarse, [Trial(lambda v: v, (fine,), "how-same")])
        else:
            coarse = b
            found = judge(b, [Trial(lambda v, r=ratio: v * r, (a,), "how-same")])
        if found:
            yield claim_of("unit", report.between(a, b), coarse, *found, one.subject, "repeated-figure-differs")

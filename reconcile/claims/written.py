"""Sums that a report writes out: `76320元+23680元=10万元`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from reconcile.claims.claim import Claim, Trial, claim_of, judge
from reconcile.claims.figure import Figure
from reconcile.claims.text import Report, Sentence

_SIGN = {
    "+": "+",
    "＋": "+",
    "加": "+",
    "加上": "+",
    "-": "-",
    "减": "-",
    "减去": "-",
    "×": "*",
    "x": "*",
    "X": "*",
    "*": "*",
    "乘以": "*",
    "乘": "*",
    "÷": "/",
    "/": "/",
    "除以": "/",
    "=": "=",
    "等于": "=",
    "合计": "=",
    "共": "=",
    "共计": "=",
}
_EQUAL = re.compile(r"^\s*(?:=|等于|合计|共计|共)\s*(?:为)?\s*$")


def written_out(report: Report) -> Iterator[Claim]:
    """`76320元+23680元=10万元`, `48元/盒×1590盒=76320元`."""
    for sentence in report.sentences:
        yield from _bare(report, sentence)
        plain = report.plain[sentence.paragraph - 1]
        figures = [s.figure for s in sentence.said if s.figure.dimension != "date"]
        signs = [_sign(plain[a.end : b.start]) for a, b in pairwise(figures)]
        yield from _bracketed(report, sentence, figures, signs)
        for k, sign in enumerate(signs):
            if sign != "=":
                continue
            first = k
            while first > 0 and signs[first - 1] in ("+", "-", "*", "/"):
                first -= 1
            last = k + 1
            while last < len(signs) and signs[last] in ("+", "-", "*", "/"):
                last += 1
            if first == k and last > k + 1 and "=" in plain[figures[k].end : figures[k + 1].start]:
                yield from _claim(report, sentence, signs[k + 1 : last], figures[k + 1 : last + 1], figures[k])
                continue
            if first == k or (
                all(s in "+" for s in signs[first:k]) and "=" not in plain[figures[k].end : figures[k + 1].start]
            ):
                continue
            yield from _claim(report, sentence, signs[first:k], figures[first : k + 1], figures[k + 1])


def _sign(between: str) -> str:
    """The sign that stands between two figures, '' for none."""
    between = re.sub(r"^/[一-鿿]{1,2}", "", between.strip()).strip()
    found = re.match(r"(加上|减去|乘以|除以|等于|[-+＋加减×xX*乘÷/=])(?:[一-鿿]{0,12})$", between)
    return _SIGN[found[1]] if found else "=" if between and _EQUAL.match(between) else ""


_OPEN, _CLOSE = re.compile(r"\s*[(]\s*(?:即|=|等于)?[一-鿿]{0,10}$"), re.compile(r"\s*(?:[×xX*]\s*100\s*%?\s*)?[)]")


def _bracketed(report: Report, sentence: Sentence, figures: Sequence[Figure], signs: Sequence[str]) -> Iterator[Claim]:
    """`占货物支出金额的89.26%（65.38万元/73.25万元）`: a bracket that has nothing but how its figure is worked out."""
    plain = report.plain[sentence.paragraph - 1]
    for k, stated in enumerate(figures[:-2]):
        last = k + 1
        while last < len(signs) and signs[last] in ("+", "-", "*", "/"):
            last += 1
        opened = _OPEN.match(plain[stated.end : figures[k + 1].start])
        if last > k + 1 and opened and _CLOSE.match(plain, figures[last].end):
            yield from _claim(report, sentence, signs[k + 1 : last], figures[k + 1 : last + 1], stated)


_BARE = re.compile(
    r"(?<![\d.])(\d[\d,]*(?:\.\d+)?)[一-鿿]{0,2}\s*[/÷]\s*(\d[\d,]*(?:\.\d+)?)[一-鿿]{0,2}\s*\)?\s*(?:[×xX*]\s*100\s*%?\s*)?(?:=|，?即)\s*$"
)


_BEHIND = re.compile(
    r"\s*[(]\s*(\d[\d,]*(?:\.\d+)?)[一-鿿]{0,2}\s*[/÷]\s*(\d[\d,]*(?:\.\d+)?)[一-鿿]{0,2}\s*(?:[×xX*]\s*100\s*%?\s*)?[)]"
)


def _bare(report: Report, sentence: Sentence) -> Iterator[Claim]:
    """`控制率=64/76=84.21%`, `64/76×100%=84.21%`: a quotient of bare numbers, which are no figures of their own."""
    plain = report.plain[sentence.paragraph - 1]
    for said in sentence.said:
        if said.figure.dimension != "percent":
            continue
        m = _BARE.search(plain, sentence.start, said.figure.start) or _BEHIND.match(plain, said.figure.end)
        if m and not any(
            m.start() <= s.figure.start < m.end() and s.figure.dimension != "percent" for s in sentence.said
        ):
            values = [Fraction(m[n].replace(",", "")) for n in (1, 2)]
            spans = [(m.start(n), m.end(n)) for n in (1, 2)]
            inputs = tuple(
                replace(
                    said.figure, start=a, end=b, text=plain[a:b], value=v, step=Fraction(0), dimension="count", unit=""
                )
                for v, (a, b) in zip(values, spans)
            )
            found = judge(said.figure, [Trial(lambda a, b: a / b * 100, inputs, "how-written")])
            if found:
                ends = min(m.start(), said.figure.start), max(m.end(), said.figure.end)
                phrase = report.phrase(sentence.paragraph, *ends)
                yield claim_of("arithmetic", phrase, said.figure, *found, code="claim-mismatch")


def _claim(
    report: Report, sentence: Sentence, ops: Sequence[str], inputs: Sequence[Figure], stated: Figure
) -> Iterator[Claim]:
    if "*" in ops or "/" in ops:
        inputs = [_exact(f) for f in inputs]
    alike = all(f.dimension == inputs[0].dimension for f in inputs)
    scale = Fraction(100 if stated.dimension == "percent" and "/" in ops and alike else 1)
    trial = Trial(lambda *v: scale * _evaluate(v, ops), tuple(inputs), "how-written")
    found = judge(stated, [trial])
    if found:
        first, last = min(stated.start, inputs[0].start), max(stated.end, inputs[-1].end)
        phrase = report.phrase(sentence.paragraph, first, last)
        yield claim_of("arithmetic", phrase, stated, *found, code="claim-mismatch")


def _exact(figure: Figure) -> Figure:
    return figure if figure.dimension == "money" and figure.step < figure.factor else replace(figure, step=Fraction(0))


def _evaluate(values: Sequence[Fraction], ops: Sequence[str]) -> Fraction:
    terms, signs = [values[0]], [1]
    for op, value in zip(ops, values[1:]):
        if op == "*":
            terms[-1] *= value
        elif op == "/":
            terms[-1] /= value
        else:
            terms.append(value)
            signs.append(1 if op == "+" else -1)
    return sum((s * t for s, t in zip(signs, terms)), Fraction(0))

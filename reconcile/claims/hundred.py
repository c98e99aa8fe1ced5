"""Shares of the parts of a whole: together they make a hundred."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from reconcile.claims.claim import Claim, Trial, claim_of, judge
from reconcile.claims.figure import Figure, add
from reconcile.claims.group import Group
from reconcile.claims.roles import Said
from reconcile.claims.text import Report, Sentence

_WHOLES_OF_TWO = (
    frozenset(("基本支出", "项目支出")),
    frozenset(("人员经费", "公用经费")),
    frozenset(("人员支出", "公用支出")),
    frozenset(("男性", "女性")),
    frozenset(("人员经费", "日常公用经费")),
)


_OF_THREE = frozenset(("人员经费", "人员支出"))
_TOGETHER = re.compile(
    "(?:占比|比重|比例|份额|[两二三四五六七八九十][一-鿿]{1,2}|各项|以上)(?:占比|比重|比例)?(?:之和|合计|总和|总计|共计|相加|共)(?:占比)?(?:为|是|达|等于|[:：])*$|^(?:合计|总计|共计)(?:为|是)?$"
)


_REST = re.compile("[，、；](?:其余|其他|剩余|余下)(?:均?为|的?是|部分)?[一-鿿]{0,8}，?占?(?:比为?)?$")


def _stated(report: Report, shares: Sequence[Said]) -> Iterator[Claim]:
    """`人员经费占62%，公用经费占16%，项目经费占22%，三项占比合计100%`: a sum of shares that the text states."""
    for said in shares:
        before = [s for s in shares if s.figure.end <= said.figure.start and s.role == "share"]
        k = len(before)
        if k < 2 or not _TOGETHER.search(said.clause):
            continue
        trials = [Trial(add, tuple(s.figure for s in before[-n:]), "how-sum", n == k) for n in range(k, 1, -1)]
        finest = min(s.figure.step for s in before)
        found = judge(replace(said.figure, step=min(said.figure.step, finest)), trials)
        if found:
            phrase = report.between(found[1].inputs[0], said.figure)
            yield claim_of("share-sum", phrase, said.figure, *found, code="share-mismatch")


def check(
    report: Report, sentence: Sentence, shares: Sequence[tuple[Said, Said | None, str]], groups: Sequence[Group]
) -> Iterator[Claim]:
    """Shares of all parts of one whole, each with its part and the name of its whole: a hundred within their rounding."""
    told = [(s, part, name) for s, part, name in shares if not s.depth and s.figure.plain]
    percents = [s for s in sentence.said if s.figure.dimension == "percent" and s.role in ("share", "ratio")]
    yield from _stated(report, [s for s in percents if not s.depth and s.figure.plain])
    flat, parts, names = [s for s, _, _ in told], [p for _, p, _ in told], {name for _, _, name in told}
    if len(flat) < 2:
        return
    heads = frozenset(
        re.sub(r"^(?:.*[:：]|[，、\s]*其中)", "", s.clause.split("占")[0]).strip() or (p.subject if p else "")
        for s, p in zip(flat, parts)
    )
    places = {p.figure.at for p in parts if p}
    whole = any({c.figure.at for c in g.children} == places and not g.partial for g in groups)
    two = len(flat) == 2 and heads in _WHOLES_OF_TWO
    rest = _REST.search(sentence.text[flat[-2].figure.end - sentence.start : flat[-1].figure.start - sentence.start])
    rest_told = rest is not None and all(s.part == flat[0].part for s in flat) and len(places) <= 1 and names <= {""}
    if not (whole and len(places) == len(flat)) and not two and not rest_told:
        return
    if two and not whole and heads & _OF_THREE and add(*(s.figure.value for s in flat)) < 90:
        return  # 人员经费 and 公用经费 of all spending: the projects are the rest
    if len(names) > 1:
        return
    trial = Trial(add, tuple(s.figure for s in flat), "how-hundred")
    hundred = Figure(
        flat[-1].figure.paragraph,
        flat[-1].figure.start,
        flat[-1].figure.end,
        "100%",
        Fraction(100),
        Fraction(0),
        "percent",
        "%",
    )
    total = sum((s.figure.value for s in flat), Fraction(0))
    found = judge(hundred, [trial])
    if found:
        verdict = found[0]
        claim = claim_of(
            "share-sum", report.between(flat[0].figure, flat[-1].figure), hundred, verdict, trial, "", "share-mismatch"
        )
        yield replace(claim, stated=total, computed=Fraction(100), used=frozenset(s.figure.at for s in flat))

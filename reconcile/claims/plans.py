"""What was done over what was planned: which figures a rate of completion may be of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from reconcile.claims.claim import Trial
from reconcile.claims.figure import add
from reconcile.claims.roles import Said

_ASIDE = ("carry", "balance", "increase", "decrease", "over")
_WANTED = (("original", re.compile("年初")), ("available", re.compile("全年|调整|变更|可用|最终")))


def rate(part: Fraction, whole: Fraction) -> Fraction:
    return part / whole * 100


def of_plans(pool: Sequence[Said], said: Said, name: str, named: str) -> Iterator[Trial]:
    """What was done, over what was planned: that which the words name, else any; the own piece's amounts first."""
    wholes = [s for s in pool if s.is_level and (s.planned or _receives(s) or is_target(s))]
    if not wholes:
        told = [s for s in pool if s.is_level and "预算" in s.label and s.spent]
        spent = [s for s in pool if s.spent and "预算" not in s.label]
        wholes = told if len(told) == 1 and spent and "预算" in name else []
    wanted = next((u for u, p in _WANTED if p.search(name)), "")
    first = [s for s in wholes if wanted and s.measure == wanted]
    parts = [s for s in pool if s.is_level and s not in wholes and s.measure not in _ASIDE]
    heads = _heads(pool, said, parts)
    strong_done = False
    for whole, part in heads:
        strong_done = True
        yield Trial(rate, (part.figure, whole.figure), "how-rate")
    for whole in first or wholes:
        for part in [p for p in parts if p.figure.like(whole.figure)]:
            alone = len([p for p in parts if p.figure.like(whole.figure)]) == 1
            bound = part.spent or alone or bool(re.search("办结|完成|实际|到位|通过|合格", part.label))
            strong = bound and not strong_done and not _other_topic(name, part, whole)
            strong_done = strong_done or strong
            yield Trial(rate, (part.figure, replace(whole.figure, approx="")), "how-rate", strong)
    if not wholes:
        yield from _of_two(parts, said, named)
    for level in pool:
        for other in pool:
            if (
                level is not other
                and level.spent
                and other.measure in ("income", "carry")
                and level.figure.like(other.figure)
            ):
                yield Trial(rate, (level.figure, other.figure), "how-rate", False)
    if not first and (len(wholes) > 1 or any(s.measure in ("carry", "increase") for s in pool)):
        yield from _joined(pool, wholes, parts)


def _heads(pool: Sequence[Said], said: Said, parts: Sequence[Said]) -> list[tuple[Said, Said]]:
    """`A项目200万元，支出180万元，执行率90%` below a budget: the amount that an item begins with is its own budget."""
    own = sorted(
        (
            s
            for s in pool
            if s.figure.paragraph == said.figure.paragraph and s.part == said.part and s.figure.end <= said.figure.start
        ),
        key=lambda s: s.figure.start,
    )
    spent = [s for s in own if s.spent and s in parts]
    if not spent or not any(s.planned for s in own + list(pool)):
        return []
    before = [s for s in own if s.figure.end <= spent[-1].figure.start]
    if before and before[-1].measure == "" and before[-1].is_level and before[-1].figure.like(spent[-1].figure):
        return [(before[-1], spent[-1])]
    return []


def _of_two(parts: Sequence[Said], said: Said, named: str) -> Iterator[Trial]:
    """Two amounts of one piece, neither of which is said to be a plan: the less over the more."""
    own = [
        s
        for s in parts
        if s.part == said.part and s.figure.paragraph == said.figure.paragraph and s.figure.end <= said.figure.start
    ]
    for part in own:
        for whole in own:
            if part is not whole and part.figure.like(whole.figure) and part.figure.value <= whole.figure.value:
                alone = len([s for s in own if s.figure.like(part.figure)]) == 2
                bound = bool(named) and (part.measure == "actual" or named[:2] in part.label)
                yield Trial(rate, (part.figure, whole.figure), "how-rate", alone and bound)


def _joined(pool: Sequence[Said], wholes: Sequence[Said], parts: Sequence[Said]) -> Iterator[Trial]:
    """The budget with what was carried over or added in the year."""
    extra = [s for s in pool if s.measure in ("carry", "increase")]
    for whole in wholes:
        for part in parts:
            for more in [extra, *([e] for e in extra)]:
                same = [e.figure for e in more if e.figure.like(whole.figure)]
                if same and part.figure.like(whole.figure):
                    yield Trial(
                        lambda p, *w: rate(p, sum(w, Fraction(0))),
                        (part.figure, whole.figure, *same),
                        "how-rate-joined",
                        False,
                    )


_PLURAL = re.compile("总体|整体|综合|平均|以上|上述|合计|全部|[两二三四五六七八九十]个|各")


def joint(passage: Sequence[Said], said: Said) -> Iterator[Trial]:
    """`A预算120万元，支出112万元；B预算86万元，支出77万元；总体执行率92.2%`: all that was spent over all that was planned."""
    levels = [s for s in passage if s.is_level and s.figure.plain and not s.depth and s.figure.dimension == "money"]
    plans, spent = [s for s in levels if s.planned], [s for s in levels if s.spent]
    if _PLURAL.search(said.clause) and len(plans) == len(spent) > 1:
        n, inputs = len(spent), tuple(s.figure for s in (*spent, *plans))
        yield Trial(lambda *v: rate(add(*v[:n]), add(*v[n:])), inputs, "how-rate-joined")


def is_target(said: Said) -> bool:
    """Whether a figure is what is at least to be reached: 不少于500人次."""
    return bool(re.search("不少于|不低于|至少|不得少于|控制在", said.label))


def _receives(said: Said) -> bool:
    return (
        bool(re.search("签收|受理|收到|应到位|应[一-鿿]|总数|共有|申请|报名|计划", said.label))
        and said.figure.dimension == "count"
    ) or bool(re.search("应到位|应收|应付|合同(?:金额|价|总价)|中标|概算|总投资", said.label))


def _other_topic(name: str, part: Said, whole: Said) -> bool:
    """Whether the rate names a subject that neither figure has: 政府采购执行率 beside 项目支出."""
    topic = re.search("政府采购|公用经费|三公|人员|培训|会议|接待|编制|投资|面积", name)
    return topic is not None and topic[0] not in part.clause + whole.clause + part.subject + whole.subject

"""Changes: 比上年增加20万元, 增长20%; 由15个工作日压缩至2个, 压缩86.67%; 提高5.1个百分点."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from reconcile.claims.claim import FAILS, HOLDS, Claim, Trial, claim_of, judge
from reconcile.claims.figure import Figure, printed
from reconcile.claims.moves import (
    BASE,
    MAIN,
    TIMES,
    apart,
    bound,
    moves,
    of_years_named,
    own_levels,
    respective,
    same_kind,
    told_before,
)
from reconcile.claims.multiples import doubled
from reconcile.claims.roles import Said, direction
from reconcile.claims.text import Report, Sentence

_COMPARED_WITH = re.compile("(?:低于|高于|超过|超出|优于|快于|慢于)[^，]*$")
_SAVED = re.compile("节约|节支|节省")
_LARGER = re.compile("决算数?(大于|小于|等于|高于|低于|多于|少于|超过)(?:年初|全年)?预算数?")
_PRICED = re.compile("单价|均价|每")
_PLAN = re.compile(r"(?:比|较)[^，]{0,6}?(?:预算|计划|目标|概算|编制)")


def rate_of(before: Fraction, after: Fraction) -> Fraction:
    return abs(after - before) / before * 100


def check(report: Report) -> Iterator[Claim]:
    """Every amount and every rate of a change, and the direction of each."""
    for sentence in report.sentences:
        yield from _directions(report, sentence)
        yield from _compared(report, sentence)
        for said in sentence.said:
            if said.role == "change":
                trials = list(_amounts(report, sentence, said))
            elif said.role == "rate":
                trials = list(_rates(report, sentence, said))
            elif said.role == "points":
                trials = list(_points(report, sentence, said))
            else:
                continue
            found = judge(said.figure, trials)
            if found:
                yield _claim(report, sentence, said, *found)


def _claim(report: Report, sentence: Sentence, said: Said, verdict: str, trial: Trial) -> Claim:
    near = [f for f in trial.inputs if f.paragraph == said.figure.paragraph and f.start >= sentence.start]
    first, last = min((*near, said.figure), key=lambda f: f.at), max((*near, said.figure), key=lambda f: f.at)
    times = any(f.dimension in TIMES for f in trial.inputs)
    kind = {"change": "change", "points": "points"}.get(said.role, "compression" if times else "change-rate")
    code = "percent-mismatch" if said.role in ("rate", "points") else "claim-mismatch"
    name = next((s.subject for s in sentence.said if s.figure.at == trial.inputs[0].at and s.subject), said.subject)
    return claim_of(kind, report.between(first, last), said.figure, verdict, trial, name, code)


def _amounts(report: Report, sentence: Sentence, said: Said) -> Iterator[Trial]:
    if said.figure.dimension not in MAIN:
        return
    sign = said.sign
    params = {"word": {"zh": "增加" if sign > 0 else "减少", "en": "increase" if sign > 0 else "decrease"}}
    sure_one = False
    of = respective(sentence, said)
    for move in [m for m in moves(report, sentence) if of is None or m.after is of]:
        if _PRICED.search(move.before.label) and move.before.figure.unit != said.figure.unit:
            continue  # 单价由3.20元降至2.85元，…节约资金4.20万元
        if not same_kind(move.before.figure, said.figure) or not same_kind(said.figure, move.after.figure):
            continue
        strong = move.sure and bound(sentence, said, move.after) and move.after.part == said.part and not sure_one
        sure_one = sure_one or strong
        yield Trial(
            lambda a, b, s=sign: s * (a - b), (move.after.figure, move.before.figure), "how-change", strong, params
        )
    if _SAVED.search(said.clause) and not _PLAN.search(said.clause):
        yield from _savings(sentence, said)
    if _PLAN.search(said.clause):
        planned = [s for s in sentence.levels if s.planned and s.figure.like(said.figure)]
        spent = [
            s
            for s in sentence.levels
            if not s.planned
            and s.figure.like(said.figure)
            and s.figure.end <= said.figure.start
            and s.measure not in ("carry", "balance")
        ]
        spent = spent or [s for s in sentence.levels if s.spent and s.figure.like(said.figure)]
        wanted = [p for p in planned if p.measure == "original"] if "年初" in said.clause else planned
        for p in wanted or planned:
            for s in reversed(spent):
                strong = (
                    len(wanted or planned) == 1 and s is spent[-1] and s.part == said.part and bound(sentence, said, s)
                )
                yield Trial(lambda a, b, g=sign: g * (a - b), (s.figure, p.figure), "how-change", strong, params)


def _rates(report: Report, sentence: Sentence, said: Said) -> Iterator[Trial]:
    sign, at = said.sign, said.figure.start
    pairs = of_years_named(sentence, moves(report, sentence), said)
    hundred = 1 if said.figure.dimension == "times" else 100
    if re.search("提速|效率|速度", said.label) and all(m.after.figure.value < m.before.figure.value for m in pairs):
        sign = -1
    sure_one = False
    for move in pairs:
        inputs = (move.before.figure, _as(move.after.figure, move.before.figure))
        strong = (
            move.sure
            and not sure_one
            and bound(sentence, said, move.after)
            and not apart(said, move.before)
            and move.after.part == said.part
            and (move.after.figure.at < said.figure.at or not own_levels(sentence, said))
        )
        sure_one = sure_one or strong
        yield Trial(lambda b, a, s=sign: s * (a - b) / b * hundred, inputs, "how-change-rate", strong)
        if "提速" in said.clause or "效率" in said.clause:
            yield Trial(lambda b, a: (b - a) / a * 100, inputs, "how-speed", False)
    amounts = [
        s
        for s in sentence.said
        if s.role == "change"
        and s.sign == sign
        and s.part == said.part
        and s.figure.end <= at
        and s.figure.dimension in MAIN
    ]
    amounts = amounts[::-1][:1]
    for amount in amounts:
        adjacent = not [
            s for s in sentence.said if amount.figure.end <= s.figure.start < at and s.role in ("level", "after")
        ]
        for move in pairs:
            if move.before.figure.like(amount.figure):
                yield Trial(lambda d, b: d / b * 100, (amount.figure, move.before.figure), "how-change-of", False)
        lone = [s for s in sentence.said if s.role == "prior" and s.figure.like(amount.figure)]
        if len(lone) == 1 and not pairs and not [s for s in sentence.levels if s.figure.like(amount.figure)]:
            yield Trial(lambda d, b: d / b * 100, (amount.figure, lone[0].figure), "how-change-of", adjacent)
        for k, level in enumerate(own_levels(sentence, amount)):
            if not level.figure.like(amount.figure):
                continue
            strong = (
                k == 0
                and adjacent
                and not sure_one
                and bound(sentence, amount, level)
                and bound(sentence, said, level)
                and not (_PLAN.search(amount.clause) and any(s.planned for s in sentence.levels))
            )
            base = (lambda d, c: d / (c - d) * 100) if sign > 0 else (lambda d, c: d / (c + d) * 100)
            if BASE.search(level.label) or re.search("送审|控制价|概算|原价|估算", level.label):
                yield Trial(lambda d, c: d / c * 100, (amount.figure, level.figure), "how-change-of", strong)
                continue
            yield Trial(base, (amount.figure, level.figure), "how-change-from-now", strong)
        for level in [] if pairs or _PLAN.search(amount.clause) else told_before(report, sentence, amount):
            base = (lambda d, c: d / (c - d) * 100) if sign > 0 else (lambda d, c: d / (c + d) * 100)
            yield Trial(base, (amount.figure, level.figure), "how-change-from-now", adjacent)
        if _PLAN.search(amount.clause) or _PLAN.search(said.clause) or _SAVED.search(amount.clause):
            for p in [s for s in sentence.levels if s.planned and s.figure.like(amount.figure)]:
                yield Trial(lambda d, b: d / b * 100, (amount.figure, p.figure), "how-change-of", adjacent)
        paid = [s for s in sentence.levels if s.figure.like(amount.figure) and s.figure.end <= amount.figure.start]
        for p in [s for s in paid if s.planned] or paid:
            if re.search("合同|概算|原价|控制价|预算|投资", p.clause) and re.search(
                "节约|节支|压减|核减|审减", amount.clause
            ):
                yield Trial(lambda d, b: d / b * 100, (amount.figure, p.figure), "how-change-of", adjacent)
    if _PLAN.search(said.clause) and not amounts:
        planned = [s for s in sentence.levels if s.planned and s.figure.end <= at]
        spent = [
            s for s in sentence.levels if not s.planned and s.figure.end <= at and s.measure not in ("carry", "balance")
        ]
        for p in planned:
            for s in reversed(spent):
                if s.figure.like(p.figure):
                    strong = len(planned) == 1 and s is spent[-1] and bound(sentence, said, s)
                    yield Trial(
                        lambda b, a, g=sign: g * (a - b) / b * 100, (p.figure, s.figure), "how-change-rate", strong
                    )
    if not pairs and not amounts:
        yield from _whole_base(sentence, said)


def _savings(sentence: Sentence, said: Said) -> Iterator[Trial]:
    """`节约45.60万元，预算750.00万元，成交704.40万元`: what was planned less what it came to."""
    levels = [s for s in sentence.levels if s.part == said.part and s.figure.like(said.figure)]
    planned = [s for s in levels if s.planned or re.search("概算|控制价|原价|估算", s.label)]
    others = [s for s in levels if s not in planned and s.measure not in ("carry", "balance", "increase")]
    for a in planned:
        for b in others:
            yield Trial(lambda p, q: p - q, (a.figure, b.figure), "how-left", len(planned) == len(others) == 1)


def _as(figure: Figure, like: Figure) -> Figure:
    """`由15个工作日压缩至2个`: the bare count is of the same unit; a limit, `2个以内`, is meant as it stands."""
    figure = replace(figure, approx="") if figure.approx == "most" and figure.dimension in TIMES else figure
    return figure if figure.dimension == like.dimension else replace(figure, dimension=like.dimension, unit=like.unit)


def _whole_base(sentence: Sentence, said: Said) -> Iterator[Trial]:
    """`删减证明材料11项, 精简比例达42%`: some whole number of pieces must give that rate; never strong."""
    if said.sign >= 0 or not said.figure.plain:
        return
    before = [
        s
        for s in sentence.said
        if s.figure.end <= said.figure.start
        and s.part == said.part
        and s.figure.dimension == "count"
        and s.figure.plain
    ]
    if len(before) != 1 or not re.search("减|精简|压缩", before[-1].label):
        return
    count, (low, high) = before[-1].figure, said.figure.bounds
    if low <= 0:
        return
    base = count.value * 100 / high
    whole = int(base) + 1
    if count.value * 100 / low >= whole > count.value:
        yield Trial(lambda c, w=whole: c / w * 100, (count,), "how-some-base", False, {"base": f"{whole}{count.unit}"})


def _points(report: Report, sentence: Sentence, said: Said) -> Iterator[Trial]:
    ratios = [
        s
        for s in sentence.said
        if s.figure.dimension == "percent"
        and s.role in ("ratio", "share", "rate")
        and (s.figure.plain or _COMPARED_WITH.search(s.label))
    ]
    before = [s for s in ratios if s.figure.end <= said.figure.start]
    prior = [
        s
        for s in ratios
        if re.search("上年|去年|同期|原来|序时|目标值|计划进度", s.label)
        or re.search("(?:(?<!占)比(?!例|重|率|值)|较|由|从)[^，]*$", s.label)
        or _COMPARED_WITH.search(s.label)
    ]
    now = [s for s in before if s not in prior]
    sign = said.sign or direction(said.clause)
    word = said.clause + said.tail
    sign = sign or (1 if re.search("高|超|快", word) else -1 if re.search("低|慢|滞后", word) else 0)
    if not sign:
        return
    for k, p in enumerate(prior[::-1]):
        for j, n in enumerate(now[::-1] or [s for s in ratios if s not in prior]):
            strong = k == 0 and j == 0 and n.part == said.part
            exact = Fraction(0) if re.search("序时|时序|目标|计划", p.label) else p.figure.step
            inputs = (n.figure, replace(p.figure, approx="", step=exact))
            yield Trial(lambda a, b, g=sign: g * (a - b), inputs, "how-points", strong)


def _directions(report: Report, sentence: Sentence) -> Iterator[Claim]:
    """`由20个工作日压缩至11个`: the figure went the way that the words say."""
    for move in moves(report, sentence):
        before, after = move.before.figure, _as(move.after.figure, move.before.figure)
        way = direction(move.after.label) if move.after.role == "after" else 0
        if not move.sure or not way or before.dimension != after.dimension or after.upper or before.upper:
            continue
        right = (after.value - before.value) * way > 0
        if not right and (before.approx or after.approx):
            continue
        trial = Trial(lambda a, b: a - b, (after, before), "how-level")
        phrase = report.between(move.before.figure, move.after.figure)
        claim = claim_of(
            "direction", phrase, after, HOLDS if right else FAILS, trial, move.before.subject, "claim-mismatch"
        )
        rate = f"{printed(rate_of(before.value, after.value))}%" if before.value else "—"
        params = {"before": before.text, "after": after.text, "rate": rate}
        reason = "direction-holds" if right else "direction-fails"
        yield replace(claim, stated=after.value, computed=None, reason=reason, params=params)
        yield from doubled(report, sentence, move)
    if re.search("持平", sentence.text):
        for move in moves(report, sentence):
            if (
                move.before.role == "prior"
                and move.sure
                and re.search("与[^，]{0,8}持平", sentence.text)
                and not re.search("基本持平", sentence.text)
            ):
                found = judge(move.after.figure, [Trial(lambda b: b, (move.before.figure,), "how-level")])
                if found:
                    yield claim_of(
                        "direction",
                        report.between(move.before.figure, move.after.figure),
                        move.after.figure,
                        *found,
                        move.after.subject,
                        "claim-mismatch",
                    )


def _compared(report: Report, sentence: Sentence) -> Iterator[Claim]:
    """`决算数大于预算数` after a budget and what was spent of it."""
    for m in _LARGER.finditer(sentence.text):
        scope = [s for s in sentence.levels if s.figure.end <= sentence.start + m.start()] or sentence.levels
        if not scope:
            scope = [s for e in report.before(sentence) if e.paragraph == sentence.paragraph for s in e.levels]
        planned = [s for s in scope if s.planned and (s.measure == "original" or "年初" not in m[0])]
        spent = [s for s in scope if s.measure in ("actual", "spend") and s.figure.dimension == "money"]
        if not planned or not spent:
            continue
        one, other = spent[-1].figure, planned[-1].figure
        if not one.like(other) or not one.plain or not other.plain:
            continue
        gap = one.value - other.value
        ok = gap > 0 if m[1] in ("大于", "高于", "多于", "超过") else gap < 0 if m[1] != "等于" else gap == 0
        start = sentence.start + m.start()
        params = {"words": m[0], "one": one.text, "other": other.text, "stated": m[0]}
        yield Claim(
            "direction", sentence.paragraph, *report.phrase(sentence.paragraph, start, start + len(m[0])), one.value, other.value,
            HOLDS if ok else FAILS, "compared", "元", m[0], params, frozenset({one.at, other.at}), "claim-mismatch",
        )  # fmt: skip

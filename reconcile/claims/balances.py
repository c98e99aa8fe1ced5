"""What is left over, and the budget through the year: 预算 − 支出 = 结余, 年初 + 追加 − 收回 = 全年."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial

from reconcile.claims.claim import Claim, Trial, claim_of, judge
from reconcile.claims.figure import Figure
from reconcile.claims.group import Group
from reconcile.claims.roles import Said
from reconcile.claims.text import Report, Sentence

_NOT_LEFT = re.compile("结转结余分配|结余分配|动用|使用[^，]{0,6}结余|弥补|上缴")
_DIFFERENCES = tuple(
    tuple(re.compile(words) for words in row)
    for row in (
        ("净值", "原值", "累计折旧|累计摊销"),
        ("核减|审减", "送审|报审|申报|预算价", "审定|审核"),
        ("^[，、]?实(?:际)?[发付收]", "应[发付收]", "代扣|扣款|扣除|减免"),
        ("净资产", "资产总额|总资产|资产合计", "负债"),
    )
)
"""What is left of the second where the third is taken from it."""
_OWED = (
    re.compile("(?:贷款|借款|债券|合同|应付|采购|欠款)[^，]{0,4}(?:总[额价]|本金|金额|款)"),
    re.compile("已(?:还|偿|归还|付|支付|兑付)"),
)
PLAN = ("available", "budget", "original")


def signed(signs: Sequence[int]) -> Callable[..., Fraction]:
    """The sum of figures with their signs."""
    return lambda *values: sum((s * v for s, v in zip(signs, values, strict=True)), Fraction(0))


def check(report: Report, groups: Sequence[Group]) -> Iterator[Claim]:
    """Balances, overspending and the budget after adjustment, each in its piece of a sentence, else in the whole of it."""
    parents = {c.figure.at: g.parent.figure.at for g in groups for c in g.children}
    summed = {g.parent.figure.at for g in groups} | {c.figure.at for g in groups for c in g.children}
    for sentence in report.sentences:
        for said in sentence.levels:
            if said.figure.dimension not in ("money", "count") or not said.figure.plain:
                continue
            if said.measure == "balance" and not _NOT_LEFT.search(said.clause):
                found = _judge(report, sentence, said, _left, parents)
                found = found or _judge(report, sentence, said, partial(_rest, _OWED), parents)
            elif rest := next((r for r in _DIFFERENCES if r[0].search(said.label)), None):
                found = _judge(report, sentence, said, partial(_rest, rest[1:]), parents)
            elif said.measure == "over":
                found = _judge(report, sentence, said, _over, parents)
            elif said.measure == "available" or (
                said.measure == "budget" and re.search("调整后|总预算|变更|全年|可用", said.clause)
            ):
                found = _judge(report, sentence, said, _chain, parents)
            else:
                continue
            told = said.measure == "balance" or (found and len(found[1].inputs) > 3)
            if found and not (found[0] == "fails" and said.figure.at in summed and not told):
                verdict, trial = found
                near = [
                    f
                    for f in trial.inputs
                    if f.at >= (sentence.paragraph, sentence.start) and f.paragraph == sentence.paragraph
                ]
                first, last = (
                    min((*near, said.figure), key=lambda f: f.at),
                    max((*near, said.figure), key=lambda f: f.at),
                )
                yield claim_of(
                    "balance", report.between(first, last), said.figure, verdict, trial, said.subject, "claim-mismatch"
                )


def _judge(
    report: Report,
    sentence: Sentence,
    said: Said,
    trials: Callable[[Said, Sequence[Said]], Iterator[Trial]],
    parents: Mapping[tuple[int, int], tuple[int, int]],
) -> tuple[str, Trial] | None:
    """In the own piece first; the rest of the sentence, then the sentence before, only where the own one says nothing."""
    usable = [s for s in sentence.said if s.is_level or s.measure == "carry"]
    usable = [s for s in usable if s.figure.like(said.figure) and s.figure.plain and s is not said]
    known = {s.figure.at for s in usable}
    inner = ("actual", "spend", *((*PLAN, "increase") if said.measure == "balance" else ()))
    usable = [s for s in usable if parents.get(s.figure.at) not in known or s.measure not in inner]
    own = [s for s in usable if s.part == said.part]
    pools = [own, [*report.whole_before(sentence), *usable]]
    earlier = report.before(sentence, 1)
    if earlier and (earlier[0].paragraph == sentence.paragraph or not sentence.style):
        pools.append([s for s in earlier[0].levels if s.figure.like(said.figure) and s.figure.plain] + usable)
    for k, pool in enumerate(pools):
        found = judge(said.figure, [t for t in trials(said, pool) if k < 2 or not t.strong or len(usable) <= 1])
        if found:
            return found
    return None


def _kinds(pool: Sequence[Said]) -> dict[str, list[Figure]]:
    out: dict[str, list[Figure]] = {}
    for s in pool:
        key = "spent" if s.spent else s.measure or "plain"
        out.setdefault(key, []).append(s.figure)
    return out


def _left(said: Said, pool: Sequence[Said]) -> Iterator[Trial]:
    k = _kinds(pool)
    spent = [f for f in k.get("spent", []) if f.at != said.figure.at]
    carry, more, less = (k.get(n, [])[:1] for n in ("carry", "increase", "decrease"))
    incomes, plans = k.get("income", []), [f for n in PLAN for f in k.get(n, [])]
    alone = len(spent) == 1
    for s in spent:
        for n, plan in enumerate(plans):
            full = k.get("available", [])
            only = alone and (len(plans) == 1 or (full and plan in full and len(full) == 1))
            extras = bool(carry or more or less) and plan not in full
            if extras:
                inputs = (plan, *carry, *more, *less, s)
                signs = [1] + [1] * len(carry) + [1] * len(more) + [-1] * len(less) + [-1]
                yield Trial(signed(signs), inputs, "how-left", bool(only))
            yield Trial(signed([1, -1]), (plan, s), "how-left", bool(only and not extras and n == 0))
        for income in incomes:
            if carry:
                yield Trial(
                    signed([1, 1, -1]), (carry[0], income, s), "how-left", alone and len(incomes) == 1 and not plans
                )
            yield Trial(
                signed([1, -1]), (income, s), "how-left", alone and len(incomes) == 1 and not carry and not plans
            )
        if len(carry) == 1 and not (incomes or plans or k.get("plain")):
            yield Trial(signed([1, -1]), (carry[0], s), "how-left", alone)
        for plain in k.get("plain", []):
            bound = alone and len(k.get("plain", [])) == 1 and not plans and not incomes
            if carry:
                yield Trial(signed([1, 1, -1]), (plain, carry[0], s), "how-left", False)
            yield Trial(signed([1, -1]), (plain, s), "how-left", bound and not carry)
    for a in plans:
        for b in incomes:
            yield Trial(signed([1, -1]), (a, b), "how-left", False)


def _rest(words: Sequence[re.Pattern[str]], said: Said, pool: Sequence[Said]) -> Iterator[Trial]:
    whole, less = ([s for s in pool if w.search(s.label)] for w in words)
    for a in whole[:1]:
        for b in less[:1]:
            yield Trial(signed([1, -1]), (a.figure, b.figure), "how-left", len(whole) == len(less) == 1)


def _over(said: Said, pool: Sequence[Said]) -> Iterator[Trial]:
    k = _kinds(pool)
    plans = [f for n in PLAN for f in k.get(n, [])] or k.get("plain", [])
    spent = k.get("spent", [])
    for s in spent:
        for plan in plans:
            yield Trial(signed([1, -1]), (s, plan), "how-over", len(spent) == len(plans) == 1)


def _chain(said: Said, pool: Sequence[Said]) -> Iterator[Trial]:
    k = _kinds(pool)
    base = k.get("original", []) or list(k.get("budget", []))
    more, less, carry = k.get("increase", []), k.get("decrease", []), k.get("carry", [])
    if not base or not (more or less or carry):
        return
    inputs = (base[0], *more, *less, *carry)
    signs = [1, *[1] * len(more), *[-1] * len(less), *[1] * len(carry)]
    yield Trial(signed(signs), inputs, "how-chain", len(base) == 1)
    if carry:
        yield Trial(signed(signs[: -len(carry)]), inputs[: -len(carry)], "how-chain", False)

"""Rates of completion: 执行率95.52%, 完成年初预算的98.31%, 办结率93.15%; and ratios to last year's figure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from reconcile.claims.claim import FAILS, Claim, Trial, claim_of, judge
from reconcile.claims.figure import Figure
from reconcile.claims.plans import is_target, joint, of_plans, rate
from reconcile.claims.roles import Said
from reconcile.claims.text import Report, Sentence

_RATE = re.compile(
    r"(?:执行|完成|支付|支出|使用|到位|办结|结案|合格|达标|通过|参训|覆盖|入库|回收|收缴|开工|竣工|利用|支付进度|支出进度|执行进度|预算进度|进度|结转|结余|结转结余|节约|控制|出勤|就业|签约|整改|兑现|发放|资金拨付|拨付|按时办结|及时办结|及时|采购执行|建成)(?:比)?(?:率|进度|比例)"
)
_OF_PLAN = re.compile(
    r"(?:为|占|达到|达|完成了?|相当于|是)(?:了)?(?P<name>[^，。；%]*?(?:预算|计划|目标|任务|指标|安排|批复|应[一-鿿]{1,3}|上年|去年|同期|总数|年度任务)[^，。；%]*?)的?$"
)
_COMPLETE = re.compile(r"完成(?:了)?(?P<name>[^，。；%]*?)(?:的)?$")
_OVERALL = re.compile("总体|综合|平均|整体")
_LEFT = re.compile("结转|结余")
_SAVED = re.compile("节约|节支|节资")
MAIN = ("money", "count", "area", "acres", "length", "weight", "volume", "energy", "hours", "days")


def check(report: Report) -> Iterator[Claim]:
    """Every rate whose part and whole stand near."""
    for sentence in report.sentences:
        for said in sentence.said:
            if (
                said.figure.dimension == "times"
                and said.role == "ratio"
                and re.search("上年|去年|同期|年的|原来|预算|计划", said.clause)
            ):
                yield from _decide(report, sentence, said, list(_times(sentence, said)))
            if said.role != "ratio" or said.figure.dimension != "percent":
                continue
            yield from _decide(report, sentence, said, list(_trials(report, sentence, said)))


def _decide(report: Report, sentence: Sentence, said: Said, trials: list[Trial]) -> Iterator[Claim]:
    found = judge(said.figure, trials)
    if found and found[0] == FAILS and _told_before(sentence, said, found[1].inputs[0]):
        return
    if not found and trials and trials[0].strong and trials[0].inputs[-1].value == 0 and said.figure.value:
        yield _of_nought(report, said, trials[0].inputs[-1])
    if found:
        verdict, trial = found
        near = [f for f in trial.inputs if f.paragraph == said.figure.paragraph and f.start >= sentence.start]
        first = min((*near, said.figure), key=lambda f: f.at)
        last = max((*near, said.figure), key=lambda f: f.at)
        subject = next((s.subject for s in sentence.said if s.figure.at == trial.inputs[0].at), said.subject)
        yield claim_of(
            "rate",
            report.between(first, last),
            said.figure,
            verdict,
            trial,
            subject or said.subject,
            "percent-mismatch",
        )


def _told_before(sentence: Sentence, said: Said, part: Figure) -> bool:
    """Whether another rate of the same name stands between: `合格3186批次，合格率99.56%；…，抗体合格率82.5%`."""
    name = re.search(r"([一-鿿]{2})[率度]", said.label)
    between = [s for s in sentence.said if part.end <= s.figure.start < said.figure.start and s.role == "ratio"]
    return name is not None and any(name[0] in s.label and s.part != said.part for s in between)


def _of_nought(report: Report, said: Said, whole: Figure) -> Claim:
    """A rate of a budget of nought: there is none to state."""
    params = {"stated": said.figure.text, "whole": whole.text}
    phrase = report.between(whole, said.figure)
    used = frozenset({said.figure.at, whole.at})
    return Claim(
        "rate", said.figure.paragraph, *phrase, said.figure.value, None, FAILS, "rate-of-nought", "%", said.subject, params, used,
        "percent-mismatch",
    )  # fmt: skip


def _times(sentence: Sentence, said: Said) -> Iterator[Trial]:
    planned = re.search("预算|计划", said.clause)
    prior = [s for s in sentence.said if (s.planned if planned else s.role == "prior") and s.figure.dimension in MAIN]
    levels = [s for s in sentence.levels if not s.planned]
    levels = [s for s in levels if planned or s.figure.end <= said.figure.start] or levels
    for p in prior:
        for level in reversed(levels):
            if level.figure.like(p.figure):
                yield Trial(lambda a, b: a / b, (level.figure, p.figure), "how-rate")


def _trials(report: Report, sentence: Sentence, said: Said) -> Iterator[Trial]:
    found = list(_explicit(sentence, said)) or list(_taken(sentence, said))
    if found:
        yield from found
        return
    passage = [s for e in report.before(sentence) if e.paragraph == sentence.paragraph for s in e.said]
    together = list(joint([*passage, *sentence.said], said))
    if together:
        yield from together
        return
    words, bare = _without_figures(sentence, said), _bare(said)
    planned, complete = _OF_PLAN.search(words), _COMPLETE.search(words)
    named = re.search(rf"(?:{_RATE.pattern})(?:为|达到|达|是|约)?$", bare)
    if not (planned or complete or named or re.search("[率度]$", bare)):
        return
    pool = _near(report, sentence, said)
    units = {s.figure.unit for s in pool if len(s.figure.unit) > 1 and s.figure.unit in bare}
    pool = [s for s in pool if s.figure.unit in units] if units else pool
    many = [s for s in pool if s.figure.dimension == "count" and s.figure.end <= said.figure.start]
    if _OVERALL.search(bare) and len(many) > 2:
        return
    name = planned["name"] if planned else complete["name"] if complete and not named else bare
    if named and _LEFT.search(bare[-8:]):
        yield from _of(pool, _is_left, lambda s: s.planned or s.spent or s.measure in ("income", ""))
    elif named and _SAVED.search(bare[-6:]):
        yield from _saved(pool)
    elif re.search("控制率$", bare) and (
        re.search("人员|编制|在职", bare) or (bare == "控制率" and _on_list(sentence))
    ):
        yield from _posts(sentence)
    elif re.search("(?:追加|调增)(?:预算)?(?:率|比例)$", bare):
        yield from _of(pool, lambda s: s.measure == "increase", lambda s: s.measure in ("original", "budget"))
    elif re.search("资产负债率$", bare):
        yield from _of(pool, lambda s: "负债" in s.label, lambda s: "资产" in s.label and "净" not in s.label)
    elif re.search("上年|去年|同期", name):
        yield from _of(pool, lambda s: s.is_level and (s.spent or s.measure in ("", "income")), _is_prior)
    else:
        if not (planned or complete):
            yield from _by_stem(sentence, pool, said, bare)
        if planned or complete or named:
            yield from of_plans(pool, said, name, named[0] if named else "")


def _bare(said: Said) -> str:
    """The clause before a rate, without brackets and the verb."""
    clause = re.sub(r"\([^()]*\)", "", said.clause)
    return re.sub(r"(?:约|大约|已|仅|也|均|就|高|为|达到|达|是|在|了|[:：\s])+$", "", clause)


def _is_left(said: Said) -> bool:
    return said.measure in ("balance", "carry")


def _is_prior(said: Said) -> bool:
    return said.role == "prior"


def _explicit(sentence: Sentence, said: Said) -> Iterator[Trial]:
    """`完成全年预算100万元的95.10%`: the whole stands in the clause; the part is the level before it."""
    if not re.match("的", said.label):
        return
    start = said.figure.start - len(said.clause)
    inside = [s for s in sentence.said if start <= s.figure.start < said.figure.start and s.figure.dimension in MAIN]
    verb = (
        re.search(r"(完成|为|相当于|占|达到|超出|超过|超|高于|低于|少于|不足)[^，。；]*$", inside[-1].clause)
        if inside
        else None
    )
    if verb is None:
        return
    whole = inside[-1]
    formula: Callable[..., Fraction] = rate
    if re.match("超|高", verb[1]):
        formula = rate_above
    elif re.match("低|少|不足", verb[1]):
        formula = rate_below
    parts = [s for s in sentence.levels if s.figure.end <= whole.figure.start and s.figure.like(whole.figure)]
    for k, part in enumerate(reversed(parts)):
        yield Trial(formula, (part.figure, whole.figure), "how-rate", k == 0)


def rate_above(part: Fraction, whole: Fraction) -> Fraction:
    return (part - whole) / whole * 100


def rate_below(part: Fraction, whole: Fraction) -> Fraction:
    return (whole - part) / whole * 100


def _taken(sentence: Sentence, said: Said) -> Iterator[Trial]:
    """`合同金额60万元，已支付80%，计48万元`: a rate of an amount before, and what it comes to."""
    later = next((s for s in sentence.said if s.figure.start >= said.figure.end), None)
    if (
        later is None
        or later.figure.dimension != "money"
        or not (
            re.fullmatch("[，、]?(?:即|计|共计|为|合计)", later.label)
            or (
                said.label.endswith("按")
                and re.fullmatch("(?:的比例)?(?:支付|拨付|扣留|预留|计提|上缴|配套|缴纳|提取)[一-鿿]{0,6}", later.label)
            )
        )
    ):
        return
    wholes = [s for s in sentence.levels if s.figure.end <= said.figure.start and s.figure.like(later.figure)]
    wholes = [s for s in wholes if s.figure.value >= later.figure.value]
    for whole in reversed(wholes):
        yield Trial(rate, (later.figure, whole.figure), "how-rate", len({s.figure.value for s in wholes}) == 1)


def _saved(pool: Sequence[Said]) -> Iterator[Trial]:
    planned = [s for s in pool if s.planned]
    spent = [s for s in pool if s.spent or s.measure == ""]
    for a in planned:
        for b in spent:
            if a.figure.like(b.figure) and a is not b:
                yield Trial(rate_saved, (a.figure, b.figure), "how-saved", len(planned) == len(spent) == 1)


def rate_saved(plan: Fraction, spent: Fraction) -> Fraction:
    return (plan - spent) / plan * 100


def _on_list(sentence: Sentence) -> list[Said]:
    """Posts: so many 人, 名 or 个."""
    return [s for s in sentence.levels if s.figure.dimension == "count" and re.search("编制|核定", s.label)]


def _posts(sentence: Sentence) -> Iterator[Trial]:
    on_list = _on_list(sentence)
    at_work = [s for s in sentence.levels if s.figure.kin == "person" and re.search("在职|在编|实有", s.label)]
    if on_list and at_work:
        yield Trial(rate, (at_work[0].figure, on_list[0].figure), "how-rate")


def _by_stem(sentence: Sentence, pool: Sequence[Said], said: Said, bare: str) -> Iterator[Trial]:
    """`满意率` of the one count whose words have 满意, and the one larger count beside it."""
    stem = re.search(r"([一-鿿]{2})(?:率|度)$", bare)
    if not stem:
        return
    counts = [
        s for s in pool if s.figure.dimension == "count" and s.is_level and s.figure.paragraph == said.figure.paragraph
    ]
    marked = [s for s in counts if set(stem[1]) <= set(s.label)]
    marked = [s for s in marked if f"应{stem[1]}" not in s.label] or marked
    named = [s for s in marked if s.subject.endswith(stem[1])]
    marked = named if len(marked) > 1 else marked
    if len(marked) == 1:
        part = marked[0].figure
        missing = re.search(rf"(?:不|未|没有){stem[1]}", marked[0].label)
        larger = [s for s in counts if s is not marked[0] and s.figure.like(part) and s.figure.value >= part.value]
        larger.sort(key=lambda s: abs(s.figure.start - part.start))
        for k, whole in enumerate(larger):
            yield Trial(rate_saved_of if missing else rate, (part, whole.figure), "how-rate", k == 0)
        smaller = [s for s in counts if s is not marked[0] and s.figure.like(part) and s.figure.end <= part.start]
        if not larger and not missing and len(smaller) == 1:
            yield Trial(rate, (part, smaller[0].figure), "how-rate")


def rate_saved_of(missing: Fraction, whole: Fraction) -> Fraction:
    return (whole - missing) / whole * 100


def _without_figures(sentence: Sentence, said: Said) -> str:
    """The words of a figure's clause: the last piece after a bracket, without the figures in it."""
    start, out = said.figure.start - len(said.clause), said.clause
    for s in reversed(sentence.said):
        if s.figure.dimension != "date" and start <= s.figure.start < said.figure.start:
            out = out[: s.figure.start - start] + out[s.figure.end - start :]
    return re.sub(r"\([^()]*\)", "", out)


def _of(pool: Sequence[Said], is_part: Callable[[Said], bool], is_whole: Callable[[Said], bool]) -> Iterator[Trial]:
    parts, wholes = [s for s in pool if is_part(s)], [s for s in pool if is_whole(s)]
    for whole in wholes:
        for part in parts:
            if part is not whole and part.figure.like(whole.figure):
                yield Trial(rate, (part.figure, whole.figure), "how-rate", len(parts) == 1 and len(wholes) == 1)


def _near(report: Report, sentence: Sentence, said: Said) -> list[Said]:
    """Amounts that a rate may speak of, the nearest first: its own piece of the sentence, the rest of it, the sentence before."""
    usable = [
        s
        for s in sentence.said
        if s.role in ("level", "after", "prior") and s.figure.dimension in MAIN and (s.figure.plain or is_target(s))
    ]
    at = said.figure.start
    own = [s for s in usable if s.part == said.part]
    if said.depth:
        own = [s for s in own if s.depth == said.depth] or own
    own_before = sorted((s for s in own if s.figure.start < at), key=lambda s: -s.figure.start)
    own_after = [s for s in own if s.figure.start > at]
    pool = [*own_before, *own_after]
    if len(pool) >= 2 and any(s.planned or s.role == "prior" for s in pool) and any(s.spent for s in pool):
        return pool
    pool += [s for s in usable if s not in own]
    if len(pool) >= 2:
        return [*pool, *report.whole_before(sentence)]
    for earlier in report.before(sentence, 2):
        if report.sentences[earlier.index].paragraph == sentence.paragraph or sentence.style == "":
            pool += [
                s
                for s in reversed(earlier.said)
                if s.role in ("level", "after", "prior") and s.figure.dimension in MAIN and s.figure.plain
            ]
    return pool

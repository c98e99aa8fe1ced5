"""What only two figures can answer: 问题发生率 of 12户 in 150户, 缺编 of posts and heads, 提前 of two terms.

Asked last, of figures that no other rule has tested.  The words say which formulas may be meant; where the piece of the
sentence has two figures of a kind and no more, one of the formulas must give what is stated.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

from reconcile.claims.claim import Claim, Trial, claim_of, judge
from reconcile.claims.figure import add
from reconcile.claims.moves import BASE, apart, bound, moves
from reconcile.claims.multiples import of_times
from reconcile.claims.named import defined, less_rate, linked_part, named_whole, of_named_whole
from reconcile.claims.plans import rate
from reconcile.claims.pool import MAIN, by_pairs, candidates, closes, gap, kinds_of
from reconcile.claims.roles import Said, pattern
from reconcile.claims.text import Report, Sentence

Place = tuple[int, int]
_LESS_RATE = re.compile("节|减|余|漏|差|损|未|降|缺|空|不|剩|超")
_ALL = re.compile("其余|剩余|余下|剩下|其他|余款|尾款")
_NOT_YET = re.compile("(?:尚未|还未|仍未|未|不)(?P<done>[一-鿿]{2})")
_GOING_ON = re.compile("[正尚]在([一-鿿]{2})")
_VARIED = re.compile("(?:变动|增减|变化)(?:率|幅度|比例)")
_OF_PLAN = re.compile("占(?:年度|全年|总|年初|计划|项目)*(?:计划|预算|目标|任务|投资)")
_EARLIER = re.compile(
    "年初(?!预算)|期初|原|法定|规定|上年|去年|同期|此前|以前|预算|计划|控制价|送审|估算|概算|标底|限价|合同价|拦标价|原价|报价"
)
_OFF = re.compile("节约|节省|节支|核减|审减|压缩|压减|精简")
_THEN = re.compile(r"上年|去年|同期|序时|目标|原来|年初|计划|[12]\d{3}年|为|达")
_APART = re.compile(
    "多计|少计|多付|少付|少发|多发|少收|多收|少报|滞留|盘亏|盘盈|短收|超收|超期|逾期|延期|核减|审减|核增|相差|差额|缺口|未缴|超概|超计划"
)
_LAST_YEAR = re.compile("上年|去年|同期|同比|前年")
_TAKEN_OFF = re.compile(
    "[，、]?(?:共|共计|累计|合计|净|总共)?(?:取消|删减|砍掉|删除|清理|去掉|免除|免去|减掉|剔除|核减|裁撤|削减|扩充|增设|添置|化解|消化|偿还|腾退|节省|压缩)(?:了)?(?![至到为成])[一-鿿]{0,4}"
)
_LESS_THAN = re.compile("(?:小于|大于|低于|高于|少于|多于|超过|超出)[^，。；]{0,6}(?:预算|计划|目标|收入|支出)数?$")
_OTHER_TIME = re.compile("去年|上年|同期|以往|历年|累计")


def rise(one: Fraction, other: Fraction) -> Fraction:
    return (max(one, other) - min(one, other)) / min(one, other) * 100


def fall(one: Fraction, other: Fraction) -> Fraction:
    return (max(one, other) - min(one, other)) / max(one, other) * 100


def check(report: Report, tested: Collection[Place]) -> Iterator[Claim]:
    """Claims about figures that none of `tested` is."""
    for sentence in report.sentences:
        for said in sentence.said:
            if said.figure.at in tested or not said.figure.plain:
                continue
            kind, trials = _asked(report, sentence, said)
            found = judge(said.figure, trials)
            if found:
                near = [f for f in found[1].inputs if f.at >= (sentence.paragraph, sentence.start)]
                near = [f for f in near if f.paragraph == sentence.paragraph]
                ends = sorted((*near, said.figure), key=lambda f: f.at)
                code = "percent-mismatch" if said.figure.dimension in ("percent", "points") else "claim-mismatch"
                yield claim_of(kind, report.between(ends[0], ends[-1]), said.figure, *found, said.subject, code)


def _asked(report: Report, sentence: Sentence, said: Said) -> tuple[str, list[Trial]]:
    """The kind of claim that the words of a figure make, and the ways to compute it."""
    dimension = said.figure.dimension
    if dimension == "points":
        return "points", list(_points(sentence, said))
    if dimension == "times" and said.role in ("ratio", "rate"):
        return "rate", list(of_times(sentence, said))
    if said.role == "rate" and dimension == "percent":
        return "change-rate", list(_change_rates(report, sentence, said))
    if said.role == "ratio" and dimension == "percent" and _VARIED.search(said.label):
        return "change-rate", list(_varied(sentence, said))
    if said.role == "share" and dimension == "percent" and _OF_PLAN.search(said.clause):
        return "rate", list(of_named_whole(sentence, said))
    if said.role == "share" and dimension == "percent":
        return "share", [*defined(sentence, said), *named_whole(sentence, said), *_parts(sentence, said)]
    if said.role == "ratio" and dimension == "percent":
        return "rate", list(_ratios(report, sentence, said))
    if said.role == "change" and dimension in MAIN:
        return "change", list(_gaps(sentence, said, strong=True))
    if said.is_level and dimension in MAIN and _TAKEN_OFF.fullmatch(said.label):
        moved = list(_moved(report, sentence, said))
        if moved or not pattern("remainder").search(said.label):
            return "change", moved
    if said.is_level and dimension in MAIN and _LESS_THAN.search(said.label):
        return "change", list(_than(sentence, said))
    if said.is_level and dimension in MAIN and pattern("remainder").search(said.label):
        return "balance", list(_remainders(sentence, said))
    return "", []


def _scopes(report: Report, sentence: Sentence, said: Said) -> Iterator[list[Said]]:
    """The own piece, the sentence, and the sentence before with it: the nearest that has two figures of a kind."""
    everything = candidates(sentence.beside(said), said)
    yield [s for s in everything if s.part == said.part]
    yield everything
    earlier = [e for e in report.before(sentence) if e.paragraph == sentence.paragraph and not sentence.style]
    yield [*candidates([s for e in earlier for s in e.said], said), *everything]


def _change_rates(report: Report, sentence: Sentence, said: Said) -> Iterator[Trial]:
    formulas = [rise] if said.sign > 0 else [fall]
    if re.search("提速|效率", said.clause):
        formulas = [rise, fall]
    for scope in list(_scopes(report, sentence, said))[:2]:
        kinds = kinds_of(scope)
        yield from _of_amount(sentence, said, scope)
        for taken in [s for s in scope if s.is_level and _TAKEN_OFF.fullmatch(s.label) and s.part == said.part]:
            bases = [s for s in scope if s.figure.end <= taken.figure.start and BASE.search(s.label)][-1:]
            if bases and bases[0].figure.like(taken.figure):
                yield Trial(rate, (taken.figure, bases[0].figure), "how-change-of")
                return
        for group in kinds:
            sure = (
                closes(group)
                and len(kinds) == 1
                and not (said.sign > 0 and any(s.planned and not re.search("年初(?!预算)", s.label) for s in group))
            )
            near = bool(_OFF.search(said.label)) or all(bound(sentence, said, s) for s in group)
            near = near and not apart(said, min(group, key=lambda s: s.figure.at))
            yield from by_pairs(group, formulas, "how-change-rate", sure and near and _one_before(group, said))
        if kinds:
            return


def _one_before(group: Sequence[Said], said: Said) -> bool:
    """Whether the words say that one of two figures is the earlier one: 上年, 法定, 控制价; not received and done, in one year."""
    if _LAST_YEAR.search(said.clause) and not any(s.role == "prior" or _LAST_YEAR.search(s.clause) for s in group):
        return False
    marked = any(s.role in ("prior", "after") or _EARLIER.search(s.label) for s in group)
    return (marked or bool(_OFF.search(said.label))) and not any(s.measure in ("balance", "carry") for s in group)


def _of_amount(sentence: Sentence, said: Said, scope: Sequence[Said]) -> Iterator[Trial]:
    """`减少42.30万元，下降6.39%，本年支出620.10万元`: the amount over the figure before, given or worked back."""
    amounts = [s for s in sentence.said if s.role == "change" and s.sign == said.sign and s.part == said.part]
    amounts = [s for s in amounts if s.figure.end <= said.figure.start and s.figure.dimension in MAIN][-1:]
    for amount in amounts:
        levels = [s for s in scope if s.figure.like(amount.figure)]
        sure = len(levels) == 1 and not levels[0].planned and levels[0].measure not in ("balance", "carry")
        sure = sure and bound(sentence, amount, levels[0]) and bound(sentence, said, levels[0])
        back = (lambda d, c: d / (c - d) * 100) if said.sign > 0 else (lambda d, c: d / (c + d) * 100)
        for level in levels:
            if level.role == "prior" or BASE.search(level.label):
                yield Trial(rate, (amount.figure, level.figure), "how-change-of", sure)
            else:
                yield Trial(back, (amount.figure, level.figure), "how-change-from-now", sure)
                if len(levels) == 1:
                    yield Trial(rate, (amount.figure, level.figure), "how-change-of", False)


def _varied(sentence: Sentence, said: Said) -> Iterator[Trial]:
    """`上年63.40万元，本年43.98万元，变动率-30.63%`."""
    group = next(iter(kinds_of([s for s in candidates(sentence.beside(said), said) if s.part == said.part])), [])
    prior = [s for s in group if s.role == "prior" or _EARLIER.search(s.label)]
    now = [s for s in group if s not in prior]
    for p in prior:
        for n in now:
            inputs, sure = (n.figure, p.figure), len(prior) == len(now) == 1
            yield Trial(lambda a, b: (a - b) / b * 100, inputs, "how-change-rate", sure)
            yield Trial(lambda a, b: gap(a, b) / b * 100, inputs, "how-change-rate", False)


def _ratios(report: Report, sentence: Sentence, said: Said) -> Iterator[Trial]:
    yield from defined(sentence, said)
    for k, scope in enumerate(_scopes(report, sentence, said)):
        kinds = kinds_of(scope)
        for group in kinds:
            linked = linked_part(group, said, _named_before(sentence, said))
            over = re.search("超", said.label)
            alone = k < 2 and len(kinds) == 1
            sure = (
                alone
                and closes(group)
                and (linked is not None or bool((over and len(group) == 2) or (over and closes(group))))
            )
            if linked is not None and k < 2 and len(group) == 3 and linked.part == said.part and not over:
                sure = (
                    max(
                        (s for s in group if s.figure.end <= said.figure.start), key=lambda s: s.figure.at, default=None
                    )
                    is linked
                )
            sure = sure and not _of_later(group, said)
            small = [s for s in group if s is linked] if linked is not None else []
            less = bool(_LESS_RATE.search(said.label) or any(_NOT_YET.search(s.label) for s in group))
            formulas = [rise] if over else [rate, less_rate] if less else [rate]
            for one, other in combinations(sorted(group, key=lambda s: s.figure.value), 2):
                of_linked = not small or one in small or other in small
                for formula in formulas:
                    yield Trial(formula, (one.figure, other.figure), "how-rate", sure and of_linked)
                yield Trial(rate, (other.figure, one.figure), "how-rate", False)
                yield Trial(less_rate, (one.figure, other.figure), "how-rate", False)
        if kinds:
            return


def _of_later(group: Sequence[Said], said: Said) -> bool:
    """Whether one figure stands before a rate and another in a new clause behind: `林地12.6万亩，覆盖率42.3%，当年造林0.8万亩`."""
    behind = [s for s in group if s.figure.start > said.figure.end and s.depth == said.depth]
    return 0 < len(behind) < len(group) and all(
        re.match("，(?:当年|本年|新增|其中|全年)", s.clause) or re.match("(?:当年|本年|新增|其中)", s.label)
        for s in behind
    )


def _named_before(sentence: Sentence, said: Said) -> str:
    """`达标率较上年提升2.1个百分点，为91.7%`: the rate that the words before name, for a figure that names none."""
    text = sentence.text[: said.figure.start - sentence.start]
    found = re.findall(r"[一-鿿]{2,6}率", re.split("[；;]", text)[-1])
    return found[-1] if found and re.fullmatch("[，、]?(?:为|达|达到|是)", said.label) else ""


def _parts(sentence: Sentence, said: Said) -> Iterator[Trial]:
    """`网上办件26300件，窗口办件8600件，网办占比75.4%`: of the other, or of both."""
    group = next(iter(kinds_of([s for s in candidates(sentence.beside(said), said) if s.part == said.part])), [])
    head = re.sub(r"^[\s，、其中]+", "", said.clause.split("占")[0]) if "占" in said.clause else ""
    named = [s for s in group if len(head) > 1 and head in s.label]
    part = named[0] if len(named) == 1 else linked_part(group, said)
    if part is None or len(group) != 2:
        return
    other = next(s for s in group if s is not part)
    yield Trial(lambda a, b: a / (a + b) * 100, (part.figure, other.figure), "how-share-of-sum")
    yield Trial(rate, (part.figure, other.figure), "how-share")


def _points(sentence: Sentence, said: Said) -> Iterator[Trial]:
    shares = [s for s in sentence.said if s.figure.dimension == "percent" and s.figure.at != said.figure.at]
    own = [s for s in shares if s.part == said.part]
    for scope in (own, shares):
        if len(scope) > 1:
            behind = [s for s in scope if s.figure.start > said.figure.start]
            told = all(_THEN.search(s.label) for s in behind)
            for one, other in combinations(scope, 2):
                inputs = (replace(one.figure, approx=""), replace(other.figure, approx=""))
                yield Trial(gap, inputs, "how-points", len(scope) == 2 and told)
            return


def _gaps(sentence: Sentence, said: Said, strong: bool) -> Iterator[Trial]:
    """How far two levels are apart, where a piece has two of the kind."""
    everything = [s for s in candidates(sentence.beside(said), said) if s.figure.like(said.figure)]
    everything = [s for s in everything if "单价" not in s.label or s.figure.unit == said.figure.unit]
    for scope in ([s for s in everything if s.part == said.part], everything):
        for group in kinds_of(scope):
            sure = (
                strong and len(group) == 2 and all(bound(sentence, said, s) for s in group) and _one_before(group, said)
            )
            yield from by_pairs(group, [gap], "how-gap", sure)
            return


def _moved(report: Report, sentence: Sentence, said: Said) -> Iterator[Trial]:
    """`证明材料从26项减少至16项，共取消10项`: how far a level has moved, by what was taken off or put on."""
    own = [
        m
        for m in moves(report, sentence)
        if m.sure and m.after.part == said.part and m.after.figure.end < said.figure.start
    ]
    for move in own[-1:]:
        if move.before.figure.like(said.figure) and move.after.figure.like(said.figure):
            yield Trial(gap, (move.after.figure, move.before.figure), "how-gap", len(own) == 1)


def _than(sentence: Sentence, said: Said) -> Iterator[Trial]:
    """`预算数36万元，决算数26.73万元，决算数小于预算数9.27万元`: how far two are apart, where neither is what stands there."""
    near = [s for s in sentence.beside(said) if s.part == said.part]
    before = [s for s in candidates(near, said) if s.figure.like(said.figure)]
    sides = {"plan" if s.planned else "in" if s.measure == "income" else "out" for s in before}
    if len(before) == len(sides) == 2 and all(s.figure.value != said.figure.value for s in before):
        yield from by_pairs(before, [gap], "how-gap", True)


def _remainders(sentence: Sentence, said: Said) -> Iterator[Trial]:
    """What is left of the largest of several figures where the others are taken away."""
    everything = [s for s in candidates(sentence.beside(said), said) if s.figure.like(said.figure)]
    done = _NOT_YET.search(said.label)
    for scope in ([s for s in everything if s.part == said.part], everything):
        group = next(iter(kinds_of(scope)), [])
        if len(group) < 2:
            continue
        ordered = sorted(group, key=lambda s: -s.figure.value)
        if len(group) > 2:
            inputs = tuple(s.figure for s in ordered)
            yield Trial(lambda first, *rest: first - add(*rest), inputs, "how-rest", bool(_ALL.search(said.label)))
        going = _GOING_ON.search(said.label)
        some = any("其中" in s.label for s in (*group, said))
        again = any(going[1] in s.label if some else set(going[1]) & set(s.label) for s in group) if going else True
        values = sorted(s.figure.value for s in group)
        linked = (again or said.figure.value + values[0] > values[-1]) and (
            not done or any(set(done["done"]) & set(s.label) for s in group)
        )
        own = bool(done or _APART.search(said.label))
        earlier = all(s.figure.end <= said.figure.start for s in group) or own
        other = any(re.search("[各每]", s.label) for s in group) or any(
            _OTHER_TIME.search(s.label.replace("累计", "") if done else s.label) and s.measure != "carry" for s in group
        )
        sure = len(group) == 2 and linked and earlier and not other
        yield from by_pairs(group, [gap], "how-gap", sure)
        return

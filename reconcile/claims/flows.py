"""Figures that hang together by what they are called: 期初 + 入 − 出 = 期末, 扣除 and 加上, points of a score."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction

from reconcile.claims.balances import signed
from reconcile.claims.claim import Claim, Trial, claim_of, judge
from reconcile.claims.group import SUMMED
from reconcile.claims.moves import BASE
from reconcile.claims.roles import Said, pattern
from reconcile.claims.text import Report, Sentence

Place = tuple[int, int]
_SIDES = (("opening", 1), ("closing", 0), ("outflow", -1), ("inflow", 1))
_TAKEN = re.compile("^[\\s，、;；]*(?:再|并)?(?:扣除|减去|剔除|扣减|减)(?![少免])|扣除$")
_ADDED = re.compile(
    "^[\\s，、;；]*(?:再|另)?(?:加上|另加|加|另有|另安排|本级另安排)(?![强大])|(?<![消扣清解免拆删])除[一-鿿]{0,10}$"
)
_REACHED = re.compile("[，、]?(?:达到?|增至)")
_BANDS = re.compile("每|档|低于|高于|标准|以上|以下|区间|规则")
_IN_FULL = re.compile("^(?:10|100|20|30|40|50)$")


def check(report: Report, tested: Collection[Place]) -> Iterator[Claim]:
    """Claims about figures that none of `tested` is."""
    for sentence in report.sentences:
        for said in sentence.said:
            if said.figure.at in tested or not said.figure.plain or said.figure.dimension not in SUMMED:
                continue
            if said.figure.dimension == "score":
                kind, trials = "score", list(_scores(report, sentence, said))
            elif said.role in ("average", "price"):
                kind, trials = "balance", list(_mean(sentence, said))
            else:
                ways = (_closing, _threes, _reduced, _mean)
                kind, trials = "balance", [t for way in ways for t in way(sentence, said)]
            found = judge(said.figure, trials)
            if found:
                ends = sorted(
                    (*(f for f in found[1].inputs if f.paragraph == said.figure.paragraph), said.figure),
                    key=lambda f: f.at,
                )
                yield claim_of(
                    kind, report.between(ends[0], ends[-1]), said.figure, *found, said.subject, "claim-mismatch"
                )


def _alike(sentence: Sentence, said: Said) -> list[Said]:
    return [
        s
        for s in sentence.beside(said)
        if s.figure.at != said.figure.at
        and s.figure.like(said.figure)
        and s.figure.plain
        and s.role in ("level", "prior", "change", "after")
        and not s.depth
    ]


def _side(said: Said) -> str:
    """opening, closing, outflow, inflow, or '' where the words say none."""
    return next((name for name, _ in _SIDES if pattern(name).search(said.label)), "")


def is_flow(said: Sequence[Said]) -> bool:
    """Whether figures are what there was with what came and went, and no parts: `年末64人：年初61人，调入7人，调出4人`."""
    sides = [_side(s) for s in said]
    return (
        sides[:1] == ["opening"] and len(sides) > 1 and set(sides[1:]) <= {"inflow", "outflow"} and "outflow" in sides
    )


def _closing(sentence: Sentence, said: Said) -> Iterator[Trial]:
    """`年初320人，招聘18人，退休7人，年末331人`: what there was, with what came and without what went."""
    others = _alike(sentence, said)
    sides = [_side(s) for s in others]
    if re.search("年末|期末|年底", said.label):
        sides = ["opening" if re.search("现有|目前", s.label) else side for s, side in zip(others, sides, strict=True)]
    if _side(said) not in ("closing", "") or said.role == "change":
        return
    begun = [s for s, side in zip(others, sides, strict=True) if side == "opening"]
    if begun and _year_of(sentence, begun[0]) > (_year_of(sentence, said) or 9999):
        return  # 2021年末结转57.6万元，2022年收回7.6万元，2022年初结转50万元
    if sides.count("opening") != 1 or len(others) < 2 or any(s in ("", "closing") for s in sides):
        return
    signs = [dict(_SIDES)[side] for side in sides]
    yield Trial(
        signed(signs),
        tuple(s.figure for s in others),
        "how-flow",
        len(others) > 2 or _REACHED.match(said.label) is not None or _same_stock(others, sides, said),
    )


def _year_of(sentence: Sentence, said: Said) -> int:
    """The year last named before a figure, 0 for none."""
    years = [s.figure.day[0] for s in sentence.said if s.role == "date" and s.figure.end <= said.figure.start]
    return next((y for y in reversed(years) if y), 0)


def _same_stock(others: Sequence[Said], sides: Sequence[str], said: Said) -> bool:
    """Whether a level is of the stock that it began with: 图书馆藏书 and 年初藏书."""
    opening = others[list(sides).index("opening")]
    return len(said.subject) > 1 and opening.subject[-2:] == said.subject[-2:]


_NOW = re.compile("^[，、；]?(?:现在?|目前|如今|仅|只|尚|还|保留|剩余?|压减后|精简后|减少后|增加后|调整后)")


def _reduced(sentence: Sentence, said: Said) -> Iterator[Trial]:
    """`由45份减少18份，现需报送27份`: what there was, less or more what it changed by."""
    before = [s for s in _alike(sentence, said) if s.figure.end <= said.figure.start and s.part == said.part]
    if len(before) == 2 and BASE.search(before[0].label) and before[1].role == "change" and _NOW.search(said.label):
        yield Trial(signed([1, before[1].sign]), (before[0].figure, before[1].figure), "how-flow")


def _mean(sentence: Sentence, said: Said) -> Iterator[Trial]:
    """`三年预算分别为860万元、920万元、1050万元，年均943.33万元`."""
    before = [s for s in _alike(sentence, said) if s.figure.end <= said.figure.start]
    starts = [i for i, s in enumerate(before) if "分别" in s.label]
    run = before[starts[-1] :] if starts else []
    if (
        len(run) > 1
        and all(re.match("[、和及]", s.label) for s in run[1:])
        and re.search("(?:年均|平均)[^，]{0,4}$", said.label)
    ):
        yield Trial(lambda *v: sum(v, Fraction(0)) / len(v), tuple(s.figure for s in run), "how-mean")


def _threes(sentence: Sentence, said: Said) -> Iterator[Trial]:
    """`合同价款72万元，扣除3.6万元质保金后，实际支付68.4万元`: the largest of three is the sum of the others."""
    everything = [*_alike(sentence, said), said]
    marked = [s for s in everything if _TAKEN.search(s.label) or _ADDED.search(s.label)]
    free = sorted((s for s in everything if s not in marked), key=lambda s: s.figure.at)
    if len(everything) != 3 or len(marked) != 1 or said not in free:
        return
    if any(s.planned for s in free) and any(s.spent for s in free) and not _TAKEN.search(marked[0].label):
        return  # 预算120万元，实际支出98万元，另有结转12万元
    taken = bool(_TAKEN.search(marked[0].label))
    total = max(free, key=lambda s: s.figure.value) if taken else free[-1]
    other = next(s for s in free if s is not total)
    if said is total:
        yield Trial(signed([1, 1]), (other.figure, marked[0].figure), "how-flow", said is free[-1])
    else:
        yield Trial(signed([1, -1]), (total.figure, marked[0].figure), "how-flow", True)


def of_full(full: Fraction, percent: Fraction) -> Fraction:
    return full * min(percent, Fraction(100)) / 100


def _scores(report: Report, sentence: Sentence, said: Said) -> Iterator[Trial]:
    """`分值10分，执行率95.2%，得9.52分`, and what is left of a full score where points are taken off."""
    if said.measure != "got":
        return
    banded = bool(_BANDS.search(sentence.text))
    own = [s for s in sentence.beside(said) if s.part == said.part and s.figure.plain]
    full = [s for s in own if s.figure.dimension == "score" and _is_full(s) and s is not said]
    rates = [s for s in own if s.role == "ratio" and s.figure.dimension == "percent" and "率" in s.label]
    got = [s for s in own if s.measure == "got"]
    for f in full:
        for r in rates:
            sure = len(full) == len(rates) == len(got) == 1 and not banded
            yield Trial(of_full, (f.figure, r.figure), "how-score", sure)
    whole = [s for s in sentence.said if s.figure.dimension == "score" and s.figure.plain]
    if not rates and len(full := [s for s in sentence.said if s.figure.dimension == "score" and _is_full(s)]) == 1:
        plans, spent = [s for s in own if s.planned], [s for s in own if s.spent and s.figure.dimension == "money"]
        if "执行率" in said.label and len(plans) == len(spent) == 1 and not banded:
            three = (full[0].figure, spent[0].figure, plans[0].figure)
            yield Trial(lambda f, a, b: f * min(a / b, Fraction(1)), three, "how-score")
    cuts, fulls = [s for s in whole if s.measure == "cut"], [s for s in whole if _is_full(s) and s is not said]
    if cuts and len(fulls) == 1:
        inputs = (fulls[0].figure, *(s.figure for s in cuts))
        alone = len([s for s in whole if s.measure == "got"]) == 1
        yield Trial(signed([1, *[-1] * len(cuts)]), inputs, "how-flow", alone and not banded)


def _is_full(said: Said) -> bool:
    return said.measure == "full" or bool(re.search("总分(?:为|是)?$", said.label) and said.figure.value == 100)


def named_items(total: Said, before: Sequence[Said]) -> list[Said]:
    """The figures before a total that its own noun names: `行政编制32名…；事业编制45名…；合计编制77名`."""
    noun = re.sub("合计|共计|总计|小计|总量|总数|总额|分别|累计|总|共|数|为|是|达到?|约|[^一-鿿]", "", total.label)[:6]
    alike = [s for s in before if s.figure.like(total.figure) and s.figure.plain]
    if total.measure in ("full", "got"):
        return [s for s in alike if s.measure == total.measure]
    row = len(alike) > 1 and all(s.label.startswith("、") for s in alike[1:])
    if (
        (row or len(alike) > 2)
        and alike == list(before)
        and not re.search("其中|比|较|占", "".join(s.clause for s in alike))
    ):
        return [] if any(s.tail.startswith("等") for s in alike) else alike
    named = [s for s in alike if len(noun) > 1 and noun in s.label]
    shared = all(set(_name(s)) & set(noun) for s in alike)
    if any(s.tail.startswith("等") for s in alike):
        return []
    return named or (
        alike
        if noun not in ("支出", "收入", "资金", "经费")
        and len(noun) > 1
        and shared
        and (len({s.measure for s in alike}) == 1 or {s.measure for s in alike} == {"carry", "budget"})
        else []
    )


def _name(said: Said) -> str:
    return re.sub("[数为是共计有的约达到]", "", said.subject)

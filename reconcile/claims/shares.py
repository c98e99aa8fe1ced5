"""Shares: 占83.11%, 占总支出1775.24万元的83.11%, 分别占60%和40%, and shares that make a hundred."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from reconcile.claims import hundred
from reconcile.claims.claim import HOLDS, Claim, Trial, claim_of, judge
from reconcile.claims.figure import Figure, add
from reconcile.claims.group import Group
from reconcile.claims.named import of_head, of_stem
from reconcile.claims.roles import YEAR, Said, pattern
from reconcile.claims.text import Report, Sentence

_NAMED = re.compile(
    r"占(?:同期|当年|本年度?|年度|全年|(?:19|20)\d\d年度?|全部|其|了|到)*(?P<name>[^，。；、\d%]*?)(?:的?(?:比重|比例|比率|份额|百分比)?(?:约|为|达到|达|是|[:：])*)$"
)
_GENERIC = re.compile(r"^(?:比|的|比重|比例|总体|其|总|全年|总额|总量|总数|全部|整体)*$")


_FUND = re.compile(
    "(?:全[市区县省镇]|本[市区县级年])?(?:一般公共预算|公共财政预算|地方一般预算|地方)?(?:财政拨款)?(?:累计)?(?:完成)?"
)
Place = tuple[int, int]
NEAREST = 12
"""How many totals of the whole report a share is tried against."""
_TOTAL_OF = re.compile("(?:总数|总额|总量|总人数|总支出|总收入|合计|总计|总和|总体)$")


def share(part: Fraction, whole: Fraction) -> Fraction:
    return part / whole * 100


def check(report: Report, groups: Sequence[Group]) -> Iterator[Claim]:
    """Every share whose part and whole can be found."""
    parents = {c.figure.at: g.parent for g in reversed(groups) for c in g.children}
    for sentence in report.sentences:
        shares = [s for s in sentence.said if s.role == "share"]
        said_of = _Said(tuple(shares), _parts(sentence, shares), parents)
        made: dict[Place, Trial] = {}
        asked: set[Place] = set()
        for said in shares:
            trials = list(_trials(report, sentence, said, said_of))
            found = judge(said.figure, trials)
            if found:
                verdict, trial = found
                asked.add(said.figure.at)
                if verdict == HOLDS and len(trial.inputs) == 2:
                    made[said.figure.at] = trial
                first = min(
                    (
                        f
                        for f in trial.inputs
                        if f.paragraph == said.figure.paragraph and f.at >= (sentence.paragraph, sentence.start)
                    ),
                    key=lambda f: f.at,
                    default=said.figure,
                )
                start = min(first.start, said.figure.start)
                phrase = (
                    report.between(first, said.figure) if start < said.figure.start else report.words_of(said.figure)
                )
                yield claim_of("share", phrase, said.figure, verdict, trial, _subject(sentence, said), "share-mismatch")
        yield from _same_whole(report, sentence, [s for s in shares if s.figure.at not in asked], said_of, made)
        told = [(s, _part(sentence, s), _whole(sentence, s)[0]) for s in shares]
        yield from hundred.check(report, sentence, told, groups)


def _same_whole(
    report: Report, sentence: Sentence, shares: Sequence[Said], of: _Said, made: Mapping[Place, Trial]
) -> Iterator[Claim]:
    """Shares that nothing has tested, of the whole that another share of the sentence is of."""
    wholes = {t.inputs[1].at: t.inputs[1] for t in made.values() if t.formula is share}
    for said in shares:
        part = of.parts.get(said.figure.at)
        if part is None or len(wholes) != 1 or _whole(sentence, said) != ("", None):
            continue
        whole = next(iter(wholes.values()))
        found = judge(said.figure, [Trial(share, (part.figure, whole), "how-share")])
        if found and whole.at not in (part.figure.at, said.figure.at) and whole.like(part.figure):
            yield claim_of(
                "share",
                report.between(part.figure, said.figure),
                said.figure,
                *found,
                _subject(sentence, said),
                "share-mismatch",
            )


@dataclass(frozen=True)
class _Said:
    """A sentence's shares, the part that each is of by where it stands, and the total that a part belongs to."""

    shares: tuple[Said, ...]
    parts: Mapping[Place, Said]
    parents: Mapping[Place, Said]

    @cached_property
    def exhaustive(self) -> bool:
        """Whether the shares make about a hundred, so that all parts are there."""
        if 93 <= sum((s.figure.value for s in self.shares), Fraction(0)) <= 107:
            return True
        parts = [(self.parts[s.figure.at].figure, s.figure) for s in self.shares if s.figure.at in self.parts]
        whole = add(*(p.value for p, _ in parts))
        right = [s for p, s in parts if whole and abs(p.value / whole * 100 - s.value) <= s.step]
        return len(parts) == len(self.shares) > 1 and len(right) >= len(parts) - 1

    def of_one(self, sentence: Sentence) -> bool:
        """Whether all shares are of one whole by its name, which has no figure here: each 占基本支出."""
        names = {_whole(sentence, s) for s in self.shares}
        name = next(iter(names))[0]
        return len(names) == 1 and len(self.shares) > 1 and not any(s.subject.endswith(name) for s in sentence.levels)

    @cached_property
    def siblings(self) -> dict[Place, Said]:
        return {p.figure.at: p for p in self.parts.values()}


def _parts(sentence: Sentence, shares: Sequence[Said]) -> dict[Place, Said]:
    found = {
        s.figure.at: _together(sentence, s, shares) or _part_after(sentence, s) or _part(sentence, s) for s in shares
    }
    return {at: part for at, part in found.items() if part is not None}


def _subject(sentence: Sentence, said: Said) -> str:
    part = _part(sentence, said)
    return part.subject if part else said.subject


def _part(sentence: Sentence, said: Said) -> Said | None:
    """The level before the word 占 whose share this is."""
    at = said.figure.start - len(said.clause) + max(said.clause.rfind("占"), 0)
    before = [
        s for s in sentence.said if s.figure.end <= at and (s.is_level or s.role == "prior") and s.figure.countable
    ]
    if said.depth:
        inside = [s for s in before if s.depth == said.depth]
        before = inside or [s for s in before if s.depth < said.depth]
    else:
        before = [s for s in before if not s.depth] or before
    return before[-1] if before else None


def _part_after(sentence: Sentence, said: Said) -> Said | None:
    """`基本支出占总支出的83.11%，为1475.43万元`, `占总支出83.11%的基本支出为1475.43万元`: the part behind its share."""
    later = next((s for s in sentence.said if s.figure.start >= said.figure.end), None)
    if later is None or later.part != said.part or not later.is_level or not later.figure.countable:
        return None
    of_name = re.match("的[一-鿿]", later.label) and re.match(r"[\s，、其中]*占", said.clause)
    named = re.match("[\\s，、]*[一-鿿]", said.clause) and not re.match(r"[\s，、其中]*占", said.clause)
    opened = later.depth == said.depth + 1 and not later.label.strip()
    behind = (named and opened) or (
        named and re.fullmatch(r"[\s，、]*(?:为|计|共计?|达|达到|金额为?|即|合计)", later.label)
    )
    return later if of_name or behind else None


def _trials(report: Report, sentence: Sentence, said: Said, of: _Said) -> Iterator[Trial]:
    part = of.parts.get(said.figure.at)
    name, explicit = _whole(sentence, said)
    own = re.split("占", said.clause)[0]
    head = re.sub(r"^[\s、]*(?:其中|而|且|另外)?[:：]?", "", own).strip("，, 的比例所")
    if part is None or (
        head
        and part.figure.end < said.figure.start - len(said.clause)
        and not _same(part, head)
        and len(head) > 1
        and not re.fullmatch(
            "(?:分别|约|各|共|已|其|合计|两者|仅|只|就|所|也|均|合计共|比重|所占比重|所占|所占比例)+", head
        )
    ):
        named = of_head(sentence, said, head, explicit) or _lookup(report, sentence, head)
        part = named or (None if part is None or len(head) > 1 else part)
    part = _part_after(sentence, said) or part
    if part is None:
        return
    if explicit is not None and explicit.like(part.figure):
        yield Trial(share, (part.figure, explicit), "how-share")
        return
    stated_name = bool(name) and not _GENERIC.match(name)
    strong_found = False
    for whole, strong in _wholes(report, sentence, said, part, of, name if stated_name else ""):
        strong_found = strong_found or strong
        yield Trial(share, (part.figure, whole.figure), "how-share", strong)
    others = [p.figure for at, p in of.siblings.items() if at != part.figure.at and p.figure.like(part.figure)]
    if others and (not stated_name or _is_general(name) or of.of_one(sentence)):
        inputs = (part.figure, _joined(others))
        yield Trial(share_of_both, inputs, "how-share-of-sum", not strong_found and of.exhaustive)


def _is_general(name: str) -> bool:
    """Whether a name is that of a total, of whatever it is."""
    return bool(pattern("whole-name").fullmatch(name) or _TOTAL_OF.search(name))


def _joined(figures: Sequence[Figure]) -> Figure:
    """Several figures as one: their sum, as uncertain as they are together."""
    value, step = add(*(f.value for f in figures)), add(*(f.step for f in figures))
    approx = next((f.approx for f in figures if not f.plain), "")
    return replace(figures[0], text="、".join(f.text for f in figures), value=value, step=step, approx=approx)


def share_of_both(part: Fraction, rest: Fraction) -> Fraction:
    return part / (part + rest) * 100


def _together(sentence: Sentence, said: Said, shares: Sequence[Said]) -> Said | None:
    """The part of a share that stands in `分别占60%和40%`: the last levels before, in their order."""
    if "分别" not in sentence.text or "占" not in sentence.text:
        return None
    run = [s for s in shares if s.part == said.part]
    starts = [k for k, s in enumerate(run) if re.search("分别", s.clause) and re.search("占|比重", s.clause)]
    if not starts:
        return None
    run = run[starts[0] :]
    if said not in run:
        return None
    first = run[0].figure
    cut = sentence.text.rfind("分别", 0, first.start - sentence.start) + sentence.start
    levels = [s for s in sentence.said if s.figure.end <= cut and s.is_level and s.figure.countable]
    levels = [s for s in levels if not pattern("whole-name").fullmatch(s.subject)] if len(levels) > len(run) else levels
    return levels[-len(run) :][run.index(said)] if len(levels) >= len(run) > 1 else None


def _whole(sentence: Sentence, said: Said) -> tuple[str, Figure | None]:
    """The name of the whole after 占, and its figure where one stands there."""
    clause = said.clause
    after = clause[clause.rfind("占") :] if "占" in clause else ""
    start = said.figure.start - len(after)
    inside = [s.figure for s in sentence.said if s.figure.start >= start and s.figure.end <= said.figure.start]
    explicit = next((f for f in reversed(inside) if f.countable), None)
    if explicit:
        return "", explicit
    found = _NAMED.search(after)
    name = YEAR.sub("", found["name"]) if found else ""
    return re.sub("(?:的|比重|比例|比率|金额|数额)+$", "", name), None


def _same(said: Said, name: str) -> bool:
    return bool(said.subject) and (said.subject in name or name in said.subject)


def _lookup(report: Report, sentence: Sentence, name: str) -> Said | None:
    """The level of a name, in the sentence, else before it, else anywhere."""
    name = re.sub(r"(?:的)?(?:资金|金额|数量|人数)?$", "", name)
    if len(name) < 2:
        return None
    found = [s for s in report.named.get(name[-2:], ()) if s.subject.endswith(name) and s.figure.countable]
    if not found and len(name) > 4:
        found = [s for s in sentence.levels if len(s.subject) > 3 and name in (s.subject + "收入", s.subject + "支出")]
    start, end = (sentence.paragraph, sentence.start), (sentence.paragraph, sentence.end)
    later = report.sentences[sentence.index + 1 : sentence.index + 3]
    last = (later[-1].paragraph, later[-1].end) if later else end
    own = [s for s in found if start <= s.figure.at < end]
    before = [s for s in found if s.figure.at < start]
    after = [s for s in found if end <= s.figure.at < last]
    return next(iter([*own, *reversed(before), *after]), None)


def _wholes(
    report: Report, sentence: Sentence, said: Said, part: Said, of: _Said, name: str
) -> Iterator[tuple[Said, bool]]:
    """The candidates for the whole, the surest first, and whether the words bind it.

    The rest of the report is asked only where the sentence and those before it have none.
    """
    here = list(_here(report, sentence, said, part, of, name))
    yield from here
    if any(sure for _, sure in here):
        return
    beside = report.sentences[max(0, sentence.index - 4) : sentence.index + 3]
    named = [s for e in beside for s in e.levels if name in s.label and s.figure.like(part.figure) and s is not part]
    if len(name) > 3 and len({s.figure.value for s in named}) == 1:
        yield named[0], True
    elif not name or _is_general(name):
        yield from ((s, False) for s in report.totals[:NEAREST] if s.figure.like(part.figure))
    elif len(name) > 1:
        found = [s for s in report.named.get(name[-2:], ()) if s.figure.like(part.figure) and s.subject.endswith(name)]
        yield from ((s, len(name) >= 4) for s in found[:NEAREST])


def _here(
    report: Report, sentence: Sentence, said: Said, part: Said, of: _Said, name: str
) -> Iterator[tuple[Said, bool]]:
    whole_name = pattern("whole-name")
    general = not name or _is_general(name)
    parent = of.parents.get(part.figure.at)
    near = [s for s in sentence.levels if s.figure.at != part.figure.at and s.figure.like(part.figure)]
    larger = [s for s in near if s.figure.value >= part.figure.value]
    named = [
        s for s in larger if name and (s.subject.endswith(name) or (len(s.subject) > 2 and name.endswith(s.subject)))
    ]
    yield from ((s, True) for s in named)
    if general and parent is not None:
        yield parent, not named
    before = [s for s in larger if s.figure.end <= said.figure.start and s.measure not in ("balance", "carry")]
    before = [s for s in before if s.figure.at not in of.siblings and not s.label.startswith("、")]
    totals = [
        s for s in larger if whole_name.fullmatch(s.subject) or re.search("合计|总计|总额|共计|(?<!公)共", s.label)
    ]
    if general:
        yield from ((s, parent is None and not named) for s in totals if s is not parent)
        alone = len({s.figure.value for s in before}) == 1 and not totals and parent is None
        yield from ((s, alone) for s in before if s not in totals and s is not parent)
        year = [s for s in larger if s.planned and re.search("全年|年度|总预算", s.label)]
        yield from ((s, parent is None and not before and not totals and len(year) == 1) for s in year)
    else:
        yield from ((s, False) for s in before)
        if parent is not None:
            yield parent, _compatible(parent.subject, name) or of_stem(sentence, parent, name)
    for k, earlier in enumerate(report.before(sentence, 4)):
        for s in reversed(earlier.levels):
            if s.figure.like(part.figure) and s.figure.value >= part.figure.value:
                fits = bool(whole_name.fullmatch(s.subject)) if general else s.subject.endswith(name)
                first = parent is None and not totals and not named and not before and k < 2
                yield s, first and fits


def _compatible(subject: str, name: str) -> bool:
    one, other = _FUND.sub("", subject), _FUND.sub("", name)
    return bool(subject) and (subject.endswith(name) or name.endswith(subject) or (one == other != ""))

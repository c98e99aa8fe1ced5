"""Levels now and before: 由 … 增加到 …, 比上年的 …, 上年为 …, and whose change a figure says."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from reconcile.claims.figure import Figure
from reconcile.claims.roles import JOINED, Said, pattern
from reconcile.claims.text import Report, Sentence

TIMES = ("hours", "days", "workdays", "minutes", "months", "years")
MAIN = ("money", "count", "area", "acres", "length", "weight", "volume", "energy", "density", *TIMES)
_BASIS = re.compile("比|较|同比|环比|相比|对比")
_FROM = re.compile(
    r"(?:由|从|自)[^，。；至到]{0,16}$|(?:由|从)(?:原来|原先|原|此前|改革前|法定)[^，。；]{0,10}$|(?:原来|原先|原需|原有|原为|原)[^，。；]{0,10}$"
)
BASE = re.compile(
    r"(?:由|从)(?:原来|原先|原有?|此前|法定|上年|去年)?的?$|(?:原有|原来|原先|原为|原需)[^，。；\d]{0,6}$|[减缩改调]前的?(?:为|是)?$"
)
"""The words before a level that a change is taken from: `由260项删减109项`."""
_OPEN = re.compile(
    r"^[\s、]*(?:(?:同比|环比|比|较|与|相比|增|减|下降|上升|提高|降低|压缩|压减|缩短|精简|提速|降幅|增幅|净|约|实现|共|累计|总体|办理|审批|整体|平均|合计|其中)|(?:19|20)\d\d年)"
)

_COMPARED_LEAD = re.compile(
    r"\s*(?:(?:与|和|同)(?:上年|去年|(?:19|20)\d\d年(?:度)?)(?:度|同期)?(?:决算数?)?(?:相比|比较|对比|比)|(?:比|较)(?:上年|去年|(?:19|20)\d\d年)|同比)"
)

_BEFORE = re.compile(
    r"(?:19|20)\d\d年?度?|由|从|原来|原先|原|上年度?|去年|同期|法定|承诺|规定|改革前|压缩前|目前|现在|的"
)
_YEARS_EACH = re.compile(r"((?:(?:19|20)\d\d年?(?:度)?[、和与及]?){2,})[^，。\d]{0,12}分别[^，\d]{0,10}$")


@dataclass(frozen=True)
class Move:
    """A level now and before, as the words give them; `sure` where the words say which is which."""

    after: Said
    before: Said
    sure: bool
    year: int = 0
    since: int = 0


def moves(report: Report, sentence: Sentence) -> list[Move]:
    """Pairs of a level before and after: 由 … 增加到 …, 比上年的 …, 上年为 …."""
    found: list[Move] = []
    said = [s for s in sentence.said if s.figure.dimension in MAIN and s.role in ("level", "after", "prior")]
    for one, other in itertools.pairwise(said):
        if not same_kind(one.figure, other.figure):
            continue
        from_ = _FROM.search(one.label) or (one.role == "prior" and re.search("由|从", one.label))
        to = other.role == "after" or re.search(
            r"(?:至|到|为|成|现在|目前|仅需|只需|现)(?:的|了|现在|目前)*$", other.label
        )
        if from_ and to and one.part == other.part:
            found.append(Move(other, one, True))
    for prior in said:
        if prior.role != "prior" or any(m.before is prior for m in found):
            continue
        levels = [s for s in said if s.role != "prior" and s.figure.like(prior.figure)]
        before = [s for s in levels if s.figure.end <= prior.figure.start and s.part == prior.part]
        after = [s for s in levels if s.figure.start > prior.figure.end and s.part == prior.part]
        close = _BASIS.search(prior.clause) and before
        pick = before[::-1] if close or (before and not after) else after or before[::-1]
        found += [Move(s, prior, k == 0) for k, s in enumerate(pick)]
    found += _of_years(report, sentence, said)
    found += _of_basis(sentence, said)
    return found


def same_kind(one: Figure, other: Figure) -> bool:
    return one.like(other) or (
        one.dimension in ("days", "workdays") and other.unit == "个" and other.dimension == "count"
    )


def _of_years(report: Report, sentence: Sentence, said: Sequence[Said]) -> list[Move]:
    """`2019年支出100万元, 2020年支出120万元`: the earlier year is before."""
    dated = []
    for s in said:
        years = [
            d.figure.day[0]
            for d in sentence.said
            if d.role == "date"
            and d.figure.day[0]
            and d.figure.end <= s.figure.start
            and d.figure.end >= s.figure.start - len(s.clause)
        ]
        if years and s.role != "prior":
            dated.append((years[-1], s))
        each = _years_each(sentence, s)
        if each:
            run = [x for x in said if x.figure.start >= s.figure.start and x.figure.like(s.figure)][: len(each)]
            if len(run) == len(each):
                dated = list(zip(each, run, strict=True))
                break
    out, listed = [], any(_years_each(sentence, s) for _, s in dated)
    for (y1, a), (y2, b) in itertools.combinations(dated, 2) if listed else itertools.pairwise(dated):
        named = listed or (abs(y1 - y2) == 1 and _same_name(a.subject, b.subject))
        if a.figure.like(b.figure) and named and y1 != y2:
            sure = abs(y1 - y2) == 1
            out.append(Move(b, a, sure, y2, y1) if y2 > y1 else Move(a, b, sure, y1, y2))
    return out


_YEARS_THROUGH = re.compile(
    r"((?:19|20)\d\d)年?(?:度)?[至到—-]+((?:19|20)\d\d)年(?:度)?[^。；\d]{0,14}分别[^，\d]{0,6}$"
)


def _years_each(sentence: Sentence, said: Said) -> list[int]:
    """The years whose figures stand in a row from this one: `2020年、2021年分别为`, `2020年至2022年，…分别为`."""
    if names := _YEARS_EACH.search(said.clause):
        return [int(y) for y in re.findall(r"(?:19|20)\d\d", names[1])]
    through = _YEARS_THROUGH.search(sentence.text[: said.figure.start - sentence.start])
    return list(range(int(through[1]), int(through[2]) + 1)) if through else []


def _same_name(one: str, other: str) -> bool:
    return one.endswith(other) or other.endswith(one)


def _of_basis(sentence: Sentence, said: Sequence[Said]) -> list[Move]:
    """`800万元，较2019年增长8.11%（2019年为740万元）`: the level of the year that is compared with is before."""
    plain = [
        (d.figure, d.clause) for d in sentence.said if d.role == "date" and d.figure.day[0] and not d.figure.day[1]
    ]
    years = {f.day[0] for f, clause in plain if re.search("(?:比|较|与|和)$", clause)}
    out = []
    for f, clause in plain:
        if f.day[0] not in years or re.search("(?:比|较|与|和)$", clause):
            continue
        before = next((s for s in said if s.figure.start >= f.end and f.start >= s.figure.start - len(s.clause)), None)
        if before is None:
            continue
        levels = [s for s in said if s is not before and s.figure.like(before.figure)]
        levels = [s for s in reversed(levels) if s.figure.end <= f.start] or levels
        out += [Move(s, before, k == 0) for k, s in enumerate(levels)]
    return out


def own_levels(sentence: Sentence, said: Said) -> list[Said]:
    """The levels whose change a figure may say, the nearest before it first."""
    levels = [
        s
        for s in sentence.said
        if s.role in ("level", "after") and s.figure.dimension in MAIN and s.measure not in ("increase", "decrease")
    ]
    inner = [s for s in levels if s.figure.end <= said.figure.start and s.part == said.part and s.depth <= said.depth]
    return inner[::-1] or [s for s in levels if s.figure.end <= said.figure.start][::-1]


def told_before(report: Report, sentence: Sentence, said: Said) -> list[Said]:
    """`收入总计…，支出总计…。与上年相比，收、支总计各增加…`: the total of the sentence before, where it has one alone and
    this sentence has none of its own."""
    if any(s.is_level and s.figure.like(said.figure) for s in sentence.beside(said)) or not _COMPARED_LEAD.match(
        sentence.text
    ):
        return []
    earlier = [e for e in report.before(sentence) if e.paragraph == sentence.paragraph]
    totals = [s for e in earlier for s in e.levels if s.figure.like(said.figure) and not s.planned and s.figure.plain]
    named = [s for s in totals if re.search("总计|合计|总额", s.label)]
    found = named if re.search("总计|合计|总额", said.clause) else totals
    return found[:1] if len({s.figure.value for s in found}) == 1 else []


def respective(sentence: Sentence, said: Said) -> Said | None:
    """The level that a figure of a 分别 is of: of `游客422万人次，收入17.6亿元，分别增长29.5%和35.1%` the first of the first."""
    at = sentence.said.index(said)
    first = at
    while first > 0 and JOINED.fullmatch(sentence.said[first].label):
        first -= 1
    last = at + 1
    while last < len(sentence.said) and JOINED.fullmatch(sentence.said[last].label):
        last += 1
    start = sentence.said[first]
    if "分别" not in start.label or last - first < 2:
        return None
    levels = [s for s in sentence.levels if s.figure.end <= start.figure.start and s.figure.dimension in MAIN]
    levels = levels[-(last - first) :]
    return levels[at - first] if len(levels) == last - first else None


def of_years_named(sentence: Sentence, pairs: list[Move], said: Said) -> list[Move]:
    """The pairs of the years that a clause names, `2022年比2021年增长`, where it names two; else the latest first."""
    named = sorted({int(y) for y in re.findall(r"((?:19|20)\d\d)年", said.clause)})
    if of := respective(sentence, said):
        return [m for m in pairs if m.after is of]
    ordered = sorted(pairs, key=lambda m: -m.year)
    if len(named) != 2:
        return ordered
    both = [replace(m, sure=True) for m in ordered if (m.since, m.year) == tuple(named)]
    return both or [m for m in ordered if m.year == named[-1]] or ordered


def apart(said: Said, first: Said) -> bool:
    """Whether a pair after a figure has a name of its own: `申请材料减少30%，跑动次数由3次减为1次`."""
    name = _BEFORE.sub("", first.subject) if first.figure.start > said.figure.end else ""
    return len(name) > 1 and not set(name) & set(said.clause)


def bound(sentence: Sentence, said: Said, level: Said) -> bool:
    """Whether the change is that of a level: its clause names no other subject."""
    clause = re.sub(r"\([^()]*\)", "", said.clause)
    if level.figure.start >= said.figure.start - len(said.clause):
        return True
    lead = re.sub(r"^(?:其中|而|且|并|也|均|即|但|[:：\s、])+", "", clause)
    if not lead or _OPEN.match(lead) or pattern("change-up").match(lead) or pattern("change-down").match(lead):
        return True
    name = re.split(
        "同比|环比|比|较|增|减|下降|上升|提高|提升|加快|提速|降低|压缩|缩短|压减|节约|节省|核减|审减", lead
    )[0]
    name = re.sub(r"(?:19|20)\d\d年度?|今年|本年度?|当年|时限|时间|年", "", name).strip("，, 了的")
    return (
        not name
        or name in level.clause
        or (bool(level.subject) and (level.subject.endswith(name) or name.endswith(level.subject)))
        or bool(
            re.fullmatch(
                "(?:支出|收入|总额|总量|金额|数量|人数|办件量|决算数?|办理|审批|材料|环节|总体|整体|效率|速度|效能|办事)+",
                name,
            )
        )
    )

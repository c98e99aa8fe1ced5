"""Totals before their parts: 其中, 包括, 由 … 组成, a colon; in brackets, and one within another."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from reconcile.claims.complete import is_open, named_wholly
from reconcile.claims.figure import add
from reconcile.claims.flows import is_flow
from reconcile.claims.group import PARTLY, SUMMED, Group, clash
from reconcile.claims.roles import Said, pattern
from reconcile.claims.text import Report, Sentence

_TOTAL = re.compile("总计|合计|总额|决算|总收入|总支出")
_OF_WHICH = re.compile("的[一-鿿]{0,6}中[，,:]?|中[，,:]|[，,]?按[一-鿿]{2,8}分[类]?(?:[:：]|，)")
_USED_FOR = re.compile(
    "[，,]?(?:分别|全部)?用于(?=[^，。；]*\\d[^，。；]*、[^，。；]*\\d[^，。；]*(?:[。；]|$))|[，,:](?=一是[^。]*二是)"
)
_COMPOSED = re.compile("由(?=[^。]*(?:组成|构成))")


def _markers(sentence: Sentence, plain: str) -> list[tuple[int, int, str]]:
    """(start, end, word) of the words after which the parts of a total stand."""
    text = plain[sentence.start : sentence.end]
    found = [(m.start(), m.end(), m[0]) for p in (pattern("within"), _COMPOSED) for m in p.finditer(text)]
    levels = sentence.levels
    for level in levels:
        after = text[level.figure.end - sentence.start : level.figure.end - sentence.start + 3]
        mark = (
            re.match(r"\s*(?::|——|--)", after)
            or _USED_FOR.match(text, level.figure.end - sentence.start)
            or _OF_WHICH.match(text, level.figure.end - sentence.start)
        )
        if mark:
            at = level.figure.end - sentence.start
            found.append((at, at + len(mark[0]), "用于" if "用于" in mark[0] else ":"))
        opened = re.match(r"\s*\(", text[level.figure.end - sentence.start :])
        if opened and _made_of(sentence, level, level.figure.end + opened.end(), plain):
            at = level.figure.end + opened.end() - sentence.start
            found.append((at, at, "("))
    return sorted((a + sentence.start, b + sentence.start, w) for a, b, w in found)


_NO_PARTS = re.compile("其中|包括|包含|含|上年|去年|分别|每|比|较|预算|同期|即|折合|合计|共计")


def _made_of(sentence: Sentence, level: Said, start: int, plain: str) -> bool:
    """Whether a bracket behind a total has nothing but its parts: `在职人员59人（行政26人、事业33人）`."""
    close = _closing(plain, start, sentence.end)
    inside = [s for s in sentence.said if start <= s.figure.start < close]
    alike = all(s.is_level and s.figure.like(level.figure) and s.label.strip(" ,，、;；") for s in inside)
    total = _sum(inside)
    near = level.figure.value / 3 < total < 3 * level.figure.value
    return len(inside) > 1 and alike and near and not _NO_PARTS.search(plain[start:close])


def options_within(report: Report, sentence: Sentence) -> Iterator[list[Group]]:
    plain = report.plain[sentence.paragraph - 1]
    markers = _markers(sentence, plain)
    for k, (start, end, word) in enumerate(markers):
        if (
            word in ("分别为", "分别是", "包括", "包含", "含", "具体为", "分为", "涵盖")
            and not any(s.figure.end <= start and start - s.figure.end <= 12 for s in sentence.levels)
            and (
                sentence.levels[:1] == [s for s in sentence.levels if s.figure.end <= start][:1]
                or start - sentence.start > 2
            )
        ):
            continue  # 基本支出、项目支出分别为 … names no total
        depth = plain.count("(", sentence.start, start) - plain.count(")", sentence.start, start)
        if word == "含" and depth <= 0:
            continue
        parents = _parents(report, sentence, start, depth)
        if not parents:
            continue
        close = _closing(plain, end, sentence.end) if depth > 0 else sentence.end
        later = [m for m in markers[k + 1 :] if m[0] < close and m[2] not in ("含", ":")]
        own = [s for s in sentence.levels if end <= s.figure.start < close and s.depth >= depth]
        stop = _stop(plain, own, parents[0])
        more, close = stop < close and plain[stop - 1] == "等", min(close, stop)
        own, later = [s for s in own if s.figure.start < close], [m for m in later if m[0] < close]
        if any(is_flow([s for s in own if s.figure.like(p.figure)]) for p in parents):
            continue
        if own and not depth and not any(p.figure.like(own[0].figure) for p in parents):
            alike = [
                s for s in sentence.levels if s.figure.end <= start and s.figure.like(own[0].figure) and not s.depth
            ]
            parents = alike[-1:] if len(alike) == 1 else parents
        parents = _large_enough(sentence, parents, own, start)
        rest = re.search("其余|其他(?:为|人员|用于)", plain[own[-1].figure.end : sentence.end]) if own else None
        partly = (
            word == "含"
            or rest is not None
            or more
            or bool(own and PARTLY.search(plain[max(sentence.start, start - 3) : own[0].figure.start]))
        )
        options: list[Group] = []
        nested = depth == 0 and any(m[2] != ":" for m in markers[:k])
        unread = list(parents)
        for children, at_comma in _readings(plain, own, later, end, close, depth, nested):
            ending = plain[children[-1].figure.end : children[-1].figure.end + 3] if children else ""
            some = partly or bool(re.match("[^，。；]{0,2}等", ending))
            for parent in parents:
                first = parent in unread and not _parted_twice(parent, children)
                unread = [p for p in unread if not (first and p is parent)]
                for g in _fitting(parent, children, some, first, not at_comma):
                    unsaid = not some and is_open(sentence, plain[start:end], start, parent, g.children)
                    options.append(replace(g, open=unsaid, strong=g.strong and not _of_wider(sentence, g, start)))
        by_kind: dict[tuple[str, str], list[Group]] = {}
        for g in options:
            by_kind.setdefault((g.parent.figure.dimension, g.parent.figure.kin), []).append(g)
        whole = any(len(g.children) > 1 and g.parent.figure.value == _sum(g.children) for g in options)
        for groups in by_kind.values():
            yield [replace(g, open=g.open and not (whole and len(by_kind) > 1)) for g in groups]


_KIND = re.compile("(?:基本|项目|经营|人员|公用)(?:支出|经费)$|(?:货物|工程|服务)(?:类|支出|采购)?$")
_BESIDES = re.compile("另有|另设|此外|不计入|不含")
_YEAR_AFTER = re.compile("；?(?:(?:19|20)\\d\\d年|上年|去年|次年)")
_AND_MORE = re.compile("[^，。；、\\d]{0,2}等(?![额级次值])")


def _stop(plain: str, own: Sequence[Said], parent: Said) -> int:
    """Where a list is over before its sentence is: behind `…元等`, or where what the total is parted from begins, as 公用经费
    behind the parts of 人员经费."""
    for one, other in itertools.pairwise((parent, *own)):
        more = _AND_MORE.match(plain, one.figure.end) if one is not parent else None
        if more:
            return more.end()
        if _BESIDES.search(other.label):
            return one.figure.end
        at = plain.find("；", one.figure.end, other.figure.start)
        dated = own and _YEAR_AFTER.search(plain, parent.figure.end, own[0].figure.start)
        if at >= 0 and one is not parent and not dated and _YEAR_AFTER.match(plain, at):
            return at
        ends = _ONLY.fullmatch(other.subject) and own and not _ONLY.fullmatch(own[0].subject)
        if at >= 0 and one is not parent and other.spent and ends:
            return at  # 其中项目预算3个共420万元；实际支出1232万元
        kinds = all(_KIND.search(s.subject) for s in (parent, other)) and named_wholly((parent, other))
        if other.part > one.part and kinds:
            return plain.rfind("；", 0, other.figure.start)
    return len(plain)


def _parted_twice(parent: Said, children: Sequence[Said]) -> bool:
    """Whether parts are too much for one parting: `1000万元，其中财政拨款950万元；基本支出700万元；项目支出300万元`."""
    like = [c for c in children if c.figure.like(parent.figure)]
    whole = parent.figure.value
    return len(like) > 1 and 2 * _sum(like) > 3 * whole > 3 * max(c.figure.value for c in like)


def _sum(said: Sequence[Said]) -> Fraction:
    return add(*(s.figure.value for s in said))


def _large_enough(sentence: Sentence, parents: list[Said], own: list[Said], start: int) -> list[Said]:
    """The total before a remark on it: `在校学生34600人，专任教师2421人，其中小学生18600人，初中生9800人 …`."""
    most = max((s.figure.value for s in own), default=Fraction(0))
    if len(own) < 2 or len(parents) != 1 or most <= 2 * parents[0].figure.value:
        return parents
    before = [s for s in sentence.levels if s.figure.end <= start and s.figure.like(own[0].figure) and not s.depth]
    return [s for s in before if s.figure.value >= most][-1:] or parents


def _of_wider(sentence: Sentence, group: Group, start: int) -> bool:
    """Whether one part is larger than a level that is new, and fits the level before it: `增加到156项，新增36项，其中网办130项`."""
    if len(group.children) > 1 or group.parent.figure.dimension != "count":
        return False
    part = group.children[0].figure
    wider = [s for s in sentence.levels if s.figure.end <= start and s is not group.parent and s.figure.like(part)]
    return part.value > group.parent.figure.value and any(s.figure.value >= part.value for s in wider)


_GAP = re.compile("(?:超过|大于|小于|少于|高于|低于|超出)[一-鿿]{2,6}$")


def _parents(report: Report, sentence: Sentence, start: int, depth: int) -> list[Said]:
    before = [
        s
        for s in sentence.levels
        if (s.figure.end <= start and s.depth <= max(depth - 1, 0))
        or (s.figure.end <= start and s.depth == depth and depth == 0)
    ]
    before = [s for s in before if s.figure.dimension in SUMMED]
    last = [s for s in sentence.said if s.figure.end <= start and s.figure.dimension in SUMMED][-1:]
    if last and last[0].role == "change" and start - last[0].figure.end <= 2:
        return []  # 较年初减少50万元，其中 … tells of the change
    if before and _GAP.search(before[-1].label):
        return []  # 支出超过收入23万元，其中收入…
    if before:
        return before[::-1][:1] if depth or len(before) == 1 else [*_closest(before), *_measured_twice(before)]
    text = report.plain[sentence.paragraph - 1][sentence.start : start]
    if len(re.sub(r"[\s\W]", "", text)) > 6:
        return []
    for earlier in report.before(sentence, 2):
        found = [s for s in earlier.levels if s.figure.dimension in SUMMED and s.depth == 0]
        if found:
            return found[::-1]
    return []


def _closest(before: Sequence[Said]) -> list[Said]:
    """The last amount before the word; the one before it too where the last is a remark on it (比上年增加, 完成预算)."""
    return [before[-1]] if before[-1].measure not in ("increase", "decrease", "balance") else [*before[::-1][:3]]


def _measured_twice(before: Sequence[Said]) -> list[Said]:
    """The other measure of what the last figure measures: 52批次 of `国内公务接待52批次、435人次，其中…`."""
    one, other = before[-2:]
    counts = one.figure.dimension == other.figure.dimension == "count"
    return [one] if _beside(other) and counts and not one.figure.like(other.figure) else []


def _beside(said: Said) -> bool:
    """Whether a figure has no words of its own: `148人次` of `16批次、148人次`."""
    return bool(re.fullmatch(r"[\s，、,(]*(?:共|计|共计|累计|合计)?", said.label))


def _closing(plain: str, start: int, end: int) -> int:
    """Where the bracket that is open at `start` closes."""
    open_ = 1
    for i in range(start, end):
        open_ += (plain[i] == "(") - (plain[i] == ")")
        if not open_:
            return i
    return end


def _readings(
    plain: str, own: list[Said], later: list[tuple[int, int, str]], start: int, close: int, depth: int, nested: bool
) -> list[tuple[list[Said], bool]]:
    """Which amounts may be the parts, the likeliest first, and whether a mere comma ends them.

    They run to where another total begins, else to the end; or else to any comma or semicolon.  Those of a word within
    (其中 of 其中) are left out, up to the semicolon, the end, or a comma.  Last come those behind a semicolon alone, which
    part the total another way.
    """
    flat = [s for s in own if s.depth == depth]
    semis = [m.start() for m in re.finditer("[；;]", plain[:close]) if m.start() > start]
    commas = [m.start() for m in re.finditer("，", plain[:close]) if m.start() > start]
    first = next((p for p in semis if nested or _begins_total(plain, p, close, own, later)), close)
    stops = list(dict.fromkeys([first, close, *reversed(semis), *(m[0] for m in later), *reversed(commas)]))[:16]
    spans: list[list[tuple[int, int]]] = [[]]
    for begin, end, _ in later:
        if plain.count("(", start, begin) > plain.count(")", start, begin):
            ends = [_closing(plain, end, close)]
        else:
            ends = [*[p for p in semis if p > end][:1], close, *[p for p in commas if p > end][:4]]
        spans = [[*s, (begin, e)] for s in spans for e in dict.fromkeys(ends)][:24]
    out: list[tuple[list[Said], bool]] = []
    for span in spans:
        for stop in stops:
            children = [s for s in flat if s.figure.start < stop and not any(a <= s.figure.start < b for a, b in span)]
            if children and not any(children == known for known, _ in out):
                out.append((children, stop in commas))
    parts = sorted({s.part for s in flat})
    return [*out, *(([s for s in flat if s.part >= p], True) for p in parts[1:])]


def _begins_total(plain: str, at: int, close: int, own: list[Said], later: list[tuple[int, int, str]]) -> bool:
    """Whether the piece after a semicolon begins another total with parts of its own."""
    end = min((m.start() + at + 1 for m in re.finditer("[；;]", plain[at + 1 : close])), default=close)
    heads = [s for s in own if at < s.figure.start < end]
    return bool(heads and _TOTAL.search(heads[0].label) and any(heads[0].figure.end <= m[0] < end for m in later))


_TRAIT = re.compile("年龄|岁|学历|本科|研究生|职称|党员|少数民族")


def _fitting(parent: Said, children: Sequence[Said], partial: bool, sure: bool, tail: bool) -> Iterator[Group]:
    like = [c for c in children if c.figure.like(parent.figure) and c.figure.at != parent.figure.at]
    if parent.figure.upper is not None:
        return
    kinds = {c.measure == "actual" for c in like if c.figure.dimension == "count"}
    sure = sure and len(kinds) < 2  # 网上申请860件，当场办结1100件: two ways to part them
    counts = [c for c in children if c.figure.dimension == parent.figure.dimension == "count" and not c.figure.spelled]
    twice = len(like) > 1 and len(counts) == 2 * len(like) and all(map(_beside, counts[1::2]))
    if len(like) < len(counts) == len(children) and not twice:
        if all(c.figure.plain and not clash(parent, c) for c in counts):
            alike = _sum(counts) * 3 < parent.figure.value * 4
            yield Group(parent, tuple(counts), partial, sure and alike)
        sure = False  # 来信126件、来访85批次: counted in units of their own
    if not like:
        return
    aside: tuple[str, ...] = ("decrease", "over") if parent.planned else ("increase", "decrease", "over")
    aside = () if parent.measure in aside else aside
    fit = [c for c in like if not clash(parent, c) and c.measure not in aside]
    if len(fit) < 2 <= len(like) and not parent.planned and all(not clash(parent, c) for c in like):
        fit = like  # 其中收回2.30万元、调整1.60万元
    heads: list[Said] = []
    for c in fit:
        if twice or not heads or c.part != heads[-1].part or (c.subject and not _measure_only(c)):
            heads.append(c)
    total = _sum(heads)
    if parent.figure.dimension == "count" and total < parent.figure.value * 6 / 10:
        sure = False  # 企业326家，其中亿元以上86家、上市3家: some of them
    if len(heads) > 1 and any(c.figure.value > 2 * parent.figure.value for c in heads):
        sure = False  # 重点楼宇23家，其中12家已挂牌，新增企业5600家
    if len(heads) > 1 and "民生" in heads[0].label and re.search("教育|卫生|医疗", heads[1].label):
        sure = False  # 其中民生支出10.2亿元，教育支出2.86亿元: the one is of the other
    traits = [bool(_TRAIT.search(c.label)) for c in heads]
    sure = sure and (all(traits) or not any(traits))
    chain = parent.planned and any(c.measure == "decrease" for c in like)
    strong = sure and not chain and all(c.figure.plain for c in heads) and parent.measure != "carry"
    for option in (heads, fit, like):
        if option:
            named = option is not like
            yield Group(parent, tuple(option), partial, strong and named, tail and named and not chain)


_ONLY = re.compile(
    r"^(?:实际|全年|本年|累计|已|当年|年末)?(?:支出|预算|决算|执行|安排|完成|支付|使用|结余|结转|收入|到位|指标)(?:数|额|决算|预算|金额|完成|执行|安排|支付|使用)*$"
)


def _measure_only(said: Said) -> bool:
    """Whether the words name only a kind of amount, so that the subject is that of the figure before."""
    return bool(_ONLY.match(said.subject)) if said.subject else True

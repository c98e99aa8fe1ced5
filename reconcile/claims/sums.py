"""Parts against their total: 其中, 合计, lists of items, and sums that are written out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from reconcile.claims.claim import FAILS, HOLDS, Claim, Trial, claim_of, judge
from reconcile.claims.figure import Figure
from reconcile.claims.roles import Said, pattern
from reconcile.claims.text import Listing, Report, Sentence

SUMMED = ("money", "score", "count", "area", "acres", "length", "weight", "hours", "days", "workdays")
_NOUN = "(?:资金|支出|费用|金额|收入|经费|款项|投入|安排|支付|使用|发放|人数|数量|总数|拨付|到位|下达|完成|办理|受理|开展|举办)?"
_COUNT = "(?:[一二两三四五六七八九十]+|\\d+)(?:项|者|类|笔|部分|个项目|个|家|块|种)?"
_BARE_SUM = re.compile(
    rf"^[\s、，和及]*(?P<year>全年|本年度?|当年|年度)?(?:以上|上述|前述|本项目|各项|全部)?(?P<many>{_COUNT})?{_NOUN}{_NOUN}(?:合计|共计|总计|合共|总共|一共|共|累计|总额|总金额|相加|之和|总)"
    rf"{_NOUN}{_NOUN}(?:数|额)?(?:约|为|是|达到|达|[:：])*$"
)
_WHOLE = re.compile(r"^(?:其)?(?:总支出|总收入|支出总额|收入总额|支出总计|收入总计|支出合计|收入合计|总额|总数|合计数|总人数|总经费|总投入|资金总额|总金额|总量)(?:约|为|是|达到|达|[:：])*$")
_COMPOSED = re.compile("由(?=[^。]*(?:组成|构成))")
_PARTLY = re.compile("主要|重点|部分|尤其|特别|例如|比如")
_SUM_OF = {"fee": None}


@dataclass(frozen=True)
class Group:
    """A total and its parts.  `partial`: the words say that not all parts are listed."""

    parent: Said
    children: tuple[Said, ...]
    partial: bool = False
    strong: bool = True


def add(*values: Fraction) -> Fraction:
    return sum(values, Fraction(0))


def check(report: Report) -> tuple[list[Claim], list[Group]]:
    """Every claim of a sum, and the groups of total and parts that other checks may rely on."""
    claims: list[Claim] = []
    groups: list[Group] = []
    seen: set[tuple[tuple[int, int], ...]] = set()
    for listing in report.listings:
        for claim, group in _of_list(report, listing):
            claims.append(claim)
            groups.append(group)
    taken = {c.at for g in groups for c in (g.parent.figure, *(x.figure for x in g.children))}
    for sentence in report.sentences:
        for options in (*_within(report, sentence), *_after(report, sentence), *_pairs(report, sentence)):
            done = _decide(report, options)
            if done is None:
                continue
            claim, group = done
            key = (group.parent.figure.at, *sorted(c.figure.at for c in group.children))
            if key in seen or (claim.verdict == FAILS and group.parent.figure.at in taken):
                continue
            seen.add(key)
            claims.append(claim)
            groups.append(group)
    return claims, groups


def _decide(report: Report, options: Sequence[Group]) -> tuple[Claim, Group] | None:
    """The reading that ties, else a tail, else the first reading where it fails."""
    whole = [g for g in options if len(g.children) > 1 and not g.partial]
    if whole:
        stated = whole[0].parent.figure
        by_parent: dict[tuple[int, int], list[Group]] = {}
        for g in whole:
            by_parent.setdefault(g.parent.figure.at, []).append(g)
        outcomes = []
        for several in by_parent.values():
            trials = [Trial(add, tuple(c.figure for c in g.children), "how-sum", g.strong) for g in several]
            found = judge(several[0].parent.figure, trials)
            if found:
                outcomes.append((found, several[trials.index(found[1])]))
        if outcomes:
            (verdict, trial), group = min(outcomes, key=lambda o: ("holds", "rounding", "fails").index(o[0][0]))
            stated = group.parent.figure
            return _claim(report, group, stated, verdict, trial), group
    for g in options:
        if g.parent.figure.plain and g.children and (g.partial or len(g.children) == 1):
            trial = Trial(add, tuple(c.figure for c in g.children), "how-part-of")
            reach = sum((c.figure.bounds[0] for c in g.children), Fraction(0))
            known = all(c.figure.plain for c in g.children)
            if known and reach > g.parent.figure.bounds[1] and g.strong:
                return _claim(report, g, g.parent.figure, FAILS, trial), g
    return None


def _claim(report: Report, group: Group, stated: Figure, verdict: str, trial: Trial) -> Claim:
    first = min((stated, *trial.inputs), key=lambda f: f.at)
    last = max((stated, *trial.inputs), key=lambda f: f.at)
    phrase = report.between(first, last) if first.paragraph == last.paragraph else report.words_of(stated)
    if last.paragraph != stated.paragraph:
        phrase = report.words_of(stated)
    return claim_of("sum", phrase, stated, verdict, trial, group.parent.subject, code="claim-mismatch")


# totals that come before their parts ---------------------------------------------------------------------------


def _markers(sentence: Sentence, plain: str) -> list[tuple[int, int, str]]:
    """(start, end, word) of the words after which the parts of a total stand."""
    text = plain[sentence.start : sentence.end]
    found = [(m.start(), m.end(), m[0]) for p in (pattern("within"), _COMPOSED) for m in p.finditer(text)]
    levels = sentence.levels
    for level in levels:
        after = text[level.figure.end - sentence.start : level.figure.end - sentence.start + 3]
        mark = re.match(r"\s*(?::|——|--)", after)
        if mark:
            at = level.figure.end - sentence.start
            found.append((at, at + mark.end(), ":"))
    return sorted((a + sentence.start, b + sentence.start, w) for a, b, w in found)


def _within(report: Report, sentence: Sentence) -> Iterator[list[Group]]:
    plain = report.plain[sentence.paragraph - 1]
    markers = _markers(sentence, plain)
    for k, (start, end, word) in enumerate(markers):
        if word in ("分别为", "分别是", "包括", "包含", "含", "具体为", "分为", "涵盖") and not any(
            s.figure.end <= start and start - s.figure.end <= 12 for s in sentence.levels
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
        partly = word == "含" or bool(own and _PARTLY.search(plain[max(sentence.start, start - 3) : own[0].figure.start]))
        options: list[Group] = []
        for children in _readings(plain, own, later, end, close, depth):
            ending = plain[children[-1].figure.end : children[-1].figure.end + 3] if children else ""
            some = partly or bool(re.match("[^，。；]{0,2}等", ending))
            for parent in parents:
                options += _fitting(parent, children, some)
        if options:
            yield options


def _parents(report: Report, sentence: Sentence, start: int, depth: int) -> list[Said]:
    before = [s for s in sentence.levels if s.figure.end <= start and s.depth <= max(depth - 1, 0) or (s.figure.end <= start and s.depth == depth and depth == 0)]
    before = [s for s in before if s.figure.dimension in SUMMED]
    if before:
        return before[::-1][:1] if depth or len(before) == 1 else _closest(before)
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


def _closing(plain: str, start: int, end: int) -> int:
    """Where the bracket that is open at `start` closes."""
    open_ = 1
    for i in range(start, end):
        open_ += (plain[i] == "(") - (plain[i] == ")")
        if not open_:
            return i
    return end


def _readings(
    plain: str, own: list[Said], later: list[tuple[int, int, str]], start: int, close: int, depth: int
) -> list[list[Said]]:
    """Which amounts may be the parts: up to each semicolon or the end, with or without those of a word within."""
    flat = [s for s in own if s.depth == depth]
    stops = [close, *(m.start() for m in reversed(list(re.finditer("[；;]", plain[:close]))) if m.start() > start)]
    stops = [*stops, *(m[0] for m in later)][:12]
    spans: list[list[tuple[int, int]]] = [[]]
    for begin, end, _ in later:
        semi = re.search("[；;]", plain[end:close])
        ends = {end + semi.start() if semi else close, close}
        if plain.count("(", start, begin) > plain.count(")", start, begin):
            ends = {_closing(plain, end, close)}
        spans = [[*s, (begin, e)] for s in spans for e in sorted(ends)][:8]
    out: list[list[Said]] = []
    for span in spans:
        for stop in stops:
            children = [s for s in flat if s.figure.start < stop and not any(a <= s.figure.start < b for a, b in span)]
            if children and children not in out:
                out.append(children)
    return out


_SIDES = {"spend": "out", "actual": "out", "income": "in", "budget": "plan", "original": "plan", "available": "plan", "balance": "left"}


def _clash(parent: Said, child: Said) -> bool:
    """Whether the words say that one is no part of the other: planned and spent, income and spending."""
    one, other = _SIDES.get(parent.measure, ""), _SIDES.get(child.measure, "")
    if not one or not other or one == other:
        return False
    if re.search("总计|合计|总额", parent.label) and other == "left":
        return False
    if one == "plan" and child.measure == "spend" and not re.search("实际|决算", child.label):
        return False
    if other == "plan" and not re.search("预算|计划|指标|批复|概算", child.label):
        return False
    if one == "plan" and other == "in":
        return False
    return not (one == "in" and other == "left")


def _fitting(parent: Said, children: Sequence[Said], partial: bool) -> Iterator[Group]:
    like = [c for c in children if c.figure.like(parent.figure) and c.figure.at != parent.figure.at]
    if not like or not parent.figure.plain:
        return
    fit = [c for c in like if not _clash(parent, c) and c.measure not in ("increase", "decrease", "over")]
    heads: list[Said] = []
    for c in fit:
        if not heads or c.part != heads[-1].part or (c.subject and not _measure_only(c)):
            heads.append(c)
    strong = all(c.figure.plain for c in heads)
    for option in (heads, fit, like):
        if option:
            yield Group(parent, tuple(option), partial, strong and parent.measure != "carry" and option is not like)


_ONLY = re.compile(r"^(?:实际|全年|本年|累计|已|当年|年末)?(?:支出|预算|决算|执行|安排|完成|支付|使用|结余|结转|收入|到位|指标)(?:数|额|决算|预算|金额|完成|执行|安排|支付|使用)*$")


def _measure_only(said: Said) -> bool:
    """Whether the words name only a kind of amount, so that the subject is that of the figure before."""
    return bool(_ONLY.match(said.subject)) if said.subject else True


# totals that come after their parts ----------------------------------------------------------------------------


def _after(report: Report, sentence: Sentence) -> Iterator[list[Group]]:
    levels = [s for s in sentence.levels if s.figure.dimension in SUMMED]
    for k, total in enumerate(levels):
        bare = re.sub(r"\([^()]*\)", "", total.label)
        found = _BARE_SUM.match(bare)
        if not found and not _WHOLE.match(total.subject):
            continue
        items = [s for s in levels[:k] if s.figure.like(total.figure) and not _clash(total, s) and s.depth == total.depth]
        if found and found["many"] and len(items) < 2:
            items = [s for e in reversed(report.before(sentence, 8)) for s in e.levels if s.figure.like(total.figure)] + items
        elif not items and found and re.search("以上|上述|前述", bare):
            items = [s for e in reversed(report.before(sentence, 8)) for s in e.levels if s.figure.like(total.figure)]
        items = [s for s in items if not _clash(total, s)]
        if len(items) < 2:
            continue
        many = _many(found["many"]) if found and found["many"] else 0
        quarters = len(items) == 4 and all("季度" in s.label for s in items)
        last = k + 1 == len(levels) or levels[k + 1].part != total.part or not levels[k + 1].figure.like(total.figure)
        last = last and (quarters or not (found and found["year"]))
        yield [
            Group(total, tuple(items[-n:]), False, (n == many) if many else (n == len(items) and last))
            for n in ([many] if 1 < many <= len(items) else []) + [n for n in range(min(len(items), 15), 1, -1) if n != many]
        ]


def _many(text: str) -> int:
    from reconcile.claims import numerals

    digits = re.match(r"\d+|[一二两三四五六七八九十]+", text)
    if not digits:
        return 0
    return int(digits[0]) if digits[0].isdecimal() else int(numerals.chinese(digits[0]) or 0)


# parts that are known to make a whole -----------------------------------------------------------------------------

_COMPLEMENTS = (("基本支出", "项目支出", "支出"), ("人员经费", "公用经费", "基本支出"), ("人员经费", "日常公用经费", "基本支出"), ("人员支出", "公用支出", "基本支出"))


def _pairs(report: Report, sentence: Sentence) -> Iterator[list[Group]]:
    """基本支出 and 项目支出 make the spending, 人员经费 and 公用经费 the basic part, though no 其中 says so."""
    levels = [s for s in sentence.levels if s.figure.dimension == "money" and not s.planned and s.measure != "balance"]
    for one, other, whole in _COMPLEMENTS:
        first = next((s for s in levels if s.subject == one), None)
        second = next((s for s in levels if s.subject == other), None)
        if not first or not second:
            continue
        totals = [
            s
            for s in levels
            if s not in (first, second) and (s.subject == whole or (whole == "支出" and pattern("whole-name").fullmatch(s.subject))) and s.measure != "income"
        ]
        if totals:
            yield [Group(t, (first, second)) for t in totals[:1]]


# lists ---------------------------------------------------------------------------------------------------------


def _of_list(report: Report, listing: Listing) -> Iterator[tuple[Claim, Group]]:
    lead = listing.lead
    if lead is None or not re.search(r"其中|[:：]\s*$|如下|包括|分别", lead.text):
        return
    firsts = [item[0] for item in listing.items]
    parents = [s for s in lead.levels if s.figure.dimension == "money" and s.measure != "carry" and s.figure.plain]
    series = {"plan": [], "out": []}  # type: dict[str, list[Said]]
    for sentence in firsts:
        levels = [s for s in sentence.levels if s.figure.dimension == "money" and s.depth == 0]
        spent = next((s for s in levels if s.measure == "actual"), None)
        planned = next((s for s in levels if s.planned), None) or next((s for s in levels if s is not spent), None)
        if planned:
            series["plan"].append(planned)
        if spent or (planned and len(levels) == 1):
            series["out"].append(spent or planned)  # type: ignore[arg-type]
    n = len(firsts)
    for parent in parents:
        side = _SIDES.get(parent.measure, "")
        wanted = {"plan": ["plan"], "out": ["out"]}.get(side, ["plan", "out"] if len(parents) == 1 else [])
        if side == "out" and parent.measure == "spend" and len(parents) == 1:
            wanted = ["out", "plan"]
        groups = [Group(parent, tuple(series[w])) for w in wanted if len(series[w]) == n > 1]
        if not groups:
            continue
        trials = [Trial(add, tuple(c.figure for c in g.children), "how-sum") for g in groups]
        carried = [s for s in lead.said if s.measure == "carry" and s.figure.like(parent.figure)]
        found = judge(parent.figure, trials)
        if found and found[0] == FAILS and carried and side == "plan":
            spare = Trial(lambda *v: add(*v[1:]) - v[0], (carried[0].figure, *trials[0].inputs), "how-sum-less-carry", strong=False)
            found = judge(parent.figure, [spare]) or found
        if found:
            group = groups[trials.index(found[1])] if found[1] in trials else groups[0]
            partial = bool(_PARTLY.search(lead.text[-12:])) and found[0] == FAILS
            if partial and found[1].value() is not None and (found[1].value() or 0) < parent.figure.value:
                continue
            yield _claim(report, group, parent.figure, found[0], found[1]), group


# sums that are written out ------------------------------------------------------------------------------------


_SIGN = {"+": "+", "＋": "+", "加": "+", "加上": "+", "-": "-", "减": "-", "减去": "-", "×": "*", "x": "*", "X": "*", "*": "*", "乘以": "*", "乘": "*", "÷": "/", "/": "/", "除以": "/", "=": "=", "等于": "=", "合计": "=", "共": "=", "共计": "="}
_EQUAL = re.compile(r"^\s*(?:=|等于|合计|共计|共)\s*(?:为)?\s*$")


def written_out(report: Report) -> Iterator[Claim]:
    """`76320元+23680元=10万元`, `48元/盒×1590盒=76320元`."""
    for sentence in report.sentences:
        plain = report.plain[sentence.paragraph - 1]
        figures = [s.figure for s in sentence.said if s.figure.dimension != "date"]
        signs = []
        for a, b in zip(figures, figures[1:]):
            between = plain[a.end : b.start].strip()
            between = re.sub(r"^/[一-鿿]{1,2}", "", between).strip()
            sign = re.match(r"(加上|减去|乘以|除以|等于|[-+＋加减×xX*乘÷/=])(?:[一-鿿]{0,12})$", between)
            signs.append(_SIGN[sign[1]] if sign else "=" if between and _EQUAL.match(between) else "")
        for k, sign in enumerate(signs):
            if sign != "=":
                continue
            first = k
            while first > 0 and signs[first - 1] in ("+", "-", "*", "/"):
                first -= 1
            if first == k or all(s in "+" for s in signs[first:k]) and "=" not in plain[figures[k].end : figures[k + 1].start]:
                continue
            ops, inputs, stated = signs[first:k], figures[first : k + 1], figures[k + 1]
            if "*" in ops or "/" in ops:
                inputs = [_exact(f) for f in inputs]
            scale = Fraction(100) if stated.dimension == "percent" and "/" in ops and all(f.dimension == inputs[0].dimension for f in inputs) else Fraction(1)
            trial = Trial(lambda *v, ops=tuple(ops), scale=scale: scale * _evaluate(v, ops), tuple(inputs), "how-written")
            found = judge(stated, [trial])
            if found:
                yield claim_of("arithmetic", report.phrase(sentence.paragraph, inputs[0].start, stated.end), stated, found[0], trial, code="claim-mismatch")


def _exact(figure: Figure) -> Figure:
    from dataclasses import replace

    return figure if figure.dimension == "money" and figure.step < figure.factor else replace(figure, step=Fraction(0))


def _evaluate(values: Sequence[Fraction], ops: Sequence[str]) -> Fraction:
    terms, signs = [values[0]], [1]
    for op, value in zip(ops, values[1:]):
        if op == "*":
            terms[-1] *= value
        elif op == "/":
            terms[-1] /= value
        else:
            terms.append(value)
            signs.append(1 if op == "+" else -1)
    return sum((s * t for s, t in zip(signs, terms)), Fraction(0))


__all__ = ["HOLDS", "Group", "add", "check", "written_out"]

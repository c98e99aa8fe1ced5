"""Parts against their total, wherever it stands: before them, after them, or as the lead of a list."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reconcile.claims import numerals, wholes
from reconcile.claims.claim import FAILS, Claim
from reconcile.claims.figure import add
from reconcile.claims.flows import named_items
from reconcile.claims.group import SUMMED, Group, clash, decide
from reconcile.claims.listed import claims_of_list
from reconcile.claims.roles import Said, pattern
from reconcile.claims.text import Report, Sentence
from reconcile.claims.within import options_within

_NOUN = "(?:资金|支出|费用|金额|收入|经费|款项|投入|安排|支付|使用|发放|人数|数量|总数|拨付|到位|下达|完成|办理|受理|开展|举办)?"
_COUNT = "(?:[一二两三四五六七八九十]+|\\d+)(?:[一-鿿]{0,3}?)"
_BARE_SUM = re.compile(
    rf"^[\s、，和及]*(?P<year>全年|本年度?|当年|年度)?(?:以上|上述|前述|本项目|各项|全部)?(?P<many>{_COUNT})?{_NOUN}{_NOUN}(?:合计|共计|总计|小计|合共|总共|一共|共|累计|总额|总金额|相加|之和|总)"
    rf"{_NOUN}{_NOUN}(?:数|额)?(?:约|为|是|达到|达|[:：])*$"
)
_NOUN_SUM = re.compile("合计|共计|总计|小计|总量|总额|总数|总规模|总金额|总投入|总得分|(?<![公])共(?:有)?$")
_YEAR_OF = re.compile(r"[，、\s]*(?:全年|上半年|下半年|前三季度)")
_NAMED_SUM = re.compile(
    r"^[，、\s]*(?:[一-鿿“”]{2,12}?(?:合计|共计|总计|小计)(?:约|为|是|达到|达|[:：])*|(?:全年|本年)?(?:总共|一共|累计|共(?![同享建]))[一-鿿]{2,8}|[一-鿿]{2,8}类(?:支出|费用|经费))$"
)
_WHOLE = re.compile(
    r"^(?:其)?(?:总支出|总收入|总投资|投资总额|总资金|总造价|总成本|总费用|总面积|支出总额|收入总额|支出总计|收入总计|支出合计|收入合计|总额|总数|合计数|总人数|总经费|总投入|资金总额|总金额|总量|总分|总规模|资金总规模|投资总规模|总得分|综合得分|自评总分|得分合计)(?:约|为|是|达到|达|[:：])*$"
)


def check(report: Report) -> tuple[list[Claim], list[Group]]:
    """Every claim of a sum, and the groups of total and parts that other checks may rely on."""
    claims: list[Claim] = []
    groups: list[Group] = []
    seen: set[tuple[tuple[int, int], ...]] = set()
    for listing in report.listings:
        for claim, group in claims_of_list(report, listing):
            claims.append(claim)
            groups.append(group)
    taken = {c.at for g in groups for c in (g.parent.figure, *(x.figure for x in g.children))}
    for sentence in report.sentences:
        for options in (
            *options_within(report, sentence),
            *_after(report, sentence),
            *_row_after(sentence),
            *_pairs(report, sentence),
            *wholes.options(report, sentence),
        ):
            done = decide(report, options)
            if done is None:
                groups += [g for g in options[:1] if len(g.children) == 1]
                continue
            claim, group = done
            key = (group.parent.figure.at, *sorted(c.figure.at for c in group.children))
            if key in seen or (claim.verdict == FAILS and group.parent.figure.at in taken):
                continue
            seen.add(key)
            claims.append(claim)
            groups.append(group)
    return claims, groups


# totals that come after their parts ----------------------------------------------------------------------------


def _after(report: Report, sentence: Sentence) -> Iterator[list[Group]]:
    levels = [s for s in sentence.levels if s.figure.dimension in SUMMED]
    for k, total in enumerate(levels):
        label = (
            levels[k - 1].label
            if k and not total.label and levels[k - 1].figure.end == total.figure.start
            else total.label
        )
        bare = re.sub(r"\([^()]*\)", "", _counted(levels[:k], total) + label)
        run = _respective_run(levels[:k], total)
        if len(run) > 1 and pattern("sum").search(bare):
            yield [Group(total, tuple(run))]
            continue
        head = levels[k - 1].label if k and levels[k - 1].figure.end + len(label) == total.figure.start else ""
        if re.match("[，、；]?(?:其余|剩余|其他|另外)", head + label):
            continue  # 其余三期共130人
        found = _BARE_SUM.match(bare)
        listed = bool(_NAMED_SUM.match(bare)) and _row_before(levels[:k])
        year = _YEAR_OF.match(bare) and _through_the_year(levels[:k], bare.strip("，、 "))
        noun = named_items(total, levels[:k]) if not found and _NOUN_SUM.search(bare) else []
        if len(noun) > 1:
            yield [Group(total, tuple(noun[-n:]), False, n == len(noun)) for n in range(len(noun), 1, -1)]
            continue
        if not found and not listed and not year and not _WHOLE.match(total.subject):
            continue
        items = [
            s for s in levels[:k] if s.figure.like(total.figure) and not clash(total, s) and s.depth == total.depth
        ]
        if found and found["many"] and len(items) < 2:
            items = [
                s for e in reversed(report.before(sentence, 8)) for s in e.levels if s.figure.like(total.figure)
            ] + items
        elif not items and found and re.search("以上|上述|前述", bare):
            items = [s for e in reversed(report.before(sentence, 8)) for s in e.levels if s.figure.like(total.figure)]
        items = [s for s in items if not clash(total, s)]
        if len(items) < 2:
            continue
        many = _many(found["many"]) if found and found["many"] else 0
        quarters = _through_the_year(items, bare.strip("，、 "))
        last = k + 1 == len(levels) or levels[k + 1].part != total.part or not levels[k + 1].figure.like(total.figure)
        tight = len(items) > 1 and all(re.match("[、和及]", s.label) for s in items[1:]) and items == levels[:k]
        last = last or (tight and re.match("[，、]?(?:合计|共计?|总计)", bare) is not None)
        last = last and (quarters or not (found and found["year"]))
        last = last and total.figure.value < 3 * add(*(s.figure.value for s in items))
        yield [
            Group(total, tuple(items[-n:]), False, (n == many) if many else (n == len(items) and last))
            for n in ([many] if 1 < many <= len(items) else [])
            + [n for n in range(min(len(items), 15), 1, -1) if n != many]
        ]


def _counted(before: list[Said], total: Said) -> str:
    """The number of parts that stands before the words of a total as a figure of its own: `三项` of `三项合计`."""
    number = before[-1].figure if before else None
    beside = number is not None and number.dimension == "count" and number.end + len(total.label) == total.figure.start
    return number.text if beside and number is not None and not before[-1].label.strip("，、以上述前 ") else ""


def _row_after(sentence: Sentence) -> Iterator[list[Group]]:
    """`采购支出合计266万元，货物类66万元、工程类120万元、服务类80万元。`: one row of names is all that follows a total."""
    levels = sentence.levels
    if len(levels) < 3 or len(levels) != len([s for s in sentence.said if s.role != "date"]):
        return
    total, first, *rest = levels
    if all(_PLACE.fullmatch(s.label) for s in levels[1:]) and len(levels) > 3 and total.figure.plain:
        some = any("其中" in s.label or s.figure.value > total.figure.value for s in levels[1:])
        if not some and all(s.figure.like(total.figure) and not s.depth for s in levels):
            yield [Group(total, (first, *rest))]
        return
    one_row = all(s.label.startswith("、") for s in rest) and not any(s.depth or s.tail for s in levels)
    named = re.search("(?:合计|总计)(?:为)?$", total.label) and re.fullmatch("[一-鿿]{2,10}", first.label)
    if one_row and named and all(s.figure.like(total.figure) and not clash(total, s) for s in levels):
        yield [Group(total, (first, *rest))]


_PLACE = re.compile(
    "[，、；]?[一-鿿]{1,6}(?:村|镇|乡|街道|社区|县|区|市|局|小学|中学|学校|院|处|科|中心|机关|大队|支队|站|室)|[，、；]?(?:优|良|中|差|优秀|良好|合格|不合格|一般|基本合格)"
)


def _respective_run(before: list[Said], total: Said) -> list[Said]:
    """The figures after 分别 that stand in one row before a total: `分别调增36万元、42万元、18万元，累计调增96万元`."""
    starts = [i for i, s in enumerate(before) if re.search("分别", s.label)]
    run = before[starts[-1] :] if starts else []
    joined = all(re.match("[、和及]", s.label) for s in run[1:])
    return run if joined and all(s.figure.like(total.figure) and s.figure.plain for s in run) else []


def _through_the_year(items: list[Said], of: str = "") -> bool:
    """Whether these are the four quarters, or the two halves, of a year."""
    quarters = [re.search("([一二三四])季度", s.label) for s in items]
    if len(items) > 1 and all(quarters) and not re.search("季度[末底]|前三", items[0].label):
        told = "".join(m[1] for m in quarters if m)
        return told == {"上半年": "一二", "下半年": "三四", "前三季": "一二三"}.get(of[:3], "一二三四")
    spans = [re.search(r"(\d{1,2})\s*(?:月)?[-—~至到]\s*(\d{1,2})\s*月", s.label) for s in items]
    months = [(int(m[1]), int(m[2])) for m in spans if m]
    if len(months) == len(items) > 1:
        edges = [1, *(b + 1 for _, b in months)]
        return edges[-1] == 13 and [a for a, _ in months] == edges[:-1]
    return len(items) == 2 and bool(
        re.search("上半年|前三个?季度|三季度末|[19]月底|9月末", items[0].label)
        and re.search("下半年|第?四季度", items[1].label)
    )


def _row_before(levels: list[Said]) -> bool:
    """Whether all levels before a total stand in one row: `办公费3万元、印刷费1万元，公用经费合计4万元`."""
    joined = all(re.match("[、和及]", s.label) for s in levels[1:])
    if len(levels) > 2 and not any(re.search("其中|包括|预算|较|比|占", s.clause) for s in levels):
        joined = joined or len({s.clause[-2:] for s in levels}) == 1
        joined = joined or all(re.fullmatch(r"[，、]?[一-鿿\d]{2,12}", s.label) for s in levels)
    return len(levels) > 1 and joined and not levels[0].depth and not levels[-1].tail.startswith("等")


def _many(text: str) -> int:
    digits = re.match(r"\d+|[一二两三四五六七八九十]+", text)
    if not digits:
        return 0
    return int(digits[0]) if digits[0].isdecimal() else int(numerals.chinese(digits[0]) or 0)


# parts that are known to make a whole -----------------------------------------------------------------------------

_COMPLEMENTS = (
    ("基本支出", "项目支出", "支出"),
    ("人员经费", "公用经费", "基本支出"),
    ("人员经费", "日常公用经费", "基本支出"),
    ("人员支出", "公用支出", "基本支出"),
)


def _pairs(report: Report, sentence: Sentence) -> Iterator[list[Group]]:
    """基本支出 and 项目支出 make the spending, 人员经费 and 公用经费 the basic part, though no 其中 says so."""
    levels = [s for s in sentence.levels if s.figure.dimension == "money" and s.measure != "balance"]
    earlier = [s for e in report.before(sentence) for s in e.levels if e.paragraph == sentence.paragraph]
    for one, other, whole in _COMPLEMENTS:
        first = next((s for s in levels if s.subject.removesuffix("预算") == one), None)
        second = next((s for s in levels if s.subject.removesuffix("预算") == other), None)
        if not first or not second or first.planned != second.planned:
            continue
        parts, planned = (first, second), first.planned
        totals = [s for s in levels if s not in parts and s.planned == planned and s.measure != "income"]
        totals = [
            s for s in totals if s.subject == whole or (whole == "支出" and pattern("whole-name").fullmatch(s.subject))
        ]
        totals += [
            s
            for s in earlier
            if planned and s.planned and whole == "支出" and re.search("预算(?:总额|合计|总计)$", s.label)
        ]
        if totals:
            yield [Group(t, parts) for t in totals[:1]]

"""The same figure said twice: of one subject, one kind and one period there is one value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from reconcile.claims.claim import FAILS, HOLDS, Claim, base_unit, show
from reconcile.claims.figure import Figure, meet
from reconcile.claims.group import Group
from reconcile.claims.roles import YEAR, Said, measure_of
from reconcile.claims.text import Report, Sentence

_NEUTRAL = re.compile(
    r"^(?:(?:我|本|全)(?:局|单位|部门|委|院|校|中心|办|厅|处|所|镇|街道)|单位|部门|本年度?|全年度?|年度|当年|实际|共|实现|总体|区|发生|安排|全部|的|其中|完成|累计|截至|年末|年底|[:：\s])+"
)
_HEADS = re.compile(
    r"^(?:基本支出|项目支出|人员经费|公用经费|日常公用经费|人员支出|公用支出|三公经费|总支出|总收入|支出合计|收入合计|支出总计|收入总计|支出总额|收入总额|本年支出|本年收入|全年支出|全年收入"
    r"|公务接待费|公务用车购置及运行维护费|公务用车运行维护费|公务用车购置费|因公出国\(境\)费|因公出国费|会议费|培训费|政府采购支出|政府采购|机关运行经费|(?:一般公共预算|政府性基金预算)?财政拨款(?:收入|支出)|事业收入|其他收入|年初结转和结余|年末结转和结余"
    r"|工资福利支出|商品和服务支出|对个人和家庭的补助|资本性支出|支出决算|收入决算|预算收入|支出预算|收入预算|年初预算|全年预算|调整预算|整体支出|部门整体支出|固定资产|资产总额|负债总额|净资产)"
    r"(?:年初预算|全年预算|调整预算|预算|决算|支出|合计|总计|总额|金额)?(?:数|额)?$"
)
_PEOPLE = re.compile(
    "^(?:核定)?(?:编制|行政编制|事业编制|在职|在编|在职在编|退休|离退休|临聘|编外|在职人员|退休人员|实有在职在编|编制人员)(?:人员|人数)?$"
)
_RATES = re.compile("(?:执行率|完成率|满意率|满意度|办结率|合格率|覆盖率|结余率|支付进度|控制率)$")
_WHOLE_SPENDING = {
    "支出决算": "支出",
    "全年支出": "支出",
    "总支出": "支出",
    "支出合计": "支出",
    "支出总计": "支出",
    "支出总额": "支出",
    "本年支出": "支出",
}
_FULL = re.compile("(?:全年|本年|年度|总)支出(?:决算|合计|总额)?(?:数)?(?:共|为|是|达|总计|计)*$")
_FIGURES_OF = re.compile("季度|月份?|上半年|下半年|截至|本级|下属|所属|合并")


_LEAD = re.compile(
    r"^(?:(?:如前(?:文)?所述|如上所述|综上(?:所述)?|总之|据此|经(?:核对|核实|核查|统计|汇总)|再次说明|需要说明的是|据统计|由此可见|可见|前文(?:已述)?|前述|上述|总[的体]?(?:上|来)?[看说讲]|同时|此外|另外|[一-鿿]{0,6}(?:概况|情况|管理|方面|分析|评价|说明|使用|效益|效果|成效|绩效|进展|投入|过程|目标|指标|结论|总结|产出))[，:：]|(?:从|按|按照|据|根据|在|就)[^，]{1,14}，|[(]?[一二三四五六七八九十\d]{1,2}[)、.．]|[①-⑳])+"
)
_GENERIC = re.compile(
    "项目|工程|全年|年度|本年|当年|实际|累计|支出|收入|预算|决算|资金|经费|费用?|金额|安排|完成|执行|使用|投入|到位|拨付|下达|支付|财政|拨款|一般公共|政府性基金|专项|本级|部门|单位|我[局委办院校]|合同|中标|采购|办理|受理|开展|组织|举办|共计?|总[额数量]?|[数额件为是达的]"
)
_NOT_AGAIN = re.compile("季度|月|上半年|下半年|截至|[首末上下]批|第[一二三四五]|其中|包括|每|均|上年|去年|比|较|占|至")
_OWNER = re.compile("院|局|镇|乡|村|街道|社区|学校|小学|中学|所|站|公司|项目|工程")
_CHAPTER = re.compile("情况|概况|概述|绩效|管理|分析|问题|建议|资金|支出|收入|目标|评价|结论|简介|内容|措施")
_NAMED_AGAIN = re.compile("(?:即|也就是|等于|上述|前述)(?:为)?(?P<name>[一-鿿]{2,8}?)(?:为|是|[:：])*$")


@dataclass(frozen=True)
class Saying:
    key: tuple[str, ...]
    said: Said
    sentence: Sentence


def check(report: Report, groups: Sequence[Group]) -> Iterator[Claim]:
    parents = {c.figure.at: g.parent for g in reversed(groups) for c in g.children}
    items = {
        id(s): _item_name(listing.items[k][0])
        for listing in report.listings
        if listing.style in ("arp", "ar")
        for k, item in enumerate(listing.items)
        for s in item
    }
    known: dict[tuple[str, ...], Saying] = {}
    for sentence in report.sentences:
        owner = items.get(id(sentence), "")
        for said in sentence.said:
            if (again := _told_again(report, sentence, said)) is not None:
                yield _compare(report, again, said, again.subject)
                continue
            key = _key(report, sentence, said, owner, parents) or _same_words(report, sentence, said, owner, parents)
            if key is None:
                continue
            store = known
            first = store.get(key)
            if first is None:
                store[key] = Saying(key, said, sentence)
            elif not _within_one(first, sentence, said):
                yield _compare(report, first.said, said, key[0])


def _item_name(sentence: Sentence) -> str:
    text = re.sub(r"^\s*(?:[(]\d{1,2}[)]|\d{1,2}[.、．])\s*", "", sentence.text)
    return re.split(r"[\d，。；:、]", text)[0].strip()[:20]


def _key(
    report: Report, sentence: Sentence, said: Said, owner: str, parents: dict[tuple[int, int], Said]
) -> tuple[str, ...] | None:
    figure = said.figure
    if not figure.plain or said.role not in ("level", "ratio", "share") or figure.spelled:
        return None
    year = _year(report, sentence, said)
    if _FIGURES_OF.search(said.clause):
        return None
    if said.role == "share":
        part = next((s for s in reversed(sentence.said) if s.figure.end <= figure.start and s.is_level), None)
        clause = re.split("占", said.clause)[0]
        name = (
            part.subject
            if part and (not clause.strip("，, ") or part.figure.start >= figure.start - len(said.clause))
            else ""
        )
        whole = re.sub(r"[\d.,%万亿元的]+", "", said.clause.split("占")[-1])
        name = _NEUTRAL.sub("", name)
        return (name, "share", whole, owner, year) if _HEADS.match(name) else None
    name = re.sub("(?<=三公经费)支出$", "", _NEUTRAL.sub("", said.subject))
    if name == "支出" and _FULL.search(said.label):
        name = "支出合计"
    name = re.sub("财政拨款(?=基本支出|项目支出)", "财政拨款", name)
    if figure.dimension == "percent":
        bare = re.sub(r"\([^()]*\)", "", said.label)
        return (
            (name, "rate", owner, year)
            if _RATES.search(bare.rstrip("为达到是:")) and len(name) > 4 and owner == ""
            else None
        )
    if figure.dimension == "count":
        return (name, "people", "", year) if _PEOPLE.match(name) and figure.kin == "person" and not owner else None
    if figure.dimension != "money" or not name:
        return None
    if not _HEADS.match(name):
        return None
    if sentence.said and re.search("用于|其他", said.tail):
        return None
    measure = measure_of(said.label)
    if name == "支出" or (measure in ("actual", "spend") and _WHOLE_SPENDING.get(name)):
        name, measure = "支出", "actual"
        earlier = [
            s
            for s in sentence.said
            if s.figure.end <= figure.start and s.is_level and s.part == said.part and s.subject
        ]
        if owner or any(not _HEADS.match(_NEUTRAL.sub("", s.subject)) for s in earlier):
            return None
    strong = re.match("基本支出|项目支出|人员经费|公用经费|日常公用|三公|支出$|总|收入|预算收入|整体", name)
    scope = owner if not strong else ("" if not owner or not _specific(owner) else owner)
    parent = parents.get(figure.at)
    if not strong and parent is not None and parent.subject and not _HEADS.match(_NEUTRAL.sub("", parent.subject)):
        scope += parent.subject
    return name, measure, scope, year


def _same_words(
    report: Report, sentence: Sentence, said: Said, owner: str, parents: dict[tuple[int, int], Said]
) -> tuple[str, ...] | None:
    """A figure that begins its sentence, by all the words before it: `签收12345工单37051件。综上，签收12345工单37051件`."""
    figure = said.figure
    levels = [s for s in sentence.said if s.role != "date" and s.figure.end <= figure.start]
    known = figure.at in parents or said.depth or levels or figure.spelled or not figure.plain
    if known or said.role not in ("level", "ratio") or figure.dimension not in ("money", "count", "percent", "area"):
        return None
    text = sentence.text[: figure.start - sentence.start].strip()
    name = _LEAD.sub("", re.sub(r"\([^()]*\)", "", YEAR.sub("", text)))
    name = re.sub("(?:共计?|为|是|达到?|[:：，\\s])+$", "", _NEUTRAL.sub("", name.strip("，:： ")))
    if _NOT_AGAIN.search(text) or "，" in name or len(_GENERIC.sub("", name)) < 4:
        return None
    unit = figure.kin or figure.dimension
    return name, unit, owner or _heading(report, sentence), _year_of_paragraph(report, sentence, said)


def _heading(report: Report, sentence: Sentence) -> str:
    """The heading above, where it names an office, a place or a project that the figures below are of."""
    for s in report.before(sentence, 30):
        if s.style in ("cn", "cnp") and s.paragraph != sentence.paragraph:
            named = len(s.text) < 40 and _OWNER.search(s.text) and not _CHAPTER.search(s.text)
            return s.text if named else ""
    return ""


def _year_of_paragraph(report: Report, sentence: Sentence, said: Said) -> str:
    """The year last named before a figure in its paragraph."""
    own = [s for e in report.before(sentence, 12)[::-1] if e.paragraph == sentence.paragraph for s in e.said]
    own += [s for s in sentence.said if s.figure.end <= said.figure.start]
    years = [s.figure.day[0] for s in own if s.role == "date" and s.figure.day[0]]
    return str(years[-1] if years else report.year or report.only_year)


def _told_again(report: Report, sentence: Sentence, said: Said) -> Said | None:
    """`中标金额128.65万元，…。合同金额即中标金额128.65万元`: the one figure of the paragraph that the words point back to."""
    found = _NAMED_AGAIN.search(said.label) if said.is_level and said.figure.plain else None
    if found is None:
        return None
    own = [s for e in report.before(sentence, 6) if e.paragraph == sentence.paragraph for s in e.levels]
    own += [s for s in sentence.levels if s.figure.end <= said.figure.start]
    own = [s for s in own if found["name"] in s.label and s.figure.like(said.figure) and s.figure.plain]
    return own[0] if len({s.figure.value for s in own}) == 1 else None


def name_of(said: Said) -> str:
    """The subject without the words that every subject may have before it."""
    return _NEUTRAL.sub("", said.subject)


def is_whole_spending(sentence: Sentence, said: Said) -> bool:
    """Whether the words mean the spending of the whole office."""
    name = name_of(said)
    full = name in _WHOLE_SPENDING or (name == "支出" and bool(_FULL.search(said.label)))
    earlier = [
        s
        for s in sentence.said
        if s.figure.end <= said.figure.start and s.is_level and s.part == said.part and s.subject
    ]
    return full and said.spent and all(_HEADS.match(name_of(s)) for s in earlier)


def _specific(owner: str) -> bool:
    return not re.search("项目资金|资金安排|资金实际|资金管理|基本支出|项目支出|支出情况", owner)


def _year(report: Report, sentence: Sentence, said: Said) -> str:
    years = [
        s.figure.day[0]
        for s in sentence.said
        if s.role == "date" and s.figure.day[0] and s.figure.end <= said.figure.start
    ]
    return str(years[-1] if years else report.year or report.only_year)


def _within_one(first: Saying, sentence: Sentence, said: Said) -> bool:
    """Two values in one breath are two things, unless the words say `前文`."""
    return first.sentence is sentence and first.said.part == said.part


def _compare(report: Report, first: Said, second: Said, name: str) -> Claim:
    a, b = first.figure, second.figure
    same = a.value == b.value or meet(_reach(a, b), _reach(b, a))
    params: dict[str, object] = {
        "stated": b.text,
        "computed": a.text,
        "place": str(report.lines[a.paragraph - 1].number),
        "subject": name,
        "gap": show(abs(a.value - b.value), b),
    }
    return Claim(
        "repeat",
        b.paragraph,
        *report.words_of(b),
        b.value,
        a.value,
        HOLDS if same else FAILS,
        "repeat-holds" if same else "repeat-fails",
        base_unit(b),
        name,
        params,
        frozenset({a.at, b.at}),
        "repeated-figure-differs",
    )


def _reach(one: Figure, other: Figure) -> tuple[Fraction, Fraction]:
    """In one unit only the same figure is the same; in two, what the coarser one may stand for."""
    return one.bounds if one.step > other.step else (one.value, one.value)

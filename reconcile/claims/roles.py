"""What a figure says of its subject: a level, a change, a share; planned, spent or left over."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from functools import cache

from reconcile.claims.figure import Figure
from reconcile.read.words import rows_of

_ENDS = re.compile(r"[，；。;！？\n]")
_LEAD = re.compile(
    r"^[\s、，,；;:：和及与]*(?:(?:其中|其|一是|二是|三是|四是|五是|六是|七是|八是|另外|此外|同时|而|即|为|的|且|并|以及|其余|截至|截止)[:：]?\s*)*"
    r"(?:[(（]?[一二三四五六七八九十\d]{1,2}[)）]|[①-⑳]|\d{1,2}[.、．](?!\d)|[一二三四五六七八九十]+、)?\s*"
)
_TRAIL = re.compile(
    r"(?:金额|数额|数|资金)?(?:约|大约|近|超过|不足|不超过|超|仅|只|均|分别|各|也|已|都)*(?:为|是|达到|达|共计|共|计|总计|合计|有|占|了|约为|约|近|超|超过|不足|[:：\s])*$"
)
YEAR = re.compile(r"(?:(?:19|20)\d\d|[零一二三四五六七八九]{4})年(?:度)?|本年度?|当年|今年|全年|年度")
_BRACKETED = re.compile(r"\([^()]*\)")
_OF_YEAR = re.compile(r"(?:19|20)\d\d年(?:度|末|底)?的?(?=$)")
_TIMES_BEFORE, _TIMES_AFTER = re.compile(r"[×*÷]\s*$"), re.compile(r"(?:/[一-鿿]{1,2})?\s*[×*÷]")
_COMPARED = re.compile(
    r"(?:比|较|与)(?:(?:19|20)\d\d年度?(?:预算数?)?|年初|期初|上期末|上年末|年末|改革前|基期|(?:原|法定|承诺|规定)[^，预算]{0,6})(?:同期|末|底)?(?:的|数|余额|决算数?|支出数?)*$"
)
_NUMBERED = re.compile(
    r"^[\s、]*(?:[(（][一二三四五六七八九十\d]{1,3}[)）]|[①-⑳]|\d{1,2}[.、．](?!\d)|[一二三四五六七八九十]+[、是])"
)


_SCORES = (
    ("cut", re.compile("扣(?:了|除|减|去|掉)?(?:约)?$|扣分[:：为]?$|失分$")),
    ("full", re.compile("(?:分值|满分|总分值|权重|标准分|应得分?)(?:为|是|共|合计|[:：])*$")),
    ("got", re.compile("得分?|评分")),
)


@cache
def pattern(use: str) -> re.Pattern[str]:
    """The words of one use, from data/claim_words.csv."""
    return re.compile(next(r["pattern"] for r in rows_of("claim_words") if r["use"] == use))


@dataclass(frozen=True, slots=True)
class Said:
    """A figure with its words.  `label` is what stands before it since the last figure or comma, `clause` since the
    last comma or bracket with the figures between, `tail` what follows up to the next figure or comma.

    `role`: level, change, rate, prior, after, average, price, share, points, date.  `measure`: carry, balance, over,
    increase, decrease, original, available, budget, actual, spend, income or ''.  `sign` of a change: 1 or −1.
    `part` numbers the sentence's pieces between semicolons; `depth` its brackets.  `first` begins a clause.
    """

    figure: Figure
    label: str
    clause: str
    tail: str
    role: str
    measure: str
    sign: int
    part: int
    depth: int
    subject: str

    @property
    def is_level(self) -> bool:
        return self.role in ("level", "after")

    @property
    def planned(self) -> bool:
        return self.measure in ("budget", "original", "available")

    @property
    def spent(self) -> bool:
        return self.measure in ("actual", "spend")


def said(plain: str, start: int, end: int, figures: list[Figure]) -> list[Said]:
    """The figures of the sentence plain[start:end] with their words and roles."""
    out: list[Said] = []
    for i, figure in enumerate(figures):
        before = next((f.end for f in reversed(figures[:i]) if f.dimension != "date"), start)
        clause_start = _clause_start(plain, start, figure.start, figures)
        label = plain[max(before, clause_start) : figure.start]
        after = figures[i + 1].start if i + 1 < len(figures) else end
        tail = re.split(r"[，；。、;()\n]", plain[figure.end : after])[0]
        clause = plain[clause_start : figure.start]
        depth = plain.count("(", start, figure.start) - plain.count(")", start, figure.start)
        part = len(re.findall("[；;]", plain[start : figure.start]))
        role, measure, sign = _role(figure, label, clause, tail)
        if _TIMES_BEFORE.search(plain[start : figure.start]) or _TIMES_AFTER.match(plain[figure.end : end]):
            role = "factor"
        out.append(Said(figure, label, clause, tail, role, measure, sign, part, max(depth, 0), subject(label)))
    return _moved(_respectively(_beside(out)))


def _beside(found: list[Said]) -> list[Said]:
    """`计划培训12期1200人次`: a second measure of one thing is planned, or done, as the first is."""
    out = list(found)
    for k in range(1, len(out)):
        one, other = out[k - 1], out[k]
        counts = one.figure.dimension == other.figure.dimension == "count" and not one.figure.like(other.figure)
        if counts and other.label in ("", "、") and other.is_level and one.is_level and not other.measure:
            out[k] = replace(other, measure=one.measure)
    return out


_TO = re.compile("(?:/[一-鿿]{1,3})?(?:逐步|进一步|大幅)?")


def _moved(found: list[Said]) -> list[Said]:
    """`人均收入由1.2万元增加到1.38万元`, `每吨420元降至399元`: an average or a price that moves is a level, before and after."""
    out = list(found)
    for k, (one, other) in enumerate(itertools.pairwise(found)):
        to = re.fullmatch(
            rf"{_TO.pattern}(?:{pattern('change-to').pattern}|调整(?:为|到|至))(?:每[一-鿿]{{1,3}})?", other.label
        )
        if to and one.figure.dimension == other.figure.dimension and one.role in ("average", "price", "prior"):
            out[k] = replace(one, role="level", label=one.label if "由" in one.label else f"{one.label}由")
        if (
            to
            and one.figure.dimension == other.figure.dimension
            and other.role in ("average", "price", "level", "change")
        ):
            out[k + 1] = replace(other, role="after", sign=0)
    return out


_BOTH = re.compile(r"([一-鿿]{2,10})[和与及]([一-鿿]{2,10})分别(?:为|是|达到|达)?[:：]?$")


JOINED = re.compile(r"\s*[和与及、]\s*")
"""The words of a figure that has none of its own beside the one before it."""


def _respectively(found: list[Said]) -> list[Said]:
    """`预算数与执行数分别为200万元和184万元`: each figure by its own name; `上年分别为326万人次和12.6亿元`, `分别增长29.5%和35.1%`,
    `单价分别为1.5元和86元`: each in the role of the first."""
    out = list(found)
    for k in range(1, len(out)):
        one, other = out[k - 1], out[k]
        if not JOINED.fullmatch(other.label) or "分别" not in one.clause or other.role == "date":
            continue
        if re.search("单价分别(?:为|是|[:：])*$", one.label) and one.is_level and one.figure.dimension == "money":
            one = out[k - 1] = replace(one, role="price", figure=_price(one.figure))
        if one.role == "price" and "单价" in one.clause and one.figure.dimension == other.figure.dimension:
            out[k] = replace(other, role="price", figure=_price(other.figure))
        elif one.role in ("prior", "rate", "change") and other.role in ("level", "ratio"):
            out[k] = replace(other, role=one.role, sign=one.sign)
    for k, (one, other) in enumerate(itertools.pairwise(found)):
        names = _BOTH.search(one.label)
        if names and one.is_level and one.figure.like(other.figure) and JOINED.fullmatch(other.label):
            for n, (said, name) in enumerate(((one, names[1]), (other, names[2]))):
                role, measure, sign = _role(said.figure, name, name, said.tail)
                out[k + n] = replace(said, label=name, role=role, measure=measure, sign=sign, subject=subject(name))
    return out


def _price(figure: Figure) -> Figure:
    return replace(figure, per=("",), step=figure.step * 0)


def _clause_start(plain: str, start: int, at: int, figures: list[Figure]) -> int:
    """Where the clause begins: after the last comma or opened bracket; a comma within a number is none."""
    closed = 0
    for i in range(at - 1, start - 1, -1):
        c = plain[i]
        if c == ")":
            closed += 1
        elif c == "(":
            if not closed:
                return i + 1
            closed -= 1
        elif not closed and (c in "，；。;！？\n" or c == ",") and not any(f.start <= i < f.end for f in figures):
            return i + 1
    return start


_AVERAGED = ("money", "count", "area", "acres", "length", "weight", "volume", "energy")


def _role(figure: Figure, label: str, clause: str, tail: str) -> tuple[str, str, int]:
    bare = _BRACKETED.sub("", label)
    if figure.dimension == "date":
        return "date", "", 0
    if figure.per:
        return "price", "", 0
    if figure.dimension in ("percent", "points", "times"):
        return _ratio_role(figure, bare, clause, tail)
    if figure.dimension in _AVERAGED and pattern("average").search(bare[-8:]):
        return "average", "", 0
    if figure.dimension == "score":
        return "level", next((m for m, p in _SCORES if p.search(bare)), ""), 0
    measure = measure_of(bare)
    if re.match(r"的(?:上年|去年|同期|上年同期)", tail) and re.search("比|较", clause):
        return "prior", measure, 0
    if _COMPARED.search(bare):
        return "prior", measure, 0
    bare = _OF_YEAR.sub("", bare)
    if re.search(rf"(?:{pattern('change-to').pattern})(?:[一-鿿]{{0,2}}|(?:本年|今年|当年|年|期)末?的?)$", bare):
        return "after", measure, direction(bare)
    if measure == "over" and re.search("(?:比|较)[^，预算]{1,12}多(?:支出|支|收)(?:了)?$", bare):
        return "change", measure, 1
    if measure in ("increase", "decrease", "over"):
        return "level", measure, 0
    sign = change_sign(bare)
    if sign:
        return "change", measure, sign
    if pattern("prior").search(bare) and measure != "carry":
        return "prior", measure, 0
    return "level", measure, 0


def _ratio_role(figure: Figure, label: str, clause: str, tail: str) -> tuple[str, str, int]:
    if figure.dimension == "points":
        return "points", "", direction(label)
    if re.search("占(?!用|地|领|道)|比重|份额", clause) and not change_sign(label):
        return "share", "", 0
    sign = change_sign(label)
    if sign and not re.search(r"(?:(?<!达)[至到]|为原来的)$", label):
        return "rate", measure_of(label), sign
    if re.search("占比|比重", tail[:4]):
        return "share", "", 0
    return "ratio", measure_of(label), 0


_CHANGE_END = "(?:了|比|额|额为|率|率为|率达|率达到|幅度|幅度为|幅度达|幅|幅为|幅达|比例|比例为|比例达|约|近|超|超过|达|达到|比率|时限|时间|材料|环节|为|是|[:：])*"


def change_sign(label: str) -> int:
    """1 where a figure is a growth, −1 where it is a fall, 0 where it is neither, by the words before it.

    `减少支出20万元` is a fall; `降低成本后支出20万元` is a level.
    """
    if re.search("(?:比|较)[^，]{1,12}(?:少|多)(?:了|支出|支|收)*$", label):
        return 1 if re.search("多(?:了|支出|支|收)*$", label) else -1
    if re.fullmatch("(?:的[一-鿿]{0,6})?(?:少|低|多|高出?)(?:了|支出|支|收)*", label):
        return 1 if re.search("多|高", label) else -1
    noun = "(?:(?:一般性|非必要|三公经费|公用经费|行政|刚性)?支出|收入|经费|资金|费用|预算|成本|开支|办理|审批|申请)?"
    for sign, use in ((1, "change-up"), (-1, "change-down")):
        found = re.search(rf"(?:{pattern(use).pattern}){_CHANGE_END}{noun}{_CHANGE_END}$", label)
        if found and not re.search("(?:新增|追加)[一-鿿]{0,4}$", label):
            return sign
    return 0


def direction(label: str) -> int:
    """Which way the words go, 0 where they say none."""
    ups = [m.end() for m in pattern("change-up").finditer(label)]
    downs = [m.end() for m in pattern("change-down").finditer(label)]
    return (max(ups, default=-1) > max(downs, default=-1)) - (max(ups, default=-1) < max(downs, default=-1))


_MEASURES = ("carry", "over", "increase", "decrease", "balance")


def measure_of(label: str) -> str:
    """What kind of amount the words name; the last word that names one decides: 预算执行 is actual, 支出预算 budget."""
    text = pattern("fund-name").sub("", label)
    for use in _MEASURES:
        if pattern(use).search(text):
            return use
    found = {
        use: max((m.end() for m in pattern(use).finditer(text)), default=-1) for use in ("budget", "actual", "income")
    }
    if max(found.values()) < 0:
        if pattern("available").search(text) and not pattern("spend").search(text):
            return "available"
        return "spend" if pattern("spend").search(text) else "original" if re.search("年初", text) else ""
    if found["budget"] >= 0 and found["budget"] > max(found["actual"], found["income"]):
        tail = text[found["budget"] :]
        if not re.match("(?:数|额|总额|资金|经费|收入|总计|合计)?(?:的)?(?:项目)?支出(?!预算)", tail):
            return (
                "available"
                if pattern("available").search(text)
                else "original"
                if pattern("original").search(text)
                else "budget"
            )
        return "budget" if re.search("安排|计划|批复|下达", text) else "spend"
    if found["actual"] >= found["income"]:
        return "actual"
    return "spend" if re.search("支出", text[found["income"] :]) else "income"


def subject(label: str) -> str:
    """The name in a label, without numbering, year, verb and filler."""
    text = _BRACKETED.sub("", label)
    text = _LEAD.sub("", text)
    text = re.split("[:：]", text)[-1] or text
    text = YEAR.sub("", text)
    return re.sub('[“”"《》]', "", _TRAIL.sub("", text)).strip(" 、，的").rstrip("由从")


def is_numbered(text: str) -> bool:
    """Whether a text begins as an item of a list."""
    return bool(_NUMBERED.match(text))

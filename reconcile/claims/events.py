"""When things are done: signed before they are finished, finished before they are accepted, and within the time that is told."""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Iterator

from reconcile.claims.claim import FAILS, Claim
from reconcile.claims.dates import claim_of_date
from reconcile.claims.figure import Figure, date_of
from reconcile.claims.text import Report, Sentence

_STEPS = (
    re.compile("立项|可研批复|可行性研究报告批复"),
    re.compile("招标|采购公告|发布公告|挂网"),
    re.compile("中标|开标|评标"),
    re.compile("签[订署约]|订立"),
    re.compile("开工|动工|进场|启动实施|开始施工|开始服务"),
    re.compile("完工|竣工|完成(?!招标|采购|签|评标|立项)|交付|建成|试运行"),
    re.compile("验收"),
)
_SIGNED = 3
_AGAIN = re.compile("补充|续签|变更|二期|另|再次|重新|分别|计划|预计|拟|将于|原|应于|约定|预验|初验|阶段")


_PAID = re.compile("(?:预付|首付|首期|首|进度|合同|尾|余|剩余)(?:款|金)|质保金|第[一二三]笔")
_AFTER = re.compile("(?P<what>[一-鿿]{2,8}?)(?:之|以)?(?P<way>[后前])[^，。；\\d]{0,4}$")
_ACTS = re.compile(
    "验收|签[订署约]|竣工|完工|交付|批复|到账|到位|中标|开标|立项|审批|移交|下达|签收|评审|审定|结算|受理|申请|招标|采购|公示|发布|启动|开工|评估|审计"
)
_SIGNING = re.compile("签[订署约]")
_WITHIN = re.compile(
    r"((?:19|20)\d\d)年度?(?:以?内|期间)[，,]?[^，。；\d]{0,6}$|((?:19|20)\d\d)年度?[^。；]{0,30}?(?:\d+|[一二两三四五六七八九十]+)[次场期批][^。；\d]{0,10}(?:\(|分别(?:为|于|在|是)|时间(?:为|是)|[:：])[^。；]*$"
)
_ALL_WITHIN = re.compile(
    r"(?:均[^，。；\d]{0,8}(?:在|于)((?:19|20)\d\d)年度?(?:之?内|当年|期间|底前|年底前|底之前)|((?:19|20)\d\d)年度?(?:之?内|期间)[，,]?[^，。；]{0,8}(?:共|均|累计))[^。；]*(?:最[后晚迟早]|末|首|其中|第一)[^，。；]{0,10}$"
)
_PERIOD = re.compile(
    "(?:评价|评估|审计|核查|报告|考核|检查|服务|合同|实施|执行|统计)[^，。；]{0,6}(?:期间?|时段|范围|期限|时间)[^，。；]{0,4}$"
)
_IN_PERIOD = re.compile(
    "(?:^|[，；])\\s*(?:在此|此|上述|该|评价|报告)?(?:期间|期内|其间|时段内)(?!无|没有|未)|[计列]入本期|评价期内|属于?本期"
)


def check(report: Report) -> Iterator[Claim]:
    for sentence in report.sentences:
        dates = [s.figure for s in sentence.said if s.role == "date"]
        if not dates:
            continue
        if len(dates) > 1 and not _AGAIN.search(sentence.text):
            yield from _steps(report, sentence, dates)
            yield from _after(report, sentence, dates)
        yield from _outside_year(report, sentence, dates)
        yield from _outside_period(report, sentence, dates)


def _wrong(report: Report, sentence: Sentence, figure: Figure, other: Figure, reason: str) -> Claim:
    """The claim that a date cannot be, for another date."""
    params: dict[str, object] = {"stated": figure.text, "event": other.text}
    same = figure.paragraph == other.paragraph and other.start >= sentence.start
    phrase = report.between(*sorted((figure, other), key=lambda f: f.start)) if same else report.words_of(figure)
    return claim_of_date(
        report, "date", figure, _first_day(figure), _first_day(other), FAILS, reason, params, "claim-mismatch", (other,), phrase
    )  # fmt: skip


def _first_day(figure: Figure) -> datetime.date | None:
    year, month, day = figure.day
    return date_of((year, month or 1, day or 1))


def _outside_year(report: Report, sentence: Sentence, dates: list[Figure]) -> Iterator[Claim]:
    """`2022年度内，2023年9月20日召开`, `2021年组织培训3次，时间分别为2022年3月、…`: a date of another year than the words give."""
    for f in dates:
        text = sentence.text[: f.start - sentence.start]
        found = _WITHIN.search(text) or _ALL_WITHIN.search(text)
        year = int(next(g for g in found.groups() if g)) if found else 0
        lead = next((d for d in dates if d.day[0] == year and d.start < f.start), None)
        if found and lead and f.day[0] and f.day[1] and f.day[0] != year and not _OTHERWISE.search(found[0]):
            yield _wrong(report, sentence, f, lead, "outside-year")


_OTHERWISE = re.compile("完成|签订|下一?年|次年|计划|预算|结转|截至|推迟|延期|报告|报送|公开")


def _outside_period(report: Report, sentence: Sentence, dates: list[Figure]) -> Iterator[Claim]:
    """`评价期间为2020年1月1日至2020年12月31日。期间，项目于2021年11月16日验收`."""
    word = _IN_PERIOD.search(sentence.text)
    if not word:
        return
    known = [
        (a.figure, b.figure)
        for e in (sentence, *report.before(sentence, 2))
        for a, b in itertools.pairwise([s for s in e.said if s.role == "date"])
        if _PERIOD.search(a.clause) and _TO.fullmatch(report.plain[e.paragraph - 1][a.figure.end : b.figure.start])
    ]
    for first, last in known[:1]:
        begin, end = date_of(first.day), date_of(last.day)
        for f in [d for d in dates if d.at not in (first.at, last.at) and not _in_span(report, d)]:
            day, month = _first_day(f) if f.day[1] else None, not f.day[2]
            if not (begin and end and day and begin < end) or (first.at > f.at and first.paragraph == f.paragraph):
                continue
            early = day.replace(day=28) < begin if month else day < begin
            if early or day > end:
                yield _wrong(report, sentence, f, first if early else last, "outside-period")


def _in_span(report: Report, date: Figure) -> bool:
    """Whether a date begins or ends a span of its own."""
    plain = report.plain[date.paragraph - 1]
    return bool(_TO.match(plain, date.end) or re.search("[至到—～~]\\s*$", plain[: date.start]))


_TO = re.compile(r"\s*[至到—～~-]+\s*")


def _after(report: Report, sentence: Sentence, dates: list[Figure]) -> Iterator[Claim]:
    """`9月8日验收合格，验收后于8月20日支付尾款`: after, or before, what the words name, of which the sentence has the date."""
    plain = report.plain[sentence.paragraph - 1]
    for f in dates[1:]:
        found = _AFTER.search(plain, sentence.start, f.start)
        acts = _ACTS.findall(_SIGNING.sub("签订", found["what"])) if found else []
        told = [d for d in dates if d.end <= f.start and any(a in _around(plain, sentence, d) for a in acts)]
        first, second = (_day(told[0], told[0]), _day(f, told[0])) if len(told) == 1 else (None, None)
        if found and first and second and (second < first if found["way"] == "后" else second > first):
            yield _wrong(report, sentence, f, told[0], "steps-backwards")


def _around(plain: str, sentence: Sentence, date: Figure) -> str:
    """The clause that a date stands in."""
    before = re.split("[，。；;]", plain[sentence.start : date.start])[-1]
    return _SIGNING.sub("签订", before + re.split("[，。；;]", plain[date.end : sentence.end])[0])


def _steps(report: Report, sentence: Sentence, dates: list[Figure]) -> Iterator[Claim]:
    """Two dates of a sentence, each with what was done, where the later step has the earlier date."""
    plain = report.plain[sentence.paragraph - 1]
    ends = [f.start for f in dates[1:]] + [sentence.end]
    words = [re.split("[；;。]", plain[f.end : end])[0] for f, end in zip(dates, ends, strict=True)]
    told = list(zip(dates, map(_step, words), (bool(_PAID.search(w[:16])) for w in words), strict=True))
    for (one, before, _), (other, after, paid) in itertools.pairwise(told):
        ordered = before >= 0 and after >= 0 and before != after
        unsigned = before == _SIGNED and after < 0 and paid
        if not (ordered or unsigned) or re.search("[;；]", plain[one.end : other.start]):
            continue
        first, second = _day(one, one), _day(other, one)
        if first and second and (first > second if before < after or unsigned else first < second):
            yield _wrong(report, sentence, other, one, "steps-backwards")


def _step(words: str) -> int:
    """The step that the words behind a date name first; −1 for none, or where the clause is long."""
    found = [(m.start(), k) for k, p in enumerate(_STEPS) if (m := p.search(words[:14]))]
    return max(k for at, k in found if at - min(found)[0] <= 3) if found else -1


def _day(figure: Figure, like: Figure) -> datetime.date | None:
    """A date, of the year before it where it names none; only whole days, or whole months of two."""
    year, month, day = figure.day
    both = bool(day) == bool(like.day[2])
    return date_of((year or like.day[0], month, day or 1)) if month and both and (year or like.day[0]) else None

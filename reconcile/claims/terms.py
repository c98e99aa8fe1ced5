"""Spans of dates and terms of contracts: their order, their length, what they cover, and payments after them."""

from __future__ import annotations

import calendar
import datetime
import itertools
import re
from collections.abc import Iterator
from fractions import Fraction

from reconcile.claims import numerals
from reconcile.claims.claim import FAILS, HOLDS, UNTESTABLE, Claim
from reconcile.claims.dates import claim_of_date
from reconcile.claims.figure import date_of, printed
from reconcile.claims.roles import Said
from reconcile.claims.text import Report, Sentence

_TERM = re.compile(
    "(?:合同|服务|履约|租赁|租|协议|聘|委托|保修|质保)[^，。；:]{0,14}(?:期间|期限|期|自|从|有效期|时间|起止)[^，。；]{0,4}$|期限[^，。；]{0,4}$"
)
_YEARLY = re.compile("常年|全年(?:服务|合同|委托|聘)|年度服务|整年")
_SIGNED = re.compile("签[订署约](?:日期|时间)?(?:为|是|于|在|[:：])*·|·[^，。；\\d]{0,8}签[订署约]")
_AGAIN = re.compile("补充|补签|续签|续约|变更|重新")
_PAID = re.compile("支付|付款|拨付|结算|付清")
_LAST = re.compile("尾款|质保|余款|保证金|验收后")
_LENGTH = r"([一二两三四五六七八九十]{1,3}|\d{1,4}|半)\s*(个半月|个月|月|年半|周年|(?<!\d{4})年(?![\d度])|天|日|个?日历天|个?自然日|个?季度|周)"
_SPAN = re.compile(
    rf"^\s*(?:零时|0时)?(?:起|开始|起算)?[，、]?(?:(?:共|共计|为期|连续|期限为?|历时|服务期|租期|工期)?{_LENGTH}[，、]?)?\s*(?:至|到|—+|-|~|～|——)\s*$"
)
_WORKS = (
    re.compile(
        r"^\s*(?:日)?(?:正式)?(?:开工|动工|开始|启动|进场|施工|起租|实施)(?:建设|施工|实施)?[，、]?\s*(?:至|到|(?:应|须|需|将|拟|计划)?于?)?\s*$"
    ),
    re.compile(r"^\s*(?:日)?(?:全面|正式|如期)?(?:竣工|完工|结束|终止|到期|届满|交付)"),
    re.compile(r"(?:合同|计划|约定|要求|批复)[^，。；]{0,4}工期[^，。；]*$"),
)
_DURATION = re.compile(
    rf"(?:为期|历时|期限|共计?|合计|总计|[^一二三四五六七八九十\d，。；、]周?期(?:限|间)?)(?:共|约定)?(?:为|是|[:：])?\s*{_LENGTH}"
    rf"|[,，]\s*(?!\d+[月日]){_LENGTH}(?=[，。；;、()]|期|$)"
)


def check(report: Report) -> Iterator[Claim]:
    """Every span of two dates."""
    for sentence in report.sentences:
        yield from _spans(report, sentence)


def _spans(report: Report, sentence: Sentence) -> Iterator[Claim]:
    plain = report.plain[sentence.paragraph - 1]
    dates = [s for s in sentence.said if s.role == "date"]
    for one, other in itertools.pairwise(dates):
        joined = _SPAN.match(plain[one.figure.end : other.figure.start]) or _worked(plain, sentence, one, other)
        if not joined or not one.figure.day[0]:
            continue
        first = date_of((one.figure.day[0], one.figure.day[1], one.figure.day[2] or 1)) if one.figure.day[1] else None
        year = other.figure.day[0] or one.figure.day[0]
        month = other.figure.day[1]
        last_day = other.figure.day[2] or (calendar.monthrange(year, month)[1] if 1 <= month <= 12 else 0)
        last = date_of((year, month, last_day)) if month else None
        if first is None or last is None:
            continue
        phrase = report.between(one.figure, other.figure)
        if last < first:
            yield claim_of_date(
                report,
                "date",
                other.figure,
                last,
                first,
                FAILS,
                "span-backwards",
                {"stated": other.figure.text, "event": one.figure.text},
                "claim-mismatch",
                (one.figure,),
                phrase,
            )
            continue
        whole = bool(one.figure.day[2] and other.figure.day[2]) or not (one.figure.day[2] or other.figure.day[2])
        said_so = _duration(report, sentence, plain, one, other, first, last, phrase) if whole else None
        if said_so:
            yield said_so
        if _TERM.search(plain[max(sentence.start, one.figure.start - 16) : one.figure.start]):
            yield from _term(report, sentence, one, other, first, last, phrase, already=said_so is not None)


def _worked(plain: str, sentence: Sentence, one: Said, other: Said) -> bool:
    """`2022年5月1日开工，2022年6月29日竣工`, unless the time beside it is what a contract or a plan gave."""
    begun, ended, planned = _WORKS
    owed = re.search("[应须需将拟划]于?$", plain[one.figure.end : other.figure.start])
    return bool(
        begun.match(plain[one.figure.end : other.figure.start])
        and ended.match(plain[other.figure.end : other.figure.end + 8])
        and (owed or not planned.search(re.split("[，。；]", plain[sentence.start : one.figure.start])[-2:][0]))
    )


def months_between(first: datetime.date, last: datetime.date) -> int | None:
    """Whole months from a day to the day before the same day of a later month, both included; None where not whole."""
    after = last + datetime.timedelta(days=1)
    months = (after.year - first.year) * 12 + after.month - first.month
    if after.day == first.day or (after.day == 1 and first.day > calendar.monthrange(last.year, last.month)[1]):
        return months
    if last.day == first.day:
        return months
    return None


def _long(number: str, unit: str) -> tuple[Fraction, Fraction]:
    """A length in its unit, and in months where it is one of months: 半年 is half a year and 6 months, 90天 none."""
    n = Fraction(1, 2) if number == "半" else Fraction(number) if number.isdecimal() else numerals.chinese(number)
    n = (n or Fraction(0)) + (Fraction(1, 2) if "半" in unit else 0)
    if "天" in unit or "日" in unit or unit == "周":
        return (n * 7 if unit == "周" else n), Fraction(0)
    return n, n * (12 if "年" in unit else 3 if "季" in unit else 1)


def _duration(
    report: Report,
    sentence: Sentence,
    plain: str,
    one: Said,
    other: Said,
    first: datetime.date,
    last: datetime.date,
    phrase: tuple[int, int, str],
) -> Claim | None:
    after = re.split("[。；]", plain[other.figure.end : other.figure.end + 24])[0]
    before = plain[max(sentence.start, one.figure.start - 16) : one.figure.start]
    between = plain[one.figure.end : other.figure.start]
    found = (
        _DURATION.search(after)
        or re.match(rf"\s*[(](?:共计?|合计|为期)?{_LENGTH}[)]", after)
        or re.search(_LENGTH, between)
        or (m if (m := _DURATION.search(before)) and not re.search("第|首|其中", before[m.end() :]) else None)
    )
    if not found:
        return None
    number, unit = (g for g in found.groups() if g)
    stated, months_long = _long(number, unit)
    days, months = (last - first).days + 1, months_between(first, last)
    whole = months if months is not None else round(days * 12 / 365)
    if not months_long:
        computed, ok = Fraction(days), stated in (days, days - 1)
    else:
        computed = whole * stated / months_long
        near = abs(days - months_long * 365 / 12) <= (3 * months_long / 12 if "年" in unit else 15)
        ok = months == months_long if months is not None else near
    shown = f"{printed(computed)}{unit}" if computed.denominator == 1 else f"{days}天"
    params: dict[str, object] = {"stated": found[0].strip("，, ()"), "computed": shown, "days": str(days)}
    used = frozenset(
        {
            one.figure.at,
            other.figure.at,
            *(
                s.figure.at
                for s in sentence.said
                if s.figure.dimension in ("days", "months", "years") and s.figure.text.startswith(number)
            ),
        }
    )
    return Claim(
        "duration",
        one.figure.paragraph,
        *phrase,
        stated,
        computed,
        HOLDS if ok else FAILS,
        "duration-holds" if ok else "duration-fails",
        unit,
        "",
        params,
        used,
        "claim-mismatch",
    )


def _term(
    report: Report,
    sentence: Sentence,
    one: Said,
    other: Said,
    first: datetime.date,
    last: datetime.date,
    phrase: tuple[int, int, str],
    *,
    already: bool,
) -> Iterator[Claim]:
    """A contract's term: a signature or a payment after it, a term said to be a year's that is none, or days of the period without one."""
    plain = report.plain[sentence.paragraph - 1]
    used = (one.figure, other.figure)
    for f in [s.figure for s in sentence.said if s.role == "date" and s.figure not in used]:
        signed = _SIGNED.search(plain[max(sentence.start, f.start - 12) : f.start] + "·" + plain[f.end : f.end + 10])
        day = date_of(f.day)
        if signed and day and day > last and not _AGAIN.search(sentence.text):
            late: dict[str, object] = {"stated": f.text, "event": other.figure.text}
            yield claim_of_date(
                report, "contract", f, day, last, FAILS, "signed-after-term", late, "claim-mismatch", used
            )
            return
    for s in report.all_said:
        f = s.figure
        if f.paragraph == sentence.paragraph and f.start > other.figure.end and s.role == "date" and f.day[1]:
            around = plain[f.end : f.end + 14]
            paid = date_of((f.day[0] or last.year, f.day[1], f.day[2] or 1))
            if (
                paid
                and paid > last
                and _PAID.search(around)
                and not _LAST.search(around)
                and f.start - other.figure.end < 80
            ):
                yield claim_of_date(
                    report,
                    "contract",
                    f,
                    paid,
                    last,
                    FAILS,
                    "paid-after-term",
                    {"stated": f.text, "end": last.isoformat()},
                    "claim-mismatch",
                    used,
                    report.between(one.figure, f) if f.start < sentence.end else None,
                )
                return
    end, year = report.period_end, report.year
    months = months_between(first, last)
    item = plain
    yearly = bool(_YEARLY.search(item[: one.figure.start]))
    if end is None or not year:
        if not already:
            yield claim_of_date(
                report,
                "contract",
                other.figure,
                last,
                None,
                UNTESTABLE,
                "term-no-period",
                {"days": str((last - first).days + 1)},
                "",
                used,
                phrase,
            )
        return
    uncovered = max(0, (end - last).days) + max(0, (first - datetime.date(year, 1, 1)).days)
    uncovered = min(uncovered, 366)
    params: dict[str, object] = {
        "days": str((last - first).days + 1),
        "uncovered": str(uncovered),
        "end": last.isoformat(),
        "year": str(year),
    }
    if yearly and (months is None or months % 12) and uncovered:
        yield claim_of_date(
            report, "contract", other.figure, last, end, FAILS, "term-short", params, "claim-mismatch", used, phrase
        )
    elif uncovered and not (months and months % 12 == 0):
        yield claim_of_date(
            report, "contract", other.figure, last, end, UNTESTABLE, "term-open", params, "", used, phrase
        )
    else:
        yield claim_of_date(
            report,
            "contract",
            other.figure,
            last,
            end,
            HOLDS,
            "term-uncovered" if uncovered else "term-covers",
            params,
            "",
            used,
            phrase,
        )

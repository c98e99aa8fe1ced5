"""Days that there are, and the report's own date against its period and the events of its text."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from reconcile.claims.claim import FAILS, HOLDS, UNTESTABLE, Claim
from reconcile.claims.figure import Figure, date_of
from reconcile.claims.text import Report

_SIGNED = re.compile(
    r"(?:报告日期|编制日期|填报日期|落款日期|报送日期|编报日期|出具日期|报告时间|落款|日期|印发日期)(?:为|是|[:：])*\s*$"
)
_DONE = re.compile("已于|已在|于|完成|验收|签订|举行|举办|投入|召开|启用|开展|上线|挂牌|到位|竣工|支付|[^的]实现")
_PLANNED = re.compile("计划|预计|拟于|拟在|将于|将在|力争|争取|下一步|明年|至|到期|截止|有效期|规划|期间|前完成")


def check(report: Report) -> Iterator[Claim]:
    yield from _no_such_day(report)
    yield from _signature(report)


def _no_such_day(report: Report) -> Iterator[Claim]:
    for said in report.all_said:
        year, month, day = said.figure.day
        if (said.role == "date" and month and not 1 <= month <= 12) or (
            year and month and day and 1 <= month <= 12 and not date_of(said.figure.day)
        ):
            yield claim_of_date(
                report,
                "date",
                said.figure,
                None,
                None,
                FAILS,
                "no-such-day",
                {"stated": said.figure.text},
                "claim-mismatch",
            )


def claim_of_date(
    report: Report,
    kind: str,
    figure: Figure,
    stated: datetime.date | None,
    computed: datetime.date | None,
    verdict: str,
    reason: str,
    params: dict[str, object],
    code: str,
    used: tuple[Figure, ...] = (),
    phrase: tuple[int, int, str] | None = None,
) -> Claim:
    return Claim(
        kind, figure.paragraph, *(phrase or report.phrase(figure.paragraph, figure.start, figure.end)), stated, computed, verdict, reason, "",
        figure.text, params, frozenset({figure.at, *(f.at for f in used)}), code,
    )  # fmt: skip


def signature(report: Report) -> Figure | None:
    """The report's own date: said to be so, or alone in one of the last paragraphs (the office's name may go before)."""
    for said in report.all_said:
        if said.role == "date" and date_of(said.figure.day) and _SIGNED.search(said.clause.strip() or said.label):
            return said.figure
    filled = [i for i, t in enumerate(report.plain, 1) if t.strip() and report.lines[i - 1].cell is None]
    if len(filled) < 2:
        return _trailing(report)
    for paragraph in reversed(filled[-4:]):
        for said in report.all_said:
            f = said.figure
            if f.paragraph == paragraph and date_of(f.day):
                rest = report.plain[paragraph - 1]
                rest = (rest[: f.start] + rest[f.end :]).strip(" \t。")
                if not rest or (
                    len(rest) <= 24
                    and re.search(
                        r"(?:局|委|厅|处|院|所|中心|办|办公室|部|政府|学校|单位|公司|科|站|队|会|馆)[\s(盖公章)]*$",
                        rest,
                    )
                    and f.end >= len(report.plain[paragraph - 1].rstrip(" 。"))
                ):
                    return f
    return _trailing(report)


def _trailing(report: Report) -> Figure | None:
    """A date that ends the text as a sentence of its own: `…。某某局 2020年4月21日`."""
    if not report.sentences:
        return None
    last = report.sentences[-1]
    dates = [s.figure for s in last.said if s.role == "date"]
    if len(dates) == 1 and len(report.sentences) > 1 and date_of(dates[0].day):
        rest = (last.text[: dates[0].start - last.start] + last.text[dates[0].end - last.start :]).strip()
        if len(rest) <= 24 and not re.search("[，、:于在年至]", rest) and dates[0].end >= last.end - 2:
            return dates[0]
    return None


def _signature(report: Report) -> Iterator[Claim]:
    figure, end = signature(report), report.period_end
    if figure is None:
        return
    day = date_of(figure.day)
    if day is None:
        return
    later = list(_later_events(report, figure, day))
    if end is None:
        if later:
            yield claim_of_date(
                report,
                "date",
                figure,
                day,
                later[0][1],
                FAILS,
                "dated-before-event",
                {"stated": figure.text, "event": later[0][0]},
                "date-before-period-end",
            )
        else:
            yield claim_of_date(report, "date", figure, day, None, UNTESTABLE, "no-period", {"stated": figure.text}, "")
        return
    events = "、".join(text for text, _ in later[:4])
    if day <= end and (day < end or later):
        reason = "dated-early-events" if events else "dated-early"
        yield claim_of_date(
            report,
            "date",
            figure,
            day,
            end,
            FAILS,
            reason,
            {"stated": figure.text, "end": end.isoformat(), "days": str((end - day).days), "event": events},
            "date-before-period-end",
        )
    elif later:
        yield claim_of_date(
            report,
            "date",
            figure,
            day,
            later[0][1],
            FAILS,
            "dated-before-event",
            {"stated": figure.text, "event": events},
            "date-before-period-end",
        )
    else:
        yield claim_of_date(
            report, "date", figure, day, end, HOLDS, "dated-after", {"stated": figure.text, "end": end.isoformat()}, ""
        )


def _later_events(report: Report, figure: Figure, day: datetime.date) -> Iterator[tuple[str, datetime.date]]:
    """What the text says was done on a day, or in a month, that the report's own date does not reach."""
    for said in report.all_said:
        f = said.figure
        if f.at == figure.at or said.role != "date" or not f.day[1]:
            continue
        plain = report.plain[f.paragraph - 1]
        around = plain[max(0, f.start - 8) : f.start] + "·" + plain[f.end : f.end + 10]
        if _PLANNED.search(around) or not (_DONE.search(around) or re.match("起|开始|以来", plain[f.end : f.end + 3])):
            continue
        year = f.day[0] or (report.year if re.search("从|已|自", around) else 0)
        when = date_of((year, f.day[1], f.day[2] or 1)) if year else None
        if when and when > day:
            yield f.text, when

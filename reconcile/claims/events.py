"""The order in which things are done: what is signed is signed before it is finished, and finished before it is accepted."""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Iterator

from reconcile.claims.claim import FAILS, Claim
from reconcile.claims.dates import claim_of_date
from reconcile.claims.figure import Figure, date_of
from reconcile.claims.text import Report

_STEPS = (
    re.compile("招标|采购公告|挂网"),
    re.compile("中标|开标|评标"),
    re.compile("签[订署约]|订立"),
    re.compile("开工|动工|进场|启动实施|开始施工|开始服务"),
    re.compile("完工|竣工|完成(?!招标|采购|签|评标|立项)|交付|建成"),
    re.compile("验收"),
)
_AGAIN = re.compile("补充|续签|变更|二期|另|再次|重新|分别|计划|预计|拟|将于|原|应于|约定|预验|初验|阶段")


def check(report: Report) -> Iterator[Claim]:
    """Two dates of a sentence, each with what was done, where the later step has the earlier date."""
    for sentence in report.sentences:
        if _AGAIN.search(sentence.text):
            continue
        plain = report.plain[sentence.paragraph - 1]
        dates = [s.figure for s in sentence.said if s.role == "date"]
        if len(dates) < 2:
            continue
        ends = [f.start for f in dates[1:]] + [sentence.end]
        told = [(f, _step(re.split("[；;。]", plain[f.end : end])[0])) for f, end in zip(dates, ends, strict=True)]
        for (one, before), (other, after) in itertools.pairwise(told):
            if before < 0 or after < 0 or before == after or re.search("[;；]", plain[one.end : other.start]):
                continue
            first, second = _day(one, one), _day(other, one)
            wrong = first and second and (first > second if before < after else first < second)
            if wrong:
                params: dict[str, object] = {"stated": other.text, "event": one.text}
                phrase = report.between(one, other)
                yield claim_of_date(report, "date", other, second, first, FAILS, "steps-backwards", params, "claim-mismatch", (one,), phrase)  # fmt: skip


def _step(words: str) -> int:
    """The step that the words behind a date name first; −1 for none, or where the clause is long."""
    found = [(m.start(), k) for k, p in enumerate(_STEPS) if (m := p.search(words[:14]))]
    return max(k for at, k in found if at - min(found)[0] <= 3) if found else -1


def _day(figure: Figure, like: Figure) -> datetime.date | None:
    """A date, of the year before it where it names none; only whole days, or whole months of two."""
    year, month, day = figure.day
    both = bool(day) == bool(like.day[2])
    return date_of((year or like.day[0], month, day or 1)) if month and both and (year or like.day[0]) else None

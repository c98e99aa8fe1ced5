"""Averages: an amount over how many there are, 户均, 每公里, 月均."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from reconcile.claims.claim import Claim, Trial, claim_of, judge
from reconcile.claims.figure import places
from reconcile.claims.quantities import SUMMED, counted, fits
from reconcile.claims.roles import Said
from reconcile.claims.text import Report, Sentence

_AVERAGE_OF = re.compile(
    r"([人户次批件台车期亩村校场笔套项所座处盒吨]均(?![月日]|年(?!费用|支出|成本|补助|补贴|工资|薪酬))|平均每[一-鿿]{1,2}?|每(?:公里|公顷|平方米|立方米|[一-鿿])平均|月均|日均)(?=[^每均]*$)"
)


_UNIT_COST = re.compile(r"((?:每|单)(?:公里|公顷|平方米|[一-鿿]))[一-鿿]{0,4}(?:为|是|约)?$")
"""What a price that stands behind an amount and a quantity is worked out of: 每公里2万元, 单车价格62.5万元."""


_RATE_OF_PAY = re.compile("标准|每|均|单价")


def check(report: Report) -> Iterator[Claim]:
    for sentence in report.sentences:
        yield from _averages(report, sentence)


def _averages(report: Report, sentence: Sentence) -> Iterator[Claim]:
    for said in sentence.said:
        clause = re.sub(r"\([^()]*\)", "", said.clause)[-14:]
        word = _AVERAGE_OF.search(clause) or (_UNIT_COST.search(clause) if _ends(sentence, said) else None)
        if not word or said.role not in ("average", "level", "price"):
            continue
        per = re.sub("平均|每|均|单", "", word[1])
        per = per if per in ("公里", "公顷", "平方米") else per[:1]
        figure = replace(
            said.figure, per=(), step=said.figure.step or said.figure.factor / 10 ** places(said.figure.text)
        )
        money = [
            s
            for s in sentence.said
            if s.figure.dimension == figure.dimension
            and s.figure.at != figure.at
            and (s.is_level or (s.role == "change" and SUMMED.search(s.label)))
            and s.figure.value > figure.value
            and not _RATE_OF_PAY.search(s.label)
        ]
        counts = [
            s
            for s in sentence.said
            if s.figure.at != figure.at
            and s.role in ("level", "after")
            and s.figure.value > 1
            and (fits(s.figure, per) or (per == "次" and s.figure.kin in ("time", "visit")))
        ]
        if per == "月" and not counts and re.search("全年|年度|本年", sentence.text):
            alone = len(money) == 1 and not any(s.figure.kin in ("person", "body") for s in sentence.levels)
            trials = [Trial(lambda a: a / 12, (m.figure,), "how-average", alone) for m in money]
            found = judge(figure, trials)
            if found:
                yield claim_of("average", report.words_of(said.figure), figure, *found, said.subject, "claim-mismatch")
            continue
        if per in ("月", "日") and not counts:
            continue
        if not counts:
            earlier = report.before(sentence, 1)
            counts = [s for e in earlier for s in e.levels if e.paragraph == sentence.paragraph and fits(s.figure, per)]
        before = [s for s in money if s.figure.end <= figure.start]
        trials = []
        for m in (before or money)[::-1]:
            for c in counts[::-1]:
                trials.append(
                    Trial(
                        lambda a, b: a / b,
                        (m.figure, counted(c.figure)),
                        "how-average",
                        m is (before or money)[-1] and (len(counts) == 1 or c is counts[-1]),
                    )
                )
        found = judge(figure, trials)
        if found:
            verdict, trial = found
            first = min(trial.inputs, key=lambda f: f.at)
            phrase = (
                report.between(first, said.figure)
                if first.paragraph == said.figure.paragraph and first.start >= sentence.start
                else report.words_of(said.figure)
            )
            yield claim_of("average", phrase, figure, verdict, trial, said.subject, "claim-mismatch")


def _ends(sentence: Sentence, said: Said) -> bool:
    """Whether a price for one thing stands behind all other figures, and no time is among them that it may be for."""
    others = [s for s in sentence.said if s is not said and s.role != "date"]
    timed = any(s.figure.dimension in ("months", "days", "years", "times") for s in others)
    return (
        said.role == "price"
        and len(said.figure.per) == 1
        and not timed
        and all(s.figure.end <= said.figure.start for s in others)
    )

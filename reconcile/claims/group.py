"""A total and its parts, and which reading of a text makes them tie."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from reconcile import wording
from reconcile.claims.claim import FAILS, UNTESTABLE, Claim, Trial, claim_of, judge
from reconcile.claims.complete import short
from reconcile.claims.figure import Figure, add
from reconcile.claims.roles import Said
from reconcile.claims.text import Report

SUMMED = (
    "money",
    "score",
    "count",
    "area",
    "acres",
    "length",
    "weight",
    "volume",
    "energy",
    "hours",
    "days",
    "workdays",
)
PARTLY = re.compile("主要|重点|部分|尤其|特别|例如|比如")
SIDES = {
    "spend": "out",
    "actual": "out",
    "income": "in",
    "budget": "plan",
    "original": "plan",
    "available": "plan",
    "balance": "left",
    "full": "full",
    "got": "got",
    "cut": "cut",
}


def clash(parent: Said, child: Said) -> bool:
    """Whether the words say that one is no part of the other: planned and spent, income and spending."""
    one, other = SIDES.get(parent.measure, ""), SIDES.get(child.measure, "")
    if not one or not other or one == other:
        return False
    if re.search("总计|合计|总额", parent.label) and other == "left":
        return False
    if one == "plan" and re.fullmatch("(?:实际|累计|已)?支出", child.subject):
        return True
    if one == "plan" and child.measure == "spend" and not re.search("实际|决算", child.label):
        return False
    if other == "plan" and not re.search("预算|计划|指标|批复|概算", child.label):
        return False
    if one == "plan" and other == "in":
        return False
    return not (one == "in" and other == "left")


@dataclass(frozen=True)
class Group:
    """A total and its parts.  `partial`: the words say that not all parts are listed; `open`: they do not say that all are.

    `strong` and `tail` are those of the trial that adds the parts up.
    """

    parent: Said
    children: tuple[Said, ...]
    partial: bool = False
    strong: bool = True
    tail: bool = False
    open: bool = False


def decide(report: Report, options: Sequence[Group]) -> tuple[Claim, Group] | None:
    """The reading that ties, else a tail, else the first reading where it fails."""
    whole = [g for g in options if len(g.children) > 1 and not g.partial]
    if whole:
        stated = whole[0].parent.figure
        by_parent: dict[tuple[int, int], list[Group]] = {}
        for g in whole:
            by_parent.setdefault(g.parent.figure.at, []).append(g)
        outcomes = []
        for several in by_parent.values():
            trials = [
                Trial(add, tuple(c.figure for c in g.children), "how-sum", g.strong, tail=g.tail) for g in several
            ]
            found = judge(several[0].parent.figure, trials)
            if found:
                outcomes.append((found, several[trials.index(found[1])]))
        if outcomes:
            (verdict, trial), group = min(outcomes, key=lambda o: ("holds", "rounding", "fails").index(o[0][0]))
            stated = group.parent.figure
            if verdict == FAILS and group.open and short(group.parent, group.children):
                return untestable(report, group, trial), replace(group, partial=True)
            return claim_of_group(report, group, stated, verdict, trial), group
    for g in options:
        if g.parent.figure.plain and g.children and (g.partial or len(g.children) == 1):
            trial = Trial(add, tuple(c.figure for c in g.children), "how-part-of")
            reach = sum((c.figure.bounds[0] for c in g.children), Fraction(0))
            known = all(c.figure.plain for c in g.children)
            if known and reach > g.parent.figure.bounds[1] and g.strong:
                return claim_of_group(report, g, g.parent.figure, FAILS, trial), g
    return None


def untestable(report: Report, group: Group, trial: Trial) -> Claim:
    """Parts that fall short of their total, of a list that does not say that it has them all."""
    claim = claim_of_group(report, group, group.parent.figure, UNTESTABLE, trial)
    missing = {k: wording.text("missing-parts", k, "claims") for k in ("zh", "en")}
    params = {"stated": group.parent.figure.text, "missing": missing}
    return replace(claim, reason="lacks-basis", params=params, computed=None, used=frozenset({group.parent.figure.at}))


def claim_of_group(report: Report, group: Group, stated: Figure, verdict: str, trial: Trial) -> Claim:
    first = min((stated, *trial.inputs), key=lambda f: f.at)
    last = max((stated, *trial.inputs), key=lambda f: f.at)
    phrase = report.between(first, last) if first.paragraph == last.paragraph else report.words_of(stated)
    if last.paragraph != stated.paragraph:
        phrase = report.words_of(stated)
    return claim_of("sum", phrase, stated, verdict, trial, group.parent.subject, code="claim-mismatch")

"""Rules about costs in the wrong place: basic costs in a project, the three public ones, and receptions and outings
under another class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile import codes, wide, wording
from reconcile.check.facts import Facts, voucher_subject
from reconcile.check.many import largest, listed
from reconcile.check.memo_text import Memos
from reconcile.classes import class_code
from reconcile.codes import THREE_PUBLIC
from reconcile.finding import Check, Finding, Severity
from reconcile.groups import Groups
from reconcile.money import percent
from reconcile.read import words

DAILY = frozenset(
    {"30201", "30207", "30211", "30217", "30228", "30229", "30231", "30239"} | {f"301{n:02d}" for n in range(1, 14)}
)
"""Classes of pay and of daily running that a project is not for unless its budget says so (R13)."""
MEETINGS = ("30215", "30216")


def three_public(facts: Facts) -> Check:
    """R31: the three public classes together against their budget, over every scope that budgets by class."""
    lines = [x for scope, own in facts.by_class.scopes() for x in own if x.key in THREE_PUBLIC]
    if not any(x.planned for x in lines):
        return Check.missing("three-public", "needs-class-budget")
    known = [x for x in lines if x.available is not None]
    planned, spent = sum(x.available or 0 for x in known), sum(x.actual for x in known)
    found = []
    over = [x for x in known if x.actual > (x.available or 0)]
    if spent > planned > 0 and len(over) > 1:
        largest = max(over, key=lambda x: x.actual - (x.available or 0))
        found = [
            Finding(
                "over-budget",
                wording.text("three-public", facts.settings.language),
                facts.class_origin(largest),
                expected=planned,
                actual=spent,
                detail="three-public",
                params={"rate": f"{percent(spent, planned)}%"},
            )
        ]
    return Check.ran("three-public", len(known), found)


def basic_in_project(facts: Facts) -> Check:
    """R13: pay and daily running costs charged to a project whose own budget has no such class; one finding a project.

    A note only where the project's name speaks of the cost.
    """
    entries = facts.tie.entries
    of_projects = wide.equal(entries, "category", "project")
    own = np.flatnonzero(of_projects & wide.filled(entries, "economic_code"))
    if not len(own):
        if of_projects.any():
            return Check.missing("basic-in-project", "needs-project-classes")
        return Check.ran("basic-in-project", 0, [])
    class_of, classes = _classes(entries)
    own_class = class_of[own]
    kept = np.array([c in DAILY for c in classes], dtype=bool)[own_class]
    daily, daily_class = own[kept], own_class[kept]
    planned = {(x.project_id, x.key) for x in facts.by_class.lines if x.planned and x.category == "project"}
    ids = entries["project_id"].to_numpy()
    projects = Groups.by(ids[daily], wide.codes(entries, "project", daily))
    lines = Groups.by(projects.of, daily_class)
    charged: dict[int, list[_Charge]] = {}
    sums = lines.sums(entries["amount"].to_numpy()[daily])
    for first, amount, count in zip(lines.first.tolist(), sums.tolist(), lines.counts.tolist(), strict=True):
        code, project = classes[daily_class[first]], int(ids[daily[first]])
        if amount != 0 and not {(project, code), (project, code[:3])} & planned:
            charged.setdefault(int(projects.of[first]), []).append(_Charge(code, amount, count, int(daily[first])))
    found = [sorted(charges, key=lambda c: (-abs(c.amount), c.code)) for _, charges in sorted(charged.items())]
    sizes = [sum(c.amount for c in charges) for charges in found]
    findings = largest(sizes, lambda i: _charged(facts, found[i]), levels=[_level(facts, c) for c in found])
    return Check.ran("basic-in-project", len(own), findings)


@dataclass(frozen=True)
class _Charge:
    """A class charged to a project: its sum in 分, how many entries, and the position of the first."""

    code: str
    amount: int
    count: int
    first: int


def _charged(facts: Facts, charges: Sequence[_Charge]) -> Finding:
    first = facts.tie.entries.iloc[charges[0].first]
    return Finding(
        "basic-in-project",
        first["project"] or wording.text("no-project"),
        facts.entry_origin(first),
        actual=sum(c.amount for c in charges),
        severity=_level(facts, charges),
        params={
            "item": listed([f"{c.code} {codes.economic_name(c.code)}" for c in charges]),
            "count": sum(c.count for c in charges),
        },
    )


def _level(facts: Facts, charges: Sequence[_Charge]) -> Severity:
    """A warning; a note where the project's name speaks of every class."""
    name = words.project_key(str(facts.tie.entries.iloc[charges[0].first]["project"]))
    spoken = all(_core(codes.economic_name(c.code)) in name for c in charges)
    return Severity.INFO if spoken else Severity.WARNING


def _core(item: str) -> str:
    """What a class is about: 差旅费 is about 差旅."""
    plain = words.project_key(item)
    return plain.removesuffix("经费").removesuffix("费用").removesuffix("费") or plain


def _classes(entries: pd.DataFrame) -> tuple[npt.NDArray[np.int64], list[str]]:
    """(the class that each entry's code is of, as a position among those there are; these)."""
    at, distinct = wide.factorized(entries, "economic_code")
    of, found = pd.factorize(np.array([class_code(str(c or ""), "") for c in distinct], dtype=object))
    return of[at], found.tolist()


def hospitality(facts: Facts) -> Check:
    """R32: receptions and meals under office, meeting or training costs; a question."""
    return _by_memo(facts, "hospitality-elsewhere", {"30201": "meal", "30215": "reception", "30216": "reception"})


def outings(facts: Facts) -> Check:
    """R33: meetings and training at resorts and sights; a question.  Standards a day and head need what no file says."""
    return _by_memo(facts, "meeting-place", dict.fromkeys(MEETINGS, "outing"))


def _by_memo(facts: Facts, name: str, uses: dict[str, str]) -> Check:
    entries = facts.tie.entries
    if len(entries) and not wide.filled(entries, "economic_code").any():
        return Check.missing(name, "needs-classes")
    class_of, classes = _classes(entries)
    own = np.flatnonzero(np.array([c in uses for c in classes], dtype=bool)[class_of])
    if len(own) and not wide.filled(entries, "memo")[own].any():
        return Check.missing(name, "needs-memos")
    says, said = np.zeros(len(own), dtype=bool), Memos.of(entries, "memo", own)
    for one, use in uses.items():
        if one in classes:
            says |= (class_of[own] == classes.index(one)) & said.saying(use)
    found = entries.iloc[own[says & (entries["amount"].to_numpy()[own] > 0)]]
    findings = []
    if len(found):
        largest = found.sort_values("amount", ascending=False, kind="stable")
        seen = [f"{voucher_subject(e)} {e.memo}" for e in largest.head(3).itertuples()]
        findings = [
            Finding(
                name,
                voucher_subject(largest.iloc[0])
                if len(found) == 1
                else facts.tie.period.label(facts.settings.language),
                facts.entry_origin(largest.iloc[0]),
                actual=int(found["amount"].sum()),
                anchor="" if len(found) == 1 else "period",
                params={"count": len(found), "seen": listed(seen)},
            )
        ]
    return Check.ran(name, len(own), findings)


RULES = (three_public, basic_in_project, hospitality, outings)

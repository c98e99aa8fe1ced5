"""Rules about costs in the wrong place: basic costs in a project, the three public ones, and receptions and outings
under another class."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from reconcile import codes, wording
from reconcile.check import memo_text
from reconcile.check.facts import Facts, voucher_subject
from reconcile.check.many import at_most, listed
from reconcile.classes import class_code
from reconcile.codes import THREE_PUBLIC
from reconcile.finding import Check, Finding, Severity
from reconcile.money import percent
from reconcile.read import columns as text
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
    own = entries[(entries["category"] == "project") & (entries["economic_code"] != "")]
    if not len(own):
        if (entries["category"] == "project").any():
            return Check.missing("basic-in-project", "needs-project-classes")
        return Check.ran("basic-in-project", 0, [])
    code = _classes(own)
    daily = own[np.isin(code, list(DAILY))]
    daily = daily.assign(code=code[np.isin(code, list(DAILY))])
    planned = {(x.project_id, x.key) for x in facts.by_class.lines if x.planned and x.category == "project"}
    findings = []
    for (project, name), lines in daily.groupby(["project_id", "project"], sort=False):
        spent = lines.groupby("code", sort=False)["amount"].sum()
        charged = [
            (str(c), int(a)) for c, a in spent.items() if a != 0 and not {(project, c), (project, c[:3])} & planned
        ]
        if charged:
            findings.append(_charged(facts, str(name), lines, sorted(charged, key=lambda x: (-abs(x[1]), x[0]))))
    return Check.ran("basic-in-project", len(own), at_most(findings))


def _charged(facts: Facts, project: str, lines: pd.DataFrame, charged: Sequence[tuple[str, int]]) -> Finding:
    first = lines[lines["code"] == charged[0][0]].iloc[0]
    names = [f"{code} {codes.economic_name(code)}" for code, _ in charged]
    spoken = all(_core(codes.economic_name(code)) in words.project_key(project) for code, _ in charged)
    return Finding(
        "basic-in-project",
        project or wording.text("no-project"),
        facts.entry_origin(first),
        actual=sum(amount for _, amount in charged),
        severity=Severity.INFO if spoken else None,
        params={"item": listed(names), "count": len(lines[lines["code"].isin([c for c, _ in charged])])},
    )


def _core(item: str) -> str:
    """What a class is about: 差旅费 is about 差旅."""
    plain = words.project_key(item)
    return plain.removesuffix("经费").removesuffix("费用").removesuffix("费") or plain


def _classes(entries: pd.DataFrame) -> np.ndarray:
    return text.mapped(entries["economic_code"].to_numpy(dtype=object), lambda c: class_code(str(c or ""), ""))


def hospitality(facts: Facts) -> Check:
    """R32: receptions and meals under office, meeting or training costs; a question."""
    return _by_memo(facts, "hospitality-elsewhere", {"30201": "meal", "30215": "reception", "30216": "reception"})


def outings(facts: Facts) -> Check:
    """R33: meetings and training at resorts and sights; a question.  Standards a day and head need what no file says."""
    return _by_memo(facts, "meeting-place", dict.fromkeys(MEETINGS, "outing"))


def _by_memo(facts: Facts, name: str, uses: dict[str, str]) -> Check:
    entries = facts.tie.entries
    if len(entries) and not (entries["economic_code"] != "").any():
        return Check.missing(name, "needs-classes")
    code = _classes(entries)
    own = entries[np.isin(code, list(uses))].assign(code=code[np.isin(code, list(uses))])
    if len(own) and not (own["memo"] != "").any():
        return Check.missing(name, "needs-memos")
    says = np.zeros(len(own), dtype=bool)
    for one, use in uses.items():
        says |= (own["code"] == one).to_numpy() & memo_text.saying(own["memo"], use)
    found = own[says & (own["amount"] > 0).to_numpy()]
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

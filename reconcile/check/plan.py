"""Rules about the budget as a plan: how much it was changed, what was to be procured, quotas below nought."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd

from reconcile import wording
from reconcile.check import printed
from reconcile.check.facts import Facts
from reconcile.check.many import at_most, listed
from reconcile.finding import Check, Finding, Origin
from reconcile.money import percent
from reconcile.read import rows, words

PROCURED = ("公开招标", "邀请招标", "竞争性谈判", "竞争性磋商", "询价", "单一来源", "框架协议", "tender", "procurement")
YES = ("是", "yes", "y", "true", "1", "√")


def budget_adjustment(facts: Facts) -> Check:
    """R36: what was added, taken and moved in the year (as amounts, none set off) against the original budget."""
    name = "budget-adjustment"
    limit = Fraction(str(facts.settings.thresholds.budget_adjustment))
    whole = {n: facts.tie.totals[n] for n in ("original", "increase", "decrease")}
    if any(v is None for v in whole.values()):
        return Check.missing(name, "needs-readable-budget")
    original = whole["original"] or 0
    if original <= 0:
        return Check.skipped(name, "no-original-budget")
    moved = (whole["increase"] or 0) + (whole["decrease"] or 0)
    shown = f"{float(limit):.0%}"
    total = wording.text("total-budget", facts.settings.language)
    findings = [_adjusted(total, Origin(), original, moved, shown)] if Fraction(moved, original) > limit else []
    own = facts.tie.by_project[facts.tie.by_project["in_budget"]].dropna(subset=["available"])
    changed = [
        (str(r.project), int(r.original), int(r.increase) + int(r.decrease)) for r in own.itertuples() if r.original > 0
    ]
    high = sorted((c for c in changed if Fraction(c[2], c[1]) > limit), key=lambda c: (-Fraction(c[2], c[1]), c[0]))
    if len(high) == 1:
        findings.append(_adjusted(high[0][0], facts.budget_origin(high[0][0]), *high[0][1:], shown))
    elif high:
        findings.append(
            Finding(
                name,
                wording.text("tail-projects", facts.settings.language),
                facts.budget_origin(high[0][0]),
                expected=sum(first for _, first, _ in high),
                actual=sum(amount for *_, amount in high),
                detail="projects",
                params={
                    "wording": "projects",
                    "limit": shown,
                    "count": len(high),
                    "seen": listed([f"{project} {percent(amount, first)}%" for project, first, amount in high]),
                },
            )
        )
    return Check.ran(name, len(changed) + 1, findings)


def _adjusted(subject: str, origin: Origin, original: int, moved: int, limit: str) -> Finding:
    params = {"rate": f"{percent(moved, original)}%", "limit": limit}
    return Finding("budget-adjustment", subject, origin, expected=original, actual=moved, params=params)


def procurement_plan(facts: Facts) -> Check:
    """R30: contracts let by procurement for projects whose budget lines do not say that they are to be procured."""
    name = "procurement-unplanned"
    flags = facts.budget.fen["procurement"]
    if facts.contracts is None or not (flags != "").any():
        return Check.missing(name, "needs-procurement-flags")
    yes = flags.map(lambda v: words.normalise(v) in YES)
    planned = set(facts.budget.fen.loc[yes, "project"].map(words.project_key))
    known = set(facts.budget.fen["project"].map(words.project_key)) - {""}
    let = facts.contracts.fen[facts.contracts.fen["procurement"].map(lambda v: any(w in v.lower() for w in PROCURED))]
    let = let[let["project"].map(words.project_key).isin(known)]
    found = [
        Finding(
            name,
            str(row.name or row.project),
            facts.origin(row.file, row.sheet, int(row.row), "procurement", kind="contracts"),
            actual=None if row.price is pd.NA else int(row.price),
            detail=str(row.number),
            params={"method": row.procurement, "project": row.project},
        )
        for row in let[~let["project"].map(words.project_key).isin(planned)].itertuples()
    ]
    return Check.ran(name, len(let), at_most(found))


def negative_quota(facts: Facts) -> Check:
    """R47: a printed balance of a budget line or a quota below nought: more was paid than there was."""
    lines = [r for r in printed.rows(facts) if r.stated_remaining is not None]
    over = {r.project for r in facts.tie.by_project.itertuples() if r.status == "over-budget"}
    found = [
        Finding(
            "over-budget",
            r.name,
            facts.line_origin(r.at, "remaining"),
            actual=r.stated_remaining,
            detail="quota",
            params={"wording": "quota"},
        )
        for r in lines
        if (r.stated_remaining or 0) < 0 <= (r.available or 0) and r.name not in over  # 追减 is a quota below nought
    ]
    tested = len(lines)
    for table in facts.ledger.tables:
        if "quota" in table.header.columns and "balance" in table.money:
            data = np.flatnonzero(table.roles == rows.DATA)
            tested += len(data)
            below = data[table.money["balance"].fen[data] < 0]
            quotas = table.raw("quota")
            told: set[str] = set()
            for i in below:
                quota = "" if quotas is None else str(quotas[i] or "")
                if quota not in told:
                    told.add(quota)
                    where = table.origin(int(i), "balance")
                    amount = int(table.money["balance"].fen[i])
                    params = {"wording": "quota"}
                    subject = quota or table.sheet
                    found.append(Finding("over-budget", subject, where, actual=amount, detail="quota", params=params))
    if not tested:
        return Check.missing("quota-below-nought", "needs-quotas")
    return Check.ran("quota-below-nought", tested, at_most(found))


RULES = (budget_adjustment, procurement_plan, negative_quota)

"""Rules about time: paid outside a contract's term, and parts of the year without a contract."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reconcile import wording
from reconcile.check.agreement import Agreement
from reconcile.check.contract_text import month_end, months, says
from reconcile.check.contracts import Rule, needing_contracts, partly
from reconcile.check.facts import Facts
from reconcile.check.many import at_most
from reconcile.check.vouchers_named import named
from reconcile.finding import Check, Finding
from reconcile.money import percent
from reconcile.read import words

STEADY_MONTHS = 3
STEADY_DAYS = 180
DAY = dt.timedelta(days=1)
Gap = tuple[dt.date, dt.date]


@needing_contracts("contract-expired")
def contract_expired(facts: Facts) -> Check:
    """R26: paid or delivered before a contract begins, or after its end; the last payment has some days' grace.

    A memo that names a month after the end tells of work without contract, however soon it was paid; retention
    money is paid late by its nature.
    """
    dated = [a for a in facts.agreements if a.end or a.first_day]
    if facts.agreements and not dated:
        return Check.missing("contract-expired", "needs-contract-dates")
    if not facts.payments.can_tell:
        return Check.missing("contract-expired", "needs-contract-payments")
    if not facts.ledger.fen["date"].notna().any():
        return Check.missing("contract-expired", "needs-dates")
    findings = []
    lines = outside(facts)
    for rows, late in lines.groupby("candidates", sort=True):
        own = [facts.agreements[i] for i in rows]
        findings.append(_expired(facts, own, late))
    grace = dt.timedelta(days=facts.settings.thresholds.contract_grace_days)
    for one in dated:
        if one.accepted and one.end and one.accepted > one.end + grace and one.accepted <= window(facts)[1]:
            findings.append(
                Finding(
                    "contract-expired",
                    one.subject,
                    one.origin("accepted"),
                    detail=f"accepted|{one.number}",
                    params={
                        "wording": "accepted",
                        "period": one.term,
                        "date": one.accepted,
                        "days": (one.accepted - one.end).days,
                    },
                )
            )
    return partly(
        Check.ran("contract-expired", len(dated), at_most(findings)),
        "contracts-without-dates",
        len(facts.agreements) - len(dated),
    )


def _expired(facts: Facts, own: Sequence[Agreement], late: pd.DataFrame) -> Finding:
    first = own[0]
    terms = {
        lang: ("、" if lang == "zh" else ", ").join(dict.fromkeys(a.term[lang] for a in own)) for lang in ("zh", "en")
    }
    return Finding(
        "contract-expired",
        "、".join(a.subject for a in own),
        first.origin("end", "term", "start", "signed"),
        actual=int(late["amount"].sum()),
        detail="|".join(a.number for a in own),
        params={
            "period": terms,
            "vouchers": named(late),
            "count": len(late),
            "grace": facts.settings.thresholds.contract_grace_days,
        },
    )


def outside(facts: Facts) -> pd.DataFrame:
    """Payments outside the term of every contract that they may be of, with `gap_day`: the day that tells it."""
    lines = facts.payments.lines
    lines = lines[lines["date"].notna()]
    if not len(lines):
        return lines.assign(gap_day=pd.Series(dtype="datetime64[s]"))
    grace = facts.settings.thresholds.contract_grace_days
    keys = lines[["candidates", "date", "memo"]]
    group = keys.groupby(list(keys.columns), sort=False).ngroup().to_numpy()
    distinct = keys[~pd.Series(group).duplicated().to_numpy()]
    told = [_told(facts.agreements, c, d.date(), m, grace) for c, d, m in distinct.itertuples(index=False, name=None)]
    days = np.array([np.datetime64(d or "NaT", "s") for d in told], dtype="datetime64[s]")[group]
    found = lines.assign(gap_day=days)
    return found[found["gap_day"].notna()].reset_index(drop=True)


def _told(agreements: Sequence[Agreement], rows: Sequence[int], paid: dt.date, memo: str, grace: int) -> dt.date | None:
    """The day of a payment or its service that is outside all of these contracts, None where it is inside of one."""
    if says(memo, "retention"):
        return None
    served = months(memo, paid)
    day = None
    for row in rows:
        one = agreements[row]
        if one.first_day and paid < one.first_day:
            day = paid
        elif one.end and served and served[0] > one.end:
            day = served[0]
        elif one.end and paid > one.end + dt.timedelta(days=grace):
            day = paid
        else:
            return None
    return day


def window(facts: Facts) -> Gap:
    """First and last day of the period."""
    period = facts.tie.period
    return dt.date(period.year, 1, 1), month_end(period.year, period.last_month)


@dataclass(frozen=True)
class _Project:
    name: str
    contracts: tuple[Agreement, ...]
    late: pd.DataFrame

    @property
    def last(self) -> Agreement:
        return max(self.contracts, key=lambda a: (a.end or dt.date.min, -a.at))


@needing_contracts("contract-uncovered")
def contract_uncovered(facts: Facts) -> Check:
    """R26: days of the year, both ends counted, in which a project with a standing contract had none.

    Told where the contract's supplier was paid outside of its term, or where the whole year's budget is spent though
    the last contract ended earlier.  Single deliveries (accepted, paid at once) need no contract afterwards.
    """
    standing = [a for a in facts.agreements if facts.payments.projects[a.at] and not is_single(facts, a)]
    dated = [a for a in standing if a.first_day and a.end]
    if facts.agreements and not any(a.first_day and a.end for a in facts.agreements):
        return Check.missing("contract-uncovered", "needs-contract-dates")
    if not facts.payments.can_tell:
        return Check.missing("contract-uncovered", "needs-contract-payments")
    if not facts.ledger.fen["date"].notna().any():
        return Check.missing("contract-uncovered", "needs-dates")
    late = outside(facts)
    open_ended = {facts.payments.projects[a.at] for a in standing if not (a.first_day and a.end)}
    findings, tested = [], 0
    budget = {words.project_key(r.project): r for r in reversed(list(facts.tie.by_project.itertuples()))}
    for key in dict.fromkeys(facts.payments.projects[a.at] for a in dated):
        row = budget.get(key)
        if key in open_ended or row is None or (row.actual == 0 and row.available is not pd.NA and row.available == 0):
            continue
        tested += 1
        own = tuple(a for a in facts.agreements if facts.payments.projects[a.at] == key and a.first_day and a.end)
        found = _uncovered(facts, _Project(str(row.project), own, late[late["project_key"] == key]), row)
        findings += [found] if found else []
    return partly(Check.ran("contract-uncovered", tested, at_most(findings)), "projects-without-dates", len(open_ended))


def is_single(facts: Facts, one: Agreement) -> bool:
    """Whether a contract is one delivery: accepted, or to be paid at once, and neither long nor paid month by month."""
    if any(says(one.payment, use) for use in ("monthly", "quarterly", "half-yearly")):
        return False
    if one.accepted or says(one.payment, "on-acceptance") or says(one.payment, "at-once"):
        return True
    if one.first_day and one.end and (one.end - one.first_day).days >= STEADY_DAYS:
        return False
    paid = facts.payments.of(one.at)
    return int(paid["date"].dt.to_period("M").nunique()) < STEADY_MONTHS


def _uncovered(facts: Facts, project: _Project, row: object) -> Finding | None:
    first, last = window(facts)
    gaps = uncovered_parts([(a.start or a.signed or first, a.end or last) for a in project.contracts], first, last)
    days = [d.date() for d in project.late["gap_day"]]
    told = [g for g in gaps if any(g[0] <= d <= g[1] for d in days)]
    if not told and gaps and gaps[-1][1] == last and facts.tie.period.is_whole_year and _all_spent(facts, row):
        end = gaps[-1]
        told = [end] if (end[1] - end[0]).days >= facts.settings.thresholds.contract_grace_days else []
    if not told:
        return None
    inside = np.array([any(g[0] <= d <= g[1] for g in told) for d in days], dtype=bool)
    paid = project.late[inside]
    return Finding(
        "contract-uncovered",
        project.name,
        project.last.origin("end", "term"),
        actual=int(paid["amount"].sum()),
        params={
            "days": sum((b - a + DAY).days for a, b in told),
            "period": {"zh": "、".join(f"{a}至{b}" for a, b in told), "en": ", ".join(f"{a} to {b}" for a, b in told)},
            "contracts": "、".join(a.subject for a in project.contracts),
            "vouchers": named(paid),
            "rate": _spent_of(row),
        },
    )


def _all_spent(facts: Facts, row: object) -> bool:
    available, actual = row.available, row.actual  # type: ignore[attr-defined]
    return available is not pd.NA and available > 0 and actual >= available


def _spent_of(row: object) -> dict[str, str]:
    available, actual = row.available, row.actual  # type: ignore[attr-defined]
    rate = None if available is pd.NA or available <= 0 else percent(int(actual), int(available))
    return {lang: wording.percentage(rate, lang) for lang in ("zh", "en")}


def uncovered_parts(terms: Sequence[Gap], first: dt.date, last: dt.date) -> list[Gap]:
    """The parts of [first, last] that no term covers."""
    gaps, reached = [], first
    for start, end in sorted(terms):
        if start > reached:
            gaps.append((reached, min(start - DAY, last)))
        reached = max(reached, end + DAY)
        if reached > last:
            return [g for g in gaps if g[0] <= g[1]]
    if reached <= last:
        gaps.append((reached, last))
    return [g for g in gaps if g[0] <= g[1]]


RULES: tuple[Rule, ...] = (contract_expired, contract_uncovered)

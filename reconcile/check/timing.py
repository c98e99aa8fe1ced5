"""Rules about when money was spent: within the period, evenly through the year, and in the year it belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from reconcile import wide, wording
from reconcile.check.budget import subjects
from reconcile.check.facts import Facts, voucher_subject
from reconcile.check.many import at_most, largest, listed, vouchers_of
from reconcile.check.memo_text import Memos
from reconcile.finding import Check, Finding, Origin, Severity
from reconcile.groups import Groups
from reconcile.money import FEN_PER_YUAN, percent
from reconcile.wording import Amount

DECEMBER = 12
FEW_MONTHS, FEW_VOUCHERS, FEW_SUBJECTS = 6, 3, 5
EACH_AT_MOST = 10


def out_of_period(facts: Facts) -> Check:
    """Spending dated outside the year, or after `through`: listed apart, not counted."""
    outside = facts.tie.unassigned
    if not len(facts.tie.entries) and not len(outside):
        return Check.ran("out-of-period", 0, [])
    if not facts.ledger.fen["date"].notna().any():
        return Check.missing("out-of-period", "needs-dates")
    later = _after_through(facts, outside[outside["reason"] == "after-through"])
    rest = outside[outside["reason"] != "after-through"]
    vouchers = Groups.by(rest["voucher_id"])
    sums = vouchers.sums(rest["amount"])
    apart = largest(sums, lambda i: _outside(facts, rest.iloc[vouchers.first[i]], int(sums[i])))
    return Check.ran("out-of-period", len(facts.tie.entries) + len(outside), [*later, *apart])


def _after_through(facts: Facts, lines: pd.DataFrame) -> list[Finding]:
    if not len(lines):
        return []
    period = facts.tie.period
    return [
        Finding(
            "out-of-period",
            period.label(facts.settings.language),
            severity=Severity.INFO,
            actual=int(lines["amount"].sum()),
            detail="after-through",
            anchor="period",
            params={"wording": "through", "period": f"{period.year}-{period.last_month:02d}", "count": len(lines)},
        )
    ]


def _outside(facts: Facts, entry: Any, amount: int) -> Finding:
    period = facts.tie.period
    undated = entry["reason"] == "undated"
    label = {lang: period.label(lang) for lang in ("zh", "en")}
    return Finding(
        "out-of-period",
        voucher_subject(entry),
        facts.entry_origin(entry),
        actual=amount,
        detail=f"{entry['file']}|{entry['sheet']}",
        params={"wording": "undated"} if undated else {"date": f"{entry['date']:%Y-%m-%d}", "period": label},
    )


def year_end_rush(facts: Facts) -> Check:
    """R18: December's share of the year, December against the mean of the months before it, round sums at its end.

    The whole is an error above the higher limit where spending is spread over half a year or more; a project or
    category is a warning there, and a note where it was paid in one or two vouchers.
    """
    if not facts.tie.period.is_whole_year:
        return Check.skipped("year-end-rush", "whole-year-only")
    entries = facts.tie.entries
    if not len(entries):
        return Check.ran("year-end-rush", 0, [])
    if entries["date"].isna().any():
        return Check.missing("year-end-rush", "needs-dates")
    month = pd.DatetimeIndex(entries["date"]).month.to_numpy()
    if len(np.unique(month)) < 2:
        return Check.skipped("year-end-rush", "one-month-only")
    everything = np.arange(len(entries))
    whole = _rush(facts, wording.text("tail-spending", facts.settings.language), "", everything, month, "whole")
    spenders = _spenders(facts, entries)
    found = [
        finding
        for label, project, category, rows in _late(facts, entries, month, spenders)
        if (finding := _rush(facts, label, project, rows, month, category)) is not None
    ]
    findings = [*([whole] if whole else []), *at_most(found, EACH_AT_MOST), *_round_sums(facts, entries)]
    return Check.ran("year-end-rush", len(spenders) + 1, findings)


def _spenders(facts: Facts, entries: pd.DataFrame) -> Groups:
    """The entries of every project, of every category whose entries name none, and of basic spending."""
    basic = wide.equal(entries, "category", "basic")
    rest = np.flatnonzero(~basic)
    own = wide.grouped(entries, ("category", "project"), rest)
    of = np.full(len(entries), len(own), dtype=np.int64)
    of[rest] = own.of
    return Groups(of, np.append(rest[own.first], np.flatnonzero(basic)[:1]))


def _late(
    facts: Facts, entries: pd.DataFrame, month: np.ndarray, spenders: Groups
) -> Iterator[tuple[str, str, str, np.ndarray]]:
    """(name, project, category, rows) of the spenders whose December is above the lower limit."""
    amount = entries["amount"].to_numpy()
    sums = zip(spenders.sums(amount).tolist(), spenders.sums(np.where(month == DECEMBER, amount, 0)).tolist())
    limit = Fraction(str(facts.settings.thresholds.year_end_warning))
    for i, (total, december) in enumerate(sums):
        if december > 0 and december * limit.denominator > total * limit.numerator:
            category, project = (str(entries[c].iat[spenders.first[i]]) for c in ("category", "project"))
            if category == "basic":
                project = ""
            yield project or facts.category_name(category), project, category, spenders.rows(i)


def _rush(facts: Facts, name: str, project: str, rows: np.ndarray, month: np.ndarray, kind: str) -> Finding | None:
    limits, entries = facts.settings.thresholds, facts.tie.entries
    amount, month = entries["amount"].to_numpy()[rows], month[rows]
    december, total = int(amount[month == DECEMBER].sum()), int(amount.sum())
    if total <= 0 or december <= 0:
        return None
    share, before = Fraction(december, total), total - december
    warning, error = Fraction(str(limits.year_end_warning)), Fraction(str(limits.year_end_error))
    times = Fraction(december * 11, before) if before > 0 else None
    if share > warning:
        limit = limits.year_end_error if share > error else limits.year_end_warning
        params: dict[str, object] = {"rate": f"{percent(december, total)}%", "limit": f"{limit:.0%}"}
    elif kind == "whole" and times is not None and times > Fraction(str(limits.year_end_multiple)):
        mean = Amount(before // 11)
        params = {"wording": "times", "times": f"{float(times):.1f}", "mean": mean, "limit": limits.year_end_multiple}
    else:
        return None
    grave, months = share > error, len(np.unique(month[amount != 0]))
    if kind == "whole":
        severity = Severity.ERROR if grave and months >= FEW_MONTHS else Severity.WARNING
    else:
        vouchers = len(np.unique(entries["voucher_id"].to_numpy()[rows]))
        severity = Severity.WARNING if grave and months > 1 and vouchers >= FEW_VOUCHERS else Severity.INFO
    origin = facts.budget_origin(project) if project else Origin()
    return Finding("year-end-rush", name, origin, actual=december, severity=severity, detail=kind, params=params)


def _round_sums(facts: Facts, entries: pd.DataFrame) -> list[Finding]:
    """Payments of whole round sums in the last days of December, where together they are a visible part of the year."""
    limits = facts.settings.thresholds
    unit = max(1, round(limits.round_amount * FEN_PER_YUAN))
    date = pd.DatetimeIndex(entries["date"])
    late = (date.month == DECEMBER) & (date.day > 31 - limits.year_end_days)
    amount = entries["amount"].to_numpy()
    found = entries[np.asarray(late) & (amount > 0) & (amount % unit == 0)]
    total, summed = int(entries["amount"].sum()), int(found["amount"].sum())
    if len(found) < FEW_VOUCHERS or Fraction(summed) <= total * Fraction(str(limits.year_end_round)):
        return []
    largest = found.sort_values("amount", ascending=False, kind="stable")
    return [
        Finding(
            "year-end-rush",
            wording.text("tail-spending", facts.settings.language),
            facts.entry_origin(largest.iloc[0]),
            actual=summed,
            severity=Severity.INFO,
            detail="round",
            params={
                "wording": "round",
                "first": f"{facts.tie.period.year}-12-{32 - limits.year_end_days:02d}",
                "count": len(found),
                "unit": Amount(unit),
                "seen": vouchers_of(largest),
            },
        )
    ]


def behind_schedule(facts: Facts) -> Check:
    """R19: executed less than m/12 of the available budget by more than the allowed points, at the last month.

    Whole years are the business of low-execution.
    """
    period = facts.tie.period
    if period.is_whole_year:
        return Check.skipped("behind-schedule", "part-year-only")
    if len(facts.ledger.fen) and not facts.ledger.fen["date"].notna().any():
        return Check.missing("behind-schedule", "needs-dates")
    schedule = Fraction(period.last_month, 12)
    least = schedule - Fraction(str(facts.settings.thresholds.behind_schedule))
    lines = [s for s in subjects(facts, grouped_projects=False) if s[2] > 0]
    behind = [s for s in lines if Fraction(s[3], s[2]) < least]
    if len(behind) > FEW_SUBJECTS and 2 * len(behind) > len(lines):
        return Check.ran("behind-schedule", len(lines), [_mostly_behind(facts, behind, len(lines))])
    findings = [
        Finding(
            "behind-schedule",
            name,
            origin,
            expected=_on_schedule(available, schedule),
            actual=actual,
            params={
                "month": f"{period.year}-{period.last_month:02d}",
                "rate": f"{percent(actual, available)}%",
                "schedule": _points(schedule),
                "gap_points": _points(schedule - Fraction(actual, available))[:-1],
            },
        )
        for name, origin, available, actual in behind
    ]
    return Check.ran("behind-schedule", len(lines), findings)


def _mostly_behind(facts: Facts, behind: Sequence[tuple[str, Origin, int, int]], count: int) -> Finding:
    period = facts.tie.period
    schedule = Fraction(period.last_month, 12)
    worst = sorted(behind, key=lambda s: (s[3] - _on_schedule(s[2], schedule), s[0]))
    available, actual = sum(s[2] for s in behind), sum(s[3] for s in behind)
    named = [f"{name} {percent(spent, planned)}%" for name, _, planned, spent in worst]
    return Finding(
        "behind-schedule",
        wording.text("tail-spending", facts.settings.language),
        worst[0][1],
        expected=_on_schedule(available, schedule),
        actual=actual,
        detail="most",
        params={
            "wording": "most",
            "month": f"{period.year}-{period.last_month:02d}",
            "schedule": _points(schedule),
            "rate": f"{percent(actual, available)}%",
            "count": len(behind),
            "of": count,
            "seen": listed(named),
        },
    )


def _on_schedule(available: int, schedule: Fraction) -> int:
    return int(available * schedule + Fraction(1, 2))


def _points(share: Fraction) -> str:
    """A share as a percentage with two decimals, half up."""
    return f"{int(share * 10_000 + Fraction(1, 2)) / 100:.2f}%"


def cut_off(facts: Facts) -> Check:
    """Spending near a turn of the year whose memo names the other year: a question, since 预算会计 goes by payment."""
    entries = facts.matched.entries
    date = pd.DatetimeIndex(entries["date"])
    if len(entries) and not entries["date"].notna().any():
        return Check.missing("cut-off", "needs-dates")
    if not wide.filled(entries, "memo").any():
        return Check.missing("cut-off", "needs-memos")
    year, days = facts.tie.period.year, facts.settings.thresholds.cut_off_days
    first = np.asarray((date.month == 1) & (date.day <= days))
    last = np.asarray((date.month == DECEMBER) & (date.day > 31 - days))
    cases = [("late", first & (date.year == year), (year - 1, "prior-year", "prior-month"))]
    if facts.tie.period.is_whole_year:
        cases.append(("next", first & (date.year == year + 1), (year, "prior-year", "prior-month")))
        cases.append(("early", last & (date.year == year), (year + 1, "next-year", "next-month")))
    findings, tested = [], 0
    for kind, near, (other_year, by_year, by_month) in cases:
        lines = np.flatnonzero(near)
        tested += len(lines)
        memos = Memos.of(entries, "memo", lines)
        named = memos.saying(by_year) | memos.naming_year(other_year)
        named |= memos.saying(by_month) & ~memos.naming_year(year + (kind == "next"))
        if named.any():
            findings.append(_cut(facts, kind, entries.iloc[lines[named]]))
    return Check.ran("cut-off", tested, findings)


def _cut(facts: Facts, kind: str, lines: pd.DataFrame) -> Finding:
    largest = lines.sort_values("amount", ascending=False, kind="stable")
    entry: Any = largest.iloc[0]
    return Finding(
        "cut-off",
        voucher_subject(entry) if len(lines) == 1 else facts.tie.period.label(facts.settings.language),
        facts.entry_origin(entry),
        actual=int(lines["amount"].sum()),
        detail=kind,
        anchor="" if len(lines) == 1 else "period",
        params={
            "what": {lang: wording.text(f"cut-off-{kind}", lang) for lang in ("zh", "en")},
            "count": len(lines),
            "seen": vouchers_of(largest),
            "memo": entry["memo"],
        },
    )


RULES = (out_of_period, year_end_rush, behind_schedule, cut_off)

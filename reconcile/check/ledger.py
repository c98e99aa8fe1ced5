"""Rules about the period."""

from __future__ import annotations

from reconcile.check.facts import Facts, voucher_subject
from reconcile.finding import Check, Finding, Severity
from reconcile.ledger import voucher_groups


def out_of_period(facts: Facts) -> Check:
    """Spending dated outside the year, or after `through`: listed apart, not counted."""
    period = facts.tie.period
    outside = facts.tie.unassigned
    if not len(facts.tie.entries) and not len(outside):
        return Check.ran("out-of-period", 0, [])
    if not facts.ledger.fen["date"].notna().any():
        return Check.missing("out-of-period", "needs-dates")
    findings = []
    later = outside[outside["reason"] == "after-through"]
    if len(later):
        findings.append(
            Finding(
                "out-of-period",
                period.label(facts.settings.language),
                severity=Severity.INFO,
                actual=int(later["amount"].sum()),
                expected=None,
                detail="after-through",
                params={"wording": "through", "period": f"{period.year}-{period.last_month:02d}", "count": len(later)},
            )
        )
    rest = outside[outside["reason"] != "after-through"]
    if len(rest):
        groups = rest.groupby(voucher_groups(rest), sort=False)
        for _, lines in groups:
            entry = lines.iloc[0]
            undated = entry["reason"] == "undated"
            params = (
                {"wording": "undated"}
                if undated
                else {
                    "date": f"{entry['date']:%Y-%m-%d}",
                    "period": {lang: period.label(lang) for lang in ("zh", "en")},
                }
            )
            findings.append(
                Finding(
                    "out-of-period",
                    voucher_subject(entry),
                    facts.entry_origin(entry),
                    actual=int(lines["amount"].sum()),
                    detail=f"{entry['file']}|{entry['sheet']}",
                    params=params,
                )
            )
    return Check.ran("out-of-period", len(facts.tie.entries) + len(outside), findings)


RULES = (out_of_period,)

"""Rules about how entries met the budget."""

from __future__ import annotations

from typing import Any

from reconcile import wording
from reconcile.check.facts import Facts, voucher_subject
from reconcile.finding import Check, Finding
from reconcile.ledger import voucher_groups

EACH_AT_MOST = 20


def unmatched_project(facts: Facts) -> Check:
    """Spending whose project is in no budget line; the nearest names are offered, none is taken."""
    entries = facts.tie.entries
    named = entries[entries["project"] != ""]
    loose = named[named["project_evidence"] == "not-in-budget"]
    findings = []
    for name, lines in loose.groupby("project", sort=True):
        near = facts.matched.nearest(str(name), facts.settings.nearest, facts.settings.near_score)
        findings.append(
            Finding(
                "unmatched-project",
                str(name),
                facts.entry_origin(lines.iloc[0]),
                expected=0,
                actual=int(lines["amount"].sum()),
                params={"nearest": _offer(near)},
            )
        )
    return Check.ran("unmatched-project", len(named), findings)


def _offer(near: list[tuple[str, float]]) -> dict[str, str]:
    if not near:
        return {lang: wording.text("no-near-name", lang) for lang in ("zh", "en")}
    out = {}
    for lang, comma in (("zh", "、"), ("en", ", ")):
        margin = near[0][1] - (near[1][1] if len(near) > 1 else 0)
        names = comma.join(f"{name} ({score:.0f})" for name, score in near)
        out[lang] = wording.fill(wording.text("near-names", lang), {"names": names, "margin": f"{margin:.0f}"})
    return out


def undetermined_category(facts: Facts) -> Check:
    """Spending that no evidence tells basic from project: shown, never spread."""
    entries = facts.tie.entries
    loose = entries[entries["category"] == "undetermined"]
    vouchers = loose.groupby(voucher_groups(loose), sort=False) if len(loose) else None
    findings = []
    if vouchers is not None and vouchers.ngroups <= EACH_AT_MOST:
        for _, lines in vouchers:
            entry = lines.iloc[0]
            findings.append(
                Finding(
                    "undetermined-category",
                    voucher_subject(entry),
                    facts.entry_origin(entry),
                    expected=0,
                    actual=int(lines["amount"].sum()),
                    detail=f"{entry['file']}|{entry['sheet']}",
                    params={"account": _account(entry)},
                )
            )
    elif vouchers is not None:
        for _, lines in loose.groupby(["account_code", "account"], sort=True):
            entry = lines.iloc[0]
            findings.append(
                Finding(
                    "undetermined-category",
                    _account(entry),
                    facts.entry_origin(entry),
                    expected=0,
                    actual=int(lines["amount"].sum()),
                    detail="account",
                    params={"wording": "many", "account": _account(entry), "count": len(lines)},
                )
            )
    return Check.ran("undetermined-category", len(entries), findings)


def _account(entry: Any) -> str:
    code, name = entry.account_code, entry.account
    return f"{code} {name}".strip() or wording.text("no-account")


RULES = (unmatched_project, undetermined_category)

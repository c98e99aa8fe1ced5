"""Rules about the ledger: vouchers that do not balance, spending outside the period."""

from __future__ import annotations

import numpy as np

from reconcile import codes, wording
from reconcile.accounts import account_kind
from reconcile.check.facts import Facts, voucher_subject
from reconcile.finding import Check, Finding, Severity
from reconcile.ledger import voucher_groups
from reconcile.read import columns as text

FINANCIAL, BUDGETARY, SINGLE = "financial", "budgetary", "single"


def unbalanced_voucher(facts: Facts) -> Check:
    """R45, I10: debits equal credits in every voucher, apart in 财务会计 and 预算会计; exact to the 分."""
    entries = facts.ledger.fen
    if not {"debit", "credit"} <= {f for t in facts.ledger.tables for f in t.money} and not any(
        "direction" in t.header.columns for t in facts.ledger.tables
    ):
        return Check.missing("unbalanced-voucher", "needs-both-sides")
    if not (entries["voucher"] != "").any():
        return Check.missing("unbalanced-voucher", "needs-vouchers")
    side = text.mapped(entries["account_code"].to_numpy(dtype=object), lambda c: _side(str(c or "")))
    kinds = text.mapped(entries["account_code"].to_numpy(dtype=object), lambda c: account_kind(str(c or ""))[0])
    first_digit = text.mapped(
        entries["account_code"].to_numpy(dtype=object), lambda c: codes.segments(str(c or ""))[:1]
    )
    complete = {FINANCIAL} if np.isin(first_digit[side == FINANCIAL], list("1234")).any() else set()
    credited = bool((entries["credit"][side == SINGLE] != 0).any())
    if credited and int(entries["debit"][side == SINGLE].sum()) == int(entries["credit"][side == SINGLE].sum()):
        complete.add(SINGLE)  # without a chart of accounts only a journal that balances as a whole has both sides
    if (kinds[side == BUDGETARY] != "spending").any():
        complete.add(BUDGETARY)
    if not complete:
        return Check.missing("unbalanced-voucher", "needs-counter-accounts")
    keep = np.isin(side, list(complete)) & (entries["voucher"] != "").to_numpy()
    frame = entries[keep].assign(side=side[keep], group=voucher_groups(entries)[keep])
    sums = frame.groupby(["group", "side"], sort=False)[["debit", "credit"]].sum()
    wrong = sums[sums["debit"] != sums["credit"]]
    first = frame.drop_duplicates(["group", "side"]).set_index(["group", "side"])
    findings = []
    for (group, name), row in wrong.iterrows():
        entry = first.loc[(group, name)]
        findings.append(
            Finding(
                "unbalanced-voucher",
                voucher_subject(entry),
                facts.entry_origin(entry),
                expected=int(row["debit"]),
                actual=int(row["credit"]),
                detail=f"{name}|{entry['file']}|{entry['sheet']}",
                params={"side": {lang: wording.text(f"side-{name}", lang) for lang in ("zh", "en")}},
            )
        )
    return Check.ran("unbalanced-voucher", len(sums), findings)


def _side(code: str) -> str:
    digits = codes.segments(code)
    if len(digits) < 4 or not digits[:4].isdigit():
        return SINGLE
    return BUDGETARY if digits[0] in "678" else FINANCIAL


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


RULES = (unbalanced_voucher, out_of_period)

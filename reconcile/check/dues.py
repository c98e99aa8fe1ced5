"""Instalments that are due and not paid, as far as a contract's terms and dates decide it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from reconcile.check.agreement import Agreement
from reconcile.check.contract_text import Span, month_end, months, says
from reconcile.check.contracts import Rule, needing_contracts, partly
from reconcile.check.coverage import window
from reconcile.check.facts import Facts
from reconcile.check.many import at_most
from reconcile.check.vouchers_named import named
from reconcile.finding import Check, Finding, Severity

PERIODS = {"monthly": 1, "quarterly": 3, "half-yearly": 6}


@needing_contracts("contract-unpaid", payments=True)
def contract_unpaid(facts: Facts) -> Check:
    """R26: what is due is paid: the settled amount after acceptance or the end, and every month, quarter or half-year.

    Decided only where all payments can be in the ledger: for contracts begun in the year, and for those that are
    paid at once after an acceptance in the year.
    """
    if not facts.ledger.fen["date"].notna().any():
        return Check.missing("contract-unpaid", "needs-dates")
    findings, decided = [], 0
    shared = {i for c in facts.payments.lines["candidates"].drop_duplicates() if len(c) > 1 for i in c}
    shared |= {i for c in facts.payments.elsewhere["candidates"].drop_duplicates() for i in c}
    for one in facts.agreements:
        verdicts = [] if one.at in shared else [_sum_due(facts, one), _periods_due(facts, one)]
        known = [v for v in verdicts if v is not None]
        decided += bool(known)
        found = next((f for v in known for f in v), None)
        findings += [found] if found else []
    if facts.agreements and not decided:
        return Check.missing("contract-unpaid", "needs-contract-terms")
    return partly(
        Check.ran("contract-unpaid", decided, at_most(findings)), "contracts-undecided", len(facts.agreements) - decided
    )


def _sum_due(facts: Facts, one: Agreement) -> list[Finding] | None:
    """Whether the whole amount is due and paid; None where it cannot be decided, nothing where all is paid."""
    first, last = window(facts)
    days = dt.timedelta(days=facts.settings.thresholds.payment_days)
    finished = one.accepted or one.end
    total = one.settled if one.settled is not None else None if one.by_actual else one.agreed
    if total is None or finished is None or finished + days > last:
        return None
    at_once = one.accepted is not None and _paid_at_once(one.payment)
    begun = one.first_day or first - dt.timedelta(days=1)
    if begun < first and not (at_once and finished >= first):
        return None
    lines = facts.payments.of(one.at)
    paid = int(lines["amount"].sum())
    if paid >= total:
        return []
    kept = total - paid
    soft = says(f"{one.payment} {one.note}", "retention")
    return [
        Finding(
            "contract-unpaid",
            one.subject,
            one.origin("settled" if one.settled is not None else "price", "price"),
            expected=total,
            actual=paid,
            severity=Severity.INFO if soft and kept * 10 <= total else None,
            detail=one.number,
            params={"since": finished, "terms": _terms(one), "vouchers": named(lines)},
        )
    ]


def _paid_at_once(terms: str) -> bool:
    """`验收合格后一次性支付`: nothing was to be paid before acceptance."""
    at_once = says(terms, "at-once") or says(terms, "on-acceptance")
    return at_once and not says(terms, "in-parts") and not says(terms, "in-advance")


def _terms(one: Agreement) -> dict[str, str]:
    return {"zh": one.payment or "未注明", "en": one.payment or "not stated"}


def _periods_due(facts: Facts, one: Agreement) -> list[Finding] | None:
    """Whether each month, quarter or half-year that is due was paid, by the months that memos name."""
    length = next((n for use, n in PERIODS.items() if says(one.payment, use)), 0)
    if not length or one.start is None or one.end is None or says(one.payment, "in-advance"):
        return None
    due = _due(one, length, *window(facts), facts.settings.thresholds.payment_days)
    if not due:
        return None
    lines = facts.payments.of(one.at)
    lines = lines[lines["date"].notna()]
    served = [months(e.memo, e.date.date()) for e in lines.itertuples() if e.amount > 0]
    named_periods = [s for s in served if s]
    if len(named_periods) == len(served):
        missing = [p for p in due if not any(_meet(p, s) for s in named_periods)]
    else:
        newest = lines.loc[lines["amount"] > 0, "date"].max().date()
        missing = [p for p in due if p[0] > newest and not any(_meet(p, s) for s in named_periods)]
        if not missing and len(served) < len(due):
            return None
    return [_missing(one, due, missing, lines)] if missing else []


def _due(one: Agreement, length: int, first: dt.date, last: dt.date, days: int) -> list[Span]:
    """Whole calendar periods inside the term and the year, whose payment is due by the last day."""
    found = []
    for month in range(1, 13, length):
        begin, end = dt.date(first.year, month, 1), month_end(first.year, month + length - 1)
        inside = one.start is not None and one.end is not None and one.start <= begin and end <= one.end
        if inside and end + dt.timedelta(days=days) <= last:
            found.append((begin, end))
    return found


def _meet(one: Span, other: Span) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _missing(one: Agreement, due: Sequence[Span], missing: Sequence[Span], lines: pd.DataFrame) -> Finding:
    spans = [f"{a:%Y-%m}" if (a.year, a.month) == (b.year, b.month) else f"{a:%Y-%m}—{b:%Y-%m}" for a, b in missing]
    return Finding(
        "contract-unpaid",
        one.subject,
        one.origin("payment", "end"),
        actual=int(lines["amount"].sum()),
        detail=f"periods|{one.number}",
        params={
            "wording": "periods",
            "terms": _terms(one),
            "due": len(due),
            "missing": len(missing),
            "periods": {"zh": "、".join(spans), "en": ", ".join(spans)},
        },
    )


RULES: tuple[Rule, ...] = (contract_unpaid,)

"""One rule, one function: Facts in, a Check out, always one of the four outcomes."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from reconcile.check import (
    balances,
    budget,
    carryover,
    contracts,
    coverage,
    dues,
    duplicates,
    funds,
    identities,
    matching,
    memos,
    nature,
    offsetting,
    plan,
    register,
    report,
    reversals,
    sources,
    timing,
    vouchers,
)
from reconcile.check.facts import Facts
from reconcile.check.many import told_apart
from reconcile.finding import Check

RULES = (
    *sources.RULES,
    *balances.RULES,
    *vouchers.RULES,
    *duplicates.RULES,
    *reversals.RULES,
    *timing.RULES,
    *funds.RULES,
    *memos.RULES,
    *matching.RULES,
    *budget.RULES,
    *carryover.RULES,
    *identities.RULES,
    *offsetting.RULES,
    *nature.RULES,
    *plan.RULES,
    *contracts.RULES,
    *coverage.RULES,
    *dues.RULES,
    *register.RULES,
    *report.RULES,
)


def run(facts: Facts) -> tuple[Check, ...]:
    """Every rule on these facts, in the catalogue's order; no two findings have one key."""
    checks = [rule(facts) for rule in RULES]
    apart = iter(told_apart([f for check in checks for f in check.findings]))
    return tuple(replace(check, findings=tuple(islice(apart, len(check.findings)))) for check in checks)


__all__ = ["RULES", "Facts", "run"]

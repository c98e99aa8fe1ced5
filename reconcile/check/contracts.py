"""Rules about what contracts cost: paid above the price, quantity × unit price, settlement that equals the budget."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from reconcile import wording
from reconcile.check.agreement import Agreement
from reconcile.check.facts import Facts
from reconcile.check.many import at_most
from reconcile.check.payments import Hits
from reconcile.check.vouchers_named import named
from reconcile.finding import Check, Finding, Severity

Rule = Callable[[Facts], Check]


def needing_contracts(name: str, *, payments: bool = False) -> Callable[[Rule], Rule]:
    """A rule that cannot run without a register, nor, with `payments`, where the ledger tells no contract's payments."""

    def decorate(rule: Rule) -> Rule:
        def guarded(facts: Facts) -> Check:
            if facts.contracts is None:
                return Check.missing(name, "needs-contracts")
            if payments and not facts.payments.can_tell:
                return Check.missing(name, "needs-contract-payments")
            return rule(facts)

        guarded.__name__, guarded.__doc__ = rule.__name__, rule.__doc__
        return guarded

    return decorate


def partly(check: Check, why: str, count: int) -> Check:
    """A check that ran, with how many contracts it could not decide and why (a key of data/wording.toml)."""
    if not count or not check.tested:
        return check
    return replace(check, reason=wording.fill(wording.text(why), {"count": count}))


@needing_contracts("contract-overpaid", payments=True)
def contract_overpaid(facts: Facts) -> Check:
    """R25: paid above the price or above what was settled; a framework without price or quantity has no ceiling."""
    findings, limited = [], 0
    for one in facts.agreements:
        paid = facts.payments.paid.get(one.at, 0)
        limits = [("agreed", one.agreed), ("settled", one.settled)]
        known = [(kind, v) for kind, v in limits if v is not None]
        limited += bool(known)
        over = [(kind, v) for kind, v in known if paid > v]
        if one.by_actual and one.settled is not None and paid <= one.settled:
            over = [("estimate", v) for _, v in over]
        if over:
            kind, limit = min(over, key=lambda o: o[1])
            findings.append(_overpaid(facts, one, kind, limit, paid))
    for pool in facts.payments.pools:
        ceilings = [_ceiling(facts.agreements[i]) for i in pool]
        paid = int(facts.payments.pool_lines(pool)["amount"].sum())
        if None not in ceilings and paid > (limit := sum(c for c in ceilings if c is not None)):
            findings.append(_pool_overpaid(facts, pool, limit, paid))
    if facts.agreements and not limited:
        return Check.missing("contract-overpaid", "needs-contract-amounts")
    return partly(
        Check.ran("contract-overpaid", limited, at_most(findings)),
        "contracts-without-amount",
        len(facts.agreements) - limited,
    )


def _ceiling(one: Agreement) -> int | None:
    return max((v for v in (one.agreed, one.settled) if v is not None), default=None)


def _overpaid(facts: Facts, one: Agreement, kind: str, limit: int, paid: int) -> Finding:
    soft = kind == "estimate" or facts.payments.only_by_project(one.at)
    params: dict[str, object] = {"vouchers": named(facts.payments.of(one.at)), "basis": _phrase(f"limit-{kind}")}
    return Finding(
        "contract-overpaid",
        one.subject,
        one.origin("settled" if kind == "settled" else "price", "settled", "unit_price"),
        expected=limit,
        actual=paid,
        severity=Severity.WARNING if soft else None,
        detail=one.number,
        params={**params, "how": _phrase("by-project-only" if facts.payments.only_by_project(one.at) else "nothing")},
    )


def _pool_overpaid(facts: Facts, pool: Hits, limit: int, paid: int) -> Finding:
    first = facts.agreements[pool[0]]
    return Finding(
        "contract-overpaid",
        "、".join(facts.agreements[i].subject for i in pool),
        first.origin("price", "settled"),
        expected=limit,
        actual=paid,
        detail="together",
        params={
            "vouchers": named(facts.payments.pool_lines(pool)),
            "basis": _phrase("limit-together"),
            "how": _phrase("nothing"),
        },
    )


def _phrase(key: str) -> dict[str, str]:
    return {lang: wording.text(key, lang) for lang in ("zh", "en")}


@needing_contracts("contract-quantity")
def contract_quantity(facts: Facts) -> Check:
    """R28: quantity × unit price is the price; settled quantity × unit price is what was settled, or else paid."""
    findings, tested = [], 0
    for one in facts.agreements:
        pairs = [("price", one.product, one.price), ("settled", one.settled_product, one.settled)]
        for field, computed, stated in pairs:
            if computed is None or stated is None:
                continue
            tested += 1
            if not one.within(computed, stated, field):
                findings.append(_quantity(one, field, computed, stated))
        if one.settled_product is not None and one.settled is None and _all_paid_here(facts, one):
            tested += 1
            paid = facts.payments.paid.get(one.at, 0)
            if paid != one.settled_product:
                findings.append(_quantity(one, "paid", one.settled_product, paid))
    if facts.agreements and not any(a.unit_price is not None for a in facts.agreements):
        return Check.missing("contract-quantity", "needs-unit-prices")
    return Check.ran("contract-quantity", tested, at_most(findings))


def _all_paid_here(facts: Facts, one: Agreement) -> bool:
    """Whether a contract was accepted and wholly paid within what the ledger covers, by payments surely its own."""
    begun, year = one.first_day, facts.tie.period.year
    paid = facts.payments.of(one.at)
    sure = bool(len(paid)) and not facts.payments.only_by_project(one.at)
    in_pool = any(one.at in pool for pool in facts.payments.pools)
    return sure and not in_pool and one.accepted is not None and begun is not None and begun.year >= year


def _quantity(one: Agreement, field: str, computed: int, stated: int) -> Finding:
    quantity = one.quantity if field == "price" else one.settled_quantity
    return Finding(
        "contract-quantity",
        one.subject,
        one.origin(field if field != "paid" else "settled_quantity"),
        expected=computed,
        actual=stated,
        detail=f"{one.number}|{field}",
        params={"sum": f"{_number(quantity)}×{_number(one.unit_price)}", "field": _phrase(f"field-{field}")},
    )


def _number(value: object) -> str:
    return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"


RULES: tuple[Rule, ...] = (contract_overpaid, contract_quantity)

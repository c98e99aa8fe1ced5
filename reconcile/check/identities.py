"""Identities of the budget and of the year's spending, what a sheet prints beside its budget, and what needs more files.

I9 is total-mismatch, I10 unbalanced-voucher, I11 trial-balance and journal-and-balances, I12 budget-balances, I14
payments-and-ledger.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from reconcile import basis, codes, wording
from reconcile.check import printed
from reconcile.check.facts import Facts
from reconcile.check.many import at_most, told_apart
from reconcile.check.printed import Printed
from reconcile.finding import Check, Finding, Origin, Severity
from reconcile.read import columns as text

FEW = 2
NEEDING = {
    "identity-i5": "needs-final-accounts",
    "identity-i6": "needs-last-year",
    "identity-i13": "needs-public-table",
    "three-public-history": "needs-three-public-table",
    "staff": "needs-staff",
}
"""Identities and rules that ask for a file which nothing reads yet, and which file that is."""


def balance_identity(facts: Facts) -> Check:
    """I1, I2: every printed 全年预算 is what its parts make; the loader has looked at each line."""
    stated = facts.budget.fen["stated_available"].notna() & facts.budget.fen["available"].notna()
    if not stated.any():
        return Check.skipped("balance-identity", "nothing-printed")
    found = [f for f in facts.budget.problems if f.code == "balance-identity"]
    return Check.ran("balance-identity", int(stated.sum()), at_most(found))


def chain_tails(facts: Facts) -> list[Finding]:
    """R02: printed 全年预算 that miss their parts by no more than rounding; one finding a table, the first."""
    fen = facts.budget.fen
    included = bool(facts.settings.carryover_included)
    tails = fen[basis.fits(fen, fen["stated_available"], included=included) == basis.TAIL]
    return [
        Finding(
            "rounding-tail",
            basis.line_name(row),
            facts.line_origin(row.Index, "available", "amount"),
            expected=int(row.available),
            actual=int(row.stated_available),
            detail=f"chain|{row.file}|{row.sheet}",
        )
        for row in tails.drop_duplicates(["file", "sheet"]).itertuples()
    ]


def remaining(facts: Facts) -> Check:
    """I3: a printed remaining = available − spending, by the sheet's own spending, else by the ledger's."""
    shown = [r for r in printed.rows(facts) if r.stated_remaining is not None and not r.in_transit]
    own = [r for r in shown if r.stated_actual is not None]
    by_ledger = []
    if facts.tie.period.is_whole_year:
        by_ledger = [r for r in printed.against_ledger(facts) if r.stated_remaining is not None and not r.in_transit]
    held = [(r, r.stated_actual) for r in own] + [(r, r.ledger) for r in by_ledger if r.stated_actual is None]
    if not shown:
        return Check.missing("identity-i3", "needs-remaining")
    return _balances(facts, "identity-i3", "remaining", [(r, spent) for r, spent in held if spent is not None])


def quota_balance(facts: Facts) -> Check:
    """I4: 指标余额 = 指标金额 − 执行 − 在途, where a line prints what is in transit."""
    shown = [r for r in printed.rows(facts) if r.in_transit is not None]
    if not shown:
        return Check.missing("identity-i4", "needs-in-transit")
    held = [r for r in shown if r.stated_remaining is not None and r.stated_actual is not None]
    return _balances(facts, "identity-i4", "transit", [(r, r.stated_actual or 0) for r in held])


def _balances(facts: Facts, name: str, kind: str, held: list[tuple[Printed, int]]) -> Check:
    findings = []
    for row, spent in held:
        rest = [whole - spent - (row.in_transit or 0) for whole in row.wholes]
        stated = row.stated_remaining or 0
        figures = sum(1 for v in (row.available, spent, row.in_transit) if v)
        slack = (figures + row.lines) * row.unit_fen if row.unit_fen > 1 else 1
        if rest and not any(2 * abs(stated - r) < slack for r in rest):
            findings.append(
                Finding(
                    "balance-identity",
                    row.name,
                    facts.line_origin(row.at, "remaining"),
                    expected=rest[0],
                    actual=stated,
                    detail=f"{kind}|{row.scope}",
                    params={"wording": kind},
                )
            )
    return Check.ran(name, len(held), at_most(told_apart(findings)))


def stated_actual(facts: Facts) -> Check:
    """R06: the spending that a budget sheet prints is the ledger's; a sheet of another date is one finding."""
    if not facts.budget.fen["stated_actual"].notna().any():
        return Check.skipped("stated-actual", "needs-stated-actual")
    if not facts.tie.period.is_whole_year:
        return Check.skipped("stated-actual", "whole-year-only")
    held = [r for r in printed.against_ledger(facts) if r.stated_actual is not None]
    wrong = [r for r in held if differs(r)]
    findings = [
        Finding(
            "balance-identity",
            r.name,
            facts.line_origin(r.at, "actual"),
            expected=r.ledger,
            actual=r.stated_actual,
            detail=f"actual|{r.scope}",
            params={"wording": "actual"},
        )
        for r in wrong
    ]
    if len(wrong) > FEW and 2 * len(wrong) > len(held):
        findings = [_other_date(facts, wrong, len(held))]
    return Check.ran("stated-actual", len(held), at_most(told_apart(findings)))


def differs(row: Printed) -> bool:
    """Whether a printed spending is not the ledger's, beyond the rounding of its figures."""
    gap = abs((row.stated_actual or 0) - (row.ledger or 0))
    return gap != 0 if row.unit_fen == 1 else 2 * gap > row.lines * row.unit_fen


def _other_date(facts: Facts, wrong: list[Printed], held: int) -> Finding:
    first = facts.line_origin(wrong[0].at, "actual")
    return Finding(
        "balance-identity",
        first.sheet or first.file,
        first,
        expected=sum(r.ledger or 0 for r in wrong),
        actual=sum(r.stated_actual or 0 for r in wrong),
        severity=Severity.WARNING,
        detail="actual|most",
        params={"wording": "actual-most", "count": len(wrong), "of": held},
    )


def printed_rate(facts: Facts) -> Check:
    """R37, R38: a printed rate is spending (with or without what is in transit) over the available or original budget;
    where the budget is 0 there is none."""
    found, tested = [], 0
    for rate in printed.rates(facts):
        tested += 1
        row, shown = rate.row, any(rate.readings)
        wholes = {w for w in (*row.wholes, facts.original_of(row.at)) if w}
        if not wholes:
            if shown:
                found.append(_rate_finding(rate, "no-whole"))
            continue
        spent = {(row.stated_actual or 0), (row.stated_actual or 0) + (row.in_transit or 0)}
        true = [Decimal(100 * s) / Decimal(w) for s in spent for w in wholes]
        # half of the last digit, of the rate and of the amounts that it was made from
        slack = Decimal(5).scaleb(-rate.decimals - 1)
        slack += max(Decimal(100 * row.unit_fen) / abs(w) for w in wholes) if row.unit_fen > 1 else 0
        if not any(abs(r - t) <= slack for r in rate.readings for t in true):
            found.append(_rate_finding(rate, "sheet"))
    if not tested:
        return Check.skipped("printed-rate", "needs-rates")
    return Check.ran("printed-rate", tested, at_most(told_apart(found)))


def _rate_finding(rate: printed.Rate, kind: str) -> Finding:
    row = rate.row
    whole = row.wholes[0] if row.wholes else 0
    calc = Decimal(100 * (row.stated_actual or 0)) / Decimal(whole) if whole else None
    params = {"wording": kind, "stated": rate.text, "calc": f"{calc:.2f}%" if calc is not None else "—"}
    detail = f"rate|{row.scope}"
    return Finding("percent-mismatch", row.name, rate.origin, severity=Severity.WARNING, detail=detail, params=params)


def by_nature(facts: Facts) -> Check:
    """I7: the year's spending = basic + project + the rest; what is undetermined stands in neither."""
    spent = facts.tie.totals
    if spent["undetermined"]:
        return Check.missing("identity-i7", "needs-categories")
    whole = int(facts.ledger.fen["amount"].sum()) - int(facts.tie.unassigned["amount"].sum())
    parts = sum(spent[name] or 0 for name in ("basic", "project", "other"))
    name = wording.text("tail-spending", facts.settings.language)
    found = [_finding("i7", name, Origin(), parts, whole)] if whole != parts else []
    return Check.ran("identity-i7", len(facts.tie.entries), found)


def by_group(facts: Facts) -> Check:
    """I8: basic = personnel + operating; classes that are neither, and entries without a class, stand between."""
    basic = facts.tie.entries[facts.tie.entries["category"] == "basic"]
    if len(basic) and not (basic["economic_code"] != "").any():
        return Check.missing("identity-i8", "needs-classes")
    group = text.mapped(basic["economic_code"], lambda c: codes.group_of(str(c or "")))
    whole, loose = int(basic["amount"].sum()), basic[group == ""]
    if not loose["amount"].sum():
        return Check.ran("identity-i8", len(basic), [])
    severity = Severity.WARNING if (loose["economic_code"] != "").any() else Severity.INFO
    where = facts.entry_origin(loose.iloc[0])
    parts = whole - int(loose["amount"].sum())
    finding = _finding("i8", facts.category_name("basic"), where, parts, whole, severity, count=len(loose))
    return Check.ran("identity-i8", len(basic), [finding])


def _finding(
    kind: str,
    subject: str,
    origin: Origin,
    expected: int,
    actual: int,
    severity: Severity | None = None,
    **params: object,
) -> Finding:
    return Finding(
        "balance-identity",
        subject,
        origin,
        expected=expected,
        actual=actual,
        severity=severity,
        detail=kind,
        params={"wording": kind, **params},
    )


def needing(name: str, what: str) -> Callable[[Facts], Check]:
    """An identity or rule that asks for a file which cannot be given yet; it says which."""

    def rule(facts: Facts) -> Check:
        return Check.missing(name, what)

    rule.__doc__ = f"{name}: could not run."
    return rule


RULES = (
    balance_identity,
    remaining,
    quota_balance,
    by_nature,
    by_group,
    *(needing(name, what) for name, what in NEEDING.items()),
    stated_actual,
    printed_rate,
)

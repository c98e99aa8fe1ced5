"""Turn payments into the parallel lines of 财务会计 and 预算会计."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .model import Line, Payment, Voucher

PAYABLES: dict[str, str] = {
    "30101": "221101",
    "30102": "221102",
    "30103": "221103",
    "30108": "221105",
    "30109": "221105",
    "30110": "221105",
    "30111": "221105",
    "30112": "221105",
    "30113": "221106",
}


def spending_account(payment: Payment) -> str:
    """The leaf of 7101 that bears a payment."""
    if payment.project:
        return "71010102"
    return "7101010101" if payment.economic[:3] in ("301", "303") else "7101010102"


def income_account(payment: Payment) -> str:
    """The leaf of 6001 that a direct payment brings in."""
    if payment.project:
        return "600102"
    return "60010101" if payment.economic[:3] in ("301", "303") else "60010102"


def _cost_account(economic: str) -> str:
    if economic in PAYABLES:
        return PAYABLES[economic]
    return {"302": "500102", "303": "500103", "310": "160103"}[economic[:3]]


def payment_lines(payments: Sequence[Payment]) -> list[Line]:
    """The lines of one voucher: 财务会计 debits and credits, then 预算会计 the same."""
    costs, funds, spending, sources = [], [], [], []
    for pay in payments:
        base = Line(pay.memo, "", function=pay.function, project=pay.project)
        aux = replace(base, economic=pay.economic, party=pay.party)
        fund = "400101" if pay.direct else "1011"
        source = income_account(pay) if pay.direct else "800101"
        costs.append(replace(aux, account=_cost_account(pay.economic), debit=pay.amount))
        funds.append(replace(base, account=fund, credit=pay.amount))
        spending.append(replace(aux, account=spending_account(pay), debit=pay.amount))
        sources.append(replace(base, account=source, credit=pay.amount))
    return [*costs, *_merged(funds), *spending, *_merged(sources)]


def _merged(lines: Sequence[Line]) -> list[Line]:
    """Add up the credits that differ in nothing but their amount."""
    sums: dict[Line, int] = {}
    for line in lines:
        key = replace(line, credit=0)
        sums[key] = sums.get(key, 0) + line.credit
    return [replace(key, credit=amount) for key, amount in sums.items()]


def payment_voucher(payments: Sequence[Payment], rank: int, slip: str, tag: str = "") -> Voucher:
    """A voucher of payments that leave on the same day."""
    return Voucher(payments[0].day, rank, payment_lines(payments), slip, tag)


def reversal_of(original: Voucher, payment: Payment, rank: int, why: str) -> Voucher:
    """The red-letter voucher of an earlier one: the same lines with negative amounts."""
    memo = f"红字冲销{{cited}}凭证：{original.lines[0].memo}（{why}）"
    lines = [replace(line, memo=memo, debit=-line.debit, credit=-line.credit) for line in original.lines]
    return Voucher(payment.day, rank, lines, original.slip, cites=original.tag)

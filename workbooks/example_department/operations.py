"""Operating costs, the mistakes found in them, and the depreciation of the equipment."""

from __future__ import annotations

import random
from dataclasses import replace

from .catalogue import KINDS, Kind
from .model import Line, Payment, Voucher, jitter, previous_month, slip_number, split, workday_from, workdays
from .payments import payment_voucher, reversal_of

# Class and month of the payment to be corrected, what was booked by mistake (class, amount
# added in 分), the month and day of the mistake, and the reason in the red-letter memo.
MISTAKES: tuple[tuple[str, int, str, int, int, int, str], ...] = (
    ("30202", 4, "30202", 36_000, 4, 3, "金额录入错误"),
    ("30213", 6, "30213", -18_000, 5, 27, "金额录入错误"),
    ("30202", 8, "30201", 0, 6, 15, "经济分类选用错误"),
    ("30299", 10, "30299", 27_000, 9, 24, "金额录入错误"),
)

DEPRECIATION_START = 3_864_215


def _entries(rng: random.Random, kind: Kind) -> list[tuple[int, str, str]]:
    """Month, memo and payee of each payment of a class, in the order of the year."""
    out: list[tuple[int, str, str]] = []
    queue: list[tuple[str, str]] = []
    for month, count in enumerate(kind.counts, 1):
        pool = list(kind.entries)
        for index in range(count):
            if kind.in_turn:
                memo, party = pool[index % len(pool)]
            else:
                if not queue:
                    queue = rng.sample(pool, len(pool))
                memo, party = queue.pop()
            out.append((month, memo.format(m=month, p=previous_month(month)), party))
    return out


def _payments(rng: random.Random, kind: Kind) -> list[Payment]:
    entries = _entries(rng, kind)
    amounts = split(kind.total, jitter(rng, [1.0] * len(entries), kind.spread), kind.unit)
    out = []
    for (month, memo, party), amount in zip(entries, amounts, strict=True):
        # Nothing is paid after 24 December: the treasury closes for the year.
        day = rng.choice(workdays(month, 3, 24 if month == 12 else 29))
        out.append(Payment(day, memo, party, kind.economic, amount))
    return out


def _corrections(rng: random.Random, payments: list[Payment]) -> tuple[list[Voucher], set[int]]:
    """A wrong voucher, its reversal and the right one for each mistake."""
    vouchers, used = [], set()
    for number, (code, month, wrong, extra, wrong_month, day, why) in enumerate(MISTAKES):
        index = max(
            (i for i, p in enumerate(payments) if p.economic == code and p.day.month == month),
            key=lambda i: payments[i].day,
        )
        used.add(index)
        right = payments[index]
        error = replace(right, day=workday_from(wrong_month, day), economic=wrong, amount=right.amount + extra)
        original = payment_voucher([error], 5, slip_number(rng), f"mistake-{number}")
        reversal = reversal_of(original, right, 6, why)
        corrected = replace(right, memo=f"{right.memo}（更正{{cited}}凭证）")
        booked = payment_voucher([corrected], 7, slip_number(rng))
        booked.cites = original.tag
        vouchers += [original, reversal, booked]
    return vouchers, used


def operating_vouchers() -> list[Voucher]:
    """The year's operating vouchers; some hold two payments of the same day."""
    rng = random.Random("2020-operations")
    payments = [pay for kind in KINDS for pay in _payments(rng, kind)]
    vouchers, used = _corrections(rng, payments)
    rest = sorted((pay for index, pay in enumerate(payments) if index not in used), key=lambda p: p.day)
    while rest:
        group = [rest.pop(0)]
        if rest and rest[0].day == group[0].day and rng.random() < 0.35:
            group.append(rest.pop(0))
        vouchers.append(payment_voucher(group, 5, slip_number(rng)))
    return vouchers


def depreciation_vouchers() -> list[Voucher]:
    """Monthly depreciation, in 财务会计 only; it rises a little as equipment is bought."""
    out = []
    for month in range(1, 13):
        amount = DEPRECIATION_START + max(0, month - 3) * 26_845
        memo = f"计提{month}月固定资产折旧"
        lines = [Line(memo, "500105", amount, 0), Line(memo, "160203", 0, amount)]
        out.append(Voucher(workdays(month)[-1], 8, lines))
    return out

"""Salaries, insurance and pensions: accrued each month, paid directly by the treasury."""

from __future__ import annotations

import random

from .model import ECONOMICS, Line, Payment, Voucher, jitter, slip_number, split, workday_from
from .payments import PAYABLES, payment_voucher

STAFF = "职工工资代发户"
PENSION_OFFICE = "长沙市芙蓉区机关事业单位社会保险经办机构"
MEDICAL_OFFICE = "长沙市芙蓉区医疗保障经办机构"
HOUSING_OFFICE = "长沙住房公积金管理中心"

FUNCTION_OF: dict[str, str] = {
    "30108": "2080505",
    "30109": "2080506",
    "30110": "2101101",
    "30111": "2101103",
    "30113": "2210201",
    "30302": "2080501",
}

# The year's spending of each class, in 分; 30102 takes what the others leave of the total.
TOTALS: dict[str, int] = {
    "30101": 298_536_400,
    "30103": 173_160_000,
    "30108": 126_241_872,
    "30109": 63_120_936,
    "30110": 62_284_790,
    "30111": 29_316_045,
    "30112": 4_621_837,
    "30113": 94_158_600,
    "30302": 6_300_000,
}

BONUSES: dict[int, tuple[str, float]] = {
    1: ("2019年度年终一次性奖金", 1.9),
    4: ("一季度绩效考核奖", 1.5),
    7: ("二季度绩效考核奖", 1.6),
    8: ("2019年度综合绩效考核奖", 2.6),
    10: ("三季度绩效考核奖", 1.6),
}

Runs = tuple[tuple[int, str, str, tuple[str, ...]], ...]
RUNS: Runs = (
    (9, "发放{m}月职工工资", STAFF, ("30101", "30102")),
    (14, "缴纳{m}月基本养老保险及职业年金（单位部分）", PENSION_OFFICE, ("30108", "30109")),
    (16, "缴纳{m}月医疗、工伤保险（单位部分）", MEDICAL_OFFICE, ("30110", "30111", "30112")),
    (18, "缴纳{m}月住房公积金（单位部分）", HOUSING_OFFICE, ("30113",)),
)


def _monthly(rng: random.Random, totals: dict[str, int]) -> dict[str, list[int]]:
    """The amount of each class in each month; staff numbers move all classes together."""
    heads = [62, 62, 61, 61, 60, 61, 61, 62, 61, 60, 61, 61]
    out = {}
    for code, amount in sorted(totals.items()):
        if code in ("30103", "30302"):
            continue
        unit = {"30101": 100, "30102": 10}.get(code, 1)
        out[code] = split(amount, jitter(rng, heads, 0.012), unit)
    return out


def _accrual(month: int, label: str, amounts: dict[str, int], day: int) -> Voucher:
    debits, credits = [], []
    for code, amount in amounts.items():
        memo = f"计提{label}（{ECONOMICS[code]}）"
        function = FUNCTION_OF.get(code, "2010301")
        debits.append(Line(memo, "500101", amount, 0, function, code))
        credits.append(Line(memo, PAYABLES[code], 0, amount, function, code))
    return Voucher(workday_from(month, day), 2, [*debits, *credits])


def _pay(rng: random.Random, month: int, day: int, memo: str, party: str, amounts: dict[str, int]) -> Voucher:
    when = workday_from(month, day)
    payments = [
        Payment(when, memo, party, code, amount, FUNCTION_OF.get(code, "2010301"), direct=True)
        for code, amount in amounts.items()
    ]
    return payment_voucher(payments, 4, slip_number(rng))


def payroll_vouchers(personnel_total: int) -> list[Voucher]:
    """The year's personnel vouchers, which spend exactly the given amount."""
    rng = random.Random("2020-payroll")
    totals = {**TOTALS, "30102": personnel_total - sum(TOTALS.values())}
    monthly = _monthly(rng, totals)
    bonuses = split(totals["30103"], [weight for _, weight in BONUSES.values()], 1000)
    pensions = split(totals["30302"], [1.02, 1.0, 1.0, 0.98], 100)
    out = []
    for month in range(1, 13):
        due = {code: parts[month - 1] for code, parts in sorted(monthly.items())}
        out.append(_accrual(month, f"{month}月职工薪酬", due, 6))
        for day, memo, party, codes in RUNS:
            run = {code: due[code] for code in codes}
            out.append(_pay(rng, month, day, memo.format(m=month), party, run))
        if month in BONUSES:
            label = BONUSES[month][0]
            bonus = {"30103": bonuses[list(BONUSES).index(month)]}
            out.append(_accrual(month, label, bonus, 15))
            out.append(_pay(rng, month, 17, f"发放{label}", STAFF, bonus))
        if month in (2, 5, 8, 11):
            part = {"30302": pensions[month // 3]}
            memo = f"发放{'一二三四'[month // 3]}季度退休人员补贴"
            out.append(_pay(rng, month, 20, memo, "退休人员代发户", part))
    return out

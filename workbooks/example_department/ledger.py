"""Assemble the year: quota, payments, year end; then number the vouchers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from .budget import BASIC_TOTAL, COUNTER, OPERATING_TOTAL, PERSONNEL_TOTAL, PROJECT_TOTAL, PROJECTS, SEALS, UNIT_FEN
from .catalogue import OPERATING_SPENT
from .model import YEAR, Line, Voucher, split, workdays
from .operations import depreciation_vouchers, operating_vouchers
from .payroll import payroll_vouchers
from .projects import SPENT, project_vouchers

BASIC_SPENT = 1_475_425_231
INCOME = 1_833_250_400
CLOSING_MEMO = "年末结转本年收支"

# Month shares of the quota, in hundredths; January covers the first weeks of the year.
OPERATING_QUOTA = (11, 6, 8, 9, 8, 9, 9, 8, 9, 8, 8, 7)
PROJECT_QUOTA = (14, 4, 6, 22, 9, 5, 12, 6, 6, 6, 5, 5)


def _quota_voucher(month: int, amount: int, memo: str, account: str, function: str) -> Voucher:
    lines = [
        Line(memo, "1011", amount, 0, function),
        Line(memo, "400102", 0, amount, function),
        Line(memo, "800101", amount, 0, function),
        Line(memo, account, 0, amount, function),
    ]
    return Voucher(workdays(month)[0], 0, lines)


def _restored_quota() -> Voucher:
    amount = PROJECT_TOTAL.carried * UNIT_FEN
    memo = "恢复上年度财政应返还额度（上年结转项目经费）"
    lines = [
        Line(memo, "1011", amount, 0),
        Line(memo, "1201", 0, amount),
        Line(memo, "800101", amount, 0),
        Line(memo, "800103", 0, amount),
    ]
    return Voucher(workdays(1)[0], 1, lines)


def _direct_project_budget() -> int:
    return sum(p.initial for p in PROJECTS if p.name in (SEALS, COUNTER)) * UNIT_FEN


def quota_vouchers() -> list[Voucher]:
    """The quota of each month, which with the direct payments makes up the income."""
    # The income was granted in yuan and is 4 yuan more than the budget table in 万元 shows.
    odd = INCOME - (BASIC_TOTAL.initial + PROJECT_TOTAL.initial) * UNIT_FEN
    operating = OPERATING_TOTAL.initial * UNIT_FEN + odd
    project = PROJECT_TOTAL.initial * UNIT_FEN - _direct_project_budget()
    out = [_restored_quota()]
    kinds = (
        ("基本支出公用经费", "60010102", "2010301", split(operating, OPERATING_QUOTA, 10_000)),
        ("项目支出", "600102", "2010306", split(project, PROJECT_QUOTA, 10_000)),
    )
    for month in range(1, 13):
        for label, account, function, parts in kinds:
            memo = f"{month}月财政授权支付额度到账（{label}）"
            out.append(_quota_voucher(month, parts[month - 1], memo, account, function))
    return out


def year_end_quota(vouchers: list[Voucher]) -> list[Voucher]:
    """Cancel the unused quota; take in what the direct-payment grants leave unused."""
    day = date(YEAR, 12, 31)
    left = balance(vouchers, "1011")
    memo = "注销本年度零余额账户用款额度"
    cancel = [
        Line(memo, "1201", left, 0),
        Line(memo, "1011", 0, left),
        Line(memo, "800103", left, 0),
        Line(memo, "800101", 0, left),
    ]
    personnel = PERSONNEL_TOTAL.initial * UNIT_FEN + balance(vouchers, "60010101")
    projects = _direct_project_budget() - SPENT[SEALS] - SPENT[COUNTER]
    memo = "确认年末财政直接支付用款额度差额"
    unused = [
        Line(memo, "1201", personnel + projects, 0),
        Line(memo, "400101", 0, personnel, "2010301"),
        Line(memo, "400101", 0, projects, "2010306"),
        Line(memo, "800103", personnel + projects, 0),
        Line(memo, "60010101", 0, personnel, "2010301"),
        Line(memo, "600102", 0, projects, "2010306"),
    ]
    return [Voucher(day, 20, cancel), Voucher(day, 21, unused)]


def balance(vouchers: Iterable[Voucher], account: str) -> int:
    """Debits less credits of an account and what lies below it."""
    return sum(
        line.debit - line.credit for voucher in vouchers for line in voucher.lines if line.account.startswith(account)
    )


def _closing(vouchers: list[Voucher], prefix: str, against: str, rank: int) -> Voucher:
    """Bring every detail below a prefix to zero against another account."""
    sums: dict[Line, int] = {}
    for line in (line for voucher in vouchers for line in voucher.lines):
        if line.account.startswith(prefix):
            key = replace(line, memo=CLOSING_MEMO, debit=0, credit=0, party="")
            sums[key] = sums.get(key, 0) + line.debit - line.credit
    order = sorted(sums, key=lambda k: (k.account, k.function, k.economic, k.project))
    details = [
        replace(key, credit=sums[key]) if sums[key] > 0 else replace(key, debit=-sums[key])
        for key in order
        if sums[key]
    ]
    whole = sum(sums.values())
    other = Line(CLOSING_MEMO, against, max(whole, 0), max(-whole, 0))
    lines = [other, *details] if whole > 0 else [*details, other]
    return Voucher(date(YEAR, 12, 31), rank, lines)


def number(vouchers: list[Voucher]) -> list[Voucher]:
    """Number the vouchers of each month by day, and fill in the numbers that memos cite."""
    ordered = sorted(vouchers, key=lambda v: (v.day, v.rank))
    count: dict[int, int] = {}
    for voucher in ordered:
        month = voucher.day.month
        count[month] = voucher.number = count.get(month, 0) + 1
    tagged = {v.tag: f"{v.day.month}月记-{v.number:04d}号" for v in ordered if v.tag}
    for voucher in ordered:
        if voucher.cites:
            cited = tagged[voucher.cites]
            voucher.lines = [replace(line, memo=line.memo.format(cited=cited)) for line in voucher.lines]
    return ordered


def build() -> list[Voucher]:
    """Every voucher of the year, in order."""
    vouchers = [
        *quota_vouchers(),
        *payroll_vouchers(BASIC_SPENT - OPERATING_SPENT),
        *project_vouchers(),
        *operating_vouchers(),
        *depreciation_vouchers(),
    ]
    vouchers += year_end_quota(vouchers)
    vouchers += [
        _closing(vouchers, "4001", "3301", 30),
        _closing(vouchers, "5001", "3301", 31),
        _closing(vouchers, "6001", "810106", 32),
        _closing(vouchers, "7101", "810106", 33),
    ]
    return number(vouchers)

"""Draws a department from a seed: budget, payments, income, depreciation, reversals, closing."""

from __future__ import annotations

import calendar
from collections import defaultdict
from dataclasses import replace
from datetime import date
from random import Random

from .truth import BudgetLine, Department, Line, Voucher
from .words import FUNCTIONS, OPERATING, PAYEES, PERSONNEL, PROJECT_ECONOMICS, PROJECTS, UNIT_CODE, UNIT_NAME

SPENDING_NAMES = {"7101": "行政支出", "7201": "事业支出"}
EXPENSE = ("5001", "业务活动费用")
CASH = ("101101", "零余额账户用款额度")
FUNDS = ("800101", "资金结存/零余额账户用款额度")
INCOME = ("600101", "财政拨款预算收入/一般公共预算")
GRANT = ("400101", "财政拨款收入/一般公共预算")
CARRIED = ("810101", "财政拨款结转/本年收支结转")
SURPLUS = ("3301", "本期盈余")
WEAR = ("160201", "固定资产累计折旧/通用设备")
LEAVES = {
    "人员经费": ("010101", "财政拨款支出/基本支出/人员经费"),
    "公用经费": ("010102", "财政拨款支出/基本支出/公用经费"),
    "": ("0102", "财政拨款支出/项目支出"),
}


def draw(seed: int, *, projects: int = 5, vouchers: int = 60) -> Department:
    """A department that books by double entry, the same for the same arguments."""
    rng = Random(seed)
    year = rng.choice((2019, 2020, 2021, 2022, 2023))
    top = rng.choice(("7101", "7201"))
    budget = _draw_budget(rng, year, projects)
    booked = _pay(rng, year, top, budget, max(1, vouchers - 9))
    booked += _reversals(rng, year, [v for v in booked if v.date.month < 12 and len(v.lines) == 4])
    income = sum(x.available for x in budget)
    booked += [_income(year, month, income // 4) for month in (1, 4, 7, 10)]
    booked.append(_depreciation(year, rng.randrange(100_00, 90_000_00)))
    booked += _closing(year, booked)
    return Department(year, UNIT_CODE, UNIT_NAME, top, tuple(budget), _number(booked))


def _draw_budget(rng: Random, year: int, projects: int) -> list[BudgetLine]:
    def money(low: int, high: int) -> int:  # whole hundreds of yuan, as budgets are written
        return rng.randrange(low, high) * 100_00

    def line(category: str, group: str, code: str, name: str, functional: str, low: int, high: int) -> BudgetLine:
        original = money(low, high)
        carryover = rng.randrange(1, original // 5) if rng.random() < 0.4 else 0
        increase = money(1, high // 4 + 2) if rng.random() < 0.4 else 0
        decrease = rng.randrange(1, original // 8) if rng.random() < 0.3 else 0
        return BudgetLine(category, group, code, name, functional, carryover, original, increase, decrease)

    lines = [line("basic", "人员经费", c, n, f, 400, 5000) for c, n, f in sorted(rng.sample(PERSONNEL, 5))]
    lines += [line("basic", "公用经费", c, n, f, 40, 600) for c, n, f in sorted(rng.sample(OPERATING, 6))]
    style = rng.choice((f"P{year}{{:04d}}", "00430100{:02d}"))
    for i, name in enumerate(rng.sample(PROJECTS, projects), start=1):
        lines.append(line("project", "", style.format(i), name, "2010306", 100, 3000))
    return lines


def _sides(top: str, source: BudgetLine, economic: tuple[str, str], memo: str, payee: str, amount: int) -> list[Line]:
    """The four lines of a payment: 财务会计, then 预算会计."""
    tail, path = LEAVES[source.group]
    spent = Line(
        memo=memo,
        account_code=top + tail,
        account=f"{SPENDING_NAMES[top]}/{path}",
        category=source.category,
        project_code=source.code if source.category == "project" else "",
        project=source.name if source.category == "project" else "",
        economic_code=economic[0],
        economic=economic[1],
        functional_code=source.functional_code,
        functional=FUNCTIONS[source.functional_code],
        payee=payee,
        debit=amount,
    )
    return [
        Line(memo, *EXPENSE, payee=payee, debit=amount),
        Line(memo, *CASH, payee=payee, credit=amount),
        spent,
        Line(memo, *FUNDS, payee=payee, credit=amount),
    ]


def _pay(rng: Random, year: int, top: str, budget: list[BudgetLine], count: int) -> list[Voucher]:
    personnel = [x for x in budget if x.group == "人员经费"]
    others = [x for x in budget if x.group != "人员经费"]
    months = min(12, max(1, count // 3))
    pieces: dict[str, list[int]] = {}
    for x in personnel:
        pieces[x.code] = _split(rng, int(x.available * rng.uniform(0.85, 1.0)), months)
    booked = []
    for m in range(1, months + 1):
        lines: list[Line] = []
        for x in personnel:
            memo = f"{m}月份{x.name}"
            lines += _sides(top, x, (x.code, x.name), memo, "", pieces[x.code][m - 1])
        # one expense and one cash line for the whole payroll, as it is booked
        total = sum(e.debit for e in lines if e.on_spending_account)
        spent = [e for e in lines if e.on_spending_account]
        memo = f"发放{m}月份工资及缴纳社保"
        head = [Line(memo, *EXPENSE, debit=total), Line(memo, *CASH, credit=total)]
        lines = [*head, *spent, Line(memo, *FUNDS, credit=total)]
        booked.append(Voucher(date(year, m, min(10 + rng.randrange(8), 28)), "记", 0, tuple(lines)))
    rest = max(1, count - months)
    share: dict[str, int] = defaultdict(int)
    for i in range(rest):
        share[others[i % len(others)].code] += 1
    for x in others:
        if not share[x.code]:
            continue
        amounts = _split(rng, int(x.available * rng.uniform(0.6, 1.0)), share[x.code])
        for amount in amounts:
            m = rng.randrange(1, 13)
            when = date(year, m, rng.randrange(1, calendar.monthrange(year, m)[1] + 1))
            payee = rng.choice(PAYEES)
            economic = rng.choice(PROJECT_ECONOMICS) if x.category == "project" else (x.code, x.name)
            memo = f"付{payee}{x.name}" if rng.random() < 0.7 else f"支付{x.name}（{m}月）"
            booked.append(Voucher(when, "记", 0, tuple(_sides(top, x, economic, memo, payee, amount))))
    return booked


def _split(rng: Random, total: int, parts: int) -> list[int]:
    weights = [rng.uniform(0.5, 1.5) for _ in range(parts)]
    amounts = [int(total * w / sum(weights)) for w in weights]
    amounts[-1] += total - sum(amounts)
    return amounts


def _reversals(rng: Random, year: int, candidates: list[Voucher]) -> list[Voucher]:
    """One in red letters (negative on its own side), one on the other side."""
    made = []
    for voucher, red in zip(rng.sample(candidates, min(2, len(candidates))), (True, False), strict=False):
        memo = f"冲销{voucher.date.month}月{voucher.date.day}日：{voucher.lines[0].memo}"
        if red:
            lines = [replace(e, memo=memo, debit=-e.debit, credit=-e.credit) for e in voucher.lines]
        else:
            lines = [replace(e, memo=memo, debit=e.credit, credit=e.debit) for e in voucher.lines]
        month = voucher.date.month + 1
        when = date(year, month, rng.randrange(1, 28))
        made.append(Voucher(when, "记", 0, tuple(lines), kind="reversal"))
    return made


def _income(year: int, month: int, amount: int) -> Voucher:
    memo = f"收到第{(month + 2) // 3}季度零余额用款额度"
    lines = (
        Line(memo, *CASH, debit=amount),
        Line(memo, *GRANT, credit=amount),
        Line(memo, *FUNDS, debit=amount),
        Line(memo, *INCOME, credit=amount),
    )
    return Voucher(date(year, month, 3), "记", 0, lines, kind="income")


def _depreciation(year: int, amount: int) -> Voucher:
    memo = "计提固定资产折旧"
    lines = (Line(memo, *EXPENSE, debit=amount), Line(memo, *WEAR, credit=amount))
    return Voucher(date(year, 6, 30), "记", 0, lines, kind="depreciation")


def _closing(year: int, booked: list[Voucher]) -> list[Voucher]:
    """31 December: income and spending go to 8101, revenue and cost to 3301."""
    lines = [e for v in booked for e in v.lines]

    def net(start: str) -> int:
        return sum(e.debit - e.credit for e in lines if e.account_code.startswith(start))

    memo = "年末结转本年收支"
    income = -net("6001")
    first = [Line(memo, *INCOME, debit=income), Line(memo, *CARRIED, credit=income)]
    sums: dict[tuple[str, str, str, str, str], int] = defaultdict(int)
    for e in lines:
        if e.on_spending_account:
            sums[(e.account_code, e.account, e.category, e.project_code, e.project)] += e.debit - e.credit
    second = [Line(memo, *CARRIED, debit=sum(sums.values()))]
    second += [Line(memo, *key, credit=amount) for key, amount in sorted(sums.items())]
    cost, grant = net("5001"), -net("4001")
    third = [
        Line("结转本期盈余", *GRANT, debit=grant),
        Line("结转本期盈余", *SURPLUS, credit=grant),
        Line("结转本期盈余", *SURPLUS, debit=cost),
        Line("结转本期盈余", *EXPENSE, credit=cost),
    ]
    day = date(year, 12, 31)
    return [Voucher(day, "记", 0, tuple(x), kind="closing") for x in (first, second, third)]


def _number(vouchers: list[Voucher]) -> tuple[Voucher, ...]:
    order = sorted(vouchers, key=lambda v: (v.date, v.closing))
    seen: dict[int, int] = defaultdict(int)
    numbered = []
    for v in order:
        seen[v.date.month] += 1
        numbered.append(replace(v, number=seen[v.date.month]))
    return tuple(numbered)

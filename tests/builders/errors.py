"""Known errors put into a clean office: one function a finding code, at a size from 0.01 yuan to the whole line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import TypeVar

from .office import CHAIN, Contract, Line, Office, Payment

Injected = tuple[Office, str]
"""The office with the error, and the finding's subject ('' where any will do)."""
ERRORS: dict[str, Callable[[Office, Random, int], Injected]] = {}
SIZES = (1, 100_00, 0)
"""分; 0 stands for the whole line."""
LABELS = 3
FIRST_AMOUNT = 3


class NotPossibleError(Exception):
    """The office has nothing that the error could be put into."""


T = TypeVar("T")


def any_of(draw: Random, things: list[T]) -> T:
    if not things:
        raise NotPossibleError
    return draw.choice(things)


def error(
    code: str,
) -> Callable[[Callable[[Office, Random, int], Injected]], Callable[[Office, Random, int], Injected]]:
    def register(function: Callable[[Office, Random, int], Injected]) -> Callable[[Office, Random, int], Injected]:
        ERRORS[code] = function
        return function

    return register


def free_project(office: Office, draw: Random) -> Line:
    """A project without contract and without reversals, whose payments an error may change."""
    bound = {c.project for c in office.contracts} | {p.project for p in office.payments if p.amount < 0}
    return any_of(draw, [line for line in office.projects if line.name not in bound])


def one_payment(office: Office, draw: Random, project: str) -> Payment:
    mine = [p for p in office.payments if p.project == project and p.amount > 0 and p.date.month not in (1, 12)]
    mine = [p for p in mine if p.date.year == office.year]
    reversed_amounts = {-p.amount for p in office.payments if p.project == project and p.amount < 0}
    return any_of(draw, [p for p in mine if p.amount not in reversed_amounts])


def swap(office: Office, old: Payment, *new: Payment) -> Office:
    at = office.payments.index(old)
    return replace(office, payments=(*office.payments[:at], *new, *office.payments[at + 1 :]))


def spend_exactly(office: Office, draw: Random, project: str, total: int) -> Office:
    """The project's spending brought to `total` by one of its payments."""
    payment = one_payment(office, draw, project)
    return swap(office, payment, replace(payment, amount=payment.amount + total - office.spent(project)))


@error("over-budget")
def _(office: Office, draw: Random, size: int) -> Injected:
    line = free_project(office, draw)
    return spend_exactly(office, draw, line.name, line.available + (size or line.available)), line.name


@error("exactly-spent")
def _(office: Office, draw: Random, size: int) -> Injected:
    line = free_project(office, draw)
    return spend_exactly(office, draw, line.name, line.available), line.name


@error("unbudgeted-spending")
def _(office: Office, draw: Random, size: int) -> Injected:
    line = Line("项目支出", "抗震演练活动", "XM999" if office.projects[0].code else "")
    payment = one_payment(office, draw, free_project(office, draw).name)
    spent = replace(payment, project=line.name, code=line.code, amount=size or payment.amount, payee="演练承办单位")
    return replace(office, lines=(*office.lines, line), payments=(*office.payments, spent)), line.name


@error("no-spending")
def _(office: Office, draw: Random, size: int) -> Injected:
    line = Line("项目支出", "抗震演练活动", "XM999" if office.projects[0].code else "", original=size or 500_000_00)
    return replace(office, lines=(*office.lines, line)), line.name


@error("low-execution")
def _(office: Office, draw: Random, size: int) -> Injected:
    line = free_project(office, draw)
    kept = [p for p in office.payments if p.project == line.name][:6]
    return office.with_payments(lambda p: p.project != line.name or p in kept), line.name


@error("behind-schedule")
def _(office: Office, draw: Random, size: int) -> Injected:
    line = free_project(office, draw)
    late = [p for p in office.payments if p.project == line.name and 2 <= p.date.month <= 9]
    moved = [replace(p, date=dt.date(office.year, 11, p.date.day)) for p in late]
    office = office.with_payments(lambda p: p not in late, *moved)
    return replace(office, through=f"{office.year}-09"), line.name


@error("year-end-rush")
def _(office: Office, draw: Random, size: int) -> Injected:
    bound = {c.project for c in office.contracts}
    mine = {line.name for line in office.projects if line.name not in bound}
    largest = max((p for p in office.payments if p.project in mine), key=lambda p: p.amount)
    total = sum(p.amount for p in office.payments)
    rush = replace(largest, date=dt.date(office.year, 12, 28), amount=total, memo=f"支付{largest.project}尾款")
    line = office.line(largest.project)
    return replace(
        office.with_line(replace(line, original=line.original + total)), payments=(*office.payments, rush)
    ), ""


@error("unmatched-project")
def _(office: Office, draw: Random, size: int) -> Injected:
    line = free_project(office, draw)
    payment = one_payment(office, draw, line.name)
    name = f"{line.name[:-1]}项" if draw.random() < 0.5 else "临时应急抢险"
    renamed = replace(payment, project=name, code="", amount=size or payment.amount)
    rest = replace(payment, amount=payment.amount - renamed.amount)
    return swap(office, payment, renamed, *([rest] if rest.amount else [])), name


@error("undetermined-category")
def _(office: Office, draw: Random, size: int) -> Injected:
    payment = one_payment(office, draw, free_project(office, draw).name)
    bare = replace(payment, category="", project="", code="", account="行政支出", amount=size or payment.amount)
    rest = replace(payment, amount=payment.amount - bare.amount)
    return swap(office, payment, bare, *([rest] if rest.amount else [])), ""


@error("code-name-conflict")
def _(office: Office, draw: Random, size: int) -> Injected:
    office = with_codes(office)
    first = free_project(office, draw)
    other = next(line for line in office.projects if line.name != first.name)
    payment = one_payment(office, draw, first.name)
    return swap(office, payment, replace(payment, code=other.code)), ""


@error("ambiguous-match")
def _(office: Office, draw: Random, size: int) -> Injected:
    office = with_codes(office)
    line = free_project(office, draw)
    twin = replace(line, code="XM888", original=size or line.original, carryover=0, increase=0, decrease=0)
    payments = tuple(replace(p, code="") if p.project == line.name else p for p in office.payments)
    return replace(office, lines=(*office.lines, twin), payments=payments), line.name


def with_codes(office: Office) -> Office:
    codes = {line.name: f"XM{i + 1:03d}" for i, line in enumerate(office.projects)}
    lines = tuple(replace(line, code=codes.get(line.name, line.code)) for line in office.lines)
    payments = tuple(replace(p, code=codes.get(p.project, "")) for p in office.payments)
    return replace(office, lines=lines, payments=payments)


@error("offsetting-differences")
def _(office: Office, draw: Random, size: int) -> Injected:
    """Two projects of which one spends more by what the other spends less: together they meet their budget."""
    free = [line for line in office.projects if line.name not in {c.project for c in office.contracts}]
    if len(free) < 2:
        spare = Line("项目支出", "抗震演练活动", original=300_000_00)
        paid = Payment(
            dt.date(office.year, 5, 6),
            "支付抗震演练活动费用",
            "项目支出",
            1,
            spare.name,
            "",
            "30227",
            "委托业务费",
            "演练承办单位",
        )
        office = replace(office, lines=(*office.lines, spare), payments=(*office.payments, paid))
        free = [*free, spare]
    more, less = free[:2]
    gap = size or less.available // 10
    office = spend_exactly(office, draw, more.name, more.available + gap)
    return spend_exactly(office, draw, less.name, less.available - gap), ""


@error("basic-in-project")
def _(office: Office, draw: Random, size: int) -> Injected:
    line = free_project(office, draw)
    payment = one_payment(office, draw, line.name)
    code, item = draw.choice(
        (("30211", "差旅费"), ("30217", "公务接待费"), ("30228", "工会经费"), ("30101", "基本工资"))
    )
    daily = replace(payment, economic=code, item=item, amount=size or payment.amount, memo=f"支付{item}")
    rest = replace(payment, amount=payment.amount - daily.amount)
    return swap(office, payment, daily, *([rest] if rest.amount else [])), line.name


@error("total-mismatch")
def _(office: Office, draw: Random, size: int) -> Injected:
    column = draw.choice(("年初预算", "全年预算"))
    true = sum(line.original if column == "年初预算" else line.available for line in office.projects)
    return replace(office, stated=(("项目支出", column, true + (size or true)),)), ""


@error("balance-identity")
def _(office: Office, draw: Random, size: int) -> Injected:
    line = free_project(office, draw)
    return office.with_line(replace(line, stated=line.available + (size or line.available))), line.name


@error("carryover-basis")
def _(office: Office, draw: Random, size: int) -> Injected:
    """Every 全年预算 is the 年初预算 as it stands, though 上年结转 stands beside it: does it include the carryover?"""
    first = free_project(office, draw)
    carried = replace(first, carryover=first.original // 20, increase=0, decrease=0)
    office = office.with_line(carried)
    plain = [replace(line, increase=0, decrease=0, stated=line.original) for line in office.lines]
    paid = tuple(p for p in office.payments)
    return replace(office, lines=tuple(plain), payments=paid), ""


@error("rounding-tail")
def _(office: Office, draw: Random, size: int) -> Injected:
    """A budget printed in 万元 with two decimals whose subtotal was rounded from what its lines were."""
    office = replace(office, unit="万元", lines=tuple(_in_hundreds(line) for line in office.lines))
    true = sum(line.original for line in office.projects)
    return replace(office, stated=(("项目支出", "年初预算", true + draw.choice((-10_000, 10_000))),)), ""


def _in_hundreds(line: Line) -> Line:
    return replace(
        line,
        original=line.original // 10_000 * 10_000,
        carryover=line.carryover // 10_000 * 10_000,
        increase=line.increase // 10_000 * 10_000,
        decrease=line.decrease // 10_000 * 10_000,
    )


@error("unit-unknown")
def _(office: Office, draw: Random, size: int) -> Injected:
    return replace(office, unit=""), ""


def _budget_cell(office: Office, name: str, value: object) -> Office:
    def change(rows: list[list[object]]) -> None:
        row = next(r for r in rows if len(r) > LABELS and r[2] == name)
        row[FIRST_AMOUNT + CHAIN.index("年初预算")] = value

    return replace(office, budget_cells=(*office.budget_cells, change))


@error("unreadable-amount")
def _(office: Office, draw: Random, size: int) -> Injected:
    return _budget_cell(office, draw.choice(office.projects).name, "待定"), ""


@error("error-cell")
def _(office: Office, draw: Random, size: int) -> Injected:
    return _budget_cell(office, draw.choice(office.projects).name, ("=1/0", "#DIV/0!")), ""


@error("uncalculated-formula")
def _(office: Office, draw: Random, size: int) -> Injected:
    return _budget_cell(office, draw.choice(office.projects).name, ("=SUM(A1:A2)", "")), ""


@error("hidden-data")
def _(office: Office, draw: Random, size: int) -> Injected:
    row = draw.randrange(20, 60)

    def hide(book: object, page: object, rows: list[list[object]]) -> None:
        page.set_row(row, None, None, {"hidden": True})  # type: ignore[attr-defined]

    return replace(office, ledger_page=(*office.ledger_page, hide)), ""


@error("repeated-table")
def _(office: Office, draw: Random, size: int) -> Injected:
    def again(book: object, page: object, rows: list[list[object]]) -> None:
        copy = book.add_worksheet("序时账（2）")  # type: ignore[attr-defined]
        for i, row in enumerate(rows):
            copy.write_row(i, 0, row)

    return replace(office, ledger_page=(*office.ledger_page, again)), ""


@error("truncated-export")
def _(office: Office, draw: Random, size: int) -> Injected:
    """导出本页: the first hundred lines of the journal only."""

    def cut(rows: list[list[object]]) -> None:
        rows[1].append(f"期间：{office.year}-01-01至{office.year}-12-31")
        del rows[103:]

    return replace(office, ledger_cells=(*office.ledger_cells, cut)), ""


@error("unbalanced-voucher")
def _(office: Office, draw: Random, size: int) -> Injected:
    payment = one_payment(office, draw, free_project(office, draw).name)
    return swap(office, payment, replace(payment, credit_gap=size or payment.amount)), ""


@error("voucher-gap")
def _(office: Office, draw: Random, size: int) -> Injected:
    return replace(office, skipped=frozenset({(draw.randrange(1, 13), 3)})), ""


@error("out-of-period")
def _(office: Office, draw: Random, size: int) -> Injected:
    payment = one_payment(office, draw, free_project(office, draw).name)
    year = office.year + draw.choice((-1, 1))
    late = replace(
        payment, date=payment.date.replace(year=year, day=min(payment.date.day, 28)), amount=size or payment.amount
    )
    return replace(office, payments=(*office.payments, replace(late, memo="补记支出"))), ""


@error("duplicate-payment")
def _(office: Office, draw: Random, size: int) -> Injected:
    payment = one_payment(office, draw, free_project(office, draw).name)
    again = replace(payment, date=payment.date + dt.timedelta(days=draw.randrange(1, 4)))
    return replace(office, payments=(*office.payments, again)), ""


@error("unmatched-reversal")
def _(office: Office, draw: Random, size: int) -> Injected:
    drawn = [one_payment(office, draw, free_project(office, draw).name) for _ in range(20)]
    payment = any_of(draw, [p for p in drawn if p.amount > 3 * size])
    amount = -(size or payment.amount // 2 + 1)
    back = replace(
        payment,
        date=payment.date + dt.timedelta(days=2),
        memo=f"冲销：{payment.memo}",
        amount=amount,
        payee="他处供应商",
    )
    return replace(office, payments=(*office.payments, back)), ""


def _contracted(office: Office, draw: Random) -> tuple[Office, Contract]:
    """A project whose payments one contract covers to the 分."""
    line = free_project(office, draw)
    mine = [p for p in office.payments if p.project == line.name and p.amount > 0]
    supplier = any_of(draw, mine[:1]).payee
    contract = Contract(
        f"HT{office.year}-900",
        f"{line.name}合同",
        line.name,
        supplier,
        dt.date(office.year, 1, 1),
        dt.date(office.year, 12, 31),
        office.spent(line.name),
    )
    return replace(office, contracts=(*office.contracts, contract)), contract


def _recontracted(office: Office, contract: Contract, **changes: object) -> Office:
    new = replace(contract, **changes)  # type: ignore[arg-type]
    return replace(office, contracts=tuple(new if c is contract else c for c in office.contracts))


@error("contract-overpaid")
def _(office: Office, draw: Random, size: int) -> Injected:
    office, contract = _contracted(office, draw)
    return _recontracted(office, contract, price=contract.price - (size or contract.price // 2)), contract.name


@error("contract-expired")
def _(office: Office, draw: Random, size: int) -> Injected:
    office, contract = _contracted(office, draw)
    return _recontracted(office, contract, end=dt.date(office.year, 5, 31)), contract.name


@error("contract-uncovered")
def _(office: Office, draw: Random, size: int) -> Injected:
    office, contract = _contracted(office, draw)
    return _recontracted(office, contract, end=dt.date(office.year, 8, 31)), ""


@error("contract-quantity")
def _(office: Office, draw: Random, size: int) -> Injected:
    office, contract = _contracted(office, draw)
    units = contract.price // 10
    return _recontracted(
        office, contract, quantity=10, unit_price=units, price=units * 10 + (size or units)
    ), contract.name


@error("contract-unpaid")
def _(office: Office, draw: Random, size: int) -> Injected:
    office, contract = _contracted(office, draw)
    due = contract.price + (size or contract.price // 4)
    return _recontracted(
        office,
        contract,
        price=due,
        settled=due,
        settled_quantity=1,
        accepted=dt.date(office.year, 11, 30),
        payment="验收合格后一次付清",
    ), contract.name

"""An office's year as its books hold it, and the workbooks that they are exported to.  Money is 分 throughout."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import xlsxwriter

CHAIN = ("上年结转", "年初预算", "追加", "追减", "全年预算")
JOURNAL = (
    "日期",
    "凭证号",
    "摘要",
    "科目编码",
    "科目名称",
    "项目编码",
    "项目名称",
    "经济分类编码",
    "经济分类",
    "往来单位",
    "借方金额",
    "贷方金额",
)
REGISTER = (
    "合同编号",
    "合同名称",
    "项目名称",
    "供应商",
    "采购方式",
    "签订日期",
    "开始日期",
    "结束日期",
    "计价方式",
    "单价",
    "数量",
    "合同金额",
    "结算数量",
    "结算金额",
    "验收日期",
    "付款方式",
)


@dataclass(frozen=True)
class Line:
    """A budget line; `stated` overrides its printed 全年预算."""

    category: str
    name: str
    code: str = ""
    carryover: int = 0
    original: int = 0
    increase: int = 0
    decrease: int = 0
    stated: int | None = None

    @property
    def available(self) -> int:
        return self.carryover + self.original + self.increase - self.decrease


@dataclass(frozen=True)
class Payment:
    """One voucher that pays `amount`; negative for a red-letter reversal.  `number` 0 is numbered in its turn."""

    date: dt.date
    memo: str
    category: str
    amount: int
    project: str = ""
    code: str = ""
    economic: str = ""
    item: str = ""
    payee: str = ""
    account: str = ""
    credit_gap: int = 0


@dataclass(frozen=True)
class Contract:
    number: str
    name: str
    project: str
    supplier: str
    start: dt.date
    end: dt.date
    price: int
    unit_price: int = 0
    quantity: int = 0
    settled_quantity: int = 0
    settled: int = 0
    accepted: dt.date | None = None
    payment: str = "按月支付"
    pricing: str = "固定总价"
    procurement: str = "公开招标"


@dataclass(frozen=True)
class Office:
    """Budget, payments and contracts of a year, and how their workbooks are written.

    `budget_cells` and `ledger_cells` change the cells of a sheet just before it is written; `skipped` holds voucher
    numbers (month, number) that are left out; `stated` the subtotal of a category, printed instead of its sum.
    """

    year: int
    lines: tuple[Line, ...]
    payments: tuple[Payment, ...]
    contracts: tuple[Contract, ...] = ()
    unit: str = "元"
    stated: tuple[tuple[str, str, int], ...] = ()
    skipped: frozenset[tuple[int, int]] = frozenset()
    through: str | None = None
    budget_cells: tuple[Callable[[list[list[object]]], None], ...] = ()
    ledger_cells: tuple[Callable[[list[list[object]]], None], ...] = ()
    ledger_page: tuple[Callable[[xlsxwriter.Workbook, object, list[list[object]]], None], ...] = ()

    def line(self, name: str) -> Line:
        return next(line for line in self.lines if line.name == name)

    def spent(self, name: str) -> int:
        return sum(p.amount for p in self.payments if p.project == name)

    @property
    def projects(self) -> list[Line]:
        return [line for line in self.lines if line.category == "项目支出"]

    def with_line(self, line: Line) -> Office:
        return replace(self, lines=tuple(line if old.name == line.name else old for old in self.lines))

    def with_payments(self, keep: Callable[[Payment], bool], *added: Payment) -> Office:
        return replace(self, payments=(*(p for p in self.payments if keep(p)), *added))


def budget_rows(office: Office) -> list[list[object]]:
    """A sectioned budget with a chain of five columns, subtotals and a total."""
    rows: list[list[object]] = [
        [f"{office.year}年度部门预算批复表"],
        [f"单位：{office.unit}"] if office.unit else ["编制单位：某某局"],
        ["支出类型", "项目编码", "项目名称", *CHAIN],
    ]
    stated = {(category, column): fen for category, column, fen in office.stated}
    factor = {"元": 100, "万元": 1_000_000, "": 100}[office.unit]

    def amounts(values: list[int]) -> list[object]:
        return [v / factor for v in values]

    whole = [0] * 5
    for category in ("基本支出", "项目支出"):
        lines = [line for line in office.lines if line.category == category]
        sums = [0] * 5
        for line in lines:
            printed = line.available if line.stated is None else line.stated
            values = [line.carryover, line.original, line.increase, line.decrease, printed]
            sums = [a + b for a, b in zip(sums, values)]
            rows.append([category, line.code, line.name, *amounts(values)])
        whole = [a + b for a, b in zip(whole, sums)]
        sums = [stated.get((category, column), fen) for column, fen in zip(CHAIN, sums)]
        rows.append([f"{category}小计", "", "", *amounts(sums)])
    rows.append(["合计", "", "", *amounts(whole)])
    for change in office.budget_cells:
        change(rows)
    return rows


def journal_rows(office: Office) -> list[list[object]]:
    """A journal with the financial and the budgetary lines of every payment, income, and the closing voucher."""
    rows: list[list[object]] = [["序时账"], ["单位：元"], list(JOURNAL)]
    numbers = dict.fromkeys(range(1, 13), 0)
    for payment in sorted(office.payments, key=lambda p: p.date):
        month = payment.date.month
        numbers[month] += 1
        while (month, numbers[month]) in office.skipped:
            numbers[month] += 1
        rows += _voucher(payment, f"记-{numbers[month]}")
    spent = sum(p.amount for p in office.payments if p.date.year == office.year)
    numbers[12] += 1
    head = [f"{office.year}-12-31", f"记-{numbers[12]}", "年末结转本年收支"]
    rows.append([*head, "810101", "财政拨款结转_本年收支结转", *[""] * 5, _text(spent), ""])
    rows.append([*head, "710199", "行政支出", *[""] * 5, "", _text(spent)])
    for change in office.ledger_cells:
        change(rows)
    return rows


def _voucher(payment: Payment, number: str) -> list[list[object]]:
    head = [payment.date.isoformat(), number, payment.memo]
    account = payment.account or f"行政支出_财政拨款支出_{payment.category}"
    code = {"基本支出": "71010101", "项目支出": "71010102"}.get(payment.category, "710101")
    dimensions = [payment.code, payment.project, payment.economic, payment.item, payment.payee]
    amount, credit = _text(payment.amount), _text(payment.amount + payment.credit_gap)
    return [
        [*head, "5001", "业务活动费用", "", "", "", "", payment.payee, amount, ""],
        [*head, "1011", "零余额账户用款额度", "", "", "", "", payment.payee, "", amount],
        [*head, code, account, *dimensions, amount, ""],
        [*head, "8001", "资金结存_零余额账户用款额度", "", "", "", "", payment.payee, "", credit],
    ]


def _text(fen: int) -> str:
    sign, fen = ("-" if fen < 0 else ""), abs(fen)
    return f"{sign}{fen // 100:,}.{fen % 100:02d}"


def contract_rows(office: Office) -> list[list[object]]:
    rows: list[list[object]] = [["合同台账"], ["单位：元"], list(REGISTER)]
    for c in office.contracts:
        settled: list[object] = [c.settled_quantity, c.settled / 100] if c.settled else [None, None]
        rows.append(
            [
                c.number,
                c.name,
                c.project,
                c.supplier,
                c.procurement,
                (c.start - dt.timedelta(days=7)).isoformat(),
                c.start.isoformat(),
                c.end.isoformat(),
                c.pricing,
                c.unit_price / 100 if c.unit_price else None,
                c.quantity or None,
                c.price / 100,
                *settled,
                c.accepted.isoformat() if c.accepted else None,
                c.payment,
            ]
        )
    return rows


def write_office(office: Office, folder: Path) -> tuple[Path, Path, Path | None]:
    """The budget, the ledger and the contract register (None where there are no contracts) as workbooks."""
    folder.mkdir(parents=True, exist_ok=True)
    budget, ledger, contracts = (folder / f"{name}.xlsx" for name in ("预算", "序时账", "合同"))
    _write(budget, "预算", budget_rows(office))
    rows = journal_rows(office)
    with xlsxwriter.Workbook(ledger) as book:
        page = book.add_worksheet("序时账")
        _fill(page, rows)
        for change in office.ledger_page:
            change(book, page, rows)
    if not office.contracts:
        return budget, ledger, None
    _write(contracts, "合同", contract_rows(office))
    return budget, ledger, contracts


def _write(path: Path, name: str, rows: list[list[object]]) -> None:
    with xlsxwriter.Workbook(path) as book:
        _fill(book.add_worksheet(name), rows)


def _fill(page: xlsxwriter.worksheet.Worksheet, rows: list[list[object]]) -> None:
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            if isinstance(value, tuple):
                page.write_formula(i, j, value[0], None, value[1])
            elif value is not None and value != "":
                page.write(i, j, value) if not isinstance(value, str) else page.write_string(i, j, value)

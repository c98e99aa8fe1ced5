"""Detail ledgers: a block an account, opening row, running balance, monthly sums (E2, E4, E11, E13)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from .columns import period, with_subaccounts
from .grid import Day, Grid, Money, Pair, Row, Sheet, Value, make_sheet, money
from .ledgers import _against, yonyou_titles
from .truth import Department, Line, Voucher

Entry = tuple[Voucher, Line]
When = Callable[[Voucher], tuple[Value, ...]]


@dataclass(frozen=True)
class Item:
    """One row of a detail ledger, before its layout."""

    role: str
    label: str
    debit: int
    credit: int
    balance: int
    entry: Entry | None
    month: int

    @property
    def direction(self) -> str:
        return "借" if self.balance > 0 else "贷" if self.balance < 0 else "平"

    def amounts(self) -> tuple[Value, Value, Value, Value]:
        shown = None if self.role == "opening" and not self.balance else Money(abs(self.balance))
        return money(self.debit), money(self.credit), self.direction, shown


def spending_accounts(department: Department) -> dict[tuple[str, str], list[Entry]]:
    """The 7xxx accounts with their lines, closing lines too."""
    found: dict[tuple[str, str], list[Entry]] = {}
    for v, e in department.entries():
        if e.on_spending_account:
            found.setdefault((e.account_code, e.account), []).append((v, e))
    return dict(sorted(found.items()))


def items(entries: list[Entry], words: tuple[str, str, str]) -> list[Item]:
    """Opening, lines, and two sums after each month; the words are those of the three special rows."""
    opening, monthly, yearly = words
    rows = [Item("opening", opening, 0, 0, 0, None, 1)]
    balance = year_debit = year_credit = 0
    for month in sorted({v.date.month for v, _ in entries}):
        debit = credit = 0
        for v, e in entries:
            if v.date.month == month:
                balance += e.debit - e.credit
                debit += e.debit
                credit += e.credit
                rows.append(Item("data", e.memo, e.debit, e.credit, balance, (v, e), month))
        year_debit += debit
        year_credit += credit
        rows.append(Item("subtotal", monthly, debit, credit, balance, None, month))
        rows.append(Item("subtotal", yearly, year_debit, year_credit, balance, None, month))
    return rows


def stack(name: str, sheets: list[Sheet], gap: int = 1) -> Sheet:
    """Tables one below the other in one sheet."""
    result = replace(sheets[0], name=name)
    for sheet in sheets[1:]:
        blank = (Row("blank", (None,) * len(sheet.kinds)),) * gap
        down = len(result.rows) + gap
        merges = tuple(replace(m, top=m.top + down, bottom=m.bottom + down) for m in sheet.merges)
        result = replace(result, rows=result.rows + blank + sheet.rows, merges=result.merges + merges)
    return result


def three_column_detail(department: Department, *, stacked: bool = True) -> Grid:
    """E2. Date in three columns under one header, an account named in each title."""
    header: list[str | tuple[str, ...]] = [
        ("日期", "年"),
        ("日期", "月"),
        ("日期", "日"),
        "类型",
        "凭证ID",
        "凭证字号",
        "票据号",
        "对方科目",
    ]
    header += ["摘要", "项目", "部门经济分类", "借方金额", "贷方金额", "方向", "余额"]
    kinds = "year month day text text voucher text text memo project economic amount amount text balance"

    def row(item: Item) -> Row:
        if item.entry is None:
            head: tuple[Value, ...] = (None,) * 8 + (item.label, None, None)
            return Row(item.role, head + item.amounts())
        v, e = item.entry
        head = (f"{v.date.year}", f"{v.date:%m}", f"{v.date:%d}", "记账凭证", f"{v.date:%Y%m}{v.number:06d}")
        head += (v.label, None, _against(v, e), item.label)
        head += (Pair(e.project_code, e.project), Pair(e.economic_code, e.economic))
        return Row(item.role, head + item.amounts())

    sheets = []
    for (code, path), entries in spending_accounts(department).items():
        titles: list[list[Value]] = [
            ["明细账"],
            [f"单位：{department.code} {department.name} （账套：{department.code}01 {department.name}）"],
            [f"期间：{period(department)} （单位：元）"],
            [f"科目：{code} {path}"],
            ["方案名称：默认方案"],
        ]
        body = map(row, items(entries, ("上年结转", "本月合计", "本年累计")))
        sheets.append(make_sheet(code, titles, header, kinds.split(), body))
    return Grid((stack("明细账", sheets),)) if stacked else Grid(tuple(sheets))


def multi_column(department: Department) -> Grid:
    """E4. The sub-accounts of 7xxx are columns; to be un-pivoted."""
    accounts = list(spending_accounts(department))
    names = [path.split("/", 2)[2].replace("/", "_") for _, path in accounts]
    header: list[str | tuple[str, ...]] = [("期间", "月"), ("期间", "日"), "凭证号", "摘要", ("借方", "合计")]
    header += [("借方", n) for n in names] + [("贷方", "合计")] + [("贷方", n) for n in names]
    header += ["方向", "余额"]
    n = len(names)
    kinds = ["month", "day", "voucher", "memo", *["amount"] * (2 * n + 2), "text", "balance"]
    entries = [(v, e) for v, e in department.entries() if e.on_spending_account]

    def row(item: Item) -> Row:
        _, _, direction, balance = item.amounts()
        debit: list[Value] = [money(item.debit)]
        credit: list[Value] = [money(item.credit)]
        for account in accounts:
            if item.entry is None:
                part = [
                    e
                    for v, e in entries
                    if (e.account_code, e.account) == account
                    and (v.date.month <= item.month if item.label == "本年累计" else v.date.month == item.month)
                ]
                part = [] if item.role == "opening" else part
            else:
                part = [e for e in (item.entry[1],) if (e.account_code, e.account) == account]
            debit.append(money(sum(e.debit for e in part)))
            credit.append(money(sum(e.credit for e in part)))
        head: tuple[Value, ...] = (None, None, None, item.label)
        if item.entry is not None:
            v = item.entry[0]
            head = (f"{v.date:%m}", f"{v.date:%d}", v.label, item.label)
        return Row(item.role, (*head, *debit, *credit, direction, balance))

    top = department.spending_account
    titles = yonyou_titles(department, "多栏账")[:4]
    titles.append([f"科目：{top} {entries[0][1].account.split('/')[0] if entries else ''}"])
    body = map(row, items(entries, ("上年结转", "本月合计", "本年累计")))
    return Grid((make_sheet("多栏账", titles, header, kinds, body),))


def _u8_sheet(
    department: Department,
    header: list[str | tuple[str, ...]],
    kinds: str,
    head: Callable[[Voucher], tuple[Value, ...]],
) -> Grid:
    sheets = []
    width = len(kinds.split()) - 8
    for (code, path), entries in spending_accounts(with_subaccounts(department)).items():

        def row(item: Item) -> Row:
            if item.entry is None:
                tail: tuple[Value, ...] = (None, item.label, None, None)
                when: tuple[Value, ...] = (None,) * width
            else:
                v, e = item.entry
                tail = (v.label, item.label, None, _against(v, e))
                when = head(v)
            return Row(item.role, when + tail + item.amounts())

        titles: list[list[Value]] = [[f"{path.split('/')[-1]}明细账"], [f"科目：{code} {path}"]]
        span = f"月份：{department.year}.01-{department.year}.12"
        titles.append([f"核算单位：{department.name}", *[None] * 4, span])
        body = map(row, items(entries, ("上年结转", "当前合计", "当前累计")))
        sheets.append(make_sheet(code, titles, header, kinds.split(), body))
    return Grid(tuple(sheets))


def u8_detail(department: Department) -> Grid:
    """E11. A sheet an account, the year printed once, above 月 and 日."""
    year = f"{department.year}年"
    header: list[str | tuple[str, ...]] = [(year, "月"), (year, "日"), "凭证号数", "摘要", "结算号", "对方科目"]
    header += ["借方", "贷方", "方向", "余额"]
    kinds = "month day voucher memo text text amount amount text balance"
    return _u8_sheet(department, header, kinds, lambda v: (f"{v.date:%m}", f"{v.date:%d}"))


def u8_detail_split(department: Department) -> Grid:
    """E11 with 年, 月, 日 as three plain columns of numbers."""
    header: list[str | tuple[str, ...]] = ["年", "月", "日", "凭证号数", "摘要", "结算号", "对方科目"]
    header += ["借方", "贷方", "方向", "余额"]
    kinds = "year month day voucher memo text text amount amount text balance"
    return _u8_sheet(department, header, kinds, lambda v: (v.date.year, v.date.month, v.date.day))


def grp_detail(department: Department) -> Grid:
    """E13. Stacked blocks, codes without dots."""
    header = ["日期", "凭证号", "摘要", "借方金额", "贷方金额", "方向", "余额"]
    kinds = "date voucher memo amount amount text balance"

    def row(item: Item) -> Row:
        when: tuple[Value, Value] = (None, None)
        if item.entry is not None:
            when = (Day(item.entry[0].date, "iso"), f"记{item.entry[0].number}")
        return Row(item.role, (*when, item.label, *item.amounts()))

    sheets = []
    for (code, path), entries in spending_accounts(with_subaccounts(department)).items():
        titles: list[list[Value]] = [
            ["科目明细账"],
            [f"单位名称：{department.name}", None, None, "单位：元"],
            [f"科目：{code} {path}", None, None, f"会计期间：{department.year}年01月-{department.year}年12月"],
        ]
        body = map(row, items(entries, ("年初余额", "本月合计", "本年累计")))
        sheets.append(make_sheet(code, titles, header, kinds.split(), body))
    return Grid((stack("科目明细账", sheets),))

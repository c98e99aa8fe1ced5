"""Write the journal as the accounting software exports it: every cell is text."""

from __future__ import annotations

from pathlib import Path

from .model import ACCOUNTS, ECONOMICS, FUNCTIONS, Line, Voucher, glued
from .sheets import OFFICE, open_workbook, style, yuan_text

COLUMNS: tuple[tuple[str, float], ...] = (
    ("日期", 11.5),
    ("凭证号", 9),
    ("摘要", 44),
    ("会计科目代码", 13),
    ("会计科目名称", 42),
    ("功能分类", 34),
    ("部门经济分类", 32),
    ("项目", 28),
    ("往来单位", 40),
    ("借方金额", 16),
    ("贷方金额", 16),
    ("票据号", 11),
    ("对方科目", 24),
)
DEBIT, CREDIT = 9, 10


def _counterpart(voucher: Voucher, line: Line) -> str:
    """The accounts on the other side of the same kind of bookkeeping."""
    side = bool(line.debit)
    codes = {
        other.account for other in voucher.lines if other.budgetary is line.budgetary and bool(other.debit) is not side
    }
    return ",".join(sorted(codes))


def _cells(voucher: Voucher, line: Line) -> tuple[str, ...]:
    return (
        voucher.day.isoformat(),
        f"记-{voucher.number:04d}",
        line.memo,
        line.account,
        ACCOUNTS[line.account],
        glued(line.function, FUNCTIONS),
        glued(line.economic, ECONOMICS),
        line.project,
        line.party,
        yuan_text(line.debit),
        yuan_text(line.credit),
        voucher.slip,
        _counterpart(voucher, line),
    )


def write_ledger(path: Path, vouchers: list[Voucher]) -> None:
    """Write `序时账`."""
    with open_workbook(path, "序时账") as book:
        sheet = book.add_worksheet("序时账")
        text = style(book, border=1, num_format="@")
        money = style(book, border=1, num_format="@", align="right")
        header = style(book, border=1, bold=True, align="center", bg_color="#D9D9D9")
        looks = [money if column in (DEBIT, CREDIT) else text for column in range(len(COLUMNS))]
        plain = style(book)
        sheet.merge_range(0, 0, 0, len(COLUMNS) - 1, "序时账", style(book, bold=True, font_size=16, align="center"))
        sheet.write_string(1, 0, f"单位：301001 {OFFICE}", plain)
        sheet.write_string(2, 0, "账套：001 行政账", plain)
        sheet.write_string(3, 0, "期间：2020-01-01至2020-12-31（单位：元）", plain)
        for column, (name, width) in enumerate(COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write_string(4, column, name, header)
        rows = [_cells(voucher, line) for voucher in vouchers for line in voucher.lines]
        lines = [line for voucher in vouchers for line in voucher.lines]
        total = [""] * len(COLUMNS)
        total[2] = "合计"
        total[DEBIT] = yuan_text(sum(line.debit for line in lines))
        total[CREDIT] = yuan_text(sum(line.credit for line in lines))
        row = 5
        for cells in (*rows, total):
            for column, value in enumerate(cells):
                if value:
                    sheet.write_string(row, column, value, looks[column])
                else:
                    sheet.write_blank(row, column, None, looks[column])
            row += 1
        sheet.write_string(row, 0, "制单：财务室　打印日期：2021-01-15", plain)
        sheet.freeze_panes(5, 2)
        sheet.set_landscape()
        sheet.set_paper(8)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(4)

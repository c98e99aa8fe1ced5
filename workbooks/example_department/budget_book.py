"""Write the approval table of the budget."""

from __future__ import annotations

from pathlib import Path

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from . import budget
from .budget import BudgetLine
from .sheets import MONEY, OFFICE, open_workbook, style

LAST = 7
WIDTHS = (38, 11, 13, 13, 13, 13, 13, 30)
SINGLE_HEADERS = {0: "项目", 1: "科目编码", 2: "年初预算", 3: "上年结转", 6: "全年预算", 7: "备注"}


def _rows() -> list[tuple[BudgetLine, str, int]]:
    """Each line of the table with its label and its level: 0 section, 1 group, 2 line."""
    out: list[tuple[BudgetLine, str, int]] = [(budget.BASIC_TOTAL, budget.BASIC_TOTAL.name, 0)]
    for head, lines in ((budget.PERSONNEL_TOTAL, budget.PERSONNEL), (budget.OPERATING_TOTAL, budget.OPERATING)):
        out.append((head, head.name, 1))
        out += [(line, line.name, 2) for line in lines]
    out.append((budget.PROJECT_TOTAL, budget.PROJECT_TOTAL.name, 0))
    projects = (*budget.PROJECTS, budget.UNASSIGNED)
    out += [(line, f"{place}.{line.name}", 2) for place, line in enumerate(projects, 1)]
    out.append((budget.GRAND_TOTAL, budget.GRAND_TOTAL.name, 0))
    return out


def _formats(book: Workbook, level: int) -> dict[str, Format]:
    base: dict[str, object] = {"border": 1, "bold": level < 2}
    if level == 0:
        base["bg_color"] = "#F2F2F2"
    return {
        "label": style(book, indent=level, **base),
        "code": style(book, align="center", num_format="@", **base),
        "money": style(book, align="right", num_format=MONEY, **base),
        "remark": style(book, indent=1, **base),
    }


def _head(book: Workbook, sheet: Worksheet) -> None:
    title = style(book, font_size=18, bold=True, align="center")
    sheet.merge_range(0, 0, 0, LAST, "2020年度部门预算批复表", title)
    sheet.set_row(0, 32)
    sheet.write_string(1, 0, f"部门：{OFFICE}", style(book))
    sheet.write_string(1, LAST, "单位：万元", style(book, align="right"))
    header = style(book, bold=True, align="center", border=1, text_wrap=True, bg_color="#D9E1F2")
    for column, name in SINGLE_HEADERS.items():
        sheet.merge_range(2, column, 3, column, name, header)
    sheet.merge_range(2, 4, 2, 5, "预算调整", header)
    sheet.write_string(3, 4, "追加", header)
    sheet.write_string(3, 5, "追减/收回", header)


def _write_line(sheet: Worksheet, row: int, line: BudgetLine, label: str, look: dict[str, Format]) -> None:
    sheet.write_string(row, 0, label, look["label"])
    if line.code:
        sheet.write_string(row, 1, line.code, look["code"])
    else:
        sheet.write_blank(row, 1, None, look["code"])
    amounts = (line.initial, line.carried, line.added, line.cut, line.full_year)
    for column, amount in enumerate(amounts, 2):
        if amount:
            sheet.write_number(row, column, amount / 100, look["money"])
        else:
            sheet.write_blank(row, column, None, look["money"])
    if line.remark:
        sheet.write_string(row, LAST, line.remark, look["remark"])
    else:
        sheet.write_blank(row, LAST, None, look["remark"])


def write_budget(path: Path) -> None:
    """Write `预算批复表`."""
    with open_workbook(path, "2020年度部门预算批复表") as book:
        sheet = book.add_worksheet("预算批复表")
        sheet.set_default_row(18)
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
        _head(book, sheet)
        looks = {level: _formats(book, level) for level in range(3)}
        row = 4
        for line, label, level in _rows():
            _write_line(sheet, row, line, label, looks[level])
            row += 1
        footer = "制表人：办公室        审核人：分管财务领导        打印日期：2021-01-15"
        sheet.write_string(row, 0, footer, style(book))
        sheet.freeze_panes(4, 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 1)
        sheet.center_horizontally()
        sheet.repeat_rows(2, 3)

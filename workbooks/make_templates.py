"""Make the templates to fill, the same bytes on every run.

python workbooks/make_templates.py [--out DIR]
"""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the words of this checkout, installed or not

from reconcile import wording
from reconcile.evaluation.evaluation import RUBRIC
from reconcile.evaluation.figure import kinds
from reconcile.evaluation.rubric import EQUAL, MANUAL, load_rubric

CREATED = datetime(2021, 1, 15, 9, 0, 0)
ROWS = 200
NOTE = (
    "账簿里的项目名称与预算不同时，在此写明它是哪个预算项目。一行一个名称；没有批准人的行不会应用。"
    "预算项目可写名称或编码，几个项目同名时再写类别。类别也可单独填写，用于没有列明项目、判定不了类别的科目"
    "（账簿名称写“7101 行政支出”这样的科目）。"
)
COLUMNS = (("账簿名称", 34), ("预算项目", 34), ("类别", 12), ("批准人", 12), ("日期", 13))
INPUTS_TITLE = "部门整体支出绩效评价取数表"
INPUTS_NOTE = (
    "填写说明：1. 只填账簿和预算里没有的数：编制、人数、面积、上年数、政府采购等；预算和账簿算得出的，留空即可，填了而与账簿不同的，以账簿为准并在表中写明。"
    "2. 没有的数留空，程序按“取数不足”处理，不会当作 0；确实为零的请填 0（如没有楼堂馆所）。"
    "3. 金额在单位一栏写明元或万元。4. 名称不要改；可以删行，不要一项填两次。5. “评分”表填由人评分的指标。"
)
INPUTS_COLUMNS = (("取数项目", 38), ("单位", 9), ("数值", 18), ("填写说明", 46))
INPUTS_UNITS = {"money": "万元", "count": "个", "area": "平方米"}
SCORES_NOTE = (
    "填写说明：只填管理制度、效益、满意度等由人评分的指标；能由数字算出得分的，程序自己算，不用这里的分。"
    "换用别的评分表时，请把指标名称改成那张评分表里的名称。"
)
SCORES_COLUMNS = (("指标", 38), ("分值", 9), ("得分", 18), ("理由", 46))
CATEGORIES = ["基本支出", "项目支出", "其他支出"]


def write_aliases(path: Path) -> None:
    """The sheet 别名, empty."""
    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties({"title": "账簿名称与预算项目对应表", "author": "spending-reconcile", "created": CREATED})
        text = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
        border = {"border": 1, "border_color": "#BFBFBF"}
        sheet = book.add_worksheet("别名")
        last = len(COLUMNS) - 1
        title = book.add_format({**text, "font_name": "黑体", "font_size": 16, "align": "center"})
        sheet.merge_range(0, 0, 0, last, "账簿名称与预算项目对应表", title)
        sheet.set_row(0, 28)
        sheet.merge_range(1, 0, 1, last, NOTE, book.add_format({**text, "text_wrap": True, "valign": "top"}))
        sheet.set_row(1, 62)
        head = book.add_format({**text, **border, "font_name": "黑体", "align": "center", "bg_color": "#DCE6F1"})
        field = book.add_format({**text, **border, "bg_color": "#FFF8DC", "text_wrap": True, "num_format": "@"})
        day = book.add_format({**text, **border, "bg_color": "#FFF8DC", "num_format": "yyyy-mm-dd"})
        for col, (name, width) in enumerate(COLUMNS):
            sheet.set_column(col, col, width)
            sheet.write_string(2, col, name, head)
            for row in range(3, 3 + ROWS):
                sheet.write_blank(row, col, None, day if col == last else field)
        sheet.data_validation(3, 2, 2 + ROWS, 2, {"validate": "list", "source": CATEGORIES})
        sheet.freeze_panes(3, 1)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(2)
        sheet.print_area(0, 0, 2 + ROWS, last)


def write_evaluation_inputs(path: Path) -> None:
    """The sheet 取数表, one row a figure that the books may not give, and the sheet 评分 for what a person scores."""
    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties({"title": INPUTS_TITLE, "author": "spending-reconcile", "created": CREATED})
        text = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
        border = {"border": 1, "border_color": "#BFBFBF"}
        title = book.add_format({**text, "font_name": "黑体", "font_size": 16, "align": "center"})
        note = book.add_format({**text, "text_wrap": True, "valign": "top"})
        head = book.add_format({**text, **border, "font_name": "黑体", "align": "center", "bg_color": "#DCE6F1"})
        part = book.add_format({**text, **border, "bold": True, "bg_color": "#EAF1F8"})
        cell = book.add_format({**text, **border, "text_wrap": True})
        unit = book.add_format({**text, **border, "bg_color": "#FFF8DC", "align": "center"})
        money = book.add_format({**text, **border, "bg_color": "#FFF8DC", "num_format": "#,##0.00"})
        count = book.add_format({**text, **border, "bg_color": "#FFF8DC", "num_format": "#,##0.##"})
        formats = {"money": money, "count": count, "area": count}

        def page(name: str, heading: str, says: str, columns: tuple[tuple[str, int], ...], height: int) -> Worksheet:
            sheet = book.add_worksheet(name)
            sheet.merge_range(0, 0, 0, len(columns) - 1, heading, title)
            sheet.set_row(0, 28)
            sheet.merge_range(1, 0, 1, len(columns) - 1, says, note)
            sheet.set_row(1, height)
            for col, (word, width) in enumerate(columns):
                sheet.set_column(col, col, width)
                sheet.write_string(2, col, word, head)
            sheet.freeze_panes(3, 1)
            sheet.set_paper(9)
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(2)
            return sheet

        sheet = page("取数表", INPUTS_TITLE, INPUTS_NOTE, INPUTS_COLUMNS, 92)
        row, block = 3, ""
        for kind in kinds().values():
            if kind.block != block:
                block = kind.block
                words = wording.text(f"block-{block}", "zh", "evaluation")
                sheet.merge_range(row, 0, row, 3, words, part)
                row += 1
            says = kind.note or ("账簿算不出时填写" if kind.books else "")
            sheet.write_string(row, 0, kind.zh, cell)
            sheet.write_string(row, 1, INPUTS_UNITS[kind.kind], unit)
            sheet.write_blank(row, 2, None, formats[kind.kind])
            sheet.write_string(row, 3, says, cell)
            if kind.kind == "money":
                sheet.data_validation(row, 1, row, 1, {"validate": "list", "source": ["元", "万元"]})
            sheet.data_validation(row, 2, row, 2, {"validate": "decimal", "criteria": ">=", "value": -1e13})
            row += 1
        sheet.print_area(0, 0, row - 1, 3)
        sheet = page("评分", "由人评分的指标", SCORES_NOTE, SCORES_COLUMNS, 48)
        lines = [line for line in load_rubric(RUBRIC).lines if line.rule.kind in (MANUAL, EQUAL)]
        for row, line in enumerate(lines, 3):
            sheet.write_string(row, 0, line.zh, cell)
            sheet.write_number(row, 1, float(line.points or 0), cell)
            sheet.write_blank(row, 2, None, count)
            sheet.write_blank(row, 3, None, unit)
            sheet.data_validation(
                row,
                2,
                row,
                2,
                {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": float(line.points or 0)},
            )
        sheet.print_area(0, 0, 2 + len(lines), 3)


def main() -> None:
    """Write every template."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "templates")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    write_aliases(out / "aliases.xlsx")
    write_evaluation_inputs(out / "evaluation_inputs.xlsx")


if __name__ == "__main__":
    main()

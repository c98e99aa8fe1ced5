"""Make the templates to fill, the same bytes on every run.

python workbooks/make_templates.py [--out DIR]
"""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path

import xlsxwriter

CREATED = datetime(2021, 1, 15, 9, 0, 0)
ROWS = 200
NOTE = (
    "账簿里的项目名称与预算不同时，在此写明它是哪个预算项目。一行一个名称；没有批准人的行不会应用。"
    "预算项目可写名称或编码，几个项目同名时再写类别。类别也可单独填写，用于没有列明项目、判定不了类别的科目"
    "（账簿名称写“7101 行政支出”这样的科目）。"
)
COLUMNS = (("账簿名称", 34), ("预算项目", 34), ("类别", 12), ("批准人", 12), ("日期", 13))
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


def main() -> None:
    """Write every template."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "templates")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    write_aliases(out / "aliases.xlsx")


if __name__ == "__main__":
    main()

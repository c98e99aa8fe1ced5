"""Small helpers that the three workbook writers share."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

OFFICE = "长沙市芙蓉区行政审批服务局"
MONEY = "#,##0.00"
# A fixed moment, so that two runs give the same bytes.
CREATED = datetime(2021, 1, 15, 9, 0, 0)


def open_workbook(path: Path, title: str) -> Workbook:
    """A workbook with fixed document properties."""
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"title": title, "author": OFFICE, "created": CREATED})
    return book


def style(book: Workbook, **options: Any) -> Format:
    """A cell format in the font of office tables."""
    return book.add_format({"font_name": "宋体", "font_size": 10, "valign": "vcenter", **options})


def yuan_text(fen: int) -> str:
    """An amount as the accounting software exports it: thousands commas, blank for zero."""
    if not fen:
        return ""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"

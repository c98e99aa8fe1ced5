"""Small tables for tests: sheets written cell by cell, frames, and a result from both."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd

import reconcile as rc

JOURNAL = ("日期", "凭证号", "摘要", "科目编码", "科目名称", "项目", "借方金额", "贷方金额")
BUDGET = ("支出类型", "项目", "年初预算")


def sheet(path: Path, rows: Sequence[Sequence[Any]], name: str = "Sheet1") -> Path:
    """A workbook whose cells are `rows`, from A1."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = name
    for row in rows:
        page.append(list(row))
    book.save(path)
    return path


def journal(*rows: Sequence[Any]) -> rc.Ledger:
    return rc.load_ledger(pd.DataFrame(list(rows), columns=list(JOURNAL), dtype=object))


def budget(*rows: Sequence[Any], year: int = 2020) -> rc.Budget:
    return rc.load_budget(pd.DataFrame(list(rows), columns=list(BUDGET), dtype=object), year=year)


def pay(
    date: str,
    voucher: str,
    project: str,
    amount: object,
    *,
    code: str = "710102",
    path: str = "行政支出/项目支出",
    memo: str = "付款",
) -> list[tuple[Any, ...]]:
    """The budgetary lines of one payment: 借 7101 贷 8001."""
    return [
        (date, voucher, memo, code, path, project, amount, None),
        (date, voucher, memo, "8001", "资金结存", None, None, amount),
    ]


def codes(result: rc.Reconciliation) -> list[tuple[str, str]]:
    """(code, subject) of every finding."""
    return list(result.findings[["code", "subject"]].itertuples(index=False, name=None))

"""Sums among the rows of a table: told by any word for one, wherever it stands, or by what the rows above add to."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import reconcile as rc

HEADER = ["预算年度", "日期", "凭证号", "摘要", "项目", "金额"]
LINES: list[list[Any]] = [
    ["2020", "2020-01-03", "1", "付款", "甲", 5000],
    ["2020", "2020-01-08", "2", "付款", "乙", 800],
]


def payments(*rows: list[Any]) -> rc.Ledger:
    return rc.load_ledger(pd.DataFrame([*LINES, *rows], columns=HEADER, dtype=object))


@pytest.mark.parametrize("column", range(5))
@pytest.mark.parametrize(
    "word",
    [
        "合计",
        "合 计",
        "总\u3000计",
        "合计：",
        "合计（元）",
        "共计2笔",
        "合计（共2笔）",
        "总计金额",
        "以上合计",
        "本页合计",
        "1月合计",
        "小计",
        "累计",
        "Total",
        "Grand Total",
    ],
)
def test_a_word_for_a_sum_is_one_in_any_column(word: str, column: int) -> None:
    row = [None] * 5 + [5800]
    row[column] = word
    ledger = payments(row)
    assert ledger.entries["amount"].tolist() == [5000.0, 800.0]


@pytest.mark.parametrize(
    ("row", "entries"),
    [
        ([None, None, None, None, None, 5800], [5000, 800]),  # nothing named, and it adds up: the total
        ([None, None, None, None, None, 5900], [5000, 800]),  # the last row, nothing named: a total that is wrong
        ([None, None, None, None, "乙 汇总", 800], [5000, 800]),  # named after the group above it
        ([None, None, None, None, "各项目费用总计", 5800], [5000, 800]),  # worded, and it adds up
        ([None, None, None, None, "数据汇总", 700], [5000, 800, 700]),  # a project of that name
        (["2020", "2020-01-09", "3", "合计", "甲", 5800], [5000, 800, 5800]),  # an entry with its voucher
    ],
)
def test_a_sum_without_a_known_word_is_told_by_its_amount(row: list[Any], entries: list[float]) -> None:
    assert payments(row).entries["amount"].tolist() == entries


def test_a_total_that_names_nothing_and_is_wrong_is_held_against_its_items() -> None:
    stated = payments([None] * 5 + [5900]).stated
    assert stated[["stated", "items"]].to_numpy().tolist() == [[590_000, 580_000]]


@pytest.mark.parametrize(
    ("rows", "lines"),
    [  # (项目, 年初预算) to (project, available)
        ([("A", 50), ("B", 8), (None, 58)], [("A", 50), ("B", 8)]),
        ([("A", 50), (None, 50)], [("A", 50)]),
        ([("一、项目支出", 58), ("A", 50), ("B", 8), (None, 58)], [("A", 50), ("B", 8)]),
        ([("A", 50), ("B", 8), ("两项共计", 58)], [("A", 50), ("B", 8)]),
        ([("A", 3), ("B", 5), ("审计", 8)], [("A", 3), ("B", 5), ("审计", 8)]),
        ([("A", 50), ("统计", 8), ("C", 7)], [("A", 50), ("统计", 8), ("C", 7)]),
        ([("A", 5), ("B", 2), ("C", 3)], [("A", 5), ("B", 2), ("C", 3)]),
    ],
)
def test_a_budget_counts_its_lines_and_not_their_sum(
    rows: list[tuple[object, ...]], lines: list[tuple[str, float]]
) -> None:
    budget = rc.load_budget(pd.DataFrame(rows, columns=["项目", "年初预算"], dtype=object))
    assert list(budget.lines[["project", "available"]].itertuples(index=False, name=None)) == lines


@pytest.mark.parametrize(
    ("first", "numbering"),
    [
        (["栏次", 1, 2, 3], True),
        (["甲", 1, 2, 3], True),
        ([None, "(1)", "(2)", "(3)=(1)+(2)"], True),
        (["A", "B", "C", "D=B+C"], True),
        (["栏次", "1", "2", "3=1+2"], True),
        (["甲项目", 1, 2, 3], False),
        (["甲", 3, 2, 5], False),
    ],
)
def test_numbers_of_columns_are_no_amounts(first: list[Any], numbering: bool) -> None:
    frame = pd.DataFrame([first, ["A", 50, 8, 58]], columns=["项目", "年初预算", "追加", "全年预算"], dtype=object)
    budget = rc.load_budget(frame)
    assert len(budget.lines) == (1 if numbering else 2)
    assert budget.findings.empty
    assert budget.reading.rows["role"].tolist().count("numbering") == numbering


def test_a_running_ledger_without_vouchers_dates_its_sums_too() -> None:
    rows = [("2020-01-05", "付款", 10, 10), ("2020-01-31", "本月合计", 10, 10), ("2020-02-05", "付款", 5, 15)]
    ledger = rc.load_ledger(pd.DataFrame(rows, columns=["日期", "摘要", "借方", "余额"]))
    assert ledger.entries["debit"].tolist() == [10.0, 5.0]

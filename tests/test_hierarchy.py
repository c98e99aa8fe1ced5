"""Budgets whose rows form trees of several kinds, and columns that say more than one thing."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import reconcile as rc


def lines(columns: list[str], rows: list[list[Any]], *wanted: str) -> list[list[Any]]:
    budget = rc.load_budget(pd.DataFrame(rows, columns=columns, dtype=object))
    return budget.lines[list(wanted)].to_numpy().tolist()


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (  # functional classes, and the projects under each
            [
                ["201", "一般公共服务支出", 95],
                ["20103", "政府办公厅（室）及相关机构事务", 95],
                ["2010306", "政务公开审批", 50],
                [None, "印章刻制", 50],
                ["2010302", "一般行政管理事务", 45],
                [None, "印章刻制", 20],
                [None, "法律顾问", 25],
                [None, "合计", 95],
            ],
            [["印章刻制", "", 50.0], ["印章刻制", "", 20.0], ["法律顾问", "", 25.0]],
        ),
        (  # projects, and the economic classes under each
            [
                [None, "印章刻制", 50],
                ["30201", "办公费", 30],
                ["30227", "委托业务费", 20],
                [None, "法律顾问", 25],
                ["30227", "委托业务费", 25],
            ],
            [["", "30201", 30.0], ["", "30227", 20.0], ["", "30227", 25.0]],
        ),
        (  # a class is no parent of what does not add to it
            [["30201", "办公费", 30], [None, "印章刻制", 25], [None, "法律顾问", 6]],
            [["", "30201", 30.0], ["印章刻制", "", 25.0], ["法律顾问", "", 6.0]],
        ),
    ],
)
def test_rows_of_one_kind_stand_under_another_where_they_add_up(rows: list[list[Any]], found: list[list[Any]]) -> None:
    seen = lines(["科目编码", "科目名称", "预算数"], rows, "project", "economic_code", "available")
    assert seen == found


@pytest.mark.parametrize(
    "rows",
    [
        [["印章刻制", "30201 办公费", 5], [None, "30227 委托业务费", 2], ["法律顾问", "30227 委托业务费", 3]],
        [
            ["印章刻制", None, 7],
            [None, "30201 办公费", 5],
            [None, "30227 委托业务费", 2],
            ["法律顾问", None, 3],
            [None, "30227 委托业务费", 3],
            ["合计", None, 10],
        ],
        [
            ["印章刻制", None, None],
            [None, "30201 办公费", 5],
            [None, "30227 委托业务费", 2],
            ["法律顾问", "30227 委托业务费", 3],
        ],
    ],
)
def test_a_project_that_stands_once_is_that_of_the_rows_below_it(rows: list[list[Any]]) -> None:
    seen = lines(["项目名称", "部门经济分类", "预算数"], rows, "category", "project", "economic_code", "available")
    assert seen == [
        ["project", "印章刻制", "30201", 5.0],
        ["project", "印章刻制", "30227", 2.0],
        ["project", "法律顾问", "30227", 3.0],
    ]


def test_a_row_of_another_category_has_no_project_of_the_row_above() -> None:
    columns = ["支出类型", "项目名称", "部门经济分类", "预算数"]
    rows = [["项目支出", "印章刻制", "30201 办公费", 5], ["基本支出", None, "30201 办公费", 2]]
    seen = lines(columns, rows, "category", "project", "available")
    assert seen == [["project", "印章刻制", 5.0], ["basic", "", 2.0]]


def test_a_label_beside_its_class_is_a_project_unless_it_names_the_class() -> None:
    columns = ["项目", "支出经济分类", "计划金额"]
    rows = [["印章刻制", "30227 委托业务费", 5], ["办公费", "30201 办公费", 2]]
    seen = lines(columns, rows, "category", "project", "available")
    assert seen == [["project", "印章刻制", 5.0], ["basic", "", 2.0]]


@pytest.mark.parametrize(
    ("columns", "values", "chain"),
    [  # chain: carryover, original, increase, decrease, available
        (["计划金额", "已用", "可用额度"], [10, 4, 6], [0, 10, 0, 0, 10]),  # what is left is no budget
        (["Budget", "Spent", "Available"], [10, 4, 6], [0, 10, 0, 0, 10]),
        (
            ["指标金额", "指标调增金额", "指标调减金额", "指标追减金额", "可用额度"],
            [10, 5, 2, 1, 12],
            [0, 10, 5, 3, 12],
        ),
        (["年初预算", "其中：上年结转"], [10, 2], [2, 8, 0, 0, 10]),
        (["预算金额", "公共预算拨款", "上年结转"], [12, 10, 2], [2, 10, 0, 0, 12]),
        (["预算金额", "公共预算拨款", "上年结转"], [10, 10, 2], [2, 10, 0, 0, 12]),
        (["预算金额", "公共预算拨款", "事业收入", "上年结转"], [15, 10, 3, 2], [2, 13, 0, 0, 15]),
        (["年初预算", "追加", "追减", "预算调整", "全年预算"], [10, 5, 2, 3, 13], [0, 10, 5, 2, 13]),  # 3 sums up 5 − 2
        (["年初预算", "追加", "追减", "预算调整", "全年预算"], [10, 5, 2, -1, 12], [0, 10, 5, 3, 12]),  # −1 is one more
    ],
)
def test_columns_mean_what_their_figures_show(columns: list[str], values: list[float], chain: list[float]) -> None:
    budget = rc.load_budget(pd.DataFrame([["A", *values]], columns=["项目名称", *columns]))
    assert budget.lines[["carryover", "original", "increase", "decrease", "available"]].iloc[0].tolist() == chain
    assert budget.findings.empty

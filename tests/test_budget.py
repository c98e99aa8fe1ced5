from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import reconcile as rc
from tests.small import sheet

SECTIONED = [
    ["2021年度部门预算表"],
    ["单位：万元"],
    ["项目", "科目编码", "年初预算", "上年结转", "追加", "追减", "全年预算"],
    ["一、基本支出", None, 30, None, None, None, 31],
    ["（一）人员经费", None, 20, None, None, None, 21],
    ["基本工资", "30101", 20, None, 1, None, 21],
    ["（二）公用经费", None, 10, None, None, None, 10],
    ["办公费", "30201", 6, None, None, 1, 5],
    ["水费", "30205", 4, None, 1, None, 5],
    ["二、项目支出", None, 7.5, 2, None, None, 9.5],
    ["1.印章刻制", None, 5, 2, None, None, 7],
    ["2.法律顾问", None, 2.5, None, None, None, 2.5],
    ["合计", None, 37.5, 2, None, None, 40.5],
    ["制表人：甲"],
]


def test_a_sectioned_table_gives_categories_groups_and_leaves_only(tmp_path: Path) -> None:
    budget = rc.load_budget(sheet(tmp_path / "b.xlsx", SECTIONED))
    lines = budget.lines
    assert lines[["category", "group", "project", "economic_code", "item"]].to_numpy().tolist() == [
        ["basic", "personnel", "", "30101", "基本工资"],
        ["basic", "operating", "", "30201", "办公费"],
        ["basic", "operating", "", "30205", "水费"],
        ["project", "", "印章刻制", "", ""],
        ["project", "", "法律顾问", "", ""],
    ]
    assert lines["available"].tolist() == [210_000.0, 50_000.0, 50_000.0, 70_000.0, 25_000.0]
    chain = lines["carryover"] + lines["original"] + lines["increase"] - lines["decrease"]
    assert chain.tolist() == lines["available"].tolist()
    assert budget.year == 2021
    assert lines["row"].tolist() == [6, 8, 9, 11, 12]
    roles = budget.reading.rows.set_index("role")["rows"].to_dict()
    assert roles == {"title": 2, "header": 1, "data": 5, "subtotal": 4, "total": 1, "footer": 1}


def test_stated_totals_stand_beside_their_items(tmp_path: Path) -> None:
    budget = rc.load_budget(sheet(tmp_path / "b.xlsx", SECTIONED))
    stated = budget.stated[budget.stated["column"] == "available"].set_index("label")
    assert (stated["stated"] == stated["items"]).all()
    assert list(stated.index) == ["基本支出", "人员经费", "公用经费", "项目支出", "合计"]


def test_a_two_row_merged_header_is_one_header(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    for row in (
        ["单位：元"],
        ["项目名称", "年初预算", "预算调整", None, "全年预算"],
        [None, None, "追加", "收回", None],
        ["印章", 10, 5, 3, 12],
    ):
        page.append(row)
    for area in ("A2:A3", "B2:B3", "C2:D2", "E2:E3"):
        page.merge_cells(area)
    book.save(tmp_path / "b.xlsx")
    budget = rc.load_budget(tmp_path / "b.xlsx")
    line = budget.lines.iloc[0]
    assert (line["original"], line["increase"], line["decrease"], line["available"]) == (10, 5, 3, 12)
    assert budget.reading.tables["header_rows"].tolist() == [(2, 3)]


@pytest.mark.parametrize(
    ("columns", "values", "chain"),
    [  # chain: carryover, original, increase, decrease, available
        (["预算数"], [9], [0, 9, 0, 0, 9]),
        (["全年预算"], [9], [0, 9, 0, 0, 9]),
        (["年初预算", "全年预算"], [9, 12], [0, 9, 3, 0, 12]),
        (["年初预算", "全年预算"], [9, 7], [0, 9, 0, 2, 7]),
        (["上年结转", "年初预算"], [1, 9], [1, 9, 0, 0, 10]),
        (["上年结转", "全年预算"], [1, 10], [1, 9, 0, 0, 10]),
        (["年初预算", "追加", "追减"], [9, 3, -2], [0, 9, 3, 2, 10]),
        (["年初预算", "追加", "追减", "收回"], [9, 3, 1, 1], [0, 9, 3, 2, 10]),
        (["年初预算", "预算调整"], [9, -4], [0, 9, 0, 4, 5]),
        (["年初预算", "预算数"], [9, 11], [0, 9, 2, 0, 11]),
        (["年初预算", "调剂"], [9, 3], [0, 9, 3, 0, 12]),
        (["年初预算", "调剂"], [9, -3], [0, 9, 0, 3, 6]),
        (["年初预算", "追加", "追减", "收回", "调剂"], [9, 4, 1, 2, -3], [0, 9, 4, 6, 7]),
        (["年初预算", "追加", "追减", "预算调整"], [9, 4, 1, 3], [0, 9, 4, 1, 12]),  # the sum of the two
        (["年初预算", "追加", "追减", "预算调整"], [9, 4, 1, 5], [0, 9, 9, 1, 17]),  # one more
        (["年初预算", "追加", "收回"], [9, 4, -2], [0, 9, 4, 2, 11]),
        (["carryover", "original", "transfers", "available"], [1, 9, -2, 8], [1, 9, 0, 2, 8]),
    ],
)
def test_the_chain_comes_from_whichever_columns_there_are(
    columns: list[str], values: list[float], chain: list[float]
) -> None:
    budget = rc.load_budget(pd.DataFrame([["甲", *values]], columns=["项目名称", *columns]))
    assert budget.lines[["carryover", "original", "increase", "decrease", "available"]].iloc[0].tolist() == chain
    assert budget.findings.empty


def test_the_parts_of_the_chain_are_kept_beside_it() -> None:
    frame = pd.DataFrame(
        [["甲", 9, 4, 1, 2, -3, 5, 0.5], ["乙", 9, None, None, None, 3, None, None]],
        columns=["项目名称", "年初预算", "追加", "追减", "收回", "调剂", "支出", "在途金额"],
    )
    lines = rc.load_budget(frame).lines
    # 追减 1 + 收回 2 + 调剂 out 3 = 6; 调剂 in 3
    assert lines[["increase", "decrease", "recovered", "transfer"]].to_numpy().tolist() == [[4, 6, 2, -3], [3, 0, 0, 3]]
    assert lines["available"].tolist() == [7, 12]
    assert lines["stated_actual"].isna().tolist() == [False, True]
    assert lines["in_transit"].tolist() == [0.5, 0]


def test_what_is_not_printed_is_not_nought() -> None:
    lines = rc.load_budget(pd.DataFrame([["甲", 9]], columns=["项目名称", "年初预算"])).lines
    assert lines[["in_transit", "stated_actual", "stated_remaining", "stated_available"]].isna().all(axis=None)
    assert lines[["recovered", "transfer"]].iloc[0].tolist() == [0, 0]


def test_quotas_are_told_by_their_source() -> None:
    kinds = [("年初预算", 9), ("上年结转", 2), ("追加", 3), ("收回", -1), ("调剂", -4), ("调剂", 1)]
    frame = pd.DataFrame([["甲", kind, amount] for kind, amount in kinds], columns=["项目名称", "指标来源", "指标金额"])
    lines = rc.load_budget(frame).lines
    chain = lines[["carryover", "original", "increase", "decrease", "recovered", "transfer", "available"]].sum()
    assert chain.tolist() == [2, 9, 4, 5, 1, -3, 10]


def test_a_stated_available_that_contradicts_its_parts_is_found() -> None:
    frame = pd.DataFrame([["甲", 9, 3, 1, 12]], columns=["项目名称", "年初预算", "追加", "追减", "全年预算"])
    budget = rc.load_budget(frame)
    finding = budget.findings.iloc[0]
    # 9 + 3 − 1 = 11, the sheet says 12
    assert (finding["code"], finding["expected"], finding["actual"]) == ("balance-identity", 11.0, 12.0)
    assert budget.lines["available"].tolist() == [11.0]


def test_a_header_without_rows_is_an_empty_budget(tmp_path: Path) -> None:
    budget = rc.load_budget(sheet(tmp_path / "b.xlsx", [["单位：元"], ["项目", "年初预算"]]))
    assert budget.lines.empty
    assert budget.lines.columns.tolist()[:2] == ["category", "group"]


def test_the_contracts_columns_are_there(example: rc.Reconciliation) -> None:
    wanted = {
        "category",
        "project_code",
        "project",
        "economic_code",
        "item",
        "carryover",
        "original",
        "increase",
        "decrease",
        "available",
        "file",
        "sheet",
        "row",
    }
    assert wanted <= set(example.budget.lines.columns)


@pytest.mark.parametrize(
    ("rows", "lines"),
    [  # (支出类型, 项目, 年初预算) to (category, project, available): a row that names its category builds no tree
        (
            [("基本支出", "人员经费", 300), ("基本支出", "公用经费", 100), ("项目支出", "A", 50)],
            [("basic", "", 300), ("basic", "", 100), ("project", "A", 50)],
        ),
        ([("项目支出", "专项支出", 10), ("项目支出", "B", 5)], [("project", "专项支出", 10), ("project", "B", 5)]),
        (
            [("项目支出", "上年结转", 10), ("项目支出", "补助合计", 5)],
            [("project", "上年结转", 10), ("project", "补助合计", 5)],
        ),
    ],
)
def test_a_flat_budget_keeps_every_line(rows: list[tuple[object, ...]], lines: list[tuple[object, ...]]) -> None:
    budget = rc.load_budget(pd.DataFrame(rows, columns=["支出类型", "项目名称", "年初预算"]))
    assert list(budget.lines[["category", "project", "available"]].itertuples(index=False, name=None)) == lines


def test_a_label_is_a_section_only_where_its_items_add_to_it() -> None:
    frame = pd.DataFrame(
        [("人员经费", 60), ("公用经费", 40), ("A", 30), ("B", 20), ("合计", 150)], columns=["项目", "年初预算"]
    )
    budget = rc.load_budget(frame)
    assert budget.lines[["category", "available"]].to_numpy().tolist() == [
        ["basic", 60.0],
        ["basic", 40.0],
        ["project", 30.0],
        ["project", 20.0],
    ]
    assert (budget.stated["stated"] == budget.stated["items"]).all()


def test_a_class_of_basic_spending_in_the_column_of_projects_is_an_item() -> None:
    plan = rc.load_budget(
        pd.DataFrame(
            [
                ["基本支出", "30101", "基本工资", 100],
                ["基本支出", "", "办公费", 20],
                ["基本支出", "", "机关食堂运转", 5],
                ["项目支出", "", "办公费", 7],
            ],
            columns=["支出类型", "项目编码", "项目名称", "年初预算"],
        ),
        year=2020,
    )
    named = plan.lines[["category", "project", "economic_code", "item"]].to_numpy().tolist()
    assert named == [
        ["basic", "", "30101", "基本工资"],
        ["basic", "", "30201", "办公费"],
        ["basic", "机关食堂运转", "", "机关食堂运转"],
        ["project", "办公费", "", ""],
    ]


def test_a_budget_that_its_sources_do_not_add_to_is_a_finding(tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "预算.xlsx",
        [
            ["单位：元"],
            ["项目编码", "项目名称", "预算金额", "公共预算拨款", "事业收入", "上年结转"],
            ["P1", "甲", 110, 100, None, 10],
            ["P2", "乙", 70, 50, 20, None],
            ["P3", "丙", 90, 80, 1, None],  # 80 + 1 is not 90
        ],
    )
    budget = rc.load_budget(path)
    found = budget.findings[["code", "subject", "expected", "actual", "cell"]].to_numpy().tolist()
    assert found == [["balance-identity", "丙", 81.0, 90.0, "C5"]]


@pytest.mark.parametrize(("parent", "available"), [(300, 350), (310, 660)])
def test_a_project_code_that_begins_those_below_and_adds_to_them_is_their_sum(parent: int, available: float) -> None:
    rows = [["01", "信息化", parent], ["0101", "机房", 100], ["0102", "网络", 200], ["02", "培训", 50]]
    frame = pd.DataFrame(rows, columns=["项目编码", "项目名称", "年初预算"])
    assert rc.load_budget(frame).lines["available"].sum() == available


@pytest.mark.parametrize(("total", "names"), [(350, ["甲", "乙", "培训"]), (650, ["信息化", "甲", "乙", "培训"])])
def test_a_row_is_a_sum_by_its_amount_where_the_printed_total_needs_it(total: int, names: list[str]) -> None:
    rows = [["信息化", 300], ["甲", 100], ["乙", 200], ["培训", 50], ["合计", total]]
    budget = rc.load_budget(pd.DataFrame(rows, columns=["项目名称", "年初预算"]))
    assert budget.lines["project"].tolist() == names
    assert budget.lines["available"].sum() == total

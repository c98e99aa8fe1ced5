"""Amounts spread over columns, tables side by side, and tables that are no spending or no budget."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

import reconcile as rc

Rows = list[list[Any]]


def made(path: Path, rows: Rows, *areas: str) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for area in areas:
        book.active.merge_cells(area)
    book.save(path)
    return path


def seen(frame: pd.DataFrame, *columns: str) -> list[list[Any]]:
    return frame[list(columns)].to_numpy().tolist()


MULTI_COLUMN: Rows = [
    ["科目：710102 行政支出/项目支出"],
    ["期间", None, "凭证号", "摘要", "借方", None, None, "贷方", "方向", "余额"],
    ["月", "日", None, None, "合计", "印章刻制", "法律顾问", "合计", None, None],
    [4, 8, "记-12", "付款", 82_600, 82_600, None, None, "借", 82_600],
    [4, 30, "记-19", "付款", 30_000, 10_000, 20_000, None, "借", 112_600],
    [None, None, None, "本月合计", 112_600, 92_600, 20_000, None, "借", 112_600],
]
BANDS = ("A2:B2", "C2:C3", "D2:D3", "E2:G2", "I2:I3", "J2:J3")


def test_a_multi_column_ledger_comes_apart_by_account(tmp_path: Path) -> None:
    ledger = rc.load_ledger(made(tmp_path / "l.xlsx", MULTI_COLUMN, *BANDS), year=2020)
    assert seen(ledger.entries, "voucher", "account", "category", "amount") == [
        ["记-12", "行政支出/项目支出/印章刻制", "project", 82_600.0],
        ["记-19", "行政支出/项目支出/印章刻制", "project", 10_000.0],
        ["记-19", "行政支出/项目支出/法律顾问", "project", 20_000.0],
    ]
    assert ledger.reading.rows["rows"].sum() == len(MULTI_COLUMN)
    assert (ledger.stated["stated"] == ledger.stated["items"]).all()
    assert ledger.findings["code"].tolist() == ["unit-unknown"]


def test_its_running_balance_is_checked_and_what_does_not_add_up_is_left_whole(tmp_path: Path) -> None:
    broken = [list(row) for row in [*MULTI_COLUMN[:4], *MULTI_COLUMN[3:]]]
    broken[4][9], broken[5][9] = 165_200, 195_000
    ledger = rc.load_ledger(made(tmp_path / "a.xlsx", broken, *BANDS), year=2020)
    assert ledger.findings["code"].tolist() == ["unit-unknown", "balance-break"]
    lacking = [[*row[:6], *row[7:]] for row in MULTI_COLUMN]  # a column of the accounts is missing
    ledger = rc.load_ledger(made(tmp_path / "b.xlsx", lacking, "A2:B2", "C2:C3", "D2:D3", "E2:F2"), year=2020)
    assert seen(ledger.entries, "account", "amount") == [
        ["行政支出/项目支出", 82_600.0],
        ["行政支出/项目支出", 30_000.0],
    ]


@pytest.mark.parametrize(
    ("columns", "rows", "wanted", "entries"),
    [
        (
            ["月", "日", "凭证号", "借方", "贷方", "余额", "办公费", "差旅费"],
            [
                [1, 5, "1", 300, None, 300, 300, None],
                [1, 9, "2", None, 50, 250, -50, None],
                [1, 20, "3", 90, None, 340, None, 90],
            ],
            ("economic_code", "item", "amount"),
            [["30201", "办公费", 300.0], ["30201", "办公费", -50.0], ["30211", "差旅费", 90.0]],
        ),
        (
            ["项目名称", "1月", "2月", "3月", "合计"],
            [["印章", 1, 2, 3, 6], ["顾问", None, 5, None, 5]],
            ("date", "project", "amount"),
            [
                ["2020-01-01", "印章", 1.0],
                ["2020-02-01", "印章", 2.0],
                ["2020-03-01", "印章", 3.0],
                ["2020-02-01", "顾问", 5.0],
            ],
        ),
        (
            ["Project", "Jan", "Feb", "Mar"],
            [["Seals", 1, 2, 3]],
            ("date", "project", "amount"),
            [["2020-01-01", "Seals", 1.0], ["2020-02-01", "Seals", 2.0], ["2020-03-01", "Seals", 3.0]],
        ),
    ],
)
def test_a_ledger_comes_apart_by_what_its_columns_say(
    columns: list[str], rows: Rows, wanted: tuple[str, ...], entries: list[list[Any]]
) -> None:
    ledger = rc.load_ledger(pd.DataFrame(rows, columns=columns, dtype=object), year=2020)
    found = ledger.entries.assign(date=ledger.entries["date"].dt.strftime("%F"))
    assert seen(found, *wanted) == entries


@pytest.mark.parametrize(
    ("header", "areas"),
    [
        ([["科目编码", "科目名称", "合计", "基本支出", "项目支出"]], ()),
        ([["科目编码", "科目名称", None, "基本支出", "项目支出"]], ()),
        ([["科目编码", "科目名称", "本年支出", None, None], [None, None, "合计", "基本支出", "项目支出"]], ("C2:E2",)),
    ],
)
def test_a_budget_comes_apart_by_category(header: Rows, areas: tuple[str, ...], tmp_path: Path) -> None:
    whole = 30 if header[-1][2] else None
    rows = [
        ["201", "一般公共服务支出", whole, 20, 10],
        ["2010301", "行政运行", whole and 20, 20, 0],
        ["2010306", "政务公开审批", whole and 10, None, 10],
        ["合计", None, whole, 20, 10],
    ]
    budget = rc.load_budget(made(tmp_path / "b.xlsx", [["单位：万元"], *header, *rows], *areas))
    assert seen(budget.lines, "category", "available", "row") == [
        ["basic", 200_000.0, 3 + len(header)],
        ["project", 100_000.0, 4 + len(header)],
    ]
    assert budget.reading.rows["rows"].sum() == 5 + len(header)
    assert (budget.stated["stated"] == budget.stated["items"]).all()


def test_the_sum_of_a_band_is_not_that_of_the_table(tmp_path: Path) -> None:
    rows = [
        ["单位：元"],
        ["科目名称", "基本支出", None, None, "项目支出"],
        [None, "小计", "人员经费", "公用经费", None],
        ["行政运行", 30, 20, 10, None],
        ["政务公开", None, None, None, 5],
    ]
    budget = rc.load_budget(made(tmp_path / "b.xlsx", rows, "A2:A3", "B2:D2", "E2:E3"))
    assert seen(budget.lines, "category", "group", "available") == [
        ["basic", "personnel", 20.0],
        ["basic", "operating", 10.0],
        ["project", "", 5.0],
    ]


SIDES: Rows = [
    ["单位：万元"],
    ["基本支出", None, None, "项目支出", None],
    ["科目名称", "预算数", None, "项目名称", "预算数"],
    ["基本工资", 20, None, "印章刻制", 5],
    ["办公费", 6, None, "法律顾问", 2.5],
    ["合计", 26, None, "合计", 7.5],
]


def test_tables_side_by_side_are_two(tmp_path: Path) -> None:
    budget = rc.load_budget(made(tmp_path / "b.xlsx", SIDES, "A2:B2", "D2:E2"))
    assert seen(budget.lines, "category", "project", "item", "available") == [
        ["basic", "", "基本工资", 200_000.0],
        ["basic", "", "办公费", 60_000.0],
        ["project", "印章刻制", "", 50_000.0],
        ["project", "法律顾问", "", 25_000.0],
    ]
    roles = budget.reading.rows.groupby("role")["rows"].sum().to_dict()
    assert roles == {"title": 2, "header": 1, "data": 2, "total": 1}


def test_income_beside_spending_is_not_read(tmp_path: Path) -> None:
    rows = [
        ["部门收支预算总表"],
        ["单位：万元"],
        ["收入", None, "支出", None],
        ["项目", "预算数", "项目", "预算数"],
        ["一般公共预算拨款", 33.5, "一、基本支出", 26],
        ["上年结转", 0, "二、项目支出", 7.5],
        ["收入总计", 33.5, "支出总计", 33.5],
    ]
    budget = rc.load_budget(made(tmp_path / "b.xlsx", rows, "A3:B3", "C3:D3"))
    assert seen(budget.lines, "category", "available") == [["basic", 260_000.0], ["project", 75_000.0]]
    assert budget.reading.rows["rows"].sum() == len(rows)
    assert any("收入" in note for note in budget.reading.left_out["note"])


FINAL: Rows = [
    ["支出决算表"],
    ["金额单位：元"],
    ["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"],
    ["栏次", None, 1, 2, 3],
    ["合计", None, 1_400, 900, 500],
    ["201", "一般公共服务支出", 1_400, 900, 500],
    ["2010301", "行政运行", 900, 900, None],
    ["2010306", "政务公开审批", 500, None, 500],
]


def test_final_accounts_are_spending_by_their_leaves_and_no_budget(tmp_path: Path) -> None:
    path = made(tmp_path / "公开03.xlsx", FINAL)
    ledger = rc.load_ledger(path, year=2020)
    assert seen(ledger.entries, "category", "account", "amount") == [
        ["basic", "行政运行", 900.0],
        ["project", "政务公开审批", 500.0],
    ]
    assert ledger.reading.rows["rows"].sum() == len(FINAL)
    with pytest.raises(rc.LoadError, match="决算表"):
        rc.load_budget(path)


def test_what_was_spent_is_read_from_a_sectioned_budget(tmp_path: Path) -> None:
    rows = [
        ["2020年预算执行情况表"],
        ["单位：万元"],
        ["项目", "预算数", "决算数"],
        ["一、基本支出", 26, 25],
        ["人员经费", 20, 19],
        ["公用经费", 6, 6],
        ["二、项目支出", 7.5, 7],
        ["1.印章刻制", 5, 4.5],
        ["2.法律顾问", 2.5, 2.5],
        ["合计", 33.5, 32],
    ]
    path = made(tmp_path / "b.xlsx", rows)
    assert rc.load_budget(path).lines["available"].sum() == 335_000.0
    entries = rc.load_ledger(path).entries
    assert seen(entries, "category", "project", "amount") == [
        ["basic", "人员经费", 190_000.0],
        ["basic", "公用经费", 60_000.0],
        ["project", "印章刻制", 45_000.0],
        ["project", "法律顾问", 25_000.0],
    ]


@pytest.mark.parametrize("name", ["b.csv", "b.xlsx"])
def test_a_heading_above_the_header_counts_where_no_merges_are_kept(name: str, tmp_path: Path) -> None:
    rows: Rows = [
        ["2023年支出预算总表", "", "", "", "", "", ""],
        ["部门：某局", "", "", "", "单位：元", "", ""],
        ["功能分类科目", "", "合计", "基本支出", "", "", "项目支出"],
        ["编码", "名称", "", "小计", "人员经费", "公用经费", ""],
        ["201", "一般公共服务支出", 1000, 700, 500, 200, 300],
        ["2010301", "行政运行", 700, 700, 500, 200, ""],
        ["2010302", "一般行政管理事务", 300, "", "", "", 300],
        ["合计", "", 1000, 700, 500, 200, 300],
    ]
    if name.endswith("csv"):
        pd.DataFrame(rows).to_csv(tmp_path / name, header=False, index=False)
    else:
        made(tmp_path / name, rows)
    budget = rc.load_budget(tmp_path / name)
    assert budget.lines.groupby("category")["available"].sum().to_dict() == {"basic": 700.0, "project": 300.0}


def test_a_second_table_of_two_columns_has_its_own_header_and_unit(tmp_path: Path) -> None:
    rows: Rows = [["基本支出预算表"], ["单位：万元"], ["经济分类", "预算数"], ["30201 办公费", 2], ["合计", 2], []]
    rows += [["项目支出预算表"], ["单位：元"], ["项目名称", "预算数"], ["甲", 1000], ["合计", 1000]]
    budget = rc.load_budget(made(tmp_path / "b.xlsx", rows))
    assert seen(budget.lines, "category", "available") == [["basic", 20_000.0], ["project", 1_000.0]]
    assert budget.findings.empty


@pytest.mark.parametrize("merges", [("D2:E2", "F2:G2", "I2:J2"), ()])
def test_foreign_money_beside_our_own_is_not_what_was_spent(merges: tuple[str, ...], tmp_path: Path) -> None:
    rows: Rows = [
        ["科目：71010102 项目支出 （单位：元）"],
        ["日期", "凭证号", "摘要", "借方", None, "贷方", None, "方向", "余额", None],
        [None, None, None, "外币", "本币", "外币", "本币", None, "外币", "本币"],
        ["2023-01-15", "记-1", "印刷", 100, 700, None, None, "借", 100, 700],
        ["2023-01-16", "记-2", "退", None, None, 10, 70, "借", 90, 630],
    ]
    ledger = rc.load_ledger(made(tmp_path / "l.xlsx", rows, *merges))
    assert ledger.entries["amount"].tolist() == [700.0, -70.0]
    assert ledger.findings.empty

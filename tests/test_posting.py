"""What tells when, on which voucher, for which project and in what state an entry was posted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

import reconcile as rc
from reconcile.codes import split_code
from tests import small
from tests.small import journal


def dated(values: list[Any], year: int | None = None) -> list[str | None]:
    frame = pd.DataFrame({"日期": values, "项目": "A", "金额": 1}, dtype=object)
    days = rc.load_ledger(frame, year=year).entries["date"]
    return [None if pd.isna(d) else f"{d:%F}" for d in days]


@pytest.mark.parametrize(
    ("values", "days"),
    [
        (["01/15/2020", "02/20/2020"], ["2020-01-15", "2020-02-20"]),  # no 15th month: the day stands second
        (["01/05/2020", "02/20/2020"], ["2020-01-05", "2020-02-20"]),  # and so in the same column
        (["15/01/2020", "05/02/2020"], ["2020-01-15", "2020-02-05"]),
        (["01/02/2020", "01/03/2020", "01/09/2020"], ["2020-02-01", "2020-03-01", "2020-09-01"]),  # nothing tells
        (["02/01/2020", "01/02/2020"], ["2020-01-02", "2020-02-01"]),  # rows in the order of their dates
        (["1/15/20", "2/20/20"], ["2020-01-15", "2020-02-20"]),
        (["20-04-13", "20-05-01"], ["2020-04-13", "2020-05-01"]),
        (["15-Jan-20", "Feb 20, 2020", "25 March 2020"], ["2020-01-15", "2020-02-20", "2020-03-25"]),
        (["2020年4月", "2020-05", "2020.06", "202007"], ["2020-04-01", "2020-05-01", "2020-06-01", "2020-07-01"]),
        (["04/13/2020", "13/04/2020"], [None, "2020-04-13"]),  # no order fits both: one is unreadable, not guessed
        (["01-02-03"], [None]),
    ],
)
def test_the_order_of_a_date_is_told_by_its_column(values: list[str], days: list[str | None]) -> None:
    assert dated(values) == days


def test_a_year_of_two_digits_is_the_one_that_is_asked_for() -> None:
    assert dated(["20-01-02"], 2020) == ["2020-01-02"]


@pytest.mark.parametrize(
    ("columns", "row", "day"),
    [
        (["会计期间"], ["202004"], "2020-04-01"),
        (["会计期间"], ["2020年第4期"], "2020-04-01"),
        (["会计年度", "会计期间"], ["2020", 4.0], "2020-04-01"),
        (["会计年度", "会计期间"], [2020, 13], "2020-12-31"),
        (["月份"], ["2020-04"], "2020-04-01"),
        (["年", "月"], [2020, "4月"], "2020-04-01"),
    ],
)
def test_a_period_dates_what_has_no_date(columns: list[str], row: list[Any], day: str) -> None:
    frame = pd.DataFrame([[*row, "A", 1]], columns=[*columns, "项目", "金额"], dtype=object)
    assert rc.load_ledger(frame).entries["date"].dt.strftime("%F").tolist() == [day]


def test_numbers_begin_anew_in_an_adjusting_period() -> None:
    columns = ["会计年度", "会计期间", "凭证号", "科目编码", "项目", "借方", "贷方"]
    rows = [
        [2020, 12, "1", "7101", "甲", 100, None],
        [2020, 12, "1", "8001", None, None, 100],
        [2020, 13, "1", "8101", None, 100, None],
        [2020, 13, "1", "7101", "甲", None, 100],
    ]
    entries = rc.load_ledger(pd.DataFrame(rows, columns=columns, dtype=object)).entries
    assert entries["role"].tolist() == ["spending", "other", "other", "closing"]
    assert entries["date"].dt.strftime("%m-%d").tolist() == ["12-01", "12-01", "12-31", "12-31"]


def test_a_sheet_named_after_its_month_dates_its_rows_and_may_repeat_the_month_before(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for month in (1, 2):
        page = book.create_sheet(f"{month}月")
        for row in (["摘要", "项目", "金额"], ["工资", "人员经费", 5000], ["房租", "公用经费", 800]):
            page.append(row)
    book.save(tmp_path / "l.xlsx")
    ledger = rc.load_ledger(tmp_path / "l.xlsx", year=2020)
    assert ledger.entries["date"].dt.strftime("%F").tolist() == ["2020-01-01"] * 2 + ["2020-02-01"] * 2
    assert "repeated-table" not in ledger.findings["code"].tolist()


@pytest.mark.parametrize(
    ("word", "number", "voucher"),
    [("记", "0012", "记-0012"), ("记", 12.0, "记-12"), ("付款", "记-12", "记-12"), ("", "12", "12"), ("记", "", "")],
)
def test_a_word_leads_a_bare_number(word: str, number: object, voucher: str) -> None:
    frame = pd.DataFrame([["2020-01-02", word, number, 5]], columns=["日期", "凭证字", "凭证号", "金额"], dtype=object)
    assert rc.load_ledger(frame).entries["voucher"].tolist() == [voucher]


@pytest.mark.parametrize(
    ("heading", "status", "counts"),
    [
        ("状态", "已记账", True),
        ("状态", "作废", False),
        ("记账状态", "未记账", False),
        ("过账标记", "FALSE", False),
        ("过账标记", "TRUE", True),
        ("是否作废", "是", False),
        ("是否作废", "否", True),
        ("Status", "Void", False),
    ],
)
def test_what_was_never_posted_does_not_count(heading: str, status: str, counts: bool) -> None:
    frame = pd.DataFrame([["2020-01-02", "A", 5, status]], columns=["日期", "项目", "金额", heading])
    ledger = rc.load_ledger(frame)
    assert ledger.entries[["debit", "amount"]].to_numpy().tolist() == [[5.0, 5.0 if counts else 0.0]]
    assert (len(ledger.reading.left_out) > 0) is not counts


@pytest.mark.parametrize(
    ("packed", "code", "project", "economic"),
    [
        ("【部门：办公室】【项目：印章刻制】【支出经济分类：30227_委托业务费】", "", "印章刻制", "30227"),
        ("项目:印章刻制;经济分类:30227_委托业务费", "", "印章刻制", "30227"),
        ("项目：印章刻制，经济分类：30227_委托业务费", "", "印章刻制", "30227"),
        ("项目---P01---印章刻制", "P01", "印章刻制", ""),
        ("部门---01---审批科;项目---P01---印章刻制", "P01", "印章刻制", ""),
        ("项目/P01/印章刻制", "P01", "印章刻制", ""),
        ("支出经济分类/30227/委托业务费", "", "", "30227"),
        ("[项目]", "", "", ""),
    ],
)
def test_packed_dimensions_come_apart(packed: str, code: str, project: str, economic: str) -> None:
    frame = pd.DataFrame([["2020-01-02", "7101", packed, 5]], columns=["日期", "科目编码", "核算项目", "借方"])
    entry = rc.load_ledger(frame).entries.iloc[0]
    assert (entry["project_code"], entry["project"], entry["economic_code"]) == (code, project, economic)


def test_repeated_columns_of_kind_code_and_name_come_apart() -> None:
    columns = ["日期", "科目编码", "借方", "核算项目1", "编码1", "名称1", "核算 项目2", "编码2", "名称2"]
    row = ["2020-01-02", "7101", 5, "项目", "P01", "印章刻制", "支出经济分类", "30227", "委托业务费"]
    entry = rc.load_ledger(pd.DataFrame([row], columns=columns)).entries.iloc[0]
    found = (entry["project_code"], entry["project"], entry["economic_code"], entry["item"])
    assert found == ("P01", "印章刻制", "30227", "委托业务费")


@pytest.mark.parametrize(
    ("path", "category"),
    [
        ("行政支出/专项支出/印章", "project"),
        ("行政支出—财政拨款支出—项目支出—印章", "project"),
        ("行政支出 基本支出 印刷费", "basic"),
        ("行政支出→人员经费", "basic"),
        ("行政支出/基本支出/项目支出", ""),
        ("其他支出", ""),
        ("行政支出", ""),
    ],
)
def test_the_path_of_an_account_names_its_category(path: str, category: str) -> None:
    assert journal(("2020-01-02", "1", "付款", "7101", path, None, 5, None)).entries["category"].tolist() == [category]


def test_a_leaf_of_a_trial_balance_has_the_category_of_its_parents_and_dimensions_are_summed_once() -> None:
    columns = ["科目编码", "科目名称", "项目名称", "期初余额", "本期借方", "本期贷方", "期末余额"]
    rows = [
        ["7101", "行政支出", None, 0, 660, 0, 660],
        ["710102", "项目支出", None, 0, 660, 0, 660],
        ["71010201", "委托业务费", None, 0, 660, 0, 660],
        ["71010201", "委托业务费", "印章", 0, 560, 0, 560],
        ["71010201", "委托业务费", "顾问", 0, 100, 0, 100],
    ]
    entries = rc.load_ledger(pd.DataFrame(rows, columns=columns, dtype=object)).entries
    assert entries[["project", "category", "amount"]].to_numpy().tolist() == [
        ["印章", "project", 560.0],
        ["顾问", "project", 100.0],
    ]


@pytest.mark.parametrize(
    ("cell", "code", "name"),
    [
        ("办公费(30201)", "30201", "办公费"),
        ("办公费【30201】", "30201", "办公费"),
        ("30201/办公费", "30201", "办公费"),
        ("7101/01", "7101/01", ""),
        ("政务大厅（窗口）", "", "政务大厅（窗口）"),
        ("会议费(2次)", "", "会议费(2次)"),
    ],
)
def test_a_code_may_stand_behind_its_name(cell: str, code: str, name: str) -> None:
    assert split_code(cell) == (code, name)


@pytest.mark.parametrize(
    ("classes", "codes"),
    [
        ([["302", "01"], ["301", "02"]], ["30201", "30102"]),
        ([[302, 1], [302.0, 2.0]], ["30201", "30202"]),
        ([["302", "01"], [None, "02"]], ["30201", "30202"]),
        ([["302", "30201"]], ["30201"]),
    ],
)
def test_class_and_section_in_columns_of_their_own_are_one_code(classes: list[list[Any]], codes: list[str]) -> None:
    frame = pd.DataFrame([["2020-01-02", "7101", *c, 5] for c in classes], dtype=object)
    frame.columns = ["日期", "科目编码", "类", "款", "借方"]
    assert rc.load_ledger(frame).entries["economic_code"].tolist() == codes


def test_a_quota_that_is_given_is_no_spending() -> None:
    frame = pd.DataFrame([["2020-01-10", "ZB1", "A", 100, None, 100], ["2020-04-08", "ZB1", "A", None, 82, 18]])
    frame.columns = ["单据日期", "指标编码", "项目", "指标增加", "指标减少", "指标余额"]
    assert rc.load_ledger(frame).entries[["role", "amount"]].to_numpy().tolist() == [["other", 0.0], ["spending", 82.0]]


@pytest.mark.parametrize(("gives", "takes"), [(None, 18), (-18, None)])
def test_a_quota_that_is_taken_back_is_no_spending_and_leaves_the_budget(gives: float, takes: float) -> None:
    frame = pd.DataFrame(
        [
            ["2020-01-10", "指标下达", "当年", "A", 100, None, 100],
            ["2020-03-01", "指标追加", "当年", "A", 10, None, 110],
            ["2020-04-08", "支付申请", "当年", "A", None, 92, 18],
            ["2020-11-08", "指标收回", "当年", "A", gives, takes, 0],
        ],
        columns=["单据日期", "单据类型", "指标类型", "项目", "指标增加", "指标减少", "指标余额"],
    )
    assert rc.load_ledger(frame).entries["amount"].tolist() == [0, 0, 92, 0]
    chain = rc.load_budget(frame).lines[["original", "increase", "decrease", "recovered", "available"]]
    assert chain.sum().tolist() == [100, 10, 18, 18, 92]


@pytest.mark.parametrize(
    ("memo", "taken"),
    [
        ("年末收回未支出指标", True),
        ("财政收回结余资金", True),
        ("调减印刷费预算", True),
        ("指标核减", True),
        ("支付印刷费", False),
        ("预算调减后支付印刷费", False),
        ("收回多付货款", False),
        ("收回押金", False),
        ("12月授权支付", False),
        ("", False),
    ],
)
def test_a_memo_says_that_quota_was_taken_back_where_no_kind_does(memo: str, taken: bool) -> None:
    """100 given, 82 paid, 18 taken back or paid: what is taken back is no spending and leaves the budget."""
    frame = pd.DataFrame(
        [
            ["2020-01-10", "年初指标下达", "A", 100, None, 100],
            ["2020-04-08", "支付货款", "A", None, 82, 18],
            ["2020-11-08", memo, "A", None, 18, 0],
        ],
        columns=["单据日期", "摘要", "项目", "指标增加", "指标减少", "指标余额"],
    )
    assert rc.load_ledger(frame).entries["amount"].tolist() == [0, 82, 0 if taken else 18]
    chain = rc.load_budget(frame).lines[["original", "decrease", "available"]]
    assert chain.sum().tolist() == ([100, 18, 82] if taken else [100, 0, 100])


def test_a_memo_of_payments_says_nothing_of_quota() -> None:
    """Only a quota ledger, which has 指标增加 too, takes quota back."""
    frame = pd.DataFrame([["2020-11-08", "收回结余资金", "A", 18]], columns=["付款日期", "摘要", "项目", "支付金额"])
    assert rc.load_ledger(frame).entries["amount"].tolist() == [18]


PAYMENT = ["付款日期", "支付凭证号", "项目名称", "收款人", "支付金额"]


@pytest.mark.parametrize(
    ("title", "rows", "amounts"),
    [
        ("支付明细", [[*PAYMENT, "业务类型"], ["A", 100, "支付"], ["A", 30, "退款"]], [100.0, -30.0]),
        ("支付明细", [[*PAYMENT, "业务类型"], ["A", 100, "支付"], ["A", -30, "退款"]], [100.0, -30.0]),
        ("支付明细", [[*PAYMENT, "退款金额"], ["A", 100, None], ["A", None, 30]], [100.0, -30.0]),
        ("国库集中支付退款明细", [PAYMENT, ["A", 30], ["B", 5]], [-30.0, -5.0]),
        ("国库集中支付退款明细", [PAYMENT, ["A", -30], ["B", 5]], [-30.0, 5.0]),
        ("支付及退款明细", [PAYMENT, ["A", 30], ["B", -5]], [30.0, -5.0]),
    ],
)
def test_refunds_of_payments_are_taken_off(
    title: str, rows: list[list[Any]], amounts: list[float], tmp_path: Path
) -> None:
    paid = [[f"2023-03-0{i}", f"{i}", "甲", *row] for i, row in enumerate(rows[1:], start=1)]
    path = small.sheet(tmp_path / "l.xlsx", [[title], ["单位：元"], rows[0], *paid])
    assert rc.load_ledger(path).entries["amount"].tolist() == amounts


def test_a_frame_brings_its_named_index_and_levels_of_names() -> None:
    named = rc.load_budget(pd.DataFrame({"Budget": [5]}, index=pd.Index(["Seals"], name="Project")))
    assert named.lines[["project", "available", "row"]].to_numpy().tolist() == [["Seals", 5.0, 2]]
    levels = pd.MultiIndex.from_tuples([("项目", "Unnamed: 0_level_1"), ("预算数", "年初预算"), ("预算数", "追加")])
    line = rc.load_budget(pd.DataFrame([["印章", 5, 1]], columns=levels)).lines.iloc[0]
    assert (line["project"], line["original"], line["increase"], line["row"]) == ("印章", 5.0, 1.0, 3)

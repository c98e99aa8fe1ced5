"""What headings and titles say: fields in two languages, units of money wherever they stand, bands over columns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

import reconcile as rc
from reconcile.read.headings import heading
from reconcile.read.units import of_format, stated
from tests.small import sheet


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("单位：万元", "万元"),
        ("（单位：人民币元）", "元"),
        ("单位：301 芙蓉区某局", ""),
        ("单位：万元户服务局", ""),
        ("单位名称：元阳县", ""),
        ("编制单位：某局  金额单位：百万元", "百万元"),
        ("2020年项目支出预算表（万元）", "万元"),
        ("万元", "万元"),
        ("单位：", ""),
        ("注：金额单位为万元。", "万元"),
        ("以千元为单位", "千元"),
        ("单位：亿", "亿元"),
        ("Budget 2020 (in thousands)", "千元"),
        ("Unit: 10,000 yuan", "万元"),
        ("Amounts in RMB", "元"),
        ("2020 (2019)", ""),
        ("(100.00)", ""),  # amounts below nought, not units
        ("（0.00）", ""),
        ("(10,000)", ""),
    ],
)
def test_the_unit_of_a_title(text: str, unit: str) -> None:
    assert stated(text) == unit


@pytest.mark.parametrize(
    ("code", "unit"),
    [  # the unit that the stored number is in, not the one that it is shown in
        ('0.00"万元"', "万元"),
        ('[Red]0.00"万元";-0.00', "万元"),
        ('0!.0000"万元"', "元"),
        ('0!.0,"万元"', "元"),
        ('0"."0,"万元"', "元"),
        ('#,##0.00,"千元"', "元"),
        ('#,##0.00"元"', "元"),
        ('0.0,"万元"', ""),
    ],
)
def test_the_unit_of_a_number_format(code: str, unit: str) -> None:
    assert of_format(code) == unit


@pytest.mark.parametrize(
    ("parts", "kind", "field"),
    [
        (("借方", "金额"), "ledger", "debit"),
        (("借方", "数量"), "ledger", "quantity"),
        (("贷方", "本币"), "ledger", "credit"),
        (("借方", "原币"), "ledger", "foreign"),
        (("科目名称（项目）",), "budget", "label"),
        (("单位/项目",), "budget", "label"),
        (("Amount in RMB",), "ledger", "amount"),
        (("Budget ('000)",), "budget", "amount"),
        (("预算数（2020年）",), "budget", "amount"),
    ],
)
def test_a_heading_and_its_field(parts: tuple[str, ...], kind: str, field: str) -> None:
    assert heading(parts, kind).field == field


@pytest.mark.parametrize(
    "rows",
    [
        [["2020年项目支出预算表（万元）"], ["项目名称", "预算数"], ["A", 1.25]],
        [["预算表", "", "万元"], ["项目名称", "预算数", ""], ["A", 1.25, ""]],
        [["预算表", "", ""], ["", "单位：", "万元"], ["项目名称", "预算数", "备注"], ["A", 1.25, ""]],
        [["项目名称", "预算数", "备注"], ["", "（万元）", ""], ["A", 1.25, ""]],
        [["项目名称", "预算数(单位:万元)"], ["A", 1.25]],
        [["项目名称", "预算数", "单位：万元"], ["A", 1.25, ""]],
        [["项目名称", "预算数"], ["A", 1.25], ["合计", 1.25], ["注：金额单位为万元。"]],
        [["Unit: 10,000 yuan"], ["Project", "Budget"], ["A", 1.25]],
    ],
)
def test_the_unit_stands_anywhere_about_a_table(rows: list[list[Any]], tmp_path: Path) -> None:
    budget = rc.load_budget(sheet(tmp_path / "b.xlsx", rows))
    assert budget.lines[["project", "available"]].to_numpy().tolist() == [["A", 12_500.0]]
    assert budget.reading.tables["unit"].tolist() == ["万元"]
    assert budget.findings.empty


@pytest.mark.parametrize("last", [("退款", "(100.00)"), ("上年欠款（万元）", "-100.00"), ("stated 10000", "-100.00")])
def test_a_row_with_an_amount_states_no_unit(last: tuple[str, str], tmp_path: Path) -> None:
    rows = [["日期", "摘要", "科目编码", "借方金额"], ["2020-01-05", "甲", "7101", "300.00"]]
    rows += [["2020-01-06", last[0], "7101", last[1]]]
    ledger = rc.load_ledger(sheet(tmp_path / "l.xlsx", rows))
    assert ledger.entries["amount"].tolist() == [300.0, -100.0]


@pytest.mark.parametrize(
    ("formats", "amounts", "codes"),
    [
        (['0.00"万元"', '0.00"万元"'], [125_000.0, 50_000.0], []),
        (['0!.0000"万元"', '0!.0000"万元"'], [12.5, 5.0], []),
        (['0.00"万元"', "0.00"], [125_000.0, 5.0], ["unit-unknown"]),  # each cell as it is shown
    ],
)
def test_number_formats_that_print_a_unit_count(
    formats: list[str], amounts: list[float], codes: list[str], tmp_path: Path
) -> None:
    path = sheet(tmp_path / "b.xlsx", [["项目名称", "预算数"], ["A", 12.5], ["B", 5]])
    book = openpyxl.load_workbook(path)
    for cell, code in zip(("B2", "B3"), formats, strict=True):
        book.active[cell].number_format = code
    book.save(path)
    budget = rc.load_budget(path)
    assert budget.lines["available"].tolist() == amounts
    assert budget.findings["code"].tolist() == codes


def test_amounts_stand_under_the_band_and_not_beside_it() -> None:
    rows = [["日期", "凭证号", "科目编码", "借方", "借方", "借方", "贷方"]]
    rows += [
        ["日期", "凭证号", "科目编码", "数量", "单价", "金额", "金额"],
        ["2020-02-28", "1", "7101", 2, 50, 100, None],
    ]
    frame = pd.DataFrame(rows[1:], columns=rows[0], dtype=object)
    entry = rc.load_ledger(frame).entries.iloc[0]
    assert (entry["debit"], entry["credit"]) == (100.0, 0.0)


def test_two_columns_of_one_field_add_up_or_fill_each_other() -> None:
    frame = pd.DataFrame([["A", 100, 5, 2, 1, 102]], columns=["项目", "指标金额", "调增", "调减", "追减", "全年预算"])
    line = rc.load_budget(frame).lines.iloc[0]
    assert (line["increase"], line["decrease"], line["available"]) == (5.0, 3.0, 102.0)
    paid = pd.DataFrame([["2020-01-02", 5, None, "刻章厂"], ["2020-01-03", 6, "某公司", None]])
    paid.columns = ["日期", "金额", "客户", "供应商"]
    assert rc.load_ledger(paid).entries["payee"].tolist() == ["刻章厂", "某公司"]


def test_of_two_dates_the_one_of_the_voucher_counts() -> None:
    frame = pd.DataFrame(
        [["2020-02-28", "2020-03-01", "7101", 5]], columns=["业务日期", "凭证日期", "科目编码", "借方"]
    )
    assert rc.load_ledger(frame).entries["date"].dt.month.tolist() == [3]


ENGLISH_BUDGETS = (
    "Budget|Approved budget|Budgeted|Budget (CNY)|Budget Amount (RMB)|Annual Budget|Total Budget|FY2020 Budget"
)
ENGLISH_LEDGERS = "Amount|Amount (CNY)|Amount Paid|Amount in RMB|Net Amount|Cost|Expense|Paid|Total|Value|Withdrawal"


@pytest.mark.parametrize("name", [*ENGLISH_BUDGETS.split("|"), "Allocation", "Planned", "Appropriation"])
def test_english_budgets(name: str) -> None:
    budget = rc.load_budget(pd.DataFrame([["Project", "Seals", 5]], columns=["Category", "Project", name]))
    assert budget.lines[["category", "project", "available"]].to_numpy().tolist() == [["project", "Seals", 5.0]]


@pytest.mark.parametrize("name", ENGLISH_LEDGERS.split("|"))
def test_english_ledgers(name: str) -> None:
    frame = pd.DataFrame([["2020-01-02", "stamps", "1,200.50", "Seals"]], columns=["Date", "Details", name, "Project"])
    entry = rc.load_ledger(frame).entries.iloc[0]
    assert (entry["project"], entry["amount"], entry["memo"]) == ("Seals", 1200.5, "stamps")

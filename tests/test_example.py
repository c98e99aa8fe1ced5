"""The example department: the report's printed figures, the exact 分 behind them, and just the findings there are."""

from __future__ import annotations

import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

import reconcile as rc
from reconcile import money
from tests.conftest import EXAMPLE

PROJECTS = {  # name: (budget and spending as printed in 万元, exact spending in 分)
    "企业印章刻制": ("85.5", "82.6", 82_598_400),
    "政府法律顾问服务": ("11.4", "11.4", 11_400_000),
    "政务大厅便民免费服务": ("14", "14", 14_000_000),
    "政务大厅窗口改革工作经费": ("178.63", "174.51", 174_510_846),
    "政务大厅特殊岗位绩效": ("7.2", "4.81", 4_810_000),
    "行政审批业务经费": ("10", "10", 10_000_000),
    "纪委派驻纪检组专项工作经费": ("2.5", "2.5", 2_500_000),
}
EXACT = {"income": 1_833_250_400, "actual": 1_775_244_477, "basic": 1_475_425_231, "project": 299_819_246}
PRINTED = {"income": "1833.25", "actual": "1775.24", "basic": "1475.43", "project": "299.82"}


@pytest.mark.parametrize("name", EXACT)
def test_totals_are_exact_and_print_as_the_report_does(example: rc.Reconciliation, name: str) -> None:
    assert example.tie.totals[name] == EXACT[name]
    assert str(money.in_unit(EXACT[name], "万元")) == PRINTED[name]


def test_the_exact_project_total_makes_the_report_hold_together() -> None:
    assert sum(fen for _, _, fen in PROJECTS.values()) == EXACT["project"] < 299_820_000
    assert EXACT["basic"] + EXACT["project"] == EXACT["actual"]
    assert money.percent(EXACT["basic"], EXACT["actual"]) == Decimal("83.11")
    assert money.percent(EXACT["project"], EXACT["actual"]) == Decimal("16.89")


@pytest.mark.parametrize("project", PROJECTS)
def test_each_project(example: rc.Reconciliation, project: str) -> None:
    planned, spent, exact = PROJECTS[project]
    row = example.tie.by_project.set_index("project").loc[project]
    assert row["actual"] == exact
    assert money.trimmed(money.in_unit(int(row["available"]), "万元")) == planned
    assert money.trimmed(money.in_unit(exact, "万元")) == spent
    known = (
        re.escape(project) + rf"：全年预算{Decimal(planned):.2f}万元(?:（[^）]*）)?，实际支出{Decimal(spent):.2f}万元"
    )
    assert re.search(known, example.summary())


@pytest.mark.parametrize(
    "figure",
    [
        "预算收入为1833.25万元",
        "支出决算为1775.24万元",
        "基本支出1475.43万元，占83.11%",
        "项目支出299.82万元，占16.89%",
        "财政预算为313.88万元",
        "各项目预算合计309.23万元，相差4.65万元",
        "上年结转项目经费14.35万元",
        "单价48元/盒，结算1590盒，计76320元，账面支付76320元，另支付其他费用23680元",
        "因四舍五入存在尾差",
    ],
)
def test_the_summary_says_what_the_report_says(example: rc.Reconciliation, figure: str) -> None:
    assert figure in example.summary()


def test_the_english_summary_has_the_same_figures(example: rc.Reconciliation) -> None:
    text = example.summary("en")
    for figure in (
        "1833.25",
        "1775.24",
        "1475.43, 83.11%",
        "299.82, 16.89%",
        "313.88",
        "309.23",
        "4.65",
        "14.35",
        "1590 盒 at 48 yuan make 76320 yuan",
        "23680",
    ):
        assert figure in text


def test_the_checks_find_just_what_is_there(example: rc.Reconciliation) -> None:
    found = {(f.code, f.subject): (f.expected, f.actual, f.origin.cell) for f in example.problems}
    assert found == {
        ("total-mismatch", "项目支出"): (309_230_000, 313_880_000, "C36"),
        ("no-spending", "上年结转项目经费（未分配）"): (14_350_000, 0, "G44"),
        ("low-execution", "政务大厅特殊岗位绩效"): (7_200_000, 4_810_000, "G41"),
        ("rounding-tail", "支出合计"): (1_775_250_000, 1_775_240_000, ""),
        # 记-0007 and 记-0012 of January pay 2019年12月 property services and electricity: 20,770.00 + 8,014.84
        ("cut-off", "2020年"): (None, 2_878_484, "J44"),
        # C18: the contract ended 2020-05-29; 34,200.00 of 13 July and 11,400.00 of 14 September are past the 30 days
        ("contract-expired", "法律顾问服务合同"): (None, 4_560_000, "H4"),
        ("contract-uncovered", "政府法律顾问服务"): (None, 4_560_000, "H4"),
        # C17: the contract ended 2020-10-17; 46,272.00 of 15 December pays November's seals
        ("contract-expired", "企业印章刻制服务合同"): (None, 4_627_200, "H6"),
        ("contract-uncovered", "企业印章刻制"): (None, 4_627_200, "H6"),
        # C10, C11: 313.88 stated, items 309.23, carryover 14.35: 4.65 apart without it, 299.53 − 309.23 with it
        ("carryover-basis", "项目支出"): (309_230_000, 313_880_000, "C36"),
        # C19: 104,135.00 by parcel + 35,865.00 by sheet; C21: 76,320.00 + the exact rest of 23,680.00
        ("exactly-spent", "政务大厅便民免费服务"): (14_000_000, 14_000_000, "G39"),
        ("exactly-spent", "行政审批业务经费"): (10_000_000, 10_000_000, "G42"),
        # 6,800 + 7,450 + 5,950 + 4,800 without a contract; 法律顾问 too is spent to the cent, but at a fixed price
        ("exactly-spent", "纪委派驻纪检组专项工作经费"): (2_500_000, 2_500_000, "G43"),
        # C24: services by 三方询价, the second above the purchase limit
        ("procurement-method", "2018年度档案整理（服务）合同"): (None, 12_000_000, "E5"),
        ("procurement-method", "政务大厅窗口劳务派遣服务合同"): (None, 178_630_000, "E7"),
        ("procurement-method", "大厅便民打印复印外包服务合同"): (None, 3_586_500, "E9"),
    }
    messages = example.findings.set_index("code")["message"]
    assert "66.81%" in messages["low-execution"]
    assert "46,500.00元" in messages["total-mismatch"]
    told = {f.subject: f.message() for f in example.problems if f.code == "contract-uncovered"}
    assert "75天没有合同覆盖：2020-10-18至2020-12-31" in told["企业印章刻制"]  # C17
    assert "216天没有合同覆盖：2020-05-30至2020-12-31" in told["政府法律顾问服务"]  # C18
    # C20: 48 × 1590 = 76,320.00, and 2500, 192 × 4302 and 0.15 × 239100 beside it
    checks = example.checks.set_index("check")
    assert checks.loc["contract-quantity", ["outcome", "tested"]].tolist() == ["passed", 4]


def test_nothing_of_the_ledger_is_lost(example: rc.Reconciliation) -> None:
    entries = example.ledger.fen
    assert len(entries) == 2781
    assert entries["role"].value_counts().to_dict() == {"other": 2151, "spending": 591, "closing": 39}
    assert entries["debit"].sum() == entries["credit"].sum() == 12_858_541_674


def test_the_script_makes_the_committed_files(tmp_path: Path) -> None:
    script = EXAMPLE.parent / "make_example.py"
    subprocess.run([sys.executable, str(script), "--out", str(tmp_path)], check=True, capture_output=True)
    for name in ("budget_2020.xlsx", "ledger_2020.xlsx", "contracts_2020.xlsx"):
        assert (tmp_path / name).read_bytes() == (EXAMPLE / name).read_bytes()

"""Identities of the budget's tables and of the books, each told apart: passed, found, or what is missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import reconcile as rc
from tests.small import budget, journal, pay, sheet
from tests.test_check_budget import CLASSED, ended, found, plan

SHEET = ("支出类型", "项目名称", "年初预算", "实际支出", "结余", "执行率")
PAID = journal(*pay("2020-01-05", "记-1", "甲", 90), *pay("2020-02-05", "记-1", "乙", 40))


def run(*rows: tuple[Any, ...], columns: tuple[str, ...] = SHEET) -> rc.Reconciliation:
    return rc.reconcile(plan(columns, *rows), PAID)


GOOD = ("项目支出", "甲", 100, 90, 10, "90.00%")
OTHER = ("项目支出", "乙", 50, 40, 10, "80%")


def test_a_sheet_of_budget_and_actual_that_holds_together() -> None:
    result = run(GOOD, OTHER)
    for check in ("identity-i3", "stated-actual", "printed-rate", "quota-below-nought", "balance-identity"):
        assert ended(result, check) in ("passed", "not-applicable"), check
    assert ended(result, "identity-i3") == ended(result, "stated-actual") == ended(result, "printed-rate") == "passed"


@pytest.mark.parametrize("rest", [10.01, 9.99, 0, -10, 100])
def test_what_remains_is_available_less_spent(rest: float) -> None:
    result = run(("项目支出", "甲", 100, 90, rest, None), OTHER)
    own = result.findings[result.findings["code"] == "balance-identity"]
    assert own[["subject", "expected", "actual", "cell"]].to_numpy().tolist() == [["甲", 10.0, rest, "E2"]]
    assert "按“全年预算－支出”应为10.00元" in own["message"].iloc[0]


def test_what_remains_is_held_against_the_ledger_where_the_sheet_prints_no_spending() -> None:
    columns = ("支出类型", "项目名称", "年初预算", "结余")
    result = run(("项目支出", "甲", 100, 10), ("项目支出", "乙", 50, "10.01"), columns=columns)
    assert found(result, "balance-identity") == [("error", "乙", 10.01)]
    part = rc.reconcile(plan(columns, ("项目支出", "甲", 100, 99)), PAID, through="2020-06")
    assert found(part, "balance-identity") == []  # the sheet is of another date


def test_without_a_printed_remaining_nothing_can_be_held_against_it() -> None:
    result = run(("项目支出", "甲", 100), ("项目支出", "乙", 50), columns=SHEET[:3])
    checks = result.checks.set_index("check")
    assert (checks.loc["identity-i3", "outcome"], checks.loc["identity-i3", "reason"]) == (
        "could-not-run",
        "预算表没有列示结余（余额）",
    )
    for check in ("identity-i4", "identity-i5", "identity-i6", "identity-i13"):
        assert checks.loc[check, "outcome"] == "could-not-run"
        assert checks.loc[check, "reason"]
    assert checks.loc["identity-i3", "rule"] == "I3, R09"


QUOTA = ("预算项目", "预算批复金额", "调整金额", "指标金额", "在途金额", "执行金额", "指标余额", "执行比例")


@pytest.mark.parametrize(
    ("rest", "expected"), [(7, []), (12, [("error", "甲", 12.0)]), ("7.01", [("error", "甲", 7.01)])]
)
def test_a_quotas_balance_deducts_what_is_in_transit(rest: object, expected: list[object]) -> None:
    # 指标金额 102 = 100 + 2; 102 − 90 − 5 in transit = 7, and (90 + 5) ÷ 102 = 93.14 %
    result = run(("甲", 100, 2, 102, 5, 90, rest, "93.14%"), columns=QUOTA)
    assert found(result, "balance-identity") == expected
    assert result.by_project[["increase", "available", "in_transit", "remaining"]].iloc[0].tolist() == [2, 102, 5, 12]
    assert ended(result, "printed-rate") == "passed"


def test_printed_spending_is_the_ledgers() -> None:
    result = run(("项目支出", "甲", 100, "90.01", "9.99", None), OTHER)
    own = result.findings[result.findings["code"] == "balance-identity"]
    assert own[["subject", "expected", "actual", "cell"]].to_numpy().tolist() == [["甲", 90.0, 90.01, "D2"]]


def test_a_sheet_of_another_date_is_one_warning() -> None:
    names = "甲乙丙丁戊"
    lines = plan(SHEET[:4], *(("项目支出", n, 100, 50) for n in names))
    paid = [line for n in names for line in pay("2020-02-01", f"记-{n}", n, 90)]
    assert found(rc.reconcile(lines, journal(*paid)), "balance-identity") == [("warning", "<DataFrame>", 250.0)]


def test_figures_in_ten_thousands_may_differ_by_their_rounding(tmp_path: Path) -> None:
    # 90.004 and 40.006 yuan are 0.01 and 0.00 万元; exact amounts of 10,049.99 print as 1.00
    rows = [
        ["单位：万元"],
        ["支出类型", "项目名称", "年初预算", "实际支出", "结余", "执行率"],
        ["项目支出", "甲", 1.25, 1.0, 0.24, "80.40%"],  # 12,500 − 10,049.99 = 2,450.01: printed 1.00 and 0.25 or 0.24
        ["项目支出", "乙", 0.5, 0.45, 0.05, "90.00%"],
    ]
    paid = journal(*pay("2020-01-05", "记-1", "甲", "10049.99"), *pay("2020-02-05", "记-1", "乙", 4500))
    result = rc.reconcile(rc.load_budget(sheet(tmp_path / "b.xlsx", rows), year=2020), paid)
    assert found(result, "balance-identity") == []
    rows[2][3] = 1.02
    wrong = rc.reconcile(rc.load_budget(sheet(tmp_path / "c.xlsx", rows), year=2020), paid)
    assert found(wrong, "balance-identity") == [("error", "甲", 10200.0)]


def test_a_printed_chain_in_ten_thousands_has_its_tail(tmp_path: Path) -> None:
    # 1.004 + 1.004 = 2.008 万元, printed 1.00 + 1.00 and 2.01
    rows = [
        ["单位：万元"],
        ["项目名称", "年初预算", "追加", "全年预算"],
        ["甲", 1.0, 1.0, 2.01],
        ["乙", 1.25, 1.0, 2.29],
    ]
    result = rc.reconcile(rc.load_budget(sheet(tmp_path / "b.xlsx", rows), year=2020), PAID)
    assert found(result, "balance-identity") == [("error", "乙", 22900.0)]
    tail = result.findings[(result.findings["code"] == "rounding-tail") & (result.findings["file"] == "b.xlsx")]
    assert tail[["subject", "expected", "actual", "cell"]].to_numpy().tolist() == [["甲", 20000.0, 20100.0, "D3"]]


@pytest.mark.parametrize(
    ("rate", "says"),
    [
        ("90.00%", ""),
        (0.9, ""),
        (90, ""),
        ("90%", ""),
        ("90.01%", "应为90.00%"),
        (0.8, "应为90.00%"),
        ("八成", ""),  # no number
        (None, ""),
    ],
)
def test_a_printed_rate_is_spent_over_available(rate: object, says: str) -> None:
    result = run(("项目支出", "甲", 100, 90, 10, rate), OTHER)
    messages = "".join(result.findings.loc[result.findings["code"] == "percent-mismatch", "message"])
    assert says in messages
    assert bool(messages) is bool(says)


def test_a_rate_of_the_original_budget_is_one_too_and_of_nought_is_none() -> None:
    columns = ("支出类型", "项目名称", "年初预算", "追加", "实际支出", "完成率")
    result = run(("项目支出", "甲", 75, 25, 90, "120%"), ("项目支出", "乙", 0, 0, 40, "80%"), columns=columns)
    own = result.findings[result.findings["code"] == "percent-mismatch"]
    assert own["subject"].tolist() == ["乙"]
    assert "预算为0不计算比例" in own["message"].iloc[0]


def test_a_quota_below_nought_is_over_its_budget() -> None:
    columns = ("项目编码", "项目名称", "指标文号", "指标金额", "指标余额")
    rows = (("01", "甲", "财〔2020〕1号", 60, 15), ("01", "甲", "财〔2020〕2号", 40, "-5.01"))
    result = rc.reconcile(plan(columns, *rows), journal(*pay("2020-01-05", "记-1", "甲", 90)))
    own = result.findings[result.findings["code"] == "over-budget"]
    assert own[["subject", "actual", "cell"]].to_numpy().tolist() == [["甲", -5.01, "E3"]]
    assert ended(result, "quota-below-nought") == "found"


# books ---------------------------------------------------------------------------------------------------------


def test_spending_is_basic_and_project_unless_some_is_undetermined() -> None:
    assert ended(run(GOOD, OTHER), "identity-i7") == "passed"
    loose = rc.reconcile(plan(SHEET, GOOD), journal(*pay("2020-01-05", "记-1", "", 5, code="7101", path="行政支出")))
    check = loose.checks.set_index("check").loc["identity-i7"]
    assert (check["outcome"], "未判定" in check["reason"]) == ("could-not-run", True)


@pytest.mark.parametrize(
    ("classes", "outcome", "severity"),
    [
        (("30101", "30201"), "passed", []),
        (("30101", ""), "found", ["info"]),
        (("30101", "30901"), "found", ["warning"]),  # 基本建设 is never basic
        (("", ""), "could-not-run", []),
    ],
)
def test_basic_is_personnel_and_operating(classes: tuple[str, str], outcome: str, severity: list[str]) -> None:
    rows = [(f"2020-01-0{i}", f"记-{i}", "付款", "基本支出", "", c, 10) for i, c in enumerate(classes, 1)]
    ledger = rc.load_ledger(pd.DataFrame(rows, columns=list(CLASSED), dtype=object))
    result = rc.reconcile(budget(("基本支出", "基本工资", 30)), ledger)
    assert ended(result, "identity-i8") == outcome
    assert [s for s, _, _ in found(result, "balance-identity")] == severity

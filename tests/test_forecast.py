"""The position at a month, and where a straight line leads."""

from __future__ import annotations

import math

import pytest

import reconcile as rc
from tests.small import budget, journal, pay

PLAN = budget(
    ("基本支出", "基本工资", 1200), ("项目支出", "甲", 100), ("项目支出", "乙", 0), ("项目支出", "丙", "待定")
)
LEDGER = journal(
    *pay("2020-01-05", "记-1", "", 900, path="基本支出"),
    *pay("2020-02-01", "记-1", "甲", "33.33"),
    *pay("2020-03-01", "记-1", "乙", "10.10"),
    *pay("2020-11-01", "记-1", "甲", 50),
)


def test_the_position_at_a_month_and_a_straight_line_to_the_years_end() -> None:
    rows = rc.reconcile(PLAN, LEDGER, through="2020-09").forecast.set_index(["level", "project"])
    line = rows.loc[("project", "甲")]
    # 9 ÷ 12 of 100 is 75; 33.33 ÷ 9 × 12 = 44.44
    assert line[["available", "actual", "schedule", "on_schedule", "ahead"]].tolist() == [100, 33.33, 0.75, 75, -41.67]
    assert line[["forecast", "forecast_remaining"]].tolist() == [44.44, 55.56]
    assert (line["execution_rate"], line["forecast_rate"]) == (0.3333, 0.4444)


def test_a_forecast_is_rounded_once_half_up() -> None:
    # 10.10 ÷ 9 × 12 = 13.4666…; to July 10.10 ÷ 7 × 12 = 17.3142…; −33.33 ÷ 8 × 12 = −49.995
    assert rc.reconcile(PLAN, LEDGER, through="2020-09").forecast.set_index("project").loc["乙", "forecast"] == 13.47
    assert rc.reconcile(PLAN, LEDGER, through="2020-07").forecast.set_index("project").loc["乙", "forecast"] == 17.31
    back = journal(*pay("2020-02-01", "记-1", "甲", "-33.33"))
    assert rc.reconcile(PLAN, back, through="2020-08").forecast.set_index("project").loc["甲", "forecast"] == -50.0


def test_no_budget_has_no_rate_and_an_unreadable_one_no_schedule() -> None:
    rows = rc.reconcile(PLAN, LEDGER, through="2020-09").forecast.set_index("project")
    assert math.isnan(rows.loc["乙", "forecast_rate"])
    assert rows.loc["乙", ["on_schedule", "ahead", "forecast_remaining"]].tolist() == [0, 10.10, -13.47]
    assert math.isnan(rows.loc["丙", "on_schedule"])
    assert rows.loc["丙", "forecast"] == 0


@pytest.mark.parametrize("through", [None, "2020-12"])
def test_at_the_years_end_the_line_is_what_was_spent(through: str | None) -> None:
    rows = rc.reconcile(PLAN, LEDGER, through=through).forecast
    assert (rows["forecast"] == rows["actual"]).all()
    assert rows["schedule"].eq(1).all()


def test_levels_add_up() -> None:
    rows = rc.reconcile(PLAN, LEDGER, through="2020-09").forecast
    sums = rows.groupby("level")["actual"].sum()
    assert sums["total"] == sums["category"] == 943.43
    assert rows["level"].tolist() == ["total", "category", "category", "project", "project", "project"]


def test_the_summary_of_some_months_says_that_it_is_a_straight_line() -> None:
    plan = budget(("基本支出", "基本工资", 1_200_000))
    ledger = journal(*pay("2020-01-05", "记-1", "", 300_000, path="基本支出"))
    result = rc.reconcile(plan, ledger, through="2020-06")
    assert (
        "执行率25.00%（支出÷全年预算），预算余额90.00万元；序时进度50.00%（6÷12）。"
        "按直线推算（支出÷6×12），至年末约支出60.00万元，为全年预算的50.00%。" in result.summary()
    )
    assert "On a straight line (spent ÷ 6 × 12) the year would end at about 60.00, 50.00%" in result.summary("en")
    assert "直线" not in rc.reconcile(plan, ledger).summary()

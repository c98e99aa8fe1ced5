"""When money was spent: inside the period, evenly, on schedule, and in the year that it belongs to."""

from __future__ import annotations

import pandas as pd
import pytest

import reconcile as rc
from reconcile.settings import Settings, Thresholds
from tests.small import budget, journal, pay


def of(result: rc.Reconciliation, code: str) -> list[tuple[str, str]]:
    found = result.findings[result.findings["code"] == code]
    return list(found[["subject", "severity"]].itertuples(index=False, name=None))


def outcome(result: rc.Reconciliation, name: str) -> str:
    return str(result.checks.set_index("check").loc[name, "outcome"])


def months(project: str, amounts: dict[int, object], day: int = 10, memo: str = "付款") -> list[tuple[object, ...]]:
    return [
        line
        for m, amount in amounts.items()
        for line in pay(f"2020-{m:02d}-{day:02d}", f"记-{m}", project, amount, memo=memo)
    ]


@pytest.mark.parametrize(
    ("december", "found"),
    [
        ("33.00", []),  # 33 of 132 is a quarter
        ("33.01", [("支出合计", "warning"), ("甲", "info")]),
        ("53.30", [("支出合计", "warning"), ("甲", "info")]),  # 53.30 ÷ 152.30 = 34.997 %
        ("53.31", [("支出合计", "error"), ("甲", "warning")]),  # 53.31 ÷ 152.31 = 35.001 %
    ],
)
def test_decembers_share_against_both_limits(december: str, found: list[tuple[str, str]]) -> None:
    shares_only = Settings(thresholds=Thresholds(year_end_multiple=99))
    ledger = journal(*months("甲", dict.fromkeys(range(1, 12), 9) | {12: december}))
    result = rc.reconcile(budget(("项目支出", "甲", 200)), ledger, settings=shares_only)
    assert of(result, "year-end-rush") == found


def test_december_against_the_mean_month() -> None:
    plan, even = budget(("项目支出", "甲", 200)), dict.fromkeys(range(1, 12), 9)
    assert of(rc.reconcile(plan, journal(*months("甲", even | {12: 27}))), "year-end-rush") == []
    result = rc.reconcile(plan, journal(*months("甲", even | {12: 28})))
    assert of(result, "year-end-rush") == [("支出合计", "warning")]  # 28 ÷ 127 = 22 %, 3.1 times 9
    assert "9.00元的3.1倍" in result.findings.set_index("code").loc["year-end-rush", "message"]


def test_limits_are_the_offices() -> None:
    lenient = Settings(thresholds=Thresholds(year_end_warning=0.5, year_end_error=0.6, year_end_multiple=9))
    result = rc.reconcile(
        budget(("项目支出", "甲", 200)),
        journal(*months("甲", dict.fromkeys(range(1, 12), 9) | {12: 50})),
        settings=lenient,
    )
    assert outcome(result, "year-end-rush") == "passed"


def test_one_project_in_december_beside_an_even_year() -> None:
    result = rc.reconcile(
        budget(("项目支出", "甲", 2000), ("项目支出", "乙", 100), ("项目支出", "丙", 5)),
        journal(
            *months("甲", dict.fromkeys(range(1, 13), 100)),
            *months("乙", {3: 10, 6: 10, 12: 60}, 20),
            *months("丙", {12: 5}, 21),
        ),
    )
    assert of(result, "year-end-rush") == [("乙", "warning"), ("丙", "info")]
    assert "占全年75.00%，高于35%" in result.findings.set_index("code").loc["year-end-rush", "message"].iloc[0]


def test_a_year_that_is_thinly_recorded_gives_a_warning_and_no_error() -> None:
    result = rc.reconcile(budget(("项目支出", "甲", 200)), journal(*months("甲", {3: 50, 12: 100})))
    assert of(result, "year-end-rush") == [("支出合计", "warning"), ("甲", "info")]
    one = rc.reconcile(budget(("项目支出", "甲", 200)), journal(*months("甲", {12: 100})))
    assert outcome(one, "year-end-rush") == "not-applicable"


def test_round_sums_in_the_last_days() -> None:
    rows = months("甲", dict.fromkeys(range(1, 12), 90000))
    for day, amount in ((26, 10_000), (27, 30_000), (30, 20_000), (31, "20000.01"), (31, 10_000)):
        rows += pay(f"2020-12-{day}", f"付-{day}{amount}", "甲", amount)
    result = rc.reconcile(budget(("项目支出", "甲", 2_000_000)), journal(*rows))
    found = result.findings[result.findings["code"] == "year-end-rush"]
    assert found[["severity", "actual"]].to_numpy().tolist() == [["info", 60_000.0]]
    assert "2020-12-27以后有3笔10,000.00元整数倍" in found["message"].iloc[0]


def test_rush_needs_the_whole_year_and_dates() -> None:
    plan = budget(("项目支出", "甲", 200))
    ledger = journal(*months("甲", dict.fromkeys(range(1, 13), 9)))
    assert outcome(rc.reconcile(plan, ledger, through="2020-11"), "year-end-rush") == "not-applicable"
    undated = rc.load_ledger(pd.DataFrame([["甲", 9]], columns=["项目", "金额"]))
    assert outcome(rc.reconcile(plan, undated), "year-end-rush") == "could-not-run"


@pytest.mark.parametrize(
    ("through", "spent", "behind"),
    [
        ("2020-03", "15.00", False),  # 25 − 10 = 15 % exactly
        ("2020-03", "14.99", True),
        ("2020-06", "40.00", False),
        ("2020-06", "39.99", True),
        ("2020-08", "56.67", False),  # 66.67 − 10 = 56.666… %
        ("2020-08", "56.66", True),
        ("2020-09", "64.99", True),
        ("2020-01", "0", False),
    ],
)
def test_behind_schedule_by_more_than_ten_points(through: str, spent: str, behind: bool) -> None:
    result = rc.reconcile(
        budget(("项目支出", "甲", 100)), journal(*pay("2020-01-10", "记-1", "甲", spent)), through=through
    )
    assert of(result, "behind-schedule") == ([("甲", "warning")] if behind else [])
    assert outcome(result, "behind-schedule") == ("found" if behind else "passed")


def test_behind_schedule_tells_rate_and_schedule_and_the_budgets_cell() -> None:
    result = rc.reconcile(
        budget(("基本支出", "基本工资", 1000), ("项目支出", "甲", 100)),
        journal(
            *pay("2020-01-10", "记-1", "", 700, path="基本支出"),
            *pay("2020-02-10", "记-1", "甲", 30),
            *pay("2020-11-10", "记-1", "甲", 70),
        ),
        through="2020-09",
    )
    found = result.findings[result.findings["code"] == "behind-schedule"]
    assert found[["subject", "expected", "actual", "difference", "cell"]].to_numpy().tolist() == [
        ["甲", 75.0, 30.0, -45.0, "C3"]
    ]
    assert "执行率30.00%，序时进度75.00%" in found["message"].iloc[0]
    assert "低45.00个百分点" in found["message"].iloc[0]


def test_where_most_are_behind_it_is_said_once() -> None:
    names = "甲乙丙丁戊己庚辛"
    plan = budget(*(("项目支出", n, 100) for n in names))
    result = rc.reconcile(
        plan, journal(*pay("2020-01-10", "记-1", "甲", 90), *pay("2020-01-11", "记-2", "乙", 5)), through="2020-06"
    )
    found = result.findings[result.findings["code"] == "behind-schedule"]
    assert found[["subject", "expected", "actual"]].to_numpy().tolist() == [["支出合计", 350.0, 5.0]]
    assert "8项中有7项" in found["message"].iloc[0]


def test_schedule_is_for_parts_of_a_year() -> None:
    result = rc.reconcile(budget(("项目支出", "甲", 100)), journal(*pay("2020-01-10", "记-1", "甲", 1)))
    assert outcome(result, "behind-schedule") == "not-applicable"


def test_spending_for_the_other_year_near_its_turn_is_a_question() -> None:
    result = rc.reconcile(
        budget(("项目支出", "甲", 1000)),
        journal(
            *pay("2020-01-05", "记-1", "甲", 10, memo="支付2019年12月物业费"),
            *pay("2020-01-06", "记-2", "甲", 20, memo="支付12月电费"),
            *pay("2020-01-07", "记-3", "甲", 40, memo="支付2020年1月至12月网络费"),
            *pay("2020-01-25", "记-4", "甲", 80, memo="支付2019年12月物业费"),
            *pay("2020-12-30", "记-5", "甲", 160, memo="预付2021年报刊费"),
            *pay("2020-12-31", "记-6", "甲", 320, memo="支付12月物业费"),
            *pay("2021-01-04", "记-1", "甲", 640, memo="支付12月电费"),
        ),
    )
    found = result.findings[result.findings["code"] == "cut-off"]
    assert found[["subject", "severity", "actual"]].to_numpy().tolist() == [
        ["2020年", "info", 30.0],
        ["2021-01 记-1", "info", 640.0],
        ["2020-12 记-5", "info", 160.0],
    ]
    part = rc.reconcile(result.budget, result.ledger, through="2020-11")
    assert of(part, "cut-off") == [("2020年1月至11月", "info")]


def test_cut_off_needs_memos() -> None:
    ledger = rc.load_ledger(pd.DataFrame([["2020-01-02", "甲", 9]], columns=["日期", "项目", "金额"]))
    result = rc.reconcile(budget(("项目支出", "甲", 100)), ledger)
    assert outcome(result, "cut-off") == "could-not-run"


def test_another_years_vouchers_in_the_file_are_not_a_thousand_findings() -> None:
    rows = [line for k in range(1, 61) for line in pay(f"2021-02-{k % 28 + 1:02d}", f"记-{k}", "甲", k)]
    result = rc.reconcile(
        budget(("项目支出", "甲", 1000)), journal(*pay("2020-01-05", "记-1", "甲", 10), *rows), year=2020
    )
    found = result.findings[result.findings["code"] == "out-of-period"]
    assert len(found) == 21
    assert "另有40张凭证" in found["message"].iloc[-1]
    assert found["message"].iloc[-1].find(f"{sum(range(1, 41)):.2f}元") > 0
    assert result.unassigned["amount"].sum() == sum(range(1, 61))


def test_english_wording() -> None:
    result = rc.reconcile(
        budget(("项目支出", "甲", 100)),
        journal(*pay("2020-01-10", "记-1", "甲", 10)),
        through="2020-06",
        settings=Settings(language="en"),
    )
    message = result.findings.set_index("code").loc["behind-schedule", "message"]
    assert message.startswith(
        "To 2020-06, “甲” has spent 10.00 yuan, 10.00%, against a schedule of 50.00% (50.00 yuan)"
    )

"""Whether the printed budget holds the carryover, by every figure that is printed; and how old a carryover is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import reconcile as rc
from reconcile.settings import Settings
from tests.small import journal, pay, sheet
from tests.test_check_budget import ended, found, plan

WHOLE = ("支出类型", "项目名称", "上年结转", "年初预算", "全年预算")
LEDGER = journal(*pay("2020-01-05", "记-1", "甲", 9))


def run(columns: tuple[str, ...], *rows: tuple[Any, ...], included: bool | None = None) -> rc.Reconciliation:
    return rc.reconcile(plan(columns, *rows), LEDGER, settings=Settings(carryover_included=included))


def told(result: rc.Reconciliation) -> str:
    own = result.findings[result.findings["code"] == "carryover-basis"]
    return "\n".join(own["message"])


def available(result: rc.Reconciliation) -> list[float]:
    return list(result.by_project["available"])


ADDED = (("项目支出", "甲", 2, 10, 12), ("项目支出", "乙", None, 5, 5))
LEFT_OUT = (("项目支出", "甲", 2, 10, 10), ("项目支出", "乙", None, 5, 5))
MIXED = (("项目支出", "甲", 2, 10, 10), ("项目支出", "乙", 3, 5, 8))


def test_a_whole_that_adds_the_carryover_settles_it() -> None:
    result = run(WHOLE, *ADDED)
    assert ended(result, "carryover-basis") == "passed"
    assert available(result) == [12.0, 5.0]


def test_a_whole_without_the_carryover_is_asked_about_and_the_parts_count() -> None:
    result = run(WHOLE, *LEFT_OUT)
    own = result.findings.set_index("code").loc["carryover-basis"]
    assert (own["severity"], own["subject"], own["cell"]) == ("warning", "甲", "E2")
    assert (own["expected"], own["actual"]) == (12.0, 10.0)
    assert "或年初预算已含结转，或全年预算漏加结转" in own["message"]
    assert found(result, "balance-identity") == []
    assert result.by_project.loc[0, ["carryover", "original", "decrease", "available"]].tolist() == [2, 10, 0, 12]


@pytest.mark.parametrize(
    ("rows", "included", "outcome", "says", "amounts"),
    [
        (LEFT_OUT, True, "passed", "", [10.0, 5.0]),
        (LEFT_OUT, False, "found", "与所声明的口径不符", [12.0, 5.0]),
        (ADDED, False, "passed", "", [12.0, 5.0]),
        (ADDED, True, "found", "与所声明的口径不符", [10.0, 5.0]),
        (MIXED, None, "found", "口径不一", [12.0, 8.0]),
        (MIXED, True, "found", "与所声明的口径不符", [10.0, 5.0]),
    ],
)
def test_a_declared_reading_is_used_and_held_against_the_figures(
    rows: tuple[tuple[Any, ...], ...], included: bool | None, outcome: str, says: str, amounts: list[float]
) -> None:
    result = run(WHOLE, *rows, included=included)
    assert ended(result, "carryover-basis") == outcome
    assert says in told(result)
    assert available(result) == amounts
    lines = result.by_project
    chain = lines["carryover"] + lines["original"] + lines["increase"] - lines["decrease"]
    assert chain.tolist() == amounts


def test_an_original_less_than_its_carryover_cannot_hold_it() -> None:
    result = run(WHOLE, ("项目支出", "甲", 12, 10, 22), included=True)
    assert "不可能含结转" in told(result)
    assert available(result) == [22.0]


@pytest.mark.parametrize(
    ("header", "severity"), [("年初预算", "info"), ("预算数", "warning"), ("本年预算", None), ("当年预算", None)]
)
def test_where_no_figure_tells_it_says_so(header: str, severity: str | None) -> None:
    columns = ("支出类型", "项目名称", "上年结转", header)
    result = run(columns, ("项目支出", "甲", 2, 10))
    assert [s for s, _, _ in found(result, "carryover-basis")] == ([severity] if severity else [])
    assert ("两种口径都说得通" in told(result)) is (severity is not None)
    assert available(run(columns, ("项目支出", "甲", 2, 10), included=True)) == [10.0]
    assert ended(run(columns, ("项目支出", "甲", 2, 10), included=True), "carryover-basis") == "passed"


@pytest.mark.parametrize(("rest", "outcome"), [(3, "passed"), (1, "found"), (2, "found")])
def test_what_remains_tells_it_with_the_ledgers_spending(rest: int, outcome: str) -> None:
    # spent 9 of 2 + 10: 3 remain; of 10: 1 remains; 2 is neither, and identity-i3 says so
    result = run(("支出类型", "项目名称", "上年结转", "年初预算", "结余"), ("项目支出", "甲", 2, 10, rest))
    assert ended(result, "carryover-basis") == outcome
    assert ended(result, "identity-i3") == ("found" if rest == 2 else "passed")


def test_a_row_of_carryover_alone_asks_nothing() -> None:
    rows = (("项目支出", "甲", None, 10, 10), ("项目支出", "未分配", 2, None, 2))
    assert ended(run(WHOLE, *rows), "carryover-basis") == "not-applicable"
    assert ended(run(WHOLE, ("项目支出", "甲", None, 10, 10)), "carryover-basis") == "not-applicable"


def totals(tmp_path: Path, total: float, *, included: bool | None = None) -> rc.Reconciliation:
    """Items of 85.5, 11.4 and 212.33 万元, and 14.35 carried over as a line of its own, under a stated total."""
    rows = [
        ["2020年度部门预算表"],
        ["单位：万元"],
        ["项目", "年初预算", "上年结转"],
        ["一、项目支出", total, 14.35],
        ["1.甲", 85.5, None],
        ["2.乙", 11.4, None],
        ["3.丙", 212.33, None],
        ["4.未分配", None, 14.35],
    ]
    path = sheet(tmp_path / f"{total}{included}.xlsx", rows)
    return rc.reconcile(rc.load_budget(path), LEDGER, settings=Settings(carryover_included=included))


@pytest.mark.parametrize(
    ("total", "says"),
    [
        (309.23, ""),
        (323.58, "合计含结转，分项不含"),  # 309.23 + 14.35
        (294.88, "合计不含结转，分项含"),  # 309.23 − 14.35
        (313.88, "不含结转则相差46,500.00元，含结转则相差97,000.00元"),  # C10, C11
        (330.00, ""),  # further off than the carryover: no reading would explain it
    ],
)
def test_a_total_that_misses_its_items_by_no_more_than_the_carryover(tmp_path: Path, total: float, says: str) -> None:
    result = totals(tmp_path, total)
    assert says in told(result)
    assert bool(told(result)) is bool(says)
    assert (ended(result, "total-mismatch") == "found") is (total != 309.23)


def test_a_declared_reading_leaves_a_total_that_fits_neither_to_total_mismatch(tmp_path: Path) -> None:
    assert told(totals(tmp_path, 313.88, included=False)) == ""
    assert "合计含结转" in told(totals(tmp_path, 323.58, included=False))


def test_a_line_named_carryover_is_one(tmp_path: Path) -> None:
    rows = [
        ["2020年项目支出预算", None],
        ["单位：元", None],
        ["项目", "预算数"],
        ["一、项目支出", 100],
        ["1.甲", 70],
        ["2.乙", 30],
        ["3.上年结转资金", 14],
    ]
    result = rc.reconcile(rc.load_budget(sheet(tmp_path / "b.xlsx", rows)), LEDGER)
    assert "恰少了上年结转14.00元" in told(result)  # 70 + 30 + 14 against 100


# how old -------------------------------------------------------------------------------------------------------

AGED = ("支出类型", "项目名称", "上年结转", "本年预算", "指标文号")


@pytest.mark.parametrize(
    ("document", "spent", "expected"),
    [
        ("芙财预〔2018〕12号", 1, [("info", "甲", 5.0)]),
        ("芙财预〔2019〕12号", 1, []),
        ("芙财预[2017]3号", 1, [("info", "甲", 5.0)]),
        ("芙财预〔2018〕12号", 15, []),  # used up
    ],
)
def test_money_two_years_old_that_is_not_used_up(document: str, spent: int, expected: list[object]) -> None:
    budget = plan(AGED, ("项目支出", "甲", 5, 10, document))
    result = rc.reconcile(budget, journal(*pay("2020-01-05", "记-1", "甲", spent)))
    assert found(result, "carryover-over-two-years") == expected


def test_without_a_source_year_nothing_is_said_of_age() -> None:
    result = rc.reconcile(plan(AGED, ("项目支出", "甲", 5, 10, "芙财预〔2020〕1号")), LEDGER)
    check = result.checks.set_index("check").loc["carryover-over-two-years"]
    assert (check["outcome"], "来源年度" in check["reason"]) == ("could-not-run", True)


def test_the_loader_keeps_what_is_printed_and_says_no_more_than_the_parts() -> None:
    lines = rc.load_budget(pd.DataFrame([["甲", 2, 10, 10]], columns=["项目名称", "上年结转", "年初预算", "全年预算"]))
    assert lines.findings.empty
    row = lines.lines.iloc[0]
    assert row[["carryover", "original", "available", "stated_original", "stated_available"]].tolist() == [
        2,
        10,
        12,
        10,
        10,
    ]

"""Costs in the wrong place: pay and running costs in projects, a project's in basic, receptions, outings; plans."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import reconcile as rc
from reconcile.settings import Settings, Thresholds
from tests.small import budget, journal, pay
from tests.test_check_budget import ended, found, plan

COLUMNS = ("日期", "凭证号", "摘要", "支出类型", "项目", "经济分类编码", "借方金额")
PLAN = budget(("基本支出", "基本工资", 1000), ("项目支出", "档案整理", 100), ("项目支出", "差旅专项", 100))


def ledger(*rows: tuple[str, str, str, object]) -> rc.Ledger:
    """(project, class, memo, amount) as payments, basic where there is no project."""
    lines = [
        (f"2020-03-{i:02d}", f"记-{i}", memo, "项目支出" if project else "基本支出", project, code, amount)
        for i, (project, code, memo, amount) in enumerate(rows, 1)
    ]
    return rc.load_ledger(pd.DataFrame(lines, columns=list(COLUMNS), dtype=object))


def message(result: rc.Reconciliation, code: str) -> str:
    return "\n".join(result.findings.loc[result.findings["code"] == code, "message"])


@pytest.mark.parametrize(
    "code", ["30101", "30113", "30201", "30207", "30211", "30217", "30228", "30229", "30231", "30239"]
)
def test_each_class_of_pay_and_running_costs(code: str) -> None:
    result = rc.reconcile(PLAN, ledger(("档案整理", code, "付款", "0.01"), ("档案整理", "30227", "付款", 90)))
    assert found(result, "basic-in-project") == [("warning", "档案整理", 0.01)]


@pytest.mark.parametrize("code", ["30202", "30215", "30216", "30226", "30227", "30299", "31002", "30399", "302"])
def test_other_classes_are_a_projects_own(code: str) -> None:
    result = rc.reconcile(PLAN, ledger(("档案整理", code, "付款", 90)))
    assert ended(result, "basic-in-project") == "passed"


def test_a_project_has_one_finding_with_its_classes_and_its_cell() -> None:
    rows = (("档案整理", "30211", "车票", 5), ("档案整理", "30217", "餐", 7), ("档案整理", "30211", "住宿", 1))
    result = rc.reconcile(PLAN, ledger(*rows, ("", "30211", "差旅", 50)))
    own = result.findings[result.findings["code"] == "basic-in-project"]
    assert own[["subject", "actual", "cell"]].to_numpy().tolist() == [["档案整理", 13.0, "G3"]]
    assert "30217 公务接待费、30211 差旅费，3笔共13.00元" in own["message"].iloc[0]


def test_a_class_that_the_projects_budget_names_is_its_own() -> None:
    columns = ("支出类型", "项目名称", "经济分类编码", "年初预算")
    named = plan(columns, ("项目支出", "档案整理", "30211", 10), ("项目支出", "档案整理", "30227", 90))
    result = rc.reconcile(named, ledger(("档案整理", "30211", "车票", 5), ("档案整理", "30228", "会费", 1)))
    assert found(result, "basic-in-project") == [("warning", "档案整理", 1.0)]
    head = plan(columns, ("项目支出", "档案整理", "302", 100))
    assert found(rc.reconcile(head, ledger(("档案整理", "30211", "车票", 5))), "basic-in-project") == []


def test_a_project_named_after_the_cost_is_a_note_and_a_cost_taken_back_is_none() -> None:
    result = rc.reconcile(PLAN, ledger(("差旅专项", "30211", "车票", 5)))
    assert found(result, "basic-in-project") == [("info", "差旅专项", 5.0)]
    back = rc.reconcile(PLAN, ledger(("档案整理", "30211", "车票", 5), ("档案整理", "30211", "冲销车票", -5)))
    assert found(back, "basic-in-project") == []


def test_without_classes_it_could_not_run() -> None:
    result = rc.reconcile(PLAN, journal(*pay("2020-01-05", "记-1", "档案整理", 90)))
    for check in ("basic-in-project", "hospitality-elsewhere", "meeting-place"):
        assert ended(result, check) == "could-not-run"


# questions -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "memo", "expected"),
    [
        ("30201", "接待检查组用餐", True),
        ("30201", "工作餐费", True),
        ("30216", "培训期间公务接待", True),
        ("30216", "培训班餐费", False),  # meals are a part of training costs
        ("30217", "公务接待", False),
        ("30201", "复印纸", False),
    ],
)
def test_receptions_under_another_class_are_a_question(code: str, memo: str, expected: bool) -> None:
    result = rc.reconcile(PLAN, ledger(("", code, memo, 5)))
    assert bool(found(result, "hospitality-elsewhere")) is expected


def test_meetings_at_sights_are_a_question() -> None:
    result = rc.reconcile(PLAN, ledger(("", "30215", "年会场租（某某温泉度假村）", 5), ("", "30211", "景区调研", 5)))
    assert found(result, "meeting-place") == [("info", "2020-03 记-1", 5.0)]


CHAIN = ("支出类型", "项目名称", "年初预算", "追加", "追减")
SPENT = journal(*pay("2020-01-05", "记-1", "甲", 90))


@pytest.mark.parametrize(
    ("increase", "decrease", "expected"),
    [
        (30, None, []),
        ("30.01", None, [("info", "部门预算合计", 30.01), ("info", "甲", 30.01)]),
        (20, "10.01", [("info", "部门预算合计", 30.01), ("info", "甲", 30.01)]),  # none is set off
    ],
)
def test_a_budget_changed_by_more_than_three_tenths(increase: object, decrease: object, expected: list[object]) -> None:
    result = rc.reconcile(plan(CHAIN, ("项目支出", "甲", 100, increase, decrease)), SPENT)
    assert found(result, "budget-adjustment") == expected


def test_the_limit_of_changes_is_the_offices_and_many_projects_are_one_question() -> None:
    lines = (("项目支出", "甲", 100, 40, None), ("项目支出", "乙", 100, None, 50), ("项目支出", "丙", 800, None, None))
    result = rc.reconcile(plan(CHAIN, *lines, ("项目支出", "丁", 0, 70, None)), SPENT)
    assert found(result, "budget-adjustment") == [("info", "项目支出合计", 90.0)]  # 丁 has no original: no rate
    assert "乙 50.00%、甲 40.00%" in message(result, "budget-adjustment")
    wide = Settings(thresholds=Thresholds(budget_adjustment=0.5))
    assert found(rc.reconcile(plan(CHAIN, *lines), SPENT, settings=wide), "budget-adjustment") == []
    none = rc.reconcile(plan(CHAIN, ("项目支出", "甲", 0, 70, None)), SPENT)
    assert ended(none, "budget-adjustment") == "not-applicable"


def contracts(*rows: tuple[Any, ...]) -> rc.Contracts:
    columns = ["合同编号", "合同名称", "项目", "供应商", "采购方式", "合同金额"]
    return rc.load_contracts(pd.DataFrame(list(rows), columns=columns, dtype=object))


def test_a_procured_contract_of_a_project_not_planned_so() -> None:
    columns = ("支出类型", "项目名称", "年初预算", "是否政府采购")
    lines = plan(columns, ("项目支出", "甲", 100, "否"), ("项目支出", "乙", 100, "是"))
    register = contracts(
        ("1", "甲合同", "甲", "某", "公开招标", 90),
        ("2", "乙合同", "乙", "某", "公开招标", 90),
        ("3", "丙", "甲", "某", "", 9),
    )
    result = rc.reconcile(lines, SPENT, contracts=register)
    assert found(result, "procurement-unplanned") == [("info", "甲合同", 90.0)]
    assert ended(rc.reconcile(lines, SPENT), "procurement-unplanned") == "could-not-run"

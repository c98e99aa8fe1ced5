"""Questions that memos raise, and what raises none."""

from __future__ import annotations

import pandas as pd
import pytest

import reconcile as rc
from reconcile.settings import Settings, Thresholds
from tests.small import budget, journal

HEAD = ("日期", "凭证号", "摘要", "项目", "支出类型", "经济分类编码", "金额")
PLAN = budget(
    ("基本支出", "办公费", 5000), ("项目支出", "企业印章刻制经费", 90_000), ("项目支出", "法律顾问服务", 20_000)
)
NAMES = ("memo-project", "memo-class", "capital-or-expense", "pass-through")


def run(*rows: tuple[str, str, str, float], **options: object) -> rc.Reconciliation:
    """(memo, project or '' for basic spending, class, amount) a row."""
    full = [
        (f"2020-03-{i + 1:02d}", f"记-{i + 1}", memo, project, "项目支出" if project else "基本支出", code, amount)
        for i, (memo, project, code, amount) in enumerate(rows)
    ]
    return rc.reconcile(PLAN, rc.load_ledger(pd.DataFrame(full, columns=HEAD, dtype=object)), year=2020, **options)


def asked(result: rc.Reconciliation, code: str) -> list[tuple[str, float]]:
    found = result.findings[result.findings["code"] == code]
    assert set(found["severity"]) <= {"info"}
    return list(found[["subject", "actual"]].itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("memo", "project", "subject"),
    [
        ("支付企业印章刻制费用", "法律顾问服务", "法律顾问服务"),
        ("支付法律顾问服务费", "企业印章刻制经费", "企业印章刻制经费"),
        ("支付企业印章刻制费用", "", "基本支出"),
        ("支付企业印章刻制费用", "企业印章刻制经费", None),
        ("支付印章费", "法律顾问服务", None),  # only a part of the name
        ("", "法律顾问服务", None),
    ],
)
def test_a_memo_that_names_another_project(memo: str, project: str, subject: str | None) -> None:
    result = run((memo, project, "30227", 100), ("购笔", "法律顾问服务", "30201", 1))
    assert asked(result, "memo-project") == ([(subject, 100.0)] if subject else [])


def test_the_entries_of_one_question_are_told_together() -> None:
    result = run(
        ("支付企业印章刻制费（5月）", "法律顾问服务", "30227", 100),
        ("支付企业印章刻制费（6月）", "法律顾问服务", "30227", 250),
    )
    assert asked(result, "memo-project") == [("法律顾问服务", 350.0)]
    found = result.findings.set_index("code").loc["memo-project"]
    assert "2020-03 记-2、2020-03 记-1" in found["message"]
    assert found["cell"] == "G3"


@pytest.mark.parametrize(
    ("memo", "code", "fits"),
    [
        ("报销赴京差旅费", "30201", "30211 差旅费"),
        ("报销赴京差旅费", "30211", ""),
        ("报销参加培训差旅费", "30216", ""),
        ("支付水电费", "30205", ""),
        ("付律师事务所邮电费", "30207", ""),  # 邮电费 is the class itself, not 电费
        ("付长沙市晨光办公用品经营部咨询费", "30203", ""),  # a firm's name
        ("付晨光办公用品有限公司办公用品款", "30203", "30201 办公费"),
        ("支付3月电费", "30217", "30206 电费"),
        ("公务接待用餐", "30201", "30217 公务接待费"),
        ("发放职工工资", "30101", ""),
        ("缴纳公积金", "30201", "30113 住房公积金"),
        ("购文具", "30217", "30201 办公费"),
        ("随便什么", "30217", ""),
        ("支付3月电费", "", ""),
    ],
)
def test_a_memo_and_its_class(memo: str, code: str, fits: str) -> None:
    result = run((memo, "", code, 100), ("购笔", "", "30201", 1))
    assert len(asked(result, "memo-class")) == (1 if fits else 0)
    if fits:
        assert f"疑应为 {fits}" in result.findings.set_index("code").loc["memo-class", "message"]


def test_a_projects_own_name_says_nothing_of_its_class() -> None:
    assert asked(run(("支付法律顾问服务", "法律顾问服务", "30201", 100)), "memo-class") == []


@pytest.mark.parametrize(
    ("memo", "code", "amount", "subject"),
    [
        ("采购笔记本电脑3台", "30201", 1000, "30201 办公费"),
        ("采购笔记本电脑", "30201", 999.99, None),  # below the limit
        ("采购笔记本电脑", "31002", 5000, None),
        ("支付空调维修", "30213", 5000, None),
        ("购打印机硒鼓", "30201", 5000, None),
        ("购打印机硒鼓", "31002", 50, "31002 办公设备购置"),
        ("购鼠标键盘", "31002", 50, "31002 办公设备购置"),
        ("租用投影仪", "30214", 5000, None),
    ],
)
def test_assets_and_consumables(memo: str, code: str, amount: float, subject: str | None) -> None:
    result = run((memo, "", code, amount))
    assert [s for s, _ in asked(result, "capital-or-expense")] == ([subject] if subject else [])


def test_the_limit_of_an_asset_is_the_offices() -> None:
    high = Settings(thresholds=Thresholds(asset_limit=1500.0))
    assert asked(run(("采购办公桌", "", "30201", 1499)), "capital-or-expense") == [("30201 办公费", 1499.0)]
    assert asked(run(("采购办公桌", "", "30201", 1499), settings=high), "capital-or-expense") == []


def test_money_passed_through_by_memo_or_by_account() -> None:
    assert asked(run(("代收代付党费", "", "30299", 10)), "pass-through") == [("基本支出", 10.0)]
    trust = journal(
        ("2020-03-01", "记-1", "转付", "7101", "行政支出/项目支出", "法律顾问服务", 60, None),
        ("2020-03-01", "记-1", "转付", "8001", "资金结存", None, None, 60),
        ("2020-03-01", "记-1", "转付", "2901", "受托代理负债", None, 60, None),
        ("2020-03-01", "记-1", "转付", "1002", "银行存款", None, None, 60),
    )
    assert asked(rc.reconcile(PLAN, trust), "pass-through") == [("法律顾问服务", 60.0)]


def test_what_a_file_lacks_is_said_and_the_period_is_kept() -> None:
    bare = rc.load_ledger(pd.DataFrame([["2020-03-01", "法律顾问服务", 5]], columns=["日期", "项目", "金额"]))
    outcomes = rc.reconcile(PLAN, bare).checks.set_index("check")["outcome"]
    assert [outcomes[n] for n in NAMES] == ["could-not-run", "could-not-run", "could-not-run", "passed"]
    assert asked(run(("报销差旅费", "", "30201", 100), through="2020-02"), "memo-class") == []

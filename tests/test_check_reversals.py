"""Reversals and their originals, what December takes back, and what was recorded and not paid."""

from __future__ import annotations

import pandas as pd
import pytest

import reconcile as rc
from reconcile.settings import Settings, Thresholds
from tests.small import budget, journal, pay

HEAD = ("日期", "凭证号", "摘要", "项目", "经济分类", "收款人", "金额")
PLAN = budget(("项目支出", "甲", 100_000), ("项目支出", "乙", 1000))
PAID = ("2020-03-02", "记-3", "支付印章刻制费", "甲", "30227", "常盛印章", 826.50)


def run(*rows: tuple[object, ...], **options: object) -> rc.Reconciliation:
    return rc.reconcile(PLAN, rc.load_ledger(pd.DataFrame(rows, columns=HEAD, dtype=object)), year=2020, **options)


def found(result: rc.Reconciliation, code: str = "unmatched-reversal") -> list[tuple[str, str, float]]:
    lines = result.findings[result.findings["code"] == code]
    return list(lines[["subject", "severity", "actual"]].itertuples(index=False, name=None))


def message(result: rc.Reconciliation, code: str = "unmatched-reversal") -> str:
    return str(result.findings.set_index("code").loc[code, "message"])


@pytest.mark.parametrize(
    ("back", "severity", "says"),
    [
        (("2020-03-09", "记-5", "红字冲销", "甲", "30227", "常盛印章", -826.50), "", ""),
        (("2020-03-02", "记-5", "红字冲销", "甲", "30227", "常盛印章", -826.50), "", ""),  # the same day
        (("2020-03-09", "记-5", "红字冲销", "甲", "30227", "", -826.50), "", ""),  # no payee on the reversal
        (("2020-03-09", "记-5", "红字冲销", "甲", "30201", "常盛印章", -826.50), "", ""),  # by payee, not by class
        (("2020-03-01", "记-1", "红字冲销", "甲", "30227", "常盛印章", -826.50), "warning", "没有金额相同的原凭证"),
        (("2020-03-09", "记-5", "红字冲销", "甲", "30227", "常盛印章", -826.51), "warning", "没有金额相同的原凭证"),
        (("2020-03-09", "记-5", "红字冲销", "甲", "30227", "长沙印章", -826.50), "warning", "2020-03 记-3（甲）"),
        (("2020-03-09", "记-5", "红字冲销", "乙", "30227", "常盛印章", -826.50), "warning", "2020-03 记-3（甲）"),
        (("2020-03-09", "记-5", "红字冲销", "甲", "30227", "常盛印章", -26.5), "info", "部分冲销 2020-03 记-3"),
        (("2020-03-09", "记-5", "冲销3月记-3号", "甲", "30227", "", -26.5), "info", "部分冲销 2020-03 记-3"),
        (("2020-03-09", "记-5", "冲销3月记-3号", "甲", "30227", "", -900), "warning", "大于所指 2020-03 记-3"),
        (("2020-03-09", "记-5", "退回多付刻章费", "甲", "30227", "", -26.5), "info", "退回26.50元"),
        (("2020-03-09", "记-5", "收回上年度多付", "甲", "30227", "", -26.5), "warning", "写的是以前年度"),
        (("2020-03-09", "记-5", "红字冲销", "甲", "30227", "", -26.5), "warning", "没有金额相同的原凭证"),
    ],
)
def test_a_reversal_and_its_original(back: tuple[object, ...], severity: str, says: str) -> None:
    result = run(PAID, back)
    assert [f[:2] for f in found(result)] == ([(f"{back[0][:7]} {back[1]}", severity)] if severity else [])  # type: ignore[index]
    if severity:
        assert says in message(result)


def test_a_payment_is_taken_back_once() -> None:
    back = ("2020-03-09", "记-5", "红字冲销", "甲", "30227", "常盛印章", -826.50)
    result = run(PAID, back, ("2020-03-10", "记-6", *back[2:]))
    assert found(result) == [("2020-03 记-6", "warning", -826.5)]
    assert result.findings.set_index("code").loc["unmatched-reversal", "cell"] == "G4"


def test_the_other_side_of_the_account_is_a_reversal_too() -> None:
    credit = [
        ("2020-05-03", "记-5", "冲销4月记-2", "710102", "行政支出/项目支出", "甲", None, 100),
        ("2020-05-03", "记-5", "冲销4月记-2", "8001", "资金结存", None, 100, None),
    ]
    paid = pay("2020-04-01", "记-2", "甲", 100)
    assert found(rc.reconcile(PLAN, journal(*paid, *credit))) == []
    assert found(rc.reconcile(PLAN, journal(*credit))) == [("2020-05 记-5", "warning", -100.0)]


def test_a_voucher_of_several_lines_is_taken_back_as_a_whole() -> None:
    lines = [("2020-03-02", "记-3", "支付劳务", "甲", c, "某公司", a) for c, a in (("30226", 100), ("30227", 200))]
    assert found(run(*lines, ("2020-03-09", "记-5", "红字冲销", "甲", "30299", "某公司", -300))) == []
    elsewhere = run(*lines, ("2020-03-09", "记-5", "红字冲销", "甲", "30299", "别家", -300))
    assert [f[1] for f in found(elsewhere)] == ["warning"]


def test_a_deduction_in_a_voucher_is_no_reversal_and_a_transfer_is_a_note() -> None:
    def line(number: str, project: str, amount: float, memo: str) -> tuple[object, ...]:
        return ("2020-05-03", number, memo, "710102", "行政支出/项目支出", project, amount, None)

    payroll = [
        line("记-1", "甲", 1000, "发放工资"),
        line("记-1", "甲", -30, "扣缺勤"),
        ("2020-05-03", "记-1", "发放工资", "8001", "资金结存", None, None, 970),
    ]
    assert found(rc.reconcile(PLAN, journal(*payroll))) == []
    moved = [*payroll, line("记-2", "甲", -70, "调整列支项目"), line("记-2", "乙", 70, "调整列支项目")]
    result = rc.reconcile(PLAN, journal(*moved))
    assert found(result) == [("2020-05 记-2", "info", -70.0)]
    assert "一借一贷调整70.00元" in message(result)


def test_an_original_of_the_year_before_is_named() -> None:
    result = run(
        ("2019-12-20", "记-8", "支付印章刻制费", "甲", "30227", "常盛印章", 826.50),
        ("2020-01-09", "记-5", "红字冲销", "甲", "30227", "常盛印章", -826.50),
    )
    assert found(result) == [("2020-01 记-5", "info", -826.5)]
    assert "原凭证是上年的 2019-12 记-8" in message(result)


def test_only_the_period_is_looked_at() -> None:
    result = run(PAID, ("2020-04-09", "记-5", "红字冲销", "甲", "30227", "", -5), through="2020-03")
    assert found(result) == []


def test_many_reversals_without_original_are_told_by_their_size() -> None:
    rows = [("2020-05-03", f"记-{k}", "红字冲销", "甲", "30227", "", -k) for k in range(1, 52)]
    result = run(PAID, *rows)
    assert len(found(result)) == 21
    assert result.findings["message"].str.contains(f"另有31张凭证冲减支出，共{sum(range(1, 32)):.2f}元").sum() == 1


def test_undated_entries_have_no_before() -> None:
    ledger = rc.load_ledger(pd.DataFrame([["甲", -5]], columns=["项目", "金额"]))
    outcome = rc.reconcile(PLAN, ledger).checks.set_index("check").loc["unmatched-reversal", "outcome"]
    assert outcome == "could-not-run"


@pytest.mark.parametrize(("amount", "asked"), [(-10_000, True), (-9_999.99, False)])
def test_what_december_takes_back(amount: float, asked: bool) -> None:
    paid = ("2020-05-02", "记-3", "支付工程款", "甲", "30227", "某公司", -amount)
    result = run(paid, ("2020-12-29", "记-5", "红字冲销5月记-3号", "甲", "30227", "某公司", amount))
    assert found(result) == []
    assert found(result, "year-end-reversal") == ([("甲", "info", amount)] if asked else [])


def test_december_paid_again_is_not_taken_back_and_over_budget_is_told() -> None:
    paid = ("2020-05-02", "记-3", "支付工程款", "乙", "30227", "某公司", 20_000)
    back = ("2020-12-28", "记-5", "红字冲销5月记-3号", "乙", "30227", "某公司", -20_000)
    again = ("2020-12-29", "记-6", "支付工程款（更正）", "乙", "30227", "某公司", 19_000)
    assert found(run(paid, back, again), "year-end-reversal") == []
    other = ("2020-06-02", "记-9", "支付材料款", "乙", "30227", "别家", 900)
    result = run(paid, other, back)
    assert found(result, "year-end-reversal") == [("乙", "info", -20_000.0)]
    assert "不冲减就超预算" in message(result, "year-end-reversal")
    lenient = Settings(thresholds=Thresholds(year_end_reversal=20_000.01))
    assert found(run(paid, other, back, settings=lenient), "year-end-reversal") == []


def accounts(date: str, number: str, memo: str, *lines: tuple[str, float, float]) -> list[tuple[object, ...]]:
    names = {
        "5001": "业务活动费用",
        "2307": "其他应付款",
        "1011": "零余额",
        "7101": "行政支出/项目支出",
        "8001": "结存",
    }
    return [(date, number, memo, c, names[c], "甲" if c == "7101" else "", d, e) for c, d, e in lines]


def test_spending_that_only_credits_payables_in_december() -> None:
    budgetary = (("7101", 100, 0), ("8001", 0, 100))
    unpaid = accounts("2020-12-30", "记-5", "列支工程款", ("5001", 100, 0), ("2307", 0, 100), *budgetary)
    paid = accounts("2020-12-29", "记-4", "支付工程款", ("5001", 100, 0), ("1011", 0, 100), *budgetary)
    june = accounts("2020-06-29", "记-4", "列支工程款", ("5001", 100, 0), ("2307", 0, 100), *budgetary)
    back = [
        ("2021-02-03", "记-2", "冲回", "7101", "行政支出/项目支出", "甲", -100, None),
        ("2021-02-03", "记-2", "冲回", "8001", "资金结存", "", None, -100),
    ]
    result = rc.reconcile(PLAN, journal(*june, *paid, *unpaid, *back), year=2020)
    assert found(result, "accrued-spending") == [("2020-12 记-5", "info", 100.0)]
    text = message(result, "accrued-spending")
    assert "贷记往来科目" in text
    assert "次年 2021-02 记-2 冲回同一金额" in text
    part = rc.reconcile(PLAN, result.ledger, year=2020, through="2020-11")
    assert part.checks.set_index("check").loc["accrued-spending", "outcome"] == "not-applicable"


@pytest.mark.parametrize(
    ("memo", "payee", "kind", "asked"),
    [
        ("预提12月电费", "供电公司", "30206", True),
        ("支付12月电费", "供电公司", "30206", False),
        ("拨付食堂经费", "某局机关食堂", "30299", True),
        ("接待用餐", "某局机关食堂", "30217", False),
        ("拨付工会经费", "某局工会", "30228", False),
        ("支付退休人员补贴", "代发户", "30302", False),
    ],
)
def test_decembers_memos_and_payees(memo: str, payee: str, kind: str, asked: bool) -> None:
    result = run(PAID, ("2020-12-30", "记-9", memo, "甲", kind, payee, 500))
    assert found(result, "accrued-spending") == ([("2020-12 记-9", "info", 500.0)] if asked else [])

"""Contract rules: which payments are a contract's, and what is too much, too late, uncovered, miscounted or unpaid."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import reconcile as rc
from reconcile import wording
from reconcile.check.contract_text import company_key, months, number_key
from reconcile.settings import Settings, Thresholds
from tests.small import budget, sheet

RULES = (
    "contract-overpaid",
    "contract-quantity",
    "contract-expired",
    "contract-uncovered",
    "contract-unpaid",
    "procurement-method",
    "contract-repeated",
    "contract-without-budget",
    "contract-payments-unclear",
)
PLAN = budget(("项目支出", "顾问", 1000), ("项目支出", "印章", 1000))
LAWYER = {
    "合同编号": "审合〔2020〕08号",
    "合同名称": "法律顾问合同",
    "项目": "顾问",
    "供应商": "人和律师事务所",
    "签订日期": "2020-01-01",
    "合同开始": "2020-01-01",
    "合同结束": "2020-12-31",
    "合同金额": 100,
}
PAYMENT = ("日期", "凭证号", "摘要", "项目", "收款单位", "金额")


def register(*contracts: dict[str, Any]) -> rc.Contracts:
    columns = list(dict.fromkeys(k for c in contracts for k in c))
    return rc.load_contracts(
        pd.DataFrame([[c.get(k) for k in columns] for c in contracts], columns=columns, dtype=object)
    )


def lawyer(**changes: Any) -> dict[str, Any]:
    """The lawyer's contract with some cells changed."""
    return {**LAWYER, **changes}


def paid(*rows: tuple[str, str, str, str, object]) -> rc.Ledger:
    """Payments of (date, memo, project, payee, amount)."""
    lines = [(date, f"记-{i}", *rest) for i, (date, *rest) in enumerate(rows, 1)]
    return rc.load_ledger(pd.DataFrame(lines, columns=list(PAYMENT), dtype=object))


def run(ledger: rc.Ledger, contracts: rc.Contracts, plan: rc.Budget = PLAN, **options: Any) -> rc.Reconciliation:
    return rc.reconcile(plan, ledger, year=2020, contracts=contracts, **options)


def found(result: rc.Reconciliation, code: str) -> list[tuple[Any, ...]]:
    """(subject, expected, actual) of the findings of a code, in yuan; None where there is no amount."""
    rows = result.findings.loc[result.findings["code"] == code, ["subject", "expected", "actual"]]
    return [tuple(None if v != v else v for v in row) for row in rows.itertuples(index=False, name=None)]


def outcome(result: rc.Reconciliation, check: str) -> tuple[str, str]:
    row = result.checks.set_index("check").loc[check]
    return row["outcome"], row["reason"]


# texts ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("长沙常盛印章有限公司", "长沙常盛印章有限责任公司", True),
        ("长沙常盛印章有限公司", " 长沙 常盛印章有限公司（基本户）", True),
        ("普华（北京）咨询有限公司", "普华(北京)咨询有限公司", True),
        ("0012 常盛印章有限公司", "常盛印章有限公司", True),
        ("Acme Ltd.", "ACME Limited", True),
        ("长沙常盛印章有限公司", "长沙常盛印章股份有限公司", False),
        ("长沙常盛印章有限公司", "常盛印章", False),
        ("邮政有限公司长沙市分公司", "邮政有限公司", False),
    ],
)
def test_company_names_are_one_only_when_normalised_names_are_equal(one: str, other: str, same: bool) -> None:
    assert (company_key(one) == company_key(other)) is same


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ("芙行审合〔2019〕08号", "芙行审合201908号"),
        ("HT-2020-015", "ht2020015"),
        ("1", ""),
        ("2020-01", ""),
        ("12345", ""),
    ],
)
def test_a_number_that_any_memo_may_hold_is_no_evidence(number: str, key: str) -> None:
    assert number_key(number) == key


@pytest.mark.parametrize(
    ("memo", "paid_on", "span"),
    [
        ("支付9月印章刻制费", "2020-10-14", ("2020-09-01", "2020-09-30")),
        ("支付2019年12月印章刻制费（452套）", "2020-01-15", ("2019-12-01", "2019-12-31")),
        ("支付12月物业费", "2020-01-15", ("2019-12-01", "2019-12-31")),
        ("付1-3月保洁费", "2020-04-02", ("2020-01-01", "2020-03-31")),
        ("付11月至1月保洁费", "2020-02-02", ("2019-11-01", "2020-01-31")),
        ("三季度网络费", "2020-10-02", ("2020-07-01", "2020-09-30")),
        ("上半年打印费", "2020-07-08", ("2020-01-01", "2020-06-30")),
        ("Cleaning, Sept 2020", "2020-10-08", ("2020-09-01", "2020-09-30")),
        ("按10月17日合同付款", "2020-11-01", None),
        ("付3个月租金", "2020-04-01", None),
        ("付1月租金", "2020-12-20", None),  # next January's, or long overdue: it does not say
        ("付3月、另补5月", "2020-06-01", ("2020-03-01", "2020-03-31"))[:0]
        or ("付3月水费和5月电费", "2020-06-01", None),
        ("尾款", "2020-06-01", None),
    ],
)
def test_the_months_that_a_memo_names(memo: str, paid_on: str, span: tuple[str, str] | None) -> None:
    got = months(memo, dt.date.fromisoformat(paid_on))
    assert (got and tuple(map(str, got))) == span


# which payments are a contract's -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("memo", "project", "payee", "counts"),
    [
        ("付款", "顾问", "人和律师事务所", True),
        ("付审合[2020]08号合同款", "印章", "某某", True),  # the number decides
        ("付审合[2020]081号合同款", "印章", "某某", False),
        ("付人和律师事务所服务费", "顾问", "", True),
        ("付款", "顾问", "", True),  # the project's only contract
        ("付款", "顾问", "另一家律师事务所", False),
        ("付款", "印章", "人和律师事务所", False),
    ],
)
def test_payments_are_found_by_number_then_payee_then_project(
    memo: str, project: str, payee: str, counts: bool
) -> None:
    result = run(paid(("2020-03-01", memo, project, payee, "100.01")), register(LAWYER))
    assert found(result, "contract-overpaid") == ([("法律顾问合同", 100.0, 100.01)] if counts else [])


def test_a_ledger_without_projects_is_told_by_payee() -> None:
    ledger = rc.load_ledger(
        pd.DataFrame(
            [["2020-03-01", "记-1", "付款", "人和律师事务所", 101]],
            columns=["日期", "凭证号", "摘要", "收款人", "金额"],
        )
    )
    assert found(run(ledger, register(LAWYER)), "contract-overpaid") == [("法律顾问合同", 100.0, 101.0)]


def test_what_could_be_two_contracts_is_given_to_none_and_tested_together() -> None:
    two = register(
        lawyer(合同编号="甲-2020-1", 合同名称="上半年合同", 合同结束="2020-06-30"),
        lawyer(合同编号="甲-2020-2", 合同名称="下半年合同", 合同开始="2020-07-01"),
    )
    both = ("上半年合同、下半年合同",)
    result = run(paid(("2020-03-01", "付款", "顾问", "人和律师事务所", 200)), two)
    assert found(result, "contract-overpaid") == []
    assert found(result, "contract-payments-unclear") == [(*both, None, 200.0)]
    result = run(paid(("2020-03-01", "付款", "顾问", "人和律师事务所", "200.01")), two)
    assert found(result, "contract-overpaid") == [(*both, 200.0, 200.01)]
    assert found(result, "contract-expired") == []  # 1 March is inside one of the terms
    named = run(paid(("2020-03-01", "付下半年合同款", "顾问", "人和律师事务所", 101)), two)
    assert found(named, "contract-overpaid") == [("下半年合同", 100.0, 101.0)]


def test_payments_on_another_project_are_named_and_not_counted() -> None:
    result = run(paid(("2020-03-01", "付款", "印章", "人和律师事务所", 60)), register(LAWYER))
    finding = result.findings.set_index("code").loc["contract-payments-unclear"]
    assert (finding["subject"], finding["actual"], finding["severity"]) == ("法律顾问合同", 60.0, "info")
    assert "其他项目（印章）" in finding["message"]
    assert "60.00元" in finding["message"]


def test_a_near_payee_is_offered_and_never_taken() -> None:
    result = run(paid(("2020-03-01", "付款", "顾问", "人和律师事务所长沙所", 160)), register(LAWYER))
    assert found(result, "contract-overpaid") == []
    message = result.findings.set_index("code").loc["contract-payments-unclear", "message"]
    assert "“人和律师事务所长沙所”名称相近，未作合并" in message


def test_an_approved_alias_counts_for_the_register_too() -> None:
    aliases = pd.DataFrame([["法律服务", "顾问", "张三"]], columns=["账簿名称", "预算项目", "批准人"])
    result = run(
        paid(("2020-03-01", "付款", "法律服务", "人和律师事务所", 101)),
        register(lawyer(项目="法律服务")),
        aliases=aliases,
    )
    assert found(result, "contract-overpaid") == [("法律顾问合同", 100.0, 101.0)]
    assert outcome(result, "contract-without-budget")[0] == "passed"


# could not run -------------------------------------------------------------------------------------------------


def test_without_a_register_every_contract_rule_says_what_is_missing() -> None:
    result = rc.reconcile(PLAN, paid(("2020-03-01", "付款", "顾问", "", 1)), year=2020)
    assert {outcome(result, rule) for rule in RULES} == {("could-not-run", "缺少合同台账（contracts）")}


@pytest.mark.parametrize(
    ("rule", "columns", "reason"),
    [
        ("contract-overpaid", ("合同金额",), "没有金额"),
        ("contract-quantity", (), "没有单价"),
        ("contract-expired", ("签订日期", "合同开始", "合同结束"), "没有开始、结束日期"),
        ("contract-uncovered", ("签订日期", "合同开始", "合同结束"), "没有开始、结束日期"),
        ("contract-unpaid", ("签订日期", "合同开始", "合同结束"), "判断何时应付"),
        ("procurement-method", (), "没有采购方式"),
        ("contract-without-budget", ("项目",), "没有项目"),
    ],
)
def test_a_register_without_the_columns_of_a_rule(rule: str, columns: tuple[str, ...], reason: str) -> None:
    kept = {k: v for k, v in LAWYER.items() if k not in columns}
    kept = {**kept, "结算数量": 3, "单价": None} if "合同金额" in columns else kept
    got = outcome(run(paid(("2020-03-01", "付款", "顾问", "人和律师事务所", 1)), register(kept)), rule)
    assert got[0] == "could-not-run"
    assert reason in got[1]


@pytest.mark.parametrize("rule", ["contract-overpaid", "contract-expired", "contract-uncovered", "contract-unpaid"])
def test_a_ledger_that_tells_no_payments(rule: str) -> None:
    ledger = rc.load_ledger(pd.DataFrame([["2020-03-01", "付款", 500]], columns=["日期", "摘要", "金额"]))
    assert outcome(run(ledger, register(LAWYER)), rule) == ("could-not-run", wording.text("needs-contract-payments"))


def test_a_ledger_without_dates() -> None:
    ledger = rc.load_ledger(
        pd.DataFrame([["付款", "顾问", "人和律师事务所", 50]], columns=["摘要", "项目", "收款人", "金额"])
    )
    result = run(ledger, register(LAWYER))
    for rule in ("contract-expired", "contract-uncovered", "contract-unpaid"):
        assert outcome(result, rule) == ("could-not-run", "账簿没有日期")
    assert outcome(result, "contract-overpaid")[0] == "passed"


# paid too much -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("contract", "spent", "expected"),
    [
        ({}, 100, None),
        ({}, "100.01", (100.0, "error")),
        ({"结算金额": 80}, 80, None),
        ({"结算金额": 80}, "80.01", (80.0, "error")),
        ({"结算金额": 120}, 120, (100.0, "error")),  # settled above the price
        ({"合同金额": None, "单价": 2, "数量": 40}, "80.01", (80.0, "error")),
        ({"合同金额": None, "计价方式": "框架协议"}, 900, None),  # no ceiling
        ({"计价方式": "单价合同，据实结算", "单价": 2, "数量": 50, "结算金额": 120}, 120, (100.0, "warning")),
        ({"计价方式": "单价合同，据实结算", "单价": 2, "数量": 50, "结算金额": 120}, 121, (100.0, "error")),
    ],
)
def test_paid_above_price_or_settlement(
    contract: dict[str, Any], spent: object, expected: tuple[float, str] | None
) -> None:
    result = run(paid(("2020-03-01", "付款", "顾问", "人和律师事务所", spent)), register(lawyer(**contract)))
    rows = result.findings[result.findings["code"] == "contract-overpaid"]
    assert list(rows[["expected", "severity"]].itertuples(index=False, name=None)) == ([expected] if expected else [])


def test_several_payments_and_a_refund_add_up_and_the_vouchers_are_named(tmp_path: Path) -> None:
    contracts = rc.load_contracts(sheet(tmp_path / "台账.xlsx", [list(LAWYER), list(LAWYER.values())], "台账"))
    ledger = paid(
        ("2020-03-01", "付款", "顾问", "人和律师事务所", 60),
        ("2020-04-01", "付款", "顾问", "人和律师事务所", 60),
        ("2020-05-01", "退款", "顾问", "人和律师事务所", -10),
    )
    finding = run(ledger, contracts).findings.set_index("code").loc["contract-overpaid"]
    assert (finding["difference"], finding["file"], finding["sheet"], finding["cell"]) == (
        10.0,
        "台账.xlsx",
        "台账",
        "H2",
    )
    assert "2020-03 记-1 60.00元、2020-04 记-2 60.00元、2020-05 记-3 -10.00元" in finding["message"]
    english = run(ledger, contracts, settings=Settings(language="en")).findings.set_index("code")
    assert "2020-03 记-1 60.00 yuan" in english.loc["contract-overpaid", "message"]


def test_payments_that_only_the_project_assigns_make_a_warning() -> None:
    result = run(paid(("2020-03-01", "付款", "顾问", "", 101)), register(LAWYER))
    finding = result.findings.set_index("code").loc["contract-overpaid"]
    assert finding["severity"] == "warning"
    assert "只凭项目" in finding["message"]


def test_payments_after_the_month_are_not_counted() -> None:
    ledger = paid(
        ("2020-03-01", "付款", "顾问", "人和律师事务所", 90), ("2020-09-01", "付款", "顾问", "人和律师事务所", 90)
    )
    assert found(run(ledger, register(LAWYER), through="2020-06"), "contract-overpaid") == []
    assert found(run(ledger, register(LAWYER)), "contract-overpaid") == [("法律顾问合同", 100.0, 180.0)]


# quantities ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"单价": 48, "数量": 2500, "合同金额": 120000, "结算数量": 1590, "结算金额": 76320}, []),
        ({"单价": 48, "数量": 2500, "合同金额": "120000.01"}, [(120000.0, 120000.01)]),
        ({"单价": 48, "结算数量": 1590, "结算金额": 76300}, [(76320.0, 76300.0)]),
        ({"单价": "0.155", "结算数量": 1000, "结算金额": 155}, []),  # finer than the 分
        ({"单价": "0.155", "结算数量": 3, "结算金额": "0.47"}, []),  # 0.465, rounded half up
        ({"单价": "0.155", "结算数量": 3, "结算金额": "0.46"}, [(0.47, 0.46)]),
        ({"单价": 10, "数量": 5, "合同金额": 40, "结算数量": 6, "结算金额": 61}, [(50.0, 40.0), (60.0, 61.0)]),
        ({"单价": 10, "数量": 5, "合同金额": None}, []),
    ],
)
def test_quantity_times_unit_price(cells: dict[str, Any], expected: list[tuple[float, float]]) -> None:
    result = run(paid(("2020-03-01", "付款", "印章", "某", 1)), register(lawyer(**cells)))
    assert [f[1:] for f in found(result, "contract-quantity")] == expected
    assert "unreadable-amount" not in set(result.findings["code"])


def test_a_register_in_wan_is_compared_within_its_last_digit(tmp_path: Path) -> None:
    # 48 yuan × 1590 = 76,320 yuan is printed as 7.63 万元; 7.64 is not it
    head = ["合同名称", "项目", "供应商", "单价（元）", "结算数量", "合同金额", "结算金额"]
    rows = [
        ["单位：万元"],
        head,
        ["甲合同", "顾问", "某", 48, 1590, 12, 7.63],
        ["乙合同", "顾问", "某", 48, 1590, 12, 7.64],
    ]
    contracts = rc.load_contracts(sheet(tmp_path / "台账.xlsx", rows))
    result = run(paid(("2020-03-01", "付款", "印章", "某", 1)), contracts)
    assert found(result, "contract-quantity") == [("乙合同", 76320.0, 76400.0)]
    assert result.findings.set_index("code").loc["contract-quantity", "cell"] == "G4"


def test_without_a_settled_amount_the_payments_are_compared() -> None:
    cells = {"合同金额": None, "单价": 48, "结算数量": 2, "验收日期": "2020-04-13"}
    for spent, expected in ((96, []), (95, [("法律顾问合同", 96.0, 95.0)])):
        result = run(paid(("2020-05-01", "付款", "顾问", "人和律师事务所", spent)), register(lawyer(**cells)))
        assert found(result, "contract-quantity") == expected


def test_settlement_by_use_that_equals_the_budget_names_its_contracts() -> None:
    contract = lawyer(合同金额=None, 计价方式="单价合同，按实结算", 单价=2, 结算数量=400, 结算金额=800)
    exact = [("2020-05-01", "付款", "顾问", "人和律师事务所", 800), ("2020-06-01", "封面", "顾问", "文具店", 200)]
    result = run(paid(*exact), register(contract))
    assert found(result, "exactly-spent") == [("顾问", 1000.0, 1000.0)]
    assert "合同以外另支付200.00元" in result.findings.set_index("code").loc["exactly-spent", "message"]
    near = [exact[0], ("2020-06-01", "封面", "顾问", "文具店", "199.99")]
    assert found(run(paid(*near), register(contract)), "exactly-spent") == []
    fixed = run(paid(*exact), register(lawyer(合同金额=800)))
    assert "按实际数量" not in fixed.findings.set_index("code").loc["exactly-spent", "message"]
    assert (
        found(run(paid(*exact), register(lawyer(合同金额=1000))), "exactly-spent") == []
    )  # a fixed price of just that


# time ----------------------------------------------------------------------------------------------------------

ENDED = lawyer(合同开始="2019-09-30", 签订日期="2019-09-30", 合同结束="2020-05-29", 付款方式="按月支付")


@pytest.mark.parametrize(
    ("date", "memo", "late"),
    [
        ("2020-05-29", "付款", False),
        ("2020-06-28", "付款", False),  # 30 days after the end
        ("2020-06-29", "付款", True),
        ("2020-06-10", "付5月服务费", False),
        ("2020-06-10", "付6月服务费", True),  # work after the end has no grace
        ("2020-12-01", "退质保金", False),
    ],
)
def test_paid_after_the_end(date: str, memo: str, late: bool) -> None:
    result = run(paid((date, memo, "顾问", "人和律师事务所", 10)), register(ENDED))
    assert found(result, "contract-expired") == ([("法律顾问合同", None, 10.0)] if late else [])


def test_days_of_grace_are_a_setting() -> None:
    settings = Settings(thresholds=Thresholds(contract_grace_days=0))
    ledger = paid(("2020-05-30", "付款", "顾问", "人和律师事务所", 10))
    assert found(run(ledger, register(ENDED), settings=settings), "contract-expired") == [("法律顾问合同", None, 10.0)]
    assert found(run(ledger, register(ENDED)), "contract-expired") == []


def test_paid_before_signing_and_accepted_long_after_the_end() -> None:
    contract = lawyer(签订日期="2020-03-01", 合同开始="2020-03-15", 合同结束="2020-04-30", 验收日期="2020-05-31")
    ledger = paid(
        ("2020-02-29", "付款", "顾问", "人和律师事务所", 10), ("2020-03-01", "预付款", "顾问", "人和律师事务所", 20)
    )
    rows = run(ledger, register(contract)).findings
    rows = rows[rows["code"] == "contract-expired"]
    assert sorted(rows["actual"].fillna(0)) == [0.0, 10.0]
    assert any("晚于期满31天" in m for m in rows["message"])
    on_time = lawyer(签订日期="2020-03-01", 合同结束="2020-04-30", 验收日期="2020-05-30")
    assert (
        found(run(paid(("2020-05-30", "付款", "顾问", "人和律师事务所", 10)), register(on_time)), "contract-expired")
        == []
    )


@pytest.mark.parametrize(
    ("start", "end", "days", "period"),
    [
        ("2019-10-18", "2020-10-17", 75, "2020-10-18至2020-12-31"),
        ("2019-09-30", "2020-05-29", 216, "2020-05-30至2020-12-31"),
        ("2019-01-01", "2020-11-29", 32, "2020-11-30至2020-12-31"),
        ("2018-01-01", "2019-12-31", 366, "2020-01-01至2020-12-31"),
    ],
)
def test_days_without_a_contract_count_both_ends(start: str, end: str, days: int, period: str) -> None:
    contract = lawyer(签订日期=start, 合同开始=start, 合同结束=end, 付款方式="按月支付")
    spent = [(f"2020-{m:02d}-28", f"付2020年{m}月费用", "顾问", "人和律师事务所", 5) for m in range(1, 13)]
    finding = run(paid(*spent), register(contract)).findings.set_index("code").loc["contract-uncovered"]
    assert finding["subject"] == "顾问"
    assert f"全年有{days}天没有合同覆盖：{period}（" in finding["message"]


def test_a_term_to_the_last_day_leaves_no_gap() -> None:
    contract = lawyer(付款方式="按月支付")
    spent = [(f"2020-{m:02d}-28", "付费用", "顾问", "人和律师事务所", 5) for m in range(1, 13)]
    assert outcome(run(paid(*spent), register(contract)), "contract-uncovered")[0] == "passed"


def test_a_year_with_contracts_end_to_end_is_covered() -> None:
    two = register(
        lawyer(合同编号="甲-2020-1", 合同结束="2020-06-30", 付款方式="按月支付"),
        lawyer(合同编号="甲-2020-2", 合同开始="2020-07-01", 供应商="另一家", 付款方式="按月支付"),
    )
    spent = [(f"2020-{m:02d}-28", "付款", "顾问", "人和律师事务所" if m < 7 else "另一家", 5) for m in range(1, 13)]
    result = run(paid(*spent), two)
    assert [found(result, c) for c in ("contract-uncovered", "contract-expired")] == [[], []]
    gap = register(
        lawyer(合同编号="甲-2020-1", 合同结束="2020-06-30", 付款方式="按月支付"),
        lawyer(
            合同编号="甲-2020-2", 合同开始="2020-09-01", 签订日期="2020-09-01", 供应商="另一家", 付款方式="按月支付"
        ),
    )
    message = run(paid(*spent), gap).findings.set_index("code").loc["contract-uncovered", "message"]
    assert "62天没有合同覆盖：2020-07-01至2020-08-31" in message


def test_a_budget_that_is_spent_though_the_contract_ended() -> None:
    contract = lawyer(合同结束="2020-08-31", 付款方式="按月支付", 合同金额=1000)
    spent = paid(("2020-07-01", "付款", "顾问", "人和律师事务所", 1000))
    message = run(spent, register(contract)).findings.set_index("code").loc["contract-uncovered", "message"]
    assert "122天没有合同覆盖：2020-09-01至2020-12-31" in message
    assert found(run(spent, register(contract), through="2020-08"), "contract-uncovered") == []
    some = paid(("2020-07-01", "付款", "顾问", "人和律师事务所", 999))
    assert found(run(some, register(contract)), "contract-uncovered") == []


def test_a_single_delivery_needs_no_contract_afterwards() -> None:
    contract = lawyer(合同结束="2020-04-30", 验收日期="2020-04-13", 付款方式="验收合格后一次性支付", 合同金额=1000)
    ledger = paid(("2020-04-22", "付款", "顾问", "人和律师事务所", 1000), ("2020-08-22", "封面", "顾问", "文具店", 5))
    result = run(ledger, register(contract))
    assert outcome(result, "contract-uncovered")[0] == "not-applicable"


# due and not paid ----------------------------------------------------------------------------------------------

DELIVERED = lawyer(付款方式="验收合格后一次性支付", 验收日期="2020-04-13", 合同结束="2020-04-30", 结算金额=100)


@pytest.mark.parametrize(
    ("contract", "spent", "expected"),
    [
        (DELIVERED, 100, []),
        (DELIVERED, "99.99", [("法律顾问合同", 100.0, 99.99)]),
        ({**DELIVERED, "验收日期": "2020-12-01"}, "1", [("法律顾问合同", 100.0, 1.0)]),  # due 2020-12-31
        ({**DELIVERED, "合同开始": "2019-10-09", "签订日期": "2019-10-09"}, 1, [("法律顾问合同", 100.0, 1.0)]),
        ({**LAWYER, "合同结束": "2020-11-30"}, 60, [("法律顾问合同", 100.0, 60.0)]),
    ],
)
def test_the_settled_amount_is_due_after_acceptance_or_the_end(
    contract: dict[str, Any], spent: object, expected: list[Any]
) -> None:
    result = run(paid(("2020-05-01", "付款", "顾问", "人和律师事务所", spent)), register(contract))
    assert found(result, "contract-unpaid") == expected


@pytest.mark.parametrize(
    "contract",
    [
        {**DELIVERED, "验收日期": "2020-12-02"},  # due 2021-01-01
        {**ENDED, "付款方式": "分期支付：30%、30%、40%"},  # the first instalments may be of last year
        {**LAWYER, "合同金额": None},
        {**LAWYER, "计价方式": "按实结算", "合同结束": "2020-06-30"},  # nothing settled
    ],
)
def test_what_cannot_be_decided_is_said(contract: dict[str, Any]) -> None:
    result = run(paid(("2020-05-01", "付款", "顾问", "人和律师事务所", 1)), register(contract))
    assert outcome(result, "contract-unpaid")[0] == "could-not-run"
    both = run(
        paid(("2020-05-01", "付审合202009号", "顾问", "人和律师事务所", 100)),
        register(contract, {**DELIVERED, "合同编号": "审合〔2020〕09号", "合同名称": "另一合同"}),
    )
    assert outcome(both, "contract-unpaid") == ("passed", "另有1份合同按现有条款判断不了，未检查")


def months_paid(*numbers: int, memo: str = "付2020年{}月费用") -> rc.Ledger:
    return paid(*((f"2020-{min(m + 1, 12):02d}-10", memo.format(m), "顾问", "人和律师事务所", 5) for m in numbers))


MONTHLY = lawyer(付款方式="按月支付上月费用", 合同金额=None)


@pytest.mark.parametrize(
    ("ledger", "missing"),
    [
        (months_paid(*range(1, 12)), ""),  # December is due in January
        (months_paid(*range(1, 8), 9, 10, 11), "2020-08的付款（1期"),
        (months_paid(*range(1, 10)), "2020-10、2020-11的付款（2期"),
        (months_paid(*range(1, 8), memo="付费用"), "2020-09、2020-10、2020-11的付款（3期"),  # nothing after 10 August
        (paid(("2020-05-10", "付款", "印章", "某", 1)), "（11期"),
    ],
)
def test_every_month_that_is_due_is_paid(ledger: rc.Ledger, missing: str) -> None:
    rows = run(ledger, register(MONTHLY)).findings
    messages = rows.loc[rows["code"] == "contract-unpaid", "message"].tolist()
    assert [missing in m for m in messages] == ([True] if missing else [])


def test_half_years_and_quarters() -> None:
    ledger = paid(
        ("2020-07-08", "上半年打印费", "顾问", "人和律师事务所", 5),
        ("2020-12-08", "下半年打印费", "顾问", "人和律师事务所", 5),
    )
    assert outcome(run(ledger, register({**MONTHLY, "付款方式": "每半年一付"})), "contract-unpaid")[0] == "passed"
    rows = run(ledger, register({**MONTHLY, "付款方式": "按季支付"})).findings
    assert "contract-unpaid" not in set(rows["code"])
    first = paid(("2020-04-08", "一季度打印费", "顾问", "人和律师事务所", 5))
    message = run(first, register({**MONTHLY, "付款方式": "按季支付"})).findings.set_index("code")["message"]
    assert "2020-04—2020-06、2020-07—2020-09的付款（2期" in message["contract-unpaid"]


# questions -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"采购方式": "三方询价", "合同名称": "保洁服务合同"}, ["服务类"]),
        ({"采购方式": "三方询价", "合同名称": "打印纸"}, []),
        ({"采购方式": "询价", "合同名称": "打印纸", "合同金额": 500_000}, ["采购限额（500,000.00元）"]),
        ({"采购方式": "询价", "合同名称": "打印纸", "合同金额": "499999.99"}, []),
        ({"采购方式": "竞争性磋商", "合同名称": "大厅", "合同金额": 2_000_000}, ["公开招标数额"]),
        ({"采购方式": "公开招标", "合同名称": "大厅", "合同金额": 9_000_000}, []),
        ({"采购方式": "", "合同名称": "大厅", "合同金额": 600_000}, ["未写采购方式"]),
        ({"采购方式": "", "合同名称": "大厅", "合同金额": 100}, []),
    ],
)
def test_procurement_method_against_amount(cells: dict[str, Any], words: list[str]) -> None:
    result = run(
        paid(("2020-05-01", "付款", "印章", "某", 1)),
        register(lawyer(**cells), lawyer(合同编号="甲-2", 采购方式="公开招标")),
    )
    rows = result.findings[result.findings["code"] == "procurement-method"]
    assert [w in m for w, m in zip(words, rows["message"], strict=True)] == [True] * len(words)
    assert set(rows["severity"]) <= {"info"}


def test_many_contracts_by_inquiry_are_said_once() -> None:
    many = [lawyer(合同编号=f"甲-2020-{i}", 合同名称=f"保洁服务{i}", 采购方式="询价", 合同金额=i) for i in range(1, 12)]
    rows = run(paid(("2020-05-01", "付款", "印章", "某", 1)), register(*many)).findings
    rows = rows[rows["code"] == "procurement-method"]
    assert len(rows) == 1
    assert "11份合同（共66.00元）" in rows["message"].iloc[0]
    assert "保洁服务11、保洁服务10、保洁服务9" in rows["message"].iloc[0]


def test_a_contract_that_is_entered_twice() -> None:
    ledger = paid(("2020-05-01", "付款", "印章", "某", 1))
    assert found(run(ledger, register(LAWYER, LAWYER)), "contract-repeated") == [("法律顾问合同", None, None)]
    assert found(run(ledger, register(LAWYER, lawyer(合同编号="审合〔2020〕09号"))), "contract-repeated") != []
    assert found(run(ledger, register(LAWYER, lawyer(合同名称="法律顾问补充协议"))), "contract-repeated") == []
    assert (
        found(run(ledger, register(LAWYER, lawyer(合同编号="审合〔2020〕09号", 合同金额=90))), "contract-repeated")
        == []
    )


def test_a_contract_whose_project_the_budget_does_not_name() -> None:
    result = run(paid(("2020-05-01", "付款", "印章", "某", 1)), register(lawyer(项目="法律顾问"), lawyer(项目="印 章")))
    finding = result.findings.set_index("code").loc["contract-without-budget"]
    assert (finding["subject"], finding["actual"], finding["severity"]) == ("法律顾问", 100.0, "info")
    assert "顾问" in finding["message"]


def test_an_english_register_and_ledger() -> None:
    ledger = rc.load_ledger(
        pd.DataFrame(
            [
                ["2020-03-01", "1", "fee", "Advice", "Acme Ltd", 70],
                ["2020-09-01", "2", "fee", "Advice", "Acme Limited", 31],
            ],
            columns=["date", "voucher", "memo", "project", "supplier", "amount"],
        )
    )
    contracts = rc.load_contracts(
        pd.DataFrame(
            [["Counsel", "Advice", "ACME Ltd.", "2020-01-01", "2020-06-30", 100]],
            columns=["contract name", "project", "supplier", "start", "end", "price"],
        )
    )
    result = run(ledger, contracts, budget(("项目支出", "Advice", 200)), settings=Settings(language="en"))
    assert found(result, "contract-overpaid") == [("Counsel", 100.0, 101.0)]
    assert found(result, "contract-expired") == [("Counsel", None, 31.0)]
    message = result.findings.set_index("code").loc["contract-uncovered", "message"]
    assert "184 days of the year without a contract: 2020-07-01 to 2020-12-31" in message


def test_a_term_in_one_column() -> None:
    contracts = rc.load_contracts(
        pd.DataFrame([["甲合同", "2020.1.1-2020年6月30日", 5]], columns=["合同名称", "合同期限", "合同金额"])
    )
    assert contracts.lines[["start", "end"]].astype(str).iloc[0].tolist() == ["2020-01-01", "2020-06-30"]


def test_a_clean_register_finds_nothing() -> None:
    contracts = register(
        lawyer(付款方式="按月支付", 合同金额=60),
        lawyer(
            合同编号="审合〔2020〕09号",
            合同名称="印章采购",
            项目="印章",
            供应商="常盛",
            合同结束="2020-03-31",
            验收日期="2020-03-20",
            付款方式="验收合格后一次性支付",
            单价=5,
            数量=10,
            合同金额=50,
            结算数量=10,
            结算金额=50,
            采购方式="公开招标",
        ),
    )
    spent = [(f"2020-{m:02d}-28", f"付{m}月顾问费", "顾问", "人和律师事务所", 5) for m in range(1, 13)]
    result = run(paid(*spent, ("2020-04-10", "印章款", "印章", "常盛", 50)), contracts)
    checks = result.checks.set_index("check").loc[list(RULES)]
    assert checks.index[checks["outcome"] != "passed"].tolist() == []


def test_many_overpaid_contracts_are_listed_and_the_rest_summed() -> None:
    many = [lawyer(合同编号=f"甲-2020-{i:03d}", 合同名称=f"合同{i}", 供应商=f"第{i}律师事务所") for i in range(30)]
    ledger = paid(*(("2020-03-01", "付款", "顾问", f"第{i}律师事务所", 101 + i) for i in range(30)))
    rows = run(ledger, register(*many)).findings
    rows = rows[rows["code"] == "contract-overpaid"]
    assert len(rows) == 21
    assert "另有10份合同超付，合计超55.00元" in rows["message"].iloc[-1]  # 1 + 2 + … + 10

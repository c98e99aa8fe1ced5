"""Cash, and lists of payments beside the journal."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import reconcile as rc
from reconcile.settings import Settings, Thresholds
from tests.small import JOURNAL, budget, journal, pay, sheet

PLAN = budget(("项目支出", "甲", 100_000))


def asked(result: rc.Reconciliation, code: str) -> list[tuple[object, ...]]:
    found = result.findings[result.findings["code"] == code]
    assert set(found["severity"]) <= {"info"}
    return list(found[["subject", "actual", "cell"]].itertuples(index=False, name=None))


def outcome(result: rc.Reconciliation, name: str) -> str:
    return str(result.checks.set_index("check").loc[name, "outcome"])


def in_cash(amount: object) -> list[tuple[object, ...]]:
    head = ("2020-03-02", "记-2", "付零星采购")
    return [
        (*head, "5001", "业务活动费用", "", amount, None),
        (*head, "1001", "库存现金", "", None, amount),
        (*head, "710102", "行政支出/项目支出", "甲", amount, None),
        (*head, "800102", "资金结存_货币资金_库存现金", "", None, amount),
    ]


@pytest.mark.parametrize(("amount", "found"), [("1000.00", []), ("1000.01", [("2020-03 记-2", 1000.01, "G6")])])
def test_cash_above_the_limit(amount: str, found: list[tuple[object, ...]]) -> None:
    ledger = journal(*pay("2020-03-01", "记-1", "甲", 5000), *in_cash(amount))
    assert asked(rc.reconcile(PLAN, ledger), "cash-payment") == found
    high = Settings(thresholds=Thresholds(cash_limit=2000.0))
    assert asked(rc.reconcile(PLAN, ledger, settings=high), "cash-payment") == []
    assert asked(rc.reconcile(PLAN, ledger, through="2020-02"), "cash-payment") == []


def test_cash_that_only_the_memo_tells() -> None:
    rows = [["2020-03-01", "现金支付劳务费", "甲", 3000], ["2020-03-02", "转账支付劳务费", "甲", 3000]]
    ledger = rc.load_ledger(pd.DataFrame(rows, columns=["日期", "摘要", "项目", "金额"]))
    assert asked(rc.reconcile(PLAN, ledger), "cash-payment") == [("2020-03", 3000.0, "D2")]
    silent = rc.load_ledger(pd.DataFrame(rows[1:], columns=["日期", "摘要", "项目", "金额"]))
    assert outcome(rc.reconcile(PLAN, silent), "cash-payment") == "could-not-run"


PAYMENTS = ("支付日期", "收款人", "用途", "支付金额")


def both(
    folder: Path, payments: list[tuple[object, ...]], entries: list[tuple[object, ...]], **options: object
) -> rc.Reconciliation:
    """A payment list and a journal; (date, payee, amount, voucher) an entry."""
    lines = [
        line
        for date, payee, amount, voucher in entries
        for line in (
            (date, voucher, "付款", "710102", "行政支出/项目支出", "甲", amount, None, payee),
            (date, voucher, "付款", "8001", "资金结存", None, None, amount, payee),
        )
    ]
    files = [
        sheet(folder / "序时账.xlsx", [["单位：元"], [*JOURNAL, "收款人"], *lines], "序时账"),
        sheet(folder / "支付.xlsx", [["单位：元"], PAYMENTS, *payments], "支付"),
    ]
    return rc.reconcile(PLAN, rc.load_ledger(files), year=2020, **options)


ENTRIES: list[tuple[object, ...]] = [
    ("2020-03-02", "A", 100, "记-1"),
    ("2020-03-20", "A", 100, "记-2"),
    ("2020-03-21", "B", "77.70", "记-3"),
    ("2020-03-25", "D", 1, "记-5"),
]


def test_payments_that_meet_their_entries_pass_and_are_not_counted_twice(tmp_path: Path) -> None:
    paid = [
        ("2020-03-01", "A", "x", 100),
        ("2020-03-19", "A", "x", 100),
        ("2020-03-31", "B", "x", "77.70"),
        ("2020-03-25", "D", "x", 1),
    ]
    result = both(tmp_path, paid, ENTRIES)
    assert outcome(result, "payments-and-ledger") == "passed"
    assert result.totals["actual"] == 278.7


@pytest.mark.parametrize(
    ("date", "payee", "amount", "meets"),
    [
        ("2020-03-11", "B", "77.70", True),  # 10 days before the entry
        ("2020-03-10", "B", "77.70", False),  # 11 days
        ("2020-03-21", "B", "77.71", False),
        ("2020-03-21", "C", "77.70", False),
        ("2020-03-21", "", "77.70", True),
    ],
)
def test_what_meets(tmp_path: Path, date: str, payee: str, amount: str, meets: bool) -> None:
    paid = [
        ("2020-03-01", "A", "x", 100),
        ("2020-03-19", "A", "x", 100),
        ("2020-03-25", "D", "x", 1),
        (date, payee, "x", amount),
    ]
    result = both(tmp_path, paid, ENTRIES)
    assert asked(result, "paid-not-recorded") == ([] if meets else [("2020-03", float(amount), "D6")])
    assert asked(result, "recorded-not-paid") == ([] if meets else [("2020-03 记-3", 77.7, "G7")])


def test_a_voucher_of_several_lines_meets_one_payment(tmp_path: Path) -> None:
    entries = [*ENTRIES, ("2020-03-22", "E", 10, "记-4"), ("2020-03-22", "F", 20, "记-4")]
    paid = [
        ("2020-03-01", "A", "x", 100),
        ("2020-03-19", "A", "x", 100),
        ("2020-03-21", "B", "x", "77.70"),
        ("2020-03-22", "代发户", "x", 30),
        ("2020-03-25", "D", "x", 1),
    ]
    assert outcome(both(tmp_path, paid, entries), "payments-and-ledger") == "passed"


def test_two_lists_that_count_differently_could_not_be_compared(tmp_path: Path) -> None:
    paid = [(f"2020-03-{d:02d}", f"职工{d}", "工资", d + 0.5) for d in range(1, 20)]
    assert outcome(both(tmp_path, paid, ENTRIES), "payments-and-ledger") == "could-not-run"


def test_no_list_no_comparison() -> None:
    result = rc.reconcile(PLAN, journal(*pay("2020-03-01", "记-1", "甲", 5)))
    assert outcome(result, "payments-and-ledger") == "not-applicable"


def test_a_refund_that_the_ledger_lacks_is_asked_about(tmp_path: Path) -> None:
    paid = [
        ("2020-03-01", "A", "x", 100),
        ("2020-03-19", "A", "x", 100),
        ("2020-03-20", "B", "x", "77.70"),
        ("2020-03-20", "A", "退款", -30),
    ]
    result = both(tmp_path, paid, ENTRIES)
    assert asked(result, "paid-not-recorded") == [("2020-03", -30.0, "D6")]

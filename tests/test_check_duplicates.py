"""Duplicate payments: what is one payment made twice, and what only looks like it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import reconcile as rc
from reconcile.check.memo_text import split
from reconcile.settings import Settings, Thresholds
from tests.small import budget

HEAD = ("日期", "凭证号", "摘要", "项目", "经济分类", "收款人", "金额")
REAL = Path(__file__).parents[2] / "shared" / "real"


def payments(*rows: tuple[object, ...]) -> rc.Ledger:
    """(date, voucher, memo, payee, amount[, project[, class]]) a row."""
    full = [(r[0], r[1], r[2], *(r[5:6] or ("甲",)), *(r[6:7] or ("30227",)), r[3], r[4]) for r in rows]
    return rc.load_ledger(pd.DataFrame(full, columns=HEAD, dtype=object))


def run(*rows: tuple[object, ...], **options: object) -> rc.Reconciliation:
    return rc.reconcile(budget(("项目支出", "甲", 100_000), ("项目支出", "乙", 1000)), payments(*rows), **options)


def twice(*rows: tuple[object, ...], **options: object) -> list[str]:
    found = run(*rows, **options).findings
    return found.loc[found["code"] == "duplicate-payment", "subject"].tolist()


def test_one_payment_made_twice_names_both_vouchers_and_drops_neither() -> None:
    result = run(
        ("2020-03-02", "记-3", "支付印章刻制费", "常盛印章", 826.50),
        ("2020-03-20", "记-9", "支付印章刻制费", "常盛印章", 826.50),
    )
    found = result.findings[result.findings["code"] == "duplicate-payment"]
    assert found[["subject", "severity", "actual", "cell"]].to_numpy().tolist() == [
        ["2020-03 记-9", "warning", 826.5, "G3"]
    ]
    message = found["message"].iloc[0]
    assert "记-3 2020-03-02 支付印章刻制费 [G2]" in message
    assert "记-9 2020-03-20" in message
    assert result.totals["actual"] == 1653.0


@pytest.mark.parametrize(
    ("second", "found"),
    [
        (("2020-05-31", "记-9", "支付印章刻制费", "常盛印章", 826.50), True),  # 30 days after 1 May
        (("2020-06-01", "记-9", "支付印章刻制费", "常盛印章", 826.50), False),  # 31 days
        (("2020-05-01", "记-9", "支付印章刻制费", "常盛印章", 826.50), True),  # the same day
        (("2020-05-09", "记-9", "支付印章刻制费", "常盛印章", 826.51), False),  # 0.01 yuan more
        (("2020-05-09", "记-9", "支付印章刻制费", "长沙印章", 826.50), False),  # another payee
        (("2020-05-09", "记-9", "支付印章刻制费", "常盛印章", 826.50, "乙"), False),  # another project
        (("2020-05-09", "记-9", "支付印章刻制费", "常盛印章", 826.50, "甲", "30201"), False),  # another class
        (("2020-05-09", "记-9", "支付 印章刻制费。", "常盛 印章", 826.50), True),  # other marks only
        (("2020-05-09", "记-9", "印章刻制费补付", "常盛印章", 826.50), True),  # an odd amount, other words
        (("2020-05-09", "记-9", "支付第二期印章刻制费", "常盛印章", 826.50), True),  # only one names an instalment
    ],
)
def test_what_makes_a_duplicate(second: tuple[object, ...], found: bool) -> None:
    first = ("2020-05-01", "记-3", "支付印章刻制费", "常盛印章", 826.50)
    assert twice(first, second) == ([f"{second[0][:7]} 记-9"] if found else [])  # type: ignore[index]


def test_one_fen_is_enough_and_the_days_are_the_offices() -> None:
    rows = [(f"2020-03-{d:02d}", f"记-{d}", "支付手续费", "银行", 0.01) for d in (1, 9)]
    assert twice(*rows) == ["2020-03 记-9"]
    assert twice(*rows, settings=Settings(thresholds=Thresholds(duplicate_days=7))) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("支付5月物业费", "支付6月物业费"),
        ("支付一季度服务费", "支付二季度服务费"),
        ("支付第一期工程款", "支付第二期工程款"),
        ("支付首付款", "支付尾款"),
        ("支付30%服务费", "支付70%服务费"),
        ("采购合同2020-015货款", "采购合同2020-016货款"),
        ("Office Rent - Sept 2017", "Office rent - Oct 2017"),
        ("Suite 1 rent", "Suite 2 rent"),
    ],
)
def test_months_instalments_and_numbers_tell_payments_apart(first: str, second: str) -> None:
    assert twice(("2020-05-01", "记-3", first, "某公司", 3000), ("2020-05-20", "记-9", second, "某公司", 3000)) == []


def test_one_month_paid_twice_though_it_is_one_of_a_series() -> None:
    rows = [(f"2020-{m:02d}-10", "记-1", f"支付{m}月物业费", "物业公司", 5000) for m in range(1, 13)]
    assert twice(*rows) == []
    again = ("2020-06-08", "记-7", "支付5月物业费", "物业公司", 5000)
    assert twice(*rows, again) == ["2020-06 记-7"]


def test_equal_payments_in_regular_turn_are_no_duplicates() -> None:
    monthly = [(f"2020-{m:02d}-{28 if m == 2 else 30}", "记-1", "支付租金", "房东", 5000) for m in range(1, 13)]
    assert twice(*monthly) == []
    weekly = [
        (f"{d:%Y-%m-%d}", f"记-{i}", "支付保洁费", "保洁公司", 800.88)
        for i, d in enumerate(pd.date_range("2020-01-03", "2020-06-30", freq="7D"))
    ]
    assert twice(*weekly) == []
    assert twice(*monthly, ("2020-05-12", "记-8", "支付租金", "房东", 5000)) == ["2020-05 记-1"]


def test_a_payment_that_was_taken_back_does_not_count() -> None:
    assert (
        twice(
            ("2020-05-01", "记-3", "支付印章刻制费", "常盛印章", 826.50),
            ("2020-05-03", "记-5", "冲销记-3号", "常盛印章", -826.50),
            ("2020-05-04", "记-6", "支付印章刻制费", "常盛印章", 826.50),
        )
        == []
    )


def test_a_whole_voucher_that_comes_again_is_one_finding() -> None:
    lines = [("支付劳务费", "某公司", 300.10), ("支付材料费", "某公司", 500.20)]
    result = run(*((f"2020-05-{d:02d}", f"记-{d}", *line) for d in (4, 8) for line in lines))
    found = result.findings[result.findings["code"] == "duplicate-payment"]
    assert found[["subject", "actual"]].to_numpy().tolist() == [["2020-05 记-8", 800.3]]
    assert "可能多付800.30元" in found["message"].iloc[0]


def test_rows_that_repeat_within_a_voucher() -> None:
    result = run(*[("2020-05-04", "CG 3", "Community grant", "Sea Scouts", 588)] * 4)
    found = result.findings[result.findings["code"] == "duplicate-payment"]
    assert found[["subject", "actual"]].to_numpy().tolist() == [["2020-05 CG 3", 588.0]]
    assert "4次支付588.00元，可能多付1,764.00元" in found["message"].iloc[0]


def test_without_a_payee_the_purpose_must_be_the_same_and_say_something() -> None:
    assert twice(
        ("2020-05-01", "记-3", "支付印章刻制费", "", 826.50), ("2020-05-20", "记-9", "支付印章刻制费", "", 826.50)
    ) == ["2020-05 记-9"]
    assert twice(("2020-05-01", "记-3", "付款", "", 826.50), ("2020-05-20", "记-9", "付款", "", 826.50)) == []
    assert twice(("2020-05-01", "记-3", "支付刻章费", "", 82.5), ("2020-05-20", "记-9", "支付印刷费", "", 82.5)) == []


def test_only_the_period_is_looked_at() -> None:
    rows = [
        (f"2020-{m}-10", f"记-{m}", "支付印章刻制费", "常盛印章", a)
        for a, m in ((1, "05"), (1, "06"), (2, "08"), (2, "09"))
    ]
    near = Settings(thresholds=Thresholds(duplicate_days=31))
    assert twice(*rows, settings=near) == ["2020-06 记-06", "2020-09 记-09"]
    assert twice(*rows, settings=near, through="2020-08") == ["2020-06 记-06"]


def test_many_duplicates_are_told_by_their_size() -> None:
    rows = [
        (f"2020-05-{d:02d}", f"记-{k}-{d}", f"支付服务费{k:03d}号合同", f"公司{k}", k)
        for k in range(1, 42)
        for d in (1, 5)
    ]
    found = run(*rows).findings
    double = found[found["code"] == "duplicate-payment"]
    assert len(double) == 21
    assert f"另有21组疑似重复支付，单笔合计{sum(range(1, 22)):.2f}元" in double["message"].iloc[-1]


@pytest.mark.parametrize(
    ("columns", "row", "reason"),
    [
        (("日期", "项目", "金额"), ("2020-05-01", "甲", 5), "没有收款人"),
        (("收款人", "项目", "金额"), ("某公司", "甲", 5), "没有日期"),
    ],
)
def test_what_is_missing_is_said(columns: tuple[str, ...], row: tuple[object, ...], reason: str) -> None:
    ledger = rc.load_ledger(pd.DataFrame([row], columns=columns, dtype=object))
    outcome = rc.reconcile(budget(("项目支出", "甲", 10)), ledger).checks.set_index("check").loc["duplicate-payment"]
    assert outcome["outcome"] == "could-not-run"
    assert reason in outcome["reason"]


@pytest.mark.parametrize(
    ("memo", "parts"),
    [
        ("支付2020年5月物业费", ("支付物业费", "2020年5月", "")),
        ("支付1-3月物业费", ("支付物业费", "1-3月", "")),
        ("支付印章费（第三批）", ("支付印章费", "第三批", "")),
        ("装修工程进度款50%", ("装修工程", "", "50%|进度款")),
        ("报销赴广州考察差旅费", ("报销赴广州考察差旅费", "", "")),
        ("Salary Costs - Nov 17", ("salarycosts", "nov 17", "")),
        ("", ("", "", "")),
    ],
)
def test_a_memo_is_read(memo: str, parts: tuple[str, str, str]) -> None:
    assert split(memo) == parts


@pytest.mark.skipif(not REAL.is_dir(), reason="the folder of real files is not beside this checkout")
def test_repeated_grants_of_a_real_list_are_reported_and_kept() -> None:
    ledger = rc.load_ledger(REAL / "sutton_payments_2017_18.ods")
    result = rc.reconcile(budget(("项目支出", "甲", 1), year=2017), ledger, year=2017)
    found = result.findings[result.findings["code"] == "duplicate-payment"]
    assert "2017-05 CG 17" in set(found["subject"])
    assert not found["message"].str.contains("Rent").any()
    assert round(result.ledger.entries["amount"].sum(), 2) == 909_737.63

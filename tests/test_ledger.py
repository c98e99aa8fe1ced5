from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import reconcile as rc
from tests.small import journal, pay, sheet


def test_only_budgetary_spending_counts_and_closing_does_not() -> None:
    ledger = journal(
        ("2020-03-01", "记-1", "付印章款", "5001", "业务活动费用", "印章", "1,000.00", None),
        ("2020-03-01", "记-1", "付印章款", "1011", "零余额账户用款额度", None, None, "1,000.00"),
        ("2020-03-01", "记-1", "付印章款", "710102", "行政支出/项目支出", "印章", "1,000.00", None),
        ("2020-03-01", "记-1", "付印章款", "8001", "资金结存", None, None, "1,000.00"),
        ("2020-03-09", "记-2", "红字冲销3月记-1", "710102", "行政支出/项目支出", "印章", "-200.00", None),
        ("2020-03-09", "记-2", "红字冲销3月记-1", "8001", "资金结存", None, None, "-200.00"),
        ("2020-12-31", "记-9", "年末结转", "8101", "财政拨款结转", None, "800.00", None),
        ("2020-12-31", "记-9", "年末结转", "710102", "行政支出/项目支出", "印章", None, "800.00"),
    )
    entries = ledger.entries
    assert entries["role"].tolist() == ["other", "other", "spending", "other", "spending", "other", "other", "closing"]
    assert entries["amount"].tolist() == [0, 0, 1000.0, 0, -200.0, 0, 0, 0]
    assert entries.loc[entries["role"] == "spending", "category"].tolist() == ["project", "project"]


def test_closing_is_told_by_memo_where_only_spending_accounts_were_exported() -> None:
    ledger = journal(
        ("2020-03-01", "记-1", "付印章款", "7201", "事业支出", "印章", 100, None),
        ("2020-12-30", "记-8", "结转工会经费拨款", "7201", "事业支出", "印章", 7, None),
        ("2020-12-31", "记-9", "年末结转本年收支", "7201", "事业支出", "印章", None, 107),
    )
    assert ledger.entries["role"].tolist() == ["spending", "spending", "closing"]


def test_every_row_is_spending_where_there_is_no_government_chart() -> None:
    ledger = rc.load_ledger(pd.DataFrame({"date": ["2020-01-02"], "project": ["A"], "amount": [12.5]}))
    assert ledger.entries[["role", "amount"]].to_numpy().tolist() == [["spending", 12.5]]
    foreign = rc.load_ledger(pd.DataFrame({"Account Code": ["51001"], "Amount": ["1,200.50"], "Project": ["A"]}))
    assert foreign.entries[["role", "amount"]].to_numpy().tolist() == [["spending", 1200.5]]


def test_a_chart_without_spending_accounts_has_no_spending() -> None:
    ledger = journal(
        ("2020-03-01", "记-1", "付款", "5001", "业务活动费用", "印章", 10, None),
        ("2020-03-01", "记-1", "付款", "1011", "零余额账户用款额度", None, None, 10),
    )
    assert set(ledger.entries["role"]) == {"other"}


@pytest.mark.parametrize(
    ("direction", "debit", "credit"),
    [("借", 5.0, 0.0), ("贷", 0.0, 5.0), ("1", 5.0, 0.0), (0, 0.0, 5.0), ("D", 5.0, 0.0), ("C", 0.0, 5.0)],
)
def test_one_amount_column_with_a_direction(direction: object, debit: float, credit: float) -> None:
    frame = pd.DataFrame(
        [["2020-01-02", "记-1", "7201", direction, 5]], columns=["日期", "凭证号数", "科目编码", "方向", "金额"]
    )
    entry = rc.load_ledger(frame).entries.iloc[0]
    assert (entry["debit"], entry["credit"]) == (debit, credit)


def test_date_and_voucher_fill_down_a_voucher() -> None:
    ledger = journal(
        ("2020-03-01", "记-1", "付款", "7201", "事业支出", "甲", 10, None),
        (None, None, "付款", "8001", "资金结存", None, None, 10),
        ("2020-03-02", "记-2", "付款", "7201", "事业支出", "乙", 5, None),
        (None, None, "付款", "8001", "资金结存", None, None, 5),
    )
    assert ledger.entries["voucher"].tolist() == ["记-1", "记-1", "记-2", "记-2"]
    assert ledger.entries["date"].dt.day.tolist() == [1, 1, 2, 2]


def test_year_month_and_day_columns_make_dates() -> None:
    frame = pd.DataFrame(
        [[2020, 1, 5, "记-1", 10], [None, None, 6, "记-2", 10], [None, 2, 1, "记-1", 10]],
        columns=["年", "月", "日", "凭证号数", "借方"],
    )
    assert rc.load_ledger(frame).entries["date"].dt.strftime("%F").tolist() == [
        "2020-01-05",
        "2020-01-06",
        "2020-02-01",
    ]


def test_totals_openings_and_footers_are_no_entries() -> None:
    rows = [
        (None, None, "期初余额", None, None, None, 99, None),
        *pay("2020-01-05", "记-1", "甲", 10),
        (None, None, "本 月 合 计", None, None, None, 10, 10),
        (None, None, "本年累计", None, None, None, 10, 10),
        (None, None, None, None, None, None, None, None),
        (None, "合计", None, None, None, None, 10, 10),
        ("制表人：甲", None, None, None, None, None, None, None),
    ]
    ledger = journal(*rows)
    assert len(ledger.entries) == 2
    roles = ledger.reading.rows.set_index("role")["rows"].to_dict()
    assert roles == {"header": 1, "data": 2, "opening": 1, "period": 2, "blank": 1, "total": 1, "footer": 1}
    assert (ledger.stated["stated"] == ledger.stated["items"]).all()


def test_an_unreadable_amount_is_refused_with_its_cell_never_zero() -> None:
    ledger = journal(
        *pay("2020-01-05", "记-1", "甲", 10), ("2020-01-06", "记-2", "付款", "710102", "项目支出", "甲", "壹拾", None)
    )
    assert len(ledger.entries) == 2
    assert ledger.findings[["code", "cell"]].to_numpy().tolist() == [["unreadable-amount", "G4"]]
    assert ledger.reading.rows.set_index("role")["rows"]["refused"] == 1


def test_the_contracts_columns_are_there(example: rc.Reconciliation) -> None:
    wanted = {
        "date",
        "voucher",
        "memo",
        "account_code",
        "account",
        "category",
        "project_code",
        "project",
        "economic_code",
        "payee",
        "debit",
        "credit",
        "role",
        "amount",
        "file",
        "sheet",
        "row",
    }
    assert wanted <= set(example.ledger.entries.columns)


def test_a_refund_of_last_years_money_is_no_closing() -> None:
    ledger = journal(
        ("2020-03-01", "记-1", "付办案费", "7201", "事业支出", "甲", 500, None),
        ("2020-04-01", "记-2", "退回上年结转办案费多付款", "7201", "事业支出", "甲", None, 100),
        ("2020-12-31", "记-9", "结转财政拨款支出", "7201", "事业支出", "甲", None, 400),
    )
    assert ledger.entries[["role", "amount"]].to_numpy().tolist() == [
        ["spending", 500.0],
        ["spending", -100.0],
        ["closing", 0.0],
    ]


def test_words_in_an_entry_do_not_take_it_away() -> None:
    frame = pd.DataFrame(
        [("2020-01-02", "期初", "累计", 100), ("2020-01-03", "A", "合计", 7)], columns=["日期", "项目", "用途", "金额"]
    )
    assert rc.load_ledger(frame).entries["amount"].tolist() == [100.0, 7.0]


def test_a_trial_balance_beside_the_journal_is_not_counted_again(tmp_path: Path) -> None:
    head = ["日期", "凭证号", "摘要", "科目编码", "科目名称", "项目", "借方金额", "贷方金额"]
    book = sheet(
        tmp_path / "序时账.xlsx", [head, *pay("2020-01-05", "记-1", "甲", 60), *pay("2020-02-05", "记-2", "甲", 30)]
    )
    trial = [
        [
            "科目编码",
            "科目名称",
            "期初余额借方",
            "期初余额贷方",
            "本期借方",
            "本期贷方",
            "期末余额借方",
            "期末余额贷方",
        ],
        ["710102", "项目支出", None, None, 90, None, 90, None],
        ["8001", "资金结存", None, None, None, 90, None, 90],
    ]
    balances = sheet(tmp_path / "余额表.xlsx", trial)
    both = rc.load_ledger([book, balances], unit="元")
    assert both.entries["amount"].sum() == 90.0
    assert both.findings[["code", "severity", "file"]].to_numpy().tolist() == [
        ["repeated-table", "info", "余额表.xlsx"]
    ]
    assert rc.load_ledger(balances, unit="元").entries["amount"].sum() == 90.0
    one = openpyxl.load_workbook(book)
    page = one.create_sheet("余额表")
    for row in trial:
        page.append(row)
    one.save(tmp_path / "一本.xlsx")
    assert rc.load_ledger(tmp_path / "一本.xlsx").entries["amount"].sum() == 90.0


def test_a_ledger_of_financial_accounts_only_has_no_spending_and_says_so() -> None:
    ledger = journal(
        ("2020-01-05", "记-1", "付款", "5001", "业务活动费用", "甲", 60, None),
        ("2020-01-05", "记-1", "付款", "1011", "零余额账户用款额度", None, None, 60),
    )
    [finding] = [f for f in ledger.problems if f.code == "truncated-export"]
    assert finding.level == "error"
    assert "没有预算会计的支出科目（7101、7201 等），只见 1011、5001" in finding.message()


@pytest.mark.parametrize(
    ("days", "asked"),
    [
        (["01/02/2020", "05/01/2020", "03/04/2020"], ["01/02/2020"]),  # 1 February or 2 January: no row tells
        (["02/01/2020", "13/02/2020", "01/03/2020"], []),  # there is no month 13
        (["02/13/2020", "01/05/2020"], []),
        (["03/02/2020", "01/03/2020", "05/04/2020"], []),  # rises only with the day first
        (["2020-01-02", "2020-02-01"], []),
        (["02/02/2020", "03/03/2020"], []),  # both readings are the same
    ],
)
def test_dates_that_read_two_ways_are_asked_about(days: list[str], asked: list[str]) -> None:
    rows = [[day, "记-1", "付款", "甲", 100] for day in days]
    frame = pd.DataFrame(rows, columns=["日期", "凭证号", "摘要", "项目", "金额"], dtype=object)
    found = rc.load_ledger(frame).findings
    messages = found.loc[found["code"] == "ambiguous-date", "message"].tolist()
    assert len(messages) == len(asked)
    assert all(day in message for day, message in zip(asked, messages, strict=True))

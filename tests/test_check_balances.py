"""Trial balances: row by row, against the journal beside them, funds against carryover, and what stays open."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import reconcile as rc
from tests.small import JOURNAL, budget, pay, sheet

TRIAL = ("科目编码", "科目名称", "期初借方", "期初贷方", "本期借方", "本期贷方", "期末借方", "期末贷方")
PLAN = budget(("项目支出", "甲", 1000))
PAID = [*pay("2020-01-05", "记-1", "甲", 60), *pay("2020-02-05", "记-1", "甲", "30.10")]
TIED = [
    ("710102", "项目支出", None, None, "90.10", None, "90.10", None),
    ("8001", "资金结存", "100", None, None, "90.10", "9.90", None),
]


def run(
    folder: Path, trial: list[tuple[object, ...]], journal: list[tuple[object, ...]] = PAID, **options: object
) -> rc.Reconciliation:
    files = [sheet(folder / "余额表.xlsx", [["单位：元"], TRIAL, *trial], "余额")]
    if journal:
        files.insert(0, sheet(folder / "序时账.xlsx", [["单位：元"], JOURNAL, *journal], "序时账"))
    return rc.reconcile(PLAN, rc.load_ledger(files), year=2020, **options)


def breaks(result: rc.Reconciliation) -> list[tuple[object, ...]]:
    found = result.findings[result.findings["code"] == "balance-break"]
    return list(found[["severity", "cell", "expected", "actual"]].itertuples(index=False, name=None))


def outcome(result: rc.Reconciliation, name: str) -> str:
    return str(result.checks.set_index("check").loc[name, "outcome"])


def test_a_journal_that_adds_to_its_trial_balance_passes_and_is_counted_once(tmp_path: Path) -> None:
    result = run(tmp_path, TIED)
    assert breaks(result) == []
    assert outcome(result, "journal-and-balances") == "passed"
    assert outcome(result, "trial-balance") == "passed"
    assert result.totals["actual"] == 90.1


def test_a_movement_that_the_journal_lacks_is_found_to_the_fen(tmp_path: Path) -> None:
    trial = [TIED[0], ("8001", "资金结存", "100", None, None, "90.11", "9.89", None)]
    result = run(tmp_path, trial)
    assert breaks(result) == [("error", "F4", 90.1, 90.11)]
    assert "8001 资金结存 贷方发生额列示90.11元，序时账合计90.10元" in str(result.findings["message"].tolist())
    assert outcome(result, "journal-and-balances") == "found"


def test_an_account_that_the_whole_journal_lacks_is_missing_from_it(tmp_path: Path) -> None:
    trial = [*TIED, ("6001", "财政拨款预算收入", None, None, None, "5", None, "5")]
    assert breaks(run(tmp_path, trial))[0] == ("error", "F5", 0.0, 5.0)


def test_only_spending_accounts_in_the_journal_are_held_against_their_own(tmp_path: Path) -> None:
    assert breaks(run(tmp_path, TIED, [line for line in PAID if line[3] == "710102"])) == []


@pytest.mark.parametrize(
    "trial",
    [
        [("7101", "行政支出", None, None, "90.10", None, "90.10", None), TIED[1]],  # the trial balance is coarser
        [
            ("71010201", "甲", None, None, "60", None, "60", None),
            ("71010202", "乙", None, None, "30.10", None, "30.10", None),
            TIED[1],
        ],
    ],
)
def test_codes_meet_on_the_level_that_both_have(tmp_path: Path, trial: list[tuple[object, ...]]) -> None:
    result = run(tmp_path, trial)
    assert breaks(result) == []
    assert outcome(result, "journal-and-balances") == "passed"


def test_closing_vouchers_may_be_in_either(tmp_path: Path) -> None:
    closing = [
        ("2020-12-31", "记-9", "年末结转", "8101", "财政拨款结转", None, "90.10", None),
        ("2020-12-31", "记-9", "年末结转", "710102", "行政支出/项目支出", "甲", None, "90.10"),
    ]
    assert breaks(run(tmp_path, TIED, [*PAID, *closing])) == []


def test_a_trial_balance_of_one_month_meets_that_month(tmp_path: Path) -> None:
    trial = [
        ("710102", "项目支出", "60", None, "30.10", None, "90.10", None),
        ("8001", "资金结存", "40", None, None, "30.10", "9.90", None),
    ]
    result = run(tmp_path, trial)
    assert breaks(result) == []
    assert outcome(result, "journal-and-balances") == "passed"


def test_red_entries_printed_on_the_other_side_are_a_note(tmp_path: Path) -> None:
    red = [
        ("2020-03-01", "记-1", "冲销1月记-1", "710102", "行政支出/项目支出", "甲", -60, None),
        ("2020-03-01", "记-1", "冲销", "8001", "资金结存", None, None, -60),
    ]
    trial = [
        ("710102", "项目支出", None, None, "90.10", "60", "30.10", None),
        ("8001", "资金结存", "100", None, None, "30.10", "69.90", None),
    ]
    assert breaks(run(tmp_path, trial, [*PAID, *red])) == [("info", "E3", 30.1, 90.1), ("info", "F3", 0.0, 60.0)]


def test_another_periods_trial_balance_is_one_finding(tmp_path: Path) -> None:
    journal = [line for k in range(5) for line in pay("2020-01-05", f"记-{k}", "甲", 10 + k, code=f"7101{k:02d}")]
    trial = [(f"7101{k:02d}", f"款{k}", None, None, 7 + k, None, 7 + k, None) for k in range(5)]
    assert [b[0] for b in breaks(run(tmp_path, trial, journal))] == ["warning"]


def test_rows_that_do_not_add_up_name_their_closing_balance(tmp_path: Path) -> None:
    trial = [
        TIED[0],
        ("8001", "资金结存", "100", None, None, "90.10", "9.91", None),
        ("1218", "其他应收款", "5", None, None, None, "5", None),
    ]
    result = run(tmp_path, trial)
    assert breaks(result) == [("error", "G4", 9.9, 9.91)]
    assert outcome(result, "trial-balance") == "found"


def test_balances_that_are_not_meant_so_could_not_be_checked(tmp_path: Path) -> None:
    trial = [(f"7101{k:02d}", f"款{k}", None, None, 7, None, 99, None) for k in range(5)]
    assert outcome(run(tmp_path, trial, []), "trial-balance") == "could-not-run"


@pytest.mark.parametrize(("carried", "found"), [("9.90", []), ("9.89", [("error", "G3", 9.89, 9.9)])])
def test_funds_equal_what_is_carried_over(tmp_path: Path, carried: str, found: list[tuple[object, ...]]) -> None:
    trial = [
        ("8001", "资金结存", "100", None, None, "90.10", "9.90", None),
        ("8101", "财政拨款结转", None, "100", str(100 - float(carried)), None, None, carried),
    ]
    result = run(tmp_path, trial, [])
    assert breaks(result) == found
    assert outcome(result, "budget-balances") == ("found" if found else "passed")


def test_funds_are_not_compared_where_some_accounts_were_left_out(tmp_path: Path) -> None:
    trial = [
        ("8001", "资金结存", "100", None, None, "90.10", "9.90", None),
        ("8101", "财政拨款结转", None, "60", "50.10", None, None, "9.90"),
    ]
    assert outcome(run(tmp_path, trial, []), "budget-balances") == "not-applicable"


def test_open_items_of_the_years_beginning_are_asked_about(tmp_path: Path) -> None:
    trial = [
        *TIED,
        ("1218", "其他应收款_张三", "50", None, "10", "30", "30", None),
        ("2307", "其他应付款_李四", None, "80", "80", "5", None, "5"),
        ("2307", "其他应付款_王五", None, "8", None, None, None, "8"),
    ]
    result = run(tmp_path, trial)
    asked = result.findings[result.findings["code"] == "aged-balance"]
    assert asked[["subject", "severity", "actual", "cell"]].to_numpy().tolist() == [
        ["1218 其他应收款_张三", "info", 20.0, "C5"],
        ["2307 其他应付款_王五", "info", 8.0, "D7"],
    ]


def test_without_a_trial_balance_nothing_applies() -> None:
    ledger = rc.load_ledger(pd.DataFrame(PAID, columns=JOURNAL, dtype=object))
    result = rc.reconcile(PLAN, ledger)
    names = ("trial-balance", "budget-balances", "journal-and-balances", "aged-balance")
    assert {outcome(result, n) for n in names} == {"not-applicable"}


@pytest.mark.parametrize(("balance", "codes"), [(550, []), (560, ["balance-break"])])
def test_receipts_move_the_balance_of_a_cash_book(balance: int, codes: list[str], tmp_path: Path) -> None:
    rows = [["现金日记账 2020年"], ["单位：元"], ["日期", "摘要", "收入", "支出", "余额"]]
    rows += [["2020-01-05", "拨款", 600, None, 600], ["2020-01-08", "买纸", None, 20, 580]]
    rows += [["2020-01-09", "买笔", None, 30, balance]]
    ledger = rc.load_ledger(sheet(tmp_path / "账.xlsx", rows))
    assert ledger.entries["amount"].sum() == 50
    assert ledger.findings["code"].tolist() == codes

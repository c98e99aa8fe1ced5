"""Voucher rules: what is missing, what is given twice, what does not balance, and when none of it can be told."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import reconcile as rc
from reconcile.check import numbering
from reconcile.check.numbering import split
from tests.small import budget, journal, pay, sheet

PLAN = budget(("项目支出", "甲", 1000))


def check(ledger: rc.Ledger, name: str, **options: object) -> pd.Series:
    return rc.reconcile(PLAN, ledger, year=2020, **options).checks.set_index("check").loc[name]


def gaps(ledger: rc.Ledger, **options: object) -> list[str]:
    found = rc.reconcile(PLAN, ledger, year=2020, **options).findings
    return found.loc[found["code"] == "voucher-gap", "subject"].tolist()


def vouchers(*dated: tuple[str, str]) -> rc.Ledger:
    """A balanced journal of one payment a voucher."""
    return journal(*[line for i, (date, number) in enumerate(dated) for line in pay(date, number, "甲", i + 1)])


@pytest.mark.parametrize(
    ("voucher", "parts"),
    [
        ("记-0007", ("记-", 7, 4, "")),
        ("记字第12号", ("记字第", 12, 2, "号")),
        ("收３", ("收", 3, 1, "")),
        ("20200300005", ("202003", 5, 5, "")),
        ("2020-03-记-5", ("2020-03-记-", 5, 1, "")),
        ("记-0012 1/2", ("记-", 12, 4, "")),
        ("CG", ("CG", -1, 0, "")),
        ("43010020200000123456789", ("43010020200000123456789", -1, 0, "")),
        ("", ("", -1, 0, "")),
    ],
)
def test_a_number_is_told_from_its_word(voucher: str, parts: tuple[str, int, int, str]) -> None:
    assert split(voucher) == parts


def test_numbers_that_begin_anew_each_month() -> None:
    ledger = vouchers(
        ("2020-01-05", "记-0001"),
        ("2020-01-06", "记-0002"),
        ("2020-01-07", "记-0003"),
        ("2020-02-05", "记-0001"),
        ("2020-02-06", "记-0003"),
        ("2020-02-07", "记-0006"),
        ("2020-03-05", "记-0001"),
    )
    assert gaps(ledger) == ["2020-02 记-0002", "2020-02 记-0004"]
    found = rc.reconcile(PLAN, ledger).findings.set_index("subject")
    assert found.loc["2020-02 记-0002", "cell"] == "B10"  # where 记-0003 of February begins
    assert "记-0004 至 记-0005（2个）" in found.loc["2020-02 记-0004", "message"]
    assert gaps(ledger, through="2020-01") == []


def test_numbers_that_run_on_through_the_year() -> None:
    whole = [("2020-01-05", "1"), ("2020-02-05", "2"), ("2020-02-06", "3"), ("2020-03-05", "4"), ("2020-04-01", "5")]
    assert gaps(vouchers(*whole)) == []
    assert gaps(vouchers(*whole[:2], *whole[3:])) == ["2020-02 3"]


def test_the_first_number_of_a_month_may_be_missing_but_a_file_may_begin_in_the_middle() -> None:
    assert gaps(vouchers(("2020-01-05", "记-2"), ("2020-01-06", "记-3"))) == ["2020-01 记-1"]
    assert gaps(vouchers(("2020-07-05", "记-212"), ("2020-07-06", "记-213"))) == []


def test_each_word_has_its_own_numbers() -> None:
    ledger = vouchers(
        ("2020-01-05", "收-1"),
        ("2020-01-05", "付-1"),
        ("2020-01-06", "付-2"),
        ("2020-01-07", "付-4"),
        ("2020-01-07", "转-1"),
    )
    assert gaps(ledger) == ["2020-01 付-3"]


def test_each_account_set_has_its_own_numbers_and_months_may_be_files(tmp_path: object) -> None:
    header = ("日期", "凭证号", "摘要", "科目编码", "科目名称", "项目", "借方金额", "贷方金额")

    def book(name: str, *dated: tuple[str, str]) -> object:
        lines = [line for i, (d, n) in enumerate(dated) for line in pay(d, n, "甲", i + 1, memo=f"{name}{i}")]
        return sheet(tmp_path / name, [header, *lines])  # type: ignore[operator]

    office = [("2020-01-02", "记-1"), ("2020-01-03", "记-2"), ("2020-01-06", "记-3"), ("2020-01-07", "记-4")]
    centre = [("2020-01-08", "记-1"), ("2020-01-09", "记-3"), ("2020-01-10", "记-4")]
    found = rc.reconcile(PLAN, rc.load_ledger([book("a.xlsx", *office), book("b.xlsx", *centre)])).findings
    gap = found[found["code"] == "voucher-gap"]
    assert gap[["subject", "file"]].to_numpy().tolist() == [["2020-01 记-2", "b.xlsx"]]
    months = [book("1.xlsx", ("2020-01-02", "1"), ("2020-01-03", "2")), book("2.xlsx", ("2020-02-02", "3"))]
    assert gaps(rc.load_ledger(months)) == []


def test_a_number_given_twice() -> None:
    ledger = vouchers(("2020-01-05", "记-1"), ("2020-01-06", "记-2"), ("2020-01-09", "记-2"), ("2020-01-10", "记-3"))
    found = rc.reconcile(PLAN, ledger).findings
    twice = found[found["code"] == "voucher-gap"]
    assert twice["subject"].tolist() == ["2020-01 记-2"]
    assert "2020-01-06、2020-01-09" in twice["message"].iloc[0]
    assert twice["cell"].tolist() == ["B6"]


def test_lines_of_one_voucher_on_two_dates_are_not_two_vouchers() -> None:
    one = journal(
        ("2020-01-05", "记-1", "付款", "710102", "项目支出", "甲", 10, None),
        ("2020-01-06", "记-1", "付款", "8001", "资金结存", None, None, 10),
        *pay("2020-01-07", "记-2", "甲", 5),
    )
    assert gaps(one) == []


def test_many_numbers_on_several_dates_say_that_dates_are_of_the_lines() -> None:
    dated = [(f"2020-01-{d:02d}", f"记-{d // 2}") for d in range(2, 30)]
    assert gaps(vouchers(*dated)) == []


def test_a_filtered_export_has_no_thousand_gaps() -> None:
    rows = [
        (f"2020-{m:02d}-{k % 27 + 1:02d}", f"记-{k:04d}", "付款", "710102", "行政支出/项目支出", "甲", k, None)
        for m in range(1, 13)
        for k in range(1, 60, 3)
    ]
    outcome = check(journal(*rows), "voucher-gap")
    assert outcome["outcome"] == "could-not-run"
    assert "筛选" in outcome["reason"]


def test_a_whole_journal_with_many_gaps_names_the_first_and_adds_up_the_rest() -> None:
    rows = [line for k in range(1, 120, 2) for line in pay("2020-01-05", f"记-{k:04d}", "甲", k)]
    rows += [line for k in range(120, 200) for line in pay("2020-01-05", f"记-{k:04d}", "甲", k)]
    found = rc.reconcile(PLAN, journal(*rows)).findings
    gap = found[found["code"] == "voucher-gap"]
    assert len(gap) == 21
    assert "另有39处" in gap["message"].iloc[-1]
    assert gap["key"].is_unique


@pytest.mark.parametrize(
    ("columns", "row", "reason"),
    [
        (("日期", "摘要", "项目", "金额"), ("2020-01-05", "付款", "甲", 1), "缺少凭证号"),
        (("凭证号", "摘要", "项目", "金额"), ("记-1", "付款", "甲", 1), "没有日期"),
        (("日期", "凭证号", "项目", "金额"), ("2020-01-05", "CG", "甲", 1), "没有号码"),
    ],
)
def test_what_is_missing_is_said(columns: tuple[str, ...], row: tuple[object, ...], reason: str) -> None:
    outcome = check(rc.load_ledger(pd.DataFrame([row], columns=columns, dtype=object)), "voucher-gap")
    assert outcome["outcome"] == "could-not-run"
    assert reason in outcome["reason"]


def test_english_numbers() -> None:
    frame = pd.DataFrame(
        [[f"2020-01-{k:02d}", f"JV{k:03d}", "rent", "甲", 5, 5] for k in (1, 2, 4, 5)],
        columns=["Date", "Voucher No", "Memo", "Project", "Debit", "Credit"],
    )
    result = rc.reconcile(PLAN, rc.load_ledger(frame), settings=rc.Settings(language="en"))
    gap = result.findings.set_index("code").loc["voucher-gap"]
    assert gap["subject"] == "2020-01 JV003"
    assert gap["message"].startswith("Voucher numbers missing: JV003, before 2020-01-04 JV004")


def test_many_unbalanced_vouchers_are_told_by_their_size() -> None:
    rows = []
    for k in range(1, 41):
        rows += pay("2020-01-05", f"记-{k}", "甲", 100)
        rows[-1] = (*rows[-1][:-1], 100 - k)
    found = rc.reconcile(PLAN, journal(*rows)).findings
    wrong = found[found["code"] == "unbalanced-voucher"]
    assert len(wrong) == 21
    assert "2020-01 记-40" in set(wrong["subject"])
    assert "另有20张" in wrong["message"].iloc[-1]
    assert f"{sum(range(1, 21)):.2f}元" in wrong["message"].iloc[-1]


def test_a_journal_without_accounts_is_held_to_its_balance_where_most_vouchers_have_one() -> None:
    frame = pd.DataFrame(
        [
            [f"2020-01-{k:02d}", f"JV{k}", "rent", "甲", debit, credit]
            for k in range(1, 5)
            for debit, credit in ((10, None), (None, 10 if k != 3 else "9.99"))
        ],
        columns=["Date", "Voucher No", "Memo", "Project", "Debit", "Credit"],
        dtype=object,
    )
    found = rc.reconcile(PLAN, rc.load_ledger(frame)).findings
    wrong = found[found["code"] == "unbalanced-voucher"]
    assert wrong[["subject", "difference"]].to_numpy().tolist() == [["2020-01 JV3", -0.01]]


def test_vouchers_after_the_last_month_are_not_looked_at() -> None:
    rows = [*pay("2020-01-05", "记-1", "甲", 10), *pay("2020-03-05", "记-1", "甲", 10)[:1]]
    assert check(journal(*rows), "unbalanced-voucher")["outcome"] == "found"
    assert check(journal(*rows), "unbalanced-voucher", through="2020-02")["outcome"] == "passed"


def test_a_detail_ledger_beside_its_journal_counts_twice_and_says_so(tmp_path: Path) -> None:
    head = ("日期", "凭证号", "摘要", "科目编码", "科目名称", "项目", "借方金额", "贷方金额")
    paid = [line for k in range(1, 6) for line in pay(f"2020-01-{k:02d}", f"记-{k}", "甲", 10 + k)]
    detail = [(d, n.removeprefix("记-"), "另一摘要", c, "甲", a) for d, n, _, c, _, _, a, _ in paid if c == "710102"]
    journal_file = sheet(tmp_path / "序时账.xlsx", [["单位：元"], head, *paid], "序时账")
    columns = ("日期", "凭证号", "摘要", "科目编码", "项目", "借方")
    detail_file = sheet(tmp_path / "明细账.xlsx", [["单位：元"], columns, *detail], "明细账")
    result = rc.reconcile(PLAN, rc.load_ledger([journal_file, detail_file]), year=2020)
    found = result.findings[result.findings["code"] == "repeated-table"]
    assert found[["severity", "file", "actual"]].to_numpy().tolist() == [["error", "明细账.xlsx", 65.0]]
    assert "unbalanced-voucher" not in set(result.findings["code"])  # a detail ledger has one side only
    other = sheet(tmp_path / "明细账.xlsx", [["单位：元"], columns, *((*r[:5], r[5] + 1) for r in detail)], "明细账")
    again = rc.reconcile(PLAN, rc.load_ledger([journal_file, other]), year=2020)
    assert again.checks.set_index("check").loc["repeated-vouchers", "outcome"] == "passed"


def test_many_vouchers_are_taken_apart_as_each_would_be_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    written = [
        "记-0007",
        "记字第12号",
        "202003-0005",
        "CG",
        "",
        "记-1/2",
        " 7 ",
        "记\n8",
        "０１２",
        "1234567",
        "99999999999",
        "付 3",
    ]
    monkeypatch.setattr(numbering, "AT_ONCE", 5)
    found = numbering.splits(written)
    parts = zip(found.word, found.number.tolist(), found.width.tolist(), found.tail, strict=True)
    assert list(parts) == [split(v.replace("\n", " ")) for v in written]
    assert len(numbering.splits([]).number) == 0

"""January's key is March's key: files grow, rows move, the period goes on, the language changes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

import reconcile as rc
from reconcile.settings import Settings
from tests.small import budget, journal, pay, sheet

PLAN = budget(("项目支出", "印章", 1_000), ("基本支出", "公用经费", 100))
HEAD = [["单位：元"], ["日期", "凭证号", "摘要", "科目编码", "科目名称", "项目", "借方金额", "贷方金额"]]


def keys(result: rc.Reconciliation, code: str) -> list[str]:
    return result.findings.query("code == @code")["key"].tolist()


def test_an_unreadable_cell_is_known_again_when_its_row_has_moved(tmp_path: Path) -> None:
    bad = ("2020-01-05", "记-1", "付款", "710102", "行政支出/项目支出", "印章", "待定", None)
    also = ("2020-01-06", "记-2", "付款", "710102", "行政支出/项目支出", "印章", "待定", None)
    good = pay("2020-01-02", "记-0", "印章", 5)
    january = sheet(tmp_path / "账.xlsx", [*HEAD, bad, *good])
    before = keys(rc.reconcile(PLAN, rc.load_ledger(january)), "unreadable-amount")
    assert len(before) == 1
    march = sheet(tmp_path / "账.xlsx", [*HEAD, *good, also, bad, *pay("2020-03-02", "记-1", "印章", 7)])
    after = keys(rc.reconcile(PLAN, rc.load_ledger(march)), "unreadable-amount")
    assert after[1:] == before
    assert after[0] != before[0]


def test_two_cells_of_which_the_rows_say_the_same_have_two_keys(tmp_path: Path) -> None:
    bad = ("2020-01-05", "记-1", "付款", "710102", "行政支出/项目支出", "印章", "待定", None)
    path = sheet(tmp_path / "账.xlsx", [*HEAD, bad, *pay("2020-01-02", "记-0", "印章", 5), bad])
    found = keys(rc.reconcile(PLAN, rc.load_ledger(path)), "unreadable-amount")
    assert len(set(found)) == len(found) == 2


def test_a_finding_of_the_period_is_the_same_when_the_period_goes_on() -> None:
    ledger = journal(*(row for m in range(1, 7) for row in pay(f"2020-0{m}-05", "记-1", "印章", 10)))
    runs = [rc.reconcile(PLAN, ledger, through=f"2020-0{m}") for m in (1, 3)]
    codes = [k for run in runs for k in keys(run, "out-of-period")]
    assert len(codes) == 2
    assert len(set(codes)) == 1


def test_a_running_balance_is_known_again_when_its_row_has_moved(tmp_path: Path) -> None:
    head = [["单位：元"], ["日期", "凭证号", "摘要", "科目编码", "科目名称", "借方金额", "贷方金额", "余额"]]

    def rows(first: int, wrong: int) -> list[list[object]]:
        out, total = [], 0
        for day in range(first, 12):
            total += 10
            shown = total + 1000 * (day == wrong)
            out.append([f"2020-01-{day:02d}", f"记-{day}", "付款", "710102", "行政支出/项目支出", 10, None, shown])
        return out

    found = []
    for first in (3, 1):
        ledger = rc.load_ledger(sheet(tmp_path / "账.xlsx", [*head, *rows(first, 7)]))
        found.append(ledger.findings.query("code == 'balance-break'"))
    assert [len(f) for f in found] == [1, 1]
    assert found[0]["cell"].tolist() != found[1]["cell"].tolist()
    assert found[0]["key"].tolist() == found[1]["key"].tolist()


def test_keys_are_the_same_in_both_languages() -> None:
    ledger = journal(*pay("2020-01-05", "记-1", "印章", 2_000), *pay("2020-01-06", "记-2", "无此项目", 900))
    runs = [rc.reconcile(PLAN, ledger, settings=Settings(language=lang)).findings for lang in ("zh", "en")]
    assert runs[0]["subject"].tolist() != runs[1]["subject"].tolist()
    assert runs[0]["key"].tolist() == runs[1]["key"].tolist()


def test_no_two_findings_of_a_run_have_one_key(example: rc.Reconciliation) -> None:
    assert example.findings["key"].is_unique
    assert pd.Series([f.key for f in example.problems]).is_unique

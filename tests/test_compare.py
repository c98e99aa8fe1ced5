"""Two runs compared: by key, with the amounts that changed, from a result, a review workbook or a run's JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

import reconcile as rc
from reconcile.cli import main
from reconcile.settings import Settings
from tests.conftest import EXAMPLE
from tests.small import budget, journal, pay

PLAN = budget(("项目支出", "印章", 1_000_000), ("项目支出", "法律", 500_000), ("项目支出", "便民", 300_000))


def run(seals: object, law: object, service: object = 300_000, **options: Any) -> rc.Reconciliation:
    """Spending on the three projects, in yuan."""
    spent = {"印章": seals, "法律": law, "便民": service}
    rows = [line for i, (p, a) in enumerate(spent.items(), 1) for line in pay(f"2020-0{i}-05", "记-1", p, a)]
    return rc.reconcile(PLAN, journal(*rows), **options)


FIRST = run("1000000.05", 200_000)  # 印章 over by 0.05, 法律 at 40%
SECOND = run("1000000.07", 500_000, 0)  # 印章 over by 0.07, 法律 in full, 便民 not at all


def statuses(frame: pd.DataFrame) -> dict[tuple[str, str], str]:
    return {(r.code, r.subject): r.status for r in frame.itertuples()}


def test_new_persisting_and_resolved() -> None:
    frame = SECOND.compare(FIRST)
    to_the_cent = frame["code"] == "exactly-spent"  # 便民 in the first run, 法律 in the second
    assert statuses(frame[to_the_cent]) == {("exactly-spent", "便民"): "resolved", ("exactly-spent", "法律"): "new"}
    frame = frame[~to_the_cent]
    assert frame.columns.tolist() == [
        "status", "code", "severity", "subject", "expected", "actual", "difference", "changed",
        "previous_expected", "previous_actual", "previous_difference", "message", "key",
    ]  # fmt: skip
    assert statuses(frame) == {
        ("no-spending", "便民"): "new",
        ("over-budget", "印章"): "persisting",
        ("low-execution", "法律"): "resolved",
    }
    rows = frame.set_index("status")
    amounts = [
        "expected",
        "actual",
        "difference",
        "previous_expected",
        "previous_actual",
        "previous_difference",
        "changed",
    ]
    assert rows.loc["persisting", amounts].tolist() == [1e6, 1_000_000.07, 0.07, 1e6, 1_000_000.05, 0.05, True]
    assert rows.loc["resolved", amounts].tolist() == [5e5, 2e5, -3e5, 5e5, 2e5, -3e5, False]
    assert rows.loc["new", amounts[3:6]].isna().all()
    assert frame["status"].tolist() == ["new", "persisting", "resolved"]


def test_a_run_compared_with_itself_persists_unchanged() -> None:
    frame = FIRST.compare(FIRST)
    assert set(frame["status"]) == {"persisting"}
    assert not frame["changed"].any()
    assert frame["key"].tolist() == FIRST.findings["key"].tolist()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_review_workbook_holds_what_the_result_holds(language: str, tmp_path: Path) -> None:
    first = run("1000000.05", 200_000, settings=Settings(language=language))
    path = first.write_review(tmp_path / "review.xlsx")
    wanted, got = SECOND.compare(first), SECOND.compare(path)
    pd.testing.assert_frame_equal(got, wanted)
    with path.open("rb") as opened:
        assert statuses(SECOND.compare(opened)) == statuses(wanted)


def test_a_workbook_without_findings_makes_all_new(tmp_path: Path) -> None:
    clean = run(999_000, 499_000, 299_000)
    assert len(clean.findings) == 0
    assert set(SECOND.compare(clean.write_review(tmp_path / "r.xlsx"))["status"]) == {"new"}
    assert len(clean.compare(clean)) == 0


def test_the_json_of_a_run_and_a_findings_frame(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--out", str(tmp_path / "out"), "--quiet"]) == 0
    budget_file, ledger_file = EXAMPLE / "budget_2020.xlsx", EXAMPLE / "ledger_2020.xlsx"
    current = rc.reconcile(
        rc.load_budget(budget_file), rc.load_ledger(ledger_file), contracts=EXAMPLE / "contracts_2020.xlsx"
    )
    wanted = current.compare(current)
    manifest = tmp_path / "out" / "manifest.json"
    capsys.readouterr()
    pd.testing.assert_frame_equal(current.compare(manifest), wanted)
    pd.testing.assert_frame_equal(current.compare(json.loads(manifest.read_text("utf-8"))), wanted)
    pd.testing.assert_frame_equal(current.compare(tmp_path / "out" / "review.xlsx"), wanted)
    pd.testing.assert_frame_equal(current.compare(current.findings), wanted)
    arguments = ["run", "--budget", str(budget_file), "--ledger", str(ledger_file), "--out", str(tmp_path / "b")]
    main([*arguments, "--contracts", str(EXAMPLE / "contracts_2020.xlsx"), "--json", "--quiet"])
    printed = json.loads(capsys.readouterr().out)
    pd.testing.assert_frame_equal(current.compare(printed), wanted)


def test_what_was_not_looked_for_again_is_not_resolved() -> None:
    contracts = rc.load_contracts(pd.DataFrame([["甲合同", "印章", 900_000]], columns=["合同名称", "项目", "合同金额"]))
    before = run("1000000.05", 200_000, contracts=contracts)
    assert ("contract-overpaid", "甲合同") in statuses(before.compare(before))
    without = run("1000000.05", 200_000)
    assert statuses(without.compare(before))[("contract-overpaid", "甲合同")] == "not-checked"
    part = run("1000000.05", 200_000, through="2020-03")
    assert statuses(part.compare(before))[("low-execution", "法律")] == "not-checked"  # for whole years only
    assert (
        statuses(run("900000", 200_000, contracts=contracts).compare(before))[("contract-overpaid", "甲合同")]
        == "resolved"
    )


def test_two_findings_of_one_key_are_compared_one_by_one() -> None:
    record = {"code": "over-budget", "severity": "error", "subject": "印章", "message": "", "key": "k", "expected": 1}
    record["check"] = "over-budget"
    before = {
        "findings": [{**record, "actual": 3}, {**record, "actual": 2}, {**record, "key": "other", "actual": None}]
    }
    frame = SECOND.compare(before)
    gone = frame[frame["status"] == "resolved"]
    assert gone["previous_actual"].fillna(-1).tolist() == [2.0, 3.0, -1.0]


@pytest.mark.parametrize("previous", [{}, {"findings": {"error": 1}}, {"findings": [{"code": "x"}]}, 7, None, []])
def test_what_holds_no_findings_is_refused(previous: object) -> None:
    with pytest.raises(rc.LoadError, match="差异清单"):
        SECOND.compare(previous)


def test_a_file_that_is_no_previous_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(rc.LoadError, match="预算批复表"):
        SECOND.compare(EXAMPLE / "budget_2020.xlsx")
    (tmp_path / "x.json").write_text("{", "utf-8")
    with pytest.raises(rc.LoadError, match=r"x\.json"):
        SECOND.compare(tmp_path / "x.json")
    with pytest.raises(rc.LoadError, match=r"none\.json"):
        SECOND.compare(tmp_path / "none.json")


CLASSED = [("基本支出", "30217", 10), ("基本支出", "30231", 10), ("项目支出", "", 1_000)]
WHOLE = [("基本支出", "", 20), ("项目支出", "", 1_000)]


def public(plan: list[tuple[Any, ...]], previous: object = None, **options: Any) -> rc.Reconciliation:
    """Two of the three public classes, 11 and 12 spent on them, against a budget."""
    budgeted = pd.DataFrame(plan, columns=["支出类型", "经济分类编码", "年初预算"], dtype=object)
    columns = ["日期", "凭证号", "科目编码", "科目名称", "支出类型", "经济分类编码", "借方金额", "贷方金额"]
    rows = [
        ("2020-05-01", "记-1", "7101", "行政支出", "基本支出", c, a, None) for c, a in (("30217", 11), ("30231", 12))
    ]
    ledger = rc.load_ledger(pd.DataFrame(rows, columns=columns, dtype=object))
    return rc.reconcile(rc.load_budget(budgeted, year=2020), ledger, previous=previous, **options)


def ends(result: rc.Reconciliation) -> dict[str, str]:
    return dict(zip(result.checks["check"], result.checks["outcome"]))


@pytest.mark.parametrize("known", ["check", "code"])
def test_what_another_check_of_its_code_found_is_not_resolved_where_that_could_not_run(
    known: str, tmp_path: Path
) -> None:
    """Over budget in the three public classes together: the check over-budget runs again, three-public cannot."""
    first = public(CLASSED)
    [one] = first.findings.query("code == 'over-budget' and subject.str.contains('三公')")["key"]
    without = public(WHOLE)
    assert (ends(without)["over-budget"], ends(without)["three-public"]) == ("found", "could-not-run")
    path = first.write_review(tmp_path / "r.xlsx")
    if known == "code":  # a reviewer deletes what is folded away, but for the key
        book = openpyxl.load_workbook(path)
        page = book["差异清单"]
        row = next(r for r in page.iter_rows() if r[0].value == "序号")
        page.delete_cols(next(c.column for c in row if c.value == "检查代码"))
        book.save(path)
    assert without.compare(path).set_index("key").loc[one, "status"] == "not-checked"
    assert without.compare(first).set_index("key").loc[one, "status"] == "not-checked"
    second = public(WHOLE, path)
    assert second.resolved.set_index("key").loc[one, "status"] == "not-checked"
    again = second.write_review(tmp_path / "again.xlsx")
    third = public(WHOLE, again)
    assert third.resolved.set_index("key").loc[one, "status"] == "not-checked"  # carried on
    assert public(CLASSED, again).findings.set_index("key").loc[one, "status"] == "persisting"


def test_a_finding_is_resolved_where_its_own_check_ran_whatever_others_of_its_code_did() -> None:
    first, second = run("1000000.05", 200_000), run(900_000, 200_000)
    assert ends(second)["three-public"] == "could-not-run"
    assert statuses(second.compare(first))[("over-budget", "印章")] == "resolved"
    told = first.findings.to_dict("records")
    assert statuses(second.compare({"findings": told}))[("over-budget", "印章")] == "not-checked"  # nobody knows

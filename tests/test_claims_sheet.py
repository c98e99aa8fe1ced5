"""The sheet 报告核对 of the review workbook: there where a report was given, and only there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

import reconcile as rc
from reconcile.cli import main
from reconcile.read.sheet import ReadError
from tests.conftest import EXAMPLE

TEXT = """2020年度部门整体支出绩效报告
2020年度支出决算为1775.24万元，其中：基本支出1475.43万元，占83.11%；项目支出299.82万元，占18.89%。
审批时间由法定15个工作日优化到2个工作日，压缩时限80%。
公务接待费支出1.26万元。
"""


def rows(path: Path, sheet: str) -> list[dict[str, object]]:
    """The rows below the heading that names the verdict."""
    cells = [list(r) for r in openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)]
    head = next(n for n, r in enumerate(cells) if {"结论", "Verdict"} & set(r))
    return [dict(zip(cells[head], r)) for r in cells[head + 1 :] if r[0]]


def test_the_claims_of_a_report_are_a_sheet_of_the_review_workbook(example: rc.Reconciliation, tmp_path: Path) -> None:
    report = tmp_path / "报告.txt"
    report.write_text(TEXT, "utf-8")
    written = example.write_review(tmp_path / "review.xlsx", report=report)
    names = openpyxl.load_workbook(written).sheetnames
    assert names.index("报告核对") == names.index("勾稽检查") + 1
    shown = rows(written, "报告核对")
    assert len(shown) == len(rc.check_report(report, example))
    failing = {(r["原文"], r["文中数"], r["核对数"]) for r in shown if r["结论"] == "不符"}
    whole = "2020年度支出决算为1775.24万元，其中：基本支出1475.43万元，占83.11%；项目支出299.82万元，占18.89%"
    assert failing == {
        (whole, "18.89%", "16.89%"),
        ("占83.11%；项目支出299.82万元，占18.89%", "102%", "100%"),
        ("审批时间由法定15个工作日优化到2个工作日，压缩时限80%", "80%", "86.67%"),
        ("公务接待费支出1.26万元", "12,600元", "10,468元"),
    }
    linked = [c.value for row in openpyxl.load_workbook(written)["封面"].iter_rows() for c in row]
    assert "报告核对" in linked


def test_no_report_no_sheet(example: rc.Reconciliation, tmp_path: Path) -> None:
    written = example.write_review(tmp_path / "review.xlsx")
    assert "报告核对" not in openpyxl.load_workbook(written).sheetnames


def test_a_text_is_checked_too_and_in_english(example: rc.Reconciliation, tmp_path: Path) -> None:
    english = replace(example, settings=replace(example.settings, language="en"))
    written = english.write_review(tmp_path / "review.xlsx", report=TEXT)
    assert {r["Verdict"] for r in rows(written, "Report check")} >= {"fails", "holds"}


def test_a_report_that_cannot_be_read_leaves_nothing(example: rc.Reconciliation, tmp_path: Path) -> None:
    with pytest.raises((rc.LoadError, ReadError)):
        example.write_review(tmp_path / "review.xlsx", report=tmp_path / "none.docx")
    assert list(tmp_path.iterdir()) == []


def test_the_workbook_still_comes_back(example: rc.Reconciliation, tmp_path: Path) -> None:
    written = example.write_review(tmp_path / "review.xlsx", report=TEXT)
    plain = example.write_review(tmp_path / "plain.xlsx")
    one, other = rc.read_replies(written), rc.read_replies(plain)
    assert [r.key for r in one.found] == [r.key for r in other.found]
    assert len(one.found) == len(example.problems)


def test_run_takes_a_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "报告.txt"
    report.write_text(TEXT, "utf-8")
    books = ["--budget", str(EXAMPLE / "budget_2020.xlsx"), "--ledger", str(EXAMPLE / "ledger_2020.xlsx"), "--quiet"]
    assert main(["run", *books, "--report", str(report), "--out", str(tmp_path / "out")]) == 1
    assert "报告核对" in openpyxl.load_workbook(tmp_path / "out" / "review.xlsx").sheetnames
    manifest = (tmp_path / "out" / "manifest.json").read_text("utf-8")
    assert "报告.txt" in manifest
    assert main(["run", *books, "--report", str(tmp_path / "报告.pdf"), "--out", str(tmp_path / "two")]) == 2
    assert not (tmp_path / "two").exists()
    assert "报告.pdf" in capsys.readouterr().err

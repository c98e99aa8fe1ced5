"""The review workbook: exact, live to the single entry, text stays text, whole or absent."""

from __future__ import annotations

import math
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
import xlsxwriter

import reconcile as rc
from reconcile.entry_keys import entry_keys
from reconcile.read import rows
from reconcile.settings import Settings, Workbook
from reconcile.write import look, review, sheet_entries, sheet_links, sheet_plan
from reconcile.write.sheet_page import Words
from tests.reviewer import fill

SHEETS = [
    "封面",
    "汇总",
    "摘要",
    "按项目",
    "按类别",
    "按月",
    "执行进度",
    "差异清单",
    "勾稽检查",
    "数据来源",
    "明细",
    "预算明细",
]
LONG = "长" * 40_000
CONTROL = "甲\x01乙\x0b丙\ud800"

PROJECTS = pd.DataFrame(
    [
        ("项目支出", "*", 5, 100),
        ("项目支出", "?审计", 0, 100.01),
        ("项目支出", ">5", 0, 0),
        ("项目支出", "=1+1", 0, "待定"),
        ("项目支出", "@x", 0, 50),
    ],
    columns=["支出类型", "项目", "上年结转", "年初预算"],
    dtype=object,
)
CLASSES = pd.DataFrame(
    [("基本支出", "30101", 1000.10), ("基本支出", "30201", 200.20)],
    columns=["支出类型", "经济分类编码", "年初预算"],
    dtype=object,
)
BUDGET = [PROJECTS, CLASSES]
LEDGER = pd.DataFrame(
    [
        ("2020-01-05", "记-1", "工资", "基本支出", None, "30101", 333.33),
        ("2020-02-05", "记-2", "办公", "基本支出", None, "30201", 300.00),
        ("2020-02-06", "记-3", "培训", "基本支出", None, "30216", 1.10),
        ("2020-03-05", "记-4", "=1+1", "项目支出", "*", "30227", 66.67),
        ("2020-03-06", "记-5", CONTROL, "项目支出", "?审计", "30227", 150.05),
        ("2020-04-01", "记-6", LONG, "项目支出", ">5", "30227", 9.99),
        ("2020-04-02", "记-7", "@SUM(A1)", "项目支出", "=1+1", "30227", 20.00),
        ("2020-05-02", "记-8", "-1+1", "项目支出", "新项目*", "30227", 30.30),
        ("2020-05-03", "记-9", "http://x.cn", "项目支出", None, "30227", 40.40),
        ("2020-07-03", "记-11", "红字", "项目支出", "*", "30227", -6.67),
        ("2020-08-03", "记-12", "123", None, None, "30227", 8.08),
        ("2020-12-31", "记-15", "工资", "基本支出", "?审计", "30101", 3.03),
        ("2021-01-03", "记-13", "跨年", "项目支出", "*", "30227", 77.77),
        (None, "记-14", "无日期", "项目支出", "*", "30227", 88.88),
    ],
    columns=["日期", "凭证号", "摘要", "支出类型", "项目", "经济分类编码", "金额"],
    dtype=object,
)


def tied(**options: Any) -> rc.Reconciliation:
    return rc.reconcile(rc.load_budget(BUDGET, year=2020), rc.load_ledger(LEDGER), **options)


@pytest.fixture(scope="module")
def hostile() -> rc.Reconciliation:
    return tied()


@pytest.fixture(scope="module")
def written(hostile: rc.Reconciliation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return review.write(hostile, tmp_path_factory.mktemp("review") / "review.xlsx")


@pytest.fixture(scope="module")
def recalculate(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """Convert a workbook with LibreOffice, which is told to calculate every formula anew."""
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("soffice is not installed: nothing here can calculate a workbook anew")
    home = tmp_path_factory.mktemp("soffice")
    (home / "user").mkdir()
    (home / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        '<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">'
        "<value>0</value></prop></item></oor:items>",
        "utf-8",
    )

    def run(path: Path) -> Path:
        out = tmp_path_factory.mktemp("recalculated")
        subprocess.run(
            [
                soffice,
                f"-env:UserInstallation={home.as_uri()}",
                "--headless",
                "--convert-to",
                "xlsx:Calc MS Excel 2007 XML",
                "--outdir",
                str(out),
                str(path),
            ],
            check=True,
            capture_output=True,
            timeout=180,
        )
        return out / path.name

    wrong = tmp_path_factory.mktemp("wrong") / "wrong.xlsx"
    book = xlsxwriter.Workbook(wrong)
    book.add_worksheet().write_formula(0, 0, "=1+1", None, 99)
    book.close()
    assert openpyxl.load_workbook(wrong, data_only=True).active["A1"].value == 99
    assert openpyxl.load_workbook(run(wrong), data_only=True).active["A1"].value == 2, "the recalculation is idle"
    return run


def formulas(path: Path) -> dict[tuple[str, str], str]:
    book = openpyxl.load_workbook(path)
    return {(s.title, c.coordinate): c.value for s in book for row in s.iter_rows() for c in row if c.data_type == "f"}


def values(path: Path) -> dict[str, Any]:
    return {s.title: s for s in openpyxl.load_workbook(path, data_only=True)}


def table(sheet: Any, header: str) -> list[dict[str, Any]]:
    """The rows below the row that holds `header`, by the header row's texts."""
    rows = [[c.value for c in row] for row in sheet.iter_rows()]
    at = next(i for i, row in enumerate(rows) if header in row)
    return [dict(zip(rows[at], row, strict=True)) for row in rows[at + 1 :]]


def fen(value: object) -> object:
    return round(value * 100) if isinstance(value, int | float) else value


def assert_same_values(path: Path, again: Path) -> None:
    """Every formula's cached value is the fresh one: money and counts exactly, rates to the 15 digits that LibreOffice writes."""
    ours, theirs = values(path), values(again)
    found = formulas(path)
    assert len(found) > 100
    differing = []
    for sheet, address in found:
        cached, fresh = ours[sheet][address].value, theirs[sheet][address].value
        if isinstance(cached, float | int) and isinstance(fresh, float | int):
            money = round(cached, 2) == cached
            same = cached == fresh if money else math.isclose(cached, fresh, rel_tol=1e-14)
        else:
            same = (cached or "") == (fresh or "")
        if not same:
            differing.append((sheet, address, found[sheet, address], cached, fresh))
    assert differing == []


def test_sheets_are_in_the_order_of_reading(written: Path) -> None:
    at = SHEETS.index("数据来源")
    sheets = [*SHEETS[:at], "待确认匹配", *SHEETS[at:], "未计入", "选项"]
    book = openpyxl.load_workbook(written)
    assert book.sheetnames == sheets
    assert [s.title for s in book if s.sheet_state != "visible"] == ["选项"]


def test_every_cached_value_is_what_a_fresh_calculation_gives(
    written: Path, recalculate: Callable[[Path], Path]
) -> None:
    assert_same_values(written, recalculate(written))


def test_the_example_recalculates_to_its_cached_values(
    example: rc.Reconciliation, tmp_path: Path, recalculate: Callable[[Path], Path]
) -> None:
    path = review.write(example, tmp_path / "review.xlsx")
    assert openpyxl.load_workbook(path).sheetnames == [*SHEETS[:9], "合同", *SHEETS[9:], "选项"]
    assert_same_values(path, recalculate(path))


def test_english_recalculates_to_its_cached_values(tmp_path: Path, recalculate: Callable[[Path], Path]) -> None:
    path = review.write(tied(settings=Settings(language="en")), tmp_path / "review.xlsx")
    assert_same_values(path, recalculate(path))


def test_project_rows_show_the_exact_figures(written: Path, hostile: rc.Reconciliation) -> None:
    rows = table(values(written)["按项目"], "状态")
    for row, exact in zip(rows, hostile.tie.by_project.itertuples()):
        assert row["项目"] == exact.project
        assert fen(row["支出"]) == exact.actual
        if exact.available is pd.NA:
            assert row["全年预算"] == row["结余"] == row["执行率"] == "无法识别"
        elif not exact.in_budget:
            assert row["全年预算"] == row["执行率"] == "无预算"
        else:
            assert fen(row["全年预算"]) == exact.available
            rate = "预算为0" if exact.available == 0 else pytest.approx(exact.actual / exact.available, rel=1e-15)
            assert row["执行率"] == rate
        if exact.available is not pd.NA:
            assert fen(row["结余"]) == exact.remaining


def test_states_of_a_budget_stay_apart(written: Path) -> None:
    """The four states, printed: * 105 budgeted, >5 a line of 0, =1+1 unreadable, 新项目* in no line."""
    rows = {r["项目"]: r for r in table(values(written)["按项目"], "状态") if r["类别"] == "项目支出"}
    shown = {name: (row["全年预算"], row["执行率"], row["状态"]) for name, row in rows.items()}
    assert shown["*"] == (105, 60 / 105, "预算内")
    assert shown[">5"] == (0, "预算为0", "▲ 预算为零有支出")
    assert shown["=1+1"] == ("无法识别", "无法识别", "● 预算无法识别")
    assert shown["新项目*"] == ("无预算", "无预算", "▲ 预算中没有")
    assert shown["@x"] == (50, 0, "○ 未支出")
    assert shown["?审计"][2] == "● 超预算"


def test_every_entry_is_in_one_project_row_and_in_one_category(written: Path, hostile: rc.Reconciliation) -> None:
    """333.33 + 300 + 1.10 + 66.67 + 150.05 + 9.99 + 20 + 30.30 + 40.40 − 6.67 + 8.08 + 3.03 = 956.28"""
    sheets = values(written)
    assert fen(table(sheets["按项目"], "状态")[-1]["支出"]) == 95628
    totals = {r["类别、项目或经济分类"]: r for r in table(sheets["按类别"], "编码")}
    assert fen(totals["合计"]["支出"]) == 95628
    for name, exact in (("一、基本支出", "basic"), ("二、项目支出", "project"), ("四、未判定", "undetermined")):
        row = hostile.tie.by_category.set_index("category").loc[exact]
        assert fen(totals[name]["支出"]) == row["actual"]
        assert totals[name]["占支出比重"] == pytest.approx(row["actual"] / 95628, rel=1e-15)
    placed = sheet_plan.plan(hostile)
    rows = (*placed.projects, *placed.rest)
    assert sum(r.actual for r in rows) == 95628
    assert set(placed.entry_keys["project"]) <= {r.key for r in rows}


def test_months_run_up_to_the_total(written: Path, hostile: rc.Reconciliation) -> None:
    rows = table(values(written)["按月"], "月份")
    for row, exact in zip(rows, hostile.tie.by_month.itertuples()):
        assert (row["月份"], fen(row["本月支出"]), fen(row["累计支出"])) == (
            exact.month,
            exact.actual,
            exact.cumulative,
        )
        assert row["序时进度"] == exact.schedule
    assert rows[12]["月份"] == "合计"


def test_rows_and_yuan_are_accounted_for(written: Path) -> None:
    shown = [c.value for row in values(written)["数据来源"].iter_rows() for c in row]
    assert "✗ 不符" not in shown
    # the budget, two ledgers, 4 columns of the ledger, budget lines, 3 sheets
    assert shown.count("✓ 相符") == 11


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_sheet_that_is_not_read_is_named_among_the_sources(tmp_path: Path, language: str) -> None:
    source = tmp_path / "预算.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "批复"
    for row in (["单位：元"], ["支出类型", "项目", "年初预算"], ["项目支出", "甲", 100]):
        book.active.append(row)
    book.copy_worksheet(book.active).title = "副本"
    book.create_sheet("填报说明").append(["请按规定填写"])
    book.save(source)
    result = rc.reconcile(
        rc.load_budget(source, year=2020), rc.load_ledger(LEDGER), settings=Settings(language=language)
    )
    shown = values(review.write(result, tmp_path / "r.xlsx"))["数据来源" if language == "zh" else "Sources"]
    texts = [c.value for row in shown.iter_rows() for c in row if isinstance(c.value, str)]
    said = {
        "zh": ("填报说明 里没有认出表，未读取", "副本 与"),
        "en": ("填报说明 holds no such table and was not read", "副本 has the same data"),
    }
    for part in said[language]:
        assert sum(part in text for text in texts) == 1


def test_text_from_files_stays_text(written: Path) -> None:
    sheet = openpyxl.load_workbook(written)["明细"]
    memo = {row[1].value: row[2] for row in sheet.iter_rows(min_row=4)}
    for voucher, text in (
        ("记-4", "=1+1"),
        ("记-7", "@SUM(A1)"),
        ("记-8", "-1+1"),
        ("记-9", "http://x.cn"),
        ("记-12", "123"),
    ):
        assert (memo[voucher].value, memo[voucher].data_type, memo[voucher].hyperlink) == (text, "s", None)
    assert memo["记-6"].value.startswith("长" * 30_000)
    assert memo["记-6"].value.endswith("（原文共 40000 字，超出单元格容量，此处截断）")
    assert len(memo["记-6"].value) == look.CELL_LIMIT
    projects = openpyxl.load_workbook(written)["按项目"]
    assert {"*", "?审计", ">5", "=1+1", "@x"} <= {c.value for c in projects["C"] if c.data_type == "s"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("甲\x01乙", "甲␁乙"),
        ("a\x7f", "a␡"),
        ("a\ud800", "a\ufffd"),
        ("a\uffff", "a\ufffd"),
        ("a\r\nb", "a\nb"),
        ("全 角　格", "全 角　格"),
    ],
)
def test_characters_that_xml_refuses_become_visible(text: str, shown: str) -> None:
    assert look.clean(text) == shown


def test_a_long_text_is_measured_as_excel_does() -> None:
    """😀 takes two UTF-16 units: 20,000 of them do not fit a cell of 32,767."""
    cut = look.fit_cell("😀" * 20_000, "…{length}")
    assert cut.endswith("…20000")
    assert len(cut.encode("utf-16-le")) // 2 <= look.CELL_LIMIT


def test_a_changed_entry_changes_what_stands_above_it(
    written: Path, tmp_path: Path, recalculate: Callable[[Path], Path]
) -> None:
    """记-4 of project * from 66.67 to 166.67: every total above it rises by 100."""
    book = openpyxl.load_workbook(written)
    cell = next(row for row in book["明细"].iter_rows(min_row=4) if row[1].value == "记-4")[sheet_entries.AMOUNT]
    assert cell.value == 66.67
    cell.value = 166.67
    book.save(tmp_path / "edited.xlsx")
    before, after = values(written), values(recalculate(tmp_path / "edited.xlsx"))

    def rise(sheet: str, header: str, key: str, name: str, column: str) -> object:
        old, new = (next(r for r in table(s[sheet], header) if r[key] == name)[column] for s in (before, after))
        return fen(new - old)

    assert rise("按项目", "状态", "项目", "*", "支出") == 10_000
    assert rise("按项目", "状态", "项目", "*", "结余") == -10_000
    assert rise("按项目", "状态", "类别", "全部支出合计", "支出") == 10_000
    assert rise("按类别", "编码", "类别、项目或经济分类", "二、项目支出", "支出") == 10_000
    assert rise("按类别", "编码", "类别、项目或经济分类", "合计", "支出") == 10_000
    assert rise("按月", "月份", "月份", "2020-03", "本月支出") == 10_000
    assert rise("按月", "月份", "月份", "2020-12", "累计支出") == 10_000
    assert rise("汇总", "指标", "指标", "支出", "金额（元）") == 10_000
    row = next(r for r in table(after["按项目"], "状态") if r["项目"] == "*")
    assert row["状态"] == "● 超预算"


MOVES = {
    "记-12": (None, ">5", 808, "未判定 to a project: its category follows"),
    "记-3": ("项目支出", None, 110, "basic to project spending without a project"),
    "记-1": (None, "＊", 33333, "basic to a project"),
    "记-11": ("基本支出", None, -667, "a project to its class in basic spending"),
    "记-5": ("基本支出", "＊", 15005, "category and project contradict: nothing moves"),
    "记-6": ("项目支出", None, 999, "what it is already: it stays with its project"),
}


def moved(path: Path, to: Path) -> Path:
    """A copy of a workbook in which a reviewer has reclassified the entries of MOVES."""
    book = openpyxl.load_workbook(path)
    at = next(r for r in book["明细"].iter_rows() if r[0].value == "日期")
    column = {c.value: c.column - 1 for c in at}
    for row in book["明细"].iter_rows(min_row=at[0].row + 1):
        for voucher, (category, project, fen_moved, _) in MOVES.items():
            if row[column["凭证号"]].value == voucher:
                assert fen(row[column["支出金额"]].value) == fen_moved
                row[column["改列类别"]].value = category
                row[column["改列项目"]].value = project
    book.save(to)
    return to


def assert_moved(before: dict[str, Any], after: dict[str, Any]) -> None:
    """* gains 333.33 and the −6.67 that leaves it; >5 8.08; the row without a project 1.10 beside its 40.40."""

    def rise(sheet: str, header: str, key: str, name: str, column: str) -> object:
        old, new = (next(r for r in table(s[sheet], header) if r[key] == name)[column] for s in (before, after))
        return fen(new) - fen(old)

    def by_project(name: str) -> object:
        return rise("按项目", "状态", "项目", name, "支出")

    def by_category(name: str) -> object:
        return rise("按类别", "编码", "类别、项目或经济分类", name, "支出")

    assert [by_project(n) for n in ("*", ">5", "（未列项目）", "?审计")] == [33333 + 667, 808, 110, 0]
    assert by_project("基本支出（不分项目）") == -110 - 33333 - 667
    assert by_project("未判定（不分项目）") == -808
    assert by_category("一、基本支出") == -110 - 33333 - 667
    assert by_category("二、项目支出") == 110 + 33333 + 667 + 808
    assert by_category("四、未判定") == -808
    assert by_category("合计") == 0
    assert rise("按月", "月份", "月份", "2020-01", "基本支出") == -33333
    assert rise("按月", "月份", "月份", "2020-08", "项目支出") == 808
    assert rise("按月", "月份", "月份", "2020-12", "累计支出") == 0
    assert rise("汇总", "指标", "指标", "支出", "金额（元）") == 0
    shown = [c.value for s in after.values() for row in s.iter_rows() for c in row]
    assert "✗ 不符" not in shown


def test_a_reclassified_entry_moves_its_amount_in_every_sheet(
    written: Path, tmp_path: Path, recalculate: Callable[[Path], Path]
) -> None:
    after = values(recalculate(moved(written, tmp_path / "moved.xlsx")))
    assert_moved(values(written), after)
    rows = {r["凭证号"]: r["改列"] for r in table(after["明细"], "改列类别")}
    assert {v: (n > 0) - (n < 0) for v, n in rows.items() if v and n} == {
        "记-12": 1,
        "记-3": 1,
        "记-1": 1,
        "记-11": 1,
        "记-5": -1,
    }


def test_every_entry_has_a_key_of_its_own(written: Path, hostile: rc.Reconciliation) -> None:
    rows = table(values(written)["明细"], "改列类别")
    keys = [r["条目键"] for r in rows if r["条目键"]]
    assert len(keys) == len(set(keys)) == len(hostile.tie.entries)
    assert keys == entry_keys(hostile.tie.entries).tolist()


def test_a_ledger_longer_than_the_limit_stands_on_its_months(
    tmp_path: Path, hostile: rc.Reconciliation, written: Path, recalculate: Callable[[Path], Path]
) -> None:
    """Limit 3: the same figures everywhere; 明细 lists what findings point at, and may be reclassified."""
    short = tied(settings=Settings(workbook=Workbook(detail_limit=3)))
    path = review.write(short, tmp_path / "short.xlsx")
    assert_same_values(path, recalculate(path))
    whole, ours = values(written), values(path)
    for sheet, header in (("按项目", "状态"), ("按类别", "编码"), ("按月", "月份")):
        assert table(ours[sheet], header) == table(whole[sheet], header)
    pointed = {(f.origin.file, f.origin.sheet, f.origin.row) for f in short.problems}
    entries = short.tie.entries
    listed = [place in pointed for place in zip(entries["file"], entries["sheet"], entries["row"])]
    assert 0 < sum(listed) < len(entries)
    rows = [r for r in table(ours["明细"], "改列类别") if r["条目键"]]
    assert [r["凭证号"] for r in rows] == entries["voucher"][listed].tolist()
    note = "账簿计入本期的支出有 12 笔，超过设定的明细上限"
    assert any(str(c.value).startswith(note) for row in ours["明细"].iter_rows(max_row=4) for c in row)
    about = {r[0].value: r[1].value for r in ours["封面"].iter_rows(max_col=2)}
    assert about["明细"] == "差异清单指到的各笔支出及其来源行"


def test_a_reclassified_entry_of_a_long_ledger_moves_its_amount(
    tmp_path: Path, recalculate: Callable[[Path], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet_links, "pointed", lambda _, frame: {i: [1] for i in range(len(frame))})
    short = tied(settings=Settings(workbook=Workbook(detail_limit=3)))
    path = review.write(short, tmp_path / "short.xlsx")
    after = values(recalculate(moved(path, tmp_path / "moved.xlsx")))
    assert_moved(values(path), after)


def test_findings_have_room_for_a_decision(written: Path, hostile: rc.Reconciliation) -> None:
    sheet = openpyxl.load_workbook(written)["差异清单"]
    rows = table(values(written)["差异清单"], "处理意见")
    assert [r["编号（勿改）"] for r in rows] == [f.key for f in hostile.problems]
    assert [r["代码"] for r in rows] == [f.code for f in hostile.problems]
    assert {r["程度"] for r in rows} <= {"● 错误", "▲ 警告", "○ 提示"}
    assert all(r[c] is None for r in rows for c in ("处理意见", "说明", "责任人", "日期"))
    for row, finding in zip(rows, hostile.problems, strict=True):
        assert fen(row["差额（元）"]) == (finding.difference if finding.difference is not None else "—")
    (choice,) = sheet.data_validations.dataValidation
    assert choice.formula1 == '"认可,更正账目,重新归类,询问,不是问题"'
    [at] = [c.column_letter for c in sheet[4] if c.value == "处理意见"]
    assert str(choice.sqref) == f"{at}5:{at}{4 + len(rows)}"


def test_checks_name_their_rule(written: Path, hostile: rc.Reconciliation) -> None:
    rows = table(values(written)["勾稽检查"], "结果")
    shown = [(r["怎样查"], r["允许误差"]) for r in rows]
    assert shown == [(f, t or "—") for f, t in zip(hostile.checks["formula"], hostile.checks["tolerance"], strict=True)]
    assert ("项目、类别、按经济分类编的预算：支出≤全年预算（含上年结转）", "0") in shown


def test_checks_show_all_four_outcomes_apart(written: Path, hostile: rc.Reconciliation) -> None:
    words = {"passed": "✓ 通过", "found": "● 有发现", "not-applicable": "— 不适用", "could-not-run": "？ 未能检查"}
    rows = table(values(written)["勾稽检查"], "结果")
    assert [(r["代码"], r["结果"]) for r in rows] == [(c.name, words[c.outcome.value]) for c in hostile.outcomes]
    for row, check in zip(rows, hostile.outcomes, strict=True):
        ran = check.outcome.value in ("passed", "found")
        assert row["发现数"] == (len(check.findings) if ran else "—")


def test_nothing_found_is_said(tmp_path: Path) -> None:
    budget = rc.load_budget(pd.DataFrame({"支出类型": ["项目支出"], "项目": ["甲"], "年初预算": [100]}), year=2020)
    ledger = rc.load_ledger(pd.DataFrame({"日期": ["2020-01-02"], "项目": ["甲"], "金额": [95]}))
    result = rc.reconcile(budget, ledger)
    object.__setattr__(result, "outcomes", ())
    shown = values(review.write(result, tmp_path / "r.xlsx"))["差异清单"]
    assert "没有发现差异。各项检查的结果见“勾稽检查”。" in [c.value for row in shown.iter_rows() for c in row]


def test_a_ledger_without_dates_still_adds_up(tmp_path: Path, recalculate: Callable[[Path], Path]) -> None:
    budget = rc.load_budget(pd.DataFrame({"支出类型": ["项目支出"], "项目": ["甲"], "年初预算": [100]}), year=2020)
    ledger = rc.load_ledger(pd.DataFrame({"凭证号": ["1", "2"], "项目": ["甲", "甲"], "金额": [40.5, 0.25]}))
    path = review.write(rc.reconcile(budget, ledger), tmp_path / "r.xlsx")
    rows = table(values(path)["按月"], "月份")
    assert [(r["月份"], r["本月支出"]) for r in rows[-2:]] == [("（无日期）", 40.75), ("合计", 40.75)]
    assert_same_values(path, recalculate(path))


def test_an_empty_period_is_a_workbook_too(tmp_path: Path, recalculate: Callable[[Path], Path]) -> None:
    path = review.write(
        rc.reconcile(rc.load_budget(BUDGET, year=2020), rc.load_ledger(LEDGER), year=2018), tmp_path / "r.xlsx"
    )
    assert_same_values(path, recalculate(path))


def test_more_entries_than_a_sheet_holds_go_on_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recalculate: Callable[[Path], Path], hostile: rc.Reconciliation
) -> None:
    monkeypatch.setattr(sheet_entries, "ROWS_PER_SHEET", 5)
    path = review.write(hostile, tmp_path / "r.xlsx")
    assert {"明细", "明细2", "明细3"} <= set(openpyxl.load_workbook(path).sheetnames)
    assert fen(table(values(path)["按项目"], "状态")[-1]["支出"]) == 95628
    assert_same_values(path, recalculate(path))


def test_ten_thousands_round_half_up_and_say_what_they_miss(
    tmp_path: Path, recalculate: Callable[[Path], Path]
) -> None:
    """10,050 and 20,050 yuan print as 1.01 and 2.01 (half up), their sum 30,100 as 3.01: 0.01 is a tail."""
    budget = rc.load_budget(
        pd.DataFrame({"支出类型": ["基本支出", "项目支出"], "项目": ["办公费", "甲"], "年初预算": [10_050, 20_050]}),
        year=2020,
    )
    ledger = rc.load_ledger(
        pd.DataFrame(
            {
                "日期": ["2020-01-02"] * 2,
                "支出类型": ["基本支出", "项目支出"],
                "项目": [None, "甲"],
                "金额": [10_050, 20_050],
            }
        )
    )
    path = review.write(rc.reconcile(budget, ledger), tmp_path / "r.xlsx")
    shown = [c.value for row in values(path)["汇总"].iter_rows() for c in row]
    assert [shown.count(v) >= 2 for v in (1.01, 2.01, 3.01)] == [True] * 3
    notes = [v for v in shown if isinstance(v, str) and v.startswith("注：")]
    assert len(notes) == 2
    assert "相差 0.01 万元，为尾差" in notes[0]
    assert_same_values(path, recalculate(path))


def test_the_section_tells_which_of_its_numbers_a_change_makes_wrong(
    hostile: rc.Reconciliation, tmp_path: Path, recalculate: Callable[[Path], Path]
) -> None:
    """记-3, 1.10 of basic spending, becomes 2,001.10: what counts it changes in the text, what does not stays."""
    path = review.write(hostile, tmp_path / "review.xlsx")
    book = openpyxl.load_workbook(path)
    (row,) = [r for r in book["明细"].iter_rows() if r[1].value == "记-3"]
    assert row[sheet_entries.AMOUNT].value == 1.1
    row[sheet_entries.AMOUNT].value = 2001.1
    book.save(path)
    rows = list(values(recalculate(path))["摘要"].iter_rows(values_only=True))
    states = {r[0]: r[7] for r in rows if r[7] in ("一致", "▲ 已变动")}
    assert states["支出决算为0.10万元"] == "▲ 已变动"
    assert states["实际支出20元"] == "一致"


def test_printed_pages_are_set_up(written: Path) -> None:
    for sheet in (s for s in openpyxl.load_workbook(written) if s.sheet_state == "visible"):
        setup = sheet.page_setup
        assert (setup.paperSize, setup.orientation) == (9, "landscape")
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert setup.fitToHeight == (None if sheet.title in ("封面", "汇总", "按月") else 0)
        assert "&P" in sheet.oddFooter.center.text
        assert sheet.print_area
        if sheet.title not in ("封面", "数据来源", "汇总", "摘要"):
            assert sheet.print_title_rows
            assert sheet.freeze_panes


def test_what_a_reader_does_not_need_is_out_of_sight(written: Path) -> None:
    """Keys are folded away, a column without any code is hidden, and codes as text are marked by no green corner."""
    for sheet in openpyxl.load_workbook(written):
        folded = {
            letter
            for letter, dimension in sheet.column_dimensions.items()
            if dimension.hidden and dimension.outlineLevel
        }
        headers = {c.value: c for row in sheet.iter_rows(max_row=6) for c in row if isinstance(c.value, str)}
        keys = [c for name, c in headers.items() if name.endswith("键") or name in ("代码", "编号（勿改）", "图表数据")]
        assert bool(keys) == bool(folded), sheet.title
        hidden = range(*(min(c.column for c in keys), max(c.column for c in keys) + 1)) if keys else range(0)
        spans = [sheet.column_dimensions[k] for k in folded]
        assert {n for d in spans for n in range(d.min, d.max + 1)} >= set(hidden)
    assert openpyxl.load_workbook(written)["按项目"].column_dimensions["B"].hidden
    assert b'numberStoredAsText="1"' in zipfile.ZipFile(written).read("xl/worksheets/sheet11.xml")


def test_charts_show_their_folded_data(written: Path) -> None:
    book = zipfile.ZipFile(written)
    charts = [name for name in book.namelist() if name.startswith("xl/charts/chart")]
    assert charts
    assert not any(b'plotVisOnly val="1"' in book.read(name) for name in charts)


def test_formulas_use_no_new_functions(written: Path) -> None:
    allowed = {
        "SUM",
        "SUMIFS",
        "ROUND",
        "IF",
        "COUNT",
        "COUNTIF",
        "COUNTIFS",
        "N",
        "ISNUMBER",
        "ISTEXT",
        "ABS",
        "FIXED",
        "NOT",
        "IFERROR",
        "INDEX",
        "MATCH",
        "OR",
        "TEXT",
        "AND",
    }
    used = {name for f in formulas(written).values() for name in re.findall(r"([A-Z][A-Z0-9.]*)\(", f)}
    assert used <= allowed


def test_the_same_result_gives_the_same_bytes(hostile: rc.Reconciliation, tmp_path: Path) -> None:
    one, two = (review.write(hostile, tmp_path / f"{n}.xlsx") for n in "ab")
    assert one.read_bytes() == two.read_bytes()
    assert "2020-12-31T00:00:00Z" in zipfile.ZipFile(one).read("docProps/core.xml").decode()


def test_nothing_is_left_when_writing_fails(
    hostile: rc.Reconciliation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "review.xlsx"
    path.write_bytes(b"the reviewer's")

    def fail(*_: object, **__: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(review, "write_cover", fail)
    with pytest.raises(OSError, match="no space left"):
        review.write(hostile, path)
    assert os.listdir(tmp_path) == ["review.xlsx"]
    assert path.read_bytes() == b"the reviewer's"


@pytest.mark.parametrize(("text", "width"), [("abc", 3), ("全年预算", 8), ("a\n全年", 4), ("●", 2), ("", 0)])
def test_width_counts_wide_characters_twice(text: str, width: int) -> None:
    assert look.display_width(text) == width


def test_lines_of_wrapped_text() -> None:
    """宋体 of 10 points: a character is 13 pixels, a column of width w has 7·w, so four (52) fit in 8 (56), not in 7."""
    assert look.line_count("全年预算", 8) == 1
    assert look.line_count("全年预算", 7) == 2
    assert look.line_count("全年预算", 7, small=True) == 1, "at 9 points a character is 12 pixels: 48 fit in 49"
    assert look.line_count("一\n二", 20) == 2
    assert look.line_count("a" * 20, 18) == 2
    assert look.line_count("a" * 20, 18, latin=0.9) == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_role_and_reason_has_its_words(language: str) -> None:
    say = Words(language)
    for role in rows.ALL:
        assert say(f"role-{role}")
    for reason in ("before-year", "after-year", "after-through", "undated"):
        assert say(f"reason-{reason}")


def links(path: Path, sheet: str) -> dict[str, str]:
    """Where the linked cells of a sheet lead: `'sheet'!cell`, or `file#'sheet'!cell`."""
    found = [c.hyperlink for row in openpyxl.load_workbook(path)[sheet].iter_rows() for c in row if c.hyperlink]
    return {h.ref: (h.target or "").replace("\\", "/") + ("#" if h.target else "") + h.location for h in found}


def test_totals_lead_to_their_parts(example: rc.Reconciliation, tmp_path: Path) -> None:
    """汇总 to 按类别, 按类别 to 按项目, 按项目 and 按月 to an entry of 明细 that has their key; every place exists."""
    path = review.write(example, tmp_path / "r.xlsx")
    book, shown = openpyxl.load_workbook(path), values(path)
    for sheet in ("封面", "汇总", "按项目", "按类别", "按月", "执行进度", "合同", "差异清单", "勾稽检查", "明细"):
        found = links(path, sheet)
        assert found, sheet
        for target in found.values():
            name, cell = re.fullmatch(r"'(.+)'!([A-Z]+\d+)", target).groups()
            assert book[name][cell].row <= book[name].max_row
            assert shown[name][cell].value is not None
    column = {c.value: c.column for c in next(r for r in shown["明细"].iter_rows() if r[0].value == "日期")}
    by_project = links(path, "按项目")
    row = next(r[2].row for r in shown["按项目"].iter_rows() if r[2].value == "企业印章刻制")
    entry = int(by_project[f"C{row}"].split("!A")[1])
    assert shown["明细"].cell(entry, column["项目"]).value == "企业印章刻制"
    month = next(r[0].row for r in shown["按月"].iter_rows() if r[0].value == "2020-05")
    entry = int(links(path, "按月")[f"A{month}"].split("!A")[1])
    assert shown["明细"].cell(entry, column["日期"]).value.month == 5


def test_findings_lead_to_their_rows_and_back(example: rc.Reconciliation, tmp_path: Path) -> None:
    """Here and in the marked copy; and where there are no copies, nothing leads out of the workbook."""
    example.annotate(tmp_path / "annotated")
    path = example.write_review(tmp_path / "r.xlsx", annotated=tmp_path / "annotated")
    found, shown = links(path, "差异清单"), values(path)
    rows = [r for r in shown["差异清单"].iter_rows() if isinstance(r[0].value, int)]
    header = {c.value: c.column for c in next(r for r in shown["明细"].iter_rows() if r[0].value == "日期")}
    checked = 0
    for row, finding in zip(rows, example.problems, strict=True):
        place = next((c for c in row if c.value == finding.origin.cell and c.coordinate in found), None)
        if finding.origin.file == "ledger_2020.xlsx" and place is not None:
            entry = int(found[place.coordinate].split("!A")[1])
            assert shown["明细"].cell(entry, header["行"]).value == finding.origin.row
            number = shown["明细"].cell(entry, header["见差异"])
            assert str(row[0].value) in number.value.split("、")
            assert links(path, "明细")[number.coordinate].startswith("'差异清单'!A")
            checked += 1
        outside = next((found[c.coordinate] for c in row if "#" in found.get(c.coordinate, "")), "")
        if finding.origin.row:
            assert outside == f"annotated/{finding.origin.file}#'{finding.origin.sheet}'!{finding.origin.cell}"
            assert (tmp_path / outside.split("#")[0]).is_file()
    assert checked
    alone = example.write_review(tmp_path / "alone.xlsx")
    assert not [t for t in links(alone, "差异清单").values() if "#" in t]


def test_contracts_show_what_was_paid(
    example: rc.Reconciliation, tmp_path: Path, recalculate: Callable[[Path], Path]
) -> None:
    """Paid is live over 明细, unpaid is the price, else what was settled, less what was paid."""
    path = review.write(example, tmp_path / "r.xlsx")
    rows = table(values(path)["合同"], "合同名称")
    register, paid = example.contracts.fen, example.facts.payments.paid
    for at, (row, name) in enumerate(zip(rows, register["name"])):
        assert row["合同名称"] == name
        assert fen(row["本期付款"]) == paid.get(at, 0)
        owed = register["price"][at] if register["price"][at] is not pd.NA else register["settled"][at]
        assert fen(row["未付"]) == owed - paid.get(at, 0)
    legal = next(r for r in rows if r["合同名称"] == "法律顾问服务合同")
    assert legal["无合同天数"] == 216, "2020-05-30 to 2020-12-31, both ends"
    assert legal["见差异"]
    book = openpyxl.load_workbook(path)
    header = {c.value: c.column - 1 for c in next(r for r in book["明细"].iter_rows() if r[0].value == "日期")}
    entry = next(r for r in book["明细"].iter_rows() if r[header["合同键"]].value == "K001")
    entry[header["支出金额"]].value += 100
    book.save(tmp_path / "edited.xlsx")
    after = table(values(recalculate(tmp_path / "edited.xlsx"))["合同"], "合同名称")
    assert fen(after[0]["本期付款"]) == fen(rows[0]["本期付款"]) + 10_000
    assert fen(after[0]["未付"]) == fen(rows[0]["未付"]) - 10_000


def test_the_pace_is_the_forecast(
    example: rc.Reconciliation, tmp_path: Path, recalculate: Callable[[Path], Path]
) -> None:
    nine = rc.reconcile(example.budget, example.ledger, contracts=example.contracts, through="2020-09")
    path = review.write(nine, tmp_path / "r.xlsx")
    rows = table(values(path)["执行进度"], "序时应支出")
    exact = nine.forecast
    total, pair = exact.iloc[0], exact[exact["project"] == "企业印章刻制"].iloc[0]
    for name, wanted in (("合计", total), ("企业印章刻制", pair)):
        row = next(r for r in rows if r["类别、项目"] == name)
        for column, field in (
            ("序时应支出", "on_schedule"),
            ("快（慢）于序时", "ahead"),
            ("直线推算全年", "forecast"),
            ("推算结余", "forecast_remaining"),
        ):
            assert fen(row[column]) == fen(wanted[field])
    assert_same_values(path, recalculate(path))


def test_ten_thousands_are_a_format_and_cells_stay_yuan(
    example: rc.Reconciliation, tmp_path: Path, written: Path
) -> None:
    shown = rc.reconcile(example.budget, example.ledger, settings=Settings(money="万元"))
    path = review.write(shown, tmp_path / "r.xlsx")
    plain = review.write(rc.reconcile(example.budget, example.ledger), tmp_path / "plain.xlsx")
    ours, theirs = openpyxl.load_workbook(path, data_only=True), openpyxl.load_workbook(plain, data_only=True)
    for name in ("按项目", "按类别", "按月", "执行进度"):
        assert any("万元" in str(c.value) for c in ours[name][2])
        for row, same in zip(ours[name].iter_rows(min_row=3), theirs[name].iter_rows(min_row=3), strict=True):
            assert [c.value for c in row] == [c.value for c in same]
            money = [c for c, s in zip(row, same) if s.number_format == look.MONEY]
            assert all(c.number_format == look.WAN for c in money)
    for name in ("汇总", "明细", "预算明细", "差异清单"):
        assert not [c for row in ours[name].iter_rows() for c in row if c.number_format == look.WAN]


def test_what_a_workbook_shows_after_a_move_is_what_the_next_run_finds(
    example: rc.Reconciliation, tmp_path: Path, recalculate: Callable[[Path], Path]
) -> None:
    """Three entries are moved in 明细; the workbook recalculated, and the next run that it is given back to, agree."""
    book = openpyxl.load_workbook(review.write(example, tmp_path / "r.xlsx"))
    at = next(r for r in book["明细"].iter_rows() if r[0].value == "日期")
    column = {c.value: c.column - 1 for c in at}
    rows = list(book["明细"].iter_rows(min_row=at[0].row + 1))
    basic = [r for r in rows if r[column["类别"]].value == "基本支出"]
    project = [r for r in rows if r[column["类别"]].value == "项目支出"]
    basic[0][column["改列项目"]].value = "行政审批业务经费"
    basic[1][column["改列类别"]].value = "项目支出"
    project[0][column["改列类别"]].value = "基本支出"
    book.save(tmp_path / "given-back.xlsx")
    shown = values(recalculate(tmp_path / "given-back.xlsx"))
    after = rc.reconcile(
        example.budget, example.ledger, contracts=example.contracts, previous=tmp_path / "given-back.xlsx"
    )
    assert [m.status for m in after.moved] == ["applied"] * 3
    totals = {r["类别、项目或经济分类"]: r["支出"] for r in table(shown["按类别"], "编码")}
    for name, category in (("一、基本支出", "basic"), ("二、项目支出", "project")):
        assert fen(totals[name]) == after.tie.by_category.set_index("category")["actual"][category]
    for line in after.tie.by_project[after.tie.by_project["in_budget"]].itertuples():
        own = [r for r in table(shown["按项目"], "状态") if r["项目"] == line.project]
        assert [fen(r["支出"]) for r in own] == [line.actual]


@pytest.mark.parametrize("limit", [100_000, 1])
def test_groups_add_up_to_basic_spending_after_any_reclassification(
    limit: int, tmp_path: Path, recalculate: Callable[[Path], Path]
) -> None:
    """No basic spending without a class at first, so its group is empty; then an entry of no known project moves in."""
    plan = [("基本支出", "30101", 1000), ("基本支出", "30201", 200)]
    columns = ["支出类型", "经济分类编码", "年初预算"]
    projects = pd.DataFrame([("项目支出", "甲", 50)], columns=["支出类型", "项目", "年初预算"], dtype=object)
    rows = [("基本支出", "", "30101", 900), ("基本支出", "", "30201", 90), ("项目支出", "乙", "", 70)]
    ledger = pd.DataFrame(
        [(f"2020-0{n}-05", f"记-{n}", "7101", *row) for n, row in enumerate(rows, 1)],
        columns=["日期", "凭证号", "科目编码", "支出类型", "项目", "经济分类编码", "借方金额"],
        dtype=object,
    )
    settings = Settings(workbook=Workbook(detail_limit=limit))
    planned = rc.load_budget([pd.DataFrame(plan, columns=columns, dtype=object), projects], year=2020)
    result = rc.reconcile(planned, rc.load_ledger(ledger), settings=settings)
    path = result.write_review(tmp_path / "r.xlsx")
    book = openpyxl.load_workbook(path)
    head = next(r for r in book["明细"].iter_rows() if r[0].value == "日期")
    column = {c.value: c.column for c in head}
    page = book["明细"]
    [row] = [r[0].row for r in page.iter_rows() if r[column["凭证号"] - 1].value == "记-3"]
    page.cell(row, column["改列类别"]).value = "基本支出"
    book.save(tmp_path / "moved.xlsx")

    def actual(path: Path) -> dict[str, object]:
        return {str(r["类别"]): fen(r["支出"]) for r in table(values(path)["汇总"], "类别") if r["类别"]}

    before, after = actual(path), actual(recalculate(tmp_path / "moved.xlsx"))
    names = ["人员经费", "公用经费", "其他基本支出", "基本支出"]
    assert [before[n] for n in names] == [90_000, 9_000, 0, 99_000]
    assert [after[n] for n in names] == [90_000, 9_000, 7_000, 106_000]
    assert after["合计"] == before["合计"]


def test_what_a_reviewer_settled_is_counted_apart_from_what_is_open(
    hostile: rc.Reconciliation, tmp_path: Path, recalculate: Callable[[Path], Path]
) -> None:
    def counts(path: Path) -> dict[str, tuple[object, ...]]:
        rows = table(values(path)["汇总"], "待处理")
        return {str(r["程度"]): (r["待处理"], r["已认可或不是问题"]) for r in rows[:3]}

    path = hostile.write_review(tmp_path / "r.xlsx")
    levels = hostile.findings["severity"].value_counts()
    words = {"error": "● 错误", "warning": "▲ 警告", "info": "○ 提示"}
    assert counts(path) == {words[n]: (levels[n], 0) for n in words}
    errors, warnings = (hostile.findings.query("severity == @n")["key"] for n in ("error", "warning"))
    settled = {errors.iloc[0]: ("认可", "已报批", "张三", None), errors.iloc[1]: ("不是问题", "", "张三", None)}
    settled |= {warnings.iloc[0]: ("认可", "", "", None), errors.iloc[2]: ("询问", "", "", None)}
    wanted = {"● 错误": (levels["error"] - 2, 2), "▲ 警告": (levels["warning"] - 1, 1), "○ 提示": (levels["info"], 0)}
    fill(path, settled)
    assert counts(recalculate(path)) == wanted  # as soon as it is filled in
    assert counts(tied(previous=path).write_review(tmp_path / "next.xlsx")) == wanted


@pytest.mark.parametrize(
    ("language", "sheets", "words"),
    [
        ("zh", ("封面", "差异清单"), ("编号（勿改）", "请勿删除或改动", "需要重填")),
        ("en", ("Cover", "Findings"), ("“Key (leave)”", "as ", "given again")),
    ],
)
def test_who_fills_it_in_is_told_to_keep_the_key(
    language: str, sheets: tuple[str, str], words: tuple[str, ...], tmp_path: Path
) -> None:
    path = tied(settings=Settings(language=language)).write_review(tmp_path / "r.xlsx")
    for name in sheets:
        told = [str(c.value) for row in values(path)[name].iter_rows() for c in row if c.value]
        assert any(all(w in one for w in words) for one in told), name


@pytest.mark.parametrize("language", ["zh", "en"])
def test_why_a_check_did_not_run_is_said_in_the_language_of_the_workbook(language: str, tmp_path: Path) -> None:
    register = pd.DataFrame([["甲合同", ">5", "法律服务", 900]], columns=["合同名称", "项目", "供应商", "合同金额"])
    result = tied(settings=Settings(language=language), contracts=rc.load_contracts(register))
    path = result.write_review(tmp_path / "r.xlsx")
    title = {"zh": "原因", "en": "Reason"}[language]
    told = [str(r[title]) for r in table(values(path)[{"zh": "勾稽检查", "en": "Checks"}[language]], title) if r[title]]
    assert len(told) > 10
    assert [t for t in told if re.search("[\u4e00-\u9fff]", t) is None] == ([] if language == "zh" else told)
    assert any(re.search(r"\d", t) for t in told), "a reason that counts"
    assert sorted(told) == sorted(r for r in result.checks["reason"] if r)


def test_an_entry_that_is_not_counted_is_led_to_by_its_finding(hostile: rc.Reconciliation, tmp_path: Path) -> None:
    path = hostile.write_review(tmp_path / "r.xlsx")
    [number] = [n for n, f in enumerate(hostile.problems) if f.code == "out-of-period" and "记-13" in f.subject]
    book = openpyxl.load_workbook(path)
    head = next(r for r in book["差异清单"].iter_rows() if r[0].value == "序号")
    at = next(c.column for c in head if c.value == "单元格")
    link = book["差异清单"].cell(head[0].row + 1 + number, at).hyperlink
    sheet, _, place = link.location.replace("'", "").partition("!")
    assert sheet == "未计入"
    assert "记-13" in [c.value for c in book[sheet][book[sheet][place].row]]


@pytest.mark.parametrize("limit", [100_000, 1])
def test_what_follows_a_round_trip_through_libreoffice_recalculates_to_its_cached_values(
    limit: int, hostile: rc.Reconciliation, tmp_path: Path, recalculate: Callable[[Path], Path]
) -> None:
    """Filled in and reclassified, saved by LibreOffice, taken up: the saved workbook and the one that follows it."""
    settings = Settings(workbook=Workbook(detail_limit=limit))
    path = tied(settings=settings).write_review(tmp_path / "review.xlsx")
    fill(moved(path, path), {hostile.findings["key"].iloc[0]: ("认可", "已报批", "张三", None)})
    saved = recalculate(path)
    assert_same_values(saved, recalculate(saved))
    again = tied(settings=settings, previous=saved)
    assert "accepted" in set(again.findings["status"])
    assert "applied" in set(again.reclassified["status"])
    follows = again.write_review(tmp_path / "follows.xlsx")
    assert_same_values(follows, recalculate(follows))

"""The annotated copies and the notebook table."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

import reconcile as rc
from reconcile.settings import Settings
from reconcile.write.formula_sheet import formula_sheet
from reconcile.write.output import whole_file
from tests.small import budget, journal, pay, sheet


def test_annotations_stand_at_the_very_cells_and_values_are_kept(tmp_path: Path, example: rc.Reconciliation) -> None:
    paths = example.annotate(tmp_path)
    assert [p.name for p in paths] == ["budget_2020.xlsx", "ledger_2020.xlsx", "contracts_2020.xlsx"]
    marked = openpyxl.load_workbook(paths[0]).active
    source = openpyxl.load_workbook(Path(__file__).parents[1] / "workbooks/example/budget_2020.xlsx").active
    assert [[c.value for c in r] for r in marked.iter_rows()] == [[c.value for c in r] for r in source.iter_rows()]
    noted = {c.coordinate: c.comment.text for r in marked.iter_rows() for c in r if c.comment}
    assert set(noted) == {"C36", "G39", "G41", "G42", "G43", "G44"}
    assert "66.81%" in noted["G41"]
    assert marked["C36"].fill.fgColor.rgb != source["C36"].fill.fgColor.rgb


def test_no_output_takes_the_place_of_a_source(tmp_path: Path) -> None:
    plan = sheet(tmp_path / "预算.xlsx", [["单位：元"], ["支出类型", "项目", "年初预算"], ["项目支出", "甲", "待定"]])
    before = plan.read_bytes()
    result = rc.reconcile(rc.load_budget(plan, year=2020), journal(*pay("2020-01-05", "记-1", "甲", 1)))
    for write in (lambda: result.annotate(tmp_path), lambda: result.write_review(tmp_path / "." / "预算.xlsx")):
        with pytest.raises(rc.LoadError, match=r"预算\.xlsx"):
            write()
    assert (plan.read_bytes(), list(tmp_path.iterdir())) == (before, [plan])


def test_a_finding_on_a_merged_cell_marks_its_first_cell(tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "b.xlsx", [["单位：元"], ["项目", "年初预算", "备注"], ["甲", "待定", None], ["乙", 1, None]]
    )
    book = openpyxl.load_workbook(path)
    book.active.merge_cells("B3:C3")
    book.save(path)
    result = rc.reconcile(rc.load_budget(path, year=2020), journal(*pay("2020-01-05", "记-1", "乙", 1)))
    [copy] = result.annotate(tmp_path / "out")
    assert "待定" in openpyxl.load_workbook(copy).active["B3"].comment.text


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "review.xlsx"
    target.write_text("old")

    def fail() -> None:
        with whole_file(target) as beside:
            beside.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert [p.name for p in tmp_path.iterdir()] == ["review.xlsx"]
    assert target.read_text() == "old"


def test_a_screen_lists_the_gravest_findings_and_counts_the_rest() -> None:
    """40 projects are spent on and in no budget line: 30 are shown, and at least 10 are counted."""
    payments = [line for n in range(40) for line in pay("2020-01-05", f"记-{n}", f"无预算项目{n:02d}号", 5)]
    result = rc.reconcile(budget(("项目支出", "甲", 10)), journal(*payments))
    html = result._repr_html_()
    assert html.count("<li") == 31
    assert f"另有 {len(result.findings) - 30} 条" in html


def test_no_budget_zero_and_unreadable_are_three_things_in_the_notebook() -> None:
    plan = budget(("项目支出", "坏", "待定"), ("项目支出", "零", 0))
    html = rc.reconcile(plan, journal(*pay("2020-01-05", "记-1", "新", 5)))._repr_html_()
    rows = [[re.sub("<.*?>", "", cell) for cell in row.split("</td>")] for row in html.split("</tr>")]
    shown = {row[0].strip(): row[1:5] for row in rows if len(row) > 4}
    assert shown["坏"] == ["无法识别", "0.00", "无法识别", "无法识别"]
    assert shown["零"] == ["0.00", "0.00", "0.00", "预算为0"]
    assert shown["新"] == ["无预算", "5.00", "-5.00", "—"]
    assert shown["合计"] == ["无法识别", "5.00", "无法识别", "无法识别"]


def test_the_notebook_table_escapes_what_files_say() -> None:
    result = rc.reconcile(budget(("项目支出", "<script>甲", 10)), journal(*pay("2020-01-05", "记-1", "<script>甲", 90)))
    html = result._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;甲" in html
    assert "超预算" in html
    assert "9e-" not in html


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_note_names_the_row_of_the_findings_list_that_it_is_from(tmp_path: Path, language: str) -> None:
    path = sheet(tmp_path / "b.xlsx", [["单位：元"], ["项目", "年初预算"], ["甲", "待定"], ["乙", "1"], ["丙", "未定"]])
    settings = Settings(language=language)
    ledger = journal(*pay("2020-01-05", "记-1", "乙", 5))
    result = rc.reconcile(rc.load_budget(path, year=2020), ledger, settings=settings)
    [copy] = result.annotate(tmp_path / "out")
    notes = {c.coordinate: c.comment.text for row in openpyxl.load_workbook(copy).active for c in row if c.comment}
    assert {"B3", "B5"} <= set(notes)
    review = openpyxl.load_workbook(result.write_review(tmp_path / "r.xlsx"))
    page = review[{"zh": "差异清单", "en": "Findings"}[language]]
    head = next(row for row in page.iter_rows() if row[0].value in ("序号", "No."))
    at = {c.value: c.column - 1 for c in head}[{"zh": "单元格", "en": "Cell"}[language]]
    listed = {row[0].value: row[at].value for row in page.iter_rows(min_row=head[0].row + 1)}
    said = {"zh": r"（差异清单第(\d+)项）", "en": r"\(Findings, no\. (\d+)\)"}[language]
    for place, text in notes.items():
        numbers = [int(n) for n in re.findall(said, text)]
        assert numbers
        assert {listed[n] for n in numbers} == {place}


@pytest.mark.parametrize(
    ("formula", "written"),
    [
        ("=ROUND(SUM(A1:A9),2)", "ROUND(SUM(A1:A9),2)"),
        ('=IF(A1="FILTER(",1,COUNTIFS(A1:A9,">0"))', 'IF(A1="_xlfn._xlws.FILTER(",1,COUNTIFS(A1:A9,"&gt;0"))'),
        ("=SUM(XLOOKUP(1,A1:A9,B1:B9))", "SUM(_xlfn.XLOOKUP(1,A1:A9,B1:B9))"),
    ],
)
def test_formulas_are_written_as_the_library_writes_them(tmp_path: Path, formula: str, written: str) -> None:
    parts = []
    for kind in (formula_sheet(), None):
        with xlsxwriter.Workbook(tmp_path / "甲.xlsx") as book:
            book.add_worksheet("甲", kind).write_formula(0, 2, formula, None, 7)
        with zipfile.ZipFile(tmp_path / "甲.xlsx") as package:
            parts.append(package.read("xl/worksheets/sheet1.xml").decode())
    assert parts[0] == parts[1]
    assert f">{written}</f>" in parts[0]

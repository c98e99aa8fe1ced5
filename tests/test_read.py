"""Containers, headers, rows, codes and dates: what a file becomes before it is a budget or a ledger."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import reconcile as rc
from reconcile.codes import clean_code, group_of, split_code
from reconcile.read import words
from reconcile.read.dates import parse_date
from reconcile.read.workbook import ErrorCell, Uncalculated, open_book
from tests.small import sheet


def rewrite(path: Path, part: str, old: bytes, new: bytes) -> Path:
    """Replace bytes inside one part of a package."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, data.replace(old, new) if name == part else data)
    path.write_bytes(out.getvalue())
    return path


def test_error_cells_and_uncalculated_formulas_keep_their_address(tmp_path: Path) -> None:
    path = sheet(tmp_path / "b.xlsx", [["项目", "年初预算"], ["甲", "=1/0"], ["乙", 77_001]])
    rewrite(path, "xl/worksheets/sheet1.xml", b"<v>77001</v>", b"<v>#DIV/0!</v>")
    rewrite(path, "xl/worksheets/sheet1.xml", b'<c r="B3" t="n">', b'<c r="B3" t="e">')
    cells = open_book(path).sheets[0].cells
    assert cells[1, 1] == Uncalculated("=1/0")
    assert cells[2, 1] == ErrorCell("#DIV/0!")


def test_a_broken_cell_is_a_finding_with_its_cell_and_its_row_is_not_counted_as_zero(tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "b.xlsx",
        [
            ["支出类型", "项目", "年初预算"],
            ["项目支出", "甲", "=1/0"],
            ["项目支出", "乙", "待定"],
            ["项目支出", "丙", 5],
        ],
    )
    budget = rc.load_budget(path, unit="元")
    assert list(budget.findings[["code", "cell"]].itertuples(index=False, name=None)) == [
        ("unreadable-amount", "C3"),
        ("uncalculated-formula", "C2"),
    ] or list(budget.findings[["code", "cell"]].itertuples(index=False, name=None)) == [
        ("uncalculated-formula", "C2"),
        ("unreadable-amount", "C3"),
    ]
    lines = budget.lines.set_index("project")["available"]
    assert lines["丙"] == 5.0
    assert lines[["甲", "乙"]].isna().all()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "0 字节"),
        (b"PK\x03\x04 not really a zip", "不是可读的工作簿"),
        (b"%PDF-1.4 hello", "不是可读的工作簿"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "不是可读的工作簿"),
    ],
)
def test_what_is_no_workbook_is_refused_by_name(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "预算.xlsx"
    path.write_bytes(content)
    with pytest.raises(rc.LoadError) as caught:
        rc.load_budget(path)
    assert "预算.xlsx" in str(caught.value)
    assert says in str(caught.value)


def test_a_missing_file_a_folder_and_an_empty_workbook_are_refused(tmp_path: Path) -> None:
    with pytest.raises(rc.LoadError, match="找不到"):
        rc.load_budget(tmp_path / "没有.xlsx")
    with pytest.raises(rc.LoadError, match="文件夹"):
        rc.load_budget(tmp_path)
    openpyxl.Workbook().save(tmp_path / "空.xlsx")
    with pytest.raises(rc.LoadError, match=r"空\.xlsx.*没有任何数据"):
        rc.load_budget(tmp_path / "空.xlsx")


def test_a_sheet_without_a_header_shows_the_words_that_were_seen(tmp_path: Path) -> None:
    path = sheet(tmp_path / "x.xlsx", [["会议纪要"], ["出席", "张三"]], "纪要")
    with pytest.raises(rc.LoadError) as caught:
        rc.load_ledger(path)
    assert "x.xlsx › 纪要" in str(caught.value)
    assert "会议纪要、出席、张三" in str(caught.value)
    assert "借方" in str(caught.value)


def test_a_document_type_in_a_package_is_refused_not_expanded(tmp_path: Path) -> None:
    path = sheet(tmp_path / "b.xlsx", [["项目", "年初预算"], ["甲", 1]])
    rewrite(path, "xl/workbook.xml", b"<workbook", b'<!DOCTYPE x [<!ENTITY a "b">]><workbook')
    with pytest.raises(rc.LoadError):
        rc.load_budget(path)


def test_a_stream_a_list_and_a_frame_are_sources(tmp_path: Path) -> None:
    path = sheet(tmp_path / "b.xlsx", [["项目", "年初预算"], ["甲", 1]])
    with path.open("rb") as stream:
        assert rc.load_budget(stream, unit="元").lines["file"].tolist() == ["b.xlsx"]
    other = sheet(tmp_path / "c.xlsx", [["项目", "年初预算"], ["乙", 1]])
    assert rc.load_budget([path, other], unit="元").lines["project"].tolist() == ["甲", "乙"]
    twice = rc.load_budget([path, path], unit="元")
    assert len(twice.lines) == 1
    assert twice.findings["code"].tolist() == ["repeated-table"]
    frame = pd.DataFrame({"项目": ["甲"], "年初预算": [1.5]})
    before = frame.copy()
    line = rc.load_budget(frame).lines.iloc[0]
    assert (line["project"], line["available"], line["row"]) == ("甲", 1.5, 2)
    pd.testing.assert_frame_equal(frame, before)


def test_columns_and_sheet_overrule_what_was_detected(tmp_path: Path) -> None:
    rows = [["名目", "甲方案", "乙方案"], ["印章", 3, 4]]
    path = sheet(tmp_path / "b.xlsx", rows)
    budget = rc.load_budget(path, columns={"project": "名目", "available": "C"}, unit="元")
    assert budget.lines["available"].tolist() == [4.0]
    with pytest.raises(rc.LoadError, match="available"):
        rc.load_budget(path, columns={"avaliable": "C", "project": "名目"})
    with pytest.raises(rc.LoadError, match="丙方案"):
        rc.load_budget(path, columns={"available": "丙方案", "project": "名目"})
    with pytest.raises(rc.LoadError, match="Sheet1"):
        rc.load_budget(path, sheet="没有")
    with pytest.raises(rc.LoadError, match="万元"):
        rc.load_budget(path, unit="角", columns={"project": "名目", "available": "C"})


def test_the_unit_is_the_money_unit_and_not_the_organisation(tmp_path: Path) -> None:
    rows = [["单位：301 芙蓉区审批局"], ["项目", "年初预算（万元）"], ["甲", 1.5]]
    assert rc.load_budget(sheet(tmp_path / "a.xlsx", rows)).lines["available"].tolist() == [15_000.0]
    rows = [["单位：301 芙蓉区审批局", "（单位：千元）"], ["项目", "年初预算"], ["甲", 1.5]]
    assert rc.load_budget(sheet(tmp_path / "b.xlsx", rows)).lines["available"].tolist() == [1_500.0]
    rows = [["单位：301 芙蓉区审批局"], ["项目", "年初预算"], ["甲", 1.5]]
    unknown = rc.load_budget(sheet(tmp_path / "c.xlsx", rows))
    assert unknown.findings["code"].tolist() == ["unit-unknown"]
    assert rc.load_budget(tmp_path / "c.xlsx", unit="万元").findings.empty


def test_a_second_sheet_with_the_same_data_is_read_once(tmp_path: Path) -> None:
    path = sheet(tmp_path / "b.xlsx", [["单位：元"], ["项目", "年初预算"], ["甲", 1], ["乙", 2]])
    book = openpyxl.load_workbook(path)
    copy = book.copy_worksheet(book.active)
    copy.title = "副本"
    book.save(path)
    budget = rc.load_budget(path)
    assert budget.lines["available"].sum() == 3.0
    assert budget.findings["code"].tolist() == ["repeated-table"]


def test_rows_read_are_the_sum_of_their_roles(example: rc.Reconciliation) -> None:
    for reading, last_row in ((example.budget.reading, 46), (example.ledger.reading, 2788)):
        assert reading.rows["rows"].sum() == last_row


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2020.4.13", (2020, 4, 13)),
        ("20200413", (2020, 4, 13)),
        ("2020/4/13", (2020, 4, 13)),
        ("2020-04-13 00:00:00", (2020, 4, 13)),
        ("2020年4月13日", (2020, 4, 13)),
        ("4月13日", (2020, 4, 13)),
        (43934, (2020, 4, 13)),
        (43934.0, (2020, 4, 13)),
        (20200413, (2020, 4, 13)),
        ("19/09/2017", (2017, 9, 19)),
        (dt.datetime(2020, 4, 13), (2020, 4, 13)),
        ("2020-02-30", None),
        ("合计", None),
        (12, None),
    ],
)
def test_dates_in_all_their_forms(value: object, date: tuple[int, int, int] | None) -> None:
    assert parse_date(value, 2020) == (dt.date(*date) if date else None)


@pytest.mark.parametrize(
    ("value", "code", "name"),
    [
        ("30201 办公费", "30201", "办公费"),
        ("30201_办公费", "30201", "办公费"),
        ("30201-办公费", "30201", "办公费"),
        ("[30201]办公费", "30201", "办公费"),
        ("30201", "30201", ""),
        (30201.0, "30201", ""),
        ("办公费", "", "办公费"),
        ("2020年度专项", "", "2020年度专项"),
        ("7101.01.02", "7101.01.02", ""),
        ("0030", "0030", ""),
    ],
)
def test_codes_glued_to_names_come_apart(value: object, code: str, name: str) -> None:
    assert split_code(value) == (code, name)


def test_codes_are_repaired_and_keep_leading_zeros() -> None:
    assert [clean_code(v) for v in ("7101.0", 7101.0, "7.101E3", "0012", 12)] == ["7101", "7101", "7101", "0012", "12"]


def test_groups_come_from_classes_by_code() -> None:
    assert [group_of(c) for c in ("30101", "30399", "30201", "31002", "30902", "30177")] == [
        "personnel",
        "personnel",
        "operating",
        "operating",
        "",
        "personnel",
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.企业印章刻制", "企业印章刻制"),
        ("（二）企业 印章刻制", "企业印章刻制"),
        ("[P001]企业印章刻制", "企业印章刻制"),
        ("政务大厅（窗口）经费", "政务大厅(窗口)经费"),
    ],
)
def test_two_writings_of_one_name(one: str, other: str) -> None:
    assert words.project_key(one) == words.project_key(other)


def test_near_names_are_not_the_same_name() -> None:
    assert words.project_key("专项资金管理") != words.project_key("项目资金管理")

"""The scan of plainly written sheets gives what the general reader gives, cell by cell, or hands the sheet over."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
import python_calamine
import xlsxwriter

import reconcile as rc
from reconcile import wide
from reconcile.read import compact, elements, grid, ooxml, workbook, worksheet
from reconcile.read.compact import Columns
from reconcile.read.scan import scan
from reconcile.read.shared import Shared
from reconcile.read.sheet import Cells
from reconcile.read.tokens import OddError
from tests import small
from tests.builders import LAYOUTS, draw, make_case, write
from tests.builders.cases import dirty_cases
from tests.conftest import EXAMPLE
from tests.test_gallery import part_changed

REAL = Path(__file__).parents[2] / "shared" / "real"
SHEET = "xl/worksheets/sheet1.xml"


def filled(cells: Cells) -> dict[tuple[int, int], tuple[str, object]]:
    return {
        (r, c): (type(value).__name__, value)
        for r, row in enumerate(np.asarray(cells, dtype=object).tolist(), 1)
        for c, value in enumerate(row, 1)
        if value is not None and value != ""
    }


def same(path: Path) -> int:
    """How many sheets the scan takes.  Every cell and every mark of them is as the reader of single elements has it,
    and every cell as the library has it, which tells neither errors nor formulas without a result."""
    taken = 0
    data = path.read_bytes()
    library = python_calamine.load_workbook(io.BytesIO(data))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        book = ooxml.book_part(package)
        shared = Shared(package, book)
        for listed in ooxml.sheets(package, book, shared.relations):
            general = worksheet.read(shared, listed.part)
            seen = filled(general.cells)
            told = {at: v for at, v in seen.items() if v[0] not in ("ErrorCell", "Uncalculated")}
            sheet = library.get_sheet_by_name(listed.name)
            if sheet.end is not None:
                assert told == filled(np.array(sheet.to_python(skip_empty_area=False), dtype=object))
            try:
                plain = scan(shared, listed.part)
            except OddError:
                continue
            taken += 1
            assert filled(plain.cells) == seen
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(grid, "LONG", 0)
                by_column = scan(shared, listed.part).cells
                held = grid.held(general.cells)
            assert isinstance(by_column, Columns)
            assert isinstance(held, Columns)
            assert filled(held) == seen
            assert by_column.shape == plain.cells.shape
            assert filled(by_column) == seen
            assert sorted(plain.merges) == sorted(general.merges)
            assert (plain.hidden_rows, plain.hidden_columns) == (general.hidden_rows, general.hidden_columns)
            assert dict(plain.unit_formats) == dict(general.unit_formats)
    return taken


VALUES: list[list[Any]] = [
    ["文字", " 前后有空格 ", "<甲>&\"乙'", "", None, "多\n行", "𠮷"],
    [0, 1, -1.5, 0.1 + 0.2, 1e-7, 123456789.01, 1e15],
    [True, False, dt.date(2020, 4, 13), dt.datetime(2020, 4, 13, 12, 30, 5), "1,234.50", "00123", 2**53],
]


def by_openpyxl(path: Path) -> None:
    small.sheet(path, VALUES)


def by_xlsxwriter(path: Path, constant: bool = False) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": constant, "default_date_format": "yyyy-mm-dd hh:mm"}) as book:
        page = book.add_worksheet()
        page.set_row(1, None, None, {"hidden": True})
        page.set_column(3, 4, 10, None, {"hidden": True})
        for i, row in enumerate(VALUES):
            page.write_row(i, 0, row)
        page.write_formula(3, 0, "=1+1", None, 2)
        page.write_formula(3, 1, '="a"&"b"', None, "ab")
        page.write_formula(3, 2, "=1/0", None, "#DIV/0!")
        page.write_number(3, 3, 12.5, book.add_format({"num_format": '0.00"万元"'}))
        page.write_blank(3, 4, None, book.add_format({"bold": True}))
        if not constant:
            page.merge_range(5, 0, 6, 2, "合并")


@pytest.mark.parametrize(
    "writer",
    [by_openpyxl, by_xlsxwriter, lambda path: by_xlsxwriter(path, constant=True)],
    ids=["openpyxl", "xlsxwriter", "xlsxwriter-rows"],
)
def test_what_the_libraries_write_is_scanned_and_the_same(tmp_path: Path, writer: Any) -> None:
    path = tmp_path / "甲.xlsx"
    writer(path)
    assert same(path) == 1


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_what_libreoffice_writes_is_scanned_and_the_same(tmp_path: Path) -> None:
    by_xlsxwriter(tmp_path / "甲.xlsx")
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = ["soffice", "--headless", profile, "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir"]
    subprocess.run([*command, str(tmp_path / "out"), str(tmp_path / "甲.xlsx")], check=True, capture_output=True)
    assert same(tmp_path / "out" / "甲.xlsx") == 1


@pytest.mark.parametrize("path", sorted(EXAMPLE.glob("*.xlsx")), ids=lambda p: p.name)
def test_the_example_is_scanned_and_the_same(path: Path) -> None:
    assert same(path) == 1


@pytest.mark.skipif(not REAL.is_dir(), reason="the folder of real files is not beside this checkout")
@pytest.mark.parametrize("path", sorted(REAL.rglob("*.xlsx")), ids=lambda p: p.name)
def test_real_files_are_the_same(path: Path) -> None:
    if path.name != "cal_pass_protected.xlsx":
        same(path)


@pytest.mark.parametrize("layout", list(LAYOUTS))
def test_every_layout_is_scanned_and_the_same(tmp_path: Path, layout: str) -> None:
    assert same(write(make_case(LAYOUTS[layout], draw(3, projects=3, vouchers=14)), tmp_path)) >= 1


@pytest.mark.parametrize("case", [c for c in dirty_cases(each=1) if c.container == "xlsx"], ids=lambda c: c.name)
def test_every_kind_of_dirt_is_the_same(tmp_path: Path, case: Any) -> None:
    same(write(case, tmp_path))


@pytest.mark.parametrize(
    "dimension",
    [b"A1:G600", b"A1", b"A1:B2", b"A1:ZZ5000", b"A1:XFD1048576", b"B7:C9", b""],
    ids=["right", "one-cell", "too-small", "too-large", "the-whole-sheet", "elsewhere", "none"],
)
def test_a_sheet_in_many_pieces_is_the_same_whatever_size_it_states(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dimension: bytes
) -> None:
    path = tmp_path / "甲.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        for i in range(600):
            page.write_row(i, i % 3, [f"文字{i % 50}", i, "", f"第{i}行", i / 4])
    stated = b'<dimension ref="' + dimension + b'"/>' if dimension else b""
    part_changed(path, SHEET, b'<dimension ref="A1:G600"/>', stated)
    monkeypatch.setattr(elements, "CHUNK", 3000)
    assert same(path) == 1
    assert workbook.open_book(path).sheets[0].cells.shape == (600, 7)


PLAN = [["单位：元"], ["支出类型", "项目", "年初预算"], ["项目支出", "甲", 123.45], ["项目支出", "乙", 6]]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<v>123.45</v>", b"<v> 123.45</v>"),
        (b"<v>123.45</v>", b"<v>123.45<!----></v>"),
        (b"<v>123.45</v>", b"<v>&#49;23.45</v>"),
        (b"<v>123.45</v>", b"<v>NaN</v>"),
        (b"<v>123.45</v>", b"<v></v>"),
        (b"<v>123.45</v>", b"<f>1+1</f><v></v>"),
        (b'<c r="C3"', b'<c r="C3" r="D3"'),
        (b'<c r="C3"', b"<c r='C3'"),
        (b'<c r="C3"', b"<c"),
        (b'<c r="C3"', b'<c r="C4"'),
        (b'<c r="C3"', b'<c r="A3"'),
        (b'<c r="C3"', b'<c r="c3"'),
        (b'<c r="C3"', b'<x:c xmlns:x="y" r="C3"'),
        (b'<row r="3"', b'<row r="2"'),
        (b'<row r="3"', b"<row"),
        (b'<row r="3"', b'<row r="99999999"'),
        (b"</row>", b"</row>\r\n"),
        (b"<sheetData>", b"<sheetData> "),
        (b"</sheetData>", b"</sheetData><sheetData></sheetData>"),
        (b"</sheetData>", b"</sheetData><!-- -->"),
    ],
)
def test_anything_else_is_handed_over(tmp_path: Path, old: bytes, new: bytes) -> None:
    path = part_changed(small.sheet(tmp_path / "甲.xlsx", PLAN), SHEET, old, new)
    with zipfile.ZipFile(path) as package, pytest.raises(OddError):
        scan(Shared(package, ooxml.book_part(package)), SHEET)


@pytest.mark.parametrize("long", [grid.LONG, 0], ids=["by-row", "by-column"])
def test_frames_do_not_depend_on_which_reader_took_the_sheet(long: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid, "LONG", long)
    monkeypatch.setattr(compact, "PICKED", 2)
    path = EXAMPLE / "ledger_2020.xlsx"
    plain = rc.load_ledger(path)

    def odd(*_: object) -> None:
        raise OddError("asked")

    monkeypatch.setattr(workbook, "scan", odd)
    general = rc.load_ledger(path)
    pd.testing.assert_frame_equal(wide.plain(plain.fen), wide.plain(general.fen))
    assert isinstance(plain.fen, wide.Wide) is isinstance(general.fen, wide.Wide) is (long == 0)
    pd.testing.assert_frame_equal(plain.reading.rows, general.reading.rows)


def test_a_hidden_sheet_stays_hidden_and_a_chart_sheet_is_none(tmp_path: Path) -> None:
    path = tmp_path / "甲.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("一", "二"):
            book.add_worksheet(name).write_row(0, 0, ["项目", 1])
        book.get_worksheet_by_name("二").hide()
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=一!$B$1:$B$1"})
        book.add_chartsheet("图").set_chart(chart)
    sheets = workbook.open_book(path).sheets
    assert [(s.name, s.hidden) for s in sheets] == [("一", False), ("二", True)]


def test_dates_from_1904_and_lengths_of_time(tmp_path: Path) -> None:
    path = tmp_path / "甲.xlsx"
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active.append([dt.date(2020, 4, 13), dt.datetime(2020, 4, 13, 6), 42])
    book.save(path)
    assert same(path) == 1
    assert workbook.open_book(path).sheets[0].cells[0, 0] == dt.date(2020, 4, 13)

"""Marked copies: the cells and notes asked for, and not a byte else."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

import reconcile as rc
from reconcile.finding import LoadError
from reconcile.read.workbook import open_book
from reconcile.write.mark import cells, plain, shape
from reconcile.write.mark.copy import Mark, mark_copy
from tests.small import journal, pay, sheet

COLOURS = {"error": "FFF4B6B6", "warning": "FFFFE3A3", "info": "FFCFE2F3"}
LEGEND = ("批注说明", [("", "说明"), ("error", "● 错误")])
MARKS = {
    (2, 2): Mark("error", '● 金额不符：<甲> & "乙"\n第二行'),
    (3, 1): Mark("warning", "▲ 说明"),
    (4, 7): Mark("info", ""),
    (400, 3): Mark("error", "表外的格"),
}
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe0def46b8"
    "0000000049454e44ae426082"
)


def filled(book: xlsxwriter.Workbook, name: str = "数据") -> Any:
    page = book.add_worksheet(name)
    page.write_row(0, 0, ["项目", "预算", "支出"])
    for i in range(1, 30):
        page.write_row(i, 0, [f"项目{i}", i * 100.5, i * 90])
    return page


def chart(book: Any, page: Any) -> None:
    one = book.add_chart({"type": "column"})
    one.add_series({"values": "=数据!$B$2:$B$30"})
    page.insert_chart("E2", one)


def sparkline(book: Any, page: Any) -> None:
    page.add_sparkline("D2", {"range": "数据!B2:C2"})


def image(book: Any, page: Any) -> None:
    page.insert_image("E2", "p.png", {"image_data": io.BytesIO(PICTURE)})


def data_bars(book: Any, page: Any) -> None:
    page.conditional_format("B2:B30", {"type": "data_bar", "data_bar_2010": True})


def validation(book: Any, page: Any) -> None:
    page.data_validation("D2:D30", {"validate": "list", "source": ["是", "否"]})


def comments(book: Any, page: Any) -> None:
    page.write_comment("B2", "原有批注", {"author": "张三"})
    page.write_comment("C9", "另一条")


def names(book: Any, page: Any) -> None:
    book.define_name("预算合计", "=数据!$B$2:$B$30")
    page.print_area("A1:C30")
    page.repeat_rows(0)
    page.autofilter("A1:C30")
    page.freeze_panes(1, 1)


def table(book: Any, page: Any) -> None:
    page.add_table("A1:C30", {"columns": [{"header": h} for h in ("项目", "预算", "支出")]})


def buttons(book: Any, page: Any) -> None:
    page.insert_button("E4", {"caption": "汇总"})
    page.insert_checkbox("E8", True)


def header_image(book: Any, page: Any) -> None:
    page.set_header("&L&G", {"image_left": "p.png", "image_data_left": io.BytesIO(PICTURE)})


def links(book: Any, page: Any) -> None:
    page.write_url("D2", "https://example.org/", string="网址")
    page.write_rich_string("D3", "普通", book.add_format({"bold": True}), "加粗")
    page.merge_range("F2:G3", "合并")


def formulas(book: Any, page: Any) -> None:
    page.write_formula("D2", "=SUM(B2:C2)", None, 190.5)
    page.write_dynamic_array_formula("D4:D5", "=B4:B5*2", None, 603)
    page.set_row(5, 30, book.add_format({"bg_color": "#00FF00", "num_format": "0.00%"}), {"level": 1})
    page.set_column("H:H", 20, None, {"hidden": True})


RICH = [chart, sparkline, image, data_bars, validation, comments, names, table, buttons, header_image, links, formulas]


def made(path: Path, feature: Callable[[Any, Any], None]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        page = filled(book)
        feature(book, page)
        other = book.add_worksheet("另一表")
        other.write(0, 0, dt.date(2020, 1, 1).isoformat())
        if feature is buttons:
            book.add_chart({"type": "line"}).add_series({"values": "=数据!$B$2:$B$3"})
    return path


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def may_change(name: str) -> bool:
    """What marks on the first sheet must touch, and no other part."""
    pattern = (
        r"\[Content_Types\]\.xml|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels|xl/styles\.xml"
        r"|xl/worksheets/sheet1\.xml|xl/worksheets/_rels/sheet1\.xml\.rels|xl/comments1\.xml|xl/drawings/vmlDrawing1\.vml"
    )
    return re.fullmatch(pattern, name) is not None


def values(path: Path) -> dict[str, list[list[object]]]:
    return {s.name: [list(map(str, row)) for row in s.cells] for s in open_book(path).sheets}


def check(source: Path, copy: Path) -> None:
    before, after = parts(source), parts(copy)
    assert set(before) <= set(after)
    assert [n for n in before if before[n] != after[n] and not may_change(n)] == []
    seen = values(copy)
    assert seen.pop("批注说明")[1] == ["● 错误"]
    for name, rows in values(source).items():
        shown = [[c for c in row if c not in ("", "None")] for row in seen[name]]
        assert [r for r in shown if r] == [r for r in ([c for c in row if c not in ("", "None")] for row in rows) if r]
    book = openpyxl.load_workbook(copy)
    assert book.sheetnames[-1] == "批注说明"
    page = book["数据"]
    for (row, column), mark in MARKS.items():
        cell = page.cell(row, column)
        assert cell.fill.fgColor.rgb == COLOURS[mark.level]
        assert (mark.note in cell.comment.text) if mark.note else cell.comment is None


@pytest.mark.parametrize("feature", RICH, ids=lambda f: f.__name__)
def test_all_but_the_marks_is_byte_for_byte_the_same(tmp_path: Path, feature: Callable[[Any, Any], None]) -> None:
    source, copy = made(tmp_path / "源.xlsx", feature), tmp_path / "批注.xlsx"
    mark_copy(source, copy, {"数据": MARKS}, COLOURS, LEGEND)
    check(source, copy)
    again = tmp_path / "再次.xlsx"
    mark_copy(source, again, {"数据": MARKS}, COLOURS, LEGEND)
    assert again.read_bytes() == copy.read_bytes()


def test_a_note_that_is_there_stays_above_ours(tmp_path: Path) -> None:
    source, copy = made(tmp_path / "源.xlsx", comments), tmp_path / "批注.xlsx"
    mark_copy(source, copy, {"数据": MARKS}, COLOURS, LEGEND)
    page = openpyxl.load_workbook(copy)["数据"]
    assert page["B2"].comment.text.startswith("原有批注")
    assert page["B2"].comment.text.endswith("第二行")
    assert page["C9"].comment.text == "另一条"


def test_macros_and_their_buttons_are_kept(tmp_path: Path) -> None:
    source, copy = tmp_path / "源.xlsm", tmp_path / "批注.xlsm"
    (tmp_path / "vba.bin").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))
    with xlsxwriter.Workbook(source) as book:
        page = filled(book)
        book.add_vba_project(str(tmp_path / "vba.bin"))
        page.insert_button("E4", {"macro": "汇总", "caption": "汇总"})
    mark_copy(source, copy, {"数据": MARKS}, COLOURS, LEGEND)
    before, after = parts(source), parts(copy)
    assert after["xl/vbaProject.bin"] == before["xl/vbaProject.bin"]
    assert b"macroEnabled" in after["[Content_Types].xml"]
    assert after["xl/drawings/vmlDrawing1.vml"].startswith(before["xl/drawings/vmlDrawing1.vml"].rstrip()[:-6])


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_every_copy_and_what_it_writes_is_marked_too(tmp_path: Path) -> None:
    folder, out = tmp_path / "copies", tmp_path / "out"
    folder.mkdir()
    for feature in RICH:
        mark_copy(
            made(tmp_path / "源.xlsx", feature), folder / f"{feature.__name__}.xlsx", {"数据": MARKS}, COLOURS, LEGEND
        )
    office(tmp_path, out, *sorted(folder.glob("*.xlsx")))
    for feature in RICH:
        saved = out / f"{feature.__name__}.xlsx"
        page = openpyxl.load_workbook(saved)["数据"]
        assert page["A3"].comment.text == "▲ 说明"
        assert page["B2"].fill.fgColor.rgb == COLOURS["error"]
        mark_copy(saved, folder / "again.xlsx", {"数据": {(5, 5): Mark("info", "再批")}}, COLOURS, LEGEND)
        again = openpyxl.load_workbook(folder / "again.xlsx")
        assert again["数据"]["E5"].comment.text == "再批"
        assert again["数据"]["A3"].comment.text == "▲ 说明"
        assert again.sheetnames[-1] == "批注说明2"


def office(tmp_path: Path, out: Path, *files: Path) -> None:
    """Have LibreOffice open the files and save them again."""
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = ["soffice", "--headless", profile, "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out)]
    subprocess.run([*command, *map(str, files)], check=True, capture_output=True)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<sheetData>", b"<sheetData >"),
        (b'<row r="3" ', b"<row "),
        (b'<c r="B2"', b"<c r='B2'"),
        (b'<c r="A3"', b"<c"),
    ],
)
def test_sheets_that_are_written_otherwise_are_marked_at_the_same_cells(tmp_path: Path, old: bytes, new: bytes) -> None:
    source, copy = made(tmp_path / "源.xlsx", names), tmp_path / "批注.xlsx"
    content = parts(source)
    content["xl/worksheets/sheet1.xml"] = content["xl/worksheets/sheet1.xml"].replace(old, new, 1)
    with zipfile.ZipFile(source, "w") as package:
        for name, data in content.items():
            package.writestr(name, data)
    mark_copy(source, copy, {"数据": MARKS}, COLOURS, LEGEND)
    check(source, copy)


def test_a_sheet_with_a_namespace_prefix_is_marked(tmp_path: Path) -> None:
    source, copy = sheet(tmp_path / "源.xlsx", [["项目", "预算"], ["甲", 1], ["乙", 2]], "数据"), tmp_path / "批注.xlsx"
    content = parts(source)
    plain = content["xl/worksheets/sheet1.xml"].replace(b"xmlns=", b"xmlns:x=")
    content["xl/worksheets/sheet1.xml"] = re.sub(rb"<(/?)(?=[a-z])", rb"<\1x:", plain)
    with zipfile.ZipFile(source, "w") as package:
        for name, data in content.items():
            package.writestr(name, data)
    mark_copy(source, copy, {"数据": {(2, 2): Mark("error", "注"), (9, 1): Mark("info", "空")}}, COLOURS, LEGEND)
    page = openpyxl.load_workbook(copy)["数据"]
    assert page["B2"].value == 1
    assert page["B2"].comment.text == "注"
    assert page["A9"].comment.text == "空"


def test_a_protected_and_a_signed_file_are_refused_and_the_others_are_marked(tmp_path: Path) -> None:
    source = tmp_path / "源.xlsx"
    with xlsxwriter.Workbook(source) as book:
        filled(book).protect()
    with pytest.raises(LoadError) as refused:
        mark_copy(source, tmp_path / "x.xlsx", {"数据": MARKS}, COLOURS, LEGEND)
    assert refused.value.code == "protected-source"
    made(source, names)
    with zipfile.ZipFile(source, "a") as package:
        package.writestr("_xmlsignatures/sig1.xml", "<x/>")
    with pytest.raises(LoadError) as refused:
        mark_copy(source, tmp_path / "x.xlsx", {"数据": MARKS}, COLOURS, LEGEND)
    assert refused.value.code == "signed-source"


def test_a_run_goes_on_where_a_source_is_protected(tmp_path: Path) -> None:
    plan = tmp_path / "预算.xlsx"
    with xlsxwriter.Workbook(plan) as book:
        page = book.add_worksheet("预算")
        for i, row in enumerate([["单位：元"], ["支出类型", "项目", "年初预算"], ["项目支出", "甲", "待定"]]):
            page.write_row(i, 0, row)
        page.protect("秘密")
    result = rc.reconcile(rc.load_budget(plan, year=2020), journal(*pay("2020-01-05", "记-1", "甲", 1)))
    with pytest.warns(UserWarning, match="有保护"):
        assert result.annotate(tmp_path / "out") == []
    assert list((tmp_path / "out").glob("*")) == []


@pytest.mark.parametrize("suffix", ["csv", "ods", "xls"])
def test_other_files_become_a_workbook_with_their_values_and_the_marks(tmp_path: Path, suffix: str) -> None:
    rows = [
        ["单位：元", ""],
        ["支出类型", "项目", "年初预算"],
        ["项目支出", "甲", "待定"],
        ["项目支出", "=1+1", "12.50"],
    ]
    path = tmp_path / f"预算.{suffix}"
    if suffix == "csv":
        path.write_text("\n".join(",".join(r) for r in rows), "utf-8")
    elif suffix == "xls":
        cells = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in r) + "</tr>" for r in rows)
        path.write_text(f"<html><table>{cells}</table></html>", "utf-8")
    else:
        sheet(tmp_path / "预算.xlsx", rows)
        if shutil.which("soffice") is None:
            pytest.skip("LibreOffice is not installed")
        profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
        command = ["soffice", "--headless", profile, "--convert-to", "ods", "--outdir", str(tmp_path)]
        book = openpyxl.load_workbook(tmp_path / "预算.xlsx")
        book.active["B4"].data_type = "s"
        book.save(tmp_path / "预算.xlsx")
        subprocess.run([*command, str(tmp_path / "预算.xlsx")], check=True, capture_output=True)
    result = rc.reconcile(rc.load_budget(path, year=2020), journal(*pay("2020-01-05", "记-1", "甲", 1)))
    [copy] = result.annotate(tmp_path / "out")
    assert copy.suffix == ".xlsx"
    page = openpyxl.load_workbook(copy).worksheets[0]
    assert page["C3"].value == "待定"
    assert "不是金额" in page["C3"].comment.text
    assert page["C3"].fill.fgColor.rgb == COLOURS["error"]
    assert (page["B4"].value, page["B4"].data_type) == ("=1+1", "s")


# sources that are no .xlsx: what they look like, and what may not be copied ----------------------------------------

SMALL = [
    ["2020年预算", "", "", ""],
    ["单位：元"],
    ["支出类型", "项目", "年初预算", "备注"],
    ["项目支出", "甲", "待定", "=x"],
]
DATED = ["项目支出", "乙", 0.1 + 0.2, dt.datetime(2020, 1, 5, 8, 30)]
FILTERS = {"xls": "xls:MS Excel 97", "ods": "ods", "html": "html"}
XML_2003 = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="预算"%s><Table><Column ss:Index="2" ss:Width="213.75"/>%s</Table></Worksheet></Workbook>"""


def office_file(tmp_path: Path, suffix: str, change: Callable[[Any, Any], None] = lambda book, page: None) -> Path:
    """A budget with a wide second column and a merged title, as LibreOffice writes it in another format."""
    source = tmp_path / "预算.xlsx"
    with xlsxwriter.Workbook(source, {"strings_to_formulas": False}) as book:
        page = book.add_worksheet("预算")
        for row, values in enumerate(SMALL):
            for column, value in enumerate(values):
                page.write_string(row, column, value)
        page.merge_range("A1:D1", SMALL[0][0])
        for column, value in enumerate(DATED[:3]):
            page.write(4, column, value)
        page.write_datetime(4, 3, DATED[3], book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
        page.set_column("B:B", 40)
        change(book, page)
    if suffix == "xml":
        return xml_2003(tmp_path / "预算.xml")
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed")
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = ["soffice", "--headless", profile, "--convert-to", FILTERS[suffix], "--outdir", str(tmp_path)]
    subprocess.run([*command, str(source)], check=True, capture_output=True, timeout=180)
    return tmp_path / f"预算.{suffix}"


def xml_2003(path: Path, sheet: str = "") -> Path:
    """The same as XML Spreadsheet 2003; sheet: attributes of its sheet."""

    def cell(value: object, attributes: str = "") -> str:
        kind = {dt.datetime: "DateTime", float: "Number"}.get(type(value), "String")
        shown = value.isoformat() if isinstance(value, dt.datetime) else value
        return f'<Cell{attributes}><Data ss:Type="{kind}">{shown}</Data></Cell>'

    first = cell(SMALL[0][0], ' ss:MergeAcross="3"')
    rows = [first, *("".join(map(cell, row)) for row in [*SMALL[1:], DATED])]
    path.write_text(XML_2003 % (sheet, "".join(f"<Row>{row}</Row>" for row in rows)), "utf-8")
    return path


def annotated(path: Path, out: Path) -> list[Path]:
    result = rc.reconcile(rc.load_budget(path, year=2020), journal(*pay("2020-01-05", "记-1", "甲", 1)))
    return result.annotate(out)


@pytest.mark.parametrize("suffix", ["xls", "ods", "xml", "html"])
def test_a_copy_of_another_format_keeps_values_merges_and_widths(tmp_path: Path, suffix: str) -> None:
    [copy] = annotated(office_file(tmp_path, suffix), tmp_path / "out")
    page = openpyxl.load_workbook(copy).worksheets[0]
    assert [str(a) for a in page.merged_cells.ranges] == ["A1:D1"]
    assert [[c.value for c in row][:4] for row in page.iter_rows(min_row=3, max_row=4)] == SMALL[2:]
    assert page["D4"].data_type == "s"
    assert float(page["C5"].value) == pytest.approx(0.3, rel=1e-14)
    assert "2020" in str(page["D5"].value)
    assert page["C4"].comment is not None
    assert 38 < page.column_dimensions["B"].width < 60  # 40 characters, in the font of whoever wrote it
    assert page.column_dimensions["A"].width < 20


LOCKS = {
    "xls": (b"\x8d\x00\x02\x00\x00\x00", b"\x12\x00\x02\x00\x01\x00"),  # a record without effect becomes PROTECT
    "ods": (b"<office:spreadsheet>", b'<office:spreadsheet table:structure-protected="true">'),
    "xml": (
        b"</Workbook>",
        b"<ss:ExcelWorkbook><ss:ProtectStructure>True</ss:ProtectStructure></ss:ExcelWorkbook></Workbook>",
    ),
}


@pytest.mark.parametrize("suffix", ["xls", "ods", "xml"])
@pytest.mark.parametrize("what", ["sheet", "structure"])
def test_a_protected_source_of_another_format_is_refused(tmp_path: Path, suffix: str, what: str) -> None:
    if what == "sheet":
        path = office_file(tmp_path, suffix, lambda book, page: page.protect())
        if suffix == "xml":
            xml_2003(path, ' ss:Protected="1"')
    else:
        path = office_file(tmp_path, suffix)
        old, new = LOCKS[suffix]
        if suffix == "ods":
            with zipfile.ZipFile(path) as package:
                parts = {n: package.read(n) for n in package.namelist()}
            assert old in parts["content.xml"]
            with zipfile.ZipFile(path, "w") as package:
                for name, data in parts.items():
                    package.writestr(name, data.replace(old, new) if name == "content.xml" else data)
        else:
            assert old in path.read_bytes()
            path.write_bytes(path.read_bytes().replace(old, new, 1))
    with pytest.warns(UserWarning, match="有保护"):
        assert annotated(path, tmp_path / "out") == []
    assert list((tmp_path / "out").glob("*")) == []


def test_a_signed_source_of_another_format_is_refused(tmp_path: Path) -> None:
    path = office_file(tmp_path, "ods")
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("META-INF/documentsignatures.xml", "<x/>")
    with pytest.warns(UserWarning, match="签名"):
        assert annotated(path, tmp_path / "out") == []


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_a_copy_that_does_not_hold_what_its_source_does_is_not_kept(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A value goes wrong on the way: in the marked row itself, and in one that has no mark."""
    path = tmp_path / f"预算.{suffix}"
    if suffix == "csv":
        path.write_text("\n".join(",".join(row) for row in SMALL), "utf-8")
        write = plain._write

        def wrong(page: Any, row: int, column: int, value: object, style: Any) -> None:
            write(page, row, column, "丙" if value == "甲" else value, style)

        monkeypatch.setattr(plain, "_write", wrong)
        with pytest.warns(UserWarning, match="预算"):
            assert annotated(path, tmp_path / "out") == []
        return
    with xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet()
        for at, row in enumerate(SMALL):  # inline strings
            page.write_row(at, 0, row)
    restyled = cells.restyled
    for old in (">待定<".encode(), ">甲<".encode(), ">2020年预算<".encode()):

        def spoilt(*given: Any, old: bytes = old) -> Any:
            whole = b"".join(restyled(*given))
            assert old in whole
            yield whole.replace(old, b">0<", 1)

        monkeypatch.setattr(cells, "restyled", spoilt)
        with pytest.warns(UserWarning, match="预算"):
            assert annotated(path, tmp_path / "out") == []
    assert list((tmp_path / "out").glob("*")) == []


@pytest.mark.parametrize(
    ("kind", "body", "locked"),
    [
        (535, "0000" "00000000" "01000000" "01000000", False),  # as Excel writes it where nothing is locked
        (535, "0000" "01000000" "01000000" "01000000", True),
        (677, "a0860100" "01000000" "01000000", True),
        (534, "0000" "0000" "0100", True),
        (534, "0000" "0000" "0000", False),
        (534, "0000" "0000" "0200", False),  # windows alone
        (60, "0000" "01000000", False),
    ],
)  # fmt: skip
def test_records_of_protection_of_an_xlsb_say_what_they_lock(kind: int, body: str, locked: bool) -> None:
    assert shape.locks(kind, bytes.fromhex(body)) is locked

"""Any container: what was written into a file of any kind comes out of `open_book`, or a clear refusal does."""

from __future__ import annotations

import datetime as dt
import io
import re
import struct
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from reconcile.finding import LoadError
from reconcile.read import encoding
from reconcile.read.workbook import Book, ErrorCell, Sheet, Uncalculated, open_book

from .builders import CONTAINERS, DIRT, LAYOUTS, draw, grid, make_case, write

REAL = Path(__file__).parents[2] / "shared" / "real"
real = pytest.mark.skipif(not REAL.is_dir(), reason="the real files of ../shared/real are not here")
DEPARTMENT = draw(3, projects=3, vouchers=14)


def plain(value: object) -> object:
    """One form for what containers hold in several: numbers, dates, texts, blanks."""
    if isinstance(value, grid.Formula):
        return plain(value.cached) if value.cached is not None else "uncalculated"
    if isinstance(value, Uncalculated):
        return "uncalculated"
    if isinstance(value, grid.ErrorCell | ErrorCell):
        return ("error", value.code)
    if isinstance(value, bool) or value is None or value == "":
        return None if value in (None, "") else value
    if isinstance(value, int | float | Decimal):
        return round(float(value), 9)
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    text = re.sub(r"[ \t\r\n\u00a0]+", " ", str(value)).strip()
    try:
        return round(float(text), 9)
    except ValueError:
        return text or None


def as_dict(sheet: Sheet) -> dict[tuple[int, int], object]:
    return {
        (r, c): plain(value)
        for r, row in enumerate(sheet.cells.tolist(), start=1)
        for c, value in enumerate(row, start=1)
        if plain(value) is not None
    }


def sheet_of(content: bytes | str, name: str = "file") -> Sheet:
    (sheet,) = book_of(content, name).sheets
    return sheet


def book_of(content: bytes | str, name: str = "file") -> Book:
    stream = io.BytesIO(content.encode() if isinstance(content, str) else content)
    stream.name = name  # type: ignore[misc]
    return open_book(stream)


def refusal(content: bytes | str, name: str = "预算.xls") -> str:
    with pytest.raises(LoadError) as caught:
        book_of(content, name)
    assert name in str(caught.value)
    return caught.value.code


def changed(data: bytes, part: str, change: dict[bytes, bytes]) -> bytes:
    """A package with one part changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            body = old.read(name)
            if name == part:
                for before, after in change.items():
                    assert before in body
                    body = body.replace(before, after)
            new.writestr(name, body)
    return buffer.getvalue()


def workbook(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


# every container of the builders


def built() -> Iterator[tuple[str, str, str]]:
    """Six layouts in every container, and every kind of dirt in four containers, all of them in turn."""
    for layout in (
        "E1-yonyou-journal",
        "E2-three-column",
        "E12-nc-auxiliary",
        "E14-kingdee-kis",
        "banded",
        "sectioned",
    ):
        for container in CONTAINERS:
            yield layout, container, ""
    names = list(CONTAINERS)
    for i, dirt in enumerate(DIRT):
        for container in sorted({"xlsx", *(names[(i + step) % len(names)] for step in (0, 5, 10))}):
            yield "", container, dirt


@pytest.mark.parametrize(("layout", "container", "dirt"), list(built()), ids=lambda v: str(v))
def test_cells_come_out_as_they_went_in(tmp_path: Path, layout: str, container: str, dirt: str) -> None:
    bases = (layout,) if layout else ("E1-yonyou-journal", "flat", "E17-generic", "sectioned")
    for base in bases:
        try:
            case = make_case(LAYOUTS[base], DEPARTMENT, container, *([dirt] if dirt else []))
            break
        except ValueError:
            continue
    else:
        pytest.skip("this container cannot hold it")
    book = open_book(write(case, tmp_path))
    kind = container.partition("-")[0]
    assert book.kind == {"xlsm": "xlsx", "txt": "csv"}.get(kind, kind)
    assert book.encoding == (CONTAINERS[container].encoding or ("utf-8" if kind == "xml" else ""))
    if container.startswith("html") and len(case.grid.sheets) > 1:
        assert sum(len(as_dict(s)) for s in book.sheets) == sum(len(s.cells) for s in case.grid)
        return
    assert len(book.sheets) == len(case.grid.sheets)
    for sheet, truth in zip(book.sheets, case.grid.sheets, strict=True):
        wanted = {at: plain(v) for at, v in truth.cells.items() if plain(v) is not None}
        if kind == "xls":
            wanted = {at: 0.0 if isinstance(truth.cells[at], grid.Formula) else v for at, v in wanted.items()}
        assert as_dict(sheet) == wanted
        if kind not in ("csv", "txt", "html"):
            assert sheet.name == truth.name
            assert sheet.hidden == truth.hidden
            assert sheet.hidden_rows == {i for i, row in enumerate(truth.rows, start=1) if row.hidden}
        if kind not in ("csv", "txt") and "uncached" not in dirt:
            merges = {(m.top, m.left, m.bottom, m.right) for m in truth.merges}
            assert set(sheet.merges) == merges


# text files


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
@pytest.mark.parametrize("mark", [",", "\t", ";", "|", "，"])
def test_the_encoding_and_the_mark_are_told_by_evidence(codec: str, name: str, mark: str) -> None:
    rows = [["日期", "摘要", "借方金额"], ["2020-01-31", "付一月水电费", "1234.56"], ["2020-02-29", "㐀镕喆", "-0.10"]]
    text = "\r\n".join(mark.join(row) for row in [["单位：万元"], *rows]) + "\r\n"
    book = book_of(text.encode(codec))
    assert book.encoding == name
    assert book.sheets[0].cells.tolist() == [["单位：万元", "", ""], *rows]


@pytest.mark.parametrize(
    ("codec", "name", "text"),
    [
        ("big5", "big5", "日期,摘要,金額\n2020-01-31,支付辦公室電話費,100\n2020-02-01,購置電腦,200\n"),
        ("cp950", "big5", "日期,摘要,金額\n2020-01-31,支付辦公室電話費,100\n2020-02-01,碁恒公司,200\n"),
        ("gb18030", "gb18030", "日期,摘要,金額\n2020-01-31,支付辦公室電話費,100\n2020-02-01,購置電腦,200\n"),
        ("gb18030", "gb18030", "项目,金额\n办公费,1\n"),
        ("gb18030", "gb18030", "date,payee,amount\n2020-01-31,王,1\n"),
        ("cp1252", "cp1252", "Date,Payee,Amount\n2020-01-31,Müller Café,£12.50\n2020-02-01,Señor Núñez,£1.00\n"),
    ],
)
def test_encodings_of_one_country_are_not_taken_for_those_of_another(codec: str, name: str, text: str) -> None:
    book = book_of(text.encode(codec))
    assert book.encoding == name
    assert book.sheets[0].cells[-1, 0] == text.splitlines()[-1].split(",")[0]
    assert "\ufffd" not in str(book.sheets[0].cells.tolist())
    assert book.sheets[0].cells.tolist() == [line.split(",") for line in text.splitlines()]


def test_a_damaged_character_is_refused_with_its_line_and_never_replaced() -> None:
    good = "日期,摘要\n" + "2020-01-31,付一月水电费\n" * 50
    broken = good.encode().replace("一月".encode(), b"\xe4\xb8", 1)
    with pytest.raises(LoadError, match="第 2 行") as caught:
        book_of(broken)
    assert caught.value.code == "unknown-encoding"


def test_a_large_file_is_told_by_more_than_its_first_rows() -> None:
    book = book_of(("a,b\n" + "1,2\n" * 200_000 + "张三,办公费\n").encode("gb18030"))
    assert book.encoding == "gb18030"
    assert book.sheets[0].cells[-1].tolist() == ["张三", "办公费"]


def test_quoted_line_breaks_blank_lines_and_ragged_rows_keep_record_numbers() -> None:
    sheet = sheet_of('日期,摘要,金额\n\n1月,"第一行\n第二行, ""引号""",5\n2月,短\n,,\n3月,长,6,多\n,,,\n')
    assert sheet.cells.tolist() == [
        ["日期", "摘要", "金额", ""],
        ["", "", "", ""],
        ["1月", '第一行\n第二行, "引号"', "5", ""],
        ["2月", "短", "", ""],
        ["", "", "", ""],
        ["3月", "长", "6", "多"],
    ]


def test_a_quote_that_never_closes_takes_no_other_rows_with_it() -> None:
    lines = ["日期,摘要,金额", '1月,"未闭合,5', "2月,下一行,6", '3月,"好",7', '4月,"大"字报,8']
    assert sheet_of("\n".join(lines)).cells.tolist() == [
        ["日期", "摘要", "金额"],
        ["1月", '"未闭合', "5"],
        ["2月", "下一行", "6"],
        ["3月", "好", "7"],
        ["4月", "大字报", "8"],
    ]


def test_a_stated_separator_is_obeyed_and_is_no_row() -> None:
    assert sheet_of("sep=;\nа;1,5\nb;2,5\n").cells.tolist() == [["а", "1,5"], ["b", "2,5"]]


@pytest.mark.parametrize(
    "content",
    [
        "项目,金额\n甲,#DIV/0!\n乙,#第1号\n",
        "<table><tr><td>项目<td>金额</tr><tr><td>甲</td><td> #DIV/0! </td><tr><td>乙<td>#第1号</table>",
    ],
)
def test_an_error_code_that_stands_alone_is_an_error_cell(content: str) -> None:
    cells = sheet_of(content).cells
    assert cells[1, 1] == ErrorCell("#DIV/0!")
    assert cells[2, 1] == "#第1号"


def test_chinese_bytes_taken_for_western_letters_are_put_right() -> None:
    rows = [
        ["日期", "凭证号", "摘要", "借方金额"],
        ["2020-01-31", "记-1", "付水电费", "5"],
        ["2020-02-01", "记-2", "办公费", "6"],
    ]
    wrong = [[cell.encode("gb18030").decode("latin-1") for cell in row] for row in rows]
    assert sheet_of("\n".join(",".join(row) for row in wrong)).cells.tolist() == rows
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("ÐòÊ±ÕË")
    for r, row in enumerate(wrong):
        for c, cell in enumerate(row):
            page.write(r, c, cell)
    buffer = io.BytesIO()
    book.save(buffer)
    sheet = sheet_of(buffer.getvalue())
    assert sheet.name == "序时账"
    assert sheet.cells.tolist() == rows


def test_western_text_is_not_put_right() -> None:
    rows = [["Date", "Payee", "Note"], ["1", "Müller", "Café"], ["2", "Núñez", "naïve"], ["3", "Ångström", "Ærø"]]
    assert sheet_of("\n".join(",".join(row) for row in rows)).cells.tolist() == rows
    assert encoding.restored("ÈÕÆÚ", "gb18030") == "日期"


# HTML


def test_spans_are_expanded_and_recorded() -> None:
    page = """<html><head><style>td{x:1}</style><script>if (a<b) document.write("<table>")</script></head><body>
    <table><caption>支出明细</caption><tr><th rowspan=2>项目</th><th colspan="2">金额</th></tr>
    <tr><th>预算</th><th>支出</th></tr>
    <tr><td rowspan="3">基本<br>支出</td><td>1</td><td x:num="2.345">2.35</td></tr><tr><td>&nbsp;</td><td>&lt;4&#20803;</td></tr>
    <!-- <tr><td>no</td></tr> --></table></body></html>"""
    sheet = sheet_of(page)
    assert sheet.cells.tolist() == [
        ["支出明细", None, None],
        ["项目", "金额", None],
        [None, "预算", "支出"],
        ["基本\n支出", "1", "2.345"],
        [None, None, "<4元"],
    ]
    assert set(sheet.merges) == {(2, 1, 3, 1), (2, 2, 2, 3), (4, 1, 5, 1)}


def test_text_outside_tables_and_tables_in_tables_are_rows_in_their_order() -> None:
    page = """<h1>预算表</h1><div>单位：万元</div><table><tr><td>外</td></tr><tr><td><table>
    <tr><td>项目</td><td>金额</td></tr><tr><td>甲</td><td>1</td></tr></table></td></tr></table><p>制表：张三</p>"""
    assert [[v for v in row if v] for row in sheet_of(page).cells.tolist()] == [
        ["预算表"],
        ["单位：万元"],
        ["外"],
        ["项目", "金额"],
        ["甲", "1"],
        ["制表：张三"],
    ]


def test_pages_of_one_table_are_one_sheet_and_tables_of_their_own_are_several_with_one_row_count() -> None:
    head, row = "<tr><th>日期</th><th>摘要</th><th>金额</th></tr>", "<tr><td>1月</td><td>水费</td><td>5</td></tr>"
    paged = f"<table>{head}{row}</table><table>{head}{row}</table><table>{row}</table>"
    assert len(sheet_of(paged).cells) == 5
    first, second = book_of(f"<p>一</p><table>{head}{row}</table><p>二</p><table>{head}{row}</table>").sheets
    assert [v for v in first.cells[:, 0] if v] == ["一", "日期", "1月"]
    assert second.cells[:, 0].tolist() == [None, None, None, "二", "日期", "1月"]


def test_html_agrees_with_pandas(tmp_path: Path) -> None:
    pytest.importorskip("lxml")
    import pandas as pd

    path = write(make_case(LAYOUTS["E1-yonyou-journal"], DEPARTMENT, "html"), tmp_path)
    (frame,) = pd.read_html(io.StringIO(path.read_text("utf-8")), header=None, thousands=None, keep_default_na=False)
    (sheet,) = open_book(path).sheets
    merged = {(r, c) for a, b, d, e in sheet.merges for r in range(a, d + 1) for c in range(b, e + 1)}
    body = frame.T.reset_index().T if frame.columns.dtype == object else frame
    ours = {at: v for at, v in as_dict(sheet).items() if at not in merged}
    theirs = {
        (r, c): plain(v) for r, row in enumerate(body.to_numpy().tolist(), 1) for c, v in enumerate(row, 1) if plain(v)
    }
    assert len(body) == len(sheet.cells)
    assert ours.items() <= theirs.items()


# XML 2003

HEAD = '<?xml version="1.0" encoding="gb2312"?><?mso-application progid="Excel.Sheet"?>'
SPACE = 'xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'


def xml_2003(table: str) -> str:
    return f'{HEAD}<Workbook {SPACE}><Worksheet ss:Name="表一"><Table>{table}</Table></Worksheet></Workbook>'


def test_xml_2003_indexes_merges_types_and_formulas() -> None:
    text = xml_2003("""<Column ss:Index="3" ss:Hidden="1" ss:Span="1"/>
    <Row ss:Index="2"><Cell ss:Index="2" ss:MergeAcross="1" ss:MergeDown="1"><Data ss:Type="String">甲&#10;乙</Data></Cell>
      <Cell><Data ss:Type="Number">1.5E3</Data><Comment><ss:Data>不是</ss:Data></Comment></Cell></Row>
    <Row ss:Hidden="1"><Cell><Data ss:Type="DateTime">2020-01-31T00:00:00.000</Data></Cell>
      <Cell ss:Index="4" ss:Formula="=R[-1]C"/></Row>
    <Row><Cell><Data ss:Type="Boolean">1</Data></Cell><Cell ss:Formula="=1/0"><Data ss:Type="Error">#DIV/0!</Data></Cell>
      <Cell><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40"><B>粗</B><Font>体</Font></ss:Data></Cell>
      <Cell><Data ss:Type="DateTime">1899-12-31T09:30:00.000</Data></Cell></Row>""")
    book = book_of(text.encode("gb18030"))
    (sheet,) = book.sheets
    assert (book.kind, book.encoding) == ("xml", "gb18030")
    assert sheet.cells.tolist() == [
        [None] * 4,
        [None, "甲\n乙", None, 1500.0],
        [dt.date(2020, 1, 31), None, None, Uncalculated("=R[-1]C")],
        [True, ErrorCell("#DIV/0!"), "粗体", dt.time(9, 30)],
    ]
    assert sheet.merges == ((2, 2, 3, 3),)
    assert sheet.hidden_rows == {3}
    assert sheet.hidden_columns == {3, 4}


# .ods and .xlsb


def ods(content: str) -> bytes:
    names = " ".join(
        f'xmlns:{k}="urn:oasis:names:tc:opendocument:xmlns:{k}:1.0"' for k in ("office", "table", "text", "style")
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr(
            "content.xml",
            f'<office:document-content {names} xmlns:calcext="urn:c"><office:body><office:spreadsheet>{content}'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return buffer.getvalue()


def test_ods_repeats_errors_formulas_and_what_is_hidden() -> None:
    sheet = sheet_of(
        ods("""<table:table table:name="表"><table:table-column table:number-columns-repeated="2"/>
    <table:table-column table:visibility="collapse"/>
    <table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="2"
      office:value-type="float" office:value="7"><text:p>7</text:p></table:table-cell></table:table-row>
    <table:table-row table:visibility="filter"><table:table-cell table:formula="of:=1/0" office:value-type="string"
      calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>
      <table:table-cell table:formula="of:=[.A1]"/><table:table-cell office:value-type="string">
      <office:annotation><text:p>批注</text:p></office:annotation><text:p>甲<text:s text:c="2"/>乙</text:p>
      <text:p>丙</text:p></table:table-cell><table:table-cell table:number-columns-repeated="16381"/></table:table-row>
    <table:table-row table:number-rows-repeated="1048573"><table:table-cell table:number-columns-repeated="16384"/>
    </table:table-row></table:table>""")
    )
    assert sheet.cells.tolist() == [
        [7.0, 7.0, None],
        [7.0, 7.0, None],
        [ErrorCell("#DIV/0!"), Uncalculated("=[.A1]"), "甲  乙\n丙"],
    ]
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({3}, {3})


def test_a_flat_opendocument_file_is_read_too() -> None:
    with zipfile.ZipFile(
        io.BytesIO(
            ods(
                '<table:table table:name="表"><table:table-row><table:table-cell><text:p>甲</text:p></table:table-cell></table:table-row></table:table>'
            )
        )
    ) as package:
        text = package.read("content.xml").decode()
    book = book_of('<?xml version="1.0" encoding="UTF-8"?>\n' + text)
    assert (book.kind, book.sheets[0].name, book.sheets[0].cells.tolist()) == ("ods", "表", [["甲"]])


def test_ods_agrees_with_calamine(tmp_path: Path) -> None:
    import python_calamine

    path = write(make_case(LAYOUTS["E12-nc-auxiliary"], DEPARTMENT, "ods"), tmp_path)
    theirs = python_calamine.load_workbook(path)
    for sheet in open_book(path).sheets:
        rows = theirs.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
        assert [[plain(v) for v in row] for row in sheet.cells.tolist()] == [[plain(v) for v in row] for row in rows]


@real
def test_xlsb_errors_merges_and_hidden_rows() -> None:
    data = (REAL / "files" / "cal_date.xlsb").read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        body = package.read("xl/worksheets/sheet1.bin")
    row = body.index(b"\x00\x19\x01\x00\x00\x00")  # BrtRowHdr of row 2
    hidden = bytearray(body)
    hidden[row + 2 + 11] |= 0x10
    end = bytes(hidden).rindex(b"\x92\x01\x00")  # BrtEndSheetData
    at = bytes(hidden)
    error = (
        b"\x00\x19"
        + struct.pack("<I", 8)
        + at[row + 6 : row + 2 + 0x19]
        + b"\x03\x09"
        + struct.pack("<IIB", 1, 0, 0x17)
    )
    merge = b"\xb0\x01\x10" + struct.pack("<IIII", 0, 1, 2, 3)
    new = at[:end] + error + at[end : end + 3] + merge + at[end + 3 :]
    sheet = sheet_of(changed(data, "xl/worksheets/sheet1.bin", {body: new}))
    assert sheet.cells[8, 1] == ErrorCell("#REF!")
    assert sheet.hidden_rows == {2, 9}
    assert sheet.merges == ((1, 3, 2, 4),)


# two readers agree


@pytest.mark.parametrize("layout", ["E1-yonyou-journal", "E17-generic", "sectioned"])
def test_xlsx_agrees_with_openpyxl(tmp_path: Path, layout: str) -> None:
    path = write(make_case(LAYOUTS[layout], DEPARTMENT), tmp_path)
    agree_with_openpyxl(path)


def agree_with_openpyxl(path: Path) -> None:
    theirs = openpyxl.load_workbook(path, data_only=True)
    for sheet in open_book(path).sheets:
        page = theirs[sheet.name]
        cells = {
            (c.row, c.column): ("error", c.value) if c.data_type == "e" else plain(c.value)
            for row in page.iter_rows()
            for c in row
            if plain(c.value) is not None
        }
        assert {at: v for at, v in as_dict(sheet).items() if v != "uncalculated"} == cells
        assert set(sheet.merges) == {(m.min_row, m.min_col, m.max_row, m.max_col) for m in page.merged_cells.ranges}
        assert sheet.hidden == (page.sheet_state != "visible")


@pytest.mark.parametrize("layout", ["E1-yonyou-journal", "E12-nc-auxiliary", "banded"])
def test_xls_agrees_with_xlrd(tmp_path: Path, layout: str) -> None:
    xlrd = pytest.importorskip("xlrd")
    path = write(make_case(LAYOUTS[layout], DEPARTMENT, "xls"), tmp_path)
    theirs = xlrd.open_workbook(path, formatting_info=True)
    for sheet in open_book(path).sheets:
        page = theirs.sheet_by_name(sheet.name)
        cells = {}
        for r in range(page.nrows):
            for c in range(page.ncols):
                cell = page.cell(r, c)
                value = xlrd.xldate_as_datetime(cell.value, theirs.datemode) if cell.ctype == 3 else cell.value
                if plain(value) is not None:
                    cells[r + 1, c + 1] = plain(value)
        assert as_dict(sheet) == cells
        assert set(sheet.merges) == {(a + 1, c + 1, b, d) for a, b, c, d in page.merged_cells}


def test_formats_that_print_a_unit_are_recorded() -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.append(["项目", 1.5, 2.5])
    page["B1"].number_format = '0.00"万元"'
    page["C1"].number_format = "#,##0.00"
    buffer = io.BytesIO()
    book.save(buffer)
    assert dict(sheet_of(buffer.getvalue()).unit_formats) == {(1, 2): '0.00"万元"'}


# the real files


@real
@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("cal_pass_protected.xlsx", "encrypted"),
        ("mt_encrypted_no_password.xls", "encrypted"),
        ("cal_too_small.xls", "not-a-workbook"),
    ],
)
def test_real_files_that_must_be_refused(file: str, code: str) -> None:
    with pytest.raises(LoadError) as caught:
        open_book(REAL / "files" / file)
    assert caught.value.code == code


@real
@pytest.mark.parametrize("file", ["cal_date_1904.xlsx", "cal_date.ods", "cal_date.xlsb"])
def test_real_dates_are_right(file: str) -> None:
    cells = open_book(REAL / "files" / file).sheets[0].cells
    assert cells[0].tolist() == [dt.date(2021, 1, 1), 15.0]
    assert cells[1, 0] in (dt.date(2021, 1, 2), dt.datetime(2021, 1, 1, 10, 10, 10))


@real
def test_real_errors_have_their_addresses() -> None:
    sheet = open_book(REAL / "files" / "cal_errors.xlsx").sheets[0]
    assert {v.code for v in sheet.cells[:, 0]} == {
        "#DIV/0!", "#NAME?", "#VALUE!", "#NULL!", "#REF!", "#NUM!", "#N/A",
    }  # fmt: skip


@real
@pytest.mark.parametrize(
    ("file", "shape"),
    [
        ("cal_strict_iso_paths.xlsx", (76, 18)),
        ("cal_merged_range.xlsx", (4, 8)),
        ("rx_style-only-cells.xlsx", (4, 5)),
        ("rx_nonstandard-xml-ns-prefix.xlsx", (3, 2)),
        ("tl_bad_dimensions.xlsx", (4, 3)),
        ("tl_ragged.xlsx", (2, 2)),
        ("smungs_toronto_transit.xlsx", (60, 35)),
        ("smungs_cashflows.xlsx", (46, 27)),
        ("../mx_avance_puebla_q1_2016.xlsx", None),
        ("../sutton_payments_2016_17.xlsx", None),
        ("../sutton_payments_2016_17_from_pdf.xlsx", None),
    ],
)
def test_real_workbooks_are_opened_whole(file: str, shape: tuple[int, int] | None) -> None:
    path = REAL / "files" / file
    sheet = open_book(path).sheets[0]
    assert shape in (None, sheet.cells.shape)
    if not any(odd in file for odd in ("strict", "prefix", "from_pdf")):  # openpyxl cannot read these
        agree_with_openpyxl(path)


@real
def test_real_text_files() -> None:
    book = open_book(REAL / "files" / "mt_utf-16le_encoded.csv")
    cells = book.sheets[0].cells
    assert book.encoding.startswith("utf-16")
    admissions = cells[1:, 4].tolist()
    assert len(admissions) == 327
    assert sum(float(v) for v in admissions if "," not in v) == 24_071
    assert sum(float(v.replace(",", "")) for v in admissions) == 27_872  # three are written with a comma
    pasted = open_book(REAL / "files" / "mt_excel_pasting.csv").sheets[0].cells
    assert "2007" in pasted[3].tolist()
    budget = open_book(REAL / "okc_fy15_budget.csv").sheets[0].cells
    assert len(budget) == 4_871
    assert len(open_book(REAL / "okc_fy15_actuals.csv").sheets[0].cells) == 7_302
    assert "001" in str(budget[:20].tolist())
    assert len(open_book(REAL / "sutton_expenditure_2016_17.csv").sheets[0].cells) > 139


@real
def test_real_ods_agrees_with_calamine() -> None:
    import python_calamine

    path = REAL / "sutton_payments_2017_18.ods"
    theirs = python_calamine.load_workbook(path)
    for sheet in open_book(path).sheets:
        rows = theirs.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
        ours = as_dict(sheet)
        assert ours == {
            (r, c): plain(v) for r, row in enumerate(rows, 1) for c, v in enumerate(row, 1) if plain(v) is not None
        }


@real
def test_every_real_file_is_read_or_refused_with_a_known_code() -> None:
    codes = {}
    for path in sorted((*REAL.glob("*.*s*"), *(REAL / "files").iterdir())):
        try:
            codes[path.name] = "" if any(len(s.cells) for s in open_book(path).sheets) else "empty"
        except LoadError as problem:
            codes[path.name] = problem.code
    assert {name: code for name, code in codes.items() if code} == {
        "cal_pass_protected.xlsx": "encrypted",
        "cal_too_small.xls": "not-a-workbook",
        "mt_encrypted_no_password.xls": "encrypted",
    }


# refusals


def test_what_is_no_spreadsheet_is_refused_by_name() -> None:
    assert refusal(b"%PDF-1.4 hello") == "not-a-workbook"
    assert refusal(b"{\\rtf1 hello}") == "not-a-workbook"
    assert refusal(bytes(range(256)) * 40) == "not-a-workbook"
    assert refusal("<html><body>登录已超时</body></html>") == "not-a-workbook"
    assert refusal('{"a": <b>'.replace("{", "<")) == "not-a-workbook"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("word/document.xml", "<w/>")
    assert refusal(buffer.getvalue()) == "not-a-workbook"


@pytest.mark.parametrize("container", ["xlsx", "xls", "ods", "html", "xml-2003"])
def test_a_file_that_breaks_off_is_refused(container: str) -> None:
    data = CONTAINERS[container].write(LAYOUTS["flat"].build(DEPARTMENT))
    for share in (0.5, 0.9):
        assert refusal(data[: int(len(data) * share)]) in ("truncated", "not-a-workbook")


def test_an_encrypted_ods_and_an_encrypted_part_are_named() -> None:
    buffer = io.BytesIO(ods(""))
    with zipfile.ZipFile(buffer, "a") as package:
        package.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")
    assert refusal(buffer.getvalue()) == "encrypted"


@pytest.mark.parametrize(
    "content",
    [
        f'{HEAD}<!DOCTYPE x [<!ENTITY a "b">]><Workbook {SPACE}/>',
        f'{HEAD}<!DOCTYPE x SYSTEM "file:///etc/passwd"><Workbook {SPACE}/>',
    ],
)
def test_document_types_are_refused(content: str) -> None:
    assert refusal(content) == "not-a-workbook"


def test_a_sheet_called_empty_whose_part_holds_cells_is_refused() -> None:
    data = workbook([["甲", 1]])
    hidden = changed(data, "xl/worksheets/sheet1.xml", {b"sheetData": b"sheetDate"})
    assert refusal(hidden) == "not-a-workbook"


# bounds


def test_a_far_cell_does_not_allocate_the_sheet() -> None:
    data = workbook([["甲", 1]])
    for row in (
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        b'<row r="1048576">' + b"<c><v>1</v></c>" * 100 + b"</row>",
    ):
        far = changed(data, "xl/worksheets/sheet1.xml", {b"</sheetData>": row + b"</sheetData>"})
        assert refusal(far) == "too-large"


@pytest.mark.parametrize("place", ["XFD1048576", "B2", "A1", "B0", "B", "1", "", "ZZZ1", "B99999999999"])
def test_a_cell_that_says_it_stands_where_it_cannot_is_refused(place: str) -> None:
    moved = changed(workbook([["甲", 1]]), "xl/worksheets/sheet1.xml", {b'r="B1"': f'r="{place}"'.encode()})
    assert refusal(moved) == "not-a-workbook"


def test_far_styled_blanks_are_no_cells() -> None:
    data = workbook([["甲", 1]])
    blank = b'</row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    assert sheet_of(changed(data, "xl/worksheets/sheet1.xml", {b"</row>": blank})).cells.shape == (1, 2)


def test_far_cells_of_other_formats_are_refused() -> None:
    cell = '<Cell ss:Index="{}"><Data ss:Type="Number">1</Data></Cell>'
    row = '<Row ss:Index="{}">{}</Row>'
    assert refusal(xml_2003(row.format(1_048_576, cell.format(16_384)))) == "too-large"
    assert refusal(xml_2003(row.format(1, cell.format(2_000_000_000)))) == "too-large"
    big = 'table:number-columns-repeated="16384" office:value-type="float" office:value="1"'
    rows = f'<table:table-row table:number-rows-repeated="1048576"><table:table-cell {big}/></table:table-row>'
    assert refusal(ods(f'<table:table table:name="x">{rows}</table:table>')) == "too-large"
    spans = "<td colspan=1000 rowspan=65534>" * 20
    assert refusal(f"<table><tr>{spans}x</td></tr></table>") == "too-large"


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    buffer = io.BytesIO(workbook([["甲", 1]]))
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/media/bomb.bin", bytes(200 << 20))
    assert refusal(buffer.getvalue()) == "too-large"


def test_a_part_that_is_larger_than_it_says_is_refused() -> None:
    spaces = {b"</sheetData>": b"</sheetData>" + b" " * 1_234_567}
    grown = changed(workbook([["甲", 1]]), "xl/worksheets/sheet1.xml", spaces)
    assert book_of(grown).sheets[0].cells.tolist() == [["甲", 1.0]]
    with zipfile.ZipFile(io.BytesIO(grown)) as package:
        size = package.getinfo("xl/worksheets/sheet1.xml").file_size
    lying = grown.replace(struct.pack("<I", size), struct.pack("<I", 1_000))
    assert lying != grown
    assert refusal(lying) == "not-a-workbook"


def test_deep_markup_is_refused() -> None:
    assert refusal("<table><tr><td>" * 10_000) == "too-large"
    assert refusal(xml_2003("<a>" * 10_000)) == "too-large"


def test_markup_made_to_be_slow_is_read_in_good_time() -> None:
    started = dt.datetime.now()
    for bad in ('<a b="' * 100_000, "<!--" * 100_000, "<script" * 100_000, "<a '" * 100_000, "<![" * 100_000):
        sheet_of(f"<table><tr><td>1</td></tr></table>{bad}")
    assert (dt.datetime.now() - started).total_seconds() < 20

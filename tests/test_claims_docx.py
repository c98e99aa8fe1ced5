"""Reports in Word: read safely, marked without a change to any other part, and the command around it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest

import reconcile as rc
from reconcile import cli
from reconcile.claims import report
from reconcile.write import sheet_claims
from reconcile.write.mark import report as mark
from tests.builders.documents import W, document, package, paragraph, run, table

EXAMPLE = Path(__file__).parents[1] / "workbooks" / "example"
WRONG = ["全年支出100.00万元，其中：", "基本支出60.00万元，项目", "支出45.00万元。"]
TABLE = [
    ["项目（万元）", "预算数", "执行数", "执行率"],
    ["甲", "85.50", "82.60", "96.61%"],
    ["乙", "11.40", "11.40", "99.00%"],
    ["合计", "96.90", "94.10", "97.11%"],
]


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    blocks = (
        paragraph("2020年度报告"),
        paragraph(),
        paragraph(*WRONG),
        table(TABLE),
        paragraph("办理时限由15天压缩至2天，压缩80%。"),
    )
    return write(
        tmp_path / "报告.docx", package(document(*blocks), {"word/styles.xml": "<x/>", "docProps/app.xml": "<y/>"})
    )


# reading --------------------------------------------------------------------------------------------------------


def test_paragraphs_of_several_runs_and_tables_are_read(wrong: Path) -> None:
    claims = rc.check_report(wrong)
    failed = claims[claims["verdict"] == "fails"]
    assert failed["kind"].tolist() == ["sum", "table", "table", "compression"]
    assert failed["paragraph"].tolist() == [3, 3, 3, 4]
    assert failed["claim"].tolist()[0] == "".join(WRONG).rstrip("。")
    assert failed["claim"].tolist()[1:3] == ["乙 执行率 99.00%", "合计 执行数 94.10"]


def test_deleted_text_fields_and_text_boxes_are_not_read(tmp_path: Path) -> None:
    deleted = f'<w:p>{run("支出10.00万元")}<w:del w:id="1">{run("、其中20.00万元")}</w:del><w:r><w:instrText>PAGE 30元</w:instrText></w:r></w:p>'
    claims = rc.check_report(write(tmp_path / "a.docx", package(document(deleted))))
    assert claims["claim"].tolist() == ["支出10.00万元"]


def test_a_document_with_entities_is_refused(tmp_path: Path) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "支出"><!ENTITY b "&a;&a;&a;&a;">]>'
    file = write(tmp_path / "a.docx", package(document("<w:p><w:r><w:t>&b;</w:t></w:r></w:p>", head=bomb)))
    with pytest.raises(rc.LoadError):
        rc.check_report(file)


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 not a package",
        b"\xd0\xcf\x11\xe0 an old document",
        package("<broken"),
        package("<a/>"),
        package(document(paragraph("x")))[:-40],
    ],
)
def test_what_is_no_document_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(rc.LoadError):
        rc.check_report(write(tmp_path / "a.docx", data))


def test_a_part_that_unpacks_to_a_hundred_megabytes_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(rc.LoadError):
        rc.check_report(
            write(tmp_path / "a.docx", package(document(paragraph("支出10万元")), {"word/x.xml": b" " * (100 << 20)}))
        )


# marking --------------------------------------------------------------------------------------------------------


def marked(source: Path, target: Path) -> int:
    read = report.read(source)
    return mark.write(source, target, report.claims_of(read))


def test_only_the_text_the_comments_and_their_lists_change(wrong: Path, tmp_path: Path) -> None:
    target = tmp_path / "marked.docx"
    assert marked(wrong, target) == 4
    with zipfile.ZipFile(wrong) as a, zipfile.ZipFile(target) as b:
        same = [n for n in a.namelist() if a.read(n) == b.read(n)]
        assert set(a.namelist()) - set(same) == {"word/document.xml", "[Content_Types].xml"}
        assert set(b.namelist()) - set(a.namelist()) == {"word/comments1.xml", "word/_rels/document.xml.rels"}
        before, after = a.read("word/document.xml").decode(), b.read("word/document.xml").decode()
        stripped = re.sub(
            r"<w:commentRange(?:Start|End)[^>]*/>|<w:r xmlns:w=[^>]*><w:commentReference[^>]*/></w:r>", "", after
        )
        assert stripped == before
        comments = ElementTree.fromstring(b.read("word/comments1.xml"))
    texts = ["".join(c.itertext()) for c in comments]
    assert len(texts) == 4
    assert "105万元" in texts[0]
    assert all(t.startswith("【不符】") for t in texts)
    ids = {c.get(f"{{{W}}}id") for c in comments}
    for tag in ("commentRangeStart", "commentRangeEnd", "commentReference"):
        assert (
            set(re.findall(rf"<w:{tag} [^>]*w:id=\"(\d+)\"", after))
            | set(re.findall(rf"<w:{tag} w:id=\"(\d+)\"", after))
            == ids
        )


def test_the_marked_copy_reads_as_the_source_does(wrong: Path, tmp_path: Path) -> None:
    marked(wrong, tmp_path / "m.docx")
    assert rc.check_report(tmp_path / "m.docx").equals(rc.check_report(wrong))


def test_comments_that_are_there_stay(tmp_path: Path) -> None:
    theirs = (
        f'<w:comments xmlns:w="{W}"><w:comment w:id="7" w:author="王"><w:p>{run("已核")}</w:p></w:comment></w:comments>'
    )
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId4" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments" Target="comments.xml"/></Relationships>'
    )
    parts = {"word/comments.xml": theirs, "word/_rels/document.xml.rels": rels}
    kind = '<Override PartName="/word/comments.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"/>'
    source = write(tmp_path / "a.docx", package(document(paragraph(*WRONG)), parts, kind))
    marked(source, tmp_path / "b.docx")
    with zipfile.ZipFile(tmp_path / "b.docx") as z:
        comments = ElementTree.fromstring(z.read("word/comments.xml"))
        assert z.read("word/_rels/document.xml.rels").decode() == rels
    assert [c.get(f"{{{W}}}id") for c in comments] == ["7", "8"]
    assert [c.get(f"{{{W}}}author") for c in comments] == ["王", "reconcile"]


def test_a_claim_with_signs_of_markup_is_only_text(tmp_path: Path) -> None:
    source = write(
        tmp_path / "a.docx",
        package(document(paragraph("A&B<甲>支出100.00万元，其中：基本支出60.00万元，项目支出45.00万元。"))),
    )
    marked(source, tmp_path / "b.docx")
    with zipfile.ZipFile(tmp_path / "b.docx") as z:
        assert "A&B<甲>" in "".join(ElementTree.fromstring(z.read("word/comments1.xml")).itertext())


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_the_marked_copy_opens_in_libreoffice(wrong: Path, tmp_path: Path) -> None:
    marked(wrong, tmp_path / "m.docx")
    done = subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "odt", "--outdir", str(tmp_path), str(tmp_path / "m.docx")],
        capture_output=True, text=True, timeout=180, check=True,
    )  # fmt: skip
    with zipfile.ZipFile(tmp_path / "m.odt") as z:
        content = z.read("content.xml").decode()
    assert content.count("<office:annotation ") == 4, done.stdout
    assert "105万元" in content


# the sheet ------------------------------------------------------------------------------------------------------


def test_the_sheet_has_what_fails_first(wrong: Path, tmp_path: Path) -> None:
    read = report.read(wrong)
    claims = report.claims_of(read)
    rows = sheet_claims.rows(read, claims)
    assert len(rows) == len(claims)
    assert [r.verdict for r in rows[:4]] == ["fails"] * 4
    first = rows[0]
    assert (first.kind, first.stated, first.computed, first.difference) == (
        "合计",
        "1,000,000元",
        "1,050,000元",
        "-50,000元",
    )
    sheet_claims.write(tmp_path / "c.xlsx", read, claims)
    sheet = openpyxl.load_workbook(tmp_path / "c.xlsx")["报告核对"]
    words = [[c.value for c in row] for row in sheet.iter_rows()]
    header = next(r for r in words if r[0] == "序号")
    assert header[1:] == ["结论", "类别", "段落", "原文", "文中数", "核对数", "差额", "依据"]
    assert words[words.index(header) + 1][1:4] == ["不符", "合计", 3]


def test_a_phrase_that_begins_like_a_formula_is_text(tmp_path: Path) -> None:
    read = report.read("=1+1支出100.00万元，其中：基本支出60.00万元，项目支出45.00万元。")
    sheet_claims.write(tmp_path / "c.xlsx", read, report.claims_of(read))
    sheet = openpyxl.load_workbook(tmp_path / "c.xlsx").worksheets[0]
    assert all(c.data_type != "f" for row in sheet.iter_rows() for c in row)


# the command ----------------------------------------------------------------------------------------------------


def test_the_command_ends_with_one_where_a_claim_fails(wrong: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check-report", str(wrong), "--quiet"]) == 1
    out = capsys.readouterr().out
    assert "第3段 不符" in out
    assert "105万元" in out


def test_the_command_ends_with_nought_where_none_does(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("支出100.00万元，其中：基本支出60.00万元，项目支出40.00万元。", "utf-8")
    assert cli.main(["check-report", str(file), "--quiet"]) == 0


def test_json_has_claims_and_findings(wrong: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check-report", str(wrong), "--json", "--quiet"]) == 1
    body = json.loads(capsys.readouterr().out)
    assert body["verdicts"]["fails"] == 4
    assert len(body["findings"]) == 4
    assert body["claims"][0].keys() >= {
        "claim",
        "kind",
        "stated",
        "computed",
        "difference",
        "verdict",
        "reason",
        "paragraph",
    }


@pytest.mark.parametrize("suffix", ["docx", "xlsx"])
def test_out_is_written_whole_and_never_over_another(wrong: Path, tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"out.{suffix}"
    assert cli.main(["check-report", str(wrong), "--out", str(target), "--quiet"]) == 1
    assert zipfile.is_zipfile(target)
    before = target.read_bytes()
    assert cli.main(["check-report", str(wrong), "--out", str(target), "--quiet"]) == 2
    assert target.read_bytes() == before
    assert cli.main(["check-report", str(wrong), "--out", str(target), "--quiet", "--force"]) == 1


@pytest.mark.parametrize("out", ["out.pdf", "报告.docx"])
def test_bad_outputs_are_refused_before_any_work(wrong: Path, out: str) -> None:
    before = wrong.read_bytes()
    assert cli.main(["check-report", str(wrong), "--out", str(wrong.parent / out), "--quiet", "--force"]) == 2
    assert wrong.read_bytes() == before


def test_a_marked_copy_needs_a_word_document(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("支出100万元。", "utf-8")
    assert cli.main(["check-report", str(file), "--out", str(tmp_path / "b.docx"), "--quiet"]) == 2


def test_bad_input_is_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check-report", str(tmp_path / "none.docx"), "--quiet"]) == 2
    assert "怎么办" in capsys.readouterr().err


def test_the_command_with_books(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.txt"
    file.write_text("2020年度报告\n2020年基本支出1475.53万元。", "utf-8")
    books = ["--budget", str(EXAMPLE / "budget_2020.xlsx"), "--ledger", str(EXAMPLE / "ledger_2020.xlsx")]
    assert cli.main(["check-report", str(file), "--quiet"]) == 0
    assert cli.main(["check-report", str(file), *books, "--quiet"]) == 1
    assert "14,754,252.31元" in capsys.readouterr().out
    assert cli.main(["check-report", str(file), *books[:2], "--quiet"]) == 2


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("空白.txt", b"  \n\n", "没有文字"),
        ("加密.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "有打开密码"),
        ("乱.docx", b"hello", "不是可读的 Word 文档"),
    ],
)
def test_a_file_with_nothing_to_check_is_refused(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(rc.LoadError, match=told):
        rc.check_report(tmp_path / name)


def test_a_document_of_pictures_alone_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("docx").Document().save(str(tmp_path / "扫描.docx"))
    with pytest.raises(rc.LoadError, match="扫描件"):
        rc.check_report(tmp_path / "扫描.docx")


def test_a_report_that_is_too_large_gets_advice_for_a_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reconcile.claims.docx.MAX_CHARACTERS", 20)
    path = write(tmp_path / "报告.docx", package(document(paragraph("全年支出1775.24万元，其中基本支出1475.43万元。"))))
    with pytest.raises(rc.LoadError) as refused:
        rc.check_report(path)
    assert refused.value.code == "report-too-large"
    assert "Ctrl+End" not in str(refused.value)

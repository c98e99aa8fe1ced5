"""One ugly file for each message: where it stands, what was seen, what to do.

The messages are tests/gallery/*.txt, to be read as an accountant reads them.  After a change of wording,
`python -m tests.test_gallery` writes them anew; the difference is what a reviewer reviews.
"""

from __future__ import annotations

import argparse
import io
import struct
import sys
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import reconcile as rc
from reconcile import settings, wording
from reconcile.aliases import load_aliases
from reconcile.batch import cluster, department, job, pool, storage
from reconcile.cli import parser
from reconcile.compare import noted
from reconcile.report_check import check_report
from reconcile.write import output
from tests import reviewer, small
from tests.test_published import ALL, listed, published

GALLERY = Path(__file__).parent / "gallery"
LOADER_FINDINGS = {
    "ambiguous-date",
    "unreadable-amount",
    "error-cell",
    "uncalculated-formula",
    "unit-unknown",
    "total-mismatch",
    "repeated-table",
    "hidden-data",
    "balance-identity",
    "balance-break",
    "truncated-export",
}
Build = Callable[[Path], str]
ENTRIES: dict[str, Build] = {}
PLAN = [["单位：元"], ["支出类型", "项目", "年初预算"], ["项目支出", "企业印章刻制", 120_000]]
BOOKS = [["单位：元"], [*small.JOURNAL]]


def shows(name: str) -> Callable[[Build], Build]:
    def keep(build: Build) -> Build:
        ENTRIES[name] = build
        return build

    return keep


def refused(code: str, provoke: Callable[[], object]) -> str:
    with pytest.raises(rc.LoadError) as caught:
        provoke()
    assert caught.value.code == code
    return str(caught.value)


def found(code: str, loaded: rc.Budget | rc.Ledger, wanted: str = "") -> str:
    """The first finding of a code, in both languages; `wanted` names its wording."""
    finding = next(f for f in loaded.problems if f.code == code and f.params.get("wording", "") == wanted)
    return finding.message("zh") + "\n" + finding.message("en")


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def part_changed(path: Path, part: str, old: bytes, new: bytes) -> Path:
    out = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            assert name != part or old in data
            target.writestr(name, data.replace(old, new) if name == part else data)
    return written(path, out.getvalue())


def compound(stream: str, content: bytes) -> bytes:
    """An OLE file with one stream: one table sector, one of the directory, then the content in whole sectors."""
    sectors = -(-len(content) // 512)
    links = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 2 + sectors), 0xFFFFFFFE]
    table = struct.pack("<128I", *links, *[0xFFFFFFFF] * (128 - len(links)))

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        text = name.encode("utf-16-le") + b"\0\0"
        places = struct.pack("<HBBIII", len(text), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
        return text.ljust(64, b"\0") + places + bytes(36) + struct.pack("<IQ", start, size)

    directory = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry(stream, 2, 0xFFFFFFFF, 2, len(content))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    head += struct.pack("<7I", 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE) + struct.pack("<2I", 0, 0)
    head += b"\xff" * (512 - len(head))
    return head + table + directory.ljust(512, b"\0") + content.ljust(sectors * 512, b"\0")


def journal(folder: Path, rows: Sequence[Sequence[Any]], name: str = "序时账.xlsx") -> rc.Ledger:
    return rc.load_ledger(small.sheet(folder / name, [*BOOKS, *rows], "序时账"), year=2020)


# what cannot be opened


@shows("missing-file")
def _(folder: Path) -> str:
    return refused("missing-file", lambda: rc.load_budget(folder / "2020年预算.xlsx"))


@shows("is-folder")
def _(folder: Path) -> str:
    (folder / "预算资料").mkdir()
    return refused("is-folder", lambda: rc.load_budget(folder / "预算资料"))


@shows("empty-file")
def _(folder: Path) -> str:
    return refused("empty-file", lambda: rc.load_budget(written(folder / "预算.xlsx", b"")))


@shows("encrypted")
def _(folder: Path) -> str:
    path = written(folder / "预算.xlsx", compound("EncryptedPackage", bytes(4096)))
    return refused("encrypted", lambda: rc.load_budget(path))


@shows("not-a-workbook")
def _(folder: Path) -> str:
    return refused("not-a-workbook", lambda: rc.load_budget(written(folder / "预算.xlsx", b"%PDF-1.7\n%\xe2\xe3")))


@shows("not-a-workbook-damaged")
def _(folder: Path) -> str:
    path = small.sheet(folder / "预算.xlsx", PLAN)
    with zipfile.ZipFile(path) as package:
        whole = package.read("xl/workbook.xml")
    part_changed(path, "xl/workbook.xml", whole, b'<workbook><sheets><sheet name="1"></workbook>')
    return refused("not-a-workbook", lambda: rc.load_budget(path))


@shows("not-a-workbook-half-downloaded")
def _(folder: Path) -> str:
    path = small.sheet(folder / "预算.xlsx", PLAN)
    written(path, path.read_bytes()[:-400])
    return refused("not-a-workbook", lambda: rc.load_budget(path))


@shows("too-large")
def _(folder: Path) -> str:
    book = openpyxl.Workbook()
    for column in range(1, 61):
        book.active.cell(1, column, "预算金额")
    book.active.cell(1_048_576, 60, "误敲")
    book.save(folder / "预算.xlsx")
    return refused("too-large", lambda: rc.load_budget(folder / "预算.xlsx"))


@shows("truncated")
def _(folder: Path) -> str:
    page = "<html><table><tr><td>日期<td>凭证号<td>科目<td>借方金额<tr><td>2020-01-05<td>记-1<td>7101"
    return refused("truncated", lambda: rc.load_ledger(written(folder / "序时账.xls", page.encode())))


@shows("unknown-encoding")
def _(folder: Path) -> str:
    rows = "日期,凭证号,科目,借方金额\n2020-01-05,记-1,办公费,100\n2020-01-06,记-2,印刷费,200\n".encode()
    path = written(folder / "序时账.csv", rows.replace("印刷费".encode(), b"\xe5\x8d\xff\xfe\x81"))
    return refused("unknown-encoding", lambda: rc.load_ledger(path))


# what holds no table


@shows("empty-workbook")
def _(folder: Path) -> str:
    return refused("empty-workbook", lambda: rc.load_budget(small.sheet(folder / "预算.xlsx", [])))


@shows("no-sheet")
def _(folder: Path) -> str:
    path = small.sheet(folder / "预算.xlsx", PLAN, "2020预算")
    return refused("no-sheet", lambda: rc.load_budget(path, sheet="预算2020"))


@shows("no-header")
def _(folder: Path) -> str:
    rows = [["关于采购工作的会议纪要"], ["时间", "2020年3月2日"], ["出席", "张三、李四"]]
    return refused("no-header", lambda: rc.load_ledger(small.sheet(folder / "纪要.xlsx", rows, "纪要")))


@shows("other-table")
def _(folder: Path) -> str:
    rows = [["支出决算表"], ["金额单位：万元"], ["科目编码", "科目名称", "本年支出合计"], ["2010301", "行政运行", 900]]
    return refused("other-table", lambda: rc.load_budget(small.sheet(folder / "决算.xlsx", rows, "公开03表")))


@shows("no-version")
def _(folder: Path) -> str:
    rows = [
        ["单位：元"],
        ["支出类型", "项目", "一上", "二上", "批复"],
        ["项目支出", "企业印章刻制", 130_000, 125_000, 120_000],
    ]
    path = small.sheet(folder / "预算.xlsx", rows, "2020预算")
    return refused("no-version", lambda: rc.load_budget(path, version="三上"))


@shows("no-year-column")
def _(folder: Path) -> str:
    rows = [
        ["单位：元"],
        ["支出类型", "项目", "2019年预算数", "2020年预算数"],
        ["项目支出", "企业印章刻制", 110_000, 120_000],
    ]
    path = small.sheet(folder / "预算.xlsx", rows, "预算对比")
    return refused("no-year-column", lambda: rc.load_budget(path, year=2021))


@shows("doubtful-adjustment")
def _(folder: Path) -> str:
    rows = [
        ["单位：元"],
        ["支出类型", "项目", "二上", "批复", "调整"],
        ["项目支出", "企业印章刻制", 125_000, 120_000, 30_000],
    ]
    return refused("doubtful-adjustment", lambda: rc.load_budget(small.sheet(folder / "预算.xlsx", rows, "2020预算")))


@shows("unknown-file")
def _(folder: Path) -> str:
    path = small.sheet(folder / "2020预算.xlsx", PLAN)
    config = written(folder / "reconcile.toml", '[layout.budget."2020年预算.xlsx"]\nunit = "万元"\n'.encode())
    return refused("unknown-file", lambda: rc.load_budget(path, layout=config))


@shows("missing-column")
def _(folder: Path) -> str:
    rows = [["单位：元"], ["支出类型", "项目", "追加预算"], ["项目支出", "企业印章刻制", 5_000]]
    return refused("missing-column", lambda: rc.load_budget(small.sheet(folder / "预算.xlsx", rows, "调整")))


@shows("unknown-column")
def _(folder: Path) -> str:
    path = small.sheet(folder / "预算.xlsx", PLAN, "预算")
    return refused("unknown-column", lambda: rc.load_budget(path, columns={"original": "批复数"}))


@shows("unknown-field")
def _(folder: Path) -> str:
    path = small.sheet(folder / "预算.xlsx", PLAN, "预算")
    return refused("unknown-field", lambda: rc.load_budget(path, columns={"orignal": "年初预算"}))


@shows("unknown-unit")
def _(folder: Path) -> str:
    path = small.sheet(folder / "预算.xlsx", PLAN, "预算")
    return refused("unknown-unit", lambda: rc.load_budget(path, unit="万"))


@shows("bad-source")
def _(folder: Path) -> str:
    return refused("bad-source", lambda: rc.load_budget({"预算": "预算.xlsx"}))


# what a call or a setting cannot be


@shows("bad-through")
def _(folder: Path) -> str:
    books = small.journal(*small.pay("2020-01-05", "记-1", "甲", 1))
    return refused("bad-through", lambda: rc.reconcile(small.budget(("项目支出", "甲", 1)), books, through="2020年9月"))


@shows("bad-through-of-another-year")
def _(folder: Path) -> str:
    books = small.journal(*small.pay("2020-01-05", "记-1", "甲", 1))
    plan = small.budget(("项目支出", "甲", 1))
    return refused("bad-through", lambda: rc.reconcile(plan, books, year=2020, through="2021-09"))


@shows("no-year")
def _(folder: Path) -> str:
    plan = rc.load_budget(small.sheet(folder / "预算.xlsx", PLAN))
    books = small.journal(*small.pay("某日", "记-1", "企业印章刻制", 1))
    return refused("no-year", lambda: rc.reconcile(plan, books))


def setting(folder: Path, code: str, text: str) -> str:
    path = written(folder / "reconcile.toml", text.encode())
    return refused(code, lambda: settings.load(path))


@shows("unknown-setting")
def _(folder: Path) -> str:
    return setting(folder, "unknown-setting", "[thresholds]\nlow_execution_warnin = 0.8\n")


@shows("setting-type")
def _(folder: Path) -> str:
    return setting(folder, "setting-type", '[thresholds]\nlow_execution_warning = "80%"\n')


@shows("setting-value")
def _(folder: Path) -> str:
    return setting(folder, "setting-value", 'language = "中文"\n')


@shows("not-toml")
def _(folder: Path) -> str:
    return setting(folder, "not-toml", "unit_name = 某某局\n")


@shows("output-exists")
def _(folder: Path) -> str:
    written(folder / "review.xlsx", b"x")

    def write() -> None:
        with output.whole_folder(folder, force=False):
            pass

    return refused("output-exists", write)


@shows("output-is-input")
def _(folder: Path) -> str:
    read = written(folder / "预算.xlsx", b"x")

    def write() -> None:
        with output.whole_folder(folder, force=True, inputs=[read]) as made:
            written(made / "预算.xlsx", b"y")

    said = refused("output-is-input", write)
    assert read.read_bytes() == b"x"
    return said


@shows("output-answered")
def _(folder: Path) -> str:
    plan = small.budget(("项目支出", "甲", 1))
    result = rc.reconcile(plan, small.journal(*small.pay("2020-01-05", "记-1", "甲", 2)))
    path = result.write_review(folder / "review.xlsx")
    reviewer.fill(path, {result.problems[0].key: ("询问", "", "张三", None)})
    return refused("output-answered", lambda: result.write_review(path))


@shows("output-unwritable")
def _(folder: Path) -> str:
    written(folder / "笔记.txt", b"x")

    def write() -> None:
        with output.whole_folder(folder / "笔记.txt" / "结果", force=False):
            pass

    return refused("output-unwritable", write)


@shows("output-open")
def _(folder: Path) -> str:
    path = written(folder / "review.xlsx", b"x")
    written(folder / "~$review.xlsx", b"")
    return refused("output-open", lambda: output.check_closed(path))


# many departments


def departments_table(folder: Path, *rows: Sequence[str]) -> str:
    """A table of departments in the folder."""
    head = ("部门", "上级", "预算", "账簿")
    text = "".join(f"{','.join(row)}\n" for row in (head, *rows))
    return str(written(folder / "各部门.csv", text.encode()))


@shows("no-departments")
def _(folder: Path) -> str:
    (folder / "各部门").mkdir()
    return refused("no-departments", lambda: department.departments(str(folder / "各部门"), "out"))


@shows("no-department-columns")
def _(folder: Path) -> str:
    path = str(small.sheet(folder / "各部门.xlsx", [["部门", "预算"], ["教育局", "预算.xlsx"]]))
    return refused("no-department-columns", lambda: department.departments(path, "out"))


@shows("department-unnamed")
def _(folder: Path) -> str:
    path = departments_table(folder, ("", "", "预算.xlsx", "账.xlsx"))
    return refused("department-unnamed", lambda: department.departments(path, "out"))


@shows("department-twice")
def _(folder: Path) -> str:
    path = departments_table(folder, ("教育局", "", "预算.xlsx", "账.xlsx"), ("教育局", "", "预算2.xlsx", "账2.xlsx"))
    return refused("department-twice", lambda: department.departments(path, "out"))


@shows("parent-circle")
def _(folder: Path) -> str:
    path = departments_table(
        folder, ("教育局", "中学", "预算.xlsx", "账.xlsx"), ("中学", "教育局", "预算2.xlsx", "账2.xlsx")
    )
    return refused("parent-circle", lambda: department.departments(path, "out"))


@shows("no-file-of-role")
def _(folder: Path) -> str:
    (folder / "各部门" / "教育局").mkdir(parents=True)
    small.sheet(folder / "各部门" / "教育局" / "2020年预算.xlsx", PLAN)
    (one,) = department.departments(str(folder / "各部门"), "out").departments
    return job.carry_out(job.Job(one, str(folder / "out"))).message


@shows("worker-ended")
def _(folder: Path) -> str:
    def ends(_: object) -> Any:
        raise BrokenProcessPool

    return pool._tried(job.Job(department.Department("教育局", "", "教育局", ()), str(folder)), ends).message


@shows("not-reachable")
def _(folder: Path) -> str:
    return refused("not-reachable", lambda: storage.exists("hdfs3s://2020/各部门"))


@shows("package-missing")
def _(folder: Path) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "distributed", None)
        return refused("package-missing", lambda: list(cluster.outcomes([], "tcp://10.0.0.1:8786")))


# findings of the loaders


@shows("unreadable-amount")
def _(folder: Path) -> str:
    return found("unreadable-amount", journal(folder, small.pay("2020-01-05", "记-1", "企业印章刻制", "约三万元")))


@shows("unreadable-amount-sub-fen")
def _(folder: Path) -> str:
    books = journal(folder, small.pay("2020-01-05", "记-1", "企业印章刻制", "1,234.567"))
    return found("unreadable-amount", books, "sub-fen")


@shows("error-cell")
def _(folder: Path) -> str:
    path = small.sheet(folder / "序时账.xlsx", [*BOOKS, *small.pay("2020-01-05", "记-1", "甲", 77_001)], "序时账")
    part_changed(path, "xl/worksheets/sheet1.xml", b't="n"><v>77001</v>', b't="e"><v>#REF!</v>')
    return found("error-cell", rc.load_ledger(path))


@shows("no-findings-list")
def _(folder: Path) -> str:
    path = small.sheet(folder / "预算.xlsx", [["单位：元"], small.BUDGET, ["项目支出", "企业印章刻制", 1]], "2020预算")
    return refused("no-findings-list", lambda: noted(path))


@shows("bad-alias")
def _(folder: Path) -> str:
    return refused("bad-alias", lambda: load_aliases({"印章制作": ["企业印章刻制"]}))


@shows("missing-column-of-approvals")
def _(folder: Path) -> str:
    path = small.sheet(folder / "别名.xlsx", [["账簿名称", "预算项目"], ["印章制作", "企业印章刻制"]], "别名")
    return refused("missing-column", lambda: load_aliases(path))


@shows("no-header-of-aliases")
def _(folder: Path) -> str:
    path = small.sheet(folder / "别名.xlsx", [["名称", "对应"], ["印章制作", "企业印章刻制"]], "别名")
    return refused("no-header", lambda: load_aliases(path))


@shows("uncalculated-formula")
def _(folder: Path) -> str:
    books = journal(folder, small.pay("2020-01-05", "记-1", "企业印章刻制", "=SUM(H3:H9)"))
    return found("uncalculated-formula", books)


@shows("unit-unknown")
def _(folder: Path) -> str:
    return found("unit-unknown", rc.load_budget(small.sheet(folder / "预算.xlsx", PLAN[1:], "2020预算")))


@shows("total-mismatch")
def _(folder: Path) -> str:
    rows = [*PLAN, ["项目支出", "政务大厅运行", 30_000], ["合计", None, 160_000]]
    plan = rc.load_budget(small.sheet(folder / "预算.xlsx", rows, "2020预算"), year=2020)
    books = small.journal(*small.pay("2020-01-05", "记-1", "企业印章刻制", 1))
    result = rc.reconcile(plan, books)
    finding = next(f for f in result.problems if f.code == "total-mismatch")
    return finding.message("zh") + "\n" + finding.message("en")


@shows("repeated-table")
def _(folder: Path) -> str:
    path = small.sheet(folder / "预算.xlsx", PLAN, "2020预算")
    book = openpyxl.load_workbook(path)
    book.copy_worksheet(book.active).title = "2020预算（打印）"
    book.save(path)
    return found("repeated-table", rc.load_budget(path))


def two_sheets(folder: Path, titles: tuple[str, str], names: tuple[str, str], amounts: tuple[int, int]) -> rc.Budget:
    """A workbook of two budgets of one project."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, name, amount in zip(titles, names, amounts, strict=True):
        page = book.create_sheet(name)
        for row in ([title], *PLAN[:2], ["项目支出", "企业印章刻制", amount]):
            page.append(row)
    book.save(folder / "预算.xlsx")
    return rc.load_budget(folder / "预算.xlsx")


@shows("repeated-table-version")
def _(folder: Path) -> str:
    plan = two_sheets(folder, ("部门预算（二上）", "部门预算（批复）"), ("二上", "批复"), (130_000, 120_000))
    return found("repeated-table", plan, "version")


@shows("repeated-table-year")
def _(folder: Path) -> str:
    plan = two_sheets(folder, ("2019年部门预算", "2020年部门预算"), ("上年", "本年"), (110_000, 120_000))
    return found("repeated-table", plan, "year")


@shows("repeated-table-summary")
def _(folder: Path) -> str:
    path = small.sheet(
        folder / "支出.xlsx",
        [
            ["日期", "用途", "项目", "金额（元）"],
            ["2020-01-05", "印章", "企业印章刻制", 5],
            ["2020-02-05", "印章", "企业印章刻制", 7],
        ],
        "明细",
    )
    book = openpyxl.load_workbook(path)
    page = book.create_sheet("按项目汇总")
    for row in (["项目", "金额（元）"], ["企业印章刻制", 12]):
        page.append(row)
    book.save(path)
    return found("repeated-table", rc.load_ledger(path), "summary")


def amended(folder: Path, title: str, *rows: Sequence[Any], name: str = "变动") -> rc.Budget:
    """The budget of the gallery, and a later table."""
    files = [small.sheet(folder / "年初预算.xlsx", [*PLAN, ["项目支出", "政务大厅运行", 30_000]], "预算")]
    files.append(
        small.sheet(folder / f"{name}.xlsx", [[title], *PLAN[:1], ["支出类型", "项目", "金额"], *rows], "预算")
    )
    return rc.load_budget(files)


STAMPS = ["项目支出", "企业印章刻制", 115_000]


@shows("doubtful-amendment")
def _(folder: Path) -> str:
    rows = [STAMPS, ["项目支出", "政务大厅运行", 40_000]]
    return refused("doubtful-amendment", lambda: amended(folder, "2020年预算调整表", *rows))


@shows("repeated-table-version-lines")
def _(folder: Path) -> str:
    rows = [["项目支出", f"项目{n}", 1_000] for n in range(1, 6)]
    files = [
        small.sheet(folder / f"{name}.xlsx", [[title], *PLAN[:2], *own], "预算")
        for name, title, own in (("年初", "2020年部门预算", rows), ("调整", "2020年调整预算表", rows[1:]))
    ]
    return found("repeated-table", rc.load_budget(files), "version-lines")


@shows("repeated-table-view")
def _(folder: Path) -> str:
    return found("repeated-table", rc.load_budget(published(folder / "公开.xlsx", **ALL)), "view")


@shows("repeated-table-views-differ")
def _(folder: Path) -> str:
    plan: list[list[object]] = [["支出类型", "项目", "预算数"], ["项目支出", "甲", 100], ["项目支出", "乙", 50]]
    path = published(folder / "预算.xlsx", 支出预算表=plan, 项目支出预算表=listed(丙=70))
    return found("repeated-table", rc.load_budget(path), "views-differ")


@shows("balance-identity-sources")
def _(folder: Path) -> str:
    rows = [
        ["项目", "预算金额（元）", "财政拨款", "事业收入"],
        ["甲", 100, 100, None],
        ["乙", 70, 50, 20],
        ["丙", 90, 80, 1],
    ]
    return found("balance-identity", rc.load_budget(small.sheet(folder / "预算.xlsx", rows)), "sources")


@shows("ambiguous-date")
def _(folder: Path) -> str:
    rows = [["日期", "凭证号", "项目", "金额（元）"], ["03/04/2020", "记-1", "甲", 5], ["02/03/2020", "记-2", "甲", 5]]
    rows.append(["05/06/2020", "记-3", "甲", 5])
    return found("ambiguous-date", rc.load_ledger(small.sheet(folder / "账.xlsx", rows)))


@shows("repeated-table-possible-budget")
def _(folder: Path) -> str:
    return found("repeated-table", amended(folder, "2020年部门预算", STAMPS), "possible-budget")


@shows("repeated-table-possible-change")
def _(folder: Path) -> str:
    files = [small.sheet(folder / "年初预算.xlsx", PLAN, "预算")]
    for name in ("追加第一批", "追加第二批"):
        files.append(
            small.sheet(folder / f"{name}.xlsx", [["单位：元"], ["项目", "追加"], ["企业印章刻制", 5_000]], name)
        )
    return found("repeated-table", rc.load_budget(files), "possible-change")


@shows("balance-identity-below-zero")
def _(folder: Path) -> str:
    plan = amended(folder, "收回指标", ["项目支出", "企业印章", 20_000], name="收回")
    return found("balance-identity", plan, "below-zero")


def twice(folder: Path, first: Sequence[Sequence[Any]], second: Sequence[Sequence[Any]]) -> rc.Ledger:
    """Two exports of a journal, loaded together."""
    files = [
        small.sheet(folder / name, [*BOOKS, *rows], "序时账")
        for name, rows in (("序时账1-6月.xlsx", first), ("序时账全年.xlsx", second))
    ]
    return rc.load_ledger(files, year=2020)


JUNE = [*small.pay("2020-06-05", "记-1", "企业印章刻制", 100), *small.pay("2020-06-20", "记-2", "企业印章刻制", 250)]


@shows("repeated-table-overlap")
def _(folder: Path) -> str:
    july = small.pay("2020-07-03", "记-1", "企业印章刻制", 80)
    return found("repeated-table", twice(folder, JUNE, [*JUNE, *july]), "overlap")


@shows("repeated-table-differs")
def _(folder: Path) -> str:
    changed = [*JUNE[:2], *small.pay("2020-06-20", "记-2", "企业印章刻制", 260)]
    return found("repeated-table", twice(folder, JUNE, changed), "differs")


@shows("repeated-table-differs-text")
def _(folder: Path) -> str:
    moved = [*JUNE[:2], *small.pay("2020-06-20", "记-2", "政务大厅运行", 250)]
    return found("repeated-table", twice(folder, JUNE, moved), "differs-text")


@shows("repeated-table-possible")
def _(folder: Path) -> str:
    other = small.pay("2020-06-05", "记-1", "企业印章刻制", 90)
    return found("repeated-table", twice(folder, JUNE[:2], other), "possible")


@shows("hidden-data")
def _(folder: Path) -> str:
    path = small.sheet(folder / "预算.xlsx", PLAN, "2020预算")
    book = openpyxl.load_workbook(path)
    page = book.copy_worksheet(book.active)
    page.title, page.sheet_state, page["C3"] = "旧稿", "hidden", 99
    book.save(path)
    return found("hidden-data", rc.load_budget(path))


@shows("hidden-data-asked")
def _(folder: Path) -> str:
    path = small.sheet(folder / "预算.xlsx", PLAN, "2020预算")
    book = openpyxl.load_workbook(path)
    page = book.copy_worksheet(book.active)
    page.title, page.sheet_state = "旧稿", "hidden"
    book.save(path)
    return found("hidden-data", rc.load_budget(path, sheet="旧稿"))


@shows("hidden-data-rows")
def _(folder: Path) -> str:
    path = small.sheet(folder / "预算.xlsx", [*PLAN, ["项目支出", "政务大厅运行", 30_000]], "2020预算")
    book = openpyxl.load_workbook(path)
    book.active.row_dimensions[4].hidden = True
    book.save(path)
    return found("hidden-data", rc.load_budget(path))


@shows("balance-identity")
def _(folder: Path) -> str:
    head = ["支出类型", "项目", "上年结转", "年初预算", "追加", "追减", "全年预算"]
    rows = [["单位：元"], head, ["项目支出", "企业印章刻制", 0, 120_000, 5_000, 0, 120_000]]
    return found("balance-identity", rc.load_budget(small.sheet(folder / "预算.xlsx", rows, "2020预算")))


@shows("balance-break")
def _(folder: Path) -> str:
    head = ["日期", "凭证号", "摘要", "科目编码", "借方金额", "贷方金额", "方向", "余额"]
    rows = [["单位：元"], head]
    balance = 0
    for day, amount in enumerate((100, 200, 300, 400, 500, 600), start=5):
        balance += amount
        shown = balance + (50 if day >= 8 else 0)
        rows.append([f"2020-01-{day:02d}", f"记-{day}", "付款", "710102", amount, None, "借", shown])
    return found("balance-break", rc.load_ledger(small.sheet(folder / "明细账.xlsx", rows, "明细账")))


@shows("truncated-export")
def _(folder: Path) -> str:
    rows = [
        ["单位：元", "期间：2020年1月至2020年12月"],
        small.JOURNAL,
        *(r for i in range(5) for r in small.pay(f"2020-03-{i + 1:02d}", f"记-{i + 1}", "企业印章刻制", 100 + i)),
    ]
    return found("truncated-export", rc.load_ledger(small.sheet(folder / "序时账.xlsx", rows, "序时账")))


def marked(folder: Path, part: str = "", old: bytes = b"", new: bytes = b"") -> str:
    """What a marked copy of a budget with a text for an amount says, one of its parts changed."""
    path = small.sheet(folder / "预算.xlsx", [*PLAN, ["项目支出", "甲", "待定"]], "2020预算")
    if part and old:
        part_changed(path, part, old, new)
    elif part:
        with zipfile.ZipFile(path, "a") as package:
            package.writestr(part, new)
    result = rc.reconcile(rc.load_budget(path), small.journal(*small.pay("2020-01-05", "记-1", "甲", 1)))
    with pytest.warns(UserWarning, match="怎么办") as said:
        result.annotate(folder / "annotated")
    return str(said[0].message)


@shows("protected-source")
def _(folder: Path) -> str:
    return marked(folder, "xl/worksheets/sheet1.xml", b"</sheetData>", b'</sheetData><sheetProtection sheet="1"/>')


@shows("signed-source")
def _(folder: Path) -> str:
    return marked(folder, "_xmlsignatures/sig1.xml", b"", b"<Signature/>")


@shows("not-markable")
def _(folder: Path) -> str:
    return marked(folder, "xl/styles.xml", b"cellXfs", b"otherXfs")


@shows("beyond-a-sheet")
def _(folder: Path) -> str:
    path = folder / "序时账.csv"
    lines = "2020-01-05,记-1,付款,7101,行政支出/项目支出,甲,1.00\n" * 30
    path.write_text("日期,凭证号,摘要,科目编码,科目名称,项目,借方金额\n" + lines, "utf-8")
    result = rc.reconcile(small.budget(("项目支出", "甲", 1)), rc.load_ledger(path))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("reconcile.write.annotate.MAX_ROWS", 20)
        with pytest.warns(UserWarning, match="怎么办") as said:
            result.annotate(folder / "annotated")
    return str(said[0].message)


@shows("template-wrong")
def _(folder: Path) -> str:
    template = folder / "本局.md.j2"
    template.write_text("{{ year }}年度支出{{ total.spent }}\n", "utf-8")
    result = rc.reconcile(small.budget(("项目支出", "甲", 1)), small.journal(*small.pay("2020-01-05", "记-1", "甲", 1)))
    return refused("template-wrong", lambda: result.summary(template=template))


def given(folder: Path, *rows: Sequence[Any], head: Sequence[Any] = ("取数项目", "单位", "数值")) -> Path:
    """An input sheet of the evaluation."""
    return small.sheet(folder / "取数.xlsx", [head, *rows], "取数表")


@shows("unknown-input")
def _(folder: Path) -> str:
    return refused("unknown-input", lambda: rc.load_inputs(given(folder, ["编制人员", "个", 143])))


@shows("bad-input")
def _(folder: Path) -> str:
    return refused("bad-input", lambda: rc.load_inputs(given(folder, ["编制数", "个", "约140"])))


@shows("input-unit")
def _(folder: Path) -> str:
    return refused("input-unit", lambda: rc.load_inputs(given(folder, ["政府采购预算数", None, 32.5])))


@shows("input-twice")
def _(folder: Path) -> str:
    path = given(folder, ["编制数", "个", 143], ["编制人数", "个", 136])
    return refused("input-twice", lambda: rc.load_inputs(path))


@shows("no-header-of-inputs")
def _(folder: Path) -> str:
    path = given(folder, ["甲", 1], head=("人员", "数目"))
    return refused("no-header", lambda: rc.load_inputs(path))


@shows("no-final-accounts")
def _(folder: Path) -> str:
    return refused("no-final-accounts", lambda: rc.load_final_accounts(given(folder, ["编制数", "个", 143])))


@shows("no-rubric")
def _(folder: Path) -> str:
    return refused("no-rubric", lambda: rc.evaluate(None, {}, "hunan-1999"))


@shows("bad-rubric")
def _(folder: Path) -> str:
    text = 'zh = "表"\nen = "Table"\nregion_zh = "某市"\nregion_en = "A city"\nyears = [2020]\ntotal = 100\n'
    text += '[[groups]]\nzh = "投入"\nen = "Input"\npoints = 100\n'
    text += '[[indicators]]\ngroup = 1\nindicator = "staff-control"\npoints = 90\nrule = {kind = "over", full = 100}\n'
    path = written(folder / "评分表.toml", text.encode())
    return refused("bad-rubric", lambda: rc.evaluate(None, {}, path))


@shows("bad-report")
def _(folder: Path) -> str:
    return refused("bad-report", lambda: rc.check_report(written(folder / "报告.pdf", b"%PDF-1.7")))


@shows("not-a-report")
def _(folder: Path) -> str:
    return refused("not-a-report", lambda: rc.check_report(written(folder / "报告.docx", b"PK\x03\x04 cut off")))


@shows("report-too-large")
def _(folder: Path) -> str:
    path = written(folder / "报告.txt", "全年支出1775.24万元。".encode())
    with path.open("r+b") as stream:
        stream.truncate(65 << 20)
    return refused("report-too-large", lambda: rc.check_report(path))


@shows("report-without-text")
def _(folder: Path) -> str:
    return refused("report-without-text", lambda: rc.check_report(written(folder / "报告.txt", b" \n\n")))


@shows("not-a-report-locked")
def _(folder: Path) -> str:
    path = written(folder / "报告.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600)
    return refused("not-a-report", lambda: rc.check_report(path))


def told(folder: Path, *options: str) -> argparse.Namespace:
    report = written(folder / "报告.txt", "全年支出10万元。".encode())
    return parser().parse_args(["check-report", str(report), *options])


@shows("half-books")
def _(folder: Path) -> str:
    return refused("half-books", lambda: check_report(told(folder, "--budget", "预算.xlsx")))


@shows("bad-claims-output")
def _(folder: Path) -> str:
    return refused("bad-claims-output", lambda: check_report(told(folder, "--out", "核对.pdf")))


def message(name: str, folder: Path) -> str:
    return ENTRIES[name](folder).replace(f"{folder}/", "") + "\n"


@pytest.mark.parametrize("name", sorted(ENTRIES))
def test_the_message_is_the_reviewed_one(name: str, tmp_path: Path) -> None:
    golden = GALLERY / f"{name}.txt"
    assert golden.is_file(), f"review the message, then run python -m tests.test_gallery: {message(name, tmp_path)}"
    assert message(name, tmp_path) == golden.read_text("utf-8")


def codes() -> set[str]:
    return {c for c in (*wording._table("errors"), *wording.finding_codes()) if any(_of(n, c) for n in ENTRIES)}


def _of(name: str, code: str) -> bool:
    """Whether an entry shows a code: its name is the code, or the code and what tells its case."""
    others = (*wording._table("errors"), *wording.finding_codes())
    return max((c for c in others if name == c or name.startswith(f"{c}-")), key=len, default="") == code


def test_every_refusal_and_every_finding_of_the_loaders_is_shown() -> None:
    errors = set(wording._table("errors"))
    assert errors == codes() & errors
    assert codes() - errors == LOADER_FINDINGS


def test_the_gallery_holds_nothing_else() -> None:
    assert {p.stem for p in GALLERY.iterdir()} == set(ENTRIES)


@pytest.mark.parametrize("name", sorted(n for n in ENTRIES if any(_of(n, c) for c in wording._table("errors"))))
def test_a_refusal_says_where_what_and_what_to_do_in_one_line(name: str) -> None:
    text = (GALLERY / f"{name}.txt").read_text("utf-8").strip()
    assert "\n" not in text
    assert "怎么办：" in text
    assert len(text) < 320


if __name__ == "__main__":
    for one in sorted(ENTRIES):
        with tempfile.TemporaryDirectory() as place:
            (GALLERY / f"{one}.txt").write_text(message(one, Path(place)), "utf-8")

"""The round trip: what a reviewer writes into January's workbook reaches March."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import reconcile as rc
from reconcile import wording
from reconcile.aliases import load_aliases
from reconcile.cli import main
from reconcile.entry_keys import entry_keys
from reconcile.read import returned, words
from reconcile.settings import Settings
from tests.reviewer import DECISION, KEY, fill, findings, header, saved_by_libreoffice
from tests.small import BUDGET, JOURNAL, budget, journal, pay, sheet

PLAN = budget(
    ("项目支出", "印章", 100), ("项目支出", "法律", 100), ("项目支出", "便民", 1_000), ("基本支出", "公用经费", 500)
)
JANUARY = [
    *pay("2020-01-05", "记-1", "印章", 150),  # over by 50, to be accepted
    *pay("2020-01-06", "记-2", "法律", 120),  # over by 20, accepted, but more is spent in February
    *pay("2020-01-07", "记-3", "便民服务费", 60),  # a name that the budget does not have: approved as 便民
    *pay("2020-01-08", "记-4", "便民", 30, memo="办公用品"),  # the reviewer says: 公用经费
    (
        "2020-01-09",
        "记-5",
        "付款",
        "710102",
        "行政支出/项目支出",
        "便民",
        10,
        None,
    ),  # unbalanced, put right in February
]
BALANCED = ("2020-01-09", "记-5", "付款", "8001", "资金结存", None, None, 10)
FEBRUARY = [
    *pay("2020-01-02", "记-0", "便民", 1),  # one more row above all of January's
    *JANUARY,
    BALANCED,
    *pay("2020-02-05", "记-1", "法律", 5),
    *pay("2020-02-06", "记-2", "便民服务费", 7),
]
MARCH = [*FEBRUARY, *pay("2020-03-05", "记-1", "便民服务费", 8), *pay("2020-03-06", "记-2", "便民", 2)]
ACCEPT = ("认可", "已报批，附文件", "张三", dt.date(2020, 2, 3))


def run(rows: Sequence[Any], month: int = 1, previous: object = None, **options: Any) -> rc.Reconciliation:
    return rc.reconcile(PLAN, journal(*rows), through=f"2020-{month:02d}", previous=previous, **options)


def key(result: rc.Reconciliation, code: str, subject: str) -> str:
    found = result.findings.query("code == @code and subject == @subject")
    assert len(found) == 1, result.findings[["code", "subject"]].values.tolist()
    return str(found["key"].iloc[0])


def status(result: rc.Reconciliation, one: str) -> str:
    return str(result.findings.set_index("key").loc[one, "status"])


def entry(result: rc.Reconciliation, memo: str) -> str:
    entries = result.tie.entries
    return str(entry_keys(entries)[entries["memo"] == memo].iloc[0])


def replied(result: rc.Reconciliation) -> dict[str, tuple[str, ...]]:
    """Decision, note, person and date of every finding that carries any."""
    own = result.findings[["key", "decision", "note", "person", "decided"]].itertuples(index=False, name=None)
    return {k: tuple(answer) for k, *answer in own if any(answer)}


@pytest.fixture(scope="module")
def january(tmp_path_factory: pytest.TempPathFactory) -> tuple[rc.Reconciliation, Path]:
    """January's run, and its workbook as the reviewer gave it back."""
    result = run(JANUARY)
    path = result.write_review(tmp_path_factory.mktemp("january") / "review.xlsx")
    seals, law = key(result, "over-budget", "印章"), key(result, "over-budget", "法律")
    open_voucher = key(result, "unbalanced-voucher", "2020-01 记-5")
    fill(
        path,
        {seals: ACCEPT, law: ACCEPT, open_voucher: ("更正账目", "补记贷方", "李四", None)},
        aliases={"便民服务费": ("便民", "张三")},
        moves={entry(result, "办公用品"): ("基本支出", "", "属日常公用")},
        result=result,
    )
    return result, path


# three months -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("program", ["openpyxl", "libreoffice"])
def test_january_s_replies_reach_march(january: tuple[rc.Reconciliation, Path], tmp_path: Path, program: str) -> None:
    first, path = january
    seals, law = key(first, "over-budget", "印章"), key(first, "over-budget", "法律")
    open_voucher = key(first, "unbalanced-voucher", "2020-01 记-5")
    assert first.by_project.set_index("project").loc["便民", "actual"] == 40

    back = saved_by_libreoffice(path, tmp_path / "1") if program == "libreoffice" else path
    second = run(FEBRUARY, 2, back)
    assert status(second, seals) == "accepted"
    assert status(second, law) == "lapsed"
    assert second.resolved.set_index("key").loc[open_voucher, "status"] == "resolved"
    by_project = second.by_project.set_index("project")["actual"]
    assert by_project["便民"] == 1 + 60 + 10 + 7  # the approved name in, the reclassified entry out
    assert second.totals["basic"] == 30
    [moved] = second.entries().query("memo == '办公用品'").to_dict("records")
    assert (moved["category"], moved["category_evidence"], moved["project"]) == ("basic", "reclassified", "")
    assert second.reclassified[["status", "from_category", "from_project", "amount"]].values.tolist() == [
        ["applied", "project", "便民", 30.0]
    ]

    shown = second.write_review(tmp_path / "february.xlsx")
    rows = findings(shown)
    assert (rows[seals]["状态"], rows[seals][DECISION], rows[seals]["责任人"]) == ("✓ 已认可", "认可", "张三")
    assert rows[seals]["日期"] == dt.datetime(2020, 2, 3)
    assert (rows[seals]["已持续（月）"], rows[seals]["首次发现"]) == (1, "2020-01")
    assert (rows[law]["状态"], rows[law][DECISION]) == ("▲ 金额已变，需重新确认", None)
    assert rows[law]["上次意见"] == "认可 · 张三 · 2020-02-03 · 已报批，附文件"
    assert (rows[open_voucher]["状态"], rows[open_voucher]["说明"]) == ("✓ 已解决", "补记贷方")

    back = saved_by_libreoffice(shown, tmp_path / "2") if program == "libreoffice" else shown
    third = run(MARCH, 3, back)
    assert status(third, seals) == "accepted"
    assert status(third, law) == "lapsed"
    assert third.findings.set_index("key").loc[seals, ["since", "age"]].tolist() == ["2020-01", 2]
    assert third.resolved.set_index("key").loc[open_voucher, ["status", "note"]].tolist() == ["resolved", "补记贷方"]
    assert third.by_project.set_index("project").loc["便民", "actual"] == 1 + 60 + 10 + 7 + 8 + 2
    assert third.totals["basic"] == 30


def test_an_acceptance_that_lapsed_is_given_anew(january: tuple[rc.Reconciliation, Path], tmp_path: Path) -> None:
    law = key(january[0], "over-budget", "法律")
    second = run(FEBRUARY, 2, january[1])
    assert second.has_errors
    path = fill(second.write_review(tmp_path / "r.xlsx"), {law: ("认可", "二月也已报批", "张三", "2020.3.2")})
    third = run(MARCH, 3, path)
    assert status(third, law) == "accepted"
    assert replied(third)[law] == ("accept", "二月也已报批", "张三", "2020-03-02")


def test_what_was_resolved_and_comes_back_must_be_decided_again(tmp_path: Path) -> None:
    first = run(JANUARY)
    one = key(first, "unbalanced-voucher", "2020-01 记-5")
    path = fill(first.write_review(tmp_path / "1.xlsx"), {one: ACCEPT})
    second = run([*JANUARY, BALANCED], 2, path)
    assert one not in set(second.findings["key"])
    third = run(JANUARY, 3, second.write_review(tmp_path / "2.xlsx"))
    assert status(third, one) == "recurring"
    assert one not in replied(third)
    assert third.findings.set_index("key").loc[one, "earlier"].startswith("认可 · 张三")


def test_a_ledger_that_is_another_file_every_month_keeps_its_replies(tmp_path: Path) -> None:
    def month(number: int, previous: Path | None = None) -> rc.Reconciliation:
        rows = [*JANUARY, *(pay("2020-02-05", "记-1", "便民", 5) if number > 1 else ())]
        path = sheet(tmp_path / f"序时账（1-{number}月）.xlsx", [["单位：元"], JOURNAL, *rows], f"20200{number}")
        return rc.reconcile(PLAN, rc.load_ledger(path), through=f"2020-0{number}", previous=previous)

    first = month(1)
    voucher = key(first, "unbalanced-voucher", "2020-01 记-5")
    path = fill(first.write_review(tmp_path / "r.xlsx"), {voucher: ACCEPT})
    second = month(2, path)
    again = key(second, "unbalanced-voucher", "2020-01 记-5")
    assert again != voucher
    assert status(second, again) == "accepted"
    assert replied(second)[again] == ("accept", "已报批，附文件", "张三", "2020-02-03")
    assert len(second.resolved) == 0
    third = month(3, second.write_review(tmp_path / "r2.xlsx"))
    assert status(third, key(third, "unbalanced-voucher", "2020-01 记-5")) == "accepted"


def test_a_reply_does_not_pass_from_one_file_to_another_that_is_read_beside_it(tmp_path: Path) -> None:
    def ledger(month: int, *rows: Any) -> Path:
        return sheet(
            tmp_path / f"{month}月.xlsx", [["单位：元"], JOURNAL, *pay(f"2020-0{month}-02", "记-1", "便民", 5), *rows]
        )

    bad = ("2020-01-09", "记-5", "付款", "710102", "行政支出/项目支出", "便民", 10, None)
    one, other = ledger(1, bad), ledger(2)
    first = rc.reconcile(PLAN, rc.load_ledger([one, other]))
    voucher = key(first, "unbalanced-voucher", "2020-01 记-5")
    path = fill(first.write_review(tmp_path / "r.xlsx"), {voucher: ACCEPT})
    second = rc.reconcile(PLAN, rc.load_ledger([ledger(2, bad)]), previous=path)
    assert status(second, key(second, "unbalanced-voucher", "2020-01 记-5")) == "new"
    assert voucher in set(second.resolved["key"])


# the exit code ----------------------------------------------------------------------------------------------------


def test_settled_errors_end_no_run_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = sheet(tmp_path / "预算.xlsx", [["单位：元"], BUDGET, ["项目支出", "印章", 100]])
    ledger = sheet(tmp_path / "账.xlsx", [["单位：元"], JOURNAL, *pay("2020-01-05", "记-1", "印章", 150)])
    call = ["run", "--budget", str(plan), "--ledger", str(ledger), "--year", "2020", "--quiet"]
    assert main([*call, "--out", str(tmp_path / "a")]) == 1
    review = tmp_path / "a" / "review.xlsx"
    errors = [k for k, row in findings(review).items() if row["程度"] == "● 错误"]
    assert errors
    fill(review, dict.fromkeys(errors, ("不是问题", "合并核算", "张三", None)))
    capsys.readouterr()
    again = [*call, "--previous", str(review), "--out", str(tmp_path / "b")]
    assert main(again) == 0
    printed = capsys.readouterr().out
    assert "✓ 不是问题 超预算" in printed
    assert "● 超预算" not in printed
    manifest = json.loads((tmp_path / "b" / "manifest.json").read_text("utf-8"))
    assert (manifest["open_errors"], manifest["findings"]["error"]) == (0, len(errors))
    assert {p["status"] for p in manifest["problems"] if p["severity"] == "error"} == {"dismissed"}
    assert [i["role"] for i in manifest["inputs"]] == ["budget", "ledger", "previous"]
    sheet(ledger, [["单位：元"], JOURNAL, *pay("2020-01-05", "记-1", "印章", "150.01")])
    assert main([*again[:-1], str(tmp_path / "c")]) == 1
    capsys.readouterr()


@pytest.mark.parametrize("decision", ["更正账目", "重新归类", "询问", ""])
def test_other_decisions_leave_an_error_open(tmp_path: Path, decision: str) -> None:
    first = run(JANUARY)
    errors = first.findings.query("severity == 'error'")["key"]
    path = fill(first.write_review(tmp_path / "r.xlsx"), dict.fromkeys(errors, (decision, "在办", "李四", None)))
    second = run(JANUARY, 1, path)
    assert second.has_errors
    assert set(second.findings.query("severity == 'error'")["status"]) == {"persisting"}
    assert {a[1] for a in replied(second).values()} == {"在办"}


# what reviewers and their programs do to a workbook ----------------------------------------------------------------


def _reordered(book: openpyxl.Workbook) -> None:
    """Rows bottom up, columns right to left."""
    page = book["差异清单"]
    top, _ = header(page, KEY)
    rows = [[c.value for c in row] for row in page.iter_rows(min_row=top + 1)]
    head = [c.value for c in page[top]]
    page.delete_rows(top, page.max_row)
    for row in [head, *reversed(rows)]:
        page.append(list(reversed(row)))


def _hidden(book: openpyxl.Workbook) -> None:
    page = book["差异清单"]
    for column in "ABCDEFGHIJKLMNOPQRSTUV":
        page.column_dimensions[column].hidden = True
    for row in range(1, 12):
        page.row_dimensions[row].hidden = True
    page.sheet_state = "hidden"


def _filtered(book: openpyxl.Workbook) -> None:
    page = book["差异清单"]
    page.auto_filter.add_filter_column(1, ["▲ 警告"])
    for row in range(6, page.max_row + 1):
        page.row_dimensions[row].hidden = True


def _extra(book: openpyxl.Workbook) -> None:
    """Rows and columns of the reviewer's own, a column with a title of ours among them."""
    page = book["差异清单"]
    page.insert_cols(1, 2)
    page.cell(header(page, KEY)[0], 1).value = "日期"
    page.cell(header(page, KEY)[0] + 1, 1).value = "不是我们的日期"
    page.insert_rows(1, 3)
    page["A1"] = "复核人的批语"
    page.append([])
    page.append(["以上由张三复核", None, 12.5])


def _few_columns(book: openpyxl.Workbook) -> None:
    page = book["差异清单"]
    for title in ("说明与建议", "可能原因（候选）", "来源文件", "对象", "程度", "首次发现"):
        page.delete_cols(header(page, KEY)[1][title])


def _renamed(book: openpyxl.Workbook) -> None:
    for n, page in enumerate(book.worksheets):
        page.title = f"表{n}"
    page = next(p for p in book.worksheets if "差异清单" in str(p["A1"].value))
    top, columns = header(page, KEY)
    page.cell(top, columns[DECISION]).value = " 处理意见 "
    page.cell(top, columns[KEY]).value = "编号(勿改)"


def _only_what_is_asked(book: openpyxl.Workbook) -> None:
    for page in book.worksheets:
        if page.title not in ("差异清单", "待确认匹配", "明细"):
            book.remove(page)


EDITS = (_reordered, _hidden, _filtered, _extra, _few_columns, _renamed, _only_what_is_asked)


@pytest.mark.parametrize("edit", EDITS, ids=lambda e: e.__name__.strip("_"))
def test_replies_survive_what_is_done_to_the_workbook(
    january: tuple[rc.Reconciliation, Path], tmp_path: Path, edit: Any
) -> None:
    book = openpyxl.load_workbook(january[1])
    edit(book)
    book.save(tmp_path / "r.xlsx")
    wanted, got = rc.read_replies(january[1]), rc.read_replies(tmp_path / "r.xlsx")
    said = ["key", "decision", "note", "person", "date", "expected", "actual"]
    assert len(wanted.replies) == 3
    assert (
        got.replies[said].sort_values("key").values.tolist() == wanted.replies[said].sort_values("key").values.tolist()
    )
    assert [(m.key, m.category, m.note) for m in got.moves] == [(m.key, m.category, m.note) for m in wanted.moves]
    assert [(a.name, a.target, a.approved) for a in got.aliases.rows if a.approved] == [("便民服务费", "便民", True)]
    assert got.problems == ()
    second = run(FEBRUARY, 2, tmp_path / "r.xlsx")
    assert status(second, key(january[0], "over-budget", "印章")) == "accepted"
    assert status(second, key(january[0], "over-budget", "法律")) == "lapsed"


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_replies_survive_libreoffice(january: tuple[rc.Reconciliation, Path], tmp_path: Path, kind: str) -> None:
    wanted, got = rc.read_replies(january[1]), rc.read_replies(saved_by_libreoffice(january[1], tmp_path, kind))
    said = ["key", "decision", "note", "person", "date", "expected", "actual", "since"]
    assert got.replies[said].values.tolist() == wanted.replies[said].values.tolist()
    assert [(m.key, m.category, m.note) for m in got.moves] == [(m.key, m.category, m.note) for m in wanted.moves]
    assert got.problems == ()


def test_one_opinion_merged_over_several_rows_is_of_each(tmp_path: Path) -> None:
    first = run(JANUARY)
    path = first.write_review(tmp_path / "r.xlsx")
    book = openpyxl.load_workbook(path)
    page = book["差异清单"]
    top, columns = header(page, KEY)
    page.cell(top + 1, columns[DECISION]).value = "询问"
    at = columns[DECISION]
    page.merge_cells(start_row=top + 1, end_row=top + 3, start_column=at, end_column=at)
    book.save(path)
    said = rc.read_replies(path).replies
    assert said["key"].tolist() == first.findings["key"].tolist()[:3]
    assert said["decision"].tolist() == ["ask"] * 3


def test_areas_merged_beside_and_below_what_is_written_hold_nothing(tmp_path: Path) -> None:
    """A reviewer merges blank cells right of the header and under the list; the names are still read from it, too."""
    first = run(JANUARY)
    one = first.findings["key"].iloc[0]
    path = fill(first.write_review(tmp_path / "r.xlsx"), {one: ACCEPT}, aliases={"便民服务费": ("便民", "张三")})
    book = openpyxl.load_workbook(path)
    for page in book.worksheets:
        page.merge_cells("AZ1:BA1")
        last = page.max_row + 40
        for at in range(1, 24):
            page.merge_cells(start_row=last, end_row=last + 2, start_column=at, end_column=at)
    book.save(path)
    assert rc.read_replies(path).replies["key"].tolist() == [one]
    for aliases in (rc.read_replies(path).aliases, load_aliases(path)):
        assert [(a.name, a.target) for a in aliases.rows if a.approved] == [("便民服务费", "便民")]


def test_an_english_workbook_is_read_in_a_chinese_run(tmp_path: Path) -> None:
    first = run(JANUARY, settings=Settings(language="en"))
    path = first.write_review(tmp_path / "r.xlsx")
    book = openpyxl.load_workbook(path)
    page = book["Findings"]
    top, columns = header(page, "Key (leave)")
    for row in range(top + 1, top + 1 + len(first.findings)):
        page.cell(row, columns["Decision"]).value = "accept"
        page.cell(row, columns["Explanation"]).value = f"row {row}"
    book.save(path)
    second = run(JANUARY, 1, path)
    assert set(second.findings["status"]) == {"accepted"}
    assert second.findings["note"].tolist() == [f"row {top + 1 + n}" for n in range(len(second.findings))]
    assert "accept" not in str(findings(second.write_review(tmp_path / "zh.xlsx")))


# what cannot be read -----------------------------------------------------------------------------------------------


def _spoilt(path: Path, **cells: object) -> tuple[Path, str]:
    """A workbook whose first finding has these cells (by title), and its key."""
    book = openpyxl.load_workbook(path)
    page = book["差异清单"]
    top, columns = header(page, KEY)
    one = str(page.cell(top + 1, columns[KEY]).value)
    for title, value in cells.items():
        page.cell(top + 1, columns[{"编号": KEY}.get(title, title)]).value = value  # type: ignore[assignment]
    book.save(path)
    return path, one


@pytest.mark.parametrize(
    ("cells", "column", "quoted"),
    [
        ({DECISION: "再议"}, DECISION, "再议"),
        ({DECISION: "认可", "日期": "下周二"}, "日期", "下周二"),
        ({"编号": "over-budget-1234567", DECISION: "认可", "说明": "同意"}, DECISION, "accept"),
        ({"编号": None, "说明": "这一条已说明"}, "说明", "这一条已说明"),
    ],
)
def test_a_reply_that_cannot_be_read_is_a_finding_that_quotes_it(
    tmp_path: Path, cells: dict[str, object], column: str, quoted: str
) -> None:
    first = run(JANUARY)
    path, one = _spoilt(first.write_review(tmp_path / "r.xlsx"), **cells)
    page = openpyxl.load_workbook(path)["差异清单"]
    top, columns = header(page, KEY)
    second = run(JANUARY, 1, path)
    [found] = second.findings.query("code == 'unreadable-reply'").to_dict("records")
    assert str(cells.get(column)) in found["message"]
    assert found["cell"] == page.cell(top + 1, columns[column]).coordinate
    assert (found["file"], found["sheet"]) == ("r.xlsx", "差异清单")
    if column == "日期":
        assert replied(second)[one] == ("accept", "", "", "下周二")
    else:
        assert second.findings.set_index("key").loc[one, "decision"] == ""
    assert quoted in "认可 accept" or quoted in found["message"]


def test_a_key_that_was_dragged_down_is_no_key(tmp_path: Path) -> None:
    """Excel's fill handle counts the last digits up: 0a12b345 becomes 0a12b346, which no finding has."""
    first = run(JANUARY)
    one = first.findings["key"].iloc[0]
    other = one[:-1] + ("0" if one[-1] != "0" else "1")
    path, _ = _spoilt(first.write_review(tmp_path / "r.xlsx"), **{"编号": other, DECISION: "认可"})
    replies = rc.read_replies(path)
    assert len(replies.replies) == 0
    assert [p.code for p in replies.problems] == ["unreadable-reply"]


def test_rows_that_contradict_each_other_are_not_taken(tmp_path: Path) -> None:
    first = run(JANUARY)
    one, other = first.findings["key"].tolist()[:2]
    path = fill(
        first.write_review(tmp_path / "r.xlsx"), {one: ("认可", "甲", "张三", None), other: ("询问", "", "", None)}
    )
    book = openpyxl.load_workbook(path)
    page = book["差异清单"]
    top, columns = header(page, KEY)
    for copy in (1, 2):
        values = [page.cell(top + copy, at).value for at in range(1, page.max_column + 1)]
        page.append(values)
        if copy == 1:
            page.cell(page.max_row, columns[DECISION]).value = "不是问题"
    book.save(path)
    second = run(JANUARY, 1, path)
    assert replied(second) == {other: ("ask", "", "", "")}  # the copy of this row says the same
    [found] = second.findings.query("code == 'unreadable-reply'").to_dict("records")
    assert "认可" not in found["message"]
    assert "accept / 甲 / 张三" in found["message"]
    assert "dismiss / 甲 / 张三" in found["message"]


@pytest.mark.parametrize(
    ("move", "says"),
    [
        (("基本", "没有的项目", ""), "没有这个项目"),
        (("", "没有的项目", ""), "没有这个项目"),
        (("基本支出", "法律", ""), "不属于所填的类别"),
        (("经费", "", ""), "不是可选的类别"),
    ],
)
def test_a_reclassification_that_cannot_be_followed_is_not_applied(
    tmp_path: Path, move: tuple[str, str, str], says: str
) -> None:
    first = run(JANUARY)
    one = entry(first, "办公用品")
    path = fill(first.write_review(tmp_path / "r.xlsx"), moves={one: move}, result=first)
    second = run(JANUARY, 1, path)
    [found] = second.findings.query("code == 'unreadable-reply'").to_dict("records")
    assert says in found["message"]
    assert (move[1] or move[0]) in found["message"]
    assert second.by_project["actual"].tolist() == first.by_project["actual"].tolist()


def test_a_reclassified_entry_that_is_gone_is_told(tmp_path: Path) -> None:
    first = run(JANUARY)
    one = entry(first, "办公用品")
    path = fill(first.write_review(tmp_path / "r.xlsx"), moves={one: ("", "法律", "")}, result=first)
    changed = [
        ("2020-01-08", "记-4", "办公用品", *row[3:6], *(v and 31 for v in row[6:])) if row[1] == "记-4" else row
        for row in JANUARY
    ]
    second = run(changed, 1, path)
    [found] = second.findings.query("code == 'unreadable-reply'").to_dict("records")
    assert "已没有这一笔支出" in found["message"]
    assert second.reclassified["status"].tolist() == ["gone"]
    assert second.by_project.set_index("project").loc["法律", "actual"] == 120


def test_a_reclassification_into_a_project_takes_its_category(tmp_path: Path) -> None:
    first = run(JANUARY)
    path = fill(
        first.write_review(tmp_path / "r.xlsx"), moves={entry(first, "办公用品"): ("", "法律", "串项目")}, result=first
    )
    second = run(JANUARY, 1, path)
    actual = [r.by_project.set_index("project")["actual"] for r in (first, second)]
    assert (actual[1]["法律"] - actual[0]["法律"], actual[1]["便民"] - actual[0]["便民"]) == (30, -30)
    [one] = second.entries().query("memo == '办公用品'").to_dict("records")
    assert (one["category"], one["project_evidence"]) == ("project", "reclassified")


def test_approved_names_without_the_column_of_who_approves_are_told(tmp_path: Path) -> None:
    path = fill(run(JANUARY).write_review(tmp_path / "r.xlsx"), aliases={"便民服务费": ("便民", "张三")})
    book = openpyxl.load_workbook(path)
    page = book["待确认匹配"]
    page.delete_cols(header(page, "批准人")[1]["批准人"])
    book.save(path)
    second = run(JANUARY, 1, path)
    [found] = second.findings.query("code == 'unreadable-reply'").to_dict("records")
    assert (found["sheet"], "待确认匹配表缺少必要的列" in found["message"]) == ("待确认匹配", True)
    assert "便民服务费" in second.by_project["project"].tolist()


def test_a_file_that_is_no_review_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(rc.LoadError, match="差异清单"):
        rc.read_replies(sheet(tmp_path / "x.xlsx", [["单位：元"], BUDGET, ["项目支出", "印章", 100]]))
    with pytest.raises(rc.LoadError):
        rc.read_replies(tmp_path / "none.xlsx")


# exactly these and no others ---------------------------------------------------------------------------------------

WORDS = {
    d: wording.text(f"decision-{d}", "zh", "workbook") for d in ("accept", "correct", "reclassify", "ask", "dismiss")
}
NOTE = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=12)
FIRST = run(JANUARY)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    answers=st.dictionaries(
        st.sampled_from(FIRST.findings["key"].tolist()),
        st.tuples(
            st.sampled_from(["", *WORDS]), NOTE, NOTE, st.dates(dt.date(2000, 1, 1), dt.date(2090, 1, 1)) | st.none()
        ),
    )
)
def test_exactly_the_replies_that_were_given_are_carried_on(
    tmp_path_factory: pytest.TempPathFactory, answers: dict[str, tuple[str, str, str, dt.date | None]]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    written = {k: (WORDS.get(d), note or None, person or None, day) for k, (d, note, person, day) in answers.items()}
    back = fill(FIRST.write_review(folder / "1.xlsx"), written)
    second = run(JANUARY, 1, back)
    wanted = {k: (d, note, person, day.isoformat() if day else "") for k, (d, note, person, day) in answers.items()}
    assert replied(second) == {k: v for k, v in wanted.items() if any(v)}
    assert second.findings[["key", "expected", "actual"]].equals(FIRST.findings[["key", "expected", "actual"]])
    third = run(JANUARY, 1, second.write_review(folder / "2.xlsx"))
    assert replied(third) == replied(second)
    assert third.findings["status"].tolist() == second.findings["status"].tolist()


# words and files ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_title_that_is_written_is_read(language: str) -> None:
    titles = {
        "decision": "decision", "note": "reply", "person": "person", "date": "date", "key": "key", "status": "standing",
        "code": "finding-code", "severity": "severity", "subject": "subject", "expected": "expected",
        "actual": "found-amount", "message": "message", "earlier": "earlier", "since": "since", "basis": "seal",
        "kin": "kin", "file": "file", "sheet": "sheet", "check": "found-by",
    }  # fmt: skip
    assert set(titles) == set(returned.known("findings").values())
    for field, title in titles.items():
        word = wording.text(f"col-{title}", language, "workbook")
        assert returned.known("findings")[words.normalise(word)] == field
    for decision in WORDS:
        word = wording.text(f"decision-{decision}", language, "workbook")
        assert returned.known("decision")[words.normalise(word)] == decision


def test_the_previous_workbook_is_never_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = sheet(tmp_path / "预算.xlsx", [["单位：元"], BUDGET, ["项目支出", "印章", 100]])
    ledger = sheet(tmp_path / "账.xlsx", [["单位：元"], JOURNAL, *pay("2020-01-05", "记-1", "印章", 90)])
    call = ["run", "--budget", str(plan), "--ledger", str(ledger), "--out", str(tmp_path / "a"), "--quiet"]
    assert main(call) == 0
    review = tmp_path / "a" / "review.xlsx"
    before = review.read_bytes()
    for more in ([], ["--force"]):
        assert main([*call, "--previous", str(review), *more]) == 2
        assert "review.xlsx" in capsys.readouterr().err
    assert review.read_bytes() == before
    result = rc.reconcile(rc.load_budget(plan), rc.load_ledger(ledger), previous=review)
    with pytest.raises(rc.LoadError, match=r"review\.xlsx"):
        result.write_review(review)


def test_a_workbook_that_was_filled_in_is_not_written_over(
    january: tuple[rc.Reconciliation, Path], tmp_path: Path
) -> None:
    path = tmp_path / "r.xlsx"
    first = run(JANUARY)
    first.write_review(path)
    first.write_review(path)
    fill(path, {first.findings["key"].iloc[0]: ("", "请再核对", "", None)})
    filled = path.read_bytes()
    for other in (first, run(FEBRUARY, 2, january[1])):
        with pytest.raises(rc.LoadError, match=r"r\.xlsx.*填写的意见"):
            other.write_review(path)
        assert path.read_bytes() == filled
    assert [p.name for p in tmp_path.iterdir()] == ["r.xlsx"]
    back = path.with_name("back.xlsx")
    back.write_bytes(filled)
    run(JANUARY, 1, back).write_review(path)
    assert path.read_bytes() != filled
    assert rc.read_replies(path).replies["note"].tolist() == ["请再核对"]
    first.write_review(path, force=True)
    assert len(rc.read_replies(path).replies) == 0


def test_the_same_inputs_and_replies_give_the_same_bytes(
    january: tuple[rc.Reconciliation, Path], tmp_path: Path
) -> None:
    made = [run(FEBRUARY, 2, january[1]).write_review(tmp_path / f"{n}.xlsx").read_bytes() for n in (1, 2)]
    assert made[0] == made[1]


def test_replies_that_look_like_formulas_stay_text(tmp_path: Path) -> None:
    first = run(JANUARY)
    one = first.findings["key"].iloc[0]
    path = first.write_review(tmp_path / "r.xlsx")
    fill(path, {one: ("认可", "x", "+86 张三", None)})
    book = openpyxl.load_workbook(path)
    page = book["差异清单"]
    top, columns = header(page, KEY)
    cell = page.cell(top + 1, columns["说明"])
    cell.value, cell.data_type = "=HYPERLINK(1)", "s"
    book.save(path)
    second = run(JANUARY, 1, path)
    again = openpyxl.load_workbook(second.write_review(tmp_path / "2.xlsx"))["差异清单"]
    shown = again.cell(top + 1, columns["说明"])
    assert (shown.value, shown.data_type) == ("=HYPERLINK(1)", "s")
    assert again.cell(top + 1, columns["责任人"]).value == "+86 张三"


def test_a_reviewers_note_is_the_reason_that_the_report_gives(tmp_path: Path) -> None:
    first = run(JANUARY)
    (key,) = [f.key for f in first.problems if f.code == "over-budget" and f.subject == "印章"]
    path = fill(first.write_review(tmp_path / "一月.xlsx"), {key: ("认可", "追加文件二月才到。", "张三", None)})
    second = run(JANUARY, previous=path)
    assert "追加文件二月才到" in second.summary()
    assert "追加文件二月才到" not in first.summary()
    assert "县里另有安排" in second.summary(reasons={key: "县里另有安排"})


def test_without_the_key_column_every_reply_is_listed_as_not_taken_up(
    january: tuple[rc.Reconciliation, Path], tmp_path: Path
) -> None:
    """What the workbook warns of: nothing is matched by its place or its words, and nothing is lost in silence."""
    given = rc.read_replies(january[1])
    book = openpyxl.load_workbook(january[1])
    for page, title in ((book["差异清单"], KEY), (book["明细"], "条目键")):
        page.delete_cols(header(page, title)[1][title])
    book.save(tmp_path / "r.xlsx")
    got = rc.read_replies(tmp_path / "r.xlsx")
    assert (len(got.replies), len(got.moves)) == (0, 0)
    assert len(got.problems) == len(given.replies) + len(given.moves)
    told = [p.message("zh") for p in got.problems]
    for reply in given.replies.itertuples():
        assert any(reply.note in one for one in told)
    second = run(FEBRUARY, 2, tmp_path / "r.xlsx")
    assert second.findings["code"].value_counts()["unreadable-reply"] == len(got.problems)
    assert not set(second.findings["status"]) & {"accepted", "dismissed"}

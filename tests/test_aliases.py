"""Aliases: what a person approved is applied and listed, all else is named with the reason; the sheet to approve them
is read back."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

import reconcile as rc
from reconcile.aliases import load_aliases
from reconcile.settings import Settings
from tests import small
from tests.test_matching import books, found, placed, plan

HEAD = ("账簿名称", "预算项目", "类别", "批准人", "日期")
SEALS = ("项目支出", "P01", "企业印章刻制", 100)
LAW = ("项目支出", "P02", "政府法律顾问服务", 50)
TEMPLATE = Path(__file__).parents[1] / "workbooks" / "templates" / "aliases.xlsx"


def book(path: Path, *rows: Sequence[Any]) -> Path:
    return small.sheet(path, [["账簿名称与预算项目对应表"], HEAD, *rows], "别名")


def statuses(result: rc.Reconciliation) -> list[tuple[str, str, int, float]]:
    """(ledger name, status, entries, amount) of every alias."""
    shown = result.aliases[["name", "status", "entries", "amount"]]
    return list(shown.itertuples(index=False, name=None))


def test_an_approved_alias_is_applied_and_listed(tmp_path: Path) -> None:
    path = book(tmp_path / "别名.xlsx", ["印章制作", "企业印章刻制", None, "王芳", date(2020, 7, 1)])
    result = rc.reconcile(plan(SEALS, LAW), books(("", "", "印章 制作", 7), ("", "", "企业印章刻制", 5)), aliases=path)
    assert placed(result) == [
        ("project", "企业印章刻制", "approved-alias", "high"),
        ("project", "企业印章刻制", "project-name", "high"),
    ]
    assert result.by_project["actual"].tolist() == [12.0, 0.0]
    assert result.aliases.iloc[0].to_dict() == {
        "name": "印章制作",
        "project": "企业印章刻制",
        "category": "",
        "approver": "王芳",
        "date": "2020-07-01",
        "status": "applied",
        "entries": 1,
        "amount": 7.0,
        "file": "别名.xlsx",
        "sheet": "别名",
        "row": 3,
    }
    assert found(result, "unmatched-project", "alias-not-applied") == []
    assert result.checks.set_index("check").loc["alias-not-applied", ["outcome", "tested"]].tolist() == ["passed", 1]


@pytest.mark.parametrize(
    "aliases",
    [
        {"印章制作": "企业印章刻制"},
        {"印章制作": "P01"},
        {"P0077 印章制作": "P01_企业印章刻制"},
        pd.DataFrame({"账簿名称": ["印章制作"], "预算项目": ["企业印章刻制"]}),
        pd.DataFrame({"账簿名称": ["印章制作"], "预算项目": ["P01"], "批准人": ["王芳"], "类别": ["项目支出"]}),
        [pd.DataFrame({"Ledger name": ["印章制作"], "Budget project": ["企业印章刻制"], "Approved by": ["Wang"]})],
    ],
)
def test_aliases_come_from_a_dict_or_a_frame_too(aliases: object) -> None:
    result = rc.reconcile(plan(SEALS, LAW), books(("", "", "印章制作", 7)), aliases=aliases)
    assert placed(result) == [("project", "企业印章刻制", "approved-alias", "high")]


def test_an_alias_is_read_from_any_container(tmp_path: Path) -> None:
    path = tmp_path / "别名.csv"
    path.write_text("账簿名称,预算项目,批准人\n印章制作,企业印章刻制,王芳\n食堂,企业印章刻制,\n", "gb18030")
    result = rc.reconcile(plan(SEALS), books(("", "", "印章制作", 7), ("", "", "食堂", 5)), aliases=path)
    assert statuses(result) == [("印章制作", "applied", 1, 7.0), ("食堂", "not-approved", 0, 0.0)]


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        ([("印章制作", "企业印章刻制", "", "")], "not-approved"),
        ([("印章制作", "食堂改造", "", "王芳")], "no-such-project"),
        ([("印章制作", "信息化", "", "王芳")], "several-projects"),
        ([("印章制作", "企业印章刻制", "待定", "王芳")], "unknown-category"),
        ([("印章制作", "企业印章刻制", "基本支出", "王芳")], "no-such-project"),
        ([("印章制作", "P02 企业印章刻制", "", "王芳")], "no-such-project"),
        ([("", "企业印章刻制", "", "王芳")], "no-name"),
        ([("印章制作", "", "", "王芳")], "incomplete"),
        ([("企业印章刻制", "政府法律顾问服务", "", "王芳")], "overruled"),
        ([("印章制作", "P01", "", "王芳"), ("印章制作", "P02", "", "王芳")], "contradicts"),
    ],
)
def test_an_alias_that_cannot_be_applied_is_named_with_the_reason(
    rows: list[tuple[str, str, str, str]], status: str
) -> None:
    budget = plan(SEALS, LAW, ("项目支出", "P03", "信息化", 1), ("项目支出", "P04", "信息化", 1))
    table = pd.DataFrame([(*r, "") for r in rows], columns=list(HEAD))
    result = rc.reconcile(budget, books(("", "", "印章制作", 7), ("", "", "企业印章刻制", 5)), aliases=table)
    assert [s[1:] for s in statuses(result)] == [(status, 0, 0.0)] * len(rows)
    own = result.findings[result.findings["code"] == "alias-not-applied"]
    assert own["severity"].tolist() == ["info"] * len(rows)
    assert own["message"].str.contains("没有应用").all()
    assert result.by_project.set_index("project")["actual"].groupby(level=0).sum()["企业印章刻制"] == 5.0
    loose = [f[:3] for f in found(result, "unmatched-project", "ambiguous-match") if f[1] == "error"]
    assert loose == [
        (
            "ambiguous-match" if status in ("contradicts", "several-projects") else "unmatched-project",
            "error",
            "印章制作",
        )
    ]


def test_aliases_that_contradict_place_nothing_and_say_what_they_mean() -> None:
    table = pd.DataFrame([("印章制作", "P01"), ("印章制作", "P02")], columns=["账簿名称", "预算项目"])
    result = rc.reconcile(plan(SEALS, LAW), books(("", "", "印章制作", 7)), aliases=table)
    assert found(result, "ambiguous-match") == [("ambiguous-match", "error", "印章制作", 7.0)]
    message = result.findings.set_index("code").loc["ambiguous-match", "message"]
    assert "按别名表" in message
    assert "企业印章刻制、政府法律顾问服务" in message


def test_a_new_alias_stands_where_an_old_one_means_no_project_any_more() -> None:
    table = pd.DataFrame([("印章制作", "旧项目"), ("印章制作", "P01")], columns=["账簿名称", "预算项目"])
    result = rc.reconcile(plan(SEALS), books(("", "", "印章制作", 7)), aliases=table)
    assert statuses(result) == [("印章制作", "no-such-project", 0, 0.0), ("印章制作", "applied", 1, 7.0)]


def test_an_alias_settles_what_is_ambiguous_and_what_conflicts() -> None:
    budget = plan(SEALS, LAW, ("项目支出", "P03", "信息化", 1), ("项目支出", "P04", "信息化", 1))
    spent = books(("", "", "信息化", 7), ("", "P01", "政府法律顾问服务", 5), ("", "P02", "政府法律顾问服务", 3))
    result = rc.reconcile(budget, spent, aliases={"信息化": "P04 信息化", "P01 政府法律顾问服务": "企业印章刻制"})
    assert [(p[1], p[2]) for p in placed(result)] == [
        ("信息化", "approved-alias"),
        ("企业印章刻制", "approved-alias"),
        ("政府法律顾问服务", "code-and-name"),
    ]
    assert result.by_project["actual"].tolist() == [5.0, 3.0, 0.0, 7.0]


def test_the_category_tells_apart_projects_of_one_name() -> None:
    budget = plan(("基本支出", "", "窗口运行", 10), ("项目支出", "", "窗口运行", 20))
    table = pd.DataFrame([("窗口", "窗口运行", "基本支出")], columns=["账簿名称", "预算项目", "类别"])
    result = rc.reconcile(budget, books(("", "", "窗口", 7)), aliases=table)
    assert placed(result) == [("basic", "窗口运行", "approved-alias", "high")]


def test_a_category_alone_is_approved_for_a_name_or_an_account() -> None:
    ledger = small.journal(
        *small.pay("2020-01-05", "记-1", "", 7, code="7101", path="行政支出"),
        *small.pay("2020-01-06", "记-2", "", 5, code="710103", path="其他"),
        *small.pay("2020-01-07", "记-3", "在职人员", 3, code="7101", path="行政支出"),
        *small.pay("2020-01-08", "记-4", "企业印章刻制", 2, code="7101", path="行政支出"),
    )
    table = pd.DataFrame(
        [("7101 行政支出", "", "基本支出"), ("710103 其他", "企业印章刻制", ""), ("在职人员", "", "基本")],
        columns=["账簿名称", "预算项目", "类别"],
    )
    budget = small.budget(("基本支出", "基本工资", 100), ("项目支出", "企业印章刻制", 100))
    result = rc.reconcile(budget, ledger, aliases=table)
    shown = result.entries()[["category", "category_evidence", "project", "project_evidence", "amount"]]
    assert list(shown.itertuples(index=False, name=None)) == [
        ("basic", "approved-alias", "", "no-project", 7.0),
        ("project", "approved-alias", "企业印章刻制", "approved-alias", 5.0),
        ("basic", "approved-alias", "", "approved-alias", 3.0),
        ("project", "budget-project", "企业印章刻制", "project-name", 2.0),
    ]
    assert [s[1:] for s in statuses(result)] == [("applied", 1, 7.0), ("applied", 1, 5.0), ("applied", 1, 3.0)]
    assert result.by_category.set_index("category")["actual"].to_dict() == {"basic": 10.0, "project": 7.0}


def test_a_stated_category_is_not_overruled_by_an_alias() -> None:
    table = pd.DataFrame([("食堂", "", "基本支出")], columns=["账簿名称", "预算项目", "类别"])
    result = rc.reconcile(plan(SEALS), books(("项目支出", "", "食堂", 7)), aliases=table)
    assert placed(result) == [("project", "食堂", "not-in-budget", "")]
    assert statuses(result) == [("食堂", "overruled", 0, 0.0)]


@pytest.mark.parametrize("aliases", [{"甲": None}, {"": "乙"}, {3: "乙"}, {"甲": ["乙"]}])
def test_what_is_no_alias_is_refused(aliases: object) -> None:
    with pytest.raises(rc.LoadError, match="别名"):
        rc.reconcile(plan(SEALS), books(("", "", "甲", 1)), aliases=aliases)


def test_a_file_without_approvals_is_refused(tmp_path: Path) -> None:
    path = small.sheet(tmp_path / "别名.xlsx", [["账簿名称", "预算项目"], ["印章制作", "企业印章刻制"]], "别名")
    with pytest.raises(rc.LoadError, match="批准人"):
        load_aliases(path)


def test_without_aliases_nothing_is_listed_and_the_check_says_so() -> None:
    result = rc.reconcile(plan(SEALS), books(("", "", "企业印章刻制", 90)))
    assert len(result.aliases) == 0
    assert result.checks.set_index("check").loc["alias-not-applied", "outcome"] == "not-applicable"


def test_the_template_is_an_empty_table_of_aliases(tmp_path: Path) -> None:
    assert load_aliases(TEMPLATE).rows == ()
    filled = openpyxl.load_workbook(TEMPLATE)
    for col, value in enumerate(("印章制作", "企业印章刻制", "项目支出", "王芳"), start=1):
        filled.active.cell(4, col, value)
    filled.save(tmp_path / "别名.xlsx")
    [alias] = load_aliases(tmp_path / "别名.xlsx").rows
    assert (alias.name, alias.target, alias.category, alias.approver, alias.approved) == (
        "印章制作",
        "企业印章刻制",
        "project",
        "王芳",
        True,
    )
    assert str(alias.origin) == "别名.xlsx › 别名!A4"


def test_the_script_makes_the_committed_template(tmp_path: Path) -> None:
    script = TEMPLATE.parents[1] / "make_templates.py"
    subprocess.run([sys.executable, str(script), "--out", str(tmp_path)], check=True, capture_output=True)
    assert (tmp_path / "aliases.xlsx").read_bytes() == TEMPLATE.read_bytes()


def open_matters() -> tuple[rc.Budget, rc.Ledger]:
    budget = plan(SEALS, LAW, ("项目支出", "P03", "信息化", 1), ("基本支出", "P04", "信息化", 1))
    head = ("日期", "科目编码", "科目名称", "项目编码", "项目名称", "金额")
    rows = [
        ("7101", "行政支出", "", "印章制作", 7),
        ("7101", "行政支出", "", "印章制作", 0.5),
        ("7101", "行政支出", "P01", "政府法律顾问服务", 5),
        ("7101", "行政支出", "", "信息化", 3),
        ("7101", "行政支出", "", "", 2),
        ("710102", "行政支出/项目支出", "", "", 1),
        ("7101", "行政支出", "", "=1+1", 0.25),
    ]
    return budget, books(*rows, columns=head)


def matches(path: Path, language: str = "zh") -> list[dict[str, Any]]:
    """The rows of the sheet 待确认匹配, by their headers."""
    page = openpyxl.load_workbook(path)["待确认匹配" if language == "zh" else "Matches"]
    cells = [[c.value for c in row] for row in page.iter_rows()]
    at = next(i for i, row in enumerate(cells) if ("账簿名称" if language == "zh" else "Ledger name") in row)
    return [dict(zip(cells[at], row, strict=True)) for row in cells[at + 1 :]]


def test_the_review_workbook_lists_what_is_open(tmp_path: Path) -> None:
    result = rc.reconcile(*open_matters())
    rows = matches(result.write_review(tmp_path / "review.xlsx"))
    keys = ("情况", "账簿名称", "现列类别", "笔数", "支出金额", "可能的预算项目", "首笔位置")
    assert [tuple(row[k] for k in keys) for row in rows[:-1]] == [
        (
            "编码与名称矛盾",
            "P01 政府法律顾问服务",
            "项目支出",
            1,
            5,
            "企业印章刻制、政府法律顾问服务",
            "<DataFrame> › 4",
        ),
        ("可对应多个项目", "信息化", "未判定", 1, 3, "P03 信息化、P04 信息化", "<DataFrame> › 5"),
        ("预算中没有", "印章制作", "项目支出", 2, 7.5, "企业印章刻制", "<DataFrame> › 2"),
        ("预算中没有", "=1+1", "项目支出", 1, 0.25, "—", "<DataFrame> › 8"),
        ("类别未判定", "7101 行政支出", "未判定", 1, 2, "—", "<DataFrame> › 6"),
        ("没有列明项目", "710102 行政支出/项目支出", "项目支出", 1, 1, "—", "<DataFrame> › 7"),
    ]
    assert rows[2]["相似度"] > 60
    page = openpyxl.load_workbook(tmp_path / "review.xlsx")["待确认匹配"]
    lists = {str(v.sqref): v.formula1 for v in page.data_validations.dataValidation}
    assert lists == {"L5:L10": "'选项'!$A$1:$A$4", "M5:M10": '"基本支出,项目支出,其他支出"'}
    options = openpyxl.load_workbook(tmp_path / "review.xlsx")["选项"]
    assert [c.value for c in options["A"] if c.value] == [
        "企业印章刻制",
        "政府法律顾问服务",
        "P03 信息化",
        "P04 信息化",
    ]


def test_a_clean_result_has_no_such_sheet(example: rc.Reconciliation, tmp_path: Path) -> None:
    names = openpyxl.load_workbook(example.write_review(tmp_path / "review.xlsx")).sheetnames
    assert "待确认匹配" not in names


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_approved_in_the_review_workbook_applies_at_the_next_run(tmp_path: Path, language: str) -> None:
    budget, ledger = open_matters()
    settings = Settings(language=language)
    path = rc.reconcile(budget, ledger, settings=settings).write_review(tmp_path / "review.xlsx")
    basic = {"zh": "基本支出", "en": "Basic spending"}[language]
    answers = {  # ledger name: (project, category), as the lists offer them
        "P01 政府法律顾问服务": ("政府法律顾问服务", None),
        "信息化": ("P04 信息化", None),
        "印章制作": ("企业印章刻制", None),
        "=1+1": ("企业印章刻制", None),
        "7101 行政支出": (None, basic),
        "710102 行政支出/项目支出": ("P03 信息化", None),
    }
    filled = openpyxl.load_workbook(path)
    page = filled["待确认匹配" if language == "zh" else "Matches"]
    for row in page.iter_rows(min_row=5):
        if row[2].value in answers:
            row[11].value, row[12].value = answers[row[2].value]
            row[13].value, row[14].value = "王芳", date(2021, 1, 5)
    filled.save(path)
    again = rc.reconcile(budget, ledger, aliases=path, settings=settings)
    assert set(again.aliases["status"]) == {"applied"}
    assert again.aliases["date"].unique().tolist() == ["2021-01-05"]
    assert again.by_project["actual"].tolist() == [7.75, 5.0, 1.0, 3.0]
    assert again.by_category.set_index("category")["actual"].to_dict() == {"basic": 5.0, "project": 13.75}
    assert found(again, "unmatched-project", "ambiguous-match", "code-name-conflict", "undetermined-category") == []
    # the next review workbook carries the aliases on
    third = rc.reconcile(budget, ledger, aliases=again.write_review(tmp_path / "next.xlsx"), settings=settings)
    pd.testing.assert_frame_equal(third.entries(), again.entries())
    assert set(third.aliases["status"]) == {"applied"}


def test_an_answer_without_a_name_below_it_is_not_applied(tmp_path: Path) -> None:
    budget, ledger = open_matters()
    path = rc.reconcile(budget, ledger).write_review(tmp_path / "review.xlsx")
    filled = openpyxl.load_workbook(path)
    next(r for r in filled["待确认匹配"].iter_rows() if r[2].value == "印章制作")[11].value = "企业印章刻制"
    filled.save(path)
    again = rc.reconcile(budget, ledger, aliases=path)
    assert statuses(again) == [("印章制作", "not-approved", 0, 0.0)]
    assert ("alias-not-applied", "info", "印章制作") in {f[:3] for f in found(again, "alias-not-applied")}


def test_the_command_applies_aliases_and_records_them(tmp_path: Path) -> None:
    small.sheet(
        tmp_path / "预算.xlsx", [["单位：元"], ["支出类型", "项目", "年初预算"], ["项目支出", "企业印章刻制", 100]]
    )
    rows = [list(r) for r in small.pay("2020-02-01", "记-1", "印章制作", 100)]
    small.sheet(tmp_path / "账.xlsx", [["单位：元"], list(small.JOURNAL), *rows])
    path = book(tmp_path / "别名.xlsx", ["印章制作", "企业印章刻制", None, "王芳", None])
    call = [sys.executable, "-m", "reconcile.cli", "run", "--budget", "预算.xlsx", "--ledger", "账.xlsx"]
    call += ["--aliases", path.name, "--out", "结果", "--quiet", "--json"]
    root = str(Path(rc.__file__).parents[1])
    done = subprocess.run(call, cwd=tmp_path, capture_output=True, text=True, env={"PYTHONPATH": root}, check=False)
    assert done.returncode == 0, done.stderr + done.stdout
    manifest = json.loads((tmp_path / "结果" / "manifest.json").read_text("utf-8"))
    assert [(i["role"], i["file"]) for i in manifest["inputs"]] == [
        ("budget", "预算.xlsx"),
        ("ledger", "账.xlsx"),
        ("aliases", "别名.xlsx"),
    ]
    listed = matches(tmp_path / "结果" / "review.xlsx")
    assert [(r["情况"], r["账簿名称"], r["批准为预算项目"]) for r in listed[:-1]] == [
        ("别名：已应用", "印章制作", "企业印章刻制")
    ]

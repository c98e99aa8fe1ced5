"""The tables of a published budget state one budget several times, and each yuan of it is counted once."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

import reconcile as rc

Rows = list[list[object]]
PEOPLE, RENT, HALL, NET = 650, 150, 120, 80
BASIC, PROJECT = PEOPLE + RENT, HALL + NET


def functional(more_basic: float = 0, more_project: float = 0) -> Rows:
    """By function, 万元: 行政运行 is basic, 一般行政管理事务 the projects; the rest of the basic part is pensions."""
    basic, project = BASIC + more_basic, PROJECT + more_project
    return [
        ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
        ["201", "一般公共服务支出", basic - 200 + project, basic - 200, project],
        ["20103", "政府办公厅（室）及相关机构事务", basic - 200 + project, basic - 200, project],
        ["2010301", "行政运行", basic - 200, basic - 200, 0],
        ["2010302", "一般行政管理事务", project, 0, project],
        ["208", "社会保障和就业支出", 200, 200, 0],
        ["20805", "行政事业单位养老支出", 200, 200, 0],
        ["2080505", "机关事业单位基本养老保险缴费支出", 200, 200, 0],
        [None, "合计", basic + project, basic, project],
    ]


INCOME: Rows = [
    ["科目编码", "科目名称", "合计", "一般公共预算拨款收入", "事业收入"],
    ["2010301", "行政运行", 800, 800, 0],
    ["2010302", "一般行政管理事务", 200, 200, 0],
    [None, "合计", 1000, 1000, 0],
]
OVERVIEW: Rows = [
    ["收入", None, "支出", None],
    ["项目", "预算数", "项目", "预算数"],
    ["一、一般公共预算拨款收入", 1000, "一、一般公共服务支出", 800],
    [None, None, "二、社会保障和就业支出", 200],
    ["本年收入合计", 1000, "本年支出合计", 1000],
]
BY_CLASS: Rows = [
    ["经济分类科目编码", "经济分类科目名称", "合计", "人员经费", "公用经费"],
    ["301", "工资福利支出", PEOPLE, PEOPLE, 0],
    ["30101", "基本工资", PEOPLE, PEOPLE, 0],
    ["302", "商品和服务支出", RENT, 0, RENT],
    ["30214", "租赁费", RENT, 0, RENT],
    [None, "合计", BASIC, PEOPLE, RENT],
]
THREE: Rows = [
    ["项目", "预算数"],
    ["因公出国（境）费", 0],
    ["公务用车购置及运行费", 8],
    ["公务接待费", 4],
    ["合计", 12],
]
NONE: Rows = [
    ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
    [None, "本部门无政府性基金预算支出", None, None, None],
]


def listed(**amounts: float) -> Rows:
    rows: Rows = [["项目编码", "项目名称", "预算数"]]
    rows += [[f"P{i}", name, amount] for i, (name, amount) in enumerate(amounts.items())]
    return [*rows, [None, "合计", sum(amounts.values())]]


def published(path: Path, **tables: Rows) -> Path:
    """A workbook with a sheet a table, each with its title and unit above it."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, (title, rows) in enumerate(tables.items(), 1):
        page = book.create_sheet(f"{number}")
        for row in ([title], [f"公开{number:02}表"], ["部门：某某局", None, "单位：万元"], *rows):
            page.append(row)
    book.save(path)
    return path


def sums(budget: rc.Budget) -> dict[str, float]:
    """Available by category, 万元."""
    found = budget.lines.groupby("category")["available"].sum() / 10_000
    return {str(c): float(v) for c, v in found.items()}


ALL = {
    "部门收支总体情况表": OVERVIEW,
    "部门收入总体情况表": INCOME,
    "部门支出总体情况表": functional(),
    "财政拨款收支总体情况表": OVERVIEW,
    "一般公共预算支出情况表": functional(),
    "一般公共预算基本支出情况表": BY_CLASS,
    "一般公共预算“三公”经费支出情况表": THREE,
    "政府性基金预算支出情况表": NONE,
    "项目支出预算表": listed(政务大厅=HALL, 信息化=NET),
}


def test_nine_tables_are_one_budget(tmp_path: Path) -> None:
    budget = rc.load_budget(published(tmp_path / "公开.xlsx", **ALL))
    assert sums(budget) == {"basic": 800.0, "project": 200.0}
    assert budget.lines["economic_code"].tolist() == ["30101", "30214", "", ""]
    assert budget.lines["project"].tolist() == ["", "", "政务大厅", "信息化"]
    assert set(budget.findings["code"]) == {"repeated-table"}
    left = set(budget.reading.left_out["sheet"])
    assert left == {"1", "2", "3", "4", "5", "7", "8"}


@pytest.mark.parametrize("gone", list(ALL)[:5])
def test_each_overview_may_be_missing(gone: str, tmp_path: Path) -> None:
    budget = rc.load_budget(published(tmp_path / "公开.xlsx", **{k: v for k, v in ALL.items() if k != gone}))
    assert sums(budget) == {"basic": 800.0, "project": 200.0}


def test_without_a_list_of_projects_they_stand_by_function(tmp_path: Path) -> None:
    tables = {k: v for k, v in ALL.items() if k != "项目支出预算表"}
    budget = rc.load_budget(published(tmp_path / "公开.xlsx", **tables))
    assert sums(budget) == {"basic": 800.0, "project": 200.0}
    assert budget.lines["project"].tolist()[-1] == "一般行政管理事务" or "一般行政管理事务" in set(
        budget.lines["project"]
    )


def test_what_other_money_pays_is_in_the_table_of_all_spending(tmp_path: Path) -> None:
    tables = ALL | {"部门支出总体情况表": functional(more_basic=30, more_project=5)}
    budget = rc.load_budget(published(tmp_path / "公开.xlsx", **tables))
    # basic: 800 of the general budget and 30 of other money; projects: 200 and 5, of which the list has only 200
    assert sums(budget) == {"basic": 830.0, "project": 205.0}


def test_tables_that_are_no_part_of_each_other_both_count_and_that_is_an_error(tmp_path: Path) -> None:
    plan: Rows = [["支出类型", "项目", "预算数"], ["项目支出", "甲", 100], ["项目支出", "乙", 50], [None, "合计", 150]]
    path = published(tmp_path / "预算.xlsx", 支出预算表=plan, 项目支出预算表=listed(丙=70))
    budget = rc.load_budget(path)
    assert sums(budget) == {"project": 220.0}
    found = budget.findings[budget.findings["code"] == "repeated-table"]
    assert found[["severity", "expected", "actual"]].to_numpy().tolist() == [["error", 1_500_000.0, 700_000.0]]


def test_a_budget_in_two_tables_has_no_views(tmp_path: Path) -> None:
    path = published(tmp_path / "预算.xlsx", 基本支出预算表=BY_CLASS, 项目支出预算表=listed(甲=100))
    budget = rc.load_budget(path)
    assert sums(budget) == {"basic": 800.0, "project": 100.0}
    assert not len(budget.findings)


def test_a_sheet_that_is_asked_for_counts(tmp_path: Path) -> None:
    path = published(tmp_path / "公开.xlsx", **ALL)
    assert sums(rc.load_budget(path, sheet="5")) == {"basic": 800.0, "project": 200.0}
    assert set(rc.load_budget(path, sheet="5").lines["sheet"]) == {"5"}


def test_a_table_of_income_is_no_budget_of_spending(tmp_path: Path) -> None:
    with pytest.raises(rc.LoadError, match="收入"):
        rc.load_budget(published(tmp_path / "收入.xlsx", 部门收入总体情况表=INCOME))


@pytest.mark.parametrize(
    ("project", "lines", "severities"), [(0.15, 1500, ["warning"]), (0.2, 3500, ["warning", "error"])]
)
def test_a_sheet_of_categories_alone_is_the_whole_of_the_sheets_beside_it(
    project: float, lines: float, severities: list[str], tmp_path: Path
) -> None:
    sheets: dict[str, Rows] = {
        "汇总": [["单位：万元"], ["项目", "预算数"], ["基本支出", 12], ["项目支出", project], ["合计", 12 + project]],
        "基本": [["单位：万元"], ["经济分类", "预算数"], ["30101 基本工资", 10], ["30201 办公费", 2]],
        "项目": [["单位：元"], ["项目名称", "预算数"], ["甲", 1000], ["乙", 500]],
    }
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    book.save(tmp_path / "b.xlsx")
    budget = rc.load_budget(tmp_path / "b.xlsx")
    # what does not tie counts twice, and an error says so: 1,500 + 2,000
    assert budget.lines.groupby("category")["available"].sum().to_dict() == {"basic": 120_000.0, "project": lines}
    assert budget.findings["code"].unique().tolist() == ["repeated-table"]
    assert budget.findings["severity"].tolist() == severities

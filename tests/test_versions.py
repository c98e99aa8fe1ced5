"""Years and versions of a budget, side by side or one below the other: one is read, the others are named, none added."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

import reconcile as rc
from tests import small

Chain = tuple[float, float, float, float, float]
CHAIN = ["carryover", "original", "increase", "decrease", "available"]


def book(path: Path, **sheets: Sequence[Sequence[Any]]) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        page = made.create_sheet(name)
        for row in rows:
            page.append(list(row))
    made.save(path)
    return path


def beside(headings: Sequence[str], *rows: Sequence[Any], **options: Any) -> rc.Budget:
    return rc.load_budget(pd.DataFrame(list(rows), columns=["项目名称", *headings], dtype=object), **options)


def chain(budget: rc.Budget) -> list[Chain]:
    return list(budget.lines[CHAIN].itertuples(index=False, name=None))


FOUR = ["一上", "二上", "批复", "调整"]


@pytest.mark.parametrize(
    ("version", "chains"),
    [  # 调整 restates every line, so it is the budget after adjustment, 批复 the original
        (None, [(0, 100, 0, 10, 90), (0, 200, 30, 0, 230)]),
        ("一上", [(0, 130, 0, 0, 130), (0, 260, 0, 0, 260)]),
        ("二上", [(0, 120, 0, 0, 120), (0, 240, 0, 0, 240)]),
        ("批复", [(0, 100, 0, 0, 100), (0, 200, 0, 0, 200)]),
        ("调整", [(0, 90, 0, 0, 90), (0, 230, 0, 0, 230)]),
    ],
)
def test_versions_beside_each_other(version: str | None, chains: list[Chain]) -> None:
    budget = beside(FOUR, ("甲", 130, 120, 100, 90), ("乙", 260, 240, 200, 230), version=version)
    assert chain(budget) == chains
    note = budget.reading.left_out["note"].iloc[0]
    assert ("一上（B）" in note) == (version != "一上")
    assert ("二上（C）" in note) == (version != "二上")


def test_a_change_beside_versions_is_a_change() -> None:
    budget = beside(FOUR, ("甲", 130, 120, 100, -10), ("乙", 260, 240, 200, None))
    assert chain(budget) == [(0, 100, 0, 10, 90), (0, 200, 0, 0, 200)]


def test_a_column_that_could_be_either_is_refused_until_it_is_named() -> None:
    rows = [("甲", 130, 120, 100, 10), ("乙", 260, 240, 200, 30)]
    with pytest.raises(rc.LoadError, match="调整"):
        beside(FOUR, *rows)
    assert chain(beside(FOUR, *rows, columns={"adjustment": "调整"})) == [(0, 100, 10, 0, 110), (0, 200, 30, 0, 230)]
    assert chain(beside(FOUR, *rows, version="批复")) == [(0, 100, 0, 0, 100), (0, 200, 0, 0, 200)]


@pytest.mark.parametrize(
    ("columns", "row", "version", "expected"),
    [
        (["一上预算数", "二上预算数", "批复预算数"], (3, 2, 1), None, (0, 1, 0, 0, 1)),
        (["一上预算数", "二上预算数", "批复预算数"], (3, 2, 1), "一上", (0, 3, 0, 0, 3)),
        (["一上", "二上"], (3, 2), None, (0, 2, 0, 0, 2)),
        (["二上", "批复数", "追加", "追减", "全年预算"], (9, 8, 3, 1, 10), None, (0, 8, 3, 1, 10)),
        (["二上", "批复数", "追加", "追减", "全年预算"], (9, 8, 3, 1, 10), "二上", (0, 9, 0, 0, 9)),
        (["上年结转", "一上", "二上", "批复"], (5, 3, 2, 1), "一上", (5, 3, 0, 0, 8)),
        (["上年结转", "一上", "二上", "批复"], (5, 3, 2, 1), None, (5, 1, 0, 0, 6)),
        (["申报金额", "审核金额", "批复金额"], (3, 2, 1), None, (0, 1, 0, 0, 1)),
        (["申报金额", "审核金额", "批复金额"], (3, 2, 1), "申报", (0, 3, 0, 0, 3)),
        (["Draft budget", "Approved budget"], (3, 2), None, (0, 2, 0, 0, 2)),
        (["年初批复数", "追加", "调减", "调整后预算数"], (8, 3, 1, 10), None, (0, 8, 3, 1, 10)),
    ],
)
def test_headings_of_versions(columns: list[str], row: Sequence[int], version: str | None, expected: Chain) -> None:
    assert chain(beside(columns, ("甲", *row), version=version)) == [expected]


def test_bands_of_versions_keep_their_own_columns(tmp_path: Path) -> None:
    path = book(
        tmp_path / "b.xlsx",
        预算=[
            ["单位：元"],
            ["项目名称", "二上", None, "批复", None],
            [None, "上年结转", "本年预算", "上年结转", "本年预算"],
            ["甲", 1, 10, 2, 20],
        ],
    )
    made = openpyxl.load_workbook(path)
    for area in ("A2:A3", "B2:C2", "D2:E2"):
        made.active.merge_cells(area)
    made.save(path)
    assert chain(rc.load_budget(path)) == [(2, 20, 0, 0, 22)]
    assert chain(rc.load_budget(path, version="二上")) == [(1, 10, 0, 0, 11)]


@pytest.mark.parametrize(("year", "available"), [(None, 20), (2020, 20), (2019, 10)])
def test_years_beside_each_other(year: int | None, available: float) -> None:
    budget = beside(["2019年预算数", "2020年预算数"], ("甲", 10, 20), year=year)
    assert budget.lines["available"].tolist() == [available]
    assert len(budget.reading.left_out) == 1
    with pytest.raises(rc.LoadError, match="2021"):
        beside(["2019年预算数", "2020年预算数"], ("甲", 10, 20), year=2021)


def test_what_was_carried_over_from_last_year_is_of_this_year() -> None:
    budget = beside(["2019年结转", "2020年预算数"], ("甲", 5, 20))
    assert chain(budget) == [(5, 20, 0, 0, 25)]
    both = beside(["2019年预算数", "2019年结转", "2020年预算数"], ("甲", 30, 5, 20))
    assert chain(both) == [(0, 20, 0, 0, 20)]


def table(title: str, *rows: Sequence[Any]) -> list[Sequence[Any]]:
    return [[title], ["单位：元"], ["支出类型", "项目名称", "预算数"], *rows]


def plan(scale: int) -> list[tuple[str, str, int]]:
    return [("基本支出", "人员经费", 10 * scale), ("项目支出", "甲", 3 * scale), ("项目支出", "乙", 2 * scale)]


@pytest.mark.parametrize(("version", "total"), [(None, 15), ("批复", 15), ("二上", 30), ("一上", 45)])
@pytest.mark.parametrize("place", ["sheets", "files", "one sheet"])
def test_versions_in_tables_of_their_own(place: str, version: str | None, total: int, tmp_path: Path) -> None:
    tables = {v: table(f"2020年部门预算（{v}）", *plan(n)) for v, n in (("一上", 3), ("二上", 2), ("批复", 1))}
    source: Any
    if place == "sheets":
        source = book(tmp_path / "b.xlsx", **tables)
    elif place == "files":
        source = [book(tmp_path / f"{v}.xlsx", 预算=rows) for v, rows in tables.items()]
    else:
        source = book(tmp_path / "b.xlsx", 预算=[r for rows in tables.values() for r in (*rows, [], [])])
    budget = rc.load_budget(source, version=version)
    assert budget.lines["available"].sum() == total
    assert budget.findings["code"].tolist() == ["repeated-table"] * 2
    assert budget.reading.left_out["reason"].tolist() == ["version"] * 2


def test_two_tables_of_one_version_both_count(tmp_path: Path) -> None:
    path = book(
        tmp_path / "b.xlsx",
        基本支出=table("2020年部门预算批复表（基本支出）", *plan(1)[:1]),
        项目支出=table("2020年部门预算批复表（项目支出）", *plan(1)[1:]),
    )
    budget = rc.load_budget(path)
    assert budget.lines["available"].sum() == 15
    assert budget.findings.empty


@pytest.mark.parametrize(("year", "total"), [(None, 15), (2020, 15), (2019, 30)])
@pytest.mark.parametrize("named", ["title", "sheet"])
def test_years_in_tables_of_their_own(named: str, year: int | None, total: int, tmp_path: Path) -> None:
    titles = ("2019年部门预算", "2020年部门预算") if named == "title" else ("部门预算", "部门预算")
    path = book(tmp_path / "b.xlsx", **{"2019": table(titles[0], *plan(2)), "2020": table(titles[1], *plan(1))})
    budget = rc.load_budget(path, year=year)
    assert budget.lines["available"].sum() == total
    assert budget.reading.left_out["reason"].tolist() == ["year"]


def test_years_and_versions_in_rows(tmp_path: Path) -> None:
    columns = ["年度", "项目名称", "预算数"]
    rows = [(2019, "甲", 10), (2019, "乙", 5), (2020, "甲", 20), (2020, "乙", 6), (None, "合计", 41)]
    frame = pd.DataFrame(rows, columns=columns, dtype=object)
    budget = rc.load_budget(frame)
    assert budget.lines["available"].tolist() == [20, 6]
    assert rc.load_budget(frame, year=2019).lines["available"].tolist() == [10, 5]
    assert budget.reading.rows.set_index("role")["rows"].to_dict() == {"header": 1, "data": 2, "passed": 3}
    versions = pd.DataFrame([("一上", "甲", 9), ("批复", "甲", 8)], columns=["版本", "项目名称", "预算数"])
    assert rc.load_budget(versions).lines["available"].tolist() == [8]
    assert rc.load_budget(versions, version="一上").lines["available"].tolist() == [9]


def test_an_earlier_year_that_money_came_from_is_no_other_budget() -> None:
    rows = [(2019, "上年结转", "甲", 10), (2020, "年初预算", "甲", 20)]
    budget = rc.load_budget(pd.DataFrame(rows, columns=["预算年度", "指标来源", "项目名称", "指标金额"], dtype=object))
    assert budget.lines["available"].sum() == 30


def test_a_version_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(rc.LoadError, match=r"一上、二上、批复、调整"):
        beside(FOUR, ("甲", 130, 120, 100, 90), version="三上")


def test_budgets_of_two_offices_are_not_versions_of_each_other(tmp_path: Path) -> None:
    files = [
        small.sheet(tmp_path / f"{office}.xlsx", [[f"预算单位：{office}"], *table(title, *plan(n))])
        for office, title, n in (("甲局", "2020年部门预算（批复）", 1), ("乙局", "2020年部门预算（二上）", 2))
    ]
    assert rc.load_budget(files).lines["available"].sum() == 45

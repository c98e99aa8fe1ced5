"""[layout] in reconcile.toml: what a person says of a file stands over detection; what inspect saves reads the same."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import reconcile as rc
from reconcile import saved_layout
from reconcile.layout import Layout
from reconcile.read.load import kinds_of
from reconcile.settings import load
from tests.builders.cases import Case, budget_cases, ledger_cases, write
from tests.conftest import EXAMPLE
from tests.small import sheet

PLAN = [["单位：元"], ["名目", "甲方案", "乙方案"], ["印章", 3, 4], ["热线", 5, 6]]


def toml(folder: Path, text: str) -> Path:
    path = folder / "reconcile.toml"
    path.write_text(text, "utf-8")
    return path


def reconcile(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "reconcile.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_layout_names_columns_sheet_and_unit(tmp_path: Path) -> None:
    path = sheet(tmp_path / "预算.xlsx", PLAN, "方案")
    book = openpyxl.load_workbook(path)
    book.create_sheet("说明").append(["名目", "甲方案", "乙方案"])
    book.save(path)
    config = toml(
        tmp_path,
        '[layout.budget]\nsheet = "方案"\nunit = "万元"\n[layout.budget.columns]\nproject = "名目"\navailable = "C"\n',
    )
    budget = rc.load_budget(path, layout=config)
    assert budget.lines[["project", "available"]].to_numpy().tolist() == [["印章", 40_000.0], ["热线", 60_000.0]]
    assert budget.reading.tables["asked"].tolist() == [("sheet", "unit", "columns")]


def test_arguments_stand_over_a_layout_and_a_files_own_over_that_of_all(tmp_path: Path) -> None:
    one = sheet(tmp_path / "甲.xlsx", PLAN)
    two = sheet(tmp_path / "乙.xlsx", [*PLAN, ["绿化", 7, 8]])
    config = toml(
        tmp_path,
        "[layout.budget]\n"
        'unit = "千元"\n'
        'columns = {project = "名目", available = "甲方案"}\n'
        '[layout.budget."乙.xlsx"]\n'
        'unit = "万元"\n'
        'columns = {available = "乙方案"}\n',
    )
    lines = rc.load_budget([one, two], layout=config).lines
    assert lines["available"].tolist() == [3_000.0, 5_000.0, 40_000.0, 60_000.0, 80_000.0]
    said = rc.load_budget([one, two], layout=config, unit="元", columns={"available": "B"}).lines
    assert said["available"].tolist() == [3.0, 5.0, 3.0, 5.0, 7.0]


def test_sheets_of_one_workbook_may_differ(tmp_path: Path) -> None:
    path = sheet(tmp_path / "预算.xlsx", PLAN, "上半年")
    book = openpyxl.load_workbook(path)
    page = book.create_sheet("下半年")
    for row in (["单位：元"], ["名目", "备注", "丙方案"], ["绿化", "x", 9]):
        page.append(row)
    book.save(path)
    layout = Layout(
        sheets={
            "上半年": Layout(columns={"project": "名目", "available": "乙方案"}),
            "下半年": Layout(columns={"project": "名目", "available": "丙方案"}, unit="千元"),
        }
    )
    lines = rc.load_budget(path, layout=layout).lines
    assert lines[["sheet", "project", "available"]].to_numpy().tolist() == [
        ["上半年", "印章", 4.0],
        ["上半年", "热线", 6.0],
        ["下半年", "绿化", 9_000.0],
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[layout.budgett]\nunit = "元"', "layout.budget"),
        ('[layout.budget]\nunits = "元"', "layout.budget.unit"),
        ("[layout.budget.colums]\nproject = 'A'", "layout.budget.columns"),
        ('[layout.budget."预算.xlsx"]\nsheets = "甲"', "[table]"),
        ('[layout.budget."预算.xlsx"]\nshet = "甲"', "layout.budget.预算.xlsx.sheet"),
        ('[layout.budget.sheets."甲"]\nsheet = "乙"', "layout.budget.sheets.甲.sheet"),
        ('[layout.budget]\nunit = "角"', "万元"),
        ("[layout.budget]\nsheet = 3", "tuple"),
        ("[layout.budget.columns]\nproject = 3", "str"),
    ],
)
def test_a_wrong_key_or_value_is_refused_with_the_right_one(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(rc.LoadError) as caught:
        load(toml(tmp_path, text))
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[layout.budget.columns]\nprojet = "名目"', "project"),
        ('[layout.budget.columns]\nproject = "名木"', "名目"),
        ('[layout.budget]\nsheet = ["方按"]', "方案"),
        ('[layout.budget."预算2.xlsx"]\nunit = "元"', "预算.xlsx"),
        ('[layout.budget]\nversion = "三上"\ncolumns = {project = "名目", available = "C"}', "三上"),
    ],
)
def test_what_a_layout_names_in_vain_is_refused(tmp_path: Path, text: str, says: str) -> None:
    path = sheet(tmp_path / "预算.xlsx", PLAN, "方案")
    with pytest.raises(rc.LoadError) as caught:
        rc.load_budget(path, layout=toml(tmp_path, text))
    assert says in str(caught.value)


def test_run_reads_as_its_config_says(tmp_path: Path) -> None:
    budget = sheet(tmp_path / "预算.xlsx", PLAN)
    ledger = sheet(
        tmp_path / "账.xlsx", [["日子", "事由", "多少"], ["2020-01-05", "印章", 4], ["2020-01-06", "热线", 6]]
    )
    config = toml(
        tmp_path,
        '[layout.budget.columns]\nproject = "名目"\navailable = "乙方案"\n'
        '[layout.ledger]\nunit = "元"\ncolumns = {date = "日子", project = "事由", amount = "多少"}\n',
    )
    call = ["run", "--budget", budget, "--ledger", ledger, "--year", 2020, "--quiet", "--json", "--out"]
    done = reconcile(*call, tmp_path / "out", "--config", config)
    assert done.returncode == 0, done.stderr
    assert '"available": 10.0' in done.stdout
    assert '"actual": 10.0' in done.stdout
    assert reconcile(*call, tmp_path / "other").returncode == 2


def test_columns_reach_pages_and_repeated_headers(tmp_path: Path) -> None:
    path = sheet(tmp_path / "预算.xlsx", [*PLAN, PLAN[1], ["绿化", 7, 8]], "第1页")
    book = openpyxl.load_workbook(path)
    book.create_sheet("第2页").append(["保洁", 1, 2])
    book.save(path)
    budget = rc.load_budget(path, columns={"project": "名目", "available": "乙方案"})
    assert budget.lines["available"].tolist() == [4.0, 6.0, 8.0, 2.0]


def test_a_hidden_sheet_is_read_only_when_asked_for_and_said_so(tmp_path: Path) -> None:
    rows = [["单位：元"], ["项目名称", "年初预算"], ["印章", 3]]
    path = sheet(tmp_path / "预算.xlsx", rows, "显")
    book = openpyxl.load_workbook(path)
    page = book.copy_worksheet(book.active)
    page.title, page.sheet_state, page["B3"] = "隐", "hidden", 9
    book.save(path)
    seen = rc.load_budget(path)
    assert seen.lines["available"].tolist() == [3.0]
    assert seen.findings[["code", "severity", "sheet"]].to_numpy().tolist() == [["hidden-data", "warning", "隐"]]
    assert seen.reading.left_out[["sheet", "reason"]].to_numpy().tolist() == [["隐", "hidden"]]
    for asked in (rc.load_budget(path, sheet="隐"), rc.load_budget(path, layout=Layout(sheet=("隐",)))):
        assert asked.lines["available"].tolist() == [9.0]
        assert asked.findings[["code", "severity"]].to_numpy().tolist() == [["hidden-data", "info"]]
        assert "按指定读取" in asked.findings["message"].iloc[0]
    done = reconcile("inspect", path, "--sheet", "隐")
    assert done.returncode == 0
    assert "预算.xlsx › 隐" in done.stdout
    assert "9.00" in done.stdout


def test_a_sheet_of_another_kind_is_left_and_said_so(tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "全年.xlsx", [["单位：元"], ["支出类型", "项目", "年初预算"], ["项目支出", "甲", 1000]], "预算"
    )
    book = openpyxl.load_workbook(path)
    page = book.create_sheet("序时账")
    for row in (["单位：元"], ["日期", "凭证号", "摘要", "项目", "金额"], ["2020-01-05", "记-1", "付款", "甲", 100]):
        page.append(row)
    book.save(path)
    budget, ledger = rc.load_budget(path), rc.load_ledger(path)
    assert budget.lines["available"].tolist() == [1000.0]
    assert budget.reading.left_out[["sheet", "reason"]].to_numpy().tolist() == [["序时账", "kind"]]
    assert ledger.entries["amount"].tolist() == [100.0]


def saved(path: Path, kind: str, loaded: rc.Budget | rc.Ledger) -> str:
    return saved_layout.written([(path.name, path, {kind: loaded})])


@pytest.mark.parametrize("case", [pytest.param(c, id=c.name) for c in (*ledger_cases(), *budget_cases())])
def test_what_is_saved_reads_the_same(case: Case, tmp_path: Path) -> None:
    path = write(case, tmp_path)
    year = case.expected.needs_year
    if case.kind == "ledger":
        ledger = rc.load_ledger(path, year=year)
        again = rc.load_ledger(path, year=year, layout=toml(tmp_path, saved(path, "ledger", ledger)))
        pd.testing.assert_frame_equal(ledger.fen, again.fen)
    else:
        budget = rc.load_budget(path, year=year)
        reread = rc.load_budget(path, year=year, layout=toml(tmp_path, saved(path, "budget", budget)))
        pd.testing.assert_frame_equal(budget.fen, reread.fen)


def test_inspect_saves_a_layout_and_overwrites_nothing_unasked(tmp_path: Path) -> None:
    files = [EXAMPLE / f"{n}_2020.xlsx" for n in ("budget", "ledger", "contracts")]
    target = tmp_path / "reconcile.toml"
    done = reconcile("inspect", *files, "--save", target)
    assert done.returncode == 0, done.stderr
    table = tomllib.loads(target.read_text("utf-8"))
    assert table["layout"]["budget"]["budget_2020.xlsx"]["unit"] == "万元"
    assert table["layout"]["budget"]["budget_2020.xlsx"]["columns"]["original"] == "年初预算"
    assert target.read_text("utf-8").startswith("# 读表设置")
    target.write_text("# 我改过\n", "utf-8")
    again = reconcile("inspect", *files, "--save", target)
    assert again.returncode == 2
    assert "--force" in again.stderr
    assert target.read_text("utf-8") == "# 我改过\n"
    assert reconcile("inspect", *files, "--save", target, "--force").returncode == 0
    budget = rc.load_budget(files[0], layout=target)
    pd.testing.assert_frame_equal(budget.fen, rc.load_budget(files[0]).fen)
    assert kinds_of(files[2]) == ["contracts"]
    contracts = rc.load_contracts(files[2], layout=target)
    pd.testing.assert_frame_equal(contracts.fen, rc.load_contracts(files[2]).fen)


def test_an_assumed_unit_is_saved_as_a_question(tmp_path: Path) -> None:
    path = sheet(tmp_path / "预算.xlsx", [["项目名称", "年初预算"], ["印章", 3]])
    text = saved(path, "budget", rc.load_budget(path))
    assert '# unit = "元"' in text
    again = rc.load_budget(path, layout=toml(tmp_path, text))
    assert again.findings["code"].tolist() == ["unit-unknown"]

"""The evaluation workbook: live, exact, the same in every calculation, and empty where there is nothing to show."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import xlsxwriter

import reconcile as rc
from reconcile.evaluation import indicator, rubric
from reconcile.evaluation.functions import funds_told
from reconcile.evaluation.score import decide
from reconcile.write import evaluation_scores
from tests import small
from tests.builders import final
from tests.test_evaluation import COUNTY
from tests.test_final import books_of
from tests.test_review import assert_same_values, fen, formulas, recalculate, table, values  # noqa: F401

SHEETS = [
    "基础数据表",
    "评分表",
    "项目自评表",
    "项目自评表（分项目）",
    "公开01",
    "公开02",
    "公开03",
    "公开04",
    "公开05",
    "公开06",
    "公开07",
    "公开08",
    "公开09",
    "取数",
    "支出汇总",
    "预算汇总",
    "收入汇总",
]
GIVEN = {
    "编制数": 143,
    "在职人员数": 136,
    "三公经费本年预算数": "1.2万元",
    "三公经费上年预算数": "1.15万元",
    "楼堂馆所批复规模": 1200.5,
    "楼堂馆所实际规模": 1261,
    "楼堂馆所预算投资": 0,
    "楼堂馆所实际投资": 0,
    "政府采购预算数": "40万元",
    "实际政府采购金额": "38万元",
}


@pytest.fixture(scope="module")
def written(example: rc.Reconciliation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return rc.evaluate(example, GIVEN).write(tmp_path_factory.mktemp("evaluation") / "evaluation.xlsx")


@pytest.mark.parametrize("rubric", ["hunan-2017", "hunan-2021", "yueyang", "framework-2013"])
def test_every_cached_value_is_what_a_fresh_calculation_gives(
    rubric: str,
    example: rc.Reconciliation,
    tmp_path: Path,
    recalculate: Callable[[Path], Path],  # noqa: F811
) -> None:
    path = rc.evaluate(example, GIVEN, rubric).write(tmp_path / "evaluation.xlsx")
    assert_same_values(path, recalculate(path))


def odd() -> rc.Reconciliation:
    """Spending without classes, of an unknown category, unreadable and zero budgets, other accounts, half a year."""
    budget = pd.DataFrame(
        [
            ("项目支出", "甲", 5, 100),
            ("项目支出", "=乙", 0, "待定"),
            ("项目支出", "丙", 0, 0),
            ("基本支出", "公用经费", 0, 60),
        ],
        columns=["支出类型", "项目", "上年结转", "年初预算"],
        dtype=object,
    )
    head = ["日期", "凭证号", "支出类型", "项目", "会计科目", "支出功能分类", "支出经济分类", "借方金额"]
    ledger = pd.DataFrame(
        [
            ("2020-01-05", "记-1", "项目支出", "甲", "7101 行政支出", "2010302", "30227", 70.07),
            ("2020-01-06", "记-2", "项目支出", "=乙", "7101 行政支出", None, None, 1.1),
            ("2020-01-07", "记-3", "项目支出", "丙", "7101 行政支出", "20103", "302", 3),
            ("2020-02-07", "记-4", None, None, "7301 经营支出", "2010399", "30299", 9.9),
            ("2020-02-08", "记-5", None, None, "7501 对附属单位补助支出", "2010350", "30299", 0.01),
            ("2020-03-09", "记-6", None, None, "7101 行政支出", None, "30227", 12),
            ("2020-03-10", "记-7", "基本支出", None, "7101 行政支出", "2010301", "30101", 33.33),
        ],
        columns=head,
        dtype=object,
    )
    return rc.reconcile(rc.load_budget(budget, year=2020), rc.load_ledger(ledger), through="2020-06")


def test_odd_books_recalculate_to_their_cached_values(tmp_path: Path, recalculate: Callable[[Path], Path]) -> None:  # noqa: F811
    path = rc.evaluate(odd(), {"编制数": 3, "实际在职人数": 4}).write(tmp_path / "evaluation.xlsx")
    assert_same_values(path, recalculate(path))
    sheets = values(path)
    assert "账簿截至 2020年1月至6月，不是全年决算。" in str(sheets["公开03"]["A3"].value)
    projects = table(sheets["项目自评表"], "项目名称")
    assert [(r["项目名称"], r["全年预算数"], r["得分"]) for r in projects[:3]] == [
        ("甲", 105, 6.67),
        ("=乙", "无法识别", "不计算"),
        ("丙", 0, "不计算"),
    ]
    heads = table(sheets["公开03"], "科目名称")
    assert {"经营支出", "对附属单位补助支出", "未判定"} <= set(heads[0])
    assert fen(heads[0]["本年支出合计"]) == 7007 + 110 + 300 + 990 + 1 + 1200 + 3333
    assert heads[0]["未判定"] == 12
    assert [r["本年支出合计"] for r in heads if r["科目名称"] == "（未列功能分类）"] == [13.1]


def test_english_recalculates_to_its_cached_values(
    example: rc.Reconciliation,
    tmp_path: Path,
    recalculate: Callable[[Path], Path],  # noqa: F811
) -> None:
    path = rc.evaluate(example, GIVEN, language="en").write(tmp_path / "evaluation.xlsx")
    assert openpyxl.load_workbook(path).sheetnames[:3] == ["Basic data", "Scores", "Projects"]
    assert_same_values(path, recalculate(path))


def test_scores_follow_a_changed_figure(
    example: rc.Reconciliation,
    written: Path,
    tmp_path: Path,
    recalculate: Callable[[Path], Path],  # noqa: F811
) -> None:
    """Staff 136 → 149: 149 ÷ 143 = 104.20%, four whole points over, 4 × 0.5 off; the area filled in to 110% exactly:
    two whole fives, 4 off."""
    book = openpyxl.load_workbook(written)
    page = book["取数"]
    for row in page.iter_rows(min_row=4):
        if row[0].value == "实际在职人数":
            row[2].value = 149
        if row[0].value == "楼堂馆所实际规模":
            row[2].value = 1320.55
    book.save(tmp_path / "changed.xlsx")
    fresh = {r["三级指标"]: r for r in table(values(recalculate(tmp_path / "changed.xlsx"))["评分表"], "三级指标")}
    assert fresh["在职人员控制率"]["得分"] == 3
    assert fresh["楼堂馆所面积控制率"]["得分"] == 1
    again = rc.evaluate(example, {**GIVEN, "在职人员数": 149, "楼堂馆所实际规模": "1320.55"}).scores.set_index(
        "indicator"
    )
    assert again.loc["在职人员控制率", "score"] == 3
    assert again.loc["楼堂馆所面积控制率", "score"] == 1


def test_sheets_and_their_figures(written: Path) -> None:
    """17,752,444.77 yuan spent is 1,775.24 万元; 14,754,252.31 basic and 2,998,192.46 in projects."""
    assert openpyxl.load_workbook(written).sheetnames == SHEETS
    sheets = values(written)
    basics = {r["项目"]: r for r in table(sheets["基础数据表"], "缺什么")}
    assert basics["项目支出"]["本年决算数（实际）"] == 299.82
    assert basics["项目支出"]["上年决算数"] == "取数不足"
    assert basics["财政供养人员（编制数、实际在职人数）"]["控制率"] == pytest.approx(136 / 143, rel=1e-14)
    scores = {r["三级指标"]: r for r in table(sheets["评分表"], "三级指标")}
    assert (scores["预算完成率"]["得分"], scores["三公经费变动率"]["得分"]) == (5, 3)  # (1.2 − 1.15) ÷ 1.15 = 4.35%
    assert scores["政府采购执行率"]["得分"] == "待评"
    assert scores["投资概算控制率"]["得分"] == 5
    total = [r for r in table(sheets["评分表"], "三级指标") if r["一级指标"] in ("合计", "已评得分（占已评分值）")]
    # 5 + 3 + 5 + 5 + 3 (105.04%: one whole five) + 5 + 8 + 7 (87.23%)
    assert [(r["分值"], r["得分"]) for r in total] == [(100, "未评完"), (45, 41)]
    third = table(sheets["公开03"], "科目名称")
    assert [fen(third[0][k]) for k in ("本年支出合计", "基本支出", "项目支出")] == [
        1_775_244_477,
        1_475_425_231,
        299_819_246,
    ]
    by_code = {r["功能分类科目编码"]: r for r in third}
    assert by_code["20103"]["科目名称"] == "政府办公厅（室）及相关机构事务"
    assert fen(by_code["2010306"]["本年支出合计"]) == 299_819_246
    assert fen(by_code["208"]["基本支出"]) == 6_300_000 + 126_241_872 + 63_120_936
    sixth = {r["科目名称"]: r for r in table(sheets["公开06"], "科目名称")}
    assert fen(sixth["公用经费合计"]["决算数"]) == 241_126_121
    assert fen(sixth["合计"]["决算数"]) == 1_475_425_231
    seventh = {r["项目"]: r for r in table(sheets["公开07"], "预算数")}
    assert (seventh["公务接待费"]["决算数"], seventh["公务接待费"]["预算数"]) == (10_468, "取数不足")


def test_what_is_read_again_as_final_accounts_is_the_books(example: rc.Reconciliation, written: Path) -> None:
    """The tables that the books filled pass every check that can be made of them, against the books too."""
    accounts = rc.load_final_accounts(written)
    assert set(accounts.by_number) == {"01", "02", "03", "04", "05", "06", "07", "08", "09"}
    checks = rc.check_final_accounts(accounts, example, evaluation=rc.evaluate(example, GIVEN))
    assert checks.findings.empty, checks.findings["message"].tolist()
    outcome = checks.checks.set_index("check")["outcome"]
    assert outcome[["D4", "D5", "D6", "D7", "D10", "D11", "D16", "D17"]].eq("passed").all()


def test_every_project_has_its_form(written: Path) -> None:
    """48,100 of 72,000 yuan: 4.81 of 7.20 万元, 66.81%, 6.68 points; no carryover, so that all of it is of the year."""
    page = values(written)["项目自评表（分项目）"]
    rows = [[c.value for c in row] for row in page.iter_rows()]
    starts = [i for i, row in enumerate(rows) if row[0] == "项目名称"]
    assert len(starts) == 8
    at = next(i for i in starts if rows[i][1] == "政务大厅特殊岗位绩效")
    assert rows[at + 3][1:6] == ["年度资金总额", 7.2, 7.2, 4.81, 10]
    assert [round(rows[at + 3][6], 4), rows[at + 3][7]] == [0.6681, 6.68]
    assert rows[at + 4][1:5] == ["其中：当年财政拨款", 7.2, 7.2, 4.81]
    assert rows[at + 5][1:5] == ["上年结转资金", "—", 0, 0]
    carried = next(i for i in starts if rows[i][1] == "上年结转项目经费（未分配）")
    assert rows[carried + 5][1:5] == ["上年结转资金", "—", 14.35, "取数不足"]
    sums = [row for row in rows if row[0] == "总分"]
    assert [(r[5], r[6]) for r in sums] == [(100, "未评完")] * 8
    assert len(openpyxl.load_workbook(written)["项目自评表（分项目）"].row_breaks.brk) == 7


def test_books_that_do_not_tell_grants_leave_their_tables_empty(tmp_path: Path) -> None:
    """Accounts that do not say 财政拨款 for some of the spending: 公开04 to 06, 08 and 09 are not filled."""
    for result in (books_of(final.model(3)), books_of(final.model(3, funds=False))):
        path = rc.evaluate(result).write(tmp_path / "evaluation.xlsx")
        sheets = values(path)
        for name in ("公开04", "公开05", "公开06", "公开08", "公开09"):
            assert any("取数不足" in str(c.value) for row in sheets[name].iter_rows() for c in row)
            assert not any(isinstance(c.value, int | float) for row in sheets[name].iter_rows() for c in row)


def granted(*lines: tuple[str, str, str, float]) -> rc.Reconciliation:
    """Books whose spending is all booked as grants: (kind, functional class, economic class, yuan)."""
    rows = [
        (f"2020-01-{i:02d}", f"记-{i}", f"7101 行政支出_财政拨款支出_{kind}", function, economic, yuan)
        for i, (kind, function, economic, yuan) in enumerate(lines, 1)
    ]
    head = ["日期", "凭证号", "会计科目", "支出功能分类", "支出经济分类", "借方金额"]
    return rc.reconcile(
        small.budget(("项目支出", "甲", 1)), rc.load_ledger(pd.DataFrame(rows, columns=head, dtype=object))
    )


def test_the_tables_of_each_budget_hold_its_spending_alone(
    tmp_path: Path,
    recalculate: Callable[[Path], Path],  # noqa: F811
) -> None:
    """General 10.10 + 2.20 basic (30101 and 30201) and 5.00 project; funds 7.07 project; state capital 3.00 project."""
    result = granted(
        ("基本支出", "2010301", "30101", 10.10),
        ("基本支出", "2010301", "30201", 2.20),
        ("项目支出", "2120101", "30227", 5.00),
        ("项目支出", "2120803", "30905", 7.07),
        ("项目支出", "2230105", "31299", 3.00),
    )
    path = rc.evaluate(result).write(tmp_path / "evaluation.xlsx")
    fresh = recalculate(path)
    assert_same_values(path, fresh)
    sheets = values(fresh)

    def lines(name: str, column: int) -> dict[str, list[object]]:
        rows = [[c.value for c in row] for row in sheets[name].iter_rows()]
        return {str(r[column]): r[column + 1 :] for r in rows if r[column] is not None}

    fourth = lines("公开04", 2)
    assert fourth["本年支出合计"] == pytest.approx([27.37, 17.30, 7.07, 3.00])
    assert fourth["城乡社区支出"] == pytest.approx([12.07, 5.00, 7.07, 0])
    assert fourth["年末财政拨款结转和结余"] == ["取数不足"] * 4
    assert lines("公开05", 0)["合计"][1:] == pytest.approx([17.30, 12.30, 5.00])
    assert lines("公开05", 0)["212"][1:] == pytest.approx([5.00, 0, 5.00])
    assert lines("公开06", 1)["合计"] == pytest.approx([12.30])
    assert lines("公开08", 0)["合计"][1:] == pytest.approx([7.07, 0, 7.07])
    assert set(lines("公开08", 0)) >= {"212", "21208", "2120803"}
    assert "2120101" not in lines("公开08", 0)
    assert lines("公开09", 0)["合计"][1:] == pytest.approx([3.00, 0, 3.00])


def received(*lines: tuple[str, str, float]) -> rc.Reconciliation:
    """Books with income: (account, functional class, yuan), and 1.00 spent."""
    rows = [("2020-01-01", "记-1", "7101 行政支出_财政拨款支出_项目支出", "2010301", 1, 0)]
    rows += [(f"2020-01-{i:02d}", f"记-{i}", *line[:2], 0, line[2]) for i, line in enumerate(lines, 2)]
    head = ["日期", "凭证号", "会计科目", "支出功能分类", "借方金额", "贷方金额"]
    return rc.reconcile(
        small.budget(("项目支出", "甲", 1)), rc.load_ledger(pd.DataFrame(rows, columns=head, dtype=object))
    )


def test_income_by_source_and_class_fills_its_tables(
    tmp_path: Path,
    recalculate: Callable[[Path], Path],  # noqa: F811
) -> None:
    """Grants 10.10 of the general budget and 7.07 of funds; 3.00 - 0.50 of operations; 0.25 from another level: other."""
    result = received(
        ("6001 财政拨款预算收入", "2010301", 10.10),
        ("6001 财政拨款预算收入", "2120803", 7.07),
        ("6101 事业预算收入", "2010301", 3.00),
        ("6101 事业预算收入", "2010301", -0.50),
        ("6601 非同级财政拨款预算收入", "2010399", 0.25),
    )
    path = rc.evaluate(result).write(tmp_path / "evaluation.xlsx")
    fresh = recalculate(path)
    assert_same_values(path, fresh)
    sheets = values(fresh)
    second = {r["功能分类科目编码"]: r for r in table(sheets["公开02"], "功能分类科目编码")}
    assert [second["合计"][k] for k in ("本年收入合计", "财政拨款收入", "事业收入", "其他收入")] == [
        19.92,
        17.17,
        2.5,
        0.25,
    ]
    assert [second["2010301"][k] for k in ("本年收入合计", "财政拨款收入", "事业收入")] == [12.6, 10.1, 2.5]
    first = [[c.value for c in row[:2]] for row in sheets["公开01"].iter_rows()]
    assert ["一、一般公共预算财政拨款收入", 10.1] in first
    assert ["二、政府性基金预算财政拨款收入", 7.07] in first
    assert ["五、事业收入", 2.5] in first
    assert ["八、其他收入", 0.25] in first
    assert ["本年收入合计", 19.92] in first
    fourth = [[c.value for c in row[:2]] for row in sheets["公开04"].iter_rows()]
    assert ["二、政府性基金预算财政拨款收入", 7.07] in fourth
    assert ["本年收入合计", 17.17] in fourth


def test_income_that_no_column_of_the_form_holds_leaves_the_table_empty(tmp_path: Path) -> None:
    result = received(("6001 财政拨款预算收入", "2010301", 10), ("6501 债务预算收入", "2010301", 5))
    sheets = values(rc.evaluate(result).write(tmp_path / "evaluation.xlsx"))
    assert "收入汇总" not in sheets
    assert any("取数不足" in str(c.value) for row in sheets["公开02"].iter_rows() for c in row)
    assert not any(isinstance(c.value, int | float) for row in sheets["公开02"].iter_rows() for c in row)


def test_a_budget_without_spending_has_an_empty_table_that_says_so(written: Path) -> None:
    for name in ("公开08", "公开09"):
        page = values(written)[name]
        rows = [[c.value for c in row] for row in page.iter_rows()]
        assert any("故本表无数据" in str(v) for row in rows for v in row)
        assert next(r for r in rows if r[0] == "合计")[2:] == [0, 0, 0]


@pytest.mark.parametrize(
    ("account", "function", "told"),
    [
        ("7101 行政支出_财政拨款支出_基本支出", "2010301", True),
        ("7201 事业支出/财政拨款支出/项目支出", "2080505", True),
        ("7101 行政支出_财政拨款支出_项目支出", "2120803", True),
        ("7101 行政支出_财政拨款支出_项目支出", "2296002", True),
        ("7101 行政支出_财政拨款支出_项目支出", "2230105", True),
        ("7101 行政支出_财政拨款支出_项目支出", "2300402", False),
        ("7101 行政支出_财政拨款支出_项目支出", "20103", False),
        ("7101 行政支出_财政拨款支出_项目支出", "", False),
        ("7201 事业支出_非财政拨款支出_基本支出", "2010301", False),
        ("7201 事业支出_非同级财政拨款支出", "2010301", False),
        ("7101 行政支出", "2010301", False),
    ],
)
def test_the_budgets_are_told_by_accounts_and_classes(account: str, function: str, told: bool) -> None:
    frame = pd.DataFrame(
        [("2020-01-05", "记-1", account, function, "30201", 5)],
        columns=["日期", "凭证号", "会计科目", "支出功能分类", "支出经济分类", "借方金额"],
        dtype=object,
    )
    budget = small.budget(("项目支出", "甲", 1))
    assert funds_told(rc.reconcile(budget, rc.load_ledger(frame))) is told


def test_without_books_only_what_was_given_is_shown(tmp_path: Path, recalculate: Callable[[Path], Path]) -> None:  # noqa: F811
    path = rc.evaluate(None, COUNTY, "hunan-county-2018").write(tmp_path / "evaluation.xlsx")
    assert openpyxl.load_workbook(path).sheetnames == ["基础数据表", "评分表", "公开07", "取数"]
    scores = {r["三级指标"]: r for r in table(values(recalculate(path))["评分表"], "三级指标")}
    shown = {
        k: (round(scores[k]["比率"] * 100, 2), scores[k]["得分"])
        for k in ("在职人员控制率", "三公经费变动率", "预算完成率", "预算控制率")
    }
    assert shown == {
        "在职人员控制率": (95.1, 8),
        "三公经费变动率": (98.31, 0),
        "预算完成率": (99.27, 8),
        "预算控制率": (39.94, 0),
    }


def test_the_same_evaluation_gives_the_same_bytes(example: rc.Reconciliation, written: Path, tmp_path: Path) -> None:
    assert rc.evaluate(example, GIVEN).write(tmp_path / "again.xlsx").read_bytes() == written.read_bytes()


def test_every_sheet_prints_on_a4_one_page_wide_with_its_headings(written: Path) -> None:
    for sheet in openpyxl.load_workbook(written):
        assert (sheet.page_setup.paperSize, sheet.sheet_properties.pageSetUpPr.fitToPage) == (9, True)
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.print_area
        assert sheet.print_title_rows or sheet.title == "项目自评表（分项目）"


def test_text_of_a_file_stays_text(tmp_path: Path) -> None:
    path = rc.evaluate(odd()).write(tmp_path / "evaluation.xlsx")
    found = [f for f in formulas(path).values() if "乙" in f]
    assert found == []


def test_a_file_that_was_read_is_never_replaced(tmp_path: Path) -> None:
    path = small.sheet(tmp_path / "取数.xlsx", [["取数项目", "单位", "数值"], ["编制数", "个", 1]])
    with pytest.raises(rc.LoadError):
        rc.evaluate(None, path).write(path)
    assert rc.load_inputs(path).values["establishment"].value == 1


def test_steps_on_the_edge_are_the_same_in_the_sheet(tmp_path: Path, recalculate: Callable[[Path], Path]) -> None:  # noqa: F811
    """Every rule of every rubric, at, just above and just below each whole step, where binary fractions would count a
    step too few or many; amounts in 分 from 3 to ten billion yuan."""
    lines = {line.rule: line for name in rubric.names() for line in rubric.load_rubric(name).lines if line.indicator}
    lines = {rule: line for rule, line in lines.items() if line.points is not None}
    cases = []
    for rule, line in lines.items():
        for base in (3, 7, 300, 99_999, 192_276_000_003, 999_999_999_937):
            for percent in (-3, 0, 10, 20, 28, 30, 85, 90, 95, 100, 101, 103, 105, 110, 250):
                for extra in (-1, 0, 1):
                    cases.append((rule, line, (base * percent + extra) // 100, base))
    path = tmp_path / "rules.xlsx"
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet()
    for row, (rule, line, over, under) in enumerate(cases):
        page.write_row(row, 0, [over / 100, under / 100])
        page.write_formula(row, 2, f"=A{row + 1}/B{row + 1}")
        whole = [f"ROUND({column}{row + 1}*100,0)" for column in "AB"]
        page.write_formula(row, 3, "=" + evaluation_scores._rule(rule, line.points, *whole, f"C{row + 1}", "待评"))
    book.close()
    fresh = openpyxl.load_workbook(recalculate(path), data_only=True).active
    differing = []
    for row, (rule, line, over, under) in enumerate(cases, 1):
        rate = indicator.Rate(line.indicator, Fraction(over), Fraction(under), ())
        score, _ = decide(rule, line.points, rate)
        shown = fresh.cell(row, 4).value
        if shown != ("待评" if score is None else pytest.approx(float(score), rel=1e-14, abs=1e-14)):
            differing.append((line.zh, over, under, score, shown))
    assert len(cases) > 2_000
    assert differing == []


def run(folder: Path, *more: object) -> subprocess.CompletedProcess[str]:
    plan = [["单位：元"], ["支出类型", "项目", "年初预算"], ["项目支出", "印章", 100]]
    books = [["单位：元"], [*small.JOURNAL], *small.pay("2020-01-05", "记-1", "印章", 90)]
    budget, ledger = small.sheet(folder / "预算.xlsx", plan), small.sheet(folder / "账.xlsx", books)
    command = ["-m", "reconcile.cli", "run", "--budget", budget, "--ledger", ledger, "--out", folder / "out", *more]
    return subprocess.run([sys.executable, *map(str, command)], capture_output=True, text=True, check=False)


def test_a_run_writes_the_evaluation_where_it_is_asked_for(tmp_path: Path) -> None:
    inputs = small.sheet(
        tmp_path / "取数.xlsx", [["取数项目", "单位", "数值"], ["编制数", "个", 10], ["在职人员数", "人", 9]]
    )
    done = run(tmp_path, "--evaluation", inputs, "--rubric", "yueyang")
    assert done.returncode in (0, 1), done.stderr
    assert "evaluation.xlsx" in done.stdout
    page = values(tmp_path / "out" / "evaluation.xlsx")["评分表"]
    assert "岳阳市" in page["A1"].value
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert [i["role"] for i in manifest["inputs"]] == ["budget", "ledger", "evaluation"]
    assert manifest["rubric"] == "yueyang"


def test_a_run_without_them_writes_none_and_wrong_ones_leave_nothing(tmp_path: Path) -> None:
    assert run(tmp_path, "--rubric", "湖南").returncode == 2
    assert not (tmp_path / "out").exists()
    inputs = small.sheet(tmp_path / "取数.xlsx", [["取数项目", "单位", "数值"], ["编制数目", "个", 10]])
    done = run(tmp_path, "--evaluation", inputs)
    assert (done.returncode, "取数.xlsx › Sheet1!C2" in done.stderr, (tmp_path / "out").exists()) == (2, True, False)
    assert run(tmp_path).returncode in (0, 1)
    assert not (tmp_path / "out" / "evaluation.xlsx").exists()


def test_checked_final_accounts_stand_in_the_workbook(tmp_path: Path, recalculate: Callable[[Path], Path]) -> None:  # noqa: F811
    """Counts of the rules follow the list of differences: one tail and one difference."""
    made = final.model(6)
    accounts = final.write(made)
    accounts.change(("06", "人员经费合计", "amount"), 0.01)
    accounts.change(("07", "", "actual_total"), 5)
    result = books_of(made)
    evaluation = rc.evaluate(result)
    checks = rc.check_final_accounts(accounts.save(tmp_path / "决算.xlsx"), result, evaluation=evaluation)
    path = evaluation.write(tmp_path / "evaluation.xlsx", checks)
    assert_same_values(path, recalculate(path))
    rows = {r["规则"]: r for r in table(values(path)["决算核对"], "尾差")}
    assert [rows["D11"][k] for k in ("结果", "发现数", "尾差")] == ["✓ 通过", 0, 1]
    assert [rows["D12"][k] for k in ("结果", "发现数", "尾差")] == ["● 有发现", 1, 0]
    assert rows["D15"]["尾差"] == "—"
    found = [r for r in table(values(path)["决算差异"], "规则") if r["规则"] == "D12"]
    assert [(r["差额（元）"], r["单元格"]) for r in found] == [(50_000, accounts.places["07", "", "actual_total"][1])]


def test_a_run_checks_final_accounts(tmp_path: Path) -> None:
    accounts = final.write(final.model(6)).save(tmp_path / "决算.xlsx")
    done = run(tmp_path, "--final-accounts", accounts, "--json")
    assert done.returncode == 1
    said = json.loads(done.stdout)["final_accounts"]
    outcome = {c["check"]: c["outcome"] for c in said["checks"]}
    assert (outcome["D1"], outcome["D16"]) == ("passed", "found")
    assert {f["check"] for f in said["findings"]} == {"D16", "D17"}
    assert "决算核对" in openpyxl.load_workbook(tmp_path / "out" / "evaluation.xlsx").sheetnames
    again = run(tmp_path, "--final-accounts", accounts, "--force")
    assert "决算公开表 D16（决算与账簿）：" in again.stdout


def test_a_figure_that_is_filled_in_later_scores(
    written: Path,
    tmp_path: Path,
    recalculate: Callable[[Path], Path],  # noqa: F811
) -> None:
    """取数不足 filled in on the sheet of figures: last year's operating funds appear, a score by hand counts."""
    book = openpyxl.load_workbook(written)
    for row in book["取数"].iter_rows(min_row=4):
        if row[0].value == "公用经费上年决算数":
            assert row[2].value == "取数不足"
            row[2].value = 2_500_000
    for row in book["评分表"].iter_rows(min_row=4):
        if row[1].value == "行政效能":
            assert row[7].value == "待评"
            row[7].value = 5.5
    book.save(tmp_path / "filled.xlsx")
    sheets = values(recalculate(tmp_path / "filled.xlsx"))
    basics = {r["项目"]: r for r in table(sheets["基础数据表"], "缺什么")}
    assert basics["公用经费"]["上年决算数"] == 250
    scored = next(r for r in table(sheets["评分表"], "三级指标") if r["一级指标"] == "已评得分（占已评分值）")
    assert (scored["分值"], scored["得分"]) == (51, 46.5)

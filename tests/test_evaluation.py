"""The performance-evaluation tables: published figures come out, graded examples one by one, nothing is guessed."""

from __future__ import annotations

import math
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import reconcile as rc
from reconcile.evaluation import figure, indicator, rubric
from reconcile.evaluation.evaluation import project_score
from reconcile.evaluation.score import decide, two_places
from tests import small

TEMPLATE = Path(__file__).parents[1] / "workbooks" / "templates" / "evaluation_inputs.xlsx"
COUNTY = {
    "在职人员数": 136,
    "编制数": 143,
    "三公经费本年预算数": "63.46万元",
    "三公经费上年预算数": "32万元",
    "三公经费本年决算数": "44.29万元",
    "上年结转": "19.8万元",
    "年初预算": "1922.76万元",
    "本年追加预算": "767.86万元",
    "年末结余": "19.8万元",
}
"""A county office of Hunan, 2018, as it was published."""


def scored(evaluation: rc.Evaluation) -> dict[str, tuple[str, float]]:
    """Percent to two decimals and score of every indicator that has a rate."""
    rows = evaluation.scores.dropna(subset=["rate"])
    rates = {
        s.line.zh: two_places(s.rate.percent) for s in evaluation.outcomes if s.rate and s.rate.percent is not None
    }
    return {r.indicator: (rates[r.indicator], r.score) for r in rows.itertuples()}


def outcome(percent: str, name: str, line: str) -> tuple[float | None, str]:
    """What a rubric's line gives for a rate in percent."""
    found = next(x for x in rubric.load_rubric(name).lines if x.indicator and x.indicator.key == line)
    rate = indicator.Rate(found.indicator, Fraction(percent), Fraction(100), ())
    score, why = decide(found.rule, found.points, rate)
    return (None if score is None else float(score)), why


def test_the_published_county_sheet_comes_out() -> None:
    """136 ÷ 143; (63.46 − 32) ÷ 32: 98 whole points over, 98 × 0.8 > 8; 2690.62 ÷ 2710.42: no whole 5 below;
    767.86 ÷ 1922.76 is beyond 30%."""
    found = scored(rc.evaluate(None, COUNTY, "hunan-county-2018"))
    assert found == {
        "在职人员控制率": ("95.10", 8.0),
        "三公经费变动率": ("98.31", 0.0),
        "预算完成率": ("99.27", 8.0),
        "预算控制率": ("39.94", 0.0),
    }


def test_the_parts_of_the_published_sheet_tie() -> None:
    """1922.76 + 767.86 = 2690.62 万元, which is what the completion rate has above its line."""
    row = rc.evaluate(None, COUNTY, "hunan-county-2018").scores.set_index("indicator").loc["预算完成率"]
    assert (row["numerator"], row["denominator"]) == (26_906_200.0, 27_104_200.0)


def test_the_same_office_by_the_form_of_the_province() -> None:
    """The province's 5 points: 5 − 98 × 0.5 clamps to 0; 三公控制率 44.29 ÷ 63.46 = 69.79% is full."""
    found = scored(rc.evaluate(None, COUNTY, "hunan-2017"))
    assert found["三公经费变动率"] == ("98.31", 0.0)
    assert found["预算完成率"] == ("99.27", 5.0)
    assert found["三公经费控制率"] == ("69.79", 7.0)


@pytest.mark.parametrize(
    ("name", "line", "percent", "score"),
    [
        # 预算完成率, 每低于5%扣2分: floor((100 − r) ÷ 5) × 2 off; two graded sheets: 92.8% → 3, 99.27% → full
        ("hunan-2015", "budget-completion-spent", "92.8", 3),
        ("hunan-county-2018", "budget-completion", "99.27", 8),
        ("hunan-2017", "budget-completion", "100", 5),
        ("hunan-2017", "budget-completion", "95.01", 5),
        ("hunan-2017", "budget-completion", "95", 3),
        ("hunan-2017", "budget-completion", "90", 1),
        ("hunan-2017", "budget-completion", "85", 0),
        ("hunan-2017", "budget-completion", "10", 0),
        ("hunan-2017", "budget-completion", "120", 5),
        # 预算控制率: 0 → 5; (0, 10] → 4; (10, 20] → 3; (20, 30] → 2; beyond → 0
        ("hunan-2017", "budget-control", "0", 5),
        ("hunan-2017", "budget-control", "-3", 5),
        ("hunan-2017", "budget-control", "0.01", 4),
        ("hunan-2017", "budget-control", "10", 4),
        ("hunan-2017", "budget-control", "10.01", 3),
        ("hunan-2017", "budget-control", "20", 3),
        ("hunan-2017", "budget-control", "30", 2),
        ("hunan-2017", "budget-control", "30.01", 0),
        ("hunan-county-2018", "budget-control", "0", 8),
        ("hunan-county-2018", "budget-control", "10", 6),
        ("hunan-county-2018", "budget-control", "20", 4),
        ("hunan-county-2018", "budget-control", "25", 2),
        # 在职人员控制率: up to 100% full, each whole point over 0.5 off, never below 0
        ("hunan-2017", "staff-control", "100", 5),
        ("hunan-2017", "staff-control", "100.99", 5),
        ("hunan-2017", "staff-control", "101", 4.5),
        ("hunan-2017", "staff-control", "109.5", 0.5),
        ("hunan-2017", "staff-control", "250", 0),
        # 三公变动率: the 8-point form takes 0.8 a point, the 5-point form 0.5, both clamped
        ("hunan-2015", "public-change", "-10", 8),
        ("hunan-2015", "public-change", "3", 5.6),
        ("hunan-2017", "public-change", "3", 3.5),
        ("hunan-county-2018", "public-change", "98.3125", 0),
        # 公用经费 and 三公 control: each whole point over 1 off
        ("hunan-2017", "operating-control", "102.5", 6),
        ("hunan-2017", "public-control", "107", 0),
        ("yueyang", "public-control", "101", 5),
        # 楼堂馆所: each whole 5 points over 2 off
        ("hunan-2017", "area-control", "104.99", 5),
        ("hunan-2017", "area-control", "110", 1),
        ("hunan-2017", "procurement", "100", 6),
        # 岳阳: 预算调整率 0 → 3, ≤10 → 2, ≤20 → 1, ≤30 → 0.5; 资金结余 none → 3, up to last year's → 2, more → 0
        ("yueyang", "budget-adjustment", "0", 3),
        ("yueyang", "budget-adjustment", "10", 2),
        ("yueyang", "budget-adjustment", "20", 1),
        ("yueyang", "budget-adjustment", "30", 0.5),
        ("yueyang", "budget-adjustment", "31", 0),
        ("yueyang", "carryover-of-last", "0", 3),
        ("yueyang", "carryover-of-last", "100", 2),
        ("yueyang", "carryover-of-last", "101", 0),
        # 自评表 from 2021: the rate times 10, never more
        ("hunan-2021", "budget-execution", "96.325", 9.6325),
        ("hunan-2021", "budget-execution", "130", 10),
    ],
)
def test_a_rate_scores_as_the_graded_sheets_do(name: str, line: str, percent: str, score: float) -> None:
    assert outcome(percent, name, line)[0] == score


def test_what_a_rubric_does_not_say_is_left_to_a_person() -> None:
    assert outcome("97", "hunan-2017", "procurement") == (None, "待评：未达满分条件，怎么扣分评分表没有列明")
    assert outcome("101", "hunan-county-2018", "staff-control")[0] is None


@given(st.integers(1, 10**13), st.integers(-(10**13), 10**13), st.sampled_from(rubric.names()))
def test_a_score_is_never_beyond_its_points(denominator: int, numerator: int, name: str) -> None:
    for line in rubric.load_rubric(name).lines:
        if line.indicator and line.points is not None:
            rate = indicator.Rate(line.indicator, Fraction(numerator), Fraction(denominator), ())
            score, _ = decide(line.rule, line.points, rate)
            assert score is None or 0 <= score <= line.points


@given(st.integers(1, 10**11), st.integers(0, 10**12))
def test_more_spent_of_the_budget_never_scores_less(available: int, actual: int) -> None:
    line = next(
        x for x in rubric.load_rubric("hunan-2017").lines if x.indicator and x.indicator.key == "budget-completion"
    )
    rates = [indicator.Rate(line.indicator, Fraction(a), Fraction(available), ()) for a in (actual, actual + 1)]
    low, high = (decide(line.rule, line.points, r)[0] for r in rates)
    assert low <= high


@pytest.mark.parametrize("name", rubric.names())
def test_weights_add_up_and_every_line_is_in_both_languages(name: str) -> None:
    found = rubric.load_rubric(name)
    assert sum(line.points or 0 for line in found.lines) == found.total
    assert all(line.zh and line.en for line in found.lines)
    assert all(all(isinstance(y, int) for y in found.years) and text for text in (found.region_zh, found.region_en))


def test_the_example_by_its_own_books(example: rc.Reconciliation) -> None:
    """17,752,444.77 ÷ 18,429,500 = 96.33%; 公用 2,411,261.21 ÷ 2,539,400 = 94.95%; the 68,000 moved between classes
    come and go, so that nothing was added; receptions 10,468.00 are the only public expense."""
    evaluation = rc.evaluate(example)
    found = scored(evaluation)
    assert found["预算完成率"] == ("96.33", 5.0)
    assert found["公用经费控制率"] == ("94.95", 8.0)
    assert found["预算控制率"] == ("0.00", 5.0)
    basics = evaluation.basics.set_index("item")
    assert basics.loc["三公经费", "actual"] == basics.loc["3、公务接待", "actual"] == 10_468.00
    assert basics.loc["项目支出", ["budget", "actual"]].tolist() == [3_235_800.00, 2_998_192.46]
    assert evaluation.total is None
    assert evaluation.scored == (18, 18)


def test_what_the_books_do_not_give_is_missing_and_said(example: rc.Reconciliation) -> None:
    """Eight budget lines of projects have no class: the public expenses that they may hold are not known."""
    evaluation = rc.evaluate(example)
    rows = evaluation.scores.set_index("indicator")
    assert rows.loc["三公经费控制率", "status"] == "missing"
    assert rows.loc["三公经费控制率", "basis"] == "取数不足：三公经费本年预算数（预算有 8 行没有经济分类（款））"
    assert rows.loc["在职人员控制率", "basis"] == "取数不足：实际在职人数、编制数"
    assert rows.loc[["三公经费控制率", "在职人员控制率"], ["rate", "score"]].isna().all(axis=None)
    assert math.isnan(evaluation.basics.set_index("item").loc["三公经费", "budget"])
    assert evaluation.notes == ("评分表适用于 2017、2018、2019 年，账簿是 2020 年",)


def test_an_input_that_the_books_contradict_is_noted_and_the_books_count(example: rc.Reconciliation) -> None:
    evaluation = rc.evaluate(example, {"本年支出数": "1775.25万元", "三公经费本年预算数": 12_000})
    assert evaluation.figures["actual"].value == 1_775_244_477
    assert "本年支出数：填报为 17,752,500.00元，与账簿不同，用账簿数" in evaluation.notes
    assert scored(evaluation)["三公经费控制率"] == ("87.23", 7.0)


def test_spending_without_a_class_leaves_the_public_expenses_open() -> None:
    budget = small.budget(("基本支出", "公用经费", 1000), ("项目支出", "甲", 500))
    ledger = small.journal(*small.pay("2020-01-05", "记-1", "甲", 400))
    evaluation = rc.evaluate(rc.reconcile(budget, ledger))
    public, operating = evaluation.figures["public_actual"], evaluation.figures["operating_budget"]
    assert (public.value, public.reason) == (None, "有 1 笔支出没有经济分类（款），合计 400.00元")
    assert operating.number == 1000.0


def test_a_class_head_alone_does_not_say_that_nothing_public_was_bought() -> None:
    """302 could hold receptions, 301 could not."""
    frame = pd.DataFrame(
        [("2020-01-05", "记-1", "基本支出", "302", 70), ("2020-01-06", "记-2", "基本支出", "301", 30)],
        columns=["日期", "凭证号", "支出类型", "经济分类编码", "金额"],
        dtype=object,
    )
    budget = small.budget(("基本支出", "公用经费", 1000))
    figures = rc.evaluate(rc.reconcile(budget, rc.load_ledger(frame))).figures
    assert figures["reception_actual"].reason == "有 1 笔支出没有经济分类（款），合计 70.00元"
    assert figures["operating_actual"].number == 70.0


def test_undetermined_spending_leaves_basic_and_project_open() -> None:
    budget = small.budget(("项目支出", "甲", 500))
    ledger = small.journal(*small.pay("2020-01-05", "记-1", "", 40, code="7101", path="行政支出"))
    result = rc.reconcile(budget, ledger)
    assert result.totals["undetermined"] == 40
    figures = rc.evaluate(result).figures
    assert figures["project_actual"].reason == "有 40.00元 支出未判定是基本支出还是项目支出"
    assert figures["actual"].number == 40.0


def test_nought_and_blank_are_two_things() -> None:
    """No buildings, said so: full.  Nothing said: missing.  Something built without approval: no rate."""
    none = {"楼堂馆所批复规模": 0, "楼堂馆所实际规模": 0}
    built = {"楼堂馆所批复规模": 0, "楼堂馆所实际规模": 12}
    rows = [
        rc.evaluate(None, given).scores.set_index("indicator").loc["楼堂馆所面积控制率"] for given in (none, {}, built)
    ]
    assert [r["status"] for r in rows] == ["scored", "missing", "no-rate"]
    assert rows[0]["score"] == 5.0
    assert rows[2]["basis"] == "“楼堂馆所批复规模”为 0，不计算比率"


def test_the_carryover_of_yueyang_without_any_before() -> None:
    """Nothing left and nothing before: none, 3 points; something left and nothing before: more than before, 0."""
    for closing, score in ((0, 3.0), (5, 0.0)):
        rows = rc.evaluate(None, {"上年结转": 0, "年末结余": closing}, "yueyang").scores.set_index("indicator")
        assert rows.filter(like="资金结余", axis=0)["score"].tolist() == [score]


def test_every_common_indicator_is_computed() -> None:
    given = {k.key: 100 + i for i, k in enumerate(figure.kinds().values())}
    rows = rc.evaluate(None, given, "framework-2013").scores
    assert len(rows) == 17
    assert rows["status"].eq("shown").all()
    by_name = rows.set_index("indicator")
    one = by_name.loc["支付进度率"]
    assert one["rate"] == given["actual"] / given["planned_payment"]
    change = by_name.loc["结转结余变动率"]
    assert change["rate"] == (given["closing"] - given["closing_last"]) / given["closing_last"]
    assert by_name.loc["预算调整率", "formula"] == "（预算追加数＋预算追减数）÷年初预算×100%"


def filled(path: Path, values: dict[str, object], scores: dict[str, object], unit: str = "万元") -> Path:
    """The template with some of its cells filled in."""
    book = openpyxl.load_workbook(TEMPLATE)
    for row in book["取数表"].iter_rows(min_row=4):
        if row[0].value in values:
            row[2].value = values[row[0].value]
            if row[1].value == "万元":
                row[1].value = unit
    for row in book["评分"].iter_rows(min_row=4):
        row[2].value = scores.get(row[0].value)
    book.save(path)
    return path


def test_the_template_is_what_its_script_makes_and_says_nothing_when_empty(tmp_path: Path) -> None:
    subprocess.run([sys.executable, TEMPLATE.parents[1] / "make_templates.py", "--out", tmp_path], check=True)
    assert (tmp_path / TEMPLATE.name).read_bytes() == TEMPLATE.read_bytes()
    empty = rc.load_inputs(TEMPLATE)
    assert (dict(empty.values), dict(empty.scores)) == ({}, {})
    names = {r[0].value for r in openpyxl.load_workbook(TEMPLATE)["取数表"].iter_rows(min_row=4)}
    assert {k.zh for k in figure.kinds().values()} <= names


def test_a_filled_template_fills_the_tables(example: rc.Reconciliation, tmp_path: Path) -> None:
    values = {
        "编制数": 143,
        "实际在职人数": "136人",
        "三公经费本年预算数": 1.2,
        "三公经费上年预算数": "1.50",
        "楼堂馆所批复规模": 0,
        "楼堂馆所实际规模": 0,
        "楼堂馆所预算投资": 0,
        "楼堂馆所实际投资": 0,
        "政府采购预算数": 40,
        "实际政府采购金额": 40,
        "上年政府采购金额": "—",
    }
    hand = {
        "管理制度健全性": 7.5,
        "资金使用合规性": 6,
        "预决算信息公开性和完善性": 5,
        "重点工作实际完成率": 8,
        "经济效益、社会效益、生态效益": 9,
        "行政效能": 6,
        "社会公众或服务对象满意度": 5.5,
    }
    evaluation = rc.evaluate(example, filled(tmp_path / "取数.xlsx", values, hand))
    assert evaluation.figures["public_budget"].value == 1_200_000
    assert str(evaluation.figures["staff"].origin).startswith("取数.xlsx › 取数表!C")
    assert (
        evaluation.total == 98
    )  # computed, all full: 5 × 6 + 8 + 7 + 6 = 51; by hand: 7.5 + 6 + 5 + 8 + 9 + 6 + 5.5 = 47
    assert "procurement_actual_last" not in evaluation.inputs.values


def test_a_score_by_hand_beyond_its_points_or_for_no_line_is_refused(tmp_path: Path) -> None:
    for name, score, code in (("行政效能", 6.5, "bad-input"), ("不存在的指标", 1, "unknown-input")):
        frame = pd.DataFrame({"指标": [name], "得分": [score]})
        with pytest.raises(rc.LoadError) as caught:
            rc.evaluate(None, frame)
        assert caught.value.code == code


def test_a_score_by_hand_does_not_stand_over_one_that_is_computed() -> None:
    frame = pd.DataFrame({"指标": ["预算控制率"], "得分": [0]})
    both = replace(rc.load_inputs({"年初预算": 100, "本年追加预算": 5}), scores=rc.load_inputs(frame).scores)
    assert scored(rc.evaluate(None, both))["预算控制率"] == ("5.00", 4.0)


def test_money_may_be_stated_in_the_heading(tmp_path: Path) -> None:
    path = small.sheet(tmp_path / "取数.xlsx", [["项目", "金额（万元）"], ["1、政府采购预算数", 32.5], ["编制数", 10]])
    values = rc.load_inputs(path).values
    assert (values["procurement_budget"].value, values["establishment"].value) == (32_500_000, 10)


def test_a_rubric_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "本市.toml"
    path.write_text(
        'zh = "本市评分表"\nen = "Ours"\nregion_zh = "某市"\nregion_en = "A city"\nyears = [2020]\ntotal = 10\n'
        '[[groups]]\nzh = "过程"\nen = "Process"\npoints = 10\n'
        '[[indicators]]\ngroup = 1\nindicator = "budget-execution"\npoints = 10\n'
        'rule = {kind = "under", full = 98, step = "0.5", cut = "0.25"}\n',
        "utf-8",
    )
    given = {"全年预算数": 1000, "本年支出数": 969.99}
    row = rc.evaluate(None, given, path).scores.iloc[0]
    assert (row["score"], row["basis"]) == (9.5, "低于1.00个百分点，每0.5个百分点扣0.25分，扣2次")


@pytest.mark.parametrize(
    ("available", "actual", "score"),
    [(90_000_000, 89_974_000, "10.00"), (10_000, 12_000, "10"), (300, 200, "6.67"), (8000, 1, "0"), (3, 0, "0")],
)
def test_ten_points_for_the_execution_of_a_project(available: int, actual: int, score: str) -> None:
    """min(actual ÷ available, 100%) × 10: 89.974 ÷ 90 = 99.97% → 10.00, 200 ÷ 300 → 6.67, 1 ÷ 8000 → 0.00"""
    assert project_score(available, actual) == Fraction(score)


def test_a_project_without_a_budget_has_no_score() -> None:
    assert [project_score(a, 5) for a in (0, -1, None, pd.NA)] == [None] * 4


def test_projects_are_those_of_the_result(example: rc.Reconciliation) -> None:
    rows = rc.evaluate(example).projects.set_index("project")
    assert rows.loc["政务大厅特殊岗位绩效", ["available", "actual", "score"]].tolist() == [72_000.0, 48_100.0, 6.68]
    assert rows.loc["上年结转项目经费（未分配）", ["original", "carried", "current"]].tolist() == [0, 143_500.0, 0]


def test_in_english(example: rc.Reconciliation) -> None:
    rows = rc.evaluate(example, language="en").scores.set_index("indicator")
    assert rows.loc["Staff control rate", "basis"] == "missing: Staff in post、Established posts"
    assert rows.loc["Operating funds control rate", "basis"] == "full"

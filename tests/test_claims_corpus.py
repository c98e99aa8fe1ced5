"""The corpora of report sentences: false twins are found, true ones are not accused."""

from __future__ import annotations

import re

import pytest

import reconcile as rc
from reconcile import wording
from reconcile.claims import report
from tests.builders.templates import Twins, draw, twins

FILES = (
    "reports.txt",
    "offices.txt",
    "services.txt",
    "bureaus.txt",
    "ordinary.txt",
    "untuned.txt",
    "english.txt",
    "kinds.txt",
    "again.txt",
    "third.txt",
    "fourth.txt",
    "fifth.txt",
    "sixth.txt",
    "seventh.txt",
    "eighth.txt",
    "ninth.txt",
    "tenth.txt",
    "eleventh.txt",
    "twelfth.txt",
    "thirteenth.txt",
    "fourteenth.txt",
    "fifteenth.txt",
    "sixteenth.txt",
)


def fails(text: str) -> bool:
    return bool((rc.check_report(text)["verdict"] == "fails").any())


@pytest.fixture(scope="module")
def drawn() -> list[Twins]:
    return [t for name in FILES for t in twins(name, range(2))]


def test_false_twins_are_found(drawn: list[Twins]) -> None:
    false = [t for t in drawn if t.false]
    missed = [t.false for t in false if not fails(t.false)]
    assert len(false) >= 1000
    assert len(missed) <= 0.02 * len(false), missed


def test_true_twins_are_not_accused(drawn: list[Twins]) -> None:
    accused = [t.true for t in drawn if fails(t.true)]
    assert len(accused) <= 0.01 * len(drawn), accused


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_kind_and_every_reason_is_worded(drawn: list[Twins], language: str) -> None:
    for twins_of in drawn[::5]:
        for claim in report.claims_of(report.read(twins_of.false or twins_of.true)):
            assert wording.text(f"kind-{claim.kind}", language, "claims")
            assert not re.search(r"{\w+}", claim.why(language))


def test_figures_that_tell_why_are_not_those_that_tell_what() -> None:
    text = (
        "1.财政拨款收入382.17万元，为市本级当年拨付的资金。较2020年度决算数减少157.86万元，下降{}%，"
        "主要原因：一是减少离退休费；二是2020年下拨抚恤金74.31万元。"
    )
    assert not fails(text.format("29.2"))
    assert fails(text.format("39.2"))


def test_a_plan_in_a_projects_name_is_no_budget() -> None:
    text = "项目支出{}万元，分别是科技活动交流经费5万元，科技计划项目验收经费16万元，评审及系统维护费18万元。"
    assert not fails(text.format("39"))
    assert fails(text.format("43"))


def test_a_failing_claim_that_has_another_reading_is_not_failed() -> None:
    assert not fails("在校学生34600人，专任教师2421人，其中小学生18600人，初中生9800人，高中生6200人。")
    assert not fails("应缴未缴财政76.30万元（应缴126.50万元，已缴50.20万元）。")
    assert not fails("差旅费12.30万元、会议费3.20万元、培训费6.50万元，较预算26.30万元节约4.30万元。")
    assert fails("差旅费12.30万元、会议费3.20万元、培训费6.50万元，较预算26.30万元节约5.30万元。")


def test_a_template_draws_twins_that_differ_in_one_figure() -> None:
    text = "预算{a:85.00}万元，支出{b=R(a*0.9):2}万元，结余{!a-b:2}万元。"
    first, again = draw("plan", text, 1), draw("plan", text, 1)
    assert first == again != draw("plan", text, 2)
    assert first.true.split("结余")[0] == first.false.split("结余")[0]
    assert first.true != first.false
    assert not fails("预算85.00万元，支出76.50万元，结余8.50万元。")
    assert fails("预算85.00万元，支出76.50万元，结余9.50万元。")


def test_a_list_that_does_not_say_it_is_complete_is_untestable_where_it_falls_well_short() -> None:
    frame = rc.check_report("资产总额2360万元，其中固定资产1860万元、无形资产126万元。")
    sums = frame[frame["kind"] == "sum"]
    assert list(sums["verdict"]) == ["untestable"]
    assert "其余分项" in sums["reason"].iloc[0]
    assert fails("资产总额2360万元，其中固定资产2860万元、无形资产126万元。")
    assert fails("资产总额2086万元，其中固定资产1860万元、无形资产126万元。")


def test_words_numbers_and_names_close_a_list() -> None:
    assert fails("资产总额2360万元，其中固定资产1860万元、其他资产126万元。")
    assert fails("资产总额2360万元，由固定资产1860万元、无形资产126万元组成。")
    assert fails("全年支出2360万元，其中基本支出1860万元、项目支出126万元。")
    assert fails("安排资金780万元，分三批下达：第一批300万元，第二批208万元，第三批60万元。")


def test_steps_are_done_in_their_order() -> None:
    text = "项目于2020年{}月15日签订合同，2020年6月30日完成验收。"
    assert not fails(text.format(3))
    assert fails(text.format(9))
    assert not fails("2019年10月11日招标结束，2019年10月18日签订合同，2020年10月17日完成验收，2020年9月签订补充协议。")


def test_the_change_from_last_year_is_not_held_to_the_budget() -> None:
    text = "“三公”经费支出预算为28.50万元，支出决算为19.76万元，完成预算的{}%，比上年减少3.26万元。"
    assert not fails(text.format("69.33"))
    assert fails(text.format("79.33"))

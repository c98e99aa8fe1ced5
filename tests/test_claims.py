"""check_report: what it reads, the frame it gives, its rounding, the books, and its findings."""

from __future__ import annotations

import datetime
import re
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reconcile as rc
from reconcile import wording
from reconcile.claims import numerals, report
from reconcile.claims.figure import Figure
from reconcile.claims.findings import findings_of
from reconcile.claims.frame import COLUMNS
from reconcile.claims.tokens import figures
from tests.builders.sentences import sentences

WRONG = "全年支出100.00万元，其中：基本支出60.00万元，项目支出45.00万元。"


def only(text: str, kind: str) -> pd.Series:
    claims = rc.check_report(text)
    found = claims[claims["kind"] == kind]
    assert len(found) == 1, claims
    return found.iloc[0]


# figures --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "dimension"),
    [
        ("1,234.56元", "1234.56", "money"),
        ("１２３．４万元", "1234000", "money"),
        ("76，320元", "76320", "money"),
        ("2.5亿元", "250000000", "money"),
        ("3千元", "3000", "money"),
        ("一百二十万元", "1200000", "money"),
        ("83.11％", "83.11", "percent"),
        ("百分之十五", "15", "percent"),
        ("5.1个百分点", "5.1", "points"),
        ("十五个工作日", "15", "workdays"),
        ("3.5万人次", "35000", "count"),
        ("两千零五件", "2005", "count"),
    ],
)
def test_a_figure_is_read_in_its_base_unit(text: str, value: str, dimension: str) -> None:
    (figure,) = figures(1, text)
    assert (figure.value, figure.dimension) == (Fraction(value), dimension)


@pytest.mark.parametrize("text", ["第3名", "财预〔2020〕10号", "5G网络", "一、部门概况", "12345热线", "基本支出"])
def test_what_is_no_figure(text: str) -> None:
    assert [f.text for f in figures(1, text)] == []


def test_a_range_is_one_figure_and_dates_are_whole() -> None:
    hours, day = figures(1, "最快2至3小时，2020年4月21日")
    assert (hours.value, hours.upper) == (2, 3)
    assert day.day == (2020, 4, 21)


@pytest.mark.parametrize(
    ("text", "value"),
    [("一百二十", 120), ("十五", 15), ("二〇二〇", 2020), ("两万三千", 23000), ("百", None), ("一二", None)],
)
def test_chinese_numerals(text: str, value: int | None) -> None:
    assert numerals.chinese(text) == value


# the frame ------------------------------------------------------------------------------------------------------


def test_the_frame_has_the_contracts_columns_and_money_in_yuan() -> None:
    claims = rc.check_report(WRONG)
    assert tuple(claims.columns) == COLUMNS
    assert list(COLUMNS[:8]) == ["claim", "kind", "stated", "computed", "difference", "verdict", "reason", "paragraph"]
    row = only(WRONG, "sum")
    assert (row["stated"], row["computed"], row["difference"]) == (1_000_000.0, 1_050_000.0, -50_000.0)
    assert (row["verdict"], row["unit"], row["paragraph"]) == ("fails", "元", 1)
    assert row["claim"] == "全年支出100.00万元，其中：基本支出60.00万元，项目支出45.00万元"
    assert "105万元" in row["reason"]


def test_reasons_are_in_either_language() -> None:
    claims = rc.check_report(WRONG, language="en")
    assert "more than rounding explains" in claims.loc[claims["verdict"] == "fails", "reason"].iloc[0]


def test_a_text_without_claims_is_an_empty_frame_of_the_same_types() -> None:
    empty, some = rc.check_report("一切正常。"), rc.check_report(WRONG)
    assert len(empty) == 0
    assert empty.dtypes.to_dict() == some.dtypes.to_dict()


def test_a_figure_that_nothing_tests_says_what_is_missing() -> None:
    claims = rc.check_report("全年办件3705件，同比增长46%。")
    row = claims[claims["claim"].str.contains("46%")].iloc[0]
    assert row["verdict"] == "untestable"
    assert "上年数" in row["reason"]


def test_paragraphs_are_counted_from_one_with_the_blank_ones() -> None:
    assert only(f"标题\n\n{WRONG}", "sum")["paragraph"] == 3


# rounding -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("total", "verdict"),
    [
        ("1775.25", "holds"),
        ("1775.24", "rounding"),
        ("1775.26", "rounding"),
        ("1775.23", "fails"),
        ("1775.27", "fails"),
    ],
)
def test_a_sum_is_a_tail_only_where_the_intervals_meet(total: str, verdict: str) -> None:
    text = f"支出决算{total}万元，其中：基本支出1475.43万元，项目支出299.82万元。"
    assert only(text, "sum")["verdict"] == verdict


@pytest.mark.parametrize(
    ("rate", "verdict"), [("86.67%", "holds"), ("87%", "holds"), ("86.66%", "fails"), ("80%", "fails")]
)
def test_counts_are_exact_in_a_compression(rate: str, verdict: str) -> None:
    row = only(f"审批时限由15个工作日压缩至2个工作日，压缩{rate}。", "compression")
    assert (row["verdict"], row["computed"]) == (verdict, 86.67)


def test_a_printed_ratio_of_small_figures_is_as_wide_as_their_digits() -> None:
    """4.0 of 6.0 can be anything between 3.95/6.05 and 4.05/5.95."""
    text = "支出6.0万元，其中人员经费4.0万元，占{}%。"
    assert only(text.format("66.67"), "share")["verdict"] == "holds"
    assert only(text.format("68.00"), "share")["verdict"] == "rounding"
    assert only(text.format("69.00"), "share")["verdict"] == "fails"


def test_dropped_zeros_are_known_to_the_digit_of_the_figures_beside_them() -> None:
    text = "项目支出{}万元，其中：印章82.61万元、便民14万元、顾问11万元。"
    assert only(text.format("107.61"), "sum")["verdict"] == "holds"
    assert only(text.format("107.95"), "sum")["verdict"] == "fails"


def test_bounds_are_half_a_digit_to_each_side() -> None:
    (figure,) = figures(1, "83.11%")
    assert figure.bounds == (Fraction("83.105"), Fraction("83.115"))


@pytest.mark.parametrize(
    ("said", "verdict"),
    [("约75%", "holds"), ("超过70%", "holds"), ("近80%", "holds"), ("超过80%", "fails"), ("约50%", "fails")],
)
def test_words_of_nearness_widen_a_figure_their_own_way(said: str, verdict: str) -> None:
    assert only(f"办理时限由20天压缩到5天，压缩{said}。", "compression")["verdict"] == verdict


# kinds ----------------------------------------------------------------------------------------------------------


def test_a_nested_total_is_tested_at_both_levels() -> None:
    text = (
        "总支出100.00万元，其中：基本支出60.00万元（其中：人员经费40.00万元，公用经费25.00万元），项目支出40.00万元。"
    )
    claims = rc.check_report(text)
    sums = claims[claims["kind"] == "sum"]
    assert dict(zip(sums["stated"], sums["verdict"], strict=True)) == {1_000_000.0: "holds", 600_000.0: "fails"}


def test_the_same_figure_said_twice() -> None:
    row = only("2021年项目支出299.82万元。\n主要用于专项。\n2021年项目支出298.92万元。", "repeat")
    assert (row["verdict"], row["paragraph"], row["difference"]) == ("fails", 3, -9000.0)


def test_one_amount_in_two_units_is_the_same_figure() -> None:
    assert only("2021年项目支出299.82万元。\n2021年项目支出2998192.46元。", "repeat")["verdict"] == "holds"


def test_a_project_of_its_own_may_have_the_same_words() -> None:
    text = "其中：\n（1）印章，办公费5万元，实际支出5万元。\n（2）热线，办公费3万元，实际支出3万元。"
    assert not (rc.check_report(text)["verdict"] == "fails").any()


def test_a_report_signed_before_its_period_ends() -> None:
    text = "2020年度部门整体支出绩效报告\n较好完成全年工作。\n某某局\n2020年4月21日"
    row = only(text, "date")
    assert (row["verdict"], row["stated"], row["difference"]) == ("fails", datetime.date(2020, 4, 21), -254.0)
    assert only(text.replace("2020年4月21日", "2021年4月21日"), "date")["verdict"] == "holds"


def test_a_half_years_report_is_signed_after_june() -> None:
    text = "2020年上半年预算执行情况报告\n执行良好。\n某某局\n2020年7月21日"
    assert only(text, "date")["verdict"] == "holds"


def test_a_payment_after_its_contract_had_ended() -> None:
    text = "服务合同期间为2020年1月1日至2020年6月30日，2020年11月5日支付服务费5万元。"
    assert only(text, "contract")["verdict"] == "fails"


def test_a_written_sum_goes_over_units() -> None:
    row = only("支付76320元+23680元=10万元。", "arithmetic")
    assert (row["verdict"], row["computed"]) == ("holds", 100_000.0)


def test_text_between_quotes_or_braces_is_only_text() -> None:
    assert rc.check_report("“{x}”支出{stated}10万元。")["reason"].str.contains("10万元").all()


def test_english_text_and_bare_numbers_do_no_harm() -> None:
    assert not (
        rc.check_report("Total 100, of which 60 and 45. 1 2 3 % 元 万元 。。；；（（")["verdict"] == "fails"
    ).any()


# sources --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_files_in_the_encodings_of_the_office(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "报告.txt"
    file.write_bytes(("第一段。\r\n" + WRONG).encode(encoding))
    row = rc.check_report(file).query("kind == 'sum'").iloc[0]
    assert (row["verdict"], row["paragraph"]) == ("fails", 2)
    assert len(rc.check_report(str(file))) == len(rc.check_report(file))


def test_markdown_marks_are_no_text_and_its_tables_are_tables(tmp_path: Path) -> None:
    file = tmp_path / "r.md"
    file.write_text(
        f"## 标题\n\n- **{WRONG}**\n\n| 项目(万元) | 预算数 | 执行数 |\n|---|---|---|\n| 甲 | 10.00 | 9.00 |\n| 乙 | 20.00 | 18.00 |\n| 合计 | 30.00 | 28.00 |\n",
        "utf-8",
    )
    claims = rc.check_report(file)
    assert claims.query("kind == 'sum'")["verdict"].tolist() == ["fails"]
    table = claims.query("kind == 'table'")
    assert dict(zip(table["subject"], table["verdict"], strict=True)) == {"预算数": "holds", "执行数": "fails"}


@pytest.mark.parametrize("name", ["没有.docx", "r.pdf", "r.doc"])
def test_a_file_that_cannot_be_read_is_a_load_error(tmp_path: Path, name: str) -> None:
    if name.startswith("r."):
        (tmp_path / name).write_bytes(b"x")
    with pytest.raises(rc.LoadError):
        rc.check_report(tmp_path / name)
    with pytest.raises(rc.LoadError):
        rc.check_report(str(tmp_path / name))


def test_anything_else_is_a_load_error() -> None:
    with pytest.raises(rc.LoadError):
        rc.check_report(5)  # type: ignore[arg-type]


# books ----------------------------------------------------------------------------------------------------------


def test_our_own_summary_agrees_with_the_books(example: rc.Reconciliation) -> None:
    claims = rc.check_report(example.summary(), example)
    assert not (claims["verdict"] == "fails").any()
    assert (claims["kind"] == "books").sum() >= 20


@pytest.mark.parametrize(
    ("right", "wrong", "subject"),
    [
        ("2020年基本支出1475.43万元。", "2020年基本支出1475.53万元。", "基本支出"),
        ("2020年支出决算17752444.77元。", "2020年支出决算17752444.87元。", "支出决算"),
        ("企业印章刻制实际支出82.6万元。", "企业印章刻制实际支出83.6万元。", "企业印章刻制"),
        (
            "企业印章刻制全年预算85.5万元，执行率96.61%。",
            "企业印章刻制全年预算85.5万元，执行率95.61%。",
            "企业印章刻制",
        ),
    ],
)
def test_a_figure_is_held_against_the_books(example: rc.Reconciliation, right: str, wrong: str, subject: str) -> None:
    ours = rc.check_report(right, example).query("kind == 'books'")
    assert set(ours["verdict"]) == {"holds"}
    theirs = rc.check_report(wrong, example).query("kind == 'books'")
    assert "fails" in set(theirs["verdict"])
    assert not (rc.check_report(wrong)["kind"] == "books").any()


def test_every_amount_in_wan_and_every_rate_of_our_summary_is_held(example: rc.Reconciliation) -> None:
    """Each is changed alone, and found; the three that tell of the approval's own total are in no column of the books."""
    text = example.summary().split("## 核对发现的问题")[0]
    found, missed = 0, []
    for m in re.finditer(r"(\d+(?:\.\d+)?)(万元|%)", text):
        if m[1] in ("313.88", "309.23", "4.65"):
            continue
        places = len(m[1].partition(".")[2])
        wrong = f"{float(m[1]) * 1.07 + 3:.{places}f}"
        claims = rc.check_report(text[: m.start(1)] + wrong + text[m.end(1) :], example)
        if (claims["verdict"] == "fails").any():
            found += 1
        else:
            missed.append(re.split("[，（]", text[: m.end()])[-1])
    assert missed == []
    assert found >= 35


def test_another_years_figures_are_not_held_against_these_books(example: rc.Reconciliation) -> None:
    assert not (rc.check_report("2019年度报告\n2019年基本支出1300.00万元。", example)["kind"] == "books").any()
    assert not (rc.check_report("上年基本支出1300.00万元。", example)["kind"] == "books").any()


# findings -------------------------------------------------------------------------------------------------------


def test_every_failure_is_a_finding_with_its_code_and_place() -> None:
    text = "\n".join(
        [
            "2020年度报告",
            WRONG,
            "支出100.00万元，其中基本支出60.00万元，占65.00%。",
            "办理时限由15天压缩至2天，压缩80%。",
            "内设3个科室，分别是办公室、财务科。",
            "项目支出46.00万元。",
            "某某局",
            "2020年4月21日",
        ]
    )
    read = report.read(text)
    found = {f.code: f for f in findings_of(read, report.claims_of(read))}
    assert set(found) == {
        "claim-mismatch",
        "share-mismatch",
        "percent-mismatch",
        "count-mismatch",
        "repeated-figure-differs",
        "date-before-period-end",
    }
    money = found["claim-mismatch"]
    assert (money.expected, money.actual, money.difference) == (105_000_000, 100_000_000, -5_000_000)
    assert "其中：基本支出60.00万元" in money.message()
    assert money.message("en").startswith("2 “")


def test_the_key_of_a_finding_does_not_move_with_its_amounts() -> None:
    def keys(text: str) -> list[str]:
        read = report.read(text)
        return [f.key for f in findings_of(read, report.claims_of(read))]

    assert keys(WRONG) == keys("\n" + WRONG.replace("45.00", "55.00"))
    assert len(set(keys(WRONG + "\n" + WRONG.replace("45.00", "55.00")))) >= 2


def test_the_library_starts_without_the_claims() -> None:
    code = "import sys, reconcile; print([m for m in sys.modules if m.startswith('reconcile.claims')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_figure_knows_no_difference_between_equal_kinds() -> None:
    one, other = figures(1, "5人和6名")
    assert isinstance(one, Figure)
    assert one.like(other)
    assert not one.like(figures(1, "5项")[0])


# words ----------------------------------------------------------------------------------------------------------


def test_every_reason_and_kind_is_worded_in_both_languages() -> None:
    package = Path(report.__file__).parent
    text = "\n".join(f.read_text("utf-8") for f in package.glob("*.py"))
    wanted = set(re.findall(r'"(how-[a-z-]+|missing-(?!file)[a-z-]+|lacks-basis|rate-of-nought|compared)"', text))
    assert len(wanted) > 20
    for key in wanted | {f"verdict-{v}" for v in ("holds", "rounding", "fails")}:
        assert all(wording.text(key, language, "claims") for language in ("zh", "en")), key
    kinds = {c.kind for s in sentences(21, 2) for c in report.claims_of(report.read(s.text))}
    assert len(kinds) > 12
    for kind in kinds:
        assert all(wording.text(f"kind-{kind}", language, "claims") for language in ("zh", "en")), kind


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_slot_of_every_reason_is_filled(language: str) -> None:
    for s in sentences(22, 1):
        for claim in report.claims_of(report.read(s.text)):
            assert not re.search(r"{\w+}", claim.why(language))


# size -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "支出合计1万元，其中：" + "甲1万元、" * 500,
        "支出合计1万元，其中：" + "甲1万元，占1%；" * 150,
        "支出1万元，其中：" * 100,
        "1" * 50_000 + "万元",
        "一" * 50_000 + "万元",
        "(" * 3_000 + "支出1万元" + ")" * 3_000,
        "单价1元/个，1个，" * 200 + "共1元",
        "三项" + "甲、" * 20_000,
    ],
    ids=["items", "shares", "nested", "digits", "numerals", "brackets", "prices", "list"],
)
def test_a_text_that_goes_on_for_ever_ends_soon(text: str) -> None:
    began = time.process_time()
    rc.check_report(text + "。")
    assert time.process_time() - began < 20


PIECES = [
    *(
        "支出",
        "预算",
        "其中：",
        "合计",
        "占",
        "占总支出的",
        "比上年",
        "增加",
        "减少",
        "由",
        "压缩至",
        "执行率",
        "完成预算的",
        "人均",
        "单价",
    ),
    *(
        "结余",
        "年初",
        "追加",
        "分别为",
        "分别占",
        "一是",
        "二是",
        "三项措施：",
        "“五办”",
        "①",
        "②",
        "（",
        "）",
        "，",
        "；",
        "。",
        "、",
        "\n",
        "×",
        "=",
        "+",
    ),
    *(
        "100万元",
        "0元",
        "60.5万元",
        "1,234.56元",
        "83.11%",
        "0%",
        "百分之五",
        "5个百分点",
        "15个工作日",
        "2天",
        "1.5倍",
        "3人",
        "0人",
        "每人",
        "元/盒",
    ),
    *(
        "2020年",
        "2020年2月30日",
        "2020年1月1日",
        "至",
        "12月",
        "合同期",
        "常年",
        "支付",
        "约",
        "超过",
        "近",
        "余",
        "-5%",
        "1亿元",
        "三分之二",
        "某某局",
    ),
]


@given(st.lists(st.sampled_from(PIECES), max_size=40))
@settings(max_examples=300)
def test_no_order_of_words_and_figures_is_a_defect(pieces: list[str]) -> None:
    text = "".join(pieces)
    claims = rc.check_report(text + "。")
    assert set(claims["verdict"]) <= {"holds", "rounding", "fails", "untestable"}
    assert (claims["claim"] != "").all()
    read = report.read(text)
    assert all(f.message() for f in findings_of(read, report.claims_of(read)))

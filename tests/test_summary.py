"""The report section: its sentences and amounts, the cell of every number, templates of an office's own, and Word."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pandas as pd
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import reconcile as rc
from reconcile.settings import Settings
from reconcile.write.figure import Figure, Text
from reconcile.write.paragraph import paragraphs
from reconcile.write.summary import Summary
from tests.builders.office_year import draw_office
from tests.small import budget, journal, pay, sheet
from tests.test_recall import result_of

PLAN = ("支出类型", "项目", "经济分类编码", "上年结转", "年初预算", "追加", "追减")
SPENT = ("日期", "凭证号", "摘要", "支出类型", "项目", "经济分类编码", "金额")


def plan(*rows: Sequence[Any]) -> rc.Budget:
    return rc.load_budget(pd.DataFrame(list(rows), columns=list(PLAN), dtype=object), year=2020)


def spent(*rows: Sequence[Any]) -> rc.Ledger:
    return rc.load_ledger(pd.DataFrame(list(rows), columns=list(SPENT), dtype=object))


def office() -> rc.Reconciliation:
    """Basic spending in two groups, one project over and one short of its budget, one of the three public expenses."""
    return rc.reconcile(
        plan(
            ("基本支出", None, "30101", 0, 1_000_000, 50_000, 0),
            ("基本支出", None, "30217", 0, 20_000, 0, 0),
            ("项目支出", "甲", None, 30_000, 100_000, 0, 10_000),
            ("项目支出", "5G大厅", None, 0, 40_000, 0, 0),
        ),
        spent(
            ("2020-01-05", "记-1", "工资", "基本支出", None, "30101", 987_654.32),
            ("2020-02-05", "记-2", "接待", "基本支出", None, "30217", 12_345),
            ("2020-03-05", "记-3", "付款", "项目支出", "甲", "30227", 60_000),
            ("2020-04-05", "记-4", "付款", "项目支出", "5G大厅", "30227", 45_678.9),
        ),
    )


TEMPLATE_WORDS = re.compile(
    r"10,000|÷ ?12|× ?12|预算为0|budget 0|(?:is|was) 0|^#+ \d\.|^### \(\d\)|^\d\. ?(?=[项FU])|^[（(]\d+[)）]",
    re.MULTILINE,
)
"""Digits that are the template's own: the numbers of headings and lists, and constants."""


def untraced(text: Summary) -> str:
    """What is left of the text without its facts and the template's own digits."""
    out, at = "", 0
    for mark in text.marks:
        out, at = out + text[at : mark.start] + " ", mark.end
    return TEMPLATE_WORDS.sub("", out + text[at:])


def misplaced(text: Summary, review: Path) -> list[tuple[object, ...]]:
    """Rows of the trace whose cell does not hold their number at its printed precision."""
    book = openpyxl.load_workbook(review, data_only=True)
    found = []
    for row in text.trace.itertuples(index=False):
        held = book[row.sheet][row.cell].value
        if row.unit == "text":
            same = " ".join(str(held).split()) == row.phrase
        elif isinstance(held, str):
            same = False
        else:
            number = Decimal(re.sub(r"[^\d.]", "", row.phrase))
            exact = Decimal(repr(held)) / {"万元": 10_000, "%": Decimal("0.01")}.get(row.unit, 1)
            places = Decimal("0.01") if row.unit else Decimal("0.0001")
            same = exact.quantize(places, ROUND_HALF_UP) == Decimal(repr(row.value)) and number == abs(
                Decimal(repr(row.value))
            )
        if not same:
            found.append((row, held))
    return found


@pytest.fixture(scope="module")
def told() -> Summary:
    return office().summary()


# sentences and amounts -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sentence",
    [
        # 987,654.32 + 12,345.00 + 60,000.00 + 45,678.90 = 1,105,678.22
        "支出决算为110.57万元，其中：基本支出100.00万元，占90.44%；项目支出10.57万元，占9.56%。",
        # original 1,160,000; 30,000 + 1,160,000 + 50,000 − 10,000 = 1,230,000; 1,105,678.22 ÷ 1,160,000, ÷ 1,230,000
        "全年预算123.00万元（其中：年初预算116.00万元，上年结转3.00万元，年中追加5.00万元，追减收回1.00万元），"
        "完成年初预算的95.32%，完成全年预算的89.89%，结余12.43万元。决算数小于年初预算数的主要原因是：【待补】。",
        "其中：人员经费98.77万元，包括基本工资；公用经费1.23万元，包括公务接待费。",
        # 999,999.32 ÷ 1,070,000
        "基本支出全年预算107.00万元（其中：年初预算102.00万元，年中追加5.00万元），实际支出100.00万元，"
        "执行率93.46%，结余7.00万元。",
        # 30,000 + 100,000 − 10,000 = 120,000
        "（1）甲：全年预算12.00万元（其中：年初预算10.00万元，上年结转3.00万元，追减收回1.00万元），"
        "实际支出6.00万元，执行率50.00%，结余6.00万元，未完成原因：【待补】；",
        # 45,678.90 ÷ 40,000 = 114.197 %
        "（2）5G大厅：全年预算4.00万元，实际支出4.57万元，执行率114.20%，超支0.57万元，超预算原因：【待补】。",
        "| 项目支出合计 | 3.00 | 14.00 | 0.00 | 1.00 | 16.00 | 10.57 | 5.43 | 66.05% |",
        "“三公”经费只有公务接待费，预算2.00万元，决算1.23万元，完成预算的61.73%。",
        "注：本报告金额单位为万元，保留两位小数",
    ],
)
def test_the_section_says_what_the_books_hold(told: Summary, sentence: str) -> None:
    assert sentence in told


def test_what_nobody_gave_is_listed_and_what_a_person_gave_is_told() -> None:
    result = office()
    assert result.summary().missing == (
        "预算收入（账簿没有预算收入科目）",
        "部门整体支出：决算数与年初预算数不同的原因",
        "甲：未完成原因",
        "5G大厅：超预算原因",
    )
    (over,) = [f.key for f in result.problems if f.code == "over-budget" and f.subject == "5G大厅"]
    told = result.summary(reasons={"total": "压减一般性支出。", "甲": "设备12月才到货", over: "材料涨价{x}"})
    assert told.missing == ("预算收入（账簿没有预算收入科目）",)
    assert "年初预算数的主要原因是：压减一般性支出。" in told
    assert "结余6.00万元，未完成原因：设备12月才到货；" in told
    assert "超支0.57万元，超预算原因：材料涨价{x}。" in told
    given = told.trace[told.trace["id"].str.startswith("given")]
    assert given["cell"].tolist() == ["", "", ""]


def test_english_says_the_same_amounts() -> None:
    text = office().summary("en")
    for phrase in (
        "spending was 110.57, of which basic spending 100.00, 90.44%; project spending 10.57, 9.56%.",
        "spending is 95.32% of the original budget and 89.89% of the available one, 12.43 remaining.",
        "(2) 5G大厅: 4.00 available, 4.57 spent, 114.20% executed, 0.57 over budget; why it is over budget:",
        "There is only 公务接待费: 2.00 available, 1.23 spent, 61.73% executed.",
    ):
        assert phrase in text
    numbers = [sorted(m.fact.key for m in t.marks if isinstance(m.fact, Figure)) for t in (text, office().summary())]
    assert set(numbers[0]) == set(numbers[1])


def test_one_project_and_no_basic_spending() -> None:
    text = rc.reconcile(budget(("项目支出", "甲", 10_000)), journal(*pay("2020-01-05", "记-1", "甲", 10_000))).summary()
    assert "年初预算1.00万元，年中没有调整，完成年初预算的100.00%，完成全年预算的100.00%，无结余。" in text
    assert "决算数" not in text
    assert "全年没有发生基本支出。" in text
    assert "其中：\n\n（1）甲：全年预算1.00万元，实际支出1.00万元，执行率100.00%，无结余。\n" in text
    assert "基本支出0.00万元；项目支出1.00万元，占100.00%。" in text
    assert "三公" not in text


def test_no_projects() -> None:
    ledger = journal(*pay("2020-01-05", "记-1", "", 5_000, path="基本支出"))
    text = rc.reconcile(plan(("基本支出", None, "30101", 0, 10_000, 0, 0)), ledger).summary()
    assert "全年没有项目预算，也没有发生项目支出。" in text
    assert "|" not in text
    assert "而发生的各项支出。" in text


def test_no_budget_zero_and_unreadable_are_three_things() -> None:
    lines = budget(("基本支出", "工资", 10_000), ("项目支出", "坏", "待定"), ("项目支出", "零", 0))
    payments = (
        *pay("2020-01-05", "记-1", "零", 500),
        *pay("2020-01-06", "记-2", "坏", 5),
        *pay("2020-01-07", "记-3", "新", 700),
    )
    text = rc.reconcile(lines, journal(*payments)).summary()
    assert "坏：全年预算【待补】万元（源表无法识别），实际支出5元，不计算执行率；" in text
    assert "零：全年预算为0，实际支出0.05万元，不计算执行率，无预算支出原因：【待补】；" in text
    assert "新：未列入预算，实际支出0.07万元，无预算支出原因：【待补】。" in text
    assert "| 新 | — | — | — | — | — | 0.07 | — | — |" in text
    assert "全年预算【待补】万元（源表无法识别），不计算执行率。" in text
    assert "坏：全年预算（源表金额无法识别）" in text.missing
    assert "nan" not in text.lower()
    assert "None" not in text


def test_a_category_without_budget_and_an_original_budget_of_zero() -> None:
    ledger = journal(*pay("2020-01-05", "记-1", "甲", 5_000), *pay("2020-01-06", "记-2", "", 800, path="基本支出"))
    text = rc.reconcile(plan(("项目支出", "甲", None, 20_000, 0, 0, 0)), ledger).summary()
    assert "基本支出未列入预算，实际支出0.08万元。" in text
    assert "全年预算2.00万元（均为上年结转），年初预算为0，不计算完成年初预算比例，完成全年预算的29.00%" in text


def test_spending_that_was_taken_back_and_more_than_the_budget() -> None:
    ledger = journal(*pay("2020-01-05", "记-1", "甲", -3_000), *pay("2020-01-06", "记-2", "乙", 30_000))
    text = rc.reconcile(budget(("项目支出", "甲", 10_000), ("项目支出", "乙", 10_000)), ledger).summary()
    assert "甲：全年预算1.00万元，实际支出-0.30万元，执行率-30.00%，结余1.30万元" in text
    assert "乙：全年预算1.00万元，实际支出3.00万元，执行率300.00%，超支2.00万元" in text
    assert "决算数大于年初预算数的主要原因是" in text


def test_some_months_are_named_and_told_against_the_schedule() -> None:
    lines = budget(("项目支出", "甲", 100_000))
    ledger = journal(*pay("2020-01-05", "记-1", "甲", 50_000), *pay("2020-08-05", "记-2", "甲", 7))
    text = rc.reconcile(lines, ledger, through="2020-03").summary()
    assert "2020年1月至3月预算收入为【待补】万元，支出为5.00万元，其中：" in text
    assert "执行率50.00%（支出÷全年预算），预算余额5.00万元；序时进度25.00%（3÷12）。" in text
    assert "按直线推算（支出÷3×12），至年末约支出20.00万元，为全年预算的200.00%。" in text
    assert "另有1笔、7元支出不在2020年1月至3月内" in text
    assert "决算为" not in text
    assert "结余" not in text.split("## 核对")[0]


def test_public_expenses_of_projects_without_class_budget_have_no_rate() -> None:
    lines = plan(
        ("基本支出", None, "30217", 0, 10_000, 0, 0),
        ("基本支出", None, "30231", 0, 20_000, 0, 0),
        ("项目支出", "甲", None, 0, 10_000, 0, 0),
    )
    ledger = spent(
        ("2020-01-05", "记-1", "接待", "基本支出", None, "30217", 5_000),
        ("2020-01-06", "记-2", "车辆", "基本支出", None, "30231", 3_000),
        ("2020-01-07", "记-3", "车辆", "项目支出", "甲", "3023101", 700),
    )
    text = rc.reconcile(lines, ledger).summary()
    assert (
        "“三公”经费支出0.87万元，其中：公务用车运行维护费支出0.37万元（预算没有按经济分类列明）；"
        "公务接待费预算1.00万元，决算0.50万元，完成预算的50.00%。" in text
    )


def test_a_tail_is_noted_where_printed_parts_miss_their_total() -> None:
    """0.005 + 0.005 万元 print as 0.01 + 0.01, together 0.01."""
    ledger = journal(*pay("2020-01-05", "记-1", "甲", 1_050), *pay("2020-01-06", "记-2", "", 1_050, path="基本支出"))
    lines = budget(("项目支出", "甲", 5_000), ("基本支出", "工资", 5_000))
    text = rc.reconcile(lines, ledger).summary()
    assert "支出决算为0.21万元，其中：基本支出0.11万元，占50.00%；项目支出0.11万元" in text
    assert "部分合计数与分项之和因四舍五入存在尾差" in text
    # 1,049 + 10,049 = 11,098 yuan of budget: 0.10 + 1.00 and 1.11
    carried = plan(("项目支出", "甲", None, 1_049, 10_049, 0, 0), ("基本支出", None, "30101", 0, 5_000, 0, 0))
    assert "尾差" in rc.reconcile(carried, journal(*pay("2020-01-05", "记-1", "甲", 1_000))).summary()
    even = journal(*pay("2020-01-05", "记-1", "甲", 1_000), *pay("2020-01-06", "记-2", "", 1_000, path="基本支出"))
    assert "尾差" not in rc.reconcile(lines, even).summary()


def test_contracts_of_one_supplier_are_not_paid_twice(tmp_path: Path) -> None:
    head = ["合同名称", "项目名称", "供应商", "单价", "结算数量", "合同金额"]
    register = sheet(
        tmp_path / "合同.xlsx", [head, ["一", "甲", "丙公司", 10, 100, 1000], ["二", "甲", "丙公司", 20, 50, 1000]]
    )
    ledger = rc.load_ledger(
        pd.DataFrame(
            [("2020-01-05", "记-1", "付款", "项目支出", "甲", "丙公司", 2_500)],
            columns=["日期", "凭证号", "摘要", "支出类型", "项目", "往来单位", "金额"],
        )
    )
    text = rc.reconcile(budget(("项目支出", "甲", 10_000)), ledger, contracts=register).summary()
    assert "一单价10元/件，结算100件，计1000元；二单价20元/件，结算50件，计1000元" in text
    assert "账面支付" not in text


# the cell of every number --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_number_of_the_example_is_that_of_its_cell(tmp_path: Path, language: str) -> None:
    from tests.conftest import EXAMPLE

    result = rc.reconcile(
        rc.load_budget(EXAMPLE / "budget_2020.xlsx"),
        rc.load_ledger(EXAMPLE / "ledger_2020.xlsx"),
        contracts=EXAMPLE / "contracts_2020.xlsx",
        settings=Settings(language=language),
    )
    text = result.summary()
    assert misplaced(text, result.write_review(tmp_path / "review.xlsx")) == []
    assert not re.search(r"\d", untraced(text))
    assert len(text.trace) > 150


@pytest.mark.parametrize("through", [None, "2020-03"])
def test_every_number_of_a_small_office_is_that_of_its_cell(tmp_path: Path, through: str | None) -> None:
    lines = plan(
        ("基本支出", None, "30101", 0, 10_000, 0, 0),
        ("项目支出", "*5号|楼", None, 100, "待定", 0, 0),
        ("项目支出", "零", None, 0, 0, 0, 0),
        ("项目支出", None, "30227", 0, 77, 0, 0),
        ("项目支出", "12345热线", None, 0, 1_000.55, 0, 0),
    )
    ledger = spent(
        ("2020-01-05", "记-1", "工资", "基本支出", None, "30101", 50.01),
        ("2020-01-06", "记-2", "出国", None, None, "30212", 9.99),
        ("2020-02-06", "记-3", "车", "项目支出", "12345热线", "30231", 2_000.6),
        ("2020-02-07", "记-4", "无", "项目支出", None, None, 1.01),
        ("2020-03-07", "记-5", "新", "项目支出", "2020新", None, 30.4),
        ("2020-09-07", "记-6", "晚", "项目支出", "零", None, 3),
    )
    result = rc.reconcile(lines, ledger, through=through)
    text = result.summary()
    assert misplaced(text, result.write_review(tmp_path / "review.xlsx")) == []
    assert not re.search(r"\d", untraced(text))
    assert "5号\\|楼 |" in text


@given(seed=st.integers(0, 10_000), month=st.sampled_from([None, 4, 9]))
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_number_of_a_drawn_department_is_that_of_its_cell(tmp_path: Path, seed: int, month: int | None) -> None:
    from dataclasses import replace

    drawn = draw_office(seed)
    if month:
        drawn = replace(drawn, through=f"{drawn.year}-{month:02d}")
    folder = tmp_path / f"{seed}-{month}"
    folder.mkdir(exist_ok=True)
    result = result_of(drawn, folder)
    text = result.summary()
    assert misplaced(text, result.write_review(folder / "review.xlsx")) == []
    assert not re.search(r"\d", untraced(text))


def test_a_figure_in_the_wrong_cell_is_seen(tmp_path: Path) -> None:
    result = office()
    text, path = result.summary(), result.write_review(tmp_path / "review.xlsx")
    assert misplaced(text, path) == []
    text.trace.loc[text.trace["id"] == "total/actual", "cell"] = "A1"
    assert {row.id for row, _ in misplaced(text, path)} == {"total/actual"}
    assert "5" in untraced(office().summary(template=own(tmp_path, "{{ total.actual }}，5万元")))


def test_the_trace_names_each_number_and_its_finding(example: rc.Reconciliation) -> None:
    trace = example.summary().trace.set_index("id")
    row = trace.loc[["project/4/rate"]].iloc[0]
    assert (row["phrase"], row["value"], row["unit"], row["sheet"]) == ("66.81%", 66.81, "%", "按项目")
    keys = {f.key for f in example.problems}
    assert {i.split("/")[1] for i in trace.index if i.startswith("finding/")} == keys


def test_the_sheet_shows_the_section_and_is_live(tmp_path: Path) -> None:
    result = office()
    path = result.write_review(tmp_path / "review.xlsx")
    shown = [[c.value for c in r] for r in openpyxl.load_workbook(path, data_only=True)["摘要"].iter_rows()]
    first = [row[0] for row in shown]
    for part in paragraphs(result.summary()):
        if part.level != 1 and not part.cells:
            assert part.text in first
    assert ["甲", "3.00", "10.00", "0.00", "1.00", "12.00", "6.00", "6.00", "50.00%"] in shown
    page = openpyxl.load_workbook(path)["摘要"]
    (row,) = [r for r in page.iter_rows() if r[0].value == "支出决算为110.57万元"]
    place = (row[3].value, row[4].value)
    assert row[1].value == f"='{place[0]}'!${place[1][0]}${place[1][1:]}"
    assert {r[7] for r in shown if r[7] in ("一致", "▲ 已变动")} == {"一致"}


def test_the_placement_writes_no_entries_and_leaves_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    from reconcile.write import review

    def refuse(*_: object) -> None:
        raise AssertionError

    for name in ("write_entries", "write_lines"):
        monkeypatch.setattr(review, name, refuse)
    assert len(office().summary().trace) > 50


# templates -----------------------------------------------------------------------------------------------------------


def own(folder: Path, text: str) -> Path:
    path = folder / "本局.md.j2"
    path.write_text(text, "utf-8")
    return path


def test_an_office_edits_a_template_and_its_numbers_are_traced(tmp_path: Path) -> None:
    template = own(
        tmp_path, "{% for p in projects %}\n{{ p.name }}花了{{ p.actual }}。\n{% endfor %}\n合计{{ total.actual }}"
    )
    text = office().summary(template=template)
    assert text == "甲花了6.00万元。\n5G大厅花了4.57万元。\n合计110.57万元\n"
    assert text.trace["phrase"].tolist() == ["6.00万元", "5G大厅", "4.57万元", "110.57万元"]
    assert text.trace["id"].tolist() == ["project/0/actual", "project/1/name", "project/1/actual", "total/actual"]


def test_a_template_asks_for_what_the_books_do_not_hold(tmp_path: Path) -> None:
    text = office().summary(template=own(tmp_path, '接待{{ supply("公务接待批次") }}批，{{ supply("人次") }}人次'))
    assert text == "接待【待补】批，【待补】人次\n"
    assert text.missing == ("公务接待批次", "人次")


def test_the_settings_name_a_template_beside_them(tmp_path: Path) -> None:
    own(tmp_path, "支出{{ total.actual }}")
    config = tmp_path / "reconcile.toml"
    config.write_text('summary_template = "本局.md.j2"\n', "utf-8")
    result = rc.reconcile(
        budget(("项目支出", "甲", 10_000)), journal(*pay("2020-01-05", "记-1", "甲", 5_000)), settings=config
    )
    assert result.summary() == "支出0.50万元\n"
    path = result.write_review(tmp_path / "review.xlsx")
    assert "支出0.50万元" in [c.value for c in openpyxl.load_workbook(path)["摘要"]["A"]]
    assert misplaced(result.summary(), path) == []


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("一\n支出{{ total.spent }}", 2, "spent"),
        ("收入{{ incme }}", 1, "incme"),
        ("{% for p in projects %}\n{{ p.share }}\n{% endfor %}", 2, "NoneType"),
        ("{{ total }}", 1, "Row"),
        ("{{ whole_year }}", 1, "bool"),
        ("{{ total.actual.exact }}", 1, "exact"),
        ("{{ total.actual | int }}", 1, "int"),
        ("{{ total.actual | default(0) }}", 1, "default"),
        ("{{ '共' ~ total.actual }}", 1, "单独打印"),
        ("{{ 1 / 3 }}", 1, "float"),
        ("{% if total %}", 1, "endif"),
        ("一\n二\n{{ total.actual | rund }}", 3, "rund"),
        ("{{ ''.__class__.__mro__ }}", 1, ""),
    ],
)
def test_a_template_that_asks_for_what_there_is_not_fails_loudly(
    tmp_path: Path, text: str, line: int, said: str
) -> None:
    with pytest.raises(rc.LoadError, match="模板") as refused:
        office().summary(template=own(tmp_path, text))
    assert f"第 {line} 行" in str(refused.value)
    assert said in str(refused.value)
    assert "本局.md.j2" in str(refused.value)


def test_a_template_from_an_old_editor_is_read(tmp_path: Path) -> None:
    path = tmp_path / "本局.md.j2"
    path.write_bytes("支出{{ total.actual }}\r\n合计".encode("gb18030"))
    assert office().summary(template=path) == "支出110.57万元\n合计\n"
    path.write_bytes(b"\xff\xff\xff")
    with pytest.raises(rc.LoadError, match="编码"):
        office().summary(template=path)


def test_a_template_that_is_not_there_and_a_language_that_there_is_not(example: rc.Reconciliation) -> None:
    with pytest.raises(rc.LoadError, match="没有"):
        example.summary(template="没有.md.j2")
    with pytest.raises(rc.LoadError, match="fr"):
        example.summary("fr")


def test_what_files_hold_is_no_template_and_marks_nothing() -> None:
    name = "{{ total }}\ufdd00\ufdd1甲\ufdd2\n# 乙"
    result = rc.reconcile(budget(("项目支出", name, 10_000)), journal(*pay("2020-01-05", "记-1", name, 5_000)))
    text = result.summary()
    assert "（1）{{ total }}\ufffd0\ufffd甲\ufffd # 乙：全年预算1.00万元" in text
    assert "\n# 乙" not in text


# the office's name ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("部门：某某局", "某某局"),
        ("单位: 301001 某某局", "某某局"),
        ("编制单位：某某局（公章）        金额单位：万元", "某某局"),
        ("单位名称：[301]某某局", "某某局"),
        ("金额单位：万元", ""),
        ("单位：元", ""),
    ],
)
def test_the_office_is_read_from_a_title(tmp_path: Path, title: str, name: str) -> None:
    lines = sheet(tmp_path / "b.xlsx", [[title], ["支出类型", "项目", "年初预算"], ["项目支出", "甲", 1]])
    result = rc.reconcile(rc.load_budget(lines, year=2020), journal(*pay("2020-01-05", "记-1", "甲", 1)))
    assert result.summary().startswith(f"# 2020年度{name}部门整体支出情况")


# Word ----------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def word(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return office().summary().write_docx(tmp_path_factory.mktemp("word") / "summary.docx")


def test_word_has_the_same_text_and_tables(word: Path, told: Summary) -> None:
    document = docx.Document(str(word))
    assert [p.text for p in document.paragraphs] == [p.text for p in paragraphs(told) if not p.cells]
    (table,) = document.tables
    (cells,) = [p.cells for p in paragraphs(told) if p.cells]
    assert [tuple(c.text for c in row.cells) for row in table.rows] == list(cells)


def test_word_shows_what_is_to_be_supplied(word: Path, told: Summary) -> None:
    runs = [r for p in docx.Document(str(word)).paragraphs for r in p.runs]
    marked = [r.text for r in runs if r.font.highlight_color]
    assert marked == ["【待补】"] * told.count("【待补】")
    assert len(marked) == 4


def test_word_is_in_the_official_style(word: Path) -> None:
    document = docx.Document(str(word))
    section = document.sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(m / Mm(1)) for m in margins] == [37, 35, 28, 26]
    fonts = {}
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        style = document.styles[name]
        fonts[name] = (style.element.rPr.rFonts.get(qn("w:eastAsia")), style.font.size.pt)
        assert 28 <= style.paragraph_format.line_spacing.pt <= 36
    assert fonts == {
        "Normal": ("仿宋_GB2312", 16),
        "Title": ("方正小标宋简体", 22),
        "Heading 1": ("黑体", 16),
        "Heading 2": ("楷体_GB2312", 16),
    }
    body = [p for p in document.paragraphs if p.style.name == "Normal" and p.text.startswith("2020")]
    assert {p._p.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) for p in body} == {"200"}
    footer = section.footer.paragraphs[0]._p.xml
    assert 'w:instr="PAGE"' in footer
    assert [t for t in re.findall(r"<w:t[^>]*>(.*?)</w:t>", footer) if "—" in t] == ["— ", " —"]
    (table,) = document.tables
    assert table.style.name == "Table Grid"
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_word_is_the_same_bytes_for_the_same_text(word: Path, tmp_path: Path) -> None:
    again = office().summary().write_docx(tmp_path / "again.docx").read_bytes()
    assert again == word.read_bytes()
    with zipfile.ZipFile(io.BytesIO(again)) as package:
        assert {i.date_time for i in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert "2020-12-31" in package.read("docProps/core.xml").decode()
        assert not [n for n in package.namelist() if "thumbnail" in n]


def test_word_keeps_text_that_xml_cannot_hold(tmp_path: Path) -> None:
    name = "甲\x01<乙>&"
    result = rc.reconcile(budget(("项目支出", name, 10_000)), journal(*pay("2020-01-05", "记-1", name, 5_000)))
    path = result.summary().write_docx(tmp_path / "s.docx")
    assert "甲␁<乙>&：全年预算" in "\n".join(p.text for p in docx.Document(str(path)).paragraphs)


def test_a_text_fact_has_no_value(told: Summary) -> None:
    texts = [m for m in told.marks if isinstance(m.fact, Text)]
    assert texts
    assert told.trace.loc[told.trace["unit"] == "text", "value"].isna().all()

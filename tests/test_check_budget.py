"""Rules of the budget's execution: project, category and class; spent to the cent; differences that offset."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import reconcile as rc
from tests.small import budget, codes, journal, pay

BASIC = ("基本支出", "基本工资", 1000)
PAID = pay("2020-01-05", "记-1", "", 900, path="基本支出")
CLASSED = ("日期", "凭证号", "摘要", "支出类型", "项目", "经济分类编码", "借方金额")


def plan(columns: tuple[str, ...], *rows: tuple[Any, ...]) -> rc.Budget:
    return rc.load_budget(pd.DataFrame(list(rows), columns=list(columns), dtype=object), year=2020)


def spent(*rows: tuple[str, str, object], category: str = "基本支出") -> rc.Ledger:
    """(project, class, amount) as payments of 2020, one a voucher."""
    lines = [
        (f"2020-{i % 12 + 1:02d}-05", f"记-{i}", "付款", category if not project else "项目支出", project, code, amount)
        for i, (project, code, amount) in enumerate(rows)
    ]
    return rc.load_ledger(pd.DataFrame(lines, columns=list(CLASSED), dtype=object))


def found(result: rc.Reconciliation, code: str) -> list[tuple[str, str, float]]:
    own = result.findings[result.findings["code"] == code]
    return list(own[["severity", "subject", "actual"]].itertuples(index=False, name=None))


def ended(result: rc.Reconciliation, check: str) -> str:
    return str(result.checks.set_index("check").loc[check, "outcome"])


BY_CLASS = ("支出类型", "经济分类编码", "经济分类名称", "年初预算")
OFFICE = ("基本支出", "30201", "办公费", 100)
WATER = ("基本支出", "30205", "水费", 50)
GUESTS = ("基本支出", "30217", "公务接待费", 10)


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [  # spending of office, water, guests against 100, 50, 10
        ((100, 50, 10), []),
        (("100.01", 50, 10), [("warning", "办公费", 100.01), ("error", "基本支出", 160.01)]),
        ((90, 50, "10.01"), [("error", "公务接待费", 10.01)]),
    ],
)
def test_a_class_over_its_budget_is_a_warning_and_a_public_one_an_error(
    amounts: tuple[object, ...], expected: list[tuple[str, str, float]]
) -> None:
    ledger = spent(*(("", code, a) for code, a in zip(("30201", "30205", "30217"), amounts)))
    result = rc.reconcile(plan(BY_CLASS, OFFICE, WATER, GUESTS), ledger)
    assert sorted(found(result, "over-budget")) == sorted(expected)


def test_the_three_public_classes_are_held_together() -> None:
    car = ("基本支出", "30231", "公务用车运行维护费", 20)
    rows = (("", "30217", 12), ("", "30231", 25), ("", "30201", 1))
    result = rc.reconcile(plan(BY_CLASS, OFFICE, GUESTS, car), spent(*rows))
    assert ("error", "“三公”经费", 37.0) in found(result, "over-budget")  # 12 + 25 against 10 + 20
    assert "123.33%" in result.findings.set_index("subject").loc["“三公”经费", "message"]
    within = rc.reconcile(plan(BY_CLASS, OFFICE, GUESTS, car), spent(("", "30217", 12), ("", "30231", 15)))
    assert ended(within, "three-public") == "passed"
    assert (
        ended(rc.reconcile(plan(BY_CLASS, OFFICE, WATER), spent(("", "30201", 1))), "three-public") == "could-not-run"
    )


def test_a_class_without_a_line_is_unbudgeted_where_every_line_names_its_class() -> None:
    rows = (("", "30201", 90), ("", "30205", 40), ("", "30211", "0.01"))
    result = rc.reconcile(plan(BY_CLASS, OFFICE, WATER), spent(*rows))
    assert found(result, "unbudgeted-spending") == [("warning", "差旅费", 0.01)]
    # 公用经费 names no class of its own: travel may be in it
    groups = plan(("支出类型", "项目名称", "年初预算"), ("基本支出", "人员经费", 10), ("基本支出", "公用经费", 140))
    assert found(rc.reconcile(groups, spent(*rows)), "unbudgeted-spending") == []
    # 302 is the head of all three
    heads = plan(BY_CLASS, ("基本支出", "301", "工资福利支出", 10), ("基本支出", "302", "商品和服务支出", 140))
    assert found(rc.reconcile(heads, spent(*rows)), "unbudgeted-spending") == []
    assert found(rc.reconcile(heads, spent(*rows)), "over-budget") == []


def test_spending_goes_to_its_own_class_before_the_head_of_it() -> None:
    lines = (("基本支出", "302", "商品和服务支出", 100), ("基本支出", "30211", "差旅费", 5))
    result = rc.reconcile(plan(BY_CLASS, *lines), spent(("", "30201", 90), ("", "30211", 6)))
    assert found(result, "over-budget") == [("warning", "差旅费", 6.0)]


def test_classes_of_a_project_are_held_apart_from_those_of_another() -> None:
    columns = ("支出类型", "项目名称", "经济分类编码", "年初预算")
    lines = (("项目支出", "甲", "30227", 100), ("项目支出", "甲", "30202", 10), ("项目支出", "乙", "30227", 50))
    rows = (("甲", "30227", 90), ("甲", "30202", 12), ("甲", "30213", 1), ("乙", "30213", 45))
    result = rc.reconcile(plan(columns, *lines), spent(*rows))
    assert found(result, "over-budget") == [("warning", "印刷费", 12.0)]
    # 甲 is budgeted by two classes; 乙 has one line, which is the project itself
    assert found(result, "unbudgeted-spending") == [("warning", "维修（护）费", 1.0)]


def test_a_class_without_spending_is_a_note_where_every_entry_has_its_class() -> None:
    result = rc.reconcile(plan(BY_CLASS, OFFICE, WATER, GUESTS), spent(("", "30201", 95), ("", "30205", 45)))
    assert found(result, "no-spending") == [("info", "公务接待费", 0.0)]
    loose = rc.reconcile(plan(BY_CLASS, OFFICE, WATER, GUESTS), spent(("", "30201", 95), ("", "", 45)))
    assert found(loose, "no-spending") == []


def test_spending_on_a_name_near_to_the_budget_is_a_warning_and_on_a_strange_one_an_error() -> None:
    result = rc.reconcile(
        budget(BASIC, ("项目支出", "印章刻制服务", 100)),
        journal(*PAID, *pay("2020-02-01", "记-1", "印章刻制项目", 5), *pay("2020-02-02", "记-2", "QQ", 7)),
    )
    assert found(result, "unbudgeted-spending") == [("error", "QQ", 7.0), ("warning", "印章刻制项目", 5.0)]
    assert {s for _, s, _ in found(result, "unmatched-project")} == {"QQ", "印章刻制项目"}
    message = result.findings.set_index(["code", "subject"]).loc[("unbudgeted-spending", "印章刻制项目"), "message"]
    assert "印章刻制服务" in message


def test_a_category_that_no_line_is_of_may_have_its_budget_elsewhere() -> None:
    only_projects = budget(("项目支出", "印章", 100))
    ledger = journal(*PAID, *pay("2020-02-01", "记-1", "印章", 90))
    assert found(rc.reconcile(only_projects, ledger), "unbudgeted-spending") == [("warning", "基本支出", 900.0)]
    nought = budget(("基本支出", "基本工资", 0), ("项目支出", "印章", 100))
    assert found(rc.reconcile(nought, ledger), "unbudgeted-spending") == [("error", "基本支出", 900.0)]


def test_a_ledger_that_names_no_project_says_nothing_about_projects() -> None:
    result = rc.reconcile(
        budget(BASIC, ("项目支出", "印章", 100), ("项目支出", "法律", 50)),
        journal(*PAID, *pay("2020-02-01", "记-1", "", 140)),
    )
    assert [c for c, _ in codes(result) if c in ("no-spending", "unbudgeted-spending")] == []
    check = result.checks.set_index("check").loc["no-spending"]
    assert (check["outcome"], "没有列明项目" in check["reason"]) == ("could-not-run", True)
    over = rc.reconcile(budget(BASIC, ("项目支出", "印章", 100)), journal(*PAID, *pay("2020-02-01", "记-1", "", 101)))
    assert ("error", "项目支出", 101.0) in found(over, "over-budget")


def test_a_rate_names_its_denominator_and_an_original_of_nought_has_none() -> None:
    columns = ("支出类型", "项目名称", "年初预算", "追加")
    result = rc.reconcile(
        plan(columns, ("项目支出", "甲", 100, 50), ("项目支出", "乙", 0, 80), ("项目支出", "丙", 90, None)),
        journal(
            *pay("2020-02-01", "记-1", "甲", 160),
            *pay("2020-02-01", "记-2", "乙", 40),
            *pay("2020-02-01", "记-3", "丙", 91),
        ),
    )
    message = result.findings.set_index(["code", "subject"])["message"]
    assert "占全年预算106.67%，完成年初预算的160.00%" in message["over-budget", "甲"]
    assert "支出40.00元÷全年预算80.00元；年初预算为0，不计算" in message["low-execution", "乙"]
    assert "年初预算" not in message["over-budget", "丙"]


# spent to the cent ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("amount", "expected"), [("99.99", []), (100, [("info", "印章", 100.0)]), ("100.01", [])])
def test_a_project_spent_to_the_cent_is_a_note(amount: object, expected: list[tuple[str, str, float]]) -> None:
    result = rc.reconcile(
        budget(BASIC, ("项目支出", "印章", 100)), journal(*PAID, *pay("2020-02-01", "记-1", "印章", amount))
    )
    assert found(result, "exactly-spent") == expected


def test_many_projects_spent_to_the_cent_are_one_note() -> None:
    names = [f"项目{c}" for c in "甲乙丙丁戊己庚辛"]
    lines = budget(BASIC, *(("项目支出", n, 100) for n in names))
    paid = [line for i, n in enumerate(names[:6]) for line in pay("2020-02-01", f"记-{i}", n, 100)]
    rest = [line for i, n in enumerate(names[6:]) for line in pay("2020-03-01", f"记-{i}", n, 95)]
    result = rc.reconcile(lines, journal(*PAID, *paid, *rest))
    assert len(found(result, "exactly-spent")) == 1
    assert "8个项目中有6个" in result.findings.set_index("code").loc["exactly-spent", "message"]
    few = rc.reconcile(lines, journal(*PAID, *paid[2:], *rest, *pay("2020-04-01", "记-9", "项目甲", 99)))
    assert len(found(few, "exactly-spent")) == 5


# differences that offset ---------------------------------------------------------------------------------------


def offset(*amounts: object) -> rc.Reconciliation:
    """Projects of 100 each, and what was spent on them."""
    names = "甲乙丙丁"[: len(amounts)]
    paid = [line for n, a in zip(names, amounts) for line in pay("2020-02-01", f"记-{n}", f"项目{n}", a)]
    return rc.reconcile(budget(*(("项目支出", f"项目{n}", 100) for n in names)), journal(*paid))


@pytest.mark.parametrize(
    ("amounts", "more", "less"),
    [
        (("100.01", "99.99", 90), "项目甲", "项目乙"),  # a pair
        ((90, "107.30", "92.70"), "项目乙", "项目丙"),
        (("100.30", "99.90", "99.80", 95), "项目甲", "项目乙、项目丙"),  # one against two
        (("99.70", "100.10", "100.20", 95), "项目乙、项目丙", "项目甲"),
        ((102, "100.50", 99, "98.50"), "项目甲、项目乙", "项目丙、项目丁"),  # all four together
        ((300, 0, 0), "项目甲", "项目乙、项目丙"),  # round sums, but all there is
    ],
)
def test_lines_that_offset_are_named(amounts: tuple[object, ...], more: str, less: str) -> None:
    result = offset(*amounts)
    own = result.findings[result.findings["code"] == "offsetting-differences"]
    assert len(own) == 1
    assert f"“项目支出”中{more}超预算" in own["message"].iloc[0]
    assert f"，{less}恰好少用" in own["message"].iloc[0]
    assert own["severity"].tolist() == ["warning"]


@pytest.mark.parametrize(
    "amounts",
    [
        ("100.01", "99.98", 90),  # not the same
        (100, 100, 90),  # nothing over
        (300, 0, 0, 95),  # round sums that two others make up by chance, and a fourth line beside them
    ],
)
def test_lines_that_do_not_offset_are_no_finding(amounts: tuple[object, ...]) -> None:
    assert found(offset(*amounts), "offsetting-differences") == []


def test_classes_offset_each_other_too() -> None:
    result = rc.reconcile(
        plan(BY_CLASS, OFFICE, WATER, GUESTS), spent(("", "30201", "100.50"), ("", "30205", "49.50"), ("", "30217", 9))
    )
    assert found(result, "offsetting-differences") == [("warning", "办公费", 0.5)]


def test_printed_spending_that_misses_the_ledger_both_ways() -> None:
    columns = ("支出类型", "项目名称", "年初预算", "实际支出")
    lines = (("项目支出", "甲", 100, 95), ("项目支出", "乙", 100, 80), ("项目支出", "丙", 100, 90))
    paid = [line for n, a in (("甲", 90), ("乙", 85), ("丙", 90)) for line in pay("2020-02-01", f"记-{n}", n, a)]
    result = rc.reconcile(plan(columns, *lines), journal(*paid))
    assert found(result, "offsetting-differences") == [("warning", "甲", 5.0)]
    assert sorted(s for _, s, _ in found(result, "balance-identity")) == ["乙", "甲"]


def test_a_category_without_spending_is_said_by_its_projects() -> None:
    plan = budget(("基本支出", "基本工资", 100), ("项目支出", "甲", 60), ("项目支出", "乙", 40))
    result = rc.reconcile(plan, journal(*pay("2020-01-05", "记-1", "", 90, path="基本支出")))
    idle = result.findings[result.findings["code"] == "no-spending"]
    assert idle["subject"].tolist() == ["甲", "乙"]
    assert idle["expected"].tolist() == [60.0, 40.0]


def test_a_category_without_projects_and_without_spending_is_said_itself() -> None:
    plan = budget(("基本支出", "", 100), ("项目支出", "甲", 60))
    result = rc.reconcile(plan, journal(*pay("2020-01-05", "记-1", "甲", 55)))
    assert ("no-spending", "基本支出") in codes(result)


def test_a_rule_that_fires_on_most_lines_says_so_once() -> None:
    # 30 projects of 100 yuan: 25 spent 10 yuan each, 5 spent 90 each
    plan = budget(*(("项目支出", f"第{i}号工程", 100) for i in range(30)))
    spent = [10 if i < 25 else 90 for i in range(30)]
    lines = [row for i in range(30) for row in pay("2020-05-06", f"记-{i + 1}", f"第{i}号工程", spent[i])]
    result = rc.reconcile(plan, journal(*lines))
    low = [f for f in result.problems if f.code == "low-execution"]
    assert [(f.level.value, f.params["count"], f.params["of"]) for f in low] == [("error", 25, 30)]
    assert "预算共2,500.00元，支出250.00元" in low[0].message()


def test_many_lines_over_budget_are_named_to_a_number_and_then_counted() -> None:
    # 70 projects of 100 yuan; number i is over by 1 + i yuan, and so is the category: of these 71 the 50 largest are
    # named, the category and the projects over by 22 to 70; those over by 1 to 21 are counted, 21 × 22 ÷ 2 = 231 yuan
    plan = budget(*(("项目支出", f"第{i}号工程", 100) for i in range(70)))
    lines = [row for i in range(70) for row in pay("2020-05-06", f"记-{i + 1}", f"第{i}号工程", 101 + i)]
    result = rc.reconcile(plan, journal(*lines))
    over = [f for f in result.problems if f.code == "over-budget"]
    assert len(over) == 51
    assert sorted(f.difference for f in over if f.difference is not None)[0] == 22_00
    assert "另有21个项目或类别超预算，共超231.00元" in over[-1].message()

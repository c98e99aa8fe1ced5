"""Which project and which category an entry belongs to, by what evidence; and what is left to a person."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reconcile as rc
from reconcile import evidence
from reconcile.read import words
from tests import small
from tests.small import budget

PLAN = ("支出类型", "项目编码", "项目名称", "年初预算")
BOOKS = ("日期", "支出类型", "项目编码", "项目名称", "金额")


def plan(*rows: Sequence[Any], columns: Sequence[str] = PLAN) -> rc.Budget:
    return rc.load_budget(pd.DataFrame(list(rows), columns=list(columns), dtype=object), year=2020)


def books(*rows: Sequence[Any], columns: Sequence[str] = BOOKS) -> rc.Ledger:
    """A ledger of `rows`, each without its date."""
    dated = [("2020-03-01", *row) for row in rows]
    return rc.load_ledger(pd.DataFrame(dated, columns=list(columns), dtype=object))


def placed(result: rc.Reconciliation) -> list[tuple[str, str, str, str]]:
    """(category, project, evidence, confidence) of every entry's project."""
    shown = result.entries()[["category", "project", "project_evidence", "project_confidence"]]
    return list(shown.itertuples(index=False, name=None))


def found(result: rc.Reconciliation, *codes: str) -> list[tuple[str, str, str, float]]:
    """(code, severity, subject, actual) of the findings of these codes."""
    own = result.findings[result.findings["code"].isin(codes)]
    return list(own[["code", "severity", "subject", "actual"]].itertuples(index=False, name=None))


SEALS = ("项目支出", "P01", "企业印章刻制", 100)
LAW = ("项目支出", "P02", "政府法律顾问服务", 50)


@pytest.mark.parametrize(
    ("row", "project", "how", "trust"),
    [
        (("", "P01", "企业印章刻制", 1), "企业印章刻制", "code-and-name", "high"),
        (("", "P-01", "", 1), "企业印章刻制", "project-code", "high"),
        (("", "", "1、企业【印章】 刻制", 1), "企业印章刻制", "project-name", "high"),
        (("", "", "P01_企业印章刻制", 1), "企业印章刻制", "code-and-name", "high"),
        (("", "", "企业印章刻制（P-01）", 1), "企业印章刻制", "code-and-name", "high"),
        (("", "", "P02_企业印章刻制", 1), "P02_企业印章刻制", "not-in-budget", ""),
        (("", "P09", "企业印章刻制", 1), "企业印章刻制", "name-of-other-code", "medium"),
        (("", "P01", "印章", 1), "企业印章刻制", "code-of-other-name", "medium"),
        (("", "", "印章刻制费", 1), "印章刻制费", "not-in-budget", ""),
        (("", "P0", "", 1), "P0", "not-in-budget", ""),
        (("", "P01.02", "", 1), "P01.02", "not-in-budget", ""),
        (("", "", "", 1), "", "no-project", ""),
    ],
)
def test_a_project_is_known_by_code_then_by_name_and_never_by_likeness(
    row: tuple[Any, ...], project: str, how: str, trust: str
) -> None:
    result = rc.reconcile(plan(SEALS, LAW), books(row))
    assert [p[1:] for p in placed(result)] == [(project, how, trust)]


def test_the_leaf_of_an_account_names_a_project() -> None:
    ledger = small.journal(*small.pay("2020-01-05", "记-1", "", 10, path="行政支出/项目支出/企业印章刻制"))
    assert placed(rc.reconcile(plan(SEALS, LAW), ledger)) == [("project", "企业印章刻制", "account-path", "medium")]


def test_a_code_and_a_name_of_two_projects_give_the_money_to_neither() -> None:
    result = rc.reconcile(plan(SEALS, LAW), books(("", "P01", "政府法律顾问服务", 10), ("", "P01", "", 5)))
    assert found(result, "code-name-conflict") == [("code-name-conflict", "error", "企业印章刻制", 10.0)]
    rows = result.by_project[["project_code", "project", "actual", "status"]].to_numpy().tolist()
    assert rows == [
        ["P01", "企业印章刻制", 5.0, "within-budget"],
        ["P02", "政府法律顾问服务", 0.0, "no-spending"],
        ["P01", "政府法律顾问服务", 10.0, "unsettled"],
    ]
    message = result.findings.set_index("code").loc["code-name-conflict", "message"]
    assert "P01" in message
    assert "“企业印章刻制”" in message
    assert "“政府法律顾问服务”" in message
    assert result.totals["project"] == 15.0


def test_a_conflict_names_the_cell_of_the_code(tmp_path: Any) -> None:
    head = ["日期", "凭证号", "支出类型", "项目编码", "项目名称", "金额"]
    row = ["2020-03-01", "记-1", "项目支出", "P01", "政府法律顾问服务", 10]
    path = small.sheet(tmp_path / "账.xlsx", [["单位：元"], head, row])
    result = rc.reconcile(plan(SEALS, LAW), rc.load_ledger(path))
    [finding] = [f for f in result.problems if f.code == "code-name-conflict"]
    assert str(finding.origin) == "账.xlsx › Sheet1!D3"


@pytest.mark.parametrize(("name", "severity"), [("印章刻制", "info"), ("企业 印章刻制", None), ("食堂改造", "warning")])
def test_a_known_code_with_an_unknown_name_is_matched_by_code_and_said(name: str, severity: str | None) -> None:
    result = rc.reconcile(plan(SEALS, LAW), books(("", "P01", name, 100)))
    assert result.by_project.set_index("project").loc["企业印章刻制", "actual"] == 100
    assert found(result, "code-name-conflict") == (
        [("code-name-conflict", severity, "企业印章刻制", 100.0)] if severity else []
    )


def test_many_renamed_projects_are_said_once() -> None:
    lines = [("项目支出", f"P{i:02d}", f"专项工作{i:02d}号", 10) for i in range(30)]
    spent = [("", f"P{i:02d}", f"专项工作{i:02d}号经费", 10) for i in range(30)]
    result = rc.reconcile(plan(*lines), books(*spent))
    assert found(result, "code-name-conflict") == [("code-name-conflict", "info", "项目支出", 300.0)]


def test_one_name_under_two_codes_is_ambiguous_and_its_code_tells() -> None:
    two = [("项目支出", "P01", "信息化建设", 100), ("项目支出", "P02", "信息化建设", 100)]
    result = rc.reconcile(plan(*two), books(("", "", "信息化建设", 7), ("", "P02", "信息化建设", 5)))
    assert [p[1:3] for p in placed(result)] == [("信息化建设", "ambiguous-match"), ("信息化建设", "code-and-name")]
    assert found(result, "ambiguous-match") == [("ambiguous-match", "error", "信息化建设", 7.0)]
    assert result.by_project["actual"].tolist() == [0.0, 5.0, 7.0]
    assert "P01 信息化建设、P02 信息化建设" in result.findings.set_index("code").loc["ambiguous-match", "message"]
    assert result.totals["project"] == 12.0  # either is a project, so the category is not in doubt


def test_one_code_on_two_names_is_ambiguous_and_its_name_tells() -> None:
    two = [("项目支出", "D1", "公园", 100), ("项目支出", "D1", "图书馆", 100)]
    result = rc.reconcile(plan(*two), books(("", "D1", "", 7), ("", "D1", "图书馆", 5)))
    assert [p[1:3] for p in placed(result)] == [("D1", "ambiguous-match"), ("图书馆", "code-and-name")]
    assert found(result, "ambiguous-match") == [("ambiguous-match", "error", "D1", 7.0)]


def test_one_name_in_two_categories_is_told_by_the_type_of_the_row() -> None:
    two = [("基本支出", "", "窗口运行", 10), ("项目支出", "", "窗口运行", 20)]
    result = rc.reconcile(plan(*two), books(("基本支出", "", "窗口运行", 1), ("项目支出", "", "窗口运行", 2)))
    assert result.by_project["actual"].tolist() == [1.0, 2.0]
    assert {p[2:] for p in placed(result)} == {("one-of-category", "medium")}
    assert found(result, "ambiguous-match") == []
    loose = rc.reconcile(plan(*two), books(("", "", "窗口运行", 4)))
    assert placed(loose) == [("undetermined", "窗口运行", "ambiguous-match", "")]
    assert loose.by_category.set_index("category")["actual"].to_dict() == {
        "basic": 0.0,
        "project": 0.0,
        "undetermined": 4.0,
    }


def test_a_line_without_its_code_is_of_the_one_project_of_its_name() -> None:
    result = rc.reconcile(
        plan(("项目支出", "", "信息化建设", 30), ("项目支出", "P01", "信息化建设", 100)),
        books(("", "P01", "", 7), ("", "", "信息化建设", 5)),
    )
    assert result.by_project[["project_code", "available", "actual"]].to_numpy().tolist() == [["P01", 130.0, 12.0]]


def test_a_row_of_the_other_category_is_counted_where_it_says_and_named() -> None:
    result = rc.reconcile(plan(SEALS), books(("项目支出", "", "企业印章刻制", 90), ("基本支出", "", "企业印章刻制", 4)))
    assert found(result, "ambiguous-match") == [("ambiguous-match", "error", "企业印章刻制", 4.0)]
    assert result.by_category.set_index("category")["actual"].to_dict() == {"basic": 4.0, "project": 90.0}
    assert result.by_project["status"].tolist() == ["within-budget", "unsettled"]


def test_names_of_basic_spending_are_no_projects_where_the_budget_does_not_split_it() -> None:
    budget = plan(
        ("基本支出", "30101", None, 1000),
        ("项目支出", None, "企业印章刻制", 100),
        columns=("支出类型", "经济分类编码", "项目名称", "年初预算"),
    )
    result = rc.reconcile(budget, books(("基本支出", "", "在职人员", 900), ("项目支出", "", "企业印章刻制", 100)))
    assert found(result, "unmatched-project") == [("unmatched-project", "info", "基本支出", 900.0)]
    assert result.by_project["project"].tolist() == ["企业印章刻制"]
    assert result.entries()["stated_project"].tolist() == ["在职人员", "企业印章刻制"]
    assert not result.has_errors


def test_the_nearest_names_are_offered_with_the_lead_of_the_first() -> None:
    # 印章制作 shares 3 of 4 characters with 印章刻制 (2·3÷8 = 75) and 2 of 4 with 印章保管 (50, below what is offered)
    result = rc.reconcile(
        plan(("项目支出", "", "印章刻制", 10), ("项目支出", "", "印章保管", 10)), books(("", "", "印章制作", 3))
    )
    message = result.findings.set_index("code").loc["unmatched-project", "message"]
    assert "印章刻制 (75)" in message
    assert "领先 25 分" in message
    assert "印章保管" not in message


def test_one_line_spent_as_two_and_two_lines_spent_as_one_are_named() -> None:
    result = rc.reconcile(
        plan(
            ("项目支出", "", "信息化建设", 10),
            ("项目支出", "", "窗口服务外包", 10),
            ("项目支出", "", "窗口服务设备", 10),
        ),
        books(("", "", "信息化建设一期", 3), ("", "", "信息化建设二期", 4), ("", "", "窗口服务", 5)),
    )
    assert found(result, "ambiguous-match") == [
        ("ambiguous-match", "warning", "窗口服务", 5.0),
        ("ambiguous-match", "warning", "信息化建设", 7.0),
    ]
    assert result.by_project.set_index("project")["actual"].to_dict() == {
        "信息化建设": 0.0,
        "窗口服务外包": 0.0,
        "窗口服务设备": 0.0,
        "信息化建设一期": 3.0,
        "信息化建设二期": 4.0,
        "窗口服务": 5.0,
    }


def test_many_unmatched_projects_are_listed_by_amount_and_then_together() -> None:
    spent = [("", "", f"新增事项{chr(0x4E00 + 7 * i)}", i + 1) for i in range(60)]
    result = rc.reconcile(plan(SEALS), books(*spent))
    own = found(result, "unmatched-project")
    assert len(own) == 51
    assert own[0][3] == 60.0
    assert own[-1][2:] == ("项目支出", float(sum(range(1, 11))))
    assert sum(f[3] for f in own) == sum(range(1, 61))


CATEGORY = ("支出类型", "科目编码", "科目名称", "项目名称", "指标文号", "经济分类编码", "功能分类")


@pytest.mark.parametrize(
    ("row", "category", "how", "trust"),
    [
        # 1 the type column, before all else: words, 一体化 codes 1, 21, 22, 3
        (("基本支出", "7101", "行政支出/项目支出", "", "", "30901", ""), "basic", "stated-type", "high"),
        (("21", "7101", "", "", "", "", ""), "basic", "stated-type", "high"),
        (("22", "7101", "", "", "", "", ""), "project", "stated-type", "high"),
        (("特定目标类", "7101", "", "", "", "", ""), "project", "stated-type", "high"),
        (("", "7101", "", "人员经费", "", "", ""), "basic", "stated-type", "high"),
        # 2 the account
        (("运转类", "7101", "行政支出/项目支出", "", "", "30101", ""), "project", "account-path", "high"),
        (("", "7301", "经营支出", "", "", "30101", ""), "other", "account-code", "high"),
        # 3 a project of the budget
        (("", "7101", "行政支出", "企业印章刻制", "财2", "30101", "2010301"), "project", "budget-project", "high"),
        # 4 its 指标
        (("", "7101", "行政支出", "", "财2", "30901", "2010302"), "basic", "quota-line", "high"),
        (("", "7101", "行政支出", "", "财1", "", ""), "project", "budget-project", "high"),
        # a project that the budget does not name
        (("", "7101", "行政支出", "食堂改造", "", "30101", "2010301"), "project", "named-project", "low"),
        # 5 a capital class
        (("", "7101", "行政支出", "", "", "30903", "2010301 行政运行"), "project", "capital-class", "medium"),
        (("", "7101", "行政支出", "", "财9", "311", ""), "project", "capital-class", "medium"),
        # 6 functional items of running, and of insurance and housing
        (("", "7101", "行政支出", "", "", "30201", "2010301"), "basic", "functional-class-basic", "medium"),
        (("", "7101", "行政支出", "", "", "30201", "行政运行"), "basic", "functional-class-basic", "medium"),
        (("", "7101", "行政支出", "", "", "", "2010350 事业运行"), "basic", "functional-class-basic", "medium"),
        (("", "7101", "行政支出", "", "", "", "2080505"), "basic", "functional-class-basic", "medium"),
        (("", "7101", "行政支出", "", "", "", "2210201 住房公积金"), "basic", "functional-class-basic", "medium"),
        # 7 other functional items
        (("", "7101", "行政支出", "", "", "30101", "2010302"), "project", "functional-class-project", "low"),
        (("", "7101", "行政支出", "", "", "", "一般行政管理事务"), "project", "functional-class-project", "low"),
        (
            ("", "7101", "行政支出", "", "", "", "2120801 征地和拆迁补偿支出"),
            "project",
            "functional-class-project",
            "low",
        ),
        # 8 wages and aid without a project
        (("", "7101", "行政支出", "", "", "30305", "20103"), "basic", "personnel-class", "low"),
        # none of them
        (("", "7101", "行政支出", "", "", "30201", ""), "undetermined", "none", ""),
        (("运转类", "7101", "行政支出", "", "", "", "20103"), "undetermined", "none", ""),
    ],
)
def test_the_category_is_decided_by_the_first_evidence_in_order(
    row: tuple[str, ...], category: str, how: str, trust: str
) -> None:
    budget = plan(
        ("项目支出", "企业印章刻制", "财1", 100),
        ("基本支出", "工资", "财2", 100),
        ("基本支出", "社保", "财2", 100),
        ("项目支出", "印刷", "财9", 1),
        ("基本支出", "水电", "财9", 1),
        columns=("支出类型", "项目名称", "指标文号", "年初预算"),
    )
    ledger = books((*row, 5), columns=("日期", *CATEGORY, "金额"))
    entry = rc.reconcile(budget, ledger).entries().iloc[0]
    assert (entry["category"], entry["category_evidence"], entry["category_confidence"]) == (category, how, trust)


def test_a_quota_of_one_line_places_what_names_no_project() -> None:
    budget = plan(
        ("项目支出", "印章", "A-1", "财1", 100),
        ("项目支出", "法律", "A-2", "财1", 50),
        columns=("支出类型", "项目名称", "指标编码", "指标文号", "年初预算"),
    )
    spent = [("A-2", "财1", "", 7), ("", "财1", "", 5), ("", "财1", "印章", 3), ("A-2", "", "食堂", 2)]
    result = rc.reconcile(budget, books(*spent, columns=("日期", "指标编码", "指标文号", "项目名称", "金额")))
    assert placed(result) == [
        ("project", "法律", "quota-line", "medium"),
        ("project", "", "no-project", ""),  # two lines have this 文号
        ("project", "印章", "project-name", "high"),
        ("project", "食堂", "not-in-budget", ""),  # a name is not overruled by a number
    ]
    assert budget.lines["document"].tolist() == ["财1", "财1"]
    assert result.ledger.entries["quota"].tolist() == ["A-2", "", "", "A-2"]


def test_a_quota_tells_apart_projects_of_one_name() -> None:
    budget = plan(
        ("项目支出", "信息化", "A-1", "P1", 100),
        ("项目支出", "信息化", "A-2", "P2", 50),
        columns=("支出类型", "项目名称", "指标编码", "项目编码", "年初预算"),
    )
    result = rc.reconcile(budget, books(("A-2", "信息化", 7), columns=("日期", "指标编码", "项目名称", "金额")))
    assert result.by_project["actual"].tolist() == [0.0, 7.0]


def test_every_evidence_has_a_confidence_and_words() -> None:
    from reconcile.write.sheet_page import Words

    for name in evidence.confidences("category"):
        assert {Words(lang)(f"evidence-{name}") for lang in ("zh", "en")}
    assert {r["confidence"] for r in words.rows_of("evidence")} == {"high", "medium", "low", ""}


NAMES = ("印章", "法律", "会议", "食堂", "")
AMOUNTS = st.integers(-5000, 900_000)
LINES = st.lists(
    st.tuples(
        st.sampled_from(["基本支出", "项目支出"]),
        st.sampled_from(["", "P1", "P2"]),
        st.sampled_from(NAMES[:3]),
        AMOUNTS,
    ),
    min_size=1,
    max_size=8,
)
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["", "基本支出", "项目支出"]),
        st.sampled_from(["", "P1", "P2", "P3"]),
        st.sampled_from(NAMES),
        AMOUNTS,
    ),
    min_size=1,
    max_size=20,
)


def in_yuan(rows: list[tuple[str, str, str, int]]) -> list[tuple[str, str, str, str]]:
    return [(*row[:3], str(Decimal(row[3]) / 100)) for row in rows]


def figures(result: rc.Reconciliation) -> dict[tuple[str, str, str], tuple[float, float]]:
    """(available, actual) of every row of by_project."""
    rows = result.by_project
    own = {
        (
            r.category,
            r.project_code,
            words.project_key(r.project),
            r.status == "not-in-budget" or r.status == "unsettled",
        ): (r.available, r.actual)
        for r in rows.itertuples()
    }
    assert len(own) == len(rows)
    return own


def test_two_codes_of_one_name_that_the_ledger_names_otherwise_are_told_apart() -> None:
    """P1 and P2 are both 印章 in the budget and 食堂 in the ledger: two conflicts, each with its own amount."""
    lines = [("基本支出", "P2", "印章", 1), ("基本支出", "P1", "印章", 1)]
    rows = [("", "P2", "食堂", 2), ("", "P1", "食堂", 3)]
    found = []
    for order in (rows, rows[::-1]):
        problems = rc.reconcile(plan(*in_yuan(lines)), books(*in_yuan(order))).problems
        found.append({(f.params["code"], f.actual) for f in problems if f.code == "code-name-conflict"})
    assert found == [{("P1", 3), ("P2", 2)}] * 2


@settings(max_examples=40)
@given(LINES, ROWS, st.randoms(use_true_random=False))
def test_every_entry_is_in_one_place_whatever_the_order(
    lines: list[tuple[str, str, str, int]], rows: list[tuple[str, str, str, int]], random: Any
) -> None:
    result = rc.reconcile(plan(*in_yuan(lines)), books(*in_yuan(rows)))
    tie = result.tie
    total = sum(row[3] for row in rows)
    assert int(tie.by_category["actual"].sum()) == total
    assert len(tie.entries) == len(rows)
    for category, own in tie.by_category.set_index("category")["actual"].items():
        named = tie.entries[
            (tie.entries["category"] == category) & ((tie.entries["project"] != "") | (category == "project"))
        ]
        listed = tie.by_project[tie.by_project["category"] == category]
        assert int(listed["actual"].sum()) == int(named["amount"].sum())
        assert int(tie.entries.loc[tie.entries["category"] == category, "amount"].sum()) == own
    assert (tie.by_project["available"].sum()) == sum(line[3] for line in lines)
    again_lines, again_rows = lines.copy(), rows.copy()
    random.shuffle(again_lines)
    random.shuffle(again_rows)
    again = rc.reconcile(plan(*in_yuan(again_lines)), books(*in_yuan(again_rows)))
    assert figures(again) == figures(result)
    keys = ["code", "severity", "actual", "key"]
    assert sorted(again.findings[keys].astype(str).to_numpy().tolist()) == sorted(
        result.findings[keys].astype(str).to_numpy().tolist()
    )


@settings(max_examples=40)
@given(LINES, ROWS, st.integers(1, 900_000), st.integers(-5000, 900_000))
def test_a_matched_pair_changes_no_other_line(
    lines: list[tuple[str, str, str, int]], rows: list[tuple[str, str, str, int]], planned: int, spent: int
) -> None:
    before = figures(rc.reconcile(plan(*in_yuan(lines)), books(*in_yuan(rows))))
    more = rc.reconcile(
        plan(*in_yuan([*lines, ("项目支出", "Q9", "专用桥梁", planned)])),
        books(*in_yuan([*rows, ("", "Q9", "专用桥梁", spent)])),
    )
    after = figures(more)
    assert after.pop(("project", "Q9", "专用桥梁", False)) == (planned / 100, spent / 100)
    assert after == before


@settings(max_examples=40)
@given(
    LINES,
    ROWS,
    st.dictionaries(
        st.sampled_from(["食堂", "会议", "P3", "P1 会议"]), st.sampled_from(["印章", "P2", "无此项目"]), max_size=3
    ),
    st.randoms(use_true_random=False),
)
def test_aliases_move_money_and_neither_make_nor_lose_any(
    lines: list[tuple[str, str, str, int]], rows: list[tuple[str, str, str, int]], aliases: dict[str, str], random: Any
) -> None:
    budget = plan(*in_yuan(lines))
    result = rc.reconcile(budget, books(*in_yuan(rows)), aliases=aliases)
    tie = result.tie
    assert len(tie.entries) == len(rows)
    assert int(tie.by_category["actual"].sum()) == sum(row[3] for row in rows)
    assert len(result.aliases) == len(aliases)
    again = rows.copy()
    random.shuffle(again)
    assert figures(rc.reconcile(budget, books(*in_yuan(again)), aliases=aliases)) == figures(result)


@pytest.mark.slow
@pytest.mark.measured
def test_ten_thousand_projects_and_a_million_entries_are_matched_in_a_few_times_of_their_load() -> None:
    import time

    import numpy as np

    from reconcile.match import match

    rng = np.random.default_rng(4)
    chars = np.array([chr(0x4E00 + i) for i in range(600)])
    names = ["".join(rng.choice(chars, 8)) for _ in range(10_000)]
    budget = plan(*[("项目支出", f"P{i:05d}", name, 100) for i, name in enumerate(names)])
    at = rng.integers(0, 10_000, 1_000_000)
    own = np.array(names, dtype=object)[at]
    loose = rng.random(1_000_000) < 0.01
    begun = time.perf_counter()
    ledger = rc.load_ledger(
        pd.DataFrame(
            {
                "日期": "2020-03-01",
                "项目编码": np.where(at % 2 == 0, "", np.char.add("P", np.char.zfill(at.astype(str), 5))),
                "项目名称": np.where(loose, own + "费", own),
                "经济分类编码": np.char.add("302", np.char.zfill((at % 30).astype(str), 2)),
                "金额": 1.25,
            }
        )
    )
    load, start = time.perf_counter() - begun, time.perf_counter()
    matched = match(budget, ledger)
    assert time.perf_counter() - start < 2 * load
    assert len(matched.entries) == 1_000_000
    start = time.perf_counter()
    result = rc.reconcile(budget, ledger)
    assert time.perf_counter() - start < 8 * load
    assert result.totals["actual"] == 1_250_000


def test_a_type_that_contradicts_its_account_is_told_and_counts_as_the_type_states() -> None:
    plan = budget(("基本支出", "基本工资", 1000), ("项目支出", "甲", 100))
    columns = ["日期", "凭证号", "摘要", "科目编码", "科目名称", "支出类型", "项目", "借方金额"]
    ledger = rc.load_ledger(
        pd.DataFrame(
            [
                ["2020-01-05", "记-1", "付款", "7201", "事业支出/项目支出/印刷", "基本支出", "", 90],
                ["2020-01-06", "记-2", "付款", "7201", "事业支出/项目支出", "项目支出", "甲", 80],
            ],
            columns=columns,
            dtype=object,
        )
    )
    result = rc.reconcile(plan, ledger)
    told = [f for f in result.problems if f.code == "code-name-conflict"]
    assert [(f.subject, f.actual, f.origin.cell) for f in told] == [("7201 事业支出/项目支出/印刷", 90_00, "F2")]
    assert "按科目属项目支出" in told[0].message()
    assert "却写基本支出" in told[0].message()
    assert result.by_category.set_index("category")["actual"].to_dict() == {"basic": 90.0, "project": 80.0}

"""Matching, the tie-out and its checks, on tables small enough to add up by eye."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reconcile as rc
from tests.small import budget, codes, journal, pay

BASIC = ("基本支出", "基本工资", 1000)


def test_projects_and_categories_tie_out() -> None:
    result = rc.reconcile(
        budget(BASIC, ("项目支出", "印章", 100), ("项目支出", "法律", 50)),
        journal(
            *pay("2020-01-05", "记-1", "", 900, path="行政支出/基本支出"),
            *pay("2020-02-01", "记-1", "印章", 90),
            *pay("2020-03-01", "记-1", "法律", "45.50"),
        ),
    )
    projects = result.by_project.set_index("project")
    assert projects.loc["印章", ["available", "actual", "remaining", "execution_rate"]].tolist() == [100, 90, 10, 0.9]
    assert projects.loc["法律", "remaining"] == 4.5
    categories = result.by_category.set_index("category")
    assert categories["actual"].to_dict() == {"basic": 900.0, "project": 135.5}
    assert categories["share"].sum() == 1.0
    assert codes(result) == []
    checks = result.checks
    assert set(checks["outcome"]) <= {"passed", "not-applicable", "could-not-run"}
    # the rest of what an auditor asks for: contracts, classes, printed balances, other files
    missing = "".join(checks.loc[checks["outcome"] == "could-not-run", "reason"].unique())
    assert "缺少合同台账" in missing
    assert "账簿没有经济分类" in missing
    assert "需要上年决算" in missing


def test_a_code_or_a_normalised_name_matches_and_a_near_name_does_not() -> None:
    plan = rc.load_budget(
        pd.DataFrame(
            [["P01", "政务大厅（窗口）经费", 100], ["P02", "印章刻制", 100]],
            columns=["项目编码", "项目名称", "年初预算"],
        ),
        year=2020,
    )
    spent = rc.load_ledger(
        pd.DataFrame(
            [
                ["2020-01-05", "P01", "", 90],
                ["2020-01-06", "", "政务大厅(窗口) 经费", 5],
                ["2020-01-07", "", "印章制作", 3],
            ],
            columns=["日期", "项目编码", "项目名称", "金额"],
        )
    )
    result = rc.reconcile(plan, spent)
    actual = result.by_project.set_index("project")["actual"].to_dict()
    assert actual == {"政务大厅（窗口）经费": 95.0, "印章刻制": 0.0, "印章制作": 3.0}
    finding = result.findings.set_index("code").loc["unmatched-project"]
    assert finding["subject"] == "印章制作"
    assert "印章刻制" in finding["message"]


@pytest.mark.parametrize(
    ("spent", "expected"),
    [
        (100.01, ("over-budget", "印章")),
        (79.99, ("low-execution", "印章")),
        (0, ("no-spending", "印章")),
        (80, None),
        (100, ("exactly-spent", "印章")),
    ],
)
def test_execution_findings(spent: float, expected: tuple[str, str] | None) -> None:
    result = rc.reconcile(
        budget(BASIC, ("项目支出", "印章", 100)),
        journal(*pay("2020-01-05", "记-1", "", 900, path="基本支出"), *pay("2020-02-01", "记-1", "印章", spent)),
    )
    found = [c for c in codes(result) if c[1] == "印章"]
    assert found == ([expected] if expected else [])


def test_spending_without_budget() -> None:
    result = rc.reconcile(
        budget(BASIC, ("项目支出", "印章", 0)),
        journal(
            *pay("2020-01-05", "记-1", "", 900, path="基本支出"),
            *pay("2020-02-01", "记-1", "印章", 5),
            *pay("2020-02-02", "记-2", "QQ", 7),
        ),
    )
    assert ("unbudgeted-spending", "印章") in codes(result)
    assert ("unmatched-project", "QQ") in codes(result)
    assert ("unbudgeted-spending", "QQ") in codes(result)
    rows = result.by_project.set_index("project")
    assert rows.loc["QQ", ["available", "actual", "remaining"]].tolist() == [0, 7, -7]
    assert rows["status"].to_dict() == {"印章": "no-budget", "QQ": "not-in-budget"}
    assert rows["execution_rate"].isna().all()


def test_the_four_ways_of_having_no_amount_stay_apart() -> None:
    plan = budget(("项目支出", "零", 0), ("项目支出", "坏", "待定"), ("项目支出", "闲", 9))
    result = rc.reconcile(plan, journal(*pay("2020-02-02", "记-2", "外", 7)))
    assert result.by_project.set_index("project")["status"].to_dict() == {
        "零": "budget-zero",
        "坏": "unreadable-budget",
        "闲": "no-spending",
        "外": "not-in-budget",
    }


def test_spending_outside_the_period_stands_apart() -> None:
    ledger = journal(
        *pay("2019-12-31", "记-1", "印章", 1),
        *pay("2020-05-01", "记-1", "印章", 2),
        *pay("2020-06-01", "记-1", "印章", 4),
        *pay("", "记-2", "印章", 8),
        *pay("2021-01-01", "记-1", "印章", 16),
    )
    plan = budget(("项目支出", "印章", 100))
    whole = rc.reconcile(plan, ledger)
    assert whole.totals["actual"] == 6.0
    assert sorted(whole.unassigned["amount"]) == [1.0, 8.0, 16.0]
    assert [c for c in codes(whole) if c[0] == "out-of-period"] == [
        ("out-of-period", "2019-12 记-1"),
        ("out-of-period", "????-?? 记-2"),
        ("out-of-period", "2021-01 记-1"),
    ]
    half = rc.reconcile(plan, ledger, through="2020-05")
    assert half.totals["actual"] == 2.0
    assert len(half.unassigned) == 4
    assert half.findings[half.findings["subject"].str.contains("5月")]["severity"].tolist() == ["info"]


def test_unbalanced_vouchers_are_found_apart_in_each_accounting() -> None:
    # 财务会计: debit 10, credit 9; 预算会计: 10 and 11; together they would balance
    result = rc.reconcile(
        budget(("项目支出", "甲", 10)),
        journal(
            ("2020-01-05", "记-1", "付款", "5001", "业务活动费用", "甲", 10, None),
            ("2020-01-05", "记-1", "付款", "1011", "零余额", None, None, 9),
            ("2020-01-05", "记-1", "付款", "7101", "行政支出/项目支出", "甲", 10, None),
            ("2020-01-05", "记-1", "付款", "8001", "资金结存", None, None, 11),
        ),
    )
    found = result.findings[result.findings["code"] == "unbalanced-voucher"]
    assert found[["subject", "difference"]].to_numpy().tolist() == [["2020-01 记-1", -1.0], ["2020-01 记-1", 1.0]]


def test_vouchers_that_restart_every_month_are_not_one() -> None:
    result = rc.reconcile(
        budget(("项目支出", "甲", 10)),
        journal(
            ("2020-01-05", "记-1", "付款", "7101", "项目支出", "甲", 10, None),
            ("2020-02-05", "记-1", "付款", "8001", "资金结存", None, None, 10),
        ),
    )
    assert {c[1] for c in codes(result) if c[0] == "unbalanced-voucher"} == {"2020-01 记-1", "2020-02 记-1"}


def test_what_could_not_be_checked_says_so() -> None:
    result = rc.reconcile(
        budget(("项目支出", "甲", 10)), journal(("2020-01-05", "记-1", "付款", "7101", "项目支出", "甲", 10, None))
    )
    check = result.checks.set_index("check").loc["unbalanced-voucher"]
    assert check["outcome"] == "could-not-run"
    assert "对方科目" in check["reason"]


def test_an_undetermined_category_is_shown_and_never_spread() -> None:
    result = rc.reconcile(
        budget(BASIC, ("项目支出", "甲", 10)),
        journal(*pay("2020-01-05", "记-1", "甲", 10), *pay("2020-01-06", "记-2", "", 7, path="行政支出")),
    )
    assert result.by_category.set_index("category")["actual"].to_dict() == {
        "basic": 0,
        "project": 10,
        "undetermined": 7,
    }
    assert ("undetermined-category", "2020-01 记-2") in codes(result)
    assert result.entries(category="undetermined")["amount"].tolist() == [7.0]


def test_a_rounding_tail_is_its_own_outcome() -> None:
    # in 万元: 0.006 + 0.006 = 0.012, printed 0.01 + 0.01 against 0.01
    plan = budget(("基本支出", "基本工资", 60), ("项目支出", "甲", 70))
    result = rc.reconcile(
        plan, journal(*pay("2020-01-05", "记-1", "", 60, path="基本支出"), *pay("2020-01-06", "记-2", "甲", 60))
    )
    tail = result.findings.iloc[0]
    assert (tail["code"], tail["severity"], tail["expected"], tail["actual"]) == ("rounding-tail", "info", 200.0, 100.0)


@pytest.mark.parametrize(
    "arguments", [{"through": "2020-13"}, {"through": "九月"}, {"through": "2020-09", "year": 2021}]
)
def test_a_period_that_is_none_is_refused(arguments: dict[str, object]) -> None:
    with pytest.raises(rc.LoadError, match="YYYY-MM"):
        rc.reconcile(budget(BASIC), journal(*pay("2020-01-05", "记-1", "甲", 1)), **arguments)


def test_frames_are_in_yuan_and_findings_name_their_cells(example: rc.Reconciliation) -> None:
    assert example.by_project["actual"].dtype == "float64"
    assert example.findings.columns.tolist() == [
        "code",
        "severity",
        "subject",
        "expected",
        "actual",
        "difference",
        "message",
        "file",
        "sheet",
        "cell",
        "key",
    ]
    assert example.findings["key"].is_unique


@given(
    st.lists(st.tuples(st.sampled_from(["甲", "乙", "丙", ""]), st.integers(-5000, 900_000)), min_size=1, max_size=30),
    st.randoms(use_true_random=False),
)
def test_every_entry_is_in_exactly_one_place_and_order_does_not_matter(
    spent: list[tuple[str, int]], random: object
) -> None:
    rows = [
        (
            "2020-01-05" if i % 7 else "2019-01-05",
            f"记-{i}",
            "付款",
            "710102" if p else "7101",
            "行政支出/项目支出" if p else "行政支出",
            p,
            str(Decimal(fen) / 100),
            None,
        )
        for i, (p, fen) in enumerate(spent)
    ]
    plan = budget(BASIC, ("项目支出", "甲", 10), ("项目支出", "乙", 10))
    result = rc.reconcile(plan, journal(*rows))
    total = sum(fen for _, fen in spent)
    tie = result.tie
    assert int(tie.by_category["actual"].sum()) + int(tie.unassigned["amount"].sum()) == total
    by_project = tie.by_project.groupby("category")["actual"].sum()
    by_category = tie.by_category.set_index("category")["actual"]
    assert by_project.get("project", 0) == by_category["project"]
    assert int(tie.by_month["actual"].sum()) == int(tie.by_category["actual"].sum())
    shuffled = rows.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    again = rc.reconcile(plan, journal(*shuffled))
    pd.testing.assert_frame_equal(again.by_project, result.by_project)
    pd.testing.assert_frame_equal(again.by_category, result.by_category)


SPENT = st.lists(
    st.tuples(
        st.sampled_from(["甲", "乙", "外", ""]),
        st.sampled_from(["行政支出/项目支出", "行政支出/基本支出", "行政支出"]),
        st.integers(1, 12),
        st.sampled_from(["30201", "30227", ""]),
        st.integers(-5000, 900_000),
    ),
    max_size=25,
)
CLASSED = ["日期", "凭证号", "摘要", "科目编码", "科目名称", "项目", "经济分类编码", "借方金额"]


def classed(spent: list[tuple[str, str, int, str, int]]) -> list[list[object]]:
    return [
        [f"2020-{month:02d}-05", f"记-{i + 1}", f"付款{i}", "7101", path, project, code, str(Decimal(fen) / 100)]
        for i, (project, path, month, code, fen) in enumerate(spent)
    ]


def tied(rows: list[list[object]], *more: tuple[str, str, object]) -> rc.Reconciliation:
    lines = [BASIC, ("项目支出", "甲", 1000), ("项目支出", "乙", 2000), *more]
    return rc.reconcile(budget(*lines), rc.load_ledger(pd.DataFrame(rows, columns=CLASSED, dtype=object)))


@settings(max_examples=25)
@given(SPENT)
def test_parents_are_the_sums_of_their_parts(spent: list[tuple[str, str, int, str, int]]) -> None:
    tie = tied(classed([*spent, ("甲", "行政支出/项目支出", 1, "", 1)])).tie
    by_category = tie.by_category.set_index("category")
    for column in ("available", "actual"):
        assert by_category[column].sum() == tie.totals[column]
    projects = tie.by_project[tie.by_project["category"] == "project"]
    assert projects["actual"].sum() == by_category.loc["project", "actual"]
    items = tie.by_item.groupby("category")["actual"].sum()
    assert {c: items.get(c, 0) for c in by_category.index} == by_category["actual"].to_dict()
    for name in ("basic", "project", "undetermined"):
        assert tie.by_month[name].sum() == by_category["actual"].get(name, 0)
    assert tie.by_month["cumulative"].iloc[-1] == tie.by_month["actual"].sum() == tie.totals["actual"]


@settings(max_examples=25)
@given(SPENT)
def test_every_entry_is_in_exactly_one_place(spent: list[tuple[str, str, int, str, int]]) -> None:
    rows = [*classed(spent), ["2019-05-05", "记-1", "前年", "7101", "行政支出/项目支出", "甲", "", "1.00"]]
    result = tied(rows)
    places = [*result.tie.entries["row"], *result.tie.unassigned["row"]]
    assert sorted(places) == sorted(result.ledger.fen["row"])
    categories = [set(result.entries(category=c)["row"]) for c in ("basic", "project", "other", "undetermined")]
    assert sum(map(len, categories)) == len(set().union(*categories)) == len(result.tie.entries)


@settings(max_examples=25)
@given(SPENT, st.integers(1, 10**9), st.integers(1, 12))
def test_a_matched_pair_changes_no_other_line_and_no_other_finding(
    spent: list[tuple[str, str, int, str, int]], fen: int, month: int
) -> None:
    rows = classed([*spent, ("甲", "行政支出/项目支出", 1, "", 1)])
    added = [
        f"2020-{month:02d}-06",
        "记-900",
        "新增",
        "7101",
        "行政支出/项目支出",
        "抗震演练",
        "",
        str(Decimal(fen) / 100),
    ]
    before, after = tied(rows), tied([*rows, added], ("项目支出", "抗震演练", str(Decimal(fen) / 100)))
    others = after.tie.by_project[after.tie.by_project["project"] != "抗震演练"].reset_index(drop=True)
    pd.testing.assert_frame_equal(others, before.tie.by_project)
    own = after.tie.by_project.set_index("project").loc["抗震演练"]
    assert (own["available"], own["actual"], own["status"]) == (fen, fen, "spent-exactly")
    names = {"甲", "乙", "外", "基本支出"}
    told = [[f for f in r.problems if f.subject in names] for r in (before, after)]
    assert [(f.code, f.subject, f.expected, f.actual) for f in told[0]] == [
        (f.code, f.subject, f.expected, f.actual) for f in told[1]
    ]


@settings(max_examples=25)
@given(SPENT, st.randoms(use_true_random=False))
def test_the_order_of_the_ledger_changes_no_figure(spent: list[tuple[str, str, int, str, int]], random: object) -> None:
    rows = classed([*spent, ("甲", "行政支出/项目支出", 1, "", 1)])
    shuffled = rows.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = tied(rows), tied(shuffled)
    for name in ("by_project", "by_category", "by_item", "by_month"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))
    assert one.totals == pytest.approx(other.totals, nan_ok=True, abs=0)
    told = [sorted((f.code, f.subject, f.expected or 0, f.actual or 0) for f in r.problems) for r in (one, other)]
    assert told[0] == told[1]


def test_what_a_caller_does_to_a_frame_does_not_change_the_result(example: rc.Reconciliation) -> None:
    for name in ("by_project", "by_category", "by_month", "findings", "checks", "unassigned"):
        frame = getattr(example, name)
        before = frame.copy()
        del frame[frame.columns[0]]
        pd.testing.assert_frame_equal(getattr(example, name), before)


def test_what_was_not_there_to_test_is_not_said_to_have_passed() -> None:
    result = rc.reconcile(budget(("项目支出", "甲", 100)), journal(*pay("2020-01-05", "记-1", "甲", 90)))
    outcome = result.checks.set_index("check")["outcome"]
    assert (outcome["balance-break"], outcome["balance-identity"]) == ("not-applicable", "not-applicable")


def test_classes_of_a_group_that_the_budget_has_in_one_line_have_no_budget_of_their_own() -> None:
    """公用经费 60 in one line, 30201 and 30207 spent 5 and 2 of it; 基本工资 100 has its own line, 7 spent."""
    plan = budget(("基本支出", "公用经费", 60), ("基本支出", "基本工资", 100))
    spent = [["2020-01-05", "基本支出", code, yuan] for code, yuan in (("30201", 5), ("30207", 2), ("30101", 7))]
    frame = pd.DataFrame(spent, columns=["日期", "支出类型", "经济分类编码", "金额"])
    result = rc.reconcile(plan, rc.load_ledger(frame))
    table = result.by_item.set_index("item")
    assert table.loc[["办公费", "邮电费", "公用经费"], "remaining"].isna().all()
    assert table.loc[["办公费", "邮电费"], "available"].isna().all()
    assert table.loc["公用经费", ["group", "available", "actual"]].tolist() == ["operating", 60, 0]
    assert table.loc["基本工资", ["available", "actual", "remaining"]].tolist() == [100, 7, 93]
    assert (table["available"].sum(), table["actual"].sum()) == (160, 14)


def test_classes_of_the_ledger_that_have_names_only_meet_those_of_the_budget() -> None:
    """A budget of names, a ledger of names: 办公费 60 and 5, 基本工资 100 and 7; 误餐费 3 is in no list and stays by its name."""
    plan = budget(("基本支出", "办公费", 60), ("基本支出", "基本工资", 100))
    spent = [["2020-01-05", "基本支出", name, yuan] for name, yuan in (("办公费", 5), ("基本工资", 7), ("误餐费", 3))]
    result = rc.reconcile(plan, rc.load_ledger(pd.DataFrame(spent, columns=["日期", "支出类型", "经济分类", "金额"])))
    rows = result.by_item[["group", "economic_code", "item", "available", "actual"]].to_numpy().tolist()
    assert rows == [
        ["personnel", "30101", "基本工资", 100, 7],
        ["operating", "30201", "办公费", 60, 5],
        ["", "误餐费", "误餐费", 0, 3],
    ]

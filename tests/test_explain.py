"""What could have made a difference: each kind of candidate found where it is, none where it is not, within bounds."""

from __future__ import annotations

import time
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import reconcile as rc
from reconcile import wording
from reconcile.explain import CANDIDATES_AT_MOST, search
from tests.small import budget, journal, pay, sheet

PAYMENT = ("日期", "凭证号", "摘要", "项目", "收款单位", "金额")


def paid(*rows: tuple[str, str, str, object], payee: str = "某公司") -> rc.Ledger:
    """Payments of (date, memo, project, amount)."""
    lines = [(d, f"记-{i}", m, p, payee, a) for i, (d, m, p, a) in enumerate(rows, 1)]
    return rc.load_ledger(pd.DataFrame(lines, columns=list(PAYMENT), dtype=object))


def why(result: rc.Reconciliation, code: str, subject: str = "") -> list[tuple[str, str]]:
    """(kind, strength) of the candidates of a finding."""
    found = result.explanations
    own = found[(found["code"] == code) & ((found["subject"] == subject) | (subject == ""))]
    return list(own[["kind", "strength"]].itertuples(index=False, name=None))


def text(result: rc.Reconciliation, kind: str) -> str:
    found = result.explanations
    return str(found.loc[found["kind"] == kind, "text"].iloc[0])


# the searches ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        (123400, 213400, 1),
        (8550, 5850, 1),
        (1234, 4231, 3),
        (1234, 1235, 0),
        (90, 900, 0),
        (12, 12, 0),
        (-12, -21, 1),
        (12, -21, 0),
    ],
)
def test_swapped_digits(one: int, other: int, apart: int) -> None:
    assert search.swapped_digits(one, other) == search.swapped_digits(other, one) == apart


@pytest.mark.parametrize(
    ("one", "other", "times"),
    [(100, 1000, 10), (5, 500, 100), (826, 8_260_000, 10_000), (1, 1000, 0), (0, 0, 0), (5, -50, 0)],
)
def test_a_slipped_unit(one: int, other: int, times: int) -> None:
    assert search.slip(one, other) == search.slip(other, one) == times


@given(st.integers(10, 10**9), st.integers(0, 8))
def test_a_swap_of_neighbours_is_found_by_its_gap(amount: int, place: int) -> None:
    digits = list(str(amount))
    if place + 1 >= len(digits):
        return
    digits[place], digits[place + 1] = digits[place + 1], digits[place]
    if digits[0] == "0":
        return
    gap = amount - int("".join(digits))
    found = search.transposed(np.array([amount, -amount]), gap)
    assert (0 in found) == (gap != 0)


@given(st.integers(1, 10**9), st.integers(-(10**9), 10**9))
def test_what_a_swap_would_not_close_is_not_found(amount: int, gap: int) -> None:
    digits = str(amount)
    swaps = {
        int(digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :])
        for i in range(len(digits) - 1)
        if not (i == 0 and digits[1] == "0")
    }
    assert (len(search.transposed(np.array([amount]), gap)) == 1) == (gap != 0 and amount - gap in swaps)


@given(st.lists(st.integers(-50, 50), max_size=9), st.integers(-100, 100))
def test_sets_are_the_pairs_or_else_the_triples_that_add_up(amounts: list[int], target: int) -> None:
    found = search.sets(np.array(amounts, dtype=np.int64), target)
    whole = [i for i, a in enumerate(amounts) if a]
    by_size = [[c for c in combinations(whole, n) if sum(amounts[i] for i in c) == target] for n in (2, 3)]
    wanted = (by_size[0] or by_size[1]) if target else []
    assert all(c in wanted for c in found)
    assert len(found) == min(len(wanted), search.ENOUGH + 1)


def test_the_searches_are_bounded() -> None:
    many = np.arange(1, 100_001, dtype=np.int64) * 7919
    start = time.perf_counter()
    assert search.sets(many, 15_838) == []  # more than PAIRS_AMONG parts
    assert search.sets(many[: search.PAIRS_AMONG], 3 * 7919) == [(0, 1)]
    assert search.sets(many[: search.TRIPLES_AMONG], 6 * 7919 + 1) == []
    assert len(search.sets(many[: search.PAIRS_AMONG], 1000 * 7919)) == search.ENOUGH + 1
    assert time.perf_counter() - start < 2


# over budget -------------------------------------------------------------------------------------------------

PLAN = budget(("项目支出", "印章", 1000), ("项目支出", "法律", 500))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # one voucher is just the gap
        ([("2020-03-01", "甲", 1000), ("2020-04-01", "乙", "37.50")], ("part", "possible")),
        # one booked twice within a month
        ([("2020-03-01", "甲", 900), ("2020-03-05", "乙", 100), ("2020-03-09", "乙", 100)], ("duplicate", "strong")),
        # the same half a year apart
        ([("2020-03-01", "甲", 900), ("2020-03-05", "乙", 100), ("2020-09-09", "乙", 100)], ("duplicate", "possible")),
        # a refund of 50 booked as a payment
        ([("2020-03-01", "甲", 1050), ("2020-04-01", "退款", 50)], ("part-sign", "possible")),
        # 90.00 booked as 900.00
        ([("2020-03-01", "甲", 910), ("2020-04-01", "乙", 900)], ("part-unit", "possible")),
        # 1,234.00 in 分 for 12.34
        ([("2020-03-01", "甲", "987.66"), ("2020-04-01", "乙", 1234)], ("part-unit", "possible")),
        # 27 booked as 72
        ([("2020-03-01", "甲", 973), ("2020-04-01", "乙", 72)], ("part-transposed", "possible")),
        # two vouchers together
        (
            [("2020-03-01", "甲", 1000), ("2020-04-01", "乙", "3.17"), ("2020-05-01", "丙", "8.09")],
            ("part-set", "possible"),
        ),
        # three
        (
            [
                ("2020-03-01", "甲", 1000),
                *((f"2020-0{m}-01", f"{m}", a) for m, a in ((4, "3.17"), (5, "8.09"), (6, "2.23"))),
            ],
            ("part-set", "weak"),
        ),
        # a January voucher entered in December
        ([("2020-03-01", "甲", 1000), ("2020-12-30", "付2021年1月租金", 60)], ("next-period-memo", "strong")),
    ],
)
def test_over_budget_is_sought_among_the_vouchers(
    rows: list[tuple[str, str, object]], expected: tuple[str, str]
) -> None:
    result = rc.reconcile(PLAN, paid(*((d, m, "印章", a) for d, m, a in rows)))
    assert expected in why(result, "over-budget", "印章")


def test_a_voucher_is_named_with_its_place(tmp_path: Path) -> None:
    rows = [
        ["日期", "凭证号", "摘要", "项目", "金额"],
        ["2020-03-01", "记-1", "甲", "印章", 1000],
        ["2020-04-01", "记-2", "乙", "印章", 38],
    ]
    result = rc.reconcile(PLAN, rc.load_ledger(sheet(tmp_path / "账.xlsx", rows)))
    assert result.explanations.columns.tolist() == [
        "key",
        "code",
        "subject",
        "kind",
        "strength",
        "text",
        "amount",
        "file",
        "sheet",
        "cell",
    ]
    row = result.explanations.set_index("kind").loc["part"]
    assert row["key"] == result.findings.set_index("subject").loc["印章", "key"]
    assert row[["text", "amount", "file", "sheet", "cell"]].tolist() == [
        "2020-04 记-2金额38.00元正好等于差额",
        38.0,
        "账.xlsx",
        "Sheet1",
        "E3",
    ]


def test_lines_of_one_voucher_are_one_part() -> None:
    ledger = journal(
        *pay("2020-03-01", "记-1", "印章", 1000),
        *pay("2020-04-01", "记-2", "印章", 20),
        *pay("2020-04-01", "记-2", "印章", 18),
    )
    assert ("part", "possible") in why(rc.reconcile(PLAN, ledger), "over-budget", "印章")


def test_many_vouchers_of_the_gap_say_nothing() -> None:
    rows = [("2020-03-01", f"事{i}", "印章", 210) for i in range(5)]
    result = rc.reconcile(PLAN, paid(*rows, ("2020-04-01", "大", "印章", 160)))
    assert "part" not in [k for k, _ in why(result, "over-budget")]
    two = [("2020-03-01", "甲", "印章", 300), ("2020-03-02", "乙", "印章", 300), ("2020-03-03", "丙", "印章", 700)]
    assert ("part", "weak") in why(rc.reconcile(PLAN, paid(*two)), "over-budget")


def test_a_project_that_is_short_of_what_another_is_over() -> None:
    ledger = paid(("2020-03-01", "甲", "印章", "1117.77"), ("2020-04-01", "乙", "法律", "382.23"))
    result = rc.reconcile(PLAN, ledger)
    assert ("other-project", "possible") in why(result, "over-budget")
    assert ("charged-there", "possible") in why(result, "low-execution")
    assert "“法律”的结余正好等于差额117.77元" in text(result, "other-project")


def test_two_projects_swapped() -> None:
    ledger = paid(("2020-03-01", "甲", "印章", 500), ("2020-04-01", "乙", "法律", 1000))
    result = rc.reconcile(PLAN, ledger)
    assert why(result, "over-budget", "法律")[0] == ("swapped-projects", "strong")
    assert why(result, "low-execution", "印章")[0] == ("swapped-projects", "strong")


def test_a_project_under_another_name() -> None:
    plan = budget(("项目支出", "企业印章刻制", 1000), ("项目支出", "法律", 500))
    result = rc.reconcile(plan, paid(("2020-03-01", "甲", "企业印章制作", 1000), ("2020-03-01", "乙", "法律", 500)))
    assert ("other-project", "strong") in why(result, "unmatched-project")
    assert ("under-another-name", "strong") in why(result, "no-spending")


def test_what_is_missing_stands_in_the_next_period() -> None:
    ledger = paid(
        ("2020-03-01", "甲", "印章", 700), ("2021-01-04", "乙", "印章", 300), ("2020-04-01", "丙", "法律", 500)
    )
    assert ("next-period", "possible") in why(rc.reconcile(PLAN, ledger, year=2020), "low-execution")


def test_a_tail_of_a_budget_in_wan(tmp_path: Path) -> None:
    rows = [["单位：万元"], ["支出类型", "项目", "年初预算"], ["项目支出", "印章", 82.60]]
    plan = rc.load_budget(sheet(tmp_path / "b.xlsx", rows), year=2020)
    assert ("tail", "strong") in why(rc.reconcile(plan, paid(("2020-03-01", "甲", "印章", 826_050))), "over-budget")
    assert "tail" not in [
        k for k, _ in why(rc.reconcile(plan, paid(("2020-03-01", "甲", "印章", "826050.01"))), "over-budget")
    ]


def test_budget_and_spending_that_look_alike() -> None:
    result = rc.reconcile(budget(("项目支出", "印章", 8550)), paid(("2020-03-01", "甲", "印章", 85_500)))
    assert ("unit", "possible") in why(result, "over-budget")
    result = rc.reconcile(budget(("项目支出", "印章", 5850)), paid(("2020-03-01", "甲", "印章", 8550)))
    assert ("transposed", "possible") in why(result, "over-budget")


# totals, vouchers, balances, identities ----------------------------------------------------------------------


def stated(total: object, *items: object, tmp_path: Path) -> rc.Reconciliation:
    rows: list[list[Any]] = [["单位：元"], ["支出类型", "项目", "年初预算"]]
    rows += [["项目支出", f"项目{i}", a] for i, a in enumerate(items, 1)]
    plan = rc.load_budget(sheet(tmp_path / "b.xlsx", [*rows, [None, "合计", total]]), year=2020)
    return rc.reconcile(plan, paid(("2020-03-01", "甲", "项目1", 1)))


@pytest.mark.parametrize(
    ("total", "items", "expected"),
    [
        (1800, (1000, 500, 200, 37, 63, 81), ("item-left-out", "possible")),
        (1881 + 500, (1000, 500, 200, 37, 63, 81), ("item-twice", "possible")),
        (1881 - 137 + 1, (1000, 500, 200, 37, 63, 81), None),
        (1881 - 100, (1000, 500, 200, 37, 63, 81), ("items-left-out", "possible")),  # 37 + 63
        (8181, (1000, 500, 200, 37, 63, 81), ("transposed", "strong")),
        (8811, (1000, 500, 200, 37, 63, 81), ("transposed", "possible")),  # not neighbours
        (18_810, (1000, 500, 200, 37, 63, 81), ("unit", "strong")),
        (1881 - 2 * 81, (1000, 500, 200, 37, 63, 81), ("part-sign", "possible")),
        (1881 - 180, (1000, 500, 200, 37, 63, 81), ("part-unit", "possible")),  # 20 written as 200
        (1881 + 36, (1000, 500, 200, 37, 63, 81), ("part-transposed", "possible")),  # 73 written as 37
    ],
)
def test_a_total_is_sought_among_its_items(
    total: object, items: tuple[object, ...], expected: tuple[str, str] | None, tmp_path: Path
) -> None:
    found = why(stated(total, *items, tmp_path=tmp_path), "total-mismatch")
    assert expected in found if expected else found == []


def test_a_total_that_includes_the_carryover(tmp_path: Path) -> None:
    rows = [
        ["单位：元"],
        ["支出类型", "项目", "上年结转", "年初预算"],
        ["项目支出", "甲", 30, 100],
        ["项目支出", "乙", 41, 200],
        [None, "合计", 71, 371],
    ]
    result = rc.reconcile(
        rc.load_budget(sheet(tmp_path / "b.xlsx", rows), year=2020), paid(("2020-03-01", "x", "甲", 1))
    )
    assert ("carryover-in", "possible") in why(result, "total-mismatch")


def test_a_voucher_that_does_not_balance() -> None:
    def lines(debits: list[object], credits: list[object]) -> rc.Reconciliation:
        rows = [("2020-03-01", "记-1", f"借{i}", "7101", "项目支出", "印章", a, None) for i, a in enumerate(debits)]
        rows += [("2020-03-01", "记-1", f"贷{i}", "8001", "资金结存", None, None, a) for i, a in enumerate(credits)]
        return rc.reconcile(PLAN, journal(*rows, *pay("2020-03-02", "记-2", "印章", 1)))

    assert ("line-alone", "possible") in why(lines([100, 37], [100]), "unbalanced-voucher")
    assert ("part-transposed", "possible") in why(lines([72, 31], [27, 31]), "unbalanced-voucher")
    assert ("part-unit", "possible") in why(lines([900, 31], [90, 31]), "unbalanced-voucher")


def test_a_line_on_the_wrong_side() -> None:
    # 100 debit against 60 + 40 credit; the 40 stands in the debit column: 140 against 60
    ledger = journal(
        ("2020-03-01", "记-1", "付", "7101", "项目支出", "印章", 100, None),
        ("2020-03-01", "记-1", "零余额", "8001", "资金结存", None, None, 60),
        ("2020-03-01", "记-1", "货币", "8001", "资金结存", None, 40, None),
    )
    found = rc.reconcile(PLAN, ledger)
    assert ("wrong-side", "possible") in why(found, "unbalanced-voucher")
    assert "货币 资金结存”（40.00元）是差额的一半" in text(found, "wrong-side")


def test_two_vouchers_that_miss_each_other() -> None:
    ledger = journal(
        ("2020-03-01", "记-1", "付", "7101", "项目支出", "印章", 100, None),
        ("2020-03-01", "记-1", "付", "8001", "资金结存", None, None, 70),
        ("2020-03-02", "记-2", "付", "7101", "项目支出", "印章", 50, None),
        ("2020-03-02", "记-2", "付", "8001", "资金结存", None, None, 80),
    )
    result = rc.reconcile(PLAN, ledger)
    assert why(result, "unbalanced-voucher", "2020-03 记-1")[0] == ("other-voucher", "strong")
    assert "凭证2020-03 记-2的差额正好相反" in text(result, "other-voucher")


@pytest.mark.parametrize(
    ("balances", "expected"),
    [
        ((100, 100, 130), ("not-moved", "strong")),  # the 20 of the second line is not in its balance
        ((100, 80, 110), ("moved-backwards", "strong")),
        ((100, 210, 240), ("transposed", "strong")),
        ((100, 300, 330), ("part-unit-small", "possible")),  # 200 written as 20
    ],
)
def test_a_balance_that_breaks(balances: tuple[int, int, int], expected: tuple[str, str], tmp_path: Path) -> None:
    moves = (100, 20, 30)
    rows: list[list[Any]] = [["科目：7101 项目支出"], ["日期", "凭证号", "摘要", "借方", "贷方", "余额"]]
    rows += [[f"2020-03-0{i}", f"记-{i}", f"付{i}", m, None, b] for i, (m, b) in enumerate(zip(moves, balances), 1)]
    running = balances[-1]
    for i in range(4, 30):
        running += i
        rows.append([f"2020-03-{i:02d}", f"记-{i}", f"付{i}", i, None, running])
    result = rc.reconcile(PLAN, rc.load_ledger(sheet(tmp_path / "l.xlsx", rows), year=2020))
    assert expected in why(result, "balance-break")


def test_a_part_of_the_chain_left_out_or_turned_round() -> None:
    def plan(available: int) -> rc.Budget:
        columns = ["项目", "上年结转", "年初预算", "追加", "追减", "全年预算"]
        return rc.load_budget(pd.DataFrame([["印章", 7, 100, 30, 11, available]], columns=columns), year=2020)

    ledger = paid(("2020-03-01", "甲", "印章", 100))
    assert ("chain-left-out", "strong") in why(rc.reconcile(plan(96), ledger), "balance-identity")  # without the 30
    assert why(rc.reconcile(plan(119), ledger), "balance-identity") == []  # without the 7: carryover-basis asks
    assert ("chain-turned", "strong") in why(rc.reconcile(plan(148), ledger), "balance-identity")  # + 11
    assert ("transposed", "strong") in why(rc.reconcile(plan(162), ledger), "balance-identity")  # 126
    assert why(rc.reconcile(plan(126), ledger), "balance-identity") == []


def test_a_contract_that_is_overpaid() -> None:
    contracts = rc.load_contracts(
        pd.DataFrame([["甲合同", "印章", "某公司", 900]], columns=["合同名称", "项目", "供应商", "合同金额"])
    )
    ledger = paid(
        ("2020-03-01", "付首期", "印章", 800),
        ("2020-04-01", "付二期", "印章", 100),
        ("2020-04-03", "付二期", "印章", 100),
    )
    result = rc.reconcile(PLAN, ledger, contracts=contracts)
    assert why(result, "contract-overpaid")[0] == ("duplicate", "strong")


# the frame and the sheet -------------------------------------------------------------------------------------


def test_nothing_is_explained_where_nothing_fits(example: rc.Reconciliation) -> None:
    assert len(example.explanations) == 0  # 46,500.00 is no item, no pair of items, no slip (DOMAIN C10)


def test_order_changes_nothing_and_no_finding_has_many(tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    rows = [
        (f"2020-{m:02d}-10", f"事{i}", p, int(a))
        for i, (m, p, a) in enumerate(
            zip(rng.integers(1, 13, 60), ["印章", "法律", "外"] * 20, rng.integers(1, 9, 60) * 10)
        )
    ]
    rest = 1120 - sum(a for _, _, p, a in rows if p == "印章")
    rows.append(("2020-05-05", "大", "印章", rest))  # over by 120, which many pairs of vouchers make
    one = rc.reconcile(PLAN, paid(*rows)).explanations
    lines = [(d, f"记-{i}", m, p, "某公司", a) for i, (d, m, p, a) in enumerate(rows, 1)]
    rng.shuffle(lines)  # type: ignore[arg-type]
    other = rc.reconcile(PLAN, rc.load_ledger(pd.DataFrame(lines, columns=list(PAYMENT), dtype=object))).explanations
    same = ["key", "kind", "strength", "text", "amount"]
    assert one[same].to_numpy().tolist() == other[same].to_numpy().tolist()
    assert "part-set" in set(one["kind"])
    assert one.groupby("key").size().max() <= CANDIDATES_AT_MOST


def test_every_kind_is_worded_in_both_languages() -> None:
    for kind in wording.keys("explanations"):
        for language in ("zh", "en"):
            assert wording.text(kind, language, "explanations")


def test_the_findings_sheet_shows_the_candidates(tmp_path: Path) -> None:
    ledger = paid(("2020-03-01", "甲", "印章", 500), ("2020-04-01", "乙", "法律", 1000))
    page = openpyxl.load_workbook(rc.reconcile(PLAN, ledger).write_review(tmp_path / "r.xlsx"))["差异清单"]
    rows = list(page.iter_rows(values_only=True))
    head = next(r for r in rows if "可能原因（候选）" in r)
    at, subject = head.index("可能原因（候选）"), head.index("对象")
    told = {r[subject]: r[at] for r in rows[rows.index(head) + 1 :] if r[subject] and r[at] not in (None, "—")}
    assert told["法律"].startswith("线索较强：与“印章”互换后两个项目都与预算相等")


def test_a_large_ledger_is_explained_in_time() -> None:
    n = 200_000
    amounts = np.random.default_rng(1).integers(1, 100_000, n) * 10
    amounts[123_456] = 77_777_777  # 777,777.77 among amounts that end in 0
    frame = pd.DataFrame(
        {
            "日期": pd.to_datetime("2020-01-01") + pd.to_timedelta(np.arange(n) * 366 // n, unit="D"),
            "凭证号": np.arange(n) // 2 + 1,
            "摘要": "付款",
            "项目": np.where(np.arange(n) % 2, "印章", "法律"),
            "金额": amounts / 100,
        }
    )
    spent = {p: int(amounts[frame["项目"] == p].sum()) for p in ("印章", "法律")}
    plan = budget(("项目支出", "印章", spent["印章"] / 100), ("项目支出", "法律", (spent["法律"] - 77_777_777) / 100))
    result = rc.reconcile(plan, rc.load_ledger(frame))
    start = time.perf_counter()
    assert why(result, "over-budget", "法律") == [("part", "possible")]
    assert time.perf_counter() - start < 5

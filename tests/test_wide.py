"""A ledger whose texts are held as categories gives what the same ledger gives whose texts are texts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import reconcile as rc
from reconcile import wide
from tests.builders.errors import ERRORS
from tests.builders.office import write_office
from tests.builders.office_year import draw_office
from tests.conftest import EXAMPLE
from tests.test_recall import injected

FRAMES = (
    "findings",
    "checks",
    "by_project",
    "by_category",
    "by_item",
    "by_month",
    "unassigned",
    "explanations",
    "aliases",
)
MANY = ("voucher", "memo", "payee")
"""Columns that a long ledger may hold as texts though its others are categories."""


def widened(ledger: rc.Ledger, but: tuple[str, ...]) -> rc.Ledger:
    fen = ledger.fen
    held = {c: fen[c].astype("category") if fen[c].dtype == "str" and c not in but else fen[c] for c in fen}
    return replace(ledger, fen=wide.Wide(held))


def same(budget: rc.Budget, ledger: rc.Ledger, **given: object) -> rc.Reconciliation:
    """The result of a ledger, which is that of the same one held by categories, with and without its many texts."""
    known = rc.reconcile(budget, ledger, **given)  # type: ignore[arg-type]
    for but in ((), MANY):
        found = rc.reconcile(budget, widened(ledger, but), **given)  # type: ignore[arg-type]
        for name in FRAMES:
            pd.testing.assert_frame_equal(getattr(known, name), getattr(found, name))
        pd.testing.assert_frame_equal(known.entries(), found.entries())
        pd.testing.assert_series_equal(*(pd.Series(dict(r.totals)) for r in (known, found)))
        assert known.problems == found.problems
        assert isinstance(found.matched.entries, wide.Wide)
    return known


@pytest.mark.parametrize("code", ["", *ERRORS])
def test_every_error_is_found_the_same_in_a_wide_ledger(code: str, tmp_path: Path) -> None:
    seed = 1000 + list(ERRORS).index(code) if code else 0
    office = injected(seed, [code], 1)[0] if code else draw_office(seed)
    budget, ledger, contracts = write_office(office, tmp_path)
    result = same(
        rc.load_budget(budget), rc.load_ledger(ledger), year=office.year, through=office.through, contracts=contracts
    )
    assert not code or code in set(result.findings["code"])


@pytest.mark.parametrize("through", [None, "2020-09"])
def test_the_example_is_the_same_in_a_wide_ledger(through: str | None) -> None:
    budget, ledger = rc.load_budget(EXAMPLE / "budget_2020.xlsx"), rc.load_ledger(EXAMPLE / "ledger_2020.xlsx")
    same(budget, ledger, through=through, contracts=EXAMPLE / "contracts_2020.xlsx")


def test_an_alias_of_a_name_and_of_an_account_reach_a_wide_ledger() -> None:
    budget = rc.load_budget(
        pd.DataFrame({"支出类型": ["项目支出"] * 2, "项目": ["甲工程", "乙工程"], "年初预算": [100.0, 50.0]}),
        unit="元",
        year=2020,
    )
    ledger = rc.load_ledger(
        pd.DataFrame(
            {
                "日期": ["2020-01-05", "2020-02-05", "2020-03-05"],
                "凭证号": ["记-1", "记-2", "记-4"],
                "摘要": ["付款", "付款", "付款"],
                "科目编码": ["7101"] * 3,
                "科目名称": ["行政支出"] * 3,
                "项目": ["甲方建设", "乙工程", ""],
                "借方金额": [30.0, 20.0, 10.0],
            }
        ),
        unit="元",
    )
    aliases = pd.DataFrame({"账簿名称": ["甲方建设", "7101 行政支出"], "预算项目": ["甲工程", "乙工程"]})
    result = same(budget, ledger, aliases=aliases)
    assert result.by_project.set_index("project")["actual"].to_dict() == {"甲工程": 30.0, "乙工程": 30.0}


def test_what_a_column_holds_is_told_alike_by_texts_and_by_categories() -> None:
    texts = pd.DataFrame({"a": pd.array(["乙", "", "甲", "乙"], dtype="str")})
    for frame in (texts, wide.Wide({"a": texts["a"].astype("category")})):
        assert wide.equal(frame, "a", "乙").tolist() == [True, False, False, True]
        assert wide.equal(frame, "a", "丙").tolist() == [False] * 4
        assert wide.filled(frame, "a").tolist() == [True, False, True, True]
        assert wide.where(frame, "a", lambda v: v > "乙").tolist() == [False, False, True, False]
        assert wide.each(frame, "a", len).tolist() == [1, 0, 1, 1]
        assert wide.texts_at(frame, "a", [3, 1]).tolist() == ["乙", ""]
        at, distinct = wide.factorized(frame, "a", [2, 3, 0])
        assert (at.tolist(), distinct.tolist()) == ([0, 1, 1], ["甲", "乙"])

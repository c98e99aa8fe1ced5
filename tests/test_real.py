"""Published files that nobody on this project wrote; they stand beside the project and are not part of it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import reconcile as rc

REAL = Path(__file__).parents[2] / "shared" / "real"
pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the folder of real files is not beside this checkout")


def test_oklahoma_city_budget_and_actuals() -> None:
    budget, actual = rc.load_budget(REAL / "okc_fy15_budget.csv"), rc.load_ledger(REAL / "okc_fy15_actuals.csv")
    assert (len(budget.lines), budget.lines["available"].sum()) == (4870, 1_205_265_252.00)
    spent = actual.entries
    assert (len(spent), round(spent["amount"].sum(), 2)) == (7301, 1_027_486_663.78)
    assert set(spent["role"]) == {"spending"}
    planned = budget.lines.groupby(budget.lines["project_code"].str[:3])["available"].sum()
    paid = spent.groupby(spent["project_code"].str[:3])["amount"].sum()
    assert len(planned.index) == len(planned.index.intersection(paid.index)) == 21
    over = (paid - planned)[paid > planned]
    assert len(over) == 6
    largest = over.idxmax()
    assert (planned[largest], round(paid[largest], 2)) == (83_653_451.0, 178_026_658.82)


def test_puebla_budget_and_actual_in_one_sheet() -> None:
    budget = rc.load_budget(REAL / "mx_avance_puebla_q1_2016.xlsx")
    assert len(budget.lines) == 4818
    assert round(budget.lines["original"].sum(), 2) == 111_592_687_557.14
    assert round(budget.lines["available"].sum(), 2) == 111_746_519_346.43
    roles = budget.reading.rows.set_index("role")["rows"]
    assert roles["subtotal"] == 632
    table = budget.tables[0]
    exercised = table.money["actual"].fen[table.roles == "data"].sum()
    assert exercised == 7_215_444_976_264
    assert (budget.stated["stated"] == budget.stated["items"]).all()


@pytest.mark.parametrize(
    "name", ["sutton_payments_2016_17.xlsx", "sutton_expenditure_2016_17.csv", "sutton_payments_2016_17_from_pdf.xlsx"]
)
def test_sutton_2016_17_is_the_same_in_three_files(name: str) -> None:
    entries = rc.load_ledger(REAL / name).entries
    year = entries[(entries["date"] >= pd.Timestamp(2016, 4, 1)) & (entries["date"] < pd.Timestamp(2017, 4, 1))]
    assert (len(year), year["amount"].sum()) == (139, 492_339.0)


def test_sutton_pivots_and_copies_are_not_loaded_as_data() -> None:
    ledger = rc.load_ledger(REAL / "sutton_payments_2016_17.xlsx")
    assert (len(ledger.entries), round(ledger.entries["amount"].sum(), 2)) == (308, 1_196_473.18)
    assert ledger.reading.tables["sheet"].tolist() == ["FullData CLEANED"]
    assert "repeated-table" in set(ledger.findings["code"])
    assert ledger.entries["date"].notna().all()


def test_sutton_2017_18() -> None:
    entries = rc.load_ledger(REAL / "sutton_payments_2017_18.ods").entries
    assert (len(entries), round(entries["amount"].sum(), 2)) == (215, 909_737.63)

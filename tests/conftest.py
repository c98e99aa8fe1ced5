"""The example department, read once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

import reconcile as rc

settings.register_profile("office", deadline=None, print_blob=True)
settings.load_profile("office")
EXAMPLE = Path(__file__).parents[1] / "workbooks" / "example"


@pytest.fixture(scope="session")
def example() -> rc.Reconciliation:
    budget = rc.load_budget(EXAMPLE / "budget_2020.xlsx")
    ledger = rc.load_ledger(EXAMPLE / "ledger_2020.xlsx")
    return rc.reconcile(budget, ledger, contracts=EXAMPLE / "contracts_2020.xlsx")

"""The example department, read once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

import reconcile as rc
from reconcile import wording
from reconcile.finding import Check, Finding

settings.register_profile("office", deadline=None, print_blob=True)
settings.load_profile("office")
EXAMPLE = Path(__file__).parents[1] / "workbooks" / "example"


@pytest.fixture(scope="session")
def example() -> rc.Reconciliation:
    budget = rc.load_budget(EXAMPLE / "budget_2020.xlsx")
    ledger = rc.load_ledger(EXAMPLE / "ledger_2020.xlsx")
    return rc.reconcile(budget, ledger, contracts=EXAMPLE / "contracts_2020.xlsx")


@pytest.fixture(autouse=True)
def catalogue_of_finders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever check finds a code, in any test, is listed as one that may find it."""
    ran = Check.ran

    def listed(name: str, tested: int, findings: list[Finding]) -> Check:
        assert {(f.code, name) for f in findings if name not in wording.finders(f.code)} == set()
        return ran(name, tested, findings)

    monkeypatch.setattr(Check, "ran", listed)

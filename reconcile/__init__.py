"""Budget and ledger spreadsheets into a reviewed, explained, provable account of spending."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from reconcile._version import __version__

if TYPE_CHECKING:
    from reconcile.api import Reconciliation, reconcile
    from reconcile.budget import Budget, load_budget
    from reconcile.claims import check_report
    from reconcile.contracts import Contracts, load_contracts
    from reconcile.evaluation import Evaluation, evaluate, load_inputs
    from reconcile.final import FinalAccounts, check_final_accounts, load_final_accounts
    from reconcile.finding import LoadError
    from reconcile.ledger import Ledger, load_ledger
    from reconcile.replies import Replies, read_replies
    from reconcile.settings import Settings

_HOMES = {
    "Budget": "budget",
    "load_budget": "budget",
    "Ledger": "ledger",
    "load_ledger": "ledger",
    "Contracts": "contracts",
    "load_contracts": "contracts",
    "check_report": "claims",
    "Reconciliation": "api",
    "reconcile": "api",
    "Evaluation": "evaluation",
    "evaluate": "evaluation",
    "load_inputs": "evaluation",
    "FinalAccounts": "final",
    "check_final_accounts": "final",
    "load_final_accounts": "final",
    "LoadError": "finding",
    "Replies": "replies",
    "read_replies": "replies",
    "Settings": "settings",
}
__all__ = [
    "Budget",
    "Contracts",
    "Evaluation",
    "FinalAccounts",
    "Ledger",
    "LoadError",
    "Reconciliation",
    "Replies",
    "Settings",
    "__version__",
    "check_final_accounts",
    "check_report",
    "evaluate",
    "load_budget",
    "load_contracts",
    "load_final_accounts",
    "load_inputs",
    "load_ledger",
    "read_replies",
    "reconcile",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for, so that the command line starts at once."""
    if name not in _HOMES:
        raise AttributeError(f"module 'reconcile' has no attribute {name!r}")
    return getattr(import_module(f"reconcile.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__

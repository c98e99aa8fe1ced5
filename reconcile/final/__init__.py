"""The public final accounts (决算公开 01–09): read, and checked within, between, and against the books."""

from __future__ import annotations

from reconcile.final.accounts import FinalAccounts, load_final_accounts
from reconcile.final.check import FinalChecks, check_final_accounts

__all__ = ["FinalAccounts", "FinalChecks", "check_final_accounts", "load_final_accounts"]

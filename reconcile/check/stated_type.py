"""Entries whose type column states one category and whose account another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from reconcile import wide, wording
from reconcile.accounts import account_category
from reconcile.check.facts import Facts
from reconcile.finding import Finding, Severity

NAMED = ["account_code", "account", "category"]


def of_other_type(facts: Facts) -> Iterator[Finding]:
    """Accounts whose entries state one category in their type column and another in the account: the type counts.

    Entries that contradict their budget project are an ambiguous match and not said again.
    """
    entries, projects = facts.tie.entries, facts.matched.projects
    typed = np.flatnonzero(wide.equal(entries, "category_evidence", "stated-type"))
    accounts = wide.grouped(entries, NAMED, typed)
    named = entries[NAMED].iloc[typed[accounts.first]]
    said = [account_category(code, path) for code, path in zip(named["account_code"], named["account"], strict=True)]
    for at in (i for i, own in enumerate(said) if own not in ("", named["category"].iat[i])):
        lines = entries.iloc[typed[accounts.rows(at)]]
        nature = projects["category"].reindex(lines["project_id"]).to_numpy()
        lines = lines[(lines["project_id"] < 0).to_numpy() | (nature == lines["category"].to_numpy())]
        if len(lines):
            first = lines.iloc[0]
            yield Finding(
                "code-name-conflict",
                account_name(first),
                facts.entry_cell(first, "category", "account", "account_code"),
                actual=int(lines["amount"].sum()),
                severity=Severity.WARNING,
                detail=f"type|{first['category']}",
                params={
                    "wording": "type",
                    "stated": category_words(str(first["category"])),
                    "by_account": category_words(said[at]),
                    "count": len(lines),
                },
            )


def category_words(category: str) -> dict[str, str]:
    """A category in both languages."""
    return {lang: wording.text(f"category-{category}", lang) for lang in ("zh", "en")}


def account_name(entry: Any) -> str:
    """An entry's account as its code and path."""
    code, name = entry.account_code, entry.account
    return f"{code} {name}".strip() or wording.text("no-account")

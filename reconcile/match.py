"""Entries meet budget lines: category and project, each with its evidence.  Nothing nearer than equal is taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from reconcile import evidence, wide
from reconcile.aliases import Aliases
from reconcile.budget import Budget
from reconcile.groups import Groups
from reconcile.ledger import SPENDING, Ledger
from reconcile.nearest import Names, Offer
from reconcile.pointing import CONTESTED, Choice, Pointer, label_of
from reconcile.projects import NO_PROJECT, Index, budget_projects, index, labels, line_projects
from reconcile.read.columns import Texts

__all__ = ["NO_PROJECT", "Matched", "budget_projects", "line_projects", "match"]
POINTERS = ("project_code", "project", "account", "category", "quota", "document")
OF_CATEGORY = ("category_evidence", "economic_code", "functional_code", "functional")
UNNAMED = ("account_code", "account", "economic_code")


@dataclass(frozen=True)
class Matched:
    """Spending entries with their final `category` and `project`, and why.

    projects: one row a budget project: category, project_code, project, key, identity.
    entries: the ledger's spending rows (money in 分) plus `category_evidence`, `category_confidence`, `project_id` (row
    of `projects`, −1 for none), `stated_project` (as the ledger writes it), `project_evidence`, `project_confidence`,
    `alias` (row of `aliases`, −1 for none).
    contested: (evidence, code, name) of entries for which nothing was guessed, to the projects that they may mean.
    overruled: rows of `aliases` whose name is itself another budget project, or states another category.
    """

    projects: pd.DataFrame
    entries: pd.DataFrame
    contested: Mapping[tuple[str, str, str], tuple[int, ...]]
    aliases: Aliases
    index: Index
    overruled: frozenset[int] = frozenset()

    @cached_property
    def names(self) -> Names:
        """The budget's project names, to be searched."""
        return Names(map(str, self.projects["project"]))

    def nearest(self, name: str, count: int, least: float) -> list[tuple[str, float]]:
        """Budget project names most like `name`, with their likeness 0-100, best first."""
        return [(o.name, o.score) for o in self.offers(name) if o.score >= least][:count]

    def offers(self, name: str) -> tuple[Offer, ...]:
        """The nearest names whatever their likeness; the second tells how far the first is ahead."""
        return self.names.offers(name)

    def labels(self, rows: Sequence[int], language: str = "zh") -> list[str]:
        """Names that tell these projects from every other."""
        shown = self._labels(language)
        return [shown[i] for i in rows]

    def _labels(self, language: str) -> list[str]:
        known = self._shown
        if language not in known:
            known[language] = labels(self.projects, language)
        return known[language]

    @cached_property
    def _shown(self) -> dict[str, list[str]]:
        return {}


def match(budget: Budget, ledger: Ledger, aliases: Aliases | None = None) -> Matched:
    """Give every spending entry its project and category by the ordered evidence of DOMAIN §2.4."""
    projects = budget_projects(budget)
    matched = Matched(
        projects,
        ledger.fen[wide.equal(ledger.fen, "role", SPENDING)].reset_index(drop=True),
        {},
        aliases or Aliases(),
        index(budget, projects),
    )
    pointer = Pointer(matched.index, matched.aliases)
    matched, choices, group = _with_projects(matched, pointer)
    matched = _with_categories(matched, choices, group)
    return _with_approved_accounts(matched, pointer)


def distinct(frame: pd.DataFrame, columns: Sequence[str]) -> tuple[np.ndarray, pd.DataFrame]:
    """(combination of every row, the first row of each combination)."""
    groups = wide.grouped(frame, columns)
    return groups.of, frame[list(columns)].iloc[groups.first]


def spread(values: Sequence[str], group: np.ndarray, like: pd.DataFrame | None = None) -> Any:
    """A text for every row from the text of its combination, as the texts of the frame `like` are held."""
    if isinstance(like, wide.Wide) and len(values):
        return wide.held(Texts(group, np.array(values, dtype=object)))
    return pd.Series(pd.array(values, dtype="str").take(group) if len(values) else [], dtype="str")


def _with_projects(matched: Matched, pointer: Pointer) -> tuple[Matched, list[Choice], np.ndarray]:
    entries, projects = matched.entries, matched.projects
    group, combos = distinct(entries, POINTERS)
    choices = [pointer.choose(*values) for values in combos.itertuples(index=False, name=None)]
    ids = np.array([c.project for c in choices], dtype=np.int64)
    names = [projects["project"].iloc[c.project] if c.project >= 0 else c.name for c in choices]
    shown_codes = [projects["project_code"].iloc[c.project] if c.project >= 0 else c.code for c in choices]
    found = [c.evidence for c in choices]
    trust = evidence.confidences("project")
    out = entries.assign(
        project_id=ids[group] if len(ids) else np.empty(0, dtype=np.int64),
        stated_project=wide.as_held(entries, "project"),
        project_evidence=spread(found, group, entries),
        project_confidence=spread([trust[e] for e in found], group, entries),
        project=spread(names, group, entries),
        project_code=spread(shown_codes, group, entries),
        alias=np.array([c.alias for c in choices], dtype=np.int64)[group] if len(ids) else np.empty(0, dtype=np.int64),
    )
    contested = {
        (c.evidence, code, name): c.candidates
        for c, code, name in zip(choices, shown_codes, names, strict=True)
        if c.evidence in CONTESTED
    }
    overruled = frozenset(c.overruled for c in choices if c.overruled >= 0)
    return replace(matched, entries=out, contested=contested, overruled=overruled), choices, group


def _with_categories(matched: Matched, choices: list[Choice], pointed: np.ndarray) -> Matched:
    entries = matched.entries
    told = [(c.stated, _nature(c, matched.index), c.quota, c.approved, c.named) for c in choices]
    known = {one: i for i, one in enumerate(dict.fromkeys(told))}
    alike = np.array([known[one] for one in told], dtype=np.int64)
    groups = Groups.by(alike[pointed], *(wide.codes(entries, c) for c in OF_CATEGORY))
    own = entries[list(OF_CATEGORY)].iloc[groups.first].itertuples(index=False, name=None)
    found = [
        evidence.category(
            stated, "stated-type" if stated and not how else how, nature, quota, approved, named, economic, (code, name)
        )
        for (stated, nature, quota, approved, named), (how, economic, code, name) in zip(
            (told[i] for i in pointed[groups.first].tolist()), own, strict=True
        )
    ]
    group = groups.of
    trust = evidence.confidences("category")
    return replace(
        matched,
        entries=entries.assign(
            category=spread([f[0] for f in found], group, entries),
            category_evidence=spread([f[1] for f in found], group, entries),
            category_confidence=spread([trust[f[1]] for f in found], group, entries),
        ),
    )


def _nature(choice: Choice, index: Index) -> str:
    """The category of the project that was pointed at, or that all have which may be meant."""
    rows = (choice.project,) if choice.project >= 0 else choice.candidates
    natures = {index.category[i] for i in rows}
    return natures.pop() if len(natures) == 1 else ""


def _with_approved_accounts(matched: Matched, pointer: Pointer) -> Matched:
    """Entries that name no project and are undetermined, or project spending of none, by an alias of their account."""
    entries = matched.entries
    if not pointer.has_aliases:
        return matched
    unplaced = wide.where(entries, "category", lambda c: c in ("undetermined", "project"))
    open_rows = unplaced & wide.equal(entries, "project_evidence", "no-project")
    if not open_rows.any():
        return matched
    own = entries[open_rows]
    group, combos = distinct(own, [*UNNAMED, "category"])
    choices = [
        pointer.account(label_of(code, account, economic), category)
        for code, account, economic, category in combos.itertuples(index=False, name=None)
    ]
    out = entries.copy(deep=False)
    projects = matched.projects
    rows = np.flatnonzero(open_rows)
    for combo, choice in enumerate(choices):
        if choice is None:
            continue
        at = rows[group == combo]
        values: dict[str, object] = {"alias": choice.alias}
        if choice.project >= 0:
            values |= {
                "project_id": choice.project,
                "project": projects["project"].iloc[choice.project],
                "project_code": projects["project_code"].iloc[choice.project],
                "project_evidence": "approved-alias",
                "project_confidence": "high",
            }
        if choice.approved:
            values |= {
                "category": choice.approved,
                "category_evidence": "approved-alias",
                "category_confidence": "high",
            }
        for name, value in values.items():
            out[name] = wide.put(out, name, at, value)
    return replace(matched, entries=out)

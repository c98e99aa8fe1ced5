"""Entries meet budget lines: category and project, each with its evidence.  Nothing nearer than equal is taken."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reconcile import codes
from reconcile.budget import Budget
from reconcile.ledger import SPENDING, Ledger
from reconcile.read import words

NO_PROJECT = -1
_STRUCTURE = re.compile(r"[_/\\|>-]")


@dataclass(frozen=True)
class Matched:
    """Spending entries with their final `category` and `project`, and why.

    projects: one row a budget project: category, project_code, project, key.
    entries: the ledger's spending rows (money in 分) plus `category_evidence`, `project_id` (row of `projects`,
    −1 for none), `project_evidence`.
    """

    projects: pd.DataFrame
    entries: pd.DataFrame

    def nearest(self, name: str, count: int, least: float) -> list[tuple[str, float]]:
        """Budget project names most like `name`, with their likeness 0-100, best first."""
        from rapidfuzz import fuzz, process

        offered = process.extract(
            words.project_key(name), self.projects["key"].tolist(), scorer=fuzz.WRatio, limit=count, score_cutoff=least
        )
        return [(str(self.projects["project"].iloc[i]), round(float(score), 1)) for _, score, i in offered]


def match(budget: Budget, ledger: Ledger) -> Matched:
    """Give every spending entry its project and category by the ordered evidence of DOMAIN §2.4."""
    projects = budget_projects(budget)
    entries = ledger.fen[ledger.fen["role"] == SPENDING].reset_index(drop=True)
    entries = _with_projects(entries, projects)
    return Matched(projects, _with_categories(entries, projects))


def budget_projects(budget: Budget) -> pd.DataFrame:
    """The projects that the budget names, in its order; lines of one code, or of one name without code, are one."""
    lines = budget.fen[budget.fen["project"] != ""]
    key = lines["project"].map(words.project_key)
    frame = lines.assign(key=key, identity=_identity(lines, key))
    first = frame.drop_duplicates("identity")
    return first[["category", "project_code", "project", "key", "identity"]].reset_index(drop=True)


def line_projects(budget: Budget, projects: pd.DataFrame) -> pd.Series:
    """For every budget line the row of its project, −1 for lines of none."""
    lines = budget.fen
    identity = _identity(lines, lines["project"].map(words.project_key))
    rows = pd.Series(projects.index.to_numpy(), index=projects["identity"].to_numpy())
    return identity.map(rows).where(lines["project"] != "").fillna(NO_PROJECT).astype("int64")


def _identity(lines: pd.DataFrame, key: pd.Series) -> pd.Series:
    """Lines are of one project when category, code and normalised name are equal: one code on two names is two."""
    return lines["category"] + "|" + lines["project_code"].map(codes.segments) + "=" + key


def _with_projects(entries: pd.DataFrame, projects: pd.DataFrame) -> pd.DataFrame:
    by_code = _unique(
        {codes.segments(c): i for i, c in projects["project_code"].items() if c},
        projects["project_code"].map(codes.segments),
    )
    by_name = _unique({k: i for i, k in projects["key"].items()}, projects["key"])
    combos = entries[["project_code", "project", "account"]]
    group = combos.groupby(list(combos.columns), sort=False, dropna=False).ngroup().to_numpy()
    distinct = combos[~pd.Series(group).duplicated().to_numpy()]
    found = [_project(c, n, a, by_code, by_name) for c, n, a in distinct.itertuples(index=False, name=None)]
    ids = np.array([f[0] for f in found], dtype=np.int64)
    evidence = np.array([f[1] for f in found], dtype=object)
    names = np.array([projects["project"].iloc[f[0]] if f[0] >= 0 else f[2] for f in found], dtype=object)
    project_codes = np.array(
        [projects["project_code"].iloc[f[0]] if f[0] >= 0 else c for f, c in zip(found, distinct["project_code"])],
        dtype=object,
    )
    out = entries.copy()
    out["project_id"] = ids[group] if len(ids) else np.empty(0, dtype=np.int64)
    out["stated_project"] = entries["project"]
    out["project_evidence"] = pd.Series(evidence[group] if len(found) else [], dtype="str")
    out["project"] = pd.Series(names[group] if len(found) else [], dtype="str")
    out["project_code"] = pd.Series(project_codes[group] if len(found) else [], dtype="str")
    return out


def _unique(found: dict[str, int], keys: pd.Series) -> dict[str, int]:
    repeated = set(keys[keys.duplicated(keep=False)])
    return {k: v for k, v in found.items() if k and k not in repeated}


def _project(
    code: str, name: str, account: str, by_code: dict[str, int], by_name: dict[str, int]
) -> tuple[int, str, str]:
    """(project row or −1, evidence, name to show)."""
    if code and codes.segments(code) in by_code:
        return by_code[codes.segments(code)], "project-code", name
    if name and words.section(name):
        return NO_PROJECT, "", ""
    if name and words.project_key(name) in by_name:
        return by_name[words.project_key(name)], "project-name", name
    if name or code:
        return NO_PROJECT, "not-in-budget", name or code
    for part in reversed(_STRUCTURE.split(account)):
        if part and words.project_key(part) in by_name:
            return by_name[words.project_key(part)], "account-path", part
    return NO_PROJECT, "", ""


def _with_categories(entries: pd.DataFrame, projects: pd.DataFrame) -> pd.DataFrame:
    columns = ["category", "stated_project", "project", "project_id", "economic_code", "functional_code"]
    combos = entries[columns]
    group = combos.groupby(columns, sort=False, dropna=False).ngroup().to_numpy()
    distinct = combos[~pd.Series(group).duplicated().to_numpy()]
    nature = projects["category"].to_numpy(dtype=object)
    found = [
        _category(category, stated, project, str(nature[pid]) if pid >= 0 else "", economic, functional)
        for category, stated, project, pid, economic, functional in distinct.itertuples(index=False, name=None)
    ]
    out = entries.copy()
    for position, name in enumerate(("category", "category_evidence")):
        values = np.array([f[position] for f in found], dtype=object)
        out[name] = pd.Series(values[group] if len(found) else [], dtype="str")
    return out


def _category(
    stated: str, stated_project: str, project: str, nature: str, economic: str, functional: str
) -> tuple[str, str]:
    """(category, evidence) of one combination; the first evidence decides."""
    if stated:
        return stated, "stated-type-or-account"
    named = words.section(stated_project) if stated_project else None
    if named:
        return named[0], "stated-type-or-account"
    if nature:
        return nature, "budget-project"
    if project:
        return "project", "named-project"
    economic, functional = codes.segments(economic), codes.segments(functional)
    if economic[:3] in ("309", "311", "313"):
        return "project", "capital-class"
    if len(functional) == 7:
        if functional[-2:] in ("01", "50") or functional[:5] in ("20805", "21011", "22102"):
            return "basic", "functional-class"
        return "project", "functional-class"
    if economic[:3] in ("301", "303"):
        return "basic", "personnel-class"
    return "undetermined", "none"

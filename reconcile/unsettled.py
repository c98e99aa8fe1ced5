"""What a person must settle: spending that meets no budget project, or several, or no category; and the aliases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reconcile import wide
from reconcile.groups import Groups
from reconcile.match import Matched
from reconcile.nearest import Offer
from reconcile.pointing import AMBIGUOUS, CONFLICT, LOOSE, NONE, Pointer, label_of

KINDS = (CONFLICT, AMBIGUOUS, LOOSE, "undetermined", NONE)


@dataclass(frozen=True)
class Unsettled:
    """Entries of one kind and name.  name: as an alias would give it.  code, project, category: as the entries have
    them.  amount: in 分.  first: the entry that stands first in the ledger.  candidates: rows of the budget's projects
    that may be meant; offers: nearest names.
    """

    kind: str
    name: str
    code: str
    project: str
    category: str
    count: int
    amount: int
    first: pd.Series
    candidates: tuple[int, ...] = ()
    offers: tuple[Offer, ...] = ()
    alias: int = -1


def unsettled(matched: Matched, entries: pd.DataFrame) -> tuple[Unsettled, ...]:
    """Every name or account among `entries` that a person must settle, the gravest kind first, then by amount."""
    found = [*_named(matched, entries), *_unnamed(entries)]
    return tuple(sorted(found, key=lambda u: (KINDS.index(u.kind), -abs(u.amount), u.name, u.code)))


def _named(matched: Matched, entries: pd.DataFrame) -> Iterator[Unsettled]:
    own = entries[wide.where(entries, "project_evidence", lambda e: e in (CONFLICT, AMBIGUOUS, LOOSE))]
    for group in groups_of(own, ["project_evidence", "project_code", "project"]):
        kind, code, name = group.keys
        yield Unsettled(
            kind,
            f"{code} {name}" if kind == CONFLICT else name,
            code,
            name,
            group.category,
            group.count,
            group.amount,
            group.first,
            matched.contested.get((kind, code, name), ()),
            matched.offers(name) if kind == LOOSE else (),
            int(group.first["alias"]),
        )


def _unnamed(entries: pd.DataFrame) -> Iterator[Unsettled]:
    open_rows = wide.where(entries, "category", lambda c: c in ("undetermined", "project"))
    own = entries[wide.equal(entries, "project_evidence", NONE) & open_rows]
    for group in groups_of(own, ["category", "account_code", "account", "economic_code"]):
        category, code, account, economic = group.keys
        yield Unsettled(
            "undetermined" if category == "undetermined" else NONE,
            label_of(code, account, economic),
            "",
            "",
            category,
            group.count,
            group.amount,
            group.first,
        )


@dataclass(frozen=True)
class Group:
    """Entries of equal keys: how many, their sum in 分, their category ('' where they have several), the first."""

    keys: tuple[str, ...]
    count: int
    amount: int
    category: str
    first: pd.Series


def groups_of(entries: pd.DataFrame, by: list[str]) -> Iterator[Group]:
    """Entries grouped by text columns, in the order of these."""
    groups = wide.grouped(entries, by)
    categories = Groups.by(groups.of, wide.codes(entries, "category"))
    several = np.bincount(groups.of[categories.first], minlength=len(groups)) > 1
    sums = groups.sums(entries["amount"])
    keys = list(entries[by].iloc[groups.first].itertuples(index=False, name=None))
    for at in sorted(range(len(groups)), key=keys.__getitem__):
        first = entries.iloc[groups.first[at]]
        category = "" if several[at] else str(first["category"])
        yield Group(tuple(map(str, keys[at])), int(groups.counts[at]), int(sums[at]), category, first)


def alias_report(matched: Matched, entries: pd.DataFrame) -> pd.DataFrame:
    """Every alias, what became of it, and the spending that it placed (entries, amount in 分).

    status: `applied`; `unused`, no entry has the name; `not-approved`; `incomplete`; `no-name`; `unknown-category`;
    `no-such-project` and `several-projects`, of the budget; `contradicts` another alias; `overruled`, for the budget
    itself or the row says otherwise.
    """
    pointer = Pointer(matched.index, matched.aliases)
    placed = entries[
        (entries["project_evidence"] == "approved-alias") | (entries["category_evidence"] == "approved-alias")
    ]
    sums = placed.groupby("alias")["amount"].agg(["size", "sum"])
    records = []
    for i, alias in enumerate(matched.aliases.rows):
        count, amount = (int(v) for v in sums.loc[i]) if i in sums.index else (0, 0)
        records.append(
            (
                alias.name,
                alias.target,
                alias.category or alias.unread,
                alias.approver,
                alias.date,
                _status(matched, pointer, i, count),
                count,
                amount,
                alias.origin.file,
                alias.origin.sheet,
                alias.origin.row,
            )
        )
    columns = ["name", "project", "category", "approver", "date", "status", "entries", "amount", "file", "sheet", "row"]
    return pd.DataFrame(records, columns=columns)


def _status(matched: Matched, pointer: Pointer, row: int, count: int) -> str:
    alias = matched.aliases.rows[row]
    if not alias.name:
        return "no-name"
    if alias.unread:
        return "unknown-category"
    if not alias.complete:
        return "incomplete"
    if not alias.approved:
        return "not-approved"
    targets, said = pointer.targets(row), pointer.approved(alias.name, whole=True)
    if alias.target and len(targets) != 1:
        return "several-projects" if targets else "no-such-project"
    if said is not None and not said.agreed:
        return "contradicts"
    if count:
        return "applied"
    return "overruled" if row in matched.overruled else "unused"

"""Entries that a reviewer reclassified: what a person said of an entry comes before all other evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from reconcile import wide
from reconcile.entry_keys import entry_keys
from reconcile.match import Matched
from reconcile.projects import NO_PROJECT
from reconcile.replies import Move

REVIEWED = "reclassified"
APPLIED, GONE = "applied", "gone"


@dataclass(frozen=True)
class Moved:
    """What became of a reclassification.  status: `applied`; `gone`, no entry has its key; `no-such-project`,
    `several-projects`, of the budget; `contradicts`, its project is not of its category.

    entry: its row among Matched.entries, −1 for none.  category, project: what it had by all other evidence.
    """

    move: Move
    status: str
    entry: int = -1
    category: str = ""
    project: str = ""


def reclassify(matched: Matched, moves: Sequence[Move]) -> tuple[Matched, tuple[Moved, ...]]:
    """Entries as people reclassified them, with the evidence `reclassified`, and what became of every reclassification.

    Nothing is applied in part: an entry whose reclassification cannot be followed stays where it was.
    """
    if not moves:
        return matched, ()
    entries = matched.entries.copy()
    at = pd.Index(entry_keys(entries)).get_indexer([m.key for m in moves])
    was = {name: entries[name] for name in ("category", "project")}
    told: dict[int, dict[str, object]] = {}
    done = []
    for move, row in zip(moves, map(int, at), strict=True):
        if row < 0:
            done.append(Moved(move, GONE))
            continue
        category, project = (str(told.get(row, {}).get(name, column.iat[row])) for name, column in was.items())
        values = _values(matched, move)
        if isinstance(values, str):
            done.append(Moved(move, values, row, category, project))
            continue
        told[row] = values
        done.append(Moved(move, APPLIED, row, category, project))
    for name in next(iter(told.values()), ()):
        rows: dict[object, list[int]] = {}
        for row, values in told.items():
            rows.setdefault(values[name], []).append(row)
        for value, of_value in rows.items():
            entries[name] = wide.put(entries, name, of_value, value)
    return replace(matched, entries=entries), tuple(done)


def _values(matched: Matched, move: Move) -> dict[str, object] | str:
    """What the columns of an entry become, or why it cannot be done.  A project brings its category; a category alone
    takes no project."""
    index, projects = matched.index, matched.projects
    target = NO_PROJECT
    if move.project:
        found = index.named(move.project, move.category)
        if len(found) != 1:
            if len(found) > 1:
                return "several-projects"
            return "contradicts" if move.category and index.named(move.project) else "no-such-project"
        target = found[0]
    return {
        "category": index.category[target] if target >= 0 else move.category,
        "category_evidence": REVIEWED,
        "category_confidence": "high",
        "project_id": target,
        "project": projects["project"].iloc[target] if target >= 0 else "",
        "project_code": projects["project_code"].iloc[target] if target >= 0 else "",
        "project_evidence": REVIEWED,
        "project_confidence": "high",
    }


def moved_frame(moved: Sequence[Moved], entries: pd.DataFrame) -> pd.DataFrame:
    """One row a reclassification: the entry as the ledger has it (amount in 分), `from_category`, `from_project`, what
    it is now, and the status; an entry that is not there has no amount."""
    told = [
        (m.move.key, m.status, m.category, m.project, m.move.category, m.move.project, m.move.note, m.move.person)
        for m in moved
    ]
    columns = ["key", "status", "from_category", "from_project", "asked_category", "asked_project", "note", "person"]
    frame = pd.DataFrame(told, columns=columns, dtype="str")
    named = ["date", "voucher", "memo", "amount", "category", "project", "file", "sheet", "row"]
    own = wide.plain(entries.reindex([m.entry for m in moved])[named].reset_index(drop=True))
    return pd.concat([frame, own], axis="columns")

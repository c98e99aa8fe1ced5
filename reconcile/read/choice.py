"""Years and versions that stand beside each other: which columns are read, and which are passed over.  They are
alternatives and are never added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from reconcile.money import Cell, parse_column
from reconcile.read import versions
from reconcile.read.sheet import Cells

if TYPE_CHECKING:
    from reconcile.read.header import Column

    Fitted = tuple[tuple[int, int], Column]

SAMPLE = 500
PLANNED = ("original", "available", "amount")
SHARED = ("carryover", "actual", "remaining")


@dataclass(frozen=True)
class Want:
    """The year and the version that are asked for; 0 and '' where any is, and then the last one is read."""

    year: int = 0
    version: str = ""


ANY = Want()


@dataclass(frozen=True)
class Choice:
    """kept: the columns that may be read, by field; passed: those of other years and versions.

    year: the one that is read, 0 where no column names one.  doubtful: a column of which it cannot be told whether it
    states the adjusted budget or the adjustment.
    """

    kept: Mapping[str, list[Fitted]]
    passed: tuple[Column, ...] = ()
    year: int = 0
    doubtful: Column | None = None


def choose(found: Mapping[str, list[Fitted]], money: Sequence[str], want: Want, below: Cells) -> Choice:
    """The columns of one year and one version.  Labels stay; of amounts those of other years and versions go.

    below: the cells under the header, which tell an adjusted budget from an adjustment.
    """
    columns = [c for cs in found.values() for _, c in cs]
    years = {c.year for c in columns if c.year}
    year = want.year if want.year in years else max(years, default=0)
    kept, passed = dict(found), []
    for name in money:
        if name in found:
            kept[name] = [c for c in found[name] if c[1].year in (0, year) or _brought_over(c[1], name, found, year)]
            passed += [c for _, c in found[name] if all(c is not k for _, k in kept[name])]
    kept, gone, doubtful = _of_version(kept, money, want.version, below)
    return Choice({f: cs for f, cs in kept.items() if cs}, (*passed, *gone), year, doubtful)


def _brought_over(column: Column, name: str, found: Mapping[str, list[Fitted]], year: int) -> bool:
    """`2019年结转` beside `2020年预算` is the carryover into 2020 where no budget of 2019 stands there too."""
    last = {c.year for f in PLANNED for _, c in found.get(f, ())}
    alone = all(c.year != year for _, c in found[name])
    return name == "carryover" and alone and column.year == year - 1 and column.year not in last


def _of_version(
    kept: dict[str, list[Fitted]], money: Sequence[str], wanted: str, below: Cells
) -> tuple[dict[str, list[Fitted]], list[Column], Column | None]:
    amounts = [(f, c) for f in money for c in kept.get(f, ())]
    asked = [(f, c) for f, c in amounts if wanted and versions.names(c[1].header, wanted)]
    if asked:
        takes = {c[1].position for _, c in asked}
        draft = all(versions.is_draft(c[1].header, "column") for _, c in asked)
        shared = SHARED if draft else tuple(f for f in money if f != "amount")
        takes |= {c[1].position for f, c in amounts if f in shared and not _alternative(c[1])}
        return _split(_bare_as_amounts(kept, [c for _, c in asked]), money, takes)
    ranks = {c[1].position: versions.rank(c[1].header, "column") for _, c in amounts}
    drafts = {p for p, rank in ranks.items() if 0 < rank <= versions.DRAFT}
    if not drafts:
        return kept, [], None
    planned = [(f, c) for f, c in amounts if f in PLANNED and c[1].position not in drafts]
    bare = [c for f, c in amounts if f == "adjustment" and versions.bare(c[1].header)]
    doubtful = None
    if bare and planned:
        verdict = _is_change(below, bare[0][1].position, planned[0][1][1].position)
        doubtful = bare[0][1] if verdict is None else None
        if verdict is False:
            kept = {**kept, "adjustment": [], "available": [*kept.get("available", []), bare[0]]}
    if not planned:
        best = max(rank for p, rank in ranks.items() if p in drafts)
        drafts = {p for p in drafts if ranks[p] != best}
        if bare:
            drafts = {
                c[1].position for _, c in amounts if c[1].position != bare[0][1].position and ranks[c[1].position]
            }
            kept = _bare_as_amounts(kept, bare)
    takes = {c[1].position for f in money for c in kept.get(f, ())} - drafts
    out, gone, _ = _split(kept, money, takes)
    return out, gone, doubtful


def _alternative(column: Column) -> bool:
    return versions.rank(column.header, "column") > 0


def _bare_as_amounts(kept: dict[str, list[Fitted]], asked: Sequence[Fitted]) -> dict[str, list[Fitted]]:
    """`调整` beside `一上` and `批复` is a budget, not a change of one."""
    bare = [c for c in asked if versions.bare(c[1].header) and c in kept.get("adjustment", [])]
    if not bare:
        return kept
    rest = [c for c in kept["adjustment"] if c not in bare]
    return {**kept, "adjustment": rest, "amount": [*bare, *kept.get("amount", [])]}


def _split(
    kept: dict[str, list[Fitted]], money: Sequence[str], takes: set[int]
) -> tuple[dict[str, list[Fitted]], list[Column], Column | None]:
    out = dict(kept)
    gone: list[Column] = []
    for name in money:
        gone += [c for _, c in kept.get(name, ()) if c.position not in takes]
        out[name] = [c for c in kept.get(name, ()) if c[1].position in takes]
    return out, gone, None


def _is_change(below: Cells, position: int, base: int) -> bool | None:
    """Whether a column changes the budget beside it (negative, or blank on many rows) or states it anew; None where
    its amounts could be either."""
    change, plan = (parse_column(below[:SAMPLE, p]) for p in (position, base))
    planned = (plan.state == Cell.NUMBER) & (plan.fen != 0)
    if (change.fen < 0).any() or (change.fen[planned] == 0).any():
        return True
    near = 2 * change.fen[planned] >= plan.fen[planned]
    return False if not len(near) or np.mean(near) > 0.5 else None

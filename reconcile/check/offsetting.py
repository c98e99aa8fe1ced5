"""Differences that cancel: what one line has too much another has too little, so that their sum hides both."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

from reconcile import wording
from reconcile.check import printed
from reconcile.check.facts import Facts
from reconcile.check.identities import differs
from reconcile.check.many import at_most, listed
from reconcile.finding import Check, Finding, Origin
from reconcile.wording import Amount

MOST_LINES = 60
"""Lines short of their budget among which a pair that makes up one excess is sought."""
ROUND_FEN = 10_000
"""Round sums meet by chance: three that are all whole hundreds of yuan prove nothing."""


@dataclass(frozen=True)
class Gap:
    """A line and by how much (分, positive for too much) it misses what it is held against."""

    name: str
    origin: Callable[[], Origin]
    fen: int


def offsetting_differences(facts: Facts) -> Check:
    """Lines of one parent that are over budget by just what one or two others are under it, or all of whose differences
    cancel; and lines whose printed spending misses the ledger's by amounts that cancel."""
    findings, tested = [], 0
    for kind, parent, gaps in _parents(facts):
        tested += len(gaps)
        groups = cancelling(gaps)
        findings += [_finding(kind, parent, group) for group in groups]
    return Check.ran("offsetting-differences", tested, at_most(findings))


def _parents(facts: Facts) -> list[tuple[str, str, list[Gap]]]:
    """(kind, name, the gaps of its lines) of everything whose lines add up to a total."""
    found = []
    own = facts.tie.by_project[facts.tie.by_project["in_budget"] & facts.tie.by_project["available"].notna()]
    for category, lines in own.groupby("category", sort=False):
        if category == "project" and facts.unnamed:
            continue
        gaps = [_of_project(facts, row.project, int(row.actual) - int(row.available)) for row in lines.itertuples()]
        found.append(("budget", facts.category_name(str(category)), gaps))
    for scope, lines in facts.by_class.scopes():
        if facts.by_class.complete(scope):
            known = [x for x in lines if x.planned and x.available is not None]
            gaps = [Gap(x.name, lambda x=x: facts.class_origin(x), x.actual - (x.available or 0)) for x in known]  # type: ignore[misc]
            found.append(("budget", facts.scope_name(scope), gaps))
    if facts.tie.period.is_whole_year:
        held = [r for r in printed.against_ledger(facts) if r.stated_actual is not None]
        gaps = [
            Gap(r.name, lambda r=r: facts.line_origin(r.at, "actual"), (r.stated_actual or 0) - (r.ledger or 0))  # type: ignore[misc]
            for r in held
            if differs(r)
        ]
        found.append(("printed", wording.text("tail-spending", facts.settings.language), gaps))
    return found


def _of_project(facts: Facts, name: str, fen: int) -> Gap:
    return Gap(name, lambda: facts.budget_origin(name), fen)


def cancelling(gaps: Sequence[Gap]) -> list[tuple[Gap, ...]]:
    """Groups of gaps that add to nothing, each gap in one at most: pairs, then one against two, then all together.

    Deterministic: in the order of the lines.  Several lines on budget and none over it are no group.
    """
    waiting: dict[int, deque[int]] = {}
    for i, gap in enumerate(gaps):
        waiting.setdefault(gap.fen, deque()).append(i)
    groups: list[tuple[Gap, ...]] = []
    left = dict.fromkeys(i for i, gap in enumerate(gaps) if gap.fen)
    for i in [i for i in left if gaps[i].fen > 0]:
        if others := waiting.get(-gaps[i].fen):
            other = others.popleft()
            groups.append((gaps[i], gaps[other]))
            del left[i], left[other]
    for sign in (1, -1):
        many = [k for k in left if sign * gaps[k].fen < 0]
        if len(many) > MOST_LINES:
            continue
        for i in [i for i in left if sign * gaps[i].fen > 0]:
            if found := _two_for(gaps, i, many):
                groups.append((gaps[i], *(gaps[k] for k in found)))
                many = [k for k in many if k not in found]
                for k in (i, *found):
                    del left[k]
    if len(left) > 1 and sum(gaps[i].fen for i in left) == 0:
        groups.append(tuple(gaps[i] for i in sorted(left, key=lambda i: (-gaps[i].fen, i))))
    return groups


def _two_for(gaps: Sequence[Gap], one: int, many: Sequence[int]) -> tuple[int, int] | None:
    for a, b in combinations(many, 2):
        sums = (gaps[one].fen, gaps[a].fen, gaps[b].fen)
        if sum(sums) == 0 and any(fen % ROUND_FEN for fen in sums):
            return a, b
    return None


def _finding(kind: str, parent: str, group: tuple[Gap, ...]) -> Finding:
    more = [g for g in group if g.fen > 0]
    less = [g for g in group if g.fen < 0]
    return Finding(
        "offsetting-differences",
        group[0].name,
        group[0].origin(),
        actual=sum(g.fen for g in more),
        detail=f"{kind}|{parent}|{'|'.join(sorted(g.name for g in group))}",
        params={
            "wording": kind,
            "more": listed([g.name for g in more]),
            "less": listed([g.name for g in less]),
            "sum": Amount(sum(g.fen for g in more)),
            "parent": parent,
        },
    )


RULES = (offsetting_differences,)

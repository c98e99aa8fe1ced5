"""Departments ranked by where to look first, and added up by what they belong to.  All money in int64 分."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reconcile.batch.outcome import MEASURES, Outcome


@dataclass(frozen=True)
class Node:
    """A department or group that others belong to.  path: itself below all that it is part of, as numbers, `/2/7/`;
    the paths of all that it holds begin with it.  depth: 0 for what belongs to nothing."""

    name: str
    path: str
    depth: int


@dataclass(frozen=True)
class Sum:
    """Departments added up.  totals: in 分, of those that have the figure; incomplete: how many lack one."""

    departments: int
    failed: int
    incomplete: int
    errors: int
    warnings: int
    infos: int
    totals: dict[str, int]


def ranked(outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    """What failed first, then the most errors, the largest unexplained difference, the rate farthest from schedule."""
    return tuple(sorted(outcomes, key=lambda o: (not o.failed, -o.errors, -o.unexplained, -_off_schedule(o), o.name)))


def _off_schedule(outcome: Outcome) -> float:
    """How far the execution rate is from m/12; 0 where there is none."""
    available, actual = outcome.totals.get("available"), outcome.totals.get("actual")
    return abs(actual / available - outcome.last_month / 12) if available and actual is not None else 0.0


def incomplete(outcome: Outcome) -> bool:
    """Whether a department was tied out and yet lacks a total, for a cell that could not be read."""
    return not outcome.failed and any(outcome.totals.get(name) is None for name in MEASURES)


def added(outcomes: Sequence[Outcome]) -> Sum:
    """The sum of departments, exact to the 分."""
    return Sum(
        len(outcomes),
        sum(o.failed for o in outcomes),
        sum(map(incomplete, outcomes)),
        sum(o.errors for o in outcomes),
        sum(o.warnings for o in outcomes),
        sum(o.infos for o in outcomes),
        {name: sum(o.totals.get(name) or 0 for o in outcomes) for name in MEASURES},
    )


def paths(outcomes: Sequence[Outcome], groups: Mapping[str, str]) -> dict[str, str]:
    """The path of every department and group by its name.

    groups: what a group that is no department belongs to, '' for nothing.
    """
    above = {**groups, **{o.name: o.parent for o in outcomes}}
    number = {name: n for n, name in enumerate(sorted({*above, *filter(None, above.values())}), start=1)}

    def path(name: str) -> str:
        chain = [name]
        while higher := above.get(chain[-1], ""):
            chain.append(higher)
        return "/" + "".join(f"{number[n]}/" for n in reversed(chain))

    return {name: path(name) for name in number}


def nodes(outcomes: Sequence[Outcome], groups: Mapping[str, str]) -> tuple[Node, ...]:
    """What holds departments, each before what it holds."""
    holds = {*filter(None, groups.values()), *(o.parent for o in outcomes if o.parent)}
    found = [Node(n, p, p.count("/") - 2) for n, p in paths(outcomes, groups).items() if n in holds]
    return tuple(sorted(found, key=lambda n: [int(part) for part in n.path.strip("/").split("/")]))


def held(outcomes: Sequence[Outcome], groups: Mapping[str, str]) -> dict[str, list[Outcome]]:
    """By path: the departments that a department or group holds, however deep, and itself where it is one."""
    path = paths(outcomes, groups)
    found: dict[str, list[Outcome]] = {p: [] for p in path.values()}
    for one in outcomes:
        prefix = "/"
        for part in path[one.name].strip("/").split("/"):
            prefix += f"{part}/"
            found[prefix].append(one)
    return found


def doubled(outcomes: Sequence[Outcome], groups: Mapping[str, str]) -> set[str]:
    """Departments whose own spending is, to the 分, that of all they hold: their books may hold these already."""
    inside, path = held(outcomes, groups), paths(outcomes, groups)
    found = set()
    for one in outcomes:
        others = [o for o in inside[path[one.name]] if o is not one]
        own = one.totals.get("actual")
        if own and others and own == added(others).totals["actual"]:
            found.add(one.name)
    return found


def alone(outcomes: Sequence[Outcome], found: Sequence[Node]) -> tuple[Outcome, ...]:
    """Departments that belong to nothing and that nothing belongs to."""
    holds = {n.name for n in found}
    return tuple(o for o in outcomes if not o.parent and o.name not in holds)

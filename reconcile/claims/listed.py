"""Lists of amounts against the totals of the sentence before them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reconcile.claims.claim import FAILS, Claim, Trial, judge
from reconcile.claims.figure import add
from reconcile.claims.group import PARTLY, SIDES, Group, claim_of_group
from reconcile.claims.roles import Said
from reconcile.claims.text import Listing, Report


def claims_of_list(report: Report, listing: Listing) -> Iterator[tuple[Claim, Group]]:
    """A list's items held against the totals of its lead; where they add to one of these, no other is held to them."""
    found = list(_against_each(report, listing))
    told = {tuple(c.figure.at for c in group.children) for claim, group in found if claim.verdict != FAILS}
    for claim, group in found:
        if claim.verdict != FAILS or tuple(c.figure.at for c in group.children) not in told:
            yield claim, group


def _against_each(report: Report, listing: Listing) -> Iterator[tuple[Claim, Group]]:
    lead = listing.lead
    if lead is None or not re.search(r"其中|[:：]\s*$|如下|包括|分别", lead.text):
        return
    firsts = [item[0] for item in listing.items]
    parents = [s for s in lead.levels if s.figure.dimension == "money" and s.measure != "carry" and s.figure.plain]
    series: dict[str, list[Said]] = {"plan": [], "out": []}
    for sentence in firsts:
        levels = [s for s in sentence.levels if s.figure.dimension == "money" and s.depth == 0]
        spent = next((s for s in levels if s.measure == "actual"), None)
        planned = next((s for s in levels if s.planned), None) or next((s for s in levels if s is not spent), None)
        if planned:
            series["plan"].append(planned)
        out = spent or (planned if len(levels) == 1 else None)
        if out:
            series["out"].append(out)
    n = len(firsts)
    for parent in parents:
        side = SIDES.get(parent.measure, "")
        wanted = {"plan": ["plan"], "out": ["out"]}.get(side, ["plan", "out"] if len(parents) == 1 else [])
        if side == "out" and parent.measure == "spend" and len(parents) == 1:
            wanted = ["out", "plan"]
        groups = [Group(parent, tuple(series[w])) for w in wanted if len(series[w]) == n > 1]
        if not groups:
            continue
        trials = [Trial(add, tuple(c.figure for c in g.children), "how-sum") for g in groups]
        carried = [s for s in lead.said if s.measure == "carry" and s.figure.like(parent.figure)]
        found = judge(parent.figure, trials)
        if found and found[0] == FAILS and carried and side == "plan":
            spare = Trial(
                lambda *v: add(*v[1:]) - v[0],
                (carried[0].figure, *trials[0].inputs),
                "how-sum-less-carry",
                strong=False,
            )
            found = judge(parent.figure, [spare]) or found
        if found:
            group = groups[trials.index(found[1])] if found[1] in trials else groups[0]
            partial = bool(PARTLY.search(lead.text[-12:])) and found[0] == FAILS
            if partial and found[1].value() is not None and (found[1].value() or 0) < parent.figure.value:
                continue
            yield claim_of_group(report, group, parent.figure, found[0], found[1]), group

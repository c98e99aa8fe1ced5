"""Rules about printed figures: what rounding does to sums in the report."""

from __future__ import annotations

from reconcile import money, wording
from reconcile.check.facts import Facts
from reconcile.check.identities import chain_tails
from reconcile.check.sources import stated_tail
from reconcile.finding import Check, Finding, Origin


def rounding_tail(facts: Facts) -> Check:
    """R02: printed totals that differ from the sum of their printed parts only by rounding.

    The exact amounts tie by construction here; the tail is what the reader of the report sees.
    """
    findings = []
    sums = printed_sums(facts)
    for key, total, parts in sums:
        printed = _printed(total)
        added = sum(_printed(p) for p in parts)
        if printed != added:
            findings.append(
                Finding(
                    "rounding-tail",
                    wording.text(key, facts.settings.language),
                    Origin(sheet=wording.text("sheet-overview")),
                    expected=added,
                    actual=printed,
                    detail=key,
                )
            )
    return Check.ran(
        "rounding-tail", len(sums) + len(facts.budget.stated), [*findings, *stated_tail(facts), *chain_tails(facts)]
    )


def printed_sums(facts: Facts) -> list[tuple[str, int, list[int]]]:
    """(name, exact total, exact parts) of the sums that the report prints, in 分."""
    tie = facts.tie
    parts = [int(a) for a in tie.by_category["actual"]]
    projects = tie.by_project[tie.by_project["category"] == "project"]
    basic = tie.by_item[tie.by_item["category"] == "basic"]
    groups = [int(g) for g in basic.groupby("group")["actual"].sum()]
    spent = {str(r.category): int(r.actual) for r in tie.by_category.itertuples()}
    return [
        ("tail-spending", sum(parts), parts),
        ("tail-projects", spent.get("project", 0), [int(a) for a in projects["actual"]]),
        ("tail-basic", spent.get("basic", 0), groups),
    ]


def _printed(fen: int) -> int:
    """An amount as 万元 with two decimals prints it, back in 分."""
    return money.to_fen(money.in_unit(fen, "万元"), money.UNITS["万元"])


RULES = (rounding_tail,)

"""Candidates for what made a difference, with their strength, never verdicts.

Every search is bounded: the EXPLAINED_AT_MOST gravest findings, pairs among at most search.PAIRS_AMONG parts, triples
among search.TRIPLES_AMONG, and CANDIDATES_AT_MOST candidates a finding.  The order of rows and files changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from reconcile.check.facts import Facts
from reconcile.explain.candidate import Candidate, Strength
from reconcile.explain.context import Context
from reconcile.explain.differences import BUILDERS
from reconcile.finding import Finding
from reconcile.money import FEN_PER_YUAN

EXPLAINED_AT_MOST = 200
CANDIDATES_AT_MOST = 5
COLUMNS = ("key", "code", "subject", "kind", "strength", "text", "amount", "file", "sheet", "cell")

__all__ = ["Candidate", "Strength", "explain", "frame"]


def explain(facts: Facts, problems: Sequence[Finding]) -> tuple[Candidate, ...]:
    """Candidates of each finding that is a difference, in the findings' order, the strongest first."""
    context = Context(facts, problems)
    out: list[Candidate] = []
    for finding in [f for f in problems if f.code in BUILDERS][:EXPLAINED_AT_MOST]:
        found = {(c.kind, c.text()): c for c in BUILDERS[finding.code](context, finding)}
        out += sorted(found.values(), key=lambda c: c.rank)[:CANDIDATES_AT_MOST]
    return tuple(out)


def frame(candidates: Sequence[Candidate], problems: Sequence[Finding], language: str) -> pd.DataFrame:
    """One row a candidate; amount in yuan, `key`, `code` and `subject` of its finding."""
    known = {f.key: f for f in problems}
    rows = [
        (
            c.key,
            known[c.key].code,
            known[c.key].subject,
            c.kind,
            c.strength.value,
            c.text(language),
            c.amount / FEN_PER_YUAN,
            c.origin.file,
            c.origin.sheet,
            c.origin.cell,
        )
        for c in candidates
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"amount": "float64"})

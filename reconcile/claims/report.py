"""A report checked: every claim that it makes, with a verdict, and every figure that nothing tests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reconcile import wording
from reconcile.claims import (
    averages,
    balances,
    changes,
    closed,
    converted,
    counts,
    dates,
    english,
    events,
    flows,
    known,
    quantities,
    rates,
    repeats,
    second,
    shares,
    source,
    sums,
    tables,
    terms,
    text,
    written,
)
from reconcile.claims.claim import UNTESTABLE, Claim, base_unit
from reconcile.claims.roles import Said
from reconcile.claims.text import Report

if TYPE_CHECKING:
    from reconcile.result import Result

_RANK = {"fails": 0, "rounding": 1, "holds": 2, "untestable": 3}


def read(report: str | Path) -> Report:
    """The report as sentences and figures.  Raises LoadError where it cannot be read."""
    name, lines = source.lines(report)
    return text.read(name, lines)


def claims_of(report: Report, result: Result | None = None) -> list[Claim]:
    """Every claim in the report's order; with a result, figures are held against the books too."""
    found, groups = sums.check(report)
    found += written.written_out(report)
    found += shares.check(report, groups)
    found += rates.check(report)
    found += changes.check(report)
    found += balances.check(report, groups)
    found += quantities.check(report)
    found += averages.check(report)
    found += converted.check(report)
    found += counts.check(report)
    found += dates.check(report)
    found += terms.check(report)
    found += events.check(report)
    found += repeats.check(report, groups)
    found += known.check(report)
    found += tables.check(report)
    if result is not None:
        from reconcile.claims import books

        found += books.check(report, result)
    found = _once(found)
    found = second.reread(report, found)
    for last in (flows.check, closed.check):
        found += _once(list(last(report, {at for c in found if c.verdict != UNTESTABLE for at in c.used})))
    found += _untested(report, found)
    found += english.check(report)
    return sorted(found, key=lambda c: (c.paragraph, c.start, _RANK[c.verdict]))


def _once(claims: Sequence[Claim]) -> list[Claim]:
    """One claim for one figure and kind."""
    seen: dict[tuple[object, ...], Claim] = {}
    for c in claims:
        key = (c.kind, c.paragraph, c.start, c.end, c.stated, c.reason)
        seen.setdefault(key, c)
    return list(seen.values())


_MISSING = (
    ("share", "missing-whole"),
    ("rate", "missing-last-year"),
    ("points", "missing-before"),
    ("change", "missing-before"),
    ("ratio", "missing-plan"),
    ("price", "missing-quantity"),
    ("average", "missing-quantity"),
)


def _untested(report: Report, claims: Sequence[Claim]) -> Iterator[Claim]:
    """Figures that no claim tests, and what is missing to test them."""
    used = {at for c in claims for at in c.used}
    for said in report.all_said:
        figure = said.figure
        if figure.at in used or said.role == "date" or (figure.spelled and figure.dimension == "count"):
            continue
        missing = dict(_MISSING).get(said.role) or (
            "missing-closing" if said.measure in ("carry", "balance") else "missing-books"
        )
        params = {"stated": figure.text, "missing": {k: wording.text(missing, k, "claims") for k in ("zh", "en")}}
        yield Claim(
            _kind(said), figure.paragraph, *report.words_of(figure), figure.value, None, UNTESTABLE, "lacks-basis", base_unit(figure), said.subject, params, frozenset({figure.at})
        )  # fmt: skip


def _kind(said: Said) -> str:
    kinds = {
        "rate": "change-rate",
        "change": "change",
        "share": "share",
        "points": "points",
        "ratio": "rate",
        "price": "price",
        "average": "average",
    }
    return kinds.get(said.role) or ("count" if said.figure.dimension == "count" else "level")

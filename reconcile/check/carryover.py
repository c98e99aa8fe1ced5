"""Rules about money carried over: whether the printed budget holds it, and how old it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from reconcile import basis
from reconcile.check.facts import Facts
from reconcile.check.many import told_apart
from reconcile.check.sources import ties
from reconcile.finding import Check, Finding, Severity
from reconcile.match import line_projects
from reconcile.read import headings, words
from reconcile.wording import Amount

EXCLUDES = ("本年", "当年", "current")
"""Words of a header that say its amounts are this year's alone."""
_DOCUMENT_YEAR = re.compile(r"[〔\[(（【]((?:19|20)\d\d)[〕\])）】]")


def carryover_basis(facts: Facts) -> Check:
    """R10: whether the printed budget includes the carryover beside it, against every figure that is printed.

    Both readings are tested on each line's printed whole (全年预算, else remaining + spending) and on each printed
    total.  Figures that fit only the declared reading (not included where none is declared) pass; anything else asks.
    """
    named = _named_carryover(facts)
    lines = facts.budget.fen
    if not (lines["carryover"].fillna(0) != 0).any() and not named.any():
        return Check.skipped("carryover-basis", "no-carryover")
    wholes = _printed_wholes(facts)
    included = bool(facts.settings.carryover_included)
    findings, tested = [], 0
    for (file, sheet), own in lines.groupby(["file", "sheet"], sort=False):
        kinds = basis.fits(own, wholes[own.index], included=included)
        could = basis.could_include(own)
        tested += int(could.sum())
        found = _of_table(facts, str(file), str(sheet), own[could], kinds[could])
        findings += [found] if found else []
        findings += _too_small(facts, own[~could]) if included else []
    totals = list(_of_totals(facts, lines["carryover"].fillna(0) + lines["original"].where(named, 0).fillna(0)))
    return Check.ran("carryover-basis", tested + len(facts.budget.stated), told_apart([*findings, *totals]))


def _printed_wholes(facts: Facts) -> pd.Series:
    """What each line prints as its whole: 全年预算, else what remains and what was spent (and is in transit)."""
    fen = facts.budget.fen
    spent = fen["stated_actual"]
    if facts.tie.period.is_whole_year and not facts.unnamed:
        project = line_projects(facts.budget, facts.matched.projects)
        alone = (project >= 0) & ~project.duplicated(keep=False)
        ledger = pd.Series(facts.tie.by_project["actual"].reindex(project).to_numpy(), index=fen.index, dtype="Int64")
        spent = spent.fillna(ledger.where(alone))
    rest = fen["stated_remaining"] + spent + fen["in_transit"].fillna(0)
    fitting = basis.fits(fen, rest, included=bool(facts.settings.carryover_included)) != basis.WRONG
    return fen["stated_available"].fillna(rest.where(fitting))


def _of_table(facts: Facts, file: str, sheet: str, lines: pd.DataFrame, kinds: np.ndarray) -> Finding | None:
    """What the lines of a table with both a carryover and an original budget say together."""
    declared = facts.settings.carryover_included
    own, other = int(np.isin(kinds, (basis.TIES, basis.TAIL)).sum()), int((kinds == basis.OTHER_BASIS).sum())
    silent = int((kinds == basis.SILENT).sum())
    if not other and (own or not silent or declared is not None or _header_excludes(facts, file, sheet)):
        return None
    kind = "silent" if not other else "declared" if declared is not None else "mixed" if own else "other"
    shown = lines[kinds == (basis.OTHER_BASIS if other else basis.SILENT)]
    first: Any = next(shown.itertuples())
    by_name = facts.header_of(file, sheet, "original") != ""
    carryover = int(shown["carryover"].sum())
    return Finding(
        "carryover-basis",
        basis.line_name(first) if len(shown) == 1 else sheet or file,
        facts.line_origin(first.Index, "available") if other else facts.line_origin(first.Index, "original"),
        expected=int(shown["available"].sum()),
        actual=int(shown["available"].sum()) + carryover * (1 if declared else -1) if other else None,
        severity=Severity.INFO if kind == "silent" and by_name else None,
        detail=f"{kind}|{file}|{sheet}",
        params={"wording": kind, "carryover": Amount(carryover), "count": len(shown), "own": own},
    )


def _too_small(facts: Facts, lines: pd.DataFrame) -> list[Finding]:
    """Lines whose original budget is less than the carryover that it is declared to hold; it is added to them."""
    small = (lines["stated_original"].fillna(0) > 0) & (lines["carryover"].fillna(0) > 0)
    return [
        Finding(
            "carryover-basis",
            basis.line_name(row),
            facts.line_origin(row.Index, "original"),
            expected=int(row.carryover),
            actual=int(row.stated_original),
            detail="small",
            params={"wording": "small"},
        )
        for row in lines[small].itertuples()
    ]


def _header_excludes(facts: Facts, file: str, sheet: str) -> bool:
    return any(word in facts.header_of(file, sheet, "original").lower() for word in EXCLUDES)


def _of_totals(facts: Facts, carryover: pd.Series) -> Iterator[Finding]:
    """Printed totals of the budget that miss their items by no more than the carryover that stands with them: by just
    that, one holds it and the others do not; by another sum, neither reading fits (unless one is declared)."""
    lines, stated = facts.budget.fen, facts.budget.stated
    told = set()
    for row in stated[stated["column"].isin(["original", "amount"])].itertuples():
        gap = row.stated - row.items
        inside = (lines["file"] == row.file) & (lines["sheet"] == row.sheet)
        if row.category:
            inside &= lines["category"] == row.category
        held = int(carryover[inside].sum())
        if not held or ties(row, stated) or abs(gap) > held or (row.file, row.sheet) in told:
            continue
        kind = {held: "holds", -held: "lacks"}.get(gap, "neither")
        if kind == "neither" and facts.settings.carryover_included is not None:
            continue
        told.add((row.file, row.sheet))
        where = facts.origin(row.file, row.sheet, row.row, row.column, kind="budget")
        params = {
            "wording": kind,
            "carryover": Amount(held),
            "apart": Amount(abs(gap)),
            "included": Amount(abs(gap - held)),
        }
        detail = f"{kind}|{row.file}|{row.sheet}"
        yield Finding(
            "carryover-basis", row.label, where, expected=row.items, actual=row.stated, detail=detail, params=params
        )


def _named_carryover(facts: Facts) -> pd.Series:
    """Lines that are a carryover by their name (上年结转资金) and print it as their budget."""
    starts = tuple(w for w, (f, _) in headings.vocabulary("budget").items() if f == "carryover")
    lines = facts.budget.fen
    names = lines["project"].where(lines["project"] != "", lines["item"])
    says = names.map(lambda n: words.normalise(words.without_ordinal(n)).startswith(starts)).astype(bool)
    return says & (lines["carryover"].fillna(0) == 0)


def old_carryover(facts: Facts) -> Check:
    """R21: carried-over money first given two years ago or more, of which something remains; a question."""
    name = "carryover-over-two-years"
    lines = facts.budget.fen[facts.budget.fen["carryover"].fillna(0) != 0]
    if not len(lines):
        return Check.skipped(name, "no-carryover")
    year = [_source_year(y, d) for y, d in zip(lines["year"], lines["document"], strict=True)]
    lines = lines.assign(source_year=year)
    known = lines[(lines["source_year"] > 0) & (lines["source_year"] < facts.tie.period.year)]
    if not len(known):
        return Check.missing(name, "needs-carryover-year")
    project = line_projects(facts.budget, facts.matched.projects)[known.index]
    rest = facts.tie.by_project["remaining"].reindex(project)
    left = known["stated_remaining"].fillna(pd.Series(rest.to_numpy(), index=known.index, dtype="Int64"))
    old = known["source_year"] <= facts.tie.period.year - facts.settings.thresholds.carryover_years
    found = [
        Finding(
            name,
            basis.line_name(row),
            facts.line_origin(row.Index, "carryover"),
            actual=int(row.carryover),
            detail=str(row.source_year),
            params={"year": row.source_year, "years": facts.settings.thresholds.carryover_years},
        )
        for row in known[old & (left.fillna(1) > 0)].itertuples()
    ]
    return Check.ran(name, len(known), told_apart(found))


def _source_year(year: str, document: str) -> int:
    """The year that money was first given in, by its year column or its document (芙财预〔2018〕12号); 0 unknown."""
    if re.fullmatch(r"(?:19|20)\d\d年?", year):
        return int(year[:4])
    found = _DOCUMENT_YEAR.search(document)
    return int(found[1]) if found else 0


RULES = (carryover_basis, old_carryover)

"""The headline table that the terminal and the notebook share: categories, their projects and the total, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from reconcile import money, wording
from reconcile.finding import Finding, Severity
from reconcile.result import Result

MOST_FINDINGS = 30
"""Where a screen lists findings; the workbook lists them all."""
MARKS = {Severity.ERROR: "●", Severity.WARNING: "▲", Severity.INFO: "○"}
SMALL = 100_000 * money.FEN_PER_YUAN
"""Below it, 万元 with two decimals would hide what there is."""


@dataclass(frozen=True)
class Line:
    """One row of the table.  `kind` is `category`, `project` or `total`; `cells` are available, spent, remaining, rate."""

    kind: str
    name: str
    cells: tuple[str, str, str, str]


def unit_of(result: Result) -> str:
    """万元, or 元 where the whole account is small."""
    whole = result.tie.totals
    return "万元" if max(abs(whole["available"] or 0), abs(whole["actual"] or 0)) >= SMALL else "元"


def heading(result: Result, language: str) -> str:
    """`2020年 · 单位：万元`."""
    unit = wording.text("in-wan" if unit_of(result) == "万元" else "in-yuan", language)
    return f"{result.period.label(language)} · {unit}"


def columns(language: str) -> list[str]:
    return [wording.text(f"column-{c}", language) for c in ("name", "available", "actual", "remaining", "rate")]


def lines(result: Result, language: str) -> list[Line]:
    """Every category with its projects below it, then the total; a budget that is none, 0 or unreadable says so."""
    unit, tie = unit_of(result), result.tie
    planned = set(result.budget.fen["category"])
    found = []
    for category in tie.by_category.itertuples():
        name = wording.text(f"category-{category.category}", language)
        found.append(Line("category", name, _cells(category, category.category in planned, unit, language)))
        own = tie.by_project[tie.by_project["category"] == category.category]
        found += [Line("project", p.project, _cells(p, p.in_budget, unit, language)) for p in own.itertuples()]
    whole = pd.Series({k: pd.NA if v is None else v for k, v in tie.totals.items()})
    return [*found, Line("total", wording.text("total", language), _cells(whole, bool(planned), unit, language))]


def _mark(result: Result, finding: Finding, language: str) -> str:
    standing = result.standing(finding)
    shown = wording.text(f"standing-{standing.status}", language, "workbook")
    return shown if standing.settled else MARKS[finding.level]


def findings(result: Result, language: str) -> tuple[list[tuple[Finding, str, str]], str]:
    """The gravest findings with their marked title and message, what a reviewer settled last; then how many more there
    are, '' for none."""
    first = sorted(result.problems, key=lambda f: result.standing(f).settled)[:MOST_FINDINGS]
    shown = [
        (f, f"{_mark(result, f, language)} {wording.finding(f.code)[f'title_{language}']}", f.message(language))
        for f in first
    ]
    more = len(result.problems) - len(shown)
    if not result.problems:
        return [], wording.text("no-findings", language)
    return shown, wording.fill(wording.text("more-findings", language), {"count": more}) if more else ""


def _cells(row: Any, planned: bool, unit: str, language: str) -> tuple[str, str, str, str]:
    def shown(fen: int) -> str:
        return f"{money.in_unit(fen, unit):,}"

    def word(key: str) -> str:
        return wording.text(key, language, "workbook")

    actual = int(row.actual)
    if row.available is pd.NA:
        return word("unreadable"), shown(actual), word("unreadable"), word("unreadable")
    available = int(row.available)
    rate = money.percent(actual, available)
    if not planned:
        return word("no-budget"), shown(actual), shown(-actual), "—"
    percent = word("zero-budget") if rate is None else f"{rate}%"
    return shown(available), shown(actual), shown(available - actual), percent

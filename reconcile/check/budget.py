"""Rules about the budget's execution, per project and per category."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from reconcile.check.facts import Facts
from reconcile.finding import Check, Finding, Origin, Severity
from reconcile.money import percent


def over_budget(facts: Facts) -> Check:
    """R12: spending above the available budget (carryover included), to the 分."""
    findings = [
        Finding(
            "over-budget",
            name,
            origin,
            expected=available,
            actual=actual,
            params={"rate": f"{percent(actual, available)}%"},
        )
        for name, origin, available, actual in subjects(facts)
        if available > 0 and actual > available
    ]
    return Check.ran("over-budget", len(subjects(facts)), findings)


def unbudgeted_spending(facts: Facts) -> Check:
    """R11: spending on a line without budget, on a project near to no budgeted name, or on an unbudgeted category."""
    findings = []
    projects = facts.tie.by_project
    for row in projects.itertuples():
        if row.actual is pd.NA or row.actual == 0:
            continue
        if row.status == "no-budget" or (
            row.status == "not-in-budget" and not facts.matched.nearest(row.project, 1, facts.settings.near_score)
        ):
            findings.append(
                Finding(
                    "unbudgeted-spending",
                    row.project,
                    facts.budget_origin(row.project),
                    expected=0,
                    actual=int(row.actual),
                    detail=row.category,
                )
            )
    planned = facts.tie.by_category.set_index("category")["available"]
    budgeted = {c for c in facts.budget.fen["category"] if planned[c] is pd.NA or planned[c] != 0}
    for row in facts.tie.by_category.itertuples():
        covered = row.category == "project" or row.category in budgeted or row.category == "undetermined"
        if not covered and row.actual != 0:
            findings.append(
                Finding(
                    "unbudgeted-spending",
                    facts.category_name(row.category),
                    expected=0,
                    actual=int(row.actual),
                    detail="category",
                )
            )
    return Check.ran("unbudgeted-spending", len(projects) + len(facts.tie.by_category), findings)


def no_spending(facts: Facts) -> Check:
    """R20: a budget of the whole year with nothing spent."""
    if not facts.tie.period.is_whole_year:
        return Check.skipped("no-spending", "whole-year-only")
    findings = [
        Finding("no-spending", name, origin, expected=available, actual=0)
        for name, origin, available, actual in subjects(facts)
        if available > 0 and actual == 0
    ]
    return Check.ran("no-spending", len(subjects(facts)), findings)


def low_execution(facts: Facts) -> Check:
    """R20: actual / available below the office's limits, for the whole year."""
    if not facts.tie.period.is_whole_year:
        return Check.skipped("low-execution", "whole-year-only")
    limits = facts.settings.thresholds
    findings = []
    for name, origin, available, actual in subjects(facts, grouped_projects=False):
        if available <= 0 or actual == 0:
            continue
        rate = Decimal(actual) / Decimal(available)
        if rate < Decimal(str(limits.low_execution_warning)):
            severe = rate < Decimal(str(limits.low_execution_error))
            findings.append(
                Finding(
                    "low-execution",
                    name,
                    origin,
                    expected=available,
                    actual=actual,
                    severity=Severity.ERROR if severe else Severity.WARNING,
                    params={"rate": f"{percent(actual, available)}%", "limit": f"{limits.low_execution_warning:.0%}"},
                )
            )
    return Check.ran("low-execution", len(subjects(facts)), findings)


def subjects(facts: Facts, grouped_projects: bool = True) -> list[tuple[str, Origin, int, int]]:
    """(name, origin, available, actual) of every budgeted project, then of every budgeted category.

    A category is left out where `grouped_projects` is false and its projects speak for it.
    """
    found = []
    for row in facts.tie.by_project.itertuples():
        if row.in_budget and row.available is not pd.NA:
            found.append((row.project, facts.budget_origin(row.project), int(row.available), int(row.actual)))
    with_projects = set(facts.tie.by_project.loc[facts.tie.by_project["in_budget"], "category"])
    for row in facts.tie.by_category.itertuples():
        if row.available is pd.NA or (not grouped_projects and row.category in with_projects):
            continue
        found.append((facts.category_name(row.category), Origin(), int(row.available), int(row.actual)))
    return found


RULES = (over_budget, unbudgeted_spending, no_spending, low_execution)

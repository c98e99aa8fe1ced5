"""Rules about the budget's execution: per project, per category, and per economic class where lines carry one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from reconcile import wording
from reconcile.check.facts import Facts
from reconcile.check.many import at_most, listed, mostly
from reconcile.classes import ClassLine
from reconcile.codes import THREE_PUBLIC
from reconcile.finding import Check, Finding, Origin, Severity
from reconcile.money import percent
from reconcile.read import words

CLASSES_AT_MOST = 5
LINES_AT_MOST = 50
MANY = 20
"""More findings of one rule than these, on more than half of the lines, are one."""
LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class Subject:
    """A budgeted project or category.  original, available, actual: 分."""

    name: str
    origin: Origin
    original: int | None
    available: int
    actual: int
    category: str
    is_project: bool

    @property
    def params(self) -> dict[str, object]:
        """The rate with its denominator; where the year changed the budget, the completion of the original too."""
        rate = {"rate": f"{percent(self.actual, self.available)}%"}
        if self.original is None or self.original == self.available:
            return {**rate}
        completed = percent(self.actual, self.original)
        key = "no-original" if completed is None else "of-original"
        said = {lang: wording.fill(wording.text(key, lang), {"rate": f"{completed}%"}) for lang in LANGUAGES}
        return {**rate, "wording": "changed", "completed": said}


def over_budget(facts: Facts) -> Check:
    """R12, R31: spending above the available budget (carryover included), to the 分.

    A class is a warning: money may be moved between classes; one of the three public ones is an error.
    """
    subjects = _subjects(facts)
    findings = [
        Finding("over-budget", s.name, s.origin, expected=s.available, actual=s.actual, params=s.params)
        for s in subjects
        if 0 < s.available < s.actual
    ]
    tested, over = len(subjects), []
    for _, lines in facts.by_class.scopes():
        known = [line for line in lines if line.planned and line.available is not None]
        tested += len(known)
        over += [_over_class(facts, line) for line in known if 0 < (line.available or 0) < line.actual]
    findings = at_most(findings, LINES_AT_MOST, "rest-lines")
    return Check.ran("over-budget", tested, [*findings, *at_most(over, CLASSES_AT_MOST)])


def _over_class(facts: Facts, line: ClassLine) -> Finding:
    public = line.key in THREE_PUBLIC
    return Finding(
        "over-budget",
        line.name,
        facts.class_origin(line),
        expected=line.available,
        actual=line.actual,
        severity=Severity.ERROR if public else Severity.WARNING,
        detail=f"class|{facts.scope_name(line.scope)}|{line.key}",
        params={
            "wording": "class",
            "rate": f"{percent(line.actual, line.available or 0)}%",
            "scope": facts.scope_name(line.scope),
            "code": line.key if line.key.isdigit() else "",
        },
    )


def unbudgeted_spending(facts: Facts) -> Check:
    """R11: spending on a project whose budget is 0 or which no line names, on a category or a class without a line.

    Where a project without a line has a near name in the budget it is a warning: it may be that project.
    """
    findings = []
    projects = facts.tie.by_project
    for row in projects.itertuples():
        unplaced = row.status == "not-in-budget" and not (row.project == wording.text("no-project") and facts.unnamed)
        if row.actual is not pd.NA and row.actual != 0 and (row.status == "no-budget" or unplaced):
            near = unplaced and facts.matched.nearest(row.project, 1, facts.settings.near_score)
            findings.append(
                Finding(
                    "unbudgeted-spending",
                    row.project,
                    facts.budget_origin(row.project) if row.in_budget else facts.spending_origin(row.project),
                    expected=0,
                    actual=int(row.actual),
                    severity=Severity.WARNING if near else None,
                    detail=row.category,
                    params={"wording": "near", "nearest": near[0][0]} if near else {},
                )
            )
    findings = [*at_most(findings, LINES_AT_MOST, "rest-lines"), *_unbudgeted_categories(facts)]
    return Check.ran(
        "unbudgeted-spending",
        len(projects) + len(facts.tie.by_category) + sum(len(lines) for _, lines in facts.by_class.scopes()),
        [*findings, *at_most(_unbudgeted_classes(facts), CLASSES_AT_MOST)],
    )


def _unbudgeted_categories(facts: Facts) -> list[Finding]:
    """Categories that were spent on without a budget; where no line at all is of one, its budget may not be here."""
    planned = facts.tie.by_category.set_index("category")["available"]
    known = set(facts.budget.fen["category"])
    budgeted = {c for c in known if planned[c] is pd.NA or planned[c] != 0}
    return [
        Finding(
            "unbudgeted-spending",
            facts.category_name(row.category),
            facts.category_origin(row.category),
            expected=0,
            actual=int(row.actual),
            severity=None if row.category in known else Severity.WARNING,
            detail="category",
            params={} if row.category in known else {"wording": "category"},
        )
        for row in facts.tie.by_category.itertuples()
        if row.actual != 0 and row.category not in ("project", "undetermined", *budgeted)
    ]


def _unbudgeted_classes(facts: Facts) -> list[Finding]:
    """Classes spent within a scope that budgets by class, all of whose lines name theirs, without a budget of it."""
    return [
        Finding(
            "unbudgeted-spending",
            line.name,
            facts.class_origin(line),
            expected=0,
            actual=line.actual,
            severity=Severity.ERROR if line.key in THREE_PUBLIC else Severity.WARNING,
            detail=f"class|{facts.scope_name(scope)}|{line.key}",
            params={"wording": "class", "scope": facts.scope_name(scope), "code": line.key},
        )
        for scope, lines in facts.by_class.scopes()
        for line in lines
        if line.actual != 0 and line.available == 0 and (line.planned or scope not in facts.by_class.open)
    ]


def no_spending(facts: Facts) -> Check:
    """R20: a budget of the whole year with nothing spent; classes of one scope are one note.

    Where nothing was spent on a category, its projects say so and it is not said again.
    """
    if not facts.tie.period.is_whole_year:
        return Check.skipped("no-spending", "whole-year-only")
    subjects = _subjects(facts)
    idle_lines = [s for s in subjects if s.available > 0 and s.actual == 0]
    told = {s.category for s in idle_lines if s.is_project}
    findings = [
        Finding("no-spending", s.name, s.origin, expected=s.available, actual=0)
        for s in idle_lines
        if s.is_project or s.category not in told
    ]
    tested = len(subjects)
    findings = _few(facts, findings, tested)
    for scope, lines in facts.by_class.scopes():
        known = [line for line in lines if line.planned and line.available]
        idle = [line for line in known if line.actual == 0]
        if facts.by_class.complete(scope) and len(idle) < len(known):
            tested += len(known)
            findings += _idle_classes(facts, facts.scope_name(scope), idle)
    if facts.unnamed and not findings:
        return Check.missing("no-spending", "needs-projects")
    return Check.ran("no-spending", tested, findings)


def _idle_classes(facts: Facts, scope: str, idle: Sequence[ClassLine]) -> list[Finding]:
    if not idle:
        return []
    largest = sorted(idle, key=lambda line: -(line.available or 0))
    return [
        Finding(
            "no-spending",
            idle[0].name if len(idle) == 1 else scope,
            facts.class_origin(largest[0]),
            expected=sum(line.available or 0 for line in idle),
            actual=0,
            severity=Severity.INFO,
            detail=f"class|{scope}",
            params={"wording": "class", "scope": scope, "names": listed([line.name for line in largest])},
        )
    ]


def low_execution(facts: Facts) -> Check:
    """R20: actual / available below the office's limits, for the whole year."""
    if not facts.tie.period.is_whole_year:
        return Check.skipped("low-execution", "whole-year-only")
    limits = facts.settings.thresholds
    warning, error = Fraction(str(limits.low_execution_warning)), Fraction(str(limits.low_execution_error))
    subjects = [s for s in _subjects(facts, grouped_projects=False) if s.available > 0]
    low = [
        Finding(
            "low-execution",
            s.name,
            s.origin,
            expected=s.available,
            actual=s.actual,
            severity=Severity.ERROR if Fraction(s.actual, s.available) < error else Severity.WARNING,
            params={**s.params, "limit": f"{limits.low_execution_warning:.0%}"},
        )
        for s in subjects
        if s.actual != 0 and Fraction(s.actual, s.available) < warning
    ]
    return Check.ran("low-execution", len(subjects), _few(facts, low, len(subjects)))


def _few(facts: Facts, findings: list[Finding], of: int) -> list[Finding]:
    """Findings about lines, in one where most lines have them."""
    whole = wording.text("tail-spending", facts.settings.language)
    return at_most(mostly(findings, of, whole, MANY), LINES_AT_MOST, "rest-lines")


def exactly_spent(facts: Facts) -> Check:
    """R27, R20: a project spent to the 分; nothing to ask where fixed prices of its contracts make up the sum."""
    projects = [s for s in _subjects(facts) if s.is_project and s.available > 0]
    findings = [
        Finding(
            "exactly-spent",
            s.name,
            s.origin,
            expected=s.available,
            actual=s.actual,
            detail=s.category,
            params=_settled_by_use(facts, s),
        )
        for s in projects
        if s.actual == s.available and s.actual != facts.fixed_prices(s.name)
    ]
    whole = wording.text("tail-projects", facts.settings.language)
    return Check.ran("exactly-spent", len(projects), mostly(findings, len(projects), whole))


def _settled_by_use(facts: Facts, subject: Subject) -> dict[str, object]:
    """The contracts of a project that settle by actual use, and what was paid beside them; nothing where none does."""
    key = words.project_key(subject.name)
    own = [a for a in facts.agreements if a.by_actual and facts.payments.projects[a.at] == key]
    own = [a for a in own if facts.payments.paid.get(a.at)]
    if not own:
        return {}
    rest = subject.actual - sum(facts.payments.paid[a.at] for a in own)
    said = {
        lang: wording.fill(wording.text("settled-rest", lang), {"amount": wording.amount(rest, lang)}) if rest else ""
        for lang in LANGUAGES
    }
    return {"wording": "settled", "contracts": "、".join(a.subject for a in own), "rest": said}


def subjects(facts: Facts, grouped_projects: bool = True) -> list[tuple[str, Origin, int, int]]:
    """(name, origin, available, actual) of every budgeted project, then of every budgeted category.

    A category is left out where `grouped_projects` is false and its projects speak for it.
    """
    return [(s.name, s.origin, s.available, s.actual) for s in _subjects(facts, grouped_projects)]


def _subjects(facts: Facts, grouped_projects: bool = True) -> list[Subject]:
    found = []
    named = facts.tie.by_project[facts.tie.by_project["in_budget"] & facts.tie.by_project["available"].notna()]
    if facts.unnamed:  # which project was spent on is not known: only the category's sum is
        named = named[named["category"] != "project"]
    for row in named.itertuples():
        amounts = (_known(row.original), int(row.available), int(row.actual))
        found.append(Subject(row.project, facts.budget_origin(row.project), *amounts, row.category, True))
    with_projects = set(named["category"])
    for row in facts.tie.by_category.itertuples():
        if row.available is pd.NA or (not grouped_projects and row.category in with_projects):
            continue
        amounts = (_known(row.original), int(row.available), int(row.actual))
        found.append(Subject(facts.category_name(row.category), Origin(), *amounts, row.category, False))
    return found


def _known(value: object) -> int | None:
    return None if value is pd.NA else int(value)  # type: ignore[call-overload]


RULES = (over_budget, unbudgeted_spending, no_spending, low_execution, exactly_spent)

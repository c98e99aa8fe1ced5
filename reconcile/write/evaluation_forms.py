"""项目支出绩效自评表 in its official layout, one form a project, its budget execution filled in and live."""

from __future__ import annotations

import pandas as pd

from reconcile import money, wording
from reconcile.evaluation.evaluation import PROJECT_POINTS, Evaluation, project_score
from reconcile.evaluation.functions import funds_told
from reconcile.write.sheet_page import Column, Page, cell, on, quoted

COLUMNS = (
    Column("", "cell wrap", 14, 14),
    Column("", "cell wrap", 16, 16),
    Column("", "cell wrap", 16, 16),
    Column("", "cell wrap", 16, 16),
    Column("", "cell wrap", 16, 16),
    Column("", "cell wrap", 10, 10),
    Column("", "cell wrap", 10, 10),
    Column("", "cell wrap", 22, 22),
)
LAST = len(COLUMNS) - 1
HALF = 3


def write_forms(
    page: Page, evaluation: Evaluation, projects: Page, rows: dict[int, int], meta: tuple[str, str]
) -> None:
    """One form a project.  rows: the row of each project (its place in by_project) on the sheet of projects."""
    if evaluation.result is None:
        raise ValueError("projects come of a result")
    say, frame = page.say, evaluation.result.tie.by_project
    page.columns, page.printed = list(COLUMNS), len(COLUMNS)
    granted = funds_told(evaluation.result)
    breaks, row = [], 0
    for at, source in rows.items():
        one = frame.loc[at]
        row = _form(page, row, one, projects.name, source, meta[0], granted=granted)
        breaks.append(row)
    if not rows:
        page.across(0, 0, LAST, say("title-forms"), "title")
    page.sheet.set_h_pagebreaks(breaks[:-1])
    page.close(footer=meta[0], repeat=False)


def _form(page: Page, row: int, one: pd.Series, sheet: str, source: int, office: str, *, granted: bool) -> int:
    say = page.say
    page.across(row, 0, LAST, say("title-forms"), "title")
    page.sheet.set_row(row, 28)
    row += 1
    page.text(row, 0, say("form-name"), "cell wrap bold")
    page.across(row, 1, LAST, say.project(one["project"]), "cell wrap")
    row += 1
    page.text(row, 0, say("form-department"), "cell wrap bold")
    page.across(row, 1, HALF, "", "cell input")
    page.text(row, HALF + 1, say("form-office"), "cell wrap bold")
    page.across(row, HALF + 2, LAST, office, "cell wrap")
    row = _funds(page, row + 1, one, sheet, source, granted=granted)
    execution = row - 4
    page.text(row, 0, say("form-goals"), "cell wrap bold")
    page.across(row, 1, HALF, say("form-expected"), "head")
    page.across(row, HALF + 1, LAST, say("form-reached"), "head")
    row += 1
    page.text(row, 0, "", "cell")
    page.across(row, 1, HALF, "", "cell input")
    page.across(row, HALF + 1, LAST, "", "cell input")
    page.sheet.set_row(row, 48)
    return _indicators(page, row + 1, execution, one)


def _funds(page: Page, row: int, one: pd.Series, sheet: str, source: int, *, granted: bool) -> int:
    """项目资金 in 万元: the whole, and what it is made of where the books tell."""
    say = page.say
    heads = ("form-funds", "", "col-original", "col-available", "col-executed", "col-points", "col-rate", "col-score")
    for col, key in enumerate(heads):
        page.text(row, col, say(key) if key else "", "head")
    row += 1
    missing = say("missing")
    refs = {name: on(sheet, cell(source, col)) for name, col in _ON_PROJECTS.items()}
    page.text(row, 0, "", "cell")
    page.text(row, 1, say("form-whole"), "cell wrap")
    for col, name in ((2, "original"), (3, "available"), (4, "actual")):
        _wan(page, row, col, refs[name], one[name])
    page.number(row, 5, float(PROJECT_POINTS), "cell count")
    score = project_score(one["available"], int(one["actual"]))
    none = say("no-rate")
    rate = none if score is None else int(one["actual"]) / int(one["available"])
    page.formula(row, 6, refs["rate"], rate, "cell rate")
    page.formula(row, 7, refs["score"], none if score is None else float(score), "cell money")
    known = one["available"] is not pd.NA and one["carryover"] is not pd.NA
    current = one["available"] - one["carryover"] if known else pd.NA
    whole = known and int(one["carryover"]) == 0
    parts = (
        (
            "form-current",
            (one["original"], current, one["actual"] if whole else None),
            ("original", "current", "actual"),
        ),
        ("form-carried", (None, one["carryover"], 0 if whole else None), ("", "carried", "")),
        ("form-others", (0, 0, 0) if granted else (None, None, None), ("", "", "")),
    )
    for at, (key, amounts, names) in enumerate(parts, 1):
        page.text(row + at, 0, "", "cell")
        page.text(row + at, 1, say(key), "cell wrap in1")
        for col, (amount, name) in enumerate(zip(amounts, names, strict=True), 2):
            if amount is None or (key == "form-current" and not granted):
                page.text(row + at, col, say("none") if col == 2 and key == "form-carried" else missing, "cell right")
            elif name:
                _wan(page, row + at, col, refs[name], amount)
            else:
                page.amount(row + at, col, int(amount))
        for col in (5, 6, 7):
            page.text(row + at, col, say("none"), "cell right")
    return row + 4


_ON_PROJECTS = {"original": 2, "available": 3, "current": 4, "carried": 5, "actual": 6, "rate": 8, "score": 9}


def _wan(page: Page, row: int, col: int, ref: str, amount: object) -> None:
    say = page.say
    value = say("unreadable") if amount is pd.NA else float(money.in_unit(int(amount), "万元"))  # type: ignore[call-overload]
    page.formula(row, col, f"IF(ISNUMBER({ref}),ROUND({ref}/10000,2),{quoted(say('unreadable'))})", value, "cell money")


def _indicators(page: Page, row: int, execution: int, one: pd.Series) -> int:
    """The indicators that the project's unit fills in, and the sum of all points."""
    say, language = page.say, page.say.language
    for col in range(LAST + 1):
        page.text(row, col, say(f"form-col{col}"), "head")
    row += 1
    first = row
    groups: list[dict[str, object]] = wording.entry("project_form", "groups")  # type: ignore[assignment]
    points = float(PROJECT_POINTS)
    for group in groups:
        names: list[str] = group[f"rows_{language}"]  # type: ignore[assignment]
        points += float(str(group["points"]))
        for i, name in enumerate(names):
            words = f"{group[language]}（{group['points']}）" if i == 0 else ""
            page.text(row, 0, words, "cell wrap")
            page.text(row, 1, name, "cell wrap")
            for col in range(2, LAST + 1):
                page.text(row, col, "", "cell input")
            row += 1
    page.across(row, 0, 4, say("form-sum"), "cell total")
    page.number(row, 5, points, "cell count total")
    given, got = f"{cell(first, 5)}:{cell(row - 1, 5)}", f"{cell(first, 6)}:{cell(row - 1, 6)}"
    ten = cell(execution, 7)
    done = f"AND(COUNT({given})>0,COUNT({given})=COUNT({got}),SUM({given})={points - float(PROJECT_POINTS):g},ISNUMBER({ten}))"
    page.formula(
        row, 6, f"IF({done},{ten}+SUM({got}),{quoted(say('unfinished'))})", say("unfinished"), "cell count total"
    )
    page.text(row, LAST, "", "cell total")
    return row + 2

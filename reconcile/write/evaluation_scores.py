"""基础数据表, 评分表 and 项目自评表, live on the sheet of figures."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pandas as pd

from reconcile import money, wording
from reconcile.evaluation import rubric as rubrics
from reconcile.evaluation.evaluation import PROJECT_POINTS, Evaluation, basic_rows, project_score
from reconcile.evaluation.figure import MONEY, Figure
from reconcile.evaluation.indicator import Rate, Term, indicators, rate
from reconcile.evaluation.rubric import Rule
from reconcile.evaluation.score import BY_HAND, MISSING, Score
from reconcile.write.sheet_page import Column, Page, area, cell, quoted

BASICS = (
    Column("block", "cell wrap", 14, 18),
    Column("line", "cell wrap", 24, 38),
    Column("measure", "cell center", 7, 10),
    Column("last_actual", "cell money", 13, 18),
    Column("budget", "cell money", 13, 18),
    Column("actual_now", "cell money", 13, 18),
    Column("control", "cell rate", 9, 12),
    Column("lacking", "cell wrap", 20, 40),
)
SCORES = (
    Column("group", "cell wrap", 8, 12),
    Column("indicator", "cell wrap", 16, 24),
    Column("points", "cell count", 6, 8),
    Column("formula", "cell wrap", 24, 38),
    Column("numerator", "cell money", 14, 18),
    Column("denominator", "cell money", 14, 18),
    Column("percent", "cell rate", 9, 11),
    Column("score", "cell count", 8, 10),
    Column("basis", "cell wrap", 20, 40),
)
PROJECTS = (
    Column("code", "cell", 8, 14),
    Column("project-name", "cell wrap", 20, 36),
    Column("original", "cell money", 13, 18),
    Column("available", "cell money", 13, 18),
    Column("current", "cell money", 13, 18),
    Column("carried", "cell money", 13, 18),
    Column("executed", "cell money", 13, 18),
    Column("points", "cell count", 6, 8),
    Column("percent", "cell rate", 9, 11),
    Column("score", "cell money", 8, 10),
)
References = Mapping[str, str]
"""The cell of every figure, on its sheet."""


def write_basics(page: Page, evaluation: Evaluation, refs: References, meta: tuple[str, str]) -> None:
    """基础数据表: money in 万元 with two decimals, rounded from the figures in yuan."""
    say, language = page.say, evaluation.language
    row = page.open(say("title-basics"), BASICS, len(BASICS), meta[0], say("meta-wan"), note=say("basics-note"))
    first, block = row, ""
    for entry in basic_rows():
        words = wording.text(f"block-{entry['block']}", language, "evaluation")
        page.text(row, 0, words if words != block else "", "cell wrap")
        block = words
        page.text(row, 1, entry[language], "cell wrap" + {1: " in1", 2: " in2"}.get(int(entry.get("level", 0)), ""))
        names = [entry.get(name, "") for name in ("last", "budget", "actual")]
        kind = evaluation.figures[next(n for n in names if n)].kind.kind
        unit = say("wan") if kind == MONEY else wording.text(f"unit-{kind}", language, "evaluation")
        page.text(row, 2, unit, "cell center")
        for col, name in enumerate(names, 3):
            if name:
                _in_wan(page, row, col, evaluation.figures[name], refs[name])
            else:
                page.text(row, col, say("none"), "cell right")
        if "rate" in entry:
            _rate(page, row, 6, rate(indicators()[entry["rate"]], evaluation.figures), refs)
        else:
            page.text(row, 6, "", "cell")
        lacking = dict.fromkeys(
            evaluation.figures[n].reason for n in names if n and evaluation.figures[n].value is None
        )
        page.text(row, 7, "；".join(lacking), "cell wrap")
        row += 1
    page.close(footer=meta[0], freeze=(first, 2))


def _in_wan(page: Page, row: int, col: int, figure: Figure, ref: str) -> None:
    missing = page.say("missing")
    if figure.kind.kind != MONEY:
        shown: float | str = missing if figure.value is None else float(figure.value)
        page.formula(row, col, f"IF(ISNUMBER({ref}),{ref},{quoted(missing)})", shown, "cell count")
        return
    value = missing if figure.value is None else float(money.in_unit(int(figure.value), "万元"))
    page.formula(row, col, f"IF(ISNUMBER({ref}),ROUND({ref}/10000,2),{quoted(missing)})", value, "cell money")


def _terms(terms: tuple[Term, ...], refs: References) -> str:
    return "".join(("-" if sign < 0 else "+" if i else "") + refs[name] for i, (sign, name) in enumerate(terms))


def _known(terms: tuple[Term, ...], refs: References) -> str:
    """A condition: every figure is a number."""
    names = dict.fromkeys(name for _, name in terms)
    return f"COUNT({','.join(refs[n] for n in names)})={len(names)}"


def _rate(page: Page, row: int, col: int, found: Rate, refs: References) -> None:
    """The rate of a line from its figures."""
    one, missing, none = found.indicator, page.say("missing"), page.say("no-rate")
    known = _known((*one.numerator, *one.denominator), refs)
    over, under = _terms(one.numerator, refs), _terms(one.denominator, refs)
    formula = f"IF({known},IF(({under})=0,{quoted(none)},({over})/({under})),{quoted(missing)})"
    page.formula(row, col, formula, _rate_value(found, missing, none), "cell rate")


def _rate_value(found: Rate, missing: str, none: str) -> float | str:
    if found.numerator is None or found.denominator is None:
        return missing
    return none if found.value is None else float(found.value)


def write_scores(page: Page, evaluation: Evaluation, refs: References, meta: tuple[str, str]) -> None:
    """评分表: every score follows its rate, by whole numbers of 分, so that it is what the exact figures decide."""
    say, language = page.say, evaluation.language
    title = evaluation.rubric.title(language)
    row = page.open(title, SCORES, len(SCORES), *meta, note=say("hand-note"))
    first, group = row, -1
    counted = []
    for one in evaluation.outcomes:
        line = one.line
        page.text(row, 0, _group(evaluation, line.group) if line.group != group else "", "cell wrap")
        group = line.group
        page.text(row, 1, line.title(language), "cell wrap")
        if line.points is None:
            page.text(row, 2, say("none"), "cell right")
        else:
            page.number(row, 2, float(line.points), "cell count")
            counted.append(row)
        page.text(row, 3, line.indicator.formula(language) if line.indicator else "", "cell wrap")
        if one.rate is not None:
            _sides(page, row, one.rate, evaluation, refs)
        else:
            for col in (4, 5, 6):
                page.text(row, col, say("none"), "cell right")
        _score(page, row, one, evaluation)
        page.text(row, 8, one.basis, "cell wrap")
        row += 1
    if counted:
        _totals(page, row, first, evaluation, len(counted))
    page.close(footer=meta[0], freeze=(first, 2))


def _group(evaluation: Evaluation, index: int) -> str:
    group = evaluation.rubric.groups[index]
    points = "" if group.points is None else f"（{float(group.points):g}）"
    return group.title(evaluation.language) + points


def _sides(page: Page, row: int, found: Rate, evaluation: Evaluation, refs: References) -> None:
    one, missing, none = found.indicator, page.say("missing"), page.say("no-rate")
    is_money = _is_money(found, evaluation)
    for col, terms, value in ((4, one.numerator, found.numerator), (5, one.denominator, found.denominator)):
        shown: int | float | str = missing
        if value is not None:
            shown = int(value) if is_money else float(value)
        formula = f"IF({_known(terms, refs)},{_terms(terms, refs)},{quoted(missing)})"
        page.formula(row, col, formula, shown, "cell money" if is_money else "cell count")
    over, under = cell(row, 4), cell(row, 5)
    formula = f"IF(COUNT({over},{under})=2,IF({under}=0,{quoted(none)},{over}/{under}),{quoted(missing)})"
    page.formula(row, 6, formula, _rate_value(found, missing, none), "cell rate")


def _is_money(found: Rate, evaluation: Evaluation) -> bool:
    return evaluation.figures[found.indicator.denominator[0][1]].kind.kind == MONEY


def _score(page: Page, row: int, one: Score, evaluation: Evaluation) -> None:
    say, line = page.say, one.line
    if line.points is None:
        page.text(row, 7, say("none"), "cell right")
        return
    if one.rate is None or one.given is not None:
        if one.score is None:
            page.text(row, 7, say("by-hand"), "cell input right")
        else:
            page.number(row, 7, float(one.score), "cell count input")
        return
    scale = 100 if _is_money(one.rate, evaluation) else 1_000_000
    over, under = (f"ROUND({cell(row, col)}*{scale},0)" for col in (4, 5))
    there = f"ISNUMBER({cell(row, 6)})"
    other = quoted(say("missing"))
    both = f"COUNT({cell(row, 4)},{cell(row, 5)})=2"
    nought = quoted(say("no-rate"))
    if line.rule.zero:
        nought = f"IF({cell(row, 4)}=0,{_number(line.points)},{nought})"
    if line.rule.infinite:
        nought = f"IF({cell(row, 4)}>0,{_number(line.rule.beyond)},{nought})"
    formula = f"IF({there},{_rule(line.rule, line.points, over, under, cell(row, 6), say('by-hand'))},IF({both},{nought},{other}))"
    if one.score is not None:
        value: float | str = float(one.score)
    else:
        value = say({MISSING: "missing", BY_HAND: "by-hand"}.get(one.status, "no-rate"))
    page.formula(row, 7, formula, value, "cell count")


def _rule(rule: Rule, points: Fraction, over: str, under: str, shown: str, by_hand: str) -> str:
    """The score of a rate that there is; `over` and `under` are whole numbers, so that steps are counted exactly."""
    if rule.kind == rubrics.SHARE:
        return f"MIN(MAX({shown},0),1)*{_number(points)}"

    def gap(bound: Fraction) -> str:
        """(rate − bound) × under, in percent, as a whole number."""
        return f"({100 * bound.denominator}*{over}-{bound.numerator}*{under})"

    if rule.kind == rubrics.BANDS:
        found = _number(rule.beyond)
        for upto, got in reversed(rule.bands):
            found = f"IF({gap(upto)}/{under}<=0,{_number(got)},{found})"
        return found
    sign = "-" if rule.kind == rubrics.UNDER else ""
    is_full = f"{gap(rule.full)}=0" if rule.kind == rubrics.EQUAL else f"{sign}{gap(rule.full)}/{under}<=0"
    if not rule.step:
        return f"IF({is_full},{_number(points)},{quoted(by_hand)})"
    whole = f"{sign}{gap(rule.full)}*{rule.step.denominator}/({rule.full.denominator * rule.step.numerator}*{under})"
    cut = f"{_number(points)}-INT({whole})*{_number(rule.cut)}"
    return f"IF({is_full},{_number(points)},MAX(0,MIN({_number(points)},{cut})))"


def _number(value: Fraction) -> str:
    """A figure inside a formula: a decimal where it ends, else a quotient."""
    return f"{float(value):g}" if Fraction(f"{float(value):g}") == value else f"({value.numerator}/{value.denominator})"


def _totals(page: Page, row: int, first: int, evaluation: Evaluation, counted: int) -> None:
    say = page.say
    points, scores = area(first, row - 1, 2), area(first, row - 1, 7)
    whole = float(evaluation.rubric.total)
    done, of = evaluation.scored
    total = evaluation.total
    for at, (name, left, left_value, right, right_value) in enumerate(
        (
            (
                "row-total",
                f"SUM({points})",
                whole,
                f"IF(COUNT({scores})={counted},SUM({scores}),{quoted(say('unfinished'))})",
                say("unfinished") if total is None else float(total),
            ),
            (
                "row-scored",
                f"SUMPRODUCT(ISNUMBER({scores})*ISNUMBER({points}),{points})",
                float(of),
                f"SUM({scores})",
                float(done),
            ),
        )
    ):
        for col in range(len(SCORES)):
            page.text(row + at, col, say(name) if col == 0 else "", "cell wrap total")
        page.formula(row + at, 2, left, left_value, "cell count total")
        page.formula(row + at, 7, right, right_value, "cell count total")


def write_projects(page: Page, evaluation: Evaluation, meta: tuple[str, str]) -> dict[int, int]:
    """项目自评表: the budget execution of every project and its 10 points.  Returns the row of each, by its place in
    by_project."""
    if evaluation.result is None:
        raise ValueError("projects come of a result")
    say, frame = page.say, evaluation.result.tie.by_project
    frame = frame[frame["category"] == "project"]
    row = page.open(say("title-projects"), PROJECTS, len(PROJECTS), *meta, note=say("projects-note"))
    first = row
    rows = {int(at): first + i for i, at in enumerate(frame.index)}
    for one in frame.itertuples():
        page.text(row, 0, one.project_code, "cell")
        page.text(row, 1, say.project(one.project), "cell wrap")
        page.amount(row, 2, _shown(one.original, say("unreadable")))
        page.amount(row, 5, _shown(one.carryover, say("unreadable")))
        page.amount(row, 3, _shown(one.available, say("unreadable")))
        page.amount(row, 6, int(one.actual))
        available, carried, actual = cell(row, 3), cell(row, 5), cell(row, 6)
        known = one.available is not pd.NA and one.carryover is not pd.NA
        current = int(one.available - one.carryover) if known else say("unreadable")
        page.formula(
            row, 4, f"IF(COUNT({available},{carried})=2,{available}-{carried},{quoted(say('unreadable'))})", current
        )
        page.number(row, 7, float(PROJECT_POINTS), "cell count")
        score = project_score(one.available, int(one.actual))
        none = quoted(say("no-rate"))
        condition = f"IF(ISNUMBER({available}),{available}>0,FALSE)"
        value = say("no-rate") if score is None else int(one.actual) / int(one.available)
        page.formula(row, 8, f"IF({condition},{actual}/{available},{none})", value, "cell rate")
        formula = f"IF(ISNUMBER({cell(row, 8)}),ROUND(MIN(MAX({actual}/{available},0),1)*{cell(row, 7)},2),{none})"
        page.formula(row, 9, formula, say("no-rate") if score is None else float(score), "cell money")
        row += 1
    if row > first:
        page.text(row, 0, say("row-total"), "cell total")
        page.text(row, 1, "", "cell total")
        for col, name in ((2, "original"), (3, "available"), (4, ""), (5, "carryover"), (6, "actual")):
            values = frame["available"] - frame["carryover"] if not name else frame[name]
            page.formula(row, col, f"SUM({area(first, row - 1, col)})", int(values.sum()), "cell money total")
        for col in (7, 8, 9):
            page.text(row, col, "", "cell total")
    page.close(footer=meta[0], freeze=(first, 2))
    return rows


def _shown(value: object, unreadable: str) -> int | str:
    return unreadable if value is pd.NA else int(value)  # type: ignore[call-overload]

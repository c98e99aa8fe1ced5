"""按项目, 按类别 and 按月: budget against spending, every figure a formula over the data sheets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reconcile import frames
from reconcile.engine import CATEGORIES, Period
from reconcile.write import sheet_data as data
from reconcile.write.sheet_data import Span
from reconcile.write.sheet_page import Amount, Column, Page, area, cell, on, quoted
from reconcile.write.sheet_plan import CATEGORY_KEYS, Line, Plan, added

FLOWS = frames.CHAIN[:4]
CHAIN_COLUMNS = (
    *(Column(c, "cell money", 12, 20) for c in (*FLOWS, "available", "actual", "remaining")),
    Column("rate", "cell rate", 9, 12),
)
PROJECT_COLUMNS = (Column("category", "cell", 9, 14), Column("project-code", "cell", 8, 16),
                   Column("project", "cell wrap", 16, 36), *CHAIN_COLUMNS, Column("status", "cell", 10, 24),
                   Column("key", "key", 6, 8))
CATEGORY_COLUMNS = (Column("name", "cell wrap", 24, 42), Column("code", "cell", 8, 14), *CHAIN_COLUMNS,
                    Column("share", "cell rate", 9, 12), Column("key", "key", 6, 8))
PROJECT_AT, CATEGORY_AT = 3, 2
STATUSES = ("not-in-budget", "unreadable-budget", "no-budget", "budget-zero", "no-spending", "over-budget",
            "spent-exactly", "within-budget")


@dataclass(frozen=True)
class Figures:
    """The exact figures of one written row: what its cells show."""

    row: int
    flows: Mapping[str, int | None]
    available: Amount
    actual: int


@dataclass(frozen=True)
class Table:
    """A written table: its rows by key, and its total row."""

    page: Page
    at: int
    rows: Mapping[str, Figures]
    total: Figures

    def ref(self, figures: Figures, name: str) -> str:
        """A reference from another sheet to one figure of a row."""
        return on(self.page.name, cell(figures.row, self.at + COLUMNS.index(name), fixed=True))


COLUMNS = (*FLOWS, "available", "actual", "remaining", "rate")


def remaining_of(available: Amount, actual: int, unreadable: str, absent: tuple[str, ...] = ()) -> Amount:
    if isinstance(available, str):
        return available if available == unreadable or available in absent else -actual
    return available - actual


def rate_of(available: Amount, actual: int, zero: str) -> str | float:
    if isinstance(available, str):
        return available
    return (actual / 100) / (available / 100) if available else zero


def write_chain(page: Page, at: int, figures: Figures, formulas: Mapping[str, str], style: str = "",
                *, unsplit: bool = False) -> None:
    """The eight money cells of a row: the chain, available, actual, remaining and the rate."""
    say, row = page.say, figures.row
    bad, zero = say("unreadable"), say("zero-budget")
    for n, name in enumerate(FLOWS):
        value = figures.flows[name]
        page.formula(row, at + n, formulas[name], bad if value is None else value, f"cell money {style}".strip())
    budget, spent = cell(row, at + 4), cell(row, at + 5)
    page.formula(row, at + 4, formulas["available"], figures.available, f"cell money {style}".strip())
    page.formula(row, at + 5, formulas["actual"], figures.actual, f"cell money {style}".strip())
    rest = remaining_of(figures.available, figures.actual, bad, (say("not-split"),) if unsplit else ())
    keep = f"ISTEXT({budget})" if unsplit else f"{budget}={quoted(bad)}"
    page.formula(row, at + 6, f"IF({keep},{budget},ROUND(N({budget})-{spent},2))", rest, f"cell money {style}".strip())
    page.formula(row, at + 7, rate_formula(budget, spent, zero), rate_of(figures.available, figures.actual, zero),
                 f"cell rate {style}".strip())


def rate_formula(budget: str, spent: str, zero: str) -> str:
    return f"IF(ISNUMBER({budget}),IF({budget}=0,{quoted(zero)},{spent}/{budget}),{budget})"


def line_formulas(page: Page, row: int, at: int, key: str, lines: Span, line_column: int, entries: list[Span],
                  entry_column: int, absent: str) -> dict[str, str]:
    """The formulas of a row that adds up the data sheets by its key."""
    say = page.say
    found = {name: data.planned(lines, key, line_column, name, say) for name in FLOWS}
    chain = [cell(row, at + n) for n in range(4)]
    found["available"] = data.available(lines, key, line_column, absent, say, chain)
    found["actual"] = data.spent(entries, key, entry_column)
    return found


def sum_formulas(page: Page, at: int, rows: list[int], scan: tuple[int, int]) -> dict[str, str]:
    """The formulas of a row that adds up other rows; `scan` is where an unreadable part would stand."""
    say, found = page.say, {}
    bad, none = quoted(say("unreadable")), quoted(say("no-budget"))
    whole = rows == list(range(rows[0], rows[-1] + 1))
    for n, name in enumerate(COLUMNS[:6]):
        cells = area(rows[0], rows[-1], at + n) if whole else ",".join(cell(r, at + n) for r in rows)
        total = f"ROUND(SUM({cells}),2)"
        if name == "available":
            total = f"IF(COUNT({cells})=0,{none},{total})"
        found[name] = total if name == "actual" else f"IF(COUNTIF({area(*scan, at + n)},{bad})>0,{bad},{total})"
    return found


def sum_figures(page: Page, row: int, parts: list[Figures]) -> Figures:
    say = page.say
    bad, none = say("unreadable"), say("no-budget")
    known = [p.available for p in parts if isinstance(p.available, int)]
    budget: Amount = bad if any(p.available == bad for p in parts) else sum(known) if known else none
    return Figures(row, {n: added(p.flows[n] for p in parts) for n in FLOWS}, budget, sum(p.actual for p in parts))


def line_figures(page: Page, row: int, line: Line, absent: str) -> Figures:
    return Figures(row, {n: line.chain[n] for n in FLOWS}, data.budget_amount(line, absent, page.say), line.actual)


def write_projects(page: Page, plan: Plan, lines: Span, entries: list[Span], meta: tuple[str, str],
                   title: str) -> Table:
    """One row a project, then what names no project, then all spending."""
    say, at, key_col = page.say, PROJECT_AT, len(PROJECT_COLUMNS) - 1
    first = page.open(title, PROJECT_COLUMNS, key_col, *meta, note=say("projects-note"))
    absent, found, row = say("no-budget"), {}, first
    rest_rows, project_rows = [], []

    def put(line: Line, name: str, style: str) -> None:
        figures = line_figures(page, row, line, absent)
        page.text(row, 0, say.category(line.category), f"cell {style}".strip())
        page.text(row, 1, line.code, f"cell {style}".strip())
        page.text(row, 2, name, f"cell wrap {style}".strip())
        page.text(row, key_col, line.key, "key")
        key = f"${cell(row, key_col)}"
        write_chain(page, at, figures, line_formulas(
            page, row, at, key, lines, data.LINE_PROJECT, entries, data.PROJECT, absent), style)
        _status(page, row, figures, style)
        found[line.key] = figures

    for line in plan.projects:
        put(line, say.project(line.name), "")
        project_rows.append(row)
        row += 1
    parts: list[int] = []
    if project_rows:
        together = sum_figures(page, row, [found[p.key] for p in plan.projects])
        _label(page, row, say("row-projects"), "group")
        write_chain(page, at, together, sum_formulas(page, at, project_rows, (first, row - 1)), "group")
        _status(page, row, None, "group")
        parts.append(row)
        row += 1
    for line in plan.rest:
        put(line, say("no-name", category=say.category(line.category)), "")
        rest_rows.append(row)
        row += 1
    parts += rest_rows
    total = sum_figures(page, row, list(found.values()))
    _label(page, row, say("row-all"), "total")
    write_chain(page, at, total, sum_formulas(page, at, parts, (parts[0], parts[-1])), "total")
    _status(page, row, None, "total")
    _marks(page, first, row - 1, PROJECT_AT + 8)
    page.close(footer=meta[0], filter_rows=(first, first + max(len(project_rows) - 1, 0)), freeze=(first, 3))
    return Table(page, at, found, total)


def _label(page: Page, row: int, name: str, style: str) -> None:
    for col in range(3):
        page.text(row, col, name if col == 0 else "", f"cell {style}")


def _status(page: Page, row: int, figures: Figures | None, style: str) -> None:
    """The state of a row in words, live: from its available budget and its spending."""
    say, col = page.say, PROJECT_AT + 8
    if figures is None:
        page.text(row, col, "", f"cell {style}")
        return
    budget, spent = cell(row, PROJECT_AT + 4), cell(row, PROJECT_AT + 5)
    word = {s: quoted(say(f"status-{s}")) for s in STATUSES}
    formula = (f"IF({budget}={quoted(say('no-budget'))},{word['not-in-budget']},"
               f"IF(ISTEXT({budget}),{word['unreadable-budget']},"
               f"IF({budget}=0,IF({spent}=0,{word['budget-zero']},{word['no-budget']}),"
               f"IF({spent}=0,{word['no-spending']},IF({spent}>{budget},{word['over-budget']},"
               f"IF({spent}={budget},{word['spent-exactly']},{word['within-budget']}))))))")
    page.formula(row, col, formula, say(f"status-{status_of(figures, say('no-budget'))}"), f"cell {style}".strip())


def status_of(figures: Figures, none: str) -> str:
    budget, spent = figures.available, figures.actual
    if isinstance(budget, str):
        return "not-in-budget" if budget == none else "unreadable-budget"
    if budget == 0:
        return "no-budget" if spent else "budget-zero"
    if spent == 0:
        return "no-spending"
    return "over-budget" if spent > budget else "spent-exactly" if spent == budget else "within-budget"


def _marks(page: Page, first: int, last: int, col: int) -> None:
    for mark, colour in (("●", "F4B6B6"), ("▲", "FFE3A3")):
        page.sheet.conditional_format(first, col, last, col, {
            "type": "text", "criteria": "begins with", "value": mark,
            "format": page.look.book.add_format({"bg_color": colour})})


def write_categories(page: Page, plan: Plan, projects: Table, lines: Span, entries: list[Span],
                     meta: tuple[str, str], title: str) -> Table:
    """Basic spending by group and economic class, then the other categories project by project."""
    say, at, key_col = page.say, CATEGORY_AT, len(CATEGORY_COLUMNS) - 1
    unsplit_groups = {c.group for c in plan.classes if c.whole_group}
    note = say("split-note") if any(not c.lines and c.group in unsplit_groups for c in plan.classes) else ""
    first = page.open(title, CATEGORY_COLUMNS, key_col, *meta, note=note)
    found: dict[str, Figures] = {}
    row = first
    names = {"basic": "一", "project": "二", "other": "三", "undetermined": "四"} if say.language == "zh" else {}
    number = {c: f"{names[c]}、" if names else "" for c in CATEGORIES}

    def put_class(line: Line) -> Figures:
        unsplit = not line.lines and line.group in unsplit_groups
        absent = say("not-split" if unsplit else "no-budget")
        figures = line_figures(page, row, line, absent)
        page.text(row, 0, line.name or say("no-class"), "cell wrap in2")
        page.text(row, 1, line.code, "cell")
        page.text(row, key_col, line.key, "key")
        key = f"${cell(row, key_col)}"
        write_chain(page, at, figures, line_formulas(
            page, row, at, key, lines, data.LINE_CLASS, entries, data.CLASS, absent), unsplit=unsplit)
        return figures

    def put_project(line: Line) -> Figures:
        source = projects.rows[line.key]
        figures = Figures(row, source.flows, source.available, source.actual)
        name = say.project(line.name) if line.name else say("no-name", category=say.category(line.category))
        page.text(row, 0, name, "cell wrap in1")
        page.text(row, 1, line.code, "cell")
        page.text(row, key_col, line.key, "key")
        write_chain(page, at, figures, {n: projects.ref(source, n) for n in COLUMNS[:6]})
        return figures

    def put_sum(name: str, style: str, at_row: int, parts: list[Figures], scan: tuple[int, int]) -> Figures:
        figures = sum_figures(page, at_row, parts)
        page.text(at_row, 0, name, f"cell wrap {style}")
        page.text(at_row, 1, "", f"cell {style}")
        write_chain(page, at, figures, sum_formulas(page, at, [p.row for p in parts], scan), style)
        return figures

    sections: list[Figures] = []
    for category in plan.categories:
        head, row = row, row + 1
        parts: list[Figures] = []
        if category == "basic":
            for group in dict.fromkeys(c.group for c in plan.classes):
                group_row, row = row, row + 1
                children = []
                for line in (c for c in plan.classes if c.group == group):
                    children.append(put_class(line))
                    row += 1
                style = "group in1"
                parts.append(put_sum(say.group(group), style, group_row, children, (group_row + 1, row - 1)))
                found[f"group-{group}"] = parts[-1]
        else:
            for line in plan.of_category(category):
                parts.append(put_project(line))
                row += 1
        name = number[category] + say.category(category)
        if parts:
            section = put_sum(name, "section", head, parts, (head + 1, row - 1))
        else:
            section = _empty(page, head, name, category, lines, entries)
        found[category] = section
        sections.append(section)
    total = put_sum(say("row-total"), "total", row, sections, (first, row - 1))
    _shares(page, first, row, at, found, total, {s.row for s in sections})
    page.close(footer=meta[0], freeze=(first, 1))
    return Table(page, at, found, total)


def _empty(page: Page, row: int, name: str, category: str, lines: Span, entries: list[Span]) -> Figures:
    """A category without any row below it: nothing budgeted, nothing spent."""
    figures = Figures(row, dict.fromkeys(FLOWS, 0), page.say("no-budget"), 0)
    page.text(row, 0, name, "cell wrap section")
    page.text(row, 1, "", "cell section")
    write_chain(page, CATEGORY_AT, figures, line_formulas(
        page, row, CATEGORY_AT, quoted(CATEGORY_KEYS[category]), lines, data.LINE_CATEGORY, entries, data.CATEGORY,
        page.say("no-budget")), "section")
    return figures


def _shares(page: Page, first: int, last: int, at: int, found: Mapping[str, Figures], total: Figures,
            sections: set[int]) -> None:
    """Every row's share of all spending."""
    none = page.say("none")
    whole = f"{cell(last, at + 5)[:-len(str(last + 1))]}${last + 1}"
    actual = page.actuals
    for row in range(first, last + 1):
        style = "total" if row == last else "section" if row in sections else ""
        if row in {f.row for k, f in found.items() if k.startswith("group-")}:
            style = "group"
        share = (actual[row] / 100) / (total.actual / 100) if total.actual else none
        page.formula(row, at + 8, f"IF({whole}=0,{quoted(none)},{cell(row, at + 5)}/{whole})", share,
                     f"cell rate {style}".strip())


@dataclass(frozen=True)
class Months:
    """The written 按月 sheet: rows of its months, its columns, and its total row."""

    page: Page
    first: int
    last: int
    total_row: int
    cumulative: int
    rate: int
    schedule: int
    values: tuple[tuple[Amount | float, float], ...]


def write_months(page: Page, plan: Plan, period: Period, spent: Mapping[tuple[int, str], int], budget: Table,
                 entries: list[Span], meta: tuple[str, str], title: str) -> Months:
    """Month by month with the running total, its rate of the available budget, and the schedule."""
    say = page.say
    categories = plan.categories
    columns = (Column("month", "cell center", 12, 14), *(Column("", "cell money", 14, 20) for _ in categories),
               Column("month-actual", "cell money", 14, 20), Column("cumulative", "cell money", 14, 20),
               Column("cumulative-rate", "cell rate", 12, 14), Column("schedule", "cell rate", 12, 14),
               Column("gap", "cell rate", 12, 16), Column("key-month", "key", 6, 8))
    key_col = len(columns) - 1
    first = page.open(title, columns, key_col, *meta, note=say("months-note"))
    for n, category in enumerate(categories, 1):
        page.text(first - 1, n, say.category(category), "head")
    months = list(range(1, period.last_month + 1))
    if any(m == 0 for m, _ in spent):
        months.append(0)
    at = len(categories) + 1
    available, running, values = budget.total.available, 0, []
    whole = budget.ref(budget.total, "available")
    row = first
    for month in months:
        page.text(row, 0, f"{period.year}-{month:02d}" if month else say("no-date"), "cell center")
        page.number(row, key_col, month, "key")
        parts = [spent.get((month, c), 0) for c in categories]
        for n, (category, value) in enumerate(zip(categories, parts), 1):
            formula = data.sums(entries, data.AMOUNT, (data.MONTH, f"${cell(row, key_col)}"),
                                (data.CATEGORY, quoted(CATEGORY_KEYS[category])))
            page.formula(row, n, formula, value)
        together = sum(parts)
        running += together
        page.formula(row, at, f"ROUND(SUM({cell(row, 1)}:{cell(row, at - 1)}),2)", together)
        before = f"{cell(row - 1, at + 1)}+" if row > first else ""
        page.formula(row, at + 1, f"ROUND({before}{cell(row, at)},2)", running)
        rate = rate_of(available, running, say("zero-budget"))
        page.formula(row, at + 2, rate_formula(whole, cell(row, at + 1), say("zero-budget")), rate, "cell rate")
        schedule = (month or period.last_month) / 12
        page.formula(row, at + 3, f"{cell(row, key_col)}/12" if month else f"{period.last_month}/12", schedule,
                     "cell rate")
        gap = say("none") if isinstance(rate, str) else rate - schedule
        page.formula(row, at + 4, f"IF(ISNUMBER({cell(row, at + 2)}),{cell(row, at + 2)}-{cell(row, at + 3)},"
                                  f"{quoted(say('none'))})", gap, "cell rate")
        values.append((rate, schedule))
        row += 1
    page.text(row, 0, say("row-total"), "cell center total")
    for n in range(1, at + 1):
        category = categories[n - 1] if n < at else None
        value = sum(v for (_, c), v in spent.items() if category in (None, c))
        page.formula(row, n, f"ROUND(SUM({area(first, row - 1, n)}),2)", value, "cell money total")
    for n in range(at + 1, key_col):
        page.text(row, n, "", "cell total")
    page.close(footer=meta[0], freeze=(first, 1))
    return Months(page, first, first + period.last_month - 1, row, at + 1, at + 2, at + 3, tuple(values))

"""按项目: one row a project, spending from 明细 and budget from 预算明细 by the row's key."""

from __future__ import annotations

from reconcile.write import sheet_data as data
from reconcile.write.sheet_chain import (
    CHAIN_COLUMNS,
    Figures,
    Table,
    line_figures,
    line_formulas,
    sum_figures,
    sum_formulas,
    write_chain,
)
from reconcile.write.sheet_data import Base, Span
from reconcile.write.sheet_page import Column, Page, cell, quoted
from reconcile.write.sheet_plan import Line, Plan

CODE = Column("project-code", "cell", 8, 16)
PROJECT_COLUMNS = (
    Column("category", "cell", 9, 14),
    CODE,
    Column("project", "cell wrap", 16, 36),
    *CHAIN_COLUMNS,
    Column("status", "cell", 12, 26),
    Column("key-project", "key", 8, 8),
)
PROJECT_AT = 3
STATUSES = (
    "not-in-budget",
    "unsettled",
    "unreadable-budget",
    "no-budget",
    "budget-zero",
    "no-spending",
    "over-budget",
    "spent-exactly",
    "within-budget",
)


def write_projects(page: Page, plan: Plan, lines: Span, entries: Base, meta: tuple[str, str], title: str) -> Table:
    """One row a project, then what names no project, then all spending."""
    say, at, key_col = page.say, PROJECT_AT, len(PROJECT_COLUMNS) - 1
    first = page.open(title, PROJECT_COLUMNS, key_col, *meta, note=say("projects-note"))
    absent, found, row = say("no-budget"), {}, first
    rest_rows, project_rows = [], []

    def put(line: Line, name: str, style: str) -> None:
        figures = line_figures(page, row, line, absent)
        page.text(row, 0, say.category(line.category), f"cell {style}".strip())
        page.text(row, 1, line.code, f"cell {style}".strip())
        page.led(row, 2, entries.anchors.get(("project", line.key)), name, f"cell wrap {style}".strip())
        page.text(row, key_col, line.key, "key")
        key = f"${cell(row, key_col)}"
        write_chain(
            page,
            at,
            figures,
            line_formulas(page, row, at, key, lines, data.LINE_PROJECT, entries, "project", absent),
            style,
        )
        _status(page, row, figures, style, "unsettled" if line.unsettled else "not-in-budget")
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
    if not any(line.code for line in plan.projects):
        page.hide(PROJECT_COLUMNS.index(CODE))
    page.close(footer=meta[0], filter_rows=(first, first + max(len(project_rows) - 1, 0)), freeze=(first, 3))
    return Table(page, at, found, total)


def _label(page: Page, row: int, name: str, style: str) -> None:
    for col in range(3):
        page.text(row, col, name if col == 0 else "", f"cell {style}")


def _status(page: Page, row: int, figures: Figures | None, style: str, absent: str = "not-in-budget") -> None:
    """The state of a row in words, live: from its available budget and its spending; `absent` where it has none."""
    say, col = page.say, PROJECT_AT + 8
    if figures is None:
        page.text(row, col, "", f"cell center {style}")
        return
    budget, spent = cell(row, PROJECT_AT + 4), cell(row, PROJECT_AT + 5)
    word = {s: quoted(say(f"status-{s}")) for s in STATUSES}
    formula = (
        f'IF({budget}={quoted(say("no-budget"))},IF({spent}=0,"",{word[absent]}),'
        f"IF(ISTEXT({budget}),{word['unreadable-budget']},"
        f"IF({budget}=0,IF({spent}=0,{word['budget-zero']},{word['no-budget']}),"
        f"IF({spent}=0,{word['no-spending']},IF({spent}>{budget},{word['over-budget']},"
        f"IF({spent}={budget},{word['spent-exactly']},{word['within-budget']}))))))"
    )
    status = status_of(figures, say("no-budget"), absent)
    page.formula(row, col, formula, say(f"status-{status}") if status else "", f"cell center {style}".strip())


def status_of(figures: Figures, none: str, absent: str) -> str:
    budget, spent = figures.available, figures.actual
    if isinstance(budget, str):
        if budget == none:
            return absent if spent else ""
        return "unreadable-budget"
    if budget == 0:
        return "no-budget" if spent else "budget-zero"
    if spent == 0:
        return "no-spending"
    return "over-budget" if spent > budget else "spent-exactly" if spent == budget else "within-budget"


def _marks(page: Page, first: int, last: int, col: int) -> None:
    for mark, colour in (("●", "F4B6B6"), ("▲", "FFE3A3")):
        page.sheet.conditional_format(
            first,
            col,
            last,
            col,
            {
                "type": "text",
                "criteria": "begins with",
                "value": mark,
                "format": page.look.book.add_format({"bg_color": colour}),
            },
        )

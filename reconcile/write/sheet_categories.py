"""按类别: basic spending by group and economic class, then the other categories project by project."""

from __future__ import annotations

from reconcile.engine import CATEGORIES
from reconcile.write import sheet_data as data
from reconcile.write.sheet_chain import (
    CHAIN_COLUMNS,
    COLUMNS,
    FLOWS,
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
from reconcile.write.sheet_plan import CATEGORY_KEYS, Line, Plan

CATEGORY_COLUMNS = (
    Column("name", "cell wrap", 24, 42),
    Column("code", "cell", 8, 14),
    *CHAIN_COLUMNS,
    Column("share", "cell rate", 9, 12),
    Column("key-project", "key", 8, 8),
)
CATEGORY_AT = 2


def write_categories(
    page: Page, plan: Plan, projects: Table, lines: Span, entries: Base, meta: tuple[str, str], title: str
) -> Table:
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
        page.led(row, 0, entries.anchors.get(("class", line.key)), line.name or say("no-class"), "cell wrap in2")
        page.text(row, 1, line.code, "cell")
        page.text(row, key_col, line.key, "key")
        key = f"${cell(row, key_col)}"
        write_chain(
            page,
            at,
            figures,
            line_formulas(page, row, at, key, lines, data.LINE_CLASS, entries, "class", absent),
            unsplit=unsplit,
        )
        shares.append((figures, ""))
        return figures

    def put_project(line: Line) -> Figures:
        source = projects.rows[line.key]
        figures = Figures(row, source.flows, source.available, source.actual)
        name = say.project(line.name) if line.name else say("no-name", category=say.category(line.category))
        page.led(row, 0, (projects.page.name, cell(source.row, 2)), name, "cell wrap in1")
        page.text(row, 1, line.code, "cell")
        page.text(row, key_col, line.key, "key")
        write_chain(page, at, figures, {n: projects.ref(source, n) for n in COLUMNS[:6]})
        shares.append((figures, ""))
        return figures

    def put_sum(name: str, style: str, at_row: int, parts: list[Figures], scan: tuple[int, int]) -> Figures:
        figures = sum_figures(page, at_row, parts)
        page.text(at_row, 0, name, f"cell wrap {style}")
        page.text(at_row, 1, "", f"cell {style}")
        write_chain(page, at, figures, sum_formulas(page, at, [p.row for p in parts], scan), style)
        shares.append((figures, style.split()[0]))
        return figures

    sections: list[Figures] = []
    shares: list[tuple[Figures, str]] = []
    for category in plan.categories:
        head, row = row, row + 1
        parts: list[Figures] = []
        if category == "basic":
            for group in dict.fromkeys(c.group for c in plan.classes):
                group_row, row = row, row + 1
                children = []
                for line in (c for c in plan.classes if c.group == group):
                    children.append(put_class(line))
                    found[line.key] = children[-1]
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
            shares.append((section, "section"))
        found[category] = section
        sections.append(section)
    total = put_sum(say("row-total"), "total", row, sections, (first, row - 1))
    _shares(page, at, shares, total)
    page.close(footer=meta[0], freeze=(first, 1))
    return Table(page, at, found, total)


def _empty(page: Page, row: int, name: str, category: str, lines: Span, entries: Base) -> Figures:
    """A category without any row below it: nothing budgeted, nothing spent."""
    figures = Figures(row, dict.fromkeys(FLOWS, 0), page.say("no-budget"), 0)
    page.text(row, 0, name, "cell wrap section")
    page.text(row, 1, "", "cell section")
    write_chain(
        page,
        CATEGORY_AT,
        figures,
        line_formulas(
            page,
            row,
            CATEGORY_AT,
            quoted(CATEGORY_KEYS[category]),
            lines,
            data.LINE_CATEGORY,
            entries,
            "category",
            page.say("no-budget"),
        ),
        "section",
    )
    return figures


def _shares(page: Page, at: int, rows: list[tuple[Figures, str]], total: Figures) -> None:
    """Every row's share of all spending."""
    none = page.say("none")
    whole = cell(total.row, at + 5, fixed=True)
    for figures, style in rows:
        share = (figures.actual / 100) / (total.actual / 100) if total.actual else none
        page.formula(
            figures.row,
            at + 8,
            f"IF({whole}=0,{quoted(none)},{cell(figures.row, at + 5)}/{whole})",
            share,
            f"cell rate {style}".strip(),
        )

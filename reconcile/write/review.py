"""The review workbook: what was read, what was spent, what was found, and room for the reviewer's decisions."""

from __future__ import annotations

import io
import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from reconcile.result import Result
from reconcile.write import sheet_data
from reconcile.write.look import Look
from reconcile.write.output import check_no_input, whole_file
from reconcile.write.places import Places
from reconcile.write.sheet_categories import write_categories
from reconcile.write.sheet_data import Span, write_apart, write_entries, write_lines
from reconcile.write.sheet_findings import write_checks, write_findings
from reconcile.write.sheet_matches import has_matches, write_matches
from reconcile.write.sheet_months import write_months
from reconcile.write.sheet_notes import Sources as NoteSources
from reconcile.write.sheet_notes import write_notes
from reconcile.write.sheet_overview import Sources, write_overview
from reconcile.write.sheet_page import Page, Words
from reconcile.write.sheet_plan import plan
from reconcile.write.sheet_projects import write_projects
from reconcile.write.sheet_summary import write_summary
from reconcile.write.summary import render, unit_name

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
COLOURS = {"notes": "7F7F7F", "overview": "1F4E79", "findings": "C00000", "checks": "C00000", "matches": "C00000"}


def write(result: Result, path: Path) -> Path:
    """Write the review workbook of a result to `path`; it appears whole or not at all.

    The same result gives the same bytes.  Raises LoadError where it would replace a source.
    """
    import xlsxwriter

    check_no_input(path, (t.path for one in result.loaded for t in one.tables if t.path))
    with whole_file(path) as beside, tempfile.TemporaryDirectory() as scratch:
        book = xlsxwriter.Workbook(str(beside), {**OPTIONS, "tmpdir": scratch})
        _fill(book, result)
        book.close()
    return path


def placement(result: Result) -> Places:
    """Where the figures of the report section stand in the review workbook, without writing its data rows."""
    import xlsxwriter

    return _fill(xlsxwriter.Workbook(io.BytesIO(), OPTIONS), result, rows=False)


def _fill(book: Workbook, result: Result, *, rows: bool = True) -> Places:
    """Lay every sheet out; without `rows`, those of the entries and budget lines stay empty."""
    language = result.settings.language
    say, look = Words(language), Look(book, language)
    unit, period = unit_name(result), result.period.label(language)
    joint = "" if language == "zh" or not unit else ": "
    facts = {"unit": f"{unit}{joint}", "period": period}
    book.set_properties(
        {
            "title": say("title-notes", **facts)[:200],
            "author": "spending-reconcile",
            "created": datetime(result.period.year, 12, 31),
        }
    )
    left = "    ".join(([say("meta-unit", unit=unit)] if unit else []) + [say("meta-period", period=period)])
    meta = (left, say("meta-money"))
    keys = [
        "notes",
        "overview",
        "summary",
        "projects",
        "categories",
        "months",
        "findings",
        "checks",
        "entries",
        "lines",
    ]
    if has_matches(result):
        keys.insert(keys.index("entries"), "matches")
    if len(result.tie.unassigned):
        keys.append("apart")
    pages: dict[str, Page] = {}
    more: list[Page] = []
    for key in keys:
        pages[key] = Page(look, say, key)
        pages[key].sheet.set_tab_color(f"#{COLOURS.get(key, '9DB7D5')}")
        if key == "entries":
            extra = range(1, -(-len(result.tie.entries) // sheet_data.ROWS_PER_SHEET))
            more = [Page(look, say, key, number=n + 1) for n in extra]

    def title(key: str) -> str:
        return say(f"title-{key}", **facts)

    placed = plan(result)
    apart = None
    if rows:
        lines = write_lines(pages["lines"], result, placed, meta, title("lines"))
        entries = write_entries([pages["entries"], *more], result, placed, meta, title("entries"))
        apart = write_apart(pages["apart"], result, meta, title("apart")) if "apart" in pages else None
    else:
        lines, entries = Span(pages["lines"].name, 0, 0), [Span(pages["entries"].name, 0, 0)]
    projects = write_projects(pages["projects"], placed, lines, entries, meta, title("projects"))
    categories = write_categories(pages["categories"], placed, projects, lines, entries, meta, title("categories"))
    months = write_months(
        pages["months"], placed, result.period, _by_month(result), categories, entries, meta, title("months")
    )
    findings = write_findings(pages["findings"], result, meta, title("findings"))
    outcomes = write_checks(pages["checks"], result, findings, meta, title("checks"))
    if "matches" in pages:
        write_matches(pages["matches"], result, meta, title("matches"))
    overview = write_overview(
        pages["overview"],
        Sources(result, placed, projects, categories, months, findings, outcomes),
        meta,
        title("overview"),
    )
    places = Places(
        placed,
        projects,
        categories,
        months,
        (pages["findings"], findings.first),
        pages["overview"],
        overview.get("income"),
    )
    write_summary(pages["summary"], render(result, language), places, meta, title("summary"))
    if not rows:
        return places
    write_notes(
        pages["notes"],
        result,
        NoteSources(entries, lines, apart, projects, categories, months),
        meta,
        title("notes"),
        keys[1:],
    )
    pages["notes"].sheet.activate()
    return places


def _by_month(result: Result) -> dict[tuple[int, str], int]:
    """Spending by month (0 for none) and category, in 分."""
    entries = result.tie.entries
    month = entries["date"].dt.month.fillna(0).astype("int64")
    sums = entries["amount"].groupby([month, entries["category"]]).sum()
    return {(int(m), str(c)): int(v) for (m, c), v in sums.items()}

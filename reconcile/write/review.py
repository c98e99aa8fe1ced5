"""The review workbook: what was read, what was spent, what was found, and room for the reviewer's decisions."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from reconcile.claims.source import is_path
from reconcile.result import Result
from reconcile.write import annotate, sheet_entries
from reconcile.write.guard import check_answers_kept
from reconcile.write.look import Look
from reconcile.write.output import check_no_input, whole_file
from reconcile.write.places import Places
from reconcile.write.sheet_categories import write_categories
from reconcile.write.sheet_claims import Claimed, claimed_by, write_claims
from reconcile.write.sheet_contracts import keys_of, write_contracts
from reconcile.write.sheet_cover import write_cover
from reconcile.write.sheet_data import KEYS, Base, Span, anchors
from reconcile.write.sheet_digest import write_digest
from reconcile.write.sheet_entries import write_entries
from reconcile.write.sheet_findings import write_checks, write_findings
from reconcile.write.sheet_lines import write_apart, write_lines
from reconcile.write.sheet_links import finding_cells, link_checks, link_entries, link_findings, listing, pointed
from reconcile.write.sheet_matches import has_matches, write_matches
from reconcile.write.sheet_months import write_months
from reconcile.write.sheet_moves import write_moves
from reconcile.write.sheet_options import options
from reconcile.write.sheet_overview import Sources, write_overview
from reconcile.write.sheet_pace import write_pace
from reconcile.write.sheet_page import Page, Words, cell
from reconcile.write.sheet_plan import plan
from reconcile.write.sheet_projects import write_projects
from reconcile.write.sheet_sources import Sources as Tied
from reconcile.write.sheet_sources import write_sources
from reconcile.write.sheet_summary import write_summary
from reconcile.write.summary import render, unit_name

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
COLOURS = {
    "cover": "1F4E79",
    "overview": "1F4E79",
    "findings": "C00000",
    "checks": "C00000",
    "claims": "C00000",
    "matches": "C00000",
}
SHEETS = (
    "cover",
    "overview",
    "summary",
    "projects",
    "categories",
    "months",
    "pace",
    "findings",
    "checks",
    "claims",
    "matches",
    "moves",
    "contracts",
    "sources",
    "digest",
    "entries",
    "lines",
    "apart",
)
IN_WAN = ("projects", "categories", "months", "pace", "contracts")
"""Sheets whose amounts follow the setting `money`; 汇总 shows both, lists of single amounts are in yuan."""


def write(
    result: Result, path: Path, annotated: Path | None = None, *, report: str | Path | None = None, force: bool = False
) -> Path:
    """Write the review workbook of a result to `path`; it appears whole or not at all.

    annotated: the folder in which marked copies of the sources stand already; findings link to those that are there.
    report: a report whose claims the sheet 报告核对 lists with their verdicts; without one there is no such sheet.
    The same result gives the same bytes.  Raises LoadError where it would replace a source, or, without `force`, what a
    reviewer wrote.
    """
    import xlsxwriter

    copies = _copies(result, path, annotated) if annotated else {}
    came_back = [b.path for b in result.matched.aliases.books if b.path]
    given = [report] if report is not None and is_path(report) else []
    check_no_input(path, [*(t.path for one in result.loaded for t in one.tables if t.path), *came_back, *given])
    claimed = None if report is None else claimed_by(report, result)
    if not force:
        check_answers_kept(result, path)
    with whole_file(path) as beside, tempfile.TemporaryDirectory() as scratch:
        book = xlsxwriter.Workbook(str(beside), {**OPTIONS, "tmpdir": scratch})
        _fill(book, result, copies, claimed)
        book.close()
    return path


def _copies(result: Result, path: Path, annotated: Path) -> dict[str, str]:
    """The marked copy of every source that has one, relative to `path`, by the source's name."""
    folder = os.path.relpath(annotated, path.parent).replace(os.sep, "/")
    names = annotate.names(result).items()
    return {file: f"{folder}/{name}" for file, name in names if "#" not in name and (annotated / name).is_file()}


def placement(result: Result) -> Places:
    """Where the figures of the report section stand in the review workbook, without writing the rows of 明细."""
    import xlsxwriter

    return _fill(xlsxwriter.Workbook(io.BytesIO(), OPTIONS), result, {}, rows=False)


def _fill(
    book: Workbook, result: Result, copies: Mapping[str, str], claimed: Claimed | None = None, *, rows: bool = True
) -> Places:
    """Lay every sheet out; without `rows` 明细 stays empty."""
    language = result.settings.language
    say, look = Words(language), Look(book, language)
    unit, period = unit_name(result), result.period.label(language)
    joint = "" if language == "zh" or not unit else ": "
    facts = {"unit": f"{unit}{joint}", "period": period}
    book.set_properties(
        {
            "title": say("title-cover", **facts)[:200],
            "author": "spending-reconcile",
            "created": datetime(result.period.year, 12, 31),
        }
    )
    left = "    ".join(([say("meta-unit", unit=unit)] if unit else []) + [say("meta-period", period=period)])
    wan = result.settings.money == "万元"
    listed = listing(result) if rows else sheet_entries.Listing(np.empty(0, dtype=np.int64), {}, ())
    register = result.contracts.fen if result.contracts is not None else result.budget.fen[:0]
    present = {
        "matches": has_matches(result),
        "claims": claimed is not None,
        "moves": bool(result.moved),
        "contracts": bool(len(register)),
        "digest": not listed.whole,
        "apart": bool(len(result.tie.unassigned)),
    }
    keys = [key for key in SHEETS if present.get(key, True)]
    pages: dict[str, Page] = {}
    more: list[Page] = []
    for key in keys:
        pages[key] = Page(look, say, key, wan=wan and key in IN_WAN)
        pages[key].sheet.set_tab_color(f"#{COLOURS.get(key, '9DB7D5')}")
        if key == "entries":
            extra = range(1, -(-len(listed.rows) // sheet_entries.ROWS_PER_SHEET))
            more = [Page(look, say, key, number=n + 1) for n in extra]

    def title(key: str) -> str:
        return say(f"title-{key}", **facts)

    def meta(key: str) -> tuple[str, str]:
        return left, say("meta-wan" if pages[key].wan else "meta-money")

    placed = plan(result)
    offered = options(placed, result.matched.labels(range(len(result.matched.projects)), language), say)
    lines, entries, written, apart = Span(pages["lines"].name, 0, 0), Base((), {}), sheet_entries.Entries((), {}), None
    if rows:
        lines = write_lines(pages["lines"], result, placed, meta("lines"), title("lines"))
        note = say("entries-note") if listed.whole else say("entries-note-short", count=f"{len(result.tie.entries):,}")
        written = write_entries(
            [pages["entries"], *more], result, placed, offered, listed, meta("entries"), title("entries"), note
        )
        if listed.whole:
            firsts = [(page.name, cell(row, 0)) for page, row in written.places.values()]
            entries = Base(written.terms, anchors(placed.entry_keys[KEYS], firsts))
        else:
            digest = write_digest(pages["digest"], result, placed, meta("digest"), title("digest"))
            entries = replace(digest, terms=(*digest.terms, *written.terms))
        if "apart" in pages:
            apart = write_apart(pages["apart"], result, meta("apart"), title("apart"), keys_of(result)[1])
    projects = write_projects(pages["projects"], placed, lines, entries, meta("projects"), title("projects"))
    categories = write_categories(
        pages["categories"], placed, projects, lines, entries, meta("categories"), title("categories")
    )
    months = write_months(
        pages["months"], placed, result.period, _by_month(result), categories, entries, meta("months"), title("months")
    )
    write_pace(pages["pace"], placed, result.period, projects, categories, meta("pace"), title("pace"))
    findings = write_findings(pages["findings"], result, meta("findings"), title("findings"))
    outcomes = write_checks(pages["checks"], result, findings, meta("checks"), title("checks"))
    if claimed is not None:
        write_claims(pages["claims"], claimed.rows, (claimed.report, ""), title("claims"))
    if rows:
        if "matches" in pages:
            write_matches(pages["matches"], result, offered, meta("matches"), title("matches"))
        if "moves" in pages:
            write_moves(pages["moves"], result, meta("moves"), title("moves"))
        offered.write(look)
        link_entries(pages["findings"], result, listed, written)
        link_checks(pages["checks"], result, pages["findings"])
        if "contracts" in pages:
            told = (pages["findings"].name, finding_cells(pages["findings"], result), pointed(result, register))
            write_contracts(
                pages["contracts"], result, entries, written.places, apart, told, meta("contracts"), title("contracts")
            )
        lists = [(pages["lines"], result.budget.fen)]
        lists += [(pages["contracts"], register)] if "contracts" in pages else []
        lists += [(pages["apart"], result.tie.unassigned)] if "apart" in pages else []
        link_findings(pages["findings"], result, listed, written, lists, copies)
        write_sources(
            pages["sources"],
            result,
            Tied(entries, lines, apart, projects, categories, months),
            meta("sources"),
            title("sources"),
        )
    contents = [(key, pages[key].name) for key in keys[1:]]
    money = say("money-wan" if wan else "money-yuan")
    signed = write_cover(pages["cover"], result, title("cover"), unit, money, contents, left)
    overview = write_overview(
        pages["overview"],
        Sources(result, placed, projects, categories, months, findings, outcomes, signed),
        meta("overview"),
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
    write_summary(pages["summary"], render(result, language), places, meta("summary"), title("summary"))
    pages["cover"].sheet.activate()
    return places


def _by_month(result: Result) -> dict[tuple[int, str], int]:
    """Spending by month (0 for none) and category, in 分."""
    entries = result.tie.entries
    month = entries["date"].dt.month.fillna(0).astype("int64")
    sums = entries["amount"].groupby([month, entries["category"]]).sum()
    return {(int(m), str(c)): int(v) for (m, c), v in sums.items()}

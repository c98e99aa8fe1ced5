"""Sources to tables: which sheets and blocks are read, and which are left out, with the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from reconcile import wording
from reconcile.finding import Finding, LoadError, Origin
from reconcile.money import is_blank, looks_like_amount
from reconcile.read import header as headers
from reconcile.read import repeats
from reconcile.read.blocks import Block, blocks
from reconcile.read.dates import parse_date
from reconcile.read.header import Header
from reconcile.read.overrule import overrule
from reconcile.read.pages import joined
from reconcile.read.panels import is_final_accounts, is_income
from reconcile.read.spread import spread
from reconcile.read.table import Table, read_table
from reconcile.read.workbook import Book, ErrorCell, Sheet, Uncalculated, open_book, sources

SAMPLE = 200
MOSTLY = 0.8
NUMERIC = (
    "year",
    "month",
    "day",
    "period",
    "line",
    "account_code",
    "economic_code",
    "functional_code",
    "project_code",
    "code",
    "bill",
    "quota",
    "direction",
    "counter_account",
    "voucher",
)


def load_tables(
    source: object, kind: str, *, sheet: str | None, unit: str | None, columns: Mapping[str, str] | None, year: int = 0
) -> list[Table]:
    """Every table of `kind` in the sources, in their order; copies and summaries of the same data are left out.

    Raises LoadError for a file that cannot be read or holds no such table.
    """
    tables: list[Table] = []
    for book in _told_apart([open_book(one) for one in sources(source)]):
        tables += _book_tables(book, kind, sheet, unit, columns, year)
    return repeats.distinct(tables)


def _told_apart(books: list[Book]) -> list[Book]:
    """Files of one name in several folders are named with their folder; frames and streams of one name, by number."""
    names = Counter(b.file for b in books)
    out, seen = [], Counter[str]()
    for book in books:
        if names[book.file] > 1 and book.path:
            book = replace(book, file=f"{Path(book.path).parent.name}/{book.file}")
        elif names[book.file] > 1:
            seen[book.file] += 1
            name = book.file.removesuffix(">")
            book = replace(book, file=f"{name} {seen[book.file]}{'>' if name != book.file else ''}")
        out.append(book)
    return out


def _book_tables(
    book: Book, kind: str, sheet: str | None, unit: str | None, columns: Mapping[str, str] | None, year: int
) -> list[Table]:
    chosen, hidden = _chosen(book, sheet)
    tables: list[Table] = []
    left_out: list[str] = []
    others: dict[str, Block] = {}
    for one in chosen:
        origin = Origin(book.file, one.name)
        found = blocks(one, kind, _overruled(one, kind, columns, origin) if columns else None, year)
        if not found and tables and not columns:
            found = _continued(one, next(t for t in reversed(tables) if t.header.last))
        others |= {n: b for b in found for n, hit in _others(b, kind).items() if hit and not columns}
        spending = _numbered([b for b in found if columns or not any(_others(b, kind).values())])
        tables += [read_table(book, one, kind, b, unit) for b in spending]
        if not spending:
            left_out.append(one.name)
    if not tables and others:
        what = " / ".join(wording.text(next(iter(others)), language) for language in ("zh", "en"))
        raise LoadError("other-table", Origin(book.file, chosen[0].name), what=what, kind=wording.text(f"kind-{kind}"))
    if not tables:
        seen = [t for s in chosen for t in headers.texts_of(s)]
        raise headers.no_header(seen, kind, Origin(book.file, chosen[0].name if len(chosen) == 1 else ""))
    skipped = [_hidden_finding(book, s, kind) for s in hidden if blocks(s, kind)]
    tables = repeats.without_summaries(repeats.latest_versions(joined(tables)))
    tables = tables if columns else [part for table in tables for part in spread(table, unit)]
    other_notes = [wording.text(f"{name}-left-out") for name in others]
    notes = tuple(wording.fill(wording.text("left-out"), {"sheet": name}) for name in left_out)
    tables[0] = replace(
        tables[0], findings=(*tables[0].findings, *skipped), notes=(*tables[0].notes, *notes, *other_notes)
    )
    return tables


def _others(block: Block, kind: str) -> dict[str, bool]:
    """What a block is instead of a table of spending or its budget."""
    return {"income": is_income(block.header), "final-accounts": is_final_accounts(block.header, kind)}


def _numbered(found: list[Block]) -> list[Block]:
    """Blocks that share their rows, numbered from 0."""
    return [replace(b, panel=sum(o.first == b.first for o in found[:i])) for i, b in enumerate(found)]


def _chosen(book: Book, sheet: str | None) -> tuple[list[Sheet], list[Sheet]]:
    """Sheets to read and hidden ones to leave; a sheet asked for by name is read though it is hidden."""
    if sheet is not None:
        chosen = [s for s in book.sheets if s.name == sheet]
        if not chosen:
            raise LoadError("no-sheet", book.file, sheet=sheet, sheets="、".join(s.name for s in book.sheets))
        return chosen, []
    chosen = [s for s in book.sheets if not s.hidden and len(s.cells)]
    hidden = [s for s in book.sheets if s.hidden and len(s.cells)]
    if not chosen:
        raise LoadError("empty-workbook", book.file)
    return chosen, hidden


def _overruled(sheet: Sheet, kind: str, columns: Mapping[str, str], origin: Origin) -> Header | None:
    return overrule(headers.find_header(sheet, kind), sheet, kind, columns, origin)


def _continued(sheet: Sheet, before: Table) -> list[Block]:
    """A sheet without a header that goes on where the one before it ended: amounts where they were, texts where
    they were."""
    if sheet.cells.shape[1] > before.body.shape[1]:
        return []
    header = replace(before.header, first=1, last=0)
    missing = before.body.shape[1] - sheet.cells.shape[1]
    blank = [p for p in range(before.body.shape[1]) if all(v is None or v == "" for v in before.body[:, p])]
    if missing and len(blank) == missing:
        header = headers.without_columns(header, blank)
    sample = sheet.cells[:SAMPLE]

    def share_of_amounts(money: bool) -> float:
        cells = [
            row[c.position]
            for f, c in header.columns.items()
            if (f in headers.MONEY[before.kind]) == money and c.position < sample.shape[1] and f not in NUMERIC
            for row in sample
            if not is_blank(row[c.position])
        ]
        amounts = [looks_like_amount(v) or isinstance(v, ErrorCell | Uncalculated) for v in cells]
        return float(np.mean(amounts)) if cells else float(not money)

    top = next((row for row in sample if not all(is_blank(v) for v in row)), sample[0] if len(sample) else ())
    money = [c.position for f, c in header.columns.items() if f in headers.MONEY[before.kind] and c.position < len(top)]
    if any(isinstance(top[p], str) and not is_blank(top[p]) and not looks_like_amount(top[p]) for p in money):
        return []
    date = header.columns.get("date")
    if date is not None and date.position < sample.shape[1]:
        shown = [v for v in sample[:, date.position] if v is not None and v != ""]
        if np.mean([parse_date(v, header.year or 2000) is not None for v in shown] or [False]) < MOSTLY:
            return []
    alike = share_of_amounts(True) > 0.6 and share_of_amounts(False) < 0.5
    return [Block(header, 1, len(sheet.cells))] if alike else []


def _hidden_finding(book: Book, sheet: Sheet, kind: str) -> Finding:
    what = {lang: wording.text("hidden-sheet", lang) for lang in ("zh", "en")}
    seen = {lang: wording.text("hidden-not-read", lang) for lang in ("zh", "en")}
    return Finding(
        "hidden-data", sheet.name, Origin(book.file, sheet.name), detail=book.file, params={"what": what, "seen": seen}
    )


def kinds_of(source: object) -> list[str]:
    """Which kinds of table the sheets of a file hold, by the header that recognises the most of their columns.

    Raises LoadError for a file that cannot be read or holds no table of any kind.
    """
    found: dict[str, None] = {}
    seen: list[str] = []
    name = ""
    for one in sources(source):
        book = open_book(one)
        name = book.file
        for sheet in (s for s in book.sheets if not s.hidden and len(s.cells)):
            seen += headers.texts_of(sheet)
            sizes = {k: h for k in headers.MONEY if (h := headers.find_header(sheet, k))}
            if sizes:
                found[max(sizes, key=lambda k: len(sizes[k].columns))] = None
    if not found:
        raise headers.no_header(seen, "any", Origin(name))
    return list(found)

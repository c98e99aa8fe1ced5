"""Sources to tables: which sheets and blocks are read, and which are left out, with the reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np

from reconcile import wording
from reconcile.finding import Finding, LoadError, Origin, Severity
from reconcile.layout import Layout
from reconcile.money import is_blank, looks_like_amount
from reconcile.read import header as headers
from reconcile.read import repeats, words
from reconcile.read.blocks import Block, blocks
from reconcile.read.choice import Want
from reconcile.read.dates import parse_date
from reconcile.read.editions import check_asked, one_edition, one_edition_of_rows
from reconcile.read.left_out import LeftOut
from reconcile.read.pages import joined
from reconcile.read.panels import is_final_accounts, is_income
from reconcile.read.spread import spread
from reconcile.read.table import Table, read_table
from reconcile.read.workbook import Book, ErrorCell, Sheet, Uncalculated, open_book, sources

KINDS = ("budget", "ledger", "contracts")
TELLING = {
    "budget": {"original", "available", "carryover"},
    "ledger": {"date", "voucher", "debit", "credit"},
    "contracts": {"number", "signed", "start", "settled"},
}
NO_LAYOUT = Layout()
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


def load_tables(source: object, kind: str, layout: Layout = NO_LAYOUT, year: int = 0) -> list[Table]:
    """Every table of `kind` in the sources, in their order, as `layout` says or as they look; copies and summaries of
    the same data, other years and other versions are left out.

    year: of the columns and tables to read where several stand there; it also completes dates without one.
    Raises LoadError for a file that cannot be read or holds no such table, and for what the layout names in vain.
    """
    books = _told_apart([open_book(one) for one in sources(source)])
    _check_files(layout, books)
    tables: list[Table] = []
    for book in books:
        tables += _book_tables(book, kind, layout.of_file(book.file), year)
    want = Want(year, next((v for v in (layout.of_file(b.file).version for b in books) if v), ""))
    check_asked(tables, want)
    return repeats.distinct(one_edition(tables, want))


def _check_files(layout: Layout, books: list[Book]) -> None:
    """Refuse a layout for a file that is not there while a file is there that has none: it was renamed."""
    names = {b.file for b in books} | {b.file.rpartition("/")[2] for b in books}
    missing = [f for f in layout.files if f not in names]
    without = [b.file for b in books if b.file not in layout.files and b.file.rpartition("/")[2] not in layout.files]
    if missing and without:
        from rapidfuzz import process

        nearest = process.extractOne(missing[0], without)[0]
        raise LoadError(
            "unknown-file", "", file=missing[0], nearest=nearest, files="、".join(sorted(b.file for b in books))
        )


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


def _book_tables(book: Book, kind: str, layout: Layout, year: int) -> list[Table]:
    chosen, hidden, other_kinds = _chosen(book, kind, layout)
    others: dict[tuple[str, str], None] = {}
    tables: list[Table] = []
    left_out = [LeftOut(book.file, s.name, "kind", {"kind": _kind_name(k)}) for s, k in other_kinds]
    for one in chosen:
        own = layout.of_sheet(one.name)
        want = Want(year, own.version)
        found = blocks(one, kind, want, own.columns, book.file)
        if not found and tables:
            found = _continued(one, next(t for t in reversed(tables) if t.header.last))
        others |= {(n, one.name): None for b in found for n, hit in _others(b, kind).items() if hit and not own.columns}
        spending = _numbered([b for b in found if own.columns or not any(_others(b, kind).values())])
        read = [one_edition_of_rows(read_table(book, one, kind, b, own.unit or None), want) for b in spending]
        asked = tuple(k for k in ("sheet", "unit", "columns", "version") if getattr(own, k))
        tables += [replace(t, asked=asked, left_out=(*t.left_out, *_passed(t))) for t in read]
        if not spending and not any(name == one.name for _, name in others):
            left_out.append(LeftOut(book.file, one.name, "sheet"))
    if not tables and others:
        what = " / ".join(wording.text(next(iter(others))[0], language) for language in ("zh", "en"))
        raise LoadError("other-table", Origin(book.file, chosen[0].name), what=what, kind=wording.text(f"kind-{kind}"))
    if not tables:
        seen = [t for s in chosen for t in headers.texts_of(s)]
        raise headers.no_header(seen, kind, Origin(book.file, chosen[0].name if len(chosen) == 1 else ""))
    left_out += [LeftOut(book.file, name, reason) for reason, name in others]
    left_out += [LeftOut(book.file, s.name, "hidden") for s in hidden]
    noted = [_hidden_finding(book, s, "hidden-not-read") for s in hidden if blocks(s, kind)]
    pages = joined(tables)
    read_anyway = [s for s in chosen if s.hidden and any((book.file, s.name) in t.places for t in pages)]
    noted += [replace(_hidden_finding(book, s, "hidden-asked"), severity=Severity.INFO) for s in read_anyway]
    tables = repeats.without_summaries(one_edition(pages, Want(year, layout.version)))
    tables = [part for table in tables for part in _parted(table, layout)]
    first = tables[0]
    return [replace(first, findings=(*first.findings, *noted), left_out=(*first.left_out, *left_out)), *tables[1:]]


def _parted(table: Table, layout: Layout) -> list[Table]:
    """A table whose amount is spread over columns, as the tables it holds; one whose amount a person named stays."""
    own = layout.of_sheet(table.sheet)
    return [table] if set(headers.MONEY[table.kind]) & set(own.columns) else list(spread(table, own.unit or None))


def _others(block: Block, kind: str) -> dict[str, bool]:
    """What a block is instead of a table of spending or its budget."""
    return {"income": is_income(block.header), "final-accounts": is_final_accounts(block.header, kind)}


def _numbered(found: list[Block]) -> list[Block]:
    """Blocks that share their rows, numbered from 0."""
    return [replace(b, panel=sum(o.first == b.first for o in found[:i])) for i, b in enumerate(found)]


def _passed(table: Table) -> list[LeftOut]:
    """What is said of the years and versions that stand beside the columns that are read."""
    columns = [f"{c.header}（{c.letter}）" for c in table.header.passed]
    if table.header.doubtful:
        raise LoadError("doubtful-adjustment", Origin(table.file, table.sheet), column=table.header.doubtful.header)
    return [LeftOut(table.file, table.sheet, "columns", {"columns": "、".join(columns)})] if columns else []


def _chosen(book: Book, kind: str, layout: Layout) -> tuple[list[Sheet], list[Sheet], list[tuple[Sheet, str]]]:
    """(sheets to read, hidden ones to leave, sheets of another kind with that kind).

    Sheets asked for by name are read, in the workbook's order, though they are hidden or look like another kind.
    """
    for name in (*layout.sheet, *layout.sheets):
        if all(s.name != name for s in book.sheets):
            raise LoadError("no-sheet", book.file, sheet=name, sheets="、".join(s.name for s in book.sheets))
    if layout.sheet:
        return [s for s in book.sheets if s.name in layout.sheet], [], []
    shown = [s for s in book.sheets if not s.hidden and len(s.cells)]
    hidden = [s for s in book.sheets if s.hidden and len(s.cells)]
    if not shown:
        raise LoadError("empty-workbook", book.file)
    kinds = [_other_kind(s, kind) if len(shown) > 1 and not layout.columns else "" for s in shown]
    own = [s for s, other in zip(shown, kinds, strict=True) if not other]
    if not any(headers.find_header(s, kind) for s in own):
        return shown, hidden, []
    return own, hidden, [(s, other) for s, other in zip(shown, kinds, strict=True) if other]


def _other_kind(sheet: Sheet, kind: str) -> str:
    """The kind of table that a sheet holds rather than `kind`: its header says more of it; '' where it does not."""
    found = {k: set(h.columns) for k in KINDS if (h := headers.find_header(sheet, k))}
    if kind not in found:
        return ""
    others = [k for k in found if k != kind and found[k] & TELLING[k] and len(found[k]) > len(found[kind])]
    return max(others, key=lambda k: len(found[k]), default="")


def _kind_name(kind: str) -> dict[str, str]:
    return {lang: wording.text(f"kind-{kind}", lang) for lang in ("zh", "en")}


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
        shown = [v for v in sample[:, date.position] if v is not None and v != "" and not _names_a_row(v)]
        if np.mean([parse_date(v, header.year or 2000) is not None for v in shown] or [False]) < MOSTLY:
            return []
    alike = share_of_amounts(True) > 0.6 and share_of_amounts(False) < 0.5
    return [Block(header, 1, len(sheet.cells))] if alike else []


def _names_a_row(value: object) -> bool:
    """Whether a text tells of its row, where the others have a date: 合计, 本月合计, 制表人."""
    return isinstance(value, str) and bool(words.row_role(value) or words.is_footer(value))


def _hidden_finding(book: Book, sheet: Sheet, how: str) -> Finding:
    what = {lang: wording.text("hidden-sheet", lang) for lang in ("zh", "en")}
    seen = {lang: wording.text(how, lang) for lang in ("zh", "en")}
    return Finding(
        "hidden-data", sheet.name, Origin(book.file, sheet.name), detail=book.file, params={"what": what, "seen": seen}
    )


def kinds_of(source: object, sheet: str | None = None) -> list[str]:
    """Which kinds of table the sheets of a file hold, by the header that recognises the most of their columns.

    sheet: look at this one only, though it be hidden.
    Raises LoadError for a file that cannot be read or holds no table of any kind.
    """
    found: dict[str, None] = {}
    seen: list[str] = []
    name = ""
    for one in sources(source):
        book = open_book(one)
        name = book.file
        if sheet is not None and all(s.name != sheet for s in book.sheets):
            raise LoadError("no-sheet", name, sheet=sheet, sheets="、".join(s.name for s in book.sheets))
        for page in (s for s in book.sheets if (s.name == sheet if sheet else not s.hidden) and len(s.cells)):
            seen += headers.texts_of(page)
            sizes = {k: h for k in KINDS if (h := headers.find_header(page, k))}
            if "budget" in sizes and not TELLING["ledger"] & set(sizes.get("ledger", sizes["budget"]).columns):
                sizes.pop("ledger", None)
            if sizes:
                found[max(sizes, key=lambda k: len(sizes[k].columns))] = None
    if not found:
        raise headers.no_header(seen, "any", Origin(name))
    return list(found)

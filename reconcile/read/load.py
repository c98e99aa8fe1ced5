"""Sources to tables: which sheets and blocks are read, and which are left out, with the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from reconcile import wording
from reconcile.finding import Finding, LoadError, Origin
from reconcile.money import is_blank, looks_like_amount
from reconcile.read import header as headers
from reconcile.read import rows, words
from reconcile.read.blocks import Block, blocks
from reconcile.read.dates import parse_date, parse_dates
from reconcile.read.header import Header
from reconcile.read.pages import joined
from reconcile.read.table import Table, read_table
from reconcile.read.workbook import Book, ErrorCell, Sheet, Uncalculated, open_book, sources

SAMPLE = 200
FEW, MOSTLY = 10, 0.8
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
STATES_BALANCES = {"opening", "opening_debit", "closing", "closing_debit", "total_debit", "balance"}
DATED = ("date", "month", "period", "voucher")


def load_tables(
    source: object, kind: str, *, sheet: str | None, unit: str | None, columns: Mapping[str, str] | None, year: int = 0
) -> list[Table]:
    """Every table of `kind` in the sources, in their order; copies and summaries of the same data are left out.

    Raises LoadError for a file that cannot be read or holds no such table.
    """
    tables: list[Table] = []
    for book in _told_apart([open_book(one) for one in sources(source)]):
        tables += _book_tables(book, kind, sheet, unit, columns, year)
    return _distinct(tables)


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
    for one in chosen:
        origin = Origin(book.file, one.name)
        found = blocks(one, kind, _overruled(one, kind, columns, origin) if columns else None, year)
        if not found and tables and not columns:
            found = _continued(one, next(t for t in reversed(tables) if t.header.last))
        tables += [read_table(book, one, kind, b, unit) for b in found]
        if not found:
            left_out.append(one.name)
    if not tables:
        seen = [t for s in chosen for t in headers.texts_of(s)]
        raise headers.no_header(seen, kind, Origin(book.file, chosen[0].name if len(chosen) == 1 else ""))
    skipped = [_hidden_finding(book, s, kind) for s in hidden if blocks(s, kind)]
    tables = _without_summaries(_latest_versions(joined(tables)))
    notes = tuple(wording.fill(wording.text("left-out"), {"sheet": name}) for name in left_out)
    tables[0] = replace(tables[0], findings=(*tables[0].findings, *skipped), notes=(*tables[0].notes, *notes))
    return tables


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
    return headers.overrule(headers.find_header(sheet, kind), sheet, kind, columns, origin)


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


def _latest_versions(tables: list[Table]) -> list[Table]:
    """Of budgets whose titles name versions (一上, 二上, 批复), only the most final is read; they are never added."""
    ranks = [words.version_rank(t.sheet + "".join(t.header.titles)) for t in tables]
    if len(tables) < 2 or tables[0].kind != "budget" or sum(map(bool, ranks)) < 2:
        return tables
    final = tables[ranks.index(max(ranks))]
    kept = [t for t, rank in zip(tables, ranks, strict=True) if not rank]
    for other, rank in zip(tables, ranks, strict=True):
        if rank and other is not final:
            final = _mentioning(replace(final), other)
    return [*kept, final]


def _without_summaries(tables: list[Table]) -> list[Table]:
    """In one workbook, tables that only sum up a detailed one beside them (pivots, yearly totals) are left out."""
    if len(tables) < 2:
        return tables
    kept = list(tables)
    for table in tables:
        others = [t for t in kept if t is not table]
        source = _summed_by(table, others)
        if source is not None:
            kept.remove(table)
            kept[kept.index(source)] = _mentioning(source, table)
    return kept


def _summed_by(table: Table, others: Sequence[Table]) -> Table | None:
    """The table whose data `table` only sums up, None where it has data of its own."""
    if not (table.roles == rows.DATA).any():
        return None
    dated = [t for t in others if any(f in t.header.columns for f in DATED) and (t.roles == rows.DATA).any()]
    if table.kind == "ledger" and dated and not any(f in table.header.columns for f in DATED):
        if "account_code" not in table.header.columns and "account" not in table.header.columns:
            return dated[0]
        if STATES_BALANCES & set(table.header.columns):
            return None  # a trial balance is held against the journal beside it
        if _total(table) and any(_total(t) == _total(table) for t in dated):
            return dated[0]
    same = [t for t in others if set(t.header.columns) == set(table.header.columns)]
    if len(same) > 1 and table.sheet not in {t.sheet for t in same} and _total(table) == sum(map(_total, same)) != 0:
        return same[0]
    if table.kind == "budget":
        richer = [t for t in others if _total(t) == _total(table) != 0 and t.roles.size > table.roles.size]
        return next((t for t in richer if _labels(table) <= _labels(t)), None)
    return None


def _labels(table: Table) -> set[str]:
    """The words of a table's rows, for telling a summary from a table of its own."""
    positions = [c.position for f, c in table.header.columns.items() if f not in table.money]
    return {
        words.normalise(words.without_ordinal(v))
        for p in positions
        for v in table.body[table.roles == rows.DATA, p]
        if isinstance(v, str) and v.strip()
    }


def _total(table: Table) -> int:
    return int(table.money[table.leading].fen[table.roles == rows.DATA].sum()) if table.leading else 0


def _distinct(tables: list[Table]) -> list[Table]:
    """Drop a later table that repeats the data of an earlier one, and say so."""
    kept: list[Table] = []
    for table in tables:
        twin = next((t for t in kept if _same_data(t, table)), None)
        if twin is None:
            kept.append(table)
        else:
            kept[kept.index(twin)] = _mentioning(twin, table)
    return kept


def _mentioning(kept: Table, left_out: Table) -> Table:
    """`kept` with the finding that `left_out` was not read beside it."""
    origin = Origin(left_out.file, left_out.sheet)
    finding = Finding(
        "repeated-table",
        left_out.sheet or left_out.file,
        origin,
        detail=left_out.file,
        params={"other": Origin(kept.file, kept.sheet)},
    )
    return replace(kept, findings=(*kept.findings, *left_out.findings, finding))


def _same_data(one: Table, other: Table) -> bool:
    first, second = one.roles == rows.DATA, other.roles == rows.DATA
    if _mostly_same(one, other, first, second):
        return True
    if set(one.money) != set(other.money) or not first.any() or first.sum() != second.sum():
        return False
    if (one.sheet, one.file) == (other.sheet, other.file) and one.header.titles != other.header.titles:
        return False
    return all(np.array_equal(one.money[f].fen[first], other.money[f].fen[second]) for f in one.money) and all(
        np.array_equal(one.body[first, c.position], other.body[second, other.header.columns[f].position])
        for f, c in one.header.columns.items()
        if f in other.header.columns and f not in one.money
    )


def _mostly_same(one: Table, other: Table, first: rows.Mask, second: rows.Mask) -> bool:
    """Two sheets of one workbook that hold the same dated amounts but for a few: one is a worked-over copy."""
    if one.file != other.file or one.sheet == other.sheet or min(first.sum(), second.sum()) < FEW:
        return False
    pairs = []
    for table, mask in ((one, first), (other, second)):
        date = table.raw("date")
        if date is None or not table.leading:
            return False
        pairs.append(
            Counter(
                zip(
                    parse_dates(date[mask], table.header.year).tolist(),
                    table.money[table.leading].fen[mask].tolist(),
                    strict=True,
                )
            )
        )
    shared = sum((pairs[0] & pairs[1]).values())
    return bool(shared >= MOSTLY * max(first.sum(), second.sum()))

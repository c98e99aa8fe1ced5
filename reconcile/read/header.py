"""Where a table starts, what each of its columns means, and its unit of money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from reconcile import wording
from reconcile.finding import LoadError, Origin, column_letter
from reconcile.money import UNITS
from reconcile.read import headings, parts, units, words
from reconcile.read.choice import ANY, Want, choose
from reconcile.read.heading_rows import divides, header_like, heads_more, names_units, stacked_texts
from reconcile.read.workbook import Sheet

SEARCH_ROWS = 80
MAX_DEPTH = 3
LONGEST = 32_767
CHAIN = ("carryover", "original", "increase", "decrease", "recovered", "transfer", "adjustment", "available", "amount")
MONEY = {
    "ledger": (
        "debit",
        "credit",
        "amount",
        "increase",
        "balance",
        "opening",
        "opening_debit",
        "opening_credit",
        "total_debit",
        "total_credit",
        "closing_debit",
        "closing_credit",
    ),
    "budget": (*CHAIN, "actual", "in_transit", "remaining", "grant", "taken"),
    "contracts": ("unit_price", "price", "settled"),
    "aliases": (),
}
AMOUNT = {
    "ledger": ("debit", "credit", "amount"),
    "budget": ("original", "available", "amount", "carryover", "increase", "decrease", "recovered", "adjustment"),
    "contracts": ("price", "unit_price", "settled"),
    "aliases": ("target", "category"),
}
ADDED = ("increase", "decrease", "recovered", "transfer", "grant", "payee")
SUBJECT = {
    "ledger": (
        "date",
        "voucher",
        "memo",
        "account",
        "account_code",
        "project",
        "project_code",
        "economic",
        "economic_code",
        "payee",
        "category",
    ),
    "budget": ("label", "project", "project_code", "economic", "economic_code", "category", "code"),
    "contracts": ("name", "number", "supplier", "project"),
    "aliases": ("name",),
}


@dataclass(frozen=True)
class Column:
    """One recognised column: its 0-based position, its header text, and the unit and year in the header."""

    position: int
    header: str
    unit: str = ""
    year: int = 0

    @property
    def letter(self) -> str:
        return column_letter(self.position + 1)


@dataclass(frozen=True)
class Header:
    """The header of one table: its first and last row (1-based) and its columns by field.

    also: further columns of a field whose amounts add up (追减 beside 调减) or fill its blanks (供应商 beside 客户).
    heading_unit: a unit of money that stands in a heading of its own.  panel: what stands over this table alone, where
    others stand beside it.  passed: columns of other years and versions.  doubtful: a column of which it cannot be
    told whether it is the adjusted budget or the adjustment.
    """

    first: int
    last: int
    columns: Mapping[str, Column]
    unknown: Mapping[int, str] = field(default_factory=dict)
    unit: str = ""
    year: int = 0
    titles: tuple[str, ...] = ()
    passed: tuple[Column, ...] = ()
    doubtful: Column | None = None
    also: Mapping[str, tuple[Column, ...]] = field(default_factory=dict)
    heading_unit: str = ""
    panel: str = ""

    @property
    def rows(self) -> tuple[int, ...]:
        return tuple(range(self.first, self.last + 1))


def find_header(sheet: Sheet, kind: str, first: int = 1, last: int = 0, want: Want = ANY) -> Header | None:
    """The best header of a `kind` table in the rows `first` to `last` (by default the sheet's first rows), None
    where there is none."""
    best: Header | None = None
    best_score = (0, 0)
    while first < len(sheet.cells) and not texts_in_row(sheet, first):
        first += 1
    end = min(len(sheet.cells), last or first + SEARCH_ROWS - 1)
    for top in range(first, end + 1):
        if not texts_in_row(sheet, top) or any(a < top <= c for a, _, c, _ in sheet.merges):
            continue
        for bottom in range(top, min(top + MAX_DEPTH, end + 1)):
            if not header_like(sheet, bottom):
                break
            cut = any(top <= a <= bottom < c for a, _, c, _ in sheet.merges)
            if cut and bottom + 1 < min(top + MAX_DEPTH, end + 1) and header_like(sheet, bottom + 1):
                continue  # a heading reaches further down
            header = read_header(sheet, kind, top, bottom, want)
            score = (len(header.columns) + len([c for cs in header.also.values() for c in cs]), top - bottom)
            if is_complete(header.columns, kind) and score > best_score:
                best, best_score = header, score
    if best and best.last < end and names_units(sheet, best.last + 1):
        return read_header(sheet, kind, best.first, best.last + 1, want)
    if best and best.last < end and divides(sheet, best.last):
        deeper = read_header(sheet, kind, best.first, best.last + 1, want)
        if is_complete(deeper.columns, kind) and set(best.columns) <= set(deeper.columns):
            return deeper
    if best and best.first > first and heads_more(sheet, best.first, best.last):
        taller = read_header(sheet, kind, best.first - 1, best.last, want)
        if is_complete(taller.columns, kind) and set(best.columns) <= set(taller.columns):
            return taller
    return best


def is_complete(columns: Mapping[str, Column], kind: str) -> bool:
    """Whether a header can carry a table: an amount (of aliases what a name means), and what it is for."""
    return any(f in columns for f in AMOUNT[kind]) and any(f in columns for f in SUBJECT[kind])


def fields_by_position(sheet: Sheet, kind: str, top: int, bottom: int) -> dict[int, str]:
    """The field of every column whose heading in rows `top` to `bottom` is known."""
    read = {p: headings.heading(texts, kind) for p, texts in enumerate(stacked_texts(sheet, top, bottom)) if texts}
    return {p: heading.field for p, heading in read.items() if heading.field}


def read_header(
    sheet: Sheet, kind: str, top: int, bottom: int, want: Want = ANY, span: tuple[int, int] | None = None
) -> Header:
    """Read rows `top` to `bottom` as a header, joining merged and stacked texts top-down.

    Of columns that stand there once for each of several years or versions, those of `want` are taken, else the last.
    span: the columns (0-based, the last not included) that belong to the table, where others stand beside it.
    """
    found: dict[str, list[tuple[tuple[int, int], Column]]] = {}
    unknown: dict[int, str] = {}
    unit = ""
    for position, stacked in enumerate(stacked_texts(sheet, top, bottom)):
        if not stacked or (span and not span[0] <= position < span[1]):
            continue
        text = "/".join(stacked)
        meaning = headings.heading(stacked, kind)
        if meaning.field:
            column = Column(position, text, meaning.unit, meaning.year)
            found.setdefault(meaning.field, []).append((meaning.fit, column))
        else:
            unknown[position] = text
            unit = unit or units.stated(text)
    if len(found.get("label", ())) > 1:  # 项目 beside Item: the first names the line, the second its class
        spare = next((f for f in ("economic", "project") if f not in found), "")
        if spare:
            found[spare] = [found["label"].pop()]
    if len(found.get("account", ())) > 1 and "account_code" not in found:  # 科目 beside 科目名称: its code
        found["account_code"] = [found["account"].pop(0)]
    choice = choose(found, MONEY[kind], want, sheet.cells[bottom:])
    best = {
        f: min(cs, key=lambda c: (c[1].year not in (0, choice.year), c[1].year != choice.year, c[0]))
        for f, cs in choice.kept.items()
    }
    columns = {f: c for f, (_, c) in best.items()}
    also = {
        f: tuple(c for fit, c in choice.kept[f] if c is not first and c.year == first.year and fit[0] <= best[f][0][0])
        for f, first in columns.items()
        if f in ADDED and len(choice.kept[f]) > 1
    }
    taken = {c.position for c in columns.values()} | {c.position for cs in also.values() for c in cs}
    unknown |= {c.position: c.header for cs in found.values() for _, c in cs if c.position not in taken}
    if not any(f in columns for f in AMOUNT[kind]) and kind in ("budget", "ledger"):
        for band, positions in parts.amounts_by_part(unknown).items():
            name = headings.heading((band,), kind).field if band else ""
            name = name if name in MONEY[kind] else "amount"
            if name in columns:
                continue
            texts = [tuple(unknown[p].split("/")) for p in positions]
            found_parts = [
                Column(p, "/".join(t), headings.heading(t, kind).unit) for p, t in zip(positions, texts, strict=True)
            ]
            columns[name], also[name] = found_parts[0], tuple(found_parts[1:])
            unknown = {p: t for p, t in unknown.items() if p not in positions}
    titles = tuple(t for row in range(1, top) for t in texts_in_row(sheet, row))
    header = Header(
        top, bottom, columns, unknown, also=also, heading_unit=unit, passed=choice.passed, doubtful=choice.doubtful
    )
    return with_titles(header, titles)


def with_titles(header: Header, titles: tuple[str, ...]) -> Header:
    """A header with the title zone above it, and the unit and year that stand there."""
    nearest = [t for t in reversed(titles) if not words.is_footer(t)]
    unit = header.heading_unit or next((u for u in map(units.stated, nearest) if u), "")
    years = [c.year for c in header.columns.values() if c.year] + [y for y in map(words.stated_year, nearest) if y]
    return replace(header, unit=unit, year=years[0] if years else 0, titles=titles)


def without_columns(header: Header, positions: Sequence[int]) -> Header:
    """The header of a page where the columns at `positions` were left out: the others moved to the left."""

    def moved(position: int) -> int:
        return position - sum(p < position for p in positions)

    columns = {
        f: replace(c, position=moved(c.position)) for f, c in header.columns.items() if c.position not in positions
    }
    unknown = {moved(p): text for p, text in header.unknown.items() if p not in positions}
    also = {f: tuple(replace(c, position=moved(c.position)) for c in cs) for f, cs in header.also.items()}
    return replace(header, columns=columns, unknown=unknown, also=also)


def table_unit(header: Header, given: str | None, origin: Origin) -> str:
    """The table's unit of money: as given, or as its title zone states; '' where neither says."""
    if given is None:
        return header.unit
    if given not in UNITS:
        raise LoadError("unknown-unit", origin, unit=given, units="、".join(UNITS))
    return given


def no_header(sheet_words: list[str], kind: str, origin: Origin) -> LoadError:
    return LoadError(
        "no-header",
        origin,
        kind=wording.text(f"kind-{kind}"),
        words="、".join(sheet_words[:12]) or "（无）",
        wanted=wording.text(f"wanted-{kind}"),
    )


def texts_of(sheet: Sheet) -> list[str]:
    """The first texts of a sheet, for a message that shows what was seen."""
    return [t for row in range(1, min(len(sheet.cells), 20) + 1) for t in texts_in_row(sheet, row)]


def texts_in_row(sheet: Sheet, row: int) -> list[str]:
    """The texts that a row shows, none longer than a spreadsheet's cell may be."""
    return [v[:LONGEST].strip() for v in sheet.cells[row - 1] if isinstance(v, str) and v.strip()]

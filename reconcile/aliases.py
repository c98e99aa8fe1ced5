"""Aliases: what the ledger calls a budget project, as a person approved it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from reconcile import codes, wording
from reconcile.finding import LoadError, Origin
from reconcile.read import header as headers
from reconcile.read import words
from reconcile.read.blocks import Block, blocks
from reconcile.read.workbook import Book, Sheet, open_book, sources

FIELDS = ("name", "target", "category", "approver", "date")
CATEGORIES = ("basic", "project", "other")
NOWHERE = Origin()
SCAN_ROWS = 500


@dataclass(frozen=True)
class Alias:
    """One row.  name: a project as the ledger writes it, or an account (`7101 行政支出`) where it names no project.
    target: a budget project, by name, code or both; category: `basic`, `project` or `other`, which tells apart
    projects of one name, or says what spending is that no project takes; both '' where not given.

    approved: whether a person's name stands there, or the caller wrote it.  unread: a category that is none.
    """

    name: str
    target: str
    category: str = ""
    approver: str = ""
    date: str = ""
    approved: bool = True
    unread: str = ""
    origin: Origin = NOWHERE

    @property
    def complete(self) -> bool:
        """Whether it says what a name is."""
        return bool(self.name and (self.target or self.category) and not self.unread)


@dataclass(frozen=True)
class Aliases:
    """Aliases in the order of their rows, and what they were read from."""

    rows: tuple[Alias, ...] = ()
    books: tuple[Book, ...] = ()

    def by_name(self) -> dict[str, list[int]]:
        """Rows that may be applied, by what a name is compared by; see `keys`."""
        found: dict[str, list[int]] = {}
        for i, alias in enumerate(self.rows):
            if alias.approved and alias.complete:
                for key in keys(alias.name):
                    found.setdefault(key, []).append(i)
        return found


def keys(name: str) -> tuple[str, ...]:
    """What two writings of one name share: the text as a whole, then the name without its code and marks."""
    whole, bare = words.normalise(name), words.project_key(name)
    return (f"={whole}", *([f"~{bare}"] if bare else ()))


def load_aliases(source: object) -> Aliases:
    """Read aliases.

    source: a workbook of the sheet 别名 (账簿名称, 预算项目, 类别, 批准人, 日期) or a review workbook with the sheet
    待确认匹配, in any container that the loaders read; a list of them; a DataFrame with these columns, of which 批准人
    may be left out when the caller approves every row; or {ledger name: budget project}.
    Raises LoadError for a file that holds no such table or no column of approvals.
    """
    if isinstance(source, Aliases):
        return source
    if isinstance(source, Mapping):
        return Aliases(tuple(_named(name, target) for name, target in source.items()))
    books = [open_book(one) for one in sources(source)]
    return Aliases(tuple(alias for book in books for alias in _of_book(book)), tuple(books))


def returned_aliases(book: Book) -> tuple[list[Alias], list[tuple[Origin, str]]]:
    """Aliases of a review workbook, none where it asks about no name; and where its table cannot be used, with why."""
    found: list[Alias] = []
    refused: list[tuple[Origin, str]] = []
    asked = {words.normalise(wording.text("col-approve-project", lang, "workbook")) for lang in ("zh", "en")}
    for sheet in book.sheets:
        if not any(asked & {words.normalise(v) for v in row if isinstance(v, str)} for row in sheet.cells[:SCAN_ROWS]):
            continue
        try:
            tables = blocks(sheet, "aliases")
            if not tables:
                raise headers.no_header(headers.texts_of(sheet), "aliases", Origin(book.file, sheet.name))
            found += [a for block in tables for a in _of_block(book, sheet, block)]
        except LoadError as problem:
            refused.append((Origin(book.file, sheet.name), problem.seen))
    return found, refused


def _named(name: object, target: object) -> Alias:
    if not isinstance(name, str) or not isinstance(target, str) or not name.strip() or not target.strip():
        raise LoadError("bad-alias", "", value=f"{name!r}: {target!r}"[:80])
    return Alias(name.strip(), target.strip(), origin=Origin("<dict>"))


def _of_book(book: Book) -> list[Alias]:
    shown = [s for s in book.sheets if not s.hidden and len(s.cells)]
    found = [(s, b) for s in shown for b in blocks(s, "aliases")]
    if not found:
        seen = [t for s in shown for t in headers.texts_of(s)]
        raise headers.no_header(seen, "aliases", Origin(book.file))
    return [alias for sheet, block in found for alias in _of_block(book, sheet, block)]


def _of_block(book: Book, sheet: Sheet, block: Block) -> list[Alias]:
    columns = block.header.columns
    if "approver" not in columns and book.kind != "frame":
        raise LoadError(
            "missing-column",
            Origin(book.file, sheet.name),
            columns="、".join(c.header for c in columns.values()),
            wanted="批准人 / approved by",
        )
    out = []
    for row in range(block.first, block.last + 1):
        cells = sheet.cells[row - 1]
        value = {f: _text(cells[columns[f].position]) if f in columns else "" for f in FIELDS}
        given = value["target"] or value["category"]
        if row in block.repeats or not (given or (value["name"] and value["approver"])):
            continue
        category = category_named(value["category"])
        out.append(
            Alias(
                value["name"],
                value["target"],
                category,
                value["approver"],
                value["date"],
                approved=bool(value["approver"]) or "approver" not in columns,
                unread="" if category else value["category"],
                origin=Origin(book.file, sheet.name, row, columns["name"].position + 1),
            )
        )
    return out


def category_named(text: str) -> str:
    """`basic`, `project` or `other` as its words say, '' for other words."""
    for category in CATEGORIES:
        shown = [words.normalise(wording.text(f"category-{category}", language)) for language in ("zh", "en")]
        if words.normalise(text) in shown:
            return category
    section = words.section(text) if text else None
    return section[0] if section else ""


def _text(value: object) -> str:
    if isinstance(value, datetime | date | np.datetime64):
        return str(value)[:10]
    return " ".join(codes.clean_code(value).split())

"""The public final accounts, loaded: 公开01–09 with the cell of every amount."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from reconcile import wording
from reconcile.final import read
from reconcile.final.form import NUMBERS, forms
from reconcile.final.table import FinalTable
from reconcile.finding import LoadError, Origin
from reconcile.money import FEN_PER_YUAN, UNITS
from reconcile.read.workbook import Book, open_book, sources

CELLS = ("table", "side", "code", "name", "field", "amount", "state", "unit", "file", "sheet", "row", "cell")


@dataclass(frozen=True)
class FinalAccounts:
    """Every table that was found, in the order of the files.  Frames are in yuan; NaN is blank or unreadable."""

    found: tuple[FinalTable, ...]
    books: tuple[Book, ...]

    @property
    def unread(self) -> tuple[Origin, ...]:
        """Sheets in which no such table was found, and hidden ones, which are not looked at."""
        read = {(t.file, t.sheet) for t in self.found}
        places = [(b.file, s) for b in self.books for s in b.sheets if len(s.cells)]
        return tuple(Origin(file, s.name) for file, s in places if (file, s.name) not in read)

    @cached_property
    def by_number(self) -> Mapping[str, tuple[FinalTable, ...]]:
        """Tables by the number of their form; more than one where a form was found again."""
        return {number: tuple(own) for number, own in read.each(self.found)}

    @property
    def missing(self) -> tuple[str, ...]:
        """Forms that were not found."""
        return tuple(n for n in NUMBERS if n not in self.by_number)

    def table(self, number: str) -> FinalTable | None:
        """The one table of a form, None where there is none or more than one."""
        own = self.by_number.get(number, ())
        return own[0] if len(own) == 1 else None

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """A frame a form: code, name, side, its amounts in yuan, file, sheet, row."""
        return {
            number: pd.concat([_frame(t) for t in own], ignore_index=True) for number, own in self.by_number.items()
        }

    @cached_property
    def cells(self) -> pd.DataFrame:
        """One row a cell of money: `state` is `number`, `blank` or `unreadable`; amount in yuan."""
        rows = [
            (
                t.form.number,
                line.side,
                line.code,
                line.label,
                field,
                float("nan") if a.fen is None else a.fen / FEN_PER_YUAN,
                a.state,
                t.unit,
                a.origin.file,
                a.origin.sheet,
                a.origin.row,
                a.origin.cell,
            )
            for t in self.found
            for line in t.lines
            for field, a in line.amounts.items()
        ]
        return pd.DataFrame(rows, columns=list(CELLS)).astype({"amount": "float64"})

    @property
    def reading(self) -> pd.DataFrame:
        """Where each table was found: its title, unit ('' where it states none), rows of headings, number of lines."""
        rows = [(t.form.number, t.form.zh, t.file, t.sheet, t.unit, t.header_rows, len(t.lines)) for t in self.found]
        return pd.DataFrame(rows, columns=["table", "title", "file", "sheet", "unit", "header_rows", "lines"])

    def __repr__(self) -> str:
        return f"FinalAccounts({', '.join(self.by_number)})"


def _frame(table: FinalTable) -> pd.DataFrame:
    rows = []
    for line in table.lines:
        amounts = {
            f: float("nan")
            if f not in line.amounts or line.amounts[f].fen is None
            else line.amounts[f].fen / FEN_PER_YUAN  # type: ignore[operator]
            for f in table.fields
        }
        rows.append(
            {"code": line.code, "name": line.label, "side": line.side}
            | amounts
            | {"file": table.file, "sheet": table.sheet, "row": line.row}
        )
    columns = ["code", "name", "side", *table.fields, "file", "sheet", "row"]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(table.fields, "float64"))


def load_final_accounts(source: object, *, unit: str | None = None) -> FinalAccounts:
    """Read the tables 公开01–09 of a workbook or of several.

    A table is known by its name, else by its number, else by its headings; sheets stand in any order, several tables
    may share a sheet.  unit: of money, over what the tables state.
    Raises LoadError for files that cannot be read, an unknown unit, and where no such table is found.
    """
    if isinstance(source, FinalAccounts):
        return source
    if unit is not None and unit not in UNITS:
        raise LoadError("unknown-unit", "", unit=unit, units="、".join(UNITS))
    books = tuple(open_book(one) for one in sources(source))
    found = [
        table
        for book in books
        for sheet in book.sheets
        if not sheet.hidden and len(sheet.cells)
        for table in read.tables(sheet, book.file, unit, book.path)
    ]
    if not found:
        seen = [
            t for book in books for s in book.sheets for row in s.cells[:6] for t in row if isinstance(t, str) and t
        ]
        raise LoadError(
            "no-final-accounts",
            "、".join(b.file for b in books),
            words="、".join(seen[:12]) or wording.text("unknown-amount"),
            wanted="、".join(f.zh for f in forms().values()),
        )
    return FinalAccounts(tuple(found), books)

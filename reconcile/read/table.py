"""Tables: a header, the body below it, its parsed money and the role of every row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile import money, wording
from reconcile.finding import Finding, LoadError, Origin, Severity
from reconcile.money import Cell, MoneyColumn
from reconcile.read import header as headers
from reconcile.read import rows
from reconcile.read.header import Header
from reconcile.read.workbook import Book, Cells, ErrorCell, Sheet, Uncalculated, open_book, sources

LEADING = {
    "ledger": ("debit", "amount", "credit"),
    "budget": ("available", "amount", "original"),
    "contracts": ("price", "settled", "unit_price"),
}
REQUIRED = {"ledger": ("debit", "credit", "amount"), "budget": (), "contracts": ()}


@dataclass(frozen=True)
class Table:
    """One table of a sheet.  `numbers` holds the Excel row number of each body row."""

    file: str
    sheet: str
    kind: str
    header: Header
    unit: str
    body: Cells
    numbers: npt.NDArray[np.int64]
    money: Mapping[str, MoneyColumn]
    roles: rows.Roles
    path: str = ""
    sha256: str = ""
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = field(default=())

    def raw(self, name: str) -> Cells | None:
        """The raw cells of a field, None where the table has no such column."""
        column = self.header.columns.get(name)
        return None if column is None else self.body[:, column.position]

    def origin(self, index: int, name: str = "") -> Origin:
        column = self.header.columns.get(name)
        return Origin(self.file, self.sheet, int(self.numbers[index]), column.position + 1 if column else 0)

    def with_roles(self, roles: rows.Roles) -> Table:
        return replace(self, roles=roles)

    @property
    def leading(self) -> str:
        """The money field that `reading.rows` adds up."""
        return next((f for f in LEADING[self.kind] if f in self.money), next(iter(self.money), ""))


@dataclass(frozen=True)
class Reading:
    """What a loader saw.

    tables: one row a table: file, sheet, header_rows, unit, columns (field = header), unread headers, notes.
    rows: one row a (table, role): file, sheet, role, rows, amount (yuan; the `measure` column's sum).
    """

    tables: pd.DataFrame
    rows: pd.DataFrame

    def __repr__(self) -> str:
        return f"{self.tables.to_string(index=False)}\n\n{self.rows.to_string(index=False)}"

    def _repr_html_(self) -> str:
        return f"{self.tables.to_html(index=False)}{self.rows.to_html(index=False)}"


def load_tables(
    source: object, kind: str, *, sheet: str | None, unit: str | None, columns: Mapping[str, str] | None
) -> list[Table]:
    """Every table of `kind` in the sources, in their order.

    Raises LoadError for a file that cannot be read or holds no such table.
    """
    tables = []
    for one in sources(source):
        book = open_book(one)
        tables += _book_tables(book, kind, sheet, unit, columns)
    return tables


def _book_tables(
    book: Book, kind: str, sheet: str | None, unit: str | None, columns: Mapping[str, str] | None
) -> list[Table]:
    if sheet is not None:
        chosen = [s for s in book.sheets if s.name == sheet]
        if not chosen:
            raise LoadError("no-sheet", book.file, sheet=sheet, sheets="、".join(s.name for s in book.sheets))
    else:
        chosen = [s for s in book.sheets if not s.hidden]
    if not any(len(s.cells) for s in chosen):
        raise LoadError("empty-workbook", book.file)
    tables: list[Table] = []
    for one in chosen:
        origin = Origin(book.file, one.name)
        header = headers.find_header(one, kind) if len(one.cells) else None
        if columns:
            header = headers.overrule(header, one, kind, columns, origin)
        if header is not None:
            tables.append(read_table(book, one, kind, header, headers.table_unit(header, unit, origin), unit))
    if not tables:
        seen = [t for s in chosen for t in headers.texts_of(s)]
        raise headers.no_header(seen, kind, Origin(book.file, chosen[0].name if len(chosen) == 1 else ""))
    return _distinct(tables)


def kinds_of(source: object) -> list[str]:
    """Which kinds of table the sheets of a file hold, by the header that recognises the most of their columns.

    Raises LoadError for a file that cannot be read or holds no table of any kind.
    """
    found: dict[str, int] = {}
    seen: list[str] = []
    name = ""
    for one in sources(source):
        book = open_book(one)
        name = book.file
        for sheet in (s for s in book.sheets if not s.hidden and len(s.cells)):
            seen += headers.texts_of(sheet)
            sizes = {k: headers.find_header(sheet, k) for k in headers.MONEY}
            best = max(sizes, key=lambda k: len(sizes[k].columns) if sizes[k] else 0)  # type: ignore[union-attr]
            if sizes[best]:
                found.setdefault(best, 0)
    if not found:
        raise headers.no_header(seen, "any", Origin(name))
    return list(found)


def _distinct(tables: list[Table]) -> list[Table]:
    """Drop a later sheet that repeats the data of an earlier one, and say so."""
    kept: list[Table] = []
    for table in tables:
        twin = next((t for t in kept if _same_data(t, table)), None)
        if twin is None:
            kept.append(table)
            continue
        finding = Finding(
            "repeated-table",
            table.sheet,
            Origin(table.file, table.sheet),
            params={"other": Origin(twin.file, twin.sheet)},
        )
        kept[kept.index(twin)] = replace(twin, findings=(*twin.findings, finding))
    return kept


def _same_data(one: Table, other: Table) -> bool:
    if set(one.money) != set(other.money) or not (one.roles == rows.DATA).any():
        return False
    first, second = one.roles == rows.DATA, other.roles == rows.DATA
    return (
        first.sum() == second.sum()
        and all(np.array_equal(one.money[f].fen[first], other.money[f].fen[second]) for f in one.money)
        and all(
            np.array_equal(one.body[first, c.position], other.body[second, other.header.columns[f].position])
            for f, c in one.header.columns.items()
            if f in other.header.columns and f not in one.money
        )
    )


def read_table(book: Book, sheet: Sheet, kind: str, header: Header, unit: str, given: str | None) -> Table:
    """Parse the body below a header: merged labels filled, money in 分, a role for every row, and findings."""
    body = _fill_merges(sheet, header)
    findings: list[Finding] = []
    assumed = unit or "元"
    parsed = {}
    for name in headers.MONEY[kind]:
        column = header.columns.get(name)
        if column:
            factor = money.UNITS[given or column.unit or assumed]
            parsed[name] = money.parse_column(body[:, column.position], factor)
    numbers = np.arange(header.last + 1, header.last + 1 + len(body))
    roles = rows.roles(body, header, parsed, REQUIRED[kind])
    table = Table(book.file, sheet.name, kind, header, assumed, body, numbers, parsed, roles, book.path, book.sha256)
    columns_say = all(header.columns[f].unit for f in parsed)
    if not unit and not columns_say and book.kind != "frame":
        severity = Severity.INFO if kind == "ledger" and _shows_fen(parsed) else None
        findings.append(
            Finding(
                "unit-unknown",
                sheet.name or book.file,
                Origin(book.file, sheet.name),
                severity=severity,
                params={"unit": assumed},
            )
        )
    findings += _cell_findings(table)
    return replace(table, findings=tuple(findings))


def _shows_fen(parsed: Mapping[str, MoneyColumn]) -> bool:
    """Whether amounts look like yuan to the 分: two decimals on many of them."""
    fen = np.concatenate([c.fen[c.fen != 0] for c in parsed.values()])
    return len(fen) > 0 and float(np.mean(fen % 100 != 0)) > 0.2


def _fill_merges(sheet: Sheet, header: Header) -> Cells:
    """The body with merged label cells filled down and across; money is never copied."""
    body = sheet.cells[header.last :]
    areas = [m for m in sheet.merges if m[2] > header.last]
    if not areas:
        return body
    body = body.copy()
    amounts = {c.position for f, c in header.columns.items() if any(f in fs for fs in headers.MONEY.values())}
    for first, left, last, right in areas:
        top = max(first - header.last - 1, 0)
        if first <= header.last or first > len(sheet.cells):
            continue
        for position in range(left - 1, min(right, body.shape[1])):
            if position not in amounts:
                body[top : last - header.last, position] = sheet.cells[first - 1, left - 1]
    return body


def _cell_findings(table: Table) -> list[Finding]:
    """Unreadable, error, uncalculated and sub-分 money cells, each with its address."""
    findings = []
    silent = np.isin(table.roles, (rows.HEADER, rows.NUMBERING, rows.TITLE, rows.FOOTER, rows.BLANK))
    for name, column in table.money.items():
        for i in np.flatnonzero((column.state == Cell.UNREADABLE) & ~silent):
            cell = table.body[i, table.header.columns[name].position]
            code = {ErrorCell: "error-cell", Uncalculated: "uncalculated-formula"}.get(type(cell), "unreadable-amount")
            findings.append(_cell_finding(code, table, int(i), name, cell))
        for i in np.flatnonzero((column.state == Cell.SUB_FEN) & ~silent):
            cell = table.body[i, table.header.columns[name].position]
            finding = _cell_finding("unreadable-amount", table, int(i), name, cell)
            findings.append(
                replace(
                    finding,
                    actual=int(column.fen[i]),
                    severity=Severity.INFO,
                    params={**finding.params, "wording": "sub-fen"},
                )
            )
    return findings


def _cell_finding(code: str, table: Table, index: int, name: str, cell: object) -> Finding:
    origin = table.origin(index, name)
    header = table.header.columns[name].header
    return Finding(
        code,
        table.sheet or table.file,
        origin,
        detail=f"{table.file}|{origin.cell}",
        params={"header": header, "seen": str(cell)[:60]},
    )


def reading_of(tables: list[Table]) -> Reading:
    """Describe tables: what was taken, and rows and amounts for every role (rule: nothing dropped in silence)."""
    described, counted = [], []
    for table in tables:
        described.append(
            {
                "file": table.file,
                "sheet": table.sheet,
                "header_rows": table.header.rows,
                "unit": table.unit,
                "columns": {f: c.header for f, c in table.header.columns.items()},
                "unread": tuple(table.header.unknown.values()),
                "notes": table.notes,
            }
        )
        amounts = table.money[table.leading].fen if table.leading else np.zeros(len(table.roles), dtype=np.int64)
        counted.append(_count(table, rows.TITLE, table.header.first - 1, 0))
        counted.append(_count(table, rows.HEADER, len(table.header.rows), 0))
        for role in rows.ALL:
            mask = table.roles == role
            if mask.any():
                counted.append(_count(table, role, int(mask.sum()), int(amounts[mask].sum())))
    frame = pd.DataFrame(counted, columns=["file", "sheet", "role", "rows", "amount", "measure"])
    grouped = frame.groupby(["file", "sheet", "role", "measure"], sort=False, as_index=False)[["rows", "amount"]].sum()
    grouped["amount"] = grouped["amount"] / money.FEN_PER_YUAN
    tables_frame = pd.DataFrame(
        described, columns=["file", "sheet", "header_rows", "unit", "columns", "unread", "notes"]
    )
    return Reading(
        tables_frame,
        grouped[grouped["rows"] > 0][["file", "sheet", "role", "rows", "amount", "measure"]].reset_index(drop=True),
    )


def _count(table: Table, role: str, count: int, fen: int) -> dict[str, object]:
    measure = table.header.columns[table.leading].header if table.leading else ""
    return {"file": table.file, "sheet": table.sheet, "role": role, "rows": count, "amount": fen, "measure": measure}


def no_rows_note(kind: str) -> str:
    return wording.text(f"no-rows-{kind}")

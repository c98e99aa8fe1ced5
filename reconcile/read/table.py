"""Tables: a header, the body below it, its parsed money and the role of every row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile import money, wording
from reconcile.finding import Finding, Origin, Severity
from reconcile.money import Cell, MoneyColumn
from reconcile.read import header as headers
from reconcile.read import rows
from reconcile.read.blocks import Block
from reconcile.read.header import Header
from reconcile.read.workbook import Book, Cells, ErrorCell, Sheet, Uncalculated

LEADING = {
    "ledger": ("debit", "amount", "credit"),
    "budget": ("available", "amount", "original"),
    "contracts": ("price", "settled", "unit_price"),
}
GROUPING_ROWS = 5_000
MANY, MOST_TYPES = 20, 6
REQUIRED = {"ledger": ("debit", "credit", "amount"), "budget": (), "contracts": ()}


@dataclass(frozen=True)
class Table:
    """One table.  `numbers` holds the Excel row number of each body row; a table that goes on over further sheets
    names them in `pages`, each with the index of its first row."""

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
    titles: int = 0
    blanks: int = 0
    pages: tuple[tuple[int, str], ...] = ()

    def raw(self, name: str) -> Cells | None:
        """The raw cells of a field, None where the table has no such column."""
        column = self.header.columns.get(name)
        return None if column is None else self.body[:, column.position]

    def origin(self, index: int, name: str = "") -> Origin:
        column = self.header.columns.get(name)
        sheet = next((name for start, name in reversed(self.pages) if index >= start), self.sheet)
        return Origin(self.file, sheet, int(self.numbers[index]), column.position + 1 if column else 0)

    @property
    def sheets(self) -> Cells:
        """The sheet of every row."""
        names = np.full(len(self.body), self.sheet, dtype=object)
        for start, name in self.pages:
            names[start:] = name
        return names

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        """(file, sheet) of every page."""
        return tuple((self.file, name) for name in (self.sheet, *(name for _, name in self.pages)))

    def by_page(self) -> list[Table]:
        """The table's pages as tables of their own; only the first has the header."""
        starts = [(0, self.sheet), *self.pages]
        out = []
        for (start, name), end in zip(starts, [*(s for s, _ in self.pages), len(self.body)], strict=True):
            part = slice(start, end)
            money_part = {f: MoneyColumn(c.fen[part], c.state[part], c.decimals) for f, c in self.money.items()}
            header = self.header if start == 0 and name == self.sheet else replace(self.header, first=1, last=0)
            out.append(
                replace(
                    self,
                    sheet=name,
                    header=header,
                    body=self.body[part],
                    numbers=self.numbers[part],
                    money=money_part,
                    roles=self.roles[part],
                    pages=(),
                    titles=self.titles if header.last else 0,
                    blanks=self.blanks if header.last else 0,
                )
            )
        return out

    def with_roles(self, roles: rows.Roles) -> Table:
        return replace(self, roles=roles)

    @property
    def leading(self) -> str:
        """The money field that `reading.rows` adds up."""
        return next((f for f in LEADING[self.kind] if f in self.money), next(iter(self.money), ""))


def read_table(book: Book, sheet: Sheet, kind: str, block: Block, given: str | None) -> Table:
    """Parse a block: merged labels filled, money in 分, a role for every row, and findings."""
    header = block.header
    unit = headers.table_unit(header, given, Origin(book.file, sheet.name))
    body = _fill_merges(sheet, block)
    findings: list[Finding] = []
    assumed = unit or "元"
    parsed = {}
    columns = [header.columns[f] for f in headers.MONEY[kind] if f in header.columns]
    grouping = money.grouping_of(v for c in columns for v in body[:GROUPING_ROWS, c.position])
    for name in headers.MONEY[kind]:
        column = header.columns.get(name)
        if column:
            factor = money.UNITS[given or column.unit or assumed]
            parsed[name] = money.parse_column(money.regrouped(body[:, column.position], grouping), factor)
    numbers = np.arange(block.first, block.last + 1)
    suspects = {*range(3), *(r - block.first + k for r in block.repeats for k in range(3))}
    roles = rows.roles(body, header, parsed, REQUIRED[kind], suspects)
    for row in block.repeats:
        at = row - block.first
        roles[at] = rows.HEADER if roles[at] == rows.HEADER or roles[at] == rows.DATA else roles[at]
    table = Table(
        book.file,
        sheet.name,
        kind,
        header,
        assumed,
        body,
        numbers,
        parsed,
        roles,
        book.path,
        book.sha256,
        titles=block.titles,
        blanks=block.blanks,
    )
    table = table.with_roles(_typed_subtotals(table))
    stated = {c.unit for c in columns}
    columns_say = bool(columns) and "" not in stated
    if given is None and columns_say and len(stated) == 1:
        table = replace(table, unit=stated.pop())
    if not unit and not columns_say and book.kind != "frame" and header.last:
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
    findings += [*_cell_findings(table), *_hidden_rows(table, sheet)]
    return replace(table, findings=tuple(findings))


def _typed_subtotals(table: Table) -> rows.Roles:
    """Subtotals that only a type column tells (`1.- PROGRAMA` beside `2.- PARTIDA`): rows of one type add, in every
    money column, to the same as the more numerous rows of another."""
    data = np.flatnonzero(table.roles == rows.DATA)
    if len(data) < MANY:
        return table.roles
    for position in table.header.unknown:
        sample = {v for v in table.body[data[:MANY], position] if isinstance(v, str) and v}
        if not 2 <= len(sample) <= MOST_TYPES:
            continue
        codes, types = pd.factorize(table.body[data, position])
        if len(types) > MOST_TYPES or (codes < 0).any():
            continue
        counts = np.bincount(codes)
        sums = [tuple(int(c.fen[data[codes == k]].sum()) for c in table.money.values()) for k in range(len(types))]
        detail = int(counts.argmax())
        parents = [k for k in range(len(types)) if k != detail and sums[k] == sums[detail] and any(sums[k])]
        if parents:
            roles = table.roles.copy()
            of_parents = np.isin(table.body[:, position].astype(str), [str(types[k]) for k in parents])
            roles[of_parents & np.isin(roles, (rows.DATA, rows.TITLE, rows.FOOTER))] = rows.SUBTOTAL
            return roles
    return table.roles


def _shows_fen(parsed: Mapping[str, MoneyColumn]) -> bool:
    """Whether amounts look like yuan to the 分: two decimals on many of them."""
    fen = np.concatenate([c.fen[c.fen != 0] for c in parsed.values()])
    return len(fen) > 0 and float(np.mean(fen % 100 != 0)) > 0.2


def _fill_merges(sheet: Sheet, block: Block) -> Cells:
    """The body with merged label cells filled down and across; money is never copied."""
    start, end = block.first - 1, block.last
    body = _wide_enough(sheet.cells[start:end], block)
    areas = [m for m in sheet.merges if m[2] >= block.first and m[0] <= block.last]
    if not areas:
        return body
    body = body.copy()
    columns = block.header.columns
    amounts = {c.position for f, c in columns.items() if any(f in fs for fs in headers.MONEY.values())}
    for first, left, last, right in areas:
        if first < block.first:
            continue
        for position in range(left - 1, min(right, body.shape[1])):
            if position not in amounts:
                body[first - 1 - start : last - start, position] = sheet.cells[first - 1, left - 1]
    return body


def _wide_enough(body: Cells, block: Block) -> Cells:
    """A page whose last columns are all blank has fewer of them: blanks stand for what is not there."""
    positions = [*(c.position for c in block.header.columns.values()), *block.header.unknown]
    missing = max(positions, default=-1) + 1 - body.shape[1]
    if missing <= 0:
        return body
    return np.concatenate([body, np.full((len(body), missing), None, dtype=object)], axis=1)


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


def _hidden_rows(table: Table, sheet: Sheet) -> list[Finding]:
    """Rows hidden in the sheet are read like any other, and said so."""
    hidden = [i for i, n in enumerate(table.numbers) if int(n) in sheet.hidden_rows] if sheet.hidden_rows else []
    rows_with_data = [i for i in hidden if table.roles[i] in (rows.DATA, rows.REFUSED)]
    if not rows_with_data:
        return []
    fen = int(table.money[table.leading].fen[rows_with_data].sum()) if table.leading else 0
    return [
        Finding(
            "hidden-data",
            table.sheet or table.file,
            table.origin(rows_with_data[0]),
            actual=fen,
            detail=table.file,
            params={
                "what": {lang: wording.text("hidden-rows", lang) for lang in ("zh", "en")},
                "seen": {
                    lang: wording.fill(
                        wording.text("hidden-read", lang),
                        {"count": len(rows_with_data), "amount": wording.amount(fen, lang)},
                    )
                    for lang in ("zh", "en")
                },
            },
        )
    ]


def joined(tables: Sequence[Table]) -> list[Table]:
    """Tables with the pages that go on from them on further sheets, seen as one: sections and vouchers run on."""
    out: list[Table] = []
    for table in tables:
        if table.header.last or not out:
            out.append(table)
            continue
        before = out[-1]
        width = max(before.body.shape[1], table.body.shape[1])
        body = np.concatenate([_padded(before.body, width), _padded(_as_laid_out(table, before), width)])
        money_columns = {
            f: MoneyColumn(
                np.concatenate([c.fen, table.money[f].fen]),
                np.concatenate([c.state, table.money[f].state]),
                max(c.decimals, table.money[f].decimals),
            )
            for f, c in before.money.items()
        }
        out[-1] = replace(
            before,
            body=body,
            numbers=np.concatenate([before.numbers, table.numbers]),
            money=money_columns,
            roles=np.concatenate([before.roles, table.roles]),
            findings=(*before.findings, *table.findings),
            pages=(*before.pages, (len(before.body), table.sheet)),
        )
    return out


def _as_laid_out(table: Table, like: Table) -> Cells:
    """A page's cells in the columns of the table that it continues (it may have lost a blank one)."""
    body = np.full((len(table.body), like.body.shape[1]), None, dtype=object)
    for name, column in table.header.columns.items():
        body[:, like.header.columns[name].position] = table.body[:, column.position]
    places = {text: p for p, text in like.header.unknown.items()}
    for position, text in table.header.unknown.items():
        body[:, places[text]] = table.body[:, position]
    return body


def _padded(body: Cells, width: int) -> Cells:
    blank = np.full((len(body), width - body.shape[1]), None, dtype=object)
    return np.concatenate([body, blank], axis=1)

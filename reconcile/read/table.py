"""Tables: a header, the body below it, its parsed money and the role of every row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from reconcile import wording
from reconcile.finding import Finding, Origin, Severity
from reconcile.money import Cell, MoneyColumn, parse_column
from reconcile.read import columns, combined, rows, stated_unit, words
from reconcile.read import header as headers
from reconcile.read.amounts import amounts
from reconcile.read.blocks import Block
from reconcile.read.composed import with_codes
from reconcile.read.header import Column, Header
from reconcile.read.left_out import LeftOut
from reconcile.read.workbook import Area, Book, Cells, ErrorCell, Sheet, Uncalculated

LEADING = {
    "ledger": ("debit", "amount", "credit"),
    "budget": ("available", "amount", "original"),
    "contracts": ("price", "settled", "unit_price"),
}
MANY, MOST_TYPES = 20, 6
REQUIRED = {"ledger": ("debit", "credit", "amount"), "budget": (), "contracts": ()}


@dataclass(frozen=True)
class Table:
    """One table.  Its body has no blank rows: `numbers` holds the Excel row number of each row.

    A table that goes on over further sheets names them in `pages`, each with the index of its first row; `titles`
    and `blanks` count the rows above its header, and on every page the blank ones that were left out.

    Of tables that share their rows `part` numbers them (the first is 0), and `given` is what their place says of every
    row: {"category": "基本支出"}; the first of those that one table was parted into keeps the `whole`.
    left_out: what stands beside it and was not read.  asked: what a person said of it (`sheet`, `unit`, `columns`,
    `version`).  unit_from: where its unit stands: a cell, `columns`, `asked`, or '' where it is assumed.
    """

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
    left_out: tuple[LeftOut, ...] = ()
    asked: tuple[str, ...] = ()
    unit_from: str = ""
    titles: int = 0
    blanks: tuple[int, ...] = (0,)
    pages: tuple[tuple[int, str], ...] = ()
    merges: tuple[Area, ...] = ()
    part: int = 0
    given: Mapping[str, str] = field(default_factory=dict)
    whole: Table | None = None

    def says(self, index: int) -> str:
        """What a row says beside its amounts, by which it is known again when it has moved."""
        told = (self.raw(f) for f in sorted(set(self.header.columns) - {*self.money, "line"}))
        return "|".join(" ".join(str(v).split()) for v in (t[index] for t in told if t is not None) if v is not None)

    def raw(self, name: str) -> Cells | None:
        """The raw cells of a field, None where the table has no such column."""
        column = self.header.columns.get(name)
        if column is None:
            return None
        values = self.body[:, column.position]
        for other in self.header.also.get(name, ()):
            if name not in self.money:
                values = combined.either(values, self.body[:, other.position], rows.blank_mask(values))
        return values

    def origin(self, index: int, name: str = "") -> Origin:
        column = self.header.columns.get(name)
        sheet = next((name for start, name in reversed(self.pages) if index >= start), self.sheet)
        return Origin(self.file, sheet, int(self.numbers[index]), column.position + 1 if column else 0)

    @property
    def sheets(self) -> Cells:
        """The sheet of every row."""
        if not self.pages:
            same: Cells = combined.filled(self.sheet, len(self.body))
            return same
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
        ends = [*(s for s, _ in self.pages), len(self.body)]
        for (start, name), end, blanks in zip(starts, ends, self.blanks, strict=True):
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
                    blanks=(blanks,),
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
    header, body = with_codes(header, _fill_merges(sheet, block), kind)
    numbers = np.arange(block.first, block.last + 1)
    filled = rows.filled_rows(body)
    if not filled.all():
        body, numbers = body[filled], numbers[filled]
    findings: list[Finding] = []
    unit = unit or (stated_unit.below(body) if header.last else "")
    unit_from = "asked" if given else stated_unit.cell_of(sheet, header, unit) if unit else ""
    assumed = unit or "元"
    read = amounts(sheet, body, numbers, header, kind, assumed, given)
    parsed = read.money
    repeats = np.flatnonzero(np.isin(numbers, list(block.repeats)))
    suspects = {*range(3), *(int(at) + k for at in repeats for k in range(3))}
    roles = rows.roles(body, header, parsed, REQUIRED[kind], suspects)
    for at in repeats:
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
        blanks=(block.blanks + int((~filled).sum()),),
        merges=sheet.merges,
        part=block.panel,
        given={"category": header.panel} if words.section(header.panel) else {},
        unit_from=unit_from,
    )
    table = table.with_roles(_typed_subtotals(table))
    columns_say = "" not in read.stated
    if given is None and columns_say and len(read.stated) == 1:
        table = replace(table, unit=next(iter(read.stated)), unit_from="columns")
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
    findings += [*cell_findings(table), *_hidden_rows(table, sheet)]
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
        codes, types = columns.factorized(table.body[data, position])
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
    wide: Cells = combined.beside(body, *[combined.filled(None, len(body))] * missing)
    return wide


def cell_findings(table: Table) -> list[Finding]:
    """Unreadable, error, uncalculated and sub-分 money cells, each with its address."""
    findings = []
    silent = np.isin(table.roles, (rows.HEADER, rows.NUMBERING, rows.TITLE, rows.FOOTER, rows.BLANK))
    for name, column in table.money.items():
        for i in np.flatnonzero((column.state == Cell.UNREADABLE) & ~silent):
            cell, place = _odd_cell(table, name, int(i))
            code = {ErrorCell: "error-cell", Uncalculated: "uncalculated-formula"}.get(type(cell), "unreadable-amount")
            findings.append(_cell_finding(code, table, int(i), place, cell))
        for i in np.flatnonzero((column.state == Cell.SUB_FEN) & ~silent):
            cell, place = _odd_cell(table, name, int(i))
            finding = _cell_finding("unreadable-amount", table, int(i), place, cell)
            findings.append(
                replace(
                    finding,
                    actual=int(column.fen[i]),
                    severity=Severity.INFO,
                    params={**finding.params, "wording": "sub-fen"},
                )
            )
    return findings


def _odd_cell(table: Table, name: str, index: int) -> tuple[object, Column]:
    """The cell that makes an amount odd, and its column, where several columns are of one field."""
    columns = (table.header.columns[name], *table.header.also.get(name, ()))
    state = table.money[name].state[index]
    cells = [(table.body[index, c.position], c) for c in columns]
    return next((x for x in cells if parse_column([x[0]]).state[0] == state), cells[0])


def _cell_finding(code: str, table: Table, index: int, column: Column, cell: object) -> Finding:
    origin = replace(table.origin(index), column=column.position + 1)
    header = column.header
    return Finding(
        code,
        table.sheet or table.file,
        origin,
        detail=f"{table.file}|{header}|{table.says(index)}",
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

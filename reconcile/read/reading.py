"""What a loader saw: tables taken, rows and amounts by role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reconcile import money, wording
from reconcile.read import rows
from reconcile.read.table import Table

TABLE_COLUMNS = (
    "kind",
    "file",
    "sheet",
    "header_rows",
    "unit",
    "unit_from",
    "columns",
    "letters",
    "unread",
    "asked",
    "why",
)


@dataclass(frozen=True)
class Reading:
    """What a loader saw.

    tables: one row a table: kind, file, sheet, header_rows, unit, unit_from (the cell that states it, `columns`,
    `asked`, '' where it is assumed), columns (field = header), letters (field = column letter), unread headers, asked
    (what the caller or a layout said), why (why it was taken).
    rows: one row a (table, role): file, sheet, role, rows, amount (yuan; the `measure` column's sum).
    left_out: one row a sheet, table, row or column that was seen and not read: file, sheet, reason, note.
    refused: one row a row whose amount cannot be read: file, sheet, row, text.
    """

    tables: pd.DataFrame
    rows: pd.DataFrame
    left_out: pd.DataFrame
    refused: pd.DataFrame

    def __repr__(self) -> str:
        frames = (self.tables, self.rows, self.left_out, self.refused)
        return "\n\n".join(f.to_string(index=False) for f in frames if len(f))

    def _repr_html_(self) -> str:
        return "".join(f.to_html(index=False) for f in (self.tables, self.rows, self.left_out, self.refused) if len(f))


def reading_of(tables: Sequence[Table]) -> Reading:
    """Describe tables: what was taken, and rows and amounts for every role (rule: nothing dropped in silence)."""
    described, counted = [], []
    shared = {place: False for t in tables for place in t.places}
    shared |= {place: True for t in tables if t.part for place in t.places}
    for table in tables:
        columns = {f: (c, *table.header.also.get(f, ())) for f, c in table.header.columns.items()}
        described.append(
            {
                "kind": table.kind,
                "file": table.file,
                "sheet": table.sheet,
                "header_rows": table.header.rows,
                "unit": table.unit,
                "unit_from": table.unit_from,
                "columns": {f: "、".join(c.header for c in cs) for f, cs in columns.items()},
                "letters": {f: "、".join(c.letter for c in cs) for f, cs in columns.items()},
                "unread": tuple(table.header.unknown.values()),
                "asked": table.asked,
                "why": _why(table),
            }
        )
    seen: dict[tuple[str, str], set[int]] = {}
    for table in (page for whole in tables for page in whole.by_page()):
        amounts = table.money[table.leading].fen if table.leading else np.zeros(len(table.roles), dtype=np.int64)
        if table.part == 0:
            counted.append(_count(table, rows.TITLE, table.titles, 0))
            counted.append(_count(table, rows.BLANK, sum(table.blanks), 0))
            counted.append(_count(table, rows.HEADER, len(table.header.rows), 0))
        fresh = np.ones(len(table.roles), dtype=bool)
        if shared[table.file, table.sheet]:
            known = seen.setdefault((table.file, table.sheet), set())
            fresh = ~np.isin(table.numbers, list(known))
            known |= set(table.numbers.tolist())
        at, found = pd.factorize(table.roles)
        for role in (r for r in rows.ALL if r in found):
            mask = at == int(np.flatnonzero(found == role)[0])
            counted.append(_count(table, role, int((mask & fresh).sum()), int(amounts[mask].sum())))
    frame = pd.DataFrame(counted, columns=["file", "sheet", "role", "rows", "amount", "measure"])
    grouped = frame.groupby(["file", "sheet", "role", "measure"], sort=False, as_index=False)[["rows", "amount"]].sum()
    grouped["amount"] = grouped["amount"] / money.FEN_PER_YUAN
    left_out = [(x.file, x.sheet, x.reason, x.text()) for t in tables for x in t.left_out]
    return Reading(
        pd.DataFrame(described, columns=list(TABLE_COLUMNS)),
        grouped[(grouped["rows"] > 0) | (grouped["amount"] != 0)][
            ["file", "sheet", "role", "rows", "amount", "measure"]
        ].reset_index(drop=True),
        pd.DataFrame(left_out, columns=["file", "sheet", "reason", "note"]),
        pd.DataFrame(_refused(tables), columns=["file", "sheet", "row", "text"]),
    )


def _why(table: Table) -> str:
    """Why a table was taken: what its header says, and what was asked for."""
    money = [c.header for f, c in table.header.columns.items() if f in table.money]
    facts: dict[str, object] = {
        "rows": "–".join(map(str, dict.fromkeys((table.header.first, table.header.last)))),
        "count": len(table.header.columns),
        "money": "、".join(money),
    }
    parts = [wording.fill(wording.text("why-header"), facts)]
    if table.pages:
        parts.append(wording.fill(wording.text("why-pages"), {"sheets": "、".join(name for _, name in table.pages)}))
    if table.asked:
        parts.append(wording.fill(wording.text("why-asked"), {"asked": "、".join(table.asked)}))
    return "；".join(parts)


def _refused(tables: Sequence[Table]) -> list[tuple[str, str, int, str]]:
    found = []
    for table in tables:
        for i in map(int, np.flatnonzero(table.roles == rows.REFUSED)):
            origin = table.origin(i)
            text = " | ".join(str(v).strip() for v in table.body[i] if v is not None and str(v).strip())
            found.append((origin.file, origin.sheet, origin.row, text[:200]))
    return found


def _count(table: Table, role: str, count: int, fen: int) -> dict[str, object]:
    measure = table.header.columns[table.leading].header if table.leading else ""
    return {"file": table.file, "sheet": table.sheet, "role": role, "rows": count, "amount": fen, "measure": measure}

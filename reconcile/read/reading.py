"""What a loader saw: tables taken, rows and amounts by role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reconcile import money
from reconcile.read import rows
from reconcile.read.table import Table


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


def reading_of(tables: Sequence[Table]) -> Reading:
    """Describe tables: what was taken, and rows and amounts for every role (rule: nothing dropped in silence)."""
    described, counted = [], []
    shared = {place: False for t in tables for place in t.places}
    shared |= {place: True for t in tables if t.part for place in t.places}
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
        for role in rows.ALL:
            mask = table.roles == role
            if mask.any():
                counted.append(_count(table, role, int((mask & fresh).sum()), int(amounts[mask].sum())))
    frame = pd.DataFrame(counted, columns=["file", "sheet", "role", "rows", "amount", "measure"])
    grouped = frame.groupby(["file", "sheet", "role", "measure"], sort=False, as_index=False)[["rows", "amount"]].sum()
    grouped["amount"] = grouped["amount"] / money.FEN_PER_YUAN
    tables_frame = pd.DataFrame(
        described, columns=["file", "sheet", "header_rows", "unit", "columns", "unread", "notes"]
    )
    return Reading(
        tables_frame,
        grouped[(grouped["rows"] > 0) | (grouped["amount"] != 0)][
            ["file", "sheet", "role", "rows", "amount", "measure"]
        ].reset_index(drop=True),
    )


def _count(table: Table, role: str, count: int, fen: int) -> dict[str, object]:
    measure = table.header.columns[table.leading].header if table.leading else ""
    return {"file": table.file, "sheet": table.sheet, "role": role, "rows": count, "amount": fen, "measure": measure}

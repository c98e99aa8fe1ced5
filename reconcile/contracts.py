"""Tables become contracts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from reconcile import frames
from reconcile.finding import Finding
from reconcile.money import Cell, parse_cell
from reconcile.read import columns as text
from reconcile.read import dates, rows
from reconcile.read.load import load_tables
from reconcile.read.reading import Reading, reading_of
from reconcile.read.table import Table

TEXTS = ("number", "name", "project", "supplier", "procurement", "pricing", "measure", "acceptance", "payment", "note")
DATES = ("signed", "start", "end", "accepted")
MONEY = ("unit_price", "price", "settled")
QUANTITIES = ("quantity", "settled_quantity")


@dataclass(frozen=True)
class Contracts:
    """Contracts and how they were read.

    fen: one row a contract; money in nullable Int64 分 (`<NA>` where not stated), quantities as float64 (NaN
    where not stated), dates as datetime64.
    """

    fen: pd.DataFrame
    tables: tuple[Table, ...]
    reading: Reading
    problems: tuple[Finding, ...]

    @property
    def lines(self) -> pd.DataFrame:
        """Contracts with money in yuan."""
        return frames.in_yuan(self.fen, MONEY)

    @cached_property
    def findings(self) -> pd.DataFrame:
        return frames.findings_frame(self.problems)

    def _repr_html_(self) -> str:
        return str(self.lines.to_html(index=False))


def load_contracts(
    source: object, *, sheet: str | None = None, unit: str | None = None, columns: Mapping[str, str] | None = None
) -> Contracts:
    """Read contract registers.  Parameters and errors as in load_budget."""
    tables = load_tables(source, "contracts", sheet=sheet, unit=unit, columns=columns)
    return Contracts(
        fen=pd.concat([_contracts_of(t) for t in tables], ignore_index=True),
        tables=tuple(tables),
        reading=reading_of(tables),
        problems=tuple(f for t in tables for f in t.findings),
    )


def _contracts_of(table: Table) -> pd.DataFrame:
    keep = table.roles == rows.DATA
    n = int(keep.sum())
    frame = pd.DataFrame(index=range(n))
    for name in TEXTS:
        values = table.raw(name)
        frame[name] = pd.Series(text.texts(None if values is None else values[keep], n), dtype="str")
    for name in DATES:
        values = table.raw(name)
        frame[name] = (
            np.full(n, dates.NAT, dtype="datetime64[s]") if values is None else dates.parse_dates(values[keep])
        )
    for name in MONEY:
        column = table.money.get(name)
        amounts = pd.array(np.zeros(n, dtype=np.int64) if column is None else column.fen[keep], dtype="Int64")
        stated = np.zeros(n, dtype=bool) if column is None else column.state[keep] == Cell.NUMBER
        amounts[~stated] = pd.NA
        frame[name] = amounts
    for name in QUANTITIES:
        values = table.raw(name)
        numbers = [None] * n if values is None else [parse_cell(v) for v in values[keep]]
        frame[name] = np.array([np.nan if v is None else float(v) for v in numbers], dtype=np.float64)
    frame["file"], frame["sheet"], frame["row"] = table.file, table.sheets[keep], table.numbers[keep]
    return frame.astype({"file": "str", "sheet": "str"})

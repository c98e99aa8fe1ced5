"""Tables become contracts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from reconcile import frames, settings
from reconcile.finding import Finding
from reconcile.layout import Layout, given
from reconcile.money import UNITS, Cell, parse_cell, to_fen
from reconcile.read import columns as text
from reconcile.read import dates, rows
from reconcile.read.load import load_tables
from reconcile.read.reading import Reading, reading_of
from reconcile.read.table import Table

TEXTS = ("number", "name", "project", "supplier", "procurement", "pricing", "measure", "acceptance", "payment", "note")
DATES = ("signed", "start", "end", "accepted")
MONEY = ("unit_price", "price", "settled")
QUANTITIES = ("quantity", "settled_quantity")
EXACT = "exact_unit_price"
_DATE = r"(?:19|20)\d\d\s*[-年./]\s*\d{1,2}\s*[-月./]\s*\d{1,2}\s*日?"
_TERM = re.compile(rf"({_DATE})\D{{0,6}}({_DATE})")


@dataclass(frozen=True)
class Contracts:
    """Contracts and how they were read.

    fen: one row a contract; money in nullable Int64 分 (`<NA>` where not stated), `exact_unit_price` the same price
    as a Decimal in yuan that keeps what is finer than the 分 (None where not stated), quantities as float64 (NaN
    where not stated), dates as datetime64 (start and end also from one column such as 2020.1.1-2020.12.31).
    """

    fen: pd.DataFrame
    tables: tuple[Table, ...]
    reading: Reading
    problems: tuple[Finding, ...]

    @property
    def lines(self) -> pd.DataFrame:
        """Contracts with money in yuan."""
        return frames.in_yuan(self.fen, MONEY).drop(columns=EXACT)

    @cached_property
    def findings(self) -> pd.DataFrame:
        return frames.findings_frame(self.problems)

    def _repr_html_(self) -> str:
        return str(self.lines.to_html(index=False))


def load_contracts(
    source: object,
    *,
    sheet: str | Sequence[str] | None = None,
    unit: str | None = None,
    columns: Mapping[str, str] | None = None,
    layout: Layout | str | Path | None = None,
) -> Contracts:
    """Read contract registers.  Parameters and errors as in load_budget."""
    chosen = given(sheet, unit, columns).everywhere(settings.layout_of(layout, "contracts"))
    tables = load_tables(source, "contracts", chosen)
    return Contracts(
        fen=pd.concat([_contracts_of(t) for t in tables], ignore_index=True),
        tables=tuple(tables),
        reading=reading_of(tables),
        problems=tuple(f for t in tables for f in t.findings if not _finer_price(t, f)),
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
    _fill_terms(table, keep, frame)
    for name in MONEY:
        column = table.money.get(name)
        amounts = pd.array(np.zeros(n, dtype=np.int64) if column is None else column.fen[keep], dtype="Int64")
        stated = np.zeros(n, dtype=bool) if column is None else column.state[keep] == Cell.NUMBER
        amounts[~stated] = pd.NA
        frame[name] = amounts
    for name in QUANTITIES:
        numbers = _numbers(table, keep, name)
        frame[name] = np.array([np.nan if v is None else float(v) for v in numbers], dtype=np.float64)
    frame[EXACT] = pd.Series(_exact_prices(table, keep, frame["unit_price"]), dtype=object)
    frame["file"], frame["sheet"], frame["row"] = table.file, table.sheets[keep], table.numbers[keep]
    return frame.astype({"file": "str", "sheet": "str"})


def _numbers(table: Table, keep: rows.Mask, name: str) -> list[Decimal | None]:
    values = table.raw(name)
    return [None] * int(keep.sum()) if values is None else [parse_cell(v) for v in values[keep]]


def _exact_prices(table: Table, keep: rows.Mask, fen: pd.Series) -> list[Decimal | None]:
    """Unit prices in yuan by the unit that their amounts in 分 were read with."""
    numbers = _numbers(table, keep, "unit_price")
    read = [(v, int(f)) for v, f in zip(numbers, fen, strict=True) if v and f is not pd.NA]
    factor = next((u for u in UNITS.values() if all(to_fen(v, u) == f for v, f in read)), 1)
    return [None if v is None else v * factor for v in numbers]


def _fill_terms(table: Table, keep: rows.Mask, frame: pd.DataFrame) -> None:
    """Start and end from a column of terms, where the columns of their own do not say them."""
    values = table.raw("term")
    if values is None:
        return
    found = [_TERM.search(unicodedata.normalize("NFKC", str(v or ""))) for v in values[keep]]
    for name, group in (("start", 1), ("end", 2)):
        stated = dates.parse_dates(np.array([m[group] if m else None for m in found], dtype=object))
        frame[name] = np.where(frame[name].isna(), stated, frame[name])


def _finer_price(table: Table, finding: Finding) -> bool:
    """Whether a finding says that a unit price is finer than the 分: it is kept exact beside, nothing is lost."""
    column = table.header.columns.get("unit_price")
    return column is not None and (finding.params.get("wording"), finding.origin.column) == (
        "sub-fen",
        column.position + 1,
    )

"""Whether a line's printed budget includes its carryover: the two readings of a row, and what its printed whole fits.

A line prints a carryover, an original budget and perhaps a whole (全年预算).  Read apart, the whole is carryover +
original + increase − decrease; read as included, the original holds the carryover and the whole is less by it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile.finding import Finding, Origin
from reconcile.money import Cell
from reconcile.read.table import Table

TIES, TAIL, OTHER_BASIS, WRONG, SILENT = "ties", "tail", "other-basis", "wrong", ""
Fits = npt.NDArray[np.object_]
_CHAIN_PARTS = ("carryover", "original", "increase", "decrease")


def could_include(lines: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Lines whose printed original can hold their carryover: both are there, the original no less."""
    printed = lines["stated_original"].fillna(0)
    carryover = lines["carryover"].fillna(0)
    return np.asarray((carryover > 0) & (printed >= carryover), dtype=bool)


def with_carryover_included(lines: pd.DataFrame) -> pd.DataFrame:
    """Lines whose printed original is said to hold the carryover: it is taken out, so that the chain adds it once."""
    held = lines["carryover"].where(could_include(lines), 0)
    return lines.assign(original=lines["original"] - held, available=lines["available"] - held)


def fits(lines: pd.DataFrame, whole: pd.Series, *, included: bool) -> Fits:
    """What each line's printed whole (`whole`, 分, `<NA>` where none is printed) is to its chain.

    SILENT without a printed whole; TIES; TAIL within the rounding of the printed figures; OTHER_BASIS where it
    ties in the reading that was not taken; else WRONG.
    """
    known = (whole.notna() & lines["available"].notna()).to_numpy(dtype=bool)
    stated, available, carryover = (_plain(v) for v in (whole, lines["available"], lines["carryover"]))
    parts = sum((_plain(lines[name]) != 0).astype(np.int64) for name in _CHAIN_PARTS)
    unit = lines["unit_fen"].to_numpy(dtype=np.int64)
    rounding = np.where(unit > 1, (parts + 1) * unit, 1)

    def meets(chain: npt.NDArray[np.int64], twice: npt.NDArray[np.int64] | int) -> npt.NDArray[np.bool_]:
        return np.asarray(2 * np.abs(stated - chain) < twice)

    other = available + carryover * (1 if included else -1)
    two = could_include(lines)
    kinds = (
        (meets(available, 1), TIES),
        (two & meets(other, 1), OTHER_BASIS),
        (meets(available, rounding), TAIL),
        (two & meets(other, rounding), OTHER_BASIS),
    )
    found = np.select([test for test, _ in kinds], [kind for _, kind in kinds], WRONG)
    return np.where(known, found, SILENT).astype(object)


def _plain(amounts: pd.Series) -> npt.NDArray[np.int64]:
    return np.asarray(amounts.fillna(0).to_numpy(dtype=np.int64))


def line_name(row: Any) -> str:
    return str(row.project or row.item or row.economic_code)


def contradictions(lines: pd.DataFrame, origin: Callable[[Any], Origin], *, included: bool) -> list[Finding]:
    """I1, I2: lines whose printed 全年预算 is what their parts make in neither reading; the parts count."""
    wrong = lines[fits(lines, lines["stated_available"], included=included) == WRONG]
    names = pd.Series([line_name(row) for row in wrong.itertuples()], dtype="str")
    again = names.groupby([names, wrong["sheet"].to_numpy()]).cumcount()
    return [
        Finding(
            "balance-identity",
            name,
            origin(row),
            expected=int(row.available),
            actual=int(row.stated_available),
            detail=f"{row.sheet}|{repeat}" if repeat else str(row.sheet),
        )
        for name, repeat, row in zip(names, again, wrong.itertuples())
    ]


def sources_apart(table: Table, lines: pd.DataFrame, data: npt.NDArray[np.int64]) -> list[Finding]:
    """Lines whose budget is not the sum of the sources beside it (财政拨款, 事业收入 …), with or without the carryover,
    in a table where it is on most lines; `data` are the lines' rows in the table."""
    sources = table.money.get("grant")
    column = next((table.header.columns[f] for f in ("original", "amount") if f in table.money), None)
    if sources is None or column is None or not len(data):
        return []
    paid = sources.fen[data]
    budget = table.money["original" if "original" in table.money else "amount"].fen[data]
    carried = table.money["carryover"].fen[data] if "carryover" in table.money else np.zeros(len(data), dtype=np.int64)
    readable = (sources.state[data] != Cell.UNREADABLE) & lines["available"].notna().to_numpy()
    unit = lines["unit_fen"].to_numpy(dtype=np.int64)
    tail = np.where(unit > 1, unit * (len(table.header.also.get("grant", ())) + 2) // 2, 0)
    ties = (np.abs(budget - paid) <= tail) | (np.abs(budget - paid - carried) <= tail)
    if 2 * int(ties[readable].sum()) <= int(readable.sum()):
        return []
    return [
        Finding(
            "balance-identity",
            line_name(row),
            Origin(str(row.file), str(row.sheet), int(row.row), column.position + 1),
            expected=int(paid[i]),
            actual=int(budget[i]),
            detail=f"{row.sheet}|{row.row}|sources",
            params={"wording": "sources"},
        )
        for i, row in enumerate(lines.itertuples())
        if readable[i] and not ties[i]
    ]

"""The money of a table: each field's column parsed in its own unit, columns of one field added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reconcile import money
from reconcile.money import Cell, MoneyColumn
from reconcile.read import header as headers
from reconcile.read import units
from reconcile.read.compact import Coded
from reconcile.read.header import Header
from reconcile.read.sheet import Cells, Sheet

GROUPING_ROWS = 5_000


@dataclass(frozen=True)
class Amounts:
    """Parsed money by field, and the units that the columns state themselves ('' for one that states none)."""

    money: Mapping[str, MoneyColumn]
    stated: frozenset[str]


def amounts(
    sheet: Sheet, body: Cells, numbers: npt.NDArray[np.int64], header: Header, kind: str, unit: str, given: str | None
) -> Amounts:
    """The amounts of `body`, whose rows bear these numbers in the sheet, in 分.

    unit: of columns that state none; given: over all that the file says.
    """
    columns = {f: (header.columns[f], *header.also.get(f, ())) for f in headers.MONEY[kind] if f in header.columns}
    every = [c for cs in columns.values() for c in cs]
    grouped = grouping(body, {c.position for c in every})
    formats = _formats(sheet, numbers, {c.position for c in every})
    parsed, stated = {}, set()
    for name, parts in columns.items():
        read = []
        for column in parts:
            cells = money.regrouped(body[:, column.position], grouped)
            printed = {} if given else formats.get(column.position, {})
            own = _only(printed, cells) or column.unit
            stated.add(own)
            read.append(_parsed(cells, given or column.unit or unit, printed))
        parsed[name] = _added(read)
    return Amounts(parsed, frozenset(stated))


def grouping(body: Cells, positions: Iterable[int]) -> str:
    """How the texts of a table's money columns group their digits."""
    return money.grouping_of(v for p in positions for v in body[:GROUPING_ROWS, p])


def _formats(sheet: Sheet, numbers: npt.NDArray[np.int64], positions: set[int]) -> dict[int, dict[int, str]]:
    """Unit by row index, by column, of the cells whose number format prints a unit."""
    found: dict[int, dict[int, str]] = {}
    known: dict[str, str] = {}
    places = {int(n): i for i, n in enumerate(numbers)} if sheet.unit_formats else {}
    for (row, column), code in sheet.unit_formats.items():
        index = places.get(row, -1)
        if index >= 0 and column - 1 in positions:
            if code not in known:
                known[code] = units.of_format(code)
            if known[code]:
                found.setdefault(column - 1, {})[index] = known[code]
    return found


def _only(printed: Mapping[int, str], cells: Cells) -> str:
    """The one unit that every filled cell of a column prints, '' where some print none or another."""
    if len(set(printed.values())) != 1:
        return ""
    filled = {i for i, v in enumerate(cells) if not money.is_blank(v)}
    return next(iter(printed.values())) if filled <= set(printed) else ""


def _parsed(cells: Cells, unit: str, printed: Mapping[int, str]) -> MoneyColumn:
    """A column in `unit`, but for the cells that print another."""
    column = _each(cells, money.UNITS[unit])
    for other in set(printed.values()) - {unit}:
        where = np.array([i for i, u in printed.items() if u == other], dtype=np.int64)
        part = money.parse_column(cells[where], money.UNITS[other])
        column.fen[where], column.state[where] = part.fen, part.state
        column = MoneyColumn(column.fen, column.state, max(column.decimals, part.decimals))
    return column


def _each(cells: Cells | Coded, unit: int) -> MoneyColumn:
    """A column parsed, each distinct cell once where it is held by codes."""
    if not isinstance(cells, Coded):
        return money.parse_column(cells, unit)
    used = cells.used
    parsed = money.parse_column(used.values, unit)
    return MoneyColumn(parsed.fen[used.codes], parsed.state[used.codes], parsed.decimals)


def _added(parts: list[MoneyColumn]) -> MoneyColumn:
    """Columns of one field as one: an unreadable part makes the row unreadable."""
    if len(parts) == 1:
        return parts[0]
    states = np.stack([p.state for p in parts])
    state = np.where((states == Cell.UNREADABLE).any(axis=0), np.uint8(Cell.UNREADABLE), states.max(axis=0))
    fen = np.where(state == Cell.UNREADABLE, 0, sum(p.fen for p in parts))
    return MoneyColumn(fen.astype(np.int64), state.astype(np.uint8), max(p.decimals for p in parts))

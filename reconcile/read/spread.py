"""Tables that spread one amount over columns, one a category, a class, an account or a month: a table for each."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from reconcile import money
from reconcile.money import UNITS, Cell, MoneyColumn, could_tie, looks_like_amount
from reconcile.read import headings, rows
from reconcile.read import parts as columns_of
from reconcile.read.amounts import grouping
from reconcile.read.header import Column
from reconcile.read.parts import CATEGORY, ECONOMIC, FEWEST, MONTH
from reconcile.read.table import Table, cell_findings
from reconcile.read.words import normalise

WHOLE = {"budget": ("available", "amount", "original"), "ledger": ("debit", "amount", "credit")}
ACCOUNT = "account"
SAMPLE, MOSTLY = 300, 0.8
KEPT = {"budget": {"actual", "remaining", "grant"}, "ledger": {"balance", "credit", "opening"}}


@dataclass(frozen=True)
class _Part:
    """A column that holds a part of the amount `field`, and what it says of its rows."""

    position: int
    header: str
    field: str
    dimension: str
    value: str


def spread(table: Table, given_unit: str | None) -> list[Table]:
    """The table, or one table for each column that its amount is spread over, each with what its column says.

    The parts add to the whole on every row (a ledger's debit, less its credit); where no columns do, the whole counts
    alone.
    """
    whole = next((f for f in WHOLE.get(table.kind, ()) if f in table.money), "")
    others = {f for f, c in table.money.items() if c.fen.any()} - KEPT.get(table.kind, set())
    if not whole or not others <= set(WHOLE[table.kind]):
        return [table]
    for parts in _choices(table, whole):
        if _adds_up(table, parts, whole, given_unit, SAMPLE) and _adds_up(table, parts, whole, given_unit, 0):
            return _tables(table, parts, given_unit)
    return [table]


def _choices(table: Table, whole: str) -> list[list[_Part]]:
    """The sets of columns that could be the parts of the amount, the best known first."""
    texts = {**table.header.unknown, **{c.position: c.header for c in table.header.also.get(whole, ())}}
    if whole in table.header.also:
        texts[table.header.columns[whole].position] = table.header.columns[whole].header
    texts = {p: t for p, t in sorted(texts.items()) if _is_amount(table, p)}
    found = {p: part for p, text in texts.items() if (part := _part(table, p, text, whole))}
    choices = []
    for dimension in (CATEGORY, MONTH, ECONOMIC):
        positions = [p for p, part in found.items() if part.dimension == dimension]
        sets = [positions, columns_of.leaves(positions, texts)] if dimension == CATEGORY else [positions]
        choices += [[found[p] for p in s] for s in sets if len(s) >= FEWEST[dimension]]
    if table.kind == "ledger":
        choices.append([part for part in found.values() if part.field != whole or "/" in part.header])
        runs = itertools.groupby(enumerate(found), key=lambda pair: pair[1] - pair[0])
        choices += [[found[p] for _, p in run] for _, run in runs]
    return [choice for choice in choices if len(choice) >= FEWEST[CATEGORY]]


def _part(table: Table, position: int, text: str, whole: str) -> _Part | None:
    pieces = text.split("/")
    if columns_of.SUM.fullmatch(normalise(pieces[-1])):
        return None
    band = headings.heading((pieces[0],), table.kind).field if len(pieces) > 1 else ""
    field = band if band in WHOLE[table.kind] and band in table.money else whole
    said = columns_of.says(text)
    if said is None and table.kind == "budget":
        return None
    return _Part(position, text, field, *(said or (ACCOUNT, pieces[-1])))


def _is_amount(table: Table, position: int) -> bool:
    """Whether a column shows numbers and blanks where the table has its first rows of data."""
    if position >= table.body.shape[1]:
        return False
    shown = [v for v in table.body[:SAMPLE, position][table.roles[:SAMPLE] == rows.DATA] if not money.is_blank(v)]
    return bool(shown) and sum(map(looks_like_amount, shown)) >= MOSTLY * len(shown)


def _column(table: Table, part: _Part, given_unit: str | None, count: int) -> MoneyColumn:
    unit = headings.heading(tuple(part.header.split("/")), table.kind).unit
    cells = table.body[: count or len(table.body), part.position]
    shown = {c.position for f, c in table.header.columns.items() if f in table.money}
    cells = money.regrouped(cells, grouping(table.body, shown))
    return money.parse_column(cells, UNITS[given_unit or unit or table.unit])


def _adds_up(table: Table, parts: Sequence[_Part], whole: str, given_unit: str | None, count: int) -> bool:
    """Whether the parts add to their wholes on every row (`count` of them, all for 0) of which all can be read."""
    size = count or len(table.body)
    data = np.isin(table.roles[:size], (rows.DATA, rows.SUBTOTAL))
    if not data.any():
        return False
    tolerance = max(1, UNITS[table.unit]) if table.unit == "万元" else 1
    fields = {p.field for p in parts}
    if table.kind == "ledger" and "debit" not in fields and "debit" in table.money and table.money["debit"].fen.any():
        return False
    for field in sorted(fields):
        columns = [_column(table, p, given_unit, count) for p in parts if p.field == field]
        added = np.sum([c.fen for c in columns], axis=0)
        wanted = table.money[field].fen[:size]
        states = [table.money[field].state[:size], *(c.state for c in columns)]
        readable = data & ~np.logical_or.reduce([s == Cell.UNREADABLE for s in states])
        sides = [wanted]
        credit = table.money.get("credit")
        if table.kind == "ledger" and field == "debit" and credit is not None:
            sides.append(wanted - credit.fen[:size])  # one column both of debits and of what is taken back
            if credit.fen[:size].any() and "credit" not in fields:
                sides = sides[1:]  # columns of debits alone would lose the credits
        if not any(_ties(added[readable], side[readable], len(columns), tolerance) for side in sides):
            return False
    return True


def _ties(added: np.ndarray, whole: np.ndarray, count: int, tolerance: int) -> bool:
    apart = np.flatnonzero(added != whole)
    return bool(added.any()) and all(
        could_tie(int(whole[i]), [int(added[i])] + [0] * (count - 1), tolerance) for i in apart
    )


def _tables(table: Table, parts: Sequence[_Part], given_unit: str | None) -> list[Table]:
    columns = {p.position: _column(table, p, given_unit, 0) for p in parts}
    filled = {p: (c.state != Cell.BLANK) & ((c.fen != 0) | (c.state == Cell.UNREADABLE)) for p, c in columns.items()}
    nowhere = ~np.logical_or.reduce(list(filled.values()))
    out: list[Table] = []
    for value in dict.fromkeys((p.dimension, p.value) for p in parts):
        own = [p for p in parts if (p.dimension, p.value) == value]
        keep = np.logical_or.reduce([filled[p.position] for p in own])
        keep |= nowhere if not out else False
        fields = {p.field: p for p in own}
        heads = {f: c for f, c in table.header.columns.items() if f not in table.money}
        heads |= {f: Column(p.position, p.header) for f, p in fields.items()}
        starts = [(int(keep[:start].sum()), name) for start, name in table.pages]
        one = replace(
            table,
            header=replace(table.header, columns=heads, also={}, unknown={}),
            body=table.body[keep],
            numbers=table.numbers[keep],
            roles=table.roles[keep],
            money={
                f: MoneyColumn(
                    columns[p.position].fen[keep], columns[p.position].state[keep], columns[p.position].decimals
                )
                for f, p in fields.items()
            },
            pages=tuple(starts),
            part=table.part + len(out),
            given={**table.given, value[0]: value[1]},
            whole=None if out else table,
            left_out=() if out else table.left_out,
        )
        out.append(replace(one, findings=(*(() if out else table.findings), *cell_findings(one))))
    return out

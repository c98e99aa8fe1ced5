"""Tables that go on over further sheets, seen as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from reconcile.money import MoneyColumn, parse_column
from reconcile.read.table import Table
from reconcile.read.workbook import Cells


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
        empty = parse_column(np.full(len(table.body), None, dtype=object))
        money_columns = {f: _after(c, table.money.get(f, empty)) for f, c in before.money.items()}
        out[-1] = replace(
            before,
            body=body,
            numbers=np.concatenate([before.numbers, table.numbers]),
            money=money_columns,
            roles=np.concatenate([before.roles, table.roles]),
            findings=(*before.findings, *table.findings),
            pages=(*before.pages, (len(before.body), table.sheet)),
            blanks=(*before.blanks, *table.blanks),
        )
    return out


def _after(first: MoneyColumn, second: MoneyColumn) -> MoneyColumn:
    return MoneyColumn(
        np.concatenate([first.fen, second.fen]),
        np.concatenate([first.state, second.state]),
        max(first.decimals, second.decimals),
    )


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

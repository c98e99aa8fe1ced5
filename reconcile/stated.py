"""Totals that a table prints, beside the sum of the rows that they cover."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from reconcile.balances import account_codes, is_trial_balance
from reconcile.money import UNITS, Cell
from reconcile.read import outline, rows, words
from reconcile.read.table import Table

Indices = npt.NDArray[np.int64]
COLUMNS = (
    "label",
    "scope",
    "category",
    "group",
    "column",
    "header",
    "stated",
    "items",
    "parts",
    "unit_fen",
    "file",
    "sheet",
    "row",
    "cell",
)


def of_budget(
    table: Table, nodes: list[outline.Node], labels: list[str], data: Indices, kinds: Sequence[tuple[str, str]]
) -> list[dict[str, object]]:
    """Every printed total beside the sum of the items that it covers, column by column.

    kinds: (category, group) of every row of `data`.
    """
    found = []
    kind = dict(zip(data.tolist(), kinds, strict=True))
    is_data = np.zeros(len(table.body), dtype=bool)
    is_data[data] = True
    since_total = 0
    for i in map(int, np.flatnonzero((table.roles == rows.SUBTOTAL) | (table.roles == rows.TOTAL))):
        if table.roles[i] == rows.TOTAL:
            covered = np.flatnonzero(is_data & (np.arange(len(is_data)) < i))
            scope, category, group = "total", "", ""
        elif words.row_role(labels[i]) == rows.SUBTOTAL:
            covered, category, group = _subtotal_scope(i, nodes, labels, kind, since_total)
            scope, since_total = "subtotal", i + 1
        else:
            covered = np.array([k for k in data if _below(int(k), i, nodes)], dtype=np.int64)
            scope, category, group = "section", nodes[i].category, nodes[i].group
        if not len(covered):
            continue  # told by a type column: what it covers is not said
        for name, column in table.money.items():
            if name in ("actual", "remaining", "balance", "taken") or column.state[i] not in (
                Cell.NUMBER,
                Cell.SUB_FEN,
            ):
                continue
            state = column.state[covered]
            if (state == Cell.UNREADABLE).any():
                continue
            parts = column.fen[covered][state != Cell.BLANK]
            heading = table.header.columns[name]
            found.append(
                {
                    "label": words.without_ordinal(labels[i]),
                    "scope": scope,
                    "category": category,
                    "group": group,
                    "column": name,
                    "header": heading.header,
                    "stated": int(column.fen[i]),
                    "items": int(parts.sum()),
                    "parts": len(parts),
                    "unit_fen": printed_unit(table, name),
                    "file": table.file,
                    "sheet": table.origin(i).sheet,
                    "row": int(table.numbers[i]),
                    "cell": table.origin(i, name).cell,
                }
            )
    return found


def printed_unit(table: Table, name: str) -> int:
    """The 分 that the last printed digit stands for: 0.01 万元 where a 万元 column shows two decimals."""
    unit = UNITS[table.header.columns[name].unit or table.unit]
    decimals = max(c.decimals for c in table.money.values())
    return max(1, unit * 100 // 10 ** max(decimals, 2)) if unit > 1 else 1


def _below(index: int, parent: int, nodes: list[outline.Node]) -> bool:
    while index != outline.ROOT:
        index = nodes[index].parent
        if index == parent:
            return True
    return False


def _subtotal_scope(
    index: int, nodes: list[outline.Node], labels: list[str], kind: dict[int, tuple[str, str]], since: int
) -> tuple[Indices, str, str]:
    """What a 小计 row covers: the section that it names, else the section that is open, else since the last."""
    before = np.array([k for k in kind if k < index], dtype=np.int64)
    stem = words.without_ordinal(labels[index])
    for ending in ("小计", "合计", "subtotal", "Subtotal"):
        stem = stem.removesuffix(ending)
    named = words.section(stem) if stem else None
    if named:
        inside = [k for k in before.tolist() if kind[k][0] == named[0] and named[1] in ("", kind[k][1])]
        return np.array(inside, dtype=np.int64), named[0], named[1]
    parent = nodes[index].parent
    while parent != outline.ROOT:
        inside = [k for k in before if _below(int(k), parent, nodes) and k >= since]
        if inside and nodes[parent].is_section:
            return np.array(inside, dtype=np.int64), nodes[parent].category, nodes[parent].group
        parent = nodes[parent].parent
    return before[before >= since], "", ""


def of_ledger(table: Table) -> list[dict[str, object]]:
    """合计 rows of a journal beside the rows since the last one, 本月合计 beside its month, 本年累计 beside the rows
    so far (which may begin above the export: then only a row that departs from the others is stated)."""
    found: list[dict[str, object]] = []
    data = table.roles == rows.DATA
    sums = np.flatnonzero(np.isin(table.roles, (rows.TOTAL, rows.SUBTOTAL, rows.PERIOD)))
    kinds = {int(i): _sum_kind(table, int(i)) for i in sums}
    starts = _group_starts(table)
    for name in ("debit", "credit", "amount"):
        if name not in table.money:
            continue
        column = table.money[name]
        running = np.concatenate([[0], np.cumsum(np.where(data, column.fen, 0))])
        before: dict[str, int] = {}
        offsets = [
            int(column.fen[i] - running[i] + running[starts[i]])
            for i in kinds
            if kinds[i] == "cumulative" and column.state[i] == Cell.NUMBER
        ]
        offset = max(set(offsets), key=offsets.count) if len(offsets) > 2 else 0
        for i, kind in kinds.items():
            start = max(before.get(kind, 0), starts[i])
            before[kind] = i
            if column.state[i] != Cell.NUMBER or (table.roles[i] == rows.SUBTOTAL and is_trial_balance(table)):
                continue
            stated, whole = int(column.fen[i]), int(running[i] - running[starts[i]])
            items = whole + offset if kind == "cumulative" else int(running[i] - running[start])
            if kind == "total" and stated in (int(running[i]), whole):
                items = stated
            heading = table.header.columns[name]
            found.append(
                {
                    "label": table.sheet or table.file,
                    "scope": "total",
                    "category": "",
                    "group": "",
                    "column": name,
                    "header": heading.header,
                    "stated": stated,
                    "items": items,
                    "parts": int(data[:i].sum()),
                    "unit_fen": 1,
                    "file": table.file,
                    "sheet": table.origin(i).sheet,
                    "row": int(table.numbers[i]),
                    "cell": table.origin(i, name).cell,
                }
            )
    return found


def of_trial_balances(tables: Sequence[Table]) -> list[dict[str, object]]:
    """Every parent account of trial balances beside the sum of the leaves under it, over all pages."""
    trials = [t for t in tables if is_trial_balance(t)]
    code = {id(t): account_codes(t) for t in trials}
    found: list[dict[str, object]] = []
    for table in trials:
        for i in map(int, np.flatnonzero(table.roles == rows.SUBTOTAL)):
            own = code[id(table)][i]
            for name, column in table.money.items():
                if not own or column.state[i] != Cell.NUMBER:
                    continue
                below = [
                    int(t.money[name].fen[k])
                    for t in trials
                    if name in t.money
                    for k in np.flatnonzero(t.roles == rows.DATA)
                    if code[id(t)][k].startswith(own)
                ]
                found.append(
                    {
                        "label": own,
                        "scope": "subtotal",
                        "category": "",
                        "group": "",
                        "column": name,
                        "header": table.header.columns[name].header,
                        "stated": int(column.fen[i]),
                        "items": sum(below),
                        "parts": len(below),
                        "unit_fen": 1,
                        "file": table.file,
                        "sheet": table.origin(i).sheet,
                        "row": int(table.numbers[i]),
                        "cell": table.origin(i, name).cell,
                    }
                )
    return found


def _sum_kind(table: Table, index: int) -> str:
    """`total`, `cumulative`, or the label of a sum that begins anew after each of its kind (本月合计)."""
    if table.roles[index] != rows.PERIOD:
        return "total"
    texts = [words.normalise(v) for v in table.body[index] if isinstance(v, str)]
    label = next((t for t in texts if words.row_role(t) == rows.PERIOD), "")
    return "cumulative" if "累计" in label or label in ("cumulative", "yeartodate") else words.sum_kind(label)


def _group_starts(table: Table) -> Indices:
    """For each row the first row of its account's run: a new one begins at an opening line or another account."""
    opening = table.roles == rows.OPENING
    raw = next((v for f in ("account_code", "account") if (v := table.raw(f)) is not None), None)
    begins = opening & ~np.append(False, opening[:-1])
    if raw is not None and opening.any():
        data = table.roles == rows.DATA
        where = np.flatnonzero(data)
        if not len(where):
            return np.maximum.accumulate(np.where(begins, np.arange(len(begins)), 0)).astype(np.int64)
        changed = np.append(False, raw[where][1:] != raw[where][:-1])
        if changed.sum() + 1 == begins.sum():  # one opening an account: sorted by account
            begins[where[changed]] = True
    return np.maximum.accumulate(np.where(begins, np.arange(len(begins)), 0)).astype(np.int64)

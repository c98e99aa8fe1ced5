"""What a row books on which side: debit and credit in 分, and what a quota ledger gives."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reconcile import codes
from reconcile.balances import is_trial_balance
from reconcile.money import Cell
from reconcile.read import columns as text
from reconcile.read import rows, words
from reconcile.read.table import Table
from reconcile.read.workbook import Cells


def sides(table: Table, keep: rows.Mask) -> tuple[np.ndarray, np.ndarray]:
    """Debit and credit in 分 from two columns, from 方向 and 金额, or from one column of payments."""
    zero = np.zeros(int(keep.sum()), dtype=np.int64)
    if is_trial_balance(table) and "total_debit" in table.money:
        return tuple(table.money[s].fen[keep] if s in table.money else zero for s in ("total_debit", "total_credit"))  # type: ignore[return-value]
    if "debit" in table.money or "credit" in table.money:
        return tuple(table.money[s].fen[keep] if s in table.money else zero for s in ("debit", "credit"))  # type: ignore[return-value]
    amount = table.money["amount"].fen[keep]
    direction = table.raw("direction")
    if direction is None:
        return amount, zero
    side = text.mapped(direction[keep], _side)
    return np.where(side != "credit", amount, 0), np.where(side == "credit", amount, 0)


def quota_increases(table: Table) -> rows.Mask:
    """Data rows of a quota ledger that give quota, or take it back (单据类型 指标收回), and spend none."""
    keep = table.roles == rows.DATA
    if "increase" not in table.money or "amount" not in table.money:
        return np.zeros(int(keep.sum()), dtype=bool)
    spends, gives = (table.money[f].state[keep] != Cell.BLANK for f in ("amount", "increase"))
    moved = quota_moves(table, "movement")[keep]
    return np.asarray(gives & ~(spends & (table.money["amount"].fen[keep] != 0)) | (moved != ""), dtype=bool)


def quota_moves(table: Table, name: str) -> Cells:
    """What the column `name` says that a row does to the budget (`carryover`, `original`, `increase`, `decrease`,
    `recovered`, `transfer`), by row; '' where it says none of these."""
    values = table.raw(name)
    if values is None:
        return np.full(len(table.body), "", dtype=object)
    known = words.budget_sources()
    return text.mapped(values, lambda v: known.get(words.normalise(str(v or "")), ""))


def _side(value: object) -> str:
    word = codes.clean_code(value).strip().lower()
    return "credit" if word in ("贷", "贷方", "0", "-1", "c", "cr", "credit") else "debit"


def are_classes(account_code: Cells) -> bool:
    """Whether a table's accounts are economic classes: 30101, 30201 …"""
    distinct = {codes.segments(c) for c in pd.unique(account_code)} - {""}
    return bool(distinct) and distinct <= set(codes.economic_classes())

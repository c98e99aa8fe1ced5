"""What a row books on which side: debit and credit in 分, and what a quota ledger gives."""

from __future__ import annotations

import re

import numpy as np

from reconcile import codes
from reconcile.balances import is_trial_balance
from reconcile.money import Cell
from reconcile.read import columns as text
from reconcile.read import rows, words
from reconcile.read.columns import Texts
from reconcile.read.table import Table
from reconcile.read.workbook import Cells

_REFUND = re.compile(r"(?:支付|直接支付|授权支付|财政)?(?:退款|退回|退库)|refund")
_REFUNDS = re.compile(r"^[^和及与、]*(?:退款|支付退回|退库)[^和及与、]*$|^refunds?$")


def sides(table: Table, keep: rows.Mask) -> tuple[np.ndarray, np.ndarray]:
    """Debit and credit in 分 from two columns, from 方向 and 金额, or from one column of payments."""
    zero = np.zeros(int(keep.sum()), dtype=np.int64)
    if is_trial_balance(table) and "total_debit" in table.money:
        return tuple(table.money[s].fen[keep] if s in table.money else zero for s in ("total_debit", "total_credit"))  # type: ignore[return-value]
    if "debit" in table.money or ("credit" in table.money and "amount" not in table.money):
        return tuple(table.money[s].fen[keep] if s in table.money else zero for s in ("debit", "credit"))  # type: ignore[return-value]
    amount = table.money["amount"].fen[keep]
    direction = table.raw("direction")
    if direction is None:
        back = table.money["credit"].fen[keep] if "credit" in table.money else zero  # 退款金额 beside 支付金额
        return np.where(_paid_back(table)[keep] & (amount > 0), -amount, amount), back
    side = text.mapped(direction[keep], _side)
    return np.where(side != "credit", amount, 0), np.where(side == "credit", amount, 0)


def _paid_back(table: Table) -> rows.Mask:
    """Rows of payments that came back: all of a list of refunds that writes none below nought, else by their kind."""
    titled = any(_REFUNDS.search(words.normalise(t)) for t in (*table.header.titles, table.sheet))
    if titled and (table.money["amount"].fen[table.roles == rows.DATA] >= 0).all():
        return np.ones(len(table.body), dtype=bool)
    kind = table.raw("movement")
    if kind is None:
        return np.zeros(len(table.body), dtype=bool)
    return np.asarray(text.mapped(kind, lambda v: bool(_REFUND.fullmatch(words.normalise(str(v or ""))))), dtype=bool)


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
    `recovered`, `transfer`), by row; '' where it says none of these.  Where a quota ledger has no column of movements, the
    memo may say that quota was taken back."""
    values = table.raw(name)
    if values is not None:
        known = words.budget_sources()
        return text.mapped(values, lambda v: known.get(words.normalise(str(v or "")), ""))
    memo = table.raw("memo")
    gives, takes = ("increase", "amount") if table.kind == "ledger" else ("amount", "taken")
    if name != "movement" or memo is None or not {gives, takes} <= set(table.money):
        return np.full(len(table.body), "", dtype=object)
    return text.mapped(memo, _taken_back)


def _taken_back(memo: object) -> str:
    """`recovered` or `decrease` for a memo that takes quota back and speaks of no payment."""
    said = words.normalise(str(memo or ""))
    if not words.says("quota", said) or words.says("payment", said):
        return ""
    return "recovered" if words.says("recovered", said) else "decrease" if words.says("decreased", said) else ""


def _side(value: object) -> str:
    word = codes.clean_code(value).strip().lower()
    return "credit" if word in ("贷", "贷方", "0", "-1", "c", "cr", "credit") else "debit"


def are_classes(account_code: Texts) -> bool:
    """Whether a table's accounts are economic classes: 30101, 30201 …"""
    distinct = {codes.segments(c) for c in account_code.distinct[np.unique(account_code.codes)]} - {""}
    return bool(distinct) and distinct <= set(codes.economic_classes())

"""The budget chain of a table's rows: carryover + original + increase − decrease = available, in 分."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from reconcile.money import Cell
from reconcile.read import rows
from reconcile.read.header import CHAIN
from reconcile.read.table import Table
from reconcile.sides import quota_moves

CHANGES = ("increase", "decrease", "recovered", "transfer")
PARTS = ("recovered", "transfer")
"""Kept beside the chain: `recovered` is a part of `decrease`; `transfer`, signed, is inside increase and decrease."""
PRINTED = ("stated_original", "stated_available", "stated_actual", "in_transit", "stated_remaining")
"""What the row prints, `<NA>` where it prints nothing; `stated_original` only where the chain's original is a cell's."""


def chain_of(table: Table) -> tuple[dict[str, pd.Series], rows.Mask]:
    """(the chain, its parts and what is printed, by name; rows that cannot be read).

    Missing parts are filled from those that are there; a stated 全年预算 that contradicts its own parts stands in
    `stated_available`, and the parts count.  Sign: `decrease` and `recovered` are positive however the file writes
    them, `transfer` is positive where it adds.
    """
    used = [f for f in CHAIN if f in table.money]
    bad = rows.unreadable(table.money, tuple(used), len(table.body))
    part = {f: pd.Series(table.money[f].fen, dtype="Int64") for f in used}
    printed = {f: pd.Series(table.money[f].state != Cell.BLANK) for f in used}
    if "amount" in part:
        missing = "available" if "original" in part and "available" not in part else "original"
        if missing not in part:
            part[missing], printed[missing] = part.pop("amount"), printed.pop("amount")
    part, printed = _put_right(table, part, printed, (table.roles == rows.DATA) & ~bad)
    chain = _by_source(table, _parts(part, printed, table.roles == rows.DATA))
    chain["available"] = chain["carryover"] + chain["original"] + chain["increase"] - chain["decrease"]
    for name in ("original", "available"):
        chain[f"stated_{name}"] = _cells(part.get(name), printed.get(name), len(bad))
    chain["stated_original"] = chain["stated_original"].where(chain["stated_original"] == chain["original"])
    for name, column in (("stated_actual", "actual"), ("stated_remaining", "remaining"), ("in_transit", "in_transit")):
        chain[name] = _column(table, column, blank_is_nought=name == "in_transit")
    return {f: v.mask(bad) for f, v in chain.items()}, bad


def _put_right(
    table: Table, part: dict[str, pd.Series], printed: dict[str, pd.Series], data: rows.Mask
) -> tuple[dict[str, pd.Series], dict[str, pd.Series]]:
    """The parts as the figures show them to be meant: an 可用额度 that is what spending leaves is no budget, and a
    carryover that the budget contains is taken out of it."""
    out, shown = dict(part), dict(printed)
    if "original" not in out or not data.any():
        return out, shown
    actual = table.money.get("actual")
    if actual is not None and "available" in out:
        spent = data & (actual.fen != 0) & shown["available"].to_numpy()
        chain = _parts({f: v for f, v in out.items() if f != "available"}, shown, data)
        left = chain["carryover"] + chain["original"] + chain["increase"] - chain["decrease"] - actual.fen
        if spent.any() and (left == out["available"])[spent].all():
            del out["available"], shown["available"]
    if "carryover" in out and _contains_carryover(table, out, data):
        out["original"] = out["original"] - out["carryover"]
        shown["original"] = shown["original"] & False
    return out, shown


def _contains_carryover(table: Table, part: dict[str, pd.Series], data: rows.Mask) -> bool:
    """Whether the budget column says that it counts the carryover beside it: `其中：上年结转`, or sources that add."""
    original, carryover = part["original"][data], part["carryover"][data]
    if not carryover.any() or "available" in part:
        return False
    sources = table.money.get("grant")
    if sources is not None:
        without = (original - sources.fen[data]).abs().sum()
        return bool((original - sources.fen[data] - carryover).abs().sum() <= without)
    columns = table.header.columns
    if "其中" in columns["carryover"].header.rpartition("/")[2]:
        before = [c for f, c in columns.items() if f in table.money and c.position < columns["carryover"].position]
        whole = max((c for c in before if "其中" not in c.header), key=lambda c: c.position, default=None)
        return whole is not None and whole in (columns.get("original"), columns.get("amount"))
    return False


def _parts(part: dict[str, pd.Series], printed: Mapping[str, pd.Series], data: rows.Mask) -> dict[str, pd.Series]:
    """The chain without `available`, with its parts."""
    n = len(data)
    zero = pd.Series(np.zeros(n, dtype=np.int64), dtype="Int64")
    taken = {f: part.get(f, zero) for f in ("decrease", "recovered")}
    taken = {f: -v if (v[data] <= 0).all() else v for f, v in taken.items()}
    transfer, increase = part.get("transfer", zero), part.get("increase", zero)
    decrease = taken["decrease"] + taken["recovered"]
    carryover = part.get("carryover", zero)
    signed = transfer
    if "adjustment" in part:
        net = increase - decrease + transfer
        moved = data & ((part["adjustment"] != 0) | (net != 0)).to_numpy(dtype=bool)
        sums_up = set(CHANGES) & set(part) and 2 * int((part["adjustment"] == net)[moved].sum()) > int(moved.sum())
        signed = transfer if sums_up else transfer + part["adjustment"]
    increase, decrease = increase + signed.clip(lower=0), decrease - signed.clip(upper=0)
    if "original" not in part:
        original = part["available"] - carryover - increase + decrease if "available" in part else zero
    else:
        original = part["original"]
        if "available" in part and not {*CHANGES, "adjustment"} & set(part):
            whole = part["available"].where(printed["available"], carryover + original)
            left_out = (carryover != 0) & (whole == original)  # whether it is included is carryover-basis's to ask
            change = (whole - carryover - original).where(~left_out, 0)
            increase, decrease = change.clip(lower=0), -change.clip(upper=0)
    chain = {"carryover": carryover, "original": original, "increase": increase, "decrease": decrease}
    return chain | {"recovered": taken["recovered"], "transfer": transfer}


def _cells(values: pd.Series | None, printed: pd.Series | None, n: int) -> pd.Series:
    if values is None or printed is None:
        return pd.Series([pd.NA] * n, dtype="Int64")
    return values.where(printed)


def _column(table: Table, name: str, *, blank_is_nought: bool) -> pd.Series:
    """A column that is no part of the chain; `<NA>` where there is none, and where a cell cannot be read."""
    column = table.money.get(name)
    if column is None:
        return _cells(None, None, len(table.body))
    readable = column.state != Cell.UNREADABLE
    keep = readable if blank_is_nought else readable & (column.state != Cell.BLANK)
    return pd.Series(column.fen, dtype="Int64").where(pd.Series(keep))


def _by_source(table: Table, chain: dict[str, pd.Series]) -> dict[str, pd.Series]:
    """Where rows name their source (指标来源: 上年结转, 追加, 追减), their amount belongs to that part of the chain; so
    it does where the kind of their document says it (单据类型: 指标追加, 指标收回), in whichever column the amount stands.  An 追加 below nought is taken."""
    movement, source = (quota_moves(table, name) for name in ("movement", "source"))
    source = np.where(np.isin(source, ("", "original")) & (movement != ""), movement, source)
    if not (source != "").any():
        return chain
    taken_back = np.isin(movement, ("decrease", "recovered", "transfer")) & (chain["original"] == 0).to_numpy(
        dtype=bool
    )
    taken_column = _column(table, "taken", blank_is_nought=True).fillna(0).where(pd.Series(taken_back), 0)
    chain = chain | {"original": chain["original"] - taken_column}
    out, amount = dict(chain), chain["original"]
    taken = amount.abs()
    for name, gains in {
        "carryover": {"carryover": amount},
        "increase": {"increase": amount.clip(lower=0), "decrease": -amount.clip(upper=0)},
        "decrease": {"decrease": taken},
        "recovered": {"decrease": taken, "recovered": taken},
        "transfer": {"transfer": amount, "increase": amount.clip(lower=0), "decrease": -amount.clip(upper=0)},
    }.items():
        moved = pd.Series(source == name)
        out |= {f: out[f].where(~moved, out[f] + gain) for f, gain in gains.items()}
        out["original"] = out["original"].where(~moved, 0)
    return out

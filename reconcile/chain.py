"""The budget chain of a table's rows: carryover + original + increase − decrease = available, in 分."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from reconcile.finding import Finding
from reconcile.money import Cell
from reconcile.read import columns as text
from reconcile.read import rows, words
from reconcile.read.table import Table

FIELDS = ("carryover", "original", "increase", "decrease", "recovered", "adjustment", "available", "amount")


def chain_of(table: Table, labels: Sequence[str]) -> tuple[dict[str, pd.Series], rows.Mask, list[Finding]]:
    """(chain by field, rows that cannot be read, findings).

    Missing parts are filled from those that are there; a stated 全年预算 that contradicts its own parts is found,
    and the parts count.  Sign: `decrease` is positive however the file writes it.
    """
    n = len(table.body)
    used = [f for f in FIELDS if f in table.money]
    bad = rows.unreadable(table.money, tuple(used), n)
    part = {f: pd.Series(table.money[f].fen, dtype="Int64") for f in used}
    blank = {f: table.money[f].state == Cell.BLANK for f in used}
    if "amount" in part:
        missing = "available" if "original" in part and "available" not in part else "original"
        if missing not in part:
            part[missing], blank[missing] = part.pop("amount"), blank.pop("amount")
    if "grant" in table.header.columns and "carryover" in part and "original" in part and "available" not in part:
        part["original"] = part["original"] - part["carryover"]  # the columns are sources of the one amount
    chain, stated = _parts(part, blank, n, table.roles == rows.DATA)
    chain = _by_source(table, chain)
    chain["available"] = chain["carryover"] + chain["original"] + chain["increase"] - chain["decrease"]
    findings = []
    if stated is not None:
        wrong = (chain["available"] != stated) & ~blank["available"] & ~bad & (table.roles == rows.DATA)
        for i in map(int, np.flatnonzero(wrong.to_numpy(dtype=bool))):
            findings.append(
                Finding(
                    "balance-identity",
                    words.without_ordinal(labels[i]),
                    table.origin(i, "available"),
                    expected=int(chain["available"][i]),
                    actual=int(stated[i]),
                    detail=table.sheet,
                )
            )
    return {f: v.mask(bad) for f, v in chain.items()}, bad, findings


def _parts(
    part: dict[str, pd.Series], blank: dict[str, rows.Mask], n: int, data: rows.Mask
) -> tuple[dict[str, pd.Series], pd.Series | None]:
    """The chain without `available`, and the stated `available` to hold it against where there is one."""
    zero = pd.Series(np.zeros(n, dtype=np.int64), dtype="Int64")
    decrease = part.get("decrease", zero) + part.get("recovered", zero)
    if (decrease[data] <= 0).all():
        decrease = -decrease
    increase = part.get("increase", zero)
    if "adjustment" in part and "increase" not in part and "decrease" not in part:
        increase, decrease = part["adjustment"].clip(lower=0), -part["adjustment"].clip(upper=0)
    carryover = part.get("carryover", zero)
    if "original" in part:
        original = part["original"]
        if "available" in part and not {"increase", "decrease", "recovered", "adjustment"} & set(part):
            change = (part["available"] - carryover - original).where(~blank["available"], 0)
            increase, decrease = change.clip(lower=0), -change.clip(upper=0)
    else:
        original = part.get("available", carryover + zero) - carryover - increase + decrease
    chain = {"carryover": carryover, "original": original, "increase": increase, "decrease": decrease}
    return chain, part.get("available")


def _by_source(table: Table, chain: dict[str, pd.Series]) -> dict[str, pd.Series]:
    """Where rows name their source (指标来源: 上年结转, 追加, 追减), their amount belongs to that part of the chain."""
    values = table.raw("source")
    if values is None:
        return chain
    known = words.budget_sources()
    source = text.mapped(values, lambda v: known.get(words.normalise(str(v or "")), "original"))
    out = dict(chain)
    for name in ("carryover", "increase"):
        moved = pd.Series(source == name)
        out[name] = out[name].where(~moved, out[name] + chain["original"])
        out["original"] = out["original"].where(~moved, 0)
    taken = pd.Series(source == "decrease")
    out["decrease"] = out["decrease"].where(~taken, out["decrease"] + chain["original"].abs())
    out["original"] = out["original"].where(~taken, 0)
    return out

"""Functional classes: their names, which of them are of government funds or of state capital, and the income by class."""

from __future__ import annotations

from functools import cache

import pandas as pd

from reconcile import codes
from reconcile.engine import income_rows
from reconcile.read import words
from reconcile.result import Result

SOURCES = {
    "6001": "grant",
    "6201": "superior",
    "6101": "business",
    "6401": "trade",
    "6301": "affiliate",
    "6601": "other",
    "6602": "other",
    "6609": "other",
}
"""Accounts of budget income (政府会计制度) and the column of 公开02 that each is of.  6501 debts has none."""


@cache
def _classes() -> dict[str, tuple[str, str]]:
    return {r["code"]: (r["name"], r["fund"]) for r in words.rows_of("functional_classes")}


def function_name(code: str) -> str:
    """The name of a functional class, '' where data/functional_classes.csv has none."""
    return _classes().get(code, ("", ""))[0]


def fund_of(code: str) -> str:
    """`fund` or `capital` for a class of that budget, `mixed` for one of several, '' for the general budget's."""
    known = _classes()
    return next((known[code[:n]][1] for n in (5, 3) if code[:n] in known and known[code[:n]][1]), "")


def funds_told(result: Result) -> bool:
    """Whether the books show which budget all spending is of: booked under 财政拨款, each entry with a functional class,
    none of them a class that several budgets have."""
    entries = result.tie.entries
    if not len(entries):
        return False
    paths = entries["account"].unique()
    granted = all("财政拨款" in p and "非财政拨款" not in p and "非同级" not in p for p in map(str, paths))
    functions = [str(c) for c in entries["functional_code"].unique()]
    return granted and all(len(c) == 7 and fund_of(c) != "mixed" for c in functions)


def income_of(result: Result) -> pd.DataFrame | None:
    """Income by `kind` (as in SOURCES), `function` and `fund` (`general`, `fund`, `capital`, '' where it is no grant or not
    told), with `name` and `amount` in 分; None where the ledger has no income, or some under another account."""
    rows = income_rows(result.ledger, result.period)
    if rows is None or not len(rows):
        return None
    keys = ["account_code", "functional_code", "functional"]
    sums = rows[keys].assign(amount=rows["credit"] - rows["debit"]).groupby(keys, sort=False)["amount"].sum()
    frame = sums.reset_index().astype(dict.fromkeys(keys, "str"))
    frame = frame.assign(
        kind=[SOURCES.get(codes.segments(c)[:4], "") for c in frame["account_code"]],
        function=[codes.segments(c) for c in frame["functional_code"]],
        name=frame["functional"],
    )
    if (frame["kind"] == "").any():
        return None
    found = frame.groupby(["kind", "function"], sort=True).agg({"amount": "sum", "name": "first"}).reset_index()
    found["name"] = found["name"].where(found["name"] != "", found["function"].map(function_name))
    grants = found["function"].where(found["kind"] == "grant")
    told = all(len(c) == 7 and fund_of(c) != "mixed" for c in grants.dropna())
    funds = [(fund_of(c) or "general") if told and isinstance(c, str) else "" for c in grants]
    return found.assign(fund=pd.Series(funds, dtype="str"))

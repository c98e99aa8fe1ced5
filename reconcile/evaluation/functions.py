"""Functional classes: their names, and which of them are of government funds or of state capital."""

from __future__ import annotations

from functools import cache

from reconcile.read import words
from reconcile.result import Result


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

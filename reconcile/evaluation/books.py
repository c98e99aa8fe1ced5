"""Figures that budget and ledger give, or the reason why they do not."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd

from reconcile import codes, wording
from reconcile.classes import class_code
from reconcile.evaluation.figure import BOOKS, INPUT, Figure, Figures, Kind, kinds
from reconcile.evaluation.inputs import Inputs
from reconcile.result import Result

CLASSES = {
    "public": codes.THREE_PUBLIC,
    "vehicle": frozenset({"30231", "30913", "31013"}),
    "vehicle_purchase": frozenset({"30913", "31013"}),
    "vehicle_running": frozenset({"30231"}),
    "abroad": frozenset({"30212"}),
    "reception": frozenset({"30217"}),
}
"""Figures of single classes, in basic and in project spending."""
ITEMS = {
    "office": frozenset({"30201"}),
    "utilities": frozenset({"30205", "30206", "30211"}),
    "meetings": frozenset({"30215", "30216"}),
}
"""Figures of single classes of basic spending: parts of the operating funds."""
SEPARATOR = "\x1f"
Found = dict[str, int | str]
"""A figure in 分, or the reason why there is none."""


def figures(result: Result | None, inputs: Inputs, language: str = "zh") -> Figures:
    """Every figure of data/figures.toml.  What the books give counts; an input that differs is noted beside it."""
    found = _of_result(result, language) if result is not None else {}
    return {
        key: _figure(kind, found.get(key), inputs, language, books=result is not None) for key, kind in kinds().items()
    }


def _figure(kind: Kind, found: int | str | None, inputs: Inputs, language: str, *, books: bool) -> Figure:
    given = inputs.values.get(kind.key)
    if isinstance(found, int):
        note = ""
        if given is not None and given.value != found:
            stated = wording.amount(int(given.value), language)
            note = say("contradicts", language, stated=stated)
        return Figure(kind, Fraction(found), BOOKS, note=note)
    if given is not None:
        return Figure(kind, given.value, INPUT, note=found or "", origin=given.origin)
    name = kind.title(language)
    reason = found or say("no-result" if kind.books and not books else "not-given", language, name=name)
    return Figure(kind, None, reason=reason)


def say(key: str, language: str, **facts: object) -> str:
    """A phrase of data/evaluation.toml."""
    phrase = wording.text(key, language, "evaluation")
    return wording.fill(phrase, facts) if facts else phrase


def _of_result(result: Result, language: str) -> Found:
    totals = result.tie.totals
    bad = say("unreadable-budget", language)

    def known(value: object) -> int | str:
        return bad if value is None or value is pd.NA else int(value)  # type: ignore[call-overload]

    found: Found = {
        k: known(totals[k]) for k in ("carryover", "original", "increase", "decrease", "available", "actual")
    }
    found["closing"] = known(totals["remaining"])
    added, taken = found["increase"], found["decrease"]
    found["net_increase"] = added - taken if isinstance(added, int) and isinstance(taken, int) else bad
    undetermined = totals["undetermined"] or _gross(result, "undetermined")
    vague = (
        say("spending-undetermined", language, amount=wording.amount(undetermined, language)) if undetermined else ""
    )
    categories = result.tie.by_category.set_index("category")
    for name in ("basic", "project"):
        found[f"{name}_budget"] = known(categories.loc[name, "available"])
        found[f"{name}_actual"] = vague or int(categories.loc[name, "actual"])
    return found | _spent(result, vague, language) | _planned(result, language)


def _gross(result: Result, category: str) -> int:
    entries = result.tie.entries
    return int(entries.loc[entries["category"] == category, "amount"].abs().sum())


def _classed(frame: pd.DataFrame) -> pd.Series:
    """The class of every row to 5 digits, 3 where it says no more, '' for none; each pair is looked at once."""
    places, distinct = pd.factorize(frame["economic_code"].astype("str") + SEPARATOR + frame["item"].astype("str"))
    known = np.array([class_code(*str(pair).split(SEPARATOR, 1)) for pair in distinct], dtype=object)
    return pd.Series(known[places] if len(known) else [], index=frame.index, dtype="str")


def _open(classes: pd.Series, wanted: frozenset[str]) -> pd.Series:
    """Rows that could be of a wanted class and do not say so: no class at all, or only its head."""
    heads = {c[:3] for c in wanted}
    return (classes == "") | classes.isin(heads)


def _spent(result: Result, vague: str, language: str) -> Found:
    entries = result.tie.entries
    classes = _classed(entries)
    amount, basic = entries["amount"], entries["category"] == "basic"
    found: Found = {}

    def of(wanted: frozenset[str], rows: pd.Series) -> int | str:
        unclear = rows & _open(classes, wanted) & (amount != 0)
        if unclear.any():
            gross = wording.amount(int(amount[unclear].abs().sum()), language)
            return say("spending-without-class", language, rows=int(unclear.sum()), amount=gross)
        return int(amount[rows & classes.isin(wanted)].sum())

    for name, wanted in CLASSES.items():
        found[f"{name}_actual"] = of(wanted, pd.Series(data=True, index=entries.index))
    for name, wanted in ITEMS.items():
        found[f"{name}_actual"] = vague or of(wanted, basic)
    groups = classes.map({c: codes.group_of(c) for c in classes.unique()}).fillna("")
    lost = basic & (groups == "") & (amount != 0)
    said = say("spending-without-group", language, rows=int(lost.sum())) if lost.any() else ""
    found["operating_actual"] = vague or said or int(amount[basic & (groups == "operating")].sum())
    return found


def _planned(result: Result, language: str) -> Found:
    lines = result.budget.fen
    classes = _classed(lines)
    available, basic = lines["available"], lines["category"] == "basic"
    bad = say("unreadable-budget", language)
    found: Found = {}

    def total(rows: pd.Series) -> int | str:
        part = available[rows]
        return bad if part.isna().any() else int(part.sum())

    def of(wanted: frozenset[str], rows: pd.Series) -> int | str:
        unclear = rows & _open(classes, wanted) & (available.fillna(1) != 0)
        if unclear.any():
            return say("budget-without-class", language, rows=int(unclear.sum()))
        return total(rows & classes.isin(wanted))

    for name, wanted in CLASSES.items():
        found[f"{name}_budget"] = of(wanted, pd.Series(data=True, index=lines.index))
    for name, wanted in ITEMS.items():
        found[f"{name}_budget"] = of(wanted, basic)
    by_class = classes.map({c: codes.group_of(c) for c in classes.unique()}).fillna("")
    groups = by_class.where(by_class != "", lines["group"])
    lost = basic & ~groups.isin(("personnel", "operating")) & (available.fillna(1) != 0)
    if lost.any():
        found["operating_budget"] = say("budget-without-group", language, rows=int(lost.sum()))
    else:
        found["operating_budget"] = total(basic & (groups == "operating"))
    return found

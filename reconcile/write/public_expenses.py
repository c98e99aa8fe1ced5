"""“三公”经费: travel abroad, official vehicles and receptions, by their economic classes."""

from __future__ import annotations

from dataclasses import dataclass

from reconcile import codes
from reconcile.classes import class_code
from reconcile.result import Result
from reconcile.write.figure import Figure, Key

CLASSES = ("30212", "31013", "30231", "30217")


@dataclass(frozen=True)
class Expense:
    """One class, or all together.  available is None where the budget does not tell it; rate None without a budget."""

    name: str
    actual: Figure
    available: Figure | None
    rate: Figure | None


@dataclass(frozen=True)
class PublicExpenses:
    """The classes that the books know, and their total, whose budget is told only where that of each is."""

    total: Expense
    classes: tuple[Expense, ...]


def public_expenses(result: Result) -> PublicExpenses | None:
    """None where neither the budget nor the ledger has one of the classes."""
    found = [one for code in CLASSES if (one := _of(result, code))]
    if not found:
        return None
    actual = _sum("actual", [e.actual for e in found])
    budgets = [e.available for e in found if e.available is not None]
    available = _sum("available", budgets) if len(budgets) == len(found) else None
    return PublicExpenses(Expense("", actual, available, _rate("three-public", actual, available)), tuple(found))


def _of(result: Result, code: str) -> Expense | None:
    items, lines = result.tie.by_item, result.budget.fen
    own = items[[class_code(str(c), str(i))[:5] == code for c, i in zip(items["economic_code"], items["item"])]]
    known = [class_code(str(c), str(i))[:5] == code for c, i in zip(lines["economic_code"], lines["item"])]
    if not len(own):
        return None
    alone = len(own) == 1 and own["category"].iloc[0] == "basic"
    budgeted = set(lines[known]["category"]) >= set(own["category"]) and not own["available"].isna().any()

    def key(column: str) -> Key:
        return ("class", str(own["economic_code"].iloc[0]), column) if alone else ("own", f"class-{code}-{column}")

    actual = Figure(key("actual"), int(own["actual"].sum()), basis=code)
    available = Figure(key("available"), int(own["available"].sum()), basis=code) if budgeted else None
    rate = _rate(f"class-{code}", actual, available)
    return Expense(codes.economic_name(code), actual, available, rate)


def _sum(column: str, parts: list[Figure]) -> Figure:
    formula = "ROUND(" + "+".join(f"{{{n}}}" for n in range(len(parts))) + ",2)"
    total = sum(int(p.exact) for p in parts)
    return Figure(("own", f"three-public-{column}"), total, formula=formula, parts=tuple(p.key for p in parts))


def _rate(name: str, actual: Figure, available: Figure | None) -> Figure | None:
    if available is None or not available:
        return None
    parts = (actual.key, available.key)
    whole = int(available.exact)
    return Figure(("own", f"{name}-rate"), actual.exact, "rate", whole, formula="{0}/{1}", parts=parts)

"""Hold a load against the truth that its file was made from."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

import reconcile as rc
from reconcile.budget import Budget
from reconcile.ledger import Ledger
from tests.builders.cases import Case, write


def differences(case: Case, folder: Path) -> list[str]:
    """What a load of the case gets wrong, in words; a refusal is one."""
    path = write(case, folder)
    load = rc.load_ledger if case.kind == "ledger" else rc.load_budget
    try:
        loaded = load(path, year=case.expected.needs_year)
    except rc.LoadError as refusal:
        return [f"refused: {refusal}"]
    wrong = _ledger(case, loaded) if isinstance(loaded, Ledger) else _budget(case, loaded)
    missing = case.expected.findings - set(loaded.findings["code"]) - set(_later(loaded))
    if case.name.startswith("E5-quota-ledger-budget"):
        missing -= {"unreadable-amount", "error-cell", "uncalculated-formula"}  # its 指标减少 is no part of a budget
    wrong += [f"finding {code} missing" for code in sorted(missing)]
    units = set(loaded.reading.tables["unit"])
    if case.expected.unit not in units:
        wrong.append(f"unit {units} is not {case.expected.unit}")
    return wrong


def _later(loaded: Budget | Ledger) -> list[str]:
    """Codes of rules that run when budget and ledger meet, run here on the stated totals alone."""
    return ["total-mismatch"] if (loaded.stated["stated"] != loaded.stated["items"]).any() else []


def _fen(amount: float) -> int:
    return round(amount * 100)


def _sums(frame: pd.DataFrame, by: str, money: str) -> dict[str, int]:
    return {str(k): _fen(v) for k, v in frame.groupby(by)[money].sum().items() if k != "" and _fen(v)}


def _compare(wrong: list[str], case: Case, name: str, seen: object) -> None:
    wanted = getattr(case.expected, name)
    if wanted is not None and name not in case.expected.soft and seen != wanted:
        wrong.append(f"{name}: {seen} is not {wanted}")


def _ledger(case: Case, ledger: Ledger) -> list[str]:
    entries, wrong = ledger.entries, []
    spending = entries[entries["role"] == "spending"]
    _compare(wrong, case, "rows", len(entries))
    for name in ("debit", "credit"):
        _compare(wrong, case, name, _fen(entries[name].sum()))
    _compare(wrong, case, "spending", _fen(spending["amount"].sum()))
    if case.expected.by_project is not None:
        seen = {k: v for k, v in _sums(spending, "project", "amount").items() if k in case.expected.by_project}
        _compare(wrong, case, "by_project", seen)
    _compare(wrong, case, "by_economic", _sums(spending, "economic_code", "amount"))
    month = spending["date"].dt.strftime("%Y-%m").fillna("")
    _compare(wrong, case, "by_month", _sums(spending.assign(month=month), "month", "amount"))
    if case.expected.first_dates is not None and "first_dates" not in case.expected.soft:
        seen_dates = tuple(d.date() if d == d else None for d in entries["date"].iloc[: len(case.expected.first_dates)])
        _compare(wrong, case, "first_dates", seen_dates)
    return wrong


def _budget(case: Case, budget: Budget) -> list[str]:
    lines, wrong = budget.lines, []
    for name in ("available", "original", "carryover", "increase", "decrease"):
        _compare(wrong, case, name, _fen(lines[name].sum()))
    name = lines["project"].where(lines["project"] != "", lines["item"])
    if case.expected.lines is not None:
        seen = {str(k): _fen(v) for k, v in lines.assign(name=name).groupby("name")["available"].sum().items()}
        _compare(wrong, case, "lines", seen)
    if case.expected.lines_count is not None:
        identity = lines.assign(name=name)[["category", "name", "economic_code", "project_code"]].drop_duplicates()
        _compare(wrong, case, "lines_count", len(identity))
    return wrong

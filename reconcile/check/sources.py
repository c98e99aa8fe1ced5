"""Rules about the files themselves: what could not be read, and totals that do not add up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from reconcile import wording
from reconcile.check.facts import Facts
from reconcile.finding import Check, Finding, Origin
from reconcile.read import rows
from reconcile.read.repeats import STATES_BALANCES
from reconcile.read.table import Table

Counted = Callable[[Table], int]
CHAIN = ("carryover", "original", "increase", "decrease", "recovered", "adjustment")


def _cells(table: Table) -> int:
    return len(table.body) * (len(table.money) or 1)


def _stated_chains(table: Table) -> int:
    """Rows whose 全年预算 and its parts both stand in the table."""
    both = "available" in table.money and any(f in table.money for f in CHAIN)
    return int((table.roles == rows.DATA).sum()) if table.kind == "budget" and both else 0


def _balances(table: Table) -> int:
    """Rows beside which a balance is printed."""
    printed = table.kind == "ledger" and ("balance" in table.money or bool(STATES_BALANCES & set(table.money)))
    return int((table.roles == rows.DATA).sum()) if printed else 0


def _reading(code: str, tested: Counted = lambda table: 1) -> Callable[[Facts], Check]:
    """A rule that the loaders applied to every cell or table that they read; `tested` counts those of a table."""

    def rule(facts: Facts) -> Check:
        tables = [t for one in facts.loaded for t in one.tables]
        findings = [f for one in facts.loaded for f in one.problems if f.code == code]
        return Check.ran(code, max(sum(map(tested, tables)), len(findings)), findings)

    return rule


unreadable_amount = _reading("unreadable-amount", _cells)
error_cell = _reading("error-cell", _cells)
uncalculated_formula = _reading("uncalculated-formula", _cells)
unit_unknown = _reading("unit-unknown")
repeated_table = _reading("repeated-table")
hidden_data = _reading("hidden-data")
truncated_export = _reading("truncated-export", lambda table: int(table.kind == "ledger"))
ambiguous_date = _reading(
    "ambiguous-date", lambda table: int(table.kind == "ledger" and "date" in table.header.columns)
)
balance_break = _reading("balance-break", _balances)


def total_mismatch(facts: Facts) -> Check:
    """R01, R10: a printed total against its items; equal, within the tail of printed figures, or found.

    A total that carries the gap of a subtotal above it is that subtotal's finding, not a second one.
    """
    stated = _stated(facts)
    findings = []
    for _, line in stated.groupby(["file", "sheet", "row"], sort=False):
        wrong = [r for r in line.itertuples() if not ties(r, stated)]
        gaps = {r.column: r.stated - r.items for r in wrong}
        chain = gaps.get("carryover", 0) + gaps.get("original", 0) + gaps.get("increase", 0) - gaps.get("decrease", 0)
        follows = len(gaps) > 1 and gaps.get("available") == chain
        for row in wrong:
            if follows and row.column == "available":
                continue
            also = [r for r in wrong if follows and r.column == "available"]
            findings.append(
                Finding(
                    "total-mismatch",
                    row.label,
                    Origin(row.file, row.sheet, row.row, _column(row.cell)),
                    expected=row.items,
                    actual=row.stated,
                    detail=f"{row.file}|{row.sheet}|{row.column}",
                    params={"header": row.header, "also": _also(also)},
                )
            )
    return Check.ran("total-mismatch", len(stated), findings)


def stated_tail(facts: Facts) -> list[Finding]:
    """R02: printed totals that miss their items by no more than rounding; one finding a table."""
    stated = _stated(facts)
    findings = []
    for (file, sheet), lines in stated.groupby(["file", "sheet"], sort=False):
        tails = [r for r in lines.itertuples() if r.stated != r.items and _tail(r)]
        if tails:
            first = max(tails, key=lambda r: abs(r.stated - r.items))
            findings.append(
                Finding(
                    "rounding-tail",
                    first.label,
                    Origin(str(file), str(sheet), first.row, _column(first.cell)),
                    expected=first.items,
                    actual=first.stated,
                    detail=f"{file}|{sheet}",
                )
            )
    return findings


def _stated(facts: Facts) -> pd.DataFrame:
    parts = [s for s in (facts.budget.stated, facts.ledger.stated) if len(s)]
    return pd.concat(parts, ignore_index=True) if parts else facts.budget.stated


def _tail(row: Any) -> bool:
    gap, parts, unit = abs(row.stated - row.items), row.parts, row.unit_fen
    return bool(unit > 1 and 2 * gap < (parts + 1) * unit)


def ties(row: Any, stated: pd.DataFrame) -> bool:
    """Whether a total ties with its items, or with the subtotals printed above it."""
    gap = row.stated - row.items
    if gap == 0 or _tail(row):
        return True
    same = stated[
        (stated["file"] == row.file)
        & (stated["sheet"] == row.sheet)
        & (stated["column"] == row.column)
        & (stated["row"] != row.row)
    ]
    below = same[same["scope"] != "total"]
    if row.scope != "total":
        below = below[(below["category"] == row.category) & (below["group"] != "")]
        if row.group:
            return False
    for level in (below[below["group"] == ""], below[below["group"] != ""]):
        inherited = int((level["stated"] - level["items"]).sum())
        if inherited and abs(gap - inherited) * 2 < (len(level) + 1) * row.unit_fen:
            return True
    return False


def _also(rows: list[Any]) -> dict[str, str]:
    if not rows:
        return {"zh": "", "en": ""}
    row = rows[0]
    facts = {"header": row.header, "cell": row.cell}
    return {
        lang: wording.fill(wording.text("also-in", lang), {**facts, "stated": wording.amount(row.stated, lang)})
        for lang in ("zh", "en")
    }


def _column(cell: str) -> int:
    from reconcile.read.ooxml import column_number

    return column_number("".join(c for c in cell if c.isalpha()))


RULES = (
    unreadable_amount,
    error_cell,
    uncalculated_formula,
    unit_unknown,
    repeated_table,
    hidden_data,
    truncated_export,
    ambiguous_date,
    balance_break,
    total_mismatch,
)

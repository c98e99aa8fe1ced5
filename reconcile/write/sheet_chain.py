"""The budget chain as cells: available, spending, remaining and rate, every one a live formula."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reconcile import frames
from reconcile.write import sheet_data as data
from reconcile.write.sheet_data import Base, Span
from reconcile.write.sheet_page import Amount, Column, Page, area, cell, on, quoted
from reconcile.write.sheet_plan import Line, added

FLOWS = frames.CHAIN[:4]
CHAIN_COLUMNS = (
    *(Column(c, "cell money", 12, 20) for c in (*FLOWS, "available", "actual", "remaining")),
    Column("rate", "cell rate", 9, 12),
)

COLUMNS = (*FLOWS, "available", "actual", "remaining", "rate")


@dataclass(frozen=True)
class Figures:
    """The exact figures of one written row: what its cells show."""

    row: int
    flows: Mapping[str, int | None]
    available: Amount
    actual: int


@dataclass(frozen=True)
class Table:
    """A written table: its rows by key, and its total row."""

    page: Page
    at: int
    rows: Mapping[str, Figures]
    total: Figures

    def ref(self, figures: Figures, name: str) -> str:
        """A reference from another sheet to one figure of a row."""
        return on(self.page.name, cell(figures.row, self.at + COLUMNS.index(name), fixed=True))


def remaining_of(available: Amount, actual: int, unreadable: str, absent: tuple[str, ...] = ()) -> Amount:
    if isinstance(available, str):
        return available if available == unreadable or available in absent else -actual
    return available - actual


def rate_of(available: Amount, actual: int, zero: str) -> str | float:
    if isinstance(available, str):
        return available
    return (actual / 100) / (available / 100) if available else zero


def write_chain(
    page: Page, at: int, figures: Figures, formulas: Mapping[str, str], style: str = "", *, unsplit: bool = False
) -> None:
    """The eight money cells of a row: the chain, available, actual, remaining and the rate."""
    say, row = page.say, figures.row
    bad, zero = say("unreadable"), say("zero-budget")
    style = style.split()[0] if style else ""  # an indent is for the label alone
    for n, name in enumerate(FLOWS):
        value = figures.flows[name]
        page.formula(row, at + n, formulas[name], bad if value is None else value, f"cell money {style}".strip())
    budget, spent = cell(row, at + 4), cell(row, at + 5)
    page.formula(row, at + 4, formulas["available"], figures.available, f"cell money {style}".strip())
    page.formula(row, at + 5, formulas["actual"], figures.actual, f"cell money {style}".strip())
    rest = remaining_of(figures.available, figures.actual, bad, (say("not-split"),) if unsplit else ())
    keep = f"ISTEXT({budget})" if unsplit else f"{budget}={quoted(bad)}"
    page.formula(row, at + 6, f"IF({keep},{budget},ROUND(N({budget})-{spent},2))", rest, f"cell money {style}".strip())
    page.formula(
        row,
        at + 7,
        rate_formula(budget, spent, zero),
        rate_of(figures.available, figures.actual, zero),
        f"cell rate {style}".strip(),
    )


def rate_formula(budget: str, spent: str, zero: str) -> str:
    return f"IF(ISNUMBER({budget}),IF({budget}=0,{quoted(zero)},{spent}/{budget}),{budget})"


def line_formulas(
    page: Page, row: int, at: int, key: str, lines: Span, line_column: int, entries: Base, level: str, absent: str
) -> dict[str, str]:
    """The formulas of a row that adds up the data sheets by its key."""
    say = page.say
    found = {name: data.planned(lines, key, line_column, name, say) for name in FLOWS}
    chain = [cell(row, at + n) for n in range(4)]
    found["available"] = data.available(lines, key, line_column, absent, say, chain)
    found["actual"] = entries.spent(**{level: key})
    return found


def sum_formulas(page: Page, at: int, rows: list[int], scan: tuple[int, int]) -> dict[str, str]:
    """The formulas of a row that adds up other rows; `scan` is where an unreadable part would stand."""
    say, found = page.say, {}
    bad, none = quoted(say("unreadable")), quoted(say("no-budget"))
    whole = rows == list(range(rows[0], rows[-1] + 1))
    for n, name in enumerate(COLUMNS[:6]):
        cells = area(rows[0], rows[-1], at + n) if whole else ",".join(cell(r, at + n) for r in rows)
        total = f"ROUND(SUM({cells}),2)"
        if name == "available":
            total = f"IF(COUNT({cells})=0,{none},{total})"
        found[name] = total if name == "actual" else f"IF(COUNTIF({area(*scan, at + n)},{bad})>0,{bad},{total})"
    return found


def sum_figures(page: Page, row: int, parts: list[Figures]) -> Figures:
    say = page.say
    bad, none = say("unreadable"), say("no-budget")
    known = [p.available for p in parts if isinstance(p.available, int)]
    budget: Amount = bad if any(p.available == bad for p in parts) else sum(known) if known else none
    return Figures(row, {n: added(p.flows[n] for p in parts) for n in FLOWS}, budget, sum(p.actual for p in parts))


def line_figures(page: Page, row: int, line: Line, absent: str) -> Figures:
    return Figures(row, {n: line.chain[n] for n in FLOWS}, data.budget_amount(line, absent, page.say), line.actual)

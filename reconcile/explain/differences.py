"""For each kind of finding: which figures and which parts its difference is sought in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from reconcile.check.contract_text import months
from reconcile.check.vouchers import SIDES, sides
from reconcile.explain import search
from reconcile.explain.candidate import Candidate, Strength
from reconcile.explain.causes import FEW, of_figures, of_parts, of_tail, rated
from reconcile.explain.context import Context, Position
from reconcile.explain.parts import Parts, items, lines, vouchers
from reconcile.finding import Finding
from reconcile.wording import Amount

MISWRITTEN = ("part-unit", "part-unit-small", "part-transposed")
ROWS_AMONG = 20_000
"""Totals over more rows of a ledger are not searched for one that makes the gap."""
Builder = Callable[[Context, Finding], Iterator[Candidate]]


def overspent(context: Context, finding: Finding) -> Iterator[Candidate]:
    """Over budget by a gap: among the project's vouchers, and the other projects' positions."""
    gap = finding.difference
    if not gap or finding.actual is None or finding.expected is None:
        return
    parts = context.spent_on(finding.subject)
    yield from of_parts(finding, gap, parts)
    yield from _of_next_period(context, finding, gap, parts)
    yield from _of_positions(context, finding, gap)
    yield from _likeness(finding)
    count, unit_fen = context.printed(finding.subject)
    if count:
        yield from of_tail(finding, gap, count - 1, unit_fen)


def _of_next_period(context: Context, finding: Finding, gap: int, parts: Parts) -> Iterator[Candidate]:
    """A voucher of the gap whose memo names a month after the period."""
    period = context.facts.tie.period
    for at in search.equal(parts.amounts, gap):
        date = parts.date(int(at))
        span = months(parts.memo(int(at)), date) if date else None
        if span and (span[0].year, span[0].month) > (period.year, period.last_month):
            facts = {"part": parts.name(int(at)), "memo": parts.memo(int(at))}
            yield Candidate(finding.key, "next-period-memo", Strength.STRONG, gap, parts.origin(int(at)), facts)


def _of_positions(context: Context, finding: Finding, gap: int) -> Iterator[Candidate]:
    """Projects that are short of just what this one is over, or with which it is swapped."""
    own = context.position(finding.subject)
    near = {n for n, _ in context.facts.matched.nearest(finding.subject, 3, context.facts.settings.near_score)}
    fits = [p for p in context.positions if p.name != finding.subject and p.remaining == gap]
    for other in context.positions:
        if own and other.name != own.name and _swapped(own, other):
            yield _position(context, finding, "swapped-projects", Strength.STRONG, own.actual, other)
    for other in fits if len(fits) <= FEW else ():
        alike = other.name in near and (own is None or not own.in_budget)
        strength = Strength.STRONG if alike else Strength.POSSIBLE if len(fits) == 1 else Strength.WEAK
        yield _position(context, finding, "other-project", strength, gap, other)


def _swapped(one: Position, other: Position) -> bool:
    """Whether each was spent what the other may spend, and neither would else be right."""
    if not (one.in_budget and other.in_budget) or one.available is None or other.available is None:
        return False
    return one.actual == other.available != one.available == other.actual and one.actual != 0


def _position(
    context: Context, finding: Finding, kind: str, strength: Strength, amount: int, other: Position
) -> Candidate:
    origin = context.facts.budget_origin(other.name)
    return Candidate(finding.key, kind, strength, amount, origin, {"project": other.name})


def underspent(context: Context, finding: Finding) -> Iterator[Candidate]:
    """Less spent than budgeted: what is missing may stand elsewhere, under another name, or in the next period."""
    if finding.expected is None or finding.actual is None or finding.actual >= finding.expected:
        return
    rest = finding.expected - finding.actual
    own = context.position(finding.subject)
    for other in context.positions:
        if own and other.name != own.name and _swapped(own, other):
            yield _position(context, finding, "swapped-projects", Strength.STRONG, own.actual, other)
        elif other.name != finding.subject and _over(other) == rest:
            strength = Strength.STRONG if _alike(context, finding.subject, other) else Strength.POSSIBLE
            kind = "charged-there" if other.in_budget else "under-another-name"
            yield _position(context, finding, kind, strength, rest, other)
    loose = context.facts.tie.entries
    loose = vouchers(context.facts, loose[loose["category"] == "undetermined"])
    later = context.later
    later = vouchers(context.facts, later[later["project"] == finding.subject])
    for kind, parts in (("undetermined-voucher", loose), ("next-period", later)):
        for at, strength in rated(search.equal(parts.amounts, rest)):
            yield Candidate(finding.key, kind, strength, rest, parts.origin(at), {"part": parts.name(at)})
    yield from _likeness(finding)


def _over(position: Position) -> int:
    """What a project was spent above its budget, or without one."""
    if not position.in_budget:
        return position.actual
    return -position.remaining if position.remaining is not None and position.remaining < 0 else 0


def _alike(context: Context, name: str, other: Position) -> bool:
    if other.in_budget:
        return False
    offered = context.facts.matched.nearest(other.name, 3, context.facts.settings.near_score)
    return name in {n for n, _ in offered}


def _likeness(finding: Finding) -> Iterator[Candidate]:
    """Budget and spending need not be equal: that they look alike is possible evidence, no more."""
    for one in of_figures(finding, finding.expected or 0, finding.actual or 0):
        if one.kind != "sign":
            yield replace(one, strength=Strength.POSSIBLE)


def total(context: Context, finding: Finding) -> Iterator[Candidate]:
    """A stated total that misses its items: the figures, the items, the tail, and the carryover beside."""
    gap = finding.difference
    if not gap or finding.expected is None or finding.actual is None:
        return
    yield from of_figures(finding, finding.expected, finding.actual)
    row = _stated(context, finding)
    if row is None:
        return
    yield from of_tail(finding, gap, int(row["parts"]), int(row["unit_fen"]))
    parts = _items_of(context, row)
    if parts is None or int(parts.amounts.sum()) != row["items"]:
        return
    yield from of_parts(finding, -gap, parts, "item-left-out", "items-left-out")
    for at, strength in rated(search.equal(parts.amounts, gap)):
        yield Candidate(finding.key, "item-twice", strength, gap, parts.origin(at), {"part": parts.name(at)})
    budget = context.facts.budget.fen
    if row["column"] != "carryover" and len(budget) and not budget["carryover"].isna().any():
        carried = int(budget["carryover"].sum())
        if carried and abs(gap) == carried:
            kind = "carryover-in" if gap > 0 else "carryover-out"
            yield Candidate(finding.key, kind, Strength.POSSIBLE, gap, finding.origin)


def _stated(context: Context, finding: Finding) -> pd.Series | None:
    at = finding.origin
    for frame in (context.facts.budget.stated, context.facts.ledger.stated):
        if len(frame):
            own = frame[(frame["file"] == at.file) & (frame["sheet"] == at.sheet) & (frame["row"] == at.row)]
            own = own[(own["stated"] == finding.actual) & (own["items"] == finding.expected)]
            if len(own):
                return own.iloc[0]
    return None


def _items_of(context: Context, row: pd.Series) -> Parts | None:
    """The items that a stated total covers, where their sum proves that these are they."""
    budget = context.facts.budget.fen
    own = budget[(budget["file"] == row["file"]) & (budget["sheet"] == row["sheet"])]
    columns = [c for c in (row["column"], "available", "original") if c in own]
    scopes = [own[own["row"] < row["row"]], own[own["category"] == row["category"]], own]
    scopes.append(scopes[1][scopes[1]["group"] == row["group"]] if "group" in own else scopes[1])
    for scope in scopes:
        for column in columns:
            if len(scope) and not scope[column].isna().any() and int(scope[column].sum()) == row["items"]:
                return items(context.facts, scope, column)
    rows = context.sheet_rows(str(row["file"]), str(row["sheet"]))
    if 0 < len(rows) <= ROWS_AMONG and row["column"] in ("debit", "credit"):
        return lines(context.facts, context.facts.ledger.fen.iloc[rows], str(row["column"]))
    return None


def voucher(context: Context, finding: Finding) -> Iterator[Candidate]:
    """Debits and credits of one voucher: its lines, and another voucher that misses the opposite."""
    gap, at = finding.difference, finding.origin
    place = context.entry_at(at.file, at.sheet, at.row)
    if not gap or place is None:
        return
    for other in context.unbalanced:
        if other.key != finding.key and other.difference == -gap and _side(other) == _side(finding):
            facts = {"other": other.subject}
            yield Candidate(finding.key, "other-voucher", Strength.STRONG, gap, other.origin, facts)
    own = context.facts.ledger.fen[context.groups == context.groups[place]]
    own = own[sides(own) == SIDES.index(_side(finding))]
    for side, excess in (("credit", gap), ("debit", -gap)):
        parts = lines(context.facts, own, side)
        found = of_parts(finding, excess, parts, "line-alone", "lines-alone")
        yield from (c for c in found if c.kind != "part-sign")
        for line, strength in rated(search.with_wrong_sign(parts.amounts, excess)):
            facts = {"part": parts.name(line)}
            yield Candidate(finding.key, "wrong-side", strength, excess // 2, parts.origin(line), facts)


def _side(finding: Finding) -> str:
    return finding.detail.partition("|")[0]


def balance(context: Context, finding: Finding) -> Iterator[Candidate]:
    """A running balance that breaks: the figures, and what its own line moved."""
    gap, at = finding.difference, finding.origin
    if not gap or finding.expected is None or finding.actual is None:
        return
    yield from of_figures(finding, finding.expected, finding.actual)
    place = context.entry_at(at.file, at.sheet, at.row)
    if place is None:
        return
    entry = context.facts.ledger.fen.iloc[[place]]
    own = lines(context.facts, entry, "net")
    moved = int(own.amounts.sum())
    if moved and abs(gap) == abs(moved):
        yield Candidate(finding.key, "not-moved", Strength.STRONG, gap, finding.origin)
    if moved and abs(gap) == 2 * abs(moved):
        yield Candidate(finding.key, "moved-backwards", Strength.STRONG, gap, finding.origin)
    for sign in (1, -1):
        yield from (c for c in of_parts(finding, sign * gap, own) if c.kind in MISWRITTEN)
    rows = context.sheet_rows(at.file, at.sheet)
    near = rows[np.abs(rows - place) <= 1]
    near = near[near != place]
    parts = lines(context.facts, context.facts.ledger.fen.iloc[near], "net")
    for found in np.flatnonzero(np.abs(parts.amounts) == abs(gap)):
        facts = {"part": parts.name(int(found))}
        yield Candidate(finding.key, "neighbour", Strength.POSSIBLE, gap, parts.origin(int(found)), facts)


def identity(context: Context, finding: Finding) -> Iterator[Candidate]:
    """A printed figure that is not what its parts make: the figures, and one part left out or turned round."""
    gap = finding.difference
    if not gap or finding.expected is None or finding.actual is None:
        return
    yield from of_figures(finding, finding.expected, finding.actual)
    at, budget = finding.origin, context.facts.budget.fen
    own = budget[(budget["file"] == at.file) & (budget["sheet"] == at.sheet) & (budget["row"] == at.row)]
    for column in ("carryover", "original", "increase", "decrease"):
        if len(own) != 1 or own[column].isna().any():
            return
        part, sign = int(own[column].iloc[0]), -1 if column == "decrease" else 1
        for kind, moved in (("chain-left-out", -sign * part), ("chain-turned", -2 * sign * part)):
            if part and gap == moved:
                origin = context.facts.origin(at.file, at.sheet, at.row, column, kind="budget")
                yield Candidate(finding.key, kind, Strength.STRONG, gap, origin, {"part": Amount(part)})


def figures(context: Context, finding: Finding) -> Iterator[Candidate]:
    """Two figures that should be one."""
    if finding.difference and finding.expected is not None and finding.actual is not None:
        yield from of_figures(finding, finding.expected, finding.actual)


def contract(context: Context, finding: Finding) -> Iterator[Candidate]:
    """Paid above a contract: among the vouchers that the contract was paid by."""
    if not finding.difference:
        return
    yield from figures(context, finding)
    pay, facts = context.facts.payments, context.facts
    own = [a.at for a in facts.agreements if (a.subject, a.number) == (finding.subject, finding.detail)]
    entries = pay.lines[pay.lines["contract"].isin(own)]
    yield from of_parts(finding, finding.difference, vouchers(facts, entries[facts.tie.entries.columns]))


BUILDERS: Mapping[str, Builder] = {
    "over-budget": overspent,
    "unbudgeted-spending": overspent,
    "unmatched-project": overspent,
    "no-spending": underspent,
    "low-execution": underspent,
    "total-mismatch": total,
    "unbalanced-voucher": voucher,
    "balance-break": balance,
    "balance-identity": identity,
    "contract-overpaid": contract,
    "contract-unpaid": figures,
    "contract-quantity": figures,
    "claim-mismatch": figures,
    "repeated-figure-differs": figures,
}

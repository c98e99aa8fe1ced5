"""What the templates of the report section may say: rows, groups and findings of a result, every number a Figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pandas as pd

from reconcile import frames, wording
from reconcile.finding import Finding
from reconcile.forecast import forecast
from reconcile.result import Result
from reconcile.write.figure import Fact, Figure, Key, Missing, Phrases, Text, plain, said
from reconcile.write.settlement import Settled, settled

TOP_ITEMS = 3
MOST_PROBLEMS = 50
"""Findings that the section tells; the workbook lists them all."""
WHY = {
    "low-execution": "unspent",
    "no-spending": "unspent",
    "behind-schedule": "behind",
    "over-budget": "over",
    "unbudgeted-spending": "unbudgeted",
}
"""Findings that ask for a reason, and what the reason is of."""


@dataclass(frozen=True)
class Row:
    """The whole, a category or a project.

    state: `ok`; `zero`, a budget of 0; `absent`, no budget line; `unreadable`, a budget cell that is no amount.  A
    rate that cannot be told is None, which a template must not print.  reason_of: what `reason` explains, '' for none.
    """

    name: Fact | str
    state: str
    carryover: Fact
    original: Fact
    increase: Fact
    decrease: Fact
    available: Fact
    actual: Figure
    remaining: Fact
    rate: Figure | None
    share: Figure | None = None
    original_rate: Figure | None = None
    reason: Fact | None = None
    reason_of: str = ""
    settled: tuple[Settled, ...] = ()

    @property
    def over(self) -> bool:
        return isinstance(self.remaining, Figure) and self.remaining.is_negative

    @property
    def all_carried(self) -> bool:
        return isinstance(self.carryover, Figure) and bool(self.carryover) and self.carryover.exact == self._budget

    @property
    def against_original(self) -> int:
        """1 where more was spent than first budgeted, −1 where less, 0 where as much or where it cannot be told."""
        gap = self.actual.exact - self.original.exact if isinstance(self.original, Figure) else 0
        return (gap > 0) - (gap < 0)

    @property
    def _budget(self) -> int | Decimal | None:
        return self.available.exact if isinstance(self.available, Figure) else None


@dataclass(frozen=True)
class Group:
    """Basic spending of one group with the names of its largest classes; `more` where there are others."""

    kind: str
    name: str
    actual: Figure
    items: Fact | str
    more: bool


@dataclass(frozen=True)
class Problem:
    """A finding; `number` is its number in the workbook's list."""

    key: str
    severity: str
    title: Fact | str
    message: Text
    number: Figure


class Rows:
    """Rows of a result as facts."""

    def __init__(self, result: Result, say: Phrases, reasons: Mapping[str, str]) -> None:
        self.result, self.say, self.reasons = result, say, reasons
        self.asked: dict[str, Finding] = {}
        for f in result.problems:
            if f.code in WHY:
                self.asked.setdefault(f.subject, f)

    def row(self, key: Key, name: Fact | str, values: Mapping[str, Any], planned: bool, **more: Any) -> Row:
        """A row from the chain (分, <NA> or None where unreadable) and `actual`."""
        title = name.text if isinstance(name, Text) else str(name)

        def fact(column: str) -> Fact:
            value = values[column]
            if value is None or value is pd.NA:
                what = wording.text(f"col-{column}", self.say.language, "workbook")
                return Missing(self.say("what-budget", name=title, column=what), "wan")
            return Figure((*key, column), int(value))

        carryover, original, increase, decrease, available, remaining = map(fact, (*frames.CHAIN, "remaining"))
        actual = Figure((*key, "actual"), int(values["actual"]))
        unread = isinstance(available, Missing)
        state = "unreadable" if unread else "absent" if not planned else "ok" if available else "zero"
        rate = None
        if state == "ok" and isinstance(available, Figure):
            rate = Figure((*key, "rate"), actual.exact, "rate", int(available.exact))
        flows = carryover, original, increase, decrease, available
        return Row(name, state, *flows, actual, remaining, rate, **more)

    def total(self) -> Row:
        values = self.result.tie.totals
        original, actual = values["original"], values["actual"] or 0
        rate = None
        if original:
            parts: tuple[Key, ...] = (("total", "actual"), ("total", "original"))
            rate = Figure(("own", "original-rate"), actual, "rate", original, formula="{0}/{1}", parts=parts)
        row_name = self.say("whole")
        row = self.row(("total",), row_name, values, len(self.result.budget.fen) > 0, original_rate=rate)
        if row.state in ("ok", "zero") and row.against_original and self.result.period.is_whole_year:
            return replace(row, reason=self.reason("total", row_name, "total"), reason_of="total")
        return row

    def categories(self) -> dict[str, Row]:
        total, planned = self.result.tie.totals["actual"] or 0, set(self.result.budget.fen["category"])
        found = {}
        for row in self.result.tie.by_category.to_dict("records"):
            name = str(row["category"])
            key = ("category", name)
            share = Figure((*key, "share"), int(row["actual"]), "rate", total) if total else None
            words = wording.text(f"category-{name}", self.say.language)
            found[name] = self.row(
                key, words if self.say.language == "zh" else words.lower(), row, name in planned, share=share
            )
        return found

    def projects(self) -> list[Row]:
        """Project spending, one row a project, in the order of the budget."""
        found = []
        for number, row in enumerate(self.result.tie.by_project.to_dict("records")):
            if row["category"] != "project":
                continue
            key, title = ("project", str(number)), plain(row["project"])
            if title == wording.text("no-project"):
                title = wording.text("no-project", self.say.language)
            asked = self.asked.get(str(row["project"]))
            why = WHY[asked.code] if asked else ""
            found.append(
                self.row(
                    key,
                    said((*key, "name"), title),
                    row,
                    bool(row["in_budget"]),
                    reason=self.reason(asked.key, title, why) if asked else None,
                    reason_of=why,
                    settled=settled(self.result, str(row["project"]), int(row["actual"]), self.say),
                )
            )
        return found

    def unnamed(self, category: Row, projects: list[Row]) -> Figure | None:
        """Project budget in lines that name no project; None where there is none or it cannot be told."""
        budgets = [p.available for p in projects if p.state != "absent"]
        if not isinstance(category.available, Figure) or not all(isinstance(b, Figure) for b in budgets):
            return None
        rest = int(category.available.exact) - sum(int(b.exact) for b in budgets if isinstance(b, Figure))
        return Figure(("project", "unnamed", "available"), rest) if rest else None

    def reason(self, key: str, name: str, why: str) -> Fact:
        """What a person wrote for a finding (by its key) or a project (by its name); else 【待补】."""
        given = self.reasons.get(key) or self.reasons.get(name)
        if given:
            return Text(("given", key), plain(given).rstrip("。．.；; "))
        return Missing(self.say("what-reason", reason=self.say(f"reason-{why}"), name=name))


def groups(result: Result, say: Phrases) -> list[Group]:
    """Basic spending by group (personnel, operating, then what names no class), the largest classes first; none without
    classes."""
    items = result.tie.by_item
    items = items[(items["category"] == "basic") & (items["actual"] != 0)]
    if not items["group"].ne("").any():
        return []
    found = []
    for kind in ("personnel", "operating", ""):
        lines = items[items["group"] == kind].sort_values("actual", ascending=False, kind="stable")
        if not len(lines):
            continue
        actual = Figure(("group", kind, "actual"), int(lines["actual"].sum()))
        names = [plain(n) for n in lines["item"].head(TOP_ITEMS) if n]
        named = said(("own", f"classes-{kind}"), say("list-joint").join(names)) if kind else ""
        words = wording.text(f"group-{kind}", say.language) if kind else say("group-rest")
        words = words if say.language == "zh" else words.lower()
        found.append(Group(kind, words, actual, named, len(lines) > TOP_ITEMS))
    return found


def problems(result: Result, say: Phrases) -> list[Problem]:
    """The findings, the gravest first, no more than MOST_PROBLEMS."""
    found = []
    for number, f in enumerate(result.problems[:MOST_PROBLEMS]):
        title = plain(wording.finding(f.code)[f"title_{say.language}"])
        at = str(number)
        found.append(
            Problem(
                f.key,
                say(f"severity-{f.level}"),
                said(("finding", f.key, "title", at), title),
                Text(("finding", f.key, "message", at), plain(f.message(say.language))),
                Figure(("finding", f.key, "number", at), number + 1, "count"),
            )
        )
    return found


def gap(result: Result) -> dict[str, Figure]:
    """The project total that the budget prints and the sum of its items, where a finding says that they differ."""
    stated = result.budget.stated
    rows = stated[(stated["category"] == "project") & (stated["group"] == "") & (stated["column"] == "original")]
    told = {
        (f.origin.sheet, f.origin.row, f.expected, f.actual): (n, f)
        for n, f in enumerate(result.problems[:MOST_PROBLEMS])
        if f.code == "total-mismatch"
    }
    for row in rows.itertuples():
        if (row.sheet, row.row, row.items, row.stated) in told:
            number, f = told[row.sheet, row.row, row.items, row.stated]

            def key(column: str, number: int = number, f: Finding = f) -> Key:
                return "finding", f.key, column, str(number)

            return {
                "stated": Figure(key("found-amount"), row.stated),
                "parts": Figure(key("expected"), row.items),
                "difference": abs(Figure(key("difference"), row.stated - row.items)),
                "number": Figure(key("number"), number + 1, "count"),
            }
    return {}


def ahead(result: Result) -> dict[str, Figure]:
    """Where the pace so far would lead, for a part of the year with a budget."""
    if result.period.is_whole_year:
        return {}
    row = forecast(result.tie.by_project, result.tie.by_category, result.period).iloc[0]
    if row["available"] is pd.NA or row["available"] == 0:
        return {}
    available, month, end = int(row["available"]), result.period.last_month, int(row["forecast"])
    spent: tuple[Key, ...] = (("total", "actual"),)
    parts: tuple[Key, ...] = (("own", "forecast"), ("total", "available"))
    return {
        "amount": Figure(("own", "forecast"), end, formula=f"ROUND({{0}}/{month}*12,2)", parts=spent),
        "rate": Figure(("own", "forecast-rate"), end, "rate", available, formula="{0}/{1}", parts=parts),
        "schedule": Figure(("schedule",), month, "rate", 12),
        "month": Figure(("own", "month"), month, "count"),
    }

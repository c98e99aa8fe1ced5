"""The summary section of the report, from the result alone: parts 二 and 三（一）（二）."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pandas as pd

from reconcile import money, wording
from reconcile.finding import Origin
from reconcile.forecast import forecast
from reconcile.result import Result
from reconcile.settings import Settings

TOP_ITEMS = 3
_OFFICE = re.compile(r"(?:单位|部门)(?:名称)?\s*[:：]\s*[\[【(（]?[\d\s_-]*[\]】)）]?\s*([^\s\d（(:：,，;；|]+)")
"""`编制单位：301001 某某局（公章）  金额单位：万元` names 某某局, then 万元."""


def render(result: Result, language: str = "zh") -> str:
    """The section in Markdown.  Amounts in 万元 with two decimals, rates from exact amounts.

    Raises LoadError for a language that there is not.
    """
    say = _Phrases(Settings(language=language).language)
    total = result.tie.totals
    actual = total["actual"] or 0
    label = result.period.label(language)
    common = {
        "year": result.period.year,
        "actual": say.wan(actual),
        "period": label,
        "span": say("span") if result.period.is_whole_year else label,
        "when": say("whole-year", year=result.period.year) if result.period.is_whole_year else label,
    }
    period = "" if result.period.is_whole_year else say("period", label=label)
    income = total["income"]
    lead = say("no-income", **common) if income is None else say("income", amount=say.wan(income), **common)
    lines = [
        say("title", year=result.period.year, unit=unit_name(result), period=period),
        say("overall-heading"),
        say(
            "overall" if result.period.is_whole_year else "overall-part",
            **{**common, "income": lead},
            parts=_parts(result, say),
        ),
        _forecast(result, say),
        say("use-heading"),
        say("basic-heading"),
        _basic(result, say, common),
        say("project-heading"),
        _share(result, "project", "project-overall", say, common),
        *_projects(result, say, common),
        *_apart(result, say),
        say("problems-heading"),
        *_problems(result, say),
        say("tail-note" if any(f.code == "rounding-tail" for f in result.problems) else "unit-note"),
    ]
    return "\n\n".join(line for line in lines if line) + "\n"


class _Phrases:
    """Sentences of data/summary.toml in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, key: str, **facts: object) -> str:
        return wording.fill(wording.text(key, self.language, "summary"), facts)

    def wan(self, fen: int) -> str:
        return money.trimmed(money.in_unit(fen, "万元"))

    def yuan(self, fen: int) -> str:
        return money.trimmed(money.in_unit(fen, "元"))

    def rate(self, part: int, whole: int) -> str:
        found = money.percent(part, whole)
        return "—" if found is None else money.trimmed(found)

    def category(self, name: str) -> str:
        """The category inside a sentence."""
        return wording.text(f"category-{name}", self.language).lower()


def unit_name(result: Result) -> str:
    """The office: as set, or as a title row of the files names it."""
    if result.settings.unit_name:
        return result.settings.unit_name
    titles = (text for table in (*result.budget.tables, *result.ledger.tables) for text in table.header.titles)
    named = (name for text in titles for name in _OFFICE.findall(text))
    return next((name for name in named if not name.endswith(tuple(money.UNITS))), "")


def _forecast(result: Result, say: _Phrases) -> str:
    """Where the pace so far would lead, for a part of the year."""
    if result.period.is_whole_year:
        return ""
    row = forecast(result.tie.by_project, result.tie.by_category, result.period).iloc[0]
    if row["available"] is pd.NA or row["available"] == 0:
        return ""
    available, actual, ahead = int(row["available"]), int(row["actual"]), int(row["forecast"])
    rates = {"rate": say.rate(actual, available), "schedule": say.rate(result.period.last_month, 12)}
    return say(
        "forecast", month=result.period.last_month, amount=say.wan(ahead), end=say.rate(ahead, available), **rates
    )


def _spent(result: Result, category: str) -> int:
    return result.tie.totals[category] or 0


def _parts(result: Result, say: _Phrases) -> str:
    actual = result.tie.totals["actual"] or 0
    return say("part-joint").join(
        say(
            "part",
            name=say.category(str(c)),
            amount=say.wan(_spent(result, str(c))),
            share=say.rate(_spent(result, str(c)), actual),
        )
        for c in result.tie.by_category["category"]
    )


def _share(result: Result, category: str, key: str, say: _Phrases, common: dict[str, object], **more: object) -> str:
    spent, actual = _spent(result, category), result.tie.totals["actual"] or 0
    return say(key, **common, amount=say.wan(spent), share=say.rate(spent, actual), **more)


def _basic(result: Result, say: _Phrases, common: dict[str, object]) -> str:
    items = result.tie.by_item
    items = items[(items["category"] == "basic") & (items["actual"] != 0)]
    parts = {}
    for group in ("personnel", "operating"):
        lines = items[items["group"] == group].sort_values("actual", ascending=False, kind="stable")
        if len(lines):
            names = say("list-joint").join(lines["item"].head(TOP_ITEMS))
            parts[group] = say(group, items=names, amount=say.wan(int(lines["actual"].sum())))
    groups = ""
    if parts:
        joint = say("groups-joint") if len(parts) == 2 else ""
        groups = say("groups", personnel=parts.get("personnel", ""), operating=parts.get("operating", ""), joint=joint)
    return _share(result, "basic", "basic", say, common, groups=groups)


def _projects(result: Result, say: _Phrases, common: dict[str, object]) -> list[str]:
    category = result.tie.by_category.set_index("category").loc["project"]
    stated, gap = _stated_budget(result, say)
    original = category["original"]
    known = original is not pd.NA
    changed = known and (category["increase"] != 0 or category["decrease"] != 0)
    lines = [
        say(
            "project-use",
            **common,
            budget=stated or (say.wan(int(original)) if known else "【待补】"),
            gap=gap,
            carryover=say("carryover", amount=say.wan(int(category["carryover"])))
            if known and category["carryover"] != 0
            else "",
            changes=say(
                "changes", increase=say.wan(int(category["increase"])), decrease=say.wan(int(category["decrease"]))
            )
            if changed
            else "",
            amount=say.wan(_spent(result, "project")),
        )
    ]
    rows = result.tie.by_project
    for number, row in enumerate(rows[rows["category"] == "project"].itertuples(), 1):
        lines.append(_project(result, number, row, say))
    if len(lines) > 1:
        lines[-1] = lines[-1][:-1] + say("stop")
    return lines


def _stated_budget(result: Result, say: _Phrases) -> tuple[str, str]:
    """The project total that the budget prints, and the gap to its items where they do not reach it."""
    stated = result.budget.stated
    rows = stated[(stated["category"] == "project") & (stated["group"] == "") & (stated["column"] == "original")]
    mismatched = {(f.origin.sheet, f.origin.row) for f in result.problems if f.code == "total-mismatch"}
    for row in rows.itertuples():
        if (row.sheet, row.row) in mismatched and row.stated != row.items:
            where = Origin(row.file, row.sheet, row.row, 0)
            facts = {
                "items": say.wan(row.items),
                "difference": say.wan(abs(row.stated - row.items)),
                "where": str(where).replace(f"!{row.row}", f"!{row.cell}"),
            }
            return say.wan(row.stated), say("gap", **facts)
    return "", ""


def _project(result: Result, number: int, row: Any, say: _Phrases) -> str:
    name, actual, available = row.project, int(row.actual), row.available
    facts: dict[str, object] = {
        "number": number,
        "name": name,
        "actual": say.wan(actual),
        "settled": _settled(result, name, actual, say),
    }
    if available is pd.NA:
        return say("project-unreadable", **facts)
    if not row.in_budget:
        return say("project-unbudgeted", **facts)
    if available == 0:
        return say("project-zero", **facts)
    facts |= {"budget": say.wan(int(available)), "rate": say.rate(actual, int(available))}
    if row.carryover:
        key = "project-all-carried" if row.carryover == available else "project-carried"
        return say(key, **facts, carryover=say.wan(int(row.carryover)))
    return say("project", **facts)


def _settled(result: Result, project: str, actual: int, say: _Phrases) -> str:
    """Quantity × unit price of the project's contracts beside what the ledger paid their suppliers."""
    if result.contracts is None:
        return ""
    contracts = result.contracts.fen
    own = contracts[
        (contracts["project"] == project) & contracts["unit_price"].notna() & contracts["settled_quantity"].notna()
    ]
    entries = result.tie.entries
    out, paid_together = "", 0
    for row in own.itertuples():
        paid = int(entries.loc[(entries["project"] == project) & (entries["payee"] == row.supplier), "amount"].sum())
        paid_together += paid
        quantity = Decimal(repr(row.settled_quantity))
        rest = actual - paid_together
        out += say(
            "settled",
            contract=row.name,
            price=say.yuan(int(row.unit_price)),
            measure=row.measure or say("measure"),
            quantity=money.trimmed(quantity.normalize()),
            total=say.yuan(money.round_half_up(quantity * int(row.unit_price))),
            paid=say.yuan(paid),
            rest=say("rest", amount=say.yuan(rest)) if rest > 0 and row.Index == own.index[-1] else "",
        )
    return out


def _apart(result: Result, say: _Phrases) -> list[str]:
    lines = []
    if len(result.tie.unassigned):
        lines.append(
            say(
                "apart",
                count=len(result.tie.unassigned),
                amount=say.wan(result.tie.totals["unassigned"] or 0),
                period=result.period.label(say.language),
            )
        )
    if result.tie.totals["undetermined"]:
        lines.append(say("undetermined", amount=say.wan(result.tie.totals["undetermined"] or 0)))
    return lines


def _problems(result: Result, say: _Phrases) -> list[str]:
    if not result.problems:
        return [say("no-problems")]
    return [
        "\n".join(
            say(
                "problem",
                number=n,
                severity=say(f"severity-{f.level}"),
                title=wording.finding(f.code)[f"title_{say.language}"],
                message=f.message(say.language),
            )
            for n, f in enumerate(result.problems, 1)
        )
    ]

"""The result as a rich table in a notebook."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd

from reconcile import money, wording
from reconcile.finding import Severity
from reconcile.result import Result

COLOURS = {Severity.ERROR: "#b3261e", Severity.WARNING: "#8a5a00", Severity.INFO: "#1f5f99"}
MARKS = {Severity.ERROR: "●", Severity.WARNING: "▲", Severity.INFO: "○"}
_CELL = "padding:3px 10px;border-bottom:1px solid #ddd;"


def render(result: Result) -> str:
    """HTML: headline, categories and projects in 万元 with rates, and the findings."""
    language = result.settings.language
    title = escape(result.period.label(language))
    rows = [
        _row(
            [wording.text(f"column-{c}", language) for c in ("name", "available", "actual", "remaining", "rate")],
            head=True,
        )
    ]
    for row in result.tie.by_category.itertuples():
        rows.append(_money_row(wording.text(f"category-{row.category}", language), row, bold=True))
        projects = result.tie.by_project
        for project in projects[projects["category"] == row.category].itertuples():
            rows.append(_money_row("　" + project.project, project, bold=False))
    whole = result.tie.totals
    rate = money.percent(whole["actual"] or 0, whole["available"]) if whole["available"] else None
    amounts = ["?" if whole[n] is None else _wan(whole[n] or 0) for n in ("available", "actual", "remaining")]
    rows.append(_row([wording.text("total", language), *amounts, "—" if rate is None else f"{rate}%"], bold=True))
    problems = (
        "".join(
            f'<li style="color:{COLOURS[f.level]};margin:2px 0">{MARKS[f.level]} '
            f"<b>{escape(wording.finding(f.code)[f'title_{language}'])}</b> "
            f'<span style="color:inherit">{escape(f.message(language))}</span></li>'
            for f in result.problems
        )
        or f"<li>{escape(wording.text('no-findings', language))}</li>"
    )
    counts = pd.Series([c.outcome.value for c in result.outcomes]).value_counts()
    summary = " · ".join(f"{wording.text('outcome-' + str(k), language)} {v}" for k, v in counts.items())
    return (
        f'<div style="font-family:sans-serif"><b>{title} · {escape(wording.text("in-wan", language))}</b>'
        f'<table style="border-collapse:collapse;margin:6px 0">{"".join(rows)}</table>'
        f'<div>{escape(summary)}</div><ul style="list-style:none;padding-left:0">{problems}</ul></div>'
    )


def _money_row(name: str, row: Any, *, bold: bool) -> str:
    available, actual = row.available, int(row.actual)
    if available is pd.NA:
        return _row([name, "?", _wan(actual), "?", "?"], bold=bold)
    rate = money.percent(actual, int(available))
    planned = _wan(int(available)) if getattr(row, "in_budget", True) else "—"
    return _row(
        [name, planned, _wan(actual), _wan(int(available) - actual), "—" if rate is None else f"{rate}%"], bold=bold
    )


def _wan(fen: int) -> str:
    return f"{money.in_unit(fen, '万元'):,}"


def _row(cells: list[str], *, head: bool = False, bold: bool = False) -> str:
    tag = "th" if head else "td"
    weight = "font-weight:bold;" if bold or head else ""
    return (
        "<tr>"
        + "".join(
            f'<{tag} style="{_CELL}{weight}text-align:{"left" if i == 0 else "right"}">{escape(str(c))}</{tag}>'
            for i, c in enumerate(cells)
        )
        + "</tr>"
    )

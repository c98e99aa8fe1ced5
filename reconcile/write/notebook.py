"""The result as a rich table in a notebook."""

from __future__ import annotations

from html import escape

import pandas as pd

from reconcile import wording
from reconcile.finding import Severity
from reconcile.result import Result
from reconcile.write import headline

COLOURS = {Severity.ERROR: "#b3261e", Severity.WARNING: "#8a5a00", Severity.INFO: "#1f5f99"}
_CELL = "padding:3px 10px;border-bottom:1px solid #ddd;"


def render(result: Result) -> str:
    """HTML: headline, categories and projects with rates, and the findings."""
    language = result.settings.language
    rows = [_row(headline.columns(language), head=True)]
    for line in headline.lines(result, language):
        indent = "　" if line.kind == "project" else ""
        rows.append(_row([f"{indent}{line.name}", *line.cells], bold=line.kind != "project"))
    found, more = headline.findings(result, language)
    items = [
        f'<li style="color:{COLOURS[finding.level]};margin:2px 0"><b>{escape(title)}</b> {escape(message)}</li>'
        for finding, title, message in found
    ]
    problems = "".join([*items, f"<li>{escape(more)}</li>" if more else ""])
    counts = pd.Series([c.outcome.value for c in result.outcomes]).value_counts()
    summary = " · ".join(f"{wording.text('outcome-' + str(k), language)} {v}" for k, v in counts.items())
    return (
        f'<div style="font-family:sans-serif"><b>{escape(headline.heading(result, language))}</b>'
        f'<table style="border-collapse:collapse;margin:6px 0">{"".join(rows)}</table>'
        f'<div>{escape(summary)}</div><ul style="list-style:none;padding-left:0">{problems}</ul></div>'
    )


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

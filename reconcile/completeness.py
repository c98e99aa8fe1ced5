"""Whether an export is whole: 导出本页 exports only the page on the screen and looks complete."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
import pandas as pd

from reconcile import wide
from reconcile.finding import Finding, Severity
from reconcile.read import dates, rows
from reconcile.read.table import Table

PAGE_SIZES = frozenset({10, 15, 20, 25, 30, 40, 50, 100, 150, 200, 300, 500, 1000})
_PERIOD = re.compile(r"((?:19|20)\d\d)[-.年/](\d{1,2})[-.月/]?\d{0,2}日?(?:至|~|-|—)+((?:19|20)\d\d)[-.年/](\d{1,2})")


def truncated(table: Table, entries: pd.DataFrame) -> list[Finding]:
    """R46: a journal of just a page's rows that does not balance, or ends months before its stated period does."""
    count = int((table.roles == rows.DATA).sum())
    if count not in PAGE_SIZES or (table.roles == rows.TOTAL).any():
        return []
    seen = {}
    debit, credit = int(entries["debit"].sum()), int(entries["credit"].sum())
    if debit and credit and debit != credit:
        seen = {"zh": f"只有{count}行，借贷不平", "en": f"only {count} rows, debits differ from credits"}
    last, stated = entries["date"].max(), _stated_end(table)
    if stated and last == last and last is not None and (last.year, last.month) < stated:
        end = f"{stated[0]}-{stated[1]:02d}"
        seen = {
            "zh": f"只有{count}行，最后一笔在{last:%Y-%m}，而期间到{end}",
            "en": f"only {count} rows, the last of {last:%Y-%m}, while the period runs to {end}",
        }
    if not seen:
        return []
    return [
        Finding(
            "truncated-export",
            table.sheet or table.file,
            table.origin(len(table.body) - 1),
            detail=table.file,
            params={"seen": seen},
        )
    ]


def without_spending(tables: Sequence[Table], entries: pd.DataFrame) -> list[Finding]:
    """R46: a ledger none of whose rows is spending: only 财务会计 was exported, or nothing at all."""
    if not tables or len(entries) == 0 or (wide.cells(entries, "role") != "other").any():
        return []
    accounts = sorted({a for a in wide.distinct(entries, "account_code") if a})[:5]
    shown = "、".join(accounts) or "—"
    seen = {
        "zh": f"{len(entries):,}行里没有预算会计的支出科目（7101、7201 等），只见 {shown}，支出按0计",
        "en": f"none of {len(entries):,} rows is on a budgetary spending account (7101, 7201 …), only {shown}: spending is 0",
    }
    table = tables[0]
    return [
        Finding(
            "truncated-export",
            table.sheet or table.file,
            table.origin(0),
            severity=Severity.ERROR,
            detail=f"{table.file}|no-spending",
            params={"seen": seen},
        )
    ]


def _stated_end(table: Table) -> tuple[int, int] | None:
    for title in table.header.titles:
        found = _PERIOD.search(unicodedata.normalize("NFKC", title).replace(" ", ""))
        if found:
            return int(found[3]), int(found[4])
    return (table.header.year, 12) if table.header.year else None


def dates_two_ways(table: Table) -> list[Finding]:
    """A column of dates of which nothing tells the day from the month; it is read day first."""
    values = table.raw("date")
    told = None if values is None else dates.two_ways(values[table.roles == rows.DATA])
    if told is None:
        return []
    seen, taken, other = told
    column = table.header.columns["date"]
    index = int(np.flatnonzero(table.raw("date") == seen)[0])
    return [
        Finding(
            "ambiguous-date",
            table.sheet or table.file,
            table.origin(index, "date"),
            detail=table.file,
            params={"header": column.header, "seen": seen, "taken": taken, "other_date": other},
        )
    ]

"""明细, 预算明细 and 未计入: the rows that every other sheet adds up."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from reconcile import frames
from reconcile.result import Result
from reconcile.write.sheet_page import Column, Page, Words, area, cell, on, quoted
from reconcile.write.sheet_plan import Line, Plan

ROWS_PER_SHEET = 1_000_000
"""Excel has 1,048,576 rows; what is more goes to another sheet."""

ENTRY_COLUMNS = (
    Column("date", "cell small date", 11, 12),
    Column("voucher", "cell small", 8, 14),
    Column("memo", "cell small wrap", 12, 40),
    Column("account-code", "cell small", 9, 14),
    Column("category", "cell small", 9, 14),
    Column("project", "cell small wrap", 10, 24),
    Column("class-code", "cell small", 9, 13),
    Column("class", "cell small wrap", 10, 28),
    Column("payee", "cell small wrap", 10, 38),
    Column("amount", "cell small money", 13, 20),
    Column("sheet", "cell small wrap", 8, 14),
    Column("row", "cell small plain", 6, 9),
    Column("account", "cell small", 10, 44),
    Column("debit", "cell small money", 13, 20),
    Column("credit", "cell small money", 13, 20),
    Column("file", "cell small", 10, 40),
    Column("evidence", "cell small", 12, 24),
    Column("key-month", "key", 8, 8),
    Column("key-category", "key", 8, 8),
    Column("key-project", "key", 8, 8),
    Column("key-class", "key", 8, 8),
)
ENTRY_PRINTED = 12
AMOUNT, DEBIT, CREDIT = 9, 13, 14
MONTH, CATEGORY, PROJECT, CLASS = 17, 18, 19, 20

LINE_COLUMNS = (
    Column("category", "cell", 9, 14),
    Column("group", "cell", 9, 14),
    Column("project-code", "cell", 8, 16),
    Column("project", "cell wrap", 10, 34),
    Column("class-code", "cell", 8, 14),
    Column("class", "cell wrap", 10, 32),
    *(Column(c, "cell money", 12, 22) for c in frames.CHAIN),
    Column("file", "cell small wrap", 8, 22),
    Column("sheet", "cell small wrap", 6, 16),
    Column("row", "cell small plain", 5, 9),
    Column("key-category", "key", 8, 8),
    Column("key-project", "key", 8, 8),
    Column("key-class", "key", 8, 8),
)
LINE_CODE = 2
LINE_PRINTED, LINE_CHAIN, LINE_CATEGORY, LINE_PROJECT, LINE_CLASS = 14, 6, 14, 15, 16

APART_COLUMNS = (
    Column("date", "cell date", 10, 12),
    Column("voucher", "cell", 9, 16),
    Column("memo", "cell wrap", 12, 36),
    Column("account-code", "cell", 8, 14),
    Column("account", "cell wrap", 10, 26),
    Column("project", "cell wrap", 8, 24),
    Column("amount", "cell money", 12, 20),
    Column("reason", "cell wrap", 10, 24),
    Column("file", "cell small wrap", 8, 20),
    Column("sheet", "cell small wrap", 6, 14),
    Column("row", "cell small plain", 5, 9),
)


@dataclass(frozen=True)
class Span:
    """The data rows (0-based) of a sheet that others add up."""

    sheet: str
    first: int
    last: int

    def column(self, col: int) -> str:
        ends = (cell(self.first, col, fixed=True), cell(self.last, col, fixed=True))
        return on(self.sheet, ":".join(ends))


def sums(spans: list[Span], amount: int, *conditions: tuple[int, str]) -> str:
    """The rounded sum of a column over every span where its key columns equal the criteria."""
    parts = []
    for span in spans:
        tests = ",".join(f"{span.column(col)},{criterion}" for col, criterion in conditions)
        parts.append(f"SUMIFS({span.column(amount)},{tests})" if tests else f"SUM({span.column(amount)})")
    return f"ROUND({'+'.join(parts)},2)"


def spent(spans: list[Span], key: str, column: int) -> str:
    return sums(spans, AMOUNT, (column, key))


def planned(span: Span, key: str, column: int, name: str, say: Words) -> str:
    """One column of the budget chain for a key; the words for unreadable where one of its lines is."""
    amounts = span.column(LINE_CHAIN + frames.CHAIN.index(name))
    bad = quoted(say("unreadable"))
    return (
        f"IF(COUNTIFS({span.column(column)},{key},{amounts},{bad})>0,{bad},"
        f"{sums([span], LINE_CHAIN + frames.CHAIN.index(name), (column, key))})"
    )


def available(span: Span, key: str, column: int, absent: str, say: Words, chain: list[str]) -> str:
    """Carryover + original + increase − decrease of a row; `absent` where no budget line has its key."""
    bad = quoted(say("unreadable"))
    first, *_, last = chain
    total = f"ROUND({chain[0]}+{chain[1]}+{chain[2]}-{chain[3]},2)"
    return f"IF(COUNTIF({span.column(column)},{key})=0,{quoted(absent)},IF(COUNT({first}:{last})<4,{bad},{total}))"


def write_entries(pages: list[Page], result: Result, plan: Plan, meta: tuple[str, str], title: str) -> list[Span]:
    """Every spending entry with its keys."""
    say, frame = pages[0].say, result.tie.entries
    names = {c: say.category(c) for c in frame["category"].unique()}
    evidence = {e: say(f"evidence-{e}") for e in frame["category_evidence"].unique()}
    spans = []
    for number, page in enumerate(pages):
        part = slice(number * ROWS_PER_SHEET, (number + 1) * ROWS_PER_SHEET)
        rows = frame.iloc[part]
        first = page.open(title, ENTRY_COLUMNS, ENTRY_PRINTED, *meta)
        keys = plan.entry_keys.iloc[part]
        records = zip(
            _dates(rows),
            rows["voucher"],
            rows["memo"],
            rows["account_code"],
            rows["category"].map(names),
            rows["project"],
            rows["economic_code"],
            rows["item"],
            rows["payee"],
            rows["amount"],
            rows["sheet"],
            rows["row"],
            rows["account"],
            rows["debit"],
            rows["credit"],
            rows["file"],
            rows["category_evidence"].map(evidence),
            keys["month"],
            keys["category"],
            keys["project"],
            keys["class"],
        )
        row = first
        for record in records:
            _record(page, row, record, ENTRY_COLUMNS)
            row += 1
        last = max(row - 1, first)
        span = Span(page.name, first, last)
        spans.append(span)
        _totals(
            page,
            last + 1,
            ENTRY_COLUMNS,
            CREDIT + 1,
            {
                col: (f"ROUND(SUM({area(first, last, col)}),2)", int(rows[name].sum()))
                for col, name in ((AMOUNT, "amount"), (DEBIT, "debit"), (CREDIT, "credit"))
            },
        )
        page.close(footer=meta[0], filter_rows=(first, last), freeze=(first, 3), max_lines=4)
    return spans


def _dates(rows: pd.DataFrame) -> list[object]:
    stamps = pd.DatetimeIndex(rows["date"])
    return [None if missing else when for when, missing in zip(stamps.to_pydatetime(), stamps.isna())]


def _record(page: Page, row: int, record: tuple[object, ...], columns: tuple[Column, ...]) -> None:
    for col, (value, column) in enumerate(zip(record, columns)):
        style = column.style
        if "money" in style:
            page.amount(row, col, int(value), style)  # type: ignore[call-overload]
        elif "date" in style:
            page.date(row, col, value, style)  # type: ignore[arg-type]
        elif isinstance(value, str):
            page.text(row, col, value, style)
        else:
            page.number(row, col, int(value), style)  # type: ignore[call-overload]


def _totals(
    page: Page, row: int, columns: tuple[Column, ...], printed: int, sums_by_column: dict[int, tuple[str, int]]
) -> None:
    for col in range(printed):
        small = " small" if "small" in columns[0].style else ""
        if col in sums_by_column:
            formula, value = sums_by_column[col]
            page.formula(row, col, formula, value, f"cell money total{small}")
        else:
            page.text(row, col, page.say("row-total") if col == 0 else "", f"cell total{small}")


def write_lines(page: Page, result: Result, plan: Plan, meta: tuple[str, str], title: str) -> Span:
    """Every budget line with its keys."""
    say, frame = page.say, result.budget.fen
    first = page.open(title, LINE_COLUMNS, LINE_PRINTED, *meta)
    bad, row = say("unreadable"), first
    for line, *keys in zip(
        frame.itertuples(index=False), *(plan.line_keys[k] for k in ("category", "project", "class"))
    ):
        group = say.group(line.group) if line.group else ""
        texts = (say.category(line.category), group, line.project_code, line.project, line.economic_code, line.item)
        for col, value in enumerate(texts):
            page.text(row, col, value, LINE_COLUMNS[col].style)
        chain = [None if getattr(line, c) is pd.NA else int(getattr(line, c)) for c in frames.CHAIN]
        for at, value in enumerate(chain[:4]):
            page.amount(row, LINE_CHAIN + at, bad if value is None else value)
        c, o, i, d = (cell(row, LINE_CHAIN + n) for n in range(4))
        page.formula(
            row,
            LINE_CHAIN + 4,
            f"IF(COUNT({c}:{d})<4,{quoted(bad)},ROUND({c}+{o}+{i}-{d},2))",
            bad if chain[4] is None else chain[4],
        )
        page.text(row, 11, line.file, "cell small wrap")
        page.text(row, 12, line.sheet, "cell small wrap")
        page.number(row, 13, int(line.row), "cell small plain")
        for at, key in enumerate(keys):
            page.text(row, LINE_PRINTED + at, key, "key")
        row += 1
    last = max(row - 1, first)
    sums_by_column = {}
    for at, name in enumerate(frames.CHAIN):
        known = frame[name].dropna()
        sums_by_column[LINE_CHAIN + at] = (f"ROUND(SUM({area(first, last, LINE_CHAIN + at)}),2)", int(known.sum()))
    _totals(page, last + 1, LINE_COLUMNS, LINE_PRINTED, sums_by_column)
    if not frame["project_code"].ne("").any():
        page.hide(LINE_CODE)
    page.close(footer=meta[0], filter_rows=(first, last), freeze=(first, 4))
    return Span(page.name, first, last)


def write_apart(page: Page, result: Result, meta: tuple[str, str], title: str) -> Span:
    """Spending that is in no `actual`, with the reason."""
    say, frame = page.say, result.tie.unassigned
    first = page.open(title, APART_COLUMNS, len(APART_COLUMNS), *meta, note=say("apart-note"))
    reasons = {r: say(f"reason-{r}") for r in frame["reason"].unique()}
    records = zip(
        _dates(frame),
        frame["voucher"],
        frame["memo"],
        frame["account_code"],
        frame["account"],
        frame["project"],
        frame["amount"],
        frame["reason"].map(reasons),
        frame["file"],
        frame["sheet"],
        frame["row"],
    )
    row = first
    for record in records:
        _record(page, row, record, APART_COLUMNS)
        row += 1
    _totals(
        page,
        row,
        APART_COLUMNS,
        len(APART_COLUMNS),
        {6: (f"ROUND(SUM({area(first, row - 1, 6)}),2)", int(frame["amount"].sum()))},
    )
    page.close(footer=meta[0], filter_rows=(first, row - 1), freeze=(first, 2), max_lines=4)
    return Span(page.name, first, row - 1)


def budget_amount(line: Line, absent: str, say: Words) -> int | str:
    """What the available budget of a row shows."""
    if line.lines == 0:
        return absent
    value = line.chain["available"]
    return say("unreadable") if value is None else value

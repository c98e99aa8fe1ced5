"""预算明细 and 未计入: every budget line with its keys, and the spending that is in no sum."""

from __future__ import annotations

import pandas as pd

from reconcile import frames
from reconcile.result import Result
from reconcile.write.sheet_block import write_block
from reconcile.write.sheet_data import LINE_CHAIN, LINE_CODE, LINE_COLUMNS, LINE_PRINTED, Span
from reconcile.write.sheet_page import Column, Page, area, cell, quoted
from reconcile.write.sheet_plan import Plan

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
    Column("key-contract", "key", 8, 8),
)
APART_AMOUNT, APART_REASON, APART_CONTRACT = 6, 7, 11


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
    write_totals(page, last + 1, LINE_COLUMNS, LINE_PRINTED, sums_by_column)
    if not frame["project_code"].ne("").any():
        page.hide(LINE_CODE)
    page.close(footer=meta[0], filter_rows=(first, last), freeze=(first, 4))
    return Span(page.name, first, last)


def write_apart(page: Page, result: Result, meta: tuple[str, str], title: str, contracts: list[str]) -> Span:
    """Spending that is in no `actual`, with the reason."""
    say, frame = page.say, result.tie.unassigned
    first = page.open(title, APART_COLUMNS, len(APART_COLUMNS) - 1, *meta, note=say("apart-note"))
    reasons = {r: say(f"reason-{r}") for r in frame["reason"].unique()}
    values = [frame[c] for c in ("date", "voucher", "memo", "account_code", "account", "project", "amount")]
    values += [frame["reason"].map(reasons), frame["file"], frame["sheet"], frame["row"], contracts]
    row = write_block(page, first, list(zip(APART_COLUMNS, values, strict=True)))
    total = (f"ROUND(SUM({area(first, row - 1, APART_AMOUNT)}),2)", int(frame["amount"].sum()))
    write_totals(page, row, APART_COLUMNS, len(APART_COLUMNS) - 1, {APART_AMOUNT: total})
    page.close(footer=meta[0], filter_rows=(first, row - 1), freeze=(first, 2), max_lines=4)
    return Span(page.name, first, row - 1)


def write_totals(
    page: Page,
    row: int,
    columns: tuple[Column, ...],
    printed: int,
    sums_by_column: dict[int, tuple[str, int]],
    label: str = "row-total",
) -> None:
    """The total row below a list."""
    small = " small" if "small" in columns[0].style else ""
    for col in range(printed):
        if col in sums_by_column:
            formula, value = sums_by_column[col]
            page.formula(row, col, formula, value, f"cell money total{small}")
        else:
            page.text(row, col, page.say(label) if col == 0 else "", f"cell total{small}")

"""Tables that stand side by side under one header row: income beside spending, basic beside project spending."""

from __future__ import annotations

import re
from dataclasses import replace

from reconcile.read import header as headers
from reconcile.read import words
from reconcile.read.choice import ANY, Want
from reconcile.read.header import Header
from reconcile.read.sheet import Sheet

BANDS_ABOVE = 2
BUDGETED = ("预算", "指标", "批复", "计划", "下达")
_INCOME_TITLE = re.compile(r"^[^支]*收入[^支]*表$")
INCOME = ("收入", "income", "revenue", "receipts")


def panels(sheet: Sheet, kind: str, header: Header, want: Want = ANY) -> list[Header]:
    """The headers of the tables that share the rows of `header`, from left to right; `[header]` where it is one.

    Each has a subject and an amount of its own, the amount of the same meaning.  What stands above a panel alone
    (基本支出, 支出) is its `panel`.
    """
    starts = _starts(sheet, kind, header)
    if len(starts) < 2:
        return [header]
    width = sheet.cells.shape[1]
    ends = [*starts[1:], width]
    parts = [
        headers.read_header(sheet, kind, header.first, header.last, want, (start, end))
        for start, end in zip(starts, ends, strict=True)
    ]
    names = _names(sheet, header, starts, ends)
    return [
        replace(part, panel=name, titles=header.titles, unit=header.unit, year=header.year or part.year)
        for part, name in zip(parts, names, strict=True)
    ]


def is_income(header: Header) -> bool:
    """Whether a table or panel lists income, by its title, by what stands above it or over its labels."""
    if any(_INCOME_TITLE.search(words.normalise(t)) for t in header.titles):
        return True
    subjects = [c.header for f, c in header.columns.items() if f in ("label", "project", "account", "functional")]
    return any(words.normalise(t).startswith(INCOME) for t in (header.panel, *subjects) if t)


def is_final_accounts(header: Header, kind: str) -> bool:
    """Whether a table that is asked for as a budget states what was spent: a 决算表 that names no budget."""
    texts = [*header.titles, *(c.header for c in header.columns.values()), *header.unknown.values()]
    named = "".join(texts)
    return kind == "budget" and "决算" in "".join(header.titles) and not any(w in named for w in BUDGETED)


def _starts(sheet: Sheet, kind: str, header: Header) -> list[int]:
    """Where each panel begins: a subject after an amount, with an amount of the same field to its right."""
    fields = headers.fields_by_position(sheet, kind, header.first, header.last)
    subjects, amounts = set(headers.SUBJECT[kind]), set(headers.AMOUNT[kind])
    amounts |= {"actual"} if kind == "budget" else set()
    starts: list[int] = []
    seen: set[str] = set()
    open_amount = False
    for position, field in sorted(fields.items()):
        if field in subjects and (not starts or open_amount):
            if starts and not seen & _until_subject(fields, position, subjects, amounts):
                continue
            starts.append(position)
            open_amount = False
        elif field in amounts and starts:
            seen.add(field)
            open_amount = True
    return starts


def _until_subject(fields: dict[int, str], start: int, subjects: set[str], amounts: set[str]) -> set[str]:
    """The amounts of a panel that begins at `start`: those before the next subject that follows one."""
    found: set[str] = set()
    for position, field in sorted(fields.items()):
        if position >= start:
            if field in subjects and found:
                break
            found |= {field} & amounts
    return found


def _names(sheet: Sheet, header: Header, starts: list[int], ends: list[int]) -> list[str]:
    """What stands over each panel and over no other, in the header's first row or in the rows above it."""
    for row in range(header.first, max(0, header.first - BANDS_ABOVE - 1), -1):
        if row == header.last:
            continue
        cells = sheet.cells[row - 1]
        over = [
            next(
                (
                    str(v).strip()
                    for v in [*cells[start:end], _merged(sheet, row, start)]
                    if isinstance(v, str) and v.strip()
                ),
                "",
            )
            for start, end in zip(starts, ends, strict=True)
        ]
        if sum(map(bool, over)) > 1:
            return over
    return [""] * len(starts)


def _merged(sheet: Sheet, row: int, position: int) -> object:
    """What a merged area shows that covers a cell, None where none does."""
    for top, left, bottom, right in sheet.merges:
        if top <= row <= bottom and left <= position + 1 <= right:
            return sheet.cells[top - 1, left - 1]
    return None

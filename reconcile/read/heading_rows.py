"""The rows of a header: which they may be, how far they reach, and what stands in them over each column."""

from __future__ import annotations

import itertools
import re

from reconcile.money import is_blank, looks_like_amount
from reconcile.read import units
from reconcile.read.workbook import Cells, Sheet

SAMPLE = 80


def names_units(sheet: Sheet, row: int) -> bool:
    """Whether a row below the headings only says the units of its columns: `（万元）`."""
    filled = [v for v in sheet.cells[row - 1] if v is not None and v != ""]
    return bool(filled) and all(
        isinstance(v, str) and (units.named(v.strip("()（）")) or not v.strip()) for v in filled
    )


def divides(sheet: Sheet, last: int) -> bool:
    """Whether the row below a header only divides its wide headings: 外币 and 本币 under 借方.  A heading is wide by its
    merge, in a file that keeps none by the blanks to its right."""
    below = {p for p, v in enumerate(sheet.cells[last]) if not _empty(v)}
    wide = {p for top, left, bottom, right in sheet.merges if top <= last == bottom for p in range(left - 1, right)}
    if not sheet.merges:
        cells = sheet.cells[last - 1]
        blank = {p for p in below if _empty(cells[p])}
        wide = blank | {p - 1 for p in blank if p and not _empty(cells[p - 1])}
    return bool(wide) and below == wide and header_like(sheet, last + 1)


def _empty(value: object) -> bool:
    return value is None or value == ""


def heads_more(sheet: Sheet, first: int, last: int) -> bool:
    """Whether the row above a header names a column of amounts that the header leaves without a name: `项目支出` beside
    `基本支出` over its parts, in a file that keeps no merges."""
    above = first - 1
    if not header_like(sheet, above):
        return False
    named = {p for p, texts in enumerate(stacked_texts(sheet, first, last)) if texts}
    for position, value in enumerate(sheet.cells[above - 1]):
        if position in named or not isinstance(value, str) or not value.strip() or re.search("[:：]", value):
            continue
        under = [v for v in sheet.cells[last : last + SAMPLE, position] if not is_blank(v)]
        if under and all(looks_like_amount(v) for v in under):
            return True
    return False


def header_like(sheet: Sheet, row: int) -> bool:
    """Header rows hold text only, and no amounts written as text."""
    filled = [v for v in sheet.cells[row - 1] if v is not None and v != ""]
    return bool(filled) and all(_is_year(v) or (isinstance(v, str) and not looks_like_amount(v)) for v in filled)


def _is_year(value: object) -> bool:
    """A year above a column, as a number or as text."""
    try:
        number = float(value) if isinstance(value, int | float | str) else 0.0
    except ValueError:
        return False
    return number.is_integer() and 1990 <= number <= 2100


def stacked_texts(sheet: Sheet, top: int, bottom: int) -> list[tuple[str, ...]]:
    """Each column's header texts from the top row down, merged areas filled."""
    block = sheet.cells[top - 1 : bottom].copy()
    for first, left, last, right in sheet.merges:
        if first <= bottom and last >= top:
            height, width = sheet.cells.shape
            value = sheet.cells[first - 1, left - 1] if first <= height and left <= width else None
            block[max(first, top) - top : last - top + 1, left - 1 : right] = value
    if not any(first <= bottom and last >= top for first, _, last, _ in sheet.merges):
        _fill_right(block)
    found = []
    for column in block.T:
        shown = [v if isinstance(v, str) else str(int(v)) if _is_year(v) else "" for v in column]
        parts = [v.strip() for v in shown if v.strip()]
        found.append(tuple(p for i, p in enumerate(parts) if i == 0 or p != parts[i - 1]))
    return found


def _fill_right(block: Cells) -> None:
    """Where a file keeps no merges, an upper heading reaches over the blanks to its right that have a lower one."""
    for upper, lower in itertools.pairwise(block):
        for position in range(1, len(upper)):
            blank = upper[position] is None or upper[position] == ""
            under = all(isinstance(lower[p], str) and lower[p].strip() for p in (position - 1, position))
            if blank and under and isinstance(upper[position - 1], str):
                upper[position] = upper[position - 1]

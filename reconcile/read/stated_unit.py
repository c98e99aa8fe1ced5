"""Where a table's unit of money stands: the cell of its header zone, or a note below the table."""

from __future__ import annotations

from reconcile.finding import Origin
from reconcile.money import looks_like_amount
from reconcile.read import units
from reconcile.read.header import Header
from reconcile.read.sheet import Cells, Sheet

LAST_ROWS = 15


def below(body: Cells) -> str:
    """The unit that a note below the table states (`注：金额单位为万元`), or the title of a sheet without a zone.

    A row with an amount in it is none of these: a memo may say `（万元）` too.
    """
    for row in body[: -LAST_ROWS - 1 : -1]:
        texts = [v for v in row if isinstance(v, str) and v.strip()]
        filled = sum(v is not None and v != "" for v in row)
        if texts and len(texts) == filled and not any(map(looks_like_amount, texts)):
            unit = next((u for u in map(units.stated, texts) if u), "")
            if unit:
                return unit
    return ""


def cell_of(sheet: Sheet, header: Header, unit: str) -> str:
    """The cell that states a unit, '' where none does: in the header or above it, the nearest first, else below."""
    for row in (
        *range(header.last, 0, -1),
        *range(len(sheet.cells), max(header.last, len(sheet.cells) - LAST_ROWS), -1),
    ):
        for column, value in enumerate(sheet.cells[row - 1], 1):
            if isinstance(value, str) and value.strip() and units.stated(value) == unit:
                return Origin(row=row, column=column).cell
    return ""

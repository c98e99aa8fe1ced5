"""Damage that must be found: amounts that cannot be read, totals and balances that do not follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .grid import ErrorCell, Formula, Money, Row, Sheet, Value


def damaged(value: Value) -> Callable[[Sheet], Sheet]:
    """One row more, a line like the one above it whose amount cannot be read."""

    def change(sheet: Sheet) -> Sheet:
        data = sheet.of_role("data")
        at = data[len(data) // 2]
        columns = sheet.find("amount")
        values = list(sheet.rows[at].values)
        for c in columns:
            if isinstance(values[c], Money):
                values[c] = value
        return sheet.insert(at + 1, [Row("damaged", tuple(values))])

    return change


UNREADABLE: dict[str, Value] = {
    "unreadable-amount": "约三万元",
    "error-cell": ErrorCell("#REF!"),
    "uncalculated-formula": Formula("=1200+34.5"),
}


def wrong_total(sheet: Sheet) -> Sheet:
    """A stated total that is 1,234.56 too large, in each amount column that it has."""
    amounts = sheet.find("amount")
    stated = [
        r
        for r in (sheet.of_role("total") or sheet.of_role("subtotal"))
        if any(isinstance(sheet.rows[r].values[c], Money) for c in amounts if c < len(sheet.rows[r].values))
    ]
    at = stated[-1]

    def wrong(c: int, value: Value) -> Value:
        known = isinstance(value, Money) and c in sheet.find("amount")
        return replace(value, fen=value.fen + 1_234_56) if known and isinstance(value, Money) else value

    row = sheet.rows[at]
    changed = replace(row, values=tuple(wrong(c, v) for c, v in enumerate(row.values)))
    return replace(sheet, rows=(*sheet.rows[:at], changed, *sheet.rows[at + 1 :]))


def wrong_balance(sheet: Sheet) -> Sheet:
    """A running balance that does not follow from the row before."""
    column = sheet.find("balance")[-1]
    data = [r for r in sheet.of_role("data") if isinstance(sheet.rows[r].values[column], Money)]
    at = data[len(data) // 2]
    row = sheet.rows[at]
    values = list(row.values)
    old = values[column]
    assert isinstance(old, Money)
    values[column] = replace(old, fen=old.fen + 500_00)
    changed = replace(row, values=tuple(values))
    return replace(sheet, rows=(*sheet.rows[:at], changed, *sheet.rows[at + 1 :]))

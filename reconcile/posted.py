"""When an entry is posted, and on which side: dates from one column or three, debit and credit from two columns, or
from one and a direction."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reconcile import codes
from reconcile.balances import is_trial_balance
from reconcile.read import columns as text
from reconcile.read import dates, rows
from reconcile.read.table import Table
from reconcile.read.workbook import Cells


def sides(table: Table, keep: rows.Mask) -> tuple[np.ndarray, np.ndarray]:
    """Debit and credit in 分 from two columns, from 方向 and 金额, or from one column of payments."""
    zero = np.zeros(int(keep.sum()), dtype=np.int64)
    if is_trial_balance(table) and "total_debit" in table.money:
        return tuple(table.money[s].fen[keep] if s in table.money else zero for s in ("total_debit", "total_credit"))  # type: ignore[return-value]
    if "debit" in table.money or "credit" in table.money:
        return tuple(table.money[s].fen[keep] if s in table.money else zero for s in ("debit", "credit"))  # type: ignore[return-value]
    amount = table.money["amount"].fen[keep]
    direction = table.raw("direction")
    if direction is None:
        return amount, zero
    side = text.mapped(direction[keep], _side)
    return np.where(side != "credit", amount, 0), np.where(side == "credit", amount, 0)


def _side(value: object) -> str:
    word = codes.clean_code(value).strip().lower()
    return "credit" if word in ("贷", "贷方", "0", "-1", "c", "cr", "credit") else "debit"


def dates_of(table: Table, keep: rows.Mask, year: int) -> dates.Dates:
    values = table.raw("date")
    if values is not None:
        return dates.parse_dates(values[keep], year)
    month = table.raw("month")
    if month is not None:
        months = dates.whole_numbers(month)
        day = table.raw("day")
        days = np.ones_like(months) if day is None else dates.whole_numbers(day)
        stated = table.raw("year")
        years = np.full_like(months, year) if stated is None else dates.whole_numbers(stated)
        return dates.from_parts(years, months, days)[keep]
    period = table.raw("period")
    if period is not None:
        return dates.parse_dates(text.mapped(period[keep], _first_of_period), year)
    return np.full(int(keep.sum()), dates.NAT, dtype="datetime64[s]")


def _first_of_period(value: object) -> object:
    word = codes.clean_code(value).replace("年", "-").replace("月", "").replace(".", "-").replace("/", "-")
    if word.isdigit() and len(word) == 6:
        word = f"{word[:4]}-{word[4:]}"
    return f"{word}-1" if word and word != "-" else None


def fill_dates(date: dates.Dates, voucher: Cells) -> dates.Dates:
    """A line without a date takes the date of the voucher line above it."""
    blank = np.asarray(pd.isna(date))
    if not blank.any() or blank.all():
        return date
    filled = pd.Series(date).ffill().to_numpy(dtype="datetime64[s]")
    same = np.append(False, voucher[1:] == voucher[:-1]) & (voucher != "")
    known = pd.Series(np.where(blank & ~same, 0, 1)).groupby((~same).cumsum()).transform("min").to_numpy()
    return np.where(blank & (known == 1), filled, date)

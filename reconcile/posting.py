"""When an entry was posted: its date from a date, from year, month and day, or from an accounting period."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile import codes
from reconcile.balances import is_trial_balance
from reconcile.read import columns as text
from reconcile.read import combined, dates, rows, words
from reconcile.read.columns import Texts
from reconcile.read.left_out import LeftOut
from reconcile.read.table import Table
from reconcile.read.workbook import Cells

Periods = npt.NDArray[np.int64]
LAST_MONTH = 12
_BARE = re.compile(r"[\d\-./ ]+")
_PERIOD = re.compile(r"(?:((?:19|20)\d\d)(?:\D+|(?=\d\d$)))?\D*(\d{1,2})(?:\D.*)?")


def posted(table: Table, keep: rows.Mask, year: int) -> tuple[dates.Dates, Periods]:
    """(dates, adjusting periods) of the rows of `keep`; NaT where nothing tells the date, 0 for an ordinary month.

    Periods 13 and up adjust the year after its last month: they are dated its last day.
    `year` completes dates that have none.
    """
    count = int(keep.sum())
    period = table.raw("period")
    numbers = np.zeros(count, dtype=np.int64)
    stated = np.full(count, dates.NAT, dtype="datetime64[s]")
    if period is not None:
        years = _years(table, year)[keep]
        stated, numbers = _of_periods(period[keep], years)
    values = table.raw("date")
    if values is not None:
        return dates.parse_dates(values[keep], year), numbers
    month = table.raw("month")
    if month is not None:
        return _of_months(table, month, year)[keep], numbers
    if "month" in table.given:
        named_month = np.full(count, int(table.given["month"]), dtype=np.int64)
        return dates.from_parts(_years(table, year)[keep], named_month, np.ones_like(named_month)), numbers
    if period is None and not is_trial_balance(table) and (named := words.month_of_sheet(table.sheet)):
        first = dates.parse_date(f"{named[0] or year}-{named[1]}")
        stated[:] = np.datetime64(first) if first else dates.NAT
    return stated, numbers


def _years(table: Table, year: int) -> Periods:
    stated = table.raw("year")
    return np.full(len(table.body), year, dtype=np.int64) if stated is None else dates.whole_numbers(stated)


def _of_months(table: Table, month: Cells, year: int) -> dates.Dates:
    """From 年, 月 and 日, which may stand once above the rows that they hold for; a month may name its year itself."""
    months = dates.whole_numbers(month)
    day = table.raw("day")
    days = np.ones_like(months) if day is None else dates.whole_numbers(day)
    parts = dates.from_parts(_years(table, year), months, days)
    whole = dates.parse_dates(month)
    return np.where(pd.isna(whole), parts, whole)


def _of_periods(period: Cells, years: Periods) -> tuple[dates.Dates, Periods]:
    codes_, distinct = text.factorized(period)
    parts = [(0, 0), *(_period(v) for v in distinct)]
    own = np.array([p[0] for p in parts], dtype=np.int64)[codes_ + 1]
    number = np.array([p[1] for p in parts], dtype=np.int64)[codes_ + 1]
    adjusts = number > LAST_MONTH
    day = np.where(adjusts, 31, 1)
    made = dates.from_parts(np.where(own > 0, own, years), np.minimum(number, LAST_MONTH), day)
    return made, np.where(adjusts, number, 0)


def _period(value: object) -> tuple[int, int]:
    """(year or 0, number) of a period: `202004`, `2020年第4期`, `4`, `8.0`, `202013`."""
    found = _PERIOD.fullmatch(unicodedata.normalize("NFKC", codes.clean_code(value)).strip())
    return (int(found[1] or 0), int(found[2])) if found else (0, 0)


def filled_dates(date: dates.Dates, unread: rows.Mask, voucher: Cells) -> dates.Dates:
    """A line without a date takes the date of the voucher line above it; `unread` ones show one that none can read."""
    blank = np.asarray(pd.isna(date)) & ~unread
    if not blank.any() or blank.all():
        return date
    filled = pd.Series(date).ffill().to_numpy(dtype="datetime64[s]")
    same = combined.like_above(voucher) & (voucher != "")
    known = pd.Series(np.where(blank & ~same, 0, 1)).groupby((~same).cumsum()).transform("min").to_numpy()
    return np.where(blank & (known == 1), filled, date)


def posted_only(tables: list[Table]) -> tuple[list[Table], list[rows.Mask]]:
    """(tables, which of their data rows are posted): what a status column calls void or not posted counts nowhere,
    and the table's notes say so."""
    out, masks = [], []
    for table in tables:
        keep = table.roles == rows.DATA
        column = table.header.columns.get("status")
        status = table.raw("status")
        if status is None or column is None:
            posted_rows = np.ones(int(keep.sum()), dtype=bool)
        else:
            posted_rows = ~text.mapped(status[keep], partial(_is_idle, heading=column.header)).astype(bool)
        if not posted_rows.all():
            seen = sorted({str(v) for v in np.asarray(status)[keep][~posted_rows]})
            filled = {
                "count": int((~posted_rows).sum()),
                "seen": "、".join(seen),
                "header": column.header if column else "",
            }
            left = LeftOut(table.file, table.sheet, "not-posted", filled)
            table = replace(table, left_out=(*table.left_out, left))
        out.append(table)
        masks.append(posted_rows)
    return out, masks


def _is_idle(value: object, heading: str) -> bool:
    return words.is_idle(codes.clean_code(value), heading)


def vouchers(numbers: Cells | None, words_: Cells | None, n: int) -> Texts:
    """Voucher numbers, led by their word (记, 付) where they are bare numbers and it stands in a column of its own."""
    number = text.clean(numbers, n)
    if words_ is None:
        return number
    word = text.clean(words_, n)
    led = number.where(_BARE.fullmatch) & ~word.blank
    return number.chosen(led, Texts.of(_led(word.cells, number.cells))) if led.any() else number


def _led(word: Cells, number: Cells) -> Cells:
    led: Cells = combined.in_parts(lambda w, n: w + "-" + n, word, number)
    return led

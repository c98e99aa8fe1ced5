"""Dates in the forms that exports write them."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile.read.workbook import Cells

Dates = npt.NDArray[np.datetime64]
_FULL = re.compile(r"^((?:19|20)\d\d)\s*[年./\-\\]\s*(\d{1,2})\s*[月./\-\\]\s*(\d{1,2})\s*日?(?:[ T]\d.*)?$")
_COMPACT = re.compile(r"^((?:19|20)\d\d)(\d\d)(\d\d)$")
_MONTH_DAY = re.compile(r"^(\d{1,2})\s*[月.\-/]\s*(\d{1,2})\s*日?$")
_DAY_FIRST = re.compile(r"^(\d{1,2})[./\-](\d{1,2})[./\-]((?:19|20)\d\d)$")
_MONTH_NAME = re.compile(r"^(\d{1,2})[-/ ]([A-Za-z]{3,9})[-/ ](\d{4}|\d\d)$")
_MONTHS = {
    name: i
    for i, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}
_EPOCH = dt.date(1899, 12, 30)
NAT = np.datetime64("NaT")


def parse_date(value: object, year: int = 0) -> dt.date | None:
    """The date that a cell shows; `year` for dates that have none.  None where it shows no date.

    >>> parse_date("2020.4.13"), parse_date(20200413), parse_date("4月13日", 2020), parse_date(43934)
    (datetime.date(2020, 4, 13), datetime.date(2020, 4, 13), datetime.date(2020, 4, 13), datetime.date(2020, 4, 13))
    """
    if isinstance(value, dt.datetime):
        return None if pd.isna(value) else value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float | np.integer | np.floating):
        if value != value or value != int(value):
            value = float(value)
            return _EPOCH + dt.timedelta(days=int(value)) if 20_000 < value < 80_000 else None
        number = int(value)
        if 20_000 < number < 80_000:
            return _EPOCH + dt.timedelta(days=number)
        value = str(number)
    text = unicodedata.normalize("NFKC", str(value)).strip()
    if re.fullmatch(r"[2-7]\d{4}(?:\.\d+)?", text):
        return _EPOCH + dt.timedelta(days=int(float(text)))
    for pattern in (_FULL, _COMPACT):
        if found := pattern.match(text):
            return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_FIRST.match(text):
        return _date(int(found[3]), int(found[2]), int(found[1]))
    if found := _MONTH_NAME.match(text):
        short = int(found[3])
        return _date(short + 2000 if short < 100 else short, _MONTHS.get(found[2][:3].lower(), 0), int(found[1]))
    if year and (found := _MONTH_DAY.match(text)):
        return _date(year, int(found[1]), int(found[2]))
    return None


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def parse_dates(values: Cells, year: int = 0) -> Dates:
    """A column of dates as datetime64[s], NaT where a cell shows none; each distinct cell is read once."""
    codes, distinct = pd.factorize(values)
    parsed = np.array([NAT, *(parse_date(v, year) or NAT for v in distinct)], dtype="datetime64[s]")
    return np.asarray(parsed[codes + 1])


def from_parts(year: npt.NDArray[np.int64], month: npt.NDArray[np.int64], day: npt.NDArray[np.int64]) -> Dates:
    """Dates from year, month and day columns, NaT where they make no date."""
    frame = pd.DataFrame({"year": year, "month": month, "day": day})
    return np.asarray(pd.to_datetime(frame, errors="coerce"), dtype="datetime64[s]")


def whole_numbers(values: Cells) -> npt.NDArray[np.int64]:
    """A column of whole numbers such as months, filled down over blanks; 0 where there is none yet."""
    codes, distinct = pd.factorize(values)
    numbers = []
    for value in distinct:
        found = re.match(r"^\s*(\d{1,4})(?:\.0+)?\s*[年月日]?\s*$", unicodedata.normalize("NFKC", str(value)))
        numbers.append(int(found[1]) if found else 0)
    column = pd.Series(np.array([0, *numbers], dtype=np.int64)[codes + 1])
    return np.asarray(column.where(column != 0).ffill().fillna(0), dtype=np.int64)

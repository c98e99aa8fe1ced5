"""Dates in the forms that exports write them."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile.read import columns
from reconcile.read.workbook import Cells

Dates = npt.NDArray[np.datetime64]
_FULL = re.compile(r"^((?:19|20)\d\d)\s*[年./\-\\]\s*(\d{1,2})\s*[月./\-\\]\s*(\d{1,2})\s*日?(?:[ T]\d.*)?$")
_COMPACT = re.compile(r"^((?:19|20)\d\d)(\d\d)(\d\d)$")
_MONTH = re.compile(r"^((?:19|20)\d\d)(?:\s*[年./\-]\s*(\d{1,2})\s*月?份?|(\d\d))$")
_MONTH_DAY = re.compile(r"^(\d{1,2})\s*[月.\-/]\s*(\d{1,2})\s*日?$")
_THREE = re.compile(r"^(\d{1,2})\s*[./\-]\s*(\d{1,2})\s*[./\-]\s*((?:19|20)?\d\d)(?:[ T]\d.*)?$")
_DAY_NAME = re.compile(r"^(\d{1,2})(?:st|nd|rd|th)?[-/ .]+([A-Za-z]{3,9})[-/ .,]+(\d{4}|\d\d)$")
_NAME_DAY = re.compile(r"^([A-Za-z]{3,9})[-/ .]+(\d{1,2})(?:st|nd|rd|th)?[-/ .,]+(\d{4}|\d\d)$")
_MONTHS = {
    name: i
    for i, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}
_EPOCH = dt.date(1899, 12, 30)
NAT = np.datetime64("NaT")
DAY_FIRST, MONTH_FIRST, YEAR_FIRST = (2, 1, 0), (2, 0, 1), (0, 1, 2)
"""Where year, month and day stand in a date of three numbers such as `04/13/2020` or `20-04-13`."""


def parse_date(value: object, year: int = 0, order: tuple[int, int, int] = DAY_FIRST) -> dt.date | None:
    """The date that a cell shows; `year` for dates that have none.  None where it shows no date.

    A month without a day is its first day.  `order` is of three numbers that do not begin with a year of four digits.

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
    if found := _MONTH.match(text):
        return _date(int(found[1]), int(found[2] or found[3]), 1)
    if found := _THREE.match(text):
        parts = [int(found[i + 1]) for i in order]
        return _date(_century(parts[0]), parts[1], parts[2])
    if found := _DAY_NAME.match(text):
        return _date(_century(int(found[3])), _MONTHS.get(found[2][:3].lower(), 0), int(found[1]))
    if found := _NAME_DAY.match(text):
        return _date(_century(int(found[3])), _MONTHS.get(found[1][:3].lower(), 0), int(found[2]))
    if year and (found := _MONTH_DAY.match(text)):
        return _date(year, int(found[1]), int(found[2]))
    return None


def _century(year: int) -> int:
    return year + 2000 if year < 100 else year


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def parse_dates(values: Cells, year: int = 0) -> Dates:
    """A column of dates as datetime64[s], NaT where a cell shows none; each distinct cell is read once."""
    codes, distinct = columns.factorized(values)
    long, short = (
        _order([p for p in map(_three, distinct) if p and (p[2] >= 100) is wide], year) for wide in (True, False)
    )
    parsed = []
    for value in distinct:
        three = _three(value)
        order = long if three is None or three[2] >= 100 else short
        parsed.append((parse_date(value, year, order) if order else None) or NAT)
    return np.asarray(np.array([NAT, *parsed], dtype="datetime64[s]")[codes + 1])


def two_ways(values: Cells) -> tuple[str, str, str] | None:
    """The first date of a column such as `04/05/2020` of which nothing tells the day from the month, as it is shown, as
    it is read and as it could be read; None where the column tells, or shows none."""
    shown = [v for v in columns.factorized(values)[1] if (three := _three(v)) and three[2] >= 100]
    seen = [three for v in shown if (three := _three(v))]
    made = {o: [_date(_century(p[o[0]]), p[o[1]], p[o[2]]) for p in seen] for o in (DAY_FIRST, MONTH_FIRST)}
    if not seen or not all(map(all, made.values())) or _order(seen, 0) != DAY_FIRST:
        return None
    rising = [o for o, days in made.items() if days == sorted(days, key=str)]
    if len(rising) == 1:
        return None
    return next(((str(v), str(a), str(b)) for v, a, b in zip(shown, *made.values(), strict=True) if a != b), None)


def _three(value: object) -> list[int] | None:
    found = _THREE.match(unicodedata.normalize("NFKC", value).strip()) if isinstance(value, str) else None
    return [int(part) for part in found.groups()] if found else None


def _order(seen: list[list[int]], year: int) -> tuple[int, int, int] | None:
    """The order of year, month and day in dates such as `04/13/2020`, by what fits all of them.

    A year of four digits stands last.  Of two digits it is the number that is `year`'s, else the one that is the
    same in all.  Day before month unless a date or the order of the rows says otherwise; None where nothing tells
    the year from the rest.
    """
    if not seen:
        return DAY_FIRST
    orders = [DAY_FIRST, MONTH_FIRST] if seen[0][2] >= 100 else [DAY_FIRST, MONTH_FIRST, YEAR_FIRST]
    made = {o: [_date(_century(p[o[0]]), p[o[1]], p[o[2]]) for p in seen] for o in orders}
    fits = {o: [d for d in made[o] if d] for o in orders if all(made[o])}
    if not fits:
        return DAY_FIRST if seen[0][2] >= 100 else None
    if YEAR_FIRST in orders:
        fits = {o: ds for o, ds in fits.items() if len({d.year for d in ds}) == 1 and year in (0, ds[0].year)}
        if len({o[0] for o in fits}) != 1:
            return None
    rising = [o for o in fits if fits[o] == sorted(fits[o])]
    return rising[0] if len(rising) == 1 else next(iter(fits))


def from_parts(year: npt.NDArray[np.int64], month: npt.NDArray[np.int64], day: npt.NDArray[np.int64]) -> Dates:
    """Dates from year, month and day columns, NaT where they make no date."""
    frame = pd.DataFrame({"year": year, "month": month, "day": day})
    return np.asarray(pd.to_datetime(frame, errors="coerce"), dtype="datetime64[s]")


def whole_numbers(values: Cells) -> npt.NDArray[np.int64]:
    """A column of whole numbers such as months, filled down over blanks; 0 where there is none yet."""
    codes, distinct = columns.factorized(values)
    numbers = []
    for value in distinct:
        found = re.match(r"^\s*(\d{1,4})(?:\.0+)?\s*[年月日]?\s*$", unicodedata.normalize("NFKC", str(value)))
        numbers.append(int(found[1]) if found else 0)
    column = pd.Series(np.array([0, *numbers], dtype=np.int64)[codes + 1])
    return np.asarray(column.where(column != 0).ffill().fillna(0), dtype=np.int64)

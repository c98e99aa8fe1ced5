"""Dates that a sheet stores as numbers: which styles show dates, and the dates themselves."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile.read.sheet import Value

_BUILT_IN = {str(n): "yyyy-mm-dd" for n in (*range(14, 23), 45, 47)} | {"46": "[h]:mm:ss"}
_QUOTED = re.compile(r"\"[^\"]*\"|[\\_].")
_BRACKETS = re.compile(r"\[([^\]]*)\]")
_EPOCH = dt.datetime(1899, 12, 30)
_LEAP_DAY = 60  # a day that 1900 did not have is counted; earlier serials are one day late
_FROM_1904, _BEYOND = 1462, 2_958_466


def shows_dates(number_format: str) -> bool | None:
    """Whether a number format shows a date or a time of day; None where it shows a length of time."""
    first = _QUOTED.sub("", number_format).partition(";")[0].lower()
    if any(set(inner) <= set("hms") and inner for inner in _BRACKETS.findall(first)):
        return None
    plain = _BRACKETS.sub("", first).replace("general", "")
    return bool(set(plain) & set("dmyhs")) or "am/pm" in plain or "a/p" in plain


def dated_styles(styles: Iterable[str], formats: Mapping[str, str]) -> dict[int, bool | None]:
    """Of cell styles, given by the numbers of their formats, those that show dates (True) or lengths of time (None)."""
    known = {**_BUILT_IN, **formats}
    shown = {i: shows_dates(known[f]) for i, f in enumerate(styles) if f in known}
    return {i: dates for i, dates in shown.items() if dates is not False}


def moments(serials: npt.NDArray[np.float64], from_1904: bool) -> npt.NDArray[np.object_]:
    """Serials as dates, or as moments where they have a time of day."""
    codes, distinct = pd.factorize(serials)
    out = np.empty(len(distinct), dtype=object)
    out[:] = [moment(serial, from_1904) for serial in distinct.tolist()]
    return np.asarray(out[codes], dtype=object)


def moment(serial: float, from_1904: bool, *, length: bool = False) -> Value:
    """A serial as the date or the moment that it stands for, or below 1 as a time of day; as a `length` of time
    where its style says so.  The number itself where it is beyond the calendar.

    >>> moment(43934.5, from_1904=False), moment(0.25, from_1904=False)
    (datetime.datetime(2020, 4, 13, 12, 0), datetime.time(6, 0))
    """
    if not -_BEYOND < serial < _BEYOND:
        return serial
    passed = dt.timedelta(milliseconds=round(serial * 86_400_000))
    if length:
        return passed
    if 0 <= serial < 1 and passed.days == 0:
        return (dt.datetime.min + passed).time()
    days = serial + (_FROM_1904 if from_1904 else 0)
    if not 1 <= days < _BEYOND:
        return serial
    start = _EPOCH + dt.timedelta(days=(1 if days < _LEAP_DAY else 0) + (_FROM_1904 if from_1904 else 0))
    made = start + passed
    return made.date() if serial.is_integer() else made

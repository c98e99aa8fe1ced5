"""Dates that a sheet stores as numbers: which styles show dates, and the dates themselves."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

_BUILT_IN = {str(n): "yyyy-mm-dd" for n in (*range(14, 23), 45, 47)} | {"46": "[h]:mm:ss"}
_QUOTED = re.compile(r"\"[^\"]*\"|[\\_].")
_BRACKETS = re.compile(r"\[([^\]]*)\]")
_EPOCH = dt.datetime(1899, 12, 30)
_FIRST = 61  # from March 1900 on the serials of both calendars agree


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


def moments(serials: npt.NDArray[np.float64], from_1904: bool) -> npt.NDArray[np.object_] | None:
    """Serials as dates, or as moments where they have a time of day; None where one is before March 1900."""
    codes, distinct = pd.factorize(serials)
    days = distinct + (1462 if from_1904 else 0)
    if not len(days) or days.min() < _FIRST or days.max() >= 2_958_466:
        return None
    out = np.empty(len(days), dtype=object)
    for i, day in enumerate(days.tolist()):
        moment = _EPOCH + dt.timedelta(milliseconds=round(day * 86_400_000))
        out[i] = moment.date() if float(day).is_integer() else moment
    return np.asarray(out[codes], dtype=object)

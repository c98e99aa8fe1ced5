"""Voucher numbers: the word, the number, and how they are given out, told by the numbers themselves."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reconcile.read import columns as text

MONTH, YEAR = "month", "year"
_NUMBERED = re.compile(r"^(.*?)(\d+)(\D*)$", re.DOTALL)
_SHEET_OF = re.compile(r"[\s(]*\d+/\d+\)?$")
_LEADING_MONTH = re.compile(r"^(?:19|20)\d\d(?:0[1-9]|1[0-2])")
_LONGEST = 9
_SCOPES: tuple[tuple[str, ...], ...] = ((), ("office",), ("file",), ("file", "sheet"))
NUMBER_KEYS = ["scope", "span", "word", "number"]


@dataclass(frozen=True)
class Numbering:
    """Numbered vouchers and how they are numbered.

    vouchers: one row a voucher, date and place (file, sheet, row of its first line) with word (`记-`), number, width
    (digits as written) and tail (`号`); scope: which numbering it is of (of an office, a file or a sheet); span: the months
    since 1970, or the year, in which its numbers run.  conflicts: how many numbers stand on more than one date.
    """

    vouchers: pd.DataFrame
    period: dict[int, str]
    conflicts: int


def split(voucher: object) -> tuple[str, int, int, str]:
    """(word, number, digits, tail) of a voucher as written; number −1 where it has none.

    >>> split("记-0007"), split("记字第12号"), split("202003-0005"), split("CG")
    (('记-', 7, 4, ''), ('记字第', 12, 2, '号'), ('202003-', 5, 4, ''), ('CG', -1, 0, ''))
    """
    plain = _SHEET_OF.sub("", unicodedata.normalize("NFKC", str(voucher or "")).strip())
    found = _NUMBERED.match(plain)
    if not found:
        return plain, -1, 0, ""
    word, digits, tail = found[1], found[2], found[3]
    if len(digits) > 6 and _LEADING_MONTH.match(digits):
        word, digits = word + digits[:6], digits[6:]
    if len(digits) > _LONGEST:
        return plain, -1, 0, ""
    return word, int(digits), len(digits), tail


def numbering(entries: pd.DataFrame) -> Numbering:
    """The numbering of dated entries with vouchers.

    Of all together, office by office, file by file or sheet by sheet, and beginning anew each month or each year, that reading
    is taken which leaves the fewest numbers missing or standing on several dates; the broader one where equal.
    """
    vouchers = _vouchers(entries)
    best: Numbering | None = None
    least = -1
    for columns in _SCOPES:
        if columns and vouchers[list(columns)].drop_duplicates().shape[0] < 2:
            continue
        scope = vouchers.groupby(list(columns), sort=False).ngroup() if columns else pd.Series(0, vouchers.index)
        cost, found = _by_period(vouchers.assign(scope=scope.to_numpy()))
        if best is None or cost < least:
            best, least = found, cost
    assert best is not None
    return best


def _vouchers(entries: pd.DataFrame) -> pd.DataFrame:
    first = entries.drop_duplicates(["file", "sheet", "office", "date", "voucher"])
    parts = text.mapped(first["voucher"].to_numpy(dtype=object), split)
    frame = first[["date", "voucher", "office", "file", "sheet", "row"]].reset_index(drop=True)
    for position, name in enumerate(("word", "number", "width", "tail")):
        frame[name] = [p[position] for p in parts]
    return frame[frame["number"] >= 0].reset_index(drop=True)


def _by_period(vouchers: pd.DataFrame) -> tuple[int, Numbering]:
    """The cheaper of monthly and yearly numbers, scope by scope, with what it costs in missing and conflicts."""
    spans = {
        MONTH: vouchers["date"].to_numpy(dtype="datetime64[M]").astype(np.int64),
        YEAR: vouchers["date"].to_numpy(dtype="datetime64[Y]").astype(np.int64) + 1970,
    }
    costs, conflicts = {}, {}
    for name, span in spans.items():
        keyed = vouchers.assign(span=span)
        ends = keyed.drop_duplicates(NUMBER_KEYS).groupby(["scope", "span", "word"])["number"].agg(["max", "size"])
        missing = (ends["max"] - ends["size"]).clip(lower=0).groupby("scope").sum()
        dated = keyed.groupby(NUMBER_KEYS)["date"].nunique()
        conflicts[name] = (dated > 1).groupby("scope").sum()
        costs[name] = missing + conflicts[name]
    period = {s: MONTH if costs[MONTH][s] <= costs[YEAR][s] else YEAR for s in costs[MONTH].index}
    yearly = vouchers["scope"].map(period).to_numpy() == YEAR
    chosen = vouchers.assign(span=np.where(yearly, spans[YEAR], spans[MONTH]))
    total = sum(int(costs[p][s]) for s, p in period.items())
    return total, Numbering(chosen, period, sum(int(conflicts[p][s]) for s, p in period.items()))


def missing_runs(numbering: Numbering) -> pd.DataFrame:
    """Runs of missing numbers: `first` and `last` of each, beside the voucher that comes next (its columns).

    Numbers before the first one that is there count as missing where they are no more than those that are, so that
    a file that begins in the middle is not one great gap.
    """
    keys = ["scope", "span", "word"]
    numbers = numbering.vouchers.sort_values([*keys, "number", "date"], kind="stable")
    numbers = numbers.drop_duplicates(NUMBER_KEYS).reset_index(drop=True)
    group = numbers.groupby(keys, sort=False)["number"]
    before = group.shift(fill_value=0)
    leads = ~numbers.duplicated(keys)
    gap = numbers["number"] - before - 1
    plausible = ~leads | (gap <= group.transform("size"))
    out = numbers.assign(first=before + 1, last=numbers["number"] - 1, missing=gap)
    out["before"] = numbers["date"].shift().where(~leads)
    return out[(gap > 0) & plausible].reset_index(drop=True)

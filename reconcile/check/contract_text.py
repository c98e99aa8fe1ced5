"""What the texts of a contract register and of a memo say: terms by data/contract_words.csv, company names, months."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from functools import cache

from reconcile.read import words

_LEADING_CODE = re.compile(r"^[\[(]?[a-z]{0,4}\d{2,}[\])]?[\s_\-:]*(?=\D)")
_LEGAL = ((re.compile("有限责任公司"), "有限公司"), (re.compile(r"\b(?:limited|ltd\.?)(?![a-z])"), "ltd"))
_ACCOUNT_KIND = re.compile(r"\((?:基本户|一般户|专户|对公|账户|户名)\)")
_MARKS = re.compile(r"[\W_]+")
_DATE_LIKE = re.compile(r"(?:19|20)\d\d\d{0,4}")
_YEAR = r"(?:((?:19|20)\d\d)\s*年?\s*度?\s*)?"
_MONTHS = re.compile(_YEAR + r"(?<!\d)(\d{1,2})月?份?\s*(?:-|~|至|到|—|、|和|及)\s*(\d{1,2})月(?!\s*\d{1,2}日)")
_MONTH = re.compile(_YEAR + r"(?<![\d.])(\d{1,2})月(?!\s*\d{1,2}日)")
_QUARTER = re.compile(_YEAR + r"(?:第?([一二三四1-4])季度?|\b[qQ]([1-4])\b)")
_HALF = re.compile(_YEAR + r"([上下])半年")
_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ENGLISH = re.compile(rf"\b({'|'.join(_NAMES)})[a-z]*\.?\s*((?:19|20)\d\d)?")
_FURTHEST = 6  # months between a service and its payment beyond which a memo's month says too little
Span = tuple[dt.date, dt.date]


@cache
def _pattern(use: str) -> re.Pattern[str]:
    listed = [w for r in words.rows_of("contract_words") if r["use"] == use for w in r["words"].split("|")]
    return re.compile("|".join(rf"\b{re.escape(w)}" if w[0].isascii() and w[0].isalpha() else w for w in listed))


def says(text: str, use: str) -> bool:
    """Whether a text has a word of a use in data/contract_words.csv."""
    return bool(_pattern(use).search(unicodedata.normalize("NFKC", text).lower()))


def number_key(number: str) -> str:
    """A contract's number for finding it in memos, '' where it is too short or too like a date to be told there."""
    key = memo_key(number)
    if len(key) < 4 or not any(c.isdigit() for c in key) or (key.isdigit() and len(key) < 6):
        return ""
    return "" if _DATE_LIKE.fullmatch(key) else key


def plain(text: str) -> str:
    """NFKC, lower case, and the kind of a company in one word."""
    out = unicodedata.normalize("NFKC", text).lower()
    for pattern, word in _LEGAL:
        out = pattern.sub(word, out)
    return out


def memo_key(text: str) -> str:
    """Letters, digits and characters only: brackets, dashes and spaces are written in many ways."""
    return _MARKS.sub("", plain(text))


@cache
def company_key(name: str) -> str:
    """A company's name for comparison: a leading code, marks, spaces and the kind of account taken off."""
    return _MARKS.sub("", _LEADING_CODE.sub("", _ACCOUNT_KIND.sub("", plain(name).strip())))


@cache
def months(memo: str, paid: dt.date) -> Span | None:
    """First and last day of the service that a memo names (`9月`, `1-3月`, `三季度`, `上半年`), None where it names none.

    A month without a year is the last such month up to the payment; one more than half a year back is unclear.
    """
    written = unicodedata.normalize("NFKC", memo)
    spans = {_range(m, paid) for m in _MONTHS.finditer(written)} - {None}
    rest = _MONTHS.sub(" ", written)
    spans |= {_span(int(m[2]), int(m[2]), m[1], paid) for m in _MONTH.finditer(rest) if 1 <= int(m[2]) <= 12}
    for found in _QUARTER.finditer(rest):
        quarter = "一二三四".find(found[2]) + 1 if found[2] and found[2] in "一二三四" else int(found[2] or found[3])
        spans.add(_span(3 * quarter - 2, 3 * quarter, found[1], paid))
    for found in _HALF.finditer(rest):
        spans.add(_span(1, 6, found[1], paid) if found[2] == "上" else _span(7, 12, found[1], paid))
    for found in _ENGLISH.finditer(rest):
        at = _NAMES.index(found[1]) + 1
        spans.add(_span(at, at, found[2], paid))
    return next(iter(spans)) if len(spans) == 1 else None


def _range(found: re.Match[str], paid: dt.date) -> Span | None:
    first, last = int(found[2]), int(found[3])
    return _span(first, last, found[1], paid) if 1 <= first <= 12 and 1 <= last <= 12 else None


def _span(first: int, last: int, year: str | None, paid: dt.date) -> Span | None:
    if year:
        end = int(year) if first <= last else int(year) + 1
    else:
        end = paid.year if last <= paid.month else paid.year - 1
        if (paid.year - end) * 12 + paid.month - last > _FURTHEST:
            return None
    start = end if first <= last else end - 1
    return dt.date(start, first, 1), month_end(end, last)


def month_end(year: int, month: int) -> dt.date:
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return following - dt.timedelta(days=1)

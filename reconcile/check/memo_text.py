"""What a memo says: the words of data/memo_words.csv, the period or instalment that it names, and the rest."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile import wide
from reconcile.read import words

Mask = npt.NDArray[np.bool_]
_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec"
)
_CHINESE = "一二三四五六七八九十"
_PERIOD = re.compile(
    rf"(?:(?:19|20)?\d\d年)?(?:\d{{1,2}}(?:-|至|到|、|~))*(?:\d{{1,2}}|[{_CHINESE}]{{1,3}})(?:月份?|季度|季)"
    rf"|第?(?:\d{{1,3}}|[{_CHINESE}]{{1,3}})(?:期|批|次|轮|阶段|笔|标段|部分|周)|[上下]半年"
    rf"|\b(?:{_MONTHS})\b(?:[ '/-]*(?:20)?\d\d\b)?|\bq[1-4]\b|\b(?:week|phase|stage|part|instal?ment) ?\d+\b"
)
_STAGE = re.compile(
    r"首[期付笔批]款?|[末尾]期|尾款|余款|进度款|预付款?|定金|订金|质保金|保证金|结算款|[上中下]旬|上半月|下半月"
    r"|\d+(?:\.\d+)?%|\b(?:first|second|third|fourth|final|deposit|balance|accrual)\b"
)
_NUMBER = re.compile(r"[a-z]*\d[\da-z-]*")
_MARKS = re.compile(r"[\W_]+")
NOT_OF_A_FIRM = r"(?!(?:服务|商贸|贸易|销售|科技|发展)?(?:有限责任|有限)?(?:公司|经营部|商行|商店|门市部|批发部))"
"""Behind a word: it is not part of a firm's name, as in 办公用品经营部."""
_ASCII = re.compile(r"^[a-z0-9 \-]+$")


@cache
def split(memo: str) -> tuple[str, str, str]:
    """(what it is for, its month or numbered instalment, other numbers and stages) of a memo.

    >>> split("支付5月物业费"), split("印章刻制费（第二期）尾款"), split("Office Rent - Sept 2017")
    (('支付物业费', '5月', ''), ('印章刻制费', '第二期', '尾款'), ('officerent', 'sept 2017', ''))
    """
    plain = unicodedata.normalize("NFKC", memo).lower()
    periods = _PERIOD.findall(plain)
    rest = _PERIOD.sub(" ", plain)
    numbers = _STAGE.findall(rest)
    rest = _STAGE.sub(" ", rest)
    numbers += _NUMBER.findall(rest)
    rest = _NUMBER.sub(" ", rest)
    return _MARKS.sub("", rest), "|".join(sorted(p.strip() for p in periods)), "|".join(sorted(numbers))


@cache
def _pattern(use: str) -> re.Pattern[str]:
    parts = []
    for word in words.memo_words(use):
        start = r"(?<![\d一二三四五六七八九十])" if word[0].isdigit() else ""
        parts.append(rf"\b{re.escape(word)}\b" if _ASCII.match(word) else start + re.escape(word) + NOT_OF_A_FIRM)
    return re.compile("|".join(parts))


def says(memo: str, use: str) -> bool:
    return bool(_pattern(use).search(unicodedata.normalize("NFKC", memo).lower()))


@dataclass(frozen=True)
class Memos:
    """The memos of some entries: every distinct one is read once, and all of them at a time.

    at: the distinct memo of every entry.  distinct: the memos.
    """

    at: npt.NDArray[np.int64]
    distinct: list[str]

    @classmethod
    def of(cls, entries: pd.DataFrame, name: str = "memo", rows: npt.NDArray[np.int64] | None = None) -> Memos:
        """The memos (or the texts of another column) of some rows, of all where none are given."""
        at, distinct = wide.factorized(entries, name, rows)
        return cls(at, [str(m or "") for m in distinct])

    def saying(self, use: str) -> Mask:
        """Which entries' memos have a word of a use."""
        return self._having(_pattern(use))

    def naming_year(self, year: int) -> Mask:
        """Which entries' memos name a year: `2019年…`, `2019-12`, `Rent 2019`."""
        return self._having(re.compile(rf"(?<!\d){year}(?!\d)"))

    def each(self, test: Callable[[str], object]) -> npt.NDArray[np.object_]:
        """What `test` says of each entry's memo."""
        found = np.empty(len(self.distinct), dtype=object)
        found[:] = [test(m) for m in self.distinct]
        return found[self.at] if len(found) else np.empty(len(self.at), dtype=object)

    @cached_property
    def _lines(self) -> str:
        """The memos, each a line."""
        written = "\n".join(m.replace("\n", " ") for m in self.distinct)
        return unicodedata.normalize("NFKC", written).lower()

    @cached_property
    def _ends(self) -> npt.NDArray[np.int64]:
        """Where each line ends."""
        sizes = np.fromiter(map(len, self._lines.split("\n")), dtype=np.int64)
        return np.cumsum(sizes + 1) - 1

    def _having(self, pattern: re.Pattern[str]) -> Mask:
        places = np.fromiter((m.start() for m in pattern.finditer(self._lines)), dtype=np.int64)
        hit = np.zeros(len(self._ends), dtype=bool)
        hit[np.searchsorted(self._ends, places, "left")] = True
        return hit[self.at]


def saying(entries: pd.DataFrame, name: str, use: str) -> Mask:
    """Which texts of a column have a word of a use; see Memos."""
    return Memos.of(entries, name).saying(use)

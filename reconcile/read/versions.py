"""The words that name a version of a budget: 一上, 二上, 批复, 调整, draft, approved."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from reconcile.read import units
from reconcile.read.words import normalise, rows_of

DRAFT = 4
"""The highest rank of a version that is no approved budget yet."""
_REST = re.compile(r"(?:预算|安排)?(?:数|额|金额|稿|方案|版|阶段)?|(?:budget|amount|version)?")
_YEAR = re.compile(r"(?:fy)?(?:19|20)\d\d(?:年度|年)?")


@cache
def _ranks(where: str) -> tuple[tuple[str, int], ...]:
    rows = [r for r in rows_of("versions") if r["where"] in ("any", where)]
    return tuple((normalise(r["word"]), int(r["rank"])) for r in rows)


def rank(text: str, where: str = "any") -> int:
    """How final a budget version is that a title (or, with `column`, a heading) names: 一上 < 二上 < 批复 < 调整; 0 where
    it names none."""
    plain = normalise(text)
    return max((n for word, n in _ranks(where) if word in plain), default=0)


def is_draft(text: str, where: str = "any") -> bool:
    return 0 < rank(text, where) <= DRAFT


def names(text: str, version: str) -> bool:
    """Whether a text names the version that was asked for."""
    return normalise(version) in normalise(text)


def bare(text: str) -> bool:
    """Whether a heading says nothing but a version: `一上`, `二上数`, `2020年批复（万元）`, `调整`."""
    last = units.of_heading(unicodedata.normalize("NFKC", text).rpartition("/")[2])[1]
    plain = _YEAR.sub("", normalise(last))
    return any(plain.startswith(word) and _REST.fullmatch(plain[len(word) :]) for word, _ in _ranks("column"))


def without(text: str) -> str:
    """A normalised heading without the version that it names: `一上预算数` is `预算数`."""
    for word, _ in sorted(_ranks("column"), key=lambda r: -len(r[0])):
        if word in text:
            return text.replace(word, "", 1)
    return text

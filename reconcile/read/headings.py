"""What a column's heading means: its field, and the unit and the year that it states."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from reconcile.read import parts as parts_of
from reconcile.read import units, versions
from reconcile.read.words import normalise, rows_of, simplified

_YEAR = re.compile(r"^(?:fy)?((?:19|20)\d\d)(?:年度|年|财年)?|(?:fy)?((?:19|20)\d\d)(?:年度|年|财年)?$")
_ASIDE = re.compile(r"[(\[【][^()\[\]【】]*[)\]】]")
EXACT, LEAF, BAND, PART = range(4)
SUMS = ("合计", "小计", "总计", "total", "subtotal")
PLANNED = ("amount", "original", "available", "carryover", "increase", "decrease", "adjustment")


@dataclass(frozen=True)
class Heading:
    """What a header text means: its field ('' where unknown), the unit and year that it states, and how well it
    fits: (how much of the text was taken, the place of the word among the field's words), the least fits best."""

    field: str
    unit: str = ""
    year: int = 0
    fit: tuple[int, int] = (EXACT, 0)


@cache
def vocabulary(kind: str) -> dict[str, tuple[str, int]]:
    """Normalised word to its field and its place among the field's words."""
    words: dict[str, tuple[str, int]] = {}
    for record in rows_of("header_words"):
        if record["kind"] == kind:
            for place, word in enumerate(record["words"].split("|")):
                words.setdefault(normalise(word), (record["field"], place))
            words.setdefault(normalise(record["field"]), (record["field"], 0))
    return words


def fields(kind: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(field for field, _ in vocabulary(kind).values()))


def heading(parts: tuple[str, ...], kind: str) -> Heading:
    """Read a column's header, its texts from the top row down.

    The whole text says the most, then its lowest part, then the band above it; a lowest part that only says 金额 or
    本币 is of its band (`借方/金额` is the debit).
    """
    unit, year = "", 0
    clean: list[str] = []
    plain: list[str] = []
    for part in parts:
        stated, text = units.of_heading(simplified(unicodedata.normalize("NFKC", part)))
        unit = stated or unit
        word = normalise(text).removeprefix("其中")
        if found := _YEAR.search(word):
            year, word = int(found[1] or found[2]), word[: found.start()] + word[found.end() :]
        if word:
            clean.append(word)
            plain.append(text)
    if not clean and year and kind == "budget":
        return Heading("amount", unit, year)
    known = vocabulary(kind)
    leaf = known.get(clean[-1]) if len(clean) > 1 else None
    band = known.get("".join(clean[:-1])) if len(clean) > 1 else None
    whole = known.get("".join(clean))
    sums = len(clean) > 1 and clean[-1] in SUMS
    if not whole and band and (sums or (leaf and leaf[0] == "amount")):
        whole = band
    if sums and not whole:
        return Heading("", unit, year)  # the sum of a band is not that of the table
    tries = [(EXACT, whole), *((LEAF, known.get(w)) for w in clean[:0:-1]), (LEAF, known.get("".join(clean[-2:])))]
    if not (len(clean) > 1 and parts_of.says("/".join(parts))):
        tries += [(BAND, known.get(w)) for w in clean[:1]]
    tries += [(PART, known.get(w)) for text in reversed(plain) for w in _parts(text)]
    for fit, found_word in tries:
        if found_word:
            return Heading(found_word[0], unit, year, (fit, found_word[1]))
    if kind == "budget" and versions.rank("".join(clean), "column"):
        rest = [w for w in map(versions.without, clean) if w]
        if not rest or versions.bare(clean[-1]):
            return Heading("amount", unit, year, (PART, 0))
        found_word = known.get("".join(rest)) or known.get(rest[-1])
        if found_word and found_word[0] in PLANNED:
            return Heading(found_word[0], unit, year, (PART, found_word[1]))
    return Heading("", unit, year)


def _parts(text: str) -> list[str]:
    """What a heading says without its asides, and its halves: `科目名称（项目）`, `单位/项目`."""
    bare = _ASIDE.sub("", text)
    halves = [h for h in re.split(r"[/、|]|\s+or\s+", bare) if h.strip()]
    found = [normalise(bare)] if bare != text else []
    return found + ([normalise(h) for h in reversed(halves)] if len(halves) > 1 else [])

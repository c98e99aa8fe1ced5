"""The forms of the public final accounts, from data/final_tables.toml, and how their words are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from reconcile import wording
from reconcile.read.words import normalise, without_ordinal

NUMBERS = ("01", "02", "03", "04", "05", "06", "07", "08", "09")
OTHER = "-"
LONGEST_TITLE, BEHIND_TITLE = 90, 8
_QUOTES = str.maketrans("", "", "“”„‟\"'‘’《》〈〉、,，.。·-—/()（）")
_YEAR = re.compile(r"^.*?(?:19|20)\d\d年(?:度)?")
_NUMBER = re.compile(r"(?:公开|gk|z)0?([1-9])表?(?!\d)")


@dataclass(frozen=True)
class Form:
    """One form: its number here (01–09), its names, and the words of its columns and rows.

    columns and labels: normalised word to field.  sums: a field and the fields that add up to it.
    """

    number: str
    zh: str
    en: str
    lines: str
    titles: tuple[str, ...]
    columns: Mapping[str, str]
    labels: Mapping[str, tuple[str, ...]]
    sums: Mapping[str, tuple[str, ...]]
    fields: tuple[str, ...]
    sides: Mapping[str, str]

    def title(self, language: str) -> str:
        """`公开01表 收入支出决算总表`."""
        return f"公开{self.number}表 {self.zh}" if language == "zh" else f"table {self.number} ({self.en})"


def plain(text: str) -> str:
    """A word for comparison: normalised, without ordinals, quotes, brackets and dashes."""
    return normalise(without_ordinal(text)).translate(_QUOTES)


@cache
def forms() -> dict[str, Form]:
    """Every form, by its number."""
    return {number: _form(number) for number in NUMBERS}


def _form(number: str) -> Form:
    entry = wording.entry("final_tables", number)
    columns = {plain(w): field for field, ws in entry["columns"].items() for w in ws}
    labels: dict[str, tuple[str, ...]] = {}
    for field, ws in entry.get("labels", {}).items():
        for word in map(plain, ws):
            labels[word] = (*labels.get(word, ()), field)
    sides = {plain(w): side for side in ("budget", "actual") for w in entry.get(side, ())}
    return Form(
        number,
        entry["zh"],
        entry["en"],
        entry["lines"],
        tuple(map(plain, entry["titles"])),
        columns,
        labels,
        {k: tuple(v) for k, v in entry.get("sums", {}).items()},
        tuple(entry["columns"]),
        sides,
    )


@cache
def words(name: str) -> frozenset[str]:
    """Words of all forms: `code`, `name`, `number`, `places`, `bands`, `part`, `total`, `no_data`."""
    return frozenset(map(plain, wording.entry("final_tables", "words")[name]))


def titled(text: str) -> str:
    """The number of the form that a title names, `OTHER` for a table that is none of them, '' for other text.

    The longest name in it counts: `一般公共预算财政拨款支出决算表` is no `支出决算表`.
    """
    if len(text) > LONGEST_TITLE:
        return ""
    word = plain(re.sub(r"[(（\[【][^()（）\[\]【】]*[)）\]】]\s*$", "", unicodedata.normalize("NFKC", text)))
    found = max(((len(name), name, number) for name, number in _titles() if name in word), default=(0, "", ""))
    if not found[1]:
        return ""
    ended = word.endswith(tuple(words("title_end"))) or len(word.rpartition(found[1])[2]) > BEHIND_TITLE
    return "" if ended else found[2]


@cache
def _titles() -> tuple[tuple[str, str], ...]:
    own = [(title, number) for number, form in forms().items() for title in form.titles]
    return (*own, *((title, OTHER) for title in words("other_titles")))


def numbered(text: str) -> str:
    """The number of a form's code, `公开01表`, `公开 1 表`; '' for other text."""
    found = _NUMBER.search(re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower())
    return f"0{found[1]}" if found else ""


def says_nothing(note: str) -> bool:
    """Whether a note says that a table has no data; `如无…应说明` is an instruction of the form."""
    text = unicodedata.normalize("NFKC", note).replace(" ", "")
    return any(w in text for w in words("no_data")) and not any(w in text for w in words("no_data_open"))

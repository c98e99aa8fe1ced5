"""Codes and their names: economic classes, accounts, and codes glued to names in one cell."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from reconcile.read import words

_BEHIND = re.compile(r"^(\D.*?)\s*[\[【(（]\s*([0-9０-９]{3,}[0-9０-９.\-\\]*)\s*[\]】)）]$", re.DOTALL)
_GLUED = re.compile(r"^[\[【(（]?\s*([0-9０-９][0-9０-９.\-\\/]*)\s*[\]】)）]?[\s_＿\-—:：/|]*(\D.*)?$", re.DOTALL)

_WHOLE = re.compile(r"\d+\.0+")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d{1,2}")
_PLAIN = re.compile(r"[\w.\-\\/ ]*", re.ASCII)
_PROJECT = re.compile(
    r"^(?:[\[【(（]\s*([A-Za-z]{0,6}\d[\dA-Za-z.\-]*)\s*[\]】)）][\s_\-—:：]*"
    r"|([A-Za-z]{0,6}\d[\dA-Za-z.]{2,})(?:\s+|[_＿\-—:：|/]+)\s*)(.*\D.*)$",
    re.DOTALL,
)

THREE_PUBLIC = frozenset({"30212", "30217", "30231", "30913", "31013"})
"""Classes of 三公经费: travel abroad, receptions, official vehicles bought and run."""


def clean_code(value: object) -> str:
    """A code as text: floats lose `.0`, separators stay, leading zeros stay.

    >>> clean_code(7101.0), clean_code("7101.0"), clean_code(" 0030 "), clean_code("7.101E3")
    ('7101', '7101', '0030', '7101')
    """
    if value is None or value != value or isinstance(value, bool):
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, int):
        return str(value)
    written = str(value).strip().strip("'")
    text = written if written.isascii() else unicodedata.normalize("NFKC", written)
    if not text.isascii():
        return written
    if text[:1].isdigit():
        if _WHOLE.fullmatch(text):
            return text.partition(".")[0]
        if _SCIENTIFIC.fullmatch(text):
            number = float(text)
            return str(int(number)) if number.is_integer() and number < 1e15 else text
    return text if _PLAIN.fullmatch(text) else written


def split_code(value: object) -> tuple[str, str]:
    """(code, name) of a class or account cell that may hold either or both: `30201 办公费`, `[30201]办公费`.

    A text without a leading code is all name.
    """
    text = clean_code(value)
    if behind := _BEHIND.match(text):
        return unicodedata.normalize("NFKC", behind[2]), behind[1]
    found = _GLUED.match(text)
    if not found or not found[1].strip(".-\\/"):
        return "", text
    code, name = unicodedata.normalize("NFKC", found[1]).rstrip(".-\\/"), (found[2] or "").strip()
    if name and name[0] in "年月日号、.":  # a name that begins with a number, such as 2020年…
        return "", text
    return code, name


def split_project(value: object) -> tuple[str, str]:
    """(code, name) of a project cell.  A code must stand apart from the name, by a mark or in brackets:
    `P001 印章刻制`, `[001]印章刻制`, `001_印章刻制`; `12345热线` and `5G大厅` are names."""
    text = clean_code(value)
    found = _PROJECT.match(text)
    if found:
        code, name = unicodedata.normalize("NFKC", found[1] or found[2]), found[3].strip()
        if name[0] not in "年月日号、.":
            return code, name
    if re.fullmatch(r"[A-Za-z]{0,6}\d[\dA-Za-z.\-]*", text) and sum(c.isdigit() for c in text) >= 3:
        return text, ""
    return "", text


def segments(code: str) -> str:
    """An account or class code without its separators, so that `7101.01` and `7101-01` begin alike."""
    return re.sub(r"[.\-\\/ ]", "", code)


@cache
def economic_classes() -> dict[str, tuple[str, str]]:
    """Economic class code to (name, group); 财政部 支出经济分类, edition in the data file."""
    return {r["code"]: (r["name"], r["group"]) for r in words.rows_of("economic_classes")}


_FUNCTIONAL = re.compile(r"2(?:0[1-8]|1[0-79]|2[0-4790]|3[0-4])(?:\d\d(?:\d\d)?)?")


def is_functional(code: str) -> bool:
    """Whether a code without separators is of a functional class (类 款 项: 201, 20103, 2010301)."""
    return _FUNCTIONAL.fullmatch(code) is not None


@cache
def economic_by_name() -> dict[str, str]:
    """Name to code, for names that are one class only; 309 and 311 are left out, their names repeat 310 and 312."""
    found: dict[str, str] = {}
    for code, (name, group) in economic_classes().items():
        key = words.normalise(name)
        if group and len(code) == 5:
            found[key] = "" if key in found else code
    return {k: v for k, v in found.items() if v}


def class_of(code: str, name: str) -> str:
    """The economic class that a code, or else a name, is; '' where it is none."""
    own = segments(code)
    return own if own in economic_classes() else economic_by_name().get(words.normalise(name), "")


@cache
def economic_names() -> frozenset[str]:
    """The normalised names of all economic classes."""
    return frozenset(words.normalise(name) for name, _ in economic_classes().values())


def group_of(economic_code: str) -> str:
    """`personnel` or `operating` for a class of basic spending, '' for others and unknown ones."""
    code = segments(economic_code)
    classes = economic_classes()
    return next((classes[code[:n]][1] for n in (5, 3) if code[:n] in classes), "")


def economic_name(economic_code: str) -> str:
    return economic_classes().get(segments(economic_code)[:5], ("", ""))[0]

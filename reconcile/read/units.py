"""The unit of money that a text states: in a title, in brackets of a heading, in a number format."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from functools import cache

from reconcile.money import UNITS
from reconcile.read import words

_CHINESE = "|".join(("百万元", "亿元", "万元", "千元", "元"))
_LEAD = r"(?:金额|货币|计量|计价)?单位(?:为|是)?[:：]?(?:为|是)?(?:人民币)?"
_STATED = re.compile(rf"{_LEAD}(百万|亿|万|千)?(元|圆)?(?![\u4e00-\u9fff])")
_AS_UNIT = re.compile(rf"以?(?:人民币)?({_CHINESE})为(?:金额|货币|计量|计价)?单位")
_BRACKETED = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]")
_ENGLISH = re.compile(
    r"\b(?:units?(?: of (?:money|measure))?|currency|amounts?|figures|expressed|stated|all)\b[^a-z0-9]*"
    r"(?:(?:is|are|in|of|unit|amounts|figures|expressed|currency)[^a-z0-9']*)*([a-z0-9,'$ ]+?)\s*(?:$|[.;)\]])"
)
_DECIMAL = re.compile(r"\d\.\d")
_FIGURE = re.compile(r"[\d,\s]*")
_NOISE = re.compile(r"^(?:金额|货币)?(?:单位)?[:：]?(?:人民币)?|^(?:in|unit|units)\b[:\s]*(?:of\s+)?")


@cache
def _known() -> dict[str, str]:
    return {_plain(r["word"]): r["unit"] for r in words.rows_of("units")}


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9\u4e00-\u9fff]", "", text.lower())


def named(text: str) -> str:
    """The unit that a text is the name of, as `万元`, `人民币万元` or `RMB '000`; '' where it is another text."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    if plain and plain in "¥$£€":
        return "元"
    if _DECIMAL.search(plain):
        return ""
    known = _known()
    return known.get(_plain(plain), "") or known.get(_plain(_NOISE.sub("", plain)), "")


def _bracketed(inside: str) -> str:
    """The unit in brackets; a bare figure there is an amount below nought or a code: `(10,000)`, `(1000)`."""
    return "" if _FIGURE.fullmatch(inside) and inside.strip() != "000" else named(inside)


def stated(text: str) -> str:
    """The unit of money that a title states, '' where it states none (`单位：某某局` is no unit)."""
    plain = words.simplified(unicodedata.normalize("NFKC", text))
    tight = re.sub(r"\s+", "", plain)
    for match in _STATED.finditer(tight):
        if match[1] or match[2]:
            return (match[1] or "") + "元"
    if found := _AS_UNIT.search(tight):
        return found[1]
    if unit := _only_unit(plain):
        return unit
    for inside in _BRACKETED.findall(plain):
        if not inside.strip().isdigit() and (unit := _bracketed(inside)):
            return unit
    if found := _ENGLISH.search(plain.lower()):
        return named(found[1])
    return ""


def _only_unit(text: str) -> str:
    """The unit where a title says nothing else: `万元`, `（万元）`, `人民币元`."""
    plain = text.strip().strip("()[]【】")
    return named(plain) if re.search(r"[\u4e00-\u9fff]{1,2}$", plain) and plain.endswith(("元", "圆")) else ""


def of_heading(text: str) -> tuple[str, str]:
    """(unit, the heading without it): `预算数（万元）`, `Budget (CNY)`, `Amount in RMB`, `金额/万元`."""
    plain = unicodedata.normalize("NFKC", text)
    for inside in _BRACKETED.finditer(plain):
        if unit := _bracketed(inside[1]):
            return unit, plain[: inside.start()] + plain[inside.end() :]
    found = re.search(rf"(?:/|[,，]?(?:金额|货币|计量)?单位[:：]?)\s*(?:人民币)?({_CHINESE})\s*$", plain)
    if found:
        return found[1], plain[: found.start()]
    found = re.search(r"(?:\s+in\s+|\s+|,\s*)([a-z$']+(?: [a-z0-9]+)?)\s*$", plain, re.IGNORECASE)
    if found and named(found[1]) and plain.lower().strip() != found[1].lower():
        return named(found[1]), plain[: found.start()]
    return "", plain


def of_format(code: str) -> str:
    """The unit that a column's amounts are in, by the number format that prints them: `0.00"万元"` shows amounts in
    万元, `0!.0000"万元"` and `0!.0,"万元"` show yuan; '' where the format shows no unit."""
    section = re.sub(r"\[[^\]]*\]", "", code.split(";")[0])
    section = section.replace('"."', "!.").replace("\\.", "!.")
    found = re.search(rf"({_CHINESE})", re.sub(r'["\\!]', "", section))
    if not found:
        return ""
    digits = re.search(r"[0#?][0#?,.!]*", section)
    shown = digits[0] if digits else ""
    thousands = len(shown) - len(shown.rstrip(","))
    moved = re.search(r"!\.([0#?]+)", shown)
    factor = Fraction(UNITS[found[1]], 1000**thousands * 10 ** (len(moved[1]) if moved else 0))
    return next((unit for unit, size in UNITS.items() if size == factor), "")

"""Numbers as reports write them: digits of any width, commas by threes, and Chinese numerals."""

from __future__ import annotations

import re
from fractions import Fraction

_DIGITS = {
    c: v
    for v, cs in enumerate(("零〇", "一壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"))
    for c in cs
}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
CHINESE = "".join(_DIGITS) + "".join(_TENS) + "".join(_LARGE)
_WIDE = str.maketrans({chr(c): chr(c - 0xFEE0) for c in range(0xFF01, 0xFF5F) if chr(c) not in "，；？！"}) | {
    ord("\u3000"): " ",
    ord("\u00a0"): " ",
    ord("﹪"): "%",
    ord("−"): "-",
    ord("﹣"): "-",
    ord("〇"): "零",
    ord("○"): "零",
    ord("∶"): ":",
    ord("﹐"): "，",
    ord("﹔"): "；",
}
_PARTING = re.compile(r",(?!\d{3}(?!\d))|(?<!\d),")
GROUPED = r"\d{1,3}(?:[,，]\d{3})+(?!\d)(?:\.\d+)?"
PLAIN = r"\d+(?:\.\d+)?"


def narrow(text: str) -> str:
    """The same text, character by character, with digits, letters and signs of full width made narrow.

    Commas and semicolons that part clauses become those of full width.  The length never changes.
    """
    return _PARTING.sub("，", text.translate(_WIDE)).replace(";", "；")


def arabic(text: str) -> tuple[Fraction, int]:
    """A number in digits and how many decimals it shows."""
    plain = re.sub("[,，]", "", text)
    return Fraction(plain), len(plain.partition(".")[2])


def chinese(text: str) -> Fraction | None:
    """What a Chinese numeral says, None where it is none: 一百二十, 两千零五, 二〇二〇, 三点五, 十五万.

    >>> chinese("一百二十"), chinese("二零二零"), chinese("三点五"), chinese("百")
    (Fraction(120, 1), Fraction(2020, 1), Fraction(7, 2), None)
    """
    text = text.replace("〇", "零")
    whole, dot, rest = text.partition("点")
    if dot:
        before, places = chinese(whole), [_DIGITS.get(c) for c in rest]
        if before is None or not places or None in places:
            return None
        return before + Fraction(int("".join(map(str, places))), 10 ** len(places))
    if not whole or any(c not in CHINESE for c in whole):
        return None
    if all(c in _DIGITS for c in whole):
        return Fraction(int("".join(str(_DIGITS[c]) for c in whole))) if len(whole) in (1, 4) else None
    total, section, digit, seen = 0, 0, -1, False
    for c in whole:
        if c in _DIGITS:
            if digit > 0:
                return None
            digit = _DIGITS[c]
        elif c in _TENS:
            if digit < 0 and (section or c not in "十拾"):
                return None
            section, digit, seen = section + (digit if digit > 0 else 1) * _TENS[c], -1, True
        else:
            section += max(digit, 0)
            if not section:
                return None
            total, section, digit, seen = (total + section) * _LARGE[c], 0, -1, True
    return Fraction(total + section + max(digit, 0)) if seen or digit >= 0 else None

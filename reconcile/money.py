"""Money: int64 分 inside, yuan at the edge, 万元 in print.

Every amount is parsed as a decimal from its cell, converted once by the unit of its column and rounded half
up (away from zero, as Excel's ROUND) at the 分, once.  Arithmetic happens on integers only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import IntEnum

import numpy as np
import numpy.typing as npt

FEN_PER_YUAN = 100
FEN_PER_WAN = 1_000_000
UNITS: dict[str, int] = {"元": 1, "千元": 1_000, "万元": 10_000, "百万元": 1_000_000, "亿元": 100_000_000}
AT_ONCE = 1 << 14
LIMIT_FEN = 2**53
"""Amounts at or above this are refused: their double would not be exact to the 分."""

Fen = npt.NDArray[np.int64]


class Cell(IntEnum):
    """What a money cell turned out to be."""

    BLANK = 0
    NUMBER = 1
    SUB_FEN = 2  # a number finer than the 分, rounded half up and reported
    UNREADABLE = 3


@dataclass(frozen=True)
class MoneyColumn:
    """A parsed column: `fen` int64 分 (0 where blank or unreadable), `state` a `Cell` a row.

    `decimals` is the finest number of decimal places seen, in the column's own unit.
    """

    fen: Fen
    state: npt.NDArray[np.uint8]
    decimals: int


_BLANKS = frozenset({"", "-", "--", "—", "——", "–", "－", "/", "N/R", "N/A", "n/a", "无", "*"})
_PLAIN = re.compile(r"\d+(?:\.\d*)?|\.\d+")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d*)?")
_INDIAN = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d*)?")
_SCIENTIFIC = re.compile(r"\d+(?:\.\d*)?[eE][+-]?\d{1,3}")
_MARKS = re.compile(r"^(?:人民币|RMB|CNY|US\$|[¥￥$£€])|(?:元|圆)整?$", re.IGNORECASE)
_SPACES = dict.fromkeys(map(ord, " \t\r\n\u00a0\u2002\u2003\u2009\u202f\u3000\u200b\ufeff'"))


def round_half_up(value: Decimal) -> int:
    """The nearest whole number, halves away from zero."""
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def to_fen(value: Decimal, unit: int = 1) -> int:
    """A decimal amount in `unit` yuan as 分, rounded half up once."""
    return round_half_up(value * unit * FEN_PER_YUAN)


def yuan(fen: int) -> float:
    """The double nearest to an exact amount in 分."""
    return fen / FEN_PER_YUAN


def parse_text(text: str) -> Decimal | None:
    """The number that a text cell writes, or None where it writes none.

    Reads commas by threes, full-width digits, currency marks, a trailing minus, parentheses and △ (negative).
    Never guesses: `1,23` or `12 个` are None.

    >>> parse_text("（1,234.50）"), parse_text("１２３．４"), parse_text("12 个")
    (Decimal('-1234.50'), Decimal('123.4'), None)
    """
    text = unicodedata.normalize("NFKC", text).translate(_SPACES).replace("−", "-").replace("－", "-")
    sign = 1
    if text.startswith("(") and text.endswith(")"):
        sign, text = -1, text[1:-1]
    text = _MARKS.sub("", text)
    if text[:1] in "△▲" and text:
        sign, text = -sign, text[1:]
    if text.endswith("-"):
        sign, text = -sign, text[:-1]
    elif text[:1] in "+-" and text:
        sign, text = (-sign if text[0] == "-" else sign), text[1:]
    text = _MARKS.sub("", text)
    if _PLAIN.fullmatch(text) or _SCIENTIFIC.fullmatch(text):
        return sign * Decimal(text)
    if _GROUPED.fullmatch(text):
        return sign * Decimal(text.replace(",", ""))
    return None


_SHOWS = {
    "western": re.compile(r"^\D*\d{1,3}(?:,\d{3})*\.\d{1,2}\D*$|^\D*\d{1,3}(?:,\d{3}){2,}\D*$|^\D*\d{4,}\.\d+\D*$"),
    "indian": re.compile(r"^\D*\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?\D*$"),
    "european": re.compile(r"^\D*\d{1,3}(?:\.\d{3})*,\d{1,2}\D*$|^\D*\d{1,3}(?:\.\d{3}){2,}\D*$"),
}
_SWAP = str.maketrans(",.", ".,")


def grouping_of(texts: Iterable[object]) -> str:
    """How a table groups digits: `western` 1,234,567.89, `indian` 12,34,567.89, `european` 1.234.567,89.

    Another style than the western is taken only where some text shows it and none contradicts it.
    """
    votes = dict.fromkeys(_SHOWS, 0)
    for text in texts:
        if isinstance(text, str) and ("," in text or "." in text):
            for style, pattern in _SHOWS.items():
                seen = bool(pattern.match(unicodedata.normalize("NFKC", text)))
                votes[style] += seen * (2 if "," in text and "." in text else 1)  # one mark alone may be a slip
    if votes["european"] >= 2 and not votes["western"] and not votes["indian"]:
        return "european"
    return "indian" if votes["indian"] and not votes["european"] else "western"


def regrouped(values: npt.NDArray[np.object_], grouping: str) -> npt.NDArray[np.object_]:
    """Text amounts of another grouping rewritten the western way; what does not fit its style stays as it is."""
    if grouping == "western":
        return values
    out = np.array(values, dtype=object)
    for i, value in enumerate(out):
        if not isinstance(value, str):
            continue
        if grouping == "european":
            out[i] = unicodedata.normalize("NFKC", value).translate(_SWAP)
        elif found := _INDIAN.search(unicodedata.normalize("NFKC", value)):
            out[i] = unicodedata.normalize("NFKC", value).replace(found[0], found[0].replace(",", ""))
    return out


def is_blank(value: object) -> bool:
    """Whether a cell says nothing: empty, spaces, or a dash that stands for nothing."""
    if value is None or value == "":
        return True
    if isinstance(value, str):
        return unicodedata.normalize("NFKC", value).translate(_SPACES) in _BLANKS or value.strip() in _BLANKS
    return value != value  # NaN and NaT


_AMOUNT_LIKE = re.compile(r"[-+(△▲¥$£€]*\d[\d.,]*[)\-元]*")


def looks_like_amount(value: object) -> bool:
    """Whether a cell shows a number in any grouping, as a number or as text; it need not be readable."""
    if isinstance(value, str):
        return bool(_AMOUNT_LIKE.fullmatch(unicodedata.normalize("NFKC", value).translate(_SPACES).replace("−", "-")))
    return isinstance(value, int | float) and not isinstance(value, bool)


def parse_cell(value: object) -> Decimal | None:
    """The exact decimal that a cell shows: text as written, a double by its shortest repr."""
    if isinstance(value, str):
        return parse_text(value)
    if isinstance(value, bool):
        return None
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    if isinstance(value, int | float | np.integer | np.floating):
        number = Decimal(repr(float(value))) if isinstance(value, float | np.floating) else Decimal(int(value))
        return number if number.is_finite() else None
    return None


def parse_column(values: Sequence[object] | npt.NDArray[np.object_], unit: int = 1) -> MoneyColumn:
    """Parse a column of raw cells in `unit` yuan into 分.

    Doubles and plain text amounts go through arrays; only what is odd (dust, decimals, signs, marks) cell by cell.
    """
    n = len(values)
    if n > (most := 16 * AT_ONCE):
        parts = [parse_column(values[start : start + most], unit) for start in range(0, n, most)]
        fens, states = (np.concatenate([getattr(p, name) for p in parts]) for name in ("fen", "state"))
        return MoneyColumn(fens, states, max(p.decimals for p in parts))
    cells = np.asarray(values, dtype=object)
    fen = np.zeros(n, dtype=np.int64)
    state = np.zeros(n, dtype=np.uint8)
    decimals = 0
    filled = np.asarray(cells != "", dtype=bool)
    kinds = np.fromiter(map(id, map(type, cells)), dtype=np.int64, count=n)
    is_float, is_text = (filled & (kinds == id(kind)) for kind in (float, str))
    slow = filled & ~is_float & ~is_text
    if is_float.any():
        where = np.flatnonzero(is_float)
        doubles = cells[where].astype(np.float64)
        exact, ok = _fen_of_doubles(doubles, unit)
        fen[where[ok]], state[where[ok]] = exact[ok], Cell.NUMBER
        slow[where[~ok]] = True
        decimals = _decimals(doubles[ok])
    if is_text.any():
        where = np.flatnonzero(is_text)
        hundredths, places, ok = _hundredths_of_text(cells[where])
        ok &= np.abs(hundredths) < LIMIT_FEN // unit
        fen[where[ok]], state[where[ok]] = hundredths[ok] * unit, Cell.NUMBER
        slow[where[~ok]] = True
        decimals = max(decimals, int(places[ok].max(initial=0)))
    for i in np.flatnonzero(slow):
        fen[i], state[i], places_here = _parse_slow(cells[i], unit)
        decimals = max(decimals, places_here)
    return MoneyColumn(fen, state, decimals)


def _parse_slow(value: object, unit: int) -> tuple[int, Cell, int]:
    if is_blank(value):
        return 0, Cell.BLANK, 0
    number = parse_cell(value)
    if number is None:
        return 0, Cell.UNREADABLE, 0
    exact = number * unit * FEN_PER_YUAN
    if abs(exact) >= LIMIT_FEN:
        return 0, Cell.UNREADABLE, 0
    fen = round_half_up(exact)
    digits = number.normalize().as_tuple().exponent
    places = min(max(0, -int(digits)), 6)
    if isinstance(value, float | str) and abs(exact - fen) <= Decimal(_dust(float(exact))):
        return fen, Cell.NUMBER, min(places, 2)
    return fen, (Cell.NUMBER if exact == fen else Cell.SUB_FEN), places


def _dust(scaled: float) -> float:
    """How far from a whole 分 a double may lie and still be binary dust: a few units in its last place."""
    return max(abs(scaled) * 2.0**-44, 1e-6)


def _fen_of_doubles(doubles: npt.NDArray[np.float64], unit: int) -> tuple[Fen, npt.NDArray[np.bool_]]:
    with np.errstate(invalid="ignore", over="ignore"):
        scaled = doubles * float(unit * FEN_PER_YUAN)
        whole = np.rint(scaled)
        dust = np.maximum(np.abs(scaled) * 2.0**-44, 1e-6)
        ok = (np.abs(scaled - whole) <= dust) & (np.abs(whole) < LIMIT_FEN)
        return np.where(ok, whole, 0).astype(np.int64), ok


def _decimals(doubles: npt.NDArray[np.float64]) -> int:
    """The finest decimal places, up to 6, that any of these doubles shows."""
    for places in range(7):
        scaled = doubles * 10.0**places
        if (np.abs(scaled - np.rint(scaled)) <= np.maximum(np.abs(scaled) * 2.0**-44, 1e-6)).all():
            return places
    return 6


def _hundredths_of_text(texts: npt.NDArray[np.object_]) -> tuple[Fen, npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Plain `-1,234.56` texts as hundredths, their decimal places, and which texts were that plain; some at a time, so
    that what is worked on stays near the processor."""
    parts = [_plain_hundredths(texts[at : at + AT_ONCE]) for at in range(0, len(texts), AT_ONCE)]
    hundredths, places, ok = map(np.concatenate, zip(*parts, strict=True))
    return hundredths, places, ok


def _plain_hundredths(texts: npt.NDArray[np.object_]) -> tuple[Fen, npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """_hundredths_of_text of not too many.

    One pass over the characters of all texts at once: digits accumulate, a comma must stand before
    groups of three, a dot may come once, at most two digits follow it.
    """
    n = len(texts)
    lengths = np.fromiter(map(len, texts), np.int64, n)
    ok = (lengths > 0) & (lengths <= 20)
    wide = np.where(ok, texts, "").astype("U20")
    codes = np.ascontiguousarray(np.minimum(wide.view(np.uint32).reshape(n, 20), 127).astype(np.uint8).T)
    value = np.zeros(n, dtype=np.int64)
    digits, run, after = (np.zeros(n, dtype=np.int8) for _ in range(3))
    after_dot, grouped = (np.zeros(n, dtype=bool) for _ in range(2))
    negative = codes[0] == ord("-")
    for position, code in enumerate(codes[: int(lengths[ok].max(initial=0))]):
        digit = code - np.uint8(48)
        is_digit = digit < 10
        is_dot = (code == ord(".")) & ~after_dot & (digits > 0)
        is_comma = (code == ord(",")) & ~after_dot
        ok &= is_digit | is_dot | is_comma | (code == 0) | (negative & (position == 0))
        if is_comma.any():
            ok &= ~is_comma | np.where(grouped, run == 3, (run >= 1) & (run <= 3))
            run[is_comma] = 0
            grouped |= is_comma
        ok &= ~is_dot | ~grouped | (run == 3)
        np.multiply(value, 10, out=value, where=is_digit)
        np.add(value, digit, out=value, where=is_digit)
        digits += is_digit
        after += is_digit & after_dot
        run += is_digit & ~after_dot
        after_dot |= is_dot
    ok &= (digits > 0) & (digits <= 15) & (after <= 2) & (~grouped | (run == 3))
    hundredths = value * np.array([100, 10, 1], dtype=np.int64)[np.minimum(after, 2)]
    hundredths = np.where(negative, -hundredths, hundredths)
    return hundredths, after.astype(np.int64), ok


def in_unit(fen: int, unit: str, places: int = 2) -> Decimal:
    """An exact amount as a printed figure in `unit`, half up.

    >>> in_unit(1_475_425_000, "万元")
    Decimal('1475.43')
    """
    exact = Decimal(fen) / (UNITS[unit] * FEN_PER_YUAN)
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def trimmed(figure: Decimal) -> str:
    """A figure as reports print it: no thousands separators, no trailing zeros."""
    text = f"{figure:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(part: int, whole: int, places: int = 2) -> Decimal | None:
    """`part / whole` in percent from exact amounts, half up; None where the whole is zero."""
    if whole == 0:
        return None
    exact = Decimal(part) * 100 / Decimal(whole)
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def could_tie(stated: int, parts: Sequence[int], unit_fen: int) -> bool:
    """Whether a printed total and its printed parts can come from exact amounts that tie.

    Each printed figure stands for [x − ½u, x + ½u), u = `unit_fen` 分; the intervals of the total and of the
    sum meet exactly when |total − sum| < (n + 1) × ½u.  With u ≤ 1 only equality ties.
    """
    gap = abs(stated - sum(parts))
    return gap == 0 or (unit_fen > 1 and 2 * gap < (len(parts) + 1) * unit_fen)

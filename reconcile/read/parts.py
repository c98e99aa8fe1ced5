"""What the heading of a column says of the amounts below it: a category, an economic class or a month."""

from __future__ import annotations

import re
from collections.abc import Mapping

from reconcile import codes
from reconcile.read import words

CATEGORY, ECONOMIC, MONTH = "category", "economic", "month"
FEWEST = {CATEGORY: 2, ECONOMIC: 2, MONTH: 3}
SUM = re.compile(r"(?:本年|全年)?(?:支出)?(?:合计|小计|总计|计)|total|subtotal|sum")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = re.compile(rf"(?:(?:19|20)\d\d年?)?(\d{{1,2}})月(?:份)?|({'|'.join(_MONTHS)})[a-z]{{0,6}}")


def says(heading: str) -> tuple[str, str] | None:
    """(dimension, value) of a heading, its texts parted by `/` from the top down; None where it says nothing known.

    >>> says("支出/基本支出"), says("基本支出/小计"), says("3月"), says("30201 办公费")
    (('category', '基本支出'), None, ('month', '3'), ('economic', '30201 办公费'))
    """
    pieces = heading.split("/")
    leaf = words.normalise(pieces[-1])
    if SUM.fullmatch(leaf):
        return None
    if (named := words.section(pieces[-1])) and named[0] and not leaf.isdigit():
        return CATEGORY, pieces[-1]
    if found := _MONTH.fullmatch(leaf):
        month = int(found[1]) if found[1] else _MONTHS.index(found[2]) + 1
        return (MONTH, str(month)) if 1 <= month <= 12 else None
    code, name = codes.split_code(pieces[-1])
    if code in codes.economic_classes() and len(code) > 3:
        return ECONOMIC, f"{code} {name or codes.economic_name(code)}"
    if not code and (own := codes.economic_by_name().get(leaf)):
        return ECONOMIC, f"{own} {pieces[-1]}"
    return (CATEGORY, pieces[-2]) if len(pieces) > 1 and words.section(pieces[-2]) else None


def amounts_by_part(unknown: Mapping[int, str]) -> dict[str, list[int]]:
    """Band to the columns under it that together hold an amount that has no column of its own: those of categories or
    of months, where there are enough of them."""
    said = {position: found for position, text in unknown.items() if (found := says(text))}
    bands: dict[str, list[int]] = {}
    for dimension in (MONTH, CATEGORY):
        for band in dict.fromkeys(_band(unknown[p]) for p in said):
            positions = sorted(p for p, (kind, _) in said.items() if kind == dimension and _band(unknown[p]) == band)
            if len(positions) >= FEWEST[dimension]:
                bands[band] = leaves(positions, unknown) if dimension == CATEGORY else positions
    return bands


def _band(heading: str) -> str:
    """What stands over a column that is no category itself."""
    pieces = heading.split("/")[:-1]
    return "/".join(p for p in pieces if not words.section(p))


def leaves(positions: list[int], headings: Mapping[int, str]) -> list[int]:
    """Columns of categories without those whose groups have columns of their own: 基本支出 beside 人员经费."""
    named = {p: words.section((says(headings[p]) or ("", ""))[1]) or ("", "") for p in positions}
    grouped = {category for category, group in named.values() if group}
    return [p for p in positions if named[p][1] or named[p][0] not in grouped]

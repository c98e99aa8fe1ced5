"""Sums that no known word tells: rows without any label, and rows such as `印章 汇总` or `Total for seals`, told by
what stands above them and by what the rows above add to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt

from reconcile.money import Cell, MoneyColumn
from reconcile.read import words
from reconcile.read.header import Header
from reconcile.read.workbook import Cells

Mask = npt.NDArray[np.bool_]
_WORDED = re.compile(
    r"^(?:合计|总计|小计|共计|累计|total|sum|subtotal)|(?:合计|总计|小计|共计|汇总|total|sum|subtotal)$"
)
_ENDS = ("小计", "合计", "汇总", "总计", "计", "subtotal", "total")
COMPARED = ("debit", "credit", "amount", "original", "available", "increase", "decrease", "carryover")


def candidates(body: Cells, header: Header, money: Mapping[str, MoneyColumn], rows: Iterable[int]) -> dict[int, str]:
    """Of `rows` those that could be sums: `bare` of any text, `named` after the group above, or `worded`."""
    places = sorted({c.position for f, c in header.columns.items() if f not in money} | set(header.unknown))
    found: dict[int, str] = {}
    for i in map(int, rows):
        texts = {p: body[i, p] for p in places if p < body.shape[1] and not _empty(body[i, p])}
        if not texts:
            found[i] = "bare"
        for position, text in texts.items():
            word = words.normalise(words.without_ordinal(text)) if isinstance(text, str) else ""
            if word and _WORDED.search(word):
                found[i] = "named" if _follows(word, body[:i, position]) else found.get(i, "worded")
    return found


def _empty(value: object) -> bool:
    return value is None or value == "" or (isinstance(value, str) and value.isspace())


def _follows(word: str, above: Cells) -> bool:
    """Whether a label is the one above it with a word for a sum: `印章` above `印章 汇总`."""
    before = next((str(v) for v in reversed(above) if not _empty(v)), "")
    stem = next((word.removesuffix(end) for end in _ENDS if word.endswith(end) and word != end), "")
    return bool(stem) and stem == words.normalise(words.without_ordinal(before))


def told_by_amount(data: Mask, money: Mapping[str, MoneyColumn], suspects: Mapping[int, str]) -> dict[int, bool]:
    """The suspects that are sums of the data above them, and whether of all (True) or of a part.

    data: rows that count, suspects among them.  A sum adds up in every column that it fills; the last row, bare of
    any label and as large as half of all above it, is a total though it does not add up: it names nothing to count.
    """
    if not suspects:
        return {}
    fields = [f for f in COMPARED if f in money]
    kept = data.copy()
    kept[list(suspects)] = False
    running = {f: np.concatenate([[0], np.cumsum(np.where(kept, money[f].fen, 0))]) for f in fields}
    count = np.concatenate([[0], np.cumsum(kept)])
    found: dict[int, bool] = {}
    since, last = 0, int(max(np.flatnonzero(data), default=-1))
    put_back: list[int] = []

    def between(field: str, start: int, end: int) -> int:
        back = sum(int(money[field].fen[k]) for k in put_back if start <= k < end)
        return int(running[field][end] - running[field][start]) + back

    for i, kind in sorted(suspects.items()):
        shown: list[str] = [
            f for f in fields if money[f].state[i] == Cell.NUMBER and (money[f].fen[i] or kind == "named")
        ]
        parts = {start: int(count[i] - count[start]) + sum(start <= k < i for k in put_back) for start in (0, since)}
        ties = [
            start
            for start in (0, since)
            if shown and parts[start] and all(int(money[f].fen[i]) == between(f, start, i) for f in shown)
        ]
        ties = [t for t in ties if parts[t] > 1 or kind == "worded" or i == last]
        falls_short = bool(
            kind == "bare"
            and i == last
            and parts[0] > 1
            and shown
            and all(2 * abs(int(money[f].fen[i])) >= abs(between(f, 0, i)) for f in shown)
        )
        if ties or kind == "named" or falls_short:
            found[i] = 0 in ties or falls_short
            since = i + 1
        elif data[i]:
            put_back.append(i)
    return found

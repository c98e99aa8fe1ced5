"""Many rows at once: a column is cleaned, measured and styled by its distinct values, then written as it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reconcile.money import FEN_PER_YUAN
from reconcile.write import look
from reconcile.write.sheet_page import Column, Page

if TYPE_CHECKING:
    from xlsxwriter.format import Format

_EPOCH = np.datetime64("1899-12-30", "D")


@dataclass(frozen=True)
class Live:
    """A column of formulas, without `=`, with the values that they have now."""

    formulas: Iterable[str]
    values: Sequence[object]


def write_block(page: Page, first: int, columns: Sequence[tuple[Column, object]]) -> int:
    """Write columns of equal length from row `first` on; returns the row after the last.

    Values: 分 where the style is money, datetimes where it is a date, whole numbers where it counts, `Live`, None for
    cells to be filled, else text.
    """
    count = next(len(v) for _, v in columns if v is not None and not isinstance(v, Live))  # type: ignore[arg-type]
    for col, (column, values) in enumerate(columns):
        style, words = column.style, set(column.style.split())
        if values is None:
            _blanks(page, first, count, col, style)
        elif isinstance(values, Live):
            _formulas(page, first, col, values, style)
        elif "money" in words:
            fen = np.asarray(values, dtype=np.int64)
            _numbers(page, first, col, (fen / FEN_PER_YUAN).tolist(), style)
            page.see(col, max((look.money_width(int(v)) for v in (fen.min(), fen.max())), default=0) if count else 0)
        elif "date" in words:
            _dates(page, first, col, values, style)
        elif words & {"plain", "count"} or isinstance(values, np.ndarray):
            numbers = np.asarray(values, dtype=np.int64)
            _numbers(page, first, col, numbers.tolist(), style)
            page.see(col, len(f"{int(numbers.max()):,}") if count else 0)
        else:
            _texts(page, first, col, values, style)
    page.last = max(page.last, first + count - 1)
    return first + count


def _blanks(page: Page, first: int, count: int, col: int, style: str) -> None:
    write, kind = page.sheet.write_blank, page.style(style)
    for row in range(first, first + count):
        write(row, col, None, kind)


def _formulas(page: Page, first: int, col: int, live: Live, style: str) -> None:
    write, kind = page.sheet.write_formula, page.style(style)
    for row, (formula, value) in enumerate(zip(live.formulas, live.values, strict=True), first):
        write(row, col, f"={formula}", kind, value)


def _numbers(page: Page, first: int, col: int, values: Sequence[float], style: str) -> None:
    write, kind = page.sheet.write_number, page.style(style)
    for row, value in enumerate(values, first):
        write(row, col, value, kind)


def _dates(page: Page, first: int, col: int, values: object, style: str) -> None:
    stamps = np.asarray(values, dtype="datetime64[s]")
    missing = np.isnat(stamps)
    serials = (stamps - _EPOCH.astype("datetime64[s]")) / np.timedelta64(86400, "s")
    number, text, kind = page.sheet.write_number, page.sheet.write_string, page.style(style)
    none = page.say("none")
    for row, (absent, serial) in enumerate(zip(missing.tolist(), serials.tolist(), strict=True), first):
        if absent:
            text(row, col, none, kind)
        else:
            number(row, col, serial, kind)
    page.see(col, 10)


def _texts(page: Page, first: int, col: int, values: object, style: str) -> None:
    at, distinct = pd.factorize(np.asarray(values, dtype=object), use_na_sentinel=False)
    measured = [page.measured("" if v is None else v) for v in distinct]
    shown, kinds = [text for text, _ in measured], _kinds(page, style, [text for text, _ in measured])
    page.see(col, max((width for _, width in measured), default=0))
    text, blank, empty = page.sheet.write_string, page.sheet.write_blank, page.style(style)
    printed = col < page.printed
    for row, i in enumerate(at.tolist(), first):
        if shown[i]:
            text(row, col, shown[i], kinds[i])
        elif printed:
            blank(row, col, None, empty)
    if "wrap" in style and any(width > 8 for _, width in measured):
        page.wraps(first, col, at, [t[:4000] for t in shown], "small" in style)


def _kinds(page: Page, style: str, shown: Sequence[str]) -> list[Format]:
    usual, long = page.style(style), page.style(f"{style} top")
    return [long if len(text) > 1000 else usual for text in shown]

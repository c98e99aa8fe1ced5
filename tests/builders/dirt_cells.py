"""Dirt inside cells: numbers, dates, codes, header words, units; and columns split or glued."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from .dirt_rows import header_runs, year_of
from .grid import Code, Day, Money, Pair, Row, Sheet, Value

Map = Callable[[str, Value], Value]


def each(sheet: Sheet, change: Map, *roles: str) -> Sheet:
    """Every cell changed by its column's kind and its value, in the rows of these roles (in all, if none)."""
    return replace(
        sheet,
        rows=tuple(
            replace(r, values=tuple(change(k, v) for k, v in zip(sheet.kinds, r.values, strict=True)))
            if not roles or r.role in roles
            else r
            for r in sheet.rows
        ),
    )


def amounts(form: str) -> Callable[[Sheet], Sheet]:
    return lambda s: each(s, lambda k, v: replace(v, form=form) if isinstance(v, Money) else v)


def blanks(mark: str) -> Callable[[Sheet], Sheet]:
    """A mark where an amount is blank."""
    return lambda s: each(s, lambda k, v: mark if k == "amount" and v is None else v, "data")


def dates(form: str) -> Callable[[Sheet], Sheet]:
    def change(sheet: Sheet) -> Sheet:
        year = year_of(sheet)
        sheet = each(sheet, lambda k, v: replace(v, form=form) if isinstance(v, Day) else v)
        titles = "".join(str(v) for r in sheet.rows if r.role == "title" for v in r.values if v)
        if form == "words-no-year" and str(year) not in titles:
            row = Row("title", (f"{year}年度",) + (None,) * (len(sheet.kinds) - 1))
            sheet = sheet.insert(0, [row])
        return sheet

    return change


def no_year(sheet: Sheet) -> Sheet:
    """Days without a year, and no year in any title."""
    sheet = each(sheet, lambda k, v: replace(v, form="words-no-year") if isinstance(v, Day) else v)

    def forget(kind: str, value: Value) -> Value:
        if not isinstance(value, str):
            return value
        value = re.sub(r"\d{4}[-.]\d\d([-.]\d\d)?(至|-)\d{4}[-.]\d\d([-.]\d\d)?", "全年", value)
        return re.sub(r"\d{4}年(\d\d月-\d\d月)?(度)?", "本年", value)

    return each(sheet, forget, "title")


def codes(form: str, *kinds: str) -> Callable[[Sheet], Sheet]:
    def change(kind: str, value: Value) -> Value:
        return replace(value, form=form) if isinstance(value, Code) and kind in kinds else value

    return lambda s: each(s, change)


def glue_style(style: str) -> Callable[[Sheet], Sheet]:
    return lambda s: each(s, lambda k, v: replace(v, style=style) if isinstance(v, Pair) else v)


def recolumn(sheet: Sheet, at: int, old: int, kinds: list[str], make: Callable[[Row], list[Value]]) -> Sheet:
    """`old` columns from `at` replaced by others; merges to the right of them move."""
    by = len(kinds) - old
    rows = tuple(replace(r, values=(*r.values[:at], *make(r), *r.values[at + old :])) for r in sheet.rows)
    merges = tuple(
        replace(m, left=m.left + by * (m.left > at + 1), right=m.right + by * (m.right > at + 1)) for m in sheet.merges
    )
    return replace(sheet, rows=rows, merges=merges, kinds=(*sheet.kinds[:at], *kinds, *sheet.kinds[at + old :]))


def split_date(sheet: Sheet) -> Sheet:
    """年, 月, 日 in place of the date."""
    at = sheet.find("date")[0]

    def make(row: Row) -> list[Value]:
        value = row.values[at]
        if row.role == "header":
            return ["年", "月", "日"]
        if isinstance(value, Day):
            return [value.date.year, value.date.month, value.date.day]
        return [value, None, None]

    return recolumn(sheet, at, 1, ["year", "month", "day"], make)


def glued_columns(what: str, header: str, style: str = " ") -> Callable[[Sheet], Sheet]:
    """The code column and the name column next to it become one."""

    def change(sheet: Sheet) -> Sheet:
        at = sheet.find(what + "_code")[0]

        def make(row: Row) -> list[Value]:
            code, name = row.values[at], row.values[at + 1]
            if row.role == "header":
                return [header]
            if row.role != "data":
                return [code if code is not None else name]
            text = code.text if isinstance(code, Code) else str(code or "")
            return [Pair(text, str(name or ""), style)]

        return recolumn(sheet, at, 2, [what], make)

    return change


def header_words(change: Callable[[str], str]) -> Callable[[Sheet], Sheet]:
    def word(kind: str, value: Value) -> Value:
        return change(value) if isinstance(value, str) and value != "栏次" and not value.isdigit() else value

    return lambda s: each(s, word, "header")


def spaced(text: str) -> str:
    return " ".join(text) if 1 < len(text) <= 6 and text.isalpha() and not text.isascii() else text


def spaced_wide(text: str) -> str:
    return "　".join(text) if 1 < len(text) <= 4 and text.isalpha() and not text.isascii() else text


def broken(text: str) -> str:
    half = len(text) // 2
    return text[:half] + "\n" + text[half:] if len(text) >= 4 else text


def spaced_labels(sheet: Sheet) -> Sheet:
    """本 月 合 计 for 本月合计, and so on."""

    def change(kind: str, value: Value) -> Value:
        return " ".join(value) if isinstance(value, str) and 1 < len(value) <= 5 else value

    return each(sheet, change, "subtotal", "total", "opening", "page")


def in_unit(unit: str, where: str) -> Callable[[Sheet], Sheet]:
    """Every amount in another unit, said in one place: row, right, money-word, or header."""

    def change(sheet: Sheet) -> Sheet:
        sheet = each(sheet, lambda k, v: replace(v, unit=unit) if isinstance(v, Money) else v)

        def forget(kind: str, value: Value) -> Value:
            if not isinstance(value, str):
                return value
            value = re.sub(r"\s*（?(金额)?单位：元）?", "", value)
            return value or None

        sheet = each(sheet, forget, "title")
        labels = {"row": f"单位：{unit}", "right": f"单位：{unit}", "money-word": f"金额单位：人民币{unit}"}
        for start, end in reversed(header_runs(sheet)):
            if where == "header":
                sheet = _unit_in_header(sheet, start, end, unit)
                continue
            if start and sheet.rows[start - 1].role in ("data", "page"):
                continue  # a header repeated after a page break
            values: list[Value] = [None] * len(sheet.kinds)
            values[-1 if where == "right" else 0] = labels[where]
            sheet = sheet.insert(start, [Row("title", tuple(values))])
        return sheet

    return change


def _unit_in_header(sheet: Sheet, start: int, end: int, unit: str) -> Sheet:
    rows = [list(r.values) for r in sheet.rows]
    for c, kind in enumerate(sheet.kinds):
        if kind not in ("amount", "balance"):
            continue
        for r in reversed(range(start, end)):
            text = rows[r][c]
            if isinstance(text, str) and not text.isdigit() and text != "栏次":
                rows[r][c] = f"{text}（{unit}）"
                break
    return replace(sheet, rows=tuple(replace(r, values=tuple(v)) for r, v in zip(sheet.rows, rows, strict=True)))

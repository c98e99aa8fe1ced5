"""The headings of a form: where they stand, and what each column below them is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from reconcile import money
from reconcile.final.form import Form, plain, words
from reconcile.read import header as headers
from reconcile.read import heading_rows, rows, units
from reconcile.read.sheet import Cells, Sheet

_YEAR = re.compile(r"^(?:19|20)\d\d(?:年度?)?")


@dataclass(frozen=True)
class Column:
    """A column of amounts: its field, its position, and the half or panel that it belongs to."""

    field: str
    position: int
    unit: str


@dataclass(frozen=True)
class Panel:
    """Columns that stand together: where codes and labels stand, and the columns of amounts."""

    side: str
    codes: tuple[int, ...]
    name: int
    columns: tuple[Column, ...]


def _known(form: Form) -> frozenset[str]:
    sides = frozenset(form.sides)
    named = words("code") | words("name") | words("number") | words("bands")
    return named | words("sums") | words("amounts") | words("planned") | sides | frozenset(form.columns)


def filled_cells(cells: Cells) -> list[object]:
    return [v for v in cells if v is not None and v != "" and not (isinstance(v, str) and not v.strip())]


def _word(value: object) -> str:
    """A heading's word: without its unit, its line breaks, its year and its `其中`."""
    if not isinstance(value, str):
        return ""
    return _YEAR.sub("", plain(units.of_heading(value)[1])).removeprefix("其中")


def is_places(sheet: Sheet, row: int) -> bool:
    """A 栏次 row."""
    cells = sheet.cells[row - 1]
    texts = [plain(v) for v in cells if isinstance(v, str) and v.strip()]
    if any(t in words("places") for t in texts):
        return True
    return rows.is_numbering(cells, set(range(len(cells))))


def is_header(sheet: Sheet, form: Form, row: int) -> bool:
    filled = filled_cells(sheet.cells[row - 1])
    texts = [_word(v) for v in filled]
    if not filled or not all(isinstance(v, str) and not money.looks_like_amount(v) for v in filled):
        return False
    hits = sum(t in _known(form) for t in texts)
    if len(filled) == 1:
        return hits == 1 and texts[0] in words("bands") | frozenset(form.sides)
    return hits >= max(2, 0.6 * len(filled))


def find_header(sheet: Sheet, form: Form, span: tuple[int, int]) -> tuple[int, int] | None:
    """(first row, last row) of the headings, the last being a row of words."""
    for top in range(span[0], min(span[1], span[0] + headers.SEARCH_ROWS) + 1):
        if not is_header(sheet, form, top):
            continue
        bottom, row = top, top + 1
        while row <= span[1] and (is_header(sheet, form, row) or _continues(sheet, form, row)):
            bottom, row = row, row + 1
        if len(filled_cells(sheet.cells[bottom - 1])) > 1 or bottom > top:
            return top, bottom
    return None


def _continues(sheet: Sheet, form: Form, row: int) -> bool:
    """A row below a heading that holds one more word of it, as under a merged cell: `小计` alone is no total."""
    filled = filled_cells(sheet.cells[row - 1])
    merged = any(a < row <= c for a, _, c, _ in sheet.merges)
    return bool(filled) and merged and all(isinstance(v, str) and _word(v) in _known(form) for v in filled)


def panels_of(sheet: Sheet, form: Form, top: int, bottom: int) -> list[Panel]:
    """The panels that stand side by side: each begins with its codes and labels."""
    stacked = heading_rows.stacked_texts(sheet, top, bottom)
    found: list[Panel] = []
    code: list[int] = []
    name, vague, side = -1, False, ""
    columns: list[Column] = []

    def close() -> None:
        if (code or name >= 0) and columns:
            found.append(Panel(side, tuple(code), name, tuple(columns)))

    band = ""
    for position, parts in enumerate(stacked):
        own = next((form.sides[w] for w in map(_word, parts) if w in form.sides), "")
        band = own or band
        kind = _kind(form, parts, band)
        if kind in ("code", "name"):
            if columns:
                close()
                code, name, vague, side, columns = [], -1, False, "", []
            if kind == "code":
                code.append(position)
            elif name < 0 or (vague and not _is_vague(parts)):
                name, vague = position, _is_vague(parts)
            side = side or _side(form, parts, len(found))
        elif kind:
            unit = next((u for p in reversed(parts) if (u := units.of_heading(p)[0])), "")
            if kind not in [c.field for c in columns]:
                columns.append(Column(kind, position, unit))
    if form.lines == "public" and not (code or name >= 0):
        return [Panel("", (), -1, tuple(columns))] if columns else []
    close()
    return found


def _is_vague(parts: Sequence[str]) -> bool:
    """Whether a column lies only under a heading that reaches over several, as 项目 does over codes and names."""
    return all(w in words("bands") for w in map(_word, parts) if w)


def _side(form: Form, parts: Sequence[str], before: int) -> str:
    if form.lines != "label":
        return ""
    bands = "".join(plain(p) for p in parts)
    if before > 1:
        return "nature"
    if "收入" in bands or "支出" in bands:
        return "income" if bands.startswith("收入") else "spending"
    return "income" if before == 0 else "spending"


def _kind(form: Form, parts: Sequence[str], band: str) -> str:
    """What a column is: `code`, `name`, a field of the form, or ''.  The lowest heading decides; one that only says 小计 or
    决算数 is of the heading above it."""
    clean = [w for w in map(_word, parts) if w]
    if not clean:
        return ""
    leaf = clean[-1]
    if leaf in words("number"):
        return ""
    if form.lines == "public":
        return _public(form, clean, band)
    if leaf in words("code"):
        return "code"
    if leaf in words("name") and leaf not in form.columns:
        return "name"
    if leaf in words("planned"):
        return ""
    if len(clean) > 1 and (leaf in words("sums") or leaf in words("amounts")):
        above = "".join(clean[-2:]), clean[-2]
        if any(w in words("planned") for w in clean[:-1]):
            return ""
        if band := next((form.columns[w] for w in above if w in form.columns), ""):
            return "amount" if form.lines == "class" else band
    return form.columns.get("".join(clean), "") or form.columns.get(leaf, "")


def _public(form: Form, clean: Sequence[str], side: str) -> str:
    """A column of 公开07: `budget_` or `actual_` and the item; only the side where items stand in rows.

    side: of the heading above the column or, where a file keeps no merges, of the last one to its left.
    """
    rest = [w for w in clean if w not in form.sides]
    if not rest:
        return side
    if rest[-1] in words("name") | words("code"):
        return "name"
    tries = ["".join(rest), "".join(rest[-2:]), rest[-1]]
    item = next((form.columns[w] for w in tries if w in form.columns), "")
    return f"{side or 'actual'}_{item}" if item else ""

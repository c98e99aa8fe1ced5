"""A sheet becomes tables of the public final accounts: recognised by name, number, or their headings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace

from reconcile import codes, money
from reconcile.final.form import OTHER, Form, forms, numbered, plain, says_nothing, titled, words
from reconcile.final.headings import Column, Panel, filled_cells, find_header, is_header, is_places, panels_of
from reconcile.final.table import BLANK, NUMBER, UNREADABLE, Amount, FinalTable, Line
from reconcile.finding import LoadError, Origin
from reconcile.money import Cell
from reconcile.read import header as headers
from reconcile.read import stated_unit, units
from reconcile.read.sheet import ErrorCell, Sheet, Uncalculated

NOT_REPORTED = frozenset({"n/r", "n/a", "nr", "未填报", "未公开"})
_CODE = re.compile(r"\d{1,7}(?:\.0)?")


def tables(sheet: Sheet, file: str, unit: str | None, path: str = "") -> list[FinalTable]:
    """Every form that a sheet holds, in order."""
    found = []
    for number, first, last in _segments(sheet):
        if number == OTHER:
            continue
        for form in [forms()[number]] if number else list(forms().values()):
            table = _table(sheet, form, (first, last), file, unit, path)
            if table is not None and (number or _fits(table)):
                found.append(table)
                break
    return found


def _texts(sheet: Sheet, row: int) -> list[str]:
    return headers.texts_in_row(sheet, row)


def _segments(sheet: Sheet) -> list[tuple[str, int, int]]:
    """(number of the form or '', first row, last row), 1-based, of what could be tables."""
    starts: list[tuple[int, str]] = []
    for row in range(1, len(sheet.cells) + 1):
        texts = _texts(sheet, row)
        if 0 < len(texts) <= 4:
            number = next((n for n in map(titled, texts) if n), "")
            again = starts and starts[-1][1] == number and row - starts[-1][0] <= 3
            if number and not again:
                starts.append((row, number))
    if starts:
        ends = [row - 1 for row, _ in starts[1:]] + [len(sheet.cells)]
        return [(number, row, end) for (row, number), end in zip(starts, ends)]
    top = [t for row in range(1, min(len(sheet.cells), 12) + 1) for t in _texts(sheet, row)]
    number = titled(sheet.name) or next((n for n in map(numbered, (*top, sheet.name)) if n), "")
    return [(number, 1, len(sheet.cells))]


def _fits(table: FinalTable) -> bool:
    """Whether headings alone show the form: a table of several known columns that only it has."""
    return (table.form.lines == "public" and len(table.fields) >= 8) or (
        table.form.lines == "code" and len(table.fields) >= 4 and table.form.number in ("02", "03", "08")
    )


def _table(
    sheet: Sheet, form: Form, span: tuple[int, int], file: str, unit: str | None, path: str
) -> FinalTable | None:
    head = find_header(sheet, form, span)
    if head is None:
        return None
    top, bottom = head
    panels = panels_of(sheet, form, top, bottom)
    if not panels or not any(p.columns for p in panels):
        return None
    body = [r for r in range(bottom + 1, span[1] + 1) if _is_body(sheet, form, r)]
    stated = unit or _unit(sheet, span, bottom)
    known = stated or next((c.unit for p in panels for c in p.columns if c.unit), "")
    if known and known not in money.UNITS:
        raise LoadError("unknown-unit", Origin(file, sheet.name), unit=known, units="、".join(money.UNITS))
    lines: list[Line] = []
    used: set[int] = set()
    for panel in panels:
        parsed = {c: _amounts(sheet, file, body, c, unit or c.unit or stated or "元") for c in panel.columns}
        _same_precision(parsed)
        for index, row in enumerate(body):
            line = _line(sheet, form, panel, row, {c.field: a[index] for c, a in parsed.items()})
            if line is not None:
                lines.append(line)
                used.add(row)
    lines.sort(key=lambda x: x.row)
    lines = _reaching(lines) if form.lines == "class" else lines
    outside = (*range(span[0], top), *range(bottom + 1, span[1] + 1))
    notes = tuple(t for row in outside if row not in used for t in _texts(sheet, row))
    fields = tuple(dict.fromkeys(c.field for p in panels for c in p.columns))
    rows_of_head = tuple(range(top, bottom + 1))
    return FinalTable(form, file, sheet.name, known, rows_of_head, fields, tuple(lines), notes, path)


def _is_body(sheet: Sheet, form: Form, row: int) -> bool:
    """Whether a row below the headings may be a line: not the headings again, no 栏次, no note."""
    filled = filled_cells(sheet.cells[row - 1])
    if len(filled) == 1 and isinstance(filled[0], str) and (_is_note(filled[0]) or says_nothing(filled[0])):
        return False
    if filled and all(isinstance(v, str) for v in filled) and any(numbered(str(v)) for v in filled):
        return False  # the number of the next table
    return not is_header(sheet, form, row) and not is_places(sheet, row)


def _reaching(lines: list[Line]) -> list[Line]:
    """Totals whose label reaches over the panels to their right have their amount in the last of them."""
    spare = {x.row: x for x in lines if not x.code and not x.label}
    found = []
    for line in lines:
        if not line.code and not line.label:
            continue
        empty = all(a.state == BLANK for a in line.amounts.values())
        found.append(
            replace(line, amounts=spare[line.row].amounts) if line.key and empty and line.row in spare else line
        )
    return found


def _unit(sheet: Sheet, span: tuple[int, int], bottom: int) -> str:
    """The unit that the title zone states, else a note below the table, else the only one that the sheet states."""
    for row in range(bottom, max(span[0] - 3, 1) - 1, -1):
        for text in _texts(sheet, row):
            if unit := units.stated(text):
                return unit
    if unit := stated_unit.below(sheet.cells[bottom : span[1]]):
        return unit
    every = {u for row in range(1, len(sheet.cells) + 1) for t in _texts(sheet, row) if (u := units.stated(t))}
    return every.pop() if len(every) == 1 else ""


def _amounts(sheet: Sheet, file: str, body: Sequence[int], column: Column, unit: str) -> list[Amount]:
    values = sheet.cells[[r - 1 for r in body], column.position] if body else sheet.cells[:0, 0]
    values = money.regrouped(values, money.grouping_of(values))
    parsed = money.parse_column(values, money.UNITS[unit])
    places = min(max(parsed.decimals, 2), 6)
    step = max(money.UNITS[unit] * money.FEN_PER_YUAN // 10**places, 1)
    found = []
    for row, value, fen, state in zip(body, values, parsed.fen.tolist(), parsed.state.tolist()):
        origin = Origin(file, sheet.name, row, column.position + 1)
        withheld = isinstance(value, str) and unicodedata.normalize("NFKC", value).strip().lower() in NOT_REPORTED
        if state == Cell.UNREADABLE or withheld or isinstance(value, ErrorCell | Uncalculated):
            found.append(Amount(None, UNREADABLE, origin, step))
        elif state == Cell.BLANK:
            found.append(Amount(None, BLANK, origin, step))
        else:
            found.append(Amount(fen, NUMBER, origin, step))
    return found


def _same_precision(parsed: dict[Column, list[Amount]]) -> None:
    """Columns of one table are printed alike: the finest one says how."""
    steps = [a.unit for amounts in parsed.values() for a in amounts]
    finest = min(steps, default=1)
    for column, amounts in parsed.items():
        parsed[column] = [Amount(a.fen, a.state, a.origin, finest) for a in amounts]


def _line(sheet: Sheet, form: Form, panel: Panel, row: int, amounts: dict[str, Amount]) -> Line | None:
    """The line of a panel in a row, None where it says nothing."""
    cells = sheet.cells[row - 1]
    shown = [_text(cells[p]) for p in panel.codes]
    label = _text(cells[panel.name]) if panel.name >= 0 else ""
    digits = [t for t in shown if _CODE.fullmatch(t)]
    code = _joined(digits)
    if not code:
        code, label = _split(label) if form.lines in ("code", "class") and label else ("", label)
    label = label or next((t for t in shown if t and t not in digits), "")
    filled = any(a.state != BLANK for a in amounts.values())
    if not (code or label):
        lone = form.lines == "class" or (form.lines == "public" and panel.name < 0)
        return Line("", "", "", "", row, amounts) if lone and filled else None
    key = _key(form, panel.side, label)
    idle = not filled and not code and not key and plain(label) not in words("total")
    if idle and (form.lines != "label" or _is_note(label)):
        return None
    return Line(panel.side, code, label, key, row, amounts)


def _is_note(label: str) -> bool:
    return len(label) > 40 or label.lstrip().startswith(("注", "备注", "说明"))


def _text(value: object) -> str:
    return codes.clean_code(value).strip() if value is not None and not isinstance(value, ErrorCell) else ""


def _split(label: str) -> tuple[str, str]:
    code, name = codes.split_code(label)
    return (codes.segments(code), name) if code and len(codes.segments(code)) in (3, 5, 7) else ("", label)


def _joined(digits: Sequence[str]) -> str:
    """A code that stands in one cell, or in three: 201 | 03 | 01; a whole code beside its parts stands alone."""
    parts = [d.removesuffix(".0") for d in digits]
    if not parts:
        return ""
    longest = max(parts, key=len)
    if len(longest) >= 5 or len(parts) == 1:
        return longest
    return parts[0] + "".join(p.zfill(2) for p in parts[1:])


def _key(form: Form, side: str, label: str) -> str:
    """What a label is: of two that share it the one of its half."""
    found = form.labels.get(plain(label), ())
    if not found and "(" in (bare := unicodedata.normalize("NFKC", label)):
        found = form.labels.get(plain(re.sub(r"\([^()]*\)", "", bare)), ())
    half = [k for k in found if not side or k.startswith(side) or k in _HALVES.get(side, ())]
    return half[0] if half else ""


_HALVES = {"income": ("used", "carry_in"), "spending": ("distributed", "carry_out")}


def each(found: Sequence[FinalTable]) -> Iterator[tuple[str, list[FinalTable]]]:
    """Tables by the number of their form."""
    for number in forms():
        own = [t for t in found if t.form.number == number]
        if own:
            yield number, own

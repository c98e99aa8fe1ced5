"""The tables of one sheet: where each starts and ends, pages of one table joined, blocks kept apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from reconcile.finding import Origin
from reconcile.money import looks_like_amount
from reconcile.read import header as headers
from reconcile.read import words
from reconcile.read.choice import ANY, Want
from reconcile.read.header import Header
from reconcile.read.overrule import overrule, overruled_again
from reconcile.read.panels import panels
from reconcile.read.workbook import Cells, Sheet

SCAN_ROWS = 20_000
"""Beyond this many rows only repetitions of a header already found are looked for."""


@dataclass(frozen=True)
class Block:
    """One table: its header, its rows `first` to `last` (1-based, last included), the rows inside that repeat the
    header or a page's titles, how many title and blank rows stand above the header, and which of the tables that
    stand side by side in these rows it is (the first is 0)."""

    header: Header
    first: int
    last: int
    repeats: frozenset[int] = frozenset()
    titles: int = 0
    blanks: int = 0
    panel: int = 0


def blocks(
    sheet: Sheet, kind: str, want: Want = ANY, wanted: Mapping[str, str] | None = None, file: str = ""
) -> list[Block]:
    """Every table of `kind` in a sheet, in order, of the year and version `want`.

    wanted: {field: header or column letter} over what is detected; `file` names the file where that is wrong.
    Raises LoadError for a field or a column that is not there.
    """
    found = headers.find_header(sheet, kind, want=want)
    if wanted:
        found = overrule(found, sheet, kind, wanted, Origin(file, sheet.name))
    if found is None:
        return []
    starts = [found]
    while True:
        following = _next_header(sheet, kind, starts[-1], found, want)
        if following is None:
            break
        starts.append(overruled_again(following, found, sheet, kind, wanted) if wanted else following)
    found_blocks = _joined(sheet, starts)
    return found_blocks if wanted else [one for b in found_blocks for one in _side_by_side(sheet, kind, b, want)]


def _side_by_side(sheet: Sheet, kind: str, block: Block, want: Want) -> list[Block]:
    parts = panels(sheet, kind, block.header, want)
    return [replace(block, header=part, panel=i) for i, part in enumerate(parts)]


def _next_header(sheet: Sheet, kind: str, before: Header, model: Header, want: Want) -> Header | None:
    """The next header below `before`: a repetition of `model`, or in a sheet of modest length any other."""
    below = before.last + 1
    same = _repetition(sheet, model, below)
    other = None
    if len(sheet.cells) <= SCAN_ROWS:
        other = headers.find_header(sheet, kind, below, same - 1 if same else len(sheet.cells), want)
        if other is not None and len(other.columns) < 3 and not _says_no_more(sheet, other):
            other = None
    if other is not None:
        return other
    if same:
        bottom = same + len(model.rows) - 1
        return headers.read_header(sheet, kind, same, min(bottom, len(sheet.cells)), want)
    return None


def _says_no_more(sheet: Sheet, header: Header) -> bool:
    """Whether a header of one row is its two columns' names and nothing else, as no row of data is."""
    return len(header.rows) == 1 and len(headers.texts_in_row(sheet, header.first)) == len(header.columns) == 2


def _repetition(sheet: Sheet, model: Header, below: int) -> int:
    """The first row from `below` whose recognised columns show the model header's own texts again, 0 for none."""
    first = sheet.cells[model.first - 1]
    texts = {c.position: first[c.position] for c in model.columns.values() if isinstance(first[c.position], str)}
    body = sheet.cells[below - 1 :]
    if len(texts) < 2 or not len(body):
        return 0
    position, text = next(iter(texts.items()))
    rows = np.flatnonzero(np.asarray(body[:, position] == text, dtype=bool))
    for row in rows:
        if all(body[row, p] == t for p, t in texts.items()):
            return below + int(row)
    return 0


def _joined(sheet: Sheet, starts: Sequence[Header]) -> list[Block]:
    """Blocks from their headers.  A header that repeats the one before under no title of its own, or under the same
    titles, is a page of the same table."""
    ends = [_last_row(sheet, h, starts[i + 1].first if i + 1 < len(starts) else 0) for i, h in enumerate(starts)]
    found: list[Block] = []
    for i, header in enumerate(starts):
        above = ends[i - 1] + 1 if i else 1
        titles = tuple(t for row in range(above, header.first) for t in headers.texts_in_row(sheet, row))
        titled = headers.with_titles(header, titles)
        copied = i > 0 and _same_rows(sheet, (starts[i - 1].last, ends[i - 1]), (header.last, ends[i]))
        page = found and _same_columns(found[-1].header, titled) and _same_titles(found[-1].header, titles)
        if page and not copied:
            last = found[-1]
            repeats = last.repeats | set(range(ends[i - 1] + 1, header.last + 1))
            found[-1] = replace(last, last=ends[i], repeats=frozenset(repeats))
            continue
        if found:
            titled = replace(
                titled, unit=titled.unit or found[-1].header.unit, year=titled.year or found[-1].header.year
            )
        texts = sum(bool(headers.texts_in_row(sheet, row)) for row in range(above, header.first))
        blanks = header.first - above - texts
        found.append(Block(titled, header.last + 1, ends[i], titles=texts, blanks=blanks))
    return found


def _same_rows(sheet: Sheet, one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two runs of rows (each after a row, to a row) show the same cells: a copy, not another page."""
    first, second = sheet.cells[one[0] : one[1]], sheet.cells[other[0] : other[1]]
    size = min(len(first), len(second))
    return size > 1 and bool((first[:size] == second[:size]).all()) and _blank(first[size:]) and _blank(second[size:])


def _blank(cells: Cells) -> bool:
    return bool(((cells == None) | (cells == "")).all())  # noqa: E711


def _same_columns(one: Header, other: Header) -> bool:
    return {f: c.position for f, c in one.columns.items()} == {f: c.position for f, c in other.columns.items()}


def _same_titles(one: Header, titles: tuple[str, ...]) -> bool:
    """No titles, or only ones that the table above has too; page numbers and carried-forward lines do not count."""
    own = {words.page_title(t) for t in one.titles}
    return all(words.page_title(t) in own or words.is_page_line(t) for t in titles)


def _last_row(sheet: Sheet, header: Header, next_header: int) -> int:
    """The last row of a table: above the next table's titles, or the sheet's last row."""
    if not next_header:
        return len(sheet.cells)
    row = next_header - 1
    while row > header.last and _is_title(sheet.cells[row - 1]):
        row -= 1
    return row


def _is_title(cells: Cells) -> bool:
    filled = [v for v in cells if v is not None and v != ""]
    return len(filled) <= 3 and all(
        isinstance(v, str) and not looks_like_amount(v) and not words.row_role(v) for v in filled
    )

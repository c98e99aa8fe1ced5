"""One sheet as it is written: cells with their style, then widths, heights, filter, freeze and print set-up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from reconcile import wording
from reconcile.finding import column_letter
from reconcile.money import FEN_PER_YUAN
from reconcile.write import look
from reconcile.write.formula_sheet import formula_sheet

if TYPE_CHECKING:
    import numpy.typing as npt
    from xlsxwriter.format import Format

    from reconcile.write.look import Look

HARMLESS = ("number_stored_as_text", "formula_differs", "formula_range")
"""What Excel marks with a green corner though it is meant: codes are text, totals lie among other formulas."""
MOST_LINKS = 65_000
"""Excel holds 65,530 links in a sheet."""
HEAD = 12
"""The widest header that is kept on one line."""
Amount = int | str
"""A money cell: 分, or the words that stand in its place (无预算, 无法识别)."""


class Words:
    """Phrases of data/workbook.toml in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, key: str, **facts: object) -> str:
        phrase = wording.text(key, self.language, "workbook")
        return wording.fill(phrase, facts) if facts else phrase

    def category(self, name: str) -> str:
        return wording.text(f"category-{name}", self.language)

    def group(self, name: str) -> str:
        return wording.text(f"group-{name}", self.language) if name else self("group-rest")

    def project(self, name: str) -> str:
        """A project's name; the engine's word for none in this language."""
        return wording.text("no-project", self.language) if name in ("", wording.text("no-project")) else name


@dataclass(frozen=True)
class Column:
    """A column of a table: the key of its title, the style of its cells, its least and greatest width."""

    title: str
    style: str = "cell"
    least: float = 6
    most: float = 60


class Page:
    """A worksheet that remembers how wide its cells are."""

    def __init__(self, style: Look, say: Words, key: str, number: int = 1, *, wan: bool = False) -> None:
        self.look, self.say, self.wan = style, say, wan
        self.name = say(f"sheet-{key}") + (str(number) if number > 1 else "")
        self.sheet = style.book.add_worksheet(self.name, formula_sheet())
        self.columns: list[Column] = []
        self.last = 0
        self._seen: dict[int, float] = {}
        self._heads: dict[int, float] = {}
        self._wrapped: dict[int, list[tuple[int, str, bool]]] = {}
        self._blocks: list[tuple[int, int, npt.NDArray[np.intp], Sequence[str], bool]] = []
        self._spans: dict[int, list[tuple[int, int, str]]] = {}
        self._cut = say("cut")
        self.printed = 10**6
        self._texts: dict[object, tuple[str, int]] = {}
        self._kinds: dict[str, tuple[Format, bool, bool, int]] = {}
        self._hidden: set[int] = set()
        self._links = 0

    def style(self, names: str) -> Format:
        """A format of this sheet: money shows 万元 where the sheet is in 万元, whatever the cell holds is yuan."""
        return self.look.style(f"{names} wan" if self.wan and "money" in names else names)

    # cells ---------------------------------------------------------------------------------------------------

    def text(self, row: int, col: int, value: object, style: str = "cell") -> None:
        """Text, always as text."""
        self.last = max(self.last, row)
        shown, width = self.measured(value)
        kind, wraps, small, indent = self._kind(style)
        if len(shown) > 1000:
            kind = self.style(f"{style} top")
        if shown == "":
            if col < self.printed:
                self.sheet.write_blank(row, col, None, kind)
            return
        self.sheet.write_string(row, col, shown, kind)
        if wraps and width > 8:
            self._wrapped.setdefault(row, []).append((col, shown[:4000], small))
        if "head" in style:
            self._heads[col] = max(self._heads.get(col, 0), min(width, HEAD))
        else:
            self.see(col, width + indent)

    def measured(self, value: object) -> tuple[str, int]:
        """Text as the cell holds it, and its width; remembered, for ledgers repeat themselves."""
        known = self._texts.get(value)
        if known is None:
            shown = look.fit_cell(value, self._cut)
            known = shown, look.display_width(shown[:400])
            if len(shown) < 100:
                self._texts[value] = known
        return known

    def _kind(self, style: str) -> tuple[Format, bool, bool, int]:
        """A style's format, whether it wraps, whether its font is small, and how far it is indented."""
        known = self._kinds.get(style)
        if known is None:
            wraps, small = "wrap" in style or "head" in style, "small" in style or "key" in style
            known = self.style(style), wraps, small, 4 * style.count("in2") + 2 * style.count("in1")
            self._kinds[style] = known
        return known

    def amount(self, row: int, col: int, value: Amount | None, style: str = "cell money") -> None:
        """Money that is no formula: 分 as yuan, words as text, None as a dash."""
        if isinstance(value, int):
            self.number(row, col, value / FEN_PER_YUAN, style, look.money_width(value))
        else:
            self.text(row, col, self.say("none") if value is None else value, style)

    def number(self, row: int, col: int, value: float, style: str, width: int = 0) -> None:
        self.last = max(self.last, row)
        self.sheet.write_number(row, col, value, self.style(style))
        self.see(col, width or len(f"{value:,}"))

    def date(self, row: int, col: int, value: datetime | None, style: str = "cell date") -> None:
        if value is None or value != value:
            self.text(row, col, self.say("none"), style)
            return
        self.last = max(self.last, row)
        self.sheet.write_datetime(row, col, value, self.style(style))
        self.see(col, 10)

    def formula(self, row: int, col: int, formula: str, value: Amount | float, style: str = "cell money") -> None:
        """A live formula with its cached value: an int is 分, a float itself, words are text."""
        self.last = max(self.last, row)
        cached = value / FEN_PER_YUAN if isinstance(value, int) else value
        self.sheet.write_formula(row, col, f"={formula}", self.style(style), cached)
        if isinstance(value, int):
            self.see(col, look.money_width(value))
        else:
            self.see(col, look.display_width(value) if isinstance(value, str) else 8)

    def count(self, row: int, col: int, formula: str, value: int, style: str = "cell count") -> None:
        """A live count with its cached value."""
        self.last = max(self.last, row)
        self.sheet.write_formula(row, col, f"={formula}", self.style(style), value)
        self.see(col, len(f"{value:,}"))

    def across(self, row: int, first: int, last: int, value: str, style: str) -> None:
        """Text over merged columns; its row grows with it."""
        self.last = max(self.last, row)
        shown = look.fit_cell(value, self._cut)
        if last > first:
            self.sheet.merge_range(row, first, row, last, "", self.style(style))
        self.sheet.write_string(row, first, shown, self.style(style))
        self._spans.setdefault(row, []).append((first, last, shown[:4000]))

    def link(self, row: int, col: int, target: str, words: str, style: str = "cell link", place: str = "A1") -> None:
        """A link to a cell of another sheet of this workbook."""
        self.text(row, col, words, style)
        self.over(row, col, target, place, words, style)

    def over(self, row: int, col: int, target: str, place: str, words: str, style: str) -> None:
        """Make a cell that shows `words` a link as well; where Excel's limit of links is reached it stays as it is."""
        if self._links < MOST_LINKS:
            self._links += 1
            self.sheet.write_url(row, col, f"internal:{on(target, place)}", self.style(style), words)

    def outside(self, row: int, col: int, file: str, sheet: str, place: str, style: str) -> None:
        """Make a cell that shows a sheet's name a link to a cell of it in another workbook, beside this one."""
        if self._links < MOST_LINKS:
            self._links += 1
            url = f"external:{file}#{on(sheet, place)}"
            self.sheet.write_url(row, col, url, self.style(style), look.fit_cell(sheet, self._cut))

    def led(self, row: int, col: int, place: tuple[str, str] | None, words: str, style: str = "cell") -> None:
        """Text that leads to a cell of another sheet, where there is one to lead to."""
        self.text(row, col, words, style)
        if place is not None:
            self.over(row, col, *place, words=look.fit_cell(words, self._cut), style=f"{style} link".replace("  ", " "))

    def see(self, col: int, width: float) -> None:
        """Remember how wide a column must be."""
        if width > self._seen.get(col, 0):
            self._seen[col] = width

    def wraps(self, first: int, col: int, at: npt.NDArray[np.intp], texts: Sequence[str], small: bool) -> None:
        """Remember wrapped texts of a column from row `first` on, `texts[at[i]]` in each, for the heights of rows."""
        self._blocks.append((first, col, at, texts, small))

    # the frame -----------------------------------------------------------------------------------------------

    def open(self, title: str, columns: Sequence[Column], printed: int, left: str, right: str, note: str = "") -> int:
        """Title, meta line, note and header of a table sheet; returns the first data row (0-based)."""
        self.columns, self.printed = list(columns), printed
        self.across(0, 0, printed - 1, title, "title")
        self.sheet.set_row(0, 28)
        self.sheet.write_string(1, 0, look.clean(left), self.look.style("meta"))
        self.sheet.write_string(1, printed - 1, right, self.look.style("meta right"))
        row = 2
        if note:
            self.across(row, 0, printed - 1, note, "note")
            row += 1
        for col, column in enumerate(columns):
            words = self.say(f"col-{column.title}") if column.title else ""
            self.text(row, col, words, "head key" if column.style == "key" else "head")
        self.header_row = row
        return row + 1

    def head(self, row: int, col: int, titles: Sequence[str]) -> None:
        """A header inside a sheet of several tables."""
        for at, title in enumerate(titles):
            self.text(row, col + at, self.say(f"col-{title}") if title else "", "head")

    def hide(self, col: int) -> None:
        """Hide a column that says nothing in this workbook."""
        self._hidden.add(col)

    def widths(self) -> list[float]:
        found = []
        for col, column in enumerate(self.columns):
            scale = look.SMALL if "small" in column.style or column.style == "key" else 1.0
            wanted = max(self._seen.get(col, 0) * scale + 2.0, self._heads.get(col, 0) + 1.0)
            found.append(min(column.most, max(column.least, wanted)))
        return found

    def close(
        self,
        *,
        footer: str,
        filter_rows: tuple[int, int] | None = None,
        freeze: tuple[int, int] | None = None,
        repeat: bool = True,
        one_page: bool = False,
        max_lines: int = 20,
    ) -> None:
        """Set widths, heights, filter, panes and print set-up, when every cell is written.

        Key columns are folded away: formulas use them, one click shows them.
        """
        widths = self.widths()
        keys = [col for col, column in enumerate(self.columns) if column.style == "key"]
        for col, width in enumerate(widths):
            folded = {"level": 1, "hidden": True} if col in keys else {"hidden": col in self._hidden}
            self.sheet.set_column(col, col, width, None, folded)
        if keys:
            self.sheet.set_column(keys[-1] + 1, keys[-1] + 1, None, None, {"collapsed": True})
        everything = area(0, self.last, 0).split(":")[0] + ":" + cell(self.last, max(len(widths) - 1, 0))
        self.sheet.ignore_errors(dict.fromkeys(HARMLESS, everything))
        shown = set(range(len(widths))) - set(keys) - self._hidden
        latin = self.look.latin
        heights: dict[int, int] = {}
        for row, cells in self._wrapped.items():
            counts = [look.line_count(t, widths[c], small=s, latin=latin) for c, t, s in cells if c in shown]
            heights[row] = max(counts, default=1)
        for row, spans in self._spans.items():
            for first, last, words in spans:
                lines = look.line_count(words, sum(widths[first : last + 1]), latin=latin)
                heights[row] = max(heights.get(row, 1), lines)
        for start, col, at, texts, small in self._blocks:
            if col in shown:
                taken = [look.line_count(t, widths[col], small=small, latin=latin) for t in texts]
                lines_of = np.array(taken, dtype=np.int64)[at]
                for row in np.flatnonzero(lines_of > 1).tolist():
                    heights[start + row] = max(heights.get(start + row, 1), int(lines_of[row]))
        for row, lines in heights.items():
            if row and lines > 1:
                self.sheet.set_row(
                    row, min(look.MAX_HEIGHT, look.LINE_HEIGHT * min(lines, max_lines) + look.LINE_SPACE)
                )
        if filter_rows:
            self.sheet.autofilter(self.header_row, 0, max(filter_rows[1], self.header_row + 1), len(self.columns) - 1)
        if freeze:
            self.sheet.freeze_panes(*freeze)
        self.look.print_setup(
            self.sheet,
            self.last,
            self.printed - 1,
            left=footer,
            page=self.say("footer-page"),
            one_page=one_page,
            repeat=(self.header_row, self.header_row) if repeat else None,
        )


def cell(row: int, col: int, *, fixed: bool = False) -> str:
    """`G5`, or `$G$5`."""
    letter = column_letter(col + 1)
    return f"${letter}${row + 1}" if fixed else f"{letter}{row + 1}"


def area(first_row: int, last_row: int, col: int) -> str:
    """`G5:G12`."""
    return f"{cell(first_row, col)}:{cell(last_row, col)}"


def quoted(text: str) -> str:
    """A text literal inside a formula."""
    return '"' + text.replace('"', '""') + '"'


def on(sheet: str, reference: str) -> str:
    """A reference to another sheet."""
    name = sheet.replace("'", "''")
    return f"'{name}'!{reference}"

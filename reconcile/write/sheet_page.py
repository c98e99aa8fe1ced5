"""One sheet as it is written: cells with their style, then widths, heights, filter, freeze and print set-up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from reconcile import wording
from reconcile.finding import column_letter
from reconcile.money import FEN_PER_YUAN
from reconcile.write import look

if TYPE_CHECKING:
    from reconcile.write.look import Look

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

    def __init__(self, style: Look, say: Words, key: str) -> None:
        self.look, self.say, self.name = style, say, say(f"sheet-{key}")
        self.sheet = style.book.add_worksheet(self.name)
        self.columns: list[Column] = []
        self.last = 0
        self._seen: dict[int, float] = {}
        self._wrapped: dict[int, list[tuple[int, str]]] = {}
        self._spans: dict[int, list[tuple[int, int, str]]] = {}
        self._cut = say("cut")

    # cells ---------------------------------------------------------------------------------------------------

    def text(self, row: int, col: int, value: object, style: str = "cell") -> None:
        """Text, always as text."""
        shown = look.fit_cell(value, self._cut)
        self.last = max(self.last, row)
        if shown == "":
            self.sheet.write_blank(row, col, None, self.look.style(style))
            return
        self.sheet.write_string(row, col, shown, self.look.style(style))
        if "wrap" in style or "head" in style:
            self._wrapped.setdefault(row, []).append((col, shown[:4000]))
        self._see(col, look.display_width(shown[:400]) + (2 * style.count("in2") + style.count("in1")))

    def amount(self, row: int, col: int, value: Amount | None, style: str = "cell money") -> None:
        """Money that is no formula: 分 as yuan, words as text, None as a dash."""
        if isinstance(value, int):
            self.number(row, col, value / FEN_PER_YUAN, style, look.money_width(value))
        else:
            self.text(row, col, self.say("none") if value is None else value, style)

    def number(self, row: int, col: int, value: float, style: str, width: int = 0) -> None:
        self.last = max(self.last, row)
        self.sheet.write_number(row, col, value, self.look.style(style))
        self._see(col, width or len(f"{value:,}"))

    def date(self, row: int, col: int, value: datetime | None, style: str = "cell date") -> None:
        if value is None or value != value:
            self.text(row, col, self.say("none"), style)
            return
        self.last = max(self.last, row)
        self.sheet.write_datetime(row, col, value, self.look.style(style))
        self._see(col, 10)

    def formula(self, row: int, col: int, formula: str, value: Amount | float, style: str = "cell money") -> None:
        """A live formula with its cached value: an int is 分, a float itself, words are text."""
        self.last = max(self.last, row)
        cached = value / FEN_PER_YUAN if isinstance(value, int) else value
        self.sheet.write_formula(row, col, f"={formula}", self.look.style(style), cached)
        if isinstance(value, int):
            self._see(col, look.money_width(value))
        else:
            self._see(col, look.display_width(value) if isinstance(value, str) else 8)

    def count(self, row: int, col: int, formula: str, value: int, style: str = "cell count") -> None:
        """A live count with its cached value."""
        self.last = max(self.last, row)
        self.sheet.write_formula(row, col, f"={formula}", self.look.style(style), value)
        self._see(col, len(f"{value:,}"))

    def across(self, row: int, first: int, last: int, value: str, style: str) -> None:
        """Text over merged columns; its row grows with it."""
        self.last = max(self.last, row)
        shown = look.fit_cell(value, self._cut)
        if last > first:
            self.sheet.merge_range(row, first, row, last, "", self.look.style(style))
        self.sheet.write_string(row, first, shown, self.look.style(style))
        self._spans.setdefault(row, []).append((first, last, shown[:4000]))

    def link(self, row: int, col: int, target: str, words: str, style: str = "cell link") -> None:
        """A link to another sheet of this workbook."""
        self.last = max(self.last, row)
        self.sheet.write_url(row, col, f"internal:'{target}'!A1", self.look.style(style), words)
        self._see(col, look.display_width(words))

    def _see(self, col: int, width: float) -> None:
        if width > self._seen.get(col, 0):
            self._seen[col] = width

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
        self.head(row, 0, [c.title for c in columns], keys_from=printed)
        self.header_row = row
        return row + 1

    def head(self, row: int, col: int, titles: Sequence[str], *, keys_from: int = 10**6) -> None:
        for at, title in enumerate(titles):
            style = "head" if at < keys_from else "head key"
            self.text(row, col + at, self.say(f"col-{title}") if title else "", style)

    def widths(self) -> list[float]:
        found = []
        for col, column in enumerate(self.columns):
            found.append(min(column.most, max(column.least, self._seen.get(col, 0) + 2.0)))
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
        """Set widths, heights, filter, panes and print set-up, when every cell is written."""
        widths = self.widths()
        for col, width in enumerate(widths):
            self.sheet.set_column(col, col, width, self.look.style("small") if col >= self.printed else None)
        heights: dict[int, int] = {}
        for row, cells in self._wrapped.items():
            heights[row] = max(look.line_count(t, widths[c]) for c, t in cells if c < len(widths))
        for row, spans in self._spans.items():
            for first, last, words in spans:
                lines = look.line_count(words, sum(widths[first : last + 1]))
                heights[row] = max(heights.get(row, 1), lines)
        for row, lines in heights.items():
            if row and lines > 1:
                self.sheet.set_row(row, min(look.MAX_HEIGHT, look.LINE_HEIGHT * min(lines, max_lines) + 3))
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
    return f"'{sheet}'!{reference}"

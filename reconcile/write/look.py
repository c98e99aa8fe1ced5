"""How a workbook looks: formats, fonts, widths of Chinese text, and the print set-up."""

from __future__ import annotations

import math
import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

A4 = 9
CELL_LIMIT = 32_767
"""UTF-16 units that one Excel cell holds."""
LINE_HEIGHT = 14.0
LINE_SPACE = 4.0
MAX_HEIGHT = 400.0
SMALL = 0.87
"""Half a Chinese character of 9 points (6 pixels) beside a unit of column width (7 pixels), a little apart."""

FONTS = {"zh": ("宋体", "黑体"), "en": ("Arial", "Arial")}
LATIN = {"zh": 1.0, "en": 0.9}
"""Columns that a Latin letter takes in the font of a language."""
MONEY = '#,##0.00_ ;[Red]-#,##0.00_ ;"-"_ ;@_ '
WAN = '0\\.0000_ ;[Red]-0\\.0000_ ;"-"_ ;@_ '
"""万元 to the yuan: Excel cannot divide by 10,000, so the point stands before the last four digits of the yuan."""
COUNT = '#,##0_ ;[Red]-#,##0_ ;"-"_ '
DAYS = '"▲ "0;;0'
"""Days that should be none, with the mark of a warning."""
MOVED = '"✓";"✗";""'
"""What became of a reclassification: a number above 0 applied, below 0 not, 0 for none."""
RATE = "0.00%_ ;[Red]-0.00%_ ;0.00%_ ;@_ "
DATE = "yyyy-mm-dd"

_LINE = "BFBFBF"
PARTS: dict[str, dict[str, Any]] = {
    "title": {"font_size": 16, "bold": True, "align": "center", "heading": True},
    "cover": {"font_size": 22, "valign": "vcenter"},
    "part": {"font_size": 12, "bold": True, "heading": True},
    "meta": {"font_color": "595959"},
    "note": {"font_color": "595959", "text_wrap": True, "valign": "top"},
    "paragraph": {"text_wrap": True, "valign": "top"},
    "head": {
        "bold": True,
        "heading": True,
        "align": "center",
        "text_wrap": True,
        "bg_color": "DCE6F1",
        "border": 1,
        "border_color": _LINE,
    },
    "cell": {"border": 1, "border_color": _LINE},
    "wrap": {"text_wrap": True},
    "right": {"align": "right"},
    "center": {"align": "center"},
    "money": {"num_format": MONEY, "align": "right"},
    "wan": {"num_format": WAN},
    "days": {"num_format": DAYS, "align": "center"},
    "moved": {"num_format": MOVED, "align": "center"},
    "count": {"num_format": COUNT, "align": "right"},
    "plain": {"num_format": "0", "align": "center"},
    "rate": {"num_format": RATE, "align": "right"},
    "date": {"num_format": DATE, "align": "center"},
    "total": {"bold": True, "bg_color": "F2F2F2", "top": 2, "top_color": "7F7F7F"},
    "section": {"bold": True, "bg_color": "EAF1F8"},
    "group": {"bold": True, "bg_color": "F7F9FC"},
    "in1": {"indent": 1},
    "in2": {"indent": 2},
    "input": {"bg_color": "FFF8DC", "text_wrap": True},
    "key": {"font_size": 8, "font_color": "A6A6A6"},
    "small": {"font_size": 9},
    "mono": {"font_size": 9, "font_name": "Courier New"},
    "link": {"font_color": "1F4E9E", "underline": 1},
    "error": {"bg_color": "F4B6B6"},
    "warning": {"bg_color": "FFE3A3"},
    "info": {"bg_color": "CFE2F3"},
    "bold": {"bold": True},
    "top": {"valign": "top"},
}


class Look:
    """The formats of one workbook, by space-separated names of PARTS; each made once."""

    def __init__(self, book: Workbook, language: str) -> None:
        self.book, self.language = book, language
        self.font, self.heading = FONTS[language]
        self.latin = LATIN[language]
        self._made: dict[str, Format] = {}

    def style(self, names: str) -> Format:
        if names not in self._made:
            props: dict[str, Any] = {"font_name": self.font, "font_size": 10, "valign": "vcenter"}
            for name in names.split():
                props |= PARTS[name]
            if props.pop("heading", False):
                props["font_name"] = self.heading
            self._made[names] = self.book.add_format(props)
        return self._made[names]

    def chart_font(self, size: int = 9, *, bold: bool = False) -> dict[str, Any]:
        return {"name": self.font, "size": size, "bold": bold}

    def print_setup(
        self,
        sheet: Worksheet,
        last_row: int,
        last_column: int,
        *,
        repeat: tuple[int, int] | None,
        left: str,
        page: str,
        one_page: bool = False,
    ) -> None:
        """A4 landscape, one page wide, `page` in the footer; `repeat` are the header rows of every page."""
        sheet.set_paper(A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 1 if one_page else 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.55, bottom=0.65)
        sheet.center_horizontally()
        sheet.print_area(0, 0, last_row, last_column)
        if repeat:
            sheet.repeat_rows(*repeat)
        sheet.set_footer(f"&L&9{footer_text(left)}&C&9{page}&R&9&A")
        sheet.hide_gridlines(2)


def footer_text(text: str) -> str:
    """Text inside a footer: `&` is doubled, and a leading digit must not join the font size before it."""
    return " " + clean(text)[:60].replace("\n", " ").replace("&", "&&")


def clean(text: object) -> str:
    """Text that XML can carry: control characters become their visible pictures, line breaks stay."""
    found = str(text).replace("\r\n", "\n").replace("\r", "\n")
    if found.isprintable():
        return found
    return "".join(map(_printable, found))


def _printable(char: str) -> str:
    code = ord(char)
    if char in "\n\t" or char.isprintable():
        return char
    if code < 32:
        return chr(0x2400 + code)
    if code == 127:
        return "␡"
    if 0xD800 <= code <= 0xDFFF or code & 0xFFFE == 0xFFFE:
        return "\ufffd"
    return char


def fit_cell(text: object, cut_mark: str) -> str:
    """Clean text that one cell holds; longer text ends with `cut_mark`, which names its `{length}`."""
    found = clean(text)
    if len(found) * 2 <= CELL_LIMIT or len(found.encode("utf-16-le")) // 2 <= CELL_LIMIT:
        return found
    mark = cut_mark.replace("{length}", str(len(str(text))))
    room = (CELL_LIMIT - len(mark)) * 2
    return found.encode("utf-16-le")[:room].decode("utf-16-le", "ignore") + mark


def display_width(text: str) -> int:
    """Columns of the widest line: 2 for a wide or ambiguous character, 1 for the others."""
    if text.isascii():
        return len(text) if "\n" not in text else max(map(len, text.split("\n")))
    return max(sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in line) for line in text.split("\n"))


def line_count(text: str, width: float, *, small: bool = False, latin: float = 1.0) -> int:
    """Lines that wrapped text takes in a column of `width`; a line that breaks leaves one column unused.

    latin: how wide an ASCII character is, of a column: less than 1 in a font that is not of one width.
    """
    room = max(width / (SMALL if small else 1), 5)
    wide = [display_width(t) - (1 - latin) * len(t.encode("ascii", "ignore")) for t in text.split("\n")]
    return sum(1 if w <= room else math.ceil(w / (room - 1)) for w in wide)


def money_width(fen: int) -> int:
    return len(f"{fen / 100:,.2f}")

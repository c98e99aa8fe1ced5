"""摘要: the report section's paragraphs and tables, and below them every number of it with the cell it comes from."""

from __future__ import annotations

import re

from reconcile.write.figure import Figure, Key, Text
from reconcile.write.paragraph import Paragraph, paragraphs
from reconcile.write.places import Places
from reconcile.write.sheet_page import Column, Page, cell, quoted
from reconcile.write.summary import Summary

COLUMNS = (Column("", "cell small wrap", 30, 30), *(Column("", "cell small", 13, 17) for _ in range(8)))
WIDE = len(COLUMNS) - 1
HEAD = ("phrase", "fact-value", "fact-unit", "sheet", "cell", "fact-basis", "fact-state")
_BREAKS = re.compile(r"[，。；：、（）\n|,;:()]")
VALUE, PLACE, CELL, BASIS, STATE = 1, 3, 4, 5, 7


def write_summary(page: Page, summary: Summary, places: Places, meta: tuple[str, str], title: str) -> None:
    """Write the section, then the list of its numbers; `places` learns the cells of those that no other sheet holds.

    A number that another sheet holds is a live reference to it, so that a change there shows here: the last column says
    whether the text still prints it.
    """
    say = page.say
    page.columns, page.printed, page.header_row = list(COLUMNS), len(COLUMNS), 0
    page.across(0, 0, WIDE, title, "title")
    page.sheet.set_row(0, 28)
    page.sheet.write_string(1, 0, meta[0], page.look.style("meta"))
    page.sheet.write_string(1, WIDE, meta[1], page.look.style("meta right"))
    page.across(2, 0, WIDE, say("summary-note"), "note")
    row = 3
    for part in paragraphs(summary):
        row = _paragraph(page, row, part)
    page.sheet.write_string(row + 1, 0, say("part-facts"), page.look.style("part"))
    page.head(row + 2, 0, HEAD)
    page.across(row + 2, BASIS, BASIS + 1, say("col-fact-basis"), "head")
    page.text(row + 2, STATE, say("col-fact-state"), "head")
    _facts(page, row + 3, summary, places)
    page.close(footer=meta[0], repeat=False)


def _paragraph(page: Page, row: int, part: Paragraph) -> int:
    if part.level == 1:
        return row
    if part.cells:
        for line, cells in enumerate(part.cells):
            for col, text in enumerate(cells[: len(COLUMNS)]):
                aligned = "" if line == 0 or col == 0 else " right"
                page.text(row, col, text, "head" if line == 0 else f"cell small{' wrap' if col == 0 else aligned}")
            row += 1
        return row
    page.across(row, 0, WIDE, part.text, "part" if part.level else "paragraph")
    return row + 1


def _facts(page: Page, row: int, summary: Summary, places: Places) -> None:
    """Every number that the text prints, once, and every number that only this sheet holds."""
    say = page.say
    printed: dict[Key, str] = {}
    for mark in summary.marks:
        if isinstance(mark.fact, Figure):
            printed.setdefault(mark.fact.key, _within(summary, mark.start, mark.end))
    listed = [f for f in summary.figures.values() if isinstance(f, Figure) and (f.key in printed or _is_own(f, places))]
    texts = [f for f in summary.figures.values() if isinstance(f, Text) and f.key[0] == "own"]
    order = {key: n for n, key in enumerate(printed)}
    listed.sort(key=lambda f: order.get(f.key, len(order)))
    every: list[Figure | Text] = [*listed, *texts]
    places.own = {f.key: (page, at, VALUE) for at, f in enumerate(every, row) if _is_own(f, places)}
    for figure in listed:
        _figure(page, row, figure, printed.get(figure.key, figure.shown(say.language)), places)
        row += 1
    for text in texts:
        page.text(row, 0, text.text, "cell small wrap")
        page.text(row, VALUE, text.text, "cell small wrap")
        _rest(page, row, "", (), text.basis or say("none"))
        row += 1


def _within(text: str, start: int, end: int) -> str:
    """A number with the words before it, as far as the last mark or twelve characters."""
    return _BREAKS.split(text[max(0, start - 12) : start])[-1] + text[start:end]


def _is_own(fact: Figure | Text, places: Places) -> bool:
    return places.elsewhere(fact.key) is None


def _figure(page: Page, row: int, figure: Figure, phrase: str, places: Places) -> None:
    say = page.say
    style = {"rate": "cell small rate", "count": "cell small right"}.get(figure.kind, "cell small money")
    page.text(row, 0, phrase, "cell small wrap")
    if not _is_own(figure, places):
        formula, place = places.reference(figure.key), places.of(figure.key)
    else:
        formula = figure.formula.format(*(places.reference(k) for k in figure.parts)) if figure.formula else ""
        place = ("", "")
    if formula and figure.kind == "count":
        page.count(row, VALUE, formula, int(figure.exact), style)
    elif formula:
        page.formula(row, VALUE, formula, figure.in_cell if figure.kind == "rate" else int(figure.exact), style)
    elif figure.kind in ("rate", "count"):
        page.number(row, VALUE, figure.in_cell, style)
    else:
        page.amount(row, VALUE, int(figure.exact), style)
    basis = say("none") if place[0] else figure.basis or say("fact-formula" if formula else "fact-computed")
    _rest(page, row, figure.unit, place, basis)
    _state(page, row, figure)


def _rest(page: Page, row: int, unit: str, place: tuple[str, ...], basis: str) -> None:
    page.text(row, VALUE + 1, unit or page.say("none"), "cell small center")
    for col, text in zip((PLACE, CELL), place or ("", "")):
        page.text(row, col, text or page.say("none"), "cell small center")
    page.across(row, BASIS, BASIS + 1, basis, "cell small wrap")
    page.text(row, STATE, page.say("none"), "cell small center")


def _state(page: Page, row: int, figure: Figure) -> None:
    """Whether the printed number is still that of the cell, live."""
    say, scale = page.say, {"wan": 10_000, "rate": 0.01}.get(figure.printed_as, 1)
    held, printed = cell(row, VALUE), f"{figure.value:f}"
    same, other = say("fact-same"), say("fact-changed")
    formula = f"IF(ROUND({held}/{scale},2)=ROUND({printed},2),{quoted(same)},{quoted(other)})"
    page.formula(row, STATE, formula, same, "cell small center")

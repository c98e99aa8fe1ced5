"""The hidden sheet behind the drop-down lists, and what a choice means to the formulas of 明细."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from reconcile.write import look
from reconcile.write.look import Look
from reconcile.write.sheet_page import Words, cell, on
from reconcile.write.sheet_plan import CATEGORY_KEYS, Line, Plan

MOST = 1_000_000
LONGEST = 200
"""Excel compares no more than 255 characters."""
MATCHES, NAMES, CHOICES, CATEGORIES, PROJECTS = range(5)
MOVABLE = ("basic", "project")
_WILD = str.maketrans("*?~|", "＊？～｜")


@dataclass(frozen=True)
class Options:
    """What can be chosen.

    matches: the budget's projects, for 待确认匹配.  names: the same, for 明细.  choices: every pair of a
    category and a project (either may be empty) as `category|project`, with the category and the project key that it
    gives an entry.
    """

    sheet: str
    matches: tuple[str, ...]
    names: tuple[str, ...]
    categories: tuple[str, ...]
    choices: tuple[tuple[str, str, str], ...]

    def area(self, column: int) -> str:
        """A reference to one of the lists, '' where it is empty."""
        listed = {MATCHES: self.matches, NAMES: self.names}.get(column, self.choices)
        return (
            on(self.sheet, f"{cell(0, column, fixed=True)}:{cell(len(listed) - 1, column, fixed=True)}")
            if listed
            else ""
        )

    def write(self, style: Look) -> None:
        """The lists as columns of a hidden sheet."""
        sheet = style.book.add_worksheet(self.sheet)
        sheet.hide()
        columns: Sequence[Sequence[str]] = (self.matches, self.names, *zip(*self.choices))
        for col, values in enumerate(columns):
            for row, value in enumerate(values):
                sheet.write_string(row, col, look.fit_cell(value, ""))


def options(plan: Plan, matches: Sequence[str], say: Words) -> Options:
    """The lists of one workbook; matches: a name for every budget project that no other has."""
    names = _comparable(matches, plan.budgeted)
    words = tuple(say.category(c) for c in MOVABLE)
    basic, project = (CATEGORY_KEYS[c] for c in MOVABLE)
    choices = [(f"{words[0]}|", basic, f"N{basic}"), (f"{words[1]}|", project, plan.unnamed)]
    for line, name in zip(plan.budgeted, names, strict=True):
        key = CATEGORY_KEYS[line.category]
        choices.append((f"|{name}", key, line.key))
        if line.category in MOVABLE:
            choices.append((f"{say.category(line.category)}|{name}", key, line.key))
    return Options(say("sheet-options"), tuple(matches[:MOST]), tuple(names), words, tuple(choices[:MOST]))


def _comparable(labels: Sequence[str], lines: Sequence[Line]) -> list[str]:
    """Names that tell projects apart however Excel compares them: without case, wildcards, and what is too long."""
    shown = [label.translate(_WILD)[:LONGEST].strip() for label in labels]
    twice = pd.Series([n.casefold() for n in shown], dtype="str").duplicated(keep=False)
    return [f"{n} ({line.key})" if t or not n else n for n, line, t in zip(shown, lines, twice, strict=True)]

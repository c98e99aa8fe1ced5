"""复核改列: entries that a reviewer reclassified, what they were, and what became of it; to be changed and given back."""

from __future__ import annotations

from reconcile.moves import APPLIED
from reconcile.result import Result
from reconcile.write.sheet_page import Column, Page

COLUMNS = (
    Column("number", "cell small plain", 5, 7),
    Column("move-outcome", "cell small wrap", 12, 20),
    Column("date", "cell small date", 10, 11),
    Column("voucher", "cell small", 8, 14),
    Column("memo", "cell small wrap", 12, 30),
    Column("amount", "cell small money", 11, 19),
    Column("from-category", "cell small", 9, 12),
    Column("from-project", "cell small wrap", 12, 24),
    Column("into-category", "cell small input", 10, 12),
    Column("into-project", "cell small input", 14, 26),
    Column("reply", "cell small input", 14, 26),
    Column("person", "cell small input", 8, 9),
    Column("file", "cell small wrap", 8, 16),
    Column("sheet", "cell small wrap", 7, 12),
    Column("row", "cell small plain", 6, 8),
    Column("entry-key", "key", 16, 24),
)
PRINTED = len(COLUMNS) - 1


def write_moves(page: Page, result: Result, meta: tuple[str, str], title: str) -> None:
    """One row a reclassification of the previous review workbook, whether it could be applied or not."""
    say, entries = page.say, result.matched.entries
    first = page.open(title, COLUMNS, PRINTED, *meta, note=say("moves-note"))
    for row, moved in enumerate(result.moved, first):
        move, done = moved.move, moved.status == APPLIED
        page.number(row, 0, row - first + 1, "cell small plain")
        page.text(row, 1, say(f"move-{moved.status}"), f"cell small wrap{'' if done else ' warning'}")
        entry = entries.iloc[moved.entry] if moved.entry >= 0 else None
        page.date(row, 2, None if entry is None else entry["date"], "cell small date")
        for col, name in ((3, "voucher"), (4, "memo"), (12, "file"), (13, "sheet")):
            page.text(row, col, say("none") if entry is None else entry[name], COLUMNS[col].style)
        page.amount(row, 5, None if entry is None else int(entry["amount"]), "cell small money")
        page.text(row, 6, say.category(moved.category) if moved.category else say("none"), "cell small")
        page.text(row, 7, moved.project or say("none"), "cell small wrap")
        category = say.category(move.category) if move.category else move.asked
        for col, value in ((8, category), (9, move.project), (10, move.note), (11, move.person)):
            page.text(row, col, value, "cell small input")
        page.text(row, 14, say("none") if entry is None else str(entry["row"]), "cell small plain")
        page.text(row, 15, move.key, "key")
    last = first + len(result.moved) - 1
    page.close(footer=meta[0], filter_rows=(first, last), freeze=(first, 3))

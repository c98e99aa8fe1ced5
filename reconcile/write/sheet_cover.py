"""封面: whose account this is, who made and reviewed it, what it was made from, and where everything stands."""

from __future__ import annotations

from collections.abc import Sequence

from reconcile._version import __version__
from reconcile.result import Result
from reconcile.write.sheet_page import Column, Page, cell, on

COLUMNS = (Column("", "cell", 18, 18), Column("", "cell", 34, 34), *(Column("", "cell", 18, 18) for _ in range(5)))
WIDE = len(COLUMNS) - 1
SIGNED = ("prepared", "reviewed", "approved", "dated")


def write_cover(
    page: Page, result: Result, title: str, unit: str, money: str, sheets: Sequence[tuple[str, str]], footer: str
) -> dict[str, str]:
    """The first sheet; returns where each of SIGNED is filled in, as references from other sheets.

    sheets: key of its words and name of every sheet of the workbook, in order.
    """
    say = page.say
    page.columns, page.printed, page.header_row = list(COLUMNS), len(COLUMNS), 0
    page.across(0, 0, WIDE, title, "title cover")
    page.sheet.set_row(0, 54)
    row = _identity(page, result, unit, money, 1)
    signed = _signed(page, row)
    row = _part(page, row + len(SIGNED) // 2 + 1, "cover-contents")
    whole = len(result.tie.entries) <= result.settings.workbook.detail_limit
    for key, name in sheets:
        page.link(row, 0, name, name, "cell link")
        about = "about-entries-short" if key == "entries" and not whole else f"about-{key}"
        page.across(row, 1, WIDE, say(about), "cell wrap")
        row += 1
    row = _part(page, row + 1, "cover-reading")
    words = [say("cover-what"), say("cover-marks"), say("cover-return")]
    if not whole:
        count, limit = len(result.tie.entries), result.settings.workbook.detail_limit
        words.insert(1, say("cover-short", count=f"{count:,}", limit=f"{limit:,}"))
    for paragraph in words:
        page.across(row, 0, WIDE, paragraph, "paragraph")
        row += 1
    row = _inputs(page, result, _part(page, row + 1, "cover-inputs"))
    page.last = row - 1
    page.close(footer=footer, repeat=False, one_page=True)
    return signed


def _part(page: Page, row: int, key: str) -> int:
    page.sheet.write_string(row, 0, page.say(key), page.look.style("part"))
    page.sheet.set_row(row, 24)
    return row + 1


def _identity(page: Page, result: Result, unit: str, money: str, row: int) -> int:
    say = page.say
    facts = (
        ("cover-unit", unit or say("none")),
        ("cover-period", result.period.label(say.language)),
        ("cover-money", money),
        ("cover-version", f"spending-reconcile {__version__}"),
    )
    for n, (key, value) in enumerate(facts):
        page.text(row + n, 0, say(key), "cell bold")
        page.across(row + n, 1, WIDE, value, "cell wrap")
    return row + len(facts)


def _signed(page: Page, row: int) -> dict[str, str]:
    """Cells for names and the date, two in a row."""
    found = {}
    for n, who in enumerate(SIGNED):
        at, col = row + n // 2, 3 * (n % 2)
        last = WIDE if col else 2
        page.text(at, col, page.say(f"sign-{who}").rstrip("：:"), "cell bold")
        style = page.style("cell input date" if who == "dated" else "cell input")
        page.sheet.merge_range(at, col + 1, at, last, None, style)
        page.sheet.set_row(at, 22)
        found[who] = on(page.name, cell(at, col + 1, fixed=True))
    return found


def _inputs(page: Page, result: Result, row: int) -> int:
    """Every file that was read with its SHA-256, once."""
    say = page.say
    page.head(row, 0, ("kind", "file"))
    page.across(row, 2, WIDE, say("col-sha256"), "head")
    row += 1
    kinds = (("budget", result.budget), ("ledger", result.ledger), ("contracts", result.contracts))
    files = [(k, t.file, t.sha256) for k, loaded in kinds if loaded is not None for t in loaded.tables]
    back = result.replies.book if result.replies is not None else None
    files += [("previous" if b is back else "aliases", b.file, b.sha256) for b in result.matched.aliases.books]
    for kind, file, sha256 in dict.fromkeys(files):
        page.text(row, 0, say(f"kind-{kind}"), "cell")
        page.text(row, 1, file or say("none"), "cell wrap")
        page.across(row, 2, WIDE, sha256 or say("none"), "cell mono")
        row += 1
    return row

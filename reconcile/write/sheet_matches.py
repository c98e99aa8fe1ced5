"""待确认匹配: what a person must settle of the matching, to be approved and given back; and the aliases in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconcile import wording
from reconcile.nearest import margin
from reconcile.result import Result
from reconcile.unsettled import Unsettled, alias_report, unsettled
from reconcile.write.sheet_options import MATCHES, Options
from reconcile.write.sheet_page import Column, Page, area

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    Column("number", "cell small plain", 5, 7),
    Column("situation", "cell small wrap", 12, 16),
    Column("ledger-name", "cell small wrap", 14, 26),
    Column("project-code", "cell small", 8, 14),
    Column("ledger-category", "cell small", 9, 12),
    Column("count-entries", "cell small count", 6, 9),
    Column("amount", "cell small money", 12, 19),
    Column("candidates", "cell small wrap", 18, 34),
    Column("score", "cell small count", 7, 8),
    Column("lead", "cell small count", 7, 8),
    Column("first-place", "cell small wrap", 12, 24),
    Column("approve-project", "cell small input", 20, 24),
    Column("approve-category", "cell small input", 10, 10),
    Column("approver", "cell small input", 8, 9),
    Column("date", "cell small input date", 11, 11),
)
AMOUNT, TARGET, CATEGORY, APPROVER, DATE = 6, 11, 12, 13, 14
CATEGORIES = ("basic", "project", "other")


def has_matches(result: Result) -> bool:
    """Whether there is anything for the sheet to say."""
    return bool(result.matched.aliases.rows) or bool(unsettled(result.matched, result.tie.entries))


def write_matches(page: Page, result: Result, options: Options, meta: tuple[str, str], title: str) -> None:
    """Open names and accounts, the gravest first, with room to approve; then every alias and what became of it."""
    say, entries = page.say, result.tie.entries
    items = unsettled(result.matched, entries)
    aliases = alias_report(result.matched, entries)
    first = row = page.open(title, COLUMNS, len(COLUMNS), *meta, note=say("matches-note"))
    for one in items:
        _item(page, row, row - first + 1, one, result)
        row += 1
    for alias in aliases.itertuples(index=False):
        _alias(page, row, row - first + 1, alias)
        row += 1
    last = row - 1
    _total(page, row, first, last, sum(one.amount for one in items) + int(aliases["amount"].sum()))
    _choices(page, options, first, last)
    page.close(footer=meta[0], filter_rows=(first, last), freeze=(first, 3))


def _item(page: Page, row: int, number: int, one: Unsettled, result: Result) -> None:
    say = page.say
    near = [o for o in one.offers if o.score >= result.settings.near_score][: result.settings.nearest]
    shown = result.matched.labels(one.candidates, say.language) if one.candidates else [o.name for o in near]
    page.number(row, 0, number, "cell small plain")
    page.text(row, 1, say(f"situation-{one.kind}"), "cell small wrap warning")
    page.text(row, 2, one.name or wording.text("no-account", say.language), "cell small wrap")
    page.text(row, 3, one.code, "cell small")
    page.text(row, 4, say.category(one.category) if one.category else say("none"), "cell small")
    page.number(row, 5, one.count, "cell small count")
    page.amount(row, AMOUNT, one.amount, "cell small money")
    page.text(row, 7, say("list-joint").join(shown) or say("none"), "cell small wrap")
    for col, value in ((8, near[0].score if near else None), (9, margin(one.offers) if near else None)):
        if value is None:
            page.text(row, col, say("none"), "cell small right")
        else:
            page.number(row, col, round(value), "cell small count")
    page.text(row, 10, _place(one.first["file"], one.first["sheet"], one.first["row"]), "cell small wrap")
    for col in (TARGET, CATEGORY, APPROVER):
        page.sheet.write_blank(row, col, None, page.look.style("cell small input"))
    page.sheet.write_blank(row, DATE, None, page.look.style("cell small input date"))


def _alias(page: Page, row: int, number: int, alias: pd.Series) -> None:
    say, applied = page.say, alias.status in ("applied", "unused")
    page.number(row, 0, number, "cell small plain")
    page.text(row, 1, say(f"alias-{alias.status}"), f"cell small wrap{'' if applied else ' warning'}")
    page.text(row, 2, alias.name, "cell small wrap")
    for col in (3, 4, 8, 9):
        page.text(row, col, "", "cell small")
    page.number(row, 5, alias.entries, "cell small count")
    page.amount(row, AMOUNT, int(alias.amount), "cell small money")
    page.text(row, 7, "", "cell small wrap")
    page.text(row, 10, _place(alias.file, alias.sheet, alias.row), "cell small wrap")
    page.text(row, TARGET, alias.project, "cell small input")
    page.text(row, CATEGORY, _category(page, alias.category), "cell small input")
    page.text(row, APPROVER, alias.approver, "cell small input")
    page.text(row, DATE, alias.date, "cell small input date")


def _category(page: Page, category: str) -> str:
    return page.say.category(category) if category in CATEGORIES else category


def _place(file: object, sheet: object, row: object) -> str:
    return " › ".join(str(part) for part in (file, sheet, row) if part)


def _total(page: Page, row: int, first: int, last: int, amount: int) -> None:
    for col in range(len(COLUMNS)):
        page.text(row, col, page.say("row-listed") if col == 0 else "", "cell small total")
    page.formula(row, AMOUNT, f"ROUND(SUM({area(first, last, AMOUNT)}),2)", amount, "cell small money total")


def _choices(page: Page, options: Options, first: int, last: int) -> None:
    """Drop-down lists of the budget's projects, kept on a sheet of their own, and of categories."""
    say, sheet = page.say, page.sheet
    if options.matches:
        sheet.data_validation(first, TARGET, last, TARGET, _list(page, f"={options.area(MATCHES)}"))
    sheet.data_validation(first, CATEGORY, last, CATEGORY, _list(page, [say.category(c) for c in CATEGORIES]))


def _list(page: Page, source: str | list[str]) -> dict[str, object]:
    say = page.say
    return {
        "validate": "list",
        "source": source,
        "input_title": say("approve-help-title"),
        "input_message": say("approve-help"),
        "error_title": say("approve-help-title"),
        "error_message": say("approve-wrong"),
    }

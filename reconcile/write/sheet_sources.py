"""数据来源: what was read, and where every row and every yuan went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reconcile.money import FEN_PER_YUAN
from reconcile.read.table import Table as ReadTable
from reconcile.result import Result
from reconcile.write.sheet_chain import Table
from reconcile.write.sheet_charts import Months
from reconcile.write.sheet_data import LINE_CATEGORY, LINE_CHAIN, Base, Span
from reconcile.write.sheet_lines import APART_AMOUNT, APART_REASON
from reconcile.write.sheet_page import Column, Page, area, cell, on, quoted

COLUMNS = (
    Column("", "cell", 14, 14),
    Column("", "cell wrap", 26, 26),
    Column("", "cell wrap", 16, 16),
    Column("", "cell", 20, 20),
    Column("", "cell", 12, 12),
    *(Column("", "cell", 22, 22) for _ in range(3)),
)
WIDE = len(COLUMNS) - 1
UNREAD = ("repeated-table", "hidden-data")
"""Findings about sheets and rows that are not counted, or counted though nobody sees them."""
FOUND_TOO = ("copy", "summary", "version", "year", "hidden")
"""Reasons of what was left out that are findings, too."""


@dataclass(frozen=True)
class Sources:
    """The written sheets whose totals the notes tie."""

    entries: Base
    lines: Span
    apart: Span | None
    projects: Table
    categories: Table
    months: Months


def write_sources(page: Page, result: Result, sources: Sources, meta: tuple[str, str], title: str) -> None:
    """The tables that were read, then rows and yuan accounted for."""
    page.columns, page.printed, page.header_row = list(COLUMNS), len(COLUMNS), 0
    page.across(0, 0, WIDE, title, "title")
    page.sheet.set_row(0, 30)
    page.sheet.write_string(1, 0, meta[0], page.look.style("meta"))
    page.sheet.write_string(1, WIDE, meta[1], page.look.style("meta right"))
    row = _files(page, result, _part(page, 2, "sources-tables-heading"))
    row = _rows(page, result, _part(page, row + 1, "sources-rows-heading"))
    row = _money(page, result, sources, _part(page, row + 1, "sources-money-heading"))
    page.last = row - 1
    page.close(footer=meta[0], repeat=False, freeze=(2, 0))


def _part(page: Page, row: int, key: str) -> int:
    page.sheet.write_string(row, 0, page.say(key), page.look.style("part"))
    page.sheet.set_row(row, 24)
    return row + 1


def _loaded(result: Result) -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = [("budget", result.budget), ("ledger", result.ledger)]
    return [*found, ("contracts", result.contracts)] if result.contracts is not None else found


def _files(page: Page, result: Result, row: int) -> int:
    say = page.say
    page.head(row, 0, ("kind", "file", "sheet", "unit", "header-rows"))
    page.across(row, 5, WIDE, say("col-unused"), "head")
    row += 1
    notes: list[str] = []
    for kind, loaded in _loaded(result):
        for table in loaded.tables:  # type: ignore[attr-defined]
            texts = (say(f"kind-{kind}"), table.file or say("none"), table.sheet or say("none"))
            for col, text in enumerate(texts):
                page.text(row, col, text, "cell wrap" if col else "cell")
            page.text(row, 3, table.unit, "cell center")
            page.text(row, 4, say("list-joint").join(map(str, table.header.rows)), "cell center")
            page.across(row, 5, WIDE, say("list-joint").join(table.header.unknown.values()) or say("none"), "cell wrap")
            notes += [x.text(say.language) for x in table.left_out if x.reason not in FOUND_TOO]
            row += 1
        notes += [f.message(say.language) for f in loaded.problems if f.code in UNREAD]  # type: ignore[attr-defined]
    for note in notes:
        page.across(row, 0, WIDE, note, "note")
        row += 1
    return row


def _rows(page: Page, result: Result, row: int) -> int:
    """Rows and amounts by role, and for every table the sum of its roles against the rows in the sheet."""
    say = page.say
    page.head(row, 0, ("kind", "file", "sheet", "role", "rows", "sum", "measured", "control"))
    row += 1
    for kind, loaded in _loaded(result):
        frame = loaded.reading.rows  # type: ignore[attr-defined]
        for (file, sheet), read in _rows_read(loaded.tables).items():  # type: ignore[attr-defined]
            own = frame[(frame["file"] == file) & (frame["sheet"] == sheet)]
            first = row
            for line in own.itertuples():
                page.text(row, 0, say(f"kind-{kind}"), "cell")
                page.text(row, 1, file or say("none"), "cell wrap")
                page.text(row, 2, sheet or say("none"), "cell wrap")
                page.text(row, 3, say(f"role-{line.role}"), "cell")
                page.number(row, 4, int(line.rows), "cell count")
                page.amount(row, 5, round(line.amount * FEN_PER_YUAN))
                page.text(row, 6, line.measure or say("none"), "cell wrap")
                page.text(row, 7, "", "cell")
                row += 1
            page.text(row, 0, say("row-sum-roles"), "cell total")
            for col in (1, 2, 3, 5):
                page.text(row, col, "", "cell total")
            page.count(row, 4, f"SUM({area(first, row - 1, 4)})", int(own["rows"].sum()), "cell count total")
            page.text(row, 6, f"{say('row-in-sheet')} {read:,}", "cell total right")
            _verdict(page, row, 7, f"{cell(row, 4)}-{read}", int(own["rows"].sum()) - read)
            row += 1
    return row


def _rows_read(tables: Sequence[ReadTable]) -> dict[tuple[str, str], int]:
    """The rows of every sheet down to the end of its last table; frames without a name stand behind each other."""
    before: dict[tuple[str, str], int] = {}
    reached: dict[tuple[str, str], int] = {}
    for table in (page for whole in tables for page in whole.by_page()):
        place = (table.file, table.sheet)
        if table.header.first <= reached.get(place, 0):
            before[place] = before.get(place, 0) + reached.pop(place)
        reached[place] = max([reached.get(place, 0), table.header.last, *table.numbers[-1:].tolist()])
    return {place: before.get(place, 0) + last for place, last in reached.items()}


def _verdict(page: Page, row: int, col: int, gap: str, value: int) -> None:
    ties, differs = page.say("ties"), page.say("differs")
    page.formula(
        row,
        col,
        f"IF(ROUND({gap},2)=0,{quoted(ties)},{quoted(differs)})",
        differs if value else ties,
        "cell total center",
    )


def _money(page: Page, result: Result, sources: Sources, row: int) -> int:
    """Where the ledger's data rows and the budget's lines went, and that every sheet adds up to the entries."""
    say, ledger, entries = page.say, result.ledger.fen, result.tie.entries

    def head(row: int) -> int:
        page.across(row, 0, 3, say("col-place"), "head")
        page.head(row, 4, ("rows", "debit", "credit", "actual"))
        return row + 1

    row = head(row)
    first = row

    def put(name: str, counts: tuple[str, int], amounts: list[tuple[str, int]], style: str = "cell") -> None:
        nonlocal row
        page.across(row, 0, 3, name, style)
        extra = style.removeprefix("cell")
        if counts[0]:
            page.count(row, 4, *counts, f"cell count{extra}")
        else:
            page.number(row, 4, counts[1], f"cell count{extra}")
        for col, (formula, value) in enumerate(amounts, 5):
            if formula:
                page.formula(row, col, formula, value, f"cell money{extra}")
            else:
                page.amount(row, col, value, f"cell money{extra}")
        row += 1

    put(
        say("row-entries" if sources.entries.whole else "row-digest"),
        (sources.entries.count, len(entries)),
        [(sources.entries.total(c), int(entries[c].sum())) for c in ("debit", "credit", "amount")],
    )
    apart = result.tie.unassigned
    for reason in apart["reason"].unique() if sources.apart else ():
        own = apart[apart["reason"] == reason]
        words = say(f"reason-{reason}")
        assert sources.apart is not None
        spent = f"ROUND(SUMIFS({sources.apart.column(APART_AMOUNT)},{sources.apart.column(APART_REASON)},{quoted(words)}),2)"
        put(
            say("row-apart", reason=words),
            (f"COUNTIF({sources.apart.column(APART_REASON)},{quoted(words)})", len(own)),
            [("", int(own["debit"].sum())), ("", int(own["credit"].sum())), (spent, int(own["amount"].sum()))],
        )
    for role in ("closing", "other"):
        own = ledger[ledger["role"] == role]
        if len(own):
            put(
                say(f"row-{role}"),
                ("", len(own)),
                [("", int(own["debit"].sum())), ("", int(own["credit"].sum())), ("", 0)],
            )
    placed = [len(entries) + len(apart) + int((ledger["role"] != "spending").sum())]
    placed += [int(entries[c].sum()) + int(apart[c].sum()) for c in ("debit", "credit", "amount")]
    for n, c in ((1, "debit"), (2, "credit")):
        placed[n] += int(ledger.loc[ledger["role"] != "spending", c].sum())
    put(
        say("row-placed"),
        (f"SUM({area(first, row - 1, 4)})", placed[0]),
        [(f"ROUND(SUM({area(first, row - 1, 5 + n)}),2)", placed[1 + n]) for n in range(3)],
        "cell total",
    )
    read = result.ledger.reading.rows
    data_rows = int(read.loc[read["role"] == "data", "rows"].sum())
    read_money = [int(ledger[c].sum()) for c in ("debit", "credit", "amount")]
    put(say("row-ledger"), ("", data_rows), [("", v) for v in read_money])
    page.across(row, 0, 3, say("row-gap"), "cell total")
    for n, (have, want) in enumerate(zip(placed, (data_rows, *read_money))):
        _verdict(page, row, 4 + n, f"{cell(row - 2, 4 + n)}-{cell(row - 1, 4 + n)}", have - want)
    row += 2
    return _sheets(page, result, sources, row)


def _sheets(page: Page, result: Result, sources: Sources, row: int) -> int:
    """Every sheet's total against 明细, and the budget lines against the rows that were read."""
    say = page.say
    spent = int(result.tie.entries["amount"].sum())
    page.across(row, 0, 3, say("col-control"), "head")
    page.head(row, 4, ("rows", "available", "actual", "control"))
    row += 1
    total = sources.entries.total("amount")
    amounts = sources.lines.column(LINE_CHAIN + 4)
    known = result.budget.fen["available"].dropna()
    frame = result.budget.reading.rows
    data_rows = int(frame.loc[frame["role"] == "data", "rows"].sum())
    page.across(row, 0, 3, say("row-lines"), "cell")
    keys = sources.lines.column(LINE_CATEGORY)
    page.count(row, 4, f'COUNTIF({keys},"?*")', len(result.budget.fen))
    page.formula(row, 5, f"ROUND(SUM({amounts}),2)", int(known.sum()))
    page.text(row, 6, "", "cell")
    _verdict(page, row, 7, f"{cell(row, 4)}-{data_rows}", len(result.budget.fen) - data_rows)
    lines_row = row
    row += 1
    months = sources.months
    for name, table in (("projects", sources.projects), ("categories", sources.categories)):
        page.across(row, 0, 3, f"{say(f'sheet-{name}')} · {say('row-total')}", "cell")
        page.text(row, 4, "", "cell")
        page.formula(row, 5, table.ref(table.total, "available"), table.total.available)
        page.formula(row, 6, table.ref(table.total, "actual"), table.total.actual)
        budget_gap = f"IF(ISNUMBER({cell(row, 5)}),{cell(row, 5)}-{cell(lines_row, 5)},0)"
        _verdict(page, row, 7, f"ABS({cell(row, 6)}-{total})+ABS({budget_gap})", table.total.actual - spent)
        row += 1
    page.across(row, 0, 3, f"{say('sheet-months')} · {say('row-total')}", "cell")
    page.text(row, 4, "", "cell")
    page.text(row, 5, "", "cell")
    page.formula(row, 6, on(months.page.name, cell(months.total_row, months.cumulative - 1, fixed=True)), months.total)
    _verdict(page, row, 7, f"{cell(row, 6)}-{total}", months.total - spent)
    return row + 1

"""月度汇总: where 明细 would be too long, spending by month, project and item, as values."""

from __future__ import annotations

import pandas as pd

from reconcile import wide
from reconcile.groups import Groups
from reconcile.result import Result
from reconcile.write.sheet_block import write_block
from reconcile.write.sheet_data import KEYS, Base, Span, Term, anchors
from reconcile.write.sheet_lines import write_totals
from reconcile.write.sheet_page import Column, Page, area, cell
from reconcile.write.sheet_plan import CATEGORY_KEYS, Plan

COLUMNS = (
    Column("month", "cell center", 9, 12),
    Column("category", "cell", 9, 14),
    Column("project", "cell wrap", 16, 36),
    Column("class-code", "cell", 8, 13),
    Column("class", "cell wrap", 14, 30),
    Column("count-entries", "cell count", 9, 14),
    Column("debit", "cell money", 14, 22),
    Column("credit", "cell money", 14, 22),
    Column("amount", "cell money", 14, 22),
    Column("key-month", "key", 8, 8),
    Column("key-category", "key", 8, 8),
    Column("key-project", "key", 8, 8),
    Column("key-class", "key", 8, 8),
)
AT = {column.title: position for position, column in enumerate(COLUMNS)}
FIELDS = {
    "rows": AT["count-entries"],
    **{name: AT[name] for name in ("debit", "credit", "amount")},
    **{name: AT[f"key-{name}"] for name in ("month", "category", "project", "class")},
}

ITEM = ["economic_code", "item"]


def write_digest(page: Page, result: Result, plan: Plan, meta: tuple[str, str], title: str) -> Base:
    """One row for every month, project and item that money was spent on: what formulas stand on, without what is moved."""
    say = page.say
    first = page.open(title, COLUMNS, AT["amount"] + 1, *meta, note=say("digest-note"))
    entries = result.tie.entries
    alike = Groups.by(*(plan.entry_keys[name] for name in KEYS), *(wide.codes(entries, name) for name in ITEM))
    keys, items = plan.entry_keys[KEYS].iloc[alike.first], wide.plain(entries[ITEM].iloc[alike.first])
    frame = pd.concat([part.reset_index(drop=True) for part in (keys, items)], axis="columns")
    sums_of = {name: alike.sums(entries[name]) for name in ("debit", "credit", "amount")}
    frame = frame.assign(**sums_of, rows=alike.counts).sort_values([*KEYS, *ITEM], ignore_index=True)
    projects = {line.key: say.project(line.name) for line in plan.projects}
    projects |= {line.key: say("no-name", category=say.category(line.category)) for line in plan.rest}
    categories = {key: say.category(name) for name, key in CATEGORY_KEYS.items()}
    year = result.period.year
    values = [
        [f"{year}-{m:02d}" if m else say("no-date") for m in frame["month"]],
        frame["category"].map(categories),
        frame["project"].map(projects),
        *(frame[name] for name in ITEM),
        frame["rows"],
        *(frame[name] for name in ("debit", "credit", "amount")),
        frame["month"].to_numpy(),
        *(frame[name] for name in ("category", "project", "class")),
    ]
    last = write_block(page, first, list(zip(COLUMNS, values, strict=True))) - 1
    sums = {
        FIELDS[name]: (f"ROUND(SUM({area(first, last, FIELDS[name])}),2)", int(frame[name].sum()))
        for name in ("debit", "credit", "amount")
    }
    write_totals(page, last + 1, COLUMNS, AT["amount"] + 1, sums)
    page.count(
        last + 1,
        FIELDS["rows"],
        f"SUM({area(first, last, FIELDS['rows'])})",
        int(frame["rows"].sum()),
        "cell count total",
    )
    page.close(footer=meta[0], filter_rows=(first, last), freeze=(first, 3))
    places = [(page.name, cell(first + n, 0)) for n in range(len(frame))]
    return Base((Term(Span(page.name, first, last), FIELDS),), anchors(frame[KEYS], places), whole=False)

"""公开01 to 03 and 05 to 09 as far as the books fill them, live on the summed-up spending."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from reconcile import codes
from reconcile.evaluation.evaluation import Evaluation
from reconcile.evaluation.functions import function_name, funds_told
from reconcile.result import Result
from reconcile.write.evaluation_data import KINDS, Block
from reconcile.write.evaluation_scores import References
from reconcile.write.sheet_page import Column, Page, area, cell, quoted

LEVELS = ((3, "head"), (5, "section"), (7, "function"))
HALVES = (
    Column("income", "cell wrap", 22, 34),
    Column("final", "cell money", 14, 20),
    Column("outlay", "cell wrap", 22, 34),
    Column("final", "cell money", 14, 20),
)
FUNDS = ("general", "fund", "capital")
ITEMS = ("grant", "superior", "business", "trade", "affiliate", "other")
CODED = (Column("function-code", "cell", 12, 14), Column("subject", "cell wrap", 22, 40))
CLASSES = (
    Column("class-code", "cell", 9, 12),
    Column("subject", "cell wrap", 22, 36),
    Column("final", "cell money", 14, 20),
)
PUBLIC = (
    Column("item-public", "cell wrap", 24, 34),
    Column("planned", "cell money", 14, 20),
    Column("final", "cell money", 14, 20),
)


def write_first(page: Page, result: Result, spending: Block, received: Block | None, meta: tuple[str, str]) -> None:
    """公开01: spending by functional class, the income that the books have; what they lack is 取数不足."""
    say = page.say
    frame = spending.frame
    heads = frame.assign(head=frame["function"].str[:3]).groupby("head")["amount"].sum()
    row = page.open(say("title-table01"), HALVES, len(HALVES), *meta, note=_notes(page, result, say("income-note")))
    first = row
    incomes = _incomes(page, received)
    for at in range(max(len(heads), len(incomes), 1)):
        name, formula, value = incomes[at] if at < len(incomes) else ("", "", "")
        page.text(row, 0, name, "cell wrap")
        if formula:
            page.formula(row, 1, formula, value)
        else:
            page.text(row, 1, "", "cell")
        head, amount = (str(heads.index[at]), int(heads.iloc[at])) if at < len(heads) else ("", None)
        outlay = "" if amount is None else function_name(head) or head or say("no-function")
        page.text(row, 2, outlay, "cell wrap")
        if amount is None:
            page.text(row, 3, "", "cell")
        else:
            page.formula(row, 3, spending.sum("spent", head=head) if head else _rest(spending), amount)
        row += 1
    income = result.tie.totals["income"]
    page.text(row, 0, say("row-income-total"), "cell wrap total")
    if received is None:
        page.amount(row, 1, say("missing") if income is None else income, "cell money total")
    else:
        page.formula(row, 1, f"SUM({area(first, row - 1, 1)})", income or 0, "cell money total")
    page.text(row, 2, say("row-spending-total"), "cell wrap total")
    page.formula(row, 3, f"SUM({area(first, row - 1, 3)})", result.tie.totals["actual"] or 0, "cell money total")
    for left, right in (("row-used", "row-distributed"), ("row-carry-in", "row-carry-out"), ("row-whole", "row-whole")):
        row += 1
        for col, text in enumerate((say(left), say("missing"), say(right), say("missing"))):
            page.text(row, col, text, "cell wrap" if col % 2 == 0 else "cell right")
    page.close(footer=meta[0], freeze=(first, 0))


def _incomes(page: Page, received: Block | None) -> list[tuple[str, str, int]]:
    """(name, formula, 分) of every item of income that 公开01 lists."""
    if received is None:
        return []
    say, frame, found = page.say, received.frame, []
    for kind in ITEMS:
        own = frame[frame["kind"] == kind]
        funds = FUNDS if kind == "grant" and (own["fund"] != "").all() else ("",)
        for fund in funds:
            part = own[own["fund"] == fund] if fund else own
            where = {"fund": say(f"fund-{fund}")} if fund else {}
            name = say(f"grant-{fund}") if fund else say(f"income-{kind}")
            found.append((name, received.amounts(kind, **where), int(part["amount"].sum())))
    return found


def _rest(spending: Block) -> str:
    """Spending without a functional class: a criterion of `=` alone matches blank cells."""
    return f'SUMIFS({spending.area("spent")},{spending.area("head")},"=")'


def _notes(page: Page, result: Result, *more: str) -> str:
    notes = [n for n in more if n]
    if not result.period.is_whole_year:
        notes.insert(0, page.say("part-note", period=result.period.label(page.say.language)))
    return "".join(notes)


def write_second(page: Page, result: Result, received: Block | None, meta: tuple[str, str]) -> None:
    """公开02: income by functional class and source."""
    if received is None:
        cannot(page, "table02", CODED, meta, "income-missing")
        return
    frame = received.frame
    bare = ((frame["function"].str.len() < 3) & (frame["amount"] != 0)).any()
    note = _notes(page, result, page.say("income-functions-missing") if bare else "")
    _by_function(page, "table02", frame, ITEMS, received, {}, note, meta)


def write_third(page: Page, result: Result, spending: Block, meta: tuple[str, str]) -> None:
    """公开03: spending by functional class and kind; kinds beyond the form stand in columns of their own."""
    frame = spending.frame
    used = set(frame.loc[frame["amount"] != 0, "kind"])
    kinds = [k for k in KINDS if k in KINDS[:5] or k in used]
    bare = frame["function"].str.len() < 3
    note = page.say("functions-missing") if (bare & (frame["amount"] != 0)).any() else ""
    _by_function(page, "table03", frame, kinds, spending, {}, _notes(page, result, note), meta)


def write_of_fund(page: Page, result: Result, spending: Block, meta: tuple[str, str], table: str, fund: str) -> None:
    """公开05, 08 or 09: spending of one budget by functional class and kind, where the books tell the budgets apart."""
    if not funds_told(result):
        cannot(page, table, CODED, meta)
        return
    say, frame = page.say, spending.frame
    own = frame[frame["fund"] == fund]
    note = _notes(page, result, say("grants-note"), say("fund-flows-note") if fund == "fund" else "")
    below = "" if len(own) else say("fund-unused")
    _by_function(page, table, own, ["basic", "project"], spending, {"fund": say(f"fund-{fund}")}, note, meta, below)


def _by_function(
    page: Page,
    table: str,
    frame: pd.DataFrame,
    kinds: Sequence[str],
    block: Block,
    where: dict[str, str],
    note: str,
    meta: tuple[str, str],
    below: str = "",
) -> None:
    """Lines by functional class at its three levels under their total, and what has no class after them."""
    say = page.say
    total = "total" if block.kind == "kind" else "income-all"
    columns = [*CODED, Column(total, "cell money", 13, 20), *(Column("spent", "cell money", 13, 20) for _ in kinds)]
    row = page.open(say(f"title-{table}"), columns, len(columns), *meta, note=note)
    for at, kind in enumerate(kinds):
        page.text(row - 1, len(CODED) + 1 + at, say(f"{block.kind}-{kind}"), "head")
    first = row
    page.text(row, 0, say("row-total"), "cell total")
    page.text(row, 1, "", "cell total")
    _kinds(page, row, kinds, frame, where, block, "total")
    row += 1
    tree: dict[str, str] = {}
    for function, name in zip(frame["function"], frame["name"], strict=True):
        for size, _ in LEVELS:
            if len(function) >= size:
                tree.setdefault(function[:size], function_name(function[:size]) if size < len(function) else name)
    for code in sorted(tree):
        size, level = next((n, t) for n, t in LEVELS if n == len(code))
        page.text(row, 0, code, "cell")
        page.text(row, 1, tree[code], "cell wrap" + {5: " in1", 7: " in2"}.get(size, ""))
        own = frame[frame["function"].str[:size] == code]
        _kinds(page, row, kinds, own, {**where, level: code}, block)
        row += 1
    bare = frame["function"].str.len() < 3
    if bare.any():
        page.text(row, 0, "", "cell")
        page.text(row, 1, say("no-function"), "cell wrap")
        _kinds(page, row, kinds, frame[bare], {**where, "head": ""}, block)
        row += 1
    if below:
        page.across(row, 0, len(columns) - 1, below, "note")
    page.close(footer=meta[0], freeze=(first, 2))


def _kinds(
    page: Page,
    row: int,
    kinds: Sequence[str],
    frame: pd.DataFrame,
    where: dict[str, str],
    block: Block,
    style: str = "",
) -> None:
    """A line's amounts by kind, and their sum before it."""
    at = len(CODED)
    look = f"cell money {style}".strip()
    sums = frame.groupby("kind")["amount"].sum()
    for i, kind in enumerate(kinds):
        criteria = {k: v or "=" for k, v in where.items()}
        formula = block.amounts(kind, **criteria)
        page.formula(row, at + 1 + i, formula, int(sums.get(kind, 0)), look)
    spread = f"{cell(row, at + 1)}:{cell(row, at + len(kinds))}"
    page.formula(row, at, f"SUM({spread})", int(frame["amount"].sum()), look)


def cannot(
    page: Page, table: str, columns: Sequence[Column], meta: tuple[str, str], reason: str = "grants-missing"
) -> None:
    """A table that the books cannot fill, and why."""
    row = page.open(page.say(f"title-{table}"), columns, len(columns), *meta)
    page.across(row, 0, len(columns) - 1, page.say(reason), "note")
    page.close(footer=meta[0])


def write_sixth(page: Page, result: Result, spending: Block, meta: tuple[str, str]) -> None:
    """公开06: basic spending of the general budget by economic class, where the books tell the budgets apart."""
    if not funds_told(result):
        cannot(page, "table06", CLASSES, meta)
        return
    say, frame = page.say, spending.frame
    basic = frame[(frame["kind"] == "basic") & (frame["fund"] == "general")]
    row = page.open(say("title-table06"), CLASSES, len(CLASSES), *meta, note=_notes(page, result, say("grants-note")))
    first, where = row, {"kind": say("kind-basic"), "fund": say("fund-general")}
    totals: list[tuple[int, int]] = []
    groups = basic["class"].map(codes.group_of)
    for group in ("personnel", "operating", ""):
        own = basic[groups == group]
        if not group and not len(own):
            continue
        heads: list[int] = []
        for head, part in own.groupby(own["class"].str[:3]):
            top, row = row, row + 1
            heads.append(top)
            for economic, lines in part.groupby("class"):
                if economic == head:
                    continue
                page.text(row, 0, economic, "cell")
                page.text(row, 1, codes.economic_name(str(economic)), "cell wrap in1")
                formula = spending.sum("spent", economic=str(economic), **where)
                page.formula(row, 2, formula, int(lines["amount"].sum()))
                row += 1
            page.text(top, 0, head, "cell group")
            page.text(top, 1, codes.economic_name(str(head)) or say("no-class"), "cell wrap group")
            formula = spending.sum("spent", economic_head=str(head) or "=", **where)
            page.formula(top, 2, formula, int(part["amount"].sum()), "cell money group")
        page.text(row, 0, "", "cell total")
        page.text(row, 1, say(f"row-{group}") if group else say("group-rest"), "cell wrap total")
        added = "+".join(cell(r, 2) for r in heads) or "0"
        page.formula(row, 2, added, int(own["amount"].sum()), "cell money total")
        totals.append((row, int(own["amount"].sum())))
        row += 1
    page.text(row, 0, "", "cell total")
    page.text(row, 1, say("row-total"), "cell wrap total")
    page.formula(row, 2, "+".join(cell(r, 2) for r, _ in totals), sum(t for _, t in totals), "cell money total")
    page.close(footer=meta[0], freeze=(first, 2))


def write_seventh(page: Page, evaluation: Evaluation, refs: References, meta: tuple[str, str]) -> None:
    """公开07 from the figures: budget and actual of each of the public expenses."""
    say = page.say
    row = page.open(say("title-table07"), PUBLIC, len(PUBLIC), *meta)
    first = row
    for name in ("public", "abroad", "vehicle", "vehicle_purchase", "vehicle_running", "reception"):
        style = " in1" if name.startswith("vehicle_") else ""
        page.text(row, 0, say(f"row-{name}"), f"cell wrap{style}")
        for col, side in ((1, "budget"), (2, "actual")):
            figure, ref = evaluation.figures[f"{name}_{side}"], refs[f"{name}_{side}"]
            value = say("missing") if figure.value is None else int(figure.value)
            page.formula(row, col, f"IF(ISNUMBER({ref}),{ref},{quoted(say('missing'))})", value)
        row += 1
    page.close(footer=meta[0], freeze=(first, 1))

"""汇总: the headline figures, basic and project spending, counts of findings, and two charts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from reconcile import money
from reconcile.replies import SETTLING
from reconcile.result import Result
from reconcile.write.sheet_chain import FLOWS, Figures, Table, rate_formula, rate_of, remaining_of
from reconcile.write.sheet_charts import Months, in_wan, write_charts
from reconcile.write.sheet_findings import Listed, count_of
from reconcile.write.sheet_page import Amount, Column, Page, cell, on, quoted
from reconcile.write.sheet_plan import Plan

COLUMNS = (
    Column("", "cell", 24, 24),
    *(Column("", "cell", 17, 22) for _ in range(7)),
    Column("", "cell", 3, 3),
    Column("", "key", 10, 30),
    Column("", "key", 10, 14),
    Column("", "key", 10, 14),
)
PRINTED = 8


@dataclass(frozen=True)
class Sources:
    """What the overview is drawn from."""

    result: Result
    plan: Plan
    projects: Table
    categories: Table
    months: Months
    findings: Listed
    outcomes: str
    signed: Mapping[str, str]


def wan_formula(reference: str) -> str:
    return f"IF(ISNUMBER({reference}),ROUND({reference}/10000,2),{reference})"


def write_overview(page: Page, sources: Sources, meta: tuple[str, str], title: str) -> Mapping[str, int]:
    """One printed page; returns the rows of its headline figures."""
    page.columns, page.printed, page.header_row = list(COLUMNS), PRINTED, 0
    page.across(0, 0, PRINTED - 1, title, "title")
    page.sheet.set_row(0, 30)
    page.sheet.write_string(1, 0, meta[0], page.look.style("meta"))
    page.sheet.write_string(1, PRINTED - 1, meta[1], page.look.style("meta right"))
    places: dict[str, int] = {}
    row = _headline(page, sources, 2, places)
    row = _categories(page, sources, row + 1)
    row = _counts(page, sources, row + 1)
    row = write_charts(page, sources.plan, sources.projects, sources.months, row + 1)
    row += 1
    for at, (who, reference) in enumerate(sources.signed.items()):
        words = page.say(f"sign-{who}")
        shown = f'TEXT({reference},"yyyy-mm-dd")' if who == "dated" else reference
        filled = f'{quoted(words)}&IF({reference}="","",{shown})'
        page.sheet.write_formula(row, 2 * at, f"={filled}", page.look.style("meta"), words)
    page.last = row
    page.close(footer=meta[0], repeat=False, one_page=True)
    return places


def _part(page: Page, row: int, key: str) -> int:
    page.sheet.write_string(row, 0, page.say(key), page.look.style("part"))
    page.sheet.set_row(row, 22)
    return row + 1


def _headline(page: Page, sources: Sources, row: int, places: dict[str, int]) -> int:
    say, table = page.say, sources.categories
    total = table.total
    row = _part(page, row, "part-overall")
    page.head(row, 0, ("measure", "yuan", "wan", "basis"))
    page.across(row, 3, PRINTED - 1, say("col-basis"), "head")
    row += 1

    def put(name: str, label: str, formula: str, value: Amount, basis: str) -> None:
        nonlocal row
        strong = " bold" if name in ("available", "actual", "remaining") else ""
        place = None if name == "income" else (table.page.name, cell(total.row, 0))
        page.led(row, 0, place, label, f"cell{strong}")
        if formula:
            page.formula(row, 1, formula, value, f"cell money{strong}")
        else:
            page.amount(row, 1, value, f"cell money{strong}")
        page.formula(row, 2, wan_formula(cell(row, 1)), in_wan(value), f"cell money{strong}")
        page.across(row, 3, PRINTED - 1, basis, "cell meta")
        places[name] = row
        row += 1

    income = sources.result.tie.totals["income"]
    if income is not None:
        put("income", say("row-income"), "", income, say("from-income"))
    for name in FLOWS:
        flow = total.flows[name]
        put(
            name,
            say(f"col-{name}"),
            table.ref(total, name),
            say("unreadable") if flow is None else flow,
            say("from-budget"),
        )
    put("available", say("col-available"), table.ref(total, "available"), total.available, say("from-available"))
    put("actual", say("col-actual"), table.ref(total, "actual"), total.actual, say("from-actual"))
    budget, spent = cell(places["available"], 1), cell(places["actual"], 1)
    bad = say("unreadable")
    rest = remaining_of(total.available, total.actual, bad)
    put(
        "remaining",
        say("col-remaining"),
        f"IF({budget}={quoted(bad)},{budget},ROUND(N({budget})-{spent},2))",
        rest,
        say("from-remaining"),
    )
    for label, formula, value, basis in (
        (
            "col-rate",
            rate_formula(budget, spent, say("zero-budget")),
            rate_of(total.available, total.actual, say("zero-budget")),
            "from-rate",
        ),
        (
            "col-schedule",
            on(sources.months.page.name, cell(sources.months.last, sources.months.schedule)),
            sources.months.values[sources.months.last - sources.months.first][1],
            "from-schedule",
        ),
    ):
        page.text(row, 0, say(label), "cell bold" if label == "col-rate" else "cell")
        page.formula(row, 1, formula, value, "cell rate bold" if label == "col-rate" else "cell rate")
        page.text(row, 2, "", "cell")
        page.across(row, 3, PRINTED - 1, say(basis), "cell meta")
        row += 1
    parts = (cell(places["available"], 2), cell(places["actual"], 2), cell(places["remaining"], 2))
    gap = _wan_gap([total.available, -total.actual], rest)
    _tail(page, row, f"N({parts[0]})-N({parts[1]})-N({parts[2]})", parts[2], gap, say("tail-overall"))
    return row + 1


def _wan_gap(parts: list[Amount], total: Amount) -> Decimal | None:
    """How far printed 万元 parts miss their printed total; None where there is no total."""
    if isinstance(total, str):
        return None

    def printed(value: Amount) -> Decimal:
        return Decimal(0) if isinstance(value, str) else money.in_unit(value, "万元")

    return sum((printed(p) for p in parts), Decimal(0)) - printed(total)


def _tail(page: Page, row: int, gap_formula: str, total: str, gap: Decimal | None, what: str) -> None:
    """A note that appears where printed figures in 万元 miss by a rounding tail; live.  None where a part is no
    number."""
    say = page.say
    before, after = quoted(say("tail-note", what=what)), quoted(say("tail-note-end"))
    formula = (
        f'IF(NOT(ISNUMBER({total})),"",IF(ROUND({gap_formula},2)=0,"",{before}&FIXED(ABS({gap_formula}),2)&{after}))'
    )
    value = f"{say('tail-note', what=what)}{abs(gap):.2f}{say('tail-note-end')}" if gap else ""
    page.sheet.merge_range(row, 0, row, PRINTED - 1, "", page.look.style("note"))
    page.sheet.write_formula(row, 0, f"={formula}", page.look.style("note"), value)
    if not gap:
        page.sheet.set_row(row, 6)


def _categories(page: Page, sources: Sources, row: int) -> int:
    say, table = page.say, sources.categories
    row = _part(page, row, "part-categories")
    page.head(row, 0, ("category", "available", "actual", "remaining", "rate", "share", "available-wan", "actual-wan"))
    row += 1
    rows: list[tuple[str, Figures, str]] = []
    for category in sources.plan.categories:
        rows.append((say.category(category), table.rows[category], ""))
        if category == "basic":
            groups = [(k.removeprefix("group-"), f) for k, f in table.rows.items() if k.startswith("group-")]
            rows += [(say.group(k), f, "in1") for k, f in groups]
    rows.append((say("row-total"), table.total, "total"))
    tops: list[int] = []
    share_at, share_last = table.at + 8, table.total
    for name, figures, style in rows:
        money_style = f"cell money {style}".replace(" in1", "").strip()
        rate_style = money_style.replace("money", "rate")
        page.led(row, 0, (table.page.name, cell(figures.row, 0)), name, f"cell {style}".strip())
        page.formula(row, 1, table.ref(figures, "available"), figures.available, money_style)
        page.formula(row, 2, table.ref(figures, "actual"), figures.actual, money_style)
        rest = remaining_of(figures.available, figures.actual, say("unreadable"))
        page.formula(row, 3, table.ref(figures, "remaining"), rest, money_style)
        page.formula(
            row,
            4,
            table.ref(figures, "rate"),
            rate_of(figures.available, figures.actual, say("zero-budget")),
            rate_style,
        )
        share = (figures.actual / 100) / (share_last.actual / 100) if share_last.actual else say("none")
        page.formula(row, 5, on(table.page.name, cell(figures.row, share_at, fixed=True)), share, rate_style)
        page.formula(row, 6, wan_formula(cell(row, 1)), in_wan(figures.available), money_style)
        page.formula(row, 7, wan_formula(cell(row, 2)), in_wan(figures.actual), money_style)
        if style == "":
            tops.append(row)
        row += 1
    total_row = row - 1
    for col, label, values in (
        (6, "col-available", [(f.available, s) for _, f, s in rows]),
        (7, "col-actual", [(f.actual, s) for _, f, s in rows]),
    ):
        gap = _wan_gap([v for v, s in values if s == ""], values[-1][0])
        parts = "+".join(f"N({cell(r, col)})" for r in tops)
        total = cell(total_row, col)
        _tail(page, row, f"{parts}-{total}", total, gap, say(label))
        row += 1
    return row


def _counts(page: Page, sources: Sources, row: int) -> int:
    say, result = page.say, sources.result
    row = _part(page, row, "part-findings")
    page.head(row, 0, ("severity", "count-open", "count-settled", "view"))
    page.head(row, 5, ("outcome", "items", "view"))
    levels = Counter(f.level.value for f in result.problems)
    settled = Counter(f.level.value for f in result.problems if result.standing(f).settled)
    for n, level in enumerate(("error", "warning", "info"), 1):
        words = say(f"severity-{level}")
        page.text(row + n, 0, words, f"cell center {level}")
        every = count_of((sources.findings.severity, words))
        page.count(row + n, 1, f"{every}-{cell(row + n, 2)}", levels[level] - settled[level])
        decided = [
            count_of((sources.findings.severity, words), (sources.findings.decision, say(f"decision-{d}")))
            for d in SETTLING
        ]
        page.count(row + n, 2, "+".join(decided), settled[level])
        page.link(row + n, 3, say("sheet-findings"), say("see-findings"))
    ends = Counter(c.outcome.value for c in result.outcomes)
    for n, outcome in enumerate(("passed", "found", "not-applicable", "could-not-run"), 1):
        words = say(f"outcome-{outcome}")
        page.text(row + n, 5, words, "cell center")
        # "？" is full-width and no wildcard
        page.count(row + n, 6, count_of((sources.outcomes, words)), ends[outcome])
        page.link(row + n, 7, say("sheet-checks"), say("see-checks"))
    return row + 5

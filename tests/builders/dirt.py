"""The catalogue of dirt: each kind by name, where it fits, what it does to what may be expected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from . import dirt_cells as cells
from . import dirt_damage as damage
from . import dirt_rows as rows
from . import dirt_sheets as sheets
from .dirt_rows import Change, header_runs, main_sheet
from .grid import Code, Day, ErrorCell, Formula, Grid, Money, Pair, Sheet

Test = Callable[[Sheet], bool]


@dataclass(frozen=True)
class Dirt:
    name: str
    group: str  # two of one group are not mixed
    stage: int  # lower ones are put on first
    apply: Change
    suits: Test = lambda sheet: True  # asked of the sheet that holds the table
    findings: frozenset[str] = frozenset()
    forgets: frozenset[str] = frozenset()  # fields of the expectation that it makes unknowable
    needs_year: bool = False
    unit: str = ""

    def fits(self, grid: Grid) -> bool:
        tables = [s for s in grid if s.find("amount")]
        return bool(tables) and all(self.suits(s) for s in tables)


def _has(*kinds: str) -> Test:
    return lambda s: all(s.find(k) for k in kinds)


def _holds(kind: type, *forms: str) -> Test:
    def test(s: Sheet) -> bool:
        found = [v for r in s.rows for v in r.values if isinstance(v, kind)]
        return bool(found) and (not forms or any(getattr(v, "form", "") in forms for v in found))

    return test


def _one_table(s: Sheet) -> bool:
    return len(header_runs(s)) == 1


def _one_header_row(s: Sheet) -> bool:
    return all(end - start == 1 for start, end in header_runs(s)) and _one_table(s)


def _journal(s: Sheet) -> bool:
    """Every line of every voucher, one after the other."""
    return bool(s.find("account_code") and s.find("voucher")) and not s.find("balance") and _one_table(s)


def _plain_sums(s: Sheet) -> bool:
    """Its columns may be added up: no 方向 beside a single 金额, no running balance, no parents."""
    return not s.find("balance") and not (s.find("direction") and len(s.find("amount")) == 1) and _one_table(s)


def _no_sums(s: Sheet) -> bool:
    return _plain_sums(s) and not s.of_role("subtotal", "total", "section", "page", "damaged")


def _negative(s: Sheet) -> bool:
    return any(isinstance(v, Money) and v.fen < 0 for r in s.rows for v in r.values)


def _has_sums(s: Sheet) -> bool:
    at = s.of_role("total") or s.of_role("subtotal")
    return bool(at) and any(isinstance(v, Money) for v in s.rows[at[-1]].values)


def _running(s: Sheet) -> bool:
    return bool(s.of_role("opening")) and bool(s.find("balance"))


def _no_printed_formulas(s: Sheet) -> bool:
    return not any(isinstance(v, (Formula, ErrorCell)) for r in s.rows for v in r.values)


def _adjacent(what: str) -> Test:
    def test(s: Sheet) -> bool:
        codes, names = s.find(what + "_code"), s.find(what)
        return len(codes) == 1 and len(names) == 1 and names[0] == codes[0] + 1 and _one_header_row(s)

    return test


def _unit_free(s: Sheet) -> bool:
    return not any("Unit" in str(v) for r in s.rows if r.role == "title" for v in r.values)


def _every(*tests: Test) -> Test:
    return lambda s: all(t(s) for t in tests)


def _catalogue() -> list[Dirt]:
    on = main_sheet
    found: list[Dirt] = []

    def add(name: str, group: str, stage: int, change: Change, suits: Test = lambda s: True, **more: object) -> None:
        found.append(Dirt(name, group, stage, change, suits, **more))  # type: ignore[arg-type]

    for form in ("comma", "plain", "full-width", "yen", "yuan-word", "nbsp", "indian", "european", "dust", "number"):
        add(f"amount-{form}", "amount", 7, on(cells.amounts(form)))
    for form in ("trailing-minus", "parentheses", "triangle"):
        add(f"amount-{form}", "amount", 7, on(cells.amounts(form)), _negative)
    for name, mark in (("dash", "-"), ("long-dash", "——"), ("em-dash", "—"), ("not-reported", "N/R"), ("slash", "/")):
        add(f"blank-{name}", "blank", 7, on(cells.blanks(mark)))
    for form in ("date", "iso", "iso-time", "dot", "dot-short", "compact", "slash", "words", "words-no-year", "serial"):
        add(f"date-{form}", "date", 7, on(cells.dates(form)), _holds(Day))
    add(
        "date-no-year",
        "date",
        7,
        on(cells.no_year),
        lambda s: _holds(Day)(s) and not s.find("year", "period") and bool(s.find("voucher")),
        needs_year=True,
    )
    add("date-columns", "date", 0, on(cells.split_date), _every(_has("date"), _one_header_row, _journal))
    add("date-1904", "date", 8, sheets.epoch_1904, _holds(Day, "date"))
    for form in ("float", "float-text", "integer", "dotted", "dashed", "backslash"):
        add(f"code-{form}", "code", 7, on(cells.codes(form, "account_code")), _has("account_code"))
    for form in ("float", "integer", "scientific"):
        add(f"functional-{form}", "code", 7, on(cells.codes(form, "functional_code")), _has("functional_code"))
    add("economic-float", "code", 7, on(cells.codes("float", "economic_code")), _has("economic_code"))
    for name, style in (("space", " "), ("underscore", "_"), ("dash", "-"), ("brackets", "[]"), ("wide", "　")):
        add(f"glue-{name}", "glue", 7, on(cells.glue_style(style)), _holds(Pair))
        add(f"glued-account-{name}", "glue", 0, on(cells.glued_columns("account", "科目", style)), _adjacent("account"))
    add("glued-economic", "glue-budget", 0, on(cells.glued_columns("economic", "经济分类")), _adjacent("economic"))
    add("glued-project", "glue-project", 0, on(cells.glued_columns("project", "项目", "_")), _adjacent("project"))

    for name, words in (
        ("spaced", cells.spaced),
        ("wide-spaced", cells.spaced_wide),
        ("broken", cells.broken),
        ("bracketed", lambda t: f"【{t}】"),
        ("starred", lambda t: f"*{t}"),
        ("padded", lambda t: f" {t}\u00a0"),
    ):
        add(f"header-{name}", "header", 7, on(cells.header_words(words)), _unit_free)
    add(
        "labels-spaced", "labels", 7, on(cells.spaced_labels), lambda s: bool(s.of_role("subtotal", "total", "opening"))
    )
    for unit in ("元", "万元", "千元"):
        for where in ("row", "right", "money-word", "header"):
            add(f"unit-{unit}-{where}", "unit", 3, on(cells.in_unit(unit, where)), _unit_free, unit=unit)

    add("first-line-only", "voucher", 1, on(rows.first_line_only), _journal)
    add("merged-groups", "voucher", 4, on(rows.merged_groups), _every(_one_table, _mergeable))
    add("month-sums", "sums", 0, on(rows.month_sums), _every(_journal, _no_sums, _has("date")))
    add("total-row", "sums", 0, on(rows.total_row), _no_sums)
    add("formula-total", "sums", 5, on(rows.formula_total), _no_sums)
    uncached = on(lambda s: rows.formula_total(s, cached=False))
    codes = frozenset({"uncalculated-formula"})
    add("formula-total-uncalculated", "sums", 5, uncached, _no_sums, findings=codes)
    add("repeated-header", "pages", 2, on(rows.repeated_header))
    add("page-carry", "pages", 2, on(rows.page_carry), _every(_has("voucher"), _carried))
    add("lane-row", "lanes", 2, on(rows.lane_row))
    add("number-row", "lanes", 2, on(rows.number_row))
    add("footers", "footers", 3, on(rows.footers))
    add("blank-rows", "blank-rows", 3, on(rows.blank_rows))
    add("more-titles", "titles", 3, on(rows.more_titles))
    add("offset", "offset", 3, on(rows.offset))

    count = frozenset({"rows", "lines_count"})
    for name, value in damage.UNREADABLE.items():
        change = on(damage.damaged(value))
        add(name, "damage", 1, change, _no_printed_formulas, findings=frozenset({name}), forgets=count)
    add("wrong-total", "damage", 1, on(damage.wrong_total), _has_sums, findings=frozenset({"total-mismatch"}))
    add("wrong-balance", "damage", 1, on(damage.wrong_balance), _running, findings=frozenset({"balance-break"}))

    hidden = frozenset({"hidden-data"})
    add("hidden-rows", "sheets", 6, on(rows.hidden_rows), findings=hidden)
    add("hidden-copy", "sheets", 8, sheets.copied("备份", hidden=True), findings=hidden)
    again = frozenset({"repeated-table"})
    add("visible-copy", "sheets", 8, sheets.copied("副本", hidden=False), findings=again)
    add("pivot", "sheets", 8, sheets.pivot, _plain_sums)
    add("pivot-first", "sheets", 8, sheets.pivot_first, _plain_sums)
    add("split-sheets", "sheets", 8, sheets.split_sheets, _every(_one_table, _no_body_merges))
    add("month-sheets", "sheets", 8, sheets.month_sheets, _every(_journal, _no_sums, _dated, _no_body_merges))
    add("cover-sheet", "cover", 9, sheets.cover_sheet)
    return found


def _mergeable(s: Sheet) -> bool:
    return bool(s.find("category", "functional") or (_journal(s) and s.find("date"))) and _no_body_merges(s)


def _no_body_merges(s: Sheet) -> bool:
    body = {r + 1 for r, row in enumerate(s.rows) if row.role not in ("title", "header")}
    return not any(m.top in body for m in s.merges)


def _carried(s: Sheet) -> bool:
    return not (s.find("direction") and len(s.find("amount")) == 1)


def _dated(s: Sheet) -> bool:
    """Each data row has its own date."""
    columns = s.find("date")
    data = [s.rows[r] for r in s.of_role("data")]
    return bool(columns) and all(isinstance(r.values[columns[0]], Day) for r in data) and _holds(Code)(s)


DIRT = {d.name: d for d in _catalogue()}


def apply(grid: Grid, *names: str) -> Grid:
    """The grid with these kinds of dirt, in the order of their stages."""
    for dirt in sorted((DIRT[n] for n in names), key=lambda d: d.stage):
        grid = dirt.apply(grid)
    return grid

"""Where the evaluation workbook keeps its figures: spending and budget summed up, and every figure with its formula."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from reconcile import codes, wording
from reconcile.classes import class_code
from reconcile.evaluation.books import CLASSES, ITEMS
from reconcile.evaluation.evaluation import Evaluation
from reconcile.evaluation.figure import BOOKS, INPUT, MONEY
from reconcile.evaluation.functions import function_name, fund_of, funds_told
from reconcile.result import Result
from reconcile.write.sheet_page import Column, Page, Words, area, cell, on, quoted

KINDS = ("basic", "project", "superior", "trade", "affiliate", "other", "undetermined")
_ACCOUNTS = {"7301": "trade", "7401": "superior", "7501": "affiliate"}
SPENDING = (
    Column("kind", "cell", 10, 20),
    Column("project", "cell wrap", 14, 36),
    Column("head", "cell", 6, 8),
    Column("section", "cell", 7, 9),
    Column("function", "cell", 9, 10),
    Column("function-name", "cell wrap", 14, 34),
    Column("economic-head", "cell", 8, 10),
    Column("economic", "cell", 8, 10),
    Column("economic-name", "cell wrap", 14, 30),
    Column("class-group", "cell", 8, 12),
    Column("fund", "cell", 8, 14),
    Column("spent", "cell money", 14, 20),
)
INCOME = (
    Column("source", "cell", 14, 20),
    Column("head", "cell", 6, 8),
    Column("section", "cell", 7, 9),
    Column("function", "cell", 9, 10),
    Column("function-name", "cell wrap", 14, 34),
    Column("fund", "cell", 8, 14),
    Column("received", "cell money", 14, 20),
)
PLANNED = (
    Column("category", "cell", 10, 14),
    Column("economic", "cell", 8, 10),
    Column("economic-name", "cell wrap", 14, 34),
    Column("class-group", "cell", 8, 12),
    Column("carryover", "cell money", 14, 20),
    Column("original", "cell money", 14, 20),
    Column("increase", "cell money", 14, 20),
    Column("decrease", "cell money", 14, 20),
    Column("available", "cell money", 14, 20),
)
FIGURES = (
    Column("figure", "cell wrap", 24, 40),
    Column("measure", "cell center", 8, 10),
    Column("value", "cell money", 16, 22),
    Column("origin", "cell wrap", 10, 34),
    Column("remark", "cell wrap", 24, 60),
)
CHAIN = ("carryover", "original", "increase", "decrease", "available")


@dataclass(frozen=True)
class Block:
    """Rows of a data sheet: the area of every column, by its title.  frame: what the rows show, money in 分."""

    page: Page
    columns: tuple[Column, ...]
    first: int
    last: int
    frame: pd.DataFrame
    kind: str = "kind"
    """The title of the column of kinds; `<kind>-x` is how the kind x is called."""

    def amounts(self, kind: str = "", **where: str) -> str:
        """A formula of the sum of the last column, of one kind where given, where others hold these texts."""
        if kind:
            where = {self.kind: self.page.say(f"{self.kind}-{kind}"), **where}
        return self.sum(self.columns[-1].title, **where)

    def area(self, title: str) -> str:
        at = next(i for i, c in enumerate(self.columns) if c.title == title)
        letters = area(self.first, self.last, at).split(":")
        fixed = ":".join("$" + "".join(filter(str.isalpha, x)) + "$" + "".join(filter(str.isdigit, x)) for x in letters)
        return on(self.page.name, fixed)

    def sum(self, title: str, **where: str) -> str:
        """A formula of the sum of a column where others hold these texts."""
        if not where:
            return f"SUM({self.area(title)})"
        conditions = ",".join(f"{self.area(k.replace('_', '-'))},{quoted(v)}" for k, v in where.items())
        return f"SUMIFS({self.area(title)},{conditions})"


def spending_of(result: Result) -> pd.DataFrame:
    """Spending by kind, project, functional and economic class; `amount` in 分, codes as text; `fund` is `general`, `fund`
    or `capital` where the books tell the budgets apart, else ''."""
    entries = result.tie.entries
    keys = ["category", "account_code", "project", "functional_code", "functional", "economic_code", "item"]
    sums = entries.groupby(keys, sort=False)["amount"].sum().reset_index()
    kinds = [
        _ACCOUNTS.get(codes.segments(str(a))[:4], "other") if c == "other" else str(c)
        for c, a in zip(sums["category"], sums["account_code"], strict=True)
    ]
    sums["kind"] = pd.Series(kinds, dtype="str")
    sums["function"] = pd.Series([codes.segments(str(c)) for c in sums["functional_code"]], dtype="str")
    pairs = zip(sums["economic_code"], sums["item"], strict=True)
    sums["class"] = pd.Series([class_code(str(c), str(i)) for c, i in pairs], dtype="str")
    names = sums["functional"].where(sums["functional"] != "", sums["function"].map(function_name))
    sums["name"] = names
    by = ["kind", "project", "function", "class"]
    found = sums.groupby(by, sort=True).agg({"amount": "sum", "name": "first"}).reset_index()
    told = funds_told(result)
    funds = [(fund_of(c) or "general") if told else "" for c in found["function"]]
    return found.assign(fund=pd.Series(funds, dtype="str"))


def write_spending(page: Page, result: Result, meta: tuple[str, str]) -> Block:
    """支出汇总: what every table adds up."""
    frame, say = spending_of(result), page.say
    row = page.open(say("title-spending"), SPENDING, len(SPENDING), *meta)
    first = row
    for one in frame.itertuples():
        group = codes.group_of(one._4) if one.kind == "basic" else ""
        texts = (
            say(f"kind-{one.kind}"),
            one.project,
            one.function[:3],
            one.function[:5],
            one.function,
            one.name,
            one._4[:3],
            one._4,
            codes.economic_name(one._4),
            say.group(group) if group else "",
            say(f"fund-{one.fund}") if one.fund else "",
        )
        for col, text in enumerate(texts):
            page.text(row, col, text, SPENDING[col].style)
        page.amount(row, len(SPENDING) - 1, int(one.amount))
        row += 1
    row = max(row, first + 1)  # without spending an empty row stands above the total
    return _totalled(Block(page, SPENDING, first, row - 1, frame), meta)


def write_income(page: Page, frame: pd.DataFrame, meta: tuple[str, str]) -> Block:
    """收入汇总: what the tables of income add up.  frame: as of income_of()."""
    say = page.say
    row = first = page.open(say("title-received"), INCOME, len(INCOME), *meta)
    for one in frame.itertuples():
        texts = (say(f"source-{one.kind}"), one.function[:3], one.function[:5], one.function, one.name)
        for col, text in enumerate((*texts, say(f"fund-{one.fund}") if one.fund else "")):
            page.text(row, col, text, INCOME[col].style)
        page.amount(row, len(INCOME) - 1, int(one.amount))
        row += 1
    return _totalled(Block(page, INCOME, first, row - 1, frame, "source"), meta)


def _totalled(block: Block, meta: tuple[str, str]) -> Block:
    """The block with the total of its last column below it; its page is finished."""
    page, row, at = block.page, block.last + 1, len(block.columns) - 1
    page.text(row, 0, page.say("row-total"), "cell total")
    for col in range(1, at):
        page.text(row, col, "", "cell total")
    total = int(block.frame["amount"].sum())
    page.formula(row, at, f"SUM({area(block.first, block.last, at)})", total, "cell money total")
    page.close(footer=meta[0], freeze=(block.first, 2))
    return block


def write_planned(page: Page, result: Result, meta: tuple[str, str]) -> Block:
    """预算汇总: the budget chain by category and class; a cell that could not be read stays words."""
    say, lines = page.say, result.budget.fen
    pairs = zip(lines["economic_code"], lines["item"], strict=True)
    classes = pd.Series([class_code(str(c), str(i)) for c, i in pairs], index=lines.index, dtype="str")
    own = classes.map(lambda c: codes.group_of(c) if c else "")
    groups = own.where(own != "", lines["group"]).where(lines["category"] == "basic", "")
    frame = lines.assign(**{"class": classes, "class_group": groups})
    row = page.open(say("title-planned"), PLANNED, len(PLANNED), *meta)
    first = row
    for key, part in frame.groupby(["category", "class_group", "class"], sort=True):
        category, group, economic = (str(k) for k in key)
        texts = (say.category(category), economic, codes.economic_name(economic), say.group(group) if group else "")
        for col, text in enumerate(texts):
            page.text(row, col, text, PLANNED[col].style)
        for col, name in enumerate(CHAIN, len(texts)):
            value = part[name].sum(skipna=False)
            page.amount(row, col, say("unreadable") if value is pd.NA else int(value))
        row += 1
    page.close(footer=meta[0], freeze=(first, 2))
    return Block(page, PLANNED, first, max(row - 1, first), frame)


def write_figures(
    page: Page, evaluation: Evaluation, spending: Block | None, planned: Block | None, meta: tuple[str, str]
) -> dict[str, str]:
    """取数: every figure, live where the books give it.  Returns the reference of each, by key."""
    say = page.say
    row = page.open(say("title-figures"), FIGURES, len(FIGURES), *meta, note="；".join(evaluation.notes))
    places = {key: row + i for i, key in enumerate(evaluation.figures)}
    for key, figure in evaluation.figures.items():
        row = places[key]
        money = figure.kind.kind == MONEY
        style = "cell money" if money else "cell count"
        page.text(row, 0, figure.kind.title(evaluation.language), "cell wrap")
        page.text(row, 1, wording.text(f"unit-{figure.kind.kind}", evaluation.language, "evaluation"), "cell center")
        formula = ""
        if figure.source == BOOKS and spending is not None and planned is not None:
            formula = _formula(key, spending, planned, places, say)
        if figure.value is None:
            page.text(row, 2, say("missing"), "cell input right")
        elif formula:
            page.formula(row, 2, formula, int(figure.value), style)
        elif money:
            page.amount(row, 2, int(figure.value), f"{style} input")
        else:
            page.number(row, 2, float(figure.value), f"{style} input")
        source = say(figure.source) if figure.source else ""
        page.text(row, 3, str(figure.origin) if figure.source == INPUT else source, "cell wrap")
        page.text(row, 4, figure.reason or figure.note or figure.kind.note, "cell wrap")
    page.close(footer=meta[0], freeze=(min(places.values()), 1))
    return {key: on(page.name, cell(row, 2, fixed=True)) for key, row in places.items()}


def _formula(key: str, spending: Block, planned: Block, places: Mapping[str, int], say: Words) -> str:
    """How a figure of the books comes out of the two data sheets."""

    def here(name: str) -> str:
        return cell(places[name], 2)

    if key in CHAIN:
        return planned.sum(key)
    plain = {
        "actual": spending.sum("spent"),
        "closing": f"{here('available')}-{here('actual')}",
        "net_increase": f"{here('increase')}-{here('decrease')}",
        "operating_actual": spending.sum("spent", kind=say("kind-basic"), class_group=say.group("operating")),
        "operating_budget": planned.sum(
            "available", category=say.category("basic"), class_group=say.group("operating")
        ),
    }
    for name in ("basic", "project"):
        plain[f"{name}_actual"] = spending.sum("spent", kind=say(f"kind-{name}"))
        plain[f"{name}_budget"] = planned.sum("available", category=say.category(name))
    if key in plain:
        return plain[key]
    name, _, side = key.rpartition("_")
    wanted = sorted(CLASSES.get(name) or ITEMS[name])
    only = name in ITEMS
    if side == "actual":
        where = {"kind": say("kind-basic")} if only else {}
        return "+".join(spending.sum("spent", economic=c, **where) for c in wanted)
    where = {"category": say.category("basic")} if only else {}
    return "+".join(planned.sum("available", economic=c, **where) for c in wanted)

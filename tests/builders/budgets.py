"""Budgets as units write them themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .columns import CATEGORY
from .details import stack
from .grid import Code, Grid, Money, Pair, Row, Sheet, Value, make_sheet, money
from .quotas import spent_by_line
from .truth import BudgetLine, Department

KINDS = ["category", "project_code", "project", "economic_code", "economic"]
HEADER = ["支出类别", "项目编码", "项目名称", "经济分类编码", "经济分类名称"]
CHAIN = ["上年结转", "年初预算数", "追加", "追减", "全年预算数"]


def _titles(department: Department, what: str = "部门预算表") -> list[list[Value]]:
    return [[f"{department.name}{department.year}年{what}"], ["单位：元"]]


def _labels(x: BudgetLine, category: str) -> tuple[Value, ...]:
    if x.category == "project":
        return (category, Code(x.code), x.name, None, None)
    return (category, None, None, Code(x.code), x.name)


def _chain(x: BudgetLine, sign: int = 1) -> tuple[Value, ...]:
    """carryover, original, increase, decrease, available."""
    changes = (money(x.increase), money(sign * x.decrease))
    return (money(x.carryover), Money(x.original), *changes, Money(x.available))


def _sum(lines: list[BudgetLine] | tuple[BudgetLine, ...]) -> BudgetLine:
    def add(field: str) -> int:
        return sum(getattr(x, field) for x in lines)

    amounts = (add("carryover"), add("original"), add("increase"), add("decrease"))
    return BudgetLine("", "", "", "合计", "", *amounts)


def flat(department: Department, *, signed: bool = False, total: bool = True) -> Grid:
    """One row a line. With `signed`, 追减 is printed as a negative number."""
    sign = -1 if signed else 1
    rows = [Row("data", _labels(x, CATEGORY[x.category]) + _chain(x, sign)) for x in department.budget]
    if total:
        rows.append(Row("total", ("合计", None, None, None, None, *_chain(_sum(department.budget), sign))))
    sheet = make_sheet("预算", _titles(department), HEADER + CHAIN, KINDS + ["amount"] * 5, rows)
    return Grid((sheet,))


def flat_signed(department: Department) -> Grid:
    return flat(department, signed=True)


def sectioned(department: Department, *, sums: str = "on") -> Grid:
    """一、 / （一） / lines; sums on the section rows ("on"), below as 小计 ("below") or nowhere ("none")."""
    rows: list[Row] = []

    def section(label: str, lines: list[BudgetLine]) -> None:
        chain = _chain(_sum(lines)) if sums == "on" else (None,) * 5
        rows.append(Row("subtotal" if sums == "on" else "section", (label, *chain)))

    def below(lines: list[BudgetLine]) -> None:
        if sums == "below":
            rows.append(Row("subtotal", ("小计", *_chain(_sum(lines)))))

    basic = [x for x in department.budget if x.category == "basic"]
    projects = [x for x in department.budget if x.category == "project"]
    section("一、基本支出", basic)
    for ordinal, group in (("（一）", "人员经费"), ("（二）", "公用经费")):
        lines = [x for x in basic if x.group == group]
        section(ordinal + group, lines)
        rows += [Row("data", (Pair(x.code, x.name), *_chain(x))) for x in lines]
        below(lines)
    section("二、项目支出", projects)
    rows += [Row("data", (f"{i}、{x.name}", *_chain(x))) for i, x in enumerate(projects, start=1)]
    below(projects)
    rows.append(Row("total", ("合计", *_chain(_sum(department.budget)))))
    header = ["项目", *CHAIN]
    return Grid((make_sheet("预算", _titles(department), header, ["project", *["amount"] * 5], rows),))


def sectioned_below(department: Department) -> Grid:
    return sectioned(department, sums="below")


def sectioned_bare(department: Department) -> Grid:
    return sectioned(department, sums="none")


def banded(department: Department) -> Grid:
    """A header of two rows, its upper cells merged."""
    header: list[str | tuple[str, ...]] = ["支出类别", ("项目", "编码"), ("项目", "名称")]
    header += [("经济分类", "编码"), ("经济分类", "名称"), ("年初安排", "上年结转"), ("年初安排", "年初预算")]
    header += [("年中调整", "追加"), ("年中调整", "追减"), "全年预算数"]
    rows = [Row("data", _labels(x, CATEGORY[x.category]) + _chain(x)) for x in department.budget]
    rows.append(Row("total", ("合计", None, None, None, None, *_chain(_sum(department.budget)))))
    return Grid((make_sheet("预算", _titles(department), header, KINDS + ["amount"] * 5, rows),))


def project_library(department: Department) -> Grid:
    """项目库: projects alone, with the money of other years beside this year's."""
    header = ["序号", "项目编码", "项目名称", "项目类别", "起止年限", "项目总投资", "以前年度已安排"]
    header += ["上年结转", "本年预算数", "项目负责人"]
    kinds = ["text", "project_code", "project", "category", "text", "balance", "balance", "amount", "amount", "text"]
    rows = []
    for i, x in enumerate([x for x in department.budget if x.category == "project"], start=1):
        years = f"{department.year - 1}-{department.year + 1}"
        head = (i, Code(x.code), x.name, "特定目标类", years)
        flows = (Money(x.original * 3), Money(x.original // 2), money(x.carryover), Money(x.original))
        rows.append(Row("data", (*head, *flows, "李建国")))
    return Grid((make_sheet("项目库", _titles(department, "项目库清单"), header, kinds, rows),))


def with_actuals(department: Department) -> Grid:
    """Budget and actual in one sheet."""
    spent = spent_by_line(department)
    rows = []
    whole = 0
    for x in department.budget:
        used = sum(n for *_, n in spent[(x.category, x.code)])
        whole += used
        ratio = f"{used / x.available * 100:.2f}%"
        tail = (Money(used), ratio, Money(x.available - used))
        rows.append(Row("data", _labels(x, CATEGORY[x.category]) + _chain(x) + tail))
    total = _sum(department.budget)
    last = (Money(whole), f"{whole / total.available * 100:.2f}%", Money(total.available - whole))
    rows.append(Row("total", ("合计", None, None, None, None, *_chain(total), *last)))
    header = [*HEADER, *CHAIN, "实际支出", "执行率", "结余"]
    kinds = [*KINDS, *["amount"] * 6, "ratio", "amount"]
    return Grid((make_sheet("预算执行", _titles(department, "预算执行情况表"), header, kinds, rows),))


def _scaled(x: BudgetLine, percent: int) -> BudgetLine:
    def part(n: int) -> int:
        return n * percent // 100

    return replace(
        x, carryover=part(x.carryover), original=part(x.original), increase=part(x.increase), decrease=part(x.decrease)
    )


def years_beside(department: Department) -> Grid:
    """Last year's columns, then this year's: the caller must say which year."""
    last, this = f"{department.year - 1}年", f"{department.year}年"
    header: list[str | tuple[str, ...]] = [*HEADER]
    header += [(y, h) for y in (last, this) for h in CHAIN]
    lines = department.budget
    rows = [Row("data", _labels(x, CATEGORY[x.category]) + _chain(_scaled(x, 80)) + _chain(x)) for x in lines]
    before = _sum([_scaled(x, 80) for x in lines])
    rows.append(Row("total", ("合计", None, None, None, None, *_chain(before), *_chain(_sum(lines)))))
    titles: list[list[Value]] = [[f"{department.name}部门预算对比表"], ["单位：元"]]
    return Grid((make_sheet("预算", titles, header, KINDS + ["amount"] * 10, rows),))


def versions_stacked(department: Department) -> Grid:
    """一上, 二上, 批复, one below the other: only the last counts."""

    def block(version: str, percent: int) -> Sheet:
        lines = [_scaled(x, percent) for x in department.budget]
        rows = [Row("data", (*_labels(x, CATEGORY[x.category]), Money(x.original))) for x in lines]
        rows.append(Row("total", ("合计", None, None, None, None, Money(_sum(lines).original))))
        titles = _titles(department, f"部门预算（{version}）")
        return make_sheet(version, titles, [*HEADER, "预算数"], [*KINDS, "amount"], rows)

    blocks = [block("一上", 120), block("二上", 110), block("批复", 100)]
    return Grid((stack("预算", blocks, gap=2),))


def english(department: Department) -> Grid:
    header = ["Category", "Project code", "Project", "Economic code", "Item"]
    header += ["Carryover", "Original budget", "Increase", "Decrease", "Available"]
    names = {"basic": "Basic", "project": "Project"}
    rows = [Row("data", _labels(x, names[x.category]) + _chain(x)) for x in department.budget]
    rows.append(Row("total", ("Total", None, None, None, None, *_chain(_sum(department.budget)))))
    titles: list[list[Value]] = [[f"Budget {department.year}"], ["Unit: yuan"]]
    return Grid((make_sheet("Budget", titles, header, KINDS + ["amount"] * 5, rows),))


BUDGETS: dict[str, Callable[[Department], Grid]] = {
    f.__name__.replace("_", "-"): f
    for f in (
        flat,
        flat_signed,
        sectioned,
        sectioned_below,
        sectioned_bare,
        banded,
        project_library,
        with_actuals,
        years_beside,
        versions_stacked,
        english,
    )
}

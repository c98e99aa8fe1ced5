"""A set of public final accounts 公开01–09 that ties to the 分, written as offices publish it; single cells can be changed.

Amounts are drawn in whole printed digits, so that a clean set has no rounding tails.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

FUNCTIONS = {
    "201": "一般公共服务支出",
    "208": "社会保障和就业支出",
    "212": "城乡社区支出",
    "223": "国有资本经营预算支出",
}
GROUPS = {
    "20103": "政府办公厅（室）及相关机构事务",
    "20805": "行政事业单位养老支出",
    "21208": "国有土地使用权出让收入安排的支出",
    "22301": "解决历史遗留问题及改革成本支出",
}
LEAVES = {
    "2010301": "行政运行",
    "2010302": "一般行政管理事务",
    "2080505": "机关事业单位基本养老保险缴费支出",
    "2120803": "城市建设支出",
    "2230105": "国有企业退休人员社会化管理补助支出",
}
CLASSES = {
    "30101": "基本工资",
    "30102": "津贴补贴",
    "30302": "退休费",
    "30201": "办公费",
    "30217": "公务接待费",
    "30231": "公务用车运行维护费",
    "31002": "办公设备购置",
}
HEADS = {"301": "工资福利支出", "303": "对个人和家庭的补助", "302": "商品和服务支出", "310": "资本性支出"}
TITLES = {
    "01": "收入支出决算总表",
    "02": "收入决算表",
    "03": "支出决算表",
    "04": "财政拨款收入支出决算总表",
    "05": "一般公共预算财政拨款支出决算表",
    "06": "一般公共预算财政拨款基本支出决算表",
    "07": "一般公共预算财政拨款“三公”经费支出决算表",
    "08": "政府性基金预算财政拨款收入支出决算表",
    "09": "国有资本经营预算财政拨款支出决算表",
}
NO_FUND = "注：本部门没有政府性基金预算财政拨款收入，也没有使用政府性基金安排的支出，故本表无数据。"
NO_CAPITAL = "注：本部门没有使用国有资本经营预算安排的支出，故本表无数据。"
Key = tuple[str, str, str]
"""Table, row (a code, a label, or `notes`), field."""


@dataclass
class Layout:
    """How a set is written.  numbers: 行次 columns; places: 栏次 rows; blanks: 0 is left blank; parts: codes in three columns.
    rounded: what is drawn are yuan, printed in 万元 half up, so that sums leave tails."""

    unit: str = "万元"
    order: tuple[str, ...] = tuple(TITLES)
    numbers: bool = True
    places: bool = True
    blanks: bool = True
    parts: bool = False
    one_sheet: bool = False
    text: bool = False
    merged: bool = True
    number_title: bool = True
    rounded: bool = False


@dataclass
class Model:
    """Amounts in printed digits (100 yuan of 万元): leaf code to (basic, project) by fund, and the balance of each."""

    general: dict[str, tuple[int, int]]
    fund: dict[str, tuple[int, int]]
    capital: dict[str, tuple[int, int]]
    own: int
    classes: dict[str, int]
    income: dict[str, int]
    carry: dict[str, int]
    public: dict[str, int]

    def spent(self, kind: str) -> int:
        return sum(sum(v) for v in getattr(self, kind).values())

    @property
    def spending(self) -> int:
        return self.spent("general") + self.spent("fund") + self.spent("capital") + self.own


def model(seed: int, *, funds: bool = True) -> Model:
    draw = random.Random(seed)
    classes = {c: draw.randrange(50, 90_000) for c in CLASSES}
    basic = sum(classes.values())
    first = draw.randrange(1, basic)
    general = {"2010301": (first, 0), "2010302": (0, draw.randrange(1000, 50_000)), "2080505": (basic - first, 0)}
    fund = {"2120803": (0, draw.randrange(100, 9_000))} if funds else {}
    capital = {"2230105": (0, draw.randrange(100, 900))} if funds else {}
    made = Model(general, fund, capital, draw.randrange(100, 5_000), classes, {}, {}, {})
    for kind in ("general", "fund", "capital"):
        used = made.spent(kind)
        made.carry[kind] = draw.randrange(0, 3_000) if used else 0
        made.income[kind] = max(used - made.carry[kind], 0) + draw.randrange(0, 400) if used else 0
    made.income["business"], made.income["other"] = draw.randrange(5_000, 6_000), draw.randrange(1, 700)
    made.carry["own"], made.carry["used"], made.carry["distributed"] = draw.randrange(0, 900), draw.randrange(0, 90), 7
    made.public = {"reception": classes["30217"], "running": classes["30231"], "abroad": 0, "purchase": 0}
    return made


@dataclass
class Written:
    """What was written where: key to (sheet, cell)."""

    book: openpyxl.Workbook
    layout: Layout
    places: dict[Key, tuple[str, str]] = field(default_factory=dict)

    def change(self, key: Key, add: float) -> tuple[str, str]:
        """Add to a cell, in the unit of the set; says where."""
        name, cell = self.places[key]
        value = self.book[name][cell].value
        number = float(str(value).replace(",", "")) if value not in (None, "", "-") else 0.0
        self.put(key, round(number + add, 2))
        return name, cell

    def put(self, key: Key, value: Any) -> None:
        name, cell = self.places[key]
        self.book[name][cell].value = value

    def save(self, path: Path) -> Path:
        self.book.save(path)
        return path


class _Sheet:
    def __init__(self, written: Written, number: str, sheet: Any, first: int) -> None:
        self.written, self.number, self.sheet, self.row = written, number, sheet, first

    def put(self, column: int, value: Any, key: tuple[str, str] | None = None) -> None:
        cell = self.sheet.cell(self.row, column)
        cell.value = value
        if key:
            self.written.places[self.number, *key] = (self.sheet.title, cell.coordinate)

    def money(self, column: int, digits: int | None, key: tuple[str, str]) -> None:
        layout = self.written.layout
        value: Any = None
        if digits is not None and (digits or not layout.blanks):
            value = digits / 100 if layout.unit == "万元" else digits * 100.0
            value = (digits + 50) // 100 / 100 if layout.rounded else value
            value = f"{value:,.2f}" if layout.text else value
        self.put(column, value, key)

    def words(self, *texts: str | None, merge: bool = False) -> None:
        for column, text in enumerate(texts, 1):
            if text:
                self.put(column, text)
        self.row += 1

    def merge(self, first: int, last: int, down: int = 0) -> None:
        if self.written.layout.merged and (last > first or down):
            area = f"{get_column_letter(first)}{self.row}:{get_column_letter(last)}{self.row + down}"
            self.sheet.merge_cells(area)

    def start(self, width: int) -> None:
        layout = self.written.layout
        if layout.number_title:
            self.put(width, f"公开{self.number}表")
            self.row += 1
        self.merge(1, width)
        self.put(1, f"2020年度{TITLES[self.number]}")
        self.row += 1
        self.put(1, "部门：某某局")
        self.put(width, f"金额单位：{layout.unit}")
        self.row += 1


def write(made: Model, layout: Layout | None = None) -> Written:
    """A workbook of the set."""
    layout = layout or Layout()
    written = Written(openpyxl.Workbook(), layout)
    written.book.remove(written.book.active)
    row = 1
    for number in layout.order:
        if not layout.one_sheet or not written.book.worksheets:
            written.book.create_sheet("全部" if layout.one_sheet else f"Z{number} {TITLES[number]}"[:31])
            row = 1
        page = _Sheet(written, number, written.book.worksheets[-1], row)
        _WRITERS[number](page, made)
        row = page.row + 2
    return written


def _halves(
    page: _Sheet, left: list[tuple[str, int]], right: list[tuple[str, tuple[int, ...]]], heads: list[str]
) -> None:
    """收入 beside 支出: rows of (label, digits); labels are keys, `in:` or `out:` before them."""
    step = 1 if page.written.layout.numbers else 0
    at = 1 + step + 1
    width = at + 1 + step + len(heads)
    page.start(width)
    page.merge(1, at)
    page.put(1, "收入")
    page.sheet.cell(page.row, at + 1).value = "支出"
    if page.written.layout.merged:
        page.sheet.merge_cells(start_row=page.row, end_row=page.row, start_column=at + 1, end_column=width)
    else:  # without merges the band is written over every column
        for column in range(1, at + 1):
            page.put(column, "收入")
        for column in range(at + 1, width + 1):
            page.put(column, "支出")
    page.row += 1
    page.words(
        *(["项目", "行次", "决算数"] if step else ["项目", "决算数"]),
        *(["项目（按功能分类）", "行次"] if step else ["项目（按功能分类）"]),
        *heads,
    )
    if page.written.layout.places:
        page.put(1, "栏次")
        page.put(at, 1)
        page.put(at + 1, "栏次")
        for i in range(len(heads)):
            page.put(at + 2 + step + i, i + 2)
        page.row += 1
    for i in range(max(len(left), len(right))):
        if i < len(left):
            page.put(1, left[i][0])
            if step:
                page.put(2, i + 1)
            page.money(at, left[i][1], (f"in:{left[i][0]}", "amount"))
        if i < len(right):
            label, values = right[i]
            page.put(at + 1, label)
            if step:
                page.put(at + 2, len(left) + i + 1)
            fields = ("amount", "general", "fund", "capital")
            for j, digits in enumerate(values):
                page.money(at + 2 + step + j, digits, (f"out:{label}", fields[j]))
        page.row += 1
    page.words("注：本表反映部门本年度的总收支和年末结转结余情况。")


ORDINALS = "一二三四五六七八九"


def _by_head(made: Model) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {h: {"general": 0, "fund": 0, "capital": 0, "own": 0} for h in FUNCTIONS}
    for kind in ("general", "fund", "capital"):
        for code, pair in getattr(made, kind).items():
            found[code[:3]][kind] += sum(pair)
    found["201"]["own"] += made.own
    return found


def _first(page: _Sheet, made: Model) -> None:
    income, carry = made.income, made.carry
    names = [
        "一般公共预算财政拨款收入",
        "政府性基金预算财政拨款收入",
        "国有资本经营预算财政拨款收入",
        "上级补助收入",
        "事业收入",
        "经营收入",
        "附属单位上缴收入",
        "其他收入",
    ]
    values = [income["general"], income["fund"], income["capital"], 0, income["business"], 0, 0, income["other"]]
    left = [(f"{ORDINALS[i]}、{n}", v) for i, (n, v) in enumerate(zip(names, values))]
    total = sum(values)
    before = carry["general"] + carry["fund"] + carry["capital"] + carry["own"]
    whole = total + before + carry["used"]
    left += [
        ("本年收入合计", total),
        ("使用非财政拨款结余", carry["used"]),
        ("年初结转和结余", before),
        ("总计", whole),
    ]
    heads = _by_head(made)
    right = [(f"{ORDINALS[i]}、{FUNCTIONS[h]}", (sum(heads[h].values()),)) for i, h in enumerate(FUNCTIONS)]
    right += [("", ())] * (8 - len(right))
    after = whole - made.spending - carry["distributed"]
    right += [
        ("本年支出合计", (made.spending,)),
        ("结余分配", (carry["distributed"],)),
        ("年末结转和结余", (after,)),
        ("总计", (whole,)),
    ]
    _halves(page, left, right, ["决算数"])


def _fourth(page: _Sheet, made: Model) -> None:
    kinds = ("general", "fund", "capital")
    names = {"general": "一般公共预算财政拨款", "fund": "政府性基金预算财政拨款", "capital": "国有资本经营预算财政拨款"}
    left = [(f"{ORDINALS[i]}、{names[k]}", made.income[k]) for i, k in enumerate(kinds)]
    total, before = sum(made.income[k] for k in kinds), sum(made.carry[k] for k in kinds)
    left += [("", 0)] * (len(FUNCTIONS) - 3)
    left += [("本年收入合计", total), ("年初财政拨款结转和结余", before)]
    left += [(names[k], made.carry[k]) for k in kinds]
    left += [("总计", total + before)]
    heads = _by_head(made)

    def four(values: list[int]) -> tuple[int, ...]:
        return (sum(values), *values)

    right = [(f"{ORDINALS[i]}、{FUNCTIONS[h]}", four([heads[h][k] for k in kinds])) for i, h in enumerate(FUNCTIONS)]
    spent = [made.spent(k) for k in kinds]
    after = [made.income[k] + made.carry[k] - s for k, s in zip(kinds, spent)]
    right += [("本年支出合计", four(spent)), ("年末财政拨款结转和结余", four(after)), ("", ()), ("", ()), ("", ())]
    right += [("总计", four([a + s for a, s in zip(after, spent)]))]
    _halves(page, left, right, ["合计", "一般公共预算财政拨款", "政府性基金预算财政拨款", "国有资本经营预算财政拨款"])


def _coded(
    page: _Sheet,
    heads: list[tuple[str, ...]],
    fields: list[str],
    rows: dict[str, tuple[int, ...]],
    note: str = "",
    codes: str = "功能分类科目编码",
) -> None:
    """Rows by code.  heads: the heading of every amount column, from the top down."""
    parts = 3 if page.written.layout.parts else 1
    width = parts + 1 + len(fields)
    page.start(width)
    depth = max(2, *map(len, heads))
    top = page.row
    page.merge(1, parts + 1)
    page.put(1, "项目")
    if not page.written.layout.merged:
        for column in range(1, parts + 2):
            page.put(column, "项目")
    for i, parts_of in enumerate(heads):
        column = parts + 2 + i
        if len(parts_of) == 1:
            page.put(column, parts_of[0])
            page.merge(column, column, depth - 1)
        else:
            before = heads[i - 1] if i else ("",)
            if before[0] != parts_of[0]:
                page.put(column, parts_of[0])
                last = max(j for j, h in enumerate(heads) if h[0] == parts_of[0])
                page.merge(column, parts + 2 + last)
            elif not page.written.layout.merged:
                page.put(column, parts_of[0])
            page.sheet.cell(top + depth - 1, column).value = parts_of[-1]
    page.row = top + 1
    page.put(1, codes)
    if parts == 3 and page.written.layout.merged:
        page.merge(1, 3)
    page.put(parts + 1, "科目名称")
    page.row = top + depth
    if parts == 3:
        page.put(1, "类")
        page.put(2, "款")
        page.put(3, "项")
    if page.written.layout.places:
        page.put(parts + 1, "栏次")
        for i in range(len(fields)):
            page.put(parts + 2 + i, i + 1)
    if parts == 3 or page.written.layout.places:
        page.row += 1
    page.put(1, "合计")
    total = tuple(sum(v[i] for c, v in rows.items()) for i in range(len(fields)))
    for i, name in enumerate(fields):
        page.money(parts + 2 + i, total[i], ("合计", name))
    page.row += 1
    tree: dict[str, list[int]] = {}
    for code, values in rows.items():
        for length in (3, 5, 7):
            sums = tree.setdefault(code[:length], [0] * len(fields))
            for i, value in enumerate(values):
                sums[i] += value
    for code in sorted(tree):
        name = FUNCTIONS.get(code) or GROUPS.get(code) or LEAVES[code]
        if parts == 3:
            for i, piece in enumerate((code[:3], code[3:5], code[5:7])):
                if piece:
                    page.put(i + 1, piece)
        else:
            page.put(1, code)
        page.put(parts + 1, name)
        for i, digits in enumerate(tree[code]):
            page.money(parts + 2 + i, digits, (code, fields[i]))
        page.row += 1
    page.put(1, note or "注：本表反映部门本年度各项收支情况。", ("notes", ""))
    page.row += 1


def _second(page: _Sheet, made: Model) -> None:
    heads = [
        ("本年收入合计",),
        ("财政拨款收入",),
        ("上级补助收入",),
        ("事业收入",),
        ("经营收入",),
        ("附属单位上缴收入",),
        ("其他收入",),
    ]
    fields = ["total", "grant", "superior", "business", "trade", "affiliate", "other"]
    grants = sum(made.income[k] for k in ("general", "fund", "capital"))
    share = min(grants, 77)
    rows = {
        "2010301": (grants - share + made.income["business"], grants - share, 0, made.income["business"], 0, 0, 0),
        "2080505": (share + made.income["other"], share, 0, 0, 0, 0, made.income["other"]),
    }
    _coded(page, heads, fields, rows)


def _third(page: _Sheet, made: Model) -> None:
    heads = [("本年支出合计",), ("基本支出",), ("项目支出",), ("上缴上级支出",), ("经营支出",), ("对附属单位补助支出",)]
    rows: dict[str, tuple[int, ...]] = {}
    for kind in ("general", "fund", "capital"):
        rows |= {c: (sum(p), *p, 0, 0, 0) for c, p in getattr(made, kind).items()}
    total, basic, project, *_ = rows["2010302"]
    rows["2010302"] = (total + made.own, basic, project, 0, made.own, 0)
    _coded(page, heads, ["total", "basic", "project", "superior", "trade", "affiliate"], rows)


SPENT = [("本年支出", "小计"), ("本年支出", "基本支出"), ("本年支出", "项目支出")]


def _fifth(page: _Sheet, made: Model) -> None:
    rows = {c: (sum(p), *p) for c, p in made.general.items()}
    _coded(page, SPENT, ["total", "basic", "project"], rows)


def _sixth(page: _Sheet, made: Model) -> None:
    page.start(9)
    for column, text in ((1, "人员经费"), (4, "公用经费")):
        page.merge(column, 3 if column == 1 else 9)
        page.put(column, text)
    if not page.written.layout.merged:
        for column in range(1, 10):
            page.put(column, "人员经费" if column < 4 else "公用经费")
    page.row += 1
    page.words(*(["科目编码", "科目名称", "决算数"] * 3))
    panels: list[list[str]] = [[], [], []]
    for head in HEADS:
        column = 0 if head in ("301", "303") else 1 if head == "302" else 2
        panels[column] += [head, *(c for c in CLASSES if c[:3] == head)]
    first = page.row
    for i, panel in enumerate(panels):
        page.row = first
        for code in panel:
            page.put(3 * i + 1, code)
            page.put(3 * i + 2, ("  " if len(code) == 5 else "") + (HEADS.get(code) or CLASSES[code]))
            page.money(3 * i + 3, sum(v for c, v in made.classes.items() if c.startswith(code)), (code, "amount"))
            page.row += 1
    page.row = first + max(map(len, panels))
    personnel = sum(v for c, v in made.classes.items() if c[:3] in ("301", "303"))
    page.merge(1, 2)
    page.put(1, "人员经费合计")
    page.money(3, personnel, ("人员经费合计", "amount"))
    page.merge(4, 8)
    page.put(4, "公用经费合计")
    page.money(9, sum(made.classes.values()) - personnel, ("公用经费合计", "amount"))
    page.row += 1
    page.words("注：本表反映部门本年度一般公共预算财政拨款基本支出明细情况。")


def _seventh(page: _Sheet, made: Model) -> None:
    page.start(12)
    items = ("total", "abroad", "vehicle", "purchase", "running", "reception")
    top = page.row
    for side, first in (("预算数", 1), ("决算数", 7)):
        page.row = top
        page.merge(first, first + 5)
        for column in range(first, first + (1 if page.written.layout.merged else 6)):
            page.put(column, side)
        page.row = top + 1
        for offset, text in ((0, "合计"), (1, "因公出国（境）费"), (5, "公务接待费")):
            page.put(first + offset, text)
            page.merge(first + offset, first + offset, 1)
        page.merge(first + 2, first + 4)
        for column in range(first + 2, first + (3 if page.written.layout.merged else 5)):
            page.put(column, "公务用车购置及运行费")
        page.row = top + 2
        for offset, text in ((2, "小计"), (3, "公务用车购置费"), (4, "公务用车运行费")):
            page.put(first + offset, text)
    page.row = top + 3
    if page.written.layout.places:
        for column in range(1, 13):
            page.put(column, column)
        page.row += 1
    spent = made.public
    for side, first, add in (("budget", 1, 10), ("actual", 7, 0)):
        values = {k: v + (add if v else 0) for k, v in spent.items()}
        values["vehicle"] = values["purchase"] + values["running"]
        values["total"] = values["vehicle"] + values["abroad"] + values["reception"]
        for offset, item in enumerate(items):
            page.money(first + offset, values[item], ("", f"{side}_{item}"))
    page.row += 1
    page.words("注：本表反映部门本年度“三公”经费支出预决算情况。")


def _eighth(page: _Sheet, made: Model) -> None:
    heads = [("年初结转和结余",), ("本年收入",), *SPENT, ("年末结转和结余",)]
    rows = {}
    for code, pair in made.fund.items():
        before, income = made.carry["fund"], made.income["fund"]
        rows[code] = (before, income, sum(pair), *pair, before + income - sum(pair))
    _coded(page, heads, ["carry_in", "income", "total", "basic", "project", "carry_out"], rows, "" if rows else NO_FUND)


def _ninth(page: _Sheet, made: Model) -> None:
    heads = [("本年支出", "合计"), ("本年支出", "基本支出"), ("本年支出", "项目支出")]
    rows = {c: (sum(p), *p) for c, p in made.capital.items()}
    _coded(page, heads, ["total", "basic", "project"], rows, "" if rows else NO_CAPITAL)


_WRITERS = {
    "01": _first,
    "02": _second,
    "03": _third,
    "04": _fourth,
    "05": _fifth,
    "06": _sixth,
    "07": _seventh,
    "08": _eighth,
    "09": _ninth,
}

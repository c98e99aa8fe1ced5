"""Tables of a report: the row of totals against the rows, and rates, shares and balances of a row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from reconcile.claims.balances import signed
from reconcile.claims.claim import FAILS, Claim, Trial, claim_of
from reconcile.claims.figure import Figure, add
from reconcile.claims.plans import rate
from reconcile.claims.text import Report
from reconcile.money import UNITS, parse_text

_TOTAL = re.compile(r"^(?:合计|总计|共计|总合计|小计|合计数|总额|支出合计|收入合计)$")
_INNER = re.compile(r"^\s*(?:其中|[-—·]|[(]\d|\d+\.\d)")
_UNIT = re.compile(r"(?:单位|金额)\s*[:：]?\s*[(]?(亿元|百万元|万元|千元|元)|[(](亿元|百万元|万元|千元|元)[)]")
_HEADS = {
    "available": re.compile("全年预算|调整(?:后)?预算|预算数|预算金额|^预算$|预算安排|年度预算|全年安排"),
    "original": re.compile("年初预算"),
    "actual": re.compile("执行数|支出数|决算|实际支出|执行金额|实际执行|支出金额|全年执行|^支出$|实际完成"),
    "left": re.compile("结余|结转|剩余"),
    "rate": re.compile("执行率|完成率|完成比例|支出进度"),
    "share": re.compile("占比|比重|比例"),
}
_NO_MONEY = re.compile("率|占比|比重|比例|得分|分值|序号|编号|编码|人数|数量|年度|日期|单价|单位$|备注")


@dataclass(frozen=True)
class Grid:
    """A table: figures by (row, column), the words of every cell, the row of its header."""

    figures: dict[tuple[int, int], Figure]
    words: dict[tuple[int, int], str]
    header: int
    heads: dict[int, str]

    def column(self, use: str) -> int:
        return next((c for c, head in self.heads.items() if _HEADS[use].search(head)), 0)

    def label(self, row: int) -> str:
        texts = [w for (r, c), w in sorted(self.words.items()) if r == row and (r, c) not in self.figures and w]
        return re.sub(r"\s", "", texts[0]) if texts else ""


def check(report: Report) -> Iterator[Claim]:
    for table in sorted({t for t, _, _ in report.cells}):
        grid = _grid(report, table)
        if grid is not None:
            yield from _totals(report, grid)
            yield from _rows(report, grid)


def _grid(report: Report, table: int) -> Grid | None:
    cells = {(r, c): v for (t, r, c), v in report.cells.items() if t == table}
    words = {k: v[1].strip() for k, v in cells.items()}
    rows = sorted({r for r, _ in words})
    header = next(
        (
            r
            for r in rows
            if sum(1 for (x, _), w in words.items() if x == r and w) >= 2
            and not any(_number(w) is not None for (x, _), w in words.items() if x == r)
        ),
        0,
    )
    if not header:
        return None
    last = header
    while (
        last + 1 in rows
        and not any(_number(w) is not None for (x, _), w in words.items() if x == last + 1)
        and last - header < 2
    ):
        if not any(w for (x, _), w in words.items() if x == last + 1):
            break
        last += 1
    heads: dict[int, str] = {}
    for (r, c), w in words.items():
        if header <= r <= last:
            heads[c] = re.sub(r"\s", "", heads.get(c, "") + w)
    first = min(p for p, _ in cells.values())
    about = "".join(report.plain[max(0, first - 4) : first]) + "".join(w for (r, _), w in words.items() if r <= last)
    found = _UNIT.search(about)
    unit = (found[1] or found[2]) if found else ""
    figures = {}
    for (r, c), (paragraph, text) in cells.items():
        value = _number(text.strip()) if r > last else None
        if value is None:
            continue
        percent = "%" in text or bool(
            _HEADS["rate"].search(heads.get(c, "")) or _HEADS["share"].search(heads.get(c, ""))
        )
        own = next((u for u in UNITS if f"({u})" in heads.get(c, "")), unit)
        factor = Fraction(1) if percent else Fraction(UNITS.get(own, 1))
        places = len(text.strip().rstrip("%").partition(".")[2])
        start = text.index(text.strip())
        figures[r, c] = Figure(
            paragraph, start, start + len(text.strip()), text.strip(), value * factor, factor / 10**places,
            "percent" if percent else "money", "%" if percent else own, factor,
        )  # fmt: skip
    return Grid(_same_digits(figures), words, last, heads)


def _number(text: str) -> Fraction | None:
    bare = text.replace("％", "%").removesuffix("%").strip()
    value = parse_text(bare) if re.search(r"\d", bare) else None
    return None if value is None else Fraction(value)


def _same_digits(figures: dict[tuple[int, int], Figure]) -> dict[tuple[int, int], Figure]:
    """Amounts of a column are known to its finest digit, two decimals at most."""
    finest: dict[int, Fraction] = {}
    for (_, c), f in figures.items():
        if f.dimension == "money":
            finest[c] = min(finest.get(c, f.step), max(f.step, f.factor / 100))
    return {k: replace(f, step=min(f.step, finest[k[1]])) if f.dimension == "money" else f for k, f in figures.items()}


def _totals(report: Report, grid: Grid) -> Iterator[Claim]:
    rows = sorted({r for r, _ in grid.figures})
    for c, head in grid.heads.items():
        if _NO_MONEY.search(head):
            continue
        start = 0
        for k, row in enumerate(rows):
            if not _TOTAL.match(grid.label(row)) or (row, c) not in grid.figures:
                continue
            above = [r for r in rows[start:k] if (r, c) in grid.figures and not _TOTAL.match(grid.label(r))]
            below = [r for r in rows[k + 1 :] if (r, c) in grid.figures]
            subtotals = [r for r in rows[:k] if _TOTAL.match(grid.label(r)) and (r, c) in grid.figures]
            every = [r for r in rows[:k] if (r, c) in grid.figures and not _TOTAL.match(grid.label(r))]
            choices = [above] if k else [below]
            if subtotals:
                choices += [subtotals, every]
            plain = [r for r in choices[0] if not _INNER.match(grid.words.get((r, 1), "") or grid.label(r))]
            if len(plain) < len(choices[0]):
                choices = [plain, *choices]
            yield from _total(report, grid, row, c, [x for x in choices if len(x) > 1])
            start = k + 1 if "小计" in grid.label(row) else start


def _total(report: Report, grid: Grid, row: int, column: int, choices: list[list[int]]) -> Iterator[Claim]:
    stated = grid.figures[row, column]
    if stated.dimension != "money":
        return
    best: tuple[str, Trial] | None = None
    for rows in choices:
        trial = Trial(add, tuple(grid.figures[r, column] for r in rows), "how-table")
        verdict = trial.verdict(stated)
        if best is None or (best[0] == FAILS and verdict != FAILS):
            best = verdict, trial
    if best:
        yield claim_of(
            "table",
            (stated.start, stated.end, f"{grid.label(row)} {grid.heads[column]} {stated.text}"),
            stated,
            *best,
            grid.heads[column],
            "claim-mismatch",
        )


def _rows(report: Report, grid: Grid) -> Iterator[Claim]:
    plan = grid.column("available") or grid.column("original")
    spent, left, rates = grid.column("actual"), grid.column("left"), grid.column("rate")
    for row in sorted({r for r, _ in grid.figures}):
        pair = [grid.figures.get((row, c)) for c in (spent, plan)]
        if None in pair or not plan or not spent or plan == spent:
            continue
        a, b = pair[0], pair[1]
        assert a is not None
        assert b is not None
        for column, trial, code in (
            (rates, Trial(rate, (a, b), "how-rate"), "percent-mismatch"),
            (left, Trial(signed([1, -1]), (b, a), "how-left"), "claim-mismatch"),
        ):
            stated = grid.figures.get((row, column)) if column else None
            if stated is None:
                continue
            verdict = trial.verdict(stated)
            if column == left and verdict == FAILS and re.search("上年|年初", grid.heads[left]):
                continue
            if verdict != "untestable":
                yield claim_of(
                    "table",
                    (stated.start, stated.end, f"{grid.label(row)} {grid.heads[column]} {stated.text}"),
                    stated,
                    verdict,
                    trial,
                    grid.label(row),
                    code,
                )

"""The tables of a published budget (部门预算公开表) state one budget several times: which of them count.

财政部 has every office publish its income and spending in all, its spending by function, what the general budget pays
of it, the basic part of that by economic class, and 三公.  Only tables of one workbook that a person did not name are
looked at, by their titles (data/published_tables.csv) and by whether their sums agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from reconcile import codes, wording
from reconcile.amendments import Part
from reconcile.finding import Finding, Origin, Severity
from reconcile.read import rows, words
from reconcile.read.left_out import LeftOut
from reconcile.read.table import Table
from reconcile.read.words import rows_of

MOSTLY = 0.8
_FUNCTIONAL = re.compile(r"2\d{2}(\d{2}){0,2}")
SPENDING = ("whole", "general", "basic", "project")
DETAIL = ("basic", "project")


@dataclass(frozen=True)
class _Sum:
    """What tables state of a category, in 分, known to `half` a unit of print a line; None where a cell is unreadable."""

    fen: int | None
    half: int
    lines: int

    def ties(self, other: _Sum) -> bool:
        if self.fen is None or other.fen is None:
            return False
        return abs(self.fen - other.fen) <= self.half + other.half

    def within(self, other: _Sum) -> bool:
        return self.fen is not None and other.fen is not None and self.fen <= other.fen + self.half + other.half


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(words.normalise(r["words"])), r["role"]) for r in rows_of("published_tables")]


def role_of(table: Table) -> str:
    """`whole`, `general`, `fund`, `basic`, `project`, `apart` (neither counts), or '' where no title tells."""
    for text in (*reversed(table.header.titles), table.sheet):
        for pattern, role in _patterns():
            if pattern.search(words.normalise(text)):
                return role
    return ""


def without_overviews(tables: Sequence[Table]) -> tuple[list[Table], list[Table]]:
    """(tables without those that show income and spending in all, or 三公, beside tables of the spending itself, those).

    What is left out is for `without_views` to tell.
    """
    roles = [_role(t) for t in tables]
    spending = {t.file for t, role in zip(tables, roles, strict=True) if role in SPENDING}
    apart = [role == "apart" and t.file in spending for t, role in zip(tables, roles, strict=True)]
    return (
        [t for t, gone in zip(tables, apart, strict=True) if not gone],
        [t for t, gone in zip(tables, apart, strict=True) if gone],
    )


def without_views(parts: Sequence[Part], overviews: Sequence[Table] = ()) -> tuple[list[Part], list[Finding]]:
    """The parts that count, each category once, and findings.

    A category is read where it stands in most detail (by class, by project), if that adds to what the table of all
    spending states; else where it stands whole.  Where neither holds both count, and a finding of severity error says so.
    """
    findings: list[Finding] = []
    out = list(parts)
    for file in dict.fromkeys(p.table.file for p in parts):
        held = [p for p in parts if p.table.file == file and not p.sign]
        roles = _roles(held)
        own = {role: [p for p, r in zip(held, roles, strict=True) if r == role] for role in (*SPENDING, "fund")}
        gone, doubts = _views(own)
        findings += doubts
        out = _without(out, gone, [t for t in overviews if t.file == file])
    return out, findings


def _role(table: Table) -> str:
    return "" if "sheet" in table.asked else role_of(table)


def _roles(parts: Sequence[Part]) -> list[str]:
    """The role of every part of a file; where no title tells, a sheet of categories alone is the whole of the others'."""
    roles = [_role(p.table) for p in parts]
    bare = [not r and "sheet" not in p.table.asked and _only_categories(p) for p, r in zip(parts, roles, strict=True)]
    if not any(bare) or all(bare):
        return roles
    for i, part in enumerate(parts):
        categories = _categories([part])
        if bare[i]:
            roles[i] = "whole"
        elif not roles[i] and len(categories) == 1 and categories[0] in DETAIL and "sheet" not in part.table.asked:
            roles[i] = categories[0]
    return roles


def _only_categories(part: Part) -> bool:
    """Whether the lines name no project and no class, only 基本支出, 人员经费, 项目支出."""
    names = part.lines["project"].where(part.lines["project"] != "", part.lines["item"])
    return bool(len(names)) and all(words.section(n) is not None for n in names.unique())


Pair = tuple[Part, str, Part]


def _views(own: dict[str, list[Part]]) -> tuple[list[Pair], list[Finding]]:
    """(part, category, the part that counts in its place), and what cannot be told."""
    gone: list[Pair] = []
    doubts: list[Finding] = []
    whole, general = own["whole"], own["general"]
    if whole and (general or own["fund"]):
        for view in (general, own["fund"]):
            for category in _categories(view):
                if _sum(view, category).within(_sum(whole, category)):
                    gone += [(p, category, whole[0]) for p in view]
                elif _sum(whole, category).lines:
                    doubts.append(_doubt(view[0], whole[0], category, _sum(view, category), _sum(whole, category)))
    base = whole or general
    for detail in DETAIL:
        for category in _categories(own[detail]) if base else ():
            fine, all_of_it, shared = (_sum(x, category) for x in (own[detail], base, general))
            if not all_of_it.lines:
                continue
            if fine.fen is None or fine.ties(all_of_it):
                gone += [(p, category, own[detail][0]) for p in base]
            elif fine.ties(shared) or (fine.within(all_of_it) and all(_by_function(p.table) for p in base)):
                gone += [(p, category, base[0]) for p in own[detail]]
            else:
                doubts.append(_doubt(own[detail][0], base[0], category, fine, all_of_it))
    return gone, doubts


def _by_function(table: Table) -> bool:
    """Whether the rows of a table are functional classes (201, 20103, 2010301), which no project is."""
    data = table.roles == rows.DATA
    shown = [c for f in ("functional_code", "code") if (values := table.raw(f)) is not None for c in values[data]]
    known = [c for c in map(codes.clean_code, shown) if c]
    return bool(known) and sum(bool(_FUNCTIONAL.fullmatch(c)) for c in known) >= MOSTLY * len(known)


def _categories(parts: Iterable[Part]) -> list[str]:
    return sorted({str(c) for p in parts for c in p.lines["category"]})


def _sum(parts: Iterable[Part], category: str) -> _Sum:
    total: int | None = 0
    half = lines = 0
    for part in parts:
        of = part.lines[part.lines["category"] == category]
        half += int(of["unit_fen"].sum()) // 2
        lines += len(of)
        total = None if total is None or of["available"].isna().any() else total + int(of["available"].sum())
    return _Sum(total, half, lines)


def _without(parts: list[Part], gone: Sequence[Pair], overviews: Sequence[Table]) -> list[Part]:
    """Parts without the lines of what is gone; a sheet of which nothing is left goes.  What went is told."""
    out = []
    for part in parts:
        categories = {c for p, c, _ in gone if p is part}
        leave = part.lines["category"].isin(categories).to_numpy()
        if not leave.any():
            out.append(part)
            continue
        roles = part.table.roles.copy()
        roles[np.flatnonzero(roles == rows.DATA)[leave]] = rows.PASSED
        out.append(replace(part, table=part.table.with_roles(roles), lines=part.lines[~leave]))
    places = {(p.table.file, p.table.sheet) for p in out if len(p.lines)}
    told: dict[str, tuple[Table, Table]] = {}
    for part, _, instead in gone:
        told.setdefault(part.table.sheet, (part.table, instead.table))
    kept = [p for p in out if (p.table.file, p.table.sheet) in places or not any(p.table.sheet == s for s in told)]
    for table in overviews:
        told[table.sheet] = table, next(p.table for p in kept if p.table.file == table.file)
    tables = _told([p.table for p in kept], list(told.values()))
    return [replace(p, table=t) for p, t in zip(kept, tables, strict=True)]


def _told(kept: list[Table], gone: Sequence[tuple[Table, Table]]) -> list[Table]:
    """The first kept table says, in one finding, which tables of its file beside it do not count."""
    if not gone:
        return kept
    file, sheet = gone[0][0].file, gone[0][0].sheet
    at = next(i for i, t in enumerate(kept) if t.file == file)
    finding = Finding(
        "repeated-table",
        sheet,
        Origin(file, sheet),
        detail=f"{file}|view",
        params={"wording": "view", "count": len(gone), "names": "、".join(t.sheet for t, _ in gone)},
    )
    left = [LeftOut(file, t.sheet, "view", {"other": Origin(file, other.sheet)}) for t, other in gone]
    inherited = [f for t, _ in gone for f in t.findings if f.code == "repeated-table"]
    told = replace(
        kept[at],
        findings=(*kept[at].findings, finding, *inherited),
        left_out=(*kept[at].left_out, *left, *(x for t, _ in gone for x in t.left_out)),
    )
    return [*kept[:at], told, *kept[at + 1 :]]


def _doubt(one: Part, other: Part, category: str, own: _Sum, whole: _Sum) -> Finding:
    return Finding(
        "repeated-table",
        one.table.sheet,
        Origin(one.table.file, one.table.sheet),
        severity=Severity.ERROR,
        expected=whole.fen,
        actual=own.fen,
        detail=f"{one.table.file}|{category}|views-differ",
        params={
            "wording": "views-differ",
            "other": Origin(other.table.file, other.table.sheet),
            "category": {lang: wording.text(f"category-{category}", lang) for lang in ("zh", "en")},
        },
    )

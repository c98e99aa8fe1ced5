"""Budgets of several years or versions in tables of their own, or in rows of one table: one is read, the others are
named.  They are alternatives and are never added."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from reconcile.finding import LoadError, Origin
from reconcile.read import changes, dates, rows, versions
from reconcile.read import columns as text
from reconcile.read.choice import Want
from reconcile.read.left_out import LeftOut
from reconcile.read.office import office
from reconcile.read.repeats import labels, mentioning
from reconcile.read.table import Table

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
MOSTLY = 0.5


def one_edition(tables: list[Table], want: Want) -> list[Table]:
    """Budget tables of the year and version that are asked for, else of the last year, and of no draft where there is
    an approved budget.  Tables of several offices are looked at apart; one that names no office is of the one that
    stands above it in its sheet."""
    if not tables or tables[0].kind != "budget":
        return tables
    offices: list[str] = []
    for i, table in enumerate(tables):
        below = i and (table.file, table.sheet) == (tables[i - 1].file, tables[i - 1].sheet)
        offices.append(office(table) or (offices[-1] if below else ""))
    out: list[Table] = []
    for one in dict.fromkeys(offices):
        own = [t for t, o in zip(tables, offices, strict=True) if o == one]
        out += _of_version(_of_year(own, want.year), want.version)
    return out


def check_asked(tables: Sequence[Table], want: Want) -> None:
    """Refuse a version that nothing bears, and a year that is not among the several that stand beside each other."""
    if not tables or tables[0].kind != "budget":
        return
    for table in tables:
        years = {c.year for c in (*table.header.columns.values(), *table.header.passed) if c.year}
        if want.year and len(years) > 1 and want.year not in years:
            seen = "、".join(map(str, sorted(years)))
            raise LoadError("no-year-column", Origin(table.file, table.sheet), year=want.year, years=seen)
    if want.version and not any(_bears(t, want.version) for t in tables):
        headings = [c.header for t in tables for c in (*t.header.columns.values(), *t.header.passed)]
        named = [h for h in headings if versions.rank(h, "column")] + [t.sheet or t.file for t in tables]
        raise LoadError("no-version", tables[0].file, version=want.version, seen="、".join(dict.fromkeys(named)))


def _bears(table: Table, version: str) -> bool:
    """Whether a table, a column or a row of it is of the version that was asked for."""
    if versions.names(changes.name_of(table), version):
        return True
    if any(versions.names(c.header, version) for c in (*table.header.columns.values(), *table.header.passed)):
        return True
    values = table.raw("version")
    return values is not None and any(isinstance(v, str) and versions.names(v, version) for v in values)


def _year(table: Table) -> int:
    """A table's year, from its columns or titles, else from its sheet's or its file's name."""
    found = _YEAR.search(table.sheet) or _YEAR.search(table.file.rpartition(".")[0])
    return table.header.year or (int(found[1]) if found else 0)


def _of_year(tables: list[Table], year: int) -> list[Table]:
    years = [_year(t) for t in tables]
    several = {y for y in years if y}
    if len(several) < 2:
        return tables
    wanted = year if year in several else max(several)
    kept = [t for t, y in zip(tables, years, strict=True) if y in (0, wanted) or (y == wanted - 1 and _brought_over(t))]
    gone = [t for t in tables if all(t is not k for k in kept)]
    return _naming(kept, gone, "year")


def _brought_over(table: Table) -> bool:
    """Whether a table only says what was carried over from its year."""
    return [f for f in table.money if f in (*changes.STATES, *changes.CHANGES)] == ["carryover"]


def _of_version(tables: list[Table], version: str) -> list[Table]:
    names = [changes.name_of(t) for t in tables]
    if version:
        bearers = [t for t in tables if _bears(t, version)]
        if not bearers:
            return tables
        draft = versions.is_draft(version)
        gone = [
            t
            for t, name in zip(tables, names, strict=True)
            if all(t is not b for b in bearers)
            and (versions.rank(name) or ((draft or not changes.sign_of(t)) and _alike(t, bearers)))
        ]
        return _naming([t for t in tables if all(t is not g for g in gone)], gone, "version")
    ranks = [0 if changes.sign_of(t) else versions.rank(n) for t, n in zip(tables, names, strict=True)]
    drafts = [t for t, rank in zip(tables, ranks, strict=True) if 0 < rank <= versions.DRAFT]
    approved = [t for t, rank in zip(tables, ranks, strict=True) if rank > versions.DRAFT]
    plain = [t for t, rank in zip(tables, ranks, strict=True) if not rank and not changes.sign_of(t)]
    if approved:
        gone = drafts
    else:
        final = max(ranks, default=0)
        gone = [t for t, rank in zip(tables, ranks, strict=True) if 0 < rank < final or (rank and _alike(t, plain))]
    return _naming([t for t in tables if all(t is not g for g in gone)], gone, "version")


def _alike(table: Table, others: Sequence[Table]) -> bool:
    """Whether most of a table's lines are named in one of the others too."""
    own = labels(table)
    return any(len(own & labels(t)) > MOSTLY * len(own) for t in others)


def _naming(kept: list[Table], gone: Sequence[Table], reason: str) -> list[Table]:
    if not kept:
        return list(gone)
    for table in gone:
        kept = [mentioning(kept[0], table, reason), *kept[1:]]
    return kept


def one_edition_of_rows(table: Table, want: Want) -> Table:
    """A budget whose rows are of several years or versions (年度, 版本 columns): one is read, the others are passed.

    Where rows name their source (上年结转), an earlier year is where the money came from, and all rows are read.
    """
    if table.kind != "budget" or table.raw("source") is not None:
        return table
    data = table.roles == rows.DATA
    keep = np.ones(len(data), dtype=bool)
    seen: list[str] = []
    year = table.raw("year")
    if year is not None:
        numbers = dates.whole_numbers(year)
        several = sorted({int(y) for y in numbers[data] if 1990 <= y <= 2100})
        if len(several) > 1:
            wanted = want.year if want.year in several else several[-1]
            keep &= ~data | (numbers == wanted) | (numbers <= 0)
            seen += [str(y) for y in several if y != wanted]
    version = table.raw("version")
    if version is not None:
        names = text.texts(version, len(data))
        several_names = [n for n in dict.fromkeys(names[data]) if n]
        if len(several_names) > 1:
            asked = [n for n in several_names if want.version and versions.names(n, want.version)]
            final = asked[0] if asked else max(several_names, key=lambda n: versions.rank(n, "column"))
            keep &= ~data | (names == final) | (names == "")
            seen += [n for n in several_names if n != final]
    if keep.all():
        return table
    roles = table.roles.copy()
    roles[~keep] = rows.PASSED
    if table.leading:
        column = table.money[table.leading].fen
        everything = int(column[data].sum())
        roles[(table.roles == rows.TOTAL) & (column == everything)] = rows.PASSED
    left = LeftOut(table.file, table.sheet, "rows", {"seen": "、".join(seen), "count": int((~keep).sum())})
    return replace(table.with_roles(roles), left_out=(*table.left_out, left))

"""What the review workbook shows, exact: every budget line and every entry with the row that it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from reconcile import codes, frames, wide, wording
from reconcile.classes import class_key, class_names
from reconcile.engine import CATEGORIES
from reconcile.groups import Groups
from reconcile.match import NO_PROJECT, line_projects
from reconcile.read.columns import Texts
from reconcile.read.sheet import Cells
from reconcile.result import Result

CATEGORY_KEYS = {"basic": "B", "project": "P", "other": "O", "undetermined": "U"}
GROUPS = ("personnel", "operating", "")
LINE = ("project_id", "category")
ENTRY = ("project_id", "category", "project_code", "project")
CLASS = ("economic_code", "item")


@dataclass(frozen=True)
class Line:
    """One row of 按项目 or one economic class of 按类别.

    chain: 分 by column of the budget chain, None where a cell could not be read.  lines: how many budget lines
    stand behind it, 0 for no budget.  whole_group: a budget of the group as a whole, without a class.  unsettled: its
    spending may be that of a budget project; nothing was guessed.
    """

    key: str
    category: str
    code: str
    name: str
    chain: Mapping[str, int | None]
    lines: int
    actual: int
    group: str = ""
    whole_group: bool = False
    unsettled: bool = False


@dataclass(frozen=True)
class Plan:
    """Rows of 按项目 (`projects`, then `rest`: what names no project), classes of basic spending, and the keys of
    every budget line and entry (`project`, `class`, `category`, and of entries `month` and `as_basic`: the class that
    it would be of in basic spending).  budgeted: the row of every budget project.  unnamed: the row of project
    spending without a project."""

    projects: tuple[Line, ...]
    rest: tuple[Line, ...]
    classes: tuple[Line, ...]
    line_keys: pd.DataFrame
    entry_keys: pd.DataFrame
    budgeted: tuple[Line, ...]
    unnamed: str

    def of_category(self, category: str) -> tuple[Line, ...]:
        """The rows of 按项目 that make up a category other than basic."""
        return tuple(line for line in (*self.projects, *self.rest) if line.category == category)

    @property
    def categories(self) -> tuple[str, ...]:
        shown = {line.category for line in (*self.projects, *self.rest)}
        return tuple(c for c in CATEGORIES if c in ("basic", "project") or c in shown)


def plan(result: Result) -> Plan:
    """Give every budget line and entry its row; sums follow from the keys alone."""
    lines, entries = result.budget.fen, result.tie.entries
    by_project = result.tie.by_project
    names = list(zip(by_project["category"], by_project["project_code"], by_project["project"]))
    planned = {n: f"P{i:03d}" for i, (n, known) in enumerate(zip(names, by_project["in_budget"]), 1) if known}
    extra = {n: f"P{i:03d}" for i, (n, known) in enumerate(zip(names, by_project["in_budget"]), 1) if not known}
    projects = result.matched.projects
    triples = list(zip(projects["category"], projects["project_code"], projects["project"]))

    def line_key(row: int, category: str) -> str:
        return planned[triples[row]] if row != NO_PROJECT else f"N{CATEGORY_KEYS[category]}"

    def entry_key(row: int, category: str, code: str, name: str) -> str:
        if not name and category != "project":
            return f"N{CATEGORY_KEYS[category]}"
        if row != NO_PROJECT and triples[row][0] == category:
            return planned[triples[row]]
        return extra[category, code, name or wording.text("no-project")]

    unnamed = extra.get(("project", "", wording.text("no-project")), f"N{CATEGORY_KEYS['project']}")
    line_class, as_basic, class_rows = _classes(result)
    line_keys = pd.DataFrame(
        {
            "project": _each(line_key, lines.assign(project_id=line_projects(result.budget, projects)), LINE).cells,
            "class": line_class,
            "category": lines["category"].map(CATEGORY_KEYS).to_numpy(),
        }
    )
    month = pd.DatetimeIndex(entries["date"]).month
    entry_keys = pd.DataFrame(
        {
            "project": _each(entry_key, entries, ENTRY).cells,
            "class": np.where(wide.equal(entries, "category", "basic"), as_basic, ""),
            "as_basic": as_basic,
            "category": entries["category"].map(CATEGORY_KEYS).to_numpy(),
            "month": pd.Series(month).fillna(0).astype("int64").to_numpy(),
        }
    )
    rows = [
        Line((planned if known else extra)[n], n[0], n[1], n[2], {}, 0, 0, unsettled=status == "unsettled")
        for n, known, status in zip(names, by_project["in_budget"], by_project["status"])
    ]
    used = {*line_keys["project"].unique(), *entry_keys["project"].unique(), unnamed, f"N{CATEGORY_KEYS['basic']}"}
    rest = [Line(f"N{k}", c, "", "", {}, 0, 0) for c, k in CATEGORY_KEYS.items() if f"N{k}" in used]
    summed = tuple(_summed(rows, "project", lines, line_keys, entries, entry_keys))
    by_key = {line.key: line for line in summed}
    return Plan(
        summed,
        tuple(_summed(rest, "project", lines, line_keys, entries, entry_keys)),
        tuple(_summed(class_rows, "class", lines, line_keys, entries, entry_keys)),
        line_keys,
        entry_keys,
        tuple(by_key[planned[triple]] for triple in triples),
        unnamed,
    )


def _each(function: Callable[..., str], frame: pd.DataFrame, names: Sequence[str]) -> Texts:
    """`function` of some columns of every row, called once a distinct combination."""
    alike = wide.grouped(frame, names)
    distinct = frame[list(names)].iloc[alike.first].itertuples(index=False, name=None)
    return Texts(alike.of, np.fromiter((function(*values) for values in distinct), dtype=object, count=len(alike)))


def _classes(result: Result) -> tuple[Cells, Cells, list[Line]]:
    """The class keys of budget lines ('' outside basic spending) and of entries (outside of it the one that they would
    have in it: a class that it has, else that of none), and the classes in order."""
    lines, entries, items = result.budget.fen, result.tie.entries, result.tie.by_item
    named = class_names(lines, entries)
    basic = items[items["category"] == "basic"]
    known = {c: (i, g) for c, i, g in zip(basic["economic_code"], basic["item"], basic["group"])}

    def line_class(category: str, code: str, item: str) -> str:
        return f"{class_key(code, item, named)}\x1f" if category == "basic" else ""

    of_lines = _each(line_class, lines, ("category", *CLASS))
    of_entries = _each(lambda code, item: f"{class_key(code, item, named)}\x1f", entries, CLASS)
    spent_as_basic = np.unique(of_entries.codes[wide.equal(entries, "category", "basic")])
    in_basic = {*of_lines.distinct, *of_entries.distinct[spent_as_basic]} - {""}
    in_basic |= {"\x1f"} if {*of_entries.distinct} - in_basic else set()
    of_entries = of_entries.map(lambda c: c if c in in_basic else "\x1f")
    stated = {k: g for k, g in zip(of_lines.cells, lines["group"]) if g}
    whole = {k for k, c in zip(of_lines.cells, lines["economic_code"]) if k and not c and not k[:1].isdigit()}
    found = {}
    for name in in_basic:
        code = name[:-1]
        item, group = known.get(code, ("", ""))
        group = group or stated.get(name, "") or codes.group_of(code)
        found[name] = (GROUPS.index(group) if group in GROUPS else 2, code, item or codes.economic_name(code) or code)
    ordered = sorted(found, key=lambda n: (found[n][0], n not in whole, found[n][1] == "", found[n][1]))
    keys = {name: f"C{i:03d}" for i, name in enumerate(ordered, 1)}
    keys[""] = ""
    rows = [
        Line(
            keys[n],
            "basic",
            found[n][1] if found[n][1][:1].isdigit() else "",
            found[n][2],
            {},
            0,
            0,
            group=GROUPS[found[n][0]],
            whole_group=n in whole,
        )
        for n in ordered
    ]
    return of_lines.map(keys.__getitem__).cells, of_entries.map(keys.__getitem__).cells, rows


def _summed(
    rows: list[Line],
    by: str,
    lines: pd.DataFrame,
    line_keys: pd.DataFrame,
    entries: pd.DataFrame,
    entry_keys: pd.DataFrame,
) -> list[Line]:
    """Rows with the sums of the budget lines and entries of their keys."""
    alike = Groups.by(entry_keys[by])
    spent = dict(zip(entry_keys[by].iloc[alike.first], alike.sums(entries["amount"]).tolist(), strict=True))
    groups = line_keys.groupby(by).indices
    out = []
    for row in rows:
        own = lines.iloc[groups.get(row.key, [])]
        chain = {c: _total(own[c]) for c in frames.CHAIN}
        out.append(replace(row, chain=chain, lines=len(own), actual=spent.get(row.key, 0)))
    return out


def _total(values: pd.Series) -> int | None:
    return None if values.isna().any() else int(values.sum())


def added(values: Iterable[int | None]) -> int | None:
    """A sum; None where a part is None."""
    found = list(values)
    return None if any(v is None for v in found) else sum(v for v in found if v is not None)

"""Tables become budget lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from reconcile import amendments, basis, codes, frames, hierarchy, published, settings, stated
from reconcile.chain import PARTS, PRINTED, chain_of
from reconcile.finding import Finding, LoadError, Origin
from reconcile.layout import Layout, given
from reconcile.read import changes, outline, rows, words
from reconcile.read import columns as columns_of
from reconcile.read.left_out import LeftOut
from reconcile.read.load import load_tables
from reconcile.read.reading import Reading, reading_of
from reconcile.read.table import Table

LINE_COLUMNS = (
    "category",
    "group",
    "project_code",
    "project",
    "economic_code",
    "item",
    *frames.CHAIN,
    *PARTS,
    *PRINTED,
    "document",
    "quota",
    "procurement",
    "year",
    "unit_fen",
    "file",
    "sheet",
    "row",
)


@dataclass(frozen=True)
class Budget:
    """Budget lines and how they were read.

    fen: lines with money in nullable Int64 分 (`<NA>` where a cell could not be read).
    stated: the totals and subtotals that the tables print, in 分, beside the sum of their items.
    """

    fen: pd.DataFrame
    stated: pd.DataFrame
    tables: tuple[Table, ...]
    reading: Reading
    problems: tuple[Finding, ...]
    year: int | None

    @property
    def lines(self) -> pd.DataFrame:
        """Lines in yuan: available = carryover + original + increase − decrease.

        recovered is a part of decrease; transfer, signed, is inside increase and decrease; stated_original,
        stated_available, stated_actual, in_transit and stated_remaining are what the row prints, NaN where nothing.
        """
        return frames.in_yuan(self.fen, (*frames.CHAIN, *PARTS, *PRINTED)).drop(columns="unit_fen")

    @cached_property
    def findings(self) -> pd.DataFrame:
        return frames.findings_frame(self.problems)

    def declared(self, included: bool | None) -> Budget:
        """The budget as it reads where its original amounts are said to hold the carryover printed beside them."""
        if not included:
            return self
        fen = basis.with_carryover_included(self.fen)
        other = [f for f in self.problems if f.code != "balance-identity"]
        wrong = basis.contradictions(fen, partial(_whole_of, self.tables), included=True)
        return replace(self, fen=fen, problems=(*other, *wrong))

    def __repr__(self) -> str:
        return f"Budget({len(self.fen)} lines, year {self.year})\n{self.lines.to_string(max_rows=20)}"

    def _repr_html_(self) -> str:
        return str(self.lines.to_html(max_rows=60, index=False))


def load_budget(
    source: object,
    *,
    sheet: str | Sequence[str] | None = None,
    unit: str | None = None,
    columns: Mapping[str, str] | None = None,
    year: int | None = None,
    version: str | None = None,
    layout: Layout | str | Path | None = None,
) -> Budget:
    """Read budget tables.

    source: a path, a list of paths, an open binary file, or a DataFrame.  sheet: the sheet to read, a hidden one too.
    unit: 元, 千元, 万元, 百万元 or 亿元, over what the file says.  columns: {field: header or column letter}, over
    what was detected.  year, version (`一上`, `二上`, `批复`): which to read where several stand there, by default the
    last; they are never added.  layout: a Layout or the path of a reconcile.toml that has one; the other arguments
    stand over it.
    Raises LoadError (a ValueError) with where, what was seen and what to do.
    """
    chosen = given(sheet, unit, columns, version).everywhere(settings.layout_of(layout, "budget"))
    tables, overviews = published.without_overviews(load_tables(source, "budget", chosen, year or 0))
    parts, totals, findings = [], [], []
    for table, sign in zip(tables, amendments.signs(tables), strict=True):
        part, table_stated, table_findings = _lines_of(table, sign)
        parts.append(part)
        totals += table_stated
        findings += table_findings
    parts, doubts = published.without_views(parts, overviews)
    parts, found = amendments.combined(parts)
    settled = [p.table for p in parts]
    findings += [*(f for t in settled for f in t.findings), *doubts, *found]
    places = {place for t in settled for place in t.places}
    totals = [t for t in totals if (t["file"], t["sheet"]) in places]
    years = [y for y in (year, *(t.header.year for t in settled)) if y]
    return Budget(
        fen=pd.concat([p.lines for p in parts], ignore_index=True),
        stated=pd.DataFrame(totals, columns=list(stated.COLUMNS)),
        tables=tuple(settled),
        reading=reading_of(settled),
        problems=tuple(findings),
        year=years[0] if years else None,
    )


def _lines_of(table: Table, sign: str) -> tuple[amendments.Part, list[dict[str, object]], list[Finding]]:
    """A table's lines; one with a sign changes a budget that others state."""
    if sign:
        table = changes.as_change(table, sign)
    elif not any(f in table.money for f in changes.STATES):
        raise LoadError(
            "missing-column",
            Origin(table.file, table.sheet),
            wanted="预算金额 / a budget amount",
            columns="、".join(c.header for c in table.header.columns.values()),
        )
    table = hierarchy.with_projects_down(table)
    labels, row_codes = hierarchy.labels_of(table), hierarchy.codes_of(table)
    chain, unreadable = chain_of(table)
    roles, nodes = hierarchy.settled(table, labels, row_codes, unreadable)
    row_codes = [c if c in codes.economic_classes() else "" for c in row_codes]
    data = np.flatnonzero(roles == rows.DATA)
    table = table.with_roles(roles)
    frame = _frame(table, data, nodes, labels, row_codes, chain)
    kinds = list(zip(frame["category"], frame["group"]))
    findings = basis.contradictions(frame, partial(_whole_of, (table,)), included=False)
    findings += basis.sources_apart(table, frame, data)
    printed = stated.of_budget(table, nodes, labels, data, kinds)
    if not len(data):
        left = LeftOut(table.file, table.sheet, "empty")
        table = replace(table, left_out=(*table.left_out, left))
    return amendments.Part(table, frame, sign), printed, findings


def _whole_of(tables: Sequence[Table], line: Any) -> Origin:
    """The cell where a line prints its 全年预算."""
    table = next(t for t in tables if (line.file, line.sheet) in t.places)
    column = table.header.columns.get("available") or table.header.columns.get("amount")
    return Origin(str(line.file), str(line.sheet), int(line.row), column.position + 1 if column else 0)


def _frame(
    table: Table,
    data: np.ndarray,
    nodes: list[outline.Node],
    labels: list[str],
    row_codes: list[str],
    chain: dict[str, pd.Series],
) -> pd.DataFrame:
    columns: dict[str, object] = {
        name: [] for name in ("category", "group", "project_code", "project", "economic_code", "item")
    }
    records = []
    given = codes.split_code(table.given.get("economic", ""))[0]
    for i in data:
        category, group = _category(table, i, nodes[i], row_codes[i])
        name = words.without_ordinal(labels[i])
        glued, project = codes.split_project(_at(table, "project", i))
        code, economic = _at_text(table, "project_code", i) or glued, row_codes[i] or given
        label = _at_text(table, "label", i)
        named = words.section(project)
        if named and named[0] == "basic":
            project = ""
        if category == "basic" and project and (own := codes.class_of(code, project)):
            name, economic, project, code = project, economic or own, "", ""
        if category != "basic" and not project:
            glued, rest = codes.split_project(words.without_ordinal(label))
            project = words.without_ordinal(rest or label)
            code = code or glued or (_at_text(table, "code", i) if not economic else "")
            project = project or code
        item = _item(table, i, economic, name if category == "basic" else "")
        records.append(
            (
                category,
                group or (codes.group_of(economic) if category == "basic" else ""),
                code,
                words.without_ordinal(project) if project else "",
                economic,
                item,
            )
        )
    columns = dict(zip(columns, map(list, zip(*records, strict=True)), strict=True)) if records else columns
    frame = pd.DataFrame(columns, dtype="str")
    for name in (*frames.CHAIN, *PARTS, *PRINTED):
        frame[name] = pd.array(chain[name].iloc[data], dtype="Int64")
    for name in ("document", "quota", "procurement", "year"):
        values = table.raw(name)
        frame[name] = pd.Series(columns_of.texts(None if values is None else values[data], len(data)), dtype="str")
    if frame["quota"][frame["quota"] != ""].duplicated().any():
        frame["stated_remaining"] = pd.array(
            [pd.NA] * len(frame), dtype="Int64"
        )  # a running balance, row by row, is what remains of no row
    frame["unit_fen"] = stated.printed_unit(table, table.leading)
    frame["file"], frame["sheet"] = table.file, table.sheets[data]
    frame["row"] = table.numbers[data]
    return frame[list(LINE_COLUMNS)].astype({"file": "str", "sheet": "str"})


def _category(table: Table, index: int, node: outline.Node, economic: str) -> tuple[str, str]:
    """Category and group of a line: by its own column, its section, its class, its column's meaning."""
    given = words.section(table.given.get("category", ""))
    if given:
        return given[0], given[1] or node.group
    for name in ("category", "group", "project", "label"):
        if name == "label" and not economic and node.is_section:
            break
        named = words.section(_at_text(table, name, index))
        if named:
            inner = [words.section(_at_text(table, f, index)) for f in ("group", "project", "label")]
            group = next((x[1] for x in inner if x and x[0] == named[0] and x[1]), "")
            return named[0], named[1] or group or node.group
    if node.category:
        return node.category, node.group
    if _at_text(table, "project", index) or _at_text(table, "project_code", index):
        return "project", ""
    if _names_a_project(table, index, economic):
        return "project", ""
    if economic or words.normalise(_at_text(table, "label", index)) in codes.economic_by_name():
        return "basic", codes.group_of(economic)
    return "project", ""


def _names_a_project(table: Table, index: int, economic: str) -> bool:
    """Whether a label beside an economic class of its own names a project, and not that class or another one."""
    label = codes.split_code(words.without_ordinal(_at_text(table, "label", index)))
    if not economic or not label[1] or label[0] or not {"economic", "economic_code"} & set(table.header.columns):
        return False
    word = words.normalise(label[1])
    named = codes.split_code(_at_text(table, "economic", index))[1]
    return word not in codes.economic_names() and word != words.normalise(named)


def _item(table: Table, index: int, economic: str, fallback: str) -> str:
    for name in ("economic", "label"):
        text = _at_text(table, name, index)
        if text and (name == "economic" or economic):
            return codes.split_code(words.without_ordinal(text))[1] or codes.economic_name(economic)
    return codes.economic_name(economic) or fallback


def _at(table: Table, name: str, index: int) -> object:
    values = table.raw(name)
    return None if values is None else values[index]


def _at_text(table: Table, name: str, index: int) -> str:
    value = _at(table, name, index)
    return "" if value is None else codes.clean_code(value)

"""A layout as a reconcile.toml: what detection found in files, for a person to correct."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from reconcile import wording
from reconcile.budget import Budget
from reconcile.contracts import Contracts
from reconcile.ledger import Ledger
from reconcile.read.heading_rows import stacked_texts
from reconcile.read.overrule import reference
from reconcile.read.table import Table
from reconcile.read.workbook import Sheet, open_book

Loaded = Budget | Ledger | Contracts


def written(found: Iterable[tuple[str, Path, Mapping[str, Loaded]]]) -> str:
    """The text of a reconcile.toml for files (name, path, what was loaded from it by kind).

    Loading the files with it gives what detection gave.  What could not be said for sure (a unit that is assumed, one
    of several years) stands there as a comment.
    """
    parts = [wording.text("layout-head")]
    for name, path, loaded in found:
        sheets = {s.name: s for s in open_book(path).sheets}
        for kind, one in loaded.items():
            parts.append(_file(kind, name, [t for t in one.tables if t.header.last], sheets))
    return "\n\n".join(parts) + "\n"


def _file(kind: str, name: str, tables: Sequence[Table], sheets: Mapping[str, Sheet]) -> str:
    section = f"layout.{kind}.{_quoted(name)}"
    lines = [f"[{section}]"]
    used = list(dict.fromkeys(sheet for t in tables for _, sheet in t.places if sheet))
    if used:
        lines.append(f"sheet = {_quoted(used[0]) if len(used) == 1 else '[' + ', '.join(map(_quoted, used)) + ']'}")
    of_sheet: dict[str, list[Table]] = {}
    for table in tables:
        of_sheet.setdefault(table.sheet, []).append(table)
    blocks = {sheet: _table(own, sheets[sheet]) for sheet, own in of_sheet.items()}
    if len({tuple(map(tuple, b)) for b in blocks.values()}) == 1:
        own, columns = next(iter(blocks.values()))
        lines += [*own, "", f"[{section}.columns]", *columns]
    else:
        for sheet, (own, columns) in blocks.items():
            inner = f"{section}.sheets.{_quoted(sheet)}"
            lines += ["", f"[{inner}]", *own, "", f"[{inner}.columns]", *columns]
    return "\n".join(lines)


def _table(tables: Sequence[Table], sheet: Sheet) -> tuple[list[str], list[str]]:
    """The lines of a sheet's own keys, and those of the columns of its first table.

    A field that stands in another column in another table of the sheet (panels side by side) is a comment.
    """
    table = tables[0]
    own = [_unit(table, sheet)]
    own += [f"# {left.text()}" for left in table.left_out if left.reason in ("version", "year", "columns", "rows")]
    own += [f"# {wording.text('layout-several')}"] if len(tables) > 1 else []
    texts = stacked_texts(sheet, table.header.first, table.header.last)
    columns = []
    for field, column in table.header.columns.items():
        named = reference(texts, column.position)
        alternatives = bool(table.header.passed) and field in table.money
        line = f"{field} = {_quoted(named)}"
        moves = any(
            field in t.header.columns and t.header.columns[field].position != column.position for t in tables[1:]
        )
        if not named or alternatives or moves or field in table.header.also:
            columns.append(f"# {line}  # {wording.text('layout-choice' if alternatives else 'layout-more')}")
        else:
            columns.append(f"{line}  # {column.letter}")
    return own, columns


def _unit(table: Table, sheet: Sheet) -> str:
    """The unit: said where every column is in it and the file states it, else as a comment."""
    mixed = bool(sheet.unit_formats) or any(c.unit not in ("", table.unit) for c in table.header.columns.values())
    line = f"unit = {_quoted(table.unit)}"
    if mixed:
        return f"# {line}  # {wording.text('layout-mixed')}"
    if not table.unit_from:
        return f"# {line}  # {wording.text('layout-assumed')}"
    return f"{line}  # {wording.text('unit-' + table.unit_from) if table.unit_from in ('columns', 'asked') else table.unit_from}"


def _quoted(text: str) -> str:
    """A TOML basic string; JSON's is one but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")

"""What `reconcile inspect` prints: which tables were taken and why, and everything that was not."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reconcile import wording
from reconcile.budget import Budget, load_budget
from reconcile.console import say, table
from reconcile.contracts import Contracts, load_contracts
from reconcile.finding import LoadError
from reconcile.layout import Layouts
from reconcile.ledger import Ledger, load_ledger
from reconcile.read.load import kinds_of
from reconcile.saved_layout import written
from reconcile.settings import load
from reconcile.write.output import check_no_input, whole_file

Loaded = Budget | Ledger | Contracts


def inspect(arguments: argparse.Namespace) -> int:
    """Print what the loader sees in each file, and save it as a layout where asked; 2 where a file cannot be read, and
    then nothing is saved."""
    target = Path(arguments.save) if arguments.save else None
    if target:
        check_no_input(target, arguments.files)
        if target.exists() and not arguments.force:
            raise LoadError("output-exists", str(target))
    layouts = load(arguments.config).layout if arguments.config else Layouts()
    code, found = 0, []
    names = Counter(Path(name).name for name in arguments.files)
    for name in arguments.files:
        try:
            loaded = _loaded(name, arguments.sheet, layouts)
        except LoadError as problem:
            print(f"reconcile: {problem}", file=sys.stderr)
            code = 2
            continue
        for kind, one in loaded.items():
            say(described(kind, one))
        path = Path(name)
        found.append((f"{path.resolve().parent.name}/{path.name}" if names[path.name] > 1 else path.name, path, loaded))
    if target and not code:
        with whole_file(target) as beside:
            beside.write_text(written(found), "utf-8", newline="\n")
        say(f"{target}")
    return code


def _loaded(name: str, sheet: str | None, layouts: Layouts) -> dict[str, Loaded]:
    found: dict[str, Loaded] = {}
    for kind in kinds_of(name, sheet):
        if kind == "budget":
            found[kind] = load_budget(name, sheet=sheet, layout=layouts.budget)
        elif kind == "ledger":
            found[kind] = load_ledger(name, sheet=sheet, layout=layouts.ledger)
        else:
            found[kind] = load_contracts(name, sheet=sheet, layout=layouts.contracts)
    return found


def described(kind: str, loaded: Loaded) -> str:
    """A file as text: its tables with their units and columns, the roles of rows, and what was not read."""
    reading = loaded.reading
    lines: list[str] = []
    for record in reading.tables.to_dict("records"):
        lines += _table(kind, {str(k): v for k, v in record.items()})
    counts = [
        [
            f"{wording.text('role-' + r['role'], table='workbook')} / {r['role']}",
            f"{r['rows']:,}",
            f"{r['amount']:,.2f}",
            r["measure"],
        ]
        for r in reading.rows.to_dict("records")
    ]
    head = [wording.text("seen-role"), wording.text("seen-rows"), wording.text("seen-amount"), ""]
    lines += [table(head, counts, (1, 2)), ""]
    refused = [f"  {r.file} › {r.sheet}!{r.row}  {r.text}" for r in reading.refused.itertuples()]
    lines += _part("seen-refused", refused)
    lines += _part("seen-left-out", [f"  {note}" for note in reading.left_out["note"]])
    lines += _part("seen-findings", [f"  {message}" for message in loaded.findings["message"]])
    return "\n".join(lines)


def _table(kind: str, record: Mapping[str, Any]) -> list[str]:
    where = " › ".join(p for p in (record["file"], record["sheet"]) if p)
    source = record["unit_from"]
    unit = wording.text(f"unit-{source or 'assumed'}") if source in ("", "columns", "asked") else source
    columns = [
        f"    {record['letters'][field]}  {field} ← {' '.join(header.split())}"
        for field, header in record["columns"].items()
    ]
    unread = "、".join(" ".join(h.split()) for h in record["unread"])
    return [
        where,
        f"  {wording.text('seen-as')}: {wording.text('kind-' + kind)}",
        f"  {wording.text('seen-why')}: {record['why']}",
        f"  {wording.text('seen-unit')}: {record['unit']}（{unit}）",
        *columns,
        *([f"  {wording.text('seen-unread')}: {unread}"] if unread else []),
    ]


def _part(key: str, lines: list[str]) -> list[str]:
    return [f"{wording.text(key)}:", *lines, ""] if lines else []

"""Two runs compared: findings that are new, that persist, that are resolved, and that were not looked for again."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from reconcile import wording
from reconcile.finding import LoadError, Origin
from reconcile.money import FEN_PER_YUAN, parse_cell, to_fen
from reconcile.read.workbook import Book, Cells, Sheet, open_book
from reconcile.replies import GONE
from reconcile.result import Result
from reconcile.standing import NEW, NOT_CHECKED, PERSISTING, RESOLVED, checked, looked_for

ORDER = (NEW, PERSISTING, RESOLVED, NOT_CHECKED)
SEVERITIES = ("error", "warning", "info")
MONEY = ("expected", "actual", "difference")
EARLIER = tuple(f"previous_{name}" for name in MONEY)
COLUMNS = ("status", "code", "severity", "subject", *MONEY, "changed", *EARLIER, "message", "key")
FIELDS = ("code", "severity", "subject", "expected", "actual", "message", "key")
TITLES = ("finding-code", "severity", "subject", "expected", "found-amount", "message", "key")
"""Titles of a review workbook's columns for FIELDS, as keys of data/workbook.toml."""


@dataclass(frozen=True)
class Noted:
    """A finding as a run noted it; amounts in 分, None where there is none; check: what found it, '' where nobody knows."""

    code: str
    severity: str
    subject: str
    expected: int | None
    actual: int | None
    message: str
    key: str
    check: str = ""

    @property
    def amounts(self) -> tuple[int | None, int | None, int | None]:
        known = self.expected is not None and self.actual is not None
        return self.expected, self.actual, self.actual - self.expected if known else None  # type: ignore[operator]


def compare(previous: object, current: Result) -> pd.DataFrame:
    """One row a finding of either run, by key: `status` `new`, `persisting`, `resolved`, or `not-checked` where the
    check that found it could not run or did not apply this time.

    previous: a Reconciliation, its `findings`, a review workbook, or the JSON of a run (its path, or what it holds).
    Amounts in yuan, of this run, or of the previous one for findings that only it has; `previous_*` are the previous
    run's; `changed` says whether a persisting finding's amounts did.
    Raises LoadError where `previous` holds no list of findings.
    """
    before, now = _placed(noted(previous)), _placed(noted(current))
    ran = checked(current.outcomes)
    rows = []
    for place, one in now.items():
        old = before.get(place)
        rows.append(_row(PERSISTING if old else NEW, one, old))
    for place, old in before.items():
        if place not in now:
            rows.append(_row(RESOLVED if looked_for(old.code, old.check, ran) else NOT_CHECKED, old, old))
    rows.sort(key=lambda r: (ORDER.index(str(r[0])), SEVERITIES.index(str(r[2]))))
    kinds = dict.fromkeys((*MONEY, *EARLIER), "float64")
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({**kinds, "changed": "bool"})


def _row(status: str, one: Noted, old: Noted | None) -> tuple[object, ...]:
    earlier = old.amounts if old else (None, None, None)
    changed = old is not None and earlier != one.amounts
    return (
        status,
        one.code,
        one.severity,
        one.subject,
        *map(_yuan, one.amounts),
        changed,
        *map(_yuan, earlier),
        one.message,
        one.key,
    )


def _yuan(fen: int | None) -> float:
    return math.nan if fen is None else fen / FEN_PER_YUAN


def _placed(found: Iterable[Noted]) -> dict[tuple[str, int], Noted]:
    """By key; those of one key one by one, in order of their amounts."""
    groups: dict[str, list[Noted]] = {}
    for one in found:
        groups.setdefault(one.key, []).append(one)
    return {
        (key, turn): one
        for key, group in groups.items()
        for turn, one in enumerate(sorted(group, key=lambda n: (n.actual or 0, n.expected or 0)))
    }


def noted(source: object) -> list[Noted]:
    """The findings of a run, from its result, its review workbook or its JSON."""
    if isinstance(source, Result):
        language, found_by = source.settings.language, source.found_by
        return [
            Noted(f.code, f.level.value, f.subject, f.expected, f.actual, f.message(language), f.key, found_by[f.key])
            for f in source.problems
        ]
    if isinstance(source, pd.DataFrame) and set(FIELDS) <= set(source.columns):
        return _of_records(source.to_dict("records"), "<DataFrame>")
    if isinstance(source, Mapping):
        return _of_json(source, "<dict>")
    if isinstance(source, str | Path) and Path(source).suffix.lower() == ".json":
        return _of_json(_parsed(Path(source)), Path(source).name)
    if isinstance(source, str | Path) or hasattr(source, "read"):
        return _of_book(open_book(source))
    raise LoadError("no-findings-list", "", value=repr(source)[:80])


def _parsed(path: Path) -> object:
    try:
        return json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise LoadError("missing-file", path.name) from None
    except (json.JSONDecodeError, UnicodeDecodeError) as problem:
        raise LoadError("no-findings-list", path.name, value=problem) from None


def _of_json(read: object, where: str) -> list[Noted]:
    """Of a manifest (`problems`) or of what `run --json` prints (`findings`)."""
    for name in ("problems", "findings"):
        records = read.get(name) if isinstance(read, Mapping) else None
        if isinstance(records, list) and all(isinstance(r, Mapping) and set(FIELDS) <= set(r) for r in records):
            return _of_records(records, where)
    raise LoadError(
        "no-findings-list", where, value=", ".join(read) if isinstance(read, Mapping) else type(read).__name__
    )


def _of_records(records: Iterable[Mapping[str, object]], where: str) -> list[Noted]:
    found = []
    for record in records:
        code, severity, subject, *amounts, message, key = (record[f] for f in FIELDS)
        if severity not in SEVERITIES:
            raise LoadError("no-findings-list", where, value=severity)
        expected, actual = map(_fen, amounts)
        told = (str(code), str(severity), str(subject), expected, actual, str(message), str(key))
        found.append(Noted(*told, check=str(record.get("check") or "")))
    return found


def _fen(value: object) -> int | None:
    """An amount in yuan as 分; None for what is no amount (`—`, blank, NaN)."""
    number = None if value is None or value != value else parse_cell(value)
    return None if number is None else to_fen(number)


def _of_book(book: Book) -> list[Noted]:
    """Of the sheet 差异清单 of a review workbook, in either language."""
    for sheet in book.sheets:
        for language in ("zh", "en"):
            titles = [wording.text(f"col-{t}", language, "workbook") for t in TITLES]
            for row, cells in enumerate(sheet.cells):
                if set(titles) <= {c for c in cells if isinstance(c, str)}:
                    at = {f: int(np.flatnonzero(cells == t)[0]) for f, t in zip(FIELDS, titles)}
                    named = np.flatnonzero(cells == wording.text("col-found-by", language, "workbook"))
                    at |= {"check": int(named[0])} if len(named) else {}
                    return _of_rows(book, sheet, row + 1, at, language, _gone_rows(sheet, cells, language))
    raise LoadError("no-findings-list", book.file, value="、".join(s.name for s in book.sheets))


def _gone_rows(sheet: Sheet, header: Cells, language: str) -> set[int]:
    """Rows of findings that the run of a review workbook did not find any more."""
    where = np.flatnonzero(header == wording.text("col-standing", language, "workbook"))
    gone = {wording.text(f"standing-{status}", language, "workbook") for status in GONE}
    return {row for at in where[:1] for row, value in enumerate(sheet.cells[:, at]) if value in gone}


def _of_rows(book: Book, sheet: Sheet, first: int, at: Mapping[str, int], language: str, gone: set[int]) -> list[Noted]:
    words = {wording.text(f"severity-{s}", language, "workbook"): s for s in SEVERITIES}
    records = []
    for row in range(first, len(sheet.cells)):
        record: dict[str, object] = {f: sheet.cells[row, p] for f, p in at.items()}
        if not record["key"] or row in gone:
            continue  # below the list, or the line that says that there is nothing
        severity = words.get(str(record["severity"]))
        if severity is None:
            raise LoadError("no-findings-list", Origin(book.file, sheet.name, row + 1), value=record["severity"])
        records.append({**record, "severity": severity})
    return _of_records(records, book.file)

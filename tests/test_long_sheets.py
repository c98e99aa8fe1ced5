"""A long sheet of a workbook, held by column, is the table that it is when its cells are laid out row by row."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xlsxwriter

import reconcile as rc
from reconcile import wide
from reconcile.cli import main
from reconcile.entry_keys import entry_keys
from reconcile.moves import moved_frame, reclassify
from reconcile.read import combined, compact, grid, workbook
from reconcile.read.compact import Coded, Columns
from reconcile.replies import Move
from tests import small
from tests.bench.reading import make_budget, make_ledger
from tests.builders.cases import Case, dirty_cases, ledger_cases
from tests.compare import differences
from tests.conftest import EXAMPLE
from tests.test_gallery import ENTRIES, GALLERY, message, part_changed
from tests.test_long_files import BUDGET, LEDGERS, same, same_result

Write = Callable[[Path, list[list[Any]]], Path]


@pytest.fixture
def by_column(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From its call on every plainly written sheet is held by column, though it has a few rows only."""

    def hold() -> None:
        monkeypatch.setattr(grid, "LONG", 0)
        monkeypatch.setattr(compact, "PICKED", 2)
        monkeypatch.setattr(combined, "LONG", 0)

    return hold


def by_openpyxl(path: Path, rows: list[list[Any]]) -> Path:
    """A sheet whose texts stand in its cells."""
    return small.sheet(path, rows)


def by_xlsxwriter(path: Path, rows: list[list[Any]]) -> Path:
    """A sheet whose texts are shared strings."""
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet()
        for i, row in enumerate(rows):
            for j, value in enumerate(row):
                (page.write_string if isinstance(value, str) else page.write)(i, j, value)
    return path


def typed(text: str) -> Any:
    """A cell as a person types it: a date or a number where it looks like one."""
    try:
        return dt.date.fromisoformat(text) if "-" in text else float(text)
    except ValueError:
        return text or None


@pytest.mark.parametrize("written", [by_openpyxl, by_xlsxwriter], ids=["openpyxl", "xlsxwriter"])
@pytest.mark.parametrize("cell", [lambda text: text or None, typed], ids=["texts", "numbers-and-dates"])
@pytest.mark.parametrize("name", LEDGERS)
def test_a_ledger_by_column_is_the_ledger(
    name: str, cell: Callable[[str], Any], written: Write, tmp_path: Path, by_column: Callable[[], None]
) -> None:
    rows = [[cell(text) for text in row] for row in csv.reader(LEDGERS[name].splitlines())]
    path = written(tmp_path / "序时账.xlsx", rows)
    known = rc.load_ledger(path, year=2020)
    by_column()
    cells = workbook.open_book(path).sheets[0].cells
    assert isinstance(cells, Columns)
    assert any(isinstance(c, Coded) for c in cells.columns)
    found = rc.load_ledger(path, year=2020)
    assert isinstance(found.fen, wide.Wide)
    assert not isinstance(known.fen, wide.Wide)
    same(known, found)
    same_result(known, found)


def test_the_example_by_column_ties_out_alike(by_column: Callable[[], None]) -> None:
    def result() -> rc.Reconciliation:
        budget, ledger = rc.load_budget(EXAMPLE / "budget_2020.xlsx"), rc.load_ledger(EXAMPLE / "ledger_2020.xlsx")
        return rc.reconcile(budget, ledger, contracts=EXAMPLE / "contracts_2020.xlsx")

    known = result()
    by_column()
    found = result()
    same(known.ledger, found.ledger)
    pd.testing.assert_frame_equal(known.budget.lines, found.budget.lines)
    for name in ("by_project", "by_category", "by_item", "by_month", "unassigned", "findings", "checks"):
        pd.testing.assert_frame_equal(getattr(known, name), getattr(found, name))
    pd.testing.assert_frame_equal(known.entries(), found.entries())


@pytest.mark.parametrize(
    "case", [pytest.param(c, id=c.name) for c in (*ledger_cases(), *dirty_cases(each=1)) if c.container == "xlsx"]
)
def test_every_layout_and_every_kind_of_dirt_by_column(
    case: Case, tmp_path: Path, by_column: Callable[[], None]
) -> None:
    by_column()
    assert differences(case, tmp_path) == []


@pytest.mark.parametrize("name", sorted(ENTRIES))
def test_the_messages_by_column_are_the_reviewed_ones(name: str, tmp_path: Path, by_column: Callable[[], None]) -> None:
    by_column()
    assert message(name, tmp_path) == (GALLERY / f"{name}.txt").read_text("utf-8")


def test_a_run_by_column_writes_the_same_bytes(tmp_path: Path, by_column: Callable[[], None]) -> None:
    ledger, budget = make_ledger(tmp_path / "序时账.xlsx", 600), make_budget(tmp_path / "预算.xlsx", 600)

    def outputs(name: str) -> dict[str, bytes]:
        out = tmp_path / name
        assert main(["run", "--budget", str(budget), "--ledger", str(ledger), "--out", str(out), "--quiet"]) == 1
        return {str(f.relative_to(out)): f.read_bytes() for f in out.rglob("*") if f.is_file()}

    by_row = outputs("by-row")
    by_column()
    assert len(by_row) >= 6
    assert outputs("by-column") == by_row


def test_shared_strings_that_are_equal_are_one_cell(tmp_path: Path, by_column: Callable[[], None]) -> None:
    path = by_xlsxwriter(tmp_path / "甲.xlsx", [["甲", "乙"], ["丙", "乙"], [None, "甲"], ["丁", 5]])
    part_changed(path, "xl/sharedStrings.xml", "<t>丙</t>".encode(), "<t>甲</t>".encode())
    part_changed(path, "xl/sharedStrings.xml", "<t>丁</t>".encode(), b"<t></t>")
    by_column()
    first, second = workbook.open_book(path).sheets[0].cells.columns  # type: ignore[attr-defined]
    assert isinstance(first, Coded)
    assert sorted(first.values) == ["", "甲"]
    assert first.cells().tolist() == ["甲", "甲", "", ""]
    assert np.asarray(second).tolist() == ["乙", "乙", "甲", 5.0]


def test_a_part_of_a_column_holds_its_own_cells_only() -> None:
    values = np.array(["甲", "乙", "丙", "丁", ""], dtype=object)
    whole = Coded(np.array([0, 1, 2, 3, 4, 3], dtype=np.uint8), values)
    part = whole[3:6]
    assert part.values.tolist() == ["丁", ""]
    assert part.cells().tolist() == ["丁", "", "丁"]
    assert whole[np.array([True, False] * 3)].cells().tolist() == ["甲", "丙", ""]
    assert whole[:0].cells().tolist() == []
    assert whole[4] == ""
    assert whole[:].values is values


def test_a_reclassified_entry_of_a_long_ledger(tmp_path: Path, by_column: Callable[[], None]) -> None:
    rows = [list(row) for row in csv.reader(LEDGERS["the same twice, and out of the year"].splitlines())]
    path = small.sheet(tmp_path / "序时账.xlsx", rows)
    known = rc.reconcile(BUDGET, rc.load_ledger(path, year=2020), year=2020).matched
    keys = entry_keys(known.entries)
    moves = (
        Move(keys[0], "", "甲"),
        Move(keys[1], "basic", ""),
        Move(keys[0], "project", "乙"),
        Move("E0", "basic", ""),
        Move(keys[2], "", "无此项目"),
    )
    by_column()
    found = rc.reconcile(BUDGET, rc.load_ledger(path, year=2020), year=2020).matched
    assert isinstance(found.entries, wide.Wide)
    (known, done), (found, again) = (reclassify(m, moves) for m in (known, found))
    assert done == again
    assert [m.status for m in done] == ["applied", "applied", "applied", "gone", "no-such-project"]
    assert (done[0].project, done[2].project) == ("项目0", "甲")
    assert found.entries["project"].iloc[:2].tolist() == ["乙", ""]
    pd.testing.assert_frame_equal(known.entries, wide.plain(found.entries))
    pd.testing.assert_frame_equal(moved_frame(done, known.entries), moved_frame(again, found.entries))

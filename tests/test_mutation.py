"""Damaged workbooks give a right load or a LoadError, within bounded time and memory: never another exception,
never a silent loss."""

from __future__ import annotations

import multiprocessing
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path

import openpyxl
import pytest

import reconcile as rc
from tests import mutations, small
from tests.builders import LAYOUTS, draw, make_case, write
from tests.test_gallery import part_changed

SECONDS = 60
MEMORY = 3 << 30
STARTING = 60


class Worker:
    """A process that tries one mutant after another, and is replaced when one hangs or kills it."""

    def __init__(self) -> None:
        self.process: SpawnProcess | None = None
        self.pipe: Connection | None = None

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def attempt(self, seed: int) -> tuple[str, str, list[str]]:
        """How the mutant of a seed ended, its name, and what was wrong."""
        if self.process is None or not self.process.is_alive():
            self._begin()
        assert self.pipe is not None
        name = f"seed {seed}"
        try:
            self.pipe.send(seed)
            for patience in (STARTING, SECONDS):
                if not self.pipe.poll(patience):
                    self._end()
                    return "hung", name, [f"not done after {patience} s"]
                ended, name, wrong = self.pipe.recv()
                if ended != "begun":
                    break
        except (EOFError, OSError):
            code = self._end()
            return "died", name, [f"the process died with {code}"]
        return ended, name, wrong

    def _begin(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=mutations.work, args=(theirs, MEMORY), daemon=True)
        self.process.start()
        theirs.close()

    def _end(self) -> int | None:
        if self.process is None:
            return None
        self.process.join(1) if not self.process.is_alive() else self.process.kill()
        self.process.join(10)
        code, self.process = self.process.exitcode, None
        return code


def outcomes(seeds: Iterable[int]) -> Iterator[tuple[int, str, str, list[str]]]:
    with Worker() as worker:
        for seed in seeds:
            yield seed, *worker.attempt(seed)


def failures(seeds: Iterable[int]) -> list[str]:
    return [f"seed {seed}: {name}: {'; '.join(wrong)}" for seed, _, name, wrong in outcomes(seeds) if wrong]


@pytest.mark.parametrize("block", range(4))
def test_a_hundred_and_twenty_mutants(block: int) -> None:
    assert failures(range(block * 30, block * 30 + 30)) == []


@pytest.mark.slow
@pytest.mark.parametrize("block", range(20))
def test_two_thousand_mutants(block: int) -> None:
    assert failures(range(block * 100, block * 100 + 100)) == []


PLAN = [["单位：元"], ["支出类型", "项目", "年初预算"], ["项目支出", "甲", 123.45], ["项目支出", "乙", 6]]
SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<v>123.45</v>", b"<v>12<!-- x -->3.45</v>"),
        (b"<v>123.45</v>", b"<v>12<![CDATA[3.45]]></v>"),
        (b"<v>123.45</v>", b"<v>12<?x y?>3.45</v>"),
        (b"<v>123.45</v>", b"<v>1&#50;3.45</v>"),
        (b"<v>123.45</v>", b"<v>NaN</v>"),
        (b'<c r="C3"', b'<c r="C3" r="D3"'),
        (b"<v>123.45</v>", b"<v>&many;</v>"),
    ],
    ids=["comment", "CDATA", "instruction", "reference", "NaN", "attribute-twice", "entity"],
)
def test_an_amount_is_read_whole_or_the_file_is_refused(tmp_path: Path, old: bytes, new: bytes) -> None:
    path = part_changed(small.sheet(tmp_path / "预算.xlsx", PLAN), SHEET, old, new)
    if b"&many;" in new:
        part_changed(path, SHEET, b"<worksheet", b'<!DOCTYPE x [<!ENTITY many "123.45">]><worksheet')
    try:
        budget = rc.load_budget(path)
    except rc.LoadError:
        return
    assert budget.lines["available"].tolist() == [123.45, 6.0] or "C3" in set(budget.findings["cell"])


def test_a_part_that_is_no_worksheet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "预算.xlsx"
    book = openpyxl.load_workbook(small.sheet(path, PLAN, "一"))
    copy = book.copy_worksheet(book.active)
    copy.title, copy["C3"] = "二", 7
    book.save(path)
    with zipfile.ZipFile(path) as package:
        whole = package.read("xl/worksheets/sheet2.xml")
    part_changed(path, "xl/worksheets/sheet2.xml", whole, b"<x/>")
    with pytest.raises(rc.LoadError):
        rc.load_budget(path)


def test_a_text_file_with_one_long_cell_loads_or_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "预算.csv"
    path.write_text("支出类型,项目,年初预算\n项目支出,甲,1\n" + "A" * 200_000, "utf-8")
    try:
        budget = rc.load_budget(path)
    except rc.LoadError:
        return
    assert budget.lines["available"].sum() == 1.0


def test_rows_are_counted_once_where_a_sheet_holds_several_tables(tmp_path: Path) -> None:
    case = make_case(LAYOUTS["E2-three-column"], draw(3, projects=3, vouchers=14))
    ledger = rc.load_ledger(write(case, tmp_path))
    assert len(ledger.tables) > 1
    assert ledger.reading.rows["rows"].sum() == len(case.grid.sheets[0].rows)


if __name__ == "__main__":
    import sys

    first, last = map(int, sys.argv[1:3])
    counted: Counter[str] = Counter()
    for number, outcome, label, broken in outcomes(range(first, last)):
        counted[outcome] += 1
        counted["BROKEN"] += bool(broken)
        if broken:
            print(number, outcome, label, *broken, sep="\n    ", flush=True)
    print(dict(counted))

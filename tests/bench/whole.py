"""How long the whole run takes, to review workbook, marked copies and summary, beside its bare parts.

python -m tests.bench.whole [ROWS]
"""

from __future__ import annotations

import pickle
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import openpyxl

from tests.bench.clock import Taken, best, take
from tests.bench.figures import HEAD, Figures, beside
from tests.bench.reading import CALAMINE, FASTEXCEL, make_budget, make_ledger

RUN = """
import contextlib, io
from reconcile.cli import main
arguments = ["run", "--budget", BUDGET, "--ledger", LEDGER, "--out", OUT, "--force", "--quiet"]
with contextlib.redirect_stdout(io.StringIO()):
    code = main(arguments)
assert code in (0, 1), code
count = ROWS
"""
CELLS = """
import pickle, xlsxwriter
with open(CELLS, "rb") as file:
    sheets = pickle.load(file)
"""
WRITE = """
with xlsxwriter.Workbook(OUT, {"constant_memory": True}) as book:
    for name, rows in sheets:
        page = book.add_worksheet(name)
        for at, row in enumerate(rows):
            page.write_row(at, 0, row)
count = sum(len(rows) for _, rows in sheets)
"""
COPY = """
import shutil
shutil.copyfile(LEDGER, OUT)
count = ROWS
"""
ANNOTATE = """
from pathlib import Path
from reconcile.write.mark.copy import Mark, mark_copy
marks = {SHEET: {(3 + n * STEP, 8): Mark("error", "查") for n in range(200)}}
mark_copy(Path(LEDGER), Path(OUT), marks, {"error": "FFF4B6B6"}, ("标注说明", [("error", "查")]))
count = ROWS
"""
ANNOTATE_NAIVE = """
import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
book = openpyxl.load_workbook(LEDGER)
page = book[SHEET]
for n in range(200):
    cell = page.cell(3 + n * STEP, 8)
    cell.fill = PatternFill("solid", "FFF4B6B6")
    cell.comment = Comment("查", "查")
book.save(OUT)
count = ROWS
"""
BARE = "bare read, bare write and copy together"
OURS = "reconcile run: tie-out, review workbook, marked copy, summary"


def parts(rows: int, rounds: int, place: Path) -> tuple[dict[str, Taken], int]:
    """The bare read of the ledger, the bare write of the same cells and the copy of the file, all together, and the whole
    run; how many cells the review workbook has."""
    ledger, budget = make_ledger(place / "ledger.xlsx", rows), make_budget(place / "budget.xlsx", rows)
    given = {"LEDGER": str(ledger), "BUDGET": str(budget), "ROWS": rows}
    own = best(RUN, rounds, OUT=str(place / "out"), **given)
    cells = place / "cells.pickle"
    written = dump(place / "out" / "review.xlsx", cells)
    read = best(FASTEXCEL if find_spec("fastexcel") else CALAMINE, rounds, **given)
    write = best(WRITE, rounds, CELLS, CELLS=str(cells), OUT=str(place / "bare.xlsx"))
    copy = best(COPY, rounds, OUT=str(place / "copy.xlsx"), **given)
    bare = Taken(rows, *(read[i] + write[i] + copy[i] for i in (1, 2)), max(read[3], write[3], copy[3]))
    return {BARE: bare, "bare read": read, "bare write": write, "copy of the ledger": copy, OURS: own}, written


def taken(rows: int, rounds: int, place: Path) -> tuple[Taken, Taken]:
    """The bare parts together, and the whole run."""
    found, _ = parts(rows, rounds, place)
    return found[BARE], found[OURS]


def figures(rows: int, rounds: int, place: Path) -> Figures:
    found, written = parts(rows, rounds, place)
    beside_read = found[OURS].seconds / found["bare read"].seconds
    note = (
        f"The bare write is of the {written:,} cells of the review workbook, by xlsxwriter in constant memory. Beside the "
        f"bare read alone the run takes {beside_read:.2f} times as long."
    )
    return Figures(f"The whole run at {rows:,} rows", HEAD, beside(found, BARE), note)


def dump(review: Path, target: Path) -> int:
    """The cells of a workbook, formulas as such, for the bare write; how many there are."""
    book = openpyxl.load_workbook(review, read_only=True)
    sheets = [(page.title, list(page.iter_rows(values_only=True))) for page in book.worksheets]
    with target.open("wb") as file:
        pickle.dump(sheets, file)
    return sum(value is not None for _, rows in sheets for row in rows for value in row)


def annotating(rows: int, place: Path) -> Figures:
    """Two hundred cells marked in a ledger: the package patched, and openpyxl's load and save."""
    ledger = make_ledger(place / "ledger.xlsx", rows)
    given = {"LEDGER": str(ledger), "OUT": str(place / "marked.xlsx"), "SHEET": "序时账", "STEP": rows // 200}
    ways = {"reconcile: the package patched": ANNOTATE, "openpyxl: load, mark, save": ANNOTATE_NAIVE}
    found = {name: take(code, ROWS=rows, **given) for name, code in ways.items()}
    return Figures(f"200 cells marked in a copy of {rows:,} rows", HEAD, beside(found, next(iter(ways))))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        print(figures(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000, 2, Path(folder)).markdown())

"""Ledgers and budgets of a size, and how long their bare reads take by the libraries underneath.

python -m tests.bench.reading [ROWS]
"""

from __future__ import annotations

import csv
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import xlsxwriter

from tests.bench.clock import in_turn
from tests.builders.office import JOURNAL

CLASSES = (("30201", "办公费"), ("30202", "印刷费"), ("30211", "差旅费"), ("30226", "劳务费"), ("30227", "委托业务费"))
PROJECTS = 200
MEAN_YUAN = 50_000
"""The mean payment of a ledger, in yuan."""
CALAMINE = """
import python_calamine
count = len(python_calamine.load_workbook(LEDGER).get_sheet_by_index(0).to_python(skip_empty_area=False)) - 2
"""
FASTEXCEL = """
import fastexcel
count = fastexcel.read_excel(LEDGER).load_sheet(0, header_row=1, dtypes="string").to_arrow().num_rows
"""
LOAD = """
import reconcile
count = len(reconcile.load_ledger(LEDGER).fen)
"""


def lines(rows: int, projects: int = PROJECTS, seed: int = 1) -> Iterator[list[str]]:
    """A journal of `rows` lines × 12 columns: payments of two lines each, amounts as text with commas."""
    draw = np.random.default_rng(seed)
    fen = draw.integers(100, 10_000_000, rows)
    project, kind, payee, day = (draw.integers(0, most, rows) for most in (projects, len(CLASSES), 3000, 28))
    for i in range(rows):
        pair = i // 2
        code, name = CLASSES[kind[pair]]
        amount = f"{fen[pair] // 100:,}.{fen[pair] % 100:02d}"
        head = [f"2020-{1 + 12 * pair // ((rows + 1) // 2):02d}-{1 + day[pair]:02d}", f"记-{pair + 1:06d}"]
        head.append(f"支付{name}{pair % 5000}")
        if i % 2 == 0:
            number = f"{project[pair]:04d}"
            row = ["71010201", "行政支出_项目支出", f"P{number}", f"项目{number}工作经费", code, name]
            yield [*head, *row, f"供应商{payee[pair]}", amount, ""]
        else:
            yield [*head, "800101", "资金结存", "", "", "", "", f"供应商{payee[pair]}", "", amount]


def make_ledger(path: Path, rows: int, seed: int = 1, projects: int = PROJECTS) -> Path:
    """The journal as a file: an .xlsx with its unit above the header, or a .csv with its header first."""
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(JOURNAL)
            writer.writerows(lines(rows, projects, seed))
        return path
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("序时账")
        page.write_row(0, 0, ["单位：元"])
        page.write_row(1, 0, JOURNAL)
        for i, row in enumerate(lines(rows, projects, seed)):
            page.write_row(i + 2, 0, row)
    return path


def make_budget(path: Path, rows: int, projects: int = PROJECTS) -> Path:
    """A budget of the projects of a ledger, a tenth above what that pays on each on the average."""
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("项目支出")
        page.write_row(0, 0, ["2020年度项目支出预算（单位：元）"])
        page.write_row(1, 0, ["项目编码", "项目名称", "上年结转", "年初预算", "追加", "追减"])
        for i in range(projects):
            planned = rows // 2 * MEAN_YUAN * 11 // (10 * projects)
            page.write_row(i + 2, 0, [f"P{i:04d}", f"项目{i:04d}工作经费", 1000, planned, 0, 0])
    return path


def ratio(path: Path, rounds: int = 3) -> tuple[float, float]:
    """Seconds and memory of the load over those of the bare read, the best of a few rounds each, turn by turn."""
    bare, load = in_turn({"bare": CALAMINE, "load": LOAD}, rounds, LEDGER=str(path)).values()
    assert bare.rows == load.rows
    print(f"bare {bare.seconds:.2f} s {bare.megabytes:.0f} MB; load {load.seconds:.2f} s {load.megabytes:.0f} MB")
    return load.seconds / bare.seconds, load.megabytes / bare.megabytes


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        ledger = make_ledger(Path(folder) / "ledger.xlsx", int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
        print("time × {:.2f}, memory × {:.2f}".format(*ratio(ledger)))

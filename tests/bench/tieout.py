"""How long a budget and a ledger of a million rows tie out, beside the bare reads of the same file and the naive way.

python -m tests.bench.tieout [ROWS]
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tempfile
from pathlib import Path

import xlsxwriter

from tests.bench.reading import BARE, make_ledger

PROJECTS = 200
MEAN_YUAN = 50_000
"""The mean payment of make_ledger, in yuan."""
FASTEXCEL = """
import fastexcel
sheet = fastexcel.read_excel(PATH).load_sheet(0, header_row=1, dtypes="string")
count = sheet.to_arrow().num_rows
"""
NAIVE = """
import pandas as pd
frame = pd.read_excel(PATH, header=1, dtype=str)
frame["借方金额"] = frame["借方金额"].str.replace(",", "").astype(float)
frame.groupby("项目名称")["借方金额"].sum()
count = len(frame)
"""
LOAD = """
import reconcile
ledger = reconcile.load_ledger(PATH)
count = len(ledger.fen)
"""
TIE_OUT = """
import reconcile
ledger = reconcile.load_ledger(PATH)
result = reconcile.reconcile(reconcile.load_budget(BUDGET), ledger)
result.findings, result.checks, result.explanations, result.totals
count = len(ledger.fen)
"""
MEASURED = """
import resource, sys, time
PATH, BUDGET = sys.argv[1:]
begun, used = time.perf_counter(), time.process_time()
{code}
seconds, processor = time.perf_counter() - begun, time.process_time() - used
print(count, seconds, processor, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def make_budget(path: Path, rows: int, projects: int = PROJECTS) -> Path:
    """A budget of the projects of make_ledger, a tenth above what that pays on each on the average."""
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("项目支出")
        page.write_row(0, 0, ["2020年度项目支出预算（单位：元）"])
        page.write_row(1, 0, ["项目编码", "项目名称", "上年结转", "年初预算", "追加", "追减"])
        for i in range(projects):
            planned = rows // 2 * MEAN_YUAN * 11 // (10 * projects)
            page.write_row(i + 2, 0, [f"P{i:04d}", f"项目{i:04d}工作经费", 1000, planned, 0, 0])
    return path


def measured(code: str, ledger: Path, budget: Path) -> tuple[int, float, float, float]:
    """Rows read, seconds by the clock and of the processor, and peak memory in MB, in a process of its own."""
    command = [sys.executable, "-c", MEASURED.format(code=code), str(ledger), str(budget)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    count, *figures = done.stdout.split()
    seconds, processor, memory = map(float, figures)
    return int(count), seconds, processor, memory


def table(rows: int, rounds: int = 2) -> str:
    """Every way in its best round, and its ratios to the bare read of the library underneath."""
    ways = {"python-calamine, bare": BARE, "load": LOAD, "load, tie out, check, explain": TIE_OUT}
    if importlib.util.find_spec("fastexcel"):
        ways["fastexcel, as text"] = FASTEXCEL
    ways["pandas with openpyxl, one groupby"] = NAIVE
    lines = [f"{'':36}{'seconds':>9}{'processor':>11}{'MB':>7}{'time ×':>9}{'memory ×':>10}"]
    with tempfile.TemporaryDirectory() as folder:
        ledger = make_ledger(Path(folder) / "ledger.xlsx", rows)
        budget = make_budget(Path(folder) / "budget.xlsx", rows)
        bare: tuple[float, float] | None = None
        for name, code in ways.items():
            found = [measured(code, ledger, budget) for _ in range(1 if code == NAIVE else rounds)]
            assert {f[0] for f in found} == {rows}, name
            seconds, processor, memory = (min(f[i] for f in found) for i in (1, 2, 3))
            bare = bare or (seconds, memory)
            lines.append(
                f"{name:36}{seconds:9.2f}{processor:11.2f}{memory:7.0f}{seconds / bare[0]:9.2f}{memory / bare[1]:10.2f}"
            )
    return "\n".join(lines)


if __name__ == "__main__":
    print(table(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))

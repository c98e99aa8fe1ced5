"""How long the ledger of a million rows loads, beside the bare read of the library underneath, in one run.

python -m tests.bench.reading [ROWS]
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import xlsxwriter

from tests.builders.office import JOURNAL

CLASSES = (("30201", "办公费"), ("30202", "印刷费"), ("30211", "差旅费"), ("30226", "劳务费"), ("30227", "委托业务费"))
BARE = """
import python_calamine
rows = python_calamine.load_workbook(PATH).get_sheet_by_index(0).to_python(skip_empty_area=False)
count = len(rows) - 2
"""
LOAD = """
import reconcile
count = len(reconcile.load_ledger(PATH).fen)
"""
MEASURED = """
import resource, sys, time
PATH = sys.argv[1]
begun = time.perf_counter()
{code}
seconds = time.perf_counter() - begun
print(count, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def make_ledger(path: Path, rows: int, seed: int = 1) -> Path:
    """A journal of `rows` lines × 12 columns: payments of two lines each, amounts as text with commas."""
    draw = np.random.default_rng(seed)
    fen = draw.integers(100, 10_000_000, rows)
    project, kind, payee, day = (draw.integers(0, most, rows) for most in (200, len(CLASSES), 3000, 28))
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("序时账")
        page.write_row(0, 0, ["单位：元"])
        page.write_row(1, 0, JOURNAL)
        for i in range(rows):
            pair = i // 2
            code, name = CLASSES[kind[pair]]
            amount = f"{fen[pair] // 100:,}.{fen[pair] % 100:02d}"
            head = [f"2020-{1 + 12 * pair // ((rows + 1) // 2):02d}-{1 + day[pair]:02d}", f"记-{pair + 1:06d}"]
            head.append(f"支付{name}{pair % 5000}")
            if i % 2 == 0:
                number = f"{project[pair]:04d}"
                row = ["71010201", "行政支出_项目支出", f"P{number}", f"项目{number}工作经费", code, name]
                row += [f"供应商{payee[pair]}", amount, ""]
            else:
                row = ["800101", "资金结存", "", "", "", "", f"供应商{payee[pair]}", "", amount]
            page.write_row(i + 2, 0, [*head, *row])
    return path


def measured(code: str, path: Path) -> tuple[int, float, float]:
    """Rows read, seconds, and peak memory in MB, in a process of its own."""
    command = [sys.executable, "-c", MEASURED.format(code=code), str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    count, seconds, memory = done.stdout.split()
    return int(count), float(seconds), float(memory)


def ratio(path: Path, rounds: int = 3) -> tuple[float, float]:
    """Seconds and memory of the load over those of the bare read, the best of a few rounds each, turn by turn."""
    turns = [(code, measured(code, path)) for _ in range(rounds) for code in (BARE, LOAD)]
    rounds_of = {code: [m for c, m in turns if c == code] for code in (BARE, LOAD)}
    assert len({r[0] for code in rounds_of for r in rounds_of[code]}) == 1
    bare, load = ((min(r[1] for r in rs), min(r[2] for r in rs)) for rs in rounds_of.values())
    print(f"bare {bare[0]:.2f} s {bare[1]:.0f} MB; load {load[0]:.2f} s {load[1]:.0f} MB")
    return load[0] / bare[0], load[1] / bare[1]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        ledger = make_ledger(Path(folder) / "ledger.xlsx", int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
        print("time × {:.2f}, memory × {:.2f}".format(*ratio(ledger)))

"""How long a budget and a ledger of a million rows tie out, beside the bare reads of the same file and the naive ways.

python -m tests.bench.tieout [ROWS]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.bench.clock import in_turn
from tests.bench.figures import HEAD, Figures, beside
from tests.bench.reading import CALAMINE, FASTEXCEL, LOAD, make_budget, make_ledger

BASE = "fastexcel, bare read as text"
OURS = "reconcile: load, tie out, every check, explanations"
TIE_OUT = """
import reconcile
ledger = reconcile.load_ledger(LEDGER)
result = reconcile.reconcile(reconcile.load_budget(BUDGET), ledger)
result.findings, result.checks, result.explanations, result.totals
count = len(ledger.fen)
"""
NAIVE = """
import pandas as pd
frame = pd.read_excel(LEDGER, header=1, dtype=str, engine="{engine}")
frame["借方金额"] = frame["借方金额"].str.replace(",", "").astype(float)
spent = frame.groupby("项目名称")["借方金额"].sum()
budget = pd.read_excel(BUDGET, header=1, engine="{engine}")
both = budget.merge(spent, left_on="项目名称", right_index=True, how="left")
both["差异"] = both["年初预算"] - both["借方金额"]
{write}
count = len(frame)
"""
OPENPYXL = NAIVE.format(engine="openpyxl", write="")
WRITTEN = NAIVE.format(engine="openpyxl", write="both.to_excel(OUT); frame.to_excel(OUT)")
BY_CALAMINE = NAIVE.format(engine="calamine", write="")


def figures(rows: int, rounds: int, place: Path) -> Figures:
    ledger = make_ledger(place / "ledger.xlsx", rows)
    budget = make_budget(place / "budget.xlsx", rows)
    given = {"LEDGER": str(ledger), "BUDGET": str(budget), "OUT": str(place / "naive.xlsx")}
    own = {BASE: FASTEXCEL, "python-calamine, bare read": CALAMINE, "reconcile: load": LOAD, OURS: TIE_OUT}
    slow = {
        "pandas with calamine, one groupby": BY_CALAMINE,
        "pandas with openpyxl, one groupby": OPENPYXL,
        "the same, and its rows written with to_excel": WRITTEN,
    }
    found = in_turn(own, rounds, **given) | in_turn(slow, 1, **given)
    assert {t.rows for t in found.values()} == {rows}
    size = f"{ledger.stat().st_size / 1e6:.0f} MB"
    times = " / ".join(f"{found[name].seconds / found[OURS].seconds:.1f}" for name in slow)
    note = f"The naive ways, in this order, take {times} times as long as the tie-out, and check nothing."
    return Figures(f"The tie-out of {rows:,} rows × 12 columns (.xlsx, {size})", HEAD, beside(found, BASE), note)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        print(figures(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000, 2, Path(folder)).markdown())

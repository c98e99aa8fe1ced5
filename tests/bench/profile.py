"""What the time of the tie-out of a million rows goes to, step by step.

python -m tests.bench.profile [ROWS]
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from tests.bench.clock import take
from tests.bench.figures import Figures
from tests.bench.reading import make_budget, make_ledger

STEPS = {
    "the cells: unpack, scan, shared strings": ("reconcile.read.load", "open_book"),
    "the tables: header, unit, amounts to 分, the role of every row": ("reconcile.read.load", "_book_tables"),
    "the entries: dates, vouchers, codes and names": ("reconcile.ledger", "_entries_of"),
    "match entries with budget projects": ("reconcile.api", "match"),
    "tie out": ("reconcile.engine", "tie_out"),
}
LOADED, CHECKED, TOLD = "the rest of the load", "every check", "findings, explanations, totals"
SHOWN = 5
CODE = """
import importlib, json, time
import reconcile
from reconcile import check

spent = {}

def timed(name, function):
    def call(*given, **named):
        begun = time.perf_counter()
        try:
            return function(*given, **named)
        finally:
            spent[name] = spent.get(name, 0) + time.perf_counter() - begun
    return call

for step, (module, name) in STEPS.items():
    held = importlib.import_module(module)
    setattr(held, name, timed(step, getattr(held, name)))
rules = {rule: rule.__name__ for rule in check.RULES}
check.RULES = tuple(timed(name, rule) for rule, name in rules.items())
begun = time.perf_counter()
ledger = reconcile.load_ledger(LEDGER)
budget = reconcile.load_budget(BUDGET)
loaded = time.perf_counter()
result = reconcile.reconcile(budget, ledger)
reconciled = time.perf_counter()
result.findings, result.checks, result.explanations, result.totals
told = time.perf_counter()
of_rules = {name: spent.pop(name) for name in rules.values() if name in spent}
with open(OUT, "w") as file:
    json.dump([loaded - begun, reconciled - loaded, told - reconciled, spent, of_rules], file)
count = len(ledger.fen)
"""


def figures(rows: int, place: Path) -> Figures:
    ledger, budget = make_ledger(place / "ledger.xlsx", rows), make_budget(place / "budget.xlsx", rows)
    out = place / "steps.json"
    taken = take(CODE, LEDGER=str(ledger), BUDGET=str(budget), OUT=str(out), STEPS=STEPS)
    assert taken.rows == rows
    load, whole, told, steps, rules = json.loads(out.read_text())
    assert set(steps) == set(STEPS), steps
    first = list(STEPS)
    lines = {name: steps[name] for name in first[:3]}
    lines[LOADED] = load - sum(lines.values())
    lines |= {name: steps[name] for name in first[3:]}
    lines[CHECKED] = sum(rules.values())
    lines["the rest of reconciling"] = whole - sum(steps[name] for name in first[3:]) - lines[CHECKED]
    lines[TOLD] = told
    total = load + whole + told
    table = [[name, f"{seconds:.2f}", f"{seconds / total:.0%}"] for name, seconds in lines.items()]
    slow = sorted(rules, key=lambda name: -rules[name])[:SHOWN]
    note = f"The slowest of {len(rules)} checks: " + ", ".join(f"{n} {rules[n]:.2f} s" for n in slow) + "."
    title = f"Where the {total:.1f} seconds of a tie-out of {rows:,} rows go, imports aside"
    return Figures(title, ("", "seconds by the clock", "share"), table, note)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        print(figures(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000, Path(folder)).markdown())

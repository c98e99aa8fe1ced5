"""How the tie-out grows with the rows of the ledger and the projects of the budget: fitted exponents, and a plot.

python -m tests.bench.growth [PLOT.png]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np

from tests.bench.clock import Taken, best
from tests.bench.figures import Figures
from tests.bench.reading import make_budget, make_ledger
from tests.bench.tieout import TIE_OUT

PLOT = Path(__file__).with_name("growth.png")
ROWS = (10_000, 100_000, 1_000_000)
PROJECTS = (10, 100, 1_000, 10_000)
ROWS_OF_PROJECTS = 100_000
EMPTY = """
import reconcile
reconcile.load_budget, reconcile.load_ledger, reconcile.reconcile
count = 0
"""


def grown(rows: int, projects: int, place: Path, rounds: int = 2) -> Taken:
    ledger = make_ledger(place / f"ledger_{rows}_{projects}.xlsx", rows, projects=projects)
    budget = make_budget(place / f"budget_{rows}_{projects}.xlsx", rows, projects)
    return best(TIE_OUT, rounds, LEDGER=str(ledger), BUDGET=str(budget))


def exponent(sizes: tuple[int, ...], costs: list[float]) -> float:
    """The slope of the costs over the sizes, both as logarithms: 1 where twice the size costs twice as much."""
    return float(np.polyfit(np.log(sizes), np.log(costs), 1)[0])


def begun() -> Taken:
    """The process with everything imported and nothing done."""
    return best(EMPTY, 3)


def seconds(found: list[Taken], start: Taken) -> list[float]:
    return [t.processor - start.processor for t in found]


def megabytes(found: list[Taken], start: Taken) -> list[float]:
    return [t.megabytes - start.megabytes for t in found]


def figures(place: Path, plot: Path = PLOT) -> Figures:
    start = begun()
    by_rows = [grown(rows, 200, place) for rows in ROWS]
    by_projects = [grown(ROWS_OF_PROJECTS, projects, place) for projects in PROJECTS]
    rows, fits = [], []
    for name, sizes, found in (("rows", ROWS, by_rows), ("projects", PROJECTS, by_projects)):
        over = (seconds(found, start), megabytes(found, start))
        for size, taken, own, memory in zip(sizes, found, *over, strict=True):
            plain = [f"{taken.processor:.2f}", f"{taken.megabytes:.0f}"]
            rows.append([f"{size:,} {name}", *plain, f"{own:.2f}", f"{memory:.0f}"])
        fits.append([exponent(sizes, costs) for costs in over])
    draw(plot, start, by_rows, by_projects)
    note = (
        f"Rows at 200 projects; projects at {ROWS_OF_PROJECTS:,} rows. Above the start of the process "
        f"({start.processor:.2f} s, {start.megabytes:.0f} MB) the fitted exponents are {fits[0][0]:.2f} for time and "
        f"{fits[0][1]:.2f} for memory over rows, {fits[1][0]:.2f} and {fits[1][1]:.2f} over projects. "
        f"![growth](../tests/bench/{plot.name})"
    )
    head = ("", "processor seconds", "MB", "seconds above the start", "MB above the start")
    return Figures("Growth", head, rows, note)


def draw(plot: Path, start: Taken, by_rows: list[Taken], by_projects: list[Taken]) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    drawing, places = pyplot.subplots(1, 2, figsize=(9, 3.6), constrained_layout=True)
    for place, name, sizes, found in zip(
        places,
        ("ledger rows (200 projects)", f"projects ({ROWS_OF_PROJECTS:,} rows)"),
        (ROWS, PROJECTS),
        (by_rows, by_projects),
    ):
        own, memory = seconds(found, start), megabytes(found, start)
        place.loglog(sizes, own, "o-", color="#1f4e79", label="processor seconds above the start")
        place.loglog(sizes, [own[-1] * s / sizes[-1] for s in sizes], ":", color="#1f4e79", alpha=0.5, label="linear")
        place.loglog(sizes, [m / 1000 for m in memory], "s--", color="#c55a11", label="GB above the start")
        place.set_xlabel(name)
        place.grid(alpha=0.3)
        place.legend(fontsize=7)
    drawing.suptitle("Tie-out, every check and explanation: cost over size")
    drawing.savefig(plot, dpi=110, metadata={"Software": ""})
    pyplot.close(drawing)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        print(figures(Path(folder), Path(sys.argv[1]) if len(sys.argv) > 1 else PLOT).markdown())

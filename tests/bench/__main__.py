"""Every figure of docs/benchmarks.md, measured in one run, as ratios side by side.

python -m tests.bench [TARGET.md]

Takes some twenty minutes, 6 GB of memory and 6 GB of disk; nothing else should run on the machine.  The peers are in the
extra `bench`.
"""

from __future__ import annotations

import datetime
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from reconcile._version import __version__
from tests.bench import growth, peers, profile, start, tieout, whole, wide
from tests.bench.figures import Figures

TARGET = Path(__file__).parents[2] / "docs" / "benchmarks.md"
PACKAGES = (
    *("pandas", "numpy", "openpyxl", "xlsxwriter", "python-calamine", "fastexcel", "pyarrow"),
    *("polars", "duckdb", "datarecon", "fastrecon"),
)
MILLION = 1_000_000
PARTS: tuple[Callable[[Path], Figures], ...] = (
    lambda place: tieout.figures(MILLION, 3, place),
    lambda place: profile.figures(MILLION, place),
    lambda place: whole.figures(100_000, 3, place),
    lambda place: whole.figures(MILLION, 2, place),
    partial(whole.annotating, MILLION),
    lambda _: start.figures(),
    growth.figures,
    lambda place: peers.figures(MILLION, 3, place),
    wide.figures,
)


def main(target: Path) -> None:
    load = os.getloadavg()[0]
    parts = []
    for part in PARTS:
        with tempfile.TemporaryDirectory() as folder:
            found = part(Path(folder)).markdown()
        print(found, flush=True)
        parts.append(found)
    target.write_text("\n".join([heading(load), *parts]), "utf-8")


def heading(load: float) -> str:
    installed = ", ".join(f"{name} {_version(name)}" for name in PACKAGES)
    return f"""# Benchmarks

Made by `python -m tests.bench` on {datetime.date.today()} with reconcile {__version__}: one run, every process alone, the
best of a few rounds taken turn by turn. {platform.platform()}, {os.cpu_count()} CPUs ({_processor()}), {_memory():.0f} GB,
Python {platform.python_version()}; {installed}. Load average before: {load:.1f}.

Seconds are by the clock, from before the imports; processor seconds are of all threads; MB are the peak of the process.
What counts is the ratios: they were measured side by side.
"""


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else ():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor()


def _memory() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET)

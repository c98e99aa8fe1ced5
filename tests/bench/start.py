"""What the start costs, beside the start of pandas.

python -m tests.bench.start
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

from tests.bench.figures import Figures

STARTS = {
    "import pandas": ("-c", "import pandas"),
    "import reconcile": ("-c", "import reconcile"),
    "import reconcile, and the names a tie-out uses": (
        "-c",
        "import reconcile as rc; rc.load_budget, rc.load_ledger, rc.reconcile",
    ),
    "reconcile --help": ("-m", "reconcile.cli", "--help"),
    "reconcile batch --help": ("-m", "reconcile.cli", "batch", "--help"),
}


def took(*arguments: str) -> tuple[float, float]:
    """Seconds by the clock and of the processor of a Python process."""
    begun = time.perf_counter()
    with subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return time.perf_counter() - begun, used.ru_utime + used.ru_stime


def figures(rounds: int = 7) -> Figures:
    turns = [{name: took(*arguments) for name, arguments in STARTS.items()} for _ in range(rounds)]
    least = {name: [min(turn[name][i] for turn in turns) for i in (0, 1)] for name in STARTS}
    base = least["import pandas"]
    rows = [
        [name, f"{s:.3f}", f"{p:.3f}", f"{s / base[0]:.2f}", f"{p / base[1]:.2f}"] for name, (s, p) in least.items()
    ]
    return Figures("The start", ("", "seconds", "processor", "time ×", "processor ×"), rows)


if __name__ == "__main__":
    print(figures().markdown())

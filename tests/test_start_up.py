"""What the start costs, beside the start of pandas, in one run: times of processors, the best of a few turns each."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

PANDAS = ["-c", "import pandas"]


def seconds(*arguments: str) -> float:
    """Processor time of a Python process."""
    with subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return used.ru_utime + used.ru_stime


def ratio(*arguments: str) -> float:
    turns = [(seconds(*arguments), seconds(*PANDAS)) for _ in range(5)]
    return min(own for own, _ in turns) / min(pandas for _, pandas in turns)


@pytest.mark.slow
@pytest.mark.measured
@pytest.mark.parametrize(
    ("arguments", "most"),
    [
        (("-c", "import reconcile"), 1.15),
        (("-m", "reconcile.cli", "--help"), 0.5),
        (("-m", "reconcile.cli", "batch", "--help"), 0.5),
        (("-c", "import reconcile as rc; rc.load_budget, rc.load_ledger, rc.reconcile"), 2.2),
    ],
)
def test_the_start_costs_little_beside_that_of_pandas(arguments: tuple[str, ...], most: float) -> None:
    assert ratio(*arguments) <= most

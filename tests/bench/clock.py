"""What a piece of Python costs in a process of its own: rows, seconds that pass, seconds of the processor, peak memory."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import NamedTuple

CHILD = """
import json, pathlib, re, resource, sys, time
globals().update(json.loads(sys.argv[1]))
{setup}
begun, used = time.perf_counter(), time.process_time()
{code}
seconds, processor = time.perf_counter() - begun, time.process_time() - used
status = pathlib.Path("/proc/self/status")
if status.exists():  # ru_maxrss begins at the parent's
    memory = int(re.search("VmHWM: *(\\d+) kB", status.read_text().expandtabs(1))[1]) / 1024
else:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print("\\n" + json.dumps([int(count), seconds, processor, memory]))
"""


class Taken(NamedTuple):
    """Rows seen, seconds by the clock and of the processor, and the peak memory of the process in MB."""

    rows: int
    seconds: float
    processor: float
    megabytes: float


def take(code: str, setup: str = "", **given: object) -> Taken:
    """Run `code`, which sets `count`, with the names given; what `setup` does before is not timed."""
    command = [sys.executable, "-c", CHILD.replace("{setup}", setup).replace("{code}", code), json.dumps(given)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Taken(*json.loads(done.stdout.splitlines()[-1]))


def best(code: str, rounds: int, setup: str = "", **given: object) -> Taken:
    """The least of each figure over a few rounds, which must see the same rows."""
    return least([take(code, setup, **given) for _ in range(rounds)])


def in_turn(ways: dict[str, str], rounds: int, **given: object) -> dict[str, Taken]:
    """Every way in its best round, taken turn by turn, so that what else the machine does strikes all alike."""
    found: dict[str, list[Taken]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, code in ways.items():
            found[name].append(take(code, **given))
    return {name: least(turns) for name, turns in found.items()}


def least(turns: list[Taken]) -> Taken:
    assert len({t.rows for t in turns}) == 1, turns
    return Taken(turns[0].rows, *(min(t[i] for t in turns) for i in (1, 2, 3)))

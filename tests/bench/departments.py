"""What a department costs in a batch, in one process, in a pool and on a local cluster, and the workbook over a province.

python -m tests.bench.departments [ROWS] [DEPARTMENTS]
"""

from __future__ import annotations

import os
import platform
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from reconcile.batch import cluster, pool, workbook
from reconcile.batch.department import departments
from reconcile.batch.job import Job, accept, carry_out_afar, packed, with_record
from reconcile.batch.outcome import Outcome
from tests.bench.reading import make_ledger
from tests.small import sheet

PROVINCE = 20_000


def make_province(top: Path, rows: int, count: int) -> Path:
    """Departments with a ledger of `rows` lines and a budget of 200 projects each."""
    first = top / "第000局"
    first.mkdir(parents=True)
    make_ledger(first / "序时账.xlsx", rows)
    projects = [["项目支出", f"P{n:04d}", f"项目{n:04d}工作经费", rows * 300] for n in range(200)]
    sheet(first / "预算.xlsx", [["单位：元"], ["支出类型", "项目代码", "项目", "年初预算"], *projects])
    for n in range(1, count):
        shutil.copytree(first, top / f"第{n:03d}局")
    return top


def timed(outcomes: Iterable[Outcome]) -> tuple[float, float, list[Outcome]]:
    """Seconds that pass, seconds of processors (of processes that ended too), and the outcomes."""
    begun, used = time.perf_counter(), _used()
    found = list(outcomes)
    return time.perf_counter() - begun, _used() - used, found


def _used() -> float:
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(r.ru_utime + r.ru_stime for r in map(resource.getrusage, who))


def _jobs(top: Path, out: Path) -> list[Job]:
    return [with_record(Job(d, str(out), year=2020)) for d in departments(str(top), str(out)).departments]


def measure(rows: int, count: int, place: Path) -> None:
    top = make_province(place / "in", rows, count)
    print(f"{platform.platform()}, {os.cpu_count()} CPUs, Python {platform.python_version()}")
    print(", ".join(f"{p} {version(p)}" for p in ("pandas", "numpy", "xlsxwriter", "openpyxl", "distributed")))
    print(f"{count} departments of {rows:,} rows; load average before: {os.getloadavg()[0]:.1f}")
    files = list((top / "第000局").iterdir())
    print(f"inputs of one: {sum(f.stat().st_size for f in files) / 1e6:.2f} MB")
    one = _jobs(top, place / "warm")[:1]
    timed(pool.outcomes(one, 1))
    lines: list[tuple[str, float, float]] = []
    seconds, used, found = timed(pool.outcomes(_jobs(top, place / "one"), 1))
    lines.append(("one process", seconds, used))
    assert not any(o.failed for o in found), found[0].message
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    made = [f for f in (place / "one" / "第000局").rglob("*") if f.is_file()]
    print(f"outputs of one: {sum(f.stat().st_size for f in made) / 1e6:.2f} MB; peak memory {memory:.0f} MB")
    seconds, used, again = timed(pool.outcomes(_jobs(top, place / "one"), 1))
    assert all(o.kept for o in again)
    lines.append(("unchanged", seconds, used))
    seconds, used, _ = timed(pool.outcomes(_jobs(top, place / "two"), 2))
    lines.append(("pool of 2", seconds, used))
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as local:
        seconds, _, _ = timed(cluster.outcomes(_jobs(top, place / "dask"), local.scheduler_address))
        lines.append(("cluster of 2", seconds, float("nan")))
    job = _jobs(top, place / "sent")[0]
    begun = time.perf_counter()
    sent = packed(job)
    packing = time.perf_counter() - begun
    _, archive = carry_out_afar(sent)
    begun = time.perf_counter()
    accept(job, archive)
    print(f"to send one: {packing:.3f} s; to put what comes back into place: {time.perf_counter() - begun:.3f} s")
    for name, seconds, used in lines:
        print(f"{name}: {seconds / count:.3f} s a department, {used / count:.3f} s of a processor")
    province = [_copy(found[0], n) for n in range(PROVINCE)]
    begun = time.perf_counter()
    path = workbook.write(province, {}, place / "consolidated.xlsx", "zh")
    print(f"workbook over {PROVINCE:,}: {time.perf_counter() - begun:.1f} s, {path.stat().st_size / 1e6:.1f} MB")


def _copy(one: Outcome, n: int) -> Outcome:
    return Outcome(f"第{n}局", f"第{n % 200}厅", f"第{n}局", year=2020, totals=one.totals, errors=n % 7)


if __name__ == "__main__":
    given = [int(a) for a in sys.argv[1:]]
    with tempfile.TemporaryDirectory() as folder:
        measure(*(given + [20_000, 4][len(given) :]), Path(folder))  # type: ignore[call-arg]

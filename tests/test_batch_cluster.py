"""Departments on a real Dask cluster: a scheduler and two workers as processes, one of them killed on the way."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from reconcile.batch import cluster, pool, storage
from tests.test_batch import budget, contents, jobs, ledger

pytest.importorskip("distributed", reason="the extra cluster is not installed")
DEPARTMENTS = 8


@dataclass(frozen=True)
class Cluster:
    address: str
    workers: list[subprocess.Popen[bytes]]


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[Cluster]:
    """A scheduler and two workers of one thread, each in a folder of its own, as on machines of their own."""
    file = tmp_path / "scheduler.json"

    def start(name: str, *arguments: str) -> subprocess.Popen[bytes]:
        call = [sys.executable, "-m", f"distributed.cli.dask_{name}", "--scheduler-file", str(file), *arguments]
        return subprocess.Popen(call, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    started = [start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")]
    try:
        while not file.exists():
            time.sleep(0.1)
        for n in (1, 2):
            place = str(tmp_path / f"worker{n}")
            options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", place)
            started.append(start("worker", *options))
        yield Cluster(json.loads(file.read_text())["address"], started[1:])
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


@pytest.fixture
def province(tmp_path: Path) -> Path:
    top = tmp_path / "各部门"
    for n in range(DEPARTMENTS):
        budget(top / f"第{n:02d}局" / "预算.xlsx")
        ledger(top / f"第{n:02d}局" / "序时账.xlsx", 50 + n)
    (top / "第03局" / "序时账.xlsx").write_bytes(b"PK\x03\x04 cut off")
    return top


def test_a_cluster_that_loses_a_worker_gives_what_one_process_gives(
    province: Path, tmp_path: Path, dask: Cluster
) -> None:
    found = []
    for one in cluster.outcomes(jobs(province, tmp_path / "cluster"), dask.address):
        found.append(one)
        if len(found) == 3:
            dask.workers[0].send_signal(signal.SIGKILL)
            dask.workers[0].wait()
    here = list(pool.outcomes(jobs(province, tmp_path / "here"), 1))
    assert sorted(found, key=lambda o: o.name) == sorted(here, key=lambda o: o.name)
    assert [o.name for o in found if o.failed] == ["第03局"]
    assert contents(tmp_path / "cluster") == contents(tmp_path / "here")

    again = list(cluster.outcomes(jobs(province, tmp_path / "cluster"), dask.address))
    assert sum(o.kept for o in again) == DEPARTMENTS - 1
    review = tmp_path / "cluster" / "第05局" / "review.xlsx"
    review.write_bytes(review.read_bytes() + b"filled in")
    ledger(province / "第05局" / "序时账.xlsx", 1)
    (province / "第06局" / "预算.xlsx").unlink()
    last = {o.name: o for o in cluster.outcomes(jobs(province, tmp_path / "cluster"), dask.address)}
    assert {n for n, o in last.items() if o.failed} == {"第03局", "第05局", "第06局"}
    assert "--force" in last["第05局"].message
    assert (tmp_path / "cluster" / "第07局" / storage.WRITTEN).is_file()

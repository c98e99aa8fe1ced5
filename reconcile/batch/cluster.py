"""Departments on a Dask cluster, each a task of its own; nothing needs a disk that its machines share."""

from __future__ import annotations

import re
import warnings
from collections import deque
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

from reconcile.batch import job as jobs_
from reconcile.batch import storage
from reconcile.batch.job import Job
from reconcile.batch.outcome import Outcome
from reconcile.finding import LoadError

RETRIES = 2
_ADDRESS = re.compile(r"(\w+://)?\S+:\d+/?")
WAIT = 30
"""Seconds that a cluster has for its first worker."""
AHEAD = 2
"""Departments given out for each thread of the cluster: their files travel with them."""


def outcomes(jobs: Sequence[Job], address: str) -> Iterator[Outcome]:
    """The outcome of every job, as they come from the scheduler at `address` (`tcp://host:8786`).

    A task whose worker is lost is run on another one; one that loses several workers is a failure.
    Raises LoadError where there is no scheduler, no worker, or one whose version of this library is another.
    """
    try:
        dask: Any = import_module("distributed")
    except ImportError as problem:
        raise LoadError("package-missing", address, problem=problem, extra="cluster") from None
    if not _ADDRESS.fullmatch(address):
        raise LoadError("not-reachable", address, problem="tcp://HOST:8786")
    try:
        client = dask.Client(address, timeout=10, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as problem:
        raise LoadError("not-reachable", address, problem=problem or type(problem).__name__) from None
    with client, warnings.catch_warnings():
        _check_workers(client, address)
        warnings.filterwarnings("ignore", message="Sending large graph")
        room = AHEAD * max(2, sum(client.nthreads().values()))
        waiting, given = deque(jobs), dict[str, Job]()
        running = dask.as_completed(loop=client.loop)
        while waiting or given:
            while waiting and len(given) < room:
                job = waiting.popleft()
                known = _here(job)
                if known is None:
                    future = client.submit(jobs_.carry_out_afar, jobs_.packed(job), pure=False, retries=RETRIES)
                    given[future.key] = job
                    running.add(future)
                else:
                    yield known
            if given:
                future = next(running)
                yield _accepted(future, given.pop(future.key))


def _check_workers(client: Any, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=WAIT)
        others = {v for v in client.run(jobs_.version).values() if v != jobs_.version()}
    except Exception as problem:
        raise LoadError("not-reachable", address, problem=str(problem) or type(problem).__name__) from None
    if others:
        told = "、".join(sorted(others))
        raise LoadError("not-reachable", address, problem=f"reconcile {told} ≠ {jobs_.version()}")


def _here(job: Job) -> Outcome | None:
    """What is known of a job without running it: that nothing changed, or that its files cannot be sent or its place
    is not free."""
    try:
        known = jobs_.unchanged(job)
        if known is None and all(not storage.is_url(f.path) for f in job.department.files):
            jobs_.check_free(job)
        return known
    except LoadError as problem:
        return job.failed(str(problem))


def _accepted(future: Any, job: Job) -> Outcome:
    """The outcome of a task, its files put into their place here."""
    problem = future.exception()
    if problem is not None:
        lost = type(problem).__name__ == "KilledWorker"
        return job.failed(str(LoadError("worker-ended", "", times=RETRIES)) if lost else f"{problem}")
    outcome: Outcome
    outcome, archive = future.result()
    try:
        if archive:
            jobs_.accept(job, archive)
    except LoadError as refused:
        return job.failed(str(refused))
    return outcome

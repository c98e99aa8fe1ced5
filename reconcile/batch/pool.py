"""Departments in a pool of processes.  A process that is killed loses nothing: what it had is run again."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool

from reconcile.batch.job import Job, carry_out
from reconcile.batch.outcome import Outcome
from reconcile.finding import LoadError

TRIES = 2
"""How often a department may end its process, or fail to reach its files, with no other beside it."""
AHEAD = 2
"""Departments given out for each process, so that none waits."""


def outcomes(jobs: Sequence[Job], workers: int) -> Iterator[Outcome]:
    """The outcome of every job, as they come.  One worker is this process itself."""
    if workers == 1:
        for job in jobs:
            yield _tried(job, carry_out)
        return
    waiting = deque(jobs)
    while waiting:
        doubtful = yield from _together(waiting, workers)
        for job in doubtful:
            yield _tried(job, _alone)


def _together(waiting: deque[Job], workers: int) -> Generator[Outcome, None, list[Job]]:
    """Take jobs off `waiting` until there are none, or until the pool breaks.

    Returns the jobs without an outcome: any of them may have broken it, or could not reach its files.
    """
    doubtful: list[Job] = []
    given: dict[Future[Outcome], Job] = {}
    with _pool(min(workers, len(waiting))) as pool:
        try:
            while waiting or given:
                while waiting and len(given) < AHEAD * workers:
                    given[pool.submit(carry_out, waiting[0])] = waiting[0]
                    waiting.popleft()
                done, _ = wait(given, return_when=FIRST_COMPLETED)
                for future in done:
                    if isinstance(future.exception(), BrokenProcessPool):
                        raise BrokenProcessPool
                    job = given.pop(future)
                    if future.exception() is None:
                        yield future.result()
                    else:
                        doubtful.append(job)
        except BrokenProcessPool:
            for future, job in given.items():
                if future.done() and not future.cancelled() and future.exception() is None:
                    yield future.result()
                else:
                    doubtful.append(job)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return doubtful


def _tried(job: Job, run: Callable[[Job], Outcome]) -> Outcome:
    """The outcome of a job, run again where a file could not be reached or its process was ended."""
    said = ""
    for _ in range(TRIES):
        try:
            return run(job)
        except BrokenProcessPool:
            said = str(LoadError("worker-ended", "", times=TRIES))
        except OSError as problem:
            said = f"{problem.filename}: {problem.strerror}" if problem.filename else str(problem)
    return job.failed(said)


def _alone(job: Job) -> Outcome:
    with _pool(1) as pool:
        return pool.submit(carry_out, job).result()


def _pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _begin)


def _begin() -> None:
    """A worker leaves a stop to the process that started it, and ends with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)

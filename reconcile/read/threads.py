"""Work on the pieces of a stream in threads, in their order, with few pieces in memory at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

import numpy as np

THREADS = 2
AHEAD = 2 * THREADS

Piece = TypeVar("Piece")
Made = TypeVar("Made")


def keep_freed_memory() -> None:
    """Have the allocator keep what is freed for the next piece.

    Memory that goes back to the system comes again page by page, which took a third of the time of a large sheet.  The
    C library keeps blocks up to the size of the largest that it has seen freed, at most 32 MB.
    """
    np.empty(31 << 20, dtype=np.uint8)


def in_threads(function: Callable[[Piece], Made], pieces: Iterable[Piece]) -> Iterator[Made]:
    """`function` of every piece, in order; the pieces themselves are made in this thread, the first before any other
    thread is started.  An error of `function` is raised where its piece would have come."""
    rest = iter(pieces)
    first = list(islice(rest, 2))
    if len(first) < 2:
        yield from map(function, first)
        return
    keep_freed_memory()
    waiting: deque[Future[Made]] = deque()
    with ThreadPoolExecutor(THREADS) as pool:
        try:
            for piece in first:
                waiting.append(pool.submit(function, piece))
            for piece in rest:
                waiting.append(pool.submit(function, piece))
                if len(waiting) > AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for one in waiting:
                one.cancel()

"""Text tables and progress for a terminal; Chinese characters count two columns."""

from __future__ import annotations

import os
import sys
import time
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager


def width(text: str) -> int:
    """Columns that a text takes in a terminal or a cell: wide East Asian characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def table(head: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Aligned columns; the positions in `right` are set right."""
    lines = [list(head), *[[str(c) for c in row] for row in rows]]
    wide = [max(width(line[i]) for line in lines) for i in range(len(head))]
    out = []
    for line in lines:
        cells = []
        for i, text in enumerate(line):
            pad = " " * (wide[i] - width(text))
            cells.append(pad + text if i in right else text + pad)
        out.append("  ".join(cells).rstrip())
    return "\n".join(out)


def say(text: str) -> None:
    """Print; that the reader has gone, as `| head` does, is no error."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class Progress:
    """What is being done, one line a step on standard error; nothing when quiet."""

    def __init__(self, quiet: bool) -> None:
        self.quiet = quiet

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        if self.quiet:
            yield
            return
        live = sys.stderr.isatty()
        start = time.monotonic()
        if live:
            print(f"{what} …", end="", file=sys.stderr, flush=True)
        try:
            yield
        except BaseException:
            if live:
                print(file=sys.stderr)
            raise
        print(f"{chr(13) if live else ''}{what} … {time.monotonic() - start:.1f} s", file=sys.stderr, flush=True)

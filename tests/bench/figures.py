"""A table of the bench as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tests.bench.clock import Taken


class Figures(NamedTuple):
    """A part of docs/benchmarks.md: what was measured, the table, and what to make of it."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""

    def markdown(self) -> str:
        parts = [f"## {self.title}", "", row(self.head), row(["---"] * len(self.head)), *map(row, self.rows)]
        return "\n".join([*parts, *(["", self.note] if self.note else []), ""])


def row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def beside(found: dict[str, Taken], base: str) -> list[list[str]]:
    """A line a way: seconds, processor, memory, and both as ratios to the way `base`."""
    return [[name, *_figures(taken, found[base])] for name, taken in found.items()]


HEAD = ("", "seconds", "processor", "MB", "time ×", "memory ×")


def _figures(taken: Taken, base: Taken) -> list[str]:
    plain = [f"{taken.seconds:.2f}", f"{taken.processor:.2f}", f"{taken.megabytes:.0f}"]
    return [*plain, f"{taken.seconds / base.seconds:.2f}", f"{taken.megabytes / base.megabytes:.2f}"]

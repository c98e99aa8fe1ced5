"""What became of a department: its totals, findings counted, and where it stopped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal

from reconcile.api import Reconciliation
from reconcile.explain.candidate import Strength
from reconcile.finding import Finding, Severity

MEASURES = ("available", "actual", "basic", "project", "unassigned")
"""The totals that are added up, as Result.tie names them."""


@dataclass(frozen=True)
class Outcome:
    """A department's result.  Money in 分, None where a part could not be read.

    errors, warnings, infos: findings that are open; settled: those that a reviewer settled for the amount they still have.
    status: `done`, or `failed` with the message.  unexplained: the largest difference of an error or a warning that
    nothing found would account for.  unused: files of its folder that were not read.  unmarked: why a source has no
    marked copy.  kept: taken over from an earlier run, for nothing has changed since.
    """

    name: str
    parent: str = ""
    folder: str = ""
    status: Literal["done", "failed"] = "done"
    message: str = ""
    year: int = 0
    last_month: int = 12
    totals: Mapping[str, int | None] = field(default_factory=dict)
    errors: int = 0
    warnings: int = 0
    infos: int = 0
    settled: int = 0
    unexplained: int = 0
    has_errors: bool = False
    unused: tuple[str, ...] = ()
    unmarked: tuple[str, ...] = ()
    kept: bool = False

    @property
    def failed(self) -> bool:
        return self.status == "failed"

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def from_json(record: Mapping[str, Any]) -> Outcome:
    """An Outcome as it was stored.  Raises KeyError or TypeError where the record is of another shape."""
    known = {f.name for f in fields(Outcome)}
    if set(record) != known:
        raise KeyError(sorted(set(record) ^ known))
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in record.items()}
    return Outcome(**values)


def of_result(name: str, parent: str, folder: str, result: Reconciliation, unmarked: list[str]) -> Outcome:
    """The outcome of a department that was tied out."""
    open_ones = [f for f in result.problems if not result.standing(f).settled]
    levels = [f.level for f in open_ones]
    return Outcome(
        name,
        parent,
        folder,
        year=result.period.year,
        last_month=result.period.last_month,
        totals={k: None if (v := result.tie.totals[k]) is None else int(v) for k in MEASURES},
        errors=levels.count(Severity.ERROR),
        warnings=levels.count(Severity.WARNING),
        infos=levels.count(Severity.INFO),
        settled=len(result.problems) - len(levels),
        unexplained=_unexplained(result, open_ones),
        has_errors=result.has_errors,
        unmarked=tuple(unmarked),
    )


def failure(name: str, parent: str, folder: str, message: str) -> Outcome:
    return Outcome(name, parent, folder, "failed", message, has_errors=True)


def _unexplained(result: Reconciliation, problems: Sequence[Finding]) -> int:
    explained = {c.key for c in result.candidates if c.strength is Strength.STRONG}
    gaps = [
        abs(f.difference)
        for f in problems
        if f.difference is not None and f.level is not Severity.INFO and f.key not in explained
    ]
    return max(gaps, default=0)

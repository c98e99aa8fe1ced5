"""What a loader saw and did not read, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconcile import wording


@dataclass(frozen=True)
class LeftOut:
    """A sheet, table, row or column that was not read.

    reason: `sheet` (no such table in it), `kind` (a table of another kind), `hidden`, `copy`, `summary`, `view`,
    `version`, `year` (a whole table), `columns` (years or versions beside the ones that are read), `rows` (of other years or
    versions), `income`, `final-accounts`, `not-posted` (rows that do not count), `superseded` (lines that a later file
    states anew).  params fill the wording `left-<reason>`.
    """

    file: str
    sheet: str
    reason: str
    params: Mapping[str, object] = field(default_factory=dict)

    def text(self, language: str = "zh") -> str:
        facts = {k: wording.render(v, language) for k, v in self.params.items()}
        place = " › ".join(p for p in (self.file, self.sheet) if p)
        return wording.fill(wording.text(f"left-{self.reason}", language), {"where": place, **facts})

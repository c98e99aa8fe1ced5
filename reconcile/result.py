"""The frozen result of a run: what every rendering shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from reconcile import explain, forecast, frames
from reconcile.budget import Budget
from reconcile.check.facts import Facts
from reconcile.contracts import Contracts
from reconcile.engine import BESIDE, MONEY, Period, TieOut
from reconcile.finding import Check, Finding, Severity
from reconcile.ledger import MONEY as ENTRY_MONEY
from reconcile.ledger import Ledger
from reconcile.match import Matched
from reconcile.money import FEN_PER_YUAN
from reconcile.moves import Moved, moved_frame
from reconcile.replies import Replies
from reconcile.settings import Settings
from reconcile.standing import Standing, Standings, gone_frame, standings, standings_frame
from reconcile.unsettled import alias_report

_INTERNAL = ["project_id", "alias"]
_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass(frozen=True)
class Result:
    """Budget and ledger tied out and checked.  `tie` and its frames are exact, in 分; properties are in yuan.

    replies: what a previous review workbook said, None without one; moved: what became of its reclassifications.
    """

    budget: Budget
    ledger: Ledger
    contracts: Contracts | None
    matched: Matched
    tie: TieOut
    outcomes: tuple[Check, ...]
    settings: Settings
    replies: Replies | None = None
    moved: tuple[Moved, ...] = ()

    @property
    def loaded(self) -> tuple[Budget | Ledger | Contracts, ...]:
        """Everything that was read."""
        return tuple(x for x in (self.budget, self.ledger, self.contracts) if x is not None)

    @property
    def period(self) -> Period:
        return self.tie.period

    @property
    def problems(self) -> tuple[Finding, ...]:
        """Every finding, the gravest first."""
        found = [f for check in self.outcomes for f in check.findings]
        return tuple(sorted(found, key=lambda f: _RANK[f.level]))

    @cached_property
    def found_by(self) -> Mapping[str, str]:
        """The check that found each finding, by its key."""
        return {f.key: check.name for check in self.outcomes for f in check.findings}

    @property
    def has_errors(self) -> bool:
        """Whether an error is open: found, and not settled by a reviewer for the amount that it has."""
        return any(f.level is Severity.ERROR and not self.standing(f).settled for f in self.problems)

    @property
    def month(self) -> str:
        """The month that the run speaks of, `YYYY-MM`: the last of the period; of a whole year that of its last entry."""
        last = self.tie.entries["date"].max() if self.period.is_whole_year else pd.NaT
        month = self.period.last_month if pd.isna(last) else last.month
        return f"{self.period.year}-{month:02d}"

    @cached_property
    def standings(self) -> Standings:
        """How every finding stands against the previous review workbook, and what that lists and this does not find."""
        places = {place for one in self.loaded for t in one.tables for place in t.places}
        return standings(self.problems, self.outcomes, self.replies, self.month, self.settings.language, places)

    def standing(self, finding: Finding) -> Standing:
        return self.standings.by_key[finding.key]

    @property
    def by_project(self) -> pd.DataFrame:
        """One row a project, those with spending and no budget too; money in yuan.

        remaining = available − actual; execution_rate = actual / available, NaN where available is 0.  recovered is a
        part of decrease; transfer, signed, is inside increase and decrease; in_transit is NaN where none is printed.
        """
        return frames.in_yuan(self.tie.by_project, (*MONEY, *BESIDE)).drop(columns="in_budget")

    @property
    def by_category(self) -> pd.DataFrame:
        """`basic` and `project`, and `other` and `undetermined` where they are not empty; share is of actual."""
        return frames.in_yuan(self.tie.by_category, (*MONEY, *BESIDE))

    @property
    def by_item(self) -> pd.DataFrame:
        """Economic classes; NaN budget where the budget has none at this level."""
        return frames.in_yuan(self.tie.by_item, MONEY)

    @property
    def by_month(self) -> pd.DataFrame:
        """Spending a month by category, the running total, its rate of the available budget, and m/12."""
        return frames.in_yuan(self.tie.by_month, ("basic", "project", "other", "undetermined", "actual", "cumulative"))

    @property
    def forecast(self) -> pd.DataFrame:
        """The position at the last month against m / 12, and the year's end on a straight line: actual ÷ m × 12.

        One row for the whole, a category, a project (`level`); money in yuan.  Nothing is known of what is to come:
        the line only says where the pace so far would lead.
        """
        exact = forecast.forecast(self.tie.by_project, self.tie.by_category, self.period)
        return frames.in_yuan(exact, forecast.MONEY)

    @property
    def unassigned(self) -> pd.DataFrame:
        """Spending entries that are in no `actual`, with the reason."""
        return frames.in_yuan(self.tie.unassigned, ENTRY_MONEY).drop(columns=_INTERNAL)

    @property
    def aliases(self) -> pd.DataFrame:
        """Every alias and what became of it, with the spending that it placed, in yuan; see unsettled.alias_report."""
        return frames.in_yuan(alias_report(self.matched, self.tie.entries), ("amount",))

    @property
    def findings(self) -> pd.DataFrame:
        """Every finding, the gravest first; expected, actual and difference in yuan.

        With a previous review workbook also how it stands (`status`, `since`, `age` in months) and the opinion that
        holds (`decision`, `note`, `person`, `decided`).
        """
        return self._findings.copy()

    @property
    def resolved(self) -> pd.DataFrame:
        """What the previous review workbook lists and this run does not find, with `status` `resolved`, or
        `not-checked` where it was not looked for; amounts in yuan, as they stood there."""
        return gone_frame(self.standings.gone)

    @property
    def reclassified(self) -> pd.DataFrame:
        """Entries that the previous review workbook reclassifies, what they were, and what became of it; amounts in
        yuan."""
        return frames.in_yuan(moved_frame(self.moved, self.matched.entries), ("amount",))

    @property
    def checks(self) -> pd.DataFrame:
        """Every check with its outcome, its rule, and the reason where it did not run."""
        return self._checks.copy()

    @property
    def explanations(self) -> pd.DataFrame:
        """What could have made a finding's difference, the strongest first; candidates, never verdicts.

        One row a candidate: `key` (of the finding), `code`, `subject`, `kind`, `strength` (`strong`, `possible`,
        `weak`), `text`, `amount` in yuan, and where it stands.
        """
        return explain.frame(self.candidates, self.problems, self.settings.language)

    @cached_property
    def facts(self) -> Facts:
        """What the rules looked at."""
        return Facts(self.budget, self.ledger, self.contracts, self.matched, self.tie, self.settings)

    @cached_property
    def candidates(self) -> tuple[explain.Candidate, ...]:
        """The explanations, in 分."""
        return explain.explain(self.facts, self.problems)

    @cached_property
    def _findings(self) -> pd.DataFrame:
        found = frames.findings_frame(self.problems, self.settings.language)
        if self.replies is None:
            return found
        stands = standings_frame([self.standing(f) for f in self.problems])
        return pd.concat([found, stands], axis="columns")

    @cached_property
    def _checks(self) -> pd.DataFrame:
        return frames.checks_frame(self.outcomes, self.settings.language)

    @property
    def totals(self) -> Mapping[str, float]:
        """Headline figures in yuan; NaN where a part could not be read or the books have none."""
        exact = self.tie.totals
        money = {k: float("nan") if v is None else v / FEN_PER_YUAN for k, v in exact.items()}
        available, actual = exact["available"], exact["actual"] or 0
        rates = {"execution_rate": actual / available if available else float("nan")}
        for name in ("basic", "project"):
            rates[f"{name}_share"] = (exact[name] or 0) / actual if actual else float("nan")
        return {**money, **rates}

    def entries(self, project: str | None = None, category: str | None = None) -> pd.DataFrame:
        """The spending entries in `actual`, of one project or category, in yuan, with their evidence.

        `project_evidence` and `category_evidence` say what decided, the confidences how far that may be trusted;
        `stated_project` is the name as the ledger writes it.
        """
        found = self.tie.entries
        if project is not None:
            found = found[found["project"] == project]
        if category is not None:
            found = found[found["category"] == category]
        out = frames.in_yuan(found, ENTRY_MONEY).drop(columns=_INTERNAL)
        return out.reset_index(drop=True)

"""The public verb `reconcile` and its result with all of its renderings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from reconcile import check, engine
from reconcile.aliases import Aliases, load_aliases
from reconcile.budget import Budget
from reconcile.check import Facts
from reconcile.check.returned import unreadable_replies
from reconcile.contracts import Contracts, load_contracts
from reconcile.ledger import Ledger
from reconcile.match import match
from reconcile.moves import reclassify
from reconcile.replies import Replies, read_replies
from reconcile.result import Result
from reconcile.settings import Settings, load

if TYPE_CHECKING:
    import pandas as pd

    from reconcile.evaluation import Evaluation
    from reconcile.write.summary import Summary


class Reconciliation(Result):
    """A result that can be shown: as a summary, a review workbook, marked sources, or in a notebook."""

    def summary(
        self,
        language: str | None = None,
        *,
        template: str | Path | None = None,
        reasons: Mapping[str, str] | None = None,
    ) -> Summary:
        """The report section, `zh` or `en`: Markdown text whose `trace` gives the workbook cell of every number.

        template: a template of the office's own, as in reconcile/data/templates.  reasons: what a person wrote, by
        the key of a finding, the name of a project, or `total`; what nobody wrote prints 【待补】 and is in `.missing`.
        """
        from reconcile.write import summary

        return summary.render(self, language or self.settings.language, template=template, reasons=reasons)

    def write_review(
        self,
        path: str | Path,
        *,
        annotated: str | Path | None = None,
        report: str | Path | None = None,
        force: bool = False,
    ) -> Path:
        """Write the review workbook; it appears whole or not at all.

        annotated: the folder that `annotate` wrote marked copies to; findings link to their cells in them.
        report: a written report, as in `check_report`; its claims and their verdicts are a sheet of their own.
        Raises LoadError where the file that is there holds replies that this result does not carry on, unless `force`.
        """
        from reconcile.write import review

        folder = Path(annotated) if annotated is not None else None
        return review.write(self, Path(path), folder, report=report, force=force)

    def annotate(self, folder: str | Path) -> list[Path]:
        """Write copies of the sources with a mark and a note at each cell that a finding names."""
        from reconcile.write import annotate

        return annotate.write(self, Path(folder))

    def evaluation(self, inputs: object = None, rubric: str | Path | None = None) -> Evaluation:
        """The performance-evaluation tables of this result; see evaluation.evaluate."""
        from reconcile.evaluation import evaluation

        return evaluation.evaluate(self, inputs, rubric or evaluation.RUBRIC)

    def compare(self, previous: object) -> pd.DataFrame:
        """What is new, persists, is resolved or was not checked again since a previous run; see compare.compare."""
        from reconcile.compare import compare

        return compare(previous, self)

    def _repr_html_(self) -> str:
        from reconcile.write import notebook

        return notebook.render(self)

    def __repr__(self) -> str:
        totals = ", ".join(f"{k} {v:,.2f}" for k, v in self.totals.items() if k in ("available", "actual", "remaining"))
        return f"Reconciliation({self.period.label('en')}: {totals}; {len(self.problems)} findings)"


def reconcile(
    budget: Budget,
    ledger: Ledger,
    *,
    year: int | None = None,
    through: str | None = None,
    contracts: Contracts | object | None = None,
    aliases: object | None = None,
    settings: Settings | str | Path | None = None,
    previous: object | None = None,
) -> Reconciliation:
    """Tie a ledger out against a budget and run every check.

    year: of the account, from the budget, then the ledger, where not given.  through: `"2020-09"`, to stop at
    a month.  contracts: Contracts or a source of them.  aliases: what the ledger calls the budget's projects, as a
    person approved it: a workbook of aliases, a returned review workbook, a DataFrame, or {ledger name: budget
    project}.  settings: Settings or the path of a reconcile.toml.  previous: a review workbook that people filled in
    and gave back (its path, or read_replies of it): its opinions are carried on, its reclassifications and matches
    applied.
    Raises LoadError for a period or settings that cannot be used.
    """
    if not isinstance(budget, Budget) or not isinstance(ledger, Ledger):
        raise TypeError("reconcile() takes what load_budget() and load_ledger() return")
    chosen = settings if isinstance(settings, Settings) else load(settings) if settings else Settings()
    known = (
        contracts
        if contracts is None or isinstance(contracts, Contracts)
        else load_contracts(contracts, layout=chosen.layout.contracts)
    )
    period = engine.period_of(year, through, budget, ledger)
    budget = budget.declared(chosen.carryover_included)
    replies = None if previous is None else read_replies(previous)
    matched = match(budget, ledger, _aliases(aliases, replies))
    matched, moved = reclassify(matched, replies.moves if replies else ())
    tie = engine.tie_out(budget, ledger, matched, period)
    facts = Facts(budget, ledger, known, matched, tie, chosen)
    outcomes = check.run(facts) if replies is None else (*check.run(facts), unreadable_replies(replies, moved))
    return Reconciliation(budget, ledger, known, matched, tie, outcomes, chosen, replies, moved)


def _aliases(given: object | None, replies: Replies | None) -> Aliases | None:
    """Aliases that were given, and those of the workbook that came back."""
    own = None if given is None else load_aliases(given)
    if replies is None:
        return own
    return Aliases(
        (*(own.rows if own else ()), *replies.aliases.rows), (*(own.books if own else ()), *replies.aliases.books)
    )

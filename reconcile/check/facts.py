"""What every rule may look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reconcile import wording
from reconcile.budget import Budget
from reconcile.contracts import Contracts
from reconcile.engine import TieOut
from reconcile.finding import Origin
from reconcile.ledger import Ledger
from reconcile.match import Matched
from reconcile.settings import Settings


@dataclass(frozen=True)
class Facts:
    budget: Budget
    ledger: Ledger
    contracts: Contracts | None
    matched: Matched
    tie: TieOut
    settings: Settings

    @property
    def loaded(self) -> tuple[Budget | Ledger | Contracts, ...]:
        """Everything that was read."""
        return tuple(x for x in (self.budget, self.ledger, self.contracts) if x is not None)

    def budget_origin(self, project: str) -> Origin:
        """Where the budget's first line of a project stands."""
        lines = self.budget.fen[self.budget.fen["project"] == project]
        if not len(lines):
            return Origin()
        line = lines.iloc[0]
        table = next((t for t in self.budget.tables if (line["file"], line["sheet"]) in t.places), None)
        column = 0
        if table is not None:
            name = next((f for f in ("available", "amount", "original", "carryover") if f in table.header.columns), "")
            column = table.header.columns[name].position + 1 if name else 0
        return Origin(str(line["file"]), str(line["sheet"]), int(line["row"]), column)

    def entry_origin(self, entry: Any) -> Origin:
        """Where a ledger entry stands, at its amount's cell."""
        file, sheet, row = str(entry.file), str(entry.sheet), int(entry.row)
        table = next((t for t in self.ledger.tables if (file, sheet) in t.places), None)
        column = 0
        if table is not None:
            side = "credit" if entry.debit == 0 and entry.credit else "debit"
            name = next((f for f in (side, "amount", "debit") if f in table.header.columns), "")
            column = table.header.columns[name].position + 1 if name else 0
        return Origin(file, sheet, row, column)

    def category_name(self, category: str) -> str:
        return wording.text(f"category-{category}", self.settings.language)


def voucher_subject(entry: Any) -> str:
    """`YYYY-MM voucher`, the subject of a finding about a voucher."""
    date = entry.date
    month = f"{date:%Y-%m}" if date == date and date is not None else "????-??"
    return f"{month} {entry.voucher}".strip()

"""The parts of a figure: vouchers of a project, items of a total, lines of a voucher, each with its place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile import wording
from reconcile.check.facts import Facts, voucher_subject
from reconcile.finding import Origin
from reconcile.ledger import voucher_groups

ORDERED_AMONG = 20_000
"""Above so many rows parts stay in the order of the file: what is found there does not depend on it, only its wording."""
_CONTENT = ["date", "voucher", "memo", "payee", "amount", "file", "sheet", "row"]
_FIRST = ["date", "voucher", "memo", "payee", "debit", "credit", "file", "sheet", "row"]


@dataclass(frozen=True)
class Parts:
    """Parts of one figure, in an order that depends on what they say and not on where they stand.

    frame: `amount` in 分 and what names a part: a `label`, or the fields of a ledger entry.
    """

    facts: Facts
    frame: pd.DataFrame

    @cached_property
    def amounts(self) -> npt.NDArray[np.int64]:
        return np.asarray(self.frame["amount"], dtype=np.int64)

    def __len__(self) -> int:
        return len(self.frame)

    def name(self, at: int) -> str:
        row = self._row(at)
        return str(row.label) if "label" in self.frame else voucher_subject(row)

    def origin(self, at: int) -> Origin:
        row = self._row(at)
        if "cell_column" in self.frame:
            return Origin(str(row.file), str(row.sheet), int(row.row), int(row.cell_column))
        return self.facts.entry_origin(row)

    def memo(self, at: int) -> str:
        return str(self._row(at).memo) if "memo" in self.frame else ""

    def date(self, at: int) -> dt.date | None:
        date = self._row(at).date if "date" in self.frame else None
        return None if date is None or pd.isna(date) else date.date()

    def named(self, places: Sequence[int]) -> dict[str, str]:
        """`记-1 60.00元、记-2 40.00元`."""
        return {
            lang: comma.join(f"{self.name(i)} {wording.amount(int(self.amounts[i]), lang)}" for i in places)
            for lang, comma in (("zh", "、"), ("en", ", "))
        }

    def twin(self, at: int) -> int | None:
        """Another part of the same amount, payee and memo; of a voucher without either there is none."""
        if "memo" not in self.frame:
            return None
        row = self._row(at)
        if not row.memo and not row.payee:
            return None
        same = (self.amounts == row.amount) & (self.frame["memo"] == row.memo) & (self.frame["payee"] == row.payee)
        others = [int(i) for i in np.flatnonzero(same.to_numpy()) if int(i) != at]
        return others[0] if others else None

    def days_between(self, one: int, other: int) -> float:
        """Days between two parts; infinite where one has no date."""
        if "date" not in self.frame:
            return float("inf")
        days = abs(self._row(one).date - self._row(other).date)
        return float("inf") if pd.isna(days) else days.days

    def _row(self, at: int) -> Any:
        return next(self.frame.iloc[[at]].itertuples(index=False))


def vouchers(facts: Facts, entries: pd.DataFrame) -> Parts:
    """Entries added up by voucher (each voucherless entry for itself); what adds to 0 is no part."""
    if not len(entries):
        return Parts(facts, entries.assign(amount=entries["amount"].astype("int64")))
    group = voucher_groups(entries)
    alone = (entries["voucher"] == "").to_numpy()
    group = np.where(alone, -1 - np.arange(len(entries)), group)
    grouped = _ordered(entries.assign(group=group)).groupby("group", sort=False)
    frame = grouped[_FIRST].first().assign(amount=grouped["amount"].sum())
    return Parts(facts, _ordered(frame[frame["amount"] != 0]))


def lines(facts: Facts, entries: pd.DataFrame, column: str) -> Parts:
    """Ledger lines by one of their sides, `debit` or `credit`, or by their effect debit − credit (`net`)."""
    amount = entries["debit"] - entries["credit"] if column == "net" else entries[column]
    frame = entries.assign(amount=amount, label=_labels(entries))
    return Parts(facts, _ordered(frame[frame["amount"] != 0]))


def _ordered(frame: pd.DataFrame) -> pd.DataFrame:
    if len(frame) <= ORDERED_AMONG:
        frame = frame.sort_values(_CONTENT, kind="stable", na_position="last")
    return frame.reset_index(drop=True)


def _labels(entries: pd.DataFrame) -> pd.Series:
    return (
        entries["memo"] + " " + entries["account"].where(entries["account"] != "", entries["account_code"])
    ).str.strip()


def items(facts: Facts, budget_lines: pd.DataFrame, column: str) -> Parts:
    """Budget lines by one amount of their chain; lines whose amount cannot be read, or is 0, are no parts."""
    known = budget_lines[budget_lines[column].notna() & (budget_lines[column] != 0).fillna(False)]
    label = known["project"].where(known["project"] != "", known["item"])
    frame = pd.DataFrame(
        {
            "amount": known[column].astype("int64"),
            "label": label.where(label != "", known["economic_code"]),
            "file": known["file"],
            "sheet": known["sheet"],
            "row": known["row"],
        }
    )
    frame["cell_column"] = [
        facts.origin(f, s, int(r), column, "amount", "available", "original", kind="budget").column
        for f, s, r in frame[["file", "sheet", "row"]].itertuples(index=False, name=None)
    ]
    return Parts(facts, frame.sort_values(["label", "amount", "file", "sheet", "row"]).reset_index(drop=True))

"""What every rule may look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile import codes, frames, wide, wording
from reconcile.budget import Budget
from reconcile.check.agreement import Agreement, agreements
from reconcile.check.memo_text import Memos
from reconcile.check.originals import originals
from reconcile.check.payments import Payments, meet
from reconcile.classes import ByClass, ClassLine, Scope, by_class
from reconcile.contracts import Contracts
from reconcile.engine import TieOut
from reconcile.finding import Origin
from reconcile.ledger import Ledger, voucher_groups
from reconcile.match import Matched
from reconcile.read import words
from reconcile.read.table import Table
from reconcile.settings import Settings
from reconcile.stated import printed_unit
from reconcile.unsettled import Unsettled, unsettled


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

    @cached_property
    def unsettled(self) -> tuple[Unsettled, ...]:
        """What a person must settle of the matching."""
        return unsettled(self.matched, self.tie.entries)

    @cached_property
    def memos(self) -> Memos:
        """The memos of the entries in `actual`."""
        return Memos.of(self.tie.entries)

    @cached_property
    def classes(self) -> tuple[npt.NDArray[np.int64], list[str]]:
        """(the economic class of each entry in `actual`, as a position among the classes there are; these): by name
        where only the name is given, '' where neither says one."""
        entries = self.tie.entries
        pairs = wide.grouped(entries, ("economic_code", "item"))
        first = entries[["economic_code", "item"]].iloc[pairs.first]
        known = [_class(codes.segments(c), i) for c, i in first.itertuples(index=False, name=None)]
        at, distinct = pd.factorize(np.array(known, dtype=object))
        return np.asarray(at[pairs.of], dtype=np.int64), [str(c) for c in distinct]

    @cached_property
    def by_class(self) -> ByClass:
        """Budget and spending by economic class, where lines carry one."""
        return by_class(self.budget, self.matched, self.tie.entries)

    @cached_property
    def _places(self) -> Mapping[tuple[str, str, str], Table]:
        tables = [(kind, t) for one in reversed(self.loaded) for t in reversed(one.tables) for kind in ("", t.kind)]
        return {(kind, *place): t for kind, t in tables for place in t.places}

    @cached_property
    def _first_lines(self) -> Mapping[str, tuple[str, str, int]]:
        first = self.budget.fen.drop_duplicates("project").set_index("project")[["file", "sheet", "row"]]
        return dict(zip(first.index, first.itertuples(index=False, name=None)))

    @cached_property
    def agreements(self) -> tuple[Agreement, ...]:
        """The contracts, none without a register."""
        return () if self.contracts is None else agreements(self.contracts.fen, self.contracts.tables)

    @cached_property
    def payments(self) -> Payments:
        """What the ledger paid on the contracts, to the end of the period; earlier years' entries count too.

        `at` of its lines: the entry's position in `tie.entries`, or −1 − its position in `tie.unassigned`.
        """
        if self.contracts is None:
            raise ValueError("no register of contracts")
        later = ("after-through",) if self.tie.period.is_whole_year else ("after-through", "after-year")
        entries, apart = self.tie.entries, self.tie.unassigned
        apart = apart.assign(at=-1 - np.arange(len(apart)))
        spent = [entries.assign(at=np.arange(len(entries))), apart[~apart["reason"].isin(later)].drop(columns="reason")]
        return meet(self.contracts.fen, pd.concat(spent, ignore_index=True), self._project_keys)

    @property
    def _project_keys(self) -> dict[str, str]:
        """Normalised names, codes and approved aliases of projects to the normalised name in the budget."""
        projects, entries = self.matched.projects, self.matched.entries
        keys = projects["project"].map(words.project_key)
        approved = entries.loc[entries["project_evidence"] == "approved-alias", ["stated_project", "project"]]
        found = {words.project_key(s): words.project_key(p) for s, p in approved.drop_duplicates().to_numpy()}
        found |= {codes.segments(c): k for c, k in zip(projects["project_code"], keys, strict=True)}
        found |= dict(zip(keys, keys, strict=True))
        found.pop("", None)
        return found

    def budget_origin(self, project: str) -> Origin:
        """Where the budget's first line of a project stands, at its amount; no place for a project without one."""
        file, sheet, row = self._first_lines.get(project, ("", "", 0))
        fields = ("available", "amount", "original", "carryover")
        return self.origin(file, sheet, row, *fields, kind="budget") if row else Origin()

    def line_origin(self, at: int, *fields: str) -> Origin:
        """Where a line of budget.fen stands, at the first of `fields`, else at its amount."""
        line = self.budget.fen.loc[at]
        fields = (*fields, "available", "amount", "original", "carryover")
        return self.origin(line["file"], line["sheet"], int(line["row"]), *fields, kind="budget")

    def header_of(self, file: str, sheet: str, field: str) -> str:
        """What a budget table's column of a field is headed, '' where it has none."""
        table = self._places.get(("budget", file, sheet))
        column = table.header.columns.get(field) if table is not None else None
        return column.header if column else ""

    def original_of(self, at: int) -> int | None:
        """The original budget of a line of budget.fen, None where it cannot be read."""
        value = self.budget.fen.loc[at, "original"]
        return None if value is pd.NA else int(value)

    def class_origin(self, line: ClassLine) -> Origin:
        """Where a class's budget line stands, else the first entry that was spent on it."""
        return self.line_origin(line.at) if line.planned else self.entry_origin(self.tie.entries.iloc[line.at])

    def spending_origin(self, project: str) -> Origin:
        """Where the first entry on a name stands; no place where there is none."""
        at = self._first_spent.get(project)
        return Origin() if at is None else self.entry_origin(self.tie.entries.iloc[at])

    @cached_property
    def _first_spent(self) -> Mapping[str, int]:
        names = wide.grouped(self.tie.entries, ("project",))
        shown = wide.texts_at(self.tie.entries, "project", names.first)
        return dict(zip(shown.tolist(), names.first.tolist(), strict=True))

    def category_origin(self, category: str) -> Origin:
        """Where the first entry of a category stands; no place where there is none."""
        own = np.flatnonzero(wide.equal(self.tie.entries, "category", category))
        return self.entry_origin(self.tie.entries.iloc[own[0]]) if len(own) else Origin()

    def scope_name(self, scope: Scope) -> str:
        """The project of a scope as the budget writes it, else its category."""
        category, project = scope
        return str(self.matched.projects["project"].iloc[project]) if project >= 0 else self.category_name(category)

    @cached_property
    def unnamed(self) -> bool:
        """Whether there is project spending and none of it names any project: by project nothing can be told."""
        entries = self.tie.entries
        own = wide.equal(entries, "category", "project")
        named = (entries["project_id"] >= 0).to_numpy() | wide.filled(entries, "project")
        return bool(own.any()) and not bool((own & named).any())

    def fixed_prices(self, project: str) -> int:
        """What contracts agree for a project, in 分; 0 where one of them settles by actual use or states no price."""
        own = [a for a in self.agreements if words.project_key(a.project) == words.project_key(project)]
        return 0 if any(a.by_actual or a.price is None for a in own) else sum(a.price or 0 for a in own)

    def entry_origin(self, entry: Any) -> Origin:
        """Where a ledger entry stands, at its amount's cell."""
        side = "credit" if entry.debit == 0 and entry.credit else "debit"
        return self.entry_cell(entry, side, "amount", "debit")

    def entry_cell(self, entry: Any, *fields: str) -> Origin:
        """Where a ledger entry stands, at the first of `fields` that its table has a column of."""
        return self.origin(str(entry.file), str(entry.sheet), int(entry.row), *fields, kind="ledger")

    def origin(self, file: str, sheet: str, row: int, *fields: str, kind: str = "") -> Origin:
        """A row of a file, at the first of `fields` that its table (of `kind`, where given) has a column of."""
        table = self._places.get((kind, file, sheet))
        columns = table.header.columns if table is not None else {}
        name = next((f for f in fields if f in columns), "")
        return Origin(str(file), str(sheet), int(row), columns[name].position + 1 if name else 0)

    def in_period(self, entries: pd.DataFrame) -> npt.NDArray[np.bool_]:
        """Which entries are dated in the year and not after the last month."""
        period = self.tie.period
        month = entries["date"].to_numpy(dtype="datetime64[M]")
        first = np.datetime64(f"{period.year}-01", "M")
        return np.asarray((month >= first) & (month < first + period.last_month), dtype=bool)

    def not_after(self, entries: pd.DataFrame) -> npt.NDArray[np.bool_]:
        """Which entries are not dated after the last month of the period: undated ones and earlier years too."""
        period = self.tie.period
        end = pd.Timestamp(period.year, period.last_month, 1) + pd.offsets.MonthEnd()
        return ~np.asarray(entries["date"].to_numpy(dtype="datetime64[D]") > np.datetime64(end, "D"), dtype=bool)

    @cached_property
    def spending(self) -> pd.DataFrame:
        """Spending entries of the period and before it, undated ones too, in 分: what a reversal may look back on."""
        return frames.kept(self.matched.entries, self.not_after(self.matched.entries))

    @cached_property
    def originals(self) -> npt.NDArray[np.int64]:
        """For every row of `spending` the row of the payment that it takes back, −1 for none."""
        return originals(self.spending)

    def printed_unit(self, origin: Origin, kind: str) -> int:
        """The 分 that the last printed digit of a money cell stands for; 1 where the place is unknown."""
        table = self._places.get((kind, origin.file, origin.sheet))
        columns = table.header.columns if table is not None else {}
        field = next((f for f, c in columns.items() if c.position + 1 == origin.column), "")
        return printed_unit(table, field) if table is not None and field in table.money else 1

    def category_name(self, category: str) -> str:
        return wording.text(f"category-{category}", self.settings.language)


def _class(code: str, name: str) -> str:
    if code:
        return code if code in codes.economic_classes() else ""
    return codes.economic_by_name().get(words.normalise(name), "")


def voucher_ids(entries: pd.DataFrame) -> npt.NDArray[np.int64]:
    """An integer a voucher; a line without a voucher number is one of its own."""
    groups = np.asarray(voucher_groups(entries), dtype=np.int64)
    bare = ~wide.filled(entries, "voucher")
    return np.where(bare, -1 - np.arange(len(entries)), groups)


def voucher_subject(entry: Any) -> str:
    """`YYYY-MM voucher`, the subject of a finding about a voucher."""
    date = entry.date
    month = f"{date:%Y-%m}" if date == date and date is not None else "????-??"
    return f"{month} {entry.voucher}".strip()

"""The tie-out: budgeted against actual per project, category, item and month.  Integers throughout."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile import codes, frames, wide, wording
from reconcile.accounts import account_kind
from reconcile.budget import Budget
from reconcile.chain import PARTS
from reconcile.classes import class_key, class_names
from reconcile.finding import LoadError
from reconcile.ledger import Ledger
from reconcile.match import NO_PROJECT, Matched, line_projects

CATEGORIES = ("basic", "project", "other", "undetermined")
MONEY = (*frames.CHAIN, "actual", "remaining")
BESIDE = (*PARTS, "in_transit")
"""What stands beside the chain: `recovered` and `transfer` are inside it, `in_transit` is `<NA>` where none is printed."""


@dataclass(frozen=True)
class Period:
    """The year, and the last month that counts (12 for the whole year)."""

    year: int
    last_month: int = 12

    @property
    def is_whole_year(self) -> bool:
        return self.last_month == 12

    def label(self, language: str = "zh") -> str:
        if self.is_whole_year:
            return f"{self.year}年" if language == "zh" else str(self.year)
        last = f"{self.year}-{self.last_month:02d}"
        return f"{self.year}年1月至{self.last_month}月" if language == "zh" else f"{self.year}-01 to {last}"


@dataclass(frozen=True)
class TieOut:
    """Frames in 分 (nullable Int64, `<NA>` where a budget cell could not be read) and exact totals."""

    period: Period
    by_project: pd.DataFrame
    by_category: pd.DataFrame
    by_item: pd.DataFrame
    by_month: pd.DataFrame
    entries: pd.DataFrame
    unassigned: pd.DataFrame
    totals: Mapping[str, int | None]


def period_of(year: int | None, through: str | None, budget: Budget, ledger: Ledger) -> Period:
    """The period that is asked for; the year from the budget, then the ledger, where none is given."""
    last_month = 12
    if through is not None:
        found = re.fullmatch(r"((?:19|20)\d\d)-(\d{1,2})", str(through))
        if not found or not 1 <= int(found[2]) <= 12 or (year and year != int(found[1])):
            raise LoadError("bad-through", "", value=through)
        year, last_month = int(found[1]), int(found[2])
    year = year or budget.year or ledger.year
    if not year:
        raise LoadError("no-year", "")
    return Period(year, last_month)


def tie_out(budget: Budget, ledger: Ledger, matched: Matched, period: Period) -> TieOut:
    """Add up what was budgeted and what was spent; every spending entry is in exactly one place."""
    reason = _outside(matched.entries, ledger, period)
    entries = frames.kept(matched.entries, reason == "")
    unassigned = frames.kept(matched.entries, reason != "")
    unassigned = unassigned.assign(reason=pd.Series(reason[reason != ""], dtype="str"))
    by_project = _by_project(budget, matched, entries)
    by_category = _by_category(budget, entries)
    return TieOut(
        period,
        by_project,
        by_category,
        _by_item(budget, entries),
        _by_month(by_category, entries, period),
        entries,
        unassigned,
        _totals(budget, ledger, by_category, unassigned, period),
    )


def _outside(entries: pd.DataFrame, ledger: Ledger, period: Period) -> np.ndarray:
    """Why an entry is not in the period, '' where it is; tables without any date count whole."""
    date = pd.DatetimeIndex(entries["date"])
    undated_tables = {
        place for t in ledger.tables if not {"date", "month", "period"} & set(t.header.columns) for place in t.places
    }
    reason = np.full(len(entries), "", dtype=object)
    reason[np.asarray(date.year < period.year)] = "before-year"
    reason[np.asarray(date.year > period.year)] = "after-year"
    reason[np.asarray((date.year == period.year) & (date.month > period.last_month))] = "after-through"
    missing = np.asarray(date.isna())
    if undated_tables:
        places = list(zip(entries["file"], entries["sheet"]))
        missing &= np.array([p not in undated_tables for p in places], dtype=bool)
    reason[missing] = "undated"
    return reason


def _sums(frame: pd.DataFrame, by: list[str], columns: tuple[str, ...]) -> pd.DataFrame:
    """Exact sums by group, in order of first appearance; one unreadable part makes the sum unreadable."""
    wanted = list(columns)
    sums = frame.groupby(by, sort=False, dropna=False)[wanted].sum().astype("Int64")
    if frame[wanted].isna().any(axis=None):
        missing = frame.assign(**{c: frame[c].isna() for c in columns})
        sums = sums.mask(missing.groupby(by, sort=False, dropna=False)[wanted].any())
    return sums


def _spent(entries: pd.DataFrame, by: list[str], rows: npt.NDArray[np.int64] | None = None) -> pd.DataFrame:
    """The distinct keys of some entries, in the order of their first rows, and the `amount` spent on each."""
    alike = wide.grouped(entries, by, rows)
    amount = entries["amount"].to_numpy()
    first, amount = (alike.first, amount) if rows is None else (rows[alike.first], amount[rows])
    spent = wide.plain(entries[by].iloc[first]).reset_index(drop=True)
    return spent.assign(amount=pd.array(alike.sums(amount), dtype="Int64"))


def _completed(frame: pd.DataFrame) -> pd.DataFrame:
    """Fill what a side lacks with 0, and add remaining and execution rate."""
    out = frame.copy()
    for name in (*frames.CHAIN, "actual"):
        if name not in out:
            out[name] = pd.array([0] * len(out), dtype="Int64")
    out["remaining"] = out["available"] - out["actual"]
    out["execution_rate"] = rate(out["actual"], out["available"])
    return out


def rate(part: pd.Series, whole: pd.Series) -> pd.Series:
    """part / whole, NaN where the whole is 0 or not known."""
    known = whole.astype("Float64").to_numpy(dtype="float64", na_value=np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = part.astype("Float64").to_numpy(dtype="float64", na_value=np.nan) / known
    return pd.Series(np.where(known == 0, np.nan, found), index=part.index)


def _by_project(budget: Budget, matched: Matched, entries: pd.DataFrame) -> pd.DataFrame:
    projects = matched.projects
    lines = budget.fen.assign(project_id=line_projects(budget, projects))
    planned = _sums(lines[lines["project_id"] != NO_PROJECT], ["project_id"], (*frames.CHAIN, *BESIDE))
    table = projects[["category", "project_code", "project"]].join(planned)
    table["in_budget"], table["unsettled"] = True, False
    named = np.flatnonzero(wide.filled(entries, "project") | wide.equal(entries, "category", "project"))
    spent = _spent(entries, ["category", "project_id", "project_code", "project"], named)
    nature = projects["category"].reindex(spent["project_id"]).to_numpy()
    own = (spent["project_id"] != NO_PROJECT) & (spent["category"] == nature)
    table["actual"] = spent[own].set_index("project_id")["amount"].reindex(table.index).fillna(0).astype("Int64")
    extra = spent[~own].rename(columns={"amount": "actual"})
    contested = {(code, name) for _, code, name in matched.contested}
    pairs = zip(extra["project_code"], extra["project"], strict=True)
    extra["unsettled"] = (extra["project_id"] != NO_PROJECT) | np.array([p in contested for p in pairs], dtype=bool)
    by = ["category", "project_code", "project"]
    extra = extra.groupby(by, as_index=False, sort=True).agg({"actual": "sum", "unsettled": "any"})
    extra["project"] = extra["project"].where(extra["project"] != "", wording.text("no-project"))
    for name in (*frames.CHAIN, *PARTS):
        extra[name] = pd.array([0] * len(extra), dtype="Int64")
    extra["in_transit"] = pd.array([pd.NA] * len(extra), dtype="Int64")
    extra["in_budget"] = False
    table = pd.concat([table, extra], ignore_index=True) if len(extra) else table
    table = _completed(table.reset_index(drop=True))
    table["status"] = pd.Series([_status(r) for r in table.itertuples()], dtype="str")
    order = ["category", "project_code", "project", *MONEY, "execution_rate", "status", *BESIDE, "in_budget"]
    return table[order]


def _status(row: Any) -> str:
    available, actual = row.available, row.actual
    if available is pd.NA:
        return "unreadable-budget"
    if not row.in_budget:
        return "unsettled" if row.unsettled else "not-in-budget"
    if available == 0:
        return "no-budget" if actual else "budget-zero"
    if actual == 0:
        return "no-spending"
    if actual > available:
        return "over-budget"
    return "spent-exactly" if actual == available else "within-budget"


def _by_category(budget: Budget, entries: pd.DataFrame) -> pd.DataFrame:
    planned = _sums(budget.fen, ["category"], (*frames.CHAIN, *BESIDE))
    spent = _spent(entries, ["category"]).set_index("category")["amount"]
    present = [
        c
        for c in CATEGORIES
        if c in ("basic", "project") or c in planned.index or spent.get(c, 0) != 0 or (c in spent.index)
    ]
    table = planned.reindex(present)
    for name in (*frames.CHAIN, *PARTS):
        missing = ~table.index.isin(planned.index)
        table[name] = table[name].astype("Int64").mask(missing, 0)
    table["actual"] = spent.reindex(present).fillna(0).astype("Int64")
    table = _completed(table.rename_axis("category").reset_index())
    total = table["actual"].sum()
    table["share"] = table["actual"].astype("float64") / total if total else np.nan
    return table[["category", *MONEY, "execution_rate", "share", *BESIDE]]


def _by_item(budget: Budget, entries: pd.DataFrame) -> pd.DataFrame:
    """Economic classes of basic spending, and of every project; budget where its lines carry a class.

    Where the budget has a group of basic spending (公用经费) in one line, no class in it has a budget of its own, nor does
    that line have anything left: both are `<NA>`.
    """
    keys = ["category", "project", "economic_code"]
    lines = budget.fen[(budget.fen["economic_code"] != "") | (budget.fen["item"] != "")]
    spent = _spent(entries, [*keys, "item"])
    named = class_names(lines, spent)

    def keyed(frame: pd.DataFrame) -> pd.Series:
        pairs = zip(frame["economic_code"], frame["item"], strict=True)
        return pd.Series([class_key(str(c), str(i), named) for c, i in pairs], index=frame.index, dtype="str")

    lines = lines.assign(economic_code=keyed(lines))
    spent = spent.assign(economic_code=keyed(spent), project=spent["project"].where(spent["category"] != "basic", ""))
    lines = lines.assign(project=lines["project"].where(lines["category"] != "basic", ""))
    planned = _sums(lines, keys, frames.CHAIN)
    actual = _sums(spent, keys, ("amount",))["amount"].rename("actual")
    table = planned.join(actual, how="outer").astype("Int64").reset_index()
    unplanned = table["available"].isna() & ~table.set_index(keys).index.isin(planned.index)
    stated = lines[lines["category"] == "basic"].drop_duplicates("economic_code").set_index("economic_code")["group"]
    table["group"] = [
        (codes.group_of(c) or str(stated.get(c, ""))) if k == "basic" else ""
        for k, c in zip(table["category"], table["economic_code"])
    ]
    whole = (table["category"] == "basic") & ~table["economic_code"].str[:1].str.isdigit() & (table["group"] != "")
    shared = unplanned & table["group"].isin(set(table.loc[whole, "group"]))
    for name in frames.CHAIN:
        table[name] = table[name].mask(unplanned & (table["category"] == "basic") & ~shared, 0)
    table["actual"] = table["actual"].fillna(0)
    called = {code: item for item, code in reversed(named.items())}
    table["item"] = [called.get(c) or codes.economic_name(c) or c for c in table["economic_code"]]
    rank = table["category"].map({c: i for i, c in enumerate(CATEGORIES)})
    spread = whole & table["group"].isin(set(table.loc[shared, "group"]))
    table = _completed(table.assign(rank=rank))
    table["remaining"] = table["remaining"].mask(spread)
    table["execution_rate"] = table["execution_rate"].mask(spread)
    table = table.sort_values(["rank", "project", "economic_code"]).reset_index(drop=True)
    return table[["category", "group", "project", "economic_code", "item", *MONEY, "execution_rate"]]


def _by_month(by_category: pd.DataFrame, entries: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Month by month: each category's spending, the running total and its rate against m/12."""
    month = pd.DatetimeIndex(entries["date"]).month
    rows = []
    available, running = by_category["available"].sum(skipna=False), 0
    grouped = entries.groupby([month, "category"])["amount"].sum() if len(entries) else pd.Series(dtype="int64")
    for m in range(1, period.last_month + 1):
        spent = {c: int(grouped.get((m, c), 0)) for c in CATEGORIES}
        actual = sum(spent.values())
        running += actual
        rate = running / int(available) if available is not pd.NA and available else float("nan")
        rows.append(
            {
                "month": f"{period.year}-{m:02d}",
                **spent,
                "actual": actual,
                "cumulative": running,
                "execution_rate": rate,
                "schedule": m / 12,
            }
        )
    return pd.DataFrame(rows)


def _totals(
    budget: Budget, ledger: Ledger, by_category: pd.DataFrame, unassigned: pd.DataFrame, period: Period
) -> dict[str, int | None]:
    def total(name: str) -> int | None:
        value = by_category[name].sum(skipna=False)
        return None if value is pd.NA else int(value)

    spent = by_category.set_index("category")["actual"]
    totals: dict[str, int | None] = {name: total(name) for name in MONEY}
    totals |= {c: int(spent.get(c, 0)) for c in CATEGORIES}
    totals["unassigned"] = int(unassigned["amount"].sum())
    totals["income"] = income(ledger, period)
    return totals


def income(ledger: Ledger, period: Period) -> int | None:
    """Budget income (6xxx, credit − debit) of the period without closing vouchers; None where the ledger has none."""
    rows = income_rows(ledger, period)
    return None if rows is None else int((rows["credit"] - rows["debit"]).sum())


def income_rows(ledger: Ledger, period: Period) -> pd.DataFrame | None:
    """The rows of the ledger that income() adds up; None where the ledger has no account of income."""
    from reconcile.ledger import closing_lines

    kinds = wide.each(ledger.fen, "account_code", lambda v: account_kind(v)[0])
    mask = kinds == "income"
    if not mask.any():
        return None
    date = pd.DatetimeIndex(ledger.fen["date"])
    mask &= np.asarray((date.year == period.year) & (date.month <= period.last_month))
    group = closing_lines(ledger.fen.assign(debit=ledger.fen["credit"], credit=ledger.fen["debit"]), kinds)
    return ledger.fen[mask & ~group]

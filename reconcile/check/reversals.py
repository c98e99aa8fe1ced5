"""Rules about spending that is taken back: reversals without original, at year's end, and what was never paid."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile import codes, wide, wording
from reconcile.accounts import account_kind
from reconcile.check import memo_text
from reconcile.check.facts import Facts, voucher_ids, voucher_subject
from reconcile.check.many import at_most, largest, vouchers_of
from reconcile.check.numbering import numbers
from reconcile.check.originals import NONE, payee_keys, project_keys
from reconcile.finding import Check, Finding, Severity
from reconcile.groups import Groups
from reconcile.money import FEN_PER_YUAN
from reconcile.read import columns as text
from reconcile.read import words
from reconcile.wording import Amount

Mask = npt.NDArray[np.bool_]
DECEMBER = 12
LOOKED_AT = 200
WARNED = ("none", "elsewhere", "more", "prior")
EARLY_MONTHS = 3
FUNDS = ("1001", "1002", "1011", "1021", "1201", "4001", "4101", "4201", "4601", "4609")
UNION_FEES = "30228"
NAMES_A_VOUCHER = re.compile(r"(?:(\d{1,2})月)?[^\d月]{0,8}?0*(\d{1,5})号")
"""`4月记-0003号凭证`, `记账凭证12号`: month and number of the voucher that a memo takes back."""


def unmatched_reversal(facts: Facts) -> Check:
    """R23: every negative entry takes back an earlier payment of the same amount on the same project.

    A smaller one to the payee of a larger payment is a part of it, one whose original lies in the year before
    lowers the wrong year, one that moves spending within its voucher is a transfer: these are told as notes.
    """
    spending = facts.spending
    if len(spending) and not spending["date"].notna().any():
        return Check.missing("unmatched-reversal", "needs-dates")
    back = (spending["amount"] < 0).to_numpy() & facts.in_period(spending)
    within, moved = _within_voucher(facts, spending)
    original = facts.originals
    earlier_year = np.zeros(len(spending), dtype=bool)
    matched = original != NONE
    year = pd.DatetimeIndex(spending["date"]).year.to_numpy()
    earlier_year[matched] = year[original[matched]] < facts.tie.period.year
    loose = back & ~matched & ~within
    kinds = np.full(len(spending), "", dtype=object)
    kinds[back & earlier_year] = "cross"
    kinds[loose] = "none"
    kinds[loose & moved] = "moved"
    seen, none = original.copy(), np.flatnonzero(kinds == "none")
    if len(none):
        past, size = _Past.of(spending), spending["amount"].to_numpy()[none]
        for at in none[np.argsort(size, kind="stable")][:LOOKED_AT].tolist():
            kinds[at], seen[at] = past.likeness(at)
    findings = _findings(facts, spending, kinds, seen)
    return Check.ran("unmatched-reversal", int(back.sum()), at_most(findings))


def _within_voucher(facts: Facts, spending: pd.DataFrame) -> tuple[Mask, Mask]:
    """Negative lines that their own voucher outweighs (a deduction), and that it just evens out (a transfer).

    Only in journals with both sides: in a list of payments one number may stand for many of them.
    """
    none = np.zeros(len(spending), dtype=bool)
    if not (facts.ledger.fen["credit"] != 0).any() or not wide.filled(spending, "account_code").any():
        return none, none
    group = pd.Series(voucher_ids(spending))
    net = spending["amount"].groupby(group).transform("sum").to_numpy()
    negative = (spending["amount"] < 0).to_numpy()
    return negative & (net > 0), negative & (net == 0)


@dataclass(frozen=True)
class _Past:
    """Spending as arrays, for looking back from one reversal."""

    memos: list[str]
    date: npt.NDArray[np.datetime64]
    month: npt.NDArray[np.int64]
    number: npt.NDArray[np.int64]
    amount: npt.NDArray[np.int64]
    project: npt.NDArray[np.int64]
    payee: npt.NDArray[np.int64]

    @classmethod
    def of(cls, spending: pd.DataFrame) -> _Past:
        payees = payee_keys(spending)
        return cls(
            spending["memo"].tolist(),
            spending["date"].to_numpy(),
            pd.DatetimeIndex(spending["date"]).month.to_numpy(),
            numbers(spending),
            spending["amount"].to_numpy(),
            pd.factorize(project_keys(spending))[0],
            np.where(payees == "", NONE, pd.factorize(payees)[0]),
        )

    def likeness(self, at: int) -> tuple[str, int]:
        """What a reversal without original is most like, and the payment that it may be about (−1 for none)."""
        size, memo = -int(self.amount[at]), self.memos[at]
        before = (self.date <= self.date[at]) & (self.amount > 0)
        said = NAMES_A_VOUCHER.search(memo) if memo_text.says(memo, "reversal") else None
        if said:
            month = int(said[1]) if said[1] else int(self.month[at])
            named = np.flatnonzero(before & (self.month == month) & (self.number == int(said[2])))
            if len(named):
                return ("partial" if int(self.amount[named].sum()) > size else "more"), int(named[0])
        alike = before & (self.project == self.project[at]) & (self.amount > size)
        larger = np.flatnonzero(alike & (self.payee == self.payee[at]))
        if self.payee[at] != NONE and len(larger):
            return "partial", int(larger[-1])
        if memo_text.says(memo, "prior-year"):
            return "prior", NONE
        if memo_text.says(memo, "refund") and alike.any():
            return "refund", NONE
        elsewhere = np.flatnonzero(before & (self.amount == size))
        return ("elsewhere", int(elsewhere[-1])) if len(elsewhere) else ("none", NONE)


def _findings(
    facts: Facts, spending: pd.DataFrame, kinds: npt.NDArray[np.object_], seen: npt.NDArray[np.int64]
) -> list[Finding]:
    """One finding a voucher and kind."""
    at = np.flatnonzero(kinds != "")
    originals = dict(zip(at.tolist(), spending.iloc[seen[at]].itertuples(), strict=True))
    found: dict[tuple[str, str], list[Any]] = {}
    for row, entry in zip(at.tolist(), spending.iloc[at].itertuples(), strict=True):
        told = "" if entry.voucher else f"{entry.payee}|{entry.memo}"
        detail = f"{kinds[row]}|{entry.file}|{entry.sheet}{told}"
        found.setdefault((voucher_subject(entry), detail), []).append((row, entry))
    findings = []
    for (subject, detail), lines in found.items():
        row, entry = lines[0]
        total, original = sum(int(e.amount) for _, e in lines), originals[row] if seen[row] != NONE else None
        params: dict[str, object] = {
            "wording": kinds[row],
            "size": Amount(-total),
            "memo": entry.memo,
            "original": "" if original is None else voucher_subject(original),
            "larger": Amount(0 if original is None else int(original.amount)),
            "project": "" if original is None else _name(facts, original),
        }
        severity = Severity.WARNING if kinds[row] in WARNED else Severity.INFO
        origin = facts.entry_origin(entry)
        findings.append(
            Finding(
                "unmatched-reversal", subject, origin, actual=total, severity=severity, detail=detail, params=params
            )
        )
    return findings


def _name(facts: Facts, entry: Any) -> str:
    return str(entry.project or facts.category_name(str(entry.category)))


def year_end_reversal(facts: Facts) -> Check:
    """R23: what December takes back on balance from a payee of a project, at or above the office's limit.

    A payment that was taken back and made again in the month is none.
    """
    if not facts.tie.period.is_whole_year:
        return Check.skipped("year-end-reversal", "whole-year-only")
    entries = facts.tie.entries
    if len(entries) and not entries["date"].notna().any():
        return Check.missing("year-end-reversal", "needs-dates")
    december = entries[pd.DatetimeIndex(entries["date"]).month == DECEMBER]
    whose = december.groupby([project_keys(december), payee_keys(december)], sort=False)
    net = whose["amount"].transform("sum")
    least = round(facts.settings.thresholds.year_end_reversal * FEN_PER_YUAN)
    taken = december[(december["amount"] < 0) & (net <= -least)].assign(net=net, whose=whose.ngroup())
    known = [r for r in facts.tie.by_project.itertuples() if r.in_budget and r.available is not pd.NA]
    budgeted = {(r.category, r.project): (int(r.actual), int(r.available)) for r in known}
    findings = []
    for (category, project), lines in taken.groupby(["category", "project"], sort=True):
        largest = lines.sort_values("amount", kind="stable")
        total = int(lines.drop_duplicates("whose")["net"].sum())
        actual, available = budgeted.get((str(category), str(project)), (0, -1))
        entry: Any = largest.iloc[0]
        findings.append(
            Finding(
                "year-end-reversal",
                _name(facts, entry),
                facts.entry_origin(entry),
                actual=total,
                detail=str(category),
                params={
                    "wording": "hides" if actual <= available < actual - total else "",
                    "size": Amount(-total),
                    "count": len(lines),
                    "seen": vouchers_of(largest),
                    "memo": entry["memo"],
                },
            )
        )
    return Check.ran("year-end-reversal", int((december["amount"] < 0).sum()), at_most(findings))


def accrued_spending(facts: Facts) -> Check:
    """R22: December's spending that was not paid: its voucher credits payables and no fund, or its memo accrues or
    moves money to an account of the office's own; and whether it is taken back or paid in the next months."""
    if not facts.tie.period.is_whole_year:
        return Check.skipped("accrued-spending", "whole-year-only")
    entries = facts.tie.entries
    if len(entries) and not entries["date"].notna().any():
        return Check.missing("accrued-spending", "needs-dates")
    december = entries[(pd.DatetimeIndex(entries["date"]).month == DECEMBER) & (entries["amount"] > 0).to_numpy()]
    unpaid = _only_payables(facts, december)
    says_so = memo_text.saying(december, "memo", "accrual")
    own = memo_text.saying(december, "payee", "own-account") & memo_text.saying(december, "memo", "transfer")
    own &= ~wide.equal(december, "economic_code", UNION_FEES)
    if facts.settings.unit_name:
        own |= (payee_keys(december) == words.normalise(facts.settings.unit_name)).to_numpy()
    why = np.select([unpaid, says_so, own], [0, 1, 2], -1)
    lines = np.flatnonzero(why >= 0)
    lines = lines[np.argsort(why[lines], kind="stable")]
    vouchers = Groups.by(why[lines], voucher_ids(december.iloc[lines]))
    sums = vouchers.sums(december["amount"].to_numpy()[lines])
    first = lines[vouchers.first]
    kinds = ("payable", "memo", "own")
    findings = largest(sums, lambda i: _accrued(facts, december.iloc[first[i]], int(sums[i]), kinds[why[first[i]]]))
    return Check.ran("accrued-spending", len(december), findings)


def _only_payables(facts: Facts, december: pd.DataFrame) -> Mask:
    """Whose vouchers credit liabilities (2xxx) and no fund."""
    everything = facts.ledger.fen
    dated = everything[pd.DatetimeIndex(everything["date"]).month == DECEMBER]
    keys = ["file", "sheet", "date", "voucher"]
    head = text.mapped(dated["account_code"], lambda c: codes.segments(str(c or ""))[:4])
    credited = (dated["credit"] - dated["debit"] > 0).to_numpy() & wide.filled(dated, "voucher")
    liability = np.array([str(h).startswith("2") for h in head], dtype=bool) & credited
    funded = np.isin(head.astype(str), FUNDS) & credited
    of_account = text.mapped(december["account_code"], lambda c: account_kind(str(c or ""))[0])
    places = pd.MultiIndex.from_frame(december[keys])
    of_liability = places.isin(pd.MultiIndex.from_frame(dated.loc[liability, keys].drop_duplicates()))
    of_funds = places.isin(pd.MultiIndex.from_frame(dated.loc[funded, keys].drop_duplicates()))
    return np.asarray(of_liability & ~of_funds & (of_account == "spending"), dtype=bool)


def _accrued(facts: Facts, entry: Any, amount: int, kind: str) -> Finding:
    return Finding(
        "accrued-spending",
        voucher_subject(entry),
        facts.entry_origin(entry),
        actual=amount,
        detail=f"{kind}|{entry['file']}|{entry['sheet']}|{'' if entry['voucher'] else entry['memo']}",
        params={
            "why": {lang: wording.text(f"accrued-{kind}", lang) for lang in ("zh", "en")},
            "memo": entry["memo"],
            "later": _settled_later(facts, entry),
        },
    )


def _settled_later(facts: Facts, entry: Any) -> dict[str, str]:
    """The voucher of the next January to March that takes the amount back, where the file goes on so far."""
    later = facts.matched.entries
    date = pd.DatetimeIndex(later["date"])
    near = (date.year == facts.tie.period.year + 1) & (date.month <= EARLY_MONTHS)
    back = later[np.asarray(near) & (later["amount"] == -entry["amount"]).to_numpy()]
    if not len(back):
        return {"zh": "", "en": ""}
    name = {"voucher": voucher_subject(back.iloc[0])}
    return {lang: wording.fill(wording.text("accrued-later", lang), name) for lang in ("zh", "en")}


RULES = (unmatched_reversal, year_end_reversal, accrued_spending)

"""Rules about vouchers: that they balance, that no number is missing or given twice, that none is counted twice."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile import codes, wide, wording
from reconcile.accounts import account_kind
from reconcile.check.facts import Facts, voucher_subject
from reconcile.check.many import at_most, largest
from reconcile.check.numbering import NUMBER_KEYS, Numbering, described, missing_runs, numbering, numbers
from reconcile.finding import Check, Finding, Origin, Severity
from reconcile.groups import Groups
from reconcile.wording import Amount

SIDES = ("financial", "budgetary", "single")
FINANCIAL, BUDGETARY, SINGLE = range(3)
Positions = npt.NDArray[np.int64]
WHOLE_DENSITY, PART_DENSITY, FEW_RUNS = 0.5, 0.9, 2
MOST_CONFLICTS, MOST_BALANCE = 0.05, 0.5
LEAST_REPEATED, MOSTLY = 3, 0.8


def unbalanced_voucher(facts: Facts) -> Check:
    """R45, I10: debits equal credits in every voucher, apart in 财务会计 and 预算会计; exact to the 分."""
    entries = facts.ledger.fen
    if not _has_both_sides(facts):
        return Check.missing("unbalanced-voucher", "needs-both-sides")
    if not wide.filled(entries, "voucher").any():
        return Check.missing("unbalanced-voucher", "needs-vouchers")
    side = sides(entries)
    complete = _complete(entries, side, np.arange(len(entries)))
    if not complete.any():
        return Check.missing("unbalanced-voucher", "needs-counter-accounts")
    kept = np.flatnonzero(complete & wide.filled(entries, "voucher") & facts.not_after(entries))
    vouchers = Groups.by(entries["voucher_id"].to_numpy()[kept], side[kept])
    debit, credit = (vouchers.sums(entries[c].to_numpy()[kept]) for c in ("debit", "credit"))
    wrong = np.flatnonzero(debit != credit)

    def finding(i: int) -> Finding:
        at = kept[vouchers.first[wrong[i]]]
        entry, name = entries.iloc[at], SIDES[side[at]]
        return Finding(
            "unbalanced-voucher",
            voucher_subject(entry),
            facts.entry_origin(entry),
            expected=int(debit[wrong[i]]),
            actual=int(credit[wrong[i]]),
            detail=f"{name}|{entry['file']}|{entry['sheet']}",
            params={"side": {lang: wording.text(f"side-{name}", lang) for lang in ("zh", "en")}},
        )

    return Check.ran("unbalanced-voucher", len(vouchers), largest((debit - credit)[wrong], finding))


def _has_both_sides(facts: Facts) -> bool:
    tables = facts.ledger.tables
    two = {"debit", "credit"} <= {f for t in tables for f in t.money}
    return two or any("direction" in t.header.columns for t in tables)


def sides(entries: pd.DataFrame) -> npt.NDArray[np.int64]:
    """The accounting (of SIDES) that each entry is of: financial, budgetary, or single where its account does not
    tell."""
    at, distinct = wide.factorized(entries, "account_code")
    return np.array([_side(str(c or "")) for c in distinct], dtype=np.int64)[at]


def _side(code: str) -> int:
    digits = codes.segments(code)
    if len(digits) < 4 or not digits[:4].isdigit():
        return SINGLE
    return BUDGETARY if digits[0] in "678" else FINANCIAL


def _complete(entries: pd.DataFrame, side: npt.NDArray[np.int64], rows: Positions) -> npt.NDArray[np.bool_]:
    """Which entries of some rows are of an accounting of which their table has both sides."""
    tables = wide.grouped(entries, ("file", "sheet"), rows)
    complete = np.zeros((len(tables), len(SIDES)), dtype=bool)
    for table in range(len(tables)):
        mine = rows if len(tables) == 1 else rows[tables.rows(table)]
        complete[table, list(_complete_sides(entries, side, mine))] = True
    return complete[tables.of, side[rows]]


def _complete_sides(entries: pd.DataFrame, side: npt.NDArray[np.int64], rows: Positions) -> set[int]:
    """The accountings of which both sides of every voucher were exported, in the rows of one table.

    Without a chart of accounts a table has both where most of its vouchers balance.
    """
    of_sides = Groups.by(side[rows], wide.codes(entries, "account_code", rows))
    accounts = wide.texts_at(entries, "account_code", rows[of_sides.first])
    pairs = [(side[at], str(code or "")) for at, code in zip(rows[of_sides.first], accounts, strict=True)]
    complete = {FINANCIAL} if any(s == FINANCIAL and codes.segments(c)[:1] in set("1234") for s, c in pairs) else set()
    single = rows[side[rows] == SINGLE]
    if (entries["credit"].to_numpy()[single] != 0).any():
        vouchers = Groups.by(entries["voucher_id"].to_numpy()[single])
        debit, credit = (vouchers.sums(entries[c].to_numpy()[single]) for c in ("debit", "credit"))
        if (debit == credit).mean() > MOST_BALANCE:
            complete.add(SINGLE)
    if any(s == BUDGETARY and account_kind(c)[0] != "spending" for s, c in pairs):
        complete.add(BUDGETARY)
    return complete


def voucher_gap(facts: Facts) -> Check:
    """R45: no voucher number is missing or given twice, by account set, word, and month or year.

    A part of the vouchers (spending accounts only, a list of payments) has gaps by its nature: where more than a few
    numbers are missing from one, the rule could not run.
    """
    entries = facts.ledger.fen
    filled = wide.filled(entries, "voucher")
    if not filled.any():
        return Check.missing("voucher-gap", "needs-vouchers")
    if not entries["date"].notna().any():
        return Check.missing("voucher-gap", "needs-dates")
    kept = np.flatnonzero(filled & facts.in_period(entries))
    if not len(kept):
        return Check.ran("voucher-gap", 0, [])
    found = numbering(entries, kept)
    count = found.count
    if not count:
        return Check.missing("voucher-gap", "needs-voucher-numbers")
    runs = missing_runs(entries, found)
    density = count / (count + int(runs["missing"].sum()))
    whole = bool(_complete(entries, sides(entries), kept).any())
    if density < (WHOLE_DENSITY if whole else PART_DENSITY) and len(runs) > FEW_RUNS:
        return Check.missing("voucher-gap", "needs-every-voucher")
    if density < WHOLE_DENSITY:
        return Check.missing("voucher-gap", "needs-every-voucher")
    gaps = largest(np.zeros(len(runs), dtype=np.int64), lambda i: _gap(facts, next(runs.iloc[[i]].itertuples()), found))
    return Check.ran("voucher-gap", count, [*gaps, *at_most(_twice(facts, kept, found))])


def _gap(facts: Facts, run: Any, numbers: Numbering) -> Finding:
    first, last = (f"{run.word}{n:0{run.width}d}{run.tail}" for n in (run.first, run.last))
    date = run.before if run.before == run.before and numbers.period[run.scope] == "year" else run.date
    return Finding(
        "voucher-gap",
        f"{date:%Y-%m} {first}",
        facts.entry_cell(run, "voucher"),
        detail="" if run.scope == 0 else f"{run.file}|{run.sheet}",
        params={
            "count": int(run.missing),
            "seen": first
            if run.missing == 1
            else {"zh": f"{first} 至 {last}（{run.missing}个）", "en": f"{first} to {last} ({run.missing} numbers)"},
            "next": f"{run.date:%Y-%m-%d} {run.voucher}",
        },
    )


def _twice(facts: Facts, kept: Positions, numbers: Numbering) -> list[Finding]:
    """Numbers that two vouchers bear: on several dates, each balanced by itself.

    Where many numbers do, dates are of the lines and not of the vouchers, and nothing follows from them.
    """
    vouchers = numbers.vouchers
    if not numbers.conflicts or numbers.conflicts > max(1, MOST_CONFLICTS * len(vouchers)):
        return []
    entries = facts.ledger.fen
    same = Groups.by(*(vouchers[c].to_numpy() for c in NUMBER_KEYS))
    date = vouchers["date"].to_numpy()
    dated = same.any(date != date[same.first][same.of])
    keys = ["file", "sheet", "date", "voucher"]
    told = described(entries, numbers, np.flatnonzero(dated[same.of]))
    lines = entries[[*keys, "debit", "credit"]].iloc[kept]
    balanced = lines[lines["voucher"].isin(told["voucher"])].groupby(keys, sort=False)[["debit", "credit"]].sum()
    one_sided = not (entries["credit"].to_numpy()[kept] != 0).any()
    findings = []
    for _, same_number in told.groupby(NUMBER_KEYS, sort=False):
        sums = balanced.loc[list(same_number[keys].itertuples(index=False, name=None))]
        if not one_sided and (sums["debit"] != sums["credit"]).any():
            continue
        later = same_number.sort_values(["date", "row"]).iloc[-1]
        seen = "、".join(f"{d:%Y-%m-%d}" for d in sorted(same_number["date"].unique()))
        findings.append(
            Finding(
                "voucher-gap",
                voucher_subject(later),
                facts.entry_cell(later, "voucher"),
                severity=Severity.WARNING,
                detail=f"twice|{later['file']}|{later['sheet']}",
                params={"wording": "twice", "seen": seen},
            )
        )
    return findings


def repeated_vouchers(facts: Facts) -> Check:
    """R46: no two tables record the same vouchers, as a journal and a detail ledger of it do: each would count."""
    spending = facts.matched.entries
    rows = np.flatnonzero(wide.filled(spending, "voucher") & spending["date"].notna().to_numpy())
    tables = wide.grouped(spending, ("file", "sheet"), rows)
    if len(tables) < 2:
        return Check.skipped("repeated-vouchers", "one-table")
    named = spending[["file", "sheet", "date", "voucher", "amount"]].iloc[rows]
    places = list(named[["file", "sheet"]].iloc[tables.first].itertuples(index=False, name=None))
    keyed = named[["date", "amount"]].assign(number=numbers(named), place=tables.of).reset_index(drop=True)
    keyed["turn"] = keyed.groupby([*keyed.columns]).cumcount()
    pairs = keyed.merge(keyed, on=["date", "number", "amount", "turn"], suffixes=("", "_other"))
    pairs = pairs[pairs["place"] > pairs["place_other"]]
    shared = pairs.groupby(["place", "place_other"])["amount"].agg(["size", "sum"])
    sizes = tables.counts
    findings = []
    for (later, earlier), row in shared.iterrows():
        if row["size"] >= max(LEAST_REPEATED, MOSTLY * min(sizes[later], sizes[earlier])):
            (file, sheet), (other_file, other_sheet) = places[later], places[earlier]
            findings.append(
                Finding(
                    "repeated-table",
                    sheet or file,
                    Origin(file, sheet),
                    actual=int(row["sum"]),
                    severity=Severity.ERROR,
                    detail=f"{file}|vouchers|{other_file}|{other_sheet}",
                    params={
                        "wording": "vouchers",
                        "other": Origin(other_file, other_sheet),
                        "count": int(row["size"]),
                        "sum": Amount(int(row["sum"])),
                    },
                )
            )
    return Check.ran("repeated-vouchers", len(named), findings)


RULES = (unbalanced_voucher, voucher_gap, repeated_vouchers)

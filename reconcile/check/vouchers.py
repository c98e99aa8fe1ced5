"""Rules about vouchers: that they balance, that no number is missing or given twice, that none is counted twice."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from reconcile import codes, frames, wide, wording
from reconcile.accounts import account_kind
from reconcile.check.facts import Facts, voucher_subject
from reconcile.check.many import at_most, largest
from reconcile.check.numbering import NUMBER_KEYS, NUMBERED, Numbering, missing_runs, numbering, numbers
from reconcile.finding import Check, Finding, Origin, Severity
from reconcile.groups import Groups
from reconcile.read import columns as text
from reconcile.wording import Amount

FINANCIAL, BUDGETARY, SINGLE = "financial", "budgetary", "single"
WHOLE_DENSITY, PART_DENSITY, FEW_RUNS = 0.5, 0.9, 2
MOST_CONFLICTS, MOST_BALANCE = 0.05, 0.5
LEAST_REPEATED, MOSTLY = 3, 0.8
_OF_SIDES = ["account_code", "debit", "credit", "voucher_id"]


def unbalanced_voucher(facts: Facts) -> Check:
    """R45, I10: debits equal credits in every voucher, apart in 财务会计 and 预算会计; exact to the 分."""
    entries = facts.ledger.fen
    if not _has_both_sides(facts):
        return Check.missing("unbalanced-voucher", "needs-both-sides")
    if not (entries["voucher"] != "").any():
        return Check.missing("unbalanced-voucher", "needs-vouchers")
    side = sides(entries)
    complete = _complete(entries, side)
    if not complete.any():
        return Check.missing("unbalanced-voucher", "needs-counter-accounts")
    kept = np.flatnonzero(complete & (entries["voucher"] != "").to_numpy() & facts.not_after(entries))
    vouchers = Groups.by(entries["voucher_id"].to_numpy()[kept], side[kept])
    debit, credit = (vouchers.sums(entries[c].to_numpy()[kept]) for c in ("debit", "credit"))
    wrong = np.flatnonzero(debit != credit)

    def finding(i: int) -> Finding:
        at = kept[vouchers.first[wrong[i]]]
        entry, name = entries.iloc[at], side[at]
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


def sides(entries: pd.DataFrame) -> np.ndarray:
    """The accounting that each entry is of: financial, budgetary, or single where its account does not tell."""
    return text.mapped(wide.cells(entries, "account_code"), lambda c: _side(str(c or "")))


def _side(code: str) -> str:
    digits = codes.segments(code)
    if len(digits) < 4 or not digits[:4].isdigit():
        return SINGLE
    return BUDGETARY if digits[0] in "678" else FINANCIAL


def _complete(entries: pd.DataFrame, side: np.ndarray) -> np.ndarray:
    """Which entries are of an accounting of which their table has both sides."""
    tables = Groups.by(wide.keys(entries, "file"), wide.keys(entries, "sheet"))
    if len(tables) == 1:
        return np.isin(side, list(_complete_sides(entries[_OF_SIDES], side)))
    out = np.zeros(len(entries), dtype=bool)
    for table in range(len(tables)):
        mine = tables.rows(table)
        out[mine] = np.isin(side[mine], list(_complete_sides(entries[_OF_SIDES].iloc[mine], side[mine])))
    return out


def _complete_sides(entries: pd.DataFrame, side: np.ndarray) -> set[str]:
    """The accountings of which both sides of every voucher were exported, in one table.

    Without a chart of accounts a table has both where most of its vouchers balance.
    """
    of_sides = Groups.by(side, wide.keys(entries, "account_code"))
    pairs = [(side[at], str(entries["account_code"].iloc[at] or "")) for at in of_sides.first]
    complete = {FINANCIAL} if any(s == FINANCIAL and codes.segments(c)[:1] in set("1234") for s, c in pairs) else set()
    single = np.flatnonzero(side == SINGLE)
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
    if not (entries["voucher"] != "").any():
        return Check.missing("voucher-gap", "needs-vouchers")
    if not entries["date"].notna().any():
        return Check.missing("voucher-gap", "needs-dates")
    numbered = (entries["voucher"] != "").to_numpy() & facts.in_period(entries)
    kept = frames.kept(entries[list(dict.fromkeys([*_OF_SIDES, *NUMBERED]))], numbered)
    if not len(kept):
        return Check.ran("voucher-gap", 0, [])
    found = numbering(kept)
    count = found.count
    if not count:
        return Check.missing("voucher-gap", "needs-voucher-numbers")
    runs = missing_runs(found)
    density = count / (count + int(runs["missing"].sum()))
    whole = bool(_complete(kept, sides(kept)).any())
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


def _twice(facts: Facts, entries: pd.DataFrame, numbers: Numbering) -> list[Finding]:
    """Numbers that two vouchers bear: on several dates, each balanced by itself.

    Where many numbers do, dates are of the lines and not of the vouchers, and nothing follows from them.
    """
    vouchers = numbers.vouchers
    if not numbers.conflicts or numbers.conflicts > max(1, MOST_CONFLICTS * len(vouchers)):
        return []
    dated = vouchers.groupby(NUMBER_KEYS, sort=False)["date"].transform("nunique") > 1
    keys = ["file", "sheet", "date", "voucher"]
    balanced = entries.groupby(keys, sort=False)[["debit", "credit"]].sum()
    one_sided = not (entries["credit"] != 0).any()
    findings = []
    for _, same in vouchers[dated].groupby(NUMBER_KEYS, sort=False):
        sums = balanced.loc[list(same[keys].itertuples(index=False, name=None))]
        if not one_sided and (sums["debit"] != sums["credit"]).any():
            continue
        later = same.sort_values(["date", "row"]).iloc[-1]
        findings.append(
            Finding(
                "voucher-gap",
                voucher_subject(later),
                facts.entry_cell(later, "voucher"),
                severity=Severity.WARNING,
                detail=f"twice|{later['file']}|{later['sheet']}",
                params={"wording": "twice", "seen": "、".join(f"{d:%Y-%m-%d}" for d in sorted(same["date"].unique()))},
            )
        )
    return findings


def repeated_vouchers(facts: Facts) -> Check:
    """R46: no two tables record the same vouchers, as a journal and a detail ledger of it do: each would count."""
    spending = facts.matched.entries[["file", "sheet", "date", "voucher", "amount"]]
    named = spending[(spending["voucher"] != "").to_numpy() & spending["date"].notna().to_numpy()]
    tables = Groups.by(named["file"], named["sheet"])
    if len(tables) < 2:
        return Check.skipped("repeated-vouchers", "one-table")
    places = list(named[["file", "sheet"]].iloc[tables.first].itertuples(index=False, name=None))
    keyed = named[["date", "amount"]].assign(number=numbers(named["voucher"]), place=tables.of).reset_index(drop=True)
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

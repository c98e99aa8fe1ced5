"""Rules about trial balances: that their rows add up, that the journal beside them does, and what stays open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from reconcile import codes
from reconcile.accounts import account_kind
from reconcile.balances import account_codes, continues, is_trial_balance
from reconcile.check.facts import Facts
from reconcile.check.many import at_most, listed
from reconcile.finding import Check, Finding, Origin, Severity
from reconcile.read import columns as text
from reconcile.read import rows, words
from reconcile.read.table import Table
from reconcile.wording import Amount

COLUMNS = (
    "opening",
    "opening_debit",
    "opening_credit",
    "debit",
    "credit",
    "total_debit",
    "total_credit",
    "closing",
    "closing_debit",
    "closing_credit",
)
MOST_MUST_HOLD = 0.5
FEW_ACCOUNTS = 3
FUND = "8001"


def trial_balance(facts: Facts) -> Check:
    """I11: opening + debit − credit = closing on every row of a trial balance, by the period or since January."""
    trials = _trials(facts)
    if not trials:
        return Check.skipped("trial-balance", "no-trial-balance")
    findings: list[Finding] = []
    tested = 0
    for table in trials:
        leaf = _leaves(table)
        if not _has_both_ends(leaf):
            continue
        opening, closing = _net(leaf, "opening"), _net(leaf, "closing")
        moved, since_january = leaf["debit"] - leaf["credit"], leaf["total_debit"] - leaf["total_credit"]
        holds = (opening + moved == closing) | (opening + since_january == closing)
        if "opening" in leaf and "closing" in leaf and not _signed(leaf):
            holds |= closing - opening == -moved  # balances printed without a sign, of accounts with a credit balance
        tested += len(leaf)
        wrong = leaf[~holds]
        if len(wrong) > MOST_MUST_HOLD * len(leaf) and len(leaf) > FEW_ACCOUNTS:
            return Check.missing("trial-balance", "needs-plain-balances")
        column = _first(leaf, "closing")
        findings += [
            _row(table.origin(int(at), column), wrong["account"][at], int(opening[at] + moved[at]), int(closing[at]))
            for at in wrong.index
        ]
    return Check.ran("trial-balance", tested, at_most(findings))


def _trials(facts: Facts) -> list[Table]:
    return [t for t in facts.ledger.tables if is_trial_balance(t)]


def _leaves(table: Table) -> pd.DataFrame:
    """The rows of a trial balance that are data, by their position: code, account, and what money columns it has
    (分; movements that it does not print are 0)."""
    data = table.roles == rows.DATA
    raw = {name: table.raw(name) for name in ("account_code", "account", "payee", "project", "aux")}
    label = [
        " ".join(dict.fromkeys(str(v[i]) for v in raw.values() if v is not None and v[i])) for i in np.flatnonzero(data)
    ]
    frame = pd.DataFrame(
        {"code": text.mapped(account_codes(table)[data], lambda c: codes.segments(str(c or ""))), "account": label},
        index=np.flatnonzero(data),
    )
    for name in COLUMNS:
        if name in table.money:
            frame[name] = table.money[name].fen[data]
    for name in ("debit", "credit"):
        frame[name] = frame.get(name, 0)
        frame[f"total_{name}"] = frame.get(f"total_{name}", frame[name])
    return frame


def _first(leaf: pd.DataFrame, end: str) -> str:
    """The column that prints a balance."""
    return next((c for c in (end, f"{end}_debit", f"{end}_credit") if c in leaf), "")


def _has_both_ends(leaf: pd.DataFrame) -> bool:
    return bool(_first(leaf, "opening") and _first(leaf, "closing")) and len(leaf) > 0


def _signed(leaf: pd.DataFrame) -> bool:
    return "opening_debit" in leaf or "closing_debit" in leaf


def _net(leaf: pd.DataFrame, end: str) -> pd.Series:
    """Balances, debit positive."""
    if end in leaf:
        return leaf[end]
    return leaf.get(f"{end}_debit", pd.Series(0, leaf.index)) - leaf.get(f"{end}_credit", pd.Series(0, leaf.index))


def _row(origin: Origin, account: str, expected: int, actual: int) -> Finding:
    return Finding(
        "balance-break",
        origin.sheet or origin.file,
        origin,
        expected=expected,
        actual=actual,
        detail=f"{origin.file}|row|{account}",
        params={"wording": "account", "account": account},
    )


def budget_balances(facts: Facts) -> Check:
    """I12: 资金结存 (8001) = 结转结余 (8101-8701) at the end, with what 6xxx and 7xxx have not been closed to them."""
    found, tested = [], 0
    for table in _trials(facts):
        leaf = _leaves(table)
        budgetary = leaf[leaf["code"].str[:1].isin(["6", "7", "8"]) & (leaf["code"].str.len() >= len(FUND))]
        funds = budgetary["code"].str.startswith(FUND)
        carried = budgetary["code"].map(lambda c: account_kind(c)[0] == "closing")
        if not _signed(leaf) or not _first(leaf, "closing") or not funds.any() or not carried.any():
            continue
        if _first(leaf, "opening") and int(_net(budgetary, "opening").sum()) != 0:
            continue  # not every budgetary account was printed
        closing = _net(budgetary, "closing")
        tested += 1
        money, others = int(closing[funds].sum()), -int(closing[~funds].sum())
        if money != others:
            found.append(
                Finding(
                    "balance-break",
                    table.sheet or table.file,
                    table.origin(int(budgetary.index[funds][0]), _first(leaf, "closing")),
                    expected=others,
                    actual=money,
                    detail=f"{table.file}|funds",
                    params={"wording": "funds"},
                )
            )
    if not tested:
        return Check.skipped("budget-balances", "no-budget-balances")
    return Check.ran("budget-balances", tested, found)


def journal_and_balances(facts: Facts) -> Check:
    """I11: debits and credits of the journal by account = the movements that the trial balance beside it prints.

    The trial balance may print the period or the year so far, and may have been printed before the closing vouchers:
    the reading on which most accounts tie is held against it.
    """
    trials = _trials(facts)
    entries = facts.ledger.fen
    journal = entries[(entries["date"].notna() | (entries["voucher"] != "")) & (entries["account_code"] != "")]
    if not trials or not len(journal):
        return Check.skipped("journal-and-balances", "no-trial-balance")
    journal = journal.assign(code=text.mapped(journal["account_code"], lambda c: codes.segments(str(c or ""))))
    findings: list[Finding] = []
    tested = 0
    for table in trials:
        leaf = _leaves(table)
        leaf = leaf[leaf["code"] != ""]
        own = _of_period(table, facts, journal)
        heads, whole = set(journal["code"].str[:4]), _whole_sides(journal)
        leaf = leaf[leaf["code"].str[:4].isin(heads) | leaf["code"].str[:1].isin(whole)]
        if not len(leaf):
            continue
        best = max(
            (_compared(leaf, part, pair) for part in own for pair in ("", "total_")), key=lambda c: c["ties"].sum()
        )
        tested += len(best)
        findings += _differences(table, leaf, best)
    return Check.ran("journal-and-balances", tested, at_most(findings))


def _of_period(table: Table, facts: Facts, journal: pd.DataFrame) -> list[pd.DataFrame]:
    """The journal as the trial balance may have counted it: the year, its last month, each without closing vouchers."""
    year = table.header.year or facts.tie.period.year
    date = pd.DatetimeIndex(journal["date"])
    in_year = journal[np.asarray((date.year == year) | date.isna())]
    month = pd.DatetimeIndex(in_year["date"]).month
    last = in_year[np.asarray(month == month.max())] if len(in_year) else in_year
    closing = in_year.loc[in_year["role"] == "closing", ["file", "sheet", "date", "voucher"]].drop_duplicates()
    out = [in_year, last]
    if len(closing):
        keys = pd.MultiIndex.from_frame(closing)
        out += [p[~pd.MultiIndex.from_frame(p[list(closing.columns)]).isin(keys)] for p in (in_year, last)]
    return out


def _whole_sides(journal: pd.DataFrame) -> set[str]:
    """First digits of the accounts that a journal must have since its accounting balances as a whole."""
    out: set[str] = set()
    for digits in ("12345", "678"):
        side = journal[journal["code"].str[:1].isin(list(digits))]
        kinds = {account_kind(c)[0] for c in side["code"].str[:4].unique()}
        if len(side) and int(side["debit"].sum()) == int(side["credit"].sum()) and kinds != {"spending"}:
            out |= set(digits)
    return out


def _compared(leaf: pd.DataFrame, journal: pd.DataFrame, pair: str) -> pd.DataFrame:
    """By account, on the level that both have: what the journal adds to, what is printed, and whether they tie."""
    top = _common_level([*leaf["code"].unique(), *journal["code"].unique()])
    stated = leaf.groupby(leaf["code"].map(top))[[f"{pair}debit", f"{pair}credit"]].sum()
    stated.columns = pd.Index(["debit", "credit"])
    added = journal.groupby(journal["code"].map(top))[["debit", "credit"]].sum().reindex(stated.index, fill_value=0)
    out = stated.join(added.add_suffix("_journal"))
    out["ties"] = (out["debit"] == out["debit_journal"]) & (out["credit"] == out["credit_journal"])
    out["nets"] = out["debit"] - out["credit"] == out["debit_journal"] - out["credit_journal"]
    return out.assign(pair=pair)


def _common_level(every: Sequence[str]) -> dict[str, str]:
    """Each code's highest ancestor among them, itself where it has none."""
    top: dict[str, str] = {}
    for code in sorted(set(every)):
        above = (code[:n] for n in range(4, len(code)))
        top[code] = next((top[a] for a in above if a in top and continues(a, code)), code)
    return top


def _differences(table: Table, leaf: pd.DataFrame, compared: pd.DataFrame) -> list[Finding]:
    wrong = compared[~compared["ties"]]
    pair = str(compared["pair"].iloc[0])
    if len(wrong) > MOST_MUST_HOLD * len(compared) and len(compared) > FEW_ACCOUNTS:
        gap = (wrong["debit"] - wrong["debit_journal"]).abs() + (wrong["credit"] - wrong["credit_journal"]).abs()
        worst = wrong.loc[gap.sort_values(ascending=False, kind="stable").index]
        return [
            Finding(
                "balance-break",
                table.sheet or table.file,
                Origin(table.file, table.sheet),
                expected=int(wrong["debit_journal"].sum()),
                actual=int(wrong["debit"].sum()),
                severity=Severity.WARNING,
                detail=f"{table.file}|journal",
                params={
                    "wording": "most",
                    "count": len(wrong),
                    "of": len(compared),
                    "seen": listed([str(c) for c in worst.index]),
                },
            )
        ]
    findings = []
    for code, row in wrong.iterrows():
        below = leaf[leaf["code"].str.startswith(str(code))]
        for side in ("debit", "credit"):
            if row[side] != row[f"{side}_journal"]:
                findings.append(_against_journal(table, below, row, str(code), side, pair))
    return findings


def _against_journal(table: Table, leaf: pd.DataFrame, row: Any, code: str, side: str, pair: str) -> Finding:
    column = f"{pair}{side}" if f"{pair}{side}" in table.money else side
    return Finding(
        "balance-break",
        table.sheet or table.file,
        table.origin(int(leaf.index[0]), column),
        expected=int(row[f"{side}_journal"]),
        actual=int(row[side]),
        severity=Severity.INFO if row["nets"] else None,
        detail=f"{table.file}|journal|{code}|{side}",
        params={
            "wording": "red" if row["nets"] else "journal",
            "account": str(leaf["account"].iloc[0]) if len(leaf) == 1 else code,
            "side": {"zh": "借方" if side == "debit" else "贷方", "en": side},
        },
    )


def aged_balance(facts: Facts) -> Check:
    """R35: what was open at the year's beginning and has not been settled since, row by row of receivables and payables.

    Payments settle the oldest first: what is left of the opening balance after the year's settlements is older than
    a year.
    """
    trials = [t for t in _trials(facts) if _first(_leaves(t), "opening")]
    if not trials:
        return Check.skipped("aged-balance", "no-trial-balance")
    sides = {r["head"]: r["side"] for r in words.rows_of("open_items")}
    findings: list[Finding] = []
    tested = 0
    for table in trials:
        leaf = _leaves(table)
        leaf = leaf[leaf["code"].str[:4].isin(sides)]
        tested += len(leaf)
        if not len(leaf):
            continue
        credit = leaf["code"].str[:4].map(sides) == "credit"
        opening = _net(leaf, "opening")
        if _signed(leaf) and "total_debit" in table.money and _first(leaf, "closing"):
            opening = _net(leaf, "closing") - (leaf["total_debit"] - leaf["total_credit"])
        if _signed(leaf):
            opening = opening.where(~credit, -opening)
        settled = leaf["total_credit"].where(~credit, leaf["total_debit"])
        left = (opening - settled).where(opening > 0, 0).clip(lower=0)
        for at in left.index[left > 0]:
            name = "opening_credit" if credit[at] and "opening_credit" in leaf else _first(leaf, "opening")
            findings.append(_aged(table.origin(int(at), name), leaf["account"][at], int(opening[at]), int(left[at])))
    return Check.ran("aged-balance", tested, at_most(findings, 10))


def _aged(origin: Origin, account: str, opening: int, left: int) -> Finding:
    return Finding(
        "aged-balance", account, origin, actual=left, detail=origin.file, params={"opening": Amount(opening)}
    )


RULES = (trial_balance, budget_balances, journal_and_balances, aged_balance)

"""Rules about how money left: in cash, and by payments that the ledger does not record, or the other way round."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile import codes, frames, wide
from reconcile.accounts import account_kind
from reconcile.balances import is_trial_balance
from reconcile.check import memo_text
from reconcile.check.facts import Facts, voucher_ids, voucher_subject
from reconcile.check.many import at_most, largest
from reconcile.check.originals import payee_keys
from reconcile.finding import Check, Finding
from reconcile.groups import Groups
from reconcile.ledger import SPENDING, voucher_groups
from reconcile.money import FEN_PER_YUAN

Mask = npt.NDArray[np.bool_]
CASH = "1001"
CASH_NAME = "库存现金"
SHOWN = 5
LEAST_SHARED = 0.5


def cash_payment(facts: Facts) -> Check:
    """R34: no voucher pays spending in cash at or above the office's limit; by account 1001 or by the memo."""
    entries = frames.kept(facts.ledger.fen, facts.in_period(facts.ledger.fen))
    spent = wide.equal(entries, "role", SPENDING) & (entries["amount"] > 0).to_numpy()
    if not spent.any():
        return Check.ran("cash-payment", 0, [])
    numbered = wide.filled(entries, "voucher")
    has_account = any(codes.segments(str(c or "")) for c in wide.distinct(entries, "account_code"))
    has_counter = has_account and bool((~spent & numbered).any())
    said = memo_text.saying(entries, "memo", "cash") & spent
    if not has_counter and not said.any():
        return Check.missing("cash-payment", "needs-counter-accounts")
    coded = wide.where(entries, "account_code", lambda c: codes.segments(c)[:4] == CASH)
    named = wide.where(entries, "account", lambda a: CASH_NAME in a) & ~coded
    group = voucher_groups(entries)
    paid_out = np.maximum(entries["credit"].to_numpy() - entries["debit"].to_numpy(), 0)
    of_accounting = [_of_vouchers(group, np.flatnonzero(mask), paid_out) for mask in (coded, named)]
    cash = np.where(numbered, np.maximum(*of_accounting), 0)
    cash = np.where((cash == 0) & said, entries["amount"].to_numpy(), cash)
    hit = np.flatnonzero(spent & (cash > round(facts.settings.thresholds.cash_limit * FEN_PER_YUAN)))
    vouchers = Groups.by(voucher_ids(entries.iloc[hit]))
    most = np.zeros(len(vouchers), dtype=np.int64)
    np.maximum.at(most, vouchers.of, cash[hit])
    paid = np.minimum(most, vouchers.sums(entries["amount"].to_numpy()[hit]))

    def finding(i: int) -> Finding:
        entry = entries.iloc[hit[vouchers.first[i]]]
        return Finding(
            "cash-payment",
            voucher_subject(entry),
            facts.entry_origin(entry),
            actual=int(paid[i]),
            detail=f"{entry['file']}|{entry['sheet']}|{'' if entry['voucher'] else entry['memo']}",
            params={"memo": entry["memo"]},
        )

    return Check.ran("cash-payment", int(spent.sum()), largest(paid, finding, SHOWN))


def _of_vouchers(
    group: npt.NDArray[np.int64], rows: npt.NDArray[np.int64], amounts: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """For every entry the sum of some rows of its voucher."""
    sums = np.zeros(int(group.max(initial=-1)) + 1, dtype=np.int64)
    np.add.at(sums, group[rows], amounts[rows])
    return sums[group]


def payments_and_ledger(facts: Facts) -> Check:
    """R48, I14: payments of a payment list and spending of the journal beside it, one to one by amount, payee and a
    date within the office's days; the time that both cover."""
    paid = _payments(facts)
    booked = _booked(facts) if len(paid) else paid
    if not len(booked):
        return Check.skipped("payments-and-ledger", "no-payment-list")
    if paid["date"].isna().all():
        return Check.missing("payments-and-ledger", "needs-dates")
    first, last = max(paid["date"].min(), booked["date"].min()), min(paid["date"].max(), booked["date"].max())
    days = facts.settings.thresholds.payment_match_days
    found, booked_found = _matched(paid, booked, days)
    shared = found.sum() / len(paid)
    if shared < LEAST_SHARED:
        return Check.missing("payments-and-ledger", "needs-comparable-payments")
    margin = pd.Timedelta(days=days)
    findings = []
    for code, lines, mask in (
        ("paid-not-recorded", paid, ~found & (paid["date"] <= booked["date"].max()).to_numpy()),
        ("recorded-not-paid", booked, ~booked_found & booked["date"].between(first - margin, last).to_numpy()),
    ):
        counts = lines["amount"] != 0 if code == "paid-not-recorded" else lines["amount"] > 0
        loose = lines[mask & counts.to_numpy()]
        findings += at_most([_loose(facts, code, loose, at) for at in range(len(loose))], SHOWN)
    return Check.ran("payments-and-ledger", len(paid) + len(booked), findings)


def _payments(facts: Facts) -> pd.DataFrame:
    """Rows of payment lists: tables without accounts beside tables that have them, in the period."""
    lists = {
        place
        for t in facts.ledger.tables
        if not {"account", "account_code"} & set(t.header.columns) and not is_trial_balance(t)
        for place in t.places
    }
    entries = facts.ledger.fen
    if not lists:
        return entries.iloc[:0]
    mask = (
        np.asarray(pd.MultiIndex.from_frame(entries[["file", "sheet"]]).isin(list(lists)))
        & ~wide.filled(entries, "account_code")
        & ~wide.filled(entries, "account")
        & ~wide.equal(entries, "role", SPENDING)
    )
    rows = entries[mask & facts.in_period(entries)]
    return rows.assign(amount=rows["debit"] - rows["credit"]).reset_index(drop=True)


def _booked(facts: Facts) -> pd.DataFrame:
    entries = facts.tie.entries
    spending = wide.where(entries, "account_code", lambda c: account_kind(c)[0] == SPENDING)
    return entries[spending & entries["date"].notna().to_numpy()].reset_index(drop=True)


def _matched(paid: pd.DataFrame, booked: pd.DataFrame, days: int) -> tuple[Mask, Mask]:
    """Which payments and which bookings have met: by amount and payee, by amount where a payee is missing, and last
    by the sum of a whole voucher."""
    found, met = np.zeros(len(paid), dtype=bool), np.zeros(len(booked), dtype=bool)
    left = pd.DataFrame({"date": paid["date"], "amount": paid["amount"], "payee": payee_keys(paid)})
    right = pd.DataFrame({"date": booked["date"], "amount": booked["amount"], "payee": payee_keys(booked)})
    _meet(left, right, ["amount", "payee"], days, found, met)
    blank = ((left["payee"] == "").to_numpy(), (right["payee"] == "").to_numpy())
    _meet(left, right[blank[1]], ["amount"], days, found, met)
    _meet(left[blank[0]], right, ["amount"], days, found, met)
    rest = np.flatnonzero(~met & wide.filled(booked, "voucher"))
    whole = right.iloc[rest].assign(at=rest, voucher=voucher_groups(booked)[rest])
    sums = whole.groupby("voucher", sort=False).agg(
        date=("date", "first"), amount=("amount", "sum"), lines=("at", "size")
    )
    sums = sums[sums["lines"] > 1].reset_index()
    of_sums = np.zeros(len(sums), dtype=bool)
    _meet(left, sums, ["amount"], days, found, of_sums)
    met[whole.loc[whole["voucher"].isin(sums.loc[of_sums, "voucher"]), "at"].to_numpy()] = True
    return found, met


def _meet(left: pd.DataFrame, right: pd.DataFrame, keys: list[str], days: int, found: Mask, met: Mask) -> None:
    """Pair rows of one key, the earliest first, whose dates are near enough; indices are positions."""
    parts = []
    for side, frame, done in ((0, left, found), (1, right, met)):
        free = frame[~done[frame.index]].dropna(subset="date")
        parts.append(free[["date", *keys]].assign(side=side, at=free.index))
    both = pd.concat(parts, ignore_index=True)
    group = both.groupby(keys, sort=False)
    both = both.assign(group=group.ngroup())[group["side"].transform("nunique") > 1]
    both = both.sort_values(["group", "date", "side", "at"], kind="stable")
    day = both["date"].to_numpy(dtype="datetime64[D]").astype(np.int64).tolist()
    waiting: list[tuple[int, int, int]] = []
    last_group = None
    for group_id, side, at, date in zip(both["group"].tolist(), both["side"].tolist(), both["at"].tolist(), day):
        if group_id != last_group:
            waiting, last_group = [], group_id
        while waiting and waiting[0][2] < date - days:
            waiting.pop(0)
        if waiting and waiting[0][0] != side:
            other = waiting.pop(0)[1]
            found[at if side == 0 else other] = True
            met[other if side == 0 else at] = True
        else:
            waiting.append((side, at, date))


def _loose(facts: Facts, code: str, lines: pd.DataFrame, at: int) -> Finding:
    entry = lines.iloc[at]
    return Finding(
        code,
        voucher_subject(entry),
        facts.entry_origin(entry),
        actual=int(entry["amount"]),
        detail=f"{entry['payee']}|{entry['memo']}|{entry['date']:%m-%d}|{entry['account_code']}|{entry['project']}",
        params={"date": f"{entry['date']:%Y-%m-%d}", "payee": entry["payee"] or entry["memo"]},
    )


RULES = (cash_payment, payments_and_ledger)

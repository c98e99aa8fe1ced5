"""Balances that a ledger prints: trial balances (leaves only), and running balances line by line."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from reconcile import codes, wide
from reconcile.accounts import account_kind, first_part, kind_by_name
from reconcile.finding import Finding, Origin, Severity
from reconcile.money import UNITS, Cell, parse_column
from reconcile.read import columns as text
from reconcile.read import rows, words
from reconcile.read.columns import Texts
from reconcile.read.panels import INCOME
from reconcile.read.repeats import STATES_BALANCES
from reconcile.read.table import Table

MOST_MUST_HOLD = 0.5
EACH_AT_MOST = 50
DIMENSIONS = ("project", "project_code", "economic", "economic_code", "functional", "functional_code", "payee", "aux")


def is_trial_balance(table: Table) -> bool:
    """Whether a table states balances by account, without dates or vouchers."""
    columns = set(table.header.columns)
    dated = columns & {"date", "month", "voucher"}
    return not dated and bool(columns & STATES_BALANCES) and "debit" in columns


def beside_journals(tables: Sequence[Table], parts: Sequence[pd.DataFrame]) -> list[bool]:
    """Which tables are trial balances of accounts that a journal beside them spends on: they state its sums again."""
    trial = [is_trial_balance(t) for t in tables]
    heads = [_spending_heads(p) for p in parts]
    journals = {h for one, found in zip(trial, heads, strict=True) if not one for h in found}
    return [one and bool(found & journals) for one, found in zip(trial, heads, strict=True)]


def not_counted_again(table: Table, beside: Table) -> Finding:
    """The note that a trial balance serves to check the journal beside it and is not counted a second time."""
    return Finding(
        "repeated-table",
        table.sheet or table.file,
        Origin(table.file, table.sheet),
        severity=Severity.INFO,
        detail=f"{table.file}|trial",
        params={"wording": "trial", "other": Origin(beside.file, beside.sheet)},
    )


def _spending_heads(entries: pd.DataFrame) -> set[str]:
    """The spending accounts (by four digits, or by name where there are no codes) of some entries."""
    codes_of = {codes.segments(c)[:4] for c in wide.distinct(entries, "account_code")}
    found = {c for c in codes_of if account_kind(c)[0] == "spending"}
    if codes_of <= {""}:
        found = {
            words.normalise(first_part(n)) for n in wide.distinct(entries, "account") if kind_by_name(n) == "spending"
        }
    return found


def leaves(tables: list[Table]) -> list[Table]:
    """Trial balances whose parent accounts are subtotals, so that only leaves are data; pages are seen together.

    An account is a parent where a longer code continues it by whole segments; rows of one code that differ in
    their auxiliary dimensions are all leaves.
    """
    code = {id(t): account_codes(t) for t in tables if is_trial_balance(t)}
    known = sorted(
        {
            c
            for t in tables
            if id(t) in code
            for c, role in zip(code[id(t)], t.roles, strict=True)
            if role in (rows.DATA, rows.REFUSED) and c
        }
    )
    parents = [one for one, after in itertools.pairwise(known) if continues(one, after)]
    out = []
    for table in tables:
        if id(table) in code:
            roles = table.roles.copy()
            roles[(roles == rows.DATA) & np.isin(code[id(table)], parents)] = rows.SUBTOTAL
            roles[_sums_of_dimensions(table, code[id(table)], roles == rows.DATA)] = rows.SUBTOTAL
            table = table.with_roles(roles)
        out.append(table)
    return out


def _sums_of_dimensions(table: Table, code: np.ndarray, data: rows.Mask) -> list[int]:
    """Rows of an account without any auxiliary dimension that sum up the account's rows with them."""
    kept = [v for f in DIMENSIONS if (v := table.raw(f)) is not None]
    if not kept:
        return []
    blank = np.logical_and.reduce([rows.blank_mask(v) for v in kept])
    found = []
    for i in map(int, np.flatnonzero(data & blank)):
        parts = data & ~blank & (code == code[i])
        if code[i] and parts.any() and all(int(c.fen[parts].sum()) == int(c.fen[i]) for c in table.money.values()):
            found.append(i)
    return found


def parent_names(tables: Sequence[Table]) -> dict[str, str]:
    """Code to name of the parent accounts that trial balances list."""
    found: dict[str, str] = {}
    for table in (t for t in tables if is_trial_balance(t)):
        name = table.raw("account")
        parents = table.roles == rows.SUBTOTAL
        for code, label in zip(account_codes(table)[parents], [] if name is None else name[parents], strict=False):
            if code and isinstance(label, str):
                found.setdefault(str(code), codes.split_code(label)[1].strip())
    return found


def with_parents(account_code: Texts, account: Texts, names: Mapping[str, str]) -> Texts:
    """Account names with those of the accounts above them: `行政支出/项目支出/印章` for the leaf 印章."""
    if not names:
        return account
    pairs = account_code.pairs(account)
    paths = [
        "/".join([*(names[p] for p in sorted(names, key=len) if continues(p, code)), name])
        if name and not re.search(r"[/\\_>—]|支出.*-", name)
        else name
        for code, name in pairs.distinct
    ]
    return Texts(pairs.codes, np.array(paths, dtype=object))


def account_codes(table: Table) -> np.ndarray:
    raw = table.raw("account_code")
    values = raw if raw is not None else table.raw("account")
    if values is None:
        return np.full(len(table.body), "", dtype=object)
    return text.mapped(values, lambda v: codes.split_code(v)[0] or codes.clean_code(v))


def continues(code: str, longer: str) -> bool:
    """Whether `longer` lies under `code`: by separators where there are any, else by pairs of digits."""
    if not longer.startswith(code) or longer == code:
        return False
    rest = longer[len(code) :]
    return (
        rest[0] in ".-\\/" or (len(codes.segments(rest)) % 2 == 0 and rest.isdigit()) or len(codes.segments(rest)) == 3
    )


def balance_breaks(table: Table) -> list[Finding]:
    """I11: opening + debit − credit = balance, line by line; where the column is no running balance, nothing.

    The sign of a balance is its 方向 (贷 is negative) where there is one.  A quota's balance falls with payments.
    """
    if "balance" not in table.money:
        return []
    column = table.money["balance"]
    kept = np.isin(table.roles, (rows.DATA, rows.OPENING)) & np.isin(column.state, (Cell.NUMBER, Cell.SUB_FEN))
    flat = _is_flat(table) & np.isin(table.roles, (rows.DATA, rows.OPENING))
    where = np.flatnonzero(kept | flat)
    if len(where) < 2:
        return []
    balance = np.where(kept, column.fen, 0)[where]
    side = table.raw("direction")
    if side is not None:
        credit = text.mapped(side[where], lambda v: str(v or "").strip() in ("贷", "贷方"))
        balance = np.where(credit.astype(bool), -balance, balance)
    change = np.zeros(len(table.body), dtype=np.int64)
    data = table.roles == rows.DATA
    for name, sign in (("debit", 1), ("amount", 1), ("credit", -1), ("increase", -1)):
        if name in table.money:
            change += sign * np.where(data, table.money[name].fen, 0)
    for position, heading in table.header.unknown.items():  # 收入 beside 支出 in a cash book
        if words.normalise(heading).startswith(INCOME):
            change -= np.where(data, parse_column(table.body[:, position], UNITS[table.unit]).fen, 0)
    running = np.cumsum(change)[where]
    chain = _chains(table, where)
    same = np.append(False, (chain[1:] == chain[:-1]) & (table.roles[where][1:] != rows.OPENING))
    step, moved = np.diff(balance, prepend=0), np.diff(running, prepend=0)
    breaks = [np.flatnonzero(same & (step != sign * moved)) for sign in (1, -1)]
    found = min(breaks, key=len)
    if not same.any() or len(found) > MOST_MUST_HOLD * same.sum():
        return []
    sign = 1 if found is breaks[0] else -1
    findings = []
    for i in found[:EACH_AT_MOST]:
        if i and i - 1 in found and step[i] + step[i - 1] == sign * (moved[i] + moved[i - 1]):
            continue  # the line after a wrong balance comes right again: one finding, not two
        origin = table.origin(int(where[i]), "balance")
        says = table.says(int(where[i]))
        findings.append(
            Finding(
                "balance-break",
                table.sheet or table.file,
                origin,
                expected=int(balance[i - 1] + sign * moved[i]),
                actual=int(balance[i]),
                detail=f"{table.file}|{says}",
            )
        )
    return findings


def _is_flat(table: Table) -> rows.Mask:
    """Rows whose direction is 平: their balance is zero though the cell is blank."""
    side = table.raw("direction")
    if side is None:
        return np.zeros(len(table.body), dtype=bool)
    return np.asarray(text.mapped(side, lambda v: str(v or "").strip() == "平"), dtype=bool)


def _chains(table: Table, where: np.ndarray) -> np.ndarray:
    """Which running balance each row belongs to: one a quota or account where rows name them."""
    raw = next((v for f in ("quota", "account_code", "account") if (v := table.raw(f)) is not None), None)
    if raw is None:
        return np.zeros(len(where), dtype=np.int64)
    series = pd.Series(np.asarray(raw[where]), dtype=object)
    return np.asarray(pd.factorize(series.where(series != "").ffill())[0], dtype=np.int64)

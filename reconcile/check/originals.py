"""Which earlier payment a reversal takes back."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile import wide
from reconcile.ledger import voucher_groups
from reconcile.read import words
from reconcile.read.columns import Texts

Positions = npt.NDArray[np.int64]
NONE = -1
DEEPEST = 50


OF_CLASS = ("economic_code", "item", "account_code", "account")


def payee_keys(entries: pd.DataFrame) -> pd.Series:
    """Payees made comparable: '' where there is none."""
    at, distinct = wide.factorized(entries, "payee")
    return pd.Series(Texts(at, distinct).map(words.normalise).array, index=entries.index)


def payees(entries: pd.DataFrame, rows: Positions) -> tuple[Positions, npt.NDArray[np.bool_]]:
    """(a number for the payee of each of some rows, made comparable; which have one)."""
    at, distinct = wide.factorized(entries, "payee", rows)
    number, known = pd.factorize(np.array([words.normalise(p) for p in distinct], dtype=object))
    return number[at], (known != "")[number[at]]


def class_keys(entries: pd.DataFrame) -> pd.Series:
    """The economic class of an entry, or its account where it has none."""
    own = entries["economic_code"].where(entries["economic_code"] != "", entries["item"])
    return own.where(own != "", entries["account_code"] + entries["account"])


def project_keys(entries: pd.DataFrame) -> pd.Series:
    return entries["category"] + "|" + entries["project_code"] + "|" + entries["project"]


def originals(entries: pd.DataFrame) -> Positions:
    """For every entry the position of the payment that it takes back, −1 where it is no reversal or has no original.

    An original has the same amount and project, is not later, and has the same payee and class; or the same class
    where one of the two names no payee; or the same payee.  Then whole vouchers are held against each other.  Each
    payment is taken back once, the latest first.
    """
    amount = entries["amount"].to_numpy()
    found = np.full(len(entries), NONE, dtype=np.int64)
    if not (amount < 0).any():
        return found
    order = _in_order(entries)
    size = pd.Series(np.abs(amount), index=entries.index)
    keep = size.isin(size[amount < 0]).to_numpy()
    rows = order[keep[order]]
    project, kind, payee = project_keys(entries), class_keys(entries), payee_keys(entries)
    for names, named in (
        ([size, project, kind, payee], False),
        ([size, project, kind], False),
        ([size, project, payee], True),
    ):
        _take_back(rows, _ids(names, rows), amount, payee.to_numpy(dtype=object), found, named)
    _whole_vouchers(entries, order, project, payee, found)
    return found


def _ids(names: list[pd.Series], rows: Positions) -> Positions:
    frame = pd.DataFrame({i: s.to_numpy()[rows] for i, s in enumerate(names)})
    return np.asarray(frame.groupby(list(frame.columns), sort=False).ngroup(), dtype=np.int64)


def _in_order(entries: pd.DataFrame) -> Positions:
    """Positions by date, payments before reversals on one day; entries without a date are left out."""
    date = entries["date"].to_numpy()
    order = np.lexsort((np.arange(len(entries)), entries["amount"].to_numpy() < 0, date))
    return np.asarray(order[~np.isnat(date[order])], dtype=np.int64)


def _take_back(
    rows: Positions, key: Positions, amount: Positions, payee: npt.NDArray[np.object_], found: Positions, named: bool
) -> None:
    """Match the reversals among `rows` to the payments before them under the same key; `named` wants a payee."""
    taken = set(found[found != NONE].tolist())
    with_reversal = set(key[(amount[rows] < 0) & (found[rows] == NONE)].tolist())
    open_payments: dict[int, list[int]] = {}
    for row, group in zip(rows.tolist(), key.tolist(), strict=True):
        if group not in with_reversal:
            continue
        waiting = open_payments.setdefault(group, [])
        if amount[row] > 0:
            if row not in taken:
                waiting.append(row)
        elif found[row] == NONE:
            match = _latest(waiting, row, payee, named)
            if match is not None:
                waiting.remove(match)
                found[row] = match


def _latest(waiting: list[int], row: int, payee: npt.NDArray[np.object_], named: bool) -> int | None:
    for one in reversed(waiting[-DEEPEST:]):
        same = payee[one] == payee[row]
        if (same and bool(payee[row])) if named else (same or not payee[one] or not payee[row]):
            return one
    return None


def _whole_vouchers(
    entries: pd.DataFrame, order: Positions, project: pd.Series, payee: pd.Series, found: Positions
) -> None:
    """Reversing vouchers of several lines, or of one, that together are an earlier voucher on the same project."""
    taken = np.zeros(len(entries), dtype=bool)
    taken[found[found != NONE]] = True
    free = order[(found[order] == NONE) & ~taken[order] & wide.filled(entries, "voucher")[order]]
    frame = pd.DataFrame({"at": free, "voucher": voucher_groups(entries)[free], "project": project.to_numpy()[free]})
    frame["amount"], frame["payee"] = entries["amount"].to_numpy()[free], payee.to_numpy(dtype=object)[free]
    group = frame.groupby(["voucher", "project"], sort=False)
    frame = frame.assign(id=group.ngroup(), total=group["amount"].transform("sum"), lines=group["at"].transform("size"))
    frame = frame[_may_meet(frame)]
    vouchers: dict[int, list[tuple[int, str]]] = {}
    net: dict[int, tuple[int, str]] = {}
    for one, at, payer, total, name in frame[["id", "at", "payee", "total", "project"]].itertuples(
        index=False, name=None
    ):
        vouchers.setdefault(one, []).append((at, payer))
        net[one] = (total, name)
    waiting: dict[tuple[int, str], list[int]] = {}
    for one, (total, name) in net.items():
        if total > 0:
            waiting.setdefault((total, name), []).append(one)
            continue
        candidates = waiting.get((-total, name), [])
        match = next((w for w in reversed(candidates[-DEEPEST:]) if _one_voucher(vouchers[one], vouchers[w])), None)
        if match is not None:
            candidates.remove(match)
            found[[at for at, _ in vouchers[one]]] = vouchers[match][0][0]


def _may_meet(frame: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Lines of vouchers whose amount and project a reversal of another number of lines has the other way round."""
    key = [frame["total"].abs(), frame["project"]]
    back = (frame["total"] < 0).groupby(key).transform("any")
    paid = (frame["total"] > 0).groupby(key).transform("any")
    several = (frame["lines"] > 1).groupby(key).transform("any")
    return np.asarray(back & paid & several)


def _one_voucher(back: list[tuple[int, str]], original: list[tuple[int, str]]) -> bool:
    """Whether a reversal of several lines, or of a voucher of several, can be of this voucher by its payees."""
    ours, theirs = {p for _, p in back} - {""}, {p for _, p in original} - {""}
    return len(back) + len(original) > 2 and (not ours or not theirs or bool(ours & theirs))

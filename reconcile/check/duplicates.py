"""Payments that were perhaps made twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile import wide
from reconcile.check import memo_text
from reconcile.check.facts import Facts, voucher_ids, voucher_subject
from reconcile.check.many import largest
from reconcile.check.originals import NONE, OF_CLASS, class_keys, payees
from reconcile.finding import Check, Finding, Origin
from reconcile.groups import Groups
from reconcile.wording import Amount

Mask = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.int64]
SHORTEST_PURPOSE = 4
A_SERIES = 3
EVEN_DAYS = 2
ALIKE = 80.0
TEN_YUAN = 10_00
SHOWN = 4


def duplicate_payment(facts: Facts) -> Check:
    """R24: one payee, amount, project and class twice within the office's number of days, for one purpose.

    Memos that name different months, instalments or numbers are different payments, and so are equal payments in
    regular turn; a payment that was taken back does not count.  Where a row names no payee, its purpose must be the
    same and say something.  Both are reported, none is dropped.
    """
    spending = facts.spending
    if len(spending) and not spending["date"].notna().any():
        return Check.missing("duplicate-payment", "needs-dates")
    if not wide.filled(spending, "payee").any() and not wide.filled(spending, "memo").any():
        return Check.missing("duplicate-payment", "needs-payees")
    taken_back = np.zeros(len(spending), dtype=bool)
    taken_back[facts.originals[facts.originals != NONE]] = True
    dated = spending["date"].notna().to_numpy()
    paid = np.flatnonzero((spending["amount"] > 0).to_numpy() & dated & ~taken_back)
    candidates = _candidates(spending, paid)
    pairs = _pairs(candidates, facts.settings.thresholds.duplicate_days)
    inside = facts.in_period(candidates)
    clusters = _clusters(candidates, [(one, other) for one, other in pairs if inside[other]])
    amount = candidates["amount"].to_numpy()
    sizes = [sum(int(amount[c[0]]) for c in chains) for chains in clusters]
    findings = largest(sizes, lambda i: _finding(facts, candidates, clusters[i]))
    return Check.ran("duplicate-payment", int(facts.in_period(spending)[paid].sum()), findings)


def _candidates(spending: pd.DataFrame, paid: Positions) -> pd.DataFrame:
    """Of the payments at some positions those that share payee (or purpose), amount, project and class with another, in order of their dates.

    `series` numbers these groups; `purpose`, `period` and `number` are what the memo says.
    """
    payee, named = payees(spending, paid)
    whose, tells = payee.copy(), named.copy()
    unnamed = np.flatnonzero(~named)
    at, memos = wide.factorized(spending, "memo", paid[unnamed])
    purpose, purposes = pd.factorize(np.array([memo_text.split(m)[0] for m in memos], dtype=object))
    whose[unnamed] = -1 - purpose[at]
    tells[unnamed] = np.array([len(p) >= SHORTEST_PURPOSE for p in purposes], dtype=bool)[purpose[at]]
    keys = ("category", "project_code", "project")
    amount = spending["amount"].to_numpy()[paid]
    same = Groups.by(amount, whose, *(wide.codes(spending, c, paid) for c in keys))
    likely = (same.counts[same.of] > 1) & tells
    kind = np.zeros(len(paid), dtype=np.int64)
    kind[likely] = Groups.by(class_keys(spending[list(OF_CLASS)].iloc[paid[likely]])).of
    same = Groups.by(same.of, kind)
    twice = (same.counts[same.of] > 1) & likely
    out = spending.iloc[paid[twice]].assign(series=Groups.by(same.of[twice]).of)
    for position, name in enumerate(("purpose", "period", "number")):
        out[name] = [memo_text.split(m)[position] for m in out["memo"]]
    out["known"] = named[twice]
    return out.sort_values(["series", "date", "file", "sheet", "row"], kind="stable").reset_index(drop=True)


def _pairs(paid: pd.DataFrame, days: int) -> list[tuple[int, int]]:
    """Which candidates repeat an earlier one (both positions): first of the same words, then of words nearly alike."""
    if len(paid) < 2:
        return []
    turn = _Turn.of(paid)
    same_words = paid.groupby(["series", "purpose", "period", "number"], sort=False)
    one, other = _neighbours(same_words.ngroup().to_numpy())
    named = (paid["period"] != "").to_numpy() & (turn.months(same_words) < A_SERIES)
    apart = (paid["date"].to_numpy()[other] - paid["date"].to_numpy()[one]).astype("timedelta64[D]").astype(np.int64)
    hit = (apart <= days) & (named[other] | ~turn.regular(one, other, apart))
    found = list(zip(one[hit].tolist(), other[hit].tolist(), strict=True))
    left = np.ones(len(paid), dtype=bool)
    left[[*one[hit], *other[hit]]] = False
    rest = np.flatnonzero(left)
    one, other = _neighbours(paid["series"].to_numpy()[rest])
    one, other = rest[one], rest[other]
    apart = (paid["date"].to_numpy()[other] - paid["date"].to_numpy()[one]).astype("timedelta64[D]").astype(np.int64)
    hit = (apart <= days) & ~turn.regular(one, other, apart) & ~_differ(paid, one, other)
    hit[hit] = _nearly_alike(paid, one[hit], other[hit])
    return found + list(zip(one[hit].tolist(), other[hit].tolist(), strict=True))


def _neighbours(group: Positions) -> tuple[Positions, Positions]:
    """Each row with the one before it of its group."""
    order = np.argsort(group, kind="stable")
    same = group[order][1:] == group[order][:-1]
    return order[:-1][same], order[1:][same]


def _differ(paid: pd.DataFrame, one: Positions, other: Positions) -> Mask:
    """Whether two memos name different periods, instalments or numbers."""
    apart = np.zeros(len(one), dtype=bool)
    for name in ("period", "number"):
        said = paid[name].to_numpy(dtype=object)
        apart |= (said[one] != said[other]) & (said[one] != "") & (said[other] != "")
    return apart


def _nearly_alike(paid: pd.DataFrame, one: Positions, other: Positions) -> list[bool]:
    """Whether two purposes are near enough, or, of one payee, the amount too odd to come twice by chance."""
    from rapidfuzz import fuzz

    purpose, known = paid["purpose"].tolist(), paid["known"].tolist()
    odd = (paid["amount"].to_numpy() % TEN_YUAN != 0).tolist()
    return [
        purpose[i] == purpose[k] or (known[k] and (odd[k] or fuzz.ratio(purpose[i], purpose[k]) >= ALIKE))
        for i, k in zip(one.tolist(), other.tolist(), strict=True)
    ]


@dataclass(frozen=True)
class _Turn:
    """Equal payments in regular turn: for every candidate its month, and of its series (and of its purpose in it)
    the number of months, of payments in its month, of those in a usual month, and the usual days between two."""

    month: Positions
    of_series: tuple[npt.NDArray[np.float64], ...]
    of_purpose: tuple[npt.NDArray[np.float64], ...]

    @classmethod
    def of(cls, paid: pd.DataFrame) -> _Turn:
        month = paid["date"].to_numpy(dtype="datetime64[M]").astype(np.int64)
        series = paid["series"].to_numpy()
        purpose = paid.groupby(["series", "purpose"], sort=False).ngroup().to_numpy()
        return cls(month, _rhythm(paid, series, month), _rhythm(paid, purpose, month))

    def months(self, groups: Any) -> Positions:
        return np.asarray(pd.Series(self.month).groupby(groups.ngroup().to_numpy()).transform("nunique"))

    def regular(self, one: Positions, other: Positions, apart: Positions) -> Mask:
        """Whether a payment comes in its turn: in another month, no more often in it than usual, or evenly spaced."""
        other_month = self.month[one] != self.month[other]
        out = (self.of_series[0][other] >= A_SERIES) & other_month
        months, in_month, usual, interval = (x[other] for x in self.of_purpose)
        even = np.abs(apart - interval) <= EVEN_DAYS
        return np.asarray(out | ((months >= A_SERIES) & (other_month | (in_month <= usual) | even)), dtype=bool)


def _rhythm(paid: pd.DataFrame, group: Positions, month: Positions) -> tuple[npt.NDArray[np.float64], ...]:
    frame = pd.DataFrame({"group": group, "month": month, "date": paid["date"].to_numpy()})
    of_month = frame.groupby(["group", "month"])["date"]
    months = frame.groupby("group")["month"].transform("nunique")
    usual = of_month.size().groupby("group").median().reindex(group)
    between = frame.sort_values(["group", "date"], kind="stable").groupby("group")["date"].diff().dt.days
    interval = between.groupby(frame["group"]).transform("median").reindex(frame.index)
    return tuple(x.to_numpy(dtype=np.float64) for x in (months, of_month.transform("size"), usual, interval))


def _clusters(paid: pd.DataFrame, pairs: Sequence[tuple[int, int]]) -> list[list[list[int]]]:
    """Payments that repeat one another, chain by chain; chains over the same vouchers, as when the lines of a whole
    voucher come again, are one cluster."""
    chain_of: dict[int, list[int]] = {}
    for one, other in pairs:
        chain = chain_of.setdefault(one, [one])
        if other in chain_of:
            continue
        chain.append(other)
        chain_of[other] = chain
    chains = list({id(c): sorted(c) for c in chain_of.values()}.values())
    ids = voucher_ids(paid)
    said = paid[["payee", "purpose", "project", "economic_code"]].to_numpy(dtype=object)
    clusters: dict[object, list[list[int]]] = {}
    for chain in chains:
        vouchers = tuple(dict.fromkeys(ids[chain].tolist()))
        key = (vouchers, said[chain[0]][0]) if len(vouchers) > 1 else (vouchers, *said[chain[0]])
        clusters.setdefault(key, []).append(chain)
    return list(clusters.values())


def _finding(facts: Facts, paid: pd.DataFrame, chains: list[list[int]]) -> Finding:
    amount = paid["amount"].to_numpy()
    lines = paid.iloc[chains[0]]
    names = [voucher_subject(r) for r in lines.itertuples()]
    last = lines.iloc[-1]
    told = [str(last["payee"]), *([] if len(set(names)) > 1 else [last["purpose"], last["project"], last["item"]])]
    where = facts.entry_origin(last)
    places = [_place(facts, r, where) for r in lines.head(SHOWN).itertuples()] + ["…"] * (len(lines) > SHOWN)
    return Finding(
        "duplicate-payment",
        names[-1],
        where,
        actual=int(sum(amount[c[0]] for c in chains)),
        detail="|".join((*dict.fromkeys(names[:-1]), *told)),
        params={
            "payee": last["payee"] or last["memo"],
            "times": len(lines),
            "seen": {"zh": "；".join(places), "en": "; ".join(places)},
            "project": last["project"] or facts.category_name(str(last["category"])),
            "extra": Amount(int(sum(amount[c[0]] * (len(c) - 1) for c in chains))),
        },
    )


def _place(facts: Facts, entry: Any, last: Origin) -> str:
    """A payment by voucher, date, memo and cell; the file only where it is another than the last payment's."""
    origin = facts.entry_origin(entry)
    cell = origin.cell if (origin.file, origin.sheet) == (last.file, last.sheet) else str(origin)
    return f"{entry.voucher} {entry.date:%Y-%m-%d} {entry.memo} [{cell}]".strip()


RULES = (duplicate_payment,)

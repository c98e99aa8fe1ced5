"""Entries that stand in two tables: a month exported twice, a half-year beside the year, a journal beside a detail
ledger of it.  Lines are the same where their voucher, date, account, amounts and texts are; those count once.  Where a
voucher of the same books says two things, both stay and a person is told."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from reconcile import codes, wide, wording
from reconcile.finding import Finding, Origin, Severity
from reconcile.read import columns as text
from reconcile.read import words
from reconcile.read.office import named_apart

TEXTS = ("memo", "project", "project_code", "payee", "economic_code")
FEW_LINES = 3
MOST_SHOWN = 20
_MARKS = re.compile(r"[\s\-_.字第号]|(?<!\d)0+(?=\d)")


@dataclass(frozen=True)
class _Pair:
    """Two tables' lines on the keys that both have, and what became of each key.

    lines: side (0 or 1), key, account, line (a hash of all that makes a line), loose (without amounts), debit, credit,
    at (position in its part).  equal: keys whose lines are the same on the accounts that both have; part: keys of
    which one side has a part; unlike: keys of which the sides say different things, True where they are much alike.
    covers: whether most lines of one side, in the time that both cover, are on such keys.
    """

    lines: pd.DataFrame
    equal: frozenset[int] = frozenset()
    part: frozenset[int] = frozenset()
    unlike: Mapping[int, bool] = field(default_factory=dict)
    covers: bool = False

    @property
    def alike(self) -> int:
        return len(self.equal) + len(self.part) + sum(self.unlike.values())

    @property
    def mostly(self) -> bool:
        return 2 * self.alike >= len(self.equal) + len(self.part) + len(self.unlike)


def repeated_entries(parts: Sequence[pd.DataFrame], subjects: Sequence[str]) -> tuple[list[np.ndarray], list[Finding]]:
    """(which entries of each part another part already has, findings).

    parts: the entries of each table, with `office`; entries without a date are never compared.  Vouchers of two
    offices are two vouchers.  subjects: what each table's titles say that it is of; tables of two subjects are apart.
    """
    repeated = [np.zeros(len(p), dtype=bool) for p in parts]
    if len(parts) < 2:
        return repeated, []
    months = [set(pd.unique(p["date"].dropna().to_numpy(dtype="datetime64[M]"))) for p in parts]
    findings: list[Finding] = []
    keyed: dict[int, pd.DataFrame] = {}
    for j in range(1, len(parts)):
        for i in range(j):
            if months[i] & months[j] and (subjects[i] == subjects[j] or not (subjects[i] and subjects[j])):
                for k in (i, j):
                    keyed.setdefault(k, _keyed(parts[k]))
                one, other = (keyed[k][~repeated[k][keyed[k]["at"]]] for k in (i, j))
                drops, found = _settled(_compared(one, other), (parts[i], parts[j]))
                repeated[i] |= drops[0]
                repeated[j] |= drops[1]
                findings += found
    return repeated, findings


def _keyed(part: pd.DataFrame) -> pd.DataFrame:
    """Dated entries with the key under which two tables are compared: office, month and voucher, or the date in a
    table without vouchers."""
    at = np.flatnonzero(part["date"].notna().to_numpy())
    frame = part.iloc[at].reset_index(drop=True)
    vouchers = bool((frame["voucher"] != "").any())
    if vouchers:
        kept = (frame["voucher"] != "").to_numpy()
        at, frame = at[kept], frame[kept].reset_index(drop=True)
    month = frame["date"].to_numpy(dtype="datetime64[M]" if vouchers else "datetime64[D]").astype(np.int64)
    return wide.plain(frame[["date", "debit", "credit", *TEXTS]]).assign(
        at=at,
        by_voucher=vouchers,
        office=text.mapped(frame["office"], lambda v: words.normalise(str(v or ""))),
        month=month,
        voucher=text.mapped(frame["voucher"], _number),
        account_code=text.mapped(frame["account_code"], lambda v: codes.segments(str(v or ""))),
        account_name=text.mapped(frame["account"], lambda v: words.normalise(str(v or ""))),
    )


def _number(voucher: object) -> str:
    """A voucher's word and number as two exports may write them: `记-0001`, `记字第1号`."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", str(voucher or "")))


def _compared(one: pd.DataFrame, other: pd.DataFrame) -> _Pair:
    lines = pd.concat([one.assign(side=0), other.assign(side=1)], ignore_index=True)
    keys = ["month", "voucher", *(["office"] if _on_both(lines, "office") else [])]
    nothing = _Pair(lines.iloc[:0])
    if not len(one) or not len(other) or one["by_voucher"].iloc[0] != other["by_voucher"].iloc[0]:
        return nothing
    start, end = max(f["date"].min() for f in (one, other)), min(f["date"].max() for f in (one, other))
    in_both = lines.loc[lines["date"].between(start, end), "side"].value_counts()
    lines["key"] = lines.groupby(keys, sort=False).ngroup()
    lines = lines[lines["key"].isin(_both(lines, ["key"])["key"])]
    if not len(lines):
        return nothing
    own = [t for t in TEXTS if _on_both(lines, t)]
    lines["account"] = next((lines[a] for a in ("account_code", "account_name") if _on_both(lines, a)), "")
    loose = ["date", "account", *own]
    lines["loose"] = pd.util.hash_pandas_object(lines[loose], index=False).to_numpy()
    lines["line"] = pd.util.hash_pandas_object(lines[[*loose, "debit", "credit"]], index=False).to_numpy()
    whole = _same_lines(lines)
    equal = set(whole[whole].index)
    lines["shared"] = True
    rest = lines[~lines["key"].isin(equal)]
    shared = rest.merge(_both(rest, ["key", "account"]), on=["key", "account"], how="left", indicator=True)
    lines.loc[rest.index, "shared"] = (shared["_merge"] == "both").to_numpy()
    rest = lines[lines["shared"] & ~lines["key"].isin(equal)]
    same = _same_lines(rest)
    equal |= set(same[same].index)
    rest = rest[~rest["key"].isin(equal)]
    part = _parts(rest)
    rest = rest[~rest["key"].isin(part)]
    alike = set(_both(rest, ["key", "loose"])["key"]) | set(_both(rest, ["key", "line"])["key"])
    unlike = {int(k): k in alike for k in rest["key"].unique()}
    met = lines[lines["shared"] & lines["key"].isin(equal | part | alike)]["side"].value_counts()
    covers = any(2 * met.get(s, 0) >= in_both.get(s, 0) > 0 for s in (0, 1))
    return _Pair(lines, frozenset(map(int, equal)), frozenset(part), unlike, covers)


def _both(lines: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """The values of `by` that stand on both sides."""
    seen = lines[[*by, "side"]].drop_duplicates()
    return seen.loc[seen.duplicated(by), by]


def _on_both(lines: pd.DataFrame, name: str) -> bool:
    """Whether both sides say something in a column: what one export left out tells nothing."""
    return all((lines.loc[lines["side"] == side, name] != "").any() for side in (0, 1))


def _same_lines(lines: pd.DataFrame) -> pd.Series:
    """For every key whether both sides have the same lines, each as often."""
    digest = lines.assign(digest=lines["line"].to_numpy().view(np.int64), one=1)
    sums = digest.groupby(["key", "side"], sort=False)[["digest", "one"]].sum().unstack("side")
    if not len(sums) or sums.shape[1] < 4:
        return pd.Series(dtype=bool)
    return (sums["digest"][0] == sums["digest"][1]) & (sums["one"][0] == sums["one"][1])


def _parts(lines: pd.DataFrame) -> set[int]:
    """Keys of which one side has every line of the other and more, and the lesser does not balance: cut off."""
    if not len(lines):
        return set()
    counts = lines.groupby(["key", "line", "side"], sort=False).size().unstack("side", fill_value=0)
    matched = counts.min(axis=1).groupby("key").sum()
    sides = lines.groupby(["key", "side"], sort=False).agg(n=("line", "size"), d=("debit", "sum"), c=("credit", "sum"))
    n, debit, credit = (sides[c].unstack("side").reindex(matched.index) for c in ("n", "d", "c"))
    found: set[int] = set()
    for less, more in ((0, 1), (1, 0)):
        cut_off = (matched == n[less]) & (n[less] < n[more])
        cut_off &= (debit[less] != credit[less]) & (debit[more] == credit[more])
        found |= set(map(int, matched.index[cut_off]))
    return found


def _settled(
    pair: _Pair, parts: tuple[pd.DataFrame, pd.DataFrame]
) -> tuple[tuple[np.ndarray, np.ndarray], list[Finding]]:
    """(entries of each part that count no more, findings)."""
    drops = (np.zeros(len(parts[0]), dtype=bool), np.zeros(len(parts[1]), dtype=bool))
    lines = pair.lines
    if not len(lines):
        return drops, []
    if not _same_books(pair, parts):
        return drops, _possible(pair, parts)
    keys = pair.equal | pair.part
    again = lines[lines["key"].isin(keys) & lines["shared"]]
    size = lines[lines["key"].isin(keys)].groupby(["key", "side"])["line"].size().unstack("side")
    held = again.groupby(["key", "side"])["line"].size().unstack("side")
    fuller = set(size.index[(size[1] > held[1]) & (size[0] == held[0])])
    fuller |= {k for k in pair.part if size[1][k] > size[0][k]}
    gone = again[(again["side"] == 0) == again["key"].isin(fuller)]
    for side in (0, 1):
        drops[side][gone.loc[gone["side"] == side, "at"]] = True
    findings = _counted_once(gone, parts) if len(gone) else []
    return drops, findings + _differing(pair, parts)


def _same_books(pair: _Pair, parts: tuple[pd.DataFrame, pd.DataFrame]) -> bool:
    """Whether two tables are known to be of the same books: most vouchers that both number alike are alike, and some
    lines are the same or one office is named by both."""
    lines = pair.lines
    offices = _on_both(lines, "office")
    if not pair.covers or not pair.mostly or (_apart(parts) and not offices):
        return False
    if not lines["by_voucher"].iloc[0]:
        count = int(lines["key"].isin(pair.equal).sum()) // 2
        return count >= FEW_LINES and 2 * len(pair.equal) >= len(pair.equal) + len(pair.unlike)
    some = bool(len(_both(lines[lines["key"].isin(pair.unlike)], ["key", "line"])))
    return bool(pair.equal) or bool(pair.part) or some or offices


def _apart(parts: tuple[pd.DataFrame, pd.DataFrame]) -> bool:
    return named_apart(*(str(p["file"].iloc[0]) for p in parts))


def _counted_once(gone: pd.DataFrame, parts: tuple[pd.DataFrame, pd.DataFrame]) -> list[Finding]:
    findings = []
    for side in (0, 1):
        own = gone[gone["side"] == side]
        if len(own):
            here, there = parts[side], parts[1 - side]
            findings.append(
                Finding(
                    "repeated-table",
                    _name(here),
                    _place(here),
                    actual=int(own["debit"].sum()),
                    detail=f"{here['file'].iloc[0]}|overlap|{there['file'].iloc[0]}|{there['sheet'].iloc[0]}",
                    params={
                        "wording": "overlap",
                        "other": _place(there),
                        "count": len(own),
                        "first": f"{own['date'].min():%Y-%m-%d}",
                        "last": f"{own['date'].max():%Y-%m-%d}",
                    },
                )
            )
    return findings


def _differing(pair: _Pair, parts: tuple[pd.DataFrame, pd.DataFrame]) -> list[Finding]:
    """One finding a voucher of the same books that two tables state differently; beyond a few, their count."""
    lines = pair.lines[pair.lines["key"].isin(pair.unlike)]
    if not len(lines):
        return []
    sums = lines.groupby(["key", "side"], sort=False)[["debit", "credit"]].sum().unstack("side")
    findings = []
    first = lines.drop_duplicates(["key", "side"]).set_index(["key", "side"])["at"]
    keys = list(dict.fromkeys(lines["key"]))
    for key in keys[:MOST_SHOWN]:
        rows = [parts[side].iloc[int(first[(key, side)])] for side in (0, 1)]
        money = "debit" if sums.loc[key][("debit", 0)] or sums.loc[key][("debit", 1)] else "credit"
        amounts = [int(sums.loc[key][(money, side)]) for side in (0, 1)]
        origins = [Origin(str(r["file"]), str(r["sheet"]), int(r["row"])) for r in rows]
        findings.append(
            Finding(
                "repeated-table",
                f"{rows[1]['date']:%Y-%m} {rows[1]['voucher']}".strip(),
                origins[1],
                severity=Severity.ERROR,
                expected=amounts[0],
                actual=amounts[1],
                detail=f"{origins[0].file}|{origins[0].sheet}|{origins[1].file}|{origins[1].sheet}",
                params={
                    "wording": "differs" if amounts[0] != amounts[1] else "differs-text",
                    "other": origins[0],
                    "more": _more(len(keys) if key == keys[0] else 0),
                },
            )
        )
    return findings


def _more(count: int) -> dict[str, str]:
    if count <= MOST_SHOWN:
        return {"zh": "", "en": ""}
    return {lang: wording.fill(wording.text("overlap-more", lang), {"count": count}) for lang in ("zh", "en")}


def _possible(pair: _Pair, parts: tuple[pd.DataFrame, pd.DataFrame]) -> list[Finding]:
    """Tables that may be of the same books but are not known to be: both count, and a person is asked."""
    by_voucher = bool(pair.lines["by_voucher"].iloc[0])
    near = pair.mostly and pair.covers and (bool(pair.equal) or (by_voucher and not _apart(parts)))
    if not near and not (pair.equal and not _apart(parts)):
        return []
    if parts[0]["file"].iloc[0] == parts[1]["file"].iloc[0]:
        return []
    here, there = parts[1], parts[0]
    return [
        Finding(
            "repeated-table",
            _name(here),
            _place(here),
            detail=f"{here['file'].iloc[0]}|possible|{there['file'].iloc[0]}|{there['sheet'].iloc[0]}",
            params={"wording": "possible", "other": _place(there), "count": pair.alike},
        )
    ]


def _name(part: pd.DataFrame) -> str:
    return str(part["sheet"].iloc[0] or part["file"].iloc[0])


def _place(part: pd.DataFrame) -> Origin:
    return Origin(str(part["file"].iloc[0]), str(part["sheet"].iloc[0]))

"""Budgets that come in several tables: the one of the beginning of the year, what was added to it and taken back
later, and tables that state it anew.  Every line keeps its own row; a project's chain is the sum of its lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from reconcile import codes, frames, wording
from reconcile.finding import Finding, LoadError, Origin
from reconcile.read import changes, rows, versions, words
from reconcile.read.left_out import LeftOut
from reconcile.read.office import named_apart, office
from reconcile.read.repeats import mentioning
from reconcile.read.table import Table

WHOLE, MOSTLY = 0.8, 0.5
_ANEW = re.compile(r"调整后|调整预算|变更后|修订|更新|最新|最终|revised|amended|adjusted|final")


@dataclass(frozen=True)
class Part:
    """A table, its lines (money in 分) and the sign of its changes: `+`, `-`, `±`, or '' where it states a budget."""

    table: Table
    lines: pd.DataFrame
    sign: str

    @property
    def keys(self) -> pd.Series:
        """What each line is of: its project, or where it names none its class or item."""
        names = self.lines[["project", "economic_code", "item", "group"]].itertuples(index=False, name=None)
        return pd.Series([_key(*n) for n in names], index=self.lines.index, dtype="str")


def _key(project: str, economic_code: str, item: str, group: str) -> str:
    if project:
        return "project|" + words.project_key(project)
    return "class|" + (codes.class_of(economic_code, item) or words.normalise(item) or group)


def signs(tables: Sequence[Table]) -> list[str]:
    """The sign of each table's changes; a table that nothing else of its office states a budget for states its own."""
    found = [changes.sign_of(t) for t in tables]
    of = [office(t) for t in tables]
    stating = {o for o, sign in zip(of, found, strict=True) if not sign}
    return [
        s if s and (o in stating or (stating and (not o or "" in stating))) else ""
        for s, o in zip(found, of, strict=True)
    ]


def combined(parts: Sequence[Part]) -> tuple[list[Part], list[Finding]]:
    """The parts that count, and findings.  A table that states the whole budget anew takes the place of the one before;
    one that states some lines anew changes those; changes take category and group of the lines that they change.

    Raises LoadError where it cannot be told whether a table changes the budget or states it anew.
    """
    stating, findings = _stated_anew([p for p in parts if not p.sign])
    base = pd.concat([p.lines.assign(key=p.keys) for p in stating], ignore_index=True) if stating else pd.DataFrame()
    changing = []
    for part in parts:
        if part.sign:
            _refuse_doubtful(part, base)
            changing.append(replace(part, lines=_placed(_split_by_sign(part.lines), part.keys, base)))
    findings += _same_changes(changing)
    order = {id(p.table): i for i, p in enumerate(parts)}
    out = sorted([*stating, *changing], key=lambda p: order.get(id(p.table), len(order)))
    return out, findings + _below_zero(out, changing)


def _stated_anew(parts: list[Part]) -> tuple[list[Part], list[Finding]]:
    kept: list[Part] = []
    findings: list[Finding] = []
    for part in sorted(parts, key=lambda p: _anew(p.table)):
        for at, before in enumerate(kept):
            common = set(before.keys) & set(part.keys)
            if not common or _offices_differ(before.table, part.table):
                continue
            if not _restates(before, part, common):
                findings += _possible(before, part, common)
                continue
            if len(common) >= WHOLE * len(set(before.keys)):
                part = replace(part, table=_instead(part, before))
                kept[at] = replace(before, sign="gone")
            else:
                kept[at], part = _partly(before, part, common)
        kept = [*[p for p in kept if p.sign != "gone"], part]
    return kept, findings


def _anew(table: Table) -> bool:
    """Whether a table says that it states the budget anew: by its names, or by a column 调整后 (or one that a person
    named as that in a table of adjustments) without an original."""
    name = words.normalise(changes.name_of(table))
    column = table.header.columns.get("available")
    if _ANEW.search(name) or column is None or "original" in table.money:
        return bool(_ANEW.search(name))
    told = "columns" in table.asked and any(word in name for word in ("调整", "调剂", "变更"))
    return told or bool(_ANEW.search(words.normalise(column.header)))


def _offices_differ(one: Table, other: Table) -> bool:
    names = office(one), office(other)
    return all(names) and names[0] != names[1]


def _restates(before: Part, after: Part, common: set[str]) -> bool:
    """Whether a later table states an earlier one's lines anew: it says so, or it repeats their amounts and what became
    of them."""
    if _anew(after.table) and not _anew(before.table):
        return True
    changing = {"increase", "decrease", "recovered", "adjustment", "available"} & set(after.table.money)
    if "original" not in after.table.money or not changing or before.table.file == after.table.file:
        return False
    old, new = (_sums(p, common, c) for p, c in ((before, "available"), (after, "original")))
    same = (old == new) & (old != 0)
    return bool(same.fillna(False).mean() > MOSTLY)


def _sums(part: Part, keys: set[str], column: str) -> pd.Series:
    own = part.lines.assign(key=part.keys)
    return own[own["key"].isin(keys)].groupby("key")[column].sum().astype("Int64").sort_index()


def _instead(part: Part, before: Part) -> Table:
    """`part`'s table with the finding that the one before it is an earlier version, and which of its lines went."""
    gone = before.lines[~before.keys.isin(set(part.keys))]
    table = mentioning(part.table, before.table, "version")
    if not len(gone):
        return table
    names = [p or i for p, i in gone[["project", "item"]].itertuples(index=False, name=None)]
    lost = Finding(
        "repeated-table",
        before.table.sheet or before.table.file,
        Origin(before.table.file, before.table.sheet),
        actual=_total(gone["available"]),
        detail=f"{before.table.file}|lines",
        params={
            "wording": "version-lines",
            "other": Origin(table.file, table.sheet),
            "count": len(gone),
            "names": "、".join(names[:5]),
        },
    )
    return replace(table, findings=(*table.findings, lost))


def _total(amounts: pd.Series) -> int | None:
    return None if amounts.isna().any() else int(amounts.sum())


def _partly(before: Part, after: Part, common: set[str]) -> tuple[Part, Part]:
    """Lines that a later table states anew: it takes their place where it states the chain, else it changes them by
    the difference, so that the original stays what it was."""
    keys = after.keys
    again = keys.isin(common)
    if "original" in after.table.money or keys[again].duplicated().any():
        gone = before.keys.isin(common).to_numpy()
        roles = before.table.roles.copy()
        roles[np.flatnonzero(roles == rows.DATA)[gone]] = rows.PASSED
        left = LeftOut(
            before.table.file,
            before.table.sheet,
            "superseded",
            {"count": int(gone.sum()), "other": Origin(after.table.file, after.table.sheet)},
        )
        table = replace(before.table.with_roles(roles), left_out=(*before.table.left_out, left))
        return Part(table, before.lines[~gone], ""), after
    lines = after.lines.copy()
    difference = lines["available"] - keys.map(_sums(before, common, "available")).astype("Int64")
    lines.loc[again, ["carryover", "original", "recovered", "transfer"]] = 0
    lines.loc[again, ["stated_original", "stated_available"]] = pd.NA
    lines.loc[again, "increase"] = difference.clip(lower=0)[again]
    lines.loc[again, "decrease"] = (-difference).clip(lower=0)[again]
    lines.loc[again, "available"] = difference[again]
    return before, replace(after, lines=_placed(lines, keys, before.lines.assign(key=before.keys)))


def _possible(before: Part, after: Part, common: set[str]) -> list[Finding]:
    """Two files that name mostly the same lines, and nothing says that one replaces the other: both count."""
    files = before.table.file, after.table.file
    few = min(len(set(before.keys)), len(set(after.keys)))
    offices = office(before.table), office(after.table)
    if files[0] == files[1] or len(common) <= MOSTLY * few or named_apart(*files) or all(offices):
        return []
    return [_both_count("possible-budget", before.table, after.table, len(common))]


def _both_count(kind: str, one: Table, other: Table, count: int) -> Finding:
    return Finding(
        "repeated-table",
        other.sheet or other.file,
        Origin(other.file, other.sheet),
        detail=f"{other.file}|{kind}|{one.file}|{one.sheet}",
        params={"wording": kind, "other": Origin(one.file, one.sheet), "count": count},
    )


def _refuse_doubtful(part: Part, base: pd.DataFrame) -> None:
    """A table of adjustments that names every line with an amount near its budget could state the budget anew."""
    column = part.table.money.get("adjustment")
    header = part.table.header.columns.get("adjustment")
    if part.sign != "±" or column is None or header is None or not len(base):
        return
    if "columns" in part.table.asked or versions.rank(header.header, "column"):
        return
    own = part.lines.assign(key=part.keys).groupby("key")["available"].sum()
    planned = base.groupby("key")["available"].sum()
    near = (2 * own >= planned.reindex(own.index)).fillna(False)
    if set(planned.index) <= set(own.index) and (own > 0).fillna(False).all() and near.mean() > MOSTLY:
        raise LoadError("doubtful-amendment", Origin(part.table.file, part.table.sheet), column=header.header)


def _split_by_sign(lines: pd.DataFrame) -> pd.DataFrame:
    """An increase below zero takes away."""
    out = lines.copy()
    below = (out["increase"] < 0).fillna(False)
    out["decrease"] = out["decrease"].mask(below, out["decrease"] - out["increase"])
    out["increase"] = out["increase"].mask(below, 0)
    return out


def _placed(lines: pd.DataFrame, keys: pd.Series, base: pd.DataFrame) -> pd.DataFrame:
    """Lines with the category, the group and the class of the only base lines of their key."""
    if not len(base):
        return lines
    out = lines.copy()
    for names in (["category", "group"], ["economic_code", "item"]):
        of = base[["key", *names]].drop_duplicates()
        of = of[~of["key"].duplicated(keep=False)].set_index("key")
        known = keys.isin(of.index)
        for name in names:
            blank = known if name in ("category", "group") else known & (out[name] == "")
            out.loc[blank, name] = keys[blank].map(of[name])
    return out


def _same_changes(parts: Sequence[Part]) -> list[Finding]:
    """Two tables of changes that say the same: both count, and a person is asked."""
    findings = []
    said = [
        sorted(zip(p.keys, *(p.lines[c].astype("object").fillna(-1) for c in frames.CHAIN), strict=True)) for p in parts
    ]
    for j in range(1, len(parts)):
        twin = next((i for i in range(j) if said[i] and said[i] == said[j]), None)
        if twin is not None:
            findings.append(_both_count("possible-change", parts[twin].table, parts[j].table, len(said[j])))
    return findings


def _below_zero(parts: Sequence[Part], changing: Sequence[Part]) -> list[Finding]:
    """Projects of which more was taken back than there was: a name that differs, or a wrong amount."""
    if not changing:
        return []
    whole = pd.concat([p.lines.assign(key=p.keys) for p in parts]).groupby("key")["available"].sum()
    findings = []
    for part in changing:
        own = part.lines.assign(key=part.keys)
        short = own["key"].map((whole < 0).fillna(False)) & (own["decrease"] > 0).fillna(False)
        for line in own[short].drop_duplicates("key").to_dict("records"):
            findings.append(
                Finding(
                    "balance-identity",
                    str(line["project"] or line["item"]),
                    Origin(str(line["file"]), str(line["sheet"]), int(line["row"])),
                    actual=int(whole[line["key"]]),
                    detail=f"{line['file']}|{line['sheet']}",
                    params={"wording": "below-zero", "gap": wording.Amount(-int(whole[line["key"]]))},
                )
            )
    return findings

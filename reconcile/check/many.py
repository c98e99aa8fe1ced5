"""Many findings of one kind: the largest one by one, the rest in one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile.check.facts import voucher_ids, voucher_subject
from reconcile.finding import Finding, Severity
from reconcile.wording import Amount

EACH_AT_MOST = 20
NAMED = 3
FEW = 5
_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def at_most(findings: Sequence[Finding], most: int = EACH_AT_MOST, kind: str = "rest") -> list[Finding]:
    """The `most` largest findings in their order, and one with wording `kind` for the others: their count and sum.

    Size is the difference, where there is one, else the actual amount.
    """
    return largest([_size(f) for f in findings], findings.__getitem__, most, [f.level for f in findings], kind)


def largest(
    sizes: Sequence[int] | npt.NDArray[np.int64],
    finding: Callable[[int], Finding],
    most: int = EACH_AT_MOST,
    levels: Sequence[Severity] | None = None,
    kind: str = "rest",
) -> list[Finding]:
    """at_most of finding(0), finding(1) …, of which only those are made that are shown.

    sizes: 分 of each, by their absolute values.  levels: the severity of each; that of the first for all where not given.
    """
    size = np.abs(np.asarray(sizes, dtype=np.int64))
    if len(size) <= most + 1:
        return [finding(i) for i in range(len(size))]
    order = np.argsort(-size, kind="stable")
    shown, rest = np.sort(order[:most]).tolist(), np.sort(order[most:])
    first = finding(int(rest[0]))
    level = first.level if levels is None else min((levels[i] for i in rest.tolist()), key=_RANK.__getitem__)
    summed = Finding(
        first.code,
        first.origin.sheet or first.origin.file or first.subject,
        first.origin,
        severity=level,
        detail=kind,
        params={"wording": kind, "count": len(rest), "sum": Amount(int(size[rest].sum()))},
    )
    return [*(finding(i) for i in shown), summed]


def mostly(findings: Sequence[Finding], of: int, subject: str, few: int = FEW) -> list[Finding]:
    """The findings; one with wording `most` where they are more than `few` and more than half of the `of` that were
    tested: their count, the sums of what was planned and spent, and the largest few."""
    if len(findings) <= few or 2 * len(findings) <= of:
        return list(findings)
    largest = sorted(findings, key=lambda f: (-max(abs(f.actual or 0), abs(f.expected or 0)), f.subject))
    return [
        Finding(
            findings[0].code,
            subject,
            largest[0].origin,
            severity=min((f.level for f in findings), key=_RANK.__getitem__),
            detail="most",
            params={
                "wording": "most",
                "count": len(findings),
                "of": of,
                "sum": Amount(sum(abs(f.actual or 0) for f in findings)),
                "planned": Amount(sum(abs(f.expected or 0) for f in findings)),
                "seen": listed([f.subject for f in largest]),
            },
        )
    ]


def told_apart(findings: Sequence[Finding]) -> list[Finding]:
    """The findings, their details numbered where two have one key, so that no two have: by their amounts, for the order
    of rows says nothing."""
    seen: dict[str, int] = {}
    out = list(findings)
    keys = [f.key for f in findings]
    for i in sorted(
        range(len(out)), key=lambda i: (keys[i], out[i].actual or 0, out[i].expected or 0, out[i].level, i)
    ):
        seen[keys[i]] = count = seen.get(keys[i], 0) + 1
        if count > 1:
            out[i] = replace(out[i], detail=f"{out[i].detail}|{count}")
    return out


def _size(finding: Finding) -> int:
    size = finding.difference if finding.difference is not None else finding.actual
    return abs(size or 0)


def listed(names: Sequence[str], count: int | None = None) -> Mapping[str, str]:
    """The first names of a list, and how many there are (`count`, where it is longer than `names`); zh and en."""
    total = len(names) if count is None else count
    shown = list(names[:NAMED])
    if total <= NAMED:
        return {"zh": "、".join(shown), "en": ", ".join(shown)}
    return {"zh": f"{'、'.join(shown)} 等{total}项", "en": f"{', '.join(shown)} and {total - len(shown)} more"}


def vouchers_of(entries: pd.DataFrame) -> Mapping[str, str]:
    """The first vouchers of some entries, in their order, and how many there are."""
    group = pd.Series(voucher_ids(entries))
    first = ~group.duplicated().to_numpy()
    shown = entries[first].head(NAMED)
    return listed([voucher_subject(r) for r in shown.itertuples()], int(first.sum()))

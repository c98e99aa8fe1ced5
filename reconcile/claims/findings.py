"""Claims that fail, as findings of the report group."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from reconcile.claims.claim import FAILS, Claim
from reconcile.claims.text import Report
from reconcile.finding import Finding, Origin
from reconcile.money import FEN_PER_YUAN

_FIGURES = re.compile(r"[\d.,，%]+")


def findings_of(report: Report, claims: Sequence[Claim]) -> list[Finding]:
    """One finding for every claim that fails; its row is the number of the paragraph, its amounts are in 分."""
    seen: Counter[str] = Counter()
    out = []
    for claim in claims:
        if claim.verdict == FAILS:
            words = f"{claim.kind} {_FIGURES.sub('#', claim.phrase)[-60:]}"
            seen[words] += 1
            out.append(_finding(report, claim, words if seen[words] == 1 else f"{words} {seen[words]}"))
    return out


def _finding(report: Report, claim: Claim, detail: str) -> Finding:
    subject = claim.subject or _FIGURES.sub("#", claim.phrase[-40:])
    money = claim.unit == "元"
    params: dict[str, object] = {
        "wording": "told",
        "claim": claim.phrase[-80:],
        "why": {k: claim.why(k) for k in ("zh", "en")},
    }
    return Finding(
        claim.code or "claim-mismatch",
        subject,
        Origin(report.name, "", report.lines[claim.paragraph - 1].number),
        expected=_fen(claim.computed) if money else None,
        actual=_fen(claim.stated) if money else None,
        detail=detail,
        params=params,
    )


def _fen(value: object) -> int | None:
    return math.floor(value * FEN_PER_YUAN + Fraction(1, 2)) if isinstance(value, Fraction) else None

"""Claims that fail, as findings of the report group."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from reconcile.claims.claim import FAILS, Claim
from reconcile.claims.text import Report
from reconcile.finding import Finding, Origin
from reconcile.money import FEN_PER_YUAN


def findings_of(report: Report, claims: Sequence[Claim]) -> list[Finding]:
    """One finding for every claim that fails; its row is the number of the paragraph, its amounts are in 分."""
    return [_finding(report, c) for c in claims if c.verdict == FAILS]


def _finding(report: Report, claim: Claim) -> Finding:
    subject = claim.subject or claim.phrase[-40:]
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
        detail=f"{claim.kind} {claim.phrase[-60:]}",
        params=params,
    )


def _fen(value: object) -> int | None:
    return int(value * FEN_PER_YUAN + Fraction(1, 2)) if isinstance(value, Fraction) else None

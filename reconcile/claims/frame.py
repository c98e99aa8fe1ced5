"""Claims as the frame that a user gets."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from fractions import Fraction

import pandas as pd

from reconcile.claims.claim import FAILS, Claim
from reconcile.claims.text import Report

COLUMNS = (
    "claim",
    "kind",
    "stated",
    "computed",
    "difference",
    "verdict",
    "reason",
    "paragraph",
    "unit",
    "subject",
    "code",
)


def frame(report: Report, claims: Sequence[Claim], language: str = "zh") -> pd.DataFrame:
    """One row a claim.

    `stated`, `computed` and `difference` (= stated − computed) are numbers in `unit`: yuan for money, percent, days,
    pieces; dates where the claim is one, and then the difference is in days.  `paragraph` counts from 1.  `code` is
    that of the finding, '' unless the claim fails.
    """
    rows = [
        (
            c.phrase,
            c.kind,
            _shown(c.stated),
            _shown(c.computed),
            _number(c.difference),
            c.verdict,
            c.why(language),
            report.lines[c.paragraph - 1].number,
            c.unit,
            c.subject,
            (c.code or "claim-mismatch") if c.verdict == FAILS else "",
        )
        for c in claims
    ]
    out = pd.DataFrame(rows, columns=list(COLUMNS))
    kinds = {
        "claim": str,
        "kind": str,
        "verdict": str,
        "reason": str,
        "unit": str,
        "subject": str,
        "code": str,
        "paragraph": "int64",
        "difference": "float64",
    }
    return out.astype(kinds).astype({"stated": object, "computed": object})


def _shown(value: Fraction | datetime.date | None) -> float | datetime.date | None:
    return value if isinstance(value, datetime.date) else _number(value)


def _number(value: Fraction | None) -> float:
    return float("nan") if value is None else float(value)

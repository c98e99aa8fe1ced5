"""Frames inside hold int64 分; frames that a user can reach hold yuan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile import wide, wording
from reconcile.finding import Check, Finding
from reconcile.money import FEN_PER_YUAN
from reconcile.read.sheet import MAX_ROWS

CHAIN = ("carryover", "original", "increase", "decrease", "available")


def kept(frame: pd.DataFrame, rows: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """The rows of a mask, numbered anew; the frame itself where these are all and numbered so already."""
    if rows.all() and isinstance(frame.index, pd.RangeIndex) and frame.index.equals(pd.RangeIndex(len(frame))):
        return frame
    return frame[rows].reset_index(drop=True)


def in_yuan(frame: pd.DataFrame, money: Iterable[str]) -> pd.DataFrame:
    """A copy whose money columns are the doubles nearest to the exact 分 (NaN where there is no amount).

    Texts of more rows than a sheet holds may be categories.
    """
    yuan = {name: frame[name].astype("Float64").astype("float64") / FEN_PER_YUAN for name in money}
    return (wide.plain(frame) if len(frame) <= MAX_ROWS else frame).assign(**yuan)


def findings_frame(findings: Sequence[Finding], language: str = "zh") -> pd.DataFrame:
    """Findings as the contract's frame; money in yuan."""
    records = [
        (
            f.code,
            f.level.value,
            f.subject,
            f.expected,
            f.actual,
            f.difference,
            f.message(language),
            f.origin.file,
            f.origin.sheet,
            f.origin.cell,
            f.key,
        )
        for f in findings
    ]
    frame = pd.DataFrame(
        records,
        columns=[
            "code",
            "severity",
            "subject",
            "expected",
            "actual",
            "difference",
            "message",
            "file",
            "sheet",
            "cell",
            "key",
        ],
    )
    for name in frame:
        money = name in ("expected", "actual", "difference")
        frame[name] = pd.to_numeric(frame[name]).astype("float64") / FEN_PER_YUAN if money else frame[name].astype(str)
    return frame


def checks_frame(checks: Sequence[Check], language: str = "zh") -> pd.DataFrame:
    """Every rule and its outcome, with the rule's number in the catalogue, its formula and its tolerance."""
    records = []
    for c in checks:
        rule = wording.rule(c.name)
        formula, tolerance = rule[f"formula_{language}"], rule.get(f"tolerance_{language}", "")
        reason = wording.in_language(c.reason, language)
        records.append((c.name, c.outcome.value, c.tested, len(c.findings), reason, rule["rule"], formula, tolerance))
    columns = ["check", "outcome", "tested", "found", "reason", "rule", "formula", "tolerance"]
    return pd.DataFrame(records, columns=columns)

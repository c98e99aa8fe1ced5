"""Which rows of 明细 and 预算明细 a finding points at, and links between them, both ways."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from reconcile.result import Result
from reconcile.write.sheet_entries import Listing


def listing(result: Result) -> Listing:
    """What 明细 lists: every entry, or where they are more than the limit those that findings point at."""
    entries = result.tie.entries
    findings = pointed(result, entries)
    whole = len(entries) <= result.settings.workbook.detail_limit
    rows = np.arange(len(entries)) if whole else np.array(sorted(findings), dtype=np.int64)
    return Listing(rows, findings, [""] * len(entries), whole)


def pointed(result: Result, frame: pd.DataFrame) -> dict[int, list[int]]:
    """Numbers (from 1) of the findings that stand at a row of a frame with `file`, `sheet` and `row`, by position."""
    at: dict[tuple[str, str, int], list[int]] = {}
    for number, finding in enumerate(result.problems, 1):
        origin = finding.origin
        if origin.row:
            at.setdefault((origin.file, origin.sheet, origin.row), []).append(number)
    return _found(frame, at)


def _found(frame: pd.DataFrame, at: Mapping[tuple[str, str, int], list[int]]) -> dict[int, list[int]]:
    likely = np.flatnonzero(frame["row"].isin({row for _, _, row in at}).to_numpy())
    places = frame.iloc[likely][["file", "sheet", "row"]].itertuples(index=False, name=None)
    return {int(i): at[place] for i, place in zip(likely, places, strict=True) if place in at}

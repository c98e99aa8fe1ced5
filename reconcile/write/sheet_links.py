"""Which rows of 明细 and 预算明细 a finding points at, and links between them, both ways, and to the marked sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from reconcile import wording
from reconcile.result import Result
from reconcile.write import sheet_findings
from reconcile.write.sheet_contracts import keys_of
from reconcile.write.sheet_entries import AT as ENTRY_AT
from reconcile.write.sheet_entries import Entries, Listing
from reconcile.write.sheet_page import Page, cell

Numbers = Mapping[int, Sequence[int]]


def listing(result: Result) -> Listing:
    """What 明细 lists: every entry, or where they are more than the limit those that findings point at."""
    entries = result.tie.entries
    findings = pointed(result, entries)
    whole = len(entries) <= result.settings.workbook.detail_limit
    rows = np.arange(len(entries)) if whole else np.array(sorted(findings), dtype=np.int64)
    return Listing(rows, findings, keys_of(result)[0], whole)


def pointed(result: Result, frame: pd.DataFrame) -> dict[int, list[int]]:
    """Numbers (from 1) of the findings that stand at a row of a frame with `file`, `sheet` and `row`, by position."""
    at: dict[tuple[str, str, int], list[int]] = {}
    for number, finding in enumerate(result.problems, 1):
        origin = finding.origin
        if origin.row:
            at.setdefault((origin.file, origin.sheet, origin.row), []).append(number)
    likely = np.flatnonzero(frame["row"].isin({row for _, _, row in at}).to_numpy())
    places = frame.iloc[likely][["file", "sheet", "row"]].itertuples(index=False, name=None)
    return {int(i): at[place] for i, place in zip(likely, places, strict=True) if place in at}


def finding_cells(page: Page, result: Result) -> list[str]:
    """The cell of 差异清单 at which each finding begins."""
    return [cell(page.header_row + 1 + n, 0) for n in range(len(result.problems))]


def link_entries(page: Page, result: Result, listed: Listing, written: Entries) -> None:
    """From a row of 明细 to the first finding about it."""
    cells, col = finding_cells(page, result), ENTRY_AT["entry-findings"]
    for position, numbers in listed.findings.items():
        if position in written.places:
            own, row = written.places[position]
            words = own.say("list-joint").join(map(str, numbers))
            own.over(row, col, page.name, cells[numbers[0] - 1], words, "cell small center wrap link")


def link_findings(
    page: Page,
    result: Result,
    listed: Listing,
    written: Entries,
    lists: Sequence[tuple[Page, pd.DataFrame]],
    copies: Mapping[str, str],
) -> None:
    """From a finding to its row in 明细, 预算明细 or 合同, and to its cell in the marked copy of its source.

    lists: sheets that show a frame row by row below their header.  copies: where the copy of a source stands, by the
    source.
    """
    targets: dict[int, tuple[str, str]] = {}
    for shown, frame in lists:
        for position, numbers in pointed(result, frame).items():
            targets |= dict.fromkeys(numbers, (shown.name, cell(shown.header_row + 1 + position, 0)))
    for position, told in sorted(listed.findings.items(), reverse=True):
        if position in written.places:
            own, row = written.places[position]
            targets |= dict.fromkeys(told, (own.name, cell(row, 0)))
    at = sheet_findings.AT
    for number, finding in enumerate(result.problems, 1):
        row, origin = page.header_row + number, finding.origin
        if number in targets:
            page.over(row, at["cell"], *targets[number], origin.cell, "cell small center link")
        if origin.file in copies and origin.sheet and origin.row:
            place = finding.origin.cell if origin.column else f"A{origin.row}"
            page.outside(row, at["sheet"], copies[origin.file], origin.sheet, place, "cell small wrap link")


def link_checks(page: Page, result: Result, findings: Page) -> None:
    """From a check to the first of its findings."""
    cells = finding_cells(findings, result)
    numbers = {id(f): n for n, f in enumerate(result.problems)}
    for row, check in enumerate(result.outcomes, page.header_row + 1):
        own = [numbers[id(f)] for f in check.findings if id(f) in numbers]
        if own:
            words = wording.rule_title(check.name, page.say.language)
            page.over(row, 1, findings.name, cells[min(own)], words, "cell wrap link")

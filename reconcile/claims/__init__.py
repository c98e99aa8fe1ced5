"""A report's own claims, checked against each other and against the books."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from reconcile.result import Result


def check_report(report: str | Path, result: Result | None = None, *, language: str = "zh") -> pd.DataFrame:
    """Every claim that a report makes, with its verdict, in the report's order.

    report: the path of a .docx, .txt or .md file, or the text itself.  result: what `reconcile` returned, to hold the
    report's figures against the books.  See frame.frame for the columns.  Raises LoadError where the file cannot be read.
    """
    from reconcile.claims import frame
    from reconcile.claims import report as reports

    read = reports.read(report)
    return frame.frame(read, reports.claims_of(read, result), language)

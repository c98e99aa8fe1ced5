"""A worksheet for many formulas of the functions that every spreadsheet program knows."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_OTHER = re.compile(
    r"(?<![A-Z.])(?!(?:ABS|AND|COUNT|COUNTIFS?|FIXED|IF|IFERROR|INDEX|INT|ISNUMBER|ISTEXT|MATCH|MAX|MIN|NOT|OR|ROUND|ROWS"
    r"|SUM|SUMIFS|SUMPRODUCT|TEXT)\()[A-Z.]+\("
)


@cache
def formula_sheet() -> type[Worksheet]:
    """The library looks through every formula once for each of the newer functions; here only where one calls any."""
    from xlsxwriter.worksheet import Worksheet

    class FormulaSheet(Worksheet):  # type: ignore[misc]
        def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
            if formula[:1] == "=" and not _OTHER.search(formula):
                return formula[1:]
            return str(super()._prepare_formula(formula, expand_future_functions))

    return FormulaSheet

"""A reviewer at work on a review workbook: fills cells, moves columns, saves in another program."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

import reconcile as rc
from reconcile.entry_keys import entry_keys

KEY, DECISION, ENTRY_KEY = "编号（勿改）", "处理意见", "条目键"
ANSWERS = (DECISION, "说明", "责任人", "日期")
MOVES = ("改列类别", "改列项目", "说明")


def header(page: Worksheet, title: str) -> tuple[int, dict[str, int]]:
    """The row of a header that has a title, and the columns of its titles; 1-based."""
    for row in page.iter_rows():
        titles = {c.value: c.column for c in row if isinstance(c.value, str)}
        if title in titles:
            return row[0].row, titles
    raise AssertionError(f"{page.title} has no column {title}")


def rows_of(page: Worksheet, title: str = KEY) -> dict[str, dict[str, Any]]:
    """The rows below a header by what stands under `title`."""
    top, columns = header(page, title)
    rows = {}
    for row in range(top + 1, page.max_row + 1):
        if key := page.cell(row, columns[title]).value:
            rows[str(key)] = {name: page.cell(row, at).value for name, at in columns.items()}
    return rows


def findings(path: Path) -> dict[str, dict[str, Any]]:
    """差异清单 by key, what is found no more too."""
    return rows_of(openpyxl.load_workbook(path)["差异清单"])


def fill(
    path: Path,
    answers: Mapping[str, Sequence[object]] = {},
    *,
    aliases: Mapping[str, tuple[str, str]] = {},
    moves: Mapping[str, tuple[str, str, str]] = {},
    result: rc.Reconciliation | None = None,
) -> Path:
    """Write answers (by finding key), approved names (name: project, person) and reclassifications (by entry key)."""
    book = openpyxl.load_workbook(path)
    page = book["差异清单"]
    top, columns = header(page, DECISION)
    where = {page.cell(r, columns[KEY]).value: r for r in range(top + 1, page.max_row + 1)}
    for key, answer in answers.items():
        for title, value in zip(ANSWERS, answer):
            page.cell(where[key], columns[title]).value = value
    for name, (project, person) in aliases.items():
        page = book["待确认匹配"]
        top, columns = header(page, "批准人")
        named = next(c.column for c in page[top] if c.value == "账簿名称")
        row = next(r for r in range(top + 1, page.max_row + 1) if page.cell(r, named).value == name)
        page.cell(row, columns["批准为预算项目"]).value = project
        page.cell(row, columns["批准人"]).value = person
    if moves:
        assert result is not None
        page = book["明细"]
        top, columns = _with_moves(page, result)
        where = {page.cell(r, columns[ENTRY_KEY]).value: r for r in range(top + 1, page.max_row + 1)}
        for key, move in moves.items():
            for title, value in zip(MOVES, move, strict=True):
                page.cell(where[key], columns[title]).value = value
    book.save(path)
    return path


def _with_moves(page: Worksheet, result: rc.Reconciliation) -> tuple[int, dict[str, int]]:
    """The header of 明细, with the columns of reclassifications where it lacks them."""
    top, columns = header(page, "凭证号")
    if ENTRY_KEY not in columns:
        at = page.max_column + 1
        for n, title in enumerate((ENTRY_KEY, *MOVES)):
            page.cell(top, at + n).value = title
        for n, key in enumerate(entry_keys(result.tie.entries)):
            page.cell(top + 1 + n, at).value = key
    return header(page, ENTRY_KEY)


def saved_by_libreoffice(path: Path, folder: Path, kind: str = "xlsx") -> Path:
    """The workbook as LibreOffice opens and saves it."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed")
    out = folder / "saved"
    filters = {"xlsx": "xlsx:Calc MS Excel 2007 XML", "ods": "ods", "xls": "xls:MS Excel 97"}
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", "--headless", profile, "--convert-to", filters[kind], "--outdir", str(out), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return out / f"{path.stem}.{kind}"

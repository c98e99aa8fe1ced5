"""The example's review workbook, part by part, as it was last looked at.

`python -m tests.test_golden` writes the parts anew, after they have been looked at.
"""

from __future__ import annotations

import difflib
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest

import reconcile as rc
from tests.conftest import EXAMPLE

GOLDEN = Path(__file__).parent / "golden" / "review"
IGNORED = {
    "xl/sharedStrings.xml": "its texts stand in the cells of the sheets' parts",
    "xl/theme/theme1.xml": "a constant of the writer",
}
"""Parts that are not compared, and why; nothing else is left out."""
WHOLE_ROWS = 60
"""Rows of a sheet that are kept as they are; of those below, a hash each tells which one differs."""
_ROW = re.compile(r"(?=<row )|(?=</sheetData>)")
_TEXT = re.compile(r't="s"><v>(\d+)</v>')
_VERSION = re.compile(r"spending-reconcile \d[\w.]*")


def parts(path: Path) -> dict[str, str]:
    """Every compared part of a workbook as text of several lines; shared strings stand in their cells."""
    with zipfile.ZipFile(path) as package:
        strings = re.findall(r"<si>(.*?)</si>", package.read("xl/sharedStrings.xml").decode(), re.DOTALL)
        names = [n for n in package.namelist() if n not in IGNORED]
        return {name: _lines(name, package.read(name).decode(), strings) for name in names}


def _lines(name: str, xml: str, strings: list[str]) -> str:
    xml = _TEXT.sub(lambda m: f't="s">{_VERSION.sub("spending-reconcile VERSION", strings[int(m[1])])}', xml)
    if not name.startswith("xl/worksheets/sheet"):
        return xml.replace("><", ">\n<").rstrip() + "\n"
    head, *rows, tail = _ROW.split(xml)
    kept = rows[:WHOLE_ROWS]
    hashed = [f"row {n}: {hashlib.sha256(row.encode()).hexdigest()[:12]}" for n, row in enumerate(rows, 1)][len(kept) :]
    lines = [head.replace("><", ">\n<"), *kept, *hashed, tail.replace("><", ">\n<")]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def golden() -> dict[str, str]:
    """The parts as they are kept, by name."""
    files = [f for f in GOLDEN.rglob("*.txt") if f.is_file()]
    return {f.relative_to(GOLDEN).as_posix().removesuffix(".txt"): f.read_text("utf-8") for f in files}


@pytest.fixture(scope="module")
def written(example: rc.Reconciliation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return example.write_review(tmp_path_factory.mktemp("golden") / "review.xlsx")


def test_every_part_is_the_one_that_was_looked_at(written: Path) -> None:
    now, kept = parts(written), golden()
    assert sorted(kept) == sorted(now), "a part has no golden, or a golden has no part: python -m tests.test_golden"
    for name, text in now.items():
        diff = difflib.unified_diff(kept[name].splitlines(), text.splitlines(), "golden", "now", name, n=0, lineterm="")
        assert text == kept[name], "\n".join(line[:600] for line in list(diff)[:20])


def test_a_changed_cell_is_told(written: Path, tmp_path: Path) -> None:
    """One digit of a row below the kept ones, one style above: the comparison sees both."""
    changed = tmp_path / "changed.xlsx"
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/worksheets/sheet12.xml":
                assert b'<row r="400"' in data
                data = re.sub(rb'(<row r="400".*?<v>)(\d)', rb"\g<1>9\2", data, count=1, flags=re.DOTALL)
            if name == "xl/worksheets/sheet3.xml":
                data = data.replace(b' s="', b' s="1', 1)
            new.writestr(name, data)
    one, two = parts(written), parts(changed)
    assert {n for n in one if one[n] != two[n]} == {"xl/worksheets/sheet3.xml", "xl/worksheets/sheet12.xml"}


def test_the_same_inputs_give_the_same_bytes(written: Path, tmp_path: Path) -> None:
    """In another process, with another order of hashes, another time zone, and from another folder."""
    path = tmp_path / "again.xlsx"
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland", "PYTHONPATH": str(Path.cwd())}
    command = [sys.executable, "-m", "tests.test_golden", str(path)]
    subprocess.run(command, check=True, env=environment, cwd=Path(__file__).parents[1])
    assert path.read_bytes() == written.read_bytes()


def _write(path: Path) -> Path:
    budget = rc.load_budget(EXAMPLE / "budget_2020.xlsx")
    ledger = rc.load_ledger(EXAMPLE / "ledger_2020.xlsx")
    return rc.reconcile(budget, ledger, contracts=EXAMPLE / "contracts_2020.xlsx").write_review(path)


def main() -> None:
    """Write the workbook to the path that is given, or the golden parts where none is."""
    if len(sys.argv) > 1:
        _write(Path(sys.argv[1]))
        return
    for old in GOLDEN.rglob("*.txt"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        for name, text in parts(_write(Path(folder) / "review.xlsx")).items():
            target = GOLDEN / f"{name}.txt"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8", newline="\n")


if __name__ == "__main__":
    main()

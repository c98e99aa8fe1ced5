"""Outputs appear whole or not at all, and what is in use is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconcile.cli import main
from reconcile.finding import LoadError
from reconcile.write.output import whole_file, whole_folder
from tests.small import BUDGET, JOURNAL, pay, sheet


def test_a_file_that_the_system_will_not_let_go_is_named_as_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows refuses to replace a file that Excel has open, even where no lock file is seen."""
    target = tmp_path / "review.xlsx"
    target.write_text("old")

    def held(self: Path, other: Path) -> Path:
        raise PermissionError(13, "in use", str(other))

    def write() -> None:
        with whole_file(target) as beside:
            beside.write_text("new")

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(LoadError, match=r"review\.xlsx.*正被 Excel"):
        write()
    assert (target.read_text(), [p.name for p in tmp_path.iterdir()]) == ("old", ["review.xlsx"])


def test_of_several_files_none_is_replaced_where_one_is_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    for name in ("a.txt", "b.txt"):
        (folder / name).write_text(f"old {name}")
    replace = Path.replace

    def held(self: Path, other: Path) -> Path:
        if "b.txt" in (self.name, Path(other).name):
            raise PermissionError(13, "in use", str(other))
        return replace(self, other)

    def write() -> None:
        with whole_folder(folder, force=True) as beside:
            for name in ("a.txt", "b.txt", "c.txt"):
                (beside / name).write_text("new")

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(LoadError, match=r"b\.txt.*正被 Excel"):
        write()
    assert {p.name: p.read_text() for p in folder.iterdir()} == {"a.txt": "old a.txt", "b.txt": "old b.txt"}
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    monkeypatch.setattr(Path, "replace", replace)
    write()
    assert {p.name: p.read_text() for p in folder.iterdir()} == dict.fromkeys(("a.txt", "b.txt", "c.txt"), "new")


@pytest.mark.parametrize(
    ("name", "lock"),
    [
        ("review.xlsx", "~$review.xlsx"),
        ("review.xlsx", ".~lock.review.xlsx#"),
        ("summary.docx", "~$ummary.docx"),
        ("summary.docx", "~$mmary.docx"),
    ],
)
def test_an_open_output_is_named_before_anything_is_read(
    tmp_path: Path, name: str, lock: str, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = sheet(tmp_path / "预算.xlsx", [["单位：元"], BUDGET, ["项目支出", "印章", 100]])
    ledger = sheet(tmp_path / "账.xlsx", [["单位：元"], JOURNAL, *pay("2020-01-05", "记-1", "印章", 90)])
    call = ["run", "--budget", str(plan), "--ledger", str(ledger), "--year", "2020", "--out", str(tmp_path / "a")]
    assert main([*call, "--quiet"]) == 0
    before = (tmp_path / "a" / name).read_bytes()
    (tmp_path / "a" / lock).write_text("")
    capsys.readouterr()
    assert main([*call, "--force"]) == 2
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 1
    assert name in said[0]
    assert "正被 Excel 或 WPS 打开" in said[0]
    assert (tmp_path / "a" / name).read_bytes() == before

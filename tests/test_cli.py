"""The command as a user types it, right and wrong."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from reconcile import cli
from tests.conftest import EXAMPLE
from tests.small import sheet

BUDGET = [["单位：元"], ["支出类型", "项目", "年初预算"], ["项目支出", "印章", 100]]
LEDGER = [
    ["单位：元"],
    ["日期", "凭证号", "科目编码", "科目名称", "项目", "借方金额", "贷方金额"],
    ["2020-01-05", "记-1", "7101", "行政支出/项目支出", "印章", 90, None],
    ["2020-01-05", "记-1", "8001", "资金结存", None, None, 90],
]


def reconcile(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "reconcile.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        check=False,
    )


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    return sheet(tmp_path / "预算.xlsx", BUDGET), sheet(tmp_path / "账.xlsx", LEDGER)


def test_demo_does_the_whole_job(tmp_path: Path) -> None:
    done = reconcile("demo", "--out", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    made = sorted(str(f.relative_to(tmp_path / "out")) for f in (tmp_path / "out").rglob("*") if f.is_file())
    assert made == [
        "annotated/budget_2020.xlsx",
        "annotated/contracts_2020.xlsx",
        "annotated/ledger_2020.xlsx",
        "manifest.json",
        "review.xlsx",
        "summary.docx",
        "summary.md",
    ]
    assert "1775.24万元" in (tmp_path / "out" / "summary.md").read_text("utf-8")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert [i["file"] for i in manifest["inputs"]] == ["budget_2020.xlsx", "ledger_2020.xlsx", "contracts_2020.xlsx"]
    assert all(len(i["sha256"]) == 64 for i in manifest["inputs"])
    assert "1,775.24" in done.stdout
    note = openpyxl.load_workbook(tmp_path / "out" / "annotated" / "budget_2020.xlsx").active["C36"].comment
    assert "46,500.00元" in note.text


def test_exit_code_0_without_errors_and_1_with_one(files: tuple[Path, Path], tmp_path: Path) -> None:
    budget, ledger = files
    clean = reconcile("run", "--budget", budget, "--ledger", ledger, "--out", tmp_path / "a", "--quiet", "--year", 2020)
    assert (clean.returncode, clean.stderr) == (0, "")
    sheet(budget, [*BUDGET[:2], ["项目支出", "印章", 80]])
    over = reconcile("run", "--budget", budget, "--ledger", ledger, "--out", tmp_path / "b", "--json", "--year", 2020)
    assert over.returncode == 1
    out = json.loads(over.stdout)
    assert out["totals"]["actual"] == 90.0
    assert [f["code"] for f in out["findings"]] == ["over-budget", "over-budget"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["run", "--budget", "没有.xlsx", "--ledger", "账.xlsx"], "没有.xlsx"),
        (["run", "--budget", "预算.xlsx", "--ledger", "."], "文件夹"),
        (["run", "--budget", "预算.xlsx", "--ledger", "账.xlsx", "--through", "202009"], "YYYY-MM"),
        (["run", "--budget", "预算.xlsx", "--ledger", "账.xlsx", "--config", "没有.toml"], "没有.toml"),
        (["run", "--budget", "账.xlsx", "--ledger", "预算.xlsx"], "表头"),
    ],
)
def test_bad_input_gives_one_clear_message_and_no_output(
    files: tuple[Path, Path], tmp_path: Path, arguments: list[str], says: str
) -> None:
    done = reconcile(*arguments, "--out", "out", "--quiet", cwd=tmp_path)
    assert done.returncode == 2
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(f.name for f in files)


@pytest.mark.parametrize("arguments", [[], ["rum"], ["run"], ["run", "--budget", "x"], ["demo", "--speed"]])
def test_wrong_usage_exits_2(arguments: list[str]) -> None:
    done = reconcile(*arguments)
    assert done.returncode == 2
    assert "usage" in done.stderr


def test_a_review_that_exists_is_not_overwritten_unasked(files: tuple[Path, Path], tmp_path: Path) -> None:
    budget, ledger = files
    call = ["run", "--budget", budget, "--ledger", ledger, "--out", tmp_path / "a", "--quiet"]
    assert reconcile(*call).returncode == 0
    before = (tmp_path / "a" / "review.xlsx").read_bytes()
    again = reconcile(*call)
    assert again.returncode == 2
    assert "--force" in again.stderr
    assert (tmp_path / "a" / "review.xlsx").read_bytes() == before
    assert reconcile(*call, "--force").returncode == 0
    assert (tmp_path / "a" / "review.xlsx").read_bytes() == before


@pytest.mark.parametrize("name", ["summary.md", "summary.docx", "manifest.json", "annotated/账.xlsx"])
def test_no_file_that_exists_is_overwritten_unasked(files: tuple[Path, Path], tmp_path: Path, name: str) -> None:
    own = tmp_path / "a" / name
    own.parent.mkdir(parents=True)
    own.write_text("mine")
    done = reconcile("run", "--budget", files[0], "--ledger", files[1], "--out", tmp_path / "a", "--quiet")
    assert (done.returncode, own.read_text()) == (2, "mine")
    assert own.name in done.stderr
    assert [f for f in (tmp_path / "a").rglob("*") if f.is_file()] == [own]


def test_a_source_is_not_overwritten_even_when_asked(files: tuple[Path, Path], tmp_path: Path) -> None:
    ledger = tmp_path / "out" / "annotated" / "账.xlsx"
    ledger.parent.mkdir(parents=True)
    ledger.write_bytes(files[1].read_bytes())
    done = reconcile("run", "--budget", files[0], "--ledger", ledger, "--out", tmp_path / "out", "--quiet", "--force")
    assert done.returncode == 2
    assert ledger.read_bytes() == files[1].read_bytes()
    assert [f for f in (tmp_path / "out").rglob("*") if f.is_file()] == [ledger]


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_stopped_run_leaves_nothing(tmp_path: Path, name: str) -> None:
    call = [sys.executable, "-m", "reconcile.cli", "demo", "--out", str(tmp_path / "out")]

    def heed() -> None:
        """A test run in the background of a shell ignores SIGINT, and so would what it starts."""
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    with subprocess.Popen(call, stderr=subprocess.PIPE, text=True, preexec_fn=heed) as running:
        assert running.stderr is not None
        assert "读取预算" in running.stderr.readline()
        running.send_signal(getattr(signal, name))
        said = running.stderr.read()
    assert running.returncode == 2
    assert "没有写出任何文件" in said
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []


def test_a_defect_is_not_taken_for_a_finding(
    files: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 1 means a finding of severity error, so a crash must not end with 1."""

    def crash(*_: object, **__: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("reconcile.run.reconcile", crash)
    call = ["run", "--budget", str(files[0]), "--ledger", str(files[1]), "--out", str(tmp_path / "a")]
    assert cli.main(call) == 2
    assert "boom" in capsys.readouterr().err
    assert not (tmp_path / "a").exists()


def test_a_reader_that_leaves_early_is_no_error() -> None:
    call = [sys.executable, "-m", "reconcile.cli", "inspect", str(EXAMPLE / "budget_2020.xlsx")]
    with subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == ""
    assert running.returncode == 0


def test_an_open_output_is_named(files: tuple[Path, Path], tmp_path: Path) -> None:
    budget, ledger = files
    call = ["run", "--budget", budget, "--ledger", ledger, "--out", tmp_path / "a", "--quiet", "--force"]
    assert reconcile(*call).returncode == 0
    (tmp_path / "a" / "~$review.xlsx").touch()
    done = reconcile(*call)
    assert done.returncode == 2
    assert "Excel" in done.stderr


@pytest.mark.parametrize(
    ("cell", "code"), [("待定", "unreadable-amount"), ("#REF!", "error-cell"), ("=1/0", "uncalculated-formula")]
)
def test_a_budget_that_cannot_be_read_is_reported_as_such(
    files: tuple[Path, Path], tmp_path: Path, cell: str, code: str
) -> None:
    """印章 has no readable budget: neither 0 nor a rate is printed, and the cell is named."""
    budget, ledger = files
    sheet(budget, [*BUDGET[:2], ["项目支出", "印章", cell]])
    call = ["run", "--budget", budget, "--ledger", ledger, "--quiet", "--year", 2020]
    done = reconcile(*call, "--out", tmp_path / "a")
    assert (done.returncode, done.stderr) == (1, "")
    project = next(line.split() for line in done.stdout.splitlines() if line.startswith("项目支出"))
    assert project == ["项目支出", "无法识别", "90.00", "无法识别", "无法识别"]
    assert "C3" in done.stdout
    out = json.loads(reconcile(*call, "--out", tmp_path / "b", "--json").stdout)
    assert out["totals"]["available"] is None
    assert out["totals"]["actual"] == 90.0
    assert [(f["code"], f["cell"], f["file"]) for f in out["findings"]] == [(code, "C3", "预算.xlsx")]


def test_inspect_shows_tables_units_columns_and_roles() -> None:
    done = reconcile("inspect", EXAMPLE / "budget_2020.xlsx", EXAMPLE / "ledger_2020.xlsx")
    assert done.returncode == 0
    for text in (
        "预算批复表",
        "万元",
        "original ← 年初预算",
        "subtotal",
        "18,429,500.00",
        "序时账",
        "2,781",
        "128,585,416.74",
    ):
        assert text in done.stdout


def test_inspect_of_a_bad_file_exits_2(tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_bytes(b"nothing")
    assert reconcile("inspect", tmp_path / "x.xlsx").returncode == 2


def test_inputs_are_not_touched(files: tuple[Path, Path], tmp_path: Path) -> None:
    before = [f.read_bytes() for f in files]
    reconcile("run", "--budget", files[0], "--ledger", files[1], "--out", tmp_path / "a")
    assert [f.read_bytes() for f in files] == before

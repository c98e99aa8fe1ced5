"""What the READMEs say is so."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from reconcile import settings
from tests.conftest import EXAMPLE

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh-CN.md")


def blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / name).read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("name", READMES)
def test_there_are_two_commands_each_with_its_own_set_up(name: str) -> None:
    main, tests = blocks(name, "sh")
    assert main == blocks("README.md", "sh")[0]
    assert main.startswith("python3 -m venv .venv && .venv/bin/python -m pip install")
    assert main.rstrip().endswith("reconcile demo --out out")
    assert tests.startswith("python3 -m venv .venv && .venv/bin/python -m pip install")
    assert tests.rstrip().endswith("-m pytest")
    assert len(main.splitlines()) == len(tests.splitlines()) == 1


def test_the_lines_of_python_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(EXAMPLE / "budget_2020.xlsx", tmp_path / "预算.xlsx")
    shutil.copy(EXAMPLE / "ledger_2020.xlsx", tmp_path / "序时账.xlsx")
    monkeypatch.chdir(tmp_path)
    (code,) = blocks("README.md", "python")
    exec(code, {})
    assert "支出决算为1775.24万元" in capsys.readouterr().out
    assert (tmp_path / "review.xlsx").exists()


@pytest.mark.parametrize("name", READMES)
def test_the_settings_are_read(tmp_path: Path, name: str) -> None:
    (text,) = blocks(name, "toml")
    (tmp_path / "reconcile.toml").write_text(text, "utf-8")
    found = settings.load(tmp_path / "reconcile.toml")
    assert found.unit_name == "某某局"
    assert found.thresholds.low_execution_warning == 0.75


@pytest.mark.parametrize("name", READMES)
def test_links_lead_somewhere(name: str) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", (ROOT / name).read_text("utf-8"))
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []

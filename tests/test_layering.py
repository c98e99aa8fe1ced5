"""The house's walls: a module imports only from rooms before its own, and heavy writers only where needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import reconcile

PACKAGE = Path(reconcile.__file__).parent
ORDER = (
    ("_version", "money", "wording", "finding", "settings", "layout", "console", "data"),
    (
        "read",
        "codes",
        "groups",
        "frames",
        "wide",
        "accounts",
        "stated",
        "basis",
        "chain",
        "balances",
        "completeness",
        "books",
        "overlap",
        "hierarchy",
        "posting",
        "sides",
    ),
    ("budget", "amendments", "published", "ledger", "contracts", "aliases", "entry_keys", "seals", "replies"),
    ("match", "projects", "pointing", "evidence", "nearest"),
    ("moves",),
    ("engine", "unsettled", "classes", "forecast"),
    ("check",),
    ("explain",),
    ("standing",),
    ("result",),
    ("compare", "evaluation"),
    ("final", "claims"),
    ("write",),
    ("api",),
    ("run", "inspection", "saved_layout", "report_check"),
    ("batch",),
    ("cli", "__init__"),
)
RANK = {name: rank for rank, names in enumerate(ORDER) for name in names}
FILES = sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path, *, top_only: bool) -> set[str]:
    """Modules that a file imports: at its top level only, or anywhere (TYPE_CHECKING blocks aside)."""
    tree = ast.parse(path.read_text("utf-8"))
    typing_only = {
        n
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.unparse(block.test)
        for n in ast.walk(block)
    }
    nodes = tree.body if top_only else list(ast.walk(tree))
    found = set()
    for node in nodes:
        if node in typing_only:
            continue
        if isinstance(node, ast.Import):
            found |= {a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{a.name}" for a in node.names} | {node.module}
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_data_walks_one_way(path: Path) -> None:
    own = RANK[room(path)]
    for module in imports(path, top_only=False):
        parts = module.split(".")
        if parts[0] == "reconcile" and len(parts) > 1 and parts[1] in RANK:
            assert RANK[parts[1]] <= own, f"{path.name} imports {module}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_writers_are_imported_only_where_they_are_needed(path: Path) -> None:
    heavy = {"xlsxwriter", "openpyxl", "rapidfuzz", "jinja2", "docx"}
    assert not heavy & {m.split(".")[0] for m in imports(path, top_only=True)}


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_modules_stay_small(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 330


@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        ("import reconcile.cli; reconcile.cli.parser()", ("pandas", "numpy", "openpyxl", "xlsxwriter")),
        ("import reconcile; reconcile.load_budget", ("openpyxl", "xlsxwriter", "rapidfuzz")),
    ],
)
def test_start_up_loads_no_more_than_it_needs(statement: str, absent: tuple[str, ...]) -> None:
    code = f"import sys; {statement}; print(sorted(set({absent!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

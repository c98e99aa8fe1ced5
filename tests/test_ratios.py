"""What work costs beside its bare parts, in one run: slack above what docs/benchmarks.md shows, for machines differ."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench import growth, whole
from tests.bench.clock import in_turn
from tests.bench.reading import CALAMINE, LOAD, make_budget, make_ledger
from tests.bench.tieout import TIE_OUT
from tests.bench.whole import ANNOTATE

pytestmark = [pytest.mark.slow, pytest.mark.measured]
MILLION = 1_000_000


@pytest.fixture(scope="module")
def million(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    place = tmp_path_factory.mktemp("million")
    ledger, budget = make_ledger(place / "ledger.xlsx", MILLION), make_budget(place / "budget.xlsx", MILLION)
    marked = {"OUT": str(place / "marked.xlsx"), "SHEET": "序时账", "STEP": MILLION // 200, "ROWS": MILLION}
    return {"LEDGER": str(ledger), "BUDGET": str(budget), **marked}


def test_a_million_rows_load_within_their_bare_read(million: dict[str, object]) -> None:
    bare, own = in_turn({"bare": CALAMINE, "own": LOAD}, 3, **million).values()
    assert bare.rows == own.rows == MILLION
    assert own.seconds <= bare.seconds
    assert own.megabytes <= 1.5 * bare.megabytes


def test_a_million_rows_tie_out_in_little_more_than_their_bare_read(million: dict[str, object]) -> None:
    bare, own = in_turn({"bare": CALAMINE, "own": TIE_OUT}, 2, **million).values()
    assert bare.rows == own.rows == MILLION
    assert own.seconds <= 1.4 * bare.seconds
    assert own.megabytes <= 1.5 * bare.megabytes


def test_a_marked_copy_of_a_million_rows_costs_less_than_their_bare_read(million: dict[str, object]) -> None:
    bare, own = in_turn({"bare": CALAMINE, "own": ANNOTATE}, 2, **million).values()
    assert own.seconds <= bare.seconds
    assert own.megabytes <= bare.megabytes / 2


def test_the_whole_run_costs_little_more_than_its_bare_parts(tmp_path: Path) -> None:
    bare, own = whole.taken(100_000, 2, tmp_path)
    assert own.seconds <= 1.5 * bare.seconds


def test_time_and_memory_grow_with_rows_and_projects(tmp_path: Path) -> None:
    start = growth.begun()
    rows = [growth.grown(n, 200, tmp_path, 1) for n in (100_000, 300_000)]
    assert growth.exponent((100_000, 300_000), growth.seconds(rows, start)) <= 1.2
    assert growth.exponent((100_000, 300_000), growth.megabytes(rows, start)) <= 1.2
    projects = [growth.grown(30_000, n, tmp_path, 1) for n in (1_000, 10_000)]
    assert growth.exponent((1_000, 10_000), growth.seconds(projects, start)) <= 1.1

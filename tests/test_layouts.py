"""Every export and budget layout, every container and every kind of dirt, alone and mixed, loads to its truth."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders.cases import Case, budget_cases, dirty_cases, draw_case, ledger_cases
from tests.compare import differences


def named(cases: Iterator[Case]) -> list[pytest.ParameterSet]:
    return [pytest.param(case, id=case.name) for case in cases]


@pytest.mark.parametrize("case", named(ledger_cases()))
def test_every_ledger_layout_loads_to_its_truth(case: Case, tmp_path: Path) -> None:
    assert differences(case, tmp_path) == []


@pytest.mark.parametrize("case", named(budget_cases()))
def test_every_budget_layout_loads_to_its_truth(case: Case, tmp_path: Path) -> None:
    assert differences(case, tmp_path) == []


@pytest.mark.parametrize("case", named(dirty_cases(each=1)))
def test_every_kind_of_dirt_alone(case: Case, tmp_path: Path) -> None:
    assert differences(case, tmp_path) == []


@pytest.mark.slow
@pytest.mark.parametrize("case", named(dirty_cases(seed=1, each=4)))
def test_every_kind_of_dirt_on_more_layouts(case: Case, tmp_path: Path) -> None:
    assert differences(case, tmp_path) == []


@settings(max_examples=60, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32 - 1))
def test_random_layouts_containers_and_dirt_mixed(seed: int, tmp_path: Path) -> None:
    case = draw_case(Random(seed))
    assert differences(case, tmp_path) == [], case.name


@pytest.mark.slow
@pytest.mark.parametrize("block", range(20))
def test_two_thousand_random_mixtures(block: int, tmp_path: Path) -> None:
    for seed in range(block * 100, (block + 1) * 100):
        case = draw_case(Random(seed))
        assert differences(case, tmp_path) == [], f"seed {seed}: {case.name}"

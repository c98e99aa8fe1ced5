"""What the start costs, beside the start of pandas, in one run: times of processors, the best of a few turns each."""

from __future__ import annotations

import pytest

from tests.bench.start import STARTS, took


def ratio(name: str) -> float:
    turns = [(took(*STARTS[name])[1], took(*STARTS["import pandas"])[1]) for _ in range(5)]
    return min(own for own, _ in turns) / min(pandas for _, pandas in turns)


@pytest.mark.slow
@pytest.mark.measured
@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("import reconcile", 1.15),
        ("reconcile --help", 0.5),
        ("reconcile batch --help", 0.5),
        ("import reconcile, and the names a tie-out uses", 2.2),
    ],
)
def test_the_start_costs_little_beside_that_of_pandas(name: str, most: float) -> None:
    assert ratio(name) <= most

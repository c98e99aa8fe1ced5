"""Rows grouped and added up as arrays, held against a dictionary."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from reconcile.groups import Groups

ROWS = st.lists(
    st.tuples(st.sampled_from(["甲", "乙", "", "丙"]), st.integers(-2, 2), st.integers(-(10**15), 10**15)), max_size=40
)


@given(ROWS)
def test_groups_are_those_of_a_dictionary_in_order_of_first_appearance(rows: list[tuple[str, int, int]]) -> None:
    names = pd.Series([r[0] for r in rows], dtype="str")
    numbers, amounts = (np.array([r[i] for r in rows], dtype=np.int64) for i in (1, 2))
    expected: dict[tuple[str, int], list[int]] = {}
    for at, (name, number, _) in enumerate(rows):
        expected.setdefault((name, number), []).append(at)
    groups = Groups.by(names, numbers)
    assert [groups.rows(i).tolist() for i in range(len(groups))] == list(expected.values())
    assert groups.first.tolist() == [at[0] for at in expected.values()]
    assert groups.counts.tolist() == [len(at) for at in expected.values()]
    assert groups.sums(amounts).tolist() == [sum(rows[i][2] for i in at) for at in expected.values()]
    assert groups.any(numbers > 1).tolist() == [key[1] > 1 for key in expected]


def test_a_missing_date_is_a_key_like_any_other() -> None:
    dates = np.array(["2020-01-01", "NaT", "2020-01-01", "NaT"], dtype="datetime64[s]")
    assert Groups.by(dates).of.tolist() == [0, 1, 0, 1]

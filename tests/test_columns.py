"""Columns of text as codes into their distinct texts: what each row says is what it would say by itself."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reconcile.codes import clean_code, split_code
from reconcile.groups import Groups
from reconcile.read.columns import Texts, clean, parted

CELLS = [
    "记-0001",
    "",
    None,
    " 甲 乙 ",
    "7101.0",
    "7101",
    "1E5",
    "1e+3",
    "7.101E3",
    "'0030",
    "３０２０１",
    "-",
    "办公费Ⅲ",
    "a\tb",
]
CELLS += [7101.0, 0.5, 12, "记-0001", "（甲）", "30201 办公费", "E12", "12E", "\u3000", "Ⅲ", "ﬁ", "x\n", "\ud800", True]


def column(values: list[object]) -> np.ndarray:
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out


def test_cells_are_cleaned_as_each_would_be_alone() -> None:
    wanted = [" ".join(clean_code(v).split()) for v in CELLS]
    assert clean(column(CELLS), len(CELLS)).cells.tolist() == wanted
    assert [clean(column([v]), 1).cells[0] for v in CELLS] == wanted
    assert clean(None, 2).cells.tolist() == ["", ""]
    assert clean(column([]), 0).cells.tolist() == []


def test_codes_and_names_are_parted_as_each_would_be_alone() -> None:
    both = parted(column(CELLS), len(CELLS))
    assert list(zip(*(part.cells.tolist() for part in both), strict=True)) == [split_code(v) for v in CELLS]


def test_the_first_text_that_is_not_blank_counts() -> None:
    one, two, three = (
        Texts.of(column(list(v))) for v in (["甲", "", "", ""], ["乙", "丙", "", ""], ["", "丁", "戊", ""])
    )
    assert one.or_else(two, three).cells.tolist() == ["甲", "丙", "戊", ""]
    assert one.or_else(two).array.tolist() == ["甲", "丙", "", ""]
    assert one.pairs(two).cells.tolist() == [("甲", "乙"), ("", "丙"), ("", ""), ("", "")]
    assert two.where(lambda v: v in "丙丁").tolist() == [False, True, True, True]


def test_groups_are_numbered_as_they_appear_with_missing_keys_and_keys_that_are_all_alike() -> None:
    dates = pd.Series(pd.to_datetime([None, "2020-02-01", None, "2020-01-01", "2020-02-01"]))
    words = pd.Series(["乙", None, "乙", "甲", "甲"], dtype="str")
    alike = pd.Series(["x"] * 5, dtype="str")
    assert Groups.by(dates).of.tolist() == [0, 1, 0, 2, 1]
    assert Groups.by(alike, words, alike).of.tolist() == [0, 1, 0, 2, 2]
    assert Groups.by(alike).of.tolist() == [0] * 5
    groups = Groups.by(words, alike, dates)
    assert (groups.of.tolist(), groups.first.tolist()) == ([0, 1, 0, 2, 3], [0, 1, 3, 4])

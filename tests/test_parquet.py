"""Parquet ledgers: the same frames as from a workbook, every digit of a decimal, nothing guessed."""

from __future__ import annotations

import datetime as dt
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import reconcile as rc
from reconcile.read.sheet import ErrorCell
from reconcile.read.workbook import open_book
from tests.small import sheet

HEAD = ("日期", "凭证号", "摘要", "科目编码", "科目名称", "项目", "借方金额", "贷方金额")


def written(path: Path, columns: dict[str, Any], types: dict[str, Any] | None = None) -> Path:
    pa = pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
    parquet = pytest.importorskip("pyarrow.parquet")
    arrays = {k: pa.array(v, type=(types or {}).get(k)) for k, v in columns.items()}
    parquet.write_table(pa.table(arrays), path)
    return path


def test_it_is_told_by_its_bytes_without_pyarrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    path = tmp_path / "序时账.xlsx"
    path.write_bytes(b"PAR1" + bytes(20) + b"PAR1")
    with pytest.raises(rc.LoadError) as caught:
        rc.load_ledger(path)
    assert caught.value.code == "package-missing"
    assert "spending-reconcile[parquet]" in str(caught.value)


@pytest.mark.parametrize(
    ("content", "code"), [(b"PAR1" + bytes(20), "truncated"), (b"PARE" + bytes(20) + b"PARE", "encrypted")]
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "账.parquet"
    path.write_bytes(content)
    with pytest.raises(rc.LoadError) as caught:
        rc.load_ledger(path)
    assert caught.value.code == code


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "账.parquet", {"日期": ["2020-01-05"], "借方金额": ["1"]})
    data = path.read_bytes()
    path.write_bytes(data[:4] + bytes(len(data) - 12) + data[-8:])
    with pytest.raises(rc.LoadError) as caught:
        rc.load_ledger(path)
    assert caught.value.code == "not-a-workbook"


ROWS = [
    (dt.date(2020, 1, 5), "记-1", "付款", "710102", "行政支出/项目支出", "印章", "1234.10", None),
    (dt.date(2020, 1, 5), "记-1", "付款", "8001", "资金结存", None, None, "1234.10"),
    (dt.date(2020, 2, 6), "记-2", "付款", "710102", "行政支出/项目支出", "印章", "-0.07", None),
    (dt.date(2020, 2, 6), "记-2", "付款", "8001", "资金结存", None, None, "-0.07"),
]


@pytest.mark.parametrize("money", ["decimal", "text", "double", "dictionary"])
def test_the_frames_are_those_of_the_workbook(tmp_path: Path, money: str) -> None:
    pa = pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
    columns = {name: [row[i] for row in ROWS] for i, name in enumerate(HEAD)}
    types: dict[str, Any] = {}
    for name in HEAD[-2:]:
        if money == "decimal":
            columns[name], types[name] = [v and Decimal(v) for v in columns[name]], pa.decimal128(18, 2)
        elif money == "double":
            columns[name] = [v and float(v) for v in columns[name]]
        elif money == "dictionary":
            types[name] = pa.dictionary(pa.int32(), pa.string())
    found = rc.load_ledger(written(tmp_path / "账.parquet", columns, types))
    cells = [[*row[:6], *(float(v) if v else None for v in row[6:])] for row in ROWS]
    wanted = rc.load_ledger(sheet(tmp_path / "账.xlsx", [HEAD, *cells], "账"))
    beside = ["file", "sheet"]
    pd.testing.assert_frame_equal(found.entries.drop(columns=beside), wanted.entries.drop(columns=beside))
    assert found.fen["debit"].sum() == 123_403
    assert found.entries["row"].tolist() == [2, 3, 4, 5]


def test_no_digit_is_lost_on_the_way(tmp_path: Path) -> None:
    """A decimal goes through no double, a single through none but that of its shortest digits."""
    pa = pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
    path = written(
        tmp_path / "a.parquet",
        {
            "decimal": [Decimal("90071992547409.93"), Decimal("0.10"), None],
            "single": np.array([1234.1, 0.07, np.nan], dtype=np.float32),
            "whole": [2**53 + 1, 7101, None],
            "double": [0.1, float("nan"), None],
            "text": ["007101", "", None],
            "time": [dt.datetime(2020, 1, 5, 8), None, dt.datetime(2020, 12, 31)],
            "names": [["a"], None, []],
            "true": [True, False, None],
        },
        {"decimal": pa.decimal128(20, 2), "time": pa.timestamp("ns", tz="Asia/Shanghai")},
    )
    cells = open_book(path).sheets[0].cells
    at = {name: [cells[i, n] for i in (1, 2, 3)] for n, name in enumerate(cells[0])}
    assert at["decimal"] == ["90071992547409.93", "0.10", None]
    assert at["single"][:2] == [1234.1, 0.07]
    assert isinstance(at["single"][2], ErrorCell)
    assert at["whole"] == ["9007199254740993", 7101.0, None]
    assert at["double"][0] == 0.1
    assert isinstance(at["double"][1], ErrorCell)
    assert at["double"][2] is None
    assert at["text"] == ["007101", "", None]
    assert [v and v.hour for v in at["time"]] == [16, None, 8]
    assert at["names"] == ["['a']", None, "[]"]
    assert at["true"] == [True, False, None]


def test_several_row_groups_and_no_rows(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "a.parquet"
    parquet.write_table(pa.table({"项目": [f"项目{n % 3}" for n in range(1000)]}), path, row_group_size=64)
    cells = open_book(path).sheets[0].cells
    assert cells.shape == (1001, 1)
    assert list(cells[1:, 0]) == [f"项目{n % 3}" for n in range(1000)]
    parquet.write_table(pa.table({"项目": pa.array([], pa.string())}), path)
    assert open_book(path).sheets[0].cells.shape == (1, 1)


def test_a_ledger_of_many_rows_is_that_of_the_text_file(tmp_path: Path) -> None:
    """20,000 lines from Parquet and from .csv: the same entries, the same findings."""
    pa = pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
    draw = np.random.default_rng(7)
    fen = draw.integers(-10_000, 10_000_000, 10_000).repeat(2)
    first = np.arange(20_000) % 2 == 0
    yuan = [f"{v // 100 if v >= 0 else -(-v // 100)}.{abs(v) % 100:02d}" for v in fen]
    yuan = [f"-{y.lstrip('-')}" if v < 0 else y for y, v in zip(yuan, fen)]
    columns: dict[str, Any] = {
        "日期": [f"2020-{1 + n // 2 % 12:02d}-05" for n in range(20_000)],
        "凭证号": [f"记-{n // 24 + 1}" for n in range(20_000)],
        "科目编码": np.where(first, "710102", "8001"),
        "科目名称": np.where(first, "行政支出/项目支出", "资金结存"),
        "项目": np.where(first, "印章", ""),
        "借方金额": np.where(first, yuan, ""),
        "贷方金额": np.where(first, "", yuan),
    }
    pd.DataFrame(columns).to_csv(tmp_path / "账.csv", index=False)
    for name in ("借方金额", "贷方金额"):
        columns[name] = [Decimal(v) if v else None for v in columns[name]]
    written(tmp_path / "账.parquet", columns, dict.fromkeys(("借方金额", "贷方金额"), pa.decimal128(18, 2)))
    one, two = rc.load_ledger(tmp_path / "账.parquet"), rc.load_ledger(tmp_path / "账.csv")
    pd.testing.assert_frame_equal(one.entries.drop(columns="file"), two.entries.drop(columns="file"))
    assert one.fen["debit"].sum() == fen[::2].sum()
    assert [f.code for f in one.problems] == [f.code for f in two.problems]


def test_half_a_surrogate_pair_stops_nothing(tmp_path: Path) -> None:
    """Texts of a frame may hold what Arrow refuses, and pandas keeps texts in Arrow where that is installed."""
    rows = [list(ROWS[0]), list(ROWS[1])]
    rows[0][2] = "付\ud800款"
    found = rc.load_ledger(pd.DataFrame(rows, columns=list(HEAD), dtype=object))
    assert found.entries["memo"].tolist() == ["付\ufffd款", "付款"]
    assert rows[0][2] == "付\ud800款"

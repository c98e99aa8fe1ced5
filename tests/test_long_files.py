"""Text and Parquet files beyond a sheet: read some rows at a time, they hold what they hold when read whole."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import reconcile as rc
from reconcile import wide
from reconcile.check import numbering
from reconcile.cli import main
from reconcile.read import combined, compact, delimited, encoding, growing, long, long_text, parquet, stream
from reconcile.read.sheet import Cells, ReadError, Sheet
from tests import small
from tests.bench.clock import take
from tests.bench.reading import make_budget
from tests.bench.tieout import TIE_OUT
from tests.bench.wide import lines, make_parquet, make_text

HEAD = "日期,凭证号,摘要,科目编码,科目名称,项目编码,项目名称,经济分类编码,经济分类,往来单位,借方金额,贷方金额"


@pytest.fixture
def in_pieces(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Every text and Parquet file is read as a long one, in pieces of a few rows and bytes."""

    def cut(block: int = 1, rows: int = 3, few: int = 2, picked: int = 2) -> None:
        monkeypatch.setattr(long, "BYTES", 0)
        monkeypatch.setattr(long, "CELLS", 0)
        monkeypatch.setattr(stream, "BLOCK", block)
        monkeypatch.setattr(long_text, "ROWS", rows)
        monkeypatch.setattr(parquet, "BATCH", rows)
        monkeypatch.setattr(growing, "FEW", few)
        monkeypatch.setattr(compact, "PICKED", picked)
        monkeypatch.setattr(combined, "LONG", 0)
        monkeypatch.setattr(combined, "PART", rows)
        monkeypatch.setattr(numbering, "AT_ONCE", rows)

    return cut  # type: ignore[return-value]


def read(how: Callable[[], Sheet]) -> Any:
    """The cells of a sheet with their types, or why it is refused."""
    try:
        cells = np.asarray(how().cells)
    except ReadError as refusal:
        return refusal.code, refusal.seen.get("row")
    return cells.shape, [(type(v), str(v)) for v in cells.ravel()]


def whole(data: bytes) -> Sheet:
    text, _ = encoding.decode(data)
    (found,) = delimited.sheets(text, "账")
    encoding.repair(found.cells)
    return found


def piecewise(data: bytes) -> Sheet:
    return long_text.sheet(stream.text_of(io.BytesIO(data)), "账")


TEXTS = {
    "quoted line break": 'a,b,c\n1,"x\ny",2\n3,"p\r\n,q",4\n5,6,7\n',
    "quoted line break and comma": '单位：元,,\n日期,摘要,金额\n2020-01-01,"甲,""乙""\n丙","1,234.50"\n2020-01-02,丁,(1)\n',
    "a quote that never closes": 'a,b,c\n1,"x,2\n3,y,4\n5,z,6\n7,8,9\n',
    "the last quote never closes": 'a,b,c\n1,"x",2\n3,y,"4\n',
    "misplaced quotes": 'a,b,c\n"大"字,1,2\n3,4"5,6\n"7"8"9",1,2\n"x" ,1,2\n',
    "a quote swallows rows": 'a,b,c\n1,"x,2\n3,y",4\n5,z,6\n',
    "rows of uneven length": "a,b\n1,2,3,4\n\n5\n6,7,8,9,10\n,,,,,,,,,,\n",
    "blank at the end": "a,b\n1,2\n,\n\n,,,,,,\n",
    "blank rows between": "\n\na,b\n\n1,2\n\n\n3,4",
    "carriage returns": "a;b\r1;2\r3;4",
    "mixed ends": "a\tb\r\n1\t2\n3\t4\r\n",
    "stated mark": "sep=;\r\na;b\r\n1;2,5\r\n",
    "end of file mark": "a,b\n1,2\n\x1a",
    "errors": "a,b\n#DIV/0!,1\n#REF!,#N/A\n #REF!,#NONE\n#DIV/0!,2\n",
    "one column": "a\nb\nc\n",
    "nothing but marks": ",,,\n,,\n",
    "many distinct": "项目,金额\n"
    + "".join(f"项目{i},#N/A\n" if i % 5 == 0 else f"项目{i},{i}.50\n" for i in range(40)),
    "damaged letters": "日期,凭证号,摘要,借方金额\n2020-01-01,记-1,付办公费,5\n2020-01-02,记-2,付印刷费,6\n".encode(
        "gb18030"
    ).decode("cp1252", "ignore"),
}


@pytest.mark.parametrize("block", [1, 3, 64])
@pytest.mark.parametrize("rows", [1, 2, 50])
@pytest.mark.parametrize("name", TEXTS)
def test_the_cells_are_those_of_the_whole_text(
    name: str, rows: int, block: int, in_pieces: Callable[..., None]
) -> None:
    data = TEXTS[name].encode()
    in_pieces(block, rows)
    assert read(lambda: piecewise(data)) == read(lambda: whole(data))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet='a1,"\n\r#;项 ', max_size=60), st.integers(1, 4), st.integers(1, 4))
@example('a,b\n"",\n"', 1, 1)
def test_any_text_is_read_alike(in_pieces: Callable[..., None], text: str, rows: int, block: int) -> None:
    data = ("甲,乙,丙\n" + text).encode()
    in_pieces(block, rows, 1, 1)
    assert read(lambda: piecewise(data)) == read(lambda: whole(data))


PLAIN = "日期,凭证号,摘要,借方金额\n2020-01-01,记-1,付会议室租金与办公费,5\n2020-01-02,记-2,付印刷费,6\n"
BYTES = {
    "utf-8": PLAIN.encode(),
    "utf-8 with a mark": PLAIN.encode("utf-8-sig"),
    "gb18030": PLAIN.encode("gb18030"),
    "big5": "日期,憑證號,摘要,借方金額\n2020-01-01,記-1,付會議室租金與辦公費,5\n2020-01-02,記-2,付印刷費,6\n".encode(
        "big5"
    ),
    "utf-16 with a mark": PLAIN.encode("utf-16"),
    "utf-16-be": PLAIN.encode("utf-16-be"),
    "western": "Fecha;Año;Descripción\n2020-01-01;2020;Señalización\n2020-01-02;2020;Educación – niños\n".encode(
        "cp1252"
    ),
    "bad bytes": PLAIN.encode() + b"2020-01-03,\xff\xff\xfe,x,7\n" + b"\x81\x20\xff\n",
    "bad bytes after a mark": PLAIN.encode("utf-8-sig") + b"2020-01-03,\xff,x,7\n",
    "half a character at the end": PLAIN.encode()[:-4] + "费".encode()[:2],
    "utf-16 of odd length": PLAIN.encode("utf-16") + b"\x00",
    "binary": bytes(range(1, 32)) * 40 + b"a,b\n1,2\n",
}


@pytest.mark.parametrize("block", [1, 2, 5, 1000])
@pytest.mark.parametrize("name", BYTES)
def test_the_encoding_is_told_alike_block_by_block(name: str, block: int, in_pieces: Callable[..., None]) -> None:
    data = BYTES[name]
    in_pieces(block)
    assert read(lambda: piecewise(data)) == read(lambda: whole(data))


def test_a_cell_without_end_is_refused_and_an_open_quote_is_a_letter(
    in_pieces: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_text, "MOST_OF_A_CELL", 200)
    in_pieces(64, 3)
    rows = "".join(f"{i},x,y\n" for i in range(100))
    open_quote = ('a,b,c\n1,"x,2\n' + rows).encode()
    assert read(lambda: piecewise(open_quote)) == read(lambda: whole(open_quote))
    with pytest.raises(ReadError, match="too-large"):
        piecewise(('a,b,c\n1,"x,2\n' + rows + '7,8"",9\n').encode())


def journal(lines: list[str]) -> str:
    return "\n".join(["某某局 序时账", "单位：元,2020年", HEAD, *lines]) + "\n"


def pay(
    day: str, voucher: str, project: str, amount: str, memo: str = "付款", payee: str = "某公司", code: str = "30201"
) -> list[str]:
    return [
        f'{day},{voucher},{memo},71010201,行政支出_项目支出,,{project},{code},办公费,{payee},"{amount}",',
        f'{day},{voucher},{memo},800101,资金结存,,,,,{payee},,"{amount}"',
    ]


LEDGERS = {
    "amounts as people write them": journal(
        [
            *pay("2020-01-05", "记-1", "甲", "1,234.50"),
            *pay("2020-01-06", "记-2", "甲", "(1,234.50)", "冲回"),
            *pay("2020-02-06", "记-1", "乙", "￥2,000"),
            *pay("2020-02-07", "记-2", "乙", "-300.00", "红字"),
            *pay("2020-02-08", "记-4", "丙", "十二元"),
            *pay("2020-03-08", "记-1", "丙", "#REF!"),
            *pay("2020-03-09", "记-2", "丙", "0.005"),
        ]
    ),
    "totals and blanks between": journal(
        [
            *pay("2020-01-05", "记-1", "甲", "100.00"),
            "",
            *pay("2020-01-06", "记-2", "乙", "50.00"),
            "2020-01-31,,本月合计,,,,,,,,150.00,150.00",
            ",,,,,,,,,,,",
            *pay("2020-02-01", "记-1", "甲", "70.00"),
            "2020-02-29,,本月合计,,,,,,,,70.00,70.00",
            "2020-02-29,,本年累计,,,,,,,,220.00,221.00",
            "制单：某某,,,,,,,,,,,",
        ]
    ),
    "one date a voucher": journal(
        [
            *pay("2020-01-05", "记-1", "甲", "100.00"),
            *[",".join(["", "", *row.split(",")[2:]]) for row in pay("", "", "乙", "60.00")],
            *[",".join(["", *row.split(",")[1:]]) for row in pay("", "记-2", "乙", "50.00")],
            *pay("31/02/2020", "记-3", "乙", "20.00"),
        ]
    ),
    "the same twice, and out of the year": journal(
        [
            line
            for i in range(6)
            for line in pay(f"2020-0{i + 1}-05", f"记-{i + 1}", f"项目{i % 3}", "8,888.80", "付印刷费")
        ]
        + pay("2020-06-06", "记-7", "项目0", "8,888.80", "付印刷费")
        + pay("2019-12-31", "记-9", "项目1", "5.00")
        + pay("", "记-8", "项目1", "6.00")
    ),
    "a voucher word of its own": "\n".join(
        ["日期,凭证字,凭证号,摘要,科目编码,科目名称,项目,借方金额,贷方金额"]
        + [
            f"2020-01-0{i + 1},{'记付'[i % 2]},{i // 2 + 1},付款{i},7101,行政支出/项目支出,P00{i} 项目{i},{i}.5,\n"
            f"2020-01-0{i + 1},{'记付'[i % 2]},{i // 2 + 1},付款{i},8001,资金结存,,,{i}.5"
            for i in range(8)
        ]
    ),
    "packed dimensions": "\n".join(
        ["日期,凭证号,摘要,科目编码,科目名称,辅助核算,借方金额,贷方金额"]
        + [
            f"2020-01-0{i + 1},记-{i + 1},付款,7101,行政支出/项目支出,【项目：P0{i} 项目{i}】【部门：某科】,{i + 1},"
            for i in range(6)
        ]
    ),
    "classes in columns of their own": "\n".join(
        ["日期,凭证号,摘要,类,款,项目,支付金额"]
        + [f"2020-0{i + 1}-05,{i + 1},付款,302,0{i + 1},项目{i % 2},{i + 1}.25" for i in range(6)]
    ),
    "the amount spread over columns": "\n".join(
        ["日期,凭证号,摘要,项目,支出金额,办公费,印刷费"]
        + [f"2020-0{i + 1}-05,{i + 1},付款,项目{i % 2},{i + 3},{i + 1},2" for i in range(6)]
    ),
    "a header on every page": "\n".join(
        line
        for page in range(3)
        for line in (HEAD, *pay(f"2020-0{page + 1}-05", f"记-{page + 1}", f"项目{page}", f"{page + 1}0.00"))
    ),
}
BUDGET = small.budget(("项目支出", "甲", 1000), ("项目支出", "乙", 100), ("项目支出", "项目0", 9000))


def same(one: rc.Ledger, other: rc.Ledger) -> None:
    pd.testing.assert_frame_equal(one.entries, other.entries)
    for name in ("tables", "rows", "left_out", "refused"):
        pd.testing.assert_frame_equal(getattr(one.reading, name), getattr(other.reading, name))
    pd.testing.assert_frame_equal(one.findings, other.findings)


def same_result(one: rc.Ledger, other: rc.Ledger) -> None:
    results = [rc.reconcile(BUDGET, ledger, year=2020) for ledger in (one, other)]
    for name in (
        "by_project",
        "by_category",
        "by_item",
        "by_month",
        "unassigned",
        "findings",
        "checks",
        "explanations",
    ):
        pd.testing.assert_frame_equal(*(getattr(r, name) for r in results))
    pd.testing.assert_frame_equal(*(r.entries() for r in results))
    pd.testing.assert_series_equal(*(pd.Series(dict(r.totals)) for r in results))
    assert results[0].summary() == results[1].summary()


@pytest.mark.parametrize("codec", ["utf-8-sig", "gb18030"])
@pytest.mark.parametrize("name", LEDGERS)
def test_a_ledger_in_pieces_is_the_ledger(
    name: str, codec: str, tmp_path: Path, in_pieces: Callable[..., None]
) -> None:
    path = tmp_path / "序时账.csv"
    path.write_bytes(LEDGERS[name].encode(codec))
    known = rc.load_ledger(path, year=2020)
    assert not isinstance(known.fen, wide.Wide)
    in_pieces(2)
    found = rc.load_ledger(path, year=2020)
    assert isinstance(found.fen, wide.Wide)
    same(known, found)
    same_result(known, found)
    with path.open("rb") as stream_:
        by_stream = rc.load_ledger(stream_, year=2020)
    pd.testing.assert_frame_equal(by_stream.entries, found.entries)


def test_two_long_files_are_joined_like_short_ones(tmp_path: Path, in_pieces: Callable[..., None]) -> None:
    names = ("amounts as people write them", "the same twice, and out of the year")
    paths = [tmp_path / f"{i}.csv" for i in range(2)]
    for path, name in zip(paths, names, strict=True):
        path.write_text(LEDGERS[name], "utf-8")
    known = rc.load_ledger(paths, year=2020)
    in_pieces(16)
    found = rc.load_ledger(paths, year=2020)
    same(known, found)
    same_result(known, found)


def parquet_of(path: Path, columns: dict[str, Any], types: dict[str, Any]) -> Path:
    pa = pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
    table = pa.table({k: pa.array(v, type=types.get(k)) for k, v in columns.items()})
    pytest.importorskip("pyarrow.parquet").write_table(table, path, row_group_size=4)
    return path


@pytest.mark.parametrize("kind", ["text", "decimal", "double", "dictionary", "whole"])
def test_a_parquet_ledger_in_pieces_is_the_ledger(kind: str, tmp_path: Path, in_pieces: Callable[..., None]) -> None:
    pa = pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
    amounts: list[Any] = [None, 12.5, 0.0, 7.25, None, 1234.5, -3.0, 99.99, 8.0]
    made = {
        "text": [None if v is None else f"{v:,.2f}" for v in amounts],
        "dictionary": [None if v is None else f"{v:,.2f}" for v in amounts],
        "decimal": [None if v is None else format(v, ".2f") for v in amounts],
        "double": amounts,
        "whole": [None if v is None else int(v) for v in amounts],
    }[kind]
    types = {"dictionary": pa.dictionary(pa.int8(), pa.string()), "double": pa.float64(), "whole": pa.int64()}
    debit = pa.array(made)
    if kind == "decimal":
        debit = debit.cast(pa.decimal128(12, 2))
    columns = {
        "日期": pd.to_datetime([f"2020-0{i % 3 + 1}-05" for i in range(9)]).date,
        "凭证号": [f"记-{i}" for i in range(9)],
        "摘要": [None if i == 4 else "日期" if i == 5 else f"付款{i}" for i in range(9)],
        "科目编码": [7101] * 9,
        "项目": ["甲", "乙", None] * 3,
        "借方金额": debit.cast(types[kind]) if kind in types else debit,
    }
    path = parquet_of(tmp_path / "账.parquet", columns, {})
    known = rc.load_ledger(path)
    in_pieces()
    found = rc.load_ledger(path)
    assert isinstance(found.fen, wide.Wide)
    assert not isinstance(known.fen, wide.Wide)
    same(known, found)
    same_result(known, found)


def test_an_alias_and_a_move_reach_the_entries_of_a_long_ledger(tmp_path: Path, in_pieces: Callable[..., None]) -> None:
    path = tmp_path / "账.csv"
    path.write_text(
        "\n".join(
            ["日期,凭证号,摘要,科目编码,科目名称,项目,借方金额"]
            + [f"2020-01-0{i + 1},{i + 1},付款,7101,行政支出,{'甲工程' if i % 2 else ''},{i + 1}" for i in range(8)]
        ),
        "utf-8",
    )
    aliases = pd.DataFrame({"账簿名称": ["甲工程"], "预算项目": ["甲"]})
    known = rc.reconcile(BUDGET, rc.load_ledger(path), year=2020, aliases=aliases)
    in_pieces(8)
    found = rc.reconcile(BUDGET, rc.load_ledger(path), year=2020, aliases=aliases)
    pd.testing.assert_frame_equal(known.by_project, found.by_project)
    pd.testing.assert_frame_equal(known.entries(), found.entries())
    assert (found.entries()["project"] == "甲").sum() == 4
    pd.testing.assert_frame_equal(known.findings, found.findings)


def test_what_is_over_the_bounds_is_refused_with_its_size(
    tmp_path: Path, in_pieces: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "账.csv"
    path.write_text(LEDGERS["totals and blanks between"], "utf-8")
    in_pieces(1000)
    monkeypatch.setattr(growing, "MOST_ROWS", 8)
    with pytest.raises(rc.LoadError) as caught:
        rc.load_ledger(path)
    assert caught.value.code == "too-large"
    assert "9 × 12" in str(caught.value)
    monkeypatch.undo()
    in_pieces(1000)
    monkeypatch.setattr(long, "MOST_BYTES", 100)
    with pytest.raises(rc.LoadError) as caught:
        rc.load_ledger(path)
    assert caught.value.code == "too-large"
    assert "B" in str(caught.value)


def test_a_wide_frame_shows_texts() -> None:
    held: Cells = np.array(["甲", "乙", ""], dtype=object)
    coded = compact.Coded(np.array([0, 1, 2, 1], dtype=np.uint8), held)
    texts = combined.either(coded, compact.Coded.constant("丙", 4), coded == "")
    assert np.asarray(texts).tolist() == ["甲", "乙", "丙", "乙"]
    frame = wide.Wide({"a": pd.Categorical(["x", "y", "x"]), "b": [1, 2, 3]})
    assert frame["a"].dtype == "str"
    assert frame[frame["b"] > 1]["a"].tolist() == ["y", "x"]
    assert wide.plain(frame).dtypes["a"] == "str"
    assert isinstance(frame[["a"]], wide.Wide)
    assert wide.put(frame, "a", [1], "z").tolist() == ["x", "z", "x"]
    assert frame["a"].tolist() == ["x", "y", "x"]
    joined = wide.joined([frame, wide.Wide({"a": pd.Categorical(["w"]), "b": [4]})])
    assert joined["a"].tolist() == ["x", "y", "x", "w"]


@pytest.mark.parametrize("make", [make_text, make_parquet])
def test_a_long_ledger_is_run_to_the_same_bytes(
    make: Callable[[Path, int], Path], tmp_path: Path, in_pieces: Callable[..., None]
) -> None:
    ledger, budget = make(tmp_path / "序时账.csv", 600), make_budget(tmp_path / "预算.xlsx", 600)
    if make is make_parquet:
        ledger = ledger.rename(ledger.with_suffix(".parquet"))

    def outputs(name: str) -> dict[str, bytes]:
        out = tmp_path / name
        assert main(["run", "--budget", str(budget), "--ledger", str(ledger), "--out", str(out), "--quiet"]) == 1
        return {str(f.relative_to(out)): f.read_bytes() for f in out.rglob("*") if f.is_file()}

    short = outputs("short")
    in_pieces(1000, 50)
    assert len(short) >= 6
    assert outputs("long") == short


@pytest.mark.slow
def test_five_million_rows_tie_out_in_bounded_memory(tmp_path: Path) -> None:
    rows = 5_000_000
    path, budget = make_text(tmp_path / "序时账.csv", rows), make_budget(tmp_path / "预算.xlsx", rows)
    spent = sum(int(r[10].replace(",", "").replace(".", "") or 0) for some in lines(rows) for r in some)
    code = TIE_OUT + f"assert round(result.totals['actual'] * 100) == {spent}, result.totals"
    taken = take(code, LEDGER=str(path), BUDGET=str(budget))
    assert taken.rows == rows
    assert taken.megabytes < 4_000

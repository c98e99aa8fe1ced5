from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconcile import money
from reconcile.money import Cell


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.56", "1234.56"),
        ("１２３．４５", "123.45"),
        ("￥1,000", "1000"),
        ("¥ 88.00", "88"),
        ("(123.00)", "-123"),
        ("（123.00）", "-123"),
        ("123.00-", "-123"),
        ("△123", "-123"),
        ("-5", "-5"),
        ("－5", "-5"),
        ("\u00a01 234.50\u3000", "1234.50"),
        ("1.5E+3", "1500"),
        ("12.30元", "12.30"),
        (".5", "0.5"),
    ],
)
def test_a_text_amount_is_read_exactly(text: str, value: str) -> None:
    assert money.parse_text(text) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["待定", "12 个", "1,23", "1,2345", "1.2.3", "--5", "5%", "12万", "#REF!", "2020-01-02"]
)
def test_what_is_no_amount_is_not_guessed(text: str) -> None:
    assert money.parse_text(text) is None


@pytest.mark.parametrize("cell", [None, "", " ", "-", "—", "——", "N/R", float("nan")])
def test_blank_is_blank_and_not_zero(cell: object) -> None:
    assert list(money.parse_column([cell]).state) == [Cell.BLANK]


def test_a_text_never_becomes_zero() -> None:
    column = money.parse_column(["待定", 0, "0.00", 0.0])
    assert list(column.state) == [Cell.UNREADABLE, Cell.NUMBER, Cell.NUMBER, Cell.NUMBER]


def test_units_convert_once_and_round_half_up_once() -> None:
    # 1475.425 万元 = 14,754,250.00 yuan; 85.5 万元 = 855,000.00; 0.005 yuan is half a 分 and rounds away from zero
    assert list(money.parse_column([1475.425, "85.5"], 10_000).fen) == [1_475_425_000, 85_500_000]
    column = money.parse_column([0.005, -0.005, "1.005", 2.675])
    assert list(column.fen) == [1, -1, 101, 268]
    assert set(column.state) == {Cell.SUB_FEN}


def test_float_dust_is_no_finding() -> None:
    column = money.parse_column([0.1 + 0.2, 1234.5600000000001, 1e9 + 0.01])
    assert list(column.fen) == [30, 123_456, 100_000_000_001]
    assert set(column.state) == {Cell.NUMBER}


def test_what_a_double_cannot_hold_to_the_fen_is_refused() -> None:
    column = money.parse_column([1e15, "99999999999999999999", float("inf")])
    assert list(column.state) == [Cell.UNREADABLE] * 3


@given(st.lists(st.integers(-(10**13), 10**13), max_size=40))
def test_every_writing_of_an_amount_reads_back(amounts: list[int]) -> None:
    """A 分 amount written as double, text, text with commas, or Decimal is the same amount."""
    written: list[object] = []
    for i, fen in enumerate(amounts):
        exact = Decimal(fen) / 100
        written.append([fen / 100, f"{exact:.2f}", f"{exact:,.2f}", exact][i % 4])
    column = money.parse_column(written)
    assert list(column.fen) == amounts
    assert all(s == Cell.NUMBER for s in column.state)


@given(st.text(alphabet="0123456789,.-( )△¥Ee+%元x", max_size=12))
def test_the_fast_path_agrees_with_the_slow_one(text: str) -> None:
    exact = money.parse_text(text)
    column = money.parse_column([text])
    if money.is_blank(text):
        assert column.state[0] == Cell.BLANK
    elif exact is None or abs(exact * 100) >= money.LIMIT_FEN:
        assert column.state[0] == Cell.UNREADABLE
    else:
        assert column.fen[0] == money.to_fen(exact)


@pytest.mark.parametrize(
    ("stated", "parts", "unit", "ties"),
    [
        (177_524, (147_543, 29_982), 1, False),  # exact amounts tie only when equal
        (177_524, (147_543, 29_981), 1, True),
        (177_524_00, (147_543_00, 29_982_00), 100, True),  # 1775.24 against 1475.43 + 299.82: 1.00 < (2 + 1) × 0.50
        (31_388_00, (8550_00, 1140_00, 1400_00, 17863_00, 720_00, 1000_00, 250_00), 100, False),  # 465 > 8 × 0.5
        (4, (1, 1), 2, True),
        (5, (1, 1), 2, False),  # |gap| < (2 + 1) × 1: the intervals are half open
    ],
)
def test_a_tail_is_where_the_intervals_meet(stated: int, parts: tuple[int, ...], unit: int, ties: bool) -> None:
    assert money.could_tie(stated, parts, unit) is ties


def test_printing_rounds_half_up_where_python_would_not() -> None:
    assert round(1475.425, 2) == 1475.42  # what must not happen
    assert money.in_unit(1_475_425_000, "万元") == Decimal("1475.43")
    assert money.trimmed(Decimal("82.60")) == "82.6"
    assert money.trimmed(Decimal("10.00")) == "10"
    assert money.trimmed(Decimal("0.00")) == "0"


def test_percentages_come_from_exact_amounts() -> None:
    assert money.percent(1_475_425_231, 1_775_244_477) == Decimal("83.11")
    assert money.percent(1, 0) is None


def test_the_callers_column_is_not_changed() -> None:
    cells = np.array(["1", 2.0, None], dtype=object)
    before = cells.copy()
    money.parse_column(cells, 10_000)
    assert list(cells) == list(before)


def test_a_long_column_of_texts_is_read_as_each_cell_would_be_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = [
        "1,234.56",
        "-0.5",
        "12",
        "1,23",
        "",
        "（7.10）",
        "0.005",
        None,
        "999,999,999.99",
        3.25,
        "-",
        "x",
        "1.",
        ".5",
    ] * 3
    monkeypatch.setattr(money, "AT_ONCE", 4)
    column = money.parse_column(cells)
    alone = [money.parse_column([cell]) for cell in cells]
    assert column.fen.tolist() == [int(one.fen[0]) for one in alone]
    assert column.state.tolist() == [int(one.state[0]) for one in alone]
    assert column.decimals == max(one.decimals for one in alone)

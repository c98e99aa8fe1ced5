"""The public final accounts: read in any layout, right when they tie, and each wrong amount found where it stands."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import reconcile as rc
from reconcile.final.proof import tie
from tests.builders import final
from tests.builders.final import Layout

LAYOUTS = {
    "plain": Layout(),
    "yuan, no merges, no line numbers": Layout(unit="元", numbers=False, places=False, blanks=False, merged=False),
    "text, codes in three columns, sheets reversed": Layout(parts=True, order=tuple(reversed(final.TITLES)), text=True),
    "one sheet, no table numbers": Layout(one_sheet=True, number_title=False),
    "one sheet, yuan, zeros": Layout(unit="元", one_sheet=True, blanks=False),
}
RULES = [f"D{i}" for i in range(1, 18)]


def published(
    folder: Path, seed: int = 1, layout: Layout | None = None, *, funds: bool = True
) -> tuple[final.Written, Path]:
    written = final.write(final.model(seed, funds=funds), layout or Layout())
    return written, folder / "决算公开.xlsx"


def outcomes(path: Path, **options: object) -> dict[str, str]:
    return dict(
        rc.check_final_accounts(path, **options).checks[["check", "outcome"]].itertuples(index=False, name=None)
    )


@pytest.mark.parametrize("funds", [True, False], ids=["three budgets", "one budget"])
@pytest.mark.parametrize("name", LAYOUTS)
def test_a_set_that_ties_gives_no_finding(name: str, funds: bool, tmp_path: Path) -> None:
    for seed in range(3):
        written, path = published(tmp_path, seed, LAYOUTS[name], funds=funds)
        checks = rc.check_final_accounts(written.save(path))
        assert checks.findings.empty, checks.findings["message"].tolist()
        found = dict(checks.checks[["check", "outcome"]].itertuples(index=False, name=None))
        assert {r: found[r] for r in RULES[:14]} == dict.fromkeys(RULES[:14], "passed")
        assert {found[r] for r in RULES[14:]} == {"could-not-run"}


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_amount_is_read_with_its_cell(name: str, tmp_path: Path) -> None:
    """Each cell that the set holds is in `cells`, under its field, as it was written."""
    written, path = published(tmp_path, 5, LAYOUTS[name])
    accounts = rc.load_final_accounts(written.save(path))
    cells = accounts.cells.set_index(["sheet", "cell"])
    scale = 10_000 if written.layout.unit == "万元" else 1
    wanted = {k: p for k, p in written.places.items() if k[1] not in ("notes", "in:", "out:")}
    assert len(cells) == len(wanted)
    for (number, _, field), place in wanted.items():
        shown = written.book[place[0]][place[1]].value
        row = cells.loc[place]
        assert (row["table"], row["field"]) == (number, field)
        if shown in (None, ""):
            assert (row["state"], pd.isna(row["amount"])) == ("blank", True)
        else:
            assert row["amount"] == pytest.approx(float(str(shown).replace(",", "")) * scale, abs=0.001)
    assert accounts.missing == ()
    assert accounts.reading["table"].tolist() == list(written.layout.order)
    assert set(accounts.reading["unit"]) == {written.layout.unit}


@pytest.mark.parametrize("name", ["plain", "one sheet, yuan, zeros"])
def test_no_amount_can_be_wrong_unnoticed(name: str, tmp_path: Path) -> None:
    layout, draw = LAYOUTS[name], random.Random(7)
    written, path = published(tmp_path, 2, layout)
    keys = [k for k in written.places if k[1] not in ("notes", "in:", "out:")]
    for key in draw.sample(keys, 40):
        written, path = published(tmp_path, 2, layout)
        written.change(key, 3.07 if layout.unit == "万元" else 30_700)
        assert "found" in outcomes(written.save(path)).values(), key


@pytest.mark.parametrize(
    ("rule", "key", "difference"),
    [
        ("D1", ("01", "out:总计", "amount"), 2.0),
        ("D2", ("01", "in:年初结转和结余", "amount"), -2.0),
        ("D2", ("01", "in:五、事业收入", "amount"), -2.0),
        ("D3", ("01", "out:结余分配", "amount"), -2.0),
        ("D3", ("01", "out:一、一般公共服务支出", "amount"), -2.0),
        ("D4", ("02", "2010301", "business"), -2.0),
        ("D4", ("02", "20103", "total"), 2.0),
        ("D5", ("03", "2010302", "trade"), -2.0),
        ("D5", ("03", "208", "basic"), 2.0),
        ("D5", ("05", "2010301", "project"), -2.0),
        ("D5", ("08", "2120803", "basic"), -2.0),
        ("D5", ("09", "22301", "total"), 2.0),
        ("D6", ("02", "合计", "total"), -2.0),
        ("D6", ("03", "合计", "total"), -2.0),
        ("D6", ("03", "208", "total"), -2.0),
        ("D7", ("02", "合计", "grant"), -2.0),
        ("D8", ("04", "in:年初财政拨款结转和结余", "amount"), -2.0),
        ("D8", ("04", "out:二、社会保障和就业支出", "general"), -2.0),
        ("D8", ("04", "out:本年支出合计", "fund"), -2.0),
        ("D8", ("08", "212", "carry_out"), 2.0),
        ("D9", ("05", "合计", "total"), -2.0),
        ("D9", ("08", "合计", "total"), -2.0),
        ("D9", ("09", "合计", "total"), -2.0),
        ("D10", ("05", "合计", "basic"), 2.0),
        ("D10", ("06", "公用经费合计", "amount"), -2.0),
        ("D11", ("06", "人员经费合计", "amount"), 2.0),
        ("D11", ("06", "30201", "amount"), -2.0),
        ("D11", ("06", "303", "amount"), 2.0),
        ("D12", ("07", "", "budget_vehicle"), 2.0),
        ("D12", ("07", "", "actual_reception"), -2.0),
        ("D12", ("07", "", "actual_total"), 2.0),
    ],
    ids=lambda v: v if isinstance(v, str) else "/".join(v) if isinstance(v, tuple) else "",
)
def test_one_wrong_amount_is_found_by_its_rule(rule: str, key: final.Key, difference: float, tmp_path: Path) -> None:
    """2 万元 more in one cell: the rule finds a difference of 20,000 yuan, with the sign of the side that changed."""
    written, path = published(tmp_path, 3)
    written.change(key, 2.0)
    checks = rc.check_final_accounts(written.save(path))
    found = checks.findings[checks.findings["check"] == rule]
    assert checks.checks.set_index("check").loc[rule, "outcome"] == "found"
    assert difference * 10_000 in found["difference"].tolist()
    assert (found["file"] == "决算公开.xlsx").all()
    assert found["cell"].str.match(r"^[A-Z]+\d+$").all()
    assert (found["actual"] - found["expected"] == found["difference"]).all()
    if difference > 0:
        assert written.places[key] in list(found[["sheet", "cell"]].itertuples(index=False, name=None))


def test_the_message_says_where_what_and_how_much(tmp_path: Path) -> None:
    written, path = published(tmp_path, 3)
    sheet, cell = written.change(("05", "合计", "basic"), 2.0)
    checks = rc.check_final_accounts(written.save(path))
    texts = checks.findings.loc[checks.findings["check"] == "D10", "message"].tolist()
    assert len(texts) == 1
    assert texts[0].startswith(
        f"D10：决算公开.xlsx › {sheet}!{cell} 公开05表 一般公共预算财政拨款支出决算表 合计（基本支出）列示"
    )
    assert "按公开06表 一般公共预算财政拨款基本支出决算表 人员经费＋公用经费应为" in texts[0]
    assert texts[0].endswith("相差20,000.00元，超出四舍五入允许范围。")
    english = rc.check_final_accounts(path, language="en").findings
    assert english.loc[english["check"] == "D10", "message"].str.contains("20,000.00 yuan apart").all()


def test_a_rounding_tail_is_marked_and_no_failure(tmp_path: Path) -> None:
    """0.01 万元 more in a class of two items: three printed figures may be 0.005 off each.  In yuan it is an error."""
    written, path = published(tmp_path, 3)
    written.change(("06", "人员经费合计", "amount"), 0.01)
    checks = rc.check_final_accounts(written.save(path))
    row = checks.checks.set_index("check").loc["D11"]
    assert (row["outcome"], row["found"], row["tails"]) == ("passed", 0, 1)
    tail = checks.findings[checks.findings["check"] == "D11"].iloc[0]
    assert (tail["code"], tail["severity"], tail["difference"]) == ("rounding-tail", "info", 100.0)
    written, path = published(tmp_path, 3, Layout(unit="元"))
    written.change(("06", "人员经费合计", "amount"), 100)
    assert outcomes(written.save(path))["D11"] == "found"


def test_a_difference_of_two_digits_between_two_printed_figures_is_no_tail(tmp_path: Path) -> None:
    """One figure against one: each stands for ±0.005, so that 0.01 apart is the edge that they do not reach."""
    written, path = published(tmp_path, 3)
    written.change(("04", "in:本年收入合计", "amount"), 0.01)
    assert outcomes(written.save(path))["D7"] == "found"


@pytest.mark.parametrize(
    ("total", "parts", "ties"),
    [
        ((100, 100), [(0, 100)], False),  # [50, 150) and [−50, 50) only touch
        ((100, 100), [(0, 1)], False),
        ((100, 100), [(0, 100), (0, 100)], True),  # 0.40 and 0.40 print as 0 and 0, their sum as 1
        ((300, 100), [(100, 100), (100, 100)], True),
        ((400, 100), [(100, 100), (100, 100)], False),  # [350, 450) and [100, 300)
        ((350, 100), [(100, 100), (100, 100)], False),  # [300, 400) and [100, 300) only touch
        ((100, 100), [(50, 1)], True),  # 0.50 rounds half up to 1
        ((100, 100), [(150, 1)], False),
        ((-100, 100), [(-50, 1)], True),
        ((-100, 100), [(-150, 1)], False),
        ((7, 1), [(7, 1)], True),
        ((7, 1), [(8, 1)], False),
        ((50, 1), [(100, 100)], True),
    ],
)
def test_intervals_decide(total: tuple[int, int], parts: list[tuple[int, int]], ties: bool) -> None:
    assert tie(total, parts) is ties


@pytest.mark.parametrize("blanks", [True, False])
def test_a_set_printed_from_yuan_has_tails_and_no_differences(blanks: bool, tmp_path: Path) -> None:
    """Amounts of yuan printed in 万元: sums differ by what was rounded off, in many places, and are never wrong; the
    books in yuan agree with what is printed of them."""
    tails = 0
    for seed in range(8):
        made = final.model(seed)
        path = final.write(made, Layout(rounded=True, blanks=blanks)).save(tmp_path / "决算公开.xlsx")
        checks = rc.check_final_accounts(path, books_of(made, scale=1))
        assert set(checks.findings["code"]) <= {"rounding-tail"}, checks.findings["message"].tolist()
        assert checks.findings.query("check == 'D16'").empty
        tails += len(checks.findings)
    assert tails > 20


@given(st.lists(st.integers(-10_000, 10_000), min_size=1, max_size=6), st.sampled_from([1, 100, 10_000]))
def test_what_rounding_made_is_never_called_wrong(parts: list[int], unit: int) -> None:
    """Exact amounts that tie, each printed half up, their sum too; against the exact sum as well."""
    whole = sum(parts)
    printed = [(rounded(p, unit), unit) for p in parts]
    assert tie((rounded(whole, unit), unit), printed)
    assert tie((rounded(whole, unit), unit), [(whole, 1)])
    assert not tie((rounded(whole, unit) + (len(parts) + 1) * unit, unit), printed)


def rounded(fen: int, unit: int) -> int:
    return (abs(fen) + unit // 2) // unit * unit * (1 if fen >= 0 else -1)


def test_withheld_and_text_amounts_are_not_nought(tmp_path: Path) -> None:
    """N/R and 待定 in a sum: the sum cannot be tested, and nothing is found; `-` and blank are nothing."""
    for value in ("N/R", "待定", "#REF!"):
        written, path = published(tmp_path, 3)
        written.put(("06", "30201", "amount"), value)
        checks = rc.check_final_accounts(written.save(path))
        assert checks.findings.empty
        row = checks.checks.set_index("check").loc["D11"]
        sheet, cell = written.places["06", "30201", "amount"]
        assert row["reason"] == f"决算公开.xlsx › {sheet}!{cell} 不是数字"
        cells = checks.accounts.cells.set_index(["sheet", "cell"])
        assert cells.loc[(sheet, cell), "state"] == "unreadable"
        assert pd.isna(cells.loc[(sheet, cell), "amount"])
    written, path = published(tmp_path, 3)
    written.put(("07", "", "actual_abroad"), "-")
    assert outcomes(written.save(path))["D12"] == "passed"


def test_a_blank_total_is_said_and_not_taken_for_nought(tmp_path: Path) -> None:
    written, path = published(tmp_path, 3)
    written.put(("01", "out:总计", "amount"), None)
    checks = rc.check_final_accounts(written.save(path)).checks.set_index("check")
    sheet, cell = written.places["01", "out:总计", "amount"]
    assert checks.loc["D1", ["outcome", "reason"]].tolist() == ["could-not-run", f"决算公开.xlsx › {sheet}!{cell} 为空"]


def test_a_missing_table_is_said_where_it_was_needed(tmp_path: Path) -> None:
    layout = Layout(order=("01", "03", "05", "08", "09"))
    written, path = published(tmp_path, 3, layout)
    accounts = rc.load_final_accounts(written.save(path))
    assert accounts.missing == ("02", "04", "06", "07")
    checks = rc.check_final_accounts(accounts).checks.set_index("check")
    assert checks.loc["D7", "outcome"] == checks.loc["D12", "outcome"] == "could-not-run"
    assert checks.loc["D10", "reason"] == "缺少公开06表 一般公共预算财政拨款基本支出决算表"
    assert checks.loc["D6", ["outcome", "reason"]].tolist() == ["passed", "缺少公开02表 收入决算表"]


def test_a_table_that_is_there_twice_is_taken_for_neither(tmp_path: Path) -> None:
    written, path = published(tmp_path, 3)
    sheet = written.book["Z03 支出决算表"]
    written.book.copy_worksheet(sheet).title = "下属单位"
    checks = rc.check_final_accounts(written.save(path)).checks.set_index("check")
    assert "公开03表 支出决算表出现 2 次" in checks.loc["D5", "reason"]


def test_a_table_without_a_unit_is_compared_with_no_other(tmp_path: Path) -> None:
    written, path = published(tmp_path, 3)
    for row in written.book["Z02 收入决算表"].iter_rows(max_row=4):
        for cell in row:
            if isinstance(cell.value, str) and "金额单位" in cell.value:
                cell.value = None
    checks = rc.check_final_accounts(written.save(path)).checks.set_index("check")
    assert checks.loc["D4", "outcome"] == "passed"
    assert checks.loc["D7", ["outcome", "reason"]].tolist() == ["could-not-run", "公开02表 收入决算表没有写明金额单位"]
    again = rc.load_final_accounts(path, unit="万元")
    assert rc.check_final_accounts(again).checks.set_index("check").loc["D7", "outcome"] == "passed"


def test_tables_in_two_units_are_compared_in_yuan(tmp_path: Path) -> None:
    """The public expenses in 万元 beside all else in yuan."""
    made = final.model(4)
    yuan = final.write(made, Layout(unit="元", order=tuple(n for n in final.TITLES if n != "07")))
    wan = final.write(made, Layout(order=("07",)))
    paths = [yuan.save(tmp_path / "元.xlsx"), wan.save(tmp_path / "万元.xlsx")]
    checks = rc.check_final_accounts(rc.load_final_accounts(paths))
    assert checks.findings.empty
    assert checks.checks.set_index("check").loc["D13", "tested"] == 2


def test_an_empty_table_needs_its_note_and_a_full_one_must_not_have_it(tmp_path: Path) -> None:
    written, path = published(tmp_path, 3, funds=False)
    written.put(("08", "notes", ""), "注：本表反映部门本年度政府性基金预算财政拨款收入支出情况。")
    checks = rc.check_final_accounts(written.save(path))
    assert checks.findings[["check", "code"]].to_numpy().tolist() == [["D14", "claim-mismatch"]]
    assert "没有数据，也没有说明" in checks.findings["message"][0]
    written, path = published(tmp_path, 3)
    written.put(("09", "notes", ""), final.NO_CAPITAL)
    checks = rc.check_final_accounts(written.save(path))
    assert checks.findings["check"].tolist() == ["D14"]
    assert "公开09表" in checks.findings["message"][0]


@pytest.mark.parametrize("place", ["inside", "above", "below"])
def test_a_note_at_an_empty_table_is_a_note(place: str, tmp_path: Path) -> None:
    head = [
        "科目编码",
        "科目名称",
        "年初结转和结余",
        "本年收入",
        "本年支出小计",
        "基本支出",
        "项目支出",
        "年末结转和结余",
    ]
    note = [[None, None, "本表无数据"]] if place == "inside" else [["注：本部门无此项收支，故本表无数据。"]]
    above, below = ((note, []), ([], note))[place != "above"]
    rows = [["政府性基金预算财政拨款收入支出决算表"], *above, ["单位：元"], head, ["合计"], *below]
    checks = rc.check_final_accounts(sheets(tmp_path / "a.xlsx", 甲=rows))
    assert checks.findings.empty
    assert checks.checks.set_index("check").loc["D14", "tested"] == 1


def test_an_instruction_on_empty_tables_is_no_note(tmp_path: Path) -> None:
    written, path = published(tmp_path, 3)
    written.put(("09", "notes", ""), "注：如无此项收支，应说明“本部门无此项收支，故本表无数据”。")
    assert outcomes(written.save(path))["D14"] == "passed"


def test_old_numbering_is_read_by_the_names(tmp_path: Path) -> None:
    """In some years the public expenses are 公开09, the funds 公开07: the name counts, not the number."""
    written, path = published(tmp_path, 3)
    for name, old, new in (
        ("Z07", "公开07表", "公开09表"),
        ("Z08", "公开08表", "公开07表"),
        ("Z09", "公开09表", "公开08表"),
    ):
        sheet = next(s for s in written.book if s.title.startswith(name))
        cell = next(c for row in sheet.iter_rows() for c in row if c.value == old)
        cell.value = new
    accounts = rc.load_final_accounts(written.save(path))
    assert accounts.reading["table"].tolist() == list(final.TITLES)
    assert rc.check_final_accounts(accounts).findings.empty


def test_without_names_the_numbers_count(tmp_path: Path) -> None:
    written, path = published(tmp_path, 3)
    for number, sheet in zip(final.TITLES, list(written.book), strict=True):
        for row in sheet.iter_rows(max_row=3):
            for cell in row:
                if isinstance(cell.value, str) and final.TITLES[number] in cell.value:
                    cell.value = "某某局决算"
        sheet.title = f"表{number}"
        written.places = {k: (sheet.title if k[0] == number else p[0], p[1]) for k, p in written.places.items()}
    accounts = rc.load_final_accounts(written.save(path))
    assert accounts.reading["table"].tolist() == list(final.TITLES)
    assert rc.check_final_accounts(accounts).findings.empty


def test_a_table_of_contents_is_no_table(tmp_path: Path) -> None:
    written, path = published(tmp_path, 3)
    page = written.book.create_sheet("目录", 0)
    for i, title in enumerate(final.TITLES.values(), 1):
        page.append([f"{i}、{title}"])
    accounts = rc.load_final_accounts(written.save(path))
    assert len(accounts.reading) == 9
    assert [str(place) for place in accounts.unread] == ["决算公开.xlsx › 目录"]


def test_a_table_far_down_its_sheet_is_read(tmp_path: Path) -> None:
    written, path = published(tmp_path, 3)
    sheet = written.book["Z03 支出决算表"]
    for area in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(area))
    sheet.insert_rows(1, 150)
    accounts = rc.load_final_accounts(written.save(path))
    assert accounts.missing == ()
    assert accounts.reading.set_index("table").loc["03", "header_rows"][0] == 154


def test_other_tables_are_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["项目", "年初预算"])
    book.active.append(["甲", 1])
    book.save(tmp_path / "预算.xlsx")
    with pytest.raises(rc.LoadError, match="收入支出决算总表"):
        rc.load_final_accounts(tmp_path / "预算.xlsx")


def books_of(made: final.Model, *, extra: float = 0.0, scale: int = 100) -> rc.Reconciliation:
    """A ledger that spends what the model says, class by class, `scale` yuan a digit; `extra` yuan more on 办公费."""
    left = {code: pair[0] for code, pair in made.general.items()}
    rows: list[tuple[object, ...]] = []

    def spend(kind: str, function: str, economic: str, digits: float, account: str = "7101 行政支出") -> None:
        rows.append(
            (f"2020-05-{len(rows) % 28 + 1:02d}", f"记-{len(rows)}", kind, function, economic, account, digits * scale)
        )

    for economic, digits in made.classes.items():
        for function, room in list(left.items()):
            part = min(room, digits)
            if part:
                spend("基本支出", function, economic, part)
                left[function], digits = room - part, digits - part
    for funds in (made.general, made.fund, made.capital):
        for function, (_, project) in funds.items():
            if project:
                spend("项目支出", function, "30227", project)
    if made.own:
        spend("经营支出", "2010302", "30299", made.own, "7301 经营支出")
    if extra:
        spend("基本支出", "2010301", "30201", extra / scale)
    head = ["日期", "凭证号", "支出类型", "支出功能分类", "支出经济分类", "会计科目", "借方金额"]
    ledger = rc.load_ledger(pd.DataFrame(rows, columns=head, dtype=object))
    frame = pd.DataFrame([("项目支出", "甲", 1)], columns=["支出类型", "项目", "年初预算"], dtype=object)
    return rc.reconcile(rc.load_budget(frame, year=2020), ledger)


@pytest.mark.parametrize("unit", ["元", "万元"])
def test_accounts_are_the_books_to_the_yuan(unit: str, tmp_path: Path) -> None:
    made = final.model(6)
    path = final.write(made, Layout(unit=unit)).save(tmp_path / "决算公开.xlsx")
    checks = rc.check_final_accounts(path, books_of(made))
    assert checks.findings.empty, checks.findings["message"].tolist()
    row = checks.checks.set_index("check").loc["D16"]
    assert row["outcome"] == "passed"
    assert row["tested"] > 20
    assert row["reason"] == "账簿含一般公共预算以外的资金，公开06不能直接核对"


def test_one_yuan_more_in_the_books_is_found(tmp_path: Path) -> None:
    """In 万元 one yuan is within the rounding of what is printed; in yuan it is not, in the whole and in its class."""
    made = final.model(6, funds=False)
    made.own = 0
    for unit, wanted in (("元", True), ("万元", False)):
        path = final.write(made, Layout(unit=unit)).save(tmp_path / "决算公开.xlsx")
        checks = rc.check_final_accounts(path, books_of(made, extra=1.0))
        found = checks.findings[checks.findings["check"] == "D16"]
        assert bool(len(found)) is wanted
        assert checks.checks.set_index("check").loc["D16", "reason"] == ""
        if wanted:
            assert set(found["difference"]) == {-1.0}
            assert {
                "公开01表 收入支出决算总表 本年支出合计",
                "公开06表 一般公共预算财政拨款基本支出决算表 30201 办公费",
            } <= set(found["subject"])
    checks = rc.check_final_accounts(path, books_of(made, extra=51.0))
    assert checks.checks.set_index("check").loc["D16", "outcome"] == "found"


def test_a_part_of_a_year_is_not_compared(tmp_path: Path) -> None:
    made = final.model(6)
    path = final.write(made).save(tmp_path / "决算公开.xlsx")
    result = books_of(made)
    part = rc.reconcile(result.budget, result.ledger, through="2020-06")
    row = rc.check_final_accounts(path, part).checks.set_index("check").loc["D16"]
    assert row[["outcome", "reason"]].tolist() == ["could-not-run", "账簿只到 2020年1月至6月"]


def test_public_expenses_are_within_their_classes(tmp_path: Path) -> None:
    """Receptions 3 万元 above the class of basic spending: the projects may hold them, the books say that they do not."""
    made = final.model(6)
    made.public["reception"] += 300
    path = final.write(made).save(tmp_path / "决算公开.xlsx")
    alone = rc.check_final_accounts(path).checks.set_index("check").loc["D13"]
    assert alone["found"] == 0
    assert alone["reason"].endswith("要有账簿的项目支出才能判断")
    checks = rc.check_final_accounts(path, books_of(made))
    found = checks.findings[checks.findings["check"] == "D13"]
    assert found[["actual", "difference"]].to_numpy().tolist() == [[made.public["reception"] * 100.0, 30_000.0]]
    assert "超过30217" in found["message"].iloc[0]


def test_the_evaluation_is_the_accounts(tmp_path: Path) -> None:
    made = final.model(6, funds=False)
    made.own = 0
    path = final.write(made).save(tmp_path / "决算公开.xlsx")
    result = books_of(made)
    row = rc.check_final_accounts(path, result, evaluation=rc.evaluate(result)).checks.set_index("check").loc["D17"]
    assert (row["outcome"], row["found"], row["reason"]) == ("passed", 0, "")
    assert row["tested"] >= 5
    other = rc.evaluate(None, {"本年支出数": (made.spending + 1) * 100})
    checks = rc.check_final_accounts(path, evaluation=other)
    found = checks.findings[checks.findings["check"] == "D17"]
    assert found["difference"].tolist() == [-100.0]
    assert "评价取数不足：公用经费本年决算数" in checks.checks.set_index("check").loc["D17", "reason"]


def test_public_expenses_may_stand_in_rows(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    for row in (
        ["2020年度“三公”经费支出决算表"],
        ["金额单位：万元"],
        ["项目", "预算数", "决算数"],
        ["合计", 10, 9.5],
        ["1. 因公出国（境）费", None, None],
        ["2. 公务接待费", 4, 3.5],
        ["3. 公务用车购置及运行维护费", 6, 6],
        ["其中：公务用车购置费", 0, 0],
        ["公务用车运行维护费", 6, 5],
    ):
        page.append(row)
    book.save(tmp_path / "三公.xlsx")
    checks = rc.check_final_accounts(tmp_path / "三公.xlsx")
    found = checks.findings[checks.findings["check"] == "D12"]
    assert found[["cell", "difference"]].to_numpy().tolist() == [["C7", 10_000.0]]
    assert checks.checks.set_index("check").loc["D12", "tested"] == 4


def test_frames_are_in_yuan_with_their_rows(tmp_path: Path) -> None:
    written, path = published(tmp_path, 1)
    tables = rc.load_final_accounts(written.save(path)).tables
    total = tables["03"].iloc[0]
    assert total["name"] == "合计"
    assert total["total"] == final.model(1).spending * 100.0
    assert {"file", "sheet", "row", "code", "basic", "project"} <= set(tables["03"].columns)
    assert tables["03"]["total"].dtype == "float64"


REAL = Path(__file__).parents[2] / "shared" / "real"


@pytest.mark.skipif(not REAL.is_dir(), reason="the folder of real files is not beside this checkout")
@pytest.mark.parametrize(
    "name", ["mx_avance_puebla_q1_2016.xlsx", "sutton_payments_2016_17.xlsx", "files/smungs_cashflows.xlsx"]
)
def test_published_tables_of_other_kinds_are_no_final_accounts(name: str) -> None:
    with pytest.raises(rc.LoadError):
        rc.load_final_accounts(REAL / name)


def sheets(path: Path, **pages: list[list[object]]) -> Path:
    """A workbook of sheets by name, each cell by cell."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in pages.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    book.save(path)
    return path


def test_a_part_of_a_column_and_a_budget_beside_it_are_not_taken(tmp_path: Path) -> None:
    """事业收入 with its 小计 and 其中：教育收费; 决算数 beside 预算数 and 上年决算数."""
    income = [
        ["收 入 决 算 表", *[None] * 7],
        ["编制单位：某某局", None, None, None, None, None, None, "单位：万元"],
        ["项目", None, "本年收入合计", "财政拨款收入", "事业收入", None, "其他收入", "附属单位上缴收入"],
        ["功能分类科目编码", "科目名称", None, None, "小计", "其中：教育收费", None, None],
        ["栏次", None, 1, 2, 3, 4, 5, 6],
        ["合计", None, 100, 60, 30, 20, 10, None],
        ["205", "教育支出", 100, 60, 30, 20, 10, None],
    ]
    spending = [
        ["支出决算表"],
        ["金额单位：万元"],
        ["科目编码", "科目名称", "本年支出合计", None, "基本支出", None, "项目支出", None],
        [None, None, "上年决算数", "决算数", "预算数", "决算数", "预算数", "决算数"],
        ["合计", None, 90, 100, 70, 66.5, 30, 33.5],
        ["205", "教育支出", 90, 100, 70, 66.5, 30, 33.5],
    ]
    accounts = rc.load_final_accounts(sheets(tmp_path / "a.xlsx", 甲=income, 乙=spending))
    assert accounts.reading["table"].tolist() == ["02", "03"]
    assert accounts.tables["02"].loc[0, ["total", "grant", "business", "other"]].tolist() == [1e6, 6e5, 3e5, 1e5]
    assert accounts.tables["03"].loc[0, ["total", "basic", "project"]].tolist() == [1e6, 665_000.0, 335_000.0]
    checks = rc.check_final_accounts(accounts)
    assert checks.findings.empty
    assert checks.checks.set_index("check").loc["D4", "tested"] == 6  # two rows, four columns that hold amounts


@pytest.mark.parametrize(
    "title",
    [
        "一般公共预算财政拨款收入支出决算表",
        "项目支出决算明细表",
        "2020年度基本支出决算表",
        "财政专户管理资金收入支出决算表",
        "支出决算表说明",
    ],
)
def test_tables_of_like_names_are_not_taken_for_public_ones(title: str, tmp_path: Path) -> None:
    rows = [
        [title],
        ["金额单位：万元"],
        ["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"],
        ["合计", None, 3, 1, 2],
    ]
    with pytest.raises(rc.LoadError):
        rc.load_final_accounts(sheets(tmp_path / "a.xlsx", 甲=rows))


def test_one_column_of_classes_and_its_groups(tmp_path: Path) -> None:
    """公开06 as one list with 人员经费 and 公用经费 beside the sum; codes glued to names."""
    rows = [
        ["一般公共预算财政拨款基本支出决算表"],
        ["单位：元"],
        ["经济分类科目", "本年支出", None, None],
        [None, "合计", "人员经费", "公用经费"],
        ["合计", 60.5, 50.25, 10.25],
        ["301 工资福利支出", 50.25, 50.25, None],
        ["30101 基本工资", 50.25, 50.25, None],
        ["302 商品和服务支出", 10.25, None, 10.25],
        ["30201 办公费", 10, None, 10],
    ]
    rows[2][0] = "科目名称"
    checks = rc.check_final_accounts(sheets(tmp_path / "a.xlsx", 甲=rows))
    assert checks.findings[["check", "cell", "difference"]].to_numpy().tolist() == [["D11", "B8", 0.25]]
    assert checks.checks.set_index("check").loc["D11", "tested"] == 4


def test_spending_by_nature_beside_the_two_halves_is_not_added_again(tmp_path: Path) -> None:
    """财决01 has a third half, 支出 by nature: 基本支出, 项目支出 and the sums again."""
    rows = [
        ["收入支出决算总表"],
        ["金额单位：元"],
        ["收入", None, "支出", None, "支出", None],
        ["项目", "决算数", "项目（按功能分类）", "决算数", "项目（按支出性质和经济分类）", "决算数"],
        ["一、一般公共预算财政拨款收入", 100, "一、一般公共服务支出", 100, "一、基本支出", 70],
        ["二、其他收入", None, "二、外交支出", None, "二、项目支出", 30],
        ["本年收入合计", 100, "本年支出合计", 100, "本年支出合计", 100],
        ["年初结转和结余", None, "年末结转和结余", None, None, None],
        ["总计", 100, "总计", 100, "总计", 100],
    ]
    accounts = rc.load_final_accounts(sheets(tmp_path / "a.xlsx", 甲=rows))
    checks = rc.check_final_accounts(accounts)
    assert checks.findings.empty
    assert checks.checks.set_index("check").loc[["D1", "D2", "D3"], "tested"].tolist() == [1, 2, 2]


def test_one_statement_of_the_unit_counts_for_a_whole_sheet_and_two_do_not(tmp_path: Path) -> None:
    head = ["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"]
    spending = [["2020年度部门决算公开表", "金额单位：万元"], ["支出决算表"], head, ["合计", None, 3, 1, 2]]
    general = [["一般公共预算财政拨款支出决算表"], head, ["合计", None, 3, 1, 2], [], [], []]
    accounts = rc.load_final_accounts(sheets(tmp_path / "a.xlsx", 全部=[*spending, *general]))
    assert accounts.reading["unit"].tolist() == ["万元", "万元"]
    other = [
        ["财政拨款收入支出决算总表"],
        ["单位：元"],
        ["收入", None, "支出", None],
        ["项目", "金额", "项目", "合计"],
        ["总计", 1, "总计", 1],
    ]
    filler = [["说明", "x"]] * 20
    accounts = rc.load_final_accounts(sheets(tmp_path / "b.xlsx", 全部=[*spending, *filler, *general, *filler, *other]))
    assert accounts.reading["unit"].tolist() == ["万元", "", "元"]


def test_years_in_headings_and_classes_without_heads(tmp_path: Path) -> None:
    public = [
        ["财政拨款“三公”经费支出决算表"],
        ["单位：万元"],
        ["2020年度预算数", None, None, None, None, None, "2020年度决算数", None, None, None, None, None],
        ["合计", "因公出国(境)费", "公务用车购置及运行费", None, None, "公务接待费"] * 2,
        [None, None, "小计", "公务用车\n购置费", "公务用车\n运行费", None] * 2,
        [9, 1, 6, 2, 4, 2, 8, 1, 5.5, 2, 4, 1.5],
    ]
    basic = [
        ["一般公共预算财政拨款基本支出决算表"],
        ["单位：万元"],
        ["人员经费", None, None, "公用经费", None, None],
        ["经济分类科目编码", "科目名称", "决算数", "经济分类科目编码", "科目名称", "决算数"],
        [30101.0, "基本工资", 5, 30201, "办公费", 3],
        [30302, "退休费", 1, 31002, "办公设备购置", 2],
        ["人员经费合计", None, 6, "公用经费合计", None, 5.5],
    ]
    checks = rc.check_final_accounts(sheets(tmp_path / "a.xlsx", 三公=public, 基本=basic))
    found = checks.findings[["check", "cell", "difference"]].to_numpy().tolist()
    assert found == [["D11", "F7", 5_000.0], ["D12", "I6", -5_000.0]]


def note_of(made: final.Model, **changed: float) -> str:
    """The note of a set in official style, its figures in 万元 with two decimals."""
    income = sum(made.income.values())
    before = sum(made.carry[k] for k in ("general", "fund", "capital", "own", "used"))
    basic = sum(made.classes.values())
    project = sum(p for kind in (made.general, made.fund, made.capital) for _, p in kind.values())
    personnel = sum(v for c, v in made.classes.items() if c[:3] in ("301", "303"))
    public = made.public["reception"] + made.public["running"]
    figures = {
        "whole": income + before,
        "income": income,
        "spent": made.spending,
        "basic": basic,
        "project": project,
        "people": personnel,
        "running": basic - personnel,
        "public": public,
    }
    shown = {k: f"{v / 100 + changed.get(k, 0):,.2f}" for k, v in figures.items()}
    shown |= {
        f"{k}_share": f"{100 * figures[k] / made.spending + changed.get(f'{k}_share', 0):.2f}"
        for k in ("basic", "project")
    }
    return (
        "一、收入支出决算总体情况说明\n2020年度收、支总计{whole}万元。与上年相比，收、支总计增加120.55万元，增长3.2%。\n"
        "二、收入决算情况说明\n本年收入合计{income}万元，其中：财政拨款收入占90%。上年本年收入合计1.00万元。\n"
        "三、支出决算情况说明\n本年支出合计{spent}万元，其中：基本支出{basic}万元，占{basic_share}%；"
        "项目支出年初预算为1.00万元。\n本年支出合计{spent}万元，其中：基本支出{basic}万元，占{basic_share}%，"
        "项目支出{project}万元，占{project_share}%。\n"
        "六、2020年度一般公共预算财政拨款基本支出{basic}万元，其中：人员经费{people}万元，主要包括基本工资；"
        "公用经费若干。2020年度财政拨款基本支出{basic}万元，人员经费{people}万元，公用经费{running}万元。\n"
        "七、“三公”经费财政拨款支出决算为{public}万元，完成预算的99.9%。"
    ).format(**shown)


def test_a_note_that_says_what_the_tables_say_passes(tmp_path: Path) -> None:
    for seed in range(4):
        made = final.model(seed)
        path = final.write(made).save(tmp_path / "决算公开.xlsx")
        checks = rc.check_final_accounts(path, text=note_of(made))
        assert checks.findings.empty, checks.findings["message"].tolist()
        row = checks.checks.set_index("check").loc["D15"]
        assert (row["outcome"], row["tested"]) == ("passed", 16)  # 13 figures and 3 shares


@pytest.mark.parametrize("name", ["whole", "income", "spent", "basic", "project", "people", "running", "public"])
def test_one_wrong_figure_of_a_note_is_found_with_its_cell(name: str, tmp_path: Path) -> None:
    made = final.model(2)
    path = final.write(made).save(tmp_path / "决算公开.xlsx")
    note = tmp_path / "说明.txt"
    note.write_text(note_of(made, **{name: 0.03}), "utf-8")
    checks = rc.check_final_accounts(path, text=note)
    found = checks.findings[checks.findings["check"] == "D15"]
    assert len(found) >= 1
    assert set(found["difference"]) == {-300.0}
    assert found["cell"].str.match(r"^[A-Z]+\d+$").all()
    assert "说明文字" in found["message"].iloc[0]


def test_a_wrong_share_of_a_note_is_found(tmp_path: Path) -> None:
    made = final.model(2)
    path = final.write(made).save(tmp_path / "决算公开.xlsx")
    checks = rc.check_final_accounts(path, text=note_of(made, project_share=0.5))
    assert checks.findings[["check", "code"]].to_numpy().tolist() == [["D15", "share-mismatch"]]


def test_a_note_in_word_is_read(tmp_path: Path) -> None:
    made = final.model(2)
    path = final.write(made).save(tmp_path / "决算公开.xlsx")
    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in note_of(made, whole=1).split("\n"))
    with zipfile.ZipFile(tmp_path / "说明.docx", "w") as package:
        package.writestr("word/document.xml", f"<w:document><w:body>{body}</w:body></w:document>")
    checks = rc.check_final_accounts(path, text=tmp_path / "说明.docx")
    assert checks.findings["difference"].tolist() == [-10_000.0]
    with pytest.raises(rc.LoadError):
        rc.check_final_accounts(path, text=tmp_path / "没有.docx")


def test_a_heading_over_codes_and_names_is_not_the_name(tmp_path: Path) -> None:
    """项目 is merged over four columns; the cells of the codes below it are not."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "GK05"
    for row in (
        ["一般公共预算财政拨款支出决算表"],
        ["部门：某县某局", None, None, None, None, None, "金额单位：万元"],
        ["项目", None, None, None, "本年支出", None, None],
        ["功能分类科目编码", None, None, "科目名称", "小计", "基本支出", "项目支出"],
        ["类", "款", "项", "栏次", 1, 2, 3],
        [None, None, None, "合计", 780, 550, 230],
        ["201", None, None, "一般公共服务支出", 780, 550, 230],
    ):
        sheet.append(row)
    for area in ("A1:G1", "A3:D3", "E3:G3"):
        sheet.merge_cells(area)
    book.save(tmp_path / "决算.xlsx")
    table = rc.load_final_accounts(tmp_path / "决算.xlsx").table("05")
    assert [(x.code, x.label, x.amounts["total"].fen) for x in table.lines] == [
        ("", "合计", 780_000_000),
        ("201", "一般公共服务支出", 780_000_000),
    ]

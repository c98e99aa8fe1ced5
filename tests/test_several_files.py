"""Several files at once: monthly exports, exports that overlap, a ledger for each office."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

import reconcile as rc
from reconcile.layout import Layout
from tests import small
from tests.small import JOURNAL, pay

Rows = Sequence[Sequence[Any]]


def export(path: Path, rows: Rows, *titles: str) -> Path:
    return small.sheet(path, [["单位：元"], *([t] for t in titles), JOURNAL, *rows], "序时账")


def month(number: int, amounts: Sequence[float] = (100, 20)) -> list[tuple[Any, ...]]:
    """Two vouchers a month, numbered from 1."""
    return [
        row
        for n, amount in enumerate(amounts, 1)
        for row in pay(f"2020-{number:02d}-{4 + n:02d}", f"记-{n}", "甲", amount + number, memo=f"付{number}月第{n}笔")
    ]


def spent(ledger: rc.Ledger) -> float:
    return float(ledger.entries["amount"].sum())


def said(ledger: rc.Ledger) -> list[tuple[str, str]]:
    return list(ledger.findings[["code", "severity"]].itertuples(index=False, name=None))


def test_twelve_monthly_exports_are_a_year(tmp_path: Path) -> None:
    opening = (None, None, "期初余额", "710102", "行政支出", None, 5_000, None)
    running = (None, None, "本年累计", "710102", "行政支出", None, 9_999, 9_999)
    files = [
        export(tmp_path / f"{m}月.xlsx", [*([opening] if m > 1 else []), *month(m), running]) for m in range(1, 13)
    ]
    ledger = rc.load_ledger(files)
    assert spent(ledger) == sum(2 * m + 120 for m in range(1, 13))
    assert said(ledger) == []
    assert ledger.entries["date"].dt.month.nunique() == 12
    budget = small.budget(("项目支出", "甲", 10_000))
    result = rc.reconcile(budget, ledger, year=2020)
    assert not {"unbalanced-voucher", "voucher-gap", "repeated-table"} & set(result.findings["code"])


def test_the_same_month_in_two_files_counts_once(tmp_path: Path) -> None:
    one = export(tmp_path / "3月.xlsx", month(3))
    again = export(tmp_path / "3月（重新导出）.xlsx", month(3), "导出时间：2020-04-02")
    ledger = rc.load_ledger([one, again])
    assert spent(ledger) == 126
    assert said(ledger) == [("repeated-table", "warning")]


def test_a_half_year_beside_the_year_counts_once(tmp_path: Path) -> None:
    half = export(tmp_path / "上半年.xlsx", [r for m in range(1, 7) for r in month(m)])
    year = export(tmp_path / "全年.xlsx", [r for m in range(1, 13) for r in month(m)])
    whole = spent(rc.load_ledger(year))
    for files in ([half, year], [year, half]):
        ledger = rc.load_ledger(files)
        assert spent(ledger) == whole
        assert said(ledger) == [("repeated-table", "warning")]
        rows = ledger.reading.rows.set_index(["file", "role"])["rows"]
        assert rows[(files[1].name, "repeated")] == 24
        message = ledger.findings["message"].iloc[0]
        assert "24行" in message
        assert half.name in message
        assert year.name in message


def test_a_partial_overlap_counts_once(tmp_path: Path) -> None:
    first = export(tmp_path / "a.xlsx", [*month(1), *month(2), *month(3)])
    second = export(tmp_path / "b.xlsx", [*month(3), *month(4)])
    ledger = rc.load_ledger([first, second])
    assert spent(ledger) == sum(2 * m + 120 for m in range(1, 5))
    assert said(ledger) == [("repeated-table", "warning")]


def test_other_writings_of_the_same_vouchers_are_the_same(tmp_path: Path) -> None:
    first = export(tmp_path / "a.xlsx", month(3))
    frame = pd.DataFrame(
        [
            (
                f"2020年3月{4 + n}日",
                f"记字第{n:04d}号",
                f"付3月第{n}笔",
                code,
                "借" if d else "贷",
                103 if n == 1 else 23,
            )
            for n in (1, 2)
            for code, d in (("7101.02", True), ("8001", False))
        ],
        columns=["日期", "凭证字号", "摘要", "科目编码", "方向", "金额"],
    )
    ledger = rc.load_ledger([first, frame])
    assert spent(ledger) == 126


def test_a_voucher_cut_off_by_the_first_export_comes_whole_from_the_second(tmp_path: Path) -> None:
    rows = month(3)
    cut = export(tmp_path / "导出本页.xlsx", rows[:3])
    whole = export(tmp_path / "导出全部.xlsx", rows)
    for files in ([cut, whole], [whole, cut]):
        ledger = rc.load_ledger(files)
        assert spent(ledger) == 126
        assert set(ledger.entries.loc[ledger.entries["voucher"] == "记-2", "file"]) == {whole.name}
        result = rc.reconcile(small.budget(("项目支出", "甲", 200)), ledger, year=2020)
        assert "unbalanced-voucher" not in set(result.findings["code"])


def test_vouchers_that_differ_between_exports_are_an_error_with_both_places(tmp_path: Path) -> None:
    changed = month(3)
    changed[2:4] = pay("2020-03-06", "记-2", "甲", 32, memo="付3月第2笔")
    first = export(tmp_path / "旧.xlsx", [*month(2), *month(3)])
    second = export(tmp_path / "新.xlsx", [*month(2), *changed])
    ledger = rc.load_ledger([first, second])
    error = ledger.findings[ledger.findings["severity"] == "error"]
    assert error[["code", "subject", "expected", "actual", "file", "cell"]].to_numpy().tolist() == [
        ["repeated-table", "2020-03 记-2", 23.0, 32.0, "新.xlsx", "9"]
    ]
    assert "旧.xlsx › 序时账!9" in error["message"].iloc[0]
    # February and voucher 1 of March once; voucher 2 of March is both 23 and 32 until someone says which
    assert spent(ledger) == 124 + 103 + 23 + 32


def test_a_journal_beside_the_detail_ledger_of_its_accounts_counts_once(tmp_path: Path) -> None:
    journal = export(tmp_path / "序时账.xlsx", [*month(1), *month(2)])
    detail = small.sheet(
        tmp_path / "明细账.xlsx",
        [
            ["科目：710102 行政支出/项目支出", "单位：元"],
            ["日期", "凭证号", "摘要", "借方", "贷方", "方向", "余额"],
            *(
                (f"2020-{m:02d}-{4 + n:02d}", f"记-{n}", f"付{m}月第{n}笔", a + m, None, "借", 1)
                for m in (1, 2)
                for n, a in ((1, 100), (2, 20))
            ),
        ],
    )
    for files in ([journal, detail], [detail, journal]):
        ledger = rc.load_ledger(files)
        assert spent(ledger) == 122 + 124
        result = rc.reconcile(small.budget(("项目支出", "甲", 300)), ledger, year=2020)
        assert "unbalanced-voucher" not in set(result.findings["code"])


@pytest.mark.parametrize("titles", [("单位：{}",), ()])
def test_offices_with_the_same_voucher_numbers_stay_apart(tmp_path: Path, titles: tuple[str, ...]) -> None:
    files = [
        export(
            tmp_path / f"{office}2020.xlsx",
            [
                *pay("2020-01-05", "记-1", "甲", amount, memo="付款"),
                *pay("2020-01-06", "记-2", "甲", amount, memo="付款"),
            ],
            *(t.format(office) for t in titles),
        )
        for office, amount in (("单位A", 100), ("单位B", 70))
    ]
    ledger = rc.load_ledger(files)
    assert spent(ledger) == 340
    assert said(ledger) == []
    assert ledger.entries["voucher_id"].nunique() == 4


def test_an_unbalanced_voucher_of_one_office_is_not_mended_by_the_other(tmp_path: Path) -> None:
    short, long = pay("2020-01-05", "记-1", "甲", 100), pay("2020-01-05", "记-1", "甲", 100)
    short[1], long[1] = (*short[1][:7], 90), (*long[1][:7], 110)
    files = [export(tmp_path / f"{o}.xlsx", rows, f"账套：{o}") for o, rows in (("甲中心", short), ("乙中心", long))]
    result = rc.reconcile(small.budget(("项目支出", "甲", 300)), rc.load_ledger(files), year=2020)
    found = result.findings[result.findings["code"] == "unbalanced-voucher"]
    assert sorted(found["file"]) == ["乙中心.xlsx", "甲中心.xlsx"]


def test_offices_in_one_table_keep_their_vouchers_apart() -> None:
    rows = [
        ("甲局", "2020-01-05", "记-1", "710102", 100, None),
        ("甲局", "2020-01-05", "记-1", "8001", None, 90),
        ("乙局", "2020-01-05", "记-1", "710102", 50, None),
        ("乙局", "2020-01-05", "记-1", "8001", None, 60),
    ]
    frame = pd.DataFrame(rows, columns=["预算单位", "日期", "凭证号", "科目编码", "借方金额", "贷方金额"])
    ledger = rc.load_ledger(frame)
    assert ledger.entries["office"].tolist() == ["甲局", "甲局", "乙局", "乙局"]
    result = rc.reconcile(small.budget(("项目支出", "甲", 300)), ledger, year=2020)
    assert (result.findings["code"] == "unbalanced-voucher").sum() == 2


def test_books_of_unnamed_offices_that_look_alike_both_count_and_a_person_is_asked(tmp_path: Path) -> None:
    files = [
        export(tmp_path / f"{n}.xlsx", pay("2020-01-05", "记-1", "甲", amount, memo="付水费"))
        for n, amount in (("a", 100), ("b", 70))
    ]
    ledger = rc.load_ledger(files)
    assert spent(ledger) == 170
    assert said(ledger) == [("repeated-table", "warning")]
    assert "不能确定" in ledger.findings["message"].iloc[0]


PAYMENTS = ["付款日期", "收款人", "用途", "项目名称", "金额"]


def test_lists_of_payments_that_overlap_count_once(tmp_path: Path) -> None:
    january = [(f"2020-01-{d:02d}", f"公司{d}", "货款", "甲", 10 + d) for d in (3, 7, 7, 20)]
    february = [(f"2020-02-{d:02d}", f"公司{d}", "货款", "甲", 10 + d) for d in (3, 9)]
    files = [
        small.sheet(tmp_path / "1月.xlsx", [["单位：元"], PAYMENTS, *january]),
        small.sheet(tmp_path / "1-2月.xlsx", [["单位：元"], PAYMENTS, *january, *february]),
    ]
    ledger = rc.load_ledger(files)
    assert spent(ledger) == sum(r[4] for r in (*january, *february))
    assert said(ledger) == [("repeated-table", "warning")]


def test_payments_of_two_lists_that_only_chance_to_be_equal_both_count(tmp_path: Path) -> None:
    same = ("2020-01-07", "水务公司", "水费", "甲", 50)
    files = [
        small.sheet(tmp_path / f"{n}.xlsx", [["单位：元"], PAYMENTS, same, *own])
        for n, own in (
            ("东楼", [("2020-01-09", "公司1", "货款", "甲", 1), ("2020-01-20", "公司2", "货款", "甲", 2)]),
            ("西楼", [("2020-01-09", "公司3", "货款", "甲", 3), ("2020-01-20", "公司4", "货款", "甲", 4)]),
        )
    ]
    ledger = rc.load_ledger(files)
    assert spent(ledger) == 110
    assert said(ledger) == [("repeated-table", "warning")]


def test_a_voucher_may_run_on_over_two_pages_of_one_workbook(tmp_path: Path) -> None:
    path = export(tmp_path / "账.xlsx", month(1)[:3])
    book = openpyxl.load_workbook(path)
    page = book.create_sheet("第2页")
    for row in (month(1)[3], *month(2)):
        page.append(row)
    book.save(path)
    ledger = rc.load_ledger(path)
    assert spent(ledger) == 122 + 124
    result = rc.reconcile(small.budget(("项目支出", "甲", 300)), ledger, year=2020)
    assert "unbalanced-voucher" not in set(result.findings["code"])


@pytest.mark.parametrize(
    "last",
    [
        [["2020-03-05", "3", "丙", "7101", 25, None], ["合计", None, None, None, 175, None]],
        [["2020-03-05", "3", "丙", "7101", None, -25], ["本月合计", None, None, None, None, -25], ["制表人：王五"]],
    ],
)
def test_short_pages_go_on_with_their_sums_and_without_a_side_that_is_empty(
    last: list[list[object]], tmp_path: Path
) -> None:
    header = ["日期", "凭证号", "摘要", "科目编码", "借方", "贷方"]
    path = small.sheet(tmp_path / "账.xlsx", [header, ["2020-01-05", "1", "甲", "7101", 100, None]])
    book = openpyxl.load_workbook(path)
    for number, rows in enumerate(([["2020-02-05", "2", "乙", "7101", 50]], last), start=2):
        page = book.create_sheet(f"第{number}页")
        for row in rows:
            page.append(row)
    book.save(path)
    ledger = rc.load_ledger(path)
    assert spent(ledger) == 175
    assert ledger.reading.rows["rows"].sum() == 3 + len(last)


def test_frames_are_told_apart_by_number() -> None:
    frames = [pd.DataFrame(month(m), columns=list(JOURNAL), dtype=object) for m in (1, 2)]
    ledger = rc.load_ledger(frames)
    assert spent(ledger) == 122 + 124
    assert ledger.entries["file"].unique().tolist() == ["<DataFrame 1>", "<DataFrame 2>"]


def test_months_without_dates_that_chance_to_be_equal_both_count(tmp_path: Path) -> None:
    rows = [["单位：元"], ["项目", "支出金额"], ["甲", 100], ["乙", 20]]
    files = [small.sheet(tmp_path / f"{m}月支出.xlsx", rows) for m in (1, 2)]
    assert spent(rc.load_ledger(files)) == 240
    copies = [small.sheet(tmp_path / name, rows) for name in ("支出.xlsx", "支出 - 副本.xlsx")]
    copied = rc.load_ledger(copies)
    assert spent(copied) == 120
    assert said(copied) == [("repeated-table", "warning")]


def test_equal_tables_of_two_offices_both_count(tmp_path: Path) -> None:
    rows = [["单位：元"], ["支出类型", "项目", "年初预算"], ["项目支出", "印章", 100]]
    titled = [small.sheet(tmp_path / f"{o}.xlsx", [[f"预算单位：{o}"], *rows]) for o in ("甲局", "乙局")]
    assert rc.load_budget(titled).lines["available"].sum() == 200


CHAIN = ["original", "increase", "decrease", "available"]


def office_budget(folder: Path, name: str, title: str, columns: Sequence[str], *rows: Sequence[Any]) -> Path:
    return small.sheet(folder / f"{name}.xlsx", [[title], ["单位：元"], list(columns), *rows], "Sheet1")


def start_of_year(folder: Path) -> Path:
    rows = [("基本支出", "办公费", 50), ("项目支出", "印章", 100), ("项目支出", "热线", 200)]
    return office_budget(folder, "年初预算", "2020年部门预算", ["支出类型", "项目", "年初预算"], *rows)


def by_project(budget: rc.Budget) -> dict[str, list[float]]:
    result = rc.reconcile(budget, small.journal(*small.pay("2020-01-05", "记-1", "印章", 1)), year=2020)
    frame = result.by_project.set_index("project")
    return {name: frame.loc[name, CHAIN].tolist() for name in frame.index}


def by_category(budget: rc.Budget) -> dict[str, float]:
    return {str(k): float(v) for k, v in budget.lines.groupby("category")["available"].sum().items()}


def test_a_budget_and_its_later_changes_are_one_chain_a_project(tmp_path: Path) -> None:
    base = start_of_year(tmp_path)
    more = office_budget(tmp_path, "追加", "2020年追加预算", ["项目", "金额"], ("印章", 30), ("办公费", 5))
    again = office_budget(tmp_path, "9月", "追加指标", ["项目名称", "追加金额"], ("印章", 12))
    back = office_budget(tmp_path, "收回", "财政收回指标", ["项目", "金额"], ("热线", 40))
    cut = office_budget(tmp_path, "追减", "年末追减", ["项目名称", "收回金额"], ("热线", -10))
    budget = rc.load_budget([base, more, again, back, cut])
    assert by_project(budget) == {"印章": [100, 42, 0, 142], "热线": [200, 0, 50, 150]}
    assert by_category(budget) == {"basic": 55, "project": 292}
    places = budget.lines[["project", "file", "row"]].to_numpy().tolist()
    assert ["印章", "年初预算.xlsx", 5] in places
    assert ["印章", "追加.xlsx", 4] in places
    assert ["热线", "收回.xlsx", 4] in places
    assert budget.findings.empty


@pytest.mark.parametrize(
    ("title", "columns", "amount", "chain"),
    [
        ("2020年追加预算", ["项目", "金额"], -30, [100, 0, 30, 70]),
        ("2020年追加预算", ["项目", "追加"], -30, [100, 0, 30, 70]),
        ("2020年预算调整表", ["项目", "金额"], -30, [100, 0, 30, 70]),
        ("2020年预算调整表", ["项目", "金额"], 30, [100, 30, 0, 130]),
        ("2020年预算调整表", ["项目", "调整金额"], 30, [100, 30, 0, 130]),
        ("收回存量资金", ["项目", "金额"], 30, [100, 0, 30, 70]),
        ("收回存量资金", ["项目", "金额"], -30, [100, 0, 30, 70]),
    ],
)
def test_signs_of_changes(title: str, columns: list[str], amount: int, chain: list[float], tmp_path: Path) -> None:
    change = office_budget(tmp_path, "变动", title, columns, ("印章", amount))
    assert by_project(rc.load_budget([start_of_year(tmp_path), change]))["印章"] == chain


def test_sheets_of_one_workbook_change_a_budget_too(tmp_path: Path) -> None:
    import openpyxl

    path = start_of_year(tmp_path)
    book = openpyxl.load_workbook(path)
    for name in ("3月追加", "6月追加"):
        page = book.create_sheet(name)
        for row in (["单位：元"], ["项目", "金额"], ["印章", 10]):
            page.append(row)
    book.save(path)
    budget = rc.load_budget(path)
    assert by_project(budget)["印章"] == [100, 20, 0, 120]
    assert budget.findings["severity"].tolist() == ["warning"]
    assert "完全相同" in budget.findings["message"].iloc[0]


def test_a_budget_that_is_stated_anew_takes_the_place_of_the_first(tmp_path: Path) -> None:
    anew = [("基本支出", "办公费", 60), ("项目支出", "印章", 110), ("项目支出", "热线", 150), ("项目支出", "绿化", 5)]
    base = start_of_year(tmp_path)
    for title, column in (("2020年调整预算表", "预算数"), ("2020年预算（调整后）", "调整后预算数")):
        whole = office_budget(tmp_path, "新", title, ["支出类型", "项目", column], *anew)
        for files in ([base, whole], [whole, base]):
            budget = rc.load_budget(files)
            assert budget.lines["available"].tolist() == [60, 110, 150, 5]
            assert set(budget.lines["file"]) == {"新.xlsx"}
            assert budget.findings["code"].tolist() == ["repeated-table"]
            assert budget.reading.left_out["reason"].tolist() == ["version"]


def test_a_table_that_restates_a_few_lines_changes_those(tmp_path: Path) -> None:
    columns = ["支出类型", "项目", "年初预算", "追加", "全年预算"]
    restated = office_budget(tmp_path, "新", "2020年调整情况", columns, ("项目支出", "印章", 100, 30, 130))
    assert by_project(rc.load_budget([start_of_year(tmp_path), restated])) == {
        "热线": [200, 0, 0, 200],
        "印章": [100, 30, 0, 130],
    }
    after = office_budget(tmp_path, "后", "2020年调整", ["项目名称", "调整后预算数"], ("印章", 70))
    assert by_project(rc.load_budget([start_of_year(tmp_path), after]))["印章"] == [100, 0, 30, 70]


def test_a_table_of_adjustments_that_could_state_the_budget_anew_is_refused(tmp_path: Path) -> None:
    rows = [("基本支出", "办公费", 60), ("项目支出", "印章", 110), ("项目支出", "热线", 150)]
    unclear = office_budget(tmp_path, "调整", "2020年预算调整表", ["支出类型", "项目", "金额"], *rows)
    with pytest.raises(rc.LoadError, match="看不出") as caught:
        rc.load_budget([start_of_year(tmp_path), unclear])
    assert "调整.xlsx" in str(caught.value)
    for field, total in (("adjustment", 350 + 320), ("available", 320)):
        layout = Layout(files={"调整.xlsx": Layout(columns={field: "金额"})})
        assert rc.load_budget([start_of_year(tmp_path), unclear], layout=layout).lines["available"].sum() == total


def test_more_taken_back_than_there_was_is_an_error(tmp_path: Path) -> None:
    back = office_budget(tmp_path, "收回", "收回指标", ["项目", "金额"], ("热线电话", 40))
    budget = rc.load_budget([start_of_year(tmp_path), back])
    error = budget.findings.iloc[0]
    assert (error["code"], error["severity"], error["subject"], error["file"], error["cell"]) == (
        "balance-identity",
        "error",
        "热线电话",
        "收回.xlsx",
        "4",
    )


def test_two_budgets_that_share_lines_both_count_and_a_person_is_asked(tmp_path: Path) -> None:
    rows = [("项目支出", "印章", 7), ("项目支出", "热线", 8)]
    other = office_budget(tmp_path, "b", "2020年部门预算", ["支出类型", "项目", "年初预算"], *rows)
    budget = rc.load_budget([start_of_year(tmp_path), other])
    assert budget.lines["available"].sum() == 365
    assert said_of(budget) == [("repeated-table", "warning")]


def said_of(budget: rc.Budget) -> list[tuple[str, str]]:
    return list(budget.findings[["code", "severity"]].itertuples(index=False, name=None))


def test_an_empty_budget_says_so(tmp_path: Path) -> None:
    budget = rc.load_budget(office_budget(tmp_path, "空", "2020年预算", ["项目", "年初预算"]))
    assert budget.lines.empty
    assert budget.findings.empty
    assert budget.reading.left_out["reason"].tolist() == ["empty"]

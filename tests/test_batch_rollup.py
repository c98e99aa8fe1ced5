"""The consolidated workbook: where to look first, and sums that equal their parts to the 分, however it is calculated."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconcile.batch import workbook
from reconcile.batch.outcome import MEASURES, Outcome, failure, from_json
from reconcile.batch.rollup import added, doubled, held, nodes, paths, ranked

FEN = st.integers(-(10**13), 10**13)


def done(name: str, parent: str = "", actual: int = 0, available: int | None = 100, **facts: object) -> Outcome:
    totals = {"available": available, "actual": actual, "basic": 0, "project": actual, "unassigned": 0}
    return Outcome(name, parent, name, year=2020, totals=totals, **facts)  # type: ignore[arg-type]


@st.composite
def provinces(draw: st.DrawFn) -> tuple[tuple[Outcome, ...], dict[str, str]]:
    """Departments in a tree of any depth: some above others, some groups that are none, some failed, some unreadable."""
    groups = {f"组{n}": f"组{draw(st.integers(0, n - 1))}" if n and draw(st.booleans()) else "" for n in range(3)}
    found: list[Outcome] = []
    for n in range(draw(st.integers(1, 9))):
        parent = draw(st.sampled_from(["", *groups, *(o.name for o in found)]))
        if draw(st.integers(0, 5)) == 0:
            found.append(failure(f"局{n}", parent, f"局{n}", "坏了"))
            continue
        totals = {m: draw(st.none() | FEN) if m == "available" else draw(FEN) for m in MEASURES}
        found.append(Outcome(f"局{n}", parent, f"局{n}", year=2020, totals=totals, errors=draw(st.integers(0, 3))))
    return tuple(draw(st.permutations(found))), groups


@given(provinces())
def test_the_roll_up_equals_the_sum_of_its_parts(province: tuple[tuple[Outcome, ...], dict[str, str]]) -> None:
    outcomes, groups = province
    above = {**groups, **{o.name: o.parent for o in outcomes}}

    def ancestors(name: str) -> list[str]:
        return [name, *ancestors(above[name])] if name else []

    path, members = paths(outcomes, groups), held(outcomes, groups)
    for node in nodes(outcomes, groups):
        inside = [o for o in outcomes if node.name in ancestors(o.name)]
        total = added(members[node.path])
        assert total.departments == len(inside)
        assert total.totals == {m: sum(o.totals.get(m) or 0 for o in inside) for m in MEASURES}
        assert all(isinstance(v, int) for v in total.totals.values())
    outermost = [n for n in nodes(outcomes, groups) if n.depth == 0]
    free = [o for o in outcomes if not any(path[o.name].startswith(n.path) for n in outermost)]
    parts = [added(members[n.path]) for n in outermost] + [added(free)]
    for measure in MEASURES:
        assert sum(p.totals[measure] for p in parts) == added(outcomes).totals[measure]


def fen(value: object) -> int | None:
    return None if isinstance(value, str) or value is None else round(float(value) * 100)  # type: ignore[arg-type]


def cells(book: openpyxl.Workbook, sheet: str, header: int) -> list[dict[str, object]]:
    rows = [list(r) for r in book[sheet].iter_rows(min_row=header, values_only=True)]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


@settings(max_examples=25)
@given(provinces())
def test_the_workbook_shows_these_sums(province: tuple[tuple[Outcome, ...], dict[str, str]]) -> None:
    """Every row of 按上级汇总 is, to the 分, the sum of the rows of 各部门 whose path begins with its own."""
    outcomes, groups = province
    with tempfile.TemporaryDirectory() as place:
        path = workbook.write(outcomes, groups, Path(place) / "c.xlsx", "zh")
        book = openpyxl.load_workbook(path, data_only=True)
        again = workbook.write(outcomes, groups, Path(place) / "d.xlsx", "zh")
        assert again.read_bytes() == path.read_bytes()
    parts, sums = cells(book, "各部门", 4)[:-1], cells(book, "按上级汇总", 4)
    assert [p["部门"] for p in parts] == [o.name for o in ranked(outcomes)]
    for row in sums[:-2]:
        prefix = row["层级"]
        mine = [p for p in parts if (str(p["层级"]).startswith(str(prefix)) if prefix else p["无上级"])]
        assert row["部门数"] == len(mine)
        assert row["未完成"] == sum(p["状态"] == "● 未完成" for p in mine)
        for name in ("全年预算", "支出", "项目支出", "未计入支出"):
            assert fen(row[name]) == sum(fen(p[name]) or 0 for p in mine)
    for name in ("全年预算", "支出", "项目支出"):
        assert fen(sums[-2][name]) == sum(fen(p[name]) or 0 for p in parts)


OFFICES = (
    done("厅", actual=12_345, errors=1, has_errors=True),
    done("一所", "厅", actual=10**14 + 1, available=10**14),
    done("二所", "厅", actual=33, available=None),
    done("a*b?所~", "组", actual=7, warnings=2),
    failure("坏所", "组", "坏所", "=打不开"),
    done("独局 #1 50%", actual=50),
)
GROUPS = {"组": "大组", "大组": ""}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return workbook.write(OFFICES, GROUPS, tmp_path_factory.mktemp("batch") / "consolidated.xlsx", "zh")


def test_sums_are_live_and_come_to_what_they_show(written: Path, tmp_path: Path) -> None:
    """LibreOffice calculates every formula anew, from a copy without any value in it."""
    if shutil.which("soffice") is None:
        pytest.skip("soffice is not installed: nothing here can calculate a workbook anew")
    live = openpyxl.load_workbook(written)
    formulas = [c.value for s in live for row in s.iter_rows() for c in row if c.data_type == "f"]
    assert sum("SUMIFS" in f for f in formulas) == 4 * (4 + len(MEASURES))
    live.save(tmp_path / "bare.xlsx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    kind = ("--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "out"))
    subprocess.run(
        ["soffice", profile, "--headless", *kind, str(tmp_path / "bare.xlsx")],
        check=True,
        capture_output=True,
        timeout=180,
    )
    shown = openpyxl.load_workbook(written, data_only=True)
    anew = openpyxl.load_workbook(tmp_path / "out" / "bare.xlsx", data_only=True)
    for page in shown:
        for row in page.iter_rows():
            for one in row:
                if live[page.title][one.coordinate].data_type == "f":
                    assert anew[page.title][one.coordinate].value == one.value, (page.title, one.coordinate)


def test_a_parent_whose_books_hold_its_departments_is_pointed_at(tmp_path: Path) -> None:
    offices = [
        done("厅", actual=70),
        done("一所", "厅", actual=30),
        done("二所", "一所", actual=40),
        done("独局", actual=1),
    ]
    assert doubled(offices, {}) == {"厅"}
    rows = cells(openpyxl.load_workbook(workbook.write(offices, {}, tmp_path / "c.xlsx", "zh")), "各部门", 4)
    assert {r["部门"] for r in rows if "重复计算" in str(r["说明"])} == {"厅"}
    assert doubled([done("厅", actual=0), done("一所", "厅", actual=0)], {}) == set()


def test_different_periods_are_told(tmp_path: Path) -> None:
    offices = [done("甲", actual=1), done("乙", actual=2, last_month=9)]
    rows = cells(openpyxl.load_workbook(workbook.write(offices, {}, tmp_path / "c.xlsx", "zh")), "各部门", 4)
    assert {r["部门"]: r["期间"] for r in rows[:-1]} == {"甲": "2020年", "乙": "2020年1月至9月"}
    assert "期间不同" in str(rows[-1]["说明"])
    rows = cells(openpyxl.load_workbook(workbook.write(offices[:1], {}, tmp_path / "d.xlsx", "zh")), "各部门", 4)
    assert rows[-1]["说明"] is None


def test_where_to_look_first() -> None:
    """What failed, then errors, then the largest unexplained difference, then the rate farthest from schedule."""
    offices = [
        done("按进度", actual=100),
        done("慢", actual=40),
        done("差额", actual=100, unexplained=5),
        done("一错", errors=1, unexplained=1),
        done("两错", errors=2),
        failure("坏", "", "坏", "坏了"),
    ]
    assert [o.name for o in ranked(offices)] == ["坏", "两错", "一错", "差额", "慢", "按进度"]


def test_links_messages_and_words(written: Path) -> None:
    page = openpyxl.load_workbook(written)["各部门"]
    at = {c.value: c.column for c in page[4]}
    rows = {page.cell(r, at["部门"]).value: r for r in range(5, page.max_row + 1)}
    assert page.cell(rows["厅"], at["复核工作簿"]).hyperlink.target == "厅\\review.xlsx"
    assert page.cell(rows["独局 #1 50%"], at["复核工作簿"]).hyperlink.target == "独局%20%231%2050%25\\review.xlsx"
    assert page.cell(rows["坏所"], at["复核工作簿"]).hyperlink is None
    message = page.cell(rows["坏所"], at["说明"])
    assert (message.value, message.data_type) == ("=打不开", "s")
    assert page.cell(rows["坏所"], at["支出"]).value == "未完成"
    assert page.cell(rows["二所"], at["全年预算"]).value == "无法识别"
    assert "全年预算" in page.cell(rows["二所"], at["说明"]).value


def test_a_sum_that_lacks_a_part_has_no_remaining(written: Path) -> None:
    sums = cells(openpyxl.load_workbook(written, data_only=True), "按上级汇总", 4)
    of = {str(r["上级"]): r for r in sums}
    assert (of["厅"]["金额不全"], of["厅"]["结余"], of["厅"]["执行率"]) == (1, "不全", "不全")
    assert (of["大组"]["部门数"], of["大组"]["未完成"], of["大组"]["结余"]) == (2, 1, 0.93)
    assert of["组"]["层级"] != of["大组"]["层级"]
    assert of["合计"]["部门数"] == 6


def test_english_words_are_whole(tmp_path: Path) -> None:
    path = workbook.write(OFFICES, GROUPS, tmp_path / "c.xlsx", "en")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Departments", "By parent", "Failures and unread files"]
    texts = [c.value for s in book for row in s.iter_rows() for c in row if c.data_type == "s" and c.row < 5]
    assert [t for t in texts if re.search("[一-鿿]", t)] == []


def test_an_outcome_is_stored_whole() -> None:
    one = done("厅", actual=12_345, unused=("说明.docx",))
    assert from_json(one.as_json()) == one
    with pytest.raises(KeyError):
        from_json({**one.as_json(), "more": 1})


def test_paths_are_by_number(written: Path) -> None:
    """A name may hold what a condition of Excel reads as a wildcard; paths do not."""
    page = cells(openpyxl.load_workbook(written, data_only=True), "各部门", 4)
    found: Sequence[str] = [str(p["层级"]) for p in page[:-1]]
    assert all(re.fullmatch(r"/(\d+/)+", p) for p in found)
    assert len(set(found)) == len(OFFICES)

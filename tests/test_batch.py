"""Many departments: one that fails stops no other, nothing that is lost stays lost, nothing is done twice."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from reconcile import cli
from reconcile.batch import pool, storage
from reconcile.batch.department import departments
from reconcile.batch.job import Job, carry_out, with_record
from reconcile.finding import LoadError
from tests import reviewer
from tests.small import sheet


def budget(path: Path, amount: int = 100) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return sheet(path, [["单位：元"], ["支出类型", "项目", "年初预算"], ["项目支出", "印章", amount]])


def ledger(path: Path, amount: float) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    head = ["日期", "凭证号", "科目编码", "科目名称", "项目", "借方金额", "贷方金额"]
    spent = ["2020-01-05", "记-1", "7101", "行政支出/项目支出", "印章", amount, None]
    return sheet(path, [["单位：元"], head, spent, ["2020-01-05", "记-1", "8001", "资金结存", None, None, amount]])


@pytest.fixture
def province(tmp_path: Path) -> Path:
    """Three departments, one of them over its budget; one whose ledger is broken; one without files."""
    top = tmp_path / "各部门"
    for name, spent in (("教育局", 90.0), ("卫生局", 120.0), ("民政局", 70.01)):
        budget(top / name / "2020年预算.xlsx")
        ledger(top / name / "序时账.xlsx", spent)
    budget(top / "水利局" / "2020年预算.xlsx")
    (top / "水利局" / "序时账.xlsx").write_bytes(b"PK\x03\x04 cut off")
    (top / "档案局").mkdir()
    return top


def run(*arguments: object) -> int:
    return cli.main([str(a) for a in arguments])


def contents(folder: Path) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, Any]]:
    return {d["department"]: d for d in json.loads(capsys.readouterr().out)["departments"]}


def jobs(top: Path, out: Path) -> list[Job]:
    return [with_record(Job(d, str(out))) for d in departments(str(top), str(out)).departments]


def test_a_bad_file_is_its_own_departments_error(
    province: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("batch", province, "--out", tmp_path / "out", "--workers", 2, "--json", "--quiet") == 1
    said = capsys.readouterr()
    assert said.err == ""
    found = json.loads(said.out)
    rows = {d["department"]: d for d in found["departments"]}
    assert [d for d in rows if rows[d]["status"] == "failed"] == ["档案局", "水利局"] == [*rows][:2]
    assert "序时账.xlsx" in rows["水利局"]["message"]
    assert [*rows][2] == "卫生局"
    assert found["totals"]["actual"] == 280.01
    assert (found["failed"], found["findings"]["error"]) == (2, rows["卫生局"]["findings"]["error"])
    made = sorted(p.name for p in (tmp_path / "out").iterdir())
    assert made == sorted(["batch.json", "consolidated.xlsx", "卫生局", "教育局", "民政局"])


def test_a_department_has_what_run_writes(province: Path, tmp_path: Path) -> None:
    run("batch", province, "--out", tmp_path / "out", "--workers", 1, "--quiet")
    files = province / "卫生局" / "2020年预算.xlsx", province / "卫生局" / "序时账.xlsx"
    assert run("run", "--budget", files[0], "--ledger", files[1], "--out", tmp_path / "one", "--quiet") == 1
    made = contents(tmp_path / "out" / "卫生局")
    assert made.pop(storage.WRITTEN)
    assert made == contents(tmp_path / "one")


def test_one_process_and_a_pool_write_the_same(province: Path, tmp_path: Path) -> None:
    for name, workers in (("one", 1), ("pool", 2)):
        run("batch", province, "--out", tmp_path / name, "--workers", workers, "--quiet")
    assert contents(tmp_path / "one") == contents(tmp_path / "pool")


def test_a_repeated_run_takes_up_where_it_stopped(
    province: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ("batch", province, "--out", tmp_path / "out", "--workers", 1, "--json")
    run(*call)
    first, before = told(capsys), contents(tmp_path / "out")
    ledger(province / "水利局" / "序时账.xlsx", 50)
    ledger(province / "教育局" / "序时账.xlsx", 95)
    assert run(*call) == 1
    again = told(capsys)
    assert {d for d in again if again[d]["unchanged"]} == {"卫生局", "民政局"}
    assert not any(d["unchanged"] for d in first.values())
    assert (again["水利局"]["totals"]["actual"], again["教育局"]["totals"]["actual"]) == (50.0, 95.0)
    same = {k: v for k, v in contents(tmp_path / "out").items() if k.startswith("民政局")}
    assert same == {k: v for k, v in before.items() if k.startswith("民政局")}


@pytest.mark.parametrize("changed", ["settings", "year", "name", "lost"])
def test_what_a_result_depends_on_runs_it_again(
    province: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], changed: str
) -> None:
    call = ["batch", province, "--out", tmp_path / "out", "--workers", 1, "--json", "--quiet"]
    run(*call)
    told(capsys)
    if changed == "settings":
        (province / "教育局" / "reconcile.toml").write_text("unit_name = '教育局'", "utf-8")
    elif changed == "year":
        call += ["--year", 2020]
    elif changed == "name":
        (province / "教育局" / "序时账.xlsx").rename(province / "教育局" / "序时账2.xlsx")
    else:
        (tmp_path / "out" / "教育局" / "summary.md").unlink()
    run(*call)
    again = told(capsys)
    assert not again["教育局"]["unchanged"]
    assert again["民政局"]["unchanged"] is (changed != "year")
    annotated = sorted(p.name for p in (tmp_path / "out" / "教育局" / "annotated").iterdir())
    assert annotated == ["2020年预算.xlsx", "序时账2.xlsx" if changed == "name" else "序时账.xlsx"]


def test_a_review_that_someone_filled_in_is_not_overwritten(
    province: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ("batch", province, "--out", tmp_path / "out", "--workers", 1, "--json", "--quiet")
    run(*call)
    told(capsys)
    review = tmp_path / "out" / "教育局" / "review.xlsx"
    review.write_bytes(review.read_bytes() + b"filled in")
    (review.parent / "底稿.txt").write_text("mine")
    kept = review.read_bytes()
    run(*call)
    assert told(capsys)["教育局"]["unchanged"]
    ledger(province / "教育局" / "序时账.xlsx", 95)
    assert run(*call) == 1
    refused = told(capsys)["教育局"]
    assert (refused["status"], review.read_bytes()) == ("failed", kept)
    assert "--force" in refused["message"]
    run(*call, "--force")
    assert told(capsys)["教育局"]["totals"]["actual"] == 95.0
    assert (review.parent / "底稿.txt").read_text() == "mine"


def test_a_consolidated_workbook_that_someone_filled_in_is_not_overwritten(province: Path, tmp_path: Path) -> None:
    call = ("batch", province, "--out", tmp_path / "out", "--workers", 1, "--quiet")
    run(*call)
    target = tmp_path / "out" / "consolidated.xlsx"
    written = target.read_bytes()
    assert (run(*call), target.read_bytes()) == (1, written)
    target.write_bytes(written + b"notes")
    assert (run(*call), target.read_bytes()) == (2, written + b"notes")
    assert (run(*call, "--force"), target.read_bytes()) == (1, written)


def test_inputs_stay_as_they_are(province: Path, tmp_path: Path) -> None:
    before = contents(province)
    run("batch", province, "--out", province / "输出", "--workers", 1, "--quiet")
    assert {k: v for k, v in contents(province).items() if not k.startswith("输出")} == before
    assert run("batch", province, "--out", province, "--workers", 1, "--quiet") == 2
    assert {k: v for k, v in contents(province).items() if not k.startswith("输出")} == before


def test_progress_names_departments_and_what_is_left(
    province: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("batch", province, "--out", tmp_path / "out", "--workers", 1)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 5
    assert lines[0].startswith("[1/5] 卫生局")
    assert "4：教育局、档案局、民政局…" in lines[0]


@pytest.mark.parametrize(
    "arguments", [("--workers", "0"), ("--workers", "two"), ("--config", "没有.toml"), ("--scheduler", "nonsense")]
)
def test_wrong_usage_exits_2_and_writes_nothing(province: Path, tmp_path: Path, arguments: tuple[str, str]) -> None:
    call = [sys.executable, "-m", "reconcile.cli", "batch", str(province), "--out", str(tmp_path / "out"), *arguments]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert not (tmp_path / "out").exists()


# processes that die -------------------------------------------------------------------------------------------


def kill_children(times: int, stop: threading.Event) -> None:
    """Kill a process that this one started, `times` times, each as soon as there is one that has begun."""
    killed: set[int | None] = set()
    while len(killed) < times and not stop.is_set():
        for child in multiprocessing.active_children():
            if child.pid not in killed and child.pid is not None and len(killed) < times:
                killed.add(child.pid)
                os.kill(child.pid, signal.SIGKILL)
        time.sleep(0.02)


@pytest.fixture
def killer() -> Iterator[Callable[[int], None]]:
    stop, threads = threading.Event(), []

    def start(times: int) -> None:
        threads.append(threading.Thread(target=kill_children, args=(times, stop)))
        threads[-1].start()

    yield start
    stop.set()
    for thread in threads:
        thread.join()


def test_a_killed_worker_loses_nothing(province: Path, tmp_path: Path) -> None:
    found = []
    for one in pool.outcomes(jobs(province, tmp_path / "killed"), 2):
        found.append(one)
        if len(found) == 1:
            victim = multiprocessing.active_children()[0]
            assert victim.pid is not None
            os.kill(victim.pid, signal.SIGKILL)
            victim.join()
    whole = list(pool.outcomes(jobs(province, tmp_path / "whole"), 1))
    assert sorted(found, key=lambda o: o.name) == sorted(whole, key=lambda o: o.name)
    assert contents(tmp_path / "killed") == contents(tmp_path / "whole")


def test_a_department_that_ends_every_process_is_marked_as_failed(
    province: Path, tmp_path: Path, killer: Callable[[int], None]
) -> None:
    """Every process that is started dies: the one department has its message, and nothing of it is written."""
    (job,) = [j for j in jobs(province, tmp_path / "out") if j.department.name == "教育局"]
    killer(10)
    (found,) = pool.outcomes([job], 2)
    assert found.failed
    assert "2 次" in found.message
    assert not (tmp_path / "out").exists()


def test_a_department_is_tried_again_and_no_more_than_that(tmp_path: Path) -> None:
    ends = [BrokenProcessPool(), None]

    def run_once(job: Job) -> Any:
        if (problem := ends.pop(0)) is not None:
            raise problem
        return carry_out(job)

    found = pool._tried(Job(departments_of(tmp_path), str(tmp_path / "out")), run_once)
    assert found.totals["actual"] == 9_000
    ends = [OSError(5, "Input/output error", "账.xlsx"), OSError(5, "Input/output error", "账.xlsx"), None]
    assert (
        pool._tried(Job(departments_of(tmp_path), str(tmp_path / "b")), run_once).message
        == "账.xlsx: Input/output error"
    )
    assert ends == [None]


def departments_of(folder: Path) -> Any:
    budget(folder / "in" / "局" / "预算.xlsx")
    ledger(folder / "in" / "局" / "序时账.xlsx", 90)
    return departments(str(folder / "in"), str(folder / "out")).departments[0]


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_stopped_batch_keeps_what_is_finished(province: Path, tmp_path: Path, name: str) -> None:
    call = [sys.executable, "-m", "reconcile.cli", "batch", str(province), "--out", str(tmp_path / "out")]

    def heed() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    with subprocess.Popen([*call, "--workers", "1"], stderr=subprocess.PIPE, text=True, preexec_fn=heed) as running:
        assert running.stderr is not None
        assert "[1/5]" in running.stderr.readline()
        running.send_signal(getattr(signal, name))
        said = running.stderr.read()
    assert running.returncode == 2
    assert "Traceback" not in said
    assert "再次运行" in said
    made = sorted(p.name for p in (tmp_path / "out").iterdir())
    assert "consolidated.xlsx" not in made
    assert [n for n in made if n.startswith(".")] == []
    assert all((tmp_path / "out" / n / storage.WRITTEN).is_file() for n in made)


def test_what_a_killed_run_left_half_made_goes(province: Path, tmp_path: Path) -> None:
    (tmp_path / "out" / ".batch-x" / "new").mkdir(parents=True)
    run("batch", province, "--out", tmp_path / "out", "--workers", 1, "--quiet")
    assert not (tmp_path / "out" / ".batch-x").exists()


# which files ---------------------------------------------------------------------------------------------------


def test_content_tells_where_names_do_not(tmp_path: Path) -> None:
    top = tmp_path / "in"
    budget(top / "预算局" / "表一.xlsx")
    ledger(top / "预算局" / "预算支出明细账.xlsx", 60)
    (top / "预算局" / "说明.docx").write_bytes(b"words")
    (top / "预算局" / "合同扫描件.pdf").write_bytes(b"%PDF")
    sheet(top / "预算局" / "合同审批流程.xlsx", [["步骤", "负责人"], ["报送", "张三"]])
    (top / "预算局" / "~$表一.xlsx").write_bytes(b"lock")
    sheet(top / "预算局" / "通讯录.xlsx", [["姓名", "电话"], ["张三", "1"]])
    budget(top / "错名局" / "序时账.xlsx")
    ledger(top / "错名局" / "预算.xlsx", 61)
    found = {o.name: o for o in pool.outcomes(jobs(top, tmp_path / "out"), 1)}
    assert found["预算局"].totals["actual"] == 6_000
    assert found["预算局"].unused == ("合同审批流程.xlsx", "合同扫描件.pdf", "说明.docx", "通讯录.xlsx")
    assert found["错名局"].totals["actual"] == 6_100


def test_folders_that_we_wrote_are_no_departments(tmp_path: Path) -> None:
    top = tmp_path / "in"
    budget(top / "甲局" / "预算.xlsx")
    ledger(top / "甲局" / "序时账.xlsx", 60)
    run(
        "run",
        "--budget",
        top / "甲局" / "预算.xlsx",
        "--ledger",
        top / "甲局" / "序时账.xlsx",
        "--out",
        top / "甲局" / "核对",
    )
    run("batch", top, "--out", top / "旧输出", "--workers", 1, "--quiet")
    assert [d.name for d in departments(str(top), str(tmp_path / "out")).departments] == ["甲局"]


def test_folders_of_one_role_belong_to_the_department_above(tmp_path: Path) -> None:
    top = tmp_path / "in"
    budget(top / "教育局" / "2020年预算" / "一.xlsx")
    ledger(top / "教育局" / "账簿" / "上半年.xlsx", 40)
    budget(top / "教育局" / "第一中学" / "预算.xlsx")
    ledger(top / "教育局" / "第一中学" / "序时账.xlsx", 41)
    found = departments(str(top), str(tmp_path / "out"))
    assert [(d.name, d.parent) for d in found.departments] == [("教育局", ""), ("教育局／第一中学", "教育局")]
    assert [o.totals["actual"] for o in pool.outcomes(jobs(top, tmp_path / "out"), 1)] == [4_000, 4_100]


def test_a_department_has_its_own_settings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("甲局", "乙局"):
        budget(tmp_path / "in" / name / "预算.xlsx")
        ledger(tmp_path / "in" / name / "序时账.xlsx", 70)
    (tmp_path / "in" / "甲局" / "reconcile.toml").write_text("[thresholds]\nlow_execution_warning = 0.5", "utf-8")
    (tmp_path / "all.toml").write_text("unit_name = '某局'\n[thresholds]\nlow_execution_error = 0.75", "utf-8")
    run("batch", tmp_path / "in", "--out", tmp_path / "out", "--config", tmp_path / "all.toml", "--json", "--quiet")
    found = told(capsys)
    assert (found["甲局"]["findings"]["error"], found["甲局"]["findings"]["warning"]) == (0, 0)
    assert found["乙局"]["findings"]["error"] == 1


def test_what_a_reviewer_settled_is_no_open_error_of_its_department(
    province: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """120 of 100 yuan, the project and its category: errors, until they are accepted in the workbook that comes back."""
    top = tmp_path / "一局"
    shutil.copytree(province / "卫生局", top / "卫生局")
    assert run("batch", top, "--out", tmp_path / "一", "--workers", 1, "--json", "--quiet") == 1
    before = told(capsys)["卫生局"]["findings"]
    assert (before["error"], before["settled"]) == (2, 0)
    review = Path(shutil.copy(tmp_path / "一" / "卫生局" / "review.xlsx", top / "卫生局" / "上次复核.xlsx"))
    errors = [k for k, row in reviewer.findings(review).items() if "错误" in str(row["程度"])]
    reviewer.fill(review, dict.fromkeys(errors, ("认可", "已批复追加", "王会计", "2021-01-10")))
    assert run("batch", top, "--out", tmp_path / "二", "--workers", 1, "--json", "--quiet") == 0
    after = told(capsys)["卫生局"]["findings"]
    assert (after["error"], after["settled"]) == (0, 2)
    page = openpyxl.load_workbook(tmp_path / "二" / "consolidated.xlsx").worksheets[0]
    assert any("另有 2 项已由复核人认可" in str(c.value) for row in page.iter_rows() for c in row)


def test_a_table_of_paths(tmp_path: Path) -> None:
    budget(tmp_path / "a" / "预算.xlsx")
    budget(tmp_path / "b" / "x.xlsx", 300)
    ledger(tmp_path / "a" / "1.xlsx", 90)
    for month in (1, 2):
        path = ledger(tmp_path / "b" / f"账{month}.xlsx", 10)
        rows = [list(r) for r in openpyxl.load_workbook(path).active.iter_rows(values_only=True)]
        for row in rows[2:]:
            row[0], row[1] = f"2020-0{month}-05", f"记-{month}"
        sheet(path, rows)
    rows = [
        ["各单位清单"],
        ["部门", "上级", "预算", "账簿", "备注"],
        [101, "厅", "a/预算.xlsx", "a/1.xlsx", ""],
        ["乙/所", "厅", "b/x.xlsx", "b/账*.xlsx"],
        ["丙", "", "b/x.xlsx", "b/账1.xlsx；b/账2.xlsx"],
        ["丁", "", "没有.xlsx", "a/1.xlsx"],
    ]
    listed = sheet(tmp_path / "清单.xlsx", rows)
    found = {o.name: o for o in pool.outcomes(jobs(listed, tmp_path / "out"), 1)}
    assert {n: (o.parent, o.totals.get("actual")) for n, o in found.items()} == {
        "101": ("厅", 9_000),
        "乙/所": ("厅", 2_000),
        "丙": ("", 2_000),
        "丁": ("", None),
    }
    assert "没有.xlsx" in found["丁"].message
    assert (tmp_path / "out" / "乙／所" / "review.xlsx").is_file()


def test_links_among_folders_and_long_names_end(tmp_path: Path) -> None:
    top = tmp_path / "in"
    name = "某某市某某区" * 10
    budget(top / name / name / "预算.xlsx")
    ledger(top / name / name / "序时账.xlsx", 60)
    (top / name / name / "回到上面").symlink_to(top / name)
    (job,) = jobs(top, tmp_path / "out")
    assert job.department.name == f"{name}／{name}"
    (found,) = pool.outcomes([job], 1)
    assert (found.status, len(found.folder.encode()) <= 200) == ("done", True)
    assert (tmp_path / "out" / found.folder / "review.xlsx").is_file()


def test_a_budget_that_cannot_be_read_is_no_zero(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, amount in (("甲局", 100), ("乙局", "待定")):
        budget(tmp_path / "in" / name / "预算.xlsx", amount)  # type: ignore[arg-type]
        ledger(tmp_path / "in" / name / "序时账.xlsx", 60)
    assert run("batch", tmp_path / "in", "--out", tmp_path / "out", "--workers", 1, "--json", "--quiet") == 1
    found = json.loads(capsys.readouterr().out)
    assert found["incomplete"] == 1
    assert {d["department"]: d["totals"]["available"] for d in found["departments"]} == {"甲局": 100.0, "乙局": None}
    page = openpyxl.load_workbook(tmp_path / "out" / "consolidated.xlsx", data_only=True)["各部门"]
    rows = {r[1]: r for r in page.iter_rows(values_only=True)}
    assert "无法识别" in rows["乙局"]
    assert "不全" in rows["合计"]


def test_a_role_that_a_person_gave_is_not_overruled(tmp_path: Path) -> None:
    ledger(tmp_path / "账.xlsx", 90)
    budget(tmp_path / "预算.xlsx")
    (tmp_path / "清单.csv").write_text("部门,预算,账簿\n甲,账.xlsx,预算.xlsx\n", "utf-8")
    (found,) = pool.outcomes(jobs(tmp_path / "清单.csv", tmp_path / "out"), 1)
    assert found.failed


def test_an_output_takes_no_inputs_place(tmp_path: Path) -> None:
    budget(tmp_path / "甲" / "预算.xlsx")
    (tmp_path / "清单.csv").write_text("部门,预算,账簿\n甲,甲/预算.xlsx,甲/账.xlsx\n", "utf-8")
    with pytest.raises(LoadError) as caught:
        departments(str(tmp_path / "清单.csv"), str(tmp_path))
    assert caught.value.code == "output-is-input"


# elsewhere -----------------------------------------------------------------------------------------------------


def test_other_file_systems_give_the_same(province: Path, tmp_path: Path) -> None:
    fsspec = pytest.importorskip("fsspec")
    memory = fsspec.filesystem("memory")
    memory.put(str(province), "/province/in", recursive=True)
    memory.makedirs("/province/in/档案局", exist_ok=True)
    call = ("--workers", 1, "--quiet")
    assert run("batch", "memory://province/in", "--out", "memory://province/out", *call) == 1
    assert run("batch", province, "--out", tmp_path / "out", *call) == 1
    memory.get("/province/out", str(tmp_path / "got"), recursive=True)
    here = contents(tmp_path / "out")
    assert set(contents(tmp_path / "got")) == set(here)
    reviews = [n for n in here if n.endswith(("review.xlsx", "summary.md", "manifest.json")) or "annotated" in n]
    assert {n: here[n] for n in reviews} == {n: contents(tmp_path / "got")[n] for n in reviews}
    memory.rm("/province", recursive=True)


def test_a_url_runs_in_a_pool_and_takes_up(province: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("fsspec")
    call = ("batch", f"file://{province}", "--out", f"file://{tmp_path}/out", "--workers", 2, "--json", "--quiet")
    assert run(*call) == 1
    first = told(capsys)
    assert run(*call) == 1
    again = told(capsys)
    assert sum(d["unchanged"] for d in again.values()) == 3
    assert {n: d["totals"] for n, d in first.items()} == {n: d["totals"] for n, d in again.items()}
    shutil.rmtree(tmp_path / "out" / "教育局")
    (tmp_path / "out" / "教育局").mkdir()
    (tmp_path / "out" / "教育局" / "department.unfinished").touch()
    assert run(*call) == 1
    assert not told(capsys)["教育局"]["unchanged"]
    assert (tmp_path / "out" / "教育局" / "review.xlsx").is_file()

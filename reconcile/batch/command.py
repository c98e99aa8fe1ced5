"""The command `batch`: every department run, what came of each told as it comes, and one workbook over all."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from reconcile import settings
from reconcile._version import __version__
from reconcile.batch import cluster, pool, storage, workbook
from reconcile.batch.department import Department, File, Listing, departments
from reconcile.batch.job import Job, with_record
from reconcile.batch.outcome import MEASURES, Outcome
from reconcile.batch.rollup import added, ranked
from reconcile.console import say, table
from reconcile.finding import LoadError
from reconcile.money import FEN_PER_YUAN

CONSOLIDATED = "consolidated.xlsx"
STATE = "batch.json"
NAMED = 3
"""Departments that a line of progress names as still to come."""


def batch(arguments: argparse.Namespace) -> int:
    """Run every department; 1 where one failed or has a finding of severity error, else 0.

    A stop keeps what is finished: the same command goes on from there.
    """
    shared = settings.load(arguments.config) if arguments.config else settings.Settings()
    listing = departments(arguments.source, arguments.out)
    _check_consolidated(arguments.out, arguments.force)
    storage.check_writable(arguments.out)
    storage.clear_unfinished(arguments.out)
    jobs = [_job(one, arguments) for one in listing.departments]
    found: list[Outcome] = []
    try:
        for one in _told(_outcomes(jobs, arguments), jobs, quiet=arguments.quiet):
            found.append(one)
    except KeyboardInterrupt:
        print(
            f"reconcile: 已中断，完成的部门（至少 {len(found)}/{len(jobs)} 个）已保留，再次运行同一条命令会继续",
            file=sys.stderr,
        )
        print(
            f"interrupted; departments that are done, at least {len(found)} of {len(jobs)}, are kept: run it again to go on",
            file=sys.stderr,
        )
        return 2
    target = _written(found, listing, arguments.out, shared.language)
    say(_json(found) if arguments.json else _report(found, target))
    return int(any(o.has_errors for o in found))


def _job(department: Department, arguments: argparse.Namespace) -> Job:
    job = Job(
        department,
        arguments.out,
        year=arguments.year,
        through=arguments.through,
        config=File(arguments.config, "config") if arguments.config else None,
        force=arguments.force,
    )
    return with_record(job)


def _outcomes(jobs: Sequence[Job], arguments: argparse.Namespace) -> Iterator[Outcome]:
    if arguments.scheduler:
        return cluster.outcomes(jobs, arguments.scheduler)
    return pool.outcomes(jobs, arguments.workers or _processors())


def _processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _told(outcomes: Iterator[Outcome], jobs: Sequence[Job], *, quiet: bool) -> Iterator[Outcome]:
    """The outcomes, a line on standard error for each: how many, which, what came of it, and what is left."""
    left = dict.fromkeys(j.department.name for j in jobs)
    start = time.monotonic()
    for one in outcomes:
        left.pop(one.name)
        if not quiet:
            came = (
                "未完成 failed"
                if one.failed
                else f"{one.errors} 错误 errors" + (" · 未变 unchanged" if one.kept else "")
            )
            rest = "、".join([*left][:NAMED]) + ("…" if len(left) > NAMED else "")
            still = f"；余 left {len(left)}：{rest}" if left else f"；{time.monotonic() - start:.1f} s"
            print(f"[{len(jobs) - len(left)}/{len(jobs)}] {one.name}：{came}{still}", file=sys.stderr, flush=True)
        yield one


def _check_consolidated(out: str, force: bool) -> None:
    """Raise LoadError where the workbook is there and is not as the last run wrote it: a reviewer's work may be in it."""
    target, state = storage.join(out, CONSOLIDATED), storage.join(out, STATE)
    if force or not storage.exists(target):
        return
    try:
        written = json.loads(storage.read(state))["consolidated"]
    except (LoadError, ValueError, KeyError, TypeError):
        written = ""
    if hashlib.sha256(storage.read(target)).hexdigest() != written:
        raise LoadError("output-exists", target)


def _written(found: Sequence[Outcome], listing: Listing, out: str, language: str) -> str:
    """Write the workbook and the state of the batch; returns where the workbook is."""
    target = storage.join(out, CONSOLIDATED)
    with tempfile.TemporaryDirectory() as scratch:
        made = workbook.write(found, listing.groups, Path(scratch) / CONSOLIDATED, language)
        state = {
            "reconcile": __version__,
            "consolidated": storage.digest(made),
            "departments": {
                o.name: {"folder": o.folder, "status": o.status} for o in sorted(found, key=lambda o: o.name)
            },
        }
        kept = Path(scratch) / STATE
        kept.write_text(json.dumps(state, ensure_ascii=False, indent=2) + "\n", "utf-8", newline="\n")
        storage.put_file(made, target)
        storage.put_file(kept, storage.join(out, STATE))
    return target


def _json(found: Sequence[Outcome]) -> str:
    """Totals for a script; money in yuan, null where there is none."""
    total = added(found)
    rows = [
        {
            "department": o.name,
            "parent": o.parent,
            "status": o.status,
            "message": o.message,
            "year": o.year or None,
            "totals": _yuan({m: o.totals.get(m) for m in MEASURES}),
            "findings": {"error": o.errors, "warning": o.warnings, "info": o.infos, "settled": o.settled},
            "unchanged": o.kept,
        }
        for o in ranked(found)
    ]
    out = {
        "departments": rows,
        "totals": _yuan(total.totals),
        "failed": total.failed,
        "incomplete": total.incomplete,
        "findings": {"error": total.errors, "warning": total.warnings, "info": total.infos},
    }
    return json.dumps(out, ensure_ascii=False, indent=2)


def _yuan(totals: dict[str, int] | dict[str, int | None]) -> dict[str, float | None]:
    return {k: None if v is None else v / FEN_PER_YUAN for k, v in totals.items()}


def _report(found: Sequence[Outcome], target: str) -> str:
    head = ("部门 department", "错误 errors", "警告 warnings", "可用预算 available", "支出 actual")
    rows = [
        (o.name, *(("未完成 failed", "") if o.failed else (str(o.errors), str(o.warnings))), *map(_money, _pair(o)))
        for o in ranked(found)
    ]
    total = added(found)
    rows.append(
        (
            "合计 total",
            str(total.errors),
            str(total.warnings),
            *map(_money, (total.totals["available"], total.totals["actual"])),
        )
    )
    failures = [f"{o.name}：{o.message}" for o in ranked(found) if o.failed]
    return "\n".join([table(head, rows, (1, 2, 3, 4)), "", *failures, *([""] if failures else []), target])


def _pair(one: Outcome) -> tuple[int | None, int | None]:
    return one.totals.get("available"), one.totals.get("actual")


def _money(fen: int | None) -> str:
    return "—" if fen is None else f"{fen // FEN_PER_YUAN:,}.{fen % FEN_PER_YUAN:02d}"

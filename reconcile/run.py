"""What the commands do: load, reconcile, write everything, say what came of it."""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import platform
import sys
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from reconcile import wording
from reconcile._version import __version__
from reconcile.aliases import load_aliases
from reconcile.api import Reconciliation, reconcile
from reconcile.budget import load_budget
from reconcile.compare import FIELDS
from reconcile.console import Progress, say, table
from reconcile.contracts import load_contracts
from reconcile.evaluation import evaluate, load_inputs
from reconcile.evaluation.evaluation import RUBRIC
from reconcile.evaluation.rubric import load_rubric
from reconcile.final import FinalChecks, check_final_accounts, load_final_accounts
from reconcile.ledger import load_ledger
from reconcile.replies import read_replies
from reconcile.settings import Settings, load
from reconcile.write import headline
from reconcile.write.output import whole_folder

INPUTS = ("budget", "ledger", "contracts", "aliases", "previous", "evaluation", "final_accounts", "report")
BESIDE = ("evaluation", "rubric", "final_accounts", "report")
"""What a run may be given beside a department's own files."""
PACKAGES = ("pandas", "numpy", "openpyxl", "xlsxwriter", "python-calamine", "rapidfuzz", "jinja2", "python-docx")


class Produced(NamedTuple):
    """The result of a run, its public final accounts as checked, why a source could not be marked, and the files written."""

    result: Reconciliation
    final: FinalChecks | None
    not_annotated: list[str]
    written: list[str]


def demo(arguments: argparse.Namespace) -> int:
    """The example department.  Ends with 0 when it is done, whatever it found."""
    folder = example_folder()
    arguments.budget = [str(folder / "budget_2020.xlsx")]
    arguments.ledger = [str(folder / "ledger_2020.xlsx")]
    arguments.contracts = [str(folder / "contracts_2020.xlsx")]
    for other in ("aliases", "previous", *BESIDE):
        setattr(arguments, other, None)
    arguments.year, arguments.through, arguments.config = 2020, None, None
    run(arguments)
    return 0


def example_folder() -> Path:
    """Where the example department lies: inside the installed package, or in the checkout."""
    installed = Path(str(files("reconcile"))) / "example"
    return installed if installed.is_dir() else Path(str(files("reconcile"))).parent / "workbooks" / "example"


def produce(arguments: argparse.Namespace) -> Produced:
    """The whole job, every file in its place."""
    progress = Progress(arguments.quiet)
    settings = load(arguments.config) if arguments.config else Settings()
    inputs = [name for role in INPUTS for name in _files(arguments, role)]
    with whole_folder(Path(arguments.out), force=arguments.force, inputs=inputs) as out:
        with progress.step("读取预算 / reading the budget"):
            budget = load_budget(arguments.budget, year=arguments.year, layout=settings.layout.budget)
        with progress.step("读取账簿 / reading the ledger"):
            ledger = load_ledger(arguments.ledger, year=arguments.year, layout=settings.layout.ledger)
        contracts = None
        if arguments.contracts:
            with progress.step("读取合同 / reading the contracts"):
                contracts = load_contracts(arguments.contracts, layout=settings.layout.contracts)
        aliases = None
        if arguments.aliases:
            with progress.step("读取别名 / reading the aliases"):
                aliases = load_aliases(arguments.aliases)
        previous = None
        if arguments.previous:
            with progress.step("读取上次的复核意见 / reading the replies"):
                previous = read_replies(arguments.previous)
        evaluated = arguments.evaluation or arguments.rubric or arguments.final_accounts
        rubric = load_rubric(arguments.rubric or RUBRIC) if evaluated else None
        given = load_inputs(arguments.evaluation) if arguments.evaluation else None
        accounts = load_final_accounts(arguments.final_accounts) if arguments.final_accounts else None
        with progress.step("核对与检查 / tying out and checking"):
            result = reconcile(
                budget,
                ledger,
                year=arguments.year,
                through=arguments.through,
                contracts=contracts,
                aliases=aliases,
                settings=settings,
                previous=previous,
            )
        final: FinalChecks | None = None
        if rubric is not None:
            with progress.step("写绩效评价工作簿 / writing the evaluation workbook"):
                evaluation = evaluate(result, given, rubric)
                if accounts is not None:
                    final = check_final_accounts(accounts, result, evaluation=evaluation)
                evaluation.write(out / "evaluation.xlsx", final)
        with progress.step("写批注副本 / marking copies of the sources"):
            left_out = _annotated(result, out / "annotated")
        report = Path(arguments.report) if arguments.report else None
        with progress.step("写复核工作簿 / writing the review workbook"):
            result.write_review(out / "review.xlsx", annotated=out / "annotated", report=report)
        with progress.step("写报告段落 / writing the report section"):
            summary = result.summary()
            (out / "summary.md").write_text(summary, "utf-8", newline="\n")
            summary.write_docx(out / "summary.docx")
        (out / "manifest.json").write_text(
            _json(manifest(result, arguments) | {"not_annotated": left_out, "to_be_supplied": summary.missing}),
            "utf-8",
            newline="\n",
        )
        written = sorted(str(f.relative_to(out)) for f in out.rglob("*") if f.is_file())
    return Produced(result, final, left_out, written)


def run(arguments: argparse.Namespace) -> int:
    """The whole job, and what came of it told; 1 where a finding is an error that no reviewer has settled for its amount,
    else 0."""
    result, final, left_out, written = produce(arguments)
    for refusal in left_out:
        print(f"reconcile: {refusal}", file=sys.stderr)
    if arguments.json:
        say(_json(as_json(result) | ({"final_accounts": _final(final)} if final else {})))
    else:
        say(_report(result, Path(arguments.out), written, final))
    return int(result.has_errors or (final is not None and final.has_errors))


def _final(final: FinalChecks) -> dict[str, object]:
    return {"checks": _records(final.checks), "findings": _records(final.findings)}


def _files(arguments: argparse.Namespace, role: str) -> list[str]:
    given = getattr(arguments, role) or ()
    return [given] if isinstance(given, str) else list(given)


def _annotated(result: Reconciliation, folder: Path) -> list[str]:
    """Mark copies of the sources; says which could not be marked, and why."""
    with warnings.catch_warnings(record=True) as refused:
        warnings.simplefilter("always")
        result.annotate(folder)
    return [str(w.message) for w in refused if w.category is UserWarning]


def manifest(result: Reconciliation, arguments: argparse.Namespace) -> dict[str, object]:
    """Inputs with their SHA-256, versions and settings: enough to run it again, and the findings to compare it with."""
    inputs = []
    standing = [c for c in ("status", "decision") if c in result.findings]
    for role in INPUTS:
        for name in _files(arguments, role):
            data = Path(name).read_bytes()
            inputs.append(
                {"role": role, "file": Path(name).name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            )
    return {
        "reconcile": __version__,
        "python": platform.python_version(),
        "packages": versions(),
        "inputs": inputs,
        "year": result.period.year,
        "through": arguments.through,
        "rubric": arguments.rubric,
        "settings": asdict(result.settings),
        "totals": as_json(result)["totals"],
        "problems": [
            {k: r[k] for k in (*FIELDS, *standing)} | {"check": result.found_by[str(r["key"])]}
            for r in _records(result.findings)
        ],
        "findings": {level: sum(f.level == level for f in result.problems) for level in ("error", "warning", "info")},
        **_replied(result),
    }


def _replied(result: Reconciliation) -> dict[str, object]:
    """What came of the replies; an error that a reviewer accepted, or called none, for the amount that it still has does
    not count for the exit code."""
    if result.replies is None:
        return {}
    return {
        "open_errors": sum(f.level == "error" and not result.standing(f).settled for f in result.problems),
        "statuses": dict(Counter(s.status for s in result.standings.by_key.values())),
        "resolved": _records(result.resolved),
        "reclassified": _records(result.reclassified),
    }


def versions() -> dict[str, str]:
    """The versions of the packages that a result depends on."""
    return {name: version(name) for name in PACKAGES}


def as_json(result: Reconciliation) -> dict[str, object]:
    """Totals and findings for a script; money in yuan, null where there is none."""
    totals = {k: _finite(v) for k, v in result.totals.items()}
    findings, checks = _records(result.findings), _records(result.checks)
    replied = {} if result.replies is None else {"resolved": _records(result.resolved)}
    return {"year": result.period.year, "totals": totals, "findings": findings, "checks": checks, **replied}


def _records(frame: pd.DataFrame) -> list[dict[str, object]]:
    return [{str(k): _finite(v) for k, v in record.items()} for record in frame.to_dict("records")]


def _finite(value: object) -> object:
    return None if isinstance(value, float) and math.isnan(value) else value


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n"


def _report(result: Reconciliation, out: Path, written: Sequence[str], final: FinalChecks | None = None) -> str:
    language = result.settings.language
    rows = [[line.name, *line.cells] for line in headline.lines(result, language) if line.kind != "project"]
    lines = [headline.heading(result, language), table(headline.columns(language), rows, (1, 2, 3, 4)), ""]
    found, more = headline.findings(result, language)
    colon = "：" if language == "zh" else ": "
    lines += [f"{title}{colon}{message}" for _, title, message in found]
    lines += [more] if more else []
    for rule in () if final is None else final.checks.query("outcome == 'found'").itertuples():
        facts = {"rule": rule.check, "title": rule.title, "found": rule.found}
        lines.append(wording.fill(wording.text("console", language, "final"), facts))
    lines += ["", *(f"{out / name}" for name in written)]
    return "\n".join(lines)

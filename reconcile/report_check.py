"""What `reconcile check-report` does: read a report, hold its figures against each other and the books, say what came of it."""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from reconcile import wording
from reconcile.api import Reconciliation, reconcile
from reconcile.budget import load_budget
from reconcile.claims import report as reports
from reconcile.claims.claim import FAILS, Claim
from reconcile.claims.findings import findings_of
from reconcile.claims.frame import frame
from reconcile.claims.text import Report
from reconcile.console import Progress, say
from reconcile.finding import LoadError
from reconcile.frames import findings_frame
from reconcile.ledger import load_ledger
from reconcile.settings import Settings, load
from reconcile.write.output import check_no_input

OUTPUTS = (".docx", ".xlsx")


def check_report(arguments: argparse.Namespace) -> int:
    """The whole job; 1 where a claim fails, else 0."""
    progress = Progress(arguments.quiet)
    source, target = Path(arguments.report), Path(arguments.out) if arguments.out else None
    settings = load(arguments.config) if arguments.config else Settings()
    if target:
        _check_target(source, target, arguments)
    if bool(arguments.budget) != bool(arguments.ledger):
        raise LoadError("half-books")
    with progress.step("读取报告 / reading the report"):
        report = reports.read(source)
    result = _result(arguments, settings, progress) if arguments.budget else None
    with progress.step("核对报告 / checking the report"):
        found = reports.claims_of(report, result)
    if target:
        with progress.step("写结果 / writing the result"):
            _write(source, target, report, found, settings.language)
    say(_json(report, found, settings.language) if arguments.json else _told(report, found, settings.language, target))
    return int(any(c.verdict == FAILS for c in found))


def _check_target(source: Path, target: Path, arguments: argparse.Namespace) -> None:
    if target.suffix.lower() not in OUTPUTS or (target.suffix.lower() == ".docx" and source.suffix.lower() != ".docx"):
        raise LoadError("bad-claims-output", str(target))
    check_no_input(target, [source, *(arguments.budget or ()), *(arguments.ledger or ())])
    if target.exists() and not arguments.force:
        raise LoadError("output-exists", str(target))


def _result(arguments: argparse.Namespace, settings: Settings, progress: Progress) -> Reconciliation:
    with progress.step("读取预算和账簿 / reading the books"):
        budget = load_budget(arguments.budget, year=arguments.year, layout=settings.layout.budget)
        ledger = load_ledger(arguments.ledger, year=arguments.year, layout=settings.layout.ledger)
    with progress.step("核对与检查 / tying out and checking"):
        return reconcile(budget, ledger, year=arguments.year, settings=settings)


def _write(source: Path, target: Path, report: Report, found: Sequence[Claim], language: str) -> None:
    if target.suffix.lower() == ".docx":
        from reconcile.write.mark import report as mark

        mark.write(source, target, found, language)
    else:
        from reconcile.write import sheet_claims

        sheet_claims.write(target, report, found, language)


def _json(report: Report, found: Sequence[Claim], language: str) -> str:
    rows = frame(report, found, language).to_dict("records")
    problems = findings_frame(findings_of(report, found), language).to_dict("records")
    counts = Counter(c.verdict for c in found)
    body = {"report": report.name, "verdicts": dict(counts), "claims": _finite(rows), "findings": _finite(problems)}
    return json.dumps(body, ensure_ascii=False, indent=2, default=str)


def _finite(records: Sequence[dict[object, object]]) -> list[dict[str, object]]:
    return [{str(k): None if isinstance(v, float) and math.isnan(v) else v for k, v in r.items()} for r in records]


def _told(report: Report, found: Sequence[Claim], language: str, target: Path | None) -> str:
    counts = Counter(c.verdict for c in found)
    lines = []
    for verdict in ("fails", "rounding"):
        for c in [c for c in found if c.verdict == verdict]:
            place = wording.fill(
                wording.text("told-paragraph", language, "claims"), {"number": report.lines[c.paragraph - 1].number}
            )
            lines += [
                f"{place} {wording.text(f'word-{verdict}', language, 'claims')}  {c.phrase[-60:]}",
                f"    {c.why(language)}",
            ]
    words = [
        f"{wording.text(f'word-{v}', language, 'claims')} {counts[v]}"
        for v in ("holds", "rounding", "fails", "untestable")
    ]
    lines += [("；" if language == "zh" else "; ").join(words)]
    return "\n".join([*lines, *([str(target)] if target else [])])

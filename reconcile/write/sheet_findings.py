"""差异清单 with the possible causes, to be filled and given back, and 勾稽检查, every check with its outcome."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from reconcile import wording
from reconcile.finding import Finding
from reconcile.result import Result
from reconcile.write.sheet_page import Column, Page, cell, on, quoted

DECISIONS = ("accept", "correct", "reclassify", "ask", "dismiss")
COLUMNS = (
    Column("number", "cell small plain", 5, 7),
    Column("severity", "cell small center", 8, 10),
    Column("title", "cell small wrap", 9, 11),
    Column("subject", "cell small wrap", 10, 16),
    Column("expected", "cell small money", 11, 19),
    Column("found-amount", "cell small money", 11, 19),
    Column("difference", "cell small money", 11, 19),
    Column("message", "cell small wrap", 36, 36),
    Column("cause", "cell small wrap", 12, 28),
    Column("file", "cell small wrap", 8, 15),
    Column("sheet", "cell small wrap", 7, 10),
    Column("cell", "cell small center", 7, 9),
    Column("decision", "cell small input", 10, 10),
    Column("reply", "cell small input", 18, 18),
    Column("person", "cell small input", 8, 8),
    Column("date", "cell small input date", 11, 11),
    Column("finding-code", "key", 14, 24),
    Column("key", "key", 16, 34),
)
AT = {column.title: position for position, column in enumerate(COLUMNS)}
PRINTED = AT["date"] + 1
CAUSES = 3
CHECK_COLUMNS = (
    Column("number", "cell plain", 5, 7),
    Column("check", "cell wrap", 20, 30),
    Column("formula", "cell wrap", 40, 60),
    Column("tolerance", "cell wrap center", 10, 18),
    Column("outcome", "cell center", 12, 18),
    Column("tested", "cell count", 8, 14),
    Column("found", "cell count", 8, 14),
    Column("reason", "cell wrap", 24, 40),
    Column("finding-code", "key", 14, 28),
)
CHECK_PRINTED = 8
CHECK_OUTCOME, CHECK_CODE = 4, 8
FILLS = {"found": "warning", "could-not-run": "info"}


@dataclass(frozen=True)
class Listed:
    """Columns (as references from other sheets) of a written list, for counting, and its first row."""

    severity: str
    code: str
    first: int


def write_findings(page: Page, result: Result, meta: tuple[str, str], title: str) -> Listed:
    """Findings with their source cell and four columns to fill."""
    say, problems = page.say, result.problems
    first = page.open(title, COLUMNS, PRINTED, *meta, note=say("findings-note") if problems else "")
    causes: dict[str, list[str]] = {}
    for candidate in result.candidates:
        strength = wording.text(f"strength-{candidate.strength}", say.language)
        mark = "：" if say.language == "zh" else ": "
        causes.setdefault(candidate.key, []).append(f"{strength}{mark}{candidate.text(say.language)}")
    for number, finding in enumerate(problems):
        _finding(page, first + number, number + 1, finding)
        told = "\n".join(causes.get(finding.key, ())[:CAUSES])
        page.text(first + number, AT["cause"], told or say("none"), "cell small wrap")
    last = first + max(len(problems), 1) - 1
    if problems:
        sheet, style = page.sheet, page.look.style
        options = [say(f"decision-{d}") for d in DECISIONS]
        sheet.data_validation(
            first,
            AT["decision"],
            last,
            AT["decision"],
            {
                "validate": "list",
                "source": options,
                "input_title": say("decision-help-title"),
                "input_message": say("decision-help"),
                "error_title": say("decision-help-title"),
                "error_message": say("decision-wrong"),
            },
        )
        for row in range(first, last + 1):
            for field in ("decision", "reply", "person"):
                sheet.write_blank(row, AT[field], None, style("cell small input"))
            sheet.write_blank(row, AT["date"], None, style("cell small input date"))
    else:
        page.across(first, 0, PRINTED - 1, say("no-findings"), "cell")
    page.close(footer=meta[0], filter_rows=(first, last) if problems else None, freeze=(first, 4))
    return Listed(_fixed(page, first, last, AT["severity"]), _fixed(page, first, last, AT["finding-code"]), first)


def _fixed(page: Page, first: int, last: int, col: int) -> str:
    return on(page.name, f"{cell(first, col, fixed=True)}:{cell(last, col, fixed=True)}")


def _finding(page: Page, row: int, number: int, finding: Finding) -> None:
    say, origin = page.say, finding.origin
    level, money = finding.level.value, "cell small money"
    page.number(row, 0, number, "cell small plain")
    page.text(row, 1, say(f"severity-{level}"), f"cell small center {level}")
    page.text(row, 2, wording.finding(finding.code)[f"title_{say.language}"], "cell small wrap")
    page.text(row, 3, finding.subject, "cell small wrap")
    page.amount(row, 4, finding.expected, money)
    page.amount(row, 5, finding.actual, money)
    if finding.difference is None:
        page.amount(row, 6, None, money)
    else:
        page.formula(row, 6, f"ROUND({cell(row, 5)}-{cell(row, 4)},2)", finding.difference, money)
    page.text(row, 7, finding.message(say.language), "cell small wrap")
    page.text(row, AT["file"], origin.file or say("none"), "cell small wrap")
    own = not origin.file and origin.sheet == wording.text("sheet-overview")
    page.text(row, AT["sheet"], say("sheet-overview") if own else origin.sheet or say("none"), "cell small wrap")
    page.text(row, AT["cell"], origin.cell or say("none"), "cell small center")
    page.text(row, AT["finding-code"], finding.code, "key")
    page.text(row, AT["key"], finding.key, "key")


def write_checks(page: Page, result: Result, listed: Listed, meta: tuple[str, str], title: str) -> str:
    """Every check, how it ended, what it tested, what it found, and why it did not run."""
    say = page.say
    counts = Counter(f.code for f in result.problems)
    first = page.open(title, CHECK_COLUMNS, CHECK_PRINTED, *meta, note=say("checks-note"))
    for row, check in enumerate(result.outcomes, first):
        outcome, rule = check.outcome.value, wording.rule(check.name)
        page.number(row, 0, row - first + 1, "cell plain")
        page.text(row, 1, wording.rule_title(check.name, say.language), "cell wrap")
        page.text(row, 2, rule[f"formula_{say.language}"], "cell wrap")
        page.text(row, 3, rule.get(f"tolerance_{say.language}", say("none")), "cell wrap center")
        page.text(row, CHECK_OUTCOME, say(f"outcome-{outcome}"), f"cell center {FILLS.get(outcome, '')}".strip())
        if outcome in ("passed", "found"):
            page.number(row, 5, check.tested, "cell count")
            own = all(f.code == check.name for f in check.findings) and counts[check.name] == len(check.findings)
            if own:
                page.count(row, 6, f"COUNTIF({listed.code},{cell(row, CHECK_CODE)})", len(check.findings))
            else:
                page.number(row, 6, len(check.findings), "cell count")
        else:
            page.text(row, 5, say("none"), "cell right")
            page.text(row, 6, say("none"), "cell right")
        page.text(row, 7, check.reason, "cell wrap")
        page.text(row, CHECK_CODE, check.name, "key")
    last = first + max(len(result.outcomes), 1) - 1
    page.close(footer=meta[0], filter_rows=(first, last), freeze=(first, 2))
    return _fixed(page, first, last, CHECK_OUTCOME)


def count_of(listed: str, words: str) -> str:
    return f"COUNTIF({listed},{quoted(words)})"

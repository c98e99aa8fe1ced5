"""差异清单 with the possible causes, to be filled and given back, and 勾稽检查, every check with its outcome."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from reconcile import wording
from reconcile.finding import Finding
from reconcile.read.dates import parse_date
from reconcile.result import Result
from reconcile.seals import basis_of, kin_of
from reconcile.standing import LAPSED, RECURRING, Standing
from reconcile.write.sheet_page import Column, Page, cell, on, quoted

DECISIONS = ("accept", "correct", "reclassify", "ask", "dismiss")
COLUMNS = (
    Column("number", "cell small plain", 5, 6),
    Column("severity", "cell small center", 7, 10),
    Column("title", "cell small wrap", 9, 10),
    Column("subject", "cell small wrap", 9, 13),
    Column("expected", "cell small money", 10, 19),
    Column("found-amount", "cell small money", 10, 19),
    Column("difference", "cell small money", 10, 19),
    Column("message", "cell small wrap", 32, 32),
    Column("cause", "cell small wrap", 10, 24),
    Column("sheet", "cell small wrap", 6, 9),
    Column("cell", "cell small center", 6, 9),
    Column("standing", "cell small wrap center", 8, 9),
    Column("earlier", "cell small wrap", 9, 16),
    Column("decision", "cell small input", 9, 9),
    Column("reply", "cell small input", 16, 16),
    Column("person", "cell small input", 7, 7),
    Column("date", "cell small input date", 10, 10),
    Column("file", "cell small wrap", 8, 24),
    Column("age", "cell small plain", 6, 8),
    Column("finding-code", "key", 14, 24),
    Column("key", "key", 16, 34),
    Column("since", "key", 8, 10),
    Column("seal", "key", 10, 24),
    Column("kin", "key", 8, 12),
    Column("found-by", "key", 12, 24),
)
AT = {column.title: position for position, column in enumerate(COLUMNS)}
PRINTED = AT["date"] + 1
CAUSES = 3
OPEN_AGAIN = (LAPSED, RECURRING)
OF_PREVIOUS = ("standing", "age", "earlier")
"""Columns that say something only where a review workbook came back."""
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
    decision: str
    first: int


def write_findings(page: Page, result: Result, meta: tuple[str, str], title: str) -> Listed:
    """Findings with their source cell, how they stand, and four columns to fill, which hold the opinions that are
    carried on; below them what the previous review workbook lists and this run does not find."""
    say, problems = page.say, result.problems
    first = page.open(title, COLUMNS, PRINTED, *meta, note=say("findings-note") if problems else "")
    causes: dict[str, list[str]] = {}
    for candidate in result.candidates:
        strength = wording.text(f"strength-{candidate.strength}", say.language)
        mark = "：" if say.language == "zh" else ": "
        causes.setdefault(candidate.key, []).append(f"{strength}{mark}{candidate.text(say.language)}")
    for number, finding in enumerate(problems):
        _finding(page, first + number, number + 1, finding)
        _stands(page, first + number, result.standing(finding))
        page.text(first + number, AT["seal"], basis_of(finding), "key")
        page.text(first + number, AT["kin"], kin_of(finding), "key")
        page.text(first + number, AT["found-by"], result.found_by[finding.key], "key")
        told = "\n".join(causes.get(finding.key, ())[:CAUSES])
        page.text(first + number, AT["cause"], told or say("none"), "cell small wrap")
    last = first + max(len(problems), 1) - 1
    if problems:
        sheet = page.sheet
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
    else:
        page.across(first, 0, PRINTED - 1, say("no-findings"), "cell")
    _gone(page, last + 2, result)
    unsaid = [] if causes else ["cause"]
    for field in unsaid if result.replies is not None else [*unsaid, *OF_PREVIOUS]:
        page.hide(AT[field])
    page.close(footer=meta[0], filter_rows=(first, last) if problems else None, freeze=(first, 4))
    severity, code, decision = (
        _fixed(page, first, last, AT[name]) for name in ("severity", "finding-code", "decision")
    )
    return Listed(severity, code, decision, first)


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


def _stands(page: Page, row: int, standing: Standing) -> None:
    """How a finding stands, and the opinion that is carried on."""
    say, reply, lapsed = page.say, standing.reply, standing.status in OPEN_AGAIN
    words, fill = say(f"standing-{standing.status}"), " warning" if lapsed else ""
    page.text(row, AT["standing"], words, f"cell small wrap center{fill}")
    if standing.age is None:
        page.text(row, AT["age"], say("none"), "cell small plain")
    else:
        page.number(row, AT["age"], standing.age, "cell small plain")
    page.text(row, AT["earlier"], standing.earlier, f"cell small wrap{fill if standing.earlier else ''}")
    page.text(row, AT["since"], standing.since, "key")
    decision = say(f"decision-{reply.decision}") if reply and reply.decision else ""
    page.text(row, AT["decision"], decision, "cell small input")
    page.text(row, AT["reply"], reply.note if reply else "", "cell small input")
    page.text(row, AT["person"], reply.person if reply else "", "cell small input")
    written = reply.date if reply else ""
    day = parse_date(written)
    if day:
        page.date(row, AT["date"], datetime(day.year, day.month, day.day), "cell small input date")
    else:
        page.text(row, AT["date"], written, "cell small input date")


def _gone(page: Page, row: int, result: Result) -> None:
    """What is found no more, as it stood, with the opinions that were given."""
    say, gone = page.say, result.standings.gone
    if not gone:
        return
    page.across(row, 0, PRINTED - 1, say("gone-heading"), "cell section")
    for at, (reply, standing) in enumerate(gone, row + 1):
        page.text(at, 0, "", "cell small plain")
        page.text(at, 1, say(f"severity-{reply.severity}") if reply.severity else say("none"), "cell small center")
        known = reply.code in wording.finding_codes()
        title = wording.finding(reply.code)[f"title_{say.language}"] if known else reply.code
        page.text(at, 2, title, "cell small wrap")
        page.text(at, 3, reply.subject, "cell small wrap")
        for col, value in ((4, reply.expected), (5, reply.actual), (6, reply.difference)):
            page.amount(at, col, value, "cell small money")
        page.text(at, 7, reply.message, "cell small wrap")
        for field, words in (("cause", ""), ("file", reply.file), ("sheet", reply.sheet), ("cell", "")):
            page.text(at, AT[field], words or say("none"), "cell small wrap")
        _stands(page, at, standing)
        page.text(at, AT["finding-code"], reply.code, "key")
        page.text(at, AT["key"], reply.key, "key")
        page.text(at, AT["seal"], reply.basis, "key")
        page.text(at, AT["kin"], reply.kin, "key")
        page.text(at, AT["found-by"], reply.check, "key")


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
        page.text(row, 7, wording.in_language(check.reason, say.language), "cell wrap")
        page.text(row, CHECK_CODE, check.name, "key")
    last = first + max(len(result.outcomes), 1) - 1
    page.close(footer=meta[0], filter_rows=(first, last), freeze=(first, 2))
    return _fixed(page, first, last, CHECK_OUTCOME)


def count_of(*wanted: tuple[str, str]) -> str:
    """How many rows have these words in these columns of a list."""
    return f"COUNTIFS({','.join(f'{listed},{quoted(words)}' for listed, words in wanted)})"

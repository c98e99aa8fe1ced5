"""The sheet 报告核对: every claim of a report with its verdict."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from reconcile import wording
from reconcile.claims import report as reports
from reconcile.claims.claim import Claim
from reconcile.claims.figure import printed
from reconcile.claims.text import Report
from reconcile.result import Result
from reconcile.write.look import Look
from reconcile.write.output import whole_file
from reconcile.write.sheet_page import Column, Page, Words

COLUMNS = (
    Column("number", "cell plain", 5, 7),
    Column("claim-verdict", "cell center", 8, 12),
    Column("claim-kind", "cell center", 8, 14),
    Column("claim-paragraph", "cell plain", 6, 8),
    Column("claim-phrase", "cell wrap", 30, 50),
    Column("claim-stated", "cell right", 10, 18),
    Column("claim-computed", "cell right", 10, 18),
    Column("claim-difference", "cell right", 10, 16),
    Column("claim-reason", "cell wrap", 36, 60),
)
FILLS = {"fails": "error", "rounding": "info", "untestable": ""}
_ORDER = ("fails", "rounding", "untestable", "holds")
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@dataclass(frozen=True)
class Row:
    """One claim as the sheet shows it; `stated`, `computed` and `difference` are printed with their unit."""

    verdict: str
    kind: str
    paragraph: int
    phrase: str
    stated: str
    computed: str
    difference: str
    reason: str


@dataclass(frozen=True)
class Claimed:
    """A report's name, '' where only its text was given, and its claims as the sheet shows them."""

    report: str
    rows: list[Row]


def claimed_by(report: str | Path, result: Result) -> Claimed:
    """What a report claims, held against the books.  Raises LoadError where it cannot be read."""
    read = reports.read(report)
    return Claimed(read.name, rows(read, reports.claims_of(read, result), result.settings.language))


def rows(report: Report, claims: Sequence[Claim], language: str = "zh") -> list[Row]:
    """The claims that fail first, then tails, then what cannot be tested, then what holds; in the report's order."""
    ordered = sorted(claims, key=lambda c: (_ORDER.index(c.verdict), c.paragraph, c.start))
    return [
        Row(
            c.verdict,
            wording.text(f"kind-{c.kind}", language, "claims"),
            report.lines[c.paragraph - 1].number,
            c.phrase,
            _shown(c.stated, c.unit),
            _shown(c.computed, c.unit),
            _shown(c.difference, "" if isinstance(c.stated, datetime.date) else c.unit),
            c.why(language),
        )
        for c in ordered
    ]


def _shown(value: Fraction | datetime.date | None, unit: str) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.date):
        return value.isoformat()
    whole, point, decimals = printed(value).partition(".")
    sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(whole):,}{point}{decimals}{unit}"


def write_claims(page: Page, found: Sequence[Row], meta: tuple[str, str], title: str) -> None:
    """Fill a page with the rows."""
    say = page.say
    counts = {v: sum(r.verdict == v for r in found) for v in _ORDER}
    words = [f"{wording.text(f'word-{v}', say.language, 'claims')} {n}" for v, n in counts.items()]
    first = page.open(
        title, COLUMNS, len(COLUMNS), *meta, note="；".join(words) if say.language == "zh" else "; ".join(words)
    )
    for number, row in enumerate(found, first):
        page.number(number, 0, number - first + 1, "cell plain")
        verdict = wording.text(f"word-{row.verdict}", say.language, "claims")
        page.text(number, 1, verdict, f"cell center {FILLS.get(row.verdict, '')}".strip())
        page.text(number, 2, row.kind, "cell center")
        page.number(number, 3, row.paragraph, "cell plain")
        page.text(number, 4, row.phrase, "cell wrap")
        page.text(number, 5, row.stated, "cell right")
        page.text(number, 6, row.computed, "cell right")
        page.text(number, 7, row.difference, "cell right")
        page.text(number, 8, row.reason, "cell wrap")
    last = first + max(len(found), 1) - 1
    page.close(footer=meta[0], filter_rows=(first, last) if found else None, freeze=(first, 2))


def write(path: Path, report: Report, claims: Sequence[Claim], language: str = "zh") -> Path:
    """A workbook of one sheet; it appears whole or not at all."""
    import xlsxwriter

    say = Words(language)
    with whole_file(path) as beside:
        book = xlsxwriter.Workbook(str(beside), OPTIONS)
        book.set_properties(
            {
                "title": say("title-claims"),
                "author": "spending-reconcile",
                "created": datetime.datetime(report.year or 2000, 12, 31),
            }
        )
        page = Page(Look(book, language), say, "claims")
        write_claims(page, rows(report, claims, language), (report.name, ""), say("title-claims"))
        book.close()
    return path

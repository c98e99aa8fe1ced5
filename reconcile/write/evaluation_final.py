"""决算核对: how D1–D17 ended on the public final accounts, and what they found with its cell."""

from __future__ import annotations

from collections import Counter

from reconcile import wording
from reconcile.final.check import FinalChecks
from reconcile.final.proof import TAIL
from reconcile.write.sheet_page import Column, Page, area, cell, on

CHECKS = (
    Column("rule", "cell center", 7, 8),
    Column("check", "cell wrap", 16, 26),
    Column("formula", "cell wrap", 30, 54),
    Column("outcome", "cell center", 9, 12),
    Column("tested", "cell count", 8, 10),
    Column("found", "cell count", 8, 10),
    Column("tails", "cell count", 8, 10),
    Column("reason", "cell wrap", 24, 44),
)
FINDINGS = (
    Column("rule", "cell center", 7, 8),
    Column("severity", "cell center", 7, 9),
    Column("subject", "cell small wrap", 22, 40),
    Column("expected", "cell money", 13, 18),
    Column("found-amount", "cell money", 13, 18),
    Column("difference", "cell money", 12, 16),
    Column("message", "cell small wrap", 36, 60),
    Column("file", "cell small wrap", 12, 24),
    Column("sheet", "cell small wrap", 12, 24),
    Column("cell", "cell small center", 7, 9),
)
FILLS = {"found": "error", "could-not-run": "warning"}


def write_final(page: Page, listed: Page, checks: FinalChecks, meta: tuple[str, str]) -> None:
    """The rules on `page`, their counts live on the findings of `listed`."""
    say = page.say
    first, last = _findings(listed, checks, meta)
    rules = on(listed.name, _fixed(first, last, 0))
    levels = on(listed.name, _fixed(first, last, 1))
    row = top = page.open(say("title-final"), CHECKS, len(CHECKS), *meta, note=say("final-note"))
    counts = Counter((proof.rule, f.code == TAIL) for proof in checks.proofs for f in proof.findings)
    for proof in checks.proofs:
        entry, outcome = wording.entry("final_rules", proof.rule), proof.outcome.value
        page.text(row, 0, proof.rule, "cell center")
        page.text(row, 1, entry[say.language], "cell wrap")
        page.text(row, 2, entry[f"formula_{say.language}"], "cell wrap")
        page.text(row, 3, say(f"outcome-{outcome}"), f"cell center {FILLS.get(outcome, '')}".strip())
        if proof.tested:
            page.number(row, 4, proof.tested, "cell count")
            tail = f'COUNTIFS({rules},{cell(row, 0)},{levels},"{say("severity-info")}")'
            page.count(row, 5, f"COUNTIF({rules},{cell(row, 0)})-{cell(row, 6)}", counts[proof.rule, False])
            page.count(row, 6, tail, counts[proof.rule, True])
        else:
            for col in (4, 5, 6):
                page.text(row, col, say("none"), "cell right")
        page.text(row, 7, proof.reason, "cell wrap")
        row += 1
    page.close(footer=meta[0], freeze=(top, 2))


def _findings(page: Page, checks: FinalChecks, meta: tuple[str, str]) -> tuple[int, int]:
    say = page.say
    row = first = page.open(say("title-final-findings"), FINDINGS, len(FINDINGS), *meta)
    for proof in checks.proofs:
        for found in proof.findings:
            level, origin = found.level.value, found.origin
            page.text(row, 0, proof.rule, "cell center")
            page.text(row, 1, say(f"severity-{level}"), f"cell center {level}")
            page.text(row, 2, found.subject, "cell small wrap")
            page.amount(row, 3, found.expected)
            page.amount(row, 4, found.actual)
            if found.difference is None:
                page.amount(row, 5, None)
            else:
                page.formula(row, 5, f"ROUND({cell(row, 4)}-{cell(row, 3)},2)", found.difference)
            page.text(row, 6, found.message(say.language), "cell small wrap")
            for col, text in ((7, origin.file), (8, origin.sheet), (9, origin.cell)):
                page.text(row, col, text or say("none"), "cell small wrap" if col < 9 else "cell small center")
            row += 1
    if row == first:
        page.across(row, 0, len(FINDINGS) - 1, say("no-final-findings"), "cell")
        row += 1
    page.close(footer=meta[0], freeze=(first, 2))
    return first, row - 1


def _fixed(first: int, last: int, col: int) -> str:
    start, end = area(first, last, col).split(":")
    return ":".join(
        "$" + "".join(c for c in x if c.isalpha()) + "$" + "".join(c for c in x if c.isdigit()) for x in (start, end)
    )

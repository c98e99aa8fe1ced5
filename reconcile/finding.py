"""The closed vocabularies of what the library says: Finding, Severity, Outcome, Origin, Check, LoadError."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from reconcile import wording


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Outcome(StrEnum):
    PASSED = "passed"
    FOUND = "found"
    NOT_APPLICABLE = "not-applicable"
    COULD_NOT_RUN = "could-not-run"


def column_letter(column: int) -> str:
    """The letters that Excel shows for a 1-based column."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something stands: file, sheet, and the row and column that Excel shows (1-based, 0 for none)."""

    file: str = ""
    sheet: str = ""
    row: int = 0
    column: int = 0

    @property
    def cell(self) -> str:
        if not self.row:
            return ""
        return f"{column_letter(self.column)}{self.row}" if self.column else str(self.row)

    def __str__(self) -> str:
        place = f"{self.sheet}!{self.cell}" if self.cell and self.sheet else self.sheet or self.cell
        return " › ".join(part for part in (self.file, place) if part)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a person must know.  `expected`, `actual`, `difference` (actual − expected) in 分.

    `params` fill the wording of `code` from data/findings.toml; `detail` tells apart two findings of one code
    and subject, and enters the key; amounts and row numbers do not, so that the key is stable from run to run.
    `anchor` stands for the subject in the key where the subject itself moves with the period.  Words of ours enter it
    in Chinese, so that it is the same in either language.
    """

    code: str
    subject: str
    origin: Origin = Origin()
    expected: int | None = None
    actual: int | None = None
    severity: Severity | None = None
    detail: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    anchor: str = ""

    @property
    def level(self) -> Severity:
        return self.severity or Severity(wording.finding(self.code)["severity"])

    @property
    def difference(self) -> int | None:
        if self.expected is None or self.actual is None:
            return None
        return self.actual - self.expected

    @property
    def key(self) -> str:
        subject = wording.in_chinese(self.anchor or self.subject)
        detail = "|".join(map(wording.in_chinese, self.detail.split("|")))
        text = "\x1f".join((self.code, subject, detail))
        return f"{self.code}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"

    def message(self, language: str = "zh") -> str:
        facts: dict[str, object] = {
            "subject": self.subject,
            "where": str(self.origin),
            "expected": wording.amount(self.expected, language),
            "actual": wording.amount(self.actual, language),
            "difference": wording.amount(self.difference, language),
            "gap": wording.amount(abs(self.difference) if self.difference is not None else None, language),
        }
        facts.update({k: wording.render(v, language) for k, v in self.params.items()})
        template = wording.finding(self.code)
        return wording.fill(template[f"{self.detail_kind}{language}"], facts)

    @property
    def detail_kind(self) -> str:
        """A code may have several wordings (`unreadable.zh`); `params['wording']` names one."""
        kind = str(self.params.get("wording", ""))
        return f"{kind}_" if kind else ""


@dataclass(frozen=True, slots=True)
class Check:
    """One rule and how it ended.  `tested` counts what it looked at; `reason` says why it did not."""

    name: str
    outcome: Outcome
    tested: int = 0
    findings: tuple[Finding, ...] = ()
    reason: str = ""

    @classmethod
    def ran(cls, name: str, tested: int, findings: list[Finding]) -> Check:
        """A rule that ran: found, passed, or not applicable where there was nothing to look at."""
        if findings:
            return cls(name, Outcome.FOUND, tested, tuple(findings))
        if tested == 0:
            return cls(name, Outcome.NOT_APPLICABLE, 0, (), wording.text("nothing-to-test"))
        return cls(name, Outcome.PASSED, tested)

    @classmethod
    def skipped(cls, name: str, why: str) -> Check:
        """A rule that does not apply, with the reason (a key of data/wording.toml)."""
        return cls(name, Outcome.NOT_APPLICABLE, 0, (), wording.text(why))

    @classmethod
    def missing(cls, name: str, what: str) -> Check:
        """A rule that could not run, with what is missing (a key of data/wording.toml)."""
        return cls(name, Outcome.COULD_NOT_RUN, 0, (), wording.text(what))


class LoadError(ValueError):
    """Input that cannot be used: where, what was seen, and what to do about it."""

    def __init__(self, code: str, origin: Origin | str = "", **seen: object) -> None:
        self.code, self.where = code, str(origin)
        entry = wording.error(code)
        facts = {k: wording.render(v, "zh") for k, v in seen.items()}
        self.seen, self.advice = wording.fill(entry["seen"], facts), wording.fill(entry["advice"], facts)
        template = wording.text("load-error" if self.where else "load-error-nowhere")
        super().__init__(
            wording.fill(template, {"where": self.where, "seen": self.seen, "advice": self.advice}).strip()
        )

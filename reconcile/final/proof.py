"""How one rule is proved: sums and equalities of printed amounts, decided by intervals; what could not be tested is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from reconcile import wording
from reconcile.final.accounts import FinalAccounts
from reconcile.final.form import forms
from reconcile.final.table import BLANK, UNREADABLE, Amount, FinalTable, Line
from reconcile.finding import Finding, Origin, Outcome

EXACT = 1
TAIL = "rounding-tail"


def say(key: str, language: str, **facts: object) -> str:
    """A phrase of data/final.toml."""
    phrase = wording.text(key, language, "final")
    return wording.fill(phrase, facts) if facts else phrase


@dataclass(frozen=True)
class Part:
    """An amount that is no cell: of the books, of the evaluation; exact, or to `unit` 分."""

    fen: int
    unit: int = EXACT


def tie(total: tuple[int, int], parts: Sequence[tuple[int, int]]) -> bool:
    """Whether printed figures, each (分, 分 of its last digit), can come from exact amounts that tie.

    A figure x stands for [x − ½u, x + ½u), below 0 for its mirror; one that is exact (u ≤ 1) for itself.
    """
    low, high = _interval([total])
    least, most = _interval(parts)
    if low < high and least < most:
        return low < most and least < high
    point, (first, last) = (least, (low, high)) if least == most else (low, (least, most))
    rounded = first if first + last > 0 else last  # half up, away from 0
    return first < point < last or point == rounded


def _interval(figures: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Twice the least and the greatest sum that printed figures stand for."""
    whole = 2 * sum(fen for fen, _ in figures)
    room = sum(unit for fen, unit in figures if unit > EXACT)
    return whole - room, whole + room


def _unit(amount: Amount | Part) -> int:
    """分 that the last digit stands for; a blank cell is exactly nothing."""
    return EXACT if isinstance(amount, Amount) and amount.state == BLANK else amount.unit


@dataclass
class Proof:
    """The tests of one rule as they are made."""

    rule: str
    accounts: FinalAccounts
    language: str
    tested: int = 0
    findings: list[Finding] = field(default_factory=list)
    reasons: dict[str, None] = field(default_factory=dict)

    def say(self, key: str, **facts: object) -> str:
        return say(key, self.language, **facts)

    def lacks(self, key: str, **facts: object) -> None:
        """Something could not be tested."""
        self.reasons[self.say(key, **facts)] = None

    def name(self, table: FinalTable) -> str:
        return table.form.title(self.language)

    def table(self, number: str) -> FinalTable | None:
        """The one table of a form; else the reason is kept."""
        table = self.accounts.table(number)
        times = len(self.accounts.by_number.get(number, ()))
        if table is None:
            key = "twice" if times else "no-table"
            self.lacks(key, table=forms()[number].title(self.language), times=times)
        return table

    def same_unit(self, *tables: FinalTable) -> bool:
        """Whether the unit of every table is known, so that their amounts may be compared; else the reason is kept."""
        for table in tables:
            if not table.unit:
                self.lacks("no-unit", table=self.name(table))
        return all(t.unit for t in tables)

    def line(self, table: FinalTable, key: str, side: str = "") -> Line | None:
        """The line of a label, or 合计 for `total`; else the reason is kept."""
        line = table.total() if key == "total" else table.labelled(key, side)
        if line is None:
            self.lacks("no-line", table=self.name(table), line=self.say(f"line-{key}"))
        return line

    def cell(self, table: FinalTable, key: str, name: str = "amount", side: str = "") -> Amount | None:
        """The amount of a labelled line; else the reason is kept."""
        line = self.line(table, key, side)
        return None if line is None else self.of(table, line, name)

    def of(self, table: FinalTable, line: Line, name: str) -> Amount | None:
        if name not in line.amounts:
            self.lacks("no-column", table=self.name(table), line=self.say(f"field-{name}"))
            return None
        return line.amounts[name]

    def subject(self, table: FinalTable, label: str, name: str = "") -> str:
        if name in ("", "amount"):
            return self.say("subject", table=self.name(table), line=label)
        return self.say("subject-field", table=self.name(table), line=label, field=self.say(f"field-{name}"))

    def sum(
        self,
        subject: str,
        total: Amount | None,
        parts: Sequence[Amount | None],
        how: str,
        *,
        minus: Sequence[Amount | None] = (),
        detail: str = "",
    ) -> None:
        """Prove total = Σ parts − Σ minus.  A blank part is nothing; a line that is not there is nothing."""
        there = [(1, p) for p in parts if p is not None] + [(-1, p) for p in minus if p is not None]
        known = self._known(total, [p for _, p in there])
        if known is None:
            return
        values = [(sign * (p.fen or 0), _unit(p)) for sign, p in there]
        params: dict[str, object] = {"rule": self.rule, "parts": how}
        self._settle("total-mismatch", subject, known, values, params, detail)

    def same(
        self, subject: str, here: Amount | None, there: Amount | Part | None, other: str, detail: str = ""
    ) -> None:
        """Prove that a figure is the same in two places; one of them may be exact."""
        if there is None:
            return
        known = self._known(here, [there] if isinstance(there, Amount) else [])
        if known is None:
            return
        value = (there.fen or 0, _unit(there))
        if isinstance(there, Part) and there.unit == EXACT and tie((known.fen or 0, known.unit), [value]):
            self.tested += 1  # printed as the exact amount rounds
            return
        params: dict[str, object] = {"rule": self.rule, "other": other}
        self._settle("repeated-figure-differs", subject, known, [value], params, detail)

    def _known(self, total: Amount | None, parts: Sequence[Amount]) -> Amount | None:
        """The total where the test can be made: all is readable, and it is not blank beside amounts."""
        if total is None:
            return None
        bad = [a for a in (total, *parts) if a.state == UNREADABLE]
        for amount in bad:
            self.lacks("unreadable", where=str(amount.origin))
        if bad:
            return None
        if total.state == BLANK:
            if any(p.fen for p in parts):
                self.lacks("blank", where=str(total.origin))
            return None
        return total

    def _settle(
        self,
        code: str,
        subject: str,
        total: Amount,
        values: Sequence[tuple[int, int]],
        params: dict[str, object],
        detail: str,
    ) -> None:
        self.tested += 1
        stated, expected = total.fen or 0, sum(fen for fen, _ in values)
        if stated == expected:
            return
        tail = tie((stated, total.unit), values)
        facts = {"parts": params.get("other", ""), **params} if tail else params
        finding = Finding(
            TAIL if tail else code,
            subject,
            total.origin,
            expected=expected,
            actual=stated,
            detail=f"{self.rule} {detail or subject}",
            params={"wording": "final", **facts},
        )
        self.findings.append(finding)

    def find(
        self, code: str, subject: str, origin: Origin, expected: int | None, actual: int | None, **params: object
    ) -> None:
        """Something else that is wrong."""
        self.findings.append(
            Finding(
                code,
                subject,
                origin,
                expected=expected,
                actual=actual,
                detail=self.rule,
                params={"rule": self.rule, **params},
            )
        )

    @property
    def outcome(self) -> Outcome:
        if any(f.code != TAIL for f in self.findings):
            return Outcome.FOUND
        if self.tested:
            return Outcome.PASSED
        return Outcome.COULD_NOT_RUN if self.reasons else Outcome.NOT_APPLICABLE

    @property
    def reason(self) -> str:
        if self.reasons:
            return ("；" if self.language == "zh" else "; ").join(self.reasons)
        return "" if self.tested else self.say("nothing")

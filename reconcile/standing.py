"""What became of each finding since the workbook that came back: its status, its age, and the opinion that holds."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from reconcile import wording
from reconcile.finding import Check, Finding, Outcome
from reconcile.money import FEN_PER_YUAN
from reconcile.replies import ANSWER, GONE, SETTLING, Replies, Reply
from reconcile.seals import amounts_of, basis_of, kin_of

NEW, PERSISTING, ACCEPTED, DISMISSED, LAPSED, RECURRING = (
    "new",
    "persisting",
    "accepted",
    "dismissed",
    "lapsed",
    "recurring",
)
RESOLVED, NOT_CHECKED, NOT_LISTED = GONE
SUMMED = ("rest", "most")
"""Details of findings that stand for many: what was listed by itself may be among them now."""
SETTLED = (ACCEPTED, DISMISSED)
"""A person has settled these: they are no open errors."""
MONEY = ("expected", "actual", "difference")
_OF_DECISION = {"accept": ACCEPTED, "dismiss": DISMISSED}


@dataclass(frozen=True)
class Standing:
    """status: see above.  since: the month (`YYYY-MM`) in which it was first found, '' where nobody knows.  age: whole
    months from then to now, None where nobody knows.

    reply: the opinion that is carried on.  earlier: one that holds no more, to be shown.
    """

    status: str
    since: str = ""
    age: int | None = None
    reply: Reply | None = None
    earlier: str = ""

    @property
    def settled(self) -> bool:
        return self.status in SETTLED


@dataclass(frozen=True)
class Standings:
    """by_key: of every finding of this run.  gone: what the previous workbook lists and this run does not find."""

    by_key: Mapping[str, Standing] = field(default_factory=dict)
    gone: tuple[tuple[Reply, Standing], ...] = ()


def checked(outcomes: Iterable[Check]) -> set[str]:
    """Names of the checks that ran, or had nothing to look at any more."""
    gone = wording.text("nothing-to-test")
    ran = (Outcome.PASSED, Outcome.FOUND)
    return {c.name for c in outcomes if c.outcome in ran or (c.outcome is Outcome.NOT_APPLICABLE and c.reason == gone)}


def looked_for(code: str, check: str, ran: Collection[str]) -> bool:
    """Whether what a check found under a code was looked for by the checks that `ran`: by that check, or, where nobody
    knows which it was (''), by each that may find the code."""
    return all(name in ran for name in ([check] if check else wording.finders(code)))


def standings(
    problems: Sequence[Finding],
    outcomes: Sequence[Check],
    replies: Replies | None,
    month: str,
    language: str,
    places: Collection[tuple[str, str]] = (),
) -> Standings:
    """How the findings of a run stand in `month` (`YYYY-MM`), against what came back; all are new where nothing did.

    places: the files and sheets that are read.  An acceptance (accept, dismiss) holds while what it was given for is the same to the 分; else it lapses.
    """
    before = dict(replies.by_key) if replies else {}
    for finding, reply in _renamed(problems, replies, places) if replies else ():
        before[finding.key] = before.pop(reply.key)
    by_key = {f.key: _standing(f, before.get(f.key), month, language) for f in problems}
    ran = checked(outcomes)
    summed = {f.code for f in problems if f.detail in SUMMED}
    gone = []
    for key, reply in before.items():
        if key not in by_key:
            status = (
                NOT_LISTED
                if reply.code in summed
                else RESOLVED
                if looked_for(reply.code, reply.check, ran)
                else NOT_CHECKED
            )
            standing = Standing(status, reply.since, months_between(reply.since, month), reply, reply.earlier)
            gone.append((reply, standing))
    return Standings(by_key, tuple(gone))


def _renamed(
    problems: Sequence[Finding], replies: Replies, places: Collection[tuple[str, str]]
) -> Iterator[tuple[Finding, Reply]]:
    """Findings of a file or sheet that has another date in its name now: the old one is read no more, the new one was not
    read then, and there is one finding of this kind on either side."""
    now = {f.key for f in problems}
    old = [r for r in replies.found if r.key not in now and r.kin and r.file and (r.file, r.sheet) not in places]
    new = [f for f in problems if f.key not in replies.by_key and f.origin.file]
    olds, news = Counter(r.kin for r in old), Counter(map(kin_of, new)) if old else Counter()
    by_kin = {r.kin: r for r in old if olds[r.kin] == 1}
    for finding in new if by_kin else ():
        kin, (file, sheet) = kin_of(finding), (finding.origin.file, finding.origin.sheet)
        known = replies.mentions(file) and replies.mentions(sheet)
        if kin in by_kin and news[kin] == 1 and not known:
            yield finding, by_kin[kin]


def _standing(finding: Finding, reply: Reply | None, month: str, language: str) -> Standing:
    if reply is None:
        return Standing(NEW, month, 0)
    stands = Standing(PERSISTING, reply.since, months_between(reply.since, month), reply, reply.earlier)
    if reply.status == RESOLVED:
        return replace(stands, status=RECURRING, reply=None, earlier=told(reply, language))
    if reply.decision in SETTLING:
        if _unchanged(finding, reply):
            return replace(stands, status=_OF_DECISION[reply.decision])
        return replace(stands, status=LAPSED, reply=None, earlier=told(reply, language))
    if reply.status == LAPSED and not reply.decision:
        return replace(stands, status=LAPSED)
    return stands


def _unchanged(finding: Finding, reply: Reply) -> bool:
    """Whether an opinion was given for what the finding says now; where that is not known, it was not."""
    if reply.basis:
        return amounts_of(reply.basis) == amounts_of(basis_of(finding))
    now = (finding.expected, finding.actual)
    if now == (None, None):
        return reply.message in (finding.message("zh"), finding.message("en"))
    return now == (reply.expected, reply.actual)


def told(reply: Reply, language: str) -> str:
    """An opinion as one line: decision, who, when, why; then one that was told before it."""
    decision = wording.text(f"decision-{reply.decision}", language, "workbook") if reply.decision else ""
    line = " · ".join(part for part in (decision, reply.person, reply.date, reply.note) if part)
    return "；".join(part for part in (line, reply.earlier) if part)


def months_between(first: str, last: str) -> int | None:
    """Whole months from `YYYY-MM` to `YYYY-MM`; None where one is not known or the first is later."""
    try:
        (y, m), (year, month) = (map(int, t.split("-")) for t in (first, last))
    except ValueError:
        return None
    months = 12 * (year - y) + month - m
    return months if months >= 0 else None


def standings_frame(stands: Sequence[Standing]) -> pd.DataFrame:
    """How findings stand, one row each; `decided` is the date that a person wrote."""
    records = [
        (s.status, s.since, math.nan if s.age is None else s.age, *(getattr(s.reply, a, "") for a in ANSWER), s.earlier)
        for s in stands
    ]
    columns = ["status", "since", "age", "decision", "note", "person", "decided", "earlier"]
    frame = pd.DataFrame(records, columns=columns)
    return frame.astype(dict.fromkeys(columns, "str") | {"age": "float64"})


def gone_frame(gone: Sequence[tuple[Reply, Standing]]) -> pd.DataFrame:
    """What is found no more, one row each; amounts in yuan."""
    told = [(r.code, r.severity, r.subject, r.expected, r.actual, r.difference, r.message, r.key) for r, _ in gone]
    frame = pd.DataFrame(told, columns=["code", "severity", "subject", *MONEY, "message", "key"])
    for name in MONEY:
        frame[name] = pd.to_numeric(frame[name]).astype("float64") / FEN_PER_YUAN
    return pd.concat([frame, standings_frame([s for _, s in gone])], axis="columns")

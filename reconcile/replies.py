"""What people wrote into a review workbook: opinions on findings, reclassified entries, approved names."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from reconcile import wording
from reconcile.aliases import Aliases, category_named, returned_aliases
from reconcile.finding import Finding, LoadError, Origin
from reconcile.money import FEN_PER_YUAN, parse_cell, to_fen
from reconcile.read import words
from reconcile.read.dates import parse_date
from reconcile.read.returned import Returned, known, returned, text
from reconcile.read.workbook import Book, Source, open_book
from reconcile.seals import is_key, sealed_for

ANSWER = ("decision", "note", "person", "date")
SETTLING = ("accept", "dismiss")
"""Decisions after which a finding stands, as long as its amount does."""
GONE = ("resolved", "not-checked", "not-listed")
STATUSES = ("new", "persisting", "accepted", "dismissed", "lapsed", "recurring", *GONE)
LANGUAGES = ("zh", "en")
NOWHERE = Origin()


@dataclass(frozen=True)
class Reply:
    """A finding as the workbook lists it, and what a person says of it; `decision` is one of accept, correct,
    reclassify, ask, dismiss, or ''.

    file, sheet: where the finding stood; check: what found it, '' where the workbook does not say; kin, basis (what the
    decision was made on): see seals.  expected, actual: in 分, as they stood there, None where there is none.  status, since (`YYYY-MM`), earlier (an opinion that holds no more): as the workbook shows them.
    """

    key: str
    code: str
    severity: str
    subject: str
    message: str
    expected: int | None = None
    actual: int | None = None
    decision: str = ""
    note: str = ""
    person: str = ""
    date: str = ""
    status: str = ""
    since: str = ""
    earlier: str = ""
    basis: str = ""
    kin: str = ""
    file: str = ""
    sheet: str = ""
    origin: Origin = NOWHERE
    check: str = ""

    @property
    def answered(self) -> bool:
        return any((self.decision, self.note, self.person, self.date))

    @property
    def difference(self) -> int | None:
        return None if self.expected is None or self.actual is None else self.actual - self.expected


@dataclass(frozen=True)
class Move:
    """An entry that a person reclassified, by the key of entry_keys: into a `project` of the budget (by name, code or
    both), which brings its category, or into a `category` (basic, project, other) without project.  asked: the category as written.  again: whether it was carried on from an earlier workbook, so that a new
    one comes before it."""

    key: str
    category: str
    project: str
    note: str = ""
    person: str = ""
    origin: Origin = NOWHERE
    asked: str = ""
    again: bool = False


@dataclass(frozen=True)
class Replies:
    """A review workbook that came back.

    found: every finding that it lists, answered or not.  moves: entries to be reclassified.  aliases: names that it
    settles.  problems: what could not be read, each a finding.
    """

    found: tuple[Reply, ...] = ()
    moves: tuple[Move, ...] = ()
    aliases: Aliases = field(default_factory=Aliases)
    problems: tuple[Finding, ...] = ()
    book: Book | None = None

    @cached_property
    def by_key(self) -> Mapping[str, Reply]:
        return {r.key: r for r in self.found}

    @cached_property
    def moved(self) -> Mapping[str, Move]:
        """Reclassified entries by their key."""
        return {m.key: m for m in self.moves}

    def mentions(self, name: str) -> bool:
        """Whether the workbook names a file or sheet in a cell of its own."""
        sheets = self.book.sheets if self.book else ()
        return any(bool(np.any(sheet.cells == name)) for sheet in sheets)

    @property
    def replies(self) -> pd.DataFrame:
        """One row a finding that was answered; amounts in yuan, as they stood when it was."""
        records = [
            (r.key, r.code, r.subject, *(getattr(r, a) for a in ANSWER),
             *map(_yuan, (r.expected, r.actual, r.difference)), r.status, r.since,
             r.origin.file, r.origin.sheet, r.origin.row)
            for r in self.found if r.answered
        ]  # fmt: skip
        columns = ["key", "code", "subject", *ANSWER, "expected", "actual", "difference", "status", "since"]
        frame = pd.DataFrame(records, columns=[*columns, "file", "sheet", "row"])
        return frame.astype(dict.fromkeys(("expected", "actual", "difference"), "float64"))


def read_replies(source: Source | Replies) -> Replies:
    """Read a review workbook that people filled in and gave back, in either language.

    Columns are found by their header, rows by their key: they may have been reordered, filtered, hidden, or stand among
    others, on sheets of other names.  What cannot be read is in `problems`, quoted with its cell.
    Raises LoadError for a file that cannot be opened or is no review workbook.
    """
    if isinstance(source, Replies):
        return source
    book = open_book(source)
    problems: list[Finding] = []
    lists, entries = returned(book, "findings"), returned(book, "entries")
    if not lists and not entries:
        raise LoadError("no-findings-list", book.file, value="、".join(s.name for s in book.sheets))
    rows = [reply for one in lists for reply in _replies(one, problems)]
    moves = [move for one in entries for move in _moves(one, problems)]
    aliases, refused = returned_aliases(book)
    problems += [unreadable(origin, "alias", seen=seen) for origin, seen in refused]
    return Replies(
        tuple(_one_each(rows, problems)),
        tuple(_agreed(moves, problems)),
        Aliases(tuple(aliases), (book,)),
        tuple(problems),
        book,
    )


def unreadable(origin: Origin, why: str, *, seen: str, subject: str = "", title: str = "", key: str = "") -> Finding:
    """A reply that was not taken up: the text as it stands there, its cell, and the reason (`reply-why-…`)."""
    none = {lang: wording.text("reply-row", lang) for lang in LANGUAGES}
    return Finding(
        "unreadable-reply",
        subject or origin.sheet,
        origin,
        detail=f"{why}|{key}|{title}|{seen}",
        params={
            "header": title or none,
            "seen": seen,
            "why": {lang: wording.text(f"reply-why-{why}", lang) for lang in LANGUAGES},
        },
    )


def _yuan(fen: int | None) -> float:
    return math.nan if fen is None else fen / FEN_PER_YUAN


def _fen(value: object) -> int | None:
    number = None if value is None else parse_cell(value)
    return None if number is None else to_fen(number)


def _replies(table: Returned, problems: list[Finding]) -> Iterator[Reply]:
    title = words.normalise(table.title("key"))
    for i in map(int, table.filled(("key", *ANSWER)).nonzero()[0]):
        told = {name: text(table.column(name)[i]) for name in known("findings").values()}
        if title and words.normalise(told["key"]) == title:
            continue
        basis = told["basis"]
        written = " / ".join(told[a] for a in ANSWER if told[a])
        code_fits = not told["code"] or told["key"].startswith(f"{told['code']}-")
        if not is_key(told["key"]) or not code_fits or not sealed_for(told["key"], basis):
            if written:
                seen, place = written, next(a for a in ANSWER if told[a])
                problems.append(_refused(table, i, place, "key", seen, told["subject"], told["key"]))
            continue
        decision = known("decision").get(words.normalise(told["decision"]), "")
        earlier = told["earlier"]
        if told["decision"] and not decision:
            earlier = "；".join(part for part in (told["decision"], earlier) if part)
            problems.append(_refused(table, i, "decision", "decision", told["decision"], told["subject"], told["key"]))
        day = parse_date(table.column("date")[i])
        if told["date"] and day is None:
            problems.append(_refused(table, i, "date", "date", told["date"], told["subject"], told["key"]))
        yield Reply(
            told["key"],
            told["code"] or told["key"].rpartition("-")[0],
            _word("severity", told["severity"], ("error", "warning", "info")),
            told["subject"],
            told["message"],
            _fen(table.column("expected")[i]),
            _fen(table.column("actual")[i]),
            decision,
            told["note"],
            told["person"],
            day.isoformat() if day else told["date"],
            _word("standing", told["status"], STATUSES),
            told["since"],
            earlier,
            basis,
            told["kin"],
            told["file"],
            told["sheet"],
            table.origin(i, "decision"),
            told["check"],
        )


def _refused(table: Returned, index: int, place: str, why: str, seen: str, subject: str, key: str) -> Finding:
    return unreadable(table.origin(index, place), why, seen=seen, subject=subject, title=table.title(place), key=key)


def _word(kind: str, shown: str, names: Sequence[str]) -> str:
    """The name of a word of ours in either language, '' for other words."""
    for name in names:
        if shown and shown in (wording.text(f"{kind}-{name}", language, "workbook") for language in LANGUAGES):
            return name
    return ""


def _one_each(rows: Sequence[Reply], problems: list[Finding]) -> Iterator[Reply]:
    """One reply a key: rows that say the same are one, of rows that contradict each other none is taken."""
    groups: dict[str, list[Reply]] = {}
    for row in rows:
        groups.setdefault(row.key, []).append(row)
    for group in groups.values():
        answers = {tuple(getattr(r, a) for a in ANSWER): r for r in group if r.answered}
        if len(answers) < 2:
            yield next(iter(answers.values()), group[0])
            continue
        said = [f"{r.origin.cell} {' / '.join(part for part in answer if part)}" for answer, r in answers.items()]
        first = next(iter(answers.values()))
        seen = "；".join(said)
        problems.append(unreadable(first.origin, "twice", seen=seen, subject=first.subject, key=first.key))
        earlier = "；".join(part for part in (seen, first.earlier) if part)
        yield replace(first, decision="", note="", person="", date="", earlier=earlier)


def _moves(table: Returned, problems: list[Finding]) -> Iterator[Move]:
    for i in map(int, table.filled(("category", "project")).nonzero()[0]):
        key, category, project, note, person = (
            text(table.column(name)[i]) for name in ("key", "category", "project", "note", "person")
        )
        if words.normalise(category) == words.normalise(table.title("category")) and category:
            continue
        written, place = " / ".join(p for p in (category, project, note) if p), "category" if category else "project"
        named = category_named(category)
        if not is_key(key, entry=True):
            problems.append(_refused(table, i, place, "entry-key", written, "", key))
        elif category and not named:
            problems.append(_refused(table, i, "category", "category", written, project, key))
        else:
            yield Move(key, named, project, note, person, table.origin(i, place), category, table.has("outcome"))


def _agreed(moves: Sequence[Move], problems: list[Finding]) -> Iterator[Move]:
    groups: dict[str, list[Move]] = {}
    for move in moves:
        groups.setdefault(move.key, []).append(move)
    for every in groups.values():
        group = [m for m in every if not m.again] or every
        first = group[0]
        if len({(m.category, m.project) for m in group}) == 1:
            yield first
            continue
        seen = "；".join(f"{m.origin.cell} {m.category} {m.project}".strip() for m in group)
        problems.append(unreadable(first.origin, "twice", seen=seen, key=first.key))

"""A report as sentences with their figures, its lists, its sections, and the period that it is about."""

from __future__ import annotations

import calendar
import datetime
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property

from reconcile.claims import numerals, roles, tokens
from reconcile.claims.figure import Figure
from reconcile.claims.roles import Said
from reconcile.claims.source import Line, is_english, is_prose

LONGEST = 3000
"""Characters of one sentence; longer ones are lists that never end."""
_PLAN_ALONE = re.compile("(?:年初|全年|调整后?|总)?预算(?:数|总额)?")
_ENDS = re.compile(r"[。！？!?\n]")
_ITEM = (
    ("cn", re.compile(r"^\s*([一二三四五六七八九十]{1,3})、")),
    ("cnp", re.compile(r"^\s*\(([一二三四五六七八九十]{1,3})\)")),
    ("is", re.compile(r"^\s*([一二三四五六七八九十]{1,2})是(?![一二])")),
    ("ar", re.compile(r"^\s*(\d{1,2})[.、．](?!\d)")),
    ("arp", re.compile(r"^\s*\((\d{1,2})\)|^\s*(\d{1,2})\)")),
    ("ring", re.compile(r"^\s*([①-⑳])")),
    ("first", re.compile(r"^\s*第([一二三四五六七八九十]{1,2})[，、]")),
)
_HEADINGS = ("cn", "cnp")
_WHY = re.compile("(?:主要|其)?原因(?:是|为|有|在于)?|主要(?:是|系)(?!指)|是?因为|由于")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*年(?:度)?")


@dataclass(frozen=True)
class Sentence:
    """plain[start:end] of paragraph `paragraph` (1-based position), and its figures with their words."""

    index: int
    paragraph: int
    start: int
    end: int
    text: str
    said: tuple[Said, ...]
    style: str = ""
    number: int = 0

    @cached_property
    def _reason(self) -> int:
        """Where the sentence begins to tell why; its end where it does not."""
        found = _WHY.search(self.text)
        return self.start + found.start() if found else self.end

    def beside(self, said: Said) -> list[Said]:
        """The figures that stand on one side of `主要原因是` with one of them: those that tell what, or those that tell why."""
        return [s for s in self.said if (s.figure.start >= self._reason) == (said.figure.start >= self._reason)]

    @cached_property
    def levels(self) -> list[Said]:
        return [s for s in self.said if s.is_level]


@dataclass(frozen=True)
class Listing:
    """A list: the sentence before it, and its items, each a run of sentences."""

    lead: Sentence | None
    items: tuple[tuple[Sentence, ...], ...]
    style: str


@dataclass(frozen=True)
class Report:
    """Paragraphs as written, narrowed character by character, and their sentences."""

    name: str
    lines: tuple[Line, ...]
    plain: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    cells: dict[tuple[int, int, int], tuple[int, str]] = field(default_factory=dict)

    def phrase(self, paragraph: int, start: int, end: int) -> tuple[int, int, str]:
        """(start, end, text) of a phrase as written, without blanks around it."""
        text = self.lines[paragraph - 1].text[start:end]
        start += len(text) - len(text.lstrip(" \t\u3000，,；;、。"))
        return start, start + len(text.strip(" \t\u3000，,；;、。")), text.strip(" \t\u3000，,；;、。")

    def between(self, first: Figure, last: Figure) -> tuple[int, int, str]:
        """The phrase from the words of one figure to another; of the last alone where they stand in two paragraphs."""
        if first.paragraph != last.paragraph:
            return self.words_of(last)
        if first.start > last.start:
            first, last = last, first
        start = self.words_of(first)[0]
        return self.phrase(last.paragraph, start, last.end)

    def words_of(self, figure: Figure) -> tuple[int, int, str]:
        """A figure with the words of its clause."""
        found = self.find(figure)
        start = figure.start - len(found.clause) if found else figure.start
        tail = len(found.tail) if found else 0
        return self.phrase(figure.paragraph, start, figure.end + (tail if tail <= 12 else 0))

    def whole_before(self, sentence: Sentence) -> list[Said]:
        """The whole spending that the sentence before tells, for one that goes on about its budget: `支出决算1775.24万元，
        其中…。全年预算1842.95万元，完成全年预算的96.33%，结余67.71万元`.  None where this one names a subject or what was spent."""
        plans = [s for s in sentence.levels if s.planned and not s.depth]
        other = any(s.spent for s in sentence.levels) or not all(_PLAN_ALONE.fullmatch(s.subject) for s in plans)
        if not plans or other or sentence.style:
            return []
        name = roles.pattern("whole-name")
        found = [s for e in self.before(sentence) for s in e.levels if s.spent and name.fullmatch(s.subject)]
        return found if len(found) == 1 else []

    @cached_property
    def _said(self) -> dict[tuple[int, int], tuple[Said, Sentence]]:
        return {s.figure.at: (s, sentence) for sentence in self.sentences for s in sentence.said}

    def find(self, figure: Figure) -> Said | None:
        found = self._said.get(figure.at)
        return found[0] if found else None

    def before(self, sentence: Sentence, count: int = 1) -> list[Sentence]:
        """The sentences before one, the nearest first."""
        return [self.sentences[i] for i in range(sentence.index - 1, max(-1, sentence.index - 1 - count), -1)]

    @cached_property
    def all_said(self) -> list[Said]:
        return [s for sentence in self.sentences for s in sentence.said]

    @cached_property
    def totals(self) -> list[Said]:
        """Levels that are called a total of some kind, each value once."""
        found: dict[tuple[object, ...], Said] = {}
        for said in self.all_said:
            if said.is_level and roles.pattern("whole-name").fullmatch(said.subject):
                found.setdefault((said.figure.dimension, said.figure.kin, said.figure.value, said.figure.step), said)
        return list(found.values())

    @cached_property
    def named(self) -> dict[str, list[Said]]:
        """Levels by the last two characters of what they are called."""
        found: dict[str, list[Said]] = {}
        for said in self.all_said:
            if said.is_level and len(said.subject) > 1:
                found.setdefault(said.subject[-2:], []).append(said)
        return found

    @cached_property
    def listings(self) -> list[Listing]:
        return list(_listings(self.sentences))

    @cached_property
    def year(self) -> int:
        """The year that the report is about: of its first lines, else the one that it names most as 年度; 0 for none."""
        for text in self.plain[:8]:
            found = re.search(r"((?:19|20)\d\d)\s*年度?", text)
            if found and len(text.strip()) < 60 and not re.search(r"年\s*\d{1,2}\s*月", text):
                return int(found[1])
        years = Counter(int(m[1]) for t in self.plain for m in re.finditer(r"((?:19|20)\d\d)\s*年度", t))
        return years.most_common(1)[0][0] if years else 0

    @cached_property
    def only_year(self) -> int:
        """The one year that the report names anywhere; 0 where it names none or several."""
        years = {s.figure.day[0] for s in self.all_said if s.role == "date" and s.figure.day[0]}
        return years.pop() if len(years) == 1 else 0

    @cached_property
    def period_end(self) -> datetime.date | None:
        """The last day of the period that the report is about."""
        if not self.year:
            return None
        head = "".join(t for t in self.plain[:8] if len(t.strip()) < 60) or (self.plain[0] if self.plain else "")
        month = 12
        for words, last in (("上半年|半年度", 6), ("第?一季度", 3), ("第?二季度", 6), ("第?三季度|前三季度", 9)):
            if re.search(words, head):
                month = last
        span = re.search(r"1\s*[-—至~]\s*(\d{1,2})\s*月", head)
        month = int(span[1]) if span and 1 <= int(span[1]) <= 12 else month
        return datetime.date(self.year, month, calendar.monthrange(self.year, month)[1])


def read(name: str, lines: Sequence[Line]) -> Report:
    """Split a report into sentences and find every figure."""
    plain = tuple(numerals.narrow(line.text) for line in lines)
    found = {
        i: [] if is_english(text) else tokens.figures(i, text)
        for i, (line, text) in enumerate(zip(lines, plain, strict=True), 1)
        if is_prose(line)
    }
    found = _steps(found)
    sentences: list[Sentence] = []
    for i, figures in found.items():
        for start, end in _bounds(plain[i - 1]):
            own = [f for f in figures if start <= f.start < end]
            text = plain[i - 1][start:end]
            style, number = item(text)
            said = tuple(roles.said(plain[i - 1], start, end, own))
            sentences.append(Sentence(len(sentences), i, start, end, text, said, style, number))
    cells = {line.cell: (i, plain[i - 1]) for i, line in enumerate(lines, 1) if line.cell}
    return Report(name, tuple(lines), plain, tuple(sentences), cells)


def _bounds(plain: str) -> list[tuple[int, int]]:
    """Where the sentences lie.  One that goes on for pages is parted at a semicolon or a comma."""
    out, start = [], 0
    for m in _ENDS.finditer(plain):
        out += _parted(plain, start, m.start())
        start = m.end()
    return out + _parted(plain, start, len(plain))


def _parted(plain: str, start: int, end: int) -> list[tuple[int, int]]:
    out = []
    while end - start > LONGEST:
        cut = max(plain.rfind("；", start, start + LONGEST), plain.rfind("，", start, start + LONGEST))
        cut = cut if cut > start else start + LONGEST
        out.append((start, cut))
        start = cut
    return out + ([(start, end)] if plain[start:end].strip() else [])


def _steps(found: dict[int, list[Figure]]) -> dict[int, list[Figure]]:
    """Money to the digit that it is known to.

    A report that drops trailing zeros prints `14` beside `174.51`: both are known to two decimals at most.  So it is
    taken within a paragraph, and in the whole report where most amounts of a unit have decimals.  A round `1亿元` beside
    finer amounts of another unit is as fine as they are.
    """
    amounts = [f for fs in found.values() for f in fs if f.dimension == "money" and f.step and f.plain]
    shown = Counter(f.unit for f in amounts if f.step < f.factor)
    every = Counter(f.unit for f in amounts)
    habits = {u for u in shown if shown[u] >= 3 and 2 * shown[u] >= every[u]}
    return {i: [_known_to(f, figures, habits) for f in figures] for i, figures in found.items()}


def _known_to(figure: Figure, beside: Sequence[Figure], habits: set[str]) -> Figure:
    if figure.dimension != "money" or not figure.step or not figure.plain:
        return figure
    money = [f for f in beside if f.dimension == "money" and f.step]
    finest = min(f.step for f in money if f.unit == figure.unit)
    if figure.unit in habits:
        finest = figure.factor / 100
    elif figure.step == figure.factor and len(str(int(figure.value / figure.factor)).rstrip("0")) == 1:
        finest = min(finest, *(f.step for f in money))
    return replace(figure, step=min(figure.step, max(finest, figure.factor / 100)))


def item(text: str) -> tuple[str, int]:
    """The style and number of a list item's mark, ('', 0) for none."""
    for style, pattern in _ITEM:
        found = pattern.match(text)
        if found:
            mark = next(g for g in found.groups() if g)
            if style == "ring":
                return style, ord(mark) - ord("①") + 1
            value = Fraction(int(mark)) if mark.isdecimal() else numerals.chinese(mark)
            return (style, int(value)) if value is not None else ("", 0)
    return "", 0


def _listings(sentences: Sequence[Sentence]) -> list[Listing]:
    """Runs of items 1, 2, 3 … of one style; an item holds the sentences up to the next."""
    out = []
    for first in sentences:
        if first.number != 1 or not first.style:
            continue
        starts = [first.index]
        for s in sentences[first.index + 1 : first.index + 400]:
            outer = s.style in _HEADINGS and s.style != first.style and first.style != "cn"
            if outer and (s.style == "cn" or first.style != "cnp"):
                break
            if s.style == first.style:
                if s.number != len(starts) + 1:
                    break
                starts.append(s.index)
        if len(starts) < 2:
            continue
        last = starts[-1] + 1
        while last < len(sentences) and sentences[last].paragraph == sentences[starts[-1]].paragraph:
            last += 1
        ends = [*starts[1:], last]
        items = tuple(tuple(sentences[a:b]) for a, b in zip(starts, ends, strict=True))
        out.append(Listing(sentences[first.index - 1] if first.index else None, items, first.style))
    return out

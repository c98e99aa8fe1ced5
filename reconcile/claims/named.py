"""Which figures a rate is of, by its name: those that the evaluation's rules define, and those whose words it shares."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from reconcile.claims.claim import Trial
from reconcile.claims.plans import rate
from reconcile.claims.pool import candidates, kinds_of
from reconcile.claims.roles import Said, pattern
from reconcile.claims.text import Sentence
from reconcile.read.words import rows_of

_STEM = re.compile(
    r"(?P<head>[一-鿿“”]*?)(?P<stem>[一-鿿]{2})(?:率|度|比例|比)(?:仅|只|就|已|约|为|达到|达|是|[:：])*$"
)


@cache
def _definitions() -> list[tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]]:
    rows = rows_of("claim_rates")
    return [
        (
            re.compile(f"(?:{r['rate']})(?:仅|只|约|为|达到|达|是|[:：])*$"),
            re.compile(r["part"]),
            re.compile(r["whole"]),
        )
        for r in rows
    ]


def defined(sentence: Sentence, said: Said) -> Iterator[Trial]:
    """A rate that the evaluation's rules define, of the one figure that is its part and the one that is its whole."""
    for name, part, whole in _definitions():
        if not name.search(re.sub(r"\([^()]*\)", "", said.clause)):
            continue
        own = [s for s in candidates(sentence.said, said) if s.part == said.part]
        parts = [s for s in own if part.search(words_of(s))]
        wholes = [s for s in own if whole.search(words_of(s)) and s not in parts]
        for p in parts:
            for w in [w for w in wholes if w.figure.like(p.figure)]:
                yield Trial(rate, (p.figure, w.figure), "how-rate", len(parts) == len(wholes) == 1)
        return


def words_of(said: Said) -> str:
    """The words of a figure without a heading: `质量达标率：验收62个`."""
    return re.split("[:：]", said.label)[-1]


def of_named_whole(sentence: Sentence, said: Said) -> Iterator[Trial]:
    """`项目投资36500万元，完成投资27180万元，占计划的74.5%`."""
    group = next(iter(kinds_of([s for s in candidates(sentence.said, said) if s.part == said.part])), [])
    done = [s for s in group if s.spent]
    sure = len(group) == 2 and len(done) == 1
    for d in done:
        for other in [s for s in group if s is not d]:
            yield Trial(rate, (d.figure, other.figure), "how-rate", sure)


def linked_part(group: Sequence[Said], said: Said) -> Said | None:
    """The one figure of a group whose words have what the rate is named after: 利用率 of 在用, 到会率 of 实到."""
    named = _STEM.search(re.sub(r"\([^()]*\)", "", said.clause))
    if not named:
        return None
    for words in (named["stem"], named["head"][-4:]):
        synonyms = next((w for w in pattern("same-done").pattern.split("|") if words and words in w.split("/")), "")
        letters = set(words) | set(synonyms.replace("/", ""))
        with_it = [s for s in group if letters & set(re.sub(rf"{words}(?:率|度)", "", s.label))]
        if len(with_it) == 2 and len(group) == 2:
            with_it = [s for s in with_it if not re.search("应|计划|拟", s.label)]
        if len(with_it) == 1:
            return with_it[0]
    return None

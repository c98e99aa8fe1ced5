"""Which figures a rate is of, by its name: those that the evaluation's rules define, and those whose words it shares."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache

from reconcile.claims.claim import Trial
from reconcile.claims.figure import Figure
from reconcile.claims.plans import rate
from reconcile.claims.pool import candidates, kinds_of
from reconcile.claims.roles import Said, pattern
from reconcile.claims.text import Sentence
from reconcile.read.words import rows_of

_STEM = re.compile(
    r"(?P<head>[一-鿿“”]*?)(?P<stem>[一-鿿]{2})(?:率|度|比例|占比|比重|比)(?:仅|只|就|已|约|为|达到|达|是|[:：])*$"
)

_WHOLE = re.compile("占(?:全部|同期|当年|年度|已)?([一-鿿]{2})(?:资金|金额|数|总额|总数|额)?的?$")


def less_rate(part: Fraction, whole: Fraction) -> Fraction:
    return (whole - part) / whole * 100


@cache
def _definitions() -> list[tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], str]]:
    rows = rows_of("claim_rates")
    return [
        (
            re.compile(f"(?:{r['rate']})(?:仅|只|约|为|达到|达|是|[:：])*$"),
            re.compile(r["part"]),
            re.compile(r["whole"]),
            r["formula"],
        )
        for r in rows
    ]


def defined(sentence: Sentence, said: Said) -> Iterator[Trial]:
    """A rate that the evaluation's rules define, of the one figure that is its part and the one that is its whole."""
    for name, part, whole, rule in _definitions():
        if not name.search(re.sub(r"\([^()]*\)", "", said.clause)):
            continue
        own = [s for s in candidates(sentence.beside(said), said) if s.part == said.part]
        used, beds = (
            [s for s in own if s.figure.kin == "bed-day"],
            [s for s in own if "床" in s.label and s.figure.unit == "张"],
        )
        if len(used) == len(beds) == 1:
            for n in (365, 366):
                yield Trial(
                    lambda d, b, n=n: d / (b * n) * 100,
                    (used[0].figure, beds[0].figure),
                    "how-bed-days",
                    True,
                    {"days": str(n)},
                )
            return
        less = rule == "less"
        parts = [s for s in own if part.search(words_of(s))]
        wholes = [s for s in own if whole.search(words_of(s)) and s not in parts]
        for p in parts:
            for w in [
                w
                for w in wholes
                if w.figure.dimension == p.figure.dimension and "bed-day" not in (p.figure.kin, w.figure.kin)
            ]:
                formula = less_rate if less else rate
                yield Trial(formula, (p.figure, w.figure), "how-rate", len(parts) == len(wholes) == 1)
        return


def words_of(said: Said) -> str:
    """The words of a figure without a heading: `质量达标率：验收62个`."""
    return re.split("[:：]", said.label)[-1]


def of_named_whole(sentence: Sentence, said: Said) -> Iterator[Trial]:
    """`项目投资36500万元，完成投资27180万元，占计划的74.5%`."""
    group = next(iter(kinds_of([s for s in candidates(sentence.beside(said), said) if s.part == said.part])), [])
    done = [s for s in group if s.spent]
    sure = len(group) == 2 and len(done) == 1
    for d in done:
        for other in [s for s in group if s is not d]:
            yield Trial(rate, (d.figure, other.figure), "how-rate", sure)


def named_whole(sentence: Sentence, said: Said) -> Iterator[Trial]:
    """`到位285.19万元；支出254.14万元，占到位资金的89.11%`: the one figure before that is called so, and the last one for the part."""
    name = _WHOLE.search(said.clause)
    before = [s for s in candidates(sentence.beside(said), said) if s.figure.end <= said.figure.start]
    if not name or len(before) < 2:
        return
    part = before[-1]
    wholes = [s for s in before[:-1] if s.figure.like(part.figure) and name[1] in words_of(s)]
    for whole in wholes:
        yield Trial(rate, (part.figure, whole.figure), "how-share", len(wholes) == 1 and part.part == said.part)


def of_head(sentence: Sentence, said: Said, head: str, whole: Figure | None) -> Said | None:
    """`公务接待费预算6万元，决算3.3万元；上年…，公务接待费占“三公”经费决算15.6万元的21%`: the one amount of the piece that begins
    with a name, of the kind that the whole is."""
    kind = next((s for s in sentence.levels if whole and s.figure.at == whole.at), None)
    stem = re.sub("(?:资金|金额|数量|总额)$", "", head)
    named = [s for s in sentence.levels if s.figure.end <= said.figure.start - len(said.clause) and stem in s.label]
    if len(named) == 1 and len(stem) > 1 and kind is None:
        return named[0]
    found = []
    for s in sentence.levels:
        text = re.split("[；;]", sentence.text[: s.figure.start - sentence.start])[-1]
        fits = kind is None or (s.figure.like(kind.figure) and s.planned == kind.planned)
        if s.figure.end < said.figure.start - len(said.clause) and s is not kind and head in text and fits:
            found.append(s)
    return found[0] if len(found) == 1 else None


def of_stem(sentence: Sentence, whole: Said, name: str) -> bool:
    """`抽查项目18个，涉及资金2500.85万元，…占抽查金额的2.57%`: whether the words before an amount have the verb that it is named after."""
    verb = re.fullmatch("([一-鿿]{2})(?:项目)?(?:资金|金额|总额|总金额|总数|数量|数|面积|人数|户数)?", name)
    return verb is not None and verb[1] in sentence.text[: whole.figure.start - sentence.start]


def linked_part(group: Sequence[Said], said: Said, name: str = "") -> Said | None:
    """The one figure of a group whose words have what the rate is named after: 利用率 of 在用, 到会率 of 实到."""
    named = _STEM.search(re.sub(r"\([^()]*\)", "", said.clause)) or _STEM.search(name)
    if not named:
        return None
    for words in (named["stem"], named["head"][-4:]):
        synonyms = next((w for w in pattern("same-done").pattern.split("|") if words and words in w.split("/")), "")
        letters = set(words) | set(synonyms.replace("/", ""))
        with_it = [s for s in group if letters & set(re.sub(rf"{re.escape(words)}(?:率|度)", "", s.label + s.tail[:6]))]
        with_it = [s for s in with_it if not re.search("未|不", s.label)] or with_it
        if len(with_it) > 1:
            most = max(len(letters & set(s.label)) for s in with_it)
            with_it = [s for s in with_it if len(letters & set(s.label)) == most]
        if len(with_it) > 1:
            ends = [s for s in with_it if set(re.sub("[已了共仅约为达到]*$", "", s.label)[-1:]) & letters]
            with_it = ends if len(ends) == 1 else with_it
        if len(with_it) == 2 and len(group) == 2:
            with_it = [s for s in with_it if not re.search("应|计划|拟", s.label)]
        if len(with_it) == 1:
            return with_it[0]
    return None

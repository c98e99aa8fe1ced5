"""Claims in plain English: spent 3.2 million yuan of the 4.0 million budgeted (80%), rose 12% from … to …, 1590 boxes at 48 yuan each."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, pairwise

from reconcile import wording
from reconcile.claims.balances import signed
from reconcile.claims.claim import UNTESTABLE, Claim, Trial, base_unit, claim_of, judge
from reconcile.claims.figure import Figure, add
from reconcile.claims.numerals import arabic
from reconcile.claims.plans import rate
from reconcile.claims.pool import gap
from reconcile.claims.source import is_english
from reconcile.claims.text import Report

_SCALES = {"": 1, "thousand": 10**3, "million": 10**6, "billion": 10**9}
_FIGURE = re.compile(
    r"(?P<lead>(?:RMB|CNY|¥)\s?)?(?<![\w.,/-])(?P<number>\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?:\s*(?P<scale>thousand|million|billion)\b)?"
    r"(?:\s*(?P<unit>yuan|RMB|CNY|%|per\s?cent\b|percentage points?\b|working days?\b|days?\b|months?\b|years?\b|hours?\b)|\s+(?P<noun>[a-z]+(?:-[a-z]+)?))?"
)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = re.compile(
    rf"(?:\d{{1,2}}\s+(?:{_MONTHS})|(?:{_MONTHS})\s+\d{{1,2}}[,，]?)\s+(?:19|20)\d\d|(?:{_MONTHS})\s+(?:19|20)\d\d"
)
_NO_NOUN = [
    "and",
    "or",
    "to",
    "of",
    "in",
    "on",
    "at",
    "for",
    "was",
    "were",
    "is",
    "are",
    "had",
    "by",
    "from",
    "with",
    "the",
    "a",
    "an",
    "as",
    "than",
    "over",
    "under",
    "less",
    "plus",
    "minus",
    "per",
    "each",
    "passed",
    "met",
    "tested",
]
_UP = r"ros?e|risen|increas\w*|gr[eo]w\w*|growth|up|higher|gain\w*|expand\w*|climb\w*"
_DOWN = r"f[ae]ll\w*|decreas\w*|drop\w*|down|lower\w*|declin\w*|reduc\w*|cut\w*|shorten\w*|sav\w*"
_CHANGE = re.compile(rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN}))\b", re.I)
_PARTS = re.compile(r"of which|compris(?:ing|ed|es)|consisting of|made up of|being the sum of|:", re.I)
_SOME = re.compile(r"includ\w+|mainly|among them|such as", re.I)
_TOTAL = re.compile(r"\b(?:in total|total(?:l?(?:ing|ed))?|altogether|combined|in all|sum)\b", re.I)
_EACH = re.compile(r"^\s*(?:each|apiece|per\s+[a-z]+|an?\s+(?!year)[a-z]+|/\s*[a-z]+)", re.I)
_LEFT = re.compile(r"(?:leav\w+|remain\w*|left|balance of|unspent|saving of|outstanding)[^,;]{0,12}$", re.I)
_BARE = re.compile(r"[\s,，(]*(?:or\s*)?(?:[).;；]|$)")
_RATIO = re.compile(
    r"\b(?:of|rate|ratio|share|percent\w*|execut\w*|complet\w*|satisf\w*|account\w*|utili[sz]\w*|cover\w*|budget\w*)\b",
    re.I,
)


def check(report: Report) -> Iterator[Claim]:
    for paragraph, text in enumerate(report.plain, 1):
        if report.lines[paragraph - 1].cell is None and is_english(text):
            earlier: list[Figure] = []
            for start, end in _sentences(text):
                found = figures(paragraph, text, start, end)
                yield from _sentence(report, text, start, found, earlier)
                earlier = found


def _sentences(text: str) -> list[tuple[int, int]]:
    ends = [m.end() for m in re.finditer(r"[.!?](?=\s|$)(?<![A-Z]\.)", text)]
    edges = [0, *ends, len(text)]
    return [(a, b) for a, b in pairwise(edges) if text[a:b].strip()]


def figures(paragraph: int, text: str, start: int, end: int) -> list[Figure]:
    """The figures of a sentence; a bare number before `to` or `and` has the unit of the one after it."""
    dates = [(m.start(), m.end()) for m in _DATE.finditer(text, start, end)]
    out: list[Figure] = []
    for m in _FIGURE.finditer(text, start, end):
        if any(a <= m.start("number") < b for a, b in dates):
            continue
        unit = (m["unit"] or "").lower()
        noun = "" if (m["noun"] or "") in _NO_NOUN else (m["noun"] or "")
        if (
            not unit
            and not m["scale"]
            and not m["lead"]
            and re.fullmatch(r"(?:19|20)\d\d", m["number"])
            and not noun.endswith("s")
        ):
            continue
        value, places = arabic(m["number"])
        factor = Fraction(_SCALES[m["scale"] or ""])
        if m["lead"] or m["scale"] or unit in ("yuan", "rmb", "cny"):
            dimension, shown = "money", " ".join(w for w in ("", m["scale"] or "", "yuan") if w or w == "")
        elif unit == "%" or unit.startswith("per"):
            dimension, shown = ("points", " points") if "points" in unit or "point" in unit else ("percent", "%")
        elif unit:
            dimension, shown = unit.removesuffix("s").split()[-1] + "s", " " + unit
        else:
            dimension, shown = "count", ""
        stop = m.end("unit") if m["unit"] else m.end("scale") if m["scale"] else m.end("number")
        measured = dimension in ("money", "percent", "points") or places
        step = factor / 10**places if measured else Fraction(0)
        out.append(
            Figure(
                paragraph,
                m.start(),
                stop,
                text[m.start() : stop],
                value * factor,
                step,
                dimension,
                shown.rstrip(),
                factor,
                noun.rstrip("s"),
            )
        )
    for k in range(len(out) - 2, -1, -1):
        one, other = out[k], out[k + 1]
        between = text[one.end : other.start].strip()
        joined = re.fullmatch(r"to|and|,|-|of" if one.step else r"to|and|,|-", between)
        if one.dimension == "count" and other.dimension != "count" and joined:
            value, step = one.value * other.factor, other.step or one.step
            out[k] = replace(one, value=value, dimension=other.dimension, unit=other.unit, step=step)
    return out


def _sentence(
    report: Report, text: str, start: int, found: Sequence[Figure], earlier: Sequence[Figure]
) -> Iterator[Claim]:
    used: set[int] = set()
    for figure in found:
        alone = figure.dimension == "percent" and len(found) == 2
        kind, trials = _asked(text, start, [*earlier, *found] if alone else found, figure)
        verdict = judge(figure, trials)
        if verdict:
            inputs = list(verdict[1].inputs)
            ends = sorted((*inputs, figure), key=lambda f: f.start)
            phrase = report.phrase(figure.paragraph, ends[0].start, ends[-1].end)
            code = "percent-mismatch" if figure.dimension in ("percent", "points") else "claim-mismatch"
            yield claim_of(kind, phrase, figure, *verdict, code=code)
            used |= {figure.start, *(f.start for f in inputs)}
    for figure in found:
        if figure.start not in used:
            missing = {k: wording.text("missing-books", k, "claims") for k in ("zh", "en")}
            params = {"stated": figure.text, "missing": missing}
            kind = {"percent": "rate", "points": "points", "count": "count"}.get(figure.dimension, "level")
            phrase = report.phrase(figure.paragraph, figure.start, figure.end)
            yield Claim(
                kind,
                figure.paragraph,
                *phrase,
                figure.value,
                None,
                UNTESTABLE,
                "lacks-basis",
                base_unit(figure),
                "",
                params,
                frozenset({figure.at}),
            )


def _asked(text: str, start: int, found: Sequence[Figure], figure: Figure) -> tuple[str, list[Trial]]:
    k = found.index(figure)
    before = text[found[k - 1].end if k else start : figure.start]
    after = text[figure.end : found[k + 1].start if k + 1 < len(found) else figure.end + 40]
    others = [f for f in found if f is not figure]
    if figure.dimension == "points":
        shares = tuple(f for f in others if f.dimension == "percent")
        return "points", [Trial(gap, shares, "how-points")] if len(shares) == 2 else []
    if figure.dimension == "percent":
        word = _CHANGE.search(before) or (
            _CHANGE.search(after)
            if re.match(r"\s*(?:increase|rise|growth|decrease|fall|reduction|drop|decline)", after)
            else None
        )
        word = (
            word
            or (re.search(r"\bor\s*$", before) and k > 0 and _CHANGE.search(text[start : found[k - 1].start]))
            or None
        )
        if word:
            return "change-rate", list(_change(text, others, figure, up=bool(word["up"])))
        return "rate", list(_ratios(others, before + after))
    like = [f for f in others if f.dimension == figure.dimension]
    return _amount(text, start, found, figure, like, before, after)


def _from_to(text: str, figures: Sequence[Figure]) -> tuple[Figure, Figure] | None:
    """(before, after) of `from A to B`."""
    for one, other in combinations(figures, 2):
        if re.search(r"\bfrom\s*$", text[: one.start]) and re.search(r"^[^,;]*\bto\s*$", text[one.end : other.start]):
            return one, other
    return None


def _change(text: str, others: Sequence[Figure], figure: Figure, *, up: bool) -> Iterator[Trial]:
    sign = 1 if up else -1
    plain = [f for f in others if f.dimension not in ("percent", "points")]
    pair = _from_to(text, plain)
    if pair:
        yield Trial(lambda b, a: sign * (a - b) / b * 100, pair, "how-change-rate")
        return
    amounts = [f for f in plain if _CHANGE.search(text[max(0, f.start - 14) : f.start])]
    levels = [f for f in plain if f not in amounts]
    if len(amounts) == 1 and len(levels) == 1 and amounts[0].dimension == levels[0].dimension:
        yield Trial(lambda d, c: d / (c - sign * d) * 100, (amounts[0], levels[0]), "how-change-from-now")
        yield Trial(rate, (amounts[0], levels[0]), "how-change-of", False)
    elif len(levels) == 2 and not amounts and levels[0].dimension == levels[1].dimension:
        low, high = sorted(levels, key=lambda f: f.value)
        first, last = (low, high) if up else (high, low)
        told = re.search(r"compared (?:with|to)|against|than|previous|last year|year before|original|statutory", text)
        yield Trial(lambda b, a: sign * (a - b) / b * 100, (first, last), "how-change-rate", bool(told))


def _ratios(others: Sequence[Figure], words: str) -> Iterator[Trial]:
    for one, other in combinations([f for f in others if f.dimension not in ("percent", "points")], 2):
        if one.dimension == other.dimension:
            low, high = sorted((one, other), key=lambda f: f.value)
            kinds = [f for f in others if f.dimension == one.dimension]
            yield Trial(
                rate, (low, high), "how-rate", len(kinds) == 2 and bool(_RATIO.search(words) or _BARE.match(words))
            )
            yield Trial(rate, (high, low), "how-rate", False)
            yield Trial(lambda a, b: (b - a) / b * 100, (low, high), "how-rate", False)


def _amount(
    text: str, start: int, found: Sequence[Figure], figure: Figure, like: Sequence[Figure], before: str, after: str
) -> tuple[str, list[Trial]]:
    """A total of parts, a product, what is left, a change of so much, the length of a period."""
    if figure.dimension in ("months", "years"):
        return "duration", list(_period(text, start, figure))
    chain = _chain(text, found, figure)
    if chain:
        return "balance", [chain]
    each = next((f for f in found if f is not figure and f.dimension == "money" and _EACH.match(text[f.end :])), None)
    if figure.dimension == "money" and each and not _EACH.match(text[figure.end :]):
        monthly = re.match(r"\s*(?:per|a|each)\s+month", text[each.end :])
        counts = [f for f in found if f.dimension == ("months" if monthly else "count")]
        exact = replace(each, step=Fraction(0))
        if len(counts) == 1:
            return "quantity-price", [Trial(lambda p, n: p * n, (exact, counts[0]), "how-product", len(like) == 1)]
    pair = _from_to(text, [f for f in found if f is not figure])
    word = _CHANGE.search(before)
    if pair and word and all(f.dimension == figure.dimension for f in pair):
        formula: Callable[..., Fraction] = gap
        return "change", [Trial(formula, pair, "how-gap")]
    if len(like) == 2 and re.match(r"\s*(?:vacan|unfilled|outstanding|unspent)", after):
        return "balance", [Trial(gap, tuple(like), "how-gap")]
    later = [f for f in like if f.start > figure.end]
    between = text[figure.end : later[0].start] if later else ""
    if len(later) > 1 and _PARTS.search(between) and not _SOME.search(between):
        return "sum", [Trial(add, tuple(later[:n]), "how-sum", n == len(later)) for n in range(len(later), 1, -1)]
    earlier = [f for f in like if f.end < figure.start]
    if len(earlier) > 1 and (
        _TOTAL.search(before) or re.match(r"[^,;.\d]{0,20}\b(?:in total|altogether|in all)\b", after)
    ):
        return "sum", [
            Trial(add, tuple(earlier[-n:]), "how-sum", n == len(earlier)) for n in range(len(earlier), 1, -1)
        ]
    if (len(earlier) == 2 and _LEFT.search(before)) or (
        len(earlier) == 2 and re.match(r"\s*(?:was |were )?(?:left|remain\w*|unspent)", after)
    ):
        return "balance", [Trial(gap, tuple(earlier), "how-gap")]
    return "", []


def _period(text: str, start: int, figure: Figure) -> Iterator[Trial]:
    """`3 years, from 1 January 2020 to 31 December 2022`: both days are within."""
    days = [_day(m[0]) for m in _DATE.finditer(text, start)][:2]
    joined = re.search(rf"from\s+(?:{_DATE.pattern})\s+to\s+", text[start:])
    if len(days) != 2 or days[0] is None or days[1] is None or not joined or days[1] <= days[0]:
        return
    last = days[1] + datetime.timedelta(days=1)
    months = (last.year - days[0].year) * 12 + last.month - days[0].month
    if last.day == days[0].day:
        value = Fraction(months, 12) if figure.dimension == "years" else Fraction(months)
        yield Trial(lambda: value, (), "how-period")


def _day(text: str) -> datetime.date | None:
    for shape in ("%d %B %Y", "%B %d %Y"):
        try:
            return datetime.datetime.strptime(re.sub("[,，]", "", text), shape).date()
        except ValueError:
            continue
    return None


def _chain(text: str, found: Sequence[Figure], figure: Figure) -> Trial | None:
    """`A plus B less C leaves D`."""
    earlier = [f for f in found if f.end < figure.start and f.dimension == figure.dimension]
    ends = len(earlier) > 1 and re.search(
        r"\b(?:leaves|leaving|equals|makes|gives|is|comes to)\b", text[earlier[-1].end : figure.start]
    )
    if not ends:
        return None
    signs = [1]
    for one, other in pairwise(earlier):
        word = re.search(r"\b(?:(?P<plus>plus|and)|(?P<less>less|minus))\b", text[one.end : other.start])
        if not word:
            return None
        signs.append(1 if word["plus"] else -1)
    joined = re.search(r"\b(?:plus|less|minus)\b", text[earlier[0].end : earlier[-1].start])
    return Trial(signed(signs), tuple(earlier), "how-written") if joined else None

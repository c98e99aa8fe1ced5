"""A rate becomes a score: whole steps, bands and clamps, decided on exact figures."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import floor

from reconcile.evaluation import rubric as rubrics
from reconcile.evaluation.books import say
from reconcile.evaluation.figure import Figure, Figures
from reconcile.evaluation.indicator import Rate, rate
from reconcile.evaluation.inputs import Input, Inputs
from reconcile.evaluation.rubric import Line, Rule
from reconcile.finding import LoadError

SCORED, MISSING, BY_HAND, NO_RATE, SHOWN = "scored", "missing", "by-hand", "no-rate", "shown"


@dataclass(frozen=True)
class Score:
    """One line of a rubric as it came out.  score: exact points, None where there is none; `basis` says why.

    status: `scored`, `missing` (a figure is not there), `no-rate` (the denominator is 0), `by-hand`, `shown`.
    """

    line: Line
    rate: Rate | None
    score: Fraction | None
    status: str
    basis: str
    given: Input | None = None


def decide(rule: Rule, points: Fraction, found: Rate, language: str = "zh") -> tuple[Fraction | None, str]:
    """(points scored, why); None where the rate cannot be had or the rubric does not say.  Clamped to 0 … points."""
    percent = found.percent
    if percent is None:
        if found.numerator == 0 and found.denominator == 0 and rule.zero:
            return points, say("none-full", language)
        if rule.infinite and found.denominator == 0 and found.numerator is not None and found.numerator > 0:
            return rule.beyond, say("beyond", language, upto=plain(rule.bands[-1][0]), points=plain(rule.beyond))
        return None, ""
    if rule.kind == rubrics.SHARE:
        got = min(max(percent / 100, Fraction(0)), Fraction(1)) * points
        return got, say("share", language, rate=f"{two_places(percent)}%", points=plain(points))
    if rule.kind == rubrics.BANDS:
        for upto, got in rule.bands:
            if percent <= upto:
                return got, say("band", language, upto=plain(upto), points=plain(got))
        return rule.beyond, say("beyond", language, upto=plain(rule.bands[-1][0]), points=plain(rule.beyond))
    gap = percent - rule.full if rule.kind == rubrics.OVER else rule.full - percent
    if gap <= 0 if rule.kind != rubrics.EQUAL else gap == 0:
        return points, say("full", language)
    if not rule.step:
        return None, say("by-hand-beyond", language)
    steps = floor(gap / rule.step)
    basis = say(
        "steps",
        language,
        way=say(f"way-{rule.kind}", language),
        gap=two_places(gap),
        steps=steps,
        step=plain(rule.step),
        cut=plain(rule.cut),
    )
    return min(max(points - steps * rule.cut, Fraction(0)), points), basis


def scores(rubric: rubrics.Rubric, figures: Figures, inputs: Inputs, language: str = "zh") -> tuple[Score, ...]:
    """Every line of a rubric scored, or told why not.

    A score that a person gives stands where the rubric leaves it to a person, and nowhere else.
    Raises LoadError for such a score beyond 0 … points, or for a line that is none of the rubric's.
    """
    known = {word: i for i, line in enumerate(rubric.lines) for word in line.words}
    given: dict[int, Input] = {}
    for name, value in inputs.scores.items():
        if name not in known:
            raise LoadError("unknown-input", value.origin, name=name, near="、".join(x.zh for x in rubric.lines))
        line = rubric.lines[known[name]]
        if line.points is None or not 0 <= value.value <= line.points:
            raise LoadError("bad-input", value.origin, value=plain(value.value))
        given[known[name]] = value
    return tuple(_score(line, figures, given.get(i), language) for i, line in enumerate(rubric.lines))


def _score(line: Line, figures: Figures, given: Input | None, language: str) -> Score:
    found = rate(line.indicator, figures) if line.indicator else None
    if found is not None and found.missing:
        names = "、".join(_lacking(f, language) for f in found.missing)
        return Score(line, found, None, MISSING, say("lacks", language, names=names))
    if line.rule.kind == rubrics.SHOWN or line.points is None:
        no_rate = found is not None and found.value is None
        return Score(
            line, found, None, NO_RATE if no_rate else SHOWN, _no_rate(found, language) or say("shown", language)
        )
    if found is not None:
        got, basis = decide(line.rule, line.points, found, language)
        if got is not None:
            return Score(line, found, got, SCORED, basis)
        if given is None:
            status = BY_HAND if basis else NO_RATE
            return Score(line, found, None, status, basis or _no_rate(found, language))
    if given is None:
        return Score(line, found, None, BY_HAND, say("by-hand", language))
    return Score(line, found, given.value, SCORED, say("score-given", language), given)


def _no_rate(found: Rate | None, language: str) -> str:
    if found is None or found.value is not None:
        return ""
    under = found.indicator.formula(language).partition("÷" if language == "zh" else " / ")[2]
    name = under.removesuffix("×100%").removesuffix(" × 100%")
    return say("zero-denominator", language, name=name)


def _lacking(figure: Figure, language: str) -> str:
    """A figure that is missing, and why where that is not only that nobody gave it."""
    title = figure.kind.title(language)
    if not figure.kind.books or figure.reason == say("no-result", language, name=title):
        return title
    return f"{title}（{figure.reason}）" if language == "zh" else f"{title} ({figure.reason})"


def plain(value: Fraction) -> str:
    """A figure without needless zeros; up to 4 places."""
    return f"{float(value):.4f}".rstrip("0").rstrip(".")


def two_places(value: Fraction) -> str:
    """A figure with two decimals, half up, by exact arithmetic."""
    sign, hundredths = ("-" if value < 0 else ""), floor(abs(value) * 100 + Fraction(1, 2))
    return f"{sign}{hundredths // 100}.{hundredths % 100:02d}"

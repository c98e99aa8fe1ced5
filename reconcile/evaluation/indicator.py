"""Indicators: a numerator over a denominator, exact, with everything that is missing named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from reconcile import wording
from reconcile.evaluation.figure import Figure, Figures, kinds

Term = tuple[int, str]
"""A sign, 1 or −1, and the key of a figure."""


@dataclass(frozen=True)
class Indicator:
    """What an indicator is: the terms of its numerator and of its denominator."""

    key: str
    zh: str
    en: str
    numerator: tuple[Term, ...]
    denominator: tuple[Term, ...]

    def title(self, language: str) -> str:
        return self.zh if language == "zh" else self.en

    def formula(self, language: str) -> str:
        """`（上年结转＋年初预算）÷年初预算×100%`."""
        over, under = (_sum(terms, language) for terms in (self.numerator, self.denominator))
        return f"{over}÷{under}×100%" if language == "zh" else f"{over} / {under} × 100%"


@dataclass(frozen=True)
class Rate:
    """An indicator's value.  numerator and denominator are exact, None where a figure is missing; `missing` are those
    figures."""

    indicator: Indicator
    numerator: Fraction | None
    denominator: Fraction | None
    missing: tuple[Figure, ...]

    @property
    def value(self) -> Fraction | None:
        """The rate, 1 for 100%; None where it cannot be computed."""
        if self.numerator is None or not self.denominator:
            return None
        return self.numerator / self.denominator

    @property
    def percent(self) -> Fraction | None:
        return None if self.value is None else self.value * 100


@cache
def indicators() -> dict[str, Indicator]:
    """Every indicator of data/indicators.toml.  Raises KeyError where one names an unknown figure."""
    found = {}
    for key in wording.keys("indicators"):
        entry = wording.entry("indicators", key)
        found[key] = Indicator(key, entry["zh"], entry["en"], _terms(entry["numerator"]), _terms(entry["denominator"]))
    return found


def _terms(names: Iterable[str]) -> tuple[Term, ...]:
    terms = tuple((-1, n[1:]) if n.startswith("-") else (1, n) for n in names)
    for _, name in terms:
        kinds()[name]
    return terms


def _sum(terms: tuple[Term, ...], language: str) -> str:
    plus, minus, brackets = ("＋", "－", "（{}）") if language == "zh" else (" + ", " − ", "({})")
    text = ""
    for sign, name in terms:
        text += (minus if sign < 0 else plus if text else "") + kinds()[name].title(language)
    return brackets.format(text) if len(terms) > 1 else text


def rate(indicator: Indicator, figures: Figures) -> Rate:
    """Compute an indicator from what is known."""
    used = dict.fromkeys(name for _, name in (*indicator.numerator, *indicator.denominator))
    missing = tuple(figures[name] for name in used if figures[name].value is None)
    return Rate(indicator, _total(indicator.numerator, figures), _total(indicator.denominator, figures), missing)


def _total(terms: tuple[Term, ...], figures: Figures) -> Fraction | None:
    total = Fraction(0)
    for sign, name in terms:
        value = figures[name].value
        if value is None:
            return None
        total += sign * value
    return total

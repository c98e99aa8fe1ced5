"""A claim and its verdict: what is said, what comes out, how far apart they are, and why that is so."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from reconcile import wording
from reconcile.claims.figure import Figure, meet, printed, spread

HOLDS, ROUNDING, FAILS, UNTESTABLE = "holds", "rounding", "fails", "untestable"


@dataclass(frozen=True)
class Claim:
    """One claim.  `phrase` stands at [start, end) of the paragraph; `stated` and `computed` are in the base unit (yuan,
    percent, days, pieces) or dates; `reason` is a key of data/claims.toml that `params` fill.

    `used` are the places of the figures that the claim tests; `at` that of the stated one, (0, 0) where it is no figure.
    """

    kind: str
    paragraph: int
    start: int
    end: int
    phrase: str
    stated: Fraction | datetime.date | None
    computed: Fraction | datetime.date | None
    verdict: str
    reason: str
    unit: str = ""
    subject: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    used: frozenset[tuple[int, int]] = frozenset()
    code: str = ""
    at: tuple[int, int] = (0, 0)

    def why(self, language: str = "zh") -> str:
        facts = {k: wording.render(v, language) for k, v in self.params.items()}
        return wording.fill(wording.text(self.reason, language, "claims"), facts)

    @property
    def difference(self) -> Fraction | None:
        """Stated − computed; in days for dates; None where one is missing."""
        if isinstance(self.stated, datetime.date) and isinstance(self.computed, datetime.date):
            return Fraction((self.stated - self.computed).days)
        if isinstance(self.stated, Fraction) and isinstance(self.computed, Fraction):
            return self.stated - self.computed
        return None


@dataclass(frozen=True)
class Trial:
    """One way to compute a stated figure: a formula over figures, and how it reads (a key of data/claims.toml).

    `strong` says that the words bind these figures, so that a difference is an error and not another meaning; `tail`
    that one which rounding explains is a tail, though a larger one would be another meaning.
    """

    formula: Callable[..., Fraction]
    inputs: tuple[Figure, ...]
    how: str
    strong: bool = True
    params: Mapping[str, object] = field(default_factory=dict)
    tail: bool = False

    def value(self) -> Fraction | None:
        try:
            return self.formula(*(f.value for f in self.inputs))
        except ZeroDivisionError:
            return None

    def verdict(self, stated: Figure) -> str:
        """How the stated figure stands to this computation."""
        value = self.value()
        if value is None:
            return UNTESTABLE
        if any(not f.plain for f in self.inputs):
            return HOLDS if _near(stated, value, Fraction(1, 10)) else UNTESTABLE
        if stated.approx and stated.upper is None:
            return _approximate(stated, value)
        low, high = stated.bounds
        if value == stated.value or low <= value < high:
            return HOLDS
        reach = spread(self.formula, self.inputs)
        if reach is None:
            return UNTESTABLE
        if stated.upper is not None:
            inside = stated.value <= value <= stated.upper or meet((stated.value, stated.upper), reach)
            return HOLDS if inside else FAILS
        return ROUNDING if meet((low, high), reach) else FAILS


def _near(stated: Figure, value: Fraction, share: Fraction) -> bool:
    return abs(value - stated.value) <= max(abs(stated.value) * share, stated.step)


def _approximate(stated: Figure, value: Fraction) -> str:
    """约 is within a tenth or the last digit; 超过 and 余 are at least, 近 and 不足 at most, and not far off."""
    slack = max(abs(stated.value) / 5, stated.step, Fraction(1) if not stated.step else Fraction(0))
    low = {"about": -slack / 2, "over": Fraction(0), "near": -slack / 2, "most": -abs(stated.value)}[stated.approx]
    high = {"about": slack / 2, "over": slack, "near": Fraction(0), "most": Fraction(0)}[stated.approx]
    return HOLDS if stated.value + low <= value <= stated.value + high + stated.step / 2 else FAILS


def judge(stated: Figure, trials: Sequence[Trial]) -> tuple[str, Trial] | None:
    """The verdict and the trial that gives it: the first that holds, else a tail of a strong one, else the first strong
    one that fails.  None where nothing can be said: no trial is strong and none holds."""
    tail = fails = None
    for trial in trials:
        verdict = trial.verdict(stated)
        if verdict == HOLDS:
            return verdict, trial
        if verdict == ROUNDING and (trial.strong or trial.tail):
            tail = tail or (verdict, trial)
        elif verdict == FAILS and trial.strong:
            fails = fails or (verdict, trial)
    return tail or fails


def claim_of(
    kind: str,
    phrase: tuple[int, int, str],
    stated: Figure,
    verdict: str,
    trial: Trial,
    subject: str = "",
    code: str = "",
) -> Claim:
    """A claim about a stated figure from the trial that decided; `phrase` is (start, end, text)."""
    value = trial.value()
    shown = None if value is None else rounded(value, stated)
    params = {
        "stated": stated.text,
        "computed": show(value, stated),
        "sum": how(trial.inputs),
        "items": "、".join(f.text for f in trial.inputs),
        **trial.params,
    }
    gap = None if value is None else abs(stated.value - value)
    params["gap"] = show(gap, stated) if stated.dimension != "percent" else _points(gap)
    params["how"] = {
        language: wording.fill(
            wording.text(trial.how, language, "claims"), {k: wording.render(v, language) for k, v in params.items()}
        )
        for language in ("zh", "en")
    }
    used = frozenset({stated.at, *(f.at for f in trial.inputs)})
    return Claim(
        kind,
        stated.paragraph,
        *phrase,
        stated.value,
        shown,
        verdict,
        f"verdict-{verdict}",
        base_unit(stated),
        subject,
        params,
        used,
        code,
        stated.at,
    )


def _points(gap: Fraction | None) -> object:
    """How far two percentages are apart."""
    return "—" if gap is None else {"zh": f"{printed(gap)}个百分点", "en": f"{printed(gap)} points"}


def base_unit(figure: Figure) -> str:
    return {"money": "元", "percent": "%", "points": "个百分点", "times": "倍"}.get(figure.dimension, figure.unit)


def rounded(value: Fraction, stated: Figure) -> Fraction:
    """A computed value at the stated figure's digits, and two decimals of its unit at least."""
    digit = stated.factor / 100
    while stated.step and digit > stated.step:
        digit /= 10
    sign = -1 if value < 0 else 1
    return sign * int(abs(value) / digit + Fraction(1, 2)) * digit


def show(value: Fraction | None, like: Figure) -> str:
    """A computed value in the unit of a printed figure."""
    if value is None:
        return "—"
    places = 2
    while like.step and Fraction(1, 10**places) * like.factor > like.step and places < 6:
        places += 1
    return printed(value, like.factor, places) + like.unit


def how(inputs: Sequence[Figure]) -> str:
    return " + ".join(f.text for f in inputs)

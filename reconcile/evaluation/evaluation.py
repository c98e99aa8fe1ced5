"""The frozen evaluation: figures, basics, scores and projects, as frames."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import floor
from pathlib import Path

import pandas as pd

from reconcile import wording
from reconcile.engine import Period
from reconcile.evaluation.books import figures as figures_of
from reconcile.evaluation.books import say
from reconcile.evaluation.figure import Figure, Figures
from reconcile.evaluation.indicator import Rate, indicators, rate
from reconcile.evaluation.inputs import Inputs, load_inputs
from reconcile.evaluation.rubric import Rubric, load_rubric
from reconcile.evaluation.score import MISSING, SCORED, Score, scores
from reconcile.finding import Origin
from reconcile.frames import in_yuan
from reconcile.result import Result

RUBRIC = "hunan-2017"
PROJECT_POINTS = Fraction(10)
"""财预〔2020〕10号: what the budget execution of a project weighs in its self-evaluation."""
NAN = float("nan")


@dataclass(frozen=True)
class Evaluation:
    """The performance-evaluation tables of an office.  `figures` and `outcomes` are exact; frames are in yuan."""

    figures: Figures
    rubric: Rubric
    outcomes: tuple[Score, ...]
    inputs: Inputs
    result: Result | None
    language: str = "zh"

    @property
    def period(self) -> Period | None:
        return None if self.result is None else self.result.period

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know: a part of a year, a rubric of other years, an input that the books contradict."""
        found = [f"{f.kind.title(self.language)}：{f.note}" for f in self.figures.values() if f.note]
        period, years = self.period, self.rubric.years
        if period is not None and not period.is_whole_year:
            found.append(say("part-year", self.language, period=period.label(self.language)))
        if period is not None and years and period.year not in years:
            span = "、".join(map(str, years))
            found.append(say("other-year", self.language, years=span, year=period.year))
        return tuple(found)

    @cached_property
    def basics(self) -> pd.DataFrame:
        """基础数据表, one row an item: last year's actual, the budget (posts, approved), the actual, and their rate.

        Money in yuan, NaN where it is missing; `missing` says what, `source` where each figure came from.
        """
        return pd.DataFrame([self._basic(row) for row in basic_rows()], columns=list(BASICS))

    def _basic(self, row: dict[str, str]) -> tuple[object, ...]:
        parts = [self.figures[row[name]] if name in row else None for name in ("last", "budget", "actual")]
        found = rate(indicators()[row["rate"]], self.figures) if "rate" in row else None
        there = [f for f in parts if f is not None]
        missing = "；".join(dict.fromkeys(f.reason for f in there if f.value is None))
        source = "、".join(dict.fromkeys(f.source for f in there if f.source))
        return (
            say(f"block-{row['block']}", self.language),
            row[self.language],
            say(f"unit-{there[0].kind.kind}", self.language),
            *(NAN if f is None else f.number for f in parts),
            _float(found.value if found else None),
            source,
            missing,
        )

    @cached_property
    def scores(self) -> pd.DataFrame:
        """评分表, one row an indicator: its formula and figures, `rate` (1 is 100%), `score`, NaN where there is none.

        status: `scored`, `missing` (取数不足, `basis` names what), `no-rate`, `by-hand` or `shown`.
        """
        rows = []
        for one in self.outcomes:
            group = self.rubric.groups[one.line.group]
            known, indicator = one.rate, one.line.indicator
            rows.append(
                (
                    group.title(self.language),
                    one.line.title(self.language),
                    _float(one.line.points),
                    indicator.formula(self.language) if indicator else "",
                    _side(known, "numerator", self.figures),
                    _side(known, "denominator", self.figures),
                    _float(known.value if known else None),
                    _float(one.score),
                    one.status,
                    one.basis,
                    self._sources(known),
                )
            )
        return pd.DataFrame(rows, columns=list(SCORES))

    def _sources(self, found: Rate | None) -> str:
        if found is None:
            return ""
        terms = (*found.indicator.numerator, *found.indicator.denominator)
        used = [self.figures[name] for name in dict.fromkeys(n for _, n in terms)]
        return "、".join(dict.fromkeys(_where(f) for f in used if f.value is not None))

    @property
    def total(self) -> Fraction | None:
        """The score of the whole, None as long as a line that counts has none."""
        counted = [one for one in self.outcomes if one.line.points is not None]
        if not counted or any(one.score is None for one in counted):
            return None
        return sum((one.score or Fraction(0) for one in counted), Fraction(0))

    @property
    def scored(self) -> tuple[Fraction, Fraction]:
        """(points scored so far, points that they are of)."""
        done = [one for one in self.outcomes if one.status == SCORED]
        return (
            sum((one.score or Fraction(0) for one in done), Fraction(0)),
            sum((one.line.points or Fraction(0) for one in done), Fraction(0)),
        )

    @cached_property
    def projects(self) -> pd.DataFrame:
        """项目支出绩效自评表, the part that the books give: one row a project; money in yuan.

        score = min(actual / available, 100%) × 10 to 2 decimals, half up; NaN where the available budget is 0, below
        it or unreadable.  `carried` is the carryover in it, `current` the rest.
        """
        if self.result is None:
            return pd.DataFrame(columns=list(PROJECTS))
        frame = self.result.tie.by_project
        frame = frame[frame["category"] == "project"].reset_index(drop=True)
        out = frame[["project_code", "project", "original", "available", "actual"]].copy()
        out["current"], out["carried"] = frame["available"] - frame["carryover"], frame["carryover"]
        out["points"] = float(PROJECT_POINTS)
        out["rate"] = frame["execution_rate"].where(frame["available"].fillna(0) > 0)
        pairs = zip(frame["available"], frame["actual"], strict=True)
        out["score"] = pd.Series([_float(project_score(a, s)) for a, s in pairs], dtype="float64")
        return in_yuan(out[list(PROJECTS)], ("original", "available", "actual", "current", "carried"))

    def write(self, path: str | Path, final: object = None) -> Path:
        """Write the evaluation workbook; it appears whole or not at all.

        final: of check_final_accounts(), to show how the public final accounts came out.
        """
        from importlib import import_module

        written: Path = import_module("reconcile.write.evaluation_book").write(self, Path(path), final)
        return written

    def __repr__(self) -> str:
        done, of = self.scored
        missing = sum(one.status == MISSING for one in self.outcomes)
        return f"Evaluation({self.rubric.name}: {float(done):g} of {float(of):g} points scored, {missing} missing)"

    def _repr_html_(self) -> str:
        return str(self.scores.to_html(index=False))


BASICS = ("block", "item", "unit", "last_actual", "budget", "actual", "rate", "source", "missing")
SCORES = (
    "group",
    "indicator",
    "points",
    "formula",
    "numerator",
    "denominator",
    "rate",
    "score",
    "status",
    "basis",
    "source",
)
PROJECTS = (
    "project_code",
    "project",
    "original",
    "available",
    "actual",
    "current",
    "carried",
    "points",
    "rate",
    "score",
)


def evaluate(
    result: Result | None, inputs: object = None, rubric: str | Path | Rubric = RUBRIC, language: str | None = None
) -> Evaluation:
    """Score an office by a rubric.

    result: of reconcile(), or None to go by `inputs` alone.  inputs: the filled-in input sheet, a DataFrame, or {name:
    value} with money in yuan.  rubric: a name of data/rubrics, or the path of a .toml file like those.
    What neither the books nor the inputs give is missing: no rate and no score come of it.
    """
    given = Inputs() if inputs is None else load_inputs(inputs)
    chosen = load_rubric(rubric)
    said = language or (result.settings.language if result is not None else "zh")
    found = figures_of(result, given, said)
    return Evaluation(found, chosen, scores(chosen, found, given, said), given, result, said)


def project_score(available: object, actual: int) -> Fraction | None:
    """The 10 points of a project's budget execution, to 2 decimals; None without a budget above 0."""
    if available is pd.NA or available is None or int(available) <= 0:  # type: ignore[call-overload]
        return None
    share = min(max(Fraction(int(actual), int(available)), Fraction(0)), Fraction(1))  # type: ignore[call-overload]
    return Fraction(floor(share * PROJECT_POINTS * 100 + Fraction(1, 2)), 100)


def basic_rows() -> list[dict[str, str]]:
    """The rows of 基础数据表, from data/basics.toml."""
    rows: list[dict[str, str]] = wording.entry("basics", "rows")  # type: ignore[assignment]
    return rows


def _float(value: Fraction | None) -> float:
    return NAN if value is None else float(value)


def _side(found: Rate | None, name: str, figures: Figures) -> float:
    """A numerator or denominator as the frames show it: yuan of money."""
    value: Fraction | None = getattr(found, name) if found else None
    if found is None or value is None:
        return NAN
    kind = figures[found.indicator.denominator[0][1]].kind.kind
    return float(value / 100) if kind == "money" else float(value)


def _where(figure: Figure) -> str:
    return str(figure.origin) if figure.origin != Origin() else figure.source

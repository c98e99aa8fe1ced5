"""Rubrics: which indicators count how much, and how a rate becomes a score; from data/rubrics or a file of one's own."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from reconcile.evaluation.indicator import Indicator, indicators
from reconcile.finding import LoadError
from reconcile.read.words import normalise

OVER, UNDER, EQUAL, BANDS, SHARE, MANUAL, SHOWN = "over", "under", "equal", "bands", "share", "manual", "shown"
_KEYS = {
    OVER: {"full", "step", "cut", "zero"},
    UNDER: {"full", "step", "cut", "zero"},
    EQUAL: {"full", "zero"},
    BANDS: {"bands", "beyond", "zero", "infinite"},
    SHARE: {"zero"},
    MANUAL: set(),
    SHOWN: set(),
}


@dataclass(frozen=True)
class Rule:
    """How a rate is scored; all figures in percent and points, exact.  See data/rubrics/hunan-2017.toml.

    step is 0 where the rubric does not say how much is cut.  zero: 0 over 0 is full.  infinite: something over 0 is
    beyond the last band.
    """

    kind: str
    full: Fraction = Fraction(100)
    step: Fraction = Fraction(0)
    cut: Fraction = Fraction(0)
    bands: tuple[tuple[Fraction, Fraction], ...] = ()
    beyond: Fraction = Fraction(0)
    zero: bool = False
    infinite: bool = False


@dataclass(frozen=True)
class Line:
    """One indicator of a rubric: the index of its group, its names, its points (None where it is only shown)."""

    group: int
    indicator: Indicator | None
    zh: str
    en: str
    words: frozenset[str]
    points: Fraction | None
    rule: Rule

    def title(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class Group:
    """A first-level indicator and its points, None where the rubric has no weights."""

    zh: str
    en: str
    points: Fraction | None

    def title(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class Rubric:
    """A rubric of one region and some years (none: not stated)."""

    name: str
    zh: str
    en: str
    region_zh: str
    region_en: str
    years: tuple[int, ...]
    total: Fraction
    groups: tuple[Group, ...]
    lines: tuple[Line, ...]

    def title(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


def names() -> tuple[str, ...]:
    """The rubrics of the package."""
    folder = files("reconcile.data").joinpath("rubrics")
    return tuple(sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml")))


def load_rubric(name: str | Path | Rubric) -> Rubric:
    """A rubric by its name, or of a .toml file.  Raises LoadError where there is none, or where it is wrong."""
    if isinstance(name, Rubric):
        return name
    if str(name) in names():
        return _packaged(str(name))
    path = Path(name)
    if path.suffix != ".toml" or not path.is_file():
        raise LoadError("no-rubric", "", name=str(name), known="、".join(names()))
    return _rubric(path.stem, path.read_text("utf-8-sig"), path.name)


@cache
def _packaged(name: str) -> Rubric:
    return _rubric(name, files("reconcile.data").joinpath("rubrics", f"{name}.toml").read_text("utf-8"), name)


def _rubric(name: str, text: str, where: str) -> Rubric:
    try:
        return _parsed(name, tomllib.loads(text))
    except (tomllib.TOMLDecodeError, KeyError, ValueError, TypeError, IndexError) as problem:
        raise LoadError("bad-rubric", where, problem=f"{type(problem).__name__}: {problem}") from problem


def _parsed(name: str, data: Mapping[str, Any]) -> Rubric:
    groups = tuple(Group(g["zh"], g["en"], _points(g.get("points"))) for g in data["groups"])
    lines = tuple(_line(entry, len(groups)) for entry in data["indicators"])
    rubric = Rubric(
        name,
        data["zh"],
        data["en"],
        data["region_zh"],
        data["region_en"],
        tuple(int(y) for y in data["years"]),
        Fraction(str(data["total"])),
        groups,
        lines,
    )
    for index, group in enumerate(groups):
        own = sum(line.points or 0 for line in lines if line.group == index)
        if own != (group.points or 0):
            raise ValueError(f"{group.zh}: {float(own)} ≠ {float(group.points or 0)}")
    if sum(g.points or 0 for g in groups) != rubric.total:
        raise ValueError(f"total ≠ {float(rubric.total)}")
    return rubric


def _line(entry: Mapping[str, Any], groups: int) -> Line:
    indicator = indicators()[entry["indicator"]] if "indicator" in entry else None
    zh, en = (indicator.zh, indicator.en) if indicator else (entry["zh"], entry["en"])
    zh, en = entry.get("zh", zh), entry.get("en", en)
    group = int(entry["group"]) - 1
    if not 0 <= group < groups:
        raise ValueError(f"{zh}: group {group + 1}")
    rule = _rule(entry["rule"], zh)
    points = _points(entry.get("points"))
    if (points is None) != (rule.kind == SHOWN) or (indicator is None and rule.kind != MANUAL):
        raise ValueError(f"{zh}: {rule.kind}")
    words = frozenset(normalise(w) for w in (zh, en, *entry.get("also", ()), *([indicator.key] if indicator else ())))
    return Line(group, indicator, zh, en, words, points, rule)


def _points(value: object) -> Fraction | None:
    return None if value is None else Fraction(str(value))


def _rule(entry: Mapping[str, Any], where: str) -> Rule:
    kind = entry["kind"]
    extra = set(entry) - {"kind"} - _KEYS[kind]
    if extra or ("step" in entry) != ("cut" in entry) or entry.get("zero", "full") != "full":
        raise ValueError(f"{where}: {', '.join(sorted(extra)) or 'step, cut, zero'}")
    bands = tuple((Fraction(str(b["upto"])), Fraction(str(b["points"]))) for b in entry.get("bands", ()))
    if [b for b, _ in bands] != sorted({b for b, _ in bands}) or (kind == BANDS and not bands):
        raise ValueError(f"{where}: bands")
    step = Fraction(str(entry.get("step", 0)))
    if step < 0 or ("step" in entry and step == 0):
        raise ValueError(f"{where}: step")
    return Rule(
        kind,
        Fraction(str(entry.get("full", 100))),
        step,
        Fraction(str(entry.get("cut", 0))),
        bands,
        Fraction(str(entry.get("beyond", 0))),
        "zero" in entry,
        bool(entry.get("infinite", False)),
    )

"""What the budget names: its projects, and how a ledger may point at them — by code, by name, by document."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from reconcile import codes, wording
from reconcile.budget import Budget
from reconcile.read import words

NO_PROJECT = -1
_LANGUAGES = ("zh", "en")
_BETWEEN = " _-—:|/()[]【】"
_CODE_AND_NAME = re.compile(r"[\s_＿:：]+")


def budget_projects(budget: Budget) -> pd.DataFrame:
    """The projects that the budget names, in its order: category, project_code, project, key, identity.

    Lines are of one project when category, code and normalised name are equal: one code on two names is two.  A line
    without a code belongs to the only project of its name that has one.
    """
    lines = budget.fen[budget.fen["project"] != ""]
    frame = lines.assign(key=lines["project"].map(words.project_key))
    frame = frame.assign(identity=_identity(frame))
    coded = frame[frame["project_code"] != ""].drop_duplicates("identity")
    code_of = dict(zip(coded["identity"], coded["project_code"], strict=True))
    first = frame.drop_duplicates("identity")
    first = first.assign(project_code=[code_of.get(i, "") for i in first["identity"]]).astype({"project_code": "str"})
    return first[["category", "project_code", "project", "key", "identity"]].reset_index(drop=True)


def line_projects(budget: Budget, projects: pd.DataFrame) -> pd.Series:
    """For every budget line the row of its project, −1 for lines of none."""
    lines = budget.fen
    named = lines[lines["project"] != ""]
    identity = _identity(named.assign(key=named["project"].map(words.project_key)))
    rows = pd.Series(projects.index.to_numpy(), index=projects["identity"].to_numpy())
    own = pd.Series(rows.reindex(identity.to_numpy()).to_numpy(), index=named.index)
    return own.reindex(lines.index).fillna(NO_PROJECT).astype("int64")


def _identity(frame: pd.DataFrame) -> pd.Series:
    code = frame["project_code"].map(codes.segments)
    known = frame.assign(code=code)[code != ""].groupby(["category", "key"])["code"].agg(["nunique", "first"])
    only = known.loc[known["nunique"] == 1, "first"].to_dict()
    pairs = zip(frame["category"], frame["key"], code, strict=True)
    own = pd.Series([c or only.get((category, key), "") for category, key, c in pairs], index=frame.index, dtype="str")
    return frame["category"] + "|" + own + "=" + frame["key"]


def labels(projects: pd.DataFrame, language: str = "zh") -> list[str]:
    """A name for every project that no other has: its own, else with its code, else with its category too."""
    own = [str(v) for v in projects["project"]]
    coded = [f"{c} {n}".strip() for c, n in zip(projects["project_code"], own, strict=True)]
    category = [wording.text(f"category-{c}", language) for c in projects["category"]]
    full = [f"{n} [{c}]" for n, c in zip(coded, category, strict=True)]
    found = list(own)
    for better in (coded, full):
        keys = pd.Series([words.normalise(n) for n in found], dtype="str")
        twice = keys.duplicated(keep=False)
        found = [b if t else n for n, b, t in zip(found, better, twice, strict=True)]
    return found


@dataclass(frozen=True)
class Index:
    """Rows of the projects' frame by code, by name, by unique label, and of the lines by 文号 and 指标 number.

    quotas, documents: to the projects of their lines (−1 among them where a line names none) and their categories.
    """

    by_code: Mapping[str, tuple[int, ...]]
    by_name: Mapping[str, tuple[int, ...]]
    by_label: Mapping[str, int]
    quotas: Mapping[str, tuple[frozenset[int], frozenset[str]]]
    documents: Mapping[str, tuple[frozenset[int], frozenset[str]]]
    category: tuple[str, ...]

    @property
    def splits_basic(self) -> bool:
        """Whether the budget names projects inside basic spending."""
        return "basic" in self.category

    def of_category(self, rows: tuple[int, ...], category: str) -> tuple[int, ...]:
        """Those of `rows` whose project is of a category."""
        return tuple(i for i in rows if self.category[i] == category)

    def of_document(self, quota: str, document: str) -> tuple[frozenset[int], frozenset[str]]:
        """(projects, categories) of the budget lines that a 指标 number, else a 文号, names."""
        nothing: tuple[frozenset[int], frozenset[str]] = (frozenset(), frozenset())
        found = self.quotas.get(words.normalise(quota), nothing) if quota else nothing
        return found if found[1] else self.documents.get(words.normalise(document), nothing) if document else nothing

    def named(self, text: str, category: str = "") -> tuple[int, ...]:
        """The projects that a text written by a person may mean: a unique label, a name, a code, or both.

        None where code and name are of different projects.
        """
        label = self.by_label.get(words.normalise(text))
        if label is not None:
            return (label,) if category in ("", self.category[label]) else ()
        rows = self.by_code.get(codes.segments(text), ())
        head, *tail = _CODE_AND_NAME.split(text, maxsplit=1)
        coded = self.by_code.get(codes.segments(head), ()) if tail else ()
        if coded and not rows:
            rows = tuple(i for i in coded if i in self.by_name.get(words.project_key(tail[0]), ()))
        elif not rows:
            rows = self.by_name.get(words.project_key(text), ())
        return self.of_category(rows, category) if category else rows

    def glued(self, text: str) -> tuple[int, ...]:
        """The projects whose code and name stand in one text, whatever is between: `P1_普法宣传`, `普法宣传（P1）`."""
        plain = unicodedata.normalize("NFKC", text)
        for at in range(1, len(plain)):
            for code, name in ((plain[:at], plain[at:]), (plain[at:], plain[:at])):
                coded = self.by_code.get(codes.segments(code.strip(_BETWEEN)), ())
                named = self.by_name.get(words.project_key(name.strip(_BETWEEN)), ()) if coded else ()
                if both := tuple(i for i in coded if i in named):
                    return both
        return ()


def index(budget: Budget, projects: pd.DataFrame) -> Index:
    """Look-ups into the projects of a budget."""
    shown = [(words.normalise(n), i) for lang in _LANGUAGES for i, n in enumerate(labels(projects, lang))]
    return Index(
        by_code=_rows((codes.segments(c), i) for i, c in enumerate(projects["project_code"]) if c),
        by_name=_rows((k, i) for i, k in enumerate(projects["key"]) if k),
        by_label={k: rows[0] for k, rows in _rows(shown).items() if len(set(rows)) == 1},
        quotas=_lines(budget, projects, "quota"),
        documents=_lines(budget, projects, "document"),
        category=tuple(map(str, projects["category"])),
    )


def _rows(pairs: Iterable[tuple[str, int]]) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    for key, row in pairs:
        found.setdefault(key, []).append(row)
    return {key: tuple(rows) for key, rows in found.items()}


def _lines(budget: Budget, projects: pd.DataFrame, name: str) -> dict[str, tuple[frozenset[int], frozenset[str]]]:
    lines = budget.fen
    if name not in lines or not (lines[name] != "").any():
        return {}
    own = line_projects(budget, projects)
    found: dict[str, tuple[set[int], set[str]]] = {}
    for text, row, category in zip(lines[name], own, lines["category"], strict=True):
        if key := words.normalise(text):
            rows, categories = found.setdefault(key, (set(), set()))
            rows.add(int(row))
            categories.add(str(category))
    return {key: (frozenset(rows), frozenset(categories)) for key, (rows, categories) in found.items()}

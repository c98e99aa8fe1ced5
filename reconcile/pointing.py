"""Which budget project one combination of a row's code, name, account and document points at, and by what."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from reconcile import codes, wording
from reconcile.aliases import Aliases, keys
from reconcile.projects import NO_PROJECT, Index
from reconcile.read import words

_STRUCTURE = re.compile(r"[_/\\|>-]")
CONFLICT, AMBIGUOUS, LOOSE, LABEL, NONE = (
    "code-name-conflict",
    "ambiguous-match",
    "not-in-budget",
    "basic-label",
    "no-project",
)
CONTESTED = (CONFLICT, AMBIGUOUS)
"""Evidence of entries that may be one of several projects: matched to none of them."""
ALIAS = "approved-alias"


@dataclass(frozen=True)
class Choice:
    """project: row of the budget's projects, −1 for none.  code, name: to show where there is none.  stated: category
    that the row states; quota: category of its 指标; approved: by an alias.  named: a project is named that is not
    known.  candidates: what may be meant.  alias: row applied; overruled: row that the budget's own names contradict.
    """

    project: int
    evidence: str
    code: str = ""
    name: str = ""
    stated: str = ""
    quota: str = ""
    approved: str = ""
    named: bool = False
    candidates: tuple[int, ...] = ()
    alias: int = -1
    overruled: int = -1


@dataclass(frozen=True)
class Approved:
    """What approved aliases say of a name: the first of their rows, the projects that they may mean, a category."""

    alias: int
    projects: tuple[int, ...]
    category: str
    has_target: bool
    agreed: bool


class Pointer:
    """Projects by code, then normalised name, then approved alias, then account path, then 指标; never by likeness."""

    def __init__(self, index: Index, aliases: Aliases) -> None:
        self.index, self.aliases = index, aliases
        self._approved = aliases.by_name()
        self.has_aliases = bool(self._approved)

    def choose(self, code: str, name: str, account: str, stated: str, quota: str, document: str) -> Choice:
        """The project of a row, by the first evidence that points at just one."""
        section = words.section(name) if name else None
        if section:
            name, stated = "", stated or section[0]
        of_quota, natures = self.index.of_document(quota, document)
        coded = self.index.by_code.get(codes.segments(code), ()) if code else ()
        if section and not coded:
            code = ""
        named = self.index.by_name.get(words.project_key(name), ()) if name else ()
        if code and name and not coded and not named:
            named = self.index.by_name.get(words.project_key(f"{code}{name}"), ())
        both = tuple(i for i in coded if i in named)
        if name and not code and not named:
            both = self.index.glued(name)
        choice = Choice(NO_PROJECT, NONE, code, name or code, stated, next(iter(natures)) if len(natures) == 1 else "")
        if coded and named and not both:
            return self._settled(replace(choice, evidence=CONFLICT, candidates=(*coded, *named)), f"{code} {name}")
        pointed = both or coded or named
        if pointed:
            single = self._told_apart(pointed, stated, of_quota)
            if single is None:
                return self._settled(
                    replace(choice, evidence=AMBIGUOUS, candidates=pointed), f"{code} {name}".strip(), name or code
                )
            how = (
                self._how(code, name, bool(coded or both), bool(named or both))
                if len(pointed) == 1
                else "one-of-category"
            )
            return self._checked(replace(choice, project=single, evidence=how), name)
        if name or code:
            return self._settled(replace(choice, evidence=LOOSE, named=True), f"{code} {name}".strip(), name or code)
        return self._unnamed(choice, account, of_quota)

    def account(self, label: str, category: str) -> Choice | None:
        """What a person approved for an account's entries that name no project, None where that does not fit."""
        names = [label] if label else [wording.text("no-account", language) for language in ("zh", "en")]
        found = next((said for name in names if (said := self.approved(name))), None)
        if found is None or not found.agreed or len(found.projects) != int(found.has_target):
            return None
        project = found.projects[0] if found.projects else NO_PROJECT
        nature = self.index.category[project] if found.projects else found.category
        if category not in ("undetermined", nature):
            return None
        return Choice(project, ALIAS, approved=nature if category == "undetermined" else "", alias=found.alias)

    def approved(self, name: str, *, whole: bool = False) -> Approved | None:
        """What aliases say of a name; `whole` compares it with its code, not by name alone."""
        for key in keys(name)[: 1 if whole else None]:
            rows = self._approved.get(key)
            rows = [row for row in rows or () if self.means(row)] or rows
            if rows:
                says = {(self.targets(row), self.aliases.rows[row].category) for row in rows}
                projects = tuple(dict.fromkeys(i for targets, _ in sorted(says) for i in targets))
                first = self.aliases.rows[rows[0]]
                return Approved(
                    rows[0],
                    projects,
                    first.category,
                    any(self.aliases.rows[row].target for row in rows),
                    len({targets or category for targets, category in says}) == 1,
                )
        return None

    def targets(self, alias: int) -> tuple[int, ...]:
        """The budget projects that an alias may mean; none where it names a category only, or no budget project."""
        row = self.aliases.rows[alias]
        return self.index.named(row.target, row.category) if row.target else ()

    def means(self, alias: int) -> bool:
        """Whether an alias names a budget project, or only a category; a project that is none means nothing."""
        return not self.aliases.rows[alias].target or bool(self.targets(alias))

    def _how(self, code: str, name: str, coded: bool, named: bool) -> str:
        if coded:
            return "code-and-name" if named else "code-of-other-name" if name else "project-code"
        return "name-of-other-code" if code and self.index.by_code else "project-name"

    def _told_apart(self, rows: tuple[int, ...], stated: str, of_quota: frozenset[int]) -> int | None:
        """The one of several that has the category which the row states, or that its 指标 names."""
        if len(rows) > 1 and stated:
            rows = self.index.of_category(rows, stated) or rows
        if len(rows) > 1:
            rows = tuple(i for i in rows if i in of_quota) or rows
        return rows[0] if len(rows) == 1 else None

    def _unnamed(self, choice: Choice, account: str, of_quota: frozenset[int]) -> Choice:
        for part in reversed(_STRUCTURE.split(account)):
            rows = self.index.by_name.get(words.project_key(part), ()) if part else ()
            if rows:
                single = self._told_apart(rows, choice.stated, of_quota)
                if single is None:
                    return self._settled(replace(choice, evidence=AMBIGUOUS, name=part, candidates=rows), part)
                return replace(choice, project=single, evidence="account-path", name=part)
        single = next(iter(of_quota)) if len(of_quota) == 1 else NO_PROJECT
        if single >= 0 and choice.stated in ("", self.index.category[single]):
            return replace(choice, project=single, evidence="quota-line")
        return choice

    def _settled(self, choice: Choice, whole: str, name: str = "") -> Choice:
        """A row that the budget's own names do not place, by what a person approved."""
        found = self.approved(whole, whole=True) or (self.approved(name) if name else None)
        if found is None:
            return self._label(choice)
        if found.agreed and len(found.projects) == 1:
            return replace(choice, project=found.projects[0], evidence=ALIAS, named=False, alias=found.alias)
        if found.projects or not found.agreed:
            candidates = found.projects or choice.candidates
            return replace(choice, evidence=AMBIGUOUS, candidates=candidates, alias=found.alias)
        if found.has_target:
            return replace(choice, alias=found.alias)
        if choice.stated not in ("", found.category):
            return replace(self._label(choice), overruled=found.alias)
        if found.category == "basic":
            return replace(choice, evidence=ALIAS, code="", name="", named=False, approved="basic", alias=found.alias)
        return replace(choice, approved=found.category, alias=found.alias)

    def _label(self, choice: Choice) -> Choice:
        """A name inside basic spending names no project where the budget does not split basic spending by project."""
        if choice.evidence == LOOSE and choice.stated == "basic" and not self.index.splits_basic:
            return replace(choice, evidence=LABEL, code="", name="", named=False)
        return choice

    def _checked(self, choice: Choice, name: str) -> Choice:
        """A placed row, with the alias of its name that says otherwise."""
        found = self.approved(name) if name and self.has_aliases else None
        return choice if found is None or choice.project in found.projects else replace(choice, overruled=found.alias)


def label_of(account_code: str, account: str, economic_code: str) -> str:
    """What an entry without a project is called where a person is asked about it, '' where it has no account."""
    return " / ".join(part for part in (f"{account_code} {account}".strip(), economic_code) if part)

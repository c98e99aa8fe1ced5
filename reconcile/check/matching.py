"""Rules about how entries met the budget."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from reconcile import wide, wording
from reconcile.aliases import CATEGORIES
from reconcile.check.facts import Facts, voucher_subject
from reconcile.check.many import at_most
from reconcile.check.stated_type import account_name, category_words, of_other_type
from reconcile.finding import Check, Finding, Origin, Severity
from reconcile.groups import Groups
from reconcile.ledger import voucher_groups
from reconcile.nearest import Offer, likeness, margin
from reconcile.pointing import AMBIGUOUS, CONFLICT, LABEL, LOOSE, NONE
from reconcile.read import words
from reconcile.unsettled import Group, Unsettled, alias_report, groups_of

EACH_AT_MOST = 20
NAMES_AT_MOST = 50
RENAMED_AT_MOST = 5
LEAST_PART = 3
"""Characters of a name that another must hold to be called a part of it."""
LANGUAGES = ("zh", "en")


def unmatched_project(facts: Facts) -> Check:
    """Spending whose project is in no budget line; the nearest names are offered, none is taken."""
    entries = facts.tie.entries
    tested = int((wide.filled(entries, "project") | wide.equal(entries, "project_evidence", LABEL)).sum())
    found = [u for u in facts.unsettled if u.kind == LOOSE]
    findings = [
        Finding(
            "unmatched-project",
            one.project,
            facts.entry_origin(one.first),
            expected=0,
            actual=one.amount,
            detail=one.code if one.code != one.project else "",
            params={"nearest": _offer(one.offers, facts.settings.nearest, facts.settings.near_score)},
        )
        for one in found[:NAMES_AT_MOST]
    ]
    if rest := found[NAMES_AT_MOST:]:
        findings.append(
            Finding(
                "unmatched-project",
                facts.category_name("project"),
                facts.entry_origin(rest[0].first),
                expected=0,
                actual=sum(one.amount for one in rest),
                detail="rest",
                params={"wording": "rest", "count": len(rest), "names": _names([one.project for one in rest])},
            )
        )
    labelled = entries[wide.equal(entries, "project_evidence", LABEL)]
    if len(labelled):
        findings.append(
            Finding(
                "unmatched-project",
                facts.category_name("basic"),
                facts.entry_origin(labelled.iloc[0]),
                actual=int(labelled["amount"].sum()),
                severity=Severity.INFO,
                detail="basic",
                params={
                    "wording": "basic",
                    "count": labelled["stated_project"].nunique(),
                    "names": _names(sorted(labelled["stated_project"].unique())),
                },
            )
        )
    return Check.ran("unmatched-project", tested, findings)


def _offer(offers: tuple[Offer, ...], count: int, least: float) -> dict[str, str]:
    near = [o for o in offers if o.score >= least][:count]
    if not near:
        return {lang: wording.text("no-near-name", lang) for lang in LANGUAGES}
    out = {}
    for lang, comma in (("zh", "、"), ("en", ", ")):
        names = comma.join(f"{o.name} ({o.score:.0f})" for o in near)
        facts = {"names": names, "margin": f"{margin(offers):.0f}"}
        out[lang] = wording.fill(wording.text("near-names", lang), facts)
    return out


def _names(names: Sequence[str], limit: int = 5) -> dict[str, str]:
    """The first few of many names, and that there are more."""
    return {
        lang: comma.join(f"{before}{n}{after}" for n in names[:limit]) + (more if len(names) > limit else "")
        for lang, before, after, comma, more in (("zh", "“", "”", "、", "等"), ("en", "“", "”", ", ", " and more"))
    }


def code_name_conflict(facts: Facts) -> Check:
    """R42: a row's code and name point at one project; where each points at another, neither gets the money."""
    entries = facts.tie.entries
    findings = []
    for one in (u for u in facts.unsettled if u.kind == CONFLICT):
        by_code, by_name = _sides(facts, one)
        findings.append(
            Finding(
                "code-name-conflict",
                by_code,
                facts.entry_cell(one.first, "project_code", "project"),
                expected=0,
                actual=one.amount,
                detail=f"{one.code}|{words.project_key(one.project)}",
                params={"code": one.code, "expected_name": by_code, "seen": by_name},
            )
        )
    named_otherwise = entries[wide.equal(entries, "project_evidence", "code-of-other-name")]
    far: list[Group] = []
    near: list[Group] = []
    for group in groups_of(named_otherwise, ["project", "stated_project", "project_code"]):
        (near if likeness(*group.keys[:2]) >= facts.settings.near_score else far).append(group)
    findings += _renamed(facts, far, EACH_AT_MOST, Severity.WARNING)
    findings += _renamed(facts, near, RENAMED_AT_MOST, Severity.INFO)
    findings += at_most(list(of_other_type(facts)), EACH_AT_MOST)
    both = wide.filled(entries, "project_code") & wide.filled(entries, "stated_project")
    return Check.ran("code-name-conflict", int(both.sum()), findings)


def _sides(facts: Facts, one: Unsettled) -> tuple[str, str]:
    """The budget's names of the project that the code and that the name points at."""
    names, keys = facts.matched.projects["project"], facts.matched.projects["key"]
    own = [i for i in one.candidates if keys.iloc[i] == words.project_key(one.project)]
    other = [i for i in one.candidates if i not in own]
    return tuple("、".join(sorted({str(names.iloc[i]) for i in side})) for side in (other, own))  # type: ignore[return-value]


def _renamed(facts: Facts, found: list[Group], limit: int, severity: Severity) -> Iterator[Finding]:
    """Projects that the ledger gives the budget's code and another name: matched by code, each said or all at once."""
    if len(found) > limit:
        yield Finding(
            "code-name-conflict",
            facts.category_name("project"),
            facts.entry_cell(found[0].first, "project_code", "project"),
            actual=sum(group.amount for group in found),
            severity=severity,
            detail=f"renamed|{severity}",
            params={
                "wording": "many",
                "count": len(found),
                "names": _names(
                    list(dict.fromkeys(f"{name} → {project}" for project, name, _ in (g.keys for g in found)))
                ),
            },
        )
        return
    for group in found:
        project, name, code = group.keys
        yield Finding(
            "code-name-conflict",
            project,
            facts.entry_cell(group.first, "project_code", "project"),
            actual=group.amount,
            severity=severity,
            detail=f"{code}|{words.project_key(name)}",
            params={"wording": "renamed", "code": code, "expected_name": project, "seen": name},
        )


def ambiguous_match(facts: Facts) -> Check:
    """R15: what a row names is one budget line of the row's category; several are named, none is guessed."""
    entries, matched = facts.tie.entries, facts.matched
    items = facts.unsettled
    findings = []
    for one in (u for u in items if u.kind == AMBIGUOUS):
        own = [i for i in one.candidates if matched.projects["key"].iloc[i] == words.project_key(one.project)]
        findings.append(
            Finding(
                "ambiguous-match",
                str(matched.projects["project"].iloc[own[0]]) if own else one.project,
                facts.entry_origin(one.first),
                expected=0,
                actual=one.amount,
                detail=f"{one.code}|{words.project_key(one.project)}",
                params={
                    "seen": {lang: _joined(matched.labels(one.candidates, lang), lang) for lang in LANGUAGES},
                    "by": {lang: wording.text("by-alias", lang) if one.alias >= 0 else "" for lang in LANGUAGES},
                },
            )
        )
    findings += _other_category(facts)
    findings += _parts(facts, [u for u in items if u.kind == LOOSE])
    tested = int((~wide.equal(entries, "project_evidence", NONE)).sum())
    return Check.ran("ambiguous-match", tested, findings)


def _other_category(facts: Facts) -> Iterator[Finding]:
    """Entries of a budget project whose own type or account states the other category."""
    entries, projects = facts.tie.entries, facts.matched.projects
    ids = entries["project_id"].to_numpy()
    placed = np.flatnonzero(ids >= 0)
    pairs = Groups.by(ids[placed], wide.codes(entries, "category", placed))
    first = placed[pairs.first]
    other = wide.texts_at(entries, "category", first) != projects["category"].to_numpy(dtype=object)[ids[first]]
    elsewhere = entries.iloc[placed[other[pairs.of]]] if other.any() else entries.iloc[:0]
    for (row, category), lines in elsewhere.groupby(["project_id", "category"], sort=True):
        own = str(projects["category"].iloc[int(row)])
        yield Finding(
            "ambiguous-match",
            str(projects["project"].iloc[int(row)]),
            facts.entry_origin(lines.iloc[0]),
            expected=0,
            actual=int(lines["amount"].sum()),
            detail=f"category|{projects['project_code'].iloc[int(row)]}|{category}",
            params={
                "wording": "category",
                "nature": category_words(own),
                "stated": category_words(str(category)),
                "count": len(lines),
            },
        )


def _parts(facts: Facts, loose: list[Unsettled]) -> Iterator[Finding]:
    """Unmatched names that hold, or are held by, several budget names, and budget names that several of them hold."""
    holders: dict[str, list[Unsettled]] = {}
    for one in loose:
        held = [o.name for o in one.offers if _is_part(o.name, one.project)]
        for name in held:
            holders.setdefault(name, []).append(one)
        if len(held) > 1:
            yield _part_finding(facts, one.project, [one], held, "parts")
    for name, ones in sorted(holders.items()):
        if len(ones) > 1:
            yield _part_finding(facts, name, ones, [u.project for u in ones], "split")


def _is_part(one: str, other: str) -> bool:
    short, long = sorted((words.project_key(one), words.project_key(other)), key=len)
    return len(short) >= LEAST_PART and short in long


def _part_finding(facts: Facts, subject: str, ones: list[Unsettled], names: list[str], kind: str) -> Finding:
    return Finding(
        "ambiguous-match",
        subject,
        facts.entry_origin(ones[0].first),
        actual=sum(u.amount for u in ones),
        severity=Severity.WARNING,
        detail=kind,
        params={"wording": kind, "seen": _names(names, EACH_AT_MOST)},
    )


def _joined(names: Sequence[str], language: str) -> str:
    return ("、" if language == "zh" else ", ").join(names)


def undetermined_category(facts: Facts) -> Check:
    """Spending that no evidence tells basic from project: shown, never spread."""
    entries = facts.tie.entries
    loose = entries[wide.equal(entries, "category", "undetermined")]
    vouchers = loose.groupby(voucher_groups(loose), sort=False) if len(loose) else None
    findings = []
    if vouchers is not None and vouchers.ngroups <= EACH_AT_MOST:
        for _, lines in vouchers:
            entry = lines.iloc[0]
            findings.append(
                Finding(
                    "undetermined-category",
                    voucher_subject(entry),
                    facts.entry_origin(entry),
                    expected=0,
                    actual=int(lines["amount"].sum()),
                    detail=f"{entry['file']}|{entry['sheet']}",
                    params={"account": account_name(entry)},
                )
            )
    elif vouchers is not None:
        for _, lines in loose.groupby(["account_code", "account"], sort=True):
            entry = lines.iloc[0]
            findings.append(
                Finding(
                    "undetermined-category",
                    account_name(entry),
                    facts.entry_origin(entry),
                    expected=0,
                    actual=int(lines["amount"].sum()),
                    detail="account",
                    params={"wording": "many", "account": account_name(entry), "count": len(lines)},
                )
            )
    return Check.ran("undetermined-category", len(entries), findings)


def alias_not_applied(facts: Facts) -> Check:
    """Every alias that a person wrote was applied, or no entry has its name; all others are named with the reason."""
    if not facts.matched.aliases.rows:
        return Check.skipped("alias-not-applied", "no-aliases")
    report = alias_report(facts.matched, facts.tie.entries)
    findings = [
        Finding(
            "alias-not-applied",
            row.name or wording.text("none"),
            facts.matched.aliases.rows[i].origin if row.row else Origin(),
            detail=f"{row.status}|{row.project}|{row.category}",
            params={
                "target": row.project or _category_shown(row.category),
                "reason": {lang: wording.text(f"alias-{row.status}", lang) for lang in LANGUAGES},
            },
        )
        for i, row in enumerate(report.itertuples(index=False))
        if row.status not in ("applied", "unused")
    ]
    return Check.ran("alias-not-applied", len(report), findings)


def _category_shown(category: str) -> object:
    """A category in words; what a person wrote in its place as it is."""
    return category_words(category) if category in CATEGORIES else category or wording.text("none")


RULES = (unmatched_project, code_name_conflict, ambiguous_match, undetermined_category, alias_not_applied)

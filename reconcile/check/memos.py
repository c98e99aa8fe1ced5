"""Questions that memos raise: another project's name, another class, an asset or none, money passed through."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile import codes, wide, wording
from reconcile.check import memo_text
from reconcile.check.facts import Facts
from reconcile.check.many import at_most, vouchers_of
from reconcile.check.memo_text import Memos
from reconcile.finding import Check, Finding, Origin
from reconcile.groups import Groups
from reconcile.money import FEN_PER_YUAN
from reconcile.read import words

Mask = npt.NDArray[np.bool_]
SHOWN = 10
SHORTEST_NAME, SHORTEST_CORE, SHORTEST_LATIN = 4, 5, 8
ENDINGS = ("专项工作经费", "工作经费", "专项经费", "专项资金", "项目经费", "经费", "专项", "项目", "费用", "费")
_DIGITS = re.compile("[0-9]+")
TRUST_ACCOUNTS = ("1891", "2901")


def memo_project(facts: Facts) -> Check:
    """R14, R15: no memo names another budget project than the one (or the basic spending) that was charged."""
    entries, projects = facts.tie.entries, facts.matched.projects
    names = {int(i): core for i, name in projects["project"].items() if (core := _core(str(name)))}
    if not names or not len(entries):
        return Check.ran("memo-project", 0, [])
    if not wide.filled(entries, "memo").any():
        return Check.missing("memo-project", "needs-memos")
    known = _Names(names)
    said = facts.memos.each(lambda m: known.longest_in(m)).astype(np.int64)
    spoken = np.flatnonzero(said >= 0)
    pairs = Groups.by(said[spoken], wide.codes(entries, "project", spoken))
    own = [words.project_key(str(p)) for p in wide.texts_at(entries, "project", spoken[pairs.first])]
    same = np.array([_same(names[s], o) for s, o in zip(said[spoken[pairs.first]].tolist(), own)], dtype=bool)
    other = np.full(len(entries), -1, dtype=np.int64)
    other[spoken] = np.where(same[pairs.of], -1, said[spoken]) if len(pairs) else -1
    other[(entries["project_id"].to_numpy() == other) | wide.equal(entries, "category", "undetermined")] = -1
    lines = entries[other >= 0].assign(other=other[other >= 0])
    findings = []
    for (category, project, at), group in lines.groupby(["category", "project", "other"], sort=False):
        charged = str(project) or facts.category_name(str(category))
        named = str(projects["project"].iloc[at])
        findings.append(_question(facts, "memo-project", charged, group, f"{category}|{named}", {"named": named}))
    return Check.ran("memo-project", len(entries), at_most(findings, SHOWN))


def _core(name: str) -> str:
    """A project's name as a memo would tell it, without endings that many share; '' where it is too short to tell."""
    key = words.project_key(name)
    if len(key) < (SHORTEST_LATIN if key.isascii() else SHORTEST_NAME):
        return ""
    ending = next((e for e in ENDINGS if key.endswith(e)), "")
    core = key.removesuffix(ending)
    return core if len(core) >= SHORTEST_CORE else key


class _Names:
    """Names of projects, looked up in memos by how they begin."""

    def __init__(self, names: Mapping[int, str]) -> None:
        self._starting: dict[str, list[tuple[str, int]]] = {}
        for row, name in names.items():
            self._starting.setdefault(name[:SHORTEST_NAME], []).append((name, row))
        self._chars = frozenset("".join(self._starting))

    def longest_in(self, memo: str) -> int:
        """The project whose name a memo holds, the longest (of equals the first); −1 where it holds none."""
        if not self._chars & set(unicodedata.normalize("NFKC", memo).lower()):
            return -1
        key = words.project_key(memo)
        heads = {key[i : i + SHORTEST_NAME] for i in range(len(key) - SHORTEST_NAME + 1)} & self._starting.keys()
        found = [(-len(name), row) for head in heads for name, row in self._starting[head] if name in key]
        return min(found)[1] if found else -1


def _same(core: str, own: str) -> bool:
    """Whether the project charged bears the name too: one is a part of the other."""
    return bool(own) and (core in own or own in core)


def memo_class(facts: Facts) -> Check:
    """R16: what a memo pays for fits its economic class, by the words of data/memo_classes.csv."""
    entries = facts.tie.entries
    at, classes = facts.classes
    if len(entries) and not any(classes):
        return Check.missing("memo-class", "needs-classes")
    said = facts.memos.each(_words_of)
    told = np.flatnonzero(said != "")
    payee = Memos.of(entries, "payee").each(_words_of)
    cases = Groups.by(said[told], at[told], wide.codes(entries, "project", told), payee[told])
    first = told[cases.first]
    verdicts = [
        _misfit(said[row], classes[at[row]], f"{project}|{payee[row]}")
        for row, project in zip(first.tolist(), wide.texts_at(entries, "project", first), strict=True)
    ]
    word = np.full(len(entries), "", dtype=object)
    word[told] = np.array(verdicts, dtype=object)[cases.of] if verdicts else ""
    code = np.array(classes, dtype=object)[at] if classes else np.empty(0, dtype=object)
    lines = entries[word != ""].assign(word=word[word != ""], code=code[word != ""])
    findings = []
    for (own, said), same in lines.groupby(["code", "word"], sort=True):
        fits = next(c for w, c in _dictionary() if said in w)[0]
        subject = f"{own} {codes.economic_name(str(own))}".strip()
        params = {"word": said, "class": f"{fits} {codes.economic_name(fits)}".strip()}
        findings.append(_question(facts, "memo-class", subject, same, str(said), params))
    return Check.ran("memo-class", _classed(facts), at_most(findings, SHOWN))


def _classed(facts: Facts) -> int:
    at, classes = facts.classes
    return len(at) - int((at == classes.index("")).sum()) if "" in classes else len(at)


@cache
def _dictionary() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """(words, classes that fit, the likeliest first)."""
    return tuple((tuple(r["words"].split("|")), tuple(r["classes"].split("|"))) for r in words.rows_of("memo_classes"))


@cache
def _listed() -> re.Pattern[str]:
    every = "|".join(re.escape(w) for listed_words, _ in _dictionary() for w in listed_words)
    return re.compile(f"(?:{every}){memo_text.NOT_OF_A_FIRM}")


@cache
def _as_word(word: str) -> re.Pattern[str]:
    return re.compile(re.escape(word) + memo_text.NOT_OF_A_FIRM)


def _words_of(memo: str) -> str:
    """The dictionary's words that a memo holds; none has a digit, so memos that differ in their numbers are one."""
    return _words_in(_DIGITS.sub("0", memo))


@cache
def _words_in(memo: str) -> str:
    """The dictionary's words that a memo holds, in its order, as the dictionary parts them: `办公用品|文具`."""
    if not _listed().search(memo):
        return ""
    return "|".join(w for listed_words, _ in _dictionary() for w in listed_words if _as_word(w).search(memo))


def _misfit(said: str, code: str, beside: str) -> str:
    """The word of a memo's words that does not fit its class; '' where all fit, where one does, or where none is known.

    Words of `beside` (the project's and the payee's names) say nothing of the single payment; those of the class's own
    name do not misfit it (邮电费 is no 电费).
    """
    if not code or code[:3] in ("309", "310"):
        return ""
    found, spoken, own = "", set(said.split("|")), codes.economic_name(code)
    for listed_words, classes in _dictionary():
        heard = [w for w in listed_words if w in spoken and w not in beside]
        if heard and code.startswith(classes):
            return ""
        found = found or next((w for w in heard if w not in own), "")
    return found


def capital_or_expense(facts: Facts) -> Check:
    """R17: things that last were not charged to goods and services (302), nor consumables to capital (309, 310)."""
    entries = facts.tie.entries
    at, classes = facts.classes
    if len(entries) and not any(classes):
        return Check.missing("capital-or-expense", "needs-classes")

    def of_kind(*kinds: str) -> Mask:
        return np.asarray(np.isin(at, [i for i, c in enumerate(classes) if c[:3] in kinds]), dtype=bool)

    amount, said = entries["amount"].to_numpy(), facts.memos.saying
    least = round(facts.settings.thresholds.asset_limit * FEN_PER_YUAN)
    used_up = said("consumable") & ~memo_text.saying(entries, "payee", "consumable")
    lasts = said("asset") & ~said("not-asset")
    cases = (
        ("asset", said("bought") & lasts & of_kind("302") & (amount >= least)),
        ("consumable", used_up & ~lasts & of_kind("309", "310") & (amount > 0)),
    )
    findings = []
    for name, mask in cases:
        for one in sorted(np.unique(at[mask]).tolist(), key=classes.__getitem__):
            own, lines = classes[one], entries[mask & (at == one)]
            subject = f"{own} {codes.economic_name(str(own))}".strip()
            findings.append(_question(facts, "capital-or-expense", subject, lines, name, {"wording": name}))
    return Check.ran("capital-or-expense", int(of_kind("302", "309", "310").sum()), at_most(findings, SHOWN))


def pass_through(facts: Facts) -> Check:
    """R44: money received and paid for others (代收代付, 受托代理) is no spending of the office's own."""
    entries, everything = facts.tie.entries, facts.ledger.fen
    trust = wide.where(everything, "account_code", lambda c: codes.segments(c)[:4] in TRUST_ACCOUNTS)
    trust &= wide.filled(everything, "voucher")
    keys = ["file", "sheet", "date", "voucher"]
    by_account = np.zeros(len(entries), dtype=bool)
    if trust.any():
        places = pd.MultiIndex.from_frame(everything.loc[trust, keys].drop_duplicates())
        by_account = np.asarray(pd.MultiIndex.from_frame(entries[keys]).isin(places))
    by_memo = facts.memos.saying("pass-through") | memo_text.saying(entries, "project", "pass-through")
    lines = entries[by_account | by_memo]
    findings = [
        _question(facts, "pass-through", str(project) or facts.category_name(str(category)), same, str(category), {})
        for (category, project), same in lines.groupby(["category", "project"], sort=False)
    ]
    return Check.ran("pass-through", len(entries), at_most(findings, SHOWN))


def _question(
    facts: Facts, code: str, subject: str, lines: pd.DataFrame, detail: str, params: dict[str, object]
) -> Finding:
    """One question about some entries: their count and sum, the largest first, a memo as it stands."""
    largest = lines.sort_values("amount", ascending=False, kind="stable")
    first = largest.iloc[0]
    origin: Origin = facts.entry_origin(first)
    return Finding(
        code,
        subject,
        origin,
        actual=int(lines["amount"].sum()),
        detail=detail,
        params={
            "count": len(lines),
            "seen": vouchers_of(largest),
            "memo": first["memo"] or wording.text("no-memo", facts.settings.language),
            **params,
        },
    )


RULES = (memo_project, memo_class, capital_or_expense, pass_through)

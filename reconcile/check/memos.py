"""Questions that memos raise: another project's name, another class, an asset or none, money passed through."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile import codes, wording
from reconcile.check import memo_text
from reconcile.check.facts import Facts
from reconcile.check.many import at_most, vouchers_of
from reconcile.finding import Check, Finding, Origin
from reconcile.money import FEN_PER_YUAN
from reconcile.read import columns as text
from reconcile.read import words

Mask = npt.NDArray[np.bool_]
SHOWN = 10
SHORTEST_NAME, SHORTEST_CORE, SHORTEST_LATIN = 4, 5, 8
ENDINGS = ("专项工作经费", "工作经费", "专项经费", "专项资金", "项目经费", "经费", "专项", "项目", "费用", "费")
TRUST_ACCOUNTS = ("1891", "2901")


def memo_project(facts: Facts) -> Check:
    """R14, R15: no memo names another budget project than the one (or the basic spending) that was charged."""
    entries, projects = facts.tie.entries, facts.matched.projects
    names = {int(i): core for i, name in projects["project"].items() if (core := _core(str(name)))}
    if not names or not len(entries):
        return Check.ran("memo-project", 0, [])
    if not (entries["memo"] != "").any():
        return Check.missing("memo-project", "needs-memos")
    said = text.mapped(entries["memo"].to_numpy(dtype=object), lambda m: _named(words.project_key(str(m or "")), names))
    own = text.mapped(entries["project"].to_numpy(dtype=object), lambda p: words.project_key(str(p or "")))
    other = np.array([s if s is not None and not _same(names[s], o) else -1 for s, o in zip(said, own)], dtype=np.int64)
    other[(entries["project_id"].to_numpy() == other) | (entries["category"] == "undetermined").to_numpy()] = -1
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


def _named(memo: str, names: dict[int, str]) -> int | None:
    """The project whose name a memo holds, the longest; None where it holds none."""
    found = [i for i, core in names.items() if core in memo]
    return max(found, key=lambda i: len(names[i])) if found else None


def _same(core: str, own: str) -> bool:
    """Whether the project charged bears the name too: one is a part of the other."""
    return bool(own) and (core in own or own in core)


def memo_class(facts: Facts) -> Check:
    """R16: what a memo pays for fits its economic class, by the words of data/memo_classes.csv."""
    entries = facts.tie.entries
    code = _classes(entries)
    if len(entries) and not (code != "").any():
        return Check.missing("memo-class", "needs-classes")
    pairs = pd.DataFrame({"memo": entries["memo"], "code": code, "project": entries["project"]})
    group = pairs.groupby(list(pairs.columns), sort=False).ngroup().to_numpy()
    distinct = pairs.drop_duplicates()
    verdicts = [_misfit(str(m), str(c), str(p)) for m, c, p in distinct.itertuples(index=False, name=None)]
    word = np.array(verdicts, dtype=object)[group] if len(distinct) else np.empty(0, dtype=object)
    lines = entries[word != ""].assign(word=word[word != ""], code=code[word != ""])
    findings = []
    for (own, said), same in lines.groupby(["code", "word"], sort=True):
        fits = next(c for w, c in _dictionary() if said in w)[0]
        subject = f"{own} {codes.economic_name(str(own))}".strip()
        params = {"word": said, "class": f"{fits} {codes.economic_name(fits)}".strip()}
        findings.append(_question(facts, "memo-class", subject, same, str(said), params))
    return Check.ran("memo-class", int((code != "").sum()), at_most(findings, SHOWN))


def _classes(entries: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Economic class codes, by name where only the name is given; '' where neither says one."""
    own = text.mapped(entries["economic_code"].to_numpy(dtype=object), lambda c: codes.segments(str(c or "")))
    named = text.mapped(
        entries["item"].to_numpy(dtype=object),
        lambda n: codes.economic_by_name().get(words.normalise(str(n or "")), ""),
    )
    known = codes.economic_classes()
    return np.array([c if c in known else (n if not c else "") for c, n in zip(own, named)], dtype=object)


@cache
def _dictionary() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """(words, classes that fit, the likeliest first)."""
    return tuple((tuple(r["words"].split("|")), tuple(r["classes"].split("|"))) for r in words.rows_of("memo_classes"))


def _misfit(memo: str, code: str, project: str) -> str:
    """The word of a memo that does not fit its class; '' where all fits, where one does, or where none is known.

    Words that are of the project's name say nothing of the single payment.
    """
    if not code or code[:3] in ("309", "310"):
        return ""
    found = ""
    for listed_words, classes in _dictionary():
        word = next((w for w in listed_words if w in memo and w not in project), "")
        if not word:
            continue
        if code.startswith(classes):
            return ""
        found = found or word
    return found


def capital_or_expense(facts: Facts) -> Check:
    """R17: things that last were not charged to goods and services (302), nor consumables to capital (309, 310)."""
    entries = facts.tie.entries
    code = _classes(entries)
    if len(entries) and not (code != "").any():
        return Check.missing("capital-or-expense", "needs-classes")
    kind = np.array([str(c)[:3] for c in code], dtype=object)
    amount = entries["amount"].to_numpy()
    least = round(facts.settings.thresholds.asset_limit * FEN_PER_YUAN)
    asset, memo = memo_text.saying(entries["memo"], "asset"), entries["memo"]
    bought = memo_text.saying(memo, "bought") & asset & ~memo_text.saying(memo, "not-asset")
    used_up = memo_text.saying(memo, "consumable") & ~(asset & ~memo_text.saying(memo, "not-asset"))
    cases = (
        ("asset", bought & (kind == "302") & (amount >= least)),
        ("consumable", used_up & np.isin(kind, ["309", "310"]) & (amount > 0)),
    )
    findings = []
    for name, mask in cases:
        for own in sorted(set(code[mask])):
            lines = entries[mask & (code == own)]
            subject = f"{own} {codes.economic_name(str(own))}".strip()
            findings.append(_question(facts, "capital-or-expense", subject, lines, name, {"wording": name}))
    return Check.ran("capital-or-expense", int(np.isin(kind, ["302", "309", "310"]).sum()), at_most(findings, SHOWN))


def pass_through(facts: Facts) -> Check:
    """R44: money received and paid for others (代收代付, 受托代理) is no spending of the office's own."""
    entries, everything = facts.tie.entries, facts.ledger.fen
    head = text.mapped(everything["account_code"].to_numpy(dtype=object), lambda c: codes.segments(str(c or ""))[:4])
    keys = ["file", "sheet", "date", "voucher"]
    trust = everything.loc[np.isin(head.astype(str), TRUST_ACCOUNTS) & (everything["voucher"] != "").to_numpy(), keys]
    by_account = pd.MultiIndex.from_frame(entries[keys]).isin(pd.MultiIndex.from_frame(trust.drop_duplicates()))
    by_memo = memo_text.saying(entries["memo"], "pass-through") | memo_text.saying(entries["project"], "pass-through")
    lines = entries[np.asarray(by_account) | by_memo]
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

"""Contracts meet payments: by number in the memo, else payee and project, else the project's only contract.

What could be several contracts is given to none of them; it stays a payment of all of them together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from reconcile import codes
from reconcile.check.contract_text import company_key, memo_key, number_key, plain
from reconcile.read import words

SEVERAL = -1
SHORTEST_NAME = 4
Hits = tuple[int, ...]


@dataclass(frozen=True)
class Payments:
    """Spending entries that were paid on contracts.

    lines: entries (money in 分) with `contract` (row of the register, −1 where it could be several), `candidates`
    (rows of the register) and `evidence` (`number`, `payee-project`, `payee`, `memo-project`, `project`).
    elsewhere: entries of a contract's supplier on another project or none, which were not counted; `contract` names it.
    others: (project key, payee) of entries of contracts' projects paid to somebody else.
    can_tell: whether the ledger has anything (payee, project, number) to tell contracts by.
    projects: key of each contract's project.
    """

    contracts: pd.DataFrame
    lines: pd.DataFrame
    elsewhere: pd.DataFrame
    others: frozenset[tuple[str, str]]
    can_tell: bool
    projects: tuple[str, ...]

    @cached_property
    def paid(self) -> Mapping[int, int]:
        """分 paid by contract, of payments that are surely its own."""
        own = self.lines[self.lines["contract"] != SEVERAL]
        return {int(k): int(v) for k, v in own.groupby("contract")["amount"].sum().items()}

    def of(self, contract: int) -> pd.DataFrame:
        """Lines that are surely this contract's."""
        return self.lines.iloc[self._places.get(contract, np.empty(0, dtype=np.int64))]

    @cached_property
    def _places(self) -> Mapping[int, np.ndarray]:
        return {int(k): v for k, v in self.lines.groupby("contract").indices.items()}

    def only_by_project(self, contract: int) -> bool:
        """Whether nothing but the project says that the contract's payments are its own."""
        return bool((self.of(contract)["evidence"] == "project").any())

    @cached_property
    def pools(self) -> tuple[Hits, ...]:
        """Contracts between which payments by number or payee cannot be told apart."""
        shared = self.lines[(self.lines["contract"] == SEVERAL) & (self.lines["evidence"] != "project")]
        groups: list[set[int]] = []
        for one in dict.fromkeys(shared["candidates"]):
            joined = set(one).union(*(g for g in groups if g & set(one)))
            groups = [*(g for g in groups if not g & joined), joined]
        return tuple(sorted(tuple(sorted(g)) for g in groups))

    def pool_lines(self, pool: Hits) -> pd.DataFrame:
        inside = [c for c in dict.fromkeys(self.lines["candidates"]) if set(c) <= set(pool)]
        own = self.lines["candidates"].isin(inside) & (self.lines["evidence"] != "project")
        return self.lines[own | self.lines["contract"].isin(pool)]


def meet(contracts: pd.DataFrame, entries: pd.DataFrame, project_of: Mapping[str, str]) -> Payments:
    """Find the payments of every contract among spending entries.

    project_of: normalised project code or name to the normalised name that the budget uses.
    """
    register = _Register(contracts, project_of)
    memos, memo_at = _distinct(entries["memo"])
    payees, payee_at = _distinct(entries["payee"])
    projects, project_at = _distinct(entries["project"])
    glued = [memo_key(m) for m in memos]
    numbers = _found(memos, glued, register.by_number)
    named = _found(memos, glued, register.by_supplier)
    known = [register.by_supplier.get(company_key(p), ()) for p in payees]
    keys = [words.project_key(p) for p in projects]
    keys = [project_of.get(k, k) for k in keys]
    facts = pd.DataFrame(
        {
            "number": pd.factorize(_column(numbers))[0][memo_at] if len(memos) else [],
            "named": pd.factorize(_column(named))[0][memo_at] if len(memos) else [],
            "payee": payee_at,
            "project": project_at,
            "memo": memo_at,
        }
    )
    relevant = np.array([bool(n) or bool(m) for n, m in zip(numbers, named)], dtype=bool)[memo_at] if len(memos) else []
    of_supplier = np.array([bool(k) for k in known], dtype=bool)[payee_at] if len(payees) else []
    of_project = np.array([k in register.by_project for k in keys], dtype=bool)[project_at] if len(keys) else []
    rows = np.flatnonzero(np.asarray(relevant) | np.asarray(of_supplier) | np.asarray(of_project))
    group = facts.iloc[rows].groupby(["number", "named", "payee", "project"], sort=False).ngroup().to_numpy()
    first = rows[~pd.Series(group).duplicated().to_numpy()]
    has_projects = any(keys)
    choices = [
        register.choose(
            numbers[m],
            known[p] if payees[p] else named[m],
            bool(payees[p]) or bool(named[m]),
            bool(payees[p]),
            keys[q],
            has_projects,
        )
        for m, p, q in facts.loc[first, ["memo", "payee", "project"]].itertuples(index=False, name=None)
    ]
    found = entries.iloc[rows].reset_index(drop=True)
    found["candidates"] = _spread([c[0] for c in choices], group)
    found["evidence"] = pd.Series(_spread([c[1] for c in choices], group), dtype="str")
    found["project_key"] = _spread(keys, project_at[rows])
    found = register.narrowed(found)
    sizes = found["candidates"].map(len)
    found["contract"] = [c[0] if len(c) == 1 else SEVERAL for c in found["candidates"]]
    counted = ~found["evidence"].isin(["", "elsewhere"]) & (sizes > 0)
    strangers = found[(found["evidence"] == "") & (found["payee"] != "")]
    pairs = strangers[["project_key", "payee"]].drop_duplicates().itertuples(index=False, name=None)
    return Payments(
        contracts,
        found[counted].reset_index(drop=True),
        found[found["evidence"] == "elsewhere"].reset_index(drop=True),
        frozenset(pairs),
        any(keys) or any(payees) or any(numbers) or any(named),
        tuple(register.projects),
    )


class _Register:
    """Contracts by number, supplier, project and name."""

    def __init__(self, contracts: pd.DataFrame, project_of: Mapping[str, str]) -> None:
        self.projects = [_project(p, project_of) for p in contracts["project"]]
        self.by_project = _index(self.projects)
        self.by_number = _index(number_key(n) for n in contracts["number"])
        self.by_supplier = _index(company_key(s) for s in contracts["supplier"])
        self.names = [memo_key(n) for n in contracts["name"]]

    def choose(
        self, numbers: Hits, suppliers: Hits, told: bool, has_payee: bool, project: str, has_projects: bool
    ) -> tuple[Hits, str]:
        """(contracts, evidence) of a payment; evidence '' for none of them, `elsewhere` for one not counted.

        suppliers: contracts of the payee, or of who the memo names; told: whether there is such a one at all.
        """
        if numbers:
            return numbers, "number"
        same = tuple(c for c in suppliers if self.projects[c] == project) if project else ()
        if same:
            return same, "payee-project" if has_payee else "memo-project"
        free = suppliers if not has_projects else tuple(c for c in suppliers if not self.projects[c])
        if free:
            return free, "payee"
        if suppliers:
            return suppliers, "elsewhere"
        if told and has_payee:
            return (), ""
        return self.by_project.get(project, ()), "project"

    def narrowed(self, found: pd.DataFrame) -> pd.DataFrame:
        """Of several candidates the one whose whole name the memo writes, where it writes only one's."""
        out = found["candidates"].tolist()
        open_rows = [i for i, c in enumerate(out) if len(c) > 1]
        memos = found["memo"].tolist()
        keys = {m: memo_key(m) for m in {memos[i] for i in open_rows}}
        for i in open_rows:
            named = [c for c in out[i] if len(self.names[c]) >= SHORTEST_NAME and self.names[c] in keys[memos[i]]]
            own = {self.names[c] for c in named}
            whole = [c for c in named if not any(self.names[c] in n for n in own - {self.names[c]})]
            if len(whole) == 1:
                out[i] = (whole[0],)
        return found.assign(candidates=_column(out))


def _project(name: str, project_of: Mapping[str, str]) -> str:
    code, rest = codes.split_project(name)
    for key in (codes.segments(code) if code else "", words.project_key(rest or name)):
        if key and key in project_of:
            return project_of[key]
    return words.project_key(rest or name)


def _index(keys: Iterable[str]) -> dict[str, Hits]:
    found: dict[str, Hits] = {}
    for i, key in enumerate(keys):
        if key:
            found[key] = (*found.get(key, ()), i)
    return found


def _found(memos: list[str], glued: list[str], index: Mapping[str, Hits]) -> list[Hits]:
    """For each memo the contracts whose key it writes; a key inside a longer number is not written."""
    known = sorted((k for k in index if len(k) >= SHORTEST_NAME), key=lambda k: (-len(k), k))
    if not known:
        return [()] * len(memos)
    pattern = re.compile("|".join(map(re.escape, known)))
    out: list[Hits] = []
    for memo, key in zip(memos, glued, strict=True):
        keys = set(pattern.findall(key)) if pattern.search(key) else ()
        out.append(tuple(sorted({c for k in keys if _written(k, memo) for c in index[k]})))
    return out


def _written(key: str, memo: str) -> bool:
    before = "(?<![a-z0-9])" if key[0].isascii() else ""
    after = "(?![0-9])" if key[-1].isdigit() else ""
    between = r"[\W_]*".join(map(re.escape, key))
    return bool(re.search(before + between + after, plain(memo)))


def _distinct(column: pd.Series) -> tuple[list[str], np.ndarray]:
    at, distinct = pd.factorize(column.to_numpy(dtype=object))
    return [str(v or "") for v in distinct], at


def _column(values: list[Hits]) -> np.ndarray:
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out


def _spread(values: Sequence[object], group: np.ndarray) -> np.ndarray:
    out = np.empty(len(values), dtype=object)
    for i, value in enumerate(values):
        out[i] = value
    return out[group] if len(values) else np.empty(0, dtype=object)

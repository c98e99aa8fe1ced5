"""Names that are near to a name: offered to a person, never taken.  Bounded: a few hundred candidates a name."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from reconcile.read import words

CANDIDATES = 200
"""Names that are compared letter by letter; of more, those that share the most characters."""
KEPT = 6


@dataclass(frozen=True)
class Offer:
    """A name with its likeness, 0-100 (100 is the same)."""

    name: str
    score: float


class Names:
    """Known names, searched for the ones most like another.  Each distinct question is answered once."""

    def __init__(self, names: Iterable[str]) -> None:
        spelled = {words.project_key(name): name for name in sorted(names, reverse=True)}
        spelled.pop("", None)
        self._keys = sorted(spelled)
        self._names = [spelled[key] for key in self._keys]
        at: dict[str, list[int]] = {}
        if len(self._keys) > CANDIDATES:
            for i, key in enumerate(self._keys):
                for char in set(key):
                    at.setdefault(char, []).append(i)
        self._at = {char: np.array(rows, dtype=np.int64) for char, rows in at.items()}
        self._known: dict[str, tuple[Offer, ...]] = {}

    def offers(self, name: str) -> tuple[Offer, ...]:
        """The best few, best first; of equals the one that sorts first."""
        key = words.project_key(name)
        if key not in self._known:
            self._known[key] = self._search(key)
        return self._known[key]

    def _search(self, key: str) -> tuple[Offer, ...]:
        from rapidfuzz import fuzz, process

        if not key:
            return ()
        near = self._candidates(key)
        found = process.extract(key, [self._keys[i] for i in near], scorer=fuzz.WRatio, limit=None)
        least = round(float(found[:KEPT][-1][1]), 1) if found else 0.0
        best = itertools.takewhile(lambda one: one[0] >= least, ((round(float(s), 1), near[at]) for _, s, at in found))
        scored = sorted(((score, self._names[at]) for score, at in best), key=lambda pair: (-pair[0], pair[1]))
        return tuple(Offer(name, score) for score, name in scored[:KEPT])

    def _candidates(self, key: str) -> list[int]:
        if len(self._keys) <= CANDIDATES:
            return list(range(len(self._keys)))
        postings = [self._at[char] for char in sorted(set(key)) if char in self._at]
        if not postings:
            return []
        shared = np.bincount(np.concatenate(postings), minlength=len(self._keys))
        best = np.argsort(-shared, kind="stable")[:CANDIDATES]
        return [int(i) for i in best if shared[i] > 0]


def margin(offers: tuple[Offer, ...]) -> float:
    """How far the best is ahead of the runner-up."""
    return offers[0].score - (offers[1].score if len(offers) > 1 else 0.0) if offers else 0.0


def likeness(one: str, other: str) -> float:
    """How like two names are, 0-100."""
    from rapidfuzz import fuzz

    return float(fuzz.WRatio(words.project_key(one), words.project_key(other)))

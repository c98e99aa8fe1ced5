"""What could have made a difference: a candidate with its strength, never a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from reconcile import wording
from reconcile.finding import Origin


class Strength(StrEnum):
    STRONG = "strong"
    POSSIBLE = "possible"
    WEAK = "weak"


RANK = {Strength.STRONG: 0, Strength.POSSIBLE: 1, Strength.WEAK: 2}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One thing that would account for a finding's difference.

    key: of the finding.  amount: in 分, what the candidate would move.  `params` fill the wording of `kind` from
    data/explanations.toml.
    """

    key: str
    kind: str
    strength: Strength
    amount: int
    origin: Origin = field(default_factory=Origin)
    params: Mapping[str, object] = field(default_factory=dict)

    def text(self, language: str = "zh") -> str:
        facts: dict[str, object] = {"amount": wording.amount(abs(self.amount), language), "where": str(self.origin)}
        facts |= {k: wording.render(v, language) for k, v in self.params.items()}
        return wording.fill(wording.text(self.kind, language, "explanations"), facts)

    @property
    def rank(self) -> tuple[int, int, str, str]:
        """Strongest first, then in the catalogue's order, then by what it says."""
        return RANK[self.strength], wording.keys("explanations").index(self.kind), self.text(), str(self.origin)

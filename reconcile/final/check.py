"""Every rule on the public final accounts, D1 to D17, each with its outcome and its findings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from reconcile import frames, wording
from reconcile.evaluation.evaluation import Evaluation
from reconcile.final import books, classes, rules
from reconcile.final import text as notes
from reconcile.final.accounts import FinalAccounts, load_final_accounts
from reconcile.final.proof import TAIL, Proof
from reconcile.finding import Finding, Severity
from reconcile.result import Result

CHECKS = ("check", "title", "outcome", "tested", "found", "tails", "reason", "formula")
WITHIN = {
    "D1": rules.d1,
    "D2": rules.d2,
    "D3": rules.d3,
    "D4": rules.d4,
    "D5": rules.d5,
    "D6": rules.d6,
    "D7": rules.d7,
    "D8": rules.d8,
    "D9": rules.d9,
    "D10": classes.d10,
    "D11": classes.d11,
    "D12": classes.d12,
    "D14": rules.d14,
}


@dataclass(frozen=True)
class FinalChecks:
    """What came of it.  A rounding tail is noted in `findings` (`rounding-tail`) and does not make a check `found`."""

    accounts: FinalAccounts
    proofs: tuple[Proof, ...]
    language: str = "zh"

    @property
    def problems(self) -> tuple[Finding, ...]:
        """Every finding, rule by rule."""
        return tuple(f for proof in self.proofs for f in proof.findings)

    @property
    def has_errors(self) -> bool:
        return any(f.level is Severity.ERROR for f in self.problems)

    @cached_property
    def checks(self) -> pd.DataFrame:
        """One row a rule: `outcome` (`passed`, `found`, `not-applicable`, `could-not-run`), how many equalities were
        `tested`, how many failed (`found`) or differ by rounding only (`tails`), and what could not be tested."""
        rows = []
        for proof in self.proofs:
            tails = sum(f.code == TAIL for f in proof.findings)
            entry = wording.entry("final_rules", proof.rule)
            rows.append(
                (
                    proof.rule,
                    entry[self.language],
                    proof.outcome.value,
                    proof.tested,
                    len(proof.findings) - tails,
                    tails,
                    proof.reason,
                    entry[f"formula_{self.language}"],
                )
            )
        return pd.DataFrame(rows, columns=list(CHECKS))

    @cached_property
    def findings(self) -> pd.DataFrame:
        """Every finding with its rule, its cell, expected, actual and difference in yuan."""
        frame = frames.findings_frame(self.problems, self.language)
        names = [proof.rule for proof in self.proofs for _ in proof.findings]
        frame.insert(0, "check", pd.Series(names, dtype="str"))
        return frame

    def __repr__(self) -> str:
        outcomes = self.checks["outcome"].value_counts().to_dict()
        return "FinalChecks(" + ", ".join(f"{k} {v}" for k, v in outcomes.items()) + ")"

    def _repr_html_(self) -> str:
        return str(self.checks.to_html(index=False))


def check_final_accounts(
    accounts: object,
    result: Result | None = None,
    *,
    evaluation: Evaluation | None = None,
    text: str | Path | None = None,
    language: str | None = None,
) -> FinalChecks:
    """Check the public final accounts within each table, between tables, and against the books to the yuan.

    accounts: of load_final_accounts(), or a source of them.  result: of reconcile(), for D13 and D16.  evaluation: of
    evaluate(), for D17.  text: the note that goes with the tables, for D15: a .docx, .txt or .md file, or the text.
    """
    read = accounts if isinstance(accounts, FinalAccounts) else load_final_accounts(accounts)
    said = language or (result.settings.language if result is not None else "zh")
    proofs = []
    for number in range(1, 18):
        rule = f"D{number}"
        proof = Proof(rule, read, said)
        if rule in WITHIN:
            WITHIN[rule](proof)
        elif rule == "D13":
            books.d13(proof, result)
        elif rule == "D15":
            notes.d15(proof, text)
        elif rule == "D16":
            books.d16(proof, result)
        else:
            books.d17(proof, evaluation)
        proofs.append(proof)
    return FinalChecks(read, tuple(proofs), said)

"""D13, D16, D17: the public final accounts against the books and against the evaluation."""

from __future__ import annotations

from functools import cached_property

import pandas as pd

from reconcile import codes
from reconcile.classes import class_code
from reconcile.evaluation.evaluation import Evaluation
from reconcile.evaluation.figure import INPUT
from reconcile.final.classes import PUBLIC, class_amount, group_total, public
from reconcile.final.proof import EXACT, Part, Proof, tie
from reconcile.final.table import UNREADABLE, Amount, FinalTable
from reconcile.result import Result

PRINTED = 10_000
"""分 that the last digit of 万元 with two decimals stands for."""


class Books:
    """Spending of a result by class, exact in 分."""

    def __init__(self, result: Result) -> None:
        self.result = result
        self.actual = result.tie.totals["actual"] or 0
        self.undetermined = bool((result.tie.entries["category"] == "undetermined").any())

    @cached_property
    def _sums(self) -> pd.DataFrame:
        """amount by category, functional code and economic class."""
        entries = self.result.tie.entries
        keys = ["category", "functional_code", "economic_code", "item"]
        sums = entries.groupby(keys, sort=False)["amount"].sum().reset_index()
        sums["functional"] = sums["functional_code"].map(codes.segments)
        pairs = zip(sums["economic_code"], sums["item"], strict=True)
        sums["class"] = [class_code(str(c), str(i)) for c, i in pairs]
        return sums[sums["amount"] != 0]

    def category(self, name: str) -> int:
        return int(self._sums.loc[self._sums["category"] == name, "amount"].sum())

    @property
    def has_functions(self) -> bool:
        return not (self._sums["functional"].str.len() < 7).any()

    @property
    def has_classes(self) -> bool:
        return not (self._sums["class"].str.len() < 5).any()

    def function(self, code: str, category: str = "") -> int:
        rows = self._sums["functional"].str.startswith(code)
        if category:
            rows &= self._sums["category"] == category
        return int(self._sums.loc[rows, "amount"].sum())

    def economic(self, code: str, category: str) -> int:
        rows = self._sums["class"].str.startswith(code) & (self._sums["category"] == category)
        return int(self._sums.loc[rows, "amount"].sum())


def d13(proof: Proof, result: Result | None) -> None:
    """Each item of the public expenses is within its classes of basic spending and of the projects."""
    table, basic = proof.table("07"), proof.table("06")
    if table is None or basic is None:
        return
    coded = basic.coded()
    if not any(len(c) == 5 for c in coded):
        proof.lacks("no-column", table=proof.name(basic), line=proof.say("class-economic"))
        return
    books = Books(result) if result is not None else None
    for item, classes in PUBLIC.items():
        amount = public(table, "actual").get(item)
        if amount is None or not amount.fen:
            if amount is not None and amount.state == UNREADABLE:
                proof.lacks("unreadable", where=str(amount.origin))
            continue
        parts = [a for c in classes for x in coded.get(c, []) if (a := class_amount(x, c)) is not None]
        values = [(a.fen or 0, a.unit) for a in parts]
        name = proof.say(f"field-actual_{item}")
        if books is not None and books.has_classes and not books.undetermined:
            values.append((sum(books.economic(c, "project") for c in classes), EXACT))
        elif amount.fen > sum(fen for fen, _ in values) and not tie((amount.fen, amount.unit), values):
            proof.lacks("need-projects", item=proof.subject(table, name))
            continue
        proof.tested += 1
        most = sum(fen for fen, _ in values)
        if amount.fen > most and not tie((amount.fen, amount.unit), values):
            subject = proof.subject(table, name)
            other = "＋".join(classes)
            proof.find(
                "repeated-figure-differs", subject, amount.origin, most, amount.fen, wording="final-beyond", other=other
            )


def d16(proof: Proof, result: Result | None) -> None:
    """The accounts are the books, to the yuan, or rounded from them where they are printed in 万元."""
    if result is None:
        proof.lacks("no-books")
        return
    if not result.period.is_whole_year:
        proof.lacks("part-year", period=result.period.label(proof.language))
        return
    books, where = Books(result), proof.say("books")
    if (summary := proof.table("01")) and proof.same_unit(summary):
        subject = proof.subject(summary, proof.say("line-spending_total"))
        proof.same(subject, proof.cell(summary, "spending_total"), Part(books.actual), where)
    table = proof.table("03")
    if table and proof.same_unit(table):
        _spending(proof, table, books)
    basic = proof.table("06")
    if basic and table and proof.same_unit(basic):
        _classes(proof, basic, books)


def _spending(proof: Proof, table: FinalTable, books: Books) -> None:
    where = proof.say("books")
    total = proof.line(table, "total")
    if total:
        label = proof.say("line-total")
        proof.same(proof.subject(table, label, "total"), total.amounts.get("total"), Part(books.actual), where)
        for name in ("basic", "project"):
            if books.undetermined:
                proof.lacks("undetermined")
                break
            proof.same(proof.subject(table, label, name), total.amounts.get(name), Part(books.category(name)), where)
    if not books.has_functions:
        proof.lacks("unclassed", what=proof.say("class-functional"))
        return
    for code, lines in table.coded().items():
        if len(lines) > 1:
            continue
        for name in ("total", "basic", "project"):
            if name in lines[0].amounts and not (name != "total" and books.undetermined):
                part = Part(books.function(code, "" if name == "total" else name))
                subject = proof.subject(table, f"{code} {lines[0].label}".strip(), name)
                proof.same(subject, lines[0].amounts[name], part, where)


def _classes(proof: Proof, basic: FinalTable, books: Books) -> None:
    if books.undetermined:
        proof.lacks("undetermined")
    elif not books.has_classes:
        proof.lacks("unclassed", what=proof.say("class-economic"))
    elif not _one_fund(proof):
        proof.lacks("other-funds")
    else:
        for code, lines in basic.coded().items():
            if len(lines) == 1:
                subject = proof.subject(basic, f"{code} {lines[0].label.strip()}".strip())
                part = Part(books.economic(code, "basic"))
                proof.same(subject, class_amount(lines[0], code), part, proof.say("books"))


def _one_fund(proof: Proof) -> bool:
    """Whether all spending is of the general budget: 公开05 is 公开03."""
    amounts: list[Amount] = []
    for number in ("03", "05"):
        table = proof.accounts.table(number)
        total = table.total() if table else None
        if total is None or "total" not in total.amounts:
            return False
        amounts.append(total.amounts["total"])
    return amounts[0].fen is not None and amounts[0].fen == amounts[1].fen


def d17(proof: Proof, evaluation: Evaluation | None) -> None:
    """The figures of the evaluation are those of the accounts."""
    if evaluation is None:
        proof.lacks("no-evaluation")
        return
    found: list[tuple[FinalTable, str, Amount | None, str]] = []
    if summary := proof.table("01"):
        label = proof.say("line-spending_total")
        found.append((summary, label, proof.cell(summary, "spending_total"), "actual"))
    if (table := proof.table("03")) and (total := proof.line(table, "total")):
        label = proof.say("line-total")
        for name in ("basic", "project"):
            amount = proof.of(table, total, name)
            found.append((table, f"{label} {proof.say(f'field-{name}')}", amount, f"{name}_actual"))
    if _one_fund(proof):
        if basic := proof.table("06"):
            amount = group_total(basic, "operating")
            found.append((basic, proof.say("line-operating_total"), amount, "operating_actual"))
        if table := proof.table("07"):
            cells = public(table, "actual")
            for item, key in _PUBLIC_FIGURES.items():
                if item in cells:
                    found.append((table, proof.say(f"field-actual_{item}"), cells[item], key))
    for table, label, amount, key in found:
        figure = evaluation.figures[key]
        if not proof.same_unit(table):
            continue
        if figure.value is None:
            proof.lacks("no-figure", name=figure.kind.title(proof.language))
            continue
        fen = int(figure.value)
        part = Part(fen, PRINTED if figure.source == INPUT and fen % PRINTED == 0 else EXACT)
        proof.same(proof.subject(table, label), amount, part, proof.say("evaluation"))


_PUBLIC_FIGURES = {
    "total": "public_actual",
    "abroad": "abroad_actual",
    "vehicle": "vehicle_actual",
    "purchase": "vehicle_purchase_actual",
    "running": "vehicle_running_actual",
    "reception": "reception_actual",
}

"""D1–D14: what the public final accounts must tie, within a table and between tables."""

from __future__ import annotations

from collections.abc import Sequence

from reconcile.final.form import plain, says_nothing
from reconcile.final.proof import Proof
from reconcile.final.table import Amount, FinalTable, Line


def d1(proof: Proof) -> None:
    if table := proof.table("01"):
        here, there = proof.cell(table, "income_whole"), proof.cell(table, "spending_whole")
        proof.same(proof.subject(table, proof.say("line-spending_whole")), there, here, proof.say("line-income_whole"))


def d2(proof: Proof) -> None:
    if table := proof.table("01"):
        parts = [_there(table, k) for k in ("income_total", "used", "carry_in")]
        _whole(proof, table, "income_whole", parts)
        _items(proof, table, "income", "income_total")


def d3(proof: Proof) -> None:
    if table := proof.table("01"):
        parts = [_there(table, k) for k in ("spending_total", "distributed", "carry_out")]
        _whole(proof, table, "spending_whole", parts)
        _items(proof, table, "spending", "spending_total")


def _there(table: FinalTable, key: str, name: str = "amount") -> Amount | None:
    line = table.labelled(key)
    return line.amounts.get(name) if line else None


def _whole(proof: Proof, table: FinalTable, key: str, parts: Sequence[Amount | None], name: str = "amount") -> None:
    total = proof.cell(table, key, name)
    if parts[0] is None:
        proof.line(table, key.replace("whole", "total"))
        return
    how = "＋".join(_label_of(table, p) for p in parts if p is not None)
    proof.sum(proof.subject(table, proof.say(f"line-{key}"), name), total, parts, how)


def _label_of(table: FinalTable, amount: Amount) -> str:
    return next((x.label.strip() for x in table.lines for a in x.amounts.values() if a is amount), "")


def _items(proof: Proof, table: FinalTable, side: str, key: str, name: str = "amount") -> None:
    total = proof.line(table, key)
    items = table.items(side, total) if total else []
    if total and items:
        amount = proof.of(table, total, name)
        parts = [x.amounts.get(name) for x in items]
        proof.sum(proof.subject(table, proof.say(f"line-{key}"), name), amount, parts, proof.say("items"))


def d4(proof: Proof) -> None:
    if table := proof.table("02"):
        _across(proof, table)
        _tree(proof, table)


def d5(proof: Proof) -> None:
    for number in ("03", "05", "08", "09"):
        if table := proof.table(number):
            _across(proof, table)
            _tree(proof, table)


def _across(proof: Proof, table: FinalTable) -> None:
    """Each row's sum is that of its columns."""
    for total, names in table.form.sums.items():
        used = [n for n in names if n in table.fields]
        if total not in table.fields or not used:
            proof.lacks("no-column", table=proof.name(table), line=proof.say(f"field-{total}"))
            continue
        for line in table.lines:
            if total in line.amounts and any(n in line.amounts for n in used):
                detail = f"{table.form.number} {line.code or line.label} {total}"
                parts = [line.amounts.get(n) for n in used]
                subject = proof.subject(table, line.name, total)
                proof.sum(subject, line.amounts[total], parts, proof.say("sources"), detail=f"{detail} across")


def _tree(proof: Proof, table: FinalTable, lengths: tuple[int, ...] = (3, 5, 7)) -> None:
    """Each class is the sum of the classes below it, 合计 that of those that are below no other; column by column."""
    coded = table.coded()
    parent = {c: next((c[:n] for n in reversed(lengths) if n < len(c) and c[:n] in coded), "") for c in coded}
    children: dict[str, list[Line]] = {}
    for code, lines in coded.items():
        children.setdefault(parent[code], []).extend(lines)
    for code, below in children.items():
        own = coded.get(code, [])
        if code and len(own) > 1:
            proof.lacks("code-twice", table=proof.name(table), code=code, times=len(own))
            continue
        line = own[0] if own else table.total()
        if line is None:
            continue
        for name in table.fields:
            total = line.amounts.get(name)
            detail = f"{table.form.number} {code} {name} tree"
            how = proof.say("tree" if code else "tree-all")
            subject = proof.subject(table, line.name, name)
            proof.sum(subject, total, [x.amounts.get(name) for x in below], how, detail=detail)


def d6(proof: Proof) -> None:
    summary = proof.table("01")
    for number, key in (("02", "income_total"), ("03", "spending_total")):
        table = proof.table(number)
        if summary is None or table is None:
            continue
        _between(proof, summary, key, "amount", table, "total")
    table = proof.accounts.table("03")
    total = summary.labelled("spending_total") if summary else None
    if summary and total and table and proof.same_unit(summary, table):
        heads = {plain(x.label): x for c, xs in table.coded().items() if len(c) == 3 and len(xs) == 1 for x in xs}
        for line in summary.items("spending", total):
            other = heads.get(plain(line.label))
            if other and "amount" in line.amounts:
                where = f"{proof.name(table)} {other.name}"
                proof.same(
                    proof.subject(summary, line.label.strip()),
                    line.amounts["amount"],
                    other.amounts.get("total"),
                    where,
                )


def _between(proof: Proof, one: FinalTable, key: str, name: str, other: FinalTable, column: str) -> None:
    """A labelled figure of one table is the total of a column of another."""
    if not proof.same_unit(one, other):
        return
    here = proof.cell(one, key, name)
    total = proof.line(other, "total")
    there = proof.of(other, total, column) if total else None
    where = f"{proof.name(other)} {proof.say('line-total')}（{proof.say(f'field-{column}')}）"
    proof.same(proof.subject(one, proof.say(f"line-{key}"), name), here, there, where)


def d7(proof: Proof) -> None:
    grants, income = proof.table("04"), proof.table("02")
    if grants and income:
        _between(proof, grants, "income_total", "amount", income, "grant")


def d8(proof: Proof) -> None:
    if table := proof.table("04"):
        _whole(proof, table, "income_whole", [_there(table, k) for k in ("income_total", "carry_in")])
        _items(proof, table, "income", "income_total")
        for name in table.fields:
            line = table.labelled("spending_whole")
            if line and name in line.amounts:
                _whole(
                    proof,
                    table,
                    "spending_whole",
                    [_there(table, k, name) for k in ("spending_total", "carry_out")],
                    name,
                )
            total = table.labelled("spending_total")
            if total and name in total.amounts:
                _items(proof, table, "spending", "spending_total", name)
        here, there = _there(table, "spending_whole"), _there(table, "income_whole")
        proof.same(proof.subject(table, proof.say("line-spending_whole")), here, there, proof.say("line-income_whole"))
        before = table.labelled("carry_in")
        if before:
            below = [x for x in table.lines if x.side == "income" and before.row < x.row and not x.key]
            if any(x.amounts["amount"].fen for x in below if "amount" in x.amounts):
                subject = proof.subject(table, proof.say("line-carry_in"))
                parts = [x.amounts.get("amount") for x in below]
                proof.sum(subject, before.amounts.get("amount"), parts, proof.say("items"), detail="04 carry_in items")
        if "general" in table.fields:
            _across(proof, table)
    for number in ("08", "09"):
        other = proof.accounts.table(number)
        if other and {"carry_in", "income", "total", "carry_out"} <= set(other.fields):
            for line in other.lines:
                _balance(proof, other, line)


def _balance(proof: Proof, table: FinalTable, line: Line) -> None:
    amounts = line.amounts
    how = "＋".join(proof.say(f"field-{n}") for n in ("carry_in", "income")) + "－" + proof.say("field-total")
    proof.sum(
        proof.subject(table, line.name, "carry_out"),
        amounts["carry_out"],
        [amounts["carry_in"], amounts["income"]],
        how,
        minus=[amounts["total"]],
        detail=f"{table.form.number} {line.code or line.label} balance",
    )


def d9(proof: Proof) -> None:
    table = proof.table("04")
    if table is None:
        return
    for name, number in (("general", "05"), ("fund", "08"), ("capital", "09")):
        line = table.labelled("spending_total")
        if name not in table.fields or line is None:
            proof.cell(table, "spending_total", name)
            continue
        other = proof.accounts.table(number)
        if other is None and not line.amounts[name].fen and number != "05":
            continue
        other = other or proof.table(number)
        if other and (other.has_data or line.amounts[name].fen):
            _between(proof, table, "spending_total", name, other, "total")


def d14(proof: Proof) -> None:
    for number in ("08", "09"):
        table = proof.table(number)
        if table is None:
            continue
        notes = [n for n in table.notes if says_nothing(n)]
        proof.tested += 1
        subject = proof.name(table)
        if table.has_data and notes:
            proof.find("claim-mismatch", subject, table.place, None, None, wording="final-note", note=notes[0][:60])
        elif not table.has_data and not notes:
            proof.find("claim-mismatch", subject, table.place, None, None, wording="final-silent")

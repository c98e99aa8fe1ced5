"""D10–D12: basic spending by economic class, and the three public expenses."""

from __future__ import annotations

from reconcile.final.form import plain
from reconcile.final.proof import Proof
from reconcile.final.table import BLANK, Amount, FinalTable, Line

PERSONNEL = ("301", "303")
PUBLIC = {"abroad": ("30212",), "reception": ("30217",), "running": ("30231",), "purchase": ("31013", "30913")}


def d10(proof: Proof) -> None:
    general, basic = proof.table("05"), proof.table("06")
    if general is None or basic is None or not proof.same_unit(general, basic):
        return
    total = proof.line(general, "total")
    here = proof.of(general, total, "basic") if total else None
    parts = [group_total(basic, g) for g in ("personnel", "operating")]
    if any(p is None for p in parts):
        for group, part in zip(("personnel", "operating"), parts, strict=True):
            if part is None:
                proof.lacks("no-line", table=proof.name(basic), line=proof.say(f"line-{group}_total"))
        return
    how = f"{proof.name(basic)} {proof.say('field-personnel')}＋{proof.say('field-operating')}"
    proof.sum(proof.subject(general, proof.say("line-total"), "basic"), here, parts, how)


def group_total(table: FinalTable, group: str) -> Amount | None:
    """人员经费合计 or 公用经费合计 of 公开06, in whichever way it is laid out."""
    line = table.labelled(f"{group}_total")
    if line is not None:
        return line.amounts.get("amount") or line.amounts.get(group)
    whole = table.labelled("whole") or table.total()
    return whole.amounts.get(group) if whole else None


def class_amount(line: Line, code: str) -> Amount | None:
    """The amount of a class, in the one column or in that of its group."""
    group = "personnel" if code[:3] in PERSONNEL else "operating"
    return line.amounts.get("amount") or line.amounts.get(group)


def d11(proof: Proof) -> None:
    table = proof.table("06")
    if table is None:
        return
    coded = table.coded()
    heads = {c: xs for c, xs in coded.items() if len(c) == 3 or c[:3] not in coded}
    for group in ("personnel", "operating"):
        wanted = [c for c in heads if (c[:3] in PERSONNEL) == (group == "personnel")]
        own = [class_amount(x, c) for c in wanted for x in heads[c]]
        total = group_total(table, group)
        if total is None:
            proof.lacks("no-line", table=proof.name(table), line=proof.say(f"line-{group}_total"))
        how = "＋".join(wanted)
        if own:
            proof.sum(proof.subject(table, proof.say(f"line-{group}_total")), total, own, how)
    for code, lines in heads.items():
        below = [class_amount(x, c) for c, xs in coded.items() if len(c) == 5 and c[:3] == code for x in xs]
        if below and len(lines) == 1:
            subject = proof.subject(table, lines[0].name)
            proof.sum(subject, class_amount(lines[0], code), below, proof.say("tree"), detail=f"06 {code} tree")


def d12(proof: Proof) -> None:
    table = proof.table("07")
    if table is None:
        return
    for side in ("budget", "actual"):
        cells = public(table, side)
        total, vehicle = cells.get("total"), cells.get("vehicle")
        parts = [cells.get(n) for n in ("abroad", "vehicle", "reception")]
        if total is None:
            proof.lacks("no-column", table=proof.name(table), line=proof.say(f"field-{side}_total"))
        elif any(parts):
            subject = proof.subject(table, proof.say(f"field-{side}_total"))
            proof.sum(subject, total, parts, proof.say("items"))
        pair = [cells.get(n) for n in ("purchase", "running")]
        if vehicle is not None and all(pair):
            subject = proof.subject(table, proof.say(f"field-{side}_vehicle"))
            proof.sum(subject, vehicle, pair, proof.say("items"))


def public(table: FinalTable, side: str) -> dict[str, Amount]:
    """The items of 公开07 of a side, in columns or in rows."""
    found: dict[str, Amount] = {}
    for line in table.lines:
        if side in line.amounts:
            item = table.form.columns.get(plain(line.label))
            if item:
                found[item] = line.amounts[side]
        for name, amount in line.amounts.items():
            if name.startswith(f"{side}_"):
                item = name.removeprefix(f"{side}_")
                if item not in found or found[item].state == BLANK:
                    found[item] = amount
    return found

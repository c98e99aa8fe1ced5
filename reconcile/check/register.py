"""Questions about the register of contracts: how they were bought, entered twice, for no project, paid unclearly."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from reconcile import wording
from reconcile.check.agreement import Agreement
from reconcile.check.contract_text import company_key, number_key, says
from reconcile.check.contracts import Rule, needing_contracts
from reconcile.check.facts import Facts
from reconcile.check.many import at_most
from reconcile.check.vouchers_named import named
from reconcile.finding import Check, Finding
from reconcile.money import FEN_PER_YUAN
from reconcile.read import words

EACH_AT_MOST = 10
NEAR_PAYEE = 80.0


@needing_contracts("procurement-method")
def procurement_method(facts: Facts) -> Check:
    """R29: inquiry is for standard goods, not services; above the office's limits a purchase needs its procedure."""
    stated = [a for a in facts.agreements if a.procurement]
    if facts.agreements and not any("procurement" in a.table.header.columns for a in facts.agreements):
        return Check.missing("procurement-method", "needs-procurement")
    seen: list[tuple[Agreement, list[str]]] = []
    for one in facts.agreements:
        reasons = _method_reasons(facts, one)
        if reasons:
            seen.append((one, reasons))
    findings = [_method(facts, one, reasons) for one, reasons in seen]
    if len(findings) > EACH_AT_MOST:
        findings = [_methods(facts, [one for one, _ in seen])]
    return Check.ran("procurement-method", len(stated), findings)


def _method_reasons(facts: Facts, one: Agreement) -> list[str]:
    limits, value = facts.settings.thresholds, _value(facts, one)
    asked, tender = says(one.procurement, "inquiry"), says(one.procurement, "tender")
    reasons = []
    if asked and says(f"{one.name} {one.pricing} {one.note}", "service"):
        reasons.append("method-service")
    if one.procurement and not tender and value >= round(limits.tender_limit * FEN_PER_YUAN):
        reasons.append("method-tender")
    elif asked and value >= round(limits.purchase_limit * FEN_PER_YUAN):
        reasons.append("method-limit")
    elif not one.procurement and value >= round(limits.purchase_limit * FEN_PER_YUAN):
        reasons.append("method-none")
    return reasons


def _value(facts: Facts, one: Agreement) -> int:
    return max(one.agreed or 0, one.settled or 0, facts.payments.paid.get(one.at, 0))


def _method(facts: Facts, one: Agreement, reasons: Sequence[str]) -> Finding:
    limits = facts.settings.thresholds
    known = {
        "purchase": round(limits.purchase_limit * FEN_PER_YUAN),
        "tender": round(limits.tender_limit * FEN_PER_YUAN),
    }
    said = {}
    for lang, comma in (("zh", "；"), ("en", "; ")):
        amounts = {k: wording.amount(v, lang) for k, v in known.items()}
        said[lang] = comma.join(wording.fill(wording.text(r, lang), amounts) for r in reasons)
    method = {lang: one.procurement or wording.text("method-blank", lang) for lang in ("zh", "en")}
    return Finding(
        "procurement-method",
        one.subject,
        one.origin("procurement"),
        actual=_value(facts, one),
        detail=one.number,
        params={"method": method, "reasons": said},
    )


def _methods(facts: Facts, seen: Sequence[Agreement]) -> Finding:
    worst = sorted(seen, key=lambda a: (-_value(facts, a), a.at))[:3]
    return Finding(
        "procurement-method",
        worst[0].table.sheet or worst[0].table.file,
        worst[0].origin("procurement"),
        actual=sum(_value(facts, a) for a in seen),
        detail="many",
        params={"wording": "many", "count": len(seen), "worst": "、".join(a.subject for a in worst)},
    )


@needing_contracts("contract-repeated")
def contract_repeated(facts: Facts) -> Check:
    """One contract entered twice: its number, or supplier, project, price and term, stand on two rows."""
    groups: dict[tuple[object, ...], list[Agreement]] = {}
    for one in facts.agreements:
        if says(f"{one.name} {one.note}", "supplement"):
            continue
        supplier, number = company_key(one.supplier), number_key(one.number)
        terms = (supplier, words.project_key(one.project), one.agreed, one.start, one.end)
        if number:
            groups.setdefault(("number", number, supplier), []).append(one)
        if all(terms):
            groups.setdefault(("terms", *terms), []).append(one)
    findings, told = [], set()
    for group in groups.values():
        rows = tuple(a.at for a in group)
        if len(group) < 2 or rows in told:
            continue
        told.add(rows)
        findings.append(
            Finding(
                "contract-repeated",
                group[0].subject,
                group[-1].origin("number", "name"),
                detail="|".join(a.number for a in group),
                params={"places": "、".join(str(a.origin("number", "name")) for a in group)},
            )
        )
    return Check.ran("contract-repeated", len(facts.agreements), at_most(findings))


@needing_contracts("contract-without-budget")
def contract_without_budget(facts: Facts) -> Check:
    """R11: a contract's project is in the budget, or is spent on under that name."""
    budgeted = {words.project_key(n) for n in facts.matched.projects["project"]}
    stated = [a for a in facts.agreements if a.project]
    if facts.agreements and not stated:
        return Check.missing("contract-without-budget", "needs-contract-projects")
    groups: dict[str, list[Agreement]] = {}
    for one in stated:
        key = facts.payments.projects[one.at]
        if key not in budgeted:
            groups.setdefault(key, []).append(one)
    findings = []
    for key, own in sorted(groups.items()):
        near = facts.matched.nearest(own[0].project, facts.settings.nearest, facts.settings.near_score)
        agreed = [a.agreed for a in own if a.agreed is not None]
        findings.append(
            Finding(
                "contract-without-budget",
                own[0].project,
                own[0].origin("project"),
                actual=sum(agreed) if agreed else None,
                detail=key,
                params={
                    "contracts": "、".join(a.subject for a in own),
                    "nearest": {k: _near(near, k) for k in ("zh", "en")},
                },
            )
        )
    return Check.ran("contract-without-budget", len(stated), at_most(findings))


def _near(near: Sequence[tuple[str, float]], language: str) -> str:
    if not near:
        return wording.text("no-near-name", language)
    names = ("、" if language == "zh" else ", ").join(f"{n} ({s:.0f})" for n, s in near)
    return wording.fill(wording.text("near-projects", language), {"names": names})


@needing_contracts("contract-payments-unclear", payments=True)
def contract_payments_unclear(facts: Facts) -> Check:
    """R15, R25: every payment to a contract's supplier is of one contract; what is not is named and given to none."""
    found, pay = [], facts.payments
    several = pay.lines[pay.lines["contract"] < 0]
    for rows, lines in several.groupby("candidates", sort=True):
        own = [facts.agreements[i] for i in rows]
        found.append(_unclear(facts, own, lines, "several"))
    for rows, lines in pay.elsewhere.groupby("candidates", sort=True):
        own = [facts.agreements[i] for i in rows]
        found.append(_unclear(facts, own, lines, "elsewhere"))
    for one in facts.agreements:
        near = _near_payee(facts, one)
        if near:
            found.append(
                Finding(
                    "contract-payments-unclear",
                    one.subject,
                    one.origin("supplier"),
                    detail=f"near|{one.number}",
                    params={"wording": "near", "supplier": one.supplier, "payee": near},
                )
            )
    return Check.ran("contract-payments-unclear", len(facts.agreements), at_most(found))


def _unclear(facts: Facts, own: Sequence[Agreement], lines: pd.DataFrame, kind: str) -> Finding:
    frame = lines.sort_values(["date", "file", "sheet", "row"], kind="stable")
    elsewhere = sorted({p for p in frame["project"] if p})
    return Finding(
        "contract-payments-unclear",
        "、".join(a.subject for a in own),
        facts.entry_origin(frame.iloc[0]),
        actual=int(frame["amount"].sum()),
        detail=f"{kind}|{'|'.join(a.number for a in own)}",
        params={
            "wording": kind,
            "supplier": own[0].supplier,
            "count": len(frame),
            "vouchers": named(frame),
            "projects": {
                lang: ("、" if lang == "zh" else ", ").join(elsewhere) or wording.text("no-project", lang)
                for lang in ("zh", "en")
            },
        },
    )


def _near_payee(facts: Facts, one: Agreement) -> str:
    """The payee of a contract's project that is most like its supplier, where the contract itself was not paid."""
    project = facts.payments.projects[one.at]
    if not one.supplier or not project or len(facts.payments.of(one.at)) or _shared(facts, one):
        return ""
    from rapidfuzz import fuzz, process

    known = {company_key(a.supplier) for a in facts.agreements}
    payees = sorted({p for k, p in facts.payments.others if k == project and company_key(p) not in known})
    best = process.extractOne(one.supplier, payees, scorer=fuzz.ratio, score_cutoff=NEAR_PAYEE)
    return str(best[0]) if best else ""


def _shared(facts: Facts, one: Agreement) -> bool:
    return any(one.at in c for c in facts.payments.lines["candidates"].drop_duplicates())


RULES: tuple[Rule, ...] = (procurement_method, contract_repeated, contract_without_budget, contract_payments_unclear)

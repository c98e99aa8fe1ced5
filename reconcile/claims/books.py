"""A report's figures against the books: each printed figure stands for the amounts that round to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from reconcile.claims.claim import FAILS, HOLDS, Claim, base_unit, rounded, show
from reconcile.claims.figure import Figure
from reconcile.claims.known import item_name
from reconcile.claims.repeats import is_whole_spending, name_of
from reconcile.claims.roles import Said
from reconcile.claims.text import Report, Sentence
from reconcile.money import FEN_PER_YUAN
from reconcile.read.words import project_key

if TYPE_CHECKING:
    from reconcile.result import Result

_CATEGORY = {"基本支出": ("basic", ""), "项目支出": ("project", ""), "人员经费": ("basic", "personnel"), "人员支出": ("basic", "personnel"), "公用经费": ("basic", "operating"), "日常公用经费": ("basic", "operating"), "公用支出": ("basic", "operating")}  # fmt: skip
_PUBLIC = {"公务接待费": ("30217",), "公务用车运行维护费": ("30231",), "公务用车购置费": ("31013",), "公务用车购置及运行维护费": ("30231", "31013"), "因公出国(境)费": ("30212",), "因公出国(境)费用": ("30212",), "三公经费": ("30212", "30217", "30231", "31013"), "会议费": ("30215",), "培训费": ("30216",)}  # fmt: skip
_RATE = re.compile("(?:执行率|完成率|支出进度|执行进度|预算进度)(?:为|达到|达|是|约)?$")
_AFTER_HEAD = re.compile("(?:年初|全年|调整)?(?:预算|决算|支出|执行|安排)(?:数|额|金额)?$")


@dataclass(frozen=True)
class Account:
    """One line of the books: every amount in 分 that a report may mean, by what it is called."""

    name: str
    actual: int | None
    plans: dict[str, int | None]
    carryover: int | None
    remaining: int | None


def check(report: Report, result: Result) -> Iterator[Claim]:
    """Every figure whose subject is a line of the books, of the result's own year."""
    if report.year and report.year != result.period.year:
        return
    accounts = _accounts(result)
    projects = sorted((k for k in accounts if k.startswith("p:") and len(k) > 4), key=len, reverse=True)
    owners = _owners(report, projects)
    for sentence in report.sentences:
        for said in sentence.said:
            account = _account(report, sentence, said, accounts, owners.get(sentence.index, ""), projects)
            if account is None or not said.figure.plain or _other_year(report, sentence, said, result):
                continue
            options = list(_options(sentence, said, account, owners.get(sentence.index, "")))
            if options:
                yield _claim(report, said, account, options)


def _accounts(result: Result) -> dict[str, Account]:
    tie = result.tie
    out: dict[str, Account] = {}
    totals = tie.totals
    out["total"] = _account_of("", [totals])
    out["income"] = Account("", totals.get("income"), {}, None, None)
    for row in tie.by_category.to_dict("records"):
        if row["category"] in ("basic", "project"):
            out[f"c:{row['category']}"] = _account_of(row["category"], [row])
    items = tie.by_item.to_dict("records")
    for group in ("personnel", "operating"):
        rows = [r for r in items if r["category"] == "basic" and r["group"] == group]
        if rows:
            out[f"g:{group}"] = _account_of(group, rows)
    for name, codes in _PUBLIC.items():
        rows = [r for r in items if str(r["economic_code"])[:5] in codes]
        if rows:
            out[f"i:{name}"] = _account_of(name, rows)
    found: dict[str, list[dict[str, Any]]] = {}
    for row in tie.by_project.to_dict("records"):
        if row["category"] == "project" and row["project"]:
            found.setdefault(f"p:{project_key(row['project'])}", []).append(row)
    out |= {key: _account_of(rows[0]["project"], rows) for key, rows in found.items()}
    return out


def _account_of(name: str, rows: Sequence[Any]) -> Account:
    def total(field: str) -> int | None:
        values = [r[field] for r in rows]
        return None if any(v is None or v != v or str(v) == "<NA>" for v in values) else sum(map(int, values))

    original, carry, available = total("original"), total("carryover"), total("available")
    plans = {"original": original, "available": available}
    if original is not None and carry is not None:
        plans["with-carryover"] = original + carry
    if available is not None and carry is not None:
        plans["without-carryover"] = available - carry
    return Account(name, total("actual"), plans, carry, total("remaining"))


def _owners(report: Report, projects: Sequence[str]) -> dict[int, str]:
    """The project that a list's item, or a paragraph, begins with."""
    out: dict[int, str] = {}
    for listing in report.listings:
        for item in listing.items:
            key = project_key(item_name(item[0]))
            own = next((p for p in projects if key and p[2:] == key), "")
            for sentence in item:
                if own:
                    out[sentence.index] = own
    for sentence in report.sentences:
        if sentence.index not in out and sentence.style:
            key = project_key(item_name(sentence))
            own = next((p for p in projects if key and p[2:] == key), "")
            if own:
                out[sentence.index] = own
    return out


def _account(
    report: Report, sentence: Sentence, said: Said, accounts: dict[str, Account], owner: str, projects: Sequence[str]
) -> Account | None:
    """The line of the books that a figure is about: its own words first, then the item that it stands in."""
    if said.figure.dimension not in ("money", "percent") or said.role not in ("level", "ratio", "share") or said.depth:
        return None
    if said.role == "ratio" and not _RATE.search(re.sub(r"\([^()]*\)", "", said.label)):
        return None
    name = re.sub(r"^.*等(?=人员经费|日常公用经费|公用经费)", "", name_of(said))
    if said.measure == "carry" and not owner and said.role == "level":
        return accounts.get("c:project" if "项目" in said.label else "total")
    if said.role == "share":
        part = next((s for s in reversed(sentence.levels) if s.figure.end <= said.figure.start), None)
        whole = said.clause.split("占")[-1]
        if (
            part is None
            or not re.fullmatch("比|总?支出的?|支出总额的|支出合计的|总支出的比重|的比重|", whole.strip("为约达到"))
            or owner
        ):
            return None
        name = name_of(part)
        return (
            accounts.get(f"c:{_CATEGORY[name][0]}") if name in ("基本支出", "项目支出") and not part.planned else None
        )
    words = project_key(said.clause)
    named = next((p for p in projects if p[2:] in words), "")
    if named:
        return accounts[named]
    head = re.sub(_AFTER_HEAD, "", name) if name not in _CATEGORY else name
    for key in (name, head):
        if key in _CATEGORY:
            category, group = _CATEGORY[key]
            return (
                accounts.get(f"g:{group}" if group else f"c:{category}") if not owner or sentence.style == "" else None
            )
        if key in _PUBLIC and not owner:
            return accounts.get(f"i:{key}")
    if name in ("预算收入", "收入预算") and not owner:
        return accounts["income"]
    if is_whole_spending(sentence, said) and not owner:
        return accounts["total"]
    before = [s for s in sentence.levels if s.figure.end <= said.figure.start and s.part == said.part]
    inherits = (
        (not name and not before)
        or _AFTER_HEAD.fullmatch(name)
        or re.fullmatch(
            "(?:实际|已|全年|本年|累计|年末)?(?:支出|执行|支付|使用|结余|结转|结转结余|剩余)(?:数|额|资金)?|实际支出|(?:预算)?(?:执行率|完成率)",
            name,
        )
    )
    if owner and inherits:
        return accounts[owner]
    for earlier in reversed(before):
        text = project_key(earlier.clause)
        own = next((p for p in projects if p[2:] in text), "")
        if own and inherits:
            return accounts[own]
        subject = name_of(earlier)
        head = re.sub(_AFTER_HEAD, "", subject) if subject not in _CATEGORY else subject
        if (
            inherits
            and head in _CATEGORY
            and (said.role == "ratio" or said.measure in ("actual", "balance", "budget", "original", "available"))
        ):
            category, group = _CATEGORY[head]
            return accounts.get(f"g:{group}" if group else f"c:{category}")
    return None


def _other_year(report: Report, sentence: Sentence, said: Said, result: Result) -> bool:
    years = [
        s.figure.day
        for s in sentence.said
        if s.role == "date" and s.figure.day[0] and s.figure.end <= said.figure.start
    ]
    if years and years[-1][0] != result.period.year:
        return True
    months = [d for d in years if d[1]]
    part = bool(re.search("季度|上半年|月份?[^，]{0,4}$|截至", said.clause)) or any(
        d[1] != result.period.last_month for d in months[-1:]
    )
    return part


def _options(sentence: Sentence, said: Said, account: Account, owner: str) -> Iterator[tuple[str, Fraction]]:
    """(what, exact value) that the words may mean."""
    if said.role in ("ratio", "share"):
        yield from _ratios(said, account)
        return
    if said.measure == "carry":
        wanted: dict[str, int | None] = {"carryover": account.carryover}
    elif said.measure == "balance":
        wanted = {"remaining": account.remaining}
    elif said.measure in ("original", "available"):
        wanted = {
            k: v
            for k, v in account.plans.items()
            if said.measure == "available" or k in ("original", "without-carryover")
        }
    elif said.planned:
        wanted = dict(account.plans)
    elif said.measure in ("actual", "spend", "income"):
        later = [
            s
            for s in sentence.levels
            if s.measure == "actual" and s.figure.start > said.figure.end and s.part == said.part
        ]
        plan = owner and said.measure == "spend" and later
        wanted = dict(account.plans) if plan else {"actual": account.actual}
    elif said.measure == "":
        later = [
            s
            for s in sentence.levels
            if s.measure == "actual" and s.figure.start > said.figure.end and s.part == said.part
        ]
        wanted = dict(account.plans) if later else {"actual": account.actual, **account.plans}
    else:
        return
    for what, fen in wanted.items():
        if fen is not None:
            yield what, Fraction(fen, FEN_PER_YUAN)


def _ratios(said: Said, account: Account) -> Iterator[tuple[str, Fraction]]:
    if said.role == "share":
        return
    for what, plan in account.plans.items():
        if plan and account.actual is not None:
            yield what, Fraction(account.actual * 100, plan)


def _claim(report: Report, said: Said, account: Account, options: Iterable[tuple[str, Fraction]]) -> Claim:
    figure: Figure = said.figure
    low, high = figure.bounds
    found = list(options)
    match = next((v for _, v in found if low <= v < high or v == figure.value), None)
    value = match if match is not None else min((v for _, v in found), key=lambda v: abs(v - figure.value))
    verdict = HOLDS if match is not None else FAILS
    params = {
        "stated": figure.text,
        "computed": _exactly(value, figure),
        "gap": show(abs(figure.value - value), figure),
    }
    shown = value if match is None and figure.dimension == "money" else rounded(value, figure)
    code = "percent-mismatch" if figure.dimension == "percent" else "claim-mismatch"
    return Claim(
        "books",
        figure.paragraph,
        *report.words_of(figure),
        figure.value,
        shown,
        verdict,
        f"books-{verdict}",
        base_unit(figure),
        account.name or said.subject,
        params,
        frozenset({figure.at}),
        code,
    )


def _exactly(value: Fraction, figure: Figure) -> str:
    """The books' own amount, in yuan to the 分; a rate as the report would print it."""
    return f"{float(value):,.2f}元" if figure.dimension == "money" else show(value, figure)

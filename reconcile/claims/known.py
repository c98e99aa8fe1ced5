"""What two places of a report say of one thing: posts and people, lists of the same names, payments of a known amount."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from reconcile.claims.claim import HOLDS, UNTESTABLE, Claim, Trial
from reconcile.claims.figure import add, show_sum
from reconcile.claims.roles import Said
from reconcile.claims.text import Listing, Report, Sentence

_BY_USE = re.compile("据实|按实|按照实际发生|实际发生的")
_PAID = re.compile("支付|支出|付|列支")


def check(report: Report) -> Iterator[Claim]:
    yield from _headcount(report)
    yield from _lists(report)
    yield from _payments(report)


def _headcount(report: Report) -> Iterator[Claim]:
    for sentence in report.sentences:
        people = [s for s in sentence.levels if s.figure.kin == "person" and s.figure.plain]
        posts = next(
            (s for s in people if re.search("编制", s.label) and not re.search("在编|实有|在职|编制外", s.label)), None
        )
        work = next((s for s in people if re.search("在职|在编|实有", s.label)), None)
        if posts is None or work is None or posts is work:
            continue
        fits = work.figure.value <= posts.figure.value
        yield Claim(
            "headcount", sentence.paragraph, *report.between(posts.figure, work.figure), work.figure.value, posts.figure.value,
            HOLDS if fits else UNTESTABLE, "headcount-holds" if fits else "headcount-over", work.figure.unit, work.subject,
            {"stated": work.figure.text, "computed": posts.figure.text}, frozenset({posts.figure.at, work.figure.at}),
        )  # fmt: skip


def item_name(sentence: Sentence) -> str:
    """The name that an item of a list begins with."""
    text = re.sub(r"^\s*(?:[(]\d{1,2}[)]|\d{1,2}[.、．]|[①-⑳]|[一二三四五六七八九十]+[、是])\s*", "", sentence.text)
    return re.split(r"[\d。，；:]|全年预算|年初预算|预算|实际支出", text)[0].strip()[:24]


def _lists(report: Report) -> Iterator[Claim]:
    """Two lists that name the same things: as many here as there."""
    lists = [
        (x, [item_name(i[0]) for i in x.items])
        for x in report.listings
        if len(x.items) > 2 and x.style in ("ar", "arp")
    ]
    for k, (_one, names) in enumerate(lists):
        for other, others in lists[k + 1 :]:
            both = set(names) & set(others) - {""}
            if len(both) < 3 or 2 * len(both) <= min(len(names), len(others)):
                continue
            same = set(names) == set(others)
            first = other.items[0][0]
            yield Claim(
                "list", first.paragraph, *report.phrase(first.paragraph, first.start, min(first.end, first.start + 20)), Fraction(len(others)), Fraction(len(names)),
                HOLDS if same else UNTESTABLE, "lists-agree" if same else "lists-differ", "项", "", {"stated": str(len(others)), "computed": str(len(names))},
            )  # fmt: skip


def _payments(report: Report) -> Iterator[Claim]:
    """Where a later paragraph tells of a listed project: its payments make the project's spending; settled by use or not."""
    facts: dict[str, tuple[Said, Said | None]] = {}
    for listing in report.listings:
        for item in listing.items:
            name, levels = item_name(item[0]), [s for s in item[0].levels if s.figure.dimension == "money"]
            spent = next((s for s in levels if s.measure == "actual"), None)
            plan = next((s for s in levels if s is not spent), None)
            told = spent or plan
            if len(name) > 3 and told and name not in facts:
                facts[name] = (told, plan if spent else None)
    for listing in report.listings:
        yield from _of_listing(report, listing, facts)


def _of_listing(report: Report, listing: Listing, facts: dict[str, tuple[Said, Said | None]]) -> Iterator[Claim]:
    for item in listing.items:
        known = facts.get(item_name(item[0]))
        if known is None or known[0].figure.at[0] == item[0].paragraph:
            continue
        spent, plan = known
        paid = [
            s
            for x in item
            for s in x.levels
            if s.figure.dimension == "money" and _PAID.search(s.label) and s.figure.plain and not s.planned
        ]
        if len(paid) > 1:
            trial = Trial(add, tuple(s.figure for s in paid), "how-sum")
            if trial.verdict(spent.figure) == HOLDS:
                value = trial.value()
                assert value is not None
                last = paid[-1].figure
                params = {
                    "items": " + ".join(s.figure.text for s in paid),
                    "computed": show_sum(value, last),
                    "subject": spent.subject or item_name(item[0]),
                    "stated": spent.figure.text,
                }
                yield Claim(
                    "sum", last.paragraph, *report.between(paid[0].figure, last), spent.figure.value, value, HOLDS, "sum-known", "元", item_name(item[0]), params,
                    frozenset({spent.figure.at, *(s.figure.at for s in paid)}),
                )  # fmt: skip
        words = "".join(x.text for x in item)
        by_use = next((x for x in item if _BY_USE.search(x.text)), None)
        if by_use and plan is not None and plan.figure.value == spent.figure.value and len(words) > 10:
            m = _BY_USE.search(by_use.text)
            assert m is not None
            yield Claim(
                "settlement", by_use.paragraph, *report.phrase(by_use.paragraph, by_use.start + m.start(), by_use.start + m.end() + 20), spent.figure.value, plan.figure.value,
                UNTESTABLE, "settled-exactly", "元", item_name(item[0]), {"stated": plan.figure.text},
            )  # fmt: skip

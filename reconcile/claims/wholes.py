"""Totals whose parts are counted, or have the total's own noun: 分三批下达：…, 共有社区77个，城市社区48个，农村社区29个."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reconcile.claims.complete import named_wholly, short
from reconcile.claims.figure import add
from reconcile.claims.group import Group, clash
from reconcile.claims.roles import Said
from reconcile.claims.text import Report, Sentence

_KINDS = re.compile("(?:批|部分|项|类|期|阶段|块|笔|方面|次|级|家|所|支|个(?:项目|部分|科室|单位|中心|批次)?)$")
_TOTAL = re.compile("共|总|全部|合计|累计")
_OTHER = re.compile("其中|上年|去年|同期|比|较|占|人均|平均|预算|计划|应")
_ROW_SUM, _IN_ROW = re.compile("[一-鿿]{1,8}(?:共|共计|合计|总计|一共)"), re.compile("[一-鿿]{0,8}[、和及]")
MOST = 12


def options(report: Report, sentence: Sentence) -> Iterator[list[Group]]:
    yield from _counted(report, sentence)
    yield from _of_one_noun(sentence)
    yield from _of_a_row(sentence)
    yield from _of_contract(sentence)
    yield from _of_family(sentence)
    yield from _told_before(report, sentence)


def _counted(report: Report, sentence: Sentence) -> Iterator[list[Group]]:
    """As many figures as a number before them says, and the one total beside that number."""
    levels = sentence.levels
    plain = report.plain[sentence.paragraph - 1]
    for k, many in enumerate(levels):
        n = int(many.figure.value) if many.figure.dimension == "count" else 0
        after = plain[many.figure.end : many.figure.end + 8]
        if not 2 <= n <= MOST or not (_KINDS.search(many.figure.text) or _KINDS.match(after)):
            continue
        rest, before = levels[k + 1 :], [s for s in levels[:k] if s.figure.dimension == "money"]
        if len(rest) == n and len(before) == 1:
            total, parts = before[0], rest
        elif len(rest) == n + 1 and not before:
            total, parts = (rest[-1], rest[:-1]) if _TOTAL.search(rest[-1].label) else (rest[0], rest[1:])
        else:
            continue
        alone = sentence.said[-1] is levels[-1] and all(s.figure.value < total.figure.value for s in parts)
        if alone and total.figure.dimension == "money" and _row_of(total, parts):
            yield [Group(total, tuple(parts))]


def _of_one_noun(sentence: Sentence) -> Iterator[list[Group]]:
    """A total and nothing but figures that are called after it, about as much together."""
    levels = sentence.levels
    if len(levels) < 3 or len(levels) != len([s for s in sentence.said if s.role != "date"]):
        return
    total, *parts = levels
    noun = total.subject[-2:]
    named = len(noun) == 2 and all(s.subject.endswith(noun) and s.subject != total.subject for s in parts)
    if kind := re.search("([一-鿿]{2})总[额数量](?:为|是|共|达)?$", total.label):
        named = all(re.search(f"[一-鿿]{kind[1]}$", s.label) for s in parts)
    if not named or not _TOTAL.search(total.label) or not _row_of(total, parts):
        return
    whole = add(*(s.figure.value for s in parts))
    near = (named_wholly(parts) or not short(total, parts)) and whole * 3 < total.figure.value * 4
    if all(s.figure.value < total.figure.value for s in parts):
        yield [Group(total, tuple(parts), strong=near)]


def _of_a_row(sentence: Sentence) -> Iterator[list[Group]]:
    """`8个乡镇、5个街道共13个单位`: what stands in one row before 共, each figure before its noun."""
    levels = sentence.levels
    for k, total in enumerate(levels):
        if not _ROW_SUM.fullmatch(total.label):
            continue
        run: list[Said] = []
        for s in reversed(levels[:k]):
            run.insert(0, s)
            if not _IN_ROW.fullmatch(s.label):
                break
        alike = all(s.figure.like(total.figure) and s.figure.plain and s.depth == total.depth for s in run)
        if len(run) > 1 and alike and not any(_OTHER.search(s.label) for s in run):
            yield [Group(total, tuple(run))]


_PRICE, _PAYMENT = (
    re.compile("合同|价款|总价|中标|工程款"),
    re.compile(
        "[首一二三四]期|首付|首笔|预付|定金|进度款|中期|到货款|第[一二三四][笔期次]|尾款|质保金|余款|保证金|验收款"
    ),
)
_LAST_PAYMENT = re.compile("尾款|质保金|余款|剩余|保证金")


def _of_family(sentence: Sentence) -> Iterator[list[Group]]:
    """`年末资产10102.9万元，流动资产3260.4万元，非流动资产6842.5万元`: a total and the parts that such a total always has."""
    levels = sentence.levels
    if len(levels) < 3 or len(levels) != len([s for s in sentence.said if s.role != "date"]):
        return
    total, *parts = levels
    whole = add(*(s.figure.value for s in parts))
    near = 2 * whole < 3 * total.figure.value < 5 * whole and all(s.figure.value < total.figure.value for s in parts)
    row = all(re.fullmatch("[，、；和]?[一-鿿]{2,10}", s.label) for s in parts)
    near = near and not re.search("编制|核定|应|计划", total.label)
    if near and row and named_wholly(parts) and not named_wholly((total, parts[0])) and _row_of(total, parts):
        yield [Group(total, tuple(parts))]


def _told_before(report: Report, sentence: Sentence) -> Iterator[list[Group]]:
    """`“三公”经费支出合计83.35万元。因公出国费8.6万元，公务用车费62.3万元，公务接待费12.45万元。`: a sentence of all its parts."""
    parts = [s for s in sentence.said if s.role != "date"]
    before = [e for e in report.before(sentence) if e.paragraph == sentence.paragraph]
    totals = [s for e in before for s in e.said if s.role != "date"]
    if len(parts) < 2 or len(totals) != 1 or not totals[0].is_level or not _TOTAL.search(totals[0].label):
        return
    if all(s.is_level for s in parts) and named_wholly(parts) and _row_of(totals[0], parts):
        yield [Group(totals[0], tuple(parts))]


def _of_contract(sentence: Sentence) -> Iterator[list[Group]]:
    """`合同126万元，首付37.8万元，二期支付75.6万元，质保金12.6万元`: payments up to the last make the price."""
    money = [s for s in sentence.levels if s.figure.dimension == "money"]
    if len(money) < 3 or not _PRICE.search(money[0].label) or not _LAST_PAYMENT.search(money[-1].label):
        return
    total, *parts = money
    paid = all(_PAYMENT.search(s.label) and s.figure.plain and s.figure.value < total.figure.value for s in parts)
    if paid and total.figure.plain and not total.depth:
        yield [Group(total, tuple(parts))]


def _row_of(total: Said, parts: Sequence[Said]) -> bool:
    """Whether figures may be parts of a total: alike, outside brackets, and none of another time or role."""
    return all(
        s.figure.like(total.figure)
        and s.figure.plain
        and not s.depth
        and s.label.strip("，、；;和及 ")
        and not clash(total, s)
        and not _OTHER.search(s.label)
        for s in parts
    ) and bool(total.figure.plain and not total.depth)

"""Whether a list of parts is said to have all of them: 其中 and 包括 leave it open, other words and the parts' names close it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import cache

from reconcile.claims.ordered import value_of
from reconcile.claims.roles import Said, pattern
from reconcile.claims.text import Sentence

NEAR, NEAR_OF_MANY = Fraction(3, 20), Fraction(1, 4)
"""Two parts, or more, that fall short of their total by less than this share of it are taken for all: one figure is wrong."""
_REST = re.compile(r"^[\s，、；;和及]*(?:其他|其余|剩余|另有|余下|剩下)|其他$")
_MANY = re.compile(
    r"([二两三四五六七八九十]|\d{1,2})(?:大)?(?:个|项|类|部分|批|家|方面|块|笔|种|所|支|期|次|级|年|季度)"
)
_CLOSED = re.compile(
    "^由|分别|分为|构成|组成|如下|具体|明细|范围|用途|内容|分[一-鿿]{1,4}(?:看|来看)?|按[一-鿿]{2,8}分"
)


def is_open(sentence: Sentence, word: str, start: int, parent: Said, children: Sequence[Said]) -> bool:
    """Whether neither the word before the parts, nor their number, their names, nor their shares say that they are all."""
    between = sentence.text[max(parent.figure.end - sentence.start, 0) : start - sentence.start]
    if _CLOSED.search(word + between) or word in (":", "(") or parent.figure.dimension == "score" or len(children) < 2:
        return False
    lead = sentence.text[: max(start - sentence.start, 0)]
    if any(value_of(n.replace("两", "二")) == len(children) for n in _MANY.findall(lead[-24:])):
        return False
    return not (_REST.search(children[-1].label) or named_wholly(children) or _one_digit(parent, children))


@cache
def _families() -> list[list[re.Pattern[str]]]:
    rows = pattern("families").pattern.split(";")
    return [[re.compile(name) for name in row.split("/")] for row in rows]


def named_wholly(children: Sequence[Said]) -> bool:
    """Whether the parts are what such a total is always parted into: 基本支出 and 项目支出, 货物, 工程 and 服务."""
    for family in _families():
        found = [next((i for i, name in enumerate(family) if name.search(c.label)), None) for c in children]
        if None not in found and len(set(found)) == len(children):
            return True
    return False


def _one_digit(parent: Said, children: Sequence[Said]) -> bool:
    """Whether one digit of one figure would make the parts meet the total, and round figures are not why."""
    figures = [parent.figure, *(c.figure for c in children)]
    step = min((f.step for f in figures), default=Fraction(0))
    if not step or any(f.dimension != "money" for f in figures):
        return False
    gap = abs(parent.figure.value - sum((c.figure.value for c in children), Fraction(0))) / step
    digits = str(int(gap)).rstrip("0") if gap.denominator == 1 else ""
    whole = str(int(parent.figure.value / step))
    return len(digits) == 1 and len(whole.rstrip("0")) > 3


_CLASS = re.compile("(?:人员经费|公用经费|基本支出|工资福利支出|商品和服务支出|对个人和家庭的?补助(?:支出)?)$")
_ITEM = re.compile(
    "^(?:基本工资|津贴补贴|津补贴|奖金|绩效工资|社会保障缴费|社保缴费|养老保险|医疗保险|住房公积金|工资福利支出|办公费|印刷费|咨询费|水费|电费|水电费|邮电费|取暖费|物业管理费|差旅费|维修费|租赁费|会议费|培训费|公务接待费|劳务费|委托业务费|工会经费|福利费|其他交通费用|退休费|抚恤金|生活补助)$"
)


def _some_items(parent: Said, children: Sequence[Said]) -> bool:
    """Whether parts are items of an economic class, of which a report seldom names them all."""
    return bool(_CLASS.search(parent.subject)) and all(_ITEM.match(c.subject) for c in children)


def short(parent: Said, children: Sequence[Said]) -> bool:
    """Whether the parts fall short of their total by more than one wrong figure is likely to explain."""
    total = sum((c.figure.value for c in children), Fraction(0))
    if _some_items(parent, children):
        return total < parent.figure.value
    if parent.figure.dimension == "count" and parent.figure.value - total < 2:
        return False
    return total < parent.figure.value * (1 - (NEAR if len(children) < 3 else NEAR_OF_MANY))

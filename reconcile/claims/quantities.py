"""Quantity × price: of one thing or several, each month or quarter, with what is paid beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from itertools import product

from reconcile.claims.claim import Claim, Trial, claim_of, judge
from reconcile.claims.figure import Figure, add, places
from reconcile.claims.roles import Said
from reconcile.claims.text import Report, Sentence
from reconcile.read.words import rows_of

_UNITS_OF = {
    "人": "人名位",
    "名": "人名位",
    "位": "人名位",
    "月": "月",
    "年": "年",
    "天": "天日",
    "日": "天日",
    "次": "次场期",
    "平": "平㎡",
    "车": "辆台",
    "户": "户家",
    "件": "件份个",
    "生": "名人",
    "师": "名人",
    "桌": "人桌",
    "校": "所校",
    "班": "个班",
    "村": "个村",
    "站": "个座",
    "井": "眼口个",
    "岗": "岗个人名",
    "趟": "趟次",
}
_MONTHLY = re.compile("月(?:工资|租金|补助|补贴|费|付|均|标准)|每月|按月")
_INCOME = re.compile("收入|[水电气租]费|租金|税款")
_WORKED_OUT = re.compile("造价|成本|投资|平均|均|单方")
_YEARLY = re.compile(r"全年|一年|年度|本年|(?<![一-鿿\d])年(?=支出|需|发放|工资|补助|费用|支付|租金|[一-鿿]{0,4}费)")
SUMMED = re.compile("合计|共计|总计|共|总额")
_PAID = re.compile("共|合计|计|支付|总价|金额|费用|支出|价款|需|款|投入|资金|总额|发放|补助|补贴|经费|开支|花费")
_BESIDE = re.compile("^[，、；和及]*(?:另外?|外加|加上|再加|加收|额外|还需?)(?:付|支付|加|收|需|有|含|计|支出|发生)?")


def times(*values: Fraction) -> Fraction:
    out = Fraction(1)
    for value in values:
        out *= value
    return out


def check(report: Report) -> Iterator[Claim]:
    for sentence in report.sentences:
        yield from _prices(report, sentence)


def fits(figure: Figure, per: str) -> bool:
    """Whether a figure counts what a price is for; a price for no named thing takes any count."""
    if len(per) > 1:
        return figure.plain and figure.unit.endswith(per)
    if not per:
        return figure.dimension in ("count", "area", "acres", "length", "weight", "volume", "energy") and figure.plain
    letters = _UNITS_OF.get(per[0], per[0])
    return figure.plain and any(c in figure.unit for c in letters) and figure.dimension not in ("money", "date")


def counted(figure: Figure) -> Figure:
    """How many of its unit a quantity has, exactly: `18600吨` counts as 18600, and not as so many kilograms."""
    base = next(
        (
            Fraction(r["factor"])
            for r in rows_of("claim_units")
            if figure.unit.endswith(r["unit"]) and r["dimension"] == figure.dimension
        ),
        Fraction(1),
    )
    return replace(figure, value=figure.value / base, step=Fraction(0))


def _prices(report: Report, sentence: Sentence) -> Iterator[Claim]:
    earlier = [s for e in report.before(sentence, 2) if e.paragraph == sentence.paragraph for s in e.said]
    for scope, prices in (
        (sentence.said, [s for s in sentence.said if s.role == "price"]),
        (sentence.said, [s for s in earlier if s.role == "price"]),
    ):
        if not prices:
            continue
        kinds = {p.figure.dimension for p in prices}
        for amount in [
            s
            for s in scope
            if (
                s.is_level
                or s.figure.per == ("年",)
                or _in_part(s, prices)
                or (s.role == "change" and SUMMED.search(s.label))
            )
            and s.figure.dimension in kinds
            and not _BESIDE.search(s.label)
        ]:
            trials: list[Trial] = []
            if amount.role == "price":
                step = amount.figure.factor / 10 ** places(amount.figure.text)
                amount = replace(amount, figure=replace(amount.figure, step=step))
            trials += _together(scope, prices, amount)
            others = [p for p in prices if p.figure.at != amount.figure.at and _paid_in(p.figure, amount.figure)]
            for price in others:
                same = price.figure.paragraph == amount.figure.paragraph and price.figure.start >= sentence.start
                made = list(_products(sentence.text, scope, price, amount, others, same))
                trials += [*_with_more(scope, made, amount), *made]
            found = judge(amount.figure, trials)
            if found:
                verdict, trial = found
                near = [f for f in trial.inputs if f.paragraph == sentence.paragraph and f.start >= sentence.start]
                first = min((*near, amount.figure), key=lambda f: f.at)
                last = max((*near, amount.figure), key=lambda f: f.at)
                yield claim_of(
                    "quantity-price",
                    report.between(first, last),
                    amount.figure,
                    verdict,
                    trial,
                    amount.subject,
                    "claim-mismatch",
                )
        break


def _in_part(amount: Said, prices: Sequence[Said]) -> bool:
    """Whether an amount is for one of the things that another price is for: `每平方米每月3.5元，面积2400平方米，每月8400元`."""
    per = _per_of(amount)
    others = [p.figure.per for p in prices if p.figure.at != amount.figure.at]
    return len(per) == 1 and any(len(p) > 1 and per[0] in p for p in others)


def _per_of(amount: Said) -> tuple[str, ...]:
    """What an amount is for by itself: a month of 每月, 月支出."""
    return amount.figure.per or (
        ("月",) if re.search("(?<!个)月(?:支出|支付|应付|应发|需|合计)[一-鿿]{0,3}$", amount.label) else ()
    )


def _paid_in(price: Figure, amount: Figure) -> bool:
    """Whether a quantity of prices makes such an amount: yuan yuan, and 4人 each time so many 人次."""
    return price.like(amount) or (price.dimension == amount.dimension and amount.kin == "visit")


_TIMES_A_YEAR = {"月": 12, "季": 4, "半年": 2, "学期": 2}
_PART_OF_YEAR = re.compile("前三季度|[上下]半年")
_WHOLE_YEAR = {
    "月": re.compile("(?:12|十二)个月"),
    "季": re.compile("(?:4|四)个?季度|按季"),
    "学期": re.compile("(?:两个?|2个|全年两)学期|全学年"),
    "半年": re.compile("两个半年|按半年|上下半年|上、下半年"),
}


def _by_year(often: str, text: str) -> bool:
    """Whether the words say that what is paid so often is paid for a year: 四个季度, 12个月."""
    return bool(_WHOLE_YEAR[often].search(text) or (often != "月" and _YEARLY.search(text)))


def _products(
    text: str, scope: Sequence[Said], price: Said, amount: Said, prices: Sequence[Said], same: bool
) -> Iterator[Trial]:
    pers = price.figure.per
    if len(pers) > 1 and not any(s.figure.dimension == "years" for s in scope):
        pers = tuple(p for p in pers if p != "年")
    pers = tuple(p for p in pers if (p,) != _per_of(amount))
    if not pers:
        return
    visits = [s for s in scope if s.figure.unit.endswith("人次") and s.figure.plain and s.role == "level"]
    if set(pers) == {"人", "次"} and len(visits) == 1:
        inputs = (price.figure, counted(visits[0].figure))
        alone = same and len(prices) == 1 and bool(_PAID.search(amount.clause)) and not amount.planned
        yield Trial(times, inputs, "how-product", alone)
        return
    by_year = amount.figure.per == ("年",)
    often = next((p for p in pers if p in _TIMES_A_YEAR), "")
    months = 1
    if often and not any(s.figure.dimension == "months" and often == "月" for s in scope):
        told = next((s for s in scope if fits(s.figure, often) and s.figure.dimension == "count"), None)
        if told is None and not (_YEARLY.search(amount.clause) or _by_year(often, text) or by_year):
            return
        pers = tuple(p for p in pers if p != often)
        months = int(told.figure.value) if told else _TIMES_A_YEAR[often]
        if part := _PART_OF_YEAR.search(amount.clause):
            months = {"前三季度": 9, "上半年": 6, "下半年": 6}[part[0]] * _TIMES_A_YEAR[often] // 12
    choices = [
        [
            s
            for s in scope
            if s.figure.at != price.figure.at and s.role in ("level", "ratio", "after") and fits(s.figure, per)
        ]
        for per in pers
    ]
    if not all(choices):
        return
    span = [
        s
        for s in scope
        if s.figure.dimension in ("months", "days", "years") and s.figure.plain and not any(s in c for c in choices)
    ]
    visits = [s for s in scope if s.figure.kin in ("time",) and not any(s in c for c in choices)]
    for picked in product(*choices):
        if len({s.figure.at for s in picked}) < len(picked):
            continue
        exact = tuple(counted(s.figure) for s in picked)
        between = [
            s
            for s in scope
            if s.figure.dimension == amount.figure.dimension and s.figure.at != amount.figure.at and s is not price
        ]
        lone = len(prices) == 1 and all(len(c) == 1 for c in choices) and not between
        follows = max((p.figure.start for p in picked), default=0) < amount.figure.start and not [
            s
            for s in between
            if max((p.figure.start for p in picked), default=0) < s.figure.start < amount.figure.start
        ]
        some = any("其中" in p.label for p in picked)
        strong = (
            not some
            and amount.role in ("level", "price", "change")
            and not amount.planned
            and bool(
                (lone and same and (_PAID.search(amount.clause) or follows or _INCOME.search(amount.clause)))
                or (
                    follows
                    and _PAID.search(amount.clause)
                    and amount.figure.start - max((p.figure.end for p in picked), default=price.figure.end) < 16
                    and (same or price.figure.per != ("",))
                )
            )
        )
        printed = price.figure.factor / 10 ** places(price.figure.text)
        derived = _WORKED_OUT.search(price.clause) or price.figure.start > max(
            s.figure.start for s in (*picked, amount)
        )
        cost = replace(price.figure, step=printed) if derived else price.figure
        if len(prices) > 1 and SUMMED.search(amount.label):
            strong = False
        if months > 1:
            lone = lone and same and amount.role in ("level", "price")
            how = "how-product-year" if months == 12 else "how-product-times"
            spelt = {"times": str(months)}
            cost = replace(price.figure, step=printed) if by_year else price.figure
            paid = [s for s in scope if s.figure.kin == "person" and s.role == "level" and s.figure.plain]
            if paid and not exact:
                many = (cost, counted(paid[-1].figure))
                yield Trial(lambda *v, n=months: times(*v) * n, many, how, lone and len(paid) == 1, spelt)
                lone = False
            yield Trial(lambda *v, n=months: times(*v) * n, (cost, *exact), how, lone, spelt)
            return
        if _MONTHLY.search(price.clause) and "月" not in price.figure.per and not span:
            whole_year = bool(_YEARLY.search(amount.clause))
            yield Trial(lambda *v: times(*v) * 12, (price.figure, *exact), "how-product-year", strong and whole_year)
            strong = False
        extras = [(), *((s,) for s in span), *((s,) for s in visits)]
        if span and visits:
            extras.append((span[0], visits[0]))
        for extra in extras:
            more = tuple(replace(s.figure, step=Fraction(0)) for s in extra)
            yield Trial(
                times,
                (cost, *exact, *more),
                "how-product",
                strong and not (extra == () and span) and (extra == () or extra[0] in span),
            )


def _with_more(scope: Sequence[Said], made: Sequence[Trial], amount: Said) -> Iterator[Trial]:
    """`5000册，单价2.40元，另付设计费3000元，共支付15000元`: what a quantity comes to, and what is paid beside it."""
    more = tuple(
        s.figure
        for s in scope
        if s.role == "level" and s.figure.like(amount.figure) and s is not amount and _is_more(s, made, amount)
    )
    if more and SUMMED.search(amount.label):
        for trial in made:
            n = len(trial.inputs)
            formula = partial(_plus, trial.formula, n)
            yield replace(trial, formula=formula, inputs=(*trial.inputs, *more), how="how-product-more", strong=True)


_FEE = re.compile("(?:安装|运输?|调试|设计|手续|服务|搬运|人工|材料|检测)费(?:用)?(?:为|共|计)?$")


def _is_more(said: Said, made: Sequence[Trial], amount: Said) -> bool:
    """Whether an amount is paid beside a quantity: 另付, or a fee that stands between its price and the sum."""
    fee = _FEE.search(said.label) and said.figure.end <= amount.figure.start
    prices = [t.inputs[0] for t in made]
    return bool(_BESIDE.search(said.label) or (fee and all(p.end <= said.figure.start for p in prices)))


def _plus(formula: Callable[..., Fraction], n: int, *values: Fraction) -> Fraction:
    return formula(*values[:n]) + add(*values[n:])


def _together(scope: Sequence[Said], prices: Sequence[Said], amount: Said) -> Iterator[Trial]:
    """Several prices with a quantity each, and one amount for all: `电脑15台，单价4800元，打印机5台，单价1600元，合计8万元`."""
    row = len(prices) > 1 and re.search("单价分别", prices[0].clause) is not None
    if len(prices) < 2 or not (SUMMED.search(amount.label) or (row and _PAID.search(amount.label))):
        return
    inputs: list[Figure] = []
    free = [s for s in scope if s.role == "level" and s.figure.dimension == "count" and s.figure.plain]
    for price in prices:
        if len(price.figure.per) != 1:
            return
        fitting = [s for s in free if fits(s.figure, price.figure.per[0])]
        if not fitting:
            return
        at, others = price.figure.start, [p.figure.start for p in prices if p is not price]
        before = [s for s in fitting if s.figure.end <= at and not any(s.figure.start < o < at for o in others)]
        after = [s for s in fitting if s.figure.start > at and not any(at < o < s.figure.start for o in others)]
        if row:
            fitting = [s for s in free if s.figure.end <= prices[0].figure.start][-len(prices) :][:1] or fitting
            before, after = fitting[:1], []
        nearest = (before[-1:] or after[:1] or fitting[:1])[0]
        free.remove(nearest)
        inputs += [price.figure, counted(nearest.figure)]
    yield Trial(lambda *v: sum((a * b for a, b in zip(v[::2], v[1::2])), Fraction(0)), tuple(inputs), "how-products")

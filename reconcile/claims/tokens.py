"""Every figure of a text: amounts, percentages, times, counts and dates, in digits and in Chinese numerals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache

from reconcile.claims import numerals
from reconcile.claims.figure import Figure
from reconcile.read.words import rows_of

_CN = "[零一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟]"
_CN_NUMBER = rf"{_CN}{{1,24}}(?:点[零一二三四五六七八九]{{1,9}})?"
_NUMBER = rf"(?:{numerals.GROUPED}|{numerals.PLAIN})"
_SCALES = {
    "": 1,
    "百": 100,
    "千": 1000,
    "万": 10**4,
    "十万": 10**5,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "万亿": 10**12,
}
_SCALE = "万亿|十万|百万|千万|百|千|万|亿"
_DATES = (
    (
        r"(?<!\d)((?:19|20)\d\d|[零一二三四五六七八九]{4})\s*年\s*(\d{1,2}|[一二三四五六七八九十]{1,2})\s*月\s*"
        r"(\d{1,2}|[一二三四五六七八九十]{1,3})\s*[日号]",
        "ymd",
    ),
    (r"(?<!\d)((?:19|20)\d\d)([-./])(\d{1,2})\2(\d{1,2})(?![\d%])", "iso"),
    (
        r"(?<!\d)((?:19|20)\d\d|[零一二三四五六七八九]{4})\s*年\s*(\d{1,2}|[一二三四五六七八九十]{1,2})\s*月(?:份|底|末|初)?",
        "ym",
    ),
    (r"(?<!\d)((?:19|20)\d\d|[零一二三四五六七八九]{4})\s*年(?!间)(?:度)?", "y"),
    (r"(?<![\d.])(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]", "md"),
    (r"(?<![\d.])(?:\d{1,2}\s*[-—~～至到]\s*)?(\d{1,2})\s*月(?:份|底|末|初)?", "m"),
)
_SHARE = re.compile(rf"百分之({_NUMBER}|{_CN_NUMBER})(个百分点)?|千分之({_NUMBER}|{_CN_NUMBER})")
_FRACTION = re.compile(rf"({_CN}{{1,9}})分之({_CN}{{1,9}})")
LONGEST_NUMBER = 32
MEASURED = ("money", "percent", "points", "times", "area", "acres", "length", "weight", "volume", "energy", "density")
_OF_NOUN = "公里|千米|公顷|平方米|立方米|千瓦时|[人名位月年天日次件个盒份套台辆本册场期户平吨米张座处间栋条项家头只棵株块亩箱瓶袋桶把组幅生盏艘例床桌餐课升师班村校站井具对艘口眼孔页窗段岗趟册篇罐根枚双副面扇架片颗门樘节捆]"
_NOUGHT = re.compile(r"(?:预算|决算|支出|收入|经费|结余|结转)(?:数)?(?:均?为|是)(0(?:\.0+)?)(?=[，。；、)]|$)")
_ABOUT = re.compile(r"((?<![节制预公合契签违特条履解缔])约|大约|约为|大概|平均约|共约)$")
_BEFORE = (
    ("near", re.compile(r"(近|接近|将近|不足|不到|少于|低于|未达)(?:到|了)?$")),
    ("most", re.compile(r"(不超过|最多|至多|最高|上限|以内|不高于|不多于)(?:为|不超过)?$")),
    (
        "over",
        re.compile(r"((?<!不)超过|突破|至少|不少于|不低于|逾|超(?!支|出|过|额)|多于|高于|达到?(?=\d+余))(?:了)?$"),
    ),
)
_AFTER = (
    ("over", re.compile(r"^(以上|有余|多(?![个项\d]))")),
    ("most", re.compile(r"^(以内|以下|之内)")),
    ("about", re.compile(r"^(左右|上下)")),
)
_PER = re.compile(
    r"^\s*[/／]\s*([^\d\s，。；、,;()（）/／·的标]{1,3})(?:\s*[/／·.]\s*([^\d\s，。；、,;()（）/／]))?|^每([人月年天日次件个盒份套平])(?:每?([月年天次]))?"
)
_EACH = re.compile(
    rf"每(?:一)?({_OF_NOUN})(?:次|方米)?(?:(?:[一-鿿]{{0,4}}?每)?([月年天次平])(?:方米)?)?((?!每)[一-鿿]{{0,6}}?|每.*)$"
)
_MONTHLY = re.compile(
    r"(?P<each>人均)?(?<![\d个全当本半上去今每])(?P<time>[月年])(?:租金|租费|房租|工资|薪酬|劳务费|服务费|管理费|物业费|补助|补贴)(?:标准)?(?:为|是|[:：])?$"
)
_YIELD = re.compile(r"(?:亩产量?|单产)(?:约|为|是|达到|达|[:：])*$")
_DAILY = re.compile(r"(?<!均)日(?:处理|供水?|产|生产|发电|消耗|用水)[一-鿿]{0,3}$")
_PRICE = re.compile(r"(单价|均价|每单价|单位价格|定价)(?:为|是|[:：])?$")


@cache
def _units() -> tuple[re.Pattern[str], dict[str, dict[str, str]]]:
    rows = {r["unit"]: r for r in rows_of("claim_units")}
    words = "|".join(
        re.escape(u) + (f"(?!{rows[u]['unless']})" if rows[u]["unless"] else "")
        for u in sorted(rows, key=len, reverse=True)
    )
    number = rf"(?P<number>[-+]?{_NUMBER})\s*(?P<early>余|多|来)?\s*"
    spelled = rf"(?P<spelled>{_CN_NUMBER})(?P<late>余|多|来)?"
    scale = rf"(?P<scale>{_SCALE})?(?P<more>余|多)?\s*"
    return re.compile(
        rf"(?:{number}{scale}|{spelled})(?P<unit>{words})|{number.replace('number', 'bare').replace('early', 'most')}(?P<big>万亿|百万|千万|亿|万)(?![{numerals.CHINESE}\d])"
    ), rows


def figures(paragraph: int, text: str) -> list[Figure]:
    """The figures of a paragraph in their order; none overlaps another."""
    plain = numerals.narrow(text)
    found: list[Figure] = []
    free = [True] * (len(plain) + 1)
    for figure in (*_dates(paragraph, plain), *_shares(paragraph, plain), *_amounts(paragraph, plain)):
        if all(free[figure.start : figure.end]):
            found.append(figure)
            free[figure.start : figure.end] = [False] * (figure.end - figure.start)
    for m in _NOUGHT.finditer(plain):
        if all(free[m.start(1) : m.end(1)]):
            found.append(Figure(paragraph, m.start(1), m.end(1), "0", Fraction(0), Fraction(0), "money", ""))
    return _ranged(plain, sorted(found, key=lambda f: f.start))


def _dates(paragraph: int, plain: str) -> Iterator[Figure]:
    for pattern, shape in _DATES:
        for m in re.finditer(pattern, plain):
            parts = [p for p in m.groups() if p and p not in "-./"]
            numbers = [_whole(p) for p in parts]
            if None in numbers:
                continue
            whole = [int(n or 0) for n in numbers]
            day = {
                "ymd": (*whole, 0), "iso": (*whole, 0), "ym": (*whole, 0), "y": (*whole, 0, 0),
                "md": (0, *whole), "m": (0, *whole, 0),
            }[shape][:3]  # fmt: skip
            yield Figure(
                paragraph, m.start(), m.end(), m[0], Fraction(0), Fraction(0), "date", "", day=(day[0], day[1], day[2])
            )


def _whole(text: str) -> int | None:
    value = Fraction(int(text)) if text.isdecimal() and text.isascii() else numerals.chinese(text)
    return None if value is None else int(value)


def _shares(paragraph: int, plain: str) -> Iterator[Figure]:
    for m in _SHARE.finditer(plain):
        number = m[1] or m[3]
        value, places = _number(number)
        if value is not None:
            factor = Fraction(1) if m[1] else Fraction(1, 10)
            yield _figure(
                paragraph, plain, m, value * factor, factor / 10**places, "points" if m[2] else "percent", "%"
            )
    for m in _FRACTION.finditer(plain):
        below, above = numerals.chinese(m[1]), numerals.chinese(m[2])
        if below and above and above < below:
            figure = _figure(paragraph, plain, m, above / below * 100, Fraction(0), "percent", "%")
            yield replace(figure, spelled=True, step=Fraction(1))


def _number(text: str) -> tuple[Fraction | None, int]:
    if len(text) > LONGEST_NUMBER:
        return None, 0
    if text[0] in "-+0123456789":
        sign = -1 if text[0] == "-" else 1
        value, places = numerals.arabic(text.lstrip("-+"))
        return sign * value, places
    return numerals.chinese(text), len(text.partition("点")[2])


def _amounts(paragraph: int, plain: str) -> Iterator[Figure]:
    pattern, rows = _units()
    for m in pattern.finditer(plain):
        start = m.start()
        signed = m["number"] or m["bare"] or ""
        if (
            signed[:1] in ("-", "+")
            and start
            and (plain[start - 1] in "%)" or (plain[start - 1].isalnum() and plain[start - 1] not in "为是达到"))
        ):
            signed, start = signed[1:], start + 1
        if _not_a_figure(plain, start, m):
            continue
        value, places = _number(signed or m["spelled"])
        if value is None:
            continue
        unit = m["unit"] or "元"
        scale = Fraction(_SCALES[m["scale"] or m["big"] or ""])
        if m["scale"] and f"{m['scale']}{unit}" in rows:
            unit, scale = f"{m['scale']}{unit}", Fraction(1)
        row = rows[unit]
        factor = Fraction(row["factor"]) * scale
        dimension = row["dimension"]
        if dimension == "tenths":
            dimension = "percent"
        measured = dimension in MEASURED
        spelled = bool(m["spelled"])
        exact = spelled or (not measured and (places == 0 and scale == 1))
        step = Fraction(0) if exact else factor / 10**places
        figure = _figure(
            paragraph,
            plain,
            m,
            value * factor,
            step,
            dimension,
            (m["scale"] or m["big"] or "") * (scale != 1) + (unit if m["unit"] else ""),
            start,
        )
        more = m["early"] or m["more"] or m["late"] or m["most"]
        per, exact_price = _per(plain, start, m.end(), dimension)
        yield replace(
            figure,
            factor=factor,
            kin=row["kin"],
            approx="over" if more else figure.approx,
            per=per,
            step=Fraction(0) if exact_price else figure.step,
            spelled=spelled,
        )


def _not_a_figure(plain: str, start: int, m: re.Match[str]) -> bool:
    before = plain[start - 1] if start else ""
    if (before and before in "第.〔[") or (before and before.isascii() and (before.isalnum() or before == ".")):
        return True
    if m["spelled"]:
        if before in numerals.CHINESE and before:
            return True
        unit = m["unit"]
        single = m["spelled"] in ("一", "两", "千", "百", "万", "十", "亿", "零")
        return (
            unit in ("日", "年", "分", "成", "本", "部", "支", "单", "期", "起", "头", "名", "位", "元", "批", "只")
            and (single or unit in ("本", "部", "支", "单", "起", "头", "日"))
        ) or (single and m["spelled"] != "两" and m["spelled"] != "十")
    return False


def _figure(
    paragraph: int,
    plain: str,
    m: re.Match[str],
    value: Fraction,
    step: Fraction,
    dimension: str,
    unit: str,
    start: int = -1,
) -> Figure:
    start = m.start() if start < 0 else start
    before, after = plain[max(0, start - 6) : start], plain[m.end() : m.end() + 3]
    approx = "about" if _ABOUT.search(before) else ""
    approx = approx or next((k for k, p in _BEFORE if p.search(before)), "")
    approx = approx or next((k for k, p in _AFTER if p.search(after)), "")
    return Figure(paragraph, start, m.end(), plain[start : m.end()], value, step, dimension, unit, approx=approx)


def _per(plain: str, start: int, end: int, dimension: str) -> tuple[tuple[str, ...], bool]:
    """What a price is for, and whether the amount is a price."""
    if dimension == "weight" and _YIELD.search(plain[max(0, start - 8) : start]):
        return ("亩",), False
    if _DAILY.search(plain[max(0, start - 8) : start]) and dimension in ("weight", "volume", "energy", "density"):
        return ("天",), False
    if dimension not in ("money", "weight", "volume", "energy", "count", "hours"):
        return (), False
    after = dimension != "count" and _PER.match(plain[end : end + 10])
    if after:
        return tuple(p for p in after.groups() if p), True
    before = plain[max(0, start - 14) : start]
    before = re.split("[，。；,;、(]", before)[-1]
    each = _EACH.search(before)
    if each and not re.search("超过|增加|减少|平均", before):
        term = "每学期" in each[3]
        unknown = "每" in each[3] and not term  # 每人每学期: nothing in the text counts it
        return tuple(p for p in (each[1], each[2], "学期" if term else "?" if unknown else "") if p), True
    often = re.search("每(?:个)?(季|半年)度?(?!每)[一-鿿]{0,6}$", before)
    if often and dimension == "money":
        return (often[1],), True
    regular = _MONTHLY.search(before)
    if regular and dimension == "money":
        return ("人" if regular["each"] else regular["time"],), True
    single = re.search(
        "(?<![一-鿿])单([笔次台套件个项户辆人场])(?:金额|价格?|费用|成本|支付|补助|补贴)?(?:约|为|是|[:：])*$", before
    )
    if dimension == "money" and single:
        return (single[1],), True
    if dimension == "money" and re.search("单车(?:价格?|造价|成本)(?:约|为|是|[:：])*$", before):
        return ("车",), True
    if dimension == "money" and re.search("单方(?:造价|投资|成本|价)(?:约|为|是|[:：])*$", before):
        return ("平方米",), True
    if dimension == "money" and _PRICE.search(before):
        return ("",), True
    return (), False


def _ranged(plain: str, found: list[Figure]) -> list[Figure]:
    """`2至3小时` and `10%-15%` become one figure that has an upper end."""
    out: list[Figure] = []
    for figure in found:
        between = plain[out[-1].end : figure.start] if out else ""
        before = plain[max(0, figure.start - 12) : figure.start]
        low = re.search(rf"({_NUMBER})\s*[-—~～至到]+\s*$", before)
        last = out[-1] if out else None
        if figure.dimension == "date":
            out.append(figure)
        elif (
            last
            and last.dimension == figure.dimension
            and re.fullmatch(r"\s*[-—~～]+\s*|\s*[至到]\s*", between)
            and figure.value > last.value
            and not re.search("[由从]", plain[max(0, last.start - 12) : last.start])
        ):
            out[-1] = replace(last, end=figure.end, text=plain[last.start : figure.end], upper=figure.value)
        elif low and figure.dimension not in ("date",) and not re.search("[由从]", before[: low.start()]):
            value, places = numerals.arabic(low[1][:LONGEST_NUMBER])
            start = figure.start - len(before) + low.start()
            step = figure.factor / 10**places if figure.step else Fraction(0)
            out.append(
                replace(
                    figure, start=start, text=plain[start : figure.end], value=value * figure.factor, step=step, upper=figure.value
                )
            )  # fmt: skip
        else:
            out.append(figure)
    return out

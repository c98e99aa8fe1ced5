"""Sentences of reports, true and false, drawn over amounts, units, clauses and orders.

A draw keeps every figure exact in 分; what is printed is rounded half up once.  A false sentence has one printed figure
that no rounding explains.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random

WAN, YI = 1_000_000, 10_000_000_000
CN = "零一二三四五六七八九十"


@dataclass(frozen=True)
class Drawn:
    text: str
    true: bool
    shape: str


class Draw:
    """Figures of one sentence.  `off` is True where a printed figure is to be wrong; `slip` spoils it."""

    def __init__(self, rng: Random, true: bool) -> None:
        self.rng, self.true = rng, true
        self.fine = rng.random() < 0.5
        self.unit, self.places, self.comma = rng.choice(
            [("万元", 2, False)] * 6
            + [("元", 2, True), ("元", 2, False), ("万元", 2, True), ("亿元", 4, False), ("千元", 2, False)]
        )

    def fen(self, low: int = 20, high: int = 3000) -> int:
        """An amount in 分: one that the unit prints exactly, or, where `fine`, any."""
        digit = self.grain
        scale = 100 if self.unit == "亿元" else 1  # four decimals of 亿元 are coarse
        return self.rng.randrange(low * WAN * scale, high * WAN * scale) // digit * digit

    @property
    def digit(self) -> int:
        size = {"元": 100, "千元": 100_000, "万元": WAN, "亿元": YI}[self.unit]
        return size // 10**self.places

    @property
    def grain(self) -> int:
        """The 分 that drawn amounts are whole multiples of."""
        return 1 if self.fine else self.digit

    def split(self, whole: int, n: int) -> list[int]:
        """Parts of a whole, none of them tiny."""
        weights = [self.rng.randint(10, 60) for _ in range(n)]
        digit = self.grain
        parts = [whole * w // sum(weights) // digit * digit for w in weights]
        parts[-1] += whole - sum(parts)
        return parts

    def m(self, fen: int) -> str:
        """Money as printed."""
        size = {"元": 100, "千元": 100_000, "万元": WAN, "亿元": YI}[self.unit]
        figure = (Decimal(fen) / size).quantize(Decimal(1).scaleb(-self.places), rounding=ROUND_HALF_UP)
        return (f"{figure:,}" if self.comma else f"{figure}") + self.unit

    def slip(self, fen: int) -> int:
        """The amount, or a wrong one: a few percent off, or two digits exchanged."""
        if self.true:
            return fen
        digits = max(abs(fen) // self.digit, 1)
        change = max(int(digits * self.rng.choice([0.02, 0.03, 0.06, 0.1, 0.25])), 40)
        return (digits + self.rng.choice([-1, 1]) * change) * self.digit

    def p(self, part: int, whole: int, places: int = 2, spoil: bool = False) -> str:
        exact = Decimal(part) * 100 / Decimal(whole)
        shown = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
        if spoil and not self.true:
            gap = (
                Decimal(self.rng.choice(["0.8", "1.1", "2.35", "5", "9.9"]))
                if places
                else Decimal(self.rng.choice([3, 5, 10]))
            )
            shown = shown + gap if shown < 60 else shown - gap
        return f"{shown}%"


Shape = Callable[[Draw], str]
SHAPES: list[Shape] = []


def shape(function: Shape) -> Shape:
    SHAPES.append(function)
    return function


def sentences(seed: int, draws: int = 4) -> Iterator[Drawn]:
    """Every shape, `draws` times true and `draws` times false."""
    for make in SHAPES:
        for k in range(draws):
            for true in (True, False):
                rng = Random(f"{make.__name__}-{seed}-{k}-{true}")
                yield Drawn(make(Draw(rng, true)), true, make.__name__)


def pick(d: Draw, *options: str) -> str:
    return d.rng.choice(options)


NAMES = [
    "办公设备购置",
    "信息系统运维",
    "业务用房修缮",
    "基层人才培训",
    "档案整理",
    "法律顾问服务",
    "大厅窗口运行",
    "食品安全抽检",
    "宣传工作",
    "环境整治",
]
OFFICES = ["区行政审批服务局", "县农业农村局", "市教育局", "某某街道办事处", "市档案馆"]


def names(d: Draw, n: int) -> list[str]:
    return d.rng.sample(NAMES, n)


# sums -----------------------------------------------------------------------------------------------------------


@shape
def total_within(d: Draw) -> str:
    t = d.fen()
    a, b = d.split(t, 2)
    lead = pick(
        d, "2021年度支出合计", "全年总支出", "2022年支出决算数为", "本年支出共计", "部门整体支出", "当年支出总额为"
    )
    sep = pick(d, "，", "；", "、")
    return f"{lead}{d.m(d.slip(t))}，其中{pick(d, '：', '')}基本支出{d.m(a)}{sep}项目支出{d.m(b)}。"


@shape
def total_with_shares(d: Draw) -> str:
    t = d.fen()
    a, b = d.split(t, 2)
    which = d.rng.randrange(2)
    return (
        f"2020年支出决算{d.m(t)}，其中：基本支出{d.m(a)}，{pick(d, '占', '占比', '占总支出的', '占支出总额的')}{d.p(a, t, spoil=which == 0)}；"
        f"项目支出{d.m(b)}，占{d.p(b, t, spoil=which == 1)}。"
    )


@shape
def parts_then_total(d: Draw) -> str:
    t = d.fen()
    parts = d.split(t, d.rng.choice([2, 3, 4]))
    what = names(d, len(parts))
    text = "、".join(f"{n}{d.m(p)}" for n, p in zip(what, parts))
    return f"{pick(d, '本年安排', '全年投入', '项目资金用于')}{text}，{pick(d, '合计', '共计', '总计', '合计支出', '共支出')}{d.m(d.slip(t))}。"


@shape
def nested(d: Draw) -> str:
    t = d.fen(400)
    a, b = d.split(t, 2)
    a1, a2 = d.split(a, 2)
    which = d.rng.randrange(2)
    inner = f"（其中：人员经费{d.m(d.slip(a1) if which == 0 else a1)}，公用经费{d.m(a2)}）"
    return f"全年支出总计{d.m(d.slip(t) if which == 1 else t)}，其中：基本支出{d.m(a)}{inner}，项目支出{d.m(b)}。"


@shape
def nested_open(d: Draw) -> str:
    t = d.fen(400)
    a, b = d.split(t, 2)
    a1, a2 = d.split(a, 2)
    return f"2021年支出{d.m(t)}，其中：基本支出{d.m(a)}，其中人员经费{d.m(d.slip(a1))}、公用经费{d.m(a2)}；项目支出{d.m(b)}。"


@shape
def income_and_outgo(d: Draw) -> str:
    t = d.fen(400)
    a, c = d.split(t, 2)
    s, e = d.split(t, 2)
    return (
        f"2023年度收入总计{d.m(t)}，其中：本年收入{d.m(a)}，年初结转和结余{d.m(c)}；"
        f"支出总计{d.m(t)}，其中：本年支出{d.m(d.slip(s))}，年末结转和结余{d.m(e)}。"
    )


@shape
def three_public(d: Draw) -> str:
    d.unit, d.places = "万元", 2
    parts = [d.fen(0, 5), d.fen(2, 40), d.fen(1, 20)]
    t = sum(parts)
    return (
        f"“三公”经费支出决算{d.m(d.slip(t))}，其中：因公出国（境）费{d.m(parts[0])}；"
        f"公务用车购置及运行维护费{d.m(parts[1])}；公务接待费{d.m(parts[2])}。"
    )


@shape
def across_sentences(d: Draw) -> str:
    t = d.fen(200)
    parts = d.split(t, 3)
    return (
        f"2022年度，本部门财政拨款收入{d.m(t)}。其中：一般公共预算拨款{d.m(d.slip(parts[0]))}，"
        f"政府性基金拨款{d.m(parts[1])}，国有资本经营预算拨款{d.m(parts[2])}。"
    )


@shape
def listed(d: Draw) -> str:
    t = d.fen(200)
    parts = d.split(t, 4)
    what = names(d, 4)
    bad = d.rng.randrange(4)
    lines = "\n".join(
        f"（{k}）{n}{d.m(d.slip(p) if k - 1 == bad else p)}{'。' if k == 4 else '；'}"
        for k, (n, p) in enumerate(zip(what, parts), 1)
    )
    return f"2021年项目支出{d.m(t)}，其中：\n{lines}"


@shape
def listed_inline(d: Draw) -> str:
    t = d.fen(200)
    parts = d.split(t, 3)
    what = names(d, 3)
    body = "；".join(f"{c}是{n}{d.m(p)}" for c, n, p in zip("一二三", what, parts))
    return f"专项资金{pick(d, '共安排', '总额为', '合计')}{d.m(d.slip(t))}，具体包括：{body}。"


@shape
def planned_and_spent_list(d: Draw) -> str:
    plan = [d.fen(20, 300) for _ in range(3)]
    spent = [p * d.rng.randint(70, 99) // 100 // d.grain * d.grain for p in plan]
    what = names(d, 3)
    which = d.rng.randrange(2)
    t, s = sum(plan), sum(spent)
    lines = "\n".join(
        f"{k}.{n}：年初预算{d.m(p)}，实际支出{d.m(x)}。" for k, (n, p, x) in enumerate(zip(what, plan, spent), 1)
    )
    return (
        f"2022年项目预算{d.m(d.slip(t) if which else t)}，实际支出{d.m(s if which else d.slip(s))}，具体如下：\n{lines}"
    )


@shape
def composed_of(d: Draw) -> str:
    t = d.fen()
    a, b = d.split(t, 2)
    return f"本年收入{d.m(d.slip(t))}，由财政拨款{d.m(a)}和其他收入{d.m(b)}{pick(d, '组成', '构成')}。"


@shape
def respectively(d: Draw) -> str:
    t = d.fen()
    a, b = d.split(t, 2)
    return f"全年总支出{d.m(t)}，其中基本支出和项目支出分别为{d.m(a)}和{d.m(d.slip(b))}。"


@shape
def shares_respectively(d: Draw) -> str:
    t = d.fen()
    a, b = d.split(t, 2)
    return f"2021年支出{d.m(t)}，其中基本支出{d.m(a)}、项目支出{d.m(b)}，分别占{d.p(a, t, spoil=True)}和{d.p(b, t)}。"


@shape
def people(d: Draw) -> str:
    a, b, c = (d.rng.randint(5, 90) for _ in range(3))
    t = a + b + c + (0 if d.true else d.rng.choice([-3, 2, 5]))
    return f"年末实有人数{t}人，其中：在职人员{a}人，离休人员{b}人，退休人员{c}人。"


@shape
def people_after(d: Draw) -> str:
    a, b = d.rng.randint(5, 90), d.rng.randint(5, 90)
    t = a + b + (0 if d.true else d.rng.choice([-3, 2, 5]))
    return f"单位现有行政人员{a}名、事业人员{b}名，{pick(d, '共', '合计', '共计')}{t}名。"


@shape
def written_out(d: Draw) -> str:
    a, b = d.fen(1, 20), d.fen(1, 20)
    return (
        f"支付档案整理费{d.m(a)}+印刷费{d.m(b)}={d.m(d.slip(a + b))}。"
        if d.rng.random() < 0.3
        else f"该项目支出为{d.m(a)}＋{d.m(b)}＝{d.m(d.slip(a + b))}。"
    )


@shape
def mixed_units(d: Draw) -> str:
    a, b = d.rng.randrange(1_000, 9_000) * 10, d.rng.randrange(1_000, 9_000) * 10
    t = Decimal(a + b) / 10000
    shown = t if d.true else t + Decimal(d.rng.choice(["0.5", "-0.4", "1"]))
    return (
        f"支付整理费{a}元，支付印刷费{b}元，合计{shown.normalize():f}万元。"
        if d.rng.random() < 0.5
        else f"项目支出{shown.normalize():f}万元，其中整理费{a}元、印刷费{b}元。"
    )


# shares ---------------------------------------------------------------------------------------------------------


@shape
def share_of_named(d: Draw) -> str:
    t = d.fen(300)
    a = t * d.rng.randint(5, 90) // 100 // d.grain * d.grain
    return f"人员经费{d.m(a)}，占{pick(d, '基本支出', '总支出', '本年支出合计')}{d.m(t)}的{d.p(a, t, spoil=True)}。"


@shape
def share_turned(d: Draw) -> str:
    t = d.fen(300)
    a = t * d.rng.randint(5, 90) // 100 // d.grain * d.grain
    return (
        f"2022年度收入合计{d.m(t)}，财政拨款收入占{pick(d, '收入总额的', '', '比', '收入合计的')}{d.p(a, t, spoil=True)}，为{d.m(a)}。"
        if d.rng.random() < 0
        else f"2022年度收入合计{d.m(t)}，其中财政拨款收入{d.m(a)}，占比为{d.p(a, t, spoil=True)}。"
    )


@shape
def share_of_people(d: Draw) -> str:
    t = d.rng.randint(60, 300)
    a = d.rng.randint(10, t - 10)
    return f"单位共有职工{t}人，其中党员{a}人，占{pick(d, '总人数的', '职工总数的', '')}{d.p(a, t, spoil=True)}。"


@shape
def share_ratio(d: Draw) -> str:
    t = d.fen(300)
    a = t * d.rng.randint(5, 90) // 100 // d.grain * d.grain
    return f"全年支出{d.m(t)}，用于民生的支出为{d.m(a)}，占全年支出的比重为{d.p(a, t, spoil=True)}。"


# rates ----------------------------------------------------------------------------------------------------------


@shape
def rate_plain(d: Draw) -> str:
    b = d.fen(100)
    s = b * d.rng.randint(55, 99) // 100 // d.grain * d.grain
    return f"{pick(d, '全年预算', '年初预算', '预算安排', '预算数', '批复预算')}{d.m(b)}，{pick(d, '实际支出', '支出决算', '全年执行', '实际执行数', '决算数')}{d.m(s)}，{pick(d, '执行率', '预算执行率为', '预算完成率', '支出完成率达', '执行进度')}{d.p(s, b, spoil=True)}。"


@shape
def rate_of_budget(d: Draw) -> str:
    b = d.fen(100)
    s = b * d.rng.randint(55, 120) // 100 // d.grain * d.grain
    verb = pick(d, "完成年初预算的", "为年初预算的", "完成年初预算数的", "占年初预算的")
    return f"2020年年初预算为{d.m(b)}，支出决算为{d.m(s)}，{verb}{d.p(s, b, spoil=True)}。"


@shape
def rate_two_budgets(d: Draw) -> str:
    b = d.fen(100)
    f = b + d.fen(10, 80)
    s = f * d.rng.randint(60, 99) // 100 // d.grain * d.grain
    which = d.rng.randrange(2)
    return (
        f"年初预算{d.m(b)}，全年（调整后）预算{d.m(f)}，支出决算{d.m(s)}，完成年初预算的{d.p(s, b, spoil=which == 0)}，"
        f"完成全年预算的{d.p(s, f, spoil=which == 1)}。"
    )


@shape
def rate_explicit(d: Draw) -> str:
    b = d.fen(100)
    s = b * d.rng.randint(55, 99) // 100 // d.grain * d.grain
    return f"支出{d.m(s)}，{pick(d, '完成预算', '完成全年预算', '为预算')}{d.m(b)}的{d.p(s, b, spoil=True)}。"


@shape
def rate_items(d: Draw) -> str:
    out = []
    bad = d.rng.randrange(3)
    for k, n in enumerate(names(d, 3)):
        b = d.fen(20, 300)
        s = b * d.rng.randint(55, 99) // 100 // d.grain * d.grain
        out.append(f"{n}预算{d.m(b)}，支出{d.m(s)}，执行率{d.p(s, b, spoil=k == bad)}")
    return "；".join(out) + "。"


@shape
def rate_cases(d: Draw) -> str:
    b = d.rng.randint(2000, 40000)
    s = b * d.rng.randint(60, 99) // 100
    return f"全年{pick(d, '受理', '签收', '收到')}群众诉求{b}件，{pick(d, '办结', '实际办结', '已办结')}{s}件，办结率{pick(d, '为', '达', '')}{d.p(s, b, spoil=True)}。"


@shape
def rate_left(d: Draw) -> str:
    b = d.fen(100)
    e = b * d.rng.randint(3, 30) // 100 // d.grain * d.grain
    return f"本年预算{d.m(b)}，年末结转结余{d.m(e)}，结转结余率{d.p(e, b, spoil=True)}。"


@shape
def rate_posts(d: Draw) -> str:
    b = d.rng.randint(60, 200)
    s = d.rng.randint(40, b)
    return f"单位编制{b}人，实际在职{s}人，在职人员控制率{pick(d, '为', '')}{d.p(s, b, spoil=True)}。"


# changes --------------------------------------------------------------------------------------------------------


@shape
def change_full(d: Draw) -> str:
    p = d.fen(100)
    up = d.rng.random() < 0.5
    delta = p * d.rng.randint(3, 60) // 100 // d.grain * d.grain
    c = p + delta if up else p - delta
    which = d.rng.randrange(2)
    word, rate = ("增加", "增长") if up else ("减少", "下降")
    return (
        f"2021年支出{d.m(c)}，{pick(d, '比上年', '较上年', '比2020年', '与上年相比')}{word}{d.m(d.slip(delta) if which == 0 and d.unit != '亿元' else delta)}，"
        f"{rate}{d.p(delta, p, spoil=which == 1 or d.unit == '亿元')}。"
    )


@shape
def change_with_last(d: Draw) -> str:
    p = d.fen(100)
    delta = p * d.rng.randint(4, 60) // 100 // d.grain * d.grain
    up = d.rng.random() < 0.5
    c = p + delta if up else p - delta
    word = "增加" if up else "减少"
    return f"公务接待费支出{d.m(c)}，{pick(d, '比上年的', '较上年', '比去年')}{d.m(p)}{word}{d.m(d.slip(delta))}。"


@shape
def change_from_to(d: Draw) -> str:
    p = d.fen(100)
    delta = p * d.rng.randint(4, 60) // 100 // d.grain * d.grain
    up = d.rng.random() < 0.5
    c = p + delta if up else p - delta
    words = ("增加到", "增长") if up else ("下降到", "下降")
    return f"办公费由上年的{d.m(p)}{words[0]}{d.m(c)}，{words[1]}{d.p(delta, p, spoil=True)}。"


@shape
def change_two_years(d: Draw) -> str:
    p = d.fen(100)
    delta = p * d.rng.randint(4, 60) // 100 // d.grain * d.grain
    up = d.rng.random() < 0.5
    c = p + delta if up else p - delta
    rate = "增长" if up else "下降"
    return f"2020年公用经费{d.m(p)}，2021年公用经费{d.m(c)}，{pick(d, '同比', '')}{rate}{d.p(delta, p, spoil=True)}。"


@shape
def change_wrong_way(d: Draw) -> str:
    p = d.fen(100)
    delta = p * d.rng.randint(4, 60) // 100 // d.grain * d.grain
    up = d.rng.random() < 0.5
    c = p + delta if up else p - delta
    word = "增长到" if up == d.true else "减少到"
    return f"培训费由{d.m(p)}{word}{d.m(c)}。"


@shape
def change_of_budget(d: Draw) -> str:
    b = d.fen(100)
    delta = b * d.rng.randint(4, 40) // 100 // d.grain * d.grain
    up = d.rng.random() < 0.5
    s = b + delta if up else b - delta
    word = "增加" if up else "减少"
    return f"年初预算{d.m(b)}，支出决算{d.m(s)}，决算数比年初预算数{word}{d.m(d.slip(delta))}。"


@shape
def compression(d: Draw) -> str:
    b = d.rng.choice([10, 15, 20, 25, 30, 40])
    a = d.rng.randint(1, b // 2)
    unit = d.rng.choice(["个工作日", "天", "个工作日", "小时"])
    how = pick(
        d,
        "由{b}压缩至{a}",
        "由原来的{b}缩短为{a}",
        "从{b}缩短到{a}",
        "由法定{b}压减到{a}",
        "从原来{b}，优化到现在的{a}",
    )
    words = how.format(b=f"{b}{unit}", a=f"{a}{unit}")
    rate = pick(d, "压缩", "压缩率达", "压缩时限", "压缩比例为", "缩短", "提速")
    return f"{pick(d, '审批时限', '办理时间', '平均办结时限')}{words}，{rate}{d.p(b - a, b, d.rng.choice([0, 2]), spoil=True)}。"


@shape
def compression_days(d: Draw) -> str:
    b = d.rng.choice([10, 15, 20, 30])
    a = d.rng.randint(1, b // 2)
    gap = b - a + (0 if d.true else d.rng.choice([-2, 1, 3]))
    return f"办结时限由{b}个工作日压缩至{a}个工作日，{pick(d, '缩短', '压缩', '减少')}{gap}个工作日。"


@shape
def materials(d: Draw) -> str:
    b = d.rng.randint(12, 40)
    a = d.rng.randint(3, b // 2)
    return f"申请材料由{b}项精简到{a}项，精简{d.p(b - a, b, spoil=True)}。"


@shape
def points(d: Draw) -> str:
    p = Decimal(d.rng.randrange(6000, 8500)) / 100
    gap = Decimal(d.rng.randrange(100, 1200)) / 100
    stated = gap if d.true else gap + Decimal(d.rng.choice(["0.5", "1.2", "3"]))
    than = pick(d, "比上年", "较上年", "比上年的")
    return f"预算执行率{p + gap:.2f}%，{than}{p:.2f}%提高{stated:.2f}个百分点。"


@shape
def growth_of_cases(d: Draw) -> str:
    p = d.rng.randint(1000, 20000)
    delta = p * d.rng.randint(5, 60) // 100
    return f"全年办件{p + delta}件，较上年增加{delta}件，增长{d.p(delta, p, spoil=True)}。"


# balances -------------------------------------------------------------------------------------------------------


@shape
def left_over(d: Draw) -> str:
    b = d.fen(100)
    s = b * d.rng.randint(60, 97) // 100 // d.grain * d.grain
    return f"{pick(d, '项目全年预算', '预算安排', '年度预算')}{d.m(b)}，{pick(d, '实际支出', '支出', '已支付')}{d.m(s)}，{pick(d, '结余', '年末结转结余', '剩余', '尚未使用')}{d.m(d.slip(b - s))}。"


@shape
def overspent(d: Draw) -> str:
    b = d.fen(100)
    over = b * d.rng.randint(3, 30) // 100 // d.grain * d.grain
    return f"预算{d.m(b)}，实际支出{d.m(b + over)}，超支{d.m(d.slip(over))}。"


@shape
def through_the_year(d: Draw) -> str:
    b, z, w = d.fen(100), d.fen(10, 80), d.fen(1, 9)
    return f"年初预算{d.m(b)}，年中追加{d.m(z)}，收回{d.m(w)}，全年预算{d.m(d.slip(b + z - w))}。"


@shape
def chain_in_brackets(d: Draw) -> str:
    b, c, z = d.fen(100), d.fen(10, 80), d.fen(10, 90)
    f = b + c + z
    s = f * d.rng.randint(60, 97) // 100 // d.grain * d.grain
    which = d.rng.randrange(3)
    return (
        f"项目支出全年预算{d.m(d.slip(f) if which == 0 else f)}（其中：年初预算{d.m(b)}，上年结转{d.m(c)}，年中追加{d.m(z)}），"
        f"实际支出{d.m(s)}，执行率{d.p(s, f, spoil=which == 1)}，年末结转结余{d.m(d.slip(f - s) if which == 2 else f - s)}。"
    )


@shape
def carried(d: Draw) -> str:
    c, i = d.fen(10, 90), d.fen(200)
    s = i * d.rng.randint(80, 99) // 100 // d.grain * d.grain
    return f"年初结转和结余{d.m(c)}，本年收入{d.m(i)}，本年支出{d.m(s)}，年末结转和结余{d.m(d.slip(c + i - s))}。"


# quantities -----------------------------------------------------------------------------------------------------


@shape
def price(d: Draw) -> str:
    unit, thing = d.rng.choice(
        [("盒", "档案"), ("台", "电脑"), ("套", "设备"), ("本", "手册"), ("份", "报告"), ("枚", "印章")]
    )
    if unit == "枚":
        unit, thing = "个", "印章"
    q, p = d.rng.randint(30, 3000), d.rng.randint(20, 900)
    t = q * p + (0 if d.true else d.rng.choice([-1, 1]) * d.rng.randint(30, 900))
    form = d.rng.randrange(4)
    if form == 0:
        return f"单价{p}元/{unit}，共购置{thing}{q}{unit}，支付{t}元。"
    if form == 1:
        return f"购买{thing}{q}{unit}，每{unit}{p}元，共计{t}元。"
    if form == 2:
        return f"{thing}{q}{unit}，单价{p}元，合计金额{t}元。"
    return f"按{p}元/{unit}的标准，完成{thing}{q}{unit}，实际支付{t}元。"


@shape
def monthly(d: Draw) -> str:
    n, p = d.rng.randint(5, 60), d.rng.randint(10, 60) * 100
    t = Decimal(n * p * 12) / 10000
    shown = t if d.true else t + Decimal(d.rng.choice(["1.5", "-2", "4"]))
    return f"劳务派遣{n}人，每人每月{p}元，12个月共支付{shown.normalize():f}万元。"


@shape
def average(d: Draw) -> str:
    n, t = d.rng.randint(20, 400), d.rng.randrange(100_000, 5_000_000)
    a = (Decimal(t) / n).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    shown = a if d.true else (a * Decimal(d.rng.choice(["1.03", "0.9", "1.2"]))).quantize(Decimal("0.01"))
    return f"全年培训{n}人次，培训费支出{t}元，人均{shown}元。"


@shape
def two_units(d: Draw) -> str:
    t = d.rng.randrange(10_000, 9_000_000)
    wan = (Decimal(t) / 10000).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    shown = wan if d.true else wan + Decimal(d.rng.choice(["0.5", "2", "10"]))
    return f"该项目支付资金{t}元（{pick(d, '', '即', '折合')}{shown}万元）。"


# counts ---------------------------------------------------------------------------------------------------------


@shape
def departments(d: Draw) -> str:
    what = d.rng.sample(
        ["办公室", "财务科", "人事科", "法规科", "审批一科", "审批二科", "督查科", "信息科"], d.rng.randint(3, 7)
    )
    n = len(what) + (0 if d.true else d.rng.choice([-1, 1, 2]))
    shown = d.rng.choice([str(n), CN[n]])
    return f"本单位内设{shown}个{pick(d, '科室', '职能科室', '内设机构')}，{pick(d, '分别是', '分别为', '包括', '即')}{'、'.join(what[:-1])}{pick(d, '、', '和')}{what[-1]}。"


@shape
def measures(d: Draw) -> str:
    n = d.rng.randint(3, 5)
    said = n + (0 if d.true else d.rng.choice([-1, 1]))
    body = "；".join(
        f"{CN[k]}是{w}"
        for k, w in enumerate(
            d.rng.sample(["加强组织领导", "健全制度体系", "严格资金监管", "强化绩效管理", "优化服务流程"], n), 1
        )
    )
    return f"主要采取{pick(d, '了', '')}{CN[said]}{pick(d, '项措施', '方面措施', '个方面的举措', '条措施')}：{body}。"


@shape
def quoted_slogan(d: Draw) -> str:
    n = d.rng.randint(3, 5)
    said = n + (0 if d.true else d.rng.choice([-1, 1]))
    words = d.rng.sample(["网上办", "马上办", "就近办", "一次办", "帮代办"], n)
    body = "".join(f"{CN[k]}是推行“{w}”。全面梳理有关事项，落实到位。" for k, w in enumerate(words, 1))
    return f"（一）“{CN[said]}办”服务，提升效能\n{body}\n（二）其他工作\n持续推进。"


@shape
def items_before(d: Draw) -> str:
    what = d.rng.sample(["打印", "复印", "邮寄", "刻章", "照相", "咨询"], d.rng.randint(3, 5))
    n = len(what) + (0 if d.true else d.rng.choice([-1, 1]))
    return f"实现{'、'.join(what)}{CN[n]}项免费服务。"


# dates ----------------------------------------------------------------------------------------------------------


@shape
def signed(d: Draw) -> str:
    year = d.rng.randint(2018, 2023)
    day = (
        date(year + 1, 1, 5) + timedelta(days=d.rng.randint(0, 150))
        if d.true
        else date(year, 1, 5) + timedelta(days=d.rng.randint(0, 330))
    )
    shown = pick(d, f"{day.year}年{day.month}月{day.day}日", f"{day.year}-{day.month:02d}-{day.day:02d}")
    return f"{year}年度部门整体支出绩效自评报告\n{year}年度，我单位认真履行职责，较好完成全年工作。\n{d.rng.choice(OFFICES)}\n{shown}"


@shape
def term(d: Draw) -> str:
    first = date(d.rng.randint(2018, 2022), d.rng.randint(1, 12), 1)
    months = d.rng.choice([6, 12, 24])
    y, m = divmod(first.year * 12 + first.month - 1 + months, 12)
    last = date(y, m + 1, 1) - timedelta(days=1)
    said = months if d.true else months + d.rng.choice([-3, 3, 6])
    return f"合同期{said}个月，自{first.year}年{first.month}月{first.day}日至{last.year}年{last.month}月{last.day}日。"


@shape
def backwards(d: Draw) -> str:
    one = date(2020, d.rng.randint(1, 6), d.rng.randint(1, 28))
    two = one + timedelta(days=d.rng.randint(60, 170))
    if not d.true:
        one, two = two, one
    return f"该项目实施时间为{one.year}年{one.month}月{one.day}日至{two.year}年{two.month}月{two.day}日。"


@shape
def said_twice(d: Draw) -> str:
    t = d.fen(100)
    return f"一、收支情况\n2021年项目支出{d.m(t)}，主要用于专项业务。\n二、项目情况\n2021年项目支出{d.m(d.slip(t))}，执行情况良好。"

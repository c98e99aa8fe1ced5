"""Vouchers, accounts and the calendar of the example department; money is int 分."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

YEAR = 2020

ACCOUNTS: dict[str, str] = {
    "1011": "零余额账户用款额度",
    "1201": "财政应返还额度",
    "160103": "固定资产_通用设备",
    "160203": "固定资产累计折旧_通用设备",
    "221101": "应付职工薪酬_基本工资",
    "221102": "应付职工薪酬_国家统一规定的津贴补贴",
    "221103": "应付职工薪酬_规范津贴补贴（绩效工资）",
    "221105": "应付职工薪酬_社会保险费",
    "221106": "应付职工薪酬_住房公积金",
    "3301": "本期盈余",
    "400101": "财政拨款收入_财政直接支付",
    "400102": "财政拨款收入_财政授权支付",
    "500101": "业务活动费用_工资福利费用",
    "500102": "业务活动费用_商品和服务费用",
    "500103": "业务活动费用_对个人和家庭的补助费用",
    "500105": "业务活动费用_固定资产折旧费",
    "60010101": "财政拨款预算收入_基本支出_人员经费",
    "60010102": "财政拨款预算收入_基本支出_公用经费",
    "600102": "财政拨款预算收入_项目支出",
    "7101010101": "行政支出_财政拨款支出_基本支出_人员经费",
    "7101010102": "行政支出_财政拨款支出_基本支出_公用经费",
    "71010102": "行政支出_财政拨款支出_项目支出",
    "800101": "资金结存_零余额账户用款额度",
    "800103": "资金结存_财政应返还额度",
    "810106": "财政拨款结转_本年收支结转",
}

FUNCTIONS: dict[str, str] = {
    "2010301": "行政运行",
    "2010306": "政务公开审批",
    "2080501": "行政单位离退休",
    "2080505": "机关事业单位基本养老保险缴费支出",
    "2080506": "机关事业单位职业年金缴费支出",
    "2101101": "行政单位医疗",
    "2101103": "公务员医疗补助",
    "2210201": "住房公积金",
}

ECONOMICS: dict[str, str] = {
    "30101": "基本工资",
    "30102": "津贴补贴",
    "30103": "奖金",
    "30108": "机关事业单位基本养老保险缴费",
    "30109": "职业年金缴费",
    "30110": "职工基本医疗保险缴费",
    "30111": "公务员医疗补助缴费",
    "30112": "其他社会保障缴费",
    "30113": "住房公积金",
    "30201": "办公费",
    "30202": "印刷费",
    "30205": "水费",
    "30206": "电费",
    "30207": "邮电费",
    "30209": "物业管理费",
    "30211": "差旅费",
    "30213": "维修(护)费",
    "30214": "租赁费",
    "30216": "培训费",
    "30217": "公务接待费",
    "30226": "劳务费",
    "30227": "委托业务费",
    "30228": "工会经费",
    "30229": "福利费",
    "30239": "其他交通费用",
    "30299": "其他商品和服务支出",
    "30302": "退休费",
    "30399": "其他对个人和家庭的补助",
    "31002": "办公设备购置",
}

HOLIDAYS: tuple[tuple[date, date], ...] = (
    (date(YEAR, 1, 1), date(YEAR, 1, 1)),
    (date(YEAR, 1, 24), date(YEAR, 2, 9)),
    (date(YEAR, 4, 4), date(YEAR, 4, 6)),
    (date(YEAR, 5, 1), date(YEAR, 5, 5)),
    (date(YEAR, 6, 25), date(YEAR, 6, 27)),
    (date(YEAR, 10, 1), date(YEAR, 10, 8)),
)


@dataclass(frozen=True)
class Line:
    """One line of a voucher."""

    memo: str
    account: str
    debit: int = 0
    credit: int = 0
    function: str = ""
    economic: str = ""
    project: str = ""
    party: str = ""

    @property
    def budgetary(self) -> bool:
        """Whether the line belongs to 预算会计 (6, 7, 8) and not to 财务会计."""
        return self.account[0] in "678"


@dataclass
class Voucher:
    """One voucher; `rank` orders the vouchers of a day, `cites` names another one's tag."""

    day: date
    rank: int
    lines: list[Line]
    slip: str = ""
    tag: str = ""
    cites: str = ""
    number: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Payment:
    """Money that leaves the treasury, before it becomes the lines of a voucher."""

    day: date
    memo: str
    party: str
    economic: str
    amount: int
    function: str = "2010301"
    project: str = ""
    direct: bool = False


def glued(code: str, names: dict[str, str]) -> str:
    """`30201` as `30201_办公费`; an empty code stays empty."""
    return f"{code}_{names[code]}" if code else ""


def previous_month(month: int) -> str:
    """The month before, as a memo of that month would name it."""
    return f"{month - 1}月" if month > 1 else f"{YEAR - 1}年12月"


def _is_workday(day: date) -> bool:
    return day.weekday() < 5 and not any(first <= day <= last for first, last in HOLIDAYS)


def workdays(month: int, first: int = 1, last: int = 31) -> list[date]:
    """The working days of a month between two days of the month."""
    start = date(YEAR, month, 1)
    days = (start + timedelta(days=offset) for offset in range(31))
    return [d for d in days if d.month == month and first <= d.day <= last and _is_workday(d)]


def workday_from(month: int, day: int) -> date:
    """The first working day on or after a day of the month, else the last one of it."""
    later = workdays(month, day)
    return later[0] if later else workdays(month)[-1]


def split(total: int, weights: Sequence[float], unit: int = 1) -> list[int]:
    """Split an amount by weights in whole units; what is left goes to the largest part."""
    scale = sum(weights)
    parts = [int(total * weight / scale) // unit * unit for weight in weights]
    parts[max(range(len(parts)), key=parts.__getitem__)] += total - sum(parts)
    return parts


def jitter(rng: random.Random, weights: Sequence[float], spread: float) -> list[float]:
    """Each weight moved at random by at most the given share of itself."""
    return [weight * rng.uniform(1 - spread, 1 + spread) for weight in weights]


def slip_number(rng: random.Random) -> str:
    """An eight-digit number for the paper that a payment voucher carries."""
    return f"{rng.randrange(10_000_000, 99_999_999)}"

"""Clean years: departments whose budget, ledger and contracts tie, drawn from a seed."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import replace
from random import Random

from .office import Contract, Line, Office, Payment

PROJECTS = (
    "信息系统运行维护",
    "法律顾问服务",
    "档案数字化整理",
    "窗口劳务外包",
    "执法装备更新",
    "宣传品印制",
    "课题研究委托",
    "老旧设施修缮",
    "软件平台建设",
    "物业安保服务",
    "数据采集加工",
    "便民热线服务",
)
PERSONNEL = (
    ("30101", "基本工资"),
    ("30102", "津贴补贴"),
    ("30108", "机关事业单位基本养老保险缴费"),
    ("30113", "住房公积金"),
)
OPERATING = (("30201", "办公费"), ("30205", "水费"), ("30206", "电费"), ("30211", "差旅费"), ("30228", "工会经费"))
SERVICES = (("30213", "维修(护)费"), ("30226", "劳务费"), ("30227", "委托业务费"), ("30214", "租赁费"))
SUPPLIERS = [
    "恒远",
    "启明",
    "宏达",
    "博文",
    "中科",
    "华信",
    "安泰",
    "卓越",
    "新源",
    "立信",
    "嘉禾",
    "鼎盛",
    "世纪",
    "远航",
    "金桥",
    "同创",
]


def draw_office(seed: int) -> Office:
    """A department of 3 to 8 projects: each 85 to 99 % spent through the year, its basic spending month by month."""
    draw = Random(seed)
    year = draw.randrange(2019, 2025)
    coded = draw.random() < 0.5
    lines, payments, contracts = [], [], []
    for code, item in (*PERSONNEL, *OPERATING):
        line = Line("基本支出", item, code, original=draw.randrange(50_000_00, 900_000_00))
        lines.append(line)
        payments += _basic(draw, year, line, personnel=(code, item) in PERSONNEL)
    suppliers = draw.sample(SUPPLIERS, k=8)
    for i, name in enumerate(draw.sample(PROJECTS, k=draw.randrange(3, 9))):
        line = _project_line(draw, name, f"XM{year}{i + 1:03d}" if coded else "")
        supplier = f"{suppliers[i]}服务有限公司"
        spent = line.available * draw.randrange(850, 990) // 1000
        contracted = i >= 2 and draw.random() < 0.5
        parts = (
            _instalments(draw, year, line, supplier, spent)
            if contracted
            else _various(draw, year, line, supplier, spent)
        )
        payments += parts
        if contracted:
            contracts.append(_contract(year, line, supplier, spent, len(contracts) + 1, draw))
        elif i >= 1 and draw.random() < 0.4:
            payments += _reversed_and_paid_again(draw, parts)
        lines.append(line)
    return Office(year, tuple(lines), tuple(payments), tuple(contracts))


def _project_line(draw: Random, name: str, code: str) -> Line:
    line = Line("项目支出", name, code, original=draw.randrange(30_000_00, 2_000_000_00))
    if draw.random() < 0.3:
        line = replace(line, carryover=draw.randrange(1_000_00, 50_000_00))
    if draw.random() < 0.3:
        line = replace(line, increase=draw.randrange(1_000_00, line.original // 10))
    elif draw.random() < 0.3:
        line = replace(line, decrease=draw.randrange(1_000_00, line.original // 10))
    return line


def split(draw: Random, total: int, parts: int) -> list[int]:
    """`total` in unequal parts, none of them a tenth of the mean or less, no two alike."""
    while True:
        weights = [draw.uniform(0.6, 1.4) for _ in range(parts)]
        shares = [int(total * w / sum(weights)) for w in weights]
        shares[-1] += total - sum(shares)
        if len(set(shares)) == parts:
            return shares


def _basic(draw: Random, year: int, line: Line, personnel: bool) -> list[Payment]:
    spent = line.original * draw.randrange(930, 990) // 1000
    if personnel:
        amounts = [spent // 12] * 11 + [spent - spent // 12 * 11]
        days = [(month, 10) for month in range(1, 13)]
    else:
        amounts = split(draw, spent, 12)
        days = [(month, draw.randrange(3, 25)) for month in range(1, 13)]
    return [
        Payment(
            dt.date(year, month, day),
            f"发放{month}月{line.name}" if personnel else f"支付{month}月{line.name}",
            "基本支出",
            amount,
            economic=line.code,
            item=line.name,
            payee="" if personnel else f"{line.name}收款单位",
        )
        for (month, day), amount in zip(days, amounts)
    ]


def _various(draw: Random, year: int, line: Line, supplier: str, spent: int) -> list[Payment]:
    economic, item = draw.choice(SERVICES)
    return [
        Payment(
            dt.date(year, month, draw.randrange(1, 28)),
            f"支付{line.name}第{i + 1}批费用",
            "项目支出",
            amount,
            line.name,
            line.code,
            economic,
            item,
            supplier,
        )
        for i, (month, amount) in enumerate(zip(range(1, 13), split(draw, spent, 12)))
    ]


def _instalments(draw: Random, year: int, line: Line, supplier: str, spent: int) -> list[Payment]:
    """Twelve equal monthly payments, the last with the remainder."""
    economic, item = draw.choice(SERVICES)
    each = spent // 12
    return [
        Payment(
            dt.date(year, month, calendar.monthrange(year, month)[1] - 3),
            f"支付{line.name}{month}月服务费",
            "项目支出",
            each if month < 12 else spent - 11 * each,
            line.name,
            line.code,
            economic,
            item,
            supplier,
        )
        for month in range(1, 13)
    ]


def _contract(year: int, line: Line, supplier: str, spent: int, number: int, draw: Random) -> Contract:
    """The whole year's contract at the price that was paid, by quantity where the price divides."""
    contract = Contract(
        f"HT{year}-{number:03d}",
        f"{line.name}合同",
        line.name,
        supplier,
        dt.date(year, 1, 1),
        dt.date(year, 12, 31),
        spent,
    )
    quantity = next((q for q in (40, 25, 20, 16, 12, 10, 8, 5, 4, 2) if spent % q == 0), 0)
    if quantity and draw.random() < 0.7:
        contract = replace(contract, unit_price=spent // quantity, quantity=quantity)
    return contract


def _reversed_and_paid_again(draw: Random, parts: list[Payment]) -> list[Payment]:
    """A payment taken back with a red-letter voucher and made again: three vouchers that leave its amount once."""
    wrong = draw.choice(parts[1:9])
    back = replace(wrong, date=wrong.date + dt.timedelta(days=2), memo=f"冲销：{wrong.memo}", amount=-wrong.amount)
    again = replace(wrong, date=wrong.date + dt.timedelta(days=3), memo=f"{wrong.memo}（更正）")
    return [back, again]

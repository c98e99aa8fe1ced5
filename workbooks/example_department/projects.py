"""The seven projects: payments follow the contracts."""

from __future__ import annotations

import random
from datetime import date

from .budget import BUSINESS, CONVENIENCE, COUNTER, DISCIPLINE, LEGAL, POSTS, SEALS
from .model import YEAR, Payment, Voucher, jitter, previous_month, slip_number, split, workday_from, workdays
from .payments import payment_voucher

SEAL_MAKER = "长沙常盛印章有限公司"
LAW_FIRM = "湖南人和人律师事务所"
COURIER = "中国邮政速递物流股份有限公司长沙市分公司"
COPY_SHOP = "长沙市芙蓉区一力印务部"
DISPATCHER = "长沙启恒劳务服务有限公司"
ARCHIVIST = "长沙宏扬档案技术服务有限公司"
COVER_PRINTER = "长沙市天心区锦程纸品印刷厂"

# Spending of the year in 分.
SPENT: dict[str, int] = {
    SEALS: 82_598_400,
    LEGAL: 11_400_000,
    CONVENIENCE: 14_000_000,
    COUNTER: 174_510_846,
    POSTS: 4_810_000,
    BUSINESS: 10_000_000,
    DISCIPLINE: 2_500_000,
}

SEAL_PRICE = 19_200
# Sets are paid for in the month after they were engraved.
SEAL_SETS = (452, 389, 118, 402, 438, 421, 446, 409, 398, 312, 276, 241)

COPY_PRICE = 15
COPY_PAGES = ((7, "上半年", 148_776), (12, "下半年", 90_324))
COURIER_WEIGHTS = (1.12, 0.98, 0.46, 1.02, 1.1, 1.08, 1.06, 1.0, 0.98, 0.9, 0.86, 0.82)

# Heads paid for in each month, and the months at the rate with insurance relief.
DISPATCH_HEADS = (29, 28, 27, 28, 29, 30, 29, 30, 28, 29, 30, 29)
DISPATCH_RATE = 512_020
DISPATCH_RELIEF_RATE = 493_502
DISPATCH_RELIEF_MONTHS = range(3, 8)

ARCHIVE_PRICE = 4_800
ARCHIVE_BOXES = 1_590
COVERS = 14_800
COVER_PRICE = 160


def _dispatch_rate(month: int) -> int:
    return DISPATCH_RELIEF_RATE if month in DISPATCH_RELIEF_MONTHS else DISPATCH_RATE


def _monthly(rng: random.Random) -> list[Payment]:
    copies = sum(COPY_PRICE * pages for _, _, pages in COPY_PAGES)
    courier = split(SPENT[CONVENIENCE] - copies, jitter(rng, COURIER_WEIGHTS, 0.03), 50)
    out = []
    for month in range(1, 13):
        before = previous_month(month)
        sets, heads = SEAL_SETS[month - 1], DISPATCH_HEADS[month - 1]
        out.append(
            Payment(
                rng.choice(workdays(month, 10, 17)),
                f"支付{before}企业印章刻制费（{sets}套）",
                SEAL_MAKER,
                "30227",
                SEAL_PRICE * sets,
                "2010306",
                SEALS,
                direct=True,
            )
        )
        out.append(
            Payment(
                rng.choice(workdays(month, 12, 22)),
                f"支付{before}政务大厅窗口劳务派遣费用（{heads}人）",
                DISPATCHER,
                "30226",
                _dispatch_rate(month) * heads,
                "2010306",
                COUNTER,
                direct=True,
            )
        )
        out.append(
            Payment(
                rng.choice(workdays(month, 14, 23)),
                f"支付{before}证照快递费（按件结算）",
                COURIER,
                "30299",
                courier[month - 1],
                "2010306",
                CONVENIENCE,
            )
        )
    return out


def _occasional() -> list[Payment]:
    def item(day: date, memo: str, party: str, code: str, amount: int, project: str) -> Payment:
        return Payment(day, memo, party, code, amount, "2010306", project)

    out = [
        item(
            workday_from(month, 8),
            f"支付大厅便民打印复印服务费（{label}{pages}张）",
            COPY_SHOP,
            "30202",
            COPY_PRICE * pages,
            CONVENIENCE,
        )
        for month, label, pages in COPY_PAGES
    ]
    for month, label, amount in (
        (1, "首期30%", 3_420_000),
        (4, "第二期30%", 3_420_000),
        (7, "第三期30%", 3_420_000),
        (9, "尾款10%", 1_140_000),
    ):
        memo = f"支付常年法律顾问服务费（{label}）"
        out.append(item(workday_from(month, 13), memo, LAW_FIRM, "30227", amount, LEGAL))
    for month, label, amount in (
        (1, f"{YEAR - 1}年四季度", 1_230_000),
        (4, "一季度", 1_180_000),
        (7, "二季度", 1_250_000),
        (10, "三季度", 1_150_000),
    ):
        memo = f"发放{label}公益性岗位人员特殊岗位绩效"
        day = workday_from(month, 20)
        out.append(item(day, memo, "公益性岗位人员代发户", "30399", amount, POSTS))
    boxes = f"支付2018年度档案整理服务费（{ARCHIVE_BOXES}盒×48元）"
    covers = f"支付印刷牛皮纸封面款（{COVERS}个×1.60元）"
    out += [
        item(date(YEAR, 4, 22), boxes, ARCHIVIST, "30227", ARCHIVE_PRICE * ARCHIVE_BOXES, BUSINESS),
        item(date(YEAR, 5, 20), covers, COVER_PRINTER, "30202", COVER_PRICE * COVERS, BUSINESS),
    ]
    for month, month_day, memo, party, code, amount in (
        (3, 24, "派驻纪检组监督检查资料印刷", "长沙市雨花区宏图印务有限公司", "30202", 680_000),
        (5, 19, "派驻纪检组廉政教育片制作", "湖南清源文化传播有限公司", "30227", 745_000),
        (8, 18, "派驻纪检组案卷卷盒及装订", "长沙市雨花区宏图印务有限公司", "30299", 595_000),
        (10, 21, "派驻纪检组廉政宣传展板制作", "湖南清源文化传播有限公司", "30299", 480_000),
    ):
        out.append(item(date(YEAR, month, month_day), memo, party, code, amount, DISCIPLINE))
    return out


def project_payments() -> list[Payment]:
    """Every project payment of the year."""
    return [*_monthly(random.Random("2020-projects")), *_occasional()]


def project_vouchers() -> list[Voucher]:
    """One voucher for each project payment."""
    rng = random.Random("2020-project-slips")
    return [payment_voucher([pay], 5, slip_number(rng)) for pay in project_payments()]

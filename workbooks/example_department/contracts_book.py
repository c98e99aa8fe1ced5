"""The contract register of the projects.

Parties, methods, prices and dates of part four of the report are kept.  The copying, courier
and labour contracts have no dates there, and the legal one no amount: those are invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from . import projects
from .budget import BUSINESS, CONVENIENCE, COUNTER, LEGAL, PROJECTS, SEALS, UNIT_FEN
from .sheets import MONEY, OFFICE, open_workbook, style

COLUMNS: tuple[tuple[str, float], ...] = (
    ("合同编号", 20),
    ("合同名称", 30),
    ("项目", 26),
    ("供应商", 40),
    ("采购方式", 11),
    ("签订日期", 12),
    ("合同开始", 12),
    ("合同结束", 12),
    ("计价方式", 22),
    ("单价", 10),
    ("数量", 10),
    ("计量单位", 9),
    ("合同金额", 15),
    ("结算数量", 11),
    ("结算金额", 15),
    ("验收日期", 12),
    ("验收情况", 26),
    ("付款方式", 34),
    ("备注", 44),
)


@dataclass(frozen=True)
class Contract:
    """One row of the register; money in 分, None where the contract states nothing."""

    number: str
    name: str
    project: str
    supplier: str
    method: str
    signed: date
    start: date
    end: date
    pricing: str
    price: int | None
    quantity: int | None
    measure: str
    amount: int | None
    settled_quantity: int | None
    settled: int
    accepted: date | None
    acceptance: str
    terms: str
    remark: str

    def cells(self) -> tuple[object, ...]:
        """The row's cells, money still in 分."""
        return tuple(getattr(self, name) for name in self.__dataclass_fields__)


MONEY_COLUMNS = frozenset({9, 12, 14})
_COPIES = sum(pages for _, _, pages in projects.COPY_PAGES)
_COPY_FEE = _COPIES * projects.COPY_PRICE
_COUNTER_BUDGET = next(p.initial for p in PROJECTS if p.name == COUNTER) * UNIT_FEN

CONTRACTS: tuple[Contract, ...] = (
    Contract(
        number="芙行审合〔2019〕08号",
        name="法律顾问服务合同",
        project=LEGAL,
        supplier=projects.LAW_FIRM,
        method="平台竞价",
        signed=date(2019, 9, 30),
        start=date(2019, 9, 30),
        end=date(2020, 5, 29),
        pricing="总价包干",
        price=None,
        quantity=1,
        measure="项",
        amount=projects.SPENT[LEGAL],
        settled_quantity=1,
        settled=projects.SPENT[LEGAL],
        accepted=None,
        acceptance="服务期满，任务完成",
        terms="分期支付：30%、30%、30%、10%",
        remark="常年法律顾问",
    ),
    Contract(
        number="芙行审合〔2019〕09号",
        name="2018年度档案整理（服务）合同",
        project=BUSINESS,
        supplier=projects.ARCHIVIST,
        method="三方询价",
        signed=date(2019, 10, 9),
        start=date(2019, 10, 9),
        end=date(2020, 4, 30),
        pricing="单价合同，据实结算",
        price=projects.ARCHIVE_PRICE,
        quantity=2_500,
        measure="盒",
        amount=projects.ARCHIVE_PRICE * 2_500,
        settled_quantity=projects.ARCHIVE_BOXES,
        settled=projects.ARCHIVE_PRICE * projects.ARCHIVE_BOXES,
        accepted=date(2020, 4, 13),
        acceptance="验收合格",
        terms="验收合格后一次性支付",
        remark="约2500盒（规格≥4厘米），商事登记档案除外",
    ),
    Contract(
        number="芙行审合〔2019〕10号",
        name="企业印章刻制服务合同",
        project=SEALS,
        supplier=projects.SEAL_MAKER,
        method="公开招标",
        signed=date(2019, 10, 18),
        start=date(2019, 10, 18),
        end=date(2020, 10, 17),
        pricing="单价合同，按实结算",
        price=projects.SEAL_PRICE,
        quantity=None,
        measure="套",
        amount=None,
        settled_quantity=sum(projects.SEAL_SETS),
        settled=projects.SPENT[SEALS],
        accepted=None,
        acceptance="按月验收，均合格",
        terms="按月支付上月刻制费用",
        remark="2019年10月11日招标结束；结算数量、金额为2020年支付数",
    ),
    Contract(
        number="芙行审合〔2019〕14号",
        name="政务大厅窗口劳务派遣服务合同",
        project=COUNTER,
        supplier=projects.DISPATCHER,
        method="三方询价",
        signed=date(2019, 11, 28),
        start=date(2019, 12, 1),
        end=date(2020, 12, 31),
        pricing="按派遣人数×月费用标准",
        price=None,
        quantity=30,
        measure="人",
        amount=_COUNTER_BUDGET,
        settled_quantity=None,
        settled=projects.SPENT[COUNTER],
        accepted=None,
        acceptance="按月考核合格",
        terms="按月支付上月劳务费用",
        remark="派遣不超过30人；月标准5120.20元/人，社保减免期（2020年2—6月）4935.02元/人",
    ),
    Contract(
        number="芙行审合〔2019〕16号",
        name="证照邮政速递服务合同",
        project=CONVENIENCE,
        supplier=projects.COURIER,
        method="",
        signed=date(2019, 11, 29),
        start=date(2019, 12, 1),
        end=date(2020, 12, 31),
        pricing="按件计价，按实结算",
        price=None,
        quantity=None,
        measure="件",
        amount=None,
        settled_quantity=None,
        settled=projects.SPENT[CONVENIENCE] - _COPY_FEE,
        accepted=None,
        acceptance="按月核对邮件清单",
        terms="每月按实支付",
        remark="不约定总价；含国内、同城特快专递及附加服务",
    ),
    Contract(
        number="芙行审合〔2019〕18号",
        name="大厅便民打印复印外包服务合同",
        project=CONVENIENCE,
        supplier=projects.COPY_SHOP,
        method="三方询价",
        signed=date(2019, 12, 25),
        start=date(2020, 1, 1),
        end=date(2020, 12, 31),
        pricing="单价合同，按实结算",
        price=projects.COPY_PRICE,
        quantity=None,
        measure="张",
        amount=None,
        settled_quantity=_COPIES,
        settled=_COPY_FEE,
        accepted=None,
        acceptance="半年核对，数量相符",
        terms="每半年一付",
        remark="",
    ),
)


def write_contracts(path: Path) -> None:
    """Write `合同台账`."""
    with open_workbook(path, "合同台账") as book:
        sheet = book.add_worksheet("合同台账")
        last = len(COLUMNS) - 1
        title = style(book, font_size=16, bold=True, align="center")
        header = style(book, border=1, bold=True, align="center", bg_color="#E2EFDA")
        text = style(book, border=1, text_wrap=True)
        money = style(book, border=1, num_format=MONEY)
        count = style(book, border=1, num_format="#,##0")
        day = style(book, border=1, num_format="yyyy-mm-dd", align="center")
        sheet.merge_range(0, 0, 0, last, "合同台账（2020年度）", title)
        sheet.write_string(1, 0, f"部门：{OFFICE}", style(book))
        sheet.write_string(1, last, "单位：元", style(book, align="right"))
        for column, (name, width) in enumerate(COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write_string(2, column, name, header)
        for row, contract in enumerate(CONTRACTS, 3):
            sheet.set_row(row, 30)
            for column, value in enumerate(contract.cells()):
                if isinstance(value, date):
                    sheet.write_datetime(row, column, value, day)
                elif isinstance(value, int) and column in MONEY_COLUMNS:
                    sheet.write_number(row, column, value / 100, money)
                elif isinstance(value, int):
                    sheet.write_number(row, column, value, count)
                elif value:
                    sheet.write_string(row, column, str(value), text)
                else:
                    sheet.write_blank(row, column, None, text)
        sheet.freeze_panes(3, 2)
        sheet.set_landscape()
        sheet.set_paper(8)
        sheet.fit_to_pages(1, 0)

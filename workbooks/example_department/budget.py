"""The approved budget, in hundredths of 万元 (one unit is 100 yuan)."""

from __future__ import annotations

from dataclasses import dataclass

UNIT_FEN = 10_000


@dataclass(frozen=True)
class BudgetLine:
    """One line of the approval table."""

    name: str
    code: str = ""
    initial: int = 0
    carried: int = 0
    added: int = 0
    cut: int = 0
    remark: str = ""

    @property
    def full_year(self) -> int:
        """全年预算 = 上年结转 + 年初预算 + 追加 − 追减."""
        return self.carried + self.initial + self.added - self.cut


PERSONNEL: tuple[BudgetLine, ...] = (
    BudgetLine("基本工资", "30101", 29_862, added=480, remark="薪级正常晋升，由津贴补贴调剂"),
    BudgetLine("津贴补贴", "30102", 39_648, cut=480, remark="调剂至基本工资"),
    BudgetLine("奖金", "30103", 17_535),
    BudgetLine("机关事业单位基本养老保险缴费", "30108", 12_840),
    BudgetLine("职业年金缴费", "30109", 6_420),
    BudgetLine("职工基本医疗保险缴费", "30110", 6_450),
    BudgetLine("公务员医疗补助缴费", "30111", 3_024),
    BudgetLine("其他社会保障缴费", "30112", 486),
    BudgetLine("住房公积金", "30113", 9_630),
    BudgetLine("退休费", "30302", 648),
)

OPERATING: tuple[BudgetLine, ...] = (
    BudgetLine("办公费", "30201", 3_260, added=200, remark="疫情防控物资，由培训费调剂"),
    BudgetLine("印刷费", "30202", 1_720),
    BudgetLine("水费", "30205", 320),
    BudgetLine("电费", "30206", 2_460),
    BudgetLine("邮电费", "30207", 1_280),
    BudgetLine("物业管理费", "30209", 2_940),
    BudgetLine("差旅费", "30211", 560),
    BudgetLine("维修(护)费", "30213", 1_460),
    BudgetLine("租赁费", "30214", 480),
    BudgetLine("培训费", "30216", 640, cut=200, remark="调剂至办公费"),
    BudgetLine("公务接待费", "30217", 120),
    BudgetLine("劳务费", "30226", 1_020),
    BudgetLine("委托业务费", "30227", 560),
    BudgetLine("工会经费", "30228", 1_160),
    BudgetLine("福利费", "30229", 680),
    BudgetLine("其他交通费用", "30239", 4_634),
    BudgetLine("其他商品和服务支出", "30299", 740),
    BudgetLine("办公设备购置", "31002", 1_360),
)

SEALS = "企业印章刻制"
LEGAL = "政府法律顾问服务"
CONVENIENCE = "政务大厅便民免费服务"
COUNTER = "政务大厅窗口改革工作经费"
POSTS = "政务大厅特殊岗位绩效"
BUSINESS = "行政审批业务经费"
DISCIPLINE = "纪委派驻纪检组专项工作经费"

PROJECTS: tuple[BudgetLine, ...] = (
    BudgetLine(SEALS, initial=8_550),
    BudgetLine(LEGAL, initial=1_140),
    BudgetLine(CONVENIENCE, initial=1_400),
    BudgetLine(COUNTER, initial=17_863),
    BudgetLine(POSTS, initial=720),
    BudgetLine(BUSINESS, initial=1_000),
    BudgetLine(DISCIPLINE, initial=250),
)

UNASSIGNED = BudgetLine("上年结转项目经费（未分配）", carried=1_435)


def total(name: str, lines: tuple[BudgetLine, ...]) -> BudgetLine:
    """A line that adds the columns of other lines."""
    return BudgetLine(
        name,
        initial=sum(line.initial for line in lines),
        carried=sum(line.carried for line in lines),
        added=sum(line.added for line in lines),
        cut=sum(line.cut for line in lines),
    )


PERSONNEL_TOTAL = total("（一）人员经费", PERSONNEL)
OPERATING_TOTAL = total("（二）公用经费", OPERATING)
BASIC_TOTAL = total("一、基本支出", (PERSONNEL_TOTAL, OPERATING_TOTAL))
# The report states 313.88 although its seven items add to 309.23: the table repeats that.
PROJECT_TOTAL = BudgetLine("二、项目支出", initial=31_388, carried=1_435)
GRAND_TOTAL = total("合计", (BASIC_TOTAL, PROJECT_TOTAL))

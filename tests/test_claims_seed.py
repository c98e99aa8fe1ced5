"""The retyped report of 2020, claim by claim: what holds, what fails, and what its text alone cannot say.

C01 to C46 number the claims of the report.  The sentences that they need stand here; the whole text is read where its
folder stands beside this checkout, and must give the same.
"""

from __future__ import annotations

import datetime
from pathlib import Path

import pandas as pd
import pytest

import reconcile as rc

SEED = Path(__file__).parents[2] / "shared" / "seed" / "2020-performance-report.txt"
PARAGRAPHS = [
    "2020年度行政审批服务局部门整体支出绩效",
    "报  告",
    "一、部门概况",
    "（一）部门基本情况",
    "2.机构设置：根据编办核定，芙蓉区行政审批服务局单位包括本级、内设科室6个科室，分别是办公室、政策法规科、效能监督科、审批一科、审批二科、审批三科。局属3个事业单位，分别是芙蓉区行政审批政务信息中心、芙蓉区现场查勘中心、芙蓉区政务服务中心。",
    "3、人员情况：单位核定编制76人，截止年末实有在职在编61人，退休6人，临聘2人。",
    "二、部门整体支出决算情况说明",
    "2020年度预算收入为1833.25万元，支出决算为1775.24万元，其中：基本支出1475.43万元，占83.11%；项目支出299.82万元，占16.89%；",
    "三、部门整体支出管理及使用情况",
    "（一）基本支出",
    "全年支出1775.24万元，其中基本支出1475.43万元，占83.11%。主要为保障单位机构运转、完成日常工作任务而发生的各项支出，包括基本工资、津贴补贴等人员经费以及办公费、印刷费、水电费、办公设备购置费等日常公用经费。",
    "（二）项目支出",
    "1、项目资金安排落实、总投入等情况分析。全年支出1775.24万元，其中项目支出299.82万元，占16.89%。",
    "2、项目资金实际使用情况分析。2020年财政预算为313.88万元，上年结转项目经费14.35万元，2020年项目支出299.82万元，主要是单位为完成特定行政工作任务或事业发展目标而发生的支出，其中：",
    "（1）企业印章刻制85.5万元，实际支出82.6万元。",
    "",
    "（2）政府法律顾问服务11.4万元，实际支出11.4万元。",
    "（3）政务大厅便民免费服务14万元，实际支出14万元。",
    "（4）政务大厅窗口改革工作经费178.63万元，实际支出174.51万元；",
    "（5）政务大厅特殊岗位绩效7.2万元，实际支出4.81万元； ",
    "（6）行政审批业务经费10万元，实际支出10万元；",
    "（7）纪委派驻纪检组专项工作经费2.5万元，实际支出2.5万元;",
    "四、部门项目组织实施情况",
    "（一）项目组织情况分析，主要包括项目招投标、调整、竣工验收等情况。",
    "1、企业印章刻制。该项目通过公开招投标，2019年10月11日结束，确定长沙常盛印章有限公司中标，合同期间为2019年10月18日至2020年10月17日，合同期间印章刻制均验收合格，款项按时支付。",
    "2、政府法律顾问服务。该项目通过平台竞价，确定湖南人和人律师事务所为我局提供常年法律顾问服务，合同期间为2019年9月30日至2020年5月29日，期间工作任务圆满完成，款项按时支付。",
    "3、政务大厅便民免费服务。按照实际发生的邮件量来计算服务费用，费用每月按实支付；由长沙市芙蓉区一力印务部提供便民复印外包服务，费用每半年一付。",
    "4、政务大厅窗口改革工作经费。该项目通过三方询价，确定由长沙启恒劳务服务有限公司提供劳务派遣服务，总计派遣人数不超过30人，劳务费用按月支付。",
    "5、政务大厅特殊岗位绩效。该项目为财政支出类项目，通过相关考核发放公益性岗位人员政务大厅特殊岗位绩效。",
    "6、行政审批业务经费。通过三方询价选定服务供应商，并于2019年10月9日签订档案整理（服务）合同，合同标的：区行政审批局2018年度档案整理（服务），价款：48元/盒（规格≥4厘米），约2500盒，据实结算。该公司已于2020年4月13日完成档案整理并验收合格，共整理档案1590盒，支付项目经费76320元;②支付印刷牛皮纸封面23680元。",
    "7、纪委派驻纪检组专项工作经费。该项目为代收代付项目，经费由财政下拨。各项绩效目标由区纪委设定。",
    "六、部门整体支出绩效情况",
    "（一）“五办”服务举措，提升服务效率",
    "一是做好“减证办”。证明材料清单再“瘦身”，删减证明材料11项，2020年再精简比例达42%，全区行政审批即来即办事项达到57%。二是推行“网上办”。鼓励和引导企业群众进行网上咨询。三是深化“就近办”。目前，社区可办政务服务事项91项，街道可办政务服务事项173项。四是力求“高效办”。创造性地推出19项具有芙蓉特色的“一件事一次办”“土特产”套餐服务项目。",
    "（二）“三零”服务承诺，提高服务水平",
    "一是做到“零收费”。实现打印、复印、企业印章刻制、证照快递送件四项免费服务，领证即领章，年均为企业群众减负300余万元。二是推行“零中介”。坚决杜绝暗示或强制指定中介服务。三是力争“零投诉”。2020年全年签收12345工单37051件，同比增长46%，实际办结34515件，群众满意率98.46%。年度排名全市内五区第二，全年内五区总分排名成绩分别取得：3次第1名，8次第2名，1次第3名的好成绩。",
    "（三）激发改革创新动能，优化营商环境",
    "一是加大商事主体集群注册力度，为全区23家重点楼宇授牌，累计新增集群企业5600家。二是设立综合窗口。企业开办从1个工作日压缩至4个小时、7个材料、1个环节。从7月1日开始，芙蓉区推出企业注销“一件事一次办”综合窗，实现简易注销由原来1个工作日压缩至即来即办件，普通注销部门联办时限由20个工作日压缩至11个工作日。三是在推行小餐饮和食品经营许可等13个事项“申请人承诺制”审批模式的基础上，拟探索市场主体住所登记申报承诺制。四是推动工程建设项目审批提速。施工许可办理的申请材料从原来20多项，精简到现在的10项；审批时间由原来法定15个工作日，优化到现在的2个工作日办结，压缩时限80%；办理环节不超过2个，申请资料最多不超过4项。五是形成芙蓉区26个试点领域基层政务公开标准目录，全年信息公开20867条，承办区政府依申请信息公开53件。",
    "（四）打造“5G+智慧”,提升审批效能",
    "成功打造全省首家“5G+智慧”政务大厅，已于2020年6月投入运行。增设24小时自助服务区，增加提供8小时外“自助投件办理”服务。可同步申报“办理营业执照、申领发票、刻制印章、银行预约开户、社保、公积金”六个事项办理等服务功能，缩短为1个工作日，最快可2至3小时现场办结。",
    "                 长沙市芙蓉区行政审批服务局",
    "",
    "                     2020年4月21日 ",
]
FAILING = {
    "C10": "2020年财政预算为313.88万元",
    "C18": "合同期间为2019年9月30日至2020年5月29日",
    "C23": "②支付印刷牛皮纸封面",
    "C29": "五办",
    "C40": "压缩时限80%",
    "C43": "2020年4月21日",
}


@pytest.fixture(scope="module", params=["sentences", "whole"])
def claims(request: pytest.FixtureRequest) -> pd.DataFrame:
    if request.param == "sentences":
        return rc.check_report("\n".join(PARAGRAPHS))
    if not SEED.is_file():
        pytest.skip("the report's folder is not beside this checkout")
    return rc.check_report(SEED)


def test_what_fails_is_what_is_wrong_and_nothing_else(claims: pd.DataFrame) -> None:
    failed = claims.loc[claims["verdict"] == "fails", "claim"].tolist()
    assert len(failed) == len(FAILING)
    for phrase in FAILING.values():
        assert sum(phrase in claim for claim in failed) == 1, phrase


def test_the_only_tail_is_c05(claims: pd.DataFrame) -> None:
    tails = claims.loc[claims["verdict"] == "rounding"]
    assert len(tails) == 1
    assert tails["claim"].iloc[0].startswith("支出决算为1775.24万元")


HOLDS = [
    ("C01", "count", "6个科室", 6, 6),
    ("C02", "count", "3个事业单位", 3, 3),
    ("C03", "headcount", "编制76人，截止年末实有在职在编61人", 61, 76),
    ("C06", "share", "基本支出1475.43万元，占83.11%", 83.11, 83.11),
    ("C07", "share", "项目支出299.82万元，占16.89%", 16.89, 16.89),
    ("C08", "share-sum", "占16.89%", 100, 100),
    ("C09", "repeat", "全年支出1775.24万元", 17752400, 17752400),
    ("C09", "repeat", "基本支出1475.43万元", 14754300, 14754300),
    ("C09", "repeat", "项目支出299.82万元", 2998200, 2998200),
    ("C12", "sum", "2020年项目支出299.82万元", 2998200, 2998200),
    ("C17", "contract", "2019年10月18日至2020年10月17日", None, None),
    ("C20", "quantity-price", "1590盒，支付项目经费76320元", 76320, 76320),
    ("C21", "sum", "支付项目经费76320元;②支付印刷牛皮纸封面23680元", 100000, 100000),
    ("C26", "list", "1、企业印章刻制", 7, 7),
    ("C27", "change-rate", "再精简比例达42%", 42, 42.31),
    ("C30", "count", "三零", 3, 3),
    ("C31", "count", "打印、复印、企业印章刻制、证照快递送件四项", 4, 4),
    ("C36", "count", "3次第1名，8次第2名，1次第3名", 12, 12),
    ("C38", "direction", "由20个工作日压缩至11个工作日", 11, None),
    ("C39", "direction", "从原来20多项，精简到现在的10项", 10, None),
    ("C41", "count", "六个", 6, 6),
]


@pytest.mark.parametrize(
    ("number", "kind", "phrase", "stated", "computed"), HOLDS, ids=[f"{h[0]}-{h[2][:8]}" for h in HOLDS]
)
def test_what_holds(
    claims: pd.DataFrame, number: str, kind: str, phrase: str, stated: float | None, computed: float | None
) -> None:
    found = claims[(claims["kind"] == kind) & claims["claim"].str.contains(phrase, regex=False)]
    assert len(found) >= 1, number
    assert set(found["verdict"]) == {"holds"}
    if stated is not None:
        assert found["stated"].iloc[0] == pytest.approx(stated)
    if computed is not None:
        assert found["computed"].iloc[0] == pytest.approx(computed)


def test_c05_the_parts_make_one_hundredth_more(claims: pd.DataFrame) -> None:
    row = claims[(claims["kind"] == "sum") & claims["claim"].str.startswith("支出决算为1775.24万元")].iloc[0]
    assert (row["stated"], row["computed"], row["difference"]) == (17752400.0, 17752500.0, -100.0)
    assert row["verdict"] == "rounding"


def test_c10_the_projects_make_less_than_the_budget(claims: pd.DataFrame) -> None:
    row = claims[claims["claim"].str.contains("313.88万元")].query("kind == 'sum'").iloc[0]
    assert (row["stated"], row["computed"], row["difference"]) == (3138800.0, 3092300.0, 46500.0)


def test_c18_the_standing_contract_ended_in_may(claims: pd.DataFrame) -> None:
    row = claims[claims["claim"].str.contains("2019年9月30日至2020年5月29日")].iloc[0]
    assert row["kind"] == "contract"
    assert "243天" in row["reason"]
    assert "216天" in row["reason"]


def test_c17_the_other_contract_is_a_year_and_its_open_days_are_told(claims: pd.DataFrame) -> None:
    row = claims[claims["claim"].str.contains("2019年10月18日至2020年10月17日")].iloc[0]
    assert "366天" in row["reason"]
    assert "75天" in row["reason"]


def test_c23_a_second_without_a_first(claims: pd.DataFrame) -> None:
    assert claims.query("kind == 'numbering'")["verdict"].tolist() == ["fails"]


def test_c29_five_are_said_and_four_are_listed(claims: pd.DataFrame) -> None:
    row = claims[claims["claim"].str.contains("五办")].iloc[0]
    assert (row["stated"], row["computed"]) == (5, 4)


def test_c40_from_fifteen_days_to_two(claims: pd.DataFrame) -> None:
    row = claims[claims["claim"].str.contains("压缩时限80%")].iloc[0]
    assert (row["stated"], row["computed"], row["kind"]) == (80, 86.67, "compression")


def test_c43_the_report_is_dated_before_its_year_ends(claims: pd.DataFrame) -> None:
    row = claims[claims["claim"] == "2020年4月21日"].iloc[0]
    assert (row["stated"], row["computed"]) == (datetime.date(2020, 4, 21), datetime.date(2020, 12, 31))
    assert row["difference"] == -254
    assert "2020年6月" in row["reason"]
    assert "7月1日" in row["reason"]


UNTESTABLE = [
    ("C04", "预算收入为1833.25万元"),
    ("C11", "上年结转项目经费14.35万元"),
    ("C15", "预算收入为1833.25万元"),
    ("C16", "上年结转项目经费14.35万元"),
    ("C19", "按照实际发生的邮件量"),
    ("C22", "约2500盒"),
    ("C24", "派遣人数不超过30人"),
    ("C28", "达到57%"),
    ("C28", "社区可办政务服务事项91项"),
    ("C28", "173项"),
    ("C28", "19项"),
    ("C28", "23家"),
    ("C28", "5600家"),
    ("C28", "20867条"),
    ("C28", "53件"),
    ("C32", "300余万元"),
    ("C33", "同比增长46%"),
    ("C34", "实际办结34515件"),
    ("C35", "群众满意率98.46%"),
    ("C37", "企业开办从1个工作日压缩至4个小时"),
    ("C42", "增设24小时"),
]


@pytest.mark.parametrize(("number", "phrase"), UNTESTABLE, ids=[f"{n}-{p[:8]}" for n, p in UNTESTABLE])
def test_what_the_text_alone_cannot_say(claims: pd.DataFrame, number: str, phrase: str) -> None:
    found = claims[claims["claim"].str.contains(phrase, regex=False)]
    assert set(found["verdict"]) == {"untestable"}, number
    assert found["reason"].str.contains("缺少").all()


@pytest.mark.parametrize(
    ("number", "phrase"),
    [
        ("C13", "执行率"),
        ("C14", "结余"),
        ("C25", "代收代付"),
        ("C44", "截止年末"),
        ("C45", "特殊岗位绩效"),
        ("C46", "办公设备购置费"),
    ],
)
def test_what_states_no_figure_of_its_own_is_never_failed(claims: pd.DataFrame, number: str, phrase: str) -> None:
    """C13 and C14 state no rate and no balance; C25, C44 to C46 are words for a person to judge."""
    assert not (claims[claims["claim"].str.contains(phrase)]["verdict"] == "fails").any(), number


def test_no_figure_of_the_report_is_passed_over(claims: pd.DataFrame) -> None:
    for figure in ("85.5万元", "82.6万元", "178.63万元", "4.81万元", "2.5万元"):
        used = claims["claim"].str.contains(figure, regex=False) | claims["reason"].str.contains(figure, regex=False)
        assert used.any(), figure

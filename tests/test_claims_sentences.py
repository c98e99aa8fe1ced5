"""Sentences of real style, true and false: false claims are found, and true ones are not accused."""

from __future__ import annotations

from collections import Counter

import pytest

from reconcile.claims import report
from tests.builders.sentences import SHAPES, sentences

DRAWS = 5


def verdicts(text: str) -> Counter[str]:
    return Counter(c.verdict for c in report.claims_of(report.read(text)))


@pytest.mark.parametrize("seed", [11, 12])
def test_false_claims_are_found_and_true_ones_are_not_accused(seed: int) -> None:
    drawn = list(sentences(seed, DRAWS))
    assert len(drawn) == 2 * DRAWS * len(SHAPES) >= 400
    false = [d for d in drawn if not d.true]
    missed = [d.text for d in false if not verdicts(d.text)["fails"]]
    accused = [d.text for d in drawn if d.true and verdicts(d.text)["fails"]]
    assert len(missed) <= 0.02 * len(false), missed
    assert len(accused) <= 0.01 * (len(drawn) - len(false)), accused


def test_a_true_sentence_is_tested_and_not_only_passed_over() -> None:
    true = [d for d in sentences(13, 3) if d.true and d.shape != "backwards"]
    tested = [d for d in true if verdicts(d.text)["holds"] + verdicts(d.text)["rounding"]]
    assert len(tested) >= 0.98 * len(true)


TRUE = [
    "2021年度收入总计3450.26万元，支出总计3450.26万元。与2020年相比，收、支总计各增加210.15万元，增长6.49%。",
    "本年收入合计3120.55万元，其中：财政拨款收入3000.00万元，占96.14%；事业收入0万元，占0%；其他收入120.55万元，占3.86%。",
    "财政拨款支出年初预算为2500万元，支出决算为2750.00万元，完成年初预算的110%，其中：一般公共服务支出年初预算为1500万元，支出决算为1650万元，完成年初预算的110%。",
    "“三公”经费支出预算为20.00万元，支出决算为12.50万元，完成预算的62.50%，其中：公务接待费支出预算为5.00万元，支出决算为2.50万元，完成预算的50%；公务用车运行维护费支出预算为15.00万元，支出决算为10.00万元，完成预算的66.67%。",
    "项目支出全年预算1000.00万元（含上年结转50.00万元），实际支出903.00万元，执行率90.30%，年末结转97.00万元。",
    "其中办公费10.5万元、印刷费3.2万元、差旅费8.1万元等，合计支出公用经费307万元。",
    "机关运行经费支出307.00万元，比年初预算数减少13.00万元，降低4.06%。主要原因是厉行节约。",
    "政府采购支出总额420.50万元，其中：货物支出120.50万元、工程支出0万元、服务支出300.00万元。授予中小企业合同金额400.00万元，占政府采购支出总额的95.12%，其中：授予小微企业合同金额250.00万元，占政府采购支出总额的59.45%。",
    "基本支出预算1500万元，执行1475.43万元，执行率98.36%；项目支出预算313.88万元，执行299.82万元，执行率95.52%。",
    "本年支出1775.25万元，按支出性质分：基本支出1475.43万元，项目支出299.82万元；按经济分类分：工资福利支出1200万元，商品和服务支出500.25万元，资本性支出75万元。",
    "受理12345热线工单3705件，同比增长46%，办结3451件，满意率98.46%。",
    "争取上级资金2.3亿元，同比增长15%，其中中央资金1.1亿元。",
    "会议费0.5万元，比预算减少0.5万元，下降50%；培训费2万元，比预算增加0.5万元，增长33.33%。",
    "全年办件总量12.5万件，日均办件500件，网办率85%，提前办结率99%。",
    "围绕“一网通办、一窗受理、一次办好”三个一改革，建立健全五项制度。坚持以人为本、依法行政、公开透明等原则，落实六稳六保任务。",
    "三公经费支出12.5万元，较上年减少2.5万元，下降16.67%，其中公务接待费减少1万元，下降28.57%。",
    "上年结转14.35万元，本年预算299.53万元，合计可用资金313.88万元，支出299.82万元，年末结转14.06万元。",
]
FALSE = [
    "2021年度收入总计3450.26万元，较上年3240.11万元增加220.15万元。",
    "“三公”经费预算20.00万元，决算12.50万元，完成预算的62.50%，较上年减少2.50万元，下降20.00%。",
    "本部门共有车辆6辆，其中，机要通信用车1辆、应急保障用车1辆、执法执勤用车3辆。",
    "机关运行经费支出307.00万元，比年初预算数减少13.00万元，降低6.06%。",
    "一季度支出20万元，二季度支出25万元，三季度支出25万元，四季度支出28万元，全年累计支出108万元。",
    "共拨付补助资金600万元，惠及300户，户均3万元。",
    "工程概算500万元，中标价450万元，节约50万元，节约率15%。",
    "48元/盒，共整理1590盒，支付78320元。",
    "本年支出合计100万元。其中基本支出60万元，项目支出45万元。",
    "社区可办政务服务事项91项，街道可办政务服务事项173项，共274项。",
    "基本支出占总支出的83.11%，项目支出占总支出的18.89%。",
    "围绕三项任务，即清理事项、压缩时限、精简材料、优化流程，持续发力。",
    "支付法律顾问费11.4万元（即140000元）。",
    "满意率为95.5%，发放问卷200份，满意185份。",
    "审批时限由十五个工作日压缩至两个工作日，压缩百分之八十。",
    "全年支出１７７５．２４万元，其中基本支出１４７５．４３万元，占８８．１１％。",
    "公务用车由8辆增加到6辆。",
]


@pytest.mark.parametrize("text", TRUE)
def test_real_style_that_holds(text: str) -> None:
    assert not verdicts(text)["fails"]


@pytest.mark.parametrize("text", FALSE)
def test_real_style_that_fails(text: str) -> None:
    assert verdicts(text)["fails"]

"""Departments with known errors: every injected error is found, and a clean department gives no error."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest

import reconcile as rc
from tests.builders.containers import write_grid
from tests.builders.drawing import draw
from tests.builders.errors import ERRORS, SIZES, NotPossibleError
from tests.builders.layouts import LAYOUTS
from tests.builders.office import Office, write_office
from tests.builders.office_year import draw_office
from tests.test_finding import CONTRACT

IN_A_REPORT = {
    "claim-mismatch": [
        ("2021年支出300.00万元，其中：基本支出200.00万元，项目支出{100.00|110.00}万元。", "300.00万元"),
        ("购置电脑25台，单价4800元，合计{12|13}万元。", "合计13万元"),
        ("合同期限自2021年1月1日起至2021年12月31日止，共{一|两}年。", "2021年12月31日"),
        ("支出105.00万元，比上年100.00万元增加{5.00|6.00}万元。", "增加6.00万元"),
    ],
    "share-mismatch": [
        ("基本支出200.00万元，占总支出300.00万元的{66.67|76.67}%。", "76.67%"),
        ("单位共有职工40人，其中党员30人，占{75|85}%。", "85%"),
    ],
    "percent-mismatch": [
        ("全年预算200.00万元，实际支出180.00万元，执行率{90.00|98.00}%。", "98.00%"),
        ("审批时间由15个工作日压缩至2个工作日，压缩{86.67|80}%。", "80%"),
        ("支出105.00万元，比上年增加5.00万元，增长{5.00|5.50}%。", "5.50%"),
    ],
    "date-before-period-end": [("2020年度绩效报告\n全年支出100万元。\n某某局\n{2021|2020}年4月21日", "2020年4月21日")],
    "count-mismatch": [
        ("推行“{四|五}办”服务：一是减证办，二是网上办，三是就近办，四是高效办。", "“五办”"),
        ("内设{3|4}个科室，分别是办公室、财务科、业务科。", "4个科室"),
    ],
    "repeated-figure-differs": [
        ("一、情况\n项目支出决算为299.82万元。\n二、说明\n2020年项目支出决算{299.82|289.82}万元。", "289.82万元"),
        ("支付审计费4.8万元（{48000|84000}元）。", "4.8万元"),
    ],
}
"""Sentences of a report, `{right|wrong}`, and what the claim that fails is about."""
_BOTH = re.compile(r"\{([^|]*)\|([^}]*)\}")
ELSEWHERE = {"balance-break": "needs a ledger with balances: tests/test_gallery.py and tests/test_layouts.py"}
FEW = 3
ANYWHERE = ("hidden-data", "repeated-table", "unit-unknown", "total-mismatch", "voucher-gap")
OF_ONE_VOUCHER = (
    "unbalanced-voucher",
    "out-of-period",
    "duplicate-payment",
    "unmatched-reversal",
    "unmatched-project",
    "undetermined-category",
    "basic-in-project",
)
OF_ONE_LINE = (
    "over-budget",
    "exactly-spent",
    "unbudgeted-spending",
    "no-spending",
    "low-execution",
    "offsetting-differences",
    "balance-identity",
    "unreadable-amount",
    "error-cell",
    "uncalculated-formula",
)
UNREADABLE = {"unreadable-amount", "error-cell", "uncalculated-formula"}
OF_A_CONTRACT = ("contract-overpaid", "contract-expired", "contract-uncovered", "contract-quantity", "contract-unpaid")


def result_of(office: Office, folder: Path) -> rc.Reconciliation:
    budget, ledger, contracts = write_office(office, folder)
    return rc.reconcile(
        rc.load_budget(budget), rc.load_ledger(ledger), year=office.year, through=office.through, contracts=contracts
    )


def levels(result: rc.Reconciliation, severity: str) -> list[str]:
    found = result.findings[result.findings["severity"] == severity]
    return [f"{code} {message}" for code, message in zip(found["code"], found["message"])]


def noise(seed: int, folder: Path) -> list[str]:
    """Errors, and warnings beyond a few, of a clean department."""
    result = result_of(draw_office(seed), folder)
    warnings = levels(result, "warning")
    return levels(result, "error") + (warnings if len(warnings) > FEW else [])


def injected(seed: int, codes: list[str], size: int) -> tuple[Office, list[tuple[str, str]]]:
    """The department of a seed with errors, or of the next seed that can hold them, and their codes and subjects."""
    draw = Random(seed)
    office, wanted = draw_office(seed), []
    try:
        for code in codes:
            office, subject = ERRORS[code](office, draw, size)
            wanted.append((code, subject))
    except NotPossibleError:
        return injected(seed + 1_000_000, codes, size)
    return office, wanted


def missed(seed: int, codes: list[str], size: int, folder: Path) -> list[str]:
    """Which of the errors put into a department were not found under their code and subject."""
    office, wanted = injected(seed, codes, size)
    result = result_of(office, folder)
    found = set(zip(result.findings["code"], result.findings["subject"]))
    return [
        f"seed {seed}, size {size}: {w}"
        for w in wanted
        if w not in found and not (w[1] == "" and w[0] in {c for c, _ in found})
    ]


def test_every_code_of_the_contract_is_injected() -> None:
    assert sorted(CONTRACT) == sorted({*ERRORS, *IN_A_REPORT, *ELSEWHERE})


@pytest.mark.parametrize(("code", "sentence", "phrase"), [(c, *row) for c, rows in IN_A_REPORT.items() for row in rows])
def test_a_wrong_sentence_of_a_report_is_found_under_its_code(code: str, sentence: str, phrase: str) -> None:
    right = rc.check_report(_BOTH.sub(r"\1", sentence))
    assert set(right["code"]) == {""}
    assert "holds" in set(right["verdict"])
    wrong = rc.check_report(_BOTH.sub(r"\2", sentence)).query("verdict == 'fails'")
    assert set(wrong["code"]) == {code}
    assert wrong["claim"].str.contains(phrase, regex=False).any()


@pytest.mark.parametrize("seed", range(10))
def test_a_clean_department_gives_no_error_and_few_warnings(seed: int, tmp_path: Path) -> None:
    assert noise(seed, tmp_path) == []


def combination(draw: Random) -> list[str]:
    """Errors that do not hide one another, in the order in which they can be made: the others leave the project of a
    contract alone."""
    chosen = set(draw.sample(ANYWHERE, draw.randrange(0, 3)))
    chosen |= set(
        draw.sample(OF_ONE_VOUCHER, draw.randrange(1, 4)) if draw.random() < 0.5 else [draw.choice(OF_ONE_LINE)]
    )
    if draw.random() < 0.4:
        chosen.add(draw.choice(OF_A_CONTRACT))
        chosen.discard("exactly-spent")  # a contract at the price of the budget is why it is spent to the 分
    if chosen & UNREADABLE:
        chosen.discard("total-mismatch")  # what an unreadable item adds to a total nobody can say
    return sorted((code for code in ERRORS if code in chosen), key=lambda code: code not in OF_A_CONTRACT)


@pytest.mark.parametrize("seed", range(2000, 2020))
def test_errors_in_combination_are_all_found(seed: int, tmp_path: Path) -> None:
    draw = Random(seed)
    assert missed(seed, combination(draw), draw.choice(SIZES), tmp_path) == []


@pytest.mark.slow
@pytest.mark.parametrize("block", range(10))
def test_five_hundred_departments(block: int, tmp_path: Path) -> None:
    """Fifty a block: ten clean, twenty with one error, each code in its turn, twenty with several."""
    wrong = []
    for i in range(50):
        seed, draw = 10_000 + block * 50 + i, Random(block * 50 + i)
        folder = tmp_path / str(i)
        if i < 10:
            wrong += noise(seed, folder)
        elif i < 30:
            codes = list(ERRORS)
            wrong += missed(seed, [codes[(block * 20 + i) % len(codes)]], draw.choice(SIZES), folder)
        else:
            wrong += missed(seed, combination(draw), draw.choice(SIZES), folder)
    assert wrong == []


@pytest.mark.parametrize("code", ERRORS)
def test_an_injected_error_is_found(code: str, tmp_path: Path) -> None:
    seed = 1000 + list(ERRORS).index(code)
    assert [m for size in SIZES for m in missed(seed, [code], size, tmp_path / str(size))] == []


def test_a_clean_year_of_two_thousand_vouchers_is_quiet(tmp_path: Path) -> None:
    department = draw(1, projects=8, vouchers=2000)
    ledger = write_grid(LAYOUTS["E1-yonyou-journal"].build(department), "xlsx", tmp_path, "ledger")
    budget = write_grid(LAYOUTS["flat"].build(department), "xlsx", tmp_path, "budget")
    result = rc.reconcile(rc.load_budget(budget), rc.load_ledger(ledger), year=department.year)
    assert levels(result, "error") == []
    told = result.findings[["code", "subject"]].itertuples(index=False, name=None)
    # what the drawn department really has: four projects below 80 %, a journal without a unit, a budget changed by 56 %
    assert sorted(told) == [
        ("budget-adjustment", "政务服务大厅运行维护"),
        ("low-execution", "便民免费服务(邮寄、打印)"),
        ("low-execution", "常年法律顾问服务"),
        ("low-execution", "政务服务大厅运行维护"),
        ("low-execution", "档案数字化加工"),
        ("rounding-tail", "项目支出合计"),
        ("unit-unknown", "序时账"),
    ]

import re
from pathlib import Path

import pytest

import reconcile as rc
from reconcile import frames, wording
from reconcile.finding import Finding, LoadError, Origin, Severity, column_letter

CONTRACT = [
    "unreadable-amount",
    "error-cell",
    "uncalculated-formula",
    "unit-unknown",
    "total-mismatch",
    "rounding-tail",
    "truncated-export",
    "hidden-data",
    "repeated-table",
    "unbalanced-voucher",
    "voucher-gap",
    "out-of-period",
    "duplicate-payment",
    "balance-break",
    "unmatched-reversal",
    "unmatched-project",
    "undetermined-category",
    "code-name-conflict",
    "ambiguous-match",
    "over-budget",
    "unbudgeted-spending",
    "no-spending",
    "low-execution",
    "behind-schedule",
    "year-end-rush",
    "exactly-spent",
    "carryover-basis",
    "balance-identity",
    "offsetting-differences",
    "basic-in-project",
    "contract-overpaid",
    "contract-expired",
    "contract-uncovered",
    "contract-quantity",
    "contract-unpaid",
    "claim-mismatch",
    "share-mismatch",
    "percent-mismatch",
    "date-before-period-end",
    "count-mismatch",
    "repeated-figure-differs",
]


def test_a_place_without_a_sheet_is_its_cell() -> None:
    assert str(Origin("<DataFrame>", "", 5, 4)) == "<DataFrame> › D5"
    assert str(Origin("a.xlsx", "表", 5, 4)) == "a.xlsx › 表!D5"


def test_findings_have_the_same_columns_and_types_when_there_are_none() -> None:
    some = frames.findings_frame([Finding("over-budget", "甲", expected=1, actual=2, params={"rate": "200%"})])
    assert frames.findings_frame([]).dtypes.to_dict() == some.dtypes.to_dict()


def test_the_catalogue_is_the_contracts_vocabulary_and_questions() -> None:
    questions = {c for c in wording.finding_codes() if "question" in wording.finding(c)}
    assert sorted(set(wording.finding_codes()) - questions) == sorted(CONTRACT)
    assert all(wording.finding(q)["severity"] == "info" for q in questions)


def test_every_rule_is_in_the_catalogue_with_its_formula_in_both_languages(example: rc.Reconciliation) -> None:
    names = [c.name for c in example.outcomes]
    assert len(set(names)) == len(names)
    assert set(names) <= set(wording.rule_names())
    for name in wording.rule_names():
        assert all(wording.rule(name)[part] for part in ("rule", "formula_zh", "formula_en"))
        assert all(wording.rule_title(name, language) for language in ("zh", "en"))


@pytest.mark.parametrize("code", wording.finding_codes())
def test_every_code_has_severity_titles_and_wording(code: str) -> None:
    entry = wording.finding(code)
    assert entry["severity"] in set(Severity)
    assert all(entry[k] for k in ("title_zh", "title_en", "zh", "en", "rule"))
    slots = [set(re.findall(r"{(\w+)}", entry[k])) for k in ("zh", "en")]
    assert slots[0] == slots[1]


def test_a_message_says_where_what_and_how_much() -> None:
    finding = Finding(
        "over-budget",
        "印章",
        Origin("b.xlsx", "预算", 7, 3),
        expected=100_00,
        actual=150_50,
        params={"rate": "150.50%"},
    )
    assert finding.difference == 5050
    assert finding.message() == "“印章”全年预算100.00元，支出150.50元，超预算50.50元，执行率150.50%。"
    assert finding.message("en").startswith("“印章”: available 100.00 yuan, spent 150.50 yuan, over by 50.50 yuan")
    assert str(finding.origin) == "b.xlsx › 预算!C7"


def test_the_key_is_stable_when_amounts_and_rows_move() -> None:
    one = Finding("over-budget", "印章", Origin("b.xlsx", "预算", 7, 3), expected=1, actual=2)
    other = Finding("over-budget", "印章", Origin("c.xlsx", "预算", 9, 3), expected=5, actual=9)
    assert one.key == other.key != Finding("over-budget", "印章2").key


def test_braces_in_a_name_are_only_text() -> None:
    assert "{x}" in Finding("no-spending", "项目{x}", expected=1, actual=0).message()


@pytest.mark.parametrize(("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA")])
def test_column_letters(number: int, letters: str) -> None:
    assert column_letter(number) == letters


def test_every_load_error_in_the_code_is_in_the_catalogue() -> None:
    package = Path(wording.__file__).parent
    used = {c for f in package.rglob("*.py") for c in re.findall(r'LoadError\(\s*"([a-z-]+)"', f.read_text("utf-8"))}
    assert used
    for code in used:
        entry = wording.error(code)
        assert entry["seen"]
        assert entry["advice"]


def test_a_load_error_is_a_value_error_that_says_what_to_do() -> None:
    error = LoadError("missing-file", "预算.xlsx")
    assert isinstance(error, ValueError)
    assert "预算.xlsx" in str(error)
    assert "怎么办" in str(error)

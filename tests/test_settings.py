from pathlib import Path

import pytest

import reconcile as rc
from reconcile.settings import load


def write(folder: Path, text: str) -> Path:
    path = folder / "reconcile.toml"
    path.write_text(text, "utf-8")
    return path


def test_settings_come_from_toml(tmp_path: Path) -> None:
    settings = load(write(tmp_path, 'language = "en"\n[thresholds]\nlow_execution_warning = 0.9\n'))
    assert settings.language == "en"
    assert settings.thresholds.low_execution_warning == 0.9


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('langage = "en"', "language"),
        ("[thresholds]\nlow_execution_warnin = 0.9", "thresholds.low_execution_warning"),
        ('nearest = "three"', "int"),
        ("thresholds = 3", "[table]"),
        ('carryover_included = "yes"', "bool"),
        ('language = "fr"', "zh, en"),
        ('money = "千元"', "元, 万元"),
        ("[workbook]\ndetail_limits = 3", "workbook.detail_limit"),
        ('[workbook]\ndetail_limit = "3"', "int"),
        ("language = ", "TOML"),
    ],
)
def test_a_wrong_setting_names_the_right_one(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(rc.LoadError) as caught:
        load(write(tmp_path, text))
    assert says in str(caught.value)


@pytest.mark.parametrize(("text", "said"), [("", None), ("carryover_included = true", True)])
def test_whether_the_budget_holds_the_carryover_may_be_said_or_not(
    tmp_path: Path, text: str, said: bool | None
) -> None:
    assert load(write(tmp_path, text)).carryover_included is said


def test_a_missing_settings_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(rc.LoadError, match=r"nope\.toml"):
        load(tmp_path / "nope.toml")

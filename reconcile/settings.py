"""Frozen settings, read from reconcile.toml; an unknown key is an error that names the nearest right one."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from reconcile.finding import LoadError, Origin
from reconcile.layout import Layout, Layouts
from reconcile.money import UNITS


@dataclass(frozen=True)
class Thresholds:
    """Limits of the checks: rates as fractions (0.8 is 80%), amounts in yuan.  Parameters of the office, not law.

    year_end_*: December's share of the year; its multiple of the mean of January to November; the last days of
    December, and the share of the year that round sums (multiples of round_amount) may have in them.
    behind_schedule: how far below m/12 a rate may be.  cut_off_days: how near a turn of the year is.
    contract_grace_days: how long after its end a contract may still be paid.  payment_days: how long after acceptance
    or the end of a period a payment is due.  purchase_limit and tender_limit: from where on purchases need a
    procurement procedure, and a public tender.
    duplicate_days: how many days apart two payments may be that are one paid twice.
    year_end_reversal: what December may take back from a payee before it is asked about.
    cash_limit: what may be paid in cash.  payment_match_days: how many days a payment and its booking may be apart.
    asset_limit: from where on a single thing that lasts is an asset.
    budget_adjustment: what was added, taken and moved, as a share of the original budget.  carryover_years: after
    how many years carried-over money is to be given back.
    """

    low_execution_warning: float = 0.80
    low_execution_error: float = 0.60
    year_end_warning: float = 0.25
    year_end_error: float = 0.35
    year_end_multiple: float = 3.0
    year_end_days: int = 5
    year_end_round: float = 0.05
    round_amount: float = 10_000.0
    behind_schedule: float = 0.10
    cut_off_days: int = 10
    contract_grace_days: int = 30
    payment_days: int = 30
    purchase_limit: float = 500_000.0
    tender_limit: float = 2_000_000.0
    duplicate_days: int = 30
    year_end_reversal: float = 10_000.0
    cash_limit: float = 1_000.0
    payment_match_days: int = 10
    asset_limit: float = 1_000.0
    budget_adjustment: float = 0.30
    carryover_years: int = 2


@dataclass(frozen=True)
class Workbook:
    """The review workbook.  detail_limit: the most entries that are all listed in 明细; a longer ledger's formulas
    stand on spending by month, project and class, and only the entries that findings point at are listed."""

    detail_limit: int = 100_000


@dataclass(frozen=True)
class Settings:
    """What an office may set.

    language: of messages and outputs, `zh` or `en`.  unit_name: the office as the cover prints it, taken from
    the files where empty.  nearest: how many near names a message offers; near_score: the least likeness
    (0-100) of an offered name.  carryover_included: whether the original budget that the tables print holds the
    carryover printed beside it; where not said it is read as not included, and carryover-basis asks.
    layout: how the files are laid out, where detection is to be overruled.  summary_template: the path of a template
    of the report section that the office edited, beside the reconcile.toml that names it; the library's where empty.
    money: what the review workbook shows amounts in, `元` or `万元` (to the yuan); its cells hold yuan either way.
    """

    language: str = "zh"
    unit_name: str = ""
    nearest: int = 3
    near_score: float = 60.0
    carryover_included: bool | None = None
    summary_template: str = ""
    thresholds: Thresholds = field(default_factory=Thresholds)
    layout: Layouts = field(default_factory=Layouts)
    money: str = "元"
    workbook: Workbook = field(default_factory=Workbook)

    def __post_init__(self) -> None:
        if self.language not in ("zh", "en"):
            raise LoadError("setting-value", "", key="language", value=self.language, allowed="zh, en")
        if self.money not in ("元", "万元"):
            raise LoadError("setting-value", "", key="money", value=self.money, allowed="元, 万元")


def load(path: str | Path) -> Settings:
    """Settings from a TOML file.

    Raises LoadError where the file is missing, is no TOML, or has a key or a type that is not known.
    """
    path = Path(path)
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise LoadError("missing-file", path.name) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise LoadError("not-toml", path.name, problem=problem) from None
    settings: Settings = _build(Settings, table, path.name, "")
    if settings.summary_template:
        return replace(settings, summary_template=str(path.parent / settings.summary_template))
    return settings


def layout_of(layout: Layout | str | Path | None, kind: str) -> Layout:
    """The layout of one kind of table (`budget`, `ledger`, `contracts`): as given, or as a reconcile.toml says."""
    if layout is None:
        return Layout()
    found: Layout = layout if isinstance(layout, Layout) else getattr(load(layout).layout, kind)
    return found


def _build(kind: type[Any], table: dict[str, Any], file: str, prefix: str) -> Any:
    defaults = {f.name: getattr(kind(), f.name) for f in fields(kind)}
    values = {}
    for key, value in table.items():
        where = Origin(file)
        _known(key, defaults, where, prefix)
        default = defaults[key]
        if is_dataclass(default):
            inner = _table(value, where, prefix + key)
            part = f"{prefix}{key}."
            values[key] = (
                _layout(inner, file, part) if isinstance(default, Layout) else _build(type(default), inner, file, part)
            )
        else:
            values[key] = _typed(value, default, where, prefix + key)
    return kind(**values)


def _known(key: str, known: Iterable[str], where: Origin, prefix: str) -> None:
    if key not in known:
        from rapidfuzz import process

        nearest = process.extractOne(key, list(known))
        raise LoadError("unknown-setting", where, key=prefix + key, nearest=prefix + nearest[0])


def _table(value: Any, where: Origin, key: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise LoadError("setting-type", where, key=key, value=value, wanted="[table]")
    return value


_LAYOUT_KEYS = {
    "all": ("sheet", "unit", "version", "columns", "sheets"),
    "file": ("sheet", "unit", "version", "columns", "sheets"),
    "sheet": ("unit", "version", "columns"),
}


def _layout(table: dict[str, Any], file: str, prefix: str, level: str = "all") -> Layout:
    """A layout for all files, of one file (a table whose key is the file's name, with its ending), or of one sheet."""
    where = Origin(file)
    values: dict[str, Any] = {}
    for key, value in table.items():
        name = prefix + key
        if level == "all" and "." in key and isinstance(value, dict):
            values.setdefault("files", {})[key] = _layout(value, file, f"{name}.", "file")
            continue
        _known(key, _LAYOUT_KEYS[level], where, prefix)
        if key == "sheets":
            inner = _table(value, where, name).items()
            values[key] = {k: _layout(_table(v, where, f"{name}.{k}"), file, f"{name}.{k}.", "sheet") for k, v in inner}
        elif key == "columns":
            values[key] = {k: _typed(v, "", where, f"{name}.{k}") for k, v in _table(value, where, name).items()}
        elif key == "sheet":
            values[key] = (value,) if isinstance(value, str) else _typed(value, (), where, name)
        else:
            values[key] = _typed(value, "", where, name)
    if values.get("unit") and values["unit"] not in UNITS:
        raise LoadError("setting-value", where, key=f"{prefix}unit", value=values["unit"], allowed="、".join(UNITS))
    return Layout(**values)


def _typed(value: Any, default: Any, where: Origin, key: str) -> Any:
    if isinstance(default, tuple) and isinstance(value, list) and all(isinstance(v, str) for v in value):
        return tuple(value)
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    wanted = bool if default is None else type(default)
    if type(value) is not wanted:
        raise LoadError("setting-type", where, key=key, value=value, wanted=wanted.__name__)
    return value

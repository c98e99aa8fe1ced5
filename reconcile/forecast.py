"""The position at the last month, and the year's end if spending goes on at the same pace: a straight line, no more.

schedule = m ÷ 12; on_schedule = available × m ÷ 12; forecast = actual ÷ m × 12, both rounded half up to the 分.
"""

from __future__ import annotations

from fractions import Fraction

import pandas as pd

from reconcile.engine import Period, rate

MONEY = ("available", "actual", "on_schedule", "ahead", "forecast", "forecast_remaining")
_KEYS = ["level", "category", "project_code", "project"]


def forecast(by_project: pd.DataFrame, by_category: pd.DataFrame, period: Period) -> pd.DataFrame:
    """One row for the whole (`level` total), then one a category, then one a project; money in 分.

    ahead = actual − on_schedule (negative where behind); forecast_remaining = available − forecast (negative where the
    line runs over); execution_rate and forecast_rate are of available, NaN where it is 0.
    """
    whole = by_category[["available", "actual"]].sum(skipna=False).to_frame().T.assign(level="total", category="")
    parts = [whole, by_category.assign(level="category"), by_project.assign(level="project")]
    table = pd.concat([p.reindex(columns=[*_KEYS, "available", "actual"]) for p in parts], ignore_index=True)
    table[_KEYS] = table[_KEYS].fillna("")
    table[["available", "actual"]] = table[["available", "actual"]].astype("Int64")
    months = Fraction(period.last_month, 12)
    table["schedule"] = float(months)
    table["on_schedule"] = _scaled(table["available"], months)
    table["ahead"] = table["actual"] - table["on_schedule"]
    table["forecast"] = _scaled(table["actual"], 1 / months)
    table["forecast_remaining"] = table["available"] - table["forecast"]
    table["execution_rate"] = rate(table["actual"], table["available"])
    table["forecast_rate"] = rate(table["forecast"], table["available"])
    order = [*_KEYS, "available", "actual", "execution_rate", "schedule", *MONEY[2:], "forecast_rate"]
    return table[order].astype(dict.fromkeys(_KEYS, "str"))


def _scaled(amounts: pd.Series, by: Fraction) -> pd.Series:
    """Amounts times a fraction, half away from zero."""
    scaled = [pd.NA if v is pd.NA else half_up(int(v) * by) for v in amounts]
    return pd.Series(scaled, index=amounts.index, dtype="Int64")


def half_up(value: Fraction) -> int:
    """To a whole number, halves away from zero."""
    whole = int(abs(value) + Fraction(1, 2))
    return whole if value >= 0 else -whole

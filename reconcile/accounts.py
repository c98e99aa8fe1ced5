"""The budgetary accounts (财会〔2017〕25号) and what their lines are, from data/accounts.csv."""

from __future__ import annotations

import re
from functools import cache

from reconcile import codes
from reconcile.read import words


@cache
def accounts() -> dict[str, tuple[str, str]]:
    return {r["code"]: (r["role"], r["category"]) for r in words.rows_of("accounts")}


def account_kind(code: str) -> tuple[str, str]:
    """(role, category) of an account by its first four digits; ('', '') outside 预算会计."""
    return accounts().get(codes.segments(code)[:4], ("", ""))


@cache
def _names() -> dict[str, str]:
    return {words.normalise(r["name"]): r["role"] for r in words.rows_of("accounts")}


def kind_by_name(path: str) -> str:
    """The role of an account that is given by name only: `事业支出/项目支出`, `资金结存`."""
    return _names().get(words.normalise(first_part(path)), "")


def first_part(path: str) -> str:
    """The account that an account's path begins with: `事业支出/项目支出` is 事业支出."""
    return re.split(r"[_/\\\-—>]", path.strip())[0]

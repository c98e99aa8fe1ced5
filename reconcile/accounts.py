"""The budgetary accounts (财会〔2017〕25号) and what their lines are, from data/accounts.csv."""

from __future__ import annotations

import re
from functools import cache

from reconcile import codes
from reconcile.read import words
from reconcile.read.columns import Texts


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


def stated_category(stated: Texts, account_code: Texts, account: Texts) -> tuple[Texts, Texts]:
    """(category, evidence) by what the row itself states: its type column, then its account's code and path."""
    by = {
        "stated-type": stated.map(lambda v: (words.section(v) or ("", ""))[0]),
        "account-code": account_code.map(lambda v: account_kind(v)[1]),
        "account-path": account.map(_path_category),
    }
    category, *others = by.values()
    how, *others_how = (c.chosen(~c.blank, Texts.same(name, len(c.codes))) for name, c in by.items())
    return category.or_else(*others), how.or_else(*others_how)


def account_category(code: str, path: str) -> str:
    """The category that an account's code, or else the parts of its path, names; '' where neither does."""
    return account_kind(code)[1] or _path_category(path)


def _path_category(path: str) -> str:
    """The category that the parts of an account's path name, '' where none does or they contradict each other."""
    parts = [p for p in re.split(r"[_/\\\-—>→．|]+|\s{2,}| (?=\S)", path) if p.strip()]
    named = {s[0] for p in parts if (s := words.section(p)) and not kind_by_name(p)}
    if any(w in path for w in ("基本支出", "人员经费", "公用经费", "人员支出")):
        named.add("basic")
    if "项目支出" in path:
        named.add("project")
    return named.pop() if len(named) == 1 else ""

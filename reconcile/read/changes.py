"""Tables that change a budget rather than state one: 追加, 收回, 调整."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from reconcile.read.table import Table
from reconcile.read.words import normalise, rows_of

STATES = ("original", "available", "carryover", "amount")
CHANGES = ("increase", "decrease", "recovered", "adjustment")
_NOT_A_CHANGE = re.compile(
    r"[含包括及和与][^年月日]{0,2}(?:追加|调整|收回|追减)|(?:追加|调整|调剂|变更)(?:以)?后|年初|全年|批复"
)


def name_of(table: Table) -> str:
    """What a table's file, sheet and titles say."""
    return " ".join((table.file.rpartition(".")[0] or table.file, table.sheet, *table.header.titles))


@cache
def _words() -> tuple[tuple[str, str], ...]:
    return tuple((normalise(r["word"]), r["sign"]) for r in rows_of("changes"))


def sign_of(table: Table) -> str:
    """`+`, `-` or `±` for a table of changes, '' for one that states a budget.

    A table whose amounts are all in columns of changes is one; so is one with a single column of amounts whose titles
    or sheet, or else its file, say so.
    """
    money = [f for f in table.money if f in (*STATES, *CHANGES)]
    stated = [f for f in money if f in STATES]
    if money and not stated:
        return "±"
    if stated != ["amount"] or len(money) > 1:
        return ""
    for text in (" ".join((table.sheet, *table.header.titles)), table.file.rpartition(".")[0]):
        plain = normalise(text)
        signs = {sign for word, sign in _words() if word in plain}
        if signs:
            return "" if _NOT_A_CHANGE.search(plain) or "调整预算" in plain else signs.pop() if len(signs) == 1 else "±"
    return ""


def as_change(table: Table, sign: str) -> Table:
    """A table of changes with its one column of amounts read as what it is: an amount above zero adds in 追加 and in
    调整, and takes away in 收回; one below zero takes away in all of them."""
    if "amount" not in table.money:
        return table
    field = "decrease" if sign == "-" else "adjustment"
    columns = {field if f == "amount" else f: c for f, c in table.header.columns.items()}
    money = {field if f == "amount" else f: c for f, c in table.money.items()}
    return replace(table, header=replace(table.header, columns=columns), money=money)

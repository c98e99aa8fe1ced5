"""基本 or 项目: the ordered evidence of one entry, the first that speaks decides, and how far each may be trusted."""

from __future__ import annotations

from functools import cache

from reconcile import codes
from reconcile.read import words

CAPITAL = ("309", "311", "313")
PERSONNEL = ("301", "303")
BASIC_ITEMS = ("行政运行", "事业运行")
"""Functional items …01 and …50 of these names; units pay project money from them too."""
PROJECT_ITEMS = ("一般行政管理事务",)
_BASIC_CODES = ("01", "50")
_BASIC_CLASSES = ("20805", "21011", "22102")


@cache
def confidences(of: str) -> dict[str, str]:
    """Evidence of `category` or `project` to its confidence: high, medium, low, '' for what is no evidence."""
    return {r["evidence"]: r["confidence"] for r in words.rows_of("evidence") if r["of"] == of}


def category(
    stated: str,
    how: str,
    nature: str,
    quota: str,
    approved: str,
    named: bool,
    economic: str,
    functional: tuple[str, str],
) -> tuple[str, str]:
    """(category, evidence) of one combination.

    stated, how: category that the row's type, account or section word states, and which of them.  nature: of the
    budget project that it was matched to.  quota: of the budget lines of its 指标.  approved: by a person.  named: a
    project is named that no budget line has.  functional: code and name, either may be ''.
    """
    for found, evidence in (
        (stated, how),
        (nature, "budget-project"),
        (quota, "quota-line"),
        (approved, "approved-alias"),
        ("project" if named else "", "named-project"),
    ):
        if found:
            return found, evidence
    economic = codes.segments(economic)
    if economic[:3] in CAPITAL:
        return "project", "capital-class"
    if by_item := _by_item(*functional):
        return by_item, f"functional-class-{by_item}"
    if economic[:3] in PERSONNEL:
        return "basic", "personnel-class"
    return "undetermined", "none"


def _by_item(code: str, name: str) -> str:
    """The category that a functional item (项, seven digits) speaks for, '' where it is none."""
    code, name = codes.segments(code), words.normalise(name)
    if code[:5] in _BASIC_CLASSES or name in BASIC_ITEMS:
        return "basic"
    if len(code) == 7:
        return "basic" if code[-2:] in _BASIC_CODES and not name else "project"
    return "project" if name in PROJECT_ITEMS else ""

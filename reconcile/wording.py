"""The words that people read, from data/: findings.toml, errors.toml, wording.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from reconcile import money


@cache
def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(files("reconcile.data").joinpath(f"{name}.toml").read_text("utf-8"))


def finding(code: str) -> dict[str, str]:
    """The catalogue entry of a finding code; KeyError for a code outside the closed vocabulary."""
    entry: dict[str, str] = _table("findings")[code]
    return entry


def finding_codes() -> tuple[str, ...]:
    return tuple(_table("findings"))


def finders(code: str) -> tuple[str, ...]:
    """The checks that may find a code; that of its own name where the catalogue lists none."""
    return tuple(_table("findings").get(code, {}).get("found_by", (code,)))


def rule(check: str) -> dict[str, str]:
    """The catalogue entry of a check: its rule numbers, inputs, formula and tolerance, from data/rules.toml."""
    entry: dict[str, str] = _table("rules")[check]
    return entry


def rule_title(check: str, language: str) -> str:
    """What a check is called: as its own entry says, else as the finding of its name is."""
    key = f"title_{language}"
    return rule(check).get(key) or finding(check)[key]


def rule_names() -> tuple[str, ...]:
    return tuple(_table("rules"))


@cache
def keys(table: str) -> tuple[str, ...]:
    """The keys of data/`table`.toml, in its order."""
    return tuple(_table(table))


def entry(table: str, key: str) -> dict[str, Any]:
    """What data/`table`.toml says under a key."""
    found: dict[str, Any] = _table(table)[key]
    return found


def error(code: str) -> dict[str, str]:
    entry: dict[str, str] = _table("errors")[code]
    return entry


def text(key: str, language: str = "zh", table: str = "wording") -> str:
    """A phrase of data/`table`.toml; KeyError for an unknown one."""
    word: str = _table(table)[key][language]
    return word


@cache
def _of_english() -> dict[str, str]:
    return {entry["en"]: entry["zh"] for entry in _table("wording").values() if "en" in entry}


@cache
def _of_chinese() -> dict[str, str]:
    return {entry["zh"]: entry["en"] for entry in _table("wording").values() if {"zh", "en"} <= set(entry)}


def in_language(words: str, language: str) -> str:
    """A phrase of data/wording.toml in a language, whichever it is in, one that counts (`{count}`) too; any other text as
    it is."""
    if language == "zh":
        return in_chinese(words)
    known = _of_chinese()
    count = re.search(r"\d+", words)
    if words in known or count is None:
        return known.get(words, words)
    general = f"{words[: count.start()]}{{count}}{words[count.end() :]}"
    return known.get(general, words).replace("{count}", count[0])


def in_chinese(words: str) -> str:
    """A phrase of data/wording.toml in Chinese, whichever language it is in; any other text as it is."""
    return _of_english().get(words, words)


def amount(fen: int | None, language: str = "zh") -> str:
    """An amount inside a message: yuan with commas, to the 分."""
    if fen is None:
        return text("unknown-amount", language)
    sign = "-" if fen < 0 else ""
    whole, rest = divmod(abs(fen), money.FEN_PER_YUAN)
    return f"{sign}{whole:,}.{rest:02d}" + ("元" if language == "zh" else " yuan")


def percentage(value: Decimal | None, language: str = "zh") -> str:
    return f"{value}%" if value is not None else text("unknown-amount", language)


class Amount(int):
    """分 that a message prints as money."""


def render(value: object, language: str) -> str:
    if isinstance(value, Amount):
        return amount(value, language)
    if isinstance(value, dict):
        return str(value[language])
    return str(value)


def fill(template: str, facts: Mapping[str, object]) -> str:
    """Fill `{name}` slots; text from files may hold braces, so only our template is a template."""
    out = template
    parts = []
    while "{" in out:
        before, _, rest = out.partition("{")
        name, _, out = rest.partition("}")
        parts += [before, str(facts[name])]
    return "".join([*parts, out])

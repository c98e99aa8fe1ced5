"""The summary section of the report, from the result alone, by a template that a department can copy and edit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from reconcile import money
from reconcile.finding import LoadError
from reconcile.result import Result
from reconcile.settings import Settings
from reconcile.write.figure import CLOSE, MIDDLE, OPEN, Fact, Figure, Key, Missing, Phrases, Text, in_cell, plain, said
from reconcile.write.public_expenses import public_expenses
from reconcile.write.summary_facts import MOST_PROBLEMS, Rows, ahead, gap, groups, problems
from reconcile.write.tail import has_tail

if TYPE_CHECKING:
    from jinja2 import Environment

    from reconcile.write.places import Places

_OFFICE = re.compile(r"(?:单位|部门)(?:名称)?\s*[:：]\s*[\[【(（]?[\d\s_-]*[\]】)）]?\s*([^\s\d（(：:，,；;|]+)")
"""`编制单位：301001 某某局（公章）  金额单位：万元` names 某某局, then 万元."""
_MARK = re.compile(f"{OPEN}(\\d+){MIDDLE}(.*?){CLOSE}", re.DOTALL)
FILTERS = ("abs", "length", "first", "last", "lower", "upper")
"""What of the template language's own filters a template may use, beside `cell`."""
TRACE = ("phrase", "value", "unit", "id", "sheet", "cell")


@dataclass(frozen=True)
class Mark:
    """Where a fact stands in the text, [start, end)."""

    start: int
    end: int
    fact: Fact


class Summary(str):
    """The section in Markdown, and where each of its numbers comes from.

    missing: what printed 【待补】, in the order of the text.  marks: every fact in the text, in its order.
    """

    missing: tuple[str, ...]
    marks: tuple[Mark, ...]
    figures: Mapping[Key, Fact]
    _result: Result

    @cached_property
    def trace(self) -> pd.DataFrame:
        """Every number of the text with its cell in the review workbook, in the order of the text.

        phrase: as printed; value: the number printed, in `unit` (万元, 元, %, '' for a count), with the sign of the
        cell; words of the files, the period and the findings that hold digits have the unit `text` and no value.
        id: what it is, for a finding with its key.  sheet, cell: in the workbook that write_review writes, in its
        language; '' for what a person gave as a reason.
        """
        from reconcile.write.review import placement

        places = placement(self._result)
        rows = [_traced(self[m.start : m.end], m.fact, places) for m in self.marks if not isinstance(m.fact, Missing)]
        return pd.DataFrame(rows, columns=list(TRACE)).astype({"value": "float64"})

    def write_docx(self, path: str | Path) -> Path:
        """Write the section as a .docx in the official style; it appears whole or not at all."""
        from reconcile.write.docx import write

        return write(self, Path(path), self._result.period.year)


def _traced(phrase: str, fact: Figure | Text, places: Places) -> tuple[object, ...]:
    sheet, cell = places.of(fact.key)
    name = "/".join(fact.key[:3])
    if isinstance(fact, Text):
        return phrase.replace("\\|", "|"), None, "text", name, sheet, cell
    return phrase, float(fact.value), fact.unit, name, sheet, cell


def render(
    result: Result,
    language: str = "zh",
    *,
    template: str | Path | None = None,
    reasons: Mapping[str, str] | None = None,
) -> Summary:
    """The section by a template: `template`, else that of the settings, else the library's of the language.

    reasons: what a person wrote, by the key of a finding, a project's name, or `total`; over the notes of the reviewer's
    replies that the result carries.
    Raises LoadError for a language that there is not, and for a template that is missing, wrong, or asks for a
    number that there is not.
    """
    language = Settings(language=language).language
    name = template or result.settings.summary_template
    text, called = _template(name, language)
    facts, context = _context(result, language, {**_notes(result), **(reasons or {})})
    printed: list[Fact] = []
    environment = _environment(printed, language)
    import jinja2

    try:
        marked = environment.from_string(text).render(context)
    except jinja2.TemplateSyntaxError as problem:
        raise LoadError("template-wrong", called, line=problem.lineno, problem=problem.message) from problem
    except Exception as problem:  # whatever a department's template does
        line = _line(problem)
        raise LoadError(
            "template-wrong", called, line=line, problem=str(problem) or type(problem).__name__
        ) from problem
    return _summary(_tidy(marked), printed, facts, result)


def _environment(printed: list[Fact], language: str) -> Environment:
    """Where a template is run: it prints facts whole (each is put into `printed` and marked in the text), words, and
    the numbers of its loops; all else is an error.  Filters that would turn a fact into some number are not there."""
    import jinja2
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    def finalize(value: object) -> object:
        if isinstance(value, Figure | Text | Missing):
            printed.append(value)
            return f"{OPEN}{len(printed) - 1}{MIDDLE}{value.shown(language)}{CLOSE}"
        if isinstance(value, str | jinja2.Undefined) or type(value) is int:
            return value
        raise ValueError(f"没有可打印的数 / nothing to print: {type(value).__name__}")

    class Sandbox(ImmutableSandboxedEnvironment):
        def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
            return not isinstance(obj, Figure | Text | Missing) and super().is_safe_attribute(obj, attr, value)

    environment = Sandbox(undefined=jinja2.StrictUndefined, finalize=finalize, trim_blocks=True, lstrip_blocks=True)
    environment.filters = {"cell": in_cell, **{name: environment.filters[name] for name in FILTERS}}
    environment.globals["supply"] = lambda what: Missing(plain(what))
    return environment


def _line(problem: BaseException) -> int:
    """The line of the template where rendering stopped."""
    found, step = 0, problem.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == "<template>":
            found = step.tb_lineno
        step = step.tb_next
    return found


def _template(name: str | Path | None, language: str) -> tuple[str, str]:
    if not name:
        called = f"summary.{language}.md.j2"
        return files("reconcile.data").joinpath("templates", called).read_text("utf-8"), called
    path = Path(name)
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise LoadError("missing-file", str(path)) from None
    except IsADirectoryError:
        raise LoadError("is-folder", str(path)) from None
    for encoding in ("utf-8-sig", "gb18030"):
        with suppress(UnicodeDecodeError):
            return raw.decode(encoding).replace("\r\n", "\n"), path.name
    raise LoadError("unknown-encoding", str(path), row=1)


def _tidy(text: str) -> str:
    lines = [line.rstrip() for line in text.strip().split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"


def _summary(marked: str, printed: list[Fact], facts: Mapping[Key, Fact], result: Result) -> Summary:
    out, marks, at, end = [], [], 0, 0
    for found in _MARK.finditer(marked):
        before = marked[end : found.start()]
        start = at + len(before)
        at = start + len(found[2])
        marks.append(Mark(start, at, printed[int(found[1])]))
        out += [before, found[2]]
        end = found.end()
    summary = Summary("".join([*out, marked[end:]]))
    summary.marks, summary.figures, summary._result = tuple(marks), facts, result
    summary.missing = tuple(dict.fromkeys(m.fact.what for m in marks if isinstance(m.fact, Missing)))
    return summary


def _notes(result: Result) -> dict[str, str]:
    """What reviewers wrote beside the findings, by their keys."""
    replies = {key: standing.reply for key, standing in result.standings.by_key.items()}
    return {key: reply.note for key, reply in replies.items() if reply is not None and reply.note}


def _context(result: Result, language: str, reasons: Mapping[str, str]) -> tuple[dict[Key, Fact], dict[str, Any]]:
    """The names that a template may use (the head of data/templates says what each is), and every fact by its key."""
    say, period = Phrases(language), result.period
    rows = Rows(result, say, reasons)
    total, categories, projects = rows.total(), rows.categories(), rows.projects()
    parts = groups(result, say)
    income = result.tie.totals["income"]
    levels = Counter(str(f.level) for f in result.problems)
    apart = result.tie.totals["unassigned"] or 0
    undetermined = result.tie.totals["undetermined"] or 0
    context: dict[str, Any] = {
        "year": Text(("own", "year"), str(period.year)),
        "period": Text(("own", "period"), period.label(language)),
        "whole_year": period.is_whole_year,
        "unit": said(("own", "unit"), plain(unit_name(result))),
        "income": Missing(say("what-income"), "wan") if income is None else Figure(("income",), income),
        "total": total,
        "categories": list(categories.values()),
        "basic": categories["basic"],
        "groups": parts,
        "project": categories["project"],
        "projects": projects,
        "unnamed": rows.unnamed(categories["project"], projects),
        "gap": gap(result),
        "forecast": ahead(result),
        "public": public_expenses(result),
        "apart": Figure(("own", "apart"), apart) if len(result.tie.unassigned) else None,
        "apart_count": Figure(("own", "apart-count"), len(result.tie.unassigned), "count"),
        "undetermined": Figure(("category", "undetermined", "actual"), undetermined) if undetermined else None,
        "problems": problems(result, say),
        "problem_count": Figure(("own", "problems"), len(result.problems), "count"),
        "problem_levels": [
            {"name": say(f"severity-{level}"), "count": Figure(("own", f"problems-{level}"), levels[level], "count")}
            for level in ("error", "warning", "info")
            if levels[level]
        ],
        "more_problems": Figure(("own", "more-problems"), len(result.problems) - MOST_PROBLEMS, "count")
        if len(result.problems) > MOST_PROBLEMS
        else None,
        "tail": has_tail(result, total, categories, parts, projects),
        "carryover_included": bool(result.settings.carryover_included),
    }
    facts: dict[Key, Fact] = {}
    _collect(context, facts)
    return facts, context


def _collect(value: object, facts: dict[Key, Fact]) -> None:
    """Every figure and text inside the context, by its key."""
    if isinstance(value, Figure | Text):
        facts.setdefault(value.key, value)
    elif isinstance(value, Mapping):
        for part in value.values():
            _collect(part, facts)
    elif isinstance(value, list | tuple):
        for part in value:
            _collect(part, facts)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            _collect(getattr(value, name), facts)


def unit_name(result: Result) -> str:
    """The office: as set, or as a title row of the files names it."""
    if result.settings.unit_name:
        return result.settings.unit_name
    titles = (text for table in (*result.budget.tables, *result.ledger.tables) for text in table.header.titles)
    named = (name for text in titles for name in _OFFICE.findall(text))
    return next((name for name in named if not name.endswith(tuple(money.UNITS))), "")

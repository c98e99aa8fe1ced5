"""consolidated.xlsx: every department where to look first, added up by parent with live formulas, and what failed."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from reconcile import wording
from reconcile.batch.outcome import MEASURES, Outcome
from reconcile.batch.rollup import added, alone, doubled, incomplete, nodes, paths, ranked
from reconcile.batch.sheet_rollup import TITLE, Rows, write_rest, write_rollup, write_total
from reconcile.engine import Period
from reconcile.write.look import Look, clean
from reconcile.write.output import whole_file
from reconcile.write.review import OPTIONS
from reconcile.write.sheet_page import Column, Page, Words

MOST_LINKS = 65_000
"""Excel holds 65,530 links in a sheet."""
BESIDE = [m for m in MEASURES if m not in ("available", "actual")]
DEPARTMENTS = (
    Column("rank", "cell", 5, 7),
    Column("department", "cell wrap", 14, 40),
    Column("parent", "cell", 8, 30),
    Column("period", "cell", 7, 18),
    Column("state", "cell", 9, 12),
    *(Column(k, "cell count", 6, 9) for k in ("errors", "warnings", "infos")),
    Column("unexplained", "cell money", 12, 20),
    Column("available", "cell money", 12, 20),
    Column("actual", "cell money", 12, 20),
    Column("remaining", "cell money", 12, 20),
    Column("rate", "cell rate", 8, 10),
    *(Column(TITLE[m], "cell money", 12, 20) for m in BESIDE),
    Column("review", "cell", 8, 10),
    Column("remark", "cell wrap", 12, 60),
    Column("incomplete", "key", 6, 6),
    Column("failed", "key", 6, 6),
    Column("alone", "key", 6, 6),
    Column("path", "key", 8, 8),
)
COLOUR = {"failed": "error", "errors": "error", "warnings": "warning", "clean": ""}
FAILURES = (
    Column("department", "cell wrap", 14, 40),
    Column("what", "cell", 8, 12),
    Column("message", "cell wrap", 40, 100),
)
AT = {c.title: n for n, c in enumerate(DEPARTMENTS)}


class BatchWords(Words):
    """Phrases of data/batch.toml, then of data/workbook.toml."""

    def __call__(self, key: str, **facts: object) -> str:
        if key not in wording.keys("batch"):
            return super().__call__(key, **facts)
        phrase = wording.text(key, self.language, "batch")
        return wording.fill(phrase, facts) if facts else phrase


def write(outcomes: Sequence[Outcome], groups: Mapping[str, str], target: Path, language: str) -> Path:
    """Write the workbook to `target`, whole or not at all; the same outcomes give the same bytes."""
    import xlsxwriter

    with whole_file(target) as beside, tempfile.TemporaryDirectory() as scratch:
        book = xlsxwriter.Workbook(str(beside), {**OPTIONS, "tmpdir": scratch})
        say, look = BatchWords(language), Look(book, language)
        periods = {(o.year, o.last_month) for o in outcomes if not o.failed}
        period = Period(*next(iter(periods))).label(language) if len(periods) == 1 else say("period-many")
        year = max((o.year for o in outcomes), default=0) or 2000
        title = say("title-departments", period=period)
        book.set_properties({"title": title, "author": "spending-reconcile", "created": datetime(year, 12, 31)})
        counts = say(
            "meta-counts",
            departments=len(outcomes),
            done=sum(not o.failed for o in outcomes),
            failed=sum(o.failed for o in outcomes),
            with_errors=sum(o.has_errors and not o.failed for o in outcomes),
        )
        meta = (counts, say("meta-money"))
        rows = _departments(Page(look, say, "departments"), ranked(outcomes), groups, meta, title)
        write_rollup(Page(look, say, "rollup"), outcomes, groups, rows, meta, say("title-rollup", period=period))
        _failures(Page(look, say, "failures"), ranked(outcomes), meta, say("title-failures"))
        book.close()
    return target


def _departments(
    page: Page, outcomes: Sequence[Outcome], groups: Mapping[str, str], meta: tuple[str, str], title: str
) -> Rows:
    """One row a department, ranked, and their total."""
    say, path = page.say, paths(outcomes, groups)
    twice = doubled(outcomes, groups)
    free = {o.name for o in alone(outcomes, nodes(outcomes, groups))}
    first = page.open(title, DEPARTMENTS, AT["incomplete"], *meta, note=say("departments-note"))
    for row, one in enumerate(outcomes, start=first):
        page.number(row, AT["rank"], row - first + 1, "cell count")
        for key, value in (
            ("department", one.name),
            ("parent", one.parent),
            ("period", "" if one.failed else Period(one.year, one.last_month).label(say.language)),
            ("remark", _remark(one, one.name in twice, say)),
        ):
            page.text(row, AT[key], value, DEPARTMENTS[AT[key]].style)
        page.text(row, AT["state"], say(f"status-{_state(one)}"), f"cell {COLOUR[_state(one)]}".strip())
        for key, count in (("errors", one.errors), ("warnings", one.warnings), ("infos", one.infos)):
            if one.failed:
                page.text(row, AT[key], say("none"), "cell count")
            else:
                page.number(row, AT[key], count, "cell count")
        page.amount(row, AT["unexplained"], None if one.failed else one.unexplained)
        for measure in MEASURES:
            page.amount(row, AT[TITLE[measure]], _shown(one, measure, say))
        write_rest(page, row, AT, (one.totals.get("available"), one.totals.get("actual")))
        _review(page, row, one, row - first < MOST_LINKS)
        page.number(row, AT["incomplete"], int(incomplete(one)), "key")
        page.number(row, AT["failed"], int(one.failed), "key")
        page.number(row, AT["alone"], int(one.name in free), "key")
        page.text(row, AT["path"], path[one.name], "key")
    rows = Rows(page.name, first, first + len(outcomes) - 1, AT)
    total = added(outcomes)
    write_total(page, rows.last + 1, AT, total, rows)
    told = [say("lacking", failed=total.failed, incomplete=total.incomplete)] * bool(total.failed or total.incomplete)
    told += [say("periods-differ")] * (len({(o.year, o.last_month) for o in outcomes if not o.failed}) > 1)
    page.text(rows.last + 1, AT["remark"], "\n".join(told), "cell wrap total")
    page.close(footer=meta[0], filter_rows=(first, rows.last), freeze=(first, 2))
    return rows


def _state(one: Outcome) -> str:
    if one.failed:
        return "failed"
    return "errors" if one.errors else "warnings" if one.warnings else "clean"


def _shown(one: Outcome, measure: str, say: Words) -> int | str:
    found = one.totals.get(measure)
    return found if found is not None else say("no-total") if one.failed else say("unreadable")


def _remark(one: Outcome, twice: bool, say: Words) -> str:
    if one.failed:
        return one.message
    names = [say(f"col-{TITLE[m]}") for m in MEASURES if one.totals.get(m) is None]
    told = [say("counts-twice")] if twice else []
    told += [say("settled", count=one.settled)] if one.settled else []
    return "\n".join(told + ([say("incomplete-totals", names="、".join(names))] if names else []))


def _review(page: Page, row: int, one: Outcome, room: bool) -> None:
    words, col = page.say("open-review"), AT["review"]
    place = f"{one.folder}/review.xlsx".replace("%", "%25").replace("#", "%23").replace(" ", "%20")
    page.text(row, col, "" if one.failed else words if room else f"{one.folder}/review.xlsx", "cell")
    if room and not one.failed:
        page.sheet.write_url(row, col, f"external:{clean(place)}", page.look.style("cell link center"), words)


def _failures(page: Page, outcomes: Sequence[Outcome], meta: tuple[str, str], title: str) -> None:
    """What failed, with its message; files of departments that were not read; sources without a marked copy."""
    say = page.say
    first = row = page.open(title, FAILURES, len(FAILURES), *meta, note=say("failures-note"))
    told = [
        *((o.name, "failed", o.message) for o in outcomes if o.failed),
        *((o.name, "unread", name) for o in outcomes for name in o.unused),
        *((o.name, "unmarked", why) for o in outcomes for why in o.unmarked),
    ]
    for row, (name, kind, words) in enumerate(told, start=first):
        page.text(row, 0, name, "cell wrap")
        page.text(row, 1, say(f"kind-{kind}"), f"cell {'error' if kind == 'failed' else ''}".strip())
        page.text(row, 2, words, "cell wrap")
    if not told:
        page.text(row, 0, say("nothing-failed"), "cell")
    page.close(footer=meta[0], filter_rows=(first, row), freeze=(first, 1))

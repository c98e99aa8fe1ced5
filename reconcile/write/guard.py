"""A reviewer's words are never written over: what a workbook holds, and whether the new one holds it too."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from reconcile.aliases import Alias
from reconcile.finding import LoadError
from reconcile.replies import ANSWER, Move, Reply, read_replies
from reconcile.result import Result


def check_answers_kept(result: Result, path: Path) -> None:
    """Raise LoadError where a review workbook at `path` holds opinions, reclassifications or approved names that the
    workbook of `result` would not hold."""
    if not path.is_file():
        return
    try:
        there = read_replies(path)
    except LoadError:
        return
    kept = [s.reply for s in result.standings.by_key.values()] + [reply for reply, _ in result.standings.gone]
    own = _said((r for r in kept if r), (m.move for m in result.moved), result.matched.aliases.rows)
    if not _said(there.found, there.moves, there.aliases.rows) <= own or there.problems:
        raise LoadError("output-answered", str(path))


def _said(replies: Iterable[Reply], moves: Iterable[Move], aliases: Iterable[Alias]) -> set[tuple[str, ...]]:
    return {
        *(("finding", r.key, *(getattr(r, a) for a in ANSWER)) for r in replies if r.answered),
        *(("entry", m.key, m.category, m.project) for m in moves),
        *(("name", a.name, a.target, a.category) for a in aliases if a.approved and a.complete),
    }

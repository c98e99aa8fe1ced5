"""The rule about what came back: nothing that a person wrote is lost."""

from __future__ import annotations

from collections.abc import Sequence

from reconcile.check.many import told_apart
from reconcile.finding import Check
from reconcile.moves import APPLIED, Moved
from reconcile.replies import Replies, unreadable


def unreadable_replies(replies: Replies, moved: Sequence[Moved]) -> Check:
    """Every opinion, reclassification and match of the previous review workbook was taken up; what was not is quoted
    with its cell."""
    answered = sum(r.answered for r in replies.found)
    refused = [
        unreadable(
            m.move.origin,
            m.status,
            seen=" / ".join(part for part in (m.move.asked, m.move.project, m.move.note) if part),
            subject=m.project,
            key=m.move.key,
        )
        for m in moved
        if m.status != APPLIED
    ]
    findings = told_apart([*replies.problems, *refused])
    tested = answered + len(replies.moves) + len(replies.aliases.rows) + len(replies.problems)
    return Check.ran("unreadable-reply", tested, findings)

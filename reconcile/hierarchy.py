"""What the rows of a budget table are, by the tree that they form: lines, and the sums of what stands below them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from reconcile import codes
from reconcile.money import Cell, could_tie
from reconcile.read import columns as columns_of
from reconcile.read import outline, rows, sums, words
from reconcile.read.table import Table


def settled(
    table: Table, labels: list[str], row_codes: list[str], unreadable: rows.Mask
) -> tuple[rows.Roles, list[outline.Node]]:
    """The role of every row of a budget and its place in the tree.

    unreadable: rows with a cell of the chain that shows no amount.  A row that no word tells to be a sum is one where
    it names nothing, or a sum of something, and the lines above add to it.
    """
    loose = np.flatnonzero(rows.has_number(table.money, len(table.body)) & (table.roles == rows.DATA))
    suspects = sums.candidates(table.body, table.header, table.money, loose)
    roles = table.roles.copy()
    roles[list(suspects)] = rows.SUBTOTAL
    found = _by_tree(table.with_roles(roles), labels, row_codes, unreadable)
    if not suspects:
        return found
    counted = found[0] == rows.DATA
    counted[list(suspects)] = True
    told = sums.told_by_amount(counted, table.money, suspects)
    for i in suspects:
        roles[i] = (rows.TOTAL if told[i] else rows.SUBTOTAL) if i in told else rows.DATA
    return _by_tree(table.with_roles(roles), labels, row_codes, unreadable)


def _by_tree(
    table: Table, labels: list[str], row_codes: list[str], unreadable: rows.Mask
) -> tuple[rows.Roles, list[outline.Node]]:
    n = len(table.body)
    roles = table.roles.copy()
    numbered = rows.has_number(table.money, n) | unreadable
    outside = ~np.isin(roles, (rows.DATA, rows.TITLE, rows.REFUSED))
    own = _own_category(table)
    nodes = outline.outline(labels, row_codes, list(outside | own))
    kids = outline.children(nodes)
    while (alone := _sections_alone(table, nodes, kids, labels, outside | own)).any():
        own |= alone
        nodes = outline.outline(labels, row_codes, list(outside | own))
        kids = outline.children(nodes)
    project = table.raw("project")
    named = ~rows.blank_mask(project) if project is not None else np.zeros(n, dtype=bool)
    for i in range(n):
        if outside[i]:
            continue
        below = [] if own[i] else [k for k in kids.get(i, ()) if not outside[k] and not own[k]]
        if any(_counts(k, kids, numbered, outside) for k in below):
            roles[i] = rows.SUBTOTAL if numbered[i] else rows.TITLE
        elif numbered[i]:
            roles[i] = rows.DATA
        elif nodes[i].is_section or not labels[i].strip():
            roles[i] = rows.TITLE
        elif named[i] and numbered[i + 1 :].any():
            roles[i] = rows.DATA  # a project without an amount is a project still
    roles[(roles == rows.TITLE) & (np.arange(n) > max(np.flatnonzero(roles == rows.DATA), default=n))] = rows.FOOTER
    return roles, nodes


def _sections_alone(
    table: Table, nodes: list[outline.Node], kids: Mapping[int, list[int]], labels: list[str], skip: rows.Mask
) -> rows.Mask:
    """Rows such as 人员经费 without an ordinal whose amount is not what follows them adds to: lines, not sections."""
    alone = np.zeros(len(table.body), dtype=bool)
    if table.leading == "":
        return alone
    column = table.money[table.leading]
    for i in range(len(nodes)):
        below = [k for k in kids.get(i, ()) if not skip[k]]
        plain = not skip[i] and nodes[i].is_section and not words.ordinal_style(labels[i])
        if plain and below and column.state[i] == Cell.NUMBER and column.fen[i] != 0:
            parts = sum(int(column.fen[k]) for k in below)
            alone[i] = not could_tie(
                int(column.fen[i]), [parts], max(1, len(below)) * 10_000 if table.unit == "万元" else 1
            )
    return alone


def _own_category(table: Table) -> rows.Mask:
    """Rows that name their own category: their cells decide, no section above them and no tree."""
    own = np.zeros(len(table.body), dtype=bool)
    for name in ("category", "group"):
        values = table.raw(name)
        if values is not None:
            named = columns_of.mapped(values, lambda v: words.section(codes.clean_code(v)) is not None)
            subject = np.zeros(len(own), dtype=bool)
            for other in ("label", "project", "project_code", "economic", "economic_code", "code"):
                cells = table.raw(other)
                if cells is not None:
                    subject |= ~rows.blank_mask(cells)
            own |= named.astype(bool) & (subject | (table.raw("label") is None))
    return own


def _counts(index: int, kids: Mapping[int, list[int]], numbered: rows.Mask, outside: rows.Mask) -> bool:
    """Whether a row or anything below it carries an amount."""
    return bool(numbered[index]) or any(
        _counts(k, kids, numbered, outside) for k in kids.get(index, ()) if not outside[k]
    )

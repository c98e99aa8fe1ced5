"""What the rows of a budget table are, by the tree that they form: lines, and the sums of what stands below them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from reconcile import codes
from reconcile.balances import is_trial_balance
from reconcile.money import Cell, could_tie
from reconcile.read import columns as columns_of
from reconcile.read import outline, rows, sums, words
from reconcile.read.table import Table

MOST_OF_A_STATEMENT = 20_000
MOST_BY_AMOUNT = 1_000
_CLASSES = ("economic", "economic_code", "code", "label", "functional", "functional_code", "government_economic")

LABELS = ("label", "project", "account", "functional", "economic", "economic_code", "code", "category")
CODES = ("economic_code", "code", "economic", "label", "account_code", "account", "functional_code", "functional")


def labels_of(table: Table) -> list[str]:
    """What names each row: the first of its columns of names that is filled, as written."""
    found = [""] * len(table.body)
    for name in LABELS:
        values = table.raw(name)
        if values is not None:
            found = [f or ("" if v is None else str(v)) for f, v in zip(found, values, strict=True)]
    return found


def codes_of(table: Table) -> list[str]:
    """The economic or functional class of each row, without separators; '' for none.

    Beside a project a functional class is a property of the row, and makes no tree.
    """
    found = [""] * len(table.body)
    for name in CODES:
        values = table.raw(name)
        if values is not None and not (name.startswith("functional") and table.raw("project") is not None):
            found = [f or codes.segments(codes.split_code(v)[0]) for f, v in zip(found, values, strict=True)]
    return [c if c in codes.economic_classes() or codes.is_functional(c) else "" for c in found]


def statement(table: Table) -> tuple[Table, list[outline.Node]]:
    """A table of sums by name, without dates (a 决算表, a budget with what was spent): its parents are subtotals where
    what stands below them adds to them; and the place of every row in its tree."""
    labels, row_codes = labels_of(table), codes_of(table)
    unread = rows.unreadable(table.money, tuple(table.money), len(table.body))
    roles, nodes = settled(table, labels, row_codes, unread)
    data = np.flatnonzero(roles == rows.DATA)
    column = table.money[table.leading]
    below: dict[int, int] = {}
    for i in map(int, data):
        parent = nodes[i].parent
        while parent != outline.ROOT:
            below[parent] = below.get(parent, 0) + int(column.fen[i])
            parent = nodes[parent].parent
    for i in map(int, np.flatnonzero((roles == rows.SUBTOTAL) & (table.roles == rows.DATA))):
        if i in below and not could_tie(int(column.fen[i]), [below[i]], _printed(table, len(data))):
            roles[i] = rows.DATA
    return table.with_roles(roles), nodes


def statements(tables: list[Table]) -> tuple[list[Table], list[list[outline.Node]]]:
    """The tables, those without dates as the trees that their rows form; and every row's place in its tree."""
    out: list[Table] = []
    places: list[list[outline.Node]] = []
    for table in tables:
        dated = bool({"date", "month", "period", "voucher"} & set(table.header.columns)) or is_trial_balance(table)
        if dated or len(table.body) > MOST_OF_A_STATEMENT or not table.leading:
            out.append(table)
            places.append([])
        else:
            settled, nodes = statement(table)
            out.append(settled)
            places.append(nodes)
    return out, places


def settled(
    table: Table, labels: list[str], row_codes: list[str], unreadable: rows.Mask
) -> tuple[rows.Roles, list[outline.Node]]:
    """The role of every row of a budget and its place in the tree.

    unreadable: rows with a cell of the chain that shows no amount.  A row that no word tells to be a sum is one where
    it names nothing, or a sum of something, and the lines above add to it.
    """
    table = table.with_roles(_without_project_sums(table))
    loose = np.flatnonzero(rows.has_number(table.money, len(table.body)) & (table.roles == rows.DATA))
    suspects = sums.candidates(table.body, table.header, table.money, loose)
    roles = table.roles.copy()
    roles[list(suspects)] = rows.SUBTOTAL
    found = _by_tree(table.with_roles(roles), labels, row_codes, unreadable)
    if not suspects:
        return _without_sums_by_amount(table, found[0]), found[1]
    counted = found[0] == rows.DATA
    counted[list(suspects)] = True
    told = sums.told_by_amount(counted, table.money, suspects)
    for i in suspects:
        roles[i] = (rows.TOTAL if told[i] else rows.SUBTOTAL) if i in told else rows.DATA
    return _by_tree(table.with_roles(roles), labels, row_codes, unreadable)


def _without_project_sums(table: Table) -> rows.Roles:
    """Rows whose project code begins the codes of the rows just below (`01`, then `0101` and `0102`) and whose amount
    is exactly what these add to are their sums.  A code alone, or a sum alone, tells nothing."""
    values, column, roles = table.raw("project_code"), table.money.get(table.leading), table.roles.copy()
    if values is None or column is None:
        return roles
    data = [int(i) for i in np.flatnonzero(roles == rows.DATA)]
    own = [codes.segments(code) for code in columns_of.texts(values[data], 1)]
    for at in reversed(range(len(data))):
        end, added = at + 1, 0
        while end < len(data) and own[at] and own[end].startswith(own[at]) and len(own[end]) > len(own[at]) + 1:
            added += int(column.fen[data[end]]) if roles[data[end]] == rows.DATA else 0
            end += 1
        if end > at + 2 and added == column.fen[data[at]] != 0:
            roles[data[at]] = rows.SUBTOTAL
    return roles


def _without_sums_by_amount(table: Table, settled_roles: rows.Roles) -> rows.Roles:
    """Rows that are exactly what two or more rows just below add to are their sums, where the printed total of all
    holds only without them; in every other table they are lines like the rest."""
    roles, column = settled_roles.copy(), table.money.get(table.leading)
    data, totals = np.flatnonzero(roles == rows.DATA), np.flatnonzero(roles == rows.TOTAL)
    if column is None or len(totals) != 1 or len(data) > MOST_BY_AMOUNT or (column.state[data] > Cell.NUMBER).any():
        return roles
    fen = [int(v) for v in column.fen[data]]
    too_much, sums_found, at = sum(fen) - int(column.fen[totals[0]]), list[int](), 0
    while too_much > 0 and at < len(fen):
        running = np.cumsum(fen[at + 1 :])
        reached = np.flatnonzero(running[1:] == fen[at]) if fen[at] > 0 else running[:0]
        if len(reached):
            sums_found.append(at)
            at += int(reached[0]) + 2
        at += 1
    if sums_found and sum(fen[i] for i in sums_found) == too_much:
        roles[data[sums_found]] = rows.SUBTOTAL
    return roles


def with_projects_down(table: Table) -> Table:
    """Rows that name a class and no project are of the project above them: it stands once, on the first of its rows
    or on a row of its own, which is their sum.

    Not where the file merges the cells of repeated projects, nor where a row names another category.
    """
    project = table.raw("project")
    others = [v for f in _CLASSES if (v := table.raw(f)) is not None]
    if project is None or not others or _merges(table, "project"):
        return table
    named, numbered = ~rows.blank_mask(project), rows.has_number(table.money, len(table.body))
    classed = np.logical_or.reduce([~rows.blank_mask(v) for v in others])
    category, roles = table.raw("category"), table.roles.copy()
    body, above, fills = table.body.copy(), -1, False
    for i in range(len(body)):
        heads = roles[i] == rows.TITLE and named[i] and not classed[i]
        if not (roles[i] == rows.DATA or heads) or (named[i] and words.section(str(project[i]))):
            above = -1
        elif named[i]:
            above = i
        elif above >= 0 and numbered[i] and classed[i] and _goes_on(table, above, i, category):
            fills = True
            body[i, table.header.columns["project"].position] = project[above]
            code = table.header.columns.get("project_code")
            if code and columns_of.texts(body[[i], code.position], 1)[0] == "":
                body[i, code.position] = body[above, code.position]
            if not classed[above]:
                roles[above] = rows.SUBTOTAL
        else:
            above = -1
    return replace(table, body=body, roles=roles) if fills else table


def _merges(table: Table, name: str) -> bool:
    """Whether the body of a field's column has cells merged over several rows."""
    place = table.header.columns[name].position + 1
    return any(
        left <= place <= right and top < bottom and table.header.last < top for top, left, bottom, right in table.merges
    )


def _goes_on(table: Table, above: int, index: int, category: rows.Roles | None) -> bool:
    """Whether a row without a project is one more of the project above it."""
    if category is not None and columns_of.texts(category[[index]], 1)[0] not in (
        "",
        *columns_of.texts(category[[above]], 1),
    ):
        return False
    label = table.raw("label")
    if label is not None and words.section(str(label[index] or "")):
        return False
    for name in ("economic_code", "code", "economic"):
        values = table.raw(name)
        if values is not None and codes.group_of(codes.split_code(values[index])[0]) == "personnel":
            return codes.group_of(codes.split_code(values[above])[0]) == "personnel"
    return True


def _by_tree(
    table: Table, labels: list[str], row_codes: list[str], unreadable: rows.Mask
) -> tuple[rows.Roles, list[outline.Node]]:
    n = len(table.body)
    roles = table.roles.copy()
    numbered = rows.has_number(table.money, n) | unreadable
    outside = ~np.isin(roles, (rows.DATA, rows.TITLE, rows.REFUSED))
    own = _own_category(table)
    order = np.flatnonzero(~(outside | own) & numbered)
    kinds = [outline.family(row_codes[i]) for i in order]
    hosts = {int(i) for i, kind, after in zip(order, kinds, kinds[1:], strict=False) if kind != after}
    nodes, kids, own = _tree(table, labels, row_codes, outside, own, hosts)
    while hosts and (without := {h for h in hosts if not _ties(table, h, kids.get(h, ()), row_codes)}):
        hosts -= {h for h in without if not row_codes[h]} or without
        nodes, kids, own = _tree(table, labels, row_codes, outside, own, hosts)
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


def _tree(
    table: Table, labels: list[str], row_codes: list[str], outside: rows.Mask, own: rows.Mask, hosts: set[int]
) -> tuple[list[outline.Node], dict[int, list[int]], rows.Mask]:
    """(nodes, direct children, rows that stand in no section)."""
    own = own.copy()
    while True:
        nodes = outline.outline(labels, row_codes, list(outside | own), hosts)
        kids = outline.children(nodes)
        alone = _sections_alone(table, nodes, kids, labels, outside | own)
        if not alone.any():
            return nodes, kids, own
        own |= alone


def _ties(table: Table, host: int, below: Sequence[int], row_codes: list[str]) -> bool:
    """Whether rows of another kind may stand under a row: its amount is what those below it add to."""
    column = table.money.get(table.leading)
    odd = any(outline.family(row_codes[k]) != outline.family(row_codes[host]) for k in below)
    if not odd or column is None:
        return True
    parts = sum(int(column.fen[k]) for k in below)
    return could_tie(int(column.fen[host]), [parts], _printed(table, len(below)))


def _printed(table: Table, count: int) -> int:
    return max(1, count) * 10_000 if table.unit == "万元" else 1


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
            alone[i] = not could_tie(int(column.fen[i]), [parts], _printed(table, len(below)))
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

"""The tree that a budget's rows form: sections, groups, classes and their items, told by titles, ordinals,
codes and indentation.  A stated parent is a subtotal of what stands below it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from reconcile.read import words

ROOT = -1


@dataclass(frozen=True)
class Node:
    """One row in the tree: its parent's index (ROOT at the top), its section's category and group."""

    parent: int
    category: str
    group: str
    is_section: bool


@dataclass(frozen=True)
class _Open:
    index: int
    style: tuple[str, int]
    code: str
    category: str
    group: str


def outline(
    labels: Sequence[str], codes: Sequence[str], skip: Sequence[bool], hosts: Collection[int] = ()
) -> list[Node]:
    """The tree of rows, in sheet order.

    labels: raw label texts, indentation kept.  codes: '' or the code of a class.  skip: rows that are no part of the
    tree (totals, blanks, footers); they get the place that is open where they stand.  hosts: rows under which rows of
    another kind stand: projects under their functional class, economic classes under their project.
    """
    nodes: list[Node] = []
    stack: list[_Open] = []
    for index, (label, code, skipped) in enumerate(zip(labels, codes, skip, strict=True)):
        if skipped:
            top = stack[-1] if stack else None
            nodes.append(Node(top.index if top else ROOT, top.category if top else "", top.group if top else "", False))
            continue
        style = _style(label, code)
        stack = _close(stack, style, code, hosts)
        named = words.section(label) if style[0] in ("section", "group") else None
        parent = stack[-1] if stack else None
        category = named[0] if named else parent.category if parent else ""
        group = (named[1] if named else "") or (parent.group if parent else "")
        nodes.append(Node(parent.index if parent else ROOT, category, group, named is not None))
        stack = [*stack, _Open(index, style, code, category, group)]
    return nodes


def _style(label: str, code: str) -> tuple[str, int]:
    named = None if code else words.section(label)
    if named:
        return ("group", 0) if named[1] else ("section", 0)
    ordinal = words.ordinal_style(label)
    if ordinal:
        return (ordinal, 0)
    if code:
        return ("code", len(code))
    return ("plain", len(label) - len(label.lstrip(" \t\u3000\u00a0")))


def _close(stack: list[_Open], style: tuple[str, int], code: str, hosts: Collection[int]) -> list[_Open]:
    """What stays open when a row of `style` begins.

    A code stands under a code that begins it; a plain label only under one that is indented less; an ordinal under
    ordinals of a higher order and under sections.
    """
    kind, depth = style
    if kind == "section":
        return []
    if kind == "group":
        return [o for o in stack[:1] if o.style[0] == "section"]
    order = ("cn", "cnp", "ar", "arp")
    kept: list[_Open] = []
    for opened in stack:
        other, other_depth = opened.style
        if other in ("section", "group"):
            stays = True
        elif other in order:
            stays = kind not in order or order.index(other) < order.index(kind)
        elif other == "code":
            stays = kind == "code" and opened.code != code and code.startswith(opened.code)
            stays |= _hosted(stack[len(kept) :], kind, code, hosts)
        else:
            stays = kind == "plain" and other_depth < depth
            stays |= kind == "code" and _hosted(stack[len(kept) :], kind, code, hosts)
        if not stays:
            break
        kept.append(opened)
    return kept


def _hosted(opened: Sequence[_Open], kind: str, code: str, hosts: Collection[int]) -> bool:
    """Whether a row stands under one of the open rows though it is of another kind: a code of the other
    classification, or no code at all."""
    return any(o.index in hosts and kind in ("plain", "code") and family(o.code) != family(code) for o in opened)


def family(code: str) -> str:
    """Which classification a code is of, by its first digit: 2 functional, 3 economic; '' for none."""
    return code[:1]


def children(nodes: Sequence[Node]) -> dict[int, list[int]]:
    """Direct children by parent index."""
    found: dict[int, list[int]] = {}
    for index, node in enumerate(nodes):
        found.setdefault(node.parent, []).append(index)
    return found

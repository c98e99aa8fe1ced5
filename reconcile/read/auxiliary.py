"""Auxiliary dimensions that an export packs: `【项目：…】【部门：…】` in one cell, or 核算项目1 · 编码1 · 名称1 … in
repeated columns."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import numpy as np

from reconcile.codes import clean_code
from reconcile.read import columns, combined, rows, words
from reconcile.read.table import Table
from reconcile.read.workbook import Cells

FIELDS = ("project", "economic", "functional", "payee", "category", "document", "quota")
_BRACKETED = re.compile(r"[【\[]([^:：/\]】]{1,20}?)(?:[:：/]|-{2,})([^】\]]*)[】\]]")
_KEY = re.compile(r"(?:^|[;；,，、|\s])\s*([^:：;；,，、|/\[【\]】\s\-]{1,20})\s*(?:[:：/]|-{2,})\s*")
_TRIPLE = re.compile(r"^(核算项目|编码|名称)(\d{1,2})$")
_CODED = re.compile(r"([A-Za-z0-9][A-Za-z0-9.\-]*?)(?:-{2,}|/)(.+)")


@cache
def _dimensions() -> dict[str, str]:
    return {words.normalise(w): r["field"] for r in words.rows_of("dimensions") for w in r["words"].split("|")}


def unpack(table: Table, keep: rows.Mask) -> dict[str, Cells]:
    """Dimension values on the rows of `keep`, by field; '' where a row names none.

    `project_code` is there where a code stands in a place of its own.
    """
    n = int(keep.sum())
    found: dict[str, Cells] = {}
    packed = table.raw("aux")
    if packed is not None:
        codes, distinct = columns.factorized(packed[keep])
        parsed = [{}, *(_pairs(v) for v in distinct)]
        for name in (*FIELDS, "project_code"):
            values = np.array([p.get(name, "") for p in parsed], dtype=object)
            if any(values):
                found[name] = combined.picked(values, codes + 1, packed)
    for kind, code, value in _triples(table, keep):
        numbers, distinct = columns.factorized(kind)
        fields = ["", *(_dimensions().get(words.normalise(str(v)), "") for v in distinct)]
        named = np.array(fields, dtype=object)[numbers + 1]
        for name in FIELDS:
            glued = (
                value if name == "project" else np.where((code != "") & (value != ""), code + " " + value, code + value)
            )
            for field, part in ((name, glued), *([("project_code", code)] if name == "project" else [])):
                column = found.setdefault(field, np.full(n, "", dtype=object))
                found[field] = np.where((column == "") & (named == name), part, column)
    return {k: v for k, v in found.items() if (v != "").any()}


def _pairs(value: object) -> dict[str, str]:
    """{field: value} of one packed cell: `【项目：…】【部门：…】`, `项目：…；部门：…`, `项目---P01---…`, `项目/P01/…`."""
    text = unicodedata.normalize("NFKC", str(value)).strip() if value is not None else ""
    found: dict[str, str] = {}
    pairs = _BRACKETED.findall(text)
    if not pairs:
        keys = list(_KEY.finditer(text))
        keys = [k for i, k in enumerate(keys) if not i or _dimensions().get(words.normalise(k[1])) or ":" in k[0]]
        ends = [*(k.start() for k in keys[1:]), len(text)][: len(keys)]
        pairs = [(k[1], text[k.end() : end].strip(" ;,、|")) for k, end in zip(keys, ends, strict=True)]
    for key, entry in pairs:
        field = _dimensions().get(words.normalise(key), "")
        if not field or not entry.strip():
            continue
        coded = _CODED.fullmatch(entry.strip())
        if coded and any(c.isdigit() for c in coded[1]):
            if field == "project":
                found.setdefault("project_code", coded[1])
            found.setdefault(field, coded[2] if field == "project" else f"{coded[1]} {coded[2]}")
        else:
            found.setdefault(field, entry.strip())
    return found


def _triples(table: Table, keep: rows.Mask) -> list[tuple[Cells, Cells, Cells]]:
    """(kind, code, name) of each group of repeated columns."""
    groups: dict[str, dict[str, int]] = {}
    for position, header in [
        *table.header.unknown.items(),
        *((c.position, c.header) for c in table.header.columns.values()),
    ]:
        part = _TRIPLE.match(words.normalise(header))
        if part:
            groups.setdefault(part[2], {})[part[1]] = position
    out = []
    for parts in groups.values():
        if "核算项目" not in parts:
            continue
        code, name = (
            np.asarray(columns.mapped(table.body[keep, parts[p]], clean_code))
            if p in parts
            else np.full(int(keep.sum()), "", dtype=object)
            for p in ("编码", "名称")
        )
        out.append((table.body[keep, parts["核算项目"]], code, name))
    return out

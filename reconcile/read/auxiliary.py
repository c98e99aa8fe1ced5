"""Auxiliary dimensions that an export packs: `【项目：…】【部门：…】` in one cell, or 核算项目1 · 编码1 · 名称1 … in
repeated columns."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import numpy as np
import pandas as pd

from reconcile.codes import clean_code
from reconcile.read import rows, words
from reconcile.read.table import Table
from reconcile.read.workbook import Cells

FIELDS = ("project", "economic", "functional", "payee", "category", "document", "quota")
_PACKED = (
    re.compile(r"[【\[]([^:：/\]】]{1,20})[:：/]([^】\]]*)[】\]]"),
    re.compile(r"(?:^|[;；|])\s*([^:：;；|\[【]{1,20})[:：]\s*([^;；|]*)"),
)
_TRIPLE = re.compile(r"^(核算项目|编码|名称)(\d{1,2})$")


@cache
def _dimensions() -> dict[str, str]:
    return {words.normalise(w): r["field"] for r in words.rows_of("dimensions") for w in r["words"].split("|")}


def unpack(table: Table, keep: rows.Mask) -> dict[str, Cells]:
    """Dimension values on the rows of `keep`, by field; '' where a row names none."""
    n = int(keep.sum())
    found: dict[str, Cells] = {}
    packed = table.raw("aux")
    if packed is not None:
        codes, distinct = pd.factorize(packed[keep])
        parsed = [{}, *(_pairs(v) for v in distinct)]
        for name in FIELDS:
            values = np.array([p.get(name, "") for p in parsed], dtype=object)
            if any(values):
                found[name] = values[codes + 1]
    for kind, value in _triples(table, keep):
        code, distinct = pd.factorize(kind)
        fields = ["", *(_dimensions().get(words.normalise(str(v)), "") for v in distinct)]
        named = np.array(fields, dtype=object)[code + 1]
        for name in FIELDS:
            column = found.setdefault(name, np.full(n, "", dtype=object))
            found[name] = np.where((column == "") & (named == name), value, column)
    return {k: v for k, v in found.items() if (v != "").any()}


def _pairs(value: object) -> dict[str, str]:
    """{field: value} of one packed cell."""
    text = unicodedata.normalize("NFKC", str(value)) if value is not None else ""
    for pattern in _PACKED:
        pairs = {_dimensions().get(words.normalise(k), ""): v.strip() for k, v in pattern.findall(text)}
        if any(pairs):
            return {k: v for k, v in pairs.items() if k and v}
    return {}


def _triples(table: Table, keep: rows.Mask) -> list[tuple[Cells, Cells]]:
    """(kind, `code name`) of each group of repeated columns."""
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
        kind = table.body[keep, parts["核算项目"]]
        code, name = (
            np.array([clean_code(v) for v in table.body[keep, parts[p]]], dtype=object)
            if p in parts
            else np.full(int(keep.sum()), "", dtype=object)
            for p in ("编码", "名称")
        )
        joined = np.where((code != "") & (name != ""), code + " " + name, code + name)
        out.append((kind, joined))
    return out

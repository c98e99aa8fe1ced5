"""Codes that stand in columns of their own: 类, 款 and 项 side by side make one code."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd

from reconcile.read import combined
from reconcile.read.columns import mapped
from reconcile.read.header import Column, Header
from reconcile.read.sheet import Cells

PARTS = ("class_1", "class_2", "class_3")


def with_codes(header: Header, body: Cells, kind: str) -> tuple[Header, Cells]:
    """(header, body) with a column of the codes that 类, 款 and 项 make, where a table has those.

    A class that stands only on the first of its rows holds for those below it.
    """
    columns = [header.columns[p] for p in PARTS if p in header.columns]
    if len(columns) < 2 or kind not in ("ledger", "budget"):
        return header, body
    parts = [pd.Series(mapped(body[:, c.position], _digits), dtype=object) for c in columns]
    below = parts[1] != ""
    parts[0] = parts[0].where((parts[0] != "") | ~below, parts[0].where(parts[0] != "").ffill().fillna(""))
    code = parts[0]
    for part in parts[1:]:
        longer = (code != "") & part.str.startswith(tuple(code[code != ""].unique()) or ("x",)) & (part.str.len() > 2)
        code = part.where(longer, code + part.where(part.str.len() != 1, "0" + part))
    name = "code" if kind == "budget" else _field(code)
    if not name or name in header.columns:
        return header, body
    column = Column(body.shape[1], "/".join(c.header for c in columns))
    widened = combined.beside(body, code.to_numpy(dtype=object))
    return replace(header, columns={**header.columns, name: column}), widened


def _digits(value: object) -> str:
    found = re.fullmatch(r"\s*'?(\d+)(?:\.0+)?\s*", "" if value is None else str(value))
    return found[1] if found else ""


def _field(code: pd.Series) -> str:
    """What a ledger's composed codes are: economic classes begin with 3, functional ones with 2."""
    first = code[code != ""].str[0]
    if not len(first):
        return ""
    return {"3": "economic_code", "2": "functional_code"}.get(str(first.mode().iloc[0]), "")

"""Which set of books an entry is of: the office that a table or a row names, and the voucher that its lines share."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
import pandas as pd

from reconcile import codes
from reconcile.read import columns as text
from reconcile.read import rows, words
from reconcile.read.table import Table
from reconcile.read.workbook import Cells

_OFFICE = re.compile(r"(?:单位|账套|核算主体|会计主体|公司|主体账簿)(?:名称)?[:：]\s*([^\s:：()（）【】]{1,12}\s+)?([^\s()（）]+)")
_NO_OFFICE = re.compile(r"^(?:金额|人民币)?(?:百万|亿|万|千)?(?:元|圆)$")
_SUBJECT = re.compile(r"(?:项目|部门|往来单位|辅助项|核算项目)(?:名称)?:\s*(\S+)")
_PERIOD = re.compile(
    r"\d+|[年月日号第至到]|[一二三四]季度?|[上下]半年|全年|序时账?|明细账?|凭证|日记账|分录|科目|账簿?|导出|副本|copy|备份|新|终稿?|[\W_]"
)
_OFFICE_WORD = re.compile(r"[局委办院校所队馆站厅处镇乡街]|中心|单位|公司|学校|医院|机关|支队|大队|分局|社区|部门")


def office(table: Table) -> str:
    """The office that a table's titles name (`单位：301 芙蓉区某局`, `账套：…`), '' where they name none."""
    for title in table.header.titles:
        for found in _OFFICE.finditer(unicodedata.normalize("NFKC", title)):
            name = codes.split_code(found[2])[1] or found[2]
            if not _NO_OFFICE.match(name):
                return name
    return ""


def offices(table: Table, keep: rows.Mask) -> Cells:
    """The office of every row of `keep`: by its own cell, else by the table's titles."""
    titled = office(table)
    own = table.raw("office")
    if own is None:
        return np.full(int(keep.sum()), titled, dtype=object)
    return text.mapped(own[keep], lambda v: codes.split_code(v)[1] or codes.clean_code(v) or titled)


def subject(table: Table) -> str:
    """What a table's titles say that it is a ledger of (`项目：印章刻制`), '' where they do not."""
    for title in table.header.titles:
        if found := _SUBJECT.search(unicodedata.normalize("NFKC", title)):
            return words.normalise(found[1])
    return ""


def named_apart(one: str, other: str) -> bool:
    """Whether the names of two files name two offices: `单位A 2020.xlsx` and `单位B 2020.xlsx`."""
    first, second = (_PERIOD.sub("", words.normalise(f.rpartition(".")[0] or f)) for f in (one, other))
    return bool(first and second and first != second and _OFFICE_WORD.search(first) and _OFFICE_WORD.search(second))


def voucher_ids(entries: pd.DataFrame, sizes: Sequence[int]) -> np.ndarray:
    """An integer a voucher: entries of one table, office, month and number share it (numbers restart every month).

    sizes: how many of the entries, in order, are of each table.
    """
    month = entries["date"].to_numpy(dtype="datetime64[M]").astype(np.int64)
    keys = pd.DataFrame({"month": month, "voucher": entries["voucher"], "office": entries["office"]})
    keys["table"] = np.repeat(np.arange(len(sizes)), list(sizes))
    return np.asarray(keys.groupby(["table", "office", "month", "voucher"], sort=False, dropna=False).ngroup())

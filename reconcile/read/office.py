"""What the names and titles of a table say that it is of: an office, a subject, a time."""

from __future__ import annotations

import re
import unicodedata

from reconcile import codes
from reconcile.read import words
from reconcile.read.table import Table

_OFFICE = re.compile(
    r"(?:单位|账套|核算主体|会计主体|公司|主体账簿)(?:名称)?[:：]\s*([^\s:：()（）【】]{1,12}\s+)?([^\s()（）]+)"
)
_NO_OFFICE = re.compile(r"^(?:金额|人民币)?(?:百万|亿|万|千)?(?:元|圆)$")
_SUBJECT = re.compile(r"(?:项目|部门|往来单位|辅助项|核算项目)(?:名称)?:\s*(\S+)")
_PERIOD = re.compile(
    r"\d+|[年月日号第至到]|[一二三四]季度?|[上下]半年|全年|序时账?|明细账?|凭证|日记账|分录|科目|账簿?|导出|副本|copy|备份|新|终稿?|[\W_]"
)
_OFFICE_WORD = re.compile(r"[局委办院校所队馆站厅处镇乡街]|中心|单位|公司|学校|医院|机关|支队|大队|分局|社区|部门")
_TIME = re.compile(
    r"(?:(?:19|20)\d\d[年.\-/]?)?(?<!\d)(?:0?[1-9]|1[0-2])月|(?<!\d)(?:19|20)\d\d[年.\-/]?(?:0[1-9]|1[0-2])(?!\d)"
    r"|第?[一二三四1-4]季度?|[上下]半年|(?:19|20)\d\d年?"
)


def office(table: Table) -> str:
    """The office that a table's titles name (`单位：301 芙蓉区某局`, `账套：…`), '' where they name none."""
    for title in table.header.titles:
        for found in _OFFICE.finditer(unicodedata.normalize("NFKC", title)):
            name = codes.split_code(found[2])[1] or found[2]
            if not _NO_OFFICE.match(name):
                return name
    return ""


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


def periods(table: Table) -> frozenset[str]:
    """The times that a table's file, sheet and titles name: `3月`, `202003`, `上半年`."""
    text = " ".join((table.file.rpartition(".")[0], table.sheet, *table.header.titles))
    return frozenset(_TIME.findall(unicodedata.normalize("NFKC", text)))

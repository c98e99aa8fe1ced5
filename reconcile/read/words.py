"""The words of headers, rows and sections, from data/, and how a text is made comparable to them."""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache
from importlib.resources import files

_STRIP = str.maketrans("", "", "$£€¥￥¬ \t\r\n\u00a0\u3000\u200b\ufeff[]【】()*#:_＊※'\"")
_TITLE_YEAR = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?:年|[-./]\d{1,2}(?:[-./]\d{1,2})?(?:至|到|~|—|-)(?:19|20)\d\d"
    r"|(?=部门|单位|预算|决算|支出|项目|财政|(?:annual)?(?:budget|ledger|accounts|spending|expenditure)))"
    r"|(?:fy|budget|ledger|accounts|year|yearended|expenditure|spending)(?:for|of)?:?((?:19|20)\d\d)(?!\d)"
)
_ORDINAL = re.compile(
    r"^\s*(?:(?:[一二三四五六七八九十百]+\s*[、.,．，]|[(（][一二三四五六七八九十百]+[)）]|[0-9０-９]{1,3}\s*(?:、|[.．](?![0-9０-９]))"
    r"|[(（][0-9０-９]{1,3}[)）]|[①-⑳⑴-⒇]|其中[:：]?|[-—·•*])\s*)+"
)


def rows_of(name: str) -> list[dict[str, str]]:
    """A table of data/ as records."""
    text = files("reconcile.data").joinpath(f"{name}.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def normalise(text: str) -> str:
    """NFKC, simplified characters, lower case, without white space, brackets and stars: what two writings of one word share."""
    return unicodedata.normalize("NFKC", text).translate(_STRIP).translate(_simplified()).lower()


def simplified(text: str) -> str:
    """A text in simplified characters."""
    return text.translate(_simplified())


@cache
def _simplified() -> dict[int, str]:
    """Traditional characters to simplified ones, for comparing words only; names stay as written."""
    return {ord(t): s for r in rows_of("traditional") for t, s in zip(r["traditional"], r["simplified"], strict=True)}


def stated_year(text: str) -> int:
    """The year of a title: `2020年度…`, `2020-01-01至…`, `2020.01-2020.12`; 0 where it states none."""
    found = _TITLE_YEAR.search(unicodedata.normalize("NFKC", text).replace(" ", "").lower())
    return int(found[1] or found[2]) if found else 0


def without_ordinal(text: str) -> str:
    """A label as written, without its leading `一、`, `（二）`, `3.`, `其中：`."""
    return _ORDINAL.sub("", text).strip() or text.strip()


def ordinal_style(text: str) -> str:
    """The style of a label's ordinal: `cn` 一、, `cnp` （一）, `ar` 1., `arp` （1）, '' for none."""
    plain = unicodedata.normalize("NFKC", text).strip()
    for style, pattern in _STYLES.items():
        if pattern.match(plain):
            return style
    return ""


_ALWAYS_SUM = ("小计", "subtotal")
_ASIDE = re.compile(r"[(\[【][^()\[\]【】]*[)\]】]|[:：].*$")
_SUM_OF_MONTH = re.compile(
    r"(?:(?:19|20)\d\d年?)?(?:\d{1,2}月份?|[一二三四1-4]季度|(?:上|下)半年|第[一二三四1-4]季度)(?:合计|小计|累计|计)"
)
_COUNTED = re.compile(r"(合计|总计|共计|小计)(?:共|金额)?\d+(?:笔|条|项|张|行|人|个)")
_MONTH_NAME = re.compile(r"(?:((?:19|20)\d\d)年)?(\d{1,2})月(?:份)?|((?:19|20)\d\d)[-.]?(\d\d?)")
_LEADING_CODE = re.compile(r"^\d{1,3}[-.、]?(?=[\u4e00-\u9fff])")
_PAGE = re.compile(r"第\d+页|共\d+页|page\d+|-\d+-$|\d+/\d+$")
_STYLES = {
    "cn": re.compile(r"[一二三四五六七八九十百]+[、.,]"),
    "cnp": re.compile(r"\([一二三四五六七八九十百]+\)"),
    "ar": re.compile(r"\d{1,3}\s*(?:、|\.(?!\d))"),
    "arp": re.compile(r"\(\d{1,3}\)|[①-⑳]"),
}


def project_key(name: str) -> str:
    """A project's name for comparison: ordinals, glued codes, brackets, spaces and marks taken off.

    Two names are the same project only when these are equal; nothing nearer is ever taken for granted.
    """
    plain = unicodedata.normalize("NFKC", without_ordinal(name)).strip()
    plain = re.sub(
        r"^(?:[\[【(]\s*[A-Za-z]{0,6}\d[\dA-Za-z.\-]*\s*[\]】)][\s_\-—:]*"
        r"|[A-Za-z]{0,6}\d[\dA-Za-z.]{2,}(?:\s+|[_\-—:|/]+)\s*)(?=[^年月日号、.].*\D)",
        "",
        plain,
    )
    plain = re.sub(r"[\s\[\]【】()《》〈〉“”\"'‘’·、,，。—_:：]", "", plain)
    return re.sub(r"(?<![0-9A-Za-z])[.\-/]|[.\-/](?![0-9A-Za-z])", "", plain).lower()


@cache
def _sections() -> dict[str, tuple[str, str]]:
    return {normalise(r["label"]): (r["category"], r["group"]) for r in rows_of("sections")}


def section(label: str) -> tuple[str, str] | None:
    """(category, group) of a section title such as `一、基本支出` or `21 公用经费`, None for any other label."""
    word = normalise(without_ordinal(label))
    return _sections().get(word) or _sections().get(_LEADING_CODE.sub("", word))


@cache
def row_words() -> tuple[dict[str, str], tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """Row roles by whole word, by prefix and by suffix."""
    whole: dict[str, str] = {}
    prefix, suffix = [], []
    for record in rows_of("row_words"):
        for word in record["words"].split("|"):
            if record["match"] == "whole":
                whole[normalise(word)] = record["role"]
            elif record["match"] == "prefix":
                prefix.append((normalise(word), record["role"]))
            elif record["match"] == "suffix":
                suffix.append((normalise(word), record["role"]))
    return whole, tuple(prefix), tuple(suffix)


def row_role(text: str) -> str:
    """The role that a label gives its row, '' for a label of data."""
    whole, prefix, suffix = row_words()
    word = normalise(without_ordinal(text))
    if word in whole:
        return whole[word]
    for start, role in prefix:
        if word.startswith(start) and role != "footer":
            return role
    if _SUM_OF_MONTH.fullmatch(word):
        return "period"
    for end, role in suffix:
        if word.endswith(end) and (end in _ALWAYS_SUM or _names_a_sum(word[: -len(end)])):
            return role
    plain = normalise(_ASIDE.sub("", unicodedata.normalize("NFKC", without_ordinal(text))))
    if plain != word and plain in whole:
        return whole[plain]
    counted = _COUNTED.fullmatch(word)
    return whole.get(counted[1], "") if counted else ""


def _names_a_sum(stem: str) -> bool:
    """Whether what stands before 合计 is something that is summed up, and not the name of a project."""
    return section(stem) is not None or stem.endswith(
        ("支出", "收入", "经费", "预算", "项目", "费用", "本年", "全年", "本表")
    )


def names_a_period(text: str) -> bool:
    """Whether a memo can only be that of a sum or of a turned page: 本月合计, 承前页, 期初余额, but not 累计 or 上年结转."""
    word = normalise(text)
    return len(word) >= 3 and word != "上年结转"


def sum_kind(text: str) -> str:
    """The kind of a printed sum, the same for every month: `1月合计` and `2月合计` are of one kind."""
    return re.sub(r"(?:(?:19|20)\d\d年?)?(?:\d{1,2}|[一二三四])(?=月|季)", "", normalise(text))


def is_footer(text: str) -> bool:
    """Whether a text without amounts is a footer: who made it, page numbers, notes."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower()
    return bool(_PAGE.match(plain)) or plain.startswith(_footers())


@cache
def _footers() -> tuple[str, ...]:
    return tuple(
        w.replace(" ", "") for r in rows_of("row_words") if r["role"] == "footer" for w in r["words"].split("|")
    )


@cache
def _idle_words() -> frozenset[str]:
    return frozenset(normalise(w) for r in rows_of("row_words") if r["role"] == "idle" for w in r["words"].split("|"))


def is_idle(status: str, header: str) -> bool:
    """Whether a status says that a row was never posted, or voided: by its word, or by yes or no under its heading."""
    word, heading = normalise(status), normalise(header)
    if word in _idle_words():
        return True
    yes, no = word in ("是", "1", "true", "y", "yes", "√"), word in ("否", "0", "false", "n", "no", "×")
    void = "作废" in heading or "void" in heading
    return (void and yes) or (not void and no and any(w in heading for w in ("记账", "过账", "入账", "posted")))


def month_of_sheet(name: str) -> tuple[int, int] | None:
    """(year or 0, month) of a sheet named after a month: `1月`, `2020年3月`, `2020-03`; None for any other."""
    found = _MONTH_NAME.fullmatch(unicodedata.normalize("NFKC", name).replace(" ", ""))
    month = int(found[2] or found[4]) if found else 0
    return (int(found[1] or found[3] or 0), month) if found and 1 <= month <= 12 else None


@cache
def _closing() -> re.Pattern[str]:
    said = (w for r in rows_of("row_words") if r["role"] == "closing" for w in r["words"].split("|"))
    return re.compile("|".join(map(re.escape, said)))


def speaks_of_closing(memo: str) -> bool:
    """Whether a memo contains what that of a year-end closing voucher does."""
    return bool(_closing().search(memo))


def page_title(text: str) -> str:
    """A title without what changes from page to page."""
    return re.sub(r"第\d+页|共\d+页|\d+/\d+|page\d+(?:of\d+)?", "", normalise(text))


def is_page_line(text: str) -> bool:
    """Whether a text only turns the page: page numbers, 承前页, 过次页, or a footer."""
    return page_title(text) == "" or row_role(text) == "carried" or is_footer(text)


@cache
def memo_words(use: str) -> tuple[str, ...]:
    """The words of a use, as data/memo_words.csv lists them."""
    return tuple(w for r in rows_of("memo_words") if r["use"] == use for w in r["words"].split("|"))


def says(use: str, memo: str) -> bool:
    """Whether a memo holds a word of a use."""
    return any(w in memo for w in memo_words(use))


@cache
def budget_sources() -> dict[str, str]:
    """What the kind of an indicator (指标来源) says of its amount: the chain's field."""
    return {normalise(r["word"]): r["field"] for r in rows_of("budget_sources")}

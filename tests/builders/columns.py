"""How a ledger line becomes the cells of a column: shared by the journal layouts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from .grid import Code, Day, Money, Pair, Row, Sheet, Value, make_sheet, money
from .truth import Department, Line, Voucher

CATEGORY = {"basic": "基本支出", "project": "项目支出", "": ""}


@dataclass(frozen=True)
class Column:
    header: str | tuple[str, ...]
    kind: str
    value: Callable[[Voucher, Line], Value]


def constant(header: str, value: Value, kind: str = "text") -> Column:
    return Column(header, kind, lambda v, e: value)


def amount(header: str, side: str) -> Column:
    return Column(header, "amount", lambda v, e: money(getattr(e, side)))


def date_column(header: str, form: str = "date") -> Column:
    return Column(header, "date", lambda v, e: Day(v.date, form))


def account_code(header: str, form: str = "text") -> Column:
    return Column(header, "account_code", lambda v, e: Code(e.account_code, form))


def account(header: str, joint: str = "/") -> Column:
    return Column(header, "account", lambda v, e: e.account.replace("/", joint))


def memo(header: str = "摘要") -> Column:
    return Column(header, "memo", lambda v, e: e.memo)


def pair(header: str, what: str, style: str = " ") -> Column:
    """A code and its name in one cell; `what` is project, economic or functional."""
    return Column(header, what, lambda v, e: Pair(getattr(e, what + "_code"), getattr(e, what), style))


def journal(
    name: str,
    titles: Iterable[list[Value]],
    columns: list[Column],
    entries: Iterable[tuple[Voucher, Line]],
    after: Iterable[Row] = (),
) -> Sheet:
    rows = [Row("data", tuple(c.value(v, e) for c in columns)) for v, e in entries]
    return make_sheet(name, titles, [c.header for c in columns], [c.kind for c in columns], [*rows, *after])


def row_with(columns: list[Column], role: str, cells: dict[str, Value]) -> Row:
    """A row that has values under some headers only."""
    heads = [c.header if isinstance(c.header, str) else "".join(c.header) for c in columns]
    assert set(cells) <= set(heads), (cells, heads)
    return Row(role, tuple(cells.get(h) for h in heads))


def with_subaccounts(department: Department) -> Department:
    """The books of a unit that keeps projects and economic classes as sub-accounts."""
    seats: dict[tuple[str, str], str] = {}

    def deepen(e: Line) -> Line:
        last = e.project or e.economic
        if not e.on_spending_account or not last:
            return e
        if e.category == "basic" and not e.economic:
            return e
        key = (e.account_code, last)
        if key not in seats:
            seats[key] = f"{1 + sum(k[0] == e.account_code for k in seats):02d}"
        return replace(e, account_code=e.account_code + seats[key], account=f"{e.account}/{last}")

    def closing(v: Voucher) -> Voucher:
        """One closing line for each sub-account that has a balance."""
        if not v.closing or not any(e.on_spending_account for e in v.lines):
            return replace(v, lines=tuple(map(deepen, v.lines)))
        sums: dict[tuple[str, str, str], int] = {}
        for other in department.vouchers:
            if other.closing:
                continue
            for e in map(deepen, other.lines):
                if e.on_spending_account:
                    key = (e.account_code, e.account, e.category)
                    sums[key] = sums.get(key, 0) + e.debit - e.credit
        text = v.lines[0].memo
        made = [Line(text, code, path, category, credit=n) for (code, path, category), n in sorted(sums.items())]
        return replace(v, lines=(v.lines[0], *made))

    return replace(department, vouchers=tuple(map(closing, department.vouchers)))


def period(department: Department) -> str:
    return f"{department.year}-01-01至{department.year}-12-31"


def total(entries: Iterable[tuple[Voucher, Line]], side: str) -> Money:
    return Money(sum(getattr(e, side) for _, e in entries))

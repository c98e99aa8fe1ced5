"""One invented department: what was budgeted and what was booked, to the 分.

Everything else in this package is a way to print it. Amounts are integer 分.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True)
class BudgetLine:
    category: str  # basic | project
    group: str  # 人员经费 | 公用经费 | "" for projects
    code: str  # economic code (basic), project code (project)
    name: str
    functional_code: str
    carryover: int
    original: int
    increase: int
    decrease: int

    @property
    def available(self) -> int:
        return self.carryover + self.original + self.increase - self.decrease


@dataclass(frozen=True)
class Line:
    memo: str
    account_code: str
    account: str  # the path, its parts joined by /
    category: str = ""  # basic | project | "" where the line is not spending
    project_code: str = ""
    project: str = ""
    economic_code: str = ""
    economic: str = ""
    functional_code: str = ""
    functional: str = ""
    payee: str = ""
    debit: int = 0
    credit: int = 0

    @property
    def on_spending_account(self) -> bool:
        return self.account_code.startswith("7")

    @property
    def budgetary(self) -> bool:
        """On a 预算会计 account (6, 7, 8), not a 财务会计 one (1 to 5)."""
        return self.account_code[0] in "678"


@dataclass(frozen=True)
class Voucher:
    date: date
    word: str
    number: int  # restarts every month
    lines: tuple[Line, ...]
    kind: str = "payment"  # payment | income | depreciation | reversal | closing

    @property
    def closing(self) -> bool:
        return self.kind == "closing"

    @property
    def label(self) -> str:
        return f"{self.word}-{self.number:04d}"


@dataclass(frozen=True)
class Department:
    year: int
    code: str
    name: str
    spending_account: str  # 7101 | 7201
    budget: tuple[BudgetLine, ...]
    vouchers: tuple[Voucher, ...]

    def entries(self, keep: Callable[[Voucher, Line], bool] = lambda v, e: True) -> list[tuple[Voucher, Line]]:
        return [(v, e) for v in self.vouchers for e in v.lines if keep(v, e)]


def spending_lines(department: Department) -> Iterator[tuple[Voucher, Line]]:
    """The lines on 7xxx accounts that are not year-end closing."""
    for voucher in department.vouchers:
        if not voucher.closing:
            for line in voucher.lines:
                if line.on_spending_account:
                    yield voucher, line


def spending(department: Department) -> int:
    return sum(e.debit - e.credit for _, e in spending_lines(department))


def _grouped(department: Department, key: Callable[[Voucher, Line], str | None]) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for v, e in spending_lines(department):
        name = key(v, e)
        if name:
            sums[name] += e.debit - e.credit
    return dict(sorted(sums.items()))


def by_project(department: Department) -> dict[str, int]:
    """Project spending by the project's name; basic spending has none."""
    return _grouped(department, lambda v, e: e.project)


def by_economic(department: Department) -> dict[str, int]:
    return _grouped(department, lambda v, e: e.economic_code)


def by_month(department: Department) -> dict[str, int]:
    """By "YYYY-MM"; months without spending are absent."""
    return _grouped(department, lambda v, e: f"{v.date:%Y-%m}")


def by_category(department: Department) -> dict[str, int]:
    return _grouped(department, lambda v, e: e.category)


def cut(department: Department, lines: int) -> Department:
    """The first lines only, as an export of the visible page (the last voucher may lose its end)."""
    kept = []
    for voucher in department.vouchers:
        if lines <= 0:
            break
        kept.append(replace(voucher, lines=voucher.lines[:lines]))
        lines -= len(voucher.lines)
    return replace(department, vouchers=tuple(kept))


def before_closing(department: Department) -> Department:
    """An export made without 结转凭证."""
    return replace(department, vouchers=tuple(v for v in department.vouchers if not v.closing))


def from_month(department: Department, month: int) -> Department:
    return replace(department, vouchers=tuple(v for v in department.vouchers if v.date.month >= month))


def to_month(department: Department, month: int) -> Department:
    return replace(department, vouchers=tuple(v for v in department.vouchers if v.date.month <= month))

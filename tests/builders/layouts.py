"""Every layout with what it carries, and the expectation that follows from the truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from . import balances, budgets, details, ledgers, quotas, truth
from .columns import with_subaccounts
from .grid import Grid
from .truth import BudgetLine, Department, Line, Voucher

Entry = tuple[Voucher, Line]


@dataclass(frozen=True)
class Expected:
    """What a right load yields, in 分; None where the file cannot say.

    `by_project` and `lines` are by the names of the truth: a payment list may name 人员经费 as a project too.
    `lines` names a basic line by its economic class. `soft` are the fields that a reader reaches only by
    inference, as a project from the last part of an account's path.
    """

    unit: str = "元"
    findings: frozenset[str] = frozenset()
    needs_year: int | None = None  # the caller must pass this year
    soft: frozenset[str] = frozenset()
    rows: int | None = None  # data rows in the file
    # ledgers
    spending: int | None = None
    debit: int | None = None
    credit: int | None = None
    by_category: dict[str, int] | None = None
    by_project: dict[str, int] | None = None
    by_economic: dict[str, int] | None = None
    by_month: dict[str, int] | None = None
    first_dates: tuple[date, ...] | None = None
    # budgets
    available: int | None = None
    original: int | None = None
    carryover: int | None = None
    increase: int | None = None
    decrease: int | None = None
    lines: dict[str, int] | None = None  # name -> available
    lines_count: int | None = None


@dataclass(frozen=True)
class Layout:
    name: str
    kind: str  # ledger | budget
    build: Callable[[Department], Grid]
    expect: Callable[[Department], Expected] = field(repr=False)


def _nonzero(sums: dict[str, int]) -> dict[str, int]:
    return {k: v for k, v in sums.items() if v}


def _all(department: Department) -> list[Entry]:
    return department.entries()


def _deep(department: Department) -> list[Entry]:
    return with_subaccounts(department).entries()


def _spending_accounts(department: Department) -> list[Entry]:
    return [(v, e) for v, e in department.entries() if e.on_spending_account]


def _deep_spending_accounts(department: Department) -> list[Entry]:
    return [(v, e) for v, e in _deep(department) if e.on_spending_account]


def _payments(department: Department) -> list[Entry]:
    return list(truth.spending_lines(department))


def _ledger(
    name: str,
    build: Callable[[Department], Grid],
    entries: Callable[[Department], list[Entry]],
    carries: str,
    soft: str = "",
    *,
    in_order: bool = True,
) -> Layout:
    """`carries`: which of sides, category, project, economic, month the layout has."""
    has = set(carries.split())

    def expect(department: Department) -> Expected:
        kept = entries(department)
        days = tuple(v.date for v, _ in kept[:3]) if "month" in has and in_order else None
        return Expected(
            soft=frozenset(soft.split()),
            rows=len(kept),
            spending=truth.spending(department),
            debit=sum(e.debit for _, e in kept) if "sides" in has else None,
            credit=sum(e.credit for _, e in kept) if "sides" in has else None,
            by_category=_nonzero(truth.by_category(department)) if "category" in has else None,
            by_project=_nonzero(truth.by_project(department)) if "project" in has else None,
            by_economic=_nonzero(truth.by_economic(department)) if "economic" in has else None,
            by_month=_nonzero(truth.by_month(department)) if "month" in has else None,
            first_dates=days,
        )

    return Layout(name, "ledger", build, expect)


def _trial_balance(name: str, *, subaccounts: bool) -> Layout:
    def build(department: Department) -> Grid:
        return balances.trial_balance(department, subaccounts=subaccounts)

    def expect(department: Department) -> Expected:
        books = truth.before_closing(with_subaccounts(department) if subaccounts else department)
        ends = balances.leaves(books)
        projects = _nonzero(truth.by_project(department)) if subaccounts else None
        return Expected(
            soft=frozenset({"by_category", "by_project"}),
            rows=len(ends),
            spending=truth.spending(department),
            debit=sum(s.debit for s in ends.values()),
            credit=sum(s.credit for s in ends.values()),
            by_category=_nonzero(truth.by_category(department)),
            by_project=projects,
        )

    return Layout(name, "ledger", build, expect)


def _auxiliary(name: str, build: Callable[[Department], Grid], *, packed: bool) -> Layout:
    def expect(department: Department) -> Expected:
        kept = _payments(department)
        return Expected(
            soft=frozenset({"by_project", "by_economic"} if packed else set()),
            rows=sum(len(s.of_role("data")) for s in build(department)),
            spending=truth.spending(department),
            debit=None if packed else sum(e.debit for _, e in kept),
            credit=None if packed else sum(e.credit for _, e in kept),
            by_category=_nonzero(truth.by_category(department)) if packed else None,
            by_project=_nonzero(truth.by_project(department)),
            by_economic=_nonzero(truth.by_economic(department)),
        )

    return Layout(name, "ledger", build, expect)


def _quota_ledger_expect(department: Department) -> Expected:
    return Expected(
        soft=frozenset({"by_project"}),
        spending=truth.spending(department),
        by_project=_nonzero(truth.by_project(department)),
        by_month=_nonzero(truth.by_month(department)),
    )


FULL = "sides category project economic month"
LEDGERS = (
    _ledger("E1-yonyou-journal", ledgers.yonyou_journal, _all, FULL),
    _ledger("E2-three-column", details.three_column_detail, _spending_accounts, FULL, in_order=False),
    _ledger(
        "E2-three-column-sheets",
        lambda d: details.three_column_detail(d, stacked=False),
        _spending_accounts,
        FULL,
        in_order=False,
    ),
    _trial_balance("E3-trial-balance", subaccounts=False),
    _trial_balance("E3-trial-balance-deep", subaccounts=True),
    _ledger("E4-multi-column", details.multi_column, _spending_accounts, "sides category month", "by_category"),
    Layout("E5-quota-ledger", "ledger", quotas.quota_ledger, _quota_ledger_expect),
    _ledger("E9-payments", ledgers.payment_details, _payments, "project economic month"),
    _ledger("E10-u8-journal", ledgers.u8_journal, _deep, "sides category project month", "by_project"),
    _ledger(
        "E11-u8-detail",
        details.u8_detail,
        _deep_spending_accounts,
        "sides category project month",
        "by_project",
        in_order=False,
    ),
    _ledger(
        "E11-u8-detail-split",
        details.u8_detail_split,
        _deep_spending_accounts,
        "sides category project month",
        "by_project",
        in_order=False,
    ),
    _auxiliary("E12-nc-auxiliary", balances.nc_auxiliary, packed=False),
    _auxiliary("E12-nc-packed", balances.nc_packed, packed=True),
    _ledger(
        "E13-grp-detail",
        details.grp_detail,
        _deep_spending_accounts,
        "sides category project month",
        "by_project",
        in_order=False,
    ),
    _ledger("E14-kingdee-kis", ledgers.kingdee_kis, _all, FULL, "by_project by_economic"),
    _ledger("E15-kingdee-eas", ledgers.kingdee_eas, _all, FULL),
    _ledger("E16-kingdee-cloud", ledgers.kingdee_cloud, _all, FULL, "by_project by_economic"),
    _ledger("E17-generic", ledgers.generic, _all, FULL),
)


def _budget(
    name: str,
    build: Callable[[Department], Grid],
    carries: str = "original carryover increase decrease",
    soft: str = "",
    *,
    projects_only: bool = False,
    fields: tuple[str, ...] = ("carryover", "original", "increase", "decrease"),
    category: bool = True,
    year: bool = False,
    blocks: int = 1,
) -> Layout:
    """`fields`: the parts of `available` that stand in the file; `carries`: those it tells apart."""
    has = set(carries.split())

    def available(x: BudgetLine) -> int:
        return sum(getattr(x, f) * (-1 if f == "decrease" else 1) for f in fields)

    def expect(department: Department) -> Expected:
        lines = [x for x in department.budget if x.category == "project" or not projects_only]
        categories: dict[str, int] = {}
        for x in lines:
            categories[x.category] = categories.get(x.category, 0) + available(x)

        def total(what: str) -> int | None:
            return sum(getattr(x, what) for x in lines) if what in has else None

        rows = sum(len(s.of_role("data")) for s in build(department)) // blocks
        return Expected(
            soft=frozenset(soft.split()),
            needs_year=department.year if year else None,
            rows=rows,
            by_category=categories if category else None,
            available=sum(map(available, lines)),
            original=total("original"),
            carryover=total("carryover"),
            increase=total("increase"),
            decrease=total("decrease"),
            lines={x.name: available(x) for x in lines},
            lines_count=len(lines),
        )

    return Layout(name, "budget", build, expect)


PARTS = "original carryover increase decrease"
AT_START = {"carries": "original carryover", "projects_only": True, "fields": ("carryover", "original")}
SPECIAL = {
    "project-library": AT_START,
    "years-beside": {"year": True},
    "versions-stacked": {"carries": "original", "fields": ("original",), "blocks": 3},
}
BUDGETS = (
    _budget("E5-quota-ledger-budget", quotas.quota_ledger, PARTS, PARTS + " rows", category=False),
    _budget("E6-execution", quotas.execution_table, "original carryover", "carryover", category=False),
    _budget("E7-quota-query", quotas.quota_query, PARTS, PARTS),
    _budget("E8-project-budget", quotas.project_budget, **AT_START),  # type: ignore[arg-type]
    *(_budget(name, build, **SPECIAL.get(name, {})) for name, build in budgets.BUDGETS.items()),  # type: ignore[arg-type]
)
LAYOUTS = {x.name: x for x in (*LEDGERS, *BUDGETS)}

"""The figures that the example must hit, checked before a file is written."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

from . import budget
from .ledger import BASIC_SPENT, CLOSING_MEMO, INCOME
from .model import YEAR, Line, Voucher
from .projects import SPENT

TOTAL_SPENT = 1_775_244_477
PROJECT_SPENT = 299_819_246
DECEMBER_SHARE = 0.15
PROJECT_DECEMBER_SHARE = 0.20

Dated = list[tuple[date, Line]]


def check(vouchers: list[Voucher]) -> None:
    """Raise AssertionError when a figure of the example is off."""
    _check_budget()
    _check_balance(vouchers)
    spending: Dated = [
        (v.day, line)
        for v in vouchers
        for line in v.lines
        if line.account.startswith("7101") and line.memo != CLOSING_MEMO
    ]
    _check_totals(vouchers, spending)
    _check_pace(spending)
    _check_classes(spending)
    _check_repeats(spending)
    _check_reversals(spending)


def _check_budget() -> None:
    assert budget.BASIC_TOTAL.initial == budget.BASIC_TOTAL.full_year == 151_937
    assert sum(line.initial for line in budget.PROJECTS) == 30_923
    assert budget.PROJECT_TOTAL.initial == 31_388
    assert budget.PROJECT_TOTAL.carried == budget.UNASSIGNED.full_year == 1_435
    assert budget.PROJECT_TOTAL.full_year == 32_823
    grand = budget.GRAND_TOTAL
    assert (grand.initial, grand.carried, grand.full_year) == (183_325, 1_435, 184_760)


def _check_balance(vouchers: list[Voucher]) -> None:
    quota = 0
    for voucher in vouchers:
        for side in (True, False):
            lines = [line for line in voucher.lines if line.budgetary is side]
            assert sum(line.debit - line.credit for line in lines) == 0, voucher
        quota += sum(x.debit - x.credit for x in voucher.lines if x.account == "1011")
        assert quota >= 0, (voucher.day, voucher.number, quota)
    assert quota == 0
    numbers = defaultdict(list)
    for voucher in vouchers:
        numbers[voucher.day.month].append(voucher.number)
    assert sorted(numbers) == list(range(1, 13))
    assert all(seen == list(range(1, len(seen) + 1)) for seen in numbers.values())
    assert 2000 <= sum(len(voucher.lines) for voucher in vouchers) <= 4000


def _check_totals(vouchers: list[Voucher], spending: Dated) -> None:
    nets: Counter[str] = Counter()
    closed: Counter[str] = Counter()
    for line in (line for voucher in vouchers for line in voucher.lines):
        closed[line.account[:4]] += line.debit - line.credit
        if line.memo != CLOSING_MEMO:
            nets[line.account[:4]] += line.debit - line.credit
    assert nets["7101"] == TOTAL_SPENT == BASIC_SPENT + PROJECT_SPENT
    assert nets["6001"] == -INCOME
    assert all(closed[code] == 0 for code in ("4001", "5001", "6001", "7101", "2211"))
    assert closed["8001"] + closed["8101"] == 0
    projects: Counter[str] = Counter()
    for _, line in spending:
        assert bool(line.project) == (line.account == "71010102")
        projects[line.project] += line.debit
    assert projects.pop("") == BASIC_SPENT
    assert projects == SPENT
    assert sum(SPENT.values()) == PROJECT_SPENT


def _check_pace(spending: Dated) -> None:
    december = sum(line.debit for day, line in spending if day.month == 12)
    assert december < DECEMBER_SHARE * TOTAL_SPENT
    for name, whole in SPENT.items():
        own = [(day, line.debit) for day, line in spending if line.project == name]
        assert sum(part for day, part in own if day.month == 12) <= PROJECT_DECEMBER_SHARE * whole
        planned = next(p.initial for p in budget.PROJECTS if p.name == name) * budget.UNIT_FEN
        done = sum(part for day, part in own if day.month <= 9)
        assert name == budget.POSTS or done >= 0.7 * planned, (name, done / planned)


def _check_classes(spending: Dated) -> None:
    classes: Counter[str] = Counter()
    for _, line in spending:
        if not line.project:
            classes[line.economic] += line.debit
    granted = {line.code: line for line in (*budget.PERSONNEL, *budget.OPERATING)}
    assert set(classes) == set(granted)
    for code, spent in classes.items():
        plan = granted[code].full_year * budget.UNIT_FEN
        assert 0.85 * plan <= spent <= plan, (code, spent / plan)


def _check_repeats(spending: Dated) -> None:
    last: dict[tuple[str, int], date] = {}
    for day, line in spending:
        if line.debit < 0:
            continue
        key = (line.party, line.debit)
        assert key not in last or (day - last[key]).days > 40, (day, line)
        last[key] = day


def _check_reversals(spending: Dated) -> None:
    reversals = [(day, line) for day, line in spending if line.debit < 0]
    assert reversals
    for day, red in reversals:
        twins = [
            when
            for when, line in spending
            if line.debit == -red.debit
            and (line.party, line.account, line.economic) == (red.party, red.account, red.economic)
        ]
        assert len(twins) == 1, red
        assert date(YEAR, 1, 1) <= twins[0] < day < date(YEAR, 12, 1), red

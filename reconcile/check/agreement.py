"""A contract as the rules see it: dates, money in 分, and what its terms say."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import pandas as pd

from reconcile.check.contract_text import says
from reconcile.finding import Origin
from reconcile.money import to_fen
from reconcile.read.table import Table
from reconcile.stated import printed_unit


@dataclass(frozen=True)
class Agreement:
    """One row of the register.  Money in 分, None where not stated; `at` is its row in the register's frame."""

    at: int
    table: Table
    origin_row: Origin
    number: str
    name: str
    project: str
    supplier: str
    procurement: str
    pricing: str
    measure: str
    payment: str
    note: str
    signed: dt.date | None
    start: dt.date | None
    end: dt.date | None
    accepted: dt.date | None
    unit_price: Decimal | None
    quantity: Decimal | None
    settled_quantity: Decimal | None
    price: int | None
    settled: int | None

    @property
    def subject(self) -> str:
        return self.name or self.number or self.supplier or self.project

    def origin(self, *fields: str) -> Origin:
        """Its row, at the first of `fields` that the register has a column of."""
        columns = self.table.header.columns
        name = next((f for f in (*fields, "name", "number") if f in columns), "")
        at = self.origin_row
        return Origin(at.file, at.sheet, at.row, columns[name].position + 1 if name else 0)

    @cached_property
    def first_day(self) -> dt.date | None:
        """The earlier of start and signing: what was agreed may be paid from then on."""
        return min((d for d in (self.signed, self.start) if d), default=None)

    @cached_property
    def by_actual(self) -> bool:
        """Whether it is settled by what was actually delivered: framework and unit-price contracts."""
        return says(self.pricing, "by-actual") or (self.price is None and self.unit_price is not None)

    @property
    def product(self) -> int | None:
        """Agreed quantity × unit price, in 分."""
        return _times(self.quantity, self.unit_price)

    @property
    def settled_product(self) -> int | None:
        """Settled quantity × unit price, in 分."""
        return _times(self.settled_quantity, self.unit_price)

    @property
    def agreed(self) -> int | None:
        """The price, or what quantity and unit price make of it."""
        return self.product if self.price is None else self.price

    def within(self, computed: int, stated: int, field: str) -> bool:
        """Whether a computed amount is the one that is printed, within half its last printed digit."""
        unit = printed_unit(self.table, field) if field in self.table.money else 1
        return computed == stated or (unit > 1 and 2 * abs(computed - stated) <= unit)

    @property
    def term(self) -> dict[str, str]:
        """The term, or as much of it as is stated."""
        first, last = self.start or self.signed, self.end
        return {
            "zh": f"{first or '未注明'}至{last or '未注明'}",
            "en": f"{first or 'no start stated'} to {last or 'no end stated'}",
        }


def agreements(frame: pd.DataFrame, tables: tuple[Table, ...]) -> tuple[Agreement, ...]:
    """The rows of a register."""
    place = {p: t for t in reversed(tables) for p in t.places}
    return tuple(_agreement(at, row, place[(row.file, row.sheet)]) for at, row in enumerate(frame.itertuples()))


def _agreement(at: int, row: Any, table: Table) -> Agreement:
    texts: dict[str, Any] = {f: str(getattr(row, f)) for f in _TEXTS}
    dates: dict[str, Any] = {f: None if pd.isna(getattr(row, f)) else getattr(row, f).date() for f in _DATES}
    return Agreement(
        at=at,
        table=table,
        origin_row=Origin(str(row.file), str(row.sheet), int(row.row)),
        unit_price=row.exact_unit_price,
        quantity=_quantity(row.quantity),
        settled_quantity=_quantity(row.settled_quantity),
        price=_fen(row.price),
        settled=_fen(row.settled),
        **texts,
        **dates,
    )


_TEXTS = ("number", "name", "project", "supplier", "procurement", "pricing", "measure", "payment", "note")
_DATES = ("signed", "start", "end", "accepted")


def _fen(value: Any) -> int | None:
    return None if value is pd.NA else int(value)


def _quantity(value: float) -> Decimal | None:
    return None if value != value else Decimal(repr(value))


def _times(quantity: Decimal | None, price: Decimal | None) -> int | None:
    return None if quantity is None or price is None else to_fen(quantity * price)

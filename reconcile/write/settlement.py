"""What a project's contracts came to: quantity × unit price beside what the ledger paid their suppliers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from reconcile import money
from reconcile.result import Result
from reconcile.write.figure import Fact, Figure, Key, Phrases, plain, said


@dataclass(frozen=True)
class Settled:
    """Quantity × unit price of a contract beside what the ledger paid its supplier; None where it cannot be told."""

    contract: Fact | str
    price: Figure
    measure: Fact | str
    quantity: Figure
    total: Figure
    paid: Figure | None
    rest: Figure | None


def settled(result: Result, project: str, actual: int, say: Phrases) -> tuple[Settled, ...]:
    """The project's contracts that have a unit price and a settled quantity."""
    if result.contracts is None:
        return ()
    contracts = result.contracts.fen
    own = contracts[
        (contracts["project"] == project) & contracts["unit_price"].notna() & contracts["settled_quantity"].notna()
    ]
    if not len(own):
        return ()
    entries = result.tie.entries
    entries = entries[entries["project"] == project]
    found, suppliers, together = [], Counter(own["supplier"]), 0
    for at, row in zip(own.index, own.itertuples()):
        key = f"contract-{at}"
        basis = f"{row.file} › {row.sheet}!{row.row}"
        paid = None
        if row.supplier and suppliers[row.supplier] == 1:
            sum_paid = int(entries.loc[entries["payee"] == row.supplier, "amount"].sum())
            together += sum_paid
            paid = Figure(("own", f"{key}-paid"), sum_paid, "yuan", basis=plain(row.supplier))
        quantity, price = Decimal(repr(row.settled_quantity)), int(row.unit_price)
        places: tuple[Key, ...] = (("own", f"{key}-price"), ("own", f"{key}-quantity"))
        product = money.round_half_up(quantity * price)
        rest = None
        if row.Index == own.index[-1] and len(suppliers) == len(own) and actual > together and paid:
            rest = Figure(("own", f"{key}-rest"), actual - together, "yuan", basis=plain(project))
        found.append(
            Settled(
                said(("own", f"{key}-name"), plain(row.name), basis),
                Figure(places[0], price, "yuan", basis=basis),
                said(("own", f"{key}-measure"), plain(row.measure)) or say("measure"),
                Figure(places[1], quantity.normalize(), "count", basis=basis),
                Figure(("own", f"{key}-total"), product, "yuan", formula="ROUND({0}*{1},2)", parts=places),
                paid,
                rest,
            )
        )
    return tuple(found)

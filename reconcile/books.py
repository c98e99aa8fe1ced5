"""Which set of books an entry is of: the office that a table or a row names, and the voucher that its lines share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from reconcile import codes, wide
from reconcile.groups import Groups
from reconcile.read import rows
from reconcile.read.columns import Texts
from reconcile.read.office import office
from reconcile.read.table import Table


def offices(table: Table, keep: rows.Mask) -> Texts:
    """The office of every row of `keep`: by its own cell, else by the table's titles."""
    titled = office(table)
    own = table.raw("office")
    if own is None:
        return Texts.same(titled, int(keep.sum()))
    return Texts.made(own[keep], lambda v: codes.split_code(v)[1] or codes.clean_code(v) or titled)


def voucher_ids(entries: pd.DataFrame, sizes: Sequence[int], goes_on: Sequence[bool]) -> np.ndarray:
    """An integer a voucher: entries of one table, office, month and number share it (numbers restart every month, and
    in an adjusting period).

    sizes: how many of the entries, in order, are of each table.  goes_on: which tables share the rows of the one before.
    """
    month = entries["date"].to_numpy(dtype="datetime64[M]").astype(np.int64)
    table = np.repeat(np.cumsum(~np.asarray(goes_on, dtype=bool)), list(sizes))
    of_table = (wide.codes(entries, name) for name in ("office", "period", "voucher"))
    return Groups.by(table, month, *of_table).of

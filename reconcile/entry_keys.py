"""Keys by which an entry is known again in a later run, when its file has grown and its row has moved."""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile.read.columns import Texts

TEXTS = ("voucher", "memo", "account_code", "economic_code", "payee", "document", "office")
MONEY = ("debit", "credit")
_STATED = ("stated_project", "project")
"""A project as the ledger writes it: before the matching it is `project`, after it `stated_project`."""
_ODD = np.uint64(0x9E3779B97F4A7C15)
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
Hashes = npt.NDArray[np.uint64]


def entry_keys(entries: pd.DataFrame, rows: npt.NDArray[np.int64] | None = None) -> pd.Series:
    """One key an entry, `E` and 16 hexadecimal digits, on the index of `entries`; only of `rows`, by position, where
    they are given.

    entries: of a ledger or of a result, money in 分 (`Ledger.fen`, `TieOut.entries`).  The key is of what the entry
    says: date, voucher, memo, account, item, payee, document, office, project as the ledger writes it, debit and
    credit; and, among entries that say the same, of their turn.  File, sheet and row do not enter it.
    """
    stated = next(name for name in _STATED if name in entries)
    found = np.zeros(len(entries), dtype=np.uint64)
    dates = pd.to_datetime(entries["date"]).to_numpy(dtype="datetime64[D]").astype(np.int64)
    for numbers in (dates, *(entries[m].to_numpy(dtype=np.int64) for m in MONEY)):
        found = _mixed(found, numbers.astype(np.uint64))
    if rows is not None:
        alike = np.flatnonzero(np.isin(found, found[rows]))
        if len(alike) < len(entries):
            return entry_keys(entries.iloc[alike]).iloc[np.searchsorted(alike, rows)]
    for name in (*TEXTS, stated):
        found = _mixed(found, _texts(entries[name]))
    found = _mixed(found, _texts(entries["account"], leaf=True))
    turn = pd.Series(found).groupby(found, sort=False).cumcount().to_numpy(dtype=np.uint64)
    digits = _mixed(found, turn).astype(">u8").tobytes().hex().encode()
    keys = pd.Series(np.frombuffer(digits, dtype="S16").astype("U16"), dtype="str")
    made = pd.Series(("E" + keys).to_numpy(), index=entries.index, dtype="str", name="entry_key")
    return made if rows is None else made.iloc[rows]


def _texts(values: pd.Series, leaf: bool = False) -> Hashes:
    """A hash of each text, worked out once for each that is distinct; missing is ''.

    leaf: of the last part of a path alone, for what stands above an account depends on what is read beside it.
    """
    texts = Texts.of(values.fillna(""))
    if leaf:
        texts = texts.map(lambda v: str(v).rsplit("/", 1)[-1])
    written = (str(v).encode("utf-8", "surrogatepass") for v in texts.distinct)
    hashed = b"".join(hashlib.blake2b(v, digest_size=8).digest() for v in written)
    return np.asarray(np.frombuffer(hashed, dtype=">u8").astype(np.uint64)[texts.codes], dtype=np.uint64)


def _mixed(known: Hashes, more: Hashes) -> Hashes:
    """Both in one, in order: a finaliser of 64 bits over their sum, modulo 2⁶⁴."""
    with np.errstate(over="ignore"):
        out = known * _ODD + more + _ODD
        for shift, factor in zip((30, 27), _MIX, strict=True):
            out = (out ^ (out >> np.uint64(shift))) * factor
        return np.asarray(out ^ (out >> np.uint64(31)), dtype=np.uint64)

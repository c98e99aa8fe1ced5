"""An entry is known again when its file has grown, its row has moved, or it was matched otherwise."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd

import reconcile as rc
from reconcile.entry_keys import entry_keys
from tests.small import budget, journal, pay

ONE, OTHER = pay("2020-01-05", "记-1", "印章", 100), pay("2020-01-06", "记-2", "印章", 200)
PLAN = budget(("项目支出", "印章", 1_000_000))


def keys(*rows: list[object]) -> list[str]:
    return entry_keys(journal(*rows).fen).tolist()


def test_a_key_moves_with_its_row() -> None:
    early, late = keys(*ONE, *OTHER), keys(*OTHER, *pay("2020-02-01", "记-1", "印章", 300), *ONE)
    assert late[: len(OTHER)] == early[len(ONE) :]
    assert late[-len(ONE) :] == early[: len(ONE)]
    assert len(set(late)) == len(late)
    assert all(len(k) == 17 and k[0] == "E" for k in late)


def test_what_an_entry_says_tells_it_from_others() -> None:
    changed = [
        pay("2020-01-07", "记-1", "印章", 100),
        pay("2020-01-05", "记-9", "印章", 100),
        pay("2020-01-05", "记-1", "法律", 100),
        pay("2020-01-05", "记-1", "印章", "100.01"),
    ]
    found = [keys(*ONE)[0], *(keys(*rows)[0] for rows in changed)]
    assert len(set(found)) == len(found)


def test_entries_that_say_the_same_are_told_apart_by_their_turn() -> None:
    once, thrice = keys(*ONE), keys(*ONE, *OTHER, *ONE, *ONE)
    assert len(set(thrice)) == len(thrice)
    assert thrice[: len(ONE)] == once


def test_the_result_has_the_keys_of_the_ledger() -> None:
    ledger = journal(*ONE, *ONE, *OTHER)
    spending = ledger.fen[ledger.fen["role"] == "spending"]
    result = rc.reconcile(PLAN, ledger)
    assert entry_keys(result.tie.entries).tolist() == entry_keys(ledger.fen)[spending.index].tolist()
    renamed = rc.reconcile(PLAN, ledger, aliases={"印章": "印章"})
    assert entry_keys(renamed.tie.entries).tolist() == entry_keys(result.tie.entries).tolist()


def test_keys_of_some_rows_are_those_among_all() -> None:
    fen = journal(*ONE, *OTHER, *ONE, *ONE, *pay("2020-01-05", "记-9", "印章", 100)).fen
    every = entry_keys(fen)
    for rows in ([len(fen) - 1], [len(ONE), 0], list(range(0, len(fen), 2)), []):
        picked = entry_keys(fen, np.array(rows, dtype=np.int64))
        assert picked.tolist() == every.iloc[rows].tolist()
        assert picked.index.tolist() == every.index[rows].tolist()


def test_no_entries_have_no_keys() -> None:
    assert entry_keys(journal(*ONE).fen.iloc[:0]).tolist() == []


def test_keys_are_the_same_on_every_machine() -> None:
    assert keys(*ONE)[:1] == ["E7ea4301949f3c054"]


def test_a_million_entries_take_seconds() -> None:
    one = journal(*ONE).fen
    many = one.loc[one.index.repeat(1_000_000 // len(one))].reset_index(drop=True)
    many["memo"] = pd.Series(np.arange(len(many)) % 200_000).astype(str)
    began = time.perf_counter()
    assert entry_keys(many).is_unique
    assert time.perf_counter() - began < 20

"""What each row of a table is.  Vectorised: only rows that could be something other than data are looked at."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile.money import Cell, MoneyColumn
from reconcile.read import sums, words
from reconcile.read.columns import mapped
from reconcile.read.compact import Coded, Parted
from reconcile.read.header import Header
from reconcile.read.workbook import Cells, ErrorCell, Uncalculated

Roles = npt.NDArray[np.object_]
Mask = npt.NDArray[np.bool_]

DATA, SUBTOTAL, TOTAL, OPENING, PERIOD, CARRIED = "data", "subtotal", "total", "opening", "period", "carried"
HEADER, NUMBERING, TITLE, FOOTER, BLANK, REFUSED = ("header", "numbering", "title", "footer", "blank", "refused")
REPEATED, PASSED = "repeated", "passed"
ALL = (
    DATA,
    REPEATED,
    PASSED,
    SUBTOTAL,
    TOTAL,
    OPENING,
    PERIOD,
    CARRIED,
    HEADER,
    NUMBERING,
    TITLE,
    FOOTER,
    BLANK,
    REFUSED,
)

_KEYS = ("date", "year", "month", "day", "voucher", "account_code", "account")
_LABELS = (
    "voucher",
    "date",
    "memo",
    "label",
    "account_code",
    "account",
    "category",
    "project_code",
    "project",
    "code",
    "economic_code",
    "economic",
    "payee",
    "name",
    "number",
    "functional_code",
    "functional",
    "government_economic",
)


_PARTIES = ("supplier", "signed", "start", "end", "name", "number")
_SUBJECTS = ("project", "project_code", "payee", "economic", "economic_code", "category")
_SUMS = (TOTAL, SUBTOTAL, PERIOD, CARRIED)


def blank_mask(values: Cells) -> Mask:
    """True where a text cell is empty, or spaces only; each distinct cell is looked at once."""
    if isinstance(values, Coded):
        return values.blank
    if isinstance(values, Parted):
        return np.asarray(mapped(values, lambda v: not _says(v)), dtype=bool)
    codes, distinct = pd.factorize(values)
    empty = [i for i, v in enumerate(distinct) if not _says(v)]
    return np.isin(codes, [-1, *empty])


def _says(value: object) -> bool:
    return value is not None and value != "" and not (isinstance(value, str) and value.isspace())


def filled_rows(body: Cells) -> Mask:
    """True on rows where some cell says something; only rows that are blank so far are looked at again."""
    filled = np.zeros(len(body), dtype=bool)
    blank = np.arange(len(body))
    for column in body.T:
        says = ~blank_mask(column if len(blank) == len(body) else column[blank])
        filled[blank[says]] = True
        blank = blank[~says]
    return filled


def has_number(money: Mapping[str, MoneyColumn], n: int) -> Mask:
    """True on rows with at least one readable amount."""
    mask = np.zeros(n, dtype=bool)
    for column in money.values():
        mask |= (column.state == Cell.NUMBER) | (column.state == Cell.SUB_FEN)
    return mask


def unreadable(money: Mapping[str, MoneyColumn], fields: tuple[str, ...], n: int) -> Mask:
    """True on rows where one of the money `fields` is there but no amount."""
    mask = np.zeros(n, dtype=bool)
    for name in fields:
        if name in money:
            mask |= money[name].state == Cell.UNREADABLE
    return mask


def roles(
    body: Cells,
    header: Header,
    money: Mapping[str, MoneyColumn],
    required: tuple[str, ...],
    under_headings: set[int] = frozenset(),  # type: ignore[assignment]
) -> Roles:
    """The role of every row below a header; none of them is blank.

    `required` names the money fields without which a row says nothing; a row where one of them cannot be read
    is `refused`.  `under_headings` are looked at though they look complete: numbering rows stand there.  Sections and subtotals told by structure alone are left to the outline of a budget.
    """
    n = len(body)
    looked_at = np.zeros(n, dtype=bool)
    looked_at[[i for i in under_headings if 0 <= i < n]] = True
    found: Roles = np.full(n, DATA, dtype=object)
    numbers = has_number(money, n)
    odd = unreadable(money, tuple(money), n)
    bad = unreadable(money, required, n)
    filled = {f: ~blank_mask(body[:, c.position]) for f, c in header.columns.items() if f in _KEYS}
    accounts = [filled[f] for f in ("account_code", "account") if f in filled]
    booked = np.logical_or.reduce(accounts) if accounts else np.zeros(n, dtype=bool)
    booked |= _names_a_contract(body, header)
    keys = [filled[f] for f in _KEYS if f in filled]
    complete = np.logical_and.reduce(keys) if len(keys) >= 2 else np.zeros(n, dtype=bool)
    in_ledger = bool(required)
    labels = [f for f in _LABELS if f in header.columns]
    texts = {f: body[:, header.columns[f].position] for f in labels}
    places = {c.position for f, c in header.columns.items() if f not in labels and f not in money} | set(header.unknown)
    running = bool({"debit", "credit", "balance"} & set(money))
    headings = {words.normalise(c.header.rpartition("/")[2]) for c in header.columns.values()}
    memory: dict[str, str] = {}
    loose: list[int] = []
    money_places = {header.columns[f].position for f in money}
    if not {"account", "account_code"} & set(header.columns):
        complete &= numbers  # where no account says what a line is, its amount does
    for i in np.flatnonzero(~complete | bad | looked_at):
        row = {f: texts[f][i] for f in labels}
        entry = in_ledger and numbers[i] and not bad[i] and _keyed(body[i], header, running)
        if entry and not (looked_at[i] and is_numbering(body[i], money_places)):
            continue
        beside = [body[i, p] for p in places if p < body.shape[1]]
        if looked_at[i] and is_numbering(body[i], money_places):
            found[i] = NUMBERING
            continue
        found[i] = _role(
            body[i], row, beside, bool(numbers[i]), bool(odd[i] or booked[i]), bool(bad[i]), in_ledger, headings, memory
        )
        if numbers[i] and found[i] == DATA:
            loose.append(int(i))
    suspects = sums.candidates(body, header, money, loose) if in_ledger else {}
    for index, whole in sums.told_by_amount(found == DATA, money, suspects).items():
        found[index] = TOTAL if whole else SUBTOTAL
    data = np.flatnonzero((found == DATA) | (found == SUBTOTAL) | (found == TOTAL) | (found == REFUSED))
    last = data[-1] if len(data) else -1
    found[(found == TITLE) & (np.arange(n) > last)] = FOOTER
    return found


def _names_a_contract(body: Cells, header: Header) -> Mask:
    """Rows of a register of contracts with two of name, number, supplier and dates: a contract, amount or none."""
    there = [f for f in _PARTIES if f in header.columns]
    if not {"supplier", "signed", "end"} & set(there):
        return np.zeros(len(body), dtype=bool)
    filled = [~blank_mask(body[:, header.columns[f].position]) for f in there]
    return np.asarray(np.sum(filled, axis=0) >= 2, dtype=bool)


def _keyed(cells: Cells, header: Header, running: bool) -> bool:
    """Whether a row with an amount names its voucher (or, in a table without vouchers, its date): an entry, whatever
    words its memo uses.  A running ledger without vouchers dates its 本月合计 rows too."""
    name = next((f for f in ("voucher", "date") if f in header.columns), "")
    value = cells[header.columns[name].position] if name else None
    if value is None or value == "" or (isinstance(value, str) and (not value.strip() or words.row_role(value))):
        return False
    memo = cells[header.columns["memo"].position] if name == "date" and "memo" in header.columns else None
    if not isinstance(memo, str):
        return True
    role = words.row_role(memo)
    return role not in (PERIOD, CARRIED, OPENING) or not (running or words.names_a_period(memo))


def _role(
    cells: Cells,
    labels: Mapping[str, object],
    beside: list[object],
    number: bool,
    odd: bool,
    bad: bool,
    ledger: bool,
    headings: set[str],
    memory: dict[str, str],
) -> str:
    filled = [v for v in cells if not (v is None or v == "" or (isinstance(v, str) and v.isspace()))]
    texts = [words.normalise(v) for v in filled if isinstance(v, str)]
    if len(texts) == len(filled) and sum(t in headings for t in texts) >= max(2, len(texts) - 1):
        return HEADER
    for name, label in labels.items():
        if isinstance(label, str) and label and (role := _named(label, memory)):
            if ledger and name in _SUBJECTS and role not in _SUMS:
                continue
            if number and not ledger and role == OPENING:
                break  # in a budget 上年结转 with an amount is a line
            return role
    for label in beside:
        if isinstance(label, str) and label and (role := _named(label, memory)) in _SUMS:
            return role
    first = next((v for v in filled if isinstance(v, str)), "")
    if not number and words.is_footer(first):
        return FOOTER
    if bad:
        return REFUSED
    return DATA if number or odd else TITLE


def _named(label: str, memory: dict[str, str]) -> str:
    if label not in memory:
        memory[label] = words.row_role(label)
    return memory[label]


_LEADS = ("栏次", "行次", "甲", "乙", "丙")
_PLACE = re.compile(r"\(?([0-9]{1,3}|[a-z])\)?(?:=.*)?")


def is_numbering(cells: Cells, money: set[int]) -> bool:
    """A 栏次 row under the headings: 1 2 3, A B C, 1 2 3=1+2, perhaps led by 栏次 or by 甲.

    money: the positions of the columns of money; a row that fills one of them with no number in turn is none.
    """
    filled = [
        (p, v) for p, v in enumerate(cells) if not (v is None or v == "" or (isinstance(v, str) and not v.strip()))
    ]
    filled = [(p, v) for p, v in filled if not (isinstance(v, str) and words.normalise(v) in _LEADS)]
    if len(filled) < 2 or not money & {p for p, _ in filled}:
        return False
    numbers = []
    for _, value in filled:
        if isinstance(value, ErrorCell | Uncalculated | bool) or not isinstance(value, str | int | float):
            return False
        text = unicodedata.normalize(
            "NFKC", str(int(value) if isinstance(value, float) and value.is_integer() else value)
        )
        found = _PLACE.fullmatch(text.strip().lower())
        if not found:
            return False
        numbers.append(int(found[1]) if found[1].isdigit() else ord(found[1]) - ord("a") + 1)
    return numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] in (1, 2)

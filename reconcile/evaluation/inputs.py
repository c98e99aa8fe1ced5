"""The input sheet: what the books cannot give, and the scores that a person gives."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from reconcile import money, wording
from reconcile.evaluation.figure import MONEY, by_word, kinds
from reconcile.finding import LoadError, Origin
from reconcile.nearest import Names
from reconcile.read import units
from reconcile.read.sheet import ErrorCell, Sheet, Uncalculated
from reconcile.read.words import normalise, without_ordinal
from reconcile.read.workbook import Book, open_book, sources

NAME, UNIT, VALUE, SCORE = "name", "unit", "value", "score"
_SUFFIX = re.compile(r"^(.*?)\s*((?:亿|百万|万|千)?元)\s*$")
MISSING = ("取数不足", "待补", "【待补】", "未提供", "不详")


@dataclass(frozen=True)
class Input:
    """One value that was given: 分 of money, exact otherwise."""

    value: Fraction
    origin: Origin


@dataclass(frozen=True)
class Inputs:
    """Values by the key of their figure, scores by the normalised name of their indicator."""

    values: Mapping[str, Input] = field(default_factory=lambda: MappingProxyType({}))
    scores: Mapping[str, Input] = field(default_factory=lambda: MappingProxyType({}))
    books: tuple[Book, ...] = field(default=(), repr=False)


def load_inputs(source: object) -> Inputs:
    """Read the input sheet, a list of them, a DataFrame with its columns, or {name: value}.

    Names are those of data/figures.toml.  In a mapping money is in yuan, or a text with its unit (`"63.46万元"`).  A
    blank value, `-` or 取数不足 is none; 0 is nought.
    Raises LoadError for a name that is no figure, a value that is no number, a figure given twice with two values,
    money without a unit, and a file without such a table.
    """
    if isinstance(source, Inputs):
        return source
    values: dict[str, Input] = {}
    scores: dict[str, Input] = {}
    if isinstance(source, Mapping):
        for name, cell in source.items():
            key = _key(str(name), Origin("<dict>"))
            _keep(values, key, _value(cell, kinds()[key].kind, "元", Origin("<dict>")), str(name), Origin("<dict>"))
        return Inputs(values)
    books = tuple(open_book(one) for one in sources(source))
    for book in books:
        tables = [t for s in book.sheets if not s.hidden and len(s.cells) for t in _tables(s)]
        if not tables:
            seen = [v for s in book.sheets for row in s.cells[:20] for v in row if isinstance(v, str) and v.strip()]
            raise LoadError(
                "no-header",
                book.file,
                kind=wording.text("kind-inputs"),
                words="、".join(seen[:12]) or "（无）",
                wanted=wording.text("wanted-inputs"),
            )
        for sheet, first, last, columns in tables:
            _read(book, sheet, (first, last), columns, values, scores)
    return Inputs(values, scores, books)


def _tables(sheet: Sheet) -> list[tuple[Sheet, int, int, dict[str, int]]]:
    """(sheet, first row, last row, columns) of every table that has a column of names and one of values or scores."""
    words = {f: frozenset(map(normalise, wording.entry("inputs", f)["words"])) for f in (NAME, UNIT, VALUE, SCORE)}
    heads = []
    for index, row in enumerate(sheet.cells):
        columns: dict[str, int] = {}
        for position, cell in enumerate(row):
            text = normalise(units.of_heading(cell)[1]) if isinstance(cell, str) else ""
            for name, known in words.items():
                if text in known and name not in columns:
                    columns[name] = position
        if NAME in columns and (VALUE in columns or SCORE in columns):
            heads.append((index, columns))
    ends = [i for i, _ in heads[1:]] + [len(sheet.cells)]
    return [(sheet, i, end, columns) for (i, columns), end in zip(heads, ends, strict=False)]


def _read(
    book: Book,
    sheet: Sheet,
    span: tuple[int, int],
    columns: Mapping[str, int],
    values: dict[str, Input],
    scores: dict[str, Input],
) -> None:
    head, last = span
    given = VALUE if VALUE in columns else SCORE
    position = columns[given]
    heading = sheet.cells[head, position]
    stated = units.of_heading(heading)[0] or next(
        (u for row in sheet.cells[:head] for v in row if isinstance(v, str) and (u := units.stated(v))), ""
    )
    for row in range(head + 1, last):
        name, cell = sheet.cells[row, columns[NAME]], sheet.cells[row, position]
        if not isinstance(name, str) or not name.strip() or _absent(cell):
            continue
        origin = Origin(book.file, sheet.name, row + 1, position + 1)
        if given == SCORE:
            _keep(scores, normalise(without_ordinal(name)), _value(cell, "score", "", origin), name, origin)
            continue
        key = _key(name, origin)
        shown = sheet.cells[row, columns[UNIT]] if UNIT in columns else None
        unit = (units.named(shown) if isinstance(shown, str) else "") or stated
        _keep(values, key, _value(cell, kinds()[key].kind, unit, origin), name, origin)


def _absent(cell: object) -> bool:
    return money.is_blank(cell) or (isinstance(cell, str) and cell.strip() in MISSING)


def _key(name: str, origin: Origin) -> str:
    known = by_word()
    key = known.get(normalise(name)) or known.get(normalise(without_ordinal(name)))
    if key is None:
        near = [o.name for o in Names(k.zh for k in kinds().values()).offers(name)[:3]]
        raise LoadError("unknown-input", origin, name=name, near="、".join(near))
    return key


def _value(cell: object, kind: str, unit: str, origin: Origin) -> Fraction | None:
    """The exact value of a cell, money in 分; None where there is none."""
    if _absent(cell):
        return None
    if (
        isinstance(cell, str)
        and kind == MONEY
        and (found := _SUFFIX.match(unicodedata.normalize("NFKC", cell).strip()))
    ):
        cell, unit = found[1], found[2]
    if isinstance(cell, str) and kind != MONEY:
        cell = re.sub(r"(?:人|个|名|项|平方米|㎡|m2|分)$", "", unicodedata.normalize("NFKC", cell).strip())
    number = None if isinstance(cell, ErrorCell | Uncalculated) else money.parse_cell(cell)
    if number is None or (number.is_signed() and number and kind != MONEY):
        raise LoadError("bad-input", origin, value=str(cell)[:60])
    if kind != MONEY:
        return Fraction(number)
    if unit not in money.UNITS:
        raise LoadError("input-unit", origin, value=str(cell)[:60])
    exact = number * money.UNITS[unit] * money.FEN_PER_YUAN
    if abs(exact) >= money.LIMIT_FEN:
        raise LoadError("bad-input", origin, value=str(cell)[:60])
    return Fraction(money.to_fen(Decimal(number), money.UNITS[unit]))


def _keep(found: dict[str, Input], key: str, value: Fraction | None, name: str, origin: Origin) -> None:
    if value is None:
        return
    if key in found and found[key].value != value:
        raise LoadError("input-twice", origin, name=name, other=str(found[key].origin))
    found.setdefault(key, Input(value, origin))

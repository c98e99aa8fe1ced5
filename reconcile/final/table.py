"""One table of the public final accounts: its lines and amounts, each with its cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from reconcile.final.form import Form, plain, words
from reconcile.finding import Origin
from reconcile.read.words import ordinal_style

NUMBER, BLANK, UNREADABLE = "number", "blank", "unreadable"


@dataclass(frozen=True)
class Amount:
    """A cell of money.  fen: 分, None where it is blank or unreadable; unit: 分 that its last printed digit stands for."""

    fen: int | None
    state: str
    origin: Origin
    unit: int = 1


@dataclass(frozen=True)
class Line:
    """One line.  side: `income`, `spending`, or `nature` (spending again, by its nature) in the forms of halves, '' elsewhere.  label: as written.

    key: what its label is among the form's labels, '' for an item.
    """

    side: str
    code: str
    label: str
    key: str
    row: int
    amounts: Mapping[str, Amount]

    @property
    def name(self) -> str:
        """Code and label, as a message names the line."""
        return f"{self.code} {self.label.strip()}".strip()

    @property
    def is_part(self) -> bool:
        """Whether the line only says what is in another: 其中."""
        return plain(self.label) != "" and self.label.lstrip().startswith(("其中", "#其中", "of which"))

    @property
    def is_total(self) -> bool:
        return not self.code and plain(self.label) in words("total")


@dataclass(frozen=True)
class FinalTable:
    """A table as it was found.  unit: as it states, '' where it states none and 元 was taken; notes: texts above and below it."""

    form: Form
    file: str
    sheet: str
    unit: str
    header_rows: tuple[int, ...]
    fields: tuple[str, ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()
    path: str = field(default="", repr=False)

    @property
    def place(self) -> Origin:
        return Origin(self.file, self.sheet)

    @property
    def amounts(self) -> Iterator[Amount]:
        return (a for line in self.lines for a in line.amounts.values())

    @property
    def has_data(self) -> bool:
        """Whether any cell holds an amount other than 0."""
        return any(a.fen or a.state == UNREADABLE for a in self.amounts)

    def labelled(self, key: str, side: str = "") -> Line | None:
        """The line of a label, the last where the form repeats it."""
        found = [line for line in self.lines if line.key == key and (not side or line.side == side)]
        return found[-1] if found else None

    def total(self) -> Line | None:
        """The line 合计 of a form by code."""
        found = [line for line in self.lines if line.is_total]
        return found[0] if found else None

    def coded(self) -> dict[str, list[Line]]:
        """Lines by code."""
        found: dict[str, list[Line]] = {}
        for line in self.lines:
            if line.code:
                found.setdefault(line.code, []).append(line)
        return found

    def items(self, side: str, before: Line) -> list[Line]:
        """The items of a half above its total: those with 一、二、 where the form numbers them, never a 其中."""
        above = [x for x in self.lines if x.side == side and x.row < before.row and not x.key and not x.is_part]
        numbered = [x for x in above if ordinal_style(x.label) == "cn"]
        return numbered or above


EMPTY: Mapping[str, Amount] = MappingProxyType({})

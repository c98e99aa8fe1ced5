"""How tables are laid out where a person says so: sheets, unit, version and columns, for all files, one file or one
sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Layout:
    """What overrules detection; an empty value leaves it to detection.

    sheet: the sheets to read, hidden ones too.  unit: of money.  version: of a budget, where several stand there.
    columns: {field: header or column letter}.  files, sheets: layouts of single files and sheets by name, which stand
    over what is said for all.
    """

    sheet: tuple[str, ...] = ()
    unit: str = ""
    version: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Layout] = field(default_factory=dict)
    sheets: Mapping[str, Layout] = field(default_factory=dict)

    def over(self, other: Layout) -> Layout:
        """This layout where it says something, else `other`."""
        return Layout(
            self.sheet or other.sheet,
            self.unit or other.unit,
            self.version or other.version,
            {**other.columns, **self.columns},
            self.files or other.files,
            {**other.sheets, **self.sheets},
        )

    def everywhere(self, layout: Layout) -> Layout:
        """This layout over all that `layout` says, of single files and sheets too: what a call says stands over all."""
        return replace(
            self.over(layout),
            files={name: self.everywhere(own) for name, own in layout.files.items()},
            sheets={name: self.everywhere(own) for name, own in layout.sheets.items()},
        )

    def of_file(self, file: str) -> Layout:
        """The layout of one file, by its name or by folder and name."""
        own = self.files.get(file) or self.files.get(file.rpartition("/")[2])
        common = replace(self, files={})
        return own.over(common) if own else common

    def of_sheet(self, sheet: str) -> Layout:
        own = self.sheets.get(sheet)
        common = replace(self, sheets={})
        return own.over(common) if own else common


@dataclass(frozen=True)
class Layouts:
    """The layouts of budgets, ledgers and contract registers."""

    budget: Layout = field(default_factory=Layout)
    ledger: Layout = field(default_factory=Layout)
    contracts: Layout = field(default_factory=Layout)


def given(
    sheet: str | Sequence[str] | None, unit: str | None, columns: Mapping[str, str] | None, version: str | None = None
) -> Layout:
    """The layout that a call's own arguments say."""
    sheets = () if sheet is None else (sheet,) if isinstance(sheet, str) else tuple(sheet)
    return Layout(sheets, unit or "", version or "", columns or {})

"""What the sheets of one .xlsx package share: its strings, its styles, and from when days are counted."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from functools import cached_property

import numpy as np
import numpy.typing as npt

from reconcile.read import ooxml, serials
from reconcile.read.elements import Elements, frame
from reconcile.read.nested import Node, walk
from reconcile.read.sheet import ReadError
from reconcile.read.threads import in_threads
from reconcile.read.tokens import Grammar, Kind, OddError, check_text_tags, texts, tokens

_STRINGS = Grammar(
    {
        "si": Kind(b"si", ("t",)),
        "t": Kind(b"t", ("/t",), attributes=True, text=True),
        "/t": Kind(b"/t", ("/si",)),
        "/si": Kind(b"/si", ("si",)),
    },
    first=("si",),
    last=("/si",),
)
_ASIDE = frozenset(["extLst"])


class Shared:
    """What the sheets of one workbook share: its strings and its styles."""

    def __init__(self, package: zipfile.ZipFile, book: str) -> None:
        self.package, self.book = package, book
        self.relations = ooxml.relations(package, book)

    def _part(self, kind: str) -> str:
        """The part of a kind; '' where the workbook refers to none."""
        found = next((r for r in self.relations.values() if r.kind == kind), None)
        if found and not found.part:
            raise ReadError("not-a-workbook", f"no {kind}")
        return found.part if found else ""

    @cached_property
    def strings(self) -> npt.NDArray[np.object_]:
        """The shared strings in their order."""
        part = self._part("sharedStrings")
        if not part:
            return np.empty(0, dtype=object)
        try:
            return _plain_strings(self.package, part)
        except OddError:
            return _any_strings(self.package, part)

    @cached_property
    def _formats(self) -> tuple[list[str], dict[str, str]]:
        """The number of every style's format, and the formats that the workbook has of its own, by number."""
        part = self._part("styles")
        formats: dict[str, str] = {}
        styles: list[str] = []
        for element in ooxml.xml(self.package, part, "styleSheet").iter() if part else ():
            kind = element.tag.rpartition("}")[2]
            if kind == "numFmt":
                formats[element.get("numFmtId", "")] = element.get("formatCode", "")
            elif kind == "cellXfs":
                styles = [style.get("numFmtId", "") for style in element]
        return styles, formats

    @cached_property
    def styles(self) -> tuple[dict[int, bool | None], dict[int, str]]:
        """Styles that show dates (True) or lengths of time (None), and those that print a unit of money."""
        styles, formats = self._formats
        units = {i: formats[f] for i, f in enumerate(styles) if "元" in formats.get(f, "")}
        return serials.dated_styles(styles, formats), units

    def has_style(self, style: int) -> bool:
        """Whether there is such a style; a workbook that lists none leaves them open."""
        return style < len(self._formats[0]) or not self._formats[0]

    @cached_property
    def from_1904(self) -> bool:
        """Whether days are counted from 1904."""
        book = ooxml.xml(self.package, self.book, "workbook")
        properties = (e for e in book.iter() if e.tag.endswith("}workbookPr"))
        return any(e.get("date1904", "0") in ("1", "true") for e in properties)


def _plain_strings(package: zipfile.ZipFile, part: str) -> npt.NDArray[np.object_]:
    found = [np.empty(0, dtype=object)]
    with package.open(part) as stream:
        elements = Elements(stream, b"<sst", b"</si>", b"</sst>")
        found += in_threads(_plain_texts, elements)
    frame(elements, "sst", b"</sst>")
    return np.concatenate(found)


def _plain_texts(chunk: bytes) -> npt.NDArray[np.object_]:
    tags = tokens(chunk, _STRINGS)
    at = np.flatnonzero(tags.kind == _STRINGS.number["t"])
    check_text_tags(tags, at)
    return texts(tags, *tags.text_after(at))


def _any_strings(package: zipfile.ZipFile, part: str) -> npt.NDArray[np.object_]:
    """Strings in any well-formed XML, of one run or of several."""
    found: list[str] = []
    pieces: list[str] = []

    def end(_: str) -> None:
        found.append(ooxml.unescaped("".join(pieces)))
        pieces.clear()

    item = string_node(pieces.append)
    with package.open(part) as stream:
        walk(stream, part, "sst", Node({"si": Node(item.children, end=end, aside=item.aside)}, aside=_ASIDE))
    out = np.empty(len(found), dtype=object)
    out[:] = found
    return out


def string_node(write: Callable[[str], object]) -> Node:
    """A string's runs, which are written one after the other; its phonetic readings are left out."""
    text = Node(end=write, text=True)
    run = Node({"t": text}, aside=frozenset(["rPr"]))
    return Node({"t": text, "r": run}, aside=frozenset(["rPh", "phoneticPr", "extLst"]))

"""What the sheets of one .xlsx package share: its strings, its styles, and from when days are counted."""

from __future__ import annotations

import zipfile
from functools import cached_property
from xml.etree import ElementTree

import numpy as np
import numpy.typing as npt

from reconcile.read import ooxml, serials
from reconcile.read.elements import Elements
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


class Shared:
    """What the sheets of one workbook share: its strings and its styles."""

    def __init__(self, package: zipfile.ZipFile, book: str) -> None:
        self.package, self.book = package, book
        self.parts = ooxml.targets(package, book)

    @cached_property
    def strings(self) -> npt.NDArray[np.object_]:
        """The shared strings in their order.  Raises OddError where they are not plainly written."""
        part = next((p for p in self.parts.values() if p.lower().endswith("sharedstrings.xml")), "")
        if not part:
            return np.empty(0, dtype=object)
        try:
            return _plain_strings(self.package, part)
        except OddError:
            return _rich_strings(ooxml.xml(self.package, part))

    @cached_property
    def styles(self) -> tuple[dict[int, bool | None], dict[int, str]]:
        """Styles that show dates (True) or lengths of time (None), and those that print a unit of money."""
        part = next((p for p in self.parts.values() if p.lower().endswith("styles.xml")), "")
        if not part:
            return {}, {}
        formats, styles = {}, []
        for element in ooxml.xml(self.package, part).iter():
            kind = element.tag.rpartition("}")[2]
            if kind == "numFmt":
                formats[element.get("numFmtId", "")] = element.get("formatCode", "")
            elif kind == "cellXfs":
                styles = [style.get("numFmtId", "") for style in element]
        units = {i: formats[f] for i, f in enumerate(styles) if "元" in formats.get(f, "")}
        return serials.dated_styles(styles, formats), units

    @cached_property
    def from_1904(self) -> bool:
        """Whether days are counted from 1904."""
        properties = (e for e in ooxml.xml(self.package, self.book).iter() if e.tag.endswith("}workbookPr"))
        return any(e.get("date1904", "0") in ("1", "true") for e in properties)


def _plain_strings(package: zipfile.ZipFile, part: str) -> npt.NDArray[np.object_]:
    found = [np.empty(0, dtype=object)]
    with package.open(part) as stream:
        elements = Elements(stream, b"<sst", b"</si>", b"</sst>")
        for chunk in elements:
            tags = tokens(chunk, _STRINGS)
            at = np.flatnonzero(tags.kind == _STRINGS.number["t"])
            check_text_tags(tags, at)
            found.append(texts(tags, *tags.text_after(at)))
    if elements.after.strip():
        raise OddError("tail")
    return np.concatenate(found)


def _rich_strings(root: ElementTree.Element) -> npt.NDArray[np.object_]:
    """Strings of several runs, their phonetic readings left out."""
    found = []
    for item in root:
        name = root.tag.removesuffix("sst")
        runs = [
            t for e in item for t in ([e] if e.tag == f"{name}t" else e.iter(f"{name}t") if e.tag == f"{name}r" else [])
        ]
        if item.tag != f"{name}si" or any(len(t) for t in runs):
            raise OddError("string")
        found.append("".join(t.text or "" for t in runs))
        if "_x" in found[-1]:
            raise OddError("escape")
    out = np.empty(len(found), dtype=object)
    out[:] = found
    return out

"""A Word document's text, read safely: paragraphs and table cells of its main part, and where each run of text lies."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from reconcile.read.ooxml import check_package, xml
from reconcile.read.sheet import ReadError

USUAL = "word/document.xml"
MAX_XML = 256 << 20
MAX_CHARACTERS = 20_000_000
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLDER = "有打开密码，或是旧的 .doc / a password, or an old .doc"
_SPACES = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_SKIPPED = frozenset(["del", "moveFrom", "instrText", "delText", "Fallback", "txbxContent", "footnote"])


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a paragraph: the offsets of its text there, and the bytes that its element takes in the part."""

    start: int
    end: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph.  `number` counts the body's own paragraphs from 1; a table's cells carry the number before them.

    `cell` is (table, row, column), 1-based, or None.  Deleted text and text boxes are not part of it.
    """

    text: str
    number: int
    cell: tuple[int, int, int] | None
    runs: tuple[Run, ...]


def blocks(source: Path | BinaryIO) -> list[Block]:
    """The paragraphs of a .docx in their order.  Raises ReadError where it is none, or too large to be one."""
    try:
        with zipfile.ZipFile(source) as package:
            check_package(package)
            return list(read_part(main_part(package)))
    except (zipfile.BadZipFile, EOFError, NotImplementedError, zlib.error, RuntimeError) as problem:
        raise ReadError("not-a-report", _OLDER if _is_compound(source) else str(problem) or "ZIP") from None


def _is_compound(source: Path | BinaryIO) -> bool:
    """Whether a file is the container of an older or an encrypted document."""
    if not isinstance(source, Path):
        return False
    with source.open("rb") as stream:
        return stream.read(len(_COMPOUND)) == _COMPOUND


def main_name(package: zipfile.ZipFile) -> str:
    """The part that holds the text.  Raises ReadError where the package is no Word document."""
    if "_rels/.rels" in package.namelist():
        for relation in xml(package, "_rels/.rels", "Relationships"):
            if relation.get("Type", "").endswith("/officeDocument"):
                name = relation.get("Target", "").removeprefix("/").removeprefix("./")
                if name in package.namelist():
                    return name
    if USUAL not in package.namelist():
        raise ReadError("not-a-report", f"no {USUAL}")
    return USUAL


def main_part(package: zipfile.ZipFile) -> bytes:
    """The bytes of the part that holds the text."""
    name = main_name(package)
    if package.getinfo(name).file_size > MAX_XML:
        raise ReadError("too-large", name)
    with package.open(name) as stream:
        data = stream.read(MAX_XML + 1)
    if b"wordprocessingml" not in data[: 1 << 16]:
        raise ReadError("not-a-report", f"{name}: no w:document")
    return data


def read_part(data: bytes) -> Iterator[Block]:
    """Paragraphs of a document part; entities and document types are refused."""
    reader = _Reader(data)
    yield from reader.blocks


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.blocks: list[Block] = []
        self._number, self._tables, self._skip, self._characters = 0, 0, 0, 0
        self._open: list[tuple[list[str], list[Run], int]] = []
        self._where: list[list[int]] = []
        self._run: tuple[int, int] | None = None
        self._texting = False
        self._parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._characters_seen
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        try:
            parser.Parse(data, True)
        except expat.ExpatError as problem:
            raise ReadError("not-a-report", str(problem)) from None

    def _refuse(self, *_: object) -> None:
        raise ReadError("not-a-report", "DTD")

    def _name(self, tag: str) -> str:
        space, _, name = tag.rpartition(" ")
        return name if space in _SPACES or name in ("Fallback",) else ""

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = self._name(tag)
        if name in _SKIPPED or self._skip:
            self._skip += 1
            return
        if name == "tbl":
            self._tables += 1
            self._where.append([self._tables, 0, 0])
        elif name == "tr" and self._where:
            self._where[-1][1] += 1
            self._where[-1][2] = 0
        elif name == "tc" and self._where:
            self._where[-1][2] += 1
        elif name == "gridSpan" and self._where:
            value = next((v for k, v in attributes.items() if k.endswith("val")), "1")
            self._where[-1][2] += min(int(value), 200) - 1 if value.isdecimal() else 0
        elif name == "p":
            if not self._where:
                self._number += 1
            self._open.append(([], [], self._number))
        elif name == "r" and self._open:
            self._run = (self._parser.CurrentByteIndex, self._length())
        elif name == "t":
            self._texting = True
        elif self._open and self._run:
            extra = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}.get(name)
            if extra:
                self._open[-1][0].append(extra)

    def _length(self) -> int:
        return sum(map(len, self._open[-1][0])) if self._open else 0

    def _end(self, tag: str) -> None:
        if self._skip:
            self._skip -= 1
            return
        name = self._name(tag)
        if name == "t":
            self._texting = False
        elif name == "r" and self._open and self._run:
            first, start = self._run
            self._open[-1][1].append(Run(start, self._length(), first, self._parser.CurrentByteIndex))
            self._run = None
        elif name == "p" and self._open:
            texts, runs, number = self._open.pop()
            where = tuple(self._where[-1]) if self._where else None
            cell = (where[0], where[1], where[2]) if where else None
            self.blocks.append(Block("".join(texts), max(number, 1), cell, tuple(runs)))
        elif name == "tbl" and self._where:
            self._where.pop()

    def _characters_seen(self, data: str) -> None:
        if self._texting and self._open and not self._skip:
            self._characters += len(data)
            if self._characters > MAX_CHARACTERS:
                raise ReadError("too-large", f"{MAX_CHARACTERS:,}")
            self._open[-1][0].append(data)

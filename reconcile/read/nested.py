"""XML read strictly, element by element, and held against what may stand in what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import IO, NoReturn
from xml.parsers import expat

from reconcile.read.sheet import ReadError

Attributes = dict[str, str]
CHUNK = 1 << 20
MAX_UNPACKED = 2 << 30
LONGEST_TEXT = 1 << 20
LONGEST_TAG = 16 << 20


@dataclass(frozen=True)
class Node:
    """One kind of element: its children by name, and what to do at its start and at its end.

    `text` says that it holds text, which `end` is given.  Of children not named, those in `aside` are passed over
    with all that they hold and any other refuses the part; where `aside` is None all are passed over.
    """

    children: Mapping[str, Node] = field(default_factory=lambda: MappingProxyType({}))
    start: Callable[[Attributes], object] | None = None
    end: Callable[[str], object] | None = None
    text: bool = False
    aside: frozenset[str] | None = frozenset()


def walk(stream: IO[bytes], part: str, name: str, root: Node) -> None:
    """Read a part whose root element is `name`, in any namespace: elements of another one are foreign.

    Comments and instructions count for nothing, CDATA and references for the text that they stand for.  Raises
    ReadError for XML that is not well-formed, a document type, or an element or text that may not stand where it does.
    """
    walked = _Walk(part, name, root)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = walked.start, walked.end
    parser.CharacterDataHandler = walked.characters
    parser.StartDoctypeDeclHandler = walked.document_type
    read = 0
    try:
        while data := stream.read(CHUNK):
            read += len(data)
            parser.Parse(data, False)
            if read > MAX_UNPACKED or read - parser.CurrentByteIndex > LONGEST_TAG:
                raise ReadError("too-large", f"{part}: {read / 2**20:,.0f} MB")
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError) as problem:
        raise ReadError("not-a-workbook", f"{part}: {problem}") from None


class _Walk:
    def __init__(self, part: str, name: str, root: Node) -> None:
        self.part = part
        self.path = [Node({name: root})]
        self.names: dict[str, str] = {}  # as the parser gives them → without their namespace, '' where foreign
        self.namespace = ""
        self.skipped = 0  # how deep inside an element that is passed over
        self.text: list[str] | None = None
        self.size = 0

    def start(self, given: str, attributes: Attributes) -> None:
        if self.skipped:
            self.skipped += 1
            return
        name = self.names.get(given)
        if name is None:
            name = self._named(given)
        node = self.path[-1]
        child = node.children.get(name)
        if child is not None:
            self.path.append(child)
            if child.text:
                self.text, self.size = [], 0
            if child.start:
                child.start(attributes)
        elif node.aside is None or name in node.aside:
            self.skipped = 1
        else:
            self.refuse(f"<{given.rpartition(' ')[2]}>")

    def end(self, _: str) -> None:
        if self.skipped:
            self.skipped -= 1
            return
        node = self.path.pop()
        text = ""
        if node.text:
            text, self.text = "".join(self.text or ()), None
        if node.end:
            node.end(text)

    def characters(self, text: str) -> None:
        if self.skipped:
            return
        if self.text is not None:
            self.text.append(text)
            self.size += len(text)
            if self.size > LONGEST_TEXT:
                raise ReadError("too-large", f"{self.part}: {self.size:,}")
        elif not text.isspace():
            self.refuse(text[:20])

    def document_type(self, *_: object) -> None:
        self.refuse("DTD")

    def refuse(self, seen: str) -> NoReturn:
        raise ReadError("not-a-workbook", f"{self.part}: {seen}")

    def _named(self, given: str) -> str:
        namespace, _, name = given.rpartition(" ")
        if not self.names:
            self.namespace = namespace
        self.names[given] = name if namespace == self.namespace else ""
        return self.names[given]

"""The content of one large element of a package's part, a chunk of whole children at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO
from xml.etree import ElementTree

from reconcile.read.tokens import PADDING, OddError

CHUNK = 1 << 20
MAX_FRAME = 16 << 20


class Elements:
    """The content of one element of a part, in chunks that end with whole children; then what stood around it."""

    def __init__(self, stream: IO[bytes], opening: bytes, child: bytes, closing: bytes) -> None:
        self.stream, self.opening, self.child, self.closing = stream, opening, child, closing
        self.before = self.after = b""

    def __iter__(self) -> Iterator[bytes]:
        rest = self._head()
        while True:
            at = rest.rfind(self.closing)
            if at >= 0:
                self.after = rest[at + len(self.closing) :] + self._read(MAX_FRAME)
                if self._read(1):
                    raise OddError("tail")
                if at:
                    yield _with_plain_ends(rest[:at])
                return
            cut = rest.rfind(self.child) + len(self.child)
            if cut >= len(self.child):
                yield _with_plain_ends(rest[:cut])
                rest = rest[cut:]
            more = self._read(CHUNK)
            if not more or len(rest) > 2 * CHUNK:
                raise OddError("end")
            rest += more

    def _read(self, size: int) -> bytes:
        """Up to `size` bytes; fewer only at the end."""
        return self.stream.read(size)

    def _head(self) -> bytes:
        head = self._read(CHUNK)
        at = head.find(self.opening)
        end = head.find(b">", at)
        if at < 0 or end < 0 or head[end - 1 : end] == b"/" or not head.startswith((b"<?xml", b"<worksheet", b"<sst")):
            raise OddError("head")
        declared = head[:200].lower()
        if b"encoding=" in declared and b"utf-8" not in declared:
            raise OddError("encoding")
        self.before = head[: end + 1]
        return head[end + 1 :]


def _with_plain_ends(data: bytes) -> bytes:
    if b"\r" in data:
        raise OddError("line ends")
    return data + PADDING


def frame(elements: Elements, name: str, closing: bytes) -> ElementTree.Element:
    """What stood around the content, as XML without it, whose outermost element is a `name`."""
    text = elements.before + closing + elements.after
    if len(text) > MAX_FRAME or b"<!" in text or b"<?" in text.removeprefix(b"<?xml"):
        raise OddError("frame")
    try:
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError):
        raise OddError("frame") from None
    if root.tag.rpartition("}")[2] != name:
        raise OddError("frame")
    return root

"""A text file too long to be held: its encoding told block by block, its lines one by one."""

from __future__ import annotations

import codecs
import hashlib
import io
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from reconcile.read import encoding
from reconcile.read.sheet import ReadError

BLOCK = 1 << 22
HEAD = encoding.SAMPLE
TRAILING = "\x1a\0"


@dataclass(frozen=True)
class Seen:
    """A file as one codec reads it: the SHA-256 of all its bytes, how many quotes and lines there are, and the place
    of the first byte that the codec does not take (−1: it takes all; else the lines are those up to it)."""

    sha256: str
    quotes: int
    lines: int
    bad: int = -1


@dataclass(frozen=True)
class Text:
    """A file of text: where its text starts, the codec that takes every byte of it, the name of its encoding, what is
    known of it, and its first characters."""

    file: BinaryIO
    start: int
    codec: str
    encoding: str
    seen: Seen
    head: str

    def lines(self) -> Iterator[str]:
        """Its lines with their ends, but for the marks of an end of file after the last."""
        self.file.seek(self.start)
        kept: Any = _Kept(self.file)
        wrapped = io.TextIOWrapper(kept, self.codec, errors="strict", newline="")
        held: list[str] = []
        for line in wrapped:
            if held:
                yield held.pop()
            held.append(line)
        yield from (kept for line in held if (kept := line.rstrip(TRAILING)))


class _Kept(io.RawIOBase):
    """A file that stays open when its reader is done, read in blocks."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def read1(self, size: int = -1) -> bytes:
        return self._file.read(BLOCK)

    def read(self, size: int = -1) -> bytes:
        return self._file.read(BLOCK if size < 0 else size)


def text_of(file: BinaryIO) -> Text:
    """What encoding.decode tells of the bytes of a file, without holding them.

    Raises ReadError for bytes that are no text, or in no known encoding.
    """
    file.seek(0)
    sample = file.read(HEAD)
    marked = next((m for m in encoding.MARKS if sample.startswith(m[0])), None)
    if marked or b"\0" in sample:
        codec, name = marked[1:] if marked else (encoding.utf16_of(sample), encoding.utf16_of(sample))
        start = len(marked[0]) if marked else 0
        seen = _seen(file, codec, start)
        if seen.bad >= 0:
            raise ReadError("unknown-encoding", row=seen.lines)
        return _text(file, start, codec, name, seen)
    first = _seen(file, "utf-8", 0)
    if first.bad < 0:
        return _text(file, 0, "utf-8", "utf-8", first)
    file.seek(_line_start(file, first.bad))
    sample = file.read(HEAD)
    for name in encoding.likely(sample, cut=bool(file.read(1))):
        for codec in encoding.CODECS[name]:
            seen = _seen(file, codec, 0)
            if seen.bad < 0:
                return _text(file, 0, codec, name, seen)
    raise ReadError("unknown-encoding", row=first.lines)


def _text(file: BinaryIO, start: int, codec: str, name: str, seen: Seen) -> Text:
    text = Text(file, start, codec, name, seen, "")
    head, held = deque[str](), 0
    for line in text.lines():
        head.append(line)
        held += len(line)
        if held > HEAD:
            break
    return Text(file, start, codec, name, seen, encoding.checked("".join(head)))


def _seen(file: BinaryIO, codec: str, start: int) -> Seen:
    file.seek(0)
    digest = hashlib.sha256(file.read(start))
    decoder = codecs.getincrementaldecoder(codec)("strict")
    at, lines, quotes = start, 1, 0
    while True:
        block = file.read(BLOCK)
        digest.update(block)
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError as problem:
            held = len(problem.object) - len(block)
            before: Any = problem.object[: problem.start]
            lines += before.decode(codec, "ignore").count("\n")
            return Seen("", quotes, lines, max(at - held + problem.start, 0))
        if not block:
            return Seen(digest.hexdigest(), quotes, lines)
        lines += text.count("\n")
        quotes += text.count('"')
        at += len(block)


def _line_start(file: BinaryIO, place: int) -> int:
    """Where the line that holds a byte starts."""
    end = place
    while end > 0:
        start = max(end - BLOCK, 0)
        file.seek(start)
        found = file.read(end - start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0

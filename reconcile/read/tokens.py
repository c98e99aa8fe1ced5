"""The tags of a chunk of XML, in arrays, held against the one form in which spreadsheet programs write them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Index = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]
PADDING = bytes(40)
SEPARATOR = "\x01"
_KEEPING_SPACES = b'<t xml:space="preserve"'
_MASKS = np.array([(1 << 8 * n) - 1 for n in range(9)], dtype=np.uint64)
_PAIRS = (
    (np.uint64(0x0F0F0F0F0F0F0F0F), np.uint64(2561), np.uint64(8)),
    (np.uint64(0x00FF00FF00FF00FF), np.uint64(6553601), np.uint64(16)),
    (np.uint64(0x0000FFFF0000FFFF), np.uint64(42949672960001), np.uint64(32)),
)
NIBBLE = 16
"""More than the kinds of a grammar: two of them fit into a byte."""
_ZEROS, _HIGH = np.uint64(0x3030303030303030), np.uint64(0x8080808080808080)
_ABOVE_NINE = np.uint64(0x4646464646464646)


class OddError(Exception):
    """Something that the plain form does not have."""


@dataclass(frozen=True)
class Kind:
    """One kind of tag: what stands in its angle brackets, and the kinds that may follow it.

    `attributes` says that any attributes may come after the name; `text` that text may stand behind the tag.
    """

    name: bytes
    follows: tuple[str, ...]
    attributes: bool = False
    text: bool = False


class Grammar:
    """Kinds of tag by name; an empty element is a kind of its own, named with a slash at its end."""

    def __init__(self, kinds: Mapping[str, Kind], first: Sequence[str], last: Sequence[str]) -> None:
        self.number = {name: i + 1 for i, name in enumerate(kinds)}
        assert len(kinds) < NIBBLE
        self.table = np.zeros(1 << 16, dtype=np.uint8)
        length, text, follows = (bytearray(1 << 8) for _ in range(3))
        self.rest = [(0, 0, 0)] * (len(kinds) + 1)
        self.empty = np.zeros(len(kinds) + 1, dtype=np.uint8)
        self.first = np.zeros(len(kinds) + 1, dtype=bool)
        self.first[[self.number[name] for name in first]] = True
        self.last = frozenset(self.number[name] for name in last)
        for name, kind in kinds.items():
            number = self.number[name]
            for other in kind.follows:
                follows[number * NIBBLE + self.number[other]] = True
            text[number] = kind.text
            if name.endswith("/"):
                self.empty[self.number[name[:-1]]] = number
                continue
            written = kind.name + b" " if kind.attributes else kind.name + b">"
            for ending in (b" ", b">") if kind.attributes else (b">",):
                self.table[int.from_bytes((kind.name + ending)[:2], "little")] = number
            if not kind.attributes:
                length[number] = len(written)
            if len(kind.name) > 1:
                self.rest[number] = (number, len(kind.name), int.from_bytes(kind.name, "little"))
        self._length, self._text, self._follows = map(bytes, (length, text, follows))

    def lengths(self, kinds: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """How far behind its `<` a tag of a kind ends; 0 where it may have attributes."""
        return np.frombuffer(kinds.tobytes().translate(self._length), dtype=np.uint8)

    def texts(self, kinds: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
        """Whether text may stand behind a tag of a kind."""
        return np.frombuffer(kinds.tobytes().translate(self._text), dtype=bool)

    def in_order(self, kinds: npt.NDArray[np.uint8]) -> bool:
        """Whether every kind may follow the one before it."""
        pairs = kinds[:-1] * np.uint8(NIBBLE) + kinds[1:]
        return b"\0" not in pairs.tobytes().translate(self._follows)


@dataclass(frozen=True)
class Tokens:
    """The tags of a chunk: their kind, and where they begin and end (at `<` and `>`)."""

    data: bytes
    kind: npt.NDArray[np.uint8]
    start: Index
    end: Index

    def words(self, at: Index) -> Words:
        """The eight bytes from each place."""
        whole = np.ndarray((len(self.data) - 7,), dtype="<u8", buffer=self.data, strides=(1,))
        return np.asarray(whole[at])

    def text_after(self, tag: Index) -> tuple[Index, Index]:
        """Where the text behind these tags begins and ends."""
        return self.end[tag] + 1, self.start[tag + 1]


def tokens(data: bytes, grammar: Grammar) -> Tokens:
    """The tags of `data`, which ends with `PADDING`.  Raises OddError where they are not of the grammar."""
    characters = np.frombuffer(data, dtype=np.uint8)
    start, end = np.flatnonzero(characters == 60), np.flatnonzero(characters == 62)
    if len(start) != len(end) or not len(start) or (start > end).any() or (end[:-1] > start[1:]).any():
        raise OddError("brackets")
    first, second = (characters[n:].take(start).astype(np.uint16) for n in (1, 2))
    kind = grammar.table.take(first | second << 8)
    wanted = grammar.lengths(kind)
    if not kind.all() or ((wanted != 0) & (wanted != end - start)).any():
        raise OddError("tag")
    found = Tokens(data, kind, start, end)
    for number, length, name in grammar.rest:
        if number and length > 2:
            of_kind = np.flatnonzero(kind == number)
            if (found.words(start[of_kind] + 1) & _MASKS[length] != name).any():
                raise OddError("tag")
    closed = characters.take(end - 1) == 47
    if closed.any():
        kind = np.where(closed, grammar.empty[kind], kind)
        found = Tokens(data, kind, start, end)
    behind = start[1:] - end[:-1] > 1
    if not kind.all() or not grammar.first[kind[0]] or not grammar.in_order(kind):
        raise OddError("order")
    if (behind > grammar.texts(kind[:-1])).any():
        raise OddError("text")
    if int(kind[-1]) not in grammar.last or start[0] or end[-1] + 1 != len(data) - len(PADDING):
        raise OddError("end")
    return found


def masked(words: Words, sizes: Index) -> Words:
    """Words with only their first `sizes` bytes kept."""
    return np.asarray(words & _MASKS[np.clip(sizes, 0, 8)])


def whole_numbers(words: Words, sizes: Index) -> Index:
    """Numbers of up to eight digits from the words that begin with them.  Raises OddError for anything else."""
    if len(sizes) and (sizes.min() < 1 or sizes.max() > 8):
        raise OddError("number")
    shift = (8 * (8 - sizes)).astype(np.uint64)
    digits = (words << shift) | (_ZEROS & ~(~np.uint64(0) << shift))
    if (((digits + _ABOVE_NINE) | (digits - _ZEROS)) & _HIGH).any():
        raise OddError("digits")
    for mask, factor, down in _PAIRS:
        digits = ((digits & mask) * factor) >> down
    return digits.astype(np.int64)


_KNOWN = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'"}
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|lt|gt|quot|apos|amp);")


def texts(found: Tokens, first: Index, last: Index) -> npt.NDArray[np.object_]:
    """The texts between places, their entities resolved.  Raises OddError for references other than the five."""
    if not len(first):
        return np.empty(0, dtype=object)
    characters = np.frombuffer(found.data, dtype=np.uint8)
    step = np.zeros(len(characters) + 1, dtype=np.int8)
    step[first] += 1
    step[last + 1] -= 1
    inside = np.cumsum(step[:-1], dtype=np.int8).astype(bool)
    kept = characters[inside]
    ends = np.cumsum(last - first + 1) - 1
    if ((kept < 32) & (kept != 9) & (kept != 10)).any():
        raise OddError("control")
    kept[ends] = ord(SEPARATOR)
    try:
        whole = kept.tobytes().decode("utf-8")
    except UnicodeDecodeError:
        raise OddError("utf-8") from None
    if "_x" in whole:
        raise OddError("escape")
    if "&" in whole:
        whole = _resolved(whole)
    out = np.empty(len(first), dtype=object)
    out[:] = whole[:-1].split(SEPARATOR)
    return out


def check_text_tags(tags: Tokens, at: Index) -> None:
    """Text elements have no attribute, or the one that keeps their spaces."""
    size = tags.end[at] - tags.start[at]
    longer = at[size != 2]
    if (size[size != 2] != len(_KEEPING_SPACES)).any() or any(
        tags.data[s : s + len(_KEEPING_SPACES)] != _KEEPING_SPACES for s in tags.start[longer].tolist()
    ):
        raise OddError("text")


def _resolved(text: str) -> str:
    """A text with its references as the characters that they stand for.  Raises OddError for what XML does not know."""
    if "&#" not in text:
        left = text.count("&") - text.count("&amp;") - sum(map(text.count, _KNOWN))
        if left:
            raise OddError("entity")
        for written, meant in _KNOWN.items():
            text = text.replace(written, meant)
        return text.replace("&amp;", "&")
    distinct = {"&amp;": "&", **_KNOWN}
    found = _REFERENCE.findall(text)
    if len(found) < text.count("&"):
        raise OddError("entity")
    for written in set(found) - set(distinct):
        number = int(written[3:-1], 16) if written[2] in "xX" else int(written[2:-1])
        surrogate, beyond = 0xD800 <= number <= 0xDFFF, number in (0xFFFE, 0xFFFF) or number > 0x10FFFF
        if number < 32 or surrogate or beyond or written[2] == "X":
            raise OddError("character")
        distinct[written] = chr(number)
    text = _REFERENCE.sub(lambda match: distinct[match[0]], text)
    if "_x" in text:
        raise OddError("escape")
    return text

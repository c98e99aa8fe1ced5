"""Which characters a text file's bytes are: told by evidence, strictly, with nothing ever replaced."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

import numpy as np

from reconcile.read.sheet import Cells, ReadError
from reconcile.read.words import rows_of

SAMPLE = 1 << 18
MARKS = (
    (b"\xef\xbb\xbf", "utf-8", "utf-8"),
    (b"\xff\xfe", "utf-16-le", "utf-16"),
    (b"\xfe\xff", "utf-16-be", "utf-16"),
)
CODECS = {"gb18030": ("gb18030",), "big5": ("big5", "cp950", "big5hkscs"), "cp1252": ("cp1252", "latin-1")}
_PUNCTUATION = frozenset("，。、；：？！“”‘’（）《》【】〈〉—…·￥％　－—～［］／＋＝ⅠⅡⅢⅣⅤ①②③④⑤⑥⑦⑧⑨⑩○△×÷％．")
_FULL_WIDTH = frozenset(chr(c) for c in range(0xFF01, 0xFF5F))
_WESTERN = re.compile(
    r"(?<=[A-Za-z])[À-ÖØ-öø-ÿŠšŽžŒœ’]|[À-ÖØ-öø-ÿŠšŽžŒœ](?=[a-z])|[£€](?=[\d\s-])|(?<=\d)[°²³€]|\s[–—]\s|[“”‘’]"
)
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x19\x1c-\x1f]")
_LOW = re.compile(r"[\x80-\xff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
_CP1252 = {ord(bytes([b]).decode("cp1252")): b for b in range(0x80, 0xA0) if b not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
ENOUGH = 0.6
OVERWHELMING = 0.95


def decode(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding: utf-8, utf-16, utf-16-le, utf-16-be, gb18030, big5 or cp1252.

    A mark at the start decides; then NULs (UTF-16); then UTF-8 if every byte fits; then the encoding in which
    the characters are common ones of its own country and the words are those of headers.
    """
    for mark, codec, encoding in MARKS:
        if data.startswith(mark):
            return _strict(data[len(mark) :], codec), encoding
    if b"\0" in data[:SAMPLE]:
        return _utf16(data)
    try:
        return checked(data.decode("utf-8")), "utf-8"
    except UnicodeDecodeError as problem:
        first_bad = problem.start
    start = data.rfind(b"\n", 0, first_bad) + 1
    for encoding in likely(data[start : start + SAMPLE], cut=start + SAMPLE < len(data)):
        found = _first(data, CODECS[encoding])
        if found is not None:
            return checked(found), encoding
    raise ReadError("unknown-encoding", row=data.count(b"\n", 0, first_bad) + 1)


def likely(sample: bytes, *, cut: bool) -> list[str]:
    """The encodings of CODECS that a sample from the start of a line may be in, the likeliest first; cut: whether the
    file goes on after it."""
    scores: dict[str, float] = {}
    for encoding, codecs in CODECS.items():
        text = _first(sample, codecs, cut=cut)
        if text is not None:
            scores[encoding] = _western(text) if encoding == "cp1252" else _eastern(text, encoding)
    return [e for e in sorted(scores, key=lambda e: -scores[e]) if scores[e] >= ENOUGH]


def _strict(data: bytes, codec: str) -> str:
    try:
        return checked(data.decode(codec))
    except UnicodeDecodeError as problem:
        line = data[: problem.start].decode(codec, "ignore").count("\n") + 1
        raise ReadError("unknown-encoding", row=line) from None


def checked(text: str) -> str:
    """The text, if it is one."""
    head = text[:SAMPLE]
    if "\0" in head or len(_CONTROL.findall(head)) > len(head) // 1000:
        raise ReadError("not-a-workbook", "二进制内容 / binary content")
    return text


def _first(data: bytes, codecs: tuple[str, ...], *, cut: bool = False) -> str | None:
    """The text in the first codec that takes every byte; a sample may be cut within its last character."""
    for codec in codecs:
        for end in range(len(data), max(len(data) - (4 if cut else 1), 0), -1):
            try:
                return data[:end].decode(codec)
            except UnicodeDecodeError:
                continue
    return None


def _utf16(data: bytes) -> tuple[str, str]:
    codec = utf16_of(data[: SAMPLE & ~1])
    return _strict(data, codec), codec


def utf16_of(sample: bytes) -> str:
    """The codec of UTF-16 text without a mark.  Raises ReadError where the bytes are no text."""
    best: tuple[float, str] = (0.0, "")
    for codec in ("utf-16-le", "utf-16-be"):
        text = sample[: len(sample) & ~1].decode(codec, "ignore")
        usual = sum(
            1 for c in text if c in "\t\r\n" or " " <= c <= "~" or c in _common("gb18030") or c in _common("big5")
        )
        best = max(best, (usual / max(len(text), 1), codec))
    if best[0] < ENOUGH:
        raise ReadError("not-a-workbook", "二进制内容 / binary content")
    return best[1]


@cache
def _common(encoding: str) -> frozenset[str]:
    """The characters of daily use, as the encoding's own standard lists them, and the punctuation between."""
    if encoding == "big5":
        pairs = [bytes((a, b)) for a in range(0xA4, 0xC7) for b in (*range(0x40, 0x7F), *range(0xA1, 0xFF))]
    else:
        pairs = [bytes((a, b)) for a in range(0xB0, 0xD8) for b in range(0xA1, 0xFF)]
    return frozenset("".join(p.decode(encoding, "ignore") for p in pairs)) | _PUNCTUATION | _FULL_WIDTH


@cache
def _words() -> tuple[str, ...]:
    found = {w for record in rows_of("header_words") for w in record["words"].split("|")}
    return tuple(sorted(w for w in found if len(w) > 1 and not w.isascii()))


def _eastern(text: str, encoding: str) -> float:
    """The share of characters in daily use, and a bonus for words that headers have."""
    counts = Counter(c for c in text if c > "\x7f")
    total = sum(counts.values())
    common = _common(encoding)
    share = sum(n for c, n in counts.items() if c in common) / max(total, 1)
    words = sum(1 for word in _words() if word in text)
    return share + min(words, 10) * 0.05


def _western(text: str) -> float:
    """The share of accented letters and signs that stand as Western text has them."""
    total = sum(1 for c in text if c > "\x7f")
    return len(_WESTERN.findall(text)) / max(total, 1)


def repair(cells: Cells) -> str:
    """Put right, in place, text whose Chinese bytes were taken for Western letters; the true encoding, or ''."""
    codec = damage(cells[:300])
    if codec:
        flat = cells.reshape(-1)
        for i, value in enumerate(flat):
            flat[i] = whole(value, codec)
    return codec


def damage(head: Cells) -> str:
    """The encoding of a sheet whose Chinese bytes were taken for Western letters (`ÈÕÆÚ` for 日期), by its first rows;
    '' where they were not.

    Only where the evidence is overwhelming: every text beyond ASCII is made of such letters, nearly all become
    characters in daily use, and header words appear.
    """
    seen = [v for v in np.asarray(head).ravel().tolist() if isinstance(v, str) and not v.isascii()]
    if len(seen) < 3 or not all(_damaged(v) for v in seen):
        return ""
    for codec in ("utf-8", "gb18030"):
        pieces = [restored(v, codec) for v in seen]
        if None in pieces:
            continue
        text = "\n".join(p for p in pieces if p is not None)
        beyond = [c for c in text if c > "\x7f"]
        common = sum(1 for c in beyond if c in _common("gb18030")) / max(len(beyond), 1)
        if common >= OVERWHELMING and sum(1 for word in _words() if word in text) >= 2:
            return codec
    return ""


def whole(value: object, codec: str) -> object:
    """A cell of a damaged sheet as it was; one that does not show the damage stays."""
    damaged = isinstance(value, str) and not value.isascii() and _damaged(value)
    return (restored(str(value), codec) or value) if damaged else value


def _damaged(text: str) -> bool:
    return all(c < "\x80" or _LOW.match(c) for c in text)


def restored(text: str, codec: str) -> str | None:
    """Letters back to their bytes, and those to the characters that they were."""
    try:
        return bytes(_CP1252.get(ord(c), ord(c)) for c in text).decode(codec)
    except (ValueError, UnicodeDecodeError):
        return None

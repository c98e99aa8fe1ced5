"""Files of more rows than a sheet of a workbook: text and Parquet, read some rows at a time."""

from __future__ import annotations

import hashlib
from typing import BinaryIO

from reconcile.read import long_text, parquet
from reconcile.read.growing import MOST_BYTES
from reconcile.read.memory import give_back
from reconcile.read.sheet import ReadError, Sheet
from reconcile.read.stream import BLOCK, text_of

BYTES = 64 << 20
"""A file of text from this size on is read so."""
CELLS = 10_000_000
"""A Parquet file from so many cells on is read so."""
Long = tuple[str, tuple[Sheet, ...], str, str]  # kind, sheets, encoding, SHA-256


def long_file(file: BinaryIO, stem: str, size: int, signatures: tuple[bytes, ...]) -> Long | None:
    """What a long file of text or a long Parquet file holds; None for any other file.

    signatures: how files begin that are neither.  Raises ReadError where it cannot be used.
    """
    file.seek(0)
    start = file.read(20)
    if start[:4] == parquet.MARK:
        found = parquet.long_sheets(file, stem, CELLS)
        return ("parquet", found, "", _sha256(file)) if found else None
    if size < BYTES or any(start.startswith(s) for s in signatures):
        return None
    if size > MOST_BYTES:
        raise ReadError("too-large", f"{size:,} B")
    text = text_of(file)
    if text.head.lstrip()[:1] == "<":
        return None
    made = long_text.sheet(text, stem)
    give_back()
    return "csv", (made,), text.encoding, text.seen.sha256


def _sha256(file: BinaryIO) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while block := file.read(BLOCK):
        digest.update(block)
    return digest.hexdigest()

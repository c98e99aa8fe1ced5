"""OLE compound files: the streams inside an .xls, or inside the envelope of an encrypted workbook."""

from __future__ import annotations

import struct

from reconcile.read.sheet import ReadError

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA  # and above: no sector
_FREE = 0xFFFFFFFF


class Compound:
    """A compound file's directory and, on demand, one stream's bytes."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            self._read_tables()
        except struct.error:
            raise ReadError("truncated", "OLE") from None

    def _read_tables(self) -> None:
        (shift, mini_shift) = struct.unpack_from("<HH", self._data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise ReadError("not-a-workbook", "OLE")
        self._size = 1 << shift
        first_directory, self._cutoff, first_mini, _, next_difat, _ = struct.unpack_from("<I4xIIIII", self._data, 48)
        table = list(struct.unpack_from("<109I", self._data, 76))
        seen: set[int] = set()
        while next_difat < _END and next_difat not in seen:
            seen.add(next_difat)
            more = self._numbers(next_difat)
            table += more[:-1]
            next_difat = more[-1]
        most = len(self._data) // self._size + 1
        self._next: list[int] = []
        for sector in [s for s in table if s < _END][:most]:
            self._next += self._numbers(sector)
        directory = self._chain(first_directory)
        self.streams: dict[str, tuple[int, int]] = {}
        root = 0
        for at in range(0, len(directory) - 127, 128):
            length, kind = struct.unpack_from("<HB", directory, at + 64)
            start, size = struct.unpack_from("<II", directory, at + 116)
            if kind == 5:
                root = start
            elif kind == 2 and 2 <= length <= 64:
                self.streams.setdefault(directory[at : at + length - 2].decode("utf-16-le", "replace"), (start, size))
        self._root, self._first_mini = root, first_mini

    def _numbers(self, sector: int) -> list[int]:
        return list(struct.unpack_from(f"<{self._size // 4}I", self._data, (sector + 1) * self._size))

    def _chain(self, sector: int, most: int = 1 << 40) -> bytes:
        pieces, got, seen = [], 0, 0
        while sector < _END and got < most:
            piece = self._data[(sector + 1) * self._size : (sector + 2) * self._size]
            seen += 1
            if not piece or sector >= len(self._next) or seen > len(self._next):
                raise ReadError("truncated", "OLE")
            pieces.append(piece)
            got += len(piece)
            sector = self._next[sector]
        return b"".join(pieces)

    def stream(self, name: str) -> bytes:
        """A stream's bytes, whole."""
        start, size = self.streams[name]
        if size >= self._cutoff:
            found = self._chain(start, size)
        else:
            packed = self._chain(self._root)
            links = self._chain(self._first_mini)
            after = struct.unpack(f"<{len(links) // 4}I", links[: len(links) // 4 * 4])
            pieces: list[bytes] = []
            while start < _END and len(pieces) * 64 < size:
                if start >= len(after):
                    raise ReadError("truncated", "OLE")
                pieces.append(packed[start * 64 : start * 64 + 64])
                start = after[start]
            found = b"".join(pieces)
        if len(found) < size:
            raise ReadError("truncated", f"{len(found):,} / {size:,} B")
        return found[:size]

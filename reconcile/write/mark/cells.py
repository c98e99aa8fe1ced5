"""The XML of a sheet with other styles at some cells, rewritten as a stream: rows without a mark pass as they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import IO
from xml.parsers import expat

from reconcile.finding import column_letter
from reconcile.read.ooxml import column_number
from reconcile.write.mark.package import NAMESPACES

CHUNK = 1 << 22
MAX_TAIL = 64 << 20
ROW = re.compile(rb"<((?:\w+:)?)row(?=[\s/>])([^>]*?)(/?)>")
CELL = re.compile(rb"<((?:\w+:)?)c(?=[\s/>])([^>]*?)(/?)>")
NUMBER = re.compile(rb"\br\s*=\s*[\"'](\d+)[\"']")
REFERENCE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]+)\d+[\"']")
_STYLE = re.compile(rb"\ss\s*=\s*[\"'](\d+)[\"']")
_AFTER_LEGACY = frozenset(
    [
        "legacyDrawingHF",
        "drawingHF",
        "picture",
        "oleObjects",
        "controls",
        "webPublishItems",
        "tableParts",
        "extLst",
        "AlternateContent",
    ]
)
Restyle = Callable[[int, str], int]


class ProtectedError(Exception):
    """The sheet is protected: it is not to be changed."""


def restyled(
    stream: IO[bytes], marks: Mapping[int, Mapping[int, str]], restyle: Restyle, drawing: str
) -> Iterator[bytes]:
    """The sheet's bytes with the style of each marked cell replaced, in pieces.

    marks: row to column to level, 1-based; cells and rows that are not there are made.  restyle: the style of a
    marked cell from its style and level.  drawing: the relation id of a drawing for notes, '' where the sheet has one.
    """
    todo = sorted(marks)
    head, rest, row = b"", b"", 0
    for piece, is_last in pieces(stream):
        if is_last:
            rest = piece
            break
        head = head or piece[: piece.find(b"sheetData")]
        last = last_number(piece)
        wanted = [number for number in todo if last is None or number <= last]
        if wanted:
            piece, row, left = _rows(piece, wanted, marks, restyle, row)
            todo = [*left, *todo[len(wanted) :]]
        row = max(row, last or 0)
        yield piece
    end = re.search(rb"</(?:\w+:)?sheetData\s*>", rest)
    at = end.start() if end else len(rest)
    body, tail = rest[:at], rest[at:]
    alone = re.search(rb"<((?:\w+:)?)sheetData\s*/>", body) if end is None else None
    if alone:
        opened = b"<" + alone[1] + b"sheetData>"
        closed = b"</" + alone[1] + b"sheetData>"
        body, tail = body[: alone.start()] + opened, closed + body[alone.end() :]
    head = head or body[: body.find(b"sheetData")]
    body, _, left = _rows(body, todo, marks, restyle, row)
    prefix = _prefix(head)
    yield body + b"".join(_made_row(number, marks[number], restyle, prefix) for number in left)
    if re.search(rb"<(?:\w+:)?sheetProtection\b", tail):
        raise ProtectedError
    yield _with_drawing(head, tail, drawing) if drawing else tail


def pieces(stream: IO[bytes]) -> Iterator[tuple[bytes, bool]]:
    """A sheet's bytes, cut behind rows; True with the last piece, which goes to the end."""
    rest = b""
    while data := stream.read(CHUNK):
        rest += data
        cut = rest.rfind(b"row>") + 4
        if cut >= 4 and b"sheetData" not in rest[cut - 5 :]:
            yield rest[:cut], False
            rest = rest[cut:]
    yield rest, True


def openings(piece: bytes, wanted: Sequence[int]) -> Sequence[re.Match[bytes]]:
    """The tags that open rows; only of the `wanted` ones, in ascending order, where each is there in the usual form."""
    found, at = [], 0
    for number in wanted:
        at = piece.find(b'<row r="%d"' % number, at)
        opening = ROW.match(piece, at) if at >= 0 else None
        if opening is None:
            return list(ROW.finditer(piece))
        found.append(opening)
    return found


def last_number(piece: bytes) -> int | None:
    at = max(piece.rfind(b"<row "), piece.rfind(b":row "))
    found = NUMBER.search(piece, at, piece.find(b">", at)) if at >= 0 else None
    return int(found[1]) if found else None


def _rows(
    piece: bytes, wanted: list[int], marks: Mapping[int, Mapping[int, str]], restyle: Restyle, before: int
) -> tuple[bytes, int, list[int]]:
    """The piece with the wanted rows restyled, the number of its last row, and the wanted rows that lie beyond it."""
    out, done, row = [], 0, before
    left = list(wanted)
    for opening in openings(piece, wanted):
        stated = NUMBER.search(opening[2])
        row = int(stated[1]) if stated else row + 1
        prefix = opening[1]
        while left and left[0] < row:
            number = left.pop(0)
            out += [piece[done : opening.start()], _made_row(number, marks[number], restyle, prefix)]
            done = opening.start()
        if not left:
            break
        if left[0] != row:
            continue
        left.pop(0)
        closing = b"</" + prefix + b"row"
        end = opening.end() if opening[3] else piece.index(closing, opening.end())
        inner = b"" if opening[3] else piece[opening.end() : end]
        out += [piece[done : opening.start()], b"<" + prefix + b"row" + opening[2] + b">"]
        out.append(_restyled_row(inner, row, marks[row], restyle, prefix))
        done = end
        if opening[3]:
            out.append(closing + b">")
    return b"".join([*out, piece[done:]]), row, left


def _prefix(head: bytes) -> bytes:
    found = re.search(rb"<(\w+:)worksheet\b", head)
    return found[1] if found else b""


def _made_row(number: int, marks: Mapping[int, str], restyle: Restyle, prefix: bytes) -> bytes:
    cells = b"".join(_made_cell(number, column, marks[column], restyle, prefix) for column in sorted(marks))
    return b"<" + prefix + f'row r="{number}">'.encode() + cells + b"</" + prefix + b"row>"


def _made_cell(row: int, column: int, level: str, restyle: Restyle, prefix: bytes) -> bytes:
    return b"<" + prefix + f'c r="{column_letter(column)}{row}" s="{restyle(0, level)}"/>'.encode()


def _restyled_row(inner: bytes, row: int, marks: Mapping[int, str], restyle: Restyle, prefix: bytes) -> bytes:
    out, done, column = [], 0, 0
    left = sorted(marks)
    for cell in CELL.finditer(inner):
        stated = REFERENCE.search(cell[2])
        column = column_number(stated[1].decode().upper()) if stated else column + 1
        while left and left[0] < column:
            out += [inner[done : cell.start()], _made_cell(row, left[0], marks[left.pop(0)], restyle, prefix)]
            done = cell.start()
        if left and left[0] == column:
            left.pop(0)
            style = _STYLE.search(cell[2])
            number = f' s="{restyle(int(style[1]) if style else 0, marks[column])}"'.encode()
            attributes = _STYLE.sub(b"", cell[2].rstrip()) + number
            out += [inner[done : cell.start()], b"<" + cell[1] + b"c" + attributes + cell[3] + b">"]
            done = cell.end()
    out.append(inner[done:])
    out += [_made_cell(row, column, marks[column], restyle, prefix) for column in left]
    return b"".join(out)


def _with_drawing(head: bytes, tail: bytes, drawing: str) -> bytes:
    """What follows the rows, with the element that names the drawing of the notes in its place.

    Raises ValueError where what stands around the rows cannot be parsed.
    """
    root = re.search(rb"<((?:\w+:)?)worksheet\b[^>]*>", head)
    if root is None or len(tail) > MAX_TAIL:
        raise ValueError("no worksheet")
    places: list[tuple[int, str]] = []
    depth = 0
    shell = root[0] + b"<" + root[1] + b"sheetData>"

    def opened(name: str, _: object) -> None:
        nonlocal depth
        if depth == 1:
            places.append((parser.CurrentByteIndex - len(shell), name.rpartition(":")[2]))
        depth += 1

    def closed(_: str) -> None:
        nonlocal depth
        if depth == 1:
            places.append((parser.CurrentByteIndex - len(shell), ""))
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = opened, closed
    try:
        parser.Parse(shell + tail, True)
    except expat.ExpatError as problem:
        raise ValueError(str(problem)) from None
    at = next(place for place, name in places if name in _AFTER_LEGACY or (name == "" and place > 0))
    space = NAMESPACES[b"http://purl.oclc.org/ooxml/" in root[0]].encode()
    element = b"<" + root[1] + b'legacyDrawing xmlns:r="' + space + b'" r:id="' + drawing.encode() + b'"/>'
    return tail[:at] + element + tail[at:]

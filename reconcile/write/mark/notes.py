"""Notes at cells: the comments part of a sheet, and the drawing that shows them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from reconcile.finding import column_letter
from reconcile.read.sheet import Place
from reconcile.write.mark.package import before_end, prefixed

AUTHOR = "reconcile"
WIDTH, LINE, CHARACTERS = 6, 42, 46
_EMPTY = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<comments xmlns="{space}"><authors></authors>'
    "<commentList></commentList></comments>"
)
SPACES = {
    False: "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    True: "http://purl.oclc.org/ooxml/spreadsheetml/main",
}
_DRAWING = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    b'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/>'
    b"</o:shapelayout></xml>"
)
_SHAPE_TYPE = (
    b'<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    b'<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)


def comments(before: bytes | None, notes: Mapping[Place, str], strict: bool) -> bytes:
    """The comments part with the notes: beside those that are there, below the text of one at the same cell."""
    data = _EMPTY.format(space=SPACES[strict]).encode() if before is None else before
    authors = re.search(rb"<((?:\w+:)?)authors\b[^>]*?(?:/>|>(.*?)</\1authors\s*>)", data, re.DOTALL)
    if authors is None:
        raise ValueError("no authors")
    number = len(re.findall(rb"<(?:\w+:)?author\b", authors[2] or b""))
    data = before_end(data, b"authors", f"<author>{AUTHOR}</author>".encode())
    added = []
    for (row, column), text in sorted(notes.items()):
        reference = f"{column_letter(column)}{row}"
        pattern = rb"<((?:\w+:)?)comment\b[^>]*?\bref=[\"']" + reference.encode() + rb"[\"'].*?</\1comment\s*>"
        there = re.search(pattern, data, re.DOTALL)
        if there:
            below = prefixed(_run("\n\n" + text), there[1])
            data = data[: there.start()] + before_end(there[0], b"text", below) + data[there.end() :]
        else:
            added.append(
                f'<comment ref="{reference}" authorId="{number}"><text>'.encode() + _run(text) + b"</text></comment>"
            )
    return before_end(data, b"commentList", b"".join(added))


def _run(text: str) -> bytes:
    return f'<r><t xml:space="preserve">{escape(_printable(text))}</t></r>'.encode()


def _printable(text: str) -> str:
    """A text without the characters that XML does not allow."""
    return re.sub(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]", "\ufffd", text)


def noted(data: bytes | None) -> frozenset[Place]:
    """The cells that have a note already."""
    from reconcile.read.ooxml import column_number

    found = re.findall(rb"<(?:\w+:)?comment\b[^>]*?\bref=[\"']([A-Z]+)(\d+)[\"']", data or b"")
    return frozenset((int(row), column_number(letters.decode())) for letters, row in found)


def drawing(before: bytes | None, notes: Mapping[Place, str]) -> bytes:
    """The drawing with a hidden box for each note."""
    data = before or _DRAWING
    if b'id="_x0000_t202"' not in data:
        data = before_end(data, b"xml", _SHAPE_TYPE)
    blocks = [
        int(n) for list_ in re.findall(rb"<o:idmap\b[^>]*\bdata=[\"']([\d,]+)[\"']", data) for n in list_.split(b",")
    ]
    used = [int(n) for n in re.findall(rb"_x0000_s(\d+)", data)]
    first = max([*used, 1024 * max(blocks, default=1)]) + 1
    boxes = "".join(_box(first + i, place, text) for i, (place, text) in enumerate(sorted(notes.items())))
    return before_end(data, b"xml", boxes.encode())


def _box(number: int, place: Place, text: str) -> str:
    row, column = place[0] - 1, place[1] - 1
    lines = sum(1 + len(line) // (CHARACTERS // 2) for line in text.split("\n"))
    anchor = f"{column + 1}, 15, {max(row - 1, 0)}, 2, {column + 1 + WIDTH}, 15, {max(row - 1, 0) + max(lines, 4)}, 4"
    style = "position:absolute;margin-left:60pt;margin-top:2pt;width:280pt;height:60pt;z-index:1;visibility:hidden"
    return (
        f'<v:shape id="_x0000_s{number}" type="#_x0000_t202" style={quoteattr(style)} fillcolor="#ffffe1" '
        'o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
        '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div>'
        f'</v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
        f"<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
    )

"""Cell styles that are as those of a workbook, with the fill of a mark."""

from __future__ import annotations

import re
from collections.abc import Mapping

from reconcile.write.mark.package import before_end

_XF = re.compile(rb"<(?:\w+:)?xf\b[^>]*?(?:/>|>.*?</(?:\w+:)?xf\s*>)", re.DOTALL)
MINIMAL = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b'<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    b'<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    b'</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    b'<cellXfs count="1"><xf xfId="0"/></cellXfs></styleSheet>'
)


class Styles:
    """A workbook's styles; a filled twin of a style is made when it is first asked for.

    colours: level of a mark to ARGB.
    """

    def __init__(self, data: bytes, colours: Mapping[str, str]) -> None:
        self.before = data
        found = _section(data, b"cellXfs")
        fills = _section(data, b"fills")
        if found is None or fills is None:
            raise ValueError("no cell styles")
        self.known = _XF.findall(data, found.start(2), found.end(2))
        self.first_fill = len(re.findall(rb"<(?:\w+:)?fill\b", fills[2]))
        self.colours = dict(colours)
        self.made: dict[tuple[int, str], int] = {}
        self.added: list[bytes] = []

    def filled(self, style: int, level: str) -> int:
        """The number of the style that is as `style`, with the fill of `level`."""
        if not 0 <= style < len(self.known):
            raise ValueError(f"no style {style}")
        if (style, level) not in self.made:
            self.made[style, level] = len(self.known) + len(self.added)
            fill = self.first_fill + list(self.colours).index(level)
            self.added.append(_with_fill(self.known[style], fill))
        return self.made[style, level]

    def after(self) -> bytes:
        """The part with the fills and the styles that were asked for."""
        fills = b"".join(
            f'<fill><patternFill patternType="solid"><fgColor rgb="{argb}"/><bgColor indexed="64"/></patternFill></fill>'.encode()
            for argb in self.colours.values()
        )
        data = _counted(before_end(self.before, b"fills", fills), b"fills", len(self.colours))
        section = _section(data, b"cellXfs")
        assert section is not None
        data = data[: section.end(2)] + b"".join(self.added) + data[section.end(2) :]
        return _counted(data, b"cellXfs", len(self.added))


def _section(data: bytes, name: bytes) -> re.Match[bytes] | None:
    return re.search(rb"<((?:\w+:)?)" + name + rb"\b[^>]*[^/]>(.*?)</\1" + name + rb"\s*>", data, re.DOTALL)


def _counted(data: bytes, name: bytes, more: int) -> bytes:
    def count(found: re.Match[bytes]) -> bytes:
        return found[1] + str(int(found[2]) + more).encode() + found[3]

    return re.sub(rb"(<(?:\w+:)?" + name + rb"\b[^>]*?\bcount=[\"'])(\d+)([\"'])", count, data, count=1)


def _with_fill(xf: bytes, fill: int) -> bytes:
    opening = re.match(rb"<(?:\w+:)?xf\b", xf)
    assert opening is not None
    end = xf.index(b">")
    head = re.sub(rb"\s(?:fillId|applyFill)=(?:\"[^\"]*\"|'[^']*')", b"", xf[:end])
    return head[: opening.end()] + f' fillId="{fill}" applyFill="1"'.encode() + head[opening.end() :] + xf[end:]

"""The paragraphs of the report section: its Markdown as headings, paragraphs and tables, for Word and the workbook."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Paragraph:
    """level: 1 for the title, 2 and 3 for headings, 0 for text.  cells: the rows of a table, its header first."""

    text: str = ""
    level: int = 0
    cells: tuple[tuple[str, ...], ...] = ()


def paragraphs(text: str) -> list[Paragraph]:
    """Headings (#, ##, ###), tables (lines that begin with |), and one paragraph a line of the rest."""
    found: list[Paragraph] = []
    table: list[tuple[str, ...]] = []
    for line in [*text.split("\n"), ""]:
        if line.startswith("|"):
            cells = tuple(c.strip().replace("\\|", "|") for c in _split(line))
            if not all(set(c) <= set("-:") and c for c in cells):
                table.append(cells)
            continue
        if table:
            found.append(Paragraph(cells=tuple(table)))
            table = []
        head = line.split(" ", 1)
        if head[0] in ("#", "##", "###") and len(head) == 2:
            found.append(Paragraph(head[1], len(head[0])))
        elif line:
            found.append(Paragraph(line))
    return found


def _split(line: str) -> list[str]:
    """The cells of a table row; `\\|` is a bar inside a cell."""
    marked = line.strip().replace("\\|", "\x00")
    return [c.replace("\x00", "|") for c in marked.strip("|").split("|")]

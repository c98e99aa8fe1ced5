"""The report section as a Word document in the official style (GB/T 9704): its fonts, margins, headings and tables."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from reconcile import wording
from reconcile.write.look import clean, display_width
from reconcile.write.output import whole_file
from reconcile.write.paragraph import Paragraph, paragraphs

BODY, HEADING, SUBHEADING, TITLE = "仿宋_GB2312", "黑体", "楷体_GB2312", "方正小标宋简体"
STANDS_FOR = {BODY: "仿宋", SUBHEADING: "楷体", TITLE: "宋体"}
"""What a computer without the font shows instead."""
LATIN = "Times New Roman"
SIZE, TITLE_SIZE, TABLE_SIZE, PAGE_SIZE = 16, 22, 9, 14
"""三号, 二号, 小五 and 四号, in points."""
LINE, TITLE_LINE, TABLE_LINE = 29, 36, 13
"""Exact line spacing in points: 22 lines of 29 fill the 225 mm between the margins."""
MARGINS = {"top": 37, "bottom": 35, "left": 28, "right": 26}
WIDTH = 210 - MARGINS["left"] - MARGINS["right"]
NAME_MOST = 18
"""Columns of text after which the names of a table break, so that its numbers need not."""
TOGETHER = 20
"""Rows up to which a table stays on one page."""
_TO_SUPPLY = re.compile(f"({'|'.join(re.escape(wording.text('to-supply', code, 'summary')) for code in ('zh', 'en'))})")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def write(text: str, path: Path, year: int) -> Path:
    """Write the section's Markdown to `path`.  The same text gives the same bytes."""
    document = _document(year)
    parts = paragraphs(text)
    for before, part, after in zip([Paragraph(), *parts], parts, [*parts[1:], Paragraph()]):
        if part.cells:
            _table(document, part.cells)
        else:
            _paragraph(document, part, caption=bool(after.cells), below=bool(before.cells))
    raw = io.BytesIO()
    document.save(raw)
    with whole_file(path) as beside:
        beside.write_bytes(_dated(raw.getvalue()))
    return path


def _document(year: int) -> Any:
    import docx
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for side, width in MARGINS.items():
        setattr(section, f"{side}_margin", Mm(width))
    section.footer_distance, section.header_distance = Mm(25), Mm(15)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    _style(document, "Normal", BODY, SIZE, LINE)
    _style(document, "Title", TITLE, TITLE_SIZE, TITLE_LINE)
    _style(document, "Heading 1", HEADING, SIZE, LINE)
    _style(document, "Heading 2", SUBHEADING, SIZE, LINE)
    title = document.styles["Title"].paragraph_format
    title.space_after = Pt(LINE)
    _fonts(document)
    _drop_thumbnail(document)
    _page_number(section)
    properties, when = document.core_properties, datetime(year, 12, 31)
    properties.author = properties.last_modified_by = "spending-reconcile"
    properties.created = properties.modified = when
    properties.title = properties.comments = properties.keywords = ""
    properties.revision, properties.language = 1, "zh-CN"
    return document


def _style(document: Any, name: str, font: str, size: int, line: int) -> None:
    """One style whole: what the built-in one brings of colours, borders and themes is taken away."""
    from docx.enum.text import WD_LINE_SPACING
    from docx.oxml.ns import qn
    from docx.shared import Pt

    style = document.styles[name]
    for tag in ("w:rPr", "w:pPr"):
        for old in style.element.findall(qn(tag)):
            style.element.remove(old)
    style.font.size, style.font.name, style.font.bold = Pt(size), LATIN, False
    fonts = style.element.rPr.rFonts
    fonts.set(qn("w:eastAsia"), font)
    fonts.set(qn("w:cs"), LATIN)
    form = style.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line)
    form.space_before = form.space_after = Pt(0)
    form.widow_control = False
    for tag in ("w:autoSpaceDE", "w:autoSpaceDN"):
        tight = _element(tag)
        tight.set(qn("w:val"), "0")
        style.element.pPr.find(qn("w:spacing")).addprevious(tight)
    if name.startswith("Heading"):
        form.keep_with_next = True
        level = _element("w:outlineLvl")
        level.set(qn("w:val"), str(int(name[-1]) - 1))
        style.element.pPr.append(level)


def _fonts(document: Any) -> None:
    """Say in the font table which font stands for one that a computer has not."""
    part = next(p for p in document.part.package.iter_parts() if str(p.partname) == "/word/fontTable.xml")
    more = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/><w:family w:val="modern"/></w:font>'
        for name, other in STANDS_FOR.items()
    )
    part._blob = part.blob.replace(b"</w:fonts>", more.encode() + b"</w:fonts>")


def _drop_thumbnail(document: Any) -> None:
    """Take away the picture of the empty document that the library begins from."""
    relations = document.part.package.rels
    for key in [k for k, r in relations.items() if r.reltype.endswith("/thumbnail")]:
        del relations[key]


def _paragraph(document: Any, part: Paragraph, *, caption: bool, below: bool) -> None:
    """A heading, a paragraph, or what stands over a table; `below` one there is some room."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    name = {1: "Title", 2: "Heading 1", 3: "Heading 2"}.get(part.level, "Normal")
    made = document.add_paragraph(style=name)
    _runs(made, part.text)
    if below:
        made.paragraph_format.space_before = Pt(LINE / 2)
    if part.level == 1 or (caption and part.level == 0):
        made.alignment = WD_ALIGN_PARAGRAPH.CENTER
        made.paragraph_format.keep_with_next = caption
    else:
        _indent(made)
        if part.level == 0:
            made.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY


def _runs(paragraph: Any, text: str) -> None:
    """The text, with what is to be supplied in yellow."""
    from docx.enum.text import WD_COLOR_INDEX

    for part in _TO_SUPPLY.split(clean(text)):
        if part:
            run = paragraph.add_run(part)
            if _TO_SUPPLY.fullmatch(part):
                run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def _indent(paragraph: Any) -> None:
    """Two characters before the first line, of whatever size they are."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    paragraph.paragraph_format.first_line_indent = Pt(2 * SIZE)
    paragraph._p.pPr.find(qn("w:ind")).set(qn("w:firstLineChars"), "200")


def _table(document: Any, rows: Iterable[tuple[str, ...]]) -> None:
    """A table with borders whose header is repeated on every page; words to the left, numbers to the right."""
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    lines = list(rows)
    columns = max(map(len, lines))
    widths = _widths(lines, columns)
    table = document.add_table(rows=len(lines), cols=columns, style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths):
        column.width = Mm(width)
    for at, (row, texts) in enumerate(zip(table.rows, lines)):
        properties = row._tr.get_or_add_trPr()
        properties.append(_element("w:cantSplit"))
        if at == 0:
            properties.append(_element("w:tblHeader"))
        for col, (cell, text) in enumerate(zip(row.cells, (*texts, *[""] * (columns - len(texts))))):
            cell.width, cell.vertical_alignment = Mm(widths[col]), WD_CELL_VERTICAL_ALIGNMENT.CENTER
            paragraph = cell.paragraphs[0]
            _runs(paragraph, text)
            for run in paragraph.runs:
                run.font.size = Pt(TABLE_SIZE)
                if at == 0:
                    run.font.name = LATIN
                    run._r.rPr.rFonts.set(qn("w:eastAsia"), HEADING)
            form = paragraph.paragraph_format
            form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.AT_LEAST, Pt(TABLE_LINE)
            form.keep_with_next = at < len(lines) - 1 and len(lines) <= TOGETHER
            paragraph.alignment = getattr(WD_ALIGN_PARAGRAPH, "CENTER" if at == 0 else "LEFT" if col == 0 else "RIGHT")
    margins = _element("w:tblCellMar")
    for side in ("left", "right"):
        edge = _element(f"w:{side}")
        edge.set(qn("w:w"), "57")
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)


def _widths(lines: list[tuple[str, ...]], columns: int) -> list[float]:
    """Millimetres of each column, by its longest text."""
    longest = [max(display_width(line[col]) if col < len(line) else 0 for line in lines) + 3 for col in range(columns)]
    longest[0] = min(longest[0], NAME_MOST)
    return [WIDTH * width / sum(longest) for width in longest]


def _page_number(section: Any) -> None:
    """`— 1 —` in the middle of the footer."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Pt

    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for words in ("— ", "1", " —"):
        run = paragraph.add_run(words)
        run.font.size, run.font.name = Pt(PAGE_SIZE), LATIN
        run._r.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
        if words == "1":
            number = _element("w:fldSimple")
            number.set(qn("w:instr"), "PAGE")
            run._r.addprevious(number)
            number.append(run._r)


def _element(tag: str) -> Any:
    from docx.oxml import OxmlElement

    return OxmlElement(tag)


def _dated(raw: bytes) -> bytes:
    """The package with one fixed date in all of its parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _EPOCH), source.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()

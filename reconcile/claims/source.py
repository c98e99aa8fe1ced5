"""Where a report comes from: a .docx, .txt or .md file, or the text itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from reconcile.claims import docx
from reconcile.finding import LoadError
from reconcile.read.encoding import decode
from reconcile.read.sheet import ReadError

SUFFIXES = (".docx", ".txt", ".md", ".markdown")
MAX_BYTES = 64 << 20
LONGEST_PATH = 1024
_PROSE = re.compile("[。；]|，.{4,}，")


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph as it is written.  `number` is the one to show; `cell` is (table, row, column) within a table."""

    text: str
    number: int
    cell: tuple[int, int, int] | None = None


def is_path(report: str | Path) -> bool:
    """Whether a string names a file rather than being a report."""
    if isinstance(report, Path):
        return True
    one_line = "\n" not in report and len(report) <= LONGEST_PATH
    return one_line and (
        report.lower().endswith(SUFFIXES)
        or re.search(r"\.(doc|wps|pdf|rtf|odt|html?|xlsx?)$", report.lower()) is not None
    )


def lines(report: str | Path) -> tuple[str, list[Line]]:
    """The file's name, '' for text, and its paragraphs.  Raises LoadError where it cannot be read."""
    if not isinstance(report, str | Path):
        raise LoadError("bad-report", value=type(report).__name__)
    if not is_path(report):
        return "", _of_text(str(report), marked="")
    path = Path(report)
    suffix = path.suffix.lower()
    if path.is_dir():
        raise LoadError("is-folder", str(path))
    if suffix not in SUFFIXES:
        raise LoadError("bad-report", str(path), value=suffix or path.name)
    if not path.is_file():
        raise LoadError("missing-file", str(path))
    size = path.stat().st_size
    if not size:
        raise LoadError("empty-file", str(path))
    try:
        if suffix == ".docx":
            found = [Line(b.text, b.number, b.cell) for b in docx.blocks(path)]
        elif size > MAX_BYTES:
            raise ReadError("too-large", f"{size / 2**20:,.0f} MB")
        else:
            found = _of_text(decode(path.read_bytes())[0], marked=suffix)
    except ReadError as problem:
        code = "report-too-large" if problem.code == "too-large" else problem.code
        raise LoadError(code, str(path), **problem.seen) from None
    if not any(line.text.strip() for line in found):
        raise LoadError("report-without-text", str(path))
    return path.name, found


def _of_text(text: str, marked: str) -> list[Line]:
    """The lines of a text; in Markdown, its marks are left out and its tables are tables."""
    out: list[Line] = []
    table = row = 0
    for number, line in enumerate(re.split(r"\r\n|\r|\n|\u2028|\x0b|\x0c", text), 1):
        bare = line.strip()
        if bare.startswith("|") and bare.count("|") >= 3:
            table, row = (table + 1, 1) if not row else (table, row + 1)
            if re.fullmatch(r"[|:\s-]+", bare):
                row -= 1
                continue
            out += [Line(c.strip(), number, (table, row, k)) for k, c in enumerate(bare.strip("|").split("|"), 1)]
            continue
        row = 0
        if marked not in ("", ".txt"):
            line = re.sub(r"^\s*(?:#{1,6}\s+|>\s?|[-*+]\s+)|\*\*|__|`", "", line)
        out.append(Line(line, number))
    return out


def is_prose(line: Line) -> bool:
    """Whether a paragraph is read as sentences: all but the cells of a table, and of those the long ones."""
    return line.cell is None or (len(line.text) > 20 and bool(_PROSE.search(line.text)))


def is_english(text: str) -> bool:
    """Whether a paragraph is in English: words, and no Chinese character."""
    return not re.search(r"[一-鿿]", text) and len(re.findall(r"[A-Za-z]{2,}", text)) >= 3

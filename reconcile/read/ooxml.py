"""The parts of an Office Open XML package: which there are, how they refer to each other, and their small ones."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from xml.etree import ElementTree

from reconcile.read.sheet import Area, ReadError

CHUNK = 1 << 22
MAX_UNPACKED = 2 << 30
MAX_PART = 1 << 30
MAX_XML = 64 << 20
MAX_RATIO = 400
RATIO_FROM = 64 << 20
NOT_CELLS = frozenset(["chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet"])
_AREA = re.compile(r"([A-Z]{1,3})([0-9]{1,7})(?::([A-Z]{1,3})([0-9]{1,7}))?")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True)
class Relation:
    """What a part refers to: the last word of the relation's type, and the part that the package holds under the
    target's name, '' where there is none."""

    kind: str
    part: str


@dataclass(frozen=True)
class Listed:
    """A sheet as its workbook lists it."""

    name: str
    shown: bool
    part: str


def check_package(package: zipfile.ZipFile) -> None:
    """Refuse a package that unpacks to more than any spreadsheet does, or that names a part twice."""
    total = sum(info.file_size for info in package.infolist())
    packed = sum(info.compress_size for info in package.infolist())
    if total > MAX_UNPACKED or (total > RATIO_FROM and total > MAX_RATIO * max(packed, 1)):
        raise ReadError("too-large", f"{total / 2**20:,.0f} MB")
    names = list(map(_plain_name, package.namelist()))
    if len(set(names)) < len(names):
        raise ReadError("not-a-workbook", "ZIP")
    if any(info.flag_bits & 1 for info in package.infolist()):
        raise ReadError("encrypted")


def check_binary_parts(package: zipfile.ZipFile) -> None:
    """Read every binary part whole, so that its true size and its checksum are known before another reader has it."""
    for name in package.namelist():
        if name.lower().endswith(".bin"):
            with package.open(name) as stream:
                while stream.read(CHUNK):
                    pass


def book_part(package: zipfile.ZipFile) -> str:
    """The part that lists the sheets; '' where the package is no workbook."""
    if "_rels/.rels" not in package.namelist():
        return ""
    known = _relations(package, "", "_rels/.rels").values()
    target = next((r.part for r in known if r.kind == "officeDocument"), "")
    return target if ".bin" in target or (target and b"sheets" in package.read(target)[:MAX_XML]) else ""


def relations(package: zipfile.ZipFile, book: str) -> dict[str, Relation]:
    """What the workbook refers to within the package, by the relation's id."""
    base = str(PurePosixPath(book).parent).removeprefix(".")
    return _relations(package, base, f"{base}/_rels/{PurePosixPath(book).name}.rels".removeprefix("/"))


def _relations(package: zipfile.ZipFile, base: str, part: str) -> dict[str, Relation]:
    return {
        each.get("Id", ""): Relation(
            each.get("Type", "").rpartition("/")[2], _part(package, base, each.get("Target", ""))
        )
        for each in xml(package, part, "Relationships")
        if each.get("TargetMode") != "External"
    }


def sheets(package: zipfile.ZipFile, book: str, known: Mapping[str, Relation]) -> list[Listed]:
    """The workbook's sheets of cells, in its order.

    Raises ReadError where one has no part, or where two have one name.
    """
    found = []
    for element in xml(package, book, "workbook").iter():
        if element.tag.rpartition("}")[2] == "sheet":
            name = element.get("name", "")
            relation = known.get(next((v for k, v in element.attrib.items() if k.endswith("}id")), ""))
            if relation is None or not relation.part:
                raise ReadError("not-a-workbook", "no part", name)
            if relation.kind not in NOT_CELLS:
                found.append(Listed(name, element.get("state", "visible") == "visible", relation.part))
    names = {each.name.lower() for each in found}
    if len(names) < len(found) or not found:
        raise ReadError("not-a-workbook", f"{book}: {'、'.join(each.name for each in found) or '<sheets/>'}")
    return found


def _part(package: zipfile.ZipFile, base: str, target: str) -> str:
    """The part that a target names, whatever its case and slashes; '' where there is none."""
    wanted = _plain_name(_resolve(base, target.replace("\\", "/")))
    return next((n for n in package.namelist() if _plain_name(n) == wanted), "")


def _plain_name(name: str) -> str:
    return name.replace("\\", "/").removeprefix("/").lower()


def _resolve(base: str, target: str) -> str:
    if target.startswith("/"):
        return target[1:]
    path: list[str] = [p for p in base.split("/") if p]
    for step in target.split("/"):
        if step == "..":
            path = path[:-1]
        elif step not in ("", "."):
            path.append(step)
    return "/".join(path)


def xml(package: zipfile.ZipFile, part: str, root: str) -> ElementTree.Element:
    """A small part, parsed, whose outermost element is a `root`; a document type is refused."""
    try:
        if package.getinfo(part).file_size > MAX_XML:
            raise ReadError("too-large", part)
        data = package.read(part)
    except KeyError:
        raise ReadError("not-a-workbook", f"no {part}") from None
    if b"\0" in data[:64]:
        data = data.decode("utf-16").encode("utf-8")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ReadError("not-a-workbook", f"DTD in {part}")
    try:
        found = ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError) as problem:
        raise ReadError("not-a-workbook", f"{part}: {problem}") from None
    if found.tag.rpartition("}")[2] != root:
        raise ReadError("not-a-workbook", f"{part}: <{found.tag.rpartition('}')[2]}>")
    return found


def column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def area(reference: str) -> Area | None:
    """The area that a reference like B2:C5 names, or its one cell; None where it names none."""
    found = _AREA.fullmatch(reference)
    if not found:
        return None
    top, left = int(found[2]), column_number(found[1])
    bottom, right = int(found[4] or top), column_number(found[3]) if found[3] else left
    return min(top, bottom), min(left, right), max(top, bottom), max(left, right)


def unescaped(text: str) -> str:
    """A text with its `_x000D_` marks as the characters that they stand for; halves of pairs stay as they are."""
    if "_x" not in text:
        return text
    return _ESCAPE.sub(lambda m: m[0] if 0xD800 <= int(m[1], 16) < 0xE000 else chr(int(m[1], 16)), text)

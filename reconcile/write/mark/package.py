"""A copy of a package with some parts changed and some added; every other part is byte for byte the same."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

CHUNK = 1 << 20
LARGE = 16 << 20
_EPOCH = (1980, 1, 1, 0, 0, 0)
TYPES = "[Content_Types].xml"
NAMESPACES = {
    False: "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    True: "http://purl.oclc.org/ooxml/officeDocument/relationships",
}
_STRICT = b"http://purl.oclc.org/ooxml/"


def rewrite(
    source: zipfile.ZipFile, target: Path, changed: Mapping[str, Iterable[bytes]], added: Mapping[str, bytes], last: str
) -> None:
    """Write the copy, the part `last` after all others.

    Raises OSError or zipfile.BadZipFile where the source cannot be read whole.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        for info in sorted(source.infolist(), key=lambda i: i.filename == last):
            copy = zipfile.ZipInfo(info.filename, info.date_time)
            copy.compress_type, copy.external_attr = info.compress_type, info.external_attr
            if copy.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                copy.compress_type = zipfile.ZIP_DEFLATED
            large = info.file_size > LARGE
            copy._compresslevel = 1 if large else 6  # type: ignore[attr-defined]
            with package.open(copy, "w", force_zip64=large) as out:
                for data in changed[info.filename] if info.filename in changed else _whole(source, info):
                    out.write(data)
        for name, data in added.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(info, data)


def _whole(source: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    with source.open(info) as stream:
        while data := stream.read(CHUNK):
            yield data


def check_copy(
    source: zipfile.ZipFile, target: Path, changed: Iterable[str], added: Iterable[str], proven: Collection[str] = ()
) -> None:
    """Read the copy whole but for the `proven` parts, which someone else reads, and hold the parts that should be the
    same against the source by size and checksum.

    Raises ValueError where one of them is not the same, zipfile.BadZipFile where one cannot be read.
    """
    with zipfile.ZipFile(target) as package:
        for info in package.infolist():
            for _ in _whole(package, info) if info.filename not in proven else ():
                pass  # the end of a part proves its checksum
        ours = {i.filename: (i.CRC, i.file_size) for i in package.infolist()}
    theirs = {i.filename: (i.CRC, i.file_size) for i in source.infolist()}
    touched = {*changed, *added}
    differing = [n for n in {*ours, *theirs} if n not in touched and ours.get(n) != theirs.get(n)]
    if differing:
        raise ValueError(f"the copy differs from its source: {differing[0]}")


def relations_of(part: str) -> str:
    """The name of the part that lists the relations of `part`."""
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels".removeprefix("/")


class Relations:
    """A part's relations, as they are and with some added."""

    def __init__(self, package: zipfile.ZipFile, part: str) -> None:
        self.part, self.name = part, relations_of(part)
        self.before = package.read(self.name) if self.name in package.namelist() else None
        self.strict = self.before is not None and _STRICT in self.before
        self.added: list[tuple[str, str, str]] = []
        found = [_attributes(tag) for tag in re.findall(rb"<(?:\w+:)?Relationship\b([^>]*)>", self.before or b"")]
        self.known = {a["Id"]: (a.get("Type", "").rpartition("/")[2], a.get("Target", "")) for a in found if "Id" in a}

    def of_type(self, kind: str) -> list[tuple[str, str]]:
        """(id, part) of the relations of a kind such as `comments`."""
        return [(i, resolved(self.part, target)) for i, (type_, target) in self.known.items() if type_ == kind]

    def add(self, kind: str, part: str, strict: bool) -> str:
        """The id of a new relation to `part`."""
        number = 1 + max((int(n) for i in self.known for n in re.findall(r"\d+$", i)), default=0)
        name = f"rId{number}"
        self.known[name] = (kind, f"/{part}")
        self.added.append((name, f"{NAMESPACES[strict]}/{kind}", f"/{part}"))
        return name

    def after(self) -> bytes:
        items = "".join(f'<Relationship Id="{i}" Type="{t}" Target="{p}"/>' for i, t, p in self.added).encode()
        if self.before is None:
            space = "http://schemas.openxmlformats.org/package/2006/relationships"
            return b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + (
                f'<Relationships xmlns="{space}">'.encode() + items + b"</Relationships>"
            )
        return before_end(self.before, b"Relationships", items)


def before_end(data: bytes, element: bytes, inserted: bytes) -> bytes:
    """`inserted` as the last thing in the last element of a name, which takes on the element's prefix."""
    found = list(re.finditer(rb"</((?:\w+:)?)" + element + rb"\s*>", data))
    if found:
        prefix = found[-1][1]
        return data[: found[-1].start()] + prefixed(inserted, prefix) + data[found[-1].start() :]
    alone = list(re.finditer(rb"<((?:\w+:)?)" + element + rb"\b([^>]*?)/>", data))
    if not alone:
        raise ValueError(f"no {element.decode()}")
    last = alone[-1]
    opened = b"<" + last[1] + element + last[2] + b">" + prefixed(inserted, last[1]) + b"</" + last[1] + element + b">"
    return data[: last.start()] + opened + data[last.end() :]


def prefixed(xml: bytes, prefix: bytes) -> bytes:
    """XML without prefixes as XML with one."""
    return re.sub(rb"<(/?)(?=\w)", rb"<\1" + prefix, xml) if prefix else xml


def content_types(data: bytes, overrides: Mapping[str, str], vml: bool) -> bytes:
    """The list of content types with parts added, and the type of .vml where there is a need of it."""
    added = "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in overrides.items()).encode()
    if vml and not re.search(rb"Extension=[\"']vml[\"']", data, re.IGNORECASE):
        default = b'<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>'
        found = re.search(rb"<((?:\w+:)?)Types\b[^>]*>", data)
        if found is None:
            raise ValueError(f"no types in {TYPES}")
        data = data[: found.end()] + prefixed(default, found[1]) + data[found.end() :]
    return before_end(data, b"Types", added) if added else data


def resolved(part: str, target: str) -> str:
    """The part that a relation's target names."""
    if target.startswith("/"):
        return target[1:]
    path = part.split("/")[:-1]
    for step in target.replace("\\", "/").split("/"):
        path = path[:-1] if step == ".." else path if step in ("", ".") else [*path, step]
    return "/".join(path)


def _attributes(tag: bytes) -> dict[str, str]:
    pairs = re.findall(rb"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", tag)
    return {name.decode(): (double or single).decode() for name, double, single in pairs}


def free_name(names: Iterable[str], pattern: str) -> str:
    """The first name of a pattern such as `xl/comments{}.xml` that no part has."""
    taken = {name.lower() for name in names}
    number = 1
    while pattern.format(number).lower() in taken:
        number += 1
    return pattern.format(number)

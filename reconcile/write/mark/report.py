"""A copy of a report in Word with a comment at every claim that someone should look at."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from reconcile import wording
from reconcile.claims import docx
from reconcile.claims.claim import FAILS, ROUNDING, UNTESTABLE, Claim
from reconcile.finding import LoadError
from reconcile.read.sheet import ReadError
from reconcile.write.mark import package as parts
from reconcile.write.output import check_no_input, whole_file

_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_SPACES = {
    False: "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    True: "http://purl.oclc.org/ooxml/wordprocessingml/main",
}
_BAD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
AUTHOR = "reconcile"


def marked(claims: Sequence[Claim]) -> list[Claim]:
    """The claims that get a comment: those that fail, the tails, and those that say what is missing beyond a basis."""
    return [
        c for c in claims if c.verdict in (FAILS, ROUNDING) or (c.verdict == UNTESTABLE and c.reason != "lacks-basis")
    ]


def write(source: Path, target: Path, claims: Sequence[Claim], language: str = "zh") -> int:
    """Write the copy of the .docx that `claims` were read from; returns how many comments it has.

    Only the main part, the comments, their relation and the list of types differ from the source.  Raises LoadError
    where the document cannot be marked.
    """
    check_no_input(target, [source])
    noted = marked(claims)
    try:
        with zipfile.ZipFile(source) as package, whole_file(target) as beside:
            changed, added = _changes(package, noted, language)
            parts.rewrite(package, beside, {k: [v] for k, v in changed.items()}, added, "")
            parts.check_copy(package, beside, changed, added)
    except (ReadError, ValueError, zipfile.BadZipFile, KeyError) as problem:
        raise LoadError("not-markable", str(source), problem=problem) from None
    return len(noted)


def _changes(
    package: zipfile.ZipFile, claims: Sequence[Claim], language: str
) -> tuple[dict[str, bytes], dict[str, bytes]]:
    main = docx.main_name(package)
    data = package.read(main)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise ValueError("UTF-16")
    relations = parts.Relations(package, main)
    strict = _SPACES[True].encode() in data[: 1 << 16]
    existing = next((name for _, name in relations.of_type("comments") if name in package.namelist()), "")
    first = _next_id(package.read(existing)) if existing else 0
    blocks = list(docx.read_part(data))
    inserts: list[tuple[int, int, bytes]] = []
    comments = b""
    for number, claim in enumerate(claims, first):
        inserts += _anchors(data, blocks[claim.paragraph - 1], claim, number, _SPACES[strict])
        comments += _comment(claim, number, _SPACES[strict], language)
    changed = {main: _inserted(data, inserts)}
    added: dict[str, bytes] = {}
    if existing:
        changed[existing] = _appended(package.read(existing), comments)
    elif claims:
        name = parts.free_name(package.namelist(), "word/comments{}.xml")
        root = f'<w:comments xmlns:w="{_SPACES[strict]}">'.encode()
        added[name] = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + root + comments + b"</w:comments>"
        relations.add("comments", name, strict)
        (changed if relations.before is not None else added)[relations.name] = relations.after()
        changed[parts.TYPES] = parts.content_types(package.read(parts.TYPES), {name: _KIND}, vml=False)
    return changed, added


def _next_id(data: bytes) -> int:
    return 1 + max((int(n) for n in re.findall(rb"<\w*:?comment\s[^>]*?\bw?:?id=[\"'](\d+)", data)), default=-1)


def _anchors(data: bytes, block: docx.Block, claim: Claim, number: int, space: str) -> list[tuple[int, int, bytes]]:
    """What to insert where: before the first run of the phrase and behind its last."""
    runs = [r for r in block.runs if r.end > claim.start and r.start < max(claim.end, claim.start + 1)]
    if not runs:
        raise ValueError(f"no run at {claim.phrase[:20]}")
    behind = data.index(b">", runs[-1].last) + 1
    opened = f'<w:commentRangeStart xmlns:w="{space}" w:id="{number}"/>'.encode()
    closed = (
        f'<w:commentRangeEnd xmlns:w="{space}" w:id="{number}"/>'
        f'<w:r xmlns:w="{space}"><w:commentReference w:id="{number}"/></w:r>'
    ).encode()
    return [(runs[0].first, number, opened), (behind, number, closed)]


def _inserted(data: bytes, inserts: Sequence[tuple[int, int, bytes]]) -> bytes:
    out, at = [], 0
    for place, _, piece in sorted(inserts, key=lambda i: (i[0], i[1])):
        out += [data[at:place], piece]
        at = place
    return b"".join([*out, data[at:]])


def _comment(claim: Claim, number: int, space: str, language: str) -> bytes:
    words = wording.text("mark-stated", language, "claims")
    verdict = wording.text(f"word-{claim.verdict}", language, "claims")
    text = _BAD.sub(
        "",
        wording.fill(
            words,
            {
                "verdict": verdict,
                "reason": f"{claim.phrase[-80:]}：{claim.why(language)}"
                if language == "zh"
                else f"{claim.phrase[-80:]}: {claim.why(language)}",
            },
        ),
    )
    return (
        f'<w:comment xmlns:w="{space}" w:id="{number}" w:author="{AUTHOR}" w:initials="R"><w:p><w:r>'
        f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p></w:comment>'
    ).encode()


def _appended(data: bytes, comments: bytes) -> bytes:
    found = list(re.finditer(rb"</(?:\w+:)?comments\s*>", data))
    if found:
        return data[: found[-1].start()] + comments + data[found[-1].start() :]
    alone = re.search(rb"<((?:\w+:)?comments)\b([^>]*?)/>", data)
    if alone is None:
        raise ValueError("no comments element")
    return (
        data[: alone.start()]
        + b"<"
        + alone[1]
        + alone[2]
        + b">"
        + comments
        + b"</"
        + alone[1]
        + b">"
        + data[alone.end() :]
    )

"""Good files made bad, from a seed: bytes cut and flipped, parts and markup damaged, cells exchanged, bombs.

Every mutant carries what it promises: a load that keeps the promise is right, whatever else it does.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from xml.parsers import expat

import pandas as pd

import reconcile as rc
from reconcile.money import Cell
from reconcile.read import rows
from reconcile.read.table import Table
from reconcile.read.workbook import ErrorCell, Uncalculated, open_book

from .builders import CONTAINERS, Case, Money, draw_case, write

Loaded = rc.Budget | rc.Ledger
FAMILIES = {
    "xlsx": ("xlsx", "xlsm", "xlsx-strict"),
    "ods": ("ods",),
    "xls": ("xls",),
    "xml": ("xml-2003",),
    "html": ("html", "html-gb18030"),
    "csv": tuple(c for c in CONTAINERS if c.startswith(("csv", "txt"))),
}
TURNS = ("xlsx", "csv", "xls", "xlsx", "xml", "ods", "xlsx", "html")
MUTANTS_OF_A_BASE = 8
TEN_MEGABYTES = 10 << 20
BY_ROW = ("versions", "E5", "E7", "E8")  # a row says whether its amount, or its carryover, counts, and with which sign
SAID = ("unreadable-amount", "error-cell", "uncalculated-formula")


class Promise(StrEnum):
    SAME = "loads, and the truth comes out"
    WHOLE = "is refused, or the truth comes out"
    REFUSED = "is refused"
    SEEN = "is refused, or the truth comes out, or the damaged cell is a finding"
    TOTAL = "loads to the same total"
    ANY = "whatever loads accounts for its rows and its unreadable cells"


@dataclass(frozen=True)
class Base:
    """A good file and what a load of it yields."""

    case: Case
    family: str
    name: str
    data: bytes
    truth: str
    total: int
    targets: tuple[Target, ...]


@dataclass(frozen=True)
class Target:
    """A money cell that counts: its sheet (from 0), its address, and how the loader shows its value."""

    sheet: int
    sheet_name: str
    cell: str
    shown: str


@dataclass(frozen=True)
class Mutant:
    how: str
    data: bytes
    promise: Promise
    at: Target | None = None


Mutation = Callable[[Base, Random], Mutant | None]


# what a load is held against


def load(case: Case, path: Path) -> Loaded:
    read: Callable[..., Loaded] = rc.load_ledger if case.kind == "ledger" else rc.load_budget
    return read(path, year=case.expected.needs_year)


def frame_of(loaded: Loaded) -> pd.DataFrame:
    return loaded.fen


def truth_of(loaded: Loaded) -> str:
    """Everything that was read, as text."""
    units = sorted(set(loaded.reading.tables["unit"]))
    return f"{units}\n{frame_of(loaded).drop(columns=['file']).to_csv()}"


def total_of(loaded: Loaded) -> int:
    frame = frame_of(loaded)
    if isinstance(loaded, rc.Ledger):
        return int(frame["debit"].sum() + frame["credit"].sum())
    return int(frame["available"].sum())


@lru_cache(maxsize=4)
def base(number: int) -> Base:
    """The base file of a number; families take turns."""
    family = TURNS[number % len(TURNS)]
    tries = 0
    while True:
        case = draw_case(Random(f"{number} {tries}"), most=2)
        tries += 1
        if case.container not in FAMILIES[family]:
            continue
        with TemporaryDirectory() as folder:
            path = write(case, Path(folder))
            try:
                loaded = load(case, path)
            except rc.LoadError:
                continue  # what a good file yields is the business of test_layouts
            sheets = [s.name for s in open_book(path).sheets]
            return Base(
                case,
                family,
                path.name,
                path.read_bytes(),
                truth_of(loaded),
                total_of(loaded),
                tuple(t for table in loaded.tables for t in _targets(table, sheets)),
            )


def _targets(table: Table, sheets: list[str]) -> list[Target]:
    if not table.leading:
        return []
    column, position = table.money[table.leading], table.header.columns[table.leading].position
    counted = (table.roles == rows.DATA) & (column.state == Cell.NUMBER) & (column.fen != 0)
    places = [(int(i), table.origin(int(i), table.leading)) for i in counted.nonzero()[0]]
    return [
        Target(sheets.index(at.sheet), at.sheet, at.cell, str(table.body[i, position]))
        for i, at in places
        if sheets.count(at.sheet) == 1
    ]


def broken(mutant: Mutant, origin: Base, folder: Path) -> tuple[str, list[str]]:
    """How the load of a mutant ends, and what it breaks of its promise, in words."""
    path = folder / origin.name
    path.write_bytes(mutant.data)
    try:
        loaded = load(origin.case, path)
    except rc.LoadError as refusal:
        kept = mutant.promise not in (Promise.SAME, Promise.TOTAL)
        named = origin.name in str(refusal)
        wrong = [] if kept else [f"refused: {refusal}"]
        return f"refused: {refusal.code}", wrong if named else [*wrong, f"does not name the file: {refusal}"]
    wrong = unaccounted(loaded, path)
    same = truth_of(loaded) == origin.truth
    if mutant.promise is Promise.REFUSED:
        wrong.append("loads, and should be refused")
    elif mutant.promise in (Promise.SAME, Promise.WHOLE) and not same:
        wrong.append(_difference(origin.truth, truth_of(loaded)))
    elif mutant.promise is Promise.SEEN and not same and not _said(loaded, mutant.at):
        wrong.append(f"no finding at {mutant.at}")
    elif mutant.promise is Promise.TOTAL and total_of(loaded) != origin.total:
        wrong.append(f"total {total_of(loaded)} is not {origin.total}")
    return "same" if same else "another reading", wrong


def _difference(wanted: str, seen: str) -> str:
    one, other = wanted.splitlines(), seen.splitlines()
    at = next((i for i, pair in enumerate(zip(one, other)) if pair[0] != pair[1]), min(len(one), len(other)))
    return f"{len(other)} lines, not {len(one)}; first {(other[at : at + 1] or ['-'])[0]}, not {(one[at : at + 1] or ['-'])[0]}"


def _said(loaded: Loaded, at: Target | None) -> bool:
    return at is not None and any(
        f.code in SAID and f.origin.cell == at.cell and f.origin.sheet == at.sheet_name for f in loaded.problems
    )


def unaccounted(loaded: Loaded, path: Path) -> list[str]:
    """Rows of the sheets that no table or finding accounts for, and money cells lost without a finding."""
    wrong = []
    sheets = {s.name: s.cells for s in open_book(path).sheets}
    left_out = {f.origin.sheet for f in loaded.problems if f.code == "repeated-table"}
    counted = loaded.reading.rows.groupby("sheet", sort=False)["rows"].sum()
    for sheet in dict.fromkeys(t.sheet for t in loaded.tables):
        tables = [t for t in loaded.tables if t.sheet == sheet]
        covered = {n for t in tables for n in (*range(1, t.header.last + 1), *map(int, t.numbers))}
        missing = {n + 1 for n in map(int, rows.filled_rows(sheets[sheet]).nonzero()[0])} - covered
        if sheet not in left_out and missing:
            wrong.append(f"{sheet}: rows {sorted(missing)[:5]} are in no table")
        if sheet not in left_out and len(tables) == 1 and int(counted[sheet]) != len(sheets[sheet]):
            wrong.append(f"{sheet}: {counted[sheet]} rows counted of {len(sheets[sheet])}")
    said = {(f.origin.sheet, f.origin.cell) for f in loaded.problems if f.code in SAID}
    for table in loaded.tables:
        wrong += _silent(table, said)
    data = sum(int((t.roles == rows.DATA).sum()) for t in loaded.tables)
    if len(frame_of(loaded)) != data:
        wrong.append(f"{len(frame_of(loaded))} lines of {data} data rows")
    return wrong


def _silent(table: Table, said: set[tuple[str, str]]) -> list[str]:
    wrong = []
    for field, column in table.money.items():
        position = table.header.columns[field].position
        for i in map(int, (table.body[:, position] != None).nonzero()[0]):  # noqa: E711 - elementwise
            role = table.roles[i]
            if role in (rows.HEADER, rows.NUMBERING):
                continue
            at = table.origin(i, field)
            value = table.body[i, position]
            apart = role in (rows.TITLE, rows.FOOTER, rows.BLANK)
            lost = isinstance(value, ErrorCell | Uncalculated) or (column.state[i] == Cell.UNREADABLE and not apart)
            if lost and (at.sheet, at.cell) not in said:
                wrong.append(f"{at}: {value!r} has no finding")
            if apart and column.state[i] == Cell.NUMBER and column.fen[i]:
                wrong.append(f"{at}: {value!r} stands in a row that counts as {role}")
    return wrong


# drawing


def draw(seed: int) -> tuple[Base, Mutant]:
    """The base and the mutant of a seed."""
    origin, rng = base(seed // MUTANTS_OF_A_BASE), Random(f"mutant {seed}")
    choices = [*MUTATIONS[origin.family], *EVERY]
    while True:
        mutation = rng.choice(choices)
        mutant = mutation(origin, rng)
        if mutant is not None:
            return origin, replace(mutant, how=f"{mutation.__name__}: {mutant.how}")


# bytes


def truncate(origin: Base, rng: Random) -> Mutant:
    size = len(origin.data)
    end = rng.choice(
        (rng.randrange(1, size), size - rng.randrange(1, min(600, size)), rng.randrange(1, min(600, size)))
    )
    whole = origin.family in ("xlsx", "ods", "xls", "xml", "html")
    return Mutant(f"{end} of {size}", origin.data[:end], Promise.WHOLE if whole else Promise.ANY)


def flip(origin: Base, rng: Random) -> Mutant:
    data = bytearray(origin.data)
    near_end = origin.family in ("xlsx", "ods") and rng.random() < 0.4
    at = sorted(
        {rng.randrange(max(0, len(data) - 2_000) if near_end else 0, len(data)) for _ in range(rng.randint(1, 6))}
    )
    for i in at:
        data[i] ^= rng.randrange(1, 256)
    whole = origin.family in ("xlsx", "ods")  # they carry checksums
    return Mutant(f"bytes {at}", bytes(data), Promise.WHOLE if whole else Promise.ANY)


def cut_out(origin: Base, rng: Random) -> Mutant:
    start, size = rng.randrange(len(origin.data)), rng.choice((1, 64, 512, 4096))
    whole = origin.family in ("xlsx", "ods")
    data = origin.data[:start] + origin.data[start + size :]
    return Mutant(f"{size} from {start}", data, Promise.WHOLE if whole else Promise.ANY)


def exchange(origin: Base, rng: Random) -> Mutant | None:
    """Two amounts of one column change places, before the file is written: sums stay what they were."""
    grid = origin.case.grid
    if origin.case.name.startswith(BY_ROW):
        return None
    number = rng.randrange(len(grid.sheets))
    sheet = grid.sheets[number]
    column = rng.choice(sheet.find("amount") or [-1])
    able = [r for r in sheet.of_role("data") if column >= 0 and isinstance(sheet.rows[r].values[column], Money)]
    if sheet.hidden or len(able) < 2:
        return None
    one, other = rng.sample(able, 2)
    body = list(sheet.rows)
    for here, there in ((one, other), (other, one)):
        values = list(sheet.rows[here].values)
        values[column] = sheet.rows[there].values[column]
        body[here] = replace(sheet.rows[here], values=tuple(values))
    sheets = list(grid.sheets)
    sheets[number] = replace(sheet, rows=tuple(body))
    data = CONTAINERS[origin.case.container].write(replace(grid, sheets=tuple(sheets)))
    return Mutant(f"rows {one + 1}, {other + 1} of column {column + 1}", data, Promise.TOTAL)


EVERY: tuple[Mutation, ...] = (truncate, flip, cut_out, exchange)


# packages


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts: list[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED, comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as package, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a name that stands there twice
        for name, body in parts:
            package.writestr(zipfile.ZipInfo(name), body, method)
        package.comment = comment
    return out.getvalue()


def changed(origin: Base, part: str, body: bytes, how: str, promise: Promise, at: Target | None = None) -> Mutant:
    parts = unpacked(origin.data)
    return Mutant(f"{part} {how}", packed(list({**parts, part: body}.items())), promise, at)


def whole_or_any(body: bytes) -> Promise:
    """Markup that no parser takes must not yield half of its cells."""
    try:
        expat.ParserCreate().Parse(body, True)
    except expat.ExpatError:
        return Promise.WHOLE
    return Promise.ANY


def sheet_parts(parts: dict[str, bytes]) -> list[str]:
    found = sorted((p for p in parts if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", p)), key=lambda p: int(p[19:-4]))
    return found or ["content.xml"]


def repacked(origin: Base, rng: Random) -> Mutant:
    parts = list(unpacked(origin.data).items())
    rng.shuffle(parts)
    extra = rng.choice((None, b"", b"<x/>", b"A" * TEN_MEGABYTES, origin.data))
    if extra is not None:
        parts.insert(rng.randrange(len(parts)), (rng.choice(("custom/item1.bin", "附件/说明.txt", "xl/x.xml")), extra))
    method = rng.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))
    return Mutant("in another order", packed(parts, method, rng.choice((b"", b"comment"))), Promise.SAME)


def delete_part(origin: Base, rng: Random) -> Mutant:
    parts = unpacked(origin.data)
    name = rng.choice(list(parts))
    del parts[name]
    return Mutant(name, packed(list(parts.items())), Promise.WHOLE)


def duplicate_part(origin: Base, rng: Random) -> Mutant:
    parts = list(unpacked(origin.data).items())
    name, body = rng.choice(parts)
    other = rng.choice((body, b"", body[: len(body) // 2], b"<x/>"))
    parts.insert(rng.randrange(len(parts) + 1), (rng.choice((name, name.upper(), "/" + name)), other))
    return Mutant(name, packed(parts), Promise.WHOLE)


def empty_part(origin: Base, rng: Random) -> Mutant:
    name = rng.choice(list(unpacked(origin.data)))
    body = rng.choice((b"", b"\0" * 100, b"A" * TEN_MEGABYTES, b"<x/>", origin.data, b"\xff\xfe<\0x\0/\0>\0"))
    return changed(origin, name, body, f"is {body[:10]!r} × {len(body)}", Promise.WHOLE)


def swap_parts(origin: Base, rng: Random) -> Mutant | None:
    """Two parts under each other's names: a sheet's rows may then be another sheet's, but are all there."""
    parts = unpacked(origin.data)
    one, other = rng.sample(sorted(parts), 2)
    if {one, other} <= set(sheet_parts(parts)) or "docProps" in one + other:
        return None
    parts[one], parts[other] = parts[other], parts[one]
    return Mutant(f"{one} and {other}", packed(list(parts.items())), Promise.WHOLE)


def nest(origin: Base, rng: Random) -> Mutant:
    name = rng.choice(("book.xlsx", "xl/workbook.xml", "预算.xlsx"))
    return Mutant(name, packed([(name, origin.data)]), Promise.REFUSED)


def content_types(origin: Base, rng: Random) -> Mutant | None:
    parts = unpacked(origin.data)
    name = next((n for n in ("[Content_Types].xml", "mimetype") if n in parts), "")
    if not name:
        return None
    known = re.findall(rb'ContentType="([^"]+)"', parts[name]) or [parts[name]]
    body = parts[name].replace(rng.choice(known), rng.choice((*known, b"application/x", b"")))
    return changed(origin, name, body, "names other types", Promise.WHOLE)


def bomb(origin: Base, rng: Random) -> Mutant:
    """A part that unpacks to far more than it is: blanks between cells do no harm, more than that is refused."""
    parts = unpacked(origin.data)
    name = rng.choice(sheet_parts(parts))
    size = rng.choice((10, 40, 200)) << 20
    last = parts[name].rfind(b"</")
    filling = rng.choice((b" ", b"\n", b"A", b"\0"))
    body = parts[name][:last] + filling * size + parts[name][last:]
    blank = filling.isspace() and size < 100 << 20
    return changed(origin, name, body, f"has {size >> 20} MB of {filling!r}", Promise.SAME if blank else Promise.WHOLE)


def drop_markup(origin: Base, rng: Random) -> Mutant:
    parts = unpacked(origin.data)
    name = rng.choice([*sheet_parts(parts) * 3, *(p for p in parts if p.endswith((".xml", ".rels")))])
    pieces = list(re.finditer(rb"</[^>]+>|[<>\"]", parts[name]))
    if not pieces:
        return changed(origin, name, parts[name] + b"<", "has a < too many", Promise.WHOLE)
    found = rng.choice(pieces)
    body = parts[name][: found.start()] + parts[name][found.end() :]
    return changed(origin, name, body, f"lacks {found[0]!r} at {found.start()}", whole_or_any(body))


def cut_markup(origin: Base, rng: Random) -> Mutant:
    """A part that ends early, in a package that is sound."""
    parts = unpacked(origin.data)
    name = rng.choice([*sheet_parts(parts) * 3, *(p for p in parts if p.endswith((".xml", ".rels")))])
    end = rng.randrange(len(parts[name]))
    return changed(origin, name, parts[name][:end], f"ends at {end}", Promise.WHOLE)


def twice_an_attribute(origin: Base, rng: Random) -> Mutant:
    parts = unpacked(origin.data)
    name = rng.choice(sheet_parts(parts))
    found = rng.choice(list(re.finditer(rb"<[\w:-]+( [\w:-]+=\"[^\"]*\")", parts[name])))
    body = parts[name][: found.end()] + rng.choice((found[1], b' r="B2" r="C3"')) + parts[name][found.end() :]
    return changed(origin, name, body, f"has {found[1]!r} twice", whole_or_any(body))


def document_type(origin: Base, rng: Random) -> Mutant:
    parts = unpacked(origin.data)
    name = rng.choice([*sheet_parts(parts), *(p for p in parts if p.endswith((".xml", ".rels")))])
    laughs = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10)).encode()
    declared = b'<!DOCTYPE x [<!ENTITY l0 "ha">' + laughs + b"]>"
    body = re.sub(rb"\A(<\?xml[^>]*\?>)?\s*", lambda m: m[0] + declared, parts[name])
    used = rng.random() < 0.5
    if used:
        values = list(re.finditer(rb">[^<>\s][^<>]*<", body)) or list(re.finditer(rb">()<", body))
        if values:
            found = rng.choice(values)
            body = body[: found.start() + 1] + b"&l9;" + body[found.end() - 1 :]
    return changed(origin, name, body, "declares entities" + " and uses one" * used, Promise.WHOLE)


def comments(origin: Base, rng: Random) -> Mutant:
    parts = unpacked(origin.data)
    name = rng.choice(sheet_parts(parts))
    ends = [m.end() for m in re.finditer(rb"</(?:row|table:table-row)>", parts[name])] or [len(parts[name])]
    at = rng.choice(ends)
    note = rng.choice((b"<!-- <row r='99'><c r='A99'><v>1</v></c></row> -->", b"<?note x?>", b"\r\n\t  "))
    return changed(origin, name, parts[name][:at] + note + parts[name][at:], f"has {note[:9]!r}", Promise.SAME)


def any_number(origin: Base, rng: Random) -> Mutant:
    """Some number in some attribute is another."""
    parts = unpacked(origin.data)
    name = rng.choice([*sheet_parts(parts) * 2, *(p for p in parts if p.endswith((".xml", ".rels")))])
    numbers = list(re.finditer(rb"( [\w:-]+=\")([A-Z]{0,3}\d+)(?=\")", parts[name]))
    if not numbers:
        return repacked(origin, rng)
    found = rng.choice(numbers)
    other = rng.choice((b"4294967295", b"-1", b"99999999999999999999", b"", b"x", b"0", b"XFD1048576", b"1048577"))
    body = parts[name][: found.start()] + found[1] + other + parts[name][found.end() :]
    return changed(origin, name, body, f"{found[0]!r} is {other!r}", Promise.ANY)


PACKAGES: tuple[Mutation, ...] = (
    repacked,
    delete_part,
    duplicate_part,
    empty_part,
    swap_parts,
    nest,
    content_types,
    bomb,
    drop_markup,
    cut_markup,
    twice_an_attribute,
    document_type,
    comments,
    any_number,
)


# .xlsx


def dimension(origin: Base, rng: Random) -> Mutant:
    parts = unpacked(origin.data)
    name = rng.choice(sheet_parts(parts))
    other = rng.choice((b"A1:XFD1048576", b"A1", b"B7:A1", b"A1:ZZZ99999999", b"", b"A1:A1048576"))
    body = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="' + other + b'"', parts[name])
    return changed(origin, name, body, f"dimension {other!r}", Promise.WHOLE)


def places(origin: Base, rng: Random) -> Mutant:
    """A cell or a row says that it stands elsewhere."""
    parts = unpacked(origin.data)
    name = rng.choice(sheet_parts(parts))
    kind = rng.choice((b"c", b"row"))
    found = rng.choice(list(re.finditer(rb"(<" + kind + rb" r=\")([^\"]*)", parts[name])))
    cells = (b"XFD1048576", b"A1048576", b"XFD1", b"AAAA1", b"A0", b"", b"A", b"7", b"A99999999999")
    numbers = (b"1048576", b"99999999", b"0", b"-4", b"4294967296", b"")
    other = rng.choice(cells if kind == b"c" else numbers)
    body = parts[name][: found.start()] + found[1] + other + parts[name][found.end() :]
    return changed(origin, name, body, f"{found[2]!r} is at {other!r}", Promise.ANY)


def strings_lost(origin: Base, rng: Random) -> Mutant | None:
    """Fewer shared strings than the cells name."""
    parts = unpacked(origin.data)
    name = "xl/sharedStrings.xml"
    entries = list(re.finditer(rb"<si>.*?</si>|<si/>", parts.get(name, b""), re.DOTALL))
    if not entries:
        return None
    lost = rng.sample(entries, rng.choice((1, 1, len(entries))))
    body = bytearray(parts[name])
    for found in sorted(lost, key=lambda m: -m.start()):
        del body[found.start() : found.end()]
    used = {int(n) for p in sheet_parts(parts) for n in re.findall(rb't="s"[^>]*><v>(\d+)</v>', parts[p])}
    all_used = max(used, default=-1) >= len(entries) - len(lost)
    return changed(origin, name, bytes(body), f"lacks {len(lost)}", Promise.REFUSED if all_used else Promise.ANY)


def counts(origin: Base, rng: Random) -> Mutant | None:
    """Counts that promise more than there is."""
    parts = unpacked(origin.data)
    holders = [n for n in parts if n.endswith(".xml") and re.search(rb"\b(?:uniqueC|c)ount=\"\d+\"", parts[n])]
    name = rng.choice(holders)
    other = rng.choice((b"4294967295", b"2000000000", b"0", b"18446744073709551615", b"-1"))
    body = re.sub(rb"(\b(?:uniqueC|c)ount=)\"\d+\"", rb'\1"' + other + b'"', parts[name])
    return changed(origin, name, body, f"counts {other!r}", Promise.WHOLE)


def _cell(origin: Base, at: Target, parts: dict[str, bytes]) -> tuple[str, re.Match[bytes]] | None:
    names = sheet_parts(parts)
    if at.sheet >= len(names):
        return None
    body = parts[names[at.sheet]]
    found = re.search(rb'<c r="' + at.cell.encode() + rb'"([^>]*?)(?:/>|>(.*?)</c>)', body)
    return (names[at.sheet], found) if found else None


POISON = (
    b't="n"><v>12x4',
    b"><v>12 4",
    b"><v>1,234",
    b"><v>1e999",
    b"><v>NaN",
    b"><v>INF",
    b"><v>--5",
    b"><v>0x10",
    b't="s"><v>999999',
    b't="s"><v>-1',
    b't="s"><v>x',
    b't="e"><v>#REF!',
    b't="e"><v>#UNBEKANNT!',
    b't="d"><v>2020-01-01',
    b't="d"><v>gestern',
    b't="str"><v>\xe7\xba\xa6\xe4\xb8\x89\xe4\xb8\x87',
    b't="zzz"><v>\xe7\xba\xa6\xe4\xb8\x89\xe4\xb8\x87',
    b't="b"><v>1',
    b't="b"><v>maybe',
    b"><f>SUM(A1:A2)</f><v>",
    b't="inlineStr"><is><t>\xe7\xba\xa6\xe4\xb8\x89\xe4\xb8\x87</t></is><v>',
)


def poison(origin: Base, rng: Random) -> Mutant | None:
    """One counted amount becomes something that is none."""
    parts = unpacked(origin.data)
    at = rng.choice(origin.targets or (None,))
    found = at and _cell(origin, at, parts)
    if not at or not found:
        return None
    name, cell = found
    value = rng.choice(POISON)
    other = b'<c r="' + at.cell.encode() + b'" ' + value + b"</v></c>"
    other = other.replace(b"<v></v>", b"" if value.endswith(b"</is><v>") else rng.choice((b"", b"<v></v>", b"<v/>")))
    body = parts[name][: cell.start()] + other + parts[name][cell.end() :]
    return changed(origin, name, body, f"{at.cell} is {value.decode()}", Promise.SEEN, at)


def dressed(origin: Base, rng: Random) -> Mutant | None:
    """One counted amount written in an odd way that means the same."""
    parts = unpacked(origin.data)
    at = rng.choice(origin.targets or (None,))
    found = at and _cell(origin, at, parts)
    if not at or not found or not re.fullmatch(rb"<v>[^<]+</v>", found[1][2] or b""):
        return None
    name, cell = found
    value = cell[2][3:-4]
    half = len(value) // 2
    inner = rng.choice(
        (
            b"<v><![CDATA[" + value + b"]]></v>",
            b"<v>" + value[:half] + b"<!-- x -->" + value[half:] + b"</v>",
            b"<v>" + value[:half] + b"<?x y?>" + value[half:] + b"</v>",
            b"<v>" + value[:half] + b"<![CDATA[" + value[half:] + b"]]></v>",
            b"<v>&#%d;" % value[0] + value[1:] + b"</v>",
            b"<v>\n " + value + b" \n</v>",
            b"<v >" + value + b"</v >",
            b'<v xml:space="preserve">' + value + b"</v>",
            b"<!-- <v>1</v> --><v>" + value + b"</v>",
            b"<v>" + value + b"</v><extLst><ext><v>1</v></ext></extLst>",
        )
    )
    other = b'<c r="' + at.cell.encode() + b'"' + cell[1] + b">" + inner + b"</c>"
    body = parts[name][: cell.start()] + other + parts[name][cell.end() :]
    return changed(origin, name, body, f"{at.cell} is {inner.decode()}", Promise.WHOLE, at)


def twice_a_cell(origin: Base, rng: Random) -> Mutant | None:
    """A cell stands there twice, the second time blank."""
    parts = unpacked(origin.data)
    at = rng.choice(origin.targets or (None,))
    found = at and _cell(origin, at, parts)
    if not at or not found:
        return None
    name, cell = found
    second = b'<c r="' + at.cell.encode() + b'"/>'
    body = parts[name][: cell.end()] + second + parts[name][cell.end() :]
    return changed(origin, name, body, f"{at.cell} twice", Promise.WHOLE, at)


# .ods and XML 2003: one markup file


def _marked(origin: Base, body: bytes, how: str, promise: Promise, at: Target | None = None) -> Mutant:
    if origin.family == "ods":
        return changed(origin, "content.xml", body, how, promise, at)
    return Mutant(how, body, promise, at)


def _markup(origin: Base) -> bytes:
    return unpacked(origin.data)["content.xml"] if origin.family == "ods" else origin.data


def spoil_markup(origin: Base, rng: Random) -> Mutant | None:
    """One counted amount of an .ods or an XML 2003 sheet becomes something that is none."""
    body = _markup(origin)
    able = [t for t in origin.targets if body.count(b">" + _number(t.shown) + b"<") == 1]
    if not able:
        return None
    at = rng.choice(able)
    number = _number(at.shown)
    if origin.family == "ods":
        cell = re.search(
            rb"<table:table-cell(?:\s[^>]*)?>(?:(?!</?table:table-cell).)*>" + number + rb"<.*?</table:table-cell>",
            body,
        )
        if not cell:
            return None
        text = "约三万".encode()
        other = rng.choice(
            (
                b'<table:table-cell office:value-type="string"><text:p>' + text + b"</text:p></table:table-cell>",
                b'<table:table-cell office:value-type="float" office:value="x"><text:p>'
                + text
                + b"</text:p></table:table-cell>",
                b'<table:table-cell office:value-type="float"><text:p>' + text + b"</text:p></table:table-cell>",
                b'<table:table-cell office:value-type="float" office:value="NaN"><text:p>x</text:p></table:table-cell>',
                b'<table:table-cell office:value-type="float" office:value="x"/>',
                b'<table:table-cell office:value-type="date" office:date-value="2020-01-01"/>',
                b'<table:table-cell office:value-type="boolean" office:boolean-value="true"/>',
                b'<table:table-cell table:formula="of:=[.A1]+"/>',
                b'<table:table-cell table:formula="of:=1/0" office:value-type="string"><text:p>#DIV/0!</text:p></table:table-cell>',
            )
        )
    else:
        cell = re.search(rb"<Data ss:Type=\"[^\"]*\">" + number + b"</Data>", body)
        if not cell:
            return None
        other = rng.choice(
            (
                b'<Data ss:Type="Number">12x4</Data>',
                b'<Data ss:Type="Number">NaN</Data>',
                b'<Data ss:Type="Number">1e999</Data>',
                b'<Data ss:Type="Error">#REF!</Data>',
                b'<Data ss:Type="Error">?</Data>',
                b'<Data ss:Type="DateTime">2020-01-01T00:00:00.000</Data>',
                b'<Data ss:Type="Zzz">x</Data>',
                b"<Data>x</Data>",
                b'<Data ss:Type="Boolean">1</Data>',
            )
        )
    spoilt = body[: cell.start()] + other + body[cell.end() :]
    return _marked(origin, spoilt, f"{at.cell} is {other!r}", Promise.SEEN, at)


def _number(shown: str) -> bytes:
    return shown.removesuffix(".0").encode()


def repeats(origin: Base, rng: Random) -> Mutant:
    """A row, a cell or a merge that reaches as far as a number can."""
    body = _markup(origin)
    far = rng.choice((b"1000000", b"2147483647", b"99999999999999999999", b"-1", b"0", b"x"))
    if origin.family == "ods":
        tag, name = rng.choice(((b"row", b"rows-repeated"), (b"cell", b"columns-repeated"), (b"cell", b"rows-spanned")))
        tags, attribute = rb"<table:table-" + tag + rb"\b", b" table:number-" + name
    else:
        tag, name = rng.choice(((b"Row", b"Index"), (b"Cell", b"Index"), (b"Cell", b"MergeDown"), (b"Row", b"Span")))
        tags, attribute = rb"<" + tag + rb"\b(?![^>]*" + name + b")", b" ss:" + name
    found = rng.choice(list(re.finditer(tags, body)))
    other = body[: found.end()] + attribute + b'="' + far + b'"' + body[found.end() :]
    return _marked(origin, other, f"{found[0]!r}{attribute!r} {far!r}", Promise.ANY)


def damage_markup(origin: Base, rng: Random) -> Mutant:
    pieces = list(re.finditer(rb"</[^>]+>|[<>\"]", origin.data))
    found = rng.choice(pieces)
    body = origin.data[: found.start()] + origin.data[found.end() :]
    return Mutant(f"lacks {found[0]!r} at {found.start()}", body, whole_or_any(body))


def declare_entities(origin: Base, rng: Random) -> Mutant:
    laughs = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10)).encode()
    declared = b'?><!DOCTYPE x [<!ENTITY l0 "ha">' + laughs + b"]>"
    return Mutant("declares entities", origin.data.replace(b"?>", declared, 1), Promise.WHOLE)


def harmless_markup(origin: Base, rng: Random) -> Mutant:
    at = rng.choice([m.end() for m in re.finditer(rb"</Row>\n?", origin.data)])
    note = rng.choice((b"<!-- <Row><Cell><Data>1</Data></Cell></Row> -->", b"<?x y?>", b" " * (TEN_MEGABYTES >> 3)))
    return Mutant(f"has {note[:9]!r}", origin.data[:at] + note + origin.data[at:], Promise.SAME)


# HTML


def harmless_html(origin: Base, rng: Random) -> Mutant:
    data = origin.data
    kind = rng.randrange(5)
    if kind == 0:
        at = rng.choice([m.end() for m in re.finditer(rb"</t[rdh]>", data)])
        note = rng.choice(
            (b"<!-- <td>1</td> -->", b"<script>document.write('<td>1</td>')</script>", b"<style>td{}</style>")
        )
        return Mutant(f"has {note!r}", data[:at] + note + data[at:], Promise.SAME)
    if kind == 1:
        return Mutant("closes no cell", data.replace(b"</td>", b""), Promise.SAME)
    if kind == 2:
        return Mutant("closes no row", data.replace(b"</tr>", b""), Promise.SAME)
    if kind == 3:
        return Mutant("shouts", re.sub(rb"</?t[drh]\b", lambda m: m[0].upper(), data), Promise.SAME)
    return Mutant(
        "has attributes", data.replace(b"<td", b"<td nowrap data-x='a>b' style=\"mso-x:'<td>'\""), Promise.SAME
    )


def ugly_html(origin: Base, rng: Random) -> Mutant:
    at = rng.choice([m.start() for m in re.finditer(rb"<t[dr]\b", origin.data)])
    piece = rng.choice(
        (
            b"<td colspan=99999999 rowspan=99999999>",
            b"<td>" * 100_000,
            b"<table>" * 1_000,
            b"</table>",
            b"<" * (TEN_MEGABYTES >> 3),
            b"A" * TEN_MEGABYTES,
            b"<td x='" * 10_000,
            b"<!--",
            b"<script>",
            b"<td>\0</td>",
            b"&#99999999999;&#0;&bogus;",
        )
    )
    data = origin.data[:at] + piece + origin.data[at:]
    return Mutant(f"{piece[:30]!r} × {len(piece)} at {at}", data, Promise.ANY)


# text


def respell(origin: Base, old: str, new: str) -> bytes:
    """Text in the file's own encoding, changed once."""
    codec = CONTAINERS[origin.case.container].encoding or "utf-8"
    return origin.data.decode(codec).replace(old, new, 1).encode(codec)


def spoil_text(origin: Base, rng: Random) -> Mutant | None:
    codec = CONTAINERS[origin.case.container].encoding or "utf-8"
    text = origin.data.decode(codec)
    edge = r"[\s,<>\"]"
    able = [t for t in origin.targets if len(re.findall(rf"(?<={edge}){re.escape(t.shown)}(?={edge})", text)) == 1]
    if not able:
        return None
    at = rng.choice(able)
    other = rng.choice(("约三万", "#REF!", "12x4", "1.2.3", "#VALUE!", "１２月", "nan", "inf", "1e5000"))
    return Mutant(f"{at.cell} is {other}", respell(origin, at.shown, other), Promise.SEEN, at)


def harmless_text(origin: Base, rng: Random) -> Mutant | None:
    codec = CONTAINERS[origin.case.container].encoding
    text = origin.data.decode(codec)
    wide = codec.startswith("utf-16")
    kind = rng.randrange(5)
    if kind == 0:
        return Mutant("ends lines with LF", text.replace("\r\n", "\n").encode(codec), Promise.SAME)
    if kind == 1:
        return Mutant("has blank lines below", (text + "\r\n" * rng.choice((1, 100_000))).encode(codec), Promise.SAME)
    if kind == 2 and not wide:
        return Mutant("ends with Ctrl-Z", origin.data + b"\x1a", Promise.SAME)
    if kind == 3 and codec == "utf-8":
        return Mutant("has a mark", b"\xef\xbb\xbf" + origin.data, Promise.SAME)
    if kind == 4 and codec == "utf-8":
        return Mutant("is UTF-16", text.encode("utf-16"), Promise.SAME)
    return None


def ugly_text(origin: Base, rng: Random) -> Mutant:
    at = rng.randrange(len(origin.data))
    piece = rng.choice(
        (
            b'"',
            b'"' * 1001,
            b"\0",
            b"\0" * 1000,
            b"," * (TEN_MEGABYTES >> 1),
            b"\n" * (TEN_MEGABYTES >> 3),
            b"A" * TEN_MEGABYTES,
            b'",\n' * 100_000,
            b"\x1a",
            b"\xff",
            b"\r",
            "合计".encode(),
            "合计".encode("gb18030"),
            b"\t",
            b"1e400,",
        )
    )
    data = origin.data[:at] + piece + origin.data[at:]
    return Mutant(f"{piece[:10]!r} × {len(piece)} at {at}", data, Promise.ANY)


# .xls


def pad(origin: Base, rng: Random) -> Mutant:
    return Mutant("zeros below", origin.data + b"\0" * rng.choice((1, 512, 100_000)), Promise.SAME)


def sectors(origin: Base, rng: Random) -> Mutant:
    data = bytearray(origin.data)
    count = len(data) // 512
    one, other = rng.randrange(count), rng.randrange(count)
    kind = rng.choice(("blank", "ones", "copied"))
    data[one * 512 : one * 512 + 512] = {
        "blank": b"\0" * 512,
        "ones": b"\xff" * 512,
        "copied": bytes(data[other * 512 : other * 512 + 512]),
    }[kind]
    return Mutant(f"sector {one} {kind} ({other})", bytes(data), Promise.ANY)


def records(origin: Base, rng: Random) -> Mutant:
    """A field of the file's own tables is another number."""
    data = bytearray(origin.data)
    at = rng.choice((rng.randrange(24, 512) & ~1, 512 + rng.randrange(0, min(4096, len(data) - 516)) & ~1))
    data[at : at + 4] = rng.choice(
        (b"\xff\xff\xff\xff", b"\xfe\xff\xff\xff", b"\0\0\0\0", b"\1\0\0\0", b"\xff\xff\xff\x7f")
    )
    return Mutant(f"field at {at} is {bytes(data[at : at + 4])!r}", bytes(data), Promise.ANY)


MUTATIONS: dict[str, tuple[Mutation, ...]] = {
    "xlsx": (
        *PACKAGES,
        dimension,
        places,
        places,
        strings_lost,
        counts,
        poison,
        poison,
        dressed,
        dressed,
        twice_a_cell,
    ),
    "ods": (*PACKAGES, spoil_markup, spoil_markup, repeats, repeats),
    "xml": (
        damage_markup,
        damage_markup,
        declare_entities,
        harmless_markup,
        spoil_markup,
        spoil_markup,
        repeats,
        repeats,
    ),
    "html": (harmless_html, harmless_html, ugly_html, ugly_html, spoil_text, spoil_text),
    "csv": (harmless_text, harmless_text, ugly_text, ugly_text, ugly_text, spoil_text, spoil_text),
    "xls": (pad, sectors, sectors, records, records),
}


# a worker


def work(pipe: Any, memory: int) -> None:
    """Answer seeds with how their mutants ended, within `memory` bytes of address space, until None comes."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with TemporaryDirectory() as folder:
        while (seed := pipe.recv()) is not None:
            name = ""
            try:
                origin, mutant = draw(seed)
                name = f"{origin.case.name} · {mutant.how} ({mutant.promise})"
                pipe.send(("begun", name, []))
                ended, wrong = broken(mutant, origin, Path(folder))
            except KeyboardInterrupt:
                return
            except BaseException as problem:
                ended, wrong = "exception", [f"{type(problem).__name__}: {str(problem)[:300]}"]
            pipe.send((ended, name, wrong))

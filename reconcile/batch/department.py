"""Which departments there are and which files each has: from a folder a department, or from a table of paths."""

from __future__ import annotations

import csv
import hashlib
import os
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files as data_files
from pathlib import Path

from reconcile.batch import storage
from reconcile.finding import LoadError

ROLES = ("budget", "ledger", "contracts", "aliases", "previous", "config")
CONFIG = "reconcile.toml"
TABLES = (
    ".xlsx",
    ".xlsm",
    ".xltx",
    ".xlsb",
    ".xls",
    ".et",
    ".ett",
    ".ods",
    ".fods",
    ".csv",
    ".tsv",
    ".txt",
    ".xml",
    ".htm",
    ".html",
    ".parquet",
)
SEPARATOR = "／"
"""Between the folders of a department's name; a full-width stroke may stand in the name of a folder."""
MADE = ("batch.json", "manifest.json")
"""One of these stands in a folder that we wrote: it is no department."""
RESERVED = ("consolidated.xlsx", "batch.json")
LONGEST = 200
"""Bytes of a folder's name; file systems hold 255."""
_FORBIDDEN = str.maketrans('/\\:*?"<>|', "／＼：＊？＂＜＞｜")


@dataclass(frozen=True)
class File:
    """A file of a department.  role: one of ROLES, '' where only its content can tell.  stated: a person gave it the
    role, not its name.  data: its bytes, where it travels with the task."""

    path: str
    role: str = ""
    stated: bool = False
    data: bytes | None = None

    @property
    def name(self) -> str:
        return storage.name_of(self.path)


@dataclass(frozen=True)
class Department:
    """A department, what it belongs to ('' for nothing), the folder of its outputs, and its files."""

    name: str
    parent: str
    folder: str
    files: tuple[File, ...]


@cache
def _words(place: str) -> dict[str, tuple[str, ...]]:
    """By role, from data/batch_words.csv: words in the names of `files`, names of `folders`, headings of `columns`."""
    text = data_files("reconcile.data").joinpath("batch_words.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return {r["role"]: tuple(filter(None, r[place].split("|"))) for r in rows}


def role_of_name(name: str, department: str) -> str:
    """The role that a file's name tells, the department's own name aside; '' where it tells none, or several, or the
    file is no table."""
    if name == CONFIG:
        return "config"
    if not is_table(name):
        return ""
    stem = _normal(name.rpartition(".")[0]).replace(_normal(department), "")
    told = [role for role, words in _words("files").items() if any(w in stem for w in words)]
    return told[0] if len(told) == 1 else ""


def is_table(name: str) -> bool:
    """Whether a file may hold a table, by the ending of its name."""
    return name.lower().endswith(TABLES)


def _role_of_folder(name: str) -> str:
    """The role of all files in a folder: its whole name says it, years aside; '' for any other folder."""
    stem = _normal(name).strip("0123456789年度-_ ")
    return next((role for role, names in _words("folders").items() if stem in names), "")


@dataclass(frozen=True)
class Listing:
    """The departments, and the groups that are none themselves, each with what it belongs to."""

    departments: tuple[Department, ...]
    groups: dict[str, str]


def departments(source: str, out: str) -> Listing:
    """The departments of a folder or of a table of paths, in their order; `out` is no department.

    Raises LoadError where there is none, where two have one name or one output folder, where an output would take the
    place of an input, and where a table has no columns of departments and files.
    """
    if not storage.exists(source):
        raise LoadError("missing-file", source)
    folders = storage.is_folder(source)
    found = list(_of_folder(source, out)) if folders else _of_table(source)
    if not found:
        raise LoadError("no-departments", source)
    taken = dict.fromkeys(RESERVED, "")
    for one in found:
        folder = _same(one.folder)
        if folder in taken:
            raise LoadError("department-twice", source, name=one.name)
        taken[folder] = one.name
        _check_apart(one, out)
    _check_tree(found, source)
    return Listing(tuple(found), _groups(found) if folders else {})


def _check_apart(department: Department, out: str) -> None:
    """Raise LoadError where an output folder is, or holds, the place of an input."""
    if storage.is_url(out):
        return
    place = (Path(out) / department.folder).resolve()
    for file in department.files:
        if not storage.is_url(file.path) and place in Path(file.path).resolve().parents:
            raise LoadError("output-is-input", str(place))


def folder_name(name: str) -> str:
    """A department's name as a folder may be called; a longer one than file systems hold ends in its own mark."""
    found = "".join(c for c in name.translate(_FORBIDDEN) if c.isprintable()).strip(" .") or "_"
    if len(found.encode()) <= LONGEST:
        return found
    mark = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{found.encode()[: LONGEST - 9].decode('utf-8', 'ignore')}-{mark}"


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _same(folder: str) -> str:
    """File systems take names for one that differ in capitals or in how characters are composed."""
    return unicodedata.normalize("NFC", folder).casefold()


# a folder a department ---------------------------------------------------------------------------------------


def _of_folder(top: str, out: str) -> Iterator[Department]:
    """Every folder below `top` that has files of its own, or holds nothing at all; folders of one role (预算, 账簿)
    belong to the department that they are in, folders that we wrote to none."""
    own = None if storage.is_url(top) != storage.is_url(out) else _place(out)
    inside = [e for e in storage.entries(top) if e.is_folder and _place(e.path) != own]
    for entry in inside:
        yield from _below(entry, (), frozenset([own]))


def _below(entry: storage.Entry, above: Sequence[str], beside: frozenset[str | None]) -> Iterator[Department]:
    """The departments of a folder and of those in it; `beside`: places to pass over, those that it lies in among them."""
    names, beside = (*above, entry.name), beside | {_place(entry.path)}
    held = [e for e in storage.entries(entry.path) if not e.is_folder or _place(e.path) not in beside]
    if any(e.name in MADE for e in held):
        return
    folders = [e for e in held if e.is_folder]
    files = [File(e.path, role_of_name(e.name, entry.name)) for e in held if not e.is_folder]
    for folder in folders:
        if role := _role_of_folder(folder.name):
            inside = [e for e in storage.entries(folder.path) if not e.is_folder]
            files += [File(e.path, role if is_table(e.name) else "") for e in inside]
    deeper = [e for e in folders if not _role_of_folder(e.name)]
    if files or not deeper:
        name = SEPARATOR.join(names)
        yield Department(name, SEPARATOR.join(above), folder_name(name), tuple(files))
    for folder in deeper:
        yield from _below(folder, names, beside)


def _place(path: str) -> str:
    return path.rstrip("/") if storage.is_url(path) else os.path.realpath(path)


def _groups(found: Sequence[Department]) -> dict[str, str]:
    """Every folder that holds departments, with the one above it."""
    groups = {}
    for one in found:
        name = one.parent
        while name:
            groups[name] = above = name.rpartition(SEPARATOR)[0]
            name = above
    return groups


# a table of paths --------------------------------------------------------------------------------------------


def _of_table(source: str) -> list[Department]:
    """A row a department.  Paths are read from the table's place, several with `;` between them, or as a glob."""
    rows = _cells(source)
    heads = ((at, _heading(row)) for at, row in enumerate(rows))
    at, where = next((h for h in heads if {"name", "budget", "ledger"} <= set(h[1])), (0, None))
    if where is None:
        raise LoadError("no-department-columns", storage.name_of(source))
    base = storage.folder_of(source)
    found: dict[str, Department] = {}
    for row in rows[at + 1 :]:
        cells = {f: row[i] for f, i in where.items()}
        if not any(cells.values()):
            continue
        if not cells["name"]:
            raise LoadError("department-unnamed", storage.name_of(source), paths="；".join(filter(None, row)))
        files = tuple(File(p, role, stated=True) for role in ROLES for p in _paths(cells.get(role, ""), base))
        one = Department(cells["name"], cells.get("parent", ""), folder_name(cells["name"]), files)
        if one.name in found:
            raise LoadError("department-twice", storage.name_of(source), name=one.name)
        found[one.name] = one
    return list(found.values())


def _heading(row: Sequence[str]) -> dict[str, int]:
    """The columns that a row names, with their positions."""
    words = _words("columns")
    return {f: i for i, text in enumerate(row) for f, names in words.items() if _normal(text) in names}


def _cells(source: str) -> list[list[str]]:
    from reconcile.read.workbook import open_book

    if storage.is_url(source):
        with tempfile.TemporaryDirectory() as scratch:
            copy = Path(scratch) / storage.name_of(source)
            copy.write_bytes(storage.read(source))
            book = open_book(copy)
    else:
        book = open_book(source)
    sheet = next((s for s in book.sheets if not s.hidden and len(s.cells)), None)
    return [[_text(v) for v in row] for row in sheet.cells] if sheet else []


def _text(value: object) -> str:
    """A cell as a name or a path: a whole number without its point."""
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _paths(cell: str, base: str) -> list[str]:
    parts = [p.strip() for p in cell.replace("；", ";").replace("\n", ";").split(";")]
    return [found for part in parts if part for found in _found(part, base)]


def _found(path: str, base: str) -> list[str]:
    whole = path if storage.is_url(path) or os.path.isabs(path) else storage.join(base, path)
    return storage.matches(whole) or [whole]


# parents -----------------------------------------------------------------------------------------------------


def _check_tree(found: Sequence[Department], source: str) -> None:
    """Raise LoadError where a department is above itself."""
    above = {d.name: d.parent for d in found}
    for one in found:
        seen = [one.name]
        while (higher := above.get(seen[-1], "")) and higher not in seen:
            seen.append(higher)
        if higher:
            raise LoadError("parent-circle", source, names=" → ".join((*seen, higher)))

"""Where files lie: folders of this machine, or anything that fsspec reaches (`s3://`, `smb://`, `memory://`)."""

from __future__ import annotations

import glob
import hashlib
import os
import shutil
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reconcile.finding import LoadError

WRITTEN = "department.json"
"""Stands in a department's folder once all of its other files do; it is written last."""
_UNFINISHED = "department.unfinished"
_PATTERN = frozenset("*?[")


@dataclass(frozen=True)
class Entry:
    """A file or a folder in a folder."""

    name: str
    path: str
    is_folder: bool


def is_url(path: str) -> bool:
    return "://" in path


def join(folder: str, *names: str) -> str:
    return "/".join((folder.rstrip("/"), *names)) if is_url(folder) else os.path.join(folder, *names)


def name_of(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2] if is_url(path) else Path(path).name


def folder_of(path: str) -> str:
    return path.rstrip("/").rpartition("/")[0] if is_url(path) else str(Path(path).parent)


def is_folder(path: str) -> bool:
    if not is_url(path):
        return Path(path).is_dir()
    files, at = _system(path)
    return bool(files.isdir(at))


def exists(path: str) -> bool:
    if not is_url(path):
        return Path(path).exists()
    files, at = _system(path)
    return bool(files.exists(at))


def entries(folder: str) -> list[Entry]:
    """What a folder holds, by name; hidden files and the lock files of office programs aside."""
    if is_url(folder):
        files, at = _system(folder)
        found = [(name_of("://" + str(e["name"])), e["type"] == "directory") for e in files.ls(at, detail=True)]
    else:
        with os.scandir(folder) as scanned:
            found = [(e.name, e.is_dir()) for e in scanned]
    return [Entry(n, join(folder, n), d) for n, d in sorted(found) if n and not n.startswith((".", "~$"))]


def matches(pattern: str) -> list[str]:
    """The files that a path or a glob names, by name; the path itself where it is none."""
    if not _PATTERN & set(pattern) or exists(pattern):
        return [pattern]
    if not is_url(pattern):
        return sorted(glob.glob(pattern, recursive=True))
    files, at = _system(pattern)
    return sorted(str(files.unstrip_protocol(found)) for found in files.glob(at))


def read(path: str) -> bytes:
    """The bytes of a file.  Raises LoadError where there is none."""
    try:
        if not is_url(path):
            return Path(path).read_bytes()
        files, at = _system(path)
        return bytes(files.cat_file(at))
    except FileNotFoundError:
        raise LoadError("missing-file", name_of(path)) from None
    except IsADirectoryError:
        raise LoadError("is-folder", name_of(path)) from None


def digest(path: str | Path) -> str:
    """The SHA-256 of a file of this machine.  Raises LoadError where there is none."""
    try:
        with open(path, "rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        raise LoadError("missing-file", Path(path).name) from None
    except IsADirectoryError:
        raise LoadError("is-folder", Path(path).name) from None


def put_file(made: Path, target: str) -> None:
    """Put a finished file into its place, whole."""
    if not is_url(target):
        beside = Path(target).with_name(f".{Path(target).name}.new")
        beside.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(made, beside)
        beside.replace(target)
        return
    files, at = _system(target)
    files.makedirs(at.rpartition("/")[0], exist_ok=True)
    files.put_file(str(made), at)


def put_folder(made: Path, target: str, outdated: Collection[str] = ()) -> None:
    """Put a finished folder into its place: whole, or, where the place cannot be renamed, its `WRITTEN` last.

    What stood there is replaced, `outdated` files go; other files in it stay.
    """
    if is_url(target):
        _uploaded(made, target, outdated)
        return
    place = Path(target)
    place.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".batch-", dir=place.parent))
    try:
        fresh = staging / "new"
        shutil.copytree(made, fresh)
        if place.exists():
            for old in sorted(f for f in place.rglob("*") if f.is_file()):
                inside = old.relative_to(place)
                if inside.as_posix() not in outdated and not (fresh / inside).exists():
                    (fresh / inside).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(old, fresh / inside)
            place.rename(staging / "old")
        fresh.rename(place)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _uploaded(made: Path, target: str, outdated: Collection[str]) -> None:
    files, at = _system(target)
    files.makedirs(at, exist_ok=True)
    files.pipe_file(f"{at}/{_UNFINISHED}", b"")
    for old in (WRITTEN, *outdated):
        if files.exists(f"{at}/{old}"):
            files.rm_file(f"{at}/{old}")
    listed = sorted((f for f in made.rglob("*") if f.is_file()), key=lambda f: (f.name == WRITTEN, str(f)))
    for file in listed:
        place = f"{at}/{file.relative_to(made).as_posix()}"
        files.makedirs(place.rpartition("/")[0], exist_ok=True)
        files.put_file(str(file), place)
    files.rm_file(f"{at}/{_UNFINISHED}")


def is_unfinished(folder: str) -> bool:
    """Whether a run was stopped while it filled a folder that cannot be put into its place at once."""
    return is_url(folder) and exists(join(folder, _UNFINISHED))


def check_writable(folder: str) -> None:
    """Raise LoadError where no folder can be made or filled in this place of this machine."""
    if is_url(folder):
        return
    place = Path(folder).absolute()
    above = next(p for p in (place, *place.parents) if p.exists())
    if not above.is_dir():
        raise LoadError("output-exists", str(above))
    if not os.access(above, os.W_OK | os.X_OK):
        raise LoadError("output-unwritable", folder, problem=str(above))


def clear_unfinished(folder: str) -> None:
    """Take away what a run that was killed left half made in an output folder."""
    if not is_url(folder) and Path(folder).is_dir():
        for left in Path(folder).glob(".batch-*"):
            shutil.rmtree(left, ignore_errors=True)


def _system(path: str) -> tuple[Any, str]:
    """The file system of a URL, and the path inside of it.  Raises LoadError where its package is not installed."""
    try:
        from fsspec.core import url_to_fs

        files, at = url_to_fs(path)
    except ImportError as problem:
        raise LoadError("package-missing", path, problem=problem, extra="remote") from None
    except ValueError as problem:
        raise LoadError("not-reachable", path, problem=problem) from None
    return files, str(at).rstrip("/")

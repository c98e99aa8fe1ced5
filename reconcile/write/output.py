"""Outputs appear whole or not at all: written beside, then moved into place."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reconcile.finding import LoadError


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to; it takes `path`'s place when the block ends well, else it is gone."""
    check_closed(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    beside = Path(name)
    try:
        yield beside
        beside.chmod(0o644)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def whole_folder(folder: Path, *, force: bool) -> Iterator[Path]:
    """A folder beside `folder`; its files move into `folder` when the block ends well.

    Raises LoadError where one of them is there already and `force` is not given, or is open in Excel or WPS.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists() and not folder.is_dir():
        raise LoadError("output-exists", str(folder))
    if not force and (folder / "review.xlsx").exists():
        raise LoadError("output-exists", str(folder / "review.xlsx"))
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield beside
        made = [f for f in sorted(beside.rglob("*")) if f.is_file()]
        for file in made:
            check_closed(folder / file.relative_to(beside))
        for file in made:
            target = folder / file.relative_to(beside)
            target.parent.mkdir(parents=True, exist_ok=True)
            file.replace(target)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def check_closed(path: Path) -> None:
    """Raise LoadError where Excel, WPS or LibreOffice holds the file open (its lock file stands beside it)."""
    locks = (path.with_name(f"~${path.name}"), path.with_name(f".~lock.{path.name}#"))
    if path.exists() and any(lock.exists() for lock in locks):
        raise LoadError("output-open", str(path))

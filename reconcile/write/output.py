"""Outputs appear whole or not at all: written beside, then moved into place."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from reconcile.finding import LoadError

LIKELY_OPEN = ("review.xlsx", "evaluation.xlsx", "summary.docx")
"""Outputs that people look at: whether one is open is asked before anything is read."""


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to; it takes `path`'s place when the block ends well, else it is gone."""
    check_closed(path)
    with _writable(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    beside = Path(name)
    try:
        yield beside
        beside.chmod(0o644)
        with _free(path):
            beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def whole_folder(folder: Path, *, force: bool, inputs: Iterable[str | Path] = ()) -> Iterator[Path]:
    """A folder beside `folder`; its files move into `folder` when the block ends well.

    Raises LoadError where one of them is there already and `force` is not given, is open in Excel or WPS, or is
    one of `inputs`, which `force` does not permit either.
    """
    if folder.exists() and not folder.is_dir():
        raise LoadError("output-exists", str(folder))
    review, read = folder / "review.xlsx", tuple(inputs)
    check_no_input(review, read)
    _check_free(review, force)
    for name in LIKELY_OPEN:
        check_closed(folder / name)
    with _writable(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield beside
        made = {f: folder / f.relative_to(beside) for f in sorted(beside.rglob("*")) if f.is_file()}
        for target in made.values():
            check_no_input(target, read)
            _check_free(target, force)
            check_closed(target)
        with _writable(folder):
            _moved(made, beside)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _moved(made: Mapping[Path, Path], beside: Path) -> None:
    """Move every file to its place, or none: what was there before is put back where one cannot be moved."""
    done: list[tuple[Path, Path | None]] = []
    kept = Path(tempfile.mkdtemp(prefix=".kept-", dir=beside))
    try:
        for n, (file, target) in enumerate(made.items()):
            target.parent.mkdir(parents=True, exist_ok=True)
            with _free(target):
                old = target.replace(kept / str(n)) if target.exists() else None
                done.append((target, old))
                file.replace(target)
    except BaseException:
        for target, old in reversed(done):
            if old is not None:
                old.replace(target)
            else:
                target.unlink(missing_ok=True)
        raise


@contextmanager
def _free(path: Path) -> Iterator[None]:
    """Say that a program holds a file open where the system does not let it be replaced."""
    try:
        yield
    except PermissionError as problem:
        raise LoadError("output-open", str(path)) from problem


def check_no_input(target: Path, inputs: Iterable[str | Path]) -> None:
    """Raise LoadError where an output would take the place of a file that was read."""
    if target.resolve() in {Path(name).resolve() for name in inputs}:
        raise LoadError("output-is-input", str(target))


def _check_free(target: Path, force: bool) -> None:
    if target.exists() and not force:
        raise LoadError("output-exists", str(target))


@contextmanager
def _writable(place: Path) -> Iterator[None]:
    """Name the place that was asked for, not the temporary one, where nothing can be written."""
    try:
        yield
    except OSError as problem:
        raise LoadError("output-unwritable", str(place), problem=problem.strerror or problem) from problem


def check_closed(path: Path) -> None:
    """Raise LoadError where Excel, Word, WPS or LibreOffice holds the file open (its lock file stands beside it)."""
    name = path.name
    locks = [f"~${name}", f".~lock.{name}#"]
    if path.suffix.lower() == ".docx":  # Word leaves out up to two letters of a longer name
        locks += [f"~${name[1:]}", f"~${name[2:]}"]
    if path.exists() and any(path.with_name(lock).exists() for lock in locks):
        raise LoadError("output-open", str(path))

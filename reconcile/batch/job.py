"""One department's run, from its files to its folder of outputs: whole or absent, and not twice for the same input."""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import tempfile
import threading
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from reconcile import run, settings
from reconcile._version import __version__
from reconcile.batch import outcome, storage
from reconcile.batch.department import ROLES, Department, File, is_table
from reconcile.batch.outcome import Outcome
from reconcile.finding import LoadError
from reconcile.read.load import KINDS, kinds_of

NEEDED = ("budget", "ledger")
ONE_ONLY = ("previous", "config")
_ONE_AT_A_TIME = threading.Lock()
"""A worker of several threads runs one department at a time: warnings are caught for the whole process."""
NO_TABLE = ("no-header", "other-table", "missing-column")
"""Errors of a file that can be read and holds nothing of ours."""


@dataclass(frozen=True)
class Record:
    """What department.json holds: the key of the inputs, the outcome, and the SHA-256 of every file written.

    whole: all of these files are still there.
    """

    key: str
    outcome: Outcome
    written: dict[str, str]
    whole: bool


@dataclass(frozen=True)
class Job:
    """A department to run.  out: the folder of all outputs.  config: the settings of departments without their own.

    known: what an earlier run left.
    """

    department: Department
    out: str
    year: int | None = None
    through: str | None = None
    config: File | None = None
    force: bool = False
    known: Record | None = None

    @property
    def target(self) -> str:
        return storage.join(self.out, self.department.folder)

    def failed(self, message: str) -> Outcome:
        return outcome.failure(self.department.name, self.department.parent, self.department.folder, message)

    def kept(self, record: Record) -> Outcome:
        return replace(record.outcome, parent=self.department.parent, kept=True)


def version() -> str:
    """The version of this library, on whatever machine that is asked."""
    return __version__


def carry_out(job: Job) -> Outcome:
    """Run a department, put its outputs into their place, and say what came of it.

    Input that cannot be used, and a defect that this department's files bring out, are its own failure.  Raises
    OSError where a file or a place cannot be reached, which may pass.
    """
    try:
        with tempfile.TemporaryDirectory() as scratch:
            return _carried_out(job, Path(scratch))
    except (LoadError, MemoryError) as problem:
        return job.failed(str(problem) or type(problem).__name__)
    except OSError:
        raise
    except Exception as problem:
        return job.failed(f"{type(problem).__name__}: {problem}")


def carry_out_afar(job: Job) -> tuple[Outcome, bytes]:
    """As carry_out, for a worker that may not see the outputs' folder: they come back as a zip file's bytes."""
    if storage.is_url(job.out):
        with _ONE_AT_A_TIME:
            return carry_out(job), b""
    with _ONE_AT_A_TIME, tempfile.TemporaryDirectory() as folder:
        found = carry_out(replace(job, out=folder))
        made = Path(folder) / job.department.folder
        return found, _zipped(made) if made.is_dir() else b""


def accept(job: Job, archive: bytes) -> None:
    """Put what came back from a worker afar into its place.  Raises LoadError where that is not free."""
    check_free(job)
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(io.BytesIO(archive)) as package:
        package.extractall(folder)
        storage.put_folder(Path(folder), job.target, _outdated(job, folder))


def packed(job: Job) -> Job:
    """A job whose local files travel with it."""
    files = tuple(_packed(f) for f in job.department.files)
    config = _packed(job.config) if job.config else None
    return replace(job, department=replace(job.department, files=files), config=config)


def _packed(file: File) -> File:
    return file if storage.is_url(file.path) else replace(file, data=storage.read(file.path))


def with_record(job: Job) -> Job:
    """The job with what an earlier run left of it."""
    mark = storage.join(job.target, storage.WRITTEN)
    if not storage.exists(mark):
        return job
    try:
        found = json.loads(storage.read(mark))
        written = {str(name): str(digest) for name, digest in found["written"].items()}
        record = Record(found["key"], outcome.from_json(found["outcome"]), written, whole=True)
    except (ValueError, KeyError, TypeError, AttributeError):
        return job
    whole = all(storage.exists(_written(job, name)) for name in written)
    return replace(job, known=replace(record, whole=whole))


def unchanged(job: Job) -> Outcome | None:
    """The earlier outcome of a job whose files are all on this machine, where neither they nor the settings have
    changed; None for any other job."""
    files = [f for f in (*job.department.files, job.config) if f is not None]
    if any(storage.is_url(f.path) for f in files):
        return None
    placed = [(f, Path(f.path)) for f in job.department.files]
    return _known(job, _key(job, placed, Path(job.config.path) if job.config else None))


def _known(job: Job, key: str) -> Outcome | None:
    return job.kept(job.known) if job.known is not None and job.known.whole and job.known.key == key else None


def _written(job: Job, name: str) -> str:
    return storage.join(job.target, *PurePosixPath(name).parts)


def _carried_out(job: Job, scratch: Path) -> Outcome:
    placed = [(f, _fetched(f, scratch / "in" / str(n))) for n, f in enumerate(job.department.files)]
    config = _fetched(job.config, scratch / "config") if job.config else None
    key = _key(job, placed, config)
    if (kept := _known(job, key)) is not None:
        return kept
    check_free(job)
    made = scratch / "out" / job.department.folder
    result, unmarked, unused = _produced(job, placed, config, made)
    found = replace(
        outcome.of_result(job.department.name, job.department.parent, job.department.folder, result, unmarked),
        unused=tuple(unused),
    )
    written = {f.relative_to(made).as_posix(): storage.digest(f) for f in sorted(made.rglob("*")) if f.is_file()}
    record = {"key": key, "outcome": found.as_json(), "written": written}
    text = json.dumps(record, ensure_ascii=False, indent=2) + "\n"
    (made / storage.WRITTEN).write_text(text, "utf-8", newline="\n")
    storage.put_folder(made, job.target, _outdated(job, str(made)))
    return found


def _fetched(file: File, folder: Path) -> Path:
    """The file on this machine, the name of its folder kept, by which files of one name are told apart."""
    if file.data is None and not storage.is_url(file.path):
        return Path(file.path)
    place = folder / (storage.name_of(storage.folder_of(file.path)) or "_") / file.name
    place.parent.mkdir(parents=True)
    place.write_bytes(storage.read(file.path) if file.data is None else file.data)
    return place


def _key(job: Job, placed: Sequence[tuple[File, Path]], config: Path | None) -> str:
    """The SHA-256 of all that the outputs depend on: the files and their names, the settings, the versions."""
    shared = asdict(settings.load(config)) if config else {}
    files = [(f.role, f.name, storage.name_of(storage.folder_of(f.path)), storage.digest(p)) for f, p in placed]
    told = [__version__, job.department.name, job.year, job.through, shared, run.versions(), files]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()


def check_free(job: Job) -> None:
    """Raise LoadError where the place holds a file that is not as we wrote it, and nobody said to overwrite it."""
    if job.force or not storage.exists(job.target):
        return
    if storage.is_unfinished(job.target):
        return
    if job.known is None:
        raise LoadError("output-exists", job.target)
    for name, digest in job.known.written.items():
        place = _written(job, name)
        if storage.exists(place) and hashlib.sha256(storage.read(place)).hexdigest() != digest:
            raise LoadError("output-exists", place)


def _outdated(job: Job, made: str) -> list[str]:
    """Files of the earlier run that this one does not write again."""
    return [n for n in (job.known.written if job.known else ()) if not (Path(made) / n).exists()]


# roles -------------------------------------------------------------------------------------------------------


def _produced(
    job: Job, placed: Sequence[tuple[File, Path]], config: Path | None, made: Path
) -> tuple[Any, list[str], list[str]]:
    """(result, why a source was not marked, unused files) by the roles that names tell; by content where these are not
    enough or turn out wrong."""
    roles, unused = _roles(placed, by_content=False)
    first: LoadError | None = None
    if all(roles[r] for r in NEEDED):
        try:
            return *_run(job, roles, config, made), unused
        except LoadError as problem:
            first = problem
    try:
        told, unused = _roles(placed, by_content=True)
    except LoadError as problem:
        raise first or problem from None
    if first is not None and told == roles:
        raise first
    for role in NEEDED:
        if not told[role]:
            kind = "预算表 / budget" if role == "budget" else "账簿 / ledger"
            raise first or LoadError(
                "no-file-of-role", "", role=kind, files="、".join(f.name for f, _ in placed) or "—"
            )
    return *_run(job, told, config, made), unused


def _roles(placed: Iterable[tuple[File, Path]], *, by_content: bool) -> tuple[dict[str, list[str]], list[str]]:
    """Paths by role, and the names of files that have none.  by_content: let tables tell, whatever their names say."""
    roles: dict[str, list[str]] = {role: [] for role in ROLES}
    unused = []
    for file, path in placed:
        taken = file.role and (file.stated or not (by_content and file.role in KINDS))
        if file.role in ONE_ONLY and roles[file.role]:
            unused.append(file.name)
            continue
        found = [file.role] if taken else _told(path) if is_table(file.name) else []
        for role in found:
            roles[role].append(str(path))
        if not found:
            unused.append(file.name)
    return roles, unused


def _told(path: Path) -> list[str]:
    """The kinds of table in a file; none where it holds nothing of ours.  Raises LoadError where it cannot be read."""
    try:
        return kinds_of(path)
    except LoadError as problem:
        if problem.code in NO_TABLE:
            return []
        raise


def _run(job: Job, roles: dict[str, list[str]], config: Path | None, made: Path) -> tuple[Any, list[str]]:
    own = roles["config"][0] if roles["config"] else str(config) if config else None
    arguments = argparse.Namespace(
        budget=roles["budget"],
        ledger=roles["ledger"],
        contracts=roles["contracts"] or None,
        aliases=roles["aliases"] or None,
        previous=roles["previous"][0] if roles["previous"] else None,
        **dict.fromkeys(run.BESIDE),
        year=job.year,
        through=job.through,
        config=own,
        out=str(made),
        force=True,
        quiet=True,
    )
    produced = run.produce(arguments)
    return produced.result, produced.not_annotated


def _zipped(folder: Path) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as package:
        for file in sorted(f for f in folder.rglob("*") if f.is_file()):
            package.write(file, file.relative_to(folder).as_posix())
    return stream.getvalue()

"""Parquet files to a sheet: decimals and whole numbers keep every digit, text stays text."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any, BinaryIO

import numpy as np

from reconcile.read.compact import Columns
from reconcile.read.growing import Growing, check_held
from reconcile.read.sheet import Cells, ErrorCell, ReadError, Sheet, check_size

MARK, ENCRYPTED = b"PAR1", b"PARE"
EXACT = 2**53
"""Whole numbers from here on have no double of their own."""
BATCH = 1 << 16


def sheets(data: bytes, name: str) -> tuple[Sheet, ...]:
    """The one sheet of a Parquet file: its column names are row 1, its first record is row 2.

    Decimals are texts of all their digits, as are whole numbers that no double holds; a binary fraction is the double
    nearest to its shortest digits; a number that is none is an error cell.  Raises ReadError where the file is damaged
    or encrypted, or pyarrow is not installed.
    """
    if data[:4] == ENCRYPTED:
        raise ReadError("encrypted")
    if data[-4:] != MARK:
        raise ReadError("truncated", "Parquet")
    try:
        import pyarrow.parquet as parquet
    except ImportError as problem:
        raise ReadError("package-missing", problem, extra="parquet") from None
    file = parquet.ParquetFile(io.BytesIO(data))
    height, names = file.metadata.num_rows + 1, list(file.schema_arrow.names)
    check_size(height, len(names), "")
    table = file.read()
    cells: Cells = np.full((height, len(names)), None, dtype=object)
    cells[0] = names
    for position in range(len(names)):
        cells[1:, position] = _values(table.column(position))
    return (Sheet(name, cells),)


def _values(column: Any) -> Cells:
    """The cells of a column; what repeats itself is made once."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    if pa.types.is_null(kind):
        return np.full(len(column), None, dtype=object)
    if pa.types.is_floating(kind):
        return _floats(column)
    if not pa.types.is_nested(kind):
        column = pc.dictionary_encode(column.combine_chunks())
        column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        known = np.array([*map(_cell, column.dictionary.to_pylist()), None], dtype=object)
        at = column.indices.fill_null(len(known) - 1).to_numpy(zero_copy_only=False)
        found: Cells = known[at]
        return found
    nested: Cells = np.array([None if v is None else str(v) for v in column.to_pylist()] + [None], dtype=object)
    return nested[:-1]


def _cell(value: Any) -> Any:
    """A value as a cell of a sheet holds it."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return float(value) if abs(value) < EXACT else str(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, datetime):
        return getattr(value, "to_pydatetime", lambda: value)().replace(tzinfo=None)
    return format(value, "f") if type(value).__name__ == "Decimal" else value


def _floats(column: Any) -> Cells:
    doubles = column.to_numpy()
    if doubles.dtype != np.float64:
        doubles = doubles.astype(str).astype(np.float64)
    cells: Cells = doubles.astype(object)
    cells[~np.isfinite(doubles)] = ErrorCell("NaN")
    cells[column.is_null().to_numpy()] = None
    return cells


class _Rows:
    """Rows of a column as Arrow holds them."""

    def __init__(self, values: Any) -> None:
        self._values = values

    def __len__(self) -> int:
        return len(self._values)

    def cells(self) -> Cells:
        import pyarrow as pa

        return _values(pa.chunked_array([self._values]))

    def take(self, positions: Any) -> _Rows:
        return _Rows(self._values.take(positions))


def long_sheets(file: BinaryIO, name: str, cells: int) -> tuple[Sheet, ...] | None:
    """As `sheets`, of a file of at least so many cells, held by column; None where it has fewer.

    Raises ReadError as `sheets`, and where it is too large.
    """
    file.seek(-4, 2)
    if file.read(4) != MARK:
        return None
    try:
        import pyarrow.parquet as parquet
    except ImportError:
        return None
    file.seek(0)
    source = parquet.ParquetFile(file)
    height, names = source.metadata.num_rows, list(source.schema_arrow.names)
    if (height + 1) * len(names) < cells:
        return None
    columns = [Growing() for _ in names]
    for column, heading in zip(columns, names, strict=True):
        column.add(np.zeros(1, dtype=np.uint8), [_Heading(heading)], _shown)
    read = 1
    for batch in source.iter_batches(batch_size=BATCH):
        for position, column in enumerate(columns):
            _grow(column, batch.column(position))
        read += batch.num_rows
        check_held(read, len(names), columns)
    return (Sheet(name, Columns(tuple(c.made() for c in columns), read)),)  # type: ignore[arg-type]


class _Heading(str):
    """A column's name, which is no value of the column."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = str.__hash__


def _shown(value: Any) -> Any:
    return str(value) if isinstance(value, _Heading) else _cell(value)


def _grow(column: Growing, values: Any) -> None:
    """Rows of a column: by codes where its cells repeat themselves, else as Arrow holds them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = values.type
    if pa.types.is_dictionary(kind):
        values, kind = values.cast(kind.value_type), kind.value_type
    if column.in_parts or pa.types.is_floating(kind) or pa.types.is_nested(kind):
        column.add_part(_Rows(values), values.nbytes)
        return
    if pa.types.is_null(kind):
        column.add(np.zeros(len(values), dtype=np.uint8), [None], _shown)
        return
    encoded = pc.dictionary_encode(values)
    known = encoded.dictionary.to_pylist()
    at = encoded.indices.fill_null(len(known)).to_numpy(zero_copy_only=False)
    column.add(at, [*known, None], _shown)

"""Parquet files to a sheet: decimals and whole numbers keep every digit, text stays text."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import numpy as np

from reconcile.read.sheet import Cells, ErrorCell, ReadError, Sheet, check_size

MARK, ENCRYPTED = b"PAR1", b"PARE"
EXACT = 2**53
"""Whole numbers from here on have no double of their own."""


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

"""How long ledgers beyond a sheet load and tie out, and what they take, as text and as Parquet.

python -m tests.bench.wide [ROWS …]
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tests.bench.clock import take
from tests.bench.figures import Figures
from tests.bench.reading import CLASSES, LOAD, make_budget
from tests.bench.tieout import TIE_OUT
from tests.builders.office import JOURNAL

ROWS = (100_000, 1_000_000, 10_000_000)
AT_ONCE = 500_000


def lines(rows: int, seed: int = 1) -> Iterator[list[tuple[str, ...]]]:
    """The lines of a journal as make_ledger has them, some at a time: payments of two lines each, 12 columns."""
    draw = np.random.default_rng(seed)
    for start in range(0, rows, AT_ONCE):
        pairs = range(start // 2, min(start + AT_ONCE, rows) // 2)
        fen = draw.integers(100, 10_000_000, len(pairs)).tolist()
        chosen = [draw.integers(0, most, len(pairs)).tolist() for most in (200, len(CLASSES), 3000, 28)]
        found: list[tuple[str, ...]] = []
        for pair, amount, project, kind, payee, day in zip(pairs, fen, *chosen, strict=True):
            code, name = CLASSES[kind]
            shown = f"{amount // 100:,}.{amount % 100:02d}"
            month = 1 + 12 * pair // ((rows + 1) // 2)
            head = (f"2020-{month:02d}-{1 + day:02d}", f"记-{pair + 1:07d}", f"支付{name}{pair % 5000}")
            paid = ("71010201", "行政支出_项目支出", f"P{project:04d}", f"项目{project:04d}工作经费", code, name)
            found.append((*head, *paid, f"供应商{payee}", shown, ""))
            found.append((*head, "800101", "资金结存", "", "", "", "", f"供应商{payee}", "", shown))
        yield found


def make_text(path: Path, rows: int) -> Path:
    """A journal as a .csv in UTF-8."""
    with path.open("w", encoding="utf-8") as out:
        out.write("单位：元\n" + ",".join(JOURNAL) + "\n")
        for some in lines(rows):
            out.writelines(",".join((*r[:10], *(f'"{v}"' if v else "" for v in r[10:]))) + "\n" for r in some)
    return path


def make_parquet(path: Path, rows: int) -> Path:
    """The same journal as Parquet, its amounts decimals."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as parquet

    kinds = [pa.string()] * 10 + [pa.decimal128(18, 2)] * 2
    schema = pa.schema(list(zip(JOURNAL, kinds, strict=True)))
    with parquet.ParquetWriter(path, schema) as out:
        for some in lines(rows):
            columns = [pa.array([v or None for v in c], type=pa.string()) for c in zip(*some, strict=True)]
            columns[10:] = [pc.replace_substring(c, ",", "").cast(kinds[10]) for c in columns[10:]]
            out.write_table(pa.table(columns, schema=schema))
    return path


HEAD = ("rows", "file", "file MB", "", "seconds", "processor", "peak MB")


def figures(place: Path, sizes: tuple[int, ...] = ROWS) -> Figures:
    """Load and tie-out of every size, as text and as Parquet."""
    out = []
    for rows in sizes:
        budget = make_budget(place / "budget.xlsx", rows)
        for kind, make in (("csv", make_text), ("parquet", make_parquet)):
            path = make(place / f"ledger.{kind}", rows)
            for what, code in (("load", LOAD), ("load, tie out, every check, explanations", TIE_OUT)):
                taken = take(code, LEDGER=str(path), BUDGET=str(budget))
                assert taken.rows == rows, taken
                size = f"{path.stat().st_size / 1e6:.0f}"
                figures = (f"{taken.seconds:.1f}", f"{taken.processor:.1f}", f"{taken.megabytes:.0f}")
                out.append([f"{rows:,}", kind, size, what, *figures])
            path.unlink()
    return Figures("Ledgers beyond a sheet", HEAD, out)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        print(figures(Path(folder), tuple(map(int, sys.argv[1:])) or ROWS).markdown())

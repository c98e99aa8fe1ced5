"""Spending per project of a ledger in CSV against the budget, by this library and by others.

python -m tests.bench.peers [ROWS]

The others sum one column as floats and compare it with the budget's; this library also reads the amounts exactly, matches
names, runs every check and explains.  datarecon and fastrecon compare two tables and sum nothing, so the sums are made for
them by pandas and DuckDB.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from tests.bench.clock import in_turn
from tests.bench.figures import HEAD, Figures, beside
from tests.bench.reading import make_budget, make_ledger
from tests.bench.tieout import TIE_OUT

OURS = "reconcile: load, tie out, every check, explanations"
WAYS = {
    "pandas": """
import pandas as pd
frame = pd.read_csv(LEDGER, dtype=str)
frame["actual"] = frame["借方金额"].str.replace(",", "").astype(float)
spent = frame.groupby("项目编码")["actual"].sum()
both = pd.read_csv(PLAN, dtype={"code": str}).merge(spent, left_on="code", right_index=True, how="left")
count = len(frame)
""",
    "polars": """
import polars as pl
frame = pl.read_csv(LEDGER, infer_schema=False)
amount = pl.col("借方金额").str.replace_all(",", "").cast(pl.Float64, strict=False).sum()
spent = frame.group_by("项目编码").agg(amount)
both = pl.read_csv(PLAN, infer_schema=False).join(spent, left_on="code", right_on="项目编码", how="left")
count = frame.height
""",
    "duckdb": """
import duckdb
duckdb.sql(f"create table ledger as select * from read_csv('{LEDGER}', all_varchar=true, header=true)")
duckdb.sql(f"create table plan as select * from read_csv('{PLAN}', all_varchar=true, header=true)")
spent = "select 项目编码 code, sum(cast(replace(借方金额, ',', '') as double)) actual from ledger where 借方金额 <> '' group by 1"
both = duckdb.sql(f"select * from plan left join ({spent}) using (code)").fetchall()
count = duckdb.sql("select count(*) from ledger").fetchall()[0][0]
""",
    "datarecon": """
import datarecon, pandas as pd
frame = pd.read_csv(LEDGER, dtype=str)
frame["actual"] = frame["借方金额"].str.replace(",", "").astype(float)
spent = frame.groupby("项目编码")["actual"].sum().rename_axis("code").reset_index()
both = datarecon.reconcile(spent, pd.read_csv(PLAN, dtype=str), key="code", rules={"actual": {"tolerance": 0.01}})
count = len(frame)
""",
    "fastrecon": """
import duckdb, fastrecon
source = f"read_csv('{LEDGER}', all_varchar=true, header=true)"
spent = "select 项目编码 code, sum(cast(replace(借方金额, ',', '') as double)) actual"
duckdb.sql(f"copy ({spent} from {source} where 借方金额 <> '' group by 1) to '{SPENT}' (header)")
left, right = fastrecon.CsvFile(path=SPENT), fastrecon.CsvFile(path=PLAN)
both = fastrecon.compare(left=left, right=right, keys=["code"], tolerances={"actual": 0.01})
count = duckdb.sql(f"select count(*) from {source}").fetchall()[0][0]
""",
}


def figures(rows: int, rounds: int, place: Path, projects: int = 200) -> Figures:
    ledger = make_ledger(place / "ledger.csv", rows, projects=projects)
    budget = make_budget(place / "budget.xlsx", rows, projects)
    plan = place / "plan.csv"
    with plan.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["code", "actual"], *([f"P{i:04d}", rows * 137] for i in range(projects))])
    given = {"LEDGER": str(ledger), "BUDGET": str(budget), "PLAN": str(plan), "SPENT": str(place / "spent.csv")}
    ways = {name: code for name, code in WAYS.items() if find_spec(name)}
    found = in_turn({OURS: TIE_OUT, **ways}, rounds, **given)
    assert {t.rows for t in found.values()} == {rows}
    absent = sorted(set(WAYS) - set(ways))
    note = f"Not installed here: {', '.join(absent)}." if absent else ""
    return Figures(
        f"Spending per project from a .csv of {rows:,} rows, beside peers", HEAD, beside(found, "pandas"), note
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        print(figures(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000, 2, Path(folder)).markdown())

"""Make the example department's three workbooks, the same bytes on every run.

python workbooks/make_example.py [--out DIR]
"""

from __future__ import annotations

import argparse
from pathlib import Path

from example_department.budget_book import write_budget
from example_department.contracts_book import write_contracts
from example_department.golden import check
from example_department.ledger import build
from example_department.ledger_book import write_ledger


def main() -> None:
    """Build the year, check its figures, write the files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "example")
    out: Path = parser.parse_args().out
    vouchers = build()
    check(vouchers)
    out.mkdir(parents=True, exist_ok=True)
    write_budget(out / "budget_2020.xlsx")
    write_ledger(out / "ledger_2020.xlsx", vouchers)
    write_contracts(out / "contracts_2020.xlsx")
    lines = sum(len(voucher.lines) for voucher in vouchers)
    print(f"{len(vouchers)} vouchers, {lines} lines, three workbooks in {out}")


if __name__ == "__main__":
    main()

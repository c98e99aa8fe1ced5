"""Draw the pictures of the README: the review workbook of the example department, as LibreOffice prints it.

Needs the package installed, LibreOffice, pdftoppm and a CJK font:  python workbooks/make_pictures.py
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import reconcile as rc

HERE = Path(__file__).parent
PICTURES = HERE.parent / "docs"
PAGE = 3  # 汇总
RESOLUTION = 110


def main() -> None:
    """Write docs/review.png and workbooks/review_2020.xlsx."""
    example = HERE / "example"
    result = rc.reconcile(
        rc.load_budget(example / "budget_2020.xlsx"),
        rc.load_ledger(example / "ledger_2020.xlsx"),
        contracts=example / "contracts_2020.xlsx",
    )
    review = result.write_review(HERE / "review_2020.xlsx")
    with TemporaryDirectory() as folder:
        convert = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", folder, str(review)]
        subprocess.run(convert, check=True, capture_output=True)
        pdf = Path(folder) / f"{review.stem}.pdf"
        page = ["-f", str(PAGE), "-l", str(PAGE), "-r", str(RESOLUTION), "-png", "-singlefile"]
        subprocess.run(["pdftoppm", *page, str(pdf), str(PICTURES / "review")], check=True)


if __name__ == "__main__":
    main()

"""Draw the picture of the README: the review workbook of the example department, as LibreOffice prints it.

Needs the package installed, LibreOffice, pdftoppm and the Noto CJK fonts:  python workbooks/make_pictures.py
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import reconcile as rc

HERE = Path(__file__).parent
PICTURES = HERE.parent / "docs"
PAGE = 2  # 汇总
RESOLUTION = 110
CROP = ("-x", "150", "-y", "50", "-W", "990", "-H", "810")
"""The printed part of the page, in pixels."""
FONTS = {"宋体": "Noto Serif CJK SC", "黑体": "Noto Sans CJK SC", "Calibri": "Noto Sans CJK SC"}
"""What stands for the fonts of an office where they are not installed."""


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
        fonts = Path(folder) / "fonts.conf"
        fonts.write_text(font_rules(), "utf-8")
        office = ["soffice", f"-env:UserInstallation={(Path(folder) / 'office').as_uri()}", "--headless"]
        subprocess.run(
            [*office, "--convert-to", "pdf", "--outdir", folder, str(review)],
            check=True,
            capture_output=True,
            env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
        )
        pdf = Path(folder) / f"{review.stem}.pdf"
        page = ["-f", str(PAGE), "-l", str(PAGE), "-r", str(RESOLUTION), *CROP, "-png", "-singlefile"]
        subprocess.run(["pdftoppm", *page, str(pdf), str(PICTURES / "review")], check=True)


def font_rules() -> str:
    """A fontconfig file on top of the system's."""
    rules = "".join(
        f'<match target="pattern"><test name="family"><string>{name}</string></test>'
        f'<edit name="family" mode="assign" binding="strong"><string>{other}</string></edit></match>'
        for name, other in FONTS.items()
    )
    return f"<fontconfig><include>/etc/fonts/fonts.conf</include>{rules}</fontconfig>"


if __name__ == "__main__":
    main()

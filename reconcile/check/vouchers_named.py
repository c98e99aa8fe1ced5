"""Payments named in a message: voucher and amount, the first few of many."""

from __future__ import annotations

import pandas as pd

from reconcile import wording
from reconcile.check.facts import voucher_subject

NAMED_AT_MOST = 5


def named(lines: pd.DataFrame) -> dict[str, str]:
    """`2020-07 记-0014 34,200.00元、…等8笔` in both languages; in order of date, then of place."""
    ordered = lines.sort_values(["date", "voucher", "file", "sheet", "row"], kind="stable", na_position="last")
    shown = list(ordered.head(NAMED_AT_MOST).itertuples())
    out = {}
    for lang, comma in (("zh", "、"), ("en", ", ")):
        text = comma.join(f"{voucher_subject(e)} {wording.amount(int(e.amount), lang)}" for e in shown)
        if len(lines) > NAMED_AT_MOST:
            text = wording.fill(wording.text("and-others", lang), {"named": text, "count": len(lines)})
        out[lang] = text or wording.text("no-payments", lang)
    return out

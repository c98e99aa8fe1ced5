"""The evaluation workbook: basics, scores and projects, the public tables that the books fill, and their figures."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from reconcile import wording
from reconcile.evaluation.evaluation import Evaluation
from reconcile.evaluation.functions import income_of
from reconcile.write import evaluation_tables as tables
from reconcile.write.evaluation_data import Block, write_figures, write_income, write_planned, write_spending
from reconcile.write.evaluation_final import write_final
from reconcile.write.evaluation_forms import write_forms
from reconcile.write.evaluation_grants import write_fourth
from reconcile.write.evaluation_scores import write_basics, write_projects, write_scores
from reconcile.write.look import Look
from reconcile.write.output import check_no_input, whole_file
from reconcile.write.review import OPTIONS
from reconcile.write.sheet_page import Page, Words
from reconcile.write.summary import unit_name

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

    from reconcile.final import FinalChecks

TABLE = "evaluation_book"
OF_FUNDS = {"table05": "general", "table08": "fund", "table09": "capital"}
WITH_BOOKS = ("projects", "forms", *(f"table0{n}" for n in range(1, 10)))


class EvaluationWords(Words):
    """Phrases of data/evaluation_book.toml, else of data/workbook.toml."""

    def __call__(self, key: str, **facts: object) -> str:
        if key not in wording.keys(TABLE):
            return super().__call__(key, **facts)
        phrase = wording.text(key, self.language, TABLE)
        return wording.fill(phrase, facts) if facts else phrase


def write(evaluation: Evaluation, path: Path, final: FinalChecks | None = None) -> Path:
    """Write the evaluation workbook; it appears whole or not at all.

    final: of check_final_accounts(), for the sheets 决算核对 and 决算差异.

    The same evaluation gives the same bytes.  Raises LoadError where it would replace a file that was read.
    """
    import xlsxwriter

    result = evaluation.result
    read = [t.path for one in (result.loaded if result else ()) for t in one.tables if t.path]
    books = (*evaluation.inputs.books, *(final.accounts.books if final else ()))
    check_no_input(path, [*read, *(b.path for b in books if b.path)])
    with whole_file(path) as beside, tempfile.TemporaryDirectory() as scratch:
        book = xlsxwriter.Workbook(str(beside), {**OPTIONS, "tmpdir": scratch})
        _fill(book, evaluation, final)
        book.close()
    return path


def _fill(book: Workbook, evaluation: Evaluation, final: FinalChecks | None) -> None:
    say, look = EvaluationWords(evaluation.language), Look(book, evaluation.language)
    result, period = evaluation.result, evaluation.period
    unit = unit_name(result) if result is not None else ""
    parts = [say("meta-unit", unit=unit)] if unit else []
    parts += [say("meta-period", period=period.label(evaluation.language))] if period else []
    meta = ("    ".join(parts), say("meta-money"))
    year = period.year if period else 2020
    title = evaluation.rubric.title(evaluation.language)
    book.set_properties({"title": title[:200], "author": "spending-reconcile", "created": datetime(year, 12, 31)})
    checked = ("final", "final-findings") if final is not None else ()
    keys = ["basics", "scores", *(WITH_BOOKS if result else ("table07",)), *checked, "figures"]
    pages = {key: Page(look, say, key) for key in keys}
    spending: Block | None = None
    planned: Block | None = None
    received: Block | None = None
    if result is not None:
        spending = write_spending(Page(look, say, "spending"), result, meta)
        planned = write_planned(Page(look, say, "planned"), result, meta)
        incomes = income_of(result)
        received = None if incomes is None else write_income(Page(look, say, "received"), incomes, meta)
    refs = write_figures(pages["figures"], evaluation, spending, planned, meta)
    write_basics(pages["basics"], evaluation, refs, meta)
    write_scores(pages["scores"], evaluation, refs, meta)
    tables.write_seventh(pages["table07"], evaluation, refs, meta)
    if result is not None and spending is not None:
        rows = write_projects(pages["projects"], evaluation, meta)
        write_forms(pages["forms"], evaluation, pages["projects"], rows, (unit, ""))
        tables.write_first(pages["table01"], result, spending, received, meta)
        tables.write_second(pages["table02"], result, received, meta)
        tables.write_third(pages["table03"], result, spending, meta)
        write_fourth(pages["table04"], result, spending, received, meta)
        for key, fund in OF_FUNDS.items():
            tables.write_of_fund(pages[key], result, spending, meta, key, fund)
        tables.write_sixth(pages["table06"], result, spending, meta)
    if final is not None:
        write_final(pages["final"], pages["final-findings"], final, meta)
    pages["basics"].sheet.activate()

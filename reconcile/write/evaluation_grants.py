"""公开04: the spending of the grants by functional class and budget, live on the summed-up spending."""

from __future__ import annotations

from reconcile.evaluation.functions import function_name, funds_told
from reconcile.result import Result
from reconcile.write.evaluation_data import Block
from reconcile.write.evaluation_tables import FUNDS, cannot
from reconcile.write.sheet_page import Column, Page, area, cell

GRANTS = (
    Column("income", "cell wrap", 20, 34),
    Column("final", "cell money", 12, 18),
    Column("outlay", "cell wrap", 20, 34),
    Column("total", "cell money", 13, 20),
    *(Column(f"fund-{fund}", "cell money", 13, 20) for fund in FUNDS),
)


def write_fourth(page: Page, result: Result, spending: Block, received: Block | None, meta: tuple[str, str]) -> None:
    """Outlay, and income where the ledger has it by class, of books that tell the budgets apart; carryover is 取数不足."""
    if not funds_told(result):
        cannot(page, "table04", GRANTS, meta)
        return
    say, frame = page.say, spending.frame
    note = "" if result.period.is_whole_year else say("part-note", period=result.period.label(say.language))
    note += say("grants-note") + say("flows-note")
    row = first = page.open(say("title-table04"), GRANTS, len(GRANTS), *meta, note=note)
    sums = frame.assign(head=frame["function"].str[:3]).groupby(["head", "fund"])["amount"].sum()
    grants = None if received is None else received.frame[received.frame["kind"] == "grant"]
    told = received is not None and grants is not None and (grants["fund"] != "").all()
    heads = list(dict.fromkeys(str(head) for head, _ in sums.index))
    for at in range(max(len(heads), len(FUNDS))):
        if at < len(FUNDS):
            page.text(row, 0, say(f"grant-{FUNDS[at]}"), "cell wrap")
            if told and received is not None and grants is not None:
                own = grants.loc[grants["fund"] == FUNDS[at], "amount"]
                page.formula(row, 1, received.amounts("grant", fund=say(f"fund-{FUNDS[at]}")), int(own.sum()))
            else:
                page.text(row, 1, say("missing"), "cell right")
        else:
            page.text(row, 0, "", "cell")
            page.text(row, 1, "", "cell")
        head = heads[at] if at < len(heads) else ""
        page.text(row, 2, function_name(head) or head, "cell wrap")
        for col, fund in enumerate(FUNDS if head else (), 4):
            formula = spending.sum("spent", head=head, fund=say(f"fund-{fund}"))
            page.formula(row, col, formula, int(sums.get((head, fund), 0)))
        if head:
            page.formula(row, 3, f"SUM({cell(row, 4)}:{cell(row, 6)})", int(sums[head].sum()))
        else:
            for col in range(3, 7):
                page.text(row, col, "", "cell")
        row += 1
    page.text(row, 0, say("row-income-total"), "cell wrap total")
    if told and grants is not None:
        page.formula(row, 1, f"SUM({area(first, row - 1, 1)})", int(grants["amount"].sum()), "cell money total")
    else:
        page.text(row, 1, say("missing"), "cell right total")
    page.text(row, 2, say("row-spending-total"), "cell wrap total")
    by_fund = frame.groupby("fund")["amount"].sum()
    values = [int(frame["amount"].sum()), *(int(by_fund.get(fund, 0)) for fund in FUNDS)]
    for col, value in enumerate(values, 3):
        page.formula(row, col, f"SUM({area(first, row - 1, col)})", value, "cell money total")
    for left, right in (("row-grants-in", "row-grants-out"), ("row-whole", "row-whole")):
        row += 1
        for col, text in enumerate((say(left), say("missing"), say(right), *[say("missing")] * 4)):
            page.text(row, col, text, "cell wrap" if col in (0, 2) else "cell right")
    page.close(footer=meta[0], freeze=(first, 0))

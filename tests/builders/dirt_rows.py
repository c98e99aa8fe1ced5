"""Dirt that adds or joins rows: sums, page breaks, footers, titles, merged groups, damage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .grid import Day, Formula, Grid, Merge, Money, Pair, Row, Sheet, Value
from .words import PEOPLE, UNIT_CODE, UNIT_NAME

Change = Callable[[Grid], Grid]


def main_sheet(change: Callable[[Sheet], Sheet]) -> Change:
    """A change to every sheet that is a ledger or budget (a field description is neither)."""
    return lambda grid: grid.map(lambda s: change(s) if s.find("amount") else s)


def header_runs(sheet: Sheet) -> list[tuple[int, int]]:
    """The header of each table: its first row and the row after its last (from 0)."""
    runs: list[tuple[int, int]] = []
    for r in sheet.of_role("header"):
        if runs and runs[-1][1] == r:
            runs[-1] = (runs[-1][0], r + 1)
        else:
            runs.append((r, r + 1))
    return runs


def year_of(sheet: Sheet) -> int | None:
    for row in sheet.rows:
        for value in row.values:
            if isinstance(value, Day):
                return value.date.year
    return None


def labelled(sheet: Sheet, role: str, label: str, amounts: dict[int, Value]) -> Row:
    """A row with a label where such rows have it, and some amounts."""
    places = sheet.find("memo") or sheet.find("account", "project", "category", "voucher")
    free = [c for c in places if c not in amounts] or [0]
    values: list[Value] = [None] * len(sheet.kinds)
    values[free[0]] = label
    for c, value in amounts.items():
        values[c] = value
    return Row(role, tuple(values))


def summed(sheet: Sheet, rows: list[Row]) -> dict[int, Value]:
    """What the amount columns of these data rows add to, in the form of their cells."""
    found: dict[int, Value] = {}
    for c in sheet.find("amount"):
        cells = [r.values[c] for r in rows if r.role == "data"]
        moneys = [x for x in cells if isinstance(x, Money)]
        if moneys:
            found[c] = replace(moneys[0], fen=sum(x.fen for x in moneys))
    return found


def first_line_only(sheet: Sheet) -> Sheet:
    """Date and number on a voucher's first line only."""
    columns = sheet.find("date", "year", "month", "day", "period", "voucher")
    rows, before = [], None
    for row in sheet.rows:
        key = tuple(row.values[c] for c in columns)
        if row.role == "data" and key == before:
            row = replace(row, values=tuple(None if c in columns else v for c, v in enumerate(row.values)))
        elif row.role == "data":
            before = key
        rows.append(row)
    return replace(sheet, rows=tuple(rows))


def month_sums(sheet: Sheet) -> Sheet:
    """本月合计 and 本年累计 after each month of a journal."""
    (column,) = sheet.find("date")[:1]
    rows: list[Row] = []
    year: list[Row] = []
    month: list[Row] = []

    def close() -> None:
        if month:
            rows.append(labelled(sheet, "subtotal", "本月合计", summed(sheet, month)))
            rows.append(labelled(sheet, "subtotal", "本年累计", summed(sheet, year)))
            month.clear()

    for row in sheet.rows:
        day = row.values[column]
        if row.role == "data" and isinstance(day, Day) and month:
            last = next(r.values[column] for r in reversed(month) if isinstance(r.values[column], Day))
            if isinstance(last, Day) and last.date.month != day.date.month:
                close()
        if row.role == "data":
            month.append(row)
            year.append(row)
        elif row.role == "total":
            close()
        rows.append(row)
    close()
    return replace(sheet, rows=tuple(rows))


def total_row(sheet: Sheet) -> Sheet:
    row = labelled(sheet, "total", "合计", summed(sheet, list(sheet.rows)))
    return replace(sheet, rows=(*sheet.rows, row))


def formula_total(sheet: Sheet, *, cached: bool = True) -> Sheet:
    """A total row that is =SUM(…), with its result or never calculated."""
    data = sheet.of_role("data")
    cells: dict[int, Value] = {}
    for c, value in summed(sheet, list(sheet.rows)).items():
        assert isinstance(value, Money)
        letter = column_letter(c + 1)
        text = f"=SUM({letter}{data[0] + 1}:{letter}{data[-1] + 1})"
        cells[c] = Formula(text, value.decimal if cached else None)
    return sheet.insert(data[-1] + 1, [labelled(sheet, "total", "合计", cells)])


def column_letter(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _repeated(sheet: Sheet, every: int, *, carry: bool) -> Sheet:
    """A page break after so many data rows: the header again, between 过次页 and 承前页 if carried."""
    start, end = header_runs(sheet)[0]
    heads = sheet.rows[start:end]
    across = [m for m in sheet.merges if start < m.top <= end]
    count = 0
    seen: list[Row] = []
    breaks: list[tuple[int, list[Row]]] = []
    for r, row in enumerate(sheet.rows):
        if row.role == "header":
            count, seen = 0, []
        if row.role == "data":
            count += 1
            seen.append(row)
            follows = sheet.rows[r + 1].role if r + 1 < len(sheet.rows) else ""
            if count % every == 0 and follows == "data":
                breaks.append((r + 1, list(seen)))
    for at, rows in reversed(breaks):
        carried: list[Row] = []
        if carry:
            sums = summed(sheet, rows)
            for c in sheet.find("balance"):
                sums[c] = rows[-1].values[c]
            carried = [labelled(sheet, "page", label, sums) for label in ("过次页", "承前页")]
        put = [*carried[:1], *heads, *carried[1:]]
        sheet = sheet.insert(at, put)
        down = at + len(carried[:1]) - start
        moved = [replace(m, top=m.top + down, bottom=m.bottom + down) for m in across]
        sheet = replace(sheet, merges=sheet.merges + tuple(moved))
    return sheet


def repeated_header(sheet: Sheet) -> Sheet:
    return _repeated(sheet, 9, carry=False)


def page_carry(sheet: Sheet) -> Sheet:
    return _repeated(sheet, 20, carry=True)


def lane_row(sheet: Sheet) -> Sheet:
    """栏次 below the header: 1, 2, 3 …"""
    for _, end in reversed(header_runs(sheet)):
        values: tuple[Value, ...] = ("栏次", *range(1, len(sheet.kinds)))
        sheet = sheet.insert(end, [Row("header", values)])
    return sheet


def number_row(sheet: Sheet) -> Sheet:
    """1, 2, 3 … in every column, as text."""
    for _, end in reversed(header_runs(sheet)):
        values = tuple(str(i) for i in range(1, len(sheet.kinds) + 1))
        sheet = sheet.insert(end, [Row("header", values)])
    return sheet


def footers(sheet: Sheet) -> Sheet:
    width = len(sheet.kinds)
    texts: list[tuple[Value, ...]] = [
        (f"制表人：{PEOPLE[0]}", None, f"审核人：{PEOPLE[1]}", "打印日期：2021-01-05"),
        (f"单位负责人：{PEOPLE[2]}", None, None, "第1页 共3页"),
    ]
    rows = [Row("footer", (t + (None,) * width)[:width]) for t in texts]
    return replace(sheet, rows=(*sheet.rows, *rows))


def blank_rows(sheet: Sheet) -> Sheet:
    blank = Row("blank", (None,) * len(sheet.kinds))
    for r in reversed(sheet.of_role("data")[6::7]):
        sheet = sheet.insert(r + 1, [blank])
    return sheet.insert(header_runs(sheet)[0][0], [blank])


def more_titles(sheet: Sheet) -> Sheet:
    """A report name, and 单位： that means the organisation."""
    width = len(sheet.kinds)
    titles = (
        f"{UNIT_NAME}财务报表",
        f"单位：{UNIT_CODE} {UNIT_NAME}",
        "编制说明：本表由系统自动生成，共8列，以1至12月数据为准",
    )
    return sheet.insert(0, [Row("title", (t,) + (None,) * (width - 1)) for t in titles])


def offset(sheet: Sheet) -> Sheet:
    """The table starts at C3."""
    rows = tuple(replace(r, values=(None, None, *r.values)) for r in sheet.rows)
    merges = tuple(replace(m, left=m.left + 2, right=m.right + 2) for m in sheet.merges)
    moved = replace(sheet, rows=rows, merges=merges, kinds=("text", "text", *sheet.kinds))
    return moved.insert(0, [Row("blank", (None,) * len(moved.kinds))] * 2)


def merged_groups(sheet: Sheet) -> Sheet:
    """Equal neighbours in the grouping columns become one merged cell."""
    columns = sheet.find("category", "functional") or sheet.find("date", "voucher")
    key_columns = sheet.find("date", "voucher") or columns
    rows = [list(r.values) for r in sheet.rows]
    merges = list(sheet.merges)
    for c in columns:
        keyed = sorted({c, *(key_columns if c in key_columns else [])})
        r = 0
        while r < len(rows):
            end = r
            key = [sheet.rows[r].values[k] for k in keyed]
            while (
                sheet.rows[r].role == "data"
                and sheet.rows[r].values[c] is not None
                and end + 1 < len(rows)
                and sheet.rows[end + 1].role == "data"
                and [sheet.rows[end + 1].values[k] for k in keyed] == key
            ):
                end += 1
                rows[end][c] = None
            if end > r and not _empty(sheet.rows[r].values[c]):
                merges.append(Merge(r + 1, c + 1, end + 1, c + 1))
            r = end + 1
    return replace(
        sheet,
        rows=tuple(replace(r, values=tuple(v)) for r, v in zip(sheet.rows, rows, strict=True)),
        merges=tuple(merges),
    )


def _empty(value: Value) -> bool:
    return value in (None, "") or (isinstance(value, Pair) and not value.render())


def hidden_rows(sheet: Sheet) -> Sheet:
    """Rows that a filter has hidden; they are data all the same."""
    hide = set(sheet.of_role("data")[2::5])
    return replace(sheet, rows=tuple(replace(r, hidden=i in hide) for i, r in enumerate(sheet.rows)))

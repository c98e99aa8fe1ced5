"""Balances: sums an account or a combination of auxiliaries, without vouchers (E3, E12)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from .columns import period, with_subaccounts
from .drawing import CARRIED, CASH, FUNDS
from .grid import Code, Grid, Merge, Money, Pair, Row, Sheet, Value, make_sheet, money, segments
from .ledgers import yonyou_titles
from .truth import Department, before_closing, spending_lines


@dataclass
class Sums:
    opening: int = 0  # debit less credit
    debit: int = 0
    credit: int = 0

    def add(self, other: Sums) -> None:
        self.opening += other.opening
        self.debit += other.debit
        self.credit += other.credit

    def cells(self) -> tuple[Value, ...]:
        close = self.opening + self.debit - self.credit
        flows = (money(self.debit), money(self.credit))
        return (
            money(max(self.opening, 0)),
            money(max(-self.opening, 0)),
            *flows,
            *flows,
            money(max(close, 0)),
            money(max(-close, 0)),
        )


def leaves(department: Department) -> dict[tuple[str, str], Sums]:
    """Every leaf account, with what was carried over as opening balances of both books."""
    found: dict[tuple[str, str], Sums] = defaultdict(Sums)
    carried = sum(x.carryover for x in department.budget)
    for (code, path), sign in ((CASH, 1), (("300101", "累计盈余/财政拨款"), -1), (FUNDS, 1), (CARRIED, -1)):
        found[(code, path)].opening += sign * carried
    for _, e in department.entries():
        found[(e.account_code, e.account)].add(Sums(0, e.debit, e.credit))
    return dict(sorted(found.items()))


def trial_balance(department: Department, *, subaccounts: bool = False) -> Grid:
    """E3, exported without closing vouchers: parents and leaves, both books."""
    books = before_closing(with_subaccounts(department) if subaccounts else department)
    tree: dict[tuple[str, str], Sums] = defaultdict(Sums)
    ends = leaves(books)
    for (code, path), sums in ends.items():
        parts, names = segments(code), path.split("/")
        codes = ["".join(parts[: i + 1]) for i in range(len(parts))]
        # the name path may be shorter than the code (a chart that starts below the top account)
        names = [*names, *[names[-1]] * (len(codes) - len(names))]
        for i, code_up in enumerate(codes):
            tree[(code_up, names[i])].add(sums)
    header = ["", "会计科目编码", "会计科目名称"]
    pairs = [(top, side) for top in ("期初余额", "本期发生额", "累计发生额", "期末余额") for side in ("借方", "贷方")]
    kinds = ["text", "account_code", "account", "balance", "balance", *["amount"] * 4, "balance", "balance"]
    end_codes = {code for code, _ in ends}
    body = []
    for (code, name), sums in sorted(tree.items()):
        indent = "　" * (len(segments(code)) - 1)
        role = "data" if code in end_codes else "subtotal"
        side = "预" if code[0] in "678" else "财"
        body.append(Row(role, (side, Code(code), indent + name, *sums.cells())))
    titles = yonyou_titles(department, "余额表")
    return Grid((make_sheet("余额表", titles, [*header, *pairs], kinds, body),))


def nc_auxiliary(department: Department) -> Grid:
    """E12. Two header rows at rows 6 and 7, the first column merged over its group, code_name in one cell."""
    sums: dict[tuple[Pair, Pair, Pair], Sums] = defaultdict(Sums)
    for _, e in spending_lines(department):
        key = (
            Pair(e.functional_code, e.functional, "_"),
            Pair(e.economic_code, e.economic, "_"),
            Pair(e.project_code, e.project, "_"),
        )
        sums[key].add(Sums(0, e.debit, e.credit))
    rows: list[Row] = []
    merges: list[Merge] = []
    first = 8
    moved = [(key, s) for key, s in sums.items() if s.debit or s.credit]
    ordered = sorted(moved, key=lambda kv: tuple(p.code for p in kv[0]))
    for i, ((functional, economic, project), s) in enumerate(ordered):
        head: Value = functional
        if i and ordered[i - 1][0][0] == functional:
            head = None
            if merges and merges[-1].bottom == first + i - 1:
                merges[-1] = Merge(merges[-1].top, 1, first + i, 1)
            else:
                merges.append(Merge(first + i - 1, 1, first + i, 1))
        cells = (money(s.debit), money(s.credit), money(s.debit - s.credit))
        rows.append(Row("data", (head, economic, project, None, None, *cells, None)))
    whole = Sums()
    for s in sums.values():
        whole.add(s)
    cells = (money(whole.debit), money(whole.credit), money(whole.debit - whole.credit))
    rows.append(Row("total", ("合计", None, None, None, None, *cells, None)))
    header: list[str | tuple[str, ...]] = ["支出功能分类", ("辅助项：", "[支出经济分类]"), ("辅助项：", "[项目]")]
    header += [(t, s) for t in ("期初余额", "本期发生", "期末余额") for s in ("借方", "贷方")]
    kinds = ["functional", "economic", "project", "balance", "balance", "amount", "amount", "balance", "balance"]
    top = department.spending_account
    titles: list[list[Value]] = [
        ["辅助余额表"],
        [f"主体账簿名称：{department.name}"],
        [f"科目：{top}"],
        [f"期间：{period(department)}"],
        ["币种：人民币  单位：元"],
    ]
    sheet = make_sheet("辅助余额表", titles, header, kinds, rows)
    return Grid((Sheet(sheet.name, sheet.kinds, sheet.rows, sheet.merges + tuple(merges)),))


def nc_packed(department: Department) -> Grid:
    """E12, the balance with 辅助核算 packed in one cell, one row a combination."""
    sums: dict[tuple[str, str, str], int] = defaultdict(int)
    for _, e in spending_lines(department):
        parts = f"【部门：办公室】【支出经济分类：{e.economic_code}_{e.economic}】"
        if e.project:
            parts += f"【项目：{e.project_code}_{e.project}】"
        sums[(e.account_code, e.account, parts)] += e.debit - e.credit
    header = ["科目编码", "科目名称", "辅助核算", "主体账簿名称", "期初余额", "本期借方", "本期贷方", "期末余额"]
    kinds = ["account_code", "account", "packed", "text", "balance", "amount", "amount", "balance"]
    rows = [
        Row("data", (Code(c), p.replace("/", "\\"), aux, department.name, None, Money(n), None, Money(n)))
        for (c, p, aux), n in sorted(sums.items())
        if n
    ]
    titles: list[list[Value]] = [["辅助余额表"], [f"期间：{department.year}-01至{department.year}-12"]]
    return Grid((make_sheet("辅助余额表", titles, header, kinds, rows),))

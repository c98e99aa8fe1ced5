"""Exports of the finance systems (E5 to E8), the payment plan (E18), final accounts (E19)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from .drawing import SPENDING_NAMES
from .grid import Code, Day, Grid, Money, Pair, Row, Value, make_sheet, money
from .ledgers import yonyou_titles
from .truth import BudgetLine, Department, by_category, spending, spending_lines
from .words import FUNCTIONS

OFFICE = "行政政法科"


def spent_by_line(department: Department) -> dict[tuple[str, str], list[tuple[date, str, str, int]]]:
    """(category, code of the budget line) -> what was spent on it: date, memo, voucher, amount."""
    found: dict[tuple[str, str], list[tuple[date, str, str, int]]] = defaultdict(list)
    for v, e in spending_lines(department):
        key = (e.category, e.project_code if e.category == "project" else e.economic_code)
        found[key].append((v.date, e.memo, f"{v.date:%Y%m}{v.number:04d}", e.debit - e.credit))
    return found


def parts(x: BudgetLine) -> Iterator[tuple[str, int]]:
    """The 指标 that make up a line: what it is, and its signed amount."""
    yield "年初预算", x.original
    if x.carryover:
        yield "上年结转", x.carryover
    if x.increase:
        yield "追加", x.increase
    if x.decrease:
        yield "追减", -x.decrease


def _project(x: BudgetLine) -> Value:
    return Pair(x.code, x.name) if x.category == "project" else x.group


def _economic(x: BudgetLine) -> Value:
    return Pair(x.code, x.name) if x.category == "basic" else None


def _functional(x: BudgetLine) -> Value:
    return Pair(x.functional_code, FUNCTIONS[x.functional_code])


def quota_ledger(department: Department) -> Grid:
    """E5. Increases and payments of each 指标 with its running balance."""
    header = ["单据日期", "单据类型", "单据号", "单据摘要", "指标类型", "功能分类", "项目", "经济分类", "指标编码"]
    header += [
        "指标增加",
        "在途金额",
        "指标减少",
        "指标余额",
        "指标摘要",
        "来文文号",
        "发文文号",
        "财政指标ID",
        "是否采购",
    ]
    kinds = "date text voucher memo text functional project economic text amount amount amount balance "
    kinds += "text text text text text"
    spent = spent_by_line(department)
    first, mid = date(department.year, 1, 2), date(department.year, 7, 1)
    rows = []
    for i, x in enumerate(department.budget, start=1):
        name = f"{department.code}{i:06d}"
        doc = f"芙财预〔{department.year}〕{i}号"
        moves = [(first if w in ("年初预算", "上年结转") else mid, "指标下达", w, n, 0) for w, n in parts(x)]
        moves += [(d, "支付申请", memo, 0, n) for d, memo, _, n in spent[(x.category, x.code)]]
        balance = 0
        for j, (day, what, memo, plus, minus) in enumerate(sorted(moves, key=lambda m: m[0]), start=1):
            balance += plus - minus
            kind = memo if what == "指标下达" else "年初预算"
            where = (_functional(x), _project(x), _economic(x), name)
            flows = (money(plus), None, money(minus), Money(balance))
            tail = (x.name, doc, doc, f"{i:08d}", "否")
            rows.append(Row("data", (Day(day), what, f"{i:04d}{j:04d}", memo, kind, *where, *flows, *tail)))
    titles = yonyou_titles(department, "指标台账")[:4]
    return Grid((make_sheet("指标台账", titles, header, kinds.split(), rows),))


def execution_table(department: Department) -> Grid:
    """E6. One row a 指标; carried-over money is a 指标 of its own; the ratio is text, nought is blank."""
    header = ["指标编码", "指标类型", "摘要", "来文文号", "财政指标ID", "功能分类", "项目", "经济分类", "是否采购"]
    header += ["预拨金额", "预算批复金额", "分解金额", "调整金额", "指标金额", "在途金额", "执行金额", "指标余额"]
    header += ["执行比例", "归口部门"]
    kinds = ["text"] * 5 + ["functional", "project", "economic", "text"] + ["amount"] * 8 + ["ratio", "text"]
    spent = spent_by_line(department)
    rows = []
    for i, x in enumerate(department.budget, start=1):
        left = sum(n for *_, n in spent[(x.category, x.code)])
        quotas = [("上年结转", x.carryover, 0)] if x.carryover else []
        quotas.append(("年初预算", x.original, x.increase - x.decrease))
        for j, (kind, approved, change) in enumerate(quotas, start=1):
            whole = approved + change
            used = left if j == len(quotas) else min(left, whole)
            left -= used
            ratio = f"{used / whole * 100:.2f}%" if used else None
            where: tuple[Value, ...] = (_functional(x), _project(x), _economic(x), "否")
            head = (f"{department.code}{i:04d}{j:02d}", kind, x.name, f"芙财预〔{department.year}〕{i}号", f"{i:08d}")
            flows = (None, Money(approved), None, money(change), Money(whole), None, money(used), Money(whole - used))
            rows.append(Row("data", (*head, *where, *flows, ratio, "办公室")))
    titles = yonyou_titles(department, "预算执行情况表")[:4]
    return Grid((make_sheet("预算执行情况表", titles, header, kinds, rows),))


CLASSES = {"人员经费": "人员类", "公用经费": "运转类-公用经费", "": "特定目标类"}


def quota_query(department: Department) -> Grid:
    """E7. Several 指标 a line; 追减 is negative."""
    header = ["指标文号", "项目分类", "预算项目", "指标金额", "指标余额", "功能分类", "经济分类", "资金性质"]
    header += ["指标来源", "预算单位", "业务处室", "指标摘要"]
    kinds = [
        "text",
        "category",
        "project",
        "amount",
        "balance",
        "functional",
        "economic",
        "text",
        "text",
        "text",
        "text",
        "memo",
    ]
    spent = spent_by_line(department)
    rows = []
    for i, x in enumerate(department.budget, start=1):
        left = sum(n for *_, n in spent[(x.category, x.code)])
        for source, n in parts(x):
            used = min(left, n) if n > 0 else 0
            left -= used
            who = (f"{department.code} {department.name}", OFFICE, f"{source}{x.name}")
            what = (_functional(x), _economic(x), "一般公共预算", source)
            head = (f"芙财预〔{department.year}〕{i}号", CLASSES[x.group], _project(x))
            rows.append(Row("data", (*head, Money(n), Money(n - used), *what, *who)))
    return Grid((make_sheet("指标查询", [["指标查询"], ["单位：元"]], header, kinds, rows),))


def project_budget(department: Department) -> Grid:
    """E8. 预算金额 is the sum of its sources, and one of them is 上年结转."""
    header = ["预算单位", "项目类别", "支出项目类别", "专项资金目录", "项目编码", "项目名称", "支出功能分类"]
    header += ["政府预算经济分类", "部门预算经济分类", "是否政府采购", "是否新增资产配置", "是否有政府购买服务"]
    header += ["资金性质", "资金来源"]
    sources = ["预算金额", "公共预算拨款", "专项资金项目", "政府性基金拨款", "事业收入", "实户资金余额"]
    sources += ["事业单位经营收入", "附属单位上缴收入", "其他自有资金", "上年结转"]
    kinds = ["text", "category", "category", "text", "project_code", "project", "functional", *["text"] * 7]
    kinds += ["amount"] * len(sources)
    rows = []
    for x in department.budget:
        if x.category != "project":
            continue
        head = (f"{department.code} {department.name}", "特定目标类", "其他特定目标类", None)
        named = (Code(x.code), x.name, _functional(x), "50299 其他商品和服务支出", None, "否", "否", "否")
        funds = (Money(x.original + x.carryover), Money(x.original), *[None] * 7, money(x.carryover))
        rows.append(Row("data", (*head, *named, "一般公共预算", "财政拨款", *funds)))
    titles: list[list[Value]] = [[f"{department.year}年项目支出预算表"], ["单位：元"]]
    return Grid((make_sheet("项目支出预算", titles, header + sources, kinds, rows),))


def payment_plan(department: Department) -> Grid:
    """E18. A plan by month: neither a budget nor a ledger."""
    header = ["预算单位", "资金性质", "支出功能分类", "支出经济分类", "项目", "支付方式", "指标文号", "计划月份"]
    header += ["计划金额", "已用", "可用额度"]
    kinds = [
        "text",
        "text",
        "functional",
        "economic",
        "project",
        "text",
        "text",
        "month",
        "amount",
        "amount",
        "balance",
    ]
    spent = spent_by_line(department)
    rows = []
    for i, x in enumerate(department.budget, start=1):
        used: dict[int, int] = defaultdict(int)
        for day, _, _, n in spent[(x.category, x.code)]:
            used[day.month] += n
        for month in range(1, 13):
            plan = x.available * month // 12 - x.available * (month - 1) // 12
            where = (_functional(x), _economic(x), _project(x), "授权支付", f"芙财预〔{department.year}〕{i}号")
            flows = (Money(plan), money(used[month]), Money(plan - used[month]))
            rows.append(Row("data", (department.name, "一般公共预算", *where, month, *flows)))
    titles: list[list[Value]] = [[f"{department.year}年用款计划表"], ["单位：元"]]
    return Grid((make_sheet("用款计划", titles, header, kinds, rows),))


def final_accounts(department: Department) -> Grid:
    """E19. 公开03 by functional class: 合计, 基本支出, 项目支出, with a 栏次 row."""
    sums: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: {"basic": 0, "project": 0})
    for _, e in spending_lines(department):
        sums[(e.functional_code, e.functional)][e.category] += e.debit - e.credit
    header = ["功能分类科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出", "上缴上级支出", "经营支出"]
    header.append("对附属单位补助支出")
    kinds = ["functional_code", "functional", *["amount"] * 6]
    rows = [Row("header", ("栏次", None, *(str(i) for i in range(1, 7))))]
    whole = by_category(department)
    totals = (Money(spending(department)), money(whole.get("basic", 0)), money(whole.get("project", 0)))
    rows.append(Row("total", ("合计", None, *totals, None, None, None)))
    for (code, name), s in sorted(sums.items()):
        flows = (Money(s["basic"] + s["project"]), money(s["basic"]), money(s["project"]))
        rows.append(Row("data", (Code(code), name, *flows, None, None, None)))
    account = SPENDING_NAMES[department.spending_account]
    titles: list[list[Value]] = [["支出决算表"], ["公开03表"], [f"部门：{department.name}（{account}）"]]
    titles.append(["金额单位：元"])
    return Grid((make_sheet("公开03", titles, header, kinds, rows),))

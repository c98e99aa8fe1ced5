"""Journals: one row a voucher line (E1, E9, E10, E14, E15, E16, E17)."""

from __future__ import annotations

from dataclasses import replace

from .columns import (
    CATEGORY,
    Column,
    account,
    account_code,
    amount,
    constant,
    date_column,
    journal,
    memo,
    pair,
    period,
    row_with,
    total,
    with_subaccounts,
)
from .grid import Code, Grid, Money, Row, Sheet, Value, make_sheet
from .truth import Department, Line, Voucher, spending_lines
from .words import PEOPLE


def _number(v: Voucher, e: Line) -> Value:
    return v.label


def _against(v: Voucher, e: Line) -> Value:
    """The other side's first account, of the same half of the double books."""
    other = [x for x in v.lines if x.budgetary == e.budgetary and bool(x.debit) != bool(e.debit)]
    return other[0].account_code if other else None


def _as_comma_text(sheet: Sheet) -> Sheet:
    def text(x: Value) -> Value:
        return replace(x, form="comma") if isinstance(x, Money) else x

    return replace(sheet, rows=tuple(replace(r, values=tuple(map(text, r.values))) for r in sheet.rows))


def yonyou_titles(department: Department, title: str) -> list[list[Value]]:
    return [
        [title],
        [f"单位：{department.code} {department.name}"],
        [f"账套：{department.code}01 {department.name}{department.year}年账套"],
        [f"期间：{period(department)}"],
        ["方案名称：默认方案"],
    ]


def yonyou_journal(department: Department) -> Grid:
    """E1. Amounts are text with thousands commas, nought is blank."""
    columns = [
        date_column("日期", "iso"),
        Column("凭证号", "voucher", _number),
        memo(),
        account_code("会计科目代码"),
        account("会计科目名称"),
        Column("支出类型", "category", lambda v, e: CATEGORY[e.category]),
        pair("项目", "project"),
        pair("部门经济分类", "economic"),
        pair("功能分类", "functional"),
        amount("借方金额", "debit"),
        amount("贷方金额", "credit"),
        constant("票据类型", None),
        constant("票据号", None),
        Column("对方科目", "text", _against),
    ]
    sheet = journal("序时账", yonyou_titles(department, "序时账"), columns, department.entries())
    return Grid((_as_comma_text(sheet),))


def payment_details(department: Department) -> Grid:
    """E9. Payments alone; a refund is a negative row; no accounts."""

    def fixed(header: str, text: str) -> Column:
        return constant(header, text)

    def name(v: Voucher, e: Line) -> Value:
        return e.project or ("人员经费" if e.economic_code[:3] in ("301", "303") else "公用经费")

    columns = [
        fixed("预算年度", str(department.year)),
        fixed("指标文号", f"芙财预〔{department.year}〕1号"),
        Column("支付凭证号", "text", lambda v, e: f"{v.date:%Y%m%d}{v.number:04d}"),
        fixed("区划", "430102"),
        fixed("预算单位", f"{department.code} {department.name}"),
        Column("项目名称", "project", name),
        Column("支付金额", "amount", lambda v, e: Money(e.debit - e.credit)),
        Column("用途", "memo", lambda v, e: e.memo),
        fixed("付款方账户名称", department.name),
        fixed("付款方账号", "43001500061050001234"),
        Column("收款方账户名称", "payee", lambda v, e: e.payee or "代发工资户"),
        fixed("收款方账号", "6217002920123456789"),
        fixed("收款人银行", "中国建设银行长沙芙蓉支行"),
        date_column("付款日期"),
        fixed("支付方式", "授权支付"),
        fixed("结算方式", "转账"),
        Column("支出功能科目编码", "functional_code", lambda v, e: Code(e.functional_code)),
        Column("支出功能科目名称", "functional", lambda v, e: e.functional),
        Column(
            "政府支出经济分类",
            "text",
            lambda v, e: "50101 工资奖金津补贴" if not e.payee else "50299 其他商品和服务支出",
        ),
        pair("部门支出经济分类", "economic"),
        fixed("资金性质", "一般公共预算"),
        fixed("是否政府采购", "否"),
    ]
    return Grid((journal("支付凭证明细", [["国库集中支付凭证明细"]], columns, spending_lines(department)),))


def u8_journal(department: Department) -> Grid:
    """E10. One 金额 with 方向; dates as text; line breaks in 摘要; a total row."""
    entries = with_subaccounts(department).entries()
    columns = [
        date_column("日期", "dot"),
        Column("凭证号数", "voucher", _number),
        account_code("科目编码"),
        account("科目名称"),
        Column("摘要", "memo", lambda v, e: e.memo + ("\r\n" if v.number % 4 == 0 else "")),
        Column("方向", "direction", lambda v, e: "借" if e.debit else "贷"),
        constant("数量", None),
        constant("外币", None),
        Column("金额", "amount", lambda v, e: Money(e.debit or e.credit)),
    ]
    last = row_with(columns, "total", {"凭证号数": "合计", "方向": "借", "金额": total(entries, "debit")})
    span = f"{department.year}.01-{department.year}.12"
    titles: list[list[Value]] = [["序时账"], [f"单位：{department.name}", None, None, None, None, span]]
    return Grid((journal("序时账", titles, columns, entries, [last]),))


def _packed(e: Line, style: str) -> str:
    parts = []
    for label, code, name in (
        ("项目", e.project_code, e.project),
        ("经济分类", e.economic_code, e.economic),
        ("功能分类", e.functional_code, e.functional),
    ):
        if code:
            shown = {"kis": f"{label}---{code}---{name}", "cloud": f"{label}:{code}/{name}"}[style]
            parts.append(shown)
    return ";".join(parts)


def kingdee_kis(department: Department) -> Grid:
    """E14. Dotted codes, packed 核算项目, fillers, and the extra sheet that describes the fields."""
    columns = [
        date_column("凭证日期"),
        Column("会计年度", "year", lambda v, e: v.date.year),
        Column("会计期间", "month", lambda v, e: v.date.month),
        Column("凭证字", "text", lambda v, e: v.word),
        Column("凭证号", "voucher", lambda v, e: v.number),
        account_code("科目代码", "dotted"),
        account("科目名称", " - "),
        constant("币别代码", "RMB"),
        constant("币别名称", "人民币"),
        Column("原币金额", "text", lambda v, e: Money(e.debit or e.credit)),
        Column("借方", "amount", lambda v, e: Money(e.debit)),
        Column("贷方", "amount", lambda v, e: Money(e.credit)),
        constant("制单", PEOPLE[0]),
        constant("审核", PEOPLE[1]),
        constant("核准", "NONE"),
        constant("出纳", "NONE"),
        constant("经办", "NONE"),
        constant("结算方式", "*"),
        constant("结算号", None),
        memo("凭证摘要"),
        constant("数量", 0),
        constant("数量单位", "*"),
        constant("单价", 0),
        constant("参考信息", None),
        date_column("业务日期"),
        constant("往来业务编号", None),
        constant("附件数", 1),
        Column("序号", "text", lambda v, e: v.number),
        constant("系统模块", None),
        constant("业务描述", None),
        constant("汇率类型", "公司汇率"),
        constant("汇率", 1),
        Column("分录序号", "text", lambda v, e: v.lines.index(e)),
        Column("核算项目", "packed", lambda v, e: _packed(e, "kis")),
        constant("过账", 1),
        constant("机制凭证", None),
        constant("现金流量", None),
    ]
    fields = [str(c.header) for c in columns]
    schema = make_sheet(
        "t_Schema",
        [],
        ["FType", "FKey", "FFieldName", "FCaption", "FValueType"],
        ["text"] * 5,
        [Row("data", ("FieldInfo", f"F{i}", f"F{i}", h, "varchar")) for i, h in enumerate(fields)],
    )
    return Grid((journal("Page1", [], columns, department.entries()), schema))


def kingdee_eas(department: Department) -> Grid:
    """E15. Auxiliary triples, 方向 1/0, periods as 8.0, one header with an inner space."""

    def triple(i: int, label: str, what: str) -> list[Column]:
        code, name = what + "_code", what
        head = "核算 项目8" if i == 8 else f"核算项目{i}"
        if not what:
            return [constant(head, None), constant(f"编码{i}", None), constant(f"名称{i}", None)]
        return [
            Column(head, "text", lambda v, e: label if getattr(e, code) else None),
            Column(f"编码{i}", code, lambda v, e: Code(getattr(e, code))),
            Column(f"名称{i}", name, lambda v, e: getattr(e, name) or None),
        ]

    aux = [("支出项目", "project"), ("部门经济分类", "economic"), ("支出功能分类", "functional")]
    aux += [("", "")] * 5
    columns = [
        constant("公司", department.name),
        date_column("记账日期"),
        date_column("业务日期"),
        Column("会计期间", "month", lambda v, e: float(v.date.month)),
        constant("凭证类型", "记"),
        Column("凭证号", "voucher", lambda v, e: f"{v.number:04d}"),
        Column("分录号", "text", lambda v, e: v.lines.index(e) + 1),
        memo(),
        account_code("科目"),
        account("科目名称", "_"),
        constant("币种", "人民币"),
        constant("汇率", 1),
        Column("方向", "direction", lambda v, e: 1 if e.debit else 0),
        Column("原币金额", "text", lambda v, e: Money(e.debit or e.credit)),
        constant("数量", 0),
        constant("单价", 0),
        Column("借方金额", "amount", lambda v, e: Money(e.debit)),
        Column("贷方金额", "amount", lambda v, e: Money(e.credit)),
        constant("制单人", PEOPLE[0]),
        constant("过账人", PEOPLE[1]),
        constant("审核人", PEOPLE[1]),
        constant("附件数量", 0),
        constant("过账标记", "TRUE"),
    ]
    for i, (label, what) in enumerate(aux, start=1):
        columns += triple(i, label, what)
    return Grid((journal("凭证", [], columns, department.entries()),))


def kingdee_cloud(department: Department) -> Grid:
    """E16. 科目全名 joined by _, 核算维度 packed."""
    columns = [
        date_column("日期"),
        Column("会计年度", "year", lambda v, e: v.date.year),
        Column("期间", "month", lambda v, e: v.date.month),
        Column("凭证字", "text", lambda v, e: v.word),
        Column("凭证号", "voucher", lambda v, e: v.number),
        memo(),
        account_code("科目编码", "dotted"),
        account("科目全名", "_"),
        Column("核算维度", "packed", lambda v, e: _packed(e, "cloud")),
        constant("币别", "人民币"),
        Column("原币金额", "text", lambda v, e: Money(e.debit or e.credit)),
        amount("借方金额", "debit"),
        amount("贷方金额", "credit"),
        constant("制单", PEOPLE[0]),
        constant("审核", PEOPLE[1]),
        constant("过账", PEOPLE[1]),
    ]
    return Grid((journal("凭证列表", [], columns, department.entries()),))


def generic(department: Department) -> Grid:
    """E17. The header that most other software shares."""
    columns = [
        Column("会计期间", "period", lambda v, e: f"{v.date:%Y%m}"),
        date_column("凭证日期"),
        Column("凭证编号", "voucher", _number),
        memo(),
        account_code("科目代码"),
        account("科目名称"),
        amount("借方金额", "debit"),
        amount("贷方金额", "credit"),
        constant("部门", "办公室"),
        Column("项目", "project", lambda v, e: e.project or None),
        Column("功能分类", "functional", lambda v, e: e.functional_code or None),
        Column("经济分类", "economic", lambda v, e: e.economic_code or None),
        constant("资金性质", "一般公共预算"),
    ]
    titles: list[list[Value]] = [[f"{department.name}{department.year}年度凭证序时簿"], ["单位：元"]]
    return Grid((journal("序时簿", titles, columns, department.entries()),))

"""Traditional characters for the words of the builders (enough of them for a Big5 file)."""

from __future__ import annotations

from dataclasses import replace

from .grid import Grid, Pair, Sheet, Value

SIMPLE = (
    "专业产会传关养冲减凭别办务动劳区医单厅发号员团国图备奖审岗师开户护拨数旧时档检济点热环电疗码积称类纪"
    "纳线终经结统绩维编缴职营补计训记设证评询财质购贴贷费资车转达运邮销长门问间险项顾预额鸿账"
)
FULL = (
    "專業產會傳關養沖減憑別辦務動勞區醫單廳發號員團國圖備獎審崗師開戶護撥數舊時檔檢濟點熱環電療碼積稱類紀"
    "納線終經結統績維編繳職營補計訓記設證評詢財質購貼貸費資車轉達運郵銷長門問間險項顧預額鴻賬"
)
TABLE = str.maketrans(SIMPLE, FULL)


def traditional(text: str) -> str:
    return text.translate(TABLE)


def traditional_grid(grid: Grid) -> Grid:
    def value(v: Value) -> Value:
        if isinstance(v, Pair):
            return replace(v, name=traditional(v.name))
        return traditional(v) if isinstance(v, str) else v

    def sheet(s: Sheet) -> Sheet:
        rows = tuple(replace(r, values=tuple(map(value, r.values))) for r in s.rows)
        return replace(s, name=traditional(s.name), rows=rows)

    return grid.map(sheet)

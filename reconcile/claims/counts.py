"""Counts of what is listed: 6个科室，分别是 …, 三项措施：一是 …, “五办”, 打印、复印等四项."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from reconcile.claims.claim import FAILS, HOLDS, Claim
from reconcile.claims.ordered import gaps, marks, ordered_after, ranks, run_of, value_of
from reconcile.claims.text import Report, Sentence

_KINDS = "个|项|大|家|类|种|条|点|方面|步|部分|所|处|名|位|件|场|次|份|批|支|级|层|型|办|零|化|率|清|查|改|转|减|统一|坚持|到位|结合|强化|提升|能力|工程|行动|机制"
_SAID = re.compile(
    r"(?<![第零一二三四五六七八九十百千万亿\d.])(?P<n>[二两三四五六七八九十]|十[一二三四五六七八九]|\d{1,2})(?:余|多)?\s*(?P<kind>个|项|大|家|类|种|条|点|方面|步|部分|所|处|名|位|支|次|场|期|批)(?!月|百分|工作日|小时)"
)
_AFTER = re.compile(
    r"^(?P<noun>[^，。；:、\d(（]{0,16}?)(?P<open>[,，]?(?:分别(?:是|为|有|包括)?|包括|包含|有|即|即为|为|是|依次为|具体为|具体包括|具体是|它们是|主要是)\s*[:：]?|[:：]|\(\s*(?:即|分别(?:是|为)?|包括|其中|为)?[:：]?|——)"
)
_QUOTED = re.compile(
    r"[“\"「『](?P<n>[二两三四五六七八九十]|十[一二三四五六七八九])(?P<char>[一-鿿]{1,3})[”\"」』]|(?:做到|坚持|推行|实施|落实|开展|打造|抓好|强化|聚焦|突出)(?P<m>[二两三四五六七八九])(?:个)?(?P<kind>到位|坚持|强化|结合|提升|统一|聚焦|突出|确保)"
)
_STOP = re.compile(r"[。；;]|，(?!(?:以及|和|及))")
_WORDS = re.compile(r"[、]|以及|(?<=[^共总人亲])和(?!谐|平|解|睦)|(?<=[^以涉普])及(?!时|格)|与(?!会)|暨")
_OFTEN = ("次", "场", "期", "批")
_ORDER = "一二三四五六七八九十"


def check(report: Report) -> Iterator[Claim]:
    """Every count of a list that stands beside it, and lists whose own numbers have gaps."""
    for sentence in report.sentences:
        done: set[int] = set()
        for m in _SAID.finditer(sentence.text):
            claim = _stated(report, sentence, m)
            if claim and claim.start not in done:
                done.add(claim.start)
                yield claim
        for m in _OCCASIONS.finditer(sentence.text):
            claim = _occasions(report, sentence, m)
            if claim:
                yield claim
        for m in _QUOTED.finditer(sentence.text):
            claim = _slogan(report, sentence, m)
            if claim:
                yield claim
        yield from _on_days(report, sentence)
        yield from gaps(report, sentence)
        yield from ranks(report, sentence)


def _claim(
    report: Report,
    sentence: Sentence,
    begin: int,
    end: int,
    stated: int,
    listed: int,
    kind: str,
    verdict: str,
    reason: str,
    items: Sequence[str] = (),
) -> Claim:
    phrase = report.phrase(sentence.paragraph, sentence.start + begin, sentence.start + end)
    used = frozenset(
        s.figure.at
        for s in sentence.said
        if sentence.start + begin <= s.figure.start < sentence.start + end
        and s.figure.dimension == "count"
        and s.figure.value == stated
    )
    words = sentence.text[begin:end].strip('“”" ')
    params = {"stated": words if len(words) < 14 else str(stated), "computed": str(listed), "items": "、".join(items)}
    return Claim(
        kind,
        sentence.paragraph,
        *phrase,
        Fraction(stated),
        Fraction(listed),
        verdict,
        reason,
        "个",
        phrase[2],
        params,
        used,
        "count-mismatch",
    )


_DAYS = re.compile(
    rf"(?<![第\d{_ORDER}])(?P<n>[两{_ORDER}]|\d{{1,2}})次[^，。；]{{0,12}}[，,]?分别(?:于|在|为|是)(?P<days>[^，。；]{{3,60}}?)(?=进行|开展|举行|实施|组织|召开|完成|[，。；]|$)"
)


def _on_days(report: Report, sentence: Sentence) -> Iterator[Claim]:
    """`三次专项检查，分别于3月、6月、9月进行`: as many times as months or days are named."""
    for m in _DAYS.finditer(sentence.text):
        days = re.split("[、和及]", m["days"])
        if len(days) > 1 and all(re.search("[月日号年]|季度", d) for d in days):
            stated = value_of(m["n"].replace("两", "二"))
            verdict = HOLDS if stated == len(days) else FAILS
            reason = "count-holds" if verdict == HOLDS else "count-fails"
            yield _claim(report, sentence, m.start(), m.end(), stated, len(days), "count", verdict, reason, days)


_OCCASIONS = re.compile(
    rf"(?P<row>(?:[一-鿿]{{1,12}}、)+[一-鿿]{{1,8}})(?P<n>[两{_ORDER}]|\d{{1,2}})(?:次|场|期|批|轮)(?=[一-鿿]{{2}})"
)


def _occasions(report: Report, sentence: Sentence, m: re.Match[str]) -> Claim | None:
    """`开展了春季、夏季、秋季、冬季四次专项检查`: as many occasions as names of one length that end alike."""
    first, *rest = m["row"].split("、")
    size = len(rest[-1])
    names = [first[-size:], *rest]
    if len({len(n) for n in names}) > 1 or len({n[-1] for n in names}) > 1 or size < 2:
        return None
    stated = value_of(m["n"].replace("两", "二"))
    return _verdict(report, sentence, m.end() - len(m[0]) + len(first) - size, m.end(), stated, len(names), names)


# a number with its list --------------------------------------------------------------------------------------


def _stated(report: Report, sentence: Sentence, m: re.Match[str]) -> Claim | None:
    stated, text = value_of(m["n"]), sentence.text
    rest = text[m.end() :]
    found = _AFTER.match(rest)
    if m["kind"] in _OFTEN and not (found and re.search("分别|[:：]", found["open"])):
        return None
    if re.match(r"(?:方面)?[^，。；、\d]{0,12}[:：,，]?\s*(?:一是|第一|①|\(1\)|\(一\)|1[.、]|其一)", rest) or re.match(
        r"(?:方面)?[^，。；、\d]{0,12}[:：]?\s*$", rest
    ):
        ordered = ordered_after(report, sentence, m.end())
        if ordered and re.match(r"[^，。；、\d]{0,12}[:：,，]?\s*(?:一是|第一|①|\(1\)|\(一\)|1[.、]|其一)", rest):
            return _verdict(report, sentence, m.start(), m.end(), stated, ordered, ())
        if ordered and (":" in rest or re.search("以下|如下|下列", text[max(0, m.start() - 6) :])):
            return _verdict(report, sentence, m.start(), m.end(), stated, ordered, ())
    if found and found["open"] and not (found["open"] in ("为", "是", "有") and "、" not in rest[:60]):
        opened = found["open"].strip().startswith("(")
        body = rest[found.end() :]
        body = (
            body[: body.find(")")]
            if opened and ")" in body
            else _STOP.split(body, maxsplit=1)[0]
            if not opened
            else body
        )
        items, more = _items(body)
        if m["kind"] in _OFTEN and any(re.search(r"\d", i) for i in items):
            return None  # 调整4次，分别调增37万元、50万元 …
        if any(re.search(rf"\d\s*{m['kind']}$", i) for i in items):
            return None  # 问题25个，包括预算类12个、采购类8个: they make the number together
        if _listable(items) and (len(items) > 1 or "、" in body):
            if found["open"] in ("有", "为", "是") and len(items) < 2:
                return None
            if more:
                return (
                    _verdict(report, sentence, m.start(), m.end() + len(found["noun"]), stated, len(items), items)
                    if len(items) > stated
                    else None
                )
            return _verdict(report, sentence, m.start(), m.end() + len(found["noun"]), stated, len(items), items)
    return _numbered_before(report, sentence, m, stated) or _listed_before(report, sentence, m, stated)


def _numbered_before(report: Report, sentence: Sentence, m: re.Match[str], stated: int) -> Claim | None:
    """`（一）…。（二）…。以上两项措施`: as many numbered items as stand before in the paragraph."""
    text = sentence.text[: m.start()]
    told = re.search("三是[^；。]{2,30}，$", text) and re.match(
        "[项个条大点][一-鿿]{0,4}(?:举措|措施|做法|问题|工作|任务)", sentence.text[m.start("kind") :]
    )
    if not re.search("(?:以上|上述)$", text) and not told:
        return None
    before = [s.text for s in report.before(sentence, 20)[::-1] if s.paragraph == sentence.paragraph]
    listed = run_of(marks("。".join([*before, text])))
    return _verdict(report, sentence, m.start() - 2, m.end(), stated, listed, ()) if listed > 1 else None


def _listed_before(report: Report, sentence: Sentence, m: re.Match[str], stated: int) -> Claim | None:
    """`A、B、C三项服务`, `A、B等4项服务`, `“A、B、C”六个事项`."""
    before = sentence.text[: m.start()]
    quoted = re.search(r"“([^“”]*、[^“”]*)”\s*(?:等|这|共)?$", before)
    chunk = quoted[1] if quoted else re.split(r"[，。；:：()]", before)[-1]
    and_more = bool(re.search("等(?:共)?$", before))
    chunk = re.sub("(?:等|这|共|共计|合计)+$", "", chunk)
    row = re.search(r"((?:“[^“”]{2,16}”[、和]?){2,}|(?:《[^《》]{2,30}》[、和]?){2,})\s*(?:等|这|共)?$", before)
    if "、" not in chunk and not row:
        return None
    items = re.findall("[“《]([^“”《》]+)[”》]", row[1]) if row else _items(chunk)[0]
    chunk = row[1] if row else chunk
    if (
        len(items) < 2
        or not _listable(items)
        or any(
            s.figure.start < sentence.start + m.start()
            and s.figure.end > sentence.start + m.start() - len(chunk) - 2
            and s.figure.dimension != "date"
            for s in sentence.said
            if s.figure.start != sentence.start + m.start()
        )
    ):
        return None
    after = sentence.text[m.end() : m.end() + 12]
    if not re.match(r"[^，。；、\d]{1,12}", after) or re.match("(?:月|百分|工作日|小时)", after):
        return None
    if and_more and len(items) <= stated:
        return (
            None
            if len(items) < stated
            else _verdict(report, sentence, m.start() - len(chunk), m.end(), stated, len(items), items)
        )
    if not and_more and not quoted and not row and not re.search("[一-鿿]$", chunk):
        return None
    if not and_more and not quoted and len(items) != stated and re.match("人|名|位|家|所|处|条|次|批|场|件", m["kind"]):
        return None
    return _verdict(
        report,
        sentence,
        m.start() - len(chunk),
        m.end() + min(6, len(re.split("[，。；、]", after)[0])),
        stated,
        len(items),
        items,
    )


def _items(body: str) -> tuple[list[str], bool]:
    """The things of a list, and whether it says that there are more."""
    body = re.sub(r"\([^()]*\)", "", body)
    more = bool(re.search("等(?:[一-鿿]{0,6})?$", body.strip()))
    body = re.sub("等(?:[一-鿿]{0,6})?$", "", body.strip())
    if "、" in body:
        parts = body.split("、")
        last = parts[-1:] if "与" in parts[0] else _WORDS.split(parts[-1])
        items = [*parts[:-1], *(last if all(len(x.strip()) > 1 for x in last) and len(last) == 2 else parts[-1:])]
    else:
        items = re.split("和|以及|及|与", body)
    return [i.strip(" ，,:：“”") for i in items if i.strip(" ，,:：“”")], more


def _listable(items: Sequence[str]) -> bool:
    return bool(items) and max(map(len, items)) <= 30 and not any(re.search(r"[:：。]", i) for i in items)


def _verdict(
    report: Report, sentence: Sentence, begin: int, end: int, stated: int, listed: int, items: Sequence[str]
) -> Claim:
    ok = stated == listed
    return _claim(
        report,
        sentence,
        begin,
        end,
        stated,
        listed,
        "count",
        HOLDS if ok else FAILS,
        "count-holds" if ok else "count-fails",
        items,
    )


def _slogan(report: Report, sentence: Sentence, m: re.Match[str]) -> Claim | None:
    """`“五办”服务举措`: as many 一是, 二是 … or quoted words of that kind as it says, up to the next heading."""
    stated = value_of(m["n"] or m["m"])
    word = m["char"] or m["kind"]
    after = sentence.text[m.end() : m.end() + 24]
    listed = re.match(
        r"[^，。；:]{0,10}(?:[:：]|[,，]?(?:即|分别(?:是|为)|包括)|\(|——)[:：]?(?P<body>[^。；)]*)",
        after + sentence.text[m.end() + 24 :],
    )
    if listed and "、" in listed["body"]:
        items, more = _items(listed["body"].split("，")[0])
        if len(items) > 1 and not more and _listable(items):
            return _verdict(report, sentence, m.start(), m.end(), stated, len(items), items)
    row = re.search(
        rf"(?:[一-鿿]{{1,6}}{re.escape(word[-2:])}[、和]){{1,}}[一-鿿]{{1,6}}{re.escape(word[-2:])}",
        sentence.text[m.end() :],
    )
    if row and len(word) > 1:
        items = re.findall(rf"[一-鿿]+?{re.escape(word[-2:])}(?=[、和]|$)", row[0])
        return _verdict(report, sentence, m.start(), m.end(), stated, len(items), items)
    own = report.sentences[sentence.index + 1 : sentence.index + 60]
    text = "。" + sentence.text[m.end() :]
    for s in own:
        if s.style in ("cn", "cnp") and s.paragraph != sentence.paragraph:
            break
        if sentence.style == "" and s.paragraph != sentence.paragraph:
            break
        text += "。" + s.text.lstrip()
    ordered = run_of([x for x in marks(text) if x[0] in ("a", "d", "f")])
    last = word[-1]
    quoted = {q for q in re.findall(r"“([^“”]{1,6})”", text) if q.endswith(last) or q.startswith(word)}
    is_list = ordered >= 2 and (
        ordered == len(quoted) or not quoted or len(quoted) >= 2 or sentence.style in ("cn", "cnp")
    )
    if is_list:
        return _verdict(report, sentence, m.start(), m.end(), stated, ordered, sorted(quoted))
    return None

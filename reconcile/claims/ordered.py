"""Lists in order: 一是 … 二是 …, ①②③, and their own numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from reconcile.claims import numerals
from reconcile.claims.claim import FAILS, HOLDS, Claim
from reconcile.claims.figure import Figure
from reconcile.claims.text import Report, Sentence

_IS = re.compile(
    r"(?:^|[，。；;:：\s、])(?:(?P<a>[一二三四五六七八九十])是|(?P<b>[①-⑳])|[(](?P<c>\d{1,2}|[一二三四五六七八九十])[)]|第(?P<d>[一二三四五六七八九十])[，、,是]|(?P<e>\d{1,2})[.、](?!\d)|其(?P<f>[一二三四五六七八九十])[，、,是])"
)


def value_of(text: str) -> int:
    """A number in digits or in Chinese numerals."""
    return int(text) if text.isdecimal() else int(numerals.chinese(text) or 0)


def marks(text: str) -> list[tuple[str, int]]:
    out = []
    for m in _IS.finditer(text):
        name, mark = next((k, v) for k, v in m.groupdict().items() if v)
        number = ord(mark) - ord("①") + 1 if name == "b" else value_of(mark)
        out.append((name if name != "c" or mark.isdecimal() else "cc", number))
    return out


def run_of(marks: Sequence[tuple[str, int]]) -> int:
    """How far a list counts: of the style that begins with 1 first, 1, 2, 3 …"""
    style = next((s for s, n in marks if n == 1), "")
    last = 0
    for s, n in marks:
        if s == style and n == last + 1:
            last = n
        elif s == style and n == 1 and last:
            break
    return last


def ordered_after(report: Report, sentence: Sentence, at: int) -> int:
    """How many items the ordered list after a place has: in the sentence, then on to the end of its section."""
    text = sentence.text[at:]
    following = list(report.sentences[sentence.index + 1 : sentence.index + 80])
    for s in following:
        if (
            s.paragraph != sentence.paragraph
            and s.style in ("cn", "cnp")
            and not (s.number == 1 and not marks(text))
            and sentence.style in ("cn", "cnp")
        ):
            break
        if s.style == "cn" and marks(text) and marks(text)[0][0] not in ("e",):
            break
        text += "。" + s.text.lstrip()
    return run_of(marks(text))


def gaps(report: Report, sentence: Sentence) -> Iterator[Claim]:
    """`…;②支付…` where no ① stands before it."""
    plain = report.plain[sentence.paragraph - 1]
    for m in re.finditer("[②-⑳]", sentence.text):
        before = chr(ord(m[0]) - 1)
        earlier = (
            "".join(report.plain[max(0, sentence.paragraph - 6) : sentence.paragraph - 1])
            + plain[: sentence.start + m.start()]
        )
        if before not in earlier:
            end = min(m.end() + 12, len(sentence.text))
            number = ord(m[0]) - ord("①") + 1
            phrase = report.phrase(sentence.paragraph, sentence.start + m.start(), sentence.start + end)
            yield Claim(
                "numbering",
                sentence.paragraph,
                *phrase,
                Fraction(number),
                Fraction(1),
                FAILS,
                "numbering",
                "",
                m[0],
                {"stated": m[0], "missing": before},
                frozenset(),
                "count-mismatch",
            )


def ranks(report: Report, sentence: Sentence) -> Iterator[Claim]:
    """`3次第1名, 8次第2名, 1次第3名` in the months of a year."""
    found = [
        (s, m)
        for s in sentence.said
        if s.figure.unit == "次"
        and (
            m := re.match(r"第(?:\d+|[一二三四五六七八九十])名?", report.plain[sentence.paragraph - 1][s.figure.end :])
        )
    ]
    if len(found) < 2 or not re.search(
        "全年|月度|每月|各月", sentence.text[: found[0][0].figure.start - sentence.start]
    ):
        return
    total = sum(int(s.figure.value) for s, _ in found)
    figures: list[Figure] = [s.figure for s, _ in found]
    phrase = report.phrase(sentence.paragraph, figures[0].start, figures[-1].end + len(found[-1][1][0]))
    verdict = HOLDS if total == 12 else "untestable"
    yield Claim(
        "count",
        sentence.paragraph,
        *phrase,
        Fraction(total),
        Fraction(12),
        verdict,
        "ranks-hold" if total == 12 else "ranks-unknown",
        "次",
        "",
        {"stated": " + ".join(f.text for f in figures), "computed": str(total)},
        frozenset(f.at for f in figures),
        "count-mismatch",
    )

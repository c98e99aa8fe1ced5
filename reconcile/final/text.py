"""D15: the figures of a text against the cells of the tables that it speaks of."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from reconcile import money, wording
from reconcile.final.classes import group_total, public
from reconcile.final.proof import EXACT, Part, Proof
from reconcile.final.table import Amount, FinalTable
from reconcile.finding import LoadError

_SENTENCE = re.compile(r"[。；;\n]")
_QUOTES = str.maketrans("", "", "“”\"'‘’ \t\u3000")
_AMOUNT = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?)(亿|百万|万|千)?元")
_SHARE = re.compile(r"[,，、(（]?占[^0-9。；,，]{0,16}?([0-9]+(?:\.[0-9]+)?)%")
_PARAGRAPH = re.compile(r"<w:p[ >].*?</w:p>", re.DOTALL)
_RUN = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>")
NEAR = 8
"""Characters before a label that may say that it is of another year, a budget, or a change."""


@dataclass(frozen=True)
class Claim:
    """A figure that a text states: what of, in 分, the 分 of its last digit, and the share in percent beside it."""

    entry: int
    label: str
    fen: int
    unit: int
    share: str


def read(source: str | Path) -> str:
    """The text of a .docx, .txt or .md file, or the text itself.  Raises LoadError for a file that is none."""
    text = str(source)
    if "\n" in text or len(text) > 250 or Path(text).suffix.lower() not in (".docx", ".txt", ".md"):
        return text
    path = Path(text)
    if not path.is_file():
        raise LoadError("missing-file", text)
    if path.suffix.lower() != ".docx":
        return path.read_text("utf-8-sig")
    try:
        with zipfile.ZipFile(path) as package:
            body = package.read("word/document.xml").decode("utf-8")
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError) as problem:
        raise LoadError("not-a-workbook", path.name, problem=str(problem)) from problem
    return "\n".join("".join(_RUN.findall(p)) for p in _PARAGRAPH.findall(body))


@cache
def _labels() -> tuple[tuple[str, int], ...]:
    """Labels, the longest first, each with its claim."""
    entries = wording.entry("final_text", "claims")
    pairs = [(label, i) for i, entry in enumerate(entries) for label in _entry(i)["labels"]]
    return tuple(sorted(pairs, key=lambda p: -len(p[0])))


def _entry(index: int) -> dict[str, Any]:
    found: dict[str, Any] = wording.entry("final_text", "claims")[index]  # type: ignore[index]
    return found


def claims(text: str) -> Iterator[Claim]:
    """Every figure of a text that a table has: a known label with an amount right behind it."""
    known = wording.entry("final_text", "words")
    between = "|".join(map(re.escape, sorted(known["between"], key=len, reverse=True)))
    wanted = "|".join(re.escape(label) for label, _ in _labels())
    pattern = re.compile(f"({wanted})(?:{between})*{_AMOUNT.pattern}")
    entries = dict(_labels())
    for raw in _SENTENCE.split(unicodedata.normalize("NFKC", text)):
        sentence = raw.translate(_QUOTES)
        for found in pattern.finditer(sentence):
            index = entries[found[1]]
            near = sentence[max(found.start() - NEAR, 0) : found.start()]
            clause = re.split(r"[,，、:：]", near)[-1]
            others = any(w in clause for w in known["before"])
            if others or not all(w in sentence for w in _entry(index).get("within", ())):
                continue
            number, unit = Decimal(found[2].replace(",", "")), money.UNITS[f"{found[3] or ''}元"]
            places = -int(number.as_tuple().exponent)
            step = max(unit * money.FEN_PER_YUAN // 10**places, 1)
            share = _SHARE.match(sentence, found.end())
            yield Claim(index, found[1], money.to_fen(number, unit), step, share[1] if share else "")


def d15(proof: Proof, text: str | Path | None) -> None:
    """Each figure of the text is that of its table, each share beside it that of the figures."""
    if text is None:
        proof.lacks("text-elsewhere")
        return
    for claim in claims(read(text)):
        entry = _entry(claim.entry)
        table = proof.table(entry["table"])
        if table is None or not proof.same_unit(table):
            continue
        amount = _cell(proof, table, entry["line"], entry.get("field", "amount"))
        stated = Part(claim.fen, claim.unit if claim.unit > EXACT else EXACT)
        where = proof.say("text", label=claim.label, amount=wording.amount(claim.fen, proof.language))
        proof.same(proof.subject(table, claim.label), amount, stated, where, detail=f"text {claim.label} {claim.fen}")
        if claim.share and amount is not None and "share" in entry:
            _share(proof, table, claim, amount, _cell(proof, table, entry["line"], entry["share"]))


def _cell(proof: Proof, table: FinalTable, line: str, name: str) -> Amount | None:
    if table.form.lines == "class":
        return group_total(table, line.removesuffix("_total"))
    if table.form.lines == "public":
        side, _, item = line.partition("_")
        return public(table, side).get(item)
    return proof.cell(table, line, name)


def _share(proof: Proof, table: FinalTable, claim: Claim, part: Amount, whole: Amount | None) -> None:
    """A share in percent, recomputed from the printed figures; one off in its last digit may be of exact ones."""
    if part.fen is None or whole is None or not whole.fen:
        return
    stated = Decimal(claim.share)
    places = -int(stated.as_tuple().exponent)
    expected = money.percent(part.fen, whole.fen, places)
    proof.tested += 1
    if expected is not None and abs(stated - expected) > Decimal(1).scaleb(-places):
        proof.find(
            "share-mismatch",
            proof.subject(table, claim.label),
            part.origin,
            None,
            None,
            wording="final",
            stated=f"{stated}%",
            computed=f"{expected}%",
        )

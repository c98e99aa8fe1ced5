"""What an opinion on a finding is an opinion on: its amounts, or what it says where it has none, sealed with its key."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from reconcile.finding import Finding

_KEY = re.compile(r"[a-z][a-z-]*-[0-9a-f]{8}")
_FILE = re.compile(r"\.(?:xlsx?|xlsm|xlsb|et|ods|csv|tsv|txt|html?|xml)$", re.IGNORECASE)
_DATED = re.compile(r"[\d\W_年月日季至到期一二三四五六七八九十]+")
_ENTRY_KEY = re.compile(r"E[0-9a-f]{16}")
_PLACE = re.compile(r"\$?[A-Z]{1,3}\$?\d+|\d+(?= 行)|(?<=row )\d+")


def basis_of(finding: Finding) -> str:
    """`expected/actual/words/seal`: amounts in 分, '' for none; `words` is of what the finding says, without the cells
    that it names, where it has no amount; `seal` is of all of that and the key."""
    expected, actual = ("" if v is None else str(v) for v in (finding.expected, finding.actual))
    says = "" if expected or actual else _digest(_PLACE.sub("", finding.message("zh").replace(str(finding.origin), "")))
    told = f"{expected}/{actual}/{says}"
    return f"{told}/{_digest(f'{finding.key}/{told}')}"


def kin_of(finding: Finding) -> str:
    """A key that does not see the digits and dates in the names of a finding's file and sheet: a ledger is another file
    every month.  Findings of two files may share it."""
    origin = finding.origin
    own = (origin.file, origin.sheet)
    subject = _general(finding.subject) if finding.subject in own else finding.subject
    parts = [_general(p) if p in own or _FILE.search(p) else p for p in finding.detail.split("|")]
    return _digest("\x1f".join((finding.code, finding.anchor or subject, *parts)))


def _general(name: str) -> str:
    return _DATED.sub("", unicodedata.normalize("NFKC", name))


def amounts_of(basis: str) -> tuple[str, ...]:
    """What must be the same for an opinion to hold: all but the seal."""
    return tuple(basis.split("/")[:-1])


def sealed_for(key: str, basis: str) -> bool:
    """Whether a basis was written for this key; one that is not there cannot say otherwise."""
    told, _, seal = basis.rpartition("/")
    return not basis or seal == _digest(f"{key}/{told}")


def is_key(text: str, *, entry: bool = False) -> bool:
    """Whether a text has the form of a finding's key, or of an entry's."""
    return bool((_ENTRY_KEY if entry else _KEY).fullmatch(text))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]

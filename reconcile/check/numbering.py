"""Voucher numbers: the word, the number, and how they are given out, told by the numbers themselves."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from reconcile import wide
from reconcile.groups import Groups

MONTH, YEAR = "month", "year"
_NUMBERED = re.compile(r"^(.*?)(\d+)(\D*)$", re.DOTALL)
_SHEET_OF = re.compile(r"[\s(]*\d+/\d+\)?$")
_LEADING_MONTH = re.compile(r"^(?:19|20)\d\d(?:0[1-9]|1[0-2])")
_LONGEST = 9
LONGEST, MOST_DIGITS = 30, 6
"""The longest text, and the most digits in it, of a voucher that is taken apart together with others."""
AT_ONCE = 50_000
_SCOPES: tuple[tuple[str, ...], ...] = ((), ("office",), ("file",), ("file", "sheet"))
Positions = npt.NDArray[np.int64]
_SAID = ["voucher", "file", "sheet", "row"]
NUMBER_KEYS = ["scope", "span", "word", "number"]


@dataclass(frozen=True)
class Numbering:
    """Numbered vouchers and how they are numbered.

    vouchers: one row a voucher: `at` (position of its first line among the entries) and `date` with word (a position in
    `words`: `记-`), number, width (digits as written) and tail (a position in `tails`: `号`); scope: which numbering it is
    of (of an office, a file or a sheet); span: the months since 1970, or the year, in which its numbers run; run: the
    rank of scope, span and word together.
    count: how many numbers there are.  conflicts: how many of them stand on more than one date.
    """

    vouchers: pd.DataFrame
    words: npt.NDArray[np.object_]
    tails: npt.NDArray[np.object_]
    period: Mapping[int, str]
    count: int
    conflicts: int


def split(voucher: object) -> tuple[str, int, int, str]:
    """(word, number, digits, tail) of a voucher as written; number −1 where it has none.

    >>> split("记-0007"), split("记字第12号"), split("202003-0005"), split("CG")
    (('记-', 7, 4, ''), ('记字第', 12, 2, '号'), ('202003-', 5, 4, ''), ('CG', -1, 0, ''))
    """
    plain = _SHEET_OF.sub("", unicodedata.normalize("NFKC", str(voucher or "")).strip())
    found = _NUMBERED.match(plain)
    if not found:
        return plain, -1, 0, ""
    word, digits, tail = found[1], found[2], found[3]
    if len(digits) > 6 and _LEADING_MONTH.match(digits):
        word, digits = word + digits[:6], digits[6:]
    if len(digits) > _LONGEST:
        return plain, -1, 0, ""
    return word, int(digits), len(digits), tail


@dataclass(frozen=True)
class Splits:
    """split of many vouchers, part by part."""

    word: npt.NDArray[np.object_]
    number: npt.NDArray[np.int64]
    width: npt.NDArray[np.int64]
    tail: npt.NDArray[np.object_]


def splits(vouchers: Sequence[str] | npt.NDArray[np.object_]) -> Splits:
    """split of many vouchers, some at a time."""
    parts = [_splits(list(vouchers[at : at + AT_ONCE])) for at in range(0, max(len(vouchers), 1), AT_ONCE)]
    names = ("word", "number", "width", "tail")
    return Splits(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def _splits(vouchers: list[str]) -> Splits:
    """split of some vouchers: all at once those of one run of digits in a short text, each of the others alone."""
    written = "\n".join(vouchers)
    if written.count("\n") >= max(len(vouchers), 1):
        return _splits([v.replace("\n", " ") for v in vouchers])
    lines = unicodedata.normalize("NFKC", written)
    codes = np.frombuffer(lines.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    breaks = np.flatnonzero(codes == ord("\n"))
    ends = np.append(breaks, len(codes))[: len(vouchers)]
    starts = np.append(0, breaks + 1)[: len(vouchers)]
    edges = np.flatnonzero(np.diff(codes - np.uint32(ord("0")) < 10, prepend=False, append=False))
    first, last = edges[::2], edges[1::2]
    line = np.searchsorted(ends, first)
    plain = (np.bincount(line, minlength=len(vouchers)) == 1) & (ends - starts <= LONGEST)
    odd = np.flatnonzero(np.isin(codes, _odd(codes)))
    plain[np.searchsorted(ends, odd[codes[odd] != ord("\n")])] = False
    known = plain[line] & (last - first <= MOST_DIGITS)
    line, first, last = line[known], first[known], last[known]
    out = Splits(*(np.empty(len(vouchers), dtype=t) for t in (object, np.int64, np.int64, object)))
    out.number[:] = -1
    out.word[line], out.tail[line] = _texts(lines, codes, starts[line], first), _texts(lines, codes, last, ends[line])
    out.number[line], out.width[line] = _whole(codes, first, last), last - first
    for i in np.flatnonzero(out.number < 0).tolist():
        out.word[i], out.number[i], out.width[i], out.tail[i] = split(vouchers[i])
    return out


def _odd(codes: npt.NDArray[np.uint32]) -> list[int]:
    """Which characters a number is not told beside without a look at the whole: spaces, slashes, digits other than 0-9."""
    used = np.flatnonzero(np.bincount(codes)).tolist()
    return [c for c in used if c == ord("/") or chr(c).isspace() or (c > 127 and chr(c).isdecimal())]


def _whole(codes: npt.NDArray[np.uint32], first: Positions, last: Positions) -> Positions:
    """The whole numbers that stand between places."""
    value = np.zeros(len(first), dtype=np.int64)
    for position in range(int((last - first).max(initial=0))):
        inside = first + position < last
        value[inside] = value[inside] * 10 + codes[first[inside] + position] - ord("0")
    return value


def _texts(lines: str, codes: npt.NDArray[np.uint32], first: Positions, last: Positions) -> npt.NDArray[np.object_]:
    """The texts that stand between places: of equal ones one and the same."""
    size = last - first
    same = Groups.by(size)
    for position in range(int(size.max(initial=0))):
        at = np.minimum(first + position, len(codes) - 1)
        same = Groups.by(same.of, np.where(position < size, codes[at], 0))
    distinct = np.empty(len(same), dtype=object)
    distinct[:] = [lines[first[i] : last[i]] for i in same.first.tolist()]
    return distinct[same.of]


def numbers(entries: pd.DataFrame) -> Positions:
    """The number of each entry's voucher, −1 where it has none."""
    at, distinct = wide.factorized(entries, "voucher")
    return np.asarray(splits(distinct).number[at], dtype=np.int64)


def numbering(entries: pd.DataFrame, rows: Positions) -> Numbering:
    """The numbering of dated entries with vouchers: of those at `rows`.

    Of all together, office by office, file by file or sheet by sheet, and beginning anew each month or each year, that reading
    is taken which leaves the fewest numbers missing or standing on several dates; the broader one where equal.
    """
    vouchers, words, tails = _vouchers(entries, rows)
    best: tuple[pd.DataFrame, Mapping[int, str], int, int] | None = None
    least = -1
    for columns in _SCOPES:
        scopes = wide.grouped(entries, columns, vouchers["at"]) if columns else None
        if scopes is not None and len(scopes) < 2:
            continue
        scope = np.zeros(len(vouchers), dtype=np.int64) if scopes is None else scopes.of
        cost, found = _by_period(vouchers.assign(scope=scope))
        if best is None or cost < least:
            best, least = found, cost
    assert best is not None
    return Numbering(best[0], words, tails, *best[1:])


def _vouchers(
    entries: pd.DataFrame, rows: Positions
) -> tuple[pd.DataFrame, npt.NDArray[np.object_], npt.NDArray[np.object_]]:
    """(the vouchers of Numbering, their words in order, their tails)."""
    date = entries["date"].to_numpy()
    at = rows[Groups.by(entries["voucher_id"].to_numpy()[rows], date[rows]).first]
    written, distinct = wide.factorized(entries, "voucher", at)
    same = Groups.by(written, date[at], *(wide.codes(entries, c, at) for c in ("office", "file", "sheet"))).first
    parts = splits(distinct)
    known = same[parts.number[written[same]] >= 0]
    written, at = written[known], at[known]
    word, words = pd.factorize(parts.word, sort=True)
    tail, tails = pd.factorize(parts.tail)
    columns = {"number": parts.number, "width": parts.width, "word": word, "tail": tail}
    spread = {name: of[written] for name, of in columns.items()}
    return pd.DataFrame({"at": at, "date": date[at], **spread}, copy=False), words, tails


def _by_period(vouchers: pd.DataFrame) -> tuple[int, tuple[pd.DataFrame, Mapping[int, str], int, int]]:
    """The cheaper of monthly and yearly numbers, scope by scope: what it costs in missing and conflicts, and the
    vouchers, period, count and conflicts of Numbering."""
    spans = {
        MONTH: vouchers["date"].to_numpy(dtype="datetime64[M]").astype(np.int64),
        YEAR: vouchers["date"].to_numpy(dtype="datetime64[Y]").astype(np.int64) + 1970,
    }
    scope = vouchers["scope"].to_numpy()
    scopes = int(scope.max(initial=-1)) + 1
    costs, conflicts, counts = {}, {}, {}
    for name, span in spans.items():
        runs, numbers, several = _numbers(vouchers, span)
        last, size = np.zeros(len(runs), dtype=np.int64), np.zeros(len(runs), dtype=np.int64)
        of_run = runs.of[numbers.first]
        np.maximum.at(last, runs.of, vouchers["number"].to_numpy())
        np.add.at(size, of_run, 1)
        missing, conflicts[name], counts[name] = (np.zeros(scopes, dtype=np.int64) for _ in range(3))
        np.add.at(missing, scope[runs.first], np.maximum(last - size, 0))
        np.add.at(conflicts[name], scope[numbers.first], several)
        np.add.at(counts[name], scope[numbers.first], 1)
        costs[name] = missing + conflicts[name]
    used = np.unique(scope).tolist()
    period = {s: MONTH if costs[MONTH][s] <= costs[YEAR][s] else YEAR for s in used}
    yearly = np.isin(scope, [s for s in used if period[s] == YEAR])
    chosen = vouchers.assign(span=np.where(yearly, spans[YEAR], spans[MONTH]))
    order = np.lexsort([chosen[c].to_numpy() for c in ("word", "span", "scope")])
    runs = Groups.by(*(chosen[c].to_numpy()[order] for c in ("scope", "span", "word")))
    rank = np.empty(len(chosen), dtype=np.int64)
    rank[order] = runs.of
    total, count, several_dates = (sum(int(of[period[s]][s]) for s in used) for of in (costs, counts, conflicts))
    return total, (chosen.assign(run=rank), period, count, several_dates)


def _numbers(vouchers: pd.DataFrame, span: np.ndarray) -> tuple[Groups, Groups, np.ndarray]:
    """(vouchers by scope, span and word; by number too; which of these numbers stand on several dates)."""
    runs = Groups.by(vouchers["scope"].to_numpy(), span, vouchers["word"].to_numpy())
    numbers = Groups.by(runs.of, vouchers["number"].to_numpy())
    date = vouchers["date"].to_numpy()
    return runs, numbers, numbers.any(date != date[numbers.first][numbers.of])


def missing_runs(entries: pd.DataFrame, numbering: Numbering) -> pd.DataFrame:
    """Runs of missing numbers: `first` and `last` of each, beside the voucher that comes next (its columns).

    Numbers before the first one that is there count as missing where they are no more than those that are, so that
    a file that begins in the middle is not one great gap.
    """
    vouchers = numbering.vouchers
    run, number, date = (vouchers[c].to_numpy() for c in ("run", "number", "date"))
    order = np.lexsort((date, number, run))
    run, number = run[order], number[order]
    new = np.append(True, (run[1:] != run[:-1]) | (number[1:] != number[:-1])) if len(run) else np.zeros(0, dtype=bool)
    order, run, number = order[new], run[new], number[new]
    leads = np.append(True, run[1:] != run[:-1]) if len(run) else np.zeros(0, dtype=bool)
    before = np.where(leads, 0, np.append(0, number[:-1]))
    gap = number - before - 1
    found = np.flatnonzero((gap > 0) & (~leads | (gap <= np.bincount(run)[run])))
    out = described(entries, numbering, order[found])
    out = out.assign(first=before[found] + 1, last=number[found] - 1, missing=gap[found])
    out["before"] = pd.Series(date[order[found - 1]]).where(~leads[found]).to_numpy()
    return out


def described(entries: pd.DataFrame, numbering: Numbering, which: Positions) -> pd.DataFrame:
    """Some rows of a numbering's vouchers with their words and tails as texts, beside what their entries say."""
    rows = numbering.vouchers.iloc[which].reset_index(drop=True)
    texts = {"word": numbering.words[rows["word"]], "tail": numbering.tails[rows["tail"]]}
    said = wide.plain(entries[_SAID].iloc[rows["at"]]).reset_index(drop=True)
    return pd.concat([rows.assign(**texts), said], axis="columns")

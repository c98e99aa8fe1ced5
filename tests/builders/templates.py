"""Sentences from templates with figures in them, each in a true and a false twin.

A template is a sentence with slots.  `{a:88.20}` draws a figure of that size and those decimals and calls it a;
`{b=R(a*0.9):2}` computes one from others, R giving up to a hundredth less than its argument; `{=a-b:2}` prints an
expression; `{!a-b:2}` prints the one that the false twin has wrong (`:n` in Chinese numerals, `:2,` with thousands
separators, as `{a:1,234.50}` is drawn).  `{?2021|2020}` is one text in the true twin and another in the false one.
`{let c:45.20}` at the end draws what is printed by a slot of its own.  A line `T|…` holds as it stands and has no false twin,
one that begins with `F|` is set in full-width digits, `⏎` begins a paragraph; `# kind` heads the lines below it and `##`
begins a remark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from random import Random

CORPUS = Path(__file__).parents[1] / "corpus"
CN = "零一二三四五六七八九十"
WIDE = str.maketrans("0123456789%", "０１２３４５６７８９％")
CHINESE = -1
_SLOT = re.compile(r"\{([^}]*)\}")
_LET = re.compile(r"\{let ([^}]*)\}")


@dataclass(frozen=True)
class Twins:
    """A true sentence and, where the template has one, its false twin."""

    kind: str
    true: str
    false: str


def twins(name: str, seeds: range) -> Iterator[Twins]:
    """The sentences of a corpus file, each template drawn once a seed."""
    kind = ""
    for line in (CORPUS / name).read_text("utf-8").splitlines():
        if line.startswith("#") or not line:
            kind = line[1:].strip() if re.match("# ", line) else kind
        elif line.startswith("T|"):
            yield Twins(kind, line[2:].replace("⏎", "\n"), "")
        else:
            yield from (draw(kind, line, seed) for seed in seeds)


def draw(kind: str, template: str, seed: int) -> Twins:
    """Seed 0 takes the figures as they are written."""
    slots = Slots(template.removeprefix("F|").replace("⏎", "\n"), seed)
    texts = [slots.text(false=False), slots.text(false=True)]
    return Twins(kind, *(t.translate(WIDE) if template.startswith("F|") else t for t in texts))


class Slots:
    def __init__(self, template: str, seed: int) -> None:
        self.seed, self.rng = seed, Random(f"{template}{seed}")
        self.body = _LET.sub("", template)
        self.slots = [m[1] for m in _SLOT.finditer(self.body)]
        self.after = [self.body[m.end() : m.end() + 1] for m in _SLOT.finditer(self.body)]
        self.names: dict[str, object] = {"R": self._less, "D": Decimal}
        self.printed: dict[int, tuple[Decimal, int]] = {}
        waiting: list[tuple[str, str]] = []
        lets = _LET.search(template)
        for part in re.split(r",(?=\w:)", lets[1]) if lets else []:
            name, _, what = part.partition(":")
            if re.fullmatch(r"[\d.]+", what):
                self.names[name] = self._drawn(what, "")
            else:
                waiting.append((name, what))
        for _ in range(len(self.slots) + 2):
            for name, what in waiting:
                if name not in self.names and self._known(what):
                    self.names[name] = self._value(what)
            for i, slot in enumerate(self.slots):
                if i not in self.printed:
                    self._fill(i, slot)
        assert len(self.printed) == len(self.slots), template

    def _less(self, x: Decimal) -> Decimal:
        return x * (1 - Decimal(str(round(self.rng.uniform(0, 0.01), 5))))

    def _known(self, expression: str) -> bool:
        return all(n in self.names for n in re.findall(r"[a-zA-Z_]\w*", expression))

    def _value(self, expression: str) -> Decimal:
        exact = re.sub(r"(?<![\w.])(\d+\.?\d*)", r"D('\1')", expression)
        return Decimal(eval(exact, {}, self.names))

    def _fill(self, i: int, slot: str) -> None:
        if slot.startswith("?"):
            self.printed[i] = (Decimal(0), 0)
            return
        computed = slot[:1] in "!="
        name, _, rest = ("", "", slot[1:]) if computed else slot.partition("=")
        if not computed and not rest:
            name, _, what = slot.replace(",", "").partition(":")
            if not re.fullmatch(r"[\d.]+", what):
                if name in self.names:
                    value = self.names[name]
                    assert isinstance(value, Decimal)
                    places = CHINESE if what == "n" else int(what)
                    self.printed[i] = (rounded(value, max(places, 0)), places)
                return
            if name not in self.names:
                self.names[name] = self._drawn(what, self.after[i])
            value = self.names[name]
            assert isinstance(value, Decimal)
            self.printed[i] = (value, len(what.partition(".")[2]))
            return
        expression, _, shape = rest.replace(",", "").partition(":")
        if not self._known(expression):
            return
        value = self._value(expression)
        exponent = value.as_tuple().exponent
        places = (
            CHINESE if shape == "n" else int(shape) if shape else max(0, -exponent if isinstance(exponent, int) else 0)
        )
        value = value if places < 0 else rounded(value, places)
        if name:
            self.names[name] = value
        self.printed[i] = (value, places)

    def _drawn(self, like: str, after: str) -> Decimal:
        """A figure of the size and the digits of another; a percentage is no more than a hundred."""
        value, places = Decimal(like), len(like.partition(".")[2])
        if not self.seed:
            return value
        if after == "%":
            return min(rounded(value * Decimal(str(round(self.rng.uniform(0.985, 1.01), 4))), places), Decimal(100))
        drawn = rounded(value * Decimal(str(round(self.rng.uniform(0.7, 1.4), 4))), places)
        if like.isdigit() and len(like) > 2 and like.endswith("0"):
            whole = 10 ** (len(like) - len(like.rstrip("0")))
            return max(Decimal(whole), rounded(drawn / whole, 0) * whole)
        return drawn if drawn > 0 else value

    def text(self, *, false: bool) -> str:
        rng, out, last = Random(f"{self.body}{self.seed}!"), [], 0
        for i, m in enumerate(_SLOT.finditer(self.body)):
            value, places = self.printed[i]
            slot = self.slots[i]
            if false and slot.startswith("!"):
                value = wrong(value, places, rng)
            if slot.startswith("?"):
                shown = slot[1:].split("|")[false]
            elif places == CHINESE:
                shown = chinese(int(value))
            else:
                shown = f"{value:{',' if ',' in slot.rpartition(':')[2] else ''}.{places}f}"
            out += [self.body[last : m.start()], shown]
            last = m.end()
        return "".join([*out, self.body[last:]])


def chinese(value: int) -> str:
    """A number below a hundred in Chinese numerals: 12 is 十二."""
    tens, ones = divmod(value, 10)
    if not tens or value == 10:
        return CN[value]
    return f"{CN[tens] if tens > 1 else ''}十{CN[ones] if ones else ''}"


def rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def wrong(value: Decimal, places: int, rng: Random) -> Decimal:
    """A figure that is 3 to 25 percent off, and at least three of its last digit; a small count is one or two off."""
    if places <= 0 and value <= 20:
        return rng.choice([value + 1, value + 2, *([value - 1] if value > 2 else [])])
    unit = Decimal(1).scaleb(-places)
    while True:
        other = rounded(value * (1 + Decimal(str(round(rng.choice([-1, 1]) * rng.uniform(0.03, 0.25), 4)))), places)
        if abs(other - value) >= 3 * unit:
            return other
        if abs(value) < 15 * unit:
            return value + 3 * unit

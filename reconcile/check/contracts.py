"""Rules about contracts."""

from __future__ import annotations

from collections.abc import Callable

from reconcile.check.facts import Facts
from reconcile.finding import Check

RULES: tuple[Callable[[Facts], Check], ...] = ()

"""What the process holds without need goes back to the system, so that long ledgers fit beside other work."""

from __future__ import annotations

import ctypes
import sys


def give_back() -> None:
    """Give back memory that was used while reading and is free again; nothing where the system has no way to."""
    arrow = sys.modules.get("pyarrow")
    if arrow is not None:
        arrow.default_memory_pool().release_unused()
    if sys.platform.startswith("linux"):
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)

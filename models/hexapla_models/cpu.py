"""The number of CPU cores."""

from __future__ import annotations

import os


def usable_cores() -> int:
    """Return the number of cores this process may use; outside Linux, all cores of the machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

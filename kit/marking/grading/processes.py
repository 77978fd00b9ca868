"""What processes can do on this system."""

import ctypes
import os
import signal
import sys
import threading
from functools import cache

CAN_FORK = hasattr(os, "fork") and sys.platform != "darwin"
"""Whether a process can be forked here; libraries of macOS do not survive it."""

_DIE_WITH_PARENT = 1
"""``PR_SET_PDEATHSIG`` of Linux: no child outlives a process that was killed."""


def usable_processors() -> int:
    """How many processors this process may use: in a container fewer than there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def is_safe_to_fork() -> bool:
    """Whether a forked process is sound: a lock of another thread would stay locked."""
    return CAN_FORK and threading.active_count() == 1


def die_with_parent() -> None:
    """End this process when its parent is gone, where the system can do that."""
    if sys.platform == "linux":
        own_library().prctl(_DIE_WITH_PARENT, signal.SIGKILL)


@cache
def own_library() -> ctypes.CDLL:
    """What this process itself is linked with."""
    return ctypes.CDLL(None)

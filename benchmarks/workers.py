"""Measure one engine in a process of its own.

A worker is asked for one measurement, repeats its work until the time is over, and
prints one line of JSON: how many calls, in how many seconds, with how much of the
processor. Asked for ``answers`` it decides every compared case instead.
"""

import json
import sys
import time
from collections.abc import Callable, Iterable, Mapping

Answer = tuple[str, int, str]
"""Outcome, percent and approver."""

Work = Callable[[], int]
"""One piece of work; says how many calls it was."""

WARM_UP_SECONDS = 0.3


def serve(
    works: Mapping[str, Callable[[], Work]], answers: Callable[[], Iterable[Answer]]
) -> None:
    """Do what the arguments ask for: the name of a measurement and its seconds.

    Args:
        works: For each measurement what prepares it; preparing is not measured.
        answers: Decides every compared case.
    """
    name, seconds = sys.argv[1], float(sys.argv[2])
    if name == "answers":
        found: object = list(answers())
    else:
        work = works[name]()
        repeat(work, min(WARM_UP_SECONDS, seconds))
        found = repeat(work, seconds)
    sys.stdout.write(json.dumps(found) + "\n")


def repeat(work: Work, seconds: float) -> dict[str, float]:
    """Repeat a piece of work until the time is over."""
    calls = 0
    cpu, started = time.process_time(), time.perf_counter()
    while time.perf_counter() - started < seconds:
        calls += work()
    elapsed = time.perf_counter() - started
    return {
        "calls": calls,
        "seconds": elapsed,
        "cpu_seconds": time.process_time() - cpu,
    }

"""Measure every speed of the product, and say which goals hold.

``python -m benchmarks`` measures all of it; ``--only`` engines, commands, lessons,
desks, cases, replies, grading or regrade measures a part; ``--quick`` is for a look
while one works, not for a report.
"""

import argparse
import sys
from collections.abc import Callable, Iterable
from typing import NamedTuple

from . import rounds
from .desks import measure_desks
from .engines import compare_answers, measure_engines
from .grading import measure_grading
from .practice import measure_cases
from .regrading import measure_regrade
from .replies import measure_replies
from .report import Line, keep, report
from .waits import measure_commands, measure_lessons


class Effort(NamedTuple):
    """How much is measured."""

    rounds: int
    """Rounds of engines and commands."""

    seconds: float
    """Seconds for each engine in each round."""

    newcomers: int
    """Rounds in the browser."""

    batches: int
    """Rounds of practice cases."""

    grading: rounds.Sizes
    """How much is graded."""

    regraded: int
    """How many attempts are regraded."""


FULL = Effort(7, 1.0, newcomers=5, batches=3, grading=rounds.FULL, regraded=100_000)
QUICK = Effort(3, 0.2, newcomers=1, batches=1, grading=rounds.QUICK, regraded=5_000)


def _parts(effort: Effort) -> dict[str, Callable[[], Iterable[Line]]]:
    """Every part by its name, in the order of the report."""
    rounds, seconds, batches = effort.rounds, effort.seconds, effort.batches
    return {
        "engines": lambda: measure_engines(rounds, seconds, _tell),
        "commands": lambda: measure_commands(rounds, _tell),
        "lessons": lambda: measure_lessons(effort.newcomers, _tell),
        "desks": lambda: measure_desks(rounds, _tell),
        "cases": lambda: measure_cases(batches, _tell),
        "replies": lambda: measure_replies(rounds, _tell),
        "grading": lambda: measure_grading(effort.grading, _tell),
        "regrade": lambda: measure_regrade(rounds, seconds, effort.regraded, _tell),
    }


def main() -> int:
    """Measure, print, keep; the exit code is 1 if a goal does not hold."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    names = tuple(_parts(FULL))
    parser.add_argument("--only", choices=names, action="append", metavar="PART")
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args()
    wanted = asked.only or names
    parts = _parts(QUICK if asked.quick else FULL)

    agreed = compare_answers(_tell) if "engines" in wanted else 0
    lines = [line for name in names if name in wanted for line in parts[name]()]
    text = report(lines, agreed=agreed)
    sys.stdout.write(f"\n{text}\n")
    sys.stdout.write(f"{keep(lines, text)}\n")
    return int(any(line.holds is False for line in lines))


def _tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())

"""Measure every speed of the product, and say which goals hold.

``python -m benchmarks`` measures all of it; ``--only`` engines, commands, lessons,
desks, cases, replies, grading or regrade measures a part; ``--quick`` is for a look
while one works, not for a report.
"""

import argparse
import sys
from typing import NamedTuple

from . import rounds
from .desks import measure_desks
from .engines import compare_answers, measure_engines
from .grading import measure_grading
from .practice import measure_cases
from .regrading import measure_regrade
from .replies import measure_replies
from .report import keep, report
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
QUICK = Effort(3, 0.2, newcomers=1, batches=1, grading=rounds.QUICK, regraded=2_000)
PARTS = (
    "engines",
    "commands",
    "lessons",
    "desks",
    "cases",
    "replies",
    "grading",
    "regrade",
)


def main() -> int:
    """Measure, print, keep; the exit code is 1 if a goal does not hold."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", choices=PARTS, action="append", metavar="PART")
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args()
    parts = asked.only or PARTS
    effort = QUICK if asked.quick else FULL

    agreed, lines = 0, []
    if "engines" in parts:
        agreed = compare_answers(_tell)
        lines += measure_engines(effort.rounds, effort.seconds, _tell)
    if "commands" in parts:
        lines += measure_commands(effort.rounds, _tell)
    if "lessons" in parts:
        lines += measure_lessons(effort.newcomers, _tell)
    if "desks" in parts:
        lines += measure_desks(effort.rounds, _tell)
    if "cases" in parts:
        lines += measure_cases(effort.batches, _tell)
    if "replies" in parts:
        lines += measure_replies(effort.rounds, _tell)
    if "grading" in parts:
        lines += measure_grading(effort.grading, _tell)
    if "regrade" in parts:
        lines += measure_regrade(effort.rounds, effort.seconds, effort.regraded, _tell)
    text = report(lines, agreed=agreed)
    sys.stdout.write(f"\n{text}\n")
    sys.stdout.write(f"{keep(lines, text)}\n")
    return int(any(line.holds is False for line in lines))


def _tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())

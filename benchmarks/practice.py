"""How long a supervisor waits for practice cases."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from .report import Line, Reading

ROOT = Path(__file__).parents[1]
CASES = 10_000


def measure_cases(rounds: int, tell: Callable[[str], None]) -> list[Line]:
    """Measure how long 10,000 cases with their stories take.

    Raises:
        AssertionError: Fewer cases were made, or one of them twice.
    """
    readings = []
    for number in range(rounds):
        tell(f"practice cases, round {number + 1} of {rounds}")
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.work_cases", str(CASES)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            check=True,
        )
        found = json.loads(done.stdout)
        assert found["cases"] == found["different"] == CASES
        readings.append(Reading(found["seconds"], found["cpu_seconds"]))
    return [
        Line(
            f"{CASES:,} practice cases",
            "s",
            readings,
            "of all playbooks alike: solved from the tables, decided again, told with "
            "messages and journeys; no case is there twice",
            10.0,
            at_most=True,
        )
    ]

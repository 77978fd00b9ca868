"""How fast marks alone are found, and how long it takes to find all of them again."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from .bulk import prepare
from .kitruns import offers, regraded
from .report import Line, Reading

ROOT = Path(__file__).parents[1]
AGENTS = 100
OF_THEM_SIGNED = 50
"""One attempt of so many is regraded once more with a reply that nobody else wrote."""

PAGE = "reference/limits.md"
LIMIT = (
    "| answer time | any | 2020-09-03 | 3 business days "
    "| B-RET-2, B-INR-4, B-RET-5, house |\n"
)
LATER = LIMIT.replace("2020-09-03 | 3", "2025-05-01 | 4")
"""A row more, by which one case of the exercise has another last day."""

WORKS = (
    (
        "known",
        "cases marked, one core",
        "questions, days, panels, reply and critical errors of attempts that vary, "
        "counted as marks; no report, no record; each of the 200 texts was read for "
        "each case before",
        20_000,
    ),
    (
        "new",
        "the same, first 1,000 attempts of a new exercise",
        "nothing was read before: 200 texts are read for each of the six cases",
        None,
    ),
)


def measure_regrade(
    rounds: int, seconds: float, attempts: int, tell: Callable[[str], None]
) -> list[Line]:
    """Measure marks in a worker in rounds, then ``kit regrade`` as a process."""
    readings: dict[str, list[Reading]] = {name: [] for name, *_ in WORKS}
    for number in range(rounds):
        tell(f"marks, round {number + 1} of {rounds}")
        for name, found in readings.items():
            found.append(_marks(name, seconds))
    lines = [
        Line(what, "/s", readings[name], includes, goal)
        for name, what, includes, goal in WORKS
    ]
    few = attempts // OF_THEM_SIGNED
    return [
        *lines,
        _regrade(attempts, tell, signed=False),
        _regrade(few, tell, signed=True),
    ]


def _marks(work: str, seconds: float) -> Reading:
    argv = [sys.executable, "-m", "benchmarks.work_marks", work, str(seconds)]
    done = subprocess.run(argv, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    found = json.loads(done.stdout)
    calls = found["calls"]
    return Reading(calls / found["seconds"], calls / found["cpu_seconds"])


def _regrade(attempts: int, tell: Callable[[str], None], *, signed: bool) -> Line:
    readings = []
    if offers("regrade", "--playbooks"):
        tell(f"regrade: {attempts:,} attempts are written, which takes a minute")
        readings.append(_regraded(attempts, signed=signed))
    else:
        tell("there is no kit regrade here: it is not measured")
    what = f"kit regrade, {attempts:,} attempts, two workers"
    if signed:
        what += ", no reply like another"
    return Line(
        what,
        "s",
        readings,
        "the same where every reply has words of its own and is read anew"
        if signed
        else f"as a process: records of {AGENTS} agents read and proved, each attempt "
        "decided by today's pages and by pages with another limit, and compared; "
        "replies from 200 texts",
        None if signed else 30,
        at_most=not signed,
    )


def _regraded(attempts: int, *, signed: bool) -> Reading:
    with tempfile.TemporaryDirectory(prefix="kit-regraded-") as folder:
        workspace, playbooks = Path(folder, "workspace"), Path(folder, "playbooks")
        each = attempts // AGENTS
        prepare(workspace, agents=AGENTS, each=each, marked=True, signed=signed)
        shutil.copytree(ROOT / "playbooks", playbooks)
        change_limit(playbooks)
        return regraded(workspace, playbooks, jobs=2)


def change_limit(playbooks: Path) -> None:
    """Give the time to answer another value from a day of 2025 on.

    Raises:
        AssertionError: The limit is not where it was.
    """
    page = (playbooks / PAGE).read_text(encoding="utf-8")
    assert LIMIT in page
    changed = page.replace(LIMIT, LIMIT + LATER)
    (playbooks / PAGE).write_text(changed, encoding="utf-8")

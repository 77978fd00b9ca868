"""Compare the engines, first their answers, then their speed, side by side.

Every measurement runs in a process of its own, and the engines take turns in rounds, so
that a busy machine slows all of them down and the ratios still hold.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from .cases import compared_cases
from .peers import peer_python
from .report import Line, Reading

ROOT = Path(__file__).parents[1]

ZEN, SPIFF, KIT = "work_zen", "work_spiff", "work_kit"


class Rate(NamedTuple):
    """One measurement of how often a worker does its work."""

    key: str
    """Worker and work, as the report keeps it."""

    module: str
    """The worker."""

    work: str
    """The name of its work."""

    what: str
    """What is measured, for the report."""

    includes: str
    """What one call includes."""

    goal: float | None = None
    """At least so many calls a second, or, for a duration, at most so many ms."""

    in_ms: bool = False
    """Whether it is reported as milliseconds a call."""


RATES = (
    Rate(
        "generated",
        KIT,
        "generated",
        "generated function",
        "one call with six plain values that stand ready in their order (the amount in "
        "cents); gives the deciding row with all its answers",
        goal=1_000_000,
    ),
    Rate(
        "generated-from-dict",
        KIT,
        "generated-from-dict",
        "generated function, from a dict",
        "the same call, the values taken out of a dict first",
    ),
    Rate(
        "zen",
        ZEN,
        "evaluate",
        "zen-engine, evaluate",
        "one call with a dict; the table compiled before, by a static loader",
    ),
    Rate(
        "zen-batch",
        ZEN,
        "batch",
        "zen-engine, evaluate_batch",
        "1,000 cases a call; the requests stand ready",
    ),
    Rate(
        "spiff",
        SPIFF,
        "result",
        "SpiffWorkflow, DMN",
        "one call with a dict; the table parsed before",
    ),
    Rate(
        "explained",
        KIT,
        "explained",
        "decided and fully explained",
        "the facts of a case checked, the case decided, the answers, the reason, and "
        "for each other row every cell that keeps it out; cases that differ in the "
        "same cells share that",
        goal=15_000,
    ),
    Rate(
        "explained-from-days",
        KIT,
        "explained-from-days",
        "the same, the days derived from two dates",
        "the same, with one fact more and one derivation",
    ),
    Rate(
        "explained-new-table",
        KIT,
        "explained-new-table",
        "the same, first 1,000 cases of a new table",
        "the same with nothing remembered: cutting the table into its grid is included",
    ),
    Rate(
        "words",
        KIT,
        "words",
        "explained in words",
        "the same, and all of it said in words, as kit decide --json prints it",
    ),
    Rate(
        "zen-traced",
        ZEN,
        "traced",
        "zen-engine with its trace",
        "names the row that decided; says nothing about the other rows",
    ),
    Rate(
        "proof",
        KIT,
        "proof",
        "proof of the table",
        "a table never seen: its grid cut, then gaps, overlaps, masked and dead rows",
        goal=5,
        in_ms=True,
    ),
    Rate(
        "page",
        KIT,
        "page",
        "its page read from Markdown",
        "the file read and parsed, every cell understood, its 19 checks read",
        goal=10,
        in_ms=True,
    ),
)

Results = dict[str, list[Reading]]


def compare_answers(tell: Callable[[str], None]) -> int:
    """Let every engine decide the same cases.

    Returns:
        How many cases they agree on.

    Raises:
        AssertionError: Two engines differ.
    """
    cases = compared_cases()
    tell(f"comparing the answers of all engines on {len(cases):,} cases")
    ours, *others = [
        (module, _run(module, "answers", 0)) for module in (KIT, ZEN, SPIFF)
    ]
    for name, theirs in others:
        differing = [
            (case, mine, their)
            for case, mine, their in zip(cases, ours[1], theirs, strict=True)
            if mine != their
        ]
        if differing:
            raise AssertionError(
                f"{name}: {len(differing)} differ, first {differing[0]}"
            )
    return len(cases)


def measure_engines(
    rounds: int, seconds: float, tell: Callable[[str], None]
) -> list[Line]:
    """Measure every engine in rounds, one after the other."""
    results: Results = {rate.key: [] for rate in RATES}
    for number in range(rounds):
        tell(f"engines, round {number + 1} of {rounds}")
        turn = number % len(RATES)
        for rate in (*RATES[turn:], *RATES[:turn]):
            found = _run(rate.module, rate.work, seconds)
            results[rate.key].append(_reading(found, in_ms=rate.in_ms))
    lines = [_line(rate, results[rate.key]) for rate in RATES]
    return [*lines, *_ratios(results)]


def _reading(found: dict[str, float], *, in_ms: bool) -> Reading:
    calls = found["calls"]
    if in_ms:
        per_call = 1000 / calls
        return Reading(found["seconds"] * per_call, found["cpu_seconds"] * per_call)
    return Reading(calls / found["seconds"], calls / found["cpu_seconds"])


def _line(rate: Rate, readings: Sequence[Reading]) -> Line:
    unit = "ms" if rate.in_ms else "/s"
    return Line(rate.what, unit, readings, rate.includes, rate.goal, at_most=rate.in_ms)


def _ratios(results: Results) -> list[Line]:
    """Compare within each round, with the better one of zen-engine's two ways."""
    best = max(
        ("zen", "zen-batch"), key=lambda key: median(r.wall for r in results[key])
    )
    goals = {"generated": 15.0, "generated-from-dict": None, "explained": None}
    names = {rate.key: rate.what for rate in RATES}
    return [
        Line(
            f"{names[key]} : {names[best]}",
            "times",
            [
                Reading(ours.wall / theirs.wall, ours.cpu / theirs.cpu)
                for ours, theirs in zip(results[key], results[best], strict=True)
            ],
            "the two rates of one round; zen-engine's better way over all rounds",
            goal,
        )
        for key, goal in goals.items()
    ]


def _run(module: str, work: str, seconds: float) -> Any:
    python = sys.executable if module == KIT else peer_python()
    done = subprocess.run(
        [python, "-m", f"benchmarks.{module}", work, str(seconds)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout)

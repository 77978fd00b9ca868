"""What was measured, as one table for people and one file for programs."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import NamedTuple

OUT = Path(__file__).parent / "out"
HEADER = ("What", "Median", "Lowest to highest", "By processor time", "Goal", "Holds")
MANY = 1000


class Reading(NamedTuple):
    """One measurement, by the clock and by the time of the processor."""

    wall: float
    """By the clock on the wall."""

    cpu: float | None = None
    """As if nothing else had run on the machine; ``None`` if it is not known."""


@dataclass(frozen=True, slots=True)
class Line:
    """One number of the product, measured several times."""

    what: str
    """What was measured."""

    unit: str
    """Its unit: ``/s``, ``ms``, ``s`` or ``times``."""

    readings: Sequence[Reading]
    """Every measurement; none if it could not be measured here."""

    includes: str
    """What one call or one run includes."""

    goal: float | None = None
    """What the median shall reach, or stay below."""

    at_most: bool = False
    """Whether less is better."""

    @property
    def wall(self) -> float:
        """The median by the clock."""
        return median(reading.wall for reading in self.readings)

    @property
    def cpu(self) -> float | None:
        """The median by processor time."""
        known = [each.cpu for each in self.readings if each.cpu is not None]
        return median(known) if known else None

    @property
    def holds(self) -> bool | None:
        """Whether the goal holds by the clock; ``None`` without goal or measurement."""
        if self.goal is None or not self.readings:
            return None
        return self._reaches(self.wall)

    @property
    def verdict(self) -> str:
        """Whether the goal holds, in words."""
        if self.goal is None:
            return "–"
        if not self.readings:
            return "not measured"
        if self.holds:
            return "yes"
        by_cpu = self.cpu is not None and self._reaches(self.cpu)
        return "NO (yes by processor time)" if by_cpu else "NO"

    @property
    def cells(self) -> tuple[str, ...]:
        """The line as a row of the report."""
        sign = "<" if self.at_most else ">="
        goal = "–" if self.goal is None else f"{sign} {self._shown(self.goal)}"
        if not self.readings:
            return (self.what, "–", "–", "–", goal, self.verdict)
        walls = [reading.wall for reading in self.readings]
        spread = f"{self._number(min(walls))} to {self._number(max(walls))}"
        cpu = "–" if self.cpu is None else self._shown(self.cpu)
        return (self.what, self._shown(self.wall), spread, cpu, goal, self.verdict)

    def _reaches(self, value: float) -> bool:
        assert self.goal is not None
        return value < self.goal if self.at_most else value >= self.goal

    def _shown(self, value: float) -> str:
        return f"{self._number(value)} {self.unit}"

    def _number(self, value: float) -> str:
        if value >= MANY:
            return f"{value:,.0f}"
        return f"{value:.1f}" if self.unit in {"ms", "times"} else f"{value:.2f}"


def report(lines: Sequence[Line], *, agreed: int) -> str:
    """Write the whole report as Markdown.

    Args:
        lines: Everything that was measured.
        agreed: On how many cases all engines agreed.
    """
    rows = [HEADER, *(line.cells for line in lines)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    drawn = ["| " + " | ".join(map(str.ljust, row, widths)) + " |" for row in rows]
    drawn.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    notes = [f"- {line.what}: {line.includes}." for line in lines]
    said = [_goals(lines), _machine()]
    if agreed:
        said.insert(0, f"All engines gave the same answers on {agreed:,} cases.")
    return "\n".join((*drawn, "", *said, "", *notes, ""))


def _goals(lines: Sequence[Line]) -> str:
    goals = [line for line in lines if line.goal is not None]
    met = sum(line.holds is True for line in goals)
    return f"{met} of {len(goals)} goals hold."


def _machine() -> str:
    text = f"Python {platform.python_version()}, {os.cpu_count()} cores"
    if hasattr(os, "getloadavg"):
        load = os.getloadavg()[2]
        text += f"; {load:.1f} processes were ready to run in the last 15 minutes"
    return f"{text}."


def keep(lines: Sequence[Line], text: str) -> Path:
    """Keep the report, and every single measurement, in ``benchmarks/out``."""
    OUT.mkdir(exist_ok=True)
    (OUT / "report.md").write_text(text, encoding="utf-8")
    measured = {
        "measured": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "lines": [
            {
                "what": line.what,
                "unit": line.unit,
                "goal": line.goal,
                "holds": line.holds,
                "wall": [reading.wall for reading in line.readings],
                "cpu": [reading.cpu for reading in line.readings],
            }
            for line in lines
        ],
    }
    path = OUT / "results.json"
    path.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")
    return OUT / "report.md"

"""All agents at once: DuckDB reads the files of records as they lie there.

There is no other store: each question reads the files anew. A line that is cut off or
lies in somebody else's file is left out and stops no other. No seal is checked here, so
whoever asks leaves out the files that ``progress`` cannot read; what it tells of a file
is what counts. The order of the file counts, never the clock, as there.
"""

import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..records.store import record_files

if TYPE_CHECKING:
    from ibis.expr.types import Table

_COLUMNS = {
    "event": "VARCHAR",
    "agent": "VARCHAR",
    "at": "TIMESTAMP",
    "exercise": "VARCHAR",
    "attempt": "VARCHAR",
    "percent": "BIGINT",
    "passed": "BOOLEAN",
    "dimensions": "MAP(VARCHAR, BIGINT)",
    "by": "VARCHAR",
    "reason": "VARCHAR",
    "handed_in": "VARCHAR",
}
_STEM = r"([^/\\]+)\.jsonl$"
_ATTEMPT = ("agent", "exercise", "attempt")
OF_OTHERS = ("marked", "overridden", "signed-off")
"""The sorts of lines that are not written by the agent's own doing."""


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """An attempt that was handed in, with what counts."""

    agent: str
    """Id of the agent."""

    exercise: str
    """Id of the exercise."""

    attempt: str
    """Id of the attempt."""

    percent: int | None
    """What it is worth: by hand if somebody said so; ``None`` while unmarked."""

    passed: bool
    """Whether it passes."""

    by: str | None
    """The supervisor who has set the mark by hand, if one has."""


@dataclass(frozen=True, slots=True)
class AgentRow:
    """How much an agent has done."""

    agent: str
    """Id of the agent."""

    attempts: int
    """How many attempts were handed in."""

    passed: int
    """How many of them pass."""

    last: date
    """The day on which the agent last did something, in UTC."""


@dataclass(frozen=True, slots=True)
class DimensionRow:
    """How well a dimension of an exercise goes, over all marked attempts."""

    exercise: str
    """Id of the exercise."""

    dimension: str
    """Its name, such as ``policy``."""

    percent: float
    """The mean of the latest marks."""

    count: int
    """Of how many attempts."""


@dataclass(frozen=True, slots=True)
class Overview:
    """All agents of a workspace."""

    attempts: tuple[AttemptRow, ...] = ()
    """Every attempt, by agent and exercise, in the order of handing in."""

    agents: tuple[AgentRow, ...] = ()
    """Every agent, by name."""

    dimensions: tuple[DimensionRow, ...] = ()
    """Every dimension of every exercise, by name."""


def overview_of(workspace: Path, *, without: Collection[str] = ()) -> Overview:
    """Count what all agents of a workspace have done.

    Args:
        workspace: The folder with ``records/``.
        without: The agents whose files are damaged.
    """
    found = record_files(workspace)
    paths = [path for path in found if path.stem not in without]
    if not paths:
        return Overview()
    with _lines(paths) as lines:
        attempts = attempts_of(lines)
        return Overview(
            tuple(AttemptRow(**each) for each in _rows(attempts, AttemptRow)),
            tuple(
                AgentRow(**each) for each in _rows(agents_of(lines, attempts), AgentRow)
            ),
            tuple(
                DimensionRow(**each)
                for each in _rows(dimensions_of(attempts), DimensionRow)
            ),
        )


@contextmanager
def _lines(paths: list[Path]) -> Iterator["Table"]:
    """Open the files as one table, a row for each line, numbered in their order."""
    import ibis  # noqa: PLC0415

    with warnings.catch_warnings():
        # Ibis 12.0 calls what DuckDB 2.0 would like to be called otherwise (2026-11).
        warnings.simplefilter("ignore", DeprecationWarning)
        # One thread reads the lines in their order.
        connection = ibis.duckdb.connect(threads=1)
        try:
            read = connection.read_json(
                [escape(str(path)) for path in paths],
                columns=_COLUMNS,
                format="newline_delimited",
                ignore_errors=True,
                filename=True,
            )
            numbered = read.mutate(line=ibis.row_number())
            lines = connection.create_table("lines", numbered, temp=True)
            # A line that is damaged is empty, and one of another agent is nobody's.
            yield lines.filter(lines.filename.re_extract(_STEM, 1) == lines.agent)
        finally:
            connection.disconnect()


def attempts_of(lines: "Table") -> "Table":
    """Say of each attempt its latest mark and its latest mark by hand.

    Args:
        lines: All lines of all agents, in their order.
    """
    handed = lines.filter(lines.event == "handed-in")
    handed = handed.group_by(_ATTEMPT).aggregate(first=handed.line.min())
    marks = _latest(lines, handed, "marked", "percent", "passed", "dimensions")
    by_hand = _latest(lines, handed, "overridden", "percent", "passed", "by", "reason")
    both = handed.left_join(marks, _ATTEMPT).drop(
        *(f"{name}_right" for name in _ATTEMPT)
    )
    both = both.left_join(by_hand, _ATTEMPT).drop(
        *(f"{name}_right" for name in _ATTEMPT)
    )
    return both.mutate(
        percent=both.overridden_percent.fill_null(both.marked_percent),
        passed=both.overridden_passed.fill_null(both.marked_passed).fill_null(False),
        dimensions=both.marked_dimensions,
        by=both.overridden_by,
    ).order_by("agent", "exercise", "first")


def _latest(lines: "Table", handed: "Table", event: str, *names: str) -> "Table":
    """Take the last line of a sort for each attempt, of those after handing in.

    Of marks those of the answers that were marked first: only they count.
    """
    found = lines.filter(lines.event == event).inner_join(handed, _ATTEMPT)
    found = found.filter(found.line > found["first"])
    named = found.filter(found.handed_in.notnull()).group_by(_ATTEMPT)
    counted = named.aggregate(counted=found.handed_in.argmin(found.line))
    found = found.left_join(counted, _ATTEMPT)
    found = found.filter(found.handed_in.isnull() | (found.handed_in == found.counted))
    latest = {f"{event}_{name}": found[name].argmax(found.line) for name in names}
    return found.group_by(_ATTEMPT).aggregate(**latest)


def agents_of(lines: "Table", attempts: "Table") -> "Table":
    """Count the attempts of each agent, and say when the agent last did something.

    What a grader or a supervisor adds later says nothing of when the agent was here.
    """
    own = lines["at"].max(where=~lines.event.isin(OF_OTHERS))
    last = own.fill_null(lines["at"].max()).date()
    seen = lines.group_by("agent").aggregate(last=last)
    counted = attempts.group_by("agent").aggregate(
        attempts=attempts.count(), passed=attempts.passed.sum()
    )
    both = seen.left_join(counted, "agent")
    return both.mutate(
        attempts=both["attempts"].fill_null(0), passed=both["passed"].fill_null(0)
    ).order_by("agent")


def dimensions_of(attempts: "Table") -> "Table":
    """Take the mean of each dimension of each exercise over all marked attempts."""
    marked = attempts.filter(attempts.dimensions.notnull())
    each = marked.mutate(dimension=marked.dimensions.keys().unnest())
    each = each.mutate(one=each.dimensions[each.dimension])
    return (
        each.group_by("exercise", "dimension")
        .aggregate(percent=each.one.mean(), count=each.count())
        .order_by("exercise", "dimension")
    )


def _rows(table: "Table", shape: type[Any]) -> list[dict[str, Any]]:
    names = [each.name for each in fields(shape)]
    found: list[dict[str, Any]] = table.select(*names).to_pyarrow().to_pylist()
    return found

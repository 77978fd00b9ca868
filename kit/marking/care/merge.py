"""Merge the records of several machines: the union of their lines.

The order of the lines follows from the lines alone: each stands behind the one that it
names, and of those that could be next the earliest comes first. So it does not matter
who merges whom, in which order or how often. What is damaged is named and left alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from heapq import heapify, heappop, heappush
from pathlib import Path

from ...catalogue import say
from ...errors import CannotStart, KitError
from ..records.answers import is_agent
from ..records.atomic_files import rewrite_file
from ..records.events import NOTHING_BEFORE, Event, Overridden, SignedOff
from ..records.lines import Line, events_in
from ..records.progress import progress_of
from ..records.store import files_in, locked, read_lines, record_path, repair_end


@dataclass(frozen=True, slots=True)
class Merged:
    """The result of merging one file."""

    agent: str
    """The name of the file, which should be the id of an agent."""

    fresh: int | None
    """How many events were new; ``None`` if the file was left alone."""

    words: str
    """The result as a sentence."""


def merge_records(workspace: Path, folder: Path) -> Iterator[Merged]:
    """Add the events of another machine that are not in the records yet.

    Args:
        workspace: The folder with ``records/``, which is added to.
        folder: The workspace of the other machine, or its ``records``. It stays as
            it is.

    Raises:
        CannotStart: There are no records in that folder.
    """
    for path in files_in(_records_of(folder)):
        yield _merged(workspace, path)


def in_order(lines: Iterable[Line]) -> list[Line]:
    """Sort the lines of one agent in the order in which they are stored."""
    after: dict[str, list[tuple[datetime, str, Line]]] = defaultdict(list)
    for line in lines:
        after[line.event.previous].append((line.event.at, line.hash, line))
    ready = after[NOTHING_BEFORE]
    heapify(ready)
    ordered: list[Line] = []
    while ready:
        _, name, line = heappop(ready)
        ordered.append(line)
        for each in after.get(name, ()):
            heappush(ready, each)
    return ordered


def _records_of(folder: Path) -> Path:
    for place in (folder / "records", folder):
        if place.is_dir() and (place.name == "records" or files_in(place)):
            return place
    raise CannotStart(
        problem=say("marking.merge.no-records", folder=folder),
        fix=say("marking.merge.no-records-fix"),
    )


def _merged(workspace: Path, source: Path) -> Merged:
    agent = source.stem
    if not is_agent(agent):
        return Merged(agent, None, say("marking.merge.no-agent", path=source))
    try:
        fresh, mended, rivals = _merge(
            record_path(workspace, agent), tuple(read_lines(source))
        )
    except KitError as error:
        words = say("marking.merge.left-alone", agent=agent, problem=error)
        return Merged(agent, None, words)
    key = {0: "nothing", 1: "one"}.get(fresh, "several")
    words = say(f"marking.merge.{key}", agent=agent, count=fresh)
    return Merged(agent, fresh, "\n".join([f"{mended} {words}".strip(), *rivals]))


def _merge(path: Path, theirs: tuple[Line, ...]) -> tuple[int, str, list[str]]:
    """Add the new events: their number, repairs, and warnings."""
    with locked(path):
        ours = tuple(read_lines(path))
        known = {line.hash for line in ours}
        fresh = [line for line in theirs if line.hash not in known]
        if not fresh:
            return 0, "", []
        mended = repair_end(path)
        merged = in_order([*ours, *fresh])
        content = b"".join(line.text + b"\n" for line in merged)
        rewrite_file(path, content, beside=path.with_name(f".{path.name}"))
    there = {line.hash for line in theirs}
    alone = [line for line in ours if line.hash not in there]
    rivals = _rivals(_by_hand(alone), _by_hand(fresh), _by_hand(merged))
    disputed = _disputed(events_in(merged))
    return len(fresh), mended, [*_words_of_others(fresh), *disputed, *rivals]


def _words_of_others(fresh: Iterable[Line]) -> Iterator[str]:
    """Name what supervisors are said to have done: a file from outside may lie."""
    for line in fresh:
        event = line.event
        if isinstance(event, Overridden):
            state = "passed" if event.passed else "not-passed"
            yield say(f"marking.merge.by-hand-{state}", **event.model_dump())
        elif isinstance(event, SignedOff):
            yield say("marking.merge.signed-off", **event.model_dump())


def _disputed(events: Iterable[Event]) -> Iterator[str]:
    """Name the attempts to which two machines have handed in two sets of answers."""
    for each in progress_of(events).attempts:
        if each.is_disputed and each.override is None:
            values = {"exercise": each.exercise, "attempt": each.attempt}
            yield say("marking.merge.disputed", **values)


def _by_hand(lines: Iterable[Line]) -> dict[tuple[str, str], Overridden]:
    """Return the latest override of each attempt."""
    return {
        (each.exercise, each.attempt): each
        for each in events_in(lines)
        if isinstance(each, Overridden)
    }


def _rivals(
    ours: Mapping[tuple[str, str], Overridden],
    theirs: Mapping[tuple[str, str], Overridden],
    merged: Mapping[tuple[str, str], Overridden],
) -> Iterator[str]:
    """Name the marks that were set by hand on both sides, and not to the same."""
    for place in sorted(ours.keys() & theirs.keys()):
        one, other, counts = ours[place], theirs[place], merged[place]
        if (one.percent, one.passed) != (other.percent, other.passed):
            yield say(
                "marking.merge.rivals",
                exercise=counts.exercise,
                attempt=counts.attempt,
                here=one.percent,
                by=one.by,
                there=other.percent,
                by_there=other.by,
                counts=counts.percent,
            )

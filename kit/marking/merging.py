"""Put the records of several machines together: the union of their lines, no more.

The order of the lines follows from the lines alone: each stands behind the one that it
names, and of those that could be next the earliest comes first. So it does not matter
who merges whom, in which order or how often. What is damaged is named and left alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import heapify, heappop, heappush
from pathlib import Path

from ..catalogue import say
from ..errors import CannotStart, KitError
from .answers import is_agent
from .disks import rewrite_file
from .events import NOTHING_BEFORE
from .lines import Line
from .records import RECORD, locked, mend_end, read_lines, record_path


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of one file."""

    agent: str
    """The name of the file, which should be the id of an agent."""

    fresh: int | None
    """How many events were new; ``None`` if the file was left alone."""

    words: str
    """The same in a sentence."""


def merge_records(workspace: Path, folder: Path) -> Iterator[Merged]:
    """Add every event of another machine that is not in the records yet.

    Args:
        workspace: The folder with ``records/``, which is added to.
        folder: The workspace of the other machine, or its ``records``. It stays as
            it is.

    Raises:
        CannotStart: There are no records in that folder.
    """
    for path in sorted(_records_of(folder).glob(f"*{RECORD}")):
        yield _merged(workspace, path)


def in_order(lines: Iterable[Line]) -> list[Line]:
    """Put the lines of one agent in the order in which they are kept."""
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
        if place.is_dir() and (
            place.name == "records" or any(place.glob(f"*{RECORD}"))
        ):
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
        fresh, mended = _merge(record_path(workspace, agent), tuple(read_lines(source)))
    except KitError as error:
        words = say("marking.merge.left-alone", agent=agent, problem=error)
        return Merged(agent, None, words)
    key = {0: "nothing", 1: "one"}.get(fresh, "several")
    words = say(f"marking.merge.{key}", agent=agent, count=fresh)
    return Merged(agent, fresh, f"{mended} {words}".strip())


def _merge(path: Path, theirs: tuple[Line, ...]) -> tuple[int, str]:
    with locked(path):
        ours = tuple(read_lines(path))
        known = {line.hash for line in ours}
        fresh = [line for line in theirs if line.hash not in known]
        if not fresh:
            return 0, ""
        mended = mend_end(path)
        content = b"".join(line.text + b"\n" for line in in_order([*ours, *fresh]))
        rewrite_file(path, content, beside=path.with_name(f".{path.name}"))
    return len(fresh), mended

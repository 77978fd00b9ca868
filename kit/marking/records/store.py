"""The record store: an append-only file of events for each agent, locked and chained.

Files only grow. Each line carries the hash of a line before it and ends
in a seal, the hash of itself, so that a changed, missing or added line is found and
named. A line is whole or it does not count: one that a crash cut off is moved aside.
This module knows nothing of what the events mean, and ``lines`` what a line is.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import filelock

from ...catalogue import in_one_line, say
from ...errors import BadRecord, UnknownName
from .answers import is_agent
from .atomic_files import cut_end, make_folder, read_end, saving, write_end
from .bounded_read import read_whole
from .events import Event
from .lines import Line, events_in, hash_of_line, line_of, lines_of, whole_length

LONGEST_WAIT_SECONDS = 10
POLL_SECONDS = 0.005
RECORD, LOCK, CUT_OFF = ".jsonl", ".lock", ".cut-off"

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Appended:
    """The result of appending an event."""

    event: Event
    """The event as it stands in the file."""

    mended: str
    """What had to be repaired first, as a sentence; empty for nothing."""

    length: int
    """The length of the file afterwards, in bytes."""


def hash_of(text: str) -> str:
    """Return the SHA-256 of a text in hexadecimal."""
    return sha256(text.encode()).hexdigest()


def record_path(workspace: Path, agent: str) -> Path:
    """Return the path of the record file of an agent.

    Raises:
        UnknownName: The id is not valid, and could name a file elsewhere.
    """
    if not is_agent(agent):
        raise UnknownName(sort="agent", name=in_one_line(agent), nearest="")
    return workspace / "records" / f"{agent}{RECORD}"


def agents_in(workspace: Path) -> list[str]:
    """List the names of all record files; most are ids of agents."""
    return [path.stem for path in record_files(workspace)]


def record_files(workspace: Path, agent: str | None = None) -> list[Path]:
    """List the record files of one agent, or of all."""
    found = files_in(workspace / "records")
    return [path for path in found if agent in {None, path.stem}]


def files_in(folder: Path) -> list[Path]:
    """List the record files in a folder, without temporary files."""
    found = sorted(folder.glob(f"*{RECORD}"))
    return [path for path in found if not path.name.startswith(".")]


def append_event(workspace: Path, event: Event) -> Appended:
    """Append an event to the file of its agent, and sync it to the disk.

    Args:
        workspace: The folder with ``records/``.
        event: The event.

    Raises:
        CannotStart: It could not be saved; the file is unchanged.
    """
    path = record_path(workspace, event.agent)
    with locked(path):
        return _append(path, event)


def append_unless(
    workspace: Path,
    event: Event,
    is_there: Callable[[Sequence[Event]], bool],
    *,
    known: int | None = None,
) -> Appended | None:
    """Append an event under the lock of its file, unless a condition holds.

    Args:
        workspace: The folder with ``records/``.
        event: The event.
        is_there: The condition, called with all events of the agent.
        known: The length of the file, in bytes, when the condition was last false. A
            file that still has this length is not read again.

    Returns:
        The result; ``None`` if the condition holds and nothing was written.

    Raises:
        BadRecord: The file cannot be read; nothing was written.
        CannotStart: It could not be saved; the file is unchanged.
    """
    path = record_path(workspace, event.agent)
    with locked(path):
        is_known = known is not None and path.stat().st_size == known
        if not is_known and is_there(read_events(path)):
            return None
        return _append(path, event)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of a record file.

    Raises:
        CannotStart: The folder cannot be written to, the disk is full, or the lock was
            not released within ``LONGEST_WAIT_SECONDS``.
    """
    with saving(path):
        make_folder(path.parent)
        with filelock.FileLock(
            path.with_suffix(LOCK),
            timeout=LONGEST_WAIT_SECONDS,
            poll_interval=POLL_SECONDS,
        ):
            yield


def repair_end(path: Path) -> str:
    """Move an incomplete last line to another file; the caller must hold the lock.

    Returns:
        What was repaired, as a sentence; empty for nothing.
    """
    start, end = read_end(path)
    keep = whole_length(end)
    return _move_aside(path, end[keep:], keep=start + keep) if end[keep:] else ""


def is_cut_off(path: Path) -> bool:
    """Tell whether the last line of a file is incomplete."""
    _, end = read_end(path)
    return whole_length(end) < len(end)


def _append(path: Path, event: Event) -> Appended:
    mended = repair_end(path)
    _, end = read_end(path)
    last = end[:-1].rpartition(b"\n")[2]
    kept = event.model_copy(update={"previous": hash_of_line(last)})
    write_end(path, line_of(kept))
    return Appended(kept, mended, path.stat().st_size)


def _move_aside(path: Path, piece: bytes, *, keep: int) -> str:
    aside = path.with_suffix(CUT_OFF)
    write_end(aside, piece + b"\n")
    cut_end(path, keep=keep)
    sentence = say("marking.record.mended", path=path.name, aside=aside.name)
    _logger.warning(sentence)
    return sentence


def read_events(path: Path) -> tuple[Event, ...]:
    """Read every event of a record file, in order.

    An incomplete last line is ignored, and so is a line of a newer version. A missing
    file has no events.

    Raises:
        BadRecord: A line was changed or moved, or the file cannot be opened.
    """
    return events_in(read_lines(path))


def read_lines(path: Path) -> Iterator[Line]:
    """Yield every line of a record file; see ``read_events``.

    Raises:
        BadRecord: A line was changed or moved, or the file cannot be opened.
    """
    for line in lines_or_faults(path):
        if isinstance(line, BadRecord):
            raise line
        yield line


def lines_or_faults(path: Path) -> Iterator[Line | BadRecord]:
    """Yield every line of a record file; in place of a bad line, its error."""
    try:
        content = read_whole(path)
    except OSError as error:  # without rights, on a drive that is gone
        problem = error.strerror or str(error)
        fix = say("marking.fault.unopened.fix")
        yield BadRecord(path=path, line=1, problem=problem, fix=fix)
        return
    yield from lines_of(path, content)

"""Keep what every agent does, for ever: one file for each, one line for each event.

A file is only ever added to. Each line carries the hash of a line before it and ends
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
    """What became of an event that was to be kept."""

    event: Event
    """The event as it stands in the file."""

    mended: str
    """What had to be mended first, as a sentence; empty if nothing had."""

    length: int
    """How long the file was afterwards, before anybody else could write to it."""


def hash_of(text: str) -> str:
    """Name a text by its content, as an event names its playbook."""
    return sha256(text.encode()).hexdigest()


def record_path(workspace: Path, agent: str) -> Path:
    """The file that keeps what an agent does.

    Raises:
        UnknownName: The id is none that an event accepts; it could lead elsewhere.
    """
    if not is_agent(agent):
        raise UnknownName(sort="agent", name=in_one_line(agent), nearest="")
    return workspace / "records" / f"{agent}{RECORD}"


def agents_in(workspace: Path) -> list[str]:
    """The names of all files of records; most are ids of agents."""
    return [path.stem for path in record_files(workspace)]


def record_files(workspace: Path, agent: str | None = None) -> list[Path]:
    """Find the records of one agent, or of all."""
    found = files_in(workspace / "records")
    return [path for path in found if agent in {None, path.stem}]


def files_in(folder: Path) -> list[Path]:
    """Find all files of records in a folder, but none that is only being written."""
    found = sorted(folder.glob(f"*{RECORD}"))
    return [path for path in found if not path.name.startswith(".")]


def append_event(workspace: Path, event: Event) -> Appended:
    """Write one event to the end of its agent's file, and return when it is on disk.

    Raises:
        CannotStart: It could not be saved; the file is as it was.
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
    """Write one event, unless what it says is there already; nobody comes in between.

    Args:
        workspace: The folder with ``records/``.
        event: The event.
        is_there: Whether all events of its agent say so already.
        known: How long the file was when they last did not. It only ever grows, so
            one of that length need not be read again.

    Returns:
        What became of it; ``None`` if it was there and nothing was written.

    Raises:
        BadRecord: The file cannot be read, so nobody can tell; nothing was written.
        CannotStart: It could not be saved; the file is as it was.
    """
    path = record_path(workspace, event.agent)
    with locked(path):
        is_known = known is not None and path.stat().st_size == known
        if not is_known and is_there(read_events(path)):
            return None
        return _append(path, event)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Be the only one who writes to a file of records.

    Raises:
        CannotStart: The disk is full, the folder has no rights, the lock is held.
    """
    with saving(path):
        make_folder(path.parent)
        with filelock.FileLock(
            path.with_suffix(LOCK),
            timeout=LONGEST_WAIT_SECONDS,
            poll_interval=POLL_SECONDS,
        ):
            yield


def mend_end(path: Path) -> str:
    """Move a last line that was cut off aside; whoever calls this holds the lock.

    Returns:
        What was mended, as a sentence; empty if nothing had to be.
    """
    start, end = read_end(path)
    keep = whole_length(end)
    return _move_aside(path, end[keep:], keep=start + keep) if end[keep:] else ""


def is_cut_off(path: Path) -> bool:
    """Whether the last line of a file is not whole."""
    _, end = read_end(path)
    return whole_length(end) < len(end)


def _append(path: Path, event: Event) -> Appended:
    mended = mend_end(path)
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
    """Read every event of one agent, in the order of their lines.

    A last line that was cut off does not count, nor does one of a newer version, which
    stays where it is. A file that is not there has none.

    Raises:
        BadRecord: A line is not what was written, or not where it was written, or the
            file cannot be opened.
    """
    return events_in(read_lines(path))


def read_lines(path: Path) -> Iterator[Line]:
    """Read every line of one agent, as ``read_events`` does."""
    for line in examined_lines(path):
        if isinstance(line, BadRecord):
            raise line
        yield line


def examined_lines(path: Path) -> Iterator[Line | BadRecord]:
    """Read every line of one agent, or say what is wrong with it, and go on."""
    try:
        content = read_whole(path)
    except OSError as error:  # without rights, on a drive that is gone
        problem = error.strerror or str(error)
        fix = say("marking.fault.unopened.fix")
        yield BadRecord(path=path, line=1, problem=problem, fix=fix)
        return
    yield from lines_of(path, content)

"""Keep what every agent does, for ever: one file for each, one line for each event.

A file is only ever added to. Each line carries the hash of the line before it and
ends in a seal, the hash of itself, so that a changed, missing or added line is found
and named. A line is whole or it does not count: one that a crash cut off is moved
aside. This module knows nothing of what the events mean.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import filelock
from pydantic import ValidationError

from ..catalogue import in_one_line, say
from ..errors import BadAnswers, BadRecord, CannotStart, UnknownName
from .answers import first_problem, is_agent
from .events import EVENT, NOTHING_BEFORE, Event
from .wholefiles import read_whole, refuse_odd

LONGEST_WAIT_SECONDS = 10
POLL_SECONDS = 0.005

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Appended:
    """What became of an event that was to be kept."""

    event: Event
    """The event as it stands in the file."""

    mended: str
    """What had to be mended first, as a sentence; empty if nothing had."""


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
    return workspace / "records" / f"{agent}.jsonl"


def append_event(workspace: Path, event: Event) -> Appended:
    """Write one event to the end of its agent's file, and return when it is on disk.

    Raises:
        CannotStart: It could not be saved; the file is as it was.
    """
    path = record_path(workspace, event.agent)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(
            path.with_suffix(".lock"),
            timeout=LONGEST_WAIT_SECONDS,
            poll_interval=POLL_SECONDS,
        ):
            return _append(path, event)
    except OSError as error:  # a full disk, a folder without rights, a lock held
        raise CannotStart(
            problem=say("marking.record.not-saved", path=path),
            fix=say("marking.record.not-saved-fix"),
        ) from error


def _append(path: Path, event: Event) -> Appended:
    content = read_whole(path)
    whole = content[: content.rfind(b"\n") + 1]
    piece = content[len(whole) :]
    mended = _move_aside(path, piece, keep=len(whole)) if piece else ""

    last_line = whole[:-1].rpartition(b"\n")[2]
    previous = _hash(last_line) if last_line else NOTHING_BEFORE
    kept = event.model_copy(update={"previous": previous})
    _write(path, _sealed(kept.model_dump_json().encode()) + b"\n")
    return Appended(kept, mended)


def _move_aside(path: Path, piece: bytes, *, keep: int) -> str:
    aside = path.with_suffix(".cut-off")
    _write(aside, piece + b"\n")
    with path.open("r+b") as file:
        file.truncate(keep)
        os.fsync(file.fileno())
    sentence = say("marking.record.mended", path=path.name, aside=aside.name)
    _logger.warning(sentence)
    return sentence


def _write(path: Path, line: bytes) -> None:
    is_new = not path.exists()
    with path.open("ab", buffering=0) as file:
        before = file.tell()
        try:
            written = file.write(line)
            os.fsync(file.fileno())
        except OSError:
            file.truncate(before)
            raise
        if written != len(line):
            file.truncate(before)
            raise OSError(path)
    if is_new and os.name == "posix":
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """A new file survives a power cut only when its folder is on disk, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_events(path: Path) -> tuple[Event, ...]:
    """Read every event of one agent, in the order of writing.

    A last line that was cut off does not count. A file that is not there has none.

    Raises:
        BadRecord: A line is not what was written, or not where it was written, or the
            file cannot be opened.
    """
    try:
        content = read_whole(path)
    except OSError as error:  # without rights, on a drive that is gone
        problem = error.strerror or str(error)
        raise BadRecord(path=path, line=1, problem=problem) from error
    previous = NOTHING_BEFORE
    events: list[Event] = []
    for number, line in enumerate(content.split(b"\n")[:-1], start=1):
        with _named(path, number):
            event = _read_line(line)
            _check_place(event, previous, agent=path.stem)
        events.append(event)
        previous = _hash(line)
    return tuple(events)


@contextmanager
def _named(path: Path, number: int) -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise BadRecord(path=path, line=number, problem=str(error)) from error


def _read_line(line: bytes) -> Event:
    body = line[:-_SEAL_LENGTH] + b"}"
    if _sealed(body) != line:
        raise ValueError(say("marking.record.changed"))
    refuse_odd(body)
    try:
        return EVENT.validate_json(body)
    except ValidationError as error:
        problem = first_problem(error)
        raise ValueError(say("marking.record.unknown", problem=problem)) from error
    except BadAnswers as error:
        problem = error.problem
        raise ValueError(say("marking.record.unknown", problem=problem)) from error


def _check_place(event: Event, previous: str, *, agent: str) -> None:
    if event.previous != previous:
        raise ValueError(say("marking.record.moved"))
    if event.agent != agent:
        raise ValueError(say("marking.record.other-agent", agent=event.agent))


def _hash(line: bytes) -> str:
    return sha256(line).hexdigest()


def _sealed(body: bytes) -> bytes:
    return body[:-1] + b',"seal":"' + _hash(body).encode() + b'"}'


_SEAL_LENGTH = len(b',"seal":"') + len(NOTHING_BEFORE) + len(b'"}')

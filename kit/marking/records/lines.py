"""The lines of a record: how one is sealed, read, and found to be in its place.

Each line names the hash of a line before it, so the lines of a file form a tree: one
branch for one machine, several after two machines were put together. What a crash or
a drive left behind at the end is no line. This module opens no file.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pydantic import ValidationError

from ...catalogue import say
from ...errors import BadAnswers, BadRecord
from .answers import first_problem
from .bounded_read import refuse_long, refuse_twice
from .events import EVENT, NOTHING_BEFORE, Event
from .newer_events import NewerEvent, is_of_unknown_sort


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is what was written, and has its place."""

    number: int
    """Where it stands in its file, counted from 1."""

    text: bytes
    """Its bytes, without the end of the line."""

    hash: str
    """Its hash, by which a later line names it."""

    event: Event | NewerEvent
    """What it tells."""

    @property
    def is_newer(self) -> bool:
        """Whether a newer version wrote it, and this one cannot tell what it says."""
        return isinstance(self.event, NewerEvent)


def line_of(event: Event) -> bytes:
    """Write one event as a line, sealed and with its end."""
    return _sealed(event.model_dump_json().encode()) + b"\n"


def events_in(lines: Iterable[Line]) -> tuple[Event, ...]:
    """Take out what lines tell; those of a newer version tell nothing here."""
    told = (line.event for line in lines)
    return tuple(event for event in told if not isinstance(event, NewerEvent))


def hash_of_line(text: bytes) -> str:
    """The hash by which a later line names this one; for no line, the beginning."""
    return sha256(text).hexdigest() if text else NOTHING_BEFORE


def whole_length(content: bytes) -> int:
    """How many bytes at the beginning are whole lines.

    A last line without its end is not whole. Nor is anything that ends in zeros, which
    is what a drive gives back for a block that it never wrote.
    """
    written = len(content.rstrip(b"\0\n"))
    zero = content.find(b"\0", written)
    return content.rfind(b"\n", 0, zero if zero >= 0 else len(content)) + 1


def lines_of(path: Path, content: bytes) -> Iterator[Line | BadRecord]:
    """Read each whole line of one agent's file, or say what is wrong with it."""
    seen: dict[str, int] = {}
    whole = content[: whole_length(content)]
    for number, text in enumerate(whole.split(b"\n")[:-1], start=1):
        name = hash_of_line(text)
        try:
            event = _read(text)
            _check_place(event, name, seen, agent=path.stem)
        except _Fault as fault:
            yield BadRecord(
                path=path, line=number, problem=fault.problem, fix=fault.fix
            )
        else:
            yield Line(number, text, name, event)
        seen.setdefault(name, number)


class _Fault(Exception):
    def __init__(self, kind: str, **values: object) -> None:
        self.problem = say(f"marking.fault.{kind}.problem", **values)
        self.fix = say(f"marking.fault.{kind}.fix")


def _read(text: bytes) -> Event | NewerEvent:
    body = text[:-_SEAL_LENGTH] + b"}"
    if _sealed(body) != text:
        raise _Fault("changed")
    try:
        return _event_in(body)
    except ValidationError as error:
        raise _Fault("unknown", problem=first_problem(error)) from error
    except BadAnswers as error:
        raise _Fault("unknown", problem=error.problem) from error
    except ValueError as error:  # too long, or ambiguous
        raise _Fault("unknown", problem=str(error)) from error


def _event_in(body: bytes) -> Event | NewerEvent:
    refuse_long(body)
    try:
        event: Event = EVENT.validate_json(body)
    except (BadAnswers, ValidationError) as error:
        refuse_twice(body)
        if not is_of_unknown_sort(error):
            raise
        return NewerEvent.model_validate_json(body)
    # What is to the letter as the kit writes it says nothing twice.
    if event.model_dump_json().encode() != body:
        refuse_twice(body)
    return event


def _check_place(
    event: Event | NewerEvent, name: str, seen: dict[str, int], *, agent: str
) -> None:
    if event.agent != agent:
        raise _Fault("other-agent", agent=event.agent)
    if name in seen:
        raise _Fault("twice", first=seen[name])
    if event.previous != NOTHING_BEFORE and event.previous not in seen:
        raise _Fault("moved")


def _sealed(body: bytes) -> bytes:
    return body[:-1] + b',"seal":"' + sha256(body).hexdigest().encode() + b'"}'


_SEAL_LENGTH = len(b',"seal":"') + len(NOTHING_BEFORE) + len(b'"}')

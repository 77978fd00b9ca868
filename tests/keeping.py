"""Answers to keep, shared by the tests of what becomes of records."""

from datetime import UTC, datetime
from pathlib import Path

from kit.marking.records.events import Answered
from kit.marking.records.store import append_event, read_events, record_path

NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


def answer(value: str, **changes: object) -> Answered:
    """One answer, with what a test needs to be different."""
    fields = {
        "agent": "ana",
        "at": NOON,
        "work": "sizes",
        "case": "case-1",
        "question": "action",
        "value": value,
    }
    return Answered(**(fields | changes))


def keep(workspace: Path, *values: str, **changes: object) -> Path:
    """Keep one answer for each value, and return the file."""
    for value in values:
        append_event(workspace, answer(value, **changes))
    return record_path(workspace, str(changes.get("agent", "ana")))


def values_of(path: Path) -> list[str | None]:
    """What the answers of a file say, seals and chain verified."""
    return [event.value for event in read_events(path) if isinstance(event, Answered)]

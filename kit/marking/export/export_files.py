"""Take the records out of the kit: for a spreadsheet, or for another learning system.

The ending of the file says the form. One file of records that cannot be read is named
and stops no other.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from ...catalogue import say
from ...content.exercises import DIMENSIONS
from ...errors import BadRecord, CannotStart
from ..records.atomic_files import replace_file
from ..records.events import Event
from ..records.progress import AttemptProgress, progress_of
from ..records.store import read_events, record_files
from .spreadsheets import ENCODING, Cell, csv_text
from .xapi import statement

CSV, JSON, LINES = ".csv", ".json", ".jsonl"

ATTEMPT_COLUMNS = (
    *("agent", "exercise", "attempt", "handed_in", "percent", "passed"),
    *("marked_percent", "marked_passed", *DIMENSIONS, "critical"),
    *("overridden_percent", "overridden_passed", "overridden_by", "reason"),
    *("signed_off_by", "signed_off", "sign_off_stands", "report", "playbook"),
    "exam_known",
)
"""What is told of each attempt. ``percent`` and ``passed`` are what counts."""

_INSIDE = {"version", "previous"}
_FIELDS = [name for each in get_args(Event) for name in each.model_fields]
EVENT_COLUMNS = tuple(
    name
    for name in dict.fromkeys(("agent", "at", "event", *_FIELDS))
    if name not in _INSIDE
)
"""What is told of each event: all that any of them says, but how lines are chained."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What came of an export."""

    count: int
    """How many rows or statements were written."""

    problems: tuple[str, ...]
    """Each file of records that could not be read, in a sentence."""


def export(
    workspace: Path, to: Path, *, agent: str | None, each_event: bool
) -> Exported:
    """Write all attempts or events of a workspace into one file.

    Args:
        workspace: The folder with ``records/``.
        to: The file: ``.csv`` for a table, ``.json`` or ``.jsonl`` for statements.
        agent: Only this agent; ``None`` for all.
        each_event: Whether a table has one row for each event, not each attempt.

    Raises:
        CannotStart: The ending is not known, or the file cannot be written there.
    """
    _check_place(workspace, to)
    problems: list[str] = []
    kept = list(_kept(workspace, agent, problems))
    count, text = _text(to.suffix.lower(), kept, each_event=each_event)
    encoding = ENCODING if to.suffix.lower() == CSV else "utf-8"
    try:
        replace_file(to, text, encoding=encoding)
    except OSError as error:
        problem = say("marking.export.not-written", path=to, problem=error.strerror)
        fix = say("marking.record.not-saved-fix")
        raise CannotStart(problem=problem, fix=fix) from error
    return Exported(count, tuple(problems))


def _check_place(workspace: Path, to: Path) -> None:
    fix = say("marking.export.fix")
    if to.suffix.lower() not in {CSV, JSON, LINES}:
        problem = say("marking.export.ending", path=to)
        raise CannotStart(problem=problem, fix=fix)
    if not to.parent.is_dir():
        problem = say("marking.export.no-folder", folder=to.parent)
        raise CannotStart(problem=problem, fix=fix)
    if (workspace / "records").resolve() in to.resolve().parents:
        raise CannotStart(problem=say("marking.export.records", path=to), fix=fix)


def _kept(
    workspace: Path, agent: str | None, problems: list[str]
) -> Iterator[tuple[str, tuple[Event, ...]]]:
    """Read the events of each agent; what cannot be read becomes a problem."""
    for path in record_files(workspace, agent):
        try:
            yield path.stem, read_events(path)
        except BadRecord as error:
            problems.append(str(error))


def _text(
    ending: str, kept: list[tuple[str, tuple[Event, ...]]], *, each_event: bool
) -> tuple[int, str]:
    """Write what was kept in the form of an ending, and count it."""
    if ending == CSV:
        events = each_event
        columns = EVENT_COLUMNS if events else ATTEMPT_COLUMNS
        rows = list(_event_rows(kept) if events else _attempt_rows(kept))
        return len(rows), csv_text(columns, rows)
    said = [
        json.dumps(statement(event), ensure_ascii=False)
        for _, events in kept
        for event in events
    ]
    if ending == LINES:
        return len(said), "".join(f"{each}\n" for each in said)
    return len(said), "[\n" + ",\n".join(said) + "\n]\n"


def _event_rows(
    kept: Iterable[tuple[str, tuple[Event, ...]]],
) -> Iterator[Mapping[str, Cell]]:
    for _, events in kept:
        for event in events:
            yield event.model_dump(mode="json")


def _attempt_rows(
    kept: Iterable[tuple[str, tuple[Event, ...]]],
) -> Iterator[Mapping[str, Cell]]:
    for agent, events in kept:
        for attempt in progress_of(events).attempts:
            yield {"agent": agent, **_attempt_row(attempt)}


def _attempt_row(attempt: AttemptProgress) -> dict[str, Cell]:
    mark, override, signed = attempt.mark, attempt.override, attempt.signed_off
    row: dict[str, Cell] = {
        "exercise": attempt.exercise,
        "attempt": attempt.attempt,
        "handed_in": attempt.at.isoformat(),
        "exam_known": attempt.is_informed,
        "percent": attempt.percent,
        "report": attempt.report,
        "playbook": attempt.playbook,
    }
    if attempt.percent is not None:
        row["passed"] = attempt.passed
    if mark is not None:
        row |= {"marked_percent": mark.percent, "marked_passed": mark.passed}
        row |= {**mark.dimensions, "critical": ", ".join(mark.critical)}
    if override is not None:
        row |= {"overridden_percent": override.percent, "reason": override.reason}
        row |= {"overridden_passed": override.passed, "overridden_by": override.by}
    if signed is not None:
        row |= {"signed_off_by": signed.by, "signed_off": signed.at.isoformat()}
        row["sign_off_stands"] = attempt.is_signed_off
    return row

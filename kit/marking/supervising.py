"""What a supervisor adds to the records of an agent: a mark that is set by hand.

It is one more event. The mark that the kit has found stays beside it, so that anybody
can see what was changed, by whom and why.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ..catalogue import say
from ..errors import CannotStart, UnknownName
from ..rules.values import nearest
from .events import Event, Overridden
from .progress import progress_of
from .records import append_event, read_events, record_path


@dataclass(frozen=True, slots=True)
class ByHand:
    """A mark as a supervisor wants it."""

    by: str
    """Id of the supervisor."""

    percent: int
    """What the attempt is worth."""

    passed: bool
    """Whether that is enough."""

    reason: str
    """Why, in words that the agent will read."""


def override_mark(
    workspace: Path, work: tuple[str, str, str], mark: ByHand, *, now: datetime
) -> Overridden:
    """Set the mark of an attempt by hand.

    Args:
        workspace: The folder with ``records/``.
        work: Ids of the agent, the exercise and the attempt.
        mark: The mark.
        now: The moment that is written into the records, in UTC.

    Raises:
        UnknownName: Nothing of this name was handed in.
        CannotStart: It is the supervisor's own work, or has no reason.
        BadRecord: The records of the agent are damaged.
    """
    agent, exercise, attempt = work
    refuse_own_work(agent, mark.by)
    if not mark.reason.strip():
        raise CannotStart(
            problem=say("marking.by-hand.no-reason"),
            fix=say("marking.by-hand.no-reason-fix"),
        )
    events = events_of(workspace, agent)
    _find_attempt(events, exercise, attempt)
    event = Overridden(
        at=now,
        agent=agent,
        exercise=exercise,
        attempt=attempt,
        by=mark.by,
        percent=mark.percent,
        passed=mark.passed,
        reason=mark.reason.strip(),
    )
    append_event(workspace, event)
    return event


def events_of(workspace: Path, agent: str) -> tuple[Event, ...]:
    """Read all that an agent did.

    Raises:
        UnknownName: Nothing is kept under this name.
        BadRecord: The records of the agent are damaged.
    """
    path = record_path(workspace, agent)
    if not path.exists():
        known = [each.stem for each in path.parent.glob("*.jsonl")]
        raise UnknownName(sort="agent", name=agent, nearest=nearest(agent, known))
    return read_events(path)


def refuse_own_work(agent: str, by: str) -> None:
    """Refuse a supervisor who judges what they did themselves.

    Raises:
        CannotStart: Both are one.
    """
    if agent == by:
        raise CannotStart(
            problem=say("marking.by-hand.own", agent=agent),
            fix=say("marking.by-hand.own-fix"),
        )


def _find_attempt(events: tuple[Event, ...], exercise: str, attempt: str) -> None:
    known = [(each.exercise, each.attempt) for each in progress_of(events).attempts]
    if (exercise, attempt) in known:
        return
    exercises = [name for name, _ in known]
    attempts = [name for of, name in known if of == exercise]
    sort, name, names = ("attempt", attempt, attempts)
    if exercise not in exercises:
        sort, name, names = ("exercise", exercise, exercises)
    raise UnknownName(sort=sort, name=name, nearest=nearest(name, names))

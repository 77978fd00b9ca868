"""Override marks: record a mark that a supervisor sets by hand.

It is one more event. The mark that the kit has found stays beside it, so that anybody
can see what was changed, by whom and why. Who types a name is not proved: whoever may
write in the folder of records is trusted.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ...catalogue import say
from ...errors import CannotStart, UnknownName
from ...practice.wording import cases_words
from ...rules.values import nearest
from ..records.events import Event, Overridden
from ..records.progress import AttemptProgress, progress_of
from ..records.store import agents_in, append_event, read_events, record_path


@dataclass(frozen=True, slots=True)
class ManualMark:
    """A mark that a supervisor sets by hand."""

    by: str
    """Id of the supervisor."""

    percent: int
    """The mark in percent."""

    passed: bool
    """Whether the attempt passes."""

    reason: str
    """The reason; the agent will read it."""


@dataclass(frozen=True, slots=True)
class AppliedOverride:
    """An override that was recorded."""

    event: Overridden
    """The event in the records."""

    before: AttemptProgress
    """The attempt before the override."""

    @property
    def ends_sign_off(self) -> bool:
        """Whether it makes a sign-off lapse."""
        return self.before.is_signed_off and not self.event.passed

    @property
    def consequences(self) -> Iterator[str]:
        """Describe its side effects, one sentence each."""
        before, now = self.before, self.event
        if before.override is not None:
            earlier = {"by": before.override.by, "percent": before.override.percent}
            yield say("marking.by-hand.instead", **earlier)
        if self.ends_sign_off and before.signed_off:
            day = before.signed_off.at.date()
            yield say("marking.by-hand.lapses", by=before.signed_off.by, day=day)
        if before.mark and before.mark.critical and now.passed:
            cases = cases_words(before.mark.critical)
            yield say("marking.by-hand.critical", cases=cases)


def override_mark(
    workspace: Path,
    work: tuple[str, str, str],
    mark: ManualMark,
    *,
    now: datetime,
    pass_mark_of: Callable[[AttemptProgress], int] = lambda _: 0,
) -> AppliedOverride:
    """Set the mark of an attempt by hand.

    Args:
        workspace: The folder with ``records/``.
        work: Ids of the agent, the exercise and the attempt.
        mark: The mark.
        now: The moment that is written into the records, in UTC.
        pass_mark_of: Says how many percent an attempt needs to pass; asked only if it
            shall pass.

    Raises:
        UnknownName: Nothing of this name was handed in.
        CannotStart: The supervisor may not judge it, it has no reason, or it passes
            with less than it needs.
        BadRecord: The records of the agent are damaged.
    """
    agent, exercise, attempt = work
    refuse_own_work(agent, mark.by)
    refuse_untested(workspace, mark.by, exercise)
    if not mark.reason.strip():
        raise _refused("no-reason")
    before = _find_attempt(events_of(workspace, agent), exercise, attempt)
    if _is_same(before.override, mark):
        raise _refused("same")
    if mark.passed and mark.percent < (needed := pass_mark_of(before)):
        raise _refused("too-little", percent=mark.percent, pass_mark=needed)
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
    return AppliedOverride(event, before)


def events_of(workspace: Path, agent: str) -> tuple[Event, ...]:
    """Read the events of an agent.

    Raises:
        UnknownName: Nothing is kept under this name.
        BadRecord: The records of the agent are damaged.
    """
    path = record_path(workspace, agent)
    if not path.exists():
        known = agents_in(workspace)
        raise UnknownName(sort="agent", name=agent, nearest=nearest(agent, known))
    return read_events(path)


def refuse_own_work(agent: str, by: str) -> None:
    """Refuse supervisors who override or sign off their own work.

    Raises:
        CannotStart: Both are one.
    """
    if agent == by:
        raise _refused("own", agent=agent)


def refuse_untested(workspace: Path, by: str, exercise: str) -> None:
    """Refuse supervisors who learn here and have not passed the exercise themselves.

    Raises:
        CannotStart: That is so.
        BadRecord: Their own records are damaged.
    """
    events = read_events(record_path(workspace, by))
    attempts = progress_of(events).attempts_at(exercise)
    if events and not any(each.passed for each in attempts):
        raise _refused("untested", by=by, exercise=exercise)


def _is_same(given: Overridden | None, mark: ManualMark) -> bool:
    return given is not None and mark == ManualMark(
        given.by, given.percent, given.passed, given.reason
    )


def _refused(key: str, **values: object) -> CannotStart:
    return CannotStart(
        problem=say(f"marking.by-hand.{key}", **values),
        fix=say(f"marking.by-hand.{key}-fix", **values),
    )


def _find_attempt(
    events: tuple[Event, ...], exercise: str, attempt: str
) -> AttemptProgress:
    found = {
        (each.exercise, each.attempt): each for each in progress_of(events).attempts
    }
    if (exercise, attempt) in found:
        return found[exercise, attempt]
    known = list(found)
    exercises = [name for name, _ in known]
    attempts = [name for of, name in known if of == exercise]
    sort, name, names = ("attempt", attempt, attempts)
    if exercise not in exercises:
        sort, name, names = ("handed-in exercise", exercise, exercises)
    key = "handed-in" if names else "nothing-handed-in"
    others = say(f"marking.by-hand.{key}", names=", ".join(dict.fromkeys(names)))
    raise UnknownName(sort=sort, name=name, nearest=nearest(name, names) or others)

"""Compute the progress of an agent from the events.

The same events always tell the same story, so a desk can be drawn again exactly as
it was after a crash, a restart or on another machine. The order of the file counts,
never the clock. This module knows no files and decides no marks.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from ...practice.case.casework import CaseProgress, after
from .answers import MarkRecord
from .deskwork import deed_of
from .events import (
    Began,
    Event,
    HandedIn,
    Marked,
    Overridden,
    SignedOff,
    hash_of_answers,
)

MADE_CASES = "practice"
"""Under which work cases of ``made_cases`` are kept, whatever lesson they are in."""

__all__ = [
    "MADE_CASES",
    "AttemptProgress",
    "CaseProgress",
    "Progress",
    "best_of",
    "is_mark_of",
    "progress_of",
]


@dataclass(frozen=True, slots=True)
class AttemptProgress:
    """An attempt that was handed in, and its mark if it has one."""

    exercise: str
    attempt: str

    at: datetime
    """When it was handed in."""

    answers: Mapping[str, Mapping[str, str]]
    """What was handed in: for each case and question the answer, where there is one."""

    playbook: str | None
    """The hash of the playbook under which it was answered."""

    handed_in: HandedIn | None = None
    """The line that handed it in."""

    is_informed: bool = False
    """Whether an attempt at the same exercise had been marked by then."""

    is_disputed: bool = False
    """Whether other answers were handed in under the same name, on another machine."""

    mark: MarkRecord | None = None
    """The latest mark."""

    marked: Marked | None = None
    """The line with that mark."""

    report: str | None = None
    """The page that explains the mark, as a path inside the workspace."""

    criteria: str | None = None
    """The hash of all that was in force when it was begun."""

    marked_by: str | None = None
    """The hash of all by which the latest mark was given."""

    override: Overridden | None = None
    """The mark that a supervisor has set by hand; it outranks every other."""

    signed_off: SignedOff | None = None
    """The latest sign-off that rests on it; ``is_signed_off`` says if it stands."""

    @property
    def passed(self) -> bool:
        """Whether it passes: by hand if somebody said so, else by its mark."""
        if self.override is not None:
            return self.override.passed
        return self.mark is not None and self.mark.passed

    @property
    def is_signed_off(self) -> bool:
        """Whether a sign-off stands: it lapses where the attempt does not pass."""
        return self.signed_off is not None and self.passed

    @property
    def percent(self) -> int | None:
        """What it is worth: by hand if somebody said so; ``None`` while unmarked."""
        if self.override is not None:
            return self.override.percent
        return self.mark.percent if self.mark else None


@dataclass(frozen=True, slots=True)
class Progress:
    """All that an agent has done so far."""

    cases: Mapping[tuple[str, str], CaseProgress] = field(default_factory=dict)
    """Each case, by its work and its own name, in the order of starting."""

    attempts: tuple[AttemptProgress, ...] = ()
    """Each handed-in attempt, in the order of handing in."""

    begun: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """For each exercise and attempt that was begun the hash of its criteria."""

    def case(self, work: str, case: str) -> CaseProgress:
        """How far one case is; an untouched one if nothing is known of it."""
        return self.cases.get((work, case), CaseProgress())

    def cases_of(self, work: str) -> Mapping[str, CaseProgress]:
        """Every case of a lesson or exercise that the agent has touched."""
        return {case: each for (of, case), each in self.cases.items() if of == work}

    def attempts_at(self, exercise: str) -> tuple[AttemptProgress, ...]:
        """Every attempt at one exercise."""
        return tuple(each for each in self.attempts if each.exercise == exercise)

    @property
    def unmarked(self) -> tuple[AttemptProgress, ...]:
        """Every attempt that waits for its mark."""
        return tuple(each for each in self.attempts if each.mark is None)


def best_of(attempts: Sequence[AttemptProgress]) -> AttemptProgress | None:
    """The attempt that counts most: passed before not passed, then by percent.

    Returns:
        The latest one where none is marked; ``None`` where there is none.
    """
    marked = [each for each in attempts if each.percent is not None]
    if not marked:
        return attempts[-1] if attempts else None
    return max(marked, key=lambda each: (each.passed, each.percent or 0))


def progress_of(events: Iterable[Event]) -> Progress:
    """Tell what an agent has done, from the events of one file in their order."""
    cases: dict[tuple[str, str], CaseProgress] = {}
    attempts = _Attempts()
    begun: dict[tuple[str, str], str] = {}
    for event in events:
        match event:
            case Began():
                begun.setdefault((event.exercise, event.attempt), event.criteria)
            case HandedIn():
                place = (event.exercise, event.attempt)
                is_informed = attempts.are_marked_at(event.exercise)
                attempts.hand_in(_attempt(event, begun.get(place), is_informed))
            case Marked() | Overridden() | SignedOff():
                attempts.change(event)
            case _:
                key = (event.work, event.case)
                cases[key] = after(deed_of(event), cases.get(key, CaseProgress()))
    return Progress(cases, tuple(attempts.counted.values()), begun)


def _attempt(
    event: HandedIn, criteria: str | None, is_informed: bool
) -> AttemptProgress:
    return AttemptProgress(
        exercise=event.exercise,
        attempt=event.attempt,
        at=event.at,
        answers=event.answers,
        playbook=event.playbook,
        criteria=criteria,
        handed_in=event,
        is_informed=is_informed,
    )


class _Attempts:
    """Attempts while they are told; of answers under one name one alone counts.

    The first time counts, since after it the agent may have seen the key. But clocks
    run wrong, and an earlier line may come in later from another machine. So answers
    that have a mark go on counting, whatever is found before them.
    """

    def __init__(self) -> None:
        self.counted: dict[tuple[str, str], AttemptProgress] = {}
        self._others: dict[tuple[str, str], list[AttemptProgress]] = {}

    def hand_in(self, attempt: AttemptProgress) -> None:
        place = (attempt.exercise, attempt.attempt)
        first = self.counted.setdefault(place, attempt)
        others = self._others.setdefault(place, [])
        if all(each.answers != attempt.answers for each in (first, *others)):
            others.append(attempt)
            self.counted[place] = replace(first, is_disputed=True)

    def are_marked_at(self, exercise: str) -> bool:
        """Whether an attempt at an exercise has a mark by now, also one by hand."""
        return any(
            each.exercise == exercise and each.percent is not None
            for each in self.counted.values()
        )

    def change(self, event: Marked | Overridden | SignedOff) -> None:
        place = (event.exercise, event.attempt)
        if place not in self.counted:
            return
        match event:
            case Marked():
                self._mark(place, event)
            case Overridden():
                self.counted[place] = replace(self.counted[place], override=event)
            case SignedOff():
                self.counted[place] = replace(self.counted[place], signed_off=event)

    def _mark(self, place: tuple[str, str], event: Marked) -> None:
        attempt: AttemptProgress | None = self.counted[place]
        if attempt and not is_mark_of(event, attempt.answers):
            attempt = None if attempt.mark else self._other(place, event)
        if attempt is not None:
            self.counted[place] = replace(
                attempt,
                mark=event.mark,
                marked=event,
                report=event.report,
                marked_by=event.criteria,
            )

    def _other(self, place: tuple[str, str], event: Marked) -> AttemptProgress | None:
        """Let the answers count of which a mark is, if they were handed in."""
        counted, others = self.counted[place], self._others[place]
        for number, other in enumerate(others):
            if is_mark_of(event, other.answers):
                others[number] = counted
                return replace(
                    other,
                    is_disputed=True,
                    override=counted.override,
                    signed_off=counted.signed_off,
                )
        return None


def is_mark_of(event: Marked, answers: Mapping[str, Mapping[str, str]]) -> bool:
    """Whether a mark is that of these answers, not of others under the same name."""
    return event.handed_in in {None, hash_of_answers(answers)}

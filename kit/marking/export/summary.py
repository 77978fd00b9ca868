"""What a supervisor reads about one agent: each exercise, each lesson, and how sure.

Marks come from the records. Which cases were wrong, and which critical error it was,
is found again from the handed-in answers by the pages of today. This module shows
nothing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial

from ...catalogue import say
from ...content.course import CourseStep, read_course
from ...content.exercises import read_exercise
from ...content.library import Library
from ...errors import KitError
from ...practice.case.review import CONFIDENCES
from ..marks.marks import CaseMark, Mark, Marker
from ..records.progress import MADE_CASES, AttemptProgress, Progress, best_of

SURE = CONFIDENCES[0]


@dataclass(frozen=True, slots=True)
class AttemptSummary:
    """One attempt: what the records say, and the same answers by the pages of today."""

    kept: AttemptProgress
    """What the records say."""

    found: Mark | None
    """Its cases, marked again; ``None`` where the exercise cannot be read any more."""

    @property
    def critical(self) -> tuple[str, ...]:
        """The critical errors that its mark names, in words; else the name of a case.

        What a page of today knows no more is told by the name of its case.
        """
        cases = {each.case.id: each for each in self.found.cases} if self.found else {}
        named = self.kept.mark.critical if self.kept.mark else ()
        words: list[str] = []
        for name in named:
            errors = cases[name].critical if name in cases else ()
            words += [error.why for error in errors] or [name]
        return tuple(dict.fromkeys(words))

    @property
    def sure_but_wrong(self) -> tuple[CaseMark, ...]:
        """The cases of which the agent was sure, and that were wrong."""
        cases = self.found.cases if self.found else ()
        return tuple(each for each in cases if _is_wrong(each, said=SURE))


def _is_wrong(case: CaseMark, *, said: str) -> bool:
    return case.review.sure == said and not case.review.is_right


@dataclass(frozen=True, slots=True)
class ExerciseSummary:
    """One exercise with every attempt at it."""

    title: str
    """Its title; its id where it is not in the course any more."""

    attempts: tuple[AttemptSummary, ...]
    """In the order of handing in; none where it was never handed in."""

    @property
    def best(self) -> AttemptProgress | None:
        """The attempt that counts most; see ``best_of``."""
        return best_of([each.kept for each in self.attempts])


@dataclass(frozen=True, slots=True)
class LessonSummary:
    """How cases of a lesson were decided at the first try.

    Later tries follow a hint, so they do not count. An earlier version gave no hints
    and did not count tries: each of its decisions counts.
    """

    title: str
    """Its title."""

    right: int
    """How many decisions were right."""

    decisions: int
    """How many there were."""


@dataclass(frozen=True, slots=True)
class AgentSummary:
    """All about one agent."""

    agent: str
    """Id of the agent."""

    exercises: tuple[ExerciseSummary, ...]
    """Each exercise of the course, then those that are in it no more."""

    lessons: tuple[LessonSummary, ...]
    """Each lesson of the course, then other works in which cases were decided."""

    confidence: Mapping[str, tuple[int, int]]
    """For each way of being sure, how many cases in exams were right, of how many."""


class Summaries:
    """Tells a supervisor about agents; pages are read once for all of them."""

    def __init__(self, library: Library) -> None:
        """Take the content by which is marked."""
        self._course = read_course(library)
        self._marker_of = cache(partial(_marker_of, library))

    def read(self, all_progress: Iterable[Progress]) -> None:
        """Read the pages of all exercises that some agents have tried."""
        for progress in all_progress:
            for attempt in progress.attempts:
                self._marker_of(attempt.exercise)

    def of(self, agent: str, progress: Progress) -> AgentSummary:
        """Tell about one agent.

        Args:
            agent: Id of the agent.
            progress: All that the agent has done.
        """
        attempts = tuple(
            AttemptSummary(each, _marked_again(self._marker_of(each.exercise), each))
            for each in progress.attempts
        )
        return AgentSummary(
            agent,
            _exercises(self._course, attempts),
            _lessons(self._course, progress),
            _confidence(attempts),
        )


def _marker_of(library: Library, exercise: str) -> Marker | None:
    try:
        return Marker(read_exercise(library, exercise))
    except KitError:  # the exercise is gone, or its page has mistakes today
        return None


def _marked_again(marker: Marker | None, attempt: AttemptProgress) -> Mark | None:
    if marker is None:
        return None
    try:
        return marker.mark(attempt.answers, attempt=attempt.attempt)
    except KitError:  # today's page cannot say what these answers are worth
        return None


def _exercises(
    course: tuple[CourseStep, ...], attempts: tuple[AttemptSummary, ...]
) -> tuple[ExerciseSummary, ...]:
    titles = {each.id: each.title for each in course if each.kind == "exercise"}
    others = {each.kept.exercise: each.kept.exercise for each in attempts}
    return tuple(
        ExerciseSummary(
            title, tuple(each for each in attempts if each.kept.exercise == name)
        )
        for name, title in _both(titles, others)
    )


def _lessons(
    course: tuple[CourseStep, ...], progress: Progress
) -> tuple[LessonSummary, ...]:
    counts, right = Counter[str](), Counter[str]()
    for (work, _), case in progress.cases.items():
        if case.unaided:
            counts[work] += len(case.unaided)
            right[work] += sum(case.unaided)
    titles = {each.id: each.title for each in course if each.kind == "lesson"}
    others = {each: each for each in counts}
    if MADE_CASES in others:
        others[MADE_CASES] = say("marking.summary.made")
    return tuple(
        LessonSummary(title, right[name], counts[name])
        for name, title in _both(titles, others)
    )


def _both(
    titles: Mapping[str, str], others: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    """List the steps of the course, then what is in it no more."""
    rest = {name: each for name, each in others.items() if name not in titles}
    return (*titles.items(), *rest.items())


def _confidence(
    attempts: tuple[AttemptSummary, ...],
) -> dict[str, tuple[int, int]]:
    cases = [case for each in attempts if each.found for case in each.found.cases]
    return {
        name: (
            sum(each.review.is_right for each in cases if each.review.sure == name),
            sum(each.review.sure == name for each in cases),
        )
        for name in CONFIDENCES
    }

"""Grade what was handed in: run each exercise notebook, keep its report and its mark.

The notebook shows the mark and this module finds it again with the same pure function;
if the two ever differ, nothing is kept. One attempt that cannot be marked is named and
stops no other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ..catalogue import say
from ..content.exercises import Exercise, read_exercise
from ..content.library import Library
from ..errors import BadRecord, KitError, RunFailed
from .answers import MarkRecord, validate_answers
from .events import Marked
from .kernels import Places
from .marks import asked_of, mark_attempt
from .progress import AttemptProgress, progress_of
from .records import append_event, read_events
from .runner import ExerciseParameters, run_exercise


@dataclass(frozen=True, slots=True)
class Graded:
    """What came of one attempt."""

    agent: str
    """Id of the agent; empty where a record file could not be read."""

    mark: MarkRecord | None
    """Its mark; ``None`` if it could not be marked."""

    words: str
    """The same in a sentence."""


def grade_all(
    library: Library, workspace: Path, *, agent: str | None, now: datetime
) -> Iterator[Graded]:
    """Mark every attempt that waits for its mark, one after the other.

    Args:
        library: The content by which is marked.
        workspace: The folder with ``records/``; reports go to ``reports/``.
        agent: Only this agent; ``None`` for all.
        now: The moment that is written into the records, in UTC.
    """
    desk = _Desk(library, workspace, now)
    for path in sorted((workspace / "records").glob("*.jsonl")):
        if agent is not None and path.stem != agent:
            continue
        try:
            waiting = progress_of(read_events(path)).unmarked
        except BadRecord as error:
            yield Graded("", None, str(error))
            continue
        for attempt in waiting:
            yield _graded(desk, path.stem, attempt)


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every marking of one call shares."""

    library: Library
    workspace: Path
    now: datetime


def _graded(desk: _Desk, agent: str, attempt: AttemptProgress) -> Graded:
    try:
        exercise = read_exercise(desk.library, attempt.exercise)
        event = _marked(desk, exercise, agent, attempt)
        append_event(desk.workspace, event)
    except (KitError, OSError) as error:
        words = say(
            "marking.grade.failed",
            agent=agent,
            exercise=attempt.exercise,
            attempt=attempt.attempt,
            problem=error,
        )
        return Graded(agent, None, words)
    words = say(
        "marking.grade.done" if event.passed else "marking.grade.not-passed",
        agent=agent,
        title=exercise.title,
        attempt=attempt.attempt,
        percent=event.percent,
        report=desk.workspace / event.report,
    )
    return Graded(agent, event.mark, words)


def _marked(
    desk: _Desk, exercise: Exercise, agent: str, attempt: AttemptProgress
) -> Marked:
    raw = {
        "exercise": exercise.id,
        "attempt": attempt.attempt,
        "answers": {case: dict(each) for case, each in attempt.answers.items()},
    }
    answers = validate_answers(exercise.id, asked_of(exercise), raw)
    parameters = ExerciseParameters(
        agent, exercise.id, attempt.attempt, answers.by_case
    )
    places = Places(content=desk.library.folder)
    run = run_exercise(exercise.notebook, parameters, desk.workspace, places=places)
    mark = mark_attempt(exercise, answers.by_case, attempt=attempt.attempt).record
    if run.mark != mark:
        problem = say("marking.run.differs", shown=run.mark.percent, found=mark.percent)
        raise RunFailed(exercise=exercise.id, problem=problem)
    return Marked(
        at=desk.now,
        agent=agent,
        playbook=exercise.playbook.digest,
        report=run.report,
        **mark.model_dump(),
    )

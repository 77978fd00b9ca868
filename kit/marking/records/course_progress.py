"""How far an agent is with each step of the course, told by the records alone."""

from dataclasses import dataclass
from pathlib import Path

from ...catalogue import say
from ...content.course import CourseStep
from ...content.lessons import cases_of_lesson
from .progress import Progress


@dataclass(frozen=True, slots=True)
class StepState:
    """How far somebody is with one step of the course."""

    step: CourseStep
    """The step."""

    words: str
    """How far, in words."""

    is_done: bool
    """Whether it is finished."""

    address: str
    """Where its page is, seen from the start page."""


def step_state(step: CourseStep, progress: Progress, notebooks: Path) -> StepState:
    """Tell how far somebody is with one step.

    Args:
        step: The step.
        progress: What the agent has done so far.
        notebooks: The folder of the lessons.
    """
    if step.kind == "exercise":
        return _exercise_state(step, progress)
    return _lesson_state(step, progress, notebooks)


def _exercise_state(step: CourseStep, progress: Progress) -> StepState:
    address = f"../exercises/{step.id}/exercise.ipynb"
    attempts = progress.attempts_at(step.id)
    passed = [each.percent or 0 for each in attempts if each.passed]
    if passed:
        words = say("desk.course.passed", percent=max(passed))
    elif not attempts:
        begun = progress.cases_of(f"{step.id}/attempt-1")
        words = say("desk.course.begun-one" if begun else "desk.course.not-begun")
    elif attempts[-1].percent is None:
        words = say("desk.course.handed-in")
    else:
        words = say("desk.course.failed", percent=attempts[-1].percent)
    return StepState(step, words, is_done=bool(passed), address=address)


def _lesson_state(step: CourseStep, progress: Progress, notebooks: Path) -> StepState:
    address = f"{step.id}.ipynb"
    cases = cases_of_lesson(notebooks / address)
    answered = progress.cases_of(step.id)
    known = [answered[each] for each in cases if each in answered]
    right = sum(each.is_mastered for each in known)
    is_done = bool(cases) and sum(each.is_solved for each in known) == len(cases)
    state = "done" if is_done else "begun" if answered else "not-begun"
    words = say(f"desk.course.{state}", right=right, count=len(cases))
    return StepState(step, words, is_done=is_done, address=address)

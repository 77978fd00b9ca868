"""Orders: one attempt to be marked, as plain values, and what comes of it.

An order can be carried out in this process, in another one or on another machine; it
writes nothing. Whoever gave it keeps what came of it.
"""

import logging
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...catalogue import say
from ...content.exercises import Exercise
from ...errors import KitError, RunFailed
from ..marks.content_cache import Warm, keep_warm, let_go
from ..marks.marks import Marker
from ..records.answers import MarkRecord, validate_answers
from ..records.events import Overridden
from .kernels import Places
from .report_files import ExerciseParameters, Ran
from .runner import ExerciseRun, run_notebooks

_logger = logging.getLogger(__name__)
_PREPARED: set[tuple[object, ...]] = set()


@dataclass(frozen=True, slots=True)
class Order:
    """One attempt to be marked."""

    content: str
    """The folder of content by which is marked."""

    criteria: str
    """The hash of all by which is marked, as whoever ordered it sees it."""

    notebook: str
    """The notebook that shows the mark: that of the content folder, no other."""

    agent: str
    """Id of the agent."""

    exercise: str
    """Id of the exercise."""

    attempt: str
    """Id of the attempt."""

    answers: Mapping[str, Mapping[str, str]]
    """What was handed in."""

    engine: str
    """How the notebook is run: see ``runner.ENGINES``."""

    warm_up: Callable[[Marker], None]
    """Called once in each process, before it runs the first notebook."""

    override: Overridden | None = None
    """The mark that a supervisor has set by hand before any other was found."""

    @property
    def parameters(self) -> ExerciseParameters:
        """What is run, before anybody has looked at the answers."""
        return ExerciseParameters(self.agent, self.exercise, self.attempt, self.answers)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an order."""

    parameters: ExerciseParameters
    """What was run."""

    title: str = ""
    """The heading of the exercise."""

    playbook: str = ""
    """The hash of the playbook by which was marked."""

    criteria: str | None = None
    """The hash of all by which was marked."""

    ran: Ran | None = None
    """Mark and report; ``None`` if it could not be marked."""

    problem: str = ""
    """Why it could not be marked, as a sentence."""

    log: str = ""
    """Details for whoever can mend it."""

    @property
    def mark(self) -> MarkRecord | None:
        """Its mark, if it has one."""
        return self.ran.mark if self.ran else None


def carry_out(orders: Sequence[Order]) -> list[Outcome]:
    """Mark attempts; whatever is wrong with one is said in its outcome.

    All are marked before the first notebook runs, so that notebooks which share a
    process find there what marking has read already.

    Args:
        orders: The attempts, all for the same engine.

    Returns:
        For each order, in order, what came of it.
    """
    found = [_marked(each) for each in orders]
    runs = [each.run for each in found if isinstance(each, _Marked)]
    shown = run_notebooks(runs, engine=orders[0].engine) if runs else iter(())
    return [
        each if isinstance(each, Outcome) else _compared(each, shown) for each in found
    ]


@dataclass(frozen=True, slots=True)
class _Marked:
    """An order whose mark is found; its notebook has not run yet."""

    order: Order
    exercise: Exercise
    mark: MarkRecord
    run: ExerciseRun


def _marked(order: Order) -> _Marked | Outcome:
    try:
        marker = _read(order).marker(order.exercise)
        _prepare(order, marker)
        exercise = marker.exercise
        raw = {
            "exercise": exercise.id,
            "attempt": order.attempt,
            "answers": {case: dict(each) for case, each in order.answers.items()},
        }
        answers = validate_answers(exercise.id, marker.asked, raw).by_case
        mark = marker.mark(answers, attempt=order.attempt).record
    except Exception as error:  # it is one attempt, and the others go on
        return _failed(order, error)
    parameters = ExerciseParameters(order.agent, exercise.id, order.attempt, answers)
    places = Places(content=Path(order.content))
    run = ExerciseRun(Path(order.notebook), parameters, places)
    return _Marked(order, exercise, mark, run)


def _compared(marked: _Marked, shown: Iterator[Ran | Exception]) -> Outcome:
    """Take the next mark that a notebook has shown, if it is the one that was found."""
    order, exercise, mark = marked.order, marked.exercise, marked.mark
    try:
        ran = next(shown)
    except Exception as error:  # as above
        ran = error
    if isinstance(ran, Exception):
        return _failed(order, ran)
    if ran.mark != mark:
        problem = say("marking.run.differs", shown=ran.mark.percent, found=mark.percent)
        return _failed(order, RunFailed(exercise=exercise.id, problem=problem))
    return Outcome(
        marked.run.parameters,
        exercise.title,
        exercise.playbook.digest,
        order.criteria,
        ran,
    )


def _failed(order: Order, error: Exception) -> Outcome:
    """Say why an attempt could not be marked."""
    parameters = order.parameters
    if isinstance(error, RunFailed):
        return Outcome(parameters, problem=str(error), log=error.log)
    if isinstance(error, KitError | OSError):
        return Outcome(parameters, problem=str(error))
    problem = say("marking.grade.incident", log=f"{order.attempt}.log")
    log = "".join(traceback.format_exception(error))
    return Outcome(parameters, problem=problem, log=log)


def _read(order: Order) -> Warm:
    """Read the content of an order, again if it is not what was ordered.

    Raises:
        RunFailed: This machine has other content than the one that ordered.
    """
    folder = Path(order.content)
    if keep_warm(folder).criteria(order.exercise) != order.criteria:
        let_go(folder)
    warm = keep_warm(folder)
    if warm.criteria(order.exercise) != order.criteria:
        problem = say("marking.grade.other-content")
        raise RunFailed(exercise=order.exercise, problem=problem)
    return warm


def _prepare(order: Order, marker: Marker) -> None:
    """Do once in a process what all of its children would have to do.

    What fails here fails in an attempt, too, if it matters to it.
    """
    place = (order.content, order.exercise, order.warm_up)
    if place not in _PREPARED:
        _PREPARED.add(place)
        try:
            order.warm_up(marker)
        except Exception:
            _logger.info("%s could not be prepared", order.exercise, exc_info=True)

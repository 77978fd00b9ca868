"""Grade what was handed in: order every mark, keep each report and each mark.

The notebook shows the mark and the same pure function finds it again; if the two ever
differ, nothing is kept. One attempt that cannot be marked is named and stops no other.
What is marked is in the records, and nowhere else: whenever grading is stopped, the
next call goes on from there.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from pathlib import Path

import filelock

from ..catalogue import say
from ..content.library import Library
from ..errors import BadRecord, CannotStart, KitError
from .answers import MarkRecord
from .crews import crew
from .criteria import kept_criteria
from .events import Marked
from .marks import Marker
from .orders import Order, Outcome, carry_out
from .progress import AttemptProgress, progress_of
from .records import append_event, read_events
from .runner import FORKED, keep_log, keep_run

MOST_WAITING = 32
"""How many orders are given out ahead; more would only fill the memory."""


@dataclass(frozen=True, slots=True)
class Graded:
    """What came of one attempt."""

    agent: str
    """Id of the agent; empty where a record file could not be read."""

    mark: MarkRecord | None
    """Its mark; ``None`` if it could not be marked."""

    words: str
    """The same in a sentence."""


@dataclass(frozen=True, slots=True)
class Grading:
    """How a workspace is graded."""

    library: Library
    """The content by which is marked, unless older criteria were kept."""

    workspace: Path
    """The folder with ``records/``; reports go to ``reports/``."""

    clock: Callable[[], datetime]
    """Tells the moment that is written into the records, in UTC."""

    agent: str | None = None
    """Only this agent; ``None`` for all."""

    jobs: int = 1
    """How many processes work at the same time."""

    cluster: str | None = None
    """``dask://HOST:PORT`` to have it done by the workers of a cluster."""

    engine: str = FORKED
    """How notebooks are run: see ``runner.ENGINES``."""

    warm_up: Callable[[Marker], None] = lambda _: None
    """Called once in each process before its first notebook."""


def grade_all(
    grading: Grading, *, count: Callable[[int], None] = lambda _: None
) -> Iterator[Graded]:
    """Mark every attempt that waits for its mark.

    Args:
        grading: How.
        count: Told how many attempts wait, before the first is marked.

    Raises:
        CannotStart: Somebody else is grading here, or there is no such cluster.
    """
    with _alone(grading.workspace):
        orders, unread = _orders(grading)
        count(len(orders))
        yield from unread
        left: Sequence[Order] = orders
        while left:
            left = yield from _graded(grading, left)


@contextmanager
def _alone(workspace: Path) -> Iterator[None]:
    """Let nobody else grade here at the same time: no attempt is marked twice.

    Raises:
        CannotStart: Somebody else does, or nothing can be written here.
    """
    try:
        workspace.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(workspace / "grading.lock", timeout=0):
            yield
    except filelock.Timeout as error:
        raise CannotStart(
            problem=say("marking.grade.busy", folder=workspace),
            fix=say("marking.grade.busy-fix"),
        ) from error


def _graded(
    grading: Grading, orders: Sequence[Order]
) -> Generator[Graded, None, Sequence[Order]]:
    """Have orders carried out; what a broken crew has left undone is given back."""
    rest = list(reversed(orders))
    given: dict[Future[Outcome], Order] = {}
    with crew(grading.jobs, grading.cluster) as executor:
        while rest or given:
            while rest and len(given) < MOST_WAITING:
                order = rest.pop()
                given[executor.submit(carry_out, order)] = order
                if grading.jobs == 1 and grading.cluster is None:
                    break
            done, _ = wait(given, return_when=FIRST_COMPLETED)
            for future in done:
                order = given.pop(future)
                try:
                    outcome = future.result()
                except BrokenProcessPool:
                    yield _refused(order, say("marking.grade.worker-ended"))
                    return [*given.values(), *reversed(rest)]
                yield _kept(grading, order, outcome)
    return []


def _orders(grading: Grading) -> tuple[list[Order], list[Graded]]:
    orders: list[Order] = []
    unread: list[Graded] = []
    content = cache(partial(_content_of, grading))
    for path in sorted((grading.workspace / "records").glob("*.jsonl")):
        if grading.agent is not None and path.stem != grading.agent:
            continue
        try:
            waiting = progress_of(read_events(path)).unmarked
        except BadRecord as error:
            unread.append(Graded("", None, str(error)))
            continue
        for each in waiting:
            folder = content(each.criteria, each.exercise)
            orders.append(_order(grading, folder, path.stem, each))
    return orders, unread


def _order(
    grading: Grading, content: Path, agent: str, attempt: AttemptProgress
) -> Order:
    return Order(
        content=str(content),
        agent=agent,
        exercise=attempt.exercise,
        attempt=attempt.attempt,
        answers=attempt.answers,
        engine=grading.engine,
        warm_up=grading.warm_up,
    )


def _content_of(grading: Grading, criteria: str | None, exercise: str) -> Path:
    """The content of the day on which an attempt was begun, else that of today."""
    if criteria is not None:
        kept = kept_criteria(grading.workspace, criteria, exercise)
        if kept is not None:
            return kept
    return grading.library.folder


def _kept(grading: Grading, order: Order, outcome: Outcome) -> Graded:
    """Write report and mark, and say what came of it."""
    if outcome.ran is None:
        return _not_marked(grading, order, outcome)
    try:
        run = keep_run(outcome.ran, outcome.parameters, grading.workspace)
        event = Marked(
            at=grading.clock(),
            agent=order.agent,
            playbook=outcome.playbook,
            report=run.report,
            criteria=outcome.criteria,
            **run.mark.model_dump(),
        )
        append_event(grading.workspace, event)
    except (KitError, OSError) as error:
        return _refused(order, error)
    words = say(
        "marking.grade.done" if event.passed else "marking.grade.not-passed",
        agent=order.agent,
        title=outcome.title,
        attempt=order.attempt,
        percent=event.percent,
        report=grading.workspace / event.report,
    )
    return Graded(order.agent, event.mark, words)


def _not_marked(grading: Grading, order: Order, outcome: Outcome) -> Graded:
    try:
        keep_log(outcome.log, outcome.parameters, grading.workspace)
    except OSError:  # the sentence is worth more than its details
        return _refused(order, outcome.problem)
    return _refused(order, outcome.problem)


def _refused(order: Order, problem: object) -> Graded:
    words = say(
        "marking.grade.failed",
        agent=order.agent,
        exercise=order.exercise,
        attempt=order.attempt,
        problem=problem,
    )
    return Graded(order.agent, None, words)

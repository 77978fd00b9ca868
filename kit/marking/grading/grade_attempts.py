"""Grade what was handed in: order every mark, keep each report and each mark.

The notebook shows the mark and the same pure function finds it again; if the two ever
differ, nothing is kept. One attempt that cannot be marked is named and stops no other.
What is marked is in the records, and nowhere else: whenever grading is stopped, the
next call goes on from there.
"""

import traceback
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial
from pathlib import Path

import filelock

from ...catalogue import say
from ...content.exercises import NOTEBOOK
from ...content.library import Library
from ...errors import BadRecord, CannotStart, KitError
from ...practice.wording import cases_words
from ..marks.content_cache import keep_warm, let_go
from ..marks.marks import Marker
from ..marks.snapshots import kept_criteria
from ..records.answers import MarkRecord
from ..records.events import Event, Marked, Overridden, hash_of_answers
from ..records.progress import AttemptProgress, progress_of
from ..records.store import append_unless, read_events, record_files, record_path
from .executors import crew, lonely_worker
from .jobs import Order, Outcome, carry_out
from .report_files import keep_log, keep_run, note_by_hand
from .runner import FORKED

MOST_TOGETHER = 16
"""How many attempts are marked at a time, so that their notebooks share a process."""

MOST_WAITING = 32
"""How many such parts are given out ahead; more would only fill the memory."""


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

    lengths: dict[Path, int] = field(default_factory=dict)
    """How long each file of records was when it was last read or written here."""

    overrides: dict[tuple[str, str, str], Overridden] = field(default_factory=dict)
    """Marks that were set by hand since then, by agent, exercise and attempt."""


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
            suspects, left = yield from _graded(grading, left)
            yield from _one_by_one(grading, suspects)


@contextmanager
def _alone(workspace: Path) -> Iterator[None]:
    """Let nobody else grade here at the same time: no attempt is marked twice.

    Raises:
        CannotStart: Somebody else does, or nothing can be written here.
    """
    lock = filelock.FileLock(workspace / "grading.lock", timeout=0)
    try:
        workspace.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except filelock.Timeout as error:
        raise CannotStart(
            problem=say("marking.grade.busy", folder=workspace),
            fix=say("marking.grade.busy-fix"),
        ) from error
    except OSError as error:
        raise CannotStart(
            problem=say("marking.record.not-saved", path=workspace),
            fix=say("marking.record.not-saved-fix"),
        ) from error
    with lock:
        lock.release()  # ``with`` has taken it a second time
        yield


def _graded(
    grading: Grading, orders: Sequence[Order]
) -> Generator[Graded, None, tuple[Sequence[Order], Sequence[Order]]]:
    """Have orders carried out.

    Returns:
        If the crew broke: the orders one of which has broken it, and the rest.
    """
    alone = grading.jobs == 1 and grading.cluster is None
    ahead = 1 if alone else MOST_WAITING
    rest = list(reversed(_parts(orders, 1 if alone else grading.jobs)))
    given: dict[Future[list[Outcome]], Sequence[Order]] = {}
    with crew(grading.jobs, grading.cluster) as executor:
        while rest or given:
            try:
                while rest and len(given) < ahead:
                    given[executor.submit(carry_out, rest[-1])] = rest[-1]
                    rest.pop()
                done, _ = wait(given, return_when=FIRST_COMPLETED)
                outcomes = {each: _outcomes(given[each], each) for each in done}
            except BrokenExecutor:
                return _all_of(given.values()), _all_of(reversed(rest))
            for part, found in outcomes.items():
                for order, outcome in zip(given.pop(part), found, strict=True):
                    yield _kept(grading, order, outcome)
    return [], []


def _parts(orders: Sequence[Order], workers: int) -> list[Sequence[Order]]:
    """Cut orders into parts: small enough that every worker has several."""
    size = min(MOST_TOGETHER, max(1, len(orders) // (4 * workers)))
    return [orders[at : at + size] for at in range(0, len(orders), size)]


def _all_of(parts: Iterable[Sequence[Order]]) -> list[Order]:
    return [order for part in parts for order in part]


def _outcomes(
    orders: Sequence[Order], future: Future[list[Outcome]]
) -> Sequence[Outcome]:
    """What came of orders, also where a cluster gave up on them.

    Raises:
        BrokenExecutor: A process of the crew has ended; nobody knows by which order.
    """
    try:
        return future.result()
    except BrokenExecutor:
        raise
    except Exception:  # what a cluster raises has no common base
        return [
            Outcome(
                order.parameters,
                problem=say("marking.grade.incident", log=f"{order.attempt}.log"),
                log=traceback.format_exc(),
            )
            for order in orders
        ]


def _one_by_one(grading: Grading, suspects: Sequence[Order]) -> Iterator[Graded]:
    """Carry out orders each in a process of its own, and name those that end it."""
    for order in suspects:
        with lonely_worker() as worker:
            try:
                (outcome,) = worker.submit(carry_out, [order]).result()
            except BrokenExecutor:
                yield _refused(order, say("marking.grade.worker-ended"))
                continue
        yield _kept(grading, order, outcome)


def _orders(grading: Grading) -> tuple[list[Order], list[Graded]]:
    orders: list[Order] = []
    unread: list[Graded] = []
    let_go(grading.library.folder)
    found = cache(partial(_content_of, grading))
    for path in record_files(grading.workspace, grading.agent):
        try:
            grading.lengths[path] = path.stat().st_size
            waiting = progress_of(read_events(path)).unmarked
        except BadRecord as error:
            unread.append(Graded("", None, str(error)))
            continue
        for each in waiting:
            content = found(each.criteria, each.exercise)
            orders.append(_order(grading, content, path.stem, each))
    return orders, unread


def _order(
    grading: Grading, content: tuple[Path, str], agent: str, attempt: AttemptProgress
) -> Order:
    folder, criteria = content
    exercise = grading.library.folder / "exercises" / attempt.exercise
    return Order(
        content=str(folder),
        criteria=criteria,
        notebook=str(exercise / NOTEBOOK),
        agent=agent,
        exercise=attempt.exercise,
        attempt=attempt.attempt,
        answers=attempt.answers,
        engine=grading.engine,
        warm_up=grading.warm_up,
        override=attempt.override,
    )


def _content_of(
    grading: Grading, criteria: str | None, exercise: str
) -> tuple[Path, str]:
    """The content of the day on which an attempt was begun, else that of today."""
    if criteria is not None:
        kept = kept_criteria(grading.workspace, criteria, exercise)
        if kept is not None:
            return kept, criteria
    folder = grading.library.folder
    try:
        return folder, keep_warm(folder).criteria(exercise)
    except KitError:  # whoever carries out the order finds it, too, and says so
        return folder, ""


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
            criteria=outcome.criteria or None,
            handed_in=hash_of_answers(order.answers),
            **run.mark.model_dump(),
        )
        _keep_once(grading, event)
    except KitError as error:
        return _refused(order, error)
    except OSError as error:
        folder = grading.workspace / "reports"
        return _refused(order, say("marking.grade.not-saved", folder=folder, why=error))
    place = (order.agent, order.exercise, order.attempt)
    override = grading.overrides.get(place, order.override)
    if override is not None:
        note_by_hand(grading.workspace, override)
    words = say(
        f"marking.grade.{_result(event, override)}",
        agent=order.agent,
        title=outcome.title,
        attempt=order.attempt,
        percent=event.percent,
        cases=cases_words(event.critical),
        report=grading.workspace / event.report,
        by=override.by if override else "",
        counts=override.percent if override else "",
    )
    return Graded(order.agent, event.mark, words)


def _result(event: Marked, override: Overridden | None) -> str:
    if override is not None:
        return "by-hand"
    if event.passed:
        return "done"
    return "critical" if event.critical else "not-passed"


def _keep_once(grading: Grading, event: Marked) -> None:
    """Write a mark, unless records that came in meanwhile hold one already."""
    path = record_path(grading.workspace, event.agent)
    place = (event.exercise, event.attempt, event.handed_in)

    def is_there(events: Sequence[Event]) -> bool:
        for each in events:
            if isinstance(each, Overridden):
                by_hand = (each.agent, each.exercise, each.attempt)
                grading.overrides[by_hand] = each
        return place in {
            (each.exercise, each.attempt, each.handed_in)
            for each in events
            if isinstance(each, Marked)
        }

    known = grading.lengths.get(path)
    kept = append_unless(grading.workspace, event, is_there, known=known)
    if kept is not None:
        grading.lengths[path] = kept.length


def _not_marked(grading: Grading, order: Order, outcome: Outcome) -> Graded:
    with suppress(OSError):  # the sentence is worth more than its details
        keep_log(outcome.log, outcome.parameters, grading.workspace)
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

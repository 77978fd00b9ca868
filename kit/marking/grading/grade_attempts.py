"""Grade the attempts of a workspace: run a job for each, store its report and mark.

The mark is computed twice: by the notebook and by the same pure function outside of it.
If the two differ, nothing is stored. An attempt that cannot be marked is reported and
stops no other one. Grading can be interrupted at any time: the records alone tell which
attempts have a mark, and the next run continues from there.
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
from ..marks.content_cache import cached_content, invalidate
from ..marks.marks import Marker
from ..marks.snapshots import kept_criteria
from ..records.answers import MarkRecord
from ..records.events import Event, Marked, Overridden, hash_of_answers
from ..records.progress import AttemptProgress, progress_of
from ..records.store import append_unless, read_events, record_files, record_path
from .executors import executor_for, single_worker_executor
from .jobs import Job, JobResult, run_jobs
from .report_files import keep_log, keep_run, note_by_hand
from .runner import FORKED

MOST_ATTEMPTS_IN_BATCH = 16
"""How many attempts one batch has; their notebooks can share a process."""

MOST_BATCHES_AHEAD = 32
"""How many batches are submitted ahead; more would only take memory."""


@dataclass(frozen=True, slots=True)
class GradedAttempt:
    """The result of grading one attempt."""

    agent: str
    """Id of the agent; empty where a record file could not be read."""

    mark: MarkRecord | None
    """Its mark; ``None`` if grading failed."""

    words: str
    """The result as a sentence."""


@dataclass(frozen=True, slots=True)
class Grading:
    """The settings of one grading run, and what it knows of the record files."""

    library: Library
    """The content to mark by, where an attempt has no criteria of its own."""

    workspace: Path
    """The folder with ``records/``; reports go to ``reports/``."""

    clock: Callable[[], datetime]
    """Returns the time that is written into the records, in UTC."""

    agent: str | None = None
    """Only this agent; ``None`` for all."""

    jobs: int = 1
    """The number of worker processes."""

    cluster: str | None = None
    """``dask://HOST:PORT`` to grade on a Dask cluster; ``None`` for this machine."""

    engine: str = FORKED
    """The engine that runs notebooks: one of ``runner.ENGINES``."""

    warm_up: Callable[[Marker], None] = lambda _: None
    """Called once per process and exercise, before the first notebook runs."""

    lengths: dict[Path, int] = field(default_factory=dict)
    """The length in bytes of each record file when it was last read or written."""

    overrides: dict[tuple[str, str, str], Overridden] = field(default_factory=dict)
    """Marks set by hand since the run began, by agent, exercise and attempt."""


def grade_all(
    grading: Grading, *, count: Callable[[int], None] = lambda _: None
) -> Iterator[GradedAttempt]:
    """Grade every attempt that has no mark yet.

    Args:
        grading: The settings.
        count: Called with the number of such attempts, before the first is graded.

    Yields:
        One result for each attempt, as soon as it is stored.

    Raises:
        CannotStart: Another process is grading this workspace, the workspace cannot be
            written to, or the cluster cannot be reached.
    """
    with _grading_lock(grading.workspace):
        jobs, unread = _waiting_jobs(grading)
        count(len(jobs))
        yield from unread
        left: Sequence[Job] = jobs
        while left:
            suspects, left = yield from _run_all(grading, left)
            yield from _one_by_one(grading, suspects)


@contextmanager
def _grading_lock(workspace: Path) -> Iterator[None]:
    """Hold the grading lock of a workspace, so that no attempt is graded twice.

    Raises:
        CannotStart: Another process holds it, or the workspace cannot be written to.
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


def _run_all(
    grading: Grading, jobs: Sequence[Job]
) -> Generator[GradedAttempt, None, tuple[Sequence[Job], Sequence[Job]]]:
    """Run jobs on an executor and store their results.

    Returns:
        If a worker process died: the jobs that were running then, one of which has
        killed it, and the jobs that were not submitted. Otherwise two empty lists.
    """
    given: dict[Future[list[JobResult]], Sequence[Job]] = {}
    with executor_for(grading.jobs, grading.cluster) as (executor, workers):
        is_inline = grading.jobs == 1 and grading.cluster is None
        ahead = 1 if is_inline else max(MOST_BATCHES_AHEAD, 2 * workers)
        rest = list(reversed(_batches(jobs, workers)))
        while rest or given:
            try:
                while rest and len(given) < ahead:
                    given[executor.submit(run_jobs, rest[-1])] = rest[-1]
                    rest.pop()
                done, _ = wait(given, return_when=FIRST_COMPLETED)
                results = {each: _results_of(given[each], each) for each in done}
            except BrokenExecutor:
                return _flattened(given.values()), _flattened(reversed(rest))
            for part, found in results.items():
                for job, result in zip(given.pop(part), found, strict=True):
                    yield _stored(grading, job, result)
    return [], []


def _batches(jobs: Sequence[Job], workers: int) -> list[Sequence[Job]]:
    """Cut jobs into batches, small enough that every worker gets several."""
    size = min(MOST_ATTEMPTS_IN_BATCH, max(1, len(jobs) // (4 * workers)))
    return [jobs[at : at + size] for at in range(0, len(jobs), size)]


def _flattened(parts: Iterable[Sequence[Job]]) -> list[Job]:
    return [job for part in parts for job in part]


def _results_of(
    jobs: Sequence[Job], future: Future[list[JobResult]]
) -> Sequence[JobResult]:
    """Return the results of a batch; an error of the cluster fails all of its jobs.

    Raises:
        BrokenExecutor: A worker process has died; which job killed it is unknown.
    """
    try:
        return future.result()
    except BrokenExecutor:
        raise
    except Exception:  # what a cluster raises has no common base
        return [
            JobResult(
                job.parameters,
                problem=say("marking.grade.incident", log=f"{job.attempt}.log"),
                log=traceback.format_exc(),
            )
            for job in jobs
        ]


def _one_by_one(grading: Grading, suspects: Sequence[Job]) -> Iterator[GradedAttempt]:
    """Run each job in a process of its own, and fail those that kill the process."""
    for job in suspects:
        with single_worker_executor() as worker:
            try:
                (result,) = worker.submit(run_jobs, [job]).result()
            except BrokenExecutor:
                yield _not_graded(job, say("marking.grade.worker-ended"))
                continue
        yield _stored(grading, job, result)


def _waiting_jobs(grading: Grading) -> tuple[list[Job], list[GradedAttempt]]:
    jobs: list[Job] = []
    unread: list[GradedAttempt] = []
    invalidate(grading.library.folder)
    found = cache(partial(_content_of, grading))
    for path in record_files(grading.workspace, grading.agent):
        try:
            grading.lengths[path] = path.stat().st_size
            waiting = progress_of(read_events(path)).unmarked
        except BadRecord as error:
            unread.append(GradedAttempt("", None, str(error)))
            continue
        for each in waiting:
            content = found(each.criteria, each.exercise)
            jobs.append(_job_for(grading, content, path.stem, each))
    return jobs, unread


def _job_for(
    grading: Grading, content: tuple[Path, str], agent: str, attempt: AttemptProgress
) -> Job:
    folder, criteria = content
    exercise = grading.library.folder / "exercises" / attempt.exercise
    return Job(
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
    """Return the content folder that an attempt is marked by, and its criteria hash.

    It is the content kept when the attempt began, or else the content of today.
    """
    if criteria is not None:
        kept = kept_criteria(grading.workspace, criteria, exercise)
        if kept is not None:
            return kept, criteria
    folder = grading.library.folder
    try:
        return folder, cached_content(folder).criteria(exercise)
    except KitError:  # the job fails with the same error, and reports it
        return folder, ""


def _stored(grading: Grading, job: Job, result: JobResult) -> GradedAttempt:
    """Write the report and the mark of a job to the workspace."""
    if result.ran is None:
        return _not_marked(grading, job, result)
    try:
        run = keep_run(result.ran, result.parameters, grading.workspace)
        event = Marked(
            at=grading.clock(),
            agent=job.agent,
            playbook=result.playbook,
            report=run.report,
            criteria=result.criteria or None,
            handed_in=hash_of_answers(job.answers),
            **run.mark.model_dump(),
        )
        _append_mark(grading, event)
    except KitError as error:
        return _not_graded(job, error)
    except OSError as error:
        folder = grading.workspace / "reports"
        return _not_graded(
            job, say("marking.grade.not-saved", folder=folder, why=error)
        )
    place = (job.agent, job.exercise, job.attempt)
    override = grading.overrides.get(place, job.override)
    if override is not None:
        note_by_hand(grading.workspace, override)
    words = say(
        f"marking.grade.{_result(event, override)}",
        agent=job.agent,
        title=result.title,
        attempt=job.attempt,
        percent=event.percent,
        cases=cases_words(event.critical),
        report=grading.workspace / event.report,
        by=override.by if override else "",
        counts=override.percent if override else "",
    )
    return GradedAttempt(job.agent, event.mark, words)


def _result(event: Marked, override: Overridden | None) -> str:
    if override is not None:
        return "by-hand"
    if event.passed:
        return "done"
    return "critical" if event.critical else "not-passed"


def _append_mark(grading: Grading, event: Marked) -> None:
    """Append a mark, unless records merged in the meantime have one already."""
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


def _not_marked(grading: Grading, job: Job, result: JobResult) -> GradedAttempt:
    with suppress(OSError):  # the sentence is worth more than its details
        keep_log(result.log, result.parameters, grading.workspace)
    return _not_graded(job, result.problem)


def _not_graded(job: Job, problem: object) -> GradedAttempt:
    words = say(
        "marking.grade.failed",
        agent=job.agent,
        exercise=job.exercise,
        attempt=job.attempt,
        problem=problem,
    )
    return GradedAttempt(job.agent, None, words)

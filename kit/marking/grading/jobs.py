"""Grading jobs: mark attempts and run their notebooks, in any process or machine.

A job holds only plain values and can be pickled. Running it writes nothing: the caller
stores the result.
"""

import logging
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from ...catalogue import say
from ...content.exercises import Exercise
from ...errors import KitError, RunFailed
from ..marks.content_cache import ContentCache, cached_content, invalidate
from ..marks.marks import Marker
from ..records.answers import MarkRecord, validate_answers
from ..records.events import Overridden
from .kernels import RunFolders
from .report_files import ExerciseParameters, RunOutput
from .runner import ExerciseRun, run_notebooks

_logger = logging.getLogger(__name__)
_PREPARED: set[tuple[object, ...]] = set()


@dataclass(frozen=True, slots=True)
class Job:
    """One attempt to mark."""

    content: str
    """The content folder that it is marked by."""

    criteria: str
    """The hash of the criteria, as computed by the submitting process."""

    notebook: str
    """Path of the notebook that shows the mark; it lies in the content folder."""

    agent: str
    """Id of the agent."""

    exercise: str
    """Id of the exercise."""

    attempt: str
    """Id of the attempt."""

    answers: Mapping[str, Mapping[str, str]]
    """The answers handed in: by case id, then by question key."""

    engine: str
    """The engine that runs the notebook: one of ``runner.ENGINES``."""

    warm_up: Callable[[Marker], None]
    """Called once per process and exercise, before the first notebook runs."""

    override: Overridden | None = None
    """The mark that a supervisor set by hand, if there is one already."""

    @property
    def parameters(self) -> ExerciseParameters:
        """The parameters of the notebook, with the answers not validated yet."""
        return ExerciseParameters(self.agent, self.exercise, self.attempt, self.answers)


@dataclass(frozen=True, slots=True)
class JobResult:
    """The result of a job."""

    parameters: ExerciseParameters
    """The parameters that the notebook was run with."""

    title: str = ""
    """The heading of the exercise."""

    playbook: str = ""
    """The hash of the playbook that it was marked by."""

    criteria: str | None = None
    """The hash of the criteria that it was marked by."""

    ran: RunOutput | None = None
    """Mark and report; ``None`` if the job failed."""

    problem: str = ""
    """Why it failed, as a sentence; empty if it did not."""

    log: str = ""
    """Details of the failure, for debugging."""

    @property
    def mark(self) -> MarkRecord | None:
        """The mark; ``None`` if the job failed."""
        return self.ran.mark if self.ran else None


def run_jobs(jobs: Sequence[Job]) -> list[JobResult]:
    """Run jobs; a failure is reported in the result of its job and never raised.

    All attempts are marked before the first notebook runs, so that the forked children
    inherit the content that marking has read.

    Args:
        jobs: The jobs; all must name the same engine.

    Returns:
        One result for each job, in the order of the jobs.
    """
    found = [_marked(each) for each in jobs]
    runs = [each.run for each in found if isinstance(each, _MarkedJob)]
    with closing(run_notebooks(runs, engine=jobs[0].engine)) as shown:
        return [
            each if isinstance(each, JobResult) else _verified_result(each, shown)
            for each in found
        ]


@dataclass(frozen=True, slots=True)
class _MarkedJob:
    """A job whose mark is computed, but whose notebook has not run yet."""

    job: Job
    exercise: Exercise
    mark: MarkRecord
    run: ExerciseRun


def _marked(job: Job) -> _MarkedJob | JobResult:
    try:
        marker = _content_of(job).marker(job.exercise)
        _prepare(job, marker)
        exercise = marker.exercise
        raw = {
            "exercise": exercise.id,
            "attempt": job.attempt,
            "answers": {case: dict(each) for case, each in job.answers.items()},
        }
        answers = validate_answers(exercise.id, marker.asked, raw).by_case
        mark = marker.mark(answers, attempt=job.attempt).record
    except Exception as error:  # one attempt fails; the others go on
        return _failure(job, error)
    parameters = ExerciseParameters(job.agent, exercise.id, job.attempt, answers)
    folders = RunFolders(content=Path(job.content))
    run = ExerciseRun(Path(job.notebook), parameters, folders)
    return _MarkedJob(job, exercise, mark, run)


def _verified_result(
    marked: _MarkedJob, shown: Iterator[RunOutput | Exception]
) -> JobResult:
    """Compare the next mark that a notebook shows with the one computed here."""
    job, exercise, mark = marked.job, marked.exercise, marked.mark
    try:
        ran = next(shown)
    except Exception as error:  # as above
        ran = error
    if isinstance(ran, Exception):
        return _failure(job, ran)
    if ran.mark != mark:
        problem = say("marking.run.differs", shown=ran.mark.percent, found=mark.percent)
        return _failure(job, RunFailed(exercise=exercise.id, problem=problem))
    return JobResult(
        marked.run.parameters,
        exercise.title,
        exercise.playbook.digest,
        job.criteria,
        ran,
    )


def _failure(job: Job, error: Exception) -> JobResult:
    """Make the result of a job that failed."""
    parameters = job.parameters
    if isinstance(error, RunFailed):
        return JobResult(parameters, problem=str(error), log=error.log)
    if isinstance(error, KitError | OSError):
        return JobResult(parameters, problem=str(error))
    problem = say("marking.grade.incident", log=f"{job.attempt}.log")
    log = "".join(traceback.format_exception(error))
    return JobResult(parameters, problem=problem, log=log)


def _content_of(job: Job) -> ContentCache:
    """Return the content of a job, read again if the cached one has other criteria.

    Raises:
        RunFailed: The content on this machine differs from that of the submitter.
    """
    folder = Path(job.content)
    if cached_content(folder).criteria(job.exercise) != job.criteria:
        invalidate(folder)
    content = cached_content(folder)
    if content.criteria(job.exercise) != job.criteria:
        problem = say("marking.grade.other-content")
        raise RunFailed(exercise=job.exercise, problem=problem)
    return content


def _prepare(job: Job, marker: Marker) -> None:
    """Call the warm-up once per process, so that forked children inherit its effects.

    An error is only logged: if it matters, the attempt fails with it, too.
    """
    place = (job.content, job.exercise, job.warm_up)
    if place not in _PREPARED:
        _PREPARED.add(place)
        try:
            job.warm_up(marker)
        except Exception:
            _logger.info("%s could not be prepared", job.exercise, exc_info=True)

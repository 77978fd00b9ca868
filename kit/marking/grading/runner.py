"""Run an exercise notebook with an agent's answers, and write down what it shows.

Papermill gets a notebook and two fixed parameters, never a path and never a name from
outside; how it runs the cells is known here and in ``forked``. Whatever goes wrong
becomes one sentence; the details go into a log beside the report. The notebook says
what the mark is, this module only carries it.
"""

import ast
import json
import re
import tempfile
import traceback
from collections.abc import Generator, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from ...catalogue import in_one_line, say
from ...errors import BadAnswers, RunFailed, needing
from ..records.answers import (
    AgentId,
    HandedInAnswers,
    MarkRecord,
    StrictModel,
    first_problem,
)
from ..records.atomic_files import replace_file
from . import forked
from .kernels import Kernel, RunFolders
from .processes import CAN_FORK
from .report_files import (
    ExerciseParameters,
    RunOutput,
    RunResult,
    keep_log,
    keep_run,
    page_words,
)

with needing("grade"):
    import nbformat
    import papermill  # type: ignore[import-untyped]
    from nbformat import NotebookNode

MARK_MIME = "application/vnd.aftersales-kit.mark+json"
PARAMETER_NAMES = ("answers", "attempt")
LONGEST_CELL_SECONDS = 120

FORKED, PAPERMILL = "forked", "papermill"
ENGINES = (FORKED, PAPERMILL)
"""How the cells are run: in a forked child, or in a kernel as papermill starts it."""

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True, slots=True)
class ExerciseRun:
    """One attempt with the notebook that shows its mark."""

    notebook: Path
    """The notebook. It is code: only ever one that we ship, or a company's own."""

    parameters: ExerciseParameters
    """The attempt."""

    folders: RunFolders
    """The folders that the notebook works with."""


@dataclass(frozen=True, slots=True)
class _Started:
    """A notebook that was read, with what it gets."""

    parameters: ExerciseParameters
    source: NotebookNode
    given: Mapping[str, object]
    kernel: Kernel

    @property
    def forked_run(self) -> forked.NotebookRun:
        """The same for a forked child."""
        kernel = self.kernel
        around = forked.RunEnvironment(
            kernel.environment(), kernel.start, kernel.stderr
        )
        return forked.NotebookRun(self.source, self.given, around)


def run_exercise(  # noqa: PLR0913 (all but the first three have a default)
    notebook: Path,
    parameters: ExerciseParameters,
    out: Path,
    *,
    folders: RunFolders | None = None,
    cell_seconds: int = LONGEST_CELL_SECONDS,
    engine: str = PAPERMILL,
) -> RunResult:
    """Run one notebook of the kit apart from all others, and write its report.

    Args:
        notebook: The exercise notebook. It is code: only ever one that we ship, or
            that a company wrote itself.
        parameters: The attempt.
        out: The folder under which ``reports/<agent>/<exercise>/`` stands.
        folders: The folders that the notebook works with.
        cell_seconds: How long one cell may take.
        engine: ``FORKED`` or ``PAPERMILL``.

    Raises:
        BadAnswers: The answers are too large or not in the agreed shape.
        RunFailed: The notebook cannot be run, raises an error, takes too long, or
            does not show exactly one mark for this attempt.
    """
    try:
        ran = run_notebook(
            notebook, parameters, folders or RunFolders(), cell_seconds, engine
        )
    except RunFailed as failed:
        keep_log(failed.log, parameters, out)
        raise
    return keep_run(ran, parameters, out)


def run_notebook(
    notebook: Path,
    parameters: ExerciseParameters,
    folders: RunFolders,
    cell_seconds: int = LONGEST_CELL_SECONDS,
    engine: str = PAPERMILL,
) -> RunOutput:
    """Run one notebook and write nothing; ``run_exercise`` says the rest.

    Raises:
        BadAnswers: The answers are too large or not in the agreed shape.
        RunFailed: It cannot be run; its ``log`` holds the details, if there are any.
    """
    exercise = ExerciseRun(notebook, parameters, folders)
    (ran,) = run_notebooks([exercise], cell_seconds, engine)
    if isinstance(ran, Exception):
        raise ran
    return ran


def run_notebooks(
    exercises: Sequence[ExerciseRun],
    cell_seconds: int = LONGEST_CELL_SECONDS,
    engine: str = PAPERMILL,
) -> Generator[RunOutput | Exception]:
    """Run notebooks one after the other; one that fails stops no other.

    Args:
        exercises: What is run.
        cell_seconds: How long one cell may take.
        engine: ``FORKED``, which can run several in one process, or ``PAPERMILL``.

    Yields:
        For each, in order, what it has shown, or why it could not be run.
    """
    with tempfile.TemporaryDirectory(prefix="kit-", ignore_cleanup_errors=True) as name:
        started = [
            _start(each, Path(name, str(number)))
            for number, each in enumerate(exercises)
        ]
        ready = [each for each in started if not isinstance(each, Exception)]
        done = _run_all(ready, cell_seconds, engine)
        for each in started:
            if isinstance(each, Exception):
                yield each
                continue
            try:
                yield _shown(each, next(done), cell_seconds)
            except Exception as error:  # what writes a page shares no base class
                yield error


def _start(exercise: ExerciseRun, private: Path) -> _Started | Exception:
    parameters = exercise.parameters
    try:
        _check(parameters)
        source = _read_notebook(exercise.notebook, parameters.exercise)
    except (BadAnswers, RunFailed) as error:
        return error
    private.mkdir()
    kernel = Kernel(private, exercise.notebook.parent, exercise.folders)
    given = {"answers": _plain(parameters.answers), "attempt": parameters.attempt}
    return _Started(parameters, source, given, kernel)


def _shown(
    started: _Started, done: NotebookNode | Exception, cell_seconds: int
) -> RunOutput | Exception:
    parameters = started.parameters
    if isinstance(done, Exception):
        key = "too-slow" if isinstance(done, TimeoutError) else "stopped"
        log = f"{parameters.attempt}.log"
        failed = RunFailed(
            exercise=parameters.exercise,
            problem=say(f"marking.run.{key}", log=log, seconds=cell_seconds),
            log=_details(done, started.kernel.stderr),
        )
        failed.__cause__ = done
        return failed
    try:
        mark = mark_of(done, parameters)
    except RunFailed as failed:
        return failed
    _tidy(done)
    # Which Python ran it says nothing about the mark; the same mark is the same file.
    done.metadata.pop("language_info", None)
    report = json.dumps(done, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    return RunOutput(mark, report, page_words(done, parameters))


def rerun_notebook(path: Path, folders: RunFolders) -> bool:
    """Run a lesson or exercise on its own and keep what it shows as text and tables.

    Returns:
        Whether the file changed.

    Raises:
        RunFailed: It cannot be read, or a cell raises an error.
    """
    source: NotebookNode = nbformat.read(  # type: ignore[no-untyped-call]
        path, as_version=4
    )
    with tempfile.TemporaryDirectory(prefix="kit-", ignore_cleanup_errors=True) as name:
        kernel = Kernel(Path(name), path.parent, folders)
        try:
            done = _execute_in_kernel(source, {}, kernel, LONGEST_CELL_SECONDS)
        except Exception as error:
            problem = str(error).strip().splitlines()[-1]
            raise RunFailed(exercise=path.name, problem=problem) from error
    _tidy(done)
    for output in _outputs(done):
        for mime in [each for each in output.get("data", {}) if "widget" in each]:
            del output.data[mime]
    text = json.dumps(done, ensure_ascii=False, indent=1) + "\n"
    if text == path.read_text(encoding="utf-8"):
        return False
    replace_file(path, text)
    return True


class _Owner(StrictModel):
    agent: AgentId


def _check(parameters: ExerciseParameters) -> None:
    try:
        _Owner(agent=parameters.agent)
        HandedInAnswers(
            exercise=parameters.exercise,
            attempt=parameters.attempt,
            answers=_plain(parameters.answers),
        )
    except ValidationError as error:
        exercise = in_one_line(parameters.exercise)
        raise BadAnswers(exercise=exercise, problem=first_problem(error)) from error


def _plain(
    answers: Mapping[str, Mapping[str, str | None]],
) -> dict[str, dict[str, str | None]]:
    """Papermill writes what is not a plain dict as text."""
    return {case: dict(each) for case, each in answers.items()}


def _read_notebook(path: Path, exercise: str) -> NotebookNode:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        problem = say("marking.run.unreadable")
        raise RunFailed(exercise=exercise, problem=problem) from error
    return deepcopy(_notebook_of(text, exercise))


@lru_cache(maxsize=16)
def _notebook_of(text: str, exercise: str) -> NotebookNode:
    """Read and check a notebook: once for all attempts that are run with it."""
    try:
        notebook: NotebookNode = nbformat.reads(  # type: ignore[no-untyped-call]
            text, as_version=4
        )
        cells = [
            str(cell.source)
            for cell in notebook.cells
            if "parameters" in cell.metadata.get("tags", [])
            and cell.cell_type == "code"
        ]
        nbformat.validate(notebook)
    except Exception as error:  # nbformat lets out whatever another shape provokes
        problem = say("marking.run.unreadable")
        raise RunFailed(exercise=exercise, problem=problem) from error

    if len(cells) != 1:
        raise RunFailed(exercise=exercise, problem=say("marking.run.no-cell"))

    # Papermill only logs a parameter that the notebook does not know.
    names = _names_set_by(cells[0])
    if names != sorted(PARAMETER_NAMES):
        wanted, found = ", ".join(PARAMETER_NAMES), ", ".join(names) or "–"
        problem = say("marking.run.names", wanted=wanted, found=found)
        raise RunFailed(exercise=exercise, problem=problem)
    return notebook


def _names_set_by(code: str) -> list[str]:
    try:
        statements = ast.parse(code).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []  # no code, a character that code cannot hold, or nested too deeply
    targets: list[ast.expr] = []
    for statement in statements:
        if isinstance(statement, ast.Assign):
            targets += statement.targets
        elif isinstance(statement, ast.AnnAssign):
            targets.append(statement.target)
    return sorted({ast.unparse(target) for target in targets})


def _run_all(
    started: Sequence[_Started], seconds: int, engine: str
) -> Iterator[NotebookNode | Exception]:
    """Run notebooks; whatever papermill and what it calls raise becomes a result."""
    if engine == FORKED and CAN_FORK:
        runs = [each.forked_run for each in started]
        yield from map(_ended, forked.execute(runs, seconds))
        return
    for each in started:
        try:
            done = _execute_in_kernel(each.source, each.given, each.kernel, seconds)
        except Exception as error:
            yield error
        else:
            yield _ended(done)


def _ended(done: NotebookNode | Exception) -> NotebookNode | Exception:
    """Papermill lets sys.exit() pass, although no later cell has run."""
    if not isinstance(done, Exception):
        for output in _outputs(done):
            if output.output_type == "error":
                return RuntimeError(output.ename)
    return done


def _execute_in_kernel(
    source: NotebookNode, given: Mapping[str, object], kernel: Kernel, seconds: int
) -> NotebookNode:
    # Papermill formats paths as templates; given none, it has none to format.
    done: NotebookNode = papermill.execute_notebook(
        source,
        None,
        parameters=dict(given),
        kernel_name="python3",
        language="python",
        progress_bar=False,
        log_output=False,
        execution_timeout=seconds,
        kernel_manager_class=kernel.manager(),
        record_timing=False,
        # A polite shutdown stalls for 3.3 s in one run of 25 (ipykernel 7.4).
        shutdown_kernel="immediate",
    )
    return done


def _outputs(notebook: NotebookNode) -> Iterator[NotebookNode]:
    for cell in notebook.cells:
        yield from cell.get("outputs", [])


def _details(error: Exception, stderr: Path) -> str:
    said = stderr.read_text(errors="replace") if stderr.exists() else ""
    trace = "".join(traceback.format_exception(error))
    return _COLOUR.sub("", f"{trace}\n{said}")


def mark_of(notebook: NotebookNode, parameters: ExerciseParameters) -> MarkRecord:
    """Find the mark that a notebook shows after its run.

    Raises:
        RunFailed: It does not show exactly one, or one for another attempt.
    """
    exercise = parameters.exercise
    shown = [
        output.data[MARK_MIME]
        for output in _outputs(notebook)
        if MARK_MIME in output.get("data", {})
    ]
    if len(shown) != 1:
        problem = say("marking.run.no-mark", count=len(shown))
        raise RunFailed(exercise=exercise, problem=problem)

    try:
        mark = MarkRecord.model_validate_json(json.dumps(shown[0]))
    except ValidationError as error:
        problem = say("marking.run.bad-mark", problem=first_problem(error))
        raise RunFailed(exercise=exercise, problem=problem) from error

    if (mark.exercise, mark.attempt) != (exercise, parameters.attempt):
        problem = say(
            "marking.run.other-mark", exercise=mark.exercise, attempt=mark.attempt
        )
        raise RunFailed(exercise=exercise, problem=problem)
    return mark


def _tidy(notebook: NotebookNode) -> None:
    """Keep what the notebook says; drop paths, times, widget states and warnings."""
    kept = ("kernelspec", "language_info")
    for name in [name for name in notebook.metadata if name not in kept]:
        del notebook.metadata[name]
    # Else each Python would change every page, although it says the same.
    notebook.metadata.get("language_info", {}).pop("version", None)
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.id = "injected-parameters"
        if cell.cell_type == "code":
            cell.outputs = [
                output for output in cell.outputs if output.get("name") != "stderr"
            ]

"""Run notebooks in a forked child of this process instead of a Jupyter kernel.

Papermill asks an engine to run the cells of a notebook. This one forks: the child has
everything that this process has already read, runs the cells in a shell and ends.
Notebooks that do nothing but call the kit can share a child, one after the other, each
with a fresh shell, environment and folder; any other notebook has a child of its own.
So no attempt sees anything of another one, and none pays for imports. It is not a
fence against foreign code, and need not be one: only notebooks of the content folder
are run, and what agents typed is data. Where a system cannot fork, papermill's own
engine is used.
"""

import ast
import gc
import json
import os
import random
import select
import signal
import sys
import threading
import time
from collections.abc import Generator, Iterator, Mapping, Sequence, Set
from contextlib import closing, contextmanager, suppress
from copy import deepcopy
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from itertools import repeat, takewhile
from pathlib import Path
from typing import Any

from ...errors import needing
from .inprocess_shell import prepared_shell, run_cells
from .processes import die_with_parent, own_library

with needing("grade"):
    from nbformat import NotebookNode, from_dict
    from papermill.engines import (  # type: ignore[import-untyped]
        Engine,
        papermill_engines,
    )
    from papermill.execute import (  # type: ignore[import-untyped]
        prepare_notebook_metadata,
        raise_for_execution_errors,
    )
    from papermill.parameterize import (  # type: ignore[import-untyped]
        parameterize_notebook,
    )

NAME = "kit-forked"

ALLOWED_MODULE = "kit.lesson"
"""The module whose calls leave no state that a notebook in the same child could see."""

_FORK_LOCK = threading.Lock()
"""Held while a fork is prepared, and from opening a pipe until this process has closed
the end for writing.

A child of another thread that was forked in between would hold it open, and nobody
would see that the first child has ended.
"""


@dataclass(frozen=True, slots=True)
class RunEnvironment:
    """The environment in which one notebook runs."""

    environment: Mapping[str, str]
    """The environment variables of its process."""

    start: Path
    """Its working directory."""

    log: Path
    """The file that receives stdout and stderr outside of cells."""


@dataclass(frozen=True, slots=True)
class NotebookRun:
    """One notebook to run."""

    source: NotebookNode
    """The notebook; it is modified."""

    given: Mapping[str, object]
    """The values of its parameters."""

    run_environment: RunEnvironment
    """The environment in which it runs."""


_CellOutcome = dict[str, Any]
"""The result of one cell: outputs, execution count, and whether it failed."""


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A notebook with its parameters filled in."""

    notebook: NotebookNode
    run_environment: RunEnvironment
    shares: bool

    @property
    def sources(self) -> list[str]:
        """The code of its cells."""
        return [str(cell.source) for _, cell in _code_cells(self.notebook)]


class ForkedEngine(Engine):  # type: ignore[misc]
    """A papermill engine that reads the results of cells from a forked child."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,  # noqa: ARG003
        log_output: bool = False,  # noqa: ARG003
        *,
        outcomes: Iterator[_CellOutcome],
        **_: Any,
    ) -> None:
        """Take the result of each cell in order, up to the first that fails."""
        for number, cell in _code_cells(nb_man.nb):
            nb_man.cell_start(cell, number)
            done = next(outcomes)
            cell.outputs = from_dict(  # type: ignore[no-untyped-call]
                done["outputs"]
            )
            cell.execution_count = done["count"]
            if done["failed"]:
                nb_man.cell_exception(cell, number)
                return
            nb_man.cell_complete(cell, number)


def execute(
    runs: Sequence[NotebookRun], seconds: float
) -> Generator[NotebookNode | Exception]:
    """Run notebooks with papermill and this engine.

    Args:
        runs: The notebooks.
        seconds: The timeout of one cell.

    Yields:
        For each notebook, in order, the executed notebook; or the error, if a cell
        raised one, exceeded the timeout or ended its process.
    """
    papermill_engines.register(NAME, ForkedEngine)
    prepared = [_prepared_or_error(each) for each in runs]
    ready = [each for each in prepared if isinstance(each, _Prepared)]
    with closing(_run_in_children(ready, seconds)) as results:
        for each in prepared:
            yield each if isinstance(each, Exception) else next(results)


def _run_in_children(
    left: Sequence[_Prepared], seconds: float
) -> Generator[NotebookNode | Exception]:
    try:
        with _FORK_LOCK:  # making a shell changes what all threads print to
            for each in left:
                import_ahead(each.sources)
            prepared_shell()
            prepare_memory()
    except Exception as error:
        yield from repeat(error, len(left))
        return
    while left:
        done = 0
        with closing(_run_in_one_child(_sharing_one_child(left), seconds)) as results:
            for result in results:
                if done and isinstance(result, Exception):
                    # It is run again with no notebook before it, as if never begun.
                    left[done].run_environment.log.unlink(missing_ok=True)
                    break
                done += 1
                yield result
        left = left[done:]


def _run_in_one_child(
    together: Sequence[_Prepared], seconds: float
) -> Generator[NotebookNode | Exception]:
    """Run notebooks in the same child, up to the first that fails."""
    # Closed here: what happens while it closes by itself, as Ctrl-C, is lost.
    with closing(_cell_outcomes(together, seconds)) as outcomes:
        for number, each in enumerate(together):
            # The first result of a notebook is final; another one may be run again.
            notebook = deepcopy(each.notebook) if number else each.notebook
            result = _execute(notebook, outcomes)
            yield result
            if isinstance(result, Exception):
                return


def _prepared_or_error(run: NotebookRun) -> _Prepared | Exception:
    try:
        return _prepared(run)
    except Exception as error:  # papermill and nbformat share no base class
        return error


def _prepared(run: NotebookRun) -> _Prepared:
    """Write the parameters into a notebook, as ``papermill.execute_notebook`` does.

    It writes the whole notebook out twice more even where there is nothing to write
    to, which takes as long as running the cells (papermill 2.7).
    """
    names = {"kernel_name": "python3", "language": "python", "engine_name": NAME}
    shares = _only_calls_the_kit(
        tuple(str(cell.source) for _, cell in _code_cells(run.source))
    )
    notebook = _with_papermill_metadata(run.source)
    notebook = _with_papermill_metadata(
        parameterize_notebook(notebook, dict(run.given), **names)
    )
    notebook = prepare_notebook_metadata(notebook, None, None, report_mode=False)
    return _Prepared(notebook, run.run_environment, shares)


def _execute(
    notebook: NotebookNode, outcomes: Iterator[_CellOutcome]
) -> NotebookNode | Exception:
    try:
        done: NotebookNode = papermill_engines.execute_notebook_with_engine(
            NAME, notebook, kernel_name="python3", progress_bar=False, outcomes=outcomes
        )
        raise_for_execution_errors(done, None)
    except Exception as error:
        return error
    return done


def _code_cells(notebook: NotebookNode) -> list[tuple[int, NotebookNode]]:
    cells = enumerate(notebook.cells)
    return [(number, cell) for number, cell in cells if cell.cell_type == "code"]


def _with_papermill_metadata(notebook: NotebookNode) -> NotebookNode:
    """Add the metadata fields that papermill fills in for each cell."""
    notebook.metadata.setdefault("papermill", NotebookNode())  # type: ignore[no-untyped-call]
    for cell in notebook.cells:
        cell.metadata.setdefault("tags", [])
        cell.metadata.setdefault("papermill", NotebookNode())  # type: ignore[no-untyped-call]
    return notebook


def _sharing_one_child(runs: Sequence[_Prepared]) -> list[_Prepared]:
    """Return the first notebook and those after it that can run in the same child."""
    together = list(takewhile(lambda each: each.shares, runs))
    return together or list(runs[:1])


@lru_cache(maxsize=64)
def _only_calls_the_kit(sources: tuple[str, ...]) -> bool:
    """Tell whether cells only import from ``kit.lesson``, assign and call its names.

    Such cells change nothing in their process that another notebook could see.
    """
    try:
        cells = [ast.parse(source).body for source in sources]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    statements = [statement for body in cells for statement in body]
    imports = [each for each in statements if isinstance(each, ast.ImportFrom)]
    if any(each.module != ALLOWED_MODULE or each.level for each in imports):
        return False
    known = {name.asname or name.name for each in imports for name in each.names}
    rest = [each for each in statements if not isinstance(each, ast.ImportFrom)]
    return all(_sets_a_name(each, known) or _calls(each, known) for each in rest)


def _sets_a_name(statement: ast.stmt, known: Set[str]) -> bool:
    """Tell whether a statement gives a literal to a name that was not imported."""
    return (
        isinstance(statement, ast.Assign)
        and all(
            isinstance(each, ast.Name) and each.id not in known
            for each in statement.targets
        )
        and _is_literal(statement.value)
    )


def _calls(statement: ast.stmt, known: Set[str]) -> bool:
    if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)):
        return False
    call = statement.value
    values = [*call.args, *(each.value for each in call.keywords)]
    return (
        isinstance(call.func, ast.Name)
        and call.func.id in known
        and all(isinstance(each, ast.Name) or _is_literal(each) for each in values)
    )


def _is_literal(value: ast.expr) -> bool:
    try:
        ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return False
    return True


@cache
def prepare_memory() -> None:
    """Collect and freeze the heap once, before children are forked from this process.

    Children share the memory pages of this process copy-on-write. A garbage collection
    in a child would touch, and so copy, nearly all of them.
    """
    own_library()
    gc.collect()
    gc.freeze()


def import_ahead(sources: Sequence[str]) -> None:
    """Import the modules that cells import, so that forked children inherit them.

    An import error is ignored here: the cell raises it when it runs.
    """
    for source in sources:
        if "import" in source:
            _import_for(source)


@lru_cache(maxsize=16)
def _import_for(source: str) -> None:
    for name in _imported_by(source):
        with suppress(Exception):
            import_module(name)


def _imported_by(source: str) -> Iterator[str]:
    with suppress(SyntaxError):
        for statement in ast.parse(source).body:
            if isinstance(statement, ast.Import):
                yield from (each.name for each in statement.names)
            elif isinstance(statement, ast.ImportFrom) and statement.module:
                yield statement.module


def _cell_outcomes(
    runs: Sequence[_Prepared], seconds: float
) -> Generator[_CellOutcome]:
    """Yield the result of each cell of some notebooks as soon as the child sends it.

    A notebook ends with the first cell that fails.

    Raises:
        TimeoutError: A cell exceeded the timeout.
        ChildProcessError: The child ended before its last cell.
    """
    with _forked_child(runs) as pipe:
        rest = b""
        while True:
            until = time.monotonic() + seconds
            pieces = [rest]
            while b"\n" not in pieces[-1]:
                pieces.append(_read_chunk(pipe, until))
            line, _, rest = b"".join(pieces).partition(b"\n")
            yield json.loads(line)


def _read_chunk(pipe: int, until: float) -> bytes:
    ready, _, _ = select.select([pipe], [], [], max(0.0, until - time.monotonic()))
    if not ready:
        raise TimeoutError
    piece = os.read(pipe, 1 << 16)
    if not piece:
        raise ChildProcessError
    return piece


@contextmanager
def _forked_child(runs: Sequence[_Prepared]) -> Iterator[int]:
    """Fork a child, yield the pipe with its results, and kill it afterwards."""
    sys.stdout.flush()
    sys.stderr.flush()
    with _FORK_LOCK:
        reading, writing = os.pipe()
        pid = os.fork()
        if pid:
            os.close(writing)
    if pid == 0:
        os.close(reading)
        _run_child(runs, writing)
    try:
        yield reading
    finally:
        os.close(reading)
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _run_child(runs: Sequence[_Prepared], pipe: int) -> None:
    """Run the cells in the child and exit; never return to the code of the parent."""
    try:
        gc.disable()  # the child is too short-lived for it to pay
        os.setsid()
        die_with_parent()
        for run in runs:
            around = run.run_environment
            _redirect(around.log)
            _apply_environment(around.environment)
            os.chdir(around.start)
            random.seed()
            for done in run_cells(run.sources):
                text = json.dumps(done, ensure_ascii=True) + "\n"
                _write_all(pipe, text.encode())
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(0)


def _apply_environment(environment: Mapping[str, str]) -> None:
    """Set the variables that differ; setting all of them would touch more memory."""
    for name in os.environ.keys() - environment.keys():
        del os.environ[name]
    for name, value in environment.items():
        if os.environ.get(name) != value:
            os.environ[name] = value


def _write_all(pipe: int, content: bytes) -> None:
    while content:
        content = content[os.write(pipe, content) :]


def _redirect(log: Path) -> None:
    """Redirect the standard streams: input is empty, output goes to the log."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(nothing, 0)
    os.dup2(written, 1)
    os.dup2(written, 2)

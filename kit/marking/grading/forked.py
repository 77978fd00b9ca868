"""Run notebooks in a child of this process: no kernel to start, nothing to import.

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
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from itertools import takewhile
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

OPEN_TO_ALL = "kit.lesson"
"""The module whose calls leave nothing behind that the next notebook could see."""

_FORKING = threading.Lock()
"""Held while a fork is prepared, and from opening a pipe until this process has closed
the end for writing.

A child of another thread that was forked in between would hold it open, and nobody
would see that the first child has ended.
"""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What one notebook finds around it while it runs."""

    environment: Mapping[str, str]
    """The environment of its process."""

    start: Path
    """The folder in which the notebook finds itself."""

    log: Path
    """Where what it writes past its cells goes."""


@dataclass(frozen=True, slots=True)
class Run:
    """One notebook to be run."""

    source: NotebookNode
    """The notebook; it is used up."""

    given: Mapping[str, object]
    """The values of its parameters."""

    surroundings: Surroundings
    """What it finds around it."""


_Told = dict[str, Any]
"""What a child tells of one cell: its outputs, its number, whether it failed."""


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A notebook with its parameters in it."""

    notebook: NotebookNode
    surroundings: Surroundings
    shares: bool

    @property
    def sources(self) -> list[str]:
        """The code of its cells."""
        return [str(cell.source) for _, cell in _code_cells(self.notebook)]


class ForkedEngine(Engine):  # type: ignore[misc]
    """Takes over what a forked child tells of each cell."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,  # noqa: ARG003
        log_output: bool = False,  # noqa: ARG003
        *,
        told: Iterator[_Told],
        **_: Any,
    ) -> None:
        """Run the cells in their order, up to the first that fails."""
        for number, cell in _code_cells(nb_man.nb):
            nb_man.cell_start(cell, number)
            done = next(told)
            cell.outputs = from_dict(  # type: ignore[no-untyped-call]
                done["outputs"]
            )
            cell.execution_count = done["count"]
            if done["failed"]:
                nb_man.cell_exception(cell, number)
                return
            nb_man.cell_complete(cell, number)


def execute(runs: Sequence[Run], seconds: float) -> Generator[NotebookNode | Exception]:
    """Let papermill run notebooks with parameters by this engine.

    Args:
        runs: The notebooks.
        seconds: How long one cell may take.

    Returns:
        For each notebook, in order, what it has become; the error, where a cell raised
        one, took too long or ended its process.
    """
    papermill_engines.register(NAME, ForkedEngine)
    left = [_prepared(each) for each in runs]
    with _FORKING:  # making a shell changes what all threads print to
        for each in left:
            import_ahead(each.sources)
        prepared_shell()
        settle()
    while left:
        together = _sharing(left)
        done = 0
        # Closed here: what happens while it closes by itself, as Ctrl-C, is lost.
        with closing(_told(together, seconds)) as told:
            for each in together:
                result = _executed(each.notebook, told)
                if done and isinstance(result, Exception):
                    break  # it is run again, with nobody before it
                done += 1
                yield result
                if isinstance(result, Exception):
                    break
        left = left[done:]


def _prepared(run: Run) -> _Prepared:
    """Write the parameters into a notebook, as ``papermill.execute_notebook`` does.

    It writes the whole notebook out twice more even where there is nothing to write
    to, which takes as long as running the cells (papermill 2.7).
    """
    names = {"kernel_name": "python3", "language": "python", "engine_name": NAME}
    shares = _only_calls_the_kit(
        tuple(str(cell.source) for _, cell in _code_cells(run.source))
    )
    notebook = _marked_out(run.source)
    notebook = _marked_out(parameterize_notebook(notebook, dict(run.given), **names))
    notebook = prepare_notebook_metadata(notebook, None, None, report_mode=False)
    return _Prepared(notebook, run.surroundings, shares)


def _executed(
    notebook: NotebookNode, told: Iterator[_Told]
) -> NotebookNode | Exception:
    try:
        done: NotebookNode = papermill_engines.execute_notebook_with_engine(
            NAME, notebook, kernel_name="python3", progress_bar=False, told=told
        )
        raise_for_execution_errors(done, None)
    except Exception as error:
        return error
    return done


def _code_cells(notebook: NotebookNode) -> list[tuple[int, NotebookNode]]:
    cells = enumerate(notebook.cells)
    return [(number, cell) for number, cell in cells if cell.cell_type == "code"]


def _marked_out(notebook: NotebookNode) -> NotebookNode:
    """Give every cell the places into which papermill writes what it knows of it."""
    notebook.metadata.setdefault("papermill", NotebookNode())  # type: ignore[no-untyped-call]
    for cell in notebook.cells:
        cell.metadata.setdefault("tags", [])
        cell.metadata.setdefault("papermill", NotebookNode())  # type: ignore[no-untyped-call]
    return notebook


def _sharing(runs: Sequence[_Prepared]) -> list[_Prepared]:
    """The first notebook, with those after it that can run in the same child."""
    together = list(takewhile(lambda each: each.shares, runs))
    return together or list(runs[:1])


@lru_cache(maxsize=64)
def _only_calls_the_kit(sources: tuple[str, ...]) -> bool:
    """Whether cells only import from the kit, set names, and call what they imported.

    Such cells leave nothing behind in their process but what the kit itself keeps.
    """
    try:
        cells = [ast.parse(source).body for source in sources]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    statements = [statement for body in cells for statement in body]
    imports = [each for each in statements if isinstance(each, ast.ImportFrom)]
    if any(each.module != OPEN_TO_ALL or each.level for each in imports):
        return False
    known = {name.asname or name.name for each in imports for name in each.names}
    rest = [each for each in statements if not isinstance(each, ast.ImportFrom)]
    return all(_sets_a_name(each) or _calls(each, known) for each in rest)


def _sets_a_name(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Assign)
        and all(isinstance(each, ast.Name) for each in statement.targets)
        and _is_plain_value(statement.value)
    )


def _calls(statement: ast.stmt, known: Set[str]) -> bool:
    if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)):
        return False
    call = statement.value
    values = [*call.args, *(each.value for each in call.keywords)]
    return (
        isinstance(call.func, ast.Name)
        and call.func.id in known
        and all(map(_is_plain_value, values))
    )


def _is_plain_value(value: ast.expr) -> bool:
    """Whether a value is written out, or the name of one that was."""
    if isinstance(value, ast.Name):
        return True
    try:
        ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return False
    return True


@cache
def settle() -> None:
    """Put the memory of this process in order, once, before children share it.

    A worker that was forked shares its pages with all the others: each that one of them
    touches would be copied again and again. Counting all objects touches every page, so
    they are its own from then on; and what is there stays, so nobody counts it again.
    """
    own_library()
    gc.collect()
    gc.freeze()


def import_ahead(sources: Sequence[str]) -> None:
    """Import what the cells will import; every later child finds it there.

    What cannot be imported is left to the cell, which then says so itself.
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


def _told(runs: Sequence[_Prepared], seconds: float) -> Generator[_Told]:
    """What one child tells of all cells of some notebooks, as soon as each has run.

    A notebook ends with the first cell that fails.

    Raises:
        TimeoutError: A cell took longer than it may.
        ChildProcessError: The child ended before its last cell.
    """
    with _forked(runs) as pipe:
        rest = b""
        while True:
            until = time.monotonic() + seconds
            pieces = [rest]
            while b"\n" not in pieces[-1]:
                pieces.append(_next_piece(pipe, until))
            line, _, rest = b"".join(pieces).partition(b"\n")
            yield json.loads(line)


def _next_piece(pipe: int, until: float) -> bytes:
    ready, _, _ = select.select([pipe], [], [], max(0.0, until - time.monotonic()))
    if not ready:
        raise TimeoutError
    piece = os.read(pipe, 1 << 16)
    if not piece:
        raise ChildProcessError
    return piece


@contextmanager
def _forked(runs: Sequence[_Prepared]) -> Iterator[int]:
    """Fork, give the pipe on which the child tells, and end the child afterwards."""
    sys.stdout.flush()
    sys.stderr.flush()
    with _FORKING:
        reading, writing = os.pipe()
        pid = os.fork()
        if pid:
            os.close(writing)
    if pid == 0:
        os.close(reading)
        _be_child(runs, writing)
    try:
        yield reading
    finally:
        os.close(reading)
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _be_child(runs: Sequence[_Prepared], pipe: int) -> None:
    """Run the cells and end, whatever happens; never go back into the parent's code."""
    try:
        gc.disable()  # it lives too briefly to be tidied up
        os.setsid()
        die_with_parent()
        for run in runs:
            around = run.surroundings
            _redirect(around.log)
            _go_into(around.environment)
            os.chdir(around.start)
            random.seed()
            for done in run_cells(run.sources):
                text = json.dumps(done, ensure_ascii=True) + "\n"
                _write_all(pipe, text.encode())
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(0)


def _go_into(environment: Mapping[str, str]) -> None:
    """Change what is different; setting all of it anew touches far more memory."""
    for name in os.environ.keys() - environment.keys():
        del os.environ[name]
    for name, value in environment.items():
        if os.environ.get(name) != value:
            os.environ[name] = value


def _write_all(pipe: int, content: bytes) -> None:
    while content:
        content = content[os.write(pipe, content) :]


def _redirect(log: Path) -> None:
    """Nothing that the child writes past its cells reaches the terminal."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(nothing, 0)
    os.dup2(written, 1)
    os.dup2(written, 2)

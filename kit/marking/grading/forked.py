"""Run a notebook in a child of this process: no kernel to start, nothing to import.

Papermill asks an engine to run the cells of a notebook. This one forks: the child has
everything that this process has already read, runs the cells in a shell of its own and
ends. So no attempt sees anything of another one, and none pays for imports. It is not
a fence against foreign code, and need not be one: only notebooks of the content folder
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
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

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

from .inprocess_shell import prepared_shell, run_cells
from .processes import die_with_parent, own_library

NAME = "kit-forked"

_FORKING = threading.Lock()
"""Held while a fork is prepared, and from opening a pipe until this process has closed
the end for writing.

A child of another thread that was forked in between would hold it open, and nobody
would see that the first child has ended.
"""


@dataclass(frozen=True, slots=True)
class Child:
    """How the child of one run is started."""

    environment: Mapping[str, str]
    """Its environment."""

    start: Path
    """The folder in which the notebook finds itself."""

    log: Path
    """Where what it writes past its cells goes."""


class ForkedEngine(Engine):  # type: ignore[misc]
    """Runs each notebook in a forked child."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,  # noqa: ARG003
        log_output: bool = False,  # noqa: ARG003
        *,
        child: Child,
        execution_timeout: float,
        **_: Any,
    ) -> None:
        """Run the cells in their order, up to the first that fails."""
        cells = [
            (number, cell)
            for number, cell in enumerate(nb_man.nb.cells)
            if cell.cell_type == "code"
        ]
        sources = [cell.source for _, cell in cells]
        with _FORKING:  # making a shell changes what all threads print to
            import_ahead(sources)
            prepared_shell()
            settle()
        # Closed here: what happens while it closes by itself, such as Ctrl-C, is lost.
        with closing(_told(sources, child, execution_timeout)) as told:
            for (number, cell), done in zip(cells, told, strict=False):
                nb_man.cell_start(cell, number)
                cell.outputs = from_dict(  # type: ignore[no-untyped-call]
                    done["outputs"]
                )
                cell.execution_count = done["count"]
                if done["failed"]:
                    nb_man.cell_exception(cell, number)
                    return
                nb_man.cell_complete(cell, number)


def execute(
    source: NotebookNode, given: Mapping[str, object], child: Child, seconds: int
) -> NotebookNode:
    """Let papermill run a notebook with parameters by this engine.

    These are the steps of ``papermill.execute_notebook`` between reading and writing.
    It writes the whole notebook out twice more even where there is nothing to write
    to, which takes as long as running the cells (papermill 2.7). The notebook given is
    used up.

    Raises:
        PapermillExecutionError: A cell raised an error.
    """
    papermill_engines.register(NAME, ForkedEngine)
    names = {"kernel_name": "python3", "language": "python", "engine_name": NAME}
    notebook = _marked_out(source)
    notebook = _marked_out(parameterize_notebook(notebook, dict(given), **names))
    notebook = prepare_notebook_metadata(notebook, None, None, report_mode=False)
    done: NotebookNode = papermill_engines.execute_notebook_with_engine(
        NAME,
        notebook,
        kernel_name="python3",
        progress_bar=False,
        child=child,
        execution_timeout=seconds,
    )
    raise_for_execution_errors(done, None)
    return done


def _marked_out(notebook: NotebookNode) -> NotebookNode:
    """Give every cell the places into which papermill writes what it knows of it."""
    notebook.metadata.setdefault("papermill", NotebookNode())  # type: ignore[no-untyped-call]
    for cell in notebook.cells:
        cell.metadata.setdefault("tags", [])
        cell.metadata.setdefault("papermill", NotebookNode())  # type: ignore[no-untyped-call]
    return notebook


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


def _told(
    sources: Sequence[str], child: Child, seconds: float
) -> Generator[dict[str, Any]]:
    """What the child tells of each cell, as soon as it has run.

    Raises:
        TimeoutError: A cell took longer than it may.
        ChildProcessError: The child ended before its last cell.
    """
    with _forked(sources, child) as pipe:
        rest = b""
        for _ in sources:
            until = time.monotonic() + seconds
            while b"\n" not in rest:
                rest += _next_piece(pipe, until)
            line, _, rest = rest.partition(b"\n")
            done = json.loads(line)
            yield done
            if done["failed"]:
                return


def _next_piece(pipe: int, until: float) -> bytes:
    ready, _, _ = select.select([pipe], [], [], max(0.0, until - time.monotonic()))
    if not ready:
        raise TimeoutError
    piece = os.read(pipe, 1 << 16)
    if not piece:
        raise ChildProcessError
    return piece


@contextmanager
def _forked(sources: Sequence[str], child: Child) -> Iterator[int]:
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
        _be_child(sources, child, writing)
    try:
        yield reading
    finally:
        os.close(reading)
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _be_child(sources: Sequence[str], child: Child, pipe: int) -> None:
    """Run the cells and end, whatever happens; never go back into the parent's code."""
    try:
        gc.disable()  # it lives too briefly to be tidied up
        os.setsid()
        die_with_parent()
        _redirect(child.log)
        _go_into(child.environment)
        os.chdir(child.start)
        random.seed()
        for done in run_cells(sources):
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

"""Run cells as a kernel runs them, and collect what they show in the same form.

A cell has outputs as nbformat describes them: streams, displays, the result of its
last line, an error. This module runs them in this process and keeps nothing.
"""

import ast
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from io import TextIOBase
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config


def run_cells(sources: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Run the cells of one notebook in order, up to the first that fails.

    The process is a forked child: the shell is not put back afterwards.

    Yields:
        For each ``{"outputs": …, "count": …, "failed": …}``.
    """
    shell = prepared_shell()
    _Shell.adopt(shell)
    shell.reset()  # type: ignore[no-untyped-call]
    sys.modules["__main__"] = shell.user_module
    yield from _run(shell, sources, counts=True)


def _run(
    shell: "_Shell", sources: Sequence[str], *, counts: bool
) -> Iterator[dict[str, Any]]:
    for source in sources:
        shown = _CellOutput(shell)
        sys.stdout, sys.stderr = _Stream(shown, "stdout"), _Stream(shown, "stderr")
        result = shell.run_cell(  # type: ignore[no-untyped-call]
            source, store_history=counts
        )
        error = result.error_before_exec or result.error_in_exec
        if error is not None:
            shown.error(error)
        yield {
            "outputs": shown.outputs,
            "count": shown.count,
            "failed": error is not None,
        }
        if error is not None:
            return


@cache
def prepared_shell() -> "_Shell":
    """Make a shell and run an empty cell in it, so that all it looks up is known.

    A process that forks makes it once; each child runs its notebooks in its own copy.
    What making a shell changes in this process is put back.
    """
    main, out, err = sys.modules["__main__"], sys.stdout, sys.stderr
    settings = Config()
    settings.HistoryManager.enabled = False
    settings.InteractiveShell.colors = "nocolor"
    InteractiveShell.clear_instance()
    try:
        shell = _Shell(config=settings)  # type: ignore[no-untyped-call]
        list(_run(shell, ["None"], counts=False))
    finally:
        sys.modules["__main__"], sys.stdout, sys.stderr = main, out, err
    return shell


class _CellOutput:
    """What one cell shows, in its order."""

    def __init__(self, shell: "_Shell") -> None:
        self.outputs: list[dict[str, Any]] = []
        self._shell = shell
        shell.shown = self

    @property
    def count(self) -> int:
        """The number of the cell; the shell counts on when a cell begins."""
        return int(self._shell.execution_count) - 1

    def stream(self, name: str, text: str) -> None:
        if not text:
            return
        last = self.outputs[-1] if self.outputs else {}
        if last.get("output_type") == "stream" and last.get("name") == name:
            last["text"] += text
        else:
            self.outputs.append({"output_type": "stream", "name": name, "text": text})

    def display(self, data: Any, metadata: Any) -> None:
        self.outputs.append(
            {
                "output_type": "display_data",
                "data": dict(data),
                "metadata": dict(metadata or {}),
            }
        )

    def result(self, data: Any, metadata: Any) -> None:
        self.outputs.append(
            {
                "output_type": "execute_result",
                "execution_count": self.count,
                "data": dict(data),
                "metadata": dict(metadata or {}),
            }
        )

    def error(self, error: BaseException) -> None:
        kind = type(error)
        lines = self._shell.InteractiveTB.structured_traceback(
            kind, error, error.__traceback__
        )
        self.outputs.append(
            {
                "output_type": "error",
                "ename": kind.__name__,
                "evalue": str(error),
                "traceback": lines,
            }
        )


class _Publisher(DisplayPublisher):
    """Keeps what ``display`` gives."""

    def publish(  # type: ignore[no-untyped-def,override]
        self, data, metadata=None, **_
    ) -> None:
        self.shell.shown.display(data, metadata)


class _ResultHook(DisplayHook):
    """Keeps what the last line of a cell gives."""

    def write_output_prompt(self) -> None:
        """Print nothing: a result has a number of its own."""

    def flush(self) -> None:
        """Forget earlier results; IPython would also look for cycles, which is slow."""
        self._ = self.__ = self.___ = ""

    shell: "_Shell"

    def write_format_data(  # type: ignore[no-untyped-def]
        self, format_dict, md_dict=None
    ) -> None:
        self.shell.shown.result(format_dict, md_dict)


class _Shell(InteractiveShell):
    """A shell that tells what its cells show."""

    display_pub_class = Type(_Publisher)
    displayhook_class = Type(_ResultHook)
    shown: "_CellOutput"

    @classmethod
    def adopt(cls, shell: "_Shell") -> None:
        """Make a shell the one that ``display`` and others find."""
        for each in cls._walk_mro():
            each._instance = shell  # type: ignore[assignment]

    def transform_cell(self, raw_cell: str) -> str:
        """Leave plain Python as it is: looking for magics in it takes a while."""
        try:
            ast.parse(raw_cell)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return super().transform_cell(raw_cell)  # type: ignore[no-any-return,no-untyped-call]
        return raw_cell

    def should_run_async(  # type: ignore[no-untyped-def]
        self, raw_cell: str, **rest
    ) -> bool:
        """Look for a wait only where one is written: it compiles the cell again."""
        found: bool = (
            "await" in raw_cell or "async" in raw_cell
        ) and super().should_run_async(raw_cell, **rest)
        return found

    def showtraceback(self, *_: Any, **__: Any) -> None:
        """Print nothing: an error is an output of its own."""

    def showsyntaxerror(self, *_: Any, **__: Any) -> None:
        """Print nothing, for the same reason."""


class _Stream(TextIOBase):
    """Takes what a cell prints."""

    encoding = "utf-8"

    def __init__(self, shown: _CellOutput, name: str) -> None:
        self._shown, self._name = shown, name

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self._shown.stream(self._name, text)
        return len(text)

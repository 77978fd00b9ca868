"""The commands that open the lessons and mark what agents have handed in."""

import atexit
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from ..catalogue import say
from ..errors import CourseMistakes
from .shared import (
    INTERRUPTED,
    REFUSED,
    check_agent,
    library_here,
    records_here,
    workspace_here,
)

if TYPE_CHECKING:
    from ..marking.grading.grade_attempts import GradedAttempt


def learn(
    agent: Annotated[str | None, typer.Option(help=say("cli.learn.agent-help"))] = None,
    port: Annotated[int, typer.Option(help=say("cli.learn.port-help"))] = 0,
    browser: Annotated[bool, typer.Option(help=say("cli.learn.browser-help"))] = True,
) -> None:
    """Open the lessons in the browser."""
    from ..content.course import read_course  # noqa: PLC0415
    from ..screens.lab.server import LabPlace, start_lab  # noqa: PLC0415

    check_agent(agent)
    library = library_here()
    try:
        read_course(library)
    except CourseMistakes as error:  # every page but the start page is as it was
        typer.echo(str(error), err=True)
    place = LabPlace(library.folder, workspace_here(), agent=agent, port=port)
    start_lab(place, tell=typer.echo, open_browser=browser)


def grade(
    agent: Annotated[str | None, typer.Option(help=say("cli.grade.agent-help"))] = None,
    jobs: Annotated[int, typer.Option(help=say("cli.grade.jobs-help"), min=1)] = 1,
    executor: Annotated[
        str | None,
        typer.Option(help=say("cli.grade.executor-help"), metavar="dask://HOST:PORT"),
    ] = None,
    engine: Annotated[
        str, typer.Option(help=say("cli.grade.engine-help"), metavar="NAME")
    ] = "forked",
) -> None:
    """Mark every attempt that has no mark yet."""
    check_agent(agent)
    bar = _Bar()
    failed = 0
    with _ctrl_c() as is_pressed:
        for each in _graded(agent, jobs, executor, engine, bar):
            bar.tell(each.words)
            failed += each.mark is None
            if is_pressed() and bar.rest:
                break
    bar.end()
    if is_pressed() and bar.rest:
        typer.echo(say("cli.grade.stopped"))
        raise typer.Exit(INTERRUPTED)
    if not bar.told:
        typer.echo(say("cli.grade.nothing", folder=workspace_here()))
    if failed:
        raise typer.Exit(REFUSED)


def _graded(
    agent: str | None, jobs: int, cluster: str | None, engine: str, bar: "_Bar"
) -> "Iterator[GradedAttempt]":
    from ..lesson import warm_up  # noqa: PLC0415
    from ..marking.grading.grade_attempts import Grading, grade_all  # noqa: PLC0415
    from ..marking.grading.runner import ENGINES  # noqa: PLC0415

    if engine not in ENGINES:
        names = ", ".join(ENGINES)
        raise typer.BadParameter(say("cli.grade.bad-engine", name=engine, names=names))
    grading = Grading(
        library_here(),
        records_here(agent),
        lambda: datetime.now(UTC),
        agent=agent,
        jobs=jobs,
        cluster=cluster,
        engine=engine,
        warm_up=warm_up,
    )
    yield from grade_all(grading, count=bar.begin)


@contextmanager
def _ctrl_c() -> Iterator[Callable[[], bool]]:
    """Delay Ctrl-C until a batch of attempts is done: it may come during a fork.

    Yields:
        A function that tells whether it was pressed.
    """
    pressed: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: pressed.append(number))
    # Nothing is left to be stopped when this process ends.
    atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)
    try:
        yield lambda: bool(pressed)
    finally:
        signal.signal(signal.SIGINT, before)


class _Bar:
    """Prints each result and, in a terminal, the expected time for the rest."""

    def __init__(self) -> None:
        self.told, self._count, self._began = 0, 0, time.monotonic()

    def begin(self, count: int) -> None:
        self._count, self._began = count, time.monotonic()

    @property
    def rest(self) -> int:
        """How many attempts are still to be marked."""
        return max(0, self._count - self.told)

    def tell(self, words: str) -> None:
        self._wipe()
        typer.echo(words)
        self.told += 1
        if self.rest and sys.stderr.isatty():
            each = (time.monotonic() - self._began) / self.told
            seconds = max(1, round(self.rest * each))
            words = say(
                "cli.grade.rest", done=self.told, count=self._count, seconds=seconds
            )
            typer.echo(words, nl=False, err=True)

    def end(self) -> None:
        self._wipe()

    def _wipe(self) -> None:
        if sys.stderr.isatty():
            typer.echo("\r\x1b[K", nl=False, err=True)

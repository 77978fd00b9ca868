"""What every command shares: where things lie, what is said to bad input, and how."""

import errno
import io
import json
import os
import shutil
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..catalogue import in_one_line, say
from ..errors import CannotStart, UnknownName

if TYPE_CHECKING:
    from ..content.library import Library

REFUSED = 1
"""Exit code: the kit answered, and the answer is no, or there are mistakes."""

FAILED = 2
"""Exit code: what was asked cannot be understood or done."""

INTERRUPTED = 130
"""Exit code: somebody pressed Ctrl-C."""

STYLES: dict[str, dict[str, Any]] = {
    "head": {"bold": True},
    "answer": {"fg": "green"},
    "plain": {},
}
"""How the lines of a decision look where the terminal has colours."""


_OF_THE_DISK = {
    *(errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EPERM, errno.EFBIG),
    *(errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.EIO, errno.ENAMETOOLONG),
    *({errno.EDQUOT} if hasattr(errno, "EDQUOT") else ()),
}
"""What a machine says when the disk is full, or a place cannot be written."""


class _State:
    content: Path | None = None
    workspace: Path | None = None


def _show_version(is_asked: bool) -> None:
    """Print the installed version and stop, if ``--version`` was given."""
    if is_asked:
        typer.echo(version_words())
        raise typer.Exit


def version_words() -> str:
    """Name the installed version, or say that the kit runs without being installed.

    Returns:
        One line for the screen.
    """
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

    try:
        return say("cli.version", version=version("aftersales-kit"))
    except PackageNotFoundError:
        return say("cli.version-unknown")


def options(
    content: Annotated[Path | None, typer.Option(help=say("cli.content-help"))] = None,
    workspace: Annotated[
        Path | None, typer.Option(help=say("cli.workspace-help"))
    ] = None,
    version: Annotated[  # noqa: ARG001 (asked for by its callback)
        bool,
        typer.Option(
            "--version",
            callback=_show_version,
            is_eager=True,
            help=say("cli.version-help"),
        ),
    ] = False,
) -> None:
    """Keep the options that every command shares."""
    _State.content, _State.workspace = content, workspace


SHARED = ("content", "workspace")
"""The options that every command shares: people type them in front or behind."""


def keep(_: Any, option: Any, value: str | None) -> None:
    """Keep a shared option that was typed behind the name of a command."""
    if value is not None:
        setattr(_State, option.name, Path(value))


def library_here() -> "Library":
    """The folder of content of this command."""
    from ..content.library import Library, find_content  # noqa: PLC0415

    return Library(find_content(_State.content, Path.cwd()))


def workspace_here() -> Path:
    """The folder for records and reports of this command, there or not."""
    return (_State.workspace or Path.cwd() / "workspace").resolve()


def records_here(agent: str | None = None) -> Path:
    """The folder for records of a command that reads them.

    A folder without any is a mistyped one: it shall not look as if all were well.

    Args:
        agent: Whose records are wanted; ``None`` for all.

    Raises:
        CannotStart: There are no records in it.
        UnknownName: There are none of this agent.
    """
    from ..marking.records.store import agents_in  # noqa: PLC0415
    from ..rules.values import nearest  # noqa: PLC0415

    workspace = workspace_here()
    known = agents_in(workspace)
    if not known:
        raise CannotStart(
            problem=say("cli.no-records", folder=workspace),
            fix=say("cli.no-records-fix"),
        )
    if agent is not None and agent not in known:
        raise UnknownName(sort="agent", name=agent, nearest=nearest(agent, known))
    return workspace


def check_agent(agent: str | None) -> None:
    """Refuse at once a name under which no answer could be kept."""
    from ..marking.records.answers import is_agent  # noqa: PLC0415

    if agent is not None and not is_agent(agent):
        shown = in_one_line(agent)
        raise typer.BadParameter(say("desk.sign-in.bad", text=shown))


def speak_any_encoding() -> None:
    """Let no character that a terminal or a pipe does not know end a command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def print_json(data: object) -> None:
    """Print JSON for other programs, whole in every encoding."""
    is_unicode = sys.stdout.encoding.casefold().startswith("utf")
    typer.echo(json.dumps(data, ensure_ascii=not is_unicode, indent=2))


def print_told(
    data: list[dict[str, object]],
    told: list[Iterator[tuple[str, str]]],
    *,
    as_json: bool,
) -> None:
    """Print things as one JSON list, or for people, each with room before the next."""
    if as_json:
        print_json(data)
        return
    for number, lines in enumerate(told):
        if number:
            typer.echo()
        for kind, line in lines:
            typer.echo(typer.style(line, **STYLES[kind]))


def name_problems(problems: Sequence[str]) -> None:
    """Name what could not be read; the answer is then not whole, so it is no yes."""
    for problem in problems:
        typer.echo(problem, err=True)
    if problems:
        raise typer.Exit(REFUSED)


def disk_words(error: OSError) -> str | None:
    """Say in a sentence that the disk or its rights are in the way, if they are."""
    path, why = error.filename or workspace_here(), error.strerror
    if isinstance(error, shutil.Error):  # of a folder that was copied: the first file
        (_, path, told), *_ = error.args[0]
        why = told.partition("] ")[2].partition(":")[0] or told
    elif error.errno not in _OF_THE_DISK:
        return None
    problem = say("cli.disk", path=path, why=why)
    return str(CannotStart(problem=problem, fix=say("cli.disk-fix")))


def incident_words() -> str:
    """Keep the details of what went wrong for whoever can mend it, and say where.

    The file is a new one: under a name that is known beforehand somebody else could
    have laid a link.
    """
    details = f"{datetime.now(UTC).isoformat()}\n{traceback.format_exc()}\n"
    try:
        handle, path = tempfile.mkstemp(prefix="kit-incident-", suffix=".log")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(details)
    except OSError:  # the disk is full, perhaps, and that is what went wrong
        return say("cli.incident-not-kept")
    return say("cli.incident", path=path)

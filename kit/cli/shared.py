"""Options, folders, exit codes and messages that all commands share."""

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
"""Exit code: the command ran, and the answer is no, or there are mistakes."""

FAILED = 2
"""Exit code: the arguments are wrong, or the command cannot be carried out."""

INTERRUPTED = 130
"""Exit code: somebody pressed Ctrl-C."""

STYLES: dict[str, dict[str, Any]] = {
    "head": {"bold": True},
    "answer": {"fg": "green"},
    "plain": {},
}
"""The styles of the lines of a decision, where the terminal has colours."""


_OF_THE_DISK = {
    *(errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EPERM, errno.EFBIG),
    *(errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.EIO, errno.ENAMETOOLONG),
    *({errno.EDQUOT} if hasattr(errno, "EDQUOT") else ()),
}
"""Error numbers of a full disk and of folders that cannot be written."""


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
    """Store the options that every command shares."""
    _State.content, _State.workspace = content, workspace


SHARED = ("content", "workspace")
"""The options that every command shares, before or after its name."""


def keep(_: Any, option: Any, value: str | None) -> None:
    """Store a shared option that was given after the name of a command."""
    if value is not None:
        setattr(_State, option.name, Path(value))


def library_here() -> "Library":
    """Return the folder of content of this command.

    Raises:
        CannotStart: It holds no content.
    """
    from ..content.library import Library, find_content  # noqa: PLC0415

    return Library(find_content(_State.content, Path.cwd()))


def workspace_here() -> Path:
    """Return the folder for records and reports, whether it exists or not."""
    return (_State.workspace or Path.cwd() / "workspace").resolve()


def records_here(agent: str | None = None) -> Path:
    """Return the folder for records of a command that reads them.

    A folder without records is probably mistyped, so it is refused.

    Args:
        agent: Whose records are wanted; ``None`` for all.

    Raises:
        CannotStart: It has no records.
        UnknownName: It has none of this agent.
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
    """Refuse a short name under which no answer could be stored.

    Raises:
        typer.BadParameter: The name is not allowed.
    """
    from ..marking.records.answers import is_agent  # noqa: PLC0415

    if agent is not None and not is_agent(agent):
        shown = in_one_line(agent)
        raise typer.BadParameter(say("desk.sign-in.bad", text=shown))


def speak_any_encoding() -> None:
    """Replace characters that a terminal or pipe cannot encode, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def print_json(data: object) -> None:
    """Print JSON for other programs, with escapes where the encoding needs them."""
    is_unicode = sys.stdout.encoding.casefold().startswith("utf")
    typer.echo(json.dumps(data, ensure_ascii=not is_unicode, indent=2))


def print_text_lines(
    data: list[dict[str, object]],
    told: list[Iterator[tuple[str, str]]],
    *,
    as_json: bool,
) -> None:
    """Print results as one JSON list, or for people with a blank line between them."""
    if as_json:
        print_json(data)
        return
    for number, lines in enumerate(told):
        if number:
            typer.echo()
        for kind, line in lines:
            typer.echo(typer.style(line, **STYLES[kind]))


def name_problems(problems: Sequence[str]) -> None:
    """Print what could not be read and exit with ``REFUSED``, if there is any."""
    for problem in problems:
        typer.echo(problem, err=True)
    if problems:
        raise typer.Exit(REFUSED)


def disk_words(error: OSError) -> str | None:
    """Explain an error of the disk or its permissions in a sentence.

    Returns:
        The sentence; ``None`` for any other error.
    """
    path, why = error.filename or workspace_here(), error.strerror
    if isinstance(error, shutil.Error):  # of a folder that was copied: the first file
        (_, path, told), *_ = error.args[0]
        why = told.partition("] ")[2].partition(":")[0] or told
    elif error.errno not in _OF_THE_DISK:
        return None
    problem = say("cli.disk", path=path, why=why)
    return str(CannotStart(problem=problem, fix=say("cli.disk-fix")))


def incident_words() -> str:
    """Write the details of an unexpected error to a file, and say where it is.

    The file gets a random name: somebody else could have put a link under a name that
    is known beforehand.
    """
    details = f"{datetime.now(UTC).isoformat()}\n{traceback.format_exc()}\n"
    try:
        handle, path = tempfile.mkstemp(prefix="kit-incident-", suffix=".log")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(details)
    except OSError:  # the disk is full, perhaps, and that is what went wrong
        return say("cli.incident-not-kept")
    return say("cli.incident", path=path)

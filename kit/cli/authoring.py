"""The commands of authors: check the pages, decide a case, generate cases."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..catalogue import DEFAULT_LANGUAGE, say
from ..errors import Mistake
from .shared import REFUSED, STYLES, library_here, print_json, print_text_lines

if TYPE_CHECKING:
    from ..content.library import Library
    from ..marking.content_check import Proved


def check(
    *,
    strict: Annotated[
        bool, typer.Option("--strict", help=say("cli.check.strict-help"))
    ] = False,
) -> None:
    """Check the whole folder of content."""
    # Looking for cycles takes a sixth of the time, and they are 8 MB when this ends.
    with _uncollected():
        from ..marking.content_check import check_content  # noqa: PLC0415
        from ..marking.grading.processes import usable_processors  # noqa: PLC0415

        library = library_here()
        found = check_content(library, processes=usable_processors())
    for mistake in found.mistakes:
        typer.echo(f"{mistake}\n")
    if found.mistakes:
        typer.echo(_counted("mistake", len(found.mistakes)))
    else:
        _print_proved(library, found.proved)
    _print_todos(found.todos)
    if found.mistakes or (strict and found.todos):
        raise typer.Exit(REFUSED)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Switch off garbage collection, for a command that ends soon.

    What was made meanwhile is not looked through when the process ends, either.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _print_todos(todos: Sequence[Mistake]) -> None:
    """List what is still to do, file by file."""
    if not todos:
        return
    typer.echo(f"\n{typer.style(say('cli.check.to-do'), bold=True)}")
    for path, each_in_file in groupby(todos, key=lambda each: each.path):
        typer.echo(f"\n{path}")
        for each in each_in_file:
            typer.echo(f"  {each.line}: {each.problem}")
            typer.echo(f"      {say('mistakes.fix')} {each.fix}")
    typer.echo(f"\n{_counted('todo', len(todos))}")


def _counted(key: str, count: int) -> str:
    one = say(f"cli.check.one-{key}")
    return one if count == 1 else say(f"cli.check.{key}s", count=count)


def _print_proved(library: "Library", proved: "Proved") -> None:
    """Print what was checked, and which pages are due for review."""
    from ..content.exercises import exercise_ids  # noqa: PLC0415

    pages = list(library.playbooks())
    today = datetime.now(UTC).date()
    for page in pages:
        if page.review_by < today:
            typer.echo(say("cli.check.overdue", path=page.path, day=page.review_by))
    typer.echo(
        say(
            "cli.check.clean",
            playbooks=len(pages),
            tables=proved.tables,
            editions=proved.editions,
            checks=proved.checks,
            cases=proved.cases,
            exercises=len(exercise_ids(library)),
        )
    )


def decide(  # noqa: PLR0913, PLR0917 (one parameter for each option)
    playbook: Annotated[
        str,
        typer.Argument(help=say("cli.decide.playbook-help"), metavar="PLAYBOOK"),
    ],
    fact: Annotated[
        list[str] | None,
        typer.Option(help=say("cli.decide.fact-help"), metavar="NAME=VALUE"),
    ] = None,
    on: Annotated[
        str | None, typer.Option(help=say("cli.decide.on-help"), metavar="DAY")
    ] = None,
    marketplace: Annotated[
        str | None,
        typer.Option(help=say("cli.decide.marketplace-help"), metavar="ID"),
    ] = None,
    table: Annotated[
        str | None,
        typer.Option(help=say("cli.decide.table-help"), metavar="NAME"),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help=say("cli.decide.json-help"))
    ] = False,
) -> None:
    """Decide one case."""
    from ..deciding import Question, answer, lines_of  # noqa: PLC0415

    page = library_here().playbook(playbook)
    question = Question(page, _facts(fact or []), marketplace, on, table)
    reply = answer(question, now=datetime.now(UTC))
    if as_json:
        print_json(reply.as_data())
    else:
        for kind, line in lines_of(reply, wanted=table):
            typer.echo(typer.style(line, **STYLES[kind]))
    if not reply.is_decided:
        raise typer.Exit(REFUSED)


def cases(
    playbook: Annotated[
        str | None,
        typer.Argument(help=say("cli.cases.playbook-help"), metavar="PLAYBOOK"),
    ] = None,
    seed: Annotated[int, typer.Option(help=say("cli.cases.seed-help"))] = 1,
    count: Annotated[int, typer.Option(help=say("cli.cases.count-help"), min=1)] = 1,
    coverage: Annotated[
        bool, typer.Option("--coverage", help=say("cli.cases.coverage-help"))
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help=say("cli.cases.json-help"))
    ] = False,
) -> None:
    """Generate practice cases, or print what they can cover."""
    from ..practice.case.case_text import case_lines, coverage_lines  # noqa: PLC0415
    from ..practice.generate.coverage import coverage_of  # noqa: PLC0415
    from ..practice.generate.generator import case_data, generate_cases  # noqa: PLC0415

    library = library_here()
    wanted = [library.playbook(playbook).id] if playbook else library.ids
    told = [library.stories(each) for each in wanted]
    if coverage:
        found = [coverage_of(each, (seed,)) for each in told]
        data = [each.as_data() for each in found]
        print_text_lines(
            data, [coverage_lines(each) for each in found], as_json=as_json
        )
        is_good = all(each.is_full for each in found)
    else:
        made = [
            case for each in told for case in generate_cases(each, seed, count=count)
        ]
        data = [case_data(case) for case in made]
        print_text_lines(data, [case_lines(case) for case in made], as_json=as_json)
        is_good = bool(made)
    if not any(each.scenes for each in told):
        typer.echo(say("cli.cases.none"), err=True)
    if not is_good:
        raise typer.Exit(REFUSED)


def refresh() -> None:
    """Run every notebook again after a playbook has changed."""
    from ..marking.grading.kernels import RunFolders  # noqa: PLC0415
    from ..marking.grading.runner import rerun_notebook  # noqa: PLC0415

    library = library_here()
    # What is kept is the same whoever runs this: nobody's records, nobody's language.
    folders = RunFolders(content=library.folder, language=DEFAULT_LANGUAGE)
    for path in library.notebooks():
        changed = rerun_notebook(path, folders)
        name = library.shown(path)
        typer.echo(say(f"cli.refresh.{'changed' if changed else 'same'}", name=name))


def new(
    folder: Annotated[Path, typer.Argument(help=say("cli.new.folder-help"))],
) -> None:
    """Create a folder of content for a company."""
    from ..content.library import copy_content  # noqa: PLC0415

    copy_content(library_here().folder, folder)
    typer.echo(say("cli.new.done", folder=folder))


def _facts(stated: list[str]) -> dict[str, str]:
    """Split facts into name and value; none may be given twice."""
    from ..rules.values import key_of  # noqa: PLC0415

    facts: dict[str, str] = {}
    for text in stated:
        name, sign, value = text.partition("=")
        if not sign or not name.strip() or not value.strip():
            raise typer.BadParameter(say("cli.decide.bad-fact", text=text))
        if key_of(name) in map(key_of, facts):
            raise typer.BadParameter(say("cli.decide.twice", name=name.strip()))
        facts[name.strip()] = value.strip()
    return facts

"""The commands that maintain records and export them."""

import os
from pathlib import Path
from typing import Annotated

import typer

from ..catalogue import say
from ..errors import ContentMistakes
from .shared import (
    REFUSED,
    check_agent,
    library_here,
    name_problems,
    print_json,
    print_text_lines,
    records_here,
    workspace_here,
)


def merge(
    folder: Annotated[Path, typer.Argument(help=say("cli.merge.folder-help"))],
) -> None:
    """Merge the records of another machine."""
    from ..marking.care.merge import merge_records  # noqa: PLC0415

    results = []
    for each in merge_records(workspace_here(), folder):
        typer.echo(each.words)
        results.append(each)
    if not results:
        typer.echo(say("cli.merge.nothing", folder=folder))
    if any(each.fresh is None for each in results):
        raise typer.Exit(REFUSED)


def doctor() -> None:
    """Check all records, repair what a crash left, and list the rest."""
    from ..marking.care.doctor import examine  # noqa: PLC0415

    checkup = examine(records_here(), library_here())
    for each in checkup.findings:
        typer.echo(each.words)
    needed = sum(each.needs_person for each in checkup.findings)
    if needed:
        typer.echo(say("cli.doctor.needed", count=needed))
        raise typer.Exit(REFUSED)
    typer.echo(say("cli.doctor.well", records=checkup.records, events=checkup.events))


def regrade(
    playbooks: Annotated[
        str, typer.Option(help=say("cli.regrade.playbooks-help"), metavar="REF")
    ],
    agent: Annotated[
        str | None, typer.Option(help=say("cli.regrade.agent-help"))
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help=say("cli.regrade.json-help"))
    ] = False,
    jobs: Annotated[
        int | None, typer.Option(help=say("cli.regrade.jobs-help"), min=1)
    ] = None,
) -> None:
    """Replay every attempt with other playbooks; no mark is changed."""
    from ..content.course import read_course  # noqa: PLC0415
    from ..marking.records.store import record_files  # noqa: PLC0415
    from ..marking.regrade.other_pages import other_pages  # noqa: PLC0415
    from ..marking.regrade.replay_text import replay_data, replay_lines  # noqa: PLC0415
    from ..marking.regrade.replays import replay_all  # noqa: PLC0415

    check_agent(agent)
    library, workspace = library_here(), records_here(agent)
    today = library.folder
    files = record_files(workspace, agent)
    try:
        with other_pages(today, playbooks) as other:
            jobs = jobs or os.cpu_count() or 1
            done = replay_all(today, other.library.folder, files, jobs=jobs)
            differing = len(other.differing)
    except ContentMistakes:
        typer.echo(say("marking.regrade.mistakes"), err=True)
        raise
    if differing:
        typer.echo(say("marking.regrade.differing", count=differing), err=True)
    if as_json:
        print_json(replay_data(done))
    else:
        titles = {each.id: each.title for each in read_course(library)}
        print_text_lines([], [replay_lines(done, workspace, titles)], as_json=False)
    if done.problems:
        raise typer.Exit(REFUSED)


def export(
    to: Annotated[Path, typer.Option(help=say("cli.export.to-help"))],
    agent: Annotated[
        str | None, typer.Option(help=say("cli.export.agent-help"))
    ] = None,
    events: Annotated[
        bool, typer.Option("--events", help=say("cli.export.events-help"))
    ] = False,
) -> None:
    """Export the records to a spreadsheet or to another learning system."""
    from ..marking.export import export_files  # noqa: PLC0415

    check_agent(agent)
    done = export_files.export(records_here(agent), to, agent=agent, each_event=events)
    key = "rows" if to.suffix.lower() == export_files.CSV else "statements"
    typer.echo(say(f"cli.export.{key}", count=done.count, path=to))
    name_problems(done.problems)

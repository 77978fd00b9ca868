"""The commands of supervisors: marks by hand, certificates, progress reports."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..catalogue import say
from ..errors import BadRecord, CannotStart, KitError
from .shared import (
    REFUSED,
    check_agent,
    library_here,
    name_problems,
    records_here,
    workspace_here,
)

if TYPE_CHECKING:
    from ..content.library import Library
    from ..marking.records.events import Overridden
    from ..marking.records.progress import AttemptProgress, Progress

MOST_PERCENT = 100


def _percent(typed: str) -> int:
    """Parse a whole number of percent, with or without the sign."""
    number = str(typed).strip().removesuffix("%").strip()
    is_short = len(number) <= len(str(MOST_PERCENT))
    if not is_short or not number.isdecimal() or int(number) > MOST_PERCENT:
        raise typer.BadParameter(say("cli.override.bad-percent", text=typed))
    return int(number)


def override(  # noqa: PLR0913, PLR0917 (one parameter for each option)
    agent: Annotated[str, typer.Argument(help=say("cli.of-agent"))],
    exercise: Annotated[str, typer.Argument(help=say("cli.of-exercise"))],
    attempt: Annotated[str, typer.Argument(help=say("cli.override.attempt-help"))],
    by: Annotated[str, typer.Option(help=say("cli.by"))],
    percent: Annotated[
        int,
        typer.Option(
            help=say("cli.override.percent-help"), parser=_percent, metavar="0-100"
        ),
    ],
    passed: Annotated[
        bool,
        typer.Option("--passed/--not-passed", help=say("cli.override.passed-help")),
    ],
    reason: Annotated[str, typer.Option(help=say("cli.override.reason-help"))],
) -> None:
    """Set the mark of an attempt by hand."""
    from ..marking.grading.report_files import note_by_hand  # noqa: PLC0415
    from ..marking.records.answers import clean_text  # noqa: PLC0415
    from ..marking.signoff.override import ManualMark, override_mark  # noqa: PLC0415
    from ..screens.printed.certificate_pages import stamp_lapsed  # noqa: PLC0415

    check_agent(agent)
    check_agent(by)
    mark = ManualMark(by, percent, passed, clean_text(reason))
    work, now = (agent, exercise, attempt), datetime.now(UTC)
    judged = override_mark(
        records_here(agent), work, mark, now=now, pass_mark_of=_pass_mark
    )
    key = "passed" if passed else "not-passed"
    words = {"agent": agent, "exercise": _title(exercise), "attempt": attempt, "by": by}
    typer.echo(say(f"cli.override.{key}", **words, percent=percent))
    for each in judged.consequences:
        typer.echo(each)
    if judged.ends_sign_off:
        stamp_lapsed(workspace_here(), judged.event)
    page = note_by_hand(workspace_here(), judged.event)
    if page is not None:
        typer.echo(say("cli.override.page", page=page))
    typer.echo(say("cli.report.stale"))


def _title(exercise: str) -> str:
    """Return the title of an exercise; its id if its page cannot be read today."""
    from ..content.exercises import read_exercise  # noqa: PLC0415

    try:
        return read_exercise(library_here(), exercise).title
    except KitError:
        return exercise


def _pass_mark(attempt: "AttemptProgress") -> int:
    """Return the pass mark of the brief that was in force when an attempt began."""
    from ..content.exercises import read_exercise  # noqa: PLC0415
    from ..marking.marks.content_cache import in_force  # noqa: PLC0415

    today = read_exercise(library_here(), attempt.exercise)
    return in_force(workspace_here(), today, attempt.criteria).pass_mark


def certify(
    agent: Annotated[str, typer.Argument(help=say("cli.of-agent"))],
    exercise: Annotated[str, typer.Argument(help=say("cli.of-exercise"))],
    by: Annotated[str, typer.Option(help=say("cli.by"))],
) -> None:
    """Sign off an exercise that an agent has passed."""
    from ..content.exercises import read_exercise  # noqa: PLC0415
    from ..marking.signoff import certificates  # noqa: PLC0415
    from ..screens.printed.certificate_pages import write_certificate_page  # noqa: PLC0415

    check_agent(agent)
    check_agent(by)
    found, now = read_exercise(library_here(), exercise), datetime.now(UTC)
    done = certificates.certify(records_here(agent), agent, found, by=by, now=now)
    page = write_certificate_page(done)
    signed = {"by": done.event.by, "day": done.event.at.date()}
    what = {"attempt": done.attempt.attempt, "percent": done.attempt.percent}
    words = {"agent": agent, "title": found.title, **what, **signed}
    key = "done" if done.is_new else "before"
    typer.echo(say(f"cli.certify.{key}", **words))
    for each in certificates.words_beside(done.attempt):
        typer.echo(each)
    typer.echo(say("cli.certify.files", path=done.path, page=page))
    typer.echo(say("cli.certify.issuer", issuer=done.issuer))
    typer.echo(say("cli.report.stale"))


def verify(
    file: Annotated[Path, typer.Argument(help=say("cli.verify.file-help"))],
    issuer: Annotated[
        str | None,
        typer.Option(help=say("cli.verify.issuer-help"), metavar="did:key:…"),
    ] = None,
) -> None:
    """Check whether a certificate is valid."""
    from ..marking.signoff import verify  # noqa: PLC0415

    checked = verify.verify(workspace_here(), file, issuer=issuer)
    typer.echo(checked.words)
    if not checked.holds:
        raise typer.Exit(REFUSED)


def report(
    agent: Annotated[
        str | None,
        typer.Argument(help=say("cli.report.agent-help"), metavar="AGENT"),
    ] = None,
) -> None:
    """Write the progress of one agent or of all."""
    from ..content.course import read_course  # noqa: PLC0415
    from ..marking.records.answers import is_agent  # noqa: PLC0415
    from ..marking.records.store import record_files  # noqa: PLC0415

    check_agent(agent)
    library, workspace = library_here(), records_here(agent)
    pages = _Pages(library, workspace, on=datetime.now(UTC).date())
    if agent is not None:
        pages.read(agent)
        pages.note(agent, pages.write(agent))
        return
    titles = {each.id: each.title for each in read_course(library)}
    damaged: dict[str, str] = {}
    others = []
    for path in record_files(workspace):
        if not is_agent(path.stem):
            others.append(say("cli.report.stray", path=path))
            continue
        try:
            pages.read(path.stem)
        except BadRecord as error:
            damaged[path.stem] = str(error)
    others += pages.write_all()
    pages.write_overview(titles, damaged)
    name_problems([*damaged.values(), *others])


class _Pages:
    """The pages of a report, several agents at a time, and then that of all."""

    def __init__(self, library: "Library", workspace: Path, *, on: date) -> None:
        from ..marking.export.overview import AgentStanding  # noqa: PLC0415
        from ..marking.export.summary import Summaries  # noqa: PLC0415

        self._summaries, self._workspace, self._on = Summaries(library), workspace, on
        self._standings: dict[str, AgentStanding | None] = {}
        self._lacks_grade = False

    def read(self, agent: str) -> None:
        """Read the records of an agent.

        Raises:
            UnknownName: Nothing is kept under this name.
            BadRecord: The records are damaged.
        """
        from ..marking.export.overview import standing_of  # noqa: PLC0415
        from ..marking.signoff.override import events_of  # noqa: PLC0415

        events = events_of(self._workspace, agent)
        self._standings[agent] = standing_of(agent, events)

    def write_all(self) -> Iterator[str]:
        """Write the progress of all agents that were read; yield what went wrong."""
        from ..marking.grading.executors import run_jobs  # noqa: PLC0415
        from ..marking.grading.processes import usable_processors  # noqa: PLC0415

        self._summaries.read(map(self._progress, self._standings))
        jobs = [partial(self._try_to_write, agent) for agent in self._standings]
        pages = run_jobs(jobs, usable_processors())
        for agent, page in zip(self._standings, pages, strict=True):
            try:
                if isinstance(page, str):
                    yield page
                else:
                    self.note(agent, page)
            except KitError as error:
                yield str(error)

    def _try_to_write(self, agent: str) -> Path | str:
        """Write the progress of an agent; return why that cannot be done."""
        try:
            return self.write(agent)
        except KitError as error:
            return str(error)

    def write(self, agent: str) -> Path:
        """Write the progress of an agent that was read."""
        from ..screens.printed.progress_pages import write_progress  # noqa: PLC0415

        summary = self._summaries.of(agent, self._progress(agent))
        return write_progress(self._workspace, summary, on=self._on)

    def note(self, agent: str, page: Path) -> None:
        """Name the page of an agent, and say on others what they do not say yet.

        The report of an attempt whose mark was set by hand, perhaps on another
        machine, says so from now on.
        """
        typer.echo(say("cli.report.agent", agent=agent, page=page))
        for attempt in self._progress(agent).attempts:
            if attempt.override is not None and not self._lacks_grade:
                self._note_by_hand(attempt.override)

    def _progress(self, agent: str) -> "Progress":
        from ..marking.records.progress import Progress  # noqa: PLC0415

        standing = self._standings[agent]
        return standing.progress if standing else Progress()

    def _note_by_hand(self, override: "Overridden") -> None:
        """Say on a report that its mark was set by hand, where that can be done."""
        try:
            from ..marking.grading.report_files import note_by_hand  # noqa: PLC0415
        except CannotStart as error:  # the extra that writes reports; said once
            self._lacks_grade = True
            typer.echo(say("cli.report.no-notes"), err=True)
            typer.echo(str(error), err=True)
        else:
            note_by_hand(self._workspace, override)

    def write_overview(
        self, titles: Mapping[str, str], problems: Mapping[str, str]
    ) -> None:
        """Write the page of all agents."""
        from ..screens.printed.overview_pages import write_overview  # noqa: PLC0415

        standings = [each for each in self._standings.values() if each]
        page = write_overview(self._workspace, titles, standings, problems, on=self._on)
        typer.echo(say("cli.report.all", page=page))

"""The command line: what authors, supervisors and agents type.

It reads its arguments, asks the other floors, and prints. Each command imports what it
needs when it runs, so that a quick question is answered quickly.
"""

import json
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .catalogue import in_one_line, say
from .errors import ContentMistakes, KitError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .content.library import Library

app = typer.Typer(
    name="kit",
    help=say("cli.help"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

REFUSED = 1
"""Exit code: the kit answered, and the answer is no, or there are mistakes."""

FAILED = 2
"""Exit code: what was asked cannot be understood or done."""

STYLES: dict[str, dict[str, Any]] = {
    "head": {"bold": True},
    "answer": {"fg": "green"},
    "plain": {},
}
"""How the lines of a decision look where the terminal has colours."""


class _State:
    content: Path | None = None
    workspace: Path | None = None


@app.callback()
def options(
    content: Annotated[Path | None, typer.Option(help=say("cli.content-help"))] = None,
    workspace: Annotated[
        Path | None, typer.Option(help=say("cli.workspace-help"))
    ] = None,
) -> None:
    """Keep the options that every command shares."""
    _State.content, _State.workspace = content, workspace


def main() -> None:
    """Run one command; a person never sees a traceback."""
    try:
        app(prog_name="kit")
    except ContentMistakes as error:
        typer.echo(str(error), err=True)
        raise SystemExit(REFUSED) from None
    except KitError as error:
        typer.echo(str(error), err=True)
        raise SystemExit(FAILED) from None
    except Exception:
        if os.environ.get("KIT_STRICT"):
            raise
        typer.echo(say("cli.incident", path=_log_incident()), err=True)
        raise SystemExit(FAILED) from None


@app.command(help=say("cli.check.help"))
def check() -> None:
    """Prove the whole folder of content."""
    from .content.exercises import exercise_ids  # noqa: PLC0415
    from .content.proving import editions  # noqa: PLC0415
    from .marking.rehearsal import rehearse  # noqa: PLC0415

    library = _library()
    found = [*library.mistakes(), *rehearse(library)]
    mistakes = list(dict.fromkeys(str(each) for each in found))
    for mistake in mistakes:
        typer.echo(f"{mistake}\n")
    if mistakes:
        many = say("cli.check.mistakes", count=len(mistakes))
        typer.echo(many if len(mistakes) > 1 else say("cli.check.one-mistake"))
        raise typer.Exit(REFUSED)
    pages = list(library.playbooks())
    today = datetime.now(UTC).date()
    for page in pages:
        if page.review_by < today:
            typer.echo(say("cli.check.overdue", path=page.path, day=page.review_by))
    typer.echo(
        say(
            "cli.check.clean",
            playbooks=len(pages),
            tables=sum(len(page.tables) for page in pages),
            editions=sum(
                1
                for page in pages
                for table in page.tables
                for _ in editions(page, table)
            ),
            checks=sum(len(page.checks) for page in pages),
            cases=sum(len(library.cases(page.id)) for page in pages),
            exercises=len(exercise_ids(library)),
        )
    )


@app.command(help=say("cli.decide.help"))
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
    from .deciding import Question, answer, lines_of  # noqa: PLC0415

    page = _library().playbook(playbook)
    question = Question(page, _facts(fact or []), marketplace, on, table)
    reply = answer(question, now=datetime.now(UTC))
    if as_json:
        typer.echo(json.dumps(reply.as_data(), ensure_ascii=False, indent=2))
    else:
        for kind, line in lines_of(reply, wanted=table):
            typer.echo(typer.style(line, **STYLES[kind]))
    if not reply.is_decided:
        raise typer.Exit(REFUSED)


@app.command(help=say("cli.cases.help"))
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
    """Make practice cases, or say what they can reach."""
    from .practice.coverage import coverage_of  # noqa: PLC0415
    from .practice.generator import case_data, generate_cases  # noqa: PLC0415
    from .practice.telling import case_lines, coverage_lines  # noqa: PLC0415

    library = _library()
    wanted = [library.playbook(playbook).id] if playbook else library.ids
    told = [library.stories(each) for each in wanted]
    if coverage:
        found = [coverage_of(each, (seed,)) for each in told]
        data = [each.as_data() for each in found]
        _print(data, [coverage_lines(each) for each in found], as_json=as_json)
        is_good = all(each.is_full for each in found)
    else:
        made = [
            case for each in told for case in generate_cases(each, seed, count=count)
        ]
        data = [case_data(case) for case in made]
        _print(data, [case_lines(case) for case in made], as_json=as_json)
        is_good = bool(made)
    if not any(each.scenes for each in told):
        typer.echo(say("cli.cases.none"), err=True)
    if not is_good:
        raise typer.Exit(REFUSED)


@app.command(help=say("cli.learn.help"))
def learn(
    agent: Annotated[str | None, typer.Option(help=say("cli.learn.agent-help"))] = None,
    port: Annotated[int, typer.Option(help=say("cli.learn.port-help"))] = 0,
    browser: Annotated[bool, typer.Option(help=say("cli.learn.browser-help"))] = True,
) -> None:
    """Open the lessons in the browser."""
    from .screens.lab import LabPlace, start_lab  # noqa: PLC0415

    _check_agent(agent)
    place = LabPlace(_library().folder, _workspace(), agent=agent, port=port)
    start_lab(place, tell=typer.echo, open_browser=browser)


@app.command(help=say("cli.grade.help"))
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
    """Mark every attempt that waits for its mark."""
    from .lesson import warm_up  # noqa: PLC0415
    from .marking.grading import Grading, grade_all  # noqa: PLC0415
    from .marking.runner import ENGINES  # noqa: PLC0415

    _check_agent(agent)
    if engine not in ENGINES:
        names = ", ".join(ENGINES)
        raise typer.BadParameter(say("cli.grade.bad-engine", name=engine, names=names))
    grading = Grading(
        _library(),
        _workspace(),
        lambda: datetime.now(UTC),
        agent=agent,
        jobs=jobs,
        cluster=executor,
        engine=engine,
        warm_up=warm_up,
    )
    bar = _Bar()
    failed = 0
    for each in grade_all(grading, count=bar.begin):
        bar.tell(each.words)
        failed += each.mark is None
    bar.end()
    if not bar.told:
        typer.echo(say("cli.grade.nothing", folder=_workspace()))
    if failed:
        raise typer.Exit(REFUSED)


class _Bar:
    """Tells each result as it comes and, in a terminal, how long the rest will take."""

    def __init__(self) -> None:
        self.told, self._count, self._began = 0, 0, time.monotonic()

    def begin(self, count: int) -> None:
        self._count, self._began = count, time.monotonic()

    def tell(self, words: str) -> None:
        self._wipe()
        typer.echo(words)
        self.told += 1
        rest = self._count - self.told
        if rest > 0 and sys.stderr.isatty():
            each = (time.monotonic() - self._began) / self.told
            seconds = max(1, round(rest * each))
            words = say(
                "cli.grade.rest", done=self.told, count=self._count, seconds=seconds
            )
            typer.echo(words, nl=False, err=True)

    def end(self) -> None:
        self._wipe()

    def _wipe(self) -> None:
        if sys.stderr.isatty():
            typer.echo("\r\x1b[K", nl=False, err=True)


@app.command(help=say("cli.merge.help"))
def merge(
    folder: Annotated[Path, typer.Argument(help=say("cli.merge.folder-help"))],
) -> None:
    """Add the records of another machine."""
    from .marking.merging import merge_records  # noqa: PLC0415

    results = []
    for each in merge_records(_workspace(), folder):
        typer.echo(each.words)
        results.append(each)
    if not results:
        typer.echo(say("cli.merge.nothing", folder=folder))
    if any(each.fresh is None for each in results):
        raise typer.Exit(REFUSED)


@app.command(help=say("cli.doctor.help"))
def doctor() -> None:
    """Look at all records, mend what a crash left, and name the rest."""
    from .marking.doctoring import examine  # noqa: PLC0415

    checkup = examine(_workspace(), _library())
    for each in checkup.findings:
        typer.echo(each.words)
    needed = sum(each.needs_person for each in checkup.findings)
    if needed:
        typer.echo(say("cli.doctor.needed", count=needed))
        raise typer.Exit(REFUSED)
    typer.echo(say("cli.doctor.well", records=checkup.records, events=checkup.events))


@app.command(help=say("cli.regrade.help"))
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
    """Replay every attempt under other playbooks, and overwrite nothing."""
    from .marking.otherpages import other_pages  # noqa: PLC0415
    from .marking.replays import record_files, replay_all  # noqa: PLC0415
    from .marking.replaywords import replay_data, replay_lines  # noqa: PLC0415

    _check_agent(agent)
    today, workspace = _library().folder, _workspace()
    files = record_files(workspace, agent)
    try:
        with other_pages(today, playbooks) as other:
            jobs = jobs or os.cpu_count() or 1
            done = replay_all(today, other.folder, files, jobs=jobs)
    except ContentMistakes:
        typer.echo(say("marking.regrade.mistakes"), err=True)
        raise
    if as_json:
        typer.echo(json.dumps(replay_data(done), ensure_ascii=False, indent=2))
    else:
        _print([], [replay_lines(done, workspace)], as_json=False)
    if done.problems:
        raise typer.Exit(REFUSED)


@app.command(help=say("cli.export.help"))
def export(
    to: Annotated[Path, typer.Option(help=say("cli.export.to-help"))],
    agent: Annotated[
        str | None, typer.Option(help=say("cli.export.agent-help"))
    ] = None,
    events: Annotated[
        bool, typer.Option("--events", help=say("cli.export.events-help"))
    ] = False,
) -> None:
    """Write the records for a spreadsheet or for another learning system."""
    from .marking import exports  # noqa: PLC0415

    _check_agent(agent)
    done = exports.export(_workspace(), to, agent=agent, each_event=events)
    typer.echo(say("cli.export.done", count=done.count, path=to))
    _name_problems(done.problems)


@app.command(help=say("cli.override.help"))
def override(  # noqa: PLR0913, PLR0917 (one parameter for each option)
    agent: Annotated[str, typer.Argument(help=say("cli.of-agent"))],
    exercise: Annotated[str, typer.Argument(help=say("cli.of-exercise"))],
    attempt: Annotated[str, typer.Argument(help=say("cli.override.attempt-help"))],
    by: Annotated[str, typer.Option(help=say("cli.by"))],
    percent: Annotated[
        int, typer.Option(help=say("cli.override.percent-help"), min=0, max=100)
    ],
    passed: Annotated[
        bool,
        typer.Option("--passed/--not-passed", help=say("cli.override.passed-help")),
    ],
    reason: Annotated[str, typer.Option(help=say("cli.override.reason-help"))],
) -> None:
    """Set the mark of an attempt by hand."""
    from .marking.answers import clean_text  # noqa: PLC0415
    from .marking.supervising import ByHand, override_mark  # noqa: PLC0415

    _check_agent(agent)
    _check_agent(by)
    mark = ByHand(by, percent, passed, clean_text(reason))
    work, now = (agent, exercise, attempt), datetime.now(UTC)
    override_mark(_workspace(), work, mark, now=now)
    key = "passed" if passed else "not-passed"
    words = {"agent": agent, "exercise": exercise, "attempt": attempt, "by": by}
    typer.echo(say(f"cli.override.{key}", **words, percent=percent))


@app.command(help=say("cli.certify.help"))
def certify(
    agent: Annotated[str, typer.Argument(help=say("cli.of-agent"))],
    exercise: Annotated[str, typer.Argument(help=say("cli.of-exercise"))],
    by: Annotated[str, typer.Option(help=say("cli.by"))],
) -> None:
    """Sign off an exercise that an agent has passed."""
    from .content.exercises import read_exercise  # noqa: PLC0415
    from .marking import certificates  # noqa: PLC0415
    from .screens.certificate_pages import write_certificate_page  # noqa: PLC0415

    _check_agent(agent)
    _check_agent(by)
    found, now = read_exercise(_library(), exercise), datetime.now(UTC)
    done = certificates.certify(_workspace(), agent, found, by=by, now=now)
    page = write_certificate_page(done)
    words = {"agent": agent, "title": found.title, "by": by}
    typer.echo(say("cli.certify.done", **words, path=done.path, page=page))


@app.command(help=say("cli.verify.help"))
def verify(
    file: Annotated[Path, typer.Argument(help=say("cli.verify.file-help"))],
) -> None:
    """Say whether a certificate holds."""
    from .marking import verifying  # noqa: PLC0415

    checked = verifying.verify(_workspace(), file)
    typer.echo(checked.words)
    if not checked.holds:
        raise typer.Exit(REFUSED)


@app.command(help=say("cli.report.help"))
def report(
    agent: Annotated[
        str | None,
        typer.Argument(help=say("cli.report.agent-help"), metavar="AGENT"),
    ] = None,
) -> None:
    """Write the progress of one agent or of all."""
    from .content.courses import read_course  # noqa: PLC0415
    from .errors import BadRecord  # noqa: PLC0415
    from .screens.progress_pages import write_progress  # noqa: PLC0415

    _check_agent(agent)
    library, workspace = _library(), _workspace()
    today = datetime.now(UTC).date()
    if agent is not None:
        typer.echo(write_progress(library, workspace, agent, on=today))
        return
    from .screens.overview_pages import write_overview  # noqa: PLC0415

    problems = {}
    for path in sorted((workspace / "records").glob("*.jsonl")):
        try:
            typer.echo(write_progress(library, workspace, path.stem, on=today))
        except BadRecord as error:
            problems[path.stem] = str(error)
    titles = {each.id: each.title for each in read_course(library)}
    typer.echo(write_overview(workspace, titles, problems, on=today))
    _name_problems(list(problems.values()))


@app.command(help=say("cli.refresh.help"))
def refresh() -> None:
    """Run every notebook again, after a playbook has changed."""
    from .marking.kernels import Places  # noqa: PLC0415
    from .marking.runner import rerun_notebook  # noqa: PLC0415

    library = _library()
    for path in library.notebooks():
        changed = rerun_notebook(path, Places(content=library.folder))
        name = library.shown(path)
        typer.echo(say(f"cli.refresh.{'changed' if changed else 'same'}", name=name))


@app.command(help=say("cli.new.help"))
def new(
    folder: Annotated[Path, typer.Argument(help=say("cli.new.folder-help"))],
) -> None:
    """Make a folder of content of one's own."""
    from .content.library import copy_content  # noqa: PLC0415

    copy_content(_library().folder, folder)
    typer.echo(say("cli.new.done", folder=folder))


def _print(
    data: list[dict[str, object]],
    told: "list[Iterator[tuple[str, str]]]",
    *,
    as_json: bool,
) -> None:
    """Print things as one JSON list, or for people, each with room before the next."""
    if as_json:
        typer.echo(json.dumps(data, ensure_ascii=False, indent=2))
        return
    for number, lines in enumerate(told):
        if number:
            typer.echo()
        for kind, line in lines:
            typer.echo(typer.style(line, **STYLES[kind]))


def _name_problems(problems: "Sequence[str]") -> None:
    """Name what could not be read; the answer is then not whole, so it is no yes."""
    for problem in problems:
        typer.echo(problem, err=True)
    if problems:
        raise typer.Exit(REFUSED)


def _workspace() -> Path:
    return (_State.workspace or Path.cwd() / "workspace").resolve()


def _check_agent(agent: str | None) -> None:
    """Refuse at once a name under which no answer could be kept."""
    from .marking.answers import is_agent  # noqa: PLC0415

    if agent is not None and not is_agent(agent):
        shown = in_one_line(agent)
        raise typer.BadParameter(say("desk.sign-in.bad", text=shown))


def _library() -> "Library":
    from .content.library import Library, find_content  # noqa: PLC0415

    return Library(find_content(_State.content, Path.cwd()))


def _facts(stated: list[str]) -> dict[str, str]:
    """Take what is known apart; nothing may be said twice."""
    from .rules.values import key_of  # noqa: PLC0415

    facts: dict[str, str] = {}
    for text in stated:
        name, sign, value = text.partition("=")
        if not sign or not name.strip() or not value.strip():
            raise typer.BadParameter(say("cli.decide.bad-fact", text=text))
        if key_of(name) in map(key_of, facts):
            raise typer.BadParameter(say("cli.decide.twice", name=name.strip()))
        facts[name.strip()] = value.strip()
    return facts


def _log_incident() -> Path:
    """Keep the details of what went wrong for whoever can mend it."""
    import tempfile  # noqa: PLC0415
    import traceback  # noqa: PLC0415

    path = Path(tempfile.gettempdir()) / "kit-incident.log"
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{datetime.now(UTC).isoformat()}\n{traceback.format_exc()}\n")
    return path

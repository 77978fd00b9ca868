"""The command line: what authors, supervisors and agents type.

It reads its arguments, asks the other floors, and prints. Each command imports what it
needs when it runs, so that a quick question is answered quickly.
"""

import json
import os
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .catalogue import say
from .errors import KitError

if TYPE_CHECKING:
    from .content.library import Library
    from .content.playbooks import Playbook
    from .rules.calendars import Marketplace
    from .rules.facts import Known
    from .rules.values import Value

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
        app()
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
    from .content.proving import editions  # noqa: PLC0415

    library = _library()
    mistakes = library.mistakes()
    for mistake in mistakes:
        typer.echo(str(mistake))
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
        )
    )


@app.command(help=say("cli.decide.help"))
def decide(  # noqa: PLR0913, PLR0917 (one parameter for each option)
    playbook: Annotated[str, typer.Argument(help=say("cli.decide.playbook-help"))],
    fact: Annotated[
        list[str] | None, typer.Option(help=say("cli.decide.fact-help"))
    ] = None,
    on: Annotated[str | None, typer.Option(help=say("cli.decide.on-help"))] = None,
    marketplace: Annotated[
        str | None, typer.Option(help=say("cli.decide.marketplace-help"))
    ] = None,
    table: Annotated[
        str | None, typer.Option(help=say("cli.decide.table-help"))
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help=say("cli.decide.json-help"))
    ] = False,
) -> None:
    """Decide one case."""
    page = _library().playbook(playbook)
    stated = dict(_name_and_text(each) for each in fact or [])
    place = _marketplace(page, marketplace or stated.pop("marketplace", None))
    day = _day(on, place)
    known = page.known(_values(page, stated), marketplace=place, on=day)
    names = [page.table(table).name] if table else [each.name for each in page.tables]
    results = [_decide(page, name, known) for name in names]
    if as_json:
        typer.echo(json.dumps(results, ensure_ascii=False, indent=2, default=str))
        decided = any("row" in each for each in results)
    else:
        decided = _print_results(page, place, day, results, wanted=table)
    if not decided:
        raise typer.Exit(REFUSED)


@app.command(help=say("cli.learn.help"))
def learn(
    agent: Annotated[str | None, typer.Option(help=say("cli.learn.agent-help"))] = None,
    port: Annotated[int, typer.Option(help=say("cli.learn.port-help"))] = 0,
    browser: Annotated[bool, typer.Option(help=say("cli.learn.browser-help"))] = True,
) -> None:
    """Open the lessons in the browser."""
    from .screens.lab import LabPlace, start_lab  # noqa: PLC0415

    place = LabPlace(_library().folder, _workspace(), agent=agent, port=port)
    start_lab(place, tell=typer.echo, open_browser=browser)


@app.command(help=say("cli.grade.help"))
def grade(
    agent: Annotated[str | None, typer.Option(help=say("cli.grade.agent-help"))] = None,
) -> None:
    """Mark every attempt that waits for its mark."""
    from .marking.grading import grade_all  # noqa: PLC0415

    results = list(
        grade_all(_library(), _workspace(), agent=agent, now=datetime.now(UTC))
    )
    for each in results:
        typer.echo(each.words)
    if not results:
        typer.echo(say("cli.grade.nothing"))
    if any(each.mark is None for each in results):
        raise typer.Exit(REFUSED)


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


def _workspace() -> Path:
    return (_State.workspace or Path.cwd() / "workspace").resolve()


def _library() -> "Library":
    from .content.library import Library, find_content  # noqa: PLC0415

    return Library(find_content(_State.content, Path.cwd()))


def _name_and_text(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.strip() or not value.strip():
        raise typer.BadParameter(say("cli.decide.bad-fact", text=text))
    return name.strip(), value.strip()


def _marketplace(page: "Playbook", name: str | None) -> "Marketplace":
    from .errors import UnknownName  # noqa: PLC0415
    from .rules.values import key_of, nearest  # noqa: PLC0415

    every = page.reference.marketplaces
    if name is None:
        return next(iter(every.values()))
    for each in every.values():
        if key_of(each.id) == key_of(name):
            return each
    raise UnknownName(sort="marketplace", name=name, nearest=nearest(name, every))


def _day(text: str | None, place: "Marketplace") -> date:
    from .rules.calendars import day_at  # noqa: PLC0415

    if text is None:
        return day_at(datetime.now(UTC), place.zone)
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise typer.BadParameter(say("cli.decide.bad-day", text=text))
    return day_at(moment, place.zone)


def _values(page: "Playbook", stated: dict[str, str]) -> "dict[str, Value | None]":
    from .errors import BadValue  # noqa: PLC0415
    from .rules.facts import find_fact  # noqa: PLC0415
    from .rules.values import read_value  # noqa: PLC0415

    values: dict[str, Value | None] = {}
    for name, text in stated.items():
        declared = find_fact(name, page.vocabulary())
        try:
            values[declared.key] = read_value(text, declared.kind)
        except ValueError:
            raise BadValue(fact=declared.name, value=text, kind=declared.kind) from None
    return values


def _decide(page: "Playbook", name: str, known: "Known") -> dict[str, Any]:
    """Decide one table, as plain data."""
    from .content.explain import explain, fact_words  # noqa: PLC0415
    from .errors import NotCovered  # noqa: PLC0415
    from .rules.decisions import Ask  # noqa: PLC0415

    try:
        result = page.decide(name, known)
        if isinstance(result, Ask):
            fact, words = fact_words(page, result)
            names = [page.vocabulary()[each].name for each in result.facts]
            return {"table": name, "ask": fact, "words": words, "facts": names}
        return asdict(explain(page, result))
    except NotCovered as error:
        return {"table": name, "not_covered": str(error)}


def _print_results(
    page: "Playbook",
    place: "Marketplace",
    day: date,
    results: list[dict[str, Any]],
    *,
    wanted: str | None,
) -> bool:
    """Print what was decided; what only lacks facts is named in one line at the end."""
    typer.echo(
        say("cli.decide.heading", title=page.title, marketplace=place.id, day=day)
    )
    decided = [each for each in results if "row" in each]
    open_ones = [each for each in results if "ask" in each]
    for each in results:
        if "row" in each:
            _print_decision(each)
        elif "not_covered" in each:
            text = say("cli.decide.not-covered", problem=each["not_covered"])
            typer.echo(f"\n{each['table']}\n  {text}")
    if wanted or not decided:
        for each in open_ones[:1]:
            _print_ask(each)
    elif open_ones:
        names = ", ".join(each["table"] for each in open_ones)
        typer.echo("\n" + say("cli.decide.skipped", tables=names))
    if decided:
        typer.echo("\n" + say("cli.decide.live"))
    return bool(decided)


def _print_ask(result: dict[str, Any]) -> None:
    typer.echo("\n" + result["table"])
    typer.echo("  " + say("cli.decide.ask", fact=result["ask"]))
    typer.echo("    " + say("cli.decide.ask-where", words=result["words"]))
    if result["facts"][1:]:
        facts = ", ".join(result["facts"][1:])
        typer.echo("  " + say("cli.decide.ask-more", facts=facts))


def _print_decision(result: dict[str, Any]) -> None:
    row = say("cli.decide.row", table=result["table"], row=result["row"])
    typer.echo(f"\n{typer.style(row, bold=True)}")
    for answer in result["answers"]:
        line = f"  {answer['name']}: {answer['words']}"
        if answer["words"] != answer["value"] and answer["value"] != "unknown":
            line += f" ({answer['value']})"
        typer.echo(typer.style(line, fg="green"))
    _print_reasons(result)
    if result["why_not"]:
        typer.echo(f"  {say('cli.decide.why-not')}:")
    for other in result["why_not"]:
        typer.echo(f"    {other['row']}. {_why_not_words(other)}")


def _print_reasons(result: dict[str, Any]) -> None:
    sources = "; ".join(
        f"{each['id']} ({each['confidence']}) {each['title']}"
        for each in result["sources"]
    )
    typer.echo(f"  {say('cli.decide.because')}: {result['because']}")
    typer.echo(f"  {say('cli.decide.sources')}: {sources}")
    typer.echo(f"  {say('cli.decide.place')}: {result['place']}")
    for limit in result["limits"]:
        text = say("cli.decide.limit", **limit)
        typer.echo(f"  {say('cli.decide.limits')}: {text}")
    if not result["marks"]:
        typer.echo(f"  {say('cli.decide.note')}")


def _why_not_words(other: dict[str, Any]) -> str:
    if not other["misses"]:
        return say("cli.decide.masked")
    return "; ".join(say("cli.decide.miss", **each) for each in other["misses"])


def _log_incident() -> Path:
    """Keep the details of what went wrong for whoever can mend it."""
    import tempfile  # noqa: PLC0415
    import traceback  # noqa: PLC0415

    path = Path(tempfile.gettempdir()) / "kit-incident.log"
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{datetime.now(UTC).isoformat()}\n{traceback.format_exc()}\n")
    return path

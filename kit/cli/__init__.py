"""The command line of the kit, for authors, supervisors and agents.

It parses arguments, calls the other packages, and prints. Each command imports what
it needs when it runs, so that a short question is answered quickly.
"""

import os
from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperCommand, TyperOption

from ..catalogue import say
from ..errors import ContentMistakes, KitError
from .authoring import cases, check, decide, new, refresh
from .keeping import doctor, export, merge, regrade
from .learning import grade, learn
from .shared import (
    FAILED,
    REFUSED,
    SHARED,
    disk_words,
    incident_words,
    keep,
    options,
    speak_any_encoding,
)
from .supervising import certify, override, report, verify

COMMANDS: dict[str, Callable[..., None]] = {
    "check": check,
    "decide": decide,
    "cases": cases,
    "learn": learn,
    "grade": grade,
    "merge": merge,
    "doctor": doctor,
    "regrade": regrade,
    "export": export,
    "override": override,
    "certify": certify,
    "verify": verify,
    "report": report,
    "refresh": refresh,
    "new": new,
}
"""Every command by its name, in the order of the help."""


class _Command(TyperCommand):
    """A command that also accepts the shared options after its name."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.params += [
            TyperOption(
                param_decls=[f"--{name}"],
                type=str,
                callback=keep,
                expose_value=False,
                help=say(f"cli.{name}-help"),
            )
            for name in SHARED
        ]


app = typer.Typer(
    name="kit",
    help=say("cli.help"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.callback()(options)
for _name, _command in COMMANDS.items():
    app.command(_name, cls=_Command, help=say(f"cli.{_name}.help"))(_command)


def main() -> None:
    """Run one command; errors become a sentence and an exit code, never a traceback."""
    speak_any_encoding()
    try:
        app(prog_name="kit")
    except ContentMistakes as error:
        typer.echo(str(error), err=True)
        raise SystemExit(REFUSED) from None
    except KitError as error:
        typer.echo(str(error), err=True)
        raise SystemExit(FAILED) from None
    except Exception as error:
        words = disk_words(error) if isinstance(error, OSError) else None
        if words is not None:
            typer.echo(words, err=True)
            raise SystemExit(FAILED) from None
        if os.environ.get("KIT_STRICT"):
            raise
        typer.echo(incident_words(), err=True)
        raise SystemExit(FAILED) from None
